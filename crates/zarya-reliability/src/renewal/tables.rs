//! Replacements of one position at many horizons and ages: sums of lives laid on a few grids, once.

use super::{CELLS_MIN, First, Grid, extrapolated, inverted};
use crate::law::Law;
use std::cell::RefCell;
use std::collections::BTreeMap;
use zarya_units::math;

/// Expected replacements above which sums of lives are inverted, not laid on a grid.
const GRID_MAX: f64 = 64.0;

/// Replacements of one position without a life limit, for a stock of `most` and any clock: a rate that
/// is wrong by a factor, an unknown one and a longer span are all another horizon.
#[derive(Debug)]
pub struct Renewals {
    law: Law,
    most: u32,
    /// By the power of two of days that the horizon does not exceed.
    grids: RefCell<BTreeMap<i32, Vec<Sums>>>,
}

/// `P(X1 + ... + Xn <= t)` of new units on one grid, for n = 0, 1, ...
#[derive(Debug)]
struct Sums {
    grid: Grid,
    continuous: Vec<Vec<f64>>,
}

impl Renewals {
    /// Prepares a law for a stock of `most`.
    pub fn new(law: Law, most: u32) -> Self {
        Self { law, most, grids: RefCell::default() }
    }

    /// Returns the first `most + 1` entries of the distribution of replacements within `horizon_d` days of
    /// the law's clock, from the age `age_d` on it. The list then sums to less than 1.
    ///
    /// # Model
    ///
    /// As [`super::replacements_up_to`], with sums of new lives on a grid over the next power of two of
    /// days: they are looked up between its nodes by a cubic for a new unit, and follow what is left of
    /// the life of a worn one. Above 64 expected replacements, the transform is inverted.
    pub fn up_to(&self, age_d: f64, horizon_d: f64) -> Vec<f64> {
        if horizon_d <= 0.0 {
            return vec![1.0];
        }
        if let Law::Exponential { mtbf_d } = self.law
            && let Some(pmf) =
                super::exponential_up_to(self.most, mtbf_d, f64::INFINITY, age_d, horizon_d)
        {
            return pmf;
        }
        let expected = inverted::expected(&self.law, horizon_d);
        if expected > GRID_MAX {
            let reached = inverted::reached(self.most, &self.law, age_d, horizon_d, expected);
            return super::differences(&reached, self.most);
        }
        let octave = math::log2(horizon_d).ceil() as i32;
        let mut grids = self.grids.borrow_mut();
        let sums = grids.entry(octave).or_insert_with(|| {
            let end_d = math::pow(2.0, f64::from(octave));
            [1.0, 2.0].map(|fineness| Sums::new(&self.law, end_d, fineness, self.most)).into()
        });
        let reached: Vec<Vec<f64>> =
            sums.iter().map(|sums| sums.reached(&self.law, age_d, horizon_d, self.most)).collect();
        extrapolated(&reached[0], &reached[1], self.most)
    }
}

impl Sums {
    fn new(law: &Law, end_d: f64, fineness: f64, most: u32) -> Self {
        // The shorter half of the horizons has as many cells as one of its own.
        let grid = Grid::new(law, f64::INFINITY, end_d, 2.0 * fineness);
        let mut continuous = vec![vec![0.0; grid.failed.len()]];
        let mut atom = 1.0;
        while continuous.len() <= most as usize + 1 {
            let next = grid.next(&continuous[continuous.len() - 1], atom, 0);
            let done = next.last().is_none_or(|p| *p < 1e-15);
            continuous.push(next);
            atom = 0.0;
            if done {
                break;
            }
        }
        Self { grid, continuous }
    }

    /// `P(N >= n)` for n = 1, 2, ..., most + 1 or until it is negligible.
    fn reached(&self, law: &Law, age_d: f64, horizon_d: f64, most: u32) -> Vec<f64> {
        let first = (age_d > 0.0).then(|| First::new(&self.grid, law, age_d, horizon_d));
        let mut answer = Vec::new();
        for n in 0..self.continuous.len() {
            let probability = match &first {
                Some(first) => {
                    first.followed_by(&self.grid, &self.continuous[n], f64::from(n == 0), n)
                }
                None if n == 0 => law.cdf(horizon_d),
                None => match self.continuous.get(n + 1) {
                    Some(sums) => between(sums, horizon_d / self.grid.step_d),
                    None => 0.0,
                },
            };
            answer.push(probability);
            if probability < 1e-15 || answer.len() > most as usize {
                break;
            }
        }
        answer
    }
}

/// The value at a place between nodes, by the cubic through the four nearest.
fn between(nodes: &[f64], place: f64) -> f64 {
    let last = nodes.len() - 4;
    let start = ((place as usize).saturating_sub(1)).min(last);
    let x = place - start as f64;
    let mut sum = 0.0;
    for (i, value) in nodes[start..start + 4].iter().enumerate() {
        let mut weight = 1.0;
        for j in (0..4).filter(|j| *j != i) {
            weight *= (x - j as f64) / (i as f64 - j as f64);
        }
        sum += weight * value;
    }
    sum.clamp(0.0, 1.0)
}

/// Every grid has room for a cubic.
const _: () = assert!(CELLS_MIN >= 4.0);
