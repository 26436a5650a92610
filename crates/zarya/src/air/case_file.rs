//! The form of a case file: TOML text in, a checked case or all its problems out.
//!
//! What is TOML, a quantity or a date, and how a problem is placed and shown, is `zarya-station`'s
//! ([`zarya_station::case`]); here stands what the tables of a case mean.

mod plant;
mod reading;
mod running;
mod supplies;
mod tables;

pub(crate) use plant::{Orbit, PowerFile};

use crate::data::Data;
use crate::refusal::Refusals;
use reading::{Names, Tables};
use zarya_station::case::{File, Node, Reader, Table};
use zarya_station::{Code, Diagnostic};
use zarya_systems::case::{CabinAir, Case, OfStation, Zone};
use zarya_units::Date;

/// A case and what only its source knows.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) case: Case,
    /// The day from which days count, where stated.
    pub(crate) from: Option<Date>,
    /// What a station does not state, or what is not counted of what it states.
    pub(crate) notes: Vec<String>,
}

const TOP: [&str; 21] = [
    "crew",
    "seats",
    "exercise",
    "volume",
    "from",
    "air",
    "stocks",
    "running",
    "process",
    "leak",
    "zone",
    "arrival",
    "change",
    "limits",
    "power",
    "cooling",
    "load",
    "orbit",
    "efficiency",
    "channel",
    "failure",
];

/// Reads the file of `zarya power` that a question names.
pub(crate) fn power_file(data: &Data, name: &str) -> Result<PowerFile, Refusals> {
    read(data, name, parse_power)
}

/// Reads the case that a question names.
pub(crate) fn case_file(data: &Data, name: &str) -> Result<Stated, Refusals> {
    read(data, name, parse)
}

fn read<T>(
    data: &Data,
    name: &str,
    parse: impl Fn(&str, &[u8]) -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Refusals> {
    let bytes = match data.bytes(name) {
        Some(bytes) => bytes, // What is no UTF-8 is refused with its place.
        None => data.text("file", name)?.as_bytes(),
    };
    parse(name, bytes)
        .map_err(|problems| Refusals::of_files(problems, vec![(name.to_owned(), bytes.to_vec())]))
}

/// Reads a file of `zarya power`, collecting every problem.
fn parse_power(name: &str, bytes: &[u8]) -> Result<PowerFile, Vec<Diagnostic>> {
    let file = File::parse(name, bytes)?;
    let mut tables = Tables { read: Reader::new(&file), from: None };
    match tables.power_file(file.root()) {
        Some(power) if tables.read.problems() == 0 => Ok(power),
        _ => Err(tables.read.finish()),
    }
}

/// Reads a case, collecting every problem.
fn parse(name: &str, bytes: &[u8]) -> Result<Stated, Vec<Diagnostic>> {
    let file = File::parse(name, bytes)?;
    let mut tables = Tables { read: Reader::new(&file), from: None };
    let stated = tables.case(file.root());
    if tables.read.problems() == 0 {
        for fault in stated.case.faults() {
            let span = tables.read.span_of(&fault.path);
            tables.read.problem(Code::CaseContradiction, span, fault.message, fault.help);
        }
    }
    if tables.read.problems() == 0 { Ok(stated) } else { Err(tables.read.finish()) }
}

impl Tables<'_> {
    fn case(&mut self, root: &Table) -> Stated {
        let entries = self.read.entries(root, "", &TOP);
        let find = |name: &str| entries.iter().find(|(key, _)| *key == name).map(|(_, v)| *v);
        let crew = if let Some(value) = find("crew") {
            self.read.count(value, "crew").unwrap_or(0.0)
        } else {
            self.read.problem(
                Code::CaseKeyMissing,
                Reader::START,
                "`crew` is missing",
                "add the number of people aboard, such as `crew = 2`",
            );
            0.0
        };
        self.from = find("from").and_then(|value| self.read.date(value));
        let seats =
            find("seats").and_then(|value| self.read.count(value, "seats")).map(|n| n as u32);
        let exercise_h = find("exercise").and_then(|value| {
            let hours = self.read.quantity(value, "h/d", "\"0.5 h/d\"")?;
            if (0.0..=8.0).contains(&hours) {
                return Some(hours);
            }
            let message = format!("{hours} hours of exercise a day");
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                message,
                "0 to 8 hours of hard exercise",
            );
            None
        });
        let volume = find("volume").and_then(|value| self.read.quantity(value, "m3", "\"916 m3\""));
        let zones = self.zones(find("zone"), volume, find("volume").is_some());
        let running = find("running").map_or_else(Vec::new, |value| self.running(value));
        let processes = find("process").map_or_else(Vec::new, |value| self.processes(value));
        let air = find("air").map_or_else(CabinAir::standard, |value| self.air(value));
        let leaks = find("leak").map_or_else(Vec::new, |value| self.leaks(value, &zones, &air));
        let stocks = find("stocks").map_or_else(Vec::new, |value| self.stocks(value));
        let arrivals = find("arrival").map_or_else(Vec::new, |value| self.arrivals(value));
        let changes = find("change")
            .map_or_else(Vec::new, |value| self.changes(value, &running, &leaks, &zones));
        let limits = self.limits(find("limits"));
        let channels = [find("orbit"), find("efficiency"), find("channel"), find("failure")];
        let supplies = self.supplies(find("power"), find("cooling"), find("load"), channels);
        Stated {
            case: Case {
                crew,
                seats,
                exercise_h,
                zones,
                air,
                stocks,
                running,
                processes,
                leaks,
                arrivals,
                changes,
                limits,
                supplies,
                of_station: OfStation::default(),
            },
            from: self.from,
            notes: Vec::new(),
        }
    }

    fn zones(&mut self, value: Option<&Node>, volume: Option<f64>, stated: bool) -> Vec<Zone> {
        let Some(value) = value else {
            if volume.is_none() && !stated {
                self.read.problem(
                    Code::CaseKeyMissing,
                    Reader::START,
                    "`volume` is missing",
                    "add the pressurized volume, such as `volume = \"425 m3\"`",
                );
            }
            return vec![Zone {
                id: "station".to_owned(),
                volume_m3: volume.unwrap_or(1.0),
                segment: None,
                crew: 0.0,
                open: true,
            }];
        };
        let mut zones = Vec::new();
        let mut ids = Names::default();
        for (index, (table, span)) in self.read.tables(value).into_iter().enumerate() {
            let path = format!("zone.{index}");
            if let Some(zone) = self.zone(table, span, &path)
                && self.new_id("zone", &zone.id, &mut ids, &path, span)
            {
                zones.push(zone);
            }
        }
        if stated {
            let span = self.read.span_of("volume");
            self.read.problem(
                Code::CaseContradiction,
                span,
                "`volume` together with [[zone]]",
                "leave `volume` out: the zones add up to it",
            );
        }
        if zones.is_empty() || zones.len() > zarya_systems::balance::ZONES {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("{} zones", zones.len()),
                format!("1 to {} zones", zarya_systems::balance::ZONES),
            );
            zones.truncate(zarya_systems::balance::ZONES);
        }
        zones
    }
}

#[cfg(test)]
mod tests;
