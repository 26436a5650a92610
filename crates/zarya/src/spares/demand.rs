//! How many spares are needed, period by period, as a whole distribution.

use super::listed::Wanted;
use super::{LifeLimits, Model, Repair, probability};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_reliability::campaign::{Demand, campaign_watched, positions};
pub use zarya_reliability::campaign::{Fleets, Split};
use zarya_reliability::counts;
use zarya_units::Date;

/// One copy of the list in one period.
pub const FLEETS_DEFAULT: [u32; 1] = [1];
/// Probability that the stocks of all unit types last together.
pub const CONFIDENCE_DEFAULT: f64 = 0.99;
/// The confidence is split over installed positions.
pub const SPLIT_DEFAULT: Split = Split::Positions;
/// Life limits beside failures, as published campaigns have it.
pub const LIFE_LIMITS_DEFAULT: LifeLimits = LifeLimits::Maximum;

question! {
    /// How many spares are needed of which units over which periods.
    pub struct Question {
        /// Copies of the whole list present in each period, 0 to 1000 copies in 1 to 1000 periods. The
        /// oldest leave first.
        pub fleets: Vec<u32> = FLEETS_DEFAULT.to_vec(),
        /// Probability that the stocks of all unit types last together, between 0 and 1.
        pub confidence: f64 = CONFIDENCE_DEFAULT,
        /// How the confidence is split over unit types.
        pub split: Split = SPLIT_DEFAULT,
        /// Life limits beside failures, or together with them.
        pub life_limits: LifeLimits = LIFE_LIMITS_DEFAULT,
    }
}

/// How many spares are needed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// Probability that the stocks of all unit types last together.
    pub confidence: f64,
    /// Installed positions: quantity times copies, over the whole list.
    pub positions: u32,
    /// The confidence that each unit type reaches.
    pub confidence_of_each: f64,
    /// How demand was computed.
    pub model: Model,
    /// Copies of the whole list present in each period.
    pub fleets: Vec<u32>,
    /// One for each unit type, in the order of the list.
    pub rows: Vec<Row>,
    /// One for each period.
    pub totals: Vec<Total>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// The demand for one unit type.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The unit type.
    pub id: String,
    /// From the start of the first period to the end of each.
    pub periods: Vec<Period>,
}

/// The demand from the start to the end of one period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Period {
    /// Probability of needing exactly 0, 1, 2 ... spares for failures.
    pub pmf: Vec<f64>,
    /// The smallest count that covers failures with the confidence.
    pub threshold: u32,
    /// Planned replacements, where they are counted beside failures.
    pub scheduled: u32,
    /// Spares needed: the larger of both.
    pub stock: u32,
    /// Failures expected.
    pub mean: f64,
}

/// What all unit types need together by the end of one period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Total {
    /// The period, from 1.
    pub period: usize,
    /// Spares.
    pub stock: u64,
    /// Their mass in kg.
    pub mass_kg: f64,
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
        probability(&mut found, "confidence", Some(self.confidence));
        let most = Fleets::MOST;
        if self.fleets.is_empty() || self.fleets.len() > most as usize {
            found.add(Refusal::field("fleets", format!("one to {most} periods are needed")));
        }
        if let Some(wrong) = self.fleets.iter().find(|fleet| **fleet > most) {
            let why = format!("`{wrong}` is not a whole number from 0 to {most}");
            found.add(Refusal::field("fleets", why));
        }
        found.done()
    }
}

/// Returns how many spares are needed by the end of each period.
///
/// # Errors
///
/// When the question is none, the units are not known or wrong, or the confidence is finer than demand
/// with repair time is resolved.
///
/// # Examples
///
/// ```
/// use zarya::spares::demand;
/// use zarya::{Control, Data};
///
/// let data = Data::embedded().with_text("units.csv", "id,quantity,mtbf_d\npump,2,400\n");
/// let question = demand::Question {
///     units: Some("units.csv".to_owned()),
///     period_d: Some(200.0),
///     repair: Some(zarya::spares::Repair::Instant),
///     confidence: 0.95,
///     ..Default::default()
/// };
/// let answer = demand::answer(&question, &data, &Control::silent())?;
/// // One failure is expected; three spares cover it with 0.98.
/// assert_eq!((answer.rows[0].periods[0].mean.round(), answer.totals[0].stock), (1.0, 3));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    question.check()?;
    let listed = question.asked().listed(data, Wanted::Units, &question.fleets)?;
    let (units, model) = (&listed.units[..], &listed.model);
    let (watch, going) = (control.watch(), || !control.stopped());
    let demand = campaign_watched(units, &question.fleets, model, &watch, &going)
        .map_err(|_| Refusal::stopped())?;
    let each = question.split.confidence_of_each(question.confidence, units);
    let period = |demand: Demand| {
        Some(Period {
            threshold: demand.threshold(each)?,
            scheduled: demand.scheduled,
            stock: demand.stock(each)?,
            mean: counts::mean(&demand.pmf),
            pmf: demand.pmf,
        })
    };
    let row = |demand: Vec<Demand>| demand.into_iter().map(period).collect::<Option<Vec<Period>>>();
    let periods: Option<Vec<Vec<Period>>> = demand.into_iter().map(row).collect();
    let periods = periods.ok_or_else(|| {
        let why = format!(
            "a confidence of {each} for each is finer than demand with repair time is resolved (1e-8 \
             for one unit type, copy and span; rates beyond 50000 failures are not counted)"
        );
        let help = "lower `confidence`, or use `repair` none";
        Refusal::unanswerable(About::Question, why).help(help)
    })?;
    let total = |period: usize| Total {
        period: period + 1,
        stock: periods.iter().map(|row| u64::from(row[period].stock)).sum(),
        mass_kg: periods
            .iter()
            .zip(units)
            .map(|(row, unit)| f64::from(row[period].stock) * unit.mass_kg)
            .sum(),
    };
    Ok(Answer {
        confidence: question.confidence,
        positions: positions(units),
        confidence_of_each: each,
        model: model.into(),
        fleets: question.fleets.clone(),
        totals: (0..question.fleets.len()).map(total).collect(),
        rows: units
            .iter()
            .zip(periods)
            .map(|(unit, periods)| Row { id: unit.id.clone(), periods })
            .collect(),
        notes: listed.notes,
        inputs: listed.inputs,
    })
}
