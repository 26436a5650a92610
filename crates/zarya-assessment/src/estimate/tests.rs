//! Synthetic worlds whose true distribution is known.

use super::*;
use crate::beta;
use zarya_units::random::{Source, Stream};

/// Worlds drawn from Beta(a, b), twenty histories each.
fn beta_worlds(a: f64, b: f64, worlds: u32, seed: u64) -> Vec<WorldShare> {
    (0..worlds)
        .map(|w| {
            let source = Source::new(seed, u64::from(w));
            let p = beta::quantile(a, b, source.uniform(Stream::new("world", "p"), 0));
            let chance = Stream::new("history", "kept");
            let kept = (0..20).filter(|&h| source.uniform(chance, h) < p).count() as u32;
            WorldShare { kept, histories: 20, weight: 1.0 }
        })
        .collect()
}

/// 5,000 worlds: the sampling error of a quantile found by moments is near 0.005 here, and the raw
/// quantiles over worlds, which hold the chance of twenty histories, lie 0.05 or more outside.
#[test]
fn band_recovers_the_true_quantiles_of_the_worlds() {
    for (a, b) in [(18.0, 2.0), (8.0, 4.0), (40.0, 10.0), (3.0, 0.5)] {
        let worlds = beta_worlds(a, b, 5000, 11);
        let estimate = estimate(&worlds);
        let (low, high) = (beta::quantile(a, b, 0.05), beta::quantile(a, b, 0.95));
        assert!((estimate.low - low).abs() < 0.015, "{a} {b}: {} {low}", estimate.low);
        assert!((estimate.high - high).abs() < 0.015, "{a} {b}: {} {high}", estimate.high);
        let mean = a / (a + b);
        assert!((estimate.mean - mean).abs() < 4.0 * estimate.standard_error, "{a} {b}");
    }
}

/// Three in a hundred worlds are bad ones: 0.97 Beta(40, 2) + 0.03 Beta(1, 9) has its 5 % quantile at 0.867 and its 95 % one
/// at 0.991, by the mixture of the two distribution functions. A beta law of its two moments would begin at 0.61.
#[test]
fn a_few_bad_worlds_do_not_smear_the_band() {
    let truth = |x: f64| 0.97 * beta::cdf(40.0, 2.0, x) + 0.03 * beta::cdf(1.0, 9.0, x);
    assert!((truth(0.867) - 0.05).abs() < 0.002 && (truth(0.991) - 0.95).abs() < 0.01);
    for (n, tolerance) in [(4850, 0.02), (485, 0.04)] {
        let mut worlds = beta_worlds(40.0, 2.0, n, 21);
        worlds.extend(beta_worlds(1.0, 9.0, n * 3 / 97, 22));
        let found = estimate(&worlds);
        assert_eq!(found.band, Band::Worlds);
        assert!((found.low - 0.867).abs() < tolerance, "{n}: {found:?}");
        assert!((found.high - 0.991).abs() < 0.012, "{n}: {found:?}");
    }
}

/// Worlds of one, two or twenty histories: the law of the probabilities is the same.
#[test]
fn worlds_of_fewer_histories_count_by_what_they_show() {
    let worlds = beta_worlds(18.0, 2.0, 5000, 11);
    let source = Source::new(77, 0);
    let thin = Stream::new("test", "thin");
    let fewer: Vec<WorldShare> = worlds
        .iter()
        .zip(0..)
        .map(|(world, i)| {
            // Of every third world only one history is left, by chance one that kept or one that did not.
            let kept = source.uniform(thin, i) < f64::from(world.kept) / 20.0;
            if i % 3 == 0 {
                WorldShare { kept: kept.into(), histories: 1, ..*world }
            } else {
                *world
            }
        })
        .collect();
    let (all, some) = (estimate(&worlds), estimate(&fewer));
    assert_eq!(some.band, Band::Worlds);
    assert!(
        (all.low - some.low).abs() < 0.02 && (all.high - some.high).abs() < 0.01,
        "{all:?} {some:?}"
    );
}

/// The stated error against the scatter of 200 repeated ensembles of 100 worlds: within 4 standard
/// errors of a standard deviation from 200 values, `1/√400 = 5 %`.
#[test]
fn standard_error_is_the_scatter_of_repeated_ensembles() {
    let estimates: Vec<Estimate> =
        (0..200).map(|seed| estimate(&beta_worlds(9.0, 1.0, 100, 1000 + seed))).collect();
    let mean = estimates.iter().map(|e| e.mean).sum::<f64>() / 200.0;
    let scatter =
        (estimates.iter().map(|e| (e.mean - mean) * (e.mean - mean)).sum::<f64>() / 199.0).sqrt();
    let stated = estimates.iter().map(|e| e.standard_error).sum::<f64>() / 200.0;
    assert!((stated / scatter - 1.0).abs() < 0.20, "{stated} {scatter}");
}

/// With as many groups as worlds the ends' errors are the delete-one jackknife, taken here from the estimates of 30
/// ensembles with one world left out.
#[test]
fn errors_of_the_ends_are_a_jackknife() {
    let worlds = beta_worlds(6.0, 2.0, 30, 3);
    let found = estimate(&worlds);
    assert_eq!((found.band, found.band_note()), (Band::Worlds, None));
    let without = |left_out: usize| {
        let mut fewer = worlds.clone();
        fewer.remove(left_out);
        estimate_alone(&fewer)
    };
    let jackknife = |end: fn(&Estimate) -> f64| {
        let ends: Vec<f64> = (0..30).map(|i| end(&without(i))).collect();
        let mean = ends.iter().sum::<f64>() / 30.0;
        (29.0 / 30.0 * ends.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()).sqrt()
    };
    assert!((found.low_error.unwrap() / jackknife(|e| e.low) - 1.0).abs() < 1e-9);
    assert!((found.high_error.unwrap() / jackknife(|e| e.high) - 1.0).abs() < 1e-9);
}

/// One world knows chance alone: the binomial error of its histories, and a band of that, which nobody is to trust.
#[test]
fn one_world_has_the_binomial_error() {
    let (found, effective) = fitted(&[WorldShare { kept: 40, histories: 50, weight: 2.0 }]);
    let error = (0.8_f64 * 0.2 / 50.0).sqrt();
    assert!((found.standard_error - error).abs() < 1e-12 && (effective - 1.0).abs() < 1e-12);
    assert_eq!(found.band, Band::Sampling);
    // A beta of that mean and variance: 0.8 x 0.2 / 0.0032 - 1 = 49 in all.
    assert!((found.low - beta::quantile(39.2, 9.8, 0.05)).abs() < 1e-12);
    let told = estimate(&[WorldShare { kept: 40, histories: 50, weight: 2.0 }]);
    assert_eq!((told.low, told.high, told.band), (0.0, 1.0, Band::TooFewWorlds));
    assert!(told.band_note().unwrap().contains("too few worlds"));
    assert!(found.band_note().unwrap().contains("sampling error alone"));
}

/// Equal worlds have no band of their own, though their shares of survivors scatter.
#[test]
fn chance_alone_makes_a_narrow_band() {
    let worlds: Vec<WorldShare> = (0..5000)
        .map(|w| {
            let source = Source::new(5, w);
            let kept =
                (0..20).filter(|&h| source.uniform(Stream::new("h", "kept"), h) < 0.9).count();
            WorldShare { kept: kept as u32, histories: 20, weight: 1.0 }
        })
        .collect();
    let estimate = estimate(&worlds);
    // The variance of worlds is estimated with an error of about 0.9 * 0.1 / 20 * √(2/5000).
    assert!(estimate.high - estimate.low < 0.05, "{estimate:?}");
}

/// Weights that halve one group of worlds move the mean to the weighted truth.
#[test]
fn weights_move_mean_and_band() {
    let mut worlds = beta_worlds(30.0, 2.0, 2000, 3);
    let mut worse = beta_worlds(10.0, 10.0, 2000, 4);
    for world in &mut worse {
        world.weight = 0.1;
    }
    worlds.extend(worse);
    let estimate = estimate(&worlds);
    let truth = (30.0 / 32.0 + 0.1 * 0.5) / 1.1;
    assert!((estimate.mean - truth).abs() < 4.0 * estimate.standard_error);
    let effective = effective_worlds(worlds.iter().map(|w| w.weight));
    assert!((effective - 2200.0 * 2200.0 / 2020.0).abs() < 1e-6, "{effective}");
}

#[test]
fn one_world_that_carries_all_keeps_an_error() {
    let mut worlds = beta_worlds(4.0, 4.0, 50, 9);
    worlds[0].weight = 1e9;
    assert!(estimate(&worlds).standard_error > 0.05);
}

#[test]
fn no_failure_at_all_still_has_an_error() {
    let worlds = [WorldShare { kept: 20, histories: 20, weight: 1.0 }; 100];
    let estimate = estimate(&worlds);
    assert_eq!((estimate.mean, estimate.high, estimate.band), (1.0, 1.0, Band::Sampling));
    assert!(estimate.standard_error > 1e-4 && estimate.standard_error < 1e-3);
    // Jeffreys' posterior of 2,000 without an event: 1.92/2000 below 1 at 5 %.
    assert!((1.0 - estimate.low - 1.92 / 2000.0).abs() < 2e-5, "{estimate:?}");
}

/// 100 worlds alike, 19 of 20 kept in each: less scatter than chance would make.
#[test]
fn worlds_that_cannot_be_told_apart_have_the_band_of_sampling() {
    let worlds = [WorldShare { kept: 19, histories: 20, weight: 1.0 }; 100];
    let estimate = estimate(&worlds);
    assert_eq!(estimate.band, Band::Sampling);
    // Binomial error of 2,000 histories, 1.645 of it on each side, a little skewed.
    let error = (0.95_f64 * 0.05 / 2000.0).sqrt();
    assert!((estimate.mean - estimate.low - 1.645 * error).abs() < 0.1 * error, "{estimate:?}");
    assert!((estimate.high - estimate.mean - 1.645 * error).abs() < 0.1 * error, "{estimate:?}");
}

#[test]
fn too_few_worlds_have_no_band() {
    for worlds in [beta_worlds(9.0, 1.0, 1, 2), beta_worlds(9.0, 1.0, 19, 2)] {
        let found = estimate(&worlds);
        assert_eq!((found.low, found.high, found.low_error), (0.0, 1.0, None));
        assert_eq!(found.band, Band::TooFewWorlds);
    }
    assert_eq!(estimate(&beta_worlds(9.0, 1.0, 20, 2)).band, Band::Worlds);
}

/// The stated errors of the band's ends against their scatter over 200 repeated ensembles: a
/// standard deviation of 200 values is known to 5 %, and a jackknife of 40 groups is a little wide.
#[test]
fn errors_of_the_ends_are_the_scatter_of_repeated_ensembles() {
    let estimates: Vec<Estimate> =
        (0..200).map(|seed| estimate(&beta_worlds(9.0, 1.0, 200, 5000 + seed))).collect();
    let scatter = |end: &dyn Fn(&Estimate) -> f64| {
        let mean = estimates.iter().map(end).sum::<f64>() / 200.0;
        (estimates.iter().map(end).map(|x| (x - mean) * (x - mean)).sum::<f64>() / 199.0).sqrt()
    };
    let stated = |error: &dyn Fn(&Estimate) -> Option<f64>| {
        estimates.iter().filter_map(error).sum::<f64>() / 200.0
    };
    let (low, high) = (scatter(&|e| e.low), scatter(&|e| e.high));
    let (of_low, of_high) = (stated(&|e| e.low_error), stated(&|e| e.high_error));
    assert!((of_low / low - 1.0).abs() < 0.25, "{of_low} {low}");
    assert!((of_high / high - 1.0).abs() < 0.25, "{of_high} {high}");
}

/// A condition that saves a history with probability 0.1: the drop within 4 of its own errors.
#[test]
fn paired_drop_is_found_with_its_error() {
    let worlds: Vec<PairedShare> = (0..500)
        .map(|w| {
            let source = Source::new(8, w);
            let u = |h| source.uniform(Stream::new("h", "kept"), h);
            let with = (0..20).filter(|&h| u(h) < 0.9).count() as u32;
            let without = (0..20).filter(|&h| u(h) < 0.8).count() as u32;
            PairedShare { with, without, histories: 20, weight: 1.0 }
        })
        .collect();
    let (drop, error) = paired_drop(&worlds);
    assert!((drop - 0.1).abs() < 4.0 * error, "{drop} {error}");
    // Unpaired runs of 10,000 histories would have √(0.09 + 0.16)/100 = 0.005.
    assert!(error < 0.004, "{error}");
    let found = difference(0.9, (drop, error), 1);
    assert!((found.without + found.drop - 0.9).abs() < 1e-15);
}

/// Where withdrawing a condition changes no history, the drop is 0 and its error is not: half a history that
/// differs, √½/(n + 1) of n. So it is where all worlds lose the same share.
#[test]
fn a_drop_of_nothing_is_known_to_half_a_history() {
    let same = |with, without| vec![PairedShare { with, without, histories: 20, weight: 1.0 }; 50];
    let half_a_history = 0.5_f64.sqrt() / 1001.0;
    for (with, without, drop) in [(18, 18, 0.0), (20, 20, 0.0), (0, 0, 0.0), (18, 16, 0.1)] {
        let (found, error) = paired_drop(&same(with, without));
        assert!((found - drop).abs() < 1e-12, "{found}");
        assert!((error / half_a_history - 1.0).abs() < 1e-12, "{error} {half_a_history}");
    }
    // Two of fifty worlds carry nearly all the weight: so much less is known.
    let mut worlds = same(18, 18);
    worlds[0].weight = 1e9;
    worlds[1].weight = 1e9;
    let (_, error) = paired_drop(&worlds);
    assert!((error / (0.5_f64.sqrt() / 41.0) - 1.0).abs() < 1e-6, "{error}");
}

#[test]
fn stand_ins_are_taken_as_often_as_their_weight_asks() {
    assert_eq!(stand_ins(&[0.2, 0.0, 0.8], 5), [(0, 0.2), (2, 0.8)]);
    assert_eq!(stand_ins(&[1.0; 9], 3), [(1, 1.0), (4, 1.0), (7, 1.0)]);
    // Not periodic: equidistant places would fall on the same place of every period.
    let draw = |w| Source::new(6, w).uniform(Stream::new("world", "weight"), 0);
    let weights: Vec<f64> = (0..1000).map(draw).collect();
    let taken = stand_ins(&weights, 100);
    let total: f64 = taken.iter().map(|t| t.1).sum();
    assert!((total - 100.0).abs() <= 1.0, "{total}");
    // The mean of a number that follows a uniform weight: E w² / E w = 2/3, with a standard error
    // of about √(1/18)/√100 = 0.024 if places were drawn independently.
    let mean: f64 = taken.iter().map(|t| t.1 * weights[t.0 as usize]).sum::<f64>() / total;
    assert!((mean - 2.0 / 3.0).abs() < 0.07, "{mean}");
}

/// The subset kept 0.862 of its histories with the condition and none without it; the whole run 0.869.
#[test]
fn nothing_kept_without_a_condition_leaves_nothing() {
    let found = difference(0.869, (0.862, 0.02), 0);
    assert_eq!((found.without, found.drop), (0.0, 0.869));
    assert!((difference(0.869, (0.862, 0.02), 1).without - 0.007).abs() < 1e-12);
}
