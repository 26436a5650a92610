//! `zarya check`: the files of a station, and its record.

use crate::export::ExportArgs;
use crate::output::{self, Failure};
use crate::watch::watched;
use crate::{Answer, door};
use clap::Args;
use std::path::PathBuf;
use zarya::{Control, check as checking, open, record};
use zarya_report::export::Exports;
use zarya_report::{check as checked, record as recorded};

const CHECK_EXAMPLES: &str = "\
Examples:
  zarya check                                    the embedded ISS
  zarya check my-station                         the files in the folder my-station
  zarya check --scenario as-of-2026-06           with one of the station's own scenarios
  zarya check --explain orbit.altitude           one value: basis, source, file and line
  zarya check --explain oru.gyroscope tiny       every value of one unit
  zarya check --record                           observed beside predicted, 2010 to 2026
  zarya check --record --seed 7 --worlds 100     the same on fewer, other worlds
  zarya check --record --observations seen.toml  your own observations scored by it

Exit status: 0 the station loads (warnings included), 1 it is refused, 3 a file cannot be read.";

/// Check station files: all problems at once, coverage of sources, one value explained.
#[derive(Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArgs {
    /// Folder of station files, or `iss` or `tiny` for an embedded station [default: iss].
    station: Option<PathBuf>,
    /// Scenario to apply: a file, or the name of one of the station's own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Beliefs to apply after the scenarios: a file, or a name. May be repeated.
    #[arg(long, value_name = "FILE")]
    beliefs: Vec<PathBuf>,
    /// Show one value (`oru.pump.mtbf`), or all under a path (`oru.pump`), with where it comes from.
    #[arg(long, value_name = "PATH")]
    explain: Option<String>,
    /// Play the recorded years on the same engine and set what was observed beside what is predicted.
    #[arg(long, conflicts_with = "explain")]
    record: bool,
    /// With --record: seed of worlds and chance.
    #[arg(long, default_value_t = record::SEED_DEFAULT, requires = "record",
          value_parser = clap::value_parser!(u64).range(0..=record::SEED_MAX))]
    seed: u64,
    /// With --record: worlds replayed; as many as those of `zarya assess` show the same record.
    #[arg(long, value_name = "N", default_value_t = record::WORLDS_DEFAULT, requires = "record",
          value_parser = clap::value_parser!(u32).range(
              i64::from(*record::WORLDS.start())..=i64::from(*record::WORLDS.end())))]
    worlds: u32,
    /// With --record: score the `[[observation]]` rows of a file, past and future; `-` for stdin.
    #[arg(long, value_name = "FILE", requires = "record")]
    observations: Option<PathBuf>,
    /// Write the answer as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Runs `zarya check`.
pub(crate) fn check(args: &CheckArgs, quiet: bool) -> Answer {
    args.export.check()?;
    let overlays: Vec<PathBuf> = args.scenario.iter().chain(&args.beliefs).cloned().collect();
    let data = door::station(args.station.as_deref(), &overlays)?;
    let question = checking::Question {
        station: door::name(args.station.as_deref()),
        scenario: door::names(&args.scenario),
        beliefs: door::names(&args.beliefs),
        explain: args.explain.clone(),
    };
    let answer = checking::answer(&question, &data, &Control::silent())?;
    let json = args.json.as_deref();
    if !answer.loads {
        if let Some(path) = json {
            output::json(path, &answer)?;
        }
        return Err(Failure::Refused(checked::text(&answer)));
    }
    if !args.record {
        args.export.write(quiet, || Exports::of(&answer))?;
        return output::answer(json, &answer, || checked::text(&answer));
    }
    let checking::Question { station, scenario, beliefs, .. } = question;
    let (seed, worlds) = (args.seed, args.worlds);
    let observations = door::name(args.observations.as_deref());
    let question = record::Question { station, scenario, beliefs, seed, worlds, observations };
    let data = match &args.observations {
        Some(path) => data.with_text(open::name(path), open::text(path)?),
        None => data,
    };
    let answer = watched(quiet, |control| record::answer(&question, &data, control))?;
    args.export.write(quiet, || Exports::of(&answer))?;
    output::answer(json, &answer, || recorded::text(&answer))
}
