//! Observations that somebody hands in beside a station: rows of the form of `record.toml`, judged against the
//! station's ids and the days that can be run.
//!
//! They change nothing of the station. `source` is free text, `use` and `in_view` mean nothing, and a span may lie after
//! the as-of date: the station forecasts it.

use crate::claims::{Stated, stated};
use crate::context::{Context, Defaults, Kind, problem};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::read_defaults;
use crate::model::{Nature, Observation, Place, Station};
use crate::reader::{Reader, item_path};
use crate::tree::{Span, Texts, Tree};
use zarya_units::Date;

/// Most observations in a file.
pub const OBSERVATIONS_MAX: usize = 1_000;

/// An observation and where it was written.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What was observed. Nothing is weighted by it.
    pub observation: Observation,
    place: Place,
    span: std::ops::Range<usize>,
}

impl Placed {
    /// Returns a problem with it.
    pub fn problem(&self, code: Code, message: String, help: String) -> Diagnostic {
        Diagnostic {
            code,
            message,
            label: String::new(),
            place: self.place.clone(),
            span: self.span.clone(),
            help,
            related: None,
        }
    }
}

/// The days that can be run.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// Start of the earliest recorded case; none where the station has none.
    pub recorded_from: Option<Date>,
    /// The day the station starts on.
    pub as_of: Date,
    /// Last day of the longest forecast.
    pub through: Date,
}

/// What answers for an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// A recorded case: it ends by the as-of date.
    Record,
    /// The station itself: it begins on the as-of date or later.
    Forecast,
    /// The one to the day before the as-of date, the other from that date on.
    Both,
}

/// Returns what answers for an observation of a station that starts on `as_of`.
pub fn answers(observation: &Observation, as_of: Date) -> Answers {
    if observation.through <= as_of {
        Answers::Record
    } else if observation.from >= as_of {
        Answers::Forecast
    } else {
        Answers::Both
    }
}

/// Reads the observations of a file.
///
/// # Errors
///
/// Every problem of the file, in its order: no TOML, no `[[observation]]`, words and ids that are not known, numbers out of
/// range, spans that cannot be run.
pub fn read(
    name: &str,
    bytes: &[u8],
    station: &Station,
    days: Days,
) -> Result<Vec<Placed>, Vec<Diagnostic>> {
    let mut texts = Texts::new();
    let mut problems = Vec::new();
    let (file, root) = texts.parse(name, bytes, &mut 0, &mut problems);
    let Some(mut root) = root else { return Err(problems) };
    let defaults = root.take("defaults").map(|entry| read_defaults(&texts, &entry, &mut problems));
    let whole = Span { file, start: 0, end: 0 };
    let help = "write `[[observation]]` before each, with what, from, through, observed and source";
    for entry in root.entries.iter().filter(|entry| entry.key != "observation") {
        let message = format!("`{}` is no part of a file of observations", entry.key);
        problems.push(problem(&texts, Code::KeyUnknown, entry.key_span, message, help.to_owned()));
    }
    let rows = match root.entry("observation") {
        None => &[][..],
        Some(entry) => match &entry.node.tree {
            Tree::Array(rows) => rows,
            other => {
                let message = format!("`observation` is {}", other.type_name());
                let help = "open each with double brackets: [[observation]]".to_owned();
                problems.push(problem(&texts, Code::WrongType, entry.key_span, message, help));
                return Err(problems);
            }
        },
    };
    if rows.is_empty() {
        let message = "there is no observation in it".to_owned();
        problems.push(problem(&texts, Code::KeyMissing, whole, message, help.to_owned()));
    }
    if let Some(row) = rows.get(OBSERVATIONS_MAX) {
        let message = format!("{} observations; the most is {OBSERVATIONS_MAX}", rows.len());
        let help = "split the file".to_owned();
        problems.push(problem(&texts, Code::BeyondLimits, row.span, message, help));
        return Err(problems);
    }
    let source = defaults.as_ref().and_then(|defaults| defaults.source.clone());
    let context = Context::new(&texts, vec![Defaults::default()], days.as_of, days.as_of);
    let known = [
        (Kind::Oru, station.orus.iter().map(|oru| &oru.id).collect::<Vec<_>>()),
        (Kind::Capability, station.capabilities.iter().map(|c| &c.id).collect()),
        (Kind::Stock, station.stocks.iter().map(|stock| &stock.id).collect()),
    ];
    for (kind, ids) in known {
        for id in ids {
            context.declare(kind, id, whole);
        }
    }
    let mut found = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let path = item_path("observation", row, at);
        let Some(reader) = Reader::of(&context, row, path) else { continue };
        if let Some(observation) = observation(reader, source.as_deref(), days) {
            let (place, span) = (texts.place_of(row.span), row.span);
            found.push(Placed { observation, place, span: span.start as usize..span.end as usize });
        }
    }
    context.check_references();
    problems.extend(context.into_gathered().diagnostics);
    // What is not shown is said last.
    problems.sort_by_key(|problem| (problem.code == Code::TooMany, problem.span.start));
    if problems.iter().any(|problem| problem.severity() == Severity::Error) {
        return Err(problems);
    }
    Ok(found)
}

/// Reads one row; `None` where something of it is not known.
fn observation(reader: Reader<'_, '_>, source: Option<&str>, days: Days) -> Option<Observation> {
    for key in ["use", "in_view", "basis", "why", "note"] {
        reader.know(key);
    }
    let own = reader.text_opt("source");
    let Stated { what, from, through, observed, exposure } = stated(&reader);
    let found = what.zip(from).zip(through).map(|((what, from), through)| Observation {
        what,
        from,
        through,
        observed,
        weight: false,
        exposure,
        in_view: None,
        source: own.or_else(|| source.map(str::to_owned)).unwrap_or_default(),
    });
    if let Some(observation) = &found {
        judge(&reader, observation, days);
    }
    reader.finish();
    found
}

/// Reports what no run can answer.
fn judge(reader: &Reader<'_, '_>, observation: &Observation, days: Days) {
    let Observation { what, from, through, observed, .. } = observation;
    let report = |code, key: &'static str, message: String, help: &str| {
        let span = reader.get(key).map_or(reader.span, |node| node.span);
        reader.context.report(code, span, message, "", help);
    };
    let as_of = days.as_of;
    let nature = what.nature();
    if nature == Nature::Count && observed.fract() != 0.0 {
        let message =
            format!("`{what}` is a whole number of times or things, and {observed} is none");
        report(Code::OutOfRange, "observed", message, "write the number that was counted");
    }
    if through < from {
        return; // reported
    }
    let span_d = through.mjd() + 1.0 - from.mjd();
    if nature == Nature::Days && *observed > span_d {
        let message = format!("{observed} days are more than the {span_d} days of the span");
        report(
            Code::OutOfRange,
            "observed",
            message,
            "count the days from `from` through `through`",
        );
    }
    let both = answers(observation, as_of) == Answers::Both;
    if let Some(exposure) = observation.exposure {
        match what.exposure_in() {
            None => {
                let message = format!("`{what}` has no `exposure`");
                let help = "remove it: only `failures:ORU-ID` (unit-years) and `cargo-losses` (flights) have one";
                report(Code::KeyConflict, "exposure", message, help);
            }
            Some(unit) if exposure <= 0.0 => {
                let message = format!("an `exposure` of {exposure} {unit} has nothing to count");
                report(
                    Code::OutOfRange,
                    "exposure",
                    message,
                    "write a number above 0, or remove it",
                );
            }
            Some(_) if both => {
                let message = format!("`exposure` over a span across the as-of date {as_of}");
                let help = "write two observations, one to the day before it and one from it on";
                report(Code::KeyConflict, "exposure", message, help);
            }
            Some(_) => {}
        }
    }
    if *through > days.through {
        let message = format!("no forecast of this station goes beyond {}", days.through);
        report(Code::DateDisordered, "through", message, "write an earlier date");
        return;
    }
    if both && nature == Nature::Median {
        let message =
            format!("`{what}` over a span across the as-of date {as_of}: medians do not add up");
        let help = "write two observations, one to the day before it and one from it on";
        report(Code::DateDisordered, "from", message, help);
    }
    if answers(observation, as_of) == Answers::Forecast {
        return;
    }
    let first = if nature == Nature::Level { "through" } else { "from" };
    let last = if both { as_of.plus_days(-1) } else { *through };
    match days.recorded_from {
        None => {
            let message = format!("this station has no recorded years to replay before {as_of}");
            let help = "write a span from the as-of date on, or give the station overlays `scenarios/record-*.toml`";
            report(Code::DateDisordered, first, message, help);
        }
        Some(recorded) if *from < recorded || last <= recorded => {
            let message = format!("the recorded years begin with {recorded}");
            let help = "write a span that begins then or later, and ends after that day";
            report(Code::DateDisordered, first, message, help);
        }
        Some(_) => {}
    }
}
