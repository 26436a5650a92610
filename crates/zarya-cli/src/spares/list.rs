//! Where the units come from, a CSV file or a station, and how long a period is.

use super::{positive, units};
use crate::door;
use crate::output::Failure;
use clap::Args;
use std::path::{Path, PathBuf};
use zarya::supply;
use zarya_reliability::unit::Unit;
use zarya_station::Station;
use zarya_units::Date;

/// Where the units are and how long a period is.
#[derive(Args)]
pub(super) struct List {
    /// CSV list of units, or - for stdin. Or else give --station.
    #[arg(value_name = "UNITS.csv", conflicts_with = "station")]
    units: Option<PathBuf>,
    /// Take the units of a station at their central values: a folder of station files, or `iss` or
    /// `tiny` for an embedded station.
    #[arg(long, value_name = "STATION", conflicts_with = "prior_weight")]
    station: Option<PathBuf>,
    /// Scenario to apply to the station: a file, or the name of one of its own. May be repeated.
    #[arg(long, value_name = "FILE", conflicts_with = "units")]
    scenario: Vec<PathBuf>,
    /// Days of one period.
    #[arg(long, value_name = "DAYS", value_parser = positive, allow_negative_numbers = true,
        conflicts_with = "through")]
    period_d: Option<f64>,
    /// Last day of the period, inclusive; it starts on the station's as-of date.
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "units")]
    through: Option<Date>,
}

/// Units with what a reader should know of them.
pub(super) struct Listed {
    pub(super) units: Vec<Unit>,
    pub(super) notes: Vec<String>,
    /// Whether each unit has a mass.
    pub(super) has_mass: bool,
    /// Days of one period.
    pub(super) period_d: f64,
    /// File or station, for messages.
    pub(super) name: String,
    pub(super) station: Option<Station>,
}

impl List {
    /// Whether the units come from a station.
    pub(super) fn of_a_station(&self) -> bool {
        self.station.is_some()
    }

    pub(super) fn read(&self, prior_weight: f64) -> Result<Listed, Failure> {
        self.read_claimed(prior_weight, false)
    }

    /// Reads; with `claimed`, a station's period ends with its claim where nothing says otherwise.
    pub(super) fn read_claimed(&self, prior_weight: f64, claimed: bool) -> Result<Listed, Failure> {
        match (&self.units, &self.station) {
            (Some(path), _) => self.of_file(path, prior_weight),
            (None, Some(path)) => self.of_station(path, claimed),
            (None, None) => Err(Failure::Usage(
                "nothing says which units are meant\n  help: give UNITS.csv (or - for stdin), or \
                 --station"
                    .to_owned(),
            )),
        }
    }

    fn of_file(&self, path: &Path, prior_weight: f64) -> Result<Listed, Failure> {
        let period_d = self.period_d.ok_or_else(|| {
            Failure::Usage("--period-d is missing\n  help: give the days of one period".to_owned())
        })?;
        let list = units::read(path, prior_weight)?;
        Ok(Listed {
            units: list.units,
            notes: list.notes,
            has_mass: list.has_mass,
            period_d,
            name: path.display().to_string(),
            station: None,
        })
    }

    fn of_station(&self, path: &Path, claimed: bool) -> Result<Listed, Failure> {
        let (_, opened) = door::opened(Some(path), &self.scenario)?;
        let station = opened.station;
        let as_of = station.identity.as_of;
        let period_d = match (self.period_d, self.through) {
            (Some(days), _) => days,
            // As in `zarya assess`: both the as-of date and the last day are whole.
            (None, Some(through)) if as_of <= through => through.mjd() - as_of.mjd() + 1.0,
            (None, Some(through)) => {
                return Err(Failure::Usage(format!(
                    "--through {through} is before the station's as-of date, {as_of}"
                )));
            }
            (None, None) if claimed => station.claim.through.mjd() - as_of.mjd() + 1.0,
            (None, None) => {
                return Err(Failure::Usage(
                    "nothing says how long the period is\n  help: give --period-d or --through"
                        .to_owned(),
                ));
            }
        };
        let worlds = &station.worlds;
        let mut notes = vec![
            format!(
                "{}, as of {as_of}: rates are duty / mtbf, times {} by experience (or a \
                 type's own factor; 1 if counted in service), less the share cleared by a reset; life limits are times {}",
                opened.origin, worlds.experience_factor.value, worlds.life_limit_factor.value,
            ),
            "left out: common cause, ages of today, crew hours and time of repairs, ground spares \
             and flights, and what is not known of the rates (--shape, --error-factor)"
                .to_owned(),
        ];
        if self.period_d.is_none() && self.through.is_none() {
            notes.push(format!(
                "the period ends on {}, the last day of the station's claim; set --through or --period-d",
                station.claim.through
            ));
        }
        Ok(Listed {
            units: supply::units(&station),
            notes,
            has_mass: true,
            period_d,
            name: opened.origin,
            station: Some(station),
        })
    }
}

impl Listed {
    /// Gives unit types of a station whose spares nobody has published what its stocking policy
    /// would have aboard. A file has no policy.
    pub(super) fn stock_by_policy(&mut self) {
        let Some(station) = &self.station else { return };
        let unknown = self.units.iter().filter(|unit| unit.stock.is_none()).count();
        self.units = supply::stocked(station);
        if unknown > 0 {
            let worlds = &station.worlds;
            self.notes.push(format!(
                "spares aboard are unknown for {unknown} of {} unit types: theirs are what a stocking \
                 policy would have bought, {} that all last {} d",
                self.units.len(),
                worlds.stocking_confidence.value,
                worlds.resupply_gap_d.value,
            ));
        }
    }
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| error.to_string())
}
