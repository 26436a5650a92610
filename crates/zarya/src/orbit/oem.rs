//! Computed paths as orbit ephemeris messages, for programs that fly an orbit.
//!
//! One path of each answer: the median over worlds, or the middle Sun. What the message says of itself is in
//! [`zarya_orbit::oem`].

use super::{Inputs, decay, deorbit, keep, refused};
use crate::refusal::Refusals;
use zarya_orbit::oem::{Path, write};
use zarya_units::Mjd;

/// Returns the path of an orbit that sinks.
///
/// # Errors
///
/// When the path is longer than a message holds.
///
/// # Examples
///
/// ```
/// use zarya::orbit::{decay, oem};
/// use zarya::{Control, Data, json};
///
/// let asked = r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "from": "2023-01-01",
///     "through": "2023-01-05", "sun": "observed"}"#;
/// let question: decay::Question = json::from_str(asked).unwrap();
/// let answer = decay::answer(&question, &Data::embedded(), &Control::silent())?;
/// let message = oem::decay(&answer)?;
/// assert!(message.contains("START_TIME = 2023-01-01T00:00:00.000"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn decay(answer: &decay::Answer) -> Result<String, Refusals> {
    let points = answer.days.iter().map(|day| (day.date.mjd(), day.altitude_km)).collect();
    let which = if answer.banded() {
        "Path: the median of the mean altitude over worlds, if nobody pushes."
    } else {
        "Path: the mean altitude under the observed Sun, if nobody pushes."
    };
    path(which, &answer.inputs, answer.inclination_deg, points)
}

/// Returns the path of the plan under the middle Sun: a segment from burn to burn.
///
/// # Errors
///
/// When the path is longer than a message holds.
///
/// # Examples
///
/// ```
/// use zarya::orbit::{keep, oem};
/// use zarya::{Control, Data, json};
///
/// let asked = r#"{"station": "iss", "through": "2026-06-30"}"#;
/// let question: keep::Question = json::from_str(asked).unwrap();
/// let answer = keep::answer(&question, &Data::embedded(), &Control::silent())?;
/// let message = oem::keep(&answer)?;
/// let n_burns = answer.plans[answer.plans.len() / 2].n_burns;
/// assert_eq!(message.matches("META_START").count(), n_burns + 1);
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn keep(answer: &keep::Answer) -> Result<String, Refusals> {
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

/// Returns the path of the first plan: a segment from burn to burn, up to the burn of entry.
///
/// # Errors
///
/// When the path is longer than a message holds.
pub fn deorbit(answer: &deorbit::Answer) -> Result<String, Refusals> {
    let points = answer.path_km.iter().map(|(mjd, km)| (*mjd, km.p50)).collect();
    let which =
        "Path: the median of the mean altitude over worlds in the plan, to the burn of entry.";
    path(which, &answer.inputs, answer.inclination_deg, points)
}

fn path(
    which: &str,
    inputs: &Inputs,
    inclination_deg: f64,
    points: Vec<(Mjd, f64)>,
) -> Result<String, Refusals> {
    // A folder by its own name; of `embedded iss` the id.
    let own = |place: &str| {
        place.trim_end_matches('/').rsplit(['/', '\\', ' ']).next().map(str::to_uppercase)
    };
    let name = inputs.station.as_ref().and_then(|station| own(&station.station));
    let comments = vec![which.to_owned(), format!("Computed by zarya {}.", inputs.version)];
    let name = name.unwrap_or_else(|| "ORBIT".to_owned());
    let path = Path { name, comments, inclination_deg, raan_deg: None, points };
    write(&path).map_err(|error| refused(&error))
}
