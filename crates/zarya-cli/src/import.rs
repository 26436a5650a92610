//! `zarya import`: lists as spreadsheets hold them become files of a station.

use crate::output::{self, Failure};
use crate::{Answer, door};
use clap::Args;
use std::path::{Path, PathBuf};
use zarya::units::Date;
use zarya::{Control, import as importing, open};
use zarya_report::import as imported;
use zarya_report::refusals::in_words_of;

const EXAMPLES: &str = "\
Examples:
  zarya init my-station --station tiny
  zarya import my-station --units pumps.csv --serves water-recovery --segment core
  zarya import my-station --manifest flights.csv --known-from 2025-12-01
  zarya import my-station --units pumps.csv --dry-run     say what would be written
  zarya spares list --station my-station > all.csv        and out again

The list of units has the columns of `zarya spares` (`zarya spares demand --help`), with
`mass_kg`, and `capability` or --serves; `segment`, `error_factor`, `lead_time_d` and
`build_time_d` are read, too. Each subsystem becomes a file of orus/.

The manifest has a row for each flight:
  date            day of docking, 2026-09-15; or `launch`, alone or beside it
  vehicle         id of one of the station's vehicles
  stay_d          days docked; or `until`, a date
  id, crew        optional
  outcome         planned (default), flown or lost
  upgrades        ids, separated by semicolons or blanks
  food_kg, ...    cargo: a column for each stock, after its id, in kg or t
Flights are added to manifest.toml.

What a list states is `claimed`, with the file and its SHA-256 as the source (sources.toml);
what no list states is assumed, and said. Nothing is written unless the station loads with it.";

/// Make a list of units, or a manifest of flights, part of a station's files.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImportArgs {
    /// Folder of the station (`zarya init` makes one).
    station: PathBuf,
    /// CSV list of units; `-` for stdin.
    #[arg(long, value_name = "FILE.csv")]
    units: Option<PathBuf>,
    /// CSV manifest of flights; `-` for stdin.
    #[arg(long, value_name = "FILE.csv")]
    manifest: Option<PathBuf>,
    /// Name of the file of orus/ for units that name no subsystem [default: the list's].
    #[arg(long, value_name = "NAME")]
    subsystem: Option<String>,
    /// Capability that units without one in the list serve.
    #[arg(long, value_name = "CAPABILITY")]
    serves: Option<String>,
    /// Segment of units without one in the list [default: the station's only one].
    #[arg(long, value_name = "SEGMENT")]
    segment: Option<String>,
    /// The day since which the lists could be known [default: the station's as-of date].
    #[arg(long, value_name = "DATE")]
    known_from: Option<Date>,
    /// Replace files of orus/ that are there already.
    #[arg(long)]
    replace: bool,
    /// Write nothing, say what would be written.
    #[arg(long)]
    dry_run: bool,
    /// Write the answer, with the text of each file, as JSON to this file; `-` for stdout.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Runs `zarya import`.
pub(crate) fn import(args: &ImportArgs) -> Answer {
    let folder = &args.station;
    if !args.dry_run && !folder.is_dir() {
        let place = folder.display();
        return Err(Failure::Refused(format!(
            "{place} is no folder of a station\n  help: `zarya init {place}` writes one out; \
             --dry-run takes an embedded one, too"
        )));
    }
    let mut data = door::station(Some(folder), &[])?;
    let lists = [&args.units, &args.manifest];
    let n_stdin = lists.iter().filter(|path| path.as_deref() == Some(Path::new("-"))).count();
    if n_stdin > 1 {
        return Err(Failure::Usage("only one of --units and --manifest can be `-`".to_owned()));
    }
    for path in lists.into_iter().flatten() {
        data = data.with_text(path.display().to_string(), open::text(path)?);
    }
    let question = importing::Question {
        station: door::name(Some(folder)),
        units: door::name(args.units.as_deref()),
        manifest: door::name(args.manifest.as_deref()),
        subsystem: args.subsystem.clone(),
        serves: args.serves.clone(),
        segment: args.segment.clone(),
        known_from: args.known_from,
        replace: args.replace,
    };
    let answer = importing::answer(&question, &data, &Control::silent())?;
    if !args.dry_run {
        for file in &answer.files {
            let path = folder.join(&file.name);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| Failure::io(parent, &error))?;
            output::to_path(&path, &file.text)?;
        }
    }
    let place = folder.display().to_string();
    output::answer(args.json.as_deref(), &answer, || {
        in_words_of(&imported::text(&answer, &place, !args.dry_run), &door::typed)
    })
}
