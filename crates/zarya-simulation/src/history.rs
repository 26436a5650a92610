//! One history: the clock jumps from event to event, and everything between moves in closed form.
//!
//! Each part owns its state and lies beside this file: units and their spares in `supply`, vehicles in
//! `traffic`, altitude and burns in `orbit`, capabilities, buffers and stocks in `resources` with the
//! closed balance of `cabin`, people in `crew`, then `leaks` and `hazards`. A part is handed what it
//! reads of the others; it may move a stock or ask for a capability, and what else is to change outside
//! it is returned. This file holds the loop, the ladder of responses that applies what is returned, and
//! what is kept at the end; no part names it.

use crate::cabin::{Crossing, Found};
use crate::capability::Facts;
use crate::clock::{Kind, TICK_D, TICKS_PER_SAMPLE};
use crate::course::{Course, Weight, note, people};
use crate::crew::{Crew, is_medical};
use crate::hazards::{Hazards, Present};
use crate::leaks::{Leaks, Shut};
use crate::orbit::{Behind, Fall, Orbit, Pushers};
use crate::outcome::{Cause, EndState, Outcome, Rung};
use crate::parameters::Parameter;
use crate::plan::{EffectPlan, Plan, WithdrawalKind, place};
use crate::resources::{REPEAT_D, Resources, owner_gone};
use crate::supply::{Aboard, Start, Supply};
use crate::traffic::{Contact, Leaving, Port, Traffic};
use crate::worlds::World;
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;
use zarya_units::random::{self, Source};

/// Most rounds in which stocks and the cabin settle after one event; a ring of causes that has not
/// ended by then goes on with the next event.
const SETTLING_ROUNDS: u32 = 4;

/// A history in progress: its course, its parts, and what the ladder counts itself.
pub(crate) struct Engine<'a> {
    pub(crate) course: Course<'a>,
    pub(crate) supply: Supply,
    pub(crate) resources: Resources,
    traffic: Traffic,
    crew: Crew,
    orbit: Orbit,
    leaks: Leaks,
    hazards: Hazards,
    deorbit_ticks: u32,
    /// What ends a tier at once and is nobody's here (debris, crew transport, medical, fire) is left out.
    own_alone: bool,
    /// Such a thing has happened.
    struck: bool,
}

/// What capabilities and stocks follow, of an engine's parts.
macro_rules! facts {
    ($engine:expr) => {
        &Facts {
            people: $engine.crew.people(),
            working: $engine.supply.working(),
            gone: $engine.traffic.gone(),
            sunlit: $engine.orbit.sunlit(),
            leaks: &$engine.leaks,
        }
    };
}

/// What work on units meets, of an engine's parts.
macro_rules! aboard {
    ($engine:expr) => {
        &mut Aboard {
            crew: &$engine.crew,
            resources: &mut $engine.resources,
            gone: $engine.traffic.gone(),
            sunlit: $engine.orbit.sunlit(),
            leaks: &$engine.leaks,
        }
    };
}

/// Who can push, of an engine's parts.
macro_rules! pushers {
    ($engine:expr) => {
        Pushers { resources: &mut $engine.resources, traffic: &mut $engine.traffic }
    };
}

/// Runs history `index` of a world from its start, and once more by the station's own causes alone where somebody else's
/// ended it; the engine is used again for the next one.
pub(crate) fn run(engine: &mut Engine<'_>, start: &Start, seed: u64, index: u32) -> Outcome {
    let fly = |engine: &mut Engine<'_>| {
        engine.begin(start, Source::new(seed, u64::from(index)), index);
        engine.run_to(f64::INFINITY);
        engine.finish()
    };
    let mut outcome = fly(engine);
    if engine.struck {
        let notes = engine.course.take_listener();
        engine.own_alone = true;
        let own = fly(engine);
        engine.own_alone = false;
        engine.course.put_listener(notes);
        (outcome.own_survives, outcome.own_crewed) = (own.survives, own.crewed);
    } else {
        (outcome.own_survives, outcome.own_crewed) = (outcome.survives, outcome.crewed);
    }
    outcome
}

impl<'a> Engine<'a> {
    pub(crate) fn new(plan: &'a Plan, world: &'a World) -> Self {
        Self {
            course: Course::new(plan, world, plan.end),
            supply: Supply::new(),
            resources: Resources::new(plan, world),
            traffic: Traffic::new(),
            crew: Crew::of(0, plan),
            orbit: Orbit::new(plan),
            leaks: Leaks::default(),
            hazards: Hazards::default(),
            deorbit_ticks: 0,
            own_alone: false,
            struck: false,
        }
    }

    /// Sets the state on the first day.
    pub(crate) fn begin(&mut self, start: &Start, source: Source, index: u32) {
        let plan = self.course.plan;
        self.course.begin(source, index);
        self.deorbit_ticks = 0;
        self.struck = false;
        self.supply.start(&mut self.course, start);
        self.crew = Crew::of(self.traffic.start(&mut self.course), plan);
        self.crew.count_trained(&self.course, self.traffic.seated());
        self.course.aboard = self.crew.people();
        self.orbit.start(&mut self.course);
        self.start_resources();
        self.supply.start_stock_outs(&mut self.course);
        self.hazards.start(&mut self.course);
        self.supply.schedule_planned_eva(&mut self.course);
        self.supply.start_defects(&mut self.course);
        for (i, withdrawal) in plan.withdrawals.iter().enumerate() {
            self.course.schedule(withdrawal.at, Kind::Withdrawal, i, 0);
        }
        for (i, partner) in plan.partners.iter().enumerate() {
            if let Some(at) = partner.leaves {
                self.course.schedule(at.max(plan.start), Kind::PartnerLeaves, i, 0);
            }
        }
        for (i, upgrade) in plan.upgrades.iter().enumerate() {
            if !upgrade.skipped && !upgrade.carried {
                self.course.schedule(upgrade.ready.max(plan.start), Kind::UpgradeReady, i, 0);
            }
        }
        self.supply.start_tasks(&mut self.course);
        self.crew.follow_plan(&mut self.course);
        self.course.schedule(plan.start, Kind::Tick, 0, 0);
        self.read_crew(None);
    }

    fn start_resources(&mut self) {
        let plan = self.course.plan;
        self.resources.start(&self.course);
        self.traffic.share_out_propellant(plan, &mut self.resources);
        self.leaks.start(&mut self.course);
        self.resources.start_cabin(&self.course);
        self.resources.propagate(&mut self.course, facts!(self));
        for (c, capability) in plan.capabilities.iter().enumerate() {
            if capability.feeds_stocks || !matches!(capability.on_empty, EffectPlan::None) {
                self.restore(c);
            }
        }
        self.resources.take_flows_marked();
        self.refresh();
    }

    /// Conditions the start on what is known of the as-of date: the station was crewed and kept its
    /// limits, so whatever burn-in left broken under a capability with a consequence (or under one
    /// that a stock lives on) is repaired, and no more than that.
    fn restore(&mut self, c: usize) {
        let plan = &self.course.plan.capabilities[c];
        if self.resources.is_enough(&self.course, c) {
            return;
        }
        for (need, least) in &plan.needs {
            let need = usize::from(*need);
            if !self.resources.meets(need, *least) {
                self.restore(need);
            }
        }
        for kind in &plan.types {
            self.supply.restore_units(&mut self.course, aboard!(self), usize::from(*kind));
        }
        for (provider, _) in &plan.providers {
            if self.resources.is_enough(&self.course, c) {
                return;
            }
            self.restore(usize::from(*provider));
        }
    }

    /// Runs on to a day, or to the end where that comes first.
    pub(crate) fn run_to(&mut self, day: Mjd) {
        while let Some(next) = self.course.clock.pop_before(day) {
            self.course.now = next.at;
            self.course.out.counts.events += 1;
            self.handle(next.kind, next.argument, next.generation);
            if self.resources.is_marked() {
                self.resources.propagate(&mut self.course, facts!(self));
            }
            // What an empty store or a limit sets off changes the flows again, at the same instant.
            for _ in 0..SETTLING_ROUNDS {
                if !self.resources.take_flows_marked() {
                    break;
                }
                self.refresh();
            }
        }
        self.course.now = self.course.plan.end.min(day);
    }

    fn handle(&mut self, kind: Kind, i: usize, generation: u32) {
        let course = &mut self.course;
        match kind {
            Kind::UnitFails
            | Kind::UnitExpires
            | Kind::UnitBack
            | Kind::DefectFound
            | Kind::RepairDone
            | Kind::Walk
            | Kind::SpareReady
            | Kind::GroundSpareBuilt
            | Kind::JobsNext
            | Kind::BurnInFlight
            | Kind::Task
            | Kind::Late
            | Kind::Lapse
            | Kind::PlannedEva
            | Kind::UpgradeReady => self.supply.handle(course, aboard!(self), kind, i, generation),
            Kind::Tick => self.tick(),
            Kind::Launch => self.launch(i),
            Kind::Dock => self.dock(i),
            Kind::Relief => {
                let leaving = self.traffic.relieve(course, i, generation);
                self.let_go(leaving);
            }
            Kind::Depart => {
                let leaving = self.traffic.stay_ends(course, &self.crew, i, generation);
                self.let_go(leaving);
            }
            Kind::DockedLifeEnds => {
                let leaving = self.traffic.docked_life_ends(course, i, generation);
                self.let_go(leaving);
            }
            Kind::LifeboatFails => self.traffic.lifeboat_fails(course, i, generation),
            Kind::Rescue => self.traffic.rescue(course, i, generation),
            Kind::CrewCheck => self.crew_check(),
            Kind::Phase => self.phase_changes(),
            Kind::PadOut => self.traffic.pad_out(course, i),
            Kind::PortOut => self.traffic.port_out(course, i),
            Kind::PortBack => self.traffic.port_back(i),
            Kind::Shock => self.traffic.shock_strikes(course, i),
            Kind::CapabilityBack => self.resources.capability_back(i),
            Kind::BufferEmpty => self.buffer_empty(i, generation),
            Kind::StockCrosses => self.stock_crosses(i, generation),
            Kind::CabinMoves => self.resources.cabin_moves(course),
            Kind::CabinLimit => self.cabin_limit(i, generation),
            Kind::CabinActs => self.cabin_acts(i, generation),
            Kind::Hazard => self.hazard_strikes(i),
            Kind::Avoidance => self.avoidance(),
            Kind::OrbitFalls => self.orbit_falls(generation),
            Kind::Patch => {
                if self.leaks.patched(course, i, self.crew.people()) {
                    self.resources.mark_flows();
                }
            }
            Kind::Relapse => {
                if self.leaks.relapses(course, i) {
                    self.resources.mark_flows();
                }
            }
            Kind::Rupture => self.rupture(i),
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
            WithdrawalKind::StopMaintenance => self.supply.stop_maintenance(),
            WithdrawalKind::Maintenance(share) => self.supply.do_tasks(share),
            WithdrawalKind::StopSpares => self.supply.stop_spares(),
            WithdrawalKind::Ground(vehicle) => self.traffic.withdraw(usize::from(vehicle)),
            WithdrawalKind::Leave(partner) => self.partner_leaves(usize::from(partner)),
            WithdrawalKind::Disable(capability) => {
                self.resources.disable(usize::from(capability), None);
            }
            WithdrawalKind::OpenHatch(leak) => {
                self.leaks.open_hatch(usize::from(leak));
                self.resources.mark_flows();
            }
            WithdrawalKind::Crew(n) => {
                self.crew.limit(n);
                self.read_crew(None);
            }
            WithdrawalKind::StopCargo(stock) => self.traffic.stop_cargo(usize::from(stock)),
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
        if !self.traffic.partner_leaves(i) {
            return;
        }
        note!(self.course, "{} no longer takes part.", plan.partners[i].name);
        for (c, capability) in plan.capabilities.iter().enumerate() {
            if capability.partner == Some(place(i)) {
                self.resources.mark(c);
            }
        }
        for (s, stock) in plan.stocks.iter().enumerate() {
            if stock.partner == Some(place(i)) {
                self.resources.lose_stock(&mut self.course, s);
            }
        }
        let cause = Cause { direct: plan.partners[i].cause, root: plan.partners[i].cause };
        for slot in 0..self.traffic.n_slots() {
            let partner = plan.vehicles[self.traffic.vehicle(slot)].partner;
            if self.traffic.is_docked(slot) && usize::from(partner) == i {
                self.depart(slot, Some(cause));
            }
        }
    }

    fn upgrade_done(&mut self, i: usize) {
        let plan = self.course.plan;
        let upgrade = &plan.upgrades[i];
        note!(self.course, "{} is done.", upgrade.name);
        if let Some(c) = upgrade.restores {
            self.resources.improve(usize::from(c), upgrade.gain);
        }
        for l in 0..self.leaks.len() {
            if plan.leaks[l].repaired_by == Some(place(i)) {
                self.leaks.start_repair(&mut self.course, l);
            }
        }
    }

    fn launch(&mut self, f: usize) {
        let flight = &self.course.plan.flights[f];
        let kept_by = if flight.crew > 0 { self.uninhabitable(f) } else { None };
        if !self.traffic.launches(&mut self.course, f, kept_by) {
            return;
        }
        let vehicle = usize::from(self.course.plan.flights[f].vehicle);
        let people = self.crew.people();
        self.orbit.phase(&mut self.course, &mut pushers!(self), people, vehicle);
        self.supply.load_spares(&mut self.course, &self.resources, f);
        let fewer_for = self.traffic.keep_seats(&mut self.course, f);
        let manned = self.traffic.flying(f) > 0;
        if let Some(cause) = self.traffic.lost_on_ascent(&self.course, f).filter(|_| manned) {
            self.supply.lose_spares(&mut self.course, f);
            if self.counts(cause) {
                self.lose_people(cause);
            }
            self.traffic.lose_crew_flight(&mut self.course, f);
            return;
        }
        if !self.traffic.flies(&mut self.course, f) {
            self.supply.lose_spares(&mut self.course, f);
            self.traffic.lose_flight(&mut self.course, f);
        } else if flight.crew > 0 {
            self.fly_fewer_if_short(f);
            if fewer_for.is_some() {
                self.crew.fly_fewer_for(fewer_for);
            }
        }
    }

    /// What keeps people from living in the station: nothing while some do; an empty one is judged by its limits and
    /// stores.
    fn uninhabitable(&self, f: usize) -> Option<u16> {
        if self.crew.people() > 0 {
            return None;
        }
        let brought = &self.course.plan.flights[f].cargo;
        self.resources.uninhabitable(&self.course, brought, &|c| self.is_mendable(c))
    }

    /// Whether who enters could bring a capability back with the spares aboard.
    fn is_mendable(&self, c: usize) -> bool {
        let plan = &self.course.plan.capabilities[c];
        let below = plan.needs.iter().map(|n| n.0).chain(plan.providers.iter().map(|p| p.0));
        self.resources.is_enough(&self.course, c)
            || (!self.resources.is_out(&self.course, self.traffic.gone(), c)
                && plan
                    .types
                    .iter()
                    .all(|k| self.supply.can_mend(self.course.plan, usize::from(*k)))
                && below.into_iter().all(|below| self.is_mendable(usize::from(below))))
    }

    /// A crew flies with as few as can keep the station while something that people live on is below its reserve and
    /// nothing arrives before it ends, as from 2003 to 2006.
    fn fly_fewer_if_short(&mut self, f: usize) {
        let plan = self.course.plan;
        if plan.flights[f].outcome != Fate::Planned || self.crew.people() == 0 {
            return;
        }
        let Some(s) = self.scarce_stock() else {
            self.crew.fly_fewer_for(None);
            return;
        };
        let least = self.crew.minimum(&self.course).max(1);
        let n = self.traffic.fly_fewer(&self.course, &self.crew, f, least);
        if n < plan.flights[f].crew {
            self.crew.fly_fewer_for(Some(self.traffic.unsupplied(&self.course, s)));
            let (flight, stock) = (&plan.flights[f].id, &plan.stocks[s].name);
            note!(self.course, "{flight} flies with {}: {stock} is short.", people(n));
        }
    }

    /// A stock that people live on, below its reserve, that ends before more of it arrives.
    fn scarce_stock(&mut self) -> Option<usize> {
        let (plan, now) = (self.course.plan, self.course.now);
        (0..plan.stocks.len()).find(|s| {
            let moves_people = plan.stocks[*s].on_empty.moves_people();
            let left = self.resources.look_at_reserve(&mut self.course, facts!(self), *s);
            left.is_some_and(|left| {
                moves_people
                    && left.unrationed_d < left.reserve_d
                    && now + left.days < self.traffic.next_arrival(plan, *s)
            })
        })
    }

    fn dock(&mut self, f: usize) {
        let flight = &self.course.plan.flights[f];
        if self.course.station_lost {
            return;
        }
        let port = self.traffic.find_port(self.course.plan, f);
        if port == Port::None || (flight.crew > 0 && self.uninhabitable(f).is_some()) {
            self.traffic.wait_for_port(&mut self.course, f);
            return;
        }
        let held = pushers!(self).attitude_held(&self.course);
        let hands = flight.crew > 0 || self.crew.people() > 0;
        match self.traffic.contact(&mut self.course, f, held, hands) {
            Contact::Docks => {}
            Contact::Waits => {
                self.lose_spares_given_up(f);
                return;
            }
            Contact::Strikes(effect, cause) => {
                self.lose_spares_given_up(f);
                self.apply_from_outside(effect, cause);
                return;
            }
        }
        if let Port::Behind(oldest) = port {
            self.depart(oldest, None);
        }
        let slot = self.traffic.arrive(&mut self.course, f);
        let displaced = self.supply.displaced(f);
        self.traffic.deliver(&mut self.course, &mut self.resources, f, slot, displaced);
        self.supply.unload_spares(&mut self.course, aboard!(self), f);
        self.supply.unload_upgrades(&mut self.course, f);
        if flight.crew == 0 {
            self.course.out.counts.cargo_flights += 1;
            note!(self.course; Weight::Planned, "{} docks.", flight.id);
            return;
        }
        let arrival = self.traffic.come_aboard(&mut self.course, &self.crew, f, slot);
        self.crew.come(arrival.people);
        let (come, all) = (people(arrival.people), self.crew.people());
        note!(self.course; Weight::Planned, "{} docks with {come}; {all} aboard.", flight.id);
        if let Some(from) = arrival.takes_over {
            let (ship, own) = (flight.id.as_str(), self.traffic.name(self.course.plan, from));
            note!(self.course, "The people of {own} take seats in {ship}; {own} leaves empty.");
            self.traffic.change_ship(from, slot);
            self.leave(from);
        }
        self.crew_changed(None);
        self.traffic.plan_departure(&mut self.course, arrival);
        self.look_at_crew_later();
    }

    /// The spares of a flight that has given up are asked for again.
    fn lose_spares_given_up(&mut self, f: usize) {
        if !self.traffic.is_near(f) {
            self.supply.lose_spares(&mut self.course, f);
        }
    }

    fn let_go(&mut self, leaving: Option<Leaving>) {
        if let Some(Leaving { slot, cause }) = leaving {
            self.depart(slot, cause);
        }
    }

    /// A vehicle leaves. With a `cause`, its crew leaves before its time.
    fn depart(&mut self, slot: usize, cause: Option<Cause>) {
        let part = self.traffic.people(slot);
        self.leave(slot);
        if part == 0 {
            return;
        }
        self.crew.go(part);
        let (name, all) = (self.traffic.name(self.course.plan, slot), self.crew.people());
        let weight = if cause.is_some() { Weight::Event } else { Weight::Planned };
        note!(self.course; weight, "{name} leaves with {}; {all} aboard.", people(part));
        self.crew_changed(cause);
        self.look_at_crew_later();
        self.land(slot);
    }

    /// After the grace of a handover, whether there are enough.
    fn look_at_crew_later(&mut self) {
        let grace_d = self.course.world.value(self.course.plan.policy.grace_d);
        self.course.schedule(self.course.now + grace_d, Kind::CrewCheck, 0, 0);
    }

    fn crew_check(&mut self) {
        let next = self.traffic.next_crew_planned(self.course.plan);
        let late = self.traffic.unreplaced(&self.course, None);
        self.crew.check(&mut self.course, next, late);
    }

    /// Another phase of the occupation plan holds, or may: who waited and is no longer needed leaves.
    fn phase_changes(&mut self) {
        let enough = self.course.out.crewed.is_none();
        self.read_crew(None);
        if enough && self.course.out.crewed.is_some() {
            let aboard = self.crew.people();
            note!(
                self.course,
                "A phase of the occupation plan is without its crew: {aboard} aboard."
            );
        }
        let overdue: Vec<(usize, u32)> = self.traffic.overdue(self.course.now).collect();
        for (slot, generation) in overdue {
            let leaving = self.traffic.stay_ends(&mut self.course, &self.crew, slot, generation);
            self.let_go(leaving);
        }
        self.look_at_crew_later();
    }

    /// Reads the number of people against the plan: a tier is a state, not a transition. `cause`: why the number
    /// changed, where it was not by plan.
    fn read_crew(&mut self, cause: Option<Cause>) {
        if self.crew.changed(&mut self.course, cause.is_none()) {
            let cause = cause.unwrap_or_else(|| self.traffic.unreplaced(&self.course, None));
            if self.crew.people() == 0 {
                self.course.rung(Rung::Evacuation);
            }
            self.course.breach_crewed(cause);
        }
    }

    /// The people of a flight are lost on their way up or down: the crew of the station is, though
    /// others stay aboard.
    fn lose_people(&mut self, cause: Cause) {
        self.course.breach_survives(cause);
        self.course.reach(EndState::LossOfCrew);
    }

    /// The people who have left in a vehicle land, or are lost on entry and their launcher stands.
    fn land(&mut self, slot: usize) {
        let Some(cause) = self.traffic.lost_on_entry(&self.course, slot) else { return };
        if self.counts(cause) {
            self.lose_people(cause);
        }
        let days = self.traffic.stand_down(&mut self.course, self.traffic.vehicle(slot));
        let name = self.traffic.name(self.course.plan, slot);
        note!(
            self.course,
            "{name} is lost on entry with its people; its launcher is grounded for {days:.0} days."
        );
    }

    /// Takes a vehicle off its port with removed units, trash and what is left in its own tanks.
    fn leave(&mut self, slot: usize) {
        self.traffic.unload(&mut self.course, &mut self.resources, slot);
        self.traffic.take_own_propellant(&mut self.course, &mut self.resources, slot);
        self.traffic.undock(slot);
        let (vehicle, flight) = (self.traffic.vehicle(slot), self.traffic.flight(slot));
        self.supply.take_away(&mut self.course, aboard!(self), vehicle, flight);
    }

    /// A crew vehicle is gone with its people: nothing of it comes down, and its launcher stands as
    /// after a lost launch.
    fn lose_vehicle(&mut self, slot: usize, cause: Cause) {
        let lost = self.traffic.people(slot);
        self.traffic.undock(slot);
        self.crew.go(lost);
        self.traffic.take_own_propellant(&mut self.course, &mut self.resources, slot);
        let days = self.traffic.stand_down(&mut self.course, self.traffic.vehicle(slot));
        let (name, all) = (self.traffic.name(self.course.plan, slot), self.crew.people());
        note!(
            self.course,
            "{name} is lost with {}; {all} aboard, its launcher is grounded for {days:.0} days.",
            people(lost)
        );
        self.crew_changed(Some(cause));
    }

    /// The number of people changed, with a cause where it was not by plan: whatever scales with it follows.
    fn crew_changed(&mut self, cause: Option<Cause>) {
        self.crew.count(self.course.now);
        let before = std::mem::replace(&mut self.course.aboard, self.crew.people());
        if (before == 0) != (self.course.aboard == 0) {
            self.resources.count_shortages(&mut self.course, before > 0);
        }
        if before == 0 && self.course.aboard > 0 {
            self.resources.people_enter(&mut self.course);
        }
        self.resources.mark_per_crew(self.course.plan);
        self.crew.count_trained(&self.course, self.traffic.seated());
        self.read_crew(cause);
    }

    /// Takes the flows of the cabin and of all stocks anew.
    fn refresh(&mut self) {
        if let Some(found) = self.resources.refresh_cabin(&mut self.course, facts!(self)) {
            self.act_on(found);
        }
        self.resources.refresh_stocks(&mut self.course, facts!(self));
    }

    fn act_on(&mut self, found: Found) {
        let Some(plan) = &self.course.plan.cabin else { return };
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            if found.emptied >> i & 1 == 1 && !owner_gone(self.course.plan, facts!(self), s) {
                self.stock_crosses(s, self.resources.generation_of(s));
            }
            if found.refilled >> i & 1 == 1 {
                self.resources.store_refills(self.course.plan, s);
            }
        }
        for i in 0..plan.limits.len() {
            if found.beyond >> i & 1 == 1 {
                self.resources.limit_crossed(&mut self.course, facts!(self), i);
            }
            if found.back >> i & 1 == 1 {
                self.resources.limit_kept_again(&mut self.course, i);
            }
        }
    }

    /// A pressure crosses its limit, outward or back.
    fn cabin_limit(&mut self, i: usize, generation: u32) {
        match self.resources.cabin_limit(&self.course, i, generation) {
            Some(Crossing::Beyond) => {
                self.resources.limit_crossed(&mut self.course, facts!(self), i);
            }
            Some(Crossing::Back) => self.resources.limit_kept_again(&mut self.course, i),
            None => return,
        }
        self.resources.look_beyond();
    }

    fn cabin_acts(&mut self, i: usize, generation: u32) {
        let acts = self.resources.cabin_acts(&self.course, facts!(self), i, generation);
        let Some((effect, cause)) = acts else { return };
        if let Some(cause) = cause {
            self.apply(effect, cause);
        }
        self.course.schedule(self.course.now + REPEAT_D, Kind::CabinActs, i, generation);
    }

    fn buffer_empty(&mut self, c: usize, generation: u32) {
        let plan = &self.course.plan.capabilities[c];
        let empty = self.resources.buffer_empties(&self.course, facts!(self), c, generation);
        let Some(cause) = empty else { return };
        if self.crew.people() > 0 {
            self.course.breach_full(cause);
        }
        if self.course.concerns(plan.on_empty) {
            note!(
                self.course,
                "{} reaches its limit; behind it: {}.",
                plan.name,
                self.course.plan.causes[usize::from(cause.root)].text
            );
        }
        self.apply(plan.on_empty, cause);
        if self.crew.people() > 0 && !matches!(plan.on_empty, EffectPlan::None) {
            let buffer_d = plan.buffer_d.map_or(0.0, |p| self.course.world.value(p));
            let again = self.course.now + buffer_d.max(REPEAT_D);
            self.course.schedule(again, Kind::BufferEmpty, c, generation);
        }
    }

    fn stock_crosses(&mut self, s: usize, generation: u32) {
        if !self.resources.stock_crosses(&mut self.course, s, generation) {
            return;
        }
        let plan = &self.course.plan.stocks[s];
        let cause = self.traffic.unsupplied(&self.course, s);
        if self.crew.people() > 0 && !matches!(plan.on_empty, EffectPlan::None) {
            self.course.breach_full(cause);
            self.apply(plan.on_empty, cause);
            self.course.schedule(self.course.now + REPEAT_D, Kind::StockCrosses, s, generation);
        }
    }

    /// Rationing and expediting below the reserve, as a claimed threshold in days of supply.
    fn check_stocks(&mut self) {
        for (s, plan) in self.course.plan.stocks.iter().enumerate() {
            if plan.reserve_d.is_none() {
                continue;
            }
            let left = self.resources.look_at_reserve(&mut self.course, facts!(self), s);
            let Some(left) = left else { continue };
            let leave_share = self.course.world.value(self.course.plan.policy.leave_share);
            if left.unrationed_d < left.reserve_d * leave_share && self.crew.people() > 0 {
                self.leave_before_it_ends(s, left.days);
            }
            let low = left.unrationed_d < left.reserve_d;
            if self.crew.people() == 0 || !self.resources.ration(&mut self.course, s, low) || !low {
                continue;
            }
            if plan.ration_share > 0.0 {
                self.course.rung(Rung::Rationing);
            }
            if plan.resupplied {
                self.traffic.expedite(&mut self.course, s);
            }
        }
    }

    /// Below two thirds of the reserve with no arrival due in time, part of the crew leaves while
    /// there is still enough for the others: the 30-day line of 2004, which counts arrivals due.
    /// The extra people of a handover leave anyway within days.
    fn leave_before_it_ends(&mut self, s: usize, left_d: f64) {
        let (plan, now) = (self.course.plan, self.course.now);
        let stock = &plan.stocks[s];
        if !stock.on_empty.moves_people()
            || self.crew.people() > self.crew.nominal(&self.course)
            || self.traffic.next_arrival(plan, s) < now + left_d
            || self.resources.has_sent_people_away(now, s)
        {
            return;
        }
        let least = self.crew.minimum(&self.course).max(1);
        if !self.traffic.spared(&self.course, &self.crew, least).is_empty() {
            self.resources.sends_people_away(now, s);
            let name = &stock.name;
            note!(self.course, "{name} lasts {left_d:.0} days, and nothing arrives before.");
            let cause = self.traffic.unsupplied(&self.course, s);
            self.apply(EffectPlan::CrewReduction, cause);
        }
    }

    fn avoidance(&mut self) {
        let people = self.crew.people();
        if self.orbit.avoid(&mut self.course, &mut pushers!(self), people) && people > 0 {
            self.course.rung(Rung::Shelter);
        }
    }

    fn orbit_falls(&mut self, generation: u32) {
        let direct = self.course.plan.cause_altitude;
        let root = match pushers!(self).why_nobody_pushes(&self.course) {
            Some(Behind::Capability(c)) => self.resources.root_of(&self.course, facts!(self), c),
            Some(Behind::Cause(cause)) => cause,
            None => direct,
        };
        let cause = Cause { direct, root };
        match self.orbit.falls(&mut self.course, self.crew.people(), generation) {
            Some(Fall::PeopleLeave) => {
                self.evacuate(cause);
                self.orbit.watch_fall(&mut self.course, self.crew.people());
            }
            Some(Fall::StationLost) => self.lose_station(cause),
            None => {}
        }
    }

    fn hazard_strikes(&mut self, i: usize) {
        let present =
            Present { people: self.crew.people(), crew_vehicles: self.traffic.n_crewed() };
        if let Some((effect, cause)) = self.hazards.strikes(&mut self.course, i, present) {
            self.apply_from_outside(effect, cause);
        }
    }

    fn isolate(&mut self, leak: usize) {
        if let Some(shut) = self.leaks.isolate(&mut self.course, leak) {
            self.resources.mark_flows();
            self.port_shut(shut);
        }
    }

    fn rupture(&mut self, leak: usize) {
        if self.course.station_lost {
            return;
        }
        if let Some((shut, effect, cause)) = self.leaks.ruptures(&mut self.course, leak) {
            self.resources.mark_flows();
            self.port_shut(shut);
            self.apply(effect, cause);
        }
    }

    fn port_shut(&mut self, Shut { port }: Shut) {
        if let Some(port) = port {
            self.traffic.port_lost(usize::from(port));
        }
    }

    /// Whether something that ends a tier at once counts in this run: what is nobody's here does not where the station's
    /// own causes are asked for alone.
    fn counts(&mut self, cause: Cause) -> bool {
        if self.course.plan.is_own(cause) {
            return true;
        }
        self.struck = true;
        !self.own_alone
    }

    /// Applies what strikes the station, where it counts.
    fn apply_from_outside(&mut self, effect: EffectPlan, cause: Cause) {
        if !effect.ends_a_tier() || self.counts(cause) {
            self.apply(effect, cause);
        }
    }

    /// Applies an effect of the ladder. `cause` says why.
    fn apply(&mut self, effect: EffectPlan, cause: Cause) {
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
                let days = self.draw_outage_d(duration);
                let c = usize::from(capability);
                self.resources.disable(c, Some(cause.root));
                let name = &self.course.plan.capabilities[c].name;
                note!(self.course, "{name} is out for {days:.0} d.");
                self.course.schedule(self.course.now + days, Kind::CapabilityBack, c, 0);
            }
            EffectPlan::StandDown(segment, duration, urgent_share) => {
                let days = self.draw_outage_d(duration);
                let urgent_share = self.course.world.value(urgent_share);
                self.supply.stand_down(&mut self.course, usize::from(segment), days, urgent_share);
            }
            EffectPlan::Isolate(element, leak) => {
                match leak {
                    Some(leak) => self.isolate(usize::from(leak)),
                    None => self.leaks.shut_tight(&mut self.course, element),
                }
                self.course.rung(Rung::Isolation);
            }
            EffectPlan::Leak(leak, rate) => {
                if let Some(leak) = leak {
                    self.leaks.add(usize::from(leak), self.course.world.value(rate));
                    self.resources.mark_flows();
                }
            }
            EffectPlan::LossOfEscapeVehicle => {
                if let Some(slot) = self.traffic.pick_crew_slot(&mut self.course) {
                    self.traffic.lose_lifeboat(&mut self.course, slot, cause);
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
                    self.course.reach(EndState::LossOfCrew);
                    self.empty_station(cause);
                }
            }
        }
    }

    /// How long an outage lasts varies from case to case about its median: assumed error factor 3.
    fn draw_outage_d(&mut self, median: Parameter) -> f64 {
        let u = self.course.chance.duration();
        random::lognormal(u, self.course.world.value(median), 3.0)
    }

    fn reduce_crew(&mut self, cause: Cause) {
        let plan = self.course.plan;
        let people = self.crew.people();
        if people == 0 {
            return;
        }
        if is_medical(plan, cause) {
            self.course.out.counts.medical_returns += 1;
        }
        // Somebody must stay who can keep the station: else all leave. Who is ill leaves in the own ship; else those who
        // can be spared.
        let least = self.crew.minimum(&self.course).max(1);
        let leaving = if is_medical(plan, cause) {
            self.traffic.pick_crew_slot(&mut self.course)
        } else {
            self.traffic.pick_spared(&mut self.course, &self.crew, least)
        };
        match leaving {
            Some(slot) if people - self.traffic.people(slot) >= least => {
                self.course.rung(Rung::CrewReduction);
                self.crew.count_reduction(&mut self.course, cause);
                let (name, part) = (self.traffic.name(plan, slot), self.traffic.people(slot));
                note!(
                    self.course,
                    "{name} leaves early with {part} of the {people} people aboard."
                );
                self.depart(slot, Some(cause));
            }
            _ => self.evacuate(cause),
        }
    }

    fn evacuate(&mut self, cause: Cause) {
        let aboard = self.crew.people();
        if aboard == 0 {
            return;
        }
        self.course.rung(Rung::Evacuation);
        let without_seat = aboard.saturating_sub(self.traffic.sound_seats(self.course.plan));
        match aboard {
            1 => note!(self.course, "The one person aboard leaves the station."),
            _ => note!(self.course, "All {aboard} people leave the station."),
        }
        if without_seat > 0 {
            note!(self.course, "{without_seat} of them have no sound seat.");
            self.course.breach_survives(cause);
            self.course.reach(EndState::LossOfCrew);
        }
        self.course.breach_full(cause);
        let leaving: Vec<usize> =
            (0..self.traffic.n_slots()).filter(|slot| self.traffic.is_docked(*slot)).collect();
        self.empty_station(cause);
        for slot in leaving {
            if !self.traffic.is_docked(slot) {
                self.land(slot);
            }
        }
    }

    fn lose_station(&mut self, cause: Cause) {
        if self.course.station_lost {
            return;
        }
        self.course.rung(Rung::LossOfStation);
        note!(self.course, "The station is lost.");
        self.evacuate(cause);
        self.course.breach_survives(cause);
        self.course.reach(EndState::LossOfStation);
        self.course.station_lost = true;
    }

    /// One crew vehicle is lost with the people who came with it; the others stay while there are
    /// enough of them to keep the station.
    fn lose_crew_vehicle(&mut self, cause: Cause) {
        let Some(slot) = self.traffic.pick_crew_slot(&mut self.course) else { return };
        self.course.breach_survives(cause);
        self.course.reach(EndState::LossOfCrew);
        self.course.rung(Rung::CrewReduction);
        self.crew.count_reduction(&mut self.course, cause);
        self.lose_vehicle(slot, cause);
        if (1..self.crew.minimum(&self.course)).contains(&self.crew.people()) {
            self.evacuate(cause);
        }
    }

    /// Takes everybody and every crew vehicle away.
    fn empty_station(&mut self, cause: Cause) {
        for slot in 0..self.traffic.n_slots() {
            if self.traffic.is_docked(slot) && self.traffic.people(slot) > 0 {
                self.leave(slot);
            }
        }
        self.crew.all_go();
        self.crew_changed(Some(cause));
    }

    fn tick(&mut self) {
        if self.course.ticks > 0 {
            self.orbit.sink(&self.course);
            self.orbit.reboost(&mut self.course, &mut pushers!(self));
            let shut = self.leaks.grow(&mut self.course, TICK_D);
            if self.leaks.len() > 0 {
                self.resources.mark_flows();
            }
            for shut in shut {
                self.port_shut(shut);
            }
        }
        self.orbit.face_sun(&self.course);
        self.resources.mark_drifting(self.course.plan);
        self.resources.propagate(&mut self.course, facts!(self));
        self.check_stocks();
        self.crew.check_training(&mut self.course);
        self.traffic.unload_held(&mut self.course, &mut self.resources);
        self.supply.cannibalize(&mut self.course, aboard!(self));
        self.supply.retry_jobs(&mut self.course, aboard!(self));
        let repairs_h = self.supply.take_upkeep_h();
        self.crew.account(&mut self.course, repairs_h);
        if pushers!(self).deorbit_possible(&self.course) {
            self.deorbit_ticks += 1;
        }
        if self.course.ticks.is_multiple_of(TICKS_PER_SAMPLE) {
            self.sample();
        }
        self.course.ticks += 1;
        self.orbit.watch_fall(&mut self.course, self.crew.people());
        let next = self.course.plan.start + f64::from(self.course.ticks) * TICK_D;
        self.course.schedule(next, Kind::Tick, 0, 0);
    }

    /// Samples what is there now, but the crew and its research over the days since the last sample:
    /// a single day of a handover, or a single week of it, stands for nothing.
    fn sample(&mut self) {
        let course = &mut self.course;
        let cabin_leak = course.plan.cabin.as_ref().and_then(|cabin| cabin.leak_kg_d);
        let leak =
            self.leaks.total_kg_d(course) + cabin_leak.map_or(0.0, |p| course.world.value(p));
        let research = self.crew.sample_research(course);
        let crew = self.crew.most_days(course.now);
        let fixed = [self.orbit.altitude_km(), f64::from(crew), research, leak];
        course.out.samples.extend(fixed.iter().map(|v| *v as f32));
        course.out.samples.extend(self.resources.levels_kg(course.now).map(|kg| kg as f32));
    }

    /// What there is to read off the history so far, without samples.
    pub(crate) fn so_far(&mut self) -> Outcome {
        self.resources.count_shortages(&mut self.course, self.crew.people() > 0);
        self.measure();
        let out = &mut self.course.out;
        let samples = std::mem::take(&mut out.samples);
        let found = out.clone();
        out.samples = samples;
        found
    }

    pub(crate) fn finish(&mut self) -> Outcome {
        self.resources.count_shortages(&mut self.course, self.crew.people() > 0);
        let ticks = self.course.ticks.max(1);
        self.course.out.deorbit_share = f64::from(self.deorbit_ticks) / f64::from(ticks);
        self.measure();
        self.course.take_outcome()
    }

    /// Brings what is measured up to now.
    fn measure(&mut self) {
        if self.course.plan.measures {
            let uncrewed_d = self.crew.uncrewed_d(self.course.now);
            let stocks_kg = self.resources.levels_kg(self.course.now).collect();
            self.course.measure(|measured| {
                measured.uncrewed_d = uncrewed_d;
                measured.stocks_kg = stocks_kg;
            });
        }
    }
}
