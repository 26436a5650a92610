//! Weights of worlds by their past: a history counts when the recorded years before it went as they are known to have gone.
//!
//! Each history flies the recorded years on its world before it begins. Where the station was left empty by its own systems and
//! supply in a year in which it is known to have been lived in, the history is no future of this station. A world's weight is the
//! share of its histories that are: an unbiased estimate of the probability that the world makes the past, zero where it does not.

use crate::assessment::{Alone, Consistency};
use crate::ensemble::Ensemble;
use crate::{summary, yardstick};
use zarya_simulation::outcome::Outcome;
use zarya_units::{Date, math};

/// Returns the weight of each world by its number, which is its `prior` weight times the number of its histories whose past held,
/// and those histories.
///
/// Without recorded years all hold, and worlds weigh as before them.
pub fn held(outcomes: &[Outcome], prior: &[f64]) -> (Vec<f64>, Vec<Outcome>) {
    held_in(outcomes, prior, u8::MAX)
}

/// The same by some of the recorded spans, a bit each.
fn held_in(outcomes: &[Outcome], prior: &[f64], legs: u8) -> (Vec<f64>, Vec<Outcome>) {
    let mut weights = vec![0.0; prior.len()];
    let held: Vec<Outcome> =
        outcomes.iter().filter(|o| o.past_missed & legs == 0).cloned().collect();
    for outcome in &held {
        weights[outcome.world as usize] += 1.0;
    }
    weights.iter_mut().zip(prior).for_each(|(held, prior)| *held *= prior);
    (weights, held)
}

/// Returns what one recorded span alone does to the headline by the station's own causes; `None` where no history made it.
///
/// The error of the move is that of a weighted mean less the plain one of the same worlds: the spread over worlds of
/// `p_w x_w - q_w y_w`, with their shares of the weight and how often they keep the line among the histories that held, and among
/// all.
pub fn alone(all: &Ensemble<'_>, leg: usize) -> Option<Alone> {
    let prior = all.weights;
    let (weights, held) = held_in(all.outcomes, prior, 1 << leg);
    if held.is_empty() {
        return None;
    }
    let by_leg = Ensemble { outcomes: &held, weights: &weights, ..*all };
    let line = summary::own_line(&by_leg, all);
    let kept = |outcomes: &[Outcome]| -> Vec<(f64, f64)> {
        let mut of = vec![(0.0, 0.0); prior.len()];
        for outcome in outcomes {
            let world = &mut of[outcome.world as usize];
            *world = (world.0 + 1.0, world.1 + f64::from(u8::from(outcome.own_crewed.is_none())));
        }
        of
    };
    let (before, after) = (kept(all.outcomes), kept(&held));
    let (whole_before, whole_after) = (prior.iter().sum::<f64>(), weights.iter().sum::<f64>());
    let (mut mean_before, mut mean_after) = (0.0, 0.0);
    let share = |(n, kept): (f64, f64)| if n > 0.0 { kept / n } else { 0.0 };
    for w in 0..prior.len() {
        mean_before += prior[w] / whole_before * share(before[w]);
        mean_after += weights[w] / whole_after * share(after[w]);
    }
    let squares: f64 = (0..prior.len())
        .map(|w| {
            let moved = weights[w] / whole_after * (share(after[w]) - mean_after)
                - prior[w] / whole_before * (share(before[w]) - mean_before);
            moved * moved
        })
        .sum();
    Some(Alone {
        mean: line.mean,
        standard_error: line.standard_error,
        moves: mean_after - mean_before,
        moves_error: squares.sqrt(),
    })
}

/// Returns the largest share of the weight that one world carries; 0 without weight.
pub fn largest(weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    if total > 0.0 { weights.iter().copied().fold(0.0, f64::max) / total } else { 0.0 }
}

/// Returns the shape of the generalized Pareto law that the largest weights follow: their tail has as many finite moments as its
/// inverse, and below about 0.7 means over the weights can be trusted. `None` with fewer than 25 weights or a tail that
/// does not vary.
///
/// # Model
///
/// The `min(S/5, 3√S)` largest of `S` weights, above the next one; the shape by the profile of Zhang and Stephens,
/// shrunk towards 1/2 as by ten weights.
///
/// # Source
///
/// A. Vehtari, D. Simpson, A. Gelman, Y. Yao, J. Gabry, "Pareto smoothed importance sampling", JMLR 25 (2024) 72; J. Zhang and M. A.
/// Stephens, "A new and efficient estimation method for the generalized Pareto distribution", Technometrics 51 (2009) 316-325.
pub fn pareto_k(weights: &[f64]) -> Option<f64> {
    if weights.len() < 25 {
        return None;
    }
    let mut sorted: Vec<f64> = weights.to_vec();
    sorted.sort_by(f64::total_cmp);
    let s = sorted.len() as f64;
    let n = (s / 5.0).min(3.0 * s.sqrt()).floor() as usize;
    let (rest, tail) = sorted.split_at(sorted.len() - n);
    let above = rest.last().copied().unwrap_or(0.0);
    let x: Vec<f64> = tail.iter().map(|w| w - above).collect();
    let largest = x[n - 1];
    if largest <= 0.0 {
        return None;
    }
    // The quartile scales the grid; equal weights at the foot of the tail have none.
    let foot = x[((n as f64 / 4.0 + 0.5) as usize).max(1) - 1];
    let quartile = if foot > 0.0 { foot } else { largest / 4.0 };
    let m = 30 + (n as f64).sqrt() as usize;
    let shape = |b: f64| x.iter().map(|x| math::ln_1p(-b * x)).sum::<f64>() / n as f64;
    let grid: Vec<f64> = (1..=m)
        .map(|j| 1.0 / largest + (1.0 - (m as f64 / (j as f64 - 0.5)).sqrt()) / (3.0 * quartile))
        .collect();
    let profile: Vec<f64> = grid
        .iter()
        .map(|b| {
            let k = shape(*b);
            n as f64 * (math::ln(-b / k) - k - 1.0)
        })
        .collect();
    let best = profile.iter().copied().filter(|l| l.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut mean) = (0.0, 0.0);
    for (b, l) in grid.iter().zip(&profile).filter(|(_, l)| l.is_finite()) {
        let weight = math::exp(l - best);
        sum += weight;
        mean += weight * b;
    }
    let k = shape(mean / sum);
    let n = n as f64;
    Some((k * n + 0.5 * 10.0) / (n + 10.0))
}

/// A span of recorded years that histories were flown over.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub through: Date,
    /// What the rules of the engine had been judged by before, where the files say so.
    pub in_view: Option<String>,
}

/// Returns how probable it was, in each recorded span, that nobody had to leave: among the histories whose other spans held, so
/// that no span is judged by itself.
pub fn consistency(
    all: &Ensemble<'_>,
    spans: &[Recorded],
    crewed_since: Option<Date>,
) -> Vec<Consistency> {
    let name = |span: &Recorded| format!("{} to {}", span.from, span.through);
    let rows = spans.iter().enumerate().map(|(leg, span)| {
        let bit = 1_u8 << leg;
        let others = |o: &&Outcome| o.past_missed & !bit == 0;
        let weight = |o: &Outcome| all.weights.get(o.world as usize).copied().unwrap_or(0.0);
        let n: f64 = all.outcomes.iter().filter(others).map(weight).sum();
        let kept: f64 =
            all.outcomes.iter().filter(others).filter(|o| o.past_held()).map(weight).sum();
        let base_rate = crewed_since
            .and_then(|since| yardstick::yardstick(since, span.from, span.through))
            .map(|found| found.mean);
        Consistency {
            from: span.from,
            through: span.through,
            probability: if n > 0.0 { kept / n } else { 0.0 },
            base_rate,
            weighted_on: spans.iter().filter(|other| *other != span).map(name).collect(),
            in_view: span.in_view.clone(),
        }
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{labels, outcome};
    use zarya_units::random::{Source, Stream};

    fn past(history: u32, past_missed: u8) -> Outcome {
        Outcome { past_missed, ..outcome(history, None) }
    }

    /// Twenty histories a world: one world makes the past in 15 of them, one in none, one always.
    #[test]
    fn a_world_weighs_as_often_as_it_makes_the_past() {
        let all: Vec<Outcome> = (0..60)
            .map(|h| past(h, u8::from((15..40).contains(&h)) * if h < 30 { 1 } else { 2 }))
            .collect();
        let (weights, held) = held(&all, &[1.0, 1.0, 0.5]);
        assert_eq!(weights, [15.0, 0.0, 10.0]);
        assert_eq!(held.len(), 35);
        assert!(held.iter().all(Outcome::past_held));
        assert_eq!(largest(&weights), 15.0 / 25.0);
        assert_eq!(largest(&[0.0, 0.0]), 0.0);
    }

    /// Three worlds: one makes the past always and keeps the line always, one never makes it and never keeps it, one does either
    /// in half of its histories. The mean goes from 1/2 to (20 x 1 + 10 x 1/2) / 30 = 5/6.
    #[test]
    fn a_span_alone_moves_the_line() {
        let lost = Some((61_000.0, 0));
        let all: Vec<Outcome> = (0..60)
            .map(|h| {
                let (world, place) = (h / 20, h % 20);
                let kept = world == 0 || (world == 2 && place % 2 == 0);
                let held = world == 0 || (world == 2 && place < 10);
                // The second span misses everything and is not asked.
                Outcome { past_missed: 2 + u8::from(!held), ..outcome(h, lost.filter(|_| !kept)) }
            })
            .collect();
        let labels = labels();
        let ensemble = Ensemble { labels: &labels, outcomes: &all, weights: &[1.0; 3] };
        let found = alone(&ensemble, 0).unwrap();
        assert!((found.mean - 5.0 / 6.0).abs() < 1e-12, "{found:?}");
        assert!((found.moves - 1.0 / 3.0).abs() < 1e-12, "{found:?}");
        // By world 20/30 x 1/6 - 1/3 x 1/2, 1/3 x 1/2 and -1/3 x 1/3.
        let error =
            math::pow(1.0 / 18.0, 2.0) + math::pow(1.0 / 6.0, 2.0) + math::pow(1.0 / 9.0, 2.0);
        assert!((found.moves_error - error.sqrt()).abs() < 1e-12, "{found:?}");
        assert_eq!(alone(&ensemble, 1), None);
    }

    /// A span is judged by the histories whose other spans held: of 60 the first missed in 15, the second in 10.
    #[test]
    fn a_span_is_judged_without_itself() {
        let all: Vec<Outcome> = (0..60)
            .map(|h| past(h, u8::from((15..40).contains(&h)) * if h < 30 { 1 } else { 2 }))
            .collect();
        let labels = labels();
        let ensemble = Ensemble { labels: &labels, outcomes: &all, weights: &[1.0; 3] };
        let day = |text: &str| Date::parse(text).unwrap();
        let span = |from: &str, through: &str| Recorded {
            from: day(from),
            through: day(through),
            in_view: None,
        };
        let spans = [span("2011-07-20", "2019-12-31"), span("2020-01-01", "2025-07-31")];
        let found = consistency(&ensemble, &spans, Some(day("2000-11-02")));
        assert_eq!(found[0].probability, 35.0 / 50.0);
        assert_eq!(found[1].probability, 35.0 / 45.0);
        assert_eq!(found[0].weighted_on, ["2020-01-01 to 2025-07-31"]);
        // 10.7 years without, then 8.5: (10.7 / 19.2)^½.
        assert!((found[0].base_rate.unwrap() - 0.747).abs() < 0.002, "{:?}", found[0]);
    }

    /// Draws of Exp(1) weighted towards Exp(l) have weights of Pareto shape 1 - l exactly (the closed form of the method's paper).
    #[test]
    fn the_tail_of_weights_has_its_shape() {
        let n = 20_000;
        let source = Source::new(5, 0);
        let stream = Stream::new("test", "pareto");
        for l in [0.8, 0.5, 0.3] {
            let weights: Vec<f64> = (0..n)
                .map(|i| {
                    let x = -math::ln(source.uniform(stream, i));
                    l * math::exp((1.0 - l) * x)
                })
                .collect();
            let k = pareto_k(&weights).unwrap();
            assert!((k - (1.0 - l)).abs() < 0.12, "l {l}: {k}");
        }
        // Weights that are bounded have no tail.
        let bounded: Vec<f64> = (0..500).map(|i| f64::from(i % 20)).collect();
        assert!(pareto_k(&bounded).is_none_or(|k| k < 0.2), "{:?}", pareto_k(&bounded));
        assert_eq!(pareto_k(&[1.0; 500]), None);
        assert_eq!(pareto_k(&[1.0; 5]), None);
    }
}
