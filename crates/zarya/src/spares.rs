//! Spares: how many are needed ([`demand`]), whether those at hand last ([`sufficiency`]), which to carry
//! ([`allocate`]).
//!
//! All three ask about a list of units, which is a text handed in or comes from a station's files (see
//! [`station`]), over one or more periods of equal length.

use crate::refusal::{Found, Refusal};
use schemars::JsonSchema;
use serde::Serialize;
use zarya_reliability::campaign::DemandModel;
use zarya_units::Date;

pub use zarya_reliability::Repair;
pub use zarya_reliability::campaign::LifeLimits;
pub use zarya_reliability::form::FormError;

/// Repairs where a question about a list says nothing of them: those of a published campaign, mean 0.5 d,
/// standard deviation one hour.
pub const REPAIR_ASSUMED: Repair =
    Repair::Lognormal { mean_d: 0.5, deviation_d: 1.0 / zarya_units::HOURS_PER_DAY };
/// Rates are the stated ones.
pub const RATES_TIMES_DEFAULT: f64 = 1.0;
/// A stated mean time is worth what its `prior_shape` says.
pub const PRIOR_WEIGHT_DEFAULT: f64 = 1.0;
/// Shortest period, days: some ninety seconds. Transforms are not inverted at shorter ones.
pub const PERIOD_D_MIN: f64 = 0.001;
/// Days of one period: beyond a century nothing is said.
pub const PERIOD_D_MAX: f64 = 36_525.0;
/// Factors on all rates: beyond, the stated ones say nothing.
const RATES_TIMES: std::ops::RangeInclusive<f64> = 0.001..=1_000.0;
/// Shapes of a gamma prior: from knowing nothing to knowing all.
const SHAPES: std::ops::RangeInclusive<f64> = 0.01..=1e6;
/// Largest ratio of the 95 % and the 50 % point of a rate: beyond, the stated one says nothing.
pub const ERROR_FACTOR_MAX: f64 = 100.0;

/// Declares a question about spares: the fields that all three have, then its own with their defaults.
macro_rules! question {
    (
        $(#[$about:meta])*
        pub struct Question { $($(#[$doc:meta])* pub $field:ident: $kind:ty = $default:expr,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Question {
            /// A list of units as CSV, by the name it was handed in under. Or else name a station.
            pub units: Option<String>,
            /// Take the units of a station at their central values: a folder handed in, or the id of an
            /// embedded station.
            pub station: Option<String>,
            /// Overlays of the station in the order they are laid on: texts handed in, or names of its own.
            pub scenario: Vec<String>,
            /// Days of one period, positive, at most 36525.
            pub period_d: Option<f64>,
            /// Last day of the period, inclusive, in place of its days; it starts on the station's as-of
            /// date.
            #[schemars(with = "Option<String>")]
            pub through: Option<Date>,
            /// How long a repair stops a group. Where nothing is said it is assumed, after a published
            /// campaign; with a prior on rates, or for a station, it is none.
            pub repair: Option<Repair>,
            /// Rates are not known: gamma prior of this shape on each, 0.01 to 1000000, with the stated
            /// mean.
            pub shape: Option<f64>,
            /// Rates are not known: lognormal prior with the stated median and this 95 % to 50 % ratio,
            /// above 1, at most 100.
            pub error_factor: Option<f64>,
            /// Every failure rate is this many times the stated one, 0.001 to 1000.
            pub rates_times: f64,
            /// Worth of a list's stated mean times beside failures seen in service, 0 (none) to 1
            /// (`prior_shape`).
            pub prior_weight: f64,
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl Default for Question {
            fn default() -> Self {
                Self {
                    units: None,
                    station: None,
                    scenario: Vec::new(),
                    period_d: None,
                    through: None,
                    repair: None,
                    shape: None,
                    error_factor: None,
                    rates_times: crate::spares::RATES_TIMES_DEFAULT,
                    prior_weight: crate::spares::PRIOR_WEIGHT_DEFAULT,
                    $($field: $default,)*
                }
            }
        }

        impl Question {
            /// What all questions about spares ask.
            fn asked(&self) -> crate::spares::Asked<'_> {
                crate::spares::Asked {
                    units: self.units.as_deref(),
                    station: self.station.as_deref(),
                    scenario: &self.scenario,
                    period_d: self.period_d,
                    through: self.through,
                    repair: self.repair,
                    shape: self.shape,
                    error_factor: self.error_factor,
                    rates_times: self.rates_times,
                    prior_weight: self.prior_weight,
                    life_limits: self.life_limits,
                }
            }
        }
    };
}

pub mod allocate;
pub mod demand;
pub mod list;
mod listed;
pub mod station;
pub mod sufficiency;

/// How demand was computed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Model {
    /// Days of one period.
    pub period_d: f64,
    /// How long a repair stops a group (days).
    pub repair_d: Repair,
    /// What is not known of rates: `known`, `gamma:SHAPE` or `lognormal:RATIO`.
    pub rates: String,
    /// Every failure rate is this many times the stated one.
    pub rates_times: f64,
    /// How life limits and failures meet.
    pub life_limits: LifeLimits,
}

impl From<&DemandModel> for Model {
    fn from(model: &DemandModel) -> Self {
        Self {
            period_d: model.period_d,
            repair_d: model.repair,
            rates: model.prior.to_string(),
            rates_times: model.rate_factor,
            life_limits: model.life_limits,
        }
    }
}

/// What all questions about spares ask.
struct Asked<'q> {
    units: Option<&'q str>,
    station: Option<&'q str>,
    scenario: &'q [String],
    period_d: Option<f64>,
    through: Option<Date>,
    repair: Option<Repair>,
    shape: Option<f64>,
    error_factor: Option<f64>,
    rates_times: f64,
    prior_weight: f64,
    life_limits: LifeLimits,
}

impl Asked<'_> {
    /// Finds what is wrong with the question, whatever it is asked of.
    fn check(&self, found: &mut Found) {
        let of_list = self.units.is_some();
        if !of_list && self.station.is_none() {
            let why = "nothing says which units are meant, neither `units` nor `station`";
            found.add(Refusal::field("units", why));
        }
        if of_list && self.period_d.is_none() {
            let missing = Refusal::field("period_d", "`period_d` is missing");
            found.add(missing.help("give the days of one period"));
        }
        excluded(found, "units", of_list, "station", self.station.is_some());
        excluded(found, "scenario", !self.scenario.is_empty(), "units", of_list);
        excluded(found, "through", self.through.is_some(), "units", of_list);
        let weighed = self.prior_weight != PRIOR_WEIGHT_DEFAULT;
        excluded(found, "prior_weight", weighed, "station", self.station.is_some());
        excluded(found, "through", self.through.is_some(), "period_d", self.period_d.is_some());
        let (gamma, lognormal) = (self.shape.is_some(), self.error_factor.is_some());
        excluded(found, "shape", gamma, "error_factor", lognormal);
        if (gamma || lognormal) && self.repair.is_some_and(|repair| repair != Repair::Instant) {
            let why = "`repair` cannot be combined with a prior on rates";
            let help = "leave `repair` out; without repair time demand is slightly higher";
            found.add(Refusal::field("repair", why).help(help));
        }
        positive(found, "period_d", self.period_d);
        let off = |days: &f64| {
            *days > 0.0 && days.is_finite() && !(PERIOD_D_MIN..=PERIOD_D_MAX).contains(days)
        };
        if let Some(days) = self.period_d.filter(off) {
            let wanted = format!("a number from {PERIOD_D_MIN} to {PERIOD_D_MAX}, 100 years,");
            needs(found, "period_d", &wanted, days);
        }
        bounded(found, "shape", self.shape, &SHAPES);
        bounded(found, "rates_times", Some(self.rates_times), &RATES_TIMES);
        above_one(found, "error_factor", self.error_factor);
        if !(0.0..=1.0).contains(&self.prior_weight) {
            needs(found, "prior_weight", "a share from 0 to 1", self.prior_weight);
        }
    }
}

/// Two fields that exclude each other.
fn excluded(found: &mut Found, field: &str, given: bool, other: &str, other_given: bool) {
    if given && other_given {
        found.add(Refusal::field(field, format!("`{field}` cannot be used with `{other}`")));
    }
}

fn needs(found: &mut Found, field: &str, wanted: &str, value: f64) {
    found.add(Refusal::field(field, format!("{wanted} is needed, not {value}")));
}

fn positive(found: &mut Found, field: &str, value: Option<f64>) {
    if let Some(value) = value.filter(|value| !(*value > 0.0 && value.is_finite())) {
        needs(found, field, "a positive number", value);
    }
}

/// A positive number within bounds.
fn bounded(
    found: &mut Found,
    field: &str,
    value: Option<f64>,
    bounds: &std::ops::RangeInclusive<f64>,
) {
    let (low, high) = (bounds.start(), bounds.end());
    if let Some(value) = value.filter(|value| !bounds.contains(value)) {
        if value > 0.0 && value.is_finite() {
            needs(found, field, &format!("a number from {low} to {high}"), value);
        } else {
            needs(found, field, "a positive number", value);
        }
    }
}

fn above_one(found: &mut Found, field: &str, value: Option<f64>) {
    if let Some(value) = value.filter(|value| !(*value > 1.0 && value.is_finite())) {
        needs(found, field, "a ratio above 1", value);
    } else if let Some(value) = value.filter(|value| *value > ERROR_FACTOR_MAX) {
        needs(found, field, &format!("a ratio of at most {ERROR_FACTOR_MAX}"), value);
    }
}

fn probability(found: &mut Found, field: &str, value: Option<f64>) {
    if let Some(value) = value.filter(|value| !(*value > 0.0 && *value < 1.0)) {
        needs(found, field, "a probability between 0 and 1", value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::{About, Kind};
    use crate::{Control, Data};
    use std::sync::atomic::AtomicBool;

    #[test]
    fn a_question_is_read_with_its_defaults_and_checked_like_a_typed_one() {
        let text = r#"{"units": "u.csv", "period_d": 180, "repair": "fixed:2",
            "limit": [{"name": "mass_kg", "most": 500}], "flight": [{"day": 30}]}"#;
        let mut question: allocate::Question = serde_json::from_str(text).unwrap();
        assert_eq!(question.repair, Some(Repair::Fixed { days: 2.0 }));
        assert_eq!(question.life_limits, allocate::LIFE_LIMITS_DEFAULT);
        question.check().unwrap();
        question.limit[0].most = -1.0;
        question.flight[0].day = f64::NAN;
        let refused = question.check().unwrap_err();
        let fields: Vec<&About> = refused.problems.iter().map(|problem| &problem.about).collect();
        assert_eq!(fields, [&About::Field("limit".into()), &About::Field("flight".into())]);
        for wrong in [r#"{"perod_d": 3}"#, r#"{"repair": "gamma:2"}"#, r#"{"fleets": [-1]}"#] {
            assert!(serde_json::from_str::<demand::Question>(wrong).is_err(), "{wrong}");
        }
        let crowded = demand::Question {
            station: Some("tiny".into()),
            period_d: Some(9.0),
            fleets: vec![1, 2000],
            ..Default::default()
        };
        let why = crowded.check().unwrap_err().to_string();
        assert_eq!(why, "`fleets`: `2000` is not a whole number from 0 to 1000");
    }

    #[test]
    fn a_question_can_be_stopped() {
        let stop = AtomicBool::new(true);
        let control = Control { stop: &stop, ..Control::silent() };
        let question = sufficiency::Question { station: Some("tiny".into()), ..Default::default() };
        let refused = sufficiency::answer(&question, &Data::embedded(), &control).unwrap_err();
        assert_eq!(refused.kind(), Kind::Stopped);
    }
}
