//! Observations handed in: read, run over their spans on the worlds of the record, and scored.
//!
//! A span that ends by the as-of date is that of the latest recorded case that starts no later than it; one that begins
//! on the as-of date or later is forecast by the station itself, which goes on from what the recorded years leave. A span
//! across that date is split there: of what adds up, both parts of each history are added.

use crate::assess::replay;
use crate::refusal::Refusal;
use crate::{Control, Data, Refusals};
use std::collections::BTreeSet;
use zarya_assessment::observations::{ObservationRow, row, sum};
use zarya_assessment::record::Prediction;
use zarya_simulation::SPAN_D_MAX;
use zarya_station::model::Observation;
use zarya_station::observations::{self, Answers, Days, Placed, answers};
use zarya_station::{Code, Diagnostic, Station};
use zarya_units::Date;

/// Days on which the histories of one run are read: what they show is kept in memory, some kilobytes each.
const DAYS_MAX: usize = 64;

/// Observations with the text they stand in.
#[derive(Default)]
pub(super) struct HandedIn {
    rows: Vec<Placed>,
    texts: Vec<(String, Vec<u8>)>,
}

/// Whose observations, on which worlds.
pub(super) struct Asked<'a> {
    pub(super) station: &'a Station,
    /// Its recorded cases, in the order of the years.
    pub(super) cases: &'a [&'a Station],
    pub(super) seed: u64,
    pub(super) worlds: u32,
}

/// Those of the recorded cases that lie before the station's first day, which a scenario may have moved.
fn before<'a>(
    cases: impl Iterator<Item = &'a Station>,
    as_of: Date,
) -> impl Iterator<Item = &'a Station> {
    cases.filter(move |case| case.identity.as_of < as_of)
}

/// Reads the observations of a text that was handed in.
pub(super) fn read(
    data: &Data,
    name: &str,
    station: &Station,
    cases: &[Station],
) -> Result<HandedIn, Refusals> {
    let Some(bytes) = data.bytes(name) else {
        let why = format!("no text named {name} was handed in");
        let refused = Refusal::field("observations", why);
        return Err(refused.help("hand it in with the question").into());
    };
    let as_of = station.identity.as_of;
    let days = Days {
        recorded_from: before(cases.iter(), as_of).map(|case| case.identity.as_of).min(),
        as_of,
        through: Date::from_mjd(as_of.mjd() + SPAN_D_MAX),
    };
    let texts = vec![(name.to_owned(), bytes.to_vec())];
    match observations::read(name, bytes, station, days) {
        Ok(rows) => Ok(HandedIn { rows, texts }),
        Err(problems) => Err(Refusals::of_files(problems, texts)),
    }
}

/// Runs the spans of observations and scores each; `None` when it was stopped.
pub(super) fn score(
    handed_in: &HandedIn,
    asked: &Asked<'_>,
    weights: &[f64],
    control: &Control<'_>,
) -> Result<Option<Vec<ObservationRow>>, Refusals> {
    let Asked { station, cases, seed, worlds } = *asked;
    let as_of = station.identity.as_of;
    let legs: Vec<&Station> = before(cases.iter().copied(), as_of).chain([station]).collect();
    let spans = handed_in.rows.iter().map(|placed| parts(&placed.observation, as_of));
    let mut predictions: Vec<Option<Prediction>> = Vec::with_capacity(handed_in.rows.len());
    for batch in batches(spans.collect()) {
        let observations: Vec<Observation> = batch.iter().flatten().cloned().collect();
        let asking = Station { observations, ..station.clone() };
        let replays = replay(&asking, &legs, seed, worlds, control)?;
        if !replays.complete {
            return Ok(None);
        }
        let mut place = 0;
        for parts in batch {
            let found: Option<Vec<&Prediction>> =
                (place..place + parts.len()).map(|at| replays.prediction(at)).collect();
            place += parts.len();
            predictions.push(found.and_then(|found| match found[..] {
                [one] => Some(one.clone()),
                [first, then] => Some(sum(first, then)),
                _ => None,
            }));
        }
    }
    let mut problems = Vec::new();
    let mut rows = Vec::with_capacity(predictions.len());
    for (placed, prediction) in handed_in.rows.iter().zip(&predictions) {
        let observation = &placed.observation;
        let answers = answers(observation, as_of);
        match prediction {
            Some(prediction) => rows.push(row(observation, prediction, weights, answers)),
            None => problems.push(uncounted(placed, answers)),
        }
    }
    if problems.is_empty() {
        Ok(Some(rows))
    } else {
        Err(Refusals::of_files(problems, handed_in.texts.clone()))
    }
}

/// The spans that an observation is run over: one, or the one before the as-of date and the one from it on.
fn parts(observation: &Observation, as_of: Date) -> Vec<Observation> {
    match answers(observation, as_of) {
        Answers::Record | Answers::Forecast => vec![observation.clone()],
        Answers::Both => vec![
            Observation { through: as_of.plus_days(-1), ..observation.clone() },
            Observation { from: as_of, ..observation.clone() },
        ],
    }
}

/// Puts observations together, in their order, that are read on no more days than one run keeps.
fn batches(spans: Vec<Vec<Observation>>) -> Vec<Vec<Vec<Observation>>> {
    let (mut batches, mut batch, mut days) = (Vec::new(), Vec::new(), BTreeSet::new());
    for parts in spans {
        days.extend(parts.iter().flat_map(|part| [part.from.plus_days(-1), part.through]));
        if days.len() > DAYS_MAX && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            days = parts.iter().flat_map(|part| [part.from.plus_days(-1), part.through]).collect();
        }
        batch.push(parts);
    }
    batches.extend((!batch.is_empty()).then_some(batch));
    batches
}

/// What is run has nothing to count.
fn uncounted(placed: &Placed, answers: Answers) -> Diagnostic {
    let Observation { what, from, .. } = &placed.observation;
    let run = match answers {
        Answers::Record | Answers::Both => "the recorded case",
        Answers::Forecast => "the station",
    };
    let message = format!(
        "`{what}` cannot be counted from {from}: {run} that is run over that span has no such unit, stock or \
         capability, or nothing of what `exposure` is counted in"
    );
    let help = "leave the observation out, or choose another span".to_owned();
    placed.problem(Code::ReferenceDangling, message, help)
}
