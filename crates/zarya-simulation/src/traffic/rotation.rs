//! Who relieves whom, and who leaves when.
//!
//! A crew is due when its stay is over. It leaves some days after its successor has docked, and when it is due without
//! one; where people would be missing and a successor is to come in time and finds a port, it waits, no longer than its
//! vehicle's certified days and one extension.

use super::Traffic;
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::crew::{Crew, Party};
use crate::outcome::Cause;
use crate::plan::Plan;
use zarya_units::Mjd;

/// A crew as it docks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) slot: usize,
    pub(crate) people: u32,
    /// The slot of the vehicle whose people take seats in it: they have no other way home.
    pub(crate) takes_over: Option<usize>,
    relieved: Option<usize>,
}

/// A vehicle that is to leave; with a cause, its crew leaves before its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaving {
    pub(crate) slot: usize,
    pub(crate) cause: Option<Cause>,
}

/// Whether a flight relieves nobody: the file says so, or its people stay for less than the policy.
pub(super) fn visits(course: &Course<'_>, f: usize) -> bool {
    let flight = &course.plan.flights[f];
    flight.visit || flight.stay_d < course.world.value(course.plan.policy.visit_d)
}

impl Traffic {
    /// The people of a flight come aboard: how many, and whom they relieve.
    pub(crate) fn come_aboard(
        &mut self,
        course: &mut Course<'_>,
        crew: &Crew,
        f: usize,
        slot: usize,
    ) -> Arrival {
        let flight = &course.plan.flights[f];
        let visiting = visits(course, f);
        let takes_over = self.taken_over(f);
        // Who takes seats in it is not relieved by it.
        let relieved = if visiting { None } else { self.crew_to_relieve(slot) };
        let relieved = relieved.filter(|s| Some(*s) != takes_over);
        let leaving = relieved.map_or(0, |s| self.slots[s].crew);
        let mut people = self.flying[f];
        let nominal = crew.nominal(course);
        if crew.is_limited() && !visiting {
            let room = nominal.saturating_sub(crew.people().saturating_sub(leaving));
            people = people.min(room.max(1));
        }
        // Below strength nobody is relieved, unless fewer were sent: the crew on station stays while its vehicle may.
        let fewer = flight.crew - people.min(flight.crew);
        let relieved = relieved
            .filter(|_| crew.is_limited() || crew.people() + people + fewer >= nominal + leaving);
        self.slots[slot].crew = people;
        self.slots[slot].visiting = visiting;
        course.out.counts.crew_flights += 1;
        Arrival { slot, people, takes_over, relieved }
    }

    /// Plans that who is relieved leaves after the handover.
    pub(crate) fn plan_departure(&mut self, course: &mut Course<'_>, arrival: Arrival) {
        if let Some(predecessor) = arrival.relieved {
            let generation = self.slots[predecessor].generation;
            self.slots[predecessor].relieved_by = Some(arrival.slot);
            let handover_d = course.world.value(course.plan.policy.handover_d);
            course.schedule(course.now + handover_d, Kind::Relief, predecessor, generation);
        }
    }

    /// Whom a crew relieves: the first that is due, of its own vehicle type if there is one.
    pub(super) fn crew_to_relieve(&self, newcomer: usize) -> Option<usize> {
        let vehicle = self.slots[newcomer].vehicle;
        (0..self.slots.len())
            .filter(|s| {
                let slot = &self.slots[*s];
                *s != newcomer && slot.active && slot.crew > 0 && !slot.visiting
            })
            .min_by(|a, b| {
                let (a, b) = (&self.slots[*a], &self.slots[*b]);
                (a.vehicle != vehicle).cmp(&(b.vehicle != vehicle)).then(a.due.total_cmp(&b.due))
            })
    }

    /// The handover is over: whether the relieved crew leaves.
    pub(crate) fn relieve(
        &mut self,
        course: &mut Course<'_>,
        slot: usize,
        generation: u32,
    ) -> Option<Leaving> {
        if !self.slots[slot].active || self.slots[slot].generation != generation {
            return None;
        }
        // A crew whose successor has had to leave during the handover stays.
        let relieved = self.slots[slot].relieved_by.take();
        let relieved = relieved.is_some_and(|by| self.slots[by].active);
        if relieved && self.waits_for_ship(course.plan, slot) {
            note!(course, "{} waits for a way home.", self.name(course.plan, slot));
            self.leaves_when_replaced(slot, course.now);
            return None;
        }
        relieved.then_some(Leaving { slot, cause: None })
    }

    /// A vehicle's stay is over, unless something came between: it leaves, or its crew waits for a successor.
    pub(crate) fn stay_ends(
        &self,
        course: &mut Course<'_>,
        crew: &Crew,
        slot: usize,
        generation: u32,
    ) -> Option<Leaving> {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation || state.relieved_by.is_some() {
            return None;
        }
        if self.waits_for_ship(course.plan, slot) {
            note!(course, "{} waits for a way home.", state.name(course.plan));
            return None;
        }
        let missed = state.crew > 0
            && !state.visiting
            && crew.people().saturating_sub(state.crew) < crew.nominal(course);
        if missed && self.successor_comes(course, slot) {
            note!(course, "{} waits for its successor.", state.name(course.plan));
            return None;
        }
        Some(Leaving { slot, cause: None })
    }

    /// Crews whose stay was over before, and who wait.
    pub(crate) fn overdue(&self, now: Mjd) -> impl Iterator<Item = (usize, u32)> + '_ {
        let waits = move |s: &usize| {
            let slot = &self.slots[*s];
            slot.active && slot.crew > 0 && slot.due <= now
        };
        (0..self.slots.len()).filter(waits).map(|s| (s, self.slots[s].generation))
    }

    /// Whether a crew is to dock while the one in this slot may still wait, and finds a port.
    fn successor_comes(&self, course: &Course<'_>, slot: usize) -> bool {
        let plan = course.plan;
        let state = &self.slots[slot];
        let vehicle = &plan.vehicles[usize::from(state.vehicle)];
        let life_ends = state.since + course.world.value(vehicle.docked_life_d);
        let last = life_ends + course.world.value(plan.policy.extension_d);
        (0..plan.flights.len()).any(|f| {
            let ports = plan.vehicles[usize::from(plan.flights[f].vehicle)].ports;
            self.would_relieve(course, f, slot)
                && self.is_to_come(plan, f)
                && self.flight_at[f] + self.transfer_d[f] < last
                && self.can_come_first(plan, usize::from(ports))
        })
    }

    /// Whether a flight brings the successor of the crew in this slot, as it looks now: one of its own vehicle type, or of
    /// a type that nobody aboard came in, where this crew is the first that is due.
    fn would_relieve(&self, course: &Course<'_>, f: usize, slot: usize) -> bool {
        let flight = &course.plan.flights[f];
        let state = &self.slots[slot];
        let mut residents =
            self.slots.iter().filter(|other| other.active && other.crew > 0 && !other.visiting);
        flight.crew > 0
            && !visits(course, f)
            && (flight.vehicle == state.vehicle
                || residents.all(|other| other.vehicle != flight.vehicle && state.due <= other.due))
    }

    /// Whether a flight is planned or on its way.
    fn is_to_come(&self, plan: &Plan, f: usize) -> bool {
        let v = usize::from(plan.flights[f].vehicle);
        self.flight_at[f].is_finite()
            && !self.vehicle_withdrawn[v]
            && !self.partner_gone[usize::from(plan.vehicles[v].partner)]
    }

    /// When the next crew was to dock by the manifest, of those that are still to come.
    pub(crate) fn next_crew_planned(&self, plan: &Plan) -> Option<Mjd> {
        let to_come = |f: &usize| plan.flights[*f].crew > 0 && self.is_to_come(plan, *f);
        let next = (0..plan.flights.len()).find(to_come);
        next.map(|f| plan.flights[f].at)
    }

    /// The certified days of a vehicle are over: it leaves, or waits once for a successor.
    pub(crate) fn docked_life_ends(
        &mut self,
        course: &mut Course<'_>,
        slot: usize,
        generation: u32,
    ) -> Option<Leaving> {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return None;
        }
        if self.waits_for_ship(course.plan, slot) {
            return None;
        }
        let vehicle = state.vehicle;
        let crewed = state.crew > 0;
        if crewed && !state.extended && !state.visiting {
            let soon = course.now + course.world.value(course.plan.policy.extension_d);
            let successor = (0..course.plan.flights.len()).any(|f| {
                self.would_relieve(course, f, slot)
                    && self.flight_at[f].is_finite()
                    && self.flight_at[f] < soon
            });
            if successor {
                self.slots[slot].extended = true;
                let ship = self.name(course.plan, slot);
                note!(course, "{ship} waits beyond its certified days for its successor.");
                course.schedule(soon, Kind::DockedLifeEnds, slot, generation);
                return None;
            }
        }
        let cause = self.unreplaced(course, Some(vehicle));
        if crewed {
            note!(course, "The certified days of {} are over.", self.name(course.plan, slot));
        }
        Some(Leaving { slot, cause: crewed.then_some(cause) })
    }

    /// One of the crew vehicles there, by chance.
    pub(crate) fn pick_crew_slot(&mut self, course: &mut Course<'_>) -> Option<usize> {
        let crewed = self.crewed_slots().collect::<Vec<usize>>();
        let u = self.choice.next(&course.chance.source);
        crewed.get((u * crewed.len() as f64) as usize).copied()
    }

    /// One of the crew vehicles whose people can be spared, by chance: it is a way home, who stays is enough, and somebody
    /// of each side is among them where somebody was.
    pub(crate) fn pick_spared(
        &mut self,
        course: &mut Course<'_>,
        crew: &Crew,
        least: u32,
    ) -> Option<usize> {
        let spared = self.spared(course, crew, least);
        let u = self.choice.next(&course.chance.source);
        spared.get((u * spared.len() as f64) as usize).copied()
    }

    /// Crew vehicles whose people can be spared.
    pub(crate) fn spared(&self, course: &Course<'_>, crew: &Crew, least: u32) -> Vec<usize> {
        let can_go = |s: &usize| {
            let stay = crew.people() - self.slots[*s].crew;
            let seated = || {
                self.slots
                    .iter()
                    .enumerate()
                    .filter(|(other, slot)| other != s && slot.active)
                    .flat_map(|(_, slot)| slot.seated())
            };
            self.slots[*s].lifeboat && stay >= least && crew.keeps_each_side(course, seated())
        };
        self.crewed_slots().filter(can_go).collect()
    }

    pub(super) fn crewed_slots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.slots.len()).filter(|s| self.slots[*s].active && self.slots[*s].crew > 0)
    }

    /// How many a crew flight takes when people have to be fewer: as few as leave enough aboard, with somebody of each
    /// side.
    pub(crate) fn fly_fewer(
        &mut self,
        course: &Course<'_>,
        crew: &Crew,
        f: usize,
        least: u32,
    ) -> u32 {
        let plan = course.plan;
        let flight = &plan.flights[f];
        // Who will be relieved is who is due first of the same type.
        let relieved = self
            .crewed_slots()
            .filter(|s| self.slots[*s].vehicle == flight.vehicle && !self.slots[*s].visiting)
            .min_by(|a, b| self.slots[*a].due.total_cmp(&self.slots[*b].due));
        let leaving = relieved.map_or(0, |s| self.slots[s].crew);
        let stay = crew.people() - leaving;
        let newcomers = |people| Party { vehicle: flight.vehicle, people, came_at: course.now };
        let enough = |n: &u32| {
            let others = self
                .crewed_slots()
                .filter(|s| Some(*s) != relieved)
                .flat_map(|s| self.slots[s].seated());
            stay + n >= least && crew.keeps_each_side(course, others.chain([newcomers(*n)]))
        };
        let n = (1..flight.crew).find(enough).unwrap_or(flight.crew).min(self.flying[f]);
        self.flying[f] = n;
        n
    }
}
