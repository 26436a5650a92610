//! `zarya spares allocate`.

use super::chart::{Chart, Line};
use super::{CSV_HELP, Common, Limits, check_size, model_json, positive, probability, units};
use crate::output::{self, Failure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use zarya_reliability::allocation::{
    Allocation, Problem, Proof, Step, curve, log_sufficiency, solve, steps,
};
use zarya_reliability::campaign::{Demand, DemandModel, campaign, mixed_pmf, split_confidence};
use zarya_reliability::rate::RatePrior;
use zarya_reliability::unit::Unit;
use zarya_units::math;

const EXAMPLES: &str = "\
Examples:
  The lightest stock that lasts one mission with 99 %:
    zarya spares allocate units.csv --period-d 791.6667 --probability 0.99
  The same with rates that are not known well, and never less than the plan needs:
    zarya spares allocate units.csv --period-d 791.6667 --probability 0.99 \\
      --shape 2 --at-least scheduled --json -
  An instance given as steps (mass and gain of each further spare):
    zarya spares allocate --steps instance.txt --json -
";

#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct AllocateArgs {
    /// CSV list of units, or - for stdin.
    #[arg(
        value_name = "UNITS.csv",
        required_unless_present = "steps",
        requires = "period_d",
        requires = "probability"
    )]
    units: Option<PathBuf>,
    /// Days that the stock must last.
    #[arg(long, value_name = "DAYS", value_parser = positive)]
    period_d: Option<f64>,
    /// Probability that no unit type runs out.
    #[arg(long, value_name = "P", value_parser = probability)]
    probability: Option<f64>,
    /// Never carry less than this of any type.
    #[arg(long, value_enum, value_name = "WHAT")]
    at_least: Option<AtLeast>,
    /// What random demand counts: failures beside the plan, or failures and plan together.
    #[arg(long, value_enum, default_value_t = Limits::Maximum)]
    life_limits: Limits,
    /// Solve an instance: a first line with the number of steps and the gain in ln P to reach, then
    /// lines of row, mass of one more spare [kg] and its gain.
    #[arg(long, value_name = "FILE.txt", conflicts_with_all = ["units", "period_d", "probability"])]
    steps: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AtLeast {
    /// The scheduled replacements of the period.
    Scheduled,
}

#[derive(Serialize)]
struct Answer<'a> {
    mass_kg: f64,
    probability: f64,
    stock: BTreeMap<&'a str, u32>,
    proof: &'static str,
    gap_kg: f64,
    bound_kg: f64,
    /// What the next percent costs and the unit type that carries it.
    next_percent: Margin<'a>,
    equal_split_kg: Option<f64>,
    greedy_kg: f64,
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
        return run_steps(path, args.common.json.as_deref());
    }
    let (Some(path), Some(period_d), Some(probability)) =
        (&args.units, args.period_d, args.probability)
    else {
        return Err(Failure::Usage(
            "UNITS.csv, --period-d and --probability are needed\n  help: or give --steps"
                .to_owned(),
        ));
    };
    let list = units::read(path, args.common.prior_weight)?;
    if !list.has_mass {
        return Err(Failure::Refused(format!(
            "{}: no column gives the mass of a spare\n  help: add `mass_kg`",
            path.display()
        )));
    }
    let (model, note) = args.common.model(period_d, args.life_limits)?;
    let mut notes = list.notes;
    notes.extend(note);
    let units = list.units;
    check_size(&units, &model)?;
    super::print_notes(&notes, quiet);

    let demand: Vec<Demand> =
        campaign(&units, &[1], &model).into_iter().filter_map(|mut row| row.pop()).collect();
    let least: Vec<u32> = demand
        .iter()
        .map(|d| if args.at_least == Some(AtLeast::Scheduled) { d.scheduled } else { 0 })
        .collect();
    let best = Best::find(&units, &demand, &least, probability).ok_or_else(|| {
        Failure::Refused(format!(
            "no stock reaches a probability of {probability}: it is finer than demand is computed\n  \
             help: ask for a lower --probability"
        ))
    })?;
    let curve = whole_curve(&units, &demand, &least, probability);
    let answer = Answer {
        mass_kg: best.mass_kg,
        probability: best.probability,
        stock: units.iter().zip(&best.stock).map(|(unit, n)| (&*unit.id, *n)).collect(),
        proof: best.proof_name(),
        gap_kg: best.mass_kg - best.bound_kg(),
        bound_kg: best.bound_kg(),
        next_percent: Margin {
            mass_kg: best.allocation.price_kg * 0.01 / probability,
            carried_by: &units[best.allocation.marginal_row].id,
        },
        equal_split_kg: equal_split_kg(&units, &demand, &least, probability),
        greedy_kg: curve
            .iter()
            .find(|point| point.probability >= probability)
            .map_or(best.mass_kg, |point| point.mass_kg),
        model: model_json(&model),
        if_rates_unknown: if_rates_unknown(&units, &model, &best.stock),
        curve,
        notes,
    };
    if let Some(path) = &args.common.svg {
        output::to_path(path, &picture(&answer))?;
    }
    if args.common.json.as_deref() != Some(Path::new("-")) {
        output::text(&table(&units, &answer, &best.stock, probability))?;
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
    /// Mass that every stock in question has.
    base_kg: f64,
    allocation: Allocation,
}

impl Best {
    fn find(units: &[Unit], demand: &[Demand], least: &[u32], probability: f64) -> Option<Self> {
        // A stock that lasts with P for all types lasts with P for each.
        let base: Vec<u32> = demand
            .iter()
            .zip(least)
            .map(|(d, least)| Some(d.threshold(probability)?.max(*least)))
            .collect::<Option<_>>()?;
        let rows = demand.iter().zip(&base).zip(units);
        let problem = Problem {
            rows: rows.map(|((d, n), unit)| steps(d, *n, unit.mass_kg)).collect(),
            target_gain: math::ln(probability) - log_probability(demand, &base),
        };
        let allocation = solve(&problem)?;
        let stock: Vec<u32> = base.iter().zip(&allocation.steps).map(|(a, b)| a + b).collect();
        Some(Self {
            mass_kg: mass_kg(units, &stock),
            probability: math::exp(log_probability(demand, &stock)),
            base_kg: mass_kg(units, &base),
            stock,
            allocation,
        })
    }

    fn bound_kg(&self) -> f64 {
        match self.allocation.proof {
            Proof::Optimal => self.mass_kg,
            Proof::Bound { mass_kg } => self.base_kg + mass_kg,
        }
    }

    fn proof_name(&self) -> &'static str {
        proof_name(self.allocation.proof)
    }
}

fn proof_name(proof: Proof) -> &'static str {
    match proof {
        Proof::Optimal => "optimal",
        Proof::Bound { .. } => "gap",
    }
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
    let rows = demand.iter().zip(&stock).zip(units);
    let problem = Problem {
        rows: rows.map(|((d, n), unit)| steps(d, *n, unit.mass_kg)).collect(),
        target_gain: 0.0,
    };
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

fn table(units: &[Unit], answer: &Answer, stock: &[u32], probability: f64) -> String {
    let width = units.iter().map(|unit| unit.id.chars().count()).max().unwrap_or(2).max(4);
    let mut text = String::new();
    let proof = if answer.proof == "optimal" {
        "proven to be the lightest".to_owned()
    } else {
        format!("at most {:.3} kg above the lightest", answer.gap_kg)
    };
    let _ = writeln!(
        text,
        "{:.3} kg of spares last with {:.6} (asked: {probability}); {proof}",
        answer.mass_kg, answer.probability
    );
    let _ = writeln!(
        text,
        "the next percent costs {:.1} kg; `{}` carries it",
        answer.next_percent.mass_kg, answer.next_percent.carried_by
    );
    let _ = write!(text, "by comparison: marginal analysis {:.3} kg", answer.greedy_kg);
    if let Some(kg) = answer.equal_split_kg {
        let _ = write!(text, ", equal split {kg:.3} kg");
    }
    text.push('\n');
    let shapes: Vec<String> = answer
        .if_rates_unknown
        .iter()
        .map(|row| format!("{:.5} at shape {}", row.probability, row.shape))
        .collect();
    let _ = writeln!(text, "if rates are not known (gamma prior): {}\n", shapes.join(", "));
    let _ = writeln!(text, "{:width$}  spares        kg", "unit");
    for (unit, n) in units.iter().zip(stock) {
        let _ = writeln!(text, "{:width$}  {n:>6}  {:>8.2}", unit.id, f64::from(*n) * unit.mass_kg);
    }
    text
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

#[derive(Serialize)]
struct StepsAnswer {
    mass_kg: f64,
    gain: f64,
    target_gain: f64,
    stock: BTreeMap<String, u32>,
    proof: &'static str,
    gap_kg: f64,
    bound_kg: f64,
    relaxed_kg: f64,
    greedy_kg: f64,
}

fn run_steps(path: &Path, json: Option<&Path>) -> Result<(), Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let (names, problem) = parse_steps(&text).map_err(|problems| {
        let lines: Vec<String> = problems
            .iter()
            .map(|(line, what)| format!("error: {}:{line}: {what}", path.display()))
            .collect();
        Failure::Refused(lines.join("\n"))
    })?;
    let allocation = solve(&problem).ok_or_else(|| {
        Failure::Refused(format!(
            "{}: all steps together gain less than {}\n  help: add steps or lower the gain on line 1",
            path.display(),
            problem.target_gain
        ))
    })?;
    let bound_kg = match allocation.proof {
        Proof::Optimal => allocation.mass_kg,
        Proof::Bound { mass_kg } => mass_kg,
    };
    let greedy_kg = curve(&problem)
        .iter()
        .find(|point| point.gain >= problem.target_gain)
        .map_or(allocation.mass_kg, |point| point.mass_kg);
    let answer = StepsAnswer {
        mass_kg: allocation.mass_kg,
        gain: allocation.gain,
        target_gain: problem.target_gain,
        stock: names.into_iter().zip(allocation.steps.iter().copied()).collect(),
        proof: proof_name(allocation.proof),
        gap_kg: allocation.mass_kg - bound_kg,
        bound_kg,
        relaxed_kg: allocation.relaxed_kg,
        greedy_kg,
    };
    if json != Some(Path::new("-")) {
        output::text(&format!(
            "{:.3} kg gain {:.9} of {:.9}; {}; divisible spares {:.3} kg, marginal analysis {:.3} kg",
            answer.mass_kg,
            answer.gain,
            answer.target_gain,
            if answer.proof == "optimal" {
                "proven to be the lightest".to_owned()
            } else {
                format!("at most {:.3} kg above the lightest", answer.gap_kg)
            },
            answer.relaxed_kg,
            answer.greedy_kg,
        ))?;
    }
    match json {
        Some(path) => output::json(path, &answer),
        None => Ok(()),
    }
}

/// Names of the rows of an instance, and the instance.
type Instance = (Vec<String>, Problem);
/// A line and what is wrong with it.
type LineProblem = (usize, String);

/// Names of the rows in order of appearance and their steps, or all problems with their lines.
fn parse_steps(text: &str) -> Result<Instance, Vec<LineProblem>> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let head = lines.next().map(|(_, line)| line.split_whitespace().collect::<Vec<_>>());
    let head = head.as_deref().and_then(|head| match head {
        [count, gain] => Some((count.parse::<usize>().ok()?, gain.parse::<f64>().ok()?)),
        _ => None,
    });
    let Some((count, target_gain)) = head.filter(|(_, gain)| gain.is_finite()) else {
        let what = "the first line gives the number of steps and the gain to reach";
        return Err(vec![(1, what.to_owned())]);
    };
    let mut problems = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let (mut names, mut rows): (Vec<String>, Vec<Vec<Step>>) = (Vec::new(), Vec::new());
    let mut n = 0;
    for (index, line) in lines {
        n += 1;
        let fields: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| {
            fields
                .get(at)
                .and_then(|f| f.parse::<f64>().ok())
                .filter(|v| *v >= 0.0 && v.is_finite())
        };
        let (Some(name), Some(mass_kg), Some(gain), 3) =
            (fields.first(), number(1), number(2), fields.len())
        else {
            let what = format!("`{line}` is not a row, a mass from 0 and a gain from 0");
            problems.push((index + 1, what));
            continue;
        };
        let place = *places.entry((*name).to_owned()).or_insert_with(|| {
            names.push((*name).to_owned());
            rows.push(Vec::new());
            rows.len() - 1
        });
        rows[place].push(Step { mass_kg, gain });
    }
    if n != count {
        problems.push((1, format!("{count} steps are announced and {n} follow")));
    }
    if problems.is_empty() { Ok((names, Problem { rows, target_gain })) } else { Err(problems) }
}
