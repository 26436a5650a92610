//! `zarya spares demand`.

use super::chart::{Chart, Line};
use super::list::{List, Listed};
use super::{CSV_HELP, Common, Limits, model_json, probability};
use crate::output::{self, Failure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fmt::Write as _;
use zarya_reliability::campaign::{Demand, DemandModel, campaign, positions, split_confidence};
use zarya_reliability::counts;
use zarya_reliability::unit::Unit;
use zarya_report::columns::{self, COLUMNS};

const EXAMPLES: &str = "\
Examples:
  Three missions of 791.6667 d, one crew's equipment more each time:
    zarya spares demand units.csv --period-d 791.6667 --fleets 1,2,3
  One set for two years at 95 %, pure Poisson, as JSON:
    zarya spares demand units.csv --period-d 730.5 --confidence 0.95 --repair none --json -
  What a station replaces through 2028, at the central values of its files:
    zarya spares demand --station iss --through 2028-12-31
";

#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct DemandArgs {
    #[command(flatten)]
    pub(super) list: List,
    #[command(flatten)]
    pub(super) common: Common,
    /// Copies of the whole list present in each period: 1,2,3 or 1..10. The oldest leave first.
    #[arg(long, value_name = "N,N,...", default_value = "1", value_parser = fleets, allow_hyphen_values = true)]
    fleets: Fleets,
    /// Probability that the stocks of all unit types last together.
    #[arg(long, value_name = "P", default_value_t = 0.99, value_parser = probability, allow_negative_numbers = true)]
    confidence: f64,
    /// How the confidence is split: equally over installed positions (quantity times copies, over
    /// the whole list), over unit types, or not at all (each type alone reaches it).
    #[arg(long, value_enum, default_value_t = Split::Positions)]
    split: Split,
    /// Life limits beside failures (as published campaigns have it), or together with them.
    #[arg(long, value_enum, default_value_t = Limits::Maximum)]
    pub(super) life_limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Split {
    Positions,
    Types,
    None,
}

#[derive(Clone, Debug)]
struct Fleets(Vec<u32>);

fn fleets(text: &str) -> Result<Fleets, String> {
    /// Periods of a campaign; copies of one period.
    const MOST: u32 = 1000;
    let whole = |part: &str| {
        part.trim()
            .parse::<u32>()
            .ok()
            .filter(|n| *n <= MOST)
            .ok_or_else(|| format!("`{part}` is not a whole number from 0 to {MOST}"))
    };
    let list: Vec<u32> = match text.split_once("..") {
        Some((first, last)) => (whole(first)?..=whole(last)?).collect(),
        None => text.split(',').map(whole).collect::<Result<_, _>>()?,
    };
    if list.is_empty() || list.len() > MOST as usize {
        return Err(format!("one to {MOST} periods are needed"));
    }
    Ok(Fleets(list))
}

#[derive(Serialize)]
struct Answer<'a> {
    confidence: f64,
    positions: u32,
    confidence_of_each: f64,
    model: serde_json::Value,
    fleets: &'a [u32],
    rows: Vec<Row<'a>>,
    totals: Vec<Total>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    periods: Vec<Period>,
}

#[derive(Serialize)]
struct Period {
    pmf: Vec<f64>,
    threshold: u32,
    scheduled: u32,
    stock: u32,
    mean: f64,
}

#[derive(Serialize)]
struct Total {
    period: usize,
    stock: u64,
    mass_kg: f64,
}

pub(super) fn run(args: &DemandArgs, listed: Listed, model: &DemandModel) -> Result<(), Failure> {
    let Listed { units, notes, .. } = listed;
    let units = &units[..];
    let fleets = &args.fleets.0;
    let demand = campaign(units, fleets, model);
    let positions = positions(units);
    let each = match args.split {
        Split::Positions => split_confidence(args.confidence, positions),
        Split::Types => split_confidence(args.confidence, units.len() as u32),
        Split::None => args.confidence,
    };
    let needs = |of: &dyn Fn(&Demand) -> Option<u32>| -> Option<Vec<Vec<u32>>> {
        demand.iter().map(|row| row.iter().map(of).collect()).collect()
    };
    let needed = (needs(&|d| d.threshold(each)), needs(&|d| d.stock(each)));
    let (Some(thresholds), Some(stocks)) = needed else {
        return Err(Failure::Refused(format!(
            "a confidence of {each} for each is finer than demand with repair time is resolved (1e-8 \
             for one unit type, copy and span)\n  help: lower --confidence, or use --repair none"
        )));
    };
    let totals: Vec<Total> = (0..fleets.len())
        .map(|period| Total {
            period: period + 1,
            stock: stocks.iter().map(|row| u64::from(row[period])).sum(),
            mass_kg: stocks
                .iter()
                .zip(units)
                .map(|(row, unit)| f64::from(row[period]) * unit.mass_kg)
                .sum(),
        })
        .collect();

    if let Some(path) = &args.common.svg {
        output::to_path(path, &picture(&totals, &demand, &thresholds))?;
    }
    if args.common.json.as_deref() != Some(std::path::Path::new("-")) {
        output::text(&table(units, &demand, &stocks, &totals, each))?;
    }
    if let Some(path) = &args.common.json {
        let rows = units
            .iter()
            .zip(&demand)
            .zip(thresholds.iter().zip(&stocks))
            .map(|((unit, periods), (thresholds, stocks))| Row {
                id: &unit.id,
                periods: periods
                    .iter()
                    .zip(thresholds.iter().zip(stocks))
                    .map(|(period, (threshold, stock))| Period {
                        pmf: period.pmf.clone(),
                        threshold: *threshold,
                        scheduled: period.scheduled,
                        stock: *stock,
                        mean: counts::mean(&period.pmf),
                    })
                    .collect(),
            })
            .collect();
        let answer = Answer {
            confidence: args.confidence,
            positions,
            confidence_of_each: each,
            model: model_json(model),
            fleets,
            rows,
            totals,
            notes,
        };
        output::json(path, &answer)?;
    }
    Ok(())
}

/// Returns the answer for people: periods side by side, as many as fit, in blocks.
fn table(
    units: &[Unit],
    demand: &[Vec<Demand>],
    stocks: &[Vec<u32>],
    totals: &[Total],
    each: f64,
) -> String {
    /// Columns of names, and of the expected number in the first block.
    const NAMES: usize = 32;
    const EXPECTED: usize = 10;
    let width = columns::width(units.iter().map(|unit| &*unit.id), 5, NAMES);
    let heavy = totals.iter().any(|total| total.mass_kg > 0.0);
    let kg = |total: &Total| format!("{:.0}", total.mass_kg);
    let widest = |total: &Total| {
        let mass = if heavy { kg(total).len() } else { 0 };
        total.stock.to_string().len().max(mass).max(format!("to {}", total.period).len())
    };
    let cell = totals.iter().map(widest).max().unwrap_or(0) + 1;
    let side_by_side = ((COLUMNS - width - EXPECTED) / cell).max(1);
    let mut text =
        format!("Spares needed by the end of each period; each type lasts with {each:.8}\n");
    for (block, totals) in totals.chunks(side_by_side).enumerate() {
        let mut row = |name: &str, expected: &str, cells: &dyn Fn(&Total) -> String| {
            let _ = write!(text, "{}", columns::head(name, width));
            if block == 0 {
                let _ = write!(text, "{expected:>EXPECTED$}");
            }
            for total in totals {
                let _ = write!(text, "{:>cell$}", cells(total));
            }
            text.push('\n');
        };
        if block > 0 {
            row("", "", &|_| String::new());
        }
        row("unit", "expected", &|total| format!("to {}", total.period));
        for ((unit, demand), stocks) in units.iter().zip(demand).zip(stocks) {
            let last = demand.last().map_or(0.0, |period| counts::mean(&period.pmf));
            row(&unit.id, &format!("{last:.2}"), &|total| stocks[total.period - 1].to_string());
        }
        row("total", "", &|total| total.stock.to_string());
        if heavy {
            row("kg", "", &kg);
        }
    }
    columns::fitted(&text)
}

fn picture(totals: &[Total], demand: &[Vec<Demand>], thresholds: &[Vec<u32>]) -> String {
    let at = |of: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        std::iter::once((0.0, 0.0))
            .chain(totals.iter().enumerate().map(|(i, total)| (total.period as f64, of(i))))
            .collect()
    };
    let sum = |of: &dyn Fn(&Demand) -> f64, i: usize| demand.iter().map(|row| of(&row[i])).sum();
    Chart {
        title: "Spares needed by the end of each period",
        x_label: "period",
        y_label: "spares, all unit types",
        y_range: None,
        lines: vec![
            Line { name: "stock", points: at(&|i| totals[i].stock as f64) },
            Line {
                name: "random threshold",
                points: at(&|i| thresholds.iter().map(|row| f64::from(row[i])).sum()),
            },
            Line { name: "expected failures", points: at(&|i| sum(&|d| counts::mean(&d.pmf), i)) },
            Line { name: "scheduled", points: at(&|i| sum(&|d| f64::from(d.scheduled), i)) },
        ],
        mark: None,
    }
    .svg()
}
