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

fn of_worlds(worlds: Vec<Vec<f64>>, exposure: f64) -> Prediction {
    Prediction { worlds, exposure, method: SCALED }
}

/// Three seen at half of the exposure. A world with c events in two histories, of 8 in four in all, has the shape c + 1/2
/// and the rate 2 + (1/2)/2 = 2.25; its counts keep 2.25 / 2.75. Of the two weights (c = 2, shape 2.5, and c = 6, shape 6.5) the
/// factors of the observed count alone fall out: gamma(3 + r) / gamma(r) keep^r.
#[test]
fn counts_weigh_by_the_negative_binomial() {
    let seen = observation("evas", 3.0, true);
    let weights = weights(&[(&seen, of_worlds(vec![vec![1.0, 1.0], vec![2.0, 4.0]], 0.5))]);
    let keep: f64 = 2.25 / 2.75;
    // gamma(3 + r) / gamma(r) = r (r + 1) (r + 2).
    let likelihood = |r: f64| r * (r + 1.0) * (r + 2.0) * math::pow(keep, r);
    let ratio = likelihood(2.5) / likelihood(6.5);
    assert!((weights[0] / weights[1] / ratio - 1.0).abs() < 1e-9, "{weights:?} {ratio}");
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

/// 50 kg seen at twice the exposure. World means are 20 and 40 kg; pooled over both, the variance of a history is
/// (2 x 100 + 2 x 25) / 2 = 125 kg2, at twice the mass 500, and with the mean of two histories 750 kg2.
#[test]
fn masses_weigh_by_the_normal_law() {
    let seen = observation("cargo-mass-kg", 50.0, true);
    let worlds = vec![vec![10.0, 30.0], vec![35.0, 45.0]];
    let weights = weights(&[(&seen, of_worlds(worlds, 2.0))]);
    let off = |mean: f64| (50.0 - 2.0 * mean) * (50.0 - 2.0 * mean) / 750.0;
    let ratio = math::exp(-0.5 * (off(20.0) - off(40.0)));
    assert!((weights[0] / weights[1] / ratio - 1.0).abs() < 1e-9, "{weights:?} {ratio}");
}

/// One de-crewing seen over half of the exposure: 1 - ((k + 1/2) / (K + 1))^(1/2). A world without a replay has no weight.
#[test]
fn a_de_crewing_weighs_by_the_share_with_one() {
    let seen = observation("de-crewings", 1.0, true);
    let worlds = vec![vec![0.0, 0.0, 1.0], vec![1.0, 1.0, 2.0], Vec::new()];
    let weights = weights(&[(&seen, of_worlds(worlds, 0.5))]);
    let with = |k: f64| 1.0 - ((k + 0.5) / 4.0_f64).sqrt();
    assert!((weights[0] / weights[1] - with(2.0) / with(0.0)).abs() < 1e-12, "{weights:?}");
    assert_eq!(weights[2], 0.0);
}

/// Losses are counted over flights: 2 observed in 40, where a history flies 10. Without flights nothing is said.
#[test]
fn losses_are_counted_over_flights() {
    let labels = labels();
    let flown = |losses: u32, flights: u32| {
        let mut row = outcome(0, None);
        (row.counts.cargo_losses, row.counts.cargo_flights) = (losses, flights);
        row
    };
    let mut seen = observation("cargo-losses", 2.0, false);
    seen.exposure = Some(40.0);
    let histories = vec![flown(1, 9), Outcome { history: 1, ..flown(0, 10) }];
    let prediction = predict(&seen, &replay(&labels, &histories), None).unwrap();
    assert!((prediction.exposure - 4.0).abs() < 1e-12, "{prediction:?}");
    assert_eq!(prediction.method, SCALED);
    let none = Observation { exposure: Some(0.0), ..seen.clone() };
    assert_eq!(predict(&none, &replay(&labels, &histories), None), None, "nothing was watched");
    // Without one the span counts, here the same.
    let prediction = predict(&seen, &replay(&labels, &[flown(0, 0)]), None).unwrap();
    assert_eq!(prediction.exposure, 1.0);
}

/// The tail is the smaller of the chances of as few and of as many.
#[test]
fn a_row_tells_its_tail() {
    let worlds = vec![vec![1.0, 2.0], vec![3.0, 4.0]];
    let prediction = Prediction { method: SAME, ..of_worlds(worlds, 1.0) };
    let tail = |observed: f64, weights: &[f64]| {
        row(&observation("evas", observed, false), &prediction, weights).tail
    };
    assert!((tail(4.0, &[0.5, 0.5]) - 0.25).abs() < 1e-12);
    assert!((tail(3.0, &[0.8, 0.2]) - 0.2).abs() < 1e-12);
    assert!((tail(1.0, &[0.8, 0.2]) - 0.4).abs() < 1e-12);
    assert_eq!(tail(9.0, &[0.5, 0.5]), 0.0);
}

/// Masses of a scaled span are scaled as they are, and only what no manifest prescribes validates.
#[test]
fn masses_are_scaled_and_prescribed_rows_do_not_validate() {
    let seen = observation("cargo-mass-kg", 60.0, false);
    let scaled = of_worlds(vec![vec![10.0, 30.0], vec![35.0, 45.0]], 2.0);
    let found = row(&seen, &scaled, &[0.5, 0.5]);
    assert_eq!((found.mean, found.low, found.high), (60.0, 20.0, 90.0));
    assert!(found.validates && found.inside);
    let fixed = Prediction { method: FIXED, ..scaled.clone() };
    assert!(!row(&seen, &fixed, &[0.5, 0.5]).validates);
    let weighs = observation("cargo-mass-kg", 60.0, true);
    assert!(!row(&weighs, &scaled, &[0.5, 0.5]).validates);
    let in_view = Observation { in_view: Some("seen before".into()), ..seen };
    assert!(!row(&in_view, &scaled, &[0.5, 0.5]).validates);
}
