//! Demand at a constant rate: Poisson when the rate is known, gamma-Poisson when it is not.
//!
//! Both are summed from the side that keeps the digits, so a confidence of 0.999999999 is as good
//! as one of 0.5.

use zarya_units::math;

/// Returns the probability of exactly `count` failures when `mean` are expected.
///
/// # Model
///
/// `exp(-m) m^k / k!` in the form that loses no digits for large counts.
///
/// # Source
///
/// C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
pub fn poisson_pmf(count: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if count == 0 { 1.0 } else { 0.0 };
    }
    let k = f64::from(count);
    if count == 0 {
        return math::exp(-mean);
    }
    math::exp(-stirling_error(k) - deviance(k, mean)) / (2.0 * std::f64::consts::PI * k).sqrt()
}

/// Returns the probability of at most `count` failures when `mean` are expected.
pub fn poisson_cdf(count: u32, mean: f64) -> f64 {
    tails(count, poisson_pmf(count, mean), mean, |k| mean / (k + 1.0)).0
}

/// Returns the probability of more than `count` failures when `mean` are expected.
pub fn poisson_survival(count: u32, mean: f64) -> f64 {
    tails(count, poisson_pmf(count, mean), mean, |k| mean / (k + 1.0)).1
}

/// Returns the first `most + 1` probabilities of a demand that comes in lots: `events` are expected,
/// and each asks for `k` spares with probability `lots[k]`. Failures of common cause are such lots.
///
/// # Model
///
/// Panjer's recursion, `p_0 = exp(-events (1 - lots_0))`, `p_k = events / k * sum j lots_j p_(k-j)`: all
/// terms are positive, so no digits are lost. Where `p_0` would underflow, the events are halved and
/// the two halves added.
///
/// # Source
///
/// H. H. Panjer, "Recursive evaluation of a family of compound distributions" (1981).
pub fn compound_poisson_pmf(events: f64, lots: &[f64], most: u32) -> Vec<f64> {
    const EVENTS_MAX: f64 = 600.0;
    if events > EVENTS_MAX {
        let half = compound_poisson_pmf(0.5 * events, lots, most);
        let mut sum = crate::counts::convolved(&half, &half);
        sum.resize(most as usize + 1, 0.0);
        return sum;
    }
    let none = lots.first().copied().unwrap_or(1.0);
    let mut pmf = vec![math::exp(-events * (1.0 - none))];
    for k in 1..=most as usize {
        let sum: f64 = (1..lots.len().min(k + 1)).map(|j| j as f64 * lots[j] * pmf[k - j]).sum();
        pmf.push(events / k as f64 * sum);
    }
    pmf
}

/// Returns the smallest count that a Poisson demand of this mean exceeds with probability at most
/// `1 - confidence`.
///
/// # Panics
///
/// If the mean is negative or not finite, or the confidence is not inside \[0, 1).
pub fn poisson_quantile(mean: f64, confidence: f64) -> u32 {
    assert!(
        mean >= 0.0 && mean.is_finite(),
        "a mean demand is finite and not negative, got {mean}"
    );
    let spread = mean.sqrt();
    quantile(mean, spread, confidence, |k| poisson_survival(k, mean))
}

/// Returns the smallest stock that covers a Poisson demand of this mean with the confidence.
///
/// This is [`poisson_quantile`] by the name the station's files use.
///
/// # Examples
///
/// ```
/// // One failure expected: two spares last with probability 0.92, three with 0.98.
/// assert_eq!(zarya_reliability::stock_for(1.0, 0.90), 2);
/// assert_eq!(zarya_reliability::stock_for(1.0, 0.95), 3);
/// ```
pub fn stock_for(mean_demand: f64, confidence: f64) -> u32 {
    poisson_quantile(mean_demand, confidence)
}

/// Returns the probability of exactly `count` failures when the rate has a gamma prior.
///
/// `mean` is the expected count and `shape` the prior's shape: a small shape is a poorly known
/// rate, and an infinite one gives the Poisson law.
///
/// # Model
///
/// Negative binomial: `Γ(k + a) / (k! Γ(a)) (a / (a + m))^a (m / (a + m))^k`.
pub fn gamma_poisson_pmf(count: u32, mean: f64, shape: f64) -> f64 {
    if shape.is_infinite() || mean <= 0.0 {
        return poisson_pmf(count, mean);
    }
    let k = f64::from(count);
    // ln(a / (a + m)) through ln_1p keeps the digits of a large shape.
    let log_zero = -shape * math::ln_1p(mean / shape);
    if count == 0 {
        return math::exp(log_zero);
    }
    // a / (a + k) times the binomial probability of `a` in `a + k` trials.
    let n = shape + k;
    let p = shape / (shape + mean);
    let q = mean / (shape + mean);
    let log = stirling_error(n)
        - stirling_error(shape)
        - stirling_error(k)
        - deviance(shape, n * p)
        - deviance(k, n * q);
    let root = (n / (2.0 * std::f64::consts::PI * shape * k)).sqrt();
    math::exp(log) * root * (shape / n)
}

/// Returns the probability of at most `count` failures when the rate has a gamma prior.
pub fn gamma_poisson_cdf(count: u32, mean: f64, shape: f64) -> f64 {
    let pmf = gamma_poisson_pmf(count, mean, shape);
    tails(count, pmf, mean, gamma_poisson_ratio(mean, shape)).0
}

/// Returns the probability of more than `count` failures when the rate has a gamma prior.
pub fn gamma_poisson_survival(count: u32, mean: f64, shape: f64) -> f64 {
    let pmf = gamma_poisson_pmf(count, mean, shape);
    tails(count, pmf, mean, gamma_poisson_ratio(mean, shape)).1
}

/// Returns the smallest stock for a gamma-Poisson demand; compare [`stock_for`].
pub fn gamma_poisson_quantile(mean: f64, shape: f64, confidence: f64) -> u32 {
    if shape.is_infinite() {
        return poisson_quantile(mean, confidence);
    }
    let spread = (mean + mean * mean / shape).sqrt();
    quantile(mean, spread, confidence, |k| gamma_poisson_survival(k, mean, shape))
}

fn gamma_poisson_ratio(mean: f64, shape: f64) -> impl Fn(f64) -> f64 {
    let q = if shape.is_infinite() { 0.0 } else { mean / (shape + mean) };
    move |k| if q == 0.0 { mean / (k + 1.0) } else { (k + shape) / (k + 1.0) * q }
}

/// Sums both tails of a distribution whose successive terms have the given ratio, as
/// (at most `count`, more than `count`); the larger is one minus the smaller.
fn tails(count: u32, pmf: f64, mean: f64, ratio: impl Fn(f64) -> f64) -> (f64, f64) {
    if mean <= 0.0 {
        return (1.0, 0.0);
    }
    let k = f64::from(count);
    if k + 1.0 <= mean {
        let (mut sum, mut term, mut i) = (pmf, pmf, k);
        while i > 0.0 && term > sum * 1e-18 {
            i -= 1.0;
            term /= ratio(i);
            sum += term;
        }
        return (sum.min(1.0), (1.0 - sum).max(0.0));
    }
    let mut i = k;
    let mut term = pmf * ratio(i);
    let mut sum = 0.0;
    while term > sum * 1e-18 && term > 0.0 {
        sum += term;
        i += 1.0;
        term *= ratio(i);
    }
    ((1.0 - sum).max(0.0), sum.min(1.0))
}

fn quantile(mean: f64, spread: f64, confidence: f64, survival: impl Fn(u32) -> f64) -> u32 {
    assert!((0.0..1.0).contains(&confidence), "a confidence lies in [0, 1), got {confidence}");
    let excess = 1.0 - confidence;
    if survival(0) <= excess {
        return 0;
    }
    let z = math::normal_quantile(confidence.clamp(1e-12, 1.0 - 1e-12));
    let (mut low, mut step) = (0_u32, (spread as u32).max(1));
    // survival(low) > excess >= survival(high), found outward from a normal guess.
    let mut high = (mean + z * spread).max(1.0) as u32;
    while survival(high) > excess {
        low = high;
        high = high.saturating_add(step);
        step = step.saturating_mul(2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if survival(middle) > excess {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Returns `ln k! - ln(sqrt(2 π k) (k/e)^k)`, the error of Stirling's formula.
fn stirling_error(k: f64) -> f64 {
    if k < 16.0 {
        return math::lgamma(k + 1.0) - (k + 0.5) * math::ln(k) + k - 0.918_938_533_204_672_8;
    }
    let square = 1.0 / (k * k);
    (1.0 / 12.0
        - square
            * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))))
        / k
}

/// Returns `k ln(k/m) + m - k`, without cancellation where `k` is near `m`.
fn deviance(k: f64, mean: f64) -> f64 {
    if (k - mean).abs() < 0.1 * (k + mean) {
        let v = (k - mean) / (k + mean);
        let mut sum = (k - mean) * v;
        let mut term = 2.0 * k * v;
        let square = v * v;
        for j in 1..1000 {
            term *= square;
            let next = sum + term / f64::from(2 * j + 1);
            if next == sum {
                break;
            }
            sum = next;
        }
        return sum;
    }
    k * math::ln(k / mean) + mean - k
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(N <= 5) at mean 10 is 0.067086, P(N <= 15) is 0.951260: any printed Poisson table.
    #[test]
    fn poisson_gives_the_table() {
        assert!((poisson_cdf(5, 10.0) - 0.067_085_962_879_031_8).abs() < 1e-15);
        assert!((poisson_cdf(15, 10.0) - 0.951_259_596_696_021_4).abs() < 1e-14);
        assert!((poisson_survival(0, 1e-12) / 1e-12 - 1.0).abs() < 1e-9);
    }

    /// The gamma function's incomplete form is an independent sum of the same probability.
    #[test]
    fn poisson_agrees_with_the_incomplete_gamma_function() {
        for mean in [0.01, 0.7, 3.0, 40.0, 650.0, 5000.0] {
            for k in [0, 1, 5, 39, 41, 700, 5100] {
                let truth = crate::gamma::gamma_survival(f64::from(k) + 1.0, mean);
                // lgamma and the continued fraction carry about 1e-13 at these sizes.
                assert!((poisson_cdf(k, mean) - truth).abs() < 3e-12, "{mean} {k}");
            }
        }
    }

    /// Shape 1 is geometric: P(N > k) = (m / (1 + m))^(k + 1).
    #[test]
    fn gamma_poisson_of_shape_one_is_geometric() {
        let mean = 2.5;
        let ratio: f64 = mean / (1.0 + mean);
        let mut truth = ratio;
        for k in 0..60 {
            let got = gamma_poisson_survival(k, mean, 1.0);
            assert!((got / truth - 1.0).abs() < 1e-12, "{k} {got} {truth}");
            truth *= ratio;
        }
    }

    #[test]
    fn a_large_shape_is_poisson() {
        for k in [0, 3, 11, 30] {
            let (a, b) = (gamma_poisson_pmf(k, 10.0, 1e12), poisson_pmf(k, 10.0));
            assert!((a / b - 1.0).abs() < 1e-9, "{k} {a} {b}");
        }
    }

    #[test]
    fn quantiles_are_the_smallest_that_cover() {
        for mean in [0.0, 1e-6, 0.3, 4.0, 99.0, 2500.0] {
            for confidence in [0.0, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-12] {
                let k = poisson_quantile(mean, confidence);
                assert!(poisson_survival(k, mean) <= 1.0 - confidence);
                assert!(k == 0 || poisson_survival(k - 1, mean) > 1.0 - confidence, "{mean}");
                let k = gamma_poisson_quantile(mean, 0.5, confidence);
                assert!(gamma_poisson_survival(k, mean, 0.5) <= 1.0 - confidence);
                assert!(k == 0 || gamma_poisson_survival(k - 1, mean, 0.5) > 1.0 - confidence);
            }
        }
    }

    /// Lots of one are Poisson; lots with the logarithmic law make a negative binomial,
    /// `C(k + r - 1, k) (1 - q)^r q^k` with `events = -r ln(1 - q)`.
    #[test]
    fn lots_add_to_the_known_laws() {
        for mean in [0.3, 40.0, 2000.0] {
            let pmf = compound_poisson_pmf(mean, &[0.0, 1.0], 2200);
            for k in [0, 1, 37, 1990, 2100] {
                assert!((pmf[k] - poisson_pmf(k as u32, mean)).abs() < 1e-14, "{mean} {k}");
            }
        }
        let (q, r) = (0.4_f64, 3.0);
        let norm = -math::ln(1.0 - q);
        let lots: Vec<f64> = (0..60)
            .map(|k| if k == 0 { 0.0 } else { math::pow(q, f64::from(k)) / (f64::from(k) * norm) })
            .collect();
        let pmf = compound_poisson_pmf(r * norm, &lots, 20);
        for k in 0..=20_u32 {
            let ways = f64::from((k + 1) * (k + 2)) / 2.0;
            let expected = ways * math::pow(1.0 - q, 3.0) * math::pow(q, f64::from(k));
            assert!((pmf[k as usize] - expected).abs() < 1e-14, "{k}");
        }
        // Half of the events ask for nothing.
        let thinned = compound_poisson_pmf(4.0, &[0.5, 0.5], 3);
        assert!((thinned[2] - poisson_pmf(2, 2.0)).abs() < 1e-15);
    }
}
