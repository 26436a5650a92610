//! Routine tasks and upgrades, and the hazards that remain.

use super::Value;
use zarya_units::Date;

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
    /// Crews that cannot be rotated, as the simulation finds it: no hazard of the files.
    CrewRotation,
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
    /// `"loss-of-crew-vehicle"`: one crew vehicle is lost with the people it brought; the others stay.
    LossOfCrewVehicle,
    /// `"evacuate"`: all leave.
    Evacuate,
    /// `"loss-of-station"`.
    LossOfStation,
    /// `"loss-of-crew"`: everybody aboard is lost.
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
