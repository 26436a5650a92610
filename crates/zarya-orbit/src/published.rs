//! Forecasts of the Sun as their makers publish them.
//!
//! NASA Marshall's monthly table has the percentiles that paths are drawn from. NOAA's predicted cycle has
//! narrower ones of F10.7 and no Ap, CelesTrak's file one curve: what they lack is taken from the issue of
//! NASA's forecast that was the latest when they were made, and said.

use crate::error::OrbitError;
use crate::forecast::{Band, Forecast, Maker, archive, month_number, month_start, parse_csv};
use crate::space_weather::{self, Reading, SpaceWeather};
use serde_json::Value;
use std::collections::BTreeMap;
use zarya_units::math::{self, Z95};
use zarya_units::{Date, Mjd};

/// A file of forecasts that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    /// The issues, oldest first.
    pub issues: Vec<Forecast>,
    /// Whether nothing says when the one issue was made: its month is six after its first one then.
    pub undated: bool,
    /// Days observed that the file has, too.
    pub days: Vec<Reading>,
    /// What was read, and what had to be assumed.
    pub notes: Vec<String>,
}

/// Every one of the 325 issues of the archive begins six months before the month of its issue, because a
/// mean over 13 months knows no later one; so does NOAA's.
const MONTHS_BEFORE_ISSUE: i32 = 6;
/// Months at most in one file: a century.
const MONTHS: usize = 1_200;
/// Standard deviations of the limits of the central 50 and 75 % of a normal distribution.
const Z75: f64 = 0.674_490;
const Z87_5: f64 = 1.150_349;
const NAMES: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads forecasts: NASA Marshall's monthly table, NOAA's predicted solar cycle (JSON), CelesTrak's
/// space-weather file, or a table with the columns of [`parse_csv`].
///
/// `name` is what the text is called: NASA's files carry the month of issue in it (`jun2026f10_prd.txt`).
/// `issue` is that month where somebody says it; it counts before the name.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`], saying what the text is and what is expected.
///
/// # Examples
///
/// ```
/// let table = " 2026.0417 JAN 185.2  160.3  141.1    18.1  13.2   9.9\n";
/// let read = zarya_orbit::published::read(table, "jul2026f10_prd.txt", None)?;
/// assert_eq!(read.issues[0].name(), "2026-07");
/// assert_eq!(read.issues[0].f107(61_055.5).p50, 160.3);
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn read(text: &str, name: &str, issue: Option<Date>) -> Result<Published, OrbitError> {
    let text = text.trim_start_matches('\u{feff}');
    let body = text.trim_start();
    if body.starts_with(['[', '{']) {
        return noaa(body, name, issue);
    }
    if space_weather::is_fixed(text) || space_weather::is_celestrak(text) {
        return celestrak(space_weather::read(text)?);
    }
    if is_marshall(text) {
        return marshall(text, name, issue);
    }
    if let Some(error) = space_weather::foreign(text, "a forecast of the Sun") {
        return Err(error);
    }
    if space_weather::has_columns(text, &["date", "f107", "ap"]) {
        return Err(OrbitError::Text(
            "a list of observed days, not a forecast: give it as `observations`".into(),
        ));
    }
    Ok(Published { issues: parse_csv(text)?, ..Published::default() })
}

/// Reads observed days for an answer, and says what else a text is.
///
/// # Errors
///
/// As [`space_weather::read`]; a forecast is named as one.
pub fn read_days(text: &str) -> Result<SpaceWeather, OrbitError> {
    let what = if text.trim_start().starts_with(['[', '{']) && text.contains("predicted_f10.7") {
        "NOAA's predicted solar cycle"
    } else if is_marshall(text) {
        "NASA Marshall's monthly forecast"
    } else if space_weather::has_columns(text, &["issue", "month"]) {
        "a table of monthly forecasts"
    } else {
        let read = space_weather::read(text)?;
        if read.days.is_empty() {
            return Err(OrbitError::Text(format!("{} has no observed day in it", read.what)));
        }
        return Ok(read);
    };
    Err(OrbitError::Text(format!("{what}, not a record of days: give it as `forecasts`")))
}

/// The decimal year and the month that begin a row of NASA's table.
fn marshall_row(line: &str) -> Option<(f64, i32, std::str::SplitWhitespace<'_>)> {
    let mut words = line.split_whitespace();
    let year: f64 = words.next().filter(|word| word.contains('.'))?.parse().ok()?;
    let month = month_of(words.next()?)?;
    (1900.0..2200.0).contains(&year).then_some((year, month, words))
}

/// Reads a month's name by its first three letters, from 0.
fn month_of(word: &str) -> Option<i32> {
    let head = word.get(..3)?.to_ascii_lowercase();
    let letters = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    NAMES.iter().position(|name| letters && *name == head).map(|at| at as i32)
}

fn is_marshall(text: &str) -> bool {
    text.lines().take(200).any(|line| marshall_row(line).is_some())
}

/// Reads the table of NASA Marshall: titles, page breaks, and rows of decimal year, month, F10.7 at 95, 50
/// and 5 %, Ap at 95, 50 and 5 %.
fn marshall(text: &str, name: &str, issue: Option<Date>) -> Result<Published, OrbitError> {
    /// The decimal year is that of the month's begin or middle, to four digits.
    const SLACK_MONTHS: f64 = 0.1;
    let mut months = Months::default();
    for (i, line) in text.lines().enumerate() {
        let Some((year, month, words)) = marshall_row(line) else { continue };
        let bad = |why: String| OrbitError::Line { line: i + 1, why };
        let words: Vec<&str> = words.collect();
        let values: Option<Vec<f64>> =
            words.iter().map(|word| word.parse().ok().filter(|v: &f64| v.is_finite())).collect();
        let values = match values {
            Some(values) if values.len() == 6 => values,
            Some(values) if values.len() == 3 => {
                return Err(bad(
                    "three values behind the month, as in NASA's table of sunspot numbers: that with F10.7 \
                     and Ap (`…f10_prd.txt`) is needed"
                        .into(),
                ));
            }
            _ => {
                return Err(bad(format!(
                    "six numbers are expected behind the month (F10.7 and Ap at 95, 50 and 5 %), not `{}`",
                    words.join(" ").chars().take(60).collect::<String>()
                )));
            }
        };
        let within = 12.0 * (year - year.floor());
        let of_month = f64::from(month) - SLACK_MONTHS..f64::from(month + 1) + SLACK_MONTHS;
        if !of_month.contains(&within) {
            return Err(bad(format!("{year} does not lie in the month named beside it")));
        }
        let band = |at: usize| Band { p95: values[at], p50: values[at + 1], p05: values[at + 2] };
        months.add(year.floor() as i32 * 12 + month, band(0), band(3)).map_err(bad)?;
    }
    let (dated, how) = issue_of(&months, name, issue);
    let undated = how.is_none();
    let forecast = months.forecast(dated, Maker::Nasa)?;
    let how = how.unwrap_or("nothing says when it was issued");
    let note = format!("`forecasts` is NASA Marshall's monthly table, {}; {how}", spans(&forecast));
    Ok(Published { issues: vec![forecast], undated, days: Vec::new(), notes: vec![note] })
}

/// Months that follow each other.
#[derive(Default)]
struct Months {
    first: i32,
    f107: Vec<Band>,
    ap: Vec<Band>,
}

impl Months {
    fn add(&mut self, month: i32, f107: Band, ap: Band) -> Result<(), String> {
        checked(f107, ap)?;
        if self.f107.is_empty() {
            self.first = month;
        } else if month != self.first + self.f107.len() as i32 {
            return Err("a month is missing or out of order".into());
        }
        if self.f107.len() >= MONTHS {
            return Err(format!("more than {MONTHS} months: no forecast reaches this far"));
        }
        self.f107.push(f107);
        self.ap.push(ap);
        Ok(())
    }

    fn forecast(self, issue: Date, maker: Maker) -> Result<Forecast, OrbitError> {
        if self.f107.is_empty() {
            return Err(OrbitError::Text("the file holds no month".into()));
        }
        Ok(Forecast::new(issue, self.first, self.f107, self.ap, maker))
    }
}

fn checked(f107: Band, ap: Band) -> Result<(), String> {
    let rising = |band: Band| band.p05 <= band.p50 && band.p50 <= band.p95;
    if !(f107.p05 >= 40.0 && f107.p95 <= 1_000.0 && rising(f107)) {
        return Err("F10.7 must fall from 95 to 50 to 5 %, and lie within 40 to 1000".into());
    }
    if !(ap.p05 >= -20.0 && ap.p95 <= 400.0 && rising(ap)) {
        return Err("Ap must fall from 95 to 50 to 5 %, and lie within -20 to 400".into());
    }
    Ok(())
}

/// Returns the month of issue and how it is known; without a word on it, the month that such tables have.
fn issue_of(months: &Months, name: &str, stated: Option<Date>) -> (Date, Option<&'static str>) {
    let fallback = Date::from_mjd(0.0);
    if let Some(stated) = stated {
        return (
            month_start(month_number(stated)).unwrap_or(fallback),
            Some("issued as `issue` says"),
        );
    }
    if let Some(named) = issue_in(name) {
        return (named, Some("its name says when it was issued"));
    }
    (month_start(months.first + MONTHS_BEFORE_ISSUE).unwrap_or(fallback), None)
}

/// Finds a month of issue in the name of a file: `jun2026f10_prd.txt`, `Oct1999F10.TXT`, or `2026-06`.
///
/// # Examples
///
/// ```
/// use zarya_orbit::published::issue_in;
///
/// let named = |name| issue_in(name).map(|month| month.to_string());
/// assert_eq!(named("sun/jun2026f10_prd.txt").as_deref(), Some("2026-06-01"));
/// assert_eq!(named("predicted-solar-cycle_2026-09.json").as_deref(), Some("2026-09-01"));
/// assert_eq!(named("msafe.txt"), None);
/// ```
pub fn issue_in(name: &str) -> Option<Date> {
    let file = name.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    let digits = |from: usize, n: usize| -> Option<i32> {
        let part = file.get(from..from + n)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let date = |year: i32, month: i32| {
        let known = (1990..2100).contains(&year) && (1..=12).contains(&month);
        known.then(|| month_start(year * 12 + month - 1)).flatten()
    };
    let lone = |at: usize| at == 0 || !file.as_bytes()[at - 1].is_ascii_alphanumeric();
    for (at, _) in file.char_indices().filter(|(at, _)| lone(*at)) {
        let named = file.get(at..at + 3).and_then(month_of);
        if let Some(found) = named.zip(digits(at + 3, 4)).and_then(|(m, year)| date(year, m + 1)) {
            return Some(found);
        }
        let parted = file.get(at + 4..at + 5).is_some_and(|sign| sign == "-" || sign == "_");
        let ends = file.as_bytes().get(at + 7).is_none_or(|byte| !byte.is_ascii_digit());
        let numbers = digits(at, 4).zip(digits(at + 5, 2)).filter(|_| parted && ends);
        if let Some(found) = numbers.and_then(|(year, month)| date(year, month)) {
            return Some(found);
        }
    }
    None
}

fn spans(forecast: &Forecast) -> String {
    let month = |mjd: Mjd| {
        let date = Date::from_mjd(mjd);
        format!("{:04}-{:02}", date.year(), date.month())
    };
    format!("{} to {}", month(forecast.start()), month(forecast.end() - 1.0))
}

/// NASA's forecast that was the latest when another was made: what that one lacks comes from it.
fn beside(made: Date) -> Result<&'static Forecast, OrbitError> {
    archive::forecast_as_of(made)
}

/// Reads NOAA's `predicted-solar-cycle.json`.
///
/// Its limits are those of the central 50 and 75 % of past errors (`high_f10.7`, `high75_f10.7`); the 5 and
/// 95 % are carried on from them as in a normal distribution of the logarithm, each side for itself.
///
/// # Source
///
/// NOAA SWPC, "Solar Cycle Progression": shading of 25, 50 and 75 %. That the fields without a number are
/// the 50 % follows from the order in which they are made (`low25`, `low`, `low75`).
fn noaa(text: &str, name: &str, issue: Option<Date>) -> Result<Published, OrbitError> {
    let bad = |why: String| OrbitError::Text(why);
    let json: Value = serde_json::from_str(text)
        .map_err(|error| bad(format!("JSON that does not parse, cut short perhaps: {error}")))?;
    let rows = json.as_array().filter(|rows| !rows.is_empty());
    let has = |field: &str| {
        rows.is_some_and(|rows| rows.iter().take(12).any(|row| row.get(field).is_some()))
    };
    let expected = "as JSON NOAA's `predicted-solar-cycle.json` is read, a list with `time-tag` and \
                    `predicted_f10.7`";
    let Some(rows) = rows.filter(|_| has("time-tag") && has("predicted_f10.7")) else {
        let what = if has("smoothed_ssn") || has("f10.7") || has("smoothed_f10.7") {
            "NOAA's observed indices, no forecast"
        } else if has("OBJECT_NAME") || has("MEAN_MOTION") || json.get("MEAN_MOTION").is_some() {
            "element sets (OMM), no forecast of the Sun"
        } else {
            "JSON, but no forecast of the Sun that is known here"
        };
        return Err(bad(format!("{what}: {expected}")));
    };
    let number = |row: &Value, field: &str| {
        let value = row.get(field)?;
        let value = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
        // NOAA writes -1 for a value that is missing.
        (40.0..=1_000.0).contains(&value).then_some(value)
    };
    let mut by_month: BTreeMap<i32, (f64, f64, f64)> = BTreeMap::new();
    let (mut left_out, mut wide) = (0, true);
    for row in rows {
        let tag = row.get("time-tag").and_then(Value::as_str).unwrap_or("");
        let month = tag.get(..7).and_then(|tag| Date::parse(tag).ok()).map(month_number);
        let (Some(month), Some(middle)) = (month, number(row, "predicted_f10.7")) else {
            left_out += 1;
            continue;
        };
        let limit = |wider: &str, narrower: &str| {
            let wider = number(row, wider).map(|value| (value, Z87_5));
            wider.or_else(|| number(row, narrower).map(|value| (value, Z75)))
        };
        let limits = limit("low75_f10.7", "low_f10.7").zip(limit("high75_f10.7", "high_f10.7"));
        let Some((low, high)) = limits else {
            left_out += 1;
            continue;
        };
        wide &= low.1 == Z87_5 && high.1 == Z87_5;
        let carry = |(value, z): (f64, f64)| middle * math::exp(Z95 / z * math::ln(value / middle));
        by_month.insert(
            month,
            (carry(low).clamp(40.0, middle), middle, carry(high).clamp(middle, 1_000.0)),
        );
    }
    let Some(first) = by_month.keys().next().copied() else {
        return Err(bad(format!(
            "no month with a predicted F10.7 and its limits in it: {expected}"
        )));
    };
    let mut months = Months { first, ..Months::default() };
    let (made, how) = issue_of(&months, name, issue);
    let nasa = beside(made)?;
    for (month, (p05, p50, p95)) in by_month {
        let ap = nasa.ap(middle_of(month));
        months.add(month, Band { p05, p50, p95 }, ap).map_err(|why| {
            let date = month_start(month).map_or_else(String::new, |date| format!("{date}: "));
            bad(format!("{date}{why}"))
        })?;
    }
    let undated = how.is_none();
    let forecast = months.forecast(made, Maker::Noaa)?;
    let how = how.unwrap_or("nothing says when it was issued");
    let mut notes = vec![
        format!("`forecasts` is NOAA's predicted solar cycle, {}; {how}", spans(&forecast)),
        format!(
            "NOAA gives F10.7 with the limits of the central {} %: 5 and 95 % are carried on from them as in a \
             normal distribution of the logarithm (assumed: no wider limits are published); it gives no Ap: \
             that of NASA's issue {} is taken",
            if wide { "75" } else { "50" },
            nasa.name()
        ),
    ];
    if left_out > 0 {
        notes.push(format!(
            "{left_out} of NOAA's months have no F10.7 with limits and were left out"
        ));
    }
    Ok(Published { issues: vec![forecast], undated, days: Vec::new(), notes })
}

fn middle_of(month: i32) -> Mjd {
    let start = |month| month_start(month).map_or(0.0, Date::mjd);
    0.5 * (start(month) + start(month + 1))
}

/// Makes a forecast of the predicted days and months of CelesTrak's file.
fn celestrak(read: SpaceWeather) -> Result<Published, OrbitError> {
    /// Days that make a month's mean.
    const DAYS: usize = 10;
    let SpaceWeather { what, days, predicted, months, mut notes } = read;
    let first = predicted.iter().chain(&months).map(|row| row.0).min();
    let Some(first) = first else {
        return Err(OrbitError::Text(format!(
            "{what} with observed days alone: give it as `observations`"
        )));
    };
    // Made on the day after the last one observed, or on the first predicted.
    let made = space_weather::date(days.last().map_or(first, |last| last.day + 1));
    let nasa = beside(made)?;
    let number = |day: i64| month_number(space_weather::date(day));
    let mut by_month: BTreeMap<i32, f64> =
        months.iter().map(|row| (number(row.0), row.1)).collect();
    let mut sums: BTreeMap<i32, (f64, usize)> = BTreeMap::new();
    let observed = days.iter().map(|reading| (reading.day, reading.f107));
    for (day, flux) in observed.chain(predicted.iter().copied()) {
        let sum = sums.entry(number(day)).or_default();
        *sum = (sum.0 + flux, sum.1 + 1);
    }
    for (month, (sum, n)) in sums.range(number(first)..) {
        if *n >= DAYS {
            by_month.entry(*month).or_insert(sum / *n as f64);
        }
    }
    let mut collected = Months::default();
    let mut last: Option<(i32, f64)> = None;
    for (month, flux) in by_month {
        let since = last.unwrap_or((month - 1, flux));
        if (month - since.0) as usize > MONTHS {
            return Err(OrbitError::Text(format!("{what} has a gap of more than {MONTHS} months")));
        }
        for step in since.0 + 1..=month {
            let share = f64::from(step - since.0) / f64::from(month - since.0);
            let p50 = since.1 + share * (flux - since.1);
            let nasa_f107 = nasa.f107(middle_of(step));
            let f107 = Band {
                p05: (p50 * nasa_f107.p05 / nasa_f107.p50).clamp(40.0, p50),
                p50,
                p95: p50 * nasa_f107.p95 / nasa_f107.p50,
            };
            collected.add(step, f107, nasa.ap(middle_of(step))).map_err(OrbitError::Text)?;
        }
        last = Some((month, flux));
    }
    let forecast = collected.forecast(made, Maker::CelesTrak)?;
    let known = days.first().zip(days.last()).map_or_else(
        || "no observed day".into(),
        |(a, b)| {
            format!(
                "observed days {} to {}",
                space_weather::date(a.day),
                space_weather::date(b.day)
            )
        },
    );
    notes.insert(
        0,
        format!(
            "`forecasts` is {what}, observed flux: {known}, {} days and {} months predicted ({}); made on {made}, \
             the day after its last observed one",
            predicted.len(),
            months.len(),
            spans(&forecast)
        ),
    );
    notes.push(format!(
        "CelesTrak gives one curve of F10.7: its 5 and 95 % stand as far off as in NASA's issue {} (assumed: \
         its months are NASA's 50 %), whose Ap is taken, too",
        nasa.name()
    ));
    Ok(Published { issues: vec![forecast], undated: false, days, notes })
}

#[cfg(test)]
mod tests;
