//! Whether spares last: the exact value beside what histories found, by unit type, subsystem and
//! station.
//!
//! Three numbers answer three questions. The exact value and `simulated` both ask whether the spares
//! aboard at the as-of date cover all demand alone; they have to agree. `with_flights` asks what
//! happened: whether every demand found a spare, with all that flew up.

use crate::assessment::{Lasting, Sufficiency, WithoutWorst};
use crate::ensemble::Ensemble;
use zarya_simulation::Plan;
use zarya_simulation::outcome::Outcome;
use zarya_simulation::sufficiency::{Difference, Horizon, Lasting as Exact, difference};
use zarya_units::math;

/// The probability that is asked of spares for the days that they last.
pub const TARGET: f64 = 0.9;
/// The factor on all failure rates of the what-if.
pub const RATES_TIMES: f64 = 2.0;
/// Standard errors beyond which histories and exact value count as different.
const ERRORS_MAX: f64 = 3.0;
/// Types that are left out one after the other.
const WORST: usize = 8;
/// Days of the curve from which the days that spares last are read.
const CURVE_D: [f64; 13] =
    [7.0, 15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 270.0, 365.0, 540.0, 730.0, 1096.0];

/// What is asked of the exact methods.
#[derive(Clone, Debug, PartialEq)]
pub struct Questions {
    /// Of all worlds: the comparison with histories.
    pub all: [Horizon; 1],
    /// Of some worlds: the what-if at the same days, then a curve over days at the believed rates
    /// and one at the other rates.
    pub some: Vec<Horizon>,
}

/// Returns the questions for a comparison over `days`.
pub fn questions(days: f64) -> Questions {
    let at = |days, rates_times| Horizon { days, rates_times };
    let mut some = vec![at(days, RATES_TIMES)];
    for times in [1.0, RATES_TIMES] {
        some.extend(CURVE_D.map(|d| at(d, times)));
    }
    Questions { all: [at(days, 1.0)], some }
}

/// The exact answers to [`questions`]: one for each world of the ensemble in order, and those of
/// the worlds that stand for all, with their weights.
pub struct Answers<'a> {
    /// To `all`.
    pub all: &'a [Exact],
    /// To `some`, each with its weight.
    pub some: &'a [(f64, Exact)],
}

/// What a row is about: a single type, or several of which all must last.
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    types: Vec<usize>,
    differs: &'static str,
}

/// Returns the section of the answer, worst rows first.
pub fn sufficiency(
    plan: &Plan,
    ensemble: &Ensemble<'_>,
    days: f64,
    answers: &Answers<'_>,
) -> Sufficiency {
    let all: Vec<usize> = (0..plan.types.len()).collect();
    let several = "the rows of its types say what differs";
    let fill = |row: &Row<'_>| lasting(ensemble, days, answers, row);
    let station =
        fill(&Row { id: "station", name: "All unit types", types: all.clone(), differs: several });
    let worst_first = |mut rows: Vec<Lasting>| {
        rows.sort_by(|a, b| a.exact.total_cmp(&b.exact).then(a.id.cmp(&b.id)));
        rows
    };
    let subsystems = worst_first(
        plan.subsystems
            .iter()
            .map(|name| {
                let types =
                    all.iter().copied().filter(|k| plan.types[*k].subsystem == *name).collect();
                fill(&Row { id: name, name, types, differs: several })
            })
            .collect(),
    );
    let types = worst_first(
        plan.types
            .iter()
            .enumerate()
            .map(|(kind, t)| {
                let differs = reason(difference(plan, kind));
                fill(&Row { id: &t.id, name: &t.name, types: vec![kind], differs })
            })
            .collect(),
    );
    let without_worst = (1..=WORST.min(types.len().saturating_sub(1)))
        .map(|n| {
            let out: Vec<&str> = types[..n].iter().map(|t| &*t.id).collect();
            let kept: Vec<usize> =
                all.iter().copied().filter(|k| !out.contains(&&*plan.types[*k].id)).collect();
            let row = fill(&Row { id: "", name: "", types: kept, differs: several });
            WithoutWorst { id: types[n - 1].id.clone(), exact: row.exact, days: row.days }
        })
        .collect();
    let beyond = |rows: &[Lasting]| rows.iter().filter(|row| !row.agrees).count() as u32;
    Sufficiency {
        days,
        target: TARGET,
        rates_times: RATES_TIMES,
        disagreements: beyond(&types),
        station,
        without_worst,
        subsystems,
        types,
    }
}

impl Sufficiency {
    /// Returns the unit type that limits the days of the whole: the one whose spares last the fewest
    /// days with the target's probability, and among equals the first of `types`.
    pub fn limiting(&self) -> Option<&Lasting> {
        let days = |row: &Lasting| row.days.unwrap_or(f64::INFINITY);
        self.types.iter().min_by(|a, b| days(a).total_cmp(&days(b)))
    }
}

fn reason(difference: Difference) -> &'static str {
    match difference {
        Difference::RepairTime => {
            "histories lose days to repairs, in which a unit does not fail; one row in 370 differs by \
             chance"
        }
        Difference::SharedSpares => {
            "spares of one type are used for another in the histories; the exact value keeps them apart"
        }
        Difference::CommonCause => {
            "failures of common cause are in the histories and not in the exact value, because these \
             units wear out or have a life limit"
        }
        Difference::PastLifeLimit => {
            "units outside stay past their life limit and fail more often; the exact value takes the \
             mean rate"
        }
    }
}

fn lasting(ensemble: &Ensemble<'_>, days: f64, answers: &Answers<'_>, row: &Row<'_>) -> Lasting {
    let together = |lasts: &[f64]| row.types.iter().map(|k| lasts[*k]).product::<f64>();
    let outlasts = |first_d: &[f32], days: f64| {
        row.types.iter().all(|k| first_d.get(*k).is_none_or(|d| f64::from(*d) >= days))
    };
    let share = |world: &[Outcome], holds: &dyn Fn(&Outcome) -> bool| {
        world.iter().filter(|o| holds(o)).count() as f64 / world.len() as f64
    };
    let mut row_of =
        Lasting { id: row.id.to_owned(), name: row.name.to_owned(), ..Lasting::default() };
    let (mut weights, mut squares) = (0.0, 0.0);
    let (mut excess, mut variance) = (0.0, 0.0);
    for ((weight, world), exact) in ensemble.worlds().zip(answers.all) {
        let value = together(&exact.lasts[0]);
        let simulated = share(world, &|o| outlasts(&o.own_stock_d, days));
        weights += weight;
        row_of.exact += weight * value;
        row_of.simulated += weight * simulated;
        // Of histories of the same world, whose share has the exact value as its mean.
        let n = world.len() as f64;
        squares += weight * weight * value * (1.0 - value) / n;
        excess += n * (simulated - value);
        variance += n * value * (1.0 - value);
        row_of.with_flights += weight * share(world, &|o| outlasts(&o.stock_out_d, days));
        row_of.with_flights_to_claim +=
            weight * share(world, &|o| outlasts(&o.stock_out_d, f64::INFINITY));
        let stock: u32 = row.types.iter().map(|k| exact.stock[*k]).sum();
        row_of.stock += weight * f64::from(stock);
    }
    if weights > 0.0 {
        for sum in [
            &mut row_of.exact,
            &mut row_of.simulated,
            &mut row_of.with_flights,
            &mut row_of.with_flights_to_claim,
            &mut row_of.stock,
        ] {
            *sum /= weights;
        }
        row_of.standard_error = squares.sqrt() / weights;
    }
    // All worlds count alike here: weights would only take power from the comparison. Half a history
    // is the step of the count.
    row_of.agrees = excess.abs() <= ERRORS_MAX * variance.sqrt() + 0.5;
    if !row_of.agrees {
        row_of.differs = Some(row.differs.to_owned());
    }
    let mean = |place: usize| {
        let total: f64 = answers.some.iter().map(|(weight, _)| weight).sum();
        let sum: f64 =
            answers.some.iter().map(|(weight, exact)| weight * together(&exact.lasts[place])).sum();
        if total > 0.0 { sum / total } else { 0.0 }
    };
    let curve =
        |first: usize| -> Vec<f64> { (0..CURVE_D.len()).map(|i| mean(first + i)).collect() };
    row_of.days = days_above(&curve(1));
    row_of.exact_rates_times = mean(0);
    row_of.days_rates_times = days_above(&curve(1 + CURVE_D.len()));
    row_of
}

/// Days until a curve over [`CURVE_D`] falls below the target, on a line in its logarithm between
/// the points; none when it does not.
fn days_above(curve: &[f64]) -> Option<f64> {
    let log = |p: f64| math::ln(p.max(1e-12));
    let (mut day, mut before) = (0.0, 1.0);
    for (d, p) in CURVE_D.into_iter().zip(curve) {
        if *p < TARGET {
            let part = (log(before) - log(TARGET)) / (log(before) - log(*p)).max(1e-12);
            return Some(day + (d - day) * part.clamp(0.0, 1.0));
        }
        (day, before) = (d, *p);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `e^(-t/1000)` falls to 0.9 on day 105.36; a stock that is gone today lasts no day.
    #[test]
    fn days_are_read_from_the_curve() {
        let curve = CURVE_D.map(|d| math::exp(-d / 1000.0));
        let days = days_above(&curve).unwrap();
        assert!((days - 105.360_515_657_826_3).abs() < 1e-9, "{days}");
        assert_eq!(days_above(&[1.0; CURVE_D.len()]), None);
        assert!(days_above(&[0.0; CURVE_D.len()]).unwrap() < 0.1);
    }

    /// What limits is what lasts the fewest days; what lasts beyond the curve limits nothing.
    #[test]
    fn the_type_that_ends_first_limits() {
        let row = |id: &str, days| Lasting { id: id.into(), days, ..Lasting::default() };
        let types =
            vec![row("a", None), row("b", Some(9.0)), row("c", Some(5.0)), row("d", Some(5.0))];
        let all = Sufficiency { types, ..Sufficiency::default() };
        assert_eq!(all.limiting().map(|row| &*row.id), Some("c"));
        assert_eq!(Sufficiency::default().limiting(), None);
    }

    /// Two worlds of weights 1 and 3 with four histories each, two types: the exact values are 0.5 x 0.8 = 0.4 and 0.9 x 1,
    /// the histories that outlast 100 days with their own stock 2 and 3 of 4.
    #[test]
    fn a_row_by_hand() {
        let labels = crate::synthetic::labels();
        let history = |h: u32, own: [f32; 2], with_flights: [f32; 2]| Outcome {
            world: h / 4,
            own_stock_d: own.to_vec(),
            stock_out_d: with_flights.to_vec(),
            ..crate::synthetic::outcome(h, None)
        };
        let never = f32::INFINITY;
        let outcomes = [
            history(0, [100.0, never], [never, never]),
            history(1, [99.0, never], [never, 200.0]),
            history(2, [never, 50.0], [50.0, never]),
            history(3, [never, never], [never, never]),
            history(4, [10.0, never], [10.0, never]),
            history(5, [never, never], [never, never]),
            history(6, [never, never], [never, 101.0]),
            history(7, [150.0, 120.0], [never, never]),
        ];
        let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0, 3.0] };
        let exact = |world, stock: [u32; 2], lasts: [f64; 2]| Exact {
            world,
            stock: stock.to_vec(),
            lasts: vec![lasts.to_vec()],
        };
        let all = [exact(0, [2, 1], [0.5, 0.8]), exact(1, [4, 3], [0.9, 1.0])];
        // What-ifs at twice the rates, then two curves: 1 up to 45 days, then nothing; and 1 up to 15 days.
        let curve = |ends: f64| CURVE_D.map(|d| vec![if d <= ends { 1.0 } else { 0.0 }, 1.0]);
        let some = |what_if: f64| Exact {
            world: 0,
            stock: vec![0, 0],
            lasts: [vec![what_if, 0.5]].into_iter().chain(curve(45.0)).chain(curve(15.0)).collect(),
        };
        let answers = Answers { all: &all, some: &[(1.0, some(0.2)), (3.0, some(0.6))] };
        let row = Row { id: "both", name: "Both", types: vec![0, 1], differs: "why" };
        let found = lasting(&ensemble, 100.0, &answers, &row);
        assert_eq!((&*found.id, &*found.name), ("both", "Both"));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(found.exact, (0.4 + 3.0 * 0.9) / 4.0);
        near(found.simulated, (0.5 + 3.0 * 0.75) / 4.0);
        near(found.with_flights, (0.75 + 3.0 * 0.75) / 4.0);
        near(found.with_flights_to_claim, (0.5 + 3.0 * 0.5) / 4.0);
        near(found.stock, (3.0 + 3.0 * 7.0) / 4.0);
        let squares: f64 = 0.4 * 0.6 / 4.0 + 9.0 * 0.9 * 0.1 / 4.0;
        near(found.standard_error, squares.sqrt() / 4.0);
        near(found.exact_rates_times, (0.1 + 3.0 * 0.3) / 4.0);
        // Excess 4 x 0.1 - 4 x 0.15 = -0.2 of a history.
        assert!(found.agrees && found.differs.is_none());
        let days = |days: Option<f64>| days.expect("they end");
        assert!((45.0..60.0).contains(&days(found.days)), "{found:?}");
        assert!((15.0..30.0).contains(&days(found.days_rates_times)), "{found:?}");
        // One type alone, whose histories outlast their stock far less often than the exact value says.
        let wrong = [exact(0, [2, 1], [0.5, 1.0]), exact(1, [4, 3], [0.9, 1.0 - 1e-9])];
        let answers = Answers { all: &wrong, some: &[] };
        let row = Row { types: vec![1], ..row };
        let found = lasting(&ensemble, 130.0, &answers, &row);
        near(found.simulated, 0.75);
        assert!(!found.agrees && found.differs.as_deref() == Some("why"), "{found:?}");
        near(found.exact_rates_times, 0.0);
    }
}
