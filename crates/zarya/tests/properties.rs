//! What must hold of any ensemble, on the embedded stations.

use std::sync::atomic::AtomicBool;
use zarya::Data;
use zarya_simulation::outcome::Breach;
use zarya_simulation::{Control, Outcome, Plan, Variant, ensemble};
use zarya_station::Station;
use zarya_units::{Date, Mjd};

fn station(id: &str, overlays: &[&str]) -> Station {
    let overlays: Vec<String> = overlays.iter().map(ToString::to_string).collect();
    Data::embedded().station(Some(id), &overlays).expect("embedded stations load").station
}

fn plan(id: &str) -> Plan {
    let station = station(id, &[]);
    Plan::compile(&station, station.claim.through, &Variant::default()).expect("compiles")
}

fn histories(plan: &Plan, worlds: std::ops::Range<u32>, threads: usize) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control = Control { threads, histories_per_world: 20, stop: &stop, progress: &|_| {} };
    ensemble::run(plan, 7, worlds, &control)
}

/// Bytes of outcomes, so that equality is of bits and not of floating-point numbers.
fn bytes(outcomes: &[Outcome]) -> Vec<u8> {
    serde_json::to_vec(outcomes).expect("outcomes are plain")
}

#[test]
fn one_thread_and_three_give_the_same_bytes() {
    let plan = plan("iss");
    assert_eq!(bytes(&histories(&plan, 0..4, 1)), bytes(&histories(&plan, 0..4, 3)));
}

#[test]
fn shards_in_order_are_the_whole() {
    for id in ["iss", "tiny"] {
        let plan = plan(id);
        let whole = histories(&plan, 0..5, 2);
        let mut parts = histories(&plan, 0..2, 1);
        parts.extend(histories(&plan, 2..5, 2));
        assert_eq!(bytes(&whole), bytes(&parts));
    }
}

/// An engine is used again for the next history of its world: nothing may stay behind in it.
#[test]
fn a_history_told_alone_is_the_one_of_the_ensemble() {
    for (id, worlds) in [("iss", 3), ("tiny", 10)] {
        let plan = plan(id);
        for (i, outcome) in histories(&plan, 0..worlds, 2).iter().enumerate() {
            assert_eq!(outcome.history as usize, i);
            let (told, notes) = ensemble::tell(&plan, 7, i as u32);
            assert_eq!(
                bytes(std::slice::from_ref(outcome)),
                bytes(&[told]),
                "history {i} of {id} depends on those before it"
            );
            assert!(!notes.is_empty());
            assert!(notes.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }
    }
}

fn until(breach: Option<Breach>, end: Mjd) -> Option<Breach> {
    breach.filter(|b| b.at < end)
}

/// A later date of the claim adds to histories and changes nothing in them.
#[test]
fn a_later_date_only_adds() {
    let station = station("iss", &[]);
    let compile = |through: &str| {
        Plan::compile(&station, Date::parse(through).expect("a date"), &Variant::default())
            .expect("compiles")
    };
    let (short, long) = (compile("2026-09-30"), compile("2028-12-31"));
    let end = Date::parse("2026-10-01").expect("a date").mjd();
    let (a, b) = (histories(&short, 0..6, 2), histories(&long, 0..6, 2));
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(a.survives, until(b.survives, end), "history {}", a.history);
        assert_eq!(a.crewed, until(b.crewed, end), "history {}", a.history);
        assert_eq!(a.full, until(b.full, end), "history {}", a.history);
        let bits = |samples: &[f32]| samples.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&a.samples), bits(&b.samples[..a.samples.len()]));
        assert!(a.counts.failures <= b.counts.failures && a.counts.evas <= b.counts.evas);
    }
}

/// What is on record for a later day is not known before: with a recorded flight lost instead of
/// flown, histories are the same up to its launch, and not after.
#[test]
fn the_fate_of_a_recorded_flight_changes_nothing_before_it() {
    let scenario = "progress-2011";
    let flown = station("iss", &[scenario]);
    let mut lost = flown.clone();
    let flight = lost.flights.iter_mut().find(|f| f.id == "progress-m-14m").unwrap();
    let day = flight.date.mjd();
    flight.outcome = zarya_station::model::Outcome::Lost;
    let compile =
        |s: &Station| Plan::compile(s, s.claim.through, &Variant::default()).expect("compiles");
    let (plan, other) = (compile(&flown), compile(&lost));
    let rows = plan.sample_dates.iter().filter(|at| **at <= day).count() * plan.series.len();
    assert!(rows > 0);
    let mut changed = 0;
    for (a, b) in histories(&plan, 0..3, 2).iter().zip(&histories(&other, 0..3, 2)) {
        assert_eq!(a.samples[..rows], b.samples[..rows]);
        assert_eq!(until(a.full, day), until(b.full, day));
        assert_eq!(until(a.crewed, day), until(b.crewed, day));
        changed += u32::from(a.samples != b.samples);
    }
    assert!(changed > 0, "the flight matters afterwards");
}

/// Looking back uses the Sun that came; without hindsight only the forecast of the day is used, and
/// then the orbit differs.
#[test]
fn only_hindsight_sees_the_sun_that_came() {
    let seeing = station("iss", &["record-2020"]);
    assert!(seeing.identity.hindsight);
    let mut blind = seeing.clone();
    blind.identity.hindsight = false;
    let through = Date::parse("2020-12-31").expect("a date");
    let compile = |s: &Station| Plan::compile(s, through, &Variant::default()).expect("compiles");
    let (a, b) = (histories(&compile(&seeing), 0..1, 1), histories(&compile(&blind), 0..1, 1));
    assert_ne!(a[0].samples, b[0].samples);
}

/// One more spare aboard does not hurt in the mean (paired histories, three standard errors).
#[test]
fn one_more_spare_does_not_hurt() {
    let base = station("tiny", &[]);
    let mut more = base.clone();
    for oru in &mut more.orus {
        oru.spares_aboard = oru.spares_aboard.map(|n| n + 1);
    }
    let compile = |s: &Station| {
        let only = Variant { only_systems: true, ..Variant::default() };
        Plan::compile(s, s.claim.through, &only).expect("compiles")
    };
    let (a, b) = (histories(&compile(&base), 0..60, 2), histories(&compile(&more), 0..60, 2));
    let gains: Vec<f64> = a
        .iter()
        .zip(&b)
        .map(|(a, b)| f64::from(b.crewed.is_none()) - f64::from(a.crewed.is_none()))
        .collect();
    let (mean, error) = mean_by_world(&gains);
    assert!(mean >= -3.0 * error, "{mean} +- {error}");
    let stock_outs = |o: &[Outcome]| o.iter().map(|o| o.counts.stock_outs).sum::<u32>();
    assert!(stock_outs(&b) < stock_outs(&a), "{} {}", stock_outs(&b), stock_outs(&a));
}

/// Mean and its standard error clustered by world of 20 histories.
fn mean_by_world(values: &[f64]) -> (f64, f64) {
    let worlds: Vec<f64> = values.chunks_exact(20).map(|w| w.iter().sum::<f64>() / 20.0).collect();
    let n = worlds.len() as f64;
    let mean = worlds.iter().sum::<f64>() / n;
    let variance = worlds.iter().map(|w| (w - mean) * (w - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
