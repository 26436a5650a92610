//! Life support on its own: how long a crew lasts, how its air and stores move, what a hatch costs.
//!
//! A case is stated in a file (see `zarya air endurance --help` for its form) or is built from the files
//! of a station, exactly one of the two. What neither states is not invented: it is left out of the
//! count, and the answer's caveats say so.

pub(crate) mod case_file;
pub mod endurance;
pub mod hatch;
pub mod run;
pub(crate) mod station;

use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use case_file::Stated;
use zarya_systems::case::Case;
use zarya_systems::coupling;
use zarya_units::{Date, Quantity};

/// The most bytes of a case file.
pub const BYTES_MAX: usize = zarya_station::BYTES_MAX;

/// Adds what is wrong with the source of a case: exactly one of file and station is named, and overlays
/// are of a station.
pub(crate) fn source(
    found: &mut Found,
    file: Option<&str>,
    station: Option<&str>,
    scenario: &[String],
) {
    match (file, station) {
        (None, None) => found.add(
            Refusal::field("file", "neither a case file nor a station is named")
                .help("name one of the two: `file`, or `station` for that of a station"),
        ),
        (Some(_), Some(_)) => {
            found.add(Refusal::field("file", "`file` and `station` exclude each other"));
        }
        _ => {}
    }
    if station.is_none() && !scenario.is_empty() {
        found.add(
            Refusal::field("scenario", "an overlay changes a station, and none is named")
                .help("name `station`, or leave `scenario` out"),
        );
    }
}

/// Reads the case of a question whose source was checked, with what it rests on.
pub(crate) fn stated(
    data: &Data,
    file: Option<&str>,
    name: Option<&str>,
    scenario: &[String],
) -> Result<(Stated, Inputs), Refusals> {
    if let Some(file) = file {
        return Ok((case_file::case_file(data, file)?, Inputs::of_text(data, file)));
    }
    let opened = data.station(name, scenario)?;
    Ok((station::case_of(&opened)?, Inputs::of_station(&opened, scenario)))
}

/// Returns the case after partners have left.
fn left_by(case: &Case, partners: &[String]) -> Result<Case, Refusals> {
    let mut known: Vec<&str> = case
        .running
        .iter()
        .filter_map(|running| running.partner())
        .chain(case.arrivals.iter().filter_map(|arrival| arrival.partner.as_deref()))
        .collect();
    known.sort_unstable();
    known.dedup();
    let mut found = Found::default();
    for partner in partners {
        let in_table = coupling::station_table()
            .iter()
            .flat_map(|capability| &capability.providers)
            .any(|provider| provider.partner == *partner);
        if !in_table && !known.contains(&partner.as_str()) {
            let names =
                if known.is_empty() { "nasa, roscosmos".to_owned() } else { known.join(", ") };
            let why =
                format!("\"{partner}\" provides nothing in this case; known partners: {names}");
            found.add(Refusal::unanswerable(About::Field("without".to_owned()), why));
        }
    }
    found.done()?;
    let partners: Vec<&str> = partners.iter().map(String::as_str).collect();
    Ok(case.without(&partners))
}

/// Says so where partners who left take nothing of the case with them.
fn takes_nothing(before: &Case, after: &Case, partners: &[String]) -> Vec<String> {
    if partners.is_empty() || before != after {
        return Vec::new();
    }
    let who = partners.join(" and ");
    let stopped: Vec<&str> = before
        .running
        .iter()
        .filter(|running| running.partner().is_some_and(|p| partners.iter().any(|who| who == p)))
        .map(zarya_systems::case::Running::id)
        .collect();
    let still = match stopped.as_slice() {
        [] => "it runs nothing in this case".to_owned(),
        ids => format!("what it runs in this case stands still anyway ({})", ids.join(", ")),
    };
    vec![format!(
        "without {who} every number of this case is as with it: {still} and no arrival is its; what is aboard \
         stays, whoever brought it"
    )]
}

/// Reads a field that is a time with its unit, days.
pub(crate) fn days(found: &mut Found, field: &str, text: &str, example: &str) -> Option<f64> {
    match Quantity::parse_in(text, "d") {
        Ok(days) => Some(days),
        Err(error) => {
            found.add(Refusal::field(field, error.to_string()).help(format!("such as {example}")));
            None
        }
    }
}

/// Days after a date; none beyond the calendar of this program.
pub(crate) fn date_after(from: Option<Date>, days: f64) -> Option<Date> {
    Date::in_calendar(from?.mjd() + days)
}
