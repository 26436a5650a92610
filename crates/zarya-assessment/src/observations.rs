//! What somebody observed against the predictive distribution of what would be observed.

use crate::record::{Prediction, distribution};
use crate::summary;
use schemars::JsonSchema;
use serde::Serialize;
use zarya_station::model::Observation;
use zarya_station::observations::Answers;
use zarya_units::Date;

/// Two values nearer to each other than this, relative to the observed one where that is above 1, are the same.
const TOLERANCE: f64 = 1e-6;

/// How a predictive distribution was had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Basis {
    /// The recorded years, replayed over the same dates.
    #[serde(rename = "same dates")]
    SameDates,
    /// The recorded years, scaled to the exposure that was observed.
    #[serde(rename = "scaled to the observed exposure")]
    Scaled,
    /// The station itself, run from its as-of date.
    #[serde(rename = "forecast")]
    Forecast,
    /// The same, scaled to the exposure that was observed.
    #[serde(rename = "forecast, scaled to the observed exposure")]
    ForecastScaled,
    /// The recorded years to the day before the as-of date, and the station itself from then on.
    #[serde(rename = "record and forecast")]
    RecordAndForecast,
    /// The replayed manifest prescribes it: no prediction, and counted neither inside nor outside.
    #[serde(rename = "fixed by the recorded manifest")]
    Fixed,
}

/// One observation against what was predicted of it.
///
/// The distribution is that of the value `X` that would be observed, over worlds with their weights by the record and over
/// the histories of each; on a scaled span the chance of counts is in it, too.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ObservationRow {
    /// What was observed, as in the file.
    pub what: String,
    /// First day; of a level the day itself.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub through: Date,
    /// What was observed: times or things, kg, or days.
    pub observed: f64,
    /// 5 % quantile of `X`, in the unit of `observed`. All quantiles, `below` and `equal` are absent where no history has a
    /// value.
    pub p05: Option<f64>,
    /// 25 % quantile.
    pub p25: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 75 % quantile.
    pub p75: Option<f64>,
    /// 95 % quantile.
    pub p95: Option<f64>,
    /// Probability of `X < observed`.
    pub below: Option<f64>,
    /// Probability of `X = observed`, to a millionth of it: next to 0 for kg and days that nothing sets.
    pub equal: Option<f64>,
    /// Share of histories that have no such value and are left out of the distribution: those without a replacement, for
    /// `repair-days`.
    pub without: f64,
    /// How the distribution was had.
    pub basis: Basis,
    /// Where the observation comes from, as in the file; may be empty.
    pub source: String,
}

impl ObservationRow {
    /// Returns whether it is a prediction that can be inside or outside.
    pub fn is_predicted(&self) -> bool {
        self.basis != Basis::Fixed && self.p50.is_some()
    }

    /// Returns whether the observed value lies in `p05..=p95`.
    pub fn is_inside_90(&self) -> bool {
        self.is_within(self.p05, self.p95)
    }

    /// Returns whether the observed value lies in `p25..=p75`.
    pub fn is_inside_50(&self) -> bool {
        self.is_within(self.p25, self.p75)
    }

    fn is_within(&self, low: Option<f64>, high: Option<f64>) -> bool {
        let slack = slack(self.observed);
        low.zip(high).is_some_and(|(low, high)| {
            low - slack <= self.observed && self.observed <= high + slack
        })
    }
}

fn slack(observed: f64) -> f64 {
    TOLERANCE * observed.abs().max(1.0)
}

/// Returns what two spans predict together, where the second goes on from the first: both numbers of each history.
pub fn sum(earlier: &Prediction, later: &Prediction) -> Prediction {
    let worlds = earlier.worlds.iter().zip(&later.worlds);
    let worlds = worlds.map(|(first, then)| first.iter().zip(then).map(|(a, b)| a + b).collect());
    Prediction { worlds: worlds.collect(), exposure: 1.0, method: earlier.method }
}

/// Returns an observation against what was predicted of it. `weights`: of the worlds, by their number.
pub fn row(
    observation: &Observation,
    prediction: &Prediction,
    weights: &[f64],
    answers: Answers,
) -> ObservationRow {
    let predicted = distribution(observation, prediction, weights);
    let total: f64 = predicted.iter().map(|row| row.1).sum();
    let some = |value: f64| (total > 0.0).then_some(value);
    let quantile = |p| some(summary::quantile(&predicted, p));
    let observed = observation.observed;
    let slack = slack(observed);
    let share = |holds: &dyn Fn(f64) -> bool| {
        let sum = predicted.iter().filter(|row| holds(row.0)).fold(0.0, |sum, row| sum + row.1);
        some((sum / total).clamp(0.0, 1.0))
    };
    let scaled = prediction.exposure != 1.0;
    let basis = match answers {
        Answers::Record if prediction.is_fixed() => Basis::Fixed,
        Answers::Record if scaled => Basis::Scaled,
        Answers::Record => Basis::SameDates,
        Answers::Forecast if scaled => Basis::ForecastScaled,
        Answers::Forecast => Basis::Forecast,
        Answers::Both => Basis::RecordAndForecast,
    };
    ObservationRow {
        what: observation.what.to_string(),
        from: observation.from,
        through: observation.through,
        observed,
        p05: quantile(0.05),
        p25: quantile(0.25),
        p50: quantile(0.5),
        p75: quantile(0.75),
        p95: quantile(0.95),
        below: share(&|value| value < observed - slack),
        equal: share(&|value| (value - observed).abs() <= slack),
        without: without(prediction, weights),
        basis,
        source: observation.source.clone(),
    }
}

/// The weighted share of histories without a value.
fn without(prediction: &Prediction, weights: &[f64]) -> f64 {
    let (mut lacking, mut all) = (0.0, 0.0);
    for (values, weight) in prediction.worlds.iter().zip(weights) {
        if !values.is_empty() {
            let none = values.iter().filter(|value| value.is_nan()).count();
            lacking += weight * none as f64 / values.len() as f64;
            all += weight;
        }
    }
    if all > 0.0 { lacking / all } else { 0.0 }
}

#[cfg(test)]
mod tests;
