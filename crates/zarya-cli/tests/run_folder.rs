//! Run folders of somebody else from the outside: what was edited, mixed, linked or cut is refused by name.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder under the build's temporary one, made anew.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run_folder").join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn zarya(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
        command.args(line.split_whitespace()).current_dir(&self.0).output().unwrap()
    }

    #[track_caller]
    fn answered(&self, line: &str) -> String {
        let output = self.zarya(line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Asks what must be refused with a status; stdout stays empty, and stderr holds the words.
    #[track_caller]
    fn refused(&self, line: &str, status: i32, words: &[&str]) {
        let output = self.zarya(line);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}: {message}");
        assert!(output.stdout.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
        for word in words {
            assert!(message.contains(word), "{line}: `{word}` is not in: {message}");
        }
    }

    /// Replaces a text in a file once.
    #[track_caller]
    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.at(file);
        let text = fs::read_to_string(&path).unwrap();
        let edited = text.replacen(from, to, 1);
        assert_ne!(text, edited, "{from} is not in {file}");
        fs::write(path, edited).unwrap();
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.at(file)).unwrap()).unwrap()
    }
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Histories of seed 1 were once answered together with conditions of seed 3.
#[test]
fn an_edited_seed_is_refused_and_named() {
    let scratch = Scratch::new("seed");
    scratch.answered("assess tiny --histories 500 --through 2026-03-01 --out run --quiet");
    scratch.edit("run/manifest.json", "\"seed\": 1", "\"seed\": 3");
    let words = ["run/manifest.json", "the seed is 1 in parts/00000.rows, and 3 in the manifest"];
    for line in ["assess --resume run", "report run", "compare run run", "merge run --out whole"] {
        scratch.refused(line, 1, &words);
    }
    assert!(!scratch.at("whole").exists());
}

/// An edited verdict was once told above the digest of the answer before.
#[test]
fn an_edited_answer_is_refused_in_a_folder_and_by_itself() {
    let scratch = Scratch::new("answer");
    scratch.answered("assess tiny --histories 40 --through 2026-02-01 --out run --quiet");
    let kept = fs::read(scratch.at("run/assessment.json")).unwrap();
    fs::write(scratch.at("good.json"), &kept).unwrap();
    let same = scratch.answered("compare run good.json");
    assert_eq!(same, "The two answers are the same, digest for digest.\n");

    let mut answer = scratch.json("run/assessment.json");
    answer["verdict"] = "supported".into();
    answer["probability"]["mean"] = 0.999.into();
    let edited = serde_json::to_vec_pretty(&answer).unwrap();
    fs::write(scratch.at("run/assessment.json"), &edited).unwrap();
    fs::write(scratch.at("bad.json"), &edited).unwrap();
    let listed = "run/assessment.json: it was changed after the run wrote it";
    scratch.refused("report run", 1, &[listed, "`zarya assess --resume run`"]);
    scratch.refused("compare run good.json", 1, &[listed]);
    let digest = "bad.json was changed after it was written: its contents have the digest ";
    scratch.refused("compare good.json bad.json", 1, &[digest]);
    // A value that no reader looks at, and an answer without a digest.
    answer = serde_json::from_slice(&kept).unwrap();
    answer["note"] = "mine".into();
    fs::write(scratch.at("bad.json"), answer.to_string()).unwrap();
    scratch.refused("compare bad.json good.json", 1, &[digest]);
    answer.as_object_mut().unwrap().shift_remove("note");
    fs::write(scratch.at("bad.json"), answer.to_string()).unwrap();
    scratch.answered("compare bad.json good.json"); // Spacing is no value.
    answer.as_object_mut().unwrap().shift_remove("digest");
    fs::write(scratch.at("bad.json"), answer.to_string()).unwrap();
    scratch.refused("compare bad.json good.json", 1, &["bad.json is not an answer", "digest"]);

    // The run writes its answer again from its parts.
    scratch.answered("assess --resume run --quiet");
    assert_eq!(scratch.json("run/assessment.json")["digest"], scratch.json("good.json")["digest"]);
    scratch.answered("report run");
}

#[test]
fn every_file_that_a_run_wrote_is_named_when_it_was_edited() {
    let scratch = Scratch::new("files");
    scratch.answered("assess tiny --histories 40 --through 2026-02-01 --out run --quiet");
    for file in [
        "ensemble.parquet",
        "series.parquet",
        "ensemble.csv",
        "assessment.json",
        "report.html",
        "manifest.json",
        "parts/00000.rows",
        "inputs/station/stocks.toml",
    ] {
        let path = scratch.at("run").join(file);
        let kept = fs::read(&path).unwrap();
        let mut edited = kept.clone();
        let at = kept.len() / 2;
        edited[at] ^= 4;
        fs::write(&path, edited).unwrap();
        scratch.refused("report run", 1, &[&format!("run/{file}")]);
        scratch.refused("compare run run", 1, &[&format!("run/{file}")]);
        fs::write(&path, kept).unwrap();
    }
    scratch.answered("report run");
}

/// A folder from elsewhere emptied and overwrote files of whoever looked into it.
#[test]
fn a_link_in_a_folder_overwrites_nothing() {
    let scratch = Scratch::new("links");
    scratch.answered("assess tiny --histories 40 --through 2026-02-01 --out run --quiet");
    let victim = scratch.at("victim");
    fs::write(&victim, "precious").unwrap();
    for name in [".lock", "report.html", "assessment.json", "manifest.json", "parts/00000.rows"] {
        let path = scratch.at("run").join(name);
        let kept = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&victim, &path).unwrap();
        if name != ".lock" {
            scratch.refused("report run", 1, &[&format!("run/{name}"), "is a link"]);
        }
        scratch.refused("assess --resume run", 1, &[&format!("run/{name}"), "is a link"]);
        assert_eq!(fs::read(&victim).unwrap(), b"precious", "{name}");
        fs::remove_file(&path).unwrap();
        fs::write(&path, kept).unwrap();
    }
    // Names that a writer could take for its own.
    for name in ["report.html.tmp", ".report.html.tmp", ".report.html.1-0.tmp"] {
        symlink(&victim, scratch.at("run").join(name)).unwrap();
    }
    fs::remove_file(scratch.at("run/report.html")).unwrap();
    scratch.answered("report run");
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert!(fs::symlink_metadata(scratch.at("run/report.html")).unwrap().is_file());

    // Files of a station that are written over files of the same name.
    scratch.answered("init lesson --station tiny");
    fs::remove_file(scratch.at("lesson/stocks.toml")).unwrap();
    symlink(&victim, scratch.at("lesson/stocks.toml")).unwrap();
    scratch.refused("init lesson --station tiny --force", 3, &["lesson/stocks.toml", "is a link"]);
    fs::remove_file(scratch.at("lesson/stocks.toml")).unwrap();
    fs::rename(scratch.at("lesson/orus"), scratch.at("orus")).unwrap();
    symlink(scratch.at("orus"), scratch.at("lesson/orus")).unwrap();
    scratch.refused("init lesson --station tiny --force", 3, &["lesson/orus", "is a link"]);
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
}

/// 1010 histories, no whole number of worlds, ended in a panic; 4294967295 were begun.
#[test]
fn a_folder_asks_only_what_can_be_typed() {
    let scratch = Scratch::new("bounds");
    let asked =
        "assess tiny --histories 1000 --through 2026-01-06 --only systems --out run --quiet";
    scratch.answered(asked);
    let kept = fs::read_to_string(scratch.at("run/manifest.json")).unwrap();
    for (from, to, words) in [
        ("\"histories\": 1000", "\"histories\": 1010", ["--histories", "1010 are no whole worlds"]),
        ("\"histories\": 1000", "\"histories\": 4294967295", ["--histories", "4294967295 lies"]),
        ("\"seed\": 1", "\"seed\": 9007199254740992", ["--seed", "9007199254740992 lies outside"]),
    ] {
        scratch.edit("run/manifest.json", from, to);
        for line in ["assess --resume run", "report run"] {
            scratch.refused(line, 2, &[words[1], "run/manifest.json"]);
        }
        scratch.refused("assess --resume run", 2, &words);
        fs::write(scratch.at("run/manifest.json"), &kept).unwrap();
    }
    for (from, to) in [
        ("\"through\": \"2026-01-06\"", "\"through\": \"9999-12-31\""),
        ("\"through\": \"2026-01-06\"", "\"through\": \"soon\""),
        ("\"histories\": 1000", "\"histories\": -20"),
        ("\"format\": 3", "\"format\": 9"),
    ] {
        scratch.edit("run/manifest.json", from, to);
        scratch.refused("assess --resume run", 1, &["run/manifest.json"]);
        fs::write(scratch.at("run/manifest.json"), &kept).unwrap();
    }
    scratch.answered("assess --resume run --quiet");
}

/// `--out` sent to `--resume`, and `--resume` to `--out`.
#[test]
fn a_run_that_was_killed_before_its_manifest_is_begun_anew() {
    let scratch = Scratch::new("killed");
    let asked = "assess tiny --histories 40 --through 2026-02-01 --out run --quiet";
    scratch.answered(asked);
    let digest = scratch.json("run/assessment.json")["digest"].clone();
    for name in ["manifest.json", "assessment.json", "ensemble.csv", "ensemble.parquet"] {
        fs::remove_file(scratch.at("run").join(name)).unwrap();
    }
    for name in ["series.parquet", "worlds.parquet", "report.html", "parts/00000.rows"] {
        fs::remove_file(scratch.at("run").join(name)).unwrap();
    }
    fs::write(scratch.at("run/.manifest.json.77-0.tmp"), "{").unwrap();
    fs::write(scratch.at("run/notes.txt"), "mine").unwrap();
    scratch.refused(asked, 1, &["run is not empty", "notes.txt"]);
    assert_eq!(fs::read(scratch.at("run/notes.txt")).unwrap(), b"mine");
    fs::remove_file(scratch.at("run/notes.txt")).unwrap();
    scratch.refused("assess --resume run", 1, &["nothing was kept in run", "`--out run`"]);
    scratch.answered(asked);
    assert_eq!(scratch.json("run/assessment.json")["digest"], digest);
}

/// Where no lock can be made and no page can be written there is still an answer.
#[test]
fn a_finished_run_is_read_where_nothing_can_be_written() {
    let scratch = Scratch::new("media");
    scratch.answered("assess tiny --histories 40 --through 2026-02-01 --out run --quiet");
    let told = scratch.answered("report run --quiet");
    fs::remove_file(scratch.at("run/.lock")).unwrap();
    fs::create_dir(scratch.at("run/.lock")).unwrap();
    assert_eq!(scratch.answered("report run --quiet"), told);
    scratch.answered("compare run run");
    scratch.refused("assess --resume run", 1, &["run/.lock"]);
    // A page that is gone cannot be put back there; the answer is told all the same.
    fs::remove_file(scratch.at("run/report.html")).unwrap();
    let output = scratch.zarya("report run");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), told);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("run/.lock") && message.contains("--html PATH"), "{message}");
    scratch.answered("report run --html page.html");
    assert!(scratch.at("page.html").is_file());
}

#[test]
fn a_folder_is_read_beside_a_run_that_works_in_it() {
    let scratch = Scratch::new("beside");
    scratch.answered("assess tiny --histories 40 --through 2026-02-01 --out run --quiet");
    let lock = fs::File::options().write(true).open(scratch.at("run/.lock")).unwrap();
    lock.lock().unwrap();
    scratch.answered("report run");
    scratch.answered("compare run run");
    scratch.answered("merge run --out whole --quiet");
    scratch.refused("assess --resume run", 1, &["another zarya is working in run"]);
}

/// A report once told a history of the ISS under the number of one of another station.
#[test]
fn the_lines_of_a_report_tell_and_ask_the_same_again() {
    let scratch = Scratch::new("repeat");
    let name = "my station; echo $(id) 'x'";
    let command = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
        let output = command.args(words).current_dir(&scratch.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    command(&["init", name, "--station", "tiny"]);
    let through = ["--through", "2027-06-30", "--seed", "5", "--without", "freighter"];
    let asked = [&["assess", name, "--histories", "60", "--out", "run", "--quiet"], &through[..]];
    command(&asked.concat());
    let digest = scratch.json("run/assessment.json")["digest"].clone();
    // A line in a page or an answer is typed into a shell.
    let typed = |line: &str| {
        let line = line.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        let line = line.replace("&#39;", "'").replace("&amp;", "&");
        let place = Path::new(env!("CARGO_BIN_EXE_zarya")).parent().unwrap();
        let path = format!("{}:{}", place.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("bash");
        let output = shell.args(["-c", &line]).env("PATH", path).current_dir(&scratch.0).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let page = fs::read_to_string(scratch.at("run/report.html")).unwrap();
    let line = |begins: &str| {
        let at = page.find(&format!("<code>{begins}")).unwrap() + "<code>".len();
        page[at..].split_once("</code>").unwrap().0.to_owned()
    };
    let told = typed(&(line("zarya explain").replace("--history N", "--history 17") + " --json -"));
    let history: Value = serde_json::from_str(&told).unwrap();
    let rows = fs::read_to_string(scratch.at("run/ensemble.csv")).unwrap();
    let cells: Vec<&str> = rows.lines().nth(18).unwrap().split(',').collect();
    let column =
        |name: &str| rows.lines().next().unwrap().split(',').position(|c| c == name).unwrap();
    assert_eq!(cells[column("history")], "17");
    assert_eq!(history["end_state"], cells[column("end_state")]);
    assert_eq!(history["inputs_digest"], scratch.json("run/manifest.json")["plan_digest"]);
    assert_eq!((&history["seed"], &history["through"]), (&5.into(), &"2027-06-30".into()));

    typed(&(line("zarya assess") + " --quiet --json again.json"));
    assert_eq!(scratch.json("again.json")["digest"], digest);
    let text = scratch.answered("report run");
    let (_, repeat) = text.split_once("Repeat: ").unwrap();
    typed(&(repeat.trim_end().to_owned() + " --quiet --json third.json"));
    assert_eq!(scratch.json("third.json")["digest"], digest);

    // What a file says is not believed, and what it says is not told.
    scratch.edit("run/manifest.json", "\"seed\"", "\"command\": \"rm -rf ~\", \"seed\"");
    scratch.refused("report run", 1, &["run/manifest.json"]);
}

#[test]
fn a_folder_of_the_first_release_says_so_first() {
    let scratch = Scratch::new("old");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../zarya/tests/data/run-of-0.1.0");
    copied(&kept, &scratch.at("old"));
    let first = "Not protected: kept by release 0.1.0";
    let told = scratch.answered("report old --html page.html");
    assert!(told.starts_with(first), "{told}");
    assert!(
        told.contains("Repeat: zarya assess old/inputs/station --through 2026-02-01"),
        "{told}"
    );
    let page = fs::read_to_string(scratch.at("page.html")).unwrap();
    let (warning, verdict) =
        (page.find("kept by release 0.1.0").unwrap(), page.find("<h1").unwrap());
    assert!(warning < verdict);
    scratch.answered("report old");
    assert!(fs::read_to_string(scratch.at("old/report.html")).unwrap().contains("Not protected"));
    let compared = scratch.answered("compare old old");
    assert!(compared.starts_with("Warning: old: kept by release 0.1.0"), "{compared}");
    // What its manifest says to type is not believed.
    scratch.edit("old/manifest.json", "zarya assess tiny", "rm -rf ~; zarya assess tiny");
    let told = scratch.answered("report old");
    assert!(!told.contains("rm -rf"), "{told}");
    scratch.refused("assess --resume old", 1, &["of release 0.1.0", "not continued nor joined"]);
}
