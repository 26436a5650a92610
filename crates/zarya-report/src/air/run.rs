//! A time series as a summary for a terminal, as CSV and as a picture.

pub use super::picture::svg;

use super::date_after;
use crate::columns;
use std::fmt::Write as _;
use zarya::air::run::{Answer, Crossed, Derated, Residual, Series};

/// Returns a summary for people.
pub fn text(answer: &Answer) -> String {
    let mut out = String::new();
    let last = answer.days;
    let residuals = &answer.element_residuals;
    let worst = residuals.values().map(|residual| residual.relative).fold(0.0, f64::max);
    let _ = writeln!(
        out,
        "{last} days in {} rows; elements close to {worst:.1e} of what was turned over",
        answer.rows
    );
    let _ = writeln!(out, "\nelement residuals:");
    for (element, Residual { kg, relative, turned_over_kg }) in residuals.iter() {
        let _ = writeln!(
            out,
            "  {element:<4}{kg:>10.1e} kg of {turned_over_kg:>9.1} kg turned over ({relative:.1e})"
        );
    }
    let _ = writeln!(out, "\n{:<34}{:>12}{:>12}{:>12}", "", "start", "least", "end");
    let Series { pressures, stores, outputs, supplies, .. } = &answer.series;
    for column in pressures.iter().chain(stores).chain(outputs).chain(supplies) {
        let least = column.values.iter().copied().fold(f64::INFINITY, f64::min);
        let _ = writeln!(
            out,
            "{}{:>12.3}{:>12.3}{:>12.3}",
            columns::head(&column.name, 34),
            column.values.first().unwrap_or(&0.0),
            // Rounding below zero is not a negative store.
            least.max(0.0),
            column.values.last().unwrap_or(&0.0).max(0.0)
        );
    }
    let on =
        |day: f64| date_after(answer.from, day).map_or(String::new(), |date| format!(", {date}"));
    for (id, Crossed { day, side, kpa, .. }) in answer.limits_crossed.iter() {
        let on = on(*day);
        let moves = if *side == "above" { "rises above" } else { "falls below" };
        let _ = writeln!(out, "{id} {moves} its limit of {kpa:.2} kPa on day {day:.1}{on}");
    }
    if answer.limits_crossed.is_empty() {
        let _ = writeln!(out, "no limit of the cabin is crossed");
    }
    for (name, day) in answer.first_short_day.iter() {
        let on = on(*day);
        let _ = writeln!(out, "{name} is short from day {day:.1}{on}");
    }
    for (id, Derated { day, cause }) in answer.first_derated.iter() {
        let on = on(*day);
        let _ = writeln!(out, "{id} is held back by {cause} from day {day:.1}{on}");
    }
    for (id, times) in answer.times_switched_on.iter() {
        let _ = writeln!(out, "{id} switched on {times} times");
    }
    for words in &answer.caveats {
        let _ = writeln!(out, "{words}");
    }
    columns::fitted(&out)
}

/// Returns the series as CSV, one row per step.
pub fn csv(answer: &Answer) -> String {
    let mut out = String::from("day");
    if answer.from.is_some() {
        out.push_str(",date");
    }
    for column in answer.series.columns() {
        let _ = write!(out, ",{}", column.name);
    }
    out.push('\n');
    for (row, day) in answer.series.day.iter().enumerate() {
        let _ = write!(out, "{day}");
        if let Some(date) = date_after(answer.from, *day) {
            let _ = write!(out, ",{date}");
        }
        for column in answer.series.columns() {
            let value = column.values[row];
            if !value.is_finite() {
                out.push(',');
            } else if column.name.starts_with("residual") {
                let _ = write!(out, ",{value:.3e}");
            } else {
                let _ = write!(out, ",{value:.6}");
            }
        }
        out.push('\n');
    }
    out
}
