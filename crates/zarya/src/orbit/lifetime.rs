//! How long an orbit lasts if nobody pushes.

use super::{Date, Inputs, Quantiles, Stated, Sun};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::bounds;
use zarya_orbit::choice::ChosenSun;
use zarya_orbit::inclination::table_at;
use zarya_orbit::worlds::{LifetimeQuestion, Target as Reached, lifetime, lifetime_curve};

/// Worlds drawn where nothing else is said.
pub const WORLDS_DEFAULT: u32 = 1000;

question! {
    /// Which orbit, and down to where.
    pub struct Question {
        altitude_km,
        drag_area_m2_kg at density_scale 1,
        inclination_deg,
        from,
        /// Altitudes to reach, km, 150 to that of the first day; at least one.
        pub to_km: Vec<f64>,
        sun,
        station,
        worlds,
        /// Whether the altitudes between are answered, too, for a picture; about half as much work again.
        #[serde(default)]
        pub curve: bool,
    }
}

/// How long it lasts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit lifetime`.
    pub command: &'static str,
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Mean altitude on the first day, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m2/kg, at density scale 1.
    pub drag_area_m2_kg: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// The Sun.
    pub sun: Sun,
    /// Days looked ahead: to the end of the forecast, or of the record; 40 years under a constant Sun.
    pub looked_ahead_days: usize,
    /// Days until each altitude is reached, in the order asked for.
    pub targets: Vec<Target>,
    /// What weakens the answer.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// Altitudes between the first and the lowest one, for a picture; empty unless asked for.
    #[serde(skip)]
    pub curve: Vec<Target>,
    /// The instant up to which the Sun is known or forecast, as a modified Julian date, for the picture.
    #[serde(skip)]
    pub sun_ends: f64,
}

/// Days until an altitude is reached; null where that lies beyond the days looked ahead.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Target {
    /// The altitude, km.
    pub to_km: f64,
    /// Quantiles over worlds.
    #[serde(flatten)]
    pub days: Quantiles,
    /// Share of worlds in which it is reached.
    pub share_reached: f64,
}

impl Target {
    fn of(reached: &Reached) -> Self {
        let (to_km, share_reached) = (reached.to_km, reached.reached());
        Self { to_km, days: reached.quantiles(), share_reached }
    }
}

/// The last day looked ahead to under a Sun that does not end, on or before the last of the calendar.
fn last_day(from: Date) -> f64 {
    const CALENDAR_ENDS: f64 = 124_592.0; // 2199-12-31
    (from.mjd() + f64::from(bounds::SPAN_D_MAX)).min(CALENDAR_ENDS)
}

/// Returns how many days an orbit takes to sink to given altitudes, each world with its own Sun and density.
///
/// # Errors
///
/// When a field lies outside its bounds or is stated by nobody, or the Sun asked for does not reach.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, orbit::lifetime};
///
/// let question: lifetime::Question =
///     serde_json::from_str(r#"{"station": "iss", "to_km": [330], "worlds": 50}"#)?;
/// let answer = lifetime::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!(answer.from.to_string(), "2025-07-31");
/// let days = answer.targets[0].days;
/// assert!((200.0..1500.0).contains(&days.p50) && days.p05 < days.p50);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let q = question;
    let mut found = Found::default();
    let mut stated = Stated::open(&mut found, data, q.station.as_deref(), &q.scenario)?;
    let (altitude_km, drag_area_m2_kg, inclination_deg) =
        stated.orbit(&mut found, q.altitude_km, q.drag_area_m2_kg, q.inclination_deg);
    if q.to_km.is_empty() {
        found.add(Refusal::field("to_km", "`to_km`: name at least one altitude"));
    }
    for &target in &q.to_km {
        super::within(&mut found, "to_km", bounds::altitude("to_km", target));
        if target > altitude_km {
            let why = format!(
                "`to_km` {target} lies above `altitude_km` {altitude_km}: without burns nothing rises"
            );
            found.add(Refusal::field("to_km", why));
        }
    }
    super::worlds_within(&mut found, q.worlds, &super::WORLDS);
    let asked_sun = super::asked_sun!(q);
    let wanted = asked_sun.wanted(&mut found);
    let from = stated.from(&mut found, q.from);
    found.done()?;
    let Some(from) = from else { unreachable!("found before") };

    let (sun, mut caveats) = asked_sun.chosen(data, wanted, from, false)?;
    let end = sun.end().unwrap_or_else(|| last_day(from));
    if let ChosenSun::Issue(issue, _) = &sun
        && end <= from.mjd()
    {
        let why = format!(
            "the forecast issued {} ends with {}, before `from` {from}: nothing is known of the Sun from \
             there on; a newer forecast can be given with `forecasts`",
            issue.name(),
            Date::from_mjd(end - 1.0)
        );
        return Err(Refusal::unanswerable(About::Field("from".to_owned()), why).into());
    }
    let days = (end - from.mjd()).max(1.0) as usize;
    let table = table_at(inclination_deg);
    let asked = LifetimeQuestion {
        table: &table,
        altitude_km,
        drag_area_m2_kg,
        from: from.mjd(),
        sun: sun.choice(),
        days,
        worlds: q.worlds,
        seed: q.seed,
    };
    let watch = super::watch(control);
    let refused = |error| super::refused(&error);
    let reached = lifetime(&asked, &q.to_km, &watch).map_err(refused)?;
    let targets: Vec<Target> = reached.iter().map(Target::of).collect();
    for target in targets.iter().filter(|target| target.share_reached < 1.0) {
        let until = match sun {
            ChosenSun::Constant(_) => "in the 40 years that are looked ahead (to ",
            _ => "before the Sun's record or forecast ends (",
        };
        caveats.push(format!(
            "{:.0} km is not reached in {:.0} % of the worlds {until}{})",
            target.to_km,
            100.0 * (1.0 - target.share_reached),
            Date::from_mjd(end)
        ));
    }
    let curve = if q.curve {
        let lowest_km = q.to_km.iter().copied().fold(f64::INFINITY, f64::min);
        let curve = lifetime_curve(&asked, lowest_km, &watch).map_err(refused)?;
        curve.iter().map(Target::of).collect()
    } else {
        Vec::new()
    };
    let mut inputs = Inputs::new(Some((q.worlds, q.seed))).under(&asked_sun, data);
    stated.told(from, &mut inputs, &mut caveats);
    Ok(Answer {
        command: "orbit lifetime",
        from,
        altitude_km,
        drag_area_m2_kg,
        inclination_deg,
        sun: Sun::of(&sun),
        looked_ahead_days: days,
        targets,
        caveats,
        inputs,
        curve,
        sun_ends: end,
    })
}
