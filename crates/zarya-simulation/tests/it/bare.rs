//! A station with nothing in it but two people, for cases with one mechanism each.
//!
//! Nothing strikes, nothing sinks, nobody leaves: what a case adds is all that happens. Worlds know
//! everything unless a case says otherwise, so that a closed form has one set of parameters.

use std::sync::atomic::AtomicBool;
use zarya_simulation::{Control, Outcome, Plan, Variant, ensemble};
use zarya_station::Station;
use zarya_units::Date;

/// Of all histories that are flown here.
pub(crate) const SEED: u64 = 7;
/// Days from the as-of date to the end of the last day.
pub(crate) const SPAN_D: f64 = 1096.0;

const FILES: &[(&str, &str)] = &[
    ("station.toml", include_str!("../../../../cases/station/bare/station.toml")),
    ("crew.toml", include_str!("../../../../cases/station/bare/crew.toml")),
    ("vehicles.toml", include_str!("../../../../cases/station/bare/vehicles.toml")),
    ("manifest.toml", include_str!("../../../../cases/station/bare/manifest.toml")),
    ("partners.toml", include_str!("../../../../cases/station/bare/partners.toml")),
    ("elements.toml", include_str!("../../../../cases/station/bare/elements.toml")),
    ("capabilities.toml", include_str!("../../../../cases/station/bare/capabilities.toml")),
    ("stocks.toml", include_str!("../../../../cases/station/bare/stocks.toml")),
    ("maintenance.toml", include_str!("../../../../cases/station/bare/maintenance.toml")),
    ("hazards.toml", include_str!("../../../../cases/station/bare/hazards.toml")),
    ("conditions.toml", include_str!("../../../../cases/station/bare/conditions.toml")),
    ("claim.toml", include_str!("../../../../cases/station/bare/claim.toml")),
    ("sources.toml", include_str!("../../../../cases/station/bare/sources.toml")),
];

/// A unit type that serves `function`, with `keys` for what the case is about. No spare of it ever
/// comes unless the keys say so.
pub(crate) fn unit(keys: &str) -> String {
    let rest = [
        ("installed", "1"),
        ("error_factor", "1"),
        ("mass", "\"1 kg\""),
        ("spares", "{ aboard = 0, ground = 0 }"),
        ("lead_time", "\"100000 d\""),
        ("build_time", "\"100000 d\""),
        ("repair", "{ crew = \"0 h\", where = \"inside\" }"),
    ];
    let mut text = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[oru]]\n\
        id = \"unit\"\nname = \"Unit\"\nserves = \"function\"\nsegment = \"core\"\n"
        .to_owned();
    for (key, value) in rest {
        if key == "error_factor" && keys.contains("rate_shape") {
            continue;
        }
        if !keys.lines().any(|line| line.trim_start().starts_with(&format!("{key} ="))) {
            text.extend([key, " = ", value, "\n"]);
        }
    }
    text + keys
}

/// The files of the bare station, as the loader takes them.
pub(crate) fn base_files() -> Vec<(String, Vec<u8>)> {
    FILES.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The bare station with some files replaced or added.
pub(crate) fn station(changes: &[(&str, &str)]) -> Station {
    let mut files: Vec<(String, Vec<u8>)> = FILES
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .chain(changes)
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect();
    files.sort();
    match zarya_station::load(&files, &[]) {
        Ok((station, _)) => station,
        Err(diagnostics) => panic!("{}", zarya_station::render(&diagnostics, &files)),
    }
}

/// A file of the bare station, for cases that extend it.
pub(crate) fn file(name: &str) -> &'static str {
    FILES.iter().find(|(known, _)| *known == name).expect("a file of the bare station").1
}

pub(crate) fn plan(changes: &[(&str, &str)]) -> Plan {
    plan_through(changes, "2028-12-31")
}

pub(crate) fn plan_through(changes: &[(&str, &str)], through: &str) -> Plan {
    let through = Date::parse(through).expect("a date");
    Plan::compile(&station(changes), through, &Variant::default()).expect("compiles")
}

/// `worlds` worlds of `per_world` histories, on one thread.
pub(crate) fn histories(plan: &Plan, worlds: u32, per_world: u32) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control =
        Control { threads: 1, histories_per_world: per_world, stop: &stop, progress: &|_| {} };
    ensemble::run(plan, SEED, 0..worlds, &control)
}

/// The share of histories in which `holds`.
pub(crate) fn share(outcomes: &[Outcome], holds: impl Fn(&Outcome) -> bool) -> f64 {
    outcomes.iter().filter(|o| holds(o)).count() as f64 / outcomes.len() as f64
}

/// Mean and standard error of a number of each history.
pub(crate) fn mean(outcomes: &[Outcome], of: impl Fn(&Outcome) -> f64) -> (f64, f64) {
    let n = outcomes.len() as f64;
    let mean = outcomes.iter().map(&of).sum::<f64>() / n;
    let variance = outcomes.iter().map(|o| (of(o) - mean) * (of(o) - mean)).sum::<f64>() / n;
    (mean, (variance / n).sqrt())
}

/// Asserts that an observed share of `n` histories lies within four standard errors of `expected`
/// (one test in 16,000 would fail by chance; the seed is fixed).
pub(crate) fn assert_share(observed: f64, expected: f64, n: usize) {
    let error = (expected * (1.0 - expected) / n as f64).sqrt();
    assert!(
        (observed - expected).abs() <= 4.0 * error,
        "observed {observed:.5}, expected {expected:.5} +- {error:.5} (one standard error)"
    );
}

/// Asserts that an observed mean lies within four of its standard errors of `expected`.
pub(crate) fn assert_mean((observed, error): (f64, f64), expected: f64) {
    assert!(
        (observed - expected).abs() <= 4.0 * error,
        "observed {observed:.5} +- {error:.5} (one standard error), expected {expected:.5}"
    );
}
