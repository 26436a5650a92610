//! The lightest stock when a subsystem's units share an unknown factor on their rates.
//!
//! Such a factor makes the types of a subsystem fail together, so that the logarithm of the
//! probability is no longer a sum over types and the exact method for sums does not apply. It still
//! bounds the answer from below, and finds a stock near the bound.

use super::{Allocation, CurvePoint, Proof, Step, exact};
use crate::campaign::{Demand, DemandModel, campaign_watched, quadrature};
use crate::rate::RatePrior;
use crate::unit::Unit;
use crate::watch::{ALWAYS, Going, Stopped, UNWATCHED, Watch, go_on};
use std::collections::BTreeMap;
use zarya_units::math;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'a> {
    /// Unit types; those with the same non-empty `subsystem` share a factor.
    pub units: &'a [Unit],
    /// How demand is computed at a given factor.
    pub model: DemandModel,
    /// Error factor (95 % over 50 %) of the lognormal factor; above 1.
    pub error_factor: f64,
    /// The least stock of each type.
    pub least: &'a [u32],
}

/// A stock under shared factors and how much lighter any other can be.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedAllocation {
    /// Spares of each type.
    pub stock: Vec<u32>,
    /// Its mass \[kg\].
    pub mass_kg: f64,
    /// Its probability, the factors integrated out.
    pub probability: f64,
    /// Whether it is the lightest, else the mass below which none reaches the probability.
    pub proof: Proof,
    /// What one unit of gain in `ln P` costs at the margin of the bound \[kg\].
    pub price_kg: f64,
    /// The type that carries that margin.
    pub marginal_row: usize,
    /// Stocks in the order of the bound's marginal analysis, from the least stock up; `gain` is the
    /// true `ln P`.
    pub curve: Vec<CurvePoint>,
}

/// The types of one subsystem.
struct Group {
    rows: Vec<usize>,
}

struct Lasting<'a> {
    question: Shared<'a>,
    groups: Vec<Group>,
    /// Weights of the values of the factor.
    weights: Vec<f64>,
    /// `ln P(demand <= n)` by type, value of the factor, and `n`.
    logs: Vec<Vec<Vec<f64>>>,
}

/// Returns a light stock that lasts with `probability`, with a proof or a lower bound; `None` when
/// no stock that is considered does.
///
/// # Model
///
/// The probability of a subsystem is `E[Π p_i(n_i | k)]` over its factor `k`. By Hölder's inequality it
/// is at most `Π E[p_i(n_i | k)^(1/s_i)]^s_i` for shares `s_i` that sum to 1: a product over types, and
/// equal to the true value to first order in the chance of running out. Shares of the risk at the
/// stock make it tight. Its lightest stock, found exactly, is a lower
/// bound; where the gains of a type rise, their least concave majorant keeps it one. The stock itself
/// comes from the same problem with the target raised until the true probability is reached, then
/// spares are dropped and swapped for lighter ones while it holds.
///
/// # Source
///
/// Hölder's inequality for products; the bound and the search are derived above.
///
/// # Errors
///
/// [`Stopped`], if whoever watches asks for it or it is not going on.
pub fn solve_shared(
    question: Shared<'_>,
    probability: f64,
    watch: Watch<'_>,
    going: Going<'_>,
) -> Result<Option<SharedAllocation>, Stopped> {
    let Some(lasting) = Lasting::new(question, watch, going)? else { return Ok(None) };
    go_on(watch, "searches", 0, 1)?;
    let found = lasting.solve(probability);
    go_on(watch, "searches", 1, 1)?;
    Ok(found)
}

impl Lasting<'_> {
    fn solve(&self, probability: f64) -> Option<SharedAllocation> {
        let lasting = self;
        let question = self.question;
        let target = math::ln(probability);
        let base_kg = mass_kg(question.units, question.least);
        let mut relaxed = lasting.relaxed(&lasting.equal_shares());
        let (mut first, mut lightest) = relaxed.solve(question, target)?;
        // Shares of the risk at the bound's own stock make the next bound tighter.
        for _ in 0..ROUNDS {
            let next = lasting.relaxed(&lasting.shares(&first));
            let (stock, allocation) = next.solve(question, target)?;
            if bound_of(&allocation) > bound_of(&lightest) {
                (relaxed, first, lightest) = (next, stock, allocation);
            }
        }
        let bound_kg = base_kg + bound_of(&lightest);
        let solved = |log: f64| relaxed.solve(question, log);
        let reached = |stock: &[u32]| lasting.log(stock) >= target - 1e-12;
        let mut best = first;
        if !reached(&best) {
            // Raise the target: what is missing to certainty shrinks by a known factor.
            let (mut low, mut high) = (0.0, 1.0);
            let mut found = None;
            for _ in 0..24 {
                let middle = if found.is_none() { high } else { 0.5 * (low + high) };
                let log = math::ln_1p(-(1.0 - probability) * math::exp(-middle));
                match solved(log).filter(|(stock, _)| reached(stock)) {
                    Some((stock, _)) => {
                        if found.as_ref().is_none_or(|kept: &Vec<u32>| {
                            mass_kg(question.units, &stock) < mass_kg(question.units, kept)
                        }) {
                            found = Some(stock);
                        }
                        high = middle;
                    }
                    None if found.is_none() => {
                        low = high;
                        high *= 2.0;
                        if high > 40.0 {
                            return None;
                        }
                    }
                    None => low = middle,
                }
            }
            best = found?;
        }
        lasting.lighten(&mut best, target - 1e-12);
        let mass = mass_kg(question.units, &best);
        Some(SharedAllocation {
            mass_kg: mass,
            probability: math::exp(lasting.log(&best)),
            proof: if mass <= bound_kg * (1.0 + 1e-12) {
                Proof::Optimal
            } else {
                Proof::Bound { mass_kg: bound_kg.min(mass) }
            },
            stock: best,
            price_kg: lightest.price_kg,
            marginal_row: lightest.marginal_row,
            curve: lasting.curve(relaxed.rows.clone(), base_kg, target),
        })
    }
}

/// Rounds in which the bound is tightened.
const ROUNDS: u32 = 3;

fn bound_of(allocation: &Allocation) -> f64 {
    match allocation.proof {
        Proof::Bound { mass_kg } => mass_kg,
        _ => allocation.mass_kg,
    }
}

/// A sum over types that is nowhere below the true `ln P`.
struct Relaxed {
    rows: Vec<Vec<Step>>,
    /// At the least stock.
    start: f64,
}

impl Relaxed {
    fn solve(&self, question: Shared<'_>, log: f64) -> Option<(Vec<u32>, Allocation)> {
        let problem = super::Problem { rows: self.rows.clone(), target_gain: log - self.start };
        let allocation = exact::solve(&problem)?;
        let stock = question.least.iter().zip(&allocation.steps).map(|(a, b)| a + b).collect();
        Some((stock, allocation))
    }
}

/// Returns the probability that `stock` lasts under shared factors.
pub fn shared_probability(question: Shared<'_>, stock: &[u32]) -> Option<f64> {
    let lasting = Lasting::new(question, UNWATCHED, ALWAYS).ok().flatten()?;
    Some(math::exp(lasting.log(stock)))
}

fn mass_kg(units: &[Unit], stock: &[u32]) -> f64 {
    units.iter().zip(stock).map(|(unit, n)| unit.mass_kg * f64::from(*n)).sum()
}

impl<'a> Lasting<'a> {
    fn new(
        question: Shared<'a>,
        watch: Watch<'_>,
        going: Going<'_>,
    ) -> Result<Option<Self>, Stopped> {
        /// Values of the factor that together weigh less than 1e-8 are left out.
        const WEIGHT_MIN: f64 = 1e-10;
        let prior = RatePrior::Lognormal { error_factor: question.error_factor };
        let mut nodes = quadrature(prior);
        nodes.retain(|(_, weight)| *weight >= WEIGHT_MIN);
        let total: f64 = nodes.iter().map(|(_, weight)| weight).sum();
        let mut names: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut groups = Vec::new();
        for (row, unit) in question.units.iter().enumerate() {
            if unit.subsystem.is_empty() {
                groups.push(vec![row]);
            } else {
                names.entry(&unit.subsystem).or_default().push(row);
            }
        }
        groups.extend(names.into_values());
        let weights: Vec<f64> = nodes.iter().map(|(_, weight)| weight / total).collect();
        let mut logs = vec![Vec::with_capacity(nodes.len()); question.units.len()];
        for (at, (factor, _)) in nodes.iter().enumerate() {
            go_on(watch, "factors", at, nodes.len())?;
            let rate_factor = question.model.rate_factor * factor;
            let model = DemandModel { rate_factor, ..question.model };
            let demand = campaign_watched(question.units, &[1], &model, UNWATCHED, going)?;
            for (row, mut demand) in demand.into_iter().enumerate() {
                let Some(demand) = demand.pop() else { return Ok(None) };
                logs[row].push(log_enough(&demand, question.least[row]));
            }
        }
        go_on(watch, "factors", nodes.len(), nodes.len())?;
        let groups = groups.into_iter().map(|rows| Group { rows }).collect();
        Ok(Some(Self { question, groups, weights, logs }))
    }

    /// `ln P` of a stock.
    fn log(&self, stock: &[u32]) -> f64 {
        self.groups.iter().map(|group| self.log_of(group, stock)).sum()
    }

    fn log_of(&self, group: &Group, stock: &[u32]) -> f64 {
        let mean: f64 = self
            .weights
            .iter()
            .enumerate()
            .map(|(node, weight)| {
                let sum: f64 = group.rows.iter().map(|row| self.at(*row, node, stock[*row])).sum();
                weight * math::exp(sum)
            })
            .sum();
        math::ln(mean.min(1.0))
    }

    fn at(&self, row: usize, node: usize, n: u32) -> f64 {
        let list = &self.logs[row][node];
        list.get((n - self.question.least[row]) as usize).copied().unwrap_or(0.0)
    }

    /// The same share of its group's risk for each type.
    fn equal_shares(&self) -> Vec<f64> {
        let mut shares = vec![1.0; self.question.units.len()];
        for group in &self.groups {
            for row in &group.rows {
                shares[*row] = 1.0 / group.rows.len() as f64;
            }
        }
        shares
    }

    /// Each type's share of its group's `-ln P` at a stock, none below a hundredth of an equal one.
    fn shares(&self, stock: &[u32]) -> Vec<f64> {
        let mut shares = vec![1.0; stock.len()];
        for group in &self.groups {
            let least = 0.01 / group.rows.len() as f64;
            let risk = |row: usize| -> f64 {
                let nodes = self.weights.iter().enumerate();
                nodes
                    .map(|(node, weight)| {
                        let all: f64 =
                            group.rows.iter().map(|r| self.at(*r, node, stock[*r])).sum();
                        weight * math::exp(all) * -self.at(row, node, stock[row])
                    })
                    .sum()
            };
            let risks: Vec<f64> = group.rows.iter().map(|row| risk(*row)).collect();
            let total: f64 = risks.iter().sum();
            let raised: Vec<f64> = risks
                .iter()
                .map(|r| if total > 0.0 { (r / total).max(least) } else { 1.0 })
                .collect();
            let sum: f64 = raised.iter().sum();
            for (row, share) in group.rows.iter().zip(raised) {
                shares[*row] = share / sum;
            }
        }
        shares
    }

    fn relaxed(&self, shares: &[f64]) -> Relaxed {
        let bounds = self.bounded(shares);
        Relaxed {
            rows: bounds.iter().zip(self.question.units).map(steps_of).collect(),
            start: bounds.iter().map(|logs| logs[0]).sum(),
        }
    }

    /// For each type the bound on its part of `ln P` at its least stock and more, concave.
    fn bounded(&self, shares: &[f64]) -> Vec<Vec<f64>> {
        /// Where a type no longer matters, the rest of its gain is given to the last step.
        const NEGLIGIBLE: f64 = -1e-10;
        let mut bounds = vec![Vec::new(); self.question.units.len()];
        for group in &self.groups {
            for row in &group.rows {
                let power = 1.0 / shares[*row];
                let most = self.logs[*row].iter().map(Vec::len).max().unwrap_or(0) as u32;
                let least = self.question.least[*row];
                let mut list = Vec::new();
                for n in least..=least + most {
                    let mean: f64 = self
                        .weights
                        .iter()
                        .enumerate()
                        .map(|(node, w)| w * math::exp(power * self.at(*row, node, n)))
                        .sum();
                    let log = math::ln(mean.min(1.0)) / power;
                    if log > NEGLIGIBLE {
                        break;
                    }
                    list.push(log);
                }
                list.push(0.0);
                bounds[*row] = majorant(&list);
            }
        }
        bounds
    }

    /// The true probability along the marginal analysis of the bound, a hundredth of the rest to
    /// certainty beyond the target.
    fn curve(&self, rows: Vec<Vec<Step>>, base_kg: f64, target: f64) -> Vec<CurvePoint> {
        let last = math::ln_1p((math::exp(target) - 1.0) / 100.0);
        let mut stock = self.question.least.to_vec();
        let mut points = Vec::new();
        for point in super::curve(&super::Problem { rows, target_gain: 0.0 }) {
            stock[point.row] += 1;
            let gain = self.log(&stock);
            points.push(CurvePoint { gain, mass_kg: base_kg + point.mass_kg, ..point });
            if gain >= last {
                break;
            }
        }
        points
    }

    /// Drops spares, and swaps one for a lighter one, as long as the target is kept.
    fn lighten(&self, stock: &mut [u32], target: f64) {
        let units = self.question.units;
        let logs: Vec<f64> = self.groups.iter().map(|group| self.log_of(group, stock)).collect();
        let mut total: f64 = logs.iter().sum();
        let mut logs = logs;
        let mut group_of = vec![0; units.len()];
        for (g, group) in self.groups.iter().enumerate() {
            for row in &group.rows {
                group_of[*row] = g;
            }
        }
        let mut heaviest: Vec<usize> = (0..units.len()).collect();
        heaviest.sort_by(|a, b| units[*b].mass_kg.total_cmp(&units[*a].mass_kg).then(a.cmp(b)));
        loop {
            let mut improved = false;
            for &out in &heaviest {
                if stock[out] <= self.question.least[out] || units[out].mass_kg <= 0.0 {
                    continue;
                }
                stock[out] -= 1;
                let without = self.log_of(&self.groups[group_of[out]], stock);
                let dropped = total - logs[group_of[out]] + without;
                if dropped >= target {
                    logs[group_of[out]] = without;
                    total = dropped;
                    improved = true;
                    continue;
                }
                // The lightest spare of another type that makes up for it.
                let swap = heaviest.iter().rev().copied().find(|&more| {
                    if more == out || units[more].mass_kg >= units[out].mass_kg {
                        return false;
                    }
                    stock[more] += 1;
                    let changed = self.log_swapped(&group_of, &logs, stock, out, more);
                    stock[more] -= 1;
                    changed >= target
                });
                match swap {
                    Some(more) => {
                        stock[more] += 1;
                        for row in [out, more] {
                            let g = group_of[row];
                            logs[g] = self.log_of(&self.groups[g], stock);
                        }
                        total = logs.iter().sum();
                        improved = true;
                    }
                    None => stock[out] += 1,
                }
            }
            if !improved {
                return;
            }
        }
    }

    fn log_swapped(
        &self,
        group_of: &[usize],
        logs: &[f64],
        stock: &[u32],
        out: usize,
        more: usize,
    ) -> f64 {
        let mut touched = vec![group_of[out], group_of[more]];
        touched.dedup();
        let total: f64 = logs.iter().sum();
        touched.iter().fold(total, |sum, g| sum - logs[*g] + self.log_of(&self.groups[*g], stock))
    }
}

/// `ln P(N <= n)` from `least` on, until it is 0 to rounding.
fn log_enough(demand: &Demand, least: u32) -> Vec<f64> {
    let mut out = demand.unresolved;
    let mut logs = vec![0.0; demand.pmf.len()];
    for k in (0..demand.pmf.len()).rev() {
        logs[k] = math::ln_1p(-out.min(1.0)).max(-700.0);
        out += demand.pmf[k];
    }
    logs.drain(..(least as usize).min(logs.len()));
    logs
}

/// The least concave list that is nowhere below `list`.
fn majorant(list: &[f64]) -> Vec<f64> {
    let mut corners: Vec<usize> = Vec::new();
    for n in 0..list.len() {
        while let [.., a, b] = corners[..] {
            let slope = |from: usize, to: usize| (list[to] - list[from]) / (to - from) as f64;
            if slope(a, b) > slope(b, n) {
                break;
            }
            corners.pop();
        }
        corners.push(n);
    }
    let mut above = Vec::with_capacity(list.len());
    for pair in corners.windows(2) {
        for n in pair[0]..pair[1] {
            let share = (n - pair[0]) as f64 / (pair[1] - pair[0]) as f64;
            above.push(list[pair[0]] + share * (list[pair[1]] - list[pair[0]]));
        }
    }
    above.push(list[list.len() - 1]);
    above
}

fn steps_of((logs, unit): (&Vec<f64>, &Unit)) -> Vec<Step> {
    logs.windows(2)
        .map(|pair| Step { mass_kg: unit.mass_kg, gain: (pair[1] - pair[0]).max(0.0) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: &str, subsystem: &str, mtbf_d: f64, mass_kg: f64) -> Unit {
        Unit { mass_kg, subsystem: subsystem.into(), ..Unit::exponential(id, mtbf_d) }
    }

    fn list() -> Vec<Unit> {
        vec![
            unit("a", "x", 300.0, 11.0),
            unit("b", "x", 700.0, 23.0),
            unit("c", "y", 500.0, 7.0),
            unit("d", "", 900.0, 31.0),
        ]
    }

    /// By trying all stocks of up to seven spares, with the integral over both factors by
    /// [`crate::sufficiency::sufficiency`], which shares no code with the search.
    #[test]
    fn the_stock_and_its_bound_stand_against_trying_all() {
        use crate::sufficiency::{Question, sufficiency};
        let mut units = list();
        let model = DemandModel::poisson(400.0);
        let least = [0; 4];
        for (error_factor, probability) in [(2.0, 0.8), (4.0, 0.9)] {
            let question = Shared { units: &list(), model, error_factor, least: &least };
            let found = solve_shared(question, probability, UNWATCHED, ALWAYS).unwrap().unwrap();
            let mut lightest = f64::INFINITY;
            for code in 0..8_u32.pow(4) {
                for (place, unit) in units.iter_mut().enumerate() {
                    unit.stock = Some(code / 8_u32.pow(place as u32) % 8);
                }
                let kg: f64 =
                    units.iter().map(|u| f64::from(u.stock.unwrap_or(0)) * u.mass_kg).sum();
                if kg >= lightest {
                    continue;
                }
                let question = Question {
                    units: &units,
                    model,
                    shared_error_factor: error_factor,
                    needed: &[],
                };
                if sufficiency(&question, 400.0).station >= probability {
                    lightest = kg;
                }
            }
            for (unit, n) in units.iter_mut().zip(&found.stock) {
                unit.stock = Some(*n);
            }
            let question =
                Question { units: &units, model, shared_error_factor: error_factor, needed: &[] };
            let exact = sufficiency(&question, 400.0).station;
            assert!((exact - found.probability).abs() < 1e-7, "{exact} {}", found.probability);
            assert!(found.probability >= probability);
            let bound_kg = match found.proof {
                Proof::Bound { mass_kg } => mass_kg,
                _ => found.mass_kg,
            };
            assert!(bound_kg <= lightest + 1e-9, "{bound_kg} {lightest}");
            assert!(found.mass_kg <= lightest + 11.0, "{} {lightest}", found.mass_kg);
            assert!(found.mass_kg >= lightest - 1e-9);
        }
    }

    /// Failures of a subsystem that come together leave more worlds without any: fewer spares are
    /// needed than if each type had the same unknown factor alone, and more than at known rates.
    #[test]
    fn shared_factors_lie_between_own_factors_and_known_rates() {
        let units: Vec<Unit> =
            (0..12).map(|i| unit(&format!("u{i}"), "x", 400.0 + f64::from(i), 10.0)).collect();
        let model = DemandModel::poisson(400.0);
        let least = [0; 12];
        let mass = |units: &[Unit], error_factor: f64| {
            let question = Shared { units, model, error_factor, least: &least };
            solve_shared(question, 0.9, UNWATCHED, ALWAYS).unwrap().unwrap().mass_kg
        };
        let alone: Vec<Unit> =
            units.iter().map(|u| Unit { subsystem: u.id.clone(), ..u.clone() }).collect();
        let (known, shared, own) = (mass(&units, 1.000_001), mass(&units, 3.0), mass(&alone, 3.0));
        assert!(known < shared && shared < own, "{known} {shared} {own}");
    }

    #[test]
    fn a_majorant_is_concave_and_above() {
        let list = [-5.0, -4.8, -2.0, -1.5, -1.4, -0.2, 0.0];
        let above = majorant(&list);
        assert_eq!(above.len(), list.len());
        assert!(above.iter().zip(&list).all(|(a, b)| *a >= b - 1e-15));
        assert!(above.windows(3).all(|w| w[1] - w[0] >= w[2] - w[1] - 1e-12), "{above:?}");
        assert_eq!((above[0], above[6]), (list[0], list[6]));
    }
}
