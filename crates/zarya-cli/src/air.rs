//! `zarya air`: life support on its own, for somebody who has no station file.

mod answer;
pub(crate) mod case_file;
mod hatch;
mod picture;
pub(crate) mod problem;
mod series;

use crate::Answer;
use crate::output::{self, Failure};
use case_file::CaseFile;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

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
  zarya air endurance station.toml --without roscosmos";

const RUN_HELP: &str = "\
Examples:
  zarya air run june-2005.toml
  zarya air run june-2005.toml --days 100 --step \"6 h\" --csv series.csv
  zarya air run june-2005.toml --svg series.svg
  zarya air run june-2005.toml --json -";

fn endurance_long_help() -> String {
    format!("{ENDURANCE_HELP}\n\n{FORM}")
}

fn hatch_long_help() -> String {
    format!("{HATCH_HELP}\n\n{FORM}")
}

fn run_long_help() -> String {
    format!("{RUN_HELP}\n\n{FORM}")
}

/// Arguments of `zarya air endurance`.
#[derive(Args)]
pub(crate) struct EnduranceArgs {
    /// The case, in TOML; `-` reads it from stdin.
    file: PathBuf,
    /// Take away what a partner provides (its processors and arrivals); may be repeated.
    #[arg(long, value_name = "PARTNER")]
    without: Vec<String>,
    /// Write the answer as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Arguments of `zarya air run`.
#[derive(Args)]
pub(crate) struct RunArgs {
    /// The case, in TOML; `-` reads it from stdin.
    file: PathBuf,
    /// Days to run.
    #[arg(long, default_value_t = 180.0, value_name = "D", allow_negative_numbers = true)]
    days: f64,
    /// Time between rows, with its unit. Rows are exact whatever the step.
    #[arg(long, default_value = "1 d", value_name = "STEP", allow_hyphen_values = true)]
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
}

/// Arguments of `zarya air hatch`.
#[derive(Args)]
pub(crate) struct HatchArgs {
    /// The case, in TOML; `-` reads it from stdin.
    file: PathBuf,
    /// The element behind the hatch; without it the zone that leaks.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Time from opening to opening, with its unit.
    #[arg(long, default_value = "7 d", value_name = "TIME", allow_hyphen_values = true)]
    every: String,
    /// Time the hatch then stays open, with its unit.
    #[arg(long, default_value = "12 h", value_name = "TIME", allow_hyphen_values = true)]
    open_for: String,
    /// Docking ports behind the hatch.
    #[arg(long, default_value_t = 1.0, value_name = "N", allow_negative_numbers = true)]
    ports: f64,
    /// Write the answer as JSON to PATH; `-` is stdout, which then holds JSON alone.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

/// Answers an `air` command.
pub(crate) fn answer(command: Air) -> Answer {
    match command {
        Air::Endurance(args) => endurance(&args),
        Air::Run(args) => run(&args),
        Air::Hatch(args) => price_hatch(&args),
    }
}

fn price_hatch(args: &HatchArgs) -> Answer {
    let (file, _) = read(&args.file)?;
    let asked = hatch::Asked {
        zone: args.zone.as_deref(),
        every: &args.every,
        open_for: &args.open_for,
        ports: args.ports,
    };
    let answer = hatch::compare(&file, &asked)?;
    if let Some(path) = &args.json {
        output::json(path, &hatch::json(&answer))?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&hatch::text(&answer))
}

fn endurance(args: &EnduranceArgs) -> Answer {
    let (mut file, known) = read(&args.file)?;
    check_partners(&args.without, &known)?;
    let whole = args.without.is_empty();
    let before = (!whole).then(|| zarya_systems::endurance::endurance(&file.case));
    let partners: Vec<&str> = args.without.iter().map(String::as_str).collect();
    file.case = file.case.without(&partners);
    let lasts = zarya_systems::endurance::endurance(&file.case);
    if let Some(path) = &args.json {
        let value = answer::json(&file, &lasts, before.as_ref(), &args.without);
        output::json(path, &value)?;
        if path == Path::new("-") {
            return Ok(());
        }
    }
    output::text(&answer::text(&file, &lasts, before.as_ref(), &args.without))
}

fn run(args: &RunArgs) -> Answer {
    let to_stdout = [&args.csv, &args.svg, &args.json]
        .into_iter()
        .filter(|path| path.as_deref() == Some(Path::new("-")))
        .count();
    if to_stdout > 1 {
        return Err(Failure::Usage(
            "only one of --csv, --svg and --json can be `-`: stdout holds one thing".to_owned(),
        ));
    }
    let step_days = zarya_units::Quantity::parse_in(&args.step, "d")
        .map_err(|error| Failure::Usage(format!("--step: {error}; such as \"6 h\"")))?;
    series::check_span(args.days, step_days).map_err(Failure::Usage)?;
    let (mut file, known) = read(&args.file)?;
    check_partners(&args.without, &known)?;
    let partners: Vec<&str> = args.without.iter().map(String::as_str).collect();
    file.case = file.case.without(&partners);
    let series = series::Series::new(&file, args.days, step_days);
    if let Some(path) = &args.csv {
        output::to_path(path, &series.csv())?;
    }
    if let Some(path) = &args.svg {
        output::to_path(path, &picture::svg(&series))?;
    }
    if let Some(path) = &args.json {
        output::json(path, &series.json())?;
    }
    if to_stdout > 0 { Ok(()) } else { output::text(&series.text()) }
}

/// Reads and checks a case; also returns the partners it knows of.
fn read(path: &Path) -> Result<(CaseFile, Vec<String>), Failure> {
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    }
    .map_err(|error| Failure::io(path, &error))?;
    let file = case_file::parse(&text).map_err(|problems| {
        Failure::Refused(problem::render(&path.display().to_string(), &text, &problems))
    })?;
    let mut partners: Vec<String> = file
        .case
        .running
        .iter()
        .map(|running| running.processor.partner.clone())
        .chain(file.case.arrivals.iter().filter_map(|arrival| arrival.partner.clone()))
        .collect();
    partners.sort();
    partners.dedup();
    Ok((file, partners))
}

fn check_partners(asked: &[String], known: &[String]) -> Answer {
    for partner in asked {
        let station = zarya_systems::coupling::station_table();
        let in_table =
            station.iter().flat_map(|c| &c.providers).any(|provider| provider.partner == *partner);
        if !in_table && !known.contains(partner) {
            let names =
                if known.is_empty() { "nasa, roscosmos".to_owned() } else { known.join(", ") };
            return Err(Failure::Refused(format!(
                "`{partner}` provides nothing in this case; known partners: {names}"
            )));
        }
    }
    Ok(())
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
