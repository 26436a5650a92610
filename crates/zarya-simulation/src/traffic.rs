//! Flights, docked vehicles and the people who come and go with them.
//!
//! Everybody aboard goes home in the vehicle that brought them. A crew leaves when its successor
//! of the same vehicle type has docked, or when its own vehicle's certified days are over; if the
//! successor is late, the station is short of people. A vehicle type is grounded with its launcher.

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, Weight, note};
use crate::crew::Crew;
use crate::outcome::{Cause, EndState, Rung};
use crate::plan::{OutagePlan, Plan, number, place};
use crate::resources::Resources;
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

/// One visiting vehicle.
#[derive(Clone, Debug)]
struct Slot {
    vehicle: u16,
    flight: Option<u16>,
    docked: Option<u16>,
    active: bool,
    crew: u32,
    lifeboat: bool,
    visiting: bool,
    since: Mjd,
    generation: u32,
    extended: bool,
    /// The slot of the crew that relieves this one.
    relieved_by: Option<usize>,
    delta_v_left: f64,
    /// What is left of the propellant it brought and takes away again, kg.
    own_propellant_kg: f64,
}

impl Slot {
    fn name<'a>(&self, plan: &'a Plan) -> &'a str {
        match (self.flight, self.docked) {
            (Some(f), _) => &plan.flights[usize::from(f)].id,
            (_, Some(d)) => &plan.docked[usize::from(d)].id,
            _ => &plan.vehicles[usize::from(self.vehicle)].name,
        }
    }
}

/// Flights, docked vehicles, pads and ports of a history, and the partners that have left.
#[derive(Clone, Debug)]
pub(crate) struct Traffic {
    slots: Vec<Slot>,
    flight_at: Vec<Mjd>,
    pad_out_until: Vec<Mjd>,
    launcher_grounded_until: Vec<Mjd>,
    last_launch: Vec<Mjd>,
    vehicle_withdrawn: Vec<bool>,
    partner_gone: Vec<bool>,
    ports_out: Vec<u32>,
    cargo_stopped: Vec<bool>,
    outage_draws: Vec<Draws>,
    /// Which of several vehicles, and when one fails as a lifeboat.
    choice: Draws,
    /// Scratch of `deliver`: stock, kg, and whether the line is firm.
    wishes: Vec<(usize, f64, bool)>,
}

/// Where a vehicle docks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    Free,
    /// Once this one has left.
    Behind(usize),
    None,
}

/// A crew as it docks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) slot: usize,
    pub(crate) people: u32,
    visiting: bool,
    relieved: Option<usize>,
}

/// A vehicle that is to leave; with a cause, its crew leaves before its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaving {
    pub(crate) slot: usize,
    pub(crate) cause: Option<Cause>,
}

impl Traffic {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            slots: Vec::new(),
            flight_at: Vec::new(),
            pad_out_until: Vec::new(),
            launcher_grounded_until: Vec::new(),
            last_launch: Vec::new(),
            vehicle_withdrawn: Vec::new(),
            partner_gone: Vec::new(),
            ports_out: Vec::new(),
            cargo_stopped: Vec::new(),
            outage_draws: Vec::new(),
            choice: Draws::of("choice"),
            wishes: Vec::new(),
        }
    }

    /// Docks what is docked at the start, plans the flights, and returns the number of people aboard.
    pub(crate) fn start(&mut self, course: &mut Course<'_>) -> u32 {
        let plan = course.plan;
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
        self.slots.clear();
        self.flight_at.clear();
        self.flight_at.resize(plan.flights.len(), f64::INFINITY);
        self.choice = Draws::of("choice");
        self.outage_draws.clear();
        self.outage_draws
            .extend(plan.pads.iter().chain(&plan.ports).map(|outage| Draws::new(outage.stream)));

        let mut people = 0;
        for (i, docked) in plan.docked.iter().enumerate() {
            let slot = self.add_slot(course, docked.vehicle, docked.crew, docked.since);
            self.slots[slot].docked = Some(place(i));
            people += docked.crew;
            if docked.crew == 0 {
                course.schedule(docked.until.max(course.now), Kind::Depart, slot, 0);
            }
        }
        for f in 0..plan.flights.len() {
            let flight = &plan.flights[f];
            let slip_d = if flight.outcome == Fate::Planned {
                let mean_d = course.world.value(plan.vehicles[usize::from(flight.vehicle)].slip_d);
                let u = course.chance.source.uniform(flight.stream, 0);
                random::exponential(u) * mean_d
            } else {
                0.0
            };
            self.plan_launch(course, f, flight.at + slip_d);
        }
        for i in 0..plan.pads.len() + plan.ports.len() {
            self.schedule_outage(course, i);
        }
        people
    }

    /// What vehicles hold in their own tanks at the start is taken to be in equal parts in those docked
    /// that push with it.
    pub(crate) fn share_out_propellant(&mut self, plan: &Plan, resources: &mut Resources) {
        for s in 0..plan.stocks.len() {
            if !plan.stocks[s].leaves_with_vehicle {
                continue;
            }
            let own = |slot: &usize| self.own_tanks(plan, *slot) == Some(s);
            let holders: Vec<usize> = (0..self.slots.len()).filter(own).collect();
            if holders.is_empty() {
                resources.empty_stock(s);
            }
            for slot in &holders {
                self.slots[*slot].own_propellant_kg = resources.level_kg(s) / holders.len() as f64;
            }
        }
    }

    /// Partners that have left.
    pub(crate) fn gone(&self) -> &[bool] {
        &self.partner_gone
    }

    /// A partner leaves; returns whether it was still there.
    pub(crate) fn partner_leaves(&mut self, partner: usize) -> bool {
        !std::mem::replace(&mut self.partner_gone[partner], true)
    }

    /// A type of vehicle does not fly any more.
    pub(crate) fn withdraw(&mut self, vehicle: usize) {
        self.vehicle_withdrawn[vehicle] = true;
    }

    /// A stock is not loaded any more.
    pub(crate) fn stop_cargo(&mut self, stock: usize) {
        self.cargo_stopped[stock] = true;
    }

    /// Vehicles docked with people of theirs aboard: type and people.
    pub(crate) fn seated(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        self.slots.iter().filter(|s| s.active && s.crew > 0).map(|s| (s.vehicle, s.crew))
    }

    /// How many slots there are, left or not.
    pub(crate) fn n_slots(&self) -> usize {
        self.slots.len()
    }

    /// Whether the vehicle in a slot is still docked.
    pub(crate) fn is_docked(&self, slot: usize) -> bool {
        self.slots[slot].active
    }

    /// The type of the vehicle in a slot.
    pub(crate) fn vehicle(&self, slot: usize) -> usize {
        usize::from(self.slots[slot].vehicle)
    }

    /// The flight that brought the vehicle in a slot.
    pub(crate) fn flight(&self, slot: usize) -> Option<u16> {
        self.slots[slot].flight
    }

    /// How many people came with the vehicle in a slot.
    pub(crate) fn people(&self, slot: usize) -> u32 {
        self.slots[slot].crew
    }

    /// The name of the vehicle in a slot.
    pub(crate) fn name<'a>(&self, plan: &'a Plan, slot: usize) -> &'a str {
        self.slots[slot].name(plan)
    }

    /// What the vehicle in a slot may still push, m/s.
    pub(crate) fn delta_v_left(&self, slot: usize) -> f64 {
        self.slots[slot].delta_v_left
    }

    /// The propellant left in the tanks of the vehicle in a slot, kg.
    pub(crate) fn own_propellant_kg(&self, slot: usize) -> f64 {
        self.slots[slot].own_propellant_kg
    }

    /// The vehicle in a slot has pushed.
    pub(crate) fn pushed(&mut self, slot: usize, delta_v_m_s: f64) {
        self.slots[slot].delta_v_left -= delta_v_m_s;
    }

    /// The vehicle in a slot has burned from its own tanks.
    pub(crate) fn burned(&mut self, slot: usize, kg: f64) {
        self.slots[slot].own_propellant_kg -= kg;
    }

    fn plan_launch(&mut self, course: &mut Course<'_>, f: usize, at: Mjd) {
        self.flight_at[f] = at;
        course.schedule(at, Kind::Launch, f, 0);
    }

    fn add_slot(&mut self, course: &mut Course<'_>, vehicle: u16, crew: u32, since: Mjd) -> usize {
        let plan = &course.plan.vehicles[usize::from(vehicle)];
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
            delta_v_left: limit.map_or(f64::INFINITY, |p| course.world.value(p)),
            own_propellant_kg: 0.0,
        });
        self.start_docked_life(course, slot);
        slot
    }

    fn start_docked_life(&mut self, course: &mut Course<'_>, slot: usize) {
        let (vehicle, since, generation) =
            (self.slots[slot].vehicle, self.slots[slot].since, self.slots[slot].generation);
        let plan = &course.plan.vehicles[usize::from(vehicle)];
        let ends = since + course.world.value(plan.docked_life_d);
        course.schedule(ends.max(course.now + 1.0), Kind::DockedLifeEnds, slot, generation);
        if plan.seats > 0
            && let Some(rate) = plan.lifeboat_failure_per_d
        {
            let rate = course.world.value(rate);
            let u = self.choice.next(&course.chance.source);
            if rate > 0.0 {
                let at = course.now + random::exponential(u) / rate;
                course.schedule(at, Kind::LifeboatFails, slot, generation);
            }
        }
    }

    fn schedule_outage(&mut self, course: &mut Course<'_>, i: usize) {
        let outage = outage_plan(course.plan, i);
        let rate = course.world.value(outage.rate_per_d) * f64::from(outage.count);
        if rate > 0.0 {
            let u = self.outage_draws[i].next(&course.chance.source);
            let at = course.now + random::exponential(u) / rate;
            let n_pads = course.plan.pads.len();
            if i < n_pads {
                course.schedule(at, Kind::PadOut, i, 0);
            } else {
                course.schedule(at, Kind::PortOut, i - n_pads, 0);
            }
        }
    }

    pub(crate) fn pad_out(&mut self, course: &mut Course<'_>, i: usize) {
        let days = self.outage_days(course, i);
        self.pad_out_until[i] = self.pad_out_until[i].max(course.now + days);
        note!(course, "{} is out for {days:.0} days.", course.plan.pads[i].name);
        self.schedule_outage(course, i);
    }

    /// A port is back.
    pub(crate) fn port_back(&mut self, i: usize) {
        self.ports_out[i] -= 1;
    }

    /// A port of a group is gone with what it was on.
    pub(crate) fn port_lost(&mut self, i: usize) {
        self.ports_out[i] += 1;
    }

    pub(crate) fn port_out(&mut self, course: &mut Course<'_>, i: usize) {
        let index = course.plan.pads.len() + i;
        let days = self.outage_days(course, index);
        self.ports_out[i] += 1;
        note!(course, "A port of {} is out for {days:.0} days.", course.plan.ports[i].name);
        course.schedule(course.now + days, Kind::PortBack, i, 0);
        self.schedule_outage(course, index);
    }

    /// The world knows the median; cases scatter about it with an assumed error factor of 2.
    fn outage_days(&mut self, course: &mut Course<'_>, i: usize) -> f64 {
        let median_d = course.world.value(outage_plan(course.plan, i).outage_d);
        let u = self.outage_draws[i].next(&course.chance.source);
        random::lognormal(u, median_d, 2.0)
    }

    /// Grounds a vehicle's launcher after a loss and returns for how many days.
    pub(crate) fn ground_launcher(&mut self, course: &mut Course<'_>, v: usize) -> f64 {
        let vehicle = &course.plan.vehicles[v];
        let median_d = course.world.value(vehicle.grounding_d);
        let u = course.chance.duration();
        // Groundings scatter about the world's median: assumed error factor 2.
        let days = random::lognormal(u, median_d, 2.0);
        let until = &mut self.launcher_grounded_until[usize::from(vehicle.launcher)];
        *until = until.max(course.now + days);
        days
    }

    /// Whether a flight leaves the pad now; else it is put off, or given up.
    pub(crate) fn launches(&mut self, course: &mut Course<'_>, f: usize) -> bool {
        let plan = course.plan;
        let flight = &plan.flights[f];
        let v = usize::from(flight.vehicle);
        let vehicle = &plan.vehicles[v];
        if !self.launch_is_current(course, f) {
            return false;
        }
        if self.vehicle_withdrawn[v]
            || self.partner_gone[usize::from(vehicle.partner)]
            || course.station_lost
            || (flight.crew > 0 && course.de_crewed())
        {
            self.flight_at[f] = f64::INFINITY;
            note!(course, "{} does not fly.", flight.id);
            return false;
        }
        if flight.outcome == Fate::Planned {
            let clear = self.pad_out_until[usize::from(vehicle.pad)]
                .max(self.launcher_grounded_until[usize::from(vehicle.launcher)])
                .max(self.last_launch[v] + vehicle.turnaround_d);
            if clear > course.now {
                self.plan_launch(course, f, clear + 0.5);
                return false;
            }
        }
        self.last_launch[v] = course.now;
        true
    }

    /// A flight is lost, or aborts with its crew.
    pub(crate) fn lose_flight(&mut self, course: &mut Course<'_>, f: usize) {
        let flight = &course.plan.flights[f];
        let days = self.ground_launcher(course, usize::from(flight.vehicle));
        if flight.crew > 0 {
            note!(course, "{} aborts; its launcher is grounded for {days:.0} days.", flight.id);
            // The crew survives an abort and flies again with the next vehicle.
            self.plan_launch(course, f, course.now + days + 1.0);
        } else {
            course.out.counts.cargo_losses += 1;
            note!(course, "{} is lost; its launcher is grounded for {days:.0} days.", flight.id);
        }
    }

    /// Where a flight that arrives can dock: at a free port of its group, else where the oldest cargo
    /// vehicle is sent away from. Without either it tries again.
    pub(crate) fn find_port(&self, course: &mut Course<'_>, f: usize) -> Port {
        let plan = course.plan;
        let ports = usize::from(plan.vehicles[usize::from(plan.flights[f].vehicle)].ports);
        let usable = plan.ports[ports].count.saturating_sub(self.ports_out[ports]);
        let here = |slot: &Slot| {
            slot.active && usize::from(plan.vehicles[usize::from(slot.vehicle)].ports) == ports
        };
        let taken = number(self.slots.iter().filter(|s| here(s)).count());
        if taken < usable {
            return Port::Free;
        }
        let oldest = (0..self.slots.len())
            .filter(|s| here(&self.slots[*s]) && self.slots[*s].crew == 0)
            .min_by(|a, b| self.slots[*a].since.total_cmp(&self.slots[*b].since));
        match oldest {
            Some(slot) if taken <= usable => Port::Behind(slot),
            _ => {
                course.schedule(course.now + PORT_WAIT_D, Kind::Dock, f, 0);
                Port::None
            }
        }
    }

    /// A flight is docked, nobody out of it yet; returns its slot.
    pub(crate) fn arrive(&mut self, course: &mut Course<'_>, f: usize) -> usize {
        let flight = &course.plan.flights[f];
        self.flight_at[f] = f64::NEG_INFINITY;
        let slot = self.add_slot(course, flight.vehicle, 0, course.now);
        self.slots[slot].flight = Some(place(f));
        slot
    }

    /// The people of a flight come aboard: how many, and whom they relieve.
    pub(crate) fn come_aboard(
        &mut self,
        course: &mut Course<'_>,
        crew: &Crew,
        f: usize,
        slot: usize,
    ) -> Arrival {
        let flight = &course.plan.flights[f];
        let visiting = flight.stay_d < VISIT_D;
        let relieved = if visiting { None } else { self.crew_to_relieve(flight.vehicle, slot) };
        let leaving = relieved.map_or(0, |s| self.slots[s].crew);
        let mut people = flight.crew;
        if crew.is_limited() && !visiting {
            let room = crew.nominal().saturating_sub(crew.people().saturating_sub(leaving));
            people = people.min(room.max(1));
        }
        // Below strength nobody is relieved: the crew on station stays while its vehicle may.
        let relieved = relieved
            .filter(|_| crew.is_limited() || crew.people() + people >= crew.nominal() + leaving);
        self.slots[slot].crew = people;
        self.slots[slot].visiting = visiting;
        course.out.counts.crew_flights += 1;
        Arrival { slot, people, visiting, relieved }
    }

    /// Plans who leaves now that a crew has come.
    pub(crate) fn plan_departure(&mut self, course: &mut Course<'_>, f: usize, arrival: Arrival) {
        if arrival.visiting {
            let stay_d = course.plan.flights[f].stay_d;
            course.schedule(course.now + stay_d, Kind::Depart, arrival.slot, 0);
        } else if let Some(predecessor) = arrival.relieved {
            let generation = self.slots[predecessor].generation;
            self.slots[predecessor].relieved_by = Some(arrival.slot);
            course.schedule(course.now + HANDOVER_D, Kind::Relief, predecessor, generation);
        }
    }

    fn crew_to_relieve(&self, vehicle: u16, newcomer: usize) -> Option<usize> {
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

    /// Hands over a flight's cargo as its planners would have loaded it.
    ///
    /// # Model
    ///
    /// The manifest's total is kept, its split is not: a stock with a reserve is brought toward
    /// [`CARGO_TARGET_D`] days of supply, within half and three times its line; propellant moves by
    /// what tanks allow; lines without a reserve (dry goods) give way, down to a third. `displaced`: what spares have
    /// taken of which lines.
    pub(crate) fn deliver(
        &mut self,
        course: &mut Course<'_>,
        resources: &mut Resources,
        f: usize,
        slot: usize,
        displaced: &[(u16, f64)],
    ) {
        let plan = course.plan;
        let mut wishes = std::mem::take(&mut self.wishes);
        wishes.clear();
        let mut total_kg = 0.0;
        for (s, planned) in &plan.flights[f].cargo {
            let gave_way = displaced.iter().filter(|(stock, _)| stock == s);
            let planned = planned - gave_way.map(|(_, kg)| kg).sum::<f64>();
            let s = usize::from(*s);
            let stock = &plan.stocks[s];
            let gone = stock.partner.is_some_and(|p| self.partner_gone[usize::from(p)]);
            // Nobody could burn what lies in tanks of a vehicle that does not push with it.
            let sealed = stock.leaves_with_vehicle && self.own_tanks(course.plan, slot) != Some(s);
            if stock.accumulates || self.cargo_stopped[s] || gone || sealed {
                continue;
            }
            resources.settle_stock(course.now, s);
            total_kg += planned;
            let room = resources.room_kg(s);
            let (kg, firm) = if stock.reserve_d.is_some() {
                let missing = CARGO_TARGET_D * resources.use_kg_d(s) - resources.level_kg(s);
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
            let moved = resources.move_stock(course, *s, kg);
            if plan.stocks[*s].leaves_with_vehicle {
                self.slots[slot].own_propellant_kg += moved;
            }
        }
        course.out.cargo_kg += total_kg;
        self.wishes = wishes;
        resources.mark_flows();
    }

    /// Brings forward the next planned cargo flight that carries the stock.
    pub(crate) fn expedite(&mut self, course: &mut Course<'_>, s: usize) {
        let plan = course.plan;
        let earliest = course.now + EXPEDITE_NOTICE_D;
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
            course.rung(Rung::ExpeditedFlight);
            note!(course, "{} is brought forward.", plan.flights[f].id);
            // The entry at the old date finds the flight gone.
            self.flight_at[f] = at;
            course.schedule(at, Kind::Launch, f, 1);
        }
    }

    /// When the next flight that carries the stock is due as planned now; infinite if none is.
    pub(crate) fn next_arrival(&self, plan: &Plan, s: usize) -> Mjd {
        plan.flights
            .iter()
            .zip(&self.flight_at)
            .filter(|(flight, at)| {
                at.is_finite() && flight.cargo.iter().any(|(stock, _)| usize::from(*stock) == s)
            })
            .map(|(flight, at)| {
                let vehicle = &plan.vehicles[usize::from(flight.vehicle)];
                let grounded = self.launcher_grounded_until[usize::from(vehicle.launcher)];
                at.max(grounded) + TRANSFER_D
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether this launch entry of the clock is the flight's current date.
    pub(crate) fn launch_is_current(&self, course: &Course<'_>, f: usize) -> bool {
        self.flight_at[f].to_bits() == course.now.to_bits()
    }

    /// The handover is over: whether the relieved crew leaves.
    pub(crate) fn relieve(&mut self, slot: usize, generation: u32) -> Option<Leaving> {
        if !self.slots[slot].active || self.slots[slot].generation != generation {
            return None;
        }
        // A crew whose successor has had to leave during the handover stays.
        let relieved = self.slots[slot].relieved_by.take();
        let relieved = relieved.is_some_and(|by| self.slots[by].active);
        relieved.then_some(Leaving { slot, cause: None })
    }

    /// A vehicle's stay is over, unless something came between.
    pub(crate) fn stay_ends(&self, slot: usize, generation: u32) -> Option<Leaving> {
        let here = self.slots[slot].active && self.slots[slot].generation == generation;
        here.then_some(Leaving { slot, cause: None })
    }

    /// The certified days of a vehicle are over: it leaves, or waits once for a successor.
    pub(crate) fn docked_life_ends(
        &mut self,
        course: &mut Course<'_>,
        slot: usize,
        generation: u32,
    ) -> Option<Leaving> {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return None;
        }
        let vehicle = state.vehicle;
        let crewed = state.crew > 0;
        if crewed && !state.extended && !state.visiting {
            let soon = course.now + EXTENSION_D;
            let successor = course.plan.flights.iter().enumerate().any(|(f, flight)| {
                flight.vehicle == vehicle
                    && flight.crew > 0
                    && self.flight_at[f].is_finite()
                    && self.flight_at[f] < soon
            });
            if successor {
                self.slots[slot].extended = true;
                course.schedule(soon, Kind::DockedLifeEnds, slot, generation);
                return None;
            }
        }
        let cause = Cause {
            direct: course.plan.cause_rotation,
            root: course.plan.vehicles[usize::from(vehicle)].cause,
        };
        if crewed {
            note!(course, "The certified days of {} are over.", self.name(course.plan, slot));
        }
        Some(Leaving { slot, cause: crewed.then_some(cause) })
    }

    /// Takes a vehicle off its port.
    pub(crate) fn undock(&mut self, slot: usize) {
        self.slots[slot].active = false;
        self.slots[slot].generation += 1;
    }

    /// Takes what is left in a vehicle's own tanks out of the stock.
    pub(crate) fn take_own_propellant(
        &mut self,
        course: &mut Course<'_>,
        resources: &mut Resources,
        slot: usize,
    ) {
        if let Some(s) = self.own_tanks(course.plan, slot) {
            let unused_kg = std::mem::take(&mut self.slots[slot].own_propellant_kg);
            resources.move_stock(course, s, -unused_kg);
        }
    }

    /// Whether the crew of one vehicle can leave so that at least so many stay.
    pub(crate) fn can_reduce(&self, people: u32, least: u32) -> bool {
        self.slots.iter().any(|x| x.active && x.crew > 0 && people - x.crew >= least)
    }

    /// The stock of propellant that a vehicle keeps in its own tanks, if it has such.
    pub(crate) fn own_tanks(&self, plan: &Plan, slot: usize) -> Option<usize> {
        let vehicle = &plan.vehicles[usize::from(self.slots[slot].vehicle)];
        let stock = usize::from(vehicle.push.as_ref()?.stock);
        plan.stocks[stock].leaves_with_vehicle.then_some(stock)
    }

    /// Seats in sound vehicles, contingency seats included.
    pub(crate) fn sound_seats(&self, plan: &Plan) -> u32 {
        self.slots
            .iter()
            .filter(|s| s.active && s.lifeboat)
            .map(|s| plan.vehicles[usize::from(s.vehicle)].contingency_seats)
            .sum()
    }

    pub(crate) fn pick_crew_slot(&mut self, course: &mut Course<'_>) -> Option<usize> {
        let crewed: Vec<usize> = (0..self.slots.len())
            .filter(|s| self.slots[*s].active && self.slots[*s].crew > 0)
            .collect();
        let u = self.choice.next(&course.chance.source);
        crewed.get((u * crewed.len() as f64) as usize).copied()
    }

    pub(crate) fn lifeboat_fails(&mut self, course: &mut Course<'_>, slot: usize, generation: u32) {
        if self.slots[slot].active && self.slots[slot].generation == generation {
            let cause = course.plan.vehicles[usize::from(self.slots[slot].vehicle)].cause;
            self.lose_lifeboat(course, slot, Cause { direct: cause, root: cause });
        }
    }

    /// A docked crew vehicle is no longer a way home until a replacement has docked.
    pub(crate) fn lose_lifeboat(&mut self, course: &mut Course<'_>, slot: usize, cause: Cause) {
        if !self.slots[slot].lifeboat {
            return;
        }
        self.slots[slot].lifeboat = false;
        let vehicle = usize::from(self.slots[slot].vehicle);
        let plan = &course.plan.vehicles[vehicle];
        note!(course, "{} is lost as an escape vehicle.", self.slots[slot].name(course.plan));
        course.out.counts.lifeboat_gaps += 1;
        course.reach(EndState::LossOfEscapeVehicle);
        course.breach_full(cause);
        let lead_d = plan.rescue_lead_d.map_or(74.0, |p| course.world.value(p));
        let launcher = usize::from(plan.launcher);
        let clear =
            self.launcher_grounded_until[launcher].max(self.pad_out_until[usize::from(plan.pad)]);
        let at = (course.now + lead_d).max(clear);
        let generation = self.slots[slot].generation;
        course.schedule(at, Kind::Rescue, slot, generation);
    }

    /// An empty vehicle replaces the lost one; its crew stays and goes home with it.
    pub(crate) fn rescue(&mut self, course: &mut Course<'_>, slot: usize, generation: u32) {
        let state = &self.slots[slot];
        if !state.active || state.generation != generation {
            return;
        }
        let v = usize::from(state.vehicle);
        let gone = self.partner_gone[usize::from(course.plan.vehicles[v].partner)];
        if gone || self.vehicle_withdrawn[v] {
            return;
        }
        note!(course, "A replacement for {} docks.", self.slots[slot].name(course.plan));
        let state = &mut self.slots[slot];
        state.lifeboat = true;
        state.since = course.now;
        state.generation += 1;
        self.last_launch[v] = course.now;
        self.start_docked_life(course, slot);
    }
}

/// The outages of a pad, or of a port after all pads.
fn outage_plan(plan: &Plan, i: usize) -> &OutagePlan {
    if i < plan.pads.len() { &plan.pads[i] } else { &plan.ports[i - plan.pads.len()] }
}

/// Whether a flight that has left the pad arrives.
pub(crate) fn flies(course: &mut Course<'_>, f: usize) -> bool {
    let plan = course.plan;
    let flight = &plan.flights[f];
    let vehicle = &plan.vehicles[usize::from(flight.vehicle)];
    let fails = match flight.outcome {
        Fate::Flown => false,
        Fate::Lost => true,
        // A flight that is tried again draws anew: the launch date numbers the try.
        Fate::Planned => {
            let tries = (course.now - flight.at).max(0.0) as u32 + 1;
            course.chance.source.uniform(flight.stream, tries)
                < course.world.value(vehicle.loss).min(1.0)
        }
    };
    if !fails {
        course.schedule(course.now + TRANSFER_D, Kind::Dock, f, 0);
    }
    !fails
}

/// A cargo vehicle stays for its time.
pub(crate) fn stay(course: &mut Course<'_>, f: usize, slot: usize) {
    let flight = &course.plan.flights[f];
    course.out.counts.cargo_flights += 1;
    note!(course; Weight::Planned, "{} docks.", flight.id);
    course.schedule(course.now + flight.stay_d, Kind::Depart, slot, 0);
}
