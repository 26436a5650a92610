//! A series as a table: CSV whose columns are found by name.
//!
//! Cells may be quoted and separated by commas, semicolons or tabs; a table of element sets (an OMM in
//! CSV, as catalogs hand out) is told by its columns. A cell that says "no value" and an altitude that
//! is no orbit cost their row, with a note; anything else that cannot be read refuses the file.

use crate::error::OrbitError;
use crate::geometry::EARTH_RADIUS_KM;
use crate::identity::Identity;
use crate::omm;
use crate::reading::{Reading, Record};
use crate::track::{Fix, PLAUSIBLE_KM, Remark, Row, What, instant};
use csv::{ReaderBuilder, StringRecord, Trim};
use std::collections::BTreeMap;
use zarya_units::{Date, Mjd};

/// Columns that name the object, the surest first.
const OBJECT_NAMES: [&str; 7] =
    ["norad_cat_id", "norad_id", "object_id", "cospar_id", "object_name", "object", "satellite"];
/// Columns of an OMM without which there is no mean orbit.
const SET_NAMES: [&str; 5] =
    ["epoch", "mean_motion", "eccentricity", "inclination", "ra_of_asc_node"];
/// Inclinations of one object differ by less, degrees.
const INCLINATION_SPREAD_DEG: f64 = 1.0;

/// Where the columns stand.
struct Columns {
    names: Vec<String>,
    mjd: Option<usize>,
    date: Option<usize>,
    altitude: Option<usize>,
    axis: Option<usize>,
    inclination: Option<usize>,
    node: Option<usize>,
    /// Every column that says something about the object, the surest first.
    objects: Vec<usize>,
}

impl Columns {
    fn new(names: Vec<String>) -> Self {
        let find = |wanted: &[&str]| wanted.iter().find_map(|w| names.iter().position(|n| n == w));
        let axis = find(&["a_mean_km", "a_km"]);
        // A height above the ground is often called `altitude_km`: any other column comes first.
        let altitude =
            find(&["alt_mean_km"]).or_else(|| find(&["altitude_km"]).filter(|_| axis.is_none()));
        Self {
            mjd: find(&["mjd"]),
            date: find(&["date", "epoch"]),
            altitude,
            axis,
            inclination: find(&["inc_deg", "inclination_deg"]),
            node: find(&["raan_deg"]),
            objects: OBJECT_NAMES
                .iter()
                .filter_map(|wanted| names.iter().position(|name| name == wanted))
                .collect(),
            names,
        }
    }

    /// Whether the table can be read: as altitudes, or as element sets.
    fn suffice(&self) -> bool {
        self.are_sets()
            || (self.mjd.is_some() || self.date.is_some())
                && (self.altitude.is_some() || self.axis.is_some())
    }

    fn are_sets(&self) -> bool {
        self.altitude.is_none()
            && self.axis.is_none()
            && SET_NAMES.iter().all(|wanted| self.names.iter().any(|name| name == wanted))
    }

    /// The columns of time and altitude.
    fn used(&self) -> [usize; 2] {
        [self.mjd.or(self.date), self.altitude.or(self.axis)].map(|column| column.unwrap_or(0))
    }

    /// Whose row it is.
    fn identity(&self, record: &StringRecord) -> Identity {
        let cells = self.objects.iter().filter_map(|i| record.get(*i));
        cells
            .map(|cell| cell.trim_matches('"').trim())
            .filter(|cell| !is_missing(cell))
            .fold(Identity::default(), |all, cell| all.or(Identity::of(cell)))
    }

    /// Refuses a header that names a column in use twice.
    fn check(&self) -> Result<(), String> {
        let used = [self.mjd, self.date, self.altitude, self.axis, self.inclination, self.node];
        for first in used.into_iter().flatten() {
            let name = &self.names[first];
            if let Some(again) = self.names.iter().skip(first + 1).position(|other| other == name) {
                return Err(format!(
                    "the header names `{name}` twice (columns {} and {}): which one is meant?",
                    first + 1,
                    first + again + 2
                ));
            }
        }
        Ok(())
    }
}

/// What one row of a table came to.
enum Cells {
    /// The row, and what is odd about it.
    Row(Row, Option<String>),
    /// Time where it could be read, and what the row does not have.
    LeftOut(Option<Mjd>, String),
    /// Time, and why what the row has cannot be.
    Bad(Option<Mjd>, String),
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .delimiter(separator)
        .trim(Trim::All)
        .from_reader(text.as_bytes())
}

/// Reads the header under the separator that gives the columns needed.
fn header(text: &str) -> Result<(Columns, u8), OrbitError> {
    let mut widest: Option<(Columns, u8)> = None;
    let mut place = 1;
    for separator in *b",;\t" {
        let mut reader = reader(text, separator);
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| unreadable(&error))? {
            if !is_blank(&record) {
                break;
            }
        }
        if is_blank(&record) {
            return Err(OrbitError::Text("the file is empty".into()));
        }
        place = record.position().map_or(1, |at| at.line() as usize);
        let columns = Columns::new(record.iter().map(name).collect());
        if columns.suffice() {
            return Ok((columns, separator));
        }
        if widest.as_ref().is_none_or(|(known, _)| columns.names.len() > known.names.len()) {
            widest = Some((columns, separator));
        }
    }
    let names = widest.map_or_else(Vec::new, |(columns, _)| columns.names);
    let shown = names.iter().take(12).map(|name| shortened(name)).collect::<Vec<_>>().join("`, `");
    let more = if names.len() > 12 { ", …" } else { "" };
    Err(OrbitError::Line {
        line: place,
        why: format!(
            "a CSV of altitudes needs a column `mjd` or `date` and one of `alt_mean_km`, `a_mean_km`, \
             `a_km`, `altitude_km`, named in its first line and separated by commas, semicolons or \
             tabs; it has `{shown}`{more}"
        ),
    })
}

fn name(cell: &str) -> String {
    cell.trim_matches('"').trim().to_lowercase()
}

/// Shortens a cell for a message.
fn shortened(cell: &str) -> String {
    const CHARS_MAX: usize = 40;
    if cell.chars().count() <= CHARS_MAX {
        return cell.escape_debug().to_string();
    }
    let head: String = cell.chars().take(CHARS_MAX).collect();
    format!("{}…", head.escape_debug())
}

fn is_blank(record: &StringRecord) -> bool {
    record.iter().all(str::is_empty) || record.get(0).is_some_and(|cell| cell.starts_with('#'))
}

fn unreadable(error: &csv::Error) -> OrbitError {
    let line = error.position().map_or(1, |at| at.line() as usize);
    OrbitError::Line { line, why: format!("the table cannot be read: {error}") }
}

/// Reads a table with a column of time (`mjd` or `date`) and one of altitude (`alt_mean_km`) or mean
/// semi-major axis (`a_mean_km`, `a_km`); other columns are ignored. A row that cannot be read is left out.
///
/// # Errors
///
/// [`OrbitError::Line`] with the line, where the header does not do or a quotation mark swallows rows.
pub(crate) fn read(text: &str) -> Result<Reading, OrbitError> {
    let (columns, separator) = header(text)?;
    let mut reader = reader(text, separator);
    let mut record = StringRecord::new();
    let mut head_seen = false;
    let last_line = (!text.ends_with(['\n', '\r'])).then(|| text.lines().count());
    let mut reading = Reading::new(if columns.are_sets() { "OMM" } else { "CSV" });
    let mut decimals = [0; 2];
    let mut first: Option<(Identity, f64)> = None;
    while reader.read_record(&mut record).map_err(|error| unreadable(&error))? {
        if is_blank(&record) {
            continue;
        }
        let line = record.position().map_or(0, |at| at.line() as usize);
        let bad = |why: String| OrbitError::Line { line, why };
        if !head_seen {
            columns.check().map_err(bad)?;
            head_seen = true;
            continue;
        }
        if let Some(i) = record.iter().position(|cell| cell.contains('\n')) {
            return Err(bad(format!(
                "column {}: a quotation mark opens here and is not closed",
                i + 1
            )));
        }
        let place = |why: String| format!("line {line}: {why}");
        let object = columns.identity(&record);
        let before = reading.last_mjd();
        let open = last_line == Some(line);
        if columns.are_sets() {
            let fields: BTreeMap<String, String> = columns
                .names
                .iter()
                .zip(&record)
                .map(|(name, cell)| (name.to_uppercase(), cell.to_owned()))
                .collect();
            if open && omm::set_from_fields(&fields).is_err() {
                reading.flaw(object, cut_off(line, before));
            } else {
                omm::add(&mut reading, &fields, &format!("line {line}"));
            }
            continue;
        }
        let cells = self::cells(&columns, &record);
        // Digits may be missing from the last cell of a line that does not end.
        let now = columns.used().map(|i| digits(&record, i));
        let is_short = |k: usize| columns.used()[k] + 1 == record.len() && now[k] < decimals[k];
        if open && (cells.is_err() || is_short(0) || is_short(1)) {
            reading.flaw(object, cut_off(line, before));
            continue;
        }
        decimals = now;
        match cells {
            Ok(Cells::Row(row, odd)) => {
                let mjd = Some(row.fix.mjd);
                if let Some(why) = odd {
                    reading.flaw(object.clone(), Remark::odd(mjd, What::Disagrees, place(why)));
                }
                let inclination_deg = row.inclination_deg;
                let of_one = first.as_ref().filter(|(first, _)| *first == object);
                match other_plane(of_one.map(|(_, degrees)| *degrees), inclination_deg) {
                    Some(why) => reading.flaw(object, Remark::left_out(mjd, place(why))),
                    None => {
                        if let (None, Some(degrees)) = (&first, inclination_deg) {
                            first = Some((object.clone(), degrees));
                        }
                        reading.records.push(Record { object, row });
                    }
                }
            }
            Ok(Cells::LeftOut(mjd, why)) => {
                reading.flaw(object, Remark::left_out(mjd.or(before), place(why)));
            }
            Ok(Cells::Bad(mjd, why)) => {
                reading.flaw(object, Remark::bad(mjd.or(before), place(why)));
            }
            Err(why) => reading.flaw(object, Remark::bad(before, place(why))),
        }
    }
    Ok(reading)
}

fn cut_off(line: usize, mjd: Option<Mjd>) -> Remark {
    Remark::left_out(mjd, format!("line {line} has no end: it may be cut off"))
}

/// Digits after the point of a cell.
fn digits(record: &StringRecord, i: usize) -> usize {
    record.get(i).and_then(|cell| cell.split_once('.')).map_or(0, |(_, digits)| digits.len())
}

/// Tells why a row is not of the object of the first.
fn other_plane(first: Option<f64>, here: Option<f64>) -> Option<String> {
    let (first, here) = (first?, here?);
    ((first - here).abs() > INCLINATION_SPREAD_DEG).then(|| {
        format!("an inclination of {here} degrees where the first row has {first}: another object?")
    })
}

/// Reads the cells of one row.
fn cells(columns: &Columns, record: &StringRecord) -> Result<Cells, String> {
    let names = &columns.names;
    if record.iter().skip(names.len()).any(|cell| !cell.is_empty()) {
        return Err(format!(
            "{} cells where the header has {}; is a comma the decimal sign? write a point",
            record.len(),
            names.len()
        ));
    }
    let mut mjd = None;
    if let Some(i) = columns.mjd {
        match number(names, record, i)? {
            Some(value) if (15_020.0..124_000.0).contains(&value) => mjd = Some(value),
            Some(value) => {
                return Err(format!(
                    "column {} (`mjd`): {value:?} is not a modified Julian date between 1900 and 2199 \
                     (a Julian date less 2400000.5)",
                    i + 1
                ));
            }
            None => return Ok(Cells::LeftOut(None, missing(names, i))),
        }
    }
    if let Some(i) = columns.date {
        let text = cell(names, record, i)?;
        match (instant(text), mjd) {
            (Ok(dated), Some(given)) => check_times(names, i, text, dated, given)?,
            (Ok(dated), None) => mjd = Some(dated),
            (Err(_), None) if is_missing(text) => {
                return Ok(Cells::LeftOut(None, missing(names, i)));
            }
            (Err(why), None) => return Err(format!("column {} (`{}`): {why}", i + 1, names[i])),
            // A date in other words stands beside the `mjd` that is used.
            (Err(_), Some(_)) => {}
        }
    }
    let Some(mjd) = mjd else { return Err("no time".into()) };
    let (mut altitude_km, mut axis_km) = (None, None);
    for (column, value) in [(columns.altitude, &mut altitude_km), (columns.axis, &mut axis_km)] {
        if let Some(i) = column {
            *value = number(names, record, i)?;
        }
    }
    let value = columns.altitude.or(columns.axis).unwrap_or(0);
    let odd = match (altitude_km, axis_km) {
        (Some(altitude), Some(axis)) => disagreement(columns, altitude, axis),
        _ => None,
    };
    let km = altitude_km.or(axis_km.map(|axis| axis - EARTH_RADIUS_KM));
    let Some(altitude_km) = km else {
        return Ok(Cells::LeftOut(Some(mjd), missing(names, value)));
    };
    if !PLAUSIBLE_KM.contains(&altitude_km) {
        let shown_km =
            if altitude_km.abs() < 1e9 { (altitude_km * 10.0).round() / 10.0 } else { altitude_km };
        return Ok(Cells::Bad(
            Some(mjd),
            format!(
                "column {} (`{}`): a mean altitude of {shown_km:?} km is no orbit between 100 and \
                 1000 km; is the column in km, and is it what its name says?",
                value + 1,
                names[value]
            ),
        ));
    }
    // An angle that is none is as good as missing.
    let angle = |column: Option<usize>, range: std::ops::RangeInclusive<f64>| {
        let value = column.and_then(|i| record.get(i)).and_then(|cell| cell.parse::<f64>().ok());
        value.filter(|value| range.contains(value))
    };
    let raan_deg = angle(columns.node, -360.0..=360.0);
    let inclination_deg = angle(columns.inclination, 0.0..=180.0);
    Ok(Cells::Row(Row { fix: Fix { mjd, altitude_km, raan_deg }, inclination_deg }, odd))
}

fn cell<'a>(names: &[String], record: &'a StringRecord, i: usize) -> Result<&'a str, String> {
    record.get(i).map(|cell| cell.trim_matches('"').trim()).ok_or_else(|| {
        format!(
            "no value in column {} (`{}`): {} of {} cells; is the file cut off?",
            i + 1,
            names[i],
            record.len(),
            names.len()
        )
    })
}

/// Whether a cell says that there is no value.
fn is_missing(text: &str) -> bool {
    ["", "nan", "na", "n/a", "null", "none", "-"].contains(&text.to_lowercase().as_str())
}

fn missing(names: &[String], i: usize) -> String {
    format!("no value in column {} (`{}`)", i + 1, names[i])
}

fn number(names: &[String], record: &StringRecord, i: usize) -> Result<Option<f64>, String> {
    let text = cell(names, record, i)?;
    if is_missing(text) {
        return Ok(None);
    }
    let place = format!("column {} (`{}`)", i + 1, names[i]);
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        Ok(_) => Err(format!("{place} is not finite")),
        Err(_) if text.contains(',') => {
            Err(format!("{place}: `{}` is not a number; write a decimal point", shortened(text)))
        }
        Err(_) => Err(format!("{place}: `{}` is not a number", shortened(text))),
    }
}

/// Checks that the two times of a row agree: a date without a time stands for its whole day.
fn check_times(
    names: &[String],
    column: usize,
    text: &str,
    dated: Mjd,
    mjd: Mjd,
) -> Result<(), String> {
    /// What rounding and the steps between time systems make of one instant, days.
    const SAME_DAYS: f64 = 0.002;
    let end_days = if dated.fract() == 0.0 { 1.0 } else { SAME_DAYS };
    if (-SAME_DAYS..end_days).contains(&(mjd - dated)) {
        return Ok(());
    }
    Err(format!(
        "`mjd` {mjd} is of {}, `{}` is `{text}`: the two disagree; mend or drop one of the columns",
        Date::from_mjd(mjd),
        names[column]
    ))
}

/// Tells where an altitude and a semi-major axis of one row do not belong together.
fn disagreement(columns: &Columns, altitude_km: f64, axis_km: f64) -> Option<String> {
    /// Radii in use differ by 0.003 km; rounding to 0.1 km is let pass.
    const SAME_KM: f64 = 0.11;
    let radius_km = axis_km - altitude_km;
    let name = |column: Option<usize>| columns.names[column.unwrap_or(0)].as_str();
    ((radius_km - EARTH_RADIUS_KM).abs() > SAME_KM).then(|| {
        format!(
            "`{}` less `{}` is {radius_km:.3} km, not the {EARTH_RADIUS_KM} km that mean altitudes are \
             counted from; `{1}` was used",
            name(columns.axis),
            name(columns.altitude)
        )
    })
}
