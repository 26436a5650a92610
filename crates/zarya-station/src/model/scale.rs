//! What a break-even scales.

use super::{Hazard, Oru, Owner, Slip, Station, Value, Vehicle};
use crate::closed_set::closed_set;

closed_set! {
    /// An input of the answer that can be multiplied by a factor: `scale` of a `[[break_even]]`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Scale {
        FailureRates = "failure-rates", "Failure rates of all units.";
        Stocking = "stocking", "The span that spares were bought for.";
        LeadTimes = "lead-times", "Lead, build and turnaround times of spares.";
        Leak = "leak", "All leaks of air.";
        LaunchLoss = "launch-loss", "Probability that a launch is lost, of all vehicles.";
        AscentEntry = "ascent-entry", "Probability that a crew is lost on ascent or on entry, of all vehicles.";
        Slips = "slips", "Sizes of the slips of launches, of all vehicles, and delays of shocks.";
        Medical = "medical", "Rates of the hazards whose owner is `medical`.";
        Debris = "debris", "Rates of the hazards whose owner is `debris`.";
        ResetShare = "reset-share", "Share of failures cleared without a spare.";
        RepairHours = "repair-hours", "Crew hours of repairs, and delays of logistics.";
        RoutineIntervals = "routine-intervals", "Intervals at which routine tasks are done.";
        Hazard(id "ID") = "hazard", "Rate of one hazard.";
        Rates(subsystem "SUBSYSTEM") = "rates", "Failure rates of the units of one subsystem.";
    }
}

/// How a scale has to do with a value of the files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// The factor multiplies it.
    Multiplied(Value),
    /// An error factor (95 % over median) of what the factor multiplies.
    Spread(f64),
    /// It enters what the factor multiplies: the factor stands for an error in it as well.
    Enters,
}

/// A value of the files that a scale has to do with.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its path; it stands for all that lies below as well.
    pub path: String,
    /// How.
    pub role: Role,
}

/// Something that worlds draw once for many units, which no single value of the files holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedFactor<'a> {
    /// The factor on all failure rates.
    Rates,
    /// The factor on the failure rates of a subsystem.
    RatesOf(&'a str),
    /// The factor on crew hours of repairs and on delays of logistics.
    Repairs,
}

impl Moved {
    fn by(path: impl Into<String>, role: Role) -> Self {
        Self { path: path.into(), role }
    }
}

impl Scale {
    /// Returns the values of a station that it has to do with: what a plan multiplies, what its own
    /// band comes from, and which assumptions weigh as much as it does.
    pub fn moves(&self, station: &Station) -> Vec<Moved> {
        use Role::{Enters, Multiplied, Spread};
        let worlds = &station.worlds;
        let programme = || {
            let factor = worlds.programme_error_factor.value;
            Moved::by("worlds.programme_error_factor", Spread(factor))
        };
        let subsystem = |role| Moved::by("worlds.subsystem_error_factor", role);
        let of_orus = |subsystem: Option<&str>, fields: &[&str], role: &dyn Fn(&Oru) -> Role| {
            let mut found = Vec::new();
            for oru in &station.orus {
                if subsystem.is_none_or(|name| oru.subsystem == name) {
                    let path = |field: &&str| format!("oru.{}.{field}", oru.id);
                    found.extend(fields.iter().map(|f| Moved::by(path(f), role(oru))));
                }
            }
            found
        };
        let on_evas = |subsystem: Option<&str>| {
            let orus = station.orus.iter();
            orus.filter(|oru| subsystem.is_none_or(|name| oru.subsystem == name))
                .filter_map(|oru| {
                    let path = format!("oru.{}.per_eva.failures", oru.id);
                    Some(Moved::by(path, Multiplied(oru.per_eva?.failures)))
                })
                .collect::<Vec<_>>()
        };
        let rate_fields = ["mtbf", "error_factor", "rate_shape", "in_service", "duty"];
        match self {
            Self::FailureRates => {
                let mut found = vec![
                    programme(),
                    subsystem(Enters),
                    Moved::by("worlds.segment_error_factor", Enters),
                    Moved::by("worlds.experience_factor", Enters),
                ];
                found.extend(of_orus(None, &rate_fields, &|_| Enters));
                found.extend(of_orus(None, &["experience_factor"], &|_| Enters));
                found.extend(on_evas(None));
                found
            }
            Self::Rates(name) => {
                let mut found =
                    vec![programme(), subsystem(Spread(worlds.subsystem_error_factor.value))];
                found.extend(of_orus(Some(name), &rate_fields, &|_| Enters));
                found.extend(of_orus(Some(name), &["experience_factor"], &|_| Enters));
                found.extend(on_evas(Some(name)));
                found
            }
            Self::Stocking => {
                let mut found = vec![
                    Moved::by("worlds.resupply_gap", Multiplied(worlds.resupply_gap_d)),
                    Moved::by("worlds.stocking_confidence", Enters),
                ];
                found.extend(of_orus(None, &["spares"], &|_| Enters));
                found
            }
            Self::LeadTimes => {
                let mut found = of_orus(None, &["lead_time"], &|o| Multiplied(o.lead_time_d));
                found.extend(of_orus(None, &["build_time"], &|o| Multiplied(o.build_time_d)));
                for oru in &station.orus {
                    if let Some(repair) = &oru.ground_repair {
                        let path = format!("oru.{}.ground_repair.turnaround", oru.id);
                        found.push(Moved::by(path, Multiplied(repair.turnaround_d)));
                    }
                }
                found
            }
            Self::Leak => {
                let mut found = Vec::new();
                for element in &station.elements {
                    if let Some(leak) = &element.leak {
                        let path = format!("element.{}.leak", element.id);
                        let part = |part: &str| format!("{path}.{part}");
                        found.push(Moved::by(part("rate"), Multiplied(leak.rate_kg_d)));
                        found
                            .push(Moved::by(part("relapse_factor"), Multiplied(leak.relapse_kg_d)));
                        found.push(Moved::by(path, Enters));
                    }
                }
                let cabin = station.cabin.as_ref().and_then(|cabin| cabin.leak_kg_d);
                found.extend(cabin.map(|leak| Moved::by("cabin.leak", Multiplied(leak))));
                found
            }
            Self::LaunchLoss => vehicles(station, "loss", |vehicle| vehicle.loss),
            Self::AscentEntry => {
                let of = |field: &'static str, value: fn(&Vehicle) -> Option<Value>| {
                    station.vehicles.iter().filter_map(move |v| {
                        let path = format!("vehicle.{}.{field}", v.id);
                        Some(Moved::by(path, Multiplied(value(v)?)))
                    })
                };
                of("ascent_loss", |v| v.ascent_loss)
                    .chain(of("entry_loss", |v| v.entry_loss))
                    .collect()
            }
            Self::Slips => station
                .vehicles
                .iter()
                .map(|vehicle| match &vehicle.slip {
                    Slip::Mean(mean) => {
                        Moved::by(format!("vehicle.{}.slip", vehicle.id), Role::Multiplied(*mean))
                    }
                    Slip::Moves(moves) => Moved::by(
                        format!("vehicle.{}.slip.median", vehicle.id),
                        Role::Multiplied(moves.median_d),
                    ),
                })
                .chain(station.shocks.iter().map(|shock| {
                    Moved::by(format!("shock.{}.delay", shock.id), Role::Multiplied(shock.delay_d))
                }))
                .collect(),
            Self::Medical => hazards(station, |hazard| hazard.owner == Owner::Medical),
            Self::Debris => hazards(station, |hazard| hazard.owner == Owner::Debris),
            Self::Hazard(id) => hazards(station, |hazard| hazard.id == *id),
            Self::ResetShare => {
                let all = Moved::by("worlds.reset_share", Multiplied(worlds.reset_share));
                let own = station.orus.iter().filter_map(|oru| {
                    let share = oru.reset_share?;
                    Some(Moved::by(format!("oru.{}.reset_share", oru.id), Multiplied(share)))
                });
                std::iter::once(all).chain(own).collect()
            }
            Self::RoutineIntervals => {
                let mut found = Vec::new();
                for task in &station.tasks {
                    let path = format!("task.{}", task.id);
                    found.push(Moved::by(format!("{path}.every"), Multiplied(task.every_d)));
                    found.push(Moved::by(path, Enters));
                }
                found
            }
            Self::RepairHours => {
                let factor = worlds.repair_error_factor.value;
                let mut found = vec![Moved::by("worlds.repair_error_factor", Spread(factor))];
                found.extend(of_orus(None, &["repair.crew"], &|_| Enters));
                found
            }
        }
    }

    /// Whether a station has what it names.
    pub fn named_in(&self, station: &Station) -> bool {
        match self {
            Self::Hazard(id) => station.hazards.iter().any(|hazard| hazard.id == *id),
            Self::Rates(name) => station.orus.iter().any(|oru| oru.subsystem == *name),
            Self::FailureRates
            | Self::Stocking
            | Self::LeadTimes
            | Self::Leak
            | Self::LaunchLoss
            | Self::AscentEntry
            | Self::Slips
            | Self::Medical
            | Self::Debris
            | Self::ResetShare
            | Self::RepairHours
            | Self::RoutineIntervals => true,
        }
    }

    /// Returns the shared factor that it multiplies, beside the values of [`Scale::moves`].
    pub fn shared_factor(&self) -> Option<SharedFactor<'_>> {
        match self {
            Self::FailureRates => Some(SharedFactor::Rates),
            Self::Rates(subsystem) => Some(SharedFactor::RatesOf(subsystem)),
            Self::RepairHours => Some(SharedFactor::Repairs),
            Self::Stocking
            | Self::LeadTimes
            | Self::Leak
            | Self::LaunchLoss
            | Self::AscentEntry
            | Self::Slips
            | Self::Medical
            | Self::Debris
            | Self::ResetShare
            | Self::RoutineIntervals
            | Self::Hazard(_) => None,
        }
    }
}

fn vehicles(station: &Station, field: &str, value: impl Fn(&Vehicle) -> Value) -> Vec<Moved> {
    let of =
        |v: &Vehicle| Moved::by(format!("vehicle.{}.{field}", v.id), Role::Multiplied(value(v)));
    station.vehicles.iter().map(of).collect()
}

fn hazards(station: &Station, wanted: impl Fn(&Hazard) -> bool) -> Vec<Moved> {
    let mut found = Vec::new();
    for hazard in station.hazards.iter().filter(|hazard| wanted(hazard)) {
        let path = format!("hazard.{}", hazard.id);
        found.push(Moved::by(format!("{path}.rate"), Role::Multiplied(hazard.rate_per_y)));
        found.push(Moved::by(format!("{path}.outcomes"), Role::Enters));
    }
    found
}
