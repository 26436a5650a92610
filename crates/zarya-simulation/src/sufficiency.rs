//! What the spares aboard at the as-of date are worth alone, exactly, world by world.
//!
//! The same worlds that histories are played in, with their rates, drawn stocks, ages and life
//! limits, but no chance: the probability that demand stays within the stock is computed. What
//! histories find (`Outcome::own_stock_d`) must agree with it, so each checks the other.

use crate::history::Engine;
use crate::past::{Timeline, in_world};
use crate::plan::{Plan, place};
use crate::worlds::{HISTORIES_PER_WORLD, World};
use rayon::prelude::*;
use zarya_reliability::counts;
use zarya_reliability::law::Law;
use zarya_reliability::poisson::compound_poisson_pmf;
use zarya_reliability::renewal::replacements_up_to;
use zarya_station::model::RepairWhere;

/// What is asked: days from the as-of date without any flight, and a factor on all failure rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon {
    /// Days.
    pub days: f64,
    /// Factor on every failure rate; stocks stay as they are.
    pub rates_times: f64,
}

/// The exact answers of one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Lasting {
    /// Its number.
    pub world: u32,
    /// Spares aboard at the as-of date, by unit type in the order of `Plan::types`.
    pub stock: Vec<u32>,
    /// For each horizon, the probability by unit type that its stock covers all demand.
    pub lasts: Vec<Vec<f64>>,
}

/// Why the exact value of a unit type and its histories may differ beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Nothing but the days that repairs take, in which units do not fail.
    RepairTime,
    /// Spares of one type are used for another.
    SharedSpares,
    /// Failures of common cause are in the histories, and left out where units wear out or have a
    /// life limit.
    CommonCause,
    /// A unit outside stays past its life limit and fails more often; the exact value takes the mean
    /// rate of the period.
    PastLifeLimit,
}

/// Returns the exact answers of `worlds` under `seed`, in order.
///
/// # Model
///
/// Given a world, unit types are independent. A failure takes a spare unless a reset clears it, which
/// leaves the unit's age as it is; so the law of failures that count is thinned. Without wear and due
/// life limits demand is Poisson, in lots of as many copies as fail together. Else each copy
/// is a renewal process from its age today, in which a replacement after a failure or at the life limit
/// restarts the clock. A type that waits for a spare at the as-of date has none left. Where the years before are flown, each
/// history of a world begins in a state of its own; the first whose past held stands for its world.
///
/// # Panics
///
/// If no thread can be started.
pub fn lasting(
    timeline: &Timeline<'_>,
    seed: u64,
    worlds: &[u32],
    horizons: &[Horizon],
    threads: usize,
) -> Vec<Lasting> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started");
    pool.install(|| worlds.par_iter().map(|&w| of_world(timeline, seed, w, horizons)).collect())
}

/// Returns what the exact value of a unit type leaves out, the weightiest first.
pub fn difference(plan: &Plan, kind: usize) -> Difference {
    let t = &plan.types[kind];
    let first = t.first_unit as usize;
    let copies = &plan.units[first..first + t.installed as usize];
    let common = copies.iter().any(|unit| unit.group.is_some());
    let taken = plan.types.iter().any(|other| other.donors.contains(&place(kind)));
    if taken || !t.donors.is_empty() {
        Difference::SharedSpares
    } else if t.life_limit_d.is_some() && (t.place != RepairWhere::Inside || !t.supplied) {
        Difference::PastLifeLimit
    } else if common && (t.shape != 1.0 || t.life_limit_d.is_some()) {
        Difference::CommonCause
    } else {
        Difference::RepairTime
    }
}

fn of_world(timeline: &Timeline<'_>, seed: u64, index: u32, horizons: &[Horizon]) -> Lasting {
    in_world(timeline, seed, index, |flying| {
        let engine = flying.begun(index * HISTORIES_PER_WORLD);
        let kinds = 0..engine.course.plan.types.len();
        let stock: Vec<u32> = kinds.clone().map(|kind| engine.supply.stocked(kind)).collect();
        let lasts = horizons
            .iter()
            .map(|horizon| kinds.clone().map(|kind| type_lasts(engine, kind, horizon)).collect())
            .collect();
        Lasting { world: index, stock, lasts }
    })
}

/// The probability that the stock of one type lasts.
fn type_lasts(engine: &Engine<'_>, kind: usize, horizon: &Horizon) -> f64 {
    let (plan, world) = (engine.course.plan, engine.course.world);
    if engine.course.out.own_stock_d[kind] == 0.0 {
        return 0.0;
    }
    let t = &plan.types[kind];
    if !t.supplied {
        // Nobody asks for a spare that does not exist.
        return 1.0;
    }
    let stock = engine.supply.stocked(kind);
    let needs_spare = 1.0 - world.value(t.reset_share).clamp(0.0, 1.0);
    let inside = t.place == RepairWhere::Inside;
    let life_d = world.lives_d[kind];
    let ages = engine.supply.ages_d(plan, kind, engine.course.now);
    let due = inside && ages.iter().any(|age| life_d - age <= horizon.days);
    let replaced_again = inside && life_d <= horizon.days;
    let Law::Exponential { mtbf_d } = world.laws[kind] else {
        let law = faster(&world.laws[kind], horizon.rates_times);
        return renewals(&law, needs_spare, inside.then_some(life_d), &ages, stock, horizon.days);
    };
    let mtbf_d = mtbf_d / horizon.rates_times;
    if due || replaced_again {
        let law = Law::Exponential { mtbf_d };
        return renewals(&law, needs_spare, Some(life_d), &ages, stock, horizon.days);
    }
    // Mean number of failures of all copies, those past a life limit at their higher rate.
    let worn = world.value(plan.worlds.expired_factor).max(1.0);
    let failures: f64 = ages
        .iter()
        .map(|age| {
            let young_d = (life_d - age).clamp(0.0, horizon.days);
            (young_d + worn * (horizon.days - young_d)) / mtbf_d
        })
        .sum();
    let (events, lots) = lots(plan, world, kind, needs_spare);
    compound_poisson_pmf(failures * events, &lots, stock).iter().sum::<f64>().min(1.0)
}

fn faster(law: &Law, times: f64) -> Law {
    if times == 1.0 { law.clone() } else { law.faster(times) }
}

/// Events for each failure of a copy, and how many spares one event asks for.
///
/// Of `f` failures of copies, `f / n` for each of the `n` copies, those of a group of `m` that take `k` at once
/// come in `f m s_k / (n k)` events, `s_k` being the share of a copy's failures that are of that kind.
fn lots(plan: &Plan, world: &World, kind: usize, needs_spare: f64) -> (f64, Vec<f64>) {
    let t = &plan.types[kind];
    let first = t.first_unit as usize;
    let copies = &plan.units[first..first + t.installed as usize];
    let alone = [1.0 - needs_spare, needs_spare];
    // Events of each number of copies, for one failure of the type.
    let mut of = vec![0.0; t.installed as usize + 1];
    for copy in copies {
        let weight = 1.0 / f64::from(t.installed);
        match copy.group {
            None => of[1] += weight,
            Some(group) => {
                let cause = plan.groups[usize::from(group)].cause;
                for (share, k) in world.together[usize::from(cause)].iter().zip(1_u32..) {
                    of[k as usize] += weight * share / f64::from(k);
                }
            }
        }
    }
    let events: f64 = of.iter().sum();
    let mut lots = vec![0.0; 2];
    for (share, k) in of.iter().zip(0_u32..).filter(|(share, _)| **share > 0.0) {
        let spares = counts::convolved_power(&alone, k);
        lots.resize(lots.len().max(spares.len()), 0.0);
        for (lot, p) in lots.iter_mut().zip(&spares) {
            *lot += share / events * p;
        }
    }
    (events, lots)
}

fn renewals(
    law: &Law,
    needs_spare: f64,
    limit_d: Option<f64>,
    ages: &[f64],
    stock: u32,
    days: f64,
) -> f64 {
    /// Keeps a law finite where every failure is cleared by a reset.
    const SHARE_MIN: f64 = 1e-9;
    let law = law.thinned(needs_spare.max(SHARE_MIN)).unwrap_or_else(|| law.clone());
    let limit_d = limit_d.filter(|d| d.is_finite());
    let mut sum = vec![1.0];
    for age in ages {
        let age = limit_d.map_or(*age, |limit| age.min(limit));
        let mut one = replacements_up_to(stock, &law, limit_d, age, days);
        one.truncate(stock as usize + 1);
        sum = counts::convolved(&sum, &one);
        sum.truncate(stock as usize + 1);
    }
    sum.iter().sum::<f64>().min(1.0)
}
