//! What JB2008 wants to know of the Sun, from the files `SOLFSMY.TXT` and `DTCFILE.TXT` of Space
//! Environment Technologies.

use super::Proxies;
use crate::error::OrbitError;
use std::ops::RangeInclusive;
use zarya_units::{Date, Mjd};

/// Hours of a day of storm temperatures.
pub const HOURS: usize = 24;
/// Julian day of the first instant of MJD 0.
const JULIAN_DAY_MJD: f64 = 2_400_000.5;

/// Proxies and storm temperatures by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    proxies: Days<[f64; 8]>,
    storms_k: Days<[f64; HOURS]>,
}

/// Values of successive days.
#[derive(Clone, Debug, PartialEq)]
struct Days<T> {
    first: i64,
    days: Vec<T>,
}

impl<T> Days<T> {
    fn get(&self, mjd: Mjd, before: i64) -> Option<&T> {
        self.days.get(usize::try_from(mjd.floor() as i64 - before - self.first).ok()?)
    }

    fn span(&self) -> (Date, Date) {
        let last = self.first + self.days.len() as i64 - 1;
        (Date::from_mjd(self.first as f64), Date::from_mjd(last as f64))
    }
}

impl Drivers {
    /// Reads the two files.
    ///
    /// `SOLFSMY.TXT` has a line a day: year, day of the year, Julian day, then F10, S10, M10 and Y10,
    /// each followed by its centered mean over 81 days; 0 stands for a missing value. `DTCFILE.TXT`
    /// has a line a day: `DTC`, year, day of the year, then 24 hourly temperatures, K. Comment lines
    /// begin with `#`.
    ///
    /// # Errors
    ///
    /// [`OrbitError::Text`] with the file's name, and the line where there is one: for what cannot be
    /// read, days that do not follow one another, values that cannot be, and a file without a day.
    pub fn read(solfsmy: &str, dtcfile: &str) -> Result<Self, OrbitError> {
        let proxies = read_days("SOLFSMY.TXT", solfsmy, |words| {
            let julian_day = words.get(2)?.parse::<f64>().ok()?;
            let values = numbers(words.get(3..11)?, 0.0..=2000.0)?;
            (julian_day - JULIAN_DAY_MJD == (of_day(words)? + 0.5)).then_some(())?;
            Some((of_day(words)?, values))
        })?;
        let storms_k = read_days("DTCFILE.TXT", dtcfile, |words| {
            let words = (words[0] == "DTC").then_some(words)?.get(1..)?;
            Some((of_day(words)?, numbers(words.get(2..2 + HOURS)?, -500.0..=3000.0)?))
        })?;
        Ok(Self { proxies, storms_k })
    }

    /// Returns the proxies that act on an instant's day, each of its own day before; nothing where one
    /// of them is not held or missing.
    pub fn proxies(&self, mjd: Mjd) -> Option<Proxies> {
        let pair = |of: usize, before: i64| {
            let day = self.proxies.get(mjd, before)?;
            (day[of] > 0.0 && day[of + 1] > 0.0).then_some([day[of], day[of + 1]])
        };
        Some(Proxies { f10: pair(0, 1)?, s10: pair(2, 1)?, m10: pair(4, 2)?, y10: pair(6, 5)? })
    }

    /// Returns the temperature that storms add in each hour of an instant's day, K.
    pub fn storms_k(&self, mjd: Mjd) -> Option<&[f64; HOURS]> {
        self.storms_k.get(mjd, 0)
    }

    /// Returns the first and the last day on which the model can be evaluated.
    pub fn span(&self) -> (Date, Date) {
        let (proxies, storms) = (self.proxies.span(), self.storms_k.span());
        // The longest lag is five days, the shortest one.
        (proxies.0.plus_days(5).max(storms.0), proxies.1.plus_days(1).min(storms.1))
    }
}

/// Midnight of the day that two words name, year and day of the year.
fn of_day(words: &[&str]) -> Option<Mjd> {
    let year = words.first()?.parse::<i16>().ok()?;
    let day = words.get(1)?.parse::<i32>().ok().filter(|day| (1..=366).contains(day))?;
    let date = Date::new(year, 1, 1).ok()?.plus_days(day - 1);
    (date.year() == year).then(|| date.mjd())
}

fn numbers<const N: usize>(words: &[&str], sane: RangeInclusive<f64>) -> Option<[f64; N]> {
    let mut values = [0.0; N];
    for (value, word) in values.iter_mut().zip(words) {
        *value = word.parse().ok().filter(|value| sane.contains(value))?;
    }
    Some(values)
}

fn read_days<T>(
    name: &str,
    text: &str,
    of_line: impl Fn(&[&str]) -> Option<(Mjd, T)>,
) -> Result<Days<T>, OrbitError> {
    let mut held = Days { first: 0, days: Vec::new() };
    for (line, words) in text.lines().zip(1..).map(|(text, line)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (line, words)
    }) {
        let line: usize = line;
        if words.first().is_none_or(|word| word.starts_with('#')) {
            continue;
        }
        let refuse = |why: &str| OrbitError::Text(format!("{name}, line {line}: {why}"));
        let (mjd, value) = of_line(&words).ok_or_else(|| {
            refuse("not a day of drivers in this file's form, or a value that cannot be")
        })?;
        let day = mjd as i64;
        if held.days.is_empty() {
            held.first = day;
        }
        let next = held.first + held.days.len() as i64;
        if day != next {
            return Err(refuse(&format!(
                "the day is {} where {} must follow",
                Date::from_mjd(mjd),
                Date::from_mjd(next as f64)
            )));
        }
        held.days.push(value);
    }
    if held.days.is_empty() {
        return Err(OrbitError::Text(format!("{name}: the file has no day of drivers")));
    }
    Ok(held)
}
