//! `zarya air`: life support on its own, of a case in a file or of a station.

use crate::export::ExportArgs;
use crate::{Answer, door, output};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use zarya::air::{endurance, hatch, run};
use zarya::{Data, Refusals, open};
use zarya_report::air as told;
use zarya_report::export::Exports;

const FORM: &str = "\
The case file:
  crew = 2
  volume = \"425 m3\"
  from = 2005-06-20         # from when dates count; may be left out
  seats = 3                 # refused if fewer than the crew; may be left out
  [stocks]                  # kg with unit, or pieces; [stocks.us] and
                            # [stocks.russian] too
  oxygen = \"110 kg\"         # also nitrogen, water, food (without packaging),
  candles = 40              # water-packed and food-packed (with containers),
                            # lioh-canisters, condensate, urine, brine, trash
  [running]                 # true is the design value; false, a rate, or
  elektron = false          # \"50 %\" of it; also oga, cdra-lab, cdra-node3,
  vozdukh = \"3 kg/d\"        # sabatier, upa, bpa, wpa, srv-k
  oga = { rate = \"9.2 kg/d\", on_below = \"20.5 kPa\", off_above = \"21.5 kPa\" }
                            # set points: on and off, or least = \"2.3 kg/d\"
                            # in between; a bed has on_above and off_below;
                            # class = 0 loses power last
  [leak]                    # a rate; or { rate, low, high, growth = \"0.5 1/y\" }
  station = \"0.06 kg/d\"     # or { hole = \"2 mm\" }; outflow = \"laminar\",
                            # zone = \"prk\"
  [[arrival]]
  date = 2005-08-18         # or day = \"59 d\"; partner = \"roscosmos\"
  oxygen = \"40 kg\"
  [[change]]                # crew, running, leak (a rate or \"67 %\" of it),
                            # hatch, eva, power, cooling
  date = 2005-07-01
  running = { elektron = true }
  [power]                   # what a segment's processors and loads can draw;
  us = \"20 kW\"              # not stated is enough; russian too, and
                            # transfer = \"1.5 kW\" sent across; \"channels\": the
                            # arrays, with the tables of zarya power --help
  [cooling]
  us = { loops = 2 }        # 35 kW each, or a quantity
  [[load]]                  # beside the processors; segment too
  id = \"science\"
  power = \"10 kW\"
  class = 3                 # 0 goes last
  [[process]]               # your own, per kg of its rate; must close for C, H,
  id = \"electrolysis\"       # O, N and ash
  rate = \"1 kg/d\"
  terms = { water = -18.015, oxygen = 15.999, hydrogen = 2.016 }
  [[zone]]                  # parts behind hatches, instead of `volume`
  id = \"prk\"                # volume, segment = \"russian\", crew,
                            # hatch = \"closed\"
  [limits]                  # defaults are printed with their sources
  oxygen_partial_pressure = { low = \"17 kPa\" }

A quantity is a number, a space and a unit. What the file does not state is not
invented: it is left out of the count, and the answer says so.";

/// Life support on its own.
#[derive(Subcommand)]
pub(crate) enum Air {
    /// Days until each stock and each cabin limit is reached, and which is first.
    ///
    /// Every number comes with its 5, 50 and 95 % over the published spreads of the rates, and the
    /// rates used are printed with their sources.
    #[command(after_help = ENDURANCE_HELP, after_long_help = endurance_long_help())]
    Endurance(EnduranceArgs),
    /// A time series: pressures, stores, and how far each element is from closing.
    ///
    /// With set points in the file, the series has a row more at each switching, so that the
    /// saw-tooth keeps its points whatever the step.
    #[command(after_help = RUN_HELP, after_long_help = run_long_help())]
    Run(RunArgs),
    /// What it costs to keep a leaking element open, closed, or opened on a schedule.
    ///
    /// Side by side: gas a day, gas to fill the element at each opening, docking ports given up,
    /// and the days that nitrogen, oxygen and the cabin then last.
    #[command(after_help = HATCH_HELP, after_long_help = hatch_long_help())]
    Hatch(HatchArgs),
}

const HATCH_HELP: &str = "\
Examples:
  zarya air hatch prk.toml        the zone that leaks, opened half a day a week
  zarya air hatch prk.toml --every \"30 d\" --open-for \"2 d\"
  zarya air hatch prk.toml --zone prk --ports 1 --json -
  zarya air hatch --station iss

The case file needs the station and the element as zones, and the element's
leak:
  crew = 7
  [[zone]]
  id = \"station\"
  volume = \"1005 m3\"
  [[zone]]
  id = \"prk\"
  volume = \"6 m3\"
  [leak]
  prk = \"1.68 kg/d\"
  [stocks]
  nitrogen = \"182 kg\"";

const ENDURANCE_HELP: &str = "\
Examples:
  zarya air endurance june-2005.toml
  zarya air endurance june-2005.toml --json -
  zarya air endurance station.toml --without roscosmos
  zarya air endurance --station iss";

const RUN_HELP: &str = "\
Examples:
  zarya air run june-2005.toml
  zarya air run june-2005.toml --days 100 --step \"6 h\" --csv series.csv
  zarya air run june-2005.toml --svg series.svg
  zarya air run june-2005.toml --json -
  zarya air run --station DIR --scenario later.toml";

fn endurance_long_help() -> String {
    format!("{ENDURANCE_HELP}\n\n{FORM}")
}

fn hatch_long_help() -> String {
    format!("{HATCH_HELP}\n\n{FORM}")
}

fn run_long_help() -> String {
    format!("{RUN_HELP}\n\n{FORM}")
}

/// Where a case comes from.
#[derive(Args)]
pub(crate) struct Source {
    /// The case, in TOML; `-` reads it from stdin. Or else --station.
    file: Option<PathBuf>,
    /// Take the case from a station instead: its folder, or the id of an embedded one.
    #[arg(long, value_name = "STATION")]
    station: Option<PathBuf>,
    /// An overlay file, or the name of one of the station's own scenarios; may be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
}

impl Source {
    /// Reads what is named, under its names.
    pub(crate) fn read(&self) -> Result<Data, Refusals> {
        let overlays: Vec<&Path> = self.scenario.iter().map(PathBuf::as_path).collect();
        let data = open::station(Data::embedded(), self.station.as_deref(), &overlays)?;
        let Some(path) = &self.file else { return Ok(data) };
        Ok(data.with_text(open::name(path), open::text(path)?))
    }

    /// The names of file, station and overlays.
    pub(crate) fn names(&self) -> (Option<String>, Option<String>, Vec<String>) {
        let file = self.file.as_deref().map(open::name);
        (file, door::name(self.station.as_deref()), door::names(&self.scenario))
    }
}

/// Arguments of `zarya air endurance`.
#[derive(Args)]
pub(crate) struct EnduranceArgs {
    #[command(flatten)]
    source: Source,
    /// Take away what a partner provides (its processors and arrivals); may be repeated.
    #[arg(long, value_name = "PARTNER")]
    without: Vec<String>,
    /// Write the answer as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Arguments of `zarya air run`.
#[derive(Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    source: Source,
    /// Days to run.
    #[arg(long, default_value_t = run::DAYS_DEFAULT, value_name = "D", allow_negative_numbers = true)]
    days: f64,
    /// Time between rows, with its unit. Rows are exact whatever the step.
    #[arg(long, default_value = run::STEP_DEFAULT, value_name = "STEP", allow_hyphen_values = true)]
    step: String,
    /// Take away what a partner provides (its processors and arrivals); may be repeated.
    #[arg(long, value_name = "PARTNER")]
    without: Vec<String>,
    /// Write the time series as CSV to PATH; `-` is stdout.
    #[arg(long, value_name = "PATH")]
    csv: Option<PathBuf>,
    /// Write a picture of the time series to PATH; `-` is stdout.
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    /// Write summary and series as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Arguments of `zarya air hatch`.
#[derive(Args)]
pub(crate) struct HatchArgs {
    #[command(flatten)]
    source: Source,
    /// The element behind the hatch; without it the zone that leaks.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Time from opening to opening, with its unit.
    #[arg(long, default_value = hatch::EVERY_DEFAULT, value_name = "TIME", allow_hyphen_values = true)]
    every: String,
    /// Time the hatch then stays open, with its unit.
    #[arg(long, default_value = hatch::OPEN_FOR_DEFAULT, value_name = "TIME", allow_hyphen_values = true)]
    open_for: String,
    /// Docking ports behind the hatch.
    #[arg(long, default_value_t = hatch::PORTS_DEFAULT, value_name = "N", allow_negative_numbers = true)]
    ports: f64,
    /// Write the answer as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// Answers an `air` command.
pub(crate) fn answer(command: Air, quiet: bool) -> Answer {
    match command {
        Air::Endurance(arguments) => endurance_of(arguments, quiet),
        Air::Run(arguments) => run_of(arguments, quiet),
        Air::Hatch(arguments) => hatch_of(arguments, quiet),
    }
}

fn endurance_of(arguments: EnduranceArgs, quiet: bool) -> Answer {
    let EnduranceArgs { source, without, json, export } = arguments;
    export.check()?;
    let (file, station, scenario) = source.names();
    let question = endurance::Question { file, station, scenario, without };
    let answer = door::ask(quiet, source.read(), |data, control| {
        endurance::answer(&question, data, control)
    })?;
    export.write(quiet, || Exports::of(&answer))?;
    output::answer(json.as_deref(), &answer, || told::endurance::text(&answer))
}

fn run_of(arguments: RunArgs, quiet: bool) -> Answer {
    let RunArgs { source, days, step, without, csv, svg, json, export } = arguments;
    export.check()?;
    let taken = output::one_on_stdout(&[("--csv", &csv), ("--svg", &svg), ("--json", &json)])?;
    let (file, station, scenario) = source.names();
    let question = run::Question { file, station, scenario, days, step, without };
    let answer =
        door::ask(quiet, source.read(), |data, control| run::answer(&question, data, control))?;
    if let Some(path) = &csv {
        output::to_path(path, &told::run::csv(&answer))?;
    }
    if let Some(path) = &svg {
        output::to_path(path, &told::run::svg(&answer))?;
    }
    if let Some(path) = &json {
        output::json(path, &answer)?;
    }
    export.write(quiet, || {
        Exports::of(&answer).with("picture", "The answer drawn", told::run::svg(&answer))
    })?;
    if taken { Ok(()) } else { output::text(&told::run::text(&answer)) }
}

fn hatch_of(arguments: HatchArgs, quiet: bool) -> Answer {
    let HatchArgs { source, zone, every, open_for, ports, json, export } = arguments;
    export.check()?;
    let (file, station, scenario) = source.names();
    let question = hatch::Question { file, station, scenario, zone, every, open_for, ports };
    let answer =
        door::ask(quiet, source.read(), |data, control| hatch::answer(&question, data, control))?;
    export.write(quiet, || Exports::of(&answer))?;
    output::answer(json.as_deref(), &answer, || told::hatch::text(&answer))
}

#[cfg(test)]
mod tests {
    /// The form is a table: a terminal that breaks its lines spoils it.
    #[test]
    fn help_fits_a_terminal() {
        for text in [super::FORM, super::HATCH_HELP, super::ENDURANCE_HELP, super::RUN_HELP] {
            assert_eq!(zarya_report::columns::fitted(text).trim_end(), text);
        }
    }
}
