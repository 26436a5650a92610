//! `zarya power`: what the arrays can give and the loads ask, with cooling and attitude, by date.

use crate::air::Source;
use crate::export::ExportArgs;
use crate::{Answer, door, output};
use clap::Args;
use std::path::PathBuf;
use zarya::power;

const HELP: &str = "\
Examples:
  zarya power station.toml
  zarya power station.toml --step \"7 d\" --svg power.svg
  zarya power station.toml --json -
  zarya power --station iss

The file; only `from` is needed, all else has the station's own values, which
the answer lists:
  from = 2025-07-01
  through = 2030-12-31
  crew = 7                  # for the heat of bodies
  dynamic = true            # docking and reboost: the converters pass 6 kW, not
                            # 1.5
  [orbit]
  altitude = \"415 km\"       # inclination, node on the first day; or a fixed
                            # beta
  [efficiency]              # degradation = { value = \"1.5 %/y\", low = ..,
  battery = \"80 %\"          # high = .. }
  [[load]]                  # what is asked; class 0 is shed last
  id = \"core\"
  power = \"40 kW\"
  class = 0
  segment = \"us\"            # or russian: through the converters
  [[failure]]               # one thing each; `until` is the day of the repair
  date = 2026-03-01
  until = 2026-06-01
  pair = 1                  # or wing, rollout, charger, battery,
                            # channel = \"2B\"; loop, radiators = \"A\";
                            # gyroscopes = 1; thrusters = true;
                            # computers = true;
                            # share = \"50 %\" of a wing, array or radiator
  [[channel]]               # your own, instead of the station's eight
  id = \"2B\"
  wing = \"31 kW\"
  wing_since = 2000-12-03
  rollout = \"20 kW\"
  rollout_since = 2021-06-20
  [[loop]]                  # your own, instead of A and B of 35 kW
  id = \"A\"
  capacity = \"35 kW\"
  [attitude]                # gyroscopes = 4, thrusters, computers, propellant,
  propellant = \"800 kg\"     # momentum a day

The load with the id `gyroscopes` carries the gyroscopes, if there is one.
Neighboring channels share a main switching unit: pair 1 is the first two.";

/// What the arrays give and the loads ask, with cooling and attitude, by date.
///
/// Capability is what sources can give around an orbit, averaged over light and shadow; margin is
/// what loads leave of it. Sources disagree on how fast arrays lose power (0.5 to 2 % a year), so
/// each answer has three ends: slow, middle and fast. Loads are shed by class when power or cooling
/// is short, and gyroscopes need both.
#[derive(Args)]
#[command(after_help = HELP)]
pub(crate) struct PowerArgs {
    #[command(flatten)]
    source: Source,
    /// Time between rows, with its unit; days on which something fails or is repaired come on top.
    /// Without it 30 d, or longer so that a table has 24 rows.
    #[arg(long, value_name = "STEP", allow_hyphen_values = true)]
    step: Option<String>,
    /// Write a picture over the dates to PATH; `-` is stdout.
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    /// Write the answer as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Answers `zarya power`.
pub(crate) fn power(arguments: PowerArgs, quiet: bool) -> Answer {
    let PowerArgs { source, step, svg, json, export } = arguments;
    export.check()?;
    let taken = output::one_on_stdout(&[("--svg", &svg), ("--json", &json)])?;
    let (file, station, scenario) = source.names();
    let question = power::Question { file, station, scenario, step };
    let answer =
        door::ask(quiet, source.read(), |data, control| power::answer(&question, data, control))?;
    if let Some(path) = &svg {
        output::to_path(path, &zarya_report::power::svg(&answer))?;
    }
    if let Some(path) = &json {
        output::json(path, &answer)?;
    }
    export.write(quiet, || {
        let drawn = zarya_report::power::svg(&answer);
        zarya_report::export::Exports::of(&answer).with("picture", "The answer drawn", drawn)
    })?;
    if taken { Ok(()) } else { output::text(&zarya_report::power::text(&answer)) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn help_fits_a_terminal() {
        assert_eq!(zarya_report::columns::fitted(super::HELP).trim_end(), super::HELP);
    }
}
