//! The burns that were flown, found in a series of elements or altitudes.

use super::{Burn, Inputs, Series, Texts, texts};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{Found, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::reboosts;

/// In which series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The series, a text handed in or several of one object: CSV, TLE, OMM or OEM.
    pub file: Texts,
    /// The object, where the texts hold several: catalog number (alpha-5 or not), international designator, or
    /// name.
    #[serde(default)]
    pub object: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit reboosts`.
    pub command: &'static str,
    /// The series.
    pub input: Series,
    /// The burns in order.
    pub burns: Vec<Burn>,
    /// What weakens the answer.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// The series as modified Julian date and altitude in km, for a picture.
    #[serde(skip)]
    pub rows_km: Vec<(f64, f64)>,
    /// The first row after each burn, with the standard error of the step in km, for a picture.
    #[serde(skip)]
    pub after_km: Vec<(f64, f64, f64)>,
}

/// Returns the burns in a series: steps that drag cannot explain.
///
/// # Errors
///
/// When the text is missing or cannot be read as a series.
///
/// # Examples
///
/// ```
/// use zarya::units::Date;
/// use zarya::{Control, Data, orbit::reboosts};
///
/// let first = Date::parse("2016-03-01")?;
/// let rows = (0..60).map(|day| {
///     let raised_km = if day < 30 { 0.0 } else { 1.5 };
///     format!("{},{:.3}\n", first.plus_days(day), 404.0 - 0.05 * f64::from(day) + raised_km)
/// });
/// let series = format!("date,alt_mean_km\n{}", rows.collect::<String>());
/// let data = Data::embedded().with_text("iss.csv", series);
/// let question = reboosts::Question { file: "iss.csv".into(), object: None };
/// let answer = reboosts::answer(&question, &data, &Control::silent())?;
/// assert_eq!(answer.burns.len(), 1);
/// assert!((answer.burns[0].delta_v_m_s - 0.88).abs() < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let object = question.object.as_deref();
    let mut found = Found::default();
    texts::check(&mut found, "file", &question.file, object);
    let track = found.keep(texts::series(data, "file", &question.file, object));
    found.done()?;
    let Some(track) = track else { unreachable!("found before") };
    control.go_on("series", 0, 1)?;
    let burns = reboosts::find(&track);
    control.go_on("series", 1, 1)?;
    let after = |burn: &reboosts::Burn| {
        let fix = track.fixes[burn.index];
        (fix.mjd, fix.altitude_km, burn.delta_altitude_error_km)
    };
    Ok(Answer {
        command: "orbit reboosts",
        input: Series::of(&track),
        burns: burns.iter().map(Burn::of).collect(),
        caveats: reboosts::caveats(&track),
        inputs: Inputs::new(None),
        rows_km: track.fixes.iter().map(|fix| (fix.mjd, fix.altitude_km)).collect(),
        after_km: burns.iter().map(after).collect(),
    })
}
