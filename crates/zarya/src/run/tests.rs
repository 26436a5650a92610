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
        measured: None,
        own_survives: breach("own-survives"),
        own_crewed: breach("own-crewed"),
        past_missed: (draw("past") * 4.0) as u8,
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
        command: None,
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
    assert!(matches!(folder.store(1, &other), Err(FolderError::NotRepeatable { .. })));
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
    assert!(matches!(occupied, FolderError::Occupied { what: None, .. }), "{occupied}");
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
    for digest in [text_digest(&text), text_digest(&outside)] {
        // Once as somebody edits it, once with its digest computed anew.
        fs::write(&manifest, outside.replace(&text_digest(&text), &digest)).unwrap();
        let refused = RunFolder::open(&path).unwrap_err().to_string();
        assert!(refused.contains("manifest.json"), "{refused}");
    }
    assert!(matches!(RunFolder::open(&scratch.at("none")), Err(FolderError::NotARun(_))));
}

/// The digest that a manifest of this text should carry.
fn text_digest(text: &str) -> String {
    Manifest::parse(text.as_bytes()).unwrap().1
}

/// What somebody changes in a question.
type Edit = fn(&mut Asked);

/// What somebody changes in a manifest.
type Forged = Box<dyn Fn(&mut Manifest)>;

/// Rewrites the manifest of a folder as somebody does who computes its digest anew.
fn forge(path: &std::path::Path, edit: impl FnOnce(&mut Manifest)) {
    let file = path.join("manifest.json");
    let mut manifest = Manifest::parse(&fs::read(&file).unwrap()).unwrap().0;
    edit(&mut manifest);
    fs::write(file, manifest.text()).unwrap();
}

fn refusals(path: &std::path::Path) -> Refusals {
    RunFolder::look(path).unwrap_err().into()
}

/// What is in a part, changed so that it still unpacks to whole rows.
#[test]
fn a_part_is_compared_with_its_digest() {
    let scratch = Scratch::new("digest");
    let path = scratch.at("run");
    let mut folder = create(&path, 1_000, None);
    fill(&mut folder, &[0, 1]);
    let part = path.join("parts/00000.rows");
    let packed = fs::read(&part).unwrap();
    let mut unpacked = snap::raw::Decoder::new().decompress_vec(&packed).unwrap();
    // A bit of the last sample of the last history: its rows are read back as well as before.
    let last = unpacked.len() - 3;
    unpacked[last] ^= 1;
    let edited = rows::compress(&unpacked);
    assert_eq!(rows::decode(rows::head(&unpacked).unwrap().1).unwrap().len(), 500);
    fs::write(&part, &edited).unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![0], vec![0]));
    let refused = folder.part(0).unwrap_err().to_string();
    assert!(refused.contains("00000.rows") && refused.contains("do not match"), "{refused}");
    fs::write(&part, packed).unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![], vec![]));
}

#[test]
fn a_part_of_another_run_is_named_with_what_differs() {
    let scratch = Scratch::new("foreign");
    let (path, other) = (scratch.at("run"), scratch.at("other"));
    let mut folder = create(&path, 1_000, None);
    fill(&mut folder, &[0, 1]);
    let mut asked = question(1_000);
    asked.seed = 3;
    let mut stranger = RunFolder::create(&other, asked, "plan", None, &inputs()).unwrap();
    fill(&mut stranger, &[0, 1]);
    let part = |of: &std::path::Path, n: u32| of.join(manifest::part_file(n));
    fs::copy(part(&other, 1), part(&path, 1)).unwrap();
    for refused in [folder.missing().map(drop), folder.part(1).map(drop)] {
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("00001.rows")
                && refused.contains("the seed is 3 there and 7 in manifest.json"),
            "{refused}"
        );
    }
    // Listed with its own digest it is still of another run.
    let sha256 = stranger.manifest().parts[1].sha256.clone();
    drop(folder);
    forge(&path, |manifest| manifest.parts[1].sha256 = sha256);
    let refused = RunFolder::look(&path).unwrap().part(1).unwrap_err().to_string();
    assert!(refused.contains("the seed is 3 there"), "{refused}");

    // A part of the same run under another name.
    let mut folder = create(&scratch.at("swapped"), 1_000, None);
    fill(&mut folder, &[0, 1]);
    let bytes = [0, 1].map(|n| fs::read(part(folder.path(), n)).unwrap());
    fs::write(part(folder.path(), 0), &bytes[1]).unwrap();
    fs::write(part(folder.path(), 1), &bytes[0]).unwrap();
    let refused = folder.part(0).unwrap_err().to_string();
    assert!(refused.contains("00000.rows") && refused.contains("it is part 1"), "{refused}");
    assert_eq!(folder.missing().unwrap(), (vec![0, 1], vec![0, 1]));
    let digests: Vec<_> = folder.manifest().parts.iter().map(|p| p.sha256.clone()).collect();
    let path = folder.path().to_owned();
    drop(folder);
    forge(&path, |manifest| {
        manifest.parts[0].sha256.clone_from(&digests[1]);
        manifest.parts[1].sha256.clone_from(&digests[0]);
    });
    let refused = RunFolder::look(&path).unwrap().part(0).unwrap_err().to_string();
    assert!(refused.contains("another part than manifest.json lists"), "{refused}");
}

/// One flipped bit turned seed 1 into 3; the run went on with both.
#[test]
fn an_edited_manifest_is_named_with_what_its_parts_say() {
    let scratch = Scratch::new("edited-manifest");
    let path = scratch.at("run");
    let mut folder = create(&path, 500, None);
    fill(&mut folder, &[0]);
    drop(folder);
    let file = path.join("manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"seed\": 7", "\"seed\": 3")).unwrap();
    let refused = RunFolder::open(&path).unwrap_err().to_string();
    for words in ["manifest.json: it was changed", "the seed is 7 in parts/00000.rows, and 3 in"] {
        assert!(refused.contains(words), "{refused}");
    }
    forge(&path, |_| ());
    let refused = RunFolder::look(&path).unwrap().outcomes().unwrap_err().to_string();
    assert!(refused.contains("00000.rows belongs to another run"), "{refused}");
    fs::write(&file, text).unwrap();
    assert_eq!(RunFolder::open(&path).unwrap().outcomes().unwrap().len(), 500);
}

/// 1010 histories ended in a panic, 4294967295 were begun.
#[test]
fn the_question_of_a_folder_is_checked_as_if_it_were_typed() {
    let scratch = Scratch::new("bounds");
    let path = scratch.at("run");
    drop(create(&path, 1_000, None));
    let kept = fs::read_to_string(path.join("manifest.json")).unwrap();
    let edits: [(&str, Edit); 6] = [
        ("histories", |asked| asked.histories = 1_010),
        ("histories", |asked| asked.histories = u32::MAX),
        ("histories", |asked| asked.histories = 0),
        ("histories", |asked| asked.histories = 100_000_020),
        ("seed", |asked| asked.seed = 1 << 53),
        ("without", |asked| asked.without = vec!["b".into(), "a".into()]),
    ];
    for (field, edit) in edits {
        forge(&path, |manifest| edit(&mut manifest.question));
        let refused = refusals(&path);
        let about = About::Field(field.to_owned());
        assert!(refused.problems.iter().any(|problem| problem.about == about), "{refused}");
        assert_eq!(refused.kind(), Kind::Malformed);
        assert!(refused.to_string().contains("manifest.json"), "{refused}");
        fs::write(path.join("manifest.json"), &kept).unwrap();
    }
    // By hand, without the digest: both are said.
    let by_hand = kept.replace("\"histories\": 1000", "\"histories\": 1010");
    fs::write(path.join("manifest.json"), by_hand).unwrap();
    let refused = refusals(&path);
    assert_eq!(refused.problems.len(), 2, "{refused}");
    for number in ["-20", "1e3", "1000.0", "99999999999999999999", "\"1000\"", "null"] {
        let text = kept.replace("\"histories\": 1000", &format!("\"histories\": {number}"));
        assert_ne!(text, kept);
        fs::write(path.join("manifest.json"), text).unwrap();
        let refused = refusals(&path).to_string();
        assert!(refused.contains("manifest.json"), "{number}: {refused}");
    }
}

/// What passes for a question and cannot be simulated is refused by its field, not begun.
#[test]
fn a_folder_that_asks_too_much_is_refused_by_the_field() {
    let scratch = Scratch::new("too-much");
    let path = scratch.at("run");
    let asked = Question {
        station: Some("tiny".to_owned()),
        histories: 20,
        depth: Depth::Base,
        ..Question::default()
    };
    let (data, door, control) = (Data::embedded(), Door::silent(), Control::silent());
    start(&asked, None, &data, &path, door, &control).unwrap();
    let kept = fs::read(path.join("manifest.json")).unwrap();
    let edits: [(&str, Edit); 3] = [
        ("through", |asked| asked.through = Date::parse("2199-12-31").unwrap()),
        ("through", |asked| asked.through = Date::parse("2020-01-01").unwrap()),
        ("without", |asked| asked.without = vec!["nothing".into()]),
    ];
    for (field, edit) in edits {
        forge(&path, |manifest| edit(&mut manifest.question));
        let refused = resume(&path, door, &control).unwrap_err();
        assert_eq!(refused.problems[0].about, About::Field(field.to_owned()), "{refused}");
        fs::write(path.join("manifest.json"), &kept).unwrap();
    }
    resume(&path, door, &control).unwrap();
}

#[test]
fn a_manifest_lists_each_part_once_and_nothing_that_no_run_writes() {
    let scratch = Scratch::new("lists");
    let path = scratch.at("run");
    let mut folder = create(&path, 1_000, None);
    fill(&mut folder, &[0, 1]);
    drop(folder);
    let kept = fs::read_to_string(path.join("manifest.json")).unwrap();
    let listed = |file: &str| {
        let (file, sha256) = (file.to_owned(), String::new());
        manifest::OutputEntry { file, sha256 }
    };
    let edits: [Forged; 9] = [
        Box::new(|m| m.parts[1] = m.parts[0].clone()),
        Box::new(|m| m.parts.swap(0, 1)),
        Box::new(|m| m.parts[1].number = 7),
        Box::new(|m| m.parts[1].number = u32::MAX),
        Box::new(|m| m.parts[1].histories = u32::MAX),
        Box::new(|m| m.parts[1].file = "parts/00000.rows".into()),
        Box::new(|m| m.shard = Some(Shard { index: 1, of: 900_000 })),
        Box::new(move |m| m.outputs = vec![listed("../../secret")]),
        Box::new(move |m| m.outputs = vec![listed(ANSWER), listed(ANSWER)]),
    ];
    for (number, edit) in edits.iter().enumerate() {
        forge(&path, edit);
        let refused = refusals(&path).to_string();
        assert!(refused.contains("manifest.json cannot be understood"), "{number}: {refused}");
        fs::write(path.join("manifest.json"), &kept).unwrap();
    }
    RunFolder::look(&path).unwrap();
}

/// A part that says it unpacks to gigabytes is not unpacked.
#[test]
fn a_part_is_no_larger_than_its_histories_can_be() {
    let scratch = Scratch::new("bomb");
    let path = scratch.at("run");
    let mut folder = create(&path, 1_000, None);
    fill(&mut folder, &[0, 1]);
    let most = rows::bytes_max(500);
    let bomb = rows::compress(&vec![0; most + 1]);
    assert!(bomb.len() < most / 16, "it is small where it lies: {}", bomb.len());
    assert!(rows::decompress(&bomb, 500).is_none());
    assert!(rows::decompress(&rows::compress(&vec![0; most]), 500).is_some());
    fs::write(path.join("parts/00001.rows"), &bomb).unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![1], vec![1]));
    // A length of 4 GiB with nothing behind it.
    fs::write(path.join("parts/00001.rows"), b"\xff\xff\xff\xff\x0f\x00").unwrap();
    assert_eq!(folder.missing().unwrap(), (vec![1], vec![1]));
}

/// Killed before there was a manifest: `out` sent to `resume`, and `resume` to `out`.
#[test]
fn a_folder_in_which_a_run_had_only_begun_is_begun_anew() {
    let scratch = Scratch::new("begun");
    let path = scratch.at("run");
    let left = |upto: usize| {
        let _ = fs::remove_dir_all(&path);
        drop(create(&path, 1_000, None));
        fs::remove_file(path.join("manifest.json")).unwrap();
        let inputs =
            ["inputs/scenario", "inputs/station/orus", "inputs/station", "inputs", "parts"];
        for folder in &inputs[..upto] {
            fs::remove_dir_all(path.join(folder)).unwrap();
        }
    };
    for upto in 0..=5 {
        left(upto);
        fs::write(path.join(".manifest.json.4711-0.tmp"), "half").unwrap();
        fs::create_dir_all(path.join("inputs/station")).unwrap();
        fs::write(path.join("inputs/station/.station.toml.4711-0.tmp"), "half").unwrap();
        let refused = RunFolder::open(&path).unwrap_err();
        assert!(matches!(refused, FolderError::NothingKept(_)), "{upto}: {refused}");
        let words = Refusals::from(refused).to_string();
        assert!(words.contains("nothing was kept") && words.contains("`out "), "{words}");
        let mut folder = create(&path, 1_000, None);
        fill(&mut folder, &[0, 1]);
        assert_eq!(folder.inputs().unwrap(), inputs());
    }
    // What is not ours is named, and stays.
    for foreign in
        ["notes.txt", "parts/00000.rows", "inputs/station/mine.toml", "inputs/x/y", "x/y"]
    {
        left(0);
        let file = path.join(foreign);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "mine").unwrap();
        let made = RunFolder::create(&path, question(1_000), "plan", None, &inputs());
        let refused = made.unwrap_err().to_string();
        let named = foreign.strip_suffix("/y").unwrap_or(foreign);
        assert!(refused.contains(named) && refused.contains("is not empty"), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), b"mine");
    }
    // An input that is another: it may be somebody's only copy.
    left(0);
    fs::write(path.join("inputs/station/station.toml"), "id = \"mine\"\n").unwrap();
    let made = RunFolder::create(&path, question(1_000), "plan", None, &inputs());
    assert!(made.unwrap_err().to_string().contains("inputs/station/station.toml"));
    assert_eq!(fs::read(path.join("inputs/station/station.toml")).unwrap(), b"id = \"mine\"\n");
}

#[test]
fn who_only_reads_takes_no_lock() {
    let scratch = Scratch::new("unlocked");
    let path = scratch.at("run");
    let mut working = create(&path, 1_000, None);
    fill(&mut working, &[0]);
    let reading = RunFolder::look(&path).unwrap();
    assert_eq!(reading.part(0).unwrap().len(), 500);
    drop(working);
    // Where no lock can be made, as on read-only media, there is still reading.
    fs::remove_file(path.join(".lock")).unwrap();
    fs::create_dir(path.join(".lock")).unwrap();
    assert_eq!(RunFolder::look(&path).unwrap().part(0).unwrap().len(), 500);
    let refused = RunFolder::open(&path).unwrap_err().to_string();
    assert!(refused.contains(".lock") && refused.contains("a folder where a file"), "{refused}");
}

/// Links for the lock, a temporary and a page emptied and overwrote files of whoever looked.
#[cfg(unix)]
#[test]
fn no_link_in_a_folder_is_followed() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new("linked");
    let path = scratch.at("run");
    let victim = scratch.at("victim");
    fs::write(&victim, "precious").unwrap();
    let fresh = || {
        let _ = fs::remove_dir_all(&path);
        let mut folder = create(&path, 500, None);
        fill(&mut folder, &[0]);
    };
    for name in [".lock", "manifest.json", "parts/00000.rows", "inputs/station/station.toml"] {
        fresh();
        fs::remove_file(path.join(name)).unwrap();
        symlink(&victim, path.join(name)).unwrap();
        let refused = RunFolder::open(&path)
            .and_then(|folder| folder.inputs().and(folder.missing()).map(drop))
            .unwrap_err();
        let words = refused.to_string();
        assert!(matches!(refused, FolderError::NotPlain(_)), "{name}: {words}");
        assert!(words.contains(name) && words.contains("is a link"), "{name}: {words}");
    }
    for (name, used) in [("parts", "parts/00000.rows"), ("inputs", "inputs/station/station.toml")] {
        fresh();
        fs::rename(path.join(name), scratch.at(name)).unwrap();
        symlink(scratch.at(name), path.join(name)).unwrap();
        let left = scratch.at(name).join(".a.1-0.tmp");
        fs::write(&left, "precious").unwrap();
        let refused = RunFolder::open(&path)
            .and_then(|folder| folder.inputs().and(folder.missing()).map(drop))
            .unwrap_err();
        assert!(matches!(refused, FolderError::NotPlain(_)), "{used}: {refused}");
        assert!(left.exists(), "what lies behind a link is not swept");
        fs::remove_dir_all(scratch.at(name)).unwrap();
    }
    for name in ["ensemble.csv", ANSWER, PAGE] {
        fresh();
        symlink(&victim, path.join(name)).unwrap();
        let folder = RunFolder::open(&path).unwrap();
        for refused in
            [folder.keep(name, b"ours").map(drop), folder.keep_with(name, |_| Ok(())).map(drop)]
        {
            assert!(matches!(refused, Err(FolderError::NotPlain(_))), "{name}");
        }
    }
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
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
    RunFolder::look(&scratch.at("run")).unwrap();
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
        .keep_with("ensemble.csv", |_| Err(std::io::Error::from(std::io::ErrorKind::StorageFull)));
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
