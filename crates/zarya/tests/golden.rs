//! What 200 histories of the station `tiny` come to, in numbers that change only on purpose.
//!
//! No number here is a truth: those stand in the cases. But a change of a rule moves some of them, and whoever
//! moves them says so by writing the table anew: `ZARYA_BLESS=1 cargo test -p zarya --test golden`.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use zarya::Data;
use zarya_simulation::outcome::{EndState, Rung};
use zarya_simulation::{Control, Outcome, Plan, Variant, ensemble};

const WORLDS: u32 = 10;
const HISTORIES_PER_WORLD: u32 = 20;
const SEED: u64 = 1;

/// One number a line: sums over histories, dates as days from the as-of date.
fn table(plan: &Plan, outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| writeln!(text, "{name} = {value}").expect("a text");
    for state in EndState::ALL {
        let n = outcomes.iter().filter(|o| o.end_state == state).count();
        line(&format!("end {}", state.name()), n.to_string());
    }
    for (i, rung) in Rung::ALL.iter().enumerate() {
        let n = outcomes.iter().filter(|o| o.rungs & (1 << i) != 0).count();
        line(&format!("rung {rung:?}"), n.to_string());
    }
    let counts: Vec<_> = outcomes.iter().map(|o| serde_json::to_value(o.counts)).collect();
    let counts: Vec<_> = counts.into_iter().map(|c| c.expect("counts are plain")).collect();
    for name in counts[0].as_object().expect("a table").keys() {
        let sum: u64 = counts.iter().map(|c| c[name].as_u64().expect("a count")).sum();
        line(&format!("count {name}"), sum.to_string());
    }
    for (name, of) in [
        ("survives", (|o| o.survives) as fn(&Outcome) -> _),
        ("crewed", |o| o.crewed),
        ("full", |o| o.full),
    ] {
        let breaches: Vec<_> = outcomes.iter().filter_map(of).collect();
        let days: f64 = breaches.iter().map(|b| b.at - plan.as_of.mjd()).sum();
        line(&format!("breaches {name}"), breaches.len().to_string());
        line(&format!("days to breaches {name}"), format!("{days:.3}"));
    }
    for (name, of) in [
        ("cargo_kg", (|o| o.cargo_kg) as fn(&Outcome) -> f64),
        ("research_h", |o| o.research_h),
        ("upkeep_h", |o| o.upkeep_h),
        ("propellant_kg", |o| o.propellant_kg),
    ] {
        line(name, format!("{:.3}", outcomes.iter().map(of).sum::<f64>()));
    }
    for (c, capability) in plan.capabilities.iter().enumerate() {
        let days: f64 = outcomes.iter().map(|o| f64::from(o.short_d[c])).sum();
        line(&format!("days short of {}", capability.id), format!("{days:.3}"));
    }
    for (s, series) in plan.series.iter().enumerate() {
        let last = |o: &Outcome| f64::from(o.samples[o.samples.len() - plan.series.len() + s]);
        let sum: f64 = outcomes.iter().map(last).sum();
        line(&format!("last {}", series.id), format!("{sum:.3}"));
    }
    text
}

#[test]
fn tiny_comes_to_the_same_numbers() {
    let station = Data::embedded().station(Some("tiny"), &[]).expect("it is embedded").station;
    let plan =
        Plan::compile(&station, station.claim.through, &Variant::default()).expect("compiles");
    let stop = AtomicBool::new(false);
    let control = Control {
        threads: 2,
        histories_per_world: HISTORIES_PER_WORLD,
        stop: &stop,
        progress: &|_| {},
    };
    let outcomes = ensemble::run(&plan, SEED, 0..WORLDS, &control);
    assert_eq!(outcomes.len() as u32, WORLDS * HISTORIES_PER_WORLD);
    let found = table(&plan, &outcomes);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tiny.txt");
    if std::env::var_os("ZARYA_BLESS").is_some() {
        std::fs::write(&path, &found).expect("the tests' folder is writable");
    }
    let kept = std::fs::read_to_string(&path).expect("the table is in the repository");
    for (kept, found) in kept.lines().zip(found.lines()) {
        assert_eq!(kept, found, "a rule has moved: see the head of this file");
    }
    assert_eq!(kept.lines().count(), found.lines().count());
}
