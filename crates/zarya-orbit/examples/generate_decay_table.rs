//! Writes the coefficients of the decay table (`data/decay-table.csv`) from NRLMSISE-00.
//!
//! `cargo run --release -p zarya-orbit --example generate_decay_table > data/decay-table.csv`
#![allow(clippy::print_stdout, reason = "a generator's output")]
use std::f64::consts::{PI, TAU};
use zarya_orbit::air::{SunDay, orbit_mean_rate};
use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::table::{ALTITUDE_KM, FLUX, N_ALTITUDE, N_FLUX, N_TERMS, terms};
use zarya_units::math;

/// Chebyshev points of `n` nodes on a band.
fn nodes(n: usize, low: f64, high: f64) -> Vec<f64> {
    (0..n)
        .map(|i| {
            let x = -math::cos(PI * (i as f64 + 0.5) / n as f64);
            0.5 * (low + high) + 0.5 * (high - low) * x
        })
        .collect()
}

fn rate_over_nodes(altitude_km: f64, day: u32, sun: SunDay) -> f64 {
    const N_NODES: usize = 8;
    (0..N_NODES)
        .map(|k| {
            let node = TAU * (k as f64 + 0.25) / N_NODES as f64;
            orbit_mean_rate(altitude_km, ISS_INCLINATION_DEG, node, day, sun, 24)
        })
        .sum::<f64>()
        / N_NODES as f64
}

fn main() {
    println!(
        "# source: NRLMSISE-00 averaged over circular orbits at 51.64 deg, by this crate's example generate_decay_table"
    );
    println!("# license: MIT OR Apache-2.0 (numbers computed here)");
    println!(
        "# columns: altitude_km, f107_81, then the coefficients of ln(km/d per m2/kg) in the order of `table::terms`"
    );
    let mut worst: f64 = 0.0;
    let (mut square, mut count) = (0.0, 0.0);
    for &altitude_km in &nodes(N_ALTITUDE, ALTITUDE_KM.0, ALTITUDE_KM.1) {
        for &ln_flux in &nodes(N_FLUX, math::ln(FLUX.0), math::ln(FLUX.1)) {
            let f107_81 = math::exp(ln_flux);
            let mut samples = Vec::new();
            for month in 0..12 {
                let day = 15 + month * 30;
                for x in [-0.35, -0.12, 0.0, 0.12, 0.35, 0.7] {
                    for ap in [0.0, 4.0, 10.0, 20.0, 35.0, 60.0, 110.0] {
                        let sun = SunDay { f107: f107_81 * (1.0 + x), f107_81, ap };
                        let rate = rate_over_nodes(altitude_km, day, sun);
                        // Quiet days are most days: they carry the fit.
                        let weight = 1.0 / (1.0 + ap / 15.0) / (1.0 + 3.0 * f64::abs(x));
                        samples.push((terms(sun, day), math::ln(rate), weight));
                    }
                }
            }
            let coefficients = least_squares(&samples);
            for (basis, value, weight) in &samples {
                let fit: f64 = basis.iter().zip(&coefficients).map(|(b, c)| b * c).sum();
                let error = (fit - value).abs();
                if *weight > 0.3 {
                    worst = worst.max(error);
                }
                square += error * error * weight;
                count += weight;
            }
            let text: Vec<String> = coefficients.iter().map(|c| format!("{c:.7}")).collect();
            println!("{altitude_km:.6},{f107_81:.6},{}", text.join(","));
        }
    }
    eprintln!("rms {:.5} worst of the usual days {worst:.5}", (square / count).sqrt());
}

fn least_squares(samples: &[([f64; N_TERMS], f64, f64)]) -> Vec<f64> {
    let mut matrix = vec![vec![0.0; N_TERMS + 1]; N_TERMS];
    for (basis, value, weight) in samples {
        for i in 0..N_TERMS {
            for j in 0..N_TERMS {
                matrix[i][j] += weight * basis[i] * basis[j];
            }
            matrix[i][N_TERMS] += weight * basis[i] * value;
        }
    }
    for i in 0..N_TERMS {
        let pivot = (i..N_TERMS)
            .max_by(|&a, &b| matrix[a][i].abs().total_cmp(&matrix[b][i].abs()))
            .expect("a row");
        matrix.swap(i, pivot);
        for row in 0..N_TERMS {
            if row != i {
                let factor = matrix[row][i] / matrix[i][i];
                let source = matrix[i].clone();
                for (cell, above) in matrix[row].iter_mut().zip(&source) {
                    *cell -= factor * above;
                }
            }
        }
    }
    (0..N_TERMS).map(|i| matrix[i][N_TERMS] / matrix[i][i]).collect()
}
