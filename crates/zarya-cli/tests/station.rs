//! `zarya check` and `zarya init` as a person uses them.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing tests nothing")]

mod schema;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn zarya(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zarya")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder of this test alone, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("station").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    folder
}

/// Tiny, written out by `init`.
fn tiny_in(name: &str) -> PathBuf {
    let folder = folder(name);
    let written = zarya(&["init", folder.to_str().unwrap(), "--station", "tiny"]);
    assert!(written.status.success(), "{}", stderr(&written));
    folder
}

fn change(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_init_writes_is_what_is_embedded() {
    let folder = tiny_in("written");
    let here = zarya(&["check", folder.to_str().unwrap()]);
    let embedded = zarya(&["check", "tiny"]);
    assert!(here.status.success() && embedded.status.success(), "{}", stderr(&here));
    let digest = |output| {
        let text = stdout(output);
        text.lines().find(|line| line.starts_with("inputs ")).unwrap().to_owned()
    };
    assert_eq!(digest(&here), digest(&embedded));
    assert!(folder.join("scenarios/west-pad-out.toml").is_file());
}

#[test]
fn init_spares_what_is_there() {
    let folder = tiny_in("spared");
    change(&folder, "claim.toml", "0.8", "0.9");
    let again = zarya(&["init", folder.to_str().unwrap(), "--station", "tiny"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    assert!(std::fs::read_to_string(folder.join("claim.toml")).unwrap().contains("0.9"));
    let forced = zarya(&["init", folder.to_str().unwrap(), "--station", "tiny", "--force"]);
    assert!(forced.status.success());
    let unknown = zarya(&["init", "nowhere", "--station", "mir"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("tiny"), "{}", stderr(&unknown));
}

#[test]
fn a_broken_copy_is_refused_at_the_line() {
    let folder = tiny_in("broken");
    change(&folder, "orus/power.toml", "mtbf = \"40 y\"", "mtbf = 40");
    change(&folder, "claim.toml", "source = \"beta-statement\"", "source = \"beta-statment\"");
    let output = zarya(&["check", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let shown = stderr(&output);
    let line = format!("--> {}/orus/power.toml:15:8", folder.display());
    assert!(
        shown.contains("error[ZS020]: `oru.solar-array.mtbf` is a number without a unit"),
        "{shown}"
    );
    assert!(shown.contains(&line), "{line}\n{shown}");
    assert!(shown.contains("error[ZS050]: there is no source `beta-statment`"), "{shown}");
    assert!(shown.contains("the nearest is `beta-statement`"), "{shown}");
    assert!(shown.ends_with("2 errors\n"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no color codes");
    assert_eq!(stdout(&output), "");

    let output = zarya(&["check", folder.to_str().unwrap(), "--json", "-"]);
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::follows("check.json", &json);
    assert_eq!(json["loads"], false);
    assert_eq!(json["diagnostics"][0]["code"], "ZS050");
    assert_eq!(json["diagnostics"][1]["line"], 15);
}

#[test]
fn a_value_is_explained_with_its_chain() {
    let arguments =
        ["check", "tiny", "--beliefs", "sturdy-units", "--explain", "oru.scrubber.mtbf"];
    let expected = "\
oru.scrubber.mtbf = 40000 h
  basis   claimed
  source  beta-statement: Statement of Beta's head of programme (fictional),
          known from 2025-11-12
  why     Beta's engineers hold that the life-support units last longer than
          specified
  set     <embedded tiny>/orus/life-support.toml:28:8
  then    beliefs/sturdy-units.toml:7:9
";
    assert_eq!(stdout(&zarya(&arguments)), expected);
    let unknown = zarya(&["check", "tiny", "--explain", "oru.scrubber.mtfb"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("under `oru.scrubber` there are"), "{}", stderr(&unknown));
}

#[test]
fn json_stands_alone_on_stdout() {
    let output = zarya(&["check", "tiny", "--explain", "orbit", "--json", "-"]);
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::follows("check.json", &json);
    assert_eq!(json["loads"], true);
    assert_eq!(json["station"]["counts"]["flights"], 11);
    assert_eq!(json["explained"]["orbit.altitude"]["text"], "410 km");
    assert_eq!(json["station"]["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn what_is_not_there_is_named() {
    let station = zarya(&["check", "no-such-folder"]);
    assert_eq!(station.status.code(), Some(2));
    assert!(stderr(&station).contains("embedded stations are"), "{}", stderr(&station));
    let overlay = zarya(&["check", "tiny", "--scenario", "no-such-file"]);
    assert_eq!(overlay.status.code(), Some(2));
    assert!(stderr(&overlay).contains("scenarios/west-pad-out.toml"), "{}", stderr(&overlay));
}

/// The embedded ISS, with each of its own overlays.
#[test]
fn the_embedded_stations_load() {
    for station in zarya::stations::ALL {
        let output = zarya(&["check", station.id]);
        assert!(output.status.success(), "{}", stderr(&output));
        for (name, _) in station.files.iter().filter(|(name, _)| name.starts_with("scenarios/")) {
            let output = zarya(&["check", station.id, "--scenario", name]);
            assert!(output.status.success(), "{name}: {}", stderr(&output));
        }
        for (name, _) in station.files.iter().filter(|(name, _)| name.starts_with("beliefs/")) {
            let output = zarya(&["check", station.id, "--beliefs", name]);
            assert!(output.status.success(), "{name}: {}", stderr(&output));
        }
    }
}

#[test]
fn what_is_checked_fits_a_terminal() {
    for line in [&["check"][..], &["check", "tiny"], &["check", "--explain", "oru.suit-us"]] {
        let printed = zarya(line);
        assert!(printed.status.success(), "{}", stderr(&printed));
        terminal::fits(&printed, &line.join(" "));
    }
}

#[test]
fn the_record_is_asked_of_worlds_and_a_seed() {
    let line = ["check", "--record", "--worlds", "5", "--seed", "3", "--json", "-"];
    let output = zarya(&line);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::follows("check-record.json", &json);
    assert_eq!((&json["worlds"], &json["seed"]), (&5.into(), &3.into()));
    assert!(!json["scored"].as_array().unwrap().is_empty());
    let printed = zarya(&line[..6]);
    terminal::fits(&printed, "check --record");
    assert!(stdout(&printed).contains("5 worlds, seed 3"), "{}", stdout(&printed));

    let alone = zarya(&["check", "--seed", "3"]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("--record"), "{}", stderr(&alone));
    let nothing = zarya(&["check", "tiny", "--record"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(stderr(&nothing).contains("record.toml"), "{}", stderr(&nothing));
}

/// Observations of a file or of stdin, on the teaching station: all of them lie after its as-of date.
#[test]
fn observations_of_a_file_are_scored() {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = folder("observations");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("seen.toml");
    let rows = "[[observation]]\nwhat = \"evas\"\nfrom = 2026-02-01\nthrough = 2026-06-30\nobserved = 2\n\
        source = \"somebody's list\"\n\
        [[observation]]\nwhat = \"stock:water\"\nthrough = 2026-06-30\nobserved = 1e8\n\
        [[observation]]\nwhat = \"docking-troubles\"\nfrom = 2026-02-01\nthrough = 2026-12-31\nobserved = 0\n";
    std::fs::write(&file, rows).unwrap();
    let file = file.to_str().unwrap();
    let asked = |more: &[&str]| {
        let line = ["check", "tiny", "--record", "--worlds", "20", "--observations"];
        zarya(&[&line[..], more].concat())
    };
    let output = asked(&[file, "--json", "-"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::follows("check-record.json", &json);
    let found = json["observations"].as_array().unwrap();
    assert_eq!(found.len(), 3);
    for row in found {
        for key in ["p05", "p25", "p50", "p75", "p95", "below", "equal", "observed", "without"] {
            assert!(row[key].is_number(), "{key}: {row}");
        }
        let quantiles = ["p05", "p25", "p50", "p75", "p95"].map(|key| row[key].as_f64().unwrap());
        assert!(quantiles.is_sorted() && row["basis"] == "forecast", "{row}");
    }
    assert_eq!((&found[0]["what"], &found[0]["from"]), (&"evas".into(), &"2026-02-01".into()));
    assert_eq!(found[0]["source"], "somebody's list");
    assert_eq!((&found[1]["below"], &found[1]["equal"]), (&1.0.into(), &0.0.into()));

    let printed = asked(&[file]);
    terminal::fits(&printed, "check --record --observations");
    let text = stdout(&printed);
    let water = text.lines().find(|line| line.starts_with("stock:water")).unwrap();
    assert!(water.ends_with("  outside"), "{water}");
    let last = text.lines().last().unwrap();
    let inside = |key: [&str; 2]| {
        let within = |row: &&serde_json::Value| {
            let [low, high] = key.map(|key| row[key].as_f64().unwrap());
            (low..=high).contains(&row["observed"].as_f64().unwrap())
        };
        found.iter().filter(within).count()
    };
    let (wide, narrow) = (inside(["p05", "p95"]), inside(["p25", "p75"]));
    let expected = format!("{wide} of 3 inside their 90 % band, {narrow} of 3 inside the 50 %");
    assert_eq!(last, expected);

    let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
    command.args(["check", "tiny", "--record", "--worlds", "20", "--observations", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(rows.as_bytes()).unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), text);
}

#[test]
fn observations_that_cannot_be_scored_are_refused() {
    let folder = folder("observations-refused");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("seen.toml");
    let path = file.to_str().unwrap();
    let wrong = "[[observation]]\nwhat = \"evahs\"\nfrom = 2026-02-01\nthrough = 2026-01-31\nobserved = -2\n";
    // What the file holds, the exit status, and what is said.
    let cases: [(&str, i32, &[&str]); 4] = [
        (
            wrong,
            1,
            &[
                "seen.toml:2:8",
                "the nearest is `evas`",
                "seen.toml:4:11",
                "seen.toml:5:12",
                "3 errors",
            ],
        ),
        ("", 1, &["there is no observation in it"]),
        ("evas: 3", 1, &["seen.toml:1:"]),
        (
            "[[observation]]\nwhat = \"evas\"\nfrom = 2020-01-01\nthrough = 2020-02-01\nobserved = 1\n",
            1,
            &["no recorded years to replay before"],
        ),
    ];
    for (text, status, words) in cases {
        std::fs::write(&file, text).unwrap();
        let refused = zarya(&["check", "tiny", "--record", "--observations", path]);
        let said = stderr(&refused);
        assert_eq!(refused.status.code(), Some(status), "{said}");
        for word in words {
            assert!(said.contains(word), "{word}\n{said}");
        }
        assert_eq!(stdout(&refused), "");
    }
    let alone = zarya(&["check", "tiny", "--observations", path]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("--record"), "{}", stderr(&alone));
    let missing = zarya(&["check", "tiny", "--record", "--observations", "no-such-file.toml"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(stderr(&missing).contains("no-such-file.toml"), "{}", stderr(&missing));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_record() {
    use std::process::Stdio;
    let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
    command.args(["check", "--record", "--worlds", "5000000", "--quiet"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // There is no sign from outside that it has begun.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stderr(&output).contains("interrupted"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
}
