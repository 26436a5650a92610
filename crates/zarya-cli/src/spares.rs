//! `zarya spares`: how many spares are needed, whether those at hand last, which to carry.

mod allocate;
mod chart;
mod demand;
mod list;
mod sufficiency;
mod units;

use crate::output::Failure;
use clap::{Args, Subcommand, ValueEnum};
use list::Listed;
use std::io::Write as _;
use std::path::PathBuf;
use zarya_reliability::campaign::{DemandModel, LifeLimits};
use zarya_reliability::rate::RatePrior;
use zarya_reliability::unit::Unit;
use zarya_reliability::{Law, Repair};
use zarya_report::columns::fitted;

/// Questions about spares, on a plain CSV of units or on a station.
#[derive(Subcommand)]
pub(crate) enum Spares {
    /// How many spares are needed, period by period, as a whole distribution.
    Demand(demand::DemandArgs),
    /// Whether the spares at hand last, and to when.
    Sufficiency(sufficiency::SufficiencyArgs),
    /// The lightest stock that reaches a probability, proven.
    Allocate(allocate::AllocateArgs),
}

const CSV_HELP: &str = "\
The list of units is a CSV file with a header; the order of columns is free:
  id            name of the unit type, unique
  mtbf_h        mean time between failures (or mtbf_d, mtbf_y)
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
                early:WEAK_SHARE:WEAK_MTBF_D, empirical:DAYS;DAYS+;...
  failures_seen, served_h, prior_shape       update the MTBF by service
Lines starting with # before the header are comments; - reads stdin.";

/// What all three commands take.
#[derive(Args)]
struct Common {
    /// How long a repair stops a group: none, fixed:DAYS, exponential:MEAN or lognormal:MEAN:SD
    /// (days). The default is assumed, after a published campaign; with a prior on rates, or
    /// for a station, it is none.
    #[arg(long, value_name = "LAW", value_parser = repair, allow_negative_numbers = true)]
    repair: Option<Repair>,
    /// Rates are not known: gamma prior of this shape on each, with the stated mean.
    #[arg(long, value_name = "K", value_parser = positive, allow_negative_numbers = true,
        conflicts_with = "error_factor")]
    shape: Option<f64>,
    /// Rates are not known: lognormal prior with the stated median and this 95 % to 50 % ratio.
    #[arg(long, value_name = "RATIO", value_parser = error_factor, allow_negative_numbers = true)]
    error_factor: Option<f64>,
    /// Every failure rate is this many times the stated one.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = positive,
        allow_negative_numbers = true)]
    rates_times: f64,
    /// Worth of the stated MTBF beside failures seen in service, 0 (none) to 1 (`prior_shape`).
    #[arg(long, value_name = "W", default_value_t = 1.0, value_parser = share, allow_negative_numbers = true)]
    prior_weight: f64,
    /// Write the answer as JSON to a file, or to stdout for -.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
    /// Draw the answer as an SVG picture.
    #[arg(long, value_name = "PATH")]
    svg: Option<PathBuf>,
}

/// How life limits and failures meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Limits {
    /// The plan ignores failures; the stock is the larger of the two needs.
    Maximum,
    /// A replacement restarts the clock, and every replacement costs a spare.
    Together,
}

impl From<Limits> for LifeLimits {
    fn from(limits: Limits) -> Self {
        match limits {
            Limits::Maximum => Self::Maximum,
            Limits::Together => Self::Together,
        }
    }
}

/// Repairs of the published campaign: mean 0.5 d, standard deviation one hour.
const ASSUMED_REPAIR: Repair = Repair::Lognormal { mean_d: 0.5, deviation_d: 1.0 / 24.0 };

/// Answers one question.
pub(crate) fn run(command: &Spares, quiet: bool) -> crate::Answer {
    match command {
        Spares::Demand(args) => {
            args.common.check_stdout()?;
            let listed = args.list.read(args.common.prior_weight)?;
            let (listed, model) = args.common.settle(listed, quiet, args.life_limits)?;
            demand::run(args, listed, &model)
        }
        Spares::Sufficiency(args) => {
            args.common.check_stdout()?;
            let mut listed = args.list.read_claimed(args.common.prior_weight, true)?;
            listed.stock_by_policy();
            let (listed, model) = args.common.settle(listed, quiet, args.life_limits)?;
            sufficiency::run(args, listed, &model)
        }
        Spares::Allocate(args) => allocate::run(args, quiet),
    }
}

impl Common {
    /// Refuses two answers on stdout.
    fn check_stdout(&self) -> Result<(), Failure> {
        let dash = |path: &Option<PathBuf>| path.as_deref() == Some(std::path::Path::new("-"));
        if dash(&self.json) && dash(&self.svg) {
            return Err(Failure::Usage(
                "only one of --svg and --json can be `-`: stdout holds one thing".to_owned(),
            ));
        }
        Ok(())
    }

    /// Settles the model for a list. Notes are printed, and kept for the JSON.
    fn settle(
        &self,
        mut listed: Listed,
        quiet: bool,
        life_limits: Limits,
    ) -> Result<(Listed, DemandModel), Failure> {
        let (model, note) = self.model(listed.period_d, life_limits, listed.station.is_some())?;
        listed.notes.extend(note);
        listed.notes.extend(repair_left_out(&listed.units, &model));
        check_size(&listed.units, &model)?;
        print_notes(&listed.notes, quiet);
        Ok((listed, model))
    }

    fn model(
        &self,
        period_d: f64,
        life_limits: Limits,
        of_station: bool,
    ) -> Result<(DemandModel, Option<String>), Failure> {
        let prior = match (self.shape, self.error_factor) {
            (Some(shape), _) => RatePrior::Gamma { shape },
            (_, Some(error_factor)) => RatePrior::Lognormal { error_factor },
            _ => RatePrior::Known,
        };
        let mut note = None;
        let repair = match (self.repair, prior) {
            (Some(repair), RatePrior::Known) => repair,
            // A station's repairs wait for crew and spacewalks, which no single law describes.
            (None, RatePrior::Known) if of_station => Repair::Instant,
            (None, RatePrior::Known) => {
                note = Some(
                    "assumed repair: lognormal, mean 0.5 d, standard deviation 1 h, as in the \
                     published campaign; set --repair"
                        .to_owned(),
                );
                ASSUMED_REPAIR
            }
            (None | Some(Repair::Instant), _) => Repair::Instant,
            (Some(_), _) => {
                return Err(Failure::Usage(
                    "--repair cannot be combined with a prior on rates\n  help: leave --repair \
                     out; without repair time demand is slightly higher"
                        .to_owned(),
                ));
            }
        };
        let model = DemandModel {
            period_d,
            repair,
            prior,
            life_limits: life_limits.into(),
            rate_factor: self.rates_times,
        };
        Ok((model, note))
    }
}

/// Refuses lists whose units of measure are wrong: running for longer than a period, or failing more
/// often than anything on a station.
fn check_size(units: &[Unit], model: &DemandModel) -> Result<(), Failure> {
    // A period given to seven digits may fall short of whole hours by less than this.
    const ROUNDING: f64 = 1e-5;
    let overtime: Vec<String> = units
        .iter()
        .filter(|unit| unit.running_d.is_some_and(|d| d > model.period_d * (1.0 + ROUNDING)))
        .map(|unit| format!("  `{}`: {:.3} d", unit.id, unit.running_d.unwrap_or(0.0)))
        .collect();
    if !overtime.is_empty() {
        return Err(Failure::Refused(format!(
            "{} unit types run longer than the period of {} d:\n{}\n  help: the running column counts time \
             run in one period; check its unit and --period-d",
            overtime.len(),
            model.period_d,
            overtime.iter().take(5).cloned().collect::<Vec<_>>().join("\n"),
        )));
    }
    let wild: Vec<String> = units
        .iter()
        .filter_map(|unit| {
            let copy = unit.rate_per_d() * unit.running_days(model.period_d, 1) * model.rate_factor;
            let expected = copy * f64::from(unit.copies);
            (expected > units::FAILURES_PER_PERIOD_MAX)
                .then(|| format!("  `{}`: {expected:.0} failures expected in one period", unit.id))
        })
        .collect();
    if wild.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "demand is too large to be meant:\n{}\n  help: check the units of the MTBF column and of \
         --period-d (at most {} failures per period and unit type)",
        wild.join("\n"),
        units::FAILURES_PER_PERIOD_MAX,
    )))
}

/// Says for how many unit types repair time is left out, and what that does.
fn repair_left_out(units: &[Unit], model: &DemandModel) -> Option<String> {
    let together = model.life_limits == LifeLimits::Together;
    let renewed = |unit: &&Unit| {
        !matches!(unit.law, Law::Exponential { .. }) || (together && unit.life_limit_d.is_some())
    };
    let n = units.iter().filter(renewed).count();
    (n > 0 && model.repair != Repair::Instant).then(|| {
        format!(
            "repair time is left out for {n} of {} unit types, which wear out or count life limits \
             together with failures: their demand is slightly overstated",
            units.len()
        )
    })
}

fn print_notes(notes: &[String], quiet: bool) {
    if !quiet {
        let mut stderr = std::io::stderr().lock();
        for note in notes {
            // A closed stderr cannot be reported anywhere.
            let _ = write!(stderr, "{}", fitted(&format!("note: {note}")));
        }
    }
}

/// The model in words, for the JSON answer.
fn model_json(model: &DemandModel) -> serde_json::Value {
    let repair = match model.repair {
        Repair::Instant => "none".to_owned(),
        Repair::Fixed { days } => format!("fixed:{days}"),
        Repair::Exponential { mean_d } => format!("exponential:{mean_d}"),
        Repair::Lognormal { mean_d, deviation_d } => format!("lognormal:{mean_d}:{deviation_d}"),
    };
    let prior = match model.prior {
        RatePrior::Known => "known".to_owned(),
        RatePrior::Gamma { shape } => format!("gamma:{shape}"),
        RatePrior::Lognormal { error_factor } => format!("lognormal:{error_factor}"),
    };
    let life_limits = match model.life_limits {
        LifeLimits::Maximum => "maximum",
        LifeLimits::Together => "together",
    };
    serde_json::json!({
        "period_d": model.period_d,
        "repair_d": repair,
        "rates": prior,
        "rates_times": model.rate_factor,
        "life_limits": life_limits,
    })
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok(value),
        _ => Err("a positive number is needed".to_owned()),
    }
}

fn error_factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 1.0 && value.is_finite() => Ok(value),
        _ => Err("a ratio above 1 is needed".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a share from 0 to 1 is needed".to_owned()),
    }
}

fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("a probability between 0 and 1 is needed".to_owned()),
    }
}

fn repair(text: &str) -> Result<Repair, String> {
    let mut parts = text.split(':');
    let kind = parts.next().unwrap_or("");
    let numbers: Vec<f64> = parts
        .map(|part| match part.parse::<f64>() {
            Ok(value) if value >= 0.0 && value.is_finite() => Ok(value),
            _ => Err(format!("`{part}` is not a number of days")),
        })
        .collect::<Result<_, _>>()?;
    match (kind, numbers.as_slice()) {
        ("none", []) | ("fixed" | "exponential", [0.0]) | ("lognormal", [0.0, _]) => {
            Ok(Repair::Instant)
        }
        ("fixed", [days]) | ("lognormal", [days, 0.0]) => Ok(Repair::Fixed { days: *days }),
        ("exponential", [mean]) => Ok(Repair::Exponential { mean_d: *mean }),
        ("lognormal", [mean, deviation]) => {
            Ok(Repair::Lognormal { mean_d: *mean, deviation_d: *deviation })
        }
        _ => Err("write none, fixed:DAYS, exponential:MEAN or lognormal:MEAN:SD".to_owned()),
    }
}
