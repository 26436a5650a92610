//! A plan that keeps an altitude band to a date.

use crate::burns::{delta_v_for, propellant_kg};
use crate::decay::decay_daily;
use crate::error::OrbitError;
use crate::sun::SunPath;
use crate::table::DecayTable;
use crate::watch::{Watch, each};
use crate::worlds::{SunChoice, check_altitude};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use zarya_units::math::Z95;
use zarya_units::{DAYS_PER_YEAR, Date, Mjd};

/// What can push, and how well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pusher {
    /// Its name.
    pub name: String,
    /// Specific impulse, s.
    pub isp_s: f64,
    /// Propellant it can spend on the station in all, kg; nothing when not known.
    pub propellant_kg: Option<f64>,
}

/// A specific impulse where none is known, s: as storable propellants give in a main engine.
pub const ISP_S_ASSUMED: f64 = 300.0;

impl Pusher {
    /// Returns a vehicle of which nothing is known: [`ISP_S_ASSUMED`], and propellant as needed.
    pub fn assumed() -> Self {
        Self { name: "assumed".into(), isp_s: ISP_S_ASSUMED, propellant_kg: None }
    }
}

impl FromStr for Pusher {
    type Err = OrbitError;

    /// Reads `NAME:ISP_S` or `NAME:ISP_S:PROPELLANT_KG`.
    fn from_str(text: &str) -> Result<Self, OrbitError> {
        let wrong = |why: &str| {
            OrbitError::Text(format!(
                "{why}; write NAME:ISP_S or NAME:ISP_S:PROPELLANT_KG, as in progress:300:800"
            ))
        };
        let number = |part: &str, what: &str| {
            part.parse::<f64>()
                .ok()
                .filter(|value| value.is_finite())
                .ok_or_else(|| wrong(&format!("the {what} `{part}` is not a number")))
        };
        let mut parts = text.split(':');
        let (name, impulse, kg) = (parts.next().unwrap_or(""), parts.next(), parts.next());
        if name.is_empty() || parts.next().is_some() {
            return Err(wrong("a name and one or two numbers are expected"));
        }
        let Some(impulse) = impulse else { return Err(wrong("the specific impulse is missing")) };
        let isp_s = number(impulse, "specific impulse")?;
        let propellant_kg = kg.map(|kg| number(kg, "propellant")).transpose()?;
        Ok(Self { name: name.into(), isp_s, propellant_kg })
    }
}

/// Under which Sun a plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SunPercentile {
    /// The observed Sun.
    Observed,
    /// The forecast's 5 % curve: a weak Sun.
    P05,
    /// Its 50 % curve.
    P50,
    /// Its 95 % curve: a strong Sun.
    P95,
    /// A Sun that does not change.
    Constant,
}

impl SunPercentile {
    /// Returns its name as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::P05 => "p05",
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::Constant => "constant",
        }
    }
}

/// What is to be kept, and with what.
#[derive(Clone, Debug)]
pub struct KeepQuestion<'a> {
    /// The decay rates: [`DecayTable::embedded`], or those of another inclination.
    pub table: &'a DecayTable,
    /// Altitude at the start, km.
    pub altitude_km: f64,
    /// Altitude at which a reboost is flown, km.
    pub low_km: f64,
    /// Altitude it leads to, km.
    pub high_km: f64,
    /// `Cd A / m`, m²/kg.
    pub drag_area_m2_kg: f64,
    /// Factor on the model's density.
    pub density_scale: f64,
    /// Mass of the station, kg.
    pub mass_kg: f64,
    /// The start.
    pub from: Mjd,
    /// Days to keep it.
    pub days: usize,
    /// The vehicles that push, in order of use.
    pub pushers: Vec<Pusher>,
    /// Avoidance burns in a year.
    pub avoidance_per_year: f64,
    /// Velocity change of one, m/s.
    pub avoidance_m_s: f64,
}

/// One reboost of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlannedBurn {
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Altitude before, km.
    pub from_km: f64,
    /// Altitude after, km.
    pub to_km: f64,
    /// Velocity change, m/s.
    pub delta_v_m_s: f64,
    /// Propellant, kg.
    pub propellant_kg: f64,
    /// Who pushes; nothing when nobody has propellant left.
    pub by: Option<String>,
}

/// What one vehicle does in a plan.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PusherUse {
    /// Its name.
    pub name: String,
    /// Reboosts it flies.
    pub n_burns: usize,
    /// Their velocity change, m/s.
    pub delta_v_m_s: f64,
    /// Their propellant, kg.
    pub propellant_kg: f64,
    /// Propellant left, kg; nothing when it is not known.
    pub left_kg: Option<f64>,
}

/// A plan under one Sun.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepPlan {
    /// The reboosts in order.
    pub burns: Vec<PlannedBurn>,
    /// Their velocity change, m/s.
    pub delta_v_m_s: f64,
    /// Their propellant, kg.
    pub propellant_kg: f64,
    /// Velocity change held for avoidance burns, m/s.
    pub reserve_delta_v_m_s: f64,
    /// Propellant held for them, kg.
    pub reserve_propellant_kg: f64,
    /// Altitude at the end, km.
    pub end_altitude_km: f64,
    /// Propellant that the vehicles lack for the whole plan with reserve, kg; nothing when a
    /// vehicle's propellant is not known.
    pub short_kg: Option<f64>,
    /// What each vehicle does, in order of use.
    pub by_vehicle: Vec<PusherUse>,
    /// Altitude by day from the start.
    pub days_km: Vec<f64>,
}

/// Plans reboosts from the low to the high altitude of a band, under one path of the Sun.
///
/// # Model
///
/// Each reboost is flown on the day the altitude reaches the low edge, at once, to the high edge,
/// by the first vehicle that still has the propellant for it. The mass is held: what is burned
/// arrives as cargo. Avoidance burns are held in reserve at the last vehicle's specific impulse, as
/// cost alone; half of them raise the orbit in practice and are not credited.
///
/// # Errors
///
/// [`OrbitError::Altitude`] and [`OrbitError::Plan`] for a band that cannot be, or cannot be kept.
pub fn keep(question: &KeepQuestion<'_>, sun: &SunPath) -> Result<KeepPlan, OrbitError> {
    let q = question;
    for altitude in [q.altitude_km, q.low_km, q.high_km] {
        check_altitude(altitude)?;
    }
    if q.low_km >= q.high_km {
        return Err(OrbitError::Plan(format!(
            "the band {} to {} km is empty: its low edge must lie below its high edge",
            q.low_km, q.high_km
        )));
    }
    let Some(last) = q.pushers.last() else {
        return Err(OrbitError::Plan("no vehicle can push: name one with its Isp".into()));
    };
    let mut by_vehicle: Vec<PusherUse> = q
        .pushers
        .iter()
        .map(|pusher| PusherUse {
            name: pusher.name.clone(),
            n_burns: 0,
            delta_v_m_s: 0.0,
            propellant_kg: 0.0,
            left_kg: pusher.propellant_kg,
        })
        .collect();
    let mut burns: Vec<PlannedBurn> = Vec::new();
    let mut days_km = vec![q.altitude_km];
    let mut altitude = q.altitude_km;
    for day in 0..q.days {
        let mjd = q.from + day as f64;
        if altitude <= q.low_km {
            let delta_v = delta_v_for(altitude, q.high_km - altitude);
            let need = |pusher: &Pusher| propellant_kg(q.mass_kg, delta_v, pusher.isp_s);
            let who = (0..q.pushers.len())
                .find(|&i| by_vehicle[i].left_kg.is_none_or(|kg| kg >= need(&q.pushers[i])));
            let (by, kg) = match who {
                Some(i) => {
                    let kg = need(&q.pushers[i]);
                    let used = &mut by_vehicle[i];
                    used.n_burns += 1;
                    used.delta_v_m_s += delta_v;
                    used.propellant_kg += kg;
                    used.left_kg = used.left_kg.map(|had| had - kg);
                    (Some(used.name.clone()), kg)
                }
                None => (None, need(last)),
            };
            burns.push(PlannedBurn {
                date: Date::from_mjd(mjd),
                from_km: altitude,
                to_km: q.high_km,
                delta_v_m_s: delta_v,
                propellant_kg: kg,
                by,
            });
            altitude = q.high_km;
        }
        let (_, end) =
            decay_daily(q.table, altitude, q.drag_area_m2_kg, mjd, 1, sun, |_| q.density_scale);
        if end.reentered {
            return Err(OrbitError::Plan(format!(
                "from {altitude:.0} km drag leads below 150 km within the day of {}: reboosts on \
                 whole days keep no band this low",
                Date::from_mjd(mjd)
            )));
        }
        altitude = end.altitude_km;
        days_km.push(altitude);
    }
    let years = q.days as f64 / DAYS_PER_YEAR;
    let reserve_delta_v_m_s = q.avoidance_per_year * years * q.avoidance_m_s;
    let reserve_propellant_kg = propellant_kg(q.mass_kg, reserve_delta_v_m_s, last.isp_s);
    let spent: f64 = burns.iter().map(|burn| burn.propellant_kg).sum();
    let all: Option<f64> = q.pushers.iter().map(|pusher| pusher.propellant_kg).sum();
    Ok(KeepPlan {
        delta_v_m_s: burns.iter().map(|burn| burn.delta_v_m_s).sum(),
        propellant_kg: spent,
        reserve_delta_v_m_s,
        reserve_propellant_kg,
        end_altitude_km: altitude,
        short_kg: all.map(|all| (spent + reserve_propellant_kg - all).max(0.0)),
        burns,
        by_vehicle,
        days_km,
    })
}

/// Plans under the observed Sun, or under the 5, 50 and 95 % curves of a forecast.
///
/// # Errors
///
/// As [`keep`]; [`OrbitError::NoObservation`] where the observed Sun does not reach, [`OrbitError::Stopped`]
/// between plans.
pub fn keep_under(
    question: &KeepQuestion<'_>,
    sun: SunChoice<'_>,
    watch: Watch<'_>,
) -> Result<Vec<(SunPercentile, KeepPlan)>, OrbitError> {
    let (from, days) = (question.from, question.days);
    let suns = match sun {
        SunChoice::Observed(record) => {
            vec![(SunPercentile::Observed, record.path(from, days)?)]
        }
        SunChoice::Constant(sun) => {
            vec![(SunPercentile::Constant, SunPath::constant(from, days, sun))]
        }
        SunChoice::Issue(issue, after) => {
            let curves =
                [(SunPercentile::P05, -Z95), (SunPercentile::P50, 0.0), (SunPercentile::P95, Z95)];
            let curve = |(name, z)| (name, SunPath::curve_after(after, issue, from, days, z));
            curves.into_iter().map(curve).collect()
        }
    };
    let mut plans = Vec::with_capacity(suns.len());
    each(watch, "plans", suns.len() as u32, |i| {
        let (name, path) = &suns[i as usize];
        plans.push((*name, keep(question, path)?));
        Ok(())
    })?;
    Ok(plans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::archive;

    fn day(text: &str) -> Mjd {
        Date::parse(text).unwrap().mjd()
    }

    fn pusher(name: &str, isp_s: f64, propellant_kg: Option<f64>) -> Pusher {
        Pusher { name: name.into(), isp_s, propellant_kg }
    }

    fn question() -> KeepQuestion<'static> {
        KeepQuestion {
            table: DecayTable::embedded(),
            altitude_km: 418.0,
            low_km: 414.0,
            high_km: 419.0,
            drag_area_m2_kg: 0.007,
            density_scale: 1.0,
            mass_kg: 430_000.0,
            from: day("2026-03-15"),
            days: 1_000,
            pushers: vec![pusher("tug", 300.0, None)],
            avoidance_per_year: 2.1,
            avoidance_m_s: 1.0,
        }
    }

    fn sun(z: f64) -> SunPath {
        let issue = archive::forecast_of(Date::parse("2026-03").unwrap()).unwrap();
        SunPath::curve(issue, day("2026-03-15"), 1_000, z)
    }

    #[test]
    fn the_band_is_kept_and_what_is_raised_is_what_sank() {
        let q = question();
        let path = sun(0.0);
        let plan = keep(&q, &path).unwrap();
        assert!(plan.burns.len() > 3);
        // A burn follows the day on which the edge is passed: less than a day's loss below.
        assert!(plan.days_km.iter().all(|km| (q.low_km - 0.1..=q.high_km).contains(km)));
        let raised: f64 = plan.burns.iter().map(|burn| burn.to_km - burn.from_km).sum();
        let mean_km = plan.days_km.iter().sum::<f64>() / plan.days_km.len() as f64;
        // The loss at the mean altitude held all the time, in one step a day.
        let held: f64 = (0..q.days)
            .map(|day| {
                let mjd = q.from + day as f64;
                let next = decay_daily(q.table, mean_km, q.drag_area_m2_kg, mjd, 1, &path, |_| 1.0);
                mean_km - next.1.altitude_km
            })
            .sum();
        let sank = q.altitude_km + raised - plan.end_altitude_km;
        assert!((sank / held - 1.0).abs() < 0.02, "{sank} {held}");
        let per_km = plan.delta_v_m_s / raised;
        assert!((per_km - delta_v_for(416.5, 1.0)).abs() < 1e-3, "{per_km}");
    }

    #[test]
    fn a_stronger_sun_and_a_larger_area_cost_more() {
        let spent = |drag_area_m2_kg: f64, z: f64| {
            let q = KeepQuestion { drag_area_m2_kg, ..question() };
            let plan = keep(&q, &sun(z)).unwrap();
            plan.delta_v_m_s + delta_v_for(plan.end_altitude_km, 419.0 - plan.end_altitude_km)
        };
        assert!(spent(0.007, -1.0) < spent(0.007, 0.0) && spent(0.007, 0.0) < spent(0.007, 1.0));
        assert!(spent(0.006, 0.0) < spent(0.007, 0.0));
    }

    #[test]
    fn vehicles_push_in_order_until_they_are_empty() {
        let pushers = vec![pusher("a", 300.0, Some(900.0)), pusher("b", 290.0, Some(900.0))];
        let plan = keep(&KeepQuestion { pushers, ..question() }, &sun(0.0)).unwrap();
        let by: Vec<Option<&str>> = plan.burns.iter().map(|burn| burn.by.as_deref()).collect();
        assert_eq!(by[..5], [Some("a"), Some("a"), Some("b"), Some("b"), None]);
        for used in &plan.by_vehicle {
            assert!((used.propellant_kg + used.left_kg.unwrap() - 900.0).abs() < 1e-9);
            let flown: f64 = plan
                .burns
                .iter()
                .filter(|burn| burn.by.as_ref() == Some(&used.name))
                .map(|burn| burn.propellant_kg)
                .sum();
            assert!((used.propellant_kg - flown).abs() < 1e-9);
        }
        let all = plan.propellant_kg + plan.reserve_propellant_kg;
        assert!((plan.short_kg.unwrap() - (all - 1_800.0)).abs() < 1e-9);
    }

    /// Who pushes last holds the reserve: 2.1 manoeuvres a year of 1 m/s for 1,000 days are 5.7495 m/s, and with
    /// 290 s m (1 - e^(-dv / (g0 I))) = 868.4 kg of 430 t; with the first one's 340 s it would be 740.8 kg.
    #[test]
    fn the_reserve_is_burned_by_the_vehicle_that_holds_it() {
        let pushers = vec![pusher("first", 340.0, Some(900.0)), pusher("last", 290.0, None)];
        let plan = keep(&KeepQuestion { pushers, ..question() }, &sun(0.0)).unwrap();
        assert!((plan.reserve_delta_v_m_s - 5.7495).abs() < 1e-4, "{}", plan.reserve_delta_v_m_s);
        assert!((plan.reserve_propellant_kg - 868.4).abs() < 0.1, "{}", plan.reserve_propellant_kg);
        // Every burn costs what its own vehicle needs for it.
        for burn in &plan.burns {
            let isp_s = if burn.by.as_deref() == Some("first") { 340.0 } else { 290.0 };
            let kept = zarya_units::math::exp(-burn.delta_v_m_s / (isp_s * 9.80665));
            let kg = 430_000.0 * (1.0 - kept);
            assert!((burn.propellant_kg / kg - 1.0).abs() < 1e-9, "{burn:?}");
        }
        assert!(plan.by_vehicle.iter().all(|used| used.n_burns > 0), "both push");
    }

    #[test]
    fn a_vehicle_is_read_from_its_text() {
        let read = |text: &str| text.parse::<Pusher>();
        assert_eq!(read("tug:300:800").unwrap(), pusher("tug", 300.0, Some(800.0)));
        assert_eq!(read("tug:300").unwrap(), pusher("tug", 300.0, None));
        for (text, why) in [
            ("tug", "the specific impulse is missing"),
            ("tug:300:much", "the propellant `much` is not a number"),
            ("tug:nan", "the specific impulse `nan` is not a number"),
            (":300", "a name and one or two numbers"),
            ("tug:300:8:1", "a name and one or two numbers"),
        ] {
            assert!(read(text).unwrap_err().to_string().contains(why), "{text}");
        }
    }

    #[test]
    fn a_band_too_low_for_daily_reboosts_is_refused() {
        let q = KeepQuestion { altitude_km: 153.0, low_km: 151.0, high_km: 152.0, ..question() };
        assert!(keep(&q, &sun(0.0)).unwrap_err().to_string().contains("keep no band this low"));
    }
}
