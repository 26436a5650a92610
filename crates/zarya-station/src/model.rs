//! What a station is: plain, checked, immutable values. One struct per table of the station files.
//!
//! A field is named like its key in the file, with the unit added: the key `mtbf = "61845.6 h"` is
//! the field `mtbf_d`. Ids are texts; loading guarantees that every reference points at something.
//! "Optional" keys say what their absence means. Nothing here is computed beyond unit conversion.

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
    /// `stocks.toml`.
    pub stocks: Vec<Stock>,
    /// `crew.toml`.
    pub crew: Crew,
    /// `vehicles.toml`: `[[vehicle]]`.
    pub vehicles: Vec<Vehicle>,
    /// `vehicles.toml`: `[[pad]]`.
    pub pads: Vec<Pad>,
    /// `vehicles.toml`: `[[port]]`.
    pub ports: Vec<Port>,
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

/// `[[element]]`: a pressurized module or truss part.
#[derive(Clone, Debug)]
pub struct Element {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// One of the station's segments.
    pub segment: String,
    /// Owning partner.
    pub partner: String,
    /// `launched`. Optional.
    pub launched: Option<Date>,
    /// `mass` or `"unknown"`.
    pub mass_kg: Option<Value>,
    /// `volume` or `"unknown"` (0 for a truss: leave the key out).
    pub volume_m3: Option<Value>,
    /// Nested `[[element.certificate]]`.
    pub certificates: Vec<Certificate>,
    /// Nested `[element.leak]`. Optional: no known leak.
    pub leak: Option<Leak>,
}

/// `[[element.certificate]]`: until when somebody vouches for an element.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Id.
    pub id: String,
    /// What is certified, by whom.
    pub what: String,
    /// `through`, inclusive; a year means its last day.
    pub through: Date,
    /// `precision`.
    pub precision: Precision,
    /// `standing`; a design life is `stated`.
    pub standing: Standing,
    /// `basis`; `disputed` lists `alternatives = [{ through = 2030, source = "..." }]`.
    pub basis: Basis,
    /// Key in `sources.toml`.
    pub source: String,
    /// `supersedes`. Optional.
    pub supersedes: Vec<String>,
    /// Alternatives of a disputed date.
    pub alternatives: Vec<(Date, String)>,
}

/// `[element.leak]`: air leaving through one element.
#[derive(Clone, Debug)]
pub struct Leak {
    /// `rate` at the as-of date, kg/d.
    pub rate_kg_d: Value,
    /// `growth`: relative growth per year of an unpatched leak, 1/y.
    pub growth_per_y: Value,
    /// `relapse_rate`: new cracks or relapses per year, 1/y.
    pub relapse_per_y: Value,
    /// `relapse_factor`: the rate after a relapse, kg/d.
    pub relapse_kg_d: Value,
    /// `patch_interval`: mean time between effective repairs while repair goes on, d.
    pub patch_interval_d: Value,
    /// `patch_share`: share of the leak that a repair removes, 0 to 1.
    pub patch_share: Value,
    /// `isolated_share`: share of the leak left while its hatch is kept closed, 0 to 1.
    pub isolated_share: Value,
    /// `isolate_above`: leak at which the element is shut for good (price: `isolation_port`), kg/d.
    pub isolate_above_kg_d: Value,
    /// `isolation_port`: the port lost when the element is shut. Optional.
    pub isolation_port: Option<String>,
}

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
    /// `shape` of a Weibull law; default 1 (exponential).
    pub shape: f64,
    /// `duty`: share of time it runs; default 1.
    pub duty: f64,
    /// `life_limit`, d. Optional.
    pub life_limit_d: Option<Value>,
    /// `beta`: share of failures that take all copies at once (common cause); default 0.
    pub beta: Value,
    /// `mass`, kg.
    pub mass_kg: Value,
    /// `spares = { aboard = 2, ground = 3 }`; `"unknown"` is drawn from the stocking policy.
    pub spares_aboard: Option<u32>,
    /// See `spares_aboard`.
    pub spares_ground: Option<u32>,
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
    /// `repair.evas`: EVAs of one outside replacement; default 1.
    pub repair_evas: u32,
    /// `reset_share` of this type; optional, default the worlds' share.
    pub reset_share: Option<Value>,
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

/// `crew.toml`.
#[derive(Clone, Debug)]
pub struct Crew {
    /// `nominal` number aboard.
    pub nominal: u32,
    /// `minimum` that can keep the station (both segments).
    pub minimum: u32,
    /// `workday`: hours per person and day for tasks of any kind.
    pub workday_h: Value,
    /// `upkeep`: baseline hours per week of the whole crew for routine upkeep not listed as tasks.
    pub upkeep_h_week: Value,
    /// `research_goal`: hours per week of the whole crew.
    pub research_goal_h_week: Value,
    /// `eva_preparation`: days from decision to a planned EVA, per slot.
    pub eva_preparation_d: Value,
    /// `eva_hours`: crew hours one EVA costs inside and outside.
    pub eva_crew_h: Value,
    /// `eva = [{ segment = "us", capability = "eva-us", trained = 2 }]`: what an EVA of a segment needs.
    pub eva: Vec<EvaNeed>,
    /// `robotic_capability`: the arm that robotic replacements need; without it they take an EVA.
    /// Optional: the arm is always there.
    pub robotic_capability: Option<String>,
    /// `eva_rate_planned`: planned (not repair) EVAs per year, spending crew time.
    pub eva_planned_per_y: Value,
    /// `trained`: crew trained for a segment that must be aboard for it to be kept: segment -> count.
    pub trained_minimum: Vec<(String, u32)>,
    /// `training_lead`: days to train a replacement for a lost or ended crew line of a vehicle.
    pub training_lead_d: Value,
}

/// What an EVA from one segment needs.
#[derive(Clone, Debug)]
pub struct EvaNeed {
    /// Segment.
    pub segment: String,
    /// Capability that stands for suits, airlock and gas.
    pub capability: String,
    /// Crew aboard who must be trained for it.
    pub trained: u32,
    /// `oxygen`, `nitrogen`: stocks that give the gas the suits and the airlock lose. Optional: none.
    pub oxygen: Option<String>,
    /// See `oxygen`.
    pub nitrogen: Option<String>,
}

/// `[[vehicle]]`: a type of visiting vehicle.
#[derive(Clone, Debug)]
pub struct Vehicle {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Partner that decides its flights.
    pub partner: String,
    /// Pad.
    pub pad: String,
    /// `launcher`: types that share a launcher are grounded together.
    pub launcher: String,
    /// `ports`: the port group it docks to.
    pub ports: String,
    /// `seats`; 0 for cargo.
    pub seats: u32,
    /// `contingency_seats`: people it could bring home in an emergency; default `seats`.
    pub contingency_seats: u32,
    /// `trained = { us = 1, rs = 2 }`: how its crew counts per segment.
    pub trained: Vec<(String, u32)>,
    /// `loss`: probability that a launch does not deliver (cargo) or aborts (crew survives).
    pub loss: Value,
    /// `grounding`: days the launcher is grounded after a loss (median, with band).
    pub grounding_d: Value,
    /// `slip`: mean slip of a launch, d (exponential).
    pub slip_d: Value,
    /// `docked_life`: certified days docked.
    pub docked_life_d: Value,
    /// `lifeboat_failure`: rate at which a docked one is lost as an escape vehicle, 1/y. Crew vehicles.
    pub lifeboat_failure_per_y: Option<Value>,
    /// `rescue_lead`: days until a replacement docks. Crew vehicles.
    pub rescue_lead_d: Option<Value>,
    /// `push`: what it can do for the orbit. Optional.
    pub push: Option<Push>,
    /// `phasing`: the station's burn that prepares each of its launches, m/s. Optional: none.
    pub phasing_m_s: Option<Value>,
    /// `external_cargo`: carries unpressurized units. Default false.
    pub external_cargo: bool,
    /// `spares_capacity`: kg of spares a flight can carry beside its planned cargo.
    pub spares_capacity_kg: Value,
    /// `turnaround`: least days between flights of this type.
    pub turnaround_d: Value,
}

/// How a docked vehicle pushes.
#[derive(Clone, Debug)]
pub struct Push {
    /// `stock`: propellant it uses; a stock id.
    pub stock: String,
    /// `isp`, s.
    pub isp_s: Value,
    /// `delta_v_limit`: m/s of the station it can give over one stay. Optional: limited by the stock.
    pub delta_v_limit_m_s: Option<Value>,
    /// `avoidance`: can do a short-notice avoidance manoeuvre. Default true.
    pub avoidance: bool,
    /// `preference`: 1 is asked first.
    pub preference: u8,
}

/// `[[pad]]`.
#[derive(Clone, Debug)]
pub struct Pad {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `outage_rate`, 1/y.
    pub outage_per_y: Value,
    /// `outage`: days out, median with band.
    pub outage_d: Value,
}

/// `[[port]]`: a group of equal ports.
#[derive(Clone, Debug)]
pub struct Port {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `count` of ports.
    pub count: u32,
    /// `outage_rate` per port, 1/y.
    pub outage_per_y: Value,
    /// `outage` in days, median with band.
    pub outage_d: Value,
}

/// `[[docked]]`: a vehicle there at the as-of date.
#[derive(Clone, Debug)]
pub struct Docked {
    /// Id of the flight.
    pub id: String,
    /// Vehicle type.
    pub vehicle: String,
    /// `since`: docked on.
    pub since: Date,
    /// `until`: planned departure.
    pub until: Date,
    /// People who came with it and are assigned to it.
    pub crew: u32,
}

/// `[[flight]]`, or one flight of a `[[service]]` (id `service-id-YYYY-MM`).
///
/// `[[service]]` keys: `id, vehicle, first, every, until, stay, crew, cargo, basis, source, why`.
#[derive(Clone, Debug)]
pub struct Flight {
    /// Id.
    pub id: String,
    /// Vehicle type.
    pub vehicle: String,
    /// `date`: planned launch.
    pub date: Date,
    /// `stay`: planned days docked.
    pub stay_d: f64,
    /// `crew` it brings, 0 for cargo.
    pub crew: u32,
    /// `cargo = { food = "900 kg", oxygen = "40 kg" }`: by stock, kg delivered on docking.
    pub cargo_kg: Vec<(String, f64)>,
    /// `outcome = "planned" | "flown" | "lost"`: a recorded flight has no chance left in it.
    pub outcome: Outcome,
    /// `upgrades`: ids of upgrades whose hardware it carries. Optional.
    pub upgrades: Vec<String>,
}

/// What is known of a flight's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In the future of the as-of date.
    Planned,
    /// Recorded: arrived on its date.
    Flown,
    /// Recorded: did not arrive.
    Lost,
}

/// `[[task]]`: routine, preventive work.
#[derive(Clone, Debug)]
pub struct Task {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `every`, d.
    pub every_d: Value,
    /// `crew`: hours each time.
    pub crew_h: Value,
    /// Segment.
    pub segment: String,
    /// `protects`: subsystem (file of `orus/`) whose units fail more while the task lapses.
    pub protects: String,
    /// `lapse_factor`: failure-rate factor once the task has lapsed for `lapse_after`.
    pub lapse_factor: Value,
    /// `lapse_after`, d.
    pub lapse_after_d: Value,
}

/// `[[upgrade]]`: a planned improvement.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Segment of the EVAs and crew time.
    pub segment: String,
    /// `ready`: hardware ready aboard no earlier than this.
    pub ready: Date,
    /// `evas` needed.
    pub evas: u32,
    /// `crew`: hours inside.
    pub crew_h: Value,
    /// `restores = "capability"` with `gain`: adds `gain` to its provider or unit factor (at most 1). Optional.
    pub restores: Option<String>,
    /// See `restores`; a share.
    pub gain: f64,
    /// `stops_leak = "element"`: enables the leak's repairs. Optional.
    pub stops_leak: Option<String>,
}

/// Who owns a probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// Station systems and supply: Zarya's own answer.
    Systems,
    /// Meteoroids and debris: published constant passed through.
    Debris,
    /// Crew transport: published constant passed through.
    CrewTransport,
    /// Medical.
    Medical,
    /// Fire, toxic release, collision.
    FireToxicCollision,
}

/// What an empty buffer or a hazard does, in order of severity (the ladder).
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// `"none"`: an event that is counted only.
    None,
    /// `"shelter"`: crew shelters in vehicles, hours to a day.
    Shelter,
    /// `{ disable = "capability", duration = "3 d" }`: a capability is out for a while (median with band of the hazard).
    Disable {
        /// Capability.
        capability: String,
        /// Days out.
        duration_d: Value,
    },
    /// `{ isolate = "element" }`: an element is shut for good.
    Isolate {
        /// Element.
        element: String,
    },
    /// `{ leak = "element", rate = "1 kg/d" }`: a leak opens.
    Leak {
        /// Element.
        element: String,
        /// kg/d.
        rate_kg_d: Value,
    },
    /// `"loss-of-escape-vehicle"`: one docked crew vehicle is unusable.
    LossOfEscapeVehicle,
    /// `"crew-reduction"`: one crew vehicle leaves.
    CrewReduction,
    /// `"evacuate"`: all leave.
    Evacuate,
    /// `"loss-of-station"`.
    LossOfStation,
    /// `"loss-of-crew"`.
    LossOfCrew,
}

/// `[[hazard]]`: something that strikes at a rate.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `owner`.
    pub owner: Owner,
    /// `rate`, 1/y, per `per`.
    pub rate_per_y: Value,
    /// `per = "station" | "crew" | "docked-crew-vehicle"`; default `station`.
    pub per: HazardPer,
    /// `outcomes = [{ share = 0.9, effect = "shelter" }, ...]`; shares sum to 1.
    pub outcomes: Vec<(f64, Effect)>,
}

/// What a hazard's rate is counted per.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HazardPer {
    /// Once.
    Station,
    /// Each person aboard.
    Crew,
    /// Each docked crew vehicle.
    DockedCrewVehicle,
}

/// `[[condition]]`: a named "provided that …" that can be withdrawn.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Id.
    pub id: String,
    /// `provided`: the sentence that follows "provided that".
    pub provided: String,
    /// `kind = "maintenance" | "stock" | "provider" | "upgrade" | "carrier" | "partner" | "policy" | "crew"`.
    pub kind: String,
    /// `from`: when the withdrawal bites; default the as-of date.
    pub from: Option<Date>,
    /// `notice`: days between withdrawal and effect; default 0.
    pub notice_d: f64,
    /// `withdraw = [{ stop_maintenance = true }, { stop_spares = true }, { skip_upgrade = "..." }, { ground = "vehicle" },
    /// { leave = "partner" }, { disable = "capability" }, { open_hatch = "element" }, { crew = 4 }, { stop_cargo = "stock" }, { stop_training = true }]`.
    pub withdraw: Vec<Withdrawal>,
    /// `remains`: free text, what stays when it is withdrawn.
    pub remains: String,
    /// `substitutes`: free text, what takes its place.
    pub substitutes: String,
    /// `may_help`: why withdrawing it can raise the probability. Optional.
    pub may_help: Option<String>,
}

/// One consequence of withdrawing a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Withdrawal {
    /// Preventive tasks and scheduled replacements end; repair goes on.
    StopMaintenance,
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
    /// `scale`: `"failure-rates" | "stocking" | "lead-times" | "leak" | "launch-loss" | "slips" | "medical" | "debris" | "reset-share" | "repair-hours" | "hazard:ID" | "rates:SUBSYSTEM"`.
    pub scale: String,
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
    /// `what`: `de-crewings`, `crew-reductions`, `evas`, `avoidance-burns`, `cargo-losses`, `cargo-mass-kg`,
    /// `lifeboat-gaps`, `reboosts`, or `failures:ORU-ID`.
    pub what: String,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub through: Date,
    /// Count or kg.
    pub observed: f64,
    /// `use = "weight" | "score"`: never both.
    pub weight: bool,
    /// `exposure`: unit-years (for `failures:`) or flights (for `cargo-losses`), when the span alone does not tell. Optional.
    pub exposure: Option<f64>,
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

impl Value {
    /// A value without a band.
    pub const fn exact(value: f64, basis: Basis) -> Self {
        Self { value, low: value, high: value, basis }
    }
}
