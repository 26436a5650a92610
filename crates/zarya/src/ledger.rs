//! The dated conditions of a claim: what lapses on paper, what contradicts what. No simulation.

use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use zarya_assessment::ledger::{Alternative, Conflict, Ledger, LedgerEntry};
use zarya_units::Date;

/// Which claim of which station.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    pub station: Option<String>,
    /// The claim's last day, inclusive; that of the station's files where none is named.
    #[schemars(with = "Option<String>")]
    pub through: Option<Date>,
    /// Overlays in the order they are laid on: texts handed in, or names of the station's own.
    pub scenario: Vec<String>,
}

/// The ledger of a claim.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// The dated conditions.
    #[serde(flatten)]
    pub ledger: Ledger,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// Returns the ledger of a claim.
///
/// # Errors
///
/// When the station is not known or wrong, or the claim ends by its as-of date.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, ledger};
///
/// let question = ledger::Question::default();
/// let answer = ledger::answer(&question, &Data::embedded(), &Control::silent())?;
/// let first = answer.ledger.first_break.as_ref().expect("something lapses before the end of 2028");
/// assert_eq!(first.date.to_string(), "2027-12-31");
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let opened = data.station(question.station.as_deref(), &question.scenario)?;
    let station = &opened.station;
    let through = question.through.unwrap_or(station.claim.through);
    let as_of = station.identity.as_of;
    if through <= as_of {
        let why =
            format!("the claim's last day {through} is not after the station's as-of date {as_of}");
        let about = About::Field("through".to_owned());
        return Err(Refusal::unanswerable(about, why).help("choose a later `through`").into());
    }
    let ledger = zarya_assessment::ledger::ledger(station, through);
    let caveats = caveats(&ledger);
    Ok(Answer { ledger, caveats, inputs: Inputs::of_station(&opened, &question.scenario) })
}

fn caveats(ledger: &Ledger) -> Vec<String> {
    let mut caveats = vec![
        "dates on paper alone: nothing is simulated, and what has lapsed is not thereby unsafe"
            .to_owned(),
    ];
    let imprecise = ledger.warnings.iter().filter(|entry| entry.precision == "imprecise").count();
    if imprecise > 0 {
        caveats.push(format!(
            "{imprecise} of the warnings have an imprecise date, which breaks nothing whenever it is"
        ));
    }
    caveats
}
