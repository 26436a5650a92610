//! Summaries of twenty histories that can be counted by hand.

use super::*;
use crate::assessment::OwnerShare;
use crate::synthetic::{labels, outcome};

/// Two worlds of twenty: five histories of the first and one of the second end on day 100.
fn two_worlds() -> Vec<Outcome> {
    let day = labels().as_of.mjd() + 100.0;
    let ends = |h: u32| h < 5 || h == 20;
    (0..40).map(|h| outcome(h, ends(h).then_some((day, 0)))).collect()
}

#[test]
fn shares_follow_the_weights_of_worlds() {
    let (labels, outcomes) = (labels(), two_worlds());
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[3.0, 1.0] };
    let lost = 0.75 * 5.0 / 20.0 + 0.25 / 20.0;
    let states = end_states(&ensemble);
    assert!((states.de_crewed - lost).abs() < 1e-12);
    assert!((states.nominal + states.de_crewed - 1.0).abs() < 1e-12);
    assert!((rungs(&ensemble).evacuation - lost).abs() < 1e-12);
    assert!((tiers(&ensemble).crewed.mean - (1.0 - lost)).abs() < 1e-12);
    let causes = first_causes(&ensemble);
    assert_eq!((causes[0].tier.as_str(), causes[0].cause.as_str()), ("crewed", "air ran out"));
    assert!((causes[0].share - lost).abs() < 1e-12);
    assert_eq!((causes[0].example_history, causes[0].worlds, causes[0].thin), (0, 2, true));
    // Shares 0.1875 and 0.0125: (0.2)² over the sum of their squares.
    assert!((causes[0].effective_worlds - 0.04 / (0.1875 * 0.1875 + 0.0125 * 0.0125)).abs() < 1e-9);
    let short = short(&ensemble);
    assert!((short[0].days_mean - 10.0 * lost).abs() < 1e-12);
    assert_eq!(short[0].days_p95, 10.0);
}

#[test]
fn survival_ends_with_the_headline() {
    let (labels, outcomes) = (labels(), two_worlds());
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0, 1.0] };
    let curve = survival(&ensemble);
    assert_eq!(curve[0].probability, 1.0);
    let last = curve.last().unwrap();
    assert_eq!(last.date, labels.through);
    assert_eq!(last.probability, tier(&ensemble, Tier::Crewed).mean);
    assert_eq!(last.survives, 1.0);
}

#[test]
fn fans_and_spreads_are_weighted_quantiles() {
    let (labels, outcomes) = (labels(), two_worlds());
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0, 0.0] };
    let fan = &fans(&ensemble)[0];
    // A quarter of the first world is uncrewed on the second date.
    assert_eq!((fan.p05[1], fan.p25[1], fan.p50[1], fan.p95[1]), (0.0, 0.0, 3.0, 3.0));
    let spread = spread_of(&ensemble, |o| f64::from(o.counts.de_crewings));
    assert_eq!((spread.mean, spread.p50, spread.p95), (0.25, 0.0, 1.0));
    assert_eq!(failures(&ensemble)[0].per_history.p50, 2.0);
}

/// Sums of weights round beyond 1 in about every other ensemble of these; no share is said to be more.
#[test]
fn no_share_exceeds_one() {
    let day = labels().as_of.mjd() + 100.0;
    let labels = labels();
    let mut beyond = 0;
    for worlds in 1..60_u32 {
        let outcomes: Vec<Outcome> = (0..worlds * 20).map(|h| outcome(h, Some((day, 0)))).collect();
        let weights: Vec<f64> = (0..worlds).map(|w| 0.1 + f64::from(w % 7)).collect();
        let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &weights };
        beyond += u32::from(ensemble.shares().iter().sum::<f64>() > 1.0);
        let told = [
            end_states(&ensemble).de_crewed,
            rungs(&ensemble).evacuation,
            first_causes(&ensemble)[0].share,
            short(&ensemble)[0].share,
            1.0 - tiers(&ensemble).crewed.mean,
        ];
        for share in told {
            assert!((0.999_999..=1.0).contains(&share), "{share:?} of {worlds} worlds");
        }
    }
    assert!(beyond > 5, "{beyond} sums beyond 1 try this test");
}

/// A quantile is the least value that reaches its share of all weight, which need not sum to 1.
#[test]
fn quantiles_reach_their_share_of_the_weight() {
    let rows = [(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)];
    let found = [0.0, 0.25, 0.26, 0.75, 0.76, 1.0].map(|p| quantile(&rows, p));
    assert_eq!(found, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]);
    assert_eq!(quantile(&[], 0.5), 0.0);
}

/// Of forty histories six end; two of them by what others own, and go on by the station's own causes.
#[test]
fn the_own_line_counts_what_others_end_as_kept() {
    let (labels, mut outcomes) = (labels(), two_worlds());
    for history in [0, 20] {
        outcomes[history].own_crewed = None;
    }
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[3.0, 1.0] };
    let prior = Ensemble { weights: &[1.0, 1.0], ..ensemble };
    let own = own_line(&ensemble, &prior);
    assert!((own.mean - (1.0 - 0.75 * 4.0 / 20.0)).abs() < 1e-12, "{own:?}");
    assert!((own.prior_mean - 0.9).abs() < 1e-12, "{own:?}");
}

/// A perfect station reads what is passed through: 0.9 x 0.8 x 1 x 0.5.
#[test]
fn a_perfect_station_still_meets_what_others_own() {
    let share = |mean| OwnerShare { mean, ..OwnerShare::default() };
    let split = Split {
        systems: share(0.3),
        debris: share(0.9),
        crew_rotation: share(0.2),
        crew_transport: share(0.8),
        medical: share(1.0),
        fire_toxic_collision: share(0.5),
    };
    let found = power(&split);
    assert_eq!(found.station, 1.0);
    assert!((found.all_risks - 0.36).abs() < 1e-12);
}

/// Shares of two causes by world: alike in all but chance they share a place; one that is larger in each world is first.
#[test]
fn causes_are_ranked_where_they_are_told_apart() {
    let of_world: BTreeMap<u32, f64> = (0..100).map(|world| (world, 0.01)).collect();
    let share = |of: &dyn Fn(u32) -> f64| -> BTreeMap<u32, f64> {
        (0..100).map(|world| (world, 0.01 * of(world))).collect()
    };
    // Every other world has twice or none of the mean: 0.20 and 0.19 differ by 0.01 with an error of 0.039 / 2.
    let large = share(&|world| if world % 2 == 0 { 0.4 } else { 0.0 });
    let other = share(&|world| if world % 2 == 1 { 0.38 } else { 0.0 });
    let small = share(&|world| if world % 2 == 0 { 0.2 } else { 0.0 });
    let least = share(&|_| 0.001);
    assert_eq!(ranks(&[&large, &other, &small, &least], &of_world), [1, 1, 3, 4]);
    assert_eq!(ranks(&[], &of_world), [0; 0]);
}
