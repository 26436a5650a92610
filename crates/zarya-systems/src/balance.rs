//! The balance of a station: gases per zone and stores per side, exact between events.
//!
//! A [`Model`] says who breathes, what runs and what leaks; [`Flows`] are the constant rates and
//! decays that follow from it and from which stores are empty; a [`State`] moves along them in
//! closed form until the next event. Whatever crosses the station's skin is counted in
//! [`State::outside`], so that the sum over everything never changes.
//!
//! Oxygen, carbon dioxide and nitrogen are held at their starting levels as long as processors and
//! stores allow, or move between the set points of the processors that have them; water vapor is
//! always condensed. A processor short of power or cooling makes what these allow. A commodity that runs out goes on being used
//! and is then drawn from outside, so that each limit is counted on its own.

mod control;
mod embedded;
mod flows;
mod model;
mod supply;

pub use crate::processor::SIDES_MAX;
pub use embedded::{Setting, pressure_law};
pub use flows::{Flows, UnitFlow};
pub use model::{COMMODITIES, Commodity, Draws, Model, OWNERS, OWNERS_MAX, metabolism};

use crate::matter::{ELEMENTS, SUBSTANCES, Substance, molar};

/// Gases of the cabin, in the order of all gas arrays.
pub const GASES: [Substance; 4] =
    [Substance::Oxygen, Substance::Nitrogen, Substance::CarbonDioxide, Substance::Water];
/// Their molar masses, g/mol.
pub const GAS_G_MOL: [f64; 4] = [molar::O2, molar::N2, molar::CO2, molar::H2O];
/// Index of oxygen in [`GASES`].
pub const O2: usize = 0;
/// Index of nitrogen in [`GASES`].
pub const N2: usize = 1;
/// Index of carbon dioxide in [`GASES`].
pub const CO2: usize = 2;
/// Index of water vapor in [`GASES`].
pub const VAPOR: usize = 3;

/// The most zones of a case.
pub const ZONES: usize = 8;
/// The most processors of a case.
pub const UNITS: usize = 16;

/// What a store holds; each is one substance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Oxygen tanks.
    Oxygen,
    /// Nitrogen tanks.
    Nitrogen,
    /// Oxygen candles, kg of lithium perchlorate.
    Candle,
    /// Burnt candles.
    SpentCandle,
    /// Lithium hydroxide.
    Lithium,
    /// Lithium carbonate.
    SpentLithium,
    /// Potable water.
    Potable,
    /// Condensate and distillate.
    Waste,
    /// Water in urine.
    UrineWater,
    /// Solids in urine.
    UrineSolids,
    /// Water in brine.
    BrineWater,
    /// Solids in brine.
    BrineSolids,
    /// Dry matter of food.
    FoodSolids,
    /// Water of food.
    FoodWater,
    /// Packaging of food.
    FoodPackaging,
    /// Solids in trash.
    TrashSolids,
    /// Water in trash.
    TrashWater,
    /// Packaging in trash.
    TrashPackaging,
    /// Solids of brine in trash.
    TrashBrine,
}

/// Number of kinds of store.
pub const KINDS: usize = 19;
/// Number of stores: every kind for every owner.
pub const STORES: usize = KINDS * OWNERS_MAX;

impl Kind {
    /// All kinds.
    pub const ALL: [Self; KINDS] = [
        Self::Oxygen,
        Self::Nitrogen,
        Self::Candle,
        Self::SpentCandle,
        Self::Lithium,
        Self::SpentLithium,
        Self::Potable,
        Self::Waste,
        Self::UrineWater,
        Self::UrineSolids,
        Self::BrineWater,
        Self::BrineSolids,
        Self::FoodSolids,
        Self::FoodWater,
        Self::FoodPackaging,
        Self::TrashSolids,
        Self::TrashWater,
        Self::TrashPackaging,
        Self::TrashBrine,
    ];

    /// Returns the name used in columns.
    pub fn id(self) -> &'static str {
        [
            "oxygen",
            "nitrogen",
            "candle",
            "spent-candle",
            "lithium-hydroxide",
            "lithium-carbonate",
            "potable-water",
            "waste-water",
            "urine-water",
            "urine-solids",
            "brine-water",
            "brine-solids",
            "food-solids",
            "food-water",
            "food-packaging",
            "trash-solids",
            "trash-water",
            "trash-packaging",
            "trash-brine",
        ][self as usize]
    }

    /// Returns the substance it holds.
    pub fn substance(self) -> Substance {
        match self {
            Self::Oxygen => Substance::Oxygen,
            Self::Nitrogen => Substance::Nitrogen,
            Self::Candle => Substance::Candle,
            Self::SpentCandle => Substance::SpentCandle,
            Self::Lithium => Substance::LithiumHydroxide,
            Self::SpentLithium => Substance::LithiumCarbonate,
            Self::Potable
            | Self::Waste
            | Self::UrineWater
            | Self::BrineWater
            | Self::FoodWater
            | Self::TrashWater => Substance::Water,
            Self::UrineSolids | Self::BrineSolids | Self::TrashBrine => Substance::UrineSolids,
            Self::FoodSolids => Substance::FoodSolids,
            Self::TrashSolids => Substance::FecesSolids,
            Self::FoodPackaging | Self::TrashPackaging => Substance::Packaging,
        }
    }
}

/// Returns the place of a store in [`State::stores`].
pub const fn store(owner: usize, kind: Kind) -> usize {
    owner * KINDS + kind as usize
}

/// What is where, in kg. Gases are kept per group of zones with open hatches between them.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Days since the start.
    pub day: f64,
    /// Gases by group, in the order of [`GASES`].
    pub gas: [[f64; 4]; ZONES],
    /// Stores by owner and kind, see [`store`].
    pub stores: [f64; STORES],
    /// What has left the station (negative: what has come), by substance.
    pub outside: [f64; SUBSTANCES],
}

/// A store at or below this level counts as empty, kg.
pub const EMPTY_KG: f64 = 1e-9;

impl State {
    /// Moves the state `days` along its flows. The flows must hold that long.
    #[inline]
    pub fn advance(&mut self, flows: &Flows, step: &Step) {
        for (level, rate) in self.stores.iter_mut().zip(&flows.stores[..flows.stores_used]) {
            *level += rate * step.days;
        }
        for (level, rate) in self.outside.iter_mut().zip(&flows.outside) {
            *level += rate * step.days;
        }
        for group in 0..flows.groups {
            let [left, filled] = step.factors[group];
            for (gas, substance) in GASES.iter().enumerate() {
                if flows.held[group][gas] {
                    continue;
                }
                let source = flows.gas[group][gas];
                let before = self.gas[group][gas];
                let after = before * left + source * filled;
                self.gas[group][gas] = after;
                // What came in and is not there has leaked out.
                self.outside[*substance as usize] += source * step.days - (after - before);
            }
        }
        self.day += step.days;
    }

    /// Returns the mass of each element over everything, inside and out: this never changes.
    pub fn elements(&self) -> [f64; ELEMENTS] {
        let mut by_substance = self.outside;
        for group in &self.gas {
            for (mass, substance) in group.iter().zip(GASES) {
                by_substance[substance as usize] += mass;
            }
        }
        for owner in 0..OWNERS_MAX {
            for kind in Kind::ALL {
                by_substance[kind.substance() as usize] += self.stores[store(owner, kind)];
            }
        }
        let mut elements = [0.0; ELEMENTS];
        for substance in Substance::ALL {
            let shares = substance.composition().0;
            for (element, share) in elements.iter_mut().zip(shares) {
                *element += by_substance[substance as usize] * share;
            }
        }
        elements
    }

    /// Returns the largest change of an element's mass since `before`, relative to its
    /// [`State::turnover`]: rounding, and nothing else.
    pub fn imbalance(&self, before: &[f64; ELEMENTS]) -> f64 {
        let elements = before.iter().zip(self.elements()).zip(self.turnover());
        elements
            .filter(|(_, scale)| *scale > 0.0)
            .map(|((before, after), scale)| (after - before).abs() / scale)
            .fold(0.0, f64::max)
    }

    /// Returns the mass of each element that is aboard or has crossed the skin, in kg: what a
    /// residual is to be measured against.
    pub fn turnover(&self) -> [f64; ELEMENTS] {
        let mut elements = [0.0; ELEMENTS];
        let mut add = |substance: Substance, mass: f64| {
            let shares = substance.composition().0;
            for (element, share) in elements.iter_mut().zip(shares) {
                *element += mass.abs() * share;
            }
        };
        for substance in Substance::ALL {
            add(substance, self.outside[substance as usize]);
        }
        for group in &self.gas {
            for (mass, substance) in group.iter().zip(GASES) {
                add(substance, *mass);
            }
        }
        for owner in 0..OWNERS_MAX {
            for kind in Kind::ALL {
                add(kind.substance(), self.stores[store(owner, kind)]);
            }
        }
        elements
    }

    /// Returns the level of a kind over all owners, kg.
    pub fn level(&self, kind: Kind) -> f64 {
        (0..OWNERS_MAX).map(|owner| self.stores[store(owner, kind)]).sum()
    }
}

/// A length of time with the exponentials of the leaks over it, computed once for many steps.
#[derive(Clone, Debug)]
pub struct Step {
    days: f64,
    /// By group: `exp(-k d)` and `(1 - exp(-k d)) / k`.
    factors: [[f64; 2]; ZONES],
}

impl Step {
    /// Returns a step of so many days along these flows.
    pub fn new(flows: &Flows, days: f64) -> Self {
        let mut factors = [[1.0, days]; ZONES];
        for (factors, decay) in factors.iter_mut().zip(&flows.decay[..flows.groups]) {
            let x = -decay * days;
            let filled = crate::stock::growth(x) * days;
            *factors = [1.0 - decay * filled, filled];
        }
        Self { days, factors }
    }

    /// Returns its length in days.
    pub fn days(&self) -> f64 {
        self.days
    }
}

#[cfg(test)]
mod tests;
