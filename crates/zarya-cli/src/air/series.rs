//! The time series of `zarya air run`: rows, CSV, JSON and a summary.

use super::case_file::CaseFile;
use serde_json::{Value, json};
use std::fmt::Write as _;
use zarya_report::columns;
use zarya_systems::balance::{Draws, Kind, OWNERS, ZONES, store};
use zarya_systems::case::Limit;
use zarya_systems::endurance::{CabinLimits, Crossing};
use zarya_systems::matter::Element;
use zarya_systems::run::Run;
use zarya_units::Date;

/// The most rows of a series.
const ROWS: f64 = 200_000.0;

/// One column: its name with the unit, and a value per row.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
}

/// A case moved through time at median rates.
pub(super) struct Series {
    pub(super) from: Option<Date>,
    /// Days from the start, per row.
    pub(super) days: Vec<f64>,
    /// Pressures by zone, kPa.
    pub(super) pressures: Vec<Column>,
    /// Stores by owner, kg; only those that ever hold something.
    pub(super) stores: Vec<Column>,
    /// What each processor makes, kg/d; only those that ever make something.
    pub(super) outputs: Vec<Column>,
    /// Power and cooling by segment, kW; only those stated.
    pub(super) supplies: Vec<Column>,
    /// By element: what everything inside and outside has changed by, kg.
    pub(super) residuals: Vec<Column>,
    /// By element: the mass turned over, kg.
    turnover: Vec<f64>,
    /// Limits of the case, for the picture.
    pub(super) limits: Vec<Limit>,
    /// First day on which each commodity is short, if any.
    shortages: Vec<(&'static str, f64)>,
    /// First day on which each processor is held below what is asked of it, and by what.
    derated: Vec<(String, &'static str, f64)>,
    /// Limits of the cabin that were crossed, in the order of their days.
    crossed: Vec<Crossing>,
    /// Processors above their design values.
    above_design: Vec<String>,
    /// Ids of the case's processors.
    ids: Vec<String>,
    /// By processor with set points: its id and how often it switched on.
    switched_on: Vec<(String, u32)>,
}

const GAS_NAMES: [&str; 4] = ["oxygen", "nitrogen", "carbon_dioxide", "vapor"];
const SEGMENT_NAMES: [&str; 2] = ["us", "russian"];
const SUPPLY_NAMES: [&str; 5] =
    ["power_drawn", "power_available", "heat", "cooling_available", "power_shed"];
const OWNER_NAMES: [&str; OWNERS] = ["station", "us", "russian"];
const COMMODITY_NAMES: [&str; 5] =
    ["oxygen", "carbon dioxide removal", "nitrogen", "water", "food"];

/// Refuses spans and steps that make no series.
pub(super) fn check_span(days: f64, step_days: f64) -> Result<(), String> {
    if !(days > 0.0 && days <= 36_525.0) {
        return Err(format!("--days: {days} is not a number of days above 0 and up to 36525"));
    }
    if step_days <= 0.0 || step_days.is_nan() {
        return Err(format!(
            "--step: {step_days} d; a step is longer than nothing, such as \"6 h\""
        ));
    }
    if days / step_days > ROWS {
        return Err(format!(
            "--step: {:.0} steps of {step_days} d; choose one that gives at most {ROWS}",
            days / step_days
        ));
    }
    Ok(())
}

impl Series {
    /// Moves a case through `days`, with a row every `step_days`.
    pub(super) fn new(file: &CaseFile, days: f64, step_days: f64) -> Self {
        let case = &file.case;
        let mut run = Run::new(case, Draws::MEDIAN, step_days);
        let zones = case.zones.len().min(ZONES);
        let mut series = Self {
            from: file.from,
            days: Vec::new(),
            pressures: Vec::new(),
            stores: Vec::new(),
            outputs: Vec::new(),
            supplies: Vec::new(),
            residuals: Vec::new(),
            turnover: vec![0.0; Element::ALL.len()],
            limits: case.limits.clone(),
            shortages: Vec::new(),
            derated: Vec::new(),
            crossed: Vec::new(),
            above_design: case.above_design(),
            ids: case.running.iter().map(|running| running.processor.id.clone()).collect(),
            switched_on: Vec::new(),
        };
        for zone in &case.zones {
            for gas in GAS_NAMES.iter().copied().chain(["total"]) {
                series.pressures.push(column(format!("{}_{gas}_kpa", plain(&zone.id))));
            }
        }
        for owner in OWNER_NAMES {
            for kind in Kind::ALL {
                series.stores.push(column(format!("{owner}_{}_kg", plain(kind.id()))));
            }
        }
        for running in &case.running {
            series.outputs.push(column(format!("{}_kg_d", plain(&running.processor.id))));
        }
        if case.supplies.stated() {
            for segment in SEGMENT_NAMES {
                for what in SUPPLY_NAMES {
                    series.supplies.push(column(format!("{segment}_{what}_kw")));
                }
            }
        }
        for element in Element::ALL {
            series.residuals.push(column(format!("residual_{}_kg", element.symbol())));
        }
        let start = run.state().elements();
        let mut cabin = CabinLimits::new(case);
        let mut on: Vec<bool> = run.model().switched_on().collect();
        let mut times_on = vec![0; on.len()];
        let steps = (days / step_days).ceil() as usize;
        for row in 0..=steps {
            let day = (row as f64 * step_days).min(days);
            while run.state().day < day {
                series.note(&run);
                cabin.note(&run, day);
                run.advance_toward(day);
                let mut switched = false;
                for ((now, was), times) in run.model().switched_on().zip(&mut on).zip(&mut times_on)
                {
                    *times += u32::from(now && !*was);
                    switched |= now != *was;
                    *was = now;
                }
                // A row more at each switching: the teeth keep their points.
                if switched && run.state().day < day && (series.days.len() as f64) < ROWS {
                    series.row(&run, &start, zones);
                }
            }
            series.row(&run, &start, zones);
        }
        for (running, times) in case.running.iter().zip(times_on) {
            if running.control.is_some() {
                series.switched_on.push((running.processor.id.clone(), times));
            }
        }
        series.note(&run);
        series.crossed = cabin.crossed();
        series.turnover = run.state().turnover().to_vec();
        for columns in [&mut series.stores, &mut series.outputs] {
            columns.retain(|column| column.values.iter().any(|value| value.abs() > 1e-9));
        }
        // Only what the file states.
        let stated = |column: &Column| {
            SEGMENT_NAMES.iter().enumerate().any(|(segment, name)| {
                let heat = column.name.contains("heat") || column.name.contains("cooling");
                let all = if heat { &case.supplies.cooling } else { &case.supplies.power };
                column.name.starts_with(name) && all[segment].is_some()
            })
        };
        series.supplies.retain(stated);
        series
    }

    /// Adds a row of the run as it stands.
    fn row(&mut self, run: &Run<'_>, start: &[f64], zones: usize) {
        let (model, state, flows) = (run.model(), run.state(), run.flows());
        self.days.push(state.day);
        for zone in 0..zones {
            let pressures = model.pressures(state, model.group_of(zone));
            for (gas, kpa) in pressures.iter().enumerate() {
                self.pressures[zone * 5 + gas].values.push(*kpa);
            }
            self.pressures[zone * 5 + 4].values.push(pressures.iter().sum());
        }
        for owner in 0..OWNERS {
            for (index, kind) in Kind::ALL.into_iter().enumerate() {
                let level = state.stores[store(owner, kind)];
                self.stores[owner * Kind::ALL.len() + index].values.push(level);
            }
        }
        for (column, made) in self.outputs.iter_mut().zip(model.outputs(flows)) {
            column.values.push(made);
        }
        let draws = flows.draws.iter().flat_map(|draw| {
            [
                draw.power_kw,
                draw.power_available_kw,
                draw.heat_kw,
                draw.cooling_available_kw,
                draw.shed_kw,
            ]
        });
        for (column, kw) in self.supplies.iter_mut().zip(draws) {
            column.values.push(kw);
        }
        for (column, (now, start)) in
            self.residuals.iter_mut().zip(state.elements().iter().zip(start))
        {
            column.values.push(now - start);
        }
    }

    fn note(&mut self, run: &Run<'_>) {
        for (name, unmet) in COMMODITY_NAMES.iter().zip(run.flows().unmet) {
            if unmet > 0.0 && !self.shortages.iter().any(|(known, _)| known == name) {
                self.shortages.push((name, run.state().day));
            }
        }
        for (id, unit) in self.ids.iter().zip(run.flows().units) {
            if let Some((cause, _)) = unit.derated
                && !self.derated.iter().any(|(known, ..)| known == id)
            {
                self.derated.push((id.clone(), cause.word(), run.state().day));
            }
        }
    }

    /// Largest residual of an element over the run, kg, and relative to what was turned over.
    fn residual(&self, element: usize) -> (f64, f64) {
        let largest =
            self.residuals[element].values.iter().fold(0.0_f64, |most, kg| most.max(kg.abs()));
        let scale = self.turnover[element];
        (largest, if scale > 0.0 { largest / scale } else { 0.0 })
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.pressures
            .iter()
            .chain(&self.stores)
            .chain(&self.residuals)
            .chain(&self.outputs)
            .chain(&self.supplies)
    }

    fn date(&self, day: f64) -> Option<String> {
        self.from.map(|from| Date::from_mjd(from.mjd() + day).to_string())
    }

    /// Returns the series as CSV, one row per step.
    pub(super) fn csv(&self) -> String {
        let mut out = String::from("day");
        if self.from.is_some() {
            out.push_str(",date");
        }
        for column in self.columns() {
            let _ = write!(out, ",{}", column.name);
        }
        out.push('\n');
        for (row, day) in self.days.iter().enumerate() {
            let _ = write!(out, "{day}");
            if let Some(date) = self.date(*day) {
                let _ = write!(out, ",{date}");
            }
            for column in self.columns() {
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

    /// Returns summary and series as JSON.
    pub(super) fn json(&self) -> Value {
        let mut residuals = serde_json::Map::new();
        for (index, element) in Element::ALL.into_iter().enumerate() {
            let (kg, relative) = self.residual(index);
            residuals.insert(
                element.symbol().to_owned(),
                json!({ "kg": kg, "relative": relative, "turned_over_kg": self.turnover[index] }),
            );
        }
        let mut columns = serde_json::Map::new();
        columns.insert("day".to_owned(), json!(self.days));
        for column in self.columns() {
            columns.insert(column.name.clone(), json!(column.values));
        }
        let shortages: serde_json::Map<String, Value> =
            self.shortages.iter().map(|(name, day)| ((*name).to_owned(), json!(day))).collect();
        let derated: serde_json::Map<String, Value> = self
            .derated
            .iter()
            .map(|(id, cause, day)| (id.clone(), json!({ "day": day, "cause": cause })))
            .collect();
        let crossed: serde_json::Map<String, Value> = self
            .crossed
            .iter()
            .map(|crossing| {
                let value = json!({
                    "day": crossing.day,
                    "date": self.date(crossing.day),
                    "side": if crossing.above { "above" } else { "below" },
                    "kpa": crossing.kpa,
                });
                (crossing.id.clone(), value)
            })
            .collect();
        let switched_on: serde_json::Map<String, Value> =
            self.switched_on.iter().map(|(id, times)| (id.clone(), json!(times))).collect();
        json!({
            "command": "air run",
            "version": env!("CARGO_PKG_VERSION"),
            "from": self.from.map(|from| from.to_string()),
            "days": self.days.last(),
            "rows": self.days.len(),
            "element_residuals": residuals,
            "first_short_day": shortages,
            "first_derated": derated,
            "limits_crossed": crossed,
            "times_switched_on": switched_on,
            "caveats": self.above_design,
            "series": columns,
        })
    }

    /// Returns a summary for people.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let last = self.days.last().copied().unwrap_or(0.0);
        let worst = (0..Element::ALL.len()).map(|i| self.residual(i).1).fold(0.0, f64::max);
        let _ = writeln!(
            out,
            "{last} days in {} rows; elements close to {worst:.1e} of what was turned over",
            self.days.len()
        );
        let _ = writeln!(out, "\nelement residuals:");
        for (index, element) in Element::ALL.into_iter().enumerate() {
            let (kg, relative) = self.residual(index);
            let _ = writeln!(
                out,
                "  {:<4}{kg:>10.1e} kg of {:>9.1} kg turned over ({relative:.1e})",
                element.symbol(),
                self.turnover[index]
            );
        }
        let _ = writeln!(out, "\n{:<34}{:>12}{:>12}{:>12}", "", "start", "least", "end");
        let shown =
            self.pressures.iter().chain(&self.stores).chain(&self.outputs).chain(&self.supplies);
        for column in shown {
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
        for Crossing { id, day, above, kpa } in &self.crossed {
            let on = self.date(*day).map_or(String::new(), |date| format!(", {date}"));
            let moves = if *above { "rises above" } else { "falls below" };
            let _ = writeln!(out, "{id} {moves} its limit of {kpa:.2} kPa on day {day:.1}{on}");
        }
        if self.crossed.is_empty() {
            let _ = writeln!(out, "no limit of the cabin is crossed");
        }
        for (name, day) in &self.shortages {
            let on = self.date(*day).map_or(String::new(), |date| format!(", {date}"));
            let _ = writeln!(out, "{name} is short from day {day:.1}{on}");
        }
        for (id, cause, day) in &self.derated {
            let on = self.date(*day).map_or(String::new(), |date| format!(", {date}"));
            let _ = writeln!(out, "{id} is held back by {cause} from day {day:.1}{on}");
        }
        for (id, times) in &self.switched_on {
            let _ = writeln!(out, "{id} switched on {times} times");
        }
        for words in &self.above_design {
            let _ = writeln!(out, "{words}");
        }
        columns::fitted(&out)
    }
}

fn column(name: String) -> Column {
    Column { name, values: Vec::new() }
}

fn plain(id: &str) -> String {
    id.replace('-', "_")
}
