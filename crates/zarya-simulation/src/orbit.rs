//! Altitude, reboosts, avoidance, and the propellant they take from whoever can push.

use crate::clock::{Kind, TICK_D};
use crate::course::note;
use crate::history::Engine;
use crate::outcome::{Cause, Rung};
use crate::plan::PushPlan;
use zarya_orbit::burns;
use zarya_units::random;

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

impl Engine<'_> {
    pub(crate) fn start_orbit(&mut self) {
        self.altitude_km = self.course.world.value(self.course.plan.orbit.altitude_km);
        self.flown_to = self.course.now;
        self.face_sun();
        self.schedule_avoidance();
    }

    /// Takes the light on the arrays anew; it is held until the next tick.
    pub(crate) fn face_sun(&mut self) {
        let days = self.course.now - self.course.plan.start;
        self.sunlit = self.course.world.sun.sunlit_factor(
            self.course.now,
            days,
            self.altitude_km,
            self.course.plan.orbit.inclination_deg,
        );
    }

    /// Falls from `altitude_km` for a step of at most `days`: the altitude after it and its length.
    /// Midpoint rule; a step is shortened where the air thickens fast.
    fn fall(&self, altitude_km: f64, days: f64) -> (f64, f64) {
        let plan = self.course.plan;
        let drag_area = self.course.world.value(plan.orbit.drag_area_m2_kg);
        let tick = (self.course.ticks as usize).saturating_sub(1); // the week under way, or that ends now
        let sun = &self.course.world.sun;
        let rate = sun.decay_km_d(&plan.air, tick, altitude_km, drag_area);
        let step = if rate * days > FALL_KM_MOST { FALL_KM_MOST / rate } else { days };
        let middle = altitude_km - 0.5 * step * rate;
        (altitude_km - step * sun.decay_km_d(&plan.air, tick, middle, drag_area), step)
    }

    /// Brings the altitude up to now.
    pub(crate) fn sink(&mut self) {
        let mut left = self.course.now - self.flown_to;
        self.flown_to = self.course.now;
        while left > 0.0 && !self.course.station_lost {
            let (after, step) = self.fall(self.altitude_km, left);
            self.altitude_km = after;
            left -= step;
        }
    }

    /// The next altitude at which something happens on the way down: people leave, or the station
    /// is lost.
    fn fall_limit_km(&self) -> f64 {
        let floor_km = self.course.world.value(self.course.plan.orbit.floor_km);
        match self.course.plan.orbit.crew_leaves_below_km {
            Some(leave) if self.crew.people() > 0 => self.course.world.value(leave).max(floor_km),
            _ => floor_km,
        }
    }

    /// Puts the day on the clock on which the orbit reaches its next limit before the next tick.
    pub(crate) fn watch_fall(&mut self) {
        self.fall_generation = self.fall_generation.wrapping_add(1);
        if self.course.station_lost {
            return;
        }
        let limit = self.fall_limit_km();
        let week_ends = self.course.plan.start + f64::from(self.course.ticks) * TICK_D;
        let mut altitude = self.altitude_km;
        let mut at = self.course.now;
        // At four times today's rate the limit is far: no need to look closer. The air thickens by that
        // over 30 km at the lowest floors, which a fall so slow does not cross.
        let drag_area = self.course.world.value(self.course.plan.orbit.drag_area_m2_kg);
        let tick = (self.course.ticks as usize).saturating_sub(1);
        let rate =
            self.course.world.sun.decay_km_d(&self.course.plan.air, tick, altitude, drag_area);
        if 4.0 * rate * (week_ends - at) < (altitude - limit).min(30.0) {
            return;
        }
        while altitude > limit {
            let left = week_ends - at;
            if left <= 0.0 {
                return;
            }
            let (after, step) = self.fall(altitude, left);
            // Within a step of a few kilometers the fall is all but a straight line.
            let share = if after < limit { (altitude - limit) / (altitude - after) } else { 1.0 };
            at += step * share;
            altitude = after.max(limit);
        }
        self.course.schedule(at, Kind::OrbitFalls, 0, self.fall_generation);
    }

    /// The orbit has come down to its next limit: first people leave, then the station is lost.
    pub(crate) fn orbit_falls(&mut self, generation: u32) {
        if generation != self.fall_generation || self.course.station_lost {
            return;
        }
        let limit = self.fall_limit_km();
        self.flown_to = self.course.now;
        self.altitude_km = self.altitude_km.min(limit);
        let cause = Cause {
            direct: self.course.plan.cause_altitude,
            root: self.course.plan.cause_altitude,
        };
        if limit > self.course.world.value(self.course.plan.orbit.floor_km) {
            note!(self.course, "The orbit is down to {limit:.0} km.");
            self.evacuate(cause);
            self.watch_fall();
        } else {
            note!(self.course, "The orbit is down to {limit:.0} km and cannot be held.");
            self.lose_station(cause);
        }
    }

    /// Reboosts if it is time.
    pub(crate) fn reboost(&mut self) {
        if self.course.station_lost {
            return;
        }
        let plan = self.course.plan;
        let keep_above = self.course.world.value(plan.orbit.keep_above_km);
        if self.altitude_km < keep_above {
            let low_km = keep_above - RESERVE_MARGIN_KM;
            // The reserve is touched to stay above the low orbit, not to climb back.
            let (target, reserve) = if self.altitude_km < low_km {
                (low_km + LOW_STEP_KM, ATTITUDE_SHARE)
            } else {
                (self.course.world.value(plan.orbit.reboost_to_km).max(keep_above), 1.0)
            };
            let wanted = burns::delta_v_for(self.altitude_km, target - self.altitude_km);
            let given = self.burn(wanted, false, reserve);
            if given > 0.0 {
                let gain = burns::altitude_gain_km(self.altitude_km, given);
                self.altitude_km += gain;
                self.course.out.counts.reboosts += 1;
                note!(
                    self.course,
                    "Reboost of {given:.2} m/s to a mean altitude of {:.1} km.",
                    self.altitude_km
                );
            }
        }
    }

    /// Before a launch that meets the station within hours, the station's orbit is phased: a small
    /// burn, left out while the orbit is above its band.
    pub(crate) fn phase(&mut self, vehicle: usize) {
        let plan = self.course.plan;
        let Some(phasing) = plan.vehicles[vehicle].phasing_m_s else { return };
        if self.altitude_km > self.course.world.value(plan.orbit.reboost_to_km) + PHASING_MARGIN_KM
        {
            return;
        }
        self.sink();
        let given = self.burn(self.course.world.value(phasing), false, 1.0);
        if given > 0.0 {
            self.altitude_km += burns::altitude_gain_km(self.altitude_km, given);
            self.watch_fall();
            self.course.out.counts.reboosts += 1;
            note!(
                self.course,
                "Phasing burn of {given:.2} m/s to a mean altitude of {:.1} km.",
                self.altitude_km
            );
        }
    }

    fn attitude_held(&self) -> bool {
        self.course
            .plan
            .orbit
            .attitude
            .is_none_or(|c| self.capabilities[usize::from(c)].value >= ATTITUDE_LEAST)
    }

    /// Burns up to `wanted_m_s` with the first that can push, leaving a share of the deorbit reserve
    /// alone, and returns what was given.
    fn burn(&mut self, wanted_m_s: f64, short_notice: bool, reserve_kept: f64) -> f64 {
        if !self.attitude_held() {
            return 0.0;
        }
        let plan = self.course.plan;
        // (preference, slot) of every pusher; the station's own engines come without a slot.
        let mut pushers: Vec<(u8, Option<usize>)> = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, s)| s.active)
            .filter_map(|(i, s)| {
                let push = plan.vehicles[usize::from(s.vehicle)].push.as_ref()?;
                Some((push.preference, Some(i)))
            })
            .collect();
        if let Some(push) = &plan.orbit.push {
            pushers.push((push.preference, None));
        }
        pushers.sort_unstable();
        for (_, slot) in pushers {
            let push = match slot {
                Some(i) => plan.vehicles[usize::from(self.slots[i].vehicle)].push.as_ref(),
                None => plan.orbit.push.as_ref(),
            };
            let push = push.expect("listed because it can push");
            if short_notice && !push.avoidance {
                continue;
            }
            let limit = slot.map_or(f64::INFINITY, |i| self.slots[i].delta_v_left);
            let given = self.burn_with(push, slot, wanted_m_s.min(limit), reserve_kept);
            if given > 0.0 {
                if let Some(i) = slot {
                    self.slots[i].delta_v_left -= given;
                }
                return given;
            }
        }
        0.0
    }

    fn burn_with(
        &mut self,
        push: &PushPlan,
        slot: Option<usize>,
        wanted_m_s: f64,
        reserve_kept: f64,
    ) -> f64 {
        let plan = self.course.plan;
        if let Some(c) = push.capability
            && self.capabilities[usize::from(c)].value < ATTITUDE_LEAST
        {
            return 0.0;
        }
        let s = usize::from(push.stock);
        self.settle_stock(s);
        let reserve = if plan.orbit.deorbit_stock == Some(push.stock) {
            self.course.world.value(plan.orbit.deorbit_reserve_kg) * reserve_kept
        } else {
            0.0
        };
        let mut available = (self.stocks[s].level_kg - reserve).max(0.0);
        let own = slot.filter(|slot| self.own_tanks(*slot).is_some());
        if let Some(slot) = own {
            available = available.min(self.slots[slot].own_propellant_kg);
        }
        let mass = self.course.world.value(plan.orbit.mass_kg);
        let isp = self.course.world.value(push.isp_s);
        let needed = burns::propellant_kg(mass, wanted_m_s, isp);
        if needed <= 0.0 || available <= 0.0 {
            return 0.0;
        }
        // A small burn is linear in its propellant to 1e-3.
        let share = (available / needed).min(1.0);
        if share < 0.2 {
            return 0.0; // not worth a burn: wait for the next flight
        }
        self.move_stock(s, -needed * share);
        if let Some(slot) = own {
            self.slots[slot].own_propellant_kg -= needed * share;
        }
        self.course.out.propellant_kg += needed * share;
        wanted_m_s * share
    }

    fn schedule_avoidance(&mut self) {
        let rate = self.course.world.value(self.course.plan.orbit.avoidance_per_d);
        if rate > 0.0 {
            let u = self.course.chance.avoidance();
            self.course.schedule(
                self.course.now + random::exponential(u) / rate,
                Kind::Avoidance,
                0,
                0,
            );
        }
    }

    pub(crate) fn avoidance(&mut self) {
        if self.course.station_lost {
            return;
        }
        self.sink();
        let wanted = self.course.world.value(self.course.plan.orbit.avoidance_m_s);
        let given = self.burn(wanted, true, ATTITUDE_SHARE);
        if given > 0.0 {
            self.course.out.counts.avoidance_burns += 1;
            self.altitude_km += burns::altitude_gain_km(self.altitude_km, given);
            self.watch_fall();
            note!(self.course, "Debris avoidance of {given:.2} m/s.");
        } else {
            self.course.out.counts.avoidance_missed += 1;
            note!(self.course, "Debris passes near, and nobody can push: the crew takes shelter.");
            if self.crew.people() > 0 {
                self.course.rung(Rung::Shelter);
            }
        }
        self.schedule_avoidance();
    }

    /// Whether a contingency deorbit could be flown now: reserve, a pusher and attitude.
    pub(crate) fn deorbit_possible(&mut self) -> bool {
        let plan = self.course.plan;
        let Some(stock) = plan.orbit.deorbit_stock else { return false };
        let s = usize::from(stock);
        self.settle_stock(s);
        let reserve =
            self.stocks[s].level_kg >= self.course.world.value(plan.orbit.deorbit_reserve_kg);
        let pusher = plan.orbit.push.as_ref().is_some_and(|p| {
            p.capability.is_none_or(|c| self.capabilities[usize::from(c)].value >= ATTITUDE_LEAST)
        }) || self.slots.iter().any(|s| {
            s.active
                && plan.vehicles[usize::from(s.vehicle)]
                    .push
                    .as_ref()
                    .is_some_and(|p| p.stock == stock)
        });
        !self.course.station_lost && reserve && pusher && self.attitude_held()
    }
}
