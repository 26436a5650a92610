//! Probabilities from worlds of a few histories each, the two uncertainties apart.
//!
//! World `w` has the weight `ω` (all weights sum to 1) and `k` survivors of `n` histories, so
//! `p̂ = k/n`. What is left to chance makes `p̂` scatter about the world's own probability; what we
//! do not know makes worlds differ. The band that is reported is that of the worlds alone.

use crate::assessment::{Difference, Estimate};
use crate::beta;

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

/// Returns the probability of a tier with its sampling error and its band over worlds.
///
/// # Model
///
/// `mean = Σ ω p̂`. Variance components: the total scatter `T = Σ ω (p̂ − mean)² / (1 − Σω²)` is
/// the scatter of worlds `τ²` plus that of chance, `C = Σ ω p̂ (1 − p̂) / (n − 1)`; so
/// `τ² = max(T − C, 0)`. `low` and `high` are the 5 and 95 % quantiles of the beta distribution of
/// that mean and variance. For `τ² = 0` both are the mean. A beta law is an assumption about the
/// shape: two moments are fitted, the tails follow from them.
///
/// The sampling error is clustered by world: the larger of `√(Σ ω² (p̂ − mean)² / (1 − Σω²))` and
/// `√(T Σω²)`; the two agree for equal weights, and the second does not vanish when one world
/// carries all. When every history agrees, it is the binomial error of half an event.
///
/// # Source
///
/// Derived above; `T − C` is the one-way random-effects estimator with weights.
pub fn estimate(worlds: &[WorldShare]) -> Estimate {
    let total: f64 = worlds.iter().map(|w| w.weight).sum();
    let used: Vec<(f64, f64, f64)> = worlds
        .iter()
        .filter(|w| w.histories > 0 && w.weight > 0.0)
        .map(|w| {
            let n = f64::from(w.histories);
            (w.weight / total, f64::from(w.kept) / n, n)
        })
        .collect();
    if used.is_empty() {
        return Estimate::default();
    }
    // Worlds without a history drop out: their weight goes to the others.
    let share: f64 = used.iter().map(|w| w.0).sum();
    let used: Vec<(f64, f64, f64)> = used.iter().map(|&(o, p, n)| (o / share, p, n)).collect();

    let mean: f64 = used.iter().map(|(o, p, _)| o * p).sum();
    let mean = mean.clamp(0.0, 1.0);
    let squares: f64 = used.iter().map(|(o, _, _)| o * o).sum();
    let histories: f64 = used.iter().map(|(_, _, n)| n).sum();
    if used.iter().all(|&(_, p, _)| p == 1.0) || used.iter().all(|&(_, p, _)| p == 0.0) {
        let effective = histories / used.len() as f64 / squares;
        let half_event = 0.5 / (effective + 1.0);
        let standard_error = (half_event * (1.0 - half_event) / (effective + 1.0)).sqrt();
        return Estimate { mean, low: mean, high: mean, standard_error };
    }
    if used.len() == 1 {
        // One world shows chance only: no band over worlds can be told from it.
        let standard_error = (mean * (1.0 - mean) / histories).sqrt();
        return Estimate { mean, low: mean, high: mean, standard_error };
    }

    let free = 1.0 - squares;
    let scatter: f64 = used.iter().map(|(o, p, _)| o * (p - mean) * (p - mean)).sum::<f64>() / free;
    let linear: f64 = used.iter().map(|(o, p, _)| o * o * (p - mean) * (p - mean)).sum();
    let standard_error = (linear / free).max(scatter * squares).sqrt();
    let (low, high) = match worlds_variance(&used, scatter) {
        Some(variance) => beta_band(mean, variance),
        None => (mean, mean),
    };
    Estimate { mean, low, high, standard_error }
}

/// Variance of the world's probability without the chance within worlds; `None` when nothing is left.
fn worlds_variance(used: &[(f64, f64, f64)], scatter: f64) -> Option<f64> {
    if used.iter().any(|&(_, _, n)| n < 2.0) {
        return None;
    }
    let chance: f64 = used.iter().map(|(o, p, n)| o * p * (1.0 - p) / (n - 1.0)).sum();
    (scatter > chance).then_some(scatter - chance)
}

/// 5 and 95 % quantiles of the beta distribution of a mean and a variance.
fn beta_band(mean: f64, variance: f64) -> (f64, f64) {
    // Below 1e-4 the two-point law 0 or 1 is reached for all that two digits show.
    let strength = (mean * (1.0 - mean) / variance - 1.0).max(1e-4);
    let (a, b) = (mean * strength, (1.0 - mean) * strength);
    (beta::quantile(a, b, 0.05), beta::quantile(a, b, 0.95))
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
    let mean: f64 = rows.iter().map(|(o, d)| o * d).sum();
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
/// `mean − drop`, kept inside 0 to 1, and the drop follows it so that the two always add up.
pub fn difference(mean: f64, (drop, standard_error): (f64, f64)) -> Difference {
    let without = (mean - drop).clamp(0.0, 1.0);
    Difference { without, drop: mean - without, standard_error }
}

#[cfg(test)]
mod tests;
