//! Altitude, reboosts, avoidance, and the propellant they take from whoever can push.

use crate::chance::Draws;
use crate::clock::{Kind, TICK_D};
use crate::course::{Course, Weight, note};
use crate::plan::{Plan, PushPlan};
use crate::resources::Resources;
use crate::traffic::Traffic;
use zarya_orbit::burns;
use zarya_units::{Mjd, random};

/// Attitude must be held at least at this value for a burn.
const ATTITUDE_LEAST: f64 = 0.5;
/// Routine reboosts leave the deorbit reserve alone until the orbit is this far under its band, km.
/// Assumed: programs fly low for months before they touch the reserve.
const RESERVE_MARGIN_KM: f64 = 20.0;

/// Longest fall in one step of the orbit, km: a tenth of the height over which air at the lowest floors
/// thickens by e.
const FALL_KM_MOST: f64 = 3.0;

/// How far above its band phasing may lift the orbit, km. Assumed: the mean altitude of 2021 lay 2 km
/// above that of 2020 at little drag.
const PHASING_MARGIN_KM: f64 = 3.0;
/// How far a burn from the reserve lifts the orbit above the low one, km. Assumed: some weeks.
const LOW_STEP_KM: f64 = 5.0;
/// Share of the deorbit reserve that no burn touches: attitude control lives on it. Assumed.
const ATTITUDE_SHARE: f64 = 0.25;

/// Altitude and light of a history.
#[derive(Clone, Debug)]
pub(crate) struct Orbit {
    altitude_km: f64,
    /// When `altitude_km` was brought up to date.
    flown_to: Mjd,
    fall_generation: u32,
    /// What an array carries over what it carries at beta 0, since the last tick.
    sunlit: f64,
    /// When debris comes near.
    avoidance: Draws,
}

/// The orbit has come down to its next limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fall {
    /// People leave.
    PeopleLeave,
    /// It cannot be held.
    StationLost,
}

impl Orbit {
    /// The orbit of no history yet.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            altitude_km: 0.0,
            flown_to: plan.start,
            fall_generation: 0,
            sunlit: 1.0,
            avoidance: Draws::of("avoidance"),
        }
    }

    pub(crate) fn start(&mut self, course: &mut Course<'_>) {
        self.altitude_km = course.world.value(course.plan.orbit.altitude_km);
        self.flown_to = course.now;
        self.avoidance = Draws::of("avoidance");
        self.face_sun(course);
        self.schedule_avoidance(course);
    }

    /// Mean altitude as of when it was last brought up to date.
    pub(crate) fn altitude_km(&self) -> f64 {
        self.altitude_km
    }

    /// What an array carries over what it carries at beta 0.
    pub(crate) fn sunlit(&self) -> f64 {
        self.sunlit
    }

    /// Takes the light on the arrays anew; it is held until the next tick. Stays 1 where nothing follows it.
    pub(crate) fn face_sun(&mut self, course: &Course<'_>) {
        if !course.plan.capabilities.iter().any(|c| c.sunlit) {
            return;
        }
        let days = course.now - course.plan.start;
        self.sunlit = course.world.sun.sunlit_factor(
            course.now,
            days,
            self.altitude_km,
            course.plan.orbit.inclination_deg,
        );
    }

    /// Brings the altitude up to now.
    pub(crate) fn sink(&mut self, course: &Course<'_>) {
        let mut left = course.now - self.flown_to;
        self.flown_to = course.now;
        while left > 0.0 && !course.station_lost {
            let (after, step) = fall(course, self.altitude_km, left);
            self.altitude_km = after;
            left -= step;
        }
    }

    /// Puts the day on the clock on which the orbit reaches its next limit before the next tick.
    pub(crate) fn watch_fall(&mut self, course: &mut Course<'_>, people: u32) {
        self.fall_generation = self.fall_generation.wrapping_add(1);
        if course.station_lost {
            return;
        }
        let limit = fall_limit_km(course, people);
        let week_ends = course.plan.start + f64::from(course.ticks) * TICK_D;
        let mut altitude = self.altitude_km;
        let mut at = course.now;
        // At four times today's rate the limit is far: no need to look closer. The air thickens by that
        // over 30 km at the lowest floors, which a fall so slow does not cross.
        let drag_area = course.world.value(course.plan.orbit.drag_area_m2_kg);
        let tick = (course.ticks as usize).saturating_sub(1);
        let rate = course.world.sun.decay_km_d(&course.plan.air, tick, altitude, drag_area);
        if 4.0 * rate * (week_ends - at) < (altitude - limit).min(30.0) {
            return;
        }
        while altitude > limit {
            let left = week_ends - at;
            if left <= 0.0 {
                return;
            }
            let (after, step) = fall(course, altitude, left);
            // Within a step of a few kilometers the fall is all but a straight line.
            let share = if after < limit { (altitude - limit) / (altitude - after) } else { 1.0 };
            at += step * share;
            altitude = after.max(limit);
        }
        course.schedule(at, Kind::OrbitFalls, 0, self.fall_generation);
    }

    /// The orbit has come down to its next limit: first people leave, then the station is lost.
    pub(crate) fn falls(
        &mut self,
        course: &mut Course<'_>,
        people: u32,
        generation: u32,
    ) -> Option<Fall> {
        if generation != self.fall_generation || course.station_lost {
            return None;
        }
        let limit = fall_limit_km(course, people);
        self.flown_to = course.now;
        self.altitude_km = self.altitude_km.min(limit);
        Some(if limit > course.world.value(course.plan.orbit.floor_km) {
            note!(course, "The orbit is down to {limit:.0} km.");
            Fall::PeopleLeave
        } else {
            note!(course, "The orbit is down to {limit:.0} km and cannot be held.");
            Fall::StationLost
        })
    }

    fn schedule_avoidance(&mut self, course: &mut Course<'_>) {
        let rate = course.world.value(course.plan.orbit.avoidance_per_d);
        if rate > 0.0 {
            let u = self.avoidance.next(&course.chance.source);
            course.schedule(course.now + random::exponential(u) / rate, Kind::Avoidance, 0, 0);
        }
    }

    /// Reboosts if it is time.
    pub(crate) fn reboost(&mut self, course: &mut Course<'_>, pushers: &mut Pushers<'_>) {
        if course.station_lost {
            return;
        }
        let plan = course.plan;
        let keep_above = course.world.value(plan.orbit.keep_above_km);
        if self.altitude_km < keep_above {
            let low_km = keep_above - RESERVE_MARGIN_KM;
            // The reserve is touched to stay above the low orbit, not to climb back.
            let (target, reserve) = if self.altitude_km < low_km {
                (low_km + LOW_STEP_KM, ATTITUDE_SHARE)
            } else {
                (course.world.value(plan.orbit.reboost_to_km).max(keep_above), 1.0)
            };
            let wanted = burns::delta_v_for(self.altitude_km, target - self.altitude_km);
            let given = pushers.burn(course, wanted, false, reserve);
            if given > 0.0 {
                let gain = burns::altitude_gain_km(self.altitude_km, given);
                self.altitude_km += gain;
                course.out.counts.reboosts += 1;
                note!(
                    course; Weight::Planned,
                    "Reboost of {given:.2} m/s to a mean altitude of {:.1} km.",
                    self.altitude_km
                );
            }
        }
    }

    /// Before a launch that meets the station within hours, the station's orbit is phased: a small
    /// burn, left out while the orbit is above its band.
    pub(crate) fn phase(
        &mut self,
        course: &mut Course<'_>,
        pushers: &mut Pushers<'_>,
        people: u32,
        vehicle: usize,
    ) {
        let plan = course.plan;
        let Some(phasing) = plan.vehicles[vehicle].phasing_m_s else { return };
        if self.altitude_km > course.world.value(plan.orbit.reboost_to_km) + PHASING_MARGIN_KM {
            return;
        }
        self.sink(course);
        let given = pushers.burn(course, course.world.value(phasing), false, 1.0);
        if given > 0.0 {
            self.altitude_km += burns::altitude_gain_km(self.altitude_km, given);
            self.watch_fall(course, people);
            course.out.counts.reboosts += 1;
            note!(
                course; Weight::Planned,
                "Phasing burn of {given:.2} m/s to a mean altitude of {:.1} km.",
                self.altitude_km
            );
        }
    }

    /// Debris comes near: the station gets out of the way if anybody can push. Returns whether the
    /// crew has to take shelter instead.
    pub(crate) fn avoid(
        &mut self,
        course: &mut Course<'_>,
        pushers: &mut Pushers<'_>,
        people: u32,
    ) -> bool {
        if course.station_lost {
            return false;
        }
        self.sink(course);
        let wanted = course.world.value(course.plan.orbit.avoidance_m_s);
        let given = pushers.burn(course, wanted, true, ATTITUDE_SHARE);
        if given > 0.0 {
            course.out.counts.avoidance_burns += 1;
            self.altitude_km += burns::altitude_gain_km(self.altitude_km, given);
            self.watch_fall(course, people);
            note!(course; Weight::Planned, "Debris avoidance of {given:.2} m/s.");
        } else {
            course.out.counts.avoidance_missed += 1;
            let shelter = if people > 0 { ": the crew takes shelter" } else { "" };
            note!(course, "Debris passes near, and nobody can push{shelter}.");
        }
        self.schedule_avoidance(course);
        given <= 0.0
    }
}

/// Falls from `altitude_km` for a step of at most `days`: the altitude after it and its length.
/// Midpoint rule; a step is shortened where the air thickens fast.
fn fall(course: &Course<'_>, altitude_km: f64, days: f64) -> (f64, f64) {
    let plan = course.plan;
    let drag_area = course.world.value(plan.orbit.drag_area_m2_kg);
    let tick = (course.ticks as usize).saturating_sub(1); // the week under way, or that ends now
    let sun = &course.world.sun;
    let rate = sun.decay_km_d(&plan.air, tick, altitude_km, drag_area);
    let step = if rate * days > FALL_KM_MOST { FALL_KM_MOST / rate } else { days };
    let middle = altitude_km - 0.5 * step * rate;
    (altitude_km - step * sun.decay_km_d(&plan.air, tick, middle, drag_area), step)
}

/// The next altitude at which something happens on the way down: people leave, or the station
/// is lost.
fn fall_limit_km(course: &Course<'_>, people: u32) -> f64 {
    let floor_km = course.world.value(course.plan.orbit.floor_km);
    match course.plan.orbit.crew_leaves_below_km {
        Some(leave) if people > 0 => course.world.value(leave).max(floor_km),
        _ => floor_km,
    }
}

/// What keeps everybody from pushing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Behind {
    /// A capability that is short.
    Capability(usize),
    /// A stock or a vehicle, by its cause.
    Cause(u16),
}

/// Who can push, and what they push with.
pub(crate) struct Pushers<'a> {
    pub(crate) resources: &'a mut Resources,
    pub(crate) traffic: &'a mut Traffic,
}

impl Pushers<'_> {
    pub(crate) fn attitude_held(&self, course: &Course<'_>) -> bool {
        course
            .plan
            .orbit
            .attitude
            .is_none_or(|c| self.resources.value(usize::from(c)) >= ATTITUDE_LEAST)
    }

    /// What keeps everybody from pushing, if anything does: attitude that nobody holds, propellant that has run out, or
    /// vehicles that have not come.
    pub(crate) fn why_nobody_pushes(&self, course: &Course<'_>) -> Option<Behind> {
        let plan = course.plan;
        if let Some(c) = plan.orbit.attitude.filter(|_| !self.attitude_held(course)) {
            return Some(Behind::Capability(usize::from(c)));
        }
        let docked = (0..self.traffic.n_slots()).filter(|slot| self.traffic.is_docked(*slot));
        let there: Vec<&PushPlan> = docked
            .filter_map(|slot| plan.vehicles[self.traffic.vehicle(slot)].push.as_ref())
            .chain(&plan.orbit.push)
            .collect();
        for push in &there {
            if let Some(c) = push.capability.map(usize::from)
                && self.resources.value(c) < ATTITUDE_LEAST
            {
                return Some(Behind::Capability(c));
            }
        }
        if let Some(push) = there.first() {
            return Some(Behind::Cause(plan.stocks[usize::from(push.stock)].cause));
        }
        let pusher = plan.vehicles.iter().find(|vehicle| vehicle.push.is_some());
        pusher.map(|vehicle| Behind::Cause(vehicle.cause))
    }

    /// Burns up to `wanted_m_s` with the first that can push, leaving a share of the deorbit reserve
    /// alone, and returns what was given.
    fn burn(
        &mut self,
        course: &mut Course<'_>,
        wanted_m_s: f64,
        short_notice: bool,
        reserve_kept: f64,
    ) -> f64 {
        if !self.attitude_held(course) {
            return 0.0;
        }
        let plan = course.plan;
        // (preference, slot) of every pusher; the station's own engines come without a slot.
        let mut pushers: Vec<(u8, Option<usize>)> = (0..self.traffic.n_slots())
            .filter(|slot| self.traffic.is_docked(*slot))
            .filter_map(|slot| {
                let push = plan.vehicles[self.traffic.vehicle(slot)].push.as_ref()?;
                Some((push.preference, Some(slot)))
            })
            .collect();
        if let Some(push) = &plan.orbit.push {
            pushers.push((push.preference, None));
        }
        pushers.sort_unstable();
        for (_, slot) in pushers {
            let push = match slot {
                Some(i) => plan.vehicles[self.traffic.vehicle(i)].push.as_ref(),
                None => plan.orbit.push.as_ref(),
            };
            let push = push.expect("listed because it can push");
            if short_notice && !push.avoidance {
                continue;
            }
            let limit = slot.map_or(f64::INFINITY, |i| self.traffic.delta_v_left(i));
            let given = self.burn_with(course, push, slot, wanted_m_s.min(limit), reserve_kept);
            if given > 0.0 {
                if let Some(i) = slot {
                    self.traffic.pushed(i, given);
                }
                return given;
            }
        }
        0.0
    }

    fn burn_with(
        &mut self,
        course: &mut Course<'_>,
        push: &PushPlan,
        slot: Option<usize>,
        wanted_m_s: f64,
        reserve_kept: f64,
    ) -> f64 {
        let plan = course.plan;
        if let Some(c) = push.capability
            && self.resources.value(usize::from(c)) < ATTITUDE_LEAST
        {
            return 0.0;
        }
        let s = usize::from(push.stock);
        self.resources.settle_stock(course.now, s);
        let reserve = if plan.orbit.deorbit_stock == Some(push.stock) {
            course.world.value(plan.orbit.deorbit_reserve_kg) * reserve_kept
        } else {
            0.0
        };
        let mut available = (self.resources.level_kg(s) - reserve).max(0.0);
        let own = slot.filter(|slot| self.traffic.own_tanks(plan, *slot).is_some());
        if let Some(slot) = own {
            available = available.min(self.traffic.own_propellant_kg(slot));
        }
        let mass = course.world.value(plan.orbit.mass_kg);
        let isp = course.world.value(push.isp_s);
        let needed = burns::propellant_kg(mass, wanted_m_s, isp);
        if needed <= 0.0 || available <= 0.0 {
            return 0.0;
        }
        // A small burn is linear in its propellant to 1e-3.
        let share = (available / needed).min(1.0);
        if share < 0.2 {
            return 0.0; // not worth a burn: wait for the next flight
        }
        self.resources.move_stock(course, s, -needed * share);
        if let Some(slot) = own {
            self.traffic.burned(slot, needed * share);
        }
        course.out.propellant_kg += needed * share;
        wanted_m_s * share
    }

    /// Whether a contingency deorbit could be flown now: reserve, a pusher and attitude.
    #[inline]
    pub(crate) fn deorbit_possible(&mut self, course: &Course<'_>) -> bool {
        let plan = course.plan;
        let Some(stock) = plan.orbit.deorbit_stock else { return false };
        let s = usize::from(stock);
        self.resources.settle_stock(course.now, s);
        let reserve =
            self.resources.level_kg(s) >= course.world.value(plan.orbit.deorbit_reserve_kg);
        let pusher = plan.orbit.push.as_ref().is_some_and(|p| {
            p.capability.is_none_or(|c| self.resources.value(usize::from(c)) >= ATTITUDE_LEAST)
        }) || (0..self.traffic.n_slots()).any(|slot| {
            self.traffic.is_docked(slot)
                && plan.vehicles[self.traffic.vehicle(slot)]
                    .push
                    .as_ref()
                    .is_some_and(|p| p.stock == stock)
        });
        !course.station_lost && reserve && pusher && self.attitude_held(course)
    }
}
