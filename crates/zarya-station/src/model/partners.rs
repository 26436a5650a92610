//! Who decides, and until when.

use super::Basis;
use zarya_units::Date;

/// `[[partner]]`.
#[derive(Clone, Debug)]
pub struct Partner {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Nested `[[partner.commitment]]`.
    pub commitments: Vec<Commitment>,
}

impl Partner {
    /// Returns the last day that it is committed to by what is in force; none where nothing is.
    pub fn committed_through(&self) -> Option<Date> {
        let in_force = self.commitments.iter().filter(|c| c.standing == Standing::InForce);
        in_force.map(|commitment| commitment.through).max()
    }
}

/// How exactly a date is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// To the day.
    Day,
    /// To the year; the date is its last day.
    Year,
    /// Vaguer; a warning in the ledger, never a break.
    Imprecise,
}

/// Legal force of a commitment or certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Law, government decision, council decision, signed agreement, certificate in force.
    InForce,
    /// Political statement, intention, bill, design life: listed, breaks nothing.
    Stated,
    /// Contract or barter: listed apart.
    Contract,
}

/// `[[partner.commitment]]`: how long a partner has said it takes part.
#[derive(Clone, Debug)]
pub struct Commitment {
    /// Id.
    pub id: String,
    /// What was committed.
    pub what: String,
    /// `through`: inclusive. A year (`2028`) means its last day.
    pub through: Date,
    /// `precision = "day" | "year" | "imprecise"`.
    pub precision: Precision,
    /// `standing = "in-force" | "stated" | "contract"`.
    pub standing: Standing,
    /// `stated_on`: when it was said.
    pub stated_on: Date,
    /// `basis`.
    pub basis: Basis,
    /// Key in `sources.toml`.
    pub source: String,
    /// `supersedes`: ids of commitments this one replaces. Optional.
    pub supersedes: Vec<String>,
}
