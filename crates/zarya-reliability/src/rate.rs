//! What is not known about a failure rate: priors, factors shared by a subsystem, and updates.
//!
//! A hundred independent errors of rates average out and give a falsely tight answer, so a rate is
//! a believed value times a factor of its own times a factor that its subsystem shares.

use crate::gamma::gamma_quantile;
use zarya_units::math;
use zarya_units::math::Z95;

/// What is believed of the ratio of a true rate to the stated one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RatePrior {
    /// The stated rate is true.
    Known,
    /// A gamma law of mean 1: `1 / shape` is the variance of the ratio.
    Gamma {
        /// Shape, positive.
        shape: f64,
    },
    /// A lognormal law of median 1.
    Lognormal {
        /// Ratio of the 95 % and the 50 % point, 1 or more.
        error_factor: f64,
    },
}

impl RatePrior {
    /// Returns the ratio of the true rate to the stated one at the quantile `u` in (0, 1).
    ///
    /// The ratio rises with `u`.
    pub fn multiplier(&self, u: f64) -> f64 {
        match *self {
            Self::Known => 1.0,
            Self::Gamma { shape } => gamma_quantile(shape, u) / shape,
            Self::Lognormal { error_factor } => {
                math::exp(math::ln(error_factor) / Z95 * math::normal_quantile(u))
            }
        }
    }

    /// Returns the mean of the ratio.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Known | Self::Gamma { .. } => 1.0,
            Self::Lognormal { error_factor } => {
                let sigma = math::ln(error_factor) / Z95;
                math::exp(0.5 * sigma * sigma)
            }
        }
    }
}

impl std::fmt::Display for RatePrior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known => f.write_str("known"),
            Self::Gamma { shape } => write!(f, "gamma:{shape}"),
            Self::Lognormal { error_factor } => write!(f, "lognormal:{error_factor}"),
        }
    }
}

/// Returns the ratio of a unit's true rate to the stated one in one world.
///
/// The ratio rises with both uniforms in (0, 1). `shared_u` is drawn once per subsystem and
/// `own_u` once per unit type, so that units of a subsystem err together.
///
/// # Model
///
/// A product of two lognormal factors of median 1: the true rate exceeds the stated one as often as
/// not. An error factor is the ratio of the 95 % and the 50 % point; 1 switches a factor off.
pub fn rate_multiplier(
    shared_u: f64,
    own_u: f64,
    shared_error_factor: f64,
    own_error_factor: f64,
) -> f64 {
    let exponent = math::ln(shared_error_factor) * math::normal_quantile(shared_u)
        + math::ln(own_error_factor) * math::normal_quantile(own_u);
    math::exp(exponent / Z95)
}

/// A gamma belief on a failure rate per day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaRate {
    /// Shape: the failures that the belief is worth.
    pub shape: f64,
    /// The days of running that the belief is worth.
    pub exposure_d: f64,
}

impl GammaRate {
    /// Returns the belief of the given mean rate and shape.
    pub fn of_mean(rate_per_d: f64, shape: f64) -> Self {
        Self { shape, exposure_d: shape / rate_per_d }
    }

    /// Returns the mean rate per day.
    pub fn mean_per_d(&self) -> f64 {
        self.shape / self.exposure_d
    }

    /// Returns the belief after `failures` were seen in `running_d` unit-days of service.
    ///
    /// `prior_weight` in \[0, 1\] says how much of the stated belief is kept: 1 is Bayes' rule on it, 0
    /// lets the service record speak alone. The mean rate moves steadily from one to the other.
    ///
    /// # Model
    ///
    /// The prior is the stated belief raised to the power `w` times Jeffreys' prior of a Poisson rate,
    /// `λ^-½`, raised to `1 - w`; a gamma law of shape `w a + (1 - w) / 2` and exposure `w T0`. Service
    /// is conjugate to it: `shape' = w a + (1 - w) / 2 + failures`, `exposure' = w T0 + running`. A
    /// record without failures so never claims a rate of zero, whatever `w`. The mean,
    /// `shape' / exposure'`, is a ratio of two linear functions of `w` whose denominator does not
    /// vanish, so it rises throughout or falls throughout.
    ///
    /// # Source
    ///
    /// H. Jeffreys, "An invariant form for the prior probability in estimation problems", Proc. R. Soc.
    /// A 186 (1946) 453-461; the blend is derived above and in `docs/spares.md`.
    #[must_use]
    pub fn updated(&self, failures: u32, running_d: f64, prior_weight: f64) -> Self {
        /// What Jeffreys' prior is worth in failures.
        const FAILURES_JEFFREYS: f64 = 0.5;
        let weight = prior_weight.clamp(0.0, 1.0);
        Self {
            shape: weight * self.shape + (1.0 - weight) * FAILURES_JEFFREYS + f64::from(failures),
            exposure_d: weight * self.exposure_d + running_d,
        }
    }

    /// Returns the rate per day at the quantile `u` in (0, 1).
    pub fn quantile_per_d(&self, u: f64) -> f64 {
        gamma_quantile(self.shape, u) / self.exposure_d
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn error_factors_are_ratios_of_quantiles() {
        assert!((rate_multiplier(0.95, 0.5, 3.0, 10.0) - 3.0).abs() < 1e-12);
        assert!((rate_multiplier(0.5, 0.05, 3.0, 10.0) - 0.1).abs() < 1e-12);
        assert!((rate_multiplier(0.7, 0.2, 1.0, 1.0) - 1.0).abs() < 1e-15);
        assert!((RatePrior::Lognormal { error_factor: 4.0 }.multiplier(0.95) - 4.0).abs() < 1e-12);
    }

    /// The mean over 10,000 midpoints of the quantile function; its tails cost a few 1e-4.
    #[test]
    fn priors_have_the_stated_mean() {
        for prior in [
            RatePrior::Known,
            RatePrior::Gamma { shape: 2.0 },
            RatePrior::Lognormal { error_factor: 3.0 },
        ] {
            let mean =
                (0..10_000).map(|i| prior.multiplier((f64::from(i) + 0.5) / 1e4)).sum::<f64>()
                    / 1e4;
            assert!((mean / prior.mean() - 1.0).abs() < 1e-3, "{prior:?} {mean}");
        }
    }

    /// One failure per 1000 d believed at shape 2; 3 failures in 1000 d: (2 + 3) / (2000 + 1000). At half
    /// the weight, half of both and a quarter of a failure: (1 + 1/4 + 3) / (1000 + 1000).
    #[test]
    fn service_moves_the_belief_by_bayes_rule() {
        let prior = GammaRate::of_mean(1e-3, 2.0);
        assert!((prior.updated(3, 1000.0, 1.0).mean_per_d() - 5.0 / 3000.0).abs() < 1e-15);
        assert!((prior.updated(3, 1000.0, 0.5).mean_per_d() - 4.25 / 2000.0).abs() < 1e-15);
        assert!((prior.updated(0, 1000.0, 0.0).mean_per_d() - 0.5 / 1000.0).abs() < 1e-15);
    }

    /// The blended prior, by its definition: density of the stated law to the power `w` times `λ^-½` to
    /// the power `1 - w`, up to a constant factor.
    #[test]
    fn a_weight_blends_the_stated_prior_with_that_of_jeffreys() {
        let stated = GammaRate { shape: 2.5, exposure_d: 900.0 };
        let log_density =
            |law: &GammaRate, x: f64| (law.shape - 1.0) * math::ln(x) - law.exposure_d * x;
        for weight in [0.2, 0.5, 0.9] {
            let blend = stated.updated(0, 0.0, weight);
            let blended =
                |x: f64| weight * log_density(&stated, x) + (1.0 - weight) * -0.5 * math::ln(x);
            for (x, y) in [(1e-5, 1e-3), (1e-3, 4e-3)] {
                let wanted = blended(x) - blended(y);
                let got = log_density(&blend, x) - log_density(&blend, y);
                assert!((got - wanted).abs() < 1e-12, "{weight}: {got} {wanted}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        /// From service alone (0) to Bayes' rule on the stated rate (1) the mean rate moves one way, and
        /// a small change of the weight is a small change of the rate.
        #[test]
        fn the_mean_rate_moves_one_way_with_the_weight(
            mean_d in 1.0..1e6_f64,
            shape in 0.01..100.0_f64,
            failures in 0..50_u32,
            running_d in 1.0..1e7_f64,
            weights in prop::collection::vec(0.0..1.0_f64, 2..8),
        ) {
            let stated = GammaRate::of_mean(1.0 / mean_d, shape);
            let mean = |weight: f64| stated.updated(failures, running_d, weight).mean_per_d();
            let mut weights = weights;
            weights.extend([0.0, 1.0, 1e-9]);
            weights.sort_by(f64::total_cmp);
            let rising = if mean(1.0) >= mean(0.0) { 1.0 } else { -1.0 };
            for pair in weights.windows(2) {
                let (before, after) = (mean(pair[0]), mean(pair[1]));
                let slack = 1e-12 * before.max(after);
                prop_assert!(rising * (after - before) >= -slack, "{:?}: {before} {after}", pair);
            }
            // The derivative at 0 is bounded by (a + 1/2) / T + (n + 1/2) T0 / T^2.
            let steepest = (shape + 0.5) / running_d
                + (f64::from(failures) + 0.5) * stated.exposure_d / (running_d * running_d);
            prop_assert!((mean(1e-9) - mean(0.0)).abs() <= 1e-9 * steepest + 1e-12 * mean(0.0));
        }
    }
}
