//! Which Sun a question is asked under, and what an answer says of it.

use super::{of_text, refused};
use crate::data::Data;
use crate::refusal::{Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::ops::RangeInclusive;
use zarya_orbit::choice::{ChosenSun, Given, Wanted, choose};
use zarya_orbit::published;
use zarya_orbit::sun::ObservedSun;
use zarya_units::Date;

/// Fluxes of a constant Sun, solar flux units: those that the tables cover.
pub const FLUX_SFU: RangeInclusive<f64> = zarya_orbit::table::FLUX.0..=zarya_orbit::table::FLUX.1;
/// Ap of a constant Sun: the tables hold it there.
pub const AP: RangeInclusive<f64> = 0.0..=150.0;

/// The Sun that an answer was computed under.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Sun {
    /// The observed one.
    Observed {
        /// Whose record.
        source: String,
    },
    /// A forecast as issued.
    Forecast {
        /// Month of issue, `YYYY-MM`.
        issue: String,
        /// Whose forecast.
        source: String,
        /// Whose record stands before the first day.
        observed_before: String,
        /// Who made it: `NASA`, `NOAA` or `CelesTrak`.
        by: String,
    },
    /// One that does not change.
    Constant {
        /// F10.7, solar flux units, of the day and of 81 days.
        f107_sfu: f64,
        /// Daily Ap.
        ap: f64,
        /// Whose choice it is.
        source: String,
    },
}

impl Sun {
    pub(super) fn of(chosen: &ChosenSun) -> Self {
        match chosen {
            ChosenSun::Observed(record) => Self::Observed { source: record.source() },
            ChosenSun::Issue(issue, record) => Self::Forecast {
                issue: issue.name(),
                source: issue.maker().attribution().into(),
                observed_before: record.source(),
                by: issue.maker().name().into(),
            },
            ChosenSun::Constant(sun) => Self::Constant {
                f107_sfu: sun.f107,
                ap: sun.ap,
                source: "assumed: as the question gives it".into(),
            },
        }
    }
}

/// What a question says about its Sun.
pub(super) struct AskedSun<'a> {
    pub(super) sun: Option<&'a str>,
    pub(super) forecasts: Option<&'a str>,
    pub(super) issue: Option<&'a str>,
    pub(super) observations: Option<&'a str>,
    pub(super) f107_sfu: Option<f64>,
    pub(super) ap: Option<f64>,
}

/// The fields of a question about its Sun.
macro_rules! asked_sun {
    ($question:expr) => {
        crate::orbit::sun::AskedSun {
            sun: $question.sun.as_deref(),
            forecasts: $question.forecasts.as_deref(),
            issue: $question.issue.as_deref(),
            observations: $question.observations.as_deref(),
            f107_sfu: $question.f107_sfu,
            ap: $question.ap,
        }
    };
}
pub(super) use asked_sun;

impl AskedSun<'_> {
    /// Reads which Sun is wanted, and checks what is said about it.
    pub(super) fn wanted(&self, found: &mut Found) -> Wanted {
        let mut field = |name: &str, why: String| found.add(Refusal::field(name, why));
        if let Some(issue) = self.issue {
            if self.month().is_none() {
                field("issue", format!("`issue` {issue}: write the month of an issue as YYYY-MM"));
            } else if self.forecasts.is_none() {
                field("issue", "`issue` dates `forecasts`, and none are given".into());
            }
        }
        let given = self.f107_sfu.is_some() || self.ap.is_some();
        if self.sun != Some("constant") && !(self.sun.is_none() && given) {
            for (name, _) in
                [("f107_sfu", self.f107_sfu), ("ap", self.ap)].iter().filter(|of| of.1.is_some())
            {
                field(name, format!("`{name}` is that of a constant Sun: `sun` is another"));
            }
            let Some(text) = self.sun else { return Wanted::Latest };
            return Wanted::parse(text).unwrap_or_else(|| {
                let why = format!(
                    "`sun` {text}: write `observed`, `constant`, or the month of an issue as YYYY-MM"
                );
                found.add(Refusal::field("sun", why));
                Wanted::Latest
            });
        }
        for (name, _) in [("forecasts", self.forecasts), ("observations", self.observations)]
            .iter()
            .filter(|of| of.1.is_some())
        {
            field(
                name,
                format!("`{name}` does not count under a constant Sun: leave one of them out"),
            );
        }
        let mut value =
            |name: &str, value: Option<f64>, bounds: RangeInclusive<f64>, what: &str| {
                let Some(value) = value else {
                    let why =
                        format!("a constant Sun needs `f107_sfu` and `ap`: `{name}` is not given");
                    found.add(Refusal::field(name, why));
                    return 0.0;
                };
                found.within(name, value, bounds, what);
                value
            };
        Wanted::Constant {
            f107_sfu: value(
                "f107_sfu",
                self.f107_sfu,
                FLUX_SFU,
                "solar flux units, as the tables cover",
            ),
            ap: value("ap", self.ap, AP, "a daily mean, as the tables cover"),
        }
    }

    fn month(&self) -> Option<Date> {
        self.issue.filter(|text| text.len() == 7).and_then(|text| Date::parse(text).ok())
    }

    /// Chooses the Sun of a question that begins on `from`, with what was handed in, and says what that is.
    pub(super) fn chosen(
        &self,
        data: &Data,
        wanted: Wanted,
        from: Date,
        strict: bool,
    ) -> Result<(ChosenSun, Vec<String>), Refusals> {
        let mut found = Found::default();
        let forecasts = self.forecasts.map(|name| {
            let text = data.text("forecasts", name)?;
            published::read(text, name, self.month()).map_err(|error| of_text(name, &error))
        });
        let forecasts = found.keep(forecasts.transpose()).flatten();
        let observations = self.observations.map(|name| {
            let text = data.text("observations", name)?;
            published::read_days(text).map_err(|error| of_text(name, &error))
        });
        let observations = found.keep(observations.transpose()).flatten();
        found.done()?;

        let mut caveats = Vec::new();
        let mut given = Given::nothing();
        let mut own = None;
        if let Some(read) = forecasts {
            caveats.extend(read.notes);
            if matches!(wanted, Wanted::Observed) && read.days.is_empty() {
                caveats.push("`forecasts` is not used: `sun` is observed".into());
            }
            (given.issues, given.undated) = (read.issues, read.undated);
            own = Some(("forecasts", read.days)).filter(|(_, days)| !days.is_empty());
        }
        if let Some(read) = observations {
            caveats.push(format!("`observations` is {}", read.what));
            caveats.extend(read.notes);
            own = Some(("observations", read.days));
        }
        if let Some((field, days)) = own {
            let (record, meets) = ObservedSun::with_own(&days);
            let (first, last) = (days[0].day as f64, days[days.len() - 1].day as f64);
            let (first, last) = (Date::from_mjd(first), Date::from_mjd(last));
            caveats.push(if meets {
                format!(
                    "the days {first} to {last} of `{field}` count as observed, before those of the program"
                )
            } else {
                format!(
                    "the days {first} to {last} of `{field}` stand alone: they do not meet those of the program \
                     ({} to {})",
                    ObservedSun::embedded().first(),
                    ObservedSun::embedded().last()
                )
            });
            given.record = Cow::Owned(record);
        }
        let (sun, said) = choose(wanted, from, given, strict).map_err(|error| refused(&error))?;
        caveats.extend(said);
        if let ChosenSun::Constant(sun) = sun {
            caveats.push(format!(
                "the Sun is held at F10.7 {} and Ap {}: the answer has no uncertainty of the Sun in it",
                sun.f107, sun.ap
            ));
        }
        Ok((sun, caveats))
    }
}

#[cfg(test)]
mod tests;
