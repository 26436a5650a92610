//! `--export`, `--oem`, `zarya import` and `zarya spares list` as somebody types them.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing tests nothing")]

mod command;

use command::{answer, number, written, zarya};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zarya::text::table::{Comments, Table};

/// A folder of one test that is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("exports").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    folder
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let text = |entry: std::fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(text).collect()
}

/// Runs a command that must succeed; returns stdout and stderr.
fn runs(arguments: &[&str]) -> (String, String) {
    let output = zarya(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (told, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {errors}");
    (told, errors)
}

/// What a command is refused with, and its status.
fn fails(arguments: &[&str]) -> (i32, String) {
    let output = zarya(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?}");
    (output.status.code().unwrap(), errors)
}

/// Column `name` of a CSV, as the reader of tables finds it.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut table = Table::open(csv, Comments::Head).unwrap();
    let at = table.column(&[name]).unwrap_or_else(|| panic!("{name}: {csv}"));
    let mut cells = Vec::new();
    while let Some(row) = table.next_row().unwrap() {
        cells.push(row.cell(at).to_owned());
    }
    cells
}

#[test]
fn an_assessment_is_exported_as_tables_and_pictures_with_its_values() {
    let (folder, run) = (folder("assess"), folder("run"));
    let (place, run) = (folder.to_str().unwrap(), run.to_str().unwrap());
    let asked = ["assess", "tiny", "--histories", "40", "--out", run, "--json", "-"];
    let whole = answer(&[&asked[..], &["--export", place]].concat());
    let made = files(&folder);
    let tiers = &made["tiers.csv"];
    let crewed: f64 = column(tiers, "probability")[0].parse().unwrap();
    assert_eq!(crewed.to_bits(), number(&whole["probability"]["mean"]).to_bits(), "{tiers}");
    let survival = column(&made["survival.csv"], "crewed");
    assert_eq!(survival.len(), whole["survival"].as_array().unwrap().len());
    for fan in whole["series"].as_array().unwrap() {
        let name = format!("series-{}", fan["id"].as_str().unwrap());
        assert!(made.contains_key(&format!("{name}.svg")), "{name}");
        assert_eq!(
            column(&made[&format!("{name}.csv")], "p50").len(),
            fan["p50"].as_array().unwrap().len()
        );
    }
    let index = &made["index.csv"];
    assert_eq!(index.lines().count(), made.len(), "{index}");
    // The run folder gives the same, in the place of the first; a foreign file stops it.
    let (_, errors) = runs(&["report", run, "--export", place]);
    assert!(errors.contains("export: ") && errors.contains("tables and "), "{errors}");
    assert_eq!(files(&folder), made);
    std::fs::write(folder.join("mine.txt"), "x").unwrap();
    let (status, why) = fails(&["report", run, "--export", place]);
    assert!(status == 1 && why.contains("`mine.txt`, which no export has written"), "{why}");
}

#[test]
fn the_tables_of_every_other_answer_are_exported() {
    let list =
        written("units.csv", "id,quantity,mtbf_h,mass_kg,stock\npump,2,9000,5,1\nfan,1,4000,2,3\n");
    let orbit = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--from", "2023-01-01"];
    let decay =
        [&["orbit", "decay", "--through", "2023-01-20", "--sun", "observed"][..], &orbit[..]]
            .concat();
    let lifetime =
        [&["orbit", "lifetime", "--to-km", "400,380", "--worlds", "20"][..], &orbit[..]].concat();
    let cases: [(&str, Vec<&str>, &str, usize); 7] = [
        ("decay", decay, "days.csv", 20),
        ("lifetime", lifetime, "picture.svg", 1),
        ("demand", vec!["spares", "demand", &list, "--period-d", "365"], "rows.csv", 2),
        (
            "sufficiency",
            vec!["spares", "sufficiency", &list, "--period-d", "365"],
            "picture.svg",
            1,
        ),
        ("endurance", vec!["air", "endurance", "--station", "iss"], "answer.csv", 5),
        ("power", vec!["power", "--station", "iss"], "picture.svg", 1),
        ("ledger", vec!["ledger"], "breaks.csv", 1),
    ];
    for (name, arguments, file, least) in cases {
        let folder = folder(name);
        runs(&[&arguments[..], &["--export", folder.to_str().unwrap()]].concat());
        let made = files(&folder);
        let text = made.get(file).unwrap_or_else(|| panic!("{name}: {:?}", made.keys()));
        assert!(least < text.lines().count() || least == 1, "{name}: {text}");
        if Path::new(file).extension().is_some_and(|end| end == "svg") {
            assert!(text.starts_with("<svg xmlns="), "{name}");
        }
        // A folder of something else is refused before anything is computed.
        std::fs::write(folder.join("index.csv"), "mine\n").unwrap();
        let (status, why) =
            fails(&[&arguments[..], &["--export", folder.to_str().unwrap()]].concat());
        assert!(status == 1 && why.contains("nothing was written"), "{name}: {why}");
    }
}

#[test]
fn a_path_is_an_ephemeris_that_is_read_back() {
    let folder = folder("oem");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("decay.oem");
    let path = path.to_str().unwrap();
    let orbit = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--from", "2023-01-01"];
    let asked = ["orbit", "decay", "--through", "2023-02-20", "--sun", "observed", "--oem", path];
    let sunk = answer(&[&asked[..], &orbit[..], &["--json", "-"]].concat());
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.starts_with("CCSDS_OEM_VERS = 2.0\n") && text.contains("made up"));
    let read = answer(&["orbit", "reboosts", path, "--json", "-"]);
    assert!(read["reboosts"].as_array().or(read["burns"].as_array()).unwrap().is_empty(), "{read}");
    let (first, last) = (&sunk["days"][0], &sunk["days"][50]);
    assert!(number(&last["altitude_km"]) < number(&first["altitude_km"]) - 3.0);
    let (status, why) = fails(&[&asked[..7], &["-"], &orbit[..]].concat());
    assert!(status == 2 && why.contains("--oem needs a path"), "{why}");
}

#[test]
fn a_list_becomes_part_of_a_station_and_comes_out_again() {
    let folder = folder("station");
    let place = folder.to_str().unwrap();
    runs(&["init", place, "--station", "tiny"]);
    let units = written(
        "pumps.csv",
        "id,mtbf_h,mass_kg,quantity,capability\nPump A,12000,7.5,2,water-recovery\n",
    );
    let flights =
        written("flights.csv", "date,vehicle,stay_d,food_kg\n2026-05-02,freighter,40,600\n");
    let asked = ["import", place, "--units", &units, "--segment", "core", "--manifest", &flights];
    let (told, _) = runs(&[&asked[..], &["--dry-run"]].concat());
    assert!(told.contains("orus/pumps.toml") && told.contains("to be written"), "{told}");
    assert!(!folder.join("orus/pumps.toml").exists());
    let (told, _) = runs(&asked);
    assert!(told.contains("error_factor") && told.contains("The station loads"), "{told}");
    runs(&["check", place]);
    let (told, _) = runs(&["check", place, "--explain", "oru.pump-a.mtbf"]);
    assert!(told.contains("500 d") && told.contains("pumps"), "{told}");
    // Twice is refused, with what to type.
    let (status, why) = fails(&["import", place, "--units", &units, "--segment", "core"]);
    assert!(status == 2 && why.contains("--replace"), "{why}");
    let (csv, _) = runs(&["spares", "list", "--station", place]);
    assert!(csv.contains("\npump-a,pumps,water-recovery,core,2,2,500,exponential,,7.5,"), "{csv}");
    let back = written("back.csv", &csv);
    let asked = ["--period-d", "700", "--repair", "none", "--json", "-"];
    let stock = |found: serde_json::Value| {
        let rows = found["rows"].as_array().unwrap().clone();
        let row = rows.iter().find(|row| row["id"] == "pump-a").unwrap();
        number(&row["periods"][0]["pmf"][0])
    };
    let of_list = stock(answer(&[&["spares", "demand", &back][..], &asked[..]].concat()));
    let station = ["spares", "demand", "--station", place];
    let of_station = stock(answer(&[&station[..], &asked[..]].concat()));
    assert!((of_list - of_station).abs() < 1e-12, "{of_list} {of_station}");
    let (status, why) = fails(&["import", "tiny", "--units", &units]);
    assert!(status == 1 && why.contains("zarya init"), "{why}");
}
