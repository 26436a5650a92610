//! Whole histories of the embedded ISS through 2028, everything on.
//!
//! `cargo bench -p zarya --bench histories`

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // a benchmark reads the clock and prints

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;
use zarya_simulation::{Control, HISTORIES_PER_WORLD, Outcome, Plan, Variant, ensemble};
use zarya_units::Date;

const WORLDS: u32 = 100;
const ROUNDS: u32 = 7;

fn main() {
    // A folder of station files in place of the embedded ISS, to compare two of them.
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = folder.as_deref().map(Path::new);
    let name = folder.map(|folder| folder.display().to_string());
    let opened = zarya::open::station(zarya::Data::embedded(), folder, &[])
        .and_then(|data| data.station(name.as_deref(), &[]));
    let station = match opened {
        Ok(opened) => opened.station,
        Err(error) => {
            println!("the embedded ISS does not load: {error}");
            return;
        }
    };
    let through = Date::new(2028, 12, 31).expect("a date of the calendar");
    let plan = Plan::compile(&station, through, &Variant::default()).expect("the ISS compiles");
    let outcomes = play(&plan, 0, 1);
    let events = outcomes.iter().map(|o| f64::from(o.counts.events)).sum::<f64>();
    println!(
        "ISS through {through}: {} installed units of {} types, {} capabilities, {} flights, \
         {:.0} events a history",
        plan.n_units,
        plan.types.len(),
        plan.capabilities.len(),
        plan.n_flights,
        events / outcomes.len() as f64
    );
    // One and two threads in turn, so that what else the machine does strikes both alike.
    let mut one = Vec::new();
    let mut two = Vec::new();
    for round in 0..=ROUNDS {
        let rates = [1, 2].map(|threads| rate(&plan, round * WORLDS, threads));
        if round > 0 {
            one.push(rates[0]);
            two.push(rates[1]);
        }
    }
    let ratio = median(one.iter().zip(&two).map(|(a, b)| b.0 / a.0).collect());
    let (wall, cpu): (Vec<f64>, Vec<f64>) = one.into_iter().unzip();
    let (wall_of_two, cpu_of_two): (Vec<f64>, Vec<f64>) = two.into_iter().unzip();
    let (cpu, cpu_of_two) = (median(cpu), median(cpu_of_two));
    println!(
        "one thread, median of {ROUNDS} rounds of {} histories: {cpu:.0} histories/s of processor \
         time, {:.0} of wall time",
        WORLDS * HISTORIES_PER_WORLD,
        median(wall)
    );
    // On a busy machine the wall time is that of whoever else runs; the processor time is ours.
    println!(
        "two threads: {:.0} histories/s of wall time, {ratio:.2} times one; {:.2} times one if both \
         cores were ours alone (twice {cpu_of_two:.0} histories/s of processor time)",
        median(wall_of_two),
        2.0 * cpu_of_two / cpu
    );
}

fn play(plan: &Plan, first: u32, threads: usize) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control = Control {
        threads,
        histories_per_world: HISTORIES_PER_WORLD,
        stop: &stop,
        progress: &|_| {},
    };
    ensemble::run(plan, 7, first..first + WORLDS, &control)
}

/// Histories per second of wall time and of processor time.
fn rate(plan: &Plan, first: u32, threads: usize) -> (f64, f64) {
    let (wall, cpu) = (Instant::now(), processor_s());
    let n = play(plan, first, threads).len() as f64;
    let seconds = processor_s().zip(cpu).map_or(f64::NAN, |(after, before)| after - before);
    (n / wall.elapsed().as_secs_f64(), n / seconds)
}

/// Seconds of processor time of this process so far; `None` where the system does not tell.
fn processor_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
