//! Folders that were killed, cut, mixed up and merged, with outcomes made up from their number.

use super::*;
use crate::assess::Depth;
use std::fs;
use std::path::PathBuf;
use zarya_assessment::ensemble::digest_of;
use zarya_simulation::outcome::{Breach, Cause, Counts, EndState, Outcome};
use zarya_units::Date;
use zarya_units::random::{Source, Stream};

/// A folder under the system's temporary one, removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("zarya-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A made-up history: any pure function of its number will do here.
fn outcome(history: u32) -> Outcome {
    let source = Source::new(7, u64::from(history));
    let draw = |name: &str| source.uniform(Stream::new("run-folder-test", name), 0);
    let breach = |name: &str| {
        (draw(name) < 0.2).then(|| Breach {
            at: 60_900.0 + 1_000.0 * draw("at"),
            cause: Cause { direct: 0, root: 1 },
        })
    };
    Outcome {
        history,
        world: history / 20,
        end_state: EndState::ALL[(draw("end") * 6.0) as usize],
        survives: breach("survives"),
        crewed: breach("crewed"),
        full: breach("full"),
        rungs: (draw("rungs") * 256.0) as u16,
        counts: Counts { failures: (draw("failures") * 80.0) as u32, ..Counts::default() },
        cargo_kg: 30_000.0 * draw("cargo"),
        research_h: 5_000.0 * draw("research"),
        upkeep_h: 9_000.0 * draw("upkeep"),
        propellant_kg: 9_000.0 * draw("propellant"),
        deorbit_share: draw("deorbit"),
        short_d: vec![draw("short") as f32, 0.0],
        failures_by_subsystem: vec![3, 4],
        failures_by_type: vec![1, 2, 4],
        stock_out_d: vec![f32::INFINITY, draw("out") as f32, 9.0],
        own_stock_d: vec![f32::INFINITY, draw("out") as f32, 2.5],
        samples: (0..6).map(|i| draw("sample") as f32 + i as f32).collect(),
    }
}

fn layout() -> Layout {
    let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect();
    Layout {
        capabilities: texts(&["oxygen-generation-us", "power-us"]),
        subsystems: texts(&["oxygen", "power"]),
        types: texts(&["oga-pump", "oga-sensor", "dcsu"]),
        causes: texts(&["oxygen-empty", "oga-pump, \"late\""]),
        series: vec![("altitude".into(), "km".into()), ("research".into(), "h/week".into())],
        sample_dates: vec![60_900.0, 60_928.0, 60_956.0],
    }
}

fn question(histories: u32) -> Asked {
    Asked {
        station: None,
        through: Date::parse("2028-12-31").unwrap(),
        histories,
        seed: 7,
        without: vec![],
        only_systems: false,
        scenario: vec![],
        beliefs: vec![],
        depth: Depth::Full,
    }
}

fn inputs() -> Vec<InputFile> {
    let input =
        |role, name: &str, text: &str| InputFile { role, name: name.into(), text: text.into() };
    vec![
        input(InputRole::Station, "station.toml", "id = \"tiny\"\n"),
        input(InputRole::Station, "orus/oxygen.toml", "# pumps\n"),
        input(InputRole::Scenario, "as-of-2026.toml", "why = \"later\"\n"),
    ]
}

fn create(path: &std::path::Path, histories: u32, shard: Option<Shard>) -> RunFolder {
    RunFolder::create(path, question(histories), "plan", shard, &inputs()).unwrap()
}

fn fill(folder: &mut RunFolder, numbers: &[u32]) {
    for &number in numbers {
        let histories = folder.manifest().question.part_histories(number);
        folder.store(number, &histories.map(outcome).collect::<Vec<_>>()).unwrap();
    }
}

fn whole_digest(histories: u32) -> String {
    digest_of(&(0..histories).map(outcome).collect::<Vec<_>>())
}

#[test]
fn what_is_stored_comes_back_the_same() {
    let scratch = Scratch::new("back");
    let mut folder = create(&scratch.at("run"), 1_240, None);
    fill(&mut folder, &[2, 0, 1]);
    drop(folder);
    let folder = RunFolder::open(&scratch.at("run")).unwrap();
    assert_eq!(folder.inputs().unwrap(), inputs());
    assert_eq!(folder.outcomes().unwrap(), (0..1_240).map(outcome).collect::<Vec<_>>());
    assert_eq!(folder.missing().unwrap(), (vec![], vec![]));
}

#[test]
fn a_killed_run_misses_only_the_part_that_was_being_written() {
    let scratch = Scratch::new("killed");
    let path = scratch.at("run");
    let mut folder = create(&path, 2_000, None);
    fill(&mut folder, &[0, 1, 2]);
    drop(folder);
    // As a kill leaves it: half of part 3 under its temporary name, or whole but not yet listed.
    let half = path.join("parts/.00003.rows.4711-0.tmp");
    fs::write(&half, b"half").unwrap();
    let folder = RunFolder::open(&path).unwrap();
    assert!(!half.exists());
    assert_eq!(folder.missing().unwrap(), (vec![3], vec![]));
    drop(folder);
    fs::write(path.join("parts/00003.rows"), b"whole but not listed").unwrap();
    let mut folder = RunFolder::open(&path).unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![3], vec![]));
    fill(&mut folder, &[3]);
    assert_eq!(digest_of(&folder.outcomes().unwrap()), whole_digest(2_000));
}

/// A run of the base ensemble alone once came back with all that it was not asked for.
#[test]
fn a_resumed_run_goes_as_deep_as_it_was_asked_to() {
    let scratch = Scratch::new("depth");
    let asked = |depth| Question {
        station: Some("tiny".to_owned()),
        histories: 40,
        depth,
        ..Question::default()
    };
    let data = Data::embedded();
    let stop = std::sync::atomic::AtomicBool::new(true);
    let stopped = Control { stop: &stop, ..Control::silent() };
    let begin = |name: &str, depth, control: &Control<'_>| {
        start(&asked(depth), None, &data, &scratch.at(name), Door::silent(), control)
    };
    let resumed = |name: &str, depth| {
        let refused = begin(name, depth, &stopped).unwrap_err();
        assert_eq!(refused.kind(), Kind::Stopped);
        resume(&scratch.at(name), Door::silent(), &Control::silent()).unwrap().answer.unwrap()
    };
    for (depth, name) in [(Depth::Base, "base"), (Depth::Record, "record")] {
        let whole = begin(&format!("{name}-whole"), depth, &Control::silent()).unwrap();
        let found = resumed(name, depth);
        assert!(found.conditions.is_empty(), "{name}");
        assert_eq!(found.digest, whole.answer.unwrap().digest, "{name}");
        let text = fs::read_to_string(scratch.at(name).join("manifest.json")).unwrap();
        assert!(text.contains(&format!("\"depth\": \"{name}\"")), "{text}");
    }
    // What every folder had before a depth was kept.
    begin("full", Depth::Full, &stopped).unwrap_err();
    assert_eq!(manifest(&scratch.at("full")).unwrap().question.depth, Depth::Full);
    assert!(!fs::read_to_string(scratch.at("full/manifest.json")).unwrap().contains("depth"));
}

#[test]
fn a_damaged_part_is_found_and_must_come_out_the_same() {
    let scratch = Scratch::new("damaged");
    let path = scratch.at("run");
    let mut folder = create(&path, 1_500, None);
    fill(&mut folder, &[0, 1, 2]);
    let part = path.join("parts/00001.rows");
    let bytes = fs::read(&part).unwrap();
    for damage in [&bytes[..bytes.len() / 2], b"", b"\xff\xff\xff\xff\x0f"] {
        fs::write(&part, damage).unwrap();
        assert_eq!(folder.missing().unwrap(), (vec![1], vec![1]));
        let message = folder.outcomes().unwrap_err().to_string();
        assert!(message.contains("00001.rows") && message.contains("`resume "), "{message}");
    }
    fs::remove_file(&part).unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![1], vec![1]));
    let mut other: Vec<_> = (500..1_000).map(outcome).collect();
    other[7].cargo_kg += 1.0;
    assert!(matches!(folder.store(1, &other), Err(FolderError::NotRepeatable { part: 1, .. })));
    fill(&mut folder, &[1]);
    assert_eq!(digest_of(&folder.outcomes().unwrap()), whole_digest(1_500));
}

#[test]
fn shards_merge_to_the_digest_of_the_whole() {
    let scratch = Scratch::new("shards");
    let histories = 3_140; // seven parts, the last one short
    let mut shards = Vec::new();
    for index in 1..=3 {
        let shard = Shard { index, of: 3 };
        let mut folder = create(&scratch.at(&format!("s{index}")), histories, Some(shard));
        let (missing, _) = folder.missing().unwrap();
        fill(&mut folder, &missing);
        shards.push(folder);
    }
    shards.reverse(); // any order
    let merged = RunFolder::merge(&shards, &scratch.at("whole")).unwrap();
    assert_eq!(merged.manifest().ensemble_digest, Some(whole_digest(histories)));
    assert_eq!(merged.manifest().shard, None);
    assert_eq!(merged.outcomes().unwrap().len(), 3_140);

    let two = RunFolder::merge(&shards[..2], &scratch.at("two")).unwrap_err();
    assert!(matches!(two, FolderError::Incomplete { first: 0, missing: 1_000, .. }), "{two}");
    let occupied = RunFolder::merge(&shards, &scratch.at("whole")).unwrap_err();
    assert!(matches!(occupied, FolderError::Occupied(_)), "{occupied}");
}

#[test]
fn parts_of_another_run_are_refused() {
    let scratch = Scratch::new("mixed");
    let mut a = create(&scratch.at("a"), 1_000, Some(Shard { index: 1, of: 2 }));
    fill(&mut a, &[0]);
    let mut wrong = Vec::new();
    let mut seed = question(1_000);
    seed.seed = 8;
    wrong.push(("the seed", seed, inputs(), "plan"));
    let mut without = question(1_000);
    without.without = vec!["routine-maintenance".into()];
    wrong.push(("withdrawn", without, inputs(), "plan"));
    let mut shallow = question(1_000);
    shallow.depth = Depth::Base;
    wrong.push(("the depth", shallow, inputs(), "plan"));
    let mut edited = inputs();
    edited[1].text.push_str("# edited\n");
    wrong.push(("orus/oxygen.toml", question(1_000), edited, "plan"));
    wrong.push(("compiled plan", question(1_000), inputs(), "another plan"));
    let shard = Some(Shard { index: 2, of: 2 });
    let mut shards = vec![a];
    for (number, (word, question, inputs, plan)) in wrong.into_iter().enumerate() {
        let path = scratch.at(&format!("b{number}"));
        let mut b = RunFolder::create(&path, question, plan, shard, &inputs).unwrap();
        b.store(1, &(500..1_000).map(outcome).collect::<Vec<_>>()).unwrap();
        shards.push(b);
        let message = RunFolder::merge(&shards, &scratch.at("out")).unwrap_err().to_string();
        assert!(message.contains(word) && message.contains("belongs to another run"), "{message}");
        shards.pop();
    }
}

#[test]
fn a_folder_of_another_release_is_refused() {
    let scratch = Scratch::new("release");
    let path = scratch.at("run");
    drop(create(&path, 1_000, None));
    let manifest = path.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    fs::write(&manifest, text.replace(&format!("\"{version}\""), "\"0.0.9\"")).unwrap();
    let message = RunFolder::open(&path).unwrap_err().to_string();
    assert!(message.contains("0.0.9") && message.contains(version), "{message}");
    for broken in ["", "{", "[]", "{\"format\": 1}", "\u{0}"] {
        fs::write(&manifest, broken).unwrap();
        assert!(matches!(RunFolder::open(&path), Err(FolderError::Unreadable { .. })), "{broken}");
    }
    let outside = text.replace(
        "\"parts\": []",
        "\"parts\": [{\"number\": 0, \"first_history\": 0, \
        \"histories\": 500, \"file\": \"../../secret\", \"sha256\": \"\"}]",
    );
    fs::write(&manifest, outside).unwrap();
    assert!(matches!(RunFolder::open(&path), Err(FolderError::Unreadable { .. })));
    assert!(matches!(RunFolder::open(&scratch.at("none")), Err(FolderError::NotARun(_))));
}

#[test]
fn an_edited_input_is_refused_and_a_name_cannot_leave_the_folder() {
    let scratch = Scratch::new("edited");
    let path = scratch.at("run");
    let folder = create(&path, 1_000, None);
    fs::write(path.join("inputs/station/orus/oxygen.toml"), "# other\n").unwrap();
    let message = folder.inputs().unwrap_err().to_string();
    assert!(message.contains("oxygen.toml") && message.contains("changed"), "{message}");
    for name in ["../x.toml", "/etc/x", "", "a\\b"] {
        let input = InputFile { role: InputRole::Station, name: name.into(), text: String::new() };
        let made = RunFolder::create(&scratch.at("bad"), question(1_000), "plan", None, &[input]);
        assert!(matches!(made, Err(FolderError::BadName(_))), "{name}");
        let _ = fs::remove_dir_all(scratch.at("bad"));
    }
}

#[test]
fn two_processes_cannot_work_in_one_folder() {
    let scratch = Scratch::new("busy");
    let folder = create(&scratch.at("run"), 1_000, None);
    assert!(matches!(RunFolder::open(&scratch.at("run")), Err(FolderError::Busy(_))));
    drop(folder);
    RunFolder::open(&scratch.at("run")).unwrap();
}

#[test]
fn every_part_belongs_to_one_shard() {
    for n_parts in 1..40 {
        for of in 1..=n_parts {
            let shards = (1..=of).map(|index| Shard { index, of });
            let all: Vec<u32> = shards.flat_map(|shard| shard.parts(n_parts)).collect();
            assert_eq!(all, (0..n_parts).collect::<Vec<_>>());
        }
    }
    for wrong in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", ""] {
        assert!(Shard::parse(wrong).is_err(), "{wrong}");
    }
    let scratch = Scratch::new("many");
    let shard = Some(Shard { index: 1, of: 9 });
    let made = RunFolder::create(&scratch.at("run"), question(1_000), "plan", shard, &inputs());
    assert!(matches!(made, Err(FolderError::TooManyShards { n_parts: 2, .. })));
}

#[test]
fn a_full_disk_keeps_what_was_there() {
    let scratch = Scratch::new("full");
    let mut folder = create(&scratch.at("run"), 1_000, None);
    fill(&mut folder, &[0]);
    let full = folder
        .write_with("ensemble.csv", |_| Err(std::io::Error::from(std::io::ErrorKind::StorageFull)));
    assert!(matches!(full, Err(FolderError::Io { .. })));
    assert!(!scratch.at("run/ensemble.csv").exists());
    let left = fs::read_dir(scratch.at("run")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().ends_with(".tmp")));
    assert_eq!(folder.missing().unwrap(), (vec![1], vec![]));
}

#[test]
fn parquet_and_csv_hold_the_same_rows() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;
    let outcomes: Vec<_> = (0..700).map(outcome).collect();
    let parts = || outcomes.chunks(500).map(|part| Ok(part.to_vec()));
    let about = [("seed", "7".to_owned())];
    let mut bytes = Vec::new();
    write_parquet(&mut bytes, &layout(), &about, parts()).unwrap();
    let mut csv = Vec::new();
    write_csv(&mut csv, &layout(), parts()).unwrap();
    let csv = String::from_utf8(csv).unwrap();

    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 2);
    assert_eq!(reader.metadata().file_metadata().num_rows(), 700);
    let names: Vec<_> = csv.lines().next().unwrap().split(',').collect();
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    assert!(columns.iter().map(|column| column.name()).eq(names.iter().copied()));
    let place = |name: &str| names.iter().position(|n| *n == name).unwrap();
    for (row, outcome) in reader.get_row_iter(None).unwrap().zip(&outcomes) {
        let row = row.unwrap();
        assert_eq!(row.get_long(place("history")).unwrap(), i64::from(outcome.history));
        assert_eq!(row.get_double(place("cargo_kg")).unwrap(), outcome.cargo_kg);
        assert_eq!(row.get_string(place("end_state")).unwrap(), outcome.end_state.name());
        let at = row.get_double(place("crewed_breach_mjd")).ok();
        assert_eq!(at, outcome.crewed.map(|breach| breach.at));
    }
    assert_eq!(csv.lines().count(), 701);
    let breached = outcomes.iter().position(|o| o.crewed.is_some()).unwrap();
    let line = csv.lines().nth(1 + breached).unwrap();
    let date = Date::from_mjd(outcomes[breached].crewed.unwrap().at).to_string();
    assert!(line.contains(&date) && line.contains("\"oga-pump, \"\"late\"\"\""), "{line}");
}

#[test]
fn a_series_table_has_a_row_per_history_and_date() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;
    let outcomes: Vec<_> = (0..40).map(outcome).collect();
    let mut bytes = Vec::new();
    write_series(&mut bytes, &layout(), &[], std::iter::once(Ok(outcomes.clone()))).unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
    assert_eq!(names, ["history", "date", "altitude_km", "research_h_week"]);
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 120);
    assert_eq!(rows[4].get_long(0).unwrap(), 1);
    assert_eq!(rows[4].get_float(3).unwrap(), outcomes[1].samples[3]);
}
