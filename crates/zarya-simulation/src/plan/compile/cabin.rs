//! The cabin's binding: ids to indices, segments to the sides of the balance.

use super::Compiler;
use crate::binding::{self, BoundLimit};
use crate::parameters::Parameter;
use crate::plan::cabin::{CabinPlan, LimitPlan, ProcessorPlan, StorePlan, ZonePlan};
use crate::plan::{CapabilityPlan, StockPlan, place};
use zarya_station::model;
use zarya_systems::balance::{Commodity, Kind, store};
use zarya_systems::case::Limited;
use zarya_systems::crew;
use zarya_systems::processor;

impl Compiler<'_> {
    pub(super) fn compile_cabin(
        &mut self,
        capabilities: &mut [CapabilityPlan],
        stocks: &mut [StockPlan],
    ) -> Option<CabinPlan> {
        let station = self.station;
        let cabin = station.cabin.as_ref()?;
        let zones = cabin
            .zones
            .iter()
            .map(|zone| ZonePlan {
                volume_m3: zone
                    .volume_m3
                    .map(|v| self.value(&format!("cabin.zone.{}.volume", zone.id), v)),
                side: zone.segment.as_ref().map(|s| self.segments.of(s)),
                leak: zone.element.as_ref().and_then(|e| self.leaks.get(e)).map(place),
            })
            .collect();
        let mut plan = CabinPlan {
            sides: station.identity.segments.len(),
            zones,
            volume_m3: self.value("station.volume", station.identity.volume_m3),
            air: binding::cabin_air(cabin),
            leak_kg_d: cabin.leak_kg_d.map(|v| self.value("cabin.leak", v)),
            metabolism: self.value("cabin.metabolism", cabin.metabolism),
            recovery: [
                self.recovery("urine", cabin.urine_recovery),
                self.recovery("brine", cabin.brine_recovery),
            ],
            processors: Vec::new(),
            limits: Vec::new(),
            stores: Vec::new(),
            store_of: vec![None; stocks.len()],
            makeup: cabin.pressure.as_ref().map(|p| place(self.capabilities.of(&p.capability))),
            food: cabin.food.as_ref().map(|f| place(self.stocks.of(&f.stock))),
            waters: Vec::new(),
            tracked: vec![Commodity::Oxygen, Commodity::CarbonDioxideRemoval],
        };
        self.cabin_limits(cabin, &mut plan);
        self.cabin_processors(cabin, &mut plan, capabilities);
        self.cabin_stores(cabin, &mut plan);
        for (i, limit) in plan.limits.iter().enumerate() {
            let capability = &mut capabilities[usize::from(limit.capability)];
            capability.cabin = Some(place(i));
            capability.feeds_stocks = true;
            for s in &limit.covers {
                stocks[usize::from(*s)].covers.push(limit.capability);
            }
        }
        Some(plan)
    }

    /// A stated recovery, else that of the balance's own table.
    fn recovery(&mut self, of: &str, stated: Option<model::Value>) -> Parameter {
        let own = || model::Value::exact(processor::recovery(of).value, model::Basis::Published);
        self.value(&format!("cabin.{of}_recovery"), stated.unwrap_or_else(own))
    }

    fn cabin_limits(&mut self, cabin: &model::Cabin, plan: &mut CabinPlan) {
        for BoundLimit { name, of: limited, low, stated: limit } in binding::limits(cabin) {
            let covers = match limited {
                Limited::OxygenPartialPressure => vec![&cabin.oxygen_tanks, &cabin.candles],
                Limited::CarbonDioxidePartialPressure => vec![&cabin.canisters],
                Limited::TotalPressure | Limited::Stock(_) => Vec::new(),
            };
            plan.limits.push(LimitPlan {
                capability: place(self.capabilities.of(&limit.capability)),
                limited,
                low,
                limit_kpa: self.value(&format!("cabin.{name}.limit"), limit.limit_kpa),
                borne_d: limit.borne_d.map(|v| self.value(&format!("cabin.{name}.borne"), v)),
                covers: covers.into_iter().flatten().map(|s| place(self.stocks.of(s))).collect(),
            });
        }
    }

    fn cabin_processors(
        &self,
        cabin: &model::Cabin,
        plan: &mut CabinPlan,
        capabilities: &mut [CapabilityPlan],
    ) {
        let bound = binding::processors(self.station, cabin).into_iter();
        plan.processors = bound
            .map(|processor| ProcessorPlan {
                capability: place(self.capabilities.of(processor.capability)),
                makes: processor.makes,
                side: processor.side,
                kg_d: processor.kg_d,
            })
            .collect();
        for processor in &plan.processors {
            capabilities[usize::from(processor.capability)].feeds_stocks = true;
        }
    }

    fn cabin_stores(&mut self, cabin: &model::Cabin, plan: &mut CabinPlan) {
        // Stocks of candles and canisters count what they serve.
        let (candle, lithium) = (binding::candle_per_oxygen(), binding::lithium_per_dioxide());
        let single = [
            (&cabin.oxygen_tanks, Kind::Oxygen, 1.0, Commodity::Oxygen),
            (&cabin.candles, Kind::Candle, candle, Commodity::Oxygen),
            (&cabin.canisters, Kind::Lithium, lithium, Commodity::CarbonDioxideRemoval),
            (&cabin.nitrogen, Kind::Nitrogen, 1.0, Commodity::Nitrogen),
        ];
        for (id, kind, kg, commodity) in single {
            let Some(id) = id else { continue };
            let parts = vec![(store(0, kind), kg)];
            plan.bind(self.stocks.of(id), parts, Some((commodity, 1.0)));
        }
        if cabin.oxygen_tanks.is_some() && cabin.candles.is_some() {
            plan.stores[0].then = Some(1);
        }
        if cabin.nitrogen.is_some() {
            plan.tracked.push(Commodity::Nitrogen);
        }
        let day = crew::table().day;
        if let Some(food) = &cabin.food {
            let unpacked = binding::unpacked(food);
            let solids = day.food_solids / day.food();
            let parts = vec![
                (store(0, Kind::FoodSolids), unpacked * solids),
                (store(0, Kind::FoodWater), unpacked * (1.0 - solids)),
                (store(0, Kind::FoodPackaging), 1.0 - unpacked),
            ];
            let serves = Some((Commodity::Food, 1.0 + food.packaging));
            plan.bind(self.stocks.of(&food.stock), parts, serves);
            plan.tracked.push(Commodity::Food);
        }
        for water in &cabin.water {
            let owner = binding::water_side(self.station, cabin, water).map_or(0, |side| 1 + side);
            let stock = self.stocks.of(&water.stock);
            let serves = Some((Commodity::Water, 1.0));
            plan.bind(stock, vec![(store(owner, Kind::Potable), 1.0)], serves);
            plan.waters.push((owner, water.share, place(stock)));
        }
        if !cabin.water.is_empty() {
            plan.tracked.push(Commodity::Water);
        }
        if let Some(waste) = &cabin.waste {
            // What is aboard at the start counts as urine of the last owner, which none processes.
            let mut owners: Vec<usize> = plan.waters.iter().rev().map(|water| water.0).collect();
            if owners.is_empty() {
                owners.push(0);
            }
            let last = owners[0];
            let share = day.urine_solids / (day.urine_solids + day.urine_water);
            let mut parts = Vec::new();
            for owner in owners {
                for kind in [
                    Kind::UrineWater,
                    Kind::UrineSolids,
                    Kind::Waste,
                    Kind::BrineWater,
                    Kind::BrineSolids,
                ] {
                    let kg = match kind {
                        Kind::UrineWater if owner == last => 1.0 - share,
                        Kind::UrineSolids if owner == last => share,
                        _ => 0.0,
                    };
                    parts.push((store(owner, kind), kg));
                }
            }
            plan.bind(self.stocks.of(waste), parts, None);
        }
    }
}

impl CabinPlan {
    fn bind(&mut self, stock: usize, parts: Vec<(usize, f64)>, serves: Option<(Commodity, f64)>) {
        self.store_of[stock] = Some(place(self.stores.len()));
        let pooled = serves.is_none();
        let stock = place(stock);
        self.stores.push(StorePlan { stock, parts, pooled, serves, then: None });
    }
}
