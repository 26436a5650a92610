//! What counts in service have moved: factors on failure rates before and after, and what the draws are worth.
//!
//! `cargo run --release -p zarya-simulation --example service -- FOLDER [WORLDS] [SEED]`
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a program for people reads the clock and prints"
)]

use std::time::Instant;
use std::{env, fs, path::Path};
use zarya_simulation::{Drawn, Plan, Variant, World};
use zarya_station::Station;
use zarya_units::math;

fn files(folder: &Path, below: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder of station files").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && name == "orus" {
            files(&path, "orus/", found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push((format!("{below}{name}"), fs::read(&path).expect("readable")));
        }
    }
}

fn load(files: &[(String, Vec<u8>)]) -> Station {
    match zarya_station::load(files, &[]) {
        Ok((station, _)) => station,
        Err(diagnostics) => panic!("{}", zarya_station::render(&diagnostics, files)),
    }
}

/// Mean and standard deviation of the logarithm of each input, weighed.
fn moments(plan: &Plan, seed: u64, worlds: u32) -> (Vec<(Drawn, f64, f64)>, f64) {
    let mut sums: Vec<(Drawn, f64, f64)> = Vec::new();
    let (mut whole, mut squared) = (0.0, 0.0);
    for world in 0..worlds {
        let weight = math::exp(World::log_correction(plan, seed, world));
        whole += weight;
        squared += weight * weight;
        for (at, (drawn, value)) in World::inputs(plan, seed, world).into_iter().enumerate() {
            if sums.len() <= at {
                sums.push((drawn, 0.0, 0.0));
            }
            let ln = math::ln(value.max(1e-9));
            sums[at].1 += weight * ln;
            sums[at].2 += weight * ln * ln;
        }
    }
    let of = |(drawn, sum, squares): (Drawn, f64, f64)| {
        let mean = sum / whole;
        (drawn, mean, (squares / whole - mean * mean).max(0.0).sqrt())
    };
    (sums.into_iter().map(of).collect(), whole * whole / squared)
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let number = |at: usize, default: u32| {
        arguments.get(at).map_or(default, |n| n.parse().expect("a number"))
    };
    let (worlds, seed) = (number(2, 10_000), u64::from(number(3, 1)));
    let mut found = Vec::new();
    files(Path::new(&arguments[1]), "", &mut found);
    let after = load(&found);
    let before = Station { unit_service: Vec::new(), ..after.clone() };
    let compile = |station: &Station| {
        Plan::compile(station, station.claim.through, &Variant::default()).expect("compiles")
    };
    let (before, after) = (compile(&before), compile(&after));
    let drawn_s = [&before, &after].map(|plan| {
        let began = Instant::now();
        for world in 0..500 {
            std::hint::black_box(World::draw(plan, seed, world));
        }
        began.elapsed().as_secs_f64()
    });
    let (was, _) = moments(&before, seed, worlds);
    let (is, effective) = moments(&after, seed, worlds);
    // What the counts touch is drawn otherwise; the rest has the same bits.
    let (untouched, world) = (World::inputs(&before, seed, 0), World::inputs(&after, seed, 0));
    for at in (0..world.len()).filter(|at| world[*at] != untouched[*at]) {
        let ((what, mean, deviation), (_, to, deviation_to)) = (&was[at], &is[at]);
        println!("{what}: {mean:+.3} {deviation:.3} -> {to:+.3} {deviation_to:.3}");
    }
    println!(
        "logarithms, mean and standard deviation; {worlds} worlds are worth {effective:.0}; 500 worlds drawn in {:.3} s, \
         {:.3} s without counts",
        drawn_s[1], drawn_s[0]
    );
}
