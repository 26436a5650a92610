//! How strong the drag is: a filter over the days on which nobody pushed.
//!
//! Tracking shows the product of drag area and density. Its logarithm, after the density model is
//! taken out, is followed as a slow level (the station grows, the model's bias follows the solar
//! cycle), a fast one (weeks of air denser or thinner than the model), and responses to what is known
//! in advance: the Sun's angle to the orbit plane, which turns arrays and attitude, the daily
//! flux and Ap, and where the bulge of the air stands against the plane. Responses that
//! change with the station's shape are learned on the way; the others, and all noise constants, were
//! fitted to reboost-free arcs before 2012 (`docs/orbit.md`).

use crate::air::SunDay;
use crate::error::OrbitError;
use crate::geometry::{ISS_INCLINATION_DEG, beta_angle_deg, day_of_year, sun_direction};
use crate::node::iss_raan_deg;
use crate::reboosts::Burn;
use crate::series::{Fix, GAP_DAYS, Track};
use crate::sun::{SunPath, bent_ap};
use crate::table::DecayTable;
use zarya_units::{Mjd, math};

/// Entries of the filter's state: slow level, fast level, learned responses.
pub const N_STATES: usize = 4;
/// Learned responses.
pub const N_LEARNED: usize = N_STATES - 2;
/// Fixed responses.
pub const N_FIXED: usize = 6;

type Vector = [f64; N_STATES];
type Matrix = [[f64; N_STATES]; N_STATES];

/// Constants of the filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// Logarithm of the drag area to which the slow level returns, m²/kg, at density scale 1.
    pub ln_drag_mean: f64,
    /// Standard deviation of the slow level where nothing is known.
    pub slow_start: f64,
    /// Random walk of the slow level, per square root of a day.
    pub slow_walk: f64,
    /// Days in which the slow level returns to the mean by 1/e.
    pub slow_memory_days: f64,
    /// Standard deviation of the fast level.
    pub fast_spread: f64,
    /// Days in which the fast level fades to 1/e.
    pub fast_memory_days: f64,
    /// Scatter of the logarithm of three days' decay.
    pub block_scatter: f64,
    /// Scatter of a daily mean altitude, km.
    pub altitude_scatter_km: f64,
    /// Starting values of the learned responses: beta near 0, and high beta.
    pub learned_mean: [f64; N_LEARNED],
    /// Their spread at the start.
    pub learned_spread: f64,
    /// Their walk per square root of a day.
    pub learned_walk: f64,
    /// Fixed responses to: excess flux, bent Ap, bulge, flux level, altitude, and altitude times
    /// flux level.
    pub fixed: [f64; N_FIXED],
}

/// Constants fitted to the reboost-free arcs of the ISS before 2012 by the example `fit_drag`.
pub const FITTED_BEFORE_2012: Constants = Constants {
    ln_drag_mean: -5.31,
    slow_start: 0.3,
    slow_walk: 0.0081,
    slow_memory_days: 1270.0,
    fast_spread: 0.101,
    fast_memory_days: 38.0,
    block_scatter: 0.15,
    altitude_scatter_km: 0.008,
    learned_mean: [0.26, -0.46],
    learned_spread: 0.067,
    learned_walk: 0.0008,
    fixed: [-0.36, 0.53, 0.157, -0.49, -0.07, 0.0],
};

/// Factor on the spread of drawn futures: the filter alone covers 78 % of the arcs before 2012 where
/// its 5-95 % band should cover 90 %, because changes of the station itself (vehicles, arrays) come
/// on top of what its two levels follow. Set on arcs before 2012.
const BAND_WIDENING: f64 = 1.2;

/// What the responses are to, on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circumstances {
    learned: [f64; N_LEARNED],
    fixed: [f64; N_FIXED],
}

impl Circumstances {
    /// Computes the circumstances of a day from the Sun, the altitude and the node.
    pub fn new(mjd: Mjd, sun: SunDay, altitude_km: f64, raan_deg: f64) -> Self {
        // Near a beta of 0 the arrays turn through the wind, at high beta they and the attitude
        // lie flat to it: both shapes are seen in the drag since 2003.
        const BETA_LOW_DEG: f64 = 14.0;
        const BETA_HIGH_DEG: f64 = 42.0;
        const BETA_HIGH_UNIT_DEG: f64 = 30.0;
        const AP_USUAL: f64 = 0.12;
        let beta = beta_angle_deg(mjd, raan_deg, ISS_INCLINATION_DEG);
        let node = raan_deg.to_radians() - sun_direction(mjd).right_ascension_rad;
        let level = math::ln(sun.f107_81 / 100.0);
        let height = (altitude_km - 400.0) / 50.0;
        let low = beta / BETA_LOW_DEG;
        Self {
            learned: [
                math::exp(-low * low),
                (beta.abs() - BETA_HIGH_DEG).max(0.0) / BETA_HIGH_UNIT_DEG,
            ],
            fixed: [
                sun.f107 / sun.f107_81 - 1.0,
                bent_ap(sun.ap) - AP_USUAL,
                math::sin(2.0 * node),
                level,
                height,
                height * level,
            ],
        }
    }

    fn offset(&self, constants: &Constants) -> f64 {
        self.fixed.iter().zip(constants.fixed).map(|(value, response)| value * response).sum()
    }

    fn design(&self) -> Vector {
        let mut design = [1.0; N_STATES];
        design[2..].copy_from_slice(&self.learned);
        design
    }
}

/// The state of knowledge about the drag at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct DragEstimate {
    constants: Constants,
    mjd: Mjd,
    mean: Vector,
    covariance: Matrix,
    /// Blocks of days that entered.
    pub blocks: usize,
}

/// `Cd A / m` and the density scale apart, under a prior on both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// `Cd A / m` in m²/kg.
    pub drag_area_m2_kg: f64,
    /// Its standard error.
    pub drag_area_error_m2_kg: f64,
    /// Density over the model's.
    pub density_scale: f64,
    /// Its standard error.
    pub density_scale_error: f64,
}

/// Prior of the split: median and spread of ln of the drag area, and spread of ln density scale
/// about 1. Assumed: OEMs of 2022 and 2025 state 0.0110 and 0.0077 m²/kg, the arcs before 2012
/// give 0.0072 at scale 1, and comparisons put the model's slow error at 10 to 30 %.
pub const PRIOR_DRAG_AREA_M2_KG: f64 = 0.0072;
/// See [`PRIOR_DRAG_AREA_M2_KG`].
pub const PRIOR_LN_AREA_SPREAD: f64 = 0.15;
/// See [`PRIOR_DRAG_AREA_M2_KG`].
pub const PRIOR_LN_SCALE_SPREAD: f64 = 0.20;

impl DragEstimate {
    /// Returns what is assumed where nothing was observed: the station's drag before 2012.
    pub fn prior(mjd: Mjd, constants: &Constants) -> Self {
        let mut mean = [0.0; N_STATES];
        let mut covariance = [[0.0; N_STATES]; N_STATES];
        mean[0] = constants.ln_drag_mean;
        covariance[0][0] = constants.slow_start * constants.slow_start;
        covariance[1][1] = constants.fast_spread * constants.fast_spread;
        for k in 0..N_LEARNED {
            mean[2 + k] = constants.learned_mean[k];
            covariance[2 + k][2 + k] = constants.learned_spread * constants.learned_spread;
        }
        Self { constants: *constants, mjd, mean, covariance, blocks: 0 }
    }

    /// Returns the instant of the estimate.
    pub fn mjd(&self) -> Mjd {
        self.mjd
    }

    /// Carries the estimate to a later instant.
    #[must_use]
    pub fn at(&self, mjd: Mjd) -> Self {
        let mut later = self.clone();
        later.advance(mjd);
        later
    }

    /// Returns ln of drag area times density scale and its standard deviation under circumstances.
    pub fn ln_drag(&self, circumstances: &Circumstances) -> (f64, f64) {
        let design = circumstances.design();
        let mean = dot(&design, &self.mean) + circumstances.offset(&self.constants);
        let variance = dot(&design, &product(&self.covariance, &design));
        (mean, variance.max(0.0).sqrt())
    }

    /// Splits the product into drag area and density scale under the stated prior.
    pub fn split(&self, circumstances: &Circumstances) -> Split {
        let (ln_drag, error) = self.ln_drag(circumstances);
        let area2 = PRIOR_LN_AREA_SPREAD * PRIOR_LN_AREA_SPREAD;
        let scale2 = PRIOR_LN_SCALE_SPREAD * PRIOR_LN_SCALE_SPREAD;
        let share = scale2 / (area2 + scale2);
        let excess = ln_drag - math::ln(PRIOR_DRAG_AREA_M2_KG);
        // Posterior variance of either: the unobserved difference plus its share of the error.
        let common = area2 * scale2 / (area2 + scale2);
        let (ln_scale, ln_area) = (share * excess, (1.0 - share) * excess);
        let scale_sd = (common + share * share * error * error).sqrt();
        let area_sd = (common + (1.0 - share) * (1.0 - share) * error * error).sqrt();
        let drag_area_m2_kg = PRIOR_DRAG_AREA_M2_KG * math::exp(ln_area);
        let density_scale = math::exp(ln_scale);
        Split {
            drag_area_m2_kg,
            drag_area_error_m2_kg: drag_area_m2_kg * area_sd,
            density_scale,
            density_scale_error: density_scale * scale_sd,
        }
    }

    fn advance(&mut self, mjd: Mjd) {
        let days = mjd - self.mjd;
        if days <= 0.0 {
            return;
        }
        let c = &self.constants;
        self.mjd = mjd;
        let slow = math::exp(-days / c.slow_memory_days);
        let fast = math::exp(-days / c.fast_memory_days);
        self.mean[0] = c.ln_drag_mean + slow * (self.mean[0] - c.ln_drag_mean);
        self.mean[1] *= fast;
        for (state, fade) in [(0, slow), (1, fast)] {
            for other in 0..N_STATES {
                self.covariance[state][other] *= fade;
                self.covariance[other][state] *= fade;
            }
        }
        self.covariance[0][0] += c.slow_walk * c.slow_walk * days;
        self.covariance[1][1] += c.fast_spread * c.fast_spread * (1.0 - fast * fast);
        for k in 0..N_LEARNED {
            self.covariance[2 + k][2 + k] += c.learned_walk * c.learned_walk * days;
        }
    }

    /// Takes in a block.
    fn observe(&mut self, block: &Block) {
        const OUTLIER_SIGMAS: f64 = 3.0;
        let design = block.circumstances.design();
        let offset = block.circumstances.offset(&self.constants);
        let expected = math::exp((dot(&design, &self.mean) + offset).min(-2.0)) * block.exposure;
        let slope: Vector = std::array::from_fn(|k| expected * design[k]);
        let projected = product(&self.covariance, &slope);
        let scatter = expected * self.constants.block_scatter;
        let fixes = self.constants.altitude_scatter_km;
        let mut noise = scatter * scatter + 2.0 * fixes * fixes;
        let surprise = block.loss_km - expected;
        let sigmas = surprise.abs() / (dot(&slope, &projected) + noise).sqrt();
        if sigmas > OUTLIER_SIGMAS {
            let excess = sigmas / OUTLIER_SIGMAS;
            noise *= 3.0 * excess * excess;
        }
        let variance = dot(&slope, &projected) + noise;
        let gain: Vector = std::array::from_fn(|k| projected[k] / variance);
        for (i, gain) in gain.iter().enumerate() {
            self.mean[i] += gain * surprise;
            for (cell, part) in self.covariance[i].iter_mut().zip(&projected) {
                *cell -= gain * part;
            }
        }
        for i in 0..N_STATES {
            for j in 0..i {
                let even = 0.5 * (self.covariance[i][j] + self.covariance[j][i]);
                self.covariance[i][j] = even;
                self.covariance[j][i] = even;
            }
        }
        self.blocks += 1;
    }
}

/// Days of one observation of the filter.
const BLOCK_DAYS: f64 = 3.0;

/// Three days without a burn: what the filter sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// The middle of the block.
    pub mjd: Mjd,
    /// Loss of mean altitude, km.
    pub loss_km: f64,
    /// Decay per unit drag area over the block, km per m²/kg.
    pub exposure: f64,
    /// Circumstances, weighted by exposure.
    pub circumstances: Circumstances,
}

/// Cuts a track into blocks of three days without a burn or a gap.
///
/// # Errors
///
/// [`OrbitError::NoObservation`] where the observed Sun does not cover the track.
pub fn blocks(track: &Track, burns: &[Burn]) -> Result<Vec<Block>, OrbitError> {
    let fixes = daily(track, burns);
    let (first, last) = (fixes[0].0.mjd, fixes[fixes.len() - 1].0.mjd);
    let sun = SunPath::known(first, (last.floor() - first.floor()) as usize + 1)?;
    let table = DecayTable::embedded();
    let days: Vec<(f64, Circumstances)> = fixes
        .iter()
        .map(|(fix, _)| {
            let sun = sun.at(fix.mjd);
            let terms = table.day_terms(sun, day_of_year(fix.mjd));
            let raan = fix.raan_deg.unwrap_or_else(|| iss_raan_deg(fix.mjd, fix.altitude_km));
            let circumstances = Circumstances::new(fix.mjd, sun, fix.altitude_km, raan);
            (table.rate_at(fix.altitude_km, &terms), circumstances)
        })
        .collect();
    let mut blocks = Vec::new();
    let mut from = 0;
    while from + 1 < fixes.len() {
        // A block ends after three days; a burn or a gap inside begins the search again after it.
        let mut end = from + 1;
        let whole = loop {
            if end >= fixes.len()
                || fixes[end].1
                || fixes[end].0.mjd - fixes[end - 1].0.mjd > GAP_DAYS
            {
                break false;
            }
            if fixes[end].0.mjd - fixes[from].0.mjd >= BLOCK_DAYS - 0.3 {
                break true;
            }
            end += 1;
        };
        if whole {
            blocks.push(block(&fixes[from..=end], &days[from..=end]));
        }
        from = end;
    }
    Ok(blocks)
}

fn block(fixes: &[(Fix, bool)], days: &[(f64, Circumstances)]) -> Block {
    let mut exposure = 0.0;
    let mut circumstances = Circumstances { learned: [0.0; N_LEARNED], fixed: [0.0; N_FIXED] };
    for i in 0..fixes.len() - 1 {
        let width = fixes[i + 1].0.mjd - fixes[i].0.mjd;
        let weight = 0.5 * (days[i].0 + days[i + 1].0) * width;
        exposure += weight;
        for (sum, value) in circumstances.learned.iter_mut().zip(days[i].1.learned) {
            *sum += weight * value;
        }
        for (sum, value) in circumstances.fixed.iter_mut().zip(days[i].1.fixed) {
            *sum += weight * value;
        }
    }
    circumstances.learned.iter_mut().for_each(|value| *value /= exposure);
    circumstances.fixed.iter_mut().for_each(|value| *value /= exposure);
    let (first, last) = (fixes[0].0, fixes[fixes.len() - 1].0);
    Block {
        mjd: 0.5 * (first.mjd + last.mjd),
        loss_km: first.altitude_km - last.altitude_km,
        exposure,
        circumstances,
    }
}

/// Runs the filter over blocks in time order.
///
/// # Errors
///
/// [`OrbitError::TooFewRows`] when there is none.
pub fn follow(blocks: &[Block], constants: &Constants) -> Result<DragEstimate, OrbitError> {
    let Some(first) = blocks.first() else {
        return Err(OrbitError::TooFewRows {
            rows: 0,
            needed: 4,
            purpose: "on consecutive days without a burn to estimate the drag",
        });
    };
    let mut estimate = DragEstimate::prior(first.mjd, constants);
    for block in blocks {
        estimate.advance(block.mjd);
        estimate.observe(block);
    }
    Ok(estimate)
}

/// Estimates the drag from a track and the burns found in it; nothing after the last fix enters.
///
/// # Errors
///
/// [`OrbitError::NoObservation`] where the observed Sun does not cover the track,
/// [`OrbitError::TooFewRows`] when no three days without a burn are left.
pub fn estimate(track: &Track, burns: &[Burn]) -> Result<DragEstimate, OrbitError> {
    let mut estimate = follow(&blocks(track, burns)?, &FITTED_BEFORE_2012)?;
    estimate.advance(track.fixes[track.fixes.len() - 1].mjd);
    Ok(estimate)
}

/// Thins a track to one fix a day; a day's mark says that a burn lies between it and the day
/// before, or that it may average across one.
fn daily(track: &Track, burns: &[Burn]) -> Vec<(Fix, bool)> {
    let mut days: Vec<(Fix, bool)> = Vec::new();
    let mut group: Vec<Fix> = Vec::new();
    let mut marked = false;
    let mut flush = |group: &mut Vec<Fix>, marked: &mut bool| {
        if group.is_empty() {
            return;
        }
        let n = group.len() as f64;
        let fix = Fix {
            mjd: group.iter().map(|fix| fix.mjd).sum::<f64>() / n,
            altitude_km: group.iter().map(|fix| fix.altitude_km).sum::<f64>() / n,
            raan_deg: group[0].raan_deg,
        };
        days.push((fix, *marked));
        group.clear();
        *marked = false;
    };
    for (i, fix) in track.fixes.iter().enumerate() {
        let burned = burns.iter().any(|burn| burn.index == i);
        let next_day = group.first().is_some_and(|first| fix.mjd.floor() > first.mjd.floor());
        if burned || next_day {
            flush(&mut group, &mut marked);
        }
        marked |=
            burned || burns.iter().any(|burn| burn.index + 1 == i && burned_late(track, burn));
        group.push(*fix);
    }
    flush(&mut group, &mut marked);
    days
}

/// Whether the first fix after a burn may average across it: in series of one fix a day.
fn burned_late(track: &Track, burn: &Burn) -> bool {
    let fixes = &track.fixes;
    fixes[burn.index].mjd - fixes[burn.index - 1].mjd > 0.7
}

fn dot(a: &Vector, b: &Vector) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn product(matrix: &Matrix, vector: &Vector) -> Vector {
    std::array::from_fn(|i| dot(&matrix[i], vector))
}

/// One drawn future of the drag: what a world's drag does after the estimate.
#[derive(Clone, Debug)]
pub struct DragPath {
    constants: Constants,
    start: Mjd,
    levels: Vec<f64>,
    learned: [f64; N_LEARNED],
}

/// Days between the nodes of a drag path.
const NODE_DAYS: f64 = 5.0;

impl DragPath {
    /// Draws a path of `days` days from the instant of the estimate.
    ///
    /// Draws 0 to 3 are the state now, then two for every node of five days.
    pub fn draw(estimate: &DragEstimate, days: f64, uniforms: &mut dyn FnMut(u32) -> f64) -> Self {
        let mut normal = |number: u32| BAND_WIDENING * math::normal_quantile(uniforms(number));
        let root = cholesky(&estimate.covariance);
        let fresh: Vector = std::array::from_fn(|k| normal(k as u32));
        let state: Vector = std::array::from_fn(|i| estimate.mean[i] + dot(&root[i], &fresh));
        let c = estimate.constants;
        let slow_fade = math::exp(-NODE_DAYS / c.slow_memory_days);
        let fast_fade = math::exp(-NODE_DAYS / c.fast_memory_days);
        let slow_fresh = c.slow_walk * NODE_DAYS.sqrt();
        let fast_fresh = c.fast_spread * (1.0 - fast_fade * fast_fade).sqrt();
        let (mut slow, mut fast) = (state[0], state[1]);
        let nodes = (days / NODE_DAYS) as usize + 2;
        let mut levels = vec![slow + fast];
        for node in 1..nodes as u32 {
            let first = N_STATES as u32 + 2 * (node - 1);
            slow =
                c.ln_drag_mean + slow_fade * (slow - c.ln_drag_mean) + slow_fresh * normal(first);
            fast = fast_fade * fast + fast_fresh * normal(first + 1);
            levels.push(slow + fast);
        }
        let mut learned = [0.0; N_LEARNED];
        learned.copy_from_slice(&state[2..]);
        Self { constants: c, start: estimate.mjd, levels, learned }
    }

    /// Returns the path of the means, without chance.
    pub fn expected(estimate: &DragEstimate, days: f64) -> Self {
        Self::draw(estimate, days, &mut |_| 0.5)
    }

    /// Returns drag area times density scale, m²/kg, under a day's circumstances.
    pub fn at(&self, mjd: Mjd, circumstances: &Circumstances) -> f64 {
        let last = self.levels.len() - 1;
        let position = ((mjd - self.start) / NODE_DAYS).clamp(0.0, last as f64);
        let (node, share) = (position as usize, position - position.floor());
        let level = self.levels[node] * (1.0 - share) + self.levels[(node + 1).min(last)] * share;
        let learned: f64 = self.learned.iter().zip(circumstances.learned).map(|(a, b)| a * b).sum();
        math::exp(level + learned + circumstances.offset(&self.constants))
    }
}

/// Lower triangular root of a covariance; rows without variance become zero.
fn cholesky(matrix: &Matrix) -> Matrix {
    let mut root = [[0.0; N_STATES]; N_STATES];
    for i in 0..N_STATES {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let rest = matrix[i][j] - sum;
            root[i][j] = if i == j {
                rest.max(0.0).sqrt()
            } else if root[j][j] > 1e-12 {
                rest / root[j][j]
            } else {
                0.0
            };
        }
    }
    root
}
