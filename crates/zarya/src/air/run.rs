//! A case as a time series: pressures, stores, and how far each element is from closing.

use super::{date_after, days, left_by, source, stated, takes_nothing};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::named::Named;
use crate::refusal::{Found, Refusal, Refusals};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
pub use zarya_systems::case::{Limit, Limited};
use zarya_systems::matter::Element;
use zarya_systems::series;
pub use zarya_systems::series::{Column, DAYS_MAX, ROWS};
use zarya_units::Date;

/// Days that are run where none are named.
pub const DAYS_DEFAULT: f64 = 180.0;
/// Time between rows where none is named.
pub const STEP_DEFAULT: &str = "1 d";

/// Which case, how far, in which steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The case: a text that was handed in. Exactly one of this and `station`.
    pub file: Option<String>,
    /// The station whose cabin, stocks and crew are the case: a folder handed in, or the id of an
    /// embedded one.
    pub station: Option<String>,
    /// Overlays of the station in the order they are laid on.
    pub scenario: Vec<String>,
    /// Days to run: above 0 and up to 36525.
    pub days: f64,
    /// Time between rows, with its unit (`6 h`). Rows are exact whatever the step; at most 200000 steps.
    pub step: String,
    /// Partners whose processors stop and whose arrivals do not come.
    pub without: Vec<String>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            file: None,
            station: None,
            scenario: Vec::new(),
            days: DAYS_DEFAULT,
            step: STEP_DEFAULT.to_owned(),
            without: Vec::new(),
        }
    }
}

/// A case moved through time at median rates.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `air run`.
    pub command: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// The day from which days count, where stated.
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Days run.
    pub days: f64,
    /// Rows of the series: one a step, and one more at each switching of set points.
    pub rows: usize,
    /// How far each element is from closing: `C`, `H`, `O`, `N` and `ash`.
    pub element_residuals: Named<Residual>,
    /// First day on which a commodity is short, by commodity.
    pub first_short_day: Named<f64>,
    /// First day on which a processor is held below what is asked of it, by processor.
    pub first_derated: Named<Derated>,
    /// Limits of the cabin that are crossed, in the order of their days.
    pub limits_crossed: Named<Crossed>,
    /// How often each processor with set points switches on.
    pub times_switched_on: Named<u32>,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// The series by column: `day`, then columns named with their unit.
    pub series: Series,
    /// What the answer rests on.
    pub inputs: Inputs,
    /// Limits of the case, for pictures.
    #[serde(skip)]
    pub limits: Vec<Limit>,
}

/// How far an element is from closing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Residual {
    /// Largest change of everything inside and outside, kg.
    pub kg: f64,
    /// The same relative to what was turned over.
    pub relative: f64,
    /// What was turned over, kg.
    pub turned_over_kg: f64,
}

/// A processor held below what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Derated {
    /// First day.
    pub day: f64,
    /// By what: `power` or `cooling`.
    pub cause: &'static str,
}

/// A limit that is crossed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Crossed {
    /// Day on which it is first crossed.
    pub day: f64,
    /// The date, where the case has a first day.
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
    /// `above` its high end, or `below` its low one.
    pub side: &'static str,
    /// The end that is crossed, kPa.
    pub kpa: f64,
}

/// The columns of a series; in JSON one object of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Days from the start, per row.
    pub day: Vec<f64>,
    /// Pressures by zone, kPa.
    pub pressures: Vec<Column>,
    /// Stores by owner, kg; only those that ever hold something.
    pub stores: Vec<Column>,
    /// What each element has changed by, kg.
    pub residuals: Vec<Column>,
    /// What each processor makes, kg/d; only those that ever make something.
    pub outputs: Vec<Column>,
    /// Power and cooling by segment, kW; only those stated.
    pub supplies: Vec<Column>,
}

impl Series {
    /// Returns all columns but the days, in the order of files.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        let Self { day: _, pressures, stores, residuals, outputs, supplies } = self;
        pressures.iter().chain(stores).chain(residuals).chain(outputs).chain(supplies)
    }
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("day", &self.day)?;
        // A name stands once; the last column of it counts.
        let columns: Named<&Vec<f64>> =
            self.columns().map(|column| (column.name.clone(), &column.values)).collect();
        for (name, values) in columns.iter() {
            map.serialize_entry(name, values)?;
        }
        map.end()
    }
}

impl JsonSchema for Series {
    fn schema_name() -> Cow<'static, str> {
        "Series".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // Values that are not finite are null.
        BTreeMap::<String, Vec<Option<f64>>>::json_schema(generator)
    }
}

/// Moves a case through time.
///
/// # Errors
///
/// When not exactly one of file and station is named, span and step make no series, the file is not a
/// case (all its problems), the station has no cabin, or a partner provides nothing.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, air::run};
///
/// let case = "crew = 2\nvolume = \"425 m3\"\n[stocks]\noxygen = \"110 kg\"\n";
/// let data = Data::embedded().with_text("two.toml", case);
/// let question = run::Question {
///     file: Some("two.toml".to_owned()),
///     days: 10.0,
///     ..Default::default()
/// };
/// let answer = run::answer(&question, &data, &Control::silent())?;
/// assert_eq!((answer.rows, answer.series.day.last()), (11, Some(&10.0)));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let Question { file, station, scenario, without, .. } = question;
    let mut found = Found::default();
    source(&mut found, file.as_deref(), station.as_deref(), scenario);
    let step_days = step(&mut found, question);
    found.done()?;
    let (stated, inputs) = stated(data, file.as_deref(), station.as_deref(), scenario)?;
    let case = left_by(&stated.case, without)?;
    let go_on = |done, total| control.go_on("steps", done as u64, total as u64).is_ok();
    let series = series::Series::watched(&case, question.days, step_days, &go_on)
        .ok_or_else(Refusal::stopped)?;
    let from = stated.from;
    let mut caveats = takes_nothing(&stated.case, &case, without);
    caveats.extend(stated.notes);
    caveats.extend(case.above_design());
    Ok(Answer {
        command: "air run",
        version: env!("CARGO_PKG_VERSION"),
        from,
        days: series.days.last().copied().unwrap_or(0.0),
        rows: series.days.len(),
        element_residuals: Element::ALL
            .into_iter()
            .enumerate()
            .map(|(index, element)| {
                let (kg, relative) = series.residual(index);
                let turned_over_kg = series.turnover[index];
                (element.symbol(), Residual { kg, relative, turned_over_kg })
            })
            .collect(),
        first_short_day: series.shortages.iter().copied().collect(),
        first_derated: series
            .derated
            .iter()
            .map(|(id, cause, day)| (id.clone(), Derated { day: *day, cause: cause.word() }))
            .collect(),
        limits_crossed: series
            .crossed
            .iter()
            .map(|crossing| {
                let told = Crossed {
                    day: crossing.day,
                    date: date_after(from, crossing.day),
                    side: if crossing.above { "above" } else { "below" },
                    kpa: crossing.kpa,
                };
                (crossing.id.clone(), told)
            })
            .collect(),
        times_switched_on: series.switched_on.iter().cloned().collect(),
        caveats,
        series: Series {
            day: series.days,
            pressures: series.pressures,
            stores: series.stores,
            residuals: series.residuals,
            outputs: series.outputs,
            supplies: series.supplies,
        },
        inputs,
        limits: case.limits,
    })
}

/// Checks span and step; returns the step in days.
fn step(found: &mut Found, question: &Question) -> f64 {
    let span = question.days;
    if !(span > 0.0 && span <= DAYS_MAX) {
        let why = format!("{span} is not a number of days above 0 and up to {DAYS_MAX}");
        found.add(Refusal::field("days", why));
    }
    let Some(step_days) = days(found, "step", &question.step, "\"6 h\"") else { return 1.0 };
    if step_days <= 0.0 || step_days.is_nan() {
        let why = format!("{step_days} d; a step is longer than nothing, such as \"6 h\"");
        found.add(Refusal::field("step", why));
    } else if span / step_days > ROWS as f64 {
        let steps = span / step_days;
        let why =
            format!("{steps:.0} steps of {step_days} d; choose one that gives at most {ROWS}");
        found.add(Refusal::field("step", why));
    }
    step_days
}
