//! A series of mean altitudes in time, from whatever file an analyst has.
//!
//! Texts are told apart by their content: XML and KVN messages by their marks, JSON by its bracket,
//! element sets by their line numbers, and everything else that has cells is CSV. What is no data at all,
//! such as the page that came in place of a file, is named.

use crate::error::OrbitError;
use crate::reading::{self, Reading};
pub use crate::reading::{Refused, Sets};
pub use crate::track::{Fix, GAP_DAYS, Track};
use crate::{columns, ephemeris, omm, tle};
use std::borrow::Cow;
use zarya_text::kind::{self, Kind};

/// Reads a series from a text of any of the known kinds.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`], saying what was found and what is expected.
pub fn read(text: &str) -> Result<Track, OrbitError> {
    read_all(&[("", text)], None).map_err(|refused| refused.error)
}

/// Reads the series of one object from texts of any of the known kinds, each with its name.
///
/// Rows of several texts are put in order of time, and what stands in more than one counts once. Where
/// several objects are met, `object` picks one: its catalog number (alpha-5 or not), its international
/// designator, its name or an unmistakable part of it.
///
/// # Errors
///
/// With the text it is about: one that cannot be read, of which most records cannot be used; several objects
/// of which none is picked.
///
/// # Examples
///
/// ```
/// use zarya_orbit::series::read_all;
///
/// let march = "date,alt_mean_km,norad_cat_id\n2016-03-01,404.0,25544\n2016-03-02,403.9,25544\n";
/// let april = "date,alt_mean_km,norad_cat_id\n2016-03-02,403.9,25544\n2016-03-02,380.0,41765\n";
/// let track = read_all(&[("march", march), ("april", april)], Some("25544")).unwrap();
/// assert_eq!(track.fixes.len(), 2);
/// assert_eq!(track.caveats, ["1 row in more than one file, counted once"]);
/// ```
pub fn read_all(texts: &[(&str, &str)], object: Option<&str>) -> Result<Track, Refused> {
    reading::series(readings(texts)?, object)
}

/// Reads the element sets of texts of any of the known kinds, each with its name: those of one object, or of all that are met.
///
/// The sets keep the order of the text; those of several texts are put in order of time, and what stands in more than one counts
/// once. A field that cannot be read is absent from its set.
///
/// # Errors
///
/// With the text it is about: one that holds no element sets, or of which most cannot be read; an `object` that is not there.
///
/// # Examples
///
/// ```
/// use zarya_orbit::series::read_sets;
///
/// let text = r#"{"EPOCH": "2021-01-01T05:19:37.382880", "MEAN_MOTION": 15.49246091, "ECCENTRICITY": 0.0001153,
///     "INCLINATION": 51.6464, "RA_OF_ASC_NODE": 88.5894, "MEAN_ANOMALY": 39.5832, "NORAD_CAT_ID": 25544}"#;
/// let read = read_sets(&[("iss", text)], Some("25544")).unwrap();
/// assert_eq!(read.sets[0].anomaly_deg, Some(39.5832));
/// assert_eq!(read.sets[0].pericenter_deg, None);
/// ```
pub fn read_sets(texts: &[(&str, &str)], object: Option<&str>) -> Result<Sets, Refused> {
    reading::sets(readings(texts)?, object)
}

fn readings<'t>(texts: &[(&'t str, &str)]) -> Result<Vec<(&'t str, Reading)>, Refused> {
    let each = texts.iter().enumerate().map(|(at, (name, text))| {
        let reading = one(text).map_err(|error| Refused { text: Some(at), error })?;
        Ok((*name, reading))
    });
    each.collect()
}

/// Reads one text.
fn one(text: &str) -> Result<Reading, OrbitError> {
    // Old texts end their lines with a bare carriage return.
    let text = text.trim_start_matches('\u{feff}');
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let body = text.trim_start();
    let kind = kind::of(body.as_bytes());
    // A few words may be half a set, or the first rows of a table.
    if kind.is_foreign() && kind != Kind::Message {
        return Err(not_data(kind, body));
    }
    let is_foreign = |c: char| c.is_control() && !c.is_whitespace();
    if body.chars().take(1_000).any(is_foreign) {
        return Err(not_data(Kind::Binary, body));
    }
    // Lines are counted in the whole text.
    if body.starts_with('<') {
        let head: String = body.chars().take(20_000).collect();
        return if head.contains("<oem") || head.contains(":oem") || head.contains("stateVector") {
            ephemeris::read_xml(&text)
        } else {
            omm::read_xml(&text)
        };
    }
    if kind == Kind::Json {
        return omm::read_json(&text);
    }
    let has_key = |key: &str| {
        let is_key = |(name, _): (&str, &str)| name.trim().eq_ignore_ascii_case(key);
        body.lines().any(|line| line.split_once('=').is_some_and(is_key))
    };
    if has_key("CCSDS_OEM_VERS") {
        return ephemeris::read_kvn(&text);
    }
    if has_key("CCSDS_OMM_VERS") || has_key("MEAN_MOTION") {
        return Ok(omm::read_kvn(&text));
    }
    if tle::begins(body) {
        return Ok(tle::read(&text));
    }
    match columns::read(&text) {
        Err(_) if !matches!(kind, Kind::Table | Kind::TwoLineSets) => Err(not_data(kind, body)),
        read => read,
    }
}

/// Says what a text is that holds no series, and what to do.
fn not_data(kind: Kind, text: &str) -> OrbitError {
    const SIGNS_SHOWN: usize = 60;
    if kind == Kind::Empty {
        return OrbitError::Text(format!("the file is empty: {}", kind.advice().unwrap_or("")));
    }
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let shown: String = line.chars().take(SIGNS_SHOWN).collect();
    let more = if line.chars().count() > SIGNS_SHOWN { "…" } else { "" };
    let is_text = matches!(kind, Kind::Message | Kind::Prose | Kind::Ccsds | Kind::Toml);
    let quoted =
        if is_text { format!(" (`{}{more}`)", shown.escape_debug()) } else { String::new() };
    let advice = kind.advice().unwrap_or("give two-line sets, an OMM, an OEM or a CSV");
    OrbitError::Text(format!("{kind}{quoted}, not elements or altitudes: {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let track = read("n,mjd,a_km,x\n1,60000,6798.137,q\n2,60001.5,6798.037,\n").unwrap();
        assert_eq!(track.kind, "CSV");
        assert!((track.fixes[0].altitude_km - 420.0).abs() < 1e-9);
        let track =
            read("date,alt_mean_km\n2023-02-25,420.0\n2023-02-26T12:00:00Z,419.9\n").unwrap();
        assert_eq!(track.fixes[1].mjd, 60_001.5);
    }

    #[test]
    fn bad_rows_are_named() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert!(error("").contains("empty"));
        assert!(error("date,height\n").contains("needs a column"));
        assert!(error("date,a_km\n2023-02-25\n").contains("line 2: no value in column 2"));
        assert!(
            error("date,a_km\n2023-02-25,67x\n")
                .contains("`67x` is a number with something behind it")
        );
        assert!(error("date,a_km\n2023-02-30,6798\n").contains("line 2"));
        assert!(error("date,a_km\n2023-02-25,419\n").contains("what its name says"));
        assert!(error("date,a_km\n").contains("no row"));
    }

    #[test]
    fn disorder_doubles_and_gaps_become_caveats() {
        let text = "mjd,alt_mean_km\n60001,419.9\n60000,420\n60000,420.1\n60010,419\n";
        let track = read(text).unwrap();
        assert_eq!(track.fixes.len(), 3);
        assert_eq!(track.fixes[0].altitude_km, 420.1);
        assert_eq!(track.caveats.len(), 3);
    }
}
