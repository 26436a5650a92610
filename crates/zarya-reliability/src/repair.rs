//! How long a group stands still for a repair, and the Laplace transform of that time.

use crate::form::FormError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use zarya_units::math;

/// How long a repair stops a group of units, as a text: `none`, `fixed:DAYS`, `exponential:MEAN` or
/// `lognormal:MEAN:DEVIATION` (days).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub enum Repair {
    /// Repairs take no time.
    Instant,
    /// Always the same time.
    Fixed {
        /// Days.
        days: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean \[d\].
        mean_d: f64,
    },
    /// Lognormal of the given mean and standard deviation.
    Lognormal {
        /// Mean \[d\].
        mean_d: f64,
        /// Standard deviation \[d\].
        deviation_d: f64,
    },
}

impl Repair {
    /// Returns the mean repair time in days.
    pub fn mean_d(&self) -> f64 {
        match *self {
            Self::Instant => 0.0,
            Self::Fixed { days } => days,
            Self::Exponential { mean_d } | Self::Lognormal { mean_d, .. } => mean_d,
        }
    }

    /// Returns the Laplace transform `E exp(-s X)` at each `s = a + i b`, as (real, imaginary).
    ///
    /// `a` must not be negative.
    ///
    /// # Model
    ///
    /// The lognormal has no closed transform: the trapezoid rule over the normal variable, which
    /// converges faster than any power of its step, with a step fine enough for the largest `b`.
    pub fn laplace(&self, a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let points = a.iter().zip(b);
        match *self {
            Self::Instant => (vec![1.0; a.len()], vec![0.0; a.len()]),
            Self::Fixed { days } => points
                .map(|(a, b)| {
                    let (sin, cos) = math::sincos(-b * days);
                    let size = math::exp(-a * days);
                    (size * cos, size * sin)
                })
                .unzip(),
            Self::Exponential { mean_d } => points
                .map(|(a, b)| {
                    let (re, im) = (1.0 + a * mean_d, b * mean_d);
                    let square = re * re + im * im;
                    (re / square, -im / square)
                })
                .unzip(),
            Self::Lognormal { mean_d, deviation_d } => lognormal_laplace(mean_d, deviation_d, a, b),
        }
    }

    /// Returns a repair time for a uniform `u` in (0, 1); it rises with `u`.
    pub fn time_d(&self, u: f64) -> f64 {
        match *self {
            Self::Instant => 0.0,
            Self::Fixed { days } => days,
            Self::Exponential { mean_d } => -mean_d * math::ln_1p(-u),
            Self::Lognormal { mean_d, deviation_d } => {
                let (mu, sigma) = log_moments(mean_d, deviation_d);
                math::exp(mu + sigma * math::normal_quantile(u))
            }
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant => f.write_str("none"),
            Self::Fixed { days } => write!(f, "fixed:{days}"),
            Self::Exponential { mean_d } => write!(f, "exponential:{mean_d}"),
            Self::Lognormal { mean_d, deviation_d } => {
                write!(f, "lognormal:{mean_d}:{deviation_d}")
            }
        }
    }
}

/// Days of a repair, or of its deviation: beyond a century nothing is said.
const DAYS_MAX: f64 = 36_525.0;

impl FromStr for Repair {
    type Err = FormError;

    fn from_str(text: &str) -> Result<Self, FormError> {
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or("");
        let numbers: Vec<f64> = parts
            .map(|part| match part.parse::<f64>() {
                Ok(value) if (0.0..=DAYS_MAX).contains(&value) => Ok(value),
                Ok(value) if value > DAYS_MAX => Err(FormError(format!(
                    "`{part}` is not a number of days up to {DAYS_MAX}, 100 years"
                ))),
                _ => Err(FormError(format!("`{part}` is not a number of days"))),
            })
            .collect::<Result<_, _>>()?;
        match (kind, numbers.as_slice()) {
            ("none", []) | ("fixed" | "exponential", [0.0]) | ("lognormal", [0.0, _]) => {
                Ok(Self::Instant)
            }
            ("fixed", [days]) | ("lognormal", [days, 0.0]) => Ok(Self::Fixed { days: *days }),
            ("exponential", [mean_d]) => Ok(Self::Exponential { mean_d: *mean_d }),
            ("lognormal", [mean_d, deviation_d]) => {
                Ok(Self::Lognormal { mean_d: *mean_d, deviation_d: *deviation_d })
            }
            _ => Err(FormError(
                "write none, fixed:DAYS, exponential:MEAN or lognormal:MEAN:SD".to_owned(),
            )),
        }
    }
}

impl TryFrom<String> for Repair {
    type Error = FormError;

    fn try_from(text: String) -> Result<Self, FormError> {
        text.parse()
    }
}

impl From<Repair> for String {
    fn from(repair: Repair) -> Self {
        repair.to_string()
    }
}

/// The mean and deviation of the logarithm.
fn log_moments(mean_d: f64, deviation_d: f64) -> (f64, f64) {
    let ratio = deviation_d / mean_d;
    let variance = math::ln_1p(ratio * ratio);
    (math::ln(mean_d) - 0.5 * variance, variance.sqrt())
}

fn lognormal_laplace(mean_d: f64, deviation_d: f64, a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    /// Beyond this many standard deviations lies less than 2e-17.
    const REACH: f64 = 8.5;
    const POINTS_MAX: f64 = 4000.0;
    /// `e^-50` is 2e-22.
    const DAMPED: f64 = 50.0;
    let (mu, sigma) = log_moments(mean_d, deviation_d);
    let fastest = b.iter().fold(0.0_f64, |most, b| most.max(b.abs()));
    // The integrand's spectrum is a unit normal moved by the fastest phase; aliases of the
    // trapezoid rule must fall outside it.
    let longest_d = math::exp(mu + sigma * REACH);
    let step = 2.0 * std::f64::consts::PI / (REACH + fastest * longest_d * sigma);
    let half = (REACH / step).ceil().min(POINTS_MAX);
    let step = REACH / half;
    let half = half as i32;
    let (mut times_d, mut weights) = (Vec::new(), Vec::new());
    for i in -half..=half {
        let z = f64::from(i) * step;
        times_d.push(math::exp(mu + sigma * z));
        weights.push(math::exp(-0.5 * z * z));
    }
    let total: f64 = weights.iter().sum();
    a.iter()
        .zip(b)
        .map(|(a, b)| {
            let (mut re, mut im) = (0.0, 0.0);
            for (time_d, weight) in times_d.iter().zip(&weights) {
                // Times rise, and beyond this nothing is left of any later one.
                if a * time_d > DAMPED {
                    break;
                }
                let (sin, cos) = math::sincos(-b * time_d);
                let size = weight * math::exp(-a * time_d);
                re += size * cos;
                im += size * sin;
            }
            (re / total, im / total)
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_is_written() {
        for text in ["none", "fixed:3", "exponential:0.5", "lognormal:0.5:0.25"] {
            assert_eq!(text.parse::<Repair>().unwrap().to_string(), text);
        }
        // No time at all is none, and no deviation is a fixed time.
        assert_eq!("lognormal:2:0".parse(), Ok(Repair::Fixed { days: 2.0 }));
        assert_eq!("exponential:0".parse(), Ok(Repair::Instant));
        for text in
            ["", "fixed", "fixed:-1", "fixed:nan", "gamma:2", "lognormal:1", "lognormal:1e6:1e6"]
        {
            assert!(text.parse::<Repair>().is_err(), "{text}");
        }
    }

    /// The derivatives of the transform at zero are the moments.
    #[test]
    fn lognormal_transform_has_the_moments() {
        let repair = Repair::Lognormal { mean_d: 0.5, deviation_d: 1.0 / 24.0 };
        let h = 1e-3;
        let (re, _) = repair.laplace(&[0.0, h, 2.0 * h], &[0.0; 3]);
        assert!((re[0] - 1.0).abs() < 1e-14);
        let slope = (4.0 * re[1] - re[2] - 3.0 * re[0]) / (2.0 * h);
        assert!((slope + 0.5).abs() < 1e-7, "{slope}");
        let curve = (re[2] - 2.0 * re[1] + re[0]) / (h * h);
        assert!((curve - (0.25 + 1.0 / 576.0)).abs() < 5e-4, "{curve}");
    }

    /// A wide lognormal against a sum of 400,000 midpoints of its quantile function.
    #[test]
    fn lognormal_transform_matches_a_plain_average() {
        let repair = Repair::Lognormal { mean_d: 2.0, deviation_d: 3.0 };
        let (a, b) = (0.3, 2.0);
        let (re, im) = repair.laplace(&[a], &[b]);
        let n = 400_000;
        let (mut sum_re, mut sum_im) = (0.0, 0.0);
        for i in 0..n {
            let x = repair.time_d((f64::from(i) + 0.5) / f64::from(n));
            sum_re += math::exp(-a * x) * math::cos(b * x) / f64::from(n);
            sum_im -= math::exp(-a * x) * math::sin(b * x) / f64::from(n);
        }
        assert!((re[0] - sum_re).abs() < 1e-7 && (im[0] - sum_im).abs() < 1e-7);
    }
}
