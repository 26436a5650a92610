//! Times demand and allocation on the inputs that `run.py` gives, in one thread, and prints JSON:
//! the least of some repetitions, since other work on a machine only ever adds time.

use std::time::Instant;
use zarya_reliability::Repair;
use zarya_reliability::allocation::{Problem, Proof, Step, solve};
use zarya_reliability::campaign::{DemandModel, campaign};
use zarya_reliability::unit::Unit;

fn least_ms<T>(repetitions: u32, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut answer = work();
    let mut least = f64::INFINITY;
    for _ in 0..repetitions {
        let start = Instant::now();
        answer = work();
        least = least.min(start.elapsed().as_secs_f64() * 1e3);
    }
    (least, answer)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = std::fs::read_to_string(&arguments[1]).expect("a readable file");
    let answer = match arguments[0].as_str() {
        "demand" => demand(&text),
        "steps" => steps(&text),
        other => panic!("demand or steps, not {other}"),
    };
    println!("{answer}");
}

/// Lines of group, quantity, MTBF in days, running days, copies.
fn demand(text: &str) -> serde_json::Value {
    let units: Vec<Unit> = text
        .lines()
        .enumerate()
        .map(|(row, line)| {
            let v: Vec<f64> = line.split(',').map(|f| f.parse().expect("a number")).collect();
            let mut unit = Unit::exponential(&row.to_string(), v[2]);
            unit.group = v[0].to_string();
            unit.quantity = v[1] as u32;
            unit.running_d = Some(v[3]);
            unit.copies = v[4] as u32;
            unit
        })
        .collect();
    let fleets: Vec<u32> = (1..=10).collect();
    let repair = Repair::Lognormal { mean_d: 0.5, deviation_d: 1.0 / 24.0 };
    let model = DemandModel { repair, ..DemandModel::poisson(19_000.0 / 24.0) };
    let (ms, rows) = least_ms(50, || campaign(&units, &fleets, &model));
    let confidence = 0.99_f64.powf(1.0 / 337.0);
    let thresholds: u64 = rows
        .iter()
        .flatten()
        .map(|period| u64::from(period.threshold(confidence).unwrap_or(0)))
        .sum();
    serde_json::json!({ "ms": ms, "thresholds": thresholds })
}

fn steps(text: &str) -> serde_json::Value {
    let mut lines = text.lines();
    let head = lines.next().expect("a first line");
    let target_gain = head.split_whitespace().nth(1).and_then(|f| f.parse().ok()).expect("a gain");
    let mut rows: Vec<Vec<Step>> = Vec::new();
    for line in lines {
        let v: Vec<f64> = line.split_whitespace().map(|f| f.parse().expect("a number")).collect();
        rows.resize_with(rows.len().max(v[0] as usize + 1), Vec::new);
        rows[v[0] as usize].push(Step { mass_kg: v[1], gain: v[2] });
    }
    let problem = Problem { rows, target_gain };
    let (ms, best) = least_ms(20, || solve(&problem).expect("a solution"));
    serde_json::json!({
        "ms": ms,
        "rows": problem.rows.len(),
        "mass_kg": best.mass_kg,
        "optimal": best.proof == Proof::Optimal,
    })
}
