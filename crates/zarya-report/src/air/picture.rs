//! The picture of a time series: panels over the days.

use crate::picture::{self, Across, COLORS, LIMIT, Mark, Panel, Picture, Range, Shape};
use zarya::air::run::{Answer, Column, Limited, Series};

/// Returns the picture of a series.
pub fn svg(answer: &Answer) -> String {
    let series = &answer.series;
    let pressure = |name: &str, suffix: &str, limited: Limited| {
        let columns = series.pressures.iter().filter(|column| column.name.ends_with(suffix));
        let mut marks: Vec<Mark> = curves(series, columns);
        let limits = answer.limits.iter().filter(|limit| limit.of == limited);
        for kpa in limits.flat_map(|limit| [limit.low, limit.high]).flatten() {
            marks.push(Mark::new(format!("limit {kpa:.2} kPa"), LIMIT, Shape::Level(kpa)));
        }
        Panel { name: format!("{name}, kPa"), range: Range::Marks, marks }
    };
    let amounts = |name: &str, columns: Vec<&Column>| {
        let marks = curves(series, columns);
        let unmoved = if marks.is_empty() { ": nothing changes" } else { "" };
        Panel { name: format!("{name}{unmoved}"), range: Range::FromZero, marks }
    };
    let mut panels = vec![
        pressure("total pressure", "_total_kpa", Limited::TotalPressure),
        pressure("partial pressure of oxygen", "_oxygen_kpa", Limited::OxygenPartialPressure),
        pressure(
            "partial pressure of carbon dioxide",
            "_carbon_dioxide_kpa",
            Limited::CarbonDioxidePartialPressure,
        ),
        amounts("supplies, kg", moving(series, true)),
        amounts("wastes, kg", moving(series, false)),
    ];
    if !series.outputs.is_empty() {
        panels.push(amounts("what processors make, kg/d", series.outputs.iter().collect()));
    }
    if !series.supplies.is_empty() {
        let stated = |column: &&Column| column.values.iter().any(|kw| *kw > 0.0);
        panels.push(amounts("power and heat, kW", series.supplies.iter().filter(stated).collect()));
    }
    let last = series.day.last().copied().unwrap_or(1.0);
    let crossed: Vec<String> = answer
        .limits_crossed
        .iter()
        .map(|(id, crossed)| {
            format!("{id} is {} {:.2} kPa from day {:.1}", crossed.side, crossed.kpa, crossed.day)
        })
        .collect();
    let crossed =
        if crossed.is_empty() { "no limit is crossed".into() } else { crossed.join(", ") };
    let days = answer.from.map_or("days".to_owned(), |from| format!("days from {from}"));
    picture::svg(&Picture {
        title: "Cabin air and stores at median rates",
        sentence: &format!("Cabin air and stores over {last} days; {crossed}."),
        across: Across::Numbers(&days),
        panels,
        events: Vec::new(),
    })
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
    columns
}

/// The first columns as curves: as many as there are colors.
fn curves<'s>(series: &Series, columns: impl IntoIterator<Item = &'s Column>) -> Vec<Mark> {
    let curve = |(color, column): (usize, &Column)| {
        // Rounding may leave an empty store a hair below zero.
        let values = column.values.iter().map(|value| if *value < 0.0 { 0.0 } else { *value });
        let points = series.day.iter().copied().zip(values).collect();
        let units = ["_kg_d", "_kg", "_kpa", "_kw"];
        let name =
            units.iter().fold(column.name.as_str(), |name, unit| name.trim_end_matches(unit));
        // Rates and powers hold until they change.
        let steps = column.name.ends_with("_kg_d") || column.name.ends_with("_kw");
        let shape = if steps { Shape::Steps(points) } else { Shape::Line(points) };
        Mark::new(name.replace('_', " "), color, shape)
    };
    columns.into_iter().take(COLORS).enumerate().map(curve).collect()
}
