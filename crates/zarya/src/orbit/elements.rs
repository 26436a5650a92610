//! Element sets out of texts: listed, and written in another notation.
//!
//! A set is handed on as it was published. What it lacks keeps it out or is written as a zero, and either is said.

use super::{Date, Texts, texts};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::geometry::EARTH_RADIUS_KM;
pub use zarya_orbit::sets::Notation;
use zarya_orbit::sets::{Set, Size, write};

/// Which sets, and in which notation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Element sets, a text handed in or several: TLE or OMM, with those of one object or of many.
    pub file: Texts,
    /// The object whose sets are meant: catalog number (alpha-5 or not), international designator, or name; without it all.
    #[serde(default)]
    pub object: Option<String>,
    /// First day of the sets; without it the first there is.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Last day of the sets; without it the last there is.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub through: Option<Date>,
    /// The notation to write them in; without it they are listed alone.
    #[serde(default)]
    pub to: Option<Notation>,
}

/// The sets.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit elements`.
    pub command: &'static str,
    /// `TLE` or `OMM`; of several texts that of the largest.
    pub kind: String,
    /// How many objects they are of, those that nothing names counted as one.
    pub objects: usize,
    /// The sets in the order of the text; those of several texts in order of time.
    pub sets: Vec<Row>,
    /// The notation that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Notation>,
    /// How many of the sets are written in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<usize>,
    /// What was left out, what is written as zero for want of a value, what looks odd.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// The sets as a text of that notation, for a file.
    #[serde(skip)]
    pub text: Option<String>,
    /// Modified Julian date and mean altitude of each set in km, for a picture.
    #[serde(skip)]
    pub altitudes_km: Vec<(f64, f64)>,
}

/// One element set; what its publisher left out or spoiled is null.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// When it holds, UTC.
    pub epoch: String,
    /// Catalog number.
    pub number: Option<u32>,
    /// International designator.
    pub designator: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// Mean motion after Kozai, revolutions a day; null for sets of another theory than SGP4.
    pub mean_motion_rev_d: Option<f64>,
    /// Mean (Brouwer) semi-major axis, km.
    pub a_mean_km: f64,
    /// Eccentricity.
    pub eccentricity: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Right ascension of the ascending node, degrees.
    pub raan_deg: f64,
    /// Argument of pericenter, degrees.
    pub pericenter_deg: Option<f64>,
    /// Mean anomaly, degrees.
    pub mean_anomaly_deg: Option<f64>,
    /// SGP4's drag term B*, per Earth radius.
    pub bstar: Option<f64>,
    /// The first derivative as published (half of it), revolutions per day squared.
    pub mean_motion_dot: Option<f64>,
    /// The second derivative as published (a sixth of it), revolutions per day cubed.
    pub mean_motion_ddot: Option<f64>,
    /// Number of the set.
    pub set_number: Option<u32>,
    /// Revolutions at epoch.
    pub revolution: Option<u32>,
}

impl Row {
    fn of(set: &Set) -> Self {
        let mean_motion_rev_d = match set.size {
            Size::Kozai(rev_d) => Some(rev_d),
            Size::Brouwer(_) | Size::Axis(_) => None,
        };
        Self {
            epoch: set.epoch.to_string(),
            number: set.object.number,
            designator: set.object.designator.clone(),
            name: set.object.name.clone(),
            mean_motion_rev_d,
            a_mean_km: set.axis_km(),
            eccentricity: set.eccentricity,
            inclination_deg: set.inclination_deg,
            raan_deg: set.raan_deg,
            pericenter_deg: set.pericenter_deg,
            mean_anomaly_deg: set.anomaly_deg,
            bstar: set.bstar,
            mean_motion_dot: set.mean_motion_dot,
            mean_motion_ddot: set.mean_motion_ddot,
            set_number: set.set_number,
            revolution: set.revolution,
        }
    }
}

/// Returns the element sets of texts, and writes them in a notation where one is asked for.
///
/// # Errors
///
/// When a text is missing or holds no element sets, the object is not there, no set lies in the days asked for, or none can be
/// written.
///
/// # Examples
///
/// ```
/// use zarya::orbit::elements::{self, Notation};
/// use zarya::{Control, Data};
///
/// let lines = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
///              2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
/// let data = Data::embedded().with_text("iss.tle", lines);
/// let question = elements::Question {
///     file: "iss.tle".into(),
///     object: None,
///     from: None,
///     through: None,
///     to: Some(Notation::OmmJson),
/// };
/// let answer = elements::answer(&question, &data, &Control::silent())?;
/// assert_eq!(answer.sets[0].epoch, "2021-01-01T05:19:37.382880");
/// assert!((answer.sets[0].a_mean_km - 6797.57).abs() < 0.01);
/// assert!(answer.text.unwrap().contains("\"BSTAR\":0.000034854"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let object = question.object.as_deref();
    let mut found = Found::default();
    texts::check(&mut found, "file", &question.file, object);
    if let (Some(from), Some(through)) = (question.from, question.through)
        && through < from
    {
        let why = format!("`through` {through} lies before `from` {from}");
        found.add(Refusal::field("through", why));
    }
    let read = found.keep(texts::sets(data, "file", &question.file, object));
    found.done()?;
    let Some(read) = read else { unreachable!("found before") };
    control.go_on("sets", 0, 1)?;
    let after = question.through.map(|day| day.mjd() + 1.0);
    let is_asked_for = |set: &Set| {
        let mjd = set.epoch.mjd();
        question.from.is_none_or(|from| from.mjd() <= mjd) && after.is_none_or(|after| mjd < after)
    };
    let ends = [f64::min, f64::max].map(|end| {
        let epochs = read.sets.iter().map(|set| set.epoch.mjd());
        epochs.reduce(end).and_then(Date::in_calendar)
    });
    let sets: Vec<Set> = read.sets.into_iter().filter(is_asked_for).collect();
    if sets.is_empty() {
        let field = if question.from.is_some() { "from" } else { "through" };
        let [first, last] = ends.map(|end| end.map_or_else(String::new, |date| date.to_string()));
        let why = format!("no set lies in the days asked for: they are of {first} to {last}");
        return Err(Refusal::unanswerable(About::Field(field.to_owned()), why).into());
    }
    let mut caveats = read.caveats;
    let written =
        question.to.map(|to| write(&sets, to, &[])).transpose().map_err(|error| {
            Refusal::unanswerable(About::Field("to".to_owned()), error.to_string())
        })?;
    caveats.extend(written.iter().flat_map(|written| written.caveats.iter().cloned()));
    let mut objects: Vec<_> = sets.iter().map(|set| &set.object).collect();
    objects.sort_by(|a, b| key(a).cmp(&key(b)));
    objects.dedup_by(|a, b| key(a) == key(b));
    control.go_on("sets", 1, 1)?;
    let names = question.file.names().iter();
    let inputs = names.fold(Inputs::new(), |inputs, name| {
        inputs.text(name, data.bytes(name).unwrap_or_default())
    });
    Ok(Answer {
        command: "orbit elements",
        kind: read.kind.to_owned(),
        objects: objects.len(),
        sets: sets.iter().map(Row::of).collect(),
        to: question.to,
        written: written.as_ref().map(|written| written.sets),
        caveats,
        inputs,
        text: written.map(|written| written.text),
        altitudes_km: sets.iter().map(altitude).collect(),
    })
}

fn altitude(set: &Set) -> (f64, f64) {
    (set.epoch.mjd(), set.axis_km() - EARTH_RADIUS_KM)
}

/// What tells an object from another: its number, else its designator, else its name.
fn key(object: &zarya_orbit::sets::Identity) -> (Option<u32>, Option<&str>) {
    match object.number {
        Some(number) => (Some(number), None),
        None => (None, object.designator.as_deref().or(object.name.as_deref())),
    }
}
