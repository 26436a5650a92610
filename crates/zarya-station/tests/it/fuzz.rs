//! Random changes of the teaching station: the loader answers, never panics, and what it says
//! points into the files it was given.
//!
//! The sequence of changes is fixed; `ZARYA_FUZZ_CASES=100000` makes it longer. What once failed is
//! kept in `tests/corpus/` and loaded in every way each time.

use crate::station_folder::{Files, tiny};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeSet;
use zarya_station::{Diagnostic, Severity, Station, load, render};

/// Pieces of TOML and of station files that changes are made of.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "\n",
    "#",
    "\\",
    "\\u0000",
    "-",
    "+",
    "0",
    "1",
    "-1",
    "1e9",
    "1e-9",
    "nan",
    "inf",
    "-inf",
    "true",
    "false",
    "9223372036854775807",
    "0x7f",
    "1_0",
    "2026-02-30",
    "2026-01-01",
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "\"unknown\"",
    "\"\"",
    "\" \"",
    "[]",
    "{}",
    "\"1 d\"",
    "\"1 kg\"",
    "\"5 %\"",
    "\"1 kg/d\"",
    "\"1 1/y\"",
    "\"1 month\"",
    "\"power\"",
    "\"oxygen\"",
    "\"beta\"",
    "\"core\"",
    "\"evacuate\"",
    "\"all\"",
    "\"assumed\"",
    "\"published\"",
    "\"disputed\"",
    "value",
    "low",
    "high",
    "basis",
    "source",
    "why",
    "alternatives",
    "id",
    "name",
    "rate",
    "installed",
    "[[oru]]",
    "[[capability]]",
    "[[stock]]",
    "[[flight]]",
    "[[service]]",
    "[defaults]",
    "[element.leak]",
    "\u{0}",
    "\u{feff}",
    "ä",
    "\u{202e}",
    "\r\n",
    "\t",
];

/// One change of one file, by positions relative to its length.
#[derive(Clone, Debug)]
enum Change {
    /// Overwrites a byte.
    Byte(u8),
    /// Puts a piece in.
    Insert(&'static str),
    /// Takes some bytes out.
    Cut(usize),
    /// Takes the line out.
    CutLine,
    /// Repeats the line.
    RepeatLine,
    /// Replaces the right side of the line.
    Value(&'static str),
    /// Replaces the left side of the line.
    Key(&'static str),
    /// Ends the file.
    End,
}

fn changes() -> impl Strategy<Value = Vec<(usize, usize, Change)>> {
    let change = prop_oneof![
        any::<u8>().prop_map(Change::Byte),
        proptest::sample::select(PIECES).prop_map(Change::Insert),
        (1_usize..40).prop_map(Change::Cut),
        Just(Change::CutLine),
        Just(Change::RepeatLine),
        proptest::sample::select(PIECES).prop_map(Change::Value),
        proptest::sample::select(PIECES).prop_map(Change::Key),
        Just(Change::End),
    ];
    proptest::collection::vec((any::<usize>(), any::<usize>(), change), 1..6)
}

fn changed(base: &Files, changes: &[(usize, usize, Change)]) -> Files {
    let mut files = base.clone();
    for (file, at, change) in changes {
        let n_files = files.len();
        let bytes = &mut files[file % n_files].1;
        let at = at % (bytes.len() + 1);
        let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n);
        let equals = bytes[start..end].iter().position(|b| *b == b'=').map(|n| start + n);
        match (change, equals) {
            (Change::Byte(byte), _) => {
                if let Some(there) = bytes.get_mut(at) {
                    *there = *byte;
                }
            }
            (Change::Insert(piece), _) => {
                bytes.splice(at..at, piece.bytes());
            }
            (Change::Cut(length), _) => {
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            (Change::CutLine, _) => {
                bytes.drain(start..end);
            }
            (Change::RepeatLine, _) => {
                let line: Vec<u8> = [b"\n", &bytes[start..end]].concat();
                bytes.splice(end..end, line);
            }
            (Change::Value(piece), Some(equals)) => {
                bytes.splice(equals + 1..end, piece.bytes());
            }
            (Change::Key(piece), Some(equals)) => {
                bytes.splice(start..equals, piece.bytes());
            }
            (Change::Value(_) | Change::Key(_), None) => {}
            (Change::End, _) => bytes.truncate(at),
        }
    }
    files
}

/// Loads and checks what must hold whatever the files are.
fn judge(files: &Files, overlays: &Files) -> Result<(), String> {
    let first = load(files, overlays);
    let all: Files = files.iter().chain(overlays).cloned().collect();
    let diagnostics = match &first {
        Ok((station, warnings)) => {
            closed(station)?;
            if warnings.iter().any(|d| d.severity() == Severity::Error) {
                return Err("an error comes with a station".to_owned());
            }
            warnings
        }
        Err(problems) => {
            if !problems.iter().any(|d| d.severity() == Severity::Error) {
                return Err("refused without an error".to_owned());
            }
            problems
        }
    };
    for Diagnostic { code, place, span, help, .. } in diagnostics {
        let Some((_, bytes)) = all.iter().find(|(name, _)| *name == place.file) else {
            // A missing file has a name and nothing else.
            continue;
        };
        if span.start > span.end || span.end > bytes.len().max(1) {
            return Err(format!("{} marks {span:?} of {} bytes", code.id(), bytes.len()));
        }
        if place.line < 1 || place.column < 1 || help.is_empty() {
            return Err(format!("{} has no place or no way out", code.id()));
        }
    }
    let shown = render(diagnostics, &all);
    let again = match load(files, overlays) {
        Ok((_, warnings)) => render(&warnings, &all),
        Err(problems) => render(&problems, &all),
    };
    if shown != again {
        return Err("two loadings say different things".to_owned());
    }
    Ok(())
}

/// A station that was handed out points at nothing that is not there.
fn closed(station: &Station) -> Result<(), String> {
    let capabilities: BTreeSet<&str> = station.capabilities.iter().map(|c| c.id.as_str()).collect();
    let stocks: BTreeSet<&str> = station.stocks.iter().map(|s| s.id.as_str()).collect();
    let vehicles: BTreeSet<&str> = station.vehicles.iter().map(|v| v.id.as_str()).collect();
    let named = station
        .orus
        .iter()
        .map(|oru| oru.serves.as_str())
        .chain(station.capabilities.iter().flat_map(|c| c.providers.iter().map(|p| p.id.as_str())))
        .chain(station.capabilities.iter().flat_map(|c| c.needs.iter().map(|n| n.id.as_str())));
    for id in named {
        if !capabilities.contains(id) {
            return Err(format!("capability `{id}` is named and not there"));
        }
    }
    for flight in &station.flights {
        if !vehicles.contains(flight.vehicle.as_str()) {
            return Err(format!("vehicle `{}` is named and not there", flight.vehicle));
        }
        if let Some((id, _)) = flight.cargo_kg.iter().find(|(id, _)| !stocks.contains(id.as_str()))
        {
            return Err(format!("stock `{id}` is named and not there"));
        }
    }
    for oru in &station.orus {
        let numbers = [oru.mtbf_d, oru.mass_kg, oru.error_factor, oru.repair_crew_h];
        if numbers.iter().any(|v| !(v.low <= v.value && v.value <= v.high && v.value.is_finite())) {
            return Err(format!("a number of `{}` is out of order", oru.id));
        }
        if oru.mtbf_d.value <= 0.0 || oru.installed == 0 || oru.needed > oru.installed {
            return Err(format!("`{}` cannot be simulated", oru.id));
        }
    }
    Ok(())
}

fn runner() -> TestRunner {
    let cases = std::env::var("ZARYA_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn changed_stations_are_answered() {
    let base = tiny();
    let result = runner().run(&changes(), |changes| {
        judge(&changed(&base, &changes), &Vec::new()).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Parts of paths, mostly of things that are there.
const PARTS: &[&str] = &[
    "oru",
    "capability",
    "stock",
    "flight",
    "service",
    "vehicle",
    "orbit",
    "worlds",
    "crew",
    "station",
    "claim",
    "sources",
    "element",
    "partner",
    "*",
    "s*",
    "oru*",
    "scrubber",
    "oxygen",
    "oxygen-supply",
    "supply",
    "freighter",
    "supply-2026-06-29",
    "tail",
    "beta",
    "mtbf",
    "rule",
    "demand",
    "providers",
    "draw",
    "0",
    "1",
    "rate",
    "leak",
    "cargo",
    "food",
    "commitment",
    "beta-2028",
    "through",
    "push",
    "isp",
    "trained",
    "eva",
    "",
    "value",
    "low",
];

#[test]
fn changed_overlays_are_answered() {
    let base = tiny();
    let path = proptest::collection::vec(proptest::sample::select(PARTS), 1..5);
    let operation = (0..3_usize, path, proptest::sample::select(PIECES), 0..12_usize);
    let overlay = proptest::collection::vec(operation, 1..5);
    let result = runner().run(&overlay, |operations| {
        let mut text = String::from("why = \"a random change\"\n");
        for (kind, path, piece, shift) in &operations {
            let path = path.join(".");
            let added = PARTS[*shift];
            let operation = match kind {
                0 => format!("[[set]]\npath = \"{path}\"\nvalue = {piece}\n"),
                1 => format!("[[remove]]\npath = \"{path}\"\n"),
                _ => format!("[[add]]\ntable = \"{added}\"\nvalue = {{ id = \"x{shift}\" }}\n"),
            };
            text.push_str(&operation);
        }
        let overlays = vec![("overlay.toml".to_owned(), text.into_bytes())];
        judge(&base, &overlays).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Every file of the corpus in the place of every file, behind every file, and as an overlay.
#[test]
fn the_corpus_is_answered() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 5, "the corpus is there");
    let base = tiny();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.display();
        let overlay = vec![("overlay.toml".to_owned(), bytes.clone())];
        judge(&base, &overlay).unwrap_or_else(|error| panic!("{name} as an overlay: {error}"));
        for at in 0..base.len() {
            let mut files = base.clone();
            files[at].1.clone_from(&bytes);
            judge(&files, &Vec::new()).unwrap_or_else(|error| panic!("{name}: {error}"));
            files[at].1 = [base[at].1.as_slice(), b"\n", &bytes].concat();
            judge(&files, &Vec::new()).unwrap_or_else(|error| panic!("{name} appended: {error}"));
        }
    }
}
