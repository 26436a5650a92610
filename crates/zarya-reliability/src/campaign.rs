//! Demand for spares over a campaign: periods of equal length with a fleet that changes.

mod size;

pub use size::{DEMAND_MAX, FAILURES_PER_PERIOD_MAX, LIVES_MAX, SizeError, VALUES_MAX, check_size};

use crate::counts;
use crate::form::FormError;
use crate::inversion::{Nodes, resolved};
use crate::law::Law;
use crate::poisson::{gamma_poisson_cdf, gamma_poisson_pmf, poisson_cdf, poisson_pmf};
use crate::rate::RatePrior;
use crate::renewal::{Renewals, expected, replacements_up_to};
use crate::repair::Repair;
use crate::unit::Unit;
use crate::watch::{ALWAYS, Going, Stopped, UNWATCHED, Watch, go_on};
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
        if stock < self.scheduled { 0.0 } else { (1.0 - self.excess(stock)).clamp(0.0, 1.0) }
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
    campaign_watched(units, fleets, model, UNWATCHED, ALWAYS).unwrap_or_default()
}

/// [`campaign`], watched unit type by unit type.
///
/// # Errors
///
/// [`Stopped`], if whoever watches asks for it or it is not going on.
pub fn campaign_watched(
    units: &[Unit],
    fleets: &[u32],
    model: &DemandModel,
    watch: Watch<'_>,
    going: Going<'_>,
) -> Result<Vec<Vec<Demand>>, Stopped> {
    let group_rates = group_rates(units);
    let crewed = spans_served(fleets);
    let shared: Vec<u32> = fleets.iter().map(|fleet| (*fleet).min(1)).collect();
    let shared = spans_served(&shared);
    let mut nodes: BTreeMap<(u64, u32), Nodes> = BTreeMap::new();
    let busiest = busiest_by_running(units, &group_rates, model);
    let mut rows = Vec::with_capacity(units.len());
    for (at, (unit, group_rate)) in units.iter().zip(&group_rates).enumerate() {
        go_on(watch, "unit types", at, units.len())?;
        let spans = if unit.shared { &shared } else { &crewed };
        let mut inverted = |span| {
            let running_d = unit.running_days(model.period_d, span);
            let key = (unit.running_days(model.period_d, 1).to_bits(), span);
            let busiest = busiest.get(&key.0).copied().unwrap_or(*group_rate);
            nodes
                .entry(key)
                .or_insert_with(|| Nodes::new(running_d, busiest * running_d, &model.repair))
                .failures(unit.rate_per_d() * model.rate_factor, group_rate * model.rate_factor)
        };
        rows.push(row(unit, spans, model, &mut inverted, going)?);
    }
    go_on(watch, "unit types", units.len(), units.len())?;
    Ok(rows)
}

/// Entries of the longest list of probabilities: [`DEMAND_MAX`] expected, and what may come beside.
const COUNT_MAX: u32 = 60_000;

/// Expected failures of one copy beyond which repairs, not the rate, decide how many there are.
const INVERTED_FAILURES_MAX: f64 = 20_000.0;

/// Returns what [`covered`] looks up for a unit whose replacements are counted one life after another and
/// have no limit: for a stock of `stock`, at any rate and span.
pub(crate) fn looked_up(unit: &Unit, life_limits: LifeLimits, stock: u32) -> Option<Renewals> {
    let together = life_limits == LifeLimits::Together && unit.life_limit_d.is_some();
    let wears = !matches!(unit.law, Law::Exponential { .. });
    (wears && !together).then(|| Renewals::new(unit.law.clone(), stock))
}

/// Returns the probability that `stock` spares cover the demand for one unit type of one set over
/// one period, given its group's rate and what is [`looked_up`].
pub(crate) fn covered(
    unit: &Unit,
    group_rate: f64,
    model: &DemandModel,
    stock: u32,
    renewals: Option<&Renewals>,
) -> f64 {
    let exponential = matches!(unit.law, Law::Exponential { .. });
    let together = model.life_limits == LifeLimits::Together && unit.life_limit_d.is_some();
    // Counted together, no fewer are replaced: each life ends at its limit or before.
    if stock < unit.scheduled(model.period_d, 1) {
        return 0.0;
    }
    if model.period_d <= 0.0 {
        return 1.0;
    }
    if !exponential || together {
        return averaged(model.prior, |multiplier| {
            let one = renewed(unit, 1, model, multiplier, stock, renewals);
            let all = counts::convolved_power_up_to(stock, &one, unit.positions());
            all.iter().sum::<f64>().min(1.0)
        });
    }
    let running_d = unit.running_days(model.period_d, 1);
    let failures = unit.rate_per_d() * model.rate_factor * running_d;
    if model.repair == Repair::Instant || model.prior != RatePrior::Known {
        let mean = failures * f64::from(unit.copies);
        return match model.prior {
            RatePrior::Gamma { shape } => gamma_poisson_cdf(stock, mean, shape),
            prior => averaged(prior, |multiplier| poisson_cdf(stock, mean * multiplier)),
        };
    }
    // More failures than this only shorten the time between repairs, which is nothing by then.
    let slower = (INVERTED_FAILURES_MAX / failures).min(1.0) * model.rate_factor;
    let one = Nodes::new(running_d, failures.min(INVERTED_FAILURES_MAX), &model.repair)
        .failures_up_to(stock, unit.rate_per_d() * slower, group_rate * slower);
    let all = if unit.copies == 1 {
        one
    } else {
        counts::convolved_power_up_to(stock, resolved(&one), unit.copies)
    };
    all.iter().take(stock as usize + 1).sum::<f64>().min(1.0)
}

/// Returns the mean of `probability`, which falls as rates rise, over a prior.
pub(crate) fn averaged(prior: RatePrior, probability: impl Fn(f64) -> f64) -> f64 {
    let pairs = quadrature(prior);
    let values = falling(&pairs, probability);
    // The weights of a quadrature add up to 1 but for rounding.
    pairs.iter().zip(values).map(|((_, weight), p)| weight * p).sum::<f64>().min(1.0)
}

/// Returns `probability` at each of the rising multipliers.
///
/// # Model
///
/// It falls from one to the next, so on both sides of the middle the work ends where it is within
/// 1e-12 of 1 or of 0.
pub(crate) fn falling(pairs: &[(f64, f64)], mut probability: impl FnMut(f64) -> f64) -> Vec<f64> {
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
    inverted: &mut impl FnMut(u32) -> Vec<f64>,
    going: Going<'_>,
) -> Result<Vec<Demand>, Stopped> {
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
                if !going() {
                    return Err(Stopped);
                }
                Ok(Demand { scheduled: scheduled(spans), ..mixed(mean, model.prior) })
            })
            .collect();
    }
    let renewals = looked_up(unit, model.life_limits, u32::MAX);
    // A single count needs no sum, and keeps its tail.
    let alone =
        unit.copies == 1 && spans_by_period.iter().all(|spans| spans.values().sum::<u32>() <= 1);
    // One copy's demand by the periods it has served.
    let mut by_span: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    // Demand beyond the list of one span, which is no less than that of a shorter one.
    let mut beyond = false;
    let mut answer: Vec<Demand> = Vec::new();
    let mut before: Spans = BTreeMap::new();
    for spans in spans_by_period {
        for span in spans.keys() {
            if by_span.contains_key(span) {
                continue;
            }
            let one = if renewal {
                let (pmf, complete) = renewal_pmf(unit, *span, model, renewals.as_ref(), going)?;
                beyond |= !complete;
                pmf
            } else {
                if !going() {
                    return Err(Stopped);
                }
                let one = inverted(*span);
                if alone { one } else { counts::convolved_power(resolved(&one), unit.copies) }
            };
            by_span.insert(*span, one);
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
        let complete = if renewal { !beyond } else { alone };
        let unresolved = if complete { 0.0 } else { (1.0 - pmf.iter().sum::<f64>()).max(0.0) };
        answer.push(Demand { pmf, scheduled: scheduled(spans), unresolved });
    }
    Ok(answer)
}

/// Demand of one set over `span` periods by true renewal, each position on its own, and whether the list
/// holds all of it.
fn renewal_pmf(
    unit: &Unit,
    span: u32,
    model: &DemandModel,
    renewals: Option<&Renewals>,
    going: Going<'_>,
) -> Result<(Vec<f64>, bool), Stopped> {
    let mut pmf: Vec<f64> = Vec::new();
    let mut complete = true;
    for (multiplier, weight) in quadrature(model.prior) {
        if !going() {
            return Err(Stopped);
        }
        let clock = clock(unit, span, model) * multiplier;
        let horizon_d = clock * model.period_d * f64::from(span);
        if expected(&unit.law, horizon_d) * f64::from(unit.positions()) > DEMAND_MAX {
            complete = false;
            continue;
        }
        let one = renewed(unit, span, model, multiplier, u32::MAX, renewals);
        let part = counts::convolved_power(&one, unit.positions());
        pmf.resize(pmf.len().max(part.len()), 0.0);
        for (cell, p) in pmf.iter_mut().zip(&part) {
            *cell += weight * p;
        }
    }
    if pmf.is_empty() {
        pmf.push(0.0);
    }
    Ok((pmf, complete))
}

/// How many days of its law's clock a calendar day costs a unit.
fn clock(unit: &Unit, span: u32, model: &DemandModel) -> f64 {
    let running_d = unit.running_days(model.period_d, span);
    let horizon_d = model.period_d * f64::from(span);
    // A unit that never runs does not fail; its law stays one.
    (unit.usage.clock_rate() * model.rate_factor * running_d / horizon_d).max(f64::MIN_POSITIVE)
}

/// The first `most + 1` probabilities of replacements of one position over `span` periods, the rate
/// `multiplier` times that of the model.
fn renewed(
    unit: &Unit,
    span: u32,
    model: &DemandModel,
    multiplier: f64,
    most: u32,
    renewals: Option<&Renewals>,
) -> Vec<f64> {
    let horizon_d = model.period_d * f64::from(span);
    let clock = clock(unit, span, model) * multiplier;
    if let Some(renewals) = renewals {
        return renewals.up_to(unit.age_d * clock, horizon_d * clock);
    }
    let limit_d = match model.life_limits {
        LifeLimits::Together => unit.life_limit_d,
        LifeLimits::Maximum => None,
    };
    replacements_up_to(most, &unit.law.faster(clock), limit_d, unit.age_d, horizon_d)
}

/// Returns the law of a count with `mean` expected when the rate is known or not. What a rate
/// beyond [`DEMAND_MAX`] failures asks for is not listed: no stock covers it.
pub fn mixed(mean: f64, prior: RatePrior) -> Demand {
    let mut pmf: Vec<f64> = Vec::new();
    let mut cut = false;
    match prior {
        RatePrior::Known | RatePrior::Lognormal { .. } => {
            for (multiplier, weight) in quadrature(prior) {
                let m = mean * multiplier;
                if m > DEMAND_MAX {
                    cut = true;
                    continue;
                }
                // Below this, nothing is left of a Poisson law.
                let from = (m - 40.0 * m.sqrt()).max(0.0) as u32;
                let part = listed(from, m, |k| poisson_pmf(k, m));
                let from = from as usize;
                pmf.resize(pmf.len().max(from + part.len()), 0.0);
                for (cell, p) in pmf[from..].iter_mut().zip(&part) {
                    *cell += weight * p;
                }
            }
        }
        RatePrior::Gamma { shape } => {
            pmf = listed(0, mean, |k| gamma_poisson_pmf(k, mean, shape));
            cut = pmf.len() > COUNT_MAX as usize;
        }
    }
    if pmf.is_empty() {
        pmf.push(0.0);
    }
    let unresolved = if cut { (1.0 - pmf.iter().sum::<f64>()).max(0.0) } else { 0.0 };
    Demand { pmf, scheduled: 0, unresolved }
}

/// Returns the list of [`mixed`].
pub fn mixed_pmf(mean: f64, prior: RatePrior) -> Vec<f64> {
    mixed(mean, prior).pmf
}

/// Lists probabilities from `from` until those left are negligible.
fn listed(from: u32, mean: f64, pmf: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut list = Vec::new();
    for k in from..=COUNT_MAX {
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
