//! Which Sun a question is asked under: the observed one, an issue of a forecast, or a constant one.

use crate::air::SunDay;
use crate::error::OrbitError;
use crate::forecast::{Forecast, archive};
use crate::sun::ObservedSun;
use crate::worlds::SunChoice;
use std::borrow::Cow;
use zarya_units::{Date, Mjd};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// The Sun as it was observed.
    Observed,
    /// The issue of a month.
    Issue(Date),
    /// The latest issue whose month had begun by the first day.
    Latest,
    /// A Sun that does not change.
    Constant {
        /// F10.7, solar flux units: of the day and of 81 days.
        f107_sfu: f64,
        /// Daily mean Ap.
        ap: f64,
    },
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

/// What was handed in beside the archive and the record of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Issues of forecasts; of a month that the archive holds, too, these count.
    pub issues: Vec<Forecast>,
    /// Whether nothing says when the one issue was made.
    pub undated: bool,
    /// The record of the Sun, with days of one's own.
    pub record: Cow<'static, ObservedSun>,
}

impl Given {
    /// Nothing beside what the program carries.
    pub fn nothing() -> Self {
        let record = Cow::Borrowed(ObservedSun::embedded());
        Self { issues: Vec::new(), undated: false, record }
    }
}

/// A Sun that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum ChosenSun {
    /// The observed one, by a record.
    Observed(Cow<'static, ObservedSun>),
    /// An issue, after the days of a record.
    Issue(Box<Forecast>, Cow<'static, ObservedSun>),
    /// One that does not change.
    Constant(SunDay),
}

/// Days of a forecast's age beyond which it is worth a word: a quarter.
const AGE_D_ODD: f64 = 92.0;
const MONTH_D: f64 = 30.44;

fn named(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

/// Chooses the Sun of a question that begins on `from`, and what has to be said about it.
///
/// An issue later than `from` looks ahead: a caveat, or refused where `strict`. An issue that was given and
/// is not dated is taken as known on `from`.
///
/// # Errors
///
/// [`OrbitError::NoForecast`] where no issue is held, [`OrbitError::Plan`] where it looks ahead.
///
/// # Examples
///
/// ```
/// use zarya_orbit::choice::{ChosenSun, Given, Wanted, choose};
/// use zarya_units::Date;
///
/// let from = Date::parse("2026-03-15").unwrap();
/// let (sun, caveats) = choose(Wanted::Latest, from, Given::nothing(), false)?;
/// let ChosenSun::Issue(issue, _) = sun else { panic!("a forecast") };
/// assert_eq!(issue.name(), "2026-03");
/// assert!(caveats.is_empty());
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn choose(
    wanted: Wanted,
    from: Date,
    given: Given,
    strict: bool,
) -> Result<(ChosenSun, Vec<String>), OrbitError> {
    let mut caveats = Vec::new();
    let Given { issues, undated, record } = given;
    let issue = match wanted {
        Wanted::Observed => return Ok((ChosenSun::Observed(record), caveats)),
        Wanted::Constant { f107_sfu, ap } => {
            return Ok((
                ChosenSun::Constant(SunDay { f107: f107_sfu, f107_81: f107_sfu, ap }),
                caveats,
            ));
        }
        Wanted::Latest if undated => dated(&issues[0], from, strict, &mut caveats)?,
        Wanted::Latest => latest(&issues, from, &mut caveats)?,
        Wanted::Issue(month) => {
            if month > from {
                let what = format!(
                    "the forecast issued {} was not known on {from}: it looks ahead",
                    named(month)
                );
                if strict {
                    return Err(OrbitError::Plan(format!(
                        "{what}; choose an issue of {} or before",
                        named(from)
                    )));
                }
                caveats.push(what);
            }
            if undated {
                caveats.push(format!(
                    "the table of `forecasts` is taken as issued {}, as `sun` says",
                    named(month)
                ));
                issues[0].issued(month)
            } else {
                match issues.iter().find(|issue| issue.name() == named(month)) {
                    Some(issue) => issue.clone(),
                    None => archive::forecast_of(month)?.clone(),
                }
            }
        }
    };
    let ahead = matches!(wanted, Wanted::Issue(month) if month <= from) && issue.issue() > from;
    if ahead {
        let what =
            format!("the forecast was made on {}, after {from}: it looks ahead", issue.issue());
        if strict {
            return Err(OrbitError::Plan(what));
        }
        caveats.push(what);
    }
    let age_d = from.mjd() - issue.issue().mjd();
    if age_d > AGE_D_ODD {
        caveats.push(format!(
            "the latest forecast used was issued {} months before {from}; a newer one can be given with \
             `forecasts`",
            (age_d / MONTH_D).round()
        ));
    }
    Ok((ChosenSun::Issue(Box::new(issue), record), caveats))
}

/// The latest issue by `from`, given or of the archive; says so where nothing that was given is it.
fn latest(
    issues: &[Forecast],
    from: Date,
    caveats: &mut Vec<String>,
) -> Result<Forecast, OrbitError> {
    let given = issues.iter().filter(|issue| issue.issue() <= from).max_by_key(|i| i.issue());
    let chosen = match (given, archive::forecast_as_of(from)) {
        (Some(given), Ok(ours)) if given.name() >= ours.name() => return Ok(given.clone()),
        (Some(given), Err(_)) => return Ok(given.clone()),
        (_, Ok(ours)) => ours,
        (None, Err(error)) => return Err(error),
    };
    if let Some(unused) = given.or(issues.iter().min_by_key(|issue| issue.issue())) {
        let why = if unused.issue() > from {
            format!("was issued {}, after {from}", unused.issue())
        } else {
            format!("was issued {}, before that of the program", unused.name())
        };
        caveats.push(format!(
            "`forecasts` is not used: it {why}; NASA's issue {} is. Name {} as `sun` to use it all the same",
            chosen.name(),
            unused.name()
        ));
    }
    Ok(chosen.clone())
}

/// Dates an issue of which nothing says when it was made, and says so.
///
/// NASA's and NOAA's tables begin six months before their issue; taken as known on `from` in any case,
/// because somebody gave it for that day.
fn dated(
    issue: &Forecast,
    from: Date,
    strict: bool,
    caveats: &mut Vec<String>,
) -> Result<Forecast, OrbitError> {
    let likely = issue.issue();
    let first_of_from = Date::new(from.year(), from.month(), 1).unwrap_or(from);
    let taken = likely.min(first_of_from);
    let mut said = format!(
        "when `forecasts` was issued is assumed: {}, as its table begins with {} and such tables begin six \
         months before their issue",
        named(likely),
        named(Date::from_mjd(issue.start()))
    );
    if taken < likely && strict {
        return Err(OrbitError::Plan(format!(
            "{said}: it may look ahead of {from}; say with `issue` when it was issued"
        )));
    }
    if taken < likely {
        let more = format!("; taken as known on {from} all the same: it looks ahead if that is so");
        said.push_str(&more);
    }
    said.push_str(". `issue` says it better");
    caveats.push(said);
    Ok(issue.issued(taken))
}

impl ChosenSun {
    /// Returns the choice as the models take it.
    pub fn choice(&self) -> SunChoice<'_> {
        match self {
            Self::Observed(record) => SunChoice::Observed(record),
            Self::Issue(issue, record) => SunChoice::Issue(issue, record),
            Self::Constant(sun) => SunChoice::Constant(*sun),
        }
    }

    /// Returns the instant up to which the Sun is known, or forecast; none where it does not end.
    pub fn end(&self) -> Option<Mjd> {
        match self {
            Self::Observed(record) => Some(record.centered().1.mjd() + 1.0),
            Self::Issue(issue, _) => Some(issue.end()),
            Self::Constant(_) => None,
        }
    }

    /// Says that a span ends beyond the months of the forecast, where it does.
    pub fn outlasted(&self, end: Mjd) -> Option<String> {
        match self {
            Self::Issue(issue, _) if end > issue.end() => Some(format!(
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

    /// A table without a date is used all the same, and dated by what such tables have in common.
    #[test]
    fn an_undated_issue_is_used_and_said() {
        let table = archive::forecast_of(day("2024-09")).unwrap();
        let ask = |wanted, from| {
            let given = Given { issues: vec![table.clone()], undated: true, ..Given::nothing() };
            let (sun, said) = choose(wanted, day(from), given, false).unwrap();
            let ChosenSun::Issue(issue, _) = sun else { panic!("a forecast") };
            (issue.name(), said)
        };
        let (name, said) = ask(Wanted::Latest, "2024-10-15");
        assert_eq!((name.as_str(), said.len()), ("2024-09", 1));
        assert!(said[0].contains("assumed: 2024-09, as its table begins with 2024-03"), "{said:?}");
        let (name, said) = ask(Wanted::Latest, "2024-03-10");
        assert_eq!(name, "2024-03");
        assert!(said[0].contains("looks ahead"), "{said:?}");
        let given = Given { issues: vec![table.clone()], undated: true, ..Given::nothing() };
        let strict = choose(Wanted::Latest, day("2024-03-10"), given, true).unwrap_err();
        assert!(strict.to_string().contains("say with `issue`"), "{strict}");
        let (name, said) = ask(Wanted::Issue(day("2024-05")), "2024-06-01");
        assert_eq!(name, "2024-05");
        assert!(said[0].contains("as `sun` says"), "{said:?}");
    }

    #[test]
    fn before_the_first_issue_an_older_one_is_asked_for() {
        let asked = |wanted, from| choose(wanted, day(from), Given::nothing(), false).unwrap_err();
        let skylab = asked(Wanted::Latest, "1974-02-09").to_string();
        assert!(skylab.contains("give an older issue with `forecasts`"), "{skylab}");
        assert!(skylab.contains("`sun` observed") && skylab.contains("`f107_sfu`"), "{skylab}");
        let late = asked(Wanted::Issue(day("2026-11")), "2026-12-01").to_string();
        assert!(late.contains("give a newer issue"), "{late}");
    }

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
        let ask = |strict| {
            choose(Wanted::Issue(day("2024-09")), day("2024-08-31"), Given::nothing(), strict)
        };
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
        let given = |issue| Given { issues: vec![issue], ..Given::nothing() };
        let ask = |issue| choose(Wanted::Latest, day("2024-09-15"), given(issue), false).unwrap();
        let (sun, caveats) = ask(old);
        let ChosenSun::Issue(issue, _) = &sun else { panic!("a forecast") };
        assert_eq!(issue.name(), "2024-09");
        assert!(caveats[0].contains("not used: it was issued 2020-01, before"), "{caveats:?}");
        let late = archive::forecast_of(day("2025-01")).unwrap().clone();
        let (_, said) = ask(late);
        assert!(said[0].contains("after 2024-09-15"), "{said:?}");
        assert!(sun.outlasted(day("2100-01-01").mjd()).unwrap().contains("is held after that"));
        assert_eq!(sun.outlasted(day("2025-01-01").mjd()), None);
    }
}
