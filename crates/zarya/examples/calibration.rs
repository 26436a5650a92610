//! Simulation-based calibration of a station with recorded years.
//!
//! `cargo run --release -p zarya --example calibration -- [STATION] [WORLDS] [SEED]`
#![allow(clippy::print_stdout, reason = "a study prints")]

#[path = "../tests/bank/mod.rs"]
mod bank;
mod legs;

use std::env;
use zarya::Data;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let station = arguments.get(1).map_or("iss", String::as_str);
    let number = |at: usize, default: u32| {
        arguments.get(at).map_or(default, |text| text.parse().expect("a number"))
    };
    let (now, legs) = legs::open(&Data::embedded(), station);
    assert!(!legs.is_empty(), "no recorded years");
    let past: Vec<_> = legs.iter().collect();
    let bank = bank::bank(&now, &past, number(2, 1_000), u64::from(number(3, 11)));
    let missed = bank.worlds.iter().filter(|world| !world.record).count();
    println!(
        "{} worlds; {missed} of them, as truths, do not make the recorded years",
        bank.worlds.len()
    );
    println!("chi2  mean rank  off  variance after/before  belief");
    let mut found: Vec<_> = (0..bank.names.len())
        .map(|belief| (bank.judge(belief, |truth| truth.record), &bank.names[belief]))
        .collect();
    let line = found.remove(0);
    let uneven = found.iter().filter(|(of, _)| of.uneven > 16.9).count();
    found.sort_by(|a, b| a.0.narrower.total_cmp(&b.0.narrower));
    for (of, name) in [line].iter().chain(found.iter().take(12)) {
        println!("{:5.1} {:.3} {:.1} {:.3} {name}", of.uneven, of.mean, of.off, of.narrower);
    }
    let most = found.iter().map(|(of, _)| of.uneven).fold(0.0, f64::max);
    println!(
        "of {} inputs {uneven} exceed the 5 % point of chi2 with 9 degrees, 16.9; the largest {most:.1}",
        found.len()
    );
    println!(
        "mean ranks off by 2 errors or more: {}",
        found.iter().filter(|(of, _)| of.off > 2.0).count()
    );
}
