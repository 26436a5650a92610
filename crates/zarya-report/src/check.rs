//! The files of a station, in words.

use crate::{columns, refusals};
use std::fmt::Write as _;
use zarya::check::{Answer, Value, counts, coverage};
use zarya::data::Opened;
use zarya::station::render;

/// Returns what the files of a station hold, the values asked for, or what is wrong with the files.
pub fn text(answer: &Answer) -> String {
    match &answer.opened {
        Err(refused) => refusals::text(refused, &|_| None),
        Ok(opened) if answer.explained.is_empty() => summary(opened),
        Ok(opened) => {
            let told = answer.explained.iter().map(|(path, value)| explain(opened, path, value));
            told.collect::<Vec<_>>().join("\n")
        }
    }
}

fn summary(opened: &Opened) -> String {
    let Opened { station, warnings, texts, origin, .. } = opened;
    let mut out = String::new();
    let identity = &station.identity;
    let _ = writeln!(out, "{} ({origin}), as of {}: loads", identity.name, identity.as_of);
    let counted: Vec<String> = counts(station)
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .map(|(what, n)| format!("{n} {}", if n == 1 { singular(what) } else { what }))
        .collect();
    for line in counted.chunks(6) {
        let _ = writeln!(out, "  {}", line.join(", "));
    }
    let coverage = coverage(station);
    let total: usize = coverage.iter().map(|(_, n)| n).sum();
    let _ = writeln!(out, "\n{total} values with a basis:");
    for (basis, n) in coverage {
        let share = 100.0 * n as f64 / total.max(1) as f64;
        let bar = "#".repeat((share / 2.5).round() as usize);
        let _ = writeln!(out, "  {basis:<10} {n:>5}  {share:>3.0} %  {bar}");
    }
    let _ = writeln!(out, "\ninputs {}", station.digest);
    // Diagnostics show lines of files as they are.
    let mut out = columns::fitted(&out);
    if !warnings.is_empty() {
        let _ = write!(out, "\n{}", render(warnings, texts));
    }
    out
}

/// `capability` of `capabilities`, `unit installed` of `units installed`.
fn singular(what: &str) -> &str {
    match what {
        "capabilities" => "capability",
        "unit types" => "unit type",
        "units installed" => "unit installed",
        _ => what.trim_end_matches('s'),
    }
}

/// Tells one value: what it is, where it comes from, which files and lines set it.
fn explain(opened: &Opened, path: &str, value: &Value) -> String {
    let station = &opened.station;
    let mut out = columns::hanging(&format!("{path} = "), &value.text);
    let mut row = |label: &str, text: &str| {
        out.push_str(&columns::hanging(&format!("  {label:<7} "), text));
    };
    row("basis", value.basis.unwrap_or("none needed: structure, not a fact"));
    let source = |key: &str| match station.sources.get(key) {
        Some(source) => format!("{key}: {}, known from {}", source.title, source.known_from),
        None => key.to_owned(),
    };
    if let Some(key) = &value.source {
        row("source", &source(key));
    }
    if let Some(why) = &value.why {
        row("why", why);
    }
    for id in &value.rests_on {
        row("rests on", id);
    }
    for other in &value.alternatives {
        row("or", &format!("{}, says {}", other.text, source(&other.source)));
    }
    for (at, place) in station.facts[path].chain.iter().enumerate() {
        let word = if at == 0 { "set" } else { "then" };
        let file = opened.file_name(&place.file);
        row(word, &format!("{file}:{}:{}", place.line, place.column));
    }
    out
}
