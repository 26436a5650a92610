//! Capabilities, their buffers, and the stocks that move at constant rates between events.
//!
//! A capability's value is recomputed only when something below it changed; its buffer then drains
//! or refills linearly, and the clock is told when it will be empty. Only an empty buffer has a
//! consequence.

use crate::clock::Kind;
use crate::course::note;
use crate::history::Engine;
use crate::outcome::{Cause, Rung};
use crate::plan::{DrawPlan, EffectPlan, RulePlan};
use zarya_station::model::Per;
use zarya_systems::stock::{Law, Stock};

/// A value this near to what is required counts as enough.
const TOLERANCE: f64 = 1e-9;
/// Least days between two consequences of the same empty buffer or stock.
const REPEAT_D: f64 = 10.0;
/// Share of the reserve at which people leave if nothing is due: 30 of 45 days.
const LEAVE_SHARE: f64 = 2.0 / 3.0;
/// Least that is carried from one side to the other, kg.
const LENT_LEAST_KG: f64 = 1.0;
/// Cause index of "nothing disabled it".
const NO_CAUSE: u16 = u16::MAX;

/// One capability.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CapabilityState {
    pub(crate) value: f64,
    pub(crate) disabled: u32,
    pub(crate) disabled_by: u16,
    pub(crate) bonus: f64,
    /// 1 when full.
    buffer: f64,
    slope_per_d: f64,
    settled_at: f64,
    generation: u32,
    short: f64,
    short_since: f64,
}

/// One stock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StockState {
    pub(crate) level_kg: f64,
    pub(crate) rate_kg_d: f64,
    capacity_kg: f64,
    settled_at: f64,
    generation: u32,
    pub(crate) rationed: bool,
    /// What is used per day without credit for what is recovered: a reserve has to outlast the
    /// loss of the processors.
    pub(crate) use_kg_d: f64,
    exhausted: bool,
    /// When people last left because of it.
    left_at: f64,
}

impl StockState {
    /// The law it moves by until the next event.
    fn line(&self) -> Stock {
        Stock { level: self.level_kg, law: Law::Constant { rate: self.rate_kg_d } }
    }

    pub(crate) fn capacity_kg(&self) -> f64 {
        self.capacity_kg
    }

    /// Takes on the level and rate of the store it stands for.
    pub(crate) fn follow(&mut self, now: f64, level_kg: f64, rate_kg_d: f64, use_kg_d: f64) {
        self.level_kg = level_kg;
        self.settled_at = now;
        self.rate_kg_d = rate_kg_d;
        self.use_kg_d = use_kg_d;
    }
}

impl Engine<'_> {
    pub(crate) fn start_resources(&mut self) {
        let plan = self.course.plan;
        let world = self.course.world;
        self.capabilities.clear();
        self.capabilities.extend(plan.capabilities.iter().map(|_| CapabilityState {
            value: 1.0,
            disabled: 0,
            disabled_by: NO_CAUSE,
            bonus: 0.0,
            buffer: 1.0,
            slope_per_d: 0.0,
            settled_at: self.course.now,
            generation: 0,
            short: 0.0,
            short_since: self.course.now,
        }));
        self.stocks.clear();
        self.stocks.extend(plan.stocks.iter().map(|s| {
            let capacity_kg = world.value(s.capacity_kg);
            StockState {
                level_kg: world.value(s.initial_kg).min(capacity_kg),
                rate_kg_d: 0.0,
                capacity_kg,
                settled_at: self.course.now,
                generation: 0,
                rationed: false,
                use_kg_d: 0.0,
                exhausted: false,
                left_at: f64::NEG_INFINITY,
            }
        }));
        self.share_out_propellant();
        self.leaks.start(&mut self.course);
        self.start_cabin();
        for c in 0..plan.capabilities.len() {
            self.mark(c);
        }
        self.propagate();
        for c in 0..plan.capabilities.len() {
            let capability = &plan.capabilities[c];
            if capability.feeds_stocks || !matches!(capability.on_empty, EffectPlan::None) {
                self.restore(c);
            }
        }
        self.refresh_stocks();
    }

    /// What vehicles hold in their own tanks at the start is taken to be in equal parts in those docked
    /// that push with it.
    fn share_out_propellant(&mut self) {
        for s in 0..self.stocks.len() {
            if !self.course.plan.stocks[s].leaves_with_vehicle {
                continue;
            }
            let own = |slot: &usize| self.own_tanks(*slot) == Some(s);
            let holders: Vec<usize> = (0..self.slots.len()).filter(own).collect();
            if holders.is_empty() {
                self.stocks[s].level_kg = 0.0;
            }
            for slot in &holders {
                self.slots[*slot].own_propellant_kg =
                    self.stocks[s].level_kg / holders.len() as f64;
            }
        }
    }

    /// Conditions the start on what is known of the as-of date: the station was crewed and kept its
    /// limits, so whatever burn-in left broken under a capability with a consequence (or under one
    /// that a stock lives on) is repaired, and no more than that.
    fn restore(&mut self, c: usize) {
        let plan = &self.course.plan.capabilities[c];
        let enough = |engine: &Self| {
            engine.capabilities[c].value + TOLERANCE >= engine.course.plan.capabilities[c].required
        };
        if enough(self) {
            return;
        }
        for (need, least) in &plan.needs {
            let need = usize::from(*need);
            if self.capabilities[need].value + TOLERANCE < *least {
                self.restore(need);
            }
        }
        for kind in &plan.types {
            self.restore_units(usize::from(*kind));
        }
        for (provider, _) in &plan.providers {
            if enough(self) {
                return;
            }
            self.restore(usize::from(*provider));
        }
    }

    /// Asks for a capability to be recomputed before the clock moves on.
    #[inline]
    pub(crate) fn mark(&mut self, capability: usize) {
        self.dirty[capability / 64] |= 1 << (capability % 64);
    }

    /// Recomputes what is marked, from the units upward.
    pub(crate) fn propagate(&mut self) {
        let plan = self.course.plan;
        for word in 0..4 {
            while self.dirty[word] != 0 {
                let c = word * 64 + self.dirty[word].trailing_zeros() as usize;
                self.dirty[word] &= self.dirty[word] - 1;
                let value = self.evaluate(c);
                let old = self.capabilities[c].value;
                self.set_value(c, value);
                if value != old {
                    for parent in &plan.capabilities[c].parents {
                        self.mark(usize::from(*parent));
                    }
                    self.stocks_dirty |= plan.capabilities[c].feeds_stocks;
                }
            }
        }
    }

    fn evaluate(&self, c: usize) -> f64 {
        let plan = &self.course.plan.capabilities[c];
        let state = &self.capabilities[c];
        if state.disabled > 0 || plan.partner.is_some_and(|p| self.partner_gone[usize::from(p)]) {
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
            let t = &self.course.plan.types[kind];
            let working = f64::from(self.types[kind].working);
            if working < t.needed {
                value = value.min(if t.partial { working / t.needed } else { 0.0 });
            }
        }
        if !plan.providers.is_empty() {
            value = value.min(self.provided(c));
        }
        if plan.drifts {
            let years_d = self.course.now - self.course.plan.start;
            let lost = self.course.world.value(plan.degradation_per_d) * years_d;
            value *= (1.0 - lost).max(0.0);
            if plan.sunlit {
                value *= self.sunlit;
            }
        }
        (value + state.bonus).min(1.0)
    }

    fn provided(&self, c: usize) -> f64 {
        let plan = &self.course.plan.capabilities[c];
        let values = plan.providers.iter().map(|(p, _)| self.capabilities[usize::from(*p)].value);
        match plan.rule {
            RulePlan::All => values.fold(1.0, f64::min),
            RulePlan::Any => values.fold(0.0, f64::max),
            RulePlan::AtLeast(k) => (values.filter(|v| *v >= 0.5).count() as f64 / k).min(1.0),
            RulePlan::Demand { .. } | RulePlan::Cabin => {
                let demand = self.demand(c);
                if demand > 0.0 { (self.supply_rate(c) / demand).min(1.0) } else { 1.0 }
            }
        }
    }

    fn supply_rate(&self, c: usize) -> f64 {
        self.course.plan.capabilities[c]
            .providers
            .iter()
            .map(|(p, rate)| rate * self.capabilities[usize::from(*p)].value)
            .sum()
    }

    fn demand(&self, c: usize) -> f64 {
        match self.course.plan.capabilities[c].rule {
            RulePlan::Demand { demand, per_crew } => {
                let people = if per_crew { f64::from(self.crew.people()) } else { 1.0 };
                self.course.world.value(demand) * people
            }
            RulePlan::Cabin => {
                let limits = self.course.plan.cabin.as_ref().map(|plan| &plan.limits);
                let limit = self.course.plan.capabilities[c].cabin.map(usize::from);
                match (limits, limit, &self.cabin) {
                    (Some(limits), Some(i), Some(cabin)) => {
                        cabin.asked_kg_d(limits[i].limited) * f64::from(self.crew.people())
                    }
                    _ => 0.0,
                }
            }
            _ => 0.0,
        }
    }

    /// Whether a stock covers the shortfall of `c` for now.
    fn covered(&self, c: usize) -> bool {
        let holds = |s: &u8| {
            let stock = &self.stocks[usize::from(*s)];
            !stock.exhausted && stock.level_kg > 0.0
        };
        let plan = &self.course.plan.capabilities[c];
        match (&self.course.plan.cabin, plan.cabin) {
            (Some(cabin), Some(i)) => cabin.limits[usize::from(i)].covers.iter().any(holds),
            _ => plan.stock.as_ref().is_some_and(holds),
        }
    }

    /// Whether a capability is below what is required of it, and nothing covers for it.
    pub(crate) fn is_short(&self, c: usize) -> bool {
        !self.course.burning_in
            && !self.covered(c)
            && self.capabilities[c].value + TOLERANCE < self.course.plan.capabilities[c].required
    }

    fn set_value(&mut self, c: usize, value: f64) {
        let plan = &self.course.plan.capabilities[c];
        let short = if self.covered(c) || value + TOLERANCE >= plan.required {
            0.0
        } else {
            (plan.required - value) / plan.required
        };
        if let (Some(i), Some(cabin)) = (plan.cabin, &mut self.cabin) {
            cabin.weaken(usize::from(i), value + TOLERANCE < plan.required, self.course.now);
        }
        let state = &mut self.capabilities[c];
        state.value = value;
        if short == state.short {
            return;
        }
        if state.short > 0.0 {
            self.course.out.short_d[c] += (self.course.now - state.short_since) as f32;
        }
        state.buffer = (state.buffer + state.slope_per_d * (self.course.now - state.settled_at))
            .clamp(0.0, 1.0);
        state.settled_at = self.course.now;
        state.short_since = self.course.now;
        let was_short = state.short > 0.0;
        state.short = short;
        state.generation = state.generation.wrapping_add(1);
        let generation = state.generation;
        let buffer = state.buffer;
        if short == 0.0 {
            state.slope_per_d = 1.0 / plan.recovery_d.max(0.01);
            if was_short && !matches!(plan.on_empty, EffectPlan::None) {
                note!(self.course, "{} is back.", plan.name);
            }
            return;
        }
        if plan.cabin.is_some() {
            if !was_short {
                note!(
                    self.course,
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
        let buffer_d = plan.buffer_d.map_or(0.0, |p| self.course.world.value(p));
        let days = if buffer_d > 0.0 { buffer * buffer_d / short } else { 0.0 };
        self.capabilities[c].slope_per_d = if buffer_d > 0.0 { -short / buffer_d } else { -1e9 };
        if !was_short {
            note!(
                self.course,
                "{} falls to {:.0} %: {days:.1} days to its limit.",
                plan.name,
                value * 100.0
            );
        }
        self.course.schedule(self.course.now + days, Kind::BufferEmpty, c, generation);
    }

    pub(crate) fn buffer_empty(&mut self, c: usize, generation: u32) {
        let plan = &self.course.plan.capabilities[c];
        if self.capabilities[c].generation != generation || self.course.station_lost {
            return;
        }
        let state = &mut self.capabilities[c];
        state.buffer = 0.0;
        state.slope_per_d = 0.0;
        state.settled_at = self.course.now;
        let cause = Cause { direct: plan.cause, root: self.root_of(c) };
        if self.crew.people() > 0 {
            self.course.breach_full(cause);
        }
        note!(
            self.course,
            "{} reaches its limit; behind it: {}.",
            plan.name,
            self.course.plan.causes[usize::from(cause.root)].text
        );
        self.apply(plan.on_empty, cause);
        if self.crew.people() > 0 && !matches!(plan.on_empty, EffectPlan::None) {
            let again = plan.buffer_d.map_or(0.0, |p| self.course.world.value(p)).max(REPEAT_D);
            self.course.schedule(self.course.now + again, Kind::BufferEmpty, c, generation);
        }
    }

    /// Follows a short capability down to what failed.
    pub(crate) fn root_of(&self, c: usize) -> u16 {
        let mut at = c;
        loop {
            let plan = &self.course.plan.capabilities[at];
            let state = &self.capabilities[at];
            if state.disabled > 0 && state.disabled_by != NO_CAUSE {
                return state.disabled_by;
            }
            if let Some(partner) = plan.partner
                && self.partner_gone[usize::from(partner)]
            {
                return self.course.plan.partners[usize::from(partner)].cause;
            }
            // What holds the value down most: a need that is not met counts as nothing left.
            let unit = self.failed_type_of(at);
            let needs = plan.needs.iter().filter_map(|(n, least)| {
                let below = usize::from(*n);
                (self.capabilities[below].value + TOLERANCE < *least).then_some((below, 0.0))
            });
            let providers = plan.providers.iter().filter_map(|(p, _)| {
                let below = usize::from(*p);
                let value = self.capabilities[below].value;
                (value + TOLERANCE < self.course.plan.capabilities[below].required)
                    .then_some((below, value))
            });
            let worst = needs.chain(providers).min_by(|a, b| a.1.total_cmp(&b.1));
            match (unit, worst) {
                (Some((kind, left)), Some((_, value))) if left <= value => {
                    return self.course.plan.types[kind].cause;
                }
                (_, Some((below, _))) => at = below,
                (Some((kind, _)), None) => return self.course.plan.types[kind].cause,
                (None, None) => return plan.cause,
            }
        }
    }

    pub(crate) fn capability_back(&mut self, c: usize) {
        let state = &mut self.capabilities[c];
        state.disabled = state.disabled.saturating_sub(1);
        if state.disabled == 0 {
            state.disabled_by = NO_CAUSE;
        }
        self.mark(c);
    }

    /// Arrays age and the Sun moves: what drifts is brought up to date at every tick.
    pub(crate) fn drift_capabilities(&mut self) {
        self.face_sun();
        for c in 0..self.course.plan.capabilities.len() {
            if self.course.plan.capabilities[c].drifts {
                self.mark(c);
            }
        }
        self.propagate();
    }

    pub(crate) fn close_capabilities(&mut self) {
        for c in 0..self.capabilities.len() {
            let state = &self.capabilities[c];
            if state.short > 0.0 {
                self.course.out.short_d[c] += (self.course.now - state.short_since) as f32;
            }
        }
    }

    /// The number of people changed: whatever scales with it follows.
    pub(crate) fn crew_changed(&mut self) {
        self.crew.count(self.course.now);
        for c in 0..self.course.plan.capabilities.len() {
            let rule = self.course.plan.capabilities[c].rule;
            if matches!(rule, RulePlan::Demand { per_crew: true, .. } | RulePlan::Cabin) {
                self.mark(c);
            }
        }
        self.stocks_dirty = true;
        self.count_trained();
    }

    /// Brings a stock's level up to now.
    #[inline]
    pub(crate) fn settle_stock(&mut self, s: usize) {
        let now = self.course.now;
        let stock = &mut self.stocks[s];
        let level = stock.line().level_after(now - stock.settled_at);
        stock.level_kg = level.clamp(0.0, stock.capacity_kg);
        stock.settled_at = now;
    }

    fn stock_rate(&self, s: usize) -> (f64, f64) {
        let plan = &self.course.plan.stocks[s];
        let mut rate = 0.0;
        let mut used = 0.0;
        for term in plan.draws.iter().map(|draw| self.draw_kg_d(s, draw)) {
            rate -= term;
            used += term.max(0.0);
        }
        for c in &plan.covers {
            let c = usize::from(*c);
            let deficit = (self.demand(c) * self.course.plan.capabilities[c].required
                - self.supply_rate_if_able(c))
            .max(0.0);
            rate -= deficit;
            used += deficit;
        }
        (rate, used)
    }

    /// What is drawn from a stock by its lines in `stocks.toml`.
    pub(crate) fn draws_kg_d(&self, s: usize) -> f64 {
        self.course.plan.stocks[s].draws.iter().map(|draw| self.draw_kg_d(s, draw)).sum()
    }

    fn draw_kg_d(&self, s: usize, draw: &DrawPlan) -> f64 {
        let mut term = self.course.world.value(draw.rate_kg_d);
        match draw.per {
            Per::Station => {}
            Per::Crew => {
                term *= f64::from(self.crew.people());
                if self.stocks[s].rationed && term > 0.0 {
                    term *= 1.0 - self.course.plan.stocks[s].ration_share;
                }
            }
            Per::Leak => term *= self.leaks.total_kg_d(&self.course),
        }
        if let Some(c) = draw.with {
            term *= self.capabilities[usize::from(c)].value;
        }
        if let Some(c) = draw.without {
            term *= 1.0 - self.capabilities[usize::from(c)].value;
        }
        term
    }

    /// The rate a covered capability makes by itself: nothing when it is out.
    fn supply_rate_if_able(&self, c: usize) -> f64 {
        if self.capabilities[c].value <= 0.0 { 0.0 } else { self.supply_rate(c) }
    }

    /// Recomputes the rates of all stocks and when each crosses a limit.
    pub(crate) fn refresh_stocks(&mut self) {
        self.stocks_dirty = false;
        self.refresh_cabin();
        for s in 0..self.stocks.len() {
            if self.store_of(s).is_some() {
                continue;
            }
            let (rate, used) = self.stock_rate(s);
            self.stocks[s].use_kg_d = used;
            if rate.to_bits() != self.stocks[s].rate_kg_d.to_bits() {
                self.settle_stock(s);
                self.stocks[s].rate_kg_d = rate;
                self.schedule_crossing(s);
            }
        }
        if self.dirty != [0; 4] {
            self.propagate();
        }
    }

    pub(crate) fn schedule_crossing(&mut self, s: usize) {
        let accumulates = self.course.plan.stocks[s].accumulates;
        let stock = &mut self.stocks[s];
        stock.generation = stock.generation.wrapping_add(1);
        let generation = stock.generation;
        let limit = if accumulates { stock.capacity_kg } else { 0.0 };
        let toward = if accumulates { stock.rate_kg_d > 0.0 } else { stock.rate_kg_d < 0.0 };
        let crossing = if toward { stock.line().days_until(limit) } else { None };
        if let Some(days) = crossing {
            self.course.schedule(
                self.course.now + days.max(0.0),
                Kind::StockCrosses,
                s,
                generation,
            );
        }
    }

    pub(crate) fn stock_crosses(&mut self, s: usize, generation: u32) {
        if self.stocks[s].generation != generation || self.course.station_lost {
            return;
        }
        let plan = &self.course.plan.stocks[s];
        self.settle_stock(s);
        let first = !self.stocks[s].exhausted;
        self.stocks[s].exhausted = true;
        if !plan.accumulates {
            self.stocks[s].level_kg = 0.0;
        }
        for c in &plan.covers {
            self.mark(usize::from(*c));
        }
        let cause = Cause { direct: plan.cause, root: plan.cause };
        if first {
            note!(self.course, "{}.", self.course.plan.causes[usize::from(plan.cause)].text);
        }
        if self.crew.people() > 0 && !matches!(plan.on_empty, EffectPlan::None) {
            self.course.breach_full(cause);
            self.apply(plan.on_empty, cause);
            self.course.schedule(self.course.now + REPEAT_D, Kind::StockCrosses, s, generation);
        }
    }

    /// Adds to a stock (or takes from it, not below zero) and returns what was moved.
    pub(crate) fn move_stock(&mut self, s: usize, kg: f64) -> f64 {
        self.settle_stock(s);
        let before = self.stocks[s].level_kg;
        let after = (before + kg).clamp(0.0, self.stocks[s].capacity_kg);
        self.stocks[s].level_kg = after;
        if let Some(store) = self.store_of(s) {
            self.bring_to_store(store, before, after - before);
            return after - before;
        }
        let accumulates = self.course.plan.stocks[s].accumulates;
        let relieved = if accumulates { kg < 0.0 } else { kg > 0.0 };
        if self.stocks[s].exhausted && relieved {
            self.stocks[s].exhausted = false;
            for c in &self.course.plan.stocks[s].covers {
                self.mark(usize::from(*c));
            }
        }
        self.schedule_crossing(s);
        after - before
    }

    /// Takes a stock away with its owner.
    pub(crate) fn lose_stock(&mut self, s: usize) {
        if self.store_of(s).is_some() {
            let level_kg = self.stocks[s].level_kg;
            self.move_stock(s, -level_kg);
        }
        self.settle_stock(s);
        self.stocks[s].level_kg = 0.0;
        self.stocks_dirty = true;
    }

    /// A stock that is a store of the cabin has run empty.
    pub(crate) fn store_empties(&mut self, s: usize) {
        if !self.owner_gone(s) {
            let generation = self.stocks[s].generation;
            self.stock_crosses(s, generation);
        }
    }

    /// A stock that is a store of the cabin holds something again.
    pub(crate) fn store_refills(&mut self, s: usize) {
        self.stocks[s].exhausted = false;
        self.stocks[s].generation = self.stocks[s].generation.wrapping_add(1);
        for c in &self.course.plan.stocks[s].covers {
            self.mark(usize::from(*c));
        }
    }

    /// Room left in a stock, kg.
    pub(crate) fn room_kg(&self, s: usize) -> f64 {
        (self.stocks[s].capacity_kg - self.stocks[s].level_kg).max(0.0)
    }

    /// Rationing and expediting below the reserve, as a claimed threshold in days of supply.
    pub(crate) fn check_stocks(&mut self) {
        for s in 0..self.stocks.len() {
            let plan = &self.course.plan.stocks[s];
            let Some(reserve) = plan.reserve_d else { continue };
            if plan.accumulates {
                continue;
            }
            let reserve_d = self.course.world.value(reserve);
            self.settle_stock(s);
            if let Some(other) = plan.shares_with
                && self.supply_d(s) < reserve_d
            {
                self.borrow(s, usize::from(other));
            }
            let left_d = self.supply_d(s);
            if left_d < reserve_d * LEAVE_SHARE && self.crew.people() > 0 {
                self.leave_before_it_ends(s, left_d);
            }
            let low = left_d < reserve_d;
            if low == self.stocks[s].rationed || self.crew.people() == 0 {
                continue;
            }
            self.stocks[s].rationed = low;
            self.stocks_dirty = true;
            if low {
                note!(
                    self.course,
                    "{} is below its reserve: {:.0} kg.",
                    plan.name,
                    self.stocks[s].level_kg
                );
                if plan.ration_share > 0.0 {
                    self.course.rung(Rung::Rationing);
                }
                if plan.resupplied {
                    self.expedite(s);
                }
            }
        }
    }

    /// Below two thirds of the reserve with no arrival due in time, part of the crew leaves while
    /// there is still enough for the others: the 30-day line of 2004, which counts arrivals due.
    /// The extra people of a handover leave anyway within days.
    fn leave_before_it_ends(&mut self, s: usize, left_d: f64) {
        let plan = &self.course.plan.stocks[s];
        if !matches!(plan.on_empty, EffectPlan::CrewReduction | EffectPlan::Evacuate)
            || self.crew.people() > self.crew.nominal()
            || self.next_arrival(s) < self.course.now + left_d
            || self.course.now < self.stocks[s].left_at + REPEAT_D
        {
            return;
        }
        let least = self.course.plan.crew.minimum.max(1);
        let can_reduce = self
            .slots
            .iter()
            .any(|x| x.active && x.crew > 0 && self.crew.people() - x.crew >= least);
        if can_reduce {
            self.stocks[s].left_at = self.course.now;
            note!(self.course, "{} lasts {left_d:.0} days, and nothing arrives before.", plan.name);
            let cause = Cause { direct: plan.cause, root: plan.cause };
            self.apply(EffectPlan::CrewReduction, cause);
        }
    }

    /// Days of supply at the present use; infinite when nobody uses it.
    fn supply_d(&self, s: usize) -> f64 {
        let stock = &self.stocks[s];
        if stock.use_kg_d > 0.0 { stock.level_kg / stock.use_kg_d } else { f64::INFINITY }
    }

    /// Takes from `other` what makes both last equally long, if both owners are still there.
    fn borrow(&mut self, s: usize, other: usize) {
        let here = |stock: usize| {
            self.course.plan.stocks[stock]
                .partner
                .is_none_or(|p| !self.partner_gone[usize::from(p)])
        };
        if !here(s) || !here(other) {
            return;
        }
        self.settle_stock(other);
        let (a, b) = (&self.stocks[s], &self.stocks[other]);
        let (use_a, use_b) = (a.use_kg_d, b.use_kg_d);
        if use_a <= 0.0 || self.supply_d(other) <= self.supply_d(s) {
            return;
        }
        let even = (use_a * b.level_kg - use_b * a.level_kg) / (use_a + use_b);
        // A lender that loses nothing today keeps half: its processors may fail.
        let kg = even.min(0.5 * b.level_kg);
        if kg < LENT_LEAST_KG {
            return;
        }
        let lent = -self.move_stock(other, -kg.min(self.room_kg(s)));
        self.move_stock(s, lent);
        note!(
            self.course,
            "{} lends {lent:.0} kg to {}.",
            self.course.plan.stocks[other].name,
            self.course.plan.stocks[s].name
        );
    }
}
