//! A controlled end: when to stop holding the altitude, when the crew leaves, what is burned when.

use crate::burns::{delta_v_for, delta_v_to_perigee, propellant_ahead_of_kg};
use crate::decay::{STEP_DAYS_MAX, decay_over};
use crate::density::{DensityPath, FITTED_BEFORE_2012};
use crate::error::OrbitError;
use crate::sun::SunPath;
use crate::table::{ALTITUDE_KM, DecayTable};
use crate::watch::{Watch, each};
use crate::worlds::{Quantiles, SunChoice, check_altitude, density_of_world, sun_of_world};
use schemars::JsonSchema;
use serde::Serialize;
use zarya_units::Mjd;
use zarya_units::random::Source;

/// The end that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct DeorbitQuestion<'a> {
    /// The decay rates: [`DecayTable::embedded`], or those of another inclination.
    pub table: &'a DecayTable,
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
    /// Days before entry by which the crew has left: the leaving altitude is reached by then.
    pub crew_off_days: f64,
    /// Altitude of the last burns before the entry burn, km.
    pub final_km: f64,
    /// Days before entry on which those are flown.
    pub final_days: f64,
    /// Perigee that the entry burn aims at, km.
    pub perigee_km: f64,
    /// Share of worlds in which drag alone may pass `final_km` before the last burns.
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

/// Quantiles over worlds with their mean: means of parts add up to the mean of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Spread {
    /// 5, 50 and 95 %.
    #[serde(flatten)]
    pub quantiles: Quantiles,
    /// Mean over worlds.
    pub mean: f64,
}

impl Spread {
    fn of(sample: &[f64]) -> Self {
        Self {
            quantiles: Quantiles::of(sample),
            mean: sample.iter().sum::<f64>() / sample.len() as f64,
        }
    }
}

/// What a burn of the end is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Purpose {
    /// To the altitude at which the crew leaves.
    #[serde(rename = "lowering to the leaving altitude")]
    Leaving,
    /// To the altitude of the last burns.
    #[serde(rename = "lowering to the final altitude")]
    Final,
    /// Into the air.
    #[serde(rename = "entry")]
    Entry,
}

/// One burn of the end, or one series of burns on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct EndBurn {
    /// What it is for.
    pub purpose: Purpose,
    /// The day.
    pub date: Mjd,
    /// Altitude before, km.
    pub from_km: Quantiles,
    /// Altitude after, km; of an entry burn the perigee.
    pub to_km: f64,
    /// Share of worlds in which it is flown at all.
    pub needed: f64,
    /// Velocity change, m/s, as a magnitude; 0 in worlds without it.
    pub delta_v_m_s: Spread,
    /// Propellant, kg.
    pub propellant_kg: Spread,
}

/// The crew's leaving.
#[derive(Clone, Debug, PartialEq)]
pub struct CrewOff {
    /// The altitude at which it leaves, km.
    pub altitude_km: f64,
    /// The day by which it has left in any case: burns bring the orbit down on that day. The last
    /// burns' day for an altitude that is not above the final one.
    pub by: Mjd,
    /// When it leaves, days before entry: when drag reaches the altitude, or on that day.
    pub days_before_entry: Quantiles,
    /// Probability that drag alone reaches the altitude by that day.
    pub by_drag: f64,
    /// Share of worlds in which it leaves at least six months before entry.
    pub six_months: f64,
}

/// The end as planned for one leaving altitude.
#[derive(Clone, Debug, PartialEq)]
pub struct DeorbitPlan {
    /// The start of lowering: reboosts stop here.
    pub start: Mjd,
    /// Whether lowering may start on the first day without sinking too early.
    pub starts_at_once: bool,
    /// Altitude before the first burn that lowers, km.
    pub natural_km: Quantiles,
    /// The burns in order of their dates.
    pub burns: Vec<EndBurn>,
    /// Velocity change of all of them, m/s.
    pub delta_v_m_s: Spread,
    /// Propellant of all of them, kg.
    pub propellant_kg: Spread,
    /// Probability that the capacity is enough for all of them.
    pub enough: f64,
    /// Propellant from the leaving altitude on, kg.
    pub after_leaving_kg: Spread,
    /// Probability that the capacity is enough from the leaving altitude on, if something else lowers to it.
    pub enough_after_leaving: f64,
    /// Probability of sinking below the final altitude before the last burns, or below the tables before entry.
    pub early: f64,
    /// Probability that the capacity is enough and it is not early.
    pub as_planned: f64,
    /// The crew's leaving.
    pub crew_off: CrewOff,
    /// Where no start keeps `early` to the share asked for: the most days before entry at which the
    /// crew's leaving by burns would; nothing where no number of days does.
    pub crew_off_days_most: Option<f64>,
    /// Probability that the last burns are flown and drag takes the orbit below the tables before
    /// the entry burn.
    pub lost_after_last_burns: f64,
    /// Altitude by date with the burns of each world: two rows on a day of burns.
    pub path_km: Vec<(Mjd, Quantiles)>,
}

/// Days before entry by which the crew has left where nothing else is said: half a year, since the last
/// crew of the ISS is to leave about six months before entry.
pub const CREW_OFF_D: u32 = 183;

/// Half a year, days.
const SIX_MONTHS_DAYS: f64 = 182.6;
/// Below this altitude a week loses tens of kilometers in strong Suns: steps of a day, km.
const DAILY_BELOW_KM: f64 = 300.0;
/// Dates of a path besides those of burns.
const PATH_DATES: f64 = 180.0;

/// One drawn future.
struct World {
    sun: SunPath,
    density: DensityPath,
}

/// The dates of a plan.
#[derive(Clone, Copy)]
struct Schedule {
    leaving_km: f64,
    /// Whether burns to the leaving altitude have a day of their own.
    leaves_first: bool,
    /// The day by which the crew has left.
    by: Mjd,
    last_burns: Mjd,
}

/// One world's flight of a plan.
struct Flight {
    crew_off: Mjd,
    /// Altitudes before the burns, km.
    before_km: [f64; 3],
    /// Velocity changes, m/s.
    delta_v_m_s: [f64; 3],
    propellant_kg: [f64; 3],
    by_drag: bool,
    early: bool,
    lost_at_last: bool,
    path_km: Vec<f64>,
}

/// Plans the end once for each leaving altitude of `leaving_km`.
///
/// # Model
///
/// Reboosts stop at the start of lowering and drag does the work. By `crew_off_days` before entry
/// the leaving altitude is reached: by drag, or by burns on that day. Drag goes on from there, faster.
/// On the day `final_days` before entry what is left to the final altitude is burned, and on the day
/// of entry the perigee is lowered from where drag has brought the orbit by then. An altitude that is not above the
/// final one needs no burns of its own: the crew leaves on the day of the last burns at the latest.
///
/// The start is the earliest day at which no more than `early_share` of the worlds pass the final
/// altitude before the last burns, all on paths with burns: earlier starts would need holding burns, later ones
/// more lowering burns. Where the burns to the leaving altitude alone bring more worlds down too
/// early, no start helps: it is then the earliest that adds none, and
/// [`DeorbitPlan::crew_off_days_most`] says by when the crew would have to stay.
///
/// Propellant follows the rocket equation backward from `mass_kg`. Left out: holding burns, the
/// propellant's own weight in the drag (3 % with 16 t aboard), and losses of long burns. A world below
/// 150 km is early, and its entry burn is counted as if it were flown from there.
///
/// # Errors
///
/// [`OrbitError::Altitude`], [`OrbitError::Plan`], [`OrbitError::NoObservation`], [`OrbitError::Stopped`].
pub fn deorbit(
    question: &DeorbitQuestion<'_>,
    leaving_km: &[f64],
    watch: Watch<'_>,
) -> Result<Vec<DeorbitPlan>, OrbitError> {
    let q = question;
    let schedules: Vec<Schedule> =
        leaving_km.iter().map(|&km| schedule(q, km)).collect::<Result<_, _>>()?;
    // Each world's own earliest start, then all worlds again from the common one: a world is drawn
    // twice, and none is kept.
    let mut starts = vec![Vec::with_capacity(q.worlds as usize); schedules.len()];
    each(watch, "starts in worlds", q.worlds, |number| {
        let world = draw(q, number)?;
        for (starts, schedule) in starts.iter_mut().zip(&schedules) {
            starts.push(earliest_start(q, schedule, &world));
        }
        Ok(())
    })?;
    let chosen: Vec<Start> = starts
        .into_iter()
        .zip(&schedules)
        .map(|(starts, schedule)| Start::of(q, schedule, starts))
        .collect();
    let dates: Vec<Vec<Vec<Mjd>>> =
        schedules.iter().zip(&chosen).map(|(s, start)| path_dates(q, s, start.day)).collect();
    let mut flights: Vec<Vec<Flight>> = schedules.iter().map(|_| Vec::new()).collect();
    let mut most = vec![Vec::new(); schedules.len()];
    each(watch, "flights in worlds", q.worlds, |number| {
        let world = draw(q, number)?;
        for (i, schedule) in schedules.iter().enumerate() {
            flights[i].push(fly(q, schedule, &world, chosen[i].day, &dates[i]));
            if chosen[i].too_early {
                most[i].push(longest_stay(q, schedule, &world));
            }
        }
        Ok(())
    })?;
    let plans = schedules.iter().zip(&chosen).zip(flights.iter().zip(most)).zip(&dates);
    Ok(plans
        .map(|(((schedule, start), (flights, most)), dates)| {
            let most = (start.too_early && schedule.leaves_first).then(|| {
                let mut most = most;
                most.sort_by(f64::total_cmp);
                most[allowed(q).min(most.len() - 1)]
            });
            let most = most.filter(|days| *days >= q.final_days);
            summary(q, schedule, start, flights, most, dates)
        })
        .collect())
}

/// Checks a question for one leaving altitude and returns its dates.
fn schedule(q: &DeorbitQuestion<'_>, leaving_km: f64) -> Result<Schedule, OrbitError> {
    for altitude in [q.altitude_km, q.final_km, leaving_km] {
        check_altitude(altitude)?;
    }
    let wrong = |why: String| Err(OrbitError::Plan(why));
    if q.final_km >= q.altitude_km {
        return wrong(format!(
            "the final altitude of {} km is not below the present {} km: lowering has nowhere to go",
            q.final_km, q.altitude_km
        ));
    }
    if leaving_km >= q.altitude_km {
        return wrong(format!(
            "the crew cannot leave at {leaving_km} km on the way down from {} km: give an altitude below",
            q.altitude_km
        ));
    }
    if q.perigee_km >= ALTITUDE_KM.0 {
        return wrong(format!(
            "a perigee of {} km is no entry: aim below {} km",
            q.perigee_km, ALTITUDE_KM.0
        ));
    }
    let leaves_first = leaving_km > q.final_km;
    let last_burns = q.entry - q.final_days.floor();
    let by = if leaves_first { q.entry - q.crew_off_days.floor() } else { last_burns };
    if last_burns <= q.from {
        return wrong(format!(
            "the last burns, {} days before entry, would fall before the first day: the entry is \
             {:.0} days away",
            q.final_days,
            q.entry - q.from
        ));
    }
    if by < q.from {
        return wrong(format!(
            "{} days before entry lie before the first day: the crew cannot leave by then, the entry is \
             {:.0} days away",
            q.crew_off_days,
            q.entry - q.from
        ));
    }
    if by > last_burns {
        return wrong(format!(
            "the crew leaves before the last burns: {} days before entry are fewer than {}",
            q.crew_off_days, q.final_days
        ));
    }
    Ok(Schedule { leaving_km, leaves_first, by, last_burns })
}

fn draw(q: &DeorbitQuestion<'_>, number: u32) -> Result<World, OrbitError> {
    let source = Source::new(q.seed, u64::from(number));
    let days = (q.entry - q.from) as usize;
    Ok(World {
        sun: sun_of_world(q.sun, q.from, days, &source)?,
        density: density_of_world(FITTED_BEFORE_2012, q.from, days, &source),
    })
}

/// Worlds that may be early.
fn allowed(q: &DeorbitQuestion<'_>) -> usize {
    (q.early_share * f64::from(q.worlds) + 1e-9) as usize
}

/// The common start.
struct Start {
    day: Mjd,
    /// Whether even the latest start leaves more worlds early than allowed.
    too_early: bool,
}

impl Start {
    /// Chooses it from the earliest starts of the worlds, which are infinite where none helps.
    fn of(q: &DeorbitQuestion<'_>, schedule: &Schedule, mut starts: Vec<Mjd>) -> Self {
        let hopeless = starts.iter().filter(|start| start.is_infinite()).count();
        starts.sort_by(|a, b| b.total_cmp(a));
        let after = starts.get(allowed(q).max(hopeless)).copied();
        Self { day: after.unwrap_or(schedule.by), too_early: hopeless > allowed(q) }
    }
}

/// Returns the earliest day from which this world is not early, infinite where there is none.
///
/// A later start is nowhere lower, so that halving finds it.
fn earliest_start(q: &DeorbitQuestion<'_>, schedule: &Schedule, world: &World) -> Mjd {
    let early = |start: Mjd| fly(q, schedule, world, start, &[]).early;
    if !early(q.from) {
        return q.from;
    }
    if early(schedule.by) {
        return f64::INFINITY;
    }
    halved(q.from, schedule.by, |start| !early(start))
}

/// Returns the most days before entry from which the leaving altitude lasts to the last burns; 0 where
/// the days after those are too many already.
fn longest_stay(q: &DeorbitQuestion<'_>, schedule: &Schedule, world: &World) -> f64 {
    let mut last_km = q.final_km;
    sink(q, world, &mut last_km, schedule.last_burns, q.entry, &mut |_, _, _, _| {});
    if last_km <= ALTITUDE_KM.0 {
        return 0.0;
    }
    let lasts = |from: Mjd| {
        let mut now = schedule.leaving_km;
        sink(q, world, &mut now, from, schedule.last_burns, &mut |_, _, _, _| {});
        now >= q.final_km
    };
    if lasts(q.from) {
        return q.entry - q.from;
    }
    q.entry - halved(q.from, schedule.last_burns, lasts)
}

/// Returns the first whole day after `low` on which `holds`; it holds on `high`.
fn halved(mut low: Mjd, mut high: Mjd, holds: impl Fn(Mjd) -> bool) -> Mjd {
    while high - low > 1.0 {
        let middle = (0.5 * (low + high)).floor();
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Sinks under drag; `visit` sees every step as (time, altitude) before and after. The floor of the
/// tables holds what reaches it.
fn sink(
    q: &DeorbitQuestion<'_>,
    world: &World,
    altitude_km: &mut f64,
    from: Mjd,
    to: Mjd,
    visit: &mut dyn FnMut(Mjd, f64, Mjd, f64),
) {
    let mut now = from;
    while now < to {
        // Steps end on the same days whenever lowering starts, so that later starts stay above.
        let longest = if *altitude_km < DAILY_BELOW_KM { 1.0 } else { STEP_DAYS_MAX };
        let ended = ((now - q.from) / longest).floor();
        let step = (q.from + (ended + 1.0) * longest).min(to) - now;
        let scale = world.density.at(now + 0.5 * step);
        let end =
            decay_over(q.table, *altitude_km, q.drag_area_m2_kg, scale, now, step, &world.sun);
        visit(now, *altitude_km, now + step, end.altitude_km);
        *altitude_km = end.altitude_km;
        now += step;
    }
}

/// Flies a plan in one world; `dates` holds those of the path's three legs, or nothing.
fn fly(
    q: &DeorbitQuestion<'_>,
    schedule: &Schedule,
    world: &World,
    start: Mjd,
    dates: &[Vec<Mjd>],
) -> Flight {
    let mut flight = Flight {
        crew_off: schedule.by,
        before_km: [0.0; 3],
        delta_v_m_s: [0.0; 3],
        propellant_kg: [0.0; 3],
        by_drag: false,
        early: false,
        lost_at_last: false,
        path_km: Vec::new(),
    };
    let mut altitude = q.altitude_km;
    let mut now = start;
    let ends = [
        (schedule.by, if schedule.leaves_first { schedule.leaving_km } else { q.final_km }),
        (schedule.last_burns, q.final_km),
    ];
    for (leg, (end, target_km)) in ends.into_iter().enumerate() {
        let mut reached = None;
        let mut marker = Marker::new(dates, leg, &mut flight.path_km, altitude, now);
        sink(q, world, &mut altitude, now, end, &mut |t0, z0, t1, z1| {
            marker.step(t0, z0, t1, z1);
            if reached.is_none() && z1 <= schedule.leaving_km {
                let share = if z0 > z1 { (z0 - schedule.leaving_km) / (z0 - z1) } else { 0.0 };
                reached = Some(t0 + share.clamp(0.0, 1.0) * (t1 - t0));
            }
        });
        marker.finish(altitude);
        now = end;
        if leg == 0 {
            flight.by_drag = reached.is_some();
            flight.crew_off = reached.unwrap_or(end);
        }
        flight.before_km[leg] = altitude;
        if altitude > target_km {
            flight.delta_v_m_s[leg] = delta_v_for(altitude, target_km - altitude).abs();
            altitude = target_km;
        }
    }
    flight.early = altitude < q.final_km;
    let mut marker = Marker::new(dates, 2, &mut flight.path_km, altitude, now);
    sink(q, world, &mut altitude, now, q.entry, &mut |t0, z0, t1, z1| marker.step(t0, z0, t1, z1));
    marker.finish(altitude);
    flight.before_km[2] = altitude;
    flight.lost_at_last = !flight.early && altitude <= ALTITUDE_KM.0;
    flight.early |= flight.lost_at_last;
    flight.delta_v_m_s[2] = delta_v_to_perigee(altitude, q.perigee_km).abs();
    if !schedule.leaves_first {
        // The burns of the first leg are the last ones, on the same day.
        flight.before_km.swap(0, 1);
        flight.delta_v_m_s.swap(0, 1);
    }
    let mut mass_kg = q.mass_kg;
    for burn in (0..3).rev() {
        let kg = propellant_ahead_of_kg(mass_kg, flight.delta_v_m_s[burn], q.isp_s);
        flight.propellant_kg[burn] = kg;
        mass_kg += kg;
    }
    flight
}

/// Reads a leg's altitudes at the dates of a path.
struct Marker<'a> {
    dates: &'a [Mjd],
    path_km: &'a mut Vec<f64>,
    next: usize,
}

impl<'a> Marker<'a> {
    fn new(
        dates: &'a [Vec<Mjd>],
        leg: usize,
        path_km: &'a mut Vec<f64>,
        altitude_km: f64,
        now: Mjd,
    ) -> Self {
        let mut marker =
            Self { dates: dates.get(leg).map_or(&[], Vec::as_slice), path_km, next: 0 };
        // Held until lowering starts.
        while marker.dates.get(marker.next).is_some_and(|date| *date <= now) {
            marker.push(altitude_km);
        }
        marker
    }

    fn push(&mut self, altitude_km: f64) {
        self.path_km.push(altitude_km);
        self.next += 1;
    }

    fn step(&mut self, t0: Mjd, z0: f64, t1: Mjd, z1: f64) {
        while let Some(date) = self.dates.get(self.next).filter(|date| **date <= t1) {
            let share = (date - t0) / (t1 - t0);
            self.push(z0 + share * (z1 - z0));
        }
    }

    fn finish(&mut self, altitude_km: f64) {
        while self.next < self.dates.len() {
            self.push(altitude_km);
        }
    }
}

/// Dates of a path by leg; each leg has its first and its last one.
fn path_dates(q: &DeorbitQuestion<'_>, schedule: &Schedule, start: Mjd) -> Vec<Vec<Mjd>> {
    let first = q.from.max(start - 30.0).min(start);
    let every = ((q.entry - first) / PATH_DATES).ceil().max(1.0);
    let edges = [first, schedule.by, schedule.last_burns, q.entry];
    edges
        .windows(2)
        .enumerate()
        .map(|(leg, edge)| {
            if edge[1] <= edge[0] {
                return Vec::new();
            }
            // The last days sink by kilometers a day.
            let every = if leg == 2 { 0.5 } else { every };
            let n = ((edge[1] - edge[0]) / every).ceil().max(1.0);
            let mut dates: Vec<Mjd> =
                (0..=n as usize).map(|i| edge[0] + (edge[1] - edge[0]) * i as f64 / n).collect();
            if leg == 0 && start > first {
                dates.push(start);
                dates.sort_by(f64::total_cmp);
            }
            dates
        })
        .collect()
}

fn summary(
    q: &DeorbitQuestion<'_>,
    schedule: &Schedule,
    start: &Start,
    flights: &[Flight],
    crew_off_days_most: Option<f64>,
    dates: &[Vec<Mjd>],
) -> DeorbitPlan {
    let n = flights.len() as f64;
    let share = |holds: &dyn Fn(&Flight) -> bool| {
        flights.iter().filter(|flight| holds(flight)).count() as f64 / n
    };
    let each = |value: &dyn Fn(&Flight) -> f64| flights.iter().map(value).collect::<Vec<f64>>();
    let total = |flight: &Flight| flight.propellant_kg.iter().sum::<f64>();
    let late = |flight: &Flight| flight.propellant_kg[1] + flight.propellant_kg[2];
    let purposes = [
        (Purpose::Leaving, schedule.by, schedule.leaving_km),
        (Purpose::Final, schedule.last_burns, q.final_km),
        (Purpose::Entry, q.entry, q.perigee_km),
    ];
    let first = usize::from(!schedule.leaves_first);
    let burns = (first..3)
        .map(|i| EndBurn {
            purpose: purposes[i].0,
            date: purposes[i].1,
            from_km: Quantiles::of(&each(&|flight| flight.before_km[i])),
            to_km: purposes[i].2,
            needed: share(&|flight| flight.delta_v_m_s[i] > 0.0),
            delta_v_m_s: Spread::of(&each(&|flight| flight.delta_v_m_s[i])),
            propellant_kg: Spread::of(&each(&|flight| flight.propellant_kg[i])),
        })
        .collect();
    let early = share(&|flight| flight.early);
    let path = dates.iter().flatten().enumerate();
    DeorbitPlan {
        start: start.day,
        starts_at_once: start.day <= q.from && !start.too_early,
        natural_km: Quantiles::of(&each(&|flight| flight.before_km[first])),
        burns,
        delta_v_m_s: Spread::of(&each(&|flight| flight.delta_v_m_s.iter().sum())),
        propellant_kg: Spread::of(&each(&total)),
        enough: share(&|flight| total(flight) <= q.capacity_kg),
        after_leaving_kg: Spread::of(&each(&late)),
        enough_after_leaving: share(&|flight| late(flight) <= q.capacity_kg),
        early,
        as_planned: share(&|flight| total(flight) <= q.capacity_kg && !flight.early),
        crew_off: CrewOff {
            altitude_km: schedule.leaving_km,
            by: schedule.by,
            days_before_entry: Quantiles::of(&each(&|flight| q.entry - flight.crew_off)),
            by_drag: share(&|flight| flight.by_drag),
            six_months: share(&|flight| q.entry - flight.crew_off >= SIX_MONTHS_DAYS),
        },
        crew_off_days_most,
        lost_after_last_burns: share(&|flight| flight.lost_at_last),
        path_km: path
            .map(|(i, date)| (*date, Quantiles::of(&each(&|flight| flight.path_km[i]))))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
