//! `docs/station-files.md` and the loader say the same.

use crate::station_folder::{shipped, tiny};
use std::collections::BTreeSet;
use zarya_station::{Code, Severity};

fn page() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/station-files.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_table_of_codes_is_complete_and_in_order() {
    let rows: String = Code::ALL
        .iter()
        .map(|code| {
            let weight = if code.severity() == Severity::Error { "error" } else { "warning" };
            format!("| {} | {weight} | {} |\n", code.id(), code.meaning())
        })
        .collect();
    assert!(page().ends_with(&rows), "the page should end with:\n{rows}");
    let ids: BTreeSet<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(ids.len(), Code::ALL.len(), "a code is used once");
}

/// The limits stand on the page with their numbers.
#[test]
fn every_limit_is_documented() {
    let page = page();
    let grouped = |n: usize| zarya_units::words::grouped(&n.to_string());
    for bound in zarya_station::BOUNDS {
        let row = format!("| {} | {} |\n", bound.what, grouped(bound.most));
        assert!(page.contains(&row), "{row}");
    }
    for row in [
        format!("| a station or case file | {} MiB |\n", zarya_station::BYTES_MAX >> 20),
        format!(
            "| all files of a station with its overlays | {} MiB, {} files |\n",
            zarya_station::BYTES_TOTAL_MAX >> 20,
            grouped(zarya_station::FILES_MAX)
        ),
        format!(
            "| entries of all files together (a case has one) | {} |\n",
            grouped(zarya_station::ENTRIES_MAX)
        ),
        format!("| nesting | {} levels |\n", zarya_station::DEPTH_MAX),
        format!("| operations of overlays | {} |\n", grouped(zarya_station::OPERATIONS_MAX)),
        format!("| units, all types together | {} |\n", grouped(zarya_station::UNITS_MAX)),
    ] {
        assert!(page.contains(&row), "{row}");
    }
}

/// Every key that the shipped stations use is on the page.
#[test]
fn every_key_in_use_is_documented() {
    let page = page();
    let mut missing = BTreeSet::new();
    for files in [tiny(), crate::station_folder::read(&shipped("iss"))] {
        for (name, bytes) in files {
            for line in String::from_utf8(bytes).unwrap().lines() {
                let Some((key, _)) = line.split_once('=') else { continue };
                let key = key.trim();
                let is_key = !key.is_empty()
                    && key
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if is_key
                    && !page.contains(&format!("`{key}`"))
                    && !page.contains(&format!("{key} = "))
                {
                    missing.insert(format!("{name}: {key}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not on the page: {missing:?}");
}
