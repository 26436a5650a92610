//! Computed paths as element sets, one a day, for programs that fly SGP4.
//!
//! The same path of each answer as in [`oem`](super::oem). Where a notation has no place for comments, what they would say is
//! among the caveats alone.

use super::elements::Notation;
use super::{decay, deorbit, keep, paths, refused};
use crate::refusal::Refusals;
use zarya_orbit::oem::Path;
pub use zarya_orbit::sets::Written;
use zarya_orbit::sets::{bstar, of_path, write};

/// Returns the path of an orbit that sinks.
///
/// # Errors
///
/// When no day of the path can be written in the notation.
///
/// # Examples
///
/// ```
/// use zarya::orbit::elements::Notation;
/// use zarya::orbit::{decay, sets};
/// use zarya::{Control, Data, json};
///
/// let asked = r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "from": "2023-01-01",
///     "through": "2023-01-05", "sun": "observed"}"#;
/// let question: decay::Question = json::from_str(asked).unwrap();
/// let answer = decay::answer(&question, &Data::embedded(), &Control::silent())?;
/// let written = sets::decay(&answer, Notation::Tle)?;
/// assert_eq!(written.sets, 5);
/// assert!(written.text.starts_with("ORBIT\n1 00000U          23001.00000000"));
/// assert!(written.caveats[0].contains("made up"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn decay(answer: &decay::Answer, notation: Notation) -> Result<Written, Refusals> {
    written(&paths::decay(answer), answer.drag_area_m2_kg, notation)
}

/// Returns the path of the plan under the middle Sun; on the day of a burn the set is of the orbit after it.
///
/// # Errors
///
/// When no day of the path can be written in the notation.
pub fn keep(answer: &keep::Answer, notation: Notation) -> Result<Written, Refusals> {
    written(&paths::keep(answer), answer.drag_area_m2_kg, notation)
}

/// Returns the path of the first plan, likewise, up to the day of the burn of entry.
///
/// # Errors
///
/// When no day of the path can be written in the notation.
pub fn deorbit(answer: &deorbit::Answer, notation: Notation) -> Result<Written, Refusals> {
    written(&paths::deorbit(answer), answer.drag_area_m2_kg, notation)
}

fn written(path: &Path, drag_area_m2_kg: f64, notation: Notation) -> Result<Written, Refusals> {
    let said = [
        "The mean altitude and the turning of the node are computed; where on the orbit the station is (the phase) and".to_owned(),
        "the node on the first day are made up: do not take positions from these sets. The orbit is circular.".to_owned(),
        format!("BSTAR is {:.5}, that of the drag area {drag_area_m2_kg} m2/kg in the air of SGP4, which does not know the Sun: the sets", bstar(drag_area_m2_kg)),
        "of later days, not the first one flown on, have the computed altitudes.".to_owned(),
    ];
    let comments = [&path.comments[..], &said].concat();
    let sets = of_path(path, Some(drag_area_m2_kg));
    let mut written = write(&sets, notation, &comments).map_err(|error| refused(&error))?;
    let place = if notation.has_comments() {
        ""
    } else {
        " (not said in the file: it has no place for comments)"
    };
    written.caveats.insert(0, format!("element sets{place}: {}", said.join(" ")));
    Ok(written)
}
