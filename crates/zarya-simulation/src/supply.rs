//! Units, their spares, and the crew hours and EVAs that put one into the other's place.
//!
//! A failed unit is reset, or replaced: with a spare aboard, else with one that is asked for on a
//! flight that can carry it. A spare taken from the ground is built anew. Past its life limit a unit
//! is replaced as routine maintenance; without maintenance or spare it stays and fails more often.

use crate::history::{Engine, Kind, note};
use crate::outcome::Rung;
use zarya_station::model::RepairWhere;
use zarya_units::random::{self, Source};

/// Days to clear a failure that needs no spare. Assumed: a reset takes a day of troubleshooting.
const RESET_D: f64 = 1.0;
/// Days to find the fault before a repair starts. Assumed, times the world's repair factor.
const DIAGNOSIS_D: f64 = 1.0;
/// Least time between two EVAs of one segment, d. Assumed: crews rarely go out twice a week.
const EVA_SPACING_D: f64 = 4.0;
/// Share of the usual preparation that a contingency EVA takes, when a capability is short. Assumed:
/// 7 days from failure to the first EVA in August 2010, 10 days in December 2013.
const CONTINGENCY_SHARE: f64 = 0.3;
/// Crew hours and days of a robotic replacement by ground control. Assumed.
const ROBOTIC_D: f64 = 5.0;
/// Days between flights that deliver spares during burn-in: about twelve cargo flights a year.
const BURN_IN_FLIGHT_D: f64 = 30.0;

/// What a unit is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Status {
    #[default]
    Working,
    /// Failed, to be reset.
    Resetting,
    /// Failed, no spare.
    Waiting,
    /// Failed, spare in hand, repair not done.
    InRepair,
}

/// One installed copy.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UnitState {
    pub(crate) status: Status,
    pub(crate) expired: bool,
    pub(crate) installed_at: f64,
    fail_at: f64,
    /// Invalidates scheduled failures.
    failure: u32,
    /// Invalidates the scheduled expiry and repair.
    installation: u32,
    draws: u32,
}

/// One unit type.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeState {
    pub(crate) working: u32,
    pub(crate) aboard: u32,
    pub(crate) ground: u32,
    pub(crate) on_order: u32,
    pub(crate) to_fly: u32,
    pub(crate) building: u32,
    waiting: Vec<u32>,
    expired: Vec<u32>,
}

/// Work that could not be started: nobody there, no EVA possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Repair(u32),
    Upgrade(u32),
}

impl Engine<'_> {
    pub(crate) fn start_units_new(&mut self) {
        let plan = self.plan;
        self.types = (0..plan.types.len())
            .map(|kind| {
                let (aboard, ground) = self.world.spares(plan, kind);
                TypeState {
                    working: plan.types[kind].installed,
                    aboard,
                    ground,
                    ..TypeState::default()
                }
            })
            .collect();
        self.units = vec![UnitState::default(); plan.units.len()];
        for u in 0..self.units.len() {
            // Burn-in starts at a random age within the life, or within the mean life.
            let kind = usize::from(plan.units[u].kind);
            let life_d = self.world.lives_d[kind].min(1.0 / self.world.rates_per_d[kind]);
            let share = self.unit_draw(u);
            self.units[u].installed_at = self.now - share * life_d.min(20.0 * 365.25);
            self.schedule_failure(u);
            self.schedule_expiry(u);
        }
    }

    pub(crate) fn start_units(&mut self) {
        let plan = self.plan;
        let world = self.world;
        self.units.clone_from(&world.start.units);
        self.types.clone_from(&world.start.types);
        for u in 0..self.units.len() {
            self.units[u].draws = 0;
            self.units[u].failure = 0;
            self.units[u].installation = 0;
            match self.units[u].status {
                Status::Working => {
                    self.schedule_failure(u);
                    self.schedule_expiry(u);
                }
                Status::Resetting => self.schedule(self.now + RESET_D, Kind::UnitBack, u, 0),
                Status::Waiting => {}
                Status::InRepair => self.jobs_stalled.push(Job::Repair(u as u32)),
            }
        }
        for state in &mut self.types {
            state.on_order = state.to_fly;
            state.building = 0;
        }
        for (kind, _) in &world.start.requests {
            self.order(usize::from(*kind));
        }
        for (kind, _) in &world.start.building {
            let u = self.uniform(|d| &mut d.duration);
            let days = world.value(plan.types[usize::from(*kind)].build_d) * u;
            self.types[usize::from(*kind)].building += 1;
            self.schedule(self.now + days, Kind::GroundSpareBuilt, usize::from(*kind), 0);
        }
        // Repairs in hand are taken up by the first tick, when crew and capabilities are set up.
    }

    /// Puts failed units of a type back to work until there are enough; see `restore`.
    pub(crate) fn restore_units(&mut self, kind: usize) {
        let t = &self.plan.types[kind];
        let first = t.first_unit as usize;
        for u in first..first + t.installed as usize {
            if f64::from(self.types[kind].working) >= t.needed {
                break;
            }
            if self.units[u].status != Status::Working {
                self.units[u].status = Status::Working;
                self.types[kind].waiting.retain(|x| *x != u as u32);
                self.types[kind].working += 1;
                self.schedule_failure(u);
                self.schedule_expiry(u);
            }
        }
        self.mark(usize::from(t.serves));
        self.propagate();
    }

    #[inline]
    fn unit_draw(&mut self, u: usize) -> f64 {
        let unit = &mut self.units[u];
        let n = unit.draws;
        unit.draws += 1;
        // Burn-in and histories have different sources, so the same stream is not drawn twice.
        Source::uniform(&self.source, self.plan.units[u].stream, n)
    }

    fn rate_factor(&self, u: usize) -> f64 {
        let kind = &self.plan.types[usize::from(self.plan.units[u].kind)];
        let expired = if self.units[u].expired {
            self.world.value(self.plan.worlds.expired_factor).max(1.0)
        } else {
            1.0
        };
        expired * self.lapsed[usize::from(kind.subsystem_index)]
    }

    /// Draws the residual life of a working unit given its age.
    fn schedule_failure(&mut self, u: usize) {
        let kind = usize::from(self.plan.units[u].kind);
        let draw = self.unit_draw(u);
        let age_d = (self.now - self.units[u].installed_at).max(0.0);
        let residual_d = self.world.laws[kind].time_to_failure_d(draw, age_d);
        let at = self.now + residual_d.max(0.0) / self.rate_factor(u);
        let unit = &mut self.units[u];
        unit.fail_at = at;
        unit.failure = unit.failure.wrapping_add(1);
        let failure = unit.failure;
        self.schedule(at, Kind::UnitFails, u, failure);
    }

    fn schedule_expiry(&mut self, u: usize) {
        let life_d = self.world.lives_d[usize::from(self.plan.units[u].kind)];
        if life_d.is_finite() && !self.units[u].expired {
            let at = (self.units[u].installed_at + life_d).max(self.now);
            self.schedule(at, Kind::UnitExpires, u, self.units[u].installation);
        }
    }

    /// Moves a scheduled failure nearer (or away) by `factor` on the rate.
    fn rescale_failure(&mut self, u: usize, factor: f64) {
        let unit = &mut self.units[u];
        unit.fail_at = self.now + (unit.fail_at - self.now) / factor;
        unit.failure = unit.failure.wrapping_add(1);
        let (at, failure) = (unit.fail_at, unit.failure);
        self.schedule(at, Kind::UnitFails, u, failure);
    }

    pub(crate) fn unit_fails(&mut self, u: usize, generation: u32) {
        if self.units[u].failure != generation || self.units[u].status != Status::Working {
            return;
        }
        let kind = usize::from(self.plan.units[u].kind);
        let t = &self.plan.types[kind];
        let beta = self.world.value(t.beta);
        let common = t.installed > 1 && beta > 0.0 && self.unit_draw(u) < beta;
        if common {
            let first = t.first_unit as usize;
            note!(self, "All copies of {} fail together.", t.name);
            for copy in first..first + t.installed as usize {
                if self.units[copy].status == Status::Working {
                    self.take_down(copy);
                }
            }
        } else {
            self.take_down(u);
        }
    }

    fn take_down(&mut self, u: usize) {
        let kind = usize::from(self.plan.units[u].kind);
        let t = &self.plan.types[kind];
        self.types[kind].working -= 1;
        let unit = &mut self.units[u];
        unit.failure = unit.failure.wrapping_add(1);
        unit.installation = unit.installation.wrapping_add(1);
        if !self.burning_in {
            self.out.counts.failures += 1;
            self.out.failures_by_subsystem[usize::from(t.subsystem_index)] += 1;
            self.out.failures_by_type[kind] += 1;
            self.mark(usize::from(t.serves));
        }
        let reset = self.unit_draw(u) < self.world.value(t.reset_share);
        if reset {
            self.units[u].status = Status::Resetting;
            if !self.burning_in {
                self.out.counts.resets += 1;
                self.rung(Rung::Workaround);
            }
            let days = RESET_D * self.world.repair_factor;
            self.schedule(self.now + days, Kind::UnitBack, u, self.units[u].installation);
        } else {
            note!(
                self,
                "{} fails ({} of {} work, {} spares aboard).",
                t.name,
                self.types[kind].working,
                t.installed,
                self.types[kind].aboard
            );
            self.need_spare(u);
        }
    }

    fn need_spare(&mut self, u: usize) {
        let kind = usize::from(self.plan.units[u].kind);
        self.units[u].expired = false;
        self.types[kind].expired.retain(|x| *x != u as u32);
        if self.types[kind].aboard > 0 {
            self.types[kind].aboard -= 1;
            self.order(kind);
            self.units[u].status = Status::InRepair;
            self.start_job(Job::Repair(u as u32));
        } else {
            self.units[u].status = Status::Waiting;
            self.types[kind].waiting.push(u as u32);
            if !self.burning_in {
                self.out.counts.stock_outs += 1;
            }
            if (self.types[kind].on_order as usize) < self.types[kind].waiting.len() {
                self.order(kind);
            }
        }
    }

    /// Asks for one more spare: from the ground's stock, else from the factory.
    fn order(&mut self, kind: usize) {
        if self.spares_stopped {
            return;
        }
        let t = &self.plan.types[kind];
        let factor = self.world.repair_factor * self.plan.scales.lead;
        self.types[kind].on_order += 1;
        let days = if self.types[kind].ground > 0 {
            self.types[kind].ground -= 1;
            self.types[kind].building += 1;
            let build_d = self.world.value(t.build_d) * factor;
            self.schedule(self.now + build_d, Kind::GroundSpareBuilt, kind, 0);
            self.world.value(t.lead_d) * factor
        } else {
            self.world.value(t.build_d) * factor
        };
        self.schedule(self.now + days, Kind::SpareReady, kind, 0);
    }

    pub(crate) fn spare_ready(&mut self, kind: usize) {
        self.types[kind].to_fly += 1;
    }

    /// During burn-in every flight carries what is ready.
    pub(crate) fn burn_in_flight(&mut self) {
        for kind in 0..self.types.len() {
            while self.types[kind].to_fly > 0 {
                self.types[kind].to_fly -= 1;
                self.spare_arrives(kind);
            }
        }
        self.retry_jobs();
        self.schedule(self.now + BURN_IN_FLIGHT_D, Kind::BurnInFlight, 0, 0);
    }

    pub(crate) fn spare_arrives(&mut self, kind: usize) {
        let state = &mut self.types[kind];
        state.on_order = state.on_order.saturating_sub(1);
        if let Some(u) = (!state.waiting.is_empty()).then(|| state.waiting.remove(0)) {
            note!(self, "A spare for {} arrives.", self.plan.types[kind].name);
            self.units[u as usize].status = Status::InRepair;
            self.start_job(Job::Repair(u));
        } else if let Some(u) = self.pop_expired(kind) {
            self.replace_expired(u);
        } else {
            self.types[kind].aboard += 1;
        }
    }

    fn pop_expired(&mut self, kind: usize) -> Option<usize> {
        if self.maintenance_stopped || self.crew == 0 {
            return None;
        }
        let state = &mut self.types[kind];
        (!state.expired.is_empty()).then(|| state.expired.remove(0) as usize)
    }

    pub(crate) fn unit_expires(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::Working {
            return;
        }
        let kind = usize::from(self.plan.units[u].kind);
        let t = &self.plan.types[kind];
        let inside = t.place == RepairWhere::Inside;
        if inside && !self.maintenance_stopped && self.crew > 0 && self.types[kind].aboard > 0 {
            self.types[kind].aboard -= 1;
            self.order(kind);
            self.replace_expired(u);
            return;
        }
        self.units[u].expired = true;
        let factor = self.world.value(self.plan.worlds.expired_factor).max(1.0);
        self.rescale_failure(u, factor);
        if inside && !self.maintenance_stopped {
            let state = &mut self.types[kind];
            state.expired.push(u as u32);
            if (state.on_order as usize) < state.waiting.len() + state.expired.len() {
                self.order(kind);
            }
        }
    }

    fn replace_expired(&mut self, u: usize) {
        let kind = usize::from(self.plan.units[u].kind);
        if !self.burning_in {
            self.out.counts.scheduled_replacements += 1;
        }
        let hours = self.world.value(self.plan.types[kind].repair_h);
        self.take_crew_time(hours);
        self.install(u);
    }

    /// A new unit in the place of `u`, from now.
    fn install(&mut self, u: usize) {
        let unit = &mut self.units[u];
        unit.status = Status::Working;
        unit.expired = false;
        unit.installed_at = self.now;
        unit.installation = unit.installation.wrapping_add(1);
        self.schedule_failure(u);
        self.schedule_expiry(u);
    }

    pub(crate) fn unit_back(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::Resetting {
            return;
        }
        let kind = usize::from(self.plan.units[u].kind);
        self.units[u].status = Status::Working;
        self.types[kind].working += 1;
        self.schedule_failure(u);
        self.schedule_expiry(u);
        if !self.burning_in {
            self.mark(usize::from(self.plan.types[kind].serves));
        }
    }

    pub(crate) fn repair_done(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::InRepair {
            return;
        }
        let kind = usize::from(self.plan.units[u].kind);
        let t = &self.plan.types[kind];
        self.types[kind].working += 1;
        self.install(u);
        if !self.burning_in {
            self.out.counts.replacements += 1;
            self.mark(usize::from(t.serves));
            note!(self, "{} is replaced.", t.name);
        }
    }

    /// Starts a job, or keeps it until the next tick finds the means for it.
    fn start_job(&mut self, job: Job) {
        let plan = self.plan;
        let (place, segment, hours, evas) = match job {
            Job::Repair(u) => {
                let t = &plan.types[usize::from(plan.units[u as usize].kind)];
                (t.place, usize::from(t.segment), self.world.value(t.repair_h), t.evas)
            }
            Job::Upgrade(i) => {
                let upgrade = &plan.upgrades[i as usize];
                let place =
                    if upgrade.evas > 0 { RepairWhere::Outside } else { RepairWhere::Inside };
                let segment = usize::from(upgrade.segment);
                (place, segment, self.world.value(upgrade.crew_h), upgrade.evas)
            }
        };
        let started = match place {
            RepairWhere::Inside => self.start_inside(segment, hours),
            // The arm works under ground control; without it an EVA does the work.
            RepairWhere::Robotic if self.arm_works() => Some(self.now + ROBOTIC_D),
            RepairWhere::Robotic => self.start_outside(segment, hours, evas, false),
            RepairWhere::Outside => {
                let urgent = match job {
                    Job::Repair(u) => {
                        let kind = usize::from(plan.units[u as usize].kind);
                        self.is_short(usize::from(plan.types[kind].serves))
                    }
                    Job::Upgrade(_) => false,
                };
                self.start_outside(segment, hours, evas, urgent)
            }
        };
        let Some(done) = started else {
            self.jobs_stalled.push(job);
            return;
        };
        match job {
            Job::Repair(u) => {
                let installation = self.units[u as usize].installation;
                self.schedule(done, Kind::RepairDone, u as usize, installation);
            }
            Job::Upgrade(i) => self.schedule(done, Kind::UpgradeDone, i as usize, 0),
        }
    }

    fn arm_works(&self) -> bool {
        !self.station_lost
            && (self.burning_in
                || self
                    .plan
                    .crew
                    .robotic
                    .is_none_or(|c| self.capabilities[usize::from(c)].value >= 0.5))
    }

    fn can_work(&self, segment: usize) -> bool {
        self.crew > 0
            && (self.burning_in
                || self.trained[segment] >= self.plan.crew.trained_minimum[segment].min(1))
    }

    fn start_inside(&mut self, segment: usize, hours: f64) -> Option<f64> {
        if !self.can_work(segment) {
            return None;
        }
        let ready = self.now + DIAGNOSIS_D * self.world.repair_factor;
        let spent = self.take_crew_time(hours * self.world.repair_factor);
        Some(ready.max(self.crew_free_at) + spent)
    }

    /// Queues crew hours and returns the days they take.
    pub(crate) fn take_crew_time(&mut self, hours: f64) -> f64 {
        let plan = self.plan;
        let workday_h = self.world.value(plan.crew.workday_h);
        let baseline_h_d = self.world.value(plan.crew.upkeep_h_week) / 7.0;
        let free_h_d = (f64::from(self.crew) * workday_h - baseline_h_d).max(2.0);
        let days = hours / free_h_d;
        self.crew_free_at = self.crew_free_at.max(self.now) + days;
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
        let evas = evas.max(1);
        let share = if urgent { CONTINGENCY_SHARE } else { 1.0 };
        let preparation_d = self.world.value(self.plan.crew.eva_preparation_d) * share;
        let free = self.eva_free_at[segment].max(self.now);
        let done = free + preparation_d + f64::from(evas - 1) * EVA_SPACING_D;
        self.eva_free_at[segment] = done - preparation_d + EVA_SPACING_D;
        let hours = hours + f64::from(evas) * self.world.value(self.plan.crew.eva_crew_h);
        self.take_crew_time(hours);
        self.spend_eva_gas(segment, evas);
        if !self.burning_in {
            self.out.counts.evas += evas;
        }
        Some(done)
    }

    fn eva_possible(&self, segment: usize) -> bool {
        if self.burning_in {
            return true;
        }
        self.plan.crew.eva[segment].as_ref().is_some_and(|need| {
            self.crew >= 2
                && self.trained[segment] >= need.trained
                && self.capabilities[usize::from(need.capability)].value >= 0.5
                && need.gas.iter().all(|(s, kg)| self.stocks[usize::from(*s)].level_kg >= *kg)
        })
    }

    /// Takes the gas of so many EVAs from the stocks that give it.
    fn spend_eva_gas(&mut self, segment: usize, evas: u32) {
        let plan = self.plan;
        if self.burning_in {
            return;
        }
        for (s, kg) in plan.crew.eva[segment].iter().flat_map(|need| &need.gas) {
            self.move_stock(usize::from(*s), -kg * f64::from(evas));
        }
    }

    pub(crate) fn retry_jobs(&mut self) {
        if self.jobs_stalled.is_empty() || (self.crew == 0 && !self.burning_in) {
            return;
        }
        let mut jobs = std::mem::take(&mut self.jobs_stalled);
        if jobs.len() > 1 {
            jobs.sort_by_key(|job| match job {
                Job::Repair(u) => {
                    let kind = usize::from(self.plan.units[*u as usize].kind);
                    (self.plan.types[kind].priority, *u)
                }
                Job::Upgrade(i) => (6, *i),
            });
        }
        for job in jobs {
            self.start_job(job);
        }
    }

    /// Loads spares on a flight: those that somebody waits for first, then by type.
    pub(crate) fn load_spares(&mut self, flight: usize) {
        let plan = self.plan;
        let vehicle = &plan.vehicles[usize::from(plan.flights[flight].vehicle)];
        let mut room_kg = self.world.value(vehicle.spares_kg);
        let mut loads = std::mem::take(&mut self.flight_loads[flight]);
        loads.clear();
        for urgent in [true, false] {
            for kind in 0..self.types.len() {
                let t = &plan.types[kind];
                let wanted = if urgent { self.types[kind].waiting.len() as u32 } else { u32::MAX };
                let mut n = wanted.min(self.types[kind].to_fly);
                if t.external && !vehicle.external_cargo {
                    continue;
                }
                if vehicle.cargo_segment.is_some_and(|s| s != t.segment) {
                    continue;
                }
                while n > 0 && t.mass_kg <= room_kg {
                    n -= 1;
                    room_kg -= t.mass_kg;
                    self.types[kind].to_fly -= 1;
                    self.out.cargo_kg += t.mass_kg;
                    loads.push(kind as u16);
                }
            }
        }
        self.flight_loads[flight] = loads;
    }

    /// The spares of a lost flight are asked for again.
    pub(crate) fn lose_spares(&mut self, flight: usize) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            let kind = usize::from(kind);
            self.types[kind].on_order = self.types[kind].on_order.saturating_sub(1);
            self.out.cargo_kg -= self.plan.types[kind].mass_kg;
            self.order(kind);
        }
    }

    pub(crate) fn unload_spares(&mut self, flight: usize) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            self.spare_arrives(usize::from(kind));
        }
    }

    pub(crate) fn task_due(&mut self, i: usize) {
        let task = &self.plan.tasks[i];
        if self.maintenance_stopped {
            return;
        }
        if self.can_work(usize::from(task.segment)) {
            let hours = self.world.value(task.crew_h);
            self.take_crew_time(hours);
        }
        let every_d = self.world.value(task.every_d).max(1.0);
        self.schedule(self.now + every_d, Kind::Task, i, 0);
    }

    pub(crate) fn stop_maintenance(&mut self) {
        if self.maintenance_stopped {
            return;
        }
        self.maintenance_stopped = true;
        for i in 0..self.plan.tasks.len() {
            let after_d = self.world.value(self.plan.tasks[i].lapse_after_d);
            self.schedule(self.now + after_d, Kind::Lapse, i, self.lapse_generation);
        }
    }

    pub(crate) fn task_lapses(&mut self, i: usize, generation: u32) {
        if generation != self.lapse_generation {
            return;
        }
        let task = &self.plan.tasks[i];
        let Some(subsystem) = task.subsystem else { return };
        let factor = self.world.value(task.lapse_factor).max(1.0);
        self.lapsed[usize::from(subsystem)] *= factor;
        for u in 0..self.units.len() {
            let kind = &self.plan.types[usize::from(self.plan.units[u].kind)];
            if kind.subsystem_index == subsystem && self.units[u].status == Status::Working {
                self.rescale_failure(u, factor);
            }
        }
    }

    pub(crate) fn schedule_planned_eva(&mut self) {
        let rate = self.world.value(self.plan.crew.eva_planned_per_d);
        if rate > 0.0 {
            let u = self.uniform(|d| &mut d.eva);
            self.schedule(self.now + random::exponential(u) / rate, Kind::PlannedEva, 0, 0);
        }
    }

    pub(crate) fn planned_eva(&mut self) {
        // Planned EVAs alternate between the segments that can do them.
        let able: Vec<usize> =
            (0..self.plan.segments.len()).filter(|s| self.eva_possible(*s)).collect();
        if !able.is_empty() {
            let segment = able[self.out.counts.evas as usize % able.len()];
            let hours = self.world.value(self.plan.crew.eva_crew_h);
            self.take_crew_time(hours);
            let free = self.eva_free_at[segment].max(self.now);
            self.eva_free_at[segment] = free + EVA_SPACING_D;
            self.spend_eva_gas(segment, 1);
            self.out.counts.evas += 1;
        }
        self.schedule_planned_eva();
    }

    pub(crate) fn upgrade_ready(&mut self, i: usize) {
        self.start_job(Job::Upgrade(i as u32));
    }

    pub(crate) fn upgrade_done(&mut self, i: usize) {
        let plan = self.plan;
        let upgrade = &plan.upgrades[i];
        note!(self, "{} is done.", upgrade.name);
        if let Some(c) = upgrade.restores {
            self.capabilities[usize::from(c)].bonus += upgrade.gain;
            self.mark(usize::from(c));
        }
        for l in 0..self.leaks.len() {
            if plan.leaks[l].repaired_by == Some(i as u8) {
                self.start_leak_repair(l);
            }
        }
    }

    /// The unit type that holds a capability down most, and what it leaves of its value.
    pub(crate) fn failed_type_of(&self, capability: usize) -> Option<(usize, f64)> {
        self.plan.capabilities[capability]
            .types
            .iter()
            .filter_map(|kind| {
                let kind = usize::from(*kind);
                let t = &self.plan.types[kind];
                let working = f64::from(self.types[kind].working);
                let left = if t.partial { working / t.needed } else { 0.0 };
                (working < t.needed).then_some((kind, left))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
    }
}
