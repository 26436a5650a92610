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
use crate::sun::SunPath;
use crate::table::DecayTable;
use std::f64::consts::TAU;
use zarya_units::{DAYS_PER_YEAR, Mjd, math};

/// Entries of the filter's state: slow level, fast level, learned responses.
pub const N_STATES: usize = 6;
const N_LEARNED: usize = N_STATES - 2;
const N_FIXED: usize = 7;

type Vector = [f64; N_STATES];
type Matrix = [[f64; N_STATES]; N_STATES];

/// Constants fitted to the reboost-free arcs of the ISS before 2012.
pub mod fitted {
    use super::{N_FIXED, N_LEARNED};

    /// Logarithm of the drag area to which the slow level returns, m²/kg, at density scale 1.
    pub const LN_DRAG_MEAN: f64 = -5.36;
    /// Standard deviation of the slow level where nothing is known.
    pub const SLOW_START: f64 = 0.3;
    /// Random walk of the slow level, per square root of a day.
    pub const SLOW_WALK: f64 = 0.0057;
    /// Days in which the slow level returns to the mean by 1/e.
    pub const SLOW_MEMORY_DAYS: f64 = 2100.0;
    /// Standard deviation of the fast level.
    pub const FAST_SPREAD: f64 = 0.093;
    /// Days in which the fast level fades to 1/e.
    pub const FAST_MEMORY_DAYS: f64 = 50.0;
    /// Scatter of the logarithm of three days' decay.
    pub const BLOCK_SCATTER: f64 = 0.065;
    /// Scatter of a daily mean altitude, km.
    pub const ALTITUDE_SCATTER_KM: f64 = 0.008;
    /// Starting values of the learned responses, their spread, and their walk per root of a day.
    pub const LEARNED_MEAN: [f64; N_LEARNED] = [0.0, -0.05, 0.0, -0.15];
    /// See [`LEARNED_MEAN`].
    pub const LEARNED_SPREAD: [f64; N_LEARNED] = [0.05, 0.05, 0.05, 0.0];
    /// See [`LEARNED_MEAN`].
    pub const LEARNED_WALK: [f64; N_LEARNED] = [0.001, 0.001, 0.001, 0.0];
    /// Fixed responses to: excess flux, bent Ap, bulge, semiannual cosine and sine, altitude, and
    /// altitude times flux.
    pub const FIXED: [f64; N_FIXED] = [-0.03, 0.385, 0.10, 0.0, 0.0, 0.0, 0.0];
}

/// What the responses are to, on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circumstances {
    learned: [f64; N_LEARNED],
    fixed: [f64; N_FIXED],
}

impl Circumstances {
    /// Computes the circumstances of a day from the Sun, the altitude and the node.
    pub fn new(mjd: Mjd, sun: SunDay, altitude_km: f64, raan_deg: f64) -> Self {
        const BETA_UNIT_DEG: f64 = 50.0;
        const BETA_HIGH_DEG: f64 = 40.0;
        const BETA_HIGH_UNIT_DEG: f64 = 30.0;
        let beta = beta_angle_deg(mjd, raan_deg, ISS_INCLINATION_DEG);
        let node = raan_deg.to_radians() - sun_direction(mjd).right_ascension_rad;
        let season = 2.0 * TAU * (mjd - 51_544.0) / DAYS_PER_YEAR;
        let level = math::ln(sun.f107_81 / 100.0);
        let height = (altitude_km - 400.0) / 50.0;
        Self {
            learned: [
                (beta / BETA_UNIT_DEG) * (beta / BETA_UNIT_DEG),
                (beta.abs() - BETA_HIGH_DEG).max(0.0) / BETA_HIGH_UNIT_DEG,
                beta / BETA_UNIT_DEG,
                level,
            ],
            fixed: [
                sun.f107 / sun.f107_81 - 1.0,
                sun.ap / (sun.ap + 60.0) - 0.12,
                math::sin(2.0 * node),
                math::cos(season),
                math::sin(season),
                height,
                height * level,
            ],
        }
    }

    fn offset(&self) -> f64 {
        self.fixed.iter().zip(fitted::FIXED).map(|(value, response)| value * response).sum()
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
    pub fn prior(mjd: Mjd) -> Self {
        let mut mean = [0.0; N_STATES];
        let mut covariance = [[0.0; N_STATES]; N_STATES];
        mean[0] = fitted::LN_DRAG_MEAN;
        covariance[0][0] = fitted::SLOW_START * fitted::SLOW_START;
        covariance[1][1] = fitted::FAST_SPREAD * fitted::FAST_SPREAD;
        for k in 0..N_LEARNED {
            mean[2 + k] = fitted::LEARNED_MEAN[k];
            covariance[2 + k][2 + k] = fitted::LEARNED_SPREAD[k] * fitted::LEARNED_SPREAD[k];
        }
        Self { mjd, mean, covariance, blocks: 0 }
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
        let mean = dot(&design, &self.mean) + circumstances.offset();
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
        self.mjd = mjd;
        let slow = math::exp(-days / fitted::SLOW_MEMORY_DAYS);
        let fast = math::exp(-days / fitted::FAST_MEMORY_DAYS);
        self.mean[0] = fitted::LN_DRAG_MEAN + slow * (self.mean[0] - fitted::LN_DRAG_MEAN);
        self.mean[1] *= fast;
        for (state, fade) in [(0, slow), (1, fast)] {
            for other in 0..N_STATES {
                self.covariance[state][other] *= fade;
                self.covariance[other][state] *= fade;
            }
        }
        self.covariance[0][0] += fitted::SLOW_WALK * fitted::SLOW_WALK * days;
        self.covariance[1][1] += fitted::FAST_SPREAD * fitted::FAST_SPREAD * (1.0 - fast * fast);
        for k in 0..N_LEARNED {
            self.covariance[2 + k][2 + k] +=
                fitted::LEARNED_WALK[k] * fitted::LEARNED_WALK[k] * days;
        }
    }

    /// Takes in a loss of altitude over a block with its exposure-weighted circumstances.
    fn observe(&mut self, loss_km: f64, exposure: f64, design: &Vector, offset: f64) {
        const OUTLIER_SIGMAS: f64 = 3.0;
        let expected = math::exp((dot(design, &self.mean) + offset).min(-2.0)) * exposure;
        let slope: Vector = std::array::from_fn(|k| expected * design[k]);
        let projected = product(&self.covariance, &slope);
        let scatter = expected * fitted::BLOCK_SCATTER;
        let mut noise =
            scatter * scatter + 2.0 * fitted::ALTITUDE_SCATTER_KM * fitted::ALTITUDE_SCATTER_KM;
        let surprise = loss_km - expected;
        let sigmas = surprise.abs() / (dot(&slope, &projected) + noise).sqrt();
        if sigmas > OUTLIER_SIGMAS {
            let excess = sigmas / OUTLIER_SIGMAS;
            noise *= 3.0 * excess * excess;
        }
        let variance = dot(&slope, &projected) + noise;
        let gain: Vector = std::array::from_fn(|k| projected[k] / variance);
        for i in 0..N_STATES {
            self.mean[i] += gain[i] * surprise;
            for j in 0..N_STATES {
                self.covariance[i][j] -= gain[i] * projected[j];
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

/// Estimates the drag from a track and the burns found in it; nothing after the last fix enters.
///
/// # Errors
///
/// [`OrbitError::NoObservation`] where the observed Sun does not cover the track,
/// [`OrbitError::TooFewRows`] when no three days without a burn are left.
pub fn estimate(track: &Track, burns: &[Burn]) -> Result<DragEstimate, OrbitError> {
    let fixes = daily(track, burns);
    let (first, last) = (fixes[0].0.mjd, fixes[fixes.len() - 1].0.mjd);
    // The last days' 81-day means are centered on days after the track; those the caller may not
    // know are completed by the path below.
    let sun = SunPath::known(first, (last - first.floor()) as usize + 1)?;
    let table = DecayTable::embedded();
    let day = |i: usize| {
        let fix = fixes[i].0;
        let sun = sun.at(fix.mjd);
        let terms = table.day_terms(sun, day_of_year(fix.mjd));
        let raan = fix.raan_deg.unwrap_or_else(|| iss_raan_deg(fix.mjd, fix.altitude_km));
        let circumstances = Circumstances::new(fix.mjd, sun, fix.altitude_km, raan);
        (table.rate_at(fix.altitude_km, &terms), circumstances)
    };
    let days: Vec<(f64, Circumstances)> = (0..fixes.len()).map(day).collect();
    let mut estimate = DragEstimate::prior(first);
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
        if !whole {
            from = end;
            continue;
        }
        let (mut exposure, mut design, mut offset) = (0.0, [0.0; N_STATES], 0.0);
        for i in from..end {
            let width = fixes[i + 1].0.mjd - fixes[i].0.mjd;
            let weight = 0.5 * (days[i].0 + days[i + 1].0) * width;
            exposure += weight;
            for (sum, value) in design.iter_mut().zip(days[i].1.design()) {
                *sum += weight * value;
            }
            offset += weight * days[i].1.offset();
        }
        design.iter_mut().for_each(|value| *value /= exposure);
        let middle = 0.5 * (fixes[from].0.mjd + fixes[end].0.mjd);
        estimate.advance(middle);
        let loss = fixes[from].0.altitude_km - fixes[end].0.altitude_km;
        estimate.observe(loss, exposure, &design, offset / exposure);
        from = end;
    }
    if estimate.blocks == 0 {
        return Err(OrbitError::TooFewRows {
            rows: fixes.len(),
            needed: 4,
            purpose: "on consecutive days without a burn to estimate the drag",
        });
    }
    estimate.advance(last);
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
    start: Mjd,
    levels: Vec<f64>,
    learned: [f64; N_LEARNED],
}

/// Days between the nodes of a drag path.
const NODE_DAYS: f64 = 5.0;

impl DragPath {
    /// Draws a path of `days` days from the instant of the estimate.
    ///
    /// Draws 0 to 5 are the state now, then two for every node of five days.
    pub fn draw(estimate: &DragEstimate, days: f64, uniforms: &mut dyn FnMut(u32) -> f64) -> Self {
        let mut normal = |number: u32| math::normal_quantile(uniforms(number));
        let root = cholesky(&estimate.covariance);
        let fresh: Vector = std::array::from_fn(|k| normal(k as u32));
        let state: Vector = std::array::from_fn(|i| estimate.mean[i] + dot(&root[i], &fresh));
        let slow_fade = math::exp(-NODE_DAYS / fitted::SLOW_MEMORY_DAYS);
        let fast_fade = math::exp(-NODE_DAYS / fitted::FAST_MEMORY_DAYS);
        let slow_fresh = fitted::SLOW_WALK * NODE_DAYS.sqrt();
        let fast_fresh = fitted::FAST_SPREAD * (1.0 - fast_fade * fast_fade).sqrt();
        let (mut slow, mut fast) = (state[0], state[1]);
        let nodes = (days / NODE_DAYS) as usize + 2;
        let mut levels = vec![slow + fast];
        for node in 1..nodes as u32 {
            let first = N_STATES as u32 + 2 * (node - 1);
            slow = fitted::LN_DRAG_MEAN
                + slow_fade * (slow - fitted::LN_DRAG_MEAN)
                + slow_fresh * normal(first);
            fast = fast_fade * fast + fast_fresh * normal(first + 1);
            levels.push(slow + fast);
        }
        let mut learned = [0.0; N_LEARNED];
        learned.copy_from_slice(&state[2..]);
        Self { start: estimate.mjd, levels, learned }
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
        math::exp(level + learned + circumstances.offset())
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
