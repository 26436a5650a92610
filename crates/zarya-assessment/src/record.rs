//! The record judges the model: worlds are weighted by what happened, then scored on other years.

use crate::assessment::RecordRow;
use crate::ensemble::Labels;
use crate::summary;
use zarya_simulation::outcome::{Measured, Outcome};
use zarya_station::model::{Asks, Nature, Observation, Observed};
use zarya_units::{DAYS_PER_YEAR, Date, math};

/// Histories run over a recorded span.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// What the numbers stand for.
    pub labels: &'a Labels,
    /// First day that is counted.
    pub from: Date,
    /// Last day that is counted, inclusive.
    pub through: Date,
    /// Histories to the last day.
    pub whole: &'a [Outcome],
    /// The same histories to the day before the first, when they started earlier.
    pub before: Option<&'a [Outcome]>,
}

/// What each world predicts for one observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// By world number: the counts (or kg, or days) of its histories over the replayed span; NaN for a history that
    /// has none, which only a median can lack.
    pub worlds: Vec<Vec<f64>>,
    /// Observed exposure over replayed exposure: 1 for the same dates.
    pub exposure: f64,
    /// How the two spans compare, for the reader.
    pub method: &'static str,
}

impl Prediction {
    /// Returns whether the replayed manifest prescribes it: no prediction then.
    pub fn is_fixed(&self) -> bool {
        self.method == FIXED
    }

    /// Returns whether any history has a value.
    pub fn has_values(&self) -> bool {
        self.worlds.iter().flatten().any(|value| !value.is_nan())
    }
}

const SAME: &str = "same dates";
const SCALED: &str = "scaled to the observed span or exposure";
const FIXED: &str = "fixed by the recorded manifest";

/// Returns what a replay predicts for an observation; `None` where the replayed station has no such
/// unit, or no exposure to it.
///
/// `units` is the number of installed copies, which turns the `exposure` of `failures:` (unit-years)
/// into a share of the replayed one; the `exposure` of `cargo-losses` is in flights.
pub fn predict(
    observation: &Observation,
    replay: &Replay<'_>,
    units: Option<f64>,
) -> Option<Prediction> {
    let count = counter(&observation.what, replay.labels)?;
    let mut worlds: Vec<Vec<f64>> = Vec::new();
    let mut flights = 0.0;
    for (place, outcome) in replay.whole.iter().enumerate() {
        let before = replay.before.and_then(|b| b.get(place));
        let world = outcome.world as usize;
        if worlds.len() <= world {
            worlds.resize(world + 1, Vec::new());
        }
        worlds[world].push(count(outcome, before).unwrap_or(f64::NAN));
        let flown = |o: &Outcome| f64::from(o.counts.cargo_flights + o.counts.cargo_losses);
        flights += flown(outcome) - before.map_or(0.0, flown);
    }
    let years = |from: Date, through: Date| (through.mjd() + 1.0 - from.mjd()) / DAYS_PER_YEAR;
    let replayed_years = years(replay.from, replay.through);
    let mean_flights = flights / replay.whole.len().max(1) as f64;
    let exposure = if let Some(own) = exposure(observation, units, replayed_years, mean_flights) {
        own
    } else if (observation.from, observation.through) == (replay.from, replay.through) {
        1.0
    } else {
        years(observation.from, observation.through) / replayed_years
    };
    if !exposure.is_finite() || exposure <= 0.0 {
        return None;
    }
    // Losses that the replayed manifest prescribes are no prediction: all histories that stayed
    // crewed to the end have the same.
    let stayed = replay.whole.iter().filter(|o| o.counts.de_crewings == 0).map(|o| count(o, None));
    let mut stayed = stayed.peekable();
    let first = stayed.peek().copied();
    let fixed = may_be_prescribed(&observation.what)
        && first.is_some_and(|first| stayed.all(|value| value == first));
    let method = match (fixed, exposure == 1.0) {
        (true, _) => FIXED,
        (false, true) => SAME,
        (false, false) => SCALED,
    };
    Some(Prediction { worlds, exposure, method })
}

/// A number of a span, read off a history to its end and, where it started earlier, the same history to the day before.
type Counter = Box<dyn Fn(&Outcome, Option<&Outcome>) -> Option<f64>>;

/// What adds up: that of the whole less that of before.
fn difference(count: impl Fn(&Outcome) -> f64 + 'static) -> Counter {
    Box::new(move |whole, before| Some(count(whole) - before.map_or(0.0, &count)))
}

/// Days that add up. Both sums were rounded on their way: a millionth of a day is none.
fn days(count: impl Fn(&Outcome) -> f64 + 'static) -> Counter {
    Box::new(move |whole, before| {
        let days = count(whole) - before.map_or(0.0, &count);
        Some((days * 1e6).round().max(0.0) / 1e6)
    })
}

fn measured(outcome: &Outcome) -> &Measured {
    outcome.measured.as_deref().expect("the plan of a replay measures")
}

/// The median of the days of the replacements of a type since the end of `before`; none without one.
fn median_repair_d(kind: usize, whole: &Outcome, before: Option<&Outcome>) -> Option<f64> {
    let of_type = |outcome| {
        measured(outcome).repairs.iter().filter(|repair| usize::from(repair.kind) == kind)
    };
    let earlier = before.map_or(0, |before| of_type(before).count());
    let mut days: Vec<f64> = of_type(whole).skip(earlier).map(|repair| repair.days).collect();
    days.sort_by(f64::total_cmp);
    let (below, above) = (days.get(days.len().saturating_sub(1) / 2)?, days.get(days.len() / 2)?);
    Some(0.5 * (below + above))
}

/// The number that an observation counts in a history.
fn counter(what: &Observed, labels: &Labels) -> Option<Counter> {
    let kind = |id: &str| labels.types.iter().position(|known| known == id);
    Some(match what.asks() {
        Asks::Count(count) => difference(move |outcome| f64::from(outcome.counts.get(count))),
        Asks::CargoMass => difference(|outcome| outcome.cargo_kg),
        Asks::Failures(id) => {
            let place = kind(id)?;
            difference(move |outcome| f64::from(*outcome.failures_by_type.get(place).unwrap_or(&0)))
        }
        Asks::RepairDays(id) => {
            let kind = kind(id)?;
            Box::new(move |whole, before| median_repair_d(kind, whole, before))
        }
        Asks::OutageDays(id) => {
            let place = labels.capabilities.iter().position(|known| known.id == id)?;
            days(move |outcome| f64::from(outcome.short_d[place]))
        }
        Asks::Stock(id) => {
            let place = labels.stocks().iter().position(|known| known.id == id)?;
            Box::new(move |whole, _| measured(whole).stocks_kg.get(place).copied())
        }
        Asks::DockingTroubles => {
            difference(|outcome| f64::from(measured(outcome).docking_troubles))
        }
        Asks::UncrewedDays => days(|outcome| measured(outcome).uncrewed_d),
        Asks::IsolatedElements => {
            difference(|outcome| f64::from(measured(outcome).isolated_elements))
        }
    })
}

/// How what was observed is distributed given a world.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Law {
    /// It happens at most once in a history.
    Once,
    /// A count of events.
    Count,
    /// A mass in kg, or days.
    Mass,
}

fn law(what: &Observed) -> Law {
    match what.nature() {
        Nature::Count if *what == Observed::DeCrewings => Law::Once,
        Nature::Count => Law::Count,
        Nature::Mass | Nature::Days | Nature::Median | Nature::Level => Law::Mass,
    }
}

/// What else than time an observation may be counted over.
fn exposure(
    observation: &Observation,
    units: Option<f64>,
    years: f64,
    flights: f64,
) -> Option<f64> {
    let exposure = observation.exposure?;
    match &observation.what {
        Observed::Failures(_) => Some(exposure / (units? * years)),
        Observed::CargoLosses => (flights > 0.0).then(|| exposure / flights),
        Observed::DeCrewings
        | Observed::CrewFlights
        | Observed::CrewReductions
        | Observed::Evas
        | Observed::AvoidanceBurns
        | Observed::CargoFlights
        | Observed::CargoMassKg
        | Observed::LifeboatGaps
        | Observed::MedicalReturns
        | Observed::Reboosts
        | Observed::RepairDays(_)
        | Observed::OutageDays(_)
        | Observed::Stock(_)
        | Observed::DockingTroubles
        | Observed::UncrewedDays
        | Observed::IsolatedElements => None,
    }
}

/// Whether a replayed manifest may prescribe it.
fn may_be_prescribed(what: &Observed) -> bool {
    match what {
        // Nothing goes wrong at the docking of a recorded flight.
        Observed::CargoFlights
        | Observed::CargoLosses
        | Observed::CargoMassKg
        | Observed::DockingTroubles => true,
        Observed::DeCrewings
        | Observed::CrewFlights
        | Observed::CrewReductions
        | Observed::Evas
        | Observed::AvoidanceBurns
        | Observed::LifeboatGaps
        | Observed::MedicalReturns
        | Observed::Reboosts
        | Observed::Failures(_)
        | Observed::RepairDays(_)
        | Observed::OutageDays(_)
        | Observed::Stock(_)
        | Observed::UncrewedDays
        | Observed::IsolatedElements => false,
    }
}

/// Returns the weights of worlds by the likelihood of the observations marked for weighting; they
/// sum to 1, a world without a replay has none.
///
/// # Model
///
/// A formal weighting without tuning: the prior over worlds is equal, the likelihoods of the
/// observations multiply. Each world is known through `K` replayed histories only:
/// - no de-crewing: `((k + ½)/(K + 1))^e` with `k` of `K` histories without one, `e` the ratio of
///   observed to replayed exposure; a de-crewing: one minus that;
/// - counts: negative binomial. The world's rate is a gamma variate of shape `c + ½` and rate
///   `K + ½/m`, after `c` events in `K` histories, where `m` is the mean of all worlds, so that half
///   an event at that mean stands for what is known of a world before its histories;
/// - masses: normal about the world's mean with the variance between histories pooled over worlds.
///
/// Counts of one span are taken as independent given the world.
///
/// # Source
///
/// Derived above.
pub fn weights(predictions: &[(&Observation, Prediction)]) -> Vec<f64> {
    let n_worlds = predictions.iter().map(|(_, p)| p.worlds.len()).max().unwrap_or(0);
    let logs: Vec<f64> = (0..n_worlds)
        .map(|world| {
            predictions
                .iter()
                .filter(|(observation, p)| observation.weight && p.method != FIXED)
                .map(|(observation, p)| log_likelihood(observation, p, world))
                .sum()
        })
        .collect();
    let best = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !best.is_finite() {
        return vec![1.0 / n_worlds.max(1) as f64; n_worlds];
    }
    let raw: Vec<f64> = logs.iter().map(|log| math::exp(log - best)).collect();
    let total: f64 = raw.iter().sum();
    raw.iter().map(|weight| weight / total).collect()
}

fn log_likelihood(observation: &Observation, prediction: &Prediction, world: usize) -> f64 {
    let Some(values) = prediction.worlds.get(world).filter(|values| !values.is_empty()) else {
        return f64::NEG_INFINITY;
    };
    let n = values.len() as f64;
    let observed = observation.observed;
    if law(&observation.what) == Law::Once {
        let without = values.iter().filter(|&&count| count <= 0.0).count() as f64;
        let log_none = prediction.exposure * math::ln((without + 0.5) / (n + 1.0));
        return if observed <= 0.0 { log_none } else { math::ln(-math::expm1(log_none)) };
    }
    if law(&observation.what) == Law::Mass {
        let mean = values.iter().sum::<f64>() / n * prediction.exposure;
        let variance = pooled_variance(prediction) * (1.0 + 1.0 / n);
        let off = observed - mean;
        return -0.5 * (off * off / variance + math::ln(variance));
    }
    let (shape, keep) = gamma_poisson(prediction, values);
    math::lgamma(observed + shape) - math::lgamma(shape) - math::lgamma(observed + 1.0)
        + shape * math::ln(keep)
        + observed * math::ln(1.0 - keep)
}

/// Shape `r` and probability `p` of the negative binomial of a world's counts.
fn gamma_poisson(prediction: &Prediction, values: &[f64]) -> (f64, f64) {
    let histories: f64 = prediction.worlds.iter().map(|w| w.len() as f64).sum();
    let events: f64 = prediction.worlds.iter().flatten().sum();
    // No event anywhere: half an event over all histories keeps the rate above zero.
    let mean = events.max(0.5) / histories.max(1.0);
    let shape = values.iter().sum::<f64>() + 0.5;
    let rate = values.len() as f64 + 0.5 / mean;
    (shape, rate / (rate + prediction.exposure))
}

fn pooled_variance(prediction: &Prediction) -> f64 {
    let (mut squares, mut free) = (0.0, 0.0);
    for values in prediction.worlds.iter().filter(|values| values.len() > 1) {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        squares += values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        free += values.len() as f64 - 1.0;
    }
    let scale = prediction.exposure;
    // A kilogram is the least spread that a mass is known to.
    (squares / free.max(1.0) * scale * scale).max(1.0)
}

/// Returns one line of the record: what was observed against the predictive distribution.
///
/// # Model
///
/// On the same dates the distribution is that of the replayed histories, each with its world's
/// weight. On a scaled span it is the mixture of the worlds' negative binomials (masses scale as
/// they are). `low` and `high` are its 5 and 95 % quantiles; `tail` is the smaller of
/// `P(X ≤ observed)` and `P(X ≥ observed)`.
pub fn row(observation: &Observation, prediction: &Prediction, weights: &[f64]) -> RecordRow {
    let equal: Vec<f64> = prediction.worlds.iter().map(|w| f64::from(!w.is_empty())).collect();
    let observed = observation.observed;
    let predicted = distribution(observation, prediction, weights);
    let prior = distribution(observation, prediction, &equal);
    let mean = |rows: &[(f64, f64)]| {
        let total: f64 = rows.iter().map(|r| r.1).sum();
        rows.iter().map(|(value, weight)| value * weight).sum::<f64>() / total.max(1e-300)
    };
    let total: f64 = predicted.iter().map(|r| r.1).sum();
    let share = |keep: &dyn Fn(f64) -> bool| {
        predicted.iter().filter(|r| keep(r.0)).fold(0.0, |sum, r| sum + r.1) / total.max(1e-300)
    };
    let (low, high) = (summary::quantile(&predicted, 0.05), summary::quantile(&predicted, 0.95));
    RecordRow {
        what: observation.what.to_string(),
        from: observation.from,
        through: observation.through,
        observed,
        low,
        mean: mean(&predicted),
        high,
        prior_mean: mean(&prior),
        inside: low <= observed && observed <= high,
        validates: !observation.weight
            && observation.in_view.is_none()
            && prediction.method != FIXED,
        in_view: observation.in_view.clone(),
        tail: share(&|v| v <= observed).min(share(&|v| v >= observed)).min(1.0),
        method: prediction.method.to_owned(),
        source: observation.source.clone(),
        alone: None,
    }
}

/// Values with weights, ascending; histories without a value are left out.
pub(crate) fn distribution(
    observation: &Observation,
    prediction: &Prediction,
    weights: &[f64],
) -> Vec<(f64, f64)> {
    let weight = |world: usize| weights.get(world).copied().unwrap_or(0.0);
    let worlds = prediction.worlds.iter().enumerate().filter(|(_, values)| !values.is_empty());
    if prediction.exposure == 1.0 || law(&observation.what) == Law::Mass {
        let (values, shares): (Vec<f64>, Vec<f64>) = worlds
            .flat_map(|(world, values)| {
                let share = weight(world) / values.len() as f64;
                values.iter().map(move |value| (value * prediction.exposure, share))
            })
            .unzip();
        return summary::sorted(values.into_iter(), &shares);
    }
    // Mixture of negative binomials, term by term: P(x+1) = P(x) (x + r)/(x + 1) (1 − p).
    let mut terms: Vec<(f64, f64, f64)> = worlds
        .filter(|(world, _)| weight(*world) > 0.0)
        .map(|(world, values)| {
            let (shape, keep) = gamma_poisson(prediction, values);
            (weight(world) * math::pow(keep, shape), shape, keep)
        })
        .collect();
    let total: f64 = weights.iter().take(prediction.worlds.len()).sum();
    let mut rows = Vec::new();
    let mut sum = 0.0;
    let mut x = 0.0;
    while sum < (1.0 - 1e-9) * total && x < 100_000.0 {
        let mass: f64 = terms.iter().map(|t| t.0).sum();
        rows.push((x, mass));
        sum += mass;
        for (term, shape, keep) in &mut terms {
            *term *= (x + *shape) / (x + 1.0) * (1.0 - *keep);
        }
        x += 1.0;
    }
    rows
}

#[cfg(test)]
mod tests;
