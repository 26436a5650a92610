//! The one path of each answer that is flown on elsewhere: the median over worlds, or the middle Sun.

use super::{Inputs, decay, deorbit, keep};
use zarya_orbit::oem::Path;
use zarya_units::Mjd;

/// The path of an orbit that sinks.
pub(super) fn decay(answer: &decay::Answer) -> Path {
    let points = answer.days.iter().map(|day| (day.date.mjd(), day.altitude_km)).collect();
    let which = if answer.banded() {
        "Path: the median of the mean altitude over worlds, if nobody pushes."
    } else {
        "Path: the mean altitude under the observed Sun, if nobody pushes."
    };
    path(which, &answer.inputs, answer.inclination_deg, points)
}

/// The path of the plan under the middle Sun: two points on a day with a burn.
pub(super) fn keep(answer: &keep::Answer) -> Path {
    let plan = &answer.plans[answer.plans.len() / 2];
    let mut burns = plan.burns.iter().peekable();
    let mut points = Vec::new();
    for (day, altitude_km) in plan.days_km.iter().enumerate() {
        let mjd = answer.from.mjd() + day as f64;
        points.push((mjd, *altitude_km));
        if let Some(burn) = burns.next_if(|burn| burn.date.mjd() <= mjd) {
            points.push((mjd, burn.to_km));
        }
    }
    let which = "Path: the mean altitude under the middle Sun, with the burns of the plan.";
    path(which, &answer.inputs, answer.inclination_deg, points)
}

/// The path of the first plan, up to the burn of entry.
pub(super) fn deorbit(answer: &deorbit::Answer) -> Path {
    let points = answer.path_km.iter().map(|(mjd, km)| (*mjd, km.p50)).collect();
    let which =
        "Path: the median of the mean altitude over worlds in the plan, to the burn of entry.";
    path(which, &answer.inputs, answer.inclination_deg, points)
}

fn path(which: &str, inputs: &Inputs, inclination_deg: f64, points: Vec<(Mjd, f64)>) -> Path {
    // A folder by its own name; of `embedded iss` the id.
    let own = |place: &str| {
        place.trim_end_matches('/').rsplit(['/', '\\', ' ']).next().map(str::to_uppercase)
    };
    let name = inputs.station.as_ref().and_then(|station| own(&station.station));
    let comments = vec![which.to_owned(), format!("Computed by zarya {}.", inputs.version)];
    let name = name.unwrap_or_else(|| "ORBIT".to_owned());
    Path { name, comments, inclination_deg, raan_deg: None, points }
}
