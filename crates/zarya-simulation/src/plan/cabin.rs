//! The cabin compiled: which capabilities, stocks and leaks stand for the parts of its balance.

use crate::parameters::Parameter;
use zarya_systems::balance::{Commodity, OWNERS_MAX};
use zarya_systems::case::{CabinAir, Limited};
use zarya_systems::processor::Makes;

/// The cabin of a station.
#[derive(Clone, Debug)]
pub(crate) struct CabinPlan {
    /// Sides that keep stores and processors apart: the segments of the station, in order.
    pub(crate) sides: usize,
    pub(crate) zones: Vec<ZonePlan>,
    /// Volume of all zones.
    pub(crate) volume_m3: Parameter,
    pub(crate) air: CabinAir,
    /// What leaks beside the leaks of elements.
    pub(crate) leak_kg_d: Option<Parameter>,
    pub(crate) metabolism: Parameter,
    /// Of urine and of brine.
    pub(crate) recovery: [Parameter; 2],
    pub(crate) processors: Vec<ProcessorPlan>,
    /// Oxygen, carbon dioxide and, where stated, total pressure.
    pub(crate) limits: Vec<LimitPlan>,
    pub(crate) stores: Vec<StorePlan>,
    /// By stock: its place among `stores`.
    pub(crate) store_of: Vec<Option<u16>>,
    /// The capability without which no make-up gas flows.
    pub(crate) makeup: Option<u16>,
    /// Stock of food.
    pub(crate) food: Option<u16>,
    /// Owner, share of the crew, and stock of each potable water.
    pub(crate) waters: Vec<(usize, f64, u16)>,
    pub(crate) tracked: Vec<Commodity>,
}

/// A zone.
#[derive(Clone, Debug)]
pub(crate) struct ZonePlan {
    /// None takes the rest.
    pub(crate) volume_m3: Option<Parameter>,
    /// The segment it belongs to; none: the whole station.
    pub(crate) side: Option<usize>,
    /// The leak whose hatch closes it.
    pub(crate) leak: Option<u16>,
}

/// A processor: a capability scales what it can make.
#[derive(Clone, Debug)]
pub(crate) struct ProcessorPlan {
    pub(crate) capability: u16,
    pub(crate) makes: Makes,
    pub(crate) side: usize,
    pub(crate) kg_d: f64,
}

/// A limit of the cabin.
#[derive(Clone, Debug)]
pub(crate) struct LimitPlan {
    pub(crate) capability: u16,
    pub(crate) limited: Limited,
    /// The limit is a low end.
    pub(crate) low: bool,
    pub(crate) limit_kpa: Parameter,
    pub(crate) borne_d: Option<Parameter>,
    /// Stocks that bridge a shortfall before the cabin's air does.
    pub(crate) covers: Vec<u16>,
}

/// A stock that is a store of the balance.
#[derive(Clone, Debug)]
pub(crate) struct StorePlan {
    pub(crate) stock: u16,
    /// Stores, and kg of each per kg of the stock.
    pub(crate) parts: Vec<(usize, f64)>,
    /// Its level is the sum of its parts, in whatever mixture; else the first part tells.
    pub(crate) pooled: bool,
    /// What it serves, and kg of the stock per kg of that: what is asked and not served counts as
    /// its use.
    pub(crate) serves: Option<(Commodity, f64)>,
    /// The store that is used when this one is empty: its use counts as this one's.
    pub(crate) then: Option<u16>,
}

impl CabinPlan {
    /// Returns the index of the zone that takes the rest: hatches open onto it.
    pub(crate) fn main_zone(&self) -> usize {
        self.zones.iter().position(|zone| zone.volume_m3.is_none()).unwrap_or(0)
    }

    /// Returns the shares of the crew by owner when only waters that are `here` remain.
    pub(crate) fn water_shares(&self, here: impl Fn(u16) -> bool) -> Option<[f64; OWNERS_MAX]> {
        if self.waters.len() < 2 {
            return None;
        }
        let mut shares = [0.0; OWNERS_MAX];
        for (owner, share, stock) in &self.waters {
            shares[*owner] = if here(*stock) { *share } else { 0.0 };
        }
        let sum: f64 = shares.iter().sum();
        if sum > 0.0 {
            return Some(shares.map(|share| share / sum));
        }
        // Nobody's water is left: the station's own, empty store.
        shares[0] = 1.0;
        Some(shares)
    }
}
