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
        RepairDays(oru "ORU-ID") = "repair-days",
            "Median days from a failure to the replaced unit's being back in service, over the replacements finished in the span.";
        OutageDays(capability "CAPABILITY-ID") = "outage-days",
            "Days with people aboard on which a capability was below what is required of it, and no stock covered for it.";
        Stock(stock "STOCK-ID") = "stock", "What a stock holds at the end of the day `through`, kg.";
        DockingTroubles = "docking-troubles",
            "Dockings that failed, struck the station, were tried again, or met a station whose attitude nobody held.";
        UncrewedDays = "uncrewed-days", "Days with nobody aboard.";
        IsolatedElements = "isolated-elements", "Elements shut for good in the span.";
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
    /// The median days of the replacements of a unit type.
    RepairDays(&'a str),
    /// The days a capability was short.
    OutageDays(&'a str),
    /// The level of a stock at the end, kg.
    Stock(&'a str),
    /// The troubled dockings.
    DockingTroubles,
    /// The days with nobody aboard.
    UncrewedDays,
    /// The elements shut for good.
    IsolatedElements,
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
            Self::RepairDays(oru) => Asks::RepairDays(oru),
            Self::OutageDays(capability) => Asks::OutageDays(capability),
            Self::Stock(stock) => Asks::Stock(stock),
            Self::DockingTroubles => Asks::DockingTroubles,
            Self::UncrewedDays => Asks::UncrewedDays,
            Self::IsolatedElements => Asks::IsolatedElements,
        }
    }

    /// Returns what its number is.
    pub fn nature(&self) -> Nature {
        match self {
            Self::DeCrewings
            | Self::CrewFlights
            | Self::CrewReductions
            | Self::Evas
            | Self::AvoidanceBurns
            | Self::CargoFlights
            | Self::CargoLosses
            | Self::LifeboatGaps
            | Self::MedicalReturns
            | Self::Reboosts
            | Self::Failures(_)
            | Self::DockingTroubles
            | Self::IsolatedElements => Nature::Count,
            Self::CargoMassKg => Nature::Mass,
            Self::OutageDays(_) | Self::UncrewedDays => Nature::Days,
            Self::RepairDays(_) => Nature::Median,
            Self::Stock(_) => Nature::Level,
        }
    }

    /// Returns what `exposure` of it is counted in, where it takes one.
    pub fn exposure_in(&self) -> Option<&'static str> {
        match self {
            Self::Failures(_) => Some("unit-years"),
            Self::CargoLosses => Some("flights"),
            Self::DeCrewings
            | Self::CrewFlights
            | Self::CrewReductions
            | Self::Evas
            | Self::AvoidanceBurns
            | Self::CargoFlights
            | Self::CargoMassKg
            | Self::LifeboatGaps
            | Self::MedicalReturns
            | Self::Reboosts
            | Self::RepairDays(_)
            | Self::OutageDays(_)
            | Self::Stock(_)
            | Self::DockingTroubles
            | Self::UncrewedDays
            | Self::IsolatedElements => None,
        }
    }
}

/// What the number of an observation is, and with it what may be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A whole number of events or things in a span; two spans add up.
    Count,
    /// Kilograms moved in a span; two spans add up.
    Mass,
    /// Days of a span on which something held; two spans add up.
    Days,
    /// Days each of some events took, in the median: of two spans it does not add up, and a history without such an
    /// event has none.
    Median,
    /// Kilograms at the end of a day: of a span only the last day counts.
    Level,
}

impl Nature {
    /// Returns whether a longer span has more of it, in the mean.
    pub fn adds_up(self) -> bool {
        match self {
            Self::Count | Self::Mass | Self::Days => true,
            Self::Median | Self::Level => false,
        }
    }

    /// Returns whether worlds can be weighted by it. Days that are mostly none, and a median of few, have no
    /// likelihood here.
    pub fn weighs(self) -> bool {
        match self {
            Self::Count | Self::Mass | Self::Level => true,
            Self::Days | Self::Median => false,
        }
    }
}
