//! Units, their spares, and the crew hours and EVAs that put one into the other's place.
//!
//! A failed unit is reset, or replaced: with a spare aboard, else with one that is asked for on a
//! flight that can carry it. A spare taken from the ground is built anew. Past its life limit a unit
//! is replaced as routine maintenance; without maintenance or spare it stays and fails more often.

mod defects;
mod donors;
mod flights;
mod repair;
mod together;
mod upkeep;

use crate::capability::Facts;
use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, Weight, note};
use crate::crew::Crew;
use crate::leaks::Leaks;
use crate::outcome::{Repair, Rung};
use crate::plan::{Plan, TypePlan, number, place};
use crate::resources::Resources;
use together::Together;
use upkeep::{TaskState, Wear};
use zarya_station::model::RepairWhere;
use zarya_units::random::Source;

/// Days to clear a failure that needs no spare. Assumed: a reset takes a day of troubleshooting.
const RESET_D: f64 = 1.0;
/// What a unit is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Status {
    #[default]
    Working,
    /// Failed, to be reset.
    Resetting,
    /// Failed, no spare.
    Waiting,
    /// Failed, spare in hand, repair not done.
    InRepair,
    /// Failed for good: there is no way to repair it.
    Lost,
}

/// One installed copy.
#[derive(Clone, Copy, Debug, Default)]
struct UnitState {
    status: Status,
    expired: bool,
    installed_at: f64,
    /// Its place is empty: the working copy was taken for another type.
    robbed: bool,
    /// Age of the copy in hand for it; 0 when new.
    second_hand_d: f64,
    /// Spacewalks it went out on, and those of the copy in hand for it.
    walks: u32,
    second_hand_walks: u32,
    /// What the running of its subsystem will have come to when it fails, d.
    fails_at_d: f64,
    /// When the copy failed that is to be replaced; none where it was taken for another type.
    failed_at: Option<f64>,
    /// Invalidates the scheduled expiry and repair.
    installation: u32,
    draws: u32,
}

/// The next failure among the units of a subsystem, as it stands on the clock.
#[derive(Clone, Copy, Debug)]
struct NextFailure {
    at: f64,
    generation: u32,
}

impl NextFailure {
    const NONE: Self = Self { at: f64::INFINITY, generation: 0 };
}

/// One unit type.
#[derive(Clone, Debug, Default)]
struct TypeState {
    aboard: u32,
    ground: u32,
    on_order: u32,
    to_fly: u32,
    /// On the way to the ground's shelf: being built or repaired.
    building: u32,
    /// Of those, the ones that somebody waits for.
    backordered: u32,
    /// Removed units aboard that wait for a way down.
    to_return: u32,
    /// Aboard at the as-of date, and what has been asked of it since.
    stocked: u32,
    demanded: u32,
    waiting: Vec<u32>,
    expired: Vec<u32>,
}

/// Work of people or of the arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    Repair(u32),
    Upgrade(u32),
    /// A routine task.
    Task(u32),
    /// A planned EVA of a segment.
    Eva(u32),
}

/// Work that waits: for somebody who can do it, crew hours, or an EVA's slot.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Waiting {
    job: Job,
    since: f64,
}

/// Why planned spacewalks of a segment stand.
#[derive(Clone, Copy, Debug, Default)]
struct StandDown {
    /// Planned spacewalks stand before this.
    until: f64,
    /// Share of urgent repairs that are flown all the same.
    urgent_share: f64,
    /// How many there have been.
    number: u32,
}

/// Units, spares, and the work on them in one history.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    units: Vec<UnitState>,
    types: Vec<TypeState>,
    /// Working copies by type.
    working: Vec<u32>,
    jobs: Vec<Waiting>,
    /// When the waiting work is looked through next, and which entry of the clock that is.
    jobs_next_at: f64,
    jobs_next: u32,
    crew_free_at: f64,
    eva_free_at: Vec<f64>,
    /// Stand-downs of the spacewalks of each segment.
    stand_downs: Vec<StandDown>,
    tasks: Vec<TaskState>,
    /// Wear of each subsystem from routine work that is late.
    wear: Vec<Wear>,
    /// The next failure of each subsystem.
    next: Vec<NextFailure>,
    /// Share of the routine tasks that are done when due.
    tasks_share: f64,
    maintenance_stopped: bool,
    spares_stopped: bool,
    flight_loads: Vec<Vec<u16>>,
    /// What urgent spares have taken of the lines of a flight: stocks and kg.
    displaced: Vec<Vec<(u16, f64)>>,
    /// Upgrades whose hardware a flight has brought.
    brought: Vec<bool>,
    /// Crew hours of this week beside the standing upkeep.
    upkeep_h_week: f64,
    /// When an EVA is planned, and whether a removed unit cannot be repaired.
    eva: Draws,
    condemned: Draws,
    /// Of each defect: when it comes to light, and which copies have it.
    defects: Vec<Draws>,
}

/// The state in which the histories of a world begin: ages, spares and open failures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    units: Vec<UnitState>,
    types: Vec<TypeState>,
    working: Vec<u32>,
    /// Types of the requests on their way at the as-of date.
    requests: Vec<u16>,
    /// Types of ground spares under construction.
    building: Vec<u16>,
}

impl Start {
    /// What is left on one plan as another has it: type by type of the same name and as many copies; what it does not know
    /// is taken from `fresh`.
    pub(crate) fn fitted(self, from: &Plan, to: &Plan, fresh: impl FnOnce() -> Self) -> Self {
        let same = |a: &TypePlan, b: &TypePlan| a.id == b.id && a.installed == b.installed;
        if from.types.len() == to.types.len()
            && from.types.iter().zip(&to.types).all(|(a, b)| same(a, b))
        {
            return self;
        }
        let mut found = fresh();
        let known: Vec<Option<usize>> =
            to.types.iter().map(|t| from.types.iter().position(|other| same(other, t))).collect();
        for (kind, (there, t)) in known.iter().zip(&to.types).enumerate() {
            let Some(there) = *there else { continue };
            let (first, old) = (t.first_unit, from.types[there].first_unit);
            let units = &self.units[old as usize..(old + t.installed) as usize];
            found.units[first as usize..(first + t.installed) as usize].copy_from_slice(units);
            found.working[kind] = self.working[there];
            let mut state = self.types[there].clone();
            for unit in state.waiting.iter_mut().chain(&mut state.expired) {
                *unit = *unit - old + first;
            }
            found.types[kind] = state;
        }
        // What is on its way to a type that both know.
        let moved = |kinds: &[u16]| {
            let there = |kind: &u16| known.iter().position(|k| *k == Some(usize::from(*kind)));
            kinds.iter().filter_map(there).map(place).collect::<Vec<u16>>()
        };
        let unknown =
            |kinds: &mut Vec<u16>| kinds.retain(|kind| known[usize::from(*kind)].is_none());
        unknown(&mut found.requests);
        unknown(&mut found.building);
        found.requests.extend(moved(&self.requests));
        found.building.extend(moved(&self.building));
        found
    }
}

/// What work on units meets aboard.
pub(crate) struct Aboard<'a> {
    pub(crate) crew: &'a Crew,
    pub(crate) resources: &'a mut Resources,
    /// Partners that have left.
    pub(crate) gone: &'a [bool],
    pub(crate) sunlit: f64,
    pub(crate) leaks: &'a Leaks,
}

impl Aboard<'_> {
    /// Recomputes the capabilities that are marked.
    fn propagate(&mut self, course: &mut Course<'_>, working: &[u32]) {
        let Self { gone, sunlit, leaks, .. } = *self;
        let facts = Facts { people: self.crew.people(), working, gone, sunlit, leaks };
        self.resources.propagate(course, &facts);
    }
}

impl Supply {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            units: Vec::new(),
            types: Vec::new(),
            working: Vec::new(),
            jobs: Vec::new(),
            jobs_next_at: f64::INFINITY,
            jobs_next: 0,
            crew_free_at: 0.0,
            eva_free_at: Vec::new(),
            stand_downs: Vec::new(),
            tasks: Vec::new(),
            wear: Vec::new(),
            next: Vec::new(),
            tasks_share: 1.0,
            maintenance_stopped: false,
            spares_stopped: false,
            flight_loads: Vec::new(),
            displaced: Vec::new(),
            brought: Vec::new(),
            upkeep_h_week: 0.0,
            eva: Draws::of("eva"),
            condemned: Draws::of("condemned"),
            defects: Vec::new(),
        }
    }

    /// Everything new before a burn-in, at random ages.
    pub(crate) fn start_new(&mut self, course: &mut Course<'_>) {
        let plan = course.plan;
        self.start_work(course);
        self.working = plan.types.iter().map(|t| t.installed).collect();
        self.types = (0..plan.types.len())
            .map(|kind| {
                let (aboard, ground) = course.world.spares(plan, kind);
                TypeState { aboard, ground, ..TypeState::default() }
            })
            .collect();
        self.units = vec![UnitState::default(); plan.units.len()];
        for u in 0..self.units.len() {
            // Burn-in starts at a random age within the life, or within the mean life.
            let kind = usize::from(plan.units[u].kind);
            let life_d = course.world.lives_d[kind].min(1.0 / course.world.rates_per_d[kind]);
            let share = self.unit_draw(course, u);
            self.units[u].installed_at = course.now - share * life_d.min(20.0 * 365.25);
            // As far through its spacewalks as through its time.
            let life = plan.types[kind].per_eva.and_then(|per| per.life);
            self.units[u].walks = life.map_or(0, |life| (share * course.world.value(life)) as u32);
            self.schedule_failure(course, u);
            self.schedule_expiry(course, u);
        }
    }

    /// What is there is left to who comes after: the histories of a world, or the next years.
    pub(crate) fn as_start(&self) -> Start {
        let (mut requests, mut building) = (Vec::new(), Vec::new());
        // Requests on their way are restarted with a new delay: the remaining one is not known.
        for (kind, state) in self.types.iter().enumerate() {
            let kind = place(kind);
            let on_their_way = state.on_order.saturating_sub(state.to_fly);
            requests.extend(std::iter::repeat_n(kind, on_their_way as usize));
            building.extend(std::iter::repeat_n(kind, state.building as usize));
        }
        let (units, types) = (self.units.clone(), self.types.clone());
        Start { units, types, working: self.working.clone(), requests, building }
    }

    /// No work is under way.
    fn start_work(&mut self, course: &Course<'_>) {
        let plan = course.plan;
        self.jobs.clear();
        self.jobs_next_at = f64::INFINITY;
        self.jobs_next = 0;
        self.crew_free_at = course.now;
        self.eva_free_at.clear();
        self.eva_free_at.resize(plan.segments.len(), course.now);
        self.stand_downs.clear();
        self.stand_downs.resize(plan.segments.len(), StandDown::default());
        self.tasks.clear();
        self.wear.clear();
        self.wear.resize(plan.subsystems.len(), Wear::new(course.now));
        self.next.clear();
        self.next.resize(plan.subsystems.len(), NextFailure::NONE);
        self.tasks_share = 1.0;
        self.maintenance_stopped = false;
        self.spares_stopped = false;
        self.flight_loads.resize(plan.flights.len(), Vec::new());
        self.displaced.resize(plan.flights.len(), Vec::new());
        self.brought.clear();
        self.brought.resize(plan.upgrades.len(), false);
        self.upkeep_h_week = 0.0;
        self.eva = Draws::of("eva");
        self.condemned = Draws::of("condemned");
    }

    /// Units and spares of a history as its world has them at the as-of date.
    pub(crate) fn start(&mut self, course: &mut Course<'_>, start: &Start) {
        let plan = course.plan;
        self.start_work(course);
        self.units.clone_from(&start.units);
        self.types.clone_from(&start.types);
        self.working.clone_from(&start.working);
        for u in 0..self.units.len() {
            self.units[u].draws = 0;
            self.units[u].installation = 0;
            match self.units[u].status {
                Status::Working => {
                    self.schedule_failure(course, u);
                    self.schedule_expiry(course, u);
                }
                Status::Resetting => course.schedule(course.now + RESET_D, Kind::UnitBack, u, 0),
                Status::Waiting | Status::Lost => {}
                Status::InRepair => {
                    self.jobs.push(Waiting { job: Job::Repair(number(u)), since: course.now });
                }
            }
        }
        for state in &mut self.types {
            state.on_order = state.to_fly;
            state.building = 0;
            state.backordered = 0;
        }
        for kind in &start.building {
            let kind = usize::from(*kind);
            let u = course.chance.duration();
            let days = course.world.value(plan.types[kind].build_d) * u;
            self.types[kind].building += 1;
            course.schedule(course.now + days, Kind::GroundSpareBuilt, kind, 0);
        }
        for kind in &start.requests {
            self.order(course, usize::from(*kind));
        }
        for state in &mut self.types {
            state.stocked = state.aboard;
            state.demanded = 0;
        }
        // Repairs in hand are taken up by the first tick, when crew and capabilities are set up.
    }

    /// Handles an event of units, spares or work.
    #[inline]
    pub(crate) fn handle(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        kind: Kind,
        i: usize,
        generation: u32,
    ) {
        match kind {
            Kind::UnitFails => self.failure_due(course, aboard, i, generation),
            Kind::UnitExpires => self.unit_expires(course, aboard, i, generation),
            Kind::UnitBack => self.unit_back(course, aboard, i, generation),
            Kind::DefectFound => self.defect_found(course, aboard, i),
            Kind::RepairDone => self.repair_done(course, aboard, i, generation),
            Kind::Walk => self.walk(course, aboard, i),
            Kind::SpareReady => self.spare_ready(i),
            Kind::GroundSpareBuilt => self.ground_spare_built(course, i),
            Kind::JobsNext => self.jobs_next(course, aboard, generation),
            Kind::BurnInFlight => self.burn_in_flight(course, aboard),
            Kind::Task => self.task_due(course, aboard, i),
            Kind::Late => self.task_is_late(course, i, generation),
            Kind::Lapse => self.task_lapses(course, i, generation),
            Kind::PlannedEva => self.planned_eva(course, aboard),
            Kind::UpgradeReady => self.upgrade_ready(course, aboard, i),
            _ => unreachable!("{kind:?} is no event of supply"),
        }
    }

    /// Working copies by type.
    pub(crate) fn working(&self) -> &[u32] {
        &self.working
    }

    /// Whether a type works in the number needed, or could inside with the spares aboard.
    pub(crate) fn can_mend(&self, plan: &Plan, kind: usize) -> bool {
        let t = &plan.types[kind];
        let at_hand = self.working[kind] + self.types[kind].aboard;
        let in_hand = self.jobs.iter().filter(|waiting| match waiting.job {
            Job::Repair(u) => usize::from(plan.units[u as usize].kind) == kind,
            Job::Upgrade(_) | Job::Task(_) | Job::Eva(_) => false,
        });
        let enough = |n: u32| f64::from(n) >= t.needed;
        enough(self.working[kind])
            || (t.place == RepairWhere::Inside && enough(at_hand + number(in_hand.count())))
    }

    /// Spares of a type aboard at the as-of date.
    pub(crate) fn stocked(&self, kind: usize) -> u32 {
        self.types[kind].stocked
    }

    /// The age of each copy of a type, d; one whose repair is in hand comes back new.
    pub(crate) fn ages_d(&self, plan: &Plan, kind: usize, now: f64) -> Vec<f64> {
        let t = &plan.types[kind];
        let first = t.first_unit as usize;
        self.units[first..first + t.installed as usize]
            .iter()
            .map(|unit| match unit.status {
                Status::InRepair | Status::Waiting | Status::Lost => 0.0,
                Status::Working | Status::Resetting => (now - unit.installed_at).max(0.0),
            })
            .collect()
    }

    /// No spare is asked for any more.
    pub(crate) fn stop_spares(&mut self) {
        self.spares_stopped = true;
    }

    /// Crew hours beside the standing upkeep since this was last asked.
    pub(crate) fn take_upkeep_h(&mut self) -> f64 {
        std::mem::take(&mut self.upkeep_h_week)
    }

    /// Puts failed units of a type back to work until there are enough; see `restore`.
    pub(crate) fn restore_units(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        kind: usize,
    ) {
        let t = &course.plan.types[kind];
        let first = t.first_unit as usize;
        for u in first..first + t.installed as usize {
            if f64::from(self.working[kind]) >= t.needed {
                break;
            }
            if self.units[u].status != Status::Working {
                self.units[u].status = Status::Working;
                self.units[u].robbed = false;
                self.types[kind].waiting.retain(|x| *x != number(u));
                self.working[kind] += 1;
                self.schedule_failure(course, u);
                self.schedule_expiry(course, u);
            }
        }
        aboard.resources.mark(usize::from(t.serves));
        aboard.propagate(course, &self.working);
    }

    /// Types that wait for a spare at the as-of date are out of them from the start.
    pub(crate) fn start_stock_outs(&mut self, course: &mut Course<'_>) {
        for (kind, state) in self.types.iter().enumerate() {
            if !state.waiting.is_empty() || !state.expired.is_empty() {
                course.out.own_stock_d[kind] = 0.0;
                course.out.stock_out_d[kind] = 0.0;
            }
        }
    }

    /// A failed or worn-out unit asks for a spare. Notes the first time that there is none, and the
    /// first demand that the stock of the as-of date would not have covered without flights.
    /// `fitting`: a spare of another type can be used.
    fn demand_spare(&mut self, course: &mut Course<'_>, kind: usize, fitting: bool) {
        if course.burning_in || !course.plan.types[kind].supplied {
            return;
        }
        let day = (course.now - course.plan.start) as f32;
        let state = &mut self.types[kind];
        state.demanded += 1;
        if state.demanded > state.stocked {
            let first = &mut course.out.own_stock_d[kind];
            *first = first.min(day);
        }
        if state.aboard == 0 && !fitting {
            let first = &mut course.out.stock_out_d[kind];
            *first = first.min(day);
        }
    }

    #[inline]
    fn unit_draw(&mut self, course: &mut Course<'_>, u: usize) -> f64 {
        let unit = &mut self.units[u];
        let n = unit.draws;
        unit.draws += 1;
        // Burn-in and histories have different sources, so the same stream is not drawn twice.
        Source::uniform(&course.chance.source, course.plan.units[u].stream, n)
    }

    fn wear_of(&self, plan: &Plan, u: usize) -> Wear {
        self.wear[subsystem_of(plan, u)]
    }

    /// By how much more a unit past its life limit fails.
    fn expired_factor(&self, course: &Course<'_>, u: usize) -> f64 {
        if self.units[u].expired {
            course.world.value(course.plan.worlds.expired_factor).max(1.0)
        } else {
            1.0
        }
    }

    /// The factor on the rate of a unit's law now: past its life limit, and by routine work that is late.
    fn rate_factor(&self, course: &Course<'_>, u: usize) -> f64 {
        self.expired_factor(course, u) * self.wear_of(course.plan, u).at(course.now)
    }

    /// Draws the residual life of a working unit given its age.
    fn schedule_failure(&mut self, course: &mut Course<'_>, u: usize) {
        let kind = usize::from(course.plan.units[u].kind);
        let draw = self.unit_draw(course, u);
        let age_d = (course.now - self.units[u].installed_at).max(0.0);
        let residual_d = course.world.laws[kind].time_to_failure_d(draw, age_d);
        let expired = self.expired_factor(course, u);
        self.fails_after(course, u, residual_d.max(0.0) / expired);
    }

    /// A working unit fails after so many days of unworn running.
    fn fails_after(&mut self, course: &mut Course<'_>, u: usize, unworn_d: f64) {
        let subsystem = subsystem_of(course.plan, u);
        let wear = self.wear[subsystem];
        self.units[u].fails_at_d = wear.ran_d(course.now) + unworn_d;
        let at = wear.reaches(self.units[u].fails_at_d);
        if at < self.next[subsystem].at {
            self.put_next(course, subsystem, at);
        }
    }

    fn put_next(&mut self, course: &mut Course<'_>, subsystem: usize, at: f64) {
        let next = &mut self.next[subsystem];
        next.at = at;
        next.generation = next.generation.wrapping_add(1);
        course.schedule(at, Kind::UnitFails, subsystem, next.generation);
    }

    /// The working unit of a subsystem that fails first, and when.
    fn first_to_fail(&self, plan: &Plan, subsystem: usize) -> Option<(usize, f64)> {
        let units = plan.units_of[subsystem].iter().map(|u| *u as usize);
        let working = units.filter(|u| self.units[*u].status == Status::Working);
        let due = |u: &usize| self.units[*u].fails_at_d;
        let first = working.min_by(|a, b| due(a).total_cmp(&due(b)))?;
        Some((first, self.wear[subsystem].reaches(self.units[first].fails_at_d)))
    }

    /// Puts the next failure of a subsystem on the clock.
    fn watch_failures(&mut self, course: &mut Course<'_>, subsystem: usize) {
        let first = self.first_to_fail(course.plan, subsystem);
        let at = first.map_or(f64::INFINITY, |(_, at)| at.max(course.now));
        self.put_next(course, subsystem, at);
    }

    /// A unit of a subsystem fails, if the one that was to has not gone out of use.
    fn failure_due(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        subsystem: usize,
        generation: u32,
    ) {
        if self.next[subsystem].generation != generation {
            return;
        }
        self.next[subsystem].at = f64::INFINITY;
        if let Some((u, at)) = self.first_to_fail(course.plan, subsystem)
            && at <= course.now
        {
            self.unit_fails(course, aboard, u);
        }
        self.watch_failures(course, subsystem);
    }

    fn schedule_expiry(&mut self, course: &mut Course<'_>, u: usize) {
        let life_d = course.world.lives_d[usize::from(course.plan.units[u].kind)];
        if life_d.is_finite() && !self.units[u].expired {
            let at = (self.units[u].installed_at + life_d).max(course.now);
            course.schedule(at, Kind::UnitExpires, u, self.units[u].installation);
        }
    }

    /// Moves the failure of a working unit nearer by `factor` on the rate.
    fn rescale_failure(&mut self, course: &mut Course<'_>, u: usize, factor: f64) {
        let ran_d = self.wear_of(course.plan, u).ran_d(course.now);
        let left_d = (self.units[u].fails_at_d - ran_d).max(0.0);
        self.fails_after(course, u, left_d / factor);
    }

    fn unit_fails(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, u: usize) {
        match self.together(course, u) {
            Together::Alone => self.take_down(course, aboard, u),
            Together::NotNow => self.schedule_failure(course, u),
            Together::With(copies) => {
                let t = &course.plan.types[usize::from(course.plan.units[u].kind)];
                note!(course, "{} copies of {} fail together.", copies.len(), t.name);
                for copy in copies {
                    self.take_down(course, aboard, copy);
                }
            }
        }
    }

    fn take_down(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, u: usize) {
        let kind = usize::from(course.plan.units[u].kind);
        let t = &course.plan.types[kind];
        self.working[kind] -= 1;
        let unit = &mut self.units[u];
        unit.installation = unit.installation.wrapping_add(1);
        unit.failed_at = Some(course.now);
        if !course.burning_in {
            course.out.counts.failures += 1;
            course.out.failures_by_subsystem[usize::from(t.subsystem_index)] += 1;
            course.out.failures_by_type[kind] += 1;
            aboard.resources.mark(usize::from(t.serves));
        }
        let reset = self.unit_draw(course, u) < course.world.value(t.reset_share);
        // All copies work at the as-of date of what nobody could have replaced before it.
        let kept = course.burning_in && !t.supplied;
        if reset || kept {
            self.units[u].status = Status::Resetting;
            if !course.burning_in {
                course.out.counts.resets += 1;
                course.rung(Rung::Workaround);
            }
            let days = RESET_D * course.world.repair_factor;
            course.schedule(course.now + days, Kind::UnitBack, u, self.units[u].installation);
        } else if t.place == RepairWhere::Nowhere {
            let working = self.working[kind];
            note!(course, "{} fails for good ({working} of {} work).", t.name, t.installed);
            self.units[u].status = Status::Lost;
            self.units[u].expired = false;
        } else {
            let spare = self.types[kind].aboard > 0;
            note!(
                course; if spare { Weight::Upkeep } else { Weight::Event },
                "{} fails ({} of {} work, {} spares aboard).",
                t.name,
                self.working[kind],
                t.installed,
                self.types[kind].aboard
            );
            self.need_spare(course, aboard, u);
        }
    }

    /// A copy needs a spare. Whoever needs one asks for one, whether there is one aboard or not: what comes goes to those
    /// who wait, then to the shelf, which so holds as many again as before. One past its life limit has asked already.
    fn need_spare(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, u: usize) {
        let kind = usize::from(course.plan.units[u].kind);
        self.units[u].expired = false;
        if !self.stops_waiting_past_its_life(kind, u) {
            self.order(course, kind);
        }
        let fitting = !course.burning_in && self.fitting_spare(course, kind).is_some();
        self.demand_spare(course, kind, fitting);
        if self.types[kind].aboard > 0 {
            self.types[kind].aboard -= 1;
            self.units[u].status = Status::InRepair;
            self.start_job(course, aboard, Job::Repair(number(u)));
        } else {
            self.units[u].status = Status::Waiting;
            self.types[kind].waiting.push(number(u));
            self.cannibalize_for(course, aboard, kind);
            if !course.burning_in && !fitting {
                course.out.counts.stock_outs += 1;
            }
        }
    }

    /// A copy no longer waits to be replaced for its age; returns whether it did, and so has a spare under way.
    fn stops_waiting_past_its_life(&mut self, kind: usize, u: usize) -> bool {
        let expired = &mut self.types[kind].expired;
        let before = expired.len();
        expired.retain(|x| *x != number(u));
        expired.len() < before
    }

    fn pop_expired(&mut self, aboard: &Aboard<'_>, kind: usize) -> Option<usize> {
        if self.maintenance_stopped || aboard.crew.people() == 0 {
            return None;
        }
        // One that is being reset or stands down is not in use now: its turn comes.
        let working = |u: &u32| self.units[*u as usize].status == Status::Working;
        let at = self.types[kind].expired.iter().position(working)?;
        Some(self.types[kind].expired.remove(at) as usize)
    }

    pub(crate) fn unit_expires(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: usize,
        generation: u32,
    ) {
        if self.units[u].installation != generation || self.units[u].status != Status::Working {
            return;
        }
        let kind = usize::from(course.plan.units[u].kind);
        let t = &course.plan.types[kind];
        let inside = t.place == RepairWhere::Inside && t.supplied;
        if inside && !self.maintenance_stopped {
            self.demand_spare(course, kind, false);
        }
        if inside
            && !self.maintenance_stopped
            && aboard.crew.people() > 0
            && self.types[kind].aboard > 0
        {
            self.types[kind].aboard -= 1;
            self.order(course, kind);
            self.replace_expired(course, aboard, u);
            return;
        }
        self.units[u].expired = true;
        let factor = course.world.value(course.plan.worlds.expired_factor).max(1.0);
        self.rescale_failure(course, u, factor);
        if inside && !self.maintenance_stopped {
            self.types[kind].expired.push(number(u));
            self.order(course, kind);
        }
    }

    fn replace_expired(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>, u: usize) {
        let kind = usize::from(course.plan.units[u].kind);
        if !course.burning_in {
            course.out.counts.scheduled_replacements += 1;
        }
        let hours = course.world.value(course.plan.types[kind].repair_h);
        self.spend_crew_time(hours);
        self.remove_unit(course, aboard, u);
        self.install(course, u);
    }

    /// The unit in hand in the place of `u`, from now: a new one, or one taken from another type.
    fn install(&mut self, course: &mut Course<'_>, u: usize) {
        let unit = &mut self.units[u];
        unit.status = Status::Working;
        unit.expired = false;
        unit.installed_at = course.now - std::mem::take(&mut unit.second_hand_d);
        unit.walks = std::mem::take(&mut unit.second_hand_walks);
        unit.installation = unit.installation.wrapping_add(1);
        self.schedule_failure(course, u);
        self.schedule_expiry(course, u);
    }

    pub(crate) fn unit_back(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: usize,
        generation: u32,
    ) {
        if self.units[u].installation != generation || self.units[u].status != Status::Resetting {
            return;
        }
        let kind = usize::from(course.plan.units[u].kind);
        self.units[u].status = Status::Working;
        self.working[kind] += 1;
        self.schedule_failure(course, u);
        self.schedule_expiry(course, u);
        if !course.burning_in {
            aboard.resources.mark(usize::from(course.plan.types[kind].serves));
        }
    }

    pub(crate) fn repair_done(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: usize,
        generation: u32,
    ) {
        if self.units[u].installation != generation || self.units[u].status != Status::InRepair {
            return;
        }
        let kind = usize::from(course.plan.units[u].kind);
        let t = &course.plan.types[kind];
        self.working[kind] += 1;
        let failed_at = self.units[u].failed_at.take();
        self.remove_unit(course, aboard, u);
        self.install(course, u);
        if let Some(failed_at) = failed_at {
            let (kind, at) = (place(kind), course.now);
            course.measure(|measured| {
                measured.repairs.push(Repair { kind, at, days: at - failed_at });
            });
        }
        if !course.burning_in {
            course.out.counts.replacements += 1;
            aboard.resources.mark(usize::from(t.serves));
            note!(course; Weight::Upkeep, "{} is replaced.", t.name);
        }
    }
}

/// The subsystem of a unit.
fn subsystem_of(plan: &Plan, u: usize) -> usize {
    usize::from(plan.types[usize::from(plan.units[u].kind)].subsystem_index)
}
