//! OMM: a message as a JSON object, a row of a CSV, `KEY = value` lines, or XML.
//!
//! Numbers are written with as many digits as they have, without an exponent: every reader takes them.

use super::Whole;
use std::fmt::Write as _;

/// The columns of a CSV, and the keys of JSON, in the order of the public catalogs.
pub(super) const COLUMNS: [&str; 17] = [
    "OBJECT_NAME",
    "OBJECT_ID",
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
];
/// How many of them are metadata, and how many after these are elements.
const METADATA: usize = 2;
const ELEMENTS: usize = 7;
/// What stands for a name that is not known.
const UNKNOWN: &str = "UNKNOWN";

/// A value of a message.
enum Value {
    Text(String),
    Number(String),
}

impl Value {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

/// The values of a set in the order of the columns.
fn values(set: &Whole<'_>) -> [Value; COLUMNS.len()] {
    let text = |text: &str| Value::Text(text.to_owned());
    let number = |value: f64| Value::Number(format!("{}", value + 0.0));
    let count = |value: u32| Value::Number(value.to_string());
    [
        text(set.name.as_deref().unwrap_or(UNKNOWN)),
        text(set.designator.unwrap_or("")),
        Value::Text(set.epoch.to_string()),
        number(set.rev_d),
        number(set.eccentricity),
        number(set.inclination_deg),
        number(set.raan_deg),
        number(set.pericenter_deg),
        number(set.anomaly_deg),
        count(set.ephemeris_type.into()),
        Value::Text(set.class.to_string()),
        count(set.number),
        count(set.set_number),
        count(set.revolution),
        number(set.bstar),
        number(set.mean_motion_dot),
        number(set.mean_motion_ddot),
    ]
}

/// Returns a set as a JSON object.
pub(super) fn json(set: &Whole<'_>) -> String {
    let members: Vec<String> = COLUMNS
        .iter()
        .zip(values(set))
        .map(|(key, value)| match value {
            Value::Text(text) => format!("\"{key}\":{}", serde_json::Value::from(text)),
            Value::Number(number) => format!("\"{key}\":{number}"),
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Returns a set as a row of a CSV.
pub(super) fn csv(set: &Whole<'_>) -> String {
    let cell = |value: Value| match value {
        Value::Number(number) => number,
        Value::Text(text) => {
            // A spreadsheet would take such a name for a formula, a reader of tables its row for a comment.
            let guard = if text.starts_with(['=', '+', '-', '@', '#']) { "'" } else { "" };
            if text.contains([',', '"', ';', '\t']) {
                format!("\"{guard}{}\"", text.replace('"', "\"\""))
            } else {
                format!("{guard}{text}")
            }
        }
    };
    values(set).map(cell).join(",") + "\n"
}

/// Returns a set as a message of `KEY = value` lines.
pub(super) fn kvn(set: &Whole<'_>, comments: &[String]) -> String {
    let mut out = String::from("CCSDS_OMM_VERS = 2.0\n");
    for comment in comments {
        let _ = writeln!(out, "COMMENT {comment}");
    }
    let _ = writeln!(out, "CREATION_DATE = {}\nORIGINATOR = ZARYA\n", set.epoch);
    for (i, (key, value)) in COLUMNS.iter().zip(values(set)).enumerate() {
        if i == METADATA {
            for (key, value) in FRAME {
                let _ = writeln!(out, "{key} = {value}");
            }
            out.push('\n');
        } else if i == METADATA + ELEMENTS {
            out.push('\n');
        }
        let _ = writeln!(out, "{key} = {}", known(value.text()));
    }
    out
}

/// What is said of every set of SGP4.
const FRAME: [(&str, &str); 4] = [
    ("CENTER_NAME", "EARTH"),
    ("REF_FRAME", "TEME"),
    ("TIME_SYSTEM", "UTC"),
    ("MEAN_ELEMENT_THEORY", "SGP4"),
];

/// A value that the standard does not let be empty.
fn known(text: &str) -> &str {
    if text.is_empty() { UNKNOWN } else { text }
}

/// Returns a set as an `omm` element.
pub(super) fn xml(set: &Whole<'_>, comments: &[String]) -> String {
    let values = values(set);
    let elements = |keys: std::ops::Range<usize>| -> String {
        let of = |i: usize| element(COLUMNS[i], known(values[i].text()));
        keys.map(of).collect()
    };
    let said: String = comments.iter().map(|comment| element("COMMENT", comment)).collect();
    let frame: String = FRAME.iter().map(|(key, value)| element(key, value)).collect();
    format!(
        "<omm id=\"CCSDS_OMM_VERS\" version=\"2.0\">\n<header>{said}{}{}</header>\n<body><segment>\n\
         <metadata>{}{frame}</metadata>\n<data>\n<meanElements>{}</meanElements>\n\
         <tleParameters>{}</tleParameters>\n</data>\n</segment></body>\n</omm>\n",
        element("CREATION_DATE", &set.epoch.to_string()),
        element("ORIGINATOR", "ZARYA"),
        elements(0..METADATA),
        elements(METADATA..METADATA + ELEMENTS),
        elements(METADATA + ELEMENTS..COLUMNS.len()),
    )
}

fn element(key: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<{key}>{text}</{key}>")
}

/// Puts `omm` elements into one document.
pub(super) fn collection(messages: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ndm xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:noNamespaceSchemaLocation=\"https://sanaregistry.org/r/ndmxml_unqualified/ndmxml-2.0.0-master-2.0.xsd\">\n\
         {}</ndm>\n",
        messages.concat()
    )
}
