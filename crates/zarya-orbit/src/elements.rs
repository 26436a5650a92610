//! One set of mean elements, from whatever notation, and the mean altitude it means.

use crate::geometry::EARTH_RADIUS_KM;
use crate::identity::Identity;
use crate::reading::{Reading, Record};
use crate::track::{Fix, PLAUSIBLE_KM, Remark, Row};
use std::f64::consts::TAU;
use zarya_units::{Date, Mjd, math};

const MINUTES_PER_DAY: f64 = 1440.0;
/// The constants that SGP4 was fitted with (WGS-72): the radius in km, `J2`, and the square root of GM in
/// radii^1.5 per minute.
const SGP4_RADIUS_KM: f64 = 6378.135;
const SGP4_J2: f64 = 0.001_082_616;
const SGP4_GM_KM3_S2: f64 = 398_600.8;

/// How large an orbit is, as its publisher says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Size {
    /// Mean motion after Kozai, revolutions a day: what two-line sets and OMM of SGP4 publish.
    Kozai(f64),
    /// Mean motion after Brouwer, revolutions a day: that of SGP4-XP.
    Brouwer(f64),
    /// Mean semi-major axis in km, of another theory than SGP4.
    Axis(f64),
}

/// One element set, reduced to what decay needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Set {
    pub(crate) object: Identity,
    pub(crate) mjd: Mjd,
    pub(crate) size: Size,
    pub(crate) eccentricity: f64,
    pub(crate) inclination_deg: f64,
    pub(crate) raan_deg: f64,
}

/// Adds a set to what a text came to; one whose orbit is none is left out with a remark.
pub(crate) fn add(reading: &mut Reading, set: Set) {
    match fix(&set) {
        Ok(fix) => reading.records.push(Record {
            object: set.object,
            row: Row { fix, inclination_deg: Some(set.inclination_deg) },
        }),
        Err(why) => reading.unusable(set.object, Remark::bad(Some(set.mjd), why)),
    }
}

fn fix(set: &Set) -> Result<Fix, String> {
    let unusable = |why: String| {
        let date = Date::from_mjd(set.mjd);
        format!("the element set of {date} cannot be used: {why}")
    };
    if !(0.0..0.2).contains(&set.eccentricity) {
        return Err(unusable(format!(
            "an eccentricity of {:?} is no near-circular orbit",
            set.eccentricity
        )));
    }
    if !(0.0..=180.0).contains(&set.inclination_deg) || set.raan_deg.abs() > 360.0 {
        return Err(unusable(format!(
            "an inclination of {:?} and a node of {:?} degrees are none",
            set.inclination_deg, set.raan_deg
        )));
    }
    let axis_km = match set.size {
        Size::Axis(axis_km) => axis_km,
        // Debug writes what is far out of range with an exponent.
        Size::Kozai(rev_d) | Size::Brouwer(rev_d) if !(1.0..20.0).contains(&rev_d) => {
            let why = format!("a mean motion of {rev_d:?} revolutions a day is no low orbit");
            return Err(unusable(why));
        }
        Size::Kozai(rev_d) => brouwer_axis_km(rev_d, set.eccentricity, set.inclination_deg),
        Size::Brouwer(rev_d) => axis_km(rev_d),
    };
    let altitude_km = axis_km - EARTH_RADIUS_KM;
    if !PLAUSIBLE_KM.contains(&altitude_km) {
        let shown_km =
            if altitude_km.abs() < 1e9 { (altitude_km * 10.0).round() / 10.0 } else { altitude_km };
        return Err(unusable(format!(
            "its mean altitude is {shown_km:?} km: decayed, or not a low orbit"
        )));
    }
    Ok(Fix { mjd: set.mjd, altitude_km, raan_deg: Some(set.raan_deg) })
}

/// The square root of GM in the units of SGP4.
fn ke() -> f64 {
    const SECONDS_PER_MINUTE: f64 = 60.0;
    SECONDS_PER_MINUTE / (SGP4_RADIUS_KM * SGP4_RADIUS_KM * SGP4_RADIUS_KM / SGP4_GM_KM3_S2).sqrt()
}

fn radians_per_minute(rev_d: f64) -> f64 {
    rev_d * TAU / MINUTES_PER_DAY
}

/// Kepler's third law with the constants of SGP4.
fn axis_km(rev_d: f64) -> f64 {
    math::pow(ke() / radians_per_minute(rev_d), 2.0 / 3.0) * SGP4_RADIUS_KM
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
    let cos_i = math::cos(inclination_deg.to_radians());
    let flat = 1.0 - eccentricity * eccentricity;
    let p = 0.75 * SGP4_J2 * (3.0 * cos_i * cos_i - 1.0) / (flat * flat.sqrt());
    let a1 = math::pow(ke() / radians_per_minute(rev_d), 2.0 / 3.0);
    let d1 = p / (a1 * a1);
    let a0 = a1 * (1.0 - d1 / 3.0 - d1 * d1 - 134.0 / 81.0 * d1 * d1 * d1);
    axis_km(rev_d / (1.0 + p / (a0 * a0)))
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
}
