//! Loss of altitude in a span without the table: NRLMSISE-00 called along the orbit in real time.
//!
//! `cargo run --release -p zarya-orbit --example direct_decay -- FROM ALTITUDE_KM M2_KG DAYS`
//!
//! Shows what each choice of drivers and of eccentricity is worth: daily Ap or its three-hourly
//! history, flux bursts as published or guarded, and the eccentricity vector with which the orbit
//! starts (it turns about the frozen point of J2 and J3). Results: `docs/benchmarks-orbit.md`.
#![allow(clippy::print_stdout, reason = "a study's output")]

use nrlmsise00::drivers::Drivers;
use nrlmsise00::{Input, MagneticActivity, Model};
use zarya_orbit::decay::decay_daily;
use zarya_orbit::geometry::{
    EARTH_FLATTENING, EARTH_GM_KM3_S2, EARTH_J2, EARTH_RADIUS_KM, EARTH_ROTATION_RAD_S,
    ISS_INCLINATION_DEG, day_of_year, mean_motion_rad_s, nodal_precession_deg_d,
};
use zarya_orbit::{DecayTable, SunPath};
use zarya_units::{Date, SECONDS_PER_DAY, math};

/// The frozen eccentricity of J2 and J3, `−J3 / (2 J2) (Re / a) sin i`, near 410 km and 51.64°.
const FROZEN: f64 = 0.000_87;

#[derive(Clone, Copy)]
struct Choice {
    history: bool,
    guarded: bool,
    /// Mean eccentricity vector at the start: towards the node, and 90° from it.
    start: (f64, f64),
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let from = Date::parse(&arguments[0]).expect("a date").mjd();
    let number = |i: usize| arguments[i].parse::<f64>().expect("a number");
    let (altitude, drag, days) = (number(1), number(2), number(3));
    let sun = SunPath::observed(from, days as usize).expect("observed");
    let (_, table) =
        decay_daily(DecayTable::embedded(), altitude, drag, from, days as usize, &sun, |_| 1.0);
    let loss_table = altitude - table.altitude_km;
    println!("table, daily steps: {loss_table:.3} km");
    let frozen = (0.0, FROZEN);
    let circular = (-0.000_9, 0.0);
    for (name, choice) in [
        ("daily Ap, guarded, frozen", Choice { history: false, guarded: true, start: frozen }),
        (
            "three-hourly Ap, guarded, frozen",
            Choice { history: true, guarded: true, start: frozen },
        ),
        ("daily Ap, bursts, frozen", Choice { history: false, guarded: false, start: frozen }),
        (
            "daily Ap, guarded, osculating circle",
            Choice { history: false, guarded: true, start: circular },
        ),
        (
            "three-hourly Ap, bursts, osculating circle",
            Choice { history: true, guarded: false, start: circular },
        ),
    ] {
        let loss = altitude - integrate(altitude, drag, from, days, &sun, choice);
        println!("{name}: {loss:.3} km, {:+.2} % on the table", 100.0 * (loss / loss_table - 1.0));
    }
}

fn integrate(altitude: f64, drag: f64, from: f64, days: f64, sun: &SunPath, choice: Choice) -> f64 {
    const STEP_S: f64 = 120.0;
    const METERS_PER_KM: f64 = 1000.0;
    let model = Model::new();
    let drivers = Drivers::embedded();
    let inclination = ISS_INCLINATION_DEG.to_radians();
    let (sin_i, cos_i) = math::sincos(inclination);
    let (mut a, mut raan, mut latitude_argument) = (EARTH_RADIUS_KM + altitude, 0.0_f64, 0.0_f64);
    let (mut ex, mut ey) = (choice.start.0, choice.start.1 - FROZEN);
    let steps = (days * SECONDS_PER_DAY / STEP_S) as usize;
    for step in 0..steps {
        let seconds = (step as f64 + 0.5) * STEP_S;
        let mjd = from + seconds / SECONDS_PER_DAY;
        let n = mean_motion_rad_s(a - EARTH_RADIUS_KM);
        let ratio2 = EARTH_J2 * (EARTH_RADIUS_KM / a) * (EARTH_RADIUS_KM / a);
        latitude_argument += n * STEP_S * (1.0 + 1.5 * ratio2 * (4.0 * cos_i * cos_i - 1.0));
        raan += nodal_precession_deg_d(a - EARTH_RADIUS_KM, ISS_INCLINATION_DEG).to_radians()
            * STEP_S
            / SECONDS_PER_DAY;
        // The vector turns about the frozen point with the perigee's secular rate.
        let turn = 0.75 * n * ratio2 * (5.0 * cos_i * cos_i - 1.0) * STEP_S;
        let (s, c) = math::sincos(turn);
        (ex, ey) = (c * ex - s * ey, s * ex + c * ey);
        let (sin_u, cos_u) = math::sincos(latitude_argument);
        let half_j2 = 0.5 * ratio2;
        let radius = a * (1.0 - 1.5 * half_j2 * (3.0 * cos_i * cos_i - 1.0))
            + 0.5 * a * half_j2 * sin_i * sin_i * (cos_u * cos_u - sin_u * sin_u)
            - a * (ex * cos_u + (ey + FROZEN) * sin_u);
        let sin_latitude = sin_i * sin_u;
        let latitude = math::asin(sin_latitude);
        let ground = EARTH_RADIUS_KM * (1.0 - EARTH_FLATTENING * sin_latitude * sin_latitude);
        let geodetic = latitude + EARTH_FLATTENING * math::sin(2.0 * latitude);
        let right_ascension = raan + math::atan2(cos_i * sin_u, cos_u);
        // Greenwich mean sidereal time, to a second.
        let sidereal_deg = 280.460_618 + 360.985_647_366 * (mjd - 51_544.5);
        let longitude =
            (right_ascension.to_degrees() - sidereal_deg + 180.0).rem_euclid(360.0) - 180.0;
        let universal_h = mjd.fract() * 24.0;
        let day = sun.at(mjd);
        let published = drivers.at(mjd).expect("inside the record");
        let (f107, f107_average) = if choice.guarded {
            (day.f107, day.f107_81)
        } else {
            (published.f107, published.f107_average)
        };
        let air = model.gtd7d::<f64>(&Input {
            day_of_year: day_of_year(mjd) as i32,
            seconds_of_day: universal_h * 3600.0,
            altitude_km: radius - ground,
            latitude_deg: geodetic.to_degrees(),
            longitude_deg: longitude,
            local_solar_time_h: universal_h + longitude / 15.0,
            f107_average,
            f107,
            magnetic: if choice.history {
                published.magnetic
            } else {
                MagneticActivity::Daily { ap: day.ap }
            },
        });
        let speed2 = EARTH_GM_KM3_S2 * (2.0 / radius - 1.0 / a);
        let speed = speed2.sqrt();
        let eastward = EARTH_ROTATION_RAD_S * radius;
        let cos2_latitude = 1.0 - sin_latitude * sin_latitude;
        let along = speed2 - speed * eastward * cos_i;
        let relative =
            (speed2 - 2.0 * speed * eastward * cos_i + eastward * eastward * cos2_latitude).sqrt();
        a -= drag * air.total_mass * METERS_PER_KM * relative * along * a * a / EARTH_GM_KM3_S2
            * STEP_S;
    }
    a - EARTH_RADIUS_KM
}
