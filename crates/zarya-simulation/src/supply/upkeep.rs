//! Routine tasks, and the wear of what they protect while they are late.

use super::{Aboard, Job, Supply};
use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::plan::number;
use zarya_units::math;

/// A routine task of a history.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskState {
    done_at: f64,
    /// Since when it is late; infinite while it is not.
    late_since: f64,
    /// Invalidates what is on the clock about the lateness before it was last done.
    generation: u32,
    draws: Draws,
}

/// The factor on the failure rates of a subsystem: from `since` it grows by the same ratio each day. With it goes the
/// subsystem's running, in days that count as many times as the factor says.
///
/// # Model
///
/// `w(t) = w0 e^(k (t - since))`. From `t0` to `t0 + d` the running grows by `w(t0) (e^(k d) - 1) / k`, or by `w0 d`
/// without growth; it has grown by `e` after `d = ln(1 + k e / w(t0)) / k`, or `e / w0`. A unit fails when the running has come to
/// what its law has drawn, whatever the wear was on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wear {
    factor: f64,
    growth_per_d: f64,
    since: f64,
    /// The running at `since`, d.
    ran_d: f64,
}

impl Wear {
    /// Everything done in time, from now.
    pub(super) fn new(now: f64) -> Self {
        Self { factor: 1.0, growth_per_d: 0.0, since: now, ran_d: 0.0 }
    }

    /// The factor at a moment.
    pub(super) fn at(self, now: f64) -> f64 {
        if self.growth_per_d == 0.0 {
            return self.factor;
        }
        self.factor * math::exp(self.growth_per_d * (now - self.since))
    }

    /// The running at a moment, d.
    pub(super) fn ran_d(self, now: f64) -> f64 {
        let days = now - self.since;
        if self.growth_per_d == 0.0 {
            return self.ran_d + days * self.factor;
        }
        self.ran_d + self.factor * math::expm1(self.growth_per_d * days) / self.growth_per_d
    }

    /// When the running comes to so many days.
    pub(super) fn reaches(self, ran_d: f64) -> f64 {
        let left_d = ran_d - self.ran_d;
        if self.growth_per_d == 0.0 {
            return self.since + left_d / self.factor;
        }
        self.since + math::ln_1p(self.growth_per_d * left_d / self.factor) / self.growth_per_d
    }
}

impl Supply {
    /// Routine tasks as at any day: each was done in time before, and is due within its interval.
    pub(crate) fn start_tasks(&mut self, course: &mut Course<'_>) {
        for (i, task) in course.plan.tasks.iter().enumerate() {
            // First due after a share of the interval, so that tasks do not fall on one day.
            let every_d = course.world.value(task.every_d).max(1.0);
            let due = course.now + every_d * ((i % 7 + 1) as f64 / 7.0);
            self.tasks.push(TaskState {
                done_at: due - every_d,
                late_since: f64::INFINITY,
                generation: 0,
                draws: Draws::new(task.stream),
            });
            course.schedule(due, Kind::Task, i, 0);
            self.watch_lateness(course, i);
        }
    }

    fn every_d(course: &Course<'_>, i: usize) -> f64 {
        course.world.value(course.plan.tasks[i].every_d).max(1.0)
    }

    /// When a task is needed again.
    fn needed_at(&self, course: &Course<'_>, i: usize) -> f64 {
        let needed_every_d = course.world.value(course.plan.tasks[i].needed_every_d);
        self.tasks[i].done_at + needed_every_d.max(1.0)
    }

    /// A task that is done more rarely than needed falls late before it is due.
    fn watch_lateness(&mut self, course: &mut Course<'_>, i: usize) {
        let needed_at = self.needed_at(course, i);
        if needed_at < self.tasks[i].done_at + Self::every_d(course, i) {
            let generation = self.tasks[i].generation;
            course.schedule(needed_at.max(course.now), Kind::Late, i, generation);
        }
    }

    /// A task is due: it is left out, done, or waits for its turn.
    pub(crate) fn task_due(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, i: usize) {
        let left_out = self.tasks_share <= 0.0
            || (self.tasks_share < 1.0
                && self.tasks[i].draws.next(&course.chance.source) >= self.tasks_share);
        let done_at = self.tasks[i].done_at;
        if left_out {
            course.schedule(course.now + Self::every_d(course, i), Kind::Task, i, 0);
        } else {
            self.start_job(course, aboard, Job::Task(number(i)));
        }
        if self.tasks[i].done_at == done_at {
            // Work that is first in line at this instant comes before what is late of it.
            let at = self.needed_at(course, i).max(course.now);
            course.schedule(at, Kind::Late, i, self.tasks[i].generation);
        }
    }

    /// Does a task if somebody who can is aboard and has the hours.
    pub(super) fn do_task(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        i: usize,
    ) -> bool {
        let task = &course.plan.tasks[i];
        if self.tasks_share <= 0.0 {
            course.schedule(course.now + Self::every_d(course, i), Kind::Task, i, 0);
            return true;
        }
        if !aboard.can_work(course, usize::from(task.segment)) || self.crew_is_busy(course) {
            return false;
        }
        self.take_crew_time(course, aboard, course.world.value(task.crew_h));
        let state = &mut self.tasks[i];
        state.done_at = course.now;
        state.generation += 1;
        let was_late = state.late_since.is_finite();
        state.late_since = f64::INFINITY;
        if was_late {
            self.wear_anew(course, i);
        }
        course.schedule(course.now + Self::every_d(course, i), Kind::Task, i, 0);
        self.watch_lateness(course, i);
        true
    }

    /// A task is needed and not done.
    pub(crate) fn task_is_late(&mut self, course: &mut Course<'_>, i: usize, generation: u32) {
        let state = self.tasks[i];
        if state.generation != generation || state.late_since.is_finite() {
            return;
        }
        let task = &course.plan.tasks[i];
        note!(course; crate::course::Weight::Upkeep, "Routine work is late: {}.", task.name);
        self.tasks[i].late_since = self.needed_at(course, i);
        self.wear_anew(course, i);
        let worn_at = self.tasks[i].late_since + course.world.value(task.lapse_after_d);
        if worn_at > course.now {
            course.schedule(worn_at, Kind::Lapse, i, generation);
        }
    }

    /// A task has been late for so long that what it protects wears no faster.
    pub(crate) fn task_lapses(&mut self, course: &mut Course<'_>, i: usize, generation: u32) {
        if self.tasks[i].generation == generation {
            self.wear_anew(course, i);
        }
    }

    /// Takes the wear of the subsystem of a task anew, and when a unit of it fails next.
    fn wear_anew(&mut self, course: &mut Course<'_>, i: usize) {
        let plan = course.plan;
        let Some(subsystem) = plan.tasks[i].subsystem else { return };
        let before = self.wear[usize::from(subsystem)];
        let mut wear = Wear { ran_d: before.ran_d(course.now), ..Wear::new(course.now) };
        for (task, state) in plan.tasks.iter().zip(&self.tasks) {
            if task.subsystem != Some(subsystem) || !state.late_since.is_finite() {
                continue;
            }
            let factor = course.world.value(task.lapse_factor).max(1.0);
            let after_d = course.world.value(task.lapse_after_d);
            let late_d = course.now - state.late_since;
            // To the clock's rounding: the event that ends the growth comes at the end of it.
            if late_d + 1e-6 >= after_d {
                wear.factor *= factor;
            } else {
                let growth_per_d = math::ln(factor) / after_d;
                wear.factor *= math::exp(growth_per_d * late_d);
                wear.growth_per_d += growth_per_d;
            }
        }
        self.wear[usize::from(subsystem)] = wear;
        self.watch_failures(course, usize::from(subsystem));
    }

    /// From now each task that is due is done with this probability.
    pub(crate) fn do_tasks(&mut self, share: f64) {
        self.tasks_share = self.tasks_share.min(share);
    }

    /// Routine tasks and scheduled replacements end.
    pub(crate) fn stop_maintenance(&mut self) {
        self.maintenance_stopped = true;
        self.do_tasks(0.0);
    }
}
