//! Simulation-based calibration of what recorded years teach: over all truths the ranks of what is true among what is believed
//! are uniform, and beliefs are narrower than before.

mod bank;

use zarya::Data;

const WORLDS: u32 = 1_000;
const SEED: u64 = 11;

/// Tiny two years earlier, with the traffic of its own files: its recorded years.
const RECORD: &str = r#"
why = "two years before the first day"
name = "Tiny before"
as_of = 2024-01-01
hindsight = true

[defaults]
default_basis = "assumed"
default_why = "a case"

[[set]]
path = "claim.through"
value = 2025-12-31

[[set]]
path = "docked.ferry-11.since"
value = 2023-10-10

[[set]]
path = "docked.ferry-11.until"
value = 2024-04-12

[[set]]
path = "docked.freighter-17.since"
value = 2023-11-20

[[set]]
path = "docked.freighter-17.until"
value = 2024-03-10

[[set]]
path = "service.crew-rotation.first"
value = 2024-04-07

[[set]]
path = "service.supply.first"
value = 2024-03-01
"#;

#[test]
fn beliefs_after_the_recorded_years_are_calibrated_and_narrower() {
    /// A uniform law exceeds it once in 10,000 times (9 degrees of freedom).
    const LIMIT: f64 = 33.7;
    let data = Data::embedded().with_text("before.toml", RECORD.as_bytes());
    let open = |overlays: &[String]| match data.station(Some("tiny"), overlays) {
        Ok(opened) => opened.station,
        Err(refused) => panic!("{refused}"),
    };
    let (station, before) = (open(&[]), open(&["before.toml".to_owned()]));
    let bank = bank::bank(&station, &[&before], WORLDS, SEED);
    let missed = bank.worlds.iter().filter(|world| !world.record).count();
    assert!((100..900).contains(&missed), "a record that says something: {missed}");
    for (belief, name) in bank.names.iter().enumerate() {
        let found = bank.judge(belief, |truth| truth.record);
        assert!(found.uneven < LIMIT, "{name}: {}", found.uneven);
        assert!(found.off < 4.0, "{name}: {}", found.mean);
    }
    let line = bank.judge(0, |truth| truth.record);
    assert!(line.narrower < 0.95, "{}", line.narrower);
    // Told the contrary, beliefs lie to one side of the truth: the test would notice.
    let wrong = bank.judge(0, |truth| !truth.record);
    assert!(wrong.off > 8.0, "{}", wrong.mean);
}
