//! The altitude day by day if nobody pushes.

use super::{Date, Inputs, Quantiles, Stated, Sun};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{Found, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::bounds;
use zarya_orbit::choice::ChosenSun;
use zarya_orbit::inclination::table_at;
use zarya_orbit::worlds::{DecayQuestion, decay};

/// Worlds drawn where nothing else is said.
pub const WORLDS_DEFAULT: u32 = 300;

question! {
    /// Which orbit sinks, and for how long.
    pub struct Question {
        altitude_km,
        drag_area_m2_kg,
        /// Factor on the density of NRLMSISE-00 (a known Sun; the median with a forecast), positive.
        density_scale,
        inclination_deg,
        from,
        /// Last day, at most 40 years later.
        #[schemars(with = "String")]
        pub through: Date,
        sun,
        station,
        /// Worlds drawn with a forecast, 20 to 100000.
        worlds,
    }
}

/// How the orbit sinks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit decay`.
    pub command: &'static str,
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day asked for.
    #[schemars(with = "String")]
    pub through: Date,
    /// Mean altitude on the first day, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m2/kg.
    pub drag_area_m2_kg: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Factor on the model's density.
    pub density_scale: f64,
    /// The Sun.
    pub sun: Sun,
    /// Days until 150 km under a known Sun; all that were asked for where it is not reached, and with
    /// a forecast.
    pub lasted_days: f64,
    /// Altitudes by day.
    pub days: Vec<Day>,
    /// What weakens the answer.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// What is said of a span that outlasts the forecast: one of the caveats, for the text.
    #[serde(skip)]
    pub outlasted: Option<String>,
}

/// The altitude on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Day {
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Mean altitude, km: the median over worlds with a forecast.
    pub altitude_km: f64,
    /// 5 % over worlds, with a forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p05: Option<f64>,
    /// 95 % over worlds, with a forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95: Option<f64>,
}

impl Answer {
    /// Whether worlds were drawn: the days then have a band.
    pub fn banded(&self) -> bool {
        matches!(self.sun, Sun::Forecast { .. })
    }
}

/// Returns how an orbit sinks if nobody pushes.
///
/// # Errors
///
/// When a field lies outside its bounds or is stated by nobody, or the Sun asked for does not reach.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, orbit::decay};
///
/// let question: decay::Question = serde_json::from_str(
///     r#"{"altitude_km": 415, "drag_area_m2_kg": 0.007, "sun": "observed",
///         "from": "2023-01-01", "through": "2023-03-31"}"#,
/// )?;
/// let answer = decay::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!(answer.days.len(), 90);
/// let lost_km = answer.altitude_km - answer.days[89].altitude_km;
/// assert!((5.0..20.0).contains(&lost_km), "{lost_km}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let q = question;
    let mut found = Found::default();
    let mut stated = Stated::open(&mut found, data, q.station.as_deref(), &q.scenario)?;
    let (altitude_km, drag_area_m2_kg, inclination_deg) =
        stated.orbit(&mut found, q.altitude_km, q.drag_area_m2_kg, q.inclination_deg);
    let scale = bounds::positive("density_scale", q.density_scale);
    super::within(&mut found, "density_scale", scale);
    super::worlds_within(&mut found, q.worlds, &super::WORLDS);
    let asked_sun = super::asked_sun!(q);
    let wanted = asked_sun.wanted(&mut found);
    let from = stated.from(&mut found, q.from);
    let days = from.and_then(|from| {
        super::within(&mut found, "through", bounds::span(from, "through", q.through))
    });
    found.done()?;
    let (Some(from), Some(days)) = (from, days) else { unreachable!("found before") };

    let (sun, mut caveats) = asked_sun.chosen(data, wanted, from, false)?;
    let asked = DecayQuestion {
        table: &table_at(inclination_deg),
        altitude_km,
        drag_area_m2_kg: drag_area_m2_kg * q.density_scale,
        from: from.mjd(),
        days,
        sun: sun.choice(),
        worlds: q.worlds,
        seed: q.seed,
    };
    let sunk = decay(&asked, &super::watch(control)).map_err(|error| super::refused(&error))?;
    let banded = matches!(sun, ChosenSun::Issue(..));
    let outlasted = sun.outlasted(from.mjd() + days as f64);
    caveats.extend(outlasted.clone());
    if sunk.gone > 0.0 {
        caveats.push(if banded {
            format!(
                "in {:.0} % of the worlds the orbit sinks below 150 km before {}; 150 km stands for \
                 them",
                100.0 * sunk.gone,
                q.through
            )
        } else {
            let lasted = sunk.lasted_days;
            format!("the orbit sinks below 150 km after {lasted:.1} days; the list ends there")
        });
    }
    let day = |(i, km): (usize, &Quantiles)| Day {
        date: from.plus_days(i as i32),
        altitude_km: km.p50,
        p05: banded.then_some(km.p05),
        p95: banded.then_some(km.p95),
    };
    let mut inputs = Inputs::new(banded.then_some((q.worlds, q.seed))).under(&asked_sun, data);
    stated.told(from, &mut inputs, &mut caveats);
    Ok(Answer {
        command: "orbit decay",
        from,
        through: q.through,
        altitude_km,
        drag_area_m2_kg,
        inclination_deg,
        density_scale: q.density_scale,
        sun: Sun::of(&sun),
        lasted_days: sunk.lasted_days,
        days: sunk.days_km.iter().enumerate().map(day).collect(),
        caveats,
        inputs,
        outlasted,
    })
}
