//! Times the orbit part: one ISS-year, one lookup, one drawn Sun, station-months.
//!
//! `cargo run --release -p zarya-orbit --example time_decay`; median of seven rounds after a warm-up.
//! On Linux the seconds are those the thread was on a processor, so that other work does not count.
#![allow(clippy::print_stdout, reason = "a timing program's output")]
#![allow(clippy::disallowed_methods, reason = "a timing program reads the clock")]

use std::hint::black_box;
use std::time::Instant;
use zarya_orbit::decay::{decay_daily, decay_over};
use zarya_orbit::density::{DensityPath, FITTED_BEFORE_2012};
use zarya_orbit::table::PathRates;
use zarya_orbit::{DecayTable, SunPath, archive};
use zarya_units::Date;
use zarya_units::random::{Source, Stream};

/// Seconds this thread has run: from the scheduler where it says, else by the clock.
fn seconds(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| start.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

/// Seconds per repetition: the median of seven rounds of `n`.
fn median(n: u32, mut work: impl FnMut(u32)) -> f64 {
    let mut rounds: Vec<f64> = (0..8)
        .map(|_| {
            let clock = Instant::now();
            let before = seconds(clock);
            (0..n).for_each(&mut work);
            (seconds(clock) - before) / f64::from(n)
        })
        .skip(1)
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[3]
}

fn main() {
    let clock = Instant::now();
    let before = seconds(clock);
    let table = DecayTable::embedded();
    println!("table spread out on first use: {:.2} ms", (seconds(clock) - before) * 1e3);
    let before = seconds(clock);
    let issue = archive::forecast_of(Date::parse("2025-07").expect("a month")).expect("an issue");
    println!("archive unpacked on first use: {:.2} ms", (seconds(clock) - before) * 1e3);
    let from = Date::parse("2019-01-01").expect("a date").mjd();
    let sun = SunPath::observed(from, 366).expect("observed");
    let year = median(200, |_| {
        let end = decay_daily(table, black_box(415.0), 0.007, from, 365, &sun, |_| 1.0);
        black_box(end);
    });
    println!("one ISS-year, daily steps: {:.1} us", year * 1e6);
    let weekly = median(1_000, |_| {
        black_box(decay_over(table, black_box(415.0), 0.007, 1.0, from, 365.0, &sun));
    });
    println!("one ISS-year, weekly steps: {:.1} us", weekly * 1e6);
    let lookup = median(1_000_000, |i| {
        let altitude = 300.0 + f64::from(i & 127);
        black_box(table.rate_km_d(altitude, 130.0, 120.0, 8.0, i % 365 + 1));
    });
    println!("rate_km_d: {:.1} ns", lookup * 1e9);
    let start = Date::parse("2025-07-31").expect("a date").mjd();
    let stream = Stream::new("sun", "path");
    let draw = median(200, |i| {
        let source = Source::new(1, u64::from(i));
        black_box(SunPath::draw(issue, start, 1_250, &mut |n| source.uniform(stream, n)));
    });
    println!("one drawn Sun of 1,250 days: {:.1} us", draw * 1e6);
    let density = median(2_000, |i| {
        let source = Source::new(1, u64::from(i));
        let mut uniforms = |n| source.uniform(stream, n);
        let path = DensityPath::draw(FITTED_BEFORE_2012, 0.0, 0.2, start, 1_250, &mut uniforms);
        black_box(path);
    });
    println!("one drawn density path of 1,250 days: {:.1} us", density * 1e6);
    let source = Source::new(1, 0);
    let world = SunPath::draw(issue, start, 1_250, &mut |n| source.uniform(stream, n));
    let rates = PathRates::new(table, &world, 30);
    let build = median(20, |_| {
        black_box(PathRates::new(table, &world, 30));
    });
    println!("month rates of one Sun: {:.2} ms", build * 1e3);
    let months = median(20_000, |i| {
        let mut altitude = 415.0 + 1e-4 * f64::from(i);
        for block in 0..rates.blocks() {
            altitude = rates.after_block(altitude, 0.0002, block);
        }
        black_box(altitude);
    });
    println!("station-months: {:.1} million per second", rates.blocks() as f64 / months / 1e6);
}
