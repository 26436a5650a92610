//! The occupation plan in a history: which phase holds, and what it asks of the crew.
//!
//! A phase that asks for more people than the one before begins when they are aboard, at the latest some days after its
//! date; what begins late ends as much later. A crew may leave some days before its phase ends.

use crate::clock::Kind;
use crate::course::Course;
use zarya_station::model::Asked;
use zarya_units::Mjd;

/// Where a history stands in the plan.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Occupation {
    phase: usize,
    /// How much later than planned the phase has begun, d.
    late_d: f64,
    /// The date of the next phase has passed, and its people are not aboard yet.
    waiting: bool,
}

impl Occupation {
    /// The phase of the first day; it asks for its people from the first instant.
    pub(crate) fn start(course: &mut Course<'_>) -> Self {
        let steps = &course.plan.crew.occupation;
        let phase = steps.iter().rposition(|step| step.from <= course.now).unwrap_or(0);
        let start = Self { phase, late_d: 0.0, waiting: false };
        start.watch(course);
        start
    }

    /// When the next phase is to begin.
    fn next_at(self, course: &Course<'_>) -> Option<Mjd> {
        let steps = &course.plan.crew.occupation;
        let next = steps.get(self.phase + 1)?;
        let carried_d = if next.minimum < steps[self.phase].minimum { self.late_d } else { 0.0 };
        Some(next.from + carried_d)
    }

    /// Puts the end of a phase on the clock, and the days before it in which its crew may leave.
    fn watch(self, course: &mut Course<'_>) {
        if let Some(at) = self.next_at(course) {
            let grace_d = course.world.value(course.plan.policy.grace_d);
            course.schedule((at - grace_d).max(course.now), Kind::Phase, 0, 0);
            course.schedule(at.max(course.now), Kind::Phase, 0, 0);
        }
    }

    /// Goes on to the phases that have begun, and returns whether one had to begin without its people. `most`: a limit on
    /// people by a condition.
    pub(crate) fn advance(
        &mut self,
        course: &mut Course<'_>,
        people: u32,
        most: Option<u32>,
    ) -> bool {
        let mut missed = false;
        let steps = &course.plan.crew.occupation;
        let slack_d = course.world.value(course.plan.policy.slack_d);
        while let Some(at) = self.next_at(course).filter(|at| *at <= course.now) {
            let (now, next) = (steps[self.phase], steps[self.phase + 1]);
            let ready = people >= next.minimum.min(most.unwrap_or(u32::MAX));
            if !ready && course.now < at + slack_d {
                if !self.waiting {
                    self.waiting = true;
                    course.schedule(at + slack_d, Kind::Phase, 0, 0);
                }
                return missed;
            }
            missed |= !ready;
            let grows = next.minimum > now.minimum;
            self.late_d = if ready && grows { course.now - next.from } else { 0.0 };
            self.phase += 1;
            self.waiting = false;
            self.watch(course);
        }
        missed
    }

    /// What is asked of the crew now.
    pub(crate) fn asked(self, course: &Course<'_>) -> Asked {
        let steps = &course.plan.crew.occupation;
        let asked = steps[self.phase];
        let grace_d = course.world.value(course.plan.policy.grace_d);
        let ends = self.next_at(course).filter(|at| at - grace_d <= course.now);
        if ends.is_none() {
            return asked;
        }
        let next = steps[self.phase + 1];
        Asked {
            minimum: asked.minimum.min(next.minimum),
            nominal: asked.nominal.min(next.nominal),
            ..asked
        }
    }
}
