//! Runs the pages of `cases/station`: prose, an overlay, and what must come out.

use crate::bare::{SEED, base_files, histories, mean, share};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use zarya_simulation::outcome::{Breach, EndState, Rung};
use zarya_simulation::{Note, Outcome, Plan, Variant, ensemble};
use zarya_station::Station;
use zarya_station::model::Count;
use zarya_units::Date;

/// Worlds know everything here, but for the ages that units have at the start.
const WORLDS: u32 = 100;
const HISTORIES: u32 = 3_000;

#[test]
fn the_pages_of_cases_come_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/station");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "md") && !path.ends_with("README.md"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 27, "{pages:?}");
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let wanted = std::env::var("PAGE").ok();
    // All pages are looked at before the first that fails is told.
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let look = || {
        while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = page.file_name().unwrap().to_string_lossy().into_owned();
            if wanted.as_ref().is_some_and(|wanted| *wanted != name) {
                continue;
            }
            let listed = index.contains(&format!("({name})"));
            let text = std::fs::read_to_string(page).unwrap();
            if !listed || std::panic::catch_unwind(|| check(&name, &text)).is_err() {
                failed.lock().unwrap().push(name);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(look);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "fail, or are not listed in README.md: {failed:?}");
}

/// The text of the first block of that language.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("a block of each kind");
    rest.split_once("```").expect("a closed block").0
}

fn check(name: &str, page: &str) {
    let overlay = [(name.to_owned(), block(page, "toml").as_bytes().to_vec())];
    let files = base_files();
    let station = match zarya_station::load(&files, &overlay) {
        Ok((station, _)) => station,
        Err(diagnostics) => {
            let texts: Vec<_> = files.into_iter().chain(overlay).collect();
            panic!("{}", zarya_station::render(&diagnostics, &texts));
        }
    };
    let variant = if page.contains("```question\n") {
        variant(block(page, "question"))
    } else {
        Variant::default()
    };
    let plan = Plan::compile(&station, station.claim.through, &variant).expect("compiles");
    let outcomes = outcomes_of(&plan);
    if page.contains("```story\n") {
        assert_eq!(outcomes.len(), WORLDS as usize, "{name}: histories differ: which one is told?");
        let told = story(&plan);
        assert_eq!(told, block(page, "story"), "{name}: left is told, right is the page");
    } else if std::env::var("PAGE").is_ok() && outcomes.len() == WORLDS as usize {
        eprintln!("what is told of it:\n```story\n{}```", story(&plan));
    }
    for line in block(page, "expect").lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (measure, value) = line.split_once('=').expect("measure = value");
        eprintln!("{name}: {line}"); // shown when it fails
        if let Some(id) = measure.trim().strip_prefix("crewed with ruptures of ") {
            let crewed = share(&with_ruptures(&station, id), |o| o.crewed.is_none());
            near_share(crewed, value.trim(), HISTORIES as usize);
            continue;
        }
        expect(&plan, &outcomes, measure.trim(), value.trim());
    }
}

/// The page's histories: one of each world where those come out alike to the number of events but for the altitude (under
/// the Sun of each world), since nothing is left to chance then.
fn outcomes_of(plan: &Plan) -> Vec<Outcome> {
    let first = histories(plan, WORLDS, 1);
    let altitude = plan.series.iter().position(|s| s.id == "altitude").expect("a series");
    let unnumbered = |o: &Outcome| {
        let mut o = Outcome { history: 0, world: 0, ..o.clone() };
        o.samples.chunks_mut(plan.series.len()).for_each(|row| row[altitude] = 0.0);
        o
    };
    let one = unnumbered(&first[0]);
    if first.iter().all(|o| unnumbered(o) == one) {
        return first;
    }
    histories(plan, WORLDS, HISTORIES / WORLDS)
}

/// All that is told of the first history, and what is left of it: a line each.
fn story(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.measures = true;
    let (outcome, notes) = ensemble::tell(&plan, SEED, 0);
    let mut lines: Vec<String> =
        notes.iter().map(|Note { at, text, .. }| format!("{} {text}", moment(*at))).collect();
    let mut left = vec![format!("ends {}", outcome.end_state.name().replace('_', " "))];
    let tiers =
        [("survives", outcome.survives), ("crewed", outcome.crewed), ("full", outcome.full)];
    for (tier, breach) in tiers {
        if let Some(Breach { at, cause }) = breach {
            let id = |cause: u16| &plan.causes[usize::from(cause)].id;
            let (direct, root) = (id(cause.direct), id(cause.root));
            let behind = if direct == root { String::new() } else { format!(" by {root}") };
            left.push(format!("{tier} to {} ({direct}{behind})", moment(at)));
        }
    }
    for count in Count::every("").into_iter().filter(|count| *count != Count::Events) {
        let n = outcome.counts.get(count);
        if n > 0 {
            left.push(format!("{} {n}", count.form()));
        }
    }
    let mut amount = |what: &str, value: f64, unit: &str| {
        if value > 0.0 {
            left.push(format!("{what} {value:.1} {unit}"));
        }
    };
    amount("cargo", outcome.cargo_kg, "kg");
    amount("research", outcome.research_h, "h");
    amount("upkeep", outcome.upkeep_h, "h");
    for (capability, days) in plan.capabilities.iter().zip(&outcome.short_d) {
        amount(&format!("without {}", capability.id), f64::from(*days), "d");
    }
    if let Some(measured) = &outcome.measured {
        amount("docking troubles", f64::from(measured.docking_troubles), "times");
        amount("isolated elements", f64::from(measured.isolated_elements), "shut");
        amount("uncrewed", measured.uncrewed_d, "d");
    }
    // The altitude is another under the Sun of each world.
    let last = outcome.samples.chunks(plan.series.len()).last().unwrap_or_default();
    for (series, value) in plan.series.iter().zip(last) {
        if !["altitude", "research"].contains(&&*series.id) {
            amount(&format!("at the end {}", series.id), f64::from(*value), series.unit);
        }
    }
    lines.push(left.join("; "));
    lines.push(String::new());
    lines.join("\n")
}

/// A day, with the time where it is not its first minute.
fn moment(at: f64) -> String {
    let minutes = (at * 1440.0).round();
    let day = Date::from_mjd((minutes / 1440.0).floor());
    let minute = minutes.rem_euclid(1440.0);
    if minute == 0.0 {
        return day.to_string();
    }
    format!("{day} {:02}:{:02}", (minute / 60.0).floor(), minute % 60.0)
}

/// What a `question` block asks beside the station as filed: `without = CONDITION`.
fn variant(question: &str) -> Variant {
    let mut variant = Variant::default();
    for line in question.lines() {
        match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some(("without", id)) => variant.without.push(id.to_owned()),
            _ => panic!("`{line}` is not asked in a page: see cases/station/README.md"),
        }
    }
    variant
}

/// The page's histories with one element that ruptures at the highest rate tried.
fn with_ruptures(station: &Station, id: &str) -> Vec<Outcome> {
    let element = station.elements.iter().find(|e| e.id == id).expect("an element");
    let rupture = element.leak.as_ref().and_then(|leak| leak.rupture.as_ref()).expect("a rupture");
    let ruptures = vec![(id.to_owned(), rupture.tried_per_y)];
    let variant = Variant { ruptures, ..Variant::default() };
    let plan = Plan::compile(station, station.claim.through, &variant).expect("compiles");
    histories(&plan, WORLDS, HISTORIES / WORLDS)
}

/// A mean within four of its standard errors and the rounding of the page, or within `+- tolerance`.
fn assert_near((observed, error): (f64, f64), value: &str) {
    let number = |text: &str| text.trim().parse::<f64>().expect("a number");
    let (expected, tolerance) = match value.split_once("+-") {
        Some((expected, tolerance)) => (number(expected), number(tolerance)),
        None => (number(value), 4.0 * error + 1e-5 * number(value).abs()),
    };
    assert!(
        (observed - expected).abs() <= tolerance,
        "observed {observed:.5} +- {error:.5} (one standard error), expected {value}"
    );
}

/// A share of `n` histories within four of its standard errors, or within `+- tolerance`.
fn near_share(observed: f64, value: &str, n: usize) {
    let expected: f64 =
        value.split("+-").next().and_then(|text| text.trim().parse().ok()).expect("a number");
    assert_near((observed, (expected * (1.0 - expected) / n as f64).sqrt()), value);
}

/// Every breach of a tier has this root.
fn ends_by(plan: &Plan, outcomes: &[Outcome], tier: fn(&Outcome) -> Option<Breach>, id: &str) {
    let breaches: Vec<Breach> = outcomes.iter().filter_map(tier).collect();
    assert!(!breaches.is_empty(), "nothing ends it");
    for breach in breaches {
        assert_eq!(plan.causes[usize::from(breach.cause.root)].id, id);
    }
}

fn expect(plan: &Plan, outcomes: &[Outcome], measure: &str, value: &str) {
    let n = outcomes.len();
    let capability =
        |id: &str| plan.capabilities.iter().position(|c| c.id == id).expect("a capability");
    if let Some(id) = measure.strip_prefix("never short of ") {
        let c = capability(id);
        return near_share(share(outcomes, |o| o.short_d[c] == 0.0), value, n);
    }
    if let Some(id) = measure.strip_prefix("days short of ") {
        let c = capability(id);
        return assert_near(mean(outcomes, |o| f64::from(o.short_d[c])), value);
    }
    if let Some(id) = measure.strip_prefix("crew leaves behind ") {
        let cause = plan.causes.iter().position(|cause| cause.id == id).expect("a cause");
        let behind = |o: &Outcome| o.crewed.is_some_and(|b| usize::from(b.cause.root) == cause);
        return near_share(share(outcomes, behind), value, n);
    }
    if let Some(name) = measure.strip_prefix("reaches ") {
        let name: StrDeserializer<'_, Error> = name.into_deserializer();
        let rung = 1 << Rung::deserialize(name).expect("a rung") as u16;
        return near_share(share(outcomes, |o| o.rungs & rung != 0), value, n);
    }
    if let Some(name) = measure.strip_prefix("ends as ") {
        let state = EndState::ALL.into_iter().find(|state| state.name() == name);
        let state = state.expect("an end state");
        return near_share(share(outcomes, |o| o.end_state == state), value, n);
    }
    if let Some(count) = measure.strip_prefix("mean ").and_then(Count::parse) {
        return assert_near(mean(outcomes, |o| f64::from(o.counts.get(count))), value);
    }
    if let Some((series, date)) = measure.split_once(" on ").filter(|(id, _)| *id != "crew leaves")
    {
        let at = Date::parse(date).expect("a date").mjd();
        let row = plan.sample_dates.iter().position(|d| *d == at).expect("a day of samples");
        let place = plan.series.iter().position(|s| s.id == series).expect("a series");
        let cell = row * plan.series.len() + place;
        return assert_near(mean(outcomes, |o| f64::from(o.samples[cell])), value);
    }
    match measure {
        "never out of spares" => {
            near_share(share(outcomes, |o| o.counts.stock_outs == 0), value, n);
        }
        "survives" => near_share(share(outcomes, |o| o.survives.is_none()), value, n),
        "crewed" => near_share(share(outcomes, |o| o.crewed.is_none()), value, n),
        "full" => near_share(share(outcomes, |o| o.full.is_none()), value, n),
        "crewed ends by" => ends_by(plan, outcomes, |o| o.crewed, value),
        "full ends by" => ends_by(plan, outcomes, |o| o.full, value),
        "full breaks on" => {
            let day = Date::parse(value).expect("a date").mjd();
            for outcome in outcomes {
                let at = outcome.full.expect("a limit is exceeded").at;
                assert!((at - day).abs() < 1e-6, "{at} is not {value}");
            }
        }
        "crew leaves on" => {
            let day = Date::parse(value).expect("a date").mjd();
            for outcome in outcomes {
                let at = outcome.crewed.expect("the crew leaves").at;
                // The clock stands at the first second of the day, to rounding.
                assert!((at - day).abs() < 1e-6, "{at} is not {value}");
            }
        }
        _ => panic!("`{measure}` is not a measure: see cases/station/README.md"),
    }
}
