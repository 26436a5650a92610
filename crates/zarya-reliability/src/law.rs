//! Failure laws: how long one unit works.
//!
//! A law is asked two things: what share survives to an age, and when a unit of a given age fails
//! for a given uniform. The second uses one uniform and the inverse of the residual life, so that
//! paired runs of a simulation stay coupled.

use zarya_units::math::{self, Z95};

/// How long a unit works before it fails, counted on its own running clock in days.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Law {
    /// Constant failure rate.
    Exponential {
        /// Mean time between failures \[d\].
        mtbf_d: f64,
    },
    /// Survival `exp(-(t/scale)^shape)`: shape above 1 wears out, below 1 fails early.
    Weibull {
        /// Shape, dimensionless.
        shape: f64,
        /// Age by which a share 1 - 1/e has failed \[d\].
        scale_d: f64,
    },
    /// The logarithm of the life is normal.
    Lognormal {
        /// Median life \[d\].
        median_d: f64,
        /// Ratio of the 95 % and the 50 % point, above 1.
        error_factor: f64,
    },
    /// A share of weak units fails at a faster constant rate than the rest.
    EarlyFailures {
        /// Share of weak units, 0 to 1.
        weak_share: f64,
        /// Mean life of a weak unit \[d\].
        weak_mtbf_d: f64,
        /// Mean life of the others \[d\].
        mtbf_d: f64,
    },
    /// Survival as observed, see [`Empirical`].
    Empirical(Empirical),
}

/// Survival as observed in service: Kaplan-Meier estimates joined by straight lines.
///
/// Beyond the last failure, where units are still working, the survival falls at the mean rate of
/// the whole sample; without survivors it ends at the last failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    /// Ages of failures \[d\], increasing, with the share surviving each; starts at (0, 1).
    knots: Vec<(f64, f64)>,
    /// Failures per day over the sample, used beyond the last knot.
    tail_rate_per_d: f64,
}

/// Why a law cannot be made.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LawError {
    /// A parameter is not a positive finite number.
    NotPositive {
        /// Which parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
    },
    /// An error factor is not above 1.
    ErrorFactor(f64),
    /// A share is not within 0 to 1.
    Share(f64),
    /// No failure was observed.
    NoFailures,
}

impl std::fmt::Display for LawError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotPositive { parameter, value } => {
                write!(f, "{parameter} must be a positive number, got {value}")
            }
            Self::ErrorFactor(value) => {
                write!(f, "an error factor is a ratio above 1, got {value}")
            }
            Self::Share(value) => write!(f, "a share lies within 0 to 1, got {value}"),
            Self::NoFailures => {
                f.write_str("no failure among the ages: an empirical law needs at least one")
            }
        }
    }
}

impl std::error::Error for LawError {}

impl Law {
    /// Returns the law if its parameters are usable.
    ///
    /// # Errors
    ///
    /// [`LawError`] naming the parameter.
    pub fn checked(self) -> Result<Self, LawError> {
        let positive = |parameter, value: f64| {
            if value > 0.0 && value.is_finite() {
                Ok(())
            } else {
                Err(LawError::NotPositive { parameter, value })
            }
        };
        match &self {
            Self::Exponential { mtbf_d } => positive("the MTBF", *mtbf_d)?,
            Self::Weibull { shape, scale_d } => {
                positive("the Weibull shape", *shape)?;
                positive("the Weibull scale", *scale_d)?;
            }
            Self::Lognormal { median_d, error_factor } => {
                positive("the median life", *median_d)?;
                if !(*error_factor > 1.0 && error_factor.is_finite()) {
                    return Err(LawError::ErrorFactor(*error_factor));
                }
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                positive("the MTBF of weak units", *weak_mtbf_d)?;
                positive("the MTBF", *mtbf_d)?;
                if !(0.0..=1.0).contains(weak_share) {
                    return Err(LawError::Share(*weak_share));
                }
            }
            Self::Empirical(_) => {}
        }
        Ok(self)
    }

    /// Returns the Weibull law of the given shape and mean.
    pub fn weibull_of_mean(shape: f64, mean_d: f64) -> Self {
        Self::Weibull { shape, scale_d: mean_d / math::tgamma(1.0 + 1.0 / shape) }
    }

    /// Returns the law whose failure rate at every age is `share` times this one's: that of the
    /// failures that need a spare, when the others are cleared on the spot and leave the age as it
    /// is. `None` where such a law is not one of these.
    ///
    /// # Model
    ///
    /// `S'(t) = S(t)^share`, a longer exponential or a Weibull law of the same shape.
    pub fn thinned(&self, share: f64) -> Option<Self> {
        match self {
            Self::Exponential { mtbf_d } => Some(Self::Exponential { mtbf_d: mtbf_d / share }),
            Self::Weibull { shape, scale_d } => Some(Self::Weibull {
                shape: *shape,
                scale_d: scale_d * math::pow(share, -1.0 / shape),
            }),
            _ => None,
        }
    }

    /// Returns the mean life in days.
    pub fn mean_d(&self) -> f64 {
        match self {
            Self::Exponential { mtbf_d } => *mtbf_d,
            Self::Weibull { shape, scale_d } => scale_d * math::tgamma(1.0 + 1.0 / shape),
            Self::Lognormal { median_d, error_factor } => {
                let sigma = math::ln(*error_factor) / Z95;
                median_d * math::exp(0.5 * sigma * sigma)
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                weak_share * weak_mtbf_d + (1.0 - weak_share) * mtbf_d
            }
            Self::Empirical(empirical) => empirical.mean_d(),
        }
    }

    /// Returns the standard deviation of the life in days.
    pub fn deviation_d(&self) -> f64 {
        match self {
            Self::Exponential { mtbf_d } => *mtbf_d,
            Self::Weibull { shape, scale_d } => {
                let mean = math::tgamma(1.0 + 1.0 / shape);
                scale_d * (math::tgamma(1.0 + 2.0 / shape) - mean * mean).max(0.0).sqrt()
            }
            Self::Lognormal { error_factor, .. } => {
                let sigma = math::ln(*error_factor) / Z95;
                self.mean_d() * math::expm1(sigma * sigma).sqrt()
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                let square = 2.0
                    * (weak_share * weak_mtbf_d * weak_mtbf_d
                        + (1.0 - weak_share) * mtbf_d * mtbf_d);
                let mean_d = self.mean_d();
                (square - mean_d * mean_d).max(0.0).sqrt()
            }
            Self::Empirical(empirical) => empirical.deviation_d(),
        }
    }

    /// The ages at which the survival has a corner.
    pub(crate) fn corners_d(&self) -> Vec<f64> {
        match self {
            Self::Empirical(empirical) => empirical.knots.iter().map(|(t, _)| *t).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the probability that a new unit still works at `age_d`.
    pub fn survival(&self, age_d: f64) -> f64 {
        if age_d <= 0.0 {
            return 1.0;
        }
        match self {
            Self::Exponential { mtbf_d } => math::exp(-age_d / mtbf_d),
            Self::Weibull { shape, scale_d } => math::exp(-math::pow(age_d / scale_d, *shape)),
            Self::Lognormal { median_d, error_factor } => {
                let sigma = math::ln(*error_factor) / Z95;
                math::normal_cdf(-math::ln(age_d / median_d) / sigma)
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                weak_share * math::exp(-age_d / weak_mtbf_d)
                    + (1.0 - weak_share) * math::exp(-age_d / mtbf_d)
            }
            Self::Empirical(empirical) => empirical.survival(age_d),
        }
    }

    /// Returns the probability that a new unit has failed by `age_d`, accurate where it is small.
    pub fn cdf(&self, age_d: f64) -> f64 {
        if age_d <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Exponential { mtbf_d } => -math::expm1(-age_d / mtbf_d),
            Self::Weibull { shape, scale_d } => -math::expm1(-math::pow(age_d / scale_d, *shape)),
            Self::Lognormal { median_d, error_factor } => {
                let sigma = math::ln(*error_factor) / Z95;
                math::normal_cdf(math::ln(age_d / median_d) / sigma)
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                -weak_share * math::expm1(-age_d / weak_mtbf_d)
                    - (1.0 - weak_share) * math::expm1(-age_d / mtbf_d)
            }
            Self::Empirical(empirical) => 1.0 - empirical.survival(age_d),
        }
    }

    /// Returns the days from now until a unit of age `age_d` fails, for a uniform `u` in (0, 1).
    ///
    /// `u` is the share of such units that outlive the answer, so a small `u` is a long life, as
    /// with [`zarya_units::random::exponential`]. A life limit is the caller's: take the minimum
    /// with what is left of it.
    ///
    /// # Model
    ///
    /// The `t` with `S(age + t) = u S(age)`; closed forms, save early failures, which are solved by
    /// a bracketed Newton iteration.
    #[inline]
    pub fn time_to_failure_d(&self, u: f64, age_d: f64) -> f64 {
        match self {
            Self::Exponential { mtbf_d } => -math::ln(u) * mtbf_d,
            Self::Weibull { shape, scale_d } => weibull_residual_d(u, age_d, *shape, *scale_d),
            Self::Lognormal { median_d, error_factor } => {
                lognormal_residual_d(u, age_d, *median_d, math::ln(*error_factor) / Z95)
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => {
                early_failure_residual_d(u, age_d, *weak_share, *weak_mtbf_d, *mtbf_d)
            }
            Self::Empirical(empirical) => empirical.residual_d(u, age_d),
        }
    }

    /// Returns the same law with every time divided by `multiplier`: a faster clock.
    ///
    /// A rate that is wrong by a factor, a duty cycle and a K-factor all act this way.
    #[must_use]
    pub fn faster(&self, multiplier: f64) -> Self {
        match self {
            Self::Exponential { mtbf_d } => Self::Exponential { mtbf_d: mtbf_d / multiplier },
            Self::Weibull { shape, scale_d } => {
                Self::Weibull { shape: *shape, scale_d: scale_d / multiplier }
            }
            Self::Lognormal { median_d, error_factor } => {
                Self::Lognormal { median_d: median_d / multiplier, error_factor: *error_factor }
            }
            Self::EarlyFailures { weak_share, weak_mtbf_d, mtbf_d } => Self::EarlyFailures {
                weak_share: *weak_share,
                weak_mtbf_d: weak_mtbf_d / multiplier,
                mtbf_d: mtbf_d / multiplier,
            },
            Self::Empirical(empirical) => Self::Empirical(empirical.faster(multiplier)),
        }
    }
}

/// How a unit is used, which turns the clock of its law faster or slower than the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Failures of all causes per inherent failure (handling, software, false alarms), 1 or more.
    pub k_factor: f64,
    /// Share of the time switched on, 0 to 1.
    pub duty_cycle: f64,
    /// Failure rate while off, as a share of the rate while on.
    pub dormant_share: f64,
}

impl Usage {
    /// A unit that runs all the time and fails of inherent causes only.
    pub const CONTINUOUS: Self = Self { k_factor: 1.0, duty_cycle: 1.0, dormant_share: 0.0 };

    /// Returns how many days of its law's clock a calendar day costs.
    ///
    /// # Model
    ///
    /// `K (d + (1 - d) q)` with duty cycle `d` and dormant share `q`. For a constant rate this is
    /// the usual `MTBF / (K d)`. For other laws the induced failures are aged with the clock as
    /// well, which is a simplification: handling damage does not wear out.
    pub fn clock_rate(&self) -> f64 {
        self.k_factor * (self.duty_cycle + (1.0 - self.duty_cycle) * self.dormant_share)
    }
}

fn weibull_residual_d(u: f64, age_d: f64, shape: f64, scale_d: f64) -> f64 {
    let hazard = -math::ln(u);
    if age_d <= 0.0 {
        return scale_d * math::pow(hazard, 1.0 / shape);
    }
    // age ((1 + x)^(1/k) - 1), written so that a short residual of an old unit keeps its digits.
    let x = hazard / math::pow(age_d / scale_d, shape);
    age_d * math::expm1(math::ln_1p(x) / shape)
}

fn lognormal_residual_d(u: f64, age_d: f64, median_d: f64, sigma: f64) -> f64 {
    if age_d <= 0.0 {
        return median_d * math::exp(-sigma * math::normal_quantile(u));
    }
    let z_age = math::ln(age_d / median_d) / sigma;
    let survivors = math::normal_cdf(-z_age) * u;
    if survivors < 1e-300 {
        // Far beyond every quantile a double can hold, the hazard rate tends to z / (sigma age).
        return -math::ln(u) * sigma * age_d / z_age;
    }
    let z = -math::normal_quantile(survivors);
    age_d * math::expm1((z - z_age).max(0.0) * sigma)
}

fn early_failure_residual_d(u: f64, age_d: f64, weak_share: f64, weak_d: f64, mtbf_d: f64) -> f64 {
    // The share of weak units among those that reached this age.
    let weak = weak_share * math::exp(-age_d / weak_d);
    let strong = (1.0 - weak_share) * math::exp(-age_d / mtbf_d);
    let share = if weak + strong > 0.0 {
        weak / (weak + strong)
    } else if weak_d > mtbf_d {
        1.0
    } else {
        0.0
    };
    let target = -math::ln(u);
    // -ln S is increasing, and lies between the hazards of the two kinds.
    let (mut low, mut high) = (target * weak_d.min(mtbf_d), target * weak_d.max(mtbf_d));
    let mut t = (target * (share * weak_d + (1.0 - share) * mtbf_d)).clamp(low, high);
    for _ in 0..100 {
        let weak = share * math::exp(-t / weak_d);
        let strong = (1.0 - share) * math::exp(-t / mtbf_d);
        let survival = weak + strong;
        let error = -math::ln(survival) - target;
        if error > 0.0 {
            high = t;
        } else {
            low = t;
        }
        let rate = (weak / weak_d + strong / mtbf_d) / survival;
        let next = t - error / rate;
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        if (next - t).abs() <= 1e-14 * t.max(f64::MIN_POSITIVE) || high - low <= 0.0 {
            return next;
        }
        t = next;
    }
    t
}

impl Empirical {
    /// Returns the law observed in service.
    ///
    /// `failures_d` are ages at failure, `working_d` ages of units still working or removed for
    /// other reasons; the order does not matter.
    ///
    /// # Model
    ///
    /// The product-limit estimate. Where a failure and a removal fall on the same age, the failure
    /// counts first.
    ///
    /// # Source
    ///
    /// E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations",
    /// J. Am. Stat. Assoc. 53 (1958) 457-481.
    ///
    /// # Errors
    ///
    /// [`LawError::NoFailures`], or [`LawError::NotPositive`] for an age that is not.
    pub fn new(failures_d: &[f64], working_d: &[f64]) -> Result<Self, LawError> {
        if failures_d.is_empty() {
            return Err(LawError::NoFailures);
        }
        let ages =
            failures_d.iter().map(|t| (*t, true)).chain(working_d.iter().map(|t| (*t, false)));
        let mut ages: Vec<(f64, bool)> = ages.collect();
        if let Some((value, _)) = ages.iter().find(|(t, _)| !(*t > 0.0 && t.is_finite())) {
            return Err(LawError::NotPositive { parameter: "an age", value: *value });
        }
        ages.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let total_d: f64 = ages.iter().map(|(t, _)| t).sum();
        let mut knots = vec![(0.0, 1.0)];
        let mut survival = 1.0;
        for (index, (age_d, failed)) in ages.iter().enumerate() {
            if *failed {
                let at_risk = (ages.len() - index) as f64;
                survival *= (at_risk - 1.0) / at_risk;
                match knots.last_mut() {
                    Some(last) if last.0 == *age_d => last.1 = survival,
                    _ => knots.push((*age_d, survival)),
                }
            }
        }
        Ok(Self { knots, tail_rate_per_d: failures_d.len() as f64 / total_d })
    }

    /// Returns whether units still worked after the last failure.
    pub fn has_survivors(&self) -> bool {
        self.last().1 > 0.0
    }

    fn faster(&self, multiplier: f64) -> Self {
        Self {
            knots: self.knots.iter().map(|(t, s)| (t / multiplier, *s)).collect(),
            tail_rate_per_d: self.tail_rate_per_d * multiplier,
        }
    }

    fn last(&self) -> (f64, f64) {
        self.knots.last().copied().unwrap_or((0.0, 1.0))
    }

    fn mean_d(&self) -> f64 {
        let body: f64 =
            self.knots.windows(2).map(|w| 0.5 * (w[0].1 + w[1].1) * (w[1].0 - w[0].0)).sum();
        body + self.last().1 / self.tail_rate_per_d
    }

    fn deviation_d(&self) -> f64 {
        // The second moment is ∫ 2 t S(t) dt: by pieces on which S is a line, then an exponential.
        let body: f64 = self
            .knots
            .windows(2)
            .map(|w| {
                let ((t0, s0), (t1, s1)) = (w[0], w[1]);
                (t1 - t0) * (t0 * (2.0 * s0 + s1) + t1 * (s0 + 2.0 * s1)) / 3.0
            })
            .sum();
        let (last_d, last) = self.last();
        let tail_d = 1.0 / self.tail_rate_per_d;
        let mean_d = self.mean_d();
        (body + 2.0 * last * tail_d * (last_d + tail_d) - mean_d * mean_d).max(0.0).sqrt()
    }

    fn survival(&self, age_d: f64) -> f64 {
        let after = self.knots.partition_point(|(t, _)| *t <= age_d);
        let (t0, s0) = self.knots[after - 1];
        match self.knots.get(after) {
            Some((t1, s1)) => s0 + (s1 - s0) * (age_d - t0) / (t1 - t0),
            None => s0 * math::exp(-(age_d - t0) * self.tail_rate_per_d),
        }
    }

    fn residual_d(&self, u: f64, age_d: f64) -> f64 {
        let age_d = age_d.max(0.0);
        let target = self.survival(age_d) * u;
        let (last_d, last) = self.last();
        if age_d >= last_d {
            return if last > 0.0 { -math::ln(u) / self.tail_rate_per_d } else { 0.0 };
        }
        if target < last {
            return last_d - math::ln(target / last) / self.tail_rate_per_d - age_d;
        }
        let after = self.knots.partition_point(|(_, s)| *s > target).max(1);
        let ((t0, s0), (t1, s1)) = (self.knots[after - 1], self.knots[after]);
        (t0 + (t1 - t0) * (s0 - target) / (s0 - s1) - age_d).max(0.0)
    }
}

#[cfg(test)]
mod tests;
