//! The cabin of a station as a case: what its files bind to the balances of air, water and food.
//!
//! Which side, processor, limit and mass is meant is that of a history ([`zarya_simulation::binding`]);
//! here values stand in place of draws from their bands. What the files do not state stays out.

use super::case_file::Stated;
use crate::data::Opened;
use crate::refusal::{About, Refusal, Refusals};
use zarya_simulation::binding;
use zarya_station::Station;
use zarya_station::model::{self, Cabin, Outcome, Per};
use zarya_systems::balance::{Draws, Model};
use zarya_systems::case::{
    Arrival, Case, DrawnPer, Held, Leak, Limit, OfStation, Own, OwnDraw, OwnRate, Owner, Running,
    StockKind, Zone,
};
use zarya_systems::parameters::{Basis, Spread};
use zarya_systems::processor::{Makes, Segment};
use zarya_units::{DAYS_PER_YEAR, Date};

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
    case.air = binding::cabin_air(cabin);
    for bound in binding::limits(cabin) {
        if let Some(place) = case.limits.iter_mut().find(|limit| limit.of == bound.of) {
            *place = limit_of(station, &bound);
        }
    }
    case.leaks = leaks(station, cabin);
    case.running = running(station, cabin);
    case.of_station = rates(station, cabin);
    // Candles and canisters count by the days they serve a person, so their rates come first.
    let bound = bound_stocks(station, cabin, &case);
    case.stocks = bound.iter().map(|stock| stock.held(stock.stock.initial_kg.value)).collect();
    let capacity = |stock: &BoundStock| stock.held(stock.stock.capacity_kg.value);
    case.of_station.capacities = bound.iter().map(capacity).collect();
    case.of_station.draws =
        bound.iter().flat_map(|stock| draws(station, &case.running, stock)).collect();
    case.arrivals = arrivals(station, &bound);
    let problems: Vec<Refusal> = case
        .faults()
        .into_iter()
        .map(|fault| refused(format!("{}: {}", opened.origin, fault.message), &fault.help))
        .collect();
    if !problems.is_empty() {
        return Err(Refusals { problems, texts: Vec::new() });
    }
    let notes = notes(opened, cabin, &case);
    Ok(Stated { case, from: Some(station.identity.as_of), notes })
}

/// The side of the balance that a segment is, by its place among the station's.
fn side(station: &Station, segment: Option<&String>) -> Segment {
    Segment::at(binding::side_of(station, segment))
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
        segment: zone.segment.as_ref().map(|segment| side(station, Some(segment))),
        open: zone.element.is_none(),
        ..Zone::open(&zone.id, zone.volume_m3.map_or(whole - stated, |volume| volume.value))
    };
    cabin.zones.iter().map(zone).collect()
}

/// What stands behind a value, in the words of the tables.
pub(crate) fn basis(basis: model::Basis) -> Basis {
    match basis {
        model::Basis::Published => Basis::Published,
        model::Basis::Derived => Basis::Derived,
        model::Basis::Claimed => Basis::Claimed,
        model::Basis::Assumed => Basis::Assumed,
        model::Basis::Disputed => Basis::Disputed,
    }
}

fn own_rate(station: &Station, path: &str, value: model::Value) -> OwnRate {
    OwnRate { spread: spread(value), basis: basis(value.basis), source: source_of(station, path) }
}

fn limit_of(station: &Station, bound: &binding::BoundLimit<'_>) -> Limit {
    let stated = bound.stated.limit_kpa;
    let kpa = Some(stated.value);
    let (low, high) = if bound.low { (kpa, None) } else { (None, kpa) };
    let source = source_of(station, &format!("cabin.{}.limit", bound.name));
    Limit { of: bound.of, low, high, basis: basis(stated.basis), source }
}

/// Sides, and what the station states in place of the tables.
fn rates(station: &Station, cabin: &Cabin) -> OfStation {
    let recovery = |name: &str, value: Option<model::Value>| {
        value.map(|value| own_rate(station, &format!("cabin.{name}_recovery"), value))
    };
    // The factor of a cabin that states none is the table itself, with the table's spread.
    let stated = station.facts.contains_key("cabin.metabolism");
    OfStation {
        sides: station.identity.segments.clone(),
        metabolism: stated.then(|| own_rate(station, "cabin.metabolism", cabin.metabolism)),
        recovery: [
            recovery("urine", cabin.urine_recovery),
            recovery("brine", cabin.brine_recovery),
        ],
        ..OfStation::default()
    }
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

fn running(station: &Station, cabin: &Cabin) -> Vec<Running> {
    let mut running: Vec<Running> = Vec::new();
    for bound in binding::processors(station, cabin) {
        // One capability may stand for several processors; their names stay apart.
        let taken = running.iter().any(|known| known.id() == bound.capability);
        let suffix = match bound.makes {
            _ if !taken => "",
            Makes::BrineWater => "-brine",
            Makes::CarbonDioxideReduction => "-reduction",
            _ => "",
        };
        let capability = station.capabilities.iter().find(|known| known.id == bound.capability);
        let own = Own {
            id: format!("{}{suffix}", bound.capability),
            partner: capability.and_then(|its| its.partner.clone()),
            source: source_of(station, &bound.path),
        };
        let rate = Spread::point(bound.kg_d);
        running.push(Running::of_station(own, bound.makes, Segment::at(bound.side), rate));
    }
    running
}

/// A stock of the files as one of the balance.
struct BoundStock<'s> {
    stock: &'s model::Stock,
    kind: StockKind,
    owner: Owner,
    /// Kg or pieces of the balance's in a kg of the files'.
    per_kg: f64,
}

impl BoundStock<'_> {
    fn held(&self, kg: f64) -> Held {
        Held { kind: self.kind, owner: self.owner, amount: kg * self.per_kg }
    }
}

fn bound_stocks<'s>(station: &'s Station, cabin: &Cabin, case: &Case) -> Vec<BoundStock<'s>> {
    // Stocks of candles and canisters count what they serve; a case counts pieces.
    let [candle_kg, canister_kg] = Model::new(case, &Draws::MEDIAN).0.pieces_kg();
    let candle = binding::candle_per_oxygen() / candle_kg;
    let canister = binding::lithium_per_dioxide() / canister_kg;
    let mut bound = Vec::new();
    let mut bind = |id: Option<&String>, kind: StockKind, owner: Owner, per_kg: f64| {
        let stock = id.and_then(|id| station.stocks.iter().find(|stock| stock.id == *id));
        bound.extend(stock.map(|stock| BoundStock { stock, kind, owner, per_kg }));
    };
    bind(cabin.oxygen_tanks.as_ref(), StockKind::Oxygen, None, 1.0);
    bind(cabin.candles.as_ref(), StockKind::Candles, None, candle);
    bind(cabin.canisters.as_ref(), StockKind::LiohCanisters, None, canister);
    bind(cabin.nitrogen.as_ref(), StockKind::Nitrogen, None, 1.0);
    if let Some(food) = &cabin.food {
        bind(Some(&food.stock), StockKind::Food, None, binding::unpacked(food));
    }
    let mut last = None;
    for water in &cabin.water {
        let owner = binding::water_side(station, cabin, water).map(Segment::at);
        bind(Some(&water.stock), StockKind::Water, owner, 1.0);
        last = owner;
    }
    // What is aboard at the start counts as urine of the last owner, as in a history.
    bind(cabin.waste.as_ref(), StockKind::Urine, last, 1.0);
    bound
}

/// What `stocks.toml` draws from a stock beside the balance. A capability that is no processor is taken
/// as working.
fn draws(station: &Station, running: &[Running], bound: &BoundStock<'_>) -> Vec<OwnDraw> {
    let place =
        |id: &Option<String>| running.iter().position(|its| Some(its.id()) == id.as_deref());
    let all = &bound.stock.draws;
    let counted = all.iter().enumerate().filter_map(|(n, draw)| {
        let unless = place(&draw.without);
        if draw.without.is_some() && unless.is_none() {
            return None;
        }
        let id = &bound.stock.id;
        let mut rate = own_rate(station, &format!("stock.{id}.draw.{n}.rate"), draw.rate_kg_d);
        rate.spread = rate.spread.times(bound.per_kg);
        Some(OwnDraw {
            id: if all.len() > 1 { format!("{id}.{n}") } else { id.clone() },
            kind: bound.kind,
            owner: bound.owner,
            rate,
            per: match draw.per {
                Per::Station => DrawnPer::Station,
                Per::Crew => DrawnPer::Crew,
                Per::Leak => DrawnPer::Leak,
            },
            during: place(&draw.with),
            unless,
        })
    });
    counted.collect()
}

/// The flights of the manifest from the as-of date on, each on its date. What a vehicle takes away stands
/// in its cargo too, as a stock that accumulates; it is left out.
fn arrivals(station: &Station, bound: &[BoundStock<'_>]) -> Vec<Arrival> {
    let start = station.identity.as_of.mjd();
    let flights = station.flights.iter().filter(|flight| flight.outcome != Outcome::Lost);
    let arrivals = flights.filter_map(|flight| {
        let day = flight.date.mjd() - start;
        let brought = flight.cargo_kg.iter().filter_map(|(id, kg)| {
            let stock = bound.iter().find(|bound| bound.stock.id == *id)?;
            (!stock.stock.accumulates).then(|| stock.held(*kg))
        });
        let items: Vec<Held> = brought.collect();
        let vehicle = station.vehicles.iter().find(|vehicle| vehicle.id == flight.vehicle);
        let partner = vehicle.map(|vehicle| vehicle.partner.clone());
        (day >= 0.0 && !items.is_empty()).then_some(Arrival { day, partner, items })
    });
    arrivals.collect()
}

/// What is not counted of what the files state, and what they do not state.
fn notes(opened: &Opened, cabin: &Cabin, case: &Case) -> Vec<String> {
    let station = &opened.station;
    let as_of = station.identity.as_of;
    let mut notes = vec![format!(
        "built from the files of {} as of {as_of}: a crew of {}, stocks at the middle of their \
         bands, processors at their full rates; failures and repairs are not counted",
        opened.origin, station.crew.nominal
    )];
    let last = case.arrivals.iter().map(|arrival| arrival.day).fold(f64::NEG_INFINITY, f64::max);
    notes.push(if case.arrivals.is_empty() {
        "flights: the manifest brings nothing to these stocks from then on".to_owned()
    } else {
        format!(
            "flights: {} of the manifest arrive on their dates, the last on {}; none is late or \
             lost, what exceeds a stock's capacity stays behind, and what vehicles take away is not \
             counted",
            case.arrivals.len(),
            Date::from_mjd(as_of.mjd() + last)
        )
    });
    notes.push(
        "power and cooling of processors: not stated in a station's files, so taken as enough"
            .to_owned(),
    );
    if cabin.water.len() > 1 {
        notes.push("water of all sides is drunk by all: the crew's shares are not counted".into());
    }
    if station.stocks.iter().any(|stock| stock.ration_share > 0.0) {
        notes.push("rationing below a reserve is not counted: a crew draws its full rates".into());
    }
    notes
}
