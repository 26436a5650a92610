//! What a station is: plain, checked, immutable values. One struct per table of the station files.
//!
//! A field is named like its key in the file, with the unit added: the key `mtbf = "61845.6 h"` is
//! the field `mtbf_d`. Ids are texts; loading guarantees that every reference points at something.
//! "Optional" keys say what their absence means. Nothing here is computed beyond unit conversion.

mod cabin;
mod care;
mod claim;
mod counts;
mod crew;
mod elements;
mod partners;
mod policy;
mod power;
mod scale;
mod service;
mod systems;
mod traffic;

pub use cabin::{
    Cabin, CabinAir, CabinFood, CabinLimit, CabinMakes, CabinProcessor, CabinWater, CabinZone,
};
pub use care::{Effect, EffectWord, Hazard, HazardPer, Owner, OwnerLabel, Task, Upgrade};
pub use claim::{
    BreakEven, Claim, Condition, ConditionKind, Extends, Milestone, Observation, Source,
    Withdrawal, WithdrawalKey,
};
pub use counts::{Asks, Count, Nature, Observed};
pub use crew::{Crew, EvaNeed};
pub use elements::{Certificate, Element, Leak, Rupture};
pub use partners::{Commitment, Partner, Precision, Standing};
pub(crate) use policy::PolicyUnit;
pub use policy::{Asked, Phase, Policy, Resplit, occupation};
pub use power::{ArrayChannel, Power};
pub use scale::{Moved, Role, Scale, SharedFactor};
pub use service::{Datum, Detection, UnitService};
pub use systems::{
    Capability, CommonCause, Defect, Draw, GroundRepair, InService, Need, Oru, Per, PerEva,
    Provider, RepairWhere, Rule, Stock, Together,
};
pub use traffic::{Docked, Docking, Flight, Moves, Outcome, Pad, Port, Push, Shock, Slip, Vehicle};

use std::collections::BTreeMap;
use zarya_units::Date;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Printed by a source as such.
    Published,
    /// Computed from published values; `why` says how.
    Derived,
    /// Stated by somebody with an interest, or by one press source.
    Claimed,
    /// Ours, with a reason.
    Assumed,
    /// Sources contradict each other; the alternatives are listed.
    Disputed,
}

impl Basis {
    /// Returns its word, as in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Claimed => "claimed",
            Self::Assumed => "assumed",
            Self::Disputed => "disputed",
        }
    }
}

/// A number with the band that worlds draw it from. Without a band `low == value == high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The central value, in the unit of the field's suffix.
    pub value: f64,
    /// 5 % quantile of what we believe.
    pub low: f64,
    /// 95 % quantile of what we believe.
    pub high: f64,
    /// Where it comes from.
    pub basis: Basis,
}

/// A provenance record for one value of the files, addressed by its path (`oru.pump.mtbf`).
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The value as written (or as an overlay wrote it).
    pub text: String,
    /// Where it comes from; a plain value without a table is `None` (structure, not a fact).
    pub basis: Option<Basis>,
    /// The key in `sources.toml`.
    pub source: Option<String>,
    /// The reason, needed for `assumed`, `derived` and `disputed`.
    pub why: Option<String>,
    /// Written alternatives of a disputed value, each with its source.
    pub alternatives: Vec<(String, String)>,
    /// `rests_on`: the counted data that the value comes from, by the ids of `[[datum]]`.
    pub rests_on: Vec<String>,
    /// The files and lines that set it, the base first and then each overlay.
    pub chain: Vec<Place>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File name as it was handed to the loader.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A station, checked.
#[derive(Clone, Debug)]
pub struct Station {
    /// `station.toml`: identity, orbit, what worlds do not know.
    pub identity: Identity,
    /// `[orbit]` of `station.toml`.
    pub orbit: Orbit,
    /// `[worlds]` of `station.toml`: the spread of shared factors.
    pub worlds: Worlds,
    /// `partners.toml`.
    pub partners: Vec<Partner>,
    /// `elements.toml`.
    pub elements: Vec<Element>,
    /// `capabilities.toml`.
    pub capabilities: Vec<Capability>,
    /// `orus/*.toml`.
    pub orus: Vec<Oru>,
    /// How copies of one type fail together, by class.
    pub common_causes: Vec<CommonCause>,
    /// Flaws that come to light.
    pub defects: Vec<Defect>,
    /// `stocks.toml`.
    pub stocks: Vec<Stock>,
    /// `cabin.toml`, if the station has one.
    pub cabin: Option<Cabin>,
    /// `power.toml`, or what stands in for it.
    pub power: Power,
    /// `crew.toml`.
    pub crew: Crew,
    /// `crew.toml`: `[[phase]]`, in order. May be empty: the numbers of [`Crew`] hold at all times.
    pub phases: Vec<Phase>,
    /// `crew.toml`: `[policy]`, or what stands in for it.
    pub policy: Policy,
    /// `vehicles.toml`: `[[vehicle]]`.
    pub vehicles: Vec<Vehicle>,
    /// `vehicles.toml`: `[[pad]]`.
    pub pads: Vec<Pad>,
    /// `vehicles.toml`: `[[port]]`.
    pub ports: Vec<Port>,
    /// `vehicles.toml`: `[[shock]]`.
    pub shocks: Vec<Shock>,
    /// `manifest.toml`: `[[docked]]`, at the as-of date.
    pub docked: Vec<Docked>,
    /// `manifest.toml`: `[[flight]]` and the flights that `[[service]]` lines spell out, by date.
    pub flights: Vec<Flight>,
    /// `maintenance.toml`: `[[task]]`.
    pub tasks: Vec<Task>,
    /// `maintenance.toml`: `[[upgrade]]`.
    pub upgrades: Vec<Upgrade>,
    /// `hazards.toml`.
    pub hazards: Vec<Hazard>,
    /// `conditions.toml`.
    pub conditions: Vec<Condition>,
    /// `claim.toml`: `[claim]`.
    pub claim: Claim,
    /// `claim.toml`: `[[milestone]]`: dated dependencies for the ledger.
    pub milestones: Vec<Milestone>,
    /// `claim.toml`: `[[break_even]]`: inputs to search for the value that turns the verdict.
    pub break_evens: Vec<BreakEven>,
    /// `record.toml`: what was observed, for the reality check. May be empty.
    pub observations: Vec<Observation>,
    /// `record.toml`: `[[datum]]`: what values rest on. May be empty.
    pub data: Vec<Datum>,
    /// `service.toml`: `[[detection]]`: how much is found. May be empty.
    pub detections: Vec<Detection>,
    /// `service.toml`: `[[unit_service]]`: counts that update failure rates. May be empty.
    pub unit_service: Vec<UnitService>,
    /// `sources.toml`, by key.
    pub sources: BTreeMap<String, Source>,
    /// Every value of the files by its path.
    pub facts: BTreeMap<String, Fact>,
    /// SHA-256 over the effective inputs (files and overlays, in order).
    pub digest: String,
}

/// `station.toml`, top level.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Short id, e.g. `iss`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Nothing known later is used.
    pub as_of: Date,
    /// `segments = ["us", "rs"]`.
    pub segments: Vec<String>,
    /// `volume`: pressurized volume in m3.
    pub volume_m3: Value,
    /// `mass` in kg.
    pub mass_kg: Value,
    /// `crewed_since`: for the yardstick of history alone.
    pub crewed_since: Option<Date>,
    /// An overlay looks back (`hindsight = true`): the span after `as_of` is on record, and so is its Sun.
    pub hindsight: bool,
}

/// `[orbit]` of `station.toml`.
#[derive(Clone, Debug)]
pub struct Orbit {
    /// `altitude`: mean altitude above 6378.137 km at the as-of date.
    pub altitude_km: Value,
    /// `inclination`.
    pub inclination_deg: Value,
    /// `drag_area`: Cd A / m.
    pub drag_area_m2_kg: Value,
    /// `keep_above`: a reboost is asked for below this mean altitude.
    pub keep_above_km: Value,
    /// `reboost_to`: a reboost aims at this mean altitude.
    pub reboost_to_km: Value,
    /// `crew_leaves_below`: people leave an orbit that has come down to this. Optional: at the floor.
    pub crew_leaves_below_km: Option<Value>,
    /// `floor`: below it the station is lost to entry within weeks.
    pub floor_km: Value,
    /// `avoidance_rate`: avoidance manoeuvres per year.
    pub avoidance_per_y: Value,
    /// `avoidance_delta_v` of one manoeuvre.
    pub avoidance_m_s: Value,
    /// `deorbit_reserve`: propellant kept for a contingency deorbit, kg.
    pub deorbit_reserve_kg: Value,
    /// `attitude_capability`: the capability that holds attitude; without it nobody can push.
    pub attitude_capability: String,
    /// `[orbit.push]`: the station's own engines. Optional.
    pub push: Option<Push>,
    /// `push_capability`: the capability that the station's own engines need. Optional.
    pub push_capability: Option<String>,
}

/// `[worlds]`: what no one knows, drawn once per world. Error factors are q95/q50 of a lognormal.
#[derive(Clone, Debug)]
pub struct Worlds {
    /// `programme_error_factor`: all failure rates together.
    pub programme_error_factor: Value,
    /// `subsystem_error_factor`: rates of one subsystem (one file of `orus/`).
    pub subsystem_error_factor: Value,
    /// `segment_error_factor`: rates of one segment.
    pub segment_error_factor: Value,
    /// `repair_error_factor`: crew hours and logistics delays together.
    pub repair_error_factor: Value,
    /// `stocking_confidence`: probability that the spares of all unit types together last the gap,
    /// split equally over the types.
    pub stocking_confidence: Value,
    /// `resupply_gap` in days that the spares were bought for.
    pub resupply_gap_d: Value,
    /// `reset_share`: share of failures cleared without a spare (reset or workaround).
    pub reset_share: Value,
    /// `experience_factor`: true rate over predicted rate, programme median (units outlive predictions: below 1).
    pub experience_factor: Value,
    /// `life_limit_factor`: life that units really reach over the design life limit.
    pub life_limit_factor: Value,
    /// `expired_factor`: failure-rate factor of a unit past its life limit.
    pub expired_factor: Value,
    /// `burn_in`, d: span simulated before the as-of date for ages, spares and open failures.
    pub burn_in_d: Value,
}

impl Station {
    /// Returns what is asked of the crew from each instant on, the first from before all times.
    pub fn occupation(&self) -> Vec<Asked> {
        occupation(self.crew.nominal, self.crew.minimum, &self.phases)
    }

    /// Returns the last day on which a partner takes part: what it is committed to, or what a condition that is not
    /// withdrawn says beyond; none where nothing in force ends it.
    pub fn stays_through(&self, partner: &str, without: &[String]) -> Option<Date> {
        let committed = self.partners.iter().find(|p| p.id == partner)?.committed_through()?;
        let extended = self
            .conditions
            .iter()
            .filter(|condition| !without.contains(&condition.id))
            .filter_map(|condition| condition.extends.as_ref())
            .filter(|extends| extends.partner == partner)
            .map(|extends| extends.through);
        extended.chain([committed]).max()
    }

    /// Returns what is asked of the crew at the beginning of a day.
    pub fn asked_on(&self, day: Date) -> Asked {
        let steps = self.occupation();
        let asked = steps.iter().rev().find(|step| step.from <= day.mjd());
        *asked.expect("the first step is from before all times")
    }
}

impl Value {
    /// A value without a band.
    pub const fn exact(value: f64, basis: Basis) -> Self {
        Self { value, low: value, high: value, basis }
    }
}
