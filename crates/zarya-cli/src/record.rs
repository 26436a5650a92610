//! `zarya check --record`: the engine over the recorded years, observed beside predicted.

use crate::Answer;
use crate::output::{self, Failure};
use serde::Serialize;
use std::path::Path;
use zarya::assess;
use zarya::{Control, Data};
use zarya_assessment::assessment::RecordRow;
use zarya_report::columns;
use zarya_station::Station;

/// Worlds replayed: each plays the recorded spans a few times.
const WORLDS: u32 = 200;
/// The seed of the answer's default, so that `assess` and this agree on worlds.
const SEED: u64 = 7;

/// The answer as JSON.
#[derive(Serialize)]
struct RecordJson {
    /// Worlds replayed.
    worlds: u32,
    /// Seed of worlds and chance.
    seed: u64,
    /// Rows that score the model; worlds are weighted by the others.
    scored: Vec<RecordRow>,
    /// Rows that weight the worlds: shown, never counted as validation.
    weighting: Vec<RecordRow>,
    /// What came after the as-of date beside the forecast made on it.
    afterwards: Vec<RecordRow>,
}

/// Replays the record of `station` and prints the table.
pub(crate) fn check(
    data: &Data,
    place: Option<&str>,
    station: &Station,
    json: Option<&Path>,
) -> Answer {
    let cases = assess::recorded_cases(data, place)?;
    if cases.is_empty() || station.observations.is_empty() {
        return Err(Failure::Refused(
            "this station has no record to check against\nhelp: a record is `record.toml` with \
             [[observation]] rows, and overlays `scenarios/record-*.toml` that replay the years"
                .to_owned(),
        ));
    }
    let control = Control::silent();
    let replays = assess::replay(station, &cases, SEED, WORLDS, 0, &control)
        .map_err(|error| Failure::Refused(error.to_string()))?;
    let weights = replays.weights(WORLDS).unwrap_or_else(|| vec![1.0; WORLDS as usize]);
    // Nothing of what came later is in the station that is run here, flights and Sun included.
    let mut afterwards = Vec::new();
    for later in assess::afterwards(data, place)? {
        let known = std::slice::from_ref(station);
        let forecast = assess::replay(&later, known, SEED, WORLDS, 0, &control)
            .map_err(|error| Failure::Refused(error.to_string()))?;
        afterwards.extend(forecast.rows(&weights, false));
    }
    let answer = RecordJson {
        worlds: WORLDS,
        seed: SEED,
        scored: replays.rows(&weights, false),
        weighting: replays.rows(&weights, true),
        afterwards,
    };
    if let Some(path) = json {
        output::json(path, &answer)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&table(&answer))
}

fn table(answer: &RecordJson) -> String {
    let mut text = format!(
        "The recorded years on the same engine: {} worlds, seed {}\n\n",
        answer.worlds, answer.seed
    );
    text.push_str(&line("scored", ["from", "through", "observed", "predicted 5-95 %"], true));
    let rows = |text: &mut String, rows: &[RecordRow]| {
        for row in rows {
            let (from, through) = (row.from.to_string(), row.through.to_string());
            let observed = format!("{:.0}", row.observed);
            let band = format!("{:.0} to {:.0}", row.low, row.high);
            text.push_str(&line(&row.what, [&from, &through, &observed, &band], row.inside));
        }
    };
    rows(&mut text, &answer.scored);
    text.push_str("\nworlds are weighted by these (no validation)\n");
    rows(&mut text, &answer.weighting);
    if !answer.afterwards.is_empty() {
        text.push_str("\nwhat came after the as-of date, beside the forecast of that day\n");
        rows(&mut text, &answer.afterwards);
    }
    text
}

/// A line of the table, of 80 columns at most.
fn line(what: &str, [from, through, observed, band]: [&str; 4], inside: bool) -> String {
    let name = columns::head(what, 21);
    let mark = if inside { "" } else { "  outside" };
    format!("{name} {from:<11}{through:<11}{observed:>9}  {band:>16}{mark}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_line_fits_a_terminal() {
        for what in ["avoidance-maneuvers", "a-name-of-more-than-its-column"] {
            let cells = ["2010-01-01", "2025-07-31", "123456", "123456 to 234567"];
            let text = line(what, cells, false);
            assert!(text.lines().all(|line| line.chars().count() <= columns::COLUMNS), "{text}");
            assert!(text.contains("2025-07-31    123456  123456 to 234567  outside"), "{text}");
        }
    }
}
