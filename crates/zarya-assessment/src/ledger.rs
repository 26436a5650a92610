//! The dated ledger: certificates, commitments, contracts and the order of dated plans.

use crate::claim::ClaimSummary;
pub use crate::claim::claim_summary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use zarya_station::Station;
use zarya_station::model::{Basis, Milestone, Precision, Standing};
use zarya_units::Date;

/// Dated conditions of a claim that need no simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// The claim.
    pub claim: ClaimSummary,
    /// The earliest of `breaks`.
    pub first_break: Option<LedgerEntry>,
    /// Certificates and commitments in force, dated to the day or year, that lapse after the
    /// as-of date and before the claim's last day; by date.
    pub breaks: Vec<LedgerEntry>,
    /// The same that end with the claim's last day, inclusive: they cover it without a margin.
    pub no_margin: Vec<LedgerEntry>,
    /// Dated plans that contradict what they depend on; by date.
    pub conflicts: Vec<Conflict>,
    /// What breaks nothing but should be known: design lives, statements, imprecise dates.
    pub warnings: Vec<LedgerEntry>,
    /// Contracts and barters, listed apart.
    pub contracts: Vec<LedgerEntry>,
    /// In force and lapsing only after the claim's date: what the claim rests on.
    pub covers: Vec<LedgerEntry>,
}

/// One dated entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerEntry {
    /// Id in the files.
    pub id: String,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub date: Date,
    /// What lapses.
    pub what: String,
    /// The element or partner it belongs to.
    pub of: String,
    /// Key in `sources.toml`.
    pub source: String,
    /// `published`, `derived`, `claimed`, `assumed` or `disputed`.
    pub basis: String,
    /// `day`, `year` or `imprecise`.
    pub precision: String,
    /// Other dates that sources give.
    pub alternatives: Vec<Alternative>,
    /// Days from the lapse to the claim's last day; negative: it lapses after the claim.
    pub days_short: i32,
    /// Why it stands where it stands.
    pub note: String,
}

/// Another date for a disputed entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub date: Date,
    /// Key in `sources.toml`.
    pub source: String,
}

/// A dated plan that contradicts what it depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// Id of the milestone.
    pub id: String,
    /// Its date.
    #[schemars(with = "String")]
    pub date: Date,
    /// The contradiction.
    pub what: String,
    /// Ids of what it depends on.
    pub depends_on: Vec<String>,
    /// Key in `sources.toml`.
    pub source: String,
}

/// A certificate or a commitment, seen alike.
struct Dated<'a> {
    id: &'a str,
    what: &'a str,
    of: &'a str,
    through: Date,
    precision: Precision,
    standing: Standing,
    basis: Basis,
    source: &'a str,
    supersedes: &'a [String],
    alternatives: &'a [(Date, String)],
    stated_on: Option<Date>,
    is_certificate: bool,
}

/// Returns the ledger of a station for a claim through `through`.
///
/// # Model
///
/// A certificate or commitment breaks the claim on paper when it is in force, dated to the day or
/// year, not superseded, and its last day lies after the as-of date and before the claim's last, which is
/// inclusive; one that ends with that very day leaves no margin and is listed apart.
/// One that is superseded by an entry in force does not count; a mere statement supersedes only
/// statements. What was stated after the as-of date is left out. Expired is not unsafe: an entry
/// that lapsed before the as-of date is a warning.
///
/// A milestone is a conflict when it lies after the last day of something it depends on, before
/// the day something it depends on is there, or when its file says so.
pub fn ledger(station: &Station, through: Date) -> Ledger {
    let as_of = station.identity.as_of;
    let all = dated(station);
    let superseded: BTreeSet<&str> = all
        .iter()
        .flat_map(|by| by.supersedes.iter().map(move |id| (id.as_str(), by)))
        .filter(|(id, by)| {
            by.standing == Standing::InForce
                || all.iter().any(|d| d.id == *id && d.standing == by.standing)
        })
        .map(|(id, _)| id)
        .collect();

    let mut ledger = Ledger {
        claim: claim_summary(station, through),
        first_break: None,
        breaks: Vec::new(),
        no_margin: Vec::new(),
        conflicts: conflicts(station, &all, &superseded),
        warnings: Vec::new(),
        contracts: Vec::new(),
        covers: Vec::new(),
    };
    for entry in all.iter().filter(|d| !superseded.contains(d.id)) {
        let place = |note: &str| ledger_entry(entry, through, note);
        match entry.standing {
            Standing::Contract => ledger.contracts.push(place("contract or barter: listed apart")),
            Standing::Stated if entry.through <= as_of => {
                ledger.warnings.push(place(if entry.is_certificate {
                    "design life or stated life already past: expired is not unsafe"
                } else {
                    "statement already past"
                }));
            }
            Standing::Stated if entry.through <= through => {
                ledger.warnings.push(place("stated, not in force: breaks nothing"));
            }
            Standing::Stated => {}
            Standing::InForce if entry.through <= as_of => {
                ledger.warnings.push(place("lapsed before the as-of date: expired is not unsafe"));
            }
            Standing::InForce if entry.precision == Precision::Imprecise => {
                ledger.warnings.push(place("date published too vaguely to break anything"));
            }
            Standing::InForce if !reaches(entry.through, through) => {
                ledger.breaks.push(place(break_note(entry, through)));
            }
            Standing::InForce if entry.through == through => {
                ledger
                    .no_margin
                    .push(place("ends with the claim's last day: covers it without a margin"));
            }
            Standing::InForce => ledger.covers.push(place("lapses after the claim")),
        }
    }
    for list in [
        &mut ledger.breaks,
        &mut ledger.no_margin,
        &mut ledger.warnings,
        &mut ledger.contracts,
        &mut ledger.covers,
    ] {
        list.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    }
    ledger.first_break = ledger.breaks.first().cloned();
    ledger
}

fn dated(station: &Station) -> Vec<Dated<'_>> {
    let certificates = station.elements.iter().flat_map(|element| {
        element.certificates.iter().map(move |c| Dated {
            id: &c.id,
            what: &c.what,
            of: &element.name,
            through: c.through,
            precision: c.precision,
            standing: c.standing,
            basis: c.basis,
            source: &c.source,
            supersedes: &c.supersedes,
            alternatives: &c.alternatives,
            stated_on: station.sources.get(&c.source).map(|s| s.known_from),
            is_certificate: true,
        })
    });
    let commitments = station.partners.iter().flat_map(|partner| {
        partner.commitments.iter().map(move |c| Dated {
            id: &c.id,
            what: &c.what,
            of: &partner.name,
            through: c.through,
            precision: c.precision,
            standing: c.standing,
            basis: c.basis,
            source: &c.source,
            supersedes: &c.supersedes,
            alternatives: &[],
            stated_on: Some(c.stated_on),
            is_certificate: false,
        })
    });
    let known = |d: &Dated<'_>| d.stated_on.is_none_or(|on| on <= station.identity.as_of);
    certificates.chain(commitments).filter(known).collect()
}

fn ledger_entry(entry: &Dated<'_>, through: Date, note: &str) -> LedgerEntry {
    LedgerEntry {
        id: entry.id.to_owned(),
        date: entry.through,
        what: entry.what.to_owned(),
        of: entry.of.to_owned(),
        source: entry.source.to_owned(),
        basis: basis_name(entry.basis).to_owned(),
        precision: precision_name(entry.precision).to_owned(),
        alternatives: entry
            .alternatives
            .iter()
            .map(|(date, source)| Alternative { date: *date, source: source.clone() })
            .collect(),
        days_short: (through.mjd() - entry.through.mjd()) as i32,
        note: note.to_owned(),
    }
}

/// Whether what ends with the day `last` covers a claim: it does with the claim's own last day, for both
/// are inclusive.
fn reaches(last: Date, through: Date) -> bool {
    through <= last
}

fn break_note(entry: &Dated<'_>, through: Date) -> &'static str {
    let covered = entry.alternatives.iter().any(|(date, _)| reaches(*date, through));
    match (entry.basis == Basis::Disputed, covered) {
        (true, true) => "disputed: another published date covers the claim",
        (true, false) => "disputed: no other published date covers the claim",
        (false, _) => "in force, lapses before the claim's last day",
    }
}

/// When something that a milestone depends on is there: from a first day, until a last day.
struct Availability<'a> {
    what: String,
    from: Option<Date>,
    until: Option<Date>,
    id: &'a str,
}

fn conflicts(station: &Station, all: &[Dated<'_>], superseded: &BTreeSet<&str>) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = station
        .milestones
        .iter()
        .filter_map(|milestone| {
            // A contradiction that the files spell out needs no second reading of its dates.
            let reasons: Vec<String> = match &milestone.conflict {
                Some(known) => vec![known.clone()],
                None => milestone
                    .depends_on
                    .iter()
                    .map(|id| availability(station, all, superseded, id))
                    .filter_map(|on| contradiction(milestone, &on))
                    .collect(),
            };
            (!reasons.is_empty()).then(|| Conflict {
                id: milestone.id.clone(),
                date: milestone.date,
                what: format!("{}: {}", milestone.what, reasons.join("; ")),
                depends_on: milestone.depends_on.clone(),
                source: milestone.source.clone(),
            })
        })
        .collect();
    found.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    found
}

fn contradiction(milestone: &Milestone, on: &Availability<'_>) -> Option<String> {
    if let Some(until) = on.until.filter(|until| milestone.date > *until) {
        return Some(format!(
            "dated {}, but it depends on {} (`{}`), which ends with {until}",
            milestone.date, on.what, on.id
        ));
    }
    let from = on.from.filter(|from| milestone.date < *from)?;
    Some(format!(
        "dated {}, but it depends on {} (`{}`), which is there only from {from}",
        milestone.date, on.what, on.id
    ))
}

fn availability<'a>(
    station: &Station,
    all: &[Dated<'_>],
    superseded: &BTreeSet<&str>,
    id: &'a str,
) -> Availability<'a> {
    let until = |what: &str, until| Availability { what: what.to_owned(), from: None, until, id };
    let from = |what: &str, from| Availability { what: what.to_owned(), from, until: None, id };
    // The latest end of what is in force and not superseded speaks for a partner or an element.
    let latest = |of: &str| {
        all.iter()
            .filter(|d| d.of == of && d.standing == Standing::InForce)
            .filter(|d| d.precision != Precision::Imprecise && !superseded.contains(d.id))
            .map(|d| d.through)
            .max()
    };
    if let Some(dated) = all.iter().find(|d| d.id == id) {
        let vague = dated.precision == Precision::Imprecise;
        return until(dated.what, (!vague).then_some(dated.through));
    }
    if let Some(partner) = station.partners.iter().find(|p| p.id == id) {
        return until(&partner.name, latest(&partner.name));
    }
    if let Some(element) = station.elements.iter().find(|e| e.id == id) {
        let until = latest(&element.name);
        return Availability { what: element.name.clone(), from: element.launched, until, id };
    }
    if let Some(other) = station.milestones.iter().find(|m| m.id == id) {
        return from(&other.what, Some(other.date));
    }
    if let Some(upgrade) = station.upgrades.iter().find(|u| u.id == id) {
        return from(&upgrade.name, Some(upgrade.ready));
    }
    if let Some(flight) = station.flights.iter().find(|f| f.id == id) {
        return from(&flight.id, Some(flight.date));
    }
    until(id, None)
}

/// Returns the word of a basis, as in files.
pub fn basis_name(basis: Basis) -> &'static str {
    basis.word()
}

fn precision_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Day => "day",
        Precision::Year => "year",
        Precision::Imprecise => "imprecise",
    }
}

#[cfg(test)]
mod tests;
