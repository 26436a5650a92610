//! Between which two rows of a series a step lies, and in which hours its burn was flown.
//!
//! Steps are looked for with the drag of weeks taken out; where each lies is then decided by the rows of
//! the days around it alone, so that no row far away moves a date.

use crate::track::{Fix, GAP_DAYS, Track};
use zarya_units::{Mjd, math};

/// Share of burns that [`between`] is to hold.
pub const BETWEEN_SHARE: f64 = 0.9;
/// Days that an element set reaches back: a set describes the orbit of the tracking it was fitted to, which
/// ends before its epoch. Of seven burns with published times before October 2021 the one farthest
/// before the last set of the old orbit was 5.4 h before it; this is the next whole hour (`docs/orbit.md`
/// has the counts of the burns after).
const SETS_REACH_BACK_DAYS: f64 = 6.0 / 24.0;
/// When in its day the middle of a row of a whole day is.
const NOON_DAYS: f64 = 0.5;

/// Days on both sides of a boundary whose rows decide on it. Assumed: rows enough for two lines of one slope, few
/// enough that the slope is one.
const AROUND_DAYS: f64 = 3.9;
/// Days on both sides within which better boundaries are looked for; repeated from the best one. Assumed: a step is
/// found within a day or so of where it lies.
const SEARCHED_DAYS: f64 = 1.5;
/// Rows on each side that a boundary needs.
const SIDE_ROWS: usize = 2;
/// Scatter of mean altitudes about a line at least, km.
const SCATTER_KM_MIN: f64 = 0.01;
const MAD_TO_SIGMA: f64 = 1.4826;

/// Returns the interval in which a burn was flown in at least [`BETWEEN_SHARE`] of cases, from the time
/// stamps of the rows on both sides of its step.
///
/// # Model
///
/// A row on the new orbit has seen the burn, so the burn lies before its time. A row on the old one has not
/// seen it up to the end of its tracking, six hours before its time at most. Rows of a whole day are
/// medians of the day's sets, so their time is noon. States of an ephemeris hold for their own
/// time.
pub fn between(track: &Track, rows: (Mjd, Mjd)) -> (Mjd, Mjd) {
    match track.day_stamp() {
        _ if track.kind == "OEM" => rows,
        None => (rows.0 - SETS_REACH_BACK_DAYS, rows.1),
        Some(stamp) => {
            let noon = |row: Mjd| row - stamp + NOON_DAYS;
            (noon(rows.0) - SETS_REACH_BACK_DAYS, noon(rows.1))
        }
    }
}

/// Moves steps, given by the first fix on the new side and in time order, to where the misfit of the rows
/// around each is least.
///
/// # Model
///
/// The altitudes within 3.9 days are a line on each side of the step, both of one slope, and scatter
/// with the tails of Student's t: the misfit is `Σ ln(1 + r²/νs²)`. A row fitted across the burn counts to the
/// side it lies nearer to. Rows beyond neighboring steps and gaps are left out.
pub(crate) fn placed(fixes: &[Fix], steps: &[usize]) -> Vec<usize> {
    /// A step's rows end at its neighbors, which move as well.
    const PASSES: usize = 2;
    let mut steps = steps.to_vec();
    for _ in 0..PASSES {
        for k in 0..steps.len() {
            let low = if k == 0 { 0 } else { steps[k - 1] };
            let high = steps.get(k + 1).copied().unwrap_or(fixes.len());
            steps[k] = settle(fixes, (low, steps[k], high));
        }
    }
    steps
}

/// Repeats the search from the best boundary until it stays.
fn settle(fixes: &[Fix], (low, index, high): (usize, usize, usize)) -> usize {
    const ROUNDS: usize = 6;
    let mut index = index;
    for _ in 0..ROUNDS {
        let best = best_of(fixes, (low, index, high));
        if best == index {
            break;
        }
        index = best;
    }
    index
}

fn best_of(fixes: &[Fix], (low, index, high): (usize, usize, usize)) -> usize {
    let rows = Rows::around(fixes, (low, index, high));
    let (first, end) = (rows.first, rows.first + rows.altitudes_km.len());
    let middle = rows.middle;
    let near = |k: usize| (fixes[k].mjd - middle).abs() <= SEARCHED_DAYS;
    let mut best = (rows.fit(index - first).misfit, index);
    for k in first + SIDE_ROWS..(end + 1).saturating_sub(SIDE_ROWS) {
        if k == index || !(near(k) || near(k - 1) || k.abs_diff(index) <= 1) {
            continue;
        }
        let misfit = rows.fit(k - first).misfit;
        // Of equal ones the first found stands, whatever the last digits say.
        if misfit < best.0 - 1e-9 {
            best = (misfit, k);
        }
    }
    best.1
}

/// Whether the first row after a step falls short of the new orbit: it averages across the burn.
pub(crate) fn falls_short(fixes: &[Fix], (low, index, high): (usize, usize, usize)) -> bool {
    /// Scatters of the difference of two rows by which it must.
    const SHORT_SIGMAS: f64 = 3.0;
    let rows = Rows::around(fixes, (low, index, high));
    let at = index - rows.first;
    let Fit { old_km, new_km, slope_km_d, .. } = rows.fit(at);
    let short_km = new_km + slope_km_d * rows.days[at] - rows.altitudes_km[at];
    let scatter_km = rows.scatter_km * std::f64::consts::SQRT_2;
    short_km * (new_km - old_km).signum() > SHORT_SIGMAS * scatter_km
}

/// The rows that decide on a step.
struct Rows {
    /// Index of the first one in the series.
    first: usize,
    /// The middle of the boundary they are around.
    middle: Mjd,
    /// Days from the middle.
    days: Vec<f64>,
    altitudes_km: Vec<f64>,
    scatter_km: f64,
}

struct Fit {
    old_km: f64,
    new_km: f64,
    slope_km_d: f64,
    misfit: f64,
}

impl Rows {
    fn around(fixes: &[Fix], (low, index, high): (usize, usize, usize)) -> Self {
        let middle = 0.5 * (fixes[index - 1].mjd + fixes[index].mjd);
        let inside = |k: usize| (fixes[k].mjd - middle).abs() <= AROUND_DAYS;
        let joined = |k: usize| fixes[k].mjd - fixes[k - 1].mjd <= GAP_DAYS;
        let mut first = index - 1;
        while first > low && inside(first - 1) && joined(first) {
            first -= 1;
        }
        let mut end = index + 1;
        while end < high && inside(end) && joined(end) {
            end += 1;
        }
        let rows = &fixes[first..end];
        let altitudes_km: Vec<f64> = rows.iter().map(|fix| fix.altitude_km).collect();
        let changes: Vec<f64> = altitudes_km.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let usual = median(&changes);
        let apart: Vec<f64> = changes.iter().map(|change| (change - usual).abs()).collect();
        let scatter_km = median(&apart) * MAD_TO_SIGMA / std::f64::consts::SQRT_2;
        Self {
            first,
            middle,
            days: rows.iter().map(|fix| fix.mjd - middle).collect(),
            altitudes_km,
            scatter_km: scatter_km.max(SCATTER_KM_MIN),
        }
    }

    /// Fits both levels and the slope with the boundary before row `at`.
    fn fit(&self, at: usize) -> Fit {
        const FREEDOM: f64 = 4.0;
        const ROUNDS: usize = 12;
        let unit2 = FREEDOM * self.scatter_km * self.scatter_km;
        let (mut old, mut new) =
            (median(&self.altitudes_km[..at]), median(&self.altitudes_km[at..]));
        let mut slope = 0.0;
        let rows = || self.days.iter().zip(&self.altitudes_km).enumerate();
        for _ in 0..ROUNDS {
            // Sums of weights, times and altitudes of each side; the slope is common.
            let mut sums = [[0.0; 3]; 2];
            let (mut tt, mut ty) = (0.0, 0.0);
            for (k, (days, km)) in rows() {
                let off = km - if k < at { old } else { new } - slope * days;
                let weight = 1.0 / (unit2 + off * off);
                let sum = &mut sums[usize::from(k >= at)];
                sum[0] += weight;
                sum[1] += weight * days;
                sum[2] += weight * km;
                tt += weight * days * days;
                ty += weight * days * km;
            }
            let [a, b] = sums;
            let spread = tt - a[1] * a[1] / a[0] - b[1] * b[1] / b[0];
            slope = if spread > 1e-12 * tt {
                (ty - a[1] * a[2] / a[0] - b[1] * b[2] / b[0]) / spread
            } else {
                0.0
            };
            old = (a[2] - slope * a[1]) / a[0];
            new = (b[2] - slope * b[1]) / b[0];
        }
        let misfit = rows()
            .map(|(k, (days, km))| {
                let off = km - if k < at { old } else { new } - slope * days;
                math::ln_1p(off * off / unit2)
            })
            .sum();
        Fit { old_km: old, new_km: new, slope_km_d: slope, misfit }
    }
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    0.5 * (values[middle] + values[(values.len() - 1) / 2])
}
