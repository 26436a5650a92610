//! Element sets whole, and the notations in which they are written.
//!
//! A series needs how high an orbit lies; a set that is handed on needs all that was published of it. What a set
//! lacks is never made up: what SGP4 cannot do without keeps it from being written, and of what stands beside the
//! elements a zero is written and said.

mod message;
mod path;
mod two_line;

use crate::error::{OrbitError, counted};
use crate::identity;
pub use crate::identity::Identity;
use crate::mean_motion;
use crate::track::first_of;
pub use path::{bstar, of_path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use zarya_text::table::is_missing;
use zarya_units::{Date, Mjd};

/// One element set as published; what its publisher left out or spoiled is absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// Whose it is.
    pub object: Identity,
    /// When it holds (UTC).
    pub epoch: Epoch,
    /// How large the orbit is.
    pub size: Size,
    /// Eccentricity.
    pub eccentricity: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Right ascension of the ascending node, degrees.
    pub raan_deg: f64,
    /// Argument of pericenter, degrees.
    pub pericenter_deg: Option<f64>,
    /// Mean anomaly, degrees.
    pub anomaly_deg: Option<f64>,
    /// SGP4's drag term B*, per Earth radius.
    pub bstar: Option<f64>,
    /// The first derivative as published: half that of the mean motion, revolutions per day squared.
    pub mean_motion_dot: Option<f64>,
    /// The second derivative as published: a sixth of it, revolutions per day cubed.
    pub mean_motion_ddot: Option<f64>,
    /// Number of the set.
    pub set_number: Option<u32>,
    /// Revolutions at epoch.
    pub revolution: Option<u32>,
    /// `U`, `C` or `S`.
    pub class: Option<char>,
    /// The type of ephemeris, 0 in what is published.
    pub ephemeris_type: Option<u8>,
}

/// How large an orbit is, as its publisher says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// Mean motion after Kozai, revolutions a day: what two-line sets and OMM of SGP4 publish.
    Kozai(f64),
    /// Mean motion after Brouwer, revolutions a day: that of SGP4-XP.
    Brouwer(f64),
    /// Mean semi-major axis in km, of another theory than SGP4.
    Axis(f64),
}

impl Set {
    /// Returns the mean (Brouwer) semi-major axis, km.
    pub fn axis_km(&self) -> f64 {
        match self.size {
            Size::Axis(axis_km) => axis_km,
            Size::Kozai(rev_d) => {
                mean_motion::brouwer_axis_km(rev_d, self.eccentricity, self.inclination_deg)
            }
            Size::Brouwer(rev_d) => mean_motion::axis_km(rev_d),
        }
    }

    /// Says why the elements are no orbit around the Earth, where they are none.
    pub(crate) fn fault(&self) -> Option<String> {
        /// The Moon's is 0.037; 17.5 is that at the surface of the Earth.
        const REV_D: std::ops::Range<f64> = 0.01..20.0;
        if let Size::Kozai(rev_d) | Size::Brouwer(rev_d) = self.size
            && !REV_D.contains(&rev_d)
        {
            return Some(format!("a mean motion of {rev_d:?} revolutions a day is no orbit"));
        }
        if !(0.0..1.0).contains(&self.eccentricity) {
            return Some(format!("an eccentricity of {:?} is no orbit", self.eccentricity));
        }
        if !(0.0..=180.0).contains(&self.inclination_deg) {
            return Some(format!("an inclination of {:?} degrees is none", self.inclination_deg));
        }
        if !is_angle(self.raan_deg) {
            return Some(format!("a node of {:?} degrees is none", self.raan_deg));
        }
        let axis_km = self.axis_km();
        let is_axis = axis_km.is_finite() && 0.0 < axis_km;
        (!is_axis).then(|| "there is no such orbit: its mean axis has no length".to_owned())
    }

    /// Names the set in a message.
    pub(crate) fn shown(&self) -> String {
        let date = Date::in_calendar(self.epoch.mjd());
        let date = date.map_or_else(|| "an unknown day".to_owned(), |date| date.to_string());
        format!("{} of {date}", self.object.shown())
    }
}

/// An instant as its day and the part of it that has passed: finer than one number of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    midnight: Mjd,
    fraction: f64,
}

const MICROSECONDS_PER_DAY: u64 = 86_400_000_000;

impl Epoch {
    /// Takes the first instant of a day, and days since then.
    pub fn new(midnight: Mjd, days: f64) -> Self {
        let whole = days.floor();
        Self { midnight: midnight + whole, fraction: days - whole }
    }

    /// Takes a modified Julian date.
    pub fn of(mjd: Mjd) -> Self {
        Self::new(mjd.floor(), mjd.fract())
    }

    /// Returns the modified Julian date.
    pub fn mjd(self) -> Mjd {
        self.midnight + self.fraction
    }

    /// Returns the day and how many of so many parts of it have passed, rounded; the last may end in the next day.
    fn rounded(self, parts_per_day: u64) -> (Mjd, u64) {
        let parts = (self.fraction * parts_per_day as f64).round() as u64;
        (self.midnight + (parts / parts_per_day) as f64, parts % parts_per_day)
    }
}

impl fmt::Display for Epoch {
    /// As messages have it: `2021-01-01T05:19:37.382880`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MICROSECONDS: u64 = 1_000_000;
        let (day, parts) = self.rounded(MICROSECONDS_PER_DAY);
        let (second, parts) = (parts / MICROSECONDS, parts % MICROSECONDS);
        let [h, m, s] = [second / 3600, second / 60 % 60, second % 60];
        write!(f, "{}T{h:02}:{m:02}:{s:02}.{parts:06}", Date::from_mjd(day))
    }
}

/// A notation of element sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Notation {
    /// Two lines of 69 signs, the name in a line before them; catalog numbers to 339999 (alpha-5).
    Tle,
    /// OMM as a JSON list, with the keys of the public catalogs.
    OmmJson,
    /// OMM as `KEY = value` (CCSDS 502.0-B-2).
    OmmKvn,
    /// OMM as XML (CCSDS 505.0-B).
    OmmXml,
    /// OMM as a CSV, with the columns of the public catalogs.
    OmmCsv,
}

impl Notation {
    /// Every notation.
    pub const ALL: [Self; 5] = [Self::Tle, Self::OmmJson, Self::OmmKvn, Self::OmmXml, Self::OmmCsv];

    /// The word for it in questions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tle => "tle",
            Self::OmmJson => "omm-json",
            Self::OmmKvn => "omm-kvn",
            Self::OmmXml => "omm-xml",
            Self::OmmCsv => "omm-csv",
        }
    }

    /// Returns the notation that a file of this ending holds, if there is one.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending.to_ascii_lowercase().as_str() {
            "tle" | "3le" | "2le" | "txt" => Self::Tle,
            "json" => Self::OmmJson,
            "kvn" | "omm" => Self::OmmKvn,
            "xml" => Self::OmmXml,
            "csv" => Self::OmmCsv,
            _ => return None,
        })
    }

    /// Whether there is a place for comments in it.
    pub fn has_comments(self) -> bool {
        matches!(self, Self::OmmKvn | Self::OmmXml)
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tle => "two-line sets",
            Self::OmmJson => "OMM in JSON",
            Self::OmmKvn => "OMM in KVN",
            Self::OmmXml => "OMM in XML",
            Self::OmmCsv => "OMM in CSV",
        })
    }
}

impl FromStr for Notation {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|notation| notation.word() == word);
        known.ok_or_else(|| {
            let words = Self::ALL.map(Self::word);
            format!("write one of {}", words.join(", "))
        })
    }
}

/// Element sets as a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The text, whole.
    pub text: String,
    /// How many sets are in it.
    pub sets: usize,
    /// Which were left out and why, and where a zero stands for what is not known.
    pub caveats: Vec<String>,
}

/// Writes element sets in a notation, each in its turn; comments go where there is a place for them.
///
/// A set that lacks the argument of pericenter, the mean anomaly or the mean motion after Kozai, or that the notation has no
/// room for, is left out and named. Where the drag term, a derivative or a number is missing a zero is written, and the caveats
/// say so. The creation date of a message is its epoch: the same sets give the same bytes.
///
/// # Source
///
/// Two-line sets: columns after Hoots and Roehrich, Spacetrack Report 3 (1980), as CelesTrak publishes them, alpha-5 after Space-Track. OMM:
/// CCSDS 502.0-B-2 (2009) and 505.0-B; keys of JSON and CSV as CelesTrak and Space-Track have them.
///
/// # Errors
///
/// [`OrbitError::Text`] if none can be written.
///
/// # Examples
///
/// ```
/// use zarya_orbit::series::read_sets;
/// use zarya_orbit::sets::{Notation, write};
///
/// let lines = "1 25544U 98067A   21001.22196045  .00001488  00000+0  34854-4 0  9991\n\
///              2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
/// let read = read_sets(&[("iss", lines)], None).unwrap();
/// let csv = write(&read.sets, Notation::OmmCsv, &[])?;
/// assert!(csv.text.contains(",1998-067A,2021-01-01T05:19:37.382880,15.49246091,0.0001153,51.6464,"));
/// assert_eq!(write(&read.sets, Notation::Tle, &[])?.text, lines);
/// # Ok::<(), zarya_orbit::OrbitError>(())
/// ```
pub fn write(sets: &[Set], notation: Notation, comments: &[String]) -> Result<Written, OrbitError> {
    let mut written = Vec::with_capacity(sets.len());
    let mut left_out: Vec<String> = Vec::new();
    let mut missing: Vec<(&str, Vec<String>)> = Vec::new();
    for set in sets {
        let text = Whole::of(set).and_then(|whole| match notation {
            Notation::Tle => two_line::lines(&whole),
            Notation::OmmJson => Ok(message::json(&whole)),
            Notation::OmmKvn => Ok(message::kvn(&whole, comments)),
            Notation::OmmXml => Ok(message::xml(&whole, comments)),
            Notation::OmmCsv => Ok(message::csv(&whole)),
        });
        match text {
            Ok(text) => {
                written.push(text);
                for name in lacking(set) {
                    match missing.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, sets)) => sets.push(set.shown()),
                        None => missing.push((name, vec![set.shown()])),
                    }
                }
            }
            Err(why) => left_out.push(format!("{}: {why}", set.shown())),
        }
    }
    let some = |all: &[String]| first_of(&all.iter().map(String::as_str).collect::<Vec<_>>());
    if written.is_empty() {
        let why = if left_out.is_empty() {
            "there is no element set to write".to_owned()
        } else {
            let n = counted(left_out.len(), "element set");
            format!("none of {n} can be written as {notation}: {}", some(&left_out))
        };
        return Err(OrbitError::Text(why));
    }
    let mut caveats = Vec::new();
    if !left_out.is_empty() {
        let n = counted(left_out.len(), "element set");
        caveats.push(format!("{n} not written as {notation}: {}", some(&left_out)));
    }
    caveats.extend(missing.iter().map(|(name, sets)| {
        let n = counted(sets.len(), "element set");
        match *name {
            "CLASSIFICATION_TYPE" => {
                format!("{n} without a `{name}`, written as U (public): {}", some(sets))
            }
            "NORAD_CAT_ID" => format!(
                "{n} without a catalog number, written as 0, which is no object's (80000 to 89999 and 270000 to 339999 are \
                 handed out by the catalog's keeper, so none is made up): {}",
                some(sets)
            ),
            _ => format!("{n} without a usable `{name}`, written as 0: {}", some(sets)),
        }
    }));
    let text = match notation {
        Notation::OmmJson => format!("[{}]\n", written.join(",\n")),
        Notation::OmmXml => message::collection(&written),
        Notation::OmmCsv => format!("{}\n{}", message::COLUMNS.join(","), written.concat()),
        Notation::OmmKvn => written.join("\n"),
        Notation::Tle => written.concat(),
    };
    Ok(Written { text, sets: written.len(), caveats })
}

/// The fields beside the elements that a set lacks.
fn lacking(set: &Set) -> impl Iterator<Item = &'static str> {
    [
        ("NORAD_CAT_ID", set.object.number.is_none()),
        ("CLASSIFICATION_TYPE", set.class.is_none()),
        ("ELEMENT_SET_NO", set.set_number.is_none()),
        ("REV_AT_EPOCH", set.revolution.is_none()),
        ("BSTAR", set.bstar.is_none()),
        ("MEAN_MOTION_DOT", set.mean_motion_dot.is_none()),
        ("MEAN_MOTION_DDOT", set.mean_motion_ddot.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, is_lacking)| is_lacking.then_some(name))
}

/// A set with all that a notation has a place for.
struct Whole<'s> {
    number: u32,
    designator: Option<&'s str>,
    name: Option<String>,
    epoch: Epoch,
    rev_d: f64,
    eccentricity: f64,
    inclination_deg: f64,
    /// Angles from 0 to below 360 degrees.
    raan_deg: f64,
    pericenter_deg: f64,
    anomaly_deg: f64,
    bstar: f64,
    mean_motion_dot: f64,
    mean_motion_ddot: f64,
    set_number: u32,
    revolution: u32,
    class: char,
    ephemeris_type: u8,
}

impl<'s> Whole<'s> {
    /// Takes a set that can be handed on, or says what it lacks.
    fn of(set: &'s Set) -> Result<Self, String> {
        let rev_d = match set.size {
            Size::Kozai(rev_d) => rev_d,
            Size::Brouwer(_) => {
                return Err("it is of SGP4-XP, whose mean motion and drag terms are others".into());
            }
            Size::Axis(_) => {
                return Err("it has a semi-major axis in place of SGP4's mean motion".into());
            }
        };
        if let Some(why) = set.fault() {
            return Err(why);
        }
        if Date::in_calendar(set.epoch.rounded(MICROSECONDS_PER_DAY).0).is_none() {
            return Err("its epoch lies outside the years 1900 to 2199".into());
        }
        let pericenter_deg = set.pericenter_deg.ok_or("it lacks the argument of pericenter")?;
        let anomaly_deg = set.anomaly_deg.ok_or("it lacks the mean anomaly")?;
        let angles = [set.raan_deg, pericenter_deg, anomaly_deg];
        if let Some(degrees) = angles.into_iter().find(|degrees| !is_angle(*degrees)) {
            return Err(format!("{degrees:?} degrees are no angle of an orbit"));
        }
        let [raan_deg, pericenter_deg, anomaly_deg] = angles.map(turned);
        // A name stays on its line whatever it holds.
        let name = set.object.name.as_deref().and_then(identity::name);
        let name = name.filter(|name| !is_missing(name) && !name.eq_ignore_ascii_case("unknown"));
        let name = name.map(|name| zarya_text::clean(&name).into_owned());
        Ok(Self {
            number: set.object.number.unwrap_or(0),
            designator: set.object.designator.as_deref(),
            name,
            epoch: set.epoch,
            rev_d,
            eccentricity: set.eccentricity,
            inclination_deg: set.inclination_deg,
            raan_deg,
            pericenter_deg,
            anomaly_deg,
            bstar: set.bstar.unwrap_or(0.0),
            mean_motion_dot: set.mean_motion_dot.unwrap_or(0.0),
            mean_motion_ddot: set.mean_motion_ddot.unwrap_or(0.0),
            set_number: set.set_number.unwrap_or(0),
            revolution: set.revolution.unwrap_or(0),
            class: set.class.unwrap_or('U'),
            ephemeris_type: set.ephemeris_type.unwrap_or(0),
        })
    }
}

/// Whether a number of degrees is an angle as people write them.
pub(crate) fn is_angle(degrees: f64) -> bool {
    degrees.abs() <= 360.0
}

/// Turns an angle into 0 to below 360 degrees.
fn turned(degrees: f64) -> f64 {
    let turned = degrees.rem_euclid(360.0);
    // A hair below 0 is rounded up to the whole turn; minus zero is written as zero.
    if turned < 360.0 { turned + 0.0 } else { 0.0 }
}
