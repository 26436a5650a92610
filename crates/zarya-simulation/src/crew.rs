//! The people aboard: how many, what they are trained for, and what their hours go to.

use crate::clock::{Kind, TICK_D, TICKS_PER_SAMPLE};
use crate::course::{Course, note};
use crate::occupation::Occupation;
use crate::outcome::{Cause, EndState, Rung};
use crate::plan::{Plan, number, place};
use zarya_station::model::Owner;
use zarya_units::Mjd;

/// People who came together: their vehicle's type, how many, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Party {
    pub(crate) vehicle: u16,
    pub(crate) people: u32,
    pub(crate) came_at: Mjd,
}

/// The crew of a history.
#[derive(Clone, Debug)]
pub(crate) struct Crew {
    people: u32,
    /// Where the history stands in the occupation plan.
    occupation: Occupation,
    /// Most that there are to be by a condition.
    limit: Option<u32>,
    /// Since when there have been fewer than planned.
    below_since: Mjd,
    /// They left as planned.
    left_by_plan: bool,
    /// The crew is below strength and has been counted so.
    reduced: bool,
    /// Why crews fly with fewer.
    fewer_for: Option<Cause>,
    /// Nobody is aboard where somebody should be, and it has been counted.
    missing: bool,
    /// How long each number of people has been aboard since the last sample, d.
    aboard_d: Vec<f64>,
    /// The number aboard since `counted_at`, not yet in `aboard_d`.
    counted: u32,
    counted_at: Mjd,
    /// Days of all people together since the last tick.
    person_days: f64,
    /// Days with nobody aboard until `counted_at`.
    uncrewed_d: f64,
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
            occupation: Occupation::default(),
            limit: None,
            below_since: f64::INFINITY,
            left_by_plan: true,
            reduced: false,
            fewer_for: None,
            missing: false,
            aboard_d: Vec::new(),
            counted: people,
            counted_at: plan.start,
            person_days: 0.0,
            uncrewed_d: 0.0,
            trained: vec![0; plan.segments.len()],
            skilled: vec![0; plan.skills.len()],
            training_stopped_at: f64::INFINITY,
            untrained_since: vec![f64::INFINITY; plan.segments.len()],
            research_h_week: 0.0,
            research_sampled_h: 0.0,
        }
    }

    /// The occupation plan is followed from now.
    pub(crate) fn follow_plan(&mut self, course: &mut Course<'_>) {
        self.occupation = Occupation::start(course);
    }

    /// How many are aboard.
    #[inline]
    pub(crate) fn people(&self) -> u32 {
        self.people
    }

    /// How many are planned now.
    pub(crate) fn nominal(&self, course: &Course<'_>) -> u32 {
        self.occupation.asked(course).nominal.min(self.limit.unwrap_or(u32::MAX))
    }

    /// How many there must be now.
    pub(crate) fn minimum(&self, course: &Course<'_>) -> u32 {
        self.occupation.asked(course).minimum.min(self.limit.unwrap_or(u32::MAX))
    }

    /// Whether their number is limited by a condition.
    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// Crews fly with fewer, and why; or at full strength again.
    pub(crate) fn fly_fewer_for(&mut self, cause: Option<Cause>) {
        self.fewer_for = cause;
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
        self.limit = Some(people.min(self.limit.unwrap_or(u32::MAX)));
    }

    /// Who comes from so many days on is trained for the segment of the own vehicle only.
    pub(crate) fn stop_training(&mut self, at: Mjd) {
        self.training_stopped_at = at;
    }

    /// Counts who is trained, by the seats that are taken in each vehicle.
    pub(crate) fn count_trained(
        &mut self,
        course: &Course<'_>,
        seated: impl Iterator<Item = Party>,
    ) {
        self.trained.fill(0);
        self.skilled.fill(0);
        for party in seated {
            for segment in 0..self.trained.len() {
                self.trained[segment] += self.trained_in(course, party, segment);
            }
            let vehicle = &course.plan.vehicles[usize::from(party.vehicle)];
            let full = f64::from(vehicle.seats.max(1));
            for (skill, n) in vehicle.skills.iter().enumerate() {
                let share = f64::from(*n) * f64::from(party.people) / full;
                self.skilled[skill] += (share + 0.5).floor() as u32;
            }
        }
    }

    /// People trained for a segment among those who came together: for all that their vehicle brings, but for its home
    /// segment alone once training has ended.
    fn trained_in(&self, course: &Course<'_>, party: Party, segment: usize) -> u32 {
        let vehicle = &course.plan.vehicles[usize::from(party.vehicle)];
        let only_home = party.came_at >= self.training_stopped_at;
        if only_home && vehicle.home_segment != Some(place(segment)) {
            return 0;
        }
        let share = f64::from(vehicle.trained[segment]) * f64::from(party.people);
        (share / f64::from(vehicle.seats.max(1)) + 0.5).floor() as u32
    }

    /// Whether a crew seated so has somebody trained for each segment that has somebody now.
    pub(crate) fn keeps_each_side(
        &self,
        course: &Course<'_>,
        seated: impl Iterator<Item = Party>,
    ) -> bool {
        let mut trained = vec![0; self.trained.len()];
        for party in seated {
            for (segment, n) in trained.iter_mut().enumerate() {
                *n += self.trained_in(course, party, segment);
            }
        }
        let least = &course.plan.crew.trained_minimum;
        trained
            .iter()
            .zip(least)
            .zip(&self.trained)
            .all(|((after, least), now)| after >= least || now < least)
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
            let borne_d = course.world.value(course.plan.policy.untrained_d);
            if course.now - since >= borne_d {
                if course.now - since - TICK_D < borne_d {
                    let (n, name) = (self.trained[segment], &course.plan.segments[segment]);
                    note!(
                        course,
                        "Of {} aboard {n} are trained for segment {name}, too few for {borne_d:.0} days.",
                        self.people
                    );
                }
                let rotation = course.plan.cause_rotation;
                course.breach_full(Cause { direct: rotation, root: rotation });
            }
        }
    }

    /// The number of people changed, by plan or not: whether there are enough from now. Counts the times nobody is left
    /// where somebody should be, and returns whether there are fewer than there must be.
    pub(crate) fn changed(&mut self, course: &mut Course<'_>, by_plan: bool) -> bool {
        // A phase as short as its slack may be over when it has to begin.
        let missed = self.occupation.advance(course, self.people, self.limit);
        let (nominal, minimum) = (self.nominal(course), self.minimum(course));
        if self.people < nominal {
            self.below_since = self.below_since.min(course.now);
            self.left_by_plan &= by_plan;
        } else {
            self.below_since = f64::INFINITY;
            self.left_by_plan = true;
            self.reduced = false;
        }
        let missing = self.people == 0 && minimum > 0 && !course.station_lost;
        if missing && !self.missing {
            course.out.counts.de_crewings += 1;
        }
        self.missing = missing;
        missed || self.people < minimum
    }

    /// Some time after people came or went: whether there are enough. A gap that the manifest plans between a crew and
    /// its successor is a handover. `next`: when the next crew is to dock by the manifest; `late`: why it has not.
    pub(crate) fn check(&mut self, course: &mut Course<'_>, next: Option<Mjd>, late: Cause) {
        let short = self.people < self.nominal(course) && !self.is_limited();
        if !short || self.people == 0 || self.reduced {
            return;
        }
        let value = |parameter| course.world.value(parameter);
        let grace_d = value(course.plan.policy.grace_d);
        let gap_d = value(course.plan.policy.handover_gap_d);
        let handover = next.filter(|next| {
            self.left_by_plan && *next <= self.below_since + gap_d && course.now < *next + grace_d
        });
        if let Some(next) = handover {
            course.schedule(next + grace_d, Kind::CrewCheck, 0, 0);
            return;
        }
        course.rung(Rung::CrewReduction);
        note!(course, "The crew is below strength: {} aboard.", self.people);
        self.count_reduction(course, self.fewer_for.unwrap_or(late));
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
        if self.counted == 0 {
            self.uncrewed_d += days;
        }
        self.counted = self.people;
        self.counted_at = now;
    }

    /// Days with nobody aboard since the start.
    pub(crate) fn uncrewed_d(&mut self, now: Mjd) -> f64 {
        self.count(now);
        self.uncrewed_d
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
