//! Histories made by hand and from exponential laws whose survivals are known.

use super::*;
use crate::ensemble::{CauseLabel, Labels};
use crate::summary;
use crate::synthetic::{labels, outcome};
use zarya_simulation::outcome::Outcome;
use zarya_units::math;
use zarya_units::random::{Source, Stream, exponential};

fn owned_labels() -> Labels {
    let mut labels = labels();
    labels.causes = Owner::every("")
        .into_iter()
        .map(|owner| CauseLabel { id: owner.key(), text: owner.key(), owner })
        .collect();
    labels
}

fn means(split: &Split) -> Vec<f64> {
    Owner::every("").into_iter().map(|owner| split.of(owner).mean).collect()
}

/// Three exponential causes of rates 0.2, 0.1 and 0.05 per year over 3 years: each owner's
/// survival is `exp(-rate t)` and the product is the headline to rounding.
#[test]
fn owners_survivals_are_exponential_and_multiply_to_the_headline() {
    let labels = owned_labels();
    let rates = [(0_u16, 0.2), (1, 0.1), (3, 0.05)];
    let outcomes: Vec<Outcome> = (0..20_000)
        .map(|history| {
            let source = Source::new(21, u64::from(history));
            let first = rates
                .iter()
                .map(|(owner, rate)| {
                    let u = source.uniform(Stream::new("cause", "at"), u32::from(*owner));
                    (exponential(u) / rate * 365.25, *owner)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(at, _)| *at < 3.0 * 365.25);
            outcome(history, first.map(|(at, owner)| (labels.as_of.mjd() + at, owner)))
        })
        .collect();
    let weights: Vec<f64> = (0..1000).map(|w| if w % 2 == 0 { 1.0 } else { 0.5 }).collect();
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &weights };
    let split = split(&ensemble, Tier::Crewed);
    for (owner, found) in [(0.2, split.systems), (0.1, split.debris), (0.05, split.medical)] {
        let truth = math::exp(-owner * 3.0);
        assert!((found.mean - truth).abs() < 4.0 * found.standard_error, "{owner} {found:?}");
        assert!(found.standard_error < 0.008, "{found:?}");
    }
    let headline = summary::tier(&ensemble, Tier::Crewed).mean;
    let product: f64 = means(&split).iter().product();
    assert!((product - headline).abs() < 1e-12, "{product} {headline}");
    let ended = split.systems.incidence + split.debris.incidence + split.medical.incidence;
    assert!((ended + headline - 1.0).abs() < 1e-12);
}

/// By hand: four histories, the first lost to systems (3 of 4 are left), the second to debris
/// (2 of 3 are left).
#[test]
fn four_histories_by_hand() {
    let labels = owned_labels();
    let day = labels.as_of.mjd();
    let outcomes = [
        outcome(0, Some((day + 1.0, 0))),
        outcome(1, Some((day + 2.0, 1))),
        outcome(2, None),
        outcome(3, None),
    ];
    let ensemble = Ensemble { labels: &labels, outcomes: &outcomes, weights: &[1.0] };
    let split = split(&ensemble, Tier::Crewed);
    assert!((split.systems.mean - 0.75).abs() < 1e-15);
    assert!((split.debris.mean - 2.0 / 3.0).abs() < 1e-15);
    assert_eq!(split.medical.mean, 1.0);
}

/// Without the condition every tenth history is lost to systems on top: the drop is the same as
/// that of the plain shares when systems own all causes.
#[test]
fn systems_drop_is_the_plain_drop_when_systems_own_all() {
    let labels = owned_labels();
    let day = labels.as_of.mjd();
    let with: Vec<Outcome> =
        (0..2000).map(|h| outcome(h, (h % 7 == 0).then_some((day + 5.0, 0)))).collect();
    let without: Vec<Outcome> = (0..2000)
        .map(|h| outcome(h, (h % 7 == 0 || h % 10 == 0).then_some((day + 9.0, 0))))
        .collect();
    let weights = [1.0; 100];
    let view = |outcomes| Ensemble { labels: &labels, outcomes, weights: &weights };
    let (drop, error) = systems_drop(&view(&with), &view(&without), Tier::Crewed);
    let lost = (0..2000).filter(|h| h % 10 == 0 && h % 7 != 0).count() as f64 / 2000.0;
    assert!((drop - lost).abs() < 1e-12, "{drop} {lost}");
    assert!(error < 0.005, "{error}");
}

/// What is assumed is not called published, and what was left out is said to be that.
#[test]
fn owners_say_what_their_hazards_rest_on() {
    let station = crate::small_station::small_station();
    let notes = owner_notes(&station, true);
    let left_out: Vec<String> =
        notes.iter().filter(|n| n.left_out).map(|n| n.owner.key()).collect();
    assert_eq!(left_out, ["debris", "crew_transport", "medical", "fire_toxic_collision"]);
    assert_eq!(rests_on(Basis::Assumed), "assumed by us");
    assert!(owner_notes(&station, false).iter().all(|n| !n.left_out));
}

/// The error of the paired drop is a jackknife over worlds: here with each of twelve worlds left out in turn, by its weight.
#[test]
fn the_error_of_the_systems_drop_is_a_jackknife() {
    let labels = owned_labels();
    let day = labels.as_of.mjd();
    let worlds = |lost: &dyn Fn(u32) -> Option<(f64, u16)>| -> Vec<Outcome> {
        (0..60).map(|h| Outcome { world: h / 5, ..outcome(h, lost(h)) }).collect()
    };
    let debris = |h: u32| (h % 7 == 3).then(|| (day + 40.0 + f64::from(h), 1));
    let with = worlds(&|h| (h % 11 == 5).then(|| (day + f64::from(h), 0)).or_else(|| debris(h)));
    let without = worlds(&|h| {
        (h % 11 == 5 || h % 5 == h / 20).then(|| (day + f64::from(h), 0)).or_else(|| debris(h))
    });
    let weights: Vec<f64> = (0..12).map(|w| 1.0 + f64::from(w % 3)).collect();
    let drop = |weights: &[f64]| {
        let of = |outcomes: &[Outcome]| {
            split(&Ensemble { labels: &labels, outcomes, weights }, Tier::Crewed).systems.mean
        };
        of(&with) - of(&without)
    };
    let left_out: Vec<f64> = (0..12)
        .map(|world| {
            let mut fewer = weights.clone();
            fewer[world] = 0.0;
            drop(&fewer)
        })
        .collect();
    let mean = left_out.iter().sum::<f64>() / 12.0;
    let error =
        (left_out.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() * 11.0 / 12.0).sqrt();
    let of = |outcomes| Ensemble { labels: &labels, outcomes, weights: &weights };
    let found = systems_drop(&of(&with), &of(&without), Tier::Crewed);
    assert!((found.0 - drop(&weights)).abs() < 1e-12, "{found:?}");
    assert!(found.0 > 0.05 && (found.1 / error - 1.0).abs() < 1e-9, "{found:?} {error}");
    let (none, half) = systems_drop(&of(&with), &of(&with), Tier::Crewed);
    assert!(none == 0.0 && 0.0 < half && half < 0.05, "{half}");
}

/// So is the error of each owner's survival, here with each of twelve worlds left out.
#[test]
fn the_error_of_an_owner_is_a_jackknife() {
    let labels = owned_labels();
    let day = labels.as_of.mjd();
    let outcomes: Vec<Outcome> = (0..60)
        .map(|h| {
            let lost = (h % 11 == 5).then(|| (day + f64::from(h), 0));
            let lost = lost.or_else(|| (h % 7 == 3).then(|| (day + 40.0 + f64::from(h), 1)));
            Outcome { world: h / 5, ..outcome(h, lost) }
        })
        .collect();
    let of = |weights: &[f64]| {
        split(&Ensemble { labels: &labels, outcomes: &outcomes, weights }, Tier::Crewed)
    };
    let found = of(&[1.0; 12]);
    let owners: [fn(&Split) -> OwnerShare; 2] = [|split| split.systems, |split| split.debris];
    for owner in owners {
        let left_out: Vec<f64> = (0..12)
            .map(|world| {
                let mut weights = [1.0; 12];
                weights[world] = 0.0;
                owner(&of(&weights)).mean
            })
            .collect();
        let mean = left_out.iter().sum::<f64>() / 12.0;
        let squares: f64 = left_out.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares * 11.0 / 12.0).sqrt();
        let stated = owner(&found).standard_error;
        assert!(error > 0.0 && (stated / error - 1.0).abs() < 1e-9, "{stated} {error}");
    }
}
