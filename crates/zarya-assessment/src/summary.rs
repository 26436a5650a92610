//! Summaries of an ensemble: tiers, curves, end states, first causes, shortages and fans.

use crate::assessment::{
    CountSpread, EndStates, Estimate, Fan, FirstCause, Power, Rungs, ShortCapability, Split,
    Spread, StationLine, SubsystemFailures, SurvivalPoint, Tiers,
};
use crate::ensemble::{Ensemble, Tier};
use crate::estimate::{WorldShare, effective_worlds, estimate, estimate_alone};
use std::collections::BTreeMap;
use zarya_simulation::outcome::{Cause, EndState, Outcome, Rung};
use zarya_station::model::{Count, Owner};
use zarya_units::Date;

/// First causes listed for each tier.
const FIRST_CAUSES_MAX: usize = 12;
/// Fewer effective worlds than this make the share of a cause a thin one.
const CAUSE_WORLDS_MIN: f64 = 10.0;

/// Returns the probability that a tier holds through the last day.
pub fn tier(ensemble: &Ensemble<'_>, tier: Tier) -> Estimate {
    estimate_of(ensemble, |outcome| tier.breach(outcome).is_none())
}

/// Returns the headline tier by the station's own causes; `prior` has the histories before the record was used.
pub fn own_line(ensemble: &Ensemble<'_>, prior: &Ensemble<'_>) -> StationLine {
    let kept = |outcome: &Outcome| outcome.own_crewed.is_none();
    let Estimate { mean, low, high, standard_error, low_error, high_error, band } =
        estimate_of(ensemble, kept);
    let prior_mean = estimate_alone(&world_shares(prior, kept)).mean;
    StationLine { mean, low, high, standard_error, prior_mean, low_error, high_error, band }
}

/// Returns what a perfect station would read, from the shares of those who own what is not its own.
pub fn power(split: &Split) -> Power {
    let passed = Owner::every("").into_iter().filter(|owner| !owner.is_computed());
    Power { station: 1.0, all_risks: passed.map(|owner| split.of(owner).mean).product() }
}

/// Returns the three tiers.
pub fn tiers(ensemble: &Ensemble<'_>) -> Tiers {
    Tiers {
        survives: tier(ensemble, Tier::Survives),
        crewed: tier(ensemble, Tier::Crewed),
        full: tier(ensemble, Tier::Full),
    }
}

/// Returns the probability of a property of histories.
pub fn estimate_of(ensemble: &Ensemble<'_>, kept: impl Fn(&Outcome) -> bool) -> Estimate {
    estimate(&world_shares(ensemble, kept))
}

/// Returns how often each world keeps the two lines of an answer, in order.
pub fn lines(ensemble: &Ensemble<'_>) -> [(&'static str, Vec<WorldShare>); 2] {
    [
        ("station", world_shares(ensemble, |outcome| outcome.own_crewed.is_none())),
        ("all_risks", world_shares(ensemble, |outcome| outcome.crewed.is_none())),
    ]
}

fn world_shares(ensemble: &Ensemble<'_>, kept: impl Fn(&Outcome) -> bool) -> Vec<WorldShare> {
    ensemble
        .worlds()
        .map(|(weight, world)| WorldShare {
            kept: world.iter().filter(|outcome| kept(outcome)).count() as u32,
            histories: world.len() as u32,
            weight,
        })
        .collect()
}

/// Returns the survival curves: each point counts what holds to the end of its day, so that the
/// last one, on the claim's last day, is the headline itself.
pub fn survival(ensemble: &Ensemble<'_>) -> Vec<SurvivalPoint> {
    let labels = ensemble.labels;
    let mut dates: Vec<Date> = labels
        .sample_dates
        .iter()
        .map(|&at| Date::from_mjd(at))
        .filter(|date| *date < labels.through)
        .collect();
    dates.push(labels.through);
    dates.dedup();
    dates
        .into_iter()
        .map(|date| {
            let end = if date == labels.through { f64::INFINITY } else { date.mjd() + 1.0 };
            let holds = |tier: Tier| {
                let holds = |o: &Outcome| tier.breach(o).is_none_or(|b| b.at >= end);
                estimate_alone(&world_shares(ensemble, holds))
            };
            let crewed = holds(Tier::Crewed);
            SurvivalPoint {
                date,
                probability: crewed.mean,
                low: crewed.low,
                high: crewed.high,
                survives: holds(Tier::Survives).mean,
                full: holds(Tier::Full).mean,
            }
        })
        .collect()
}

/// Returns the share of histories by end state.
pub fn end_states(ensemble: &Ensemble<'_>) -> EndStates {
    let mut shares = EndStates::default();
    for (outcome, share) in ensemble.outcomes.iter().zip(ensemble.shares()) {
        *match outcome.end_state {
            EndState::Nominal => &mut shares.nominal,
            EndState::Reduced => &mut shares.reduced,
            EndState::LossOfEscapeVehicle => &mut shares.loss_of_escape_vehicle,
            EndState::DeCrewed => &mut shares.de_crewed,
            EndState::LossOfStation => &mut shares.loss_of_station,
            EndState::LossOfCrew => &mut shares.loss_of_crew,
        } += share;
    }
    let EndStates {
        nominal,
        reduced,
        loss_of_escape_vehicle,
        de_crewed,
        loss_of_station,
        loss_of_crew,
    } = &mut shares;
    let all = [nominal, reduced, loss_of_escape_vehicle, de_crewed, loss_of_station, loss_of_crew];
    all.into_iter().for_each(hold);
    shares
}

/// Holds a sum of shares to 1, beyond which it lies only by rounding.
fn hold(share: &mut f64) {
    *share = share.min(1.0);
}

/// Returns the share of histories that reached each rung.
pub fn rungs(ensemble: &Ensemble<'_>) -> Rungs {
    let mut shares = Rungs::default();
    for (outcome, share) in ensemble.outcomes.iter().zip(ensemble.shares()) {
        for (bit, rung) in Rung::ALL.iter().enumerate() {
            if outcome.rungs >> bit & 1 == 1 {
                *match rung {
                    Rung::Workaround => &mut shares.workaround,
                    Rung::Rationing => &mut shares.rationing,
                    Rung::ExpeditedFlight => &mut shares.expedited_flight,
                    Rung::Shelter => &mut shares.shelter,
                    Rung::Isolation => &mut shares.isolation,
                    Rung::CrewReduction => &mut shares.crew_reduction,
                    Rung::Evacuation => &mut shares.evacuation,
                    Rung::LossOfStation => &mut shares.loss_of_station,
                } += share;
            }
        }
    }
    let Rungs {
        workaround,
        rationing,
        expedited_flight,
        shelter,
        isolation,
        crew_reduction,
        evacuation,
        loss_of_station,
    } = &mut shares;
    let low = [workaround, rationing, expedited_flight, shelter];
    let high = [isolation, crew_reduction, evacuation, loss_of_station];
    low.into_iter().chain(high).for_each(hold);
    shares
}

/// Returns what broke each tier first, most frequent first, the twelve heaviest of each.
pub fn first_causes(ensemble: &Ensemble<'_>) -> Vec<FirstCause> {
    let shares = ensemble.shares();
    let mut of_world: BTreeMap<u32, f64> = BTreeMap::new();
    for (outcome, share) in ensemble.outcomes.iter().zip(&shares) {
        *of_world.entry(outcome.world).or_insert(0.0) += share;
    }
    let mut found = Vec::new();
    for tier in [Tier::Crewed, Tier::Survives, Tier::Full] {
        let mut by_cause: BTreeMap<(u16, u16), (BTreeMap<u32, f64>, u32)> = BTreeMap::new();
        for (outcome, share) in ensemble.outcomes.iter().zip(&shares) {
            if let Some(breach) = tier.breach(outcome) {
                let key = (breach.cause.direct, breach.cause.root);
                let found = by_cause.entry(key).or_insert((BTreeMap::new(), outcome.history));
                *found.0.entry(outcome.world).or_insert(0.0) += share;
            }
        }
        let total = |worlds: &BTreeMap<u32, f64>| worlds.values().fold(0.0, |sum, x| sum + x);
        let mut rows: Vec<_> = by_cause.into_iter().collect();
        rows.sort_by(|a, b| total(&b.1.0).total_cmp(&total(&a.1.0)).then(a.0.cmp(&b.0)));
        let ranks =
            ranks(&rows.iter().map(|(_, (worlds, _))| worlds).collect::<Vec<_>>(), &of_world);
        for (((direct, root), (worlds, example_history)), rank) in
            rows.into_iter().zip(ranks).take(FIRST_CAUSES_MAX)
        {
            let label = |number: u16| ensemble.labels.causes.get(usize::from(number));
            let text = |number| label(number).map_or(String::new(), |l| l.text.clone());
            let effective = effective_worlds(worlds.values().copied());
            found.push(FirstCause {
                tier: tier.name().to_owned(),
                cause: text(direct),
                root: text(root),
                owner: ensemble.labels.owner(Cause { direct, root }),
                share: total(&worlds).min(1.0),
                worlds: worlds.values().filter(|share| **share > 0.0).count() as u32,
                effective_worlds: effective,
                thin: effective < CAUSE_WORLDS_MIN,
                example_history,
                rank,
            });
        }
    }
    found
}

/// Places of shares in falling order, each by world: whose difference to the first of a place is within two of its errors shares it.
/// `of_world` has the share of the weight that each world carries; differences are clustered by world.
fn ranks(shares: &[&BTreeMap<u32, f64>], of_world: &BTreeMap<u32, f64>) -> Vec<u32> {
    let mut ranks = Vec::with_capacity(shares.len());
    let (mut first, mut rank) = (0, 1);
    for (place, share) in shares.iter().enumerate() {
        let at = |of: &BTreeMap<u32, f64>, world: &u32| of.get(world).copied().unwrap_or(0.0);
        let differences = || {
            of_world
                .iter()
                .map(|(world, weight)| (weight, at(shares[first], world) - at(share, world)))
        };
        let difference: f64 = differences().map(|(_, d)| d).sum();
        let squares: f64 = differences()
            .map(|(weight, d)| (d - weight * difference) * (d - weight * difference))
            .sum();
        if difference > 2.0 * squares.sqrt() {
            (first, rank) = (place, place as u32 + 1);
        }
        ranks.push(rank);
    }
    ranks
}

/// Returns the capabilities that were short in any history, longest first.
pub fn short(ensemble: &Ensemble<'_>) -> Vec<ShortCapability> {
    let shares = ensemble.shares();
    let mut rows: Vec<ShortCapability> = ensemble
        .labels
        .capabilities
        .iter()
        .enumerate()
        .filter_map(|(place, label)| {
            let days = |outcome: &Outcome| f64::from(*outcome.short_d.get(place).unwrap_or(&0.0));
            let share: f64 = ensemble
                .outcomes
                .iter()
                .zip(&shares)
                .filter(|(outcome, _)| days(outcome) > 0.0)
                .fold(0.0, |sum, (_, share)| sum + share)
                .min(1.0);
            if share <= 0.0 {
                return None;
            }
            let spread = spread(ensemble.outcomes.iter().map(days), &shares);
            Some(ShortCapability {
                id: label.id.clone(),
                name: label.name.clone(),
                share,
                days_mean: spread.mean,
                days_p95: spread.p95,
            })
        })
        .collect();
    rows.sort_by(|a, b| b.days_mean.total_cmp(&a.days_mean).then(a.id.cmp(&b.id)));
    rows
}

/// Returns the fans of all sampled series.
pub fn fans(ensemble: &Ensemble<'_>) -> Vec<Fan> {
    let labels = ensemble.labels;
    let shares = ensemble.shares();
    let width = labels.series.len();
    labels
        .series
        .iter()
        .enumerate()
        .map(|(place, label)| {
            let mut fan = Fan {
                id: label.id.clone(),
                name: label.name.clone(),
                unit: label.unit.clone(),
                date: labels.sample_dates.iter().map(|&at| Date::from_mjd(at)).collect(),
                p05: Vec::new(),
                p25: Vec::new(),
                p50: Vec::new(),
                p75: Vec::new(),
                p95: Vec::new(),
            };
            for row in 0..labels.sample_dates.len() {
                let sample = |outcome: &Outcome| {
                    f64::from(*outcome.samples.get(row * width + place).unwrap_or(&0.0))
                };
                let sorted = sorted(ensemble.outcomes.iter().map(sample), &shares);
                for (list, p) in [
                    (&mut fan.p05, 0.05),
                    (&mut fan.p25, 0.25),
                    (&mut fan.p50, 0.5),
                    (&mut fan.p75, 0.75),
                    (&mut fan.p95, 0.95),
                ] {
                    list.push(quantile(&sorted, p));
                }
            }
            fan
        })
        .collect()
}

/// Returns the failures of each subsystem per history.
pub fn failures(ensemble: &Ensemble<'_>) -> Vec<SubsystemFailures> {
    let shares = ensemble.shares();
    let count = |outcome: &Outcome, place: usize| {
        f64::from(*outcome.failures_by_subsystem.get(place).unwrap_or(&0))
    };
    let labels = ensemble.labels.subsystems.iter().enumerate();
    labels
        .map(|(place, subsystem)| SubsystemFailures {
            subsystem: subsystem.clone(),
            per_history: spread(ensemble.outcomes.iter().map(|o| count(o, place)), &shares),
        })
        .collect()
}

/// Returns the spread over histories of a number of each.
pub fn spread_of(ensemble: &Ensemble<'_>, number: impl Fn(&Outcome) -> f64) -> Spread {
    let numbers: Vec<f64> = ensemble.outcomes.iter().map(number).collect();
    spread(numbers.iter().copied(), &ensemble.shares())
}

/// Returns the spread over histories of all counts.
pub fn count_spreads(ensemble: &Ensemble<'_>) -> Vec<CountSpread> {
    let shares = ensemble.shares();
    Count::every("")
        .into_iter()
        .map(|count| CountSpread {
            what: count.to_string(),
            per_history: spread(
                ensemble.outcomes.iter().map(|o| f64::from(o.counts.get(count))),
                &shares,
            ),
        })
        .collect()
}

/// Mean and quantiles of weighted values; the weights sum to 1.
fn spread(values: impl Iterator<Item = f64> + Clone, shares: &[f64]) -> Spread {
    let mean = values.clone().zip(shares).map(|(value, share)| value * share).sum();
    let sorted = sorted(values, shares);
    Spread {
        mean,
        p05: quantile(&sorted, 0.05),
        p50: quantile(&sorted, 0.5),
        p95: quantile(&sorted, 0.95),
    }
}

/// Finite values with their weights, ascending.
pub(crate) fn sorted(values: impl Iterator<Item = f64>, shares: &[f64]) -> Vec<(f64, f64)> {
    let mut rows: Vec<(f64, f64)> = values
        .zip(shares)
        .filter(|(value, share)| value.is_finite() && **share > 0.0)
        .map(|(value, share)| (value, *share))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows
}

/// The least value whose cumulated weight reaches the share `p` of all weight; 0 without values.
pub(crate) fn quantile(sorted: &[(f64, f64)], p: f64) -> f64 {
    let total: f64 = sorted.iter().map(|row| row.1).sum();
    let mut sum = 0.0;
    for (value, share) in sorted {
        sum += share;
        // A hair below, so that rounding does not push a quantile to the next value.
        if sum >= p * total - 1e-12 {
            return *value;
        }
    }
    sorted.last().map_or(0.0, |row| row.0)
}

#[cfg(test)]
mod tests;
