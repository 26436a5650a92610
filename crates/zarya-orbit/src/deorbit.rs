//! A controlled end: when to stop holding the altitude, when the crew leaves, what is burned.

use crate::burns::{delta_v_for, delta_v_to_perigee, propellant_kg};
use crate::decay::{STEP_DAYS_MAX, decay_over};
use crate::density::{DensityPath, FITTED_BEFORE_2012};
use crate::error::OrbitError;
use crate::sun::SunPath;
use crate::table::DecayTable;
use crate::worlds::{Quantiles, SunChoice, check_altitude, density_of_world, sun_of_world};
use zarya_units::Mjd;
use zarya_units::random::Source;

/// The end that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct DeorbitQuestion<'a> {
    /// Altitude held until lowering starts, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m²/kg, at density scale 1.
    pub drag_area_m2_kg: f64,
    /// Mass at the end, kg, without the propellant of the end.
    pub mass_kg: f64,
    /// The earliest day on which lowering may start; forecasts and path start here.
    pub from: Mjd,
    /// The day of entry.
    pub entry: Mjd,
    /// Altitude from which the entry burn is flown, km.
    pub final_km: f64,
    /// Perigee that the entry burn aims at, km.
    pub perigee_km: f64,
    /// Share of worlds in which the altitude may fall below `final_km` before the day of entry.
    pub early_share: f64,
    /// Specific impulse of the vehicle that ends it, s.
    pub isp_s: f64,
    /// Its propellant, kg.
    pub capacity_kg: f64,
    /// The Sun.
    pub sun: SunChoice<'a>,
    /// Worlds drawn.
    pub worlds: u32,
    /// The seed.
    pub seed: u64,
}

/// The crew's leaving at one altitude.
#[derive(Clone, Debug, PartialEq)]
pub struct CrewOff {
    /// The altitude, km.
    pub altitude_km: f64,
    /// When it is reached, days before entry; 0 where lowering burns on the last day reach it.
    pub days_before_entry: Quantiles,
    /// Share of worlds in which it is reached at least six months before entry by drag alone.
    pub six_months: f64,
}

/// The end as planned.
#[derive(Clone, Debug, PartialEq)]
pub struct DeorbitPlan {
    /// The latest start of lowering that drag allows is not it: this is the earliest start at which
    /// the altitude stays above the final one until entry in all but `early_share` of worlds.
    pub start: Mjd,
    /// Whether holding the altitude to the last day would still sink too early: nothing to start.
    pub starts_at_once: bool,
    /// Altitude at entry day before any lowering burn, km.
    pub natural_km: Quantiles,
    /// Velocity change of lowering burns to the final altitude, m/s.
    pub lowering_m_s: Quantiles,
    /// Velocity change of the entry burn, m/s.
    pub entry_m_s: f64,
    /// Propellant of both, kg.
    pub propellant_kg: Quantiles,
    /// Probability that the capacity is enough.
    pub enough: f64,
    /// Probability of sinking below the final altitude before entry.
    pub early: f64,
    /// Leaving altitudes asked about.
    pub crew_off: Vec<CrewOff>,
}

/// Half a year, days.
const SIX_MONTHS_DAYS: f64 = 182.6;

/// Plans the end.
///
/// # Model
///
/// Reboosts stop at the start of lowering and drag does the work; what is missing to the final
/// altitude on the day of entry is burned, then the entry burn is flown. The start is the earliest
/// day at which no more than `early_share` of the worlds sink below the final altitude too soon:
/// earlier starts need holding burns, later ones more lowering burns.
///
/// # Errors
///
/// [`OrbitError::Altitude`], [`OrbitError::Plan`], [`OrbitError::NoObservation`].
pub fn deorbit(
    question: &DeorbitQuestion<'_>,
    crew_off_km: &[f64],
) -> Result<DeorbitPlan, OrbitError> {
    let q = question;
    check_altitude(q.altitude_km)?;
    check_altitude(q.final_km)?;
    if q.final_km >= q.altitude_km {
        return Err(OrbitError::Plan(format!(
            "the final altitude of {} km is not below the present {} km",
            q.final_km, q.altitude_km
        )));
    }
    if q.entry < q.from + 30.0 {
        return Err(OrbitError::Plan("entry is less than 30 days after the start".into()));
    }
    let days = (q.entry - q.from) as usize;
    let worlds: Vec<(SunPath, DensityPath)> = (0..q.worlds)
        .map(|world| {
            let source = Source::new(q.seed, u64::from(world));
            let sun = sun_of_world(q.sun, q.from, days, &source)?;
            Ok((sun, density_of_world(FITTED_BEFORE_2012, q.from, days, &source)))
        })
        .collect::<Result<_, OrbitError>>()?;
    let table = DecayTable::embedded();
    let sink = |start: Mjd, world: &(SunPath, DensityPath)| natural(table, q, start, world);
    let early = |start: Mjd| {
        let n = worlds.iter().filter(|world| sink(start, world).early).count();
        n as f64 / worlds.len() as f64
    };
    // The share that is early falls as the start moves later: halve the span.
    let (mut low, mut high) = (q.from, q.entry);
    let starts_at_once = early(low) <= q.early_share;
    if starts_at_once {
        high = low;
    }
    while high - low > 1.0 {
        let middle = (0.5 * (low + high)).floor();
        if middle <= low {
            break;
        }
        if early(middle) <= q.early_share {
            high = middle;
        } else {
            low = middle;
        }
    }
    let start = high;
    let ends: Vec<Sunk> = worlds.iter().map(|world| sink(start, world)).collect();
    let entry_m_s = delta_v_to_perigee(q.final_km, q.perigee_km);
    let lowering: Vec<f64> = ends
        .iter()
        .map(|end| delta_v_for(end.altitude_km, q.final_km - end.altitude_km).min(0.0).abs())
        .collect();
    let propellant: Vec<f64> = lowering
        .iter()
        .map(|dv| {
            // Mass before the burns is what is left after them times the rocket equation.
            let total = dv + entry_m_s.abs();
            let share = propellant_kg(1.0, total, q.isp_s);
            q.mass_kg * share / (1.0 - share)
        })
        .collect();
    let enough = propellant.iter().filter(|kg| **kg <= q.capacity_kg).count();
    let n = worlds.len() as f64;
    let crew_off = crew_off_km
        .iter()
        .map(|&altitude_km| {
            let before: Vec<f64> = worlds
                .iter()
                .map(|world| (q.entry - crossing(table, q, start, world, altitude_km)).max(0.0))
                .collect();
            let six = before.iter().filter(|days| **days >= SIX_MONTHS_DAYS).count();
            CrewOff {
                altitude_km,
                days_before_entry: Quantiles::of(&before),
                six_months: six as f64 / n,
            }
        })
        .collect();
    Ok(DeorbitPlan {
        start,
        starts_at_once,
        natural_km: Quantiles::of(&ends.iter().map(|end| end.altitude_km).collect::<Vec<_>>()),
        lowering_m_s: Quantiles::of(&lowering),
        entry_m_s: entry_m_s.abs(),
        propellant_kg: Quantiles::of(&propellant),
        enough: enough as f64 / n,
        early: ends.iter().filter(|end| end.early).count() as f64 / n,
        crew_off,
    })
}

/// Where a world's orbit is on the day of entry.
struct Sunk {
    altitude_km: f64,
    early: bool,
}

fn natural(
    table: &DecayTable,
    q: &DeorbitQuestion<'_>,
    start: Mjd,
    world: &(SunPath, DensityPath),
) -> Sunk {
    let mut altitude_km = q.altitude_km;
    let mut now = start;
    while now < q.entry {
        let step = STEP_DAYS_MAX.min(q.entry - now);
        let scale = world.1.at(now + 0.5 * step);
        let end = decay_over(table, altitude_km, q.drag_area_m2_kg, scale, now, step, &world.0);
        altitude_km = end.altitude_km;
        if altitude_km < q.final_km {
            return Sunk { altitude_km, early: true };
        }
        now += step;
    }
    Sunk { altitude_km, early: false }
}

fn crossing(
    table: &DecayTable,
    q: &DeorbitQuestion<'_>,
    start: Mjd,
    world: &(SunPath, DensityPath),
    target_km: f64,
) -> Mjd {
    let mut altitude_km = q.altitude_km;
    let mut now = start;
    while now < q.entry && altitude_km > target_km {
        let step = STEP_DAYS_MAX.min(q.entry - now);
        let scale = world.1.at(now + 0.5 * step);
        let end = decay_over(table, altitude_km, q.drag_area_m2_kg, scale, now, step, &world.0);
        if end.altitude_km <= target_km {
            let share = (altitude_km - target_km) / (altitude_km - end.altitude_km);
            return now + share * end.days;
        }
        altitude_km = end.altitude_km;
        now += step;
    }
    now
}
