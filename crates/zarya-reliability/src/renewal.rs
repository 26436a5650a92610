//! Replacements of one position when units wear out or have a life limit: the true renewal count,
//! failures and planned replacements together.

mod inverted;
mod tables;

pub use inverted::expected;
pub use tables::Renewals;

use crate::law::Law;
use crate::poisson::{poisson_pmf, poisson_survival};
use zarya_units::math;

/// Cells of the grid per mean time between replacements, in the coarser of two passes.
const CELLS_PER_MEAN: f64 = 24.0;
/// Fewest cells of the grid over the horizon.
const CELLS_MIN: f64 = 256.0;
/// The same, per life limit.
const CELLS_PER_LIMIT_MIN: f64 = 16.0;

/// Returns the distribution of replacements of one position within `horizon_d` days.
///
/// The unit in place has age `age_d`; every later one is new. A unit is replaced when it fails or
/// reaches the limit, whichever is first, and both cost a spare. Repair time is left out: half a
/// day per failure shortens a horizon by less than 0.1 % for lives above 500 d.
///
/// # Model
///
/// `P(N >= n) = P(X1 + ... + Xn <= T)` by repeated convolution on a grid on which the life limit is
/// a whole number of cells. The sum has an atom only where every term is the limit; it is carried
/// exactly, and what remains is continuous and integrated by a product rule with the exact moments
/// of the law in each cell. A second pass on half the step removes the leading error; the result is
/// good to about 2e-6 (measured against the exponential cases), less for Weibull shapes well below
/// 1, whose density is singular at zero.
pub fn replacements(law: &Law, limit_d: Option<f64>, age_d: f64, horizon_d: f64) -> Vec<f64> {
    replacements_up_to(u32::MAX, law, limit_d, age_d, horizon_d)
}

/// Returns the first `most + 1` entries of [`replacements`], for less work: a stock of `most` asks
/// for no more. The list then sums to less than 1.
pub fn replacements_up_to(
    most: u32,
    law: &Law,
    limit_d: Option<f64>,
    age_d: f64,
    horizon_d: f64,
) -> Vec<f64> {
    let limit_d = limit_d.unwrap_or(f64::INFINITY);
    if horizon_d <= 0.0 {
        // In no time nothing fails; a unit that has reached its limit is due.
        return if age_d >= limit_d { vec![0.0, 1.0] } else { vec![1.0] };
    }
    if let Law::Exponential { mtbf_d } = law
        && let Some(pmf) = exponential_up_to(most, *mtbf_d, limit_d, age_d, horizon_d)
    {
        return pmf;
    }
    let coarse = reached(most, law, limit_d, age_d, horizon_d, 1.0);
    let fine = reached(most, law, limit_d, age_d, horizon_d, 2.0);
    extrapolated(&coarse, &fine, most)
}

/// The list of counts up to `most`, from `P(N >= n)` on two grids, one twice as fine as the other.
fn extrapolated(coarse: &[f64], fine: &[f64], most: u32) -> Vec<f64> {
    let length = coarse.len().max(fine.len());
    let complete = length <= most as usize;
    let mut at_least = Vec::with_capacity(length + 2);
    at_least.push(1.0);
    for n in 0..length {
        let (c, f) = (*coarse.get(n).unwrap_or(&0.0), *fine.get(n).unwrap_or(&0.0));
        let before = at_least[n];
        at_least.push((f + (f - c) / 3.0).clamp(0.0, before));
    }
    if complete {
        at_least.push(0.0);
    }
    at_least.windows(2).map(|w| w[0] - w[1]).collect()
}

/// The list of counts up to `most`, from `P(N >= n)` for n = 1, 2, ... until it is negligible.
fn differences(reached: &[f64], most: u32) -> Vec<f64> {
    let mut pmf = Vec::with_capacity(reached.len() + 1);
    let mut before = 1.0_f64;
    for p in reached.iter().take(most as usize + 1) {
        let p = p.min(before);
        pmf.push(before - p);
        before = p;
    }
    if reached.len() <= most as usize {
        pmf.push(before);
    }
    pmf
}

/// Returns the list for exponential lives in closed form; `None` where its terms cancel too much.
///
/// # Model
///
/// The life to failure or limit has the transform `(l + s e^-(s+l)L) / (s+l)`. The binomial expansion
/// of its power inverts term by term: with `j` of `n` units reaching the limit in `u` days and
/// `x = l (T - u)`, a term is `e^-lu` times the j-1st derivative of an Erlang density, which is
/// `pmf(n-j; x) Laguerre(j-1, n-j; x) / C(n-1, j-1)` with the Poisson probability `pmf`.
fn exponential_up_to(
    most: u32,
    mtbf_d: f64,
    limit_d: f64,
    age_d: f64,
    horizon_d: f64,
) -> Option<Vec<f64>> {
    // Terms of this size leave 1e-10 of rounding.
    const TERM_MAX: f64 = 1e5;
    let left_d = (limit_d - age_d).max(0.0);
    let (mut pmf, mut before) = (Vec::new(), 1.0);
    for n in 1..=most.saturating_add(1) {
        let mut sum = 0.0;
        // C(n - 1, j): limits reached by the units after the first.
        let mut choose = 1.0;
        for j in 0..n {
            let later_d = if j == 0 { 0.0 } else { f64::from(j) * limit_d };
            if later_d > horizon_d {
                break;
            }
            for (limits, used_d) in [(j, later_d), (j + 1, later_d + left_d)] {
                if used_d <= horizon_d {
                    let x = (horizon_d - used_d) / mtbf_d;
                    let term = choose * math::exp(-used_d / mtbf_d) * limited_erlang(n, limits, x);
                    if term.is_nan() || term.abs() > TERM_MAX {
                        return None;
                    }
                    sum += term;
                }
            }
            choose *= f64::from(n - 1 - j) / f64::from(j + 1);
        }
        let reached = sum.clamp(0.0, before);
        pmf.push(before - reached);
        if reached < 1e-15 {
            break;
        }
        before = reached;
    }
    Some(pmf)
}

/// The inverse transform of `l^(n-j) s^(j-1) / (s+l)^n`, with `x = l t`.
fn limited_erlang(n: u32, j: u32, x: f64) -> f64 {
    if j == 0 {
        return poisson_survival(n - 1, x);
    }
    let pmf = poisson_pmf(n - j, x);
    if pmf <= 0.0 {
        return 0.0;
    }
    let alpha = f64::from(n - j);
    // Laguerre polynomial over its value at zero, C(n-1, j-1).
    let (mut before, mut now) = (0.0, 1.0);
    for m in 0..j - 1 {
        let m = f64::from(m);
        let next = ((2.0 * m + 1.0 + alpha - x) * now - m * before) / (m + 1.0 + alpha);
        (before, now) = (now, next);
    }
    pmf * now
}

/// The grid, and the law of a new unit on it.
#[derive(Debug)]
struct Grid {
    step_d: f64,
    limit_d: f64,
    /// Cells in a life limit; beyond the grid where there is none.
    limit_cells: usize,
    /// Share reaching the limit.
    survivors: f64,
    /// Product-integration weights of whole steps.
    kernel: Vec<f64>,
    /// Failed before each node, never counting the limit.
    failed: Vec<f64>,
}

/// Returns `P(N >= n)` for n = 1, 2, ... until it is negligible.
fn reached(
    most: u32,
    law: &Law,
    limit_d: f64,
    age_d: f64,
    horizon_d: f64,
    refinement: f64,
) -> Vec<f64> {
    let grid = Grid::new(law, limit_d, horizon_d, refinement);
    let first = First::new(&grid, law, age_d, horizon_d);
    // The continuous part of P(X1 + ... + Xn <= t) of new units, and the atom at n limits.
    let mut continuous = vec![0.0; grid.failed.len()];
    let mut atom = 1.0;
    let mut n = 0;
    let mut answer = Vec::new();
    loop {
        let probability = first.followed_by(&grid, &continuous, atom, n);
        answer.push(probability);
        if probability < 1e-15 || answer.len() > most as usize {
            return answer;
        }
        continuous = grid.next(&continuous, atom, n);
        atom *= grid.survivors;
        n += 1;
    }
}

impl Grid {
    fn new(law: &Law, limit_d: f64, horizon_d: f64, refinement: f64) -> Self {
        let mean_d = law.mean_d().min(limit_d);
        let wanted = (CELLS_PER_MEAN * horizon_d / mean_d).max(CELLS_MIN) * refinement;
        let (step_d, limit_cells) = if limit_d < horizon_d {
            let base = (wanted / refinement * limit_d / horizon_d).max(CELLS_PER_LIMIT_MIN).ceil();
            (limit_d / (base * refinement), (base * refinement) as usize)
        } else {
            (horizon_d / wanted.ceil(), usize::MAX)
        };
        let nodes = (horizon_d / step_d).ceil() as usize + 1;
        let limit_cells = limit_cells.min(nodes);
        let failed: Vec<f64> =
            (0..nodes).map(|i| law.cdf((i.min(limit_cells)) as f64 * step_d)).collect();
        let survivors = if limit_d < horizon_d { law.survival(limit_d) } else { 0.0 };
        let mut kernel = vec![0.0; nodes.min(limit_cells + 1)];
        for j in 1..kernel.len() {
            let (near, far) = cell_weights(law, 0.0, (j - 1) as f64 * step_d, j as f64 * step_d);
            kernel[j - 1] += near;
            kernel[j] += far;
        }
        // Where no unit lives so long, the kernel ends.
        while kernel.len() > 2 && kernel.last().is_some_and(|w| *w < 1e-19) {
            kernel.pop();
        }
        Self { step_d, limit_d, limit_cells, survivors, kernel, failed }
    }

    /// One more new unit: C'(t) = ∫ C(t - u) dF(u) + atom F(t - n L) + S(L) C(t - L).
    fn next(&self, continuous: &[f64], atom: f64, n: usize) -> Vec<f64> {
        let nodes = continuous.len();
        let from = continuous.iter().position(|c| *c > 0.0).unwrap_or(nodes);
        let mut next = vec![0.0; nodes];
        for (j, weight) in self.kernel.iter().enumerate() {
            if from + j < nodes {
                for (cell, value) in next[from + j..].iter_mut().zip(&continuous[from..]) {
                    *cell += weight * value;
                }
            }
        }
        let shift = n.saturating_mul(self.limit_cells);
        if atom > 0.0 && shift < nodes {
            for (cell, failed) in next[shift..].iter_mut().zip(&self.failed) {
                *cell += atom * failed;
            }
        }
        if self.survivors > 0.0 {
            for i in self.limit_cells..nodes {
                next[i] += self.survivors * continuous[i - self.limit_cells];
            }
        }
        next
    }
}

/// The unit in place: its remaining life, laid backward from the horizon over the grid's cells.
struct First<'a> {
    law: &'a Law,
    age_d: f64,
    horizon_d: f64,
    /// What is left of its limit.
    left_d: f64,
    survival: f64,
    /// Weight of the value at each node of the grid.
    weights: Vec<f64>,
}

impl<'a> First<'a> {
    fn new(grid: &Grid, law: &'a Law, age_d: f64, horizon_d: f64) -> Self {
        let left_d = (grid.limit_d - age_d).max(0.0);
        let reach_d = left_d.min(horizon_d);
        let survival = law.survival(age_d);
        let mut weights = vec![0.0; grid.failed.len()];
        for i in 0..weights.len() - 1 {
            // Time left t = horizon - u runs from t0 to t1 while the unit's life u runs down.
            let (t0, t1) = (i as f64 * grid.step_d, (i + 1) as f64 * grid.step_d);
            let (u0, u1) = ((horizon_d - t1).max(0.0), (horizon_d - t0).min(reach_d));
            if u1 <= u0 {
                continue;
            }
            let (near, far) = if survival > 0.0 {
                let (near, far) = cell_weights(law, age_d, u0, u1);
                (near / survival, far / survival)
            } else {
                (if u0 == 0.0 { 1.0 } else { 0.0 }, 0.0)
            };
            // Values at the ends of the part of the cell that counts, from those at the nodes.
            for (u, weight) in [(u0, near), (u1, far)] {
                let share = (horizon_d - u - t0) / grid.step_d;
                weights[i] += weight * (1.0 - share);
                weights[i + 1] += weight * share;
            }
        }
        Self { law, age_d, horizon_d, left_d, survival, weights }
    }

    /// The probability that this unit and `n` new ones are used up within the horizon.
    fn followed_by(&self, grid: &Grid, continuous: &[f64], atom: f64, n: usize) -> f64 {
        let mut sum: f64 = self.weights.iter().zip(continuous).map(|(w, c)| w * c).sum();
        let limits_d = if n == 0 { 0.0 } else { n as f64 * grid.limit_d };
        if limits_d <= self.horizon_d {
            sum += atom * self.failed_by(self.horizon_d - limits_d);
        }
        if self.left_d <= self.horizon_d {
            let rest_d = self.horizon_d - self.left_d;
            let place = rest_d / grid.step_d;
            let last = continuous.len() - 1;
            let i = (place as usize).min(last);
            let share = (place - i as f64).clamp(0.0, 1.0);
            let next = continuous[(i + 1).min(last)];
            let mut follow = continuous[i] + (next - continuous[i]) * share;
            // A limit that ends exactly with the horizon still counts, as does the grid's rounding.
            if limits_d <= rest_d + 1e-9 * self.horizon_d {
                follow += atom;
            }
            sum += (1.0 - self.failed_by(self.left_d)) * follow;
        }
        sum.clamp(0.0, 1.0)
    }

    /// The probability that it fails within `t` days, before its limit.
    fn failed_by(&self, t: f64) -> f64 {
        if self.survival <= 0.0 {
            return 1.0;
        }
        let t = t.clamp(0.0, self.left_d);
        (self.law.cdf(self.age_d + t) - self.law.cdf(self.age_d)) / self.survival
    }
}

/// Weights on the values at both ends of a cell `u0..u1` of a linear function integrated against
/// the law of a unit of age `age_d` (not divided by its survival).
fn cell_weights(law: &Law, age_d: f64, u0: f64, u1: f64) -> (f64, f64) {
    // Gauss-Legendre on three points for the area under the distribution.
    const POINT: f64 = 0.774_596_669_241_483_4;
    let (middle, half) = (age_d + 0.5 * (u0 + u1), 0.5 * (u1 - u0));
    let (f0, f1) = (law.cdf(age_d + u0), law.cdf(age_d + u1));
    let area = (5.0 * law.cdf(middle - POINT * half)
        + 8.0 * law.cdf(middle)
        + 5.0 * law.cdf(middle + POINT * half))
        / 18.0;
    let far = (f1 - area).max(0.0);
    ((f1 - f0 - far).max(0.0), far)
}

/// Returns the expected replacements per day in the long run.
///
/// # Model
///
/// One over the mean of the smaller of life and limit, `∫ S(t) dt` to the limit, by Simpson's rule.
pub fn long_run_rate_per_d(law: &Law, limit_d: Option<f64>) -> f64 {
    const CELLS: u32 = 2000;
    let Some(limit_d) = limit_d else { return 1.0 / law.mean_d() };
    let step = limit_d / f64::from(CELLS);
    let mut area = 0.0;
    for i in 0..=CELLS {
        let weight = if i == 0 || i == CELLS { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        area += weight * law.survival(f64::from(i) * step);
    }
    1.0 / (area * step / 3.0)
}

/// Returns the probability that a position needs no replacement within `horizon_d`.
pub fn untouched(law: &Law, limit_d: Option<f64>, age_d: f64, horizon_d: f64) -> f64 {
    if limit_d.is_some_and(|limit| limit - age_d <= horizon_d) {
        return 0.0;
    }
    let now = law.survival(age_d);
    if now > 0.0 { law.survival(age_d + horizon_d) / now } else { 0.0 }
}

#[cfg(test)]
mod tests;
