//! The cabin: which zones, capabilities and stocks stand for the parts of its balances.

use super::Value;

/// `cabin.toml`: binds the closed balances of air, water and food. Optional; without it stocks move
/// by the draws of `stocks.toml` and capabilities have the buffers of `capabilities.toml`.
#[derive(Clone, Debug)]
pub struct Cabin {
    /// `[[zone]]`: parts of the pressurized volume.
    pub zones: Vec<CabinZone>,
    /// `[air]`: pressures at the start, held as long as supplies last.
    pub air: CabinAir,
    /// `leak`: what the whole station leaks beside the leaks of elements, kg/d. Optional: nothing.
    pub leak_kg_d: Option<Value>,
    /// `metabolism`: factor on all rates of the reconciled crew table.
    pub metabolism: Value,
    /// `[oxygen]`: the lower limit of its partial pressure.
    pub oxygen: CabinLimit,
    /// `oxygen.tanks`: the stock that replaces what generators do not make. Optional.
    pub oxygen_tanks: Option<String>,
    /// `oxygen.candles`: a stock of candles in kg of the oxygen they give, burnt when tanks are empty.
    /// Optional.
    pub candles: Option<String>,
    /// `[carbon_dioxide]`: the upper limit of its partial pressure.
    pub carbon_dioxide: CabinLimit,
    /// `carbon_dioxide.canisters`: a stock of canisters in kg of the carbon dioxide they bind. Optional.
    pub canisters: Option<String>,
    /// `[pressure]`: the lower limit of the total pressure. Optional.
    pub pressure: Option<CabinLimit>,
    /// `pressure.nitrogen`: the stock of make-up gas. Optional.
    pub nitrogen: Option<String>,
    /// `[food]`: stock and packaging. Optional.
    pub food: Option<CabinFood>,
    /// `[[water]]`: potable water and what recovers it, one table for each store. Optional.
    pub water: Vec<CabinWater>,
    /// `urine_recovery`: share of the water in urine that its processor gives back.
    /// Optional: the published value.
    pub urine_recovery: Option<Value>,
    /// `brine_recovery`: share of the water in brine that its processor gives back.
    /// Optional: the balance's own value.
    pub brine_recovery: Option<Value>,
    /// `waste`: the accumulating stock of urine, brine and waste water. Optional.
    pub waste: Option<String>,
}

/// `[[zone]]` of the cabin. Zones whose hatches are open share their air.
#[derive(Clone, Debug)]
pub struct CabinZone {
    /// Id.
    pub id: String,
    /// Segment whose processors and tanks are in it; optional.
    pub segment: Option<String>,
    /// An element with a leak: the zone is behind its hatch, and leaks by itself while it is shut.
    /// Optional: always open.
    pub element: Option<String>,
    /// `volume`, m3; exactly one zone states none and takes what the others leave of the station's.
    pub volume_m3: Option<Value>,
}

/// `[air]` of the cabin.
#[derive(Clone, Copy, Debug)]
pub struct CabinAir {
    /// `total`, kPa.
    pub total_kpa: f64,
    /// `oxygen`, kPa.
    pub oxygen_kpa: f64,
    /// `carbon_dioxide`, kPa.
    pub carbon_dioxide_kpa: f64,
    /// `vapor`, kPa.
    pub vapor_kpa: f64,
    /// `temperature`, K.
    pub temperature_k: f64,
}

/// A limit of the cabin and the capability that keeps it.
#[derive(Clone, Debug)]
pub struct CabinLimit {
    /// `capability`: its `on_empty` is what crossing the limit does. For oxygen and carbon dioxide its
    /// providers are the processors, at their rates.
    pub capability: String,
    /// `limit`, kPa.
    pub limit_kpa: Value,
    /// `borne`: days beyond the limit before the effect, d; default 0.
    pub borne_d: Option<Value>,
}

/// `[food]` of the cabin.
#[derive(Clone, Debug)]
pub struct CabinFood {
    /// `stock`, packed.
    pub stock: String,
    /// `packaging`: mass of packaging per mass of food with its water.
    pub packaging: f64,
}

/// `[[water]]` of the cabin.
#[derive(Clone, Debug)]
pub struct CabinWater {
    /// `stock` of potable water.
    pub stock: String,
    /// `segment` whose processors feed it; optional with a single store.
    pub segment: Option<String>,
    /// `share` of the crew that lives on it; the shares sum to 1.
    pub share: f64,
    /// `processors = [{ capability = "...", makes = "distillate", rate = "9 kg/d" }]`. Optional.
    pub processors: Vec<CabinProcessor>,
}

/// A water processor of the cabin.
#[derive(Clone, Debug)]
pub struct CabinProcessor {
    /// The capability whose value scales it.
    pub capability: String,
    /// What it makes.
    pub makes: CabinMakes,
    /// `rate` taken in at full value, kg/d.
    pub rate_kg_d: f64,
}

/// What a water processor makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CabinMakes {
    /// `"distillate"` from urine.
    Distillate,
    /// `"brine-water"` from brine.
    BrineWater,
    /// `"potable-water"` from condensate and distillate.
    PotableWater,
    /// `"reduction-water"` from carbon dioxide and hydrogen; its rate counts water made.
    ReductionWater,
}
