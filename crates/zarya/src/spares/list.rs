//! The units of a station as the list that questions about spares read.

use super::listed::spareless_note;
use super::station;
use crate::inputs::Inputs;
use crate::refusal::Refusals;
use crate::{Control, Data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use zarya_reliability::{Law, Unit};

/// Whose units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    pub station: Option<String>,
    /// Overlays in the order they are laid on: texts handed in, or names of the station's own.
    pub scenario: Vec<String>,
}

/// The units of a station at the central values of its files.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// One row for each unit type, in the order of the files; fields are the columns of a list.
    pub units: Vec<Row>,
    /// What the list leaves out of the station.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// A unit type.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its subsystem.
    pub subsystem: String,
    /// The capability that it serves.
    pub capability: String,
    /// The segment it is in.
    pub segment: String,
    /// Copies installed.
    pub quantity: u32,
    /// Copies needed.
    pub required: u32,
    /// Mean time to a failure that takes a spare, of one copy as it is used.
    pub mtbf_d: f64,
    /// Its law: `exponential` or `weibull:SHAPE`.
    pub law: String,
    /// Life limit; absent where there is none.
    pub life_limit_d: Option<f64>,
    /// Mass of a spare.
    pub mass_kg: f64,
    /// Room that a spare takes, where known.
    pub volume_m3: Option<f64>,
    /// Crew hours of a replacement.
    pub crew_h: Option<f64>,
    /// Spacewalks of a replacement.
    pub eva: Option<f64>,
    /// Spares aboard; absent where the files do not know.
    pub stock: Option<u32>,
    /// Days until a spare is ready to fly.
    pub ready_d: f64,
    /// Whether a spare flies outside.
    pub external: bool,
    /// Spread of the rate: 95 % over 50 %.
    pub error_factor: f64,
}

/// Returns the units of a station as a list.
///
/// # Errors
///
/// When the station or an overlay is not known, or its files are wrong.
///
/// # Examples
///
/// ```
/// use zarya::spares::list;
/// use zarya::{Control, Data};
///
/// let question = list::Question { station: Some("tiny".to_owned()), ..Default::default() };
/// let answer = list::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert!(answer.csv().starts_with("id,subsystem,capability,segment,quantity,required,mtbf_d,"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let opened = data.station(question.station.as_deref(), &question.scenario)?;
    let orus = opened.station.orus.iter().filter(|oru| oru.supplied);
    let units = station::units(&opened.station);
    let rows = units
        .into_iter()
        .zip(orus)
        .map(|(unit, oru)| row(unit, oru.segment.clone(), oru.error_factor.value));
    let mut notes = vec![
        "rates are duty / mtbf, times the factor of experience, less the share cleared by a reset; life limits \
         are times that of the worlds; left out: common cause, ages, spares on the ground, flights"
            .to_owned(),
    ];
    notes.extend(spareless_note(&opened.station));
    Ok(Answer {
        units: rows.collect(),
        notes,
        inputs: Inputs::of_station(&opened, &question.scenario),
    })
}

fn row(unit: Unit, segment: String, error_factor: f64) -> Row {
    let law = match unit.law {
        Law::Weibull { shape, .. } => format!("weibull:{shape}"),
        _ => "exponential".to_owned(),
    };
    Row {
        mtbf_d: unit.law.mean_d(),
        law,
        segment,
        error_factor,
        id: unit.id,
        subsystem: unit.subsystem,
        capability: unit.capability,
        quantity: unit.quantity,
        required: unit.required,
        life_limit_d: unit.life_limit_d,
        mass_kg: unit.mass_kg,
        volume_m3: unit.volume_m3,
        crew_h: unit.crew_h,
        eva: unit.eva_n,
        stock: unit.stock,
        ready_d: unit.ready_d,
        external: unit.external,
    }
}

impl Answer {
    /// Returns the list as CSV: what a question about spares, and an import, read.
    ///
    /// Ids of a station need no quotes.
    pub fn csv(&self) -> String {
        let mut out =
            "id,subsystem,capability,segment,quantity,required,mtbf_d,law,life_limit_d,mass_kg,\
                       volume_m3,crew_h,eva,stock,ready_d,external,error_factor\n"
                .to_owned();
        let known = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        for row in &self.units {
            let stock = row.stock.map_or(String::new(), |stock| stock.to_string());
            let external = if row.external { "yes" } else { "no" };
            let _ = write!(out, "{},{},{},{},", row.id, row.subsystem, row.capability, row.segment);
            let _ = write!(out, "{},{},{},{},", row.quantity, row.required, row.mtbf_d, row.law);
            let (limit, volume) = (known(row.life_limit_d), known(row.volume_m3));
            let _ = write!(out, "{limit},{},{volume},", row.mass_kg);
            let _ = write!(out, "{},{},{stock},", known(row.crew_h), known(row.eva));
            let _ = writeln!(out, "{},{external},{}", row.ready_d, row.error_factor);
        }
        out
    }
}
