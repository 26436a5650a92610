//! Computed paths as orbit ephemeris messages, for programs that fly an orbit.
//!
//! One path of each answer: the median over worlds, or the middle Sun. What the message says of itself is in
//! [`zarya_orbit::oem`].

use super::{decay, deorbit, keep, paths, refused};
use crate::refusal::Refusals;
use zarya_orbit::oem::{Path, write};

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
    message(&paths::decay(answer))
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
    message(&paths::keep(answer))
}

/// Returns the path of the first plan: a segment from burn to burn, up to the burn of entry.
///
/// # Errors
///
/// When the path is longer than a message holds.
pub fn deorbit(answer: &deorbit::Answer) -> Result<String, Refusals> {
    message(&paths::deorbit(answer))
}

fn message(path: &Path) -> Result<String, Refusals> {
    write(path).map_err(|error| refused(&error))
}
