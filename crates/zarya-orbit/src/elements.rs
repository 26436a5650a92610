//! Mean elements as published: two-line sets and orbit mean-elements messages (OMM).

use crate::error::OrbitError;
use crate::geometry::EARTH_RADIUS_KM;
use crate::track::{Fix, PLAUSIBLE_KM, Remark, Row, Track, instant};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::collections::BTreeMap;
use zarya_units::{DAYS_PER_YEAR, Date, Mjd, math};

const MJD_J2000: f64 = 51_544.5;
const MINUTES_PER_DAY: f64 = 1440.0;

/// One element set, reduced to what decay needs.
pub(crate) struct Set {
    object: String,
    pub(crate) mjd: Mjd,
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
        .map(|(i, line)| (i + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut sets = Vec::new();
    let mut broken = Vec::new();
    let mut last_time = None;
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
            Ok(elements) => {
                let mjd = MJD_J2000 + elements.epoch() * DAYS_PER_YEAR;
                last_time = Some(mjd);
                sets.push(Set {
                    object: elements.norad_id.to_string(),
                    mjd,
                    mean_motion_rev_d: elements.mean_motion,
                    eccentricity: elements.eccentricity,
                    inclination_deg: elements.inclination,
                    raan_deg: elements.right_ascension,
                });
            }
            Err(error) => {
                let what = error.to_string().replace("TLE parse error: ", "");
                // Its own epoch may be what is wrong: it counts as of the time of the set before it.
                broken.push(Remark::left_out(last_time, format!("line {number}: {what}")));
            }
        }
        at += 2;
    }
    let mut caveats = Vec::new();
    if let Some((number, line)) = lines.last().filter(|(_, line)| !line.starts_with("2 ")) {
        let shown: String = line.chars().take(20).collect();
        caveats.push(format!(
            "the file ends with line {number}, `{}`, and not with line 2 of an element set: it may be \
             cut off",
            shown.escape_debug()
        ));
    }
    track(&sets, "TLE", broken, caveats)
}

/// Reads OMM as JSON: one object, a list or one object a line, numbers as such or as text.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`] naming the message and the field.
pub fn read_json(text: &str) -> Result<Track, OrbitError> {
    let mut sets = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let value = value.map_err(|error| OrbitError::Line {
            line: error.line(),
            why: format!("not JSON: {error}"),
        })?;
        let messages = match value {
            Value::Array(messages) => messages,
            message => vec![message],
        };
        for message in &messages {
            let at = sets.len() + 1;
            let fields = message.as_object().ok_or_else(|| {
                OrbitError::Text(format!("message {at}: an OMM is a JSON object"))
            })?;
            let fields = fields
                .iter()
                .map(|(name, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (name.to_uppercase(), text)
                })
                .collect();
            sets.push(message_set(&fields, at)?);
        }
    }
    track(&sets, "OMM", Vec::new(), Vec::new())
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
        .map(|(i, fields)| message_set(fields, i + 1))
        .collect::<Result<Vec<_>, _>>()?;
    track(&sets, "OMM", Vec::new(), Vec::new())
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
    let mut inside = false;
    loop {
        let event = reader.read_event().map_err(|error| xml_error(text, &reader, &error))?;
        match event {
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_uppercase();
                if name == "OMM" {
                    fields.clear();
                    inside = true;
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
                    sets.push(message_set(&fields, sets.len() + 1)?);
                    inside = false;
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
    let caveats = if inside {
        vec![format!(
            "the file ends inside message {}, which was left out: it is cut off",
            sets.len() + 1
        )]
    } else {
        Vec::new()
    };
    track(&sets, "OMM", Vec::new(), caveats)
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

fn message_set(fields: &BTreeMap<String, String>, message: usize) -> Result<Set, OrbitError> {
    set_from_fields(fields).map_err(|why| OrbitError::Text(format!("message {message}: {why}")))
}

/// Takes an element set from named fields; an error says which is wrong.
pub(crate) fn set_from_fields(fields: &BTreeMap<String, String>) -> Result<Set, String> {
    let field = |name: &str| {
        let text = fields.get(name).map(String::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| format!("no `{name}`; is the file cut off?"))
    };
    let number = |name: &str| -> Result<f64, String> {
        let text = field(name)?;
        let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
        value.ok_or_else(|| format!("`{name}` is `{text}`, not a number"))
    };
    if let Some(theory) = fields.get("MEAN_ELEMENT_THEORY")
        && !theory.to_uppercase().contains("SGP")
    {
        return Err(format!("mean elements of theory `{theory}` cannot be used, only SGP4"));
    }
    let mjd = instant(field("EPOCH")?).map_err(|why| format!("`EPOCH`: {why}"))?;
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

/// Makes a track of element sets; those whose orbit is none are left out with a remark.
pub(crate) fn track(
    sets: &[Set],
    kind: &'static str,
    mut remarks: Vec<Remark>,
    caveats: Vec<String>,
) -> Result<Track, OrbitError> {
    let Some(first) = sets.first() else {
        return Track::new(Vec::new(), kind, remarks, caveats);
    };
    if let Some(other) = sets.iter().find(|set| set.object != first.object) {
        return Err(OrbitError::Text(format!(
            "the file mixes objects ({} and {}): give one object's sets",
            first.object, other.object
        )));
    }
    let mut rows = Vec::with_capacity(sets.len());
    for set in sets {
        match fix(set) {
            Ok(fix) => rows.push(Row { fix, inclination_deg: Some(set.inclination_deg) }),
            Err(why) => remarks.push(Remark::left_out(Some(set.mjd), why)),
        }
    }
    Track::new(rows, kind, remarks, caveats)
}

fn fix(set: &Set) -> Result<Fix, String> {
    let unusable = |why: String| {
        let date = Date::from_mjd(set.mjd);
        format!("the element set of {date} cannot be used: {why}")
    };
    // Debug writes what is far out of range with an exponent.
    if !(1.0..20.0).contains(&set.mean_motion_rev_d) {
        return Err(unusable(format!(
            "a mean motion of {:?} revolutions a day is no low orbit",
            set.mean_motion_rev_d
        )));
    }
    if !(0.0..0.2).contains(&set.eccentricity) {
        return Err(unusable(format!(
            "an eccentricity of {:?} is no near-circular orbit",
            set.eccentricity
        )));
    }
    if !(0.0..=180.0).contains(&set.inclination_deg) || set.raan_deg.abs() > 360.0 {
        return Err(unusable(format!(
            "an inclination of {:?} and a node of {:?} degrees are none",
            set.inclination_deg, set.raan_deg
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
    if !PLAUSIBLE_KM.contains(&altitude_km) {
        return Err(unusable(format!(
            "its mean altitude is {altitude_km:.1} km: decayed, or not a low orbit"
        )));
    }
    Ok(Fix { mjd: set.mjd, altitude_km, raan_deg: Some(set.raan_deg) })
}
