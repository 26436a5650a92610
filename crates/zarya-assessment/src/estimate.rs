//! Probabilities from worlds of a few histories each, the two uncertainties apart.
//!
//! World `w` has the weight `ω` (all weights sum to 1) and `k` survivors of `n` histories, so
//! `p̂ = k/n`. What is left to chance makes `p̂` scatter about the world's own probability; what we
//! do not know makes worlds differ. The band that is reported is that of the worlds alone.

use crate::assessment::{Band, Difference, Estimate};
use crate::beta;
use crate::verdict::EFFECTIVE_WORLDS_MIN;
use std::collections::BTreeMap;
use zarya_units::math;

/// The histories of one world that kept a tier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorldShare {
    /// Histories that kept it.
    pub kept: u32,
    /// Histories run.
    pub histories: u32,
    /// Weight of the world; any scale.
    pub weight: f64,
}

/// The same histories of one world, with and without something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedShare {
    /// Histories that kept the tier with it.
    pub with: u32,
    /// Histories that kept the tier without it.
    pub without: u32,
    /// Histories run.
    pub histories: u32,
    /// Weight of the world; any scale.
    pub weight: f64,
}

/// Returns the effective number of worlds, `(Σω)² / Σω²`; 0 without weight.
pub fn effective_worlds(weights: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for weight in weights {
        sum += weight;
        squares += weight * weight;
    }
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// Returns the worlds that stand for all in paired runs, with their weights, in order.
///
/// # Model
///
/// All worlds with weight, when there are not more than `count`. Else systematic resampling: `count`
/// equidistant places on the cumulated weight, so that a world is taken as often as its weight asks
/// for, to the nearest whole number; worlds of little weight are left out without a bias.
pub fn stand_ins(weights: &[f64], count: u32) -> Vec<(u32, f64)> {
    let total: f64 = weights.iter().sum();
    let weighty = weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
    let all: Vec<(u32, f64)> = weighty.map(|(world, weight)| (world as u32, *weight)).collect();
    if all.len() <= count as usize || total <= 0.0 {
        return all;
    }
    let step = total / f64::from(count);
    let mut place = 0.5 * step;
    let mut sum = 0.0;
    let mut taken = Vec::new();
    for (world, weight) in all {
        sum += weight;
        let mut times = 0.0;
        while place < sum {
            times += 1.0;
            place += step;
        }
        if times > 0.0 {
            taken.push((world, times));
        }
    }
    taken
}

/// Groups of worlds that the jackknife of the band's ends leaves out one by one.
const JACKKNIFE_GROUPS: usize = 40;

/// Returns the probability of a tier with its sampling error and its band over worlds.
///
/// # Model
///
/// `mean = Σ ω p̂`. Variance components: the total scatter `T = Σ ω (p̂ − mean)² / (1 − Σω²)` is
/// the scatter of worlds `τ²` plus that of chance, `C = Σ ω p̂ (1 − p̂) / (n − 1)`; so
/// `τ² = max(T − C, 0)`. `low` and `high` are the 5 and 95 % quantiles of the law of the worlds'
/// probabilities: the beta law of that mean and of the variance `τ²`, taken on 200 cells with a tenth of its weight spread
/// evenly, and moved by ten steps of expectation and maximization towards the law under which the
/// histories of all worlds are most probable. Where one beta law is true that changes little; a few bad worlds beside many
/// good ones, which two moments smear over the whole band, stay where they are. `τ²` is never taken below the variance
/// of sampling: a band narrower
/// than its mean is known would be false certainty. For `τ² = 0` worlds are not told apart from
/// chance: the band is that of sampling and says so; when every history agrees it is Jeffreys'
/// posterior of the histories. Below [`EFFECTIVE_WORLDS_MIN`] effective worlds there is no band: `low`
/// and `high` are 0 and 1.
///
/// The sampling error is clustered by world: the larger of `√(Σ ω² (p̂ − mean)² / (1 − Σω²))` and
/// `√(T Σω²)`; the two agree for equal weights, and the second does not vanish when one world
/// carries all. When every history agrees, it is the binomial error of half an event. The errors of
/// `low` and `high` are a delete-one-group jackknife over worlds.
///
/// # Source
///
/// Derived above; `T − C` is the one-way random-effects estimator with weights. The law of the worlds is the nonparametric
/// maximum-likelihood estimate of a mixing distribution (N. Laird, JASA 73 (1978) 805-811), stopped early, which smooths it; ten
/// steps and a tenth are assumed, chosen on eight made-up laws of 90 and 500 worlds, none of them a station's.
pub fn estimate(worlds: &[WorldShare]) -> Estimate {
    let whole = estimate_alone(worlds);
    if whole.band == Band::TooFewWorlds {
        return whole;
    }
    let groups = worlds.len().min(JACKKNIFE_GROUPS);
    let without: Vec<(f64, f64)> = (0..groups)
        .map(|group| {
            let kept = worlds.iter().enumerate().filter(|(place, _)| place % groups != group);
            let kept: Vec<WorldShare> = kept.map(|(_, world)| *world).collect();
            let (found, _) = fitted(&kept);
            (found.low, found.high)
        })
        .collect();
    let error = |end: fn(&(f64, f64)) -> f64| {
        let mean = without.iter().map(end).sum::<f64>() / groups as f64;
        let squares: f64 = without.iter().map(end).map(|x| (x - mean) * (x - mean)).sum();
        Some((squares * (groups - 1) as f64 / groups as f64).sqrt())
    };
    Estimate { low_error: error(|ends| ends.0), high_error: error(|ends| ends.1), ..whole }
}

/// Returns the same as [`estimate`] without the errors of the band's ends.
pub fn estimate_alone(worlds: &[WorldShare]) -> Estimate {
    let (found, effective) = fitted(worlds);
    // Sums of weights round: twenty equal worlds are twenty.
    if effective < EFFECTIVE_WORLDS_MIN - 1e-6 {
        return Estimate { low: 0.0, high: 1.0, band: Band::TooFewWorlds, ..found };
    }
    found
}

/// The estimate however few worlds there are, with the effective number of worlds.
fn fitted(worlds: &[WorldShare]) -> (Estimate, f64) {
    let used = used(worlds);
    if used.is_empty() {
        return (Estimate::default(), 0.0);
    }
    let mean: f64 = used.iter().map(|(o, p, _)| o * p).sum();
    let mean = mean.clamp(0.0, 1.0);
    let squares: f64 = used.iter().map(|(o, _, _)| o * o).sum();
    let histories: f64 = used.iter().map(|(_, _, n)| n).sum();
    let effective = 1.0 / squares;
    let sampling = |(low, high), standard_error| {
        let band = Band::Sampling;
        (Estimate { mean, low, high, standard_error, band, ..Estimate::default() }, effective)
    };
    if used.iter().all(|&(_, p, _)| p == 1.0) || used.iter().all(|&(_, p, _)| p == 0.0) {
        let n = histories / used.len() as f64 * effective;
        let half_event = 0.5 / (n + 1.0);
        let standard_error = (half_event * (1.0 - half_event) / (n + 1.0)).sqrt();
        let ends = if used[0].1 == 1.0 {
            (beta::quantile(n + 0.5, 0.5, 0.05), 1.0)
        } else {
            (0.0, beta::quantile(0.5, n + 0.5, 0.95))
        };
        return sampling(ends, standard_error);
    }
    // What chance alone makes of the mean, if worlds do not differ at all.
    let binomial: f64 = used.iter().map(|(o, _, n)| o * o * mean * (1.0 - mean) / n).sum();
    if used.len() == 1 {
        // One world shows chance only: no band over worlds can be told from it.
        return sampling(beta_band(mean, binomial), binomial.sqrt());
    }

    let free = 1.0 - squares;
    let scatter: f64 = used.iter().map(|(o, p, _)| o * (p - mean) * (p - mean)).sum::<f64>() / free;
    let linear: f64 = used.iter().map(|(o, p, _)| o * o * (p - mean) * (p - mean)).sum();
    let variance = (linear / free).max(scatter * squares);
    let Some(between) = worlds_variance(&used, scatter) else {
        return sampling(beta_band(mean, variance.max(binomial)), variance.sqrt());
    };
    let (low, high) = worlds_band(&used, mean, between.max(variance));
    let band = Band::Worlds;
    (
        Estimate { mean, low, high, standard_error: variance.sqrt(), band, ..Estimate::default() },
        effective,
    )
}

/// Of each world with weight and histories its weight, the weights summing to 1, its share and its histories. Worlds without a
/// history drop out: their weight goes to the others.
fn used(worlds: &[WorldShare]) -> Vec<(f64, f64, f64)> {
    let used: Vec<&WorldShare> =
        worlds.iter().filter(|w| w.histories > 0 && w.weight > 0.0).collect();
    let total: f64 = used.iter().map(|w| w.weight).sum();
    used.iter()
        .map(|w| {
            let n = f64::from(w.histories);
            (w.weight / total, f64::from(w.kept) / n, n)
        })
        .collect()
}

/// Variance of the world's probability without the chance within worlds; `None` when nothing is left. A world of one
/// history shows no chance: that of the others stands in for it.
fn worlds_variance(used: &[(f64, f64, f64)], scatter: f64) -> Option<f64> {
    let (mut chance, mut alone) = (0.0, 0.0);
    let (mut spread, mut told) = (0.0, 0.0);
    for &(o, p, n) in used {
        if n < 2.0 {
            alone += o;
        } else {
            chance += o * p * (1.0 - p) / (n - 1.0);
            spread += o * p * (1.0 - p) * n / (n - 1.0);
            told += o;
        }
    }
    if told <= 0.0 {
        return None;
    }
    chance += alone * spread / told;
    (scatter > chance).then_some(scatter - chance)
}

/// Cells of the law of the worlds' probabilities.
const CELLS: usize = 200;
/// Share of its weight that is spread evenly before it is fitted.
const EVEN_SHARE: f64 = 0.1;
/// Steps towards the most probable law.
const LAW_STEPS: u32 = 10;

/// 5 and 95 % quantiles of the law of the worlds' probabilities.
fn worlds_band(used: &[(f64, f64, f64)], mean: f64, variance: f64) -> (f64, f64) {
    let law = worlds_law(used, mean, variance);
    (law_quantile(&law, 0.05), law_quantile(&law, 0.95))
}

/// Returns the share of worlds whose probability is a value or more, chance within worlds removed; `None` where worlds are not
/// told apart from chance.
pub fn law_above(worlds: &[WorldShare], value: f64) -> Option<f64> {
    let used = used(worlds);
    let squares: f64 = used.iter().map(|(o, _, _)| o * o).sum();
    if used.len() < 2 {
        return None;
    }
    let mean: f64 = used.iter().map(|(o, p, _)| o * p).sum::<f64>().clamp(0.0, 1.0);
    let scatter: f64 =
        used.iter().map(|(o, p, _)| o * (p - mean) * (p - mean)).sum::<f64>() / (1.0 - squares);
    let law = worlds_law(&used, mean, worlds_variance(&used, scatter)?);
    let place = value * CELLS as f64;
    let above = law.iter().enumerate().map(|(cell, weight)| {
        let part = (cell as f64 + 1.0 - place).clamp(0.0, 1.0);
        weight * part
    });
    Some(above.sum::<f64>() / law.iter().sum::<f64>())
}

/// The law of the worlds' probabilities: the weight of each of [`CELLS`] equal cells between 0 and 1.
fn worlds_law(used: &[(f64, f64, f64)], mean: f64, variance: f64) -> Vec<f64> {
    let (a, b) = beta_shapes(mean, variance);
    let edges: Vec<f64> = (0..=CELLS).map(|i| beta::cdf(a, b, i as f64 / CELLS as f64)).collect();
    let even = EVEN_SHARE / CELLS as f64;
    let mut law: Vec<f64> =
        edges.windows(2).map(|e| (1.0 - EVEN_SHARE) * (e[1] - e[0]) + even).collect();
    // Worlds that kept as many of as many histories say the same.
    let mut alike: BTreeMap<(u64, u64), f64> = BTreeMap::new();
    for (weight, p, n) in used {
        *alike.entry(((p * n).round() as u64, n.round() as u64)).or_default() += weight;
    }
    let middle = |cell: usize| (cell as f64 + 0.5) / CELLS as f64;
    let logs: Vec<(f64, f64)> =
        (0..CELLS).map(|cell| (math::ln(middle(cell)), math::ln_1p(-middle(cell)))).collect();
    let likelihoods: Vec<(f64, Vec<f64>)> = alike
        .iter()
        .map(|(&(kept, n), weight)| {
            let log = |(p, q): &(f64, f64)| kept as f64 * p + (n - kept) as f64 * q;
            let best = logs.iter().map(log).fold(f64::NEG_INFINITY, f64::max);
            (*weight, logs.iter().map(|l| math::exp(log(l) - best)).collect())
        })
        .collect();
    for _ in 0..LAW_STEPS {
        let mut next = vec![0.0; CELLS];
        for (weight, likelihood) in &likelihoods {
            let of: f64 = law.iter().zip(likelihood).map(|(g, l)| g * l).sum();
            for ((next, g), l) in next.iter_mut().zip(&law).zip(likelihood) {
                *next += weight * g * l / of;
            }
        }
        law = next;
    }
    law
}

/// The quantile of a law of cells, straight within a cell.
fn law_quantile(law: &[f64], share: f64) -> f64 {
    let total: f64 = law.iter().sum();
    let mut sum = 0.0;
    for (cell, weight) in law.iter().enumerate() {
        let weight = weight / total;
        if sum + weight >= share {
            let within = if weight > 0.0 { (share - sum) / weight } else { 0.0 };
            return (cell as f64 + within.clamp(0.0, 1.0)) / law.len() as f64;
        }
        sum += weight;
    }
    1.0
}

/// 5 and 95 % quantiles of the beta distribution of a mean and a variance.
fn beta_band(mean: f64, variance: f64) -> (f64, f64) {
    let (a, b) = beta_shapes(mean, variance);
    (beta::quantile(a, b, 0.05), beta::quantile(a, b, 0.95))
}

/// Shapes of the beta distribution of a mean and a variance.
fn beta_shapes(mean: f64, variance: f64) -> (f64, f64) {
    // Below 1e-4 the two-point law 0 or 1 is reached for all that two digits show.
    let strength = (mean * (1.0 - mean) / variance - 1.0).max(1e-4);
    (mean * strength, (1.0 - mean) * strength)
}

/// Returns the drop of a probability and its sampling error, from the same worlds and histories.
///
/// # Model
///
/// `drop = Σ ω (k_with − k_without)/n`; the error is clustered by world like that of [`estimate`].
/// When no history differs, it is the error of half a history that does.
pub fn paired_drop(worlds: &[PairedShare]) -> (f64, f64) {
    let used: Vec<&PairedShare> =
        worlds.iter().filter(|w| w.histories > 0 && w.weight > 0.0).collect();
    let total: f64 = used.iter().map(|w| w.weight).sum();
    if used.is_empty() {
        return (0.0, 0.0);
    }
    let rows: Vec<(f64, f64)> = used
        .iter()
        .map(|w| {
            let drop = (f64::from(w.with) - f64::from(w.without)) / f64::from(w.histories);
            (w.weight / total, drop)
        })
        .collect();
    let mean = rows.iter().map(|(o, d)| o * d).sum::<f64>().clamp(-1.0, 1.0);
    let squares: f64 = rows.iter().map(|(o, _)| o * o).sum();
    let histories: f64 = used.iter().map(|w| f64::from(w.histories)).sum();
    if rows.iter().all(|&(_, d)| d == rows[0].1) || rows.len() == 1 {
        let effective = histories / rows.len() as f64 / squares;
        return (mean, 0.5_f64.sqrt() / (effective + 1.0));
    }
    let free = 1.0 - squares;
    let scatter: f64 = rows.iter().map(|(o, d)| o * (d - mean) * (d - mean)).sum::<f64>() / free;
    let linear: f64 = rows.iter().map(|(o, d)| o * o * (d - mean) * (d - mean)).sum();
    (mean, (linear / free).max(scatter * squares).sqrt())
}

/// Returns what is left of `mean` without a condition whose paired drop is known.
///
/// The drop may come from fewer histories than `mean`; `without` is then the difference estimator
/// `mean − drop`, kept inside 0 to 1, and the drop follows it so that the two always add up. When none of the paired
/// histories was `kept` without the condition, nothing is left: that the subset's own headline differs
/// from `mean` is no chance of staying crewed.
pub fn difference(mean: f64, (drop, standard_error): (f64, f64), kept: u32) -> Difference {
    let without = if kept == 0 { 0.0 } else { (mean - drop).clamp(0.0, 1.0) };
    Difference { without, drop: mean - without, standard_error }
}

#[cfg(test)]
mod tests;
