//! Work on units: crew hours, EVAs and the arm, routine tasks and upgrades.

use super::{Job, Status, Waiting};
use crate::clock::Kind;
use crate::course::note;
use crate::history::Engine;
use zarya_station::model::RepairWhere;
use zarya_units::random;

/// Days to find the fault before a repair starts. Assumed, times the world's repair factor.
const DIAGNOSIS_D: f64 = 1.0;
/// Least time between two EVAs of one segment, d. Assumed: crews rarely go out twice a week.
const EVA_SPACING_D: f64 = 4.0;
/// Share of the usual preparation that a contingency EVA takes, when a capability is short. Assumed:
/// 7 days from failure to the first EVA in August 2010, 10 days in December 2013.
const CONTINGENCY_SHARE: f64 = 0.3;
/// Crew hours and days of a robotic replacement by ground control. Assumed.
const ROBOTIC_D: f64 = 5.0;
/// Crew hours spoken for, in days, from which on new work waits for its turn by priority. Assumed:
/// as long as finding a fault takes anyway.
const BACKLOG_D: f64 = 1.0;
/// Priorities after those of units (1 to 5): upgrades, then planned EVAs.
const UPGRADE_PRIORITY: u8 = 6;
const PLANNED_EVA_PRIORITY: u8 = 7;

impl Engine<'_> {
    /// Starts a job, or keeps it until its turn.
    pub(super) fn start_job(&mut self, job: Job) {
        let waiting = Waiting { job, since: self.course.now };
        // Work that waits already and is more urgent goes first.
        let behind = self.crew.people() > 0
            && self.jobs.iter().any(|other| self.turn(other) <= self.turn(&waiting));
        if behind || !self.try_job(waiting) {
            self.jobs.push(waiting);
            if behind {
                self.call_back(self.course.now);
            }
        }
    }

    /// Starts a job if somebody can do it now.
    fn try_job(&mut self, waiting: Waiting) -> bool {
        let plan = self.course.plan;
        let Waiting { job, since } = waiting;
        let started = match job {
            Job::Repair(u) => {
                let t = &plan.types[usize::from(plan.units[u as usize].kind)];
                let (segment, hours) =
                    (usize::from(t.segment), self.course.world.value(t.repair_h));
                if !self.skilled_for(t.skill) {
                    return false;
                }
                match t.place {
                    RepairWhere::Inside => {
                        let urgent = self.is_short(usize::from(t.serves));
                        self.start_inside(segment, hours, since, urgent)
                    }
                    // The arm works under ground control; without it an EVA does the work.
                    RepairWhere::Robotic if self.arm_works() => Some(self.course.now + ROBOTIC_D),
                    RepairWhere::Robotic => self.start_outside(segment, hours, t.evas, false),
                    RepairWhere::Outside => {
                        let urgent = self.is_short(usize::from(t.serves));
                        self.start_outside(segment, hours, t.evas, urgent)
                    }
                }
            }
            Job::Upgrade(i) => {
                let upgrade = &plan.upgrades[i as usize];
                let segment = usize::from(upgrade.segment);
                let hours = self.course.world.value(upgrade.crew_h);
                if upgrade.evas > 0 {
                    self.start_outside(segment, hours, upgrade.evas, false)
                } else {
                    self.start_inside(segment, hours, since, false)
                }
            }
            Job::Eva(segment) => return self.start_planned_eva(segment as usize),
        };
        let Some(done) = started else { return false };
        match job {
            Job::Repair(u) => {
                let installation = self.units[u as usize].installation;
                self.course.schedule(done, Kind::RepairDone, u as usize, installation);
            }
            Job::Upgrade(i) => self.course.schedule(done, Kind::UpgradeDone, i as usize, 0),
            Job::Eva(_) => {}
        }
        true
    }

    /// Order of work: what a short capability waits for, then by priority.
    fn turn(&self, waiting: &Waiting) -> (bool, u8) {
        match waiting.job {
            Job::Repair(u) => {
                let t =
                    &self.course.plan.types[usize::from(self.course.plan.units[u as usize].kind)];
                (!self.is_short(usize::from(t.serves)), t.priority)
            }
            Job::Upgrade(_) => (true, UPGRADE_PRIORITY),
            Job::Eva(_) => (true, PLANNED_EVA_PRIORITY),
        }
    }

    /// Looks through the waiting work at `at` again.
    fn call_back(&mut self, at: f64) {
        if !(self.course.now < self.jobs_next_at && self.jobs_next_at <= at) {
            self.jobs_next_at = at;
            self.course.schedule(at, Kind::JobsNext, 0, 0);
        }
    }

    fn skilled_for(&self, skill: Option<u8>) -> bool {
        self.course.burning_in
            || skill.is_none_or(|skill| self.crew.skilled(usize::from(skill)) > 0)
    }

    fn arm_works(&self) -> bool {
        !self.course.station_lost
            && (self.course.burning_in
                || self
                    .course
                    .plan
                    .crew
                    .robotic
                    .is_none_or(|c| self.capabilities[usize::from(c)].value >= 0.5))
    }

    fn can_work(&self, segment: usize) -> bool {
        self.crew.people() > 0
            && (self.course.burning_in
                || self.crew.trained(segment)
                    >= self.course.plan.crew.trained_minimum[segment].min(1))
    }

    /// What a short capability waits for is done at once, in whole workdays, and all other work
    /// moves back by its hours; the rest takes its turn.
    fn start_inside(
        &mut self,
        segment: usize,
        hours: f64,
        since: f64,
        urgent: bool,
    ) -> Option<f64> {
        if !self.can_work(segment) {
            return None;
        }
        let found = (since + DIAGNOSIS_D * self.course.world.repair_factor).max(self.course.now);
        let hours = hours * self.course.world.repair_factor;
        if urgent {
            self.take_crew_time(hours);
            let workday_h = f64::from(self.crew.people().max(1))
                * self.course.world.value(self.course.plan.crew.workday_h);
            return Some(found + hours / workday_h.max(1.0));
        }
        if self.crew_free_at > self.course.now + BACKLOG_D {
            self.call_back(self.crew_free_at - BACKLOG_D);
            return None;
        }
        let spent = self.take_crew_time(hours);
        Some((found + spent).max(self.crew_free_at))
    }

    /// Counts crew hours of work that gives way to repairs: routine tasks, due replacements
    /// and planned EVAs come out of research first.
    pub(super) fn spend_crew_time(&mut self, hours: f64) {
        self.upkeep_h_week += hours;
    }

    /// Queues crew hours and returns the days they take.
    pub(crate) fn take_crew_time(&mut self, hours: f64) -> f64 {
        let plan = self.course.plan;
        let workday_h = self.course.world.value(plan.crew.workday_h);
        let baseline_h_d = self.course.world.value(plan.crew.upkeep_h_week) / 7.0;
        let free_h_d = (f64::from(self.crew.people()) * workday_h - baseline_h_d).max(2.0);
        let days = hours / free_h_d;
        self.crew_free_at = self.crew_free_at.max(self.course.now) + days;
        self.upkeep_h_week += hours;
        days
    }

    fn start_outside(
        &mut self,
        segment: usize,
        hours: f64,
        evas: u32,
        urgent: bool,
    ) -> Option<f64> {
        if !self.eva_possible(segment) {
            return None;
        }
        if self.eva_free_at[segment] > self.course.now {
            self.call_back(self.eva_free_at[segment]);
            return None;
        }
        let evas = evas.max(1);
        let share = if urgent { CONTINGENCY_SHARE } else { 1.0 };
        let preparation_d =
            self.course.world.value(self.course.plan.crew.eva_preparation_d) * share;
        let done = self.course.now + preparation_d + f64::from(evas - 1) * EVA_SPACING_D;
        self.eva_free_at[segment] = self.course.now + f64::from(evas) * EVA_SPACING_D;
        let hours =
            hours + f64::from(evas) * self.course.world.value(self.course.plan.crew.eva_crew_h);
        self.take_crew_time(hours);
        self.spend_eva_gas(segment, evas);
        if !self.course.burning_in {
            self.course.out.counts.evas += evas;
        }
        Some(done)
    }

    fn eva_possible(&self, segment: usize) -> bool {
        if self.course.burning_in {
            return true;
        }
        self.course.plan.crew.eva[segment].as_ref().is_some_and(|need| {
            self.crew.people() >= 2
                && self.crew.trained(segment) >= need.trained
                && self.capabilities[usize::from(need.capability)].value >= 0.5
                && need.gas.iter().all(|(s, kg)| self.stocks[usize::from(*s)].level_kg >= *kg)
        })
    }

    /// Takes the gas of so many EVAs from the stocks that give it.
    fn spend_eva_gas(&mut self, segment: usize, evas: u32) {
        let plan = self.course.plan;
        if self.course.burning_in {
            return;
        }
        for (s, kg) in plan.crew.eva[segment].iter().flat_map(|need| &need.gas) {
            self.move_stock(usize::from(*s), -kg * f64::from(evas));
        }
    }

    /// Starts what can be started, the most urgent first.
    pub(crate) fn retry_jobs(&mut self) {
        if self.jobs.is_empty() || (self.crew.people() == 0 && !self.course.burning_in) {
            return;
        }
        let mut jobs = std::mem::take(&mut self.jobs);
        if jobs.len() > 1 {
            let number = |job| match job {
                Job::Repair(u) => u,
                Job::Upgrade(i) | Job::Eva(i) => i,
            };
            jobs.sort_by(|a, b| {
                let turns = self.turn(a).cmp(&self.turn(b));
                let since = a.since.total_cmp(&b.since);
                turns.then(since).then(number(a.job).cmp(&number(b.job)))
            });
        }
        jobs.retain(|waiting| !self.try_job(*waiting));
        // Work that was added meanwhile goes behind.
        jobs.append(&mut self.jobs);
        self.jobs = jobs;
    }

    pub(crate) fn task_due(&mut self, i: usize) {
        let task = &self.course.plan.tasks[i];
        if self.maintenance_stopped {
            return;
        }
        if self.can_work(usize::from(task.segment)) {
            let hours = self.course.world.value(task.crew_h);
            self.spend_crew_time(hours);
        }
        let every_d = self.course.world.value(task.every_d).max(1.0);
        self.course.schedule(self.course.now + every_d, Kind::Task, i, 0);
    }

    pub(crate) fn stop_maintenance(&mut self) {
        if self.maintenance_stopped {
            return;
        }
        self.maintenance_stopped = true;
        for i in 0..self.course.plan.tasks.len() {
            let after_d = self.course.world.value(self.course.plan.tasks[i].lapse_after_d);
            self.course.schedule(self.course.now + after_d, Kind::Lapse, i, self.lapse_generation);
        }
    }

    pub(crate) fn task_lapses(&mut self, i: usize, generation: u32) {
        if generation != self.lapse_generation {
            return;
        }
        let task = &self.course.plan.tasks[i];
        let Some(subsystem) = task.subsystem else { return };
        let factor = self.course.world.value(task.lapse_factor).max(1.0);
        self.lapsed[usize::from(subsystem)] *= factor;
        for u in 0..self.units.len() {
            let kind = &self.course.plan.types[usize::from(self.course.plan.units[u].kind)];
            if kind.subsystem_index == subsystem && self.units[u].status == Status::Working {
                self.rescale_failure(u, factor);
            }
        }
    }

    pub(crate) fn schedule_planned_eva(&mut self) {
        let rate = self.course.world.value(self.course.plan.crew.eva_planned_per_d);
        if rate > 0.0 {
            let u = self.course.chance.eva();
            self.course.schedule(
                self.course.now + random::exponential(u) / rate,
                Kind::PlannedEva,
                0,
                0,
            );
        }
    }

    pub(crate) fn planned_eva(&mut self) {
        // Planned EVAs alternate between the segments that can do them.
        let able: Vec<usize> =
            (0..self.course.plan.segments.len()).filter(|s| self.eva_possible(*s)).collect();
        if !able.is_empty() {
            let segment = able[self.course.out.counts.evas as usize % able.len()];
            self.start_job(Job::Eva(segment as u32));
        }
        self.schedule_planned_eva();
    }

    /// A planned EVA takes its slot; one that has become impossible is given up.
    fn start_planned_eva(&mut self, segment: usize) -> bool {
        if !self.eva_possible(segment) {
            return true;
        }
        if self.eva_free_at[segment] > self.course.now {
            self.call_back(self.eva_free_at[segment]);
            return false;
        }
        let hours = self.course.world.value(self.course.plan.crew.eva_crew_h);
        self.spend_crew_time(hours);
        self.eva_free_at[segment] = self.course.now + EVA_SPACING_D;
        self.spend_eva_gas(segment, 1);
        self.course.out.counts.evas += 1;
        true
    }

    pub(crate) fn upgrade_ready(&mut self, i: usize) {
        self.start_job(Job::Upgrade(i as u32));
    }

    pub(crate) fn upgrade_done(&mut self, i: usize) {
        let plan = self.course.plan;
        let upgrade = &plan.upgrades[i];
        note!(self.course, "{} is done.", upgrade.name);
        if let Some(c) = upgrade.restores {
            self.capabilities[usize::from(c)].bonus += upgrade.gain;
            self.mark(usize::from(c));
        }
        for l in 0..self.leaks.len() {
            if plan.leaks[l].repaired_by == Some(i as u8) {
                self.leaks.start_repair(&mut self.course, l);
            }
        }
    }
}
