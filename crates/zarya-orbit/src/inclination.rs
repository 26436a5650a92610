//! Decay tables of other inclinations, made when they are asked for.
//!
//! The embedded table is for the orbit of the ISS. What another inclination changes, the air it
//! meets and how that turns against it, is smooth in altitude and Sun: a few hundred direct averages
//! give it, in about half a second.

use crate::air::{SunDay, orbit_mean_rate};
use crate::geometry::ISS_INCLINATION_DEG;
use crate::table::{ALTITUDE_KM, DecayTable, FLUX, N_TERMS, terms};
use std::f64::consts::{PI, TAU};
use zarya_units::math;

/// Chebyshev points in altitude and in the logarithm of the flux.
const N_ALTITUDE: usize = 6;
const N_FLUX: usize = 4;
/// Terms of [`terms`] that the ratio of two inclinations needs: level, flux, Ap, season, and how the
/// season grows with Ap.
const USED: [usize; 15] = [0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 17, 18, 19, 20];
const SAMPLES: usize = 56;
/// Inclinations that differ by less than this share a table, degrees: 0.3 % of the rate.
pub const SAME_DEG: f64 = 0.5;

/// Returns the decay table of an inclination; that of the ISS is copied.
///
/// # Model
///
/// The logarithm of the ratio of the rates at the two inclinations, both averaged by
/// [`orbit_mean_rate`] over eight nodes, is fitted at 6 × 4 points of altitude and 81-day flux with 15
/// terms of the day, spread over the grid and added to the embedded table. Against the direct average
/// the error is that of a test, below 1 %.
///
/// # Panics
///
/// If the inclination is not between 0 and 180 degrees.
pub fn table_at(inclination_deg: f64) -> DecayTable {
    assert!((0.0..=180.0).contains(&inclination_deg), "an inclination, got {inclination_deg}");
    let embedded = DecayTable::embedded();
    if (inclination_deg - ISS_INCLINATION_DEG).abs() < SAME_DEG {
        return embedded.shifted(inclination_deg, &|_, _| [0.0; N_TERMS]);
    }
    let point = |i: usize, n: usize| -math::cos(PI * (i as f64 + 0.5) / n as f64);
    let band = |x: f64, (low, high): (f64, f64)| 0.5 * (low + high) + 0.5 * (high - low) * x;
    let ln_flux = (math::ln(FLUX.0), math::ln(FLUX.1));
    let mut nodes = Vec::with_capacity(N_ALTITUDE * N_FLUX);
    for i in 0..N_ALTITUDE {
        for j in 0..N_FLUX {
            let altitude_km = band(point(i, N_ALTITUDE), ALTITUDE_KM);
            let f107_81 = math::exp(band(point(j, N_FLUX), ln_flux));
            nodes.push(fit(altitude_km, f107_81, inclination_deg));
        }
    }
    embedded.shifted(inclination_deg, &|altitude_share, flux_share| {
        let along_altitude = weights(N_ALTITUDE, 2.0 * altitude_share - 1.0);
        let along_flux = weights(N_FLUX, 2.0 * flux_share - 1.0);
        let mut sum = [0.0; N_TERMS];
        for (i, a) in along_altitude.iter().enumerate() {
            for (j, b) in along_flux.iter().enumerate() {
                let node = &nodes[i * N_FLUX + j];
                for (term, value) in USED.iter().zip(node) {
                    sum[*term] += a * b * value;
                }
            }
        }
        sum
    })
}

/// Returns the mean rate over eight nodes; `turn` sets their phase.
fn rate(altitude_km: f64, inclination_deg: f64, day: u32, sun: SunDay, turn: f64) -> f64 {
    const NODES: usize = 8;
    const POINTS: usize = 18;
    (0..NODES)
        .map(|k| {
            let node = TAU * (k as f64 + turn) / NODES as f64;
            orbit_mean_rate(altitude_km, inclination_deg, node, day, sun, POINTS)
        })
        .sum::<f64>()
}

/// Fits the terms of ln(rate / rate of the ISS) at one altitude and flux.
fn fit(altitude_km: f64, f107_81: f64, inclination_deg: f64) -> [f64; USED.len()] {
    const N: usize = USED.len();
    let mut matrix = [[0.0; N + 1]; N];
    for sample in 0..SAMPLES {
        // Golden-ratio steps in three dimensions fill season, flux and Ap evenly.
        let step = |ratio: f64| ((sample as f64 + 0.5) * ratio).fract();
        let day = 1 + (365.0 * step(0.819_172_513_396_164_4)) as u32;
        let x = -0.3 + 0.8 * step(0.671_043_606_703_789_2);
        let bent = 0.65 * step(0.549_700_477_901_970_1);
        let ap = 60.0 * bent / (1.0 - bent);
        let sun = SunDay { f107: f107_81 * (1.0 + x), f107_81, ap };
        let ratio = math::ln(
            rate(altitude_km, inclination_deg, day, sun, 0.25)
                / rate(altitude_km, ISS_INCLINATION_DEG, day, sun, 0.25),
        );
        let basis = terms(sun, day);
        // Quiet days are most days: they carry the fit.
        let weight = 1.0 / (1.0 + ap / 15.0);
        for i in 0..N {
            for j in 0..N {
                matrix[i][j] += weight * basis[USED[i]] * basis[USED[j]];
            }
            matrix[i][N] += weight * basis[USED[i]] * ratio;
        }
    }
    solve(matrix)
}

/// Solves normal equations by elimination with pivots.
fn solve<const N: usize, const M: usize>(mut matrix: [[f64; M]; N]) -> [f64; N] {
    for i in 0..N {
        let mut pivot = i;
        for row in i + 1..N {
            if matrix[row][i].abs() > matrix[pivot][i].abs() {
                pivot = row;
            }
        }
        matrix.swap(i, pivot);
        let source = matrix[i];
        for (row, cells) in matrix.iter_mut().enumerate() {
            if row != i {
                let factor = cells[i] / source[i];
                cells.iter_mut().zip(source).for_each(|(cell, above)| *cell -= factor * above);
            }
        }
    }
    std::array::from_fn(|i| matrix[i][N] / matrix[i][i])
}

/// Weights of polynomial interpolation from `n` Chebyshev points at `x` between −1 and 1.
fn weights(n: usize, x: f64) -> Vec<f64> {
    let at = |i: usize| -math::cos(PI * (i as f64 + 0.5) / n as f64);
    (0..n)
        .map(|i| {
            let others = (0..n).filter(|&j| j != i);
            others.map(|j| (x - at(j)) / (at(i) - at(j))).product()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cape Canaveral's latitude, the Chinese station and a sun-synchronous orbit, on days and altitudes that are no
    /// points of the fit; the direct average over 16 nodes of 36 points is the truth.
    #[test]
    fn the_table_repeats_the_direct_average_elsewhere() {
        for inclination in [28.5, 41.5, 97.5] {
            let table = table_at(inclination);
            for (altitude, flux, ap, day) in [
                (390.0, 75.0, 4.0, 20),
                (390.0, 180.0, 15.0, 110),
                (450.0, 130.0, 30.0, 200),
                (220.0, 100.0, 8.0, 300),
            ] {
                let sun = SunDay { f107: 1.05 * flux, f107_81: flux, ap };
                let direct = (0..16)
                    .map(|k| {
                        let node = TAU * f64::from(k) / 16.0;
                        orbit_mean_rate(altitude, inclination, node, day, sun, 36)
                    })
                    .sum::<f64>()
                    / 16.0;
                let error = table.rate_km_d(altitude, sun.f107, flux, ap, day) / direct - 1.0;
                eprintln!("{inclination} deg, {altitude} km, flux {flux}: {:.2} %", 100.0 * error);
                assert!(error.abs() < 0.01, "{inclination} {altitude} {flux} {error}");
            }
        }
    }
}
