//! Whether the spares at hand last: per unit type, subsystem, capability and station, and to when.

use crate::campaign::{
    DemandModel, LifeLimits, averaged, covered, falling, group_rates, looked_up, quadrature,
};
use crate::form::FormError;
use crate::law::Law;
use crate::rate::RatePrior;
use crate::renewal::Renewals;
use crate::unit::Unit;
use crate::watch::{ALWAYS, Going, Stopped};
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

/// Returns the probability that stocks last for `days` days from now; see [`Lasting::through`].
pub fn sufficiency(question: &Question, days: f64) -> Sufficiency {
    let nothing = || Sufficiency {
        units: Vec::new(),
        subsystems: BTreeMap::new(),
        capabilities: BTreeMap::new(),
        station: 1.0,
    };
    Lasting::new(question).through(days, 1.0, ALWAYS).unwrap_or_else(|Stopped| nothing())
}

/// A question prepared for many spans and rates: what they share is computed once.
#[derive(Debug)]
pub struct Lasting<'a> {
    question: &'a Question<'a>,
    group_rates: Vec<f64>,
    /// Values of the factor that a subsystem shares, with their weights.
    shared: Vec<(f64, f64)>,
    /// Counts of lives, for units that wear out.
    renewals: Vec<Option<Renewals>>,
}

impl<'a> Lasting<'a> {
    /// Prepares a question.
    pub fn new(question: &'a Question<'a>) -> Self {
        let life_limits = question.model.life_limits;
        let prepared = |unit: &Unit| looked_up(unit, life_limits, unit.stock.unwrap_or(0));
        Self {
            question,
            group_rates: group_rates(question.units),
            shared: shared_multipliers(question.shared_error_factor),
            renewals: question.units.iter().map(prepared).collect(),
        }
    }

    /// Returns the probability that stocks last for `days` days from now, with every rate `times` the
    /// model's.
    ///
    /// # Model
    ///
    /// Unit types are independent given the multiplier their subsystem shares, which is integrated out
    /// numerically. A type lasts while its demand is covered; one with redundant positions lasts until
    /// fewer than the required ones work, with the stock gone and nothing repaired (see
    /// [`redundant_sufficiency`]). Without spares the first failure ends a type that needs all its
    /// positions. In no time at all everything lasts but what has reached its life limit without a
    /// spare.
    ///
    /// # Errors
    ///
    /// [`Stopped`], if it is not going on.
    pub fn through(&self, days: f64, times: f64, going: Going<'_>) -> Result<Sufficiency, Stopped> {
        let n_types = self.question.units.len();
        let mut by_unit = Vec::with_capacity(n_types);
        for row in 0..n_types {
            by_unit.push(self.by_multiplier(row, days, times, going)?);
        }
        Ok(self.combined(&by_unit))
    }

    /// The probability that a type lasts, at each value of the shared multiplier.
    fn by_multiplier(
        &self,
        row: usize,
        days: f64,
        times: f64,
        going: Going<'_>,
    ) -> Result<Vec<f64>, Stopped> {
        let unit = for_days(&self.question.units[row], &self.question.model, days);
        let (rate, renewals) = (self.group_rates[row], self.renewals[row].as_ref());
        let mut stopped = false;
        let values = falling(&self.shared, |multiplier| {
            stopped = stopped || !going();
            if stopped {
                return 0.0;
            }
            let model = model_for(&self.question.model, days, multiplier * times);
            unit_sufficiency(&unit, rate, &model, renewals)
        });
        if stopped { Err(Stopped) } else { Ok(values) }
    }

    /// Returns the days through which the station's stocks last with at least `confidence`, to 0.01 d;
    /// `None` if they do so beyond `days_max`.
    ///
    /// # Errors
    ///
    /// [`Stopped`], if it is not going on.
    pub fn days(
        &self,
        confidence: f64,
        days_max: f64,
        times: f64,
        going: Going<'_>,
    ) -> Result<Option<f64>, Stopped> {
        days_until(confidence, self.question.model.period_d, days_max, |days| {
            Ok(self.through(days, times, going)?.station)
        })
    }

    /// Returns the days through which the stock of the unit type `row` lasts with at least `confidence`, to
    /// 0.01 d; `None` if it does so beyond `days_max`.
    ///
    /// # Errors
    ///
    /// [`Stopped`], if it is not going on.
    pub fn days_of(
        &self,
        row: usize,
        confidence: f64,
        days_max: f64,
        going: Going<'_>,
    ) -> Result<Option<f64>, Stopped> {
        days_until(confidence, self.question.model.period_d, days_max, |days| {
            let values = self.by_multiplier(row, days, 1.0, going)?;
            Ok(self.shared.iter().zip(values).map(|((_, weight), p)| weight * p).sum())
        })
    }

    /// Returns days from 0 to `days` and the station's probability at each.
    ///
    /// The days on both sides of `crossing` are among them, since the probability may fall at once when a
    /// plan comes due.
    ///
    /// # Errors
    ///
    /// [`Stopped`], if it is not going on.
    pub fn curve(
        &self,
        days: f64,
        times: f64,
        crossing: Option<f64>,
        going: Going<'_>,
    ) -> Result<Vec<(f64, f64)>, Stopped> {
        const POINTS: u32 = 24;
        const JUST_AFTER_D: f64 = 0.02;
        let mut at: Vec<f64> =
            (0..=POINTS).map(|i| days * f64::from(i) / f64::from(POINTS)).collect();
        let crossings = crossing.into_iter().flat_map(|d| [d, d + JUST_AFTER_D]);
        at.extend(crossings.filter(|d| 0.0 < *d && *d < days));
        at.sort_by(f64::total_cmp);
        at.into_iter().map(|days| Ok((days, self.through(days, times, going)?.station))).collect()
    }

    /// What the probabilities of types, at each value of the shared multiplier, come to together.
    fn combined(&self, by_unit: &[Vec<f64>]) -> Sufficiency {
        let question = self.question;
        let units = question.units;
        let by_multiplier: Vec<(f64, Vec<f64>)> = self
            .shared
            .iter()
            .enumerate()
            .map(|(i, (_, weight))| (*weight, by_unit.iter().map(|unit| unit[i]).collect()))
            .collect();
        let average = |of: &dyn Fn(&[f64]) -> f64| -> f64 {
            by_multiplier.iter().map(|(weight, units)| weight * of(units)).sum::<f64>().min(1.0)
        };

        let mut subsystems: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            subsystems.entry(&unit.subsystem).or_default().push(index);
        }
        let all =
            |members: &[usize], units: &[f64]| members.iter().map(|i| units[*i]).product::<f64>();
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
            let probability = lasting.iter().skip(wanted as usize).rev().sum::<f64>().min(1.0);
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
}

/// Returns the unit type that has the least of `values`, among those that no other can stand in for.
pub fn least(question: &Question, values: &[f64]) -> Option<usize> {
    let alone = |i: &usize| needed(question, &question.units[*i].capability).is_none();
    (0..question.units.len()).filter(alone).min_by(|a, b| values[*a].total_cmp(&values[*b]))
}

/// Returns the days through which `probability`, which falls with days, is at least `confidence`,
/// to 0.01 d; the search starts at `days` and does not go beyond `days_max`.
///
/// # Errors
///
/// [`Stopped`], from `probability`.
pub fn days_until(
    confidence: f64,
    days: f64,
    days_max: f64,
    mut probability: impl FnMut(f64) -> Result<f64, Stopped>,
) -> Result<Option<f64>, Stopped> {
    const RESOLUTION_D: f64 = 0.01;
    let (mut low, mut high) = (0.0, days.min(days_max));
    let (mut above, mut below) = (1.0, probability(high)?);
    while below >= confidence {
        if high >= days_max {
            return Ok(None);
        }
        (low, above) = (high, below);
        high = (2.0 * high).min(days_max);
        below = probability(high)?;
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
        let there = probability(middle)?;
        if there >= confidence {
            (low, above) = (middle, there);
        } else {
            (high, below) = (middle, there);
        }
        halve = high - low > 0.5 * width;
    }
    Ok(Some(low))
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

fn unit_sufficiency(
    unit: &Unit,
    group_rate: f64,
    model: &DemandModel,
    renewals: Option<&Renewals>,
) -> f64 {
    let stock = unit.stock.unwrap_or(0);
    let redundant = unit.required < unit.quantity
        && matches!(unit.law, Law::Exponential { .. })
        && (unit.life_limit_d.is_none() || model.life_limits == LifeLimits::Maximum);
    if !redundant {
        return covered(unit, group_rate, model, stock, renewals);
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
    // While spares last each failure is certain to cost one: `stock` steps, after which the positions wear
    // away, each at its share of the full rate.
    let spared = stock + 1;
    let mut answer = crate::poisson::poisson_cdf(stock, mean);
    let worn: Vec<f64> =
        (required..installed).rev().map(|n| f64::from(n) / f64::from(installed)).collect();
    let mut state = vec![0.0; worn.len()];
    if let Some(first) = state.first_mut() {
        *first = 1.0;
    }
    let steps_max = (mean + 12.0 * mean.sqrt() + 60.0) as u32;
    // The phases that can be met.
    let (mut from, mut to) = (0, state.len().min(1));
    for step in spared..=steps_max {
        let alive: f64 = state[from..to].iter().sum();
        answer += crate::poisson::poisson_pmf(step, mean) * alive;
        to = (to + 1).min(state.len());
        for phase in (from..to).rev() {
            let leaving = state[phase] * worn[phase];
            state[phase] -= leaving;
            if phase + 1 < to {
                state[phase + 1] += leaving;
            }
        }
        while from < to && state[from] < NEGLIGIBLE {
            from += 1;
        }
        if from == to {
            break;
        }
    }
    answer.min(1.0)
}

/// A share of the phases that does not matter.
const NEGLIGIBLE: f64 = 1e-20;

/// Returns the probability that at least `required` of `installed` identical units are available,
/// each with probability `availability`.
pub fn k_of_n(installed: u32, required: u32, availability: f64) -> f64 {
    at_least(&vec![availability; installed as usize], required)
}

/// Returns the probability that at least `required` of independent events with the given
/// probabilities happen.
pub fn at_least(probabilities: &[f64], required: u32) -> f64 {
    counts_lasting(probabilities).iter().skip(required as usize).rev().sum::<f64>().min(1.0)
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
