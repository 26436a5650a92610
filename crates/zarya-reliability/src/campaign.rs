//! Demand for spares over a campaign: periods of equal length with a fleet that changes.

mod size;

pub use size::{FAILURES_PER_PERIOD_MAX, SizeError, check_size};

use crate::counts;
use crate::form::FormError;
use crate::inversion::{Nodes, resolved};
use crate::law::Law;
use crate::poisson::{gamma_poisson_pmf, poisson_cdf, poisson_pmf};
use crate::rate::RatePrior;
use crate::renewal::replacements_up_to;
use crate::repair::Repair;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use zarya_units::math;

/// What happens to a unit that has a life limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LifeLimits {
    /// The plan ignores failures, and the stock is the larger of the two needs (as published
    /// campaigns have it).
    Maximum,
    /// A replacement after a failure starts a new life, and every replacement costs a spare.
    Together,
}

/// How demand is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DemandModel {
    /// Days of one period.
    pub period_d: f64,
    /// How long a failure stops a group; [`Repair::Instant`] makes demand Poisson.
    pub repair: Repair,
    /// What is not known of a rate; anything but [`RatePrior::Known`] leaves repair time out.
    pub prior: RatePrior,
    /// Life limits beside failures, or with them.
    pub life_limits: LifeLimits,
    /// Every rate is this many times the stated one.
    pub rate_factor: f64,
}

impl DemandModel {
    /// Returns the plain model: known rates, instant repair.
    pub fn poisson(period_d: f64) -> Self {
        Self {
            period_d,
            repair: Repair::Instant,
            prior: RatePrior::Known,
            life_limits: LifeLimits::Maximum,
            rate_factor: 1.0,
        }
    }
}

/// The demand for one unit type from the start to the end of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Probability of needing exactly 0, 1, 2 ... spares.
    pub pmf: Vec<f64>,
    /// Planned replacements, where they are counted beside failures.
    pub scheduled: u32,
    /// Probability of demand beyond the list, which no stock covers.
    pub unresolved: f64,
}

impl Demand {
    /// Returns the probability that random demand exceeds `stock`.
    pub fn excess(&self, stock: u32) -> f64 {
        (counts::above(&self.pmf, stock) + self.unresolved).min(1.0)
    }

    /// Returns the smallest count that covers random demand with the confidence, or `None` where
    /// the confidence is finer than the demand is resolved.
    pub fn threshold(&self, confidence: f64) -> Option<u32> {
        let excess = 1.0 - confidence - self.unresolved;
        (excess >= 0.0).then(|| counts::quantile(&self.pmf, excess))
    }

    /// Returns the stock that covers both random demand and the plan: the larger of the two.
    pub fn stock(&self, confidence: f64) -> Option<u32> {
        Some(self.threshold(confidence)?.max(self.scheduled))
    }

    /// Returns the probability that `stock` spares last: enough for random demand, and for the plan.
    pub fn sufficiency(&self, stock: u32) -> f64 {
        if stock < self.scheduled { 0.0 } else { 1.0 - self.excess(stock) }
    }
}

/// How a confidence for all unit types together is split over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// Equally over installed positions, quantity times copies.
    Positions,
    /// Equally over unit types.
    Types,
    /// Not at all: each type alone reaches it.
    None,
}

impl Split {
    /// Returns the confidence of each unit type.
    pub fn confidence_of_each(self, confidence: f64, units: &[Unit]) -> f64 {
        match self {
            Self::Positions => split_confidence(confidence, positions(units)),
            Self::Types => split_confidence(confidence, units.len() as u32),
            Self::None => confidence,
        }
    }
}

/// Copies of a whole list present in each period of a campaign, one to [`Fleets::MOST`] periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleets(pub Vec<u32>);

impl Fleets {
    /// Most periods of a campaign, and most copies in one period.
    pub const MOST: u32 = 1000;
}

impl fmt::Display for Fleets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&each.join(","))
    }
}

impl FromStr for Fleets {
    type Err = FormError;

    /// Reads `1,2,3` or `1..10`.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let most = Self::MOST;
        let whole = |part: &str| {
            let number = part.trim().parse::<u32>().ok().filter(|n| *n <= most);
            let wrong = || FormError(format!("`{part}` is not a whole number from 0 to {most}"));
            number.ok_or_else(wrong)
        };
        let list: Vec<u32> = match text.split_once("..") {
            Some((first, last)) => (whole(first)?..=whole(last)?).collect(),
            None => text.split(',').map(whole).collect::<Result<_, _>>()?,
        };
        if list.is_empty() || list.len() > most as usize {
            return Err(FormError(format!("one to {most} periods are needed")));
        }
        Ok(Self(list))
    }
}

/// Returns for how many unit types a model leaves repair time out: those that wear out, or count life
/// limits together with failures. Their demand is slightly overstated.
pub fn without_repair(units: &[Unit], model: &DemandModel) -> usize {
    let together = model.life_limits == LifeLimits::Together;
    let renewed = |unit: &&Unit| {
        !matches!(unit.law, Law::Exponential { .. }) || (together && unit.life_limit_d.is_some())
    };
    if model.repair == Repair::Instant { 0 } else { units.iter().filter(renewed).count() }
}

/// How many copies have served for how many periods, by the end of one period.
type Spans = BTreeMap<u32, u32>;

/// Returns the spans served by the end of each period for a fleet of the given sizes.
///
/// Copies that are added start with the period; when a fleet shrinks, the oldest leave first, and
/// what they used stays used.
pub fn spans_served(fleets: &[u32]) -> Vec<BTreeMap<u32, u32>> {
    let mut gone: Spans = BTreeMap::new();
    // Periods served by each copy present, oldest first.
    let mut present: Vec<u32> = Vec::new();
    let mut answer = Vec::new();
    for fleet in fleets {
        let fleet = *fleet as usize;
        while present.len() > fleet {
            *gone.entry(present.remove(0)).or_insert(0) += 1;
        }
        present.resize(fleet, 0);
        let mut spans = gone.clone();
        for served in &mut present {
            *served += 1;
            *spans.entry(*served).or_insert(0) += 1;
        }
        answer.push(spans);
    }
    answer
}

/// Returns the demand for every unit type, from the start of a campaign to the end of each period.
///
/// The result has a row for each unit and a column for each period.
///
/// # Model
///
/// Copies fail independently, each on its own clock from its arrival; demands of copies add. Within
/// a copy, units of one group stop together for repairs (see
/// [`crate::inversion::Nodes::failures`]). Laws other than the exponential, and life limits counted
/// together with failures, use [`crate::renewal::replacements`] without repair time.
pub fn campaign(units: &[Unit], fleets: &[u32], model: &DemandModel) -> Vec<Vec<Demand>> {
    let group_rates = group_rates(units);
    let crewed = spans_served(fleets);
    let shared: Vec<u32> = fleets.iter().map(|fleet| (*fleet).min(1)).collect();
    let shared = spans_served(&shared);
    let mut nodes: BTreeMap<(u64, u32), Nodes> = BTreeMap::new();
    let busiest = busiest_by_running(units, &group_rates, model);
    units
        .iter()
        .zip(&group_rates)
        .map(|(unit, group_rate)| {
            let spans = if unit.shared { &shared } else { &crewed };
            row(unit, spans, model, u32::MAX, &mut |span| {
                let running_d = unit.running_days(model.period_d, span);
                let key = (unit.running_days(model.period_d, 1).to_bits(), span);
                let busiest = busiest.get(&key.0).copied().unwrap_or(*group_rate);
                nodes
                    .entry(key)
                    .or_insert_with(|| Nodes::new(running_d, busiest * running_d, &model.repair))
                    .failures(unit.rate_per_d() * model.rate_factor, group_rate * model.rate_factor)
            })
        })
        .collect()
}

/// Expected failures of one copy beyond which repairs, not the rate, decide how many there are.
const INVERTED_FAILURES_MAX: f64 = 20_000.0;

/// Returns the probability that `stock` spares cover the demand for one unit type of one set over
/// one period, given its group's rate.
pub(crate) fn covered(unit: &Unit, group_rate: f64, model: &DemandModel, stock: u32) -> f64 {
    let exponential = matches!(unit.law, Law::Exponential { .. });
    let together = model.life_limits == LifeLimits::Together && unit.life_limit_d.is_some();
    if !together && stock < unit.scheduled(model.period_d, 1) {
        return 0.0;
    }
    if !exponential || together {
        return averaged(model.prior, |multiplier| {
            let rate_factor = model.rate_factor * multiplier;
            let model = DemandModel { rate_factor, prior: RatePrior::Known, ..*model };
            let one = renewal_pmf(unit, 1, &model, stock);
            let all = counts::convolved_power(&one, unit.copies);
            all.iter().take(stock as usize + 1).sum::<f64>().min(1.0)
        });
    }
    let running_d = unit.running_days(model.period_d, 1);
    let failures = unit.rate_per_d() * model.rate_factor * running_d;
    if model.repair == Repair::Instant || model.prior != RatePrior::Known {
        let mean = failures * f64::from(unit.copies);
        return match model.prior {
            RatePrior::Gamma { shape } => {
                (0..=stock).map(|k| gamma_poisson_pmf(k, mean, shape)).sum::<f64>().min(1.0)
            }
            prior => averaged(prior, |multiplier| poisson_cdf(stock, mean * multiplier)),
        };
    }
    // More failures than this only shorten the time between repairs, which is nothing by then.
    let slower = (INVERTED_FAILURES_MAX / failures).min(1.0) * model.rate_factor;
    let one = Nodes::new(running_d, failures.min(INVERTED_FAILURES_MAX), &model.repair)
        .failures_up_to(stock, unit.rate_per_d() * slower, group_rate * slower);
    let all =
        if unit.copies == 1 { one } else { counts::convolved_power(resolved(&one), unit.copies) };
    all.iter().take(stock as usize + 1).sum::<f64>().min(1.0)
}

/// Returns the mean of `probability`, which falls as rates rise, over a prior.
pub(crate) fn averaged(prior: RatePrior, probability: impl Fn(f64) -> f64) -> f64 {
    let pairs = quadrature(prior);
    let values = falling(&pairs, probability);
    pairs.iter().zip(values).map(|((_, weight), p)| weight * p).sum()
}

/// Returns `probability` at each of the rising multipliers.
///
/// # Model
///
/// It falls from one to the next, so on both sides of the middle the work ends where it is within
/// 1e-12 of 1 or of 0.
pub(crate) fn falling(pairs: &[(f64, f64)], probability: impl Fn(f64) -> f64) -> Vec<f64> {
    const NEGLIGIBLE: f64 = 1e-12;
    let mut values = vec![0.0; pairs.len()];
    let middle = pairs.len() / 2;
    for i in middle..pairs.len() {
        values[i] = probability(pairs[i].0);
        if values[i] < NEGLIGIBLE {
            break;
        }
    }
    for i in (0..middle).rev() {
        if values[i + 1] > 1.0 - NEGLIGIBLE {
            values[..=i].fill(1.0);
            break;
        }
        values[i] = probability(pairs[i].0);
    }
    values
}

/// The failures per running day of each unit's group; a unit without one is alone.
pub(crate) fn group_rates(units: &[Unit]) -> Vec<f64> {
    let mut rates: BTreeMap<&str, f64> = BTreeMap::new();
    for unit in units {
        *rates.entry(&unit.group).or_insert(0.0) += unit.rate_per_d();
    }
    let alone = |unit: &Unit| unit.group.is_empty();
    units
        .iter()
        .map(|unit| if alone(unit) { unit.rate_per_d() } else { rates[&*unit.group] })
        .collect()
}

/// The fastest unit among those that run equally long: it decides how fine an inversion must be.
fn busiest_by_running(
    units: &[Unit],
    group_rates: &[f64],
    model: &DemandModel,
) -> BTreeMap<u64, f64> {
    let mut busiest: BTreeMap<u64, f64> = BTreeMap::new();
    for (unit, group_rate) in units.iter().zip(group_rates) {
        let key = unit.running_days(model.period_d, 1).to_bits();
        let most = busiest.entry(key).or_insert(0.0);
        *most = most.max(unit.rate_per_d().min(*group_rate) * model.rate_factor);
    }
    busiest
}

fn row(
    unit: &Unit,
    spans_by_period: &[Spans],
    model: &DemandModel,
    most: u32,
    inverted: &mut impl FnMut(u32) -> Vec<f64>,
) -> Vec<Demand> {
    let exponential = matches!(unit.law, Law::Exponential { .. });
    let together = model.life_limits == LifeLimits::Together && unit.life_limit_d.is_some();
    let renewal = !exponential || together;
    let scheduled = |spans: &Spans| -> u32 {
        if together {
            return 0;
        }
        spans.iter().map(|(span, copies)| copies * unit.scheduled(model.period_d, *span)).sum()
    };
    if !renewal && (model.repair == Repair::Instant || model.prior != RatePrior::Known) {
        return spans_by_period
            .iter()
            .map(|spans| {
                let periods: u32 = spans.iter().map(|(span, copies)| span * copies).sum();
                let mean = unit.rate_per_d()
                    * model.rate_factor
                    * f64::from(unit.copies)
                    * unit.running_days(model.period_d, periods);
                Demand {
                    pmf: mixed_pmf(mean, model.prior),
                    scheduled: scheduled(spans),
                    unresolved: 0.0,
                }
            })
            .collect();
    }
    // A single count needs no sum, and keeps its tail.
    let alone =
        unit.copies == 1 && spans_by_period.iter().all(|spans| spans.values().sum::<u32>() <= 1);
    // One copy's demand by the periods it has served.
    let mut by_span: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let mut answer: Vec<Demand> = Vec::new();
    let mut before: Spans = BTreeMap::new();
    for spans in spans_by_period {
        for span in spans.keys() {
            by_span.entry(*span).or_insert_with(|| {
                if renewal {
                    return renewal_pmf(unit, *span, model, most);
                }
                let one = inverted(*span);
                if alone { one } else { counts::convolved_power(resolved(&one), unit.copies) }
            });
        }
        let grew = before.iter().all(|(span, n)| spans.get(span).is_some_and(|now| now >= n));
        let mut pmf = match answer.last() {
            Some(last) if grew => last.pmf.clone(),
            _ => {
                before.clear();
                vec![1.0]
            }
        };
        for (span, copies) in spans {
            let new = copies - before.get(span).copied().unwrap_or(0);
            if new > 0 {
                pmf = counts::convolved(&pmf, &counts::convolved_power(&by_span[span], new));
            }
        }
        before.clone_from(spans);
        let complete = if renewal { most == u32::MAX } else { alone };
        let unresolved = if complete { 0.0 } else { (1.0 - pmf.iter().sum::<f64>()).max(0.0) };
        answer.push(Demand { pmf, scheduled: scheduled(spans), unresolved });
    }
    answer
}

/// Demand of one copy over `span` periods by true renewal, each position on its own.
fn renewal_pmf(unit: &Unit, span: u32, model: &DemandModel, most: u32) -> Vec<f64> {
    let running_d = unit.running_days(model.period_d, span);
    let horizon_d = model.period_d * f64::from(span);
    let limit_d = match model.life_limits {
        LifeLimits::Together => unit.life_limit_d,
        LifeLimits::Maximum => None,
    };
    let clock = unit.usage.clock_rate() * model.rate_factor * running_d / horizon_d;
    let one = |multiplier: f64| {
        let law = unit.law.faster(clock * multiplier);
        let one = replacements_up_to(most, &law, limit_d, unit.age_d, horizon_d);
        counts::convolved_power(&one, unit.positions())
    };
    let mut pmf: Vec<f64> = Vec::new();
    for (multiplier, weight) in quadrature(model.prior) {
        let part = one(multiplier);
        pmf.resize(pmf.len().max(part.len()), 0.0);
        for (cell, p) in pmf.iter_mut().zip(&part) {
            *cell += weight * p;
        }
    }
    pmf
}

/// Returns the law of a count with `mean` expected when the rate is known or not.
pub fn mixed_pmf(mean: f64, prior: RatePrior) -> Vec<f64> {
    match prior {
        RatePrior::Known => listed(mean, mean.sqrt(), |k| poisson_pmf(k, mean)),
        RatePrior::Gamma { shape } => {
            let spread = (mean + mean * mean / shape).sqrt();
            listed(mean, spread, |k| gamma_poisson_pmf(k, mean, shape))
        }
        RatePrior::Lognormal { .. } => {
            let mut pmf: Vec<f64> = Vec::new();
            for (multiplier, weight) in quadrature(prior) {
                let m = mean * multiplier;
                let part = listed(m, m.sqrt(), |k| poisson_pmf(k, m));
                pmf.resize(pmf.len().max(part.len()), 0.0);
                for (cell, p) in pmf.iter_mut().zip(&part) {
                    *cell += weight * p;
                }
            }
            pmf
        }
    }
}

/// Lists probabilities from zero until those left are negligible.
fn listed(mean: f64, spread: f64, pmf: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut list = Vec::with_capacity((mean + 10.0 * spread + 10.0) as usize);
    for k in 0..10_000_000 {
        let p = pmf(k);
        list.push(p);
        if f64::from(k) > mean && p < 1e-18 {
            break;
        }
    }
    list
}

/// Returns (ratio of the true rate to the stated, weight) pairs that average over a prior.
///
/// # Model
///
/// The trapezoid rule over the normal variable behind the quantile, whose error falls faster than
/// any power of the step.
pub fn quadrature(prior: RatePrior) -> Vec<(f64, f64)> {
    const HALF: i32 = 32;
    const STEP: f64 = 0.25;
    if prior == RatePrior::Known {
        return vec![(1.0, 1.0)];
    }
    let mut pairs: Vec<(f64, f64)> = (-HALF..=HALF)
        .map(|i| {
            let z = f64::from(i) * STEP;
            let u = math::normal_cdf(z).min(1.0 - f64::EPSILON);
            (prior.multiplier(u), math::exp(-0.5 * z * z))
        })
        .collect();
    let total: f64 = pairs.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut pairs {
        *weight /= total;
    }
    pairs
}

/// Returns the positions of a list: what a confidence for the whole is split over.
pub fn positions(units: &[Unit]) -> u32 {
    units.iter().map(Unit::positions).sum()
}

/// Returns the confidence that each unit type needs so that `positions` of them reach `confidence`
/// together: its `positions`-th root.
pub fn split_confidence(confidence: f64, positions: u32) -> f64 {
    math::exp(math::ln(confidence) / f64::from(positions))
}

#[cfg(test)]
mod tests;
