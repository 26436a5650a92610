//! Shares of histories that keep each tier, unweighted, and how fast they are run: what a rule of the engine moves and costs.
//!
//! `cargo run --release -p zarya-simulation --example tiers -- FOLDER [THROUGH] [HISTORIES] [SEED] [OVERLAY…]`
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a timing program reads the clock and prints"
)]

use std::sync::atomic::AtomicBool;
use std::time::Instant;
use std::{env, fs, path::Path, thread};
use zarya_simulation::{Control, Outcome, Plan, Variant, ensemble};
use zarya_units::Date;

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

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let mut found = Vec::new();
    files(Path::new(&arguments[1]), "", &mut found);
    let read = |name: &String| (name.clone(), fs::read(name).expect("readable"));
    let overlays: Vec<_> = arguments.get(5..).unwrap_or_default().iter().map(read).collect();
    let station = match zarya_station::load(&found, &overlays) {
        Ok((station, _)) => station,
        Err(diagnostics) => panic!("{}", zarya_station::render(&diagnostics, &found)),
    };
    let through = match arguments.get(2).filter(|text| *text != "-") {
        Some(text) => Date::parse(text).expect("a date"),
        None => station.claim.through,
    };
    let number =
        |at: usize, default| arguments.get(at).map_or(default, |n| n.parse().expect("a number"));
    let (histories, seed) = (number(3, 4000_u32), u64::from(number(4, 1_u32)));
    let plan = Plan::compile(&station, through, &Variant::default()).expect("compiles");
    let threads = thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let stop = AtomicBool::new(false);
    let control = Control {
        threads: threads as usize,
        histories_per_world: 20,
        stop: &stop,
        progress: &|_| {},
    };
    // One future as a story, with how often each kind of sentence comes.
    if let Some(history) = env::var("TELL").ok().and_then(|n| n.parse().ok()) {
        let (outcome, notes) = ensemble::tell(&plan, seed, history);
        for note in notes {
            println!("{} {}", Date::from_mjd(note.at.floor()), note.text);
        }
        println!("{:?} {:?}", outcome.crewed, outcome.counts);
        return;
    }
    let began = Instant::now();
    let outcomes = ensemble::run(&plan, seed, 0..histories / 20, &control);
    let seconds = began.elapsed().as_secs_f64();
    let share = |keeps: &dyn Fn(&Outcome) -> bool| {
        outcomes.iter().filter(|o| keeps(o)).count() as f64 / outcomes.len() as f64
    };
    let events: f64 = outcomes.iter().map(|o| f64::from(o.counts.events)).sum();
    println!(
        "survives {:.4} crewed {:.4} full {:.4}; {} histories, seed {seed}, {seconds:.2} s on {threads} threads, {:.0} histories/s, \
         {:.0} events a history",
        share(&|o| o.survives.is_none()),
        share(&|o| o.crewed.is_none()),
        share(&|o| o.full.is_none()),
        outcomes.len(),
        outcomes.len() as f64 / seconds,
        events / outcomes.len() as f64
    );
    let mut causes = std::collections::BTreeMap::new();
    for breach in outcomes.iter().filter_map(|o| o.crewed) {
        let of = |cause: u16| plan.causes[usize::from(cause)].id.clone();
        *causes.entry((of(breach.cause.direct), of(breach.cause.root))).or_insert(0) += 1;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    for ((direct, root), n) in causes.iter().take(8) {
        println!("{n:6} {direct} <- {root}");
    }
}
