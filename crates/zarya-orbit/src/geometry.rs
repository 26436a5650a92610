//! The Earth, the plane of a circular orbit, and where the Sun stands against it.
//!
//! Mean altitude throughout this crate is the Brouwer mean semi-major axis (what SGP4 carries)
//! minus the equatorial radius, 6378.137 km: the convention of the public altitude series.

use std::f64::consts::{PI, TAU};
use zarya_units::{Mjd, SECONDS_PER_DAY, math};

/// Equatorial radius of the Earth, km (WGS 84).
pub const EARTH_RADIUS_KM: f64 = 6378.137;
/// Gravitational parameter of the Earth, km³/s² (WGS 84 / EGM96).
pub const EARTH_GM_KM3_S2: f64 = 398_600.441_8;
/// Second zonal harmonic of the Earth (EGM96, unnormalized).
pub const EARTH_J2: f64 = 1.082_626_68e-3;
/// Flattening of the Earth (WGS 84).
pub const EARTH_FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Rotation of the Earth, rad/s (WGS 84).
pub const EARTH_ROTATION_RAD_S: f64 = 7.292_115e-5;
/// Inclination of the International Space Station, degrees; the embedded tables are for this one.
pub const ISS_INCLINATION_DEG: f64 = 51.64;
/// Obliquity of the ecliptic at J2000, degrees.
const OBLIQUITY_DEG: f64 = 23.439_29;
const MJD_J2000: f64 = 51_544.5;

/// Returns the orbital period in minutes of a circular orbit at the mean altitude.
pub fn period_minutes(altitude_km: f64) -> f64 {
    const SECONDS_PER_MINUTE: f64 = 60.0;
    TAU / mean_motion_rad_s(altitude_km) / SECONDS_PER_MINUTE
}

/// Returns the drift of the ascending node in degrees per day; negative is westward.
///
/// # Model
///
/// First-order J2 secular rate of a circular orbit, `−(3/2) n J2 (Re/a)² cos i`. J4 and the Moon
/// and Sun change it by about 0.1 %.
pub fn nodal_precession_deg_d(altitude_km: f64, inclination_deg: f64) -> f64 {
    let ratio = EARTH_RADIUS_KM / (EARTH_RADIUS_KM + altitude_km);
    let rate = -1.5
        * mean_motion_rad_s(altitude_km)
        * EARTH_J2
        * ratio
        * ratio
        * math::cos(inclination_deg.to_radians());
    (rate * SECONDS_PER_DAY).to_degrees()
}

/// Where the Sun stands, equatorial coordinates of date, radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunDirection {
    /// Right ascension, −π to π.
    pub right_ascension_rad: f64,
    /// Declination.
    pub declination_rad: f64,
}

/// Returns the direction of the Sun.
///
/// # Model
///
/// The low-precision formula of the Astronomical Almanac: mean longitude, mean anomaly and two
/// terms of the equation of the center; good to about 0.01° between 1950 and 2050.
pub fn sun_direction(mjd: Mjd) -> SunDirection {
    let days = mjd - MJD_J2000;
    let mean_longitude_deg = 280.460 + 0.985_647_4 * days;
    let anomaly = (357.528 + 0.985_600_3 * days).to_radians();
    let longitude =
        (mean_longitude_deg + 1.915 * math::sin(anomaly) + 0.020 * math::sin(2.0 * anomaly))
            .to_radians();
    let obliquity = OBLIQUITY_DEG.to_radians();
    SunDirection {
        right_ascension_rad: math::atan2(
            math::cos(obliquity) * math::sin(longitude),
            math::cos(longitude),
        ),
        declination_rad: math::asin(math::sin(obliquity) * math::sin(longitude)),
    }
}

/// Returns the beta angle in degrees: how far the Sun stands from the orbit plane.
///
/// Positive when the Sun is on the side of the orbit's angular momentum.
pub fn beta_angle_deg(mjd: Mjd, raan_deg: f64, inclination_deg: f64) -> f64 {
    let sun = sun_direction(mjd);
    let inclination = inclination_deg.to_radians();
    let node = raan_deg.to_radians() - sun.right_ascension_rad;
    let sine = math::cos(inclination) * math::sin(sun.declination_rad)
        + math::sin(inclination) * math::cos(sun.declination_rad) * math::sin(node);
    math::asin(sine.clamp(-1.0, 1.0)).to_degrees()
}

/// Returns the share of a circular orbit spent in the Earth's shadow, 0 to about 0.4.
///
/// # Model
///
/// A cylinder of the Earth's equatorial radius: the half angle `η` of the shadowed arc has
/// `cos η = √(h² + 2 Re h) / ((Re + h) cos β)`. Penumbra (about 8 s a pass at 400 km) is left out.
pub fn eclipse_fraction(altitude_km: f64, beta_deg: f64) -> f64 {
    let radius_km = EARTH_RADIUS_KM + altitude_km;
    let horizon = (altitude_km * (altitude_km + 2.0 * EARTH_RADIUS_KM)).sqrt() / radius_km;
    let cosine = math::cos(beta_deg.to_radians());
    if cosine <= horizon {
        return 0.0;
    }
    math::acos(horizon / cosine) / PI
}

/// Returns the mean motion in rad/s of a circular orbit at the mean altitude.
pub fn mean_motion_rad_s(altitude_km: f64) -> f64 {
    let a = EARTH_RADIUS_KM + altitude_km;
    (EARTH_GM_KM3_S2 / (a * a * a)).sqrt()
}

/// Returns the day of the year, 1 to 366, on which the instant lies.
pub fn day_of_year(mjd: Mjd) -> u32 {
    // Gregorian civil-from-days, on the March-based era calendar; no allocation, so that a
    // simulation may call it for every day of every history.
    let z = mjd.floor() as i64 + 678_881;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let year = era * 400 + year_of_era + i64::from(from_march >= 306);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let day =
        if from_march >= 306 { from_march - 306 + 1 } else { from_march + 60 + i64::from(leap) };
    day as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya_units::Date;

    #[test]
    fn day_of_year_is_the_calendars() {
        for mjd in 50_000..63_000 {
            let mjd = f64::from(mjd);
            assert_eq!(day_of_year(mjd), Date::from_mjd(mjd).day_of_year() as u32, "{mjd}");
        }
    }

    /// Equinox and solstices of 2020 (UTC, published): 03-20 03:50, 06-20 21:44, 09-22 13:31.
    #[test]
    fn the_sun_keeps_its_seasons() {
        let day = |text: &str, hour: f64| Date::parse(text).unwrap().mjd() + hour / 24.0;
        let declination = |mjd| sun_direction(mjd).declination_rad.to_degrees();
        assert!(declination(day("2020-03-20", 3.83)).abs() < 0.01);
        assert!((declination(day("2020-06-20", 21.73)) - 23.437).abs() < 0.01);
        assert!(declination(day("2020-09-22", 13.52)).abs() < 0.01);
    }

    /// The published node drift of the station is about −5.0 degrees a day at 410 km, and its
    /// longest eclipse about 36 minutes of 92.6; full Sun begins near a beta of 70 degrees.
    #[test]
    fn node_and_eclipse_are_the_stations() {
        let drift = nodal_precession_deg_d(415.0, 51.64);
        assert!((-5.05..-4.9).contains(&drift), "{drift}");
        let night = eclipse_fraction(415.0, 0.0) * period_minutes(415.0);
        assert!((35.5..36.5).contains(&night), "{night}");
        assert_eq!(eclipse_fraction(415.0, 71.0), 0.0);
        assert!(eclipse_fraction(415.0, 68.0) > 0.0);
    }

    #[test]
    fn beta_stays_within_inclination_and_obliquity() {
        let most = (0..3_600)
            .map(|i| beta_angle_deg(58_849.0 + f64::from(i) * 0.1, f64::from(i), 51.64).abs())
            .fold(0.0, f64::max);
        assert!((70.0..75.1).contains(&most), "{most}");
    }
}
