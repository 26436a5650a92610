//! Recorded flights of the ISS's scenarios against the tables of what flew: `date` is the day of docking.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use zarya::Data;
use zarya_station::Station;
use zarya_station::model::Outcome;

/// Days that a stay may be off: tables count from minute to minute, files in whole days.
const STAY_D: f64 = 1.5;

type Row = BTreeMap<String, String>;

/// The rows of a table of the reference series.
fn table(name: &str) -> Vec<Row> {
    let shared = std::env::var_os("ZARYA_SHARED").expect("the reference series");
    let path = PathBuf::from(shared).join("reference/traffic").join(name);
    let text = std::fs::read_to_string(&path).expect("a table of the reference series");
    let mut lines = text.lines();
    let header = cells(lines.next().expect("a header"));
    lines.map(|line| header.iter().cloned().zip(cells(line)).collect()).collect()
}

/// The cells of a line; commas stand in quotes.
fn cells(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(String::new()),
            _ => found.last_mut().expect("begun with one").push(letter),
        }
    }
    found
}

fn station(scenario: &str) -> Station {
    let overlays: Vec<String> = scenario
        .strip_prefix("scenarios/")
        .map(|name| name.trim_end_matches(".toml").to_owned())
        .into_iter()
        .collect();
    Data::embedded().station(None, &overlays).expect("the embedded ISS loads").station
}

/// The kind of a flight by its id: what stands before the first digit.
fn kind(id: &str) -> &str {
    id.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default()
}

#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn every_flight_of_the_checked_scenarios_docks_on_its_day() {
    let mut by_file: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in table("scenario_date_check.csv") {
        by_file.entry(row["file"].clone()).or_default().push(row);
    }
    assert_eq!(by_file.len(), 5, "{:?}", by_file.keys());
    for (file, rows) in by_file {
        let station = station(&file);
        for row in rows {
            let (id, launch, docking) = (&row["id"], &row["launch_day"], &row["docking_day"]);
            // A lost flight has no docking: its date is that of its loss.
            let day = if docking.is_empty() { launch } else { docking };
            if *day > station.claim.through.to_string() {
                continue; // flew only after the span: the file had invented one within it
            }
            if row["table"] == "docked" {
                let docked = station.docked.iter().find(|d| d.id == *id).expect("docked");
                assert_eq!(docked.since.to_string(), *day, "{file} {id}");
                continue;
            }
            let flight = station
                .flights
                .iter()
                .find(|f| kind(&f.id) == kind(id) && f.date.to_string() == *day)
                .unwrap_or_else(|| panic!("{file}: no flight such as {id} docks on {day}"));
            let known = flight.launch.expect("a recorded flight has its launch").to_string();
            assert_eq!(known, *launch, "{file} {}", flight.id);
            assert_eq!(flight.outcome == Outcome::Lost, docking.is_empty(), "{}", flight.id);
            if let Ok(stay_d) = row["actual_stay_d"].parse::<f64>() {
                let stay = flight.stay_d;
                assert!(
                    (stay - stay_d).abs() <= STAY_D,
                    "{file} {}: {stay} d, {stay_d}",
                    flight.id
                );
            }
        }
    }
}

/// No recorded flight is invented, and none with people or cargo is left out of the whole spans.
#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn the_recorded_spans_hold_what_flew_and_nothing_else() {
    let day = |text: &str| text.get(..10).unwrap_or_default().to_owned();
    let first = |row: &Row, columns: [&str; 2]| {
        let found = columns.iter().filter_map(|c| row.get(*c)).find(|cell| !cell.is_empty());
        day(found.map_or("", |cell| cell))
    };
    let mut flew = BTreeSet::new();
    for row in table("cargo_flights.csv").into_iter().chain(table("crew_flights.csv")) {
        let is = |column: &str, words: &[&str]| {
            row.get(column).is_some_and(|cell| words.contains(&cell.as_str()))
        };
        // Ships on trial, a module with its tug, and a test with two people who left on another ship.
        let trial = is("family", &["test without people", "module tug"])
            || is("flight", &["Soyuz MS-14", "Starliner OFT-2", "Starliner CFT"]);
        if !trial {
            let launch = day(&row["launch_utc"]);
            let docking = first(&row, ["captured_utc", "docked_or_berthed_utc"]);
            let docking =
                if docking.is_empty() { first(&row, ["docking_utc", ""]) } else { docking };
            flew.insert((launch.clone(), if docking.is_empty() { launch } else { docking }));
        }
    }
    for (scenario, from, through) in [
        ("scenarios/record-2010.toml", "2010-01-01", "2019-12-31"),
        ("scenarios/record-2011.toml", "2011-07-20", "2019-12-31"),
        ("scenarios/record-2020.toml", "2020-01-01", "2025-07-31"),
    ] {
        let recorded: BTreeSet<_> = station(scenario)
            .flights
            .iter()
            .filter(|flight| flight.outcome != Outcome::Planned)
            .map(|flight| (flight.launch.expect("recorded").to_string(), flight.date.to_string()))
            .collect();
        let inside = |launch: &str| from <= launch && launch <= through;
        let expected: BTreeSet<_> =
            flew.iter().filter(|(_, docking)| inside(docking)).cloned().collect();
        let missing: Vec<_> = expected.difference(&recorded).collect();
        let invented: Vec<_> = recorded.difference(&expected).collect();
        assert!(missing.is_empty() && invented.is_empty(), "{missing:?} {invented:?}");
        assert!(recorded.len() > 60, "{}", recorded.len());
    }
}
