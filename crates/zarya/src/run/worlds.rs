//! The worlds of an answer as a table: what each drew, how much it weighs, how often it keeps each tier.

use super::table::{Column, Values};
use crate::assess::{Depth, HISTORIES_PER_WORLD, Posed};
use zarya_assessment::weighting;
use zarya_simulation::{Outcome, World};
use zarya_units::math;

/// Returns a row for each world, in order.
///
/// The answer's means are those of its columns with the weights `exp(log_weight)`, which sum to 1; a world that makes the recorded
/// years in none of its histories has neither weight nor shares. `n` counts the histories behind the shares. What was drawn
/// stands by its path in the files, after the factors that many values share.
pub(super) fn columns(posed: &Posed, outcomes: &[Outcome]) -> Vec<Column> {
    let worlds = 0..outcomes.len() as u32 / HISTORIES_PER_WORLD;
    let before = posed.prior_weights(worlds.end);
    let (mut weights, held) = weighting::held(outcomes, &before);
    let of_world = |world: u32| {
        let weighted = !posed.past.is_empty() && posed.depth != Depth::Base;
        let rows = if weighted { &held[..] } else { outcomes };
        let first = rows.partition_point(|o| o.world < world);
        let last = rows.partition_point(|o| o.world <= world);
        &rows[first..last]
    };
    if posed.depth == Depth::Base {
        weights.clone_from(&before);
    }
    let total: f64 = weights.iter().sum();
    let log_weight = |world: u32| {
        let share = weights[world as usize] / total;
        (share > 0.0).then(|| math::ln(share))
    };
    let share = |kept: fn(&Outcome) -> bool| {
        let of = |world| {
            let rows = of_world(world);
            let n = rows.len() as f64;
            (n > 0.0).then(|| rows.iter().filter(|o| kept(o)).count() as f64 / n)
        };
        Values::DoubleOrNone(worlds.clone().map(of).collect())
    };
    let crewed = |o: &Outcome| o.crewed.is_none();
    let mut columns = vec![
        Column::new("world", Values::Whole(worlds.clone().map(i64::from).collect())),
        Column::new("log_weight", Values::DoubleOrNone(worlds.clone().map(log_weight).collect())),
        Column::new(
            "n",
            Values::Whole(worlds.clone().map(|world| of_world(world).len() as i64).collect()),
        ),
        Column::new("station", share(|o| o.own_crewed.is_none())),
        Column::new("all_risks", share(crewed)),
        Column::new("survives", share(|o| o.survives.is_none())),
        Column::new("crewed", share(crewed)),
        Column::new("full", share(|o| o.full.is_none())),
    ];
    let mut drawn: Vec<(String, Vec<f64>)> = Vec::new();
    for world in worlds {
        for (place, (what, value)) in
            World::inputs(&posed.plan, posed.seed, world).into_iter().enumerate()
        {
            if world == 0 {
                drawn.push((what.to_string(), Vec::new()));
            }
            drawn[place].1.push(value);
        }
    }
    // Two unit types of one name are told apart by their place.
    let mut names: Vec<String> = Vec::new();
    for (name, values) in drawn {
        let again = names.iter().filter(|known| **known == name).count();
        let shown = if again > 0 { format!("{name} ({})", again + 1) } else { name.clone() };
        names.push(name);
        columns.push(Column::new(&shown, Values::Double(values)));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Question, judge};
    use crate::{Control, Data};

    fn whole(column: &Column) -> Vec<f64> {
        match &column.values {
            Values::DoubleOrNone(values) => values.iter().map(|v| v.unwrap_or(f64::NAN)).collect(),
            Values::Double(values) => values.clone(),
            Values::Whole(values) => values.iter().map(|v| *v as f64).collect(),
            _ => panic!("no numbers"),
        }
    }

    /// The means of an answer are those of its worlds; a draw stands where `World::inputs` says.
    #[test]
    fn the_means_of_an_answer_are_those_of_its_worlds() {
        for (station, depth) in
            [("tiny", Depth::Record), ("iss", Depth::Record), ("iss", Depth::Base)]
        {
            let question = Question {
                station: Some(station.into()),
                histories: 100,
                depth,
                ..Question::default()
            };
            let posed = Posed::open(&question, &Data::embedded()).unwrap().0;
            let outcomes = posed.run(0..5, &Control::silent(), &|_| {});
            let answer = judge(&posed, &outcomes, &Control::silent()).unwrap();
            let columns = columns(&posed, &outcomes);
            let named = |name: &str| {
                let found = columns.iter().find(|column| column.name == name);
                whole(found.unwrap_or_else(|| panic!("no column {name}")))
            };
            let weights: Vec<f64> = named("log_weight").iter().map(|log| math::exp(*log)).collect();
            let mean = |name: &str| {
                let of = named(name);
                weights.iter().zip(of).filter(|(w, _)| !w.is_nan()).map(|(w, x)| w * x).sum::<f64>()
            };
            let told: f64 = weights.iter().filter(|w| !w.is_nan()).sum();
            assert!((told - 1.0).abs() < 1e-12, "{station}: {told}");
            let own = answer.station.own.unwrap();
            for (name, expected) in [
                ("station", own.mean),
                ("all_risks", answer.probability.mean),
                ("survives", answer.tiers.survives.mean),
                ("full", answer.tiers.full.mean),
            ] {
                assert!((mean(name) - expected).abs() < 1e-12, "{station} {name}");
            }
            let n: f64 = named("n").iter().sum();
            assert_eq!(n < 100.0, station == "iss" && depth == Depth::Record, "{n}");
            let drawn = World::inputs(&posed.plan, posed.seed, 3);
            assert_eq!(columns.len(), 8 + drawn.len());
            assert_eq!(whole(&columns[8])[3], drawn[0].1);
        }
    }
}
