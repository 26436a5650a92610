//! Failures of one unit in a group that stops for every repair, by numerical Laplace inversion.

use crate::repair::Repair;
use zarya_units::math;

/// Tails below this are not resolved by one inversion.
///
/// They are mostly discretization error, and would lengthen every sum of counts: see [`resolved`].
pub const RESOLUTION: f64 = 1e-8;

/// Discretization error `e^-A = 1.02e-8`; it overstates the chance of running out, never
/// understates it.
const A: f64 = 18.4;

/// The points at which transforms are needed for one span of running days, shared by all units
/// that run for so long.
#[derive(Clone, Debug)]
pub struct Nodes {
    span_d: f64,
    a: Vec<f64>,
    b: Vec<f64>,
    weight: Vec<f64>,
    repair_re: Vec<f64>,
    repair_im: Vec<f64>,
}

impl Nodes {
    /// Prepares the inversion at `span_d` running days for groups of at most `failures` expected
    /// failures.
    ///
    /// # Source
    ///
    /// J. Abate, W. Whitt, "Numerical inversion of Laplace transforms of probability
    /// distributions", ORSA J. Computing 7 (1995) 36-43, algorithm EULER.
    pub fn new(span_d: f64, failures: f64, repair: &Repair) -> Self {
        // Terms summed plainly, and partial sums then averaged. The published numbers of terms are
        // good to 3e-8 up to 25 failures; beyond, the distribution narrows like 1/sqrt(failures)
        // and its transform widens as much.
        let (plain, averaged) = if failures <= 25.0 {
            (15, 11)
        } else {
            (30 + (2.0 * (failures - 60.0).max(0.0).sqrt()).ceil() as usize, 14)
        };
        Self::with_terms(span_d, plain, averaged, repair)
    }

    /// Prepares the inversion at `span_d` running days of functions that take `waves` terms to draw.
    pub(crate) fn with_waves(span_d: f64, waves: usize, repair: &Repair) -> Self {
        Self::with_terms(span_d, 30 + waves, 14, repair)
    }

    /// Terms summed plainly, and partial sums then averaged.
    fn with_terms(span_d: f64, plain: usize, averaged: usize, repair: &Repair) -> Self {
        let terms = plain + averaged + 1;
        let mut binomial = vec![0.0; averaged + 1];
        let mut choose = 1.0;
        for (j, cell) in binomial.iter_mut().enumerate() {
            *cell = choose;
            choose *= (averaged - j) as f64 / (j + 1) as f64;
        }
        let total: f64 = binomial.iter().sum();
        let size = math::exp(0.5 * A) / span_d;
        let (mut a, mut b, mut weight) = (Vec::new(), Vec::new(), Vec::new());
        for k in 0..terms {
            a.push(0.5 * A / span_d);
            b.push(std::f64::consts::PI * k as f64 / span_d);
            // Partial sums `plain` to `plain + averaged` are averaged binomially; a term counts in
            // those that reach it.
            let reached = k.saturating_sub(plain);
            let share = binomial[reached..].iter().sum::<f64>() / total;
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            weight.push(size * share * sign * if k == 0 { 0.5 } else { 1.0 });
        }
        let (repair_re, repair_im) = repair.laplace(&a, &b);
        Self { span_d, a, b, weight, repair_re, repair_im }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.a.len()
    }

    /// The line on which the nodes lie: their real part, and the step of the imaginary ones from 0.
    pub(crate) fn line(&self) -> (f64, f64) {
        (0.5 * A / self.span_d, std::f64::consts::PI / self.span_d)
    }

    /// Returns the inverses of `first ratio^m / s` at the span for m = 0, 1, ... until they are
    /// negligible, at most `most` of them.
    pub(crate) fn powers(
        &self,
        first: &[(f64, f64)],
        ratio: &[(f64, f64)],
        most: usize,
    ) -> Vec<f64> {
        let mut term: Vec<(f64, f64)> = first
            .iter()
            .enumerate()
            .map(|(k, (re, im))| {
                let (s_re, s_im) = (self.a[k], self.b[k]);
                let scale = self.weight[k] / (s_re * s_re + s_im * s_im);
                (scale * (re * s_re + im * s_im), scale * (im * s_re - re * s_im))
            })
            .collect();
        let mut answer = Vec::new();
        let mut seen = false;
        while answer.len() < most {
            let value: f64 = term.iter().map(|(re, _)| re).sum();
            answer.push(value);
            seen |= value > 0.5;
            // Below the discretization error nothing is resolved.
            if seen && value < 1e-9 {
                break;
            }
            for ((re, im), (x, y)) in term.iter_mut().zip(ratio) {
                (*re, *im) = (*re * x - *im * y, *re * y + *im * x);
            }
        }
        answer
    }

    /// Returns the distribution of the failures of one unit with `rate_per_d` in a group that fails
    /// with `group_rate_per_d` in all.
    ///
    /// # Model
    ///
    /// Between two failures of the unit, others may stop the group. With the group's rate `L`, the
    /// unit's `l` and the repair transform `R`, the time from a repair to the unit's next failure
    /// has the transform `g = l / (s + L - (L - l) R)`, and `P(N > m)` is the inverse of
    /// `g (R g)^m / s`. Everything works at the start.
    pub fn failures(&self, rate_per_d: f64, group_rate_per_d: f64) -> Vec<f64> {
        self.failures_up_to(u32::MAX, rate_per_d, group_rate_per_d)
    }

    /// Returns the first `most + 1` entries of [`Nodes::failures`], for less work: a stock of `most`
    /// asks for no more. The list then sums to less than 1.
    pub fn failures_up_to(&self, most: u32, rate_per_d: f64, group_rate_per_d: f64) -> Vec<f64> {
        let n = self.a.len();
        let (mut term_re, mut term_im) = (vec![0.0; n], vec![0.0; n]);
        let (mut ratio_re, mut ratio_im) = (vec![0.0; n], vec![0.0; n]);
        let others = (group_rate_per_d - rate_per_d).max(0.0);
        for k in 0..n {
            let (s_re, s_im) = (self.a[k], self.b[k]);
            let (r_re, r_im) = (self.repair_re[k], self.repair_im[k]);
            let below_re = s_re + rate_per_d + others * (1.0 - r_re);
            let below_im = s_im - others * r_im;
            let square = below_re * below_re + below_im * below_im;
            let g_re = rate_per_d * below_re / square;
            let g_im = -rate_per_d * below_im / square;
            ratio_re[k] = r_re * g_re - r_im * g_im;
            ratio_im[k] = r_re * g_im + r_im * g_re;
            // weight g / s
            let scale = self.weight[k] / (s_re * s_re + s_im * s_im);
            term_re[k] = scale * (g_re * s_re + g_im * s_im);
            term_im[k] = scale * (g_im * s_re - g_re * s_im);
        }
        let mean = rate_per_d * self.span_d;
        let count_max = (mean + 12.0 * mean.sqrt() + 40.0) as usize;
        let mut pmf = Vec::new();
        let mut more_before = 1.0;
        loop {
            let more = term_re.iter().sum::<f64>().clamp(0.0, more_before);
            // Rounding leaves about 1e-12; below that the tail is noise.
            let done = (more < 2e-12 && pmf.len() as f64 > mean) || pmf.len() >= count_max;
            let more = if done { 0.0 } else { more };
            pmf.push(more_before - more);
            if done || pmf.len() > most as usize {
                return pmf;
            }
            more_before = more;
            for k in 0..n {
                let re = term_re[k] * ratio_re[k] - term_im[k] * ratio_im[k];
                term_im[k] = term_re[k] * ratio_im[k] + term_im[k] * ratio_re[k];
                term_re[k] = re;
            }
        }
    }
}

/// Returns a count's list without its unresolved tail, for sums of several counts.
///
/// The list then adds up to less than 1, and what is missing counts as demand that no stock covers.
pub fn resolved(pmf: &[f64]) -> &[f64] {
    let mut tail = 0.0;
    let mut end = pmf.len();
    while end > 1 && tail + pmf[end - 1] < RESOLUTION {
        end -= 1;
        tail += pmf[end];
    }
    &pmf[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poisson::poisson_survival;

    /// Without repair time the count is Poisson; the error stays at the discretization error over
    /// means of 0.001 to 1000.
    #[test]
    fn instant_repair_gives_poisson() {
        for mean in [0.001, 0.3, 5.0, 25.0, 26.0, 100.0, 300.0, 1000.0] {
            let nodes = Nodes::new(791.0, mean, &Repair::Instant);
            let pmf = nodes.failures(mean / 791.0, mean / 791.0);
            let mut worst = 0.0_f64;
            let mut below = 0.0;
            for (k, p) in pmf.iter().enumerate() {
                below += p;
                worst = worst.max((1.0 - below - poisson_survival(k as u32, mean)).abs());
            }
            let bound = if mean == 25.0 { 3.5e-8 } else { 1.1e-8 };
            assert!(worst < bound, "mean {mean}: {worst:e}");
        }
    }

    /// A lone unit with exponential repair: both phases alternate, and with equal rates `r` the
    /// failures by `t` are the odd arrivals of a Poisson process: `P(N > m) = P(arrivals > 2m)`.
    #[test]
    fn equal_exponential_phases_are_every_other_arrival() {
        let (rate, span_d) = (0.1, 60.0);
        let repair = Repair::Exponential { mean_d: 10.0 };
        let pmf = Nodes::new(span_d, rate * span_d, &repair).failures(rate, rate);
        for m in 0..12 {
            let more = 1.0 - pmf.iter().take(m as usize + 1).sum::<f64>();
            let truth = poisson_survival(2 * m, rate * span_d);
            assert!((more - truth).abs() < 1.3e-8, "{m}: {more} {truth}");
        }
    }
}
