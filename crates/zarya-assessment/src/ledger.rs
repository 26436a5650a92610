//! The dated ledger: certificates, commitments, contracts and the order of dated plans.

use crate::assessment::ClaimSummary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_units::Date;

/// Dated conditions of a claim that need no simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// The claim.
    pub claim: ClaimSummary,
    /// The earliest of `breaks`.
    pub first_break: Option<LedgerEntry>,
    /// Certificates and commitments in force, dated to the day or year, that lapse after the
    /// as-of date and not after the claim's date; by date.
    pub breaks: Vec<LedgerEntry>,
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
