//! What one history leaves behind: end state, dates, counts and samples, all by value.

use serde::{Deserialize, Serialize};
use zarya_station::model::Count;
use zarya_units::Mjd;

/// How a history ended, in order of severity: the most severe state reached wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndState {
    /// Crew at strength, escape seats for all, every limit kept.
    Nominal,
    /// The crew was below its nominal number, or a limit was exceeded.
    Reduced,
    /// Somebody aboard had no sound seat home for a while.
    LossOfEscapeVehicle,
    /// Fewer aboard than there must be.
    DeCrewed,
    /// The station was lost.
    LossOfStation,
    /// Crew were lost.
    LossOfCrew,
}

impl EndState {
    /// All end states, least severe first.
    pub const ALL: [Self; 6] = [
        Self::Nominal,
        Self::Reduced,
        Self::LossOfEscapeVehicle,
        Self::DeCrewed,
        Self::LossOfStation,
        Self::LossOfCrew,
    ];

    /// Returns the name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Reduced => "reduced",
            Self::LossOfEscapeVehicle => "loss_of_escape_vehicle",
            Self::DeCrewed => "de_crewed",
            Self::LossOfStation => "loss_of_station",
            Self::LossOfCrew => "loss_of_crew",
        }
    }
}

/// The rungs of the ladder of responses; a history keeps the set it reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// A failure was cleared without a spare.
    Workaround,
    /// A stock was rationed.
    Rationing,
    /// A flight was brought forward.
    ExpeditedFlight,
    /// The crew took shelter in its vehicles.
    Shelter,
    /// An element was shut.
    Isolation,
    /// A vehicle left early with its crew, or a crew could not be replaced in time.
    CrewReduction,
    /// All left.
    Evacuation,
    /// The station was lost.
    LossOfStation,
}

impl Rung {
    /// All rungs, lowest first. The bit of a rung in [`Outcome::rungs`] is its place here.
    pub const ALL: [Self; 8] = [
        Self::Workaround,
        Self::Rationing,
        Self::ExpeditedFlight,
        Self::Shelter,
        Self::Isolation,
        Self::CrewReduction,
        Self::Evacuation,
        Self::LossOfStation,
    ];
}

/// Why something ended: an index into `Plan::causes` for the direct cause and one for its root
/// (the unit, flight or event behind it; equal to the direct cause when there is none).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What crossed its limit.
    pub direct: u16,
    /// What brought it there.
    pub root: u16,
}

/// The first breach of one tier.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breach {
    /// When.
    pub at: Mjd,
    /// Why.
    pub cause: Cause,
}

/// Counts over one history, from the as-of date through the claim's date: one field for each
/// [`Count`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Events handled.
    pub events: u32,
    /// Unit failures of all kinds.
    pub failures: u32,
    /// Failures cleared without a spare.
    pub resets: u32,
    /// Units replaced after failure.
    pub replacements: u32,
    /// Units replaced at their life limit.
    pub scheduled_replacements: u32,
    /// Failures that found no spare aboard.
    pub stock_outs: u32,
    /// Working copies taken from another type for one whose capability was short.
    pub cannibalizations: u32,
    /// Removed units that were brought down for repair.
    pub units_returned: u32,
    /// Of those, the ones that could not be repaired.
    pub units_condemned: u32,
    /// EVAs, planned and for repair.
    pub evas: u32,
    /// Reboosts.
    pub reboosts: u32,
    /// Avoidance manoeuvres flown.
    pub avoidance_burns: u32,
    /// Avoidance manoeuvres that nobody could fly.
    pub avoidance_missed: u32,
    /// Cargo flights that arrived.
    pub cargo_flights: u32,
    /// Cargo flights lost.
    pub cargo_losses: u32,
    /// Crew flights that arrived.
    pub crew_flights: u32,
    /// Times the crew fell below its nominal number other than by plan or for a medical reason.
    pub crew_reductions: u32,
    /// Times a medical reason took part of the crew, or all, home early.
    pub medical_returns: u32,
    /// Times somebody had no sound seat.
    pub lifeboat_gaps: u32,
    /// Times nobody was aboard where somebody should be.
    pub de_crewings: u32,
}

impl Counts {
    /// Returns one of them.
    pub fn get(&self, count: Count) -> u32 {
        let Self {
            events,
            failures,
            resets,
            replacements,
            scheduled_replacements,
            stock_outs,
            cannibalizations,
            units_returned,
            units_condemned,
            evas,
            reboosts,
            avoidance_burns,
            avoidance_missed,
            cargo_flights,
            cargo_losses,
            crew_flights,
            crew_reductions,
            medical_returns,
            lifeboat_gaps,
            de_crewings,
        } = *self;
        match count {
            Count::Events => events,
            Count::Failures => failures,
            Count::Resets => resets,
            Count::Replacements => replacements,
            Count::ScheduledReplacements => scheduled_replacements,
            Count::StockOuts => stock_outs,
            Count::Cannibalizations => cannibalizations,
            Count::UnitsReturned => units_returned,
            Count::UnitsCondemned => units_condemned,
            Count::Evas => evas,
            Count::Reboosts => reboosts,
            Count::AvoidanceBurns => avoidance_burns,
            Count::AvoidanceMissed => avoidance_missed,
            Count::CargoFlights => cargo_flights,
            Count::CargoLosses => cargo_losses,
            Count::CrewFlights => crew_flights,
            Count::CrewReductions => crew_reductions,
            Count::MedicalReturns => medical_returns,
            Count::LifeboatGaps => lifeboat_gaps,
            Count::DeCrewings => de_crewings,
        }
    }
}

/// What somebody who watches a station can also have observed, from the as-of date through the last day.
///
/// Kept only where [`Plan::measures`](crate::Plan) says so, and part of no run folder and no digest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Dockings of planned flights that failed, struck the station, were tried again, were done by hand because nobody
    /// held the station's attitude, or waited for it: each docking once. A wait for a free port is none.
    pub docking_troubles: u32,
    /// Elements shut for good; none is opened again.
    pub isolated_elements: u32,
    /// Days with nobody aboard, those after a loss of the station too.
    pub uncrewed_d: f64,
    /// What each stock holds at the end of the last day, kg, in the order of the station's stocks.
    pub stocks_kg: Vec<f64>,
    /// Units put back to work by a replacement after a failure, in the order of time.
    pub repairs: Vec<Repair>,
}

/// A failed unit was replaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repair {
    /// Place of its type in `Plan::types`.
    pub kind: u16,
    /// When it was back in service.
    pub at: Mjd,
    /// Days from the failure to that; the failure may lie before the as-of date.
    pub days: f64,
}

/// Everything one history leaves behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its number in the ensemble.
    pub history: u32,
    /// The world it lies in: `history / 20`.
    pub world: u32,
    /// The most severe state reached.
    pub end_state: EndState,
    /// First loss of crew or station, the breach of the tier `survives`.
    pub survives: Option<Breach>,
    /// First moment with fewer aboard than the plan asks for at least (or crew lost), the breach of the headline tier
    /// `crewed`.
    pub crewed: Option<Breach>,
    /// First crew reduction, lifeboat gap or exceeded limit, the breach of the tier `full`.
    pub full: Option<Breach>,
    /// Rungs reached, a bit each in the order of [`Rung::ALL`].
    pub rungs: u16,
    /// Counts.
    pub counts: Counts,
    /// Cargo delivered, kg.
    pub cargo_kg: f64,
    /// Hours of research by the whole crew.
    pub research_h: f64,
    /// Hours of upkeep by the whole crew.
    pub upkeep_h: f64,
    /// Propellant burned, kg.
    pub propellant_kg: f64,
    /// Share of the span in which a contingency deorbit was possible.
    pub deorbit_share: f64,
    /// Days each capability was short of what is required, in the order of `Plan::capabilities`.
    pub short_d: Vec<f32>,
    /// Unit failures by subsystem, in the order of `Plan::subsystems`.
    pub failures_by_subsystem: Vec<u32>,
    /// Unit failures by unit type, in the order of `Plan::types`.
    pub failures_by_type: Vec<u32>,
    /// Days from the as-of date to the first failure or due replacement that found no spare aboard,
    /// by unit type in the order of `Plan::types`; infinite where there was none.
    pub stock_out_d: Vec<f32>,
    /// Days to the first demand that the spares aboard at the as-of date do not cover, whatever
    /// flights bring: what the exact methods answer. Infinite where there was none.
    pub own_stock_d: Vec<f32>,
    /// Samples, row after row: `Plan::sample_dates` times `Plan::series`.
    pub samples: Vec<f32>,
    /// [`Self::survives`] by the station's own causes: systems, supply and rotation, without what others own that ends a tier
    /// at once (debris, ascent and entry, medical, fire).
    pub own_survives: Option<Breach>,
    /// [`Self::crewed`] by the station's own causes.
    pub own_crewed: Option<Breach>,
    /// Recorded years before it that did not go as they are known to have gone (nobody had to leave the station empty): a
    /// bit for each leg, in order.
    pub past_missed: u8,
    /// What else can have been observed, where the plan measures it.
    #[serde(skip)]
    pub measured: Option<Box<Measured>>,
}

impl Outcome {
    /// Returns whether the recorded years before it went as they are known to have gone.
    pub fn past_held(&self) -> bool {
        self.past_missed == 0
    }
}
