//! Days of the Sun as others publish them: CelesTrak's space-weather file, and a plain list of one's own.
//!
//! CelesTrak puts observed days, 45 predicted days and predicted months into one file, as CSV (`SW-All.csv`,
//! `SW-Last5Years.csv`) and in fixed columns (`SW-All.txt`). Everywhere the *observed* flux is taken, at the
//! distance that the Earth has: NRLMSISE-00 asks for that, not for the flux adjusted to one astronomical
//! unit.
//!
//! # Source
//!
//! CelesTrak, "Space Weather Data Documentation": columns, widths, and the meaning of `F10.7_DATA_TYPE`.

use crate::error::{OrbitError, counted};
use std::collections::BTreeMap;
use zarya_text::kind::{self, Kind};
use zarya_text::table::{Comments, Problem, Table, shortened};
use zarya_units::Date;

/// What was measured on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The day, as a modified Julian date.
    pub day: i64,
    /// Observed F10.7, solar flux units.
    pub f107: f64,
    /// Daily mean Ap.
    pub ap: f64,
    /// The eight three-hourly values; the daily mean eight times where they are not known.
    pub ap_3h: [f64; 8],
}

/// A file of days that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpaceWeather {
    /// Who made it, and how it is laid out.
    pub what: &'static str,
    /// Observed days, without a gap.
    pub days: Vec<Reading>,
    /// Days predicted, with their flux.
    pub predicted: Vec<(i64, f64)>,
    /// Months predicted, as the modified Julian date of their first day, with their flux.
    pub months: Vec<(i64, f64)>,
    /// What is to be said about it.
    pub notes: Vec<String>,
}

/// Fluxes that are one: the record has 938.6 on the day of a burst, and the quiet Sun gives 64.
const FLUX_SFU: std::ops::RangeInclusive<f64> = 40.0..=2_000.0;
/// Ap ends with 400 by its definition.
const AP: std::ops::RangeInclusive<f64> = 0.0..=400.0;
/// Missing days that are filled from those on both sides, as the record of the program fills its flux.
const GAP_D: i64 = 2;
/// Rows at most: more than four centuries of days.
const ROWS: usize = 160_000;
/// Rows named in a note.
const NAMED: usize = 3;

/// Whether a text is CelesTrak's file in fixed columns.
pub(crate) fn is_fixed(text: &str) -> bool {
    let marks = ["BEGIN OBSERVED", "NUM_OBSERVED_POINTS", "DATATYPE CssiSpaceWeather"];
    text.lines().take(100).any(|line| marks.iter().any(|mark| line.trim().starts_with(mark)))
}

/// Whether the header of a table names these columns.
pub(crate) fn has_columns(text: &str, names: &[&str]) -> bool {
    let table = Table::open(text, Comments::Anywhere);
    table.is_ok_and(|table| names.iter().all(|name| table.column(&[name]).is_some()))
}

/// Names what a text is where it is nothing that holds the Sun.
pub(crate) fn foreign(text: &str, expected: &str) -> Option<OrbitError> {
    let kind = kind::of_text(text);
    if matches!(kind, Kind::Table | Kind::Json) {
        return None;
    }
    let advice = kind.advice().map_or_else(String::new, |advice| format!("; {advice}"));
    Some(OrbitError::Text(format!("this is {kind}, where {expected} is expected{advice}")))
}

/// Whether the header of a table is that of CelesTrak.
pub(crate) fn is_celestrak(text: &str) -> bool {
    has_columns(text, &["date", "f10.7_data_type"]) || has_columns(text, &["date", "f10.7_obs"])
}

/// Reads days: CelesTrak's file in either form, or a table with the columns `date`, `f107` and `ap`.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`]: no such columns, no usable day, or more than two days
/// missing in a row.
///
/// # Examples
///
/// ```
/// let own = "date,f107,ap\n2026-10-02,95.1,4\n2026-10-03,96.0,7\n";
/// let read = zarya_orbit::space_weather::read(own)?;
/// assert_eq!((read.days.len(), read.days[1].f107), (2, 96.0));
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn read(text: &str) -> Result<SpaceWeather, OrbitError> {
    let text = text.trim_start_matches('\u{feff}');
    if is_fixed(text) {
        return Collected::fixed(text)?.done("CelesTrak's space-weather file in fixed columns");
    }
    if let Some(error) = foreign(text, "a record of days of the Sun") {
        return Err(error);
    }
    let what = if is_celestrak(text) {
        "CelesTrak's space-weather file (CSV)"
    } else {
        "a list of days (date, f107, ap)"
    };
    Collected::table(text)?.done(what)
}

/// Which part of a file a row is of.
#[derive(Clone, Copy)]
enum Part {
    Observed,
    Predicted,
    Month,
}

/// Rows as they come, by day: of two rows for one day the last written counts.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) days: BTreeMap<i64, Reading>,
    predicted: BTreeMap<i64, f64>,
    months: BTreeMap<i64, f64>,
    left_out: Vec<String>,
    n_left_out: usize,
    n_interpolated: usize,
    notes: Vec<String>,
}

impl Collected {
    fn leave_out(&mut self, line: usize, why: &str) {
        self.n_left_out += 1;
        if self.left_out.len() < NAMED {
            self.left_out.push(format!("line {line}: {why}"));
        }
    }

    /// Takes a row whose values were found: `None` for an empty cell, an error for one that is no value.
    fn take(
        &mut self,
        line: usize,
        part: Part,
        day: Result<i64, String>,
        f107: Result<Option<f64>, String>,
        ap: Result<Option<f64>, String>,
        ap_3h: Option<[f64; 8]>,
    ) {
        let row = (|| {
            let day = day?;
            let f107 = f107?.ok_or("no flux")?;
            match part {
                Part::Predicted => self.predicted.insert(day, f107).map(|_| ()),
                Part::Month => self.months.insert(day, f107).map(|_| ()),
                Part::Observed => {
                    let ap = ap?.ok_or("no Ap")?;
                    let ap_3h = ap_3h.unwrap_or([ap; 8]);
                    self.days.insert(day, Reading { day, f107, ap, ap_3h }).map(|_| ())
                }
            };
            Ok::<(), String>(())
        })();
        if let Err(why) = row {
            self.leave_out(line, &why);
        }
    }

    /// Rows of a table; of the same day the last counts.
    pub(crate) fn table(text: &str) -> Result<Self, OrbitError> {
        const FLUX: [&str; 6] = ["f10.7_obs", "f107", "f10.7", "f107_sfu", "f107_obs", "f10_7"];
        const DAILY_AP: [&str; 4] = ["ap_avg", "ap", "ap_daily", "ap_mean"];
        const SLOTS: [&str; 8] = ["ap1", "ap2", "ap3", "ap4", "ap5", "ap6", "ap7", "ap8"];
        let mut table = Table::open(text, Comments::Anywhere).map_err(of_row)?;
        let (date, flux, daily) =
            (table.column(&["date"]), table.column(&FLUX), table.column(&DAILY_AP));
        let missing: Vec<&str> = [("date", date), ("f107", flux), ("ap", daily)]
            .iter()
            .filter_map(|(name, at)| at.is_none().then_some(*name))
            .collect();
        let (Some(date), Some(flux), Some(daily)) = (date, flux, daily) else {
            let adjusted = if flux.is_none() && table.column(&["f10.7_adj"]).is_some() {
                "; F10.7_ADJ is adjusted to one astronomical unit, which is not what the air meets"
            } else {
                ""
            };
            return Err(OrbitError::Line {
                line: table.header_line() as usize,
                why: format!(
                    "no column {} in the header: days of the Sun are CelesTrak's space-weather file, or a \
                     table with date, f107 (observed, solar flux units) and ap (daily mean){adjusted}",
                    missing.join(", ")
                ),
            });
        };
        if let Some(double) = table.doubles([date, flux, daily].into_iter()).into_iter().next() {
            return Err(of_row(double));
        }
        let kind = table.column(&["f10.7_data_type"]);
        let slots: Vec<usize> = SLOTS.iter().filter_map(|name| table.column(&[name])).collect();
        let mut collected = Self::default();
        let mut n_rows = 0;
        loop {
            let row = match table.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(problem) => {
                    collected.leave_out(problem.line as usize, &problem.what);
                    continue;
                }
            };
            n_rows += 1;
            if n_rows > ROWS {
                return Err(too_long());
            }
            let line = row.line as usize;
            let part = match kind.map(|at| row.cell(at)) {
                None | Some("OBS") => Part::Observed,
                Some("INT") => {
                    collected.n_interpolated += 1;
                    Part::Observed
                }
                Some("PRD") => Part::Predicted,
                Some("PRM") => Part::Month,
                Some(other) => {
                    let other = shortened(other);
                    let why = format!("F10.7_DATA_TYPE `{other}` is none of OBS, INT, PRD, PRM");
                    collected.leave_out(line, &why);
                    continue;
                }
            };
            let of = |at: usize, range, what: &str| match row.number(at) {
                _ if row.cell(at).is_empty() => Ok(None),
                Ok(value) => inside(value, range, what).map(Some),
                Err(why) => Err(format!("{what}: {why}")),
            };
            let ap_3h = || {
                let mut hours = [0.0; 8];
                for (slot, at) in hours.iter_mut().zip(&slots) {
                    *slot = of(*at, &AP, "ap").ok().flatten()?;
                }
                (slots.len() == SLOTS.len()).then_some(hours)
            };
            let (flux, ap) = (of(flux, &FLUX_SFU, "flux"), of(daily, &AP, "Ap"));
            collected.take(line, part, day(row.cell(date)), flux, ap, ap_3h());
        }
        collected.notes.extend(table.notes().iter().cloned());
        Ok(collected)
    }

    /// Columns by the format `I4,I3,I3,I5,I3,8I3,I4,8I4,I4,F4.1,I2,I4,F6.1,I2,5F6.1`.
    fn fixed(text: &str) -> Result<Self, OrbitError> {
        const AP_FROM: usize = 46;
        const AP_WIDTH: usize = 4;
        let mut collected = Self::default();
        let mut part = None;
        for (i, line) in text.lines().enumerate() {
            if i >= ROWS {
                return Err(too_long());
            }
            let words = line.trim();
            if words.is_empty() || words.starts_with('#') {
                continue;
            }
            if let Some(name) = words.strip_prefix("BEGIN ") {
                part = match name.trim() {
                    "OBSERVED" => Some(Part::Observed),
                    "DAILY_PREDICTED" => Some(Part::Predicted),
                    "MONTHLY_PREDICTED" | "MONTHLY_FIT" => Some(Part::Month),
                    _ => None,
                };
                continue;
            }
            if words.starts_with("END ") {
                part = None;
                continue;
            }
            let Some(part) = part else { continue };
            let cell =
                |from: usize, to: usize| line.get(from..to.min(line.len())).unwrap_or("").trim();
            let date =
                [cell(0, 4), cell(4, 7), cell(7, 10)].map(|text| text.parse::<i16>().unwrap_or(-1));
            let day = i8::try_from(date[1])
                .ok()
                .zip(i8::try_from(date[2]).ok())
                .and_then(|(month, day)| Date::new(date[0], month, day).ok())
                .map(|date| date.mjd() as i64)
                .ok_or_else(|| {
                    format!("`{}` is no date", shortened(line.get(..10).unwrap_or(words)))
                });
            let slots = (0..8).map(|slot| {
                let from = AP_FROM + slot * AP_WIDTH;
                cell(from, from + AP_WIDTH)
            });
            let ap_3h = three_hourly(slots);
            if cell(98, 100) == "4" {
                collected.n_interpolated += 1;
            }
            let (flux, ap) =
                (value(cell(112, 118), &FLUX_SFU, "flux"), value(cell(78, 82), &AP, "Ap"));
            collected.take(i + 1, part, day, flux, ap, ap_3h);
        }
        Ok(collected)
    }

    fn done(self, what: &'static str) -> Result<SpaceWeather, OrbitError> {
        let mut notes = self.notes;
        let mut filled = Vec::new();
        let mut days: Vec<Reading> = Vec::with_capacity(self.days.len());
        for (day, reading) in self.days {
            if let Some(last) = days.last().copied() {
                let missing = day - last.day - 1;
                if missing > GAP_D {
                    return Err(OrbitError::Text(format!(
                        "{} to {} are missing between the observed days: {missing} days in a row, where at \
                         most {GAP_D} are filled from those on both sides; give a file that has them, or \
                         only the days after",
                        date(last.day + 1),
                        date(day - 1)
                    )));
                }
                for gap in 1..=missing {
                    let share = gap as f64 / (missing + 1) as f64;
                    let blend = |a: f64, b: f64| a + share * (b - a);
                    let ap = blend(last.ap, reading.ap);
                    let f107 = blend(last.f107, reading.f107);
                    filled.push(date(last.day + gap).to_string());
                    days.push(Reading { day: last.day + gap, f107, ap, ap_3h: [ap; 8] });
                }
            }
            days.push(reading);
        }
        if self.n_left_out > 0 {
            let more = if self.n_left_out > NAMED { ", …" } else { "" };
            let rows = counted(self.n_left_out, "row");
            notes.push(format!("{rows} left out: {}{more}", self.left_out.join("; ")));
        }
        if !filled.is_empty() {
            notes.push(format!(
                "days that are missing were filled from those on both sides: {}{}",
                filled[..filled.len().min(NAMED)].join(", "),
                if filled.len() > NAMED { ", …" } else { "" }
            ));
        }
        if self.n_interpolated > 0 {
            let days = counted(self.n_interpolated, "day");
            notes.push(format!("the flux of {days} is interpolated by whoever made the file"));
        }
        let flat = |map: BTreeMap<i64, f64>| map.into_iter().collect::<Vec<_>>();
        let (predicted, months) = (flat(self.predicted), flat(self.months));
        if days.is_empty() && predicted.is_empty() && months.is_empty() {
            let why = self.left_out.first().map_or_else(String::new, |why| format!(" ({why})"));
            return Err(OrbitError::Text(format!("no usable day in {what}{why}")));
        }
        Ok(SpaceWeather { what, days, predicted, months, notes })
    }
}

fn too_long() -> OrbitError {
    OrbitError::Text(format!("more than {ROWS} rows: this is no record of days since 1957"))
}

fn of_row(problem: Problem) -> OrbitError {
    let Problem { line, name, what, help, .. } = problem;
    let of = if name.is_empty() { String::new() } else { format!("column {name}: ") };
    OrbitError::Line { line: line as usize, why: format!("{of}{what}; {help}") }
}

fn day(text: &str) -> Result<i64, String> {
    // A whole day: a time of day behind it is of no use here.
    let text = text.split(['T', ' ']).next().unwrap_or("");
    let date = (text.len() == 10).then(|| Date::parse(text).ok()).flatten();
    date.map(|date| date.mjd() as i64).ok_or_else(|| format!("`{}` is no date", shortened(text)))
}

pub(crate) fn date(day: i64) -> Date {
    Date::from_mjd(day as f64)
}

fn value(
    text: &str,
    range: &std::ops::RangeInclusive<f64>,
    what: &str,
) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = text.parse().map_err(|_| format!("{what} `{}` is no number", shortened(text)))?;
    inside(value, range, what).map(Some)
}

fn inside(value: f64, range: &std::ops::RangeInclusive<f64>, what: &str) -> Result<f64, String> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(format!("{what} {value} is outside {} to {}", range.start(), range.end()))
}

fn three_hourly<'a>(cells: impl Iterator<Item = &'a str>) -> Option<[f64; 8]> {
    let mut slots = [0.0; 8];
    for (slot, cell) in slots.iter_mut().zip(cells) {
        *slot = value(cell, &AP, "ap").ok().flatten()?;
    }
    Some(slots)
}

#[cfg(test)]
mod tests;
