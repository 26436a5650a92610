//! `zarya check` and `zarya init`: the files of a station.

use crate::output::{self, Failure};
use crate::{Answer, door, record};
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zarya::Refusals;
use zarya::data::{DEFAULT_STATION, Opened};
use zarya::stations::{self, WriteError};
use zarya_report::columns;
use zarya_station::model::{Basis, Fact, Place};
use zarya_station::{Diagnostic, Severity, Station, basis_word, render};

const CHECK_EXAMPLES: &str = "\
Examples:
  zarya check                                    the embedded ISS
  zarya check my-station                         the files in the folder my-station
  zarya check --scenario as-of-2026-06           with one of the station's own scenarios
  zarya check --explain orbit.altitude           one value: basis, source, file and line
  zarya check --explain oru.gyroscope tiny       every value of one unit
  zarya check --record                           observed beside predicted, 2010 to 2026

Exit status: 0 the station loads (warnings included), 1 it is refused, 3 a file cannot be read.";

const INIT_EXAMPLES: &str = "\
Examples:
  zarya init my-station                          the International Space Station
  zarya init lesson --station tiny               a small station with a comment on every key

Then change a file and run `zarya check my-station`.";

/// Check station files: all problems at once, coverage of sources, one value explained.
#[derive(Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArgs {
    /// Folder of station files, or `iss` or `tiny` for an embedded station [default: iss].
    station: Option<PathBuf>,
    /// Scenario to apply: a file, or the name of one of the station's own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Beliefs to apply after the scenarios: a file, or a name. May be repeated.
    #[arg(long, value_name = "FILE")]
    beliefs: Vec<PathBuf>,
    /// Show one value (`oru.pump.mtbf`), or all under a path (`oru.pump`), with where it comes from.
    #[arg(long, value_name = "PATH")]
    explain: Option<String>,
    /// Play the recorded years on the same engine and set what was observed beside what is predicted.
    #[arg(long, conflicts_with = "explain")]
    record: bool,
    /// Write the answer as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Write an embedded station into a folder, to read or to change.
#[derive(Args)]
#[command(after_help = INIT_EXAMPLES)]
pub(crate) struct InitArgs {
    /// Folder to write to; made if need be.
    folder: PathBuf,
    /// Which embedded station.
    #[arg(long, default_value = DEFAULT_STATION, value_name = "ID")]
    station: String,
    /// Write into a folder that is not empty, over files of the same name.
    #[arg(long)]
    force: bool,
}

/// Runs `zarya init`.
pub(crate) fn init(args: &InitArgs) -> Answer {
    let written =
        stations::write(&args.folder, &args.station, args.force).map_err(|error| match error {
            WriteError::Unknown(_) => Failure::Usage(error.to_string()),
            WriteError::NotEmpty(_) => {
                Failure::Refused(format!("{error}: name another one, or add --force"))
            }
            _ => Failure::Io(error.to_string()),
        })?;
    let folder = args.folder.display();
    output::text(&format!(
        "{}: {} files written to {folder}\nnext: zarya check {folder}\n",
        args.station,
        written.len()
    ))
}

/// Runs `zarya check`.
pub(crate) fn check(args: &CheckArgs) -> Answer {
    let overlays: Vec<PathBuf> = args.scenario.iter().chain(&args.beliefs).cloned().collect();
    let name = door::name(args.station.as_deref());
    let data = door::station(args.station.as_deref(), &overlays)?;
    let opened = match data.station(name.as_deref(), &door::names(&overlays)) {
        Ok(opened) => opened,
        Err(refusals) => return Err(refuse(args, refusals)?),
    };
    if args.record {
        return record::check(&data, name.as_deref(), &opened.station, args.json.as_deref());
    }
    let explained = match &args.explain {
        Some(path) => facts_under(&opened.station, path)?,
        None => Vec::new(),
    };
    if let Some(path) = &args.json {
        output::json(path, &CheckJson::accepted(&opened, &explained))?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    if args.explain.is_some() {
        let texts: Vec<String> =
            explained.iter().map(|(path, fact)| explain(&opened, path, fact)).collect();
        return output::text(&texts.join("\n"));
    }
    output::text(&summary(&opened))
}

/// Writes what is wrong with the files as JSON where asked, before they are refused.
fn refuse(args: &CheckArgs, refusals: Refusals) -> Result<Failure, Failure> {
    let diagnostics: Vec<Diagnostic> = refusals.diagnostics().cloned().collect();
    if let Some(path) = &args.json
        && !diagnostics.is_empty()
    {
        output::json(path, &CheckJson::refused(&diagnostics))?;
    }
    Ok(refusals.into())
}

/// Counts of a station's tables, in the order of its files.
fn counts(station: &Station) -> Vec<(&'static str, usize)> {
    let units: u32 = station.orus.iter().map(|oru| oru.installed).sum();
    vec![
        ("partners", station.partners.len()),
        ("elements", station.elements.len()),
        ("capabilities", station.capabilities.len()),
        ("unit types", station.orus.len()),
        ("units installed", units as usize),
        ("stocks", station.stocks.len()),
        ("vehicles", station.vehicles.len()),
        ("docked", station.docked.len()),
        ("flights", station.flights.len()),
        ("tasks", station.tasks.len()),
        ("upgrades", station.upgrades.len()),
        ("hazards", station.hazards.len()),
        ("conditions", station.conditions.len()),
        ("milestones", station.milestones.len()),
        ("observations", station.observations.len()),
        ("sources", station.sources.len()),
    ]
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

/// How many values rest on each basis.
fn coverage(station: &Station) -> Vec<(&'static str, usize)> {
    let bases = [Basis::Published, Basis::Derived, Basis::Claimed, Basis::Assumed, Basis::Disputed];
    bases
        .into_iter()
        .map(|basis| {
            let n = station.facts.values().filter(|fact| fact.basis == Some(basis)).count();
            (basis_word(basis), n)
        })
        .collect()
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

/// The values at or under a path.
fn facts_under<'s>(
    station: &'s Station,
    path: &str,
) -> Result<Vec<(&'s String, &'s Fact)>, Failure> {
    if let Some(found) = station.facts.get_key_value(path) {
        return Ok(vec![found]);
    }
    let prefix = format!("{path}.");
    let under: Vec<_> =
        station.facts.iter().filter(|(known, _)| known.starts_with(&prefix)).collect();
    if !under.is_empty() {
        return Ok(under);
    }
    // The longest part of the path that leads somewhere, with what comes next there.
    let mut stem = path;
    while let Some((shorter, _)) = stem.rsplit_once('.') {
        stem = shorter;
        let prefix = format!("{stem}.");
        let mut next: Vec<&str> = station
            .facts
            .keys()
            .filter_map(|known| known.strip_prefix(&prefix)?.split('.').next())
            .collect();
        next.dedup();
        if !next.is_empty() {
            let shown = next.iter().take(20).copied().collect::<Vec<_>>().join(", ");
            let more = if next.len() > 20 { ", …" } else { "" };
            return Err(Failure::Usage(format!(
                "there is no value `{path}`; under `{stem}` there are {shown}{more}"
            )));
        }
    }
    let mut kinds: Vec<&str> =
        station.facts.keys().filter_map(|known| known.split('.').next()).collect();
    kinds.dedup();
    Err(Failure::Usage(format!(
        "there is no value `{path}`; a path begins with one of {}, as in orbit.altitude",
        kinds.join(", ")
    )))
}

/// Tells one value: what it is, where it comes from, which files and lines set it.
fn explain(opened: &Opened, path: &str, fact: &Fact) -> String {
    let station = &opened.station;
    let mut out = columns::hanging(&format!("{path} = "), &fact.text);
    let mut row = |label: &str, text: &str| {
        out.push_str(&columns::hanging(&format!("  {label:<7} "), text));
    };
    match fact.basis {
        Some(basis) => row("basis", basis_word(basis)),
        None => row("basis", "none needed: structure, not a fact"),
    }
    let source = |key: &str| match station.sources.get(key) {
        Some(source) => format!("{key}: {}, known from {}", source.title, source.known_from),
        None => key.to_owned(),
    };
    if let Some(key) = &fact.source {
        row("source", &source(key));
    }
    if let Some(why) = &fact.why {
        row("why", why);
    }
    for (text, key) in &fact.alternatives {
        row("or", &format!("{text}, says {}", source(key)));
    }
    for (at, Place { file, line, column }) in fact.chain.iter().enumerate() {
        let word = if at == 0 { "set" } else { "then" };
        let file = opened.file_name(file);
        row(word, &format!("{file}:{line}:{column}"));
    }
    out
}

/// The JSON answer of `zarya check`.
#[derive(Serialize, JsonSchema)]
struct CheckJson {
    /// Whether the station loads: no diagnostic is an error.
    loads: bool,
    /// The station; absent when it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    station: Option<StationJson>,
    /// Errors first, then warnings, in the order of the files.
    diagnostics: Vec<DiagnosticJson>,
    /// With `--explain`: values by path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    explained: BTreeMap<String, FactJson>,
}

#[derive(Serialize, JsonSchema)]
struct StationJson {
    id: String,
    name: String,
    /// As-of date, YYYY-MM-DD.
    as_of: String,
    /// SHA-256 over files and overlays.
    digest: String,
    /// Number of tables of each kind, spelled out services included.
    counts: BTreeMap<&'static str, usize>,
    /// Number of values by basis.
    coverage: BTreeMap<&'static str, usize>,
}

#[derive(Serialize, JsonSchema)]
struct DiagnosticJson {
    /// Stable code, as in docs/station-files.md.
    code: &'static str,
    /// `error` or `warning`.
    severity: &'static str,
    message: String,
    file: String,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    /// What to do.
    help: String,
}

#[derive(Serialize, JsonSchema)]
struct FactJson {
    /// The value as written.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    alternatives: Vec<AlternativeJson>,
    /// `file:line:column` of the base and of each overlay that set it.
    chain: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct AlternativeJson {
    text: String,
    source: String,
}

impl CheckJson {
    fn refused(diagnostics: &[Diagnostic]) -> Self {
        Self {
            loads: false,
            station: None,
            diagnostics: diagnostics.iter().map(DiagnosticJson::of).collect(),
            explained: BTreeMap::new(),
        }
    }

    fn accepted(opened: &Opened, explained: &[(&String, &Fact)]) -> Self {
        let station = &opened.station;
        Self {
            loads: true,
            station: Some(StationJson {
                id: station.identity.id.clone(),
                name: station.identity.name.clone(),
                as_of: station.identity.as_of.to_string(),
                digest: station.digest.clone(),
                counts: counts(station).into_iter().collect(),
                coverage: coverage(station).into_iter().collect(),
            }),
            diagnostics: opened.warnings.iter().map(DiagnosticJson::of).collect(),
            explained: explained
                .iter()
                .map(|(path, fact)| ((*path).clone(), FactJson::of(fact)))
                .collect(),
        }
    }
}

impl DiagnosticJson {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code.id(),
            severity: match diagnostic.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: diagnostic.message.clone(),
            file: diagnostic.place.file.clone(),
            line: diagnostic.place.line,
            column: diagnostic.place.column,
            help: diagnostic.help.clone(),
        }
    }
}

impl FactJson {
    fn of(fact: &Fact) -> Self {
        Self {
            text: fact.text.clone(),
            basis: fact.basis.map(basis_word),
            source: fact.source.clone(),
            why: fact.why.clone(),
            alternatives: fact
                .alternatives
                .iter()
                .map(|(text, source)| AlternativeJson {
                    text: text.clone(),
                    source: source.clone(),
                })
                .collect(),
            chain: fact
                .chain
                .iter()
                .map(|place| format!("{}:{}:{}", place.file, place.line, place.column))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CheckJson;

    /// `schemas/check.json` is made from the struct. `ZARYA_BLESS=1 cargo test` writes it anew.
    #[test]
    fn the_schema_is_in_step_with_the_struct() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/check.json");
        let mut made = serde_json::to_string_pretty(&schemars::schema_for!(CheckJson)).unwrap();
        made.push('\n');
        if std::env::var_os("ZARYA_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(kept == made, "schemas/check.json is behind the struct: run with ZARYA_BLESS=1");
    }
}
