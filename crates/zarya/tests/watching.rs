//! Questions about orbits, spares and the air say how far they are, and stop when they are told to.

#![allow(clippy::unwrap_used)] // a test that cannot go on should say where

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use zarya::refusal::Kind;
use zarya::units::Date;
use zarya::{Control, Data, Refusals, air, orbit, spares};

/// What was said of the progress: what, how much of it, and the total.
type Said = Vec<(&'static str, u64, u64)>;

/// A question of a room, to be asked under any control.
type Ask = Box<dyn Fn(&Control<'_>) -> Result<(), Refusals>>;

/// Sixty days of altitudes with 0.05 km of drag a day.
fn data() -> Data {
    let first = Date::parse("2016-03-01").unwrap();
    let rows = (0..60)
        .map(|day| format!("{},{:.3}\n", first.plus_days(day), 404.0 - 0.05 * f64::from(day)));
    let series = format!("date,alt_mean_km\n{}", rows.collect::<String>());
    let worn = "id,mtbf_d,mass_kg,stock,law,subsystem\npump,300,9,2,weibull:2,x\nfan,200,3,2,,x\n";
    let set = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
               2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
    let data = Data::embedded().with_text("iss.csv", series).with_text("iss.tle", set);
    data.with_text("worn.csv", worn)
}

macro_rules! asked {
    ($($room:ident)::+, $question:literal) => {
        (stringify!($($room)::+), Box::new(|control: &Control<'_>| {
            let question: $($room)::+::Question = serde_json::from_str($question).unwrap();
            $($room)::+::answer(&question, &data(), control).map(|_| ())
        }) as Ask)
    };
}

/// A question of every room about orbits and spares.
fn questions() -> Vec<(&'static str, Ask)> {
    vec![
        asked!(orbit::decay, r#"{"station": "iss", "through": "2025-09-30", "worlds": 20}"#),
        asked!(
            orbit::decay,
            r#"{"station": "iss", "from": "2023-01-01", "through": "2023-03-31", "sun": "observed"}"#
        ),
        asked!(
            orbit::lifetime,
            r#"{"station": "iss", "to_km": [410], "worlds": 20, "curve": true}"#
        ),
        asked!(orbit::keep, r#"{"station": "iss", "through": "2026-01-31"}"#),
        asked!(orbit::deorbit, r#"{"station": "iss", "entry": "2027-01-15", "worlds": 20}"#),
        asked!(
            orbit::hindcast,
            r#"{"altitudes": "iss.csv", "from": "2016-04-20", "through": "2016-05-20",
                "worlds": 20}"#
        ),
        asked!(orbit::reboosts, r#"{"file": "iss.csv"}"#),
        asked!(orbit::elements, r#"{"file": "iss.tle", "to": "omm-json"}"#),
        asked!(
            spares::sufficiency,
            r#"{"units": "worn.csv", "period_d": 90, "shared_error_factor": 2, "what_if": [1]}"#
        ),
        asked!(
            spares::allocate,
            r#"{"units": "worn.csv", "period_d": 90, "shared_error_factor": 2, "probability": 0.9}"#
        ),
        asked!(spares::demand, r#"{"station": "tiny", "period_d": 180}"#),
        asked!(spares::sufficiency, r#"{"station": "tiny", "period_d": 180, "what_if": [1, 2]}"#),
        asked!(spares::allocate, r#"{"station": "tiny", "period_d": 180, "probability": 0.9}"#),
    ]
}

/// Asks, and presses stop when the progress is told for the `stop_at`-th time.
fn watched(ask: &Ask, stop_at: usize) -> (Result<(), Refusals>, Said) {
    let (stop, said) = (AtomicBool::new(false), Mutex::new(Said::new()));
    let progress = |what, done, total| {
        let mut said = said.lock().unwrap();
        said.push((what, done, total));
        stop.store(said.len() >= stop_at, Ordering::Relaxed);
    };
    let answered = ask(&Control { stop: &stop, progress: &progress, threads: 1 });
    (answered, said.into_inner().unwrap())
}

#[test]
fn progress_reaches_its_total() {
    for (room, ask) in questions() {
        let (answered, said) = watched(&ask, usize::MAX);
        answered.unwrap();
        assert!(said.len() > 1, "{room} says nothing");
        for stage in said.chunk_by(|a, b| a.0 == b.0) {
            let total = stage[0].2;
            assert!(stage.iter().map(|said| said.1).eq(0..=total), "{room}: {stage:?}");
            assert!(stage.iter().all(|said| said.2 == total), "{room}: {stage:?}");
        }
    }
}

#[test]
fn a_question_that_is_stopped_has_no_answer() {
    for (room, ask) in questions() {
        let whole = watched(&ask, usize::MAX).1.len();
        for stop_at in [1, whole / 2 + 1, whole] {
            let (answered, said) = watched(&ask, stop_at);
            assert_eq!(answered.unwrap_err().kind(), Kind::Stopped, "{room}");
            assert_eq!(said.len(), stop_at, "{room} goes on after it was stopped");
        }
    }
}

/// Points of a sample are done on all threads, in any order.
#[test]
fn the_air_says_how_far_it_is_and_stops() {
    let questions = [
        asked!(air::endurance, r#"{"station": "iss"}"#),
        asked!(air::endurance, r#"{"station": "iss", "without": ["nasa"]}"#),
        asked!(air::hatch, r#"{"station": "iss"}"#),
        asked!(air::run, r#"{"station": "iss", "days": 30}"#),
    ];
    for (room, ask) in questions {
        let (answered, said) = watched(&ask, usize::MAX);
        answered.unwrap();
        for stage in said.chunk_by(|a, b| a.0 == b.0) {
            let total = stage[0].2;
            assert!(stage.iter().all(|said| said.1 <= total && said.2 == total), "{room}");
            assert_eq!(stage.last().map(|said| said.1), Some(total), "{room}");
        }
        for stop_at in [1, said.len()] {
            let refused = watched(&ask, stop_at).0.unwrap_err();
            assert_eq!(refused.kind(), Kind::Stopped, "{room}");
        }
    }
}
