//! The list of work: crew hours, EVAs and the arm, upgrades.

use super::{Aboard, Job, StandDown, Status, Supply, Waiting};
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::parameters::Parameter;
use crate::plan::number;
use zarya_station::model::RepairWhere;
use zarya_units::random;

/// Days to find the fault before a repair starts. Assumed, times the world's repair factor.
const DIAGNOSIS_D: f64 = 1.0;
/// Crew hours and days of a robotic replacement by ground control. Assumed.
const ROBOTIC_D: f64 = 5.0;
/// Crew hours spoken for, in days, from which on new work waits for its turn by priority. Assumed:
/// as long as finding a fault takes anyway.
const BACKLOG_D: f64 = 1.0;
/// Draws of a unit from here on say whether it is flown for during a stand-down: one for each of them.
const STAND_DOWN_DRAWS: u32 = 1 << 31;
/// Priorities after those of units (1 to 5): routine tasks, upgrades, then planned EVAs.
const TASK_PRIORITY: u8 = 6;
const UPGRADE_PRIORITY: u8 = 7;
const PLANNED_EVA_PRIORITY: u8 = 8;

impl Aboard<'_> {
    /// Order of work: what a short capability waits for, then by priority.
    fn turn(&self, course: &Course<'_>, waiting: &Waiting) -> (bool, u8) {
        match waiting.job {
            Job::Repair(u) => {
                let t = &course.plan.types[usize::from(course.plan.units[u as usize].kind)];
                (!self.resources.is_short(course, usize::from(t.serves)), t.priority)
            }
            Job::Task(_) => (true, TASK_PRIORITY),
            Job::Upgrade(_) => (true, UPGRADE_PRIORITY),
            Job::Eva(_) => (true, PLANNED_EVA_PRIORITY),
        }
    }

    fn skilled_for(&self, course: &Course<'_>, skill: Option<u16>) -> bool {
        course.burning_in || skill.is_none_or(|skill| self.crew.skilled(usize::from(skill)) > 0)
    }

    fn arm_works(&self, course: &Course<'_>) -> bool {
        !course.station_lost
            && (course.burning_in
                || course
                    .plan
                    .crew
                    .robotic
                    .is_none_or(|c| self.resources.value(usize::from(c)) >= 0.5))
    }

    pub(super) fn can_work(&self, course: &Course<'_>, segment: usize) -> bool {
        self.crew.people() > 0
            && (course.burning_in
                || self.crew.trained(segment) >= course.plan.crew.trained_minimum[segment].min(1))
    }

    fn eva_possible(&self, course: &Course<'_>, segment: usize) -> bool {
        if course.burning_in {
            return true;
        }
        course.plan.crew.eva[segment].as_ref().is_some_and(|need| {
            self.crew.people() >= 2
                && self.crew.trained(segment) >= need.trained
                && self.resources.value(usize::from(need.capability)) >= 0.5
                && need.gas.iter().all(|(s, kg)| self.resources.level_kg(usize::from(*s)) >= *kg)
        })
    }

    /// Takes the gas of so many EVAs from the stocks that give it.
    fn spend_eva_gas(&mut self, course: &mut Course<'_>, segment: usize, evas: u32) {
        let plan = course.plan;
        if course.burning_in {
            return;
        }
        for (s, kg) in plan.crew.eva[segment].iter().flat_map(|need| &need.gas) {
            self.resources.move_stock(course, usize::from(*s), -kg * f64::from(evas));
        }
    }
}

impl Supply {
    /// Starts a job, or keeps it until its turn.
    pub(super) fn start_job(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, job: Job) {
        let waiting = Waiting { job, since: course.now };
        // Work that waits already and is more urgent goes first.
        let behind = aboard.crew.people() > 0
            && self
                .jobs
                .iter()
                .any(|other| aboard.turn(course, other) <= aboard.turn(course, &waiting));
        if behind || !self.try_job(course, aboard, waiting) {
            self.jobs.push(waiting);
            if behind {
                self.call_back(course, course.now);
            }
        }
    }

    /// Starts a job if somebody can do it now.
    fn try_job(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        waiting: Waiting,
    ) -> bool {
        let plan = course.plan;
        let Waiting { job, since } = waiting;
        let started = match job {
            Job::Repair(u) => {
                let t = &plan.types[usize::from(plan.units[u as usize].kind)];
                let (segment, hours) = (usize::from(t.segment), course.world.value(t.repair_h));
                if !aboard.skilled_for(course, t.skill) {
                    return false;
                }
                let urgent = aboard.resources.is_short(course, usize::from(t.serves));
                match t.place {
                    RepairWhere::Nowhere => None,
                    RepairWhere::Inside => {
                        self.start_inside(course, aboard, segment, hours, since, urgent)
                    }
                    // The arm works under ground control; without it an EVA does the work.
                    RepairWhere::Robotic if aboard.arm_works(course) => {
                        Some(course.now + ROBOTIC_D)
                    }
                    RepairWhere::Robotic | RepairWhere::Outside => {
                        self.start_in_suits(course, aboard, u, urgent)
                    }
                }
            }
            Job::Upgrade(i) => {
                let upgrade = &plan.upgrades[i as usize];
                let segment = usize::from(upgrade.segment);
                let hours = course.world.value(upgrade.crew_h);
                if upgrade.evas > 0 {
                    if self.stands_down(course, segment, None) {
                        return false;
                    }
                    let preparation = plan.crew.eva_preparation_d;
                    self.start_outside(course, aboard, segment, hours, upgrade.evas, preparation)
                } else {
                    self.start_inside(course, aboard, segment, hours, since, false)
                }
            }
            Job::Task(i) => return self.do_task(course, aboard, i as usize),
            Job::Eva(segment) => return self.start_planned_eva(course, aboard, segment as usize),
        };
        let Some(done) = started else { return false };
        match job {
            Job::Repair(u) => {
                let installation = self.units[u as usize].installation;
                course.schedule(done, Kind::RepairDone, u as usize, installation);
            }
            Job::Upgrade(i) => course.schedule(done, Kind::UpgradeDone, i as usize, 0),
            Job::Task(_) | Job::Eva(_) => {}
        }
        true
    }

    /// Whether crew hours are spoken for, so that work which nobody is short of waits for its turn.
    pub(super) fn crew_is_busy(&mut self, course: &mut Course<'_>) -> bool {
        let busy = self.crew_free_at > course.now + BACKLOG_D;
        if busy {
            self.call_back(course, self.crew_free_at - BACKLOG_D);
        }
        busy
    }

    /// Looks through the waiting work at `at` again, if not before: what waits longer asks anew then.
    fn call_back(&mut self, course: &mut Course<'_>, at: f64) {
        if at < self.jobs_next_at {
            self.jobs_next_at = at;
            self.jobs_next = self.jobs_next.wrapping_add(1);
            course.schedule(at, Kind::JobsNext, 0, self.jobs_next);
        }
    }

    /// The time to look through the waiting work has come, unless an earlier one was found since.
    pub(super) fn jobs_next(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        generation: u32,
    ) {
        if generation == self.jobs_next {
            self.jobs_next_at = f64::INFINITY;
            self.retry_jobs(course, aboard);
        }
    }

    /// What a short capability waits for is done at once, in whole workdays, and all other work
    /// moves back by its hours; the rest takes its turn.
    fn start_inside(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        segment: usize,
        hours: f64,
        since: f64,
        urgent: bool,
    ) -> Option<f64> {
        if !aboard.can_work(course, segment) {
            return None;
        }
        let found = (since + DIAGNOSIS_D * course.world.repair_factor).max(course.now);
        let hours = hours * course.world.repair_factor;
        if urgent {
            self.take_crew_time(course, aboard, hours);
            let workday_h = f64::from(aboard.crew.people().max(1))
                * course.world.value(course.plan.crew.workday_h);
            return Some(found + hours / workday_h.max(1.0));
        }
        if self.crew_is_busy(course) {
            return None;
        }
        let spent = self.take_crew_time(course, aboard, hours);
        Some((found + spent).max(self.crew_free_at))
    }

    /// Counts crew hours of work that gives way to repairs: due replacements and planned EVAs come
    /// out of research first.
    pub(super) fn spend_crew_time(&mut self, hours: f64) {
        self.upkeep_h_week += hours;
    }

    /// Queues crew hours and returns the days they take.
    pub(crate) fn take_crew_time(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        hours: f64,
    ) -> f64 {
        let plan = course.plan;
        let workday_h = course.world.value(plan.crew.workday_h);
        let baseline_h_d = course.world.value(plan.crew.upkeep_h_week) / 7.0;
        let free_h_d = (f64::from(aboard.crew.people()) * workday_h - baseline_h_d).max(2.0);
        let days = hours / free_h_d;
        self.crew_free_at = self.crew_free_at.max(course.now) + days;
        self.upkeep_h_week += hours;
        days
    }

    /// Outside work on a unit: in the suits of its own side, or where those cannot go out in those of another
    /// side that reach it.
    fn start_in_suits(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: u32,
        urgent: bool,
    ) -> Option<f64> {
        let plan = course.plan;
        let t = &plan.types[usize::from(plan.units[u as usize].kind)];
        let (crew, hours) = (&plan.crew, course.world.value(t.repair_h));
        let own = usize::from(t.segment);
        let stands = self.stands_down(course, own, urgent.then_some(u));
        if !stands && aboard.eva_possible(course, own) {
            let preparation =
                if urgent { crew.eva_preparation_urgent_d } else { crew.eva_preparation_d };
            return self.start_outside(course, aboard, own, hours, t.evas, preparation);
        }
        // What nobody is short of waits for the end of a stand-down.
        if stands && !urgent {
            return None;
        }
        for other in t.also_from.iter().map(|segment| usize::from(*segment)) {
            if aboard.eva_possible(course, other)
                && !self.stands_down(course, other, urgent.then_some(u))
            {
                let preparation = crew.eva_preparation_other_side_d;
                return self.start_outside(course, aboard, other, hours, t.evas, preparation);
            }
        }
        None
    }

    fn start_outside(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        segment: usize,
        hours: f64,
        evas: u32,
        preparation: Parameter,
    ) -> Option<f64> {
        if !aboard.eva_possible(course, segment) {
            return None;
        }
        if self.eva_free_at[segment] > course.now {
            self.call_back(course, self.eva_free_at[segment]);
            return None;
        }
        let evas = evas.max(1);
        let spacing_d = course.world.value(course.plan.crew.eva_spacing_d);
        let done = course.now + course.world.value(preparation) + f64::from(evas - 1) * spacing_d;
        self.eva_free_at[segment] = course.now + f64::from(evas) * spacing_d;
        let hours = hours + f64::from(evas) * course.world.value(course.plan.crew.eva_crew_h);
        self.take_crew_time(course, aboard, hours);
        aboard.spend_eva_gas(course, segment, evas);
        if !course.burning_in {
            course.out.counts.evas += evas;
            for n in 0..evas {
                course.schedule(done - f64::from(n) * spacing_d, Kind::Walk, segment, 0);
            }
        }
        Some(done)
    }

    /// Planned spacewalks of a segment stand for so many days; of two stand-downs at once the longer
    /// and the stricter hold.
    pub(crate) fn stand_down(
        &mut self,
        course: &mut Course<'_>,
        segment: usize,
        days: f64,
        urgent_share: f64,
    ) {
        let state = &mut self.stand_downs[segment];
        let stands = course.now < state.until;
        state.urgent_share =
            if stands { state.urgent_share.min(urgent_share) } else { urgent_share };
        state.until = state.until.max(course.now + days);
        state.number += u32::from(!stands);
        let segment = &course.plan.segments[segment];
        note!(course, "Planned spacewalks of segment {segment} stand for {days:.0} days.");
    }

    /// Whether a spacewalk has to wait for the end of a stand-down. An urgent one, for a unit, is flown with
    /// the share of the stand-down, decided once for each unit and stand-down.
    fn stands_down(
        &mut self,
        course: &mut Course<'_>,
        segment: usize,
        urgent_for: Option<u32>,
    ) -> bool {
        let StandDown { until, urgent_share, number } = self.stand_downs[segment];
        if course.now >= until {
            return false;
        }
        if let Some(u) = urgent_for {
            let stream = course.plan.units[u as usize].stream;
            let draw = course.chance.source.uniform(stream, STAND_DOWN_DRAWS + number);
            if draw < urgent_share {
                return false;
            }
        }
        self.call_back(course, until);
        true
    }

    /// Starts what can be started, the most urgent first.
    pub(crate) fn retry_jobs(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>) {
        if self.jobs.is_empty() || (aboard.crew.people() == 0 && !course.burning_in) {
            return;
        }
        let mut jobs = std::mem::take(&mut self.jobs);
        if jobs.len() > 1 {
            let number = |job| match job {
                Job::Repair(u) => u,
                Job::Upgrade(i) | Job::Task(i) | Job::Eva(i) => i,
            };
            jobs.sort_by(|a, b| {
                let turns = aboard.turn(course, a).cmp(&aboard.turn(course, b));
                let since = a.since.total_cmp(&b.since);
                turns.then(since).then(number(a.job).cmp(&number(b.job)))
            });
        }
        jobs.retain(|waiting| !self.try_job(course, aboard, *waiting));
        // Work that was added meanwhile goes behind.
        jobs.append(&mut self.jobs);
        self.jobs = jobs;
    }

    pub(crate) fn schedule_planned_eva(&mut self, course: &mut Course<'_>) {
        let rate = course.world.value(course.plan.crew.eva_planned_per_d);
        if rate > 0.0 {
            let u = self.eva.next(&course.chance.source);
            course.schedule(course.now + random::exponential(u) / rate, Kind::PlannedEva, 0, 0);
        }
    }

    pub(crate) fn planned_eva(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>) {
        // Planned EVAs alternate between the segments that can do them.
        let able: Vec<usize> = (0..course.plan.segments.len())
            .filter(|s| course.now >= self.stand_downs[*s].until && aboard.eva_possible(course, *s))
            .collect();
        if !able.is_empty() {
            let segment = able[course.out.counts.evas as usize % able.len()];
            self.start_job(course, aboard, Job::Eva(number(segment)));
        }
        self.schedule_planned_eva(course);
    }

    /// A planned EVA takes its slot; one that has become impossible is given up.
    fn start_planned_eva(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        segment: usize,
    ) -> bool {
        if course.now < self.stand_downs[segment].until || !aboard.eva_possible(course, segment) {
            return true;
        }
        if self.eva_free_at[segment] > course.now {
            self.call_back(course, self.eva_free_at[segment]);
            return false;
        }
        let hours = course.world.value(course.plan.crew.eva_crew_h);
        self.spend_crew_time(hours);
        self.eva_free_at[segment] = course.now + course.world.value(course.plan.crew.eva_spacing_d);
        aboard.spend_eva_gas(course, segment, 1);
        course.out.counts.evas += 1;
        self.walk(course, aboard, segment);
        true
    }

    /// A spacewalk of a segment: what goes out on it may fail, and is used up.
    pub(super) fn walk(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        segment: usize,
    ) {
        let plan = course.plan;
        if course.station_lost || aboard.crew.people() == 0 {
            return;
        }
        for t in &plan.types {
            let Some(per) = t.per_eva.filter(|_| usize::from(t.segment) == segment) else {
                continue;
            };
            let first = t.first_unit as usize;
            let mut copies: Vec<usize> = (first..first + t.installed as usize)
                .filter(|u| self.units[*u].status == Status::Working)
                .collect();
            copies.sort_by_key(|u| (self.units[*u].walks, *u));
            copies.truncate(per.used as usize);
            let wear = self.wear[usize::from(t.subsystem_index)].at(course.now);
            let failures = course.world.value(per.failures) * wear;
            let life = per.life.map_or(f64::INFINITY, |life| course.world.value(life));
            for u in copies {
                self.units[u].walks += 1;
                if self.unit_draw(course, u) < failures {
                    note!(course, "{} fails on a spacewalk.", t.name);
                    self.take_down(course, aboard, u);
                } else if f64::from(self.units[u].walks) >= life && !self.units[u].expired {
                    self.unit_expires(course, aboard, u, self.units[u].installation);
                }
            }
        }
    }

    pub(crate) fn upgrade_ready(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        i: usize,
    ) {
        self.start_job(course, aboard, Job::Upgrade(number(i)));
    }
}
