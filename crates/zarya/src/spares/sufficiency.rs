//! Whether the spares at hand last, and to when.

use super::listed::{Listed, Wanted, shown};
use super::{ERROR_FACTOR_MAX, LifeLimits, Model, Repair, excluded, probability};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use zarya_reliability::Stopped;
pub use zarya_reliability::sufficiency::Need;
use zarya_reliability::sufficiency::{self as lasting, Lasting, least};
use zarya_units::Date;

/// Target for the days and the date through which spares hold.
pub const CONFIDENCE_DEFAULT: f64 = 0.9;
/// Subsystems share no factor.
pub const SHARED_ERROR_FACTOR_DEFAULT: f64 = 1.0;
/// Life limits together with failures.
pub const LIFE_LIMITS_DEFAULT: LifeLimits = LifeLimits::Together;
/// Factors by which every rate may be wrong.
pub const WHAT_IF_DEFAULT: [f64; 4] = [0.5, 1.0, 2.0, 3.0];
/// Days beyond which nothing is said.
pub const DAYS_MAX: f64 = 36_525.0;
/// Most factors of one question.
const FACTORS_MAX: usize = 100;
/// Factors of [`Question::what_if`]: beyond, the stated rates say nothing.
const WHAT_IF_BOUNDS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

question! {
    /// Whether the spares of which units last for how long.
    pub struct Question {
        /// Target for the days and the date through which spares hold, between 0 and 1.
        pub confidence: f64 = CONFIDENCE_DEFAULT,
        /// First day, itself counted, so that days become dates; a station's is its as-of date.
        #[schemars(with = "Option<String>")]
        pub from: Option<Date> = None,
        /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor), 1 to
        /// 100.
        pub shared_error_factor: f64 = SHARED_ERROR_FACTOR_DEFAULT,
        /// Capabilities that need only some of their unit types.
        pub need: Vec<Need> = Vec::new(),
        /// Life limits together with failures, or beside them.
        pub life_limits: LifeLimits = LIFE_LIMITS_DEFAULT,
        /// Also answer with every rate wrong by these factors, 0.01 to 100.
        pub what_if: Vec<f64> = WHAT_IF_DEFAULT.to_vec(),
        /// Also draw the curve of each of these factors, for a picture.
        pub curves: bool = false,
    }
}

/// Factors as a text, `0.5,1,2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors(pub Vec<f64>);

impl fmt::Display for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each: Vec<String> = self.0.iter().map(f64::to_string).collect();
        f.write_str(&each.join(","))
    }
}

impl FromStr for Factors {
    type Err = std::num::ParseFloatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>()?))
    }
}

/// Whether the spares last.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// Days of the period.
    pub days: f64,
    /// Its last day, where the first is known.
    pub through: Option<String>,
    /// Probability that the spares last the period.
    pub probability: f64,
    /// The unit type whose spares last the period with the least probability.
    pub probability_limited_by: Option<String>,
    /// Target for the days and the date through which spares hold.
    pub confidence: f64,
    /// Days through which the station's spares last with the confidence; null beyond 100 years.
    pub days_sufficient: Option<f64>,
    /// The last whole of these days, where the first is known.
    pub date_sufficient: Option<String>,
    /// The unit type whose spares last the fewest days with the confidence.
    pub days_limited_by: Option<String>,
    /// One for each unit type, in the order of the list.
    pub units: Vec<UnitLasting>,
    /// Probability that all unit types of a subsystem last the period.
    pub subsystems: BTreeMap<String, f64>,
    /// Probability that enough unit types of a capability last the period.
    pub capabilities: BTreeMap<String, f64>,
    /// The same with every rate wrong by a factor.
    pub what_if: Vec<WhatIf>,
    /// The probability over days.
    pub curve: Vec<CurvePoint>,
    /// How demand was computed.
    pub model: Model,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// How long the spares of one unit type last.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnitLasting {
    /// The unit type.
    pub id: String,
    /// Spares at hand.
    pub stock: u32,
    /// Probability that they last the period.
    pub probability: f64,
    /// Days through which they last with the confidence; null beyond 100 years.
    pub days_sufficient: Option<f64>,
    /// The last whole of these days, where the first is known.
    pub date_sufficient: Option<String>,
}

/// The answer with every rate wrong by a factor.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WhatIf {
    /// The factor.
    pub rates_times: f64,
    /// Probability that the spares last the period.
    pub probability: f64,
    /// Days through which they last with the confidence; null beyond 100 years.
    pub days_sufficient: Option<f64>,
    /// The last whole of these days, where the first is known.
    pub date_sufficient: Option<String>,
    /// The probability over days, where the question asks for curves; for pictures alone.
    #[serde(skip)]
    pub curve: Vec<CurvePoint>,
}

/// The probability that the spares last so many days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CurvePoint {
    /// Days from now.
    pub days: f64,
    /// Probability.
    pub probability: f64,
}

impl Question {
    /// Finds what is wrong with the question by itself, before any data are read.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn check(&self) -> Result<(), Refusals> {
        let mut found = Found::default();
        self.asked().check(&mut found);
        excluded(&mut found, "from", self.from.is_some(), "station", self.station.is_some());
        probability(&mut found, "confidence", Some(self.confidence));
        let factor = self.shared_error_factor;
        if !(1.0..=ERROR_FACTOR_MAX).contains(&factor) {
            let why =
                format!("a ratio of 1 or more is needed, at most {ERROR_FACTOR_MAX}, not {factor}");
            found.add(Refusal::field("shared_error_factor", why));
        }
        if self.what_if.len() > FACTORS_MAX {
            let why = format!("{} factors, more than {FACTORS_MAX}", self.what_if.len());
            found.add(Refusal::field("what_if", why));
        }
        for factor in self.what_if.iter().filter(|factor| !WHAT_IF_BOUNDS.contains(factor)) {
            let (low, high) = (WHAT_IF_BOUNDS.start(), WHAT_IF_BOUNDS.end());
            let why = format!(
                "a factor from {low} to {high} is needed, not {factor}: beyond, the stated rates say \
                 nothing"
            );
            found.add(Refusal::field("what_if", why));
        }
        found.done()
    }
}

/// Returns whether the spares at hand last the period, and to when they do with the confidence.
///
/// # Errors
///
/// When the question is none, or the units are not known or wrong, or have no stock; [`Control::stop`]
/// ends it between its parts.
///
/// # Examples
///
/// ```
/// use zarya::spares::sufficiency;
/// use zarya::{Control, Data};
///
/// let question = sufficiency::Question {
///     station: Some("tiny".to_owned()),
///     period_d: Some(365.0),
///     ..Default::default()
/// };
/// let answer = sufficiency::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!(answer.through.as_deref(), Some("2026-12-31"));
/// assert_eq!(format!("{:.3}", answer.probability), "0.914");
/// assert_eq!(answer.date_sufficient.as_deref(), Some("2027-02-10"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    question.check()?;
    let listed = question.asked().listed(data, Wanted::Stocks, &[1])?;
    check_list(question, &listed)?;
    // The first day is itself whole, as in an assessment.
    let before = question.from.or(listed.as_of).map(|date| date.plus_days(-1));
    let (units, model) = (&listed.units[..], listed.model);
    let asked = lasting::Question {
        units,
        model,
        shared_error_factor: question.shared_error_factor,
        needed: &question.need,
    };
    let (days, confidence) = (model.period_d, question.confidence);
    let going: &dyn Fn() -> bool = &|| !control.stopped();
    let stopped = |Stopped| Refusal::stopped();
    let prepared = Lasting::new(&asked);
    let now = prepared.through(days, 1.0, going).map_err(stopped)?;
    // The last whole day is the date through which spares hold.
    let dated = |days: Option<f64>| later(before?, days?.floor());
    let mut by_unit = Vec::with_capacity(units.len());
    let n_types = units.len() as u64;
    for row in 0..units.len() {
        control.go_on("unit types", row as u64, n_types)?;
        by_unit.push(prepared.days_of(row, confidence, DAYS_MAX, going).map_err(stopped)?);
    }
    control.go_on("unit types", n_types, n_types)?;
    let points = |times: f64, crossing| -> Result<Vec<CurvePoint>, Refusal> {
        let points = prepared.curve(days, times, crossing, going).map_err(stopped)?.into_iter();
        Ok(points.map(|(days, probability)| CurvePoint { days, probability }).collect())
    };
    // The stated rates, then each factor on them.
    let n_parts = 1 + question.what_if.len() as u64;
    control.go_on("factors", 0, n_parts)?;
    let through = prepared.days(confidence, DAYS_MAX, 1.0, going).map_err(stopped)?;
    let plain_curve = points(1.0, through)?;
    let mut what_if = Vec::with_capacity(question.what_if.len());
    for (i, factor) in question.what_if.iter().enumerate() {
        control.go_on("factors", 1 + i as u64, n_parts)?;
        let days_sufficient = if *factor == 1.0 {
            through
        } else {
            prepared.days(confidence, DAYS_MAX, *factor, going).map_err(stopped)?
        };
        let crossing = through.filter(|_| *factor == 1.0);
        what_if.push(WhatIf {
            rates_times: *factor,
            probability: prepared.through(days, *factor, going).map_err(stopped)?.station,
            days_sufficient,
            date_sufficient: dated(days_sufficient),
            curve: if question.curves { points(*factor, crossing)? } else { Vec::new() },
        });
    }
    control.go_on("factors", n_parts, n_parts)?;
    let name = |row: usize| units[row].id.clone();
    let unit_days: Vec<f64> = by_unit.iter().map(|days| days.unwrap_or(DAYS_MAX)).collect();
    Ok(Answer {
        days,
        through: dated(Some(days)),
        probability: now.station,
        probability_limited_by: least(&asked, &now.units).map(name),
        confidence,
        days_sufficient: through,
        date_sufficient: dated(through),
        days_limited_by: through.and_then(|_| least(&asked, &unit_days)).map(name),
        units: units
            .iter()
            .zip(&now.units)
            .zip(&by_unit)
            .map(|((unit, probability), days_sufficient)| UnitLasting {
                id: unit.id.clone(),
                stock: unit.stock.unwrap_or(0),
                probability: *probability,
                days_sufficient: *days_sufficient,
                date_sufficient: dated(*days_sufficient),
            })
            .collect(),
        what_if,
        curve: plain_curve,
        subsystems: now.subsystems,
        capabilities: now.capabilities,
        model: (&model).into(),
        notes: listed.notes,
        inputs: listed.inputs,
    })
}

/// The date so many days later, if the calendar reaches that far.
fn later(date: Date, days: f64) -> Option<String> {
    /// 2200-01-01, where dates end.
    const END_MJD: f64 = 124_593.0;
    (date.mjd() + days < END_MJD).then(|| date.plus_days(days as i32).to_string())
}

/// Refuses questions that the list cannot answer.
fn check_list(question: &Question, listed: &Listed) -> Result<(), Refusals> {
    let mut found = Found::default();
    let units = &listed.units;
    let unknown: Vec<&str> =
        units.iter().filter(|unit| unit.stock.is_none()).map(|unit| &*unit.id).collect();
    if !unknown.is_empty() {
        let why = format!("{} unit types have no stock: {}", unknown.len(), shown(&unknown));
        let about = About::Text(listed.name.clone());
        let help = "fill the column `stock`; 0 says that there are none";
        found.add(Refusal::unanswerable(about, why).help(help));
    }
    for Need { capability, types } in &question.need {
        let have = units.iter().filter(|unit| unit.capability == *capability).count();
        if have == 0 {
            let why = format!("no unit type provides the capability `{capability}`");
            found.add(Refusal::field("need", why).help("fill the column `capability`"));
        } else if *types as usize > have {
            let why = format!("`{capability}` needs {types} unit types and {have} provide it");
            found.add(Refusal::field("need", why));
        }
    }
    found.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A span beyond the calendar once ended the program.
    #[test]
    fn days_beyond_the_calendar_have_no_date() {
        let date = Date::parse("2150-01-01").unwrap();
        assert_eq!(later(date, 31.0).as_deref(), Some("2150-02-01"));
        assert_eq!(later(date, DAYS_MAX), None);
        let last = Date::parse("2199-12-31").unwrap();
        assert_eq!(later(last, 0.0).as_deref(), Some("2199-12-31"));
        assert_eq!(later(last, 1.0), None);
    }
}
