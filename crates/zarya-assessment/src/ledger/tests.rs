//! A small station whose ledger is written out by hand.

use super::*;
use crate::small_station::{certificate, commitment, date, milestone, small_station};

fn ids(entries: &[LedgerEntry]) -> Vec<&str> {
    entries.iter().map(|e| e.id.as_str()).collect()
}

#[test]
fn first_break_is_the_earliest_certificate_in_force() {
    let found = ledger(&small_station(), date("2028-12-31"));
    assert_eq!(ids(&found.breaks), ["lab-life"]);
    assert_eq!(ids(&found.no_margin), ["core-group", "south-decision"]);
    let first = found.first_break.unwrap();
    assert_eq!((first.date, first.days_short), (date("2027-12-31"), 366));
    assert_eq!(ids(&found.warnings), ["core-design-life"]);
    assert_eq!(ids(&found.covers), ["north-law"]);
}

#[test]
fn an_earlier_claim_has_fewer_breaks() {
    let found = ledger(&small_station(), date("2027-12-30"));
    assert!(found.first_break.is_none());
    assert_eq!(ids(&found.covers), ["lab-life", "core-group", "south-decision", "north-law"]);
}

#[test]
fn a_later_certificate_supersedes_an_earlier_one_and_a_statement_does_not() {
    let mut station = small_station();
    let mut group = certificate("lab-extended", "2030-12-31", Standing::InForce);
    group.supersedes = vec!["lab-life".into()];
    station.elements[1].certificates.push(group);
    let mut hope = commitment("south-hope", "2033-12-31", Standing::Stated);
    hope.supersedes = vec!["south-decision".into()];
    station.partners[1].commitments.push(hope);
    let found = ledger(&station, date("2028-12-31"));
    assert!(found.breaks.is_empty() && found.first_break.is_none());
    assert_eq!(ids(&found.no_margin), ["core-group", "south-decision"]);
}

#[test]
fn what_is_known_only_later_does_not_supersede() {
    let mut station = small_station();
    let mut late = certificate("lab-extended", "2030-12-31", Standing::InForce);
    late.supersedes = vec!["lab-life".into()];
    late.source = "late".into();
    station.elements[1].certificates.push(late);
    assert_eq!(ledger(&station, date("2028-12-31")).breaks[0].id, "lab-life");
}

#[test]
fn a_disputed_date_lists_both() {
    let mut station = small_station();
    let lab = &mut station.elements[1].certificates[0];
    lab.basis = Basis::Disputed;
    lab.alternatives = vec![(date("2030-12-31"), "letter".into())];
    let first = ledger(&station, date("2028-12-31")).first_break.unwrap();
    assert_eq!(first.basis, "disputed");
    assert_eq!(first.alternatives[0].date, date("2030-12-31"));
    assert!(first.note.contains("another published date covers the claim"));
}

/// A date once covered the claim as an entry of its own, and did not as another date of a disputed one.
#[test]
fn a_last_day_covers_a_claim_that_ends_with_it_wherever_it_stands() {
    let mut station = small_station();
    let lab = &mut station.elements[1].certificates[0];
    lab.basis = Basis::Disputed;
    lab.alternatives = vec![(date("2030-12-31"), "letter".into())];
    let covered = |through: &str| {
        let note = ledger(&station, date(through)).breaks[0].note.clone();
        note.contains("another published date covers")
    };
    assert!(covered("2030-12-30") && covered("2030-12-31") && !covered("2031-01-01"));
    let mut plain = small_station();
    plain.elements[1].certificates[0].through = date("2030-12-31");
    for (through, breaks) in [("2030-12-30", false), ("2030-12-31", false), ("2031-01-01", true)] {
        let found = ledger(&plain, date(through));
        assert_eq!(found.breaks.iter().any(|entry| entry.id == "lab-life"), breaks, "{through}");
    }
}

#[test]
fn imprecise_dates_and_contracts_break_nothing() {
    let mut station = small_station();
    let lab = &mut station.elements[1].certificates[0];
    lab.precision = Precision::Imprecise;
    station.partners[0].commitments.push(commitment(
        "seat-barter",
        "2027-12-31",
        Standing::Contract,
    ));
    let found = ledger(&station, date("2028-12-31"));
    assert!(found.breaks.is_empty());
    assert_eq!(ids(&found.no_margin), ["core-group", "south-decision"]);
    assert_eq!(ids(&found.warnings), ["core-design-life", "lab-life"]);
    assert_eq!(ids(&found.contracts), ["seat-barter"]);
}

#[test]
fn plans_that_contradict_what_they_depend_on_are_conflicts() {
    let mut station = small_station();
    let mut known = milestone("separation", "2030-06-30", &["north-law"]);
    known.conflict = Some("the parts cannot leave and stay".into());
    station.milestones = vec![
        milestone("tug", "2029-06-30", &["north"]),
        milestone("lowering", "2028-06-30", &["tug"]),
        milestone("deorbit", "2030-12-31", &["tug", "south"]),
        known,
        milestone("fine", "2028-01-01", &["south-decision"]),
        // On the very day on which it begins or ends is no contradiction.
        milestone("with-the-tug", "2029-06-30", &["tug"]),
        milestone("on-its-last-day", "2028-12-31", &["south-decision"]),
    ];
    let found = ledger(&station, date("2028-12-31"));
    let listed: Vec<&str> = found.conflicts.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(listed, ["lowering", "separation", "deorbit"]);
    assert!(found.conflicts[0].what.contains("there only from 2029-06-30"));
    assert!(found.conflicts[1].what.contains("cannot leave and stay"));
    assert!(found.conflicts[2].what.contains("ends with 2028-12-31"));
    assert_eq!(found.conflicts[2].depends_on, ["tug", "south"]);
}
