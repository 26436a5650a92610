//! Flights, docked vehicles and the people who come and go with them.
//!
//! A date of the manifest is that of docking; the launch lies before it. Everybody aboard goes home in the vehicle
//! that brought them, when they are due, when they are relieved, or when its certified days are over: `rotation`; or in
//! another, where theirs is no way home any more: `seats`.
//! What happens at the port is told in `docking`, what is handed over in `cargo`. A vehicle type is grounded
//! with its launcher.

mod cargo;
mod docking;
mod rotation;
mod seats;

pub(crate) use docking::{Contact, Port};
pub(crate) use rotation::Leaving;

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note, people};
use crate::crew::Party;
use crate::outcome::{Cause, Rung};
use crate::plan::{FlightPlan, OutagePlan, Plan, RiskPlan, place};
use crate::resources::Resources;
use crate::shocks::Shocks;
use crate::slips;
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;
use zarya_units::random::{self, Stream};

/// Days until a launch is looked at again for which no port is free, or whose crew could not enter (assumed: a step
/// of the calculation, short beside weeks between flights).
const LOOK_AGAIN_D: f64 = 3.0;

/// One visiting vehicle.
#[derive(Clone, Debug)]
struct Slot {
    vehicle: u16,
    flight: Option<u16>,
    docked: Option<u16>,
    active: bool,
    crew: u32,
    /// When its own people came.
    came_at: Mjd,
    /// Who of them came with another vehicle, which was no lifeboat any more.
    guests: Vec<Party>,
    /// Its people could leave in it.
    lifeboat: bool,
    /// Why not, and when its replacement is to dock.
    lost_for: Option<Cause>,
    replaced_at: Mjd,
    visiting: bool,
    since: Mjd,
    /// When its stay is over.
    due: Mjd,
    generation: u32,
    extended: bool,
    /// The slot of the crew that relieves this one.
    relieved_by: Option<usize>,
    delta_v_left: f64,
    /// What is left of the propellant it brought and takes away again, kg.
    own_propellant_kg: f64,
    /// What it brought and found no room for yet: stock and kg.
    held: Vec<(u16, f64)>,
}

impl Slot {
    /// Its people by the vehicle they came in.
    fn seated(&self) -> impl Iterator<Item = Party> + '_ {
        let guests: u32 = self.guests.iter().map(|party| party.people).sum();
        let people = self.crew - guests;
        let own = Party { vehicle: self.vehicle, people, came_at: self.came_at };
        self.guests.iter().copied().chain([own]).filter(|party| party.people > 0)
    }

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
    /// When each flight is launched as planned now: infinite where it does not fly, minus infinite once it has docked.
    flight_at: Vec<Mjd>,
    /// Days from its launch to its docking.
    transfer_d: Vec<f64>,
    /// People it flies with, and the slot of the vehicle whose people it keeps seats for.
    flying: Vec<u32>,
    seats_for: Vec<Option<usize>>,
    /// How often it has been launched, and the draws taken at its dockings.
    launched: Vec<u32>,
    contacts: Vec<u32>,
    /// Whether it has tried to dock since it came near the station, and when that was.
    has_tried: Vec<bool>,
    near_since: Vec<Mjd>,
    /// Whether trouble at the docking under way has been counted.
    troubled: Vec<bool>,
    /// What last kept a flight from its date.
    kept_by: Vec<u16>,
    pad_out_until: Vec<Mjd>,
    launcher_grounded_until: Vec<Mjd>,
    last_launch: Vec<Mjd>,
    vehicle_withdrawn: Vec<bool>,
    partner_gone: Vec<bool>,
    ports_out: Vec<u32>,
    cargo_stopped: Vec<bool>,
    outage_draws: Vec<Draws>,
    shocks: Shocks,
    /// Which of several vehicles, and when one fails as a lifeboat.
    choice: Draws,
    /// Scratch of `deliver`.
    loads: Vec<cargo::Load>,
}

impl Traffic {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            slots: Vec::new(),
            flight_at: Vec::new(),
            transfer_d: Vec::new(),
            flying: Vec::new(),
            seats_for: Vec::new(),
            launched: Vec::new(),
            contacts: Vec::new(),
            has_tried: Vec::new(),
            near_since: Vec::new(),
            troubled: Vec::new(),
            kept_by: Vec::new(),
            pad_out_until: Vec::new(),
            launcher_grounded_until: Vec::new(),
            last_launch: Vec::new(),
            vehicle_withdrawn: Vec::new(),
            partner_gone: Vec::new(),
            ports_out: Vec::new(),
            cargo_stopped: Vec::new(),
            outage_draws: Vec::new(),
            shocks: Shocks::default(),
            choice: Draws::of("choice"),
            loads: Vec::new(),
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
        for count in [&mut self.launched, &mut self.contacts] {
            count.clear();
            count.resize(plan.flights.len(), 0);
        }
        self.has_tried.clear();
        self.has_tried.resize(plan.flights.len(), false);
        self.near_since.clear();
        self.near_since.resize(plan.flights.len(), f64::INFINITY);
        self.troubled.clear();
        self.troubled.resize(plan.flights.len(), false);
        self.flying.clear();
        self.flying.extend(plan.flights.iter().map(|flight| flight.crew));
        self.seats_for.clear();
        self.seats_for.resize(plan.flights.len(), None);
        let transfer_d = course.world.value(plan.policy.transfer_d);
        self.transfer_d.clear();
        // One that is to dock on the first days is under way already.
        self.transfer_d.extend(plan.flights.iter().map(|flight| match flight.outcome {
            Fate::Lost => 0.0,
            _ => flight.transfer_d.unwrap_or(transfer_d).min(flight.at - plan.start),
        }));
        self.kept_by.clear();
        let late = |flight: &FlightPlan| plan.vehicles[usize::from(flight.vehicle)].cause_late;
        self.kept_by.extend(plan.flights.iter().map(late));
        self.choice = Draws::of("choice");
        self.outage_draws.clear();
        self.outage_draws
            .extend(plan.pads.iter().chain(&plan.ports).map(|outage| Draws::new(outage.stream)));

        let mut people = 0;
        for (i, docked) in plan.docked.iter().enumerate() {
            let due = docked.until.max(course.now);
            let slot = self.add_slot(course, docked.vehicle, docked.crew, docked.since, due);
            self.slots[slot].docked = Some(place(i));
            people += docked.crew;
        }
        for (f, at) in slips::first_dates(course).into_iter().enumerate() {
            let launch = at - self.transfer_d[f];
            self.plan_launch(course, f, launch.max(plan.start));
        }
        for i in 0..plan.pads.len() + plan.ports.len() {
            self.schedule_outage(course, i);
        }
        self.shocks.start(course);
        people
    }

    /// A shock strikes: flights of what it hits are put off.
    pub(crate) fn shock_strikes(&mut self, course: &mut Course<'_>, i: usize) {
        for (f, at) in self.shocks.strikes(course, i, &self.flight_at) {
            self.kept_by[f] = course.plan.shocks[i].cause;
            self.plan_launch(course, f, at);
        }
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

    /// A flight is docked, nobody out of it yet; returns its slot.
    pub(crate) fn arrive(&mut self, course: &mut Course<'_>, f: usize) -> usize {
        let flight = &course.plan.flights[f];
        self.flight_at[f] = f64::NEG_INFINITY;
        let due = course.now + flight.stay_d;
        let slot = self.add_slot(course, flight.vehicle, 0, course.now, due);
        self.slots[slot].flight = Some(place(f));
        slot
    }

    /// Whether a flight that has left the pad arrives.
    pub(crate) fn flies(&mut self, course: &mut Course<'_>, f: usize) -> bool {
        let plan = course.plan;
        let flight = &plan.flights[f];
        let vehicle = &plan.vehicles[usize::from(flight.vehicle)];
        let fails = match flight.outcome {
            Fate::Flown => false,
            Fate::Lost => true,
            // A flight that is tried again draws anew.
            Fate::Planned => {
                course.chance.source.uniform(flight.stream, self.launched[f] + 1)
                    < course.world.value(vehicle.loss).min(1.0)
            }
        };
        self.launched[f] += 1;
        if !fails {
            course.schedule(course.now + self.transfer_d[f], Kind::Dock, f, 0);
        }
        !fails
    }

    /// Why the people of a flight that leaves the pad are lost on ascent, if they are. A recorded flight has no chance left
    /// in it; a crew that aborted draws anew when it is launched again.
    pub(crate) fn lost_on_ascent(&self, course: &Course<'_>, f: usize) -> Option<Cause> {
        let flight = &course.plan.flights[f];
        let risk = course.plan.vehicles[usize::from(flight.vehicle)].ascent?;
        let chance = flight.crew > 0 && flight.outcome == Fate::Planned;
        let stream = Stream::new(&flight.id, "ascent");
        (chance && strikes(course, risk, stream, self.launched[f]))
            .then_some(Cause { direct: risk.cause, root: risk.cause })
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

    /// People aboard by the vehicle they came in.
    pub(crate) fn seated(&self) -> impl Iterator<Item = Party> + '_ {
        self.slots.iter().filter(|s| s.active).flat_map(Slot::seated)
    }

    /// Vehicles docked that people go home with.
    pub(crate) fn n_crewed(&self) -> usize {
        self.crewed_slots().count()
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

    /// Puts a vehicle on its port until its stay is over.
    fn add_slot(
        &mut self,
        course: &mut Course<'_>,
        vehicle: u16,
        crew: u32,
        since: Mjd,
        due: Mjd,
    ) -> usize {
        let plan = &course.plan.vehicles[usize::from(vehicle)];
        let limit = plan.push.as_ref().and_then(|p| p.limit_m_s);
        let slot = self.slots.len();
        self.slots.push(Slot {
            vehicle,
            flight: None,
            docked: None,
            active: true,
            crew,
            came_at: since,
            guests: Vec::new(),
            lifeboat: plan.seats > 0,
            lost_for: None,
            replaced_at: f64::INFINITY,
            visiting: false,
            since,
            due,
            generation: 0,
            extended: false,
            relieved_by: None,
            delta_v_left: limit.map_or(f64::INFINITY, |p| course.world.value(p)),
            own_propellant_kg: 0.0,
            held: Vec::new(),
        });
        course.schedule(due, Kind::Depart, slot, 0);
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
        note!(course, "{} is out for {days:.0} d.", course.plan.pads[i].name);
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
        note!(course, "A port of {} is out for {days:.0} d.", course.plan.ports[i].name);
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

    /// Grounds a vehicle's launcher after people were lost with it and returns for how many days.
    pub(crate) fn stand_down(&mut self, course: &mut Course<'_>, v: usize) -> f64 {
        let vehicle = &course.plan.vehicles[v];
        let median_d = course.world.value(course.plan.policy.crew_loss_stand_down_d);
        let grounded_d = self.ground_launcher(course, v);
        let days = median_d.max(grounded_d);
        let until = &mut self.launcher_grounded_until[usize::from(vehicle.launcher)];
        *until = until.max(course.now + days);
        days
    }

    /// Whether a flight leaves the pad now; else it is put off, or given up. `kept_by`: what keeps people from living in the station.
    pub(crate) fn launches(
        &mut self,
        course: &mut Course<'_>,
        f: usize,
        kept_by: Option<u16>,
    ) -> bool {
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
        {
            self.flight_at[f] = f64::INFINITY;
            let partner = usize::from(vehicle.partner);
            let gone = self.partner_gone[partner];
            self.kept_by[f] = if gone { plan.partners[partner].cause } else { vehicle.cause };
            note!(course, "{} does not fly.", flight.id);
            return false;
        }
        if flight.outcome == Fate::Planned {
            let stands = self.pad_out_until[usize::from(vehicle.pad)]
                .max(self.launcher_grounded_until[usize::from(vehicle.launcher)]);
            let clear = stands.max(self.last_launch[v] + vehicle.turnaround_d);
            if stands > course.now {
                self.kept_by[f] = vehicle.cause;
            }
            if clear > course.now {
                self.plan_launch(course, f, clear + 0.5);
                return false;
            }
            let docks = course.now + self.transfer_d[f];
            if let Some(cause) = kept_by {
                if self.kept_by[f] != cause {
                    let behind = &plan.causes[usize::from(cause)].text;
                    note!(course, "{} waits: nobody can live in the station; {behind}.", flight.id);
                }
                self.kept_by[f] = cause;
            }
            if kept_by.is_some() || !self.port_comes_free(plan, f, docks) {
                self.plan_launch(course, f, course.now + LOOK_AGAIN_D);
                return false;
            }
        }
        self.last_launch[v] = course.now;
        true
    }

    /// A flight is lost, or aborts with its crew.
    pub(crate) fn lose_flight(&mut self, course: &mut Course<'_>, f: usize) {
        let flight = &course.plan.flights[f];
        self.kept_by[f] = course.plan.vehicles[usize::from(flight.vehicle)].cause;
        let days = self.ground_launcher(course, usize::from(flight.vehicle));
        if flight.crew > 0 {
            note!(course, "{} aborts; its launcher is grounded for {days:.0} days.", flight.id);
            // The crew survives an abort and flies again with the next vehicle.
            self.plan_launch(course, f, course.now + days + 1.0);
        } else {
            // Nothing of it is due any more.
            self.flight_at[f] = f64::INFINITY;
            course.out.counts.cargo_losses += 1;
            note!(course, "{} is lost; its launcher is grounded for {days:.0} days.", flight.id);
        }
    }

    /// The crew of a flight is lost on the way up: nobody waits for it any more.
    pub(crate) fn lose_crew_flight(&mut self, course: &mut Course<'_>, f: usize) {
        let flight = &course.plan.flights[f];
        let days = self.stand_down(course, usize::from(flight.vehicle));
        self.flight_at[f] = f64::INFINITY;
        note!(
            course,
            "{} is lost on ascent with {}; its launcher is grounded for {days:.0} days.",
            flight.id,
            people(self.flying(f))
        );
    }

    /// Brings forward the next planned cargo flight that carries the stock.
    pub(crate) fn expedite(&mut self, course: &mut Course<'_>, s: usize) {
        let plan = course.plan;
        let notice_d = course.world.value(plan.policy.expedite_notice_d);
        let earliest = course.now + notice_d;
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
            let sooner_d = course.world.value(plan.policy.expedite_d);
            let at = (self.flight_at[f] - sooner_d).max(earliest);
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
            .zip(self.flight_at.iter().zip(&self.transfer_d))
            .filter(|(flight, (at, _))| {
                at.is_finite() && flight.cargo.iter().any(|(stock, _)| usize::from(*stock) == s)
            })
            .map(|(flight, (at, transfer_d))| {
                let vehicle = &plan.vehicles[usize::from(flight.vehicle)];
                let grounded = self.launcher_grounded_until[usize::from(vehicle.launcher)];
                at.max(grounded) + transfer_d
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether this launch entry of the clock is the flight's current date.
    pub(crate) fn launch_is_current(&self, course: &Course<'_>, f: usize) -> bool {
        self.flight_at[f].to_bits() == course.now.to_bits()
    }

    /// A crew was not replaced in time: behind it is what keeps the crew flight that has been missing longest
    /// (of one type of vehicle, where one is named), and nothing where none was due.
    pub(crate) fn unreplaced(&self, course: &Course<'_>, vehicle: Option<u16>) -> Cause {
        let crews = |flight: &FlightPlan| {
            flight.crew > 0 && vehicle.is_none_or(|vehicle| flight.vehicle == vehicle)
        };
        let direct = course.plan.cause_rotation;
        Cause { direct, root: self.missing(course, crews).unwrap_or(direct) }
    }

    /// What is stored has run out: behind it is what keeps the flight with more of it that has been missing
    /// longest, and the stock itself where all that was due has come.
    pub(crate) fn unsupplied(&self, course: &Course<'_>, s: usize) -> Cause {
        let carries =
            |flight: &FlightPlan| flight.cargo.iter().any(|(stock, _)| usize::from(*stock) == s);
        let direct = course.plan.stocks[s].cause;
        Cause { direct, root: self.missing(course, carries).unwrap_or(direct) }
    }

    /// What keeps the first of some flights that was due by now and has not come, if nothing planned
    /// after it has come either.
    fn missing(&self, course: &Course<'_>, of: impl Fn(&FlightPlan) -> bool) -> Option<u16> {
        let mut found = None;
        let due = |flight: &&FlightPlan| flight.at <= course.now;
        for (f, flight) in course.plan.flights.iter().take_while(due).enumerate() {
            if !of(flight) {
                continue;
            }
            let came = self.flight_at[f] == f64::NEG_INFINITY;
            found = if came { None } else { found.or(Some(self.kept_by[f])) };
        }
        found
    }

    /// Takes a vehicle off its port.
    pub(crate) fn undock(&mut self, slot: usize) {
        self.slots[slot].active = false;
        self.slots[slot].generation += 1;
        self.slots[slot].held.clear();
    }

    /// Why the people who leave in a vehicle are lost on entry, if they are.
    pub(crate) fn lost_on_entry(&self, course: &Course<'_>, slot: usize) -> Option<Cause> {
        let risk = course.plan.vehicles[self.vehicle(slot)].entry?;
        let stream = Stream::new(self.name(course.plan, slot), "entry");
        (self.people(slot) > 0 && strikes(course, risk, stream, 0))
            .then_some(Cause { direct: risk.cause, root: risk.cause })
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

    /// The stock of propellant that a vehicle keeps in its own tanks, if it has such.
    pub(crate) fn own_tanks(&self, plan: &Plan, slot: usize) -> Option<usize> {
        let vehicle = &plan.vehicles[usize::from(self.slots[slot].vehicle)];
        let stock = usize::from(vehicle.push.as_ref()?.stock);
        plan.stocks[stock].leaves_with_vehicle.then_some(stock)
    }
}

/// The outages of a pad, or of a port after all pads.
fn outage_plan(plan: &Plan, i: usize) -> &OutagePlan {
    if i < plan.pads.len() { &plan.pads[i] } else { &plan.ports[i - plan.pads.len()] }
}

fn strikes(course: &Course<'_>, risk: RiskPlan, stream: Stream, number: u32) -> bool {
    course.chance.source.uniform(stream, number) < course.world.value(risk.probability)
}
