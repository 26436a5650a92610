//! Simulated hours per second on one core, at one hour resolution and from event to event.
//!
//! `cargo bench -p zarya-systems --bench air`
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::time::Instant;
use zarya_systems::balance::Draws;
use zarya_systems::case::{Arrival, Case, Change, Held, Leak, Running, StockKind, What, Zone};
use zarya_systems::endurance::endurance;
use zarya_systems::parameters::Spread;
use zarya_systems::processor::{Segment, processors};
use zarya_systems::run::Run;
use zarya_systems::setpoint::SetPoints;
use zarya_systems::supply::{Available, OtherLoad};

const DAYS: f64 = 3652.5;
const HOUR: f64 = 1.0 / 24.0;

/// The whole station for ten years: every processor, three zones with one behind a closed hatch, a
/// growing leak, a vehicle every 45 days and a change (a unit lost or repaired) every ten.
fn station() -> Case {
    let zone = |id: &str, volume_m3: f64, segment, open| Zone {
        segment: Some(segment),
        open,
        ..Zone::open(id, volume_m3)
    };
    let held = |kind, amount, owner| Held { kind, owner, amount };
    let growing = Leak { growth_per_day: 0.0003, ..Leak::steady("prk", 2, 1.0) };
    let running: Vec<Running> = processors()
        .iter()
        .map(|processor| Running::new(processor, processor.capacity, processor.basis))
        .collect();
    let units = running.len();
    let arrivals = (1..81)
        .map(|n| Arrival {
            day: f64::from(n) * 45.0,
            partner: None,
            items: vec![
                held(StockKind::Water, 420.0, None),
                held(StockKind::Food, 500.0, None),
                held(StockKind::Nitrogen, 40.0, None),
                held(StockKind::Oxygen, 20.0, None),
            ],
        })
        .collect();
    let changes = (1..365)
        .map(|n| {
            let index = (n / 2) % units;
            let off = n % 2 == 0;
            let capacity = if off { Spread::point(0.0) } else { running[index].capacity };
            Change { day: n as f64 * 10.0, what: What::Capacity(index, capacity) }
        })
        .collect();
    let zones = vec![
        zone("us", 600.0, Segment::Us, true),
        zone("russian", 310.0, Segment::Russian, true),
        zone("prk", 6.0, Segment::Russian, false),
    ];
    Case {
        seats: Some(7),
        stocks: vec![
            held(StockKind::Oxygen, 180.0, Some(Segment::Us)),
            held(StockKind::Nitrogen, 180.0, Some(Segment::Us)),
            held(StockKind::Water, 1000.0, Some(Segment::Us)),
            held(StockKind::Water, 1000.0, Some(Segment::Russian)),
            held(StockKind::Food, 3000.0, None),
            held(StockKind::Candles, 40.0, Some(Segment::Russian)),
            held(StockKind::LiohCanisters, 30.0, Some(Segment::Us)),
        ],
        running,
        leaks: vec![Leak::steady("us", 0, 0.2), growing],
        arrivals,
        changes,
        ..Case::bare(7.0, zones)
    }
}

/// Seconds of processor time of this thread where the system tells (Linux), so that other work on
/// the machine does not count; otherwise of the clock on the wall.
fn clock() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let wall = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|text| text.split(' ').next().and_then(|ns| ns.parse().ok()));
    spent.map_or(wall, |ns: f64| ns / 1e9)
}

/// Median of seven after a warm-up; each repeats the work, since the system tells in ticks.
fn seconds(repeats: u32, mut work: impl FnMut()) -> f64 {
    work();
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = clock();
            for _ in 0..repeats {
                work();
            }
            (clock() - start) / f64::from(repeats)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[3]
}

/// The same with generators and a bed on set points, and power and cooling that change daily and are
/// short at times.
fn controlled() -> Case {
    let mut case = station();
    for running in &mut case.running {
        let points = |low_kpa, high_kpa, least| Some(SetPoints { low_kpa, high_kpa, least });
        running.control = match running.processor.id.as_str() {
            "oga" => points(20.5, 21.5, None),
            "elektron" => points(19.8, 20.2, Some(0.78)),
            "cdra-lab" => points(0.3, 0.5, None),
            _ => None,
        };
    }
    // 60 days of the Sun's angle, from the longest shadow to none.
    let daily = (0..DAYS as usize).map(|day| 4.0 + (day % 60) as f64 / 20.0).collect();
    case.supplies.power = [Some(Available::daily(daily)), Some(Available::constant(1.5))];
    case.supplies.cooling = [Some(Available::constant(7.0)), None];
    case.supplies.transfer_kw = 1.5;
    case.supplies.loads = vec![OtherLoad {
        id: "computers".to_owned(),
        segment: Segment::Us,
        power_kw: 2.0,
        class: 0,
    }];
    case
}

/// Prints the speed of a case and how well its elements close.
fn measure(name: &str, case: &Case) {
    let hours = (DAYS / HOUR) as u32;
    let by_hour = || {
        let mut run = Run::new(case, Draws::MEDIAN, HOUR);
        for _ in 0..hours {
            run.tick();
        }
        run
    };
    let hourly = seconds(10, || {
        black_box(by_hour().state());
    });
    let events = seconds(50, || {
        let mut run = Run::new(case, Draws::MEDIAN, HOUR);
        run.advance_to(DAYS);
        black_box(run.state());
    });
    let mut count = 0;
    let mut run = Run::new(case, Draws::MEDIAN, HOUR);
    let before = run.state().elements();
    while run.state().day < DAYS {
        run.advance_toward(DAYS);
        count += 1;
    }
    // All threads work on a banded answer, so this one is the clock on the wall.
    let start = Instant::now();
    black_box(endurance(case));
    let answer = start.elapsed().as_secs_f64();
    let residual = by_hour().state().imbalance(&before);
    let hours = f64::from(hours);
    println!("{name}");
    println!("hourly steps        {:>8.1} M simulated hours per CPU second", hours / hourly / 1e6);
    println!("event to event      {:>8.1} M simulated hours per CPU second", hours / events / 1e6);
    println!(
        "                    {:>8.2} us per event, {count} events in ten years",
        events * 1e6 / f64::from(count)
    );
    println!("endurance, banded   {:>8.1} ms on the wall", answer * 1e3);
    println!("elements over ten years, hourly: {residual:.1e} of what was turned over");
}

fn main() {
    measure("the whole station", &station());
    measure("with set points, power and cooling", &controlled());
}
