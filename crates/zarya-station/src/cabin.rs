//! Reads `cabin.toml` and judges it with the station in hand.

use crate::context::{Context, Kind};
use crate::diagnostic::Code;
use crate::model::{
    Cabin, CabinAir, CabinFood, CabinLimit, CabinMakes, CabinProcessor, CabinWater, CabinZone, Per,
    Rule, Station, Value,
};
use crate::provenance::{NUMBER, Units};
use crate::reader::{Range, Reader};
use crate::systems::{DAYS, FLOW};

const PRESSURE: Units = &[("kPa", 1.0)];
const VOLUME: Units = &[("m3", 1.0)];
const TEMPERATURE: Units = &[("K", 1.0)];
/// Most zones of a cabin.
const ZONES_MAX: usize = 8;
/// Most processors of a cabin.
const PROCESSORS_MAX: usize = 16;
/// Most segments whose stores a cabin keeps apart.
const SIDES_MAX: usize = 4;

const MAKES: &[(&str, CabinMakes)] = &[
    ("distillate", CabinMakes::Distillate),
    ("brine-water", CabinMakes::BrineWater),
    ("potable-water", CabinMakes::PotableWater),
    ("reduction-water", CabinMakes::ReductionWater),
];

/// Reads `cabin.toml`.
pub(crate) fn cabin(mut reader: Reader<'_, '_>) -> Cabin {
    reader.inherit_from_row();
    let zones = reader.tables("zone").into_iter().map(zone).collect();
    let kpa = Range::new(0.0, 1_000.0);
    let air = reader.table("air").map(|mut air| {
        air.inherit_from_row();
        let found = CabinAir {
            total_kpa: air.value("total", PRESSURE, kpa).value,
            oxygen_kpa: air.value("oxygen", PRESSURE, kpa).value,
            carbon_dioxide_kpa: air.value("carbon_dioxide", PRESSURE, kpa).value,
            vapor_kpa: air.value("vapor", PRESSURE, kpa).value,
            temperature_k: air.value("temperature", TEMPERATURE, Range::new(200.0, 400.0)).value,
        };
        air.finish();
        found
    });
    let none = CabinAir {
        total_kpa: 1.0,
        oxygen_kpa: 0.0,
        carbon_dioxide_kpa: 0.0,
        vapor_kpa: 0.0,
        temperature_k: 295.0,
    };
    let (oxygen, oxygen_tanks, candles) = match reader.table("oxygen") {
        Some(table) => {
            let stores = (
                table.reference_opt("tanks", Kind::Stock),
                table.reference_opt("candles", Kind::Stock),
            );
            (limit(table), stores.0, stores.1)
        }
        None => (no_limit(), None, None),
    };
    let (carbon_dioxide, canisters) = match reader.table("carbon_dioxide") {
        Some(table) => {
            let canisters = table.reference_opt("canisters", Kind::Stock);
            (limit(table), canisters)
        }
        None => (no_limit(), None),
    };
    let (pressure, nitrogen) = match reader.table_opt("pressure") {
        Some(table) => {
            let nitrogen = table.reference_opt("nitrogen", Kind::Stock);
            (Some(limit(table)), nitrogen)
        }
        None => (None, None),
    };
    let food = reader.table_opt("food").map(|food| {
        let found = CabinFood {
            stock: food.reference("stock", Kind::Stock),
            packaging: food.value("packaging", NUMBER, Range::new(0.0, 10.0)).value,
        };
        food.finish();
        found
    });
    let cabin = Cabin {
        zones,
        air: air.unwrap_or(none),
        leak_kg_d: reader.value_opt("leak", FLOW, Range::new(0.0, 1e4)),
        metabolism: reader.value_or("metabolism", NUMBER, Range::new(0.1, 10.0), 1.0),
        oxygen,
        oxygen_tanks,
        candles,
        carbon_dioxide,
        canisters,
        pressure,
        nitrogen,
        food,
        water: reader.tables("water").into_iter().map(water).collect(),
        urine_recovery: reader.value_opt("urine_recovery", NUMBER, Range::SHARE),
        brine_recovery: reader.value_opt("brine_recovery", NUMBER, Range::SHARE),
        waste: reader.reference_opt("waste", Kind::Stock),
    };
    reader.finish();
    cabin
}

fn zone(mut reader: Reader<'_, '_>) -> CabinZone {
    reader.inherit_from_row();
    let zone = CabinZone {
        id: reader.text("id"),
        segment: reader.reference_opt("segment", Kind::Segment),
        element: reader.reference_opt("element", Kind::Element),
        volume_m3: reader.value_opt("volume", VOLUME, Range::new(1e-3, 1e6)),
    };
    reader.finish();
    zone
}

fn limit(mut reader: Reader<'_, '_>) -> CabinLimit {
    reader.inherit_from_row();
    let limit = CabinLimit {
        capability: reader.reference("capability", Kind::Capability),
        limit_kpa: reader.value("limit", PRESSURE, Range::new(1e-6, 1_000.0)),
        borne_d: reader.value_opt("borne", DAYS, Range::DAYS),
    };
    reader.finish();
    limit
}

fn no_limit() -> CabinLimit {
    let limit_kpa = Value::exact(1.0, crate::model::Basis::Assumed);
    CabinLimit { capability: String::new(), limit_kpa, borne_d: None }
}

fn water(mut reader: Reader<'_, '_>) -> CabinWater {
    reader.inherit_from_row();
    let processors = reader
        .tables("processors")
        .into_iter()
        .map(|processor| {
            let found = CabinProcessor {
                capability: processor.reference("capability", Kind::Capability),
                makes: processor.choice("makes", MAKES).unwrap_or(CabinMakes::PotableWater),
                rate_kg_d: processor.value("rate", FLOW, Range::new(0.0, 1e5)).value,
            };
            processor.finish();
            found
        })
        .collect();
    let water = CabinWater {
        stock: reader.reference("stock", Kind::Stock),
        segment: reader.reference_opt("segment", Kind::Segment),
        share: reader.value_or("share", NUMBER, Range::SHARE, 1.0).value,
        processors,
    };
    reader.finish();
    water
}

/// What can only be judged with capabilities, stocks and elements in hand.
pub(crate) fn check(context: &Context<'_>, station: &Station) {
    let report = |code: Code, path: &str, message: String, help: &str| {
        context.report(code, context.span_of(path), message, "", help);
    };
    let Some(cabin) = &station.cabin else {
        for capability in station.capabilities.iter().filter(|c| c.rule == Rule::Cabin) {
            let path = format!("capability.{}.rule", capability.id);
            let message = format!("`{}` follows the cabin, and there is none", capability.id);
            let help = "add cabin.toml, or write `rule = { demand = \"…\", per = \"crew\" }`";
            report(Code::CabinContradiction, &path, message, help);
        }
        return;
    };
    let contradiction = |path: &str, message: String, help: &str| {
        report(Code::CabinContradiction, path, message, help);
    };
    if station.identity.segments.len() > SIDES_MAX {
        contradiction(
            "station.segments",
            format!("a cabin of {} segments", station.identity.segments.len()),
            "a cabin keeps the stores of at most four segments apart: join those that share theirs",
        );
    }
    check_zones(context, station, cabin, &contradiction);
    check_pressures(cabin, &contradiction);
    check_capabilities(context, station, cabin, &contradiction);
    check_stocks(station, cabin, &contradiction);
    check_water(station, cabin, &contradiction, &report);
}

type Contradiction<'r> = dyn Fn(&str, String, &str) + 'r;

fn check_zones(
    context: &Context<'_>,
    station: &Station,
    cabin: &Cabin,
    contradiction: &Contradiction<'_>,
) {
    let n = cabin.zones.len();
    if n == 0 || n > ZONES_MAX {
        contradiction(
            "cabin.oxygen.capability",
            format!("a cabin of {n} zones"),
            "state one to eight [[zone]]",
        );
        return;
    }
    let rest = cabin.zones.iter().filter(|zone| zone.volume_m3.is_none()).count();
    if rest != 1 {
        contradiction(
            &format!("cabin.zone.{}.id", cabin.zones[0].id),
            format!("{rest} zones take the rest of the station's volume"),
            "give all zones but one a `volume`; that one takes what is left of station.volume",
        );
    }
    let stated: f64 = cabin.zones.iter().filter_map(|zone| zone.volume_m3).map(|v| v.high).sum();
    if stated >= station.identity.volume_m3.low && context.is_recorded("station.volume") {
        contradiction(
            &format!("cabin.zone.{}.id", cabin.zones[0].id),
            format!(
                "zones of up to {stated} m3 leave nothing of the station's {} m3",
                station.identity.volume_m3.low
            ),
            "lower the volumes of zones, or raise the station's",
        );
    }
    for (at, zone) in cabin.zones.iter().enumerate() {
        if cabin.zones[..at].iter().any(|other| other.id == zone.id) {
            contradiction(
                &format!("cabin.zone.{}.id", zone.id),
                format!("the zone `{}` exists already", zone.id),
                "give it another id",
            );
        }
        let leaks = |id: &String| {
            station.elements.iter().find(|e| e.id == *id).is_none_or(|e| e.leak.is_some())
        };
        if zone.element.as_ref().is_some_and(|id| !leaks(id)) {
            contradiction(
                &format!("cabin.zone.{}.element", zone.id),
                format!("nothing closes the hatch of `{}`: its element has no leak", zone.id),
                "name an element with [element.leak], or leave `element` out: the zone is always open",
            );
        }
        if zone.element.is_some() && zone.volume_m3.is_none() {
            contradiction(
                &format!("cabin.zone.{}.element", zone.id),
                format!("the zone `{}` behind a hatch has no volume", zone.id),
                "state its `volume`",
            );
        }
    }
}

fn check_pressures(cabin: &Cabin, contradiction: &Contradiction<'_>) {
    let air = &cabin.air;
    let parts = air.oxygen_kpa + air.carbon_dioxide_kpa + air.vapor_kpa;
    if parts > air.total_kpa {
        contradiction(
            "cabin.air.total",
            format!("partial pressures of {parts:.2} kPa in {:.2} kPa", air.total_kpa),
            "parts cannot exceed the total; the rest is nitrogen",
        );
    }
    let beyond = [
        ("oxygen", cabin.oxygen.limit_kpa.high >= air.oxygen_kpa, air.oxygen_kpa),
        (
            "carbon_dioxide",
            cabin.carbon_dioxide.limit_kpa.low <= air.carbon_dioxide_kpa,
            air.carbon_dioxide_kpa,
        ),
        (
            "pressure",
            cabin.pressure.as_ref().is_some_and(|limit| limit.limit_kpa.high >= air.total_kpa),
            air.total_kpa,
        ),
    ];
    for (name, beyond, kpa) in beyond {
        if beyond {
            contradiction(
                &format!("cabin.{name}.limit"),
                format!("the band of the limit of `{name}` reaches the {kpa:.2} kPa of the start"),
                "the cabin must start inside its limits: change `limit`, or [air]",
            );
        }
    }
}

fn check_capabilities(
    context: &Context<'_>,
    station: &Station,
    cabin: &Cabin,
    contradiction: &Contradiction<'_>,
) {
    let gases = [&cabin.oxygen, &cabin.carbon_dioxide];
    for (at, limit) in gases.into_iter().chain(&cabin.pressure).enumerate() {
        let Some(c) = station.capabilities.iter().find(|c| c.id == limit.capability) else {
            continue;
        };
        for (key, set) in [("buffer", c.buffer_d.is_some()), ("stock", c.stock.is_some())] {
            if set {
                contradiction(
                    &format!("capability.{}.{key}", c.id),
                    format!("`{}` has a `{key}` and the cabin's air behind it", c.id),
                    "remove the line: cabin.toml says which stores and which air bridge a loss",
                );
            }
        }
        if at < 2
            && c.rule != Rule::Cabin
            && context.is_recorded(&format!("capability.{}.id", c.id))
        {
            contradiction(
                &format!("capability.{}.id", c.id),
                format!("`{}` keeps a gas of the cabin and does not follow its demand", c.id),
                "write `rule = \"cabin\"`: the demand is what the crew's balance asks for",
            );
        }
    }
    for c in station.capabilities.iter().filter(|c| c.rule == Rule::Cabin) {
        if !gases.iter().any(|limit| limit.capability == c.id) {
            contradiction(
                &format!("capability.{}.rule", c.id),
                format!("`{}` follows the cabin, which does not name it", c.id),
                "name it in [oxygen] or [carbon_dioxide] of cabin.toml, or change its rule",
            );
        }
        let Some(provider) = c.providers.iter().find(|p| p.rate <= 0.0) else { continue };
        contradiction(
            &format!("capability.{}.rule", c.id),
            format!("`{}` provides `{}` at no rate", provider.id, c.id),
            "give each provider its rate in kg/d",
        );
    }
}

fn check_stocks(station: &Station, cabin: &Cabin, contradiction: &Contradiction<'_>) {
    let bound = cabin.stocks();
    for (at, (path, id)) in bound.iter().enumerate() {
        let Some(stock) = station.stocks.iter().find(|s| s.id == *id) else { continue };
        if bound[..at].iter().any(|(_, other)| other == id) {
            contradiction(
                path,
                format!("`{id}` stands for two stores of the cabin"),
                "one stock holds one substance: name another",
            );
        }
        let waste = cabin.waste.as_deref() == Some(id);
        if stock.accumulates != waste {
            contradiction(
                path,
                format!("`{id}` {}", if waste { "does not accumulate" } else { "accumulates" }),
                "only `waste` is a stock that accumulates",
            );
        }
        if stock.draws.iter().any(|draw| draw.per == Per::Leak) {
            contradiction(
                path,
                format!("`{id}` has a draw per leak, and the cabin replaces what leaks"),
                "remove the draw from stocks.toml",
            );
        }
    }
}

fn check_water(
    station: &Station,
    cabin: &Cabin,
    contradiction: &Contradiction<'_>,
    report: &dyn Fn(Code, &str, String, &str),
) {
    if cabin.water.is_empty() {
        return;
    }
    let shares: f64 = cabin.water.iter().map(|water| water.share).sum();
    if (shares - 1.0).abs() > 1e-9 {
        let message = format!("the shares of [[water]] sum to {shares}");
        report(Code::SharesUnbalanced, "cabin.water.0.stock", message, "make them sum to 1");
    }
    for (at, water) in cabin.water.iter().enumerate() {
        let path = format!("cabin.water.{at}.stock");
        if cabin.water.len() > 1
            && (water.segment.is_none()
                || cabin.water[..at].iter().any(|other| other.segment == water.segment))
        {
            contradiction(
                &path,
                format!("`{}` is a water of no segment of its own", water.stock),
                "give each [[water]] the `segment` whose processors feed it",
            );
        }
        let has = |makes| water.processors.iter().any(|p| p.makes == makes);
        if has(CabinMakes::BrineWater) && !has(CabinMakes::Distillate) {
            contradiction(
                &path,
                format!("nothing gives the brine that `{}` recovers", water.stock),
                "add a processor that makes `distillate`, or remove the one of `brine-water`",
            );
        }
        if has(CabinMakes::Distillate) && !has(CabinMakes::PotableWater) {
            contradiction(
                &path,
                format!("nothing makes the distillate of `{}` drinkable", water.stock),
                "add a processor that makes `potable-water`, or remove the one of `distillate`",
            );
        }
    }
    let gases = [&cabin.oxygen.capability, &cabin.carbon_dioxide.capability];
    let providers = station.capabilities.iter().filter(|c| gases.contains(&&c.id));
    let n = providers.map(|c| c.providers.len()).sum::<usize>()
        + cabin.water.iter().map(|water| water.processors.len()).sum::<usize>();
    if n > PROCESSORS_MAX {
        contradiction(
            "cabin.oxygen.capability",
            format!("a cabin of {n} processors"),
            "at most sixteen providers and water processors: join those that fail together",
        );
    }
}

impl Cabin {
    /// Returns the stocks that stand for stores, with the path that names each.
    pub(crate) fn stocks(&self) -> Vec<(String, &str)> {
        let named = [
            ("cabin.oxygen.tanks", &self.oxygen_tanks),
            ("cabin.oxygen.candles", &self.candles),
            ("cabin.carbon_dioxide.canisters", &self.canisters),
            ("cabin.pressure.nitrogen", &self.nitrogen),
            ("cabin.waste", &self.waste),
        ];
        let named =
            named.into_iter().filter_map(|(path, id)| Some((path.to_owned(), id.as_deref()?)));
        let food = self.food.iter().map(|f| ("cabin.food.stock".to_owned(), f.stock.as_str()));
        let water = self
            .water
            .iter()
            .enumerate()
            .map(|(at, water)| (format!("cabin.water.{at}.stock"), water.stock.as_str()));
        named.chain(food).chain(water).collect()
    }
}
