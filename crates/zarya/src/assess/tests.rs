//! The contract of an answer on the teaching station: what must add up, and what must not change it.

use super::*;
use std::sync::atomic::{AtomicBool, Ordering};
use zarya_station::model::{Effect, Observation, Rupture};

fn tiny() -> Station {
    crate::Data::embedded().station(Some("tiny"), &[]).unwrap().station
}

fn question(depth: Depth) -> Question {
    Question { histories: 600, seed: 7, depth, ..Question::default() }
}

fn control(threads: usize) -> Control<'static> {
    Control { threads, ..Control::silent() }
}

fn run(station: &Station, cases: &[Station], question: &Question, threads: usize) -> Answer {
    let posed = Posed::of(station.clone(), cases.to_vec(), question).unwrap();
    let control = control(threads);
    judge(&posed, &base_ensemble(&posed, &control), &control).unwrap()
}

#[test]
fn parts_of_an_answer_add_up() {
    let station = tiny();
    let a = run(&station, &[], &question(Depth::Full), 2);
    let e = &a.end_states;
    let states = e.nominal
        + e.reduced
        + e.de_crewed
        + e.loss_of_crew
        + e.loss_of_escape_vehicle
        + e.loss_of_station;
    assert!((states - 1.0).abs() < 1e-9, "{states}");
    let s = &a.split;
    let product = s.systems.mean
        * s.debris.mean
        * s.crew_transport.mean
        * s.medical.mean
        * s.fire_toxic_collision.mean;
    let product = product * s.crew_rotation.mean;
    assert!((product - a.probability.mean).abs() < 1e-9, "{product}");
    assert_eq!(a.tiers.crewed, a.probability);
    assert!(a.tiers.survives.mean >= a.tiers.crewed.mean);
    assert!(a.tiers.crewed.mean >= a.tiers.full.mean);
    assert!(a.probability.low <= a.probability.mean && a.probability.mean <= a.probability.high);
    let last = a.survival.last().unwrap();
    assert_eq!((last.date, last.probability), (a.claim.through, a.probability.mean));
    assert!(a.survival.windows(2).all(|w| w[0].probability >= w[1].probability));
    assert_eq!(a.conditions.len(), station.conditions.len());
    for c in &a.conditions {
        assert!((a.probability.mean - c.without - c.drop).abs() < 1e-12, "{}", c.id);
        assert!(c.standard_error > 0.0, "{}", c.id);
    }
    assert_eq!(a.break_even.len(), station.break_evens.len());
    assert_eq!((a.run.histories, a.run.worlds, a.effective_worlds), (600, 30, 30.0));
    assert!(a.run.complete && !a.caveats.is_empty());

    let text = serde_json::to_string(&a).unwrap();
    let again: Answer = serde_json::from_str(&text).unwrap();
    assert_eq!(again, a);
    assert_eq!(again.compute_digest(), a.digest);
}

/// Nobody has a rate of a rupture: the answer is the same with one named, and is asked beside.
#[test]
fn a_rupture_is_told_beside_the_answer_and_never_in_it() {
    let mut station = tiny();
    let question = question(Depth::Full);
    let without = run(&station, &[], &question, 2);
    assert!(without.ruptures.is_empty());
    assert!(!serde_json::to_string(&without).unwrap().contains("ruptures"));
    let leaking = station.elements.iter_mut().find(|e| e.leak.is_some()).expect("one leaks");
    let (id, leak) = (leaking.id.clone(), leaking.leak.as_mut().expect("it leaks"));
    leak.rupture = Some(Rupture { effect: Effect::Evacuate, tried_per_y: 0.5 });
    let a = run(&station, &[], &question, 2);
    assert_eq!((a.probability, a.tiers), (without.probability, without.tiers));
    let [rupture] = &a.ruptures[..] else { panic!("{:?}", a.ruptures) };
    assert_eq!((&rupture.element, rupture.upper), (&id, a.probability.mean));
    // Two years at half a rupture a year: e^-1 of the histories have none, if the element stays open.
    assert!(rupture.lower < 0.6 * rupture.upper, "{rupture:?}");
    let fallen = rupture.at_drop_per_y.expect("0.05 is reached");
    assert!(0.0 < fallen && fallen < 0.5 && rupture.tried_per_y == 0.5, "{rupture:?}");
}

#[test]
fn threads_clock_and_where_the_ensemble_was_run_leave_the_digest_alone() {
    let station = tiny();
    let one = run(&station, &[], &question(Depth::Full), 1);
    let mut two = run(&station, &[], &question(Depth::Full), 2);
    assert_eq!(one.digest, two.digest);
    two.run.seconds = 12.5;
    assert_eq!(two.compute_digest(), one.digest);
    two.probability.mean += 1e-9;
    assert_ne!(two.compute_digest(), one.digest);

    // Two shards put together.
    let posed = Posed::of(station, Vec::new(), &question(Depth::Full)).unwrap();
    let part = |worlds| posed.run(worlds, &control(1), &|_| {});
    let whole = [part(0..13), part(13..30)].concat();
    let merged = judge(&posed, &whole, &control(1)).unwrap();
    assert_eq!(merged.digest, one.digest);
    assert_eq!(merged.ensemble_digest, one.ensemble_digest);
}

#[test]
fn a_seed_beyond_the_whole_numbers_of_json_still_has_a_digest() {
    let station = tiny();
    let mut asked = question(Depth::Base);
    asked.histories = 20;
    asked.seed = u64::MAX;
    let a = run(&station, &[], &asked, 1);
    assert_eq!(a.digest.len(), 64);
}

/// A station two years earlier, with all its dates.
fn two_years_earlier(station: &Station) -> Station {
    let mut case = station.clone();
    let earlier = |date: &mut Date| *date = date.plus_days(-730);
    earlier(&mut case.identity.as_of);
    earlier(&mut case.claim.through);
    for docked in &mut case.docked {
        earlier(&mut docked.since);
        earlier(&mut docked.until);
    }
    for flight in &mut case.flights {
        earlier(&mut flight.date);
        flight.launch.iter_mut().for_each(earlier);
    }
    case.upgrades.iter_mut().for_each(|upgrade| earlier(&mut upgrade.ready));
    case
}

/// The same station two years earlier stands in for a recorded case.
#[test]
fn the_record_weights_worlds_and_is_scored_on_other_years() {
    let mut station = tiny();
    let case = two_years_earlier(&station);
    let as_of = station.identity.as_of;
    let observation = |what: &str, from: i32, through: i32, weight| Observation {
        in_view: None,
        what: what.parse().expect("known"),
        from: as_of.plus_days(from),
        through: as_of.plus_days(through),
        observed: 0.0,
        weight,
        exposure: None,
        source: station.claim.source.clone(),
    };
    let observations = vec![
        observation("de-crewings", -730, -366, true),
        observation("de-crewings", -365, 0, false),
        observation("evas", -700, -1, false),
        observation("failures:no-such-unit", -700, -1, false),
    ];
    station.observations = observations;
    let a = run(&station, &[case], &question(Depth::Record), 1);
    assert_eq!((a.record.len(), a.weighting.len()), (2, 1));
    assert!(a.effective_worlds < 30.0 && a.effective_worlds > 1.0, "{}", a.effective_worlds);
    assert!(a.largest_weight > 1.0 / 30.0 && a.largest_weight < 0.2, "{}", a.largest_weight);
    let [span] = &a.consistency[..] else { panic!("{:?}", a.consistency) };
    assert!(0.3 < span.probability && span.probability < 1.0, "{span:?}");
    assert_eq!((span.from, span.through), (as_of.plus_days(-730), as_of.plus_days(-1)));
    // The record speaks for the station: nobody had to leave.
    let own = a.station.own.expect("an own line");
    assert!(own.mean >= a.probability.mean && own.prior_mean > 0.3, "{own:?}");
    assert_eq!(a.run.record_histories_per_world, RECORD_HISTORIES_PER_WORLD);
    assert!(a.record.iter().all(|row| row.method == "same dates"), "{:?}", a.record);
    assert!(a.conditions.is_empty());
}

fn of_tiny(question: Question) -> Question {
    Question { station: Some("tiny".to_owned()), ..question }
}

#[test]
fn stopped_before_the_first_world_there_is_no_answer() {
    let stop = AtomicBool::new(true);
    let control = Control { stop: &stop, ..control(1) };
    let refused = answer(&of_tiny(question(Depth::Full)), &Data::embedded(), &control);
    assert_eq!(refused.unwrap_err().kind(), Kind::Stopped);
}

#[test]
fn stopped_half_way_the_answer_is_partial() {
    let stop = AtomicBool::new(false);
    let progress = |_: &'static str, done, _| {
        if done >= 200 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let control = Control { stop: &stop, progress: &progress, threads: 1 };
    let a = answer(&of_tiny(question(Depth::Full)), &Data::embedded(), &control).unwrap();
    assert!(!a.run.complete && a.run.histories == 200, "{:?}", a.run);
    assert!(a.conditions.is_empty() && a.caveats.iter().any(|c| c.text.contains("stopped early")));
}

#[test]
fn everything_outside_its_bounds_is_refused_at_once() {
    let mut asked = of_tiny(question(Depth::Base));
    (asked.histories, asked.seed) = (0, SEED_MAX + 1);
    let refused = answer(&asked, &Data::embedded(), &control(1)).unwrap_err();
    assert_eq!((refused.problems.len(), refused.kind()), (2, Kind::Malformed), "{refused}");
}

#[test]
fn conditions_that_are_not_there_are_refused() {
    let mut asked = of_tiny(question(Depth::Base));
    asked.without = vec!["gravity".into()];
    let refused = answer(&asked, &Data::embedded(), &control(1)).unwrap_err();
    assert_eq!(refused.problems[0].about, About::Field("without".to_owned()), "{refused}");
    assert_eq!(refused.kind(), Kind::Unanswerable);
}

/// The dated facts of the embedded ISS, as published: Nauka's service life ends with 2027, may be
/// extended to 2030, and two parts of the deorbit plan contradict each other.
#[test]
fn ledger_of_the_iss_first_breaks_with_nauka() {
    let station = crate::Data::embedded().station(None, &[]).unwrap().station;
    let date = |text| Date::parse(text).unwrap();
    let found = ledger(&station, date("2028-12-31"));
    let first = found.first_break.as_ref().unwrap();
    assert_eq!((first.date, first.basis.as_str()), (date("2027-12-31"), "disputed"));
    assert!(first.of.starts_with("Nauka"), "{first:?}");
    assert!(first.alternatives.iter().any(|other| other.date == date("2030-12-31")));
    for id in ["deorbit-needs-russian-attitude-control", "lowering-before-deorbit-vehicle"] {
        assert!(found.conflicts.iter().any(|conflict| conflict.id == id), "{id}");
    }
    // The claim is through its last day, inclusive: what ends with it covers it.
    assert_eq!(found.breaks.len(), 1, "{:?}", found.breaks);
    assert!(found.no_margin.len() >= 5);
    assert!(found.no_margin.iter().all(|entry| entry.date == date("2028-12-31")));
    assert!(ledger(&station, date("2027-12-31")).first_break.is_none());
}

/// Both ask the same of the same worlds; three standard errors for each of ten types and the station.
#[test]
fn exact_sufficiency_and_histories_agree() {
    let station = tiny();
    let a = run(&station, &[], &question(Depth::Base), 2);
    let s = &a.sufficiency;
    assert_eq!(s.types.len(), station.orus.len());
    assert_eq!(s.days, station.worlds.resupply_gap_d.value);
    for row in s.types.iter().chain(&s.subsystems).chain([&s.station]) {
        assert!(row.agrees, "{row:?}");
        assert!(row.with_flights >= row.simulated, "{row:?}");
        assert!(row.with_flights_to_claim <= row.with_flights, "{row:?}");
        assert!(row.exact_rates_times <= row.exact + 0.02, "{row:?}");
    }
    // Leaving a type out never makes the rest less likely to last.
    let worse = s.without_worst.windows(2).any(|w| w[1].exact < w[0].exact);
    assert!(!worse && s.without_worst[0].exact >= s.station.exact);
}
