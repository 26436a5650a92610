//! Mean elements as published: two-line sets and orbit mean-elements messages (OMM).

use crate::error::{OrbitError, counted};
use crate::geometry::EARTH_RADIUS_KM;
use crate::series::{Fix, Track, instant};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::collections::BTreeMap;
use zarya_units::{DAYS_PER_YEAR, Date, Mjd, math};

const MJD_J2000: f64 = 51_544.5;
const MINUTES_PER_DAY: f64 = 1440.0;

/// One element set, reduced to what decay needs.
struct Set {
    object: String,
    mjd: Mjd,
    mean_motion_rev_d: f64,
    eccentricity: f64,
    inclination_deg: f64,
    raan_deg: f64,
}

/// Reads two-line sets, with or without a name line before each.
///
/// Sets whose lines fail their checksum or cannot be read are left out and reported as caveats.
///
/// # Errors
///
/// [`OrbitError::Line`] when a line lacks its partner; [`OrbitError::Text`] when sets of several
/// objects are mixed or no set can be used.
pub fn read_tle(text: &str) -> Result<Track, OrbitError> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim_end()))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let mut sets = Vec::new();
    let mut broken = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (number, line) = lines[at];
        if line.starts_with("2 ") && line.len() > 20 {
            return Err(OrbitError::Line {
                line: number,
                why: "line 2 of an element set without line 1 before it".into(),
            });
        }
        if !(line.starts_with("1 ") && line.len() > 20) {
            at += 1;
            continue;
        }
        let Some(&(_, second)) = lines.get(at + 1).filter(|(_, next)| next.starts_with("2 "))
        else {
            return Err(OrbitError::Line {
                line: number,
                why: "line 1 of an element set without line 2 after it: the file is cut off or \
                      mixed up"
                    .into(),
            });
        };
        match sgp4::Elements::from_tle(None, line.as_bytes(), second.as_bytes()) {
            Ok(elements) => sets.push(Set {
                object: elements.norad_id.to_string(),
                mjd: MJD_J2000 + elements.epoch() * DAYS_PER_YEAR,
                mean_motion_rev_d: elements.mean_motion,
                eccentricity: elements.eccentricity,
                inclination_deg: elements.inclination,
                raan_deg: elements.right_ascension,
            }),
            Err(error) => {
                let what = error.to_string().replace("TLE parse error: ", "");
                broken.push(format!("line {number}: {what}"));
            }
        }
        at += 2;
    }
    let mut caveats = Vec::new();
    if !broken.is_empty() {
        let shown = broken.iter().take(5).cloned().collect::<Vec<_>>().join("; ");
        let rest = if broken.len() > 5 { "; …" } else { "" };
        if sets.is_empty() {
            return Err(OrbitError::Text(format!("no element set can be used: {shown}{rest}")));
        }
        let sets = counted(broken.len(), "element set");
        caveats.push(format!("{sets} left out: {shown}{rest}"));
    }
    track(&sets, "TLE", caveats)
}

/// Reads OMM as JSON: one object or a list, numbers as such or as text.
///
/// # Errors
///
/// [`OrbitError::Text`] naming the message and the field.
pub fn read_json(text: &str) -> Result<Track, OrbitError> {
    let value: Value = serde_json::from_str(text).map_err(|error| OrbitError::Line {
        line: error.line(),
        why: format!("not JSON: {error}"),
    })?;
    let messages = match value {
        Value::Array(messages) => messages,
        message => vec![message],
    };
    let sets = messages
        .iter()
        .enumerate()
        .map(|(i, message)| {
            let fields = message.as_object().ok_or_else(|| {
                OrbitError::Text(format!("message {}: an OMM is a JSON object", i + 1))
            })?;
            let fields = fields
                .iter()
                .map(|(name, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (name.to_uppercase(), text)
                })
                .collect();
            set_from_fields(&fields, i + 1)
        })
        .collect::<Result<Vec<_>, _>>()?;
    track(&sets, "OMM", Vec::new())
}

/// Reads OMM as `KEY = value` text; a new message begins with `CCSDS_OMM_VERS`.
///
/// # Errors
///
/// [`OrbitError::Text`] naming the message and the field.
pub fn read_kvn(text: &str) -> Result<Track, OrbitError> {
    let mut messages: Vec<BTreeMap<String, String>> = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().to_uppercase();
        // Some archives write the head once: a repeated epoch begins the next message, too.
        let begins = key == "CCSDS_OMM_VERS"
            || messages.last().is_none_or(|m| key == "OBJECT_NAME" && m.contains_key("EPOCH"));
        if begins {
            messages.push(BTreeMap::new());
        }
        // A unit may follow in brackets.
        let value = value.split('[').next().unwrap_or("").trim().to_owned();
        messages.last_mut().expect("one was begun").insert(key, value);
    }
    let sets = messages
        .iter()
        .enumerate()
        .map(|(i, fields)| set_from_fields(fields, i + 1))
        .collect::<Result<Vec<_>, _>>()?;
    track(&sets, "OMM", Vec::new())
}

/// Reads OMM as XML: every `omm` element is a message.
///
/// # Errors
///
/// [`OrbitError::Text`] naming the message and the field, or where the XML breaks off.
pub fn read_xml(text: &str) -> Result<Track, OrbitError> {
    let mut reader = Reader::from_str(text);
    let mut fields = BTreeMap::new();
    let mut sets = Vec::new();
    let mut name = String::new();
    loop {
        let event = reader.read_event().map_err(|error| xml_error(text, &reader, &error))?;
        match event {
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_uppercase();
                if name == "OMM" {
                    fields.clear();
                }
            }
            Event::Text(body) => {
                let body = body.trim().to_owned();
                if !body.is_empty() {
                    fields.insert(name.clone(), body);
                }
            }
            Event::End(tag) => {
                if tag.local_name().as_ref().eq_ignore_ascii_case("omm") {
                    sets.push(set_from_fields(&fields, sets.len() + 1)?);
                }
                name.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if sets.is_empty() {
        return Err(OrbitError::Text(
            "the XML holds no whole `omm` message; is the file cut off?".into(),
        ));
    }
    track(&sets, "OMM", Vec::new())
}

pub(crate) fn xml_error(
    text: &str,
    reader: &Reader<&[u8]>,
    error: &quick_xml::Error,
) -> OrbitError {
    let at = (reader.error_position() as usize).min(text.len());
    let line = text.char_indices().filter(|(i, c)| *c == '\n' && *i < at).count() + 1;
    OrbitError::Line { line, why: format!("the XML cannot be read: {error}") }
}

fn set_from_fields(fields: &BTreeMap<String, String>, message: usize) -> Result<Set, OrbitError> {
    let field = |name: &str| {
        fields.get(name).map(String::as_str).filter(|text| !text.is_empty()).ok_or_else(|| {
            OrbitError::Text(format!("message {message}: no `{name}`; is the file cut off?"))
        })
    };
    let number = |name: &str| -> Result<f64, OrbitError> {
        let text = field(name)?;
        text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| {
            OrbitError::Text(format!("message {message}: `{name}` is `{text}`, not a number"))
        })
    };
    if let Some(theory) = fields.get("MEAN_ELEMENT_THEORY")
        && !theory.to_uppercase().contains("SGP")
    {
        return Err(OrbitError::Text(format!(
            "message {message}: mean elements of theory `{theory}` cannot be used, only SGP4"
        )));
    }
    let epoch = field("EPOCH")?;
    let mjd = instant(epoch)
        .map_err(|why| OrbitError::Text(format!("message {message}: `EPOCH`: {why}")))?;
    let object = fields
        .get("NORAD_CAT_ID")
        .or_else(|| fields.get("OBJECT_ID"))
        .or_else(|| fields.get("OBJECT_NAME"))
        .cloned()
        .unwrap_or_default();
    Ok(Set {
        object,
        mjd,
        mean_motion_rev_d: number("MEAN_MOTION")?,
        eccentricity: number("ECCENTRICITY")?,
        inclination_deg: number("INCLINATION")?,
        raan_deg: number("RA_OF_ASC_NODE")?,
    })
}

fn track(sets: &[Set], kind: &'static str, mut caveats: Vec<String>) -> Result<Track, OrbitError> {
    let Some(first) = sets.first() else {
        return Err(OrbitError::Text(format!("the {kind} input holds no element set")));
    };
    if let Some(other) = sets.iter().find(|set| set.object != first.object) {
        return Err(OrbitError::Text(format!(
            "the file mixes objects ({} and {}): give one object's sets",
            first.object, other.object
        )));
    }
    let mut fixes = Vec::with_capacity(sets.len());
    let mut inclination_deg = None;
    let mut unusable = Vec::new();
    for set in sets {
        match fix(set) {
            Ok(fix) => {
                fixes.push(fix);
                inclination_deg = inclination_deg.or(Some(set.inclination_deg));
            }
            Err(error) => unusable.push(error),
        }
    }
    if let Some(error) = unusable.first() {
        if fixes.is_empty() {
            return Err(error.clone());
        }
        let n = counted(unusable.len(), "element set");
        caveats
            .push(format!("{n} left out: {error}{}", if unusable.len() > 1 { "; …" } else { "" }));
    }
    Track::new(fixes, kind, inclination_deg, caveats)
}

fn fix(set: &Set) -> Result<Fix, OrbitError> {
    let unusable = |why: String| {
        let date = Date::from_mjd(set.mjd);
        OrbitError::Text(format!("the element set of {date} cannot be used: {why}"))
    };
    if !(0.0..0.2).contains(&set.eccentricity) {
        return Err(unusable(format!(
            "an eccentricity of {} is no near-circular orbit",
            set.eccentricity
        )));
    }
    // SGP4's own step from the published (Kozai) to the Brouwer mean motion.
    let orbit = sgp4::Orbit::from_kozai_elements(
        &sgp4::WGS72,
        set.inclination_deg.to_radians(),
        set.raan_deg.to_radians(),
        set.eccentricity,
        0.0,
        0.0,
        set.mean_motion_rev_d * std::f64::consts::TAU / MINUTES_PER_DAY,
    )
    .map_err(|error| unusable(error.to_string()))?;
    let axis_radii = math::pow(sgp4::WGS72.ke / orbit.mean_motion, 2.0 / 3.0);
    let altitude_km = axis_radii * sgp4::WGS72.ae - EARTH_RADIUS_KM;
    if !(100.0..1000.0).contains(&altitude_km) {
        return Err(unusable(format!(
            "its mean altitude is {altitude_km:.1} km: decayed, or not a low orbit"
        )));
    }
    Ok(Fix { mjd: set.mjd, altitude_km, raan_deg: Some(set.raan_deg) })
}
