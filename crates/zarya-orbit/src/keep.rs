//! A plan that keeps an altitude band to a date.

use crate::burns::{delta_v_for, propellant_kg};
use crate::decay::decay_daily;
use crate::error::OrbitError;
use crate::sun::SunPath;
use crate::table::DecayTable;
use crate::worlds::check_altitude;
use serde::Serialize;
use zarya_units::{DAYS_PER_YEAR, Date, Mjd};

/// What can push, and how well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pusher {
    /// Its name.
    pub name: String,
    /// Specific impulse, s.
    pub isp_s: f64,
    /// Propellant it can spend on the station in all, kg; nothing when not known.
    pub propellant_kg: Option<f64>,
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedBurn {
    /// The day.
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
    let mut left: Vec<Option<f64>> = q.pushers.iter().map(|pusher| pusher.propellant_kg).collect();
    let mut burns: Vec<PlannedBurn> = Vec::new();
    let mut days_km = vec![q.altitude_km];
    let mut altitude = q.altitude_km;
    for day in 0..q.days {
        let mjd = q.from + day as f64;
        if altitude <= q.low_km {
            let delta_v = delta_v_for(altitude, q.high_km - altitude);
            let need = |pusher: &Pusher| propellant_kg(q.mass_kg, delta_v, pusher.isp_s);
            let who =
                (0..q.pushers.len()).find(|&i| left[i].is_none_or(|kg| kg >= need(&q.pushers[i])));
            let (by, kg) = match who {
                Some(i) => {
                    let kg = need(&q.pushers[i]);
                    left[i] = left[i].map(|had| had - kg);
                    (Some(q.pushers[i].name.clone()), kg)
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
        days_km,
    })
}
