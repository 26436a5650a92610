//! What happened must be plausible: episodes of the record, and the years without an empty station.

use std::sync::atomic::AtomicBool;
use zarya::assessment::RecordRow;
use zarya::{Data, assess, record};
use zarya_simulation::{Control, Note, Outcome, Plan, Variant, ensemble};
use zarya_units::{Date, Mjd};

fn plan(scenario: &str, through: Option<&str>) -> Plan {
    let station = Data::embedded()
        .station(None, &[scenario.to_owned()])
        .unwrap_or_else(|e| panic!("{e}"))
        .station;
    let through = through.map_or(station.claim.through, |d| Date::parse(d).expect("a date"));
    Plan::compile(&station, through, &Variant::default()).expect("compiles")
}

/// Worlds of four histories: what is not known matters more here than chance.
fn histories(plan: &Plan, n: u32) -> Vec<Outcome> {
    let stop = AtomicBool::new(false);
    let control = Control { threads: 2, histories_per_world: 4, stop: &stop, progress: &|_| {} };
    ensemble::run(plan, 7, 0..n / 4, &control)
}

fn crewed(outcomes: &[Outcome]) -> f64 {
    outcomes.iter().filter(|o| o.crewed.is_none()).count() as f64 / outcomes.len() as f64
}

/// De-crewing causes, for whoever reads a failure of these tests.
fn causes(plan: &Plan, outcomes: &[Outcome]) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for breach in outcomes.iter().filter_map(|o| o.crewed) {
        let cause = |i: u16| plan.causes[usize::from(i)].id.as_str();
        let key = format!("{} <- {}", cause(breach.cause.direct), cause(breach.cause.root));
        *counts.entry(key).or_insert(0) += 1;
    }
    let mut causes: Vec<(String, usize)> = counts.into_iter().collect();
    causes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    causes
}

/// The mean number aboard in the samples from one day to another; each tells of the four weeks before it.
fn mean_crew(plan: &Plan, outcomes: &[Outcome], from: Mjd, to: Mjd) -> f64 {
    let width = plan.series.len();
    let crew = plan.series.iter().position(|s| s.id == "crew").expect("a series");
    let rows: Vec<usize> = (0..plan.sample_dates.len())
        .filter(|i| (from..to).contains(&plan.sample_dates[*i]))
        .collect();
    assert!(!rows.is_empty());
    let sum: f64 = outcomes
        .iter()
        .map(|o| rows.iter().map(|i| f64::from(o.samples[i * width + crew])).sum::<f64>())
        .sum();
    sum / (rows.len() * outcomes.len()) as f64
}

/// 2004-05: one oxygen generator that fails again and again, two aboard, Progress alone. Nobody left.
#[test]
fn the_oxygen_generator_outage_of_2004_ends_crewed() {
    let plan = plan("oxygen-2004", None);
    let outcomes = histories(&plan, 400);
    let share = crewed(&outcomes);
    println!("2004-05: {share:.3} of histories end crewed; {:?}", causes(&plan, &outcomes));
    assert!(share >= 0.5, "{share}: {:?}", causes(&plan, &outcomes));
    // It was no idle fear either: the tanks ran low and oxygen was rationed or burned from candles.
    let rationed = outcomes.iter().filter(|o| o.rungs & 0b10 != 0).count();
    assert!(rationed * 2 > outcomes.len(), "{rationed}");
}

/// 2011: Progress lost, Soyuz held with it. Three stayed where six had been, and nobody had to leave.
#[test]
fn the_progress_grounding_of_2011_ends_crewed_with_three_aboard() {
    let plan = plan("progress-2011", None);
    let outcomes = histories(&plan, 400);
    let share = crewed(&outcomes);
    println!("2011: {share:.3} of histories end crewed; {:?}", causes(&plan, &outcomes));
    assert!(share >= 0.5, "{share}: {:?}", causes(&plan, &outcomes));
    let day = |text| Date::parse(text).expect("a date").mjd();
    let before = mean_crew(&plan, &outcomes, day("2011-08-24"), day("2011-09-22"));
    let during = mean_crew(&plan, &outcomes, day("2011-10-15"), day("2011-11-17"));
    println!("aboard: {before:.2} before 16 September, {during:.2} to 14 November");
    assert!(before > 5.7 && (2.7..=3.1).contains(&during), "{before} {during}");
}

/// The stories of the first `n` histories.
fn stories(plan: &Plan, n: u32) -> Vec<Vec<Note>> {
    (0..n).map(|i| ensemble::tell(plan, 7, i).1).collect()
}

/// December 2022: Soyuz MS-22 lost its coolant; its replacement docked after 74 days. Waits are
/// those of worlds and of pads that are out: their median is held against the record.
#[test]
fn a_soyuz_lost_as_lifeboat_waits_for_about_as_long_as_in_2022() {
    let station = Data::embedded().station(None, &[]).expect("the embedded ISS loads").station;
    let mut often = station.clone();
    for vehicle in often.vehicles.iter_mut().filter(|v| v.id == "soyuz") {
        // Lost once a year, so that few histories show many waits.
        let rate = vehicle.lifeboat_failure_per_y.as_mut().unwrap();
        (rate.value, rate.low, rate.high) = (1.0, 1.0, 1.0);
    }
    let plan = Plan::compile(&often, station.claim.through, &Variant::default()).expect("compiles");
    let mut waits = Vec::new();
    for story in (0..60).map(|i| ensemble::tell(&plan, 7, i * 20).1) {
        for (i, note) in story.iter().enumerate() {
            let Some(name) = note.text.strip_suffix(" is lost as an escape vehicle.") else {
                continue;
            };
            let back = format!("A replacement for {name} docks.");
            let next = story[i..].iter().find(|n| n.text == back);
            if name.starts_with("soyuz")
                && let Some(next) = next
            {
                waits.push(next.at - note.at);
            }
        }
    }
    waits.sort_by(f64::total_cmp);
    let median = waits[waits.len() / 2];
    println!("{} waits, median {median:.0} days", waits.len());
    assert!(waits.len() >= 40, "{}", waits.len());
    assert!((60.0..=90.0).contains(&median), "{median}");
}

/// A gyroscope that failed in October 2006 was replaced in August 2007, and one that was out from June 2002
/// in August 2005: with no spare aboard, a unit that flies outside waits for its flight.
#[test]
fn a_gyroscope_without_a_spare_aboard_can_wait_for_years() {
    let mut station = Data::embedded().station(None, &[]).expect("the embedded ISS loads").station;
    let gyroscope =
        station.orus.iter_mut().find(|o| o.id == "cmg").expect("the ISS has gyroscopes");
    gyroscope.spares_aboard = Some(0);
    gyroscope.spares_ground = Some(0);
    let (name, id) = (gyroscope.name.clone(), gyroscope.id.clone());
    let plan =
        Plan::compile(&station, station.claim.through, &Variant::default()).expect("compiles");
    let mut years = Vec::new();
    for story in stories(&plan, 200) {
        let fails = format!("{name} fails");
        let back = format!("{name} is replaced.");
        if let Some(i) = story.iter().position(|n| n.text.starts_with(&fails)) {
            let end = story[i..].iter().find(|n| n.text == back).map(|n| n.at);
            let until = end.unwrap_or(station.claim.through.mjd() + 1.0);
            years.push((until - story[i].at) / 365.25);
        }
    }
    let long = years.iter().filter(|y| **y >= 1.0).count();
    println!("{id}: {} first failures, {long} wait a year or more", years.len());
    assert!(years.len() >= 20 && long > 0, "{} {long}", years.len());
}

/// July 2011 to July 2025 without an empty station: the base model must not call that unlikely.
#[test]
fn the_years_without_an_empty_station_are_plausible() {
    let mut together = 1.0;
    for (scenario, through) in [("record-2011", "2019-12-31"), ("record-2020", "2025-07-30")] {
        let plan = plan(scenario, Some(through));
        let outcomes = histories(&plan, 400);
        let share = crewed(&outcomes);
        let worlds: Vec<f64> = outcomes.chunks_exact(4).map(crewed).collect();
        let n = worlds.len() as f64;
        let spread = worlds.iter().map(|p| (p - share) * (p - share)).sum::<f64>() / (n - 1.0);
        let error = (spread / n).sqrt();
        let top: Vec<_> = causes(&plan, &outcomes).into_iter().take(6).collect();
        println!("{scenario} through {through}: never empty in {share:.3} +- {error:.3}; {top:?}");
        together *= share;
    }
    println!("July 2011 to July 2025: {together:.3}");
    assert!(together >= 0.3, "{together}");
}

/// The forecast of the as-of date is made by the station alone: what came later only scores it.
#[test]
fn what_came_after_is_set_beside_a_forecast_that_does_not_know_it() {
    let data = Data::embedded();
    let as_of = data.station(None, &[]).expect("opens").station.identity.as_of;
    let later = data.station(None, &["after-2025".to_owned()]).expect("opens").station;
    let question = record::Question { seed: 7, worlds: 20, ..record::Question::default() };
    let rows = record::answer(&question, &data, &control()).expect("has a record").afterwards;
    assert_eq!(rows.len(), later.observations.len());
    for row in &rows {
        assert!(row.from > as_of && !row.method.starts_with("fixed"), "{row:?}");
        assert!(row.low <= row.high && row.mean.is_finite(), "{row:?}");
    }
    // Planned flights slip and are lost: a look back would know the masses to the kilogram.
    let mass = rows.iter().find(|row| row.what == "cargo-mass-kg").expect("a row");
    assert!(mass.high - mass.low > 1_000.0, "{mass:?}");
}

fn control() -> zarya::Control<'static> {
    zarya::Control { threads: 2, ..zarya::Control::silent() }
}

/// Both take the same seed and as many worlds where nothing is named, and replay the same.
#[test]
fn an_answer_and_the_record_alone_show_the_same_rows() {
    let asked = record::Question::default();
    let claim = assess::Question::default();
    assert_eq!((asked.seed, asked.worlds * 20), (claim.seed, claim.histories));

    let claim = assess::Question { histories: 100, depth: assess::Depth::Record, ..claim };
    let asked = record::Question { worlds: 5, ..asked };
    let answer = assess::answer(&claim, &Data::embedded(), &control()).expect("loads");
    let alone = record::answer(&asked, &Data::embedded(), &control()).expect("has a record");
    assert_eq!(answer.record, alone.scored);
    // What a row alone does to an answer is known where there is one.
    assert!(answer.weighting.iter().all(|row| row.alone.is_some()));
    let weighting: Vec<_> =
        answer.weighting.into_iter().map(|row| RecordRow { alone: None, ..row }).collect();
    assert_eq!(weighting, alone.weighting);
    assert!(!alone.scored.is_empty() && !alone.weighting.is_empty());
}

#[test]
fn a_record_that_was_stopped_is_no_answer() {
    let stop = AtomicBool::new(false);
    let progress = |_: &'static str, done, _| {
        if done >= 100 {
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let control = zarya::Control { stop: &stop, progress: &progress, threads: 1 };
    let refused = record::answer(&record::Question::default(), &Data::embedded(), &control);
    assert_eq!(refused.expect_err("stopped").kind(), zarya::refusal::Kind::Stopped);
}
