//! `zarya spares sufficiency`.

use super::chart::{Chart, Line};
use super::list::{List, Listed, date};
use super::{CSV_HELP, Common, Limits, model_json, probability};
use crate::output::{self, Failure};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use zarya_reliability::campaign::DemandModel;
use zarya_reliability::sufficiency::{
    Question, Sufficiency, days_sufficient, days_sufficient_by_unit, sufficiency,
};
use zarya_report::columns;
use zarya_units::Date;

const EXAMPLES: &str = "\
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

/// Days beyond which nothing is said.
const DAYS_MAX: f64 = 36_525.0;

#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n{CSV_HELP}"))]
pub(crate) struct SufficiencyArgs {
    #[command(flatten)]
    pub(super) list: List,
    /// Target for the days and the date through which spares hold.
    #[arg(long, value_name = "P", default_value_t = 0.9, value_parser = probability, allow_negative_numbers = true)]
    confidence: f64,
    /// First day, itself counted, so that days become dates; a station's is its as-of date.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, conflicts_with = "station")]
    from: Option<Date>,
    /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor).
    #[arg(long, value_name = "RATIO", default_value_t = 1.0, value_parser = ratio, allow_negative_numbers = true)]
    shared_error_factor: f64,
    /// A capability needs only this many of its unit types (columns `capability`); may repeat.
    #[arg(long, value_name = "CAPABILITY=N", value_parser = need, allow_negative_numbers = true)]
    need: Vec<(String, u32)>,
    /// Life limits together with failures, or beside them.
    #[arg(long, value_enum, default_value_t = Limits::Together)]
    pub(super) life_limits: Limits,
    /// Also answer with every rate wrong by these factors.
    #[arg(long, value_name = "F,F,...", value_delimiter = ',', default_value = "0.5,1,2,3",
        value_parser = factor, allow_hyphen_values = true)]
    what_if: Vec<f64>,
    #[command(flatten)]
    pub(super) common: Common,
}

fn ratio(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value >= 1.0 && value.is_finite() => Ok(value),
        _ => Err("a ratio of 1 or more is needed".to_owned()),
    }
}

/// A factor by which rates may be wrong.
fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.01..=100.0).contains(&value) => Ok(value),
        _ => {
            Err("a factor from 0.01 to 100 is needed: beyond, the stated rates say nothing"
                .to_owned())
        }
    }
}

fn need(text: &str) -> Result<(String, u32), String> {
    let form = || "write CAPABILITY=N with a whole number".to_owned();
    let (name, count) = text.split_once('=').ok_or_else(form)?;
    Ok((name.trim().to_owned(), count.trim().parse().map_err(|_| form())?))
}

#[derive(Serialize)]
struct Answer<'a> {
    days: f64,
    through: Option<String>,
    probability: f64,
    /// The unit type whose spares last the period with the least probability.
    probability_limited_by: Option<&'a str>,
    confidence: f64,
    /// Days through which the station's spares last with the confidence; null beyond 100 years.
    days_sufficient: Option<f64>,
    date_sufficient: Option<String>,
    /// The unit type whose spares last the fewest days with the confidence.
    days_limited_by: Option<&'a str>,
    units: Vec<UnitAnswer<'a>>,
    subsystems: BTreeMap<String, f64>,
    capabilities: BTreeMap<String, f64>,
    what_if: Vec<WhatIf>,
    curve: Vec<CurvePoint>,
    model: serde_json::Value,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct UnitAnswer<'a> {
    id: &'a str,
    stock: u32,
    probability: f64,
    days_sufficient: Option<f64>,
    date_sufficient: Option<String>,
}

#[derive(Serialize)]
struct WhatIf {
    rates_times: f64,
    probability: f64,
    days_sufficient: Option<f64>,
    date_sufficient: Option<String>,
}

#[derive(Serialize)]
struct CurvePoint {
    days: f64,
    probability: f64,
}

pub(super) fn run(
    args: &SufficiencyArgs,
    listed: Listed,
    model: &DemandModel,
) -> Result<(), Failure> {
    check(args, &listed)?;
    // The first day is itself whole, as in `zarya assess`.
    let as_of = listed.station.as_ref().map(|station| station.identity.as_of);
    let from = args.from.or(as_of).map(|date| date.plus_days(-1));
    let Listed { units, notes, .. } = listed;
    let units = &units[..];
    let question = Question {
        units,
        model: *model,
        shared_error_factor: args.shared_error_factor,
        needed: &args.need,
    };
    let days = model.period_d;
    let now = sufficiency(&question, days);
    let dated = |days: Option<f64>| -> Option<String> {
        // The last whole day is the date through which spares hold.
        Some(from?.plus_days(days?.floor() as i32).to_string())
    };
    let by_unit = days_sufficient_by_unit(&question, args.confidence, DAYS_MAX);
    let at_factor = |factor: f64| Question {
        model: DemandModel { rate_factor: model.rate_factor * factor, ..*model },
        ..question.clone()
    };
    let what_if: Vec<WhatIf> = args
        .what_if
        .iter()
        .map(|factor| {
            let question = at_factor(*factor);
            let days_sufficient = days_sufficient(&question, args.confidence, DAYS_MAX);
            WhatIf {
                rates_times: *factor,
                probability: sufficiency(&question, days).station,
                days_sufficient,
                date_sufficient: dated(days_sufficient),
            }
        })
        .collect();
    let through = days_sufficient(&question, args.confidence, DAYS_MAX);
    // A type that another can stand in for limits nothing by itself.
    let limiting = |least: &dyn Fn(usize) -> f64| {
        let alone = |i: &usize| args.need.iter().all(|(name, _)| *name != units[*i].capability);
        let first = (0..units.len()).filter(alone).min_by(|a, b| least(*a).total_cmp(&least(*b)));
        first.map(|i| &*units[i].id)
    };
    let answer = Answer {
        days,
        through: dated(Some(days)),
        probability: now.station,
        probability_limited_by: limiting(&|i| now.units[i]),
        confidence: args.confidence,
        days_sufficient: through,
        date_sufficient: dated(through),
        days_limited_by: through.and_then(|_| limiting(&|i| by_unit[i].unwrap_or(DAYS_MAX))),
        units: units
            .iter()
            .zip(&now.units)
            .zip(&by_unit)
            .map(|((unit, probability), days_sufficient)| UnitAnswer {
                id: &unit.id,
                stock: unit.stock.unwrap_or(0),
                probability: *probability,
                days_sufficient: *days_sufficient,
                date_sufficient: dated(*days_sufficient),
            })
            .collect(),
        subsystems: now.subsystems.clone(),
        capabilities: now.capabilities.clone(),
        what_if,
        curve: points(&question, days, through),
        model: model_json(model),
        notes,
    };
    if let Some(path) = &args.common.svg {
        let lines: Vec<(String, Vec<(f64, f64)>)> = args
            .what_if
            .iter()
            .map(|factor| {
                let crossing = if *factor == 1.0 { through } else { None };
                let points = points(&at_factor(*factor), days, crossing);
                let points = points.iter().map(|p| (p.days, p.probability)).collect();
                (format!("rates x {factor}"), points)
            })
            .collect();
        let chart = Chart {
            title: "Probability that the spares last",
            x_label: "days from now",
            y_label: "probability",
            y_range: Some((0.0, 1.0)),
            lines: lines
                .iter()
                .map(|(name, points)| Line { name, points: points.clone() })
                .collect(),
            mark: through
                .filter(|d| *d <= days)
                .map(|d| (d, args.confidence, format!("{} through {d:.0} d", args.confidence))),
        };
        output::to_path(path, &chart.svg())?;
    }
    if args.common.json.as_deref() != Some(Path::new("-")) {
        output::text(&table(&answer, &now))?;
    }
    match &args.common.json {
        Some(path) => output::json(path, &answer),
        None => Ok(()),
    }
}

/// Refuses questions that the list cannot answer.
fn check(args: &SufficiencyArgs, listed: &Listed) -> Result<(), Failure> {
    let Listed { units, name, .. } = listed;
    let unknown: Vec<&str> =
        units.iter().filter(|unit| unit.stock.is_none()).map(|unit| &*unit.id).collect();
    if !unknown.is_empty() {
        let shown = unknown.iter().take(5).copied().collect::<Vec<_>>().join("`, `");
        return Err(Failure::Refused(format!(
            "{name}: {} unit types have no stock: `{shown}`{}\n  help: fill the column `stock`; 0 says \
             that there are none",
            unknown.len(),
            if unknown.len() > 5 { ", ..." } else { "" },
        )));
    }
    for (name, count) in &args.need {
        let have = units.iter().filter(|unit| unit.capability == *name).count();
        if have == 0 {
            return Err(Failure::Usage(format!(
                "no unit type provides the capability `{name}`\n  help: fill the column `capability`"
            )));
        }
        if *count as usize > have {
            return Err(Failure::Usage(format!(
                "`{name}` needs {count} unit types and {have} provide it"
            )));
        }
    }
    Ok(())
}

/// The probability over days, with the days on both sides of where it crosses the confidence, since
/// it may fall at once when a plan comes due.
fn points(question: &Question, days: f64, crossing: Option<f64>) -> Vec<CurvePoint> {
    const POINTS: u32 = 24;
    const JUST_AFTER_D: f64 = 0.02;
    let mut at: Vec<f64> = (1..=POINTS).map(|i| days * f64::from(i) / f64::from(POINTS)).collect();
    at.extend(crossing.into_iter().flat_map(|d| [d, d + JUST_AFTER_D]).filter(|d| *d < days));
    at.sort_by(f64::total_cmp);
    let mut points = vec![CurvePoint { days: 0.0, probability: 1.0 }];
    points.extend(
        at.into_iter()
            .map(|days| CurvePoint { days, probability: sufficiency(question, days).station }),
    );
    points
}

fn table(answer: &Answer, now: &Sufficiency) -> String {
    /// Columns of names, beside counts and dates.
    const NAMES: usize = 36;
    let mut text = String::new();
    let end = answer.through.as_deref().map_or(String::new(), |date| format!(" (through {date})"));
    let limit = |by: Option<&str>| by.map_or(String::new(), |id| format!(", limited by {id}"));
    let _ = writeln!(
        text,
        "the spares last {} d{end} with probability {}{}",
        answer.days,
        shown(answer.probability),
        limit(answer.probability_limited_by)
    );
    let until = |days: Option<f64>, date: &Option<String>| match (days, date) {
        (None, _) => "beyond 100 years".to_owned(),
        (Some(days), Some(date)) => format!("{days:.1} d, {date}"),
        (Some(days), None) => format!("{days:.1} d"),
    };
    let _ = writeln!(
        text,
        "they last with {} through {}{}",
        answer.confidence,
        until(answer.days_sufficient, &answer.date_sufficient),
        limit(answer.days_limited_by)
    );
    for row in &answer.what_if {
        let _ = writeln!(
            text,
            "  rates x {:<5} probability {}, through {}",
            row.rates_times,
            shown(row.probability),
            until(row.days_sufficient, &row.date_sufficient)
        );
    }
    for (kind, rows) in [("subsystem", &now.subsystems), ("capability", &now.capabilities)] {
        for (name, probability) in rows {
            let _ = writeln!(text, "{kind} {name}: {}", shown(*probability));
        }
    }
    let width = columns::width(answer.units.iter().map(|unit| unit.id), 4, NAMES);
    let _ = writeln!(text, "\n{:width$}   stock  probability  lasts through", "unit");
    let mut rows: Vec<&UnitAnswer> = answer.units.iter().collect();
    rows.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    for row in rows {
        let _ = writeln!(
            text,
            "{}  {:>6}  {:>11}  {}",
            columns::head(row.id, width),
            row.stock,
            shown(row.probability),
            until(row.days_sufficient, &row.date_sufficient)
        );
    }
    columns::fitted(&text)
}

/// A probability in six digits; one too small for them does not read as none.
fn shown(probability: f64) -> String {
    if 0.0 < probability && probability < 1e-6 {
        "below 1e-6".to_owned()
    } else {
        format!("{probability:.6}")
    }
}
