//! The examples of the help texts are commands that work: they parse, and the stations, scenarios,
//! conditions and values they name are there.

use crate::Cli;
use clap::{CommandFactory as _, Parser as _};

/// Every example of the help texts.
fn all() -> Vec<String> {
    fn add(out: &mut Vec<String>, command: &clap::Command) {
        let texts = [command.get_after_help(), command.get_after_long_help()];
        for text in texts.into_iter().flatten().map(ToString::to_string) {
            let mut example: Option<String> = None;
            for line in text.lines().map(str::trim) {
                // A backslash at the end goes on in the next line.
                let so_far = match example.take() {
                    Some(before) => format!("{before}{line}"),
                    None if line.starts_with("zarya ") => line.to_owned(),
                    None => continue,
                };
                if let Some(unfinished) = so_far.strip_suffix('\\') {
                    example = Some(unfinished.to_owned());
                } else if !out.contains(&so_far) {
                    out.push(so_far);
                }
            }
        }
        for sub in command.get_subcommands() {
            add(out, sub);
        }
    }
    let mut out = Vec::new();
    add(&mut out, &Cli::command());
    out
}

/// The words of an example as a shell makes them; what follows two spaces explains it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars().chain([' ']) {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted && word.is_empty() => break,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.into_iter().take_while(|word| word != ">" && word != "|").collect()
}

#[test]
fn every_example_of_the_help_parses() {
    let examples = all();
    // So that a change of form does not leave them out unnoticed.
    assert!(50 < examples.len(), "{examples:?}");
    let mut before: Vec<String> = Vec::new();
    for line in examples {
        let mut words = words(&line);
        // An ellipsis stands for the options of the example before it.
        if let Some(place) = words.iter().position(|word| word == "…") {
            words.splice(place..=place, before[place..].iter().cloned());
        }
        if let Err(error) = Cli::try_parse_from(&words) {
            panic!("{line}: {error}");
        }
        before = words;
    }
}

#[test]
fn what_an_example_names_in_a_station_is_there() {
    let mut named = 0;
    for line in all() {
        let words = words(&line);
        if !["assess", "explain", "check", "ledger"].contains(&words[1].as_str()) {
            continue;
        }
        let after = |flag: &'static str| {
            words.windows(2).filter(move |pair| pair[0] == flag).map(|pair| pair[1].as_str())
        };
        // A folder of the reader's is a copy of the reference station.
        let station = if words.iter().any(|word| word == "tiny") { "tiny" } else { "iss" };
        let overlays: Vec<String> =
            after("--scenario").chain(after("--beliefs")).map(str::to_owned).collect();
        let station = zarya::Data::embedded()
            .station(Some(station), &overlays)
            .unwrap_or_else(|error| panic!("{line}: {error}"))
            .station;
        for id in after("--without") {
            assert!(station.conditions.iter().any(|known| known.id == id), "{line}");
            named += 1;
        }
        for path in after("--explain") {
            let under = format!("{path}.");
            let known = |fact: &String| fact == path || fact.starts_with(&under);
            assert!(station.facts.keys().any(known), "{line}");
            named += 1;
        }
        named += overlays.len();
    }
    assert!(6 <= named, "examples of names are left out: {named}");
}
