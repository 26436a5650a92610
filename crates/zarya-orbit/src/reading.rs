//! What texts came to, before it is a series: records with their objects, and what is wrong with others.
//!
//! Readers of notations fill a [`Reading`] each; the object is picked, faulty texts are refused, and
//! several are merged in one place.

use crate::error::{OrbitError, counted};
use crate::identity::{Identity, Objects};
use crate::sets::Set;
use crate::track::{Remark, Row, Track, What, first_of, noun, told};

/// One text, read.
#[derive(Debug)]
pub(crate) struct Reading {
    /// `TLE`, `OMM`, `OEM` or `CSV`.
    pub(crate) kind: &'static str,
    pub(crate) records: Vec<Record>,
    /// Element sets whole, those of orbits that are no low ones, too.
    pub(crate) sets: Vec<Set>,
    /// What is to be said about records; whether their objects are known for sure.
    flaws: Vec<(Identity, Remark, bool)>,
    pub(crate) caveats: Vec<String>,
    pub(crate) drag_area_stated_m2_kg: Option<f64>,
}

/// A row, and whose it is.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) object: Identity,
    pub(crate) row: Row,
}

/// Why texts came to no series.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The text it is about, counted from 0; none where it is about all of them together.
    pub text: Option<usize>,
    /// What is wrong.
    pub error: OrbitError,
}

impl Reading {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            records: Vec::new(),
            sets: Vec::new(),
            flaws: Vec::new(),
            caveats: Vec::new(),
            drag_area_stated_m2_kg: None,
        }
    }

    /// Adds what is to be said about a record of an object.
    pub(crate) fn flaw(&mut self, object: Identity, remark: Remark) {
        self.flaws.push((object, remark, false));
    }

    /// Adds why a record that was read well cannot be used.
    pub(crate) fn unusable(&mut self, object: Identity, remark: Remark) {
        self.flaws.push((object, remark, true));
    }

    /// Returns the time of the last record: as of when one counts that has none of its own.
    pub(crate) fn last_mjd(&self) -> Option<f64> {
        self.records.last().map(|record| record.row.fix.mjd)
    }

    /// Keeps what is of one object, or of none that is named.
    fn of(self, objects: &mut Objects, chosen: Option<usize>) -> (Vec<Row>, Vec<Remark>) {
        let mut is_of = |object: &Identity| {
            let place = objects.place(object);
            place.is_none() || chosen.is_none() || place == chosen
        };
        let records = self.records.into_iter().filter(|record| is_of(&record.object));
        let rows = records.map(|record| record.row).collect();
        let flaws = self.flaws.into_iter().filter(|(object, ..)| is_of(object));
        (rows, flaws.map(|(_, remark, _)| remark).collect())
    }
}

/// Makes a series of what texts came to; names are for what is said about one of several.
///
/// # Errors
///
/// When several objects are mixed and none is picked, the one picked is not there, or most records of a
/// text cannot be used.
pub(crate) fn series(
    readings: Vec<(&str, Reading)>,
    object: Option<&str>,
) -> Result<Track, Refused> {
    let mut objects = Objects::default();
    for (_, reading) in &readings {
        for record in &reading.records {
            objects.place(&record.object);
        }
        for (object, ..) in reading.flaws.iter().filter(|(.., is_sure)| *is_sure) {
            objects.place(object);
        }
    }
    let together = if readings.len() == 1 { Some(0) } else { None };
    let mut chosen = objects.choose(object);
    // A record that cannot be read may be wrong about its object: that counts where nothing else is found.
    if objects.found.is_empty() || (object.is_some() && chosen.is_err()) {
        for (identity, ..) in readings.iter().flat_map(|(_, reading)| &reading.flaws) {
            objects.place(identity);
        }
        chosen = objects.choose(object).or(chosen);
    }
    let chosen = chosen.map_err(|why| {
        let error = OrbitError::Text(why);
        Refused { text: together, error }
    })?;
    let mut parts = Vec::with_capacity(readings.len());
    for (at, (name, mut reading)) in readings.into_iter().enumerate() {
        let (kind, drag_area) = (reading.kind, reading.drag_area_stated_m2_kg);
        let caveats = std::mem::take(&mut reading.caveats);
        let (rows, remarks) = reading.of(&mut objects, chosen);
        credible(kind, rows.len(), &remarks).map_err(|error| Refused { text: Some(at), error })?;
        parts.push(Part { name: name.to_owned(), kind, rows, remarks, caveats, drag_area });
    }
    let refused = |error| Refused { text: together, error };
    let drag_area = parts.iter().find_map(|part| part.drag_area);
    let mut track = match <[Part; 1]>::try_from(parts) {
        Ok([part]) => Track::new(part.rows, part.kind, part.remarks, part.caveats),
        Err(parts) => merged(parts),
    }
    .map_err(refused)?;
    track.drag_area_stated_m2_kg = drag_area;
    track.object = chosen.map(|at| objects.found[at].shown());
    Ok(track)
}

/// Element sets that texts hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Sets {
    /// The sets in the order of the text; those of several texts in order of time.
    pub sets: Vec<Set>,
    /// `TLE` or `OMM`; of several texts that of the largest.
    pub kind: &'static str,
    /// What was left out or looks odd.
    pub caveats: Vec<String>,
}

/// Collects the element sets of one object, or of all that are met; names are for what is said about one of several texts.
///
/// What a set of one text leaves out about its object another text fills in. A set that stands in more than one counts once.
///
/// # Errors
///
/// When a text holds no element set, most of one cannot be read, or the object is not there.
pub(crate) fn sets(readings: Vec<(&str, Reading)>, object: Option<&str>) -> Result<Sets, Refused> {
    let mut objects = Objects::default();
    let together = if readings.len() == 1 { Some(0) } else { None };
    for set in readings.iter().flat_map(|(_, reading)| &reading.sets) {
        objects.place(&set.object);
    }
    let chosen = match object {
        None => None,
        Some(_) => objects.choose(object).map_err(|why| {
            let error = OrbitError::Text(why);
            Refused { text: together, error }
        })?,
    };
    let is_one = readings.len() == 1;
    let most = readings.iter().rev().max_by_key(|(_, reading)| reading.sets.len());
    let kind = most.map_or("TLE", |(_, reading)| reading.kind);
    let mut all = Sets { sets: Vec::new(), kind, caveats: Vec::new() };
    let mut placed: Vec<(usize, Option<usize>, Set)> = Vec::new();
    for (at, (name, reading)) in readings.into_iter().enumerate() {
        let refused = |error| Refused { text: Some(at), error };
        let mut is_of = |object: &Identity| {
            let place = objects.place(object);
            place.is_none() || chosen.is_none() || place == chosen
        };
        // What is said of a set whose orbit is no low one is not said here: it is written all the same.
        let flaws = reading.flaws.into_iter().filter(|(.., is_sure)| !is_sure);
        let mut remarks: Vec<Remark> =
            flaws.filter(|(object, ..)| is_of(object)).map(|(_, remark, _)| remark).collect();
        if reading.sets.is_empty() {
            let what = match (reading.kind, remarks.first()) {
                ("OEM", _) => "an ephemeris: states, not element sets".to_owned(),
                ("CSV", _) => "a table of altitudes, not of element sets".to_owned(),
                (_, Some(remark)) => format!("no element set can be used: {}", remark.why),
                (_, None) => "no element set".to_owned(),
            };
            let why = format!("{what}; give two-line sets or an OMM");
            return Err(refused(OrbitError::Text(why)));
        }
        let of: Vec<Set> = reading.sets.into_iter().filter(|set| is_of(&set.object)).collect();
        let (of, faulty): (Vec<Set>, Vec<Set>) =
            of.into_iter().partition(|set| set.fault().is_none());
        remarks.extend(faulty.iter().map(|set| {
            let why = format!("{}: {}", set.shown(), set.fault().unwrap_or_default());
            Remark::bad(Some(set.epoch.mjd()), why)
        }));
        credible(reading.kind, of.len(), &remarks).map_err(refused)?;
        let said = |text: String| if is_one { text } else { format!("{name}: {text}") };
        all.caveats.extend(reading.caveats.into_iter().map(said));
        all.caveats.extend(told(&remarks, noun(reading.kind)).into_iter().map(said));
        placed.extend(of.into_iter().map(|set| (at, objects.place(&set.object), set)));
    }
    if !is_one {
        placed.sort_by(|a, b| a.2.epoch.mjd().total_cmp(&b.2.epoch.mjd()));
        let before = placed.len();
        placed = without_doubles(placed);
        if before > placed.len() {
            let n = counted(before - placed.len(), "element set");
            all.caveats.push(format!("{n} in more than one file, counted once"));
        }
    }
    if placed.is_empty() {
        let said = all.caveats.first().map_or("none is of the object", String::as_str);
        let error = OrbitError::Text(format!("no element set can be used: {said}"));
        return Err(Refused { text: together, error });
    }
    all.sets.extend(placed.into_iter().map(|(_, place, mut set)| {
        // A text alone is taken by its word.
        if let Some(place) = place.filter(|_| !is_one) {
            set.object = set.object.or(objects.found[place].clone());
        }
        set
    }));
    Ok(all)
}

/// Epochs of one set differ by rounding between notations, days: two-line sets keep 0.9 ms.
const SAME_DAYS: f64 = 2e-8;

/// Keeps the first of sets that stand in several texts, which are in order of time.
fn without_doubles(placed: Vec<(usize, Option<usize>, Set)>) -> Vec<(usize, Option<usize>, Set)> {
    /// Sets of one instant that are looked at.
    const CROWD: usize = 64;
    const SAME_KM: f64 = 1e-5;
    let mut kept: Vec<(usize, Option<usize>, Set)> = Vec::with_capacity(placed.len());
    for (at, place, set) in placed {
        let is_known = kept
            .iter()
            .rev()
            .take(CROWD)
            .take_while(|(.., known)| set.epoch.mjd() - known.epoch.mjd() < SAME_DAYS)
            .any(|(from, of, known)| {
                *from != at && *of == place && (known.axis_km() - set.axis_km()).abs() < SAME_KM
            });
        if !is_known {
            kept.push((at, place, set));
        }
    }
    kept
}

/// What one of several texts holds of the object.
struct Part {
    name: String,
    kind: &'static str,
    rows: Vec<Row>,
    remarks: Vec<Remark>,
    caveats: Vec<String>,
    drag_area: Option<f64>,
}

/// Refuses a text of which more than half cannot be used.
fn credible(kind: &'static str, rows: usize, remarks: &[Remark]) -> Result<(), OrbitError> {
    let bad: Vec<&str> = remarks
        .iter()
        .filter(|remark| remark.what == What::Bad)
        .map(|remark| remark.why.as_str())
        .collect();
    let noun = noun(kind);
    if rows == 0 || bad.len() <= rows {
        return Ok(());
    }
    Err(OrbitError::Text(format!(
        "{} of {} cannot be used, too many for a slip: {}; give the text as it was published, or leave those \
         out",
        bad.len(),
        counted(bad.len() + rows, noun),
        first_of(&bad)
    )))
}

/// Puts the rows of several texts in order of time; what stands in more than one counts once.
fn merged(parts: Vec<Part>) -> Result<Track, OrbitError> {
    const SAME_KM: f64 = 0.001;
    /// Rows of one instant that are looked at.
    const CROWD: usize = 16;
    let is_sets = |kind: &str| matches!(kind, "TLE" | "OMM");
    let most = parts.iter().rev().max_by_key(|part| part.rows.len());
    let kind = most.map_or("CSV", |part| part.kind);
    let mut caveats = Vec::new();
    if parts.iter().any(|part| is_sets(part.kind) != is_sets(kind) && !part.rows.is_empty()) {
        let each: Vec<String> =
            parts.iter().map(|part| format!("{} ({})", part.name, part.kind)).collect();
        caveats.push(format!(
            "{} are merged as if all were {kind}: element sets lag behind what was flown by about a day, \
             ephemerides do not, so a step between them may be none",
            each.join(", ")
        ));
    }
    let (mut rows, mut remarks) = (Vec::new(), Vec::new());
    for (at, part) in parts.into_iter().enumerate() {
        let said = |text: &str| format!("{}: {text}", part.name);
        if part.rows.is_empty() {
            caveats.push(said("holds nothing of this object that can be used"));
        }
        caveats.extend(part.caveats.iter().map(|text| said(text)));
        remarks.extend(part.remarks.into_iter().map(|remark| {
            let why = said(&remark.why);
            Remark { why, ..remark }
        }));
        rows.extend(part.rows.into_iter().map(|row| (at, row)));
    }
    rows.sort_by(|a, b| a.1.fix.mjd.total_cmp(&b.1.fix.mjd));
    let mut kept: Vec<(usize, Row)> = Vec::with_capacity(rows.len());
    let mut doubles = 0;
    for (at, row) in rows {
        let is_known = kept
            .iter()
            .rev()
            .take(CROWD)
            .take_while(|(_, known)| row.fix.mjd - known.fix.mjd < SAME_DAYS)
            .any(|(from, known)| {
                *from != at && (known.fix.altitude_km - row.fix.altitude_km).abs() < SAME_KM
            });
        if is_known {
            doubles += 1;
        } else {
            kept.push((at, row));
        }
    }
    if doubles > 0 {
        let noun = noun(kind);
        caveats.push(format!("{} in more than one file, counted once", counted(doubles, noun)));
    }
    let rows = kept.into_iter().map(|(_, row)| row).collect();
    Track::new(rows, kind, remarks, caveats)
}
