//! A computed path as element sets, one a day.

use super::{Epoch, Identity, Set, Size};
use crate::geometry::EARTH_RADIUS_KM;
use crate::mean_motion::{SGP4_RADIUS_KM, kozai_rev_d};
use crate::oem::{Path, turning};
use std::f64::consts::TAU;
use zarya_units::Mjd;

/// Returns B*, per Earth radius, of a drag area `Cd A / m`.
///
/// # Model
///
/// `B* = ρ0 (Cd A / m) / 2` with SGP4's reference density `ρ0 = 2.461e-5 · 6378.135 = 0.15696615 kg/m²` per Earth radius. SGP4's air
/// does not know the Sun: sets that are fitted to tracking have other values, by factors.
///
/// # Source
///
/// Hoots and Roehrich, Spacetrack Report 3 (1980), section 11 (`RHO`, `XKMPER`).
pub fn bstar(drag_area_m2_kg: f64) -> f64 {
    const DENSITY_PER_KM: f64 = 2.461e-5;
    0.5 * DENSITY_PER_KM * SGP4_RADIUS_KM * drag_area_m2_kg
}

/// Returns a path as element sets: one at its first instant and one each day after, to its last.
///
/// Where the altitude jumps at an instant, the set is of the orbit after it. The number of an object is not known here.
///
/// # Model
///
/// The orbit is circular, so that the argument of pericenter is 0 and the mean anomaly is counted from the node. Between points the altitude is
/// a straight line; node and anomaly turn as in [`oem`](crate::oem), and where they begin is made up unless the path says so. The mean
/// motion is that after Kozai of the mean (Brouwer) axis, its published derivative half of `−3/2 (n/a) da/dt`.
///
/// # Examples
///
/// ```
/// use zarya_orbit::oem::Path;
/// use zarya_orbit::sets::of_path;
///
/// let points = vec![(61_000.0, 415.0), (61_002.0, 414.8)];
/// let (name, comments) = ("ISS".to_owned(), Vec::new());
/// let path = Path { name, comments, inclination_deg: 51.64, raan_deg: None, points };
/// let sets = of_path(&path, Some(0.007));
/// assert_eq!(sets.len(), 3);
/// assert!((sets[1].axis_km() - 6378.137 - 414.9).abs() < 1e-9);
/// ```
pub fn of_path(path: &Path, drag_area_m2_kg: Option<f64>) -> Vec<Set> {
    let mut points =
        path.points.iter().copied().filter(|(mjd, km)| mjd.is_finite() && km.is_finite());
    let Some(mut here) = points.next() else { return Vec::new() };
    let inclination = path.inclination_deg.to_radians();
    let begin = here.0;
    let (mut latitude, mut node) = (0.0, path.raan_deg.unwrap_or(0.0).to_radians());
    let mut next = points.next();
    let mut sets = Vec::new();
    for day in 0_u32.. {
        let mjd = begin + f64::from(day);
        // Points up to the day; of two at one instant the last counts.
        while let Some(point) = next.filter(|point| point.0 <= mjd) {
            turn(&mut latitude, &mut node, (here, point), inclination);
            here = point;
            next = points.next();
        }
        let slope_km_d = next.map_or(0.0, |next| (next.1 - here.1) / (next.0 - here.0));
        if next.is_none() && here.0 < mjd {
            break;
        }
        let there = (mjd, here.1 + slope_km_d * (mjd - here.0));
        turn(&mut latitude, &mut node, (here, there), inclination);
        here = there;
        let axis_km = EARTH_RADIUS_KM + here.1;
        let rev_d = kozai_rev_d(axis_km, 0.0, path.inclination_deg);
        sets.push(Set {
            object: Identity { number: None, designator: None, name: Some(path.name.clone()) },
            epoch: Epoch::of(mjd),
            size: Size::Kozai(rev_d),
            eccentricity: 0.0,
            inclination_deg: path.inclination_deg,
            raan_deg: node.to_degrees(),
            pericenter_deg: Some(0.0),
            anomaly_deg: Some(latitude.to_degrees()),
            bstar: Some(drag_area_m2_kg.map_or(0.0, bstar)),
            mean_motion_dot: Some(-0.75 * rev_d / axis_km * slope_km_d),
            mean_motion_ddot: Some(0.0),
            set_number: Some(0),
            revolution: Some(0),
            class: Some('U'),
            ephemeris_type: Some(0),
        });
    }
    sets
}

/// Turns argument of latitude and node from one point to the next.
fn turn(latitude: &mut f64, node: &mut f64, points: ((Mjd, f64), (Mjd, f64)), inclination: f64) {
    const SECONDS_PER_DAY: f64 = 86_400.0;
    let (from, to) = points;
    let span_s = (to.0 - from.0) * SECONDS_PER_DAY;
    let [before, after] = [from, to].map(|point| turning(EARTH_RADIUS_KM + point.1, inclination));
    *latitude = (*latitude + 0.5 * (before.0 + after.0) * span_s).rem_euclid(TAU);
    *node = (*node + 0.5 * (before.1 + after.1) * span_s).rem_euclid(TAU);
}
