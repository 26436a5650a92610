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

    /// Says what to write for a date in another order or with other marks (`07.04.2026`, `7/4/2026`): both
    /// dates where day and month could be either. `None` for what is no date in digits.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya_units::Date;
    ///
    /// assert_eq!(Date::meant("07.04.2026").as_deref(), Some("write 2026-04-07"));
    /// assert_eq!(Date::meant("soon"), None);
    /// ```
    pub fn meant(text: &str) -> Option<String> {
        let mark = ['.', '/', '-'].into_iter().find(|mark| text.contains(*mark))?;
        let parts: Vec<&str> =
            text.trim().trim_end_matches('.').split(mark).map(str::trim).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let digits = |part: &str, most: usize| {
            let fine = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            if fine { part.parse::<i16>().ok() } else { None }
        };
        let of = |year: i16, month: i16, day: i16| {
            Self::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        if first.len() == 4 {
            let date = of(digits(first, 4)?, digits(second, 2)?, digits(third, 2)?)?;
            return Some(format!("write {date}"));
        }
        if third.len() != 4 {
            return None;
        }
        let (a, b, year) = (digits(first, 2)?, digits(second, 2)?, digits(third, 4)?);
        // Points stand between day and month where the day comes first; strokes do in either order.
        let day_first = of(year, b, a);
        let month_first = if mark == '.' && day_first.is_some() { None } else { of(year, a, b) };
        match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => {
                Some(format!("write {one} if the day stands first, {other} if the month does"))
            }
            (Some(date), _) | (None, Some(date)) => Some(format!("write {date}")),
            (None, None) => None,
        }
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

    /// Returns the date on which the instant `mjd` lies, if its year is one of those that are parsed.
    pub fn in_calendar(mjd: Mjd) -> Option<Self> {
        (15_020.0..124_593.0).contains(&mjd).then(|| Self::from_mjd(mjd))
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
        let Self(text) = self;
        match Date::meant(text) {
            Some(meant) => write!(f, "`{text}` is not a date here: {meant}"),
            None => write!(f, "`{text}` is not a date: write YYYY-MM-DD, years 1900 to 2199"),
        }
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
    fn the_calendar_ends_where_parsing_does() {
        for text in ["1900-01-01", "2199-12-31"] {
            let date = Date::parse(text).unwrap();
            assert_eq!(Date::in_calendar(date.mjd()), Some(date));
        }
        let (first, last) = ("1900-01-01".parse::<Date>(), "2199-12-31".parse::<Date>());
        assert_eq!(Date::in_calendar(first.unwrap().mjd() - 0.5), None);
        assert_eq!(Date::in_calendar(last.unwrap().mjd() + 1.0), None);
        assert_eq!(Date::in_calendar(f64::NAN), None);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in
            ["2025-02-30", "2025-13-01", "soon", "", "2025-1-1", "20250101", "2025-01-01T00"]
        {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
    #[test]
    fn a_date_in_another_order_is_said_as_it_is_written_here() {
        let said = |text: &str| Date::parse(text).unwrap_err().to_string();
        for text in ["07.04.2026", "7. 4. 2026", "7.4.2026", "07.04.2026."] {
            assert_eq!(said(text), format!("`{text}` is not a date here: write 2026-04-07"));
        }
        let either = "write 2026-04-07 if the day stands first, 2026-07-04 if the month does";
        assert_eq!(said("7/4/2026"), format!("`7/4/2026` is not a date here: {either}"));
        assert_eq!(said("07-04-2026"), format!("`07-04-2026` is not a date here: {either}"));
        for text in ["4/17/2026", "17/4/2026", "2026/4/17", "2026.04.17", "2026-4-17", "04.17.2026"]
        {
            assert!(said(text).ends_with(" here: write 2026-04-17"), "{}", said(text));
        }
        assert_eq!(said("5/5/2026"), "`5/5/2026` is not a date here: write 2026-05-05");
        for text in ["31/31/2026", "1.2", "1/2/26", "a/b/2026", "1//2026", "2026-02-30", "1/2/9999"]
        {
            assert!(said(text).contains("YYYY-MM-DD"), "{}", said(text));
        }
    }
}
