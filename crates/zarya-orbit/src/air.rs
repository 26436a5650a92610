//! Air drag of a circular orbit, averaged over revolutions.
//!
//! This is the direct evaluation: dozens of calls of a density model for one rate. Programs use
//! [`crate::table::DecayTable`], which was generated from it with NRLMSISE-00; tests compare the two.

use crate::geometry::{
    EARTH_FLATTENING, EARTH_GM_KM3_S2, EARTH_J2, EARTH_RADIUS_KM, EARTH_ROTATION_RAD_S,
    sun_direction,
};
use nrlmsise00::{Input, MagneticActivity, Model};
use std::f64::consts::TAU;
use zarya_units::{Mjd, SECONDS_PER_DAY, math};

/// What the density model wants to know of the Sun for one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunDay {
    /// F10.7 of the previous day, solar flux units, at the Earth's distance.
    pub f107: f64,
    /// F10.7 averaged over 81 days centered on the day.
    pub f107_81: f64,
    /// Daily mean Ap.
    pub ap: f64,
}

/// Mean eccentricity in the public element history of the ISS, 1999 to 2024.
const MEAN_ECCENTRICITY: f64 = 0.000_7;

/// A point of a revolution at which a density is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Height above the ellipsoid, km.
    pub height_km: f64,
    /// Geocentric latitude, radians.
    pub latitude_rad: f64,
    /// Angle east of the Sun's meridian, radians, in no particular turn.
    pub hour_angle_rad: f64,
    /// Universal time, hours from 0 to 24.
    pub universal_h: f64,
}

/// Returns the loss of mean altitude in km per day for one m²/kg of drag area `Cd A / m`, from a
/// density in kg/m³ at points along the orbit.
///
/// Positive means sinking. `node_rad` is the right ascension of the node minus that of the Sun.
///
/// # Model
///
/// The drag acceleration `½ ρ (Cd A / m) |w| w` takes energy from the orbit at the rate
/// `½ ρ (Cd A / m) |w| (w · v)`, so that `da/dt = −(Cd A / m) ρ |w| (w · v) a²/μ`, averaged over `n_points` equal steps of the argument
/// of latitude; `w` is the velocity against air that turns with the Earth. The radius follows the
/// first-order J2 short-period terms of a circular orbit, the height is above the ellipsoid.
/// Universal time is spread over the points, because a revolution meets every longitude in a day.
/// An eccentricity of 0.0007, the mean of the station's history, adds about 0.2 % at 410 km.
/// Left out: winds (a few percent locally, mostly averaging out over a revolution).
///
/// # Source
///
/// Short-period terms: F. R. Hoots and R. L. Roehrich, Spacetrack Report No. 3 (1980), with zero
/// eccentricity.
pub fn orbit_mean(
    altitude_km: f64,
    inclination_deg: f64,
    node_rad: f64,
    n_points: usize,
    density_kg_m3: impl Fn(Point) -> f64,
) -> f64 {
    const METERS_PER_KM: f64 = 1000.0;
    let a = EARTH_RADIUS_KM + altitude_km;
    let (sin_i, cos_i) = {
        let i = inclination_deg.to_radians();
        (math::sin(i), math::cos(i))
    };
    let half_j2 = 0.5 * EARTH_J2 * EARTH_RADIUS_KM * EARTH_RADIUS_KM / (a * a);
    let mut sum = 0.0;
    for point in 0..n_points {
        let u = TAU * (point as f64 + 0.5) / n_points as f64;
        let (sin_u, cos_u) = (math::sin(u), math::cos(u));
        // The perigee moves around a few times a year: spread over the points like the time.
        let perigee = TAU * (point as f64 * 0.754_877_666_246_693).fract();
        let radius = a * (1.0 - 1.5 * half_j2 * (3.0 * cos_i * cos_i - 1.0))
            + 0.5 * a * half_j2 * sin_i * sin_i * (cos_u * cos_u - sin_u * sin_u)
            - a * MEAN_ECCENTRICITY * math::cos(u - perigee);
        let sin_latitude = sin_i * sin_u;
        let ground = EARTH_RADIUS_KM * (1.0 - EARTH_FLATTENING * sin_latitude * sin_latitude);
        let density = density_kg_m3(Point {
            height_km: radius - ground,
            latitude_rad: math::asin(sin_latitude),
            hour_angle_rad: node_rad + math::atan2(cos_i * sin_u, cos_u),
            // Golden-ratio steps spread universal time evenly, whatever the number of points.
            universal_h: 24.0 * (point as f64 * 0.618_033_988_749_895).fract(),
        });
        let speed = (EARTH_GM_KM3_S2 / radius).sqrt();
        let eastward = EARTH_ROTATION_RAD_S * radius;
        let along = speed * speed - speed * eastward * cos_i;
        let cos2_latitude = 1.0 - sin_latitude * sin_latitude;
        let relative = (speed * speed - 2.0 * speed * eastward * cos_i
            + eastward * eastward * cos2_latitude)
            .sqrt();
        sum += density * METERS_PER_KM * relative * along;
    }
    sum / n_points as f64 * a * a / EARTH_GM_KM3_S2 * SECONDS_PER_DAY
}

/// Returns [`orbit_mean`] with the density of NRLMSISE-00 on one day.
///
/// # Source
///
/// NRLMSISE-00 with anomalous oxygen (`gtd7d`), J. M. Picone, A. E. Hedin, D. P. Drob and
/// A. C. Aikin, J. Geophys. Res. 107 (A12), 1468 (2002).
pub fn orbit_mean_rate(
    altitude_km: f64,
    inclination_deg: f64,
    node_rad: f64,
    declination_day: u32,
    sun: SunDay,
    n_points: usize,
) -> f64 {
    let model = Model::new();
    orbit_mean(altitude_km, inclination_deg, node_rad, n_points, |point| {
        let latitude = point.latitude_rad;
        let geodetic = latitude + EARTH_FLATTENING * math::sin(2.0 * latitude);
        let local_time_h = (12.0 + point.hour_angle_rad / TAU * 24.0).rem_euclid(24.0);
        let longitude = (local_time_h - point.universal_h) * 15.0;
        let air = model.gtd7d::<f64>(&Input {
            day_of_year: declination_day as i32,
            seconds_of_day: point.universal_h * 3600.0,
            altitude_km: point.height_km,
            latitude_deg: geodetic.to_degrees(),
            longitude_deg: (longitude + 540.0).rem_euclid(360.0) - 180.0,
            local_solar_time_h: local_time_h,
            f107_average: sun.f107_81,
            f107: sun.f107,
            magnetic: MagneticActivity::Daily { ap: sun.ap },
        });
        air.total_mass
    })
}

/// Returns the angle from the Sun's right ascension to the node, radians.
pub fn node_from_sun_rad(mjd: Mjd, raan_deg: f64) -> f64 {
    raan_deg.to_radians() - sun_direction(mjd).right_ascension_rad
}
