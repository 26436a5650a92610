//! `zarya ledger`: the dated conditions of a claim, without a simulation.

use crate::Answer;
use crate::output::{self, Failure};
use clap::Args;
use std::path::{Path, PathBuf};
use zarya::open::{self, OpenError};
use zarya_units::Date;

/// Lists the dated conditions of a claim: what lapses on paper, what contradicts what.
#[derive(Args)]
#[command(after_help = "\
A certificate or commitment breaks the claim on paper when it is in force, dated to the day or
year, and over before the claim's last day ends. Expired is not unsafe: design lives already past,
statements and vague dates are warnings. Contracts are listed apart.

Examples:
  zarya ledger                           the embedded ISS and its own claim
  zarya ledger --through 2030-12-31      the same for a later claim
  zarya ledger DIR --json -              your own station, as JSON on stdout
  zarya ledger --scenario as-of-2026-06  with one of the station's scenarios")]
pub(crate) struct Ledger {
    /// Station folder, or the id of an embedded station [default: the embedded ISS].
    station: Option<PathBuf>,
    /// The claim's last day, inclusive [default: as in claim.toml].
    #[arg(long, value_name = "DATE")]
    through: Option<Date>,
    /// An overlay file, or the name of one of the station's own scenarios; may be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Write the ledger as JSON to a file, or to stdout with `-`.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Ledger) -> Answer {
    let overlays: Vec<&Path> = arguments.scenario.iter().map(PathBuf::as_path).collect();
    let station = open::station(arguments.station.as_deref(), &overlays)
        .map_err(|error| match error {
            OpenError::Io(..) => Failure::Io(error.to_string()),
            _ => Failure::Refused(error.to_string()),
        })?
        .station;
    let through = arguments.through.unwrap_or(station.claim.through);
    let as_of = station.identity.as_of;
    if through <= as_of {
        return Err(Failure::Refused(format!(
            "the claim's last day {through} is not after the station's as-of date {as_of}: choose a \
             later --through"
        )));
    }
    let ledger = zarya::assess::ledger(&station, through);
    if let Some(path) = &arguments.json {
        output::json(path, &ledger)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&zarya::terminal::ledger(&ledger))
}
