//! The cabin of the station files in whole histories: mass, limits, and what they do.

use crate::burn_in::burn_in;
use crate::history::{Engine, run};
use crate::plan::{Plan, Variant};
use crate::worlds::World;
use std::path::{Path, PathBuf};
use zarya_units::Date;

fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (under, prefix) in [(folder.to_path_buf(), ""), (folder.join("orus"), "orus/")] {
        for entry in std::fs::read_dir(&under).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|e| e == "toml") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                files.push((format!("{prefix}{name}"), std::fs::read(&path).expect("a file")));
            }
        }
    }
    files
}

fn station_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../zarya/stations").join(name)
}

/// The ISS of the repository, through a date.
fn plan(through: &str) -> Plan {
    let files = files_of(&station_folder("iss"));
    let station = match zarya_station::load(&files, &[]) {
        Ok((station, _)) => station,
        Err(diagnostics) => panic!("{}", zarya_station::render(&diagnostics, &files)),
    };
    let through = Date::parse(through).expect("a date");
    Plan::compile(&station, through, &Variant::default()).expect("compiles")
}

/// The model of a world is used again for its next history: what one has rationed or lost must not
/// stay behind. (Observed: rationed water of one history thinned the first weeks of the next.)
#[test]
fn a_history_does_not_inherit_the_cabin_of_the_one_before() {
    let plan = plan("2026-09-30");
    let world = World::draw(&plan, 7, 4);
    let start = burn_in(&plan, &world, 7);
    let mut used = Engine::new(&plan, &world);
    for i in 80..100 {
        let after_others = run(&mut used, &start, 7, i);
        let alone = run(&mut Engine::new(&plan, &world), &start, 7, i);
        assert_eq!(after_others.samples, alone.samples, "history {i}");
    }
}

/// Whole histories of the ISS: every element aboard, flown in and leaked away adds up.
#[test]
fn elements_close_over_whole_histories() {
    let plan = plan("2028-12-31");
    let mut histories = 0;
    for w in 0..10 {
        let world = World::draw(&plan, 7, w);
        let start = burn_in(&plan, &world, 7);
        let mut engine = Engine::new(&plan, &world);
        for i in 0..4 {
            let outcome = run(&mut engine, &start, 7, w * 4 + i);
            let cabin = engine.resources.cabin().expect("the ISS has a cabin");
            let after = cabin.state.elements();
            for ((before, after), turned) in
                cabin.before.iter().zip(after).zip(cabin.state.turnover())
            {
                let residual = (after - before).abs() / turned.max(1.0);
                assert!(residual < 1e-9, "history {}: {residual:e}", outcome.history);
            }
            histories += 1;
        }
    }
    assert_eq!(histories, 40);
}
