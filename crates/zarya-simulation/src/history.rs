//! One history: the clock jumps from event to event, and everything between moves in closed form.
//!
//! The engine's parts live beside it: units and their spares in `supply`, capabilities, buffers and
//! stocks in `resources`, vehicles and crew in `traffic`, altitude and burns in `orbit`. This file
//! holds the clock, the ladder of responses and what is kept at the end.

use crate::cabin::Cabin;
use crate::chance::{Chance, Draws};
use crate::clock::{Kind, TICK_D, TICKS_PER_SAMPLE};
use crate::course::{Course, note};
use crate::crew::{Crew, is_medical};
use crate::hazards::{Hazards, Present};
use crate::leaks::{Leaks, Shut};
use crate::outcome::{Cause, EndState, Outcome, Rung};
use crate::plan::{EffectPlan, Plan, WithdrawalKind};
use crate::resources::{CapabilityState, StockState};
use crate::supply::{TypeState, UnitState, Waiting};
use crate::traffic::Slot;
use crate::worlds::World;
use zarya_units::Mjd;
use zarya_units::random::{self, Source};

/// Days the crew may be below strength before it counts as a reduction: handovers overlap loosely.
pub(crate) const GRACE_D: f64 = 10.0;

/// Most rounds in which stocks and the cabin settle after one event; a ring of causes that has not
/// ended by then goes on with the next event.
const SETTLING_ROUNDS: u32 = 4;

/// The state in which the histories of a world begin: ages, spares and open failures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    pub(crate) units: Vec<UnitState>,
    pub(crate) types: Vec<TypeState>,
    /// Requests on their way at the as-of date: type and the day they are ready to fly.
    pub(crate) requests: Vec<(u16, Mjd)>,
    /// Ground spares under construction.
    pub(crate) building: Vec<(u16, Mjd)>,
}

/// The state of one history in progress.
pub(crate) struct Engine<'a> {
    pub(crate) course: Course<'a>,

    pub(crate) units: Vec<UnitState>,
    pub(crate) types: Vec<TypeState>,
    pub(crate) jobs: Vec<Waiting>,
    pub(crate) jobs_next_at: Mjd,
    pub(crate) crew_free_at: Mjd,
    pub(crate) eva_free_at: Vec<Mjd>,
    pub(crate) lapsed: Vec<f64>,
    pub(crate) lapse_generation: u32,
    pub(crate) maintenance_stopped: bool,
    pub(crate) spares_stopped: bool,

    pub(crate) capabilities: Vec<CapabilityState>,
    pub(crate) dirty: [u64; 4],
    pub(crate) stocks: Vec<StockState>,
    pub(crate) stocks_dirty: bool,
    pub(crate) leaks: Leaks,
    hazards: Hazards,
    /// The balance of air, water and food, where the station binds one.
    pub(crate) cabin: Option<Box<Cabin>>,

    pub(crate) slots: Vec<Slot>,
    pub(crate) flight_at: Vec<Mjd>,
    pub(crate) flight_loads: Vec<Vec<u16>>,
    pub(crate) pad_out_until: Vec<Mjd>,
    pub(crate) launcher_grounded_until: Vec<Mjd>,
    pub(crate) last_launch: Vec<Mjd>,
    pub(crate) vehicle_withdrawn: Vec<bool>,
    pub(crate) partner_gone: Vec<bool>,
    pub(crate) ports_out: Vec<u32>,
    pub(crate) cargo_stopped: Vec<bool>,
    /// Scratch of `deliver`: stock, kg, and whether the line is firm.
    pub(crate) wishes: Vec<(usize, f64, bool)>,
    pub(crate) crew: Crew,
    pub(crate) outage_draws: Vec<Draws>,

    pub(crate) altitude_km: f64,
    /// When `altitude_km` was brought up to date.
    pub(crate) flown_to: Mjd,
    pub(crate) fall_generation: u32,
    /// What an array carries over what it carries at beta 0, since the last tick.
    pub(crate) sunlit: f64,
    pub(crate) upkeep_h_week: f64,
    deorbit_ticks: u32,
}

/// Simulates units and spares before the as-of date, so that a world starts with worn units, drawn
/// stocks and open failures instead of everything new and full.
pub(crate) fn burn_in(plan: &Plan, world: &World, source: &Source) -> Start {
    let mut engine = Engine::new(plan, world);
    engine.start_burn_in(*source);
    engine.run_until(plan.start);
    engine.into_start()
}

/// Sets the state at the as-of date from which the histories of a world begin.
pub(crate) fn begin(engine: &mut Engine<'_>, seed: u64, index: u32) {
    engine.start(Source::new(seed, u64::from(index)), index);
}

/// Runs history `index` of `world`; the engine is used again for the next one.
pub(crate) fn run(engine: &mut Engine<'_>, seed: u64, index: u32) -> Outcome {
    engine.start(Source::new(seed, u64::from(index)), index);
    engine.run_until(engine.course.plan.end);
    engine.finish()
}

impl<'a> Engine<'a> {
    pub(crate) fn new(plan: &'a Plan, world: &'a World) -> Self {
        Self {
            course: Course::new(plan, world, plan.end),
            units: Vec::new(),
            types: Vec::new(),
            jobs: Vec::new(),
            jobs_next_at: 0.0,
            crew_free_at: 0.0,
            eva_free_at: Vec::new(),
            lapsed: Vec::new(),
            lapse_generation: 0,
            maintenance_stopped: false,
            spares_stopped: false,
            capabilities: Vec::new(),
            dirty: [0; 4],
            stocks: Vec::new(),
            stocks_dirty: false,
            leaks: Leaks::default(),
            hazards: Hazards::default(),
            cabin: Cabin::new(plan, world),
            slots: Vec::new(),
            flight_at: Vec::new(),
            flight_loads: vec![Vec::new(); plan.flights.len()],
            pad_out_until: Vec::new(),
            launcher_grounded_until: Vec::new(),
            last_launch: Vec::new(),
            vehicle_withdrawn: Vec::new(),
            partner_gone: Vec::new(),
            ports_out: Vec::new(),
            cargo_stopped: Vec::new(),
            wishes: Vec::new(),
            crew: Crew::of(0, plan),
            outage_draws: Vec::new(),
            altitude_km: 0.0,
            flown_to: plan.start,
            fall_generation: 0,
            sunlit: 1.0,
            upkeep_h_week: 0.0,
            deorbit_ticks: 0,
        }
    }

    fn start_burn_in(&mut self, source: Source) {
        let plan = self.course.plan;
        self.course = Course::new(plan, self.course.world, plan.start);
        self.course.chance = Chance::new(source);
        self.course.burning_in = true;
        self.course.now = plan.start - plan.worlds.burn_in_d;
        self.crew = Crew::of(plan.crew.nominal.max(1), plan);
        self.lapsed = vec![1.0; plan.subsystems.len()];
        self.eva_free_at = vec![self.course.now; plan.segments.len()];
        self.crew_free_at = self.course.now;
        self.start_units_new();
        self.course.schedule(self.course.now + 1.0, Kind::BurnInFlight, 0, 0);
    }

    fn start(&mut self, source: Source, index: u32) {
        let plan = self.course.plan;
        self.course.begin(source, index);
        self.jobs.clear();
        self.jobs_next_at = 0.0;
        self.crew_free_at = plan.start;
        self.eva_free_at.clear();
        self.eva_free_at.resize(plan.segments.len(), plan.start);
        self.lapsed.clear();
        self.lapsed.resize(plan.subsystems.len(), 1.0);
        self.lapse_generation = 0;
        self.maintenance_stopped = false;
        self.spares_stopped = false;
        self.upkeep_h_week = 0.0;
        self.deorbit_ticks = 0;

        self.start_units();
        self.start_traffic();
        self.start_orbit();
        self.start_resources();
        self.start_stock_outs();
        self.hazards.start(&mut self.course);
        self.schedule_planned_eva();
        for (i, withdrawal) in plan.withdrawals.iter().enumerate() {
            self.course.schedule(withdrawal.at, Kind::Withdrawal, i, 0);
        }
        for (i, partner) in plan.partners.iter().enumerate() {
            if let Some(at) = partner.leaves {
                self.course.schedule(at.max(plan.start), Kind::PartnerLeaves, i, 0);
            }
        }
        for (i, upgrade) in plan.upgrades.iter().enumerate() {
            if !upgrade.skipped {
                self.course.schedule(upgrade.ready.max(plan.start), Kind::UpgradeReady, i, 0);
            }
        }
        for (i, task) in plan.tasks.iter().enumerate() {
            // First due after a share of the interval, so that tasks do not fall on one day.
            let every_d = self.course.world.value(task.every_d).max(1.0);
            let share = (i % 7 + 1) as f64 / 7.0;
            self.course.schedule(plan.start + every_d * share, Kind::Task, i, 0);
        }
        self.course.schedule(plan.start, Kind::Tick, 0, 0);
    }

    fn run_until(&mut self, end: Mjd) {
        while let Some(next) = self.course.clock.pop() {
            self.course.now = next.at;
            self.handle(next.kind, next.argument, next.generation);
            if self.dirty != [0; 4] {
                self.propagate();
            }
            // What an empty store or a limit sets off changes the flows again, at the same instant.
            for _ in 0..SETTLING_ROUNDS {
                if !self.stocks_dirty {
                    break;
                }
                self.refresh_stocks();
            }
        }
        self.course.now = end;
    }

    fn handle(&mut self, kind: Kind, i: usize, generation: u32) {
        self.course.out.counts.events += 1;
        match kind {
            Kind::UnitFails => self.unit_fails(i, generation),
            Kind::UnitExpires => self.unit_expires(i, generation),
            Kind::UnitBack => self.unit_back(i, generation),
            Kind::RepairDone => self.repair_done(i, generation),
            Kind::SpareReady => self.spare_ready(i),
            Kind::GroundSpareBuilt => self.ground_spare_built(i),
            Kind::JobsNext => self.retry_jobs(),
            Kind::BurnInFlight => self.burn_in_flight(),
            Kind::Task => self.task_due(i),
            Kind::Lapse => self.task_lapses(i, generation),
            Kind::Tick => self.tick(),
            Kind::Launch => self.launch(i),
            Kind::Dock => self.dock(i),
            Kind::Relief => self.relieve(i, generation),
            Kind::Depart => self.depart_planned(i, generation),
            Kind::DockedLifeEnds => self.docked_life_ends(i, generation),
            Kind::LifeboatFails => self.lifeboat_fails(i, generation),
            Kind::Rescue => self.rescue(i, generation),
            Kind::CrewCheck => self.crew.check(&mut self.course),
            Kind::PadOut => self.pad_out(i),
            Kind::PortOut => self.port_out(i),
            Kind::PortBack => self.ports_out[i] -= 1,
            Kind::CapabilityBack => self.capability_back(i),
            Kind::BufferEmpty => self.buffer_empty(i, generation),
            Kind::StockCrosses => self.stock_crosses(i, generation),
            Kind::CabinMoves => self.cabin_moves(),
            Kind::CabinLimit => self.cabin_limit(i, generation),
            Kind::CabinActs => self.cabin_acts(i, generation),
            Kind::Hazard => self.hazard_strikes(i),
            Kind::Avoidance => self.avoidance(),
            Kind::OrbitFalls => self.orbit_falls(generation),
            Kind::Patch => {
                self.stocks_dirty |= self.leaks.patched(&mut self.course, i, self.crew.people());
            }
            Kind::Relapse => self.stocks_dirty |= self.leaks.relapses(&mut self.course, i),
            Kind::PlannedEva => self.planned_eva(),
            Kind::UpgradeReady => self.upgrade_ready(i),
            Kind::UpgradeDone => self.upgrade_done(i),
            Kind::PartnerLeaves => self.partner_leaves(i),
            Kind::Withdrawal => self.withdraw(i),
        }
    }

    fn withdraw(&mut self, i: usize) {
        let plan = self.course.plan;
        let withdrawal = &plan.withdrawals[i];
        note!(self.course, "A condition {}.", withdrawal.text);
        match withdrawal.what {
            WithdrawalKind::StopMaintenance => self.stop_maintenance(),
            WithdrawalKind::StopSpares => self.spares_stopped = true,
            WithdrawalKind::Ground(vehicle) => self.vehicle_withdrawn[usize::from(vehicle)] = true,
            WithdrawalKind::Leave(partner) => self.partner_leaves(usize::from(partner)),
            WithdrawalKind::Disable(capability) => {
                let state = &mut self.capabilities[usize::from(capability)];
                state.disabled += 1;
                self.mark(usize::from(capability));
            }
            WithdrawalKind::OpenHatch(leak) => {
                self.leaks.open_hatch(usize::from(leak));
                self.stocks_dirty = true;
            }
            WithdrawalKind::Crew(n) => {
                self.crew.limit(n);
            }
            WithdrawalKind::StopCargo(stock) => self.cargo_stopped[usize::from(stock)] = true,
            WithdrawalKind::StopTraining => {
                let lead_d = self.course.world.value(plan.crew.training_lead_d);
                self.crew.stop_training(self.course.now + lead_d);
            }
        }
    }

    /// On the day a partner leaves, its capabilities, flights, people and stocks end; the hardware
    /// stays where it is.
    fn partner_leaves(&mut self, i: usize) {
        let plan = self.course.plan;
        if self.partner_gone[i] {
            return;
        }
        self.partner_gone[i] = true;
        note!(self.course, "{} no longer takes part.", plan.partners[i].name);
        for (c, capability) in plan.capabilities.iter().enumerate() {
            if capability.partner == Some(i as u8) {
                self.mark(c);
            }
        }
        for (s, stock) in plan.stocks.iter().enumerate() {
            if stock.partner == Some(i as u8) {
                self.lose_stock(s);
            }
        }
        let cause = Cause { direct: plan.partners[i].cause, root: plan.partners[i].cause };
        for s in 0..self.slots.len() {
            let slot = &self.slots[s];
            if slot.active && usize::from(plan.vehicles[usize::from(slot.vehicle)].partner) == i {
                self.depart(s, Some(cause));
            }
        }
    }

    /// Applies an effect of the ladder. `cause` says why.
    pub(crate) fn apply(&mut self, effect: EffectPlan, cause: Cause) {
        if self.course.station_lost {
            return;
        }
        match effect {
            EffectPlan::None => {}
            EffectPlan::Shelter => {
                if self.crew.people() > 0 {
                    self.course.rung(Rung::Shelter);
                }
            }
            EffectPlan::Disable(capability, duration) => {
                let median_d = self.course.world.value(duration);
                let u = self.course.chance.duration();
                // How long an outage lasts varies from case to case: assumed error factor 3.
                let days = random::lognormal(u, median_d, 3.0);
                let c = usize::from(capability);
                self.capabilities[c].disabled += 1;
                self.capabilities[c].disabled_by = cause.root;
                self.mark(c);
                note!(
                    self.course,
                    "{} is out for {days:.0} days.",
                    self.course.plan.capabilities[c].name
                );
                self.course.schedule(self.course.now + days, Kind::CapabilityBack, c, 0);
            }
            EffectPlan::Isolate(leak) => {
                if let Some(leak) = leak {
                    self.isolate(usize::from(leak));
                }
                self.course.rung(Rung::Isolation);
            }
            EffectPlan::Leak(leak, rate) => {
                if let Some(leak) = leak {
                    self.leaks.add(usize::from(leak), self.course.world.value(rate));
                    self.stocks_dirty = true;
                }
            }
            EffectPlan::LossOfEscapeVehicle => {
                if let Some(slot) = self.pick_crew_slot() {
                    self.lose_lifeboat(slot, cause);
                }
            }
            EffectPlan::CrewReduction => self.reduce_crew(cause),
            EffectPlan::LossOfCrewVehicle => self.lose_crew_vehicle(cause),
            EffectPlan::Evacuate => self.evacuate(cause),
            EffectPlan::LossOfStation => self.lose_station(cause),
            EffectPlan::LossOfCrew => {
                if self.crew.people() > 0 {
                    note!(self.course, "The crew is lost.");
                    self.course.breach_survives(cause);
                    self.course.breach_crewed(cause);
                    self.course.reach(EndState::LossOfCrew);
                    self.empty_station();
                }
            }
        }
    }

    fn isolate(&mut self, leak: usize) {
        if let Some(shut) = self.leaks.isolate(&mut self.course, leak) {
            self.stocks_dirty = true;
            self.port_shut(shut);
        }
    }

    fn port_shut(&mut self, Shut { port }: Shut) {
        if let Some(port) = port {
            self.ports_out[usize::from(port)] += 1;
        }
    }

    fn hazard_strikes(&mut self, i: usize) {
        let crew_vehicles = self.slots.iter().filter(|s| s.active && s.crew > 0).count();
        let present = Present { people: self.crew.people(), crew_vehicles };
        if let Some((effect, cause)) = self.hazards.strikes(&mut self.course, i, present) {
            self.apply(effect, cause);
        }
    }

    fn reduce_crew(&mut self, cause: Cause) {
        if self.crew.people() == 0 {
            return;
        }
        if is_medical(self.course.plan, cause) {
            self.course.out.counts.medical_returns += 1;
        }
        // Somebody must stay who can keep the station: else all leave.
        let least = self.course.plan.crew.minimum.max(1);
        match self.pick_crew_slot() {
            Some(slot) if self.crew.people() - self.slots[slot].crew >= least => {
                self.course.rung(Rung::CrewReduction);
                self.crew.count_reduction(&mut self.course, cause);
                note!(
                    self.course,
                    "{} leaves early with {} of the {} people aboard.",
                    self.slots[slot].name(self.course.plan),
                    self.slots[slot].crew,
                    self.crew.people()
                );
                self.depart(slot, Some(cause));
            }
            _ => self.evacuate(cause),
        }
    }

    pub(crate) fn evacuate(&mut self, cause: Cause) {
        if self.crew.people() == 0 {
            return;
        }
        self.course.rung(Rung::Evacuation);
        let without_seat = self.crew.people().saturating_sub(self.sound_seats());
        note!(self.course, "All {} people leave the station.", self.crew.people());
        if without_seat > 0 {
            note!(self.course, "{without_seat} of them have no sound seat.");
            self.course.breach_survives(cause);
            self.course.reach(EndState::LossOfCrew);
        }
        self.course.breach_crewed(cause);
        self.empty_station();
    }

    pub(crate) fn lose_station(&mut self, cause: Cause) {
        if self.course.station_lost {
            return;
        }
        self.course.rung(Rung::LossOfStation);
        note!(self.course, "The station is lost.");
        self.evacuate(cause);
        self.course.breach_survives(cause);
        self.course.breach_crewed(cause);
        self.course.reach(EndState::LossOfStation);
        self.course.station_lost = true;
    }

    /// One crew vehicle is lost with the people who came with it; the others stay while there are
    /// enough of them to keep the station.
    fn lose_crew_vehicle(&mut self, cause: Cause) {
        let Some(slot) = self.pick_crew_slot() else { return };
        self.course.breach_survives(cause);
        self.course.reach(EndState::LossOfCrew);
        self.course.rung(Rung::CrewReduction);
        self.crew.count_reduction(&mut self.course, cause);
        self.lose_vehicle(slot);
        if self.crew.people() == 0 {
            self.course.rung(Rung::Evacuation);
            self.course.breach_crewed(cause);
        } else if self.crew.people() < self.course.plan.crew.minimum {
            self.evacuate(cause);
        }
    }

    /// Takes everybody and every crew vehicle away.
    fn empty_station(&mut self) {
        for slot in 0..self.slots.len() {
            if self.slots[slot].active && self.slots[slot].crew > 0 {
                self.leave(slot);
            }
        }
        self.crew.all_go();
        self.crew_changed();
    }

    fn tick(&mut self) {
        if self.course.ticks > 0 {
            self.sink();
            self.reboost();
            let shut = self.leaks.grow(&mut self.course, TICK_D);
            self.stocks_dirty |= self.leaks.len() > 0;
            shut.into_iter().for_each(|shut| self.port_shut(shut));
        }
        self.drift_capabilities();
        self.check_stocks();
        if self.crew.training_stops(self.course.now) {
            self.count_trained();
        }
        self.crew.check_training(&mut self.course);
        self.cannibalize();
        self.retry_jobs();
        let repairs_h = std::mem::take(&mut self.upkeep_h_week);
        self.crew.account(&mut self.course, repairs_h);
        if self.deorbit_possible() {
            self.deorbit_ticks += 1;
        }
        if self.course.ticks.is_multiple_of(TICKS_PER_SAMPLE) {
            self.sample();
        }
        self.course.ticks += 1;
        self.watch_fall();
        let next = self.course.plan.start + f64::from(self.course.ticks) * TICK_D;
        self.course.schedule(next, Kind::Tick, 0, 0);
    }

    /// Samples what is there now, but the crew and its research over the days since the last sample:
    /// a single day of a handover, or a single week of it, stands for nothing.
    fn sample(&mut self) {
        let n_stocks = self.stocks.len();
        for s in 0..n_stocks {
            self.settle_stock(s);
        }
        let cabin_leak = self.course.plan.cabin.as_ref().and_then(|cabin| cabin.leak_kg_d);
        let leak = self.leaks.total_kg_d(&self.course)
            + cabin_leak.map_or(0.0, |p| self.course.world.value(p));
        let research = self.crew.sample_research(&self.course);
        let crew = self.crew.most_days(self.course.now);
        let fixed = [self.altitude_km, f64::from(crew), research, leak];
        self.course.out.samples.extend(fixed.iter().map(|v| *v as f32));
        self.course.out.samples.extend(self.stocks.iter().map(|s| s.level_kg as f32));
    }

    fn finish(&mut self) -> Outcome {
        self.close_capabilities();
        self.course.out.deorbit_share =
            f64::from(self.deorbit_ticks) / f64::from(self.course.ticks.max(1));
        self.course.take_outcome()
    }

    fn into_start(self) -> Start {
        let mut start = Start {
            units: self.units,
            types: self.types,
            requests: Vec::new(),
            building: Vec::new(),
        };
        // Requests on their way are restarted with a new delay: the remaining one is not known.
        for (kind, state) in start.types.iter_mut().enumerate() {
            for _ in 0..state.on_order.saturating_sub(state.to_fly) {
                start.requests.push((kind as u16, self.course.plan.start));
            }
            for _ in 0..state.building {
                start.building.push((kind as u16, self.course.plan.start));
            }
        }
        start
    }
}
