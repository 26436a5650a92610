//! Capabilities, their buffers, and the stocks that move at constant rates between events.
//!
//! A capability's value is recomputed only when something below it changed; its buffer then drains
//! or refills linearly, and the clock is told when it will be empty. Only an empty buffer has a
//! consequence, and the ladder draws it.

use crate::cabin::{Cabin, Crossing, Found, name_of};
use crate::capability::{CapabilityState, Facts, NO_CAUSE};
use crate::clock::Kind;
use crate::course::{Course, Weight, note};
use crate::outcome::Cause;
use crate::plan::{EffectPlan, Plan, RulePlan};
use crate::stock::{StockState, draw_kg_d};
use crate::worlds::World;
use zarya_systems::case::Limited;

/// A value this near to what is required counts as enough.
const TOLERANCE: f64 = 1e-9;
/// Least days between two consequences of the same empty buffer or stock.
pub(crate) const REPEAT_D: f64 = 10.0;
/// Least that is carried from one side to the other, kg.
const LENT_LEAST_KG: f64 = 1.0;

/// Capabilities, stocks and the cabin of a history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resources {
    capabilities: Vec<CapabilityState>,
    /// Capabilities to be recomputed before the clock moves on, a bit each.
    dirty: [u64; 4],
    stocks: Vec<StockState>,
    stocks_dirty: bool,
    /// The balance of air, water and food, where the station binds one.
    cabin: Option<Box<Cabin>>,
}

/// What is left of a stock that has a reserve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    /// Days of supply at the present use.
    pub(crate) days: f64,
    /// Days of supply if nobody spared: what a reserve is in.
    pub(crate) unrationed_d: f64,
    pub(crate) reserve_d: f64,
}

impl Resources {
    /// Those of a world, before its first history.
    pub(crate) fn new(plan: &Plan, world: &World) -> Self {
        Self { cabin: Cabin::new(plan, world), ..Self::default() }
    }

    /// Capabilities in full strength and stocks at their first levels.
    pub(crate) fn start(&mut self, course: &Course<'_>) {
        let plan = course.plan;
        self.capabilities.clear();
        self.capabilities.resize(plan.capabilities.len(), CapabilityState::sound(course.now));
        self.stocks.clear();
        self.stocks.extend(plan.stocks.iter().map(|s| {
            let capacity_kg = course.world.value(s.capacity_kg);
            let level_kg = course.world.value(s.initial_kg).min(capacity_kg);
            StockState::at(course.now, level_kg, capacity_kg)
        }));
    }

    /// Fills the cabin from the stocks and asks for every capability.
    pub(crate) fn start_cabin(&mut self, course: &Course<'_>) {
        if let (Some(cabin), Some(plan)) = (&mut self.cabin, &course.plan.cabin) {
            cabin.start(course, plan, &self.stocks);
        }
        for c in 0..self.capabilities.len() {
            self.mark(c);
        }
    }

    /// What a capability is worth, from 0 to 1.
    #[inline]
    pub(crate) fn value(&self, capability: usize) -> f64 {
        self.capabilities[capability].value
    }

    /// Whether a capability is what is required of it, covered or not.
    pub(crate) fn is_enough(&self, course: &Course<'_>, c: usize) -> bool {
        self.capabilities[c].value + TOLERANCE >= course.plan.capabilities[c].required
    }

    /// Whether a capability is worth at least so much.
    pub(crate) fn meets(&self, need: usize, least: f64) -> bool {
        self.capabilities[need].value + TOLERANCE >= least
    }

    #[cfg(test)]
    pub(crate) fn cabin(&self) -> Option<&Cabin> {
        self.cabin.as_deref()
    }

    /// Asks for a capability to be recomputed before the clock moves on.
    #[inline]
    pub(crate) fn mark(&mut self, capability: usize) {
        self.dirty[capability / 64] |= 1 << (capability % 64);
    }

    /// Whether a capability is to be recomputed.
    #[inline]
    pub(crate) fn is_marked(&self) -> bool {
        self.dirty != [0; 4]
    }

    /// Asks for the flows to be taken anew before the clock moves on.
    #[inline]
    pub(crate) fn mark_flows(&mut self) {
        self.stocks_dirty = true;
    }

    /// Whether the flows are to be taken anew; they are not any more.
    #[inline]
    pub(crate) fn take_flows_marked(&mut self) -> bool {
        std::mem::take(&mut self.stocks_dirty)
    }

    /// Puts a capability out, for a cause that is its root where it has one.
    pub(crate) fn disable(&mut self, capability: usize, root: Option<u16>) {
        let state = &mut self.capabilities[capability];
        state.disabled += 1;
        if let Some(root) = root {
            state.disabled_by = root;
        }
        self.mark(capability);
    }

    pub(crate) fn capability_back(&mut self, c: usize) {
        let state = &mut self.capabilities[c];
        state.disabled = state.disabled.saturating_sub(1);
        if state.disabled == 0 {
            state.disabled_by = NO_CAUSE;
        }
        self.mark(c);
    }

    /// An upgrade adds to a capability.
    pub(crate) fn improve(&mut self, capability: usize, gain: f64) {
        self.capabilities[capability].bonus += gain;
        self.mark(capability);
    }

    /// Recomputes what is marked, from the units upward.
    pub(crate) fn propagate(&mut self, course: &mut Course<'_>, facts: &Facts<'_>) {
        let plan = course.plan;
        for word in 0..4 {
            while self.dirty[word] != 0 {
                let c = word * 64 + self.dirty[word].trailing_zeros() as usize;
                self.dirty[word] &= self.dirty[word] - 1;
                let value = self.evaluate(course, facts, c);
                let old = self.capabilities[c].value;
                self.set_value(course, c, value);
                if value != old {
                    for parent in &plan.capabilities[c].parents {
                        self.mark(usize::from(*parent));
                    }
                    self.stocks_dirty |= plan.capabilities[c].feeds_stocks;
                }
            }
        }
    }

    fn evaluate(&self, course: &Course<'_>, facts: &Facts<'_>, c: usize) -> f64 {
        let plan = &course.plan.capabilities[c];
        let state = &self.capabilities[c];
        if state.disabled > 0 || plan.partner.is_some_and(|p| facts.gone[usize::from(p)]) {
            return 0.0;
        }
        for (need, least) in &plan.needs {
            if self.capabilities[usize::from(*need)].value + TOLERANCE < *least {
                return 0.0;
            }
        }
        let mut value: f64 = 1.0;
        for kind in &plan.types {
            let kind = usize::from(*kind);
            let t = &course.plan.types[kind];
            let working = f64::from(facts.working[kind]);
            if working < t.needed {
                value = value.min(if t.partial { working / t.needed } else { 0.0 });
            }
        }
        if !plan.providers.is_empty() {
            value = value.min(self.provided(course, facts, c));
        }
        if plan.drifts {
            let years_d = course.now - course.plan.start;
            let lost = course.world.value(plan.degradation_per_d) * years_d;
            value *= (1.0 - lost).max(0.0);
            if plan.sunlit {
                value *= facts.sunlit;
            }
        }
        (value + state.bonus).min(1.0)
    }

    fn provided(&self, course: &Course<'_>, facts: &Facts<'_>, c: usize) -> f64 {
        let plan = &course.plan.capabilities[c];
        let values = plan.providers.iter().map(|(p, _)| self.capabilities[usize::from(*p)].value);
        match plan.rule {
            RulePlan::All => values.fold(1.0, f64::min),
            RulePlan::Any => values.fold(0.0, f64::max),
            RulePlan::AtLeast(k) => (values.filter(|v| *v >= 0.5).count() as f64 / k).min(1.0),
            RulePlan::Demand { .. } | RulePlan::Cabin => {
                let demand = self.demand(course, facts, c);
                if demand > 0.0 { (self.supply_rate(course, c) / demand).min(1.0) } else { 1.0 }
            }
        }
    }

    fn supply_rate(&self, course: &Course<'_>, c: usize) -> f64 {
        course.plan.capabilities[c]
            .providers
            .iter()
            .map(|(p, rate)| rate * self.capabilities[usize::from(*p)].value)
            .sum()
    }

    fn demand(&self, course: &Course<'_>, facts: &Facts<'_>, c: usize) -> f64 {
        match course.plan.capabilities[c].rule {
            RulePlan::Demand { demand, per_crew } => {
                let people = if per_crew { f64::from(facts.people) } else { 1.0 };
                course.world.value(demand) * people
            }
            RulePlan::Cabin => {
                let limits = course.plan.cabin.as_ref().map(|plan| &plan.limits);
                let limit = course.plan.capabilities[c].cabin.map(usize::from);
                match (limits, limit, &self.cabin) {
                    (Some(limits), Some(i), Some(cabin)) => {
                        cabin.asked_kg_d(limits[i].limited) * f64::from(facts.people)
                    }
                    _ => 0.0,
                }
            }
            RulePlan::All | RulePlan::Any | RulePlan::AtLeast(_) => 0.0,
        }
    }

    /// Whether a stock covers the shortfall of `c` for now.
    fn covered(&self, course: &Course<'_>, c: usize) -> bool {
        let holds = |s: &u16| {
            let stock = &self.stocks[usize::from(*s)];
            !stock.exhausted && stock.level_kg > 0.0
        };
        let plan = &course.plan.capabilities[c];
        match (&course.plan.cabin, plan.cabin) {
            (Some(cabin), Some(i)) => cabin.limits[usize::from(i)].covers.iter().any(holds),
            _ => plan.stock.as_ref().is_some_and(holds),
        }
    }

    /// Whether a capability is below what is required of it, and nothing covers for it.
    pub(crate) fn is_short(&self, course: &Course<'_>, c: usize) -> bool {
        !course.burning_in
            && !self.covered(course, c)
            && self.capabilities[c].value + TOLERANCE < course.plan.capabilities[c].required
    }

    fn set_value(&mut self, course: &mut Course<'_>, c: usize, value: f64) {
        let plan = &course.plan.capabilities[c];
        let short = if self.covered(course, c) || value + TOLERANCE >= plan.required {
            0.0
        } else {
            (plan.required - value) / plan.required
        };
        if let (Some(i), Some(cabin)) = (plan.cabin, &mut self.cabin) {
            cabin.weaken(usize::from(i), value + TOLERANCE < plan.required, course.now);
        }
        let state = &mut self.capabilities[c];
        state.value = value;
        if short == state.short {
            return;
        }
        if state.short > 0.0 && course.aboard > 0 {
            course.out.short_d[c] += (course.now - state.short_since) as f32;
        }
        state.buffer =
            (state.buffer + state.slope_per_d * (course.now - state.settled_at)).clamp(0.0, 1.0);
        state.settled_at = course.now;
        state.short_since = course.now;
        let was_short = state.short > 0.0;
        state.short = short;
        state.generation = state.generation.wrapping_add(1);
        let generation = state.generation;
        let buffer = state.buffer;
        if short == 0.0 {
            state.slope_per_d = 1.0 / plan.recovery_d.max(0.01);
            if was_short
                && course.concerns(plan.on_empty)
                && !matches!(plan.on_empty, EffectPlan::None)
            {
                note!(course, "{} is back.", plan.name);
            }
            return;
        }
        if plan.cabin.is_some() {
            if !was_short && course.concerns(plan.on_empty) {
                note!(
                    course,
                    "{} falls to {:.0} %: the cabin's air bridges it.",
                    plan.name,
                    value * 100.0
                );
            }
            return;
        }
        if matches!(plan.on_empty, EffectPlan::None) && plan.buffer_d.is_none() {
            state.slope_per_d = 0.0;
            return;
        }
        let buffer_d = plan.buffer_d.map_or(0.0, |p| course.world.value(p));
        let days = if buffer_d > 0.0 { buffer * buffer_d / short } else { 0.0 };
        self.capabilities[c].slope_per_d = if buffer_d > 0.0 { -short / buffer_d } else { -1e9 };
        if !was_short && course.concerns(plan.on_empty) {
            note!(
                course,
                "{} falls to {:.0} %: {days:.1} days to its limit.",
                plan.name,
                value * 100.0
            );
        }
        course.schedule(course.now + days, Kind::BufferEmpty, c, generation);
    }

    /// A buffer is empty: returns why, unless something came between.
    pub(crate) fn buffer_empties(
        &mut self,
        course: &Course<'_>,
        facts: &Facts<'_>,
        c: usize,
        generation: u32,
    ) -> Option<Cause> {
        if self.capabilities[c].generation != generation || course.station_lost {
            return None;
        }
        let state = &mut self.capabilities[c];
        state.buffer = 0.0;
        state.slope_per_d = 0.0;
        state.settled_at = course.now;
        let direct = course.plan.capabilities[c].cause;
        Some(Cause { direct, root: self.root_of(course, facts, c) })
    }

    /// Follows a short capability down to what failed.
    pub(crate) fn root_of(&self, course: &Course<'_>, facts: &Facts<'_>, c: usize) -> u16 {
        let mut at = c;
        loop {
            let plan = &course.plan.capabilities[at];
            let state = &self.capabilities[at];
            if state.disabled > 0 && state.disabled_by != NO_CAUSE {
                return state.disabled_by;
            }
            if let Some(partner) = plan.partner
                && facts.gone[usize::from(partner)]
            {
                return course.plan.partners[usize::from(partner)].cause;
            }
            // What holds the value down most: a need that is not met counts as nothing left.
            let unit = failed_type_of(course.plan, facts, at);
            let needs = plan.needs.iter().filter_map(|(n, least)| {
                let below = usize::from(*n);
                (self.capabilities[below].value + TOLERANCE < *least).then_some((below, 0.0))
            });
            let providers = plan.providers.iter().filter_map(|(p, _)| {
                let below = usize::from(*p);
                let value = self.capabilities[below].value;
                (value + TOLERANCE < course.plan.capabilities[below].required)
                    .then_some((below, value))
            });
            let worst = needs.chain(providers).min_by(|a, b| a.1.total_cmp(&b.1));
            match (unit, worst) {
                (Some((kind, left)), Some((_, value))) if left <= value => {
                    return course.plan.types[kind].cause;
                }
                (_, Some((below, _))) => at = below,
                (Some((kind, _)), None) => return course.plan.types[kind].cause,
                (None, None) => return plan.cause,
            }
        }
    }

    /// Arrays age and the Sun moves: what drifts is asked for at every tick.
    pub(crate) fn mark_drifting(&mut self, plan: &Plan) {
        for c in 0..plan.capabilities.len() {
            if plan.capabilities[c].drifts {
                self.mark(c);
            }
        }
    }

    /// The number of people changed: whatever scales with it follows.
    pub(crate) fn mark_per_crew(&mut self, plan: &Plan) {
        for c in 0..plan.capabilities.len() {
            let rule = plan.capabilities[c].rule;
            if matches!(rule, RulePlan::Demand { per_crew: true, .. } | RulePlan::Cabin) {
                self.mark(c);
            }
        }
        self.stocks_dirty = true;
    }

    /// Counts the days that capabilities have been short until now, as days with people aboard or not at all.
    pub(crate) fn count_shortages(&mut self, course: &mut Course<'_>, crewed: bool) {
        for (c, state) in self.capabilities.iter_mut().enumerate() {
            if state.short > 0.0 {
                if crewed {
                    course.out.short_d[c] += (course.now - state.short_since) as f32;
                }
                state.short_since = course.now;
            }
        }
    }

    /// What keeps an empty station from being lived in, by its cause: a limit that sends people away, but where they could
    /// mend it with what is aboard, or an empty store that they live on, unless it comes with them.
    pub(crate) fn uninhabitable(
        &self,
        course: &Course<'_>,
        brought: &[(u16, f64)],
        is_mendable: &dyn Fn(usize) -> bool,
    ) -> Option<u16> {
        let plan = course.plan;
        let drives_out = |effect: EffectPlan| {
            effect.moves_people() || matches!(effect, EffectPlan::LossOfStation)
        };
        let bears = |c: usize| !drives_out(plan.capabilities[c].on_empty) || is_mendable(c);
        let short = |c: &usize| {
            let state = &self.capabilities[*c];
            state.short > 0.0 && left_of(course, state) <= 0.0 && !bears(*c)
        };
        let limits = plan.cabin.as_ref().map_or(&[][..], |cabin| &cabin.limits);
        let beyond = limits.iter().enumerate().filter_map(|(i, limit)| {
            let c = usize::from(limit.capability);
            let exceeded = self.cabin.as_ref().is_some_and(|cabin| cabin.is_beyond(i));
            (exceeded && (self.is_enough(course, c) || !bears(c))).then_some(c)
        });
        let capability = (0..self.capabilities.len()).find(short).or(beyond.into_iter().next());
        let empty = |s: &usize| {
            let (state, stock) = (&self.stocks[*s], &plan.stocks[*s]);
            let gone = if stock.accumulates {
                state.exhausted
            } else {
                state.level_now(course.now) <= 0.0
            };
            let comes = brought.iter().any(|(b, kg)| usize::from(*b) == *s && *kg > 0.0);
            gone && drives_out(stock.on_empty) && !comes
        };
        let stock = || (0..self.stocks.len()).find(empty).map(|s| plan.stocks[s].cause);
        capability.map(|c| plan.capabilities[c].cause).or_else(stock)
    }

    /// Whether a capability is put out by something that nobody aboard can mend.
    pub(crate) fn is_out(&self, course: &Course<'_>, gone: &[bool], c: usize) -> bool {
        let partner = course.plan.capabilities[c].partner;
        self.capabilities[c].disabled > 0 || partner.is_some_and(|p| gone[usize::from(p)])
    }

    /// People enter an empty station: what it is short of acts on them as soon as they can no longer live in their ship.
    pub(crate) fn people_enter(&self, course: &mut Course<'_>) {
        for (c, state) in self.capabilities.iter().enumerate() {
            let plan = &course.plan.capabilities[c];
            if state.short > 0.0 && plan.on_empty.moves_people() && plan.cabin.is_none() {
                let buffer_d = plan.buffer_d.map_or(0.0, |p| course.world.value(p));
                let at = course.now + buffer_d.max(REPEAT_D);
                course.schedule(at, Kind::BufferEmpty, c, state.generation);
            }
        }
        for (s, state) in self.stocks.iter().enumerate() {
            if state.exhausted && course.plan.stocks[s].on_empty.moves_people() {
                course.schedule(course.now + REPEAT_D, Kind::StockCrosses, s, state.generation);
            }
        }
        if let (Some(cabin), Some(plan)) = (&self.cabin, &course.plan.cabin) {
            for i in (0..plan.limits.len()).filter(|i| cabin.is_beyond(*i)) {
                let generation = cabin.generation_of(i);
                course.schedule(course.now + REPEAT_D, Kind::CabinActs, i, generation);
            }
        }
    }

    /// What a stock holds, kg, as of when it was last settled.
    #[inline]
    pub(crate) fn level_kg(&self, s: usize) -> f64 {
        self.stocks[s].level_kg
    }

    /// The levels of all stocks, brought up to now.
    pub(crate) fn levels_kg(&mut self, now: f64) -> impl Iterator<Item = f64> + '_ {
        self.stocks.iter_mut().for_each(|stock| stock.settle(now));
        self.stocks.iter().map(|stock| stock.level_kg)
    }

    /// What is used of a stock, kg/d.
    pub(crate) fn use_kg_d(&self, s: usize) -> f64 {
        self.stocks[s].use_kg_d
    }

    /// Room left in a stock, kg.
    pub(crate) fn room_kg(&self, s: usize) -> f64 {
        (self.stocks[s].capacity_kg - self.stocks[s].level_kg).max(0.0)
    }

    /// Brings a stock's level up to now.
    #[inline]
    pub(crate) fn settle_stock(&mut self, now: f64, s: usize) {
        self.stocks[s].settle(now);
    }

    /// A stock is found empty at the start.
    pub(crate) fn empty_stock(&mut self, s: usize) {
        self.stocks[s].level_kg = 0.0;
    }

    fn stock_rate(&self, course: &Course<'_>, facts: &Facts<'_>, s: usize) -> (f64, f64) {
        let plan = &course.plan.stocks[s];
        let mut rate = 0.0;
        let mut used = 0.0;
        let rationed = self.stocks[s].rationed;
        for draw in &plan.draws {
            let term = draw_kg_d(course, facts, &self.capabilities, rationed, s, draw);
            rate -= term;
            used += term.max(0.0);
        }
        for c in &plan.covers {
            let c = usize::from(*c);
            let deficit = (self.demand(course, facts, c) * course.plan.capabilities[c].required
                - self.supply_rate_if_able(course, c))
            .max(0.0);
            rate -= deficit;
            used += deficit;
        }
        (rate, used)
    }

    /// The rate a covered capability makes by itself: nothing when it is out.
    fn supply_rate_if_able(&self, course: &Course<'_>, c: usize) -> f64 {
        if self.capabilities[c].value <= 0.0 { 0.0 } else { self.supply_rate(course, c) }
    }

    /// Takes the flows of the cabin anew if anything they rest on has changed; returns what is found.
    pub(crate) fn refresh_cabin(
        &mut self,
        course: &mut Course<'_>,
        facts: &Facts<'_>,
    ) -> Option<Found> {
        let (cabin, plan) = (self.cabin.as_mut()?, course.plan.cabin.as_ref()?);
        cabin.refresh(course, facts, plan, &mut self.stocks, &self.capabilities)
    }

    /// Recomputes the rates of all other stocks and when each crosses a limit.
    pub(crate) fn refresh_stocks(&mut self, course: &mut Course<'_>, facts: &Facts<'_>) {
        for s in 0..self.stocks.len() {
            if store_of(course.plan, s).is_some() {
                continue;
            }
            let (rate, used) = self.stock_rate(course, facts, s);
            self.stocks[s].use_kg_d = used;
            if rate.to_bits() != self.stocks[s].rate_kg_d.to_bits() {
                self.stocks[s].settle(course.now);
                self.stocks[s].rate_kg_d = rate;
                self.schedule_crossing(course, s);
            }
        }
        if self.is_marked() {
            self.propagate(course, facts);
        }
    }

    fn schedule_crossing(&mut self, course: &mut Course<'_>, s: usize) {
        let accumulates = course.plan.stocks[s].accumulates;
        let stock = &mut self.stocks[s];
        stock.generation = stock.generation.wrapping_add(1);
        let generation = stock.generation;
        let limit = if accumulates { stock.capacity_kg } else { 0.0 };
        let toward = if accumulates { stock.rate_kg_d > 0.0 } else { stock.rate_kg_d < 0.0 };
        let crossing = if toward { stock.line().days_until(limit) } else { None };
        if let Some(days) = crossing {
            course.schedule(course.now + days.max(0.0), Kind::StockCrosses, s, generation);
        }
    }

    /// The present generation of a stock's entries on the clock.
    pub(crate) fn generation_of(&self, s: usize) -> u32 {
        self.stocks[s].generation
    }

    /// A stock is empty, or full where it accumulates; returns whether nothing came between.
    pub(crate) fn stock_crosses(
        &mut self,
        course: &mut Course<'_>,
        s: usize,
        generation: u32,
    ) -> bool {
        if self.stocks[s].generation != generation || course.station_lost {
            return false;
        }
        let plan = &course.plan.stocks[s];
        self.stocks[s].settle(course.now);
        let first = !self.stocks[s].exhausted;
        self.stocks[s].exhausted = true;
        if !plan.accumulates {
            self.stocks[s].level_kg = 0.0;
        }
        for c in &plan.covers {
            self.mark(usize::from(*c));
        }
        if first && course.concerns(plan.on_empty) {
            note!(course, "{}.", course.plan.causes[usize::from(plan.cause)].text);
        }
        true
    }

    /// Adds to a stock (or takes from it, not below zero) and returns what was moved.
    pub(crate) fn move_stock(&mut self, course: &mut Course<'_>, s: usize, kg: f64) -> f64 {
        self.stocks[s].settle(course.now);
        let before = self.stocks[s].level_kg;
        let after = (before + kg).clamp(0.0, self.stocks[s].capacity_kg);
        self.stocks[s].level_kg = after;
        if let Some(store) = store_of(course.plan, s) {
            if let (Some(cabin), Some(plan)) = (&mut self.cabin, &course.plan.cabin) {
                self.stocks_dirty |= cabin.bring_to(course, plan, store, before, after - before);
            }
            return after - before;
        }
        let accumulates = course.plan.stocks[s].accumulates;
        let relieved = if accumulates { kg < 0.0 } else { kg > 0.0 };
        if self.stocks[s].exhausted && relieved {
            self.stocks[s].exhausted = false;
            for c in &course.plan.stocks[s].covers {
                self.mark(usize::from(*c));
            }
        }
        self.schedule_crossing(course, s);
        after - before
    }

    /// Takes a stock away with its owner.
    pub(crate) fn lose_stock(&mut self, course: &mut Course<'_>, s: usize) {
        if store_of(course.plan, s).is_some() {
            let level_kg = self.stocks[s].level_kg;
            self.move_stock(course, s, -level_kg);
        }
        self.stocks[s].settle(course.now);
        self.stocks[s].level_kg = 0.0;
        self.stocks_dirty = true;
    }

    /// A stock that is a store of the cabin holds something again.
    pub(crate) fn store_refills(&mut self, plan: &Plan, s: usize) {
        self.stocks[s].exhausted = false;
        self.stocks[s].generation = self.stocks[s].generation.wrapping_add(1);
        for c in &plan.stocks[s].covers {
            self.mark(usize::from(*c));
        }
    }

    /// What is left of a stock with a reserve, after it has borrowed what it can.
    #[inline]
    pub(crate) fn look_at_reserve(
        &mut self,
        course: &mut Course<'_>,
        facts: &Facts<'_>,
        s: usize,
    ) -> Option<Left> {
        let plan = &course.plan.stocks[s];
        let reserve = plan.reserve_d.filter(|_| !plan.accumulates)?;
        let reserve_d = course.world.value(reserve);
        self.stocks[s].settle(course.now);
        // As if all that is used could be spared.
        let spared = if self.stocks[s].rationed { plan.ration_share } else { 0.0 };
        let unrationed_d = |stock: &StockState| stock.supply_d() * (1.0 - spared);
        if let Some(other) = plan.shares_with
            && unrationed_d(&self.stocks[s]) < reserve_d
        {
            self.borrow(course, facts, s, usize::from(other));
        }
        let stock = &self.stocks[s];
        Some(Left { days: stock.supply_d(), unrationed_d: unrationed_d(stock), reserve_d })
    }

    /// Rations a stock below its reserve, or no longer; returns whether that is new.
    #[inline]
    pub(crate) fn ration(&mut self, course: &mut Course<'_>, s: usize, low: bool) -> bool {
        if low == self.stocks[s].rationed {
            return false;
        }
        self.stocks[s].rationed = low;
        self.stocks_dirty = true;
        if low && course.aboard > 0 {
            note!(
                course,
                "{} is below its reserve: {:.0} kg.",
                course.plan.stocks[s].name,
                self.stocks[s].level_kg
            );
        }
        true
    }

    /// Whether people have left because of a stock within the last days.
    pub(crate) fn has_sent_people_away(&self, now: f64, s: usize) -> bool {
        now < self.stocks[s].left_at + REPEAT_D
    }

    /// People leave because of a stock.
    pub(crate) fn sends_people_away(&mut self, now: f64, s: usize) {
        self.stocks[s].left_at = now;
    }

    /// Takes from `other` what makes both last equally long, if both owners are still there.
    fn borrow(&mut self, course: &mut Course<'_>, facts: &Facts<'_>, s: usize, other: usize) {
        let plan = course.plan;
        if owner_gone(plan, facts, s) || owner_gone(plan, facts, other) {
            return;
        }
        self.stocks[other].settle(course.now);
        let (a, b) = (&self.stocks[s], &self.stocks[other]);
        let (use_a, use_b) = (a.use_kg_d, b.use_kg_d);
        if use_a <= 0.0 || b.supply_d() <= a.supply_d() {
            return;
        }
        let even = (use_a * b.level_kg - use_b * a.level_kg) / (use_a + use_b);
        // A lender that loses nothing today keeps half: its processors may fail.
        let kg = even.min(0.5 * b.level_kg);
        if kg < LENT_LEAST_KG {
            return;
        }
        let lent = -self.move_stock(course, other, -kg.min(self.room_kg(s)));
        self.move_stock(course, s, lent);
        let (lender, borrower) = (&plan.stocks[other].name, &plan.stocks[s].name);
        note!(course, "{lender} lends {lent:.0} kg to {borrower}.");
    }

    /// The flows of the cabin cease to hold: a store is empty or full, or a gas is at its level.
    pub(crate) fn cabin_moves(&mut self, course: &mut Course<'_>) {
        if let Some(cabin) = &mut self.cabin {
            self.stocks_dirty |= cabin.moves(course);
        }
    }

    /// A pressure crosses its limit: which way, unless something came between.
    pub(crate) fn cabin_limit(
        &mut self,
        course: &Course<'_>,
        i: usize,
        generation: u32,
    ) -> Option<Crossing> {
        self.cabin.as_mut()?.reaches(course, i, generation)
    }

    /// What comes after a crossing, and whether the other side is reached, is looked up anew.
    pub(crate) fn look_beyond(&mut self) {
        if let Some(cabin) = &mut self.cabin {
            cabin.touch();
            self.stocks_dirty = true;
        }
    }

    /// A limit of the cabin is exceeded from now.
    pub(crate) fn limit_crossed(&mut self, course: &mut Course<'_>, facts: &Facts<'_>, i: usize) {
        let cause = self.cause_of_limit(course, facts, i);
        let (Some(cause), Some(cabin)) = (cause, &mut self.cabin) else { return };
        let generation = cabin.cross(i, true);
        if facts.people > 0 {
            course.breach_full(cause);
        }
        if course.told() {
            let text = cabin.limit_text(course, i, cause);
            course.note(Weight::Event, text);
        }
        let limit = course.plan.cabin.as_ref().map(|cabin| &cabin.limits[i]);
        let borne = limit.and_then(|limit| limit.borne_d);
        let borne_d = borne.map_or(0.0, |p| course.world.value(p));
        course.schedule(course.now + borne_d, Kind::CabinActs, i, generation);
    }

    /// A limit of the cabin is kept again from now.
    pub(crate) fn limit_kept_again(&mut self, course: &mut Course<'_>, i: usize) {
        let (Some(cabin), Some(plan)) = (&mut self.cabin, &course.plan.cabin) else { return };
        cabin.cross(i, false);
        note!(course, "{} is back inside its limit.", name_of(plan.limits[i].limited));
    }

    /// A limit has been exceeded for as long as it is borne, or has been acted on and is exceeded
    /// still: its effect, with a cause unless the pressure returns by itself.
    pub(crate) fn cabin_acts(
        &mut self,
        course: &Course<'_>,
        facts: &Facts<'_>,
        i: usize,
        generation: u32,
    ) -> Option<(EffectPlan, Option<Cause>)> {
        let plan = course.plan.cabin.as_ref()?;
        if course.station_lost || facts.people == 0 {
            return None;
        }
        let returns = self.cabin.as_mut()?.returns(course, plan, i, generation)?;
        let effect = course.plan.capabilities[usize::from(plan.limits[i].capability)].on_empty;
        if matches!(effect, EffectPlan::None) {
            return None;
        }
        let cause = if returns { None } else { self.cause_of_limit(course, facts, i) };
        Some((effect, cause))
    }

    /// Behind a limit stands what failed; with all providers at work, the largest leak.
    fn cause_of_limit(&self, course: &Course<'_>, facts: &Facts<'_>, i: usize) -> Option<Cause> {
        let limit = &course.plan.cabin.as_ref()?.limits[i];
        let c = usize::from(limit.capability);
        let plan = &course.plan.capabilities[c];
        let mut root = self.root_of(course, facts, c);
        if root == plan.cause
            && limit.limited == Limited::TotalPressure
            && let Some(other) = self.cabin.as_ref()?.weak_low_limit(course.plan)
        {
            // A total pressure can fall because a gas in it is not made.
            root = self.root_of(course, facts, other);
        }
        if root == plan.cause {
            let lost = |l: &usize| facts.leaks.lost_kg_d(course, *l);
            let leaks = (0..facts.leaks.len()).filter(|l| lost(l) > 0.0);
            if let Some(l) = leaks.max_by(|a, b| lost(a).total_cmp(&lost(b))) {
                root = course.plan.leaks[l].cause;
            }
        }
        Some(Cause { direct: plan.cause, root })
    }
}

/// The place of a stock among the cabin's stores.
#[inline]
fn store_of(plan: &Plan, s: usize) -> Option<usize> {
    plan.cabin.as_ref().and_then(|cabin| cabin.store_of[s]).map(usize::from)
}

/// Whether the partner who owns a stock has left.
pub(crate) fn owner_gone(plan: &Plan, facts: &Facts<'_>, s: usize) -> bool {
    plan.stocks[s].partner.is_some_and(|p| facts.gone[usize::from(p)])
}

/// The unit type that holds a capability down most, and what it leaves of its value.
fn failed_type_of(plan: &Plan, facts: &Facts<'_>, capability: usize) -> Option<(usize, f64)> {
    plan.capabilities[capability]
        .types
        .iter()
        .filter_map(|kind| {
            let kind = usize::from(*kind);
            let t = &plan.types[kind];
            let working = f64::from(facts.working[kind]);
            let left = if t.partial { working / t.needed } else { 0.0 };
            (working < t.needed).then_some((kind, left))
        })
        .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
}

/// What is left of a capability's buffer now, from 0 to 1.
fn left_of(course: &Course<'_>, state: &CapabilityState) -> f64 {
    (state.buffer + state.slope_per_d * (course.now - state.settled_at)).clamp(0.0, 1.0)
}
