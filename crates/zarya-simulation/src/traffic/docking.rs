//! What happens at the port: whether one is free, and what can go wrong.

use super::{LOOK_AGAIN_D, Slot, Traffic};
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::outcome::Cause;
use crate::plan::{EffectPlan, Plan, number, pick};
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;

/// Where a vehicle docks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    Free,
    /// Once this one has left.
    Behind(usize),
    None,
}

/// How a docking goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Contact {
    Docks,
    /// It waits for another try, or has given up.
    Waits,
    /// It strikes the station, and does not dock.
    Strikes(EffectPlan, Cause),
}

fn is_at(plan: &Plan, slot: &Slot, ports: usize) -> bool {
    slot.active && usize::from(plan.vehicles[usize::from(slot.vehicle)].ports) == ports
}

impl Traffic {
    /// Ports of a group that are there, and how many of them are taken.
    fn ports_of(&self, plan: &Plan, ports: usize) -> (u32, u32) {
        let usable = plan.ports[ports].count.saturating_sub(self.ports_out[ports]);
        let here = self.slots.iter().filter(|slot| is_at(plan, slot, ports));
        (usable, number(here.count()))
    }

    /// The oldest cargo vehicle of a group of ports: it makes room.
    fn oldest_cargo(&self, plan: &Plan, ports: usize) -> Option<usize> {
        (0..self.slots.len())
            .filter(|s| is_at(plan, &self.slots[*s], ports) && self.slots[*s].crew == 0)
            .min_by(|a, b| self.slots[*a].since.total_cmp(&self.slots[*b].since))
    }

    /// Where a flight that arrives can dock: at a free port of its group, else where the oldest cargo
    /// vehicle is sent away from.
    pub(crate) fn find_port(&self, plan: &Plan, f: usize) -> Port {
        let ports = usize::from(plan.vehicles[usize::from(plan.flights[f].vehicle)].ports);
        let (usable, taken) = self.ports_of(plan, ports);
        if taken < usable {
            return Port::Free;
        }
        match self.oldest_cargo(plan, ports) {
            Some(slot) if taken <= usable => Port::Behind(slot),
            _ => Port::None,
        }
    }

    /// Whether a flight that docks then will find a port, as it looks now: a crew that is due by then leaves if its
    /// successor could not come first.
    pub(super) fn port_comes_free(&self, plan: &Plan, f: usize, docks: Mjd) -> bool {
        let ports = usize::from(plan.vehicles[usize::from(plan.flights[f].vehicle)].ports);
        let (usable, taken) = self.ports_of(plan, ports);
        if taken < usable {
            return true;
        }
        if taken > usable || usable == 0 {
            return false;
        }
        let leaves = |slot: &Slot| is_at(plan, slot, ports) && slot.due <= docks;
        self.oldest_cargo(plan, ports).is_some() || self.slots.iter().any(leaves)
    }

    /// Whether a crew vehicle could dock to that group while all that is there stays.
    pub(super) fn can_come_first(&self, plan: &Plan, ports: usize) -> bool {
        let (usable, taken) = self.ports_of(plan, ports);
        taken < usable || (taken == usable && self.oldest_cargo(plan, ports).is_some())
    }

    /// How the docking of a planned flight goes. `held`: somebody holds the station's attitude; `hands`: somebody could dock
    /// by hand.
    pub(crate) fn contact(
        &mut self,
        course: &mut Course<'_>,
        f: usize,
        held: bool,
        hands: bool,
    ) -> Contact {
        let plan = course.plan;
        let flight = &plan.flights[f];
        if flight.outcome != Fate::Planned {
            return Contact::Docks;
        }
        if !held {
            self.count_trouble(course, f);
            let by_hand = course.world.value(plan.policy.manual_docking);
            if !hands || by_hand <= self.draw_contact(course, f) {
                note!(course, "{} cannot dock: nobody holds the station's attitude.", flight.id);
                self.wait_for_port(course, f);
                return Contact::Waits;
            }
            note!(course, "{} is docked by hand.", flight.id);
            return Contact::Docks;
        }
        let Some(docking) = &plan.vehicles[usize::from(flight.vehicle)].docking else {
            return Contact::Docks;
        };
        // A second try goes as well as the first would have.
        if self.has_tried[f] {
            return Contact::Docks;
        }
        let share = |parameter| course.world.value(parameter).clamp(0.0, 1.0);
        let (strikes, fails) = (share(docking.strikes), share(docking.fails));
        let trouble = share(docking.trouble);
        let retry_d = course.world.value(docking.retry_d);
        let u = self.draw_contact(course, f);
        if u < strikes + fails + trouble {
            self.count_trouble(course, f);
        }
        if u < strikes {
            note!(course, "{} strikes the station.", flight.id);
            let effect = pick(&docking.strike, self.draw_contact(course, f));
            self.give_up(course, f);
            let cause = docking.cause;
            return Contact::Strikes(effect, Cause { direct: cause, root: cause });
        }
        if u < strikes + fails {
            self.give_up(course, f);
            return Contact::Waits;
        }
        if u < strikes + fails + trouble {
            note!(course, "{} does not dock at the first try.", flight.id);
            course.schedule(course.now + retry_d, Kind::Dock, f, 0);
            return Contact::Waits;
        }
        Contact::Docks
    }

    /// Counts the docking of a flight among the troubled ones, once.
    fn count_trouble(&mut self, course: &mut Course<'_>, f: usize) {
        if !std::mem::replace(&mut self.troubled[f], true) {
            course.measure(|measured| measured.docking_troubles += 1);
        }
    }

    /// Whether a flight is on its way or waits near the station.
    pub(crate) fn is_near(&self, f: usize) -> bool {
        self.near_since[f].is_finite() || self.has_tried[f]
    }

    fn draw_contact(&mut self, course: &Course<'_>, f: usize) -> f64 {
        let stream = course.plan.flights[f].docking;
        let u = course.chance.source.uniform(stream, self.contacts[f]);
        self.contacts[f] += 1;
        self.has_tried[f] = true;
        u
    }

    /// A flight near the station looks again after some days, until it can wait no longer.
    pub(crate) fn wait_for_port(&mut self, course: &mut Course<'_>, f: usize) {
        let since = self.near_since[f].min(course.now);
        self.near_since[f] = since;
        let loiter_d = course.world.value(course.plan.policy.loiter_d);
        let again = course.now + LOOK_AGAIN_D;
        if again - since > loiter_d && course.plan.flights[f].outcome == Fate::Planned {
            self.give_up(course, f);
        } else {
            course.schedule(again, Kind::Dock, f, 0);
        }
    }

    /// A flight does not dock at all: its cargo is lost, its crew goes home and comes with the next vehicle.
    fn give_up(&mut self, course: &mut Course<'_>, f: usize) {
        let flight = &course.plan.flights[f];
        let v = usize::from(flight.vehicle);
        self.has_tried[f] = false;
        self.near_since[f] = f64::INFINITY;
        // A crew that comes with the next vehicle docks anew.
        self.troubled[f] = false;
        if flight.crew > 0 {
            note!(course, "{} gives up, its crew goes home.", flight.id);
            let turnaround_d = course.plan.vehicles[v].turnaround_d;
            self.plan_launch(course, f, course.now + turnaround_d.max(1.0));
        } else {
            note!(course, "{} gives up, its cargo is lost to the station.", flight.id);
            self.flight_at[f] = f64::INFINITY;
            course.out.counts.cargo_losses += 1;
        }
    }
}
