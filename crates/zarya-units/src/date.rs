//! Calendar dates in UTC and the day count that models use.

use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Days in a year, wherever a year is a duration.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// Modified Julian date in days, UTC: the clock of every model here.
pub type Mjd = f64;

/// A calendar date, ISO 8601, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(civil::Date);

/// A text that is not a date between 1900 and 2200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError(String);

const MJD_EPOCH: civil::Date = civil::date(1858, 11, 17);

impl Date {
    /// Parses `YYYY-MM-DD`, or `YYYY-MM` as the first of that month.
    ///
    /// # Errors
    ///
    /// When the text is of another form, the day does not exist, or the year is not in 1900..2200.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let whole = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
        let shape = whole.len() == 10
            && whole
                .bytes()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        let date: civil::Date = if shape {
            whole.parse().map_err(|_| DateError(text.to_owned()))?
        } else {
            return Err(DateError(text.to_owned()));
        };
        if !(1900..2200).contains(&date.year()) {
            return Err(DateError(text.to_owned()));
        }
        Ok(Self(date))
    }

    /// Returns the date of a year, month and day.
    ///
    /// # Errors
    ///
    /// When the day does not exist or the year is not in 1900..2200.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        Self::parse(&format!("{year:04}-{month:02}-{day:02}"))
    }

    /// Returns the date on which the instant `mjd` lies.
    ///
    /// # Panics
    ///
    /// If `mjd` is not finite or outside the years 1858 to 2200.
    pub fn from_mjd(mjd: Mjd) -> Self {
        assert!((0.0..125_000.0).contains(&mjd), "no date for the modified Julian date {mjd}");
        let days = jiff::Span::new().days(mjd.floor() as i64);
        Self(MJD_EPOCH.checked_add(days).expect("inside the calendar"))
    }

    /// Returns the modified Julian date of the day's first instant.
    pub fn mjd(self) -> Mjd {
        f64::from(MJD_EPOCH.until(self.0).expect("inside the calendar").get_days())
    }

    /// Returns the date so many days later.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_mjd(self.mjd() + f64::from(days))
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Returns the day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Returns the day of the year, 1 to 366.
    pub fn day_of_year(self) -> i16 {
        self.0.day_of_year()
    }

    /// Returns the year with its elapsed fraction, for plots.
    pub fn decimal_year(self) -> f64 {
        let length = if self.0.in_leap_year() { 366.0 } else { 365.0 };
        f64::from(self.0.year()) + f64::from(self.0.day_of_year() - 1) / length
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl std::str::FromStr for Date {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        Self::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a date: write YYYY-MM-DD, years 1900 to 2199", self.0)
    }
}

impl std::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1998-11-20 is MJD 51137 in the published altitude series of the ISS.
    #[test]
    fn mjd_matches_the_calendar() {
        let launch = Date::parse("1998-11-20").unwrap();
        assert_eq!(launch.mjd(), 51137.0);
        assert_eq!(Date::from_mjd(51137.9), launch);
        assert_eq!(launch.to_string(), "1998-11-20");
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in
            ["2025-02-30", "2025-13-01", "soon", "", "2025-1-1", "20250101", "2025-01-01T00"]
        {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
