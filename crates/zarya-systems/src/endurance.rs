//! How many days each stock and each limit of the cabin lasts, and which is first.

use crate::balance::{Commodity, Draws, Kind, Model, O2};
use crate::case::{Case, DrawnPer, Limited, OwnRate, StockKind};
use crate::parameters::{self, Basis, Parameter, row};
use crate::processor;
use crate::run::Run;
use crate::stock::{Law, Stock};
use crate::supply;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use zarya_units::math;

/// What lasts longer than this is not counted, days: ten years.
pub const HORIZON_DAYS: f64 = 3652.5;
/// Points of the sample behind the 5, 50 and 95 %.
pub const SAMPLES: usize = 1024;

/// Cycles between set points shorter than this are taken at their mean, days. The phase of a cycle
/// is not known, and set points that would cross a limit are refused, so that all of them are; but
/// where power or cooling can be short, the peaks decide who is shed.
fn average_cycles_below(case: &Case) -> f64 {
    if case.supplies.stated() { 1.0 } else { f64::INFINITY }
}

/// 5, 50 and 95 % of a number of days; `None` beyond [`HORIZON_DAYS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// One in twenty lasts shorter.
    pub p05: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// One in twenty lasts longer.
    pub p95: Option<f64>,
}

/// What is counted for one id of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// A stock's id, or a cabin limit's, with its zone before it where zones are closed off.
    pub id: String,
    /// Days to its limit.
    pub days_to_limit: Band,
    /// The same with every value at its median.
    pub days_at_median_rates: Option<f64>,
    /// What the limit is, in words.
    pub limit: String,
    /// Share of the sample in which it is the first.
    pub first: f64,
}

/// A rate that an answer rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct RateUsed {
    /// Its id.
    pub id: String,
    /// The value in use.
    pub value: f64,
    /// The 5 % point, if there is a spread.
    pub low: Option<f64>,
    /// The 95 % point, if there is a spread.
    pub high: Option<f64>,
    /// The unit.
    pub unit: String,
    /// What stands behind it.
    pub basis: Basis,
    /// Source, or reason.
    pub source: String,
}

/// What is drawn on the first day, at median rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// Oxygen asked by crew and leaks, kg/d.
    pub oxygen_kg_d: f64,
    /// Oxygen made by generators, kg/d.
    pub oxygen_made_kg_d: f64,
    /// Change of total pressure if nothing were supplied, mmHg/d (negative: falling).
    pub pressure_unsupplied_mmhg_d: f64,
    /// Carbon dioxide breathed out, kg/d.
    pub carbon_dioxide_kg_d: f64,
    /// Water drunk and split, kg/d.
    pub water_kg_d: f64,
    /// Water recovered, kg/d.
    pub water_recovered_kg_d: f64,
    /// Food eaten, kg/d.
    pub food_kg_d: f64,
    /// Air leaking, kg/d.
    pub leak_kg_d: f64,
    /// Electric power of the processors, kW.
    pub power_kw: f64,
    /// Heat they give off, kW.
    pub heat_kw: f64,
}

/// What a segment draws on the first day, and what kept processors below what was asked of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// What each segment draws (American, Russian); `None` where neither its power nor its cooling
    /// is stated.
    pub draws: [Option<supply::Draw>; 2],
    /// Processors held below what was asked of them, in the case's order.
    pub derated: Vec<Derated>,
}

/// A processor held below what was asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Derated {
    /// Which.
    pub id: String,
    /// By what.
    pub cause: supply::Cause,
    /// Day on which it begins.
    pub day: f64,
    /// What it can then make, kg/d.
    pub most_kg_d: f64,
}

/// What a processor does on the first day.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessorNow {
    /// Which.
    pub id: String,
    /// Its state.
    pub state: processor::State,
    /// What it makes, kg/d.
    pub output_kg_d: f64,
    /// Power it draws, kW.
    pub power_kw: f64,
    /// Heat it gives off, kW.
    pub heat_kw: f64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Endurance {
    /// Stocks and limits, in a fixed order.
    pub entries: Vec<Entry>,
    /// The one that is first at the median.
    pub limiting: Option<String>,
    /// Rates of the first day.
    pub draw: Draw,
    /// What each processor does on the first day, in the case's order.
    pub processors: Vec<ProcessorNow>,
    /// What is short of power and cooling; `None` where neither is stated.
    pub shortage: Option<Shortage>,
    /// The rates used.
    pub rates: Vec<RateUsed>,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// Largest share by which an element's mass changed in the run at median rates.
    pub element_residual: f64,
}

/// Returns how long a case lasts.
///
/// # Model
///
/// The balance of [`crate::balance`] from event to event, at medians and at [`SAMPLES`] points of
/// an evenly spread sequence over the spreads of the crew's rates, processors, leaks and
/// canisters. A stock's limit is the moment from which what is asked of it is no longer served; a
/// cabin limit is the moment its pressure crosses it. Each limit is counted on its own: beyond it
/// the rest goes on.
///
/// # Panics
///
/// If the case has faults ([`Case::faults`]).
pub fn endurance(case: &Case) -> Endurance {
    watched(case, &|_| true).expect("nobody stops it")
}

/// Returns what [`endurance`] returns. `go_on` hears how many points of the sample are done and returns
/// false to stop: there is no answer then.
///
/// # Panics
///
/// If the case has faults ([`Case::faults`]).
pub fn watched(case: &Case, go_on: &(dyn Fn(usize) -> bool + Sync)) -> Option<Endurance> {
    let watches = watches(case);
    let (median, element_residual) = days(case, &watches, Draws::MEDIAN);
    let mut samples: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); watches.len()];
    let mut firsts = vec![0_u32; watches.len()];
    let alphas = alphas();
    // Points are independent and kept in their order: the same bytes on any number of threads.
    let done = AtomicUsize::new(0);
    let all: Option<Vec<Vec<f64>>> = (0..SAMPLES)
        .into_par_iter()
        .map(|n| {
            let lasts = go_on(done.load(Ordering::Relaxed))
                .then(|| days(case, &watches, draws_at(&alphas, n)).0);
            done.fetch_add(1, Ordering::Relaxed);
            lasts
        })
        .collect();
    let all = all.filter(|_| go_on(SAMPLES))?;
    for lasts in all {
        let first = (0..watches.len())
            .filter(|i| lasts[*i].is_finite())
            .min_by(|a, b| lasts[*a].total_cmp(&lasts[*b]));
        if let Some(first) = first {
            firsts[first] += 1;
        }
        for (sample, lasts) in samples.iter_mut().zip(lasts) {
            sample.push(lasts);
        }
    }
    let entries: Vec<Entry> = watches
        .iter()
        .zip(&mut samples)
        .enumerate()
        .map(|(i, (watch, sample))| {
            sample.sort_by(f64::total_cmp);
            Entry {
                id: watch.id.clone(),
                days_to_limit: Band {
                    p05: quantile(sample, 0.05),
                    p50: quantile(sample, 0.5),
                    p95: quantile(sample, 0.95),
                },
                days_at_median_rates: median[i].is_finite().then_some(median[i]),
                limit: watch.words.clone(),
                first: f64::from(firsts[i]) / SAMPLES as f64,
            }
        })
        .collect();
    let limiting = entries
        .iter()
        .filter_map(|entry| entry.days_to_limit.p50.map(|days| (days, &entry.id)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id.clone());
    Some(Endurance {
        entries,
        limiting,
        draw: first_draw(case),
        processors: processors_now(case),
        shortage: case.supplies.stated().then(|| shortage(case)),
        rates: rates_used(case),
        caveats: caveats(case),
        element_residual,
    })
}

/// What is watched, and how.
struct Watch {
    id: String,
    words: String,
    on: On,
}

enum On {
    Unmet(Commodity),
    StockBelow(StockKind, f64),
    /// The cabin that a zone is part of at the time.
    Cabin {
        zone: usize,
        of: Limited,
        low: Option<f64>,
        high: Option<f64>,
    },
}

fn watches(case: &Case) -> Vec<Watch> {
    let mut watches = Vec::new();
    let served = [
        (StockKind::Oxygen, Commodity::Oxygen, "oxygen asked by crew and leaks is not served"),
        (StockKind::Candles, Commodity::Oxygen, "oxygen asked by crew and leaks is not served"),
        (StockKind::Nitrogen, Commodity::Nitrogen, "nitrogen leaking out is not replaced"),
        (StockKind::Water, Commodity::Water, "water drunk and split is not served"),
        (StockKind::WaterPacked, Commodity::Water, "water drunk and split is not served"),
        (StockKind::Food, Commodity::Food, "food eaten is not served"),
        (StockKind::FoodPacked, Commodity::Food, "food eaten is not served"),
        (
            StockKind::LiohCanisters,
            Commodity::CarbonDioxideRemoval,
            "carbon dioxide breathed out is not removed",
        ),
    ];
    for (kind, commodity, words) in served {
        if case.states(kind) {
            watches.push(Watch {
                id: kind.id().to_owned(),
                words: words.to_owned(),
                on: On::Unmet(commodity),
            });
        }
    }
    for limit in &case.limits {
        if let (Limited::Stock(kind), Some(low)) = (limit.of, limit.low) {
            let unit = if kind.counted() { "pieces" } else { "kg" };
            let watch = Watch {
                id: kind.id().to_owned(),
                words: format!("below {low} {unit}"),
                on: On::StockBelow(kind, low),
            };
            match watches.iter_mut().find(|watch| watch.id == kind.id()) {
                Some(place) => *place = watch,
                None => watches.push(watch),
            }
        }
    }
    // Cabin limits, for every group of zones with somebody inside.
    let (model, _) = Model::new(case, &Draws::MEDIAN);
    let crew = model.crew_in_groups();
    let inhabited = crew.iter().filter(|crew| **crew > 0.0).count();
    let main = model.group_of(largest_zone(case));
    for (group, crew) in crew.iter().enumerate().take(model.groups()) {
        // Nobody aboard at all: the largest part stands for the station.
        if *crew == 0.0 && (inhabited > 0 || group != main) {
            continue;
        }
        let first = model.zones_of(group).next().map_or("", |zone| case.zones[zone].id.as_str());
        let head = if inhabited > 1 { format!("{first}.") } else { String::new() };
        // Its largest zone stands for a cabin whose parts open and close.
        let volume = |zone: &usize| case.zones[*zone].volume_m3;
        let zone = model.zones_of(group).max_by(|a, b| volume(a).total_cmp(&volume(b)));
        let zone = zone.unwrap_or(0);
        for limit in &case.limits {
            if matches!(limit.of, Limited::Stock(_)) {
                continue;
            }
            let id = format!("{head}{}", limit.of.id());
            let ends = [("below", limit.low), ("above", limit.high)];
            let words: Vec<String> = ends
                .iter()
                .filter_map(|(side, end)| end.map(|kpa| format!("{side} {kpa:.2} kPa")))
                .collect();
            watches.push(Watch {
                id,
                words: words.join(" or "),
                on: On::Cabin { zone, of: limit.of, low: limit.low, high: limit.high },
            });
        }
    }
    watches
}

fn largest_zone(case: &Case) -> usize {
    let volume = |zone: &usize| case.zones[*zone].volume_m3;
    (0..case.zones.len()).max_by(|a, b| volume(a).total_cmp(&volume(b))).unwrap_or(0)
}

/// Days of each watch, infinite beyond the horizon, and the largest relative element residual.
fn days(case: &Case, watches: &[Watch], draws: Draws) -> (Vec<f64>, f64) {
    let mut run = Run::averaging(case, draws, 1.0, average_cycles_below(case));
    let before = run.state().elements();
    let mut days = vec![f64::INFINITY; watches.len()];
    let mut delivered_scale = before.map(f64::abs);
    while run.state().day < HORIZON_DAYS && days.iter().any(|days| days.is_infinite()) {
        let now = run.state().day;
        let until = run.holds_until().min(HORIZON_DAYS);
        for (watch, days) in watches.iter().zip(&mut days) {
            if days.is_infinite()
                && let Some(after) = crossing(&watch.on, &run)
                && now + after <= until
            {
                *days = now + after;
            }
        }
        run.advance_toward(HORIZON_DAYS);
    }
    for (scale, now) in delivered_scale.iter_mut().zip(run.state().elements()) {
        *scale = scale.max(now.abs()).max(1.0);
    }
    let residual = before
        .iter()
        .zip(run.state().elements())
        .zip(delivered_scale)
        .map(|((before, after), scale)| (after - before).abs() / scale)
        .fold(0.0, f64::max);
    (days, residual)
}

/// Days from now until a watch is met along the flows in force, if they lead there.
fn crossing(on: &On, run: &Run<'_>) -> Option<f64> {
    let (model, state, flows) = (run.model(), run.state(), run.flows());
    match on {
        On::Unmet(commodity) => (flows.unmet[*commodity as usize] > 0.0).then_some(0.0),
        On::StockBelow(kind, low) => {
            let (store, per_piece) = pooled(*kind, model);
            let rate: f64 = (0..crate::balance::OWNERS_MAX)
                .map(|owner| flows.stores[crate::balance::store(owner, store)])
                .sum();
            let level = state.level(store);
            if level <= low * per_piece {
                return Some(0.0);
            }
            Stock { level, law: Law::Constant { rate } }.days_until(low * per_piece)
        }
        On::Cabin { zone, of, low, high } => {
            let pressure = pressure(*of, run, model.group_of(*zone));
            leaves(&pressure, [*low, *high]).map(|(days, _)| days)
        }
    }
}

/// Days from now until a pressure leaves its limits, and at which end (0 low, 1 high).
fn leaves(pressure: &Stock, [low, high]: [Option<f64>; 2]) -> Option<(f64, usize)> {
    if low.is_some_and(|low| pressure.level < low) {
        return Some((0.0, 0));
    }
    if high.is_some_and(|high| pressure.level > high) {
        return Some((0.0, 1));
    }
    let until = |end: Option<f64>, at| {
        end.and_then(|kpa| pressure.days_until(kpa)).map(|days: f64| (days, at))
    };
    [until(low, 0), until(high, 1)].into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0))
}

/// A limit of the cabin that was crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// The limit's id, with its zone before it where zones are closed off.
    pub id: String,
    /// Day on which it is first crossed.
    pub day: f64,
    /// Whether the pressure rises above the high end; else it falls below the low one.
    pub above: bool,
    /// The end that is crossed, kPa.
    pub kpa: f64,
}

/// The limits of the cabin as a case moves through time, by the same rules as [`endurance`].
pub struct CabinLimits {
    watches: Vec<Watch>,
    crossed: Vec<Option<Crossing>>,
}

impl CabinLimits {
    /// Returns the limits of a case, none of them crossed.
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]).
    pub fn new(case: &Case) -> Self {
        let watches: Vec<Watch> =
            watches(case).into_iter().filter(|w| matches!(w.on, On::Cabin { .. })).collect();
        let crossed = vec![None; watches.len()];
        Self { watches, crossed }
    }

    /// Notes what is crossed from where a run stands until `day`, along the flows in force: call it
    /// before every move of the run.
    pub fn note(&mut self, run: &Run<'_>, day: f64) {
        let now = run.state().day;
        let until = run.holds_until().min(day);
        for (watch, crossed) in self.watches.iter().zip(&mut self.crossed) {
            let On::Cabin { zone, of, low, high } = watch.on else { continue };
            if crossed.is_some() {
                continue;
            }
            let pressure = pressure(of, run, run.model().group_of(zone));
            let ends = [low, high];
            if let Some((after, end)) = leaves(&pressure, ends)
                && let Some(kpa) = ends[end]
                && now + after <= until
            {
                let id = watch.id.clone();
                *crossed = Some(Crossing { id, day: now + after, above: end == 1, kpa });
            }
        }
    }

    /// Returns what was crossed, in the order of the days.
    pub fn crossed(&self) -> Vec<Crossing> {
        let mut crossed: Vec<Crossing> = self.crossed.iter().flatten().cloned().collect();
        crossed.sort_by(|a, b| a.day.total_cmp(&b.day));
        crossed
    }
}

/// The store behind a stock and its mass per unit of the stock.
fn pooled(kind: StockKind, model: &Model) -> (Kind, f64) {
    let [candle, canister] = model.pieces_kg();
    let solids = model.rates().food_solids / model.rates().food();
    let packaging = row(parameters::crew(), "food-packaging").value;
    match kind {
        StockKind::Oxygen => (Kind::Oxygen, 1.0),
        StockKind::Candles => (Kind::Candle, candle),
        StockKind::Nitrogen => (Kind::Nitrogen, 1.0),
        StockKind::Water => (Kind::Potable, 1.0),
        StockKind::WaterPacked => {
            let containers = row(parameters::crew(), "water-container").value;
            (Kind::Potable, 1.0 / (1.0 + containers))
        }
        StockKind::Food => (Kind::FoodSolids, solids),
        StockKind::FoodPacked => (Kind::FoodSolids, solids / (1.0 + packaging)),
        StockKind::LiohCanisters => (Kind::Lithium, canister),
        StockKind::Condensate => (Kind::Waste, 1.0),
        StockKind::Urine => (Kind::UrineWater, 1.0),
        StockKind::Brine => (Kind::BrineWater, 1.0),
        StockKind::Trash => (Kind::TrashPackaging, 1.0),
    }
}

/// A pressure of a group with its law, kPa.
fn pressure(limited: Limited, run: &Run<'_>, group: usize) -> Stock {
    let per_kg = run.model().pressures_per_kg(group);
    crate::balance::pressure_law(run.state(), run.flows(), limited, group, &per_kg)
}

fn first_draw(case: &Case) -> Draw {
    let run = Run::new(case, Draws::MEDIAN, 1.0);
    let (model, state, flows) = (run.model(), run.state(), run.flows());
    let rates = model.rates().times(case.crew);
    let mut leak_kg_d = 0.0;
    let mut pressure_kpa_d = 0.0;
    for group in 0..model.groups() {
        let air: f64 = state.gas[group].iter().sum();
        leak_kg_d += flows.decay[group] * air;
        if group == model.group_of(largest_zone(case)) {
            let per_kg = model.pressures_per_kg(group);
            pressure_kpa_d = -rates.oxygen * per_kg[O2];
            for (mass, per_kg) in state.gas[group].iter().zip(per_kg) {
                pressure_kpa_d -= flows.decay[group] * mass * per_kg;
            }
        }
    }
    let now = processors_now(case);
    Draw {
        oxygen_kg_d: flows.oxygen_asked,
        oxygen_made_kg_d: flows.oxygen_made,
        pressure_unsupplied_mmhg_d: pressure_kpa_d / KILOPASCALS_PER_MMHG,
        carbon_dioxide_kg_d: rates.carbon_dioxide,
        water_kg_d: flows.water_asked,
        water_recovered_kg_d: flows.water_recovered,
        food_kg_d: rates.food(),
        leak_kg_d,
        power_kw: now.iter().fold(0.0, |sum, unit| sum + unit.power_kw),
        heat_kw: now.iter().fold(0.0, |sum, unit| sum + unit.heat_kw),
    }
}

fn processors_now(case: &Case) -> Vec<ProcessorNow> {
    let run = Run::averaging(case, Draws::MEDIAN, 1.0, average_cycles_below(case));
    let outputs = run.model().outputs(run.flows());
    case.running
        .iter()
        .zip(outputs)
        .zip(run.model().switched_on())
        .zip(run.flows().units)
        .map(|(((running, output_kg_d), on), unit)| {
            let processor = running.processor;
            // Dark: too little power or cooling even for standby.
            let dark = unit.derated.is_some_and(|(_, most)| most <= 0.0) && unit.power_kw <= 0.0;
            let state = match processor.state(running.capacity.value, output_kg_d) {
                _ if dark => processor::State::Off,
                processor::State::Running if !on => processor::State::Standby,
                state => state,
            };
            ProcessorNow {
                id: running.id().to_owned(),
                state,
                output_kg_d,
                power_kw: processor.power_kw(state, output_kg_d),
                heat_kw: processor.heat_kw(state, output_kg_d),
            }
        })
        .collect()
}

fn shortage(case: &Case) -> Shortage {
    let mut run = Run::averaging(case, Draws::MEDIAN, 1.0, average_cycles_below(case));
    let stated = |segment: usize| {
        case.supplies.power[segment].is_some() || case.supplies.cooling[segment].is_some()
    };
    let now = run.flows().draws;
    let draws = std::array::from_fn(|segment| stated(segment).then_some(now[segment]));
    let mut found: Vec<Option<Derated>> = vec![None; case.running.len()];
    while run.state().day < HORIZON_DAYS && found.iter().any(Option::is_none) {
        for (i, unit) in run.flows().units.iter().take(case.running.len()).enumerate() {
            if let (Some((cause, most_kg_d)), None) = (unit.derated, &found[i]) {
                let id = case.running[i].id().to_owned();
                found[i] = Some(Derated { id, cause, day: run.state().day, most_kg_d });
            }
        }
        run.advance_toward(HORIZON_DAYS);
    }
    Shortage { draws, derated: found.into_iter().flatten().collect() }
}

const KILOPASCALS_PER_MMHG: f64 = 0.133_322_387_415;

fn rates_used(case: &Case) -> Vec<RateUsed> {
    let mut used = Vec::new();
    let crew = parameters::crew();
    for adjustment in &crate::crew::table().adjustments {
        let published = crew.get(&adjustment.id);
        let note = format!(
            "{}; used after the table was made to close (published {} kg/d)",
            adjustment.source, adjustment.published
        );
        used.push(RateUsed {
            id: format!("crew.{}", adjustment.id),
            value: adjustment.used,
            low: published.and_then(|row| row.low),
            high: published.and_then(|row| row.high),
            unit: "kg/d per person".to_owned(),
            basis: Basis::Published,
            source: note,
        });
    }
    let own = |id: String, rate: &OwnRate, unit: &str| {
        let OwnRate { spread, basis, source } = rate;
        let known = spread.low < spread.high;
        RateUsed {
            id,
            value: spread.value,
            low: known.then_some(spread.low),
            high: known.then_some(spread.high),
            unit: unit.to_owned(),
            basis: *basis,
            source: source.clone(),
        }
    };
    let of_station = &case.of_station;
    let metabolism = of_station.metabolism.clone().unwrap_or_else(|| OwnRate {
        spread: crate::balance::metabolism(),
        basis: Basis::Derived,
        source: "one body uses the oxygen and gives the carbon dioxide: what the published ranges \
                 of both allow is drawn, for oxygen, carbon dioxide, food and water together"
            .to_owned(),
    });
    used.push(own("crew.metabolism".to_owned(), &metabolism, "of all crew rates"));
    let table = |id: String, parameter: &Parameter, unit: &str| RateUsed {
        id,
        value: parameter.value,
        low: parameter.low,
        high: parameter.high,
        unit: if parameter.unit.is_empty() { unit.to_owned() } else { parameter.unit.clone() },
        basis: parameter.basis,
        source: parameter.source.clone(),
    };
    let mut add = |id: &str, parameter, unit| used.push(table(id.to_owned(), parameter, unit));
    if case.states(StockKind::Candles) {
        add("candle", row(crew, "candle-crew-days"), "crew-days per candle");
    }
    if case.states(StockKind::LiohCanisters) {
        let canister = row(crew, "lioh-canister-crew-days");
        add("lioh-canister", canister, "crew-days per canister");
    }
    if case.states(StockKind::Food) || case.states(StockKind::FoodPacked) {
        add("food-packaging", row(crew, "food-packaging"), "kg per kg of food");
    }
    if case.states(StockKind::WaterPacked) {
        add("water-container", row(crew, "water-container"), "kg per kg of water");
    }
    let makes = |wanted| case.running.iter().any(|r| r.processor.makes == wanted);
    for (place, name, kind) in
        [(0, "urine", processor::Makes::Distillate), (1, "brine", processor::Makes::BrineWater)]
    {
        let id = format!("{name}-recovery");
        match &of_station.recovery[place] {
            _ if !makes(kind) => {}
            Some(rate) => used.push(own(id, rate, "share of water")),
            None => used.push(table(id, processor::recovery(name), "share of water")),
        }
    }
    let mut add = |id: &str, parameter, unit| used.push(table(id.to_owned(), parameter, unit));
    add("temperature", row(parameters::air(), "temperature"), "K");
    if case.leaks.iter().any(|leak| leak.hole_mm.is_some()) {
        let discharge = row(parameters::air(), "discharge-coefficient");
        add("discharge-coefficient", discharge, "share");
    }
    for draw in &of_station.draws {
        let unit = match draw.per {
            DrawnPer::Station => "kg/d",
            DrawnPer::Crew => "kg/d per person",
            DrawnPer::Leak => "per kg of air leaking",
        };
        used.push(own(format!("draw.{}", draw.id), &draw.rate, unit));
    }
    for running in &case.running {
        let processor = running.processor;
        let given = running.basis == Basis::Given;
        let off = running.capacity.high <= 0.0;
        used.push(RateUsed {
            id: running.id().to_owned(),
            value: running.capacity.value,
            low: (running.capacity.low < running.capacity.value).then_some(running.capacity.low),
            high: (running.capacity.high > running.capacity.value).then_some(running.capacity.high),
            unit: "kg/d".to_owned(),
            basis: if given || off { Basis::Given } else { processor.basis },
            source: if let (Some(own), false) = (&running.own, off) {
                own.source.clone()
            } else if off {
                "off: switched off by the case file, or its partner has left".to_owned()
            } else if given {
                "the case file".to_owned()
            } else {
                format!("design value: {}", processor.source)
            },
        });
    }
    for leak in &case.leaks {
        let spread = leak.rate.low < leak.rate.high;
        used.push(RateUsed {
            id: format!("leak.{}", leak.id),
            value: leak.rate.value,
            low: spread.then_some(leak.rate.low),
            high: spread.then_some(leak.rate.high),
            unit: "kg/d".to_owned(),
            basis: if leak.hole_mm.is_some() { Basis::Derived } else { Basis::Given },
            source: match (leak.hole_mm, &leak.source) {
                (Some(mm), _) => format!("choked flow of air through a hole of {mm} mm"),
                (None, Some(source)) => source.clone(),
                (None, None) => "the case file".to_owned(),
            },
        });
    }
    used
}

fn caveats(case: &Case) -> Vec<String> {
    let (model, _) = Model::new(case, &Draws::MEDIAN);
    let mut caveats = Vec::new();
    for (commodity, words) in [
        (
            Commodity::Oxygen,
            "oxygen: no stock, generator or limit is stated, so it is taken as held",
        ),
        (
            Commodity::CarbonDioxideRemoval,
            "carbon dioxide: no remover, canister or limit is stated, so it is taken as removed",
        ),
        (Commodity::Water, "water: no stock is stated, so it is not counted"),
        (Commodity::Food, "food: no stock is stated, so it is not counted"),
    ] {
        if !model.tracks(commodity) {
            caveats.push(words.to_owned());
        }
    }
    let washes = case.of_station.draws.iter().any(|draw| draw.kind == StockKind::Water);
    if model.tracks(Commodity::Water) && !washes {
        caveats.push(
            "water for hygiene and flushing is unknown in the tables and not counted".to_owned(),
        );
    }
    if case.running.iter().any(|r| r.basis != Basis::Given && r.capacity.value > 0.0) {
        caveats.push("processor rates are design values; the record is below them".to_owned());
    }
    caveats.extend(case.above_design());
    if case.supplies.stated() {
        caveats.push(
            "assumed: power of most processors and the order of their classes; a processor dark by \
             a shortage draws nothing"
                .to_owned(),
        );
    }
    if case.running.iter().any(|r| r.control.is_some()) {
        caveats.push(
            "set points: days are counted at the mean of the cycles, where power or cooling is \
             stated of those shorter than a day"
                .to_owned(),
        );
    }
    for running in &case.running {
        if running.basis == Basis::Assumed && running.capacity.value > 0.0 {
            let processor = running.processor;
            caveats.push(format!("assumed: capacity of {} ({})", running.id(), processor.source));
        }
    }
    if case.states(StockKind::LiohCanisters) {
        let canister = row(parameters::crew(), "lioh-canister-crew-days");
        caveats.push(format!("assumed: crew-days per canister ({})", canister.source));
    }
    for limit in &case.limits {
        if limit.basis == Basis::Assumed {
            caveats.push(format!("assumed: limit of {} ({})", limit.of.id(), limit.source));
        }
    }
    caveats
}

/// Steps of the additive recurrence with the generalized golden ratio: evenly spread points in
/// any number of dimensions, the same on every machine.
fn alphas() -> [f64; Draws::COUNT] {
    let dimensions = Draws::COUNT as f64;
    let mut ratio = 1.5;
    for _ in 0..64 {
        ratio = math::pow(1.0 + ratio, 1.0 / (dimensions + 1.0));
    }
    let mut step = 1.0;
    std::array::from_fn(|_| {
        step /= ratio;
        step
    })
}

fn draws_at(alphas: &[f64; Draws::COUNT], n: usize) -> Draws {
    Draws::from_uniforms(alphas.map(|alpha| {
        let u = 0.5 + alpha * n as f64;
        (u - u.floor()).clamp(1e-9, 1.0 - 1e-9)
    }))
}

/// Quantile of sorted values by linear interpolation; `None` where it reaches beyond the horizon.
fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let value = zarya_units::statistics::quantile(sorted, p);
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests;
