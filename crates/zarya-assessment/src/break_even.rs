//! Break-even instead of invention: the factor on an input at which the headline turns.

use crate::assessment::{BreakEvenValue, StationBreakEven};
use zarya_station::model::BreakEven;
use zarya_units::math;

/// Runs after those at the two ends.
const STEPS_MAX: u32 = 4;

/// What a run reads on both lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The headline, all risks aboard.
    pub all_risks: Point,
    /// The headline by the station's own causes.
    pub station: Point,
}

/// A headline with its sampling error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Probability.
    pub probability: f64,
    /// Its sampling error.
    pub standard_error: f64,
}

/// Returns where the headline crosses the threshold as one input is scaled, by runs on the same
/// worlds and histories; `None` once `run` has been stopped. The same runs say where the headline by the station's own causes does.
///
/// # Model
///
/// Runs at the least and largest factor, at the ends of the value's own band (`own`, as factors) and the known answer at factor 1 make brackets; of those
/// that hold the threshold, the one nearest to factor 1 is narrowed by interpolation (minus the log
/// of the headline is near to linear in the factor), each proposal verified by a run, until the run
/// lies within a sampling error of the threshold or 0.005. Without a bracket: none in range.
/// The error of the factor is that of the probability over the slope of the last bracket.
pub fn search(
    input: &BreakEven,
    own: Option<(f64, f64)>,
    threshold: f64,
    base: Reading,
    histories: u32,
    run: impl FnMut(f64) -> Option<Reading>,
) -> Option<BreakEvenValue> {
    let mut own_points = vec![(1.0, base.station)];
    let mut run = noting(&mut own_points, run);
    let base = base.all_risks;
    let at_low = run(input.low)?;
    let at_high = run(input.high)?;
    let mut found = BreakEvenValue {
        id: input.id.clone(),
        what: input.what.clone(),
        scale: input.scale.clone(),
        factor: None,
        factor_error: None,
        low: input.low,
        high: input.high,
        at_low: at_low.probability,
        at_high: at_high.probability,
        own_low: own.map(|band| band.0),
        own_high: own.map(|band| band.1),
        at_own_low: None,
        at_own_high: None,
        outside_own: false,
        nearly: false,
        station: None,
        at_factor: None,
        standard_error: 0.0,
        bound: input.bound.clone(),
        histories,
    };
    let nearer = |p: &Point| (p.probability - threshold).abs();
    found.standard_error =
        if nearer(&at_low) < nearer(&at_high) { at_low } else { at_high }.standard_error;

    let mut points = vec![(input.low, at_low), (input.high, at_high)];
    if input.low < 1.0 && 1.0 < input.high {
        points.insert(1, (1.0, base));
    }
    if let Some((own_low, own_high)) = own {
        // The band's ends are run where they lie inside the range tried, else its own ends speak.
        let mut at = |factor: f64| {
            let factor = factor.clamp(input.low, input.high);
            if let Some((_, point)) = points.iter().find(|(x, _)| *x == factor) {
                return Some(*point);
            }
            let point = run(factor)?;
            points.push((factor, point));
            Some(point)
        };
        found.at_own_low = Some(at(own_low)?.probability);
        found.at_own_high = Some(at(own_high)?.probability);
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let crosses = |a: &Point, b: &Point| crosses(a, b, threshold);
    let bracket = points
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .filter(|(a, b)| crosses(&a.1, &b.1))
        .min_by(|a, b| distance_from_one(a).total_cmp(&distance_from_one(b)));
    if let Some((mut left, mut right)) = bracket {
        for step in 0..STEPS_MAX {
            // The last proposals split the bracket when interpolation has not settled.
            let factor = interpolate(left, right, threshold, step >= 2);
            let point = run(factor)?;
            found.factor = Some(factor);
            found.at_factor = Some(point.probability);
            found.standard_error = point.standard_error;
            let slope = (right.1.probability - left.1.probability) / (right.0 - left.0);
            found.factor_error = (slope != 0.0).then_some((point.standard_error / slope).abs());
            found.outside_own = own.is_some_and(|(low, high)| factor < low || high < factor);
            if (point.probability - threshold).abs() <= point.standard_error.max(0.005) {
                break;
            }
            if crosses(&left.1, &point) {
                right = (factor, point);
            } else {
                left = (factor, point);
            }
        }
    } else {
        found.nearly = points.iter().any(|(_, p)| comes_near(p, &base, threshold));
    }
    drop(run);
    found.station = Some(of_station(own_points, (input.low, input.high), threshold));
    Some(found)
}

/// Runs, and keeps what they read of the station's own causes.
fn noting<'a>(
    own: &'a mut Vec<(f64, Point)>,
    mut run: impl FnMut(f64) -> Option<Reading> + 'a,
) -> impl FnMut(f64) -> Option<Point> + 'a {
    move |factor| {
        let reading = run(factor)?;
        own.push((factor, reading.station));
        Some(reading.all_risks)
    }
}

/// Whether an input brings the headline to the threshold but for chance: it moves it there by more than chance.
fn comes_near(at: &Point, base: &Point, threshold: f64) -> bool {
    let (moved, missing) = (at.probability - base.probability, threshold - base.probability);
    moved * missing > 0.0
        && moved.abs() > 2.0 * at.standard_error
        && (at.probability - threshold).abs() <= 2.0 * at.standard_error
}

/// The crossing of the other line, by interpolation between the runs there are.
fn of_station(
    mut points: Vec<(f64, Point)>,
    (low, high): (f64, f64),
    threshold: f64,
) -> StationBreakEven {
    // The present value may lie outside the range that is asked about.
    points.retain(|(factor, _)| (low..=high).contains(factor));
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points.dedup_by(|a, b| a.0 == b.0);
    let at = |factor: f64| points.iter().find(|(x, _)| *x == factor).map_or(points[0].1, |p| p.1);
    let (low, high) = (at(low), at(high));
    let missing = |p: &Point| (p.probability - threshold).abs();
    let mut found = StationBreakEven {
        factor: None,
        factor_error: None,
        at_low: low.probability,
        at_high: high.probability,
        standard_error: if missing(&low) < missing(&high) { low } else { high }.standard_error,
    };
    let bracket = points
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .filter(|(a, b)| crosses(&a.1, &b.1, threshold))
        .min_by(|a, b| distance_from_one(a).total_cmp(&distance_from_one(b)));
    if let Some((left, right)) = bracket {
        let share = share_of_the_way(left.1, right.1, threshold).clamp(0.0, 1.0);
        found.factor = Some(left.0 + share * (right.0 - left.0));
        let slope = (right.1.probability - left.1.probability) / (right.0 - left.0);
        let error = left.1.standard_error.max(right.1.standard_error);
        found.factor_error = Some((error / slope).abs());
    }
    found
}

/// Drop of the headline whose rate is told beside that at which it crosses the threshold.
pub const RUPTURE_DROP: f64 = 0.05;

/// What the rates of a rupture that nobody has a rate of would do to the headline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Headline at the highest rate tried.
    pub at_tried: Point,
    /// Rate at which the headline crosses the threshold, 1/y; none up to the highest tried.
    pub at_threshold_per_y: Option<f64>,
    /// Rate at which the headline has fallen by [`RUPTURE_DROP`], 1/y; none up to the highest tried.
    pub at_drop_per_y: Option<f64>,
}

/// Returns at which rates of a rupture the headline turns, by runs on the same worlds and histories;
/// `None` once `run` has been stopped.
///
/// # Model
///
/// Without a rate on record there is no mean: the answer without ruptures (`base`) is the upper one, that at
/// the highest rate tried the lower one. In between minus the log of the headline is near to linear in
/// the rate; each proposal is verified by a run, until it lies within a sampling error or 0.005.
pub fn ruptures(
    tried_per_y: f64,
    threshold: f64,
    base: Point,
    mut run: impl FnMut(f64) -> Option<Point>,
) -> Option<Rates> {
    let at_tried = run(tried_per_y)?;
    let mut points = vec![(0.0, base), (tried_per_y, at_tried)];
    let mut rate_at = |target: f64| -> Option<Option<f64>> {
        if base.probability < target || target < at_tried.probability {
            return Some(None);
        }
        let mut rate = 0.0;
        for step in 0..STEPS_MAX {
            let above = points.iter().filter(|(_, p)| target <= p.probability);
            let left = *above.max_by(|a, b| a.0.total_cmp(&b.0)).expect("the base is above");
            let beyond = points.iter().filter(|(at, _)| left.0 < *at);
            let right = *beyond.min_by(|a, b| a.0.total_cmp(&b.0)).expect("the tried one is below");
            let near = |p: &Point| (p.probability - target).abs() <= p.standard_error.max(0.005);
            if let Some((at, _)) = points.iter().find(|(at, p)| 0.0 < *at && near(p)) {
                return Some(Some(*at));
            }
            rate = interpolate(left, right, target, step >= 2);
            points.push((rate, run(rate)?));
        }
        Some(Some(rate))
    };
    let at_threshold_per_y = rate_at(threshold)?;
    let at_drop_per_y = rate_at(base.probability - RUPTURE_DROP)?;
    Some(Rates { at_tried, at_threshold_per_y, at_drop_per_y })
}

fn distance_from_one(pair: &((f64, Point), (f64, Point))) -> f64 {
    // A bracket that touches factor 1 is as near as can be.
    (pair.0.0 - 1.0).abs().min((pair.1.0 - 1.0).abs())
}

fn crosses(a: &Point, b: &Point, threshold: f64) -> bool {
    (a.probability - threshold) * (b.probability - threshold) <= 0.0
        && a.probability != b.probability
}

/// Where between two headlines a third lies, minus their logs being linear.
fn share_of_the_way(left: Point, right: Point, threshold: f64) -> f64 {
    let hazard = |p: f64| -math::ln(p.max(1e-4));
    let (a, b) = (hazard(left.probability), hazard(right.probability));
    if a == b { 0.5 } else { (hazard(threshold) - a) / (b - a) }
}

fn interpolate(left: (f64, Point), right: (f64, Point), threshold: f64, halve: bool) -> f64 {
    let share = share_of_the_way(left.1, right.1, threshold);
    // Away from the ends: a proposal at an end would teach nothing.
    let share = if halve { 0.5 * (share + 0.5) } else { share }.clamp(0.05, 0.95);
    left.0 + share * (right.0 - left.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(low: f64, high: f64) -> BreakEven {
        BreakEven {
            id: "rates".into(),
            what: "all failure rates".into(),
            scale: zarya_station::model::Scale::FailureRates,
            low,
            high,
            bound: None,
        }
    }

    fn point(probability: f64) -> Point {
        Point { probability, standard_error: 0.001 }
    }

    /// A run that reads the same on both lines.
    fn both(all_risks: Point) -> Reading {
        Reading { all_risks, station: all_risks }
    }

    /// A headline `exp(-0.05 f)` crosses 0.9 at `f = -ln 0.9 / 0.05 = 2.107`.
    #[test]
    fn crossing_of_a_known_curve_is_found() {
        let curve = |f: f64| point(math::exp(-0.05 * f));
        let mut runs = 0;
        let found = search(&input(0.2, 10.0), Some((0.5, 2.0)), 0.9, both(curve(1.0)), 1000, |f| {
            runs += 1;
            Some(both(curve(f)))
        })
        .unwrap();
        let truth = -math::ln(0.9) / 0.05;
        let factor = found.factor.unwrap();
        assert!((found.at_factor.unwrap() - 0.9).abs() <= 0.005);
        // Minus its log is a line: the first proposal stops a twentieth short of the bracket's end, the next is exact.
        assert!((factor / truth - 1.0).abs() < 1e-9, "{factor} {truth}");
        let slope = (curve(2.4).probability - curve(2.0).probability) / 0.4;
        assert!((found.factor_error.unwrap() / (0.001 / -slope) - 1.0).abs() < 1e-9, "{found:?}");
        assert!(found.outside_own && found.at_own_low > found.at_own_high);
        assert!(runs <= 4 + STEPS_MAX, "{runs}");
    }

    /// Of two crossings the one nearer to the present value is told; without one, the error of the nearer end.
    #[test]
    fn the_nearest_crossing_is_told() {
        let twice = |f: f64| point(if (0.15..0.6).contains(&f) { 0.95 } else { 0.85 });
        let found = search(&input(0.1, 0.8), Some((0.2, 0.5)), 0.9, both(point(0.85)), 1000, |f| {
            Some(both(twice(f)))
        })
        .unwrap();
        assert!((0.5..0.8).contains(&found.factor.unwrap()), "{found:?}");
        let ends = |f: f64| Point { probability: 0.5 + 0.1 * f, standard_error: 0.01 * f };
        let found =
            search(&input(0.5, 3.0), None, 0.9, both(ends(1.0)), 1000, |f| Some(both(ends(f))))
                .unwrap();
        assert_eq!((found.factor, found.standard_error), (None, 0.03));
        let found =
            search(&input(0.5, 3.0), None, 0.1, both(ends(1.0)), 1000, |f| Some(both(ends(f))))
                .unwrap();
        assert_eq!((found.factor, found.standard_error), (None, 0.005));
        let near = |f: f64| Point { probability: 0.8 + 0.03 * f, standard_error: 0.02 };
        let found =
            search(&input(0.5, 3.0), None, 0.9, both(near(1.0)), 1000, |f| Some(both(near(f))))
                .unwrap();
        assert!(found.nearly, "{found:?}");
        // An input that does nothing does not come near, however near the threshold the headline lies.
        let idle = |_: f64| Point { probability: 0.89, standard_error: 0.018 };
        let found =
            search(&input(0.5, 3.0), None, 0.9, both(idle(1.0)), 1000, |f| Some(both(idle(f))))
                .unwrap();
        assert!(!found.nearly, "{found:?}");
        let far = |f: f64| Point { standard_error: 0.004, ..near(f) };
        let found =
            search(&input(0.5, 3.0), None, 0.9, both(far(1.0)), 1000, |f| Some(both(far(f))))
                .unwrap();
        assert!(!found.nearly, "{found:?}");
    }

    #[test]
    fn a_curve_that_never_crosses_has_none_in_range() {
        let found = search(&input(0.2, 2.0), None, 0.9, both(point(0.97)), 1000, |f| {
            Some(both(point(0.97 - 0.01 * f)))
        })
        .unwrap();
        assert_eq!((found.factor, found.at_factor), (None, None));
        assert!((found.at_high - 0.95).abs() < 1e-12);
    }

    #[test]
    fn a_factor_of_zero_is_allowed() {
        let found = search(&input(0.0, 2.0), None, 0.9, both(point(0.8)), 1000, |f| {
            Some(both(point(1.0 - 0.2 * f)))
        })
        .unwrap();
        assert!((found.factor.unwrap() - 0.5).abs() < 0.05, "{found:?}");
    }

    /// A headline `0.9 exp(-10 r)`: it crosses 0.8 at `ln(0.9 / 0.8) / 10 = 0.0118` and has fallen by 0.05 at
    /// `ln(0.9 / 0.85) / 10 = 0.0057`; a threshold above the base, or below what is tried, is not crossed.
    #[test]
    fn rates_of_a_rupture_turn_a_known_curve() {
        let curve = |rate: f64| point(0.9 * math::exp(-10.0 * rate));
        let mut runs = 0;
        let rates = |threshold, runs: &mut u32| {
            ruptures(0.1, threshold, point(0.9), |rate| {
                *runs += 1;
                Some(curve(rate))
            })
            .unwrap()
        };
        let found = rates(0.8, &mut runs);
        assert_eq!(found.at_tried, curve(0.1));
        let headline = |rate: Option<f64>| curve(rate.unwrap()).probability;
        assert!((headline(found.at_threshold_per_y) - 0.8).abs() <= 0.005, "{found:?}");
        assert!((headline(found.at_drop_per_y) - 0.85).abs() <= 0.005, "{found:?}");
        assert!((2..=5).contains(&runs), "{runs}");
        assert_eq!(rates(0.95, &mut runs).at_threshold_per_y, None);
        assert_eq!(rates(0.2, &mut runs).at_threshold_per_y, None);
        assert_eq!(ruptures(0.1, 0.8, point(0.9), |_| None), None);
        let flat = ruptures(0.1, 0.8, point(0.9), |_| Some(point(0.9))).unwrap();
        assert_eq!((flat.at_threshold_per_y, flat.at_drop_per_y), (None, None));
    }

    /// The other line crosses where the same runs say: `exp(-0.03 f)` crosses 0.9 at 3.512, between runs.
    #[test]
    fn the_other_line_is_read_off_the_same_runs() {
        let read = |f: f64| Reading {
            all_risks: point(math::exp(-0.05 * f)),
            station: point(math::exp(-0.03 * f)),
        };
        let found =
            search(&input(0.2, 10.0), None, 0.9, read(1.0), 1000, |f| Some(read(f))).unwrap();
        let station = found.station.unwrap();
        assert!((station.factor.unwrap() + math::ln(0.9) / 0.03).abs() < 1e-9, "{station:?}");
        assert_eq!(
            (station.at_low, station.at_high),
            (read(0.2).station.probability, read(10.0).station.probability)
        );
        // Its error over the slope there, -0.03 x 0.9, but for the curve between the two runs.
        assert!(
            (station.factor_error.unwrap() / (0.001 / 0.027) - 1.0).abs() < 0.25,
            "{station:?}"
        );
        // A range that does not hold the present value is read inside it alone.
        let found =
            search(&input(2.0, 3.0), None, 0.96, read(1.0), 1000, |f| Some(read(f))).unwrap();
        assert_eq!(found.station.unwrap().factor, None);
        assert_eq!(found.station.unwrap().at_low, read(2.0).station.probability);
    }

    #[test]
    fn a_stop_ends_the_search() {
        assert!(search(&input(0.5, 2.0), None, 0.9, both(point(0.8)), 1000, |_| None).is_none());
    }
}
