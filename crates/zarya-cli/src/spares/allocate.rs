//! `zarya spares allocate`.

mod instance;

use super::chart::{Chart, Line};
use super::list::{List, Listed};
use super::{CSV_HELP, Common, Limits, error_factor, model_json, probability};
use crate::output::{self, Failure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zarya_reliability::allocation::{
    Allocation, CurvePoint, Flight, Goal, Limit, Problem, Proof, Shared, SharedAllocation, Step,
    curve, log_sufficiency, solve, solve_on_flights, solve_shared, steps,
};
use zarya_reliability::campaign::{Demand, DemandModel, campaign, mixed_pmf, split_confidence};
use zarya_reliability::rate::RatePrior;
use zarya_reliability::unit::Unit;
use zarya_report::columns::{self, COLUMNS};
use zarya_units::math;

const EXAMPLES: &str = "\
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

/// Above this the next percent says little, being most of what is left.
const NEARLY_SURE: f64 = 0.98;

#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct AllocateArgs {
    #[command(flatten)]
    list: List,
    /// Probability that no unit type runs out. May be left out with --limit: then the stock within
    /// the limits that lasts with the highest probability is found.
    #[arg(long, value_name = "P", value_parser = probability, allow_negative_numbers = true)]
    probability: Option<f64>,
    /// Most that all carried spares may take up: mass_kg, volume_m3, crew_h or eva, from the columns
    /// of that name. May repeat; limits bind together.
    #[arg(long, value_name = "NAME=MOST", value_parser = limit, allow_negative_numbers = true, conflicts_with = "steps")]
    limit: Vec<(LimitOf, f64)>,
    /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor). The
    /// answer is a stock and the mass that none can be below.
    #[arg(long, value_name = "RATIO", value_parser = error_factor, allow_negative_numbers = true, conflicts_with_all = ["limit", "steps"],
        requires = "probability")]
    shared_error_factor: Option<f64>,
    /// A flight that brings spares before the period, by its day, and what it can carry: every spare
    /// must fly on one of them, not before it is ready (column `ready_d`, a station's `lead_time`), and
    /// outside only with `external`. May repeat.
    #[arg(long, value_name = "DAY:mass_kg=MOST,...", value_parser = flight, allow_hyphen_values = true,
        conflicts_with_all = ["steps", "shared_error_factor"])]
    flight: Vec<FlightOf>,
    /// Never carry less than this of any type.
    #[arg(long, value_enum, value_name = "WHAT")]
    at_least: Option<AtLeast>,
    /// What random demand counts: failures beside the plan, or failures and plan together.
    #[arg(long, value_enum, default_value_t = Limits::Maximum)]
    life_limits: Limits,
    /// Solve an instance: a first line with the number of steps and the gain in ln P to reach, then
    /// lines of row, mass of one more spare [kg] and its gain, which never rises within a row.
    #[arg(long, value_name = "FILE.txt", conflicts_with_all = ["units", "station", "scenario", "period_d", "through", "probability", "at_least", "life_limits", "repair", "shape", "error_factor", "rates_times", "prior_weight", "svg"])]
    steps: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AtLeast {
    /// The scheduled replacements of the period.
    Scheduled,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LimitOf {
    Mass,
    Volume,
    Crew,
    Eva,
}

impl LimitOf {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Mass, "mass_kg"),
        (Self::Volume, "volume_m3"),
        (Self::Crew, "crew_h"),
        (Self::Eva, "eva"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(of, _)| *of == self).map_or("", |(_, name)| name)
    }

    /// What one spare takes up, or `None` where the list does not say.
    fn of(self, unit: &Unit) -> Option<f64> {
        match self {
            Self::Mass => Some(unit.mass_kg),
            Self::Volume => unit.volume_m3,
            Self::Crew => unit.crew_h,
            Self::Eva => unit.eva_n,
        }
    }
}

impl LimitOf {
    /// What one spare of each type takes up.
    fn of_all(self, units: &[Unit], on_station: bool) -> Result<Vec<f64>, Failure> {
        let of_one: Option<Vec<f64>> = units.iter().map(|unit| self.of(unit)).collect();
        of_one.ok_or_else(|| Failure::Refused(self.unstated(units, on_station)))
    }

    /// For which types a limit cannot be counted, and what to do.
    fn unstated(self, units: &[Unit], on_station: bool) -> String {
        let missing: Vec<&str> =
            units.iter().filter(|unit| self.of(unit).is_none()).map(|unit| &*unit.id).collect();
        let shown = missing.iter().take(5).copied().collect::<Vec<_>>().join("`, `");
        let more = if missing.len() > 5 { ", ..." } else { "" };
        let stated: Vec<&str> = Self::ALL
            .iter()
            .filter(|(of, _)| units.iter().all(|unit| of.of(unit).is_some()))
            .map(|(_, name)| *name)
            .collect();
        let help = if on_station {
            format!(
                "state it for each [[oru]] in files of your own (`zarya init DIR` writes a station to \
                 change); these files can be limited by {}",
                stated.join(", ")
            )
        } else {
            format!(
                "fill the column `{}`; this list can be limited by {}",
                self.name(),
                stated.join(", ")
            )
        };
        format!(
            "a limit on {} needs it for every unit type; {} of {} do not state it: `{shown}`{more}\n  \
             help: {help}",
            self.name(),
            missing.len(),
            units.len(),
        )
    }
}

impl FlightOf {
    /// The flight for a list of units.
    fn on(&self, units: &[Unit], on_station: bool) -> Result<Flight, Failure> {
        let limits = self
            .limits
            .iter()
            .map(|(of, most)| Ok(Limit { of_one: of.of_all(units, on_station)?, most: *most }));
        Ok(Flight {
            carries: units
                .iter()
                .map(|unit| unit.ready_d <= self.day && (self.external || !unit.external))
                .collect(),
            limits: limits.collect::<Result<_, Failure>>()?,
        })
    }
}

fn limit(text: &str) -> Result<(LimitOf, f64), String> {
    let form = || {
        "write mass_kg=MOST, volume_m3=MOST, crew_h=MOST or eva=MOST, a number from 0".to_owned()
    };
    let (name, most) = text.split_once('=').ok_or_else(form)?;
    let found = LimitOf::ALL.iter().find(|(_, known)| *known == name.trim()).ok_or_else(form)?;
    match most.trim().parse::<f64>() {
        Ok(most) if most >= 0.0 && most.is_finite() => Ok((found.0, most)),
        _ => Err(form()),
    }
}

/// A flight as given: its day, whether it carries spares outside, and its limits.
#[derive(Clone, Debug)]
struct FlightOf {
    day: f64,
    external: bool,
    limits: Vec<(LimitOf, f64)>,
}

fn flight(text: &str) -> Result<FlightOf, String> {
    let form = || {
        "write DAY:mass_kg=MOST and further limits behind commas, as in 120:mass_kg=900,volume_m3=2,external"
            .to_owned()
    };
    let (day, rest) = text.split_once(':').unwrap_or((text, ""));
    let day = day.trim().parse::<f64>().ok().filter(|d| d.is_finite());
    if day.is_some_and(|day| day < 0.0) {
        return Err("the day of a flight is counted from 0, the start of the period".to_owned());
    }
    let mut found = FlightOf { day: day.ok_or_else(form)?, external: false, limits: Vec::new() };
    for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if part == "external" {
            found.external = true;
        } else {
            found.limits.push(limit(part).map_err(|_| form())?);
        }
    }
    Ok(found)
}

#[derive(Serialize)]
struct Answer<'a> {
    mass_kg: f64,
    probability: f64,
    stock: BTreeMap<&'a str, u32>,
    proof: &'static str,
    /// Mass above what is proven necessary; null where a probability was sought.
    gap_kg: Option<f64>,
    bound_kg: Option<f64>,
    /// No stock within the limits lasts with more than this; null where a mass was sought.
    bound_probability: Option<f64>,
    limits: Vec<LimitTaken>,
    /// What each flight carries.
    flights: Vec<Load<'a>>,
    /// What the next percent costs at the marginal price, a thing of the margin above 0.98 where
    /// less is left, and the unit type that carries it; null within limits.
    next_percent: Option<Margin<'a>>,
    /// What it costs by marginal analysis to halve the probability with which its stock runs out
    /// \[kg\]; null within limits and with shared factors.
    half_the_failures_kg: Option<f64>,
    equal_split_kg: Option<f64>,
    greedy_kg: Option<f64>,
    /// The factor that rates of a subsystem share; null where they share none.
    shared_error_factor: Option<f64>,
    model: serde_json::Value,
    if_rates_unknown: Vec<Shape>,
    curve: Vec<Point<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Margin<'a> {
    mass_kg: f64,
    carried_by: &'a str,
}

/// How much of a limit the stock takes up.
#[derive(Serialize)]
struct LimitTaken {
    name: &'static str,
    most: f64,
    used: f64,
}

/// What one flight carries.
#[derive(Serialize)]
struct Load<'a> {
    day: f64,
    spares: BTreeMap<&'a str, u32>,
    limits: Vec<LimitTaken>,
}

/// What the stock is worth when each rate has a gamma prior of the same mean.
#[derive(Serialize)]
struct Shape {
    shape: f64,
    probability: f64,
}

#[derive(Serialize)]
struct Point<'a> {
    mass_kg: f64,
    probability: f64,
    /// The type that received a spare, and how many it has now.
    id: &'a str,
    stock: u32,
}

pub(super) fn run(args: &AllocateArgs, quiet: bool) -> Result<(), Failure> {
    if let Some(path) = &args.steps {
        return instance::run(path, args.common.json.as_deref());
    }
    if args.probability.is_none() && args.limit.is_empty() && args.flight.is_empty() {
        return Err(Failure::Usage(
            "nothing says how good the stock must be\n  help: give --probability, or --limit for the \
             best stock within limits"
                .to_owned(),
        ));
    }
    args.common.check_stdout()?;
    let listed = args.list.read(args.common.prior_weight)?;
    if !listed.has_mass {
        return Err(Failure::Refused(format!(
            "{}: no column gives the mass of a spare\n  help: add `mass_kg`",
            listed.name
        )));
    }
    let (listed, model) = args.common.settle(listed, quiet, args.life_limits)?;
    let Listed { units, notes, .. } = listed;

    let demand: Vec<Demand> =
        campaign(&units, &[1], &model).into_iter().filter_map(|mut row| row.pop()).collect();
    let least: Vec<u32> = demand
        .iter()
        .map(|d| if args.at_least == Some(AtLeast::Scheduled) { d.scheduled } else { 0 })
        .collect();
    let shared = Shared {
        units: &units,
        model,
        error_factor: args.shared_error_factor.unwrap_or(1.0),
        least: &least,
    };
    let mut shared_curve = None;
    let best = if args.shared_error_factor.is_some() {
        let probability = args.probability.unwrap_or(0.5);
        let found = solve_shared(shared, probability).ok_or_else(|| too_fine(probability))?;
        shared_curve = Some(points_of(&units, &least, &found.curve));
        Best::of_shared(found)
    } else if args.limit.is_empty() && args.flight.is_empty() {
        let probability = args.probability.unwrap_or(0.5);
        Best::find(&units, &demand, &least, probability).ok_or_else(|| too_fine(probability))?
    } else {
        Best::find_within(&units, &demand, &least, args)?
    };
    // The curve and the comparisons are about the probability asked, or else the one found.
    let probability = args.probability.unwrap_or(best.probability);
    let curve = shared_curve.unwrap_or_else(|| whole_curve(&units, &demand, &least, probability));
    let greedy = curve.iter().find(|point| point.probability >= probability);
    let plain = args.limit.is_empty() && args.flight.is_empty();
    let half_the_failures_kg = (plain && args.shared_error_factor.is_none())
        .then(|| {
            let now = greedy?;
            let halved = 0.5 * (1.0 + now.probability);
            let further = whole_curve(&units, &demand, &least, halved);
            let then = further.iter().find(|point| point.probability >= halved)?;
            Some(then.mass_kg - now.mass_kg)
        })
        .flatten();
    let answer = Answer {
        mass_kg: best.mass_kg,
        probability: best.probability,
        stock: units.iter().zip(&best.stock).map(|(unit, n)| (&*unit.id, *n)).collect(),
        proof: proof_name(best.allocation.proof),
        gap_kg: best.bound_kg().map(|bound_kg| best.mass_kg - bound_kg),
        bound_kg: best.bound_kg(),
        bound_probability: best.bound_probability(),
        limits: used(&units, &best.stock, &args.limit),
        flights: loads(&units, &args.flight, &best.loads),
        next_percent: plain.then(|| Margin {
            mass_kg: best.allocation.price_kg * 0.01 / probability,
            carried_by: &units[best.allocation.marginal_row].id,
        }),
        half_the_failures_kg,
        equal_split_kg: (args.shared_error_factor.is_none())
            .then(|| equal_split_kg(&units, &demand, &least, probability))
            .flatten(),
        greedy_kg: greedy.map(|point| point.mass_kg),
        shared_error_factor: args.shared_error_factor,
        model: model_json(&model),
        if_rates_unknown: if_rates_unknown(&units, &model, &best.stock),
        curve,
        notes,
    };
    if let Some(path) = &args.common.svg {
        output::to_path(path, &picture(&answer))?;
    }
    if args.common.json.as_deref() != Some(Path::new("-")) {
        output::text(&table(&units, &answer, &best.stock, args.probability))?;
    }
    if let Some(path) = &args.common.json {
        output::json(path, &answer)?;
    }
    Ok(())
}

/// The lightest stock of a list.
struct Best {
    stock: Vec<u32>,
    mass_kg: f64,
    probability: f64,
    /// Mass and ln P of the spares that every stock in question has.
    base_kg: f64,
    base_log: f64,
    allocation: Allocation,
    /// Spares of each type on each flight.
    loads: Vec<Vec<u32>>,
}

impl Best {
    fn find(units: &[Unit], demand: &[Demand], least: &[u32], probability: f64) -> Option<Self> {
        // A stock that lasts with P for all types lasts with P for each.
        let base: Vec<u32> = demand
            .iter()
            .zip(least)
            .map(|(d, least)| Some(d.threshold(probability)?.max(*least)))
            .collect::<Option<_>>()?;
        let problem = Problem {
            rows: rows(units, demand, &base),
            target_gain: math::ln(probability) - log_probability(demand, &base),
        };
        let allocation = solve(&problem)?;
        Some(Self::above(units, demand, &base, allocation, Vec::new()))
    }

    /// What an allocation above the stock `base` comes to.
    fn above(
        units: &[Unit],
        demand: &[Demand],
        base: &[u32],
        allocation: Allocation,
        loads: Vec<Vec<u32>>,
    ) -> Self {
        let stock: Vec<u32> = base.iter().zip(&allocation.steps).map(|(a, b)| a + b).collect();
        Self {
            mass_kg: mass_kg(units, &stock),
            probability: math::exp(log_probability(demand, &stock)),
            base_kg: mass_kg(units, base),
            base_log: log_probability(demand, base),
            stock,
            allocation,
            loads,
        }
    }

    fn of_shared(found: SharedAllocation) -> Self {
        Self {
            mass_kg: found.mass_kg,
            probability: found.probability,
            base_kg: 0.0,
            base_log: 0.0,
            allocation: Allocation {
                steps: found.stock.clone(),
                mass_kg: found.mass_kg,
                gain: 0.0,
                proof: found.proof,
                relaxed_kg: 0.0,
                price_kg: found.price_kg,
                marginal_row: found.marginal_row,
            },
            stock: found.stock,
            loads: Vec::new(),
        }
    }

    /// The best stock within limits: the lightest with a probability, or the most probable.
    fn find_within(
        units: &[Unit],
        demand: &[Demand],
        least: &[u32],
        args: &AllocateArgs,
    ) -> Result<Self, Failure> {
        /// Without a probability to reach, types start from the stock that each outlasts with this.
        const START: f64 = 1e-3;
        let (probability, limits) = (args.probability, &args.limit);
        let on_station = args.list.of_a_station();
        let mut base = Vec::with_capacity(units.len());
        for (d, least) in demand.iter().zip(least) {
            let start = probability.unwrap_or(START);
            base.push(d.threshold(start).ok_or_else(|| too_fine(start))?.max(*least));
        }
        let mut rest = Vec::with_capacity(limits.len());
        for (of, most) in limits {
            let of_one = of.of_all(units, on_station)?;
            let taken: f64 = of_one.iter().zip(&base).map(|(one, n)| one * f64::from(*n)).sum();
            if taken > *most {
                return Err(Failure::Refused(format!(
                    "even a stock in which no type alone reaches the goal takes up {taken:.3} of \
                     {most} {}\n  help: raise --limit, or lower --probability or --at-least",
                    of.name()
                )));
            }
            rest.push(Limit { of_one, most: most - taken });
        }
        let goal = match probability {
            Some(p) => Goal::Lightest { target_gain: math::ln(p) - log_probability(demand, &base) },
            None => Goal::MostGain,
        };
        let flights = args
            .flight
            .iter()
            .map(|flight| flight.on(units, on_station))
            .collect::<Result<Vec<Flight>, Failure>>()?;
        let solved = solve_on_flights(&rows(units, demand, &base), goal, &rest, &base, &flights);
        let (allocation, loads) = solved.map_err(|error| {
            Failure::Refused(format!(
                "{error}\n  help: raise a --limit, add a --flight or room on one, or lower --probability"
            ))
        })?;
        Ok(Self::above(units, demand, &base, allocation, loads))
    }

    fn bound_kg(&self) -> Option<f64> {
        match self.allocation.proof {
            Proof::Optimal => Some(self.mass_kg),
            Proof::Bound { mass_kg } => Some(self.base_kg + mass_kg),
            Proof::GainBound { .. } => None,
        }
    }

    fn bound_probability(&self) -> Option<f64> {
        match self.allocation.proof {
            Proof::GainBound { gain } => Some(math::exp((self.base_log + gain).min(0.0))),
            _ => None,
        }
    }
}

fn too_fine(probability: f64) -> Failure {
    Failure::Refused(format!(
        "no stock reaches a probability of {probability}: demand with repair time is resolved to 1e-8 \
         for one unit type and copy\n  help: lower --probability, or use --repair none"
    ))
}

fn used(units: &[Unit], stock: &[u32], limits: &[(LimitOf, f64)]) -> Vec<LimitTaken> {
    limits
        .iter()
        .map(|(of, most)| {
            let all = units.iter().zip(stock);
            let used = all.map(|(unit, n)| of.of(unit).unwrap_or(0.0) * f64::from(*n)).sum();
            LimitTaken { name: of.name(), most: *most, used }
        })
        .collect()
}

fn loads<'a>(units: &'a [Unit], flights: &[FlightOf], loads: &[Vec<u32>]) -> Vec<Load<'a>> {
    let each = flights.iter().zip(loads);
    each.map(|(flight, load)| Load {
        day: flight.day,
        spares: units
            .iter()
            .zip(load)
            .filter(|(_, n)| **n > 0)
            .map(|(unit, n)| (&*unit.id, *n))
            .collect(),
        limits: used(units, load, &flight.limits),
    })
    .collect()
}

fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Optimal => "optimal",
        Proof::Bound { .. } | Proof::GainBound { .. } => "gap",
    }
}

/// The steps of each unit type above a stock.
fn rows(units: &[Unit], demand: &[Demand], stock: &[u32]) -> Vec<Vec<Step>> {
    let each = demand.iter().zip(stock).zip(units);
    each.map(|((d, n), unit)| steps(d, *n, unit.mass_kg)).collect()
}

fn mass_kg(units: &[Unit], stock: &[u32]) -> f64 {
    units.iter().zip(stock).map(|(unit, n)| unit.mass_kg * f64::from(*n)).sum()
}

fn log_probability(demand: &[Demand], stock: &[u32]) -> f64 {
    demand.iter().zip(stock).map(|(d, n)| log_sufficiency(d, *n)).sum()
}

/// What an equal share of the probability for every unit type would carry.
fn equal_split_kg(
    units: &[Unit],
    demand: &[Demand],
    least: &[u32],
    probability: f64,
) -> Option<f64> {
    let each = split_confidence(probability, units.len() as u32);
    let stock: Option<Vec<u32>> =
        demand.iter().zip(least).map(|(d, n)| Some(d.threshold(each)?.max(*n))).collect();
    Some(mass_kg(units, &stock?))
}

/// The marginal analysis from a stock that each type outlasts with one in a thousand.
fn whole_curve<'a>(
    units: &'a [Unit],
    demand: &[Demand],
    least: &[u32],
    probability: f64,
) -> Vec<Point<'a>> {
    const START: f64 = 1e-3;
    let mut stock: Vec<u32> =
        demand.iter().zip(least).map(|(d, n)| d.threshold(START).unwrap_or(0).max(*n)).collect();
    let start_kg = mass_kg(units, &stock);
    let start_log = log_probability(demand, &stock);
    let problem = Problem { rows: rows(units, demand, &stock), target_gain: 0.0 };
    let last = 1.0 - (1.0 - probability) / 100.0;
    let mut points = Vec::new();
    for point in curve(&problem) {
        stock[point.row] += 1;
        let probability = math::exp(start_log + point.gain);
        points.push(Point {
            mass_kg: start_kg + point.mass_kg,
            probability,
            id: &units[point.row].id,
            stock: stock[point.row],
        });
        if probability >= last {
            break;
        }
    }
    points
}

/// A curve whose gains are true probabilities, from a stock in which each type can still run out.
fn points_of<'a>(units: &'a [Unit], least: &[u32], curve: &[CurvePoint]) -> Vec<Point<'a>> {
    const START: f64 = 1e-3;
    let mut stock = least.to_vec();
    let mut points = Vec::new();
    for point in curve {
        stock[point.row] += 1;
        let probability = math::exp(point.gain);
        if probability >= START {
            let id = &units[point.row].id;
            points.push(Point { mass_kg: point.mass_kg, probability, id, stock: stock[point.row] });
        }
    }
    points
}

/// The probability that the same stock lasts when each rate has a gamma prior of the same mean, at
/// constant rates and without repair time.
fn if_rates_unknown(units: &[Unit], model: &DemandModel, stock: &[u32]) -> Vec<Shape> {
    [10.0, 4.0, 2.0, 1.0, 0.5]
        .into_iter()
        .map(|shape| {
            let log: f64 = units
                .iter()
                .zip(stock)
                .map(|(unit, n)| {
                    let mean = unit.rate_per_d()
                        * model.rate_factor
                        * f64::from(unit.copies)
                        * unit.running_days(model.period_d, 1);
                    let pmf = mixed_pmf(mean, RatePrior::Gamma { shape });
                    log_sufficiency(&Demand { pmf, scheduled: 0, unresolved: 0.0 }, *n)
                })
                .sum();
            Shape { shape, probability: math::exp(log) }
        })
        .collect()
}

fn table(units: &[Unit], answer: &Answer, stock: &[u32], asked: Option<f64>) -> String {
    /// Columns of names, beside counts and masses.
    const NAMES: usize = 56;
    let width = columns::width(units.iter().map(|unit| &*unit.id), 4, NAMES);
    let mut text = String::new();
    let proof = match (answer.proof, answer.gap_kg, answer.bound_probability) {
        ("optimal", ..) if asked.is_some() => "proven to be the lightest".to_owned(),
        ("optimal", ..) => "proven to be the most probable".to_owned(),
        (_, Some(gap_kg), _) => format!("at most {gap_kg:.3} kg above the lightest"),
        (_, _, Some(bound)) => format!("none within the limits exceeds {bound:.6}"),
        _ => "without a proof".to_owned(),
    };
    let asked = asked.map_or(String::new(), |p| format!(" (asked: {p})"));
    let found =
        format!("{:.3} kg of spares last with {:.6}{asked};", answer.mass_kg, answer.probability);
    // The proof stays in one piece.
    let room = found.chars().count() + 1 + proof.chars().count() <= COLUMNS;
    let _ = writeln!(text, "{found}{}{proof}", if room { " " } else { "\n  " });
    for limit in &answer.limits {
        let _ = writeln!(text, "{}: {:.3} of {}", limit.name, limit.used, limit.most);
    }
    for flight in &answer.flights {
        let spares: Vec<String> =
            flight.spares.iter().map(|(id, n)| format!("{n}\u{a0}{id}")).collect();
        let limits: Vec<String> = flight
            .limits
            .iter()
            .map(|limit| {
                format!("{}\u{a0}{:.3}\u{a0}of\u{a0}{}", limit.name, limit.used, limit.most)
            })
            .collect();
        let _ = writeln!(
            text,
            "flight on day {}: {} ({})",
            flight.day,
            if spares.is_empty() { "nothing".to_owned() } else { spares.join(", ") },
            limits.join(", ")
        );
    }
    if let Some(kg) = answer.half_the_failures_kg.filter(|_| answer.probability > NEARLY_SURE) {
        let _ = writeln!(text, "halving the probability of running out costs {kg:.1} kg");
    } else if let Some(margin) = &answer.next_percent {
        let _ = writeln!(
            text,
            "the next percent costs {:.1} kg; `{}` carries it",
            margin.mass_kg, margin.carried_by
        );
    }
    let mut others = Vec::new();
    if let Some(kg) = answer.greedy_kg {
        others.push(format!("marginal analysis {kg:.3}\u{a0}kg"));
    }
    if let Some(kg) = answer.equal_split_kg {
        others.push(format!("equal\u{a0}split\u{a0}{kg:.3}\u{a0}kg"));
    }
    if !others.is_empty() {
        let _ = writeln!(text, "by comparison, without limits: {}", others.join(", "));
    }
    let cells = |of: &dyn Fn(&Shape) -> String| -> String {
        let cells = answer.if_rates_unknown.iter().map(|row| format!("{:>9}", of(row)));
        cells.collect::<Vec<_>>().concat()
    };
    let _ = writeln!(text, "if rates are not known but have gamma priors:");
    let _ = writeln!(text, "  of shape        {}", cells(&|row| row.shape.to_string()));
    let _ =
        writeln!(text, "  the stock lasts {}\n", cells(&|row| format!("{:.5}", row.probability)));
    let _ = writeln!(text, "{:width$}  spares        kg", "unit");
    for (unit, n) in units.iter().zip(stock) {
        let name = columns::head(&unit.id, width);
        let _ = writeln!(text, "{name}  {n:>6}  {:>8.2}", f64::from(*n) * unit.mass_kg);
    }
    columns::fitted(&text)
}

fn picture(answer: &Answer) -> String {
    Chart {
        title: "Probability that the spares last, by their mass",
        x_label: "mass of spares [kg]",
        y_label: "probability",
        y_range: Some((0.0, 1.0)),
        lines: vec![Line {
            name: "marginal analysis",
            points: answer.curve.iter().map(|p| (p.mass_kg, p.probability)).collect(),
        }],
        mark: Some((
            answer.mass_kg,
            answer.probability,
            format!("{}: {:.0} kg, {:.4}", answer.proof, answer.mass_kg, answer.probability),
        )),
    }
    .svg()
}
