//! The picture of a time series: panels over the days, as SVG.

use crate::axes::{COLORS, Panel, drawn, label, tick_step};
use std::fmt::Write as _;
use zarya::air::run::{Answer, Column, Limited, Series};

const WIDTH: f64 = 860.0;
const PANEL: f64 = 150.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 46.0;
const GAP: f64 = 46.0;

/// Returns the picture of a series.
pub fn svg(answer: &Answer) -> String {
    let series = &answer.series;
    let pressures = |suffix: &str| -> Vec<&Column> {
        series.pressures.iter().filter(|column| column.name.ends_with(suffix)).collect()
    };
    let mut panels = vec![
        ("total pressure, kPa", pressures("_total_kpa"), Some(Limited::TotalPressure)),
        (
            "partial pressure of oxygen, kPa",
            pressures("_oxygen_kpa"),
            Some(Limited::OxygenPartialPressure),
        ),
        (
            "partial pressure of carbon dioxide, kPa",
            pressures("_carbon_dioxide_kpa"),
            Some(Limited::CarbonDioxidePartialPressure),
        ),
        ("supplies, kg", moving(series, true), None),
        ("wastes, kg", moving(series, false), None),
    ];
    if !series.outputs.is_empty() {
        let mut made: Vec<&Column> = series.outputs.iter().collect();
        made.truncate(COLORS.len());
        panels.push(("what processors make, kg/d", made, None));
    }
    if !series.supplies.is_empty() {
        let mut drawn: Vec<&Column> = series.supplies.iter().collect();
        drawn.retain(|column| column.values.iter().any(|kw| *kw > 0.0));
        drawn.truncate(COLORS.len());
        panels.push(("power and heat, kW", drawn, None));
    }
    let height = TOP + panels.len() as f64 * (PANEL + GAP);
    let last = series.day.last().copied().unwrap_or(1.0);
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title summary\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">Cabin air and stores over {last} days</title>\n\
         <desc id=\"summary\">Panels over the same days: total pressure, partial pressures of \
         oxygen and carbon dioxide with their limits dashed, supplies, wastes, what processors \
         make, and power where stated.</desc>\n\
         <style>\n\
         .ground {{ fill: #ffffff }} text {{ fill: #222222 }} .axis {{ stroke: #888888 }} \
         .grid {{ stroke: #dddddd }} .limit {{ stroke: #cc3311; stroke-dasharray: 6 4 }}\n\
         @media (prefers-color-scheme: dark) {{ .ground {{ fill: #16181c }} \
         text {{ fill: #dddddd }} .grid {{ stroke: #33363c }} }}\n\
         </style>\n\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"15\">Cabin air and stores at median rates</text>\n"
    );
    for (index, (title, columns, limited)) in panels.iter().enumerate() {
        let top = TOP + index as f64 * (PANEL + GAP);
        let limits: Vec<f64> = answer
            .limits
            .iter()
            .filter(|limit| Some(limit.of) == *limited)
            .flat_map(|limit| [limit.low, limit.high])
            .flatten()
            .collect();
        panel(&mut out, series, title, columns, &limits, top);
    }
    let from = answer.from.map_or(String::new(), |from| format!(" from {from}"));
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">days{from}</text>\n</svg>\n",
        f64::midpoint(LEFT, WIDTH - RIGHT),
        height - 8.0
    );
    out
}

/// Stores that change, the largest first: what stays as it is needs no line.
fn moving(series: &Series, supplies: bool) -> Vec<&Column> {
    const SUPPLIES: [&str; 7] = [
        "_oxygen_kg",
        "_nitrogen_kg",
        "_candle_kg",
        "_lithium_hydroxide_kg",
        "_potable_water_kg",
        "_food_solids_kg",
        "_food_water_kg",
    ];
    let most = |column: &Column| column.values.iter().copied().fold(0.0, f64::max);
    let is_supply = |name: &str| {
        SUPPLIES.iter().any(|suffix| name.ends_with(suffix)) && !name.contains("spent")
    };
    let mut columns: Vec<&Column> = series
        .stores
        .iter()
        .filter(|column| {
            let least = column.values.iter().copied().fold(f64::INFINITY, f64::min);
            most(column) - least > 1e-6 && is_supply(&column.name) == supplies
        })
        .collect();
    columns.sort_by(|a, b| most(b).total_cmp(&most(a)));
    columns.truncate(COLORS.len());
    columns
}

fn panel(
    out: &mut String,
    series: &Series,
    title: &str,
    columns: &[&Column],
    limits: &[f64],
    top: f64,
) {
    let last = series.day.last().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
    // Rounding may leave an empty store a hair below zero.
    let values = || {
        columns.iter().flat_map(|column| {
            column.values.iter().filter(|value| value.is_finite()).map(|value| value.max(0.0))
        })
    };
    let limits = || limits.iter().copied();
    let high = values().chain(limits()).fold(f64::NEG_INFINITY, f64::max);
    let low = values().chain(limits()).fold(f64::INFINITY, f64::min).min(high);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\">{title}</text>", top - 7.0);
    if columns.is_empty() {
        let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\">nothing changes</text>", top + 20.0);
        return;
    }
    let panel = Panel::covering((LEFT, WIDTH - RIGHT), (top, top + PANEL), low, high);
    panel.grid(out);
    let day_step = tick_step(last / 10.0);
    let days = (last / day_step + 1e-9).floor() as i32;
    for tick in 0..=days {
        let day = f64::from(tick) * day_step;
        panel.tick(out, panel.x(day / last), &label(day, day_step));
    }
    for limit in limits() {
        let _ = writeln!(
            out,
            "<line class=\"limit\" x1=\"{LEFT}\" x2=\"{1}\" y1=\"{0:.1}\" y2=\"{0:.1}\">\
             <title>limit {limit:.2} kPa</title></line>",
            panel.y(limit),
            WIDTH - RIGHT
        );
    }
    panel.frame(out);
    for (index, column) in columns.iter().enumerate() {
        // Rates and powers hold until they change.
        let steps = column.name.ends_with("_kg_d") || column.name.ends_with("_kw");
        let mut path = String::new();
        for (row, (day, value)) in series.day.iter().zip(&column.values).enumerate() {
            if value.is_finite() && drawn(row, series.day.len()) {
                let (x, y) = (panel.x(day / last), panel.y(value.max(0.0)));
                let _ = if path.is_empty() {
                    write!(path, "M{x:.1} {y:.1}")
                } else if steps {
                    write!(path, "H{x:.1}V{y:.1}")
                } else {
                    write!(path, "L{x:.1} {y:.1}")
                };
            }
        }
        let units = ["_kg_d", "_kg", "_kpa", "_kw"];
        let name =
            units.iter().fold(column.name.as_str(), |name, unit| name.trim_end_matches(unit));
        panel.curve(out, index, &name.replace('_', " "), 2.0, &path);
    }
}
