//! Files that mean harm, or are merely wrong, as the command meets them: names that paint on a terminal, numbers
//! beyond anything of a station, more of everything than anybody reads.

#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "files of a test are built as they read"
)]

mod command;
mod schema;

use command::{answer, number, root, written, zarya};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// ESC, BEL, NUL, C1's CSI, and a mark that turns the order of what follows, as TOML writes them.
const ACTING: &str = "\\u001B[2JSupported\\u0007\\u0000\\u009B31m\\u202Egnorw";

/// Whether a character acts where it is shown.
fn acts(c: char) -> bool {
    (c.is_control() && !['\n', '\t'].contains(&c)) || ('\u{202a}'..='\u{202e}').contains(&c)
}

#[track_caller]
fn shown(text: &[u8], what: &str) -> String {
    let text = String::from_utf8(text.to_vec()).expect("UTF-8");
    let found: Vec<char> = text.chars().filter(|c| acts(*c)).collect();
    assert!(found.is_empty(), "{what} lets {found:?} through");
    text
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn within(folder: &Path, line: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zarya"));
    command.args(line).current_dir(folder).output().expect("the command starts")
}

/// Writes a station out and lets every text in it that is shown anywhere begin with what acts.
fn painted(folder: &Path, station: &str) {
    let written = within(folder, &["init", station, "--station", station, "--quiet"]);
    assert!(written.status.success() && written.stdout.is_empty() && written.stderr.is_empty());
    let mut files = vec![folder.join(station)];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(path).expect("a folder").map(|f| f.expect("a file").path()),
            );
            continue;
        }
        let mut text = std::fs::read_to_string(&path).expect("a file");
        for key in ["name", "provided", "remains", "substitutes", "title", "why"] {
            text = text.replace(&format!("{key} = \""), &format!("{key} = \"{ACTING}"));
        }
        std::fs::write(&path, text).expect("written");
    }
}

#[test]
fn no_name_of_a_station_acts_on_a_terminal_or_page() {
    let folder = folder("painted");
    painted(&folder, "tiny");
    painted(&folder, "iss");
    let broken = folder.join("broken.toml");
    let text =
        format!("why = \"{ACTING}\"\n[[set]]\npath = \"oru.{ACTING}.mtbf\"\nvalue = \"x\"\n");
    std::fs::write(&broken, text).expect("written");
    let air =
        format!("crew = 2\nvolume = \"9 m3\"\n[leak]\n\"{ACTING}\" = \"1 kg/d\"\n[{ACTING}]\n");
    std::fs::write(folder.join("air.toml"), air).expect("written");
    let lines = [
        "assess tiny --histories 40 --through 2026-02-01 --out run --quiet",
        "assess tiny --histories 40 --through 2026-02-01 --html page.html",
        "report run",
        "compare run run",
        "explain tiny --history 3 --through 2026-06-01",
        "explain tiny --history 3 --through 2026-06-01 --brief",
        "check tiny",
        "check tiny --explain stock",
        "check tiny --scenario broken.toml",
        "ledger tiny",
        "check iss",
        "ledger iss",
        "spares sufficiency --station iss --period-d 90 --svg sufficiency.svg",
        "spares demand --station iss --period-d 90",
        "air endurance --station iss",
        "air hatch --station iss",
        "air run --station iss --days 5 --svg run.svg --csv run.csv",
        "power --station iss --svg power.svg",
        "air endurance air.toml",
        "spares sufficiency air.toml --period-d 9",
        "orbit reboosts air.toml",
    ];
    let mut marked = 0;
    for line in lines {
        let output = within(&folder, &line.split(' ').collect::<Vec<_>>());
        let out = shown(&output.stdout, line);
        let err = shown(&output.stderr, line);
        assert!(!(out.is_empty() && err.is_empty()), "{line} says nothing");
        marked += usize::from((out + &err).contains("<U+001B>"));
    }
    assert!(7 < marked, "{marked} answers show a name of these files at all");
    for page in
        ["page.html", "run/report.html", "power.svg", "run.svg", "run.csv", "sufficiency.svg"]
    {
        let text = shown(&std::fs::read(folder.join(page)).expect(page), page);
        assert!(!text.contains("<U+"), "{page} takes the number of a character for a tag");
    }
    let page = std::fs::read_to_string(folder.join("page.html")).expect("the page");
    assert!(page.contains("&lt;U+001B&gt;[2JSupported"), "the page shows them by their numbers");
}

/// The answer of a case, or its refusal, which names a place; never a number that is none.
#[track_caller]
fn judged(line: &[&str], schema: &str) -> bool {
    let output = zarya(line);
    let refused = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => {}
        Some(1) => {
            assert!(refused.contains("error[ZA0"), "{line:?}: {refused}");
            return false;
        }
        other => panic!("{line:?} ends with {other:?}: {refused}"),
    }
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    schema::follows(schema, &json);
    let told = zarya(&line[..line.len() - 2]);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        assert!(
            !["inf", "NaN", "nan", "4294967295", "4294967294"].contains(&word),
            "{line:?}: {text}"
        );
    }
    true
}

/// Each number of a case in turn is nothing, tiny, huge, negative and worse.
#[test]
fn numbers_beyond_anything_are_refused_or_stay_numbers() {
    const CASE: &str = "crew = {2}\nseats = {3}\nvolume = \"{425} m3\"\nfrom = 2199-06-20\n\
        [air]\ntemperature = \"{295} K\"\ntotal_pressure = \"{101.3} kPa\"\n\
        [stocks]\noxygen = \"{110} kg\"\nwater = \"{300} kg\"\nfood = \"{200} kg\"\ncandles = {40}\nnitrogen = \"{90} kg\"\n\
        [running]\noga = { rate = \"{9.2} kg/d\", on_below = \"20.5 kPa\", off_above = \"21.5 kPa\" }\n\
        [leak]\nstation = { rate = \"{0.06} kg/d\", growth = \"{0.5} 1/y\" }\nhole = { hole = \"{0.2} mm\" }\n\
        [[arrival]]\nday = \"{59} d\"\noxygen = \"{40} kg\"\n\
        [[change]]\nday = \"{80} d\"\nleak = { station = \"{67} %\" }\n\
        [limits]\noxygen_partial_pressure = { low = \"{17} kPa\" }\n";
    let places: Vec<usize> = CASE.match_indices('{').map(|(at, _)| at).collect();
    let numbers =
        places.iter().filter(|at| CASE[**at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    let plain = |text: &str| -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let inside = &rest[at + 1..];
            if inside.starts_with(|c: char| c.is_ascii_digit()) {
                let end = inside.find('}').expect("closed");
                out.push_str(&inside[..end]);
                rest = &inside[end + 1..];
            } else {
                out.push('{');
                rest = inside;
            }
        }
        out + rest
    };
    let (mut answered, mut refused) = (0, 0);
    for at in numbers {
        let end = at + CASE[*at..].find('}').expect("closed");
        for value in ["0", "1e-300", "1e9", "1e300", "-1"] {
            let text = plain(&CASE[..*at]) + value + &plain(&CASE[end + 1..]);
            let file = written("numbers.toml", &text);
            let runs: [(&[&str], &str); 2] = [
                (&["air", "endurance", &file, "--json", "-"], "air-endurance.json"),
                (&["air", "run", &file, "--days", "400", "--json", "-"], "air-run.json"),
            ];
            for (line, schema) in runs {
                if judged(line, schema) {
                    answered += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(30 < answered && 30 < refused, "{answered} answered, {refused} refused");
}

#[test]
fn numbers_of_a_plant_are_refused_or_stay_numbers() {
    let (mut answered, mut refused) = (0, 0);
    for value in ["0", "1e-300", "1e5", "1e9", "1e300"] {
        for key in [
            "crew = 2 #",
            "[orbit]\naltitude = \"X km\" #",
            "[orbit]\nnode = \"X deg\" #",
            "[efficiency]\nbattery = \"X %\" #",
            "[[load]]\nid = \"a\"\npower = \"X kW\" #",
            "[[load]]\nid = \"a\"\npower = \"9 kW\"\nclass = X #",
            "[[loop]]\nid = \"A\"\ncapacity = \"X kW\" #",
            "[[channel]]\nid = \"A\"\nwing_since = 2190-01-01\nwing = \"X kW\" #",
            "[attitude]\ngyroscopes = X #",
            "[attitude]\npropellant = \"X kg\" #",
            "[attitude]\nmomentum = \"X Nms\" #",
        ] {
            let text = format!("from = 2199-12-30\n{}\n", key.replace('X', value));
            let file = written("plant.toml", &text);
            if judged(&["power", &file, "--json", "-"], "power.json") {
                answered += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(20 < answered && 20 < refused, "{answered} answered, {refused} refused");
}

/// A question that is none is said beside a file that is none, and decides the status.
#[test]
fn a_malformed_question_is_said_before_a_missing_file() {
    let output = zarya(&["air", "run", "no-such-file.toml", "--step", "3 parsecs", "--days", "-1"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    for said in ["--step", "--days", "no-such-file.toml"] {
        assert!(text.contains(said), "{text}");
    }
    let output = zarya(&["power", "no-such-file.toml", "--step", "1 h"]);
    assert_eq!(output.status.code(), Some(2));
    let output = zarya(&["air", "run", "no-such-file.toml"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), text.lines().count()), (Some(3), 1), "{text}");
}

/// Some are shown, the rest counted; beyond the limit of entries nothing is read.
#[test]
fn a_mass_of_unknown_keys_is_counted() {
    let keys = |n: usize| -> String { (0..n).map(|i| format!("x{i} = 1\n")).collect() };
    for table in ["", "volume = \"9 m3\"\n[stocks]\n", "volume = \"9 m3\"\n[orbit]\n"] {
        let file = written("keys.toml", &format!("crew = 2\n{table}{}", keys(40_000)));
        let output = zarya(&["air", "endurance", &file]);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("more problems are not shown"), "{table}: {}", text.len());
        assert!(text.len() < 300_000, "{table}: {} bytes are printed", text.len());
    }
    let file = written("keys.toml", &format!("crew = 2\n{}", keys(100_000)));
    let output = zarya(&["air", "endurance", &file]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("more than 100000 entries"), "{text}");
    let loads: String =
        (0..1_001).map(|i| format!("[[load]]\nid = \"l{i}\"\npower = \"1 W\"\n")).collect();
    let file = written("loads.toml", &format!("crew = 2\nvolume = \"9 m3\"\n{loads}"));
    let output = zarya(&["air", "endurance", &file]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("1001 tables; the most is 1000"), "{text}");
}

/// What does not end is not read, whatever it calls itself.
#[cfg(unix)]
#[test]
fn devices_and_large_files_are_refused() {
    let output = zarya(&["air", "endurance", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let file = written("large.toml", "");
    std::fs::File::options()
        .write(true)
        .open(&file)
        .expect("a file")
        .set_len(5 << 20)
        .expect("long");
    let output = zarya(&["air", "endurance", &file]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("error[ZS001]") && text.contains("the most is"), "{text}");
}

/// Every station file of 293 subsystems has failures in all of them.
#[test]
fn the_293rd_subsystem_is_its_own() {
    let folder = folder("subsystems");
    assert!(within(&folder, &["init", "s", "--station", "tiny", "--quiet"]).status.success());
    let mut units =
        String::from("[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"many\"\n");
    for k in 0..290 {
        units += &format!(
            "\n[[oru]]\nid = \"u{k}\"\nsubsystem = \"s{k:03}\"\nname = \"U\"\nserves = \"power\"\n\
             segment = \"core\"\ninstalled = 2\nneeded = 0\nmtbf = \"15 d\"\nerror_factor = 2\nmass = \"1 kg\"\n\
             spares = {{ aboard = 90, ground = 90 }}\nlead_time = \"1 d\"\nbuild_time = \"1 d\"\n\
             repair = {{ crew = \"0 h\", where = \"inside\" }}\n"
        );
    }
    std::fs::write(folder.join("s/orus/many.toml"), units).expect("written");
    let line = "assess s --histories 20 --through 2026-06-30 --threads 1 --quiet --json a.json";
    let output = within(&folder, &line.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read(folder.join("a.json")).expect("the answer");
    let json: Value = serde_json::from_slice(&text).expect("JSON");
    let failures = json["failures"].as_array().expect("a list");
    assert_eq!(failures.len(), 293);
    let silent: Vec<&Value> = failures
        .iter()
        .filter(|row| {
            let made = row["subsystem"].as_str().is_some_and(|name| name.starts_with('s'));
            made && number(&row["per_history"]["mean"]) == 0.0
        })
        .collect();
    assert!(silent.is_empty(), "{} subsystems without a failure", silent.len());
}

#[test]
fn a_partner_who_takes_nothing_is_said_to() {
    let case = root().join("cases/air/june-2005.toml").display().to_string();
    let output = zarya(&["air", "endurance", &case, "--without", "roscosmos"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("no number of days changes without roscosmos"), "{text}");
    assert!(text.contains("elektron"), "{text}");
    let case = root().join("cases/air/september-2004.toml").display().to_string();
    let output = zarya(&["air", "endurance", &case, "--without", "roscosmos"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !text.contains("no number of days changes"), "{text}");
}

#[test]
fn a_history_is_told_short() {
    let lines = |more: &[&str]| {
        let line = [&["explain", "--history", "17", "--through", "2027-06-30"], more].concat();
        let output = zarya(&line);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().count()
    };
    let json = answer(&["explain", "--history", "17", "--through", "2027-06-30", "--json", "-"]);
    let notes = json["notes"].as_array().expect("notes").len();
    let (text, brief) = (lines(&[]), lines(&["--brief"]));
    assert!(text < notes && brief < text, "{notes} notes, {text} lines, {brief} in brief");
}
