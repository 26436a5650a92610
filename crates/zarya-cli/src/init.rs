//! `zarya init`: an embedded station as files.

use crate::Answer;
use crate::output::{self, Failure};
use clap::Args;
use std::path::PathBuf;
use zarya::data::DEFAULT_STATION;
use zarya::stations::{self, WriteError};

const INIT_EXAMPLES: &str = "\
Examples:
  zarya init my-station                          the International Space Station
  zarya init lesson --station tiny               a small station with a comment on every key

Then change a file and run `zarya check my-station`.";

/// Write an embedded station into a folder, to read or to change.
#[derive(Args)]
#[command(after_help = INIT_EXAMPLES)]
pub(crate) struct InitArgs {
    /// Folder to write to; made if need be.
    folder: PathBuf,
    /// Which embedded station.
    #[arg(long, default_value = DEFAULT_STATION, value_name = "ID")]
    station: String,
    /// Write into a folder that is not empty, over files of the same name.
    #[arg(long)]
    force: bool,
}

/// Runs `zarya init`.
pub(crate) fn init(args: &InitArgs, quiet: bool) -> Answer {
    let written =
        stations::write(&args.folder, &args.station, args.force).map_err(|error| match error {
            WriteError::Unknown(_) => Failure::Usage(error.to_string()),
            WriteError::NotEmpty(_) => {
                Failure::Refused(format!("{error}: name another one, or add --force"))
            }
            _ => Failure::Io(error.to_string()),
        })?;
    if quiet {
        return Ok(());
    }
    let folder = args.folder.display();
    output::text(&format!(
        "{}: {} files written to {folder}\nnext: zarya check {folder}\n",
        args.station,
        written.len()
    ))
}
