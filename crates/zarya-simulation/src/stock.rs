//! One stock in a history: a level on a line between events, and what is drawn from it.

use crate::capability::{CapabilityState, Facts};
use crate::course::Course;
use crate::plan::DrawPlan;
use zarya_station::model::Per;
use zarya_systems::stock::{Law, Stock};

/// One stock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StockState {
    pub(crate) level_kg: f64,
    pub(crate) rate_kg_d: f64,
    pub(crate) capacity_kg: f64,
    pub(crate) settled_at: f64,
    pub(crate) generation: u32,
    pub(crate) rationed: bool,
    /// What is used per day without credit for what is recovered: a reserve has to outlast the
    /// loss of the processors.
    pub(crate) use_kg_d: f64,
    pub(crate) exhausted: bool,
    /// When people last left because of it.
    pub(crate) left_at: f64,
}

impl StockState {
    /// A stock that nothing moves yet.
    pub(crate) fn at(now: f64, level_kg: f64, capacity_kg: f64) -> Self {
        Self {
            level_kg,
            rate_kg_d: 0.0,
            capacity_kg,
            settled_at: now,
            generation: 0,
            rationed: false,
            use_kg_d: 0.0,
            exhausted: false,
            left_at: f64::NEG_INFINITY,
        }
    }

    /// The law it moves by until the next event.
    pub(crate) fn line(&self) -> Stock {
        Stock { level: self.level_kg, law: Law::Constant { rate: self.rate_kg_d } }
    }

    /// The level now, kg.
    pub(crate) fn level_now(&self, now: f64) -> f64 {
        self.line().level_after(now - self.settled_at).clamp(0.0, self.capacity_kg)
    }

    /// Brings the level up to now.
    #[inline]
    pub(crate) fn settle(&mut self, now: f64) {
        self.level_kg = self.level_now(now);
        self.settled_at = now;
    }

    /// Takes on the level and rate of the store it stands for.
    pub(crate) fn follow(&mut self, now: f64, level_kg: f64, rate_kg_d: f64, use_kg_d: f64) {
        self.level_kg = level_kg;
        self.settled_at = now;
        self.rate_kg_d = rate_kg_d;
        self.use_kg_d = use_kg_d;
    }

    /// Days of supply at the present use; infinite when nobody uses it.
    pub(crate) fn supply_d(&self) -> f64 {
        if self.use_kg_d > 0.0 { self.level_kg / self.use_kg_d } else { f64::INFINITY }
    }
}

/// What is drawn from stock `s` by one of its lines in `stocks.toml`.
pub(crate) fn draw_kg_d(
    course: &Course<'_>,
    facts: &Facts<'_>,
    capabilities: &[CapabilityState],
    rationed: bool,
    s: usize,
    draw: &DrawPlan,
) -> f64 {
    let mut term = course.world.value(draw.rate_kg_d);
    match draw.per {
        Per::Station => {}
        Per::Crew => {
            term *= f64::from(facts.people);
            if rationed && term > 0.0 {
                term *= 1.0 - course.plan.stocks[s].ration_share;
            }
        }
        Per::Leak => term *= facts.leaks.total_kg_d(course),
    }
    if let Some(c) = draw.with {
        term *= capabilities[usize::from(c)].value;
    }
    if let Some(c) = draw.without {
        term *= 1.0 - capabilities[usize::from(c)].value;
    }
    term
}
