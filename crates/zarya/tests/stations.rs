//! Every station that ships, and stations with another number of sides than the reference one.

#![allow(clippy::unwrap_used, reason = "a test stops where its set-up fails")]

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use zarya::stations;
use zarya_assessment::ensemble::{Ensemble, Labels, Tier};
use zarya_assessment::{caveats, split, summary};
use zarya_simulation::{Outcome, Plan, Variant, ensemble};
use zarya_station::{Severity, Station};

type Files = Vec<(String, Vec<u8>)>;

fn load(name: &str, files: &Files) -> Station {
    match zarya_station::load(files, &[]) {
        Ok((station, _)) => station,
        Err(diagnostics) => {
            let errors: Vec<_> =
                diagnostics.into_iter().filter(|d| d.severity() == Severity::Error).collect();
            panic!("{name}\n{}", zarya_station::render(&errors, files));
        }
    }
}

/// Compiles a station through its claim's date and runs 40 histories of it.
fn histories(station: &Station) -> (Plan, Vec<Outcome>) {
    let plan = Plan::compile(station, station.claim.through, &Variant::default()).unwrap();
    let stop = AtomicBool::new(false);
    let control = zarya_simulation::Control {
        threads: 2,
        histories_per_world: 20,
        stop: &stop,
        progress: &|_| {},
    };
    let outcomes = ensemble::run(&plan, 11, 0..2, &control);
    assert_eq!(outcomes.len(), 40);
    (plan, outcomes)
}

/// The answer of 40 histories adds up.
fn answer(station: &Station, plan: &Plan, outcomes: &[Outcome]) {
    let labels = Labels::of(plan);
    let ensemble = Ensemble { labels: &labels, outcomes, weights: &[0.5, 0.5] };
    let tiers = summary::tiers(&ensemble);
    for tier in [&tiers.survives, &tiers.crewed, &tiers.full] {
        assert!(tier.low <= tier.mean && tier.mean <= tier.high, "{tier:?}");
    }
    assert!(tiers.full.mean <= tiers.crewed.mean && tiers.crewed.mean <= tiers.survives.mean);
    let split = split::split(&ensemble, Tier::Crewed);
    assert!((0.0..=1.0).contains(&split.systems.mean), "{split:?}");
    let answer = caveats::Answer {
        ensemble: &ensemble,
        break_even: &[],
        ruptures: &[],
        split: &split,
        owners: &[],
        correlations: &[],
        probability: &tiers.crewed,
        effective_worlds: 2.0,
        endings: &[],
        complete: true,
        weighted: false,
    };
    assert!(!caveats::caveats(station, &answer).is_empty());
}

fn is_station(folder: &Path) -> bool {
    folder.join("station.toml").is_file()
}

/// A station's own files; scenarios and beliefs are overlays on them.
fn files_of(folder: &Path) -> Files {
    let mut files = Vec::new();
    for (place, prefix) in [(folder.to_owned(), ""), (folder.join("orus"), "orus/")] {
        for entry in std::fs::read_dir(place).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
                files.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    files
}

#[test]
fn every_station_that_ships_loads_compiles_and_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = [root.join("stations"), root.join("../../cases/station")]
        .into_iter()
        .flat_map(|shelf| std::fs::read_dir(shelf).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        assert!(is_station(&folder), "{} has no station.toml", folder.display());
        histories(&load(&folder.display().to_string(), &files_of(&folder)));
    }
}

/// The files of an embedded station with a text replaced, or added where there is nothing to
/// replace.
fn changed(id: &str, changes: &[(&str, &str, &str)]) -> Files {
    let station = stations::named(id).expect("embedded");
    let overlay = |name: &str| name.starts_with("scenarios/") || name.starts_with("beliefs/");
    let mut files: Vec<(String, String)> = station
        .files
        .iter()
        .filter(|(name, _)| !overlay(name))
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    for (file, from, to) in changes {
        let mut found = false;
        for (_, text) in files.iter_mut().filter(|(name, _)| name.starts_with(file)) {
            if from.is_empty() {
                text.push_str(to);
                found = true;
            } else if text.contains(from) {
                *text = text.replace(from, to);
                found = true;
            }
        }
        assert!(found, "`{from}` is not in {file}");
    }
    files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

/// The reference station with a third side that has its own zone, water and element.
#[test]
fn a_station_of_three_sides_runs() {
    let files = changed(
        "iss",
        &[
            (
                "station.toml",
                "segments = [\"us\", \"rs\"]",
                "segments = [\"us\", \"rs\", \"free\"]",
            ),
            ("cabin.toml", "share = 0.62", "share = 0.5"),
            (
                "cabin.toml",
                "",
                "\n[[water]]\nstock = \"water-free\"\nsegment = \"free\"\nshare = 0.12\n",
            ),
            (
                "cabin.toml",
                "[air]\n",
                "[[zone]]\nid = \"free\"\nsegment = \"free\"\n\
                 volume = { value = \"40 m3\", basis = \"assumed\", why = \"a case\" }\n\n[air]\n",
            ),
            (
                "stocks.toml",
                "",
                "\n[[stock]]\nid = \"water-free\"\nname = \"Water of the third side\"\n\
                 initial = { value = \"500 kg\", basis = \"assumed\", why = \"a case\" }\n\
                 capacity = { value = \"500 kg\", basis = \"assumed\", why = \"a case\" }\n",
            ),
            (
                "elements.toml",
                "",
                "\n[[element]]\nid = \"free\"\nname = \"Third side\"\nsegment = \"free\"\n\
                 partner = \"nasa\"\nlaunched = 2020-01-01\n",
            ),
        ],
    );
    let station = load("three sides", &files);
    let (plan, outcomes) = histories(&station);
    let place = plan.series.iter().position(|series| series.id == "water-free").expect("sampled");
    for outcome in &outcomes {
        let level = |row: usize| outcome.samples[row * plan.series.len() + place];
        assert!(level(4) < level(0), "a seventh of the crew lives on it and nothing refills it");
    }
    answer(&station, &plan, &outcomes);
}

/// The teaching station with one side, and that one Russian.
#[test]
fn a_station_of_one_russian_side_runs() {
    let eva = "  { segment = \"core\", capability = \"spacewalks\", trained = 2 },\n";
    let mut changes = vec![
        ("crew.toml", eva, ""),
        ("crew.toml", "{ core = 1, service = 1 }", "{ russian = 1 }"),
        ("vehicles.toml", "{ core = 2, service = 2 }", "{ russian = 2 }"),
        ("station.toml", "[\"core\", \"service\"]", "[\"russian\"]"),
    ];
    for file in ["capabilities.toml", "elements.toml", "orus/"] {
        changes.push((file, "segment = \"core\"", "segment = \"russian\""));
        changes.push((file, "segment = \"service\"", "segment = \"russian\""));
    }
    changes.push(("maintenance.toml", "segment = \"core\"", "segment = \"russian\""));
    changes.push(("crew.toml", "segment = \"service\"", "segment = \"russian\""));
    let station = load("one side", &changed("tiny", &changes));
    let (plan, outcomes) = histories(&station);
    answer(&station, &plan, &outcomes);
}

/// A station that states no arrays is lit by a documented default, which its facts call assumed.
#[test]
fn the_teaching_station_has_no_arrays_of_the_reference_station() {
    let tiny = load("tiny", &changed("tiny", &[]));
    assert!(tiny.power.channels.is_empty());
    let fact = &tiny.facts["power.battery_efficiency"];
    assert_eq!(fact.basis, Some(zarya_station::model::Basis::Assumed));
    let iss = load("iss", &changed("iss", &[]));
    assert_eq!(iss.power.channels.len(), 8);
    assert_eq!(iss.power.channels.iter().filter(|c| c.rollout_kw.is_some()).count(), 6);
}
