//! Routine tasks and upgrades, and the hazards that remain.

use super::Value;
use crate::closed_set::closed_set;
use zarya_units::Date;

/// `[[task]]`: routine, preventive work.
#[derive(Clone, Debug)]
pub struct Task {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `every`, d: the interval at which it is done.
    pub every_d: Value,
    /// `needed_every`, d: the interval at which what it protects needs it. Optional: `every` as filed.
    pub needed_every_d: Option<Value>,
    /// `crew`: hours each time.
    pub crew_h: Value,
    /// Segment.
    pub segment: String,
    /// `protects`: subsystem (file of `orus/`) whose units fail more while the task lapses.
    pub protects: String,
    /// `lapse_factor`: failure-rate factor once the task is `lapse_after` late; it grows there from 1 by the
    /// same ratio each day, and goes no further.
    pub lapse_factor: Value,
    /// `lapse_after`, d late.
    pub lapse_after_d: Value,
}

impl Task {
    /// Why `needed_every` is `every` where a file does not state it.
    pub const NEEDED_WHY: &str = "done as often as it is needed, by default";

    /// Returns the default that the wear of late work rests on where no file states it: path, value, reason.
    pub(crate) fn unstated(&self) -> Option<(String, String, &'static str)> {
        let path = || format!("task.{}.needed_every", self.id);
        self.needed_every_d
            .is_none()
            .then(|| (path(), format!("{} d", self.every_d.value), Self::NEEDED_WHY))
    }
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

closed_set! {
    /// Who owns a probability: `owner` of a `[[hazard]]`, in the order of an answer's `owners`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Owner {
        Systems = "systems", "Station systems and supply: the part that is computed here.";
        Debris = "debris", "Meteoroids and debris: hazards of the files, passed through.";
        CrewTransport = "crew-transport", "Crew transport: crews lost on ascent and entry, and hazards of the files, passed through.";
        Medical = "medical", "Medical: hazards of the files, passed through.";
        FireToxicCollision = "fire-toxic-collision",
            "Fire, toxic release, collision: hazards of the files, passed through.";
        CrewRotation = "crew-rotation",
            "Crews that cannot be rotated, flights that are late or lost, partners that leave, as the simulation finds them: no hazard of the files.";
    }
}

/// What an owner is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerLabel {
    /// As part of a longer name.
    pub name: &'static str,
    /// As the subject of a sentence.
    pub subject: &'static str,
    /// In a narrow column: 22 letters or fewer.
    pub column: &'static str,
    /// At the head of a row, with a capital.
    pub title: &'static str,
}

impl Owner {
    /// Returns who owns what a cause with another behind it has done: whoever owns the root, unless that is the
    /// systems', else whoever owns the direct one.
    pub fn of_cause(direct: Self, root: Self) -> Self {
        if root == Self::Systems { direct } else { root }
    }

    /// How many there are.
    pub const COUNT: usize = Self::WORDS.len();

    /// Returns its key in an answer: the word of the files with `_` for `-`.
    pub fn key(self) -> String {
        self.form().replace('-', "_")
    }

    /// Returns the owner of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::every("").into_iter().find(|owner| owner.key() == key)
    }

    /// Whether the simulation computes it; what it does not is passed through from the files.
    pub fn is_computed(self) -> bool {
        match self {
            Self::Systems | Self::CrewRotation => true,
            Self::Debris | Self::CrewTransport | Self::Medical | Self::FireToxicCollision => false,
        }
    }

    /// Whether files can name it.
    pub fn is_of_files(self) -> bool {
        match self {
            Self::Systems
            | Self::Debris
            | Self::CrewTransport
            | Self::Medical
            | Self::FireToxicCollision => true,
            Self::CrewRotation => false,
        }
    }

    /// Returns what it is called.
    pub fn label(self) -> OwnerLabel {
        let (name, subject, column, title) = match self {
            Self::Systems => {
                ("systems", "systems", "systems and supply", "Station systems and supply")
            }
            Self::Debris => ("debris", "debris", "debris", "Meteoroids and debris"),
            Self::CrewTransport => {
                ("crew transport", "crew transport", "crew vehicle hazards", "Crew vehicle hazards")
            }
            Self::Medical => ("medical", "medical", "medical", "Medical"),
            Self::FireToxicCollision => (
                "fire, toxic release, collision",
                "fire, toxic release and collision",
                "fire, toxic, collision",
                "Fire, toxic release, collision",
            ),
            Self::CrewRotation => {
                ("crew rotation", "crew rotation", "crew rotation", "Crew rotation")
            }
        };
        OwnerLabel { name, subject, column, title }
    }
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
    /// `{ stand_down = "segment", duration = "280 d", urgent_share = 0.9 }`: planned spacewalks of a segment
    /// stop for a while; those that a short capability waits for fly with that probability.
    StandDown {
        /// Segment.
        segment: String,
        /// Days without planned spacewalks.
        duration_d: Value,
        /// Share of urgent repairs that are flown all the same.
        urgent_share: Value,
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

closed_set! {
    /// How an effect is written: a word, or the first key of a table.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum EffectWord {
        None = "none", "An event that is counted only.";
        Shelter = "shelter", "The crew shelters in vehicles, hours to a day.";
        Disable = "disable", "A capability is out for a while.";
        StandDown = "stand_down",
            "Planned spacewalks of a segment stop for a while; urgent ones fly with a probability.";
        Isolate = "isolate", "An element is shut for good.";
        Leak = "leak", "A leak opens.";
        LossOfEscapeVehicle = "loss-of-escape-vehicle", "One docked crew vehicle is unusable.";
        CrewReduction = "crew-reduction", "One crew vehicle leaves.";
        LossOfCrewVehicle = "loss-of-crew-vehicle",
            "One crew vehicle is lost with the people it brought; the others stay.";
        Evacuate = "evacuate", "All leave.";
        LossOfStation = "loss-of-station", "The station is lost.";
        LossOfCrew = "loss-of-crew", "Everybody aboard is lost.";
    }
}

impl Effect {
    /// Returns how it is written.
    pub fn word(&self) -> EffectWord {
        match self {
            Self::None => EffectWord::None,
            Self::Shelter => EffectWord::Shelter,
            Self::Disable { .. } => EffectWord::Disable,
            Self::StandDown { .. } => EffectWord::StandDown,
            Self::Isolate { .. } => EffectWord::Isolate,
            Self::Leak { .. } => EffectWord::Leak,
            Self::LossOfEscapeVehicle => EffectWord::LossOfEscapeVehicle,
            Self::CrewReduction => EffectWord::CrewReduction,
            Self::LossOfCrewVehicle => EffectWord::LossOfCrewVehicle,
            Self::Evacuate => EffectWord::Evacuate,
            Self::LossOfStation => EffectWord::LossOfStation,
            Self::LossOfCrew => EffectWord::LossOfCrew,
        }
    }

    /// Returns the capability that it takes away.
    pub fn disables(&self) -> Option<&str> {
        match self {
            Self::Disable { capability, .. } => Some(capability),
            Self::None
            | Self::Shelter
            | Self::StandDown { .. }
            | Self::Isolate { .. }
            | Self::Leak { .. }
            | Self::LossOfEscapeVehicle
            | Self::CrewReduction
            | Self::LossOfCrewVehicle
            | Self::Evacuate
            | Self::LossOfStation
            | Self::LossOfCrew => None,
        }
    }
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
