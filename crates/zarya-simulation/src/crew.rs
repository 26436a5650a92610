//! The people aboard: how many, what they are trained for, and what their hours go to.

use crate::clock::{TICK_D, TICKS_PER_SAMPLE};
use crate::course::{Course, note};
use crate::outcome::{Cause, EndState, Rung};
use crate::plan::{Plan, number, place};
use zarya_station::model::Owner;
use zarya_units::Mjd;

/// Days a segment may be without anybody trained for it before a limit counts as exceeded. Assumed.
const UNTRAINED_D: f64 = 30.0;

/// The crew of a history.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    people: u32,
    nominal: u32,
    limited: bool,
    /// The crew is below strength and has been counted so.
    reduced: bool,
    /// How long each number of people has been aboard since the last sample, d.
    aboard_d: Vec<f64>,
    /// The number aboard since `counted_at`, not yet in `aboard_d`.
    counted: u32,
    counted_at: Mjd,
    /// Days of all people together since the last tick.
    person_days: f64,
    trained: Vec<u32>,
    /// People aboard by skill that repairs ask for.
    skilled: Vec<u32>,
    training_stopped_at: Mjd,
    untrained_since: Vec<Mjd>,
    /// Research of a week at the standing upkeep, as of the start.
    research_h_week: f64,
    /// What `research_h` of the outcome was at the last sample.
    research_sampled_h: f64,
}

impl Crew {
    /// A crew of so many, trained for nothing yet.
    pub(crate) fn of(people: u32, plan: &Plan) -> Self {
        Self {
            people,
            nominal: plan.crew.nominal,
            limited: false,
            reduced: false,
            aboard_d: Vec::new(),
            counted: people,
            counted_at: plan.start,
            person_days: 0.0,
            trained: vec![0; plan.segments.len()],
            skilled: vec![0; plan.skills.len()],
            training_stopped_at: f64::INFINITY,
            untrained_since: vec![f64::INFINITY; plan.segments.len()],
            research_h_week: 0.0,
            research_sampled_h: 0.0,
        }
    }

    /// How many are aboard.
    #[inline]
    pub(crate) fn people(&self) -> u32 {
        self.people
    }

    /// How many there should be.
    pub(crate) fn nominal(&self) -> u32 {
        self.nominal
    }

    /// Whether their number is limited by a condition.
    pub(crate) fn is_limited(&self) -> bool {
        self.limited
    }

    /// How many are trained for a segment.
    pub(crate) fn trained(&self, segment: usize) -> u32 {
        self.trained[segment]
    }

    /// How many have a skill.
    pub(crate) fn skilled(&self, skill: usize) -> u32 {
        self.skilled[skill]
    }

    pub(crate) fn come(&mut self, people: u32) {
        self.people += people;
    }

    pub(crate) fn go(&mut self, people: u32) {
        self.people -= people;
    }

    pub(crate) fn all_go(&mut self) {
        self.people = 0;
    }

    /// From now there are to be at most so many.
    pub(crate) fn limit(&mut self, people: u32) {
        self.nominal = people.min(self.nominal);
        self.limited = true;
    }

    /// Who comes from so many days on is trained for the segment of the own vehicle only.
    pub(crate) fn stop_training(&mut self, at: Mjd) {
        self.training_stopped_at = at;
    }

    /// Whether training stops within the week.
    pub(crate) fn training_stops(&self, now: Mjd) -> bool {
        now >= self.training_stopped_at && now < self.training_stopped_at + TICK_D
    }

    /// People trained per segment, by the seats that are taken in each vehicle.
    pub(crate) fn count_trained(
        &mut self,
        course: &Course<'_>,
        seated: impl Iterator<Item = (u16, u32)>,
    ) {
        self.trained.fill(0);
        self.skilled.fill(0);
        let only_home = course.now >= self.training_stopped_at;
        for (vehicle, crew) in seated {
            let vehicle = &course.plan.vehicles[usize::from(vehicle)];
            let full = f64::from(vehicle.seats.max(1));
            for (segment, n) in vehicle.trained.iter().enumerate() {
                if only_home && vehicle.home_segment != Some(place(segment)) {
                    continue;
                }
                let share = f64::from(*n) * f64::from(crew) / full;
                self.trained[segment] += (share + 0.5).floor() as u32;
            }
            for (skill, n) in vehicle.skills.iter().enumerate() {
                let share = f64::from(*n) * f64::from(crew) / full;
                self.skilled[skill] += (share + 0.5).floor() as u32;
            }
        }
    }

    /// A segment without anybody trained for it exceeds a limit after a while.
    pub(crate) fn check_training(&mut self, course: &mut Course<'_>) {
        if self.people == 0 {
            return;
        }
        for segment in 0..self.trained.len() {
            if self.trained[segment] >= course.plan.crew.trained_minimum[segment] {
                self.untrained_since[segment] = f64::INFINITY;
                continue;
            }
            let since = self.untrained_since[segment].min(course.now);
            self.untrained_since[segment] = since;
            if course.now - since >= UNTRAINED_D {
                let rotation = course.plan.cause_rotation;
                course.breach_full(Cause { direct: rotation, root: rotation });
            }
        }
    }

    /// Some time after people came or went: whether there are enough; if not, `cause` says why.
    pub(crate) fn check(&mut self, course: &mut Course<'_>, cause: Cause) {
        if course.de_crewed() {
            return;
        }
        if self.people < self.nominal && !self.limited {
            if !self.reduced {
                course.rung(Rung::CrewReduction);
                note!(course, "The crew is below strength: {} aboard.", self.people);
                self.count_reduction(course, cause);
            }
        } else {
            self.reduced = false;
        }
    }

    /// The crew is below strength, or about to be.
    pub(crate) fn count_reduction(&mut self, course: &mut Course<'_>, cause: Cause) {
        if !self.reduced {
            self.reduced = true;
            // Counted apart: the record has reductions, and had no medical return before 2026.
            if !is_medical(course.plan, cause) {
                course.out.counts.crew_reductions += 1;
            }
        }
        course.reach(EndState::Reduced);
        course.breach_full(cause);
    }

    /// Counts the days of those who were aboard until now.
    pub(crate) fn count(&mut self, now: Mjd) {
        let days = now - self.counted_at;
        let people = self.counted as usize;
        if self.aboard_d.len() <= people {
            self.aboard_d.resize(people + 1, 0.0);
        }
        self.aboard_d[people] += days;
        self.person_days += days * f64::from(self.counted);
        self.counted = self.people;
        self.counted_at = now;
    }

    /// The number of people that was aboard longest since this was last asked; the smaller of two.
    pub(crate) fn most_days(&mut self, now: Mjd) -> u32 {
        self.count(now);
        let mut most = (self.people, 0.0);
        for (people, days) in self.aboard_d.iter_mut().enumerate() {
            if *days > most.1 {
                most = (number(people), *days);
            }
            *days = 0.0;
        }
        most.0
    }

    /// Shares the hours of the week among upkeep, which repairs are a part of, and research, no more of
    /// it than the goal. What is left is margin.
    pub(crate) fn account(&mut self, course: &mut Course<'_>, repairs_h: f64) {
        let plan = course.plan;
        self.count(course.now);
        // At the start the week to come stands in, at the standing upkeep.
        let (person_days, repairs_h) = match course.ticks {
            0 => (f64::from(self.people) * TICK_D, 0.0),
            _ => (self.person_days, repairs_h),
        };
        let baseline_h =
            if person_days > 0.0 { course.world.value(plan.crew.upkeep_h_week) } else { 0.0 };
        let available = person_days * course.world.value(plan.crew.workday_h);
        let upkeep = (repairs_h + baseline_h).min(available);
        let goal = course.world.value(plan.crew.research_goal_h_week);
        self.research_h_week = (available - upkeep).clamp(0.0, goal);
        if course.ticks > 0 {
            course.out.research_h += self.research_h_week;
            course.out.upkeep_h += upkeep;
        }
        self.person_days = 0.0;
    }

    /// Hours of research a week since the last sample.
    pub(crate) fn sample_research(&mut self, course: &Course<'_>) -> f64 {
        let research = if course.ticks == 0 {
            self.research_h_week
        } else {
            (course.out.research_h - self.research_sampled_h) / f64::from(TICKS_PER_SAMPLE)
        };
        self.research_sampled_h = course.out.research_h;
        research
    }
}

/// Whether a cause is a medical one.
pub(crate) fn is_medical(plan: &Plan, cause: Cause) -> bool {
    plan.causes[usize::from(cause.root)].owner == Owner::Medical
}
