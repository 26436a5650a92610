//! Which Sun a question is asked under: the observed one, or an issue of NASA's forecast.

use crate::error::OrbitError;
use crate::forecast::{Forecast, archive};
use crate::sun::ObservedSun;
use crate::worlds::SunChoice;
use zarya_units::{Date, Mjd};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The Sun as it was observed.
    Observed,
    /// The issue of a month.
    Issue(Date),
    /// The latest issue whose month had begun by the first day.
    Latest,
}

impl Wanted {
    /// Reads `observed`, or the month of an issue as `YYYY-MM`; nothing else is a Sun.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "observed" {
            return Some(Self::Observed);
        }
        Date::parse(text).ok().filter(|_| text.len() == 7).map(Self::Issue)
    }
}

/// A Sun that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum ChosenSun {
    /// The observed one.
    Observed,
    /// An issue.
    Issue(Box<Forecast>),
}

/// Days of a forecast's age beyond which it is worth a word: a quarter.
const AGE_D_ODD: f64 = 92.0;
const MONTH_D: f64 = 30.44;

/// Chooses the Sun of a question that begins on `from`, and what has to be said about it.
///
/// `newer` are issues beside the archive's; of a month that both hold, that of `newer` counts. An issue
/// later than `from` looks ahead: a caveat, or refused where `strict`.
///
/// # Errors
///
/// [`OrbitError::NoForecast`] where no issue is held, [`OrbitError::Plan`] where it looks ahead.
///
/// # Examples
///
/// ```
/// use zarya_orbit::choice::{ChosenSun, Wanted, choose};
/// use zarya_units::Date;
///
/// let from = Date::parse("2026-03-15").unwrap();
/// let (sun, caveats) = choose(Wanted::Latest, from, &[], false)?;
/// let ChosenSun::Issue(issue) = sun else { panic!("a forecast") };
/// assert_eq!(issue.name(), "2026-03");
/// assert!(caveats.is_empty());
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn choose(
    wanted: Wanted,
    from: Date,
    newer: &[Forecast],
    strict: bool,
) -> Result<(ChosenSun, Vec<String>), OrbitError> {
    let mut caveats = Vec::new();
    let issue = match wanted {
        Wanted::Observed => return Ok((ChosenSun::Observed, caveats)),
        Wanted::Latest => {
            let given = newer.iter().rfind(|issue| issue.issue() <= from);
            match (given, archive::forecast_as_of(from)) {
                (Some(a), Ok(b)) if a.issue() >= b.issue() => a,
                (Some(a), Err(_)) => a,
                (_, Ok(b)) => b,
                (None, Err(error)) => return Err(error),
            }
        }
        Wanted::Issue(month) => {
            if month > from {
                let named = format!("{:04}-{:02}", month.year(), month.month());
                let what =
                    format!("the forecast issued {named} was not known on {from}: it looks ahead");
                if strict {
                    return Err(OrbitError::Plan(format!(
                        "{what}; choose an issue of {:04}-{:02} or before",
                        from.year(),
                        from.month()
                    )));
                }
                caveats.push(what);
            }
            match newer.iter().find(|issue| issue.issue() == month) {
                Some(issue) => issue,
                None => archive::forecast_of(month)?,
            }
        }
    };
    let age_d = from.mjd() - issue.issue().mjd();
    if age_d > AGE_D_ODD {
        caveats.push(format!(
            "the latest forecast used was issued {} months before {from}; a newer one can be given with \
             `forecasts`",
            (age_d / MONTH_D).round()
        ));
    }
    Ok((ChosenSun::Issue(Box::new(issue.clone())), caveats))
}

impl ChosenSun {
    /// Returns the choice as the models take it.
    pub fn choice(&self) -> SunChoice<'_> {
        match self {
            Self::Observed => SunChoice::Observed,
            Self::Issue(issue) => SunChoice::Issue(issue),
        }
    }

    /// Returns the instant up to which the Sun is known, or forecast.
    pub fn end(&self) -> Mjd {
        /// Days on both sides of one that its mean flux needs.
        const MEAN_D: f64 = 40.0;
        match self {
            Self::Observed => ObservedSun::embedded().last().mjd() - MEAN_D,
            Self::Issue(issue) => issue.end(),
        }
    }

    /// Says that a span ends beyond the months of the forecast, where it does.
    pub fn outlasted(&self, end: Mjd) -> Option<String> {
        match self {
            Self::Issue(issue) if end > issue.end() => Some(format!(
                "the forecast issued {} ends with {}; its last month is held after that",
                issue.name(),
                Date::from_mjd(issue.end() - 1.0)
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn a_sun_is_observed_or_a_month() {
        assert_eq!(Wanted::parse("observed"), Some(Wanted::Observed));
        assert_eq!(Wanted::parse("2024-09"), Some(Wanted::Issue(day("2024-09-01"))));
        for text in ["2024-09-01", "2024-13", "", "Observed"] {
            assert_eq!(Wanted::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_issue_that_looks_ahead_is_said_or_refused() {
        let ask = |strict| choose(Wanted::Issue(day("2024-09")), day("2024-08-31"), &[], strict);
        let (_, caveats) = ask(false).unwrap();
        assert_eq!(caveats.len(), 1);
        assert!(caveats[0].contains("looks ahead"), "{caveats:?}");
        assert!(
            ask(true).unwrap_err().to_string().contains("choose an issue of 2024-08 or before")
        );
    }

    #[test]
    fn a_given_issue_counts_where_it_is_the_latest() {
        let old = archive::forecast_of(day("2020-01")).unwrap().clone();
        let (sun, caveats) = choose(Wanted::Latest, day("2024-09-15"), &[old], false).unwrap();
        let ChosenSun::Issue(issue) = &sun else { panic!("a forecast") };
        assert_eq!((issue.name().as_str(), caveats.len()), ("2024-09", 0));
        assert!(sun.outlasted(day("2100-01-01").mjd()).unwrap().contains("is held after that"));
        assert_eq!(sun.outlasted(day("2025-01-01").mjd()), None);
    }
}
