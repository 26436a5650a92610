//! Spares and copies of other types, where the files say that they fit.

use super::{Job, Status};
use crate::course::note;
use crate::history::Engine;

impl Engine<'_> {
    /// Looks once more whether somebody who waits can be helped.
    pub(crate) fn cannibalize(&mut self) {
        for place in 0..self.course.plan.takers.len() {
            self.cannibalize_for(usize::from(self.course.plan.takers[place]));
        }
    }

    /// Helps the first unit of a type that waits for a spare: with a spare of a type that fits, else
    /// with a working copy of one while this type's capability is short.
    ///
    /// # Model
    ///
    /// A copy is taken from a type with more working than it needs, from one whose capability is
    /// short already, or from one whose capability is repaired later. It keeps its age, costs the
    /// crew hours of both replacements, and its place waits for a spare of its own type.
    pub(super) fn cannibalize_for(&mut self, kind: usize) {
        let plan = self.course.plan;
        let t = &plan.types[kind];
        if t.donors.is_empty() || self.course.burning_in || self.crew.people() == 0 {
            return;
        }
        let Some(u) = self.types[kind].waiting.first().map(|u| *u as usize) else { return };
        if let Some(donor) = self.fitting_spare(kind) {
            self.demand_spare(donor, false);
            self.types[donor].aboard -= 1;
            self.order(donor);
            note!(self.course, "A spare of {} is used for {}.", plan.types[donor].name, t.name);
            self.take_in_hand(kind, u, 0.0);
            return;
        }
        self.mark(usize::from(t.serves));
        self.propagate();
        if !self.is_short(usize::from(t.serves)) {
            return;
        }
        let mut donors = t.donors.iter().map(|donor| usize::from(*donor));
        let Some(donor) = donors.find(|d| self.gives(*d, kind)) else { return };
        let d = &plan.types[donor];
        let first = d.first_unit as usize;
        let working = |u: &usize| self.units[*u].status == Status::Working;
        let Some(copy) = (first..first + d.installed as usize).rev().find(working) else { return };
        let age_d = self.course.now - self.units[copy].installed_at;
        let unit = &mut self.units[copy];
        unit.status = Status::Waiting;
        unit.robbed = true;
        unit.expired = false;
        unit.failure = unit.failure.wrapping_add(1);
        unit.installation = unit.installation.wrapping_add(1);
        let state = &mut self.types[donor];
        state.working -= 1;
        state.waiting.push(copy as u32);
        state.expired.retain(|x| *x != copy as u32);
        if (state.on_order as usize) < state.waiting.len() {
            self.order(donor);
        }
        self.mark(usize::from(d.serves));
        self.course.out.counts.cannibalizations += 1;
        note!(self.course, "A working {} is taken for {}.", d.name, t.name);
        self.take_crew_time(self.course.world.value(d.repair_h) * self.course.world.repair_factor);
        self.take_in_hand(kind, u, age_d);
    }

    /// A type whose spare aboard fits in the place of one of this type.
    pub(super) fn fitting_spare(&self, kind: usize) -> Option<usize> {
        let mut donors =
            self.course.plan.types[kind].donors.iter().map(|donor| usize::from(*donor));
        donors.find(|d| self.types[*d].aboard > 0)
    }

    fn gives(&self, donor: usize, kind: usize) -> bool {
        let (d, t) = (&self.course.plan.types[donor], &self.course.plan.types[kind]);
        let working = self.types[donor].working;
        working > 0
            && (f64::from(working) > d.needed
                || d.priority > t.priority
                || (d.serves != t.serves && self.is_short(usize::from(d.serves))))
    }

    fn take_in_hand(&mut self, kind: usize, u: usize, age_d: f64) {
        self.types[kind].waiting.retain(|x| *x != u as u32);
        self.units[u].status = Status::InRepair;
        self.units[u].second_hand_d = age_d;
        self.start_job(Job::Repair(u as u32));
    }
}
