//! The default answer under many seeds: whether its printed errors are those that it has, and whether what worlds weigh would
//! be found again by other histories.
//!
//! `cargo run --release -p zarya --example seeds -- [STATION] [SEEDS] [FIRST SEED]`
#![allow(clippy::print_stdout, reason = "a study prints")]

mod legs;

use std::env;
use std::sync::atomic::AtomicBool;
use zarya::assess::{Depth, Question, answer};
use zarya::assessment::Verdict;
use zarya::units::math;
use zarya::{Control, Data};
use zarya_simulation::ensemble;
use zarya_simulation::{HISTORIES_PER_WORLD, Plan, Timeline, Variant};

/// Worlds whose weights are found twice.
const WORLDS: u32 = 500;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation.
fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let n = pairs.len() as f64 - 1.0;
    pairs.iter().map(|(x, y)| (x - mean_a) * (y - mean_b)).sum::<f64>()
        / n
        / spread(&a)
        / spread(&b)
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let station = arguments.get(1).map_or("iss", String::as_str);
    let number = |at: usize, default: u64| {
        arguments.get(at).map_or(default, |text| text.parse().expect("a number"))
    };
    let (seeds, first) = (number(2, 20), number(3, 1));
    let data = Data::embedded();
    println!(
        "seed  station error low   high   all   error low   high  prior effective largest  k    verdict"
    );
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let mut verdicts = Vec::new();
    for seed in first..first + seeds {
        let question = Question {
            station: Some(station.to_owned()),
            seed,
            depth: Depth::Record,
            ..Question::default()
        };
        let found = answer(&question, &data, &Control::silent()).expect("an answer");
        let (own, all) = (found.station.own.expect("a line"), found.probability);
        let k = found.pareto_k.map_or("-".to_owned(), |k| format!("{k:.2}"));
        let borderline = if found.decides.starts_with("Borderline") { ", borderline" } else { "" };
        let row = [own.mean, own.standard_error, own.low, own.high]
            .into_iter()
            .chain([all.mean, all.standard_error, all.low, all.high])
            .collect::<Vec<f64>>();
        let lines: Vec<String> = row
            .chunks(4)
            .map(|of| format!("{:.4} {:.4} {:.3} {:.3}", of[0], of[1], of[2], of[3]))
            .collect();
        println!(
            "{seed:4}  {}  {:.3} {:6.0} {:8.4}  {k}  {:?}{borderline}",
            lines.join("  "),
            own.prior_mean,
            found.effective_worlds,
            found.largest_weight,
            found.verdict
        );
        rows.push(row);
        verdicts.push((found.verdict, !borderline.is_empty()));
    }
    let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
    for (name, at) in [("station", 0), ("all risks", 4)] {
        let printed = mean(&column(at + 1));
        let seen = spread(&column(at));
        println!(
            "{name}: mean {:.4}, printed error {printed:.4}, spread {seen:.4}, ratio {:.2}; spread of the band's ends {:.4} and {:.4}",
            mean(&column(at)),
            seen / printed,
            spread(&column(at + 2)),
            spread(&column(at + 3))
        );
    }
    let same = |v: &Verdict| verdicts.iter().filter(|(other, _)| other == v).count();
    let most = verdicts.iter().map(|(v, _)| same(v)).max().unwrap_or(0);
    let off = verdicts.iter().filter(|(v, borderline)| same(v) < most && !borderline).count();
    println!("verdicts: {most} of {} alike, {off} others not called borderline", verdicts.len());
    weights_twice(station, &data, first);
}

/// Flies the recorded years of the same worlds with two sets of histories.
fn weights_twice(station: &str, data: &Data, seed: u64) {
    let (now, legs) = legs::open(data, station);
    if legs.is_empty() {
        println!("no recorded years: nothing weighs worlds");
        return;
    }
    let own = Variant { only_systems: true, ..Variant::default() };
    let past: Vec<Plan> = legs
        .iter()
        .map(|case| Plan::compile(case, case.claim.through, &own).expect("compiles"))
        .collect();
    let plan = Plan::compile(&now, now.claim.through, &Variant::default()).expect("compiles");
    let stop = AtomicBool::new(false);
    let both = 2 * HISTORIES_PER_WORLD;
    let control = zarya_simulation::Control {
        threads: 0,
        histories_per_world: both,
        stop: &stop,
        progress: &|_| {},
    };
    let missed = ensemble::pasts(&Timeline::new(&past, &plan), seed, 0..WORLDS, &control);
    let held = |half: &[u8]| half.iter().map(|legs| f64::from(u8::from(*legs == 0))).sum::<f64>();
    let pairs: Vec<(f64, f64)> = missed
        .chunks(both as usize)
        .map(|world| {
            let (a, b) = world.split_at(HISTORIES_PER_WORLD as usize);
            (held(a), held(b))
        })
        .collect();
    let log: Vec<(f64, f64)> = pairs
        .iter()
        .filter(|(a, b)| *a > 0.0 && *b > 0.0)
        .map(|(a, b)| (math::ln(*a), math::ln(*b)))
        .collect();
    println!(
        "weights of {WORLDS} worlds by two sets of {HISTORIES_PER_WORLD} histories: correlation {:.3}; their logarithms {:.3} \
         ({} worlds without a weight in one of them); mean weight {:.3}, spread {:.3}",
        correlation(&pairs),
        correlation(&log),
        pairs.len() - log.len(),
        mean(&pairs.iter().map(|p| p.0 / f64::from(HISTORIES_PER_WORLD)).collect::<Vec<_>>()),
        spread(&pairs.iter().map(|p| p.0 / f64::from(HISTORIES_PER_WORLD)).collect::<Vec<_>>()),
    );
}
