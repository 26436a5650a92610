//! The beta distribution, for the spread of a probability over worlds.

use zarya_units::math;

/// Returns the probability that a beta variate of shapes `a` and `b` is at most `x`.
///
/// # Model
///
/// The regularized incomplete beta function by its continued fraction, about 1e-12 relative.
///
/// # Source
///
/// Continued fraction 26.5.8 of Abramowitz and Stegun, "Handbook of Mathematical Functions",
/// evaluated by the modified Lentz method.
///
/// # Panics
///
/// If a shape is not positive.
pub fn cdf(a: f64, b: f64, x: f64) -> f64 {
    assert!(a > 0.0 && b > 0.0, "shapes are positive, got {a} and {b}");
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast only below the mean; above it, the mirrored one does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - cdf_below(b, a, 1.0 - x);
    }
    cdf_below(a, b, x)
}

fn cdf_below(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let log_front = math::lgamma(a + b) - math::lgamma(a) - math::lgamma(b)
        + a * math::ln(x)
        + b * math::ln_1p(-x);
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..100_000_u32 {
        let m = f64::from(step);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    math::exp(log_front) * fraction / a
}

/// Returns the quantile of `p` of the beta distribution of shapes `a` and `b`, by bisection.
///
/// # Panics
///
/// If a shape is not positive or `p` is outside 0 to 1.
pub fn quantile(a: f64, b: f64, p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "a quantile needs a probability, got {p}");
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if cdf(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beta(1, b), Beta(a, 1) and the arcsine law Beta(1/2, 1/2) have closed quantiles.
    #[test]
    fn quantiles_agree_with_closed_forms() {
        for p in [0.01, 0.05, 0.3, 0.5, 0.95, 0.999] {
            for shape in [0.2, 1.0, 3.0, 40.0] {
                let left = 1.0 - math::pow(1.0 - p, 1.0 / shape);
                assert!((quantile(1.0, shape, p) - left).abs() < 1e-10, "{p} {shape}");
                let right = math::pow(p, 1.0 / shape);
                assert!((quantile(shape, 1.0, p) - right).abs() < 1e-10, "{p} {shape}");
            }
            let sine = math::sin(std::f64::consts::FRAC_PI_2 * p);
            assert!((quantile(0.5, 0.5, p) - sine * sine).abs() < 1e-10, "{p}");
        }
    }

    /// With whole shapes the distribution is a binomial tail: P(X <= x) for a = 3, b = 2 is
    /// the chance of 3 or 4 successes in 4 trials.
    #[test]
    fn distribution_is_a_binomial_tail() {
        let x: f64 = 0.35;
        let tail = 4.0 * x * x * x * (1.0 - x) + x * x * x * x;
        assert!((cdf(3.0, 2.0, x) - tail).abs() < 1e-13);
    }

    /// Very large shapes approach the normal law; the fraction must still converge.
    #[test]
    fn large_shapes_converge() {
        let (a, b) = (9e6, 1e6);
        let sd = f64::sqrt(0.9 * 0.1 / (a + b));
        assert!((quantile(a, b, 0.05) - (0.9 - 1.644_853_627 * sd)).abs() < 0.01 * sd);
    }
}
