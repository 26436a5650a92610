//! A checked station compiled into dense arrays: what every history reads and none changes.
//!
//! Ids become indices, references become index lists, capabilities stand in topological order, and
//! every value with a band becomes a parameter that a world draws once. Withdrawn conditions and
//! scale factors are compiled in, so that a history asks no questions about them. The types stand
//! here, the compilation in `compile`.

pub(crate) mod cabin;
mod compile;

pub use compile::belief;

use crate::air::AirTable;
use crate::outcome::Cause;
use crate::parameters::{Parameter, Parameters};
use crate::service::Lesson;
use zarya_reliability::rate::RatePrior;
use zarya_station::model::{
    Asked, HazardPer, Outcome as FlightOutcome, Owner, Per, RepairWhere, Scale, Value,
};
use zarya_units::random::Stream;
use zarya_units::{Date, Mjd};

/// What is changed against the station as filed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// Conditions withdrawn, by id.
    pub without: Vec<String>,
    /// Leave out what other owners stand for: their hazards, and crews lost on ascent and entry.
    pub only_systems: bool,
    /// Factors on inputs: the `scale` of a `[[break_even]]` and the factor.
    pub scales: Vec<(Scale, f64)>,
    /// Elements with a `rupture`, by id, and the rate at which each ruptures, 1/y; others do not.
    pub ruptures: Vec<(String, f64)>,
}

/// Why a station cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// The claim's date is not after the as-of date: through, as of.
    Span(Date, Date),
    /// The claim's date lies beyond what can be simulated: through, last.
    Horizon(Date, Date),
    /// No condition of that id: asked for, known ones.
    UnknownCondition(String, Vec<String>),
    /// The station does not have what is to be scaled.
    UnknownScale(Scale),
    /// More of something than the engine holds: what, found, most.
    TooMany(&'static str, usize, usize),
}

/// Longest span from the as-of date, d: beyond it manifest and Sun are guesses.
pub const SPAN_D_MAX: f64 = 20.0 * 365.25;
/// What a cause stands for.
#[derive(Clone, Debug)]
pub struct CauseInfo {
    /// Id in the station files, or of the engine's own kinds.
    pub id: String,
    /// For people.
    pub text: String,
    /// Who owns it.
    pub owner: Owner,
}

/// What kind of thing a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CauseKind {
    /// Equipment, a leak, what is stored, a pressure.
    Hardware,
    /// The orbit fell.
    Orbit,
    /// A capability, with the owner that its file names.
    Capability(Owner),
    /// A hazard, with the owner that its file names.
    Hazard(Owner),
    /// A crew that nobody relieved or replaced.
    Rotation,
    /// A flight that was late, lost or grounded.
    Flight,
    /// What moves several flights together.
    Shock,
    /// A partner that leaves.
    Partner,
}

impl CauseKind {
    /// Who owns causes of this kind: the one place where that is decided.
    ///
    /// Who comes, goes and brings supplies is decided by programmes and launchers, not by what is
    /// aboard. A partner that leaves takes its flights and people along: what it leaves behind works as
    /// before, so that this is no failure of systems either.
    pub(crate) fn owner(self) -> Owner {
        match self {
            Self::Hardware | Self::Orbit => Owner::Systems,
            Self::Capability(owner) | Self::Hazard(owner) => owner,
            Self::Rotation | Self::Flight | Self::Shock | Self::Partner => Owner::CrewRotation,
        }
    }
}

/// One series that histories sample: the state on the date, but for the crew the number that was
/// aboard longest since the last sample, and for research the mean of those weeks.
#[derive(Clone, Debug)]
pub struct SeriesInfo {
    /// Id: `altitude`, `crew`, `research`, `leak`, then the stocks.
    pub id: String,
    /// For people.
    pub name: String,
    /// Unit of the numbers.
    pub unit: &'static str,
}

/// A capability.
#[derive(Clone, Debug)]
pub struct CapabilityPlan {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    pub(crate) partner: Option<u16>,
    pub(crate) types: Vec<u16>,
    pub(crate) providers: Vec<(u16, f64)>,
    pub(crate) rule: RulePlan,
    pub(crate) needs: Vec<(u16, f64)>,
    /// Capabilities that read this one; all have a larger index.
    pub(crate) parents: Vec<u16>,
    pub(crate) required: f64,
    pub(crate) stock: Option<u16>,
    pub(crate) buffer_d: Option<Parameter>,
    pub(crate) recovery_d: f64,
    pub(crate) on_empty: EffectPlan,
    pub(crate) degradation_per_d: Parameter,
    pub(crate) drifts: bool,
    pub(crate) sunlit: bool,
    pub(crate) feeds_stocks: bool,
    /// The limit of the cabin that it keeps.
    pub(crate) cabin: Option<u16>,
    pub(crate) cause: u16,
}

/// How providers combine.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RulePlan {
    All,
    Any,
    AtLeast(f64),
    Demand {
        demand: Parameter,
        per_crew: bool,
    },
    /// What the crew's balance asks for.
    Cabin,
}

/// A unit type.
#[derive(Clone, Debug)]
pub struct TypePlan {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Subsystem it belongs to.
    pub subsystem: String,
    pub(crate) subsystem_index: u16,
    pub(crate) serves: u16,
    pub(crate) segment: u16,
    pub(crate) first_unit: u32,
    /// Copies installed.
    pub installed: u32,
    pub(crate) needed: f64,
    pub(crate) partial: bool,
    /// Believed failures per day and copy, running.
    pub(crate) rate_per_d: f64,
    pub(crate) mtbf: Parameter,
    /// What is not known of the rate of this type alone.
    pub(crate) own: RatePrior,
    pub(crate) stream: Stream,
    pub(crate) shape: f64,
    pub(crate) life_limit_d: Option<Parameter>,
    pub(crate) per_eva: Option<PerEvaPlan>,
    pub(crate) mass_kg: f64,
    pub(crate) spares_aboard: Option<u32>,
    pub(crate) spares_ground: Option<u32>,
    /// Whether spares exist or are built.
    pub(crate) supplied: bool,
    pub(crate) lead_d: Parameter,
    pub(crate) build_d: Parameter,
    pub(crate) external: bool,
    pub(crate) repair_h: Parameter,
    pub(crate) place: RepairWhere,
    pub(crate) evas: u32,
    /// Other segments whose suits reach it.
    pub(crate) also_from: Vec<u16>,
    pub(crate) reset_share: Parameter,
    /// True over stated failure rate.
    pub(crate) experience: Parameter,
    /// Its central value, which the stocking policy counts with.
    pub(crate) experience_believed: f64,
    pub(crate) priority: u8,
    pub(crate) volume_m3: f64,
    pub(crate) ground_repair: Option<GroundRepairPlan>,
    /// Types whose spares fit and whose working copies may be taken.
    pub(crate) donors: Vec<u16>,
    pub(crate) skill: Option<u16>,
    pub(crate) cause: u16,
}

/// What a spacewalk does to a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PerEvaPlan {
    pub(crate) used: u32,
    pub(crate) failures: Parameter,
    pub(crate) life: Option<Parameter>,
}

/// Repair of a type on the ground.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroundRepairPlan {
    pub(crate) turnaround_d: Parameter,
    pub(crate) condemned_share: Parameter,
}

/// Copies of a type that share causes of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupPlan {
    pub(crate) first_unit: u32,
    pub(crate) size: u32,
    /// Place of its [`SharedCausePlan`].
    pub(crate) cause: u16,
}

/// A flaw that comes to light in one copy and lies in others.
#[derive(Clone, Debug)]
pub(crate) struct DefectPlan {
    pub(crate) name: String,
    pub(crate) rate_per_d: Parameter,
    pub(crate) types: Vec<u16>,
    pub(crate) stand_down_d: Parameter,
    pub(crate) share: Parameter,
    pub(crate) retrofit_d: Parameter,
    pub(crate) stream: Stream,
}

impl GroupPlan {
    /// Whether a unit is one of its copies.
    pub(crate) fn holds(&self, unit: u32) -> bool {
        (self.first_unit..self.first_unit + self.size).contains(&unit)
    }
}

/// How many copies of a group fail together.
#[derive(Clone, Debug)]
pub(crate) enum SharedCausePlan {
    /// All, in this share of the failures of a copy.
    AllAtOnce { beta: Parameter, size: u32 },
    /// One, two, … copies in these shares of the failures that a group sees.
    Known { alpha: Vec<f64> },
    /// The same, drawn by each world from a Dirichlet law.
    Drawn { class: String, name: String, concentrations: Vec<f64>, streams: Vec<Stream> },
}

/// One installed copy.
#[derive(Clone, Debug)]
pub(crate) struct UnitPlan {
    pub(crate) kind: u16,
    /// The group of copies with which it shares causes.
    pub(crate) group: Option<u16>,
    pub(crate) stream: Stream,
}

/// A consumable.
#[derive(Clone, Debug)]
pub(crate) struct StockPlan {
    pub(crate) name: String,
    pub(crate) partner: Option<u16>,
    pub(crate) initial_kg: Parameter,
    pub(crate) capacity_kg: Parameter,
    pub(crate) draws: Vec<DrawPlan>,
    /// Capabilities with a `demand` rule whose shortfall it covers.
    pub(crate) covers: Vec<u16>,
    pub(crate) reserve_d: Option<Parameter>,
    pub(crate) ration_share: f64,
    pub(crate) shares_with: Option<u16>,
    pub(crate) on_empty: EffectPlan,
    pub(crate) accumulates: bool,
    pub(crate) resupplied: bool,
    /// Vehicles keep it in their own tanks and take away what is left.
    pub(crate) leaves_with_vehicle: bool,
    /// Share of a flight's line that gives way to urgent spares.
    pub(crate) gives_way: Parameter,
    /// Whether somebody pushes with it.
    pub(crate) pushes: bool,
    pub(crate) cause: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct DrawPlan {
    pub(crate) rate_kg_d: Parameter,
    pub(crate) per: Per,
    pub(crate) with: Option<u16>,
    pub(crate) without: Option<u16>,
}

/// A type of visiting vehicle.
#[derive(Clone, Debug)]
pub(crate) struct VehiclePlan {
    pub(crate) name: String,
    pub(crate) partner: u16,
    pub(crate) pad: u16,
    pub(crate) launcher: u16,
    pub(crate) ports: u16,
    pub(crate) seats: u32,
    pub(crate) contingency_seats: u32,
    /// People trained per segment when all its seats are taken.
    pub(crate) trained: Vec<u32>,
    pub(crate) home_segment: Option<u16>,
    /// Segment whose spares it carries; none: any.
    pub(crate) cargo_segment: Option<u16>,
    pub(crate) loss: Parameter,
    /// What can happen to the people of a flight on their way up and down.
    pub(crate) ascent: Option<RiskPlan>,
    pub(crate) entry: Option<RiskPlan>,
    pub(crate) grounding_d: Parameter,
    pub(crate) slip: SlipPlan,
    pub(crate) docked_life_d: Parameter,
    pub(crate) lifeboat_failure_per_d: Option<Parameter>,
    pub(crate) rescue_lead_d: Option<Parameter>,
    pub(crate) push: Option<PushPlan>,
    pub(crate) phasing_m_s: Option<Parameter>,
    pub(crate) external_cargo: bool,
    pub(crate) spares_kg: Parameter,
    pub(crate) spares_m3: Option<Parameter>,
    pub(crate) return_kg: Parameter,
    pub(crate) down_kg: Option<Parameter>,
    /// People per skill of the plan when all its seats are taken.
    pub(crate) skills: Vec<u32>,
    pub(crate) turnaround_d: f64,
    pub(crate) docking: Option<DockingPlan>,
    /// One of its launches was lost, or it stood.
    pub(crate) cause: u16,
    /// One of its launches was late by itself.
    pub(crate) cause_late: u16,
}

/// What can go wrong each time a vehicle docks.
#[derive(Clone, Debug)]
pub(crate) struct DockingPlan {
    pub(crate) trouble: Parameter,
    pub(crate) retry_d: Parameter,
    pub(crate) fails: Parameter,
    pub(crate) strikes: Parameter,
    pub(crate) strike: Vec<(f64, EffectPlan)>,
    pub(crate) cause: u16,
}

/// A probability per flight of losing its people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RiskPlan {
    pub(crate) probability: Parameter,
    pub(crate) cause: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct PushPlan {
    pub(crate) stock: u16,
    pub(crate) isp_s: Parameter,
    pub(crate) limit_m_s: Option<Parameter>,
    pub(crate) avoidance: bool,
    pub(crate) preference: u8,
    pub(crate) capability: Option<u16>,
}

/// How far launches of a vehicle move from their planned dates.
#[derive(Clone, Debug)]
pub(crate) enum SlipPlan {
    /// The mean of an exponential, d.
    Mean(Parameter),
    Moves(MovesPlan),
}

/// What moves, by how much, and how both grow with the lead: see [`crate::slips`].
#[derive(Clone, Debug)]
pub(crate) struct MovesPlan {
    pub(crate) on_time: Parameter,
    pub(crate) early: Parameter,
    pub(crate) median_d: Parameter,
    pub(crate) tail: Parameter,
    pub(crate) chance_power: Parameter,
    pub(crate) size_power: Parameter,
    pub(crate) lead_d: f64,
    pub(crate) lead_most_d: f64,
}

/// Pads and ports: things that are out for a while.
#[derive(Clone, Debug)]
pub(crate) struct OutagePlan {
    pub(crate) name: String,
    pub(crate) count: u32,
    pub(crate) rate_per_d: Parameter,
    pub(crate) outage_d: Parameter,
    pub(crate) stream: Stream,
}

/// What moves several flights together.
#[derive(Clone, Debug)]
pub(crate) struct ShockPlan {
    pub(crate) name: String,
    pub(crate) rate_per_d: Parameter,
    pub(crate) delay_d: Parameter,
    pub(crate) scatter: Parameter,
    pub(crate) window_d: f64,
    /// By type of vehicle.
    pub(crate) hits: Vec<bool>,
    pub(crate) stream: Stream,
    pub(crate) cause: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct FlightPlan {
    pub(crate) id: String,
    pub(crate) vehicle: u16,
    /// When it is to dock; of a lost one the day of its loss.
    pub(crate) at: Mjd,
    /// Days from launch to docking where they are known.
    pub(crate) transfer_d: Option<f64>,
    pub(crate) stay_d: f64,
    pub(crate) crew: u32,
    pub(crate) visit: bool,
    pub(crate) cargo: Vec<(u16, f64)>,
    /// Upgrades whose hardware it carries.
    pub(crate) upgrades: Vec<u16>,
    pub(crate) outcome: FlightOutcome,
    pub(crate) stream: Stream,
    /// What happens at the port.
    pub(crate) docking: Stream,
}

#[derive(Clone, Debug)]
pub(crate) struct DockedPlan {
    pub(crate) id: String,
    pub(crate) vehicle: u16,
    pub(crate) since: Mjd,
    pub(crate) until: Mjd,
    pub(crate) crew: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct LeakPlan {
    pub(crate) name: String,
    pub(crate) rate_kg_d: Parameter,
    pub(crate) growth_per_d: Parameter,
    pub(crate) relapse_per_d: Parameter,
    pub(crate) relapse_kg_d: Parameter,
    pub(crate) patch_interval_d: Parameter,
    pub(crate) patch_share: Parameter,
    pub(crate) isolated_share: Parameter,
    pub(crate) isolate_above_kg_d: Parameter,
    pub(crate) isolation_port: Option<u16>,
    /// Repairs go on only once an upgrade has started them (or none is named).
    pub(crate) repaired_by: Option<u16>,
    /// Only where the variant asks for one.
    pub(crate) rupture: Option<RupturePlan>,
    pub(crate) stream: Stream,
    pub(crate) cause: u16,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct RupturePlan {
    pub(crate) rate_per_d: f64,
    pub(crate) effect: EffectPlan,
    pub(crate) stream: Stream,
    pub(crate) cause: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct TaskPlan {
    pub(crate) name: String,
    pub(crate) every_d: Parameter,
    pub(crate) needed_every_d: Parameter,
    pub(crate) stream: Stream,
    pub(crate) crew_h: Parameter,
    pub(crate) segment: u16,
    pub(crate) subsystem: Option<u16>,
    pub(crate) lapse_factor: Parameter,
    pub(crate) lapse_after_d: Parameter,
}

#[derive(Clone, Debug)]
pub(crate) struct UpgradePlan {
    pub(crate) name: String,
    pub(crate) segment: u16,
    pub(crate) ready: Mjd,
    /// Its hardware comes with a flight: it waits for the first that brings it.
    pub(crate) carried: bool,
    pub(crate) evas: u32,
    pub(crate) crew_h: Parameter,
    pub(crate) restores: Option<u16>,
    pub(crate) gain: f64,
    pub(crate) skipped: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct HazardPlan {
    pub(crate) name: String,
    pub(crate) rate_per_d: Parameter,
    pub(crate) per: HazardPer,
    pub(crate) outcomes: Vec<(f64, EffectPlan)>,
    pub(crate) stream: Stream,
    pub(crate) cause: u16,
}

/// An effect with indices.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EffectPlan {
    None,
    Shelter,
    Disable(u16, Parameter),
    /// Segment, days, share of urgent repairs that are flown.
    StandDown(u16, Parameter, Parameter),
    /// Element, and its leak where it has one.
    Isolate(u16, Option<u16>),
    Leak(Option<u16>, Parameter),
    LossOfEscapeVehicle,
    CrewReduction,
    LossOfCrewVehicle,
    Evacuate,
    LossOfStation,
    LossOfCrew,
}

impl EffectPlan {
    /// Whether it is about people and nothing else: it can do nothing to an empty station.
    pub(crate) fn is_of_people(self) -> bool {
        match self {
            Self::None
            | Self::Shelter
            | Self::LossOfEscapeVehicle
            | Self::CrewReduction
            | Self::LossOfCrewVehicle
            | Self::Evacuate
            | Self::LossOfCrew => true,
            Self::Disable(..)
            | Self::StandDown(..)
            | Self::Isolate(..)
            | Self::Leak(..)
            | Self::LossOfStation => false,
        }
    }

    /// Whether it ends a tier at once: people are lost or all leave, or the station is lost.
    pub(crate) fn ends_a_tier(self) -> bool {
        matches!(
            self,
            Self::LossOfCrewVehicle | Self::Evacuate | Self::LossOfStation | Self::LossOfCrew
        )
    }

    /// Whether it sends people away, or kills them.
    pub(crate) fn moves_people(self) -> bool {
        matches!(self, Self::CrewReduction | Self::Evacuate | Self::LossOfCrew)
    }
}

impl Plan {
    /// Whether a cause is the station's own, and not passed through from another owner.
    pub(crate) fn is_own(&self, cause: Cause) -> bool {
        let owner = |number: u16| self.causes[usize::from(number)].owner;
        Owner::of_cause(owner(cause.direct), owner(cause.root)).is_computed()
    }
}

/// What a draw picks of effects with their shares; the last takes what rounding leaves.
pub(crate) fn pick(outcomes: &[(f64, EffectPlan)], mut u: f64) -> EffectPlan {
    let mut effect = EffectPlan::None;
    for (share, outcome) in outcomes {
        effect = *outcome;
        if u < *share {
            break;
        }
        u -= share;
    }
    effect
}

/// Something that a withdrawn condition does, and when.
#[derive(Clone, Debug)]
pub(crate) struct WithdrawalPlan {
    pub(crate) at: Mjd,
    pub(crate) what: WithdrawalKind,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum WithdrawalKind {
    StopMaintenance,
    /// The share of routine tasks that are done.
    Maintenance(f64),
    StopSpares,
    Ground(u16),
    Leave(u16),
    Disable(u16),
    OpenHatch(u16),
    Crew(u32),
    StopCargo(u16),
    StopTraining,
}

/// A station compiled for simulation.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Histories start here.
    pub as_of: Date,
    /// Histories end with this day.
    pub through: Date,
    /// SHA-256 over everything an answer depends on: station, variant, tables, engine version.
    pub digest: String,
    /// Capabilities, in topological order.
    pub capabilities: Vec<CapabilityPlan>,
    /// Unit types.
    pub types: Vec<TypePlan>,
    /// Subsystems, by name.
    pub subsystems: Vec<String>,
    /// What can be a cause.
    pub causes: Vec<CauseInfo>,
    /// What is sampled.
    pub series: Vec<SeriesInfo>,
    /// When it is sampled.
    pub sample_dates: Vec<Mjd>,
    /// Installed units.
    pub n_units: usize,
    /// Flights of the manifest inside the span.
    pub n_flights: usize,
    /// Whether histories also keep what only observations ask for ([`Measured`](crate::outcome::Measured));
    /// nothing else of them changes by it. Off when compiled.
    pub measures: bool,
    pub(crate) start: Mjd,
    pub(crate) end: Mjd,
    pub(crate) units: Vec<UnitPlan>,
    /// The units of each subsystem.
    pub(crate) units_of: Vec<Vec<u32>>,
    pub(crate) groups: Vec<GroupPlan>,
    pub(crate) shared_causes: Vec<SharedCausePlan>,
    pub(crate) defects: Vec<DefectPlan>,
    pub(crate) stocks: Vec<StockPlan>,
    pub(crate) cabin: Option<cabin::CabinPlan>,
    pub(crate) vehicles: Vec<VehiclePlan>,
    pub(crate) pads: Vec<OutagePlan>,
    pub(crate) ports: Vec<OutagePlan>,
    pub(crate) shocks: Vec<ShockPlan>,
    pub(crate) n_launchers: usize,
    pub(crate) flights: Vec<FlightPlan>,
    pub(crate) docked: Vec<DockedPlan>,
    pub(crate) leaks: Vec<LeakPlan>,
    pub(crate) tasks: Vec<TaskPlan>,
    pub(crate) upgrades: Vec<UpgradePlan>,
    pub(crate) hazards: Vec<HazardPlan>,
    pub(crate) withdrawals: Vec<WithdrawalPlan>,
    pub(crate) partners: Vec<PartnerPlan>,
    pub(crate) segments: Vec<String>,
    /// Skills that repairs ask for.
    pub(crate) skills: Vec<String>,
    /// Types that may take from others, and those whose removed units are brought down.
    pub(crate) takers: Vec<u16>,
    pub(crate) returned: Vec<u16>,
    /// The stock that units thrown away inside fill.
    pub(crate) discards: Option<u16>,
    pub(crate) segment_streams: Vec<Stream>,
    pub(crate) subsystem_streams: Vec<Stream>,
    pub(crate) parameters: Parameters,
    /// What counts in service have taught, from the values as filed.
    pub(crate) lesson: Option<Lesson>,
    pub(crate) crew: CrewPlan,
    pub(crate) policy: PolicyPlan,
    pub(crate) orbit: OrbitPlan,
    pub(crate) worlds: WorldsPlan,
    pub(crate) scales: Scales,
    pub(crate) cause_altitude: u16,
    pub(crate) cause_rotation: u16,
    pub(crate) air: AirTable,
    pub(crate) battery_efficiency: Value,
}

#[derive(Clone, Debug)]
pub(crate) struct PartnerPlan {
    pub(crate) name: String,
    /// First day without it, when a commitment in force ends.
    pub(crate) leaves: Option<Mjd>,
    pub(crate) cause: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct CrewPlan {
    /// The occupation plan: what is asked from each instant on, the first from before all times.
    pub(crate) occupation: Vec<Asked>,
    pub(crate) workday_h: Parameter,
    pub(crate) upkeep_h_week: Parameter,
    pub(crate) research_goal_h_week: Parameter,
    pub(crate) eva_preparation_d: Parameter,
    pub(crate) eva_preparation_urgent_d: Parameter,
    pub(crate) eva_preparation_other_side_d: Parameter,
    pub(crate) eva_spacing_d: Parameter,
    pub(crate) eva_crew_h: Parameter,
    /// Per segment: what an EVA needs.
    pub(crate) eva: Vec<Option<EvaPlan>>,
    /// The arm of robotic replacements.
    pub(crate) robotic: Option<u16>,
    pub(crate) eva_planned_per_d: Parameter,
    pub(crate) trained_minimum: Vec<u32>,
    pub(crate) training_lead_d: Parameter,
}

impl CrewPlan {
    /// Most people that are ever asked for.
    pub(crate) fn most(&self) -> u32 {
        self.occupation.iter().map(|asked| asked.nominal).max().unwrap_or(0)
    }
}

/// What the programme does when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PolicyPlan {
    pub(crate) transfer_d: Parameter,
    pub(crate) handover_d: Parameter,
    pub(crate) handover_gap_d: Parameter,
    pub(crate) visit_d: Parameter,
    pub(crate) grace_d: Parameter,
    pub(crate) slack_d: Parameter,
    pub(crate) extension_d: Parameter,
    pub(crate) expedite_d: Parameter,
    pub(crate) expedite_notice_d: Parameter,
    pub(crate) untrained_d: Parameter,
    pub(crate) leave_share: Parameter,
    pub(crate) crew_loss_stand_down_d: Parameter,
    pub(crate) loiter_d: Parameter,
    pub(crate) manual_docking: Parameter,
    pub(crate) cargo: Option<ResplitPlan>,
}

/// How flights are loaded by what is short.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResplitPlan {
    pub(crate) target_d: Parameter,
    pub(crate) least: Parameter,
    pub(crate) most: Parameter,
    pub(crate) propellant_most: Parameter,
    pub(crate) goods_least: Parameter,
}

/// What an EVA of one segment needs: capability, trained people, and gas.
#[derive(Clone, Debug)]
pub(crate) struct EvaPlan {
    pub(crate) capability: u16,
    pub(crate) trained: u32,
    /// Stocks and the kg that one EVA takes from each.
    pub(crate) gas: Vec<(u16, f64)>,
}

#[derive(Clone, Debug)]
pub(crate) struct OrbitPlan {
    pub(crate) altitude_km: Parameter,
    pub(crate) drag_area_m2_kg: Parameter,
    pub(crate) keep_above_km: Parameter,
    pub(crate) reboost_to_km: Parameter,
    pub(crate) floor_km: Parameter,
    pub(crate) crew_leaves_below_km: Option<Parameter>,
    pub(crate) avoidance_per_d: Parameter,
    pub(crate) avoidance_m_s: Parameter,
    pub(crate) deorbit_reserve_kg: Parameter,
    pub(crate) mass_kg: Parameter,
    pub(crate) attitude: Option<u16>,
    pub(crate) push: Option<PushPlan>,
    pub(crate) deorbit_stock: Option<u16>,
    pub(crate) inclination_deg: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct WorldsPlan {
    pub(crate) programme_error_factor: f64,
    pub(crate) subsystem_error_factor: f64,
    pub(crate) segment_error_factor: f64,
    pub(crate) repair_error_factor: f64,
    pub(crate) stocking_confidence: Parameter,
    pub(crate) resupply_gap_d: Parameter,
    pub(crate) life_limit_factor: Parameter,
    pub(crate) expired_factor: Parameter,
    pub(crate) burn_in_d: f64,
}

/// Factors of break-even searches on what worlds share; those on values are in the parameters.
#[derive(Clone, Debug)]
pub(crate) struct Scales {
    pub(crate) rates: f64,
    pub(crate) rates_of: Vec<f64>,
    pub(crate) repair: f64,
}

/// A place in a list of the plan, as the plan refers to it.
///
/// # Panics
///
/// If the list is longer than 65,536: loading refuses far shorter ones ([`zarya_station::BOUNDS`]).
pub(crate) fn place(at: usize) -> u16 {
    u16::try_from(at).expect("loading refuses longer lists")
}

/// A number of a unit among all, or another number of things, of which a station has far fewer than 2^32.
///
/// # Panics
///
/// If there are more: loading refuses far fewer ([`zarya_station::UNITS_MAX`]).
pub(crate) fn number(of: usize) -> u32 {
    u32::try_from(of).expect("loading refuses longer lists")
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Span(through, as_of) => write!(
                f,
                "the claim's date {through} is not after the as-of date {as_of} of the station"
            ),
            Self::Horizon(through, last) => write!(
                f,
                "the claim's date {through} is more than 20 years after the as-of date; the last \
                 date that can be asked is {last}"
            ),
            Self::UnknownCondition(id, known) => {
                write!(f, "`{id}` is not a condition of this station; it has: {}", known.join(", "))
            }
            Self::UnknownScale(scale) => {
                write!(f, "`{scale}` is not an input of this station that can be scaled")
            }
            Self::TooMany(what, found, most) => {
                write!(f, "the station has {found} {what}; at most {most} can be simulated")
            }
        }
    }
}

impl std::error::Error for PlanError {}
