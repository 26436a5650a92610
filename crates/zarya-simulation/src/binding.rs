//! What the parts of a station are in the balances of `zarya-systems`, for a history and for a question
//! asked of the cabin alone.
//!
//! A history puts draws from bands in place of values, and states of units in place of full rates;
//! which side, processor, limit or mass is meant is the same for both and stands here.

use zarya_station::Station;
use zarya_station::model::{self, Cabin, CabinLimit, CabinMakes};
use zarya_systems::case::{self, Limited};
use zarya_systems::matter::{self, Substance};
use zarya_systems::processor::Makes;

/// Returns the side of the balance that a segment is, by its place among the station's; what names no
/// segment is on the first.
///
/// # Panics
///
/// If the station has no such segment; loading checks that.
pub fn side_of(station: &Station, segment: Option<&String>) -> usize {
    let Some(segment) = segment else { return 0 };
    let place = station.identity.segments.iter().position(|known| known == segment);
    place.unwrap_or_else(|| panic!("segment `{segment}` was checked on loading"))
}

/// Returns the cabin's air at the start.
pub fn cabin_air(cabin: &Cabin) -> case::CabinAir {
    let model::CabinAir { total_kpa, oxygen_kpa, carbon_dioxide_kpa, vapor_kpa, temperature_k } =
        cabin.air;
    case::CabinAir { total_kpa, oxygen_kpa, carbon_dioxide_kpa, vapor_kpa, temperature_k }
}

/// One of the limits of the cabin's air.
#[derive(Clone, Copy, Debug)]
pub struct BoundLimit<'s> {
    /// Its table in `cabin.toml`.
    pub name: &'static str,
    /// What it limits.
    pub of: Limited,
    /// Whether the pressure must stay above it, else below.
    pub low: bool,
    /// What the station states.
    pub stated: &'s CabinLimit,
}

/// Returns the limits that a cabin states.
pub fn limits(cabin: &Cabin) -> Vec<BoundLimit<'_>> {
    let oxygen = ("oxygen", Limited::OxygenPartialPressure, true, Some(&cabin.oxygen));
    let dioxide = (
        "carbon_dioxide",
        Limited::CarbonDioxidePartialPressure,
        false,
        Some(&cabin.carbon_dioxide),
    );
    let total = ("pressure", Limited::TotalPressure, true, cabin.pressure.as_ref());
    [oxygen, dioxide, total]
        .into_iter()
        .filter_map(|(name, of, low, stated)| Some(BoundLimit { name, of, low, stated: stated? }))
        .collect()
}

/// A processor of the balance and the capability behind it.
#[derive(Clone, Debug)]
pub struct BoundProcessor<'s> {
    /// The capability whose value scales it.
    pub capability: &'s str,
    /// What it makes.
    pub makes: Makes,
    /// Its side.
    pub side: usize,
    /// What it makes or takes in at full value, kg/d.
    pub kg_d: f64,
    /// Where its rate is stated: a path of the station's facts.
    pub path: String,
}

/// Returns the processors of a cabin: generators and beds are the providers of their capability, at
/// their rates; then those of water.
pub fn processors<'s>(station: &'s Station, cabin: &'s Cabin) -> Vec<BoundProcessor<'s>> {
    let capability = |id: &str| station.capabilities.iter().find(|known| known.id == id);
    let mut all = Vec::new();
    for (id, makes) in [
        (&cabin.oxygen.capability, Makes::Oxygen),
        (&cabin.carbon_dioxide.capability, Makes::CarbonDioxideRemoval),
    ] {
        for provider in capability(id).into_iter().flat_map(|whole| &whole.providers) {
            let segment = capability(&provider.id).and_then(|its| its.segment.as_ref());
            all.push(BoundProcessor {
                capability: &provider.id,
                makes,
                side: side_of(station, segment),
                kg_d: provider.rate,
                path: format!("capability.{id}.providers.{}.rate", provider.id),
            });
        }
    }
    for water in &cabin.water {
        for processor in &water.processors {
            all.push(BoundProcessor {
                capability: &processor.capability,
                makes: match processor.makes {
                    CabinMakes::Distillate => Makes::Distillate,
                    CabinMakes::BrineWater => Makes::BrineWater,
                    CabinMakes::PotableWater => Makes::PotableWater,
                    CabinMakes::ReductionWater => Makes::CarbonDioxideReduction,
                },
                side: side_of(station, water.segment.as_ref()),
                kg_d: processor.rate_kg_d,
                path: "cabin.water".to_owned(),
            });
        }
    }
    all
}

/// Returns the side whose own a store of water is; none where all of it is in one.
pub fn water_side(station: &Station, cabin: &Cabin, water: &model::CabinWater) -> Option<usize> {
    (cabin.water.len() > 1).then(|| side_of(station, water.segment.as_ref()))
}

/// Returns the kg of candle behind a kg of the oxygen it gives.
pub fn candle_per_oxygen() -> f64 {
    -matter::candle().mass(Substance::Candle)
}

/// Returns the kg of lithium hydroxide behind a kg of the carbon dioxide it binds.
pub fn lithium_per_dioxide() -> f64 {
    -matter::lithium_hydroxide().mass(Substance::LithiumHydroxide)
}

/// Returns the kg of food in a kg of it packed.
pub fn unpacked(food: &model::CabinFood) -> f64 {
    1.0 / (1.0 + food.packaging)
}
