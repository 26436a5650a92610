//! Replacements when many fall into a horizon: the transform of a sum of many lives, inverted.
//!
//! A grid needs cells for each life and a pass for each count, so its work grows with their square.
//! Sums of many lives are smooth, and few values of their transform say all about them.

use crate::inversion::Nodes;
use crate::law::Law;
use crate::repair::Repair;
use zarya_units::math;

/// Gauss-Legendre on eight points: abscissas above the middle, with their weights.
const POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

/// Returns about how many replacements of one position are expected within `horizon_d`: no fewer than
/// this less one, and no more than twice as many.
///
/// # Model
///
/// `T / ∫ S(t) dt` to the horizon `T`. By Wald's identity the lives up to the first beyond the horizon,
/// each cut at `T`, add up to at least `T` and at most `2 T`.
pub fn expected(law: &Law, horizon_d: f64) -> f64 {
    if let Law::Exponential { mtbf_d } = law {
        return horizon_d / mtbf_d;
    }
    let mut area_d = 0.0;
    each_point(&breaks(law, horizon_d, f64::INFINITY), |t, weight| {
        area_d += weight * law.survival(t);
    });
    horizon_d / area_d
}

/// Returns `P(N >= n)` for n = 1, 2, ... to beyond `most`, or until it is negligible, without a life limit;
/// `expected` is that of [`expected`].
///
/// # Model
///
/// `P(N >= n)` has the transform `a f^(n-1) / s` in the horizon, with `f` that of a new life and `a` that
/// of what is left of the first. Both are `1 - s ∫ e^(-st) S(t) dt`, by panels that follow the law near
/// zero and the fastest phase beyond. See [`Nodes`] for the inversion and its error, 1e-8.
pub(super) fn reached(most: u32, law: &Law, age_d: f64, horizon_d: f64, expected: f64) -> Vec<f64> {
    /// Waves beyond which a sum is a step that nothing asks about.
    const WAVES_MAX: f64 = 8_000.0;
    // Counts beyond those asked for tell what is sure from what the inversion leaves of it.
    let counted = (2.0 * expected + 40.0).min(4.0 * f64::from(most) + 256.0) as usize;
    let mean_d = law.mean_d();
    // The narrowest sum that matters, and the waves it takes to draw it.
    let narrow_d = law.deviation_d().min(mean_d) * expected.sqrt();
    let waves = (8.0 * horizon_d / (std::f64::consts::PI * narrow_d)).ceil();
    let waves = waves.min(WAVES_MAX) as usize;
    let nodes = Nodes::with_waves(horizon_d, waves, &Repair::Instant);
    let new = transform(law, 0.0, &nodes);
    let first = if age_d > 0.0 { transform(law, age_d, &nodes) } else { new.clone() };
    let more = nodes.powers(&first, &new, counted);
    // Rounding of small counts, which are sure, and of large ones, which are not met, does not make the
    // probability rise.
    let mut reached: Vec<f64> = Vec::with_capacity(more.len());
    let mut above = 0.0_f64;
    for p in more.into_iter().rev() {
        above = above.max(p.clamp(0.0, 1.0));
        reached.push(above);
    }
    reached.reverse();
    reached
}

/// The transform of what is left of a life at `age_d`, at each node, as (real, imaginary).
fn transform(law: &Law, age_d: f64, nodes: &Nodes) -> Vec<(f64, f64)> {
    let survival = law.survival(age_d);
    let n = nodes.len();
    if survival <= 0.0 {
        return vec![(1.0, 0.0); n];
    }
    let (a, step) = nodes.line();
    let fastest = step * (n - 1) as f64;
    let (mut re, mut im) = (vec![0.0; n], vec![0.0; n]);
    // Beyond this the damping leaves nothing.
    let end_d = (42.0 / a).min(longest_d(law) - age_d).max(f64::MIN_POSITIVE);
    let longest_panel_d = (2.0 / fastest).min(law.deviation_d());
    let mut places = breaks(law, age_d + end_d, longest_panel_d);
    if age_d > 0.0 {
        // A worn unit has no singular start: what lies behind it is left out.
        places.retain(|t| *t > age_d);
        places.insert(0, age_d);
    }
    each_point(&places, |t, weight| {
        let t = t - age_d;
        let size = weight * law.survival(t + age_d) / survival * math::exp(-a * t);
        let (sin, cos) = math::sincos(-step * t);
        let (mut x, mut y) = (size, 0.0);
        for (re, im) in re.iter_mut().zip(&mut im) {
            *re += x;
            *im += y;
            (x, y) = (x * cos - y * sin, x * sin + y * cos);
        }
    });
    // 1 - s times the integral.
    let parts = re.iter().zip(&im).enumerate();
    parts
        .map(|(k, (re, im))| {
            let b = step * k as f64;
            (1.0 - (a * re - b * im), -(a * im + b * re))
        })
        .collect()
}

/// An age that fewer than 1e-17 of new units reach.
fn longest_d(law: &Law) -> f64 {
    let mut age_d = law.mean_d();
    while law.survival(age_d) > 1e-17 && age_d < 1e300 {
        age_d *= 1.5;
    }
    age_d
}

/// Ends of panels from 0 to `end_d`: each twice the one before, none longer than `longest_d`, and one at
/// each corner of the survival.
fn breaks(law: &Law, end_d: f64, longest_d: f64) -> Vec<f64> {
    const DOUBLINGS: i32 = 50;
    let mut corners = vec![0.0];
    corners.extend((0..=DOUBLINGS).rev().map(|i| end_d / math::pow(2.0, f64::from(i))));
    corners.extend(law.corners_d().iter().copied().filter(|t| *t < end_d));
    corners.sort_by(f64::total_cmp);
    let mut breaks = vec![0.0];
    for pair in corners.windows(2) {
        let length_d = pair[1] - pair[0];
        let pieces = (length_d / longest_d).ceil().max(1.0);
        for i in 1..=pieces as usize {
            breaks.push(pair[0] + length_d * i as f64 / pieces);
        }
    }
    breaks
}

/// Visits the points of a quadrature over panels with their weights.
fn each_point(breaks: &[f64], mut visit: impl FnMut(f64, f64)) {
    for pair in breaks.windows(2) {
        let (middle, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        for (x, weight) in POINTS {
            visit(middle - half * x, half * weight);
            visit(middle + half * x, half * weight);
        }
    }
}
