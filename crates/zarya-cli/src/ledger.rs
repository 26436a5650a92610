//! `zarya ledger`: the dated conditions of a claim, without a simulation.

use crate::export::ExportArgs;
use crate::{Answer, door, output};
use clap::Args;
use std::path::PathBuf;
use zarya::units::Date;
use zarya::{Control, ledger};

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
    #[command(flatten)]
    export: ExportArgs,
}

/// Runs the command.
pub(crate) fn run(arguments: &Ledger, quiet: bool) -> Answer {
    arguments.export.check()?;
    let data = door::station(arguments.station.as_deref(), &arguments.scenario)?;
    let question = ledger::Question {
        station: door::name(arguments.station.as_deref()),
        through: arguments.through,
        scenario: door::names(&arguments.scenario),
    };
    let answer = ledger::answer(&question, &data, &Control::silent())?;
    arguments.export.write(quiet, || zarya_report::export::Exports::of(&answer))?;
    output::answer(arguments.json.as_deref(), &answer, || {
        zarya_report::ledger::text(&answer.ledger)
    })
}
