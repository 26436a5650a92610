//! `zarya spares`: how many spares are needed, whether those at hand last, which to carry.

use crate::export::ExportArgs;
use crate::output::Failure;
use crate::watch::watched;
use crate::{door, output};
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use zarya::refusal::About;
use zarya::spares::allocate::{Budget, FlightAsked};
use zarya::spares::demand::Fleets;
use zarya::spares::sufficiency::{Factors, Need};
use zarya::spares::{LifeLimits, PRIOR_WEIGHT_DEFAULT, RATES_TIMES_DEFAULT, Repair};
use zarya::spares::{allocate, demand, list, sufficiency};
use zarya::units::Date;
use zarya::{Data, Refusals, open};
use zarya_report::export::Exports;
use zarya_report::spares as report;

/// Questions about spares, on a plain CSV of units or on a station.
#[derive(Subcommand)]
pub(crate) enum Spares {
    /// How many spares are needed, period by period, as a whole distribution.
    Demand(DemandArgs),
    /// Whether the spares at hand last, and to when.
    Sufficiency(SufficiencyArgs),
    /// The lightest stock that reaches a probability, proven.
    Allocate(AllocateArgs),
    /// The units of a station as a list that these commands and `zarya import` read, as CSV.
    List(ListArgs),
}

const CSV_HELP: &str = "\
The list of units is a table with a header, as a spreadsheet saves it: separated by
commas, semicolons or tabs; a decimal comma where it can be nothing else. The order of
columns is free; empty rows are passed over, a row of totals is left out and said:
  id            name of the unit type, unique
  mtbf_h        mean time between failures (or mtbf_d, mtbf_y); or its inverse,
                failure_rate_per_h or lambda_per_h (or _per_million_h, _per_d, _per_y),
                failures_per_million_h or fpmh, fit (per 10^9 h)
  quantity      installed, default 1
  group         units that stop together while one of them is repaired
  life_limit_d  calendar life limit (or _h, _y); 0 or empty: none
  mass_kg       mass of one spare
  running_h     hours run in one period, default all of it
  copies        identical installations, default 1
  shared        yes: one set serves the whole fleet
  age_d         age at the start (or _h, _y), default new
  ready_d       days until a spare can fly; external: yes where it flies outside
  subsystem, capability, required, stock, volume_m3, crew_h, eva,
  k_factor, duty_cycle, dormant_share        all optional
  law           exponential (default), weibull:SHAPE, lognormal:ERROR_FACTOR,
                early:WEAK_SHARE:WEAK_MTBF_D, empirical:DAYS;DAYS+;... (or 1200h, 3y;
                + still working), which has a mean of its own
  failures_seen, served_h, prior_shape       update the MTBF by service
Lines starting with # before the header are comments; - reads stdin.";

/// Where the units are and how long a period is.
#[derive(Args)]
struct List {
    /// List of units as CSV, or - for stdin. Or else give --station.
    #[arg(value_name = "UNITS.csv")]
    units: Option<PathBuf>,
    /// Take the units of a station at their central values: a folder of station files, or `iss` or
    /// `tiny` for an embedded station.
    #[arg(long, value_name = "STATION")]
    station: Option<PathBuf>,
    /// Scenario to apply to the station: a file, or the name of one of its own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Days of one period.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    period_d: Option<f64>,
    /// Last day of the period, inclusive; it starts on the station's as-of date.
    #[arg(long, value_name = "DATE")]
    through: Option<Date>,
}

/// What all three commands take.
#[derive(Args)]
struct Common {
    /// How long a repair stops a group: none, fixed:DAYS, exponential:MEAN or lognormal:MEAN:SD
    /// (days). The default is assumed, after a published campaign; with a prior on rates, or
    /// for a station, it is none.
    #[arg(long, value_name = "LAW", allow_negative_numbers = true)]
    repair: Option<Repair>,
    /// Rates are not known: gamma prior of this shape on each, with the stated mean.
    #[arg(long, value_name = "K", allow_negative_numbers = true)]
    shape: Option<f64>,
    /// Rates are not known: lognormal prior with the stated median and this 95 % to 50 % ratio.
    #[arg(long, value_name = "RATIO", allow_negative_numbers = true)]
    error_factor: Option<f64>,
    /// Every failure rate is this many times the stated one.
    #[arg(long, value_name = "FACTOR", default_value_t = RATES_TIMES_DEFAULT, allow_negative_numbers = true)]
    rates_times: f64,
    /// Worth of the stated MTBF beside failures seen in service, 0 (none) to 1 (`prior_shape`).
    #[arg(long, value_name = "W", default_value_t = PRIOR_WEIGHT_DEFAULT, allow_negative_numbers = true)]
    prior_weight: f64,
    /// Write the answer as JSON to a file, or to stdout for -.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Draw the answer as an SVG picture.
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    export: ExportArgs,
}

/// How life limits and failures meet.
#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    /// The plan ignores failures; the stock is the larger of the two needs.
    Maximum,
    /// A replacement restarts the clock, and every replacement costs a spare.
    Together,
}

const DEMAND_EXAMPLES: &str = "\
Examples:
  Three missions of 791.6667 d, one crew's equipment more each time:
    zarya spares demand units.csv --period-d 791.6667 --fleets 1,2,3
  One set for two years at 95 %, pure Poisson, as JSON:
    zarya spares demand units.csv --period-d 730.5 --confidence 0.95 --repair none --json -
  What a station replaces through 2028, at the central values of its files:
    zarya spares demand --station iss --through 2028-12-31
";

#[derive(Args)]
#[command(after_help = DEMAND_EXAMPLES, after_long_help = format!("{DEMAND_EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct DemandArgs {
    #[command(flatten)]
    list: List,
    #[command(flatten)]
    common: Common,
    /// Copies of the whole list present in each period: 1,2,3 or 1..10. The oldest leave first.
    #[arg(long, value_name = "N,N,...", default_value_t = Fleets(demand::FLEETS_DEFAULT.to_vec()),
        allow_hyphen_values = true)]
    fleets: Fleets,
    /// Probability that the stocks of all unit types last together.
    #[arg(long, value_name = "P", default_value_t = demand::CONFIDENCE_DEFAULT, allow_negative_numbers = true)]
    confidence: f64,
    /// How the confidence is split: equally over installed positions (quantity times copies, over
    /// the whole list), over unit types, or not at all (each type alone reaches it).
    #[arg(long, value_enum, default_value_t = demand::SPLIT_DEFAULT.into())]
    split: Split,
    /// Life limits beside failures (as published campaigns have it), or together with them.
    #[arg(long, value_enum, default_value_t = demand::LIFE_LIMITS_DEFAULT.into())]
    life_limits: Limits,
}

#[derive(Clone, Copy, ValueEnum)]
enum Split {
    Positions,
    Types,
    None,
}

const SUFFICIENCY_EXAMPLES: &str = "\
Examples:
  Do today's spares (column `stock`) last 600 d, and to which date with 90 %?
    zarya spares sufficiency units.csv --period-d 600 --confidence 0.9 --from 2026-01-01
  The same when rates of a subsystem may all be wrong together by a factor:
    zarya spares sufficiency units.csv --period-d 600 --shared-error-factor 3
  Oxygen needs one of its two generators:
    zarya spares sufficiency units.csv --period-d 600 --need oxygen=1
  Do the spares aboard a station last through 2028 if no flight brings more?
    zarya spares sufficiency --station iss --through 2028-12-31
";

#[derive(Args)]
#[command(after_help = SUFFICIENCY_EXAMPLES, after_long_help = format!("{SUFFICIENCY_EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct SufficiencyArgs {
    #[command(flatten)]
    list: List,
    /// Target for the days and the date through which spares hold.
    #[arg(long, value_name = "P", default_value_t = sufficiency::CONFIDENCE_DEFAULT, allow_negative_numbers = true)]
    confidence: f64,
    /// First day, itself counted, so that days become dates; a station's is its as-of date.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor).
    #[arg(long, value_name = "RATIO", default_value_t = sufficiency::SHARED_ERROR_FACTOR_DEFAULT,
        allow_negative_numbers = true)]
    shared_error_factor: f64,
    /// A capability needs only this many of its unit types (columns `capability`); may repeat.
    #[arg(long, value_name = "CAPABILITY=N", allow_negative_numbers = true)]
    need: Vec<Need>,
    /// Life limits together with failures, or beside them.
    #[arg(long, value_enum, default_value_t = sufficiency::LIFE_LIMITS_DEFAULT.into())]
    life_limits: Limits,
    /// Also answer with every rate wrong by these factors.
    #[arg(long, value_name = "F,F,...", allow_hyphen_values = true,
        default_values_t = [Factors(sufficiency::WHAT_IF_DEFAULT.to_vec())])]
    what_if: Vec<Factors>,
    #[command(flatten)]
    common: Common,
}

const ALLOCATE_EXAMPLES: &str = "\
Examples:
  The lightest stock that lasts one mission with 99 %:
    zarya spares allocate units.csv --period-d 791.6667 --probability 0.99
  The same with rates that are not known well, and never less than the plan needs:
    zarya spares allocate units.csv --period-d 791.6667 --probability 0.99 \\
      --shape 2 --at-least scheduled --json -
  Rates of a subsystem may all be wrong together by a factor:
    zarya spares allocate units.csv --period-d 791.6667 --probability 0.99 \\
      --shared-error-factor 2
  The most probable stock that fits a flight:
    zarya spares allocate units.csv --period-d 180 --limit mass_kg=2500 --limit volume_m3=9
  The best load of two flights before the period, the second with room outside:
    zarya spares allocate units.csv --period-d 180 --flight 30:mass_kg=900,volume_m3=3 \\
      --flight 75:mass_kg=1200,external
  The lightest stock that lasts a station a year, from none aboard:
    zarya spares allocate --station iss --period-d 365 --probability 0.9
  An instance given as steps (mass and gain of each further spare):
    zarya spares allocate --steps instance.txt --json -
";

#[derive(Args)]
#[command(after_help = ALLOCATE_EXAMPLES, after_long_help = format!("{ALLOCATE_EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct AllocateArgs {
    #[command(flatten)]
    list: List,
    /// Probability that no unit type runs out. May be left out with --limit: then the stock within
    /// the limits that lasts with the highest probability is found.
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    probability: Option<f64>,
    /// Most that all carried spares may take up: mass_kg, volume_m3, crew_h or eva, from the columns
    /// of that name. May repeat; limits bind together.
    #[arg(long, value_name = "NAME=MOST", allow_negative_numbers = true)]
    limit: Vec<Budget>,
    /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor). The
    /// answer is a stock and the mass that none can be below.
    #[arg(long, value_name = "RATIO", allow_negative_numbers = true)]
    shared_error_factor: Option<f64>,
    /// A flight that brings spares before the period, by its day, and what it can carry: every spare
    /// must fly on one of them, not before it is ready (column `ready_d`, a station's `lead_time`), and
    /// outside only with `external`. May repeat.
    #[arg(long, value_name = "DAY:mass_kg=MOST,...", allow_hyphen_values = true)]
    flight: Vec<FlightAsked>,
    /// Never carry less than this of any type.
    #[arg(long, value_enum, value_name = "WHAT")]
    at_least: Option<AtLeast>,
    /// What random demand counts: failures beside the plan, or failures and plan together.
    #[arg(long, value_enum, default_value_t = allocate::LIFE_LIMITS_DEFAULT.into())]
    life_limits: Limits,
    /// Solve an instance: a first line with the number of steps and the gain in ln P to reach, then
    /// lines of row, mass of one more spare [kg] and its gain, which never rises within a row.
    #[arg(long, value_name = "FILE.txt", conflicts_with = "svg")]
    steps: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, ValueEnum)]
enum AtLeast {
    /// The scheduled replacements of the period.
    Scheduled,
}

const LIST_EXAMPLES: &str = "\
Examples:
  zarya spares list > iss.csv
  zarya spares list --station my-station --csv units.csv
  zarya spares demand iss.csv --period-d 365
";

#[derive(Args)]
#[command(after_help = LIST_EXAMPLES)]
pub(crate) struct ListArgs {
    /// Folder of station files, or `iss` or `tiny` for an embedded station [default: iss].
    #[arg(long, value_name = "STATION")]
    station: Option<PathBuf>,
    /// Scenario to apply to the station: a file, or the name of one of its own. May be repeated.
    #[arg(long, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// Write the list to a file; without it, or for -, to stdout.
    #[arg(long, value_name = "PATH", conflicts_with = "json")]
    csv: Option<PathBuf>,
    /// Write the answer as JSON to a file instead, or to stdout for -.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

fn listed(args: &ListArgs, quiet: bool) -> crate::Answer {
    let data = door::station(args.station.as_deref(), &args.scenario)?;
    let question = list::Question {
        station: door::name(args.station.as_deref()),
        scenario: door::names(&args.scenario),
    };
    let mut answer = list::answer(&question, &data, &zarya::Control::silent()).map_err(refused)?;
    told(&mut answer.notes, quiet);
    match &args.json {
        Some(path) => output::json(path, &answer),
        None => output::to_path(args.csv.as_deref().unwrap_or(Path::new("-")), &answer.csv()),
    }
}

/// A question with what all three commands take, then its own.
macro_rules! question {
    ($room:ident, $args:ident, { $($own:tt)* }) => {
        $room::Question {
            units: shown($args.list.units.as_deref()),
            station: door::name($args.list.station.as_deref()),
            scenario: door::names(&$args.list.scenario),
            period_d: $args.list.period_d,
            through: $args.list.through,
            repair: $args.common.repair,
            shape: $args.common.shape,
            error_factor: $args.common.error_factor,
            rates_times: $args.common.rates_times,
            prior_weight: $args.common.prior_weight,
            life_limits: $args.life_limits.into(),
            $($own)*
        }
    };
}

/// Answers one question.
pub(crate) fn run(command: &Spares, quiet: bool) -> crate::Answer {
    match command {
        Spares::List(args) => listed(args, quiet),
        Spares::Demand(args) => {
            let question = question!(demand, args, {
                fleets: args.fleets.0.clone(),
                confidence: args.confidence,
                split: args.split.into(),
            });
            let data = args.list.read(&args.common, question.check(), None)?;
            let mut answer = watched(quiet, |control| {
                demand::answer(&question, &data, control).map_err(refused)
            })?;
            told(&mut answer.notes, quiet);
            args.common.pictures(&answer, quiet, || Some(report::demand::svg(&answer)))?;
            args.common.answer(&answer, || report::demand::text(&answer))
        }
        Spares::Sufficiency(args) => {
            let question = question!(sufficiency, args, {
                confidence: args.confidence,
                from: args.from,
                shared_error_factor: args.shared_error_factor,
                need: args.need.clone(),
                what_if: args.what_if.iter().flat_map(|factors| factors.0.clone()).collect(),
                curves: args.common.svg.is_some() || args.common.export.is_asked(),
            });
            let data = args.list.read(&args.common, question.check(), None)?;
            let mut answer = watched(quiet, |control| {
                sufficiency::answer(&question, &data, control).map_err(refused)
            })?;
            told(&mut answer.notes, quiet);
            args.common.pictures(&answer, quiet, || Some(report::sufficiency::svg(&answer)))?;
            args.common.answer(&answer, || report::sufficiency::text(&answer))
        }
        Spares::Allocate(args) => {
            let question = question!(allocate, args, {
                probability: args.probability,
                limit: args.limit.clone(),
                shared_error_factor: args.shared_error_factor,
                flight: args.flight.clone(),
                at_least: args.at_least.map(|AtLeast::Scheduled| allocate::AtLeast::Scheduled),
                steps: shown(args.steps.as_deref()),
            });
            let data = args.list.read(&args.common, question.check(), args.steps.as_deref())?;
            let mut answer = watched(quiet, |control| {
                allocate::answer(&question, &data, control).map_err(refused)
            })?;
            if let allocate::Answer::Units(best) = &mut answer {
                told(&mut best.notes, quiet);
            }
            args.common.pictures(&answer, quiet, || report::allocate::svg(&answer))?;
            args.common.answer(&answer, || report::allocate::text(&answer))
        }
    }
}

impl List {
    /// Reads what a question that is sound names.
    fn read(
        &self,
        common: &Common,
        checked: Result<(), Refusals>,
        steps: Option<&Path>,
    ) -> Result<Data, Failure> {
        output::one_on_stdout(&[("--svg", &common.svg), ("--json", &common.json)])?;
        checked.map_err(refused)?;
        common.export.check()?;
        let mut data = door::station(self.station.as_deref(), &self.scenario)?;
        for path in [self.units.as_deref(), steps].into_iter().flatten() {
            data = data.with_text(open::name(path), open::text(path)?);
        }
        Ok(data)
    }
}

impl Common {
    /// Writes the picture and the exports where asked.
    fn pictures<T: serde::Serialize>(
        &self,
        answer: &T,
        quiet: bool,
        drawn: impl Fn() -> Option<String>,
    ) -> crate::Answer {
        if let Some(path) = &self.svg {
            output::to_path(path, &drawn().unwrap_or_default())?;
        }
        self.export.write(quiet, || {
            let exports = Exports::of(answer);
            match drawn() {
                Some(svg) => exports.with("picture", "The answer drawn", svg),
                None => exports,
            }
        })
    }

    fn answer<T: serde::Serialize>(
        &self,
        value: &T,
        told: impl FnOnce() -> String,
    ) -> crate::Answer {
        output::answer(self.json.as_deref(), value, told)
    }
}

/// The name of a list for questions and messages.
fn shown(path: Option<&Path>) -> Option<String> {
    path.map(zarya::open::name)
}

/// Adds what may be typed to what the room says.
fn refused(mut refusals: Refusals) -> Failure {
    for problem in &mut refusals.problems {
        if problem.about == About::Field("units".to_owned()) && problem.help.is_empty() {
            "give UNITS.csv (or - for stdin), or `station`".clone_into(&mut problem.help);
        } else if problem.help.contains("files of your own") {
            problem.help.push_str("; `zarya init DIR` writes a station to change");
        }
    }
    refusals.into()
}

/// Names what may be typed in notes, and prints them.
fn told(notes: &mut [String], quiet: bool) {
    report::notes_in_words_of(notes, &door::typed);
    if !quiet {
        // A closed stderr cannot be reported anywhere.
        output::say(&report::notes(notes));
    }
}

impl From<Limits> for LifeLimits {
    fn from(limits: Limits) -> Self {
        match limits {
            Limits::Maximum => Self::Maximum,
            Limits::Together => Self::Together,
        }
    }
}

impl From<LifeLimits> for Limits {
    fn from(limits: LifeLimits) -> Self {
        match limits {
            LifeLimits::Maximum => Self::Maximum,
            LifeLimits::Together => Self::Together,
        }
    }
}

impl From<Split> for demand::Split {
    fn from(split: Split) -> Self {
        match split {
            Split::Positions => Self::Positions,
            Split::Types => Self::Types,
            Split::None => Self::None,
        }
    }
}

impl From<demand::Split> for Split {
    fn from(split: demand::Split) -> Self {
        match split {
            demand::Split::Positions => Self::Positions,
            demand::Split::Types => Self::Types,
            demand::Split::None => Self::None,
        }
    }
}
