//! Units, their spares, and the crew hours and EVAs that put one into the other's place.
//!
//! A failed unit is reset, or replaced: with a spare aboard, else with one that is asked for on a
//! flight that can carry it. A spare taken from the ground is built anew. Past its life limit a unit
//! is replaced as routine maintenance; without maintenance or spare it stays and fails more often.

mod donors;
mod flights;
mod repair;

use crate::clock::Kind;
use crate::course::note;
use crate::history::Engine;
use crate::outcome::Rung;
use zarya_station::model::RepairWhere;
use zarya_units::random::Source;

/// Days to clear a failure that needs no spare. Assumed: a reset takes a day of troubleshooting.
const RESET_D: f64 = 1.0;
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
    /// Its place is empty: the working copy was taken for another type.
    robbed: bool,
    /// Age of the copy in hand for it; 0 when new.
    second_hand_d: f64,
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
    /// On the way to the ground's shelf: being built or repaired.
    pub(crate) building: u32,
    /// Of those, the ones that somebody waits for.
    pub(crate) backordered: u32,
    /// Removed units aboard that wait for a way down.
    pub(crate) to_return: u32,
    /// Aboard at the as-of date, and what has been asked of it since.
    pub(crate) stocked: u32,
    demanded: u32,
    waiting: Vec<u32>,
    expired: Vec<u32>,
}

/// Work of people or of the arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Repair(u32),
    Upgrade(u32),
    /// A planned EVA of a segment.
    Eva(u32),
}

/// Work that waits: for somebody who can do it, crew hours, or an EVA's slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Waiting {
    pub(crate) job: Job,
    pub(crate) since: f64,
}

impl Engine<'_> {
    pub(crate) fn start_units_new(&mut self) {
        let plan = self.course.plan;
        self.types = (0..plan.types.len())
            .map(|kind| {
                let (aboard, ground) = self.course.world.spares(plan, kind);
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
            let life_d =
                self.course.world.lives_d[kind].min(1.0 / self.course.world.rates_per_d[kind]);
            let share = self.unit_draw(u);
            self.units[u].installed_at = self.course.now - share * life_d.min(20.0 * 365.25);
            self.schedule_failure(u);
            self.schedule_expiry(u);
        }
    }

    pub(crate) fn start_units(&mut self) {
        let plan = self.course.plan;
        let world = self.course.world;
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
                Status::Resetting => {
                    self.course.schedule(self.course.now + RESET_D, Kind::UnitBack, u, 0)
                }
                Status::Waiting => {}
                Status::InRepair => {
                    self.jobs.push(Waiting { job: Job::Repair(u as u32), since: self.course.now });
                }
            }
        }
        for state in &mut self.types {
            state.on_order = state.to_fly;
            state.building = 0;
            state.backordered = 0;
        }
        for (kind, _) in &world.start.building {
            let u = self.course.chance.duration();
            let days = world.value(plan.types[usize::from(*kind)].build_d) * u;
            self.types[usize::from(*kind)].building += 1;
            self.course.schedule(
                self.course.now + days,
                Kind::GroundSpareBuilt,
                usize::from(*kind),
                0,
            );
        }
        for (kind, _) in &world.start.requests {
            self.order(usize::from(*kind));
        }
        for state in &mut self.types {
            state.stocked = state.aboard;
            state.demanded = 0;
        }
        // Repairs in hand are taken up by the first tick, when crew and capabilities are set up.
    }

    /// Puts failed units of a type back to work until there are enough; see `restore`.
    pub(crate) fn restore_units(&mut self, kind: usize) {
        let t = &self.course.plan.types[kind];
        let first = t.first_unit as usize;
        for u in first..first + t.installed as usize {
            if f64::from(self.types[kind].working) >= t.needed {
                break;
            }
            if self.units[u].status != Status::Working {
                self.units[u].status = Status::Working;
                self.units[u].robbed = false;
                self.types[kind].waiting.retain(|x| *x != u as u32);
                self.types[kind].working += 1;
                self.schedule_failure(u);
                self.schedule_expiry(u);
            }
        }
        self.mark(usize::from(t.serves));
        self.propagate();
    }

    /// Types that wait for a spare at the as-of date are out of them from the start.
    pub(crate) fn start_stock_outs(&mut self) {
        for (kind, state) in self.types.iter().enumerate() {
            if !state.waiting.is_empty() || !state.expired.is_empty() {
                self.course.out.own_stock_d[kind] = 0.0;
                self.course.out.stock_out_d[kind] = 0.0;
            }
        }
    }

    /// A failed or worn-out unit asks for a spare. Notes the first time that there is none, and the
    /// first demand that the stock of the as-of date would not have covered without flights.
    /// `fitting`: a spare of another type can be used.
    fn demand_spare(&mut self, kind: usize, fitting: bool) {
        if self.course.burning_in {
            return;
        }
        let day = (self.course.now - self.course.plan.start) as f32;
        let state = &mut self.types[kind];
        state.demanded += 1;
        if state.demanded > state.stocked {
            let first = &mut self.course.out.own_stock_d[kind];
            *first = first.min(day);
        }
        if state.aboard == 0 && !fitting {
            let first = &mut self.course.out.stock_out_d[kind];
            *first = first.min(day);
        }
    }

    #[inline]
    fn unit_draw(&mut self, u: usize) -> f64 {
        let unit = &mut self.units[u];
        let n = unit.draws;
        unit.draws += 1;
        // Burn-in and histories have different sources, so the same stream is not drawn twice.
        Source::uniform(&self.course.chance.source, self.course.plan.units[u].stream, n)
    }

    fn rate_factor(&self, u: usize) -> f64 {
        let kind = &self.course.plan.types[usize::from(self.course.plan.units[u].kind)];
        let expired = if self.units[u].expired {
            self.course.world.value(self.course.plan.worlds.expired_factor).max(1.0)
        } else {
            1.0
        };
        expired * self.lapsed[usize::from(kind.subsystem_index)]
    }

    /// Draws the residual life of a working unit given its age.
    fn schedule_failure(&mut self, u: usize) {
        let kind = usize::from(self.course.plan.units[u].kind);
        let draw = self.unit_draw(u);
        let age_d = (self.course.now - self.units[u].installed_at).max(0.0);
        let residual_d = self.course.world.laws[kind].time_to_failure_d(draw, age_d);
        let at = self.course.now + residual_d.max(0.0) / self.rate_factor(u);
        let unit = &mut self.units[u];
        unit.fail_at = at;
        unit.failure = unit.failure.wrapping_add(1);
        let failure = unit.failure;
        self.course.schedule(at, Kind::UnitFails, u, failure);
    }

    fn schedule_expiry(&mut self, u: usize) {
        let life_d = self.course.world.lives_d[usize::from(self.course.plan.units[u].kind)];
        if life_d.is_finite() && !self.units[u].expired {
            let at = (self.units[u].installed_at + life_d).max(self.course.now);
            self.course.schedule(at, Kind::UnitExpires, u, self.units[u].installation);
        }
    }

    /// Moves a scheduled failure nearer (or away) by `factor` on the rate.
    fn rescale_failure(&mut self, u: usize, factor: f64) {
        let unit = &mut self.units[u];
        unit.fail_at = self.course.now + (unit.fail_at - self.course.now) / factor;
        unit.failure = unit.failure.wrapping_add(1);
        let (at, failure) = (unit.fail_at, unit.failure);
        self.course.schedule(at, Kind::UnitFails, u, failure);
    }

    pub(crate) fn unit_fails(&mut self, u: usize, generation: u32) {
        if self.units[u].failure != generation || self.units[u].status != Status::Working {
            return;
        }
        let kind = usize::from(self.course.plan.units[u].kind);
        let t = &self.course.plan.types[kind];
        let beta = self.course.world.value(t.beta);
        let common = t.installed > 1 && beta > 0.0 && self.unit_draw(u) < beta;
        if common {
            let first = t.first_unit as usize;
            note!(self.course, "All copies of {} fail together.", t.name);
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
        let kind = usize::from(self.course.plan.units[u].kind);
        let t = &self.course.plan.types[kind];
        self.types[kind].working -= 1;
        let unit = &mut self.units[u];
        unit.failure = unit.failure.wrapping_add(1);
        unit.installation = unit.installation.wrapping_add(1);
        if !self.course.burning_in {
            self.course.out.counts.failures += 1;
            self.course.out.failures_by_subsystem[usize::from(t.subsystem_index)] += 1;
            self.course.out.failures_by_type[kind] += 1;
            self.mark(usize::from(t.serves));
        }
        let reset = self.unit_draw(u) < self.course.world.value(t.reset_share);
        if reset {
            self.units[u].status = Status::Resetting;
            if !self.course.burning_in {
                self.course.out.counts.resets += 1;
                self.course.rung(Rung::Workaround);
            }
            let days = RESET_D * self.course.world.repair_factor;
            self.course.schedule(
                self.course.now + days,
                Kind::UnitBack,
                u,
                self.units[u].installation,
            );
        } else {
            note!(
                self.course,
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
        let kind = usize::from(self.course.plan.units[u].kind);
        self.units[u].expired = false;
        self.types[kind].expired.retain(|x| *x != u as u32);
        let fitting = !self.course.burning_in && self.fitting_spare(kind).is_some();
        self.demand_spare(kind, fitting);
        if self.types[kind].aboard > 0 {
            self.types[kind].aboard -= 1;
            self.order(kind);
            self.units[u].status = Status::InRepair;
            self.start_job(Job::Repair(u as u32));
        } else {
            self.units[u].status = Status::Waiting;
            self.types[kind].waiting.push(u as u32);
            self.cannibalize_for(kind);
            if !self.course.burning_in && !fitting {
                self.course.out.counts.stock_outs += 1;
            }
            if (self.types[kind].on_order as usize) < self.types[kind].waiting.len() {
                self.order(kind);
            }
        }
    }

    fn pop_expired(&mut self, kind: usize) -> Option<usize> {
        if self.maintenance_stopped || self.crew.people() == 0 {
            return None;
        }
        let state = &mut self.types[kind];
        (!state.expired.is_empty()).then(|| state.expired.remove(0) as usize)
    }

    pub(crate) fn unit_expires(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::Working {
            return;
        }
        let kind = usize::from(self.course.plan.units[u].kind);
        let t = &self.course.plan.types[kind];
        let inside = t.place == RepairWhere::Inside;
        if inside && !self.maintenance_stopped {
            self.demand_spare(kind, false);
        }
        if inside
            && !self.maintenance_stopped
            && self.crew.people() > 0
            && self.types[kind].aboard > 0
        {
            self.types[kind].aboard -= 1;
            self.order(kind);
            self.replace_expired(u);
            return;
        }
        self.units[u].expired = true;
        let factor = self.course.world.value(self.course.plan.worlds.expired_factor).max(1.0);
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
        let kind = usize::from(self.course.plan.units[u].kind);
        if !self.course.burning_in {
            self.course.out.counts.scheduled_replacements += 1;
        }
        let hours = self.course.world.value(self.course.plan.types[kind].repair_h);
        self.spend_crew_time(hours);
        self.remove_unit(u);
        self.install(u);
    }

    /// The unit in hand in the place of `u`, from now: a new one, or one taken from another type.
    fn install(&mut self, u: usize) {
        let unit = &mut self.units[u];
        unit.status = Status::Working;
        unit.expired = false;
        unit.installed_at = self.course.now - std::mem::take(&mut unit.second_hand_d);
        unit.installation = unit.installation.wrapping_add(1);
        self.schedule_failure(u);
        self.schedule_expiry(u);
    }

    pub(crate) fn unit_back(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::Resetting {
            return;
        }
        let kind = usize::from(self.course.plan.units[u].kind);
        self.units[u].status = Status::Working;
        self.types[kind].working += 1;
        self.schedule_failure(u);
        self.schedule_expiry(u);
        if !self.course.burning_in {
            self.mark(usize::from(self.course.plan.types[kind].serves));
        }
    }

    pub(crate) fn repair_done(&mut self, u: usize, generation: u32) {
        if self.units[u].installation != generation || self.units[u].status != Status::InRepair {
            return;
        }
        let kind = usize::from(self.course.plan.units[u].kind);
        let t = &self.course.plan.types[kind];
        self.types[kind].working += 1;
        self.remove_unit(u);
        self.install(u);
        if !self.course.burning_in {
            self.course.out.counts.replacements += 1;
            self.mark(usize::from(t.serves));
            note!(self.course, "{} is replaced.", t.name);
        }
    }

    /// The unit type that holds a capability down most, and what it leaves of its value.
    pub(crate) fn failed_type_of(&self, capability: usize) -> Option<(usize, f64)> {
        self.course.plan.capabilities[capability]
            .types
            .iter()
            .filter_map(|kind| {
                let kind = usize::from(*kind);
                let t = &self.course.plan.types[kind];
                let working = f64::from(self.types[kind].working);
                let left = if t.partial { working / t.needed } else { 0.0 };
                (working < t.needed).then_some((kind, left))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
    }
}
