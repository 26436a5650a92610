//! Who has a way home: a seat in a vehicle that could leave now.
//!
//! A crew vehicle may stop being one. Its people wait for its replacement, or go home with the next crew vehicle that
//! docks before that one: it keeps seats for them and flies with fewer, as Crew-9 did in 2024, or with nobody, as Soyuz
//! MS-23 did in 2023.

use super::Traffic;
use super::rotation::visits;
use crate::clock::Kind;
use crate::course::{Course, note, people};
use crate::crew::Party;
use crate::outcome::{Cause, EndState};
use crate::plan::Plan;
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;

impl Traffic {
    /// Seats in sound vehicles, contingency seats included.
    pub(crate) fn sound_seats(&self, plan: &Plan) -> u32 {
        self.slots
            .iter()
            .filter(|s| s.active && s.lifeboat)
            .map(|s| plan.vehicles[usize::from(s.vehicle)].contingency_seats)
            .sum()
    }

    pub(crate) fn lifeboat_fails(&mut self, course: &mut Course<'_>, slot: usize, generation: u32) {
        if self.slots[slot].active && self.slots[slot].generation == generation {
            let cause = course.plan.vehicles[usize::from(self.slots[slot].vehicle)].cause;
            self.lose_lifeboat(course, slot, Cause { direct: cause, root: cause });
        }
    }

    /// A docked crew vehicle is no longer a way home until a replacement has docked.
    pub(crate) fn lose_lifeboat(&mut self, course: &mut Course<'_>, slot: usize, cause: Cause) {
        if !self.slots[slot].lifeboat {
            return;
        }
        let vehicle = usize::from(self.slots[slot].vehicle);
        let plan = &course.plan.vehicles[vehicle];
        note!(course, "{} is lost as an escape vehicle.", self.slots[slot].name(course.plan));
        course.out.counts.lifeboat_gaps += 1;
        course.reach(EndState::LossOfEscapeVehicle);
        course.breach_full(cause);
        let lead_d = course.world.value(plan.rescue_lead_d.expect("stated where there are seats"));
        let launcher = usize::from(plan.launcher);
        let clear =
            self.launcher_grounded_until[launcher].max(self.pad_out_until[usize::from(plan.pad)]);
        let at = (course.now + lead_d).max(clear);
        let state = &mut self.slots[slot];
        state.lifeboat = false;
        state.lost_for = Some(cause);
        state.replaced_at = at;
        course.schedule(at, Kind::Rescue, slot, state.generation);
    }

    /// An empty vehicle replaces the lost one; its crew stays and goes home with it.
    pub(crate) fn rescue(&mut self, course: &mut Course<'_>, slot: usize, generation: u32) {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return;
        }
        if !self.flies_again(course.plan, slot) {
            // Who waited for it past their time goes home as they are.
            course.schedule(state.due.max(course.now), Kind::Depart, slot, generation);
            return;
        }
        let v = usize::from(state.vehicle);
        note!(course, "A replacement for {} docks.", self.slots[slot].name(course.plan));
        let state = &mut self.slots[slot];
        state.lifeboat = true;
        state.lost_for = None;
        state.replaced_at = f64::INFINITY;
        state.since = course.now;
        state.generation += 1;
        let (due, generation) = (state.due.max(course.now), state.generation);
        self.last_launch[v] = course.now;
        course.schedule(due, Kind::Depart, slot, generation);
        self.start_docked_life(course, slot);
    }

    /// Whether vehicles of the type in a slot still fly.
    fn flies_again(&self, plan: &Plan, slot: usize) -> bool {
        let v = usize::from(self.slots[slot].vehicle);
        !self.vehicle_withdrawn[v] && !self.partner_gone[usize::from(plan.vehicles[v].partner)]
    }

    /// Whether people wait for a replacement of the vehicle in a slot: it is no way home, and one is to come.
    pub(super) fn waits_for_ship(&self, plan: &Plan, slot: usize) -> bool {
        let state = &self.slots[slot];
        state.crew > 0 && !state.lifeboat && self.flies_again(plan, slot)
    }

    /// A crew flight keeps seats for people aboard whose vehicle is no way home, if it docks before their replacement does.
    /// Returns why it flies with fewer, if it does; all fly again once nobody waits for it any more.
    pub(crate) fn keep_seats(&mut self, course: &mut Course<'_>, f: usize) -> Option<Cause> {
        let plan = course.plan;
        let flight = &plan.flights[f];
        if flight.outcome != Fate::Planned || visits(course, f) {
            return None;
        }
        if let Some(slot) = self.seats_for[f] {
            if self.is_stranded(slot) {
                return self.slots[slot].lost_for;
            }
            self.seats_for[f] = None;
            self.flying[f] = flight.crew;
        }
        let docks = course.now + self.transfer_d[f];
        let seats = plan.vehicles[usize::from(flight.vehicle)].seats;
        let stranded = (0..self.slots.len())
            .filter(|s| self.is_stranded(*s) && self.slots[*s].crew <= seats)
            .filter(|s| !self.flies_again(plan, *s) || docks < self.slots[*s].replaced_at)
            .filter(|s| !self.seats_for.contains(&Some(*s)))
            .min_by(|a, b| self.slots[*a].due.total_cmp(&self.slots[*b].due))?;
        self.seats_for[f] = Some(stranded);
        let (ship, n) = (self.name(plan, stranded), seats - self.slots[stranded].crew);
        if n >= self.flying[f] {
            return None;
        }
        note!(
            course,
            "{} flies with {}: it keeps seats for those of {ship}.",
            flight.id,
            people(n)
        );
        self.flying[f] = n;
        self.slots[stranded].lost_for
    }

    /// Whether people aboard have no way home in the vehicle in a slot.
    fn is_stranded(&self, slot: usize) -> bool {
        let slot = &self.slots[slot];
        slot.active && slot.crew > 0 && !slot.lifeboat
    }

    /// How many people a flight has aboard.
    pub(crate) fn flying(&self, f: usize) -> u32 {
        self.flying[f]
    }

    /// Whose people a flight that docks takes over, if they still wait.
    pub(super) fn taken_over(&mut self, f: usize) -> Option<usize> {
        let stranded = self.seats_for[f].take()?;
        self.is_stranded(stranded).then_some(stranded)
    }

    /// People take the seats kept for them, and their own vehicle is empty.
    pub(crate) fn change_ship(&mut self, from: usize, to: usize) {
        let people: Vec<Party> = self.slots[from].seated().collect();
        self.slots[from].crew = 0;
        self.slots[from].guests.clear();
        self.slots[to].crew += people.iter().map(|party| party.people).sum::<u32>();
        self.slots[to].guests.extend(people);
    }

    /// Puts off the departure of people who wait for their replacement until it has docked.
    pub(super) fn leaves_when_replaced(&mut self, slot: usize, now: Mjd) {
        self.slots[slot].due = self.slots[slot].due.min(now);
    }
}
