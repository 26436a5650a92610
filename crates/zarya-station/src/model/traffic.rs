//! Vehicles, pads, ports and the manifest.

use super::{Effect, Value};
use zarya_units::Date;

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
    /// `ascent_loss`: probability that a launch with people loses them. Optional: nobody is lost.
    pub ascent_loss: Option<Value>,
    /// `entry_loss`: probability that the people who leave in one are lost on the way down.
    /// Optional: nobody is lost.
    pub entry_loss: Option<Value>,
    /// `grounding`: days the launcher is grounded after a loss (median, with band).
    pub grounding_d: Value,
    /// `slip`: how far its launches slip.
    pub slip: Slip,
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
    /// `spares_volume`: m3 of spares a flight can carry. Optional: not limited.
    pub spares_volume_m3: Option<Value>,
    /// `return_capacity`: kg of removed units that a flight brings down whole. Default 0.
    pub return_capacity_kg: Value,
    /// `down_capacity`: kg that a flight can take away, trash and returned units together. Optional:
    /// what its planned lines say.
    pub down_capacity_kg: Option<Value>,
    /// `skills = { robotics = 2 }`: how many of its crew can do what, when all seats are taken.
    pub skills: Vec<(String, u32)>,
    /// `turnaround`: least days between flights of this type.
    pub turnaround_d: Value,
    /// `docking`: what can go wrong at the port. Optional: nothing.
    pub docking: Option<Docking>,
}

/// `docking` of a vehicle: what can go wrong each time one docks.
#[derive(Clone, Debug)]
pub struct Docking {
    /// `trouble`: share of dockings that come late, after a second try or by hand.
    pub trouble: Value,
    /// `retry`: how much later, d.
    pub retry_d: Value,
    /// `fails`: share that is given up: the cargo is lost to the station, a crew goes home.
    pub fails: Value,
    /// `strikes`: share that strikes the station.
    pub strikes: Value,
    /// `strike = [{ share = 0.9, effect = "shelter" }, …]`: what that does; the shares sum to 1. Needed where `strikes`
    /// may be more than zero.
    pub strike: Vec<(f64, Effect)>,
}

impl Vehicle {
    /// Keys of the probabilities of a flight with people, and the reason where a file has none.
    pub const FLIGHT_RISKS: [(&'static str, &'static str); 2] = [
        (
            "ascent_loss",
            "the file gives none: a crew that rides up is not lost, whatever the record of other ships",
        ),
        (
            "entry_loss",
            "the file gives none: a crew that rides down is not lost, whatever the record of other ships",
        ),
    ];
}

/// `slip` of a vehicle: how far its launches move from their planned dates.
#[derive(Clone, Debug)]
pub enum Slip {
    /// A quantity: the mean of an exponential, d. Whatever the lead; nothing flies early.
    Mean(Value),
    /// A table: most launches on time, the others moved, late or early, by a lognormal.
    Moves(Moves),
}

/// A `slip` in a table. Shares and sizes are those of a flight planned [`Moves::lead_d`] ahead.
#[derive(Clone, Debug)]
pub struct Moves {
    /// `on_time`: share that flies on its planned day.
    pub on_time: Value,
    /// `early`: share of the moved that fly early. Default 0.
    pub early: Value,
    /// `median`: median size of a move, d.
    pub median_d: Value,
    /// `tail`: how many times the median is the size that one move in ten exceeds.
    pub tail: Value,
    /// `chance_power`: the share on time is raised to the lead over `lead`, to this power. Default 0:
    /// the same at every lead.
    pub chance_power: Value,
    /// `size_power`: sizes grow as the lead over `lead`, to this power. Default 0.
    pub size_power: Value,
    /// `lead`: days ahead at which the numbers above hold. Default 180 d.
    pub lead_d: f64,
    /// `lead_most`: what is planned farther ahead moves as what is planned so far ahead. Default 365 d.
    pub lead_most_d: f64,
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

/// `[[shock]]`: a cause that moves several flights together.
#[derive(Clone, Debug)]
pub struct Shock {
    /// Id.
    pub id: String,
    /// Name: what happens, as the start of a sentence.
    pub name: String,
    /// `rate`, 1/y.
    pub rate_per_y: Value,
    /// `delay`: days by which each flight is put off, median with band.
    pub delay_d: Value,
    /// `scatter`: 95 % quantile over median of the delay from case to case.
    pub scatter: Value,
    /// `window`: flights planned within so many days are put off.
    pub window_d: f64,
    /// `launchers` that it hits: all their vehicles.
    pub launchers: Vec<String>,
    /// `pads` that it hits: all vehicles that start there.
    pub pads: Vec<String>,
    /// `vehicles` that it hits.
    pub vehicles: Vec<String>,
    /// `partners` that it hits: all their vehicles.
    pub partners: Vec<String>,
}

impl Shock {
    /// Returns whether it puts off flights of a vehicle.
    pub fn hits(&self, vehicle: &Vehicle) -> bool {
        self.launchers.contains(&vehicle.launcher)
            || self.pads.contains(&vehicle.pad)
            || self.vehicles.contains(&vehicle.id)
            || self.partners.contains(&vehicle.partner)
    }
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
    /// `date`: the day it docks; of a lost one the day of its loss.
    pub date: Date,
    /// `launch`: the day it is launched, where known. Optional; not after `date`.
    pub launch: Option<Date>,
    /// `stay`: planned days docked.
    pub stay_d: f64,
    /// `crew` it brings, 0 for cargo.
    pub crew: u32,
    /// `visit`: its crew comes and goes and relieves nobody. Default false.
    pub visit: bool,
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
