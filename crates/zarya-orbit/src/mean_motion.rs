//! Mean motions as element sets publish them, and the mean semi-major axes they mean, with the constants of SGP4.

use std::f64::consts::TAU;
use zarya_units::math;

const MINUTES_PER_DAY: f64 = 1440.0;
/// The constants that SGP4 was fitted with (WGS-72): the radius in km, `J2`, and the square root of GM in
/// radii^1.5 per minute.
pub(crate) const SGP4_RADIUS_KM: f64 = 6378.135;
const SGP4_J2: f64 = 0.001_082_616;
const SGP4_GM_KM3_S2: f64 = 398_600.8;

/// The square root of GM in the units of SGP4.
fn ke() -> f64 {
    const SECONDS_PER_MINUTE: f64 = 60.0;
    SECONDS_PER_MINUTE / (SGP4_RADIUS_KM * SGP4_RADIUS_KM * SGP4_RADIUS_KM / SGP4_GM_KM3_S2).sqrt()
}

fn radians_per_minute(rev_d: f64) -> f64 {
    rev_d * TAU / MINUTES_PER_DAY
}

/// Kepler's third law with the constants of SGP4.
pub(crate) fn axis_km(rev_d: f64) -> f64 {
    math::pow(ke() / radians_per_minute(rev_d), 2.0 / 3.0) * SGP4_RADIUS_KM
}

/// Its inverse: revolutions a day on a mean axis.
fn rev_d(axis_km: f64) -> f64 {
    ke() / math::pow(axis_km / SGP4_RADIUS_KM, 1.5) * MINUTES_PER_DAY / TAU
}

/// Returns the mean semi-major axis after Brouwer for a mean motion after Kozai.
///
/// # Model
///
/// SGP4's first step: with `p = 3/4 J2 (3 cos² i − 1) / (1 − e²)^(3/2)`, `a1 = (ke/n)^(2/3)` and `d1 = p / a1²`,
/// `n0 = n / (1 + p / a0²)` for `a0 = a1 (1 − d1/3 − d1² − 134/81 d1³)`, and `(ke/n0)^(2/3)` radii.
///
/// # Source
///
/// Hoots and Roehrich, Spacetrack Report 3 (1980), section 6; a test compares with another program.
pub(crate) fn brouwer_axis_km(rev_d: f64, eccentricity: f64, inclination_deg: f64) -> f64 {
    axis_km(rev_d / (1.0 + shift(rev_d, eccentricity, inclination_deg)))
}

/// Returns the mean motion after Kozai, revolutions a day, of a mean semi-major axis after Brouwer.
///
/// # Model
///
/// The inverse of [`brouwer_axis_km`]: `n = n0 (1 + p / a0²)`, whose `a0` depends on `n` weakly. Repeated from `n0` until
/// it stays, each step leaves less than a hundredth of the error.
pub(crate) fn kozai_rev_d(axis_km: f64, eccentricity: f64, inclination_deg: f64) -> f64 {
    const STEPS_MAX: usize = 20;
    let brouwer = rev_d(axis_km);
    let mut kozai = brouwer;
    for _ in 0..STEPS_MAX {
        let next = brouwer * (1.0 + shift(kozai, eccentricity, inclination_deg));
        if next == kozai {
            break;
        }
        kozai = next;
    }
    kozai
}

/// How much faster a mean motion after Kozai is than one after Brouwer, as a share.
fn shift(rev_d: f64, eccentricity: f64, inclination_deg: f64) -> f64 {
    let cos_i = math::cos(inclination_deg.to_radians());
    let flat = 1.0 - eccentricity * eccentricity;
    let p = 0.75 * SGP4_J2 * (3.0 * cos_i * cos_i - 1.0) / (flat * flat.sqrt());
    let a1 = math::pow(ke() / radians_per_minute(rev_d), 2.0 / 3.0);
    let d1 = p / (a1 * a1);
    let a0 = a1 * (1.0 - d1 / 3.0 - d1 * d1 - 134.0 / 81.0 * d1 * d1 * d1);
    p / (a0 * a0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The `sgp4` crate, a port of CelesTrak's program, takes the same step with the system's functions.
    #[test]
    fn the_step_to_brouwers_axis_is_that_of_another_program() {
        for rev_d in [11.5, 15.492_460_91, 16.9] {
            for (eccentricity, inclination_deg) in [(0.0, 0.0), (0.000_115, 51.64), (0.19, 97.8)] {
                let orbit = sgp4::Orbit::from_kozai_elements(
                    &sgp4::WGS72,
                    f64::to_radians(inclination_deg),
                    0.0,
                    eccentricity,
                    0.0,
                    0.0,
                    radians_per_minute(rev_d),
                )
                .unwrap();
                let wanted = math::pow(sgp4::WGS72.ke / orbit.mean_motion, 2.0 / 3.0);
                let got = brouwer_axis_km(rev_d, eccentricity, inclination_deg);
                // A thousandth of a millimeter: rounding.
                assert!((got - wanted * sgp4::WGS72.ae).abs() < 1e-9, "{got} {wanted}");
            }
        }
    }

    #[test]
    fn the_way_back_to_kozais_mean_motion_ends_where_it_began() {
        for rev_d in [1.002, 11.5, 15.492_460_91, 16.9] {
            for (eccentricity, inclination_deg) in
                [(0.0, 0.0), (0.000_115, 51.64), (0.19, 97.8), (0.7, 63.4)]
            {
                let axis_km = brouwer_axis_km(rev_d, eccentricity, inclination_deg);
                let back = kozai_rev_d(axis_km, eccentricity, inclination_deg);
                // A few roundings of a number near 16.
                assert!((back - rev_d).abs() < 2e-14, "{back} {rev_d}");
            }
        }
    }
}
