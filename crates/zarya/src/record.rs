//! The recorded years on the same engine: what was observed beside what is predicted.
//!
//! Observations of anybody can be handed in beside the station's own; see `observations`.

mod observations;

use crate::assess::{self, AFTERWARDS, Posed, RECORDED, afterwards, recorded_cases, replay, stage};
use crate::assess::{HISTORIES, HISTORIES_DEFAULT, HISTORIES_PER_WORLD};
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Kind, Refusal, Refusals};
use crate::{Control, Data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
pub use zarya_assessment::assessment::RecordRow;
pub use zarya_assessment::observations::{Basis, ObservationRow};
use zarya_station::Station;

pub use crate::assess::{SEED_DEFAULT, SEED_MAX};

/// Worlds replayed where none are named: those of a default assessment, so that both show the same record.
pub const WORLDS_DEFAULT: u32 = HISTORIES_DEFAULT / HISTORIES_PER_WORLD;
/// Worlds that may be asked for.
pub const WORLDS: RangeInclusive<u32> = 1..=*HISTORIES.end() / HISTORIES_PER_WORLD;

/// Whose record, on which worlds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    pub station: Option<String>,
    /// Scenarios in the order they are laid on: texts handed in, or names of the station's own.
    pub scenario: Vec<String>,
    /// Beliefs, laid on after the scenarios: texts handed in, or names of the station's own.
    pub beliefs: Vec<String>,
    /// Seed of worlds and chance, 0 to 2^53 - 1; 1 where none is named.
    pub seed: u64,
    /// Worlds replayed, 1 to 5,000,000; 500 where none are named.
    pub worlds: u32,
    /// A text handed in with observations to be scored: `[[observation]]` as in `record.toml`, `source` as free text,
    /// spans after the as-of date too. They weight nothing.
    pub observations: Option<String>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            station: None,
            scenario: Vec::new(),
            beliefs: Vec::new(),
            seed: SEED_DEFAULT,
            worlds: WORLDS_DEFAULT,
            observations: None,
        }
    }
}

/// What was observed beside what is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// Worlds replayed.
    pub worlds: u32,
    /// Seed of worlds and chance.
    pub seed: u64,
    /// Rows that score the model; worlds are weighted by the others.
    pub scored: Vec<RecordRow>,
    /// Rows that weight the worlds: shown, never counted as validation.
    pub weighting: Vec<RecordRow>,
    /// What came after the as-of date beside the forecast made on it.
    pub afterwards: Vec<RecordRow>,
    /// The observations that were handed in, in their order, each against what was predicted of it.
    pub observations: Vec<ObservationRow>,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// What the answer rests on; among its texts the overlays that replay years.
    pub inputs: Inputs,
}

/// Replays the recorded years of a station, on the worlds that `assess` weights by them: with the same seed
/// and as many worlds both show the same record.
///
/// # Errors
///
/// When a field lies outside its bounds, the station is not known or wrong or has no record and no observations were
/// handed in, these are wrong or cannot be run, or it was stopped: half a record weights nothing.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, record};
///
/// let question = record::Question { worlds: 2, ..record::Question::default() };
/// let answer = record::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert!(answer.scored.iter().all(|row| row.low <= row.high));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let Question { seed, worlds, .. } = *question;
    let mut found = Found::default();
    let (low, high) = (f64::from(*WORLDS.start()), f64::from(*WORLDS.end()));
    found.within("worlds", f64::from(worlds), low..=high, "worlds of one run");
    found.within("seed", seed as f64, 0.0..=SEED_MAX as f64, "seeds exact in JSON");
    found.done()?;
    let name = question.station.as_deref();
    let overlays = [&question.scenario[..], &question.beliefs].concat();
    let opened = data.believed(name, &question.scenario, &question.beliefs)?;
    let mut inputs = Inputs::of_station(&opened, &overlays).seed(seed);
    for (name, bytes) in data.overlays(name)? {
        if [RECORDED, AFTERWARDS].iter().any(|prefix| name.starts_with(prefix)) {
            inputs = inputs.text(&name, &bytes);
        }
    }
    let station = opened.station;
    let cases = recorded_cases(data, name, &question.beliefs)?;
    let mut handed_in = observations::HandedIn::default();
    if let Some(text) = question.observations.as_deref() {
        handed_in = observations::read(data, text, &station, &cases)?;
        inputs = inputs.text(text, data.bytes(text).unwrap_or_default());
    } else if cases.is_empty() || station.observations.is_empty() {
        let why = "this station has no record to check against";
        let help = "a record is `record.toml` with [[observation]] rows, and overlays \
                    `scenarios/record-*.toml` that replay the years";
        return Err(Refusal::unanswerable(About::Question, why).help(help).into());
    }
    let asked = assess::Question {
        seed,
        histories: worlds * HISTORIES_PER_WORLD,
        ..assess::Question::default()
    };
    let posed = Posed::of(station, cases, &asked)?;
    let (station, weighted) = (&posed.station, !posed.past.is_empty());
    let legs: Vec<&Station> = posed.cases.iter().collect();
    let replays = replay(station, &legs, seed, worlds, control)?;
    let weights = posed.weights(worlds, control);
    // Nothing of what came later is in the station that is run here, flights and Sun included.
    let mut complete = replays.complete && !control.stopped();
    let mut later_rows = Vec::new();
    let progress = |_, done, total| (control.progress)(stage::FORECAST, done, total);
    let since = Control { progress: &progress, ..*control };
    for later in afterwards(data, name)? {
        let known = [&legs[..], &[station]].concat();
        let forecast = replay(&later, &known, seed, worlds, &since)?;
        complete &= forecast.complete;
        later_rows.extend(forecast.rows(&weights, false));
    }
    let asked = observations::Asked { station, cases: &legs, seed, worlds };
    let scored = observations::score(&handed_in, &asked, &weights, &since)?;
    let Some(observations) = scored.filter(|_| complete) else {
        let why = "interrupted: half a record weights nothing, so there is no answer";
        return Err(Refusal::new(Kind::Stopped, About::Question, why).into());
    };
    let weighting = replays.rows(&weights, true);
    Ok(Answer {
        worlds,
        seed,
        scored: replays.rows(&weights, false),
        caveats: caveats(weighted, &weighting, &observations),
        inputs,
        weighting,
        afterwards: later_rows,
        observations,
    })
}

fn caveats(weighted: bool, weighting: &[RecordRow], handed_in: &[ObservationRow]) -> Vec<String> {
    let mut caveats = Vec::new();
    if !weighted {
        caveats.push("worlds are not weighted by the record: all count the same".to_owned());
    }
    if !weighting.is_empty() {
        caveats.push(
            "rows that weight the worlds validate nothing: the prediction beside them has seen them"
                .to_owned(),
        );
    }
    let of_record = |row: &ObservationRow| match row.basis {
        Basis::SameDates | Basis::Scaled | Basis::RecordAndForecast | Basis::Fixed => true,
        Basis::Forecast | Basis::ForecastScaled => false,
    };
    if weighted && handed_in.iter().any(of_record) {
        caveats.push(
            "worlds are weighted by the recorded years: an observation of these years that is part of what weights \
             them is no independent test"
                .to_owned(),
        );
    }
    if handed_in.iter().any(|row| row.basis == Basis::Fixed) {
        caveats.push(
            "observations that the recorded manifest prescribes test nothing: recorded flights come as they came, and \
             nothing goes wrong at their dockings"
                .to_owned(),
        );
    }
    caveats
}
