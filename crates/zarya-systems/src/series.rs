//! A case as a time series: pressures, stores, what processors make, and how far elements are from
//! closing.

use crate::balance::{Draws, Kind, ZONES, store};
use crate::case::Case;
use crate::endurance::{CabinLimits, Crossing};
use crate::matter::Element;
use crate::run::Run;
use crate::supply::Cause;

/// The most rows of a series, and the most steps it may be asked for.
pub const ROWS: usize = 200_000;
/// The most days of a series: a hundred years.
pub const DAYS_MAX: f64 = 36_525.0;

/// One column of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name with the unit: `station_oxygen_kpa`.
    pub name: String,
    /// A value per row; not finite where there is none.
    pub values: Vec<f64>,
}

/// A case moved through time at median rates.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Days from the start, per row.
    pub days: Vec<f64>,
    /// Pressures by zone, kPa.
    pub pressures: Vec<Column>,
    /// Stores by owner, kg; only those that ever hold something.
    pub stores: Vec<Column>,
    /// What each processor makes, kg/d; only those that ever make something.
    pub outputs: Vec<Column>,
    /// Power and cooling by segment, kW; only those stated.
    pub supplies: Vec<Column>,
    /// By element: what everything inside and outside has changed by, kg.
    pub residuals: Vec<Column>,
    /// By element: the mass turned over, kg.
    pub turnover: Vec<f64>,
    /// First day on which each commodity is short, if any.
    pub shortages: Vec<(&'static str, f64)>,
    /// First day on which each processor is held below what is asked of it, and by what.
    pub derated: Vec<(String, Cause, f64)>,
    /// Limits of the cabin that were crossed, in the order of their days.
    pub crossed: Vec<Crossing>,
    /// By processor with set points: its id and how often it switched on.
    pub switched_on: Vec<(String, u32)>,
}

const GAS_NAMES: [&str; 4] = ["oxygen", "nitrogen", "carbon_dioxide", "vapor"];
const SEGMENT_NAMES: [&str; 2] = ["us", "russian"];
const SUPPLY_NAMES: [&str; 5] =
    ["power_drawn", "power_available", "heat", "cooling_available", "power_shed"];
const COMMODITY_NAMES: [&str; 5] =
    ["oxygen", "carbon dioxide removal", "nitrogen", "water", "food"];

impl Series {
    /// Moves a case through `days`, with a row every `step_days` and one more at each switching.
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]), or days and step are not above zero.
    pub fn new(case: &Case, days: f64, step_days: f64) -> Self {
        Self::watched(case, days, step_days, &|_, _| true).expect("nobody stops it")
    }

    /// Moves a case as [`Series::new`] does. `go_on` hears how many steps of how many are done and returns
    /// false to stop: there is no series then.
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]), or days and step are not above zero.
    pub fn watched(
        case: &Case,
        days: f64,
        step_days: f64,
        go_on: &dyn Fn(usize, usize) -> bool,
    ) -> Option<Self> {
        assert!(days > 0.0 && step_days > 0.0, "{days} days in steps of {step_days}");
        let mut run = Run::new(case, Draws::MEDIAN, step_days);
        let zones = case.zones.len().min(ZONES);
        let mut series = Self {
            days: Vec::new(),
            pressures: Vec::new(),
            stores: Vec::new(),
            outputs: Vec::new(),
            supplies: Vec::new(),
            residuals: Vec::new(),
            turnover: vec![0.0; Element::ALL.len()],
            shortages: Vec::new(),
            derated: Vec::new(),
            crossed: Vec::new(),
            switched_on: Vec::new(),
        };
        for zone in &case.zones {
            for gas in GAS_NAMES.iter().copied().chain(["total"]) {
                series.pressures.push(column(format!("{}_{gas}_kpa", plain(&zone.id))));
            }
        }
        let owners = case.owner_names();
        for owner in &owners {
            for kind in Kind::ALL {
                series.stores.push(column(format!("{owner}_{}_kg", plain(kind.id()))));
            }
        }
        for running in &case.running {
            series.outputs.push(column(format!("{}_kg_d", plain(running.id()))));
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
            if row % 1_000 == 0 && !go_on(row, steps) {
                return None;
            }
            let day = (row as f64 * step_days).min(days);
            while run.state().day < day {
                series.note(case, &run);
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
                if switched && run.state().day < day && series.days.len() < ROWS {
                    series.row(&run, &start, [zones, owners.len()]);
                }
            }
            series.row(&run, &start, [zones, owners.len()]);
        }
        if !go_on(steps, steps) {
            return None;
        }
        for (running, times) in case.running.iter().zip(times_on) {
            if running.control.is_some() {
                series.switched_on.push((running.id().to_owned(), times));
            }
        }
        series.note(case, &run);
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
        Some(series)
    }

    /// Adds a row of the run as it stands.
    fn row(&mut self, run: &Run<'_>, start: &[f64], [zones, owners]: [usize; 2]) {
        let (model, state, flows) = (run.model(), run.state(), run.flows());
        self.days.push(state.day);
        for zone in 0..zones {
            let pressures = model.pressures(state, model.group_of(zone));
            for (gas, kpa) in pressures.iter().enumerate() {
                self.pressures[zone * 5 + gas].values.push(*kpa);
            }
            self.pressures[zone * 5 + 4].values.push(pressures.iter().sum());
        }
        for owner in 0..owners {
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

    fn note(&mut self, case: &Case, run: &Run<'_>) {
        for (name, unmet) in COMMODITY_NAMES.iter().zip(run.flows().unmet) {
            if unmet > 0.0 && !self.shortages.iter().any(|(known, _)| known == name) {
                self.shortages.push((name, run.state().day));
            }
        }
        for (running, unit) in case.running.iter().zip(run.flows().units) {
            let id = running.id();
            if let Some((cause, _)) = unit.derated
                && !self.derated.iter().any(|(known, ..)| known == id)
            {
                self.derated.push((id.to_owned(), cause, run.state().day));
            }
        }
    }

    /// Returns the largest residual of an element over the run, kg, and relative to what was turned
    /// over.
    pub fn residual(&self, element: usize) -> (f64, f64) {
        let largest =
            self.residuals[element].values.iter().fold(0.0_f64, |most, kg| most.max(kg.abs()));
        let scale = self.turnover[element];
        (largest, if scale > 0.0 { largest / scale } else { 0.0 })
    }

    /// Returns all columns in the order of answers.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.pressures
            .iter()
            .chain(&self.stores)
            .chain(&self.residuals)
            .chain(&self.outputs)
            .chain(&self.supplies)
    }
}

fn column(name: String) -> Column {
    Column { name, values: Vec::new() }
}

fn plain(id: &str) -> String {
    id.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Held, StockKind, Zone};

    /// Rows come at every step and at the end, and what is breathed is what the tanks lose.
    #[test]
    fn a_series_has_its_rows_and_closes() {
        let mut case = Case::bare(2.0, vec![Zone::open("station", 425.0)]);
        case.stocks.push(Held { kind: StockKind::Oxygen, owner: None, amount: 110.0 });
        let series = Series::new(&case, 10.0, 4.0);
        assert_eq!(series.days, [0.0, 4.0, 8.0, 10.0]);
        let oxygen = series.stores.iter().find(|column| column.name == "station_oxygen_kg");
        let values = &oxygen.expect("tanks").values;
        assert!(values[0] == 110.0 && values[3] < 100.0, "{values:?}");
        assert!((0..Element::ALL.len()).all(|element| series.residual(element).1 < 1e-9));
        assert!(series.columns().all(|column| column.values.len() == 4));
    }
}
