//! A path of mean altitudes as an orbit ephemeris message: states that other programs read.
//!
//! What is computed here is how high an orbit lies, day by day. An ephemeris also says where on it the station
//! is, which nobody can predict over weeks: the phase of these states is made up, and the message says so. The
//! altitude, the inclination, the velocity and the turning of the node are those of the path.

use crate::error::OrbitError;
use crate::geometry::{EARTH_GM_KM3_S2, EARTH_J2, EARTH_RADIUS_KM};
use std::fmt::Write as _;
use zarya_units::{Date, Mjd, math};

/// Seconds between states: 23 in a revolution, as space agencies publish.
const STEP_S: u64 = 240;
/// Most states of a message: three years, some 40 MB.
const STATES_MAX: u64 = 400_000;
const SECONDS_PER_DAY: f64 = 86_400.0;
const MJD_J2000: f64 = 51_544.5;
const DAYS_PER_CENTURY: f64 = 36_525.0;

/// A path of mean altitudes.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Name of the object.
    pub name: String,
    /// What a reader should know, a line each, beside what is said of every path.
    pub comments: Vec<String>,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Node on the first day in degrees, of date; `None` where it is made up, too.
    pub raan_deg: Option<f64>,
    /// Instants and mean altitudes in km, in order; two of one instant are a burn.
    pub points: Vec<(Mjd, f64)>,
}

/// A mean circular orbit at an instant: semi-major axis, inclination, node and argument of latitude.
#[derive(Clone, Copy)]
struct Mean {
    axis_km: f64,
    inclination: f64,
    node: f64,
    latitude: f64,
}

/// Position in km and velocity in km/s.
type State = [f64; 6];

/// Returns the path as an OEM in KVN (CCSDS 502.0-B-2), in EME2000 and UTC.
///
/// Two points of one instant begin a new segment, so that nobody interpolates over a burn. The creation date is the
/// path's first instant: the same path gives the same bytes.
///
/// # Model
///
/// The mean orbit is circular; between points the altitude is a straight line. Its argument of latitude turns by
/// `n (1 + 3/2 J2 (Re/a)² (4 cos² i − 1))`, its node by `−3/2 n J2 (Re/a)² cos i`. States are osculating: with
/// `k = J2 (Re/a)² / 2`, `c = cos i`, `s = sin i` the short periods of J2 are `r = a (1 − 3/2 k (3c² − 1) + k/2 s² cos 2u)`,
/// `δu = −k/4 (7c² − 1) sin 2u`, `δΩ = 3/2 k c sin 2u`, `δi = 3/2 k c s cos 2u`, `dr/dt = −n a k s² sin 2u` and
/// `r du/dt = n a (1 + k (s² cos 2u + 3/2 (3c² − 1)))`. Left out: eccentricity and J3, which make ±10 km of radius and
/// nothing of the mean altitude. From the equator of date to EME2000 by precession; nutation (0.003°) is left out.
///
/// # Source
///
/// Hoots and Roehrich, Spacetrack Report 3 (1980), section 6, for a circular orbit; precession after Lieske (1976).
///
/// # Errors
///
/// [`OrbitError::Text`] for a path of less than two points, or of more states than a message holds.
///
/// # Examples
///
/// ```
/// use zarya_orbit::oem::{Path, write};
/// use zarya_orbit::series;
///
/// let points = vec![(61_000.0, 415.0), (61_001.0, 414.9)];
/// let (name, comments) = ("ISS".to_owned(), Vec::new());
/// let path = Path { name, comments, inclination_deg: 51.64, raan_deg: None, points };
/// let read = series::read(&write(&path)?)?;
/// assert!((read.fixes[0].altitude_km - 415.0).abs() < 0.02);
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn write(path: &Path) -> Result<String, OrbitError> {
    let points: Vec<(u64, f64)> =
        path.points.iter().filter(|p| p.1.is_finite()).map(|p| (seconds(p.0), p.1)).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Err(OrbitError::Text("the path has no altitude".into()));
    };
    if last.0 <= first.0 || points.windows(2).any(|pair| pair[1].0 < pair[0].0) {
        return Err(OrbitError::Text("the path has no length".into()));
    }
    let days = (last.0 - first.0) as f64 / SECONDS_PER_DAY;
    if STATES_MAX < (last.0 - first.0) / STEP_S {
        let most = STATES_MAX as f64 * STEP_S as f64 / SECONDS_PER_DAY;
        return Err(OrbitError::Text(format!(
            "a path of {days:.0} days has more states than a message holds: at most {most:.0} days"
        )));
    }
    let mut out =
        format!("CCSDS_OEM_VERS = 2.0\nCREATION_DATE = {}\nORIGINATOR = ZARYA\n", epoch(first.0));
    let mut mean = Mean {
        axis_km: 0.0,
        inclination: path.inclination_deg.to_radians(),
        node: path.raan_deg.unwrap_or(0.0).to_radians(),
        latitude: 0.0,
    };
    // Segments end where the altitude jumps.
    let jumps = |pair: &[(u64, f64)]| pair[0].0 == pair[1].0;
    let mut from = 0;
    while from < points.len() {
        let jump = points[from..].windows(2).position(jumps);
        let end = jump.map_or(points.len(), |at| from + at + 1);
        if 1 < end - from {
            segment(&mut out, path, &points[from..end], &mut mean);
        }
        from = end;
    }
    Ok(out)
}

fn segment(out: &mut String, path: &Path, points: &[(u64, f64)], mean: &mut Mean) {
    let (start, stop) = (points[0].0, points[points.len() - 1].0);
    out.push_str("\nMETA_START\n");
    let said = [
        "The mean altitude and the turning of the node are computed; where on the orbit the station is (the",
        "phase) is made up: nobody can predict it over weeks. Do not take positions from this message.",
    ];
    for line in said.iter().copied().chain(path.comments.iter().map(String::as_str)) {
        let _ = writeln!(out, "COMMENT {}", line.replace(['\n', '\r'], " "));
    }
    if path.raan_deg.is_none() {
        out.push_str("COMMENT The node on the first day is made up, too: 0 degrees.\n");
    }
    let name = path.name.replace(['\n', '\r', '='], " ");
    let _ = writeln!(out, "OBJECT_NAME = {name}\nOBJECT_ID = UNKNOWN\nCENTER_NAME = EARTH");
    let _ = writeln!(out, "REF_FRAME = EME2000\nTIME_SYSTEM = UTC");
    let _ = writeln!(out, "START_TIME = {}\nSTOP_TIME = {}", epoch(start), epoch(stop));
    out.push_str("INTERPOLATION = LAGRANGE\nINTERPOLATION_DEGREE = 7\nMETA_STOP\n");
    let mut at = 0;
    let mut time = start;
    mean.axis_km = EARTH_RADIUS_KM + points[0].1;
    loop {
        let state = of_2000(&osculating(mean), time);
        let _ = writeln!(
            out,
            "{} {:.6} {:.6} {:.6} {:.9} {:.9} {:.9}",
            epoch(time),
            state[0],
            state[1],
            state[2],
            state[3],
            state[4],
            state[5]
        );
        if time == stop {
            break;
        }
        let next = (time + STEP_S).min(stop);
        while at + 2 < points.len() && points[at + 1].0 < next {
            at += 1;
        }
        let ((t0, low), (t1, high)) = (points[at], points[at + 1]);
        let share = (next - t0) as f64 / (t1 - t0) as f64;
        let axis_km = EARTH_RADIUS_KM + low + share * (high - low);
        let span_s = (next - time) as f64;
        let (before, after) =
            (turning(mean.axis_km, mean.inclination), turning(axis_km, mean.inclination));
        mean.latitude += 0.5 * (before.0 + after.0) * span_s;
        mean.node += 0.5 * (before.1 + after.1) * span_s;
        mean.latitude = mean.latitude.rem_euclid(std::f64::consts::TAU);
        mean.axis_km = axis_km;
        time = next;
    }
}

/// How fast the argument of latitude and the node of a circular orbit turn, radians per second.
pub(crate) fn turning(axis_km: f64, inclination: f64) -> (f64, f64) {
    let a = axis_km;
    let n = (EARTH_GM_KM3_S2 / (a * a * a)).sqrt();
    let c = math::cos(inclination);
    let j = 1.5 * EARTH_J2 * (EARTH_RADIUS_KM / a) * (EARTH_RADIUS_KM / a);
    (n * (1.0 + j * (4.0 * c * c - 1.0)), -n * j * c)
}

/// The state of a mean circular orbit with the short periods of J2, in the equator of date.
fn osculating(mean: &Mean) -> State {
    let a = mean.axis_km;
    let speed = (EARTH_GM_KM3_S2 / a).sqrt();
    let k = 0.5 * EARTH_J2 * (EARTH_RADIUS_KM / a) * (EARTH_RADIUS_KM / a);
    let (s, c) = (math::sin(mean.inclination), math::cos(mean.inclination));
    let (sin_2u, cos_2u) = (math::sin(2.0 * mean.latitude), math::cos(2.0 * mean.latitude));
    let polar = 3.0 * c * c - 1.0;
    let r = a * (1.0 - 1.5 * k * polar + 0.5 * k * s * s * cos_2u);
    let latitude = mean.latitude - 0.25 * k * (7.0 * c * c - 1.0) * sin_2u;
    let node = mean.node + 1.5 * k * c * sin_2u;
    let inclination = mean.inclination + 1.5 * k * c * s * cos_2u;
    let up = -speed * k * s * s * sin_2u;
    let along = speed * (1.0 + k * (s * s * cos_2u + 1.5 * polar));
    let (sin_u, cos_u) = (math::sin(latitude), math::cos(latitude));
    let (sin_n, cos_n) = (math::sin(node), math::cos(node));
    let (sin_i, cos_i) = (math::sin(inclination), math::cos(inclination));
    let outward = [
        cos_n * cos_u - sin_n * cos_i * sin_u,
        sin_n * cos_u + cos_n * cos_i * sin_u,
        sin_i * sin_u,
    ];
    let forward = [
        -cos_n * sin_u - sin_n * cos_i * cos_u,
        -sin_n * sin_u + cos_n * cos_i * cos_u,
        sin_i * cos_u,
    ];
    let mut state = [0.0; 6];
    for i in 0..3 {
        state[i] = r * outward[i];
        state[3 + i] = up * outward[i] + along * forward[i];
    }
    state
}

/// Turns a state from the mean equator of date to that of 2000.
fn of_2000(state: &State, time: u64) -> State {
    let t = (time as f64 / SECONDS_PER_DAY - MJD_J2000) / DAYS_PER_CENTURY;
    let angle = |a: f64, b: f64, c: f64| (((c * t + b) * t + a) * t / 3600.0).to_radians();
    let zeta = angle(2306.2181, 0.301_88, 0.017_998);
    let z = angle(2306.2181, 1.094_68, 0.018_203);
    let theta = angle(2004.3109, -0.426_65, -0.041_833);
    // Rotations of axes, the last of date first: about z by z, about y by -theta, about z by zeta.
    let about_z = |v: [f64; 3], angle: f64| {
        let (s, c) = (math::sin(angle), math::cos(angle));
        [c * v[0] + s * v[1], c * v[1] - s * v[0], v[2]]
    };
    let about_y = |v: [f64; 3], angle: f64| {
        let (s, c) = (math::sin(angle), math::cos(angle));
        [c * v[0] - s * v[2], v[1], s * v[0] + c * v[2]]
    };
    let turned = |v: [f64; 3]| about_z(about_y(about_z(v, z), -theta), zeta);
    let [x, y, w] = turned([state[0], state[1], state[2]]);
    let [dx, dy, dw] = turned([state[3], state[4], state[5]]);
    [x, y, w, dx, dy, dw]
}

/// Seconds since the first modified Julian date.
fn seconds(mjd: Mjd) -> u64 {
    (mjd.max(0.0) * SECONDS_PER_DAY).round() as u64
}

fn epoch(time: u64) -> String {
    let (day, second) = (time / 86_400, time % 86_400);
    let date = Date::from_mjd(day as f64);
    format!("{date}T{:02}:{:02}:{:02}.000", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series;

    const ISS: Mean =
        Mean { axis_km: EARTH_RADIUS_KM + 415.0, inclination: 0.9013, node: 1.0, latitude: 0.3 };

    fn path(points: Vec<(Mjd, f64)>) -> Path {
        let (name, comments) = ("ISS".to_owned(), vec!["a comment".to_owned()]);
        Path { name, comments, inclination_deg: 51.64, raan_deg: None, points }
    }

    /// Gravity with the flattening of the Earth, and nothing else.
    fn acceleration(s: &State) -> [f64; 3] {
        let r2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2];
        let r = r2.sqrt();
        let up = 5.0 * s[2] * s[2] / r2;
        let j = 1.5 * EARTH_J2 * EARTH_RADIUS_KM * EARTH_RADIUS_KM / r2;
        let m = -EARTH_GM_KM3_S2 / (r2 * r);
        [
            m * s[0] * (1.0 + j * (1.0 - up)),
            m * s[1] * (1.0 + j * (1.0 - up)),
            m * s[2] * (1.0 + j * (3.0 - up)),
        ]
    }

    fn flown(state: &State, span_s: f64) -> State {
        let slope = |s: &State| {
            let a = acceleration(s);
            [s[3], s[4], s[5], a[0], a[1], a[2]]
        };
        let moved = |s: &State, k: &State, h: f64| std::array::from_fn(|i| s[i] + h * k[i]);
        let steps = (span_s / 5.0).ceil();
        let h = span_s / steps;
        let mut s = *state;
        for _ in 0..steps as u32 {
            let k1 = slope(&s);
            let k2 = slope(&moved(&s, &k1, h / 2.0));
            let k3 = slope(&moved(&s, &k2, h / 2.0));
            let k4 = slope(&moved(&s, &k3, h));
            s = std::array::from_fn(|i| {
                s[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i])
            });
        }
        s
    }

    /// A numerical integration with J2 from the first state comes to the others: within 100 m after a revolution
    /// (terms of the order of J2 squared), where a state without short periods is off by tens of kilometers.
    #[test]
    fn states_follow_each_other_as_gravity_has_it() {
        let (u_dot, node_dot) = turning(ISS.axis_km, ISS.inclination);
        let first = osculating(&ISS);
        for span_s in [600.0, 2_700.0, 5_560.0] {
            let latitude = ISS.latitude + u_dot * span_s;
            let there = osculating(&Mean { latitude, node: ISS.node + node_dot * span_s, ..ISS });
            let came = flown(&first, span_s);
            let off =
                (0..3).map(|i| (there[i] - came[i]) * (there[i] - came[i])).sum::<f64>().sqrt();
            assert!(off < 0.1, "{off} km after {span_s} s");
        }
    }

    /// Ten days with a burn are read back: the altitude to 20 m, the inclination to what
    /// precession turns, the node as it turns.
    #[test]
    fn a_path_is_read_back_as_it_was() {
        let points =
            vec![(61_000.0, 415.0), (61_004.0, 414.0), (61_004.0, 418.0), (61_010.0, 416.5)];
        let text = write(&path(points.clone())).unwrap();
        assert_eq!(text.matches("META_START").count(), 2);
        assert!(text.contains("made up") && text.contains("COMMENT a comment"));
        let track = series::read(&text).unwrap();
        assert_eq!(track.kind, "OEM");
        let wanted = |mjd: f64| {
            if mjd < 61_004.0 {
                415.0 - (mjd - 61_000.0) / 4.0
            } else {
                418.0 - (mjd - 61_004.0) / 4.0
            }
        };
        let mut n = 0;
        for fix in track.fixes.iter().filter(|fix| 0.1 < (fix.mjd - 61_004.0).abs()) {
            assert!((fix.altitude_km - wanted(fix.mjd)).abs() < 0.02, "{fix:?}");
            n += 1;
        }
        assert!(100 < n, "{n} fixes");
        // EME2000 is turned against the equator of date by the precession of 26 years: 0.15 degrees at most.
        let nodes: Vec<f64> = track.fixes.iter().filter_map(|fix| fix.raan_deg).collect();
        let turned = (nodes[nodes.len() - 1] - nodes[0]).rem_euclid(360.0) - 360.0;
        let rate = crate::geometry::nodal_precession_deg_d(415.0, 51.64);
        assert!((turned - 10.0 * rate).abs() < 0.6, "{turned} {rate}");
    }

    /// The pole of date in the axes of 2000: it moves toward the equinox by theta.
    #[test]
    fn precession_tilts_the_pole() {
        let half_century = seconds(MJD_J2000 + 0.5 * DAYS_PER_CENTURY);
        let pole = of_2000(&[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], half_century);
        // X of the mean pole in 2050 is 1002 arcseconds (IAU 1976, 2004.3"/century).
        assert!((pole[0] * 206_264.8 - 1002.0).abs() < 0.2, "{pole:?}");
        assert!(pole[1].abs() < 1e-4);
    }

    #[test]
    fn a_path_that_is_none_or_too_long_is_refused() {
        let why = |points| write(&path(points)).unwrap_err().to_string();
        assert!(why(vec![]).contains("no altitude"));
        assert!(why(vec![(61_000.0, 415.0)]).contains("no length"));
        assert!(why(vec![(61_001.0, 415.0), (61_000.0, 415.0)]).contains("no length"));
        assert!(why(vec![(61_000.0, 415.0), (63_000.0, 400.0)]).contains("at most 1111 days"));
    }
}
