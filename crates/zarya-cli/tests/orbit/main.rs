//! The orbit commands from outside: the JSON contract, published burns, and refusals.

#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect)] // small inputs of tests

mod answers;
mod decay;
mod elements;
mod files;
mod hindcast;
mod plans;
mod reboosts;
#[path = "../schema/mod.rs"]
mod schema;
mod sun;
#[path = "../terminal/mod.rs"]
mod terminal;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn zarya(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zarya")).args(arguments).output().expect("the program runs")
}

fn json(arguments: &[&str]) -> Value {
    let output = zarya(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("stdout holds JSON alone")
}

fn refusal(arguments: &[&str], status: i32) -> String {
    let output = zarya(arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A reference series that is not part of the repository.
fn shared(path: &str) -> String {
    let root = std::env::var_os("ZARYA_SHARED").expect("set as when the test was built");
    let path = Path::new(&root).join(path);
    assert!(path.exists(), "{} is missing", path.display());
    path.to_str().expect("a plain path").to_owned()
}

/// A table of published or derived figures, whose head says where they come from: its path and its rows.
fn reference(name: &str) -> (String, Vec<Vec<String>>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).unwrap();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (path.to_str().expect("a plain path").to_owned(), rows.collect())
}

fn temporary(name: &str, contents: &str) -> String {
    let path = std::env::temp_dir().join(format!("zarya-orbit-{}-{name}", std::process::id()));
    std::fs::write(&path, contents).expect("a temporary file");
    path.to_str().expect("a plain path").to_owned()
}

/// A made-up station: 0.06 km of drag a day, one burn of 1.5 km, daily means.
fn made_up_series() -> String {
    let mut text = String::from("date,n,alt_mean_km\n");
    for day in 0..60 {
        let date = zarya::units::Date::parse("2016-03-01").unwrap().plus_days(day);
        let step = if day >= 30 { 1.5 } else { 0.0 };
        text += &format!("{date},{day},{:.4}\n", 404.0 - 0.05 * f64::from(day) + step);
    }
    text
}

/// What a call answers on stdout.
fn told(arguments: &[&str]) -> String {
    let output = zarya(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A call of `deorbit` for a station like the ISS in 20 worlds.
fn deorbit_call(from: &str, entry: &str, more: &[&str]) -> Vec<String> {
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--mass-kg", "430000"];
    let dates = ["--from", from, "--entry", entry, "--worlds", "20"];
    [&["orbit", "deorbit"][..], &station, &dates, more]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Runs the command with a text on its standard input.
fn piped(arguments: &[&str], text: &str) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_zarya"))
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("a pipe");
    // Whoever does not read the text closes the pipe.
    let _ = input.write_all(text.as_bytes());
    drop(input);
    child.wait_with_output().expect("the program ends")
}
