//! The cabin of a station as a case: what its files bind to the balances of air, water and food.
//!
//! The sides of the balance, the stand-ins for its processors and what its stocks count are those of a
//! history (`zarya-simulation`, `plan/compile/cabin.rs`); here values stand in place of draws from their
//! bands. What the files do not state stays out.

use super::case_file::Stated;
use crate::data::Opened;
use crate::refusal::{About, Refusal, Refusals};
use zarya_station::Station;
use zarya_station::model::{self, Cabin, CabinLimit, CabinMakes};
use zarya_systems::balance::{Draws, Model};
use zarya_systems::case::{
    CabinAir, Case, Held, Leak, Limit, Limited, Own, Owner, Running, StockKind, Zone,
};
use zarya_systems::matter::{self, Substance};
use zarya_systems::parameters::{Basis, Spread};
use zarya_systems::processor::{Makes, Segment};
use zarya_units::DAYS_PER_YEAR;

/// Builds the case of a station.
///
/// # Errors
///
/// When the station has no cabin, or its values make no case.
pub(super) fn case_of(opened: &Opened) -> Result<Stated, Refusals> {
    let station = &opened.station;
    let refused = |why: String, help: &str| {
        Refusal::unanswerable(About::Field("station".to_owned()), why).help(help)
    };
    let Some(cabin) = &station.cabin else {
        let why = format!("{} has no cabin, so no balance of its air", opened.origin);
        let help = "add cabin.toml to the station's files (docs/station-files.md), or state a case \
                    in a file";
        return Err(refused(why, help).into());
    };
    let mut case = Case::bare(f64::from(station.crew.nominal), zones(station, cabin));
    let air = &cabin.air;
    case.air = CabinAir {
        total_kpa: air.total_kpa,
        oxygen_kpa: air.oxygen_kpa,
        carbon_dioxide_kpa: air.carbon_dioxide_kpa,
        vapor_kpa: air.vapor_kpa,
        temperature_k: air.temperature_k,
    };
    for (of, name, limit) in [
        (Limited::OxygenPartialPressure, "oxygen", Some(&cabin.oxygen)),
        (Limited::CarbonDioxidePartialPressure, "carbon_dioxide", Some(&cabin.carbon_dioxide)),
        (Limited::TotalPressure, "pressure", cabin.pressure.as_ref()),
    ] {
        if let Some(stated) = limit.map(|limit| limit_of(station, of, name, limit))
            && let Some(place) = case.limits.iter_mut().find(|limit| limit.of == of)
        {
            *place = stated;
        }
    }
    case.leaks = leaks(station, cabin);
    case.running = running(station, cabin);
    case.stocks = stocks(station, cabin, &case);
    let problems: Vec<Refusal> = case
        .faults()
        .into_iter()
        .map(|fault| refused(format!("{}: {}", opened.origin, fault.message), &fault.help))
        .collect();
    if !problems.is_empty() {
        return Err(Refusals { problems, texts: Vec::new() });
    }
    let notes = notes(opened, cabin);
    Ok(Stated { case, from: Some(station.identity.as_of), notes })
}

/// The first segment of a station is the balance's American side, the others its Russian one.
pub(crate) fn side(station: &Station, segment: &str) -> Segment {
    let first = station.identity.segments.first().is_none_or(|first| first == segment);
    if first { Segment::Us } else { Segment::Russian }
}

fn side_of(station: &Station, segment: Option<&String>) -> Segment {
    segment.map_or(Segment::Us, |segment| side(station, segment))
}

/// Where a value of the files comes from: its source, else its reason.
pub(crate) fn source_of(station: &Station, path: &str) -> String {
    let fact = station.facts.get(path);
    let words = fact.and_then(|fact| fact.source.as_ref().or(fact.why.as_ref()));
    words.map_or(format!("the station's files: {path}"), |words| {
        format!("the station's files: {path} ({words})")
    })
}

fn spread(value: model::Value) -> Spread {
    Spread { low: value.low, value: value.value, high: value.high }
}

/// A zone behind the hatch of an element that leaks is shut; one takes what the others leave.
fn zones(station: &Station, cabin: &Cabin) -> Vec<Zone> {
    let whole = station.identity.volume_m3.value;
    let stated: f64 = cabin.zones.iter().filter_map(|z| z.volume_m3).map(|v| v.value).sum();
    let zone = |zone: &model::CabinZone| Zone {
        segment: zone.segment.as_ref().map(|segment| side(station, segment)),
        open: zone.element.is_none(),
        ..Zone::open(&zone.id, zone.volume_m3.map_or(whole - stated, |volume| volume.value))
    };
    cabin.zones.iter().map(zone).collect()
}

fn limit_of(station: &Station, of: Limited, name: &str, stated: &CabinLimit) -> Limit {
    let kpa = Some(stated.limit_kpa.value);
    let (low, high) = match of {
        Limited::CarbonDioxidePartialPressure => (None, kpa),
        _ => (kpa, None),
    };
    let basis = match stated.limit_kpa.basis {
        model::Basis::Published => Basis::Published,
        model::Basis::Derived => Basis::Derived,
        model::Basis::Claimed => Basis::Claimed,
        model::Basis::Assumed => Basis::Assumed,
        model::Basis::Disputed => Basis::Disputed,
    };
    Limit { of, low, high, basis, source: source_of(station, &format!("cabin.{name}.limit")) }
}

fn leaks(station: &Station, cabin: &Cabin) -> Vec<Leak> {
    let main = cabin.zones.iter().position(|zone| zone.volume_m3.is_none()).unwrap_or(0);
    let mut leaks = Vec::new();
    if let Some(rate) = cabin.leak_kg_d {
        leaks.push(Leak {
            rate: spread(rate),
            source: Some(source_of(station, "cabin.leak")),
            ..Leak::steady("station", main, 0.0)
        });
    }
    for element in &station.elements {
        let Some(leak) = &element.leak else { continue };
        let zone = cabin.zones.iter().position(|zone| zone.element.as_ref() == Some(&element.id));
        leaks.push(Leak {
            rate: spread(leak.rate_kg_d),
            growth_per_day: leak.growth_per_y.value / DAYS_PER_YEAR,
            source: Some(source_of(station, &format!("element.{}.leak.rate", element.id))),
            ..Leak::steady(&element.id, zone.unwrap_or(main), 0.0)
        });
    }
    leaks
}

/// Generators and beds are the providers of their capability, at their rates.
fn running(station: &Station, cabin: &Cabin) -> Vec<Running> {
    let capability = |id: &str| station.capabilities.iter().find(|c| c.id == id);
    let own = |id: &str, path: String| Own {
        id: id.to_owned(),
        partner: capability(id).and_then(|c| c.partner.clone()),
        source: source_of(station, &path),
    };
    let mut running = Vec::new();
    for (id, makes) in [
        (&cabin.oxygen.capability, Makes::Oxygen),
        (&cabin.carbon_dioxide.capability, Makes::CarbonDioxideRemoval),
    ] {
        for provider in capability(id).into_iter().flat_map(|c| &c.providers) {
            let segment = capability(&provider.id).and_then(|c| c.segment.as_ref());
            let own = own(&provider.id, format!("capability.{id}.providers.{}.rate", provider.id));
            let rate = Spread::point(provider.rate);
            running.push(Running::of_station(own, makes, side_of(station, segment), rate));
        }
    }
    for water in &cabin.water {
        for processor in &water.processors {
            let (makes, suffix) = match processor.makes {
                CabinMakes::Distillate => (Makes::Distillate, ""),
                CabinMakes::BrineWater => (Makes::BrineWater, "-brine"),
                CabinMakes::PotableWater => (Makes::PotableWater, ""),
                CabinMakes::ReductionWater => (Makes::CarbonDioxideReduction, "-reduction"),
            };
            // One capability may stand for two processors; their names stay apart.
            let taken = running.iter().any(|known: &Running| known.id() == processor.capability);
            let suffix = if taken { suffix } else { "" };
            let mut own = own(&processor.capability, "cabin.water".to_owned());
            own.id.push_str(suffix);
            let rate = Spread::point(processor.rate_kg_d);
            let side = side_of(station, water.segment.as_ref());
            running.push(Running::of_station(own, makes, side, rate));
        }
    }
    running
}

fn stocks(station: &Station, cabin: &Cabin, case: &Case) -> Vec<Held> {
    // Stocks of candles and canisters count what they serve; a case counts pieces.
    let [candle_kg, canister_kg] = Model::new(case, &Draws::MEDIAN).0.pieces_kg();
    let candle = -matter::candle().mass(Substance::Candle) / candle_kg;
    let canister = -matter::lithium_hydroxide().mass(Substance::LithiumHydroxide) / canister_kg;
    let mut held = Vec::new();
    let mut hold = |id: &Option<String>, kind: StockKind, owner: Owner, per_kg: f64| {
        let stock = id.as_ref().and_then(|id| station.stocks.iter().find(|stock| stock.id == *id));
        if let Some(stock) = stock {
            held.push(Held { kind, owner, amount: stock.initial_kg.value * per_kg });
        }
    };
    hold(&cabin.oxygen_tanks, StockKind::Oxygen, None, 1.0);
    hold(&cabin.candles, StockKind::Candles, None, candle);
    hold(&cabin.canisters, StockKind::LiohCanisters, None, canister);
    hold(&cabin.nitrogen, StockKind::Nitrogen, None, 1.0);
    if let Some(food) = &cabin.food {
        let unpacked = 1.0 / (1.0 + food.packaging);
        hold(&Some(food.stock.clone()), StockKind::Food, None, unpacked);
    }
    let apart = cabin.water.len() > 1;
    let mut last = None;
    for water in &cabin.water {
        let owner = apart.then(|| side_of(station, water.segment.as_ref()));
        hold(&Some(water.stock.clone()), StockKind::Water, owner, 1.0);
        last = owner;
    }
    // What is aboard at the start counts as urine of the last owner, as in a history.
    hold(&cabin.waste, StockKind::Urine, last, 1.0);
    held
}

/// What is not counted of what the files state, and what they do not state.
fn notes(opened: &Opened, cabin: &Cabin) -> Vec<String> {
    let station = &opened.station;
    let mut notes = vec![format!(
        "built from the files of {} as of {}: a crew of {}, stocks at the middle of their bands, \
         processors at their full rates; flights, failures and repairs are not counted",
        opened.origin, station.identity.as_of, station.crew.nominal
    )];
    notes.push(
        "power and cooling of processors: not stated in a station's files, so taken as enough"
            .to_owned(),
    );
    if cabin.metabolism.value != 1.0 {
        notes.push(format!(
            "the station's factor of {} on the crew table is not counted",
            cabin.metabolism.value
        ));
    }
    if cabin.urine_recovery.is_some() || cabin.brine_recovery.is_some() {
        notes.push(
            "the station's own recovery of urine and brine is not counted: the table's is".into(),
        );
    }
    if cabin.water.len() > 1 {
        notes.push("water of both sides is drunk by all: the crew's shares are not counted".into());
    }
    let stocks = [&cabin.oxygen_tanks, &cabin.candles, &cabin.canisters, &cabin.nitrogen];
    let bound = stocks.into_iter().flatten().chain(cabin.water.iter().map(|water| &water.stock));
    let drawn: Vec<&str> = bound
        .chain(cabin.food.iter().map(|food| &food.stock))
        .filter(|id| station.stocks.iter().any(|s| s.id == **id && !s.draws.is_empty()))
        .map(String::as_str)
        .collect();
    if !drawn.is_empty() {
        notes.push(format!(
            "draws of stocks.toml beside the balance are not counted: {}",
            drawn.join(", ")
        ));
    }
    if station.identity.segments.len() > 2 {
        notes.push(
            "the balance has two sides: segments after the second count as one with it".into(),
        );
    }
    notes
}
