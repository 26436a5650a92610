//! What a history counts, and what a record can be compared with.

use crate::closed_set::closed_set;

closed_set! {
    /// A number that every history counts from the as-of date through the last day.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Count {
        Events = "events", "Events handled.";
        Failures = "failures", "Unit failures of all kinds.";
        Resets = "resets", "Failures cleared without a spare.";
        Replacements = "replacements", "Units replaced after failure.";
        ScheduledReplacements = "scheduled-replacements", "Units replaced at their life limit.";
        StockOuts = "stock-outs", "Failures that found no spare aboard.";
        Cannibalizations = "cannibalizations",
            "Working copies taken from another type for one whose capability was short.";
        UnitsReturned = "units-returned", "Removed units that were brought down for repair.";
        UnitsCondemned = "units-condemned", "Of those, the ones that could not be repaired.";
        Evas = "evas", "EVAs, planned and for repair.";
        Reboosts = "reboosts", "Reboosts.";
        AvoidanceBurns = "avoidance-burns", "Avoidance manoeuvres flown.";
        AvoidanceMissed = "avoidance-missed", "Avoidance manoeuvres that nobody could fly.";
        CargoFlights = "cargo-flights", "Cargo flights that arrived.";
        CargoLosses = "cargo-losses", "Cargo flights lost.";
        CrewFlights = "crew-flights", "Crew flights that arrived.";
        CrewReductions = "crew-reductions",
            "Times the crew fell below its nominal number other than by plan or for a medical reason.";
        MedicalReturns = "medical-returns",
            "Times a medical reason took part of the crew, or all, home early.";
        LifeboatGaps = "lifeboat-gaps", "Times somebody had no sound seat.";
        DeCrewings = "de-crewings", "Times nobody was aboard where somebody should be.";
    }
}

closed_set! {
    /// What a record can have observed: `what` of an `[[observation]]`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Observed {
        DeCrewings = "de-crewings", "Times nobody was aboard where somebody should be.";
        CrewFlights = "crew-flights", "Crew flights that arrived.";
        CrewReductions = "crew-reductions",
            "Times the crew fell below its nominal number other than by plan or for a medical reason.";
        Evas = "evas", "EVAs, planned and for repair.";
        AvoidanceBurns = "avoidance-burns", "Avoidance manoeuvres flown.";
        CargoFlights = "cargo-flights", "Cargo flights that arrived.";
        CargoLosses = "cargo-losses", "Cargo flights lost; `exposure` in flights.";
        CargoMassKg = "cargo-mass-kg", "Cargo delivered, kg.";
        LifeboatGaps = "lifeboat-gaps", "Times somebody had no sound seat.";
        MedicalReturns = "medical-returns",
            "Early returns for a medical reason (a hazard of the owner `medical`), which are no crew reductions.";
        Reboosts = "reboosts", "Reboosts.";
        Failures(oru "ORU-ID") = "failures", "Failures of one unit type; `exposure` in unit-years.";
    }
}

/// What a history has to be asked for an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks<'a> {
    /// A count.
    Count(Count),
    /// The cargo delivered, kg.
    CargoMass,
    /// The failures of a unit type.
    Failures(&'a str),
}

impl Observed {
    /// Returns what a history has to be asked for it.
    pub fn asks(&self) -> Asks<'_> {
        match self {
            Self::DeCrewings => Asks::Count(Count::DeCrewings),
            Self::CrewFlights => Asks::Count(Count::CrewFlights),
            Self::CrewReductions => Asks::Count(Count::CrewReductions),
            Self::Evas => Asks::Count(Count::Evas),
            Self::AvoidanceBurns => Asks::Count(Count::AvoidanceBurns),
            Self::CargoFlights => Asks::Count(Count::CargoFlights),
            Self::CargoLosses => Asks::Count(Count::CargoLosses),
            Self::CargoMassKg => Asks::CargoMass,
            Self::LifeboatGaps => Asks::Count(Count::LifeboatGaps),
            Self::MedicalReturns => Asks::Count(Count::MedicalReturns),
            Self::Reboosts => Asks::Count(Count::Reboosts),
            Self::Failures(oru) => Asks::Failures(oru),
        }
    }
}
