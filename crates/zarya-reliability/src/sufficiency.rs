//! Whether the spares at hand last: per unit type, subsystem, capability and station, and to when.

use crate::campaign::{
    DemandModel, LifeLimits, averaged, covered, falling, group_rates, quadrature,
};
use crate::form::FormError;
use crate::law::Law;
use crate::rate::RatePrior;
use crate::unit::Unit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A capability that needs only some of its unit types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Name of the capability.
    pub capability: String,
    /// How many of its unit types must last.
    pub types: u32,
}

impl FromStr for Need {
    type Err = FormError;

    /// Reads `oxygen=1`.
    fn from_str(text: &str) -> Result<Self, FormError> {
        let form = || FormError("write CAPABILITY=N with a whole number".to_owned());
        let (name, count) = text.split_once('=').ok_or_else(form)?;
        let types = count.trim().parse().map_err(|_| form())?;
        Ok(Self { capability: name.trim().to_owned(), types })
    }
}

/// What sufficiency is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Question<'a> {
    /// Unit types with their stocks; one without a stock is taken as having none.
    pub units: &'a [Unit],
    /// How demand is computed; `running_d` of the units refers to its period.
    pub model: DemandModel,
    /// Error factor (95 % over 50 %) of a rate multiplier that a subsystem's units share; 1 is none.
    pub shared_error_factor: f64,
    /// Capabilities that need only some of their unit types.
    pub needed: &'a [Need],
}

/// Probabilities that stocks last through a number of days.
#[derive(Clone, Debug, PartialEq)]
pub struct Sufficiency {
    /// One for each unit type.
    pub units: Vec<f64>,
    /// Every unit type of a subsystem lasts.
    pub subsystems: BTreeMap<String, f64>,
    /// Enough of the unit types of a capability last.
    pub capabilities: BTreeMap<String, f64>,
    /// Every capability and every unit type outside capabilities lasts.
    pub station: f64,
}

/// Returns the probability that stocks last for `days` days from now.
///
/// # Model
///
/// Unit types are independent given the multiplier their subsystem shares, which is integrated out
/// numerically. A type lasts while its demand is covered; one with redundant positions lasts until
/// fewer than the required ones work, with the stock gone and nothing repaired (see
/// [`redundant_sufficiency`]). Without spares the first failure ends a type that needs all its
/// positions.
pub fn sufficiency(question: &Question, days: f64) -> Sufficiency {
    let shared = shared_multipliers(question.shared_error_factor);
    let rates = group_rates(question.units);
    let units: Vec<Unit> =
        question.units.iter().map(|unit| for_days(unit, &question.model, days)).collect();
    // Probability of each unit type at each value of the shared multiplier.
    let by_unit: Vec<Vec<f64>> = units
        .iter()
        .zip(&rates)
        .map(|(unit, rate)| {
            falling(&shared, |multiplier| {
                unit_sufficiency(unit, *rate, &model_for(&question.model, days, multiplier))
            })
        })
        .collect();
    let by_multiplier: Vec<(f64, Vec<f64>)> = shared
        .iter()
        .enumerate()
        .map(|(i, (_, weight))| (*weight, by_unit.iter().map(|unit| unit[i]).collect()))
        .collect();
    let average = |of: &dyn Fn(&[f64]) -> f64| -> f64 {
        by_multiplier.iter().map(|(weight, units)| weight * of(units)).sum()
    };

    let mut subsystems: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        subsystems.entry(&unit.subsystem).or_default().push(index);
    }
    let all = |members: &[usize], units: &[f64]| members.iter().map(|i| units[*i]).product::<f64>();
    let station = subsystems
        .values()
        .map(|members| {
            average(&|p: &[f64]| {
                let mut by_capability: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                for i in members {
                    by_capability.entry(&units[*i].capability).or_default().push(*i);
                }
                by_capability
                    .iter()
                    // Capabilities with a choice of types may reach over subsystems: see below.
                    .filter(|(name, _)| needed(question, name).is_none())
                    .map(|(_, members)| all(members, p))
                    .product::<f64>()
            })
        })
        .product::<f64>();
    let mut capabilities = BTreeMap::new();
    let mut station = station;
    let mut names: Vec<&str> = units.iter().map(|unit| &*unit.capability).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let members: Vec<usize> =
            (0..units.len()).filter(|i| units[*i].capability == name).collect();
        let wanted = needed(question, name).unwrap_or(members.len() as u32);
        // Types of one subsystem share its multiplier; types of different ones do not, so the
        // average is taken subsystem by subsystem over the count of types that last.
        let mut lasting = vec![1.0];
        for inside in subsystems.values() {
            let inside: Vec<usize> =
                inside.iter().copied().filter(|i| members.contains(i)).collect();
            let mut mixed = vec![0.0; inside.len() + 1];
            for (weight, p) in &by_multiplier {
                let chosen: Vec<f64> = inside.iter().map(|i| p[*i]).collect();
                for (cell, p) in mixed.iter_mut().zip(counts_lasting(&chosen)) {
                    *cell += weight * p;
                }
            }
            lasting = crate::counts::convolved(&lasting, &mixed);
        }
        let probability: f64 = lasting.iter().skip(wanted as usize).rev().sum();
        capabilities.insert(name.to_owned(), probability);
        if needed(question, name).is_some() {
            station *= probability;
        }
    }
    Sufficiency {
        units: (0..units.len()).map(|i| average(&|p: &[f64]| p[i])).collect(),
        subsystems: subsystems
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, members)| ((*name).to_owned(), average(&|p: &[f64]| all(members, p))))
            .collect(),
        capabilities,
        station,
    }
}

/// Returns the days through which the station's stocks last with at least `confidence`, to 0.01 d;
/// `None` if they do so beyond `days_max`.
pub fn days_sufficient(question: &Question, confidence: f64, days_max: f64) -> Option<f64> {
    days_until(confidence, question.model.period_d, days_max, |days| {
        sufficiency(question, days).station
    })
}

/// Returns the days through which each unit type's stock lasts with at least `confidence`, to
/// 0.01 d; `None` for those that do so beyond `days_max`.
pub fn days_sufficient_by_unit(
    question: &Question,
    confidence: f64,
    days_max: f64,
) -> Vec<Option<f64>> {
    let rates = group_rates(question.units);
    let shared = shared_multipliers(question.shared_error_factor);
    let each = question.units.iter().zip(&rates);
    each.map(|(unit, group_rate)| {
        days_until(confidence, question.model.period_d, days_max, |days| {
            let unit = for_days(unit, &question.model, days);
            let at = |multiplier: f64| {
                let model = model_for(&question.model, days, multiplier);
                unit_sufficiency(&unit, *group_rate, &model)
            };
            shared.iter().zip(falling(&shared, at)).map(|((_, weight), p)| weight * p).sum()
        })
    })
    .collect()
}

/// Returns the unit type that has the least of `values`, among those that no other can stand in for.
pub fn least(question: &Question, values: &[f64]) -> Option<usize> {
    let alone = |i: &usize| needed(question, &question.units[*i].capability).is_none();
    (0..question.units.len()).filter(alone).min_by(|a, b| values[*a].total_cmp(&values[*b]))
}

/// Returns days from 0 to `days` and the station's probability at each.
///
/// The days on both sides of `crossing` are among them, since the probability may fall at once when a
/// plan comes due.
pub fn curve(question: &Question, days: f64, crossing: Option<f64>) -> Vec<(f64, f64)> {
    const POINTS: u32 = 24;
    const JUST_AFTER_D: f64 = 0.02;
    let mut at: Vec<f64> = (1..=POINTS).map(|i| days * f64::from(i) / f64::from(POINTS)).collect();
    at.extend(crossing.into_iter().flat_map(|d| [d, d + JUST_AFTER_D]).filter(|d| *d < days));
    at.sort_by(f64::total_cmp);
    let start = std::iter::once((0.0, 1.0));
    start.chain(at.into_iter().map(|days| (days, sufficiency(question, days).station))).collect()
}

/// Returns the days through which `probability`, which falls with days, is at least `confidence`,
/// to 0.01 d; the search starts at `days` and does not go beyond `days_max`.
pub fn days_until(
    confidence: f64,
    days: f64,
    days_max: f64,
    probability: impl Fn(f64) -> f64,
) -> Option<f64> {
    const RESOLUTION_D: f64 = 0.01;
    let (mut low, mut high) = (0.0, days.min(days_max));
    let (mut above, mut below) = (1.0, probability(high));
    while below >= confidence {
        if high >= days_max {
            return None;
        }
        (low, above) = (high, below);
        high = (2.0 * high).min(days_max);
        below = probability(high);
    }
    // Secant steps, with a bisection whenever one did not halve the bracket.
    let mut halve = false;
    while high - low > RESOLUTION_D {
        let width = high - low;
        let secant = low + width * (above - confidence) / (above - below);
        // A step beyond the expected crossing closes the bracket from both sides.
        let nudge = 0.4 * RESOLUTION_D;
        let middle = if halve || !secant.is_finite() {
            low + 0.5 * width
        } else if secant - low < high - secant {
            secant + nudge
        } else {
            secant - nudge
        };
        let middle = middle.clamp(low + 0.01 * width, high - 0.01 * width);
        let there = probability(middle);
        if there >= confidence {
            (low, above) = (middle, there);
        } else {
            (high, below) = (middle, there);
        }
        halve = high - low > 0.5 * width;
    }
    Some(low)
}

/// The unit with its running time in proportion to `days`.
fn for_days(unit: &Unit, model: &DemandModel, days: f64) -> Unit {
    Unit { running_d: unit.running_d.map(|d| d / model.period_d * days), ..unit.clone() }
}

fn model_for(model: &DemandModel, days: f64, multiplier: f64) -> DemandModel {
    DemandModel { period_d: days, rate_factor: model.rate_factor * multiplier, ..*model }
}

fn needed(question: &Question, name: &str) -> Option<u32> {
    question.needed.iter().find(|need| need.capability == name).map(|need| need.types)
}

fn shared_multipliers(error_factor: f64) -> Vec<(f64, f64)> {
    if error_factor > 1.0 {
        quadrature(RatePrior::Lognormal { error_factor })
    } else {
        quadrature(RatePrior::Known)
    }
}

fn unit_sufficiency(unit: &Unit, group_rate: f64, model: &DemandModel) -> f64 {
    let stock = unit.stock.unwrap_or(0);
    let redundant = unit.required < unit.quantity
        && matches!(unit.law, Law::Exponential { .. })
        && (unit.life_limit_d.is_none() || model.life_limits == LifeLimits::Maximum);
    if !redundant {
        return covered(unit, group_rate, model, stock);
    }
    if stock < unit.scheduled(model.period_d, 1) {
        return 0.0;
    }
    let rate = unit.rate_per_d() / f64::from(unit.quantity) * model.rate_factor;
    let expected = rate * unit.running_days(model.period_d, 1);
    let (n, k) = (unit.positions(), unit.required * unit.copies);
    averaged(model.prior, |multiplier| redundant_sufficiency(expected * multiplier, n, k, stock))
}

/// Returns the probability that at least `required` of `installed` positions still work, when each
/// is expected to fail `expected` times and `stock` spares replace failed units at once.
///
/// # Model
///
/// While spares last, all positions run and fail `stock + 1` times at the full rate; then the rest
/// fail at `n-1, n-2, ...` times the rate of one, unreplaced. The sum of these exponential times is
/// the pure death process, solved by uniformization, exact to rounding.
pub fn redundant_sufficiency(expected: f64, installed: u32, required: u32, stock: u32) -> f64 {
    if required == 0 || expected <= 0.0 {
        return 1.0;
    }
    let mean = expected * f64::from(installed);
    // Every phase is at least as fast as the last one, with `required` working.
    let phases_n = stock + 1 + (installed - required);
    let slowest = expected * f64::from(required);
    if crate::poisson::poisson_cdf(phases_n - 1, slowest) < 1e-14 {
        return 0.0;
    }
    // The share of the full rate at which each phase ends.
    let spared = vec![1.0; stock as usize + 1];
    let worn = (required..installed).rev().map(|n| f64::from(n) / f64::from(installed));
    let phases: Vec<f64> = spared.into_iter().chain(worn).collect();
    let mut state = vec![0.0; phases.len()];
    state[0] = 1.0;
    let steps_max = (mean + 12.0 * mean.sqrt() + 60.0) as u32;
    let mut answer = 0.0;
    for step in 0..=steps_max {
        let alive: f64 = state.iter().sum();
        answer += crate::poisson::poisson_pmf(step, mean) * alive;
        for phase in (0..phases.len()).rev() {
            let leaving = state[phase] * phases[phase];
            state[phase] -= leaving;
            if phase + 1 < phases.len() {
                state[phase + 1] += leaving;
            }
        }
    }
    answer.min(1.0)
}

/// Returns the probability that at least `required` of `installed` identical units are available,
/// each with probability `availability`.
pub fn k_of_n(installed: u32, required: u32, availability: f64) -> f64 {
    at_least(&vec![availability; installed as usize], required)
}

/// Returns the probability that at least `required` of independent events with the given
/// probabilities happen.
pub fn at_least(probabilities: &[f64], required: u32) -> f64 {
    counts_lasting(probabilities).iter().skip(required as usize).rev().sum()
}

/// The distribution of how many of independent events happen.
fn counts_lasting(probabilities: &[f64]) -> Vec<f64> {
    let mut counts = vec![1.0];
    for p in probabilities {
        counts.push(0.0);
        for k in (0..counts.len()).rev() {
            let fewer = if k > 0 { counts[k - 1] } else { 0.0 };
            counts[k] = counts[k] * (1.0 - p) + fewer * p;
        }
    }
    counts
}

/// Returns a unit's mean availability in the long run, with instant supply of spares.
///
/// # Model
///
/// `life / (life + repair)`, exact for any laws of both.
pub fn availability(mean_life_d: f64, mean_repair_d: f64) -> f64 {
    mean_life_d / (mean_life_d + mean_repair_d)
}

#[cfg(test)]
mod tests;
