//! The main job from the outside, on the teaching station.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod schema;
mod terminal;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A folder under the build's temporary one, made anew.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn zarya(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
        command.args(line.split_whitespace()).current_dir(&self.0);
        command
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.0.join(file)).unwrap()).unwrap()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn refused(output: &Output, status: i32, words: &[&str]) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(status), "{message}");
    for word in words {
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }
}

#[test]
fn one_json_object_holds_the_answer() {
    let scratch = Scratch::new("json");
    let output = scratch.zarya("assess tiny --histories 400 --seed 7 --json -");
    assert!(output.status.success(), "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON alone on stdout");
    schema::follows("assessment.json", &answer);
    for path in [
        "/claim/through",
        "/claim/threshold",
        "/verdict",
        "/probability/mean",
        "/probability/low",
        "/probability/high",
        "/probability/standard_error",
        "/prior/mean",
        "/effective_worlds",
        "/tiers/crewed/mean",
        "/split/systems/mean",
        "/survival/0/date",
        "/end_states/nominal",
        "/conditions/0/drop",
        "/break_even/0/id",
        "/caveats/0/text",
        "/record",
        "/yardstick",
        "/ledger/first_break/date",
        "/inputs/digest",
        "/run/complete",
        "/digest",
    ] {
        assert!(answer.pointer(path).is_some(), "{path}");
    }
    assert_eq!(answer["run"]["histories"], 400);
    assert_eq!(answer["run"]["complete"], true);
    let ends = answer["end_states"].as_object().unwrap();
    let sum: f64 = ends.values().map(|share| share.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

#[test]
fn threads_shards_and_a_resumed_run_give_the_digest_of_one_run() {
    let scratch = Scratch::new("digests");
    let asked = "assess tiny --histories 1040 --seed 7 --quiet";
    let whole = scratch.zarya(&format!("{asked} --threads 1 --out whole"));
    assert!(whole.status.success(), "{}", stderr(&whole));
    let expected = scratch.json("whole/assessment.json");
    let ensemble = expected["ensemble_digest"].as_str().unwrap();
    assert_eq!(scratch.json("whole/manifest.json")["ensemble_digest"], ensemble);
    for file in ["report.html", "ensemble.parquet", "series.parquet", "ensemble.csv"] {
        assert!(scratch.0.join("whole").join(file).is_file(), "{file}");
    }

    let memory = scratch.zarya(&format!("{asked} --threads 2 --json memory.json"));
    assert!(memory.status.success(), "{}", stderr(&memory));
    assert_eq!(scratch.json("memory.json")["digest"], expected["digest"]);

    for shard in ["1/2", "2/2"] {
        let name = shard.replace('/', "of");
        let output = scratch.zarya(&format!("{asked} --shard {shard} --out {name}"));
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let merged = scratch.zarya("merge 2of2 1of2 --out merged --quiet");
    assert!(merged.status.success(), "{}", stderr(&merged));
    assert_eq!(scratch.json("merged/assessment.json")["digest"], expected["digest"]);

    // One part gone, one cut off, the answer not yet there.
    let run = scratch.0.join("whole");
    fs::remove_file(run.join("parts/00002.rows")).unwrap();
    let part = run.join("parts/00000.rows");
    let bytes = fs::read(&part).unwrap();
    fs::write(&part, &bytes[..1000]).unwrap();
    fs::remove_file(run.join("assessment.json")).unwrap();
    let unfinished = scratch.zarya("report whole");
    refused(&unfinished, 1, &["holds no assessment.json", "--resume"]);
    let resumed = scratch.zarya("assess --resume whole");
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    assert!(stderr(&resumed).contains("part 0 is damaged"), "{}", stderr(&resumed));
    assert_eq!(scratch.json("whole/assessment.json")["digest"], expected["digest"]);
    assert_eq!(fs::read(&part).unwrap(), bytes);

    let same = scratch.zarya("compare whole merged");
    assert_eq!(stdout(&same), "The two answers are the same, digest for digest.\n");
    let again = scratch.zarya("report merged --html page.html");
    assert!(again.status.success());
    let page = fs::read_to_string(scratch.0.join("page.html")).unwrap();
    assert!(page.contains("zarya assess tiny") && page.contains("--histories 1040 --seed 7"));
}

#[cfg(unix)]
#[test]
fn a_killed_run_resumes_to_the_same_digest() {
    let scratch = Scratch::new("killed");
    let asked = "assess tiny --histories 2000 --seed 3 --quiet --threads 1";
    let mut child = scratch.command(&format!("{asked} --out run")).spawn().unwrap();
    let first = scratch.0.join("run/parts/00000.rows");
    while !first.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let resumed = scratch.zarya("assess --resume run --quiet");
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    let whole = scratch.zarya(&format!("{asked} --json whole.json"));
    assert!(whole.status.success());
    let digest = scratch.json("whole.json")["digest"].clone();
    assert_eq!(scratch.json("run/assessment.json")["digest"], digest);
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_done() {
    let interrupt = |mut child: std::process::Child, ready: &dyn Fn() -> bool| {
        while !ready() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        // A pipe that fills would keep it from ending: `wait_with_output` reads on.
        child.wait_with_output().unwrap()
    };
    let scratch = Scratch::new("interrupted");
    let asked = "assess tiny --histories 50000000 --seed 3 --quiet --threads 1";
    let spawn = |line: &str| {
        let mut command = scratch.command(line);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let part = scratch.0.join("run/parts/00000.rows");
    let stored = interrupt(spawn(&format!("{asked} --out run")), &|| part.exists());
    refused(&stored, 130, &["--resume", "what is done is kept"]);
    assert_eq!(stdout(&stored), "");
    assert!(!scratch.0.join("run/assessment.json").exists());

    // There is no sign of the first world from outside; a second is long enough for many.
    let began = std::cell::Cell::new(false);
    let partial = interrupt(spawn(asked), &|| {
        std::thread::sleep(Duration::from_millis(1500));
        began.replace(true)
    });
    refused(&partial, 130, &["interrupted", "of 50000000 histories"]);
    assert!(stdout(&partial).contains("Stopped early"), "{}", stdout(&partial));
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let scratch = Scratch::new("mixed");
    let shard = |seed: u32, i: u32| {
        let line = format!(
            "assess tiny --histories 1000 --seed {seed} --shard {i}/2 --out s{seed}-{i} --quiet"
        );
        assert!(scratch.zarya(&line).status.success());
    };
    shard(1, 1);
    shard(2, 2);
    let other_seed = scratch.zarya("merge s1-1 s2-2 --out out");
    refused(&other_seed, 1, &["s2-2 belongs to another run", "the seed is 2 there and 1 here"]);
    let missing = scratch.zarya("merge s1-1 --out out");
    refused(&missing, 1, &["500 histories are missing, the first is number 500"]);
    let twice = scratch.zarya("merge s1-1 ./s1-1 --out out");
    refused(&twice, 2, &["./s1-1 is named twice"]);
    assert!(!scratch.0.join("out").exists());

    let occupied = scratch.zarya("assess tiny --histories 1000 --out s1-1");
    refused(&occupied, 1, &["s1-1 is not empty", "--resume"]);
    let file = scratch.0.join("s1-1/inputs/station/stocks.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text + "# edited\n").unwrap();
    let edited = scratch.zarya("assess --resume s1-1");
    refused(&edited, 1, &["stocks.toml", "changed after the run began"]);
    let manifest = scratch.0.join("s2-2/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version));
    fs::write(&manifest, text.replace(&version, "\"version\": \"0.0.1\"")).unwrap();
    let release = scratch.zarya("assess --resume s2-2");
    refused(&release, 1, &["the version of zarya is 0.0.1 there"]);
}

#[test]
fn wrong_questions_are_answered_with_a_way_out() {
    let scratch = Scratch::new("wrong");
    let cases: &[(&str, i32, &[&str])] = &[
        ("assess tiny --without routine-maintenence", 1, &["did you mean `routine-maintenance`"]),
        ("assess tiny --through 2020-01-01", 1, &["2020-01-01", "is not after the as-of date"]),
        ("assess tiny --through 2028-02-30", 2, &["2028-02-30", "YYYY-MM-DD"]),
        ("assess nowhere", 2, &["nowhere"]),
        ("assess tiny --histories 0", 2, &["0 is not in 1.."]),
        ("assess tiny --shard 3/2 --out x", 2, &["3/2", "is not a shard"]),
        ("assess tiny --shard 1/2", 2, &["--out"]),
        ("assess tiny --shard 1/9 --histories 1000 --out x", 1, &["at most 2 shards"]),
        ("assess --resume nowhere", 1, &["nowhere is not a run folder"]),
        ("assess --resume nowhere --seed 3", 2, &["--seed", "cannot be used with"]),
        ("assess tiny --seed 99999999999999999999", 2, &["--seed"]),
        ("report nowhere", 1, &["not a run folder"]),
        ("compare nowhere nowhere", 3, &["nowhere"]),
        ("explain tiny", 2, &["--history"]),
        ("explain tiny --history 3 --scenario nothing", 2, &["nothing"]),
    ];
    for (line, status, words) in cases {
        refused(&scratch.zarya(line), *status, words);
    }
    fs::write(scratch.0.join("a.json"), "{\"claim\": 1}").unwrap();
    refused(&scratch.zarya("compare a.json a.json"), 1, &["a.json is not an answer"]);
}

#[test]
fn histories_are_rounded_to_whole_worlds_with_a_notice() {
    let scratch = Scratch::new("rounded");
    let output = scratch.zarya("assess tiny --histories 50 --json answer.json");
    assert!(stderr(&output).contains("50 histories are rounded up to 60"), "{}", stderr(&output));
    assert_eq!(scratch.json("answer.json")["run"]["histories"], 60);
}

#[test]
fn a_history_is_told_the_same_twice_and_a_closed_pipe_is_no_error() {
    let scratch = Scratch::new("told");
    let told = scratch.zarya("explain tiny --history 33 --seed 7 --json history.json");
    assert!(told.status.success(), "{}", stderr(&told));
    let text = stdout(&told);
    assert!(text.contains("history 33 of seed 7"), "{text}");
    assert_eq!(stdout(&scratch.zarya("explain tiny --history 33 --seed 7")), text);
    let history = scratch.json("history.json");
    schema::follows("explain.json", &history);
    let notes = history["notes"].as_array().unwrap();
    assert!(!notes.is_empty());
    let dates: Vec<&str> = notes.iter().map(|note| note["date"].as_str().unwrap()).collect();
    assert!(dates.is_sorted());

    for line in ["explain tiny --history 33", "completions bash", "assess --help"] {
        let mut child =
            scratch.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(!stderr(&output).contains("panicked"), "{line}: {}", stderr(&output));
    }
}

#[test]
fn what_is_told_and_compared_fits_a_terminal() {
    let scratch = Scratch::new("columns");
    for (name, seed) in [("a", 1), ("b", 2)] {
        let asked = format!("assess tiny --histories 400 --seed {seed} --json {name}.json --quiet");
        assert!(scratch.zarya(&asked).status.success());
    }
    let compared = scratch.zarya("compare a.json b.json --json -");
    schema::follows("compare.json", &serde_json::from_slice(&compared.stdout).unwrap());
    for line in ["compare a.json b.json", "explain --history 17", "explain tiny --history 3"] {
        let printed = scratch.zarya(line);
        assert!(printed.status.success(), "{}", stderr(&printed));
        terminal::fits(&printed, line);
    }
}
