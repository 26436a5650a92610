//! The arrows between crates only point up the list of `ARCHITECTURE.md`, and what a lower crate must not
//! know it does not name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const UNITS: &str = "zarya-units";
const ORBIT: &str = "zarya-orbit";
const RELIABILITY: &str = "zarya-reliability";
const SYSTEMS: &str = "zarya-systems";
const STATION: &str = "zarya-station";
const SIMULATION: &str = "zarya-simulation";
const ASSESSMENT: &str = "zarya-assessment";
const FRONT: &str = "zarya";
const REPORT: &str = "zarya-report";

/// Every crate, and those of ours it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    (UNITS, &[]),
    (ORBIT, &[UNITS]),
    (RELIABILITY, &[UNITS]),
    (SYSTEMS, &[UNITS]),
    (STATION, &[UNITS]),
    (SIMULATION, &[UNITS, ORBIT, RELIABILITY, SYSTEMS, STATION]),
    (ASSESSMENT, &[UNITS, STATION, SIMULATION]),
    (FRONT, &[UNITS, ORBIT, RELIABILITY, SYSTEMS, STATION, SIMULATION, ASSESSMENT]),
    (REPORT, &[FRONT]),
    // The rooms that still live in the command need the crates below; each that moves takes its arrow away.
    (
        "zarya-cli",
        &[FRONT, REPORT, UNITS, ORBIT, RELIABILITY, SYSTEMS, STATION, SIMULATION, ASSESSMENT],
    ),
];

/// The doors: what asks on behalf of somebody.
const DOORS: &[&str] = &["zarya-cli"];

/// Heavy or worldly libraries that only the doors may use.
const DOORS_ONLY: &[&str] = &["clap", "clap_complete", "ctrlc", "indicatif"];

/// What only a door, or the file readers of the front door, may name.
const WORLDLY: &[&str] =
    &["std::fs", "std::env", "std::net", "SystemTime", "Instant::now", "println!", "eprint"];

/// Files of the front door that read or write files: readers, the writer, run folders, embedded stations.
const FRONT_DOOR_FILES: &[&str] = &["open.rs", "file.rs", "run", "stations.rs"];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("crates/").to_owned()
}

/// The names of a manifest's dependencies for its product.
fn dependencies(manifest: &str) -> Vec<String> {
    let (mut names, mut inside) = (Vec::new(), false);
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            // `[dependencies]`, `[dependencies.x]`, `[target.'cfg(unix)'.dependencies]`; not those of
            // tests and builds.
            let table = line.trim_matches(['[', ']']);
            inside = table == "dependencies" || table.ends_with(".dependencies");
            names.extend(table.strip_prefix("dependencies.").map(str::to_owned));
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            names.push(name.trim().to_owned());
        }
    }
    names
}

fn manifests() -> BTreeMap<String, Vec<String>> {
    let entries = std::fs::read_dir(crates()).expect("crates/ can be listed");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    folders
        .map(|folder| {
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, dependencies(&manifest))
        })
        .collect()
}

#[test]
fn no_arrow_points_down() {
    let manifests = manifests();
    for (name, found) in &manifests {
        let allowed = ALLOWED.iter().find(|(known, _)| known == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{name} is not on the list of crates"));
        for dependency in found {
            if dependency.starts_with("zarya") {
                assert!(allowed.contains(&&**dependency), "{name} must not depend on {dependency}");
            }
            let worldly = DOORS_ONLY.contains(&&**dependency);
            assert!(!worldly || DOORS.contains(&&**name), "{dependency} belongs in a door: {name}");
        }
    }
    for (name, _) in ALLOWED {
        assert!(manifests.contains_key(*name), "{name} is listed, but is not there");
    }
}

/// Calls `check` with every source file of a folder that is no test.
fn sources(folder: &Path, check: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, check);
        } else if path.extension().is_some_and(|end| end == "rs") && name != "tests.rs" {
            check(&path, &std::fs::read_to_string(&path).expect("a source file"));
        }
    }
}

#[test]
fn only_doors_know_files_clocks_and_terminals() {
    for (name, _) in ALLOWED.iter().filter(|(name, _)| !DOORS.contains(name)) {
        let src = crates().join(name).join("src");
        sources(&src, &mut |path, text| {
            let inside = path.strip_prefix(&src).expect("inside src");
            let files = FRONT_DOOR_FILES.iter().any(|allowed| inside.starts_with(allowed));
            // Tests stand at the end of a file.
            let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
            for word in WORLDLY {
                let allowed = *name == FRONT && files && *word == "std::fs";
                let named = product
                    .lines()
                    .any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
                assert!(allowed || !named, "{name}/src/{} names {word}", inside.display());
            }
        });
    }
}

#[test]
fn manifests_are_read_in_every_form() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = \"1\"\n\n[dependencies.c]\n\
                    path = \"c\"\n[target.'cfg(unix)'.dependencies]\nd = { version = \"1\" }\n[dev-dependencies]\ne = \"1\"\n";
    let found = dependencies(manifest);
    for name in ["a", "b", "c", "d"] {
        assert!(found.iter().any(|known| known == name), "{name}: {found:?}");
    }
    assert!(!found.iter().any(|known| known == "e"));
}
