//! ORU-BENCH-1: the design of the engine's clock alone, on the case that SimPy runs beside it.
//!
//! 200 unit types, a stock each, two repairers, a resupply every 60 d that arrives with probability
//! 0.95 and fills every stock up, 3,650 d (`bench/peers/simulation/oru_bench_1.py` is the same case).
//! As in the engine: a binary heap of 16-byte events, Philox numbers addressed by unit and draw,
//! one draw per variate through the inverse distribution, portable `ln` and `exp`. What the engine
//! does besides (capabilities, stocks, traffic, crew) is not here.
//!
//! `cargo bench -p zarya-simulation --bench oru_bench_1`

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // a benchmark reads the clock and prints

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Instant;
use zarya_units::math;
use zarya_units::random::{self, Source, Stream};

const MTBFS: &str = include_str!("../../../bench/peers/simulation/oru_bench_1.csv");
const SPAN_D: f64 = 3650.0;
const RESUPPLY_D: f64 = 60.0;
const ARRIVES: f64 = 0.95;
const REPAIR_MEAN_D: f64 = 0.5;
const REPAIRERS: usize = 2;
const HISTORIES: u64 = 3000;
const ROUNDS: u64 = 9;

/// Kinds of events, in the low byte order that settles ties.
const FAILS: u64 = 0;
const REPAIRED: u64 = 1;
const RESUPPLY: u64 = 2;

/// Time and kind with argument, 16 bytes, as in the engine.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Event {
    at: u64,
    what: u64,
}

impl Event {
    fn new(at: f64, kind: u64, unit: usize) -> Self {
        Self { at: at.to_bits(), what: kind << 56 | (unit as u64) << 32 }
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.what).cmp(&(self.at, self.what))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Unit {
    mtbf_d: f64,
    stream: Stream,
    full: u32,
}

/// The state of one history, used again for the next.
struct Clock {
    heap: BinaryHeap<Event>,
    stocks: Vec<u32>,
    draws: Vec<u32>,
    waiting: Vec<bool>,
    queue: VecDeque<usize>,
    free: usize,
}

struct Repair {
    mu: f64,
    sigma: f64,
}

impl Clock {
    fn history(&mut self, units: &[Unit], repair: &Repair, source: &Source) -> u64 {
        let resupply = Stream::new("truck", "arrives");
        let mut flights = 0;
        let mut failures = 0;
        self.heap.clear();
        self.queue.clear();
        self.free = REPAIRERS;
        for (u, unit) in units.iter().enumerate() {
            self.stocks[u] = unit.full;
            self.draws[u] = 0;
            self.waiting[u] = false;
            self.fail_later(0.0, u, unit, source);
        }
        self.heap.push(Event::new(RESUPPLY_D, RESUPPLY, 0));
        while let Some(event) = self.heap.pop() {
            let now = f64::from_bits(event.at);
            let u = (event.what >> 32) as usize & 0x00FF_FFFF;
            match event.what >> 56 {
                FAILS => {
                    failures += 1;
                    if self.stocks[u] > 0 {
                        self.stocks[u] -= 1;
                        self.ask_repair(now, u, &units[u], repair, source);
                    } else {
                        self.waiting[u] = true;
                    }
                }
                REPAIRED => {
                    self.free += 1;
                    self.fail_later(now, u, &units[u], source);
                    if let Some(next) = self.queue.pop_front() {
                        self.ask_repair(now, next, &units[next], repair, source);
                    }
                }
                _ => {
                    if source.uniform(resupply, flights) < ARRIVES {
                        for (u, unit) in units.iter().enumerate() {
                            self.stocks[u] = unit.full;
                            if std::mem::take(&mut self.waiting[u]) {
                                self.ask_repair(now, u, unit, repair, source);
                            }
                        }
                    }
                    flights += 1;
                    self.push(Event::new(now + RESUPPLY_D, RESUPPLY, 0));
                }
            }
        }
        failures
    }

    fn push(&mut self, event: Event) {
        if f64::from_bits(event.at) < SPAN_D {
            self.heap.push(event);
        }
    }

    fn draw(&mut self, u: usize, unit: &Unit, source: &Source) -> f64 {
        let n = self.draws[u];
        self.draws[u] += 1;
        source.uniform(unit.stream, n)
    }

    fn fail_later(&mut self, now: f64, u: usize, unit: &Unit, source: &Source) {
        let life_d = random::exponential(self.draw(u, unit, source)) * unit.mtbf_d;
        self.push(Event::new(now + life_d, FAILS, u));
    }

    fn ask_repair(&mut self, now: f64, u: usize, unit: &Unit, repair: &Repair, source: &Source) {
        if self.free == 0 {
            self.queue.push_back(u);
            return;
        }
        self.free -= 1;
        let normal = random::normal(self.draw(u, unit, source));
        let days = math::exp(repair.mu + repair.sigma * normal);
        self.push(Event::new(now + days, REPAIRED, u));
    }
}

/// Seconds of processor time of this process so far; `None` where the system does not tell.
fn processor_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn main() {
    let units: Vec<Unit> = MTBFS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .enumerate()
        .map(|(u, line)| {
            let mtbf_d: f64 = line.parse().expect("a number per line");
            Unit {
                mtbf_d,
                stream: Stream::new(&format!("unit-{u}"), "life"),
                full: ((2.0 * RESUPPLY_D / mtbf_d + 1.0) as u32).max(1),
            }
        })
        .collect();
    let sigma = math::ln(1.0 + 1.0 / 144.0).sqrt();
    let repair = Repair { mu: math::ln(REPAIR_MEAN_D) - 0.5 * sigma * sigma, sigma };
    let n = units.len();
    let mut clock = Clock {
        heap: BinaryHeap::with_capacity(1024),
        stocks: vec![0; n],
        draws: vec![0; n],
        waiting: vec![false; n],
        queue: VecDeque::new(),
        free: REPAIRERS,
    };
    let mut by_wall = Vec::new();
    let mut by_processor = Vec::new();
    let mut all = 0;
    for round in 0..=ROUNDS {
        let (wall, cpu) = (Instant::now(), processor_s());
        let failures: u64 = (0..HISTORIES)
            .map(|i| clock.history(&units, &repair, &Source::new(7, round * HISTORIES + i)))
            .sum();
        if round == 0 {
            continue; // warm-up
        }
        all += failures;
        by_wall.push(failures as f64 / wall.elapsed().as_secs_f64());
        if let (Some(before), Some(after)) = (cpu, processor_s()) {
            by_processor.push(failures as f64 / (after - before).max(0.01));
        }
    }
    let mean = all as f64 / (ROUNDS * HISTORIES) as f64;
    println!(
        "ORU-BENCH-1, one thread, median of {ROUNDS} rounds of {HISTORIES} histories: \
         {:.2} M failures/s of processor time, {:.2} M of wall time; mean {mean:.0} failures per history",
        median(by_processor) / 1e6,
        median(by_wall) / 1e6
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
