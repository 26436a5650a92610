//! The cabin's air, water and food inside a history: the balance of `zarya-systems`, moved from event
//! to event.
//!
//! Between events nothing is computed. When what the balance depends on changes (people, the value of
//! a processor's capability, a leak, a hatch, something brought or taken), the state is moved to now
//! in closed form and the flows are taken anew; the day on which they cease to hold and the days on
//! which pressures cross their limits go on the clock, and a generation counter cancels them when
//! something comes between. Stocks bound to stores follow the flows as lines.

use crate::history::{Engine, Kind, note};
use crate::outcome::Cause;
use crate::plan::cabin::{CabinPlan, LimitPlan};
use crate::plan::{EffectPlan, Plan};
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
/// Days after which a limit that is still exceeded has its effect again.
const REPEAT_D: f64 = 10.0;

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

/// What a new look at the cabin finds; acted upon once the cabin is back in its place.
#[derive(Default)]
struct Found {
    /// Stores that have run empty, as bits.
    emptied: u64,
    /// Stores filled again.
    refilled: u64,
    /// Limits crossed outward, and back, as bits.
    beyond: u8,
    back: u8,
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

impl Engine<'_> {
    /// Puts the cabin of a history at its start; stocks and capabilities stand already.
    pub(crate) fn start_cabin(&mut self) {
        let (Some(mut cabin), Some(plan)) = (self.cabin.take(), &self.plan.cabin) else { return };
        for (zone, zone_plan) in plan.zones.iter().enumerate() {
            let Cabin { model, state, .. } = &mut *cabin;
            model.set_hatch(state, zone, zone_plan.leak.is_none());
        }
        cabin.state.clone_from(&cabin.start);
        cabin.settled_at = self.now;
        cabin.inputs = Inputs::default();
        cabin.touched = true;
        (cabin.holds_until, cabin.looks_at) = (f64::INFINITY, f64::INFINITY);
        cabin.locate();
        for (i, store) in plan.stores.iter().enumerate() {
            let kg = self.stocks[usize::from(store.stock)].level_kg;
            cabin.bring(plan, i, kg);
        }
        cabin.filled.clear();
        for i in 0..plan.stores.len() {
            let level = cabin.level(plan, i);
            let stock = usize::from(plan.stores[i].stock);
            let holds = if self.plan.stocks[stock].accumulates {
                level < self.stocks[stock].capacity_kg()
            } else {
                level > EMPTY_KG
            };
            cabin.filled.push(holds);
        }
        cabin.emptied_at.clear();
        cabin.emptied_at.resize(plan.stores.len(), self.now);
        cabin.limits.clear();
        let limit = LimitState { beyond: false, generation: 0, weak_since: None };
        cabin.limits.resize(plan.limits.len(), limit);
        #[cfg(test)]
        {
            cabin.before = cabin.state.elements();
        }
        self.cabin = Some(cabin);
    }

    /// The place of a stock among the cabin's stores.
    #[inline]
    pub(crate) fn store_of(&self, s: usize) -> Option<usize> {
        self.plan.cabin.as_ref().and_then(|plan| plan.store_of[s]).map(usize::from)
    }

    /// Adds to a stock that is a store, or takes from it, and counts what crosses the skin. `level_kg`
    /// is that of the stock before.
    pub(crate) fn bring_to_store(&mut self, store: usize, level_kg: f64, kg: f64) {
        let now = self.now;
        let (Some(cabin), Some(plan)) = (&mut self.cabin, &self.plan.cabin) else { return };
        let per_kg = plan.stores[store].parts[0].1;
        let holds = |kg: f64| kg * per_kg > EMPTY_KG;
        if plan.stores[store].pooled || !holds(level_kg) || !holds(level_kg + kg) {
            // An empty store that is filled, or one that is emptied, changes what is drawn from it.
            cabin.settle(now);
            cabin.bring(plan, store, kg);
            cabin.touched = true;
            self.stocks_dirty = true;
            return;
        }
        // The flows are the same, and along a line it is the same to have had more from the
        // beginning: the state need not be moved to now.
        cabin.bring(plan, store, kg);
        let rate = total(&cabin.flows.stores, plan, store);
        if kg < 0.0 && rate < 0.0 {
            let empty_at = now + (level_kg + kg) / -rate;
            cabin.holds_until = cabin.holds_until.min(empty_at);
            if cabin.holds_until < cabin.looks_at {
                cabin.looks_at = cabin.holds_until;
                let at = cabin.looks_at;
                self.schedule(at, Kind::CabinMoves, 0, 0);
            }
        }
    }

    /// Takes the flows anew if anything they rest on has changed.
    pub(crate) fn refresh_cabin(&mut self) {
        if self.burning_in {
            return;
        }
        let Some(mut cabin) = self.cabin.take() else { return };
        let plan = self.plan.cabin.as_ref().expect("a cabin has a plan");
        if self.follow(plan, &mut cabin) || cabin.touched {
            let found = self.recompute(plan, &mut cabin);
            self.cabin = Some(cabin);
            self.act_on(plan, &found);
        } else {
            self.cabin = Some(cabin);
        }
    }

    /// Compares what the flows rest on with what is; where it differs, moves the state to now and
    /// tells the model.
    fn follow(&self, plan: &CabinPlan, cabin: &mut Cabin) -> bool {
        let now = self.now;
        let mut changed = false;
        let Cabin { model, inputs, .. } = &mut *cabin;
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
        if inputs.crew != self.crew {
            inputs.crew = self.crew;
            model.set_crew(f64::from(self.crew));
            changed = true;
        }
        for (i, processor) in plan.processors.iter().enumerate() {
            let kg_d = processor.kg_d * self.capabilities[usize::from(processor.capability)].value;
            if inputs.capacities[i].to_bits() != kg_d.to_bits() {
                inputs.capacities[i] = kg_d;
                model.set_capacity(i, kg_d);
                changed = true;
            }
        }
        let makeup = plan.makeup.is_none_or(|c| {
            let c = usize::from(c);
            self.capabilities[c].value + AT_LIMIT >= self.plan.capabilities[c].required
        });
        if inputs.makeup != Some(makeup) {
            inputs.makeup = Some(makeup);
            let tracked = makeup && plan.tracked.contains(&Commodity::Nitrogen);
            model.set_tracked(Commodity::Nitrogen, tracked);
            changed = true;
        }
        let gone = self
            .partner_gone
            .iter()
            .take(64)
            .enumerate()
            .fold(0, |bits, (i, gone)| bits | u64::from(*gone) << i);
        if inputs.gone != gone {
            inputs.gone = gone;
            if let Some(shares) = plan.water_shares(|s| !self.owner_gone(usize::from(s))) {
                model.set_water_shares(shares);
            }
            changed = true;
        }
        let rations = plan.stores.iter().enumerate().fold(0, |bits, (i, store)| {
            bits | u64::from(self.stocks[usize::from(store.stock)].rationed) << i
        });
        if inputs.rations != rations {
            inputs.rations = rations;
            for (owner, _, s) in &plan.waters {
                let s = usize::from(*s);
                let share = self.plan.stocks[s].ration_share;
                model.set_ration(*owner, if self.stocks[s].rationed { share } else { 0.0 });
            }
            changed = true;
        }
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            if self.plan.stocks[s].draws.is_empty() {
                continue;
            }
            let drawn = self.draws_kg_d(s);
            if inputs.draws[i].to_bits() != drawn.to_bits() {
                inputs.draws[i] = drawn;
                changed = true;
            }
        }
        self.follow_leaks(plan, cabin, now) || changed
    }

    fn follow_leaks(&self, plan: &CabinPlan, cabin: &mut Cabin, now: Mjd) -> bool {
        let mut changed = false;
        let mut main = plan.leak_kg_d.map_or(0.0, |p| self.world.value(p));
        let mut own = 0;
        for (l, leak) in self.leaks.iter().enumerate() {
            let open = leak.hatch_open && !leak.isolated;
            let zone = plan.zones.iter().position(|zone| zone.leak == Some(l as u8));
            main += self.leak_kg_d(l) * f64::from(zone.is_none() || !open);
        }
        for zone in 0..plan.zones.len() {
            let Some(l) = plan.zones[zone].leak.map(usize::from) else { continue };
            own += 1;
            let leak = &self.leaks[l];
            let open = leak.hatch_open && !leak.isolated;
            if cabin.inputs.open[zone] != open {
                cabin.settle(now);
                let Cabin { model, state, .. } = &mut *cabin;
                model.set_hatch(state, zone, open);
                cabin.inputs.open[zone] = open;
                cabin.locate();
                changed = true;
            }
            // Air in a shut chamber is nobody's: how fast it leaves matters little.
            let share = if open { LEAK_SHARE } else { SHUT_SHARE };
            changed |= cabin.set_leak(own, leak.rate_kg_d, share);
        }
        cabin.set_leak(0, main, LEAK_SHARE) || changed
    }

    /// Moves the state to now, takes flows, next events and the lines of the stocks anew.
    fn recompute(&mut self, plan: &CabinPlan, cabin: &mut Cabin) -> Found {
        let mut found = Found::default();
        cabin.settle(self.now);
        cabin.touched = false;
        self.take_flows(plan, cabin);
        let days = cabin.flows.valid_days(&cabin.model, &cabin.state);
        let days = days.min(self.lay_lines(plan, cabin, &mut found));
        cabin.holds_until = self.now + days.max(EVENT_D);
        if cabin.holds_until < cabin.looks_at {
            cabin.looks_at = cabin.holds_until;
            self.schedule(cabin.looks_at, Kind::CabinMoves, 0, 0);
        }
        // While every gas is held, and inside its limits, nothing is crossed.
        let still = cabin.flows.held[cabin.group] == [true; 4]
            && cabin.limits.iter().all(|limit| !limit.beyond);
        if !still {
            self.look_ahead(plan, cabin, &mut found);
        }
        found
    }

    fn take_flows(&self, plan: &CabinPlan, cabin: &mut Cabin) {
        cabin.generation = cabin.generation.wrapping_add(1);
        cabin.flows = Flows::new(&cabin.model, &cabin.state);
        for (i, store) in plan.stores.iter().enumerate() {
            let drawn = cabin.inputs.draws[i];
            let (at, per_kg) = store.parts[0];
            if drawn < 0.0 || (drawn > 0.0 && cabin.state.stores[at] > EMPTY_KG) {
                cabin.flows.draw(at, drawn * per_kg);
            }
        }
        if let Some(s) = plan.food
            && self.stocks[usize::from(s)].rationed
        {
            cabin.flows.eat_less(self.plan.stocks[usize::from(s)].ration_share);
        }
    }

    /// Puts the next crossing of each limit on the clock.
    fn look_ahead(&mut self, plan: &CabinPlan, cabin: &Cabin, found: &mut Found) {
        for (i, limit) in plan.limits.iter().enumerate() {
            let law = cabin.pressure(limit.limited);
            let kpa = self.world.value(limit.limit_kpa);
            let sign = if limit.low { -1.0 } else { 1.0 };
            let past = sign * (law.level - kpa) / kpa;
            let was = cabin.limits[i].beyond;
            if !was && past > AT_LIMIT {
                found.beyond |= 1 << i;
            } else if was && past < -AT_LIMIT {
                found.back |= 1 << i;
            } else if (sign * slope(&law) > 0.0) != was
                && let Some(days) = law.days_until(kpa)
            {
                let at = self.now + days.max(EVENT_D);
                self.schedule(at, Kind::CabinLimit, i, cabin.generation);
            }
        }
    }

    /// Gives the stocks the levels and rates of their stores; what does not fit is vented. Returns
    /// the days until a waste is full.
    fn lay_lines(&mut self, plan: &CabinPlan, cabin: &mut Cabin, found: &mut Found) -> f64 {
        let mut days = f64::INFINITY;
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            let mut level = cabin.level(plan, i);
            let rate = total(&cabin.flows.stores, plan, i);
            let capacity = self.stocks[s].capacity_kg();
            if level > capacity {
                cabin.bring(plan, i, capacity - level);
                level = capacity;
            }
            let (used, holds) = if self.plan.stocks[s].accumulates {
                let room = capacity - level;
                let holds = room > EMPTY_KG || rate < 0.0;
                if holds && rate > 0.0 {
                    days = days.min(room / rate);
                }
                (rate, holds)
            } else {
                let mut used = -rate;
                if let Some(then) = store.then {
                    used -= total(&cabin.flows.stores, plan, usize::from(then)).min(0.0);
                }
                if let Some((commodity, per_kg)) = store.serves
                    && level <= EMPTY_KG
                {
                    used += cabin.flows.unmet[commodity as usize] * per_kg;
                }
                (used, level > EMPTY_KG || rate > 0.0)
            };
            self.stocks[s].follow(self.now, level, rate, used.max(0.0));
            if cabin.filled[i] != holds {
                cabin.filled[i] = holds;
                if holds {
                    found.refilled |= 1 << i;
                } else {
                    found.emptied |= 1 << i;
                    cabin.emptied_at[i] = self.now;
                }
            }
        }
        days
    }

    fn act_on(&mut self, plan: &CabinPlan, found: &Found) {
        for (i, store) in plan.stores.iter().enumerate() {
            let s = usize::from(store.stock);
            if found.emptied >> i & 1 == 1 {
                self.store_empties(s);
            }
            if found.refilled >> i & 1 == 1 {
                self.store_refills(s);
            }
        }
        for i in 0..plan.limits.len() {
            if found.beyond >> i & 1 == 1 {
                self.limit_crossed(plan, i);
            }
            if found.back >> i & 1 == 1 {
                self.limit_kept_again(plan, i);
            }
        }
    }

    /// The flows cease to hold: a store is empty or full, or a gas is at its level.
    pub(crate) fn cabin_moves(&mut self) {
        let now = self.now;
        let Some(cabin) = &mut self.cabin else { return };
        if now < cabin.looks_at {
            return;
        }
        cabin.looks_at = f64::INFINITY;
        if cabin.holds_until <= now {
            cabin.touched = true;
            self.stocks_dirty = true;
        } else {
            // What was expected here has been put off since.
            cabin.looks_at = cabin.holds_until;
            let at = cabin.looks_at;
            self.schedule(at, Kind::CabinMoves, 0, 0);
        }
    }

    /// A pressure crosses its limit, outward or back.
    pub(crate) fn cabin_limit(&mut self, i: usize, generation: u32) {
        let now = self.now;
        let (Some(cabin), Some(plan)) = (&mut self.cabin, &self.plan.cabin) else { return };
        if cabin.generation != generation || self.station_lost {
            return;
        }
        cabin.settle(now);
        if cabin.limits[i].beyond {
            self.limit_kept_again(plan, i);
        } else {
            self.limit_crossed(plan, i);
        }
        // What comes next, and whether the other side is reached, is looked up anew.
        if let Some(cabin) = &mut self.cabin {
            cabin.touched = true;
            self.stocks_dirty = true;
        }
    }

    fn limit_crossed(&mut self, plan: &CabinPlan, i: usize) {
        let limit = &plan.limits[i];
        let Some(cabin) = &mut self.cabin else { return };
        cabin.limits[i].beyond = true;
        cabin.limits[i].generation = cabin.limits[i].generation.wrapping_add(1);
        let generation = cabin.limits[i].generation;
        let cause = self.cause_of(limit);
        if self.crew > 0 {
            self.breach_full(cause);
        }
        if self.notes.is_some() {
            let text = self.limit_text(plan, i, cause);
            self.note(text);
        }
        let borne_d = limit.borne_d.map_or(0.0, |p| self.world.value(p));
        self.schedule(self.now + borne_d, Kind::CabinActs, i, generation);
    }

    fn limit_kept_again(&mut self, plan: &CabinPlan, i: usize) {
        if let Some(cabin) = &mut self.cabin {
            cabin.limits[i].beyond = false;
            cabin.limits[i].generation = cabin.limits[i].generation.wrapping_add(1);
        }
        note!(self, "{} is back inside its limit.", name_of(plan.limits[i].limited));
    }

    /// A limit has been exceeded for as long as it is borne, or has been acted on and is exceeded
    /// still.
    pub(crate) fn cabin_acts(&mut self, i: usize, generation: u32) {
        let now = self.now;
        let (Some(cabin), Some(plan)) = (&mut self.cabin, &self.plan.cabin) else { return };
        let state = cabin.limits[i];
        if state.generation != generation || !state.beyond || self.station_lost || self.crew == 0 {
            return;
        }
        cabin.settle(now);
        let limit = &plan.limits[i];
        let law = cabin.pressure(limit.limited);
        let returns = if limit.low { slope(&law) > 0.0 } else { slope(&law) < 0.0 };
        let c = usize::from(limit.capability);
        let effect = self.plan.capabilities[c].on_empty;
        if matches!(effect, EffectPlan::None) {
            return;
        }
        if !returns {
            let cause = self.cause_of(limit);
            self.apply(effect, cause);
        }
        self.schedule(now + REPEAT_D, Kind::CabinActs, i, generation);
    }

    /// Behind a limit stands what failed; with all providers at work, the largest leak.
    fn cause_of(&self, limit: &LimitPlan) -> Cause {
        let c = usize::from(limit.capability);
        let plan = &self.plan.capabilities[c];
        let mut root = self.root_of(c);
        if root == plan.cause
            && let Some(other) = self.weak_beside(limit)
        {
            root = self.root_of(other);
        }
        if root == plan.cause {
            let leaks = (0..self.leaks.len()).filter(|l| self.leak_kg_d(*l) > 0.0);
            if let Some(l) = leaks.max_by(|a, b| self.leak_kg_d(*a).total_cmp(&self.leak_kg_d(*b)))
            {
                root = self.plan.leaks[l].cause;
            }
        }
        Cause { direct: plan.cause, root }
    }

    /// A total pressure can fall because a gas in it is not made: the capability that is short.
    fn weak_beside(&self, limit: &LimitPlan) -> Option<usize> {
        let (cabin, plan) = (self.cabin.as_ref()?, self.plan.cabin.as_ref()?);
        let mut limits = plan.limits.iter().zip(&cabin.limits);
        let weak = limits.find(|(other, state)| {
            limit.limited == Limited::TotalPressure && other.low && state.weak_since.is_some()
        });
        weak.map(|(other, _)| usize::from(other.capability))
    }

    fn limit_text(&self, plan: &CabinPlan, i: usize, cause: Cause) -> String {
        let limit = &plan.limits[i];
        let kpa = self.world.value(limit.limit_kpa);
        let name = name_of(limit.limited);
        let verb = if limit.low { "falls" } else { "rises" };
        let mut text = format!("{name} {verb} to {kpa:.2} kPa");
        let Some(cabin) = &self.cabin else { return text };
        let capability = &self.plan.capabilities[usize::from(limit.capability)].name;
        if let Some(since) = cabin.limits[i].weak_since {
            let _ = write!(text, ", {:.1} days after {capability} fell short", self.now - since);
        }
        let empty = limit.covers.iter().filter_map(|s| {
            let store = usize::from(plan.store_of[usize::from(*s)]?);
            (!cabin.filled[store]).then_some(cabin.emptied_at[store])
        });
        let (n, since) = empty.fold((0, f64::NEG_INFINITY), |(n, at), e| (n + 1, e.max(at)));
        if n > 0 && n == limit.covers.len() {
            let _ = write!(text, "; stores empty since {}", Date::from_mjd(since));
        }
        if let Some(p) = limit.borne_d {
            let _ = write!(text, "; borne for {:.1} days", self.world.value(p));
        }
        text + &format!("; behind it: {}.", self.plan.causes[usize::from(cause.root)].text)
    }

    /// Whether the partner who owns a stock has left.
    pub(crate) fn owner_gone(&self, s: usize) -> bool {
        self.plan.stocks[s].partner.is_some_and(|p| self.partner_gone[usize::from(p)])
    }
}

impl Cabin {
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

fn name_of(limited: Limited) -> &'static str {
    match limited {
        Limited::OxygenPartialPressure => "Oxygen in the cabin",
        Limited::CarbonDioxidePartialPressure => "Carbon dioxide in the cabin",
        _ => "The cabin's total pressure",
    }
}

#[cfg(test)]
mod tests;
