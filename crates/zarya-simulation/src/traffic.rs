//! Flights, docked vehicles and the people who come and go with them.
//!
//! Everybody aboard goes home in the vehicle that brought them. A crew leaves when its successor
//! of the same vehicle type has docked, or when its own vehicle's certified days are over; if the
//! successor is late, the station is short of people. A vehicle type is grounded with its launcher.

use crate::history::{Draws, Engine, GRACE_D, Kind, note};
use crate::outcome::{Cause, EndState, Rung};
use crate::plan::{Plan, TICK_D};
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;
use zarya_units::random;

/// Days from launch to docking. Flights of 2020-2025 took 3 hours to 2.5 days.
const TRANSFER_D: f64 = 1.0;
/// Days of overlap between a crew and its successor (5 d in most handovers of 2021-2025).
const HANDOVER_D: f64 = 5.0;
/// A crew that stays no longer than this visits; it relieves nobody.
const VISIT_D: f64 = 60.0;
/// How long a crew vehicle may wait beyond its certified days for a successor about to fly, d.
/// Assumed: one extension, as with the waivers of 2024 (Crew-8) and 2022-23 (Soyuz MS-22 crew).
const EXTENSION_D: f64 = 28.0;
/// Days a cargo flight can be brought forward when a stock is low. Assumed.
const EXPEDITE_D: f64 = 30.0;
/// Least notice to bring a flight forward, d. Assumed.
const EXPEDITE_NOTICE_D: f64 = 45.0;
/// Days to try a docking again when no port is free.
const PORT_WAIT_D: f64 = 3.0;
/// Days of supply that planners load toward. Assumed: the 45-day reserve, a lost flight and the
/// stand-down after it.
const CARGO_TARGET_D: f64 = 180.0;
/// Least and most of a planned line of consumables. Assumed.
const CARGO_LEAST: f64 = 0.5;
const CARGO_MOST: f64 = 3.0;
/// Most propellant over the planned line: 1,000 kg where 870 kg are planned. Assumed from the
/// largest published load of a Progress, 950 kg.
const PROPELLANT_MOST: f64 = 1.15;
/// Least of the dry goods that give way. Assumed.
const GOODS_LEAST: f64 = 1.0 / 3.0;
/// Days a segment may be without anybody trained for it before a limit counts as exceeded. Assumed.
const UNTRAINED_D: f64 = 30.0;

/// One visiting vehicle.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) vehicle: u8,
    flight: Option<u16>,
    docked: Option<u16>,
    pub(crate) active: bool,
    pub(crate) crew: u32,
    lifeboat: bool,
    visiting: bool,
    since: Mjd,
    generation: u32,
    extended: bool,
    /// The slot of the crew that relieves this one.
    relieved_by: Option<usize>,
    pub(crate) delta_v_left: f64,
    /// What is left of the propellant it brought and takes away again, kg.
    pub(crate) own_propellant_kg: f64,
}

impl Slot {
    pub(crate) fn name<'a>(&self, plan: &'a Plan) -> &'a str {
        match (self.flight, self.docked) {
            (Some(f), _) => &plan.flights[usize::from(f)].id,
            (_, Some(d)) => &plan.docked[usize::from(d)].id,
            _ => &plan.vehicles[usize::from(self.vehicle)].name,
        }
    }
}

impl Engine<'_> {
    pub(crate) fn start_traffic(&mut self) {
        let plan = self.plan;
        let reset = |list: &mut Vec<Mjd>, n: usize| {
            list.clear();
            list.resize(n, f64::NEG_INFINITY);
        };
        reset(&mut self.pad_out_until, plan.pads.len());
        reset(&mut self.launcher_grounded_until, plan.n_launchers);
        reset(&mut self.last_launch, plan.vehicles.len());
        self.vehicle_withdrawn.clear();
        self.vehicle_withdrawn.resize(plan.vehicles.len(), false);
        self.partner_gone.clear();
        self.partner_gone.resize(plan.partners.len(), false);
        self.ports_out.clear();
        self.ports_out.resize(plan.ports.len(), 0);
        self.cargo_stopped.clear();
        self.cargo_stopped.resize(plan.stocks.len(), false);
        self.crew_nominal = plan.crew.nominal;
        self.crew_limited = false;
        self.training_stopped_at = f64::INFINITY;
        self.untrained_since.fill(f64::INFINITY);
        self.slots.clear();
        self.flight_at.clear();
        self.flight_at.resize(plan.flights.len(), f64::INFINITY);
        self.outage_draws.clear();
        self.outage_draws
            .extend(plan.pads.iter().chain(&plan.ports).map(|outage| Draws::new(outage.stream)));

        self.crew = 0;
        for (i, docked) in plan.docked.iter().enumerate() {
            let slot = self.add_slot(docked.vehicle, docked.crew, docked.since);
            self.slots[slot].docked = Some(i as u16);
            self.crew += docked.crew;
            if docked.crew == 0 {
                self.schedule(docked.until.max(self.now), Kind::Depart, slot, 0);
            }
        }
        self.aboard_d.fill(0.0);
        self.person_days = 0.0;
        self.counted = self.crew;
        self.counted_at = self.now;
        self.count_trained();
        for f in 0..plan.flights.len() {
            let flight = &plan.flights[f];
            let slip_d = if flight.outcome == Fate::Planned {
                let mean_d = self.world.value(plan.vehicles[usize::from(flight.vehicle)].slip_d);
                let u = self.source.uniform(flight.stream, 0);
                random::exponential(u) * mean_d
            } else {
                0.0
            };
            self.plan_launch(f, flight.at + slip_d);
        }
        for i in 0..plan.pads.len() + plan.ports.len() {
            self.schedule_outage(i);
        }
    }

    fn plan_launch(&mut self, f: usize, at: Mjd) {
        self.flight_at[f] = at;
        self.schedule(at, Kind::Launch, f, 0);
    }

    fn add_slot(&mut self, vehicle: u8, crew: u32, since: Mjd) -> usize {
        let plan = &self.plan.vehicles[usize::from(vehicle)];
        let limit = plan.push.as_ref().and_then(|p| p.limit_m_s);
        let slot = self.slots.len();
        self.slots.push(Slot {
            vehicle,
            flight: None,
            docked: None,
            active: true,
            crew,
            lifeboat: plan.seats > 0,
            visiting: false,
            since,
            generation: 0,
            extended: false,
            relieved_by: None,
            delta_v_left: limit.map_or(f64::INFINITY, |p| self.world.value(p)),
            own_propellant_kg: 0.0,
        });
        self.start_docked_life(slot);
        slot
    }

    fn start_docked_life(&mut self, slot: usize) {
        let (vehicle, since, generation) =
            (self.slots[slot].vehicle, self.slots[slot].since, self.slots[slot].generation);
        let plan = &self.plan.vehicles[usize::from(vehicle)];
        let ends = since + self.world.value(plan.docked_life_d);
        self.schedule(ends.max(self.now + 1.0), Kind::DockedLifeEnds, slot, generation);
        if plan.seats > 0
            && let Some(rate) = plan.lifeboat_failure_per_d
        {
            let rate = self.world.value(rate);
            let u = self.uniform(|d| &mut d.choice);
            if rate > 0.0 {
                let at = self.now + random::exponential(u) / rate;
                self.schedule(at, Kind::LifeboatFails, slot, generation);
            }
        }
    }

    fn outage_plan(&self, i: usize) -> &crate::plan::OutagePlan {
        let plan = self.plan;
        if i < plan.pads.len() { &plan.pads[i] } else { &plan.ports[i - plan.pads.len()] }
    }

    fn schedule_outage(&mut self, i: usize) {
        let outage = self.outage_plan(i);
        let rate = self.world.value(outage.rate_per_d) * f64::from(outage.count);
        if rate > 0.0 {
            let u = Self::uniform_of(&self.source, &mut self.outage_draws[i]);
            let at = self.now + random::exponential(u) / rate;
            let n_pads = self.plan.pads.len();
            if i < n_pads {
                self.schedule(at, Kind::PadOut, i, 0);
            } else {
                self.schedule(at, Kind::PortOut, i - n_pads, 0);
            }
        }
    }

    pub(crate) fn pad_out(&mut self, i: usize) {
        let days = self.outage_days(i);
        self.pad_out_until[i] = self.pad_out_until[i].max(self.now + days);
        note!(self, "{} is out for {days:.0} days.", self.plan.pads[i].name);
        self.schedule_outage(i);
    }

    pub(crate) fn port_out(&mut self, i: usize) {
        let index = self.plan.pads.len() + i;
        let days = self.outage_days(index);
        self.ports_out[i] += 1;
        note!(self, "A port of {} is out for {days:.0} days.", self.plan.ports[i].name);
        self.schedule(self.now + days, Kind::PortBack, i, 0);
        self.schedule_outage(index);
    }

    /// The world knows the median; cases scatter about it with an assumed error factor of 2.
    fn outage_days(&mut self, i: usize) -> f64 {
        let median_d = self.world.value(self.outage_plan(i).outage_d);
        let u = Self::uniform_of(&self.source, &mut self.outage_draws[i]);
        random::lognormal(u, median_d, 2.0)
    }

    pub(crate) fn launch(&mut self, f: usize) {
        let plan = self.plan;
        let flight = &plan.flights[f];
        let v = usize::from(flight.vehicle);
        let vehicle = &plan.vehicles[v];
        let crewed = flight.crew > 0;
        if !self.launch_is_current(f) {
            return;
        }
        if self.vehicle_withdrawn[v]
            || self.partner_gone[usize::from(vehicle.partner)]
            || self.station_lost
            || (crewed && self.de_crewed())
        {
            self.flight_at[f] = f64::INFINITY;
            note!(self, "{} does not fly.", flight.id);
            return;
        }
        if flight.outcome == Fate::Planned {
            let clear = self.pad_out_until[usize::from(vehicle.pad)]
                .max(self.launcher_grounded_until[usize::from(vehicle.launcher)])
                .max(self.last_launch[v] + vehicle.turnaround_d);
            if clear > self.now {
                self.plan_launch(f, clear + 0.5);
                return;
            }
        }
        self.last_launch[v] = self.now;
        self.phase(v);
        self.load_spares(f);
        let fails = match flight.outcome {
            Fate::Flown => false,
            Fate::Lost => true,
            // A flight that is tried again draws anew: the launch date numbers the try.
            Fate::Planned => {
                let tries = (self.now - flight.at).max(0.0) as u32 + 1;
                self.source.uniform(flight.stream, tries) < self.world.value(vehicle.loss).min(1.0)
            }
        };
        if !fails {
            self.schedule(self.now + TRANSFER_D, Kind::Dock, f, 0);
            return;
        }
        self.lose_spares(f);
        let days = self.ground_launcher(v);
        if crewed {
            note!(self, "{} aborts; its launcher is grounded for {days:.0} days.", flight.id);
            // The crew survives an abort and flies again with the next vehicle.
            self.plan_launch(f, self.now + days + 1.0);
        } else {
            self.out.counts.cargo_losses += 1;
            note!(self, "{} is lost; its launcher is grounded for {days:.0} days.", flight.id);
        }
    }

    /// Grounds a vehicle's launcher after a loss and returns for how many days.
    fn ground_launcher(&mut self, v: usize) -> f64 {
        let vehicle = &self.plan.vehicles[v];
        let median_d = self.world.value(vehicle.grounding_d);
        let u = self.uniform(|d| &mut d.duration);
        // Groundings scatter about the world's median: assumed error factor 2.
        let days = random::lognormal(u, median_d, 2.0);
        let until = &mut self.launcher_grounded_until[usize::from(vehicle.launcher)];
        *until = until.max(self.now + days);
        days
    }

    pub(crate) fn dock(&mut self, f: usize) {
        let plan = self.plan;
        let flight = &plan.flights[f];
        let v = usize::from(flight.vehicle);
        let vehicle = &plan.vehicles[v];
        if self.station_lost || (flight.crew > 0 && self.de_crewed()) {
            return;
        }
        if !self.find_port(usize::from(vehicle.ports)) {
            self.schedule(self.now + PORT_WAIT_D, Kind::Dock, f, 0);
            return;
        }
        self.flight_at[f] = f64::NEG_INFINITY;
        let slot = self.add_slot(flight.vehicle, 0, self.now);
        self.slots[slot].flight = Some(f as u16);
        self.deliver(f, slot);
        self.unload_spares(f);
        if flight.crew == 0 {
            self.out.counts.cargo_flights += 1;
            note!(self, "{} docks.", flight.id);
            self.schedule(self.now + flight.stay_d, Kind::Depart, slot, 0);
            return;
        }
        let visiting = flight.stay_d < VISIT_D;
        let relieved = if visiting { None } else { self.crew_to_relieve(flight.vehicle, slot) };
        let leaving = relieved.map_or(0, |s| self.slots[s].crew);
        let mut people = flight.crew;
        if self.crew_limited && !visiting {
            let room = self.crew_nominal.saturating_sub(self.crew.saturating_sub(leaving));
            people = people.min(room.max(1));
        }
        // Below strength nobody is relieved: the crew on station stays while its vehicle may.
        let relieved = relieved
            .filter(|_| self.crew_limited || self.crew + people >= self.crew_nominal + leaving);
        self.slots[slot].crew = people;
        self.slots[slot].visiting = visiting;
        self.crew += people;
        self.out.counts.crew_flights += 1;
        note!(self, "{} docks with {people} people; {} aboard.", flight.id, self.crew);
        self.crew_changed();
        if visiting {
            self.schedule(self.now + flight.stay_d, Kind::Depart, slot, 0);
        } else if let Some(predecessor) = relieved {
            let generation = self.slots[predecessor].generation;
            self.slots[predecessor].relieved_by = Some(slot);
            self.schedule(self.now + HANDOVER_D, Kind::Relief, predecessor, generation);
        }
        self.schedule(self.now + GRACE_D, Kind::CrewCheck, 0, 0);
    }

    fn crew_to_relieve(&self, vehicle: u8, newcomer: usize) -> Option<usize> {
        // At strength without the newcomers, the longest-serving crew of their type goes home.
        (0..self.slots.len())
            .filter(|s| {
                let slot = &self.slots[*s];
                *s != newcomer
                    && slot.active
                    && slot.crew > 0
                    && !slot.visiting
                    && slot.vehicle == vehicle
            })
            .min_by(|a, b| self.slots[*a].since.total_cmp(&self.slots[*b].since))
    }

    /// Finds a free port of the group, sending the oldest cargo vehicle away if it must.
    fn find_port(&mut self, ports: usize) -> bool {
        let usable = self.plan.ports[ports].count.saturating_sub(self.ports_out[ports]);
        let here = |slot: &Slot, plan: &Plan| {
            slot.active && usize::from(plan.vehicles[usize::from(slot.vehicle)].ports) == ports
        };
        let taken = self.slots.iter().filter(|s| here(s, self.plan)).count() as u32;
        if taken < usable {
            return true;
        }
        let oldest = (0..self.slots.len())
            .filter(|s| here(&self.slots[*s], self.plan) && self.slots[*s].crew == 0)
            .min_by(|a, b| self.slots[*a].since.total_cmp(&self.slots[*b].since));
        match oldest {
            Some(slot) if taken <= usable => {
                self.depart(slot, None);
                true
            }
            _ => false,
        }
    }

    /// Hands over a flight's cargo as its planners would have loaded it.
    ///
    /// # Model
    ///
    /// The manifest's total is kept, its split is not: a stock with a reserve is brought toward
    /// [`CARGO_TARGET_D`] days of supply, within half and three times its line; propellant moves by
    /// what tanks allow; lines without a reserve (dry goods) give way, down to a third.
    fn deliver(&mut self, f: usize, slot: usize) {
        let plan = self.plan;
        let mut wishes = std::mem::take(&mut self.wishes);
        wishes.clear();
        let mut total_kg = 0.0;
        for (s, planned) in &plan.flights[f].cargo {
            let s = usize::from(*s);
            let stock = &plan.stocks[s];
            let gone = stock.partner.is_some_and(|p| self.partner_gone[usize::from(p)]);
            // Nobody could burn what lies in tanks of a vehicle that does not push with it.
            let sealed = stock.leaves_with_vehicle && self.own_tanks(slot) != Some(s);
            if stock.accumulates || self.cargo_stopped[s] || gone || sealed {
                continue;
            }
            self.settle_stock(s);
            total_kg += planned;
            let room = self.room_kg(s);
            let (kg, firm) = if stock.reserve_d.is_some() {
                let missing = CARGO_TARGET_D * self.stocks[s].use_kg_d - self.stocks[s].level_kg;
                (missing.clamp(planned * CARGO_LEAST, planned * CARGO_MOST).min(room), true)
            } else if stock.pushes {
                ((planned * PROPELLANT_MOST).min(room), true)
            } else {
                (planned.min(room), false)
            };
            wishes.push((s, kg, firm));
        }
        let sum = |firm: bool| wishes.iter().filter(|w| w.2 == firm).map(|w| w.1).sum::<f64>();
        let (firm_kg, loose_kg) = (sum(true), sum(false));
        let loose_least = loose_kg * GOODS_LEAST;
        let firm_share = ((total_kg - loose_least) / firm_kg.max(1e-9)).clamp(0.0, 1.0);
        let loose_share = ((total_kg - firm_kg * firm_share) / loose_kg.max(1e-9)).clamp(0.0, 1.0);
        for (s, kg, firm) in &wishes {
            let kg = kg * if *firm { firm_share } else { loose_share };
            let moved = self.move_stock(*s, kg);
            if plan.stocks[*s].leaves_with_vehicle {
                self.slots[slot].own_propellant_kg += moved;
            }
        }
        self.out.cargo_kg += total_kg;
        self.wishes = wishes;
        self.stocks_dirty = true;
    }

    /// Brings forward the next planned cargo flight that carries the stock.
    pub(crate) fn expedite(&mut self, s: usize) {
        let plan = self.plan;
        let earliest = self.now + EXPEDITE_NOTICE_D;
        let next = (0..plan.flights.len())
            .filter(|f| {
                let flight = &plan.flights[*f];
                flight.outcome == Fate::Planned
                    && self.flight_at[*f].is_finite()
                    && self.flight_at[*f] > earliest
                    && flight.crew == 0
                    && flight.cargo.iter().any(|(stock, _)| usize::from(*stock) == s)
            })
            .min_by(|a, b| self.flight_at[*a].total_cmp(&self.flight_at[*b]));
        if let Some(f) = next {
            let at = (self.flight_at[f] - EXPEDITE_D).max(earliest);
            self.rung(Rung::ExpeditedFlight);
            note!(self, "{} is brought forward.", plan.flights[f].id);
            // The entry at the old date finds the flight gone.
            self.flight_at[f] = at;
            self.schedule(at, Kind::Launch, f, 1);
        }
    }

    /// When the next flight that carries the stock is due as planned now; infinite if none is.
    pub(crate) fn next_arrival(&self, s: usize) -> Mjd {
        self.plan
            .flights
            .iter()
            .zip(&self.flight_at)
            .filter(|(flight, at)| {
                at.is_finite() && flight.cargo.iter().any(|(stock, _)| usize::from(*stock) == s)
            })
            .map(|(flight, at)| {
                let vehicle = &self.plan.vehicles[usize::from(flight.vehicle)];
                let grounded = self.launcher_grounded_until[usize::from(vehicle.launcher)];
                at.max(grounded) + TRANSFER_D
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether this launch entry of the clock is the flight's current date.
    pub(crate) fn launch_is_current(&self, f: usize) -> bool {
        self.flight_at[f].to_bits() == self.now.to_bits()
    }

    pub(crate) fn relieve(&mut self, slot: usize, generation: u32) {
        if !self.slots[slot].active || self.slots[slot].generation != generation {
            return;
        }
        // A crew whose successor has had to leave during the handover stays.
        let relieved = self.slots[slot].relieved_by.take();
        if relieved.is_some_and(|by| self.slots[by].active) {
            self.depart(slot, None);
        }
    }

    pub(crate) fn depart_planned(&mut self, slot: usize, generation: u32) {
        if self.slots[slot].active && self.slots[slot].generation == generation {
            self.depart(slot, None);
        }
    }

    pub(crate) fn docked_life_ends(&mut self, slot: usize, generation: u32) {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return;
        }
        let vehicle = state.vehicle;
        let crewed = state.crew > 0;
        if crewed && !state.extended && !state.visiting {
            let soon = self.now + EXTENSION_D;
            let successor = self.plan.flights.iter().enumerate().any(|(f, flight)| {
                flight.vehicle == vehicle
                    && flight.crew > 0
                    && self.flight_at[f].is_finite()
                    && self.flight_at[f] < soon
            });
            if successor {
                self.slots[slot].extended = true;
                self.schedule(soon, Kind::DockedLifeEnds, slot, generation);
                return;
            }
        }
        let cause = Cause {
            direct: self.plan.cause_rotation,
            root: self.plan.vehicles[usize::from(vehicle)].cause,
        };
        if crewed {
            note!(self, "The certified days of {} are over.", self.slots[slot].name(self.plan));
        }
        self.depart(slot, crewed.then_some(cause));
    }

    /// A vehicle leaves. With a `cause`, its crew leaves before its time.
    pub(crate) fn depart(&mut self, slot: usize, cause: Option<Cause>) {
        let people = self.slots[slot].crew;
        self.leave(slot);
        if people == 0 {
            return;
        }
        self.crew -= people;
        note!(
            self,
            "{} leaves with {people} people; {} aboard.",
            self.slots[slot].name(self.plan),
            self.crew
        );
        self.crew_changed();
        if self.crew == 0 && !self.de_crewed() {
            let rotation = self.plan.cause_rotation;
            self.rung(Rung::Evacuation);
            self.breach_crewed(cause.unwrap_or(Cause { direct: rotation, root: rotation }));
        } else if self.crew < self.crew_nominal {
            self.schedule(self.now + GRACE_D, Kind::CrewCheck, 0, 0);
        }
    }

    /// The stock of propellant that a vehicle keeps in its own tanks, if it has such.
    pub(crate) fn own_tanks(&self, slot: usize) -> Option<usize> {
        let vehicle = &self.plan.vehicles[usize::from(self.slots[slot].vehicle)];
        let stock = usize::from(vehicle.push.as_ref()?.stock);
        self.plan.stocks[stock].leaves_with_vehicle.then_some(stock)
    }

    fn take_own_propellant(&mut self, slot: usize) {
        if let Some(s) = self.own_tanks(slot) {
            let unused_kg = std::mem::take(&mut self.slots[slot].own_propellant_kg);
            self.move_stock(s, -unused_kg);
        }
    }

    /// Takes a vehicle off its port with removed units, trash and what is left in its own tanks.
    pub(crate) fn leave(&mut self, slot: usize) {
        self.take_own_propellant(slot);
        self.slots[slot].active = false;
        self.slots[slot].generation += 1;
        self.take_away(usize::from(self.slots[slot].vehicle), self.slots[slot].flight);
    }

    /// A crew vehicle is gone with its people: nothing of it comes down, and its launcher stands as
    /// after a lost launch.
    pub(crate) fn lose_vehicle(&mut self, slot: usize) {
        let people = self.slots[slot].crew;
        self.slots[slot].active = false;
        self.slots[slot].generation += 1;
        self.crew -= people;
        self.take_own_propellant(slot);
        let days = self.ground_launcher(usize::from(self.slots[slot].vehicle));
        note!(
            self,
            "{} is lost with {people} people; {} aboard, its launcher is grounded for {days:.0} days.",
            self.slots[slot].name(self.plan),
            self.crew
        );
        self.crew_changed();
    }

    pub(crate) fn crew_check(&mut self) {
        if self.de_crewed() {
            return;
        }
        if self.crew < self.crew_nominal && !self.crew_limited {
            if !self.reduced {
                let rotation = self.plan.cause_rotation;
                self.rung(Rung::CrewReduction);
                note!(self, "The crew is below strength: {} aboard.", self.crew);
                self.count_reduction(Cause { direct: rotation, root: rotation });
            }
        } else {
            self.reduced = false;
        }
    }

    /// People trained per segment, by the seats that are taken.
    pub(crate) fn count_trained(&mut self) {
        self.trained.fill(0);
        self.skilled.fill(0);
        let only_home = self.now >= self.training_stopped_at;
        for slot in &self.slots {
            if !slot.active || slot.crew == 0 {
                continue;
            }
            let vehicle = &self.plan.vehicles[usize::from(slot.vehicle)];
            let full = f64::from(vehicle.seats.max(1));
            for (segment, n) in vehicle.trained.iter().enumerate() {
                if only_home && vehicle.home_segment != Some(segment as u8) {
                    continue;
                }
                let share = f64::from(*n) * f64::from(slot.crew) / full;
                self.trained[segment] += (share + 0.5).floor() as u32;
            }
            for (skill, n) in vehicle.skills.iter().enumerate() {
                let share = f64::from(*n) * f64::from(slot.crew) / full;
                self.skilled[skill] += (share + 0.5).floor() as u32;
            }
        }
    }

    /// A segment without anybody trained for it exceeds a limit after a while.
    pub(crate) fn check_training(&mut self) {
        if self.now >= self.training_stopped_at && self.now < self.training_stopped_at + TICK_D {
            self.count_trained();
        }
        if self.crew == 0 {
            return;
        }
        for segment in 0..self.trained.len() {
            if self.trained[segment] >= self.plan.crew.trained_minimum[segment] {
                self.untrained_since[segment] = f64::INFINITY;
                continue;
            }
            let since = self.untrained_since[segment].min(self.now);
            self.untrained_since[segment] = since;
            if self.now - since >= UNTRAINED_D {
                let rotation = self.plan.cause_rotation;
                self.breach_full(Cause { direct: rotation, root: rotation });
            }
        }
    }

    /// Seats in sound vehicles, contingency seats included.
    pub(crate) fn sound_seats(&self) -> u32 {
        self.slots
            .iter()
            .filter(|s| s.active && s.lifeboat)
            .map(|s| self.plan.vehicles[usize::from(s.vehicle)].contingency_seats)
            .sum()
    }

    pub(crate) fn pick_crew_slot(&mut self) -> Option<usize> {
        let crewed: Vec<usize> = (0..self.slots.len())
            .filter(|s| self.slots[*s].active && self.slots[*s].crew > 0)
            .collect();
        let u = self.uniform(|d| &mut d.choice);
        crewed.get((u * crewed.len() as f64) as usize).copied()
    }

    pub(crate) fn lifeboat_fails(&mut self, slot: usize, generation: u32) {
        if self.slots[slot].active && self.slots[slot].generation == generation {
            let cause = self.plan.vehicles[usize::from(self.slots[slot].vehicle)].cause;
            self.lose_lifeboat(slot, Cause { direct: cause, root: cause });
        }
    }

    /// A docked crew vehicle is no longer a way home until a replacement has docked.
    pub(crate) fn lose_lifeboat(&mut self, slot: usize, cause: Cause) {
        if !self.slots[slot].lifeboat {
            return;
        }
        self.slots[slot].lifeboat = false;
        let vehicle = usize::from(self.slots[slot].vehicle);
        let plan = &self.plan.vehicles[vehicle];
        note!(self, "{} is lost as an escape vehicle.", self.slots[slot].name(self.plan));
        self.out.counts.lifeboat_gaps += 1;
        self.reach(EndState::LossOfEscapeVehicle);
        self.breach_full(cause);
        let lead_d = plan.rescue_lead_d.map_or(74.0, |p| self.world.value(p));
        let launcher = usize::from(plan.launcher);
        let clear =
            self.launcher_grounded_until[launcher].max(self.pad_out_until[usize::from(plan.pad)]);
        let at = (self.now + lead_d).max(clear);
        let generation = self.slots[slot].generation;
        self.schedule(at, Kind::Rescue, slot, generation);
    }

    /// An empty vehicle replaces the lost one; its crew stays and goes home with it.
    pub(crate) fn rescue(&mut self, slot: usize, generation: u32) {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return;
        }
        let v = usize::from(state.vehicle);
        let gone = self.partner_gone[usize::from(self.plan.vehicles[v].partner)];
        if gone || self.vehicle_withdrawn[v] {
            return;
        }
        note!(self, "A replacement for {} docks.", self.slots[slot].name(self.plan));
        let state = &mut self.slots[slot];
        state.lifeboat = true;
        state.since = self.now;
        state.generation += 1;
        self.last_launch[v] = self.now;
        self.start_docked_life(slot);
    }

    /// Counts the days of those who were aboard until now.
    pub(crate) fn count_aboard(&mut self) {
        let days = self.now - self.counted_at;
        let people = self.counted as usize;
        if self.aboard_d.len() <= people {
            self.aboard_d.resize(people + 1, 0.0);
        }
        self.aboard_d[people] += days;
        self.person_days += days * f64::from(self.counted);
        self.counted = self.crew;
        self.counted_at = self.now;
    }

    /// The number of people that was aboard longest since this was last asked; the smaller of two.
    pub(crate) fn crew_most_days(&mut self) -> u32 {
        self.count_aboard();
        let mut most = (self.crew, 0.0);
        for (people, days) in self.aboard_d.iter_mut().enumerate() {
            if *days > most.1 {
                most = (people as u32, *days);
            }
            *days = 0.0;
        }
        most.0
    }

    pub(crate) fn account_crew_time(&mut self) {
        let plan = self.plan;
        self.count_aboard();
        // At the start the week to come stands in, at the standing upkeep.
        let (person_days, repairs_h) = match self.ticks {
            0 => (f64::from(self.crew) * TICK_D, 0.0),
            _ => (self.person_days, self.upkeep_h_week),
        };
        let baseline_h =
            if person_days > 0.0 { self.world.value(plan.crew.upkeep_h_week) } else { 0.0 };
        let available = person_days * self.world.value(plan.crew.workday_h);
        let upkeep = (repairs_h + baseline_h).min(available);
        self.research_h_week = (available - upkeep).max(0.0);
        if self.ticks > 0 {
            self.out.research_h += self.research_h_week;
            self.out.upkeep_h += upkeep;
        }
        self.person_days = 0.0;
        self.upkeep_h_week = 0.0;
    }
}
