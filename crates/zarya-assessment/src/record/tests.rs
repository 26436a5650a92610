//! Synthetic worlds whose rates are known, judged by counts drawn from one of them.

use super::*;
use crate::estimate::effective_worlds;
use crate::small_station::date;
use crate::synthetic::{labels, outcome};
use zarya_units::random::{Source, Stream, poisson};

fn observation(what: &str, observed: f64, weight: bool) -> Observation {
    Observation {
        in_view: None,
        what: what.parse().unwrap(),
        from: date("2025-07-31"),
        through: date("2028-12-31"),
        observed,
        weight,
        exposure: None,
        source: "letter".into(),
    }
}

/// Histories in worlds of four with a number of EVAs drawn at the world's rate.
fn eva_histories(rates: &[f64]) -> Vec<Outcome> {
    (0..rates.len() as u32 * 4)
        .map(|history| {
            let mut row = outcome(history, None);
            row.world = history / 4;
            let u = Source::new(17, u64::from(history)).uniform(Stream::new("eva", "count"), 0);
            row.counts.evas = poisson(u, rates[row.world as usize]);
            row
        })
        .collect()
}

fn replay<'a>(labels: &'a Labels, whole: &'a [Outcome]) -> Replay<'a> {
    Replay { labels, from: labels.as_of, through: labels.through, whole, before: None }
}

/// Half of the worlds fly 10 EVAs, half 30. After 30 were observed the weight is with the latter,
/// and the prediction for the same span holds 30.
#[test]
fn worlds_that_predict_what_happened_gain_weight() {
    let rates: Vec<f64> = (0..200).map(|w| if w % 2 == 0 { 10.0 } else { 30.0 }).collect();
    let (labels, histories) = (labels(), eva_histories(&rates));
    let seen = observation("evas", 30.0, true);
    let prediction = predict(&seen, &replay(&labels, &histories), None).unwrap();
    assert_eq!((prediction.method, prediction.exposure), (SAME, 1.0));
    let weights = weights(&[(&seen, prediction.clone())]);
    let odd: f64 = weights.iter().skip(1).step_by(2).sum();
    assert!(odd > 0.99, "{odd}");
    let row = row(&observation("evas", 30.0, false), &prediction, &weights);
    assert!(row.inside && row.low > 15.0 && row.high < 45.0, "{row:?}");
    assert!((row.prior_mean - 20.0).abs() < 1.0 && (row.mean - 30.0).abs() < 2.0, "{row:?}");
}

/// Data marked for scoring does not move a weight.
#[test]
fn scored_data_has_no_weight() {
    let (labels, histories) = (labels(), eva_histories(&[1.0, 50.0]));
    let seen = observation("evas", 50.0, false);
    let prediction = predict(&seen, &replay(&labels, &histories), None).unwrap();
    assert_eq!(weights(&[(&seen, prediction)]), [0.5, 0.5]);
}

/// No de-crewing: a world with k of 4 histories without one has the likelihood (k + 1/2)/5.
#[test]
fn no_de_crewing_weighs_by_the_share_without_one() {
    let labels = labels();
    let histories: Vec<Outcome> = (0..8)
        .map(|h| {
            let mut row = outcome(h, (h < 3).then_some((labels.as_of.mjd() + 5.0, 0)));
            row.world = h / 4;
            row
        })
        .collect();
    let seen = observation("de-crewings", 0.0, true);
    let prediction = predict(&seen, &replay(&labels, &histories), None).unwrap();
    let weights = weights(&[(&seen, prediction)]);
    assert!((weights[0] / weights[1] - 1.5 / 4.5).abs() < 1e-12);
    assert!((effective_worlds(weights) - 1.6).abs() < 1e-12);
}

/// A gamma-Poisson closed form: one world of 4 histories with 8 failures of 2 units in 3.42 years;
/// 20 unit-years observed. The mixture's mean is m e and the band is that of its negative binomial.
#[test]
fn exposure_scales_the_prediction() {
    let labels = labels();
    let histories: Vec<Outcome> = (0..4)
        .map(|h| Outcome { world: 0, failures_by_type: vec![2], ..outcome(h, None) })
        .collect();
    let mut seen = observation("failures:pump", 6.0, false);
    seen.exposure = Some(20.0);
    let prediction = predict(&seen, &replay(&labels, &histories), Some(2.0)).unwrap();
    let years = (labels.through.mjd() + 1.0 - labels.as_of.mjd()) / DAYS_PER_YEAR;
    let exposure = 20.0 / (2.0 * years);
    assert!((prediction.exposure - exposure).abs() < 1e-12);
    let row = row(&seen, &prediction, &[1.0]);
    assert!((row.mean - 2.0 * exposure).abs() < 1e-6, "{row:?}");
    assert!(row.low < row.mean && row.mean < row.high && row.inside, "{row:?}");
    assert_eq!(row.method, SCALED);
}

/// The span before the observation is taken off the same histories.
#[test]
fn an_earlier_start_is_subtracted() {
    let labels = labels();
    let with = |evas| {
        let mut row = outcome(0, None);
        row.counts.evas = evas;
        vec![row]
    };
    let (whole, before) = (with(9), with(4));
    let replay = Replay { before: Some(&before), ..replay(&labels, &whole) };
    let prediction = predict(&observation("evas", 5.0, false), &replay, None).unwrap();
    assert_eq!(prediction.worlds, [[5.0]]);
}

#[test]
fn what_a_manifest_prescribes_is_no_prediction_and_units_that_a_case_lacks_have_none() {
    let (labels, histories) = (labels(), eva_histories(&[1.0, 2.0]));
    let replay = replay(&labels, &histories);
    let losses = predict(&observation("cargo-losses", 0.0, true), &replay, None).unwrap();
    assert_eq!(losses.method, FIXED);
    assert!(predict(&observation("failures:unknown", 0.0, true), &replay, None).is_none());
}
