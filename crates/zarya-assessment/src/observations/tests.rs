//! Rows by hand.

use super::*;
use crate::record::{Replay, predict};
use crate::small_station::date;
use crate::synthetic::{labels, outcome};
use zarya_simulation::outcome::{Measured, Outcome, Repair};

fn observation(what: &str, observed: f64) -> Observation {
    Observation {
        what: what.parse().unwrap(),
        from: date("2025-07-31"),
        through: date("2028-12-31"),
        observed,
        weight: false,
        exposure: None,
        in_view: None,
        source: String::new(),
    }
}

/// A history with replacements of the one type, at the days 1, 2, ... and of these lengths.
fn repaired(history: u32, world: u32, days: &[f64]) -> Outcome {
    let as_of = labels().as_of.mjd();
    let repairs = days.iter().enumerate();
    let repairs = repairs.map(|(i, days)| Repair { kind: 0, at: as_of + i as f64, days: *days });
    let measured = Measured { repairs: repairs.collect(), ..Measured::default() };
    Outcome { world, measured: Some(Box::new(measured)), ..outcome(history, None) }
}

fn predicted(what: &str, whole: &[Outcome], before: Option<&[Outcome]>) -> Prediction {
    let labels = labels();
    let replay =
        Replay { labels: &labels, from: labels.as_of, through: labels.through, whole, before };
    predict(&observation(what, 0.0), &replay, Some(1.0)).unwrap()
}

/// Medians by hand: of 1, 9, 2 it is 2, of 4, 6 it is 5; one history has none. Two worlds of two histories weigh 1 and 3, so
/// that 2 has 1/2 of the weight, 5 and 7 have 3/2 each; the one without has 1/2 of 4.
#[test]
fn medians_are_of_histories_with_a_repair() {
    let whole = [
        repaired(0, 0, &[1.0, 9.0, 2.0]),
        repaired(1, 0, &[]),
        repaired(2, 1, &[4.0, 6.0]),
        repaired(3, 1, &[7.0]),
    ];
    let prediction = predicted("repair-days:pump", &whole, None);
    let row =
        row(&observation("repair-days:pump", 5.0), &prediction, &[1.0, 3.0], Answers::Forecast);
    assert_eq!((row.p05, row.p50, row.p95), (Some(2.0), Some(5.0), Some(7.0)));
    assert!((row.below.unwrap() - 1.0 / 7.0).abs() < 1e-12, "{row:?}");
    assert!((row.equal.unwrap() - 3.0 / 7.0).abs() < 1e-12, "{row:?}");
    assert!((row.without - 0.5 / 4.0).abs() < 1e-12, "{row:?}");
    assert_eq!(row.basis, Basis::Forecast);
}

/// Those finished before the span are taken off the same history.
#[test]
fn repairs_of_before_are_left_out() {
    let whole = [repaired(0, 0, &[30.0, 1.0, 3.0]), repaired(1, 0, &[30.0])];
    let before = [repaired(0, 0, &[30.0]), repaired(1, 0, &[30.0])];
    let prediction = predicted("repair-days:pump", &whole, Some(&before));
    assert_eq!(prediction.worlds[0][0].to_bits(), 2.0_f64.to_bits());
    assert!(prediction.worlds[0][1].is_nan() && prediction.has_values());
}

/// A level is read at the end and nothing is taken off it; days and counts are those of the span.
#[test]
fn levels_stay_and_sums_are_differences() {
    let with = |troubles, shut, uncrewed_d, short_d, kg| {
        let measured = Measured {
            docking_troubles: troubles,
            isolated_elements: shut,
            uncrewed_d,
            stocks_kg: vec![kg],
            repairs: Vec::new(),
        };
        let measured = Some(Box::new(measured));
        vec![Outcome { measured, short_d: vec![short_d], ..outcome(0, None) }]
    };
    let (whole, before) = (with(3, 1, 40.0, 12.5, 700.0), with(1, 1, 30.0, 2.0, 900.0));
    let mut labels = labels();
    let series = labels.series[0].clone();
    labels.series = vec![series; 5];
    labels.series[4].id = "water".to_owned();
    let capability = format!("outage-days:{}", labels.capabilities[0].id);
    let expected = [
        ("docking-troubles", 2.0),
        ("isolated-elements", 0.0),
        ("uncrewed-days", 10.0),
        (&*capability, 10.5),
        ("stock:water", 700.0),
    ];
    for (what, value) in expected {
        let replay = Replay {
            labels: &labels,
            from: labels.as_of,
            through: labels.through,
            whole: &whole,
            before: Some(&before),
        };
        let prediction = predict(&observation(what, 0.0), &replay, None).unwrap();
        assert_eq!(prediction.worlds, [[value]], "{what}");
    }
}

/// Two halves of a span: of each history the one and the other.
#[test]
fn two_parts_add_up_within_a_history() {
    let of = |worlds: &[&[f64]]| Prediction {
        worlds: worlds.iter().map(|values| values.to_vec()).collect(),
        exposure: 1.0,
        method: "same dates",
    };
    let total = sum(&of(&[&[0.0, 1.0], &[5.0]]), &of(&[&[0.0, 2.0], &[7.0]]));
    assert_eq!(total.worlds, [vec![0.0, 3.0], vec![12.0]]);
    let row = row(&observation("evas", 3.0), &total, &[1.0, 1.0], Answers::Both);
    assert_eq!((row.below, row.equal), (Some(0.25), Some(0.25)));
    assert_eq!((row.p25, row.p50, row.p75), (Some(0.0), Some(3.0), Some(12.0)));
    assert_eq!(row.basis, Basis::RecordAndForecast);
    assert!(row.is_inside_90() && row.is_inside_50());
}

/// What the manifest prescribes is neither inside nor outside; the words of a basis are a closed set.
#[test]
fn a_basis_is_a_word_of_a_closed_set() {
    let fixed = Prediction {
        worlds: vec![vec![3.0, 3.0]],
        exposure: 1.0,
        method: "fixed by the recorded manifest",
    };
    let seen = observation("cargo-flights", 3.0);
    let basis = |prediction: &Prediction, answers| {
        let row = row(&seen, prediction, &[1.0], answers);
        (serde_json::to_value(row.basis).unwrap().as_str().unwrap().to_owned(), row.is_predicted())
    };
    let told = |text: &str, predicted| (text.to_owned(), predicted);
    assert_eq!(basis(&fixed, Answers::Record), told("fixed by the recorded manifest", false));
    assert_eq!(basis(&fixed, Answers::Forecast), told("forecast", true));
    let same = Prediction { method: "same dates", ..fixed };
    assert_eq!(basis(&same, Answers::Record), told("same dates", true));
    assert_eq!(basis(&same, Answers::Both), told("record and forecast", true));
    let scaled = Prediction { exposure: 2.0, ..same };
    assert_eq!(basis(&scaled, Answers::Record), told("scaled to the observed exposure", true));
    let forecast = "forecast, scaled to the observed exposure";
    assert_eq!(basis(&scaled, Answers::Forecast), told(forecast, true));
}
