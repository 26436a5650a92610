//! The texts that hold one series.

use crate::data::Data;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::series::{Refused, Sets, Track, read_all, read_sets};
use zarya_text::kind::{self, Kind};

/// Names of texts handed in: one, or several that hold parts of the series of one object.
///
/// # Examples
///
/// ```
/// use zarya::orbit::Texts;
///
/// assert_eq!(Texts::from("iss.tle").names(), ["iss.tle"]);
/// let both: Texts = serde_json::from_str(r#"["early.tle", "late.json"]"#)?;
/// assert_eq!(both.names().len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Texts {
    /// One text.
    One(String),
    /// Several, of the same object; what stands in more than one counts once.
    Several(Vec<String>),
}

impl Texts {
    /// Returns the names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

impl From<&str> for Texts {
    fn from(name: &str) -> Self {
        Self::One(name.to_owned())
    }
}

impl From<Vec<String>> for Texts {
    /// Of one name alone it is that text.
    fn from(names: Vec<String>) -> Self {
        match <[String; 1]>::try_from(names) {
            Ok([name]) => Self::One(name),
            Err(names) => Self::Several(names),
        }
    }
}

/// Finds what is wrong with the texts a field names, and with the object asked for.
pub(super) fn check(found: &mut Found, field: &str, texts: &Texts, object: Option<&str>) {
    let names = texts.names();
    if names.is_empty() {
        let why = "no text is named".to_owned();
        found.add(Refusal::field(field, why).help("name one or more: TLE, OMM, OEM or CSV"));
    }
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            found.add(Refusal::field(field, format!("{name} is named twice")));
        }
    }
    if object.is_some_and(|object| object.trim().is_empty()) {
        let why = "it is blank".to_owned();
        found.add(
            Refusal::field("object", why).help("give a catalog number, a designator or a name"),
        );
    }
}

/// Reads the series of one object from texts handed in, which a field of a question names.
pub(super) fn series(
    data: &Data,
    field: &str,
    texts: &Texts,
    object: Option<&str>,
) -> Result<Track, Refusals> {
    read_by(data, field, texts, object, read_all)
}

/// Reads the element sets of one object, or of all, likewise.
pub(super) fn sets(
    data: &Data,
    field: &str,
    texts: &Texts,
    object: Option<&str>,
) -> Result<Sets, Refusals> {
    read_by(data, field, texts, object, read_sets)
}

/// What reads texts, each with its name, for an object.
type Reader<T> = fn(&[(&str, &str)], Option<&str>) -> Result<T, Refused>;

fn read_by<T>(
    data: &Data,
    field: &str,
    texts: &Texts,
    object: Option<&str>,
    reader: Reader<T>,
) -> Result<T, Refusals> {
    let names = texts.names();
    let mut found = Found::default();
    let object = object.filter(|object| !object.trim().is_empty());
    let mut read = Vec::with_capacity(names.len());
    for name in names {
        if let Some(text) = found.keep(text(data, field, name)) {
            read.push((name.as_str(), text));
        }
    }
    found.done()?;
    reader(&read, object).map_err(|refused| {
        let about = match refused.text {
            Some(at) => About::Text(names[at].clone()),
            None => About::Field(field.to_owned()),
        };
        Refusal::unanswerable(about, refused.error.to_string()).into()
    })
}

/// Returns a text handed in, or what it is in its place.
fn text<'d>(data: &'d Data, field: &str, name: &str) -> Result<&'d str, Refusals> {
    if let Some(bytes) = data.bytes(name) {
        let kind = kind::of(bytes);
        if let Some(advice) =
            kind.advice().filter(|_| !matches!(kind, Kind::Message | Kind::NotUtf8))
        {
            let why = match kind {
                Kind::Empty => "the file is empty".to_owned(),
                _ => format!("{kind}, not elements or altitudes"),
            };
            return Err(Refusal::unanswerable(About::Text(name.to_owned()), why)
                .help(advice)
                .into());
        }
    }
    data.text(field, name).map_err(|mut refusals| {
        for problem in refusals.problems.iter_mut().filter(|problem| !problem.help.is_empty()) {
            problem.help.push_str("; TLE, OMM, OEM or CSV is expected");
        }
        refusals
    })
}
