//! Reboosts that keep an altitude band to a date.

use super::{Date, Inputs, Stated, Sun};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_orbit::bounds;
use zarya_orbit::inclination::table_at;
pub use zarya_orbit::keep::{ISP_S_ASSUMED, PlannedBurn, Pusher, PusherUse, SunPercentile};
use zarya_orbit::keep::{KeepPlan, KeepQuestion, keep_under};

/// Avoidance burns in a year where nothing else is said: 23 were flown in the 10.9 years to November 2024.
pub const AVOIDANCE_PER_YEAR_DEFAULT: f64 = 2.1;
/// Delta-v of one where nothing else is said, m/s.
pub const AVOIDANCE_M_S_DEFAULT: f64 = 1.0;

question! {
    /// What is to be kept, and with what.
    pub struct Question {
        altitude_km,
        /// Altitude at which a reboost is flown, km; the station's where none is given.
        #[serde(default)]
        pub low_km: Option<f64>,
        /// Altitude it leads to, km; the station's where none is given.
        #[serde(default)]
        pub high_km: Option<f64>,
        drag_area_m2_kg,
        density_scale,
        inclination_deg,
        /// Mass, kg; the station's where none is given.
        #[serde(default)]
        pub mass_kg: Option<f64>,
        /// Vehicles that push, in order of use; without one a specific impulse of 300 s is assumed.
        #[serde(default)]
        pub vehicle: Vec<Pusher>,
        /// Avoidance burns in a year, 0 or more; the station's where none is given, without one 2.1.
        #[serde(default)]
        pub avoidance_per_year: Option<f64>,
        /// Delta-v of one, m/s, 0 or more; the station's where none is given, without one 1.
        #[serde(default)]
        pub avoidance_m_s: Option<f64>,
        from,
        /// Last day, at most 40 years later.
        #[schemars(with = "String")]
        pub through: Date,
        sun,
        station,
    }
}

/// A plan for each percentile of the Sun.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit keep`.
    pub command: &'static str,
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub through: Date,
    /// Altitude at which a reboost is flown, and that it leads to, km.
    pub band_km: (f64, f64),
    /// `Cd A / m`, m2/kg.
    pub drag_area_m2_kg: f64,
    /// Factor on the model's density.
    pub density_scale: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Mass, kg.
    pub mass_kg: f64,
    /// What pushes, in order of use.
    pub vehicles: Vec<Pusher>,
    /// The Sun.
    pub sun: Sun,
    /// The plans: one under the observed Sun, three under a forecast.
    pub plans: Vec<Plan>,
    /// What weakens the answer.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// What is said of a span that outlasts the forecast: one of the caveats, for the text.
    #[serde(skip)]
    pub outlasted: Option<String>,
}

/// A plan under one Sun.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Plan {
    /// Which Sun.
    pub sun_percentile: SunPercentile,
    /// The reboosts in order.
    pub burns: Vec<PlannedBurn>,
    /// How many.
    pub n_burns: usize,
    /// Their velocity change, m/s.
    pub delta_v_m_s: f64,
    /// Their propellant, kg.
    pub propellant_kg: f64,
    /// Velocity change held for avoidance burns, m/s.
    pub reserve_delta_v_m_s: f64,
    /// Propellant held for them, kg.
    pub reserve_propellant_kg: f64,
    /// Propellant that the vehicles lack for the whole plan with reserve, kg; null when a vehicle's
    /// propellant is not known.
    pub short_kg: Option<f64>,
    /// What each vehicle does, in order of use.
    pub by_vehicle: Vec<PusherUse>,
    /// Altitude at the end, km.
    pub end_altitude_km: f64,
    /// Altitude by day from the first, km, for a picture.
    #[serde(skip)]
    pub days_km: Vec<f64>,
}

impl Plan {
    fn of((sun_percentile, plan): (SunPercentile, KeepPlan)) -> Self {
        Self {
            sun_percentile,
            n_burns: plan.burns.len(),
            burns: plan.burns,
            delta_v_m_s: plan.delta_v_m_s,
            propellant_kg: plan.propellant_kg,
            reserve_delta_v_m_s: plan.reserve_delta_v_m_s,
            reserve_propellant_kg: plan.reserve_propellant_kg,
            short_kg: plan.short_kg,
            by_vehicle: plan.by_vehicle,
            end_altitude_km: plan.end_altitude_km,
            days_km: plan.days_km,
        }
    }
}

impl Answer {
    /// The first burn of each plan that nobody has the propellant for, with its Sun; empty when the band is
    /// kept.
    pub fn unflown(&self) -> Vec<String> {
        let first = |plan: &Plan| {
            let burn = plan.burns.iter().find(|burn| burn.by.is_none())?;
            Some(format!("{} (Sun {})", burn.date, plan.sun_percentile.name()))
        };
        self.plans.iter().filter_map(first).collect()
    }

    /// Says what is missing of the reserve for avoidance burns where all reboosts are flown.
    pub fn uncovered(&self) -> Option<String> {
        let missing: Vec<String> = self
            .plans
            .iter()
            .filter(|plan| plan.burns.iter().all(|burn| burn.by.is_some()))
            .filter_map(|plan| {
                let short = plan.short_kg.filter(|kg| *kg > 0.0)?;
                Some(format!("{short:.0} kg (Sun {})", plan.sun_percentile.name()))
            })
            .collect();
        (!missing.is_empty()).then(|| {
            format!(
                "the reserve for avoidance burns is not covered by what the reboosts leave: {} are missing",
                missing.join(", ")
            )
        })
    }
}

/// Returns plans that keep a band.
///
/// # Errors
///
/// When a field lies outside its bounds or is stated by nobody, the band is empty or cannot be kept, or the
/// Sun asked for does not reach.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, orbit::keep};
///
/// let question: keep::Question = serde_json::from_str(
///     r#"{"station": "iss", "through": "2026-07-31",
///         "vehicle": [{"name": "progress", "isp_s": 300, "propellant_kg": 800}]}"#,
/// )?;
/// let answer = keep::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!(answer.band_km, (414.5, 416.5));
/// let [weak, _, strong] = answer.plans.as_slice() else { panic!("three Suns") };
/// assert!(weak.delta_v_m_s < strong.delta_v_m_s);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let q = question;
    let mut found = Found::default();
    let mut stated = Stated::open(&mut found, data, q.station.as_deref(), &q.scenario)?;
    let (altitude_km, drag_area_m2_kg, inclination_deg) =
        stated.orbit(&mut found, q.altitude_km, q.drag_area_m2_kg, q.inclination_deg);
    let mass_kg = stated.mass_kg(&mut found, q.mass_kg);
    let mut value = |field,
                     given,
                     of: fn(&zarya_station::model::Orbit) -> _,
                     default,
                     check: fn(&str, f64) -> _| {
        stated.value(&mut found, field, given, |s| of(&s.orbit), default, check)
    };
    let low_km = value("low_km", q.low_km, |o| o.keep_above_km, None, bounds::altitude);
    let high_km = value("high_km", q.high_km, |o| o.reboost_to_km, None, bounds::altitude);
    let some = |name: &str, value: f64| bounds::not_negative(name, value, "0 or more is expected");
    let per_year = Some(AVOIDANCE_PER_YEAR_DEFAULT);
    let avoidance_per_year =
        value("avoidance_per_year", q.avoidance_per_year, |o| o.avoidance_per_y, per_year, some);
    let m_s = Some(AVOIDANCE_M_S_DEFAULT);
    let avoidance_m_s = value("avoidance_m_s", q.avoidance_m_s, |o| o.avoidance_m_s, m_s, some);
    let scale = bounds::positive("density_scale", q.density_scale);
    super::within(&mut found, "density_scale", scale);
    if low_km >= high_km {
        let why =
            format!("`low_km` {low_km} must lie below `high_km` {high_km}: the band is empty");
        found.add(Refusal::field("low_km", why));
    }
    for pusher in &q.vehicle {
        let Pusher { name, isp_s, propellant_kg } = pusher;
        let isp = bounds::isp("vehicle", &format!("{name}: the Isp "), *isp_s);
        super::within(&mut found, "vehicle", isp);
        if propellant_kg.is_some_and(|kg| !(kg.is_finite() && kg >= 0.0)) {
            let why = format!("`vehicle` {name}: propellant cannot be negative");
            found.add(Refusal::field("vehicle", why));
        }
    }
    let asked_sun = super::asked_sun!(q);
    let wanted = asked_sun.wanted(&mut found);
    let from = stated.from(&mut found, q.from);
    let days = from.and_then(|from| {
        super::within(&mut found, "through", bounds::span(from, "through", q.through))
    });
    found.done()?;
    let (Some(from), Some(days)) = (from, days) else { unreachable!("found before") };

    let (sun, mut caveats) = asked_sun.chosen(data, wanted, from, false)?;
    let mut vehicles = q.vehicle.clone();
    if vehicles.is_empty() {
        caveats.push(format!(
            "no `vehicle` given: a specific impulse of {ISP_S_ASSUMED} s is assumed, as storable \
             propellants give in a main engine"
        ));
        vehicles.push(Pusher::assumed());
    }
    let table = table_at(inclination_deg);
    let asked = KeepQuestion {
        table: &table,
        altitude_km,
        low_km,
        high_km,
        drag_area_m2_kg,
        density_scale: q.density_scale,
        mass_kg,
        from: from.mjd(),
        days,
        pushers: vehicles.clone(),
        avoidance_per_year,
        avoidance_m_s,
    };
    let plans = keep_under(&asked, sun.choice(), &super::watch(control))
        .map_err(|error| super::refused(&error))?;
    let outlasted = sun.outlasted(from.mjd() + days as f64);
    caveats.extend(outlasted.clone());
    let mut answer = Answer {
        command: "orbit keep",
        from,
        through: q.through,
        band_km: (low_km, high_km),
        drag_area_m2_kg,
        density_scale: q.density_scale,
        inclination_deg,
        mass_kg,
        vehicles,
        sun: Sun::of(&sun),
        plans: plans.into_iter().map(Plan::of).collect(),
        caveats,
        inputs: Inputs::new(None).under(&asked_sun, data),
        outlasted,
    };
    let unflown = answer.unflown();
    if !unflown.is_empty() {
        answer.caveats.push(format!(
            "the band is not kept: nobody has the propellant for the burn of {} (`by` is null); the plan \
             goes on as if it were flown",
            unflown.join(", ")
        ));
    }
    answer.caveats.extend(answer.uncovered());
    stated.told(from, &mut answer.inputs, &mut answer.caveats);
    Ok(answer)
}
