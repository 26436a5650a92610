//! Spares and copies of other types, where the files say that they fit.

use super::{Aboard, Job, Status, Supply};
use crate::course::{Course, note};
use crate::plan::number;

impl Supply {
    /// Looks once more whether somebody who waits can be helped.
    pub(crate) fn cannibalize(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>) {
        for place in 0..course.plan.takers.len() {
            self.cannibalize_for(course, aboard, usize::from(course.plan.takers[place]));
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
    pub(super) fn cannibalize_for(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        kind: usize,
    ) {
        let plan = course.plan;
        let t = &plan.types[kind];
        if t.donors.is_empty() || course.burning_in || aboard.crew.people() == 0 {
            return;
        }
        let Some(u) = self.types[kind].waiting.first().map(|u| *u as usize) else { return };
        if let Some(donor) = self.fitting_spare(course, kind) {
            self.demand_spare(course, donor, false);
            self.types[donor].aboard -= 1;
            self.order(course, donor);
            note!(course, "A spare of {} is used for {}.", plan.types[donor].name, t.name);
            self.take_in_hand(course, aboard, kind, u, 0.0);
            return;
        }
        aboard.resources.mark(usize::from(t.serves));
        aboard.propagate(course, &self.working);
        if !aboard.resources.is_short(course, usize::from(t.serves)) {
            return;
        }
        let mut donors = t.donors.iter().map(|donor| usize::from(*donor));
        let Some(donor) = donors.find(|d| self.gives(course, aboard, *d, kind)) else { return };
        let d = &plan.types[donor];
        let first = d.first_unit as usize;
        let working = |u: &usize| self.units[*u].status == Status::Working;
        let Some(copy) = (first..first + d.installed as usize).rev().find(working) else { return };
        let age_d = course.now - self.units[copy].installed_at;
        let unit = &mut self.units[copy];
        unit.status = Status::Waiting;
        unit.robbed = true;
        unit.failed_at = None;
        unit.expired = false;
        unit.installation = unit.installation.wrapping_add(1);
        self.working[donor] -= 1;
        self.types[donor].waiting.push(number(copy));
        if !self.stops_waiting_past_its_life(donor, copy) {
            self.order(course, donor);
        }
        aboard.resources.mark(usize::from(d.serves));
        course.out.counts.cannibalizations += 1;
        note!(course, "A working {} is taken for {}.", d.name, t.name);
        self.take_crew_time(
            course,
            aboard,
            course.world.value(d.repair_h) * course.world.repair_factor,
        );
        self.units[u].second_hand_walks = self.units[copy].walks;
        self.take_in_hand(course, aboard, kind, u, age_d);
    }

    /// A type whose spare aboard fits in the place of one of this type.
    pub(super) fn fitting_spare(&self, course: &Course<'_>, kind: usize) -> Option<usize> {
        let mut donors = course.plan.types[kind].donors.iter().map(|donor| usize::from(*donor));
        donors.find(|d| self.types[*d].aboard > 0)
    }

    fn gives(&self, course: &Course<'_>, aboard: &Aboard<'_>, donor: usize, kind: usize) -> bool {
        let (d, t) = (&course.plan.types[donor], &course.plan.types[kind]);
        let working = self.working[donor];
        working > 0
            && (f64::from(working) > d.needed
                || d.priority > t.priority
                || (d.serves != t.serves
                    && aboard.resources.is_short(course, usize::from(d.serves))))
    }

    fn take_in_hand(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        kind: usize,
        u: usize,
        age_d: f64,
    ) {
        self.types[kind].waiting.retain(|x| *x != number(u));
        self.units[u].status = Status::InRepair;
        self.units[u].second_hand_d = age_d;
        self.start_job(course, aboard, Job::Repair(number(u)));
    }
}
