//! The arrows between crates: dependencies only point up the list of `ARCHITECTURE.md`.

use std::path::Path;

/// Each crate and those of ours it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("zarya-units", &[]),
    ("zarya-orbit", &["zarya-units"]),
    ("zarya-reliability", &["zarya-units"]),
    ("zarya-systems", &["zarya-units"]),
    ("zarya-station", &["zarya-units"]),
    (
        "zarya-simulation",
        &["zarya-units", "zarya-orbit", "zarya-reliability", "zarya-systems", "zarya-station"],
    ),
    ("zarya-assessment", &["zarya-units", "zarya-station", "zarya-simulation"]),
    (
        "zarya",
        &[
            "zarya-units",
            "zarya-orbit",
            "zarya-reliability",
            "zarya-systems",
            "zarya-station",
            "zarya-simulation",
            "zarya-assessment",
        ],
    ),
];

/// Heavy or worldly libraries that only the doors may use.
const DOORS_ONLY: &[&str] = &["clap", "ctrlc", "indicatif"];

#[test]
fn no_arrow_points_down() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("crates/");
    for (name, allowed) in ALLOWED {
        let manifest = std::fs::read_to_string(crates.join(name).join("Cargo.toml")).unwrap();
        let product = manifest.split("[dev-dependencies]").next().unwrap();
        for line in product.lines().skip_while(|l| *l != "[dependencies]").skip(1) {
            let Some((dependency, _)) = line.split_once(['.', '=']) else { continue };
            let dependency = dependency.trim();
            if dependency.starts_with("zarya") {
                assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
            }
            assert!(
                !DOORS_ONLY.contains(&dependency),
                "{dependency} belongs in a door, not {name}"
            );
        }
    }
}
