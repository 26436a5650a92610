//! Processors with set points: which are on, what they make, and when they switch next.

use super::flows::{AT_LEVEL, Flows};
use super::model::{Control, Model};
use super::{CO2, O2, State};
use crate::processor::Makes;
use crate::setpoint::cycle_days;
use crate::{air, balance};

/// A level this near to a switching level, relative, has reached it: wider than [`AT_LEVEL`], so
/// that rounding between mass and pressure never leaves a processor unswitched at its own event.
const SWITCHES: f64 = 2.0 * AT_LEVEL;

/// What the processors with set points of one kind make in one part of the station.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switched {
    /// Together, kg/d.
    pub(super) made: f64,
    /// Whether one of them holds the gas where it is.
    pub(super) holds: bool,
}

/// What one of them makes.
struct Output {
    made: f64,
    /// Whether it holds the gas at its level.
    holds: bool,
    /// Whether it does something else on the other side of the middle of its band.
    centers: bool,
}

/// Index of the gas that a kind of processor controls.
fn gas_of(makes: Makes) -> usize {
    if makes == Makes::Oxygen { O2 } else { CO2 }
}

impl Model {
    /// Switches processors with set points by the pressures of a state; call it before
    /// [`Flows::new`] at every event ([`crate::run::Run`] does). Without set points it does nothing.
    ///
    /// A generator switches on at or below its lower and off at or above its upper pressure, a bed
    /// the other way round; in between each stays as it is, at the start on.
    pub fn control(&mut self, state: &State) {
        for i in 0..self.units.len() {
            let unit = self.units[i];
            let Some(Control { points, on }) = unit.control else { continue };
            let group = self.home_of(&unit);
            let gas = gas_of(unit.makes);
            let kpa = state.gas[group][gas] / self.kg_per_kpa(group, gas);
            let below = kpa <= points.low_kpa * (1.0 + SWITCHES);
            let above = kpa >= points.high_kpa * (1.0 - SWITCHES);
            let (switch_on, switch_off) =
                if unit.makes == Makes::Oxygen { (below, above) } else { (above, below) };
            let on = switch_on || (on && !switch_off);
            self.units[i].control = Some(Control { points, on });
        }
    }

    /// Sets the length in days below which cycles between set points are taken at their exact mean
    /// over the cycle; one hour unless set. Shorter cycles cost time and say nothing.
    pub fn average_cycles_below(&mut self, days: f64) {
        self.average_cycles_below = days;
    }

    /// Returns whether each processor is switched on, in the case's order; those without set points
    /// are on while they have a capacity.
    pub fn switched_on(&self) -> impl Iterator<Item = bool> + '_ {
        self.units
            .iter()
            .map(|unit| unit.capacity > 0.0 && unit.control.is_none_or(|control| control.on))
    }

    fn kg_per_kpa(&self, group: usize, gas: usize) -> f64 {
        let volume = self.group_volumes()[group];
        air::mass_kg(1.0, volume, balance::GAS_G_MOL[gas], self.temperature_k)
    }

    /// Returns kg per kPa of a gas in a group if a processor with set points controls it there.
    pub(super) fn controlled_here(&self, group: usize, makes: Makes, gas: usize) -> Option<f64> {
        let here = self.units.iter().any(|unit| {
            unit.makes == makes && unit.control.is_some() && self.home_of(unit) == group
        });
        here.then(|| self.kg_per_kpa(group, gas))
    }

    /// The pressure at which stores and processors without set points come to help: below the
    /// lowest `on_below`, above the highest `on_above`, kPa.
    pub(super) fn held_kpa(&self, makes: Makes) -> f64 {
        let points = self.units.iter().filter(|unit| unit.makes == makes);
        let points = points.filter_map(|unit| unit.control.map(|control| control.points));
        if makes == Makes::Oxygen {
            points.map(|points| points.low_kpa).fold(f64::INFINITY, f64::min)
        } else {
            points.map(|points| points.high_kpa).fold(0.0, f64::max)
        }
    }
}

impl Flows {
    /// Works out what the processors of a kind with set points make in a group; `needed` holds the
    /// gas at its `level`. Those of lower priority see what the others leave.
    pub(super) fn switched(
        &mut self,
        model: &Model,
        group: usize,
        makes: Makes,
        level: f64,
        needed: f64,
    ) -> Switched {
        let mut switched = Switched::default();
        if model.units.iter().all(|unit| unit.control.is_none()) {
            return switched;
        }
        let per_kpa = model.kg_per_kpa(group, gas_of(makes));
        let mut done_below = 0;
        loop {
            let ours = || {
                model.units.iter().enumerate().filter(|(_, unit)| {
                    unit.makes == makes && unit.control.is_some() && model.home_of(unit) == group
                })
            };
            let next = ours().map(|(_, unit)| unit.priority).filter(|p| *p >= done_below).min();
            let Some(priority) = next else { return switched };
            for (i, unit) in ours().filter(|(_, unit)| unit.priority == priority) {
                let Some(control) = unit.control else { continue };
                let (full, left) = (self.capacity[i], needed - switched.made);
                let output = output(control, makes, full, level, per_kpa, left, model);
                self.controlled[i] = output.made;
                self.centers[i] = output.centers;
                switched.made += output.made;
                switched.holds |= output.holds;
            }
            done_below = priority + 1;
        }
    }

    /// Returns the days until a processor with set points switches; infinite when none does.
    pub(super) fn switching_days(&self, model: &Model, state: &State) -> f64 {
        let mut days = f64::INFINITY;
        for (unit, centers) in model.units.iter().zip(self.centers) {
            let Some(Control { points, .. }) = unit.control else { continue };
            let group = model.home_of(unit);
            let gas = gas_of(unit.makes);
            if self.held[group][gas] {
                continue;
            }
            let per_kpa = model.kg_per_kpa(group, gas);
            let moving = self.moving(state, group, gas);
            for mark in [points.low_kpa, points.middle_kpa(), points.high_kpa] {
                if mark == points.middle_kpa() && !centers {
                    continue;
                }
                let mark = mark * per_kpa;
                if (moving.level - mark).abs() > AT_LEVEL * mark
                    && let Some(reached) = moving.days_until(mark)
                {
                    days = days.min(reached);
                }
            }
        }
        days
    }
}

/// What one processor makes.
fn output(
    Control { points, on }: Control,
    makes: Makes,
    full: f64,
    level: f64,
    per_kpa: f64,
    needed: f64,
    model: &Model,
) -> Output {
    let band_kg = (points.high_kpa - points.low_kpa) * per_kpa;
    // On and off around what is needed: between full and off, or between its least and off where
    // it modulates and even the least is too much.
    let least = points.least.unwrap_or(full).min(full);
    let cycles = needed < least;
    let made_when_on = if cycles { least } else { full };
    let cycle = cycle_days(band_kg, made_when_on, needed);
    let averaged = (cycles || points.least.is_none())
        && cycle.is_some_and(|days| days < model.average_cycles_below);
    let fixed = |made: f64| Output { made, holds: false, centers: false };
    if !on && !averaged {
        return fixed(0.0);
    }
    if points.least.is_none() && !averaged {
        return fixed(full);
    }
    let lowest = if averaged { 0.0 } else { least };
    let middle = points.middle_kpa() * per_kpa;
    if (level - middle).abs() <= SWITCHES * middle {
        let made = needed.clamp(lowest, full);
        Output { made, holds: made == needed, centers: true }
    } else {
        let up = (level < middle) == (makes == Makes::Oxygen);
        Output { made: if up { full } else { lowest }, holds: false, centers: true }
    }
}
