//! Capabilities, the units behind them, and what is stored.

use super::{Effect, Owner, Value};

/// `[[capability]]`: what the station must keep doing.
///
/// Its value is a number from 0 to 1, recomputed whenever something it depends on changes:
/// the least of its unit factor (series over the ORU types that serve it, each `working/needed`
/// or all-or-nothing) and its provider factor (`rule`), zero while a `needs` entry is below its
/// `least`, zero once its partner has left.
#[derive(Clone, Debug)]
pub struct Capability {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Segment; optional (a station-wide capability).
    pub segment: Option<String>,
    /// Partner whose withdrawal ends it; optional.
    pub partner: Option<String>,
    /// `providers = [{ id = "...", rate = "9.2 kg/d" }]`: capabilities (by id) that feed this one. Optional.
    pub providers: Vec<Provider>,
    /// `rule`, how providers combine; default `all`.
    pub rule: Rule,
    /// `needs = [{ id = "power-us", least = 0.25 }]` (`least` default 0.5): zero below it. Optional.
    pub needs: Vec<Need>,
    /// `required`: value below which the capability is short; default 1.
    pub required: f64,
    /// `stock`: what covers a shortfall of a `demand` rule before the buffer does. Optional.
    pub stock: Option<String>,
    /// `buffer`: how long a total loss is bridged, d. Optional: no buffer counts as 0 d, or, without
    /// `on_empty`, as nothing to bridge.
    pub buffer_d: Option<Value>,
    /// `recovery`: time in which an empty buffer refills once the capability is back, d. Default 1 d.
    pub recovery_d: f64,
    /// `on_empty`: what happens when the buffer is empty. Optional: nothing by itself.
    pub on_empty: Option<Effect>,
    /// `degradation`: share of its unit and provider factor lost per year from the as-of date; default 0.
    pub degradation_per_y: Value,
    /// `sunlit`: its factor follows the sunlit share of the orbit (arrays); default false.
    pub sunlit: bool,
    /// `substitutes`: free text for the report. Optional.
    pub substitutes: Option<String>,
    /// `owner`: who owns the risk, for the split; default `systems`.
    pub owner: Owner,
    /// `priority` of repairs of what serves it: 1 (first) to 5; default 3.
    pub priority: u8,
}

/// One provider of a capability.
#[derive(Clone, Debug)]
pub struct Provider {
    /// A capability.
    pub id: String,
    /// `rate` at full value; optional, default weight 1. Any unit, the same within a capability (kg/d, kW, W, or a bare share).
    pub rate: f64,
}

/// A capability that another cannot do without.
#[derive(Clone, Debug)]
pub struct Need {
    /// A capability.
    pub id: String,
    /// The value it must have.
    pub least: f64,
}

/// How providers combine.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `"all"`: the least of them.
    All,
    /// `"any"`: the best of them.
    Any,
    /// `{ at_least = 3 }`: how many of them (value 0.5 or more) over 3, at most 1.
    AtLeast(u32),
    /// `"cabin"`: sum of rates over what the balance of the cabin asks for, at most 1.
    Cabin,
    /// `{ demand = "0.84 kg/d", per = "crew" }` or without `per`: sum of rates over demand, at most 1.
    Demand {
        /// In the unit of the providers' rates.
        demand: Value,
        /// Times the number of crew aboard.
        per_crew: bool,
    },
}

/// `[[oru]]`: a replaceable unit type. The file's name under `orus/` is its subsystem.
#[derive(Clone, Debug)]
pub struct Oru {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The file it stands in, without extension.
    pub subsystem: String,
    /// Capability it serves.
    pub serves: String,
    /// Segment; its crew time, spares and EVAs.
    pub segment: String,
    /// Copies installed.
    pub installed: u32,
    /// `needed` copies for full value; default `installed`.
    pub needed: u32,
    /// `partial`: fewer working copies give a share (true) or nothing (false, default).
    pub partial: bool,
    /// `mtbf`, d, per copy.
    pub mtbf_d: Value,
    /// `error_factor` of the rate of this type, q95/q50.
    pub error_factor: Value,
    /// `rate_shape`: the rate is uncertain by a gamma law of this shape about its mean, in place of
    /// `error_factor`. Optional.
    pub rate_shape: Option<f64>,
    /// `in_service`: what service has shown, which updates the gamma law. Optional.
    pub in_service: Option<InService>,
    /// `shape` of a Weibull law; default 1 (exponential).
    pub shape: f64,
    /// `duty`: share of time it runs; default 1.
    pub duty: f64,
    /// `life_limit`, d. Optional.
    pub life_limit_d: Option<Value>,
    /// `per_eva = { used = 2, failures = 0.03, life = 25 }`: what the spacewalks of its segment do to it. Optional:
    /// nothing.
    pub per_eva: Option<PerEva>,
    /// `beta`: share of a copy's failures that take all copies of its group at once (common cause); default 0.
    pub beta: Value,
    /// `alpha` or `common_cause`: how many copies fail together, in place of `beta`. Optional.
    pub together: Option<Together>,
    /// `common_cause_group`: copies, in their order, that share causes. Default: as many as the rows of the
    /// class go, or the length of `alpha`, or with `beta` all.
    pub common_cause_group: Option<u32>,
    /// `mass`, kg.
    pub mass_kg: Value,
    /// `spares = { aboard = 2, ground = 3 }`; `"unknown"` is drawn from the stocking policy.
    pub spares_aboard: Option<u32>,
    /// See `spares_aboard`.
    pub spares_ground: Option<u32>,
    /// `spares = "none"` (false): no spare exists, and none is ever built. A type that cannot be repaired has none.
    pub supplied: bool,
    /// `lead_time` from request to readiness for flight when a ground spare exists, d.
    pub lead_time_d: Value,
    /// `build_time` for a new one when no ground spare exists, d.
    pub build_time_d: Value,
    /// `external`: flies unpressurized (true) or inside (false, default).
    pub external: bool,
    /// `repair.crew`: crew hours of one replacement.
    pub repair_crew_h: Value,
    /// `repair.where = "inside" | "outside" | "robotic"`.
    pub repair_where: RepairWhere,
    /// `repair.also_from`: other segments whose suits and airlock reach it, for when those of its own cannot
    /// go out. Optional: none.
    pub repair_also_from: Vec<String>,
    /// `repair.evas`: EVAs of one outside replacement; default 1.
    pub repair_evas: u32,
    /// `reset_share` of this type; optional, default the worlds' share.
    pub reset_share: Option<Value>,
    /// `experience_factor` of this type: true over stated failure rate. Optional, default the worlds'
    /// factor. 1 where the stated mean time comes from service already: `from_experience`, or a
    /// `derived` mean time.
    pub experience_factor: Option<Value>,
    /// `from_experience`: the mean time comes from service. Default as the file says, or for a `derived` one.
    pub from_experience: bool,
    /// `volume` of one spare in its vehicle, m3. Optional: takes no room.
    pub volume_m3: Option<f64>,
    /// `ground_repair`: removed units are brought down and repaired. Optional: they are thrown away,
    /// and every spare taken on the ground is built anew.
    pub ground_repair: Option<GroundRepair>,
    /// `cannibalize`: unit types whose spares fit, and from which a working copy may be taken when
    /// this one's capability is short and no spare is aboard. Optional: none.
    pub cannibalize: Vec<String>,
    /// `repair.skill`: what somebody aboard must be able to do. Optional: anybody of the segment.
    pub repair_skill: Option<String>,
}

/// What a spacewalk of a unit's segment does to it, beside the failures that come with time.
#[derive(Clone, Copy, Debug)]
pub struct PerEva {
    /// `used`: copies that go out; those that have gone out least often do.
    pub used: u32,
    /// `failures`: probability that a copy fails on a spacewalk that it goes out on.
    pub failures: Value,
    /// `life`: spacewalks of one copy, after which it is to be replaced. Optional: no such limit.
    pub life: Option<Value>,
}

/// How many copies of a group fail together.
#[derive(Clone, Debug, PartialEq)]
pub enum Together {
    /// `alpha = [0.97, 0.02, 0.01]`: of the failures that a group sees, the shares that take one copy, two, and so
    /// on; a group has as many copies as there are shares.
    Shares(Vec<f64>),
    /// `common_cause`: a class of [`CommonCause`].
    Class(String),
}

/// `[[common_cause]]`: alpha factors of a class of equipment, by size of the group.
#[derive(Clone, Debug, PartialEq)]
pub struct CommonCause {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `of_2` to `of_8`: concentrations of a Dirichlet law for failures that take one copy, two, and so on of a
    /// group of that size; in the order of sizes.
    pub rows: Vec<Vec<f64>>,
}

impl CommonCause {
    /// The largest group that a row may be of.
    pub const SIZE_MAX: usize = 8;

    /// Returns the concentrations of groups of `size` copies.
    pub fn row(&self, size: usize) -> Option<&[f64]> {
        self.rows.iter().find(|row| row.len() == size).map(Vec::as_slice)
    }

    /// Returns the size of the largest group that has a row; 0 without rows.
    pub fn largest(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// `[[defect]]`: a flaw of design or make that comes to light in one copy and lies in others.
#[derive(Clone, Debug)]
pub struct Defect {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `rate`: how often one comes to light, per year.
    pub rate_per_y: Value,
    /// `units`: the types in which it lies.
    pub units: Vec<String>,
    /// `stand_down`: days in which no copy of them is used, until it is known which have the flaw.
    pub stand_down_d: Value,
    /// `share`: of the copies, those that have it.
    pub share: Value,
    /// `retrofit`: days of mending one copy; they are mended one after the other.
    pub retrofit_d: Value,
}

impl Oru {
    /// Returns the sizes of the groups of copies that share causes, in the order of copies, when the largest group
    /// may have `most` copies: as few groups as that allows, as even as can be.
    pub fn groups(&self, most: usize) -> Vec<u32> {
        let most = self.common_cause_group.map_or(most, |own| most.min(own as usize)).max(1);
        let n = self.installed.div_ceil(most as u32).max(1);
        (0..n).map(|i| self.installed / n + u32::from(i < self.installed % n)).collect()
    }
}

/// `ground_repair = { turnaround = "180 d", condemned_share = 0.2 }`.
#[derive(Clone, Copy, Debug)]
pub struct GroundRepair {
    /// `turnaround` from landing to a spare on the ground, d.
    pub turnaround_d: Value,
    /// `condemned_share`: of the units brought down, those that a new one replaces. Default 0.
    pub condemned_share: Value,
}

/// Failures seen in service: Bayes' rule moves the rate of the type by them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InService {
    /// `failures` seen.
    pub failures: u32,
    /// `running`: days installed, summed over copies.
    pub running_d: f64,
    /// `prior_weight`: worth of the stated rate beside it, 0 (none) to 1 (Bayes' rule); default 1.
    pub prior_weight: f64,
}

/// Where a unit is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairWhere {
    /// Inside the cabin.
    Inside,
    /// On an EVA of the unit's segment.
    Outside,
    /// By the robotic arm, an EVA if the arm is down.
    Robotic,
    /// `repair = "none"`: nowhere in orbit. What fails stays down.
    Nowhere,
}

/// `[[stock]]`: a consumable. Between events it moves at a constant rate.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Owning partner; optional. A departed partner's stock is gone.
    pub partner: Option<String>,
    /// `initial`, kg, with its range.
    pub initial_kg: Value,
    /// `capacity`, kg.
    pub capacity_kg: Value,
    /// `draw = [{ rate = "0.84 kg/d", per = "crew", while = "capability", unless = "capability" }]`.
    pub draws: Vec<Draw>,
    /// `reserve`: days of supply below which rationing and expediting start (45 in 2004), optional.
    pub reserve_d: Option<Value>,
    /// `ration`: share of the per-crew draw saved while rationing, 0 to 1; default 0.
    pub ration_share: f64,
    /// `shares_with`: a stock that lends to this one while this one is below its reserve and that
    /// one is better off, until both last equally long. Optional.
    pub shares_with: Option<String>,
    /// `on_empty`. Optional.
    pub on_empty: Option<Effect>,
    /// `leaves_with_vehicle`: vehicles that push with it keep it in their own tanks, and what one has
    /// not used leaves with it. Default false.
    pub leaves_with_vehicle: bool,
    /// `takes_units`: the mass of units that are thrown away inside goes here. Accumulating stocks.
    /// Default false.
    pub takes_units: bool,
    /// `gives_way`: share of a flight's line of this stock whose mass a spare may take that somebody waits for and
    /// whose capability is short. What gave way is not flown later. Default 0.
    pub gives_way: Value,
    /// `overflow`: an accumulating stock (waste): `on_empty` fires when it is full instead. Default false.
    pub accumulates: bool,
}

/// One term of a stock's rate. Negative rates fill the stock.
#[derive(Clone, Debug)]
pub struct Draw {
    /// `rate`, kg/d.
    pub rate_kg_d: Value,
    /// `per = "crew" | "leak" | "station"` (default `station`): times crew aboard, times leak in kg/d, or once.
    pub per: Per,
    /// `while`: times that capability's value. Optional.
    pub with: Option<String>,
    /// `unless`: times one minus that capability's value. Optional.
    pub without: Option<String>,
}

/// What a draw scales with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Once.
    Station,
    /// Each person aboard.
    Crew,
    /// Each kg/d of air leaking.
    Leak,
}
