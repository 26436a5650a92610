//! Lists the files under `stations/`, so that every station there is embedded in the binary, and tells
//! the tests whether the reference series are at hand: those that need them are ignored, and counted as
//! such, where they are not.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("stations");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-env-changed=ZARYA_SHARED");
    println!("cargo::rustc-check-cfg=cfg(reference_series)");
    if std::env::var_os("ZARYA_SHARED").is_some_and(|folder| !folder.is_empty()) {
        println!("cargo::rustc-cfg=reference_series");
    }
    let mut list = String::from("&[\n");
    for station in sorted(&root) {
        if !station.join("station.toml").is_file() {
            continue; // a folder being written
        }
        let id = name(&station);
        let _ = writeln!(list, "    Embedded {{ id: {id:?}, files: &[");
        for (folder, prefix) in [
            (station.clone(), String::new()),
            (station.join("orus"), "orus/".to_owned()),
            (station.join("scenarios"), "scenarios/".to_owned()),
            (station.join("beliefs"), "beliefs/".to_owned()),
        ] {
            let is_toml = |file: &&PathBuf| file.extension().is_some_and(|ext| ext == "toml");
            for file in sorted(&folder).iter().filter(is_toml) {
                let relative = format!("{prefix}{}", name(file));
                let path = file.display().to_string();
                let _ = writeln!(list, "        ({relative:?}, include_str!({path:?})),");
            }
        }
        list.push_str("    ] },\n");
    }
    list.push_str("]\n");
    let out = Path::new(&std::env::var("OUT_DIR").expect("set by cargo")).join("stations.rs");
    std::fs::write(out, list).expect("the build folder is writable");
}

/// The entries of a folder by name; none if it does not exist.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
