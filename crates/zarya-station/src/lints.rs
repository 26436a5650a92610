//! What is legal but looks wrong: units written for one another, and numbers far from what such
//! things weigh, last or cost. Lints warn; they never refuse.

use crate::context::Context;
use crate::diagnostic::Code;
use crate::model::{Basis, Oru, Station};
use std::collections::{BTreeMap, BTreeSet};
use zarya_units::hours_for_days::{LEAST, Mistake, looks, suspects};
use zarya_units::statistics::quantile;

/// Warns of what looks wrong.
pub(crate) fn lint(context: &Context<'_>, station: &Station) {
    lint_life_units(context, station);
    lint_magnitudes(context, station);
}

/// Finds a subsystem whose lives look like days written as hours, or hours written as days.
///
/// # Model
///
/// Only lives somebody else wrote down count: assumed ones, and those counted in service, are ours.
/// Two measures: the median of a subsystem against the median of all others, and, where units of
/// other subsystems share a word of their name (`pump`, `sensor`), the median ratio of such pairs,
/// first by unit and then over units, so that no unit with many namesakes outvotes the rest. A subsystem is suspect when
/// the measures at hand lie within a factor 2.2 of 24 or of 1/24.
fn lint_life_units(context: &Context<'_>, station: &Station) {
    /// How near to 24 or 1/24 a measure must be.
    const WITHIN: f64 = 2.2;
    /// Rows above which names are not compared pair by pair.
    const COMPARED_ROWS: usize = 1_000;
    let mut subsystems: BTreeMap<&str, Vec<(&Oru, BTreeSet<String>)>> = BTreeMap::new();
    let written = |oru: &&Oru| {
        !matches!(oru.mtbf_d.basis, Basis::Assumed | Basis::Derived)
            && context.is_recorded(&format!("oru.{}.mtbf", oru.id))
    };
    for oru in station.orus.iter().filter(written) {
        subsystems.entry(&oru.subsystem).or_default().push((oru, words_of(oru)));
    }
    let lives: BTreeMap<&str, Vec<f64>> = subsystems
        .iter()
        .map(|(name, rows)| (*name, rows.iter().map(|(oru, _)| oru.mtbf_d.value).collect()))
        .collect();
    for suspect in suspects(&lives, WITHIN) {
        let subsystem = suspect.group;
        let rows = &subsystems[subsystem];
        let others: Vec<&(&Oru, BTreeSet<String>)> = subsystems
            .iter()
            .filter(|(name, _)| **name != subsystem)
            .flat_map(|(_, rows)| rows)
            .collect();
        let compared = if others.len() < COMPARED_ROWS { rows.as_slice() } else { &[] };
        let pairs: Vec<Vec<f64>> = compared
            .iter()
            .map(|(row, words)| {
                let akin = others.iter().filter(|(_, theirs)| !words.is_disjoint(theirs));
                akin.map(|(other, _)| other.mtbf_d.value / row.mtbf_d.value).collect()
            })
            .filter(|ratios: &Vec<f64>| !ratios.is_empty())
            .collect();
        let enough = pairs.iter().map(Vec::len).sum::<usize>() >= LEAST;
        let by_name = median(pairs.into_iter().map(|ratios| median(ratios.into_iter())));
        if enough && looks(by_name, WITHIN) != Some(suspect.mistake) {
            continue;
        }
        let guess = match suspect.mistake {
            Mistake::Divided => "smaller than the others': hours may be days",
            Mistake::Multiplied => "larger than the others': days may be hours",
        };
        let ratio = suspect.ratio;
        let span = context.span_of(&format!("oru.{}.mtbf", rows[0].0.id));
        let message = format!(
            "the {} lives of subsystem `{subsystem}` are about {ratio:.0} times {guess}",
            rows.len()
        );
        let help =
            "compare one with its source: a published table has been a factor 24 wrong that way";
        context.report(Code::UnitSuspect, span, message, "the first of them", help);
    }
}

/// The words of a unit's name that say what it is.
fn words_of(oru: &Oru) -> BTreeSet<String> {
    oru.name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 3)
        .map(str::to_lowercase)
        .collect()
}

/// The median of numbers; 1 for none.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() { 1.0 } else { quantile(&sorted, 0.5) }
}

/// Warns of numbers outside of what such things are.
fn lint_magnitudes(context: &Context<'_>, station: &Station) {
    let check = |path: String, value: f64, least: f64, most: f64, unit: &str, guess: &str| {
        // A refused value has a placeholder here and is reported already.
        if (least..=most).contains(&value) || !context.is_recorded(&path) {
            return;
        }
        let span = context.span_of(&path);
        let message = format!("`{path}` is {value} {unit}, outside the usual {least} to {most}");
        context.report(Code::MagnitudeSuspect, span, message, "", guess);
    };
    for oru in &station.orus {
        let at = |key: &str| format!("oru.{}.{key}", oru.id);
        check(at("mass"), oru.mass_kg.value, 0.01, 5_000.0, "kg", "grams for kilograms?");
        check(at("mtbf"), oru.mtbf_d.value, 10.0, 3.7e6, "d", "days for hours, or hours for days?");
        check(at("repair.crew"), oru.repair_crew_h.value, 0.0, 200.0, "h", "minutes for hours?");
        if oru.supplied {
            let guess = "hours for days? Where no spare is ever built, write `spares = \"none\"`";
            check(at("lead_time"), oru.lead_time_d.value, 0.0, 3_653.0, "d", guess);
            check(at("build_time"), oru.build_time_d.value, 0.0, 7_305.0, "d", guess);
        }
        if let Some(limit) = oru.life_limit_d {
            check(
                at("life_limit"),
                limit.value,
                7.0,
                36_525.0,
                "d",
                "hours for days, or years for days?",
            );
        }
    }
    for element in &station.elements {
        if let Some(mass) = element.mass_kg {
            let path = format!("element.{}.mass", element.id);
            check(path, mass.value, 100.0, 200_000.0, "kg", "grams or tonnes for kilograms?");
        }
        if let Some(leak) = &element.leak {
            let path = format!("element.{}.leak.rate", element.id);
            check(path, leak.rate_kg_d.value, 0.0, 20.0, "kg/d", "grams for kilograms?");
        }
    }
    for stock in &station.stocks {
        for (at, draw) in stock.draws.iter().enumerate() {
            if draw.per == crate::model::Per::Crew {
                let path = format!("stock.{}.draw.{at}.rate", stock.id);
                let (rate, guess) = (draw.rate_kg_d.value, "the whole crew's for one person's?");
                check(path, rate, -20.0, 20.0, "kg/d", guess);
            }
        }
    }
    for vehicle in &station.vehicles {
        let at = |key: &str| format!("vehicle.{}.{key}", vehicle.id);
        check(at("loss"), vehicle.loss.value, 0.0, 0.3, "", "a success share for a loss?");
        check(at("docked_life"), vehicle.docked_life_d.value, 5.0, 2_000.0, "d", "hours for days?");
        if let Some(push) = &vehicle.push {
            check(at("push.isp"), push.isp_s.value, 100.0, 5_000.0, "s", "an exhaust velocity?");
        }
    }
    check(
        "orbit.drag_area".to_owned(),
        station.orbit.drag_area_m2_kg.value,
        1e-4,
        0.1,
        "m2/kg",
        "an area not divided by the mass?",
    );
}
