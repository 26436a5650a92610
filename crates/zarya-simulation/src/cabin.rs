//! The cabin's air, water and food inside a history: the balance of `zarya-systems`, moved from event
//! to event.
//!
//! Between events nothing is computed. When what the balance depends on changes (people, the value of
//! a processor's capability, a leak, a hatch, something brought or taken), the state is moved to now
//! in closed form and the flows are taken anew; the day on which they cease to hold and the days on
//! which pressures cross their limits go on the clock, and a generation counter cancels them when
//! something comes between. Stocks bound to stores follow the flows as lines.

use crate::capability::{CapabilityState, Facts};
use crate::clock::Kind;
use crate::course::Course;
use crate::outcome::Cause;
use crate::plan::cabin::CabinPlan;
use crate::plan::{Plan, place};
use crate::stock::{StockState, draw_kg_d};
use crate::worlds::World;
use std::fmt::Write as _;
use zarya_systems::balance::{
    Commodity, EMPTY_KG, Flows, Model, Setting, State, Step, pressure_law,
};
use zarya_systems::case::Limited;
use zarya_systems::stock::{Law, Stock};
use zarya_units::{Date, Mjd};

/// A pressure this near to its limit, relative, is neither inside nor beyond it.
const AT_LIMIT: f64 = 1e-9;
/// A leak of the cabin is taken anew when it has moved by this share: half of it is the mean error.
const LEAK_SHARE: f64 = 0.02;
/// The same for the leak of a zone behind its shut hatch.
const SHUT_SHARE: f64 = 0.2;
/// Shortest time between two events of the cabin, d: rounding never makes the clock stand still.
const EVENT_D: f64 = 1e-6;

/// The cabin of one history.
#[derive(Clone, Debug)]
pub(crate) struct Cabin {
    model: Model,
    state: State,
    flows: Flows,
    settled_at: Mjd,
    /// Keeps the crossings of limits on the clock valid.
    generation: u32,
    /// When the flows cease to hold, and the earliest entry of the clock that will look.
    holds_until: Mjd,
    looks_at: Mjd,
    /// The flows have ceased to hold.
    touched: bool,
    /// Group of zones in which the crew is, and kPa per kg of each gas there.
    group: usize,
    kpa_per_kg: [f64; 4],
    inputs: Inputs,
    limits: Vec<LimitState>,
    /// By store: whether it held something, and since when it does not.
    filled: Vec<bool>,
    emptied_at: Vec<Mjd>,
    /// The state in which every history of the world begins.
    start: State,
    /// Elements in `start` with the stocks in, for the check that mass is conserved.
    #[cfg(test)]
    before: [f64; zarya_systems::matter::ELEMENTS],
}

/// What the flows in force rest on.
#[derive(Clone, Debug, Default)]
struct Inputs {
    crew: u32,
    capacities: Vec<f64>,
    /// The main zone's leak, then that of each zone behind a hatch.
    leaks: Vec<f64>,
    open: Vec<bool>,
    /// Whether make-up gas flows; unknown before the first look.
    makeup: Option<bool>,
    rations: u64,
    /// Partners gone, as a bit each: their water is no more.
    gone: u64,
    /// Draws beside the balance by store, kg/d of the stock.
    draws: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct LimitState {
    beyond: bool,
    generation: u32,
    /// Since when its capability has been short, covered or not.
    weak_since: Option<Mjd>,
}

/// What a new look at the cabin finds: the ladder acts upon it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    /// Stores that have run empty, as bits.
    pub(crate) emptied: u64,
    /// Stores filled again.
    pub(crate) refilled: u64,
    /// Limits crossed outward, and back, as bits.
    pub(crate) beyond: u8,
    pub(crate) back: u8,
}

/// A pressure has crossed its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossing {
    Beyond,
    Back,
}

impl Cabin {
    /// Returns the cabin of a world, before its first history; `None` where the station has none.
    pub(crate) fn new(plan: &Plan, world: &World) -> Option<Box<Self>> {
        let cabin = plan.cabin.as_ref()?;
        let volume_m3 = world.value(cabin.volume_m3);
        let stated: f64 =
            cabin.zones.iter().filter_map(|z| z.volume_m3).map(|p| world.value(p)).sum();
        // Bands are drawn apart: a tenth of the volume is left for the rest at least.
        let rest = (volume_m3 - stated).max(0.1 * volume_m3);
        let main = cabin.main_zone();
        let leaks = std::iter::once(main)
            .chain((0..cabin.zones.len()).filter(|zone| cabin.zones[*zone].leak.is_some()))
            .collect();
        let setting = Setting {
            sides: cabin.sides,
            zones: cabin
                .zones
                .iter()
                .map(|zone| {
                    let volume = zone.volume_m3.map_or(rest, |p| world.value(p));
                    (volume, zone.side, zone.leak.is_none())
                })
                .collect(),
            air: cabin.air,
            metabolism: world.value(cabin.metabolism),
            processors: cabin.processors.iter().map(|p| (p.makes, p.side, p.kg_d)).collect(),
            leaks,
            tracked: cabin.tracked.clone(),
            water_shares: cabin.water_shares(|_| true),
            recovery: cabin.recovery.map(|p| world.value(p)),
        };
        let (model, start) = Model::embedded(&setting);
        let flows = Flows::new(&model, &start);
        Some(Box::new(Self {
            state: start.clone(),
            flows,
            settled_at: plan.start,
            generation: 0,
            holds_until: f64::INFINITY,
            looks_at: f64::INFINITY,
            touched: true,
            group: model.main_group(),
            kpa_per_kg: [0.0; 4],
            inputs: Inputs::default(),
            limits: Vec::new(),
            filled: Vec::new(),
            emptied_at: Vec::new(),
            #[cfg(test)]
            before: start.elements(),
            start,
            model,
        }))
    }

    /// Moves the state to now.
    fn settle(&mut self, now: Mjd) {
        let days = now - self.settled_at;
        if days > 0.0 {
            let step = Step::new(&self.flows, days);
            self.state.advance(&self.flows, &step);
            self.settled_at = now;
        }
    }

    /// The pressure of a limit where the crew is, with its law.
    fn pressure(&self, limited: Limited) -> Stock {
        pressure_law(&self.state, &self.flows, limited, self.group, &self.kpa_per_kg)
    }

    /// Looks up where the crew is after a hatch has moved.
    fn locate(&mut self) {
        self.group = self.model.main_group();
        self.kpa_per_kg = self.model.pressures_per_kg(self.group);
    }

    /// What the crew asks for of a limited gas, kg/d and person: oxygen in, carbon dioxide out.
    pub(crate) fn asked_kg_d(&self, limited: Limited) -> f64 {
        match limited {
            Limited::OxygenPartialPressure => self.model.rates().oxygen,
            Limited::CarbonDioxidePartialPressure => self.model.rates().carbon_dioxide,
            _ => 0.0,
        }
    }

    /// Notes whether a limit's capability is short, whatever bridges it.
    pub(crate) fn weaken(&mut self, limit: usize, short: bool, now: Mjd) {
        let Some(limit) = self.limits.get_mut(limit) else { return };
        limit.weak_since = if short { limit.weak_since.or(Some(now)) } else { None };
    }

    /// Level of a store of the plan, kg of its stock.
    fn level(&self, plan: &CabinPlan, store: usize) -> f64 {
        total(&self.state.stores, plan, store)
    }

    /// Adds to a store, or takes from it, kg of its stock.
    fn bring(&mut self, plan: &CabinPlan, store: usize, kg: f64) {
        let store_plan = &plan.stores[store];
        if store_plan.pooled && kg < 0.0 {
            let level = self.level(plan, store);
            if level <= 0.0 {
                return;
            }
            let share = (-kg / level).min(1.0);
            for (at, _) in &store_plan.parts {
                let part = self.state.stores[*at];
                self.state.bring(*at, -part * share);
            }
            return;
        }
        for (at, per_kg) in &store_plan.parts {
            self.state.bring(*at, kg * per_kg);
        }
    }
}

/// Sum over the parts of a store in kg of its stock: of levels or of rates.
fn total(values: &[f64], plan: &CabinPlan, store: usize) -> f64 {
    let store = &plan.stores[store];
    if store.pooled {
        store.parts.iter().map(|(at, _)| values[*at]).sum()
    } else {
        let (at, per_kg) = store.parts[0];
        values[at] / per_kg
    }
}

/// Change per day of a level now.
fn slope(law: &Stock) -> f64 {
    match law.law {
        Law::Constant { rate } => rate,
        Law::Relaxing { source, decay } => source - decay * law.level,
    }
}

impl Cabin {
    /// Puts the cabin of a history at its start, filled from the stocks.
    pub(crate) fn start(&mut self, course: &Course<'_>, plan: &CabinPlan, stocks: &[StockState]) {
        for (zone, zone_plan) in plan.zones.iter().enumerate() {
            self.model.set_hatch(&mut self.state, zone, zone_plan.leak.is_none());
        }
        self.state.clone_from(&self.start);
        self.settled_at = course.now;
        self.inputs = Inputs::default();
        self.touched = true;
        (self.holds_until, self.looks_at) = (f64::INFINITY, f64::INFINITY);
        self.locate();
        for (i, store) in plan.stores.iter().enumerate() {
            let kg = stocks[usize::from(store.stock)].level_kg;
            self.bring(plan, i, kg);
        }
        self.filled.clear();
        for i in 0..plan.stores.len() {
            let level = self.level(plan, i);
            let stock = usize::from(plan.stores[i].stock);
            let holds = if course.plan.stocks[stock].accumulates {
                level < stocks[stock].capacity_kg
            } else {
                level > EMPTY_KG
            };
            self.filled.push(holds);
        }
        self.emptied_at.clear();
        self.emptied_at.resize(plan.stores.len(), course.now);
        self.limits.clear();
        let limit = LimitState { beyond: false, generation: 0, weak_since: None };
        self.limits.resize(plan.limits.len(), limit);
        #[cfg(test)]
        {
            self.before = self.state.elements();
        }
    }

    /// Adds to a store, or takes from it, and counts what crosses the skin. `level_kg` is that of the
    /// stock before. Returns whether the flows are to be taken anew.
    pub(crate) fn bring_to(
        &mut self,
        course: &mut Course<'_>,
        plan: &CabinPlan,
        store: usize,
        level_kg: f64,
        kg: f64,
    ) -> bool {
        let now = course.now;
        let per_kg = plan.stores[store].parts[0].1;
        let holds = |kg: f64| kg * per_kg > EMPTY_KG;
        if plan.stores[store].pooled || !holds(level_kg) || !holds(level_kg + kg) {
            // An empty store that is filled, or one that is emptied, changes what is drawn from it.
            self.settle(now);
            self.bring(plan, store, kg);
            self.touched = true;
            return true;
        }
        // The flows are the same, and along a line it is the same to have had more from the
        // beginning: the state need not be moved to now.
        self.bring(plan, store, kg);
        let rate = total(&self.flows.stores, plan, store);
        if kg < 0.0 && rate < 0.0 {
            let empty_at = now + (level_kg + kg) / -rate;
            self.holds_until = self.holds_until.min(empty_at);
            if self.holds_until < self.looks_at {
                self.looks_at = self.holds_until;
                course.schedule(self.looks_at, Kind::CabinMoves, 0, 0);
            }
        }
        false
    }

    /// Takes the flows anew if anything they rest on has changed.
    pub(crate) fn refresh(
        &mut self,
        course: &mut Course<'_>,
        facts: &Facts<'_>,
        plan: &CabinPlan,
        stocks: &mut [StockState],
        capabilities: &[CapabilityState],
    ) -> Option<Found> {
        let changed = self.follow(course, facts, plan, stocks, capabilities);
        (changed || self.touched).then(|| self.recompute(course, plan, stocks))
    }

    /// Compares what the flows rest on with what is; where it differs, moves the state to now and
    /// tells the model.
    fn follow(
        &mut self,
        course: &Course<'_>,
        facts: &Facts<'_>,
        plan: &CabinPlan,
        stocks: &[StockState],
        capabilities: &[CapabilityState],
    ) -> bool {
        let mut changed = false;
        let Cabin { model, inputs, .. } = &mut *self;
        if inputs.capacities.len() != plan.processors.len() {
            inputs.capacities.resize(plan.processors.len(), f64::NAN);
            inputs.open.clear();
            inputs.open.extend(plan.zones.iter().map(|zone| zone.leak.is_none()));
            inputs.leaks.resize(1 + plan.zones.iter().filter(|z| z.leak.is_some()).count(), -1.0);
            inputs.draws.resize(plan.stores.len(), 0.0);
            inputs.crew = u32::MAX;
            inputs.gone = u64::MAX;
            inputs.rations = u64::MAX;
        }
        // Setters only take effect in the flows to come; the state still moves by the old ones.
        if inputs.crew != facts.people {
            inputs.crew = facts.people;
            model.set_crew(f64::from(facts.people));
            changed = true;
        }
        for (i, processor) in plan.processors.iter().enumerate() {
            let kg_d = processor.kg_d * capabilities[usize::from(processor.capability)].value;
            if inputs.capacities[i].to_bits() != kg_d.to_bits() {
                inputs.capacities[i] = kg_d;
                model.set_capacity(i, kg_d);
                changed = true;
            }
        }
        let makeup = plan.makeup.is_none_or(|c| {
            let c = usize::from(c);
            capabilities[c].value + AT_LIMIT >= course.plan.capabilities[c].required
        });
        if inputs.makeup != Some(makeup) {
            inputs.makeup = Some(makeup);
            let tracked = makeup && plan.tracked.contains(&Commodity::Nitrogen);
            model.set_tracked(Commodity::Nitrogen, tracked);
            changed = true;
        }
        let gone = facts
            .gone
            .iter()
            .take(64)
            .enumerate()
            .fold(0, |bits, (i, gone)| bits | u64::from(*gone) << i);
        if inputs.gone != gone {
            inputs.gone = gone;
            let owner = |s: u16| course.plan.stocks[usize::from(s)].partner;
            let here = |s: u16| owner(s).is_none_or(|p| !facts.gone[usize::from(p)]);
            if let Some(shares) = plan.water_shares(here) {
                model.set_water_shares(shares);
            }
            changed = true;
        }
        let rations = plan.stores.iter().enumerate().fold(0, |bits, (i, store)| {
            bits | u64::from(stocks[usize::from(store.stock)].rationed) << i
        });
        if inputs.rations != rations {
            inputs.rations = rations;
            for (owner, _, s) in &plan.waters {
                let s = usize::from(*s);
                let share = course.plan.stocks[s].ration_share;
                model.set_ration(*owner, if stocks[s].rationed { share } else { 0.0 });
            }
            changed = true;
        }
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            if course.plan.stocks[s].draws.is_empty() {
                continue;
            }
            let rationed = stocks[s].rationed;
            let draws = course.plan.stocks[s].draws.iter();
            let drawn: f64 =
                draws.map(|draw| draw_kg_d(course, facts, capabilities, rationed, s, draw)).sum();
            if inputs.draws[i].to_bits() != drawn.to_bits() {
                inputs.draws[i] = drawn;
                changed = true;
            }
        }
        self.follow_leaks(course, facts, plan) || changed
    }

    fn follow_leaks(&mut self, course: &Course<'_>, facts: &Facts<'_>, plan: &CabinPlan) -> bool {
        let mut changed = false;
        let mut main = plan.leak_kg_d.map_or(0.0, |p| course.world.value(p));
        let mut own = 0;
        for l in 0..facts.leaks.len() {
            let open = facts.leaks.is_open(l);
            let zone = plan.zones.iter().position(|zone| zone.leak == Some(place(l)));
            main += facts.leaks.lost_kg_d(course, l) * f64::from(zone.is_none() || !open);
        }
        for zone in 0..plan.zones.len() {
            let Some(l) = plan.zones[zone].leak.map(usize::from) else { continue };
            own += 1;
            let open = facts.leaks.is_open(l);
            if self.inputs.open[zone] != open {
                self.settle(course.now);
                let Cabin { model, state, .. } = &mut *self;
                model.set_hatch(state, zone, open);
                self.inputs.open[zone] = open;
                self.locate();
                changed = true;
            }
            // Air in a shut chamber is nobody's: how fast it leaves matters little.
            let share = if open { LEAK_SHARE } else { SHUT_SHARE };
            changed |= self.set_leak(own, facts.leaks.rate_kg_d(l), share);
        }
        self.set_leak(0, main, LEAK_SHARE) || changed
    }

    /// Moves the state to now, takes flows, next events and the lines of the stocks anew.
    fn recompute(
        &mut self,
        course: &mut Course<'_>,
        plan: &CabinPlan,
        stocks: &mut [StockState],
    ) -> Found {
        let mut found = Found::default();
        self.settle(course.now);
        self.touched = false;
        self.take_flows(course, plan, stocks);
        let days = self.flows.valid_days(&self.model, &self.state);
        let days = days.min(self.lay_lines(course, plan, stocks, &mut found));
        self.holds_until = course.now + days.max(EVENT_D);
        if self.holds_until < self.looks_at {
            self.looks_at = self.holds_until;
            course.schedule(self.looks_at, Kind::CabinMoves, 0, 0);
        }
        // While every gas is held, and inside its limits, nothing is crossed.
        let still = self.flows.held[self.group] == [true; 4]
            && self.limits.iter().all(|limit| !limit.beyond);
        if !still {
            self.look_ahead(course, plan, &mut found);
        }
        found
    }

    fn take_flows(&mut self, course: &Course<'_>, plan: &CabinPlan, stocks: &[StockState]) {
        self.generation = self.generation.wrapping_add(1);
        self.flows = Flows::new(&self.model, &self.state);
        for (i, store) in plan.stores.iter().enumerate() {
            let drawn = self.inputs.draws[i];
            let (at, per_kg) = store.parts[0];
            if drawn < 0.0 || (drawn > 0.0 && self.state.stores[at] > EMPTY_KG) {
                self.flows.draw(at, drawn * per_kg);
            }
        }
        if let Some(s) = plan.food
            && stocks[usize::from(s)].rationed
        {
            self.flows.eat_less(course.plan.stocks[usize::from(s)].ration_share);
        }
    }

    /// Puts the next crossing of each limit on the clock.
    fn look_ahead(&self, course: &mut Course<'_>, plan: &CabinPlan, found: &mut Found) {
        for (i, limit) in plan.limits.iter().enumerate() {
            let law = self.pressure(limit.limited);
            let kpa = course.world.value(limit.limit_kpa);
            let sign = if limit.low { -1.0 } else { 1.0 };
            let past = sign * (law.level - kpa) / kpa;
            let was = self.limits[i].beyond;
            if !was && past > AT_LIMIT {
                found.beyond |= 1 << i;
            } else if was && past < -AT_LIMIT {
                found.back |= 1 << i;
            } else if (sign * slope(&law) > 0.0) != was
                && let Some(days) = law.days_until(kpa)
            {
                let at = course.now + days.max(EVENT_D);
                course.schedule(at, Kind::CabinLimit, i, self.generation);
            }
        }
    }

    /// Gives the stocks the levels and rates of their stores; what does not fit is vented. Returns
    /// the days until a waste is full.
    fn lay_lines(
        &mut self,
        course: &Course<'_>,
        plan: &CabinPlan,
        stocks: &mut [StockState],
        found: &mut Found,
    ) -> f64 {
        let mut days = f64::INFINITY;
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            let mut level = self.level(plan, i);
            let rate = total(&self.flows.stores, plan, i);
            let capacity = stocks[s].capacity_kg;
            if level > capacity {
                self.bring(plan, i, capacity - level);
                level = capacity;
            }
            let (used, holds) = if course.plan.stocks[s].accumulates {
                let room = capacity - level;
                let holds = room > EMPTY_KG || rate < 0.0;
                if holds && rate > 0.0 {
                    days = days.min(room / rate);
                }
                (rate, holds)
            } else {
                let mut used = -rate;
                if let Some(then) = store.then {
                    used -= total(&self.flows.stores, plan, usize::from(then)).min(0.0);
                }
                if let Some((commodity, per_kg)) = store.serves
                    && level <= EMPTY_KG
                {
                    used += self.flows.unmet[commodity as usize] * per_kg;
                }
                (used, level > EMPTY_KG || rate > 0.0)
            };
            stocks[s].follow(course.now, level, rate, used.max(0.0));
            if self.filled[i] != holds {
                self.filled[i] = holds;
                if holds {
                    found.refilled |= 1 << i;
                } else {
                    found.emptied |= 1 << i;
                    self.emptied_at[i] = course.now;
                }
            }
        }
        days
    }

    /// The flows cease to hold, or were expected to; returns whether they are to be taken anew.
    pub(crate) fn moves(&mut self, course: &mut Course<'_>) -> bool {
        if course.now < self.looks_at {
            return false;
        }
        self.looks_at = f64::INFINITY;
        if self.holds_until <= course.now {
            self.touched = true;
            return true;
        }
        // What was expected here has been put off since.
        self.looks_at = self.holds_until;
        course.schedule(self.looks_at, Kind::CabinMoves, 0, 0);
        false
    }

    /// A pressure reaches its limit, unless something came between: outward or back.
    pub(crate) fn reaches(
        &mut self,
        course: &Course<'_>,
        i: usize,
        generation: u32,
    ) -> Option<Crossing> {
        if self.generation != generation || course.station_lost {
            return None;
        }
        self.settle(course.now);
        Some(if self.limits[i].beyond { Crossing::Back } else { Crossing::Beyond })
    }

    /// Asks for the flows to be taken anew.
    pub(crate) fn touch(&mut self) {
        self.touched = true;
    }

    /// The present generation of a limit's entries on the clock.
    pub(crate) fn generation_of(&self, i: usize) -> u32 {
        self.limits[i].generation
    }

    /// Whether a limit is exceeded.
    pub(crate) fn is_beyond(&self, i: usize) -> bool {
        self.limits[i].beyond
    }

    /// Puts the crew on one side of a limit and returns the generation of what follows.
    pub(crate) fn cross(&mut self, i: usize, beyond: bool) -> u32 {
        self.limits[i].beyond = beyond;
        self.limits[i].generation = self.limits[i].generation.wrapping_add(1);
        self.limits[i].generation
    }

    /// Whether the pressure of an exceeded limit returns by itself; none if it is not exceeded any
    /// more, or something came between.
    pub(crate) fn returns(
        &mut self,
        course: &Course<'_>,
        plan: &CabinPlan,
        i: usize,
        generation: u32,
    ) -> Option<bool> {
        let state = self.limits[i];
        if state.generation != generation || !state.beyond {
            return None;
        }
        self.settle(course.now);
        let limit = &plan.limits[i];
        let law = self.pressure(limit.limited);
        Some(if limit.low { slope(&law) > 0.0 } else { slope(&law) < 0.0 })
    }

    /// The capability of a low limit that is short.
    pub(crate) fn weak_low_limit(&self, plan: &Plan) -> Option<usize> {
        let mut limits = plan.cabin.as_ref()?.limits.iter().zip(&self.limits);
        let weak = limits.find(|(other, state)| other.low && state.weak_since.is_some());
        weak.map(|(other, _)| usize::from(other.capability))
    }

    /// Tells of a limit that is exceeded from now.
    pub(crate) fn limit_text(&self, course: &Course<'_>, i: usize, cause: Cause) -> String {
        let Some(plan) = &course.plan.cabin else { return String::new() };
        let limit = &plan.limits[i];
        let kpa = course.world.value(limit.limit_kpa);
        let name = name_of(limit.limited);
        let verb = if limit.low { "falls" } else { "rises" };
        let mut text = format!("{name} {verb} to {kpa:.2} kPa");
        let capability = &course.plan.capabilities[usize::from(limit.capability)].name;
        if let Some(since) = self.limits[i].weak_since {
            let _ = write!(text, ", {:.1} days after {capability} fell short", course.now - since);
        }
        let empty = limit.covers.iter().filter_map(|s| {
            let store = usize::from(plan.store_of[usize::from(*s)]?);
            (!self.filled[store]).then_some(self.emptied_at[store])
        });
        let (n, since) = empty.fold((0, f64::NEG_INFINITY), |(n, at), e| (n + 1, e.max(at)));
        if n > 0 && n == limit.covers.len() {
            let _ = write!(text, "; stores empty since {}", Date::from_mjd(since));
        }
        if let Some(p) = limit.borne_d {
            let _ = write!(text, "; borne for {:.1} days", course.world.value(p));
        }
        text + &format!("; behind it: {}.", course.plan.causes[usize::from(cause.root)].text)
    }

    /// Sets a leak unless it is near enough to what it was.
    fn set_leak(&mut self, index: usize, kg_d: f64, share: f64) -> bool {
        let known = &mut self.inputs.leaks[index];
        if *known >= 0.0 && (kg_d - *known).abs() <= share * *known {
            return false;
        }
        *known = kg_d;
        self.model.set_leak(index, kg_d);
        true
    }
}

/// A limit's name in sentences.
pub(crate) fn name_of(limited: Limited) -> &'static str {
    match limited {
        Limited::OxygenPartialPressure => "Oxygen in the cabin",
        Limited::CarbonDioxidePartialPressure => "Carbon dioxide in the cabin",
        Limited::TotalPressure | Limited::Stock(_) => "The cabin's total pressure",
    }
}

#[cfg(test)]
mod tests;
