//! The files of a station: what is wrong with them, what they rest on, one value explained.

use crate::data::Opened;
use crate::inputs::Inputs;
use crate::refusal::{Refusal, Refusals};
use crate::{Control, Data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zarya_station::model::{Basis, Fact};
use zarya_station::{Diagnostic, Severity, Station, basis_word};

/// Which station, and what of it is explained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    pub station: Option<String>,
    /// Scenarios in the order they are laid on: texts handed in, or names of the station's own.
    pub scenario: Vec<String>,
    /// Beliefs, laid on after the scenarios: texts handed in, or names of the station's own.
    pub beliefs: Vec<String>,
    /// A value by its path (`oru.pump.mtbf`), or all under a path (`oru.pump`); none where none is named.
    pub explain: Option<String>,
}

/// Whether the files of a station load, and what they hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// Whether the station loads: no diagnostic is an error.
    pub loads: bool,
    /// The station; absent when it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<StationSummary>,
    /// Errors first, then warnings, in the order of the files.
    pub diagnostics: Vec<Problem>,
    /// The values asked for with `explain`, by path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub explained: BTreeMap<String, Value>,
    /// What a station that loads leaves open.
    pub caveats: Vec<String>,
    /// What the answer rests on; without a station where it is refused.
    pub inputs: Inputs,
    /// The station as opened, or why it was not: what a report shows lines of. Not part of the JSON.
    #[serde(skip)]
    pub opened: Result<Box<Opened>, Refusals>,
}

/// A station that loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StationSummary {
    /// Id in the files.
    pub id: String,
    /// For people.
    pub name: String,
    /// As-of date, YYYY-MM-DD.
    pub as_of: String,
    /// SHA-256 over files and overlays.
    pub digest: String,
    /// Number of tables of each kind, spelled out services included.
    pub counts: BTreeMap<&'static str, usize>,
    /// Number of values by basis.
    pub coverage: BTreeMap<&'static str, usize>,
}

/// A diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// Stable code, as in docs/station-files.md.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file, by the name a person would use for it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What to do.
    pub help: String,
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Value {
    /// The value as written.
    pub text: String,
    /// What it rests on: `published`, `derived`, `claimed`, `assumed` or `disputed`; absent for structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// The key in `sources.toml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Other values of a disputed one.
    pub alternatives: Vec<Alternative>,
    /// The counted data that it rests on, by the ids of `[[datum]]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// `file:line:column` of the base and of each overlay that set it.
    pub chain: Vec<String>,
}

/// Another value that is also published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Alternative {
    /// The other value as written.
    pub text: String,
    /// The key in `sources.toml` of who says so.
    pub source: String,
}

/// Checks the files of a station. Files that are refused are an answer, too: one that does not load.
///
/// # Errors
///
/// When the station or an overlay is not known, or there is no value under the path.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, check};
///
/// let question = check::Question {
///     station: Some("tiny".to_owned()),
///     explain: Some("orbit.altitude".to_owned()),
///     ..check::Question::default()
/// };
/// let answer = check::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert!(answer.loads);
/// assert_eq!(answer.explained["orbit.altitude"].text, "410 km");
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let Question { station, scenario, beliefs, .. } = question;
    let opened = match data.believed(station.as_deref(), scenario, beliefs) {
        Ok(opened) => opened,
        Err(refusals) if refusals.diagnostics().next().is_some() => {
            return Ok(Answer {
                loads: false,
                station: None,
                diagnostics: refusals.diagnostics().map(Problem::of).collect(),
                explained: BTreeMap::new(),
                caveats: Vec::new(),
                inputs: Inputs::new(),
                opened: Err(refusals),
            });
        }
        Err(refusals) => return Err(refusals),
    };
    let station = &opened.station;
    let explained = match &question.explain {
        Some(path) => facts_under(station, path)?,
        None => Vec::new(),
    };
    Ok(Answer {
        loads: true,
        station: Some(StationSummary {
            id: station.identity.id.clone(),
            name: station.identity.name.clone(),
            as_of: station.identity.as_of.to_string(),
            digest: station.digest.clone(),
            counts: counts(station).into_iter().collect(),
            coverage: coverage(station).into_iter().collect(),
        }),
        diagnostics: opened.warnings.iter().map(Problem::of).collect(),
        explained: explained
            .iter()
            .map(|(path, fact)| ((*path).clone(), Value::of(fact)))
            .collect(),
        caveats: caveats(station),
        inputs: Inputs::of_station(&opened, &[&scenario[..], beliefs].concat()),
        opened: Ok(Box::new(opened)),
    })
}

/// Returns counts of a station's tables, in the order of its files.
pub fn counts(station: &Station) -> Vec<(&'static str, usize)> {
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

/// Returns how many values rest on each basis.
pub fn coverage(station: &Station) -> Vec<(&'static str, usize)> {
    let bases = [Basis::Published, Basis::Derived, Basis::Claimed, Basis::Assumed, Basis::Disputed];
    bases
        .into_iter()
        .map(|basis| {
            let n = station.facts.values().filter(|fact| fact.basis == Some(basis)).count();
            (basis_word(basis), n)
        })
        .collect()
}

fn caveats(station: &Station) -> Vec<String> {
    let rest_on = |bases: &[Basis]| {
        let on = |fact: &&Fact| fact.basis.is_some_and(|basis| bases.contains(&basis));
        station.facts.values().filter(on).count()
    };
    let (assumed, disputed) = (rest_on(&[Basis::Assumed]), rest_on(&[Basis::Disputed]));
    if assumed + disputed == 0 {
        return Vec::new();
    }
    let all = station.facts.values().filter(|fact| fact.basis.is_some()).count();
    vec![format!(
        "files that load agree with each other and may still be wrong: of {all} values with a basis \
         {assumed} are assumed and {disputed} disputed"
    )]
}

/// The values at or under a path.
fn facts_under<'s>(
    station: &'s Station,
    path: &str,
) -> Result<Vec<(&'s String, &'s Fact)>, Refusals> {
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
            let why = format!("there is no value `{path}`; under `{stem}` there are {shown}{more}");
            return Err(Refusal::field("explain", why).into());
        }
    }
    let mut kinds: Vec<&str> =
        station.facts.keys().filter_map(|known| known.split('.').next()).collect();
    kinds.dedup();
    let kinds = kinds.join(", ");
    let why = format!(
        "there is no value `{path}`; a path begins with one of {kinds}, as in orbit.altitude"
    );
    Err(Refusal::field("explain", why).into())
}

impl Problem {
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

impl Value {
    fn of(fact: &Fact) -> Self {
        Self {
            text: fact.text.clone(),
            basis: fact.basis.map(basis_word),
            source: fact.source.clone(),
            why: fact.why.clone(),
            alternatives: fact
                .alternatives
                .iter()
                .map(|(text, source)| Alternative { text: text.clone(), source: source.clone() })
                .collect(),
            rests_on: fact.rests_on.clone(),
            chain: fact
                .chain
                .iter()
                .map(|place| format!("{}:{}:{}", place.file, place.line, place.column))
                .collect(),
        }
    }
}
