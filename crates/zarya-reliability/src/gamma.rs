//! The incomplete gamma function and its inverse.

use zarya_units::math;

/// Returns the probability that a gamma variate of the given shape and scale 1 is at most `x`.
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x < shape + 1.0 { lower_series(shape, x) } else { 1.0 - upper_fraction(shape, x) }
}

/// Returns the probability that a gamma variate of the given shape and scale 1 exceeds `x`.
pub fn gamma_survival(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x < shape + 1.0 { 1.0 - lower_series(shape, x) } else { upper_fraction(shape, x) }
}

/// Returns the quantile of `p` in (0, 1) of a gamma variate of the given shape and scale 1.
///
/// # Model
///
/// Newton on the logarithm of `x`, kept inside a bracket, from the Wilson-Hilferty approximation.
pub fn gamma_quantile(shape: f64, p: f64) -> f64 {
    let z = math::normal_quantile(p);
    let cube = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
    let small = math::exp((math::ln(p) + math::lgamma(shape + 1.0)) / shape);
    let mut x = if cube > 0.3 { shape * cube * cube * cube } else { small };
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    for _ in 0..200 {
        // The smaller tail keeps its digits.
        let excess =
            if p < 0.5 { gamma_cdf(shape, x) - p } else { (1.0 - p) - gamma_survival(shape, x) };
        if excess > 0.0 {
            high = high.min(x);
        } else {
            low = low.max(x);
        }
        // The density of ln x.
        let density = math::exp(log_density(shape, x)) * x;
        let mut next = x * math::exp((-excess / density).clamp(-2.0, 2.0));
        if !(next > low && next < high) {
            next = if high.is_finite() { 0.5 * (low + high) } else { 2.0 * x };
        }
        if (next - x).abs() <= 4.0 * f64::EPSILON * x {
            return next;
        }
        x = next;
    }
    x
}

fn log_density(shape: f64, x: f64) -> f64 {
    (shape - 1.0) * math::ln(x) - x - math::lgamma(shape)
}

fn lower_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut n = shape;
    while term > sum * 1e-17 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * math::exp(shape * math::ln(x) - x - math::lgamma(shape))
}

/// Lentz's evaluation of the continued fraction of the upper incomplete gamma function.
fn upper_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..100_000 {
        let i = f64::from(i);
        let a = -i * (i - shape);
        b += 2.0;
        d = a * d + b;
        if d.abs() < TINY {
            d = TINY;
        }
        c = b + a / c;
        if c.abs() < TINY {
            c = TINY;
        }
        d = 1.0 / d;
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h * math::exp(shape * math::ln(x) - x - math::lgamma(shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the chi-square table with 10 degrees of freedom: 95 % at 18.307038053275146 and
    /// 1 % at 2.558212160187206 (shape 5, x half of it).
    #[test]
    fn quantiles_match_the_chi_square_table() {
        assert!((2.0 * gamma_quantile(5.0, 0.95) - 18.307_038_053_275_146).abs() < 1e-10);
        assert!((2.0 * gamma_quantile(5.0, 0.01) - 2.558_212_160_187_206).abs() < 1e-10);
    }

    #[test]
    fn quantile_inverts_the_distribution() {
        for shape in [0.05, 0.5, 1.0, 2.0, 10.0, 400.0] {
            for p in [1e-6, 0.01, 0.3, 0.5, 0.9, 1.0 - 1e-9] {
                let x = gamma_quantile(shape, p);
                let error = if p < 0.5 {
                    gamma_cdf(shape, x) / p - 1.0
                } else {
                    gamma_survival(shape, x) / (1.0 - p) - 1.0
                };
                assert!(error.abs() < 1e-9, "{shape} {p}: {x} {error}");
            }
        }
    }
}
