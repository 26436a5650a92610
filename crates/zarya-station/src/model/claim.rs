//! What is claimed, under which conditions, against which record.

use super::{Observed, Precision, Scale, Value};
use crate::closed_set::closed_set;
use zarya_units::Date;

/// `[[condition]]`: a named "provided that …" that can be withdrawn.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Id.
    pub id: String,
    /// `provided`: the sentence that follows "provided that".
    pub provided: String,
    /// `kind`: what it is about.
    pub kind: ConditionKind,
    /// `from`: when the withdrawal bites; default the as-of date.
    pub from: Option<Date>,
    /// `notice`: days between withdrawal and effect; default 0.
    pub notice_d: f64,
    /// `withdraw = [{ stop_maintenance = true }, { maintenance = 0.5 }, { stop_spares = true }, { skip_upgrade = "..." }, { ground = "vehicle" },
    /// { leave = "partner" }, { disable = "capability" }, { open_hatch = "element" }, { crew = 4 }, { stop_cargo = "stock" }, { stop_training = true }]`.
    pub withdraw: Vec<Withdrawal>,
    /// `remains`: free text, what stays when it is withdrawn.
    pub remains: String,
    /// `substitutes`: free text, what takes its place.
    pub substitutes: String,
    /// `extends = { partner = "...", through = 2030-12-31 }`: while the condition holds, a partner stays that long,
    /// beyond what it is committed to. Optional.
    pub extends: Option<Extends>,
    /// `may_help`: why withdrawing it can raise the probability. Optional.
    pub may_help: Option<String>,
}

/// `extends` of a condition: a partner stays longer than it is committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extends {
    /// `partner`.
    pub partner: String,
    /// `through`, inclusive.
    pub through: Date,
}

closed_set! {
    /// What a condition is about: `kind` of a `[[condition]]`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ConditionKind {
        Maintenance = "maintenance", "Preventive work goes on.";
        Stock = "stock", "A consumable goes on being brought.";
        Provider = "provider", "Somebody goes on providing a capability.";
        Upgrade = "upgrade", "A planned improvement is installed.";
        Carrier = "carrier", "A vehicle goes on flying.";
        Partner = "partner", "A partner goes on taking part.";
        Policy = "policy", "A rule of operation is kept.";
        Crew = "crew", "So many people fly, or are trained.";
    }
}

/// One consequence of withdrawing a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Withdrawal {
    /// Preventive tasks and scheduled replacements end; repair goes on.
    StopMaintenance,
    /// Each time a preventive task is due, it is done with this probability.
    Maintenance(f64),
    /// No spares fly.
    StopSpares,
    /// An upgrade is not installed.
    SkipUpgrade(String),
    /// A vehicle type does not fly again.
    Ground(String),
    /// A partner leaves with its providers, flights, crew and stocks; its hardware stays.
    Leave(String),
    /// A capability is gone.
    Disable(String),
    /// A hatch policy ends: the element leaks in full.
    OpenHatch(String),
    /// The crew is cut to so many people (one vehicle after the other does not fly).
    Crew(u32),
    /// A stock is not resupplied.
    StopCargo(String),
    /// Crews are no longer trained for the other side's segment.
    StopTraining,
}

closed_set! {
    /// The key of a consequence: `{ KEY = … }` in `withdraw` of a `[[condition]]`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum WithdrawalKey {
        StopMaintenance = "stop_maintenance",
            "Preventive tasks and scheduled replacements end; repair goes on.";
        Maintenance = "maintenance", "Of the preventive tasks only that share is done, at random.";
        StopSpares = "stop_spares", "No spares fly.";
        SkipUpgrade = "skip_upgrade", "An upgrade is not installed.";
        Ground = "ground", "A vehicle type does not fly again.";
        Leave = "leave", "A partner leaves; its hardware stays.";
        Disable = "disable", "A capability is gone.";
        OpenHatch = "open_hatch", "A hatch policy ends: the element leaks in full.";
        Crew = "crew", "The crew is cut to so many people.";
        StopCargo = "stop_cargo", "A stock is not resupplied.";
        StopTraining = "stop_training", "Crews are no longer trained for the other side's segment.";
    }
}

impl Withdrawal {
    /// Returns the key that it is written with.
    pub fn key(&self) -> WithdrawalKey {
        match self {
            Self::StopMaintenance => WithdrawalKey::StopMaintenance,
            Self::Maintenance(_) => WithdrawalKey::Maintenance,
            Self::StopSpares => WithdrawalKey::StopSpares,
            Self::SkipUpgrade(_) => WithdrawalKey::SkipUpgrade,
            Self::Ground(_) => WithdrawalKey::Ground,
            Self::Leave(_) => WithdrawalKey::Leave,
            Self::Disable(_) => WithdrawalKey::Disable,
            Self::OpenHatch(_) => WithdrawalKey::OpenHatch,
            Self::Crew(_) => WithdrawalKey::Crew,
            Self::StopCargo(_) => WithdrawalKey::StopCargo,
            Self::StopTraining => WithdrawalKey::StopTraining,
        }
    }

    /// Returns the capability that it takes away by name.
    pub fn disables(&self) -> Option<&str> {
        match self {
            Self::Disable(capability) => Some(capability),
            Self::StopMaintenance
            | Self::Maintenance(_)
            | Self::StopSpares
            | Self::SkipUpgrade(_)
            | Self::Ground(_)
            | Self::Leave(_)
            | Self::OpenHatch(_)
            | Self::Crew(_)
            | Self::StopCargo(_)
            | Self::StopTraining => None,
        }
    }
}

/// `[claim]` of `claim.toml`.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Id.
    pub id: String,
    /// The sentence.
    pub text: String,
    /// `through`, inclusive.
    pub through: Date,
    /// `threshold` for the headline tier.
    pub threshold: Value,
    /// `provided`: the conditions that the claim itself names. Optional.
    pub provided: Vec<String>,
    /// Key in `sources.toml`.
    pub source: String,
    /// `propellant_stock` and `pushers`: capability for a contingency deorbit. Optional.
    pub deorbit_stock: Option<String>,
}

/// `[[milestone]]`: a dated thing that depends on others; the ledger looks for contradictions.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// Id; conflicts carry it.
    pub id: String,
    /// What.
    pub what: String,
    /// Date.
    pub date: Date,
    /// `precision`.
    pub precision: Precision,
    /// `depends_on = ["commitment-or-certificate-or-milestone-or-partner-id", ...]`.
    pub depends_on: Vec<String>,
    /// `conflict`: the sentence of the contradiction, when the files already know it. Optional.
    pub conflict: Option<String>,
    /// Key in `sources.toml`.
    pub source: String,
}

/// `[[break_even]]`: an input to move until the headline crosses the threshold.
#[derive(Clone, Debug)]
pub struct BreakEven {
    /// Id.
    pub id: String,
    /// What is moved, for the report.
    pub what: String,
    /// `scale`.
    pub scale: Scale,
    /// Least factor tried.
    pub low: f64,
    /// Largest factor tried.
    pub high: f64,
    /// `bound`: a published bound to print beside. Optional.
    pub bound: Option<String>,
}

/// `[[observation]]` of `record.toml`: what happened, with the span it was counted over.
#[derive(Clone, Debug)]
pub struct Observation {
    /// `what`.
    pub what: Observed,
    /// First day; of a level the day itself.
    pub from: Date,
    /// Last day, inclusive.
    pub through: Date,
    /// Count, kg or days.
    pub observed: f64,
    /// `use = "weight" | "score"`: never both.
    pub weight: bool,
    /// `exposure`: unit-years (for `failures:`) or flights (for `cargo-losses`), when the span alone does not tell. Optional.
    pub exposure: Option<f64>,
    /// `in_view`: why the row validates nothing: it was looked at while the engine was built, or the
    /// replayed files prescribe it. Optional.
    pub in_view: Option<String>,
    /// Key in `sources.toml`.
    pub source: String,
}

/// `[sources.KEY]`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Title, author or publisher.
    pub title: String,
    /// `known_from`: the day it could be known.
    pub known_from: Date,
    /// `note`. Optional.
    pub note: Option<String>,
}
