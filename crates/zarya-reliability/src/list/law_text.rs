//! The law of a unit as a list writes it.

use crate::law::{Empirical, Law, LawError};
use std::ops::RangeInclusive;
use zarya_units::{DAYS_PER_YEAR, HOURS_PER_DAY};

/// Days of a mean time or of an observed age: from a minute and a half to beyond any record.
pub(super) const LIFE_D: RangeInclusive<f64> = 1e-3..=1e12;
/// Weibull shapes of units: beyond, nothing is drawn from life.
const SHAPES: RangeInclusive<f64> = 0.2..=20.0;
/// Ratios of the 95 % and the 50 % point of a lognormal life.
const ERROR_FACTORS: RangeInclusive<f64> = 1.1..=100.0;
/// Shares of weak units.
const WEAK_SHARES: RangeInclusive<f64> = 0.0..=0.99;
/// Most ages of an observed law.
const AGES_MAX: usize = 10_000;

/// What a law may be written as.
const FORMS: &str = "write exponential, weibull:SHAPE, lognormal:ERROR_FACTOR, \
    early:WEAK_SHARE:WEAK_MTBF_D or empirical:DAYS;DAYS+;... (+ still working)";

/// Why a text is no law: what is wrong, and what to do.
pub(super) type Wrong = (String, String);

/// Reads `exponential`, `weibull:SHAPE`, `lognormal:ERROR_FACTOR`, `early:SHARE:MTBF_D` or
/// `empirical:DAYS;DAYS+;...` (a plus marks a unit still working; ages may end in `h`, `d` or `y`); the mean
/// time is the mean of all but the last, which has its own.
pub(super) fn read(text: &str, mtbf_d: f64) -> Result<Law, Wrong> {
    let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
    let kind = kind.trim().to_lowercase();
    if kind == "empirical" {
        return observed(rest.unwrap_or(""));
    }
    let numbers = rest.map(|rest| rest.split(':').map(number).collect::<Option<Vec<f64>>>());
    let within = |what: &str, value: f64, bounds: &RangeInclusive<f64>| {
        if bounds.contains(&value) {
            return Ok(());
        }
        let (low, high) = (bounds.start(), bounds.end());
        let what = format!("`{text}`: {what} lies within {low} and {high}, not {value}");
        Err((what, FORMS.to_owned()))
    };
    let law = match (kind.as_str(), numbers.as_ref().map(Option::as_deref)) {
        ("" | "exponential", None) => Law::Exponential { mtbf_d },
        ("weibull", Some(Some([shape]))) => {
            within("a Weibull shape", *shape, &SHAPES)?;
            Law::weibull_of_mean(*shape, mtbf_d)
        }
        ("lognormal", Some(Some([error_factor]))) => {
            within("the error factor of a life", *error_factor, &ERROR_FACTORS)?;
            let unscaled = Law::Lognormal { median_d: 1.0, error_factor: *error_factor };
            unscaled.faster(unscaled.mean_d() / mtbf_d)
        }
        ("early", Some(Some([weak_share, weak_mtbf_d]))) => {
            within("the share of weak units", *weak_share, &WEAK_SHARES)?;
            within("the mean life of weak units in days", *weak_mtbf_d, &LIFE_D)?;
            let rest_d = (mtbf_d - weak_share * weak_mtbf_d) / (1.0 - weak_share);
            if rest_d <= 0.0 {
                let what = format!(
                    "`{text}`: {weak_share} of the units with {weak_mtbf_d} d alone make a mean of {} d, \
                     and the mean of all is {mtbf_d} d",
                    weak_share * weak_mtbf_d
                );
                return Err((what, "give weak units a shorter life, or all a longer one".into()));
            }
            let (weak_share, weak_mtbf_d) = (*weak_share, *weak_mtbf_d);
            Law::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d: rest_d }
        }
        _ => return Err((format!("`{text}` is not a failure law"), FORMS.to_owned())),
    };
    law.checked().map_err(|error| (format!("`{text}`: {error}"), FORMS.to_owned()))
}

/// A number of a law, which holds no sign between thousands.
fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite())
}

/// The law of ages at which units failed, or with a plus still worked.
fn observed(text: &str) -> Result<Law, Wrong> {
    let form = || "write empirical:DAYS;DAYS+;... (+ still working), as in empirical:120;340;400+";
    let ages = text.split([';', '|', ' ']).map(str::trim).filter(|age| !age.is_empty());
    let (mut failed_d, mut working_d) = (Vec::new(), Vec::new());
    for written in ages {
        let (age, working) =
            written.strip_suffix('+').map_or((written, false), |age| (age.trim_end(), true));
        let (age, days) = match age.char_indices().next_back() {
            Some((at, 'h')) => (&age[..at], 1.0 / HOURS_PER_DAY),
            Some((at, 'd')) => (&age[..at], 1.0),
            Some((at, 'y')) => (&age[..at], DAYS_PER_YEAR),
            _ => (age, 1.0),
        };
        let age_d = age.parse::<f64>().map(|age| age * days);
        match age_d {
            Ok(age_d) if LIFE_D.contains(&age_d) && working => working_d.push(age_d),
            Ok(age_d) if LIFE_D.contains(&age_d) => failed_d.push(age_d),
            Ok(_) => {
                let (low, high) = (LIFE_D.start(), LIFE_D.end());
                let what = format!("the age `{written}` does not lie within {low} d and {high} d");
                return Err((what, "check its unit".to_owned()));
            }
            Err(_) => {
                let what = format!("`{written}` is not an age of an empirical law");
                return Err((what, format!("{}; ages are days, or 1200h, 3y", form())));
            }
        }
    }
    let n = failed_d.len() + working_d.len();
    if n == 0 || n > AGES_MAX {
        let what = format!("an empirical law takes 1 to {AGES_MAX} ages, and {n} are given");
        return Err((what, form().to_owned()));
    }
    Empirical::new(&failed_d, &working_d).map(Law::Empirical).map_err(|error| match error {
        LawError::NoFailures => {
            let served_d: f64 = working_d.iter().sum();
            let ages = if n == 1 { "its one unit still works".to_owned() } else {
                format!("all {n} units still work")
            };
            let what = format!("no failure among the ages of this empirical law: {ages}");
            let help = format!(
                "ages without a failure bound a mean time and give none: leave the law out, state a \
                 mean time with its `prior_shape`, and give `failures_seen` 0 and `served_d` {served_d}"
            );
            (what, help)
        }
        other => (other.to_string(), form().to_owned()),
    })
}
