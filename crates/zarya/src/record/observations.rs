//! Observations handed in: read, run over their spans on the worlds of the record, and scored.
//!
//! A span that ends by the as-of date is that of the latest recorded case that starts no later than it; one that begins
//! on the as-of date or later is forecast by the station itself, which goes on from what the recorded years leave. A span
//! across that date, or across the years of two recorded cases, is split there: of what adds up, the parts of each history are added.

use crate::assess::replay;
use crate::refusal::Refusal;
use crate::{Control, Data, Refusals};
use std::collections::BTreeSet;
use zarya_assessment::observations::{ObservationRow, row, sum};
use zarya_assessment::record::Prediction;
use zarya_simulation::SPAN_D_MAX;
use zarya_station::model::{Nature, Observation};
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
    let recorded = &legs[..legs.len() - 1];
    let spans = handed_in.rows.iter().map(|placed| parts(&placed.observation, recorded, as_of));
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
            predictions.push(found.and_then(|found| {
                let (first, rest) = found.split_first()?;
                Some(rest.iter().fold((*first).clone(), |all, part| sum(&all, part)))
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

/// The spans that an observation is run over: one, or one for each recorded case whose years it crosses, and the one from the
/// as-of date on. What does not add up, or has an exposure of its own, is read off the case that holds most of its span.
fn parts(observation: &Observation, recorded: &[&Station], as_of: Date) -> Vec<Observation> {
    let span = |from: Date, through: Date| Observation { from, through, ..observation.clone() };
    let nature = observation.what.nature();
    match answers(observation, as_of) {
        Answers::Forecast => vec![observation.clone()],
        Answers::Record if nature == Nature::Level => {
            vec![span(observation.through, observation.through)]
        }
        Answers::Record => {
            let parts = across(recorded, observation.from, observation.through);
            let whole = parts.len() == 1 || (nature.adds_up() && observation.exposure.is_none());
            let days = |part: &(Date, Date)| part.1.mjd() - part.0.mjd();
            let most = parts.iter().copied().max_by(|a, b| days(a).total_cmp(&days(b)));
            let kept = if whole { parts } else { most.into_iter().collect() };
            kept.into_iter().map(|(from, through)| span(from, through)).collect()
        }
        Answers::Both => across(recorded, observation.from, as_of.plus_days(-1))
            .into_iter()
            .chain([(as_of, observation.through)])
            .map(|(from, through)| span(from, through))
            .collect(),
    }
}

/// A span cut where the years of one recorded case end and those of another begin.
fn across(recorded: &[&Station], mut from: Date, through: Date) -> Vec<(Date, Date)> {
    let mut parts = Vec::new();
    loop {
        let case = recorded
            .iter()
            .filter(|case| case.identity.as_of <= from)
            .max_by_key(|case| case.identity.as_of);
        let next = case.and_then(|case| {
            let begins = recorded.iter().map(|other| other.identity.as_of);
            begins.filter(|on| *on > from && *on > case.claim.through && *on <= through).min()
        });
        let Some(next) = next else { break };
        parts.push((from, next.plus_days(-1)));
        from = next;
    }
    parts.push((from, through));
    parts
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::recorded_cases;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// The recorded years of the ISS: to the end of 2019 in one case, from 2020 in another, and what lies before July 2011 in a
    /// case that holds all years to 2019.
    #[test]
    fn a_span_is_cut_where_one_case_ends_and_the_next_begins() {
        let cases = recorded_cases(&Data::embedded(), None, &[]).unwrap();
        let cases: Vec<&Station> = cases.iter().collect();
        let cut = |from: &str, through: &str| -> Vec<String> {
            let parts = across(&cases, day(from), day(through));
            parts.iter().map(|(from, through)| format!("{from} {through}")).collect()
        };
        assert_eq!(
            cut("2011-07-20", "2025-07-31"),
            ["2011-07-20 2019-12-31", "2020-01-01 2025-07-31"]
        );
        assert_eq!(cut("2010-05-01", "2012-03-04"), ["2010-05-01 2012-03-04"]);
        assert_eq!(
            cut("2010-05-01", "2020-01-01"),
            ["2010-05-01 2019-12-31", "2020-01-01 2020-01-01"]
        );
        assert_eq!(cut("2021-01-01", "2022-01-01"), ["2021-01-01 2022-01-01"]);
        let evas = |exposure| Observation {
            what: "evas".parse().unwrap(),
            from: day("2018-01-01"),
            through: day("2025-07-30"),
            observed: 1.0,
            weight: false,
            exposure,
            in_view: None,
            source: String::new(),
        };
        let as_of = day("2025-07-31");
        assert_eq!(parts(&evas(None), &cases, as_of).len(), 2);
        let most = parts(&evas(Some(3.0)), &cases, as_of);
        assert_eq!((most.len(), most[0].from), (1, day("2020-01-01")));
        let across_all = Observation { through: day("2026-01-01"), ..evas(None) };
        assert_eq!(parts(&across_all, &cases, as_of).len(), 3);
    }
}
