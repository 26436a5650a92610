//! A thousand folders that were flipped, swapped, cut, linked and mixed: none is answered from but with the
//! answer it was made with, and who refuses names the file.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use zarya::json::Value;
use zarya::run::{self, Door, Run};
use zarya::units::Date;
use zarya::{Control, Data, assess, compare, open};

/// A folder under the system's temporary one, removed when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("zarya-folders-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Files by their names in a folder.
type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    fn all(root: &Path, folder: &Path, to: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all(root, &path, to);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                to.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = Files::new();
    all(folder, folder, &mut found);
    found
}

/// Compares two folders and names what differs.
#[track_caller]
fn same(found: &Files, expected: &Files, why: &str) {
    let names: std::collections::BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let differ: Vec<_> = names.into_iter().filter(|n| found.get(*n) != expected.get(*n)).collect();
    assert!(differ.is_empty(), "{why}: {differ:?}");
}

fn write(folder: &Path, files: &Files) {
    let _ = fs::remove_dir_all(folder);
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn question(seed: u64, histories: u32) -> assess::Question {
    assess::Question {
        station: Some("tiny".to_owned()),
        through: Some(Date::parse("2026-01-20").unwrap()),
        histories,
        seed,
        depth: assess::Depth::Base,
        ..assess::Question::default()
    }
}

/// A door that draws a page, so that every file that can lie in a folder does.
fn door(seconds: &dyn Fn() -> f64) -> Door<'_> {
    Door { page: &|answer, _| Some(answer.digest.clone()), seconds }
}

fn begin(folder: &Path, question: &assess::Question) -> Run {
    let data = Data::embedded();
    run::start(question, None, &data, folder, door(&|| 1.5), &Control::silent()).unwrap()
}

/// The folder that 0.1.0 kept.
fn old() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/run-of-0.1.0")
}

/// Numbers that are the same each time (Steele, Lea and Flood, 2014: SplitMix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Changes one value that is no list and no object, anywhere in a JSON text.
fn edited(text: &[u8], draw: &mut Draw) -> Vec<u8> {
    fn leaves<'v>(value: &'v mut Value, to: &mut Vec<&'v mut Value>) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(|value| leaves(value, to)),
            Value::Object(all) => all.values_mut().for_each(|value| leaves(value, to)),
            leaf => to.push(leaf),
        }
    }
    let mut value: Value = zarya::json::from_slice(text).unwrap();
    let mut all = Vec::new();
    leaves(&mut value, &mut all);
    let at = draw.below(all.len());
    let leaf = &mut *all[at];
    *leaf = match &*leaf {
        Value::Bool(yes) => Value::from(!yes),
        Value::Number(number) if number.is_u64() => Value::from(number.as_u64().unwrap() ^ 2),
        Value::Number(number) => Value::from(number.as_f64().unwrap() + 0.25),
        Value::String(text) => Value::from(format!("{text}0")),
        _ => Value::from(0.5),
    };
    zarya::json::to_vec_pretty(&value).unwrap()
}

/// What was done to a folder: the files it was done to.
fn mutate(
    folder: &Path,
    beside: &Path,
    whole: &Files,
    others: &[Files],
    draw: &mut Draw,
) -> Vec<String> {
    let names: Vec<&String> = whole.iter().filter(|(_, b)| !b.is_empty()).map(|(n, _)| n).collect();
    let parts: Vec<&String> = names.iter().copied().filter(|n| n.starts_with("parts/")).collect();
    let name = (*draw.of(&names)).clone();
    let path = folder.join(&name);
    let bytes = &whole[&name];
    match draw.below(11) {
        0..=2 => {
            let mut bytes = bytes.clone();
            let at = draw.below(bytes.len());
            bytes[at] ^= 1 << draw.below(8);
            fs::write(path, bytes).unwrap();
        }
        3 => {
            let other = (*draw.of(&names)).clone();
            fs::write(path, &whole[&other]).unwrap();
            fs::write(folder.join(&other), bytes).unwrap();
            return vec![name, other];
        }
        4 | 5 => {
            // As another run has it, or not at all.
            match draw.of(others).get(&name) {
                Some(bytes) => fs::write(path, bytes).unwrap(),
                None => fs::remove_file(path).unwrap(),
            }
        }
        6 => {
            let part = (*draw.of(&parts)).clone();
            let other = draw.of(others);
            let stale: Vec<&Vec<u8>> =
                other.iter().filter(|(n, _)| n.starts_with("parts/")).map(|(_, b)| b).collect();
            fs::write(folder.join(&part), draw.of(&stale)).unwrap();
            return vec![part];
        }
        7 => {
            let json =
                (*draw.of(&["manifest.json", "manifest.json", "assessment.json"])).to_owned();
            fs::write(folder.join(&json), edited(&whole[&json], draw)).unwrap();
            return vec![json];
        }
        8 => {
            let kept = draw.below(bytes.len());
            fs::write(path, &bytes[..kept]).unwrap();
        }
        9 => {
            // What it leads to is as good as what was there; a link is a link.
            let end = beside.join(name.replace('/', "-"));
            fs::write(&end, bytes).unwrap();
            fs::remove_file(&path).unwrap();
            symlink(end, path).unwrap();
        }
        _ => {
            // Two files of one other run, which agree with each other.
            let other = draw.of(others);
            let pair = *draw.of(&[
                ["manifest.json", "assessment.json"],
                ["manifest.json", "parts/00000.rows"],
                ["assessment.json", "ensemble.csv"],
            ]);
            for name in pair {
                match other.get(name) {
                    Some(bytes) => fs::write(folder.join(name), bytes).unwrap(),
                    None => fs::remove_file(folder.join(name)).unwrap(),
                }
            }
            return pair.iter().map(|name| (*name).to_owned()).collect();
        }
    }
    vec![name]
}

#[test]
fn no_mutated_folder_is_answered_from() {
    let scratch = Scratch::new("mutated");
    let place = |name: &str| scratch.0.join(name);
    let made = begin(&place("run"), &question(1, 520));
    begin(&place("seed"), &question(3, 520));
    let withdrawn = vec!["routine-maintenance".to_owned()];
    begin(&place("other"), &assess::Question { without: withdrawn, ..question(1, 520) });
    begin(&place("longer"), &question(1, 540));
    let whole = files(&place("run"));
    let others = ["seed", "other", "longer"].map(|name| files(&place(name)));
    let others = [&others[..], &[files(&old())]].concat();
    assert_eq!(whole.keys().filter(|name| name.starts_with("parts/")).count(), 2);

    let mut draw = Draw(11);
    let (mut refused, mut answered, mut resumed) = (0, 0, 0);
    let folder = place("mutated");
    for round in 0..1_000 {
        write(&folder, &whole);
        let touched = mutate(&folder, &scratch.0, &whole, &others, &mut draw);
        let named = |text: &str| {
            touched
                .iter()
                .any(|file| text.contains(Path::new(file).file_name().unwrap().to_str().unwrap()))
        };
        match run::read(&folder) {
            Ok(found) => {
                answered += 1;
                assert_eq!(found.answer, made.answer, "round {round}: {touched:?}");
                assert_eq!(found.asked, made.asked, "round {round}: {touched:?}");
                assert!(found.protected, "round {round}: {touched:?}");
            }
            Err(refusal) => {
                refused += 1;
                let text = refusal.to_string();
                assert!(named(&text), "round {round}: {touched:?}: {text}");
            }
        }
        if round % 25 != 0 {
            continue;
        }
        match run::resume(&folder, door(&|| 2.5), &Control::silent()) {
            Ok(found) => {
                resumed += 1;
                let digest = |run: &Run| run.answer.as_ref().unwrap().digest.clone();
                assert_eq!(digest(&found), digest(&made), "round {round}: {touched:?}");
                let again = run::read(&folder).unwrap();
                assert_eq!(again.answer, found.answer, "round {round}: {touched:?}");
            }
            Err(refusal) => {
                let text = refusal.to_string();
                assert!(named(&text), "round {round}: {touched:?}: {text}");
            }
        }
    }
    // Most are refused; a page that is gone, a part that can be computed again are not.
    assert!(800 < refused && 5 < answered && 5 < resumed, "{refused} {answered} {resumed}");
}

#[test]
fn a_folder_behind_a_link_is_refused() {
    let scratch = Scratch::new("behind");
    let folder = scratch.0.join("run");
    begin(&folder, &question(1, 20));
    for name in ["parts", "inputs", "inputs/station", "inputs/station/orus"] {
        let elsewhere = scratch.0.join("elsewhere");
        fs::rename(folder.join(name), &elsewhere).unwrap();
        symlink(&elsewhere, folder.join(name)).unwrap();
        for refused in [
            run::read(&folder).map(drop),
            run::resume(&folder, Door::silent(), &Control::silent()).map(drop),
        ] {
            let text = refused.unwrap_err().to_string();
            assert!(text.contains(name) && text.contains("is a link"), "{name}: {text}");
        }
        fs::remove_file(folder.join(name)).unwrap();
        fs::rename(&elsewhere, folder.join(name)).unwrap();
    }
    // The path of the folder is the user's own.
    symlink(&folder, scratch.0.join("latest")).unwrap();
    assert!(run::read(&scratch.0.join("latest")).unwrap().answer.is_some());
}

/// What 0.1.0 kept is read, and said to be unprotected; it is neither continued nor joined.
#[test]
fn a_folder_of_the_first_release_is_read_and_nothing_else() {
    let scratch = Scratch::new("old");
    let read = run::read(&old()).unwrap();
    assert!(!read.protected);
    assert_eq!((read.asked.histories, read.asked.seed), (40, 1));
    let station = read.asked.question().station.unwrap();
    assert!(station.ends_with("run-of-0.1.0/inputs/station"), "{station}");

    let copy = scratch.0.join("copy");
    let kept = files(&old());
    write(&copy, &kept);
    let (door, control) = (Door::silent(), Control::silent());
    let [resumed, merged] = [
        run::resume(&copy, door, &control),
        run::merge(std::slice::from_ref(&copy), &scratch.0.join("out"), door, &control),
    ];
    for refused in [resumed, merged] {
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("copy has the manifest.json of release 0.1.0"), "{text}");
    }
    assert!(!scratch.0.join("out").exists());

    let (data, name) = open::answer(Data::embedded(), &copy).unwrap();
    let question = compare::Question { before: name.clone(), after: name };
    let compared = compare::answer(&question, &data, &control).unwrap();
    assert!(compared.same && compared.warnings[0].contains("do not show an edit"), "{compared:?}");

    // What can be noticed is: an answer, an input or a part that was edited, a question that is another.
    let text = |name: &str| String::from_utf8(kept[name].clone()).unwrap();
    for (name, from, to) in [
        (
            "assessment.json",
            "\"verdict\": \"undetermined on the public record\"",
            "\"verdict\": \"supported\"",
        ),
        ("assessment.json", "\"seed\": 1,", "\"seed\": 3,"),
        ("manifest.json", "\"seed\": 1,", "\"seed\": 3,"),
        ("manifest.json", "\"histories\": 40,", "\"histories\": 60,"),
        ("manifest.json", "\"histories\": 40,", "\"histories\": 50,"),
        ("manifest.json", "2026-02-01", "2026-02-02"),
        ("manifest.json", "\"version\": \"0.1.0\"", "\"version\": \"0.2.0\""),
        ("inputs/station/stocks.toml", "\n", "\n\n"),
    ] {
        write(&copy, &kept);
        let edited = text(name).replacen(from, to, 1);
        assert_ne!(edited, text(name), "{name}: {from}");
        fs::write(copy.join(name), edited).unwrap();
        let refused = run::read(&copy).expect_err(&format!("{name}: {to}")).to_string();
        let file = Path::new(name).file_name().unwrap().to_str().unwrap();
        assert!(refused.contains(file) || refused.contains("manifest"), "{to}: {refused}");
    }
    for damage in [&kept["parts/00000.rows"][..700], b""] {
        write(&copy, &kept);
        fs::write(copy.join("parts/00000.rows"), damage).unwrap();
        let refused = run::read(&copy).unwrap_err().to_string();
        assert!(refused.contains("00000.rows"), "{refused}");
    }
}

/// A folder is not made unprotected by a manifest that says so.
#[test]
fn a_newer_part_is_not_read_under_an_older_manifest() {
    let scratch = Scratch::new("downgrade");
    let folder = scratch.0.join("run");
    begin(&folder, &question(1, 40));
    let new = files(&folder);
    let kept = files(&old());
    let refused = |files: &Files| {
        write(&folder, files);
        let refused = run::read(&folder).unwrap_err().to_string();
        let resumed = run::resume(&folder, Door::silent(), &Control::silent());
        assert!(resumed.is_err(), "{refused}");
        refused
    };
    // The manifest of a new folder with an older number.
    let mut files = new.clone();
    let text = String::from_utf8(new["manifest.json"].clone()).unwrap();
    let older = text.replace("\"format\": 3", "\"format\": 2");
    assert_ne!(older, text);
    files.insert("manifest.json".into(), older.into_bytes());
    let text = refused(&files);
    assert!(text.contains("manifest.json") && text.contains("newer form"), "{text}");
    // An old manifest that lists a new part with its right digest in the old way of counting.
    let mut files = kept.clone();
    files.insert("parts/00000.rows".into(), new["parts/00000.rows"].clone());
    let text = refused(&files);
    assert!(text.contains("00000.rows") && text.contains("newer form"), "{text}");
    // A new manifest over old parts.
    let mut files = new.clone();
    files.insert("parts/00000.rows".into(), kept["parts/00000.rows"].clone());
    write(&folder, &files);
    let text = run::read(&folder).unwrap_err().to_string();
    assert!(text.contains("00000.rows"), "{text}");
}

/// Whatever is asked of a folder, what was finished is not touched by asking again.
#[test]
fn a_finished_run_that_is_resumed_stays_byte_for_byte() {
    let scratch = Scratch::new("finished");
    let folder = scratch.0.join("run");
    let made = begin(&folder, &question(1, 520));
    let before = files(&folder);
    let door = door(&|| 99.0);
    let again = run::resume(&folder, door, &Control::silent()).unwrap();
    assert_eq!(again.answer, made.answer);
    same(&files(&folder), &before, "resumed");
    // A door without pages leaves the page as it is, and listed.
    run::resume(&folder, Door::silent(), &Control::silent()).unwrap();
    same(&files(&folder), &before, "resumed without a page");
    // What is gone or was edited is written again, and comes out the same.
    for name in ["ensemble.csv", "series.parquet", "report.html", "parts/00001.rows"] {
        for damage in [None, Some(b"edited")] {
            match damage {
                None => fs::remove_file(folder.join(name)).unwrap(),
                Some(bytes) => fs::write(folder.join(name), bytes).unwrap(),
            }
            run::resume(&folder, door, &Control::silent()).unwrap();
            same(&files(&folder), &before, name);
        }
    }
    assert!(!run::turn_page(&folder, &made_page(&before)).unwrap(), "it is there");
    assert!(run::turn_page(&folder, "another page").unwrap());
    assert_eq!(fs::read(folder.join("report.html")).unwrap(), b"another page");
    assert!(run::read(&folder).unwrap().protected, "the page is listed anew");
}

fn made_page(files: &Files) -> String {
    String::from_utf8(files["report.html"].clone()).unwrap()
}
