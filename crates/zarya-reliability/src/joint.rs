//! Failure rates of many types, updated together by what service has shown.
//!
//! Types share factors (a programme, a segment, a subsystem), so a count of one says something of all. Updated one by
//! one, each type explains its own few failures by a factor of its own and the shared ones stay where they were.

use zarya_units::math;

/// Failures counted in service.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Events seen. A failure that takes several copies at once is one event.
    pub failures: u32,
    /// Logarithm of the events that were to be expected (and found) if every factor were 1.
    pub ln_expected: f64,
    /// Factors of that number: the unknown, and the power with which its factor enters.
    pub factors: Vec<(usize, f64)>,
    /// The count stands because something was found; had nothing been found, nothing would be said.
    pub only_found: bool,
}

/// What is known of the unknowns after the counts: a normal law about the mode, and the way back to the exact one.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Most probable values of the unknowns.
    pub mode: Vec<f64>,
    rows: Vec<Row>,
    /// Lower triangle of the Cholesky factor of the covariance at the mode, row by row.
    lower: Vec<Vec<f64>>,
    /// Logarithm of the exact density at the mode.
    ln_mode: f64,
}

/// A count, and what its being on record says.
#[derive(Clone, Debug)]
struct Row {
    count: Count,
    /// For a count that stands only because something was found: the factors that it shares with other counts, …
    shared: Vec<(usize, f64)>,
    /// … and the law of the logarithm of the product of all others, as weights and places.
    own: Vec<(f64, f64)>,
}

/// Returns what `counts` leave known of `n` unknowns, each standard normal before them.
///
/// `ln_factor(i, z)` is the logarithm of the factor that unknown `i` stands for at `z`; it rises or falls throughout.
///
/// # Model
///
/// `y ~ Poisson(μ)`, `ln μ = ln_expected + Σ power ln_factor(i, z_i)`, `z` standard normal: concave in `ln μ`. Of a count that stands
/// only because something was found the density is divided by the probability `Q` that anything is, given what
/// the type shares with others: `Q = 1 - E[exp(-μ)]` over what is its own, on a grid of whole standard deviations. That the type is on
/// record then says nothing of the shared factors; how often it failed beyond the once does, and its own factors
/// lie where those of types on record lie.
///
/// Newton's method finds the mode; slopes of factors are secants of half a standard deviation to each side, so
/// that a kink (a band with unequal arms) stops nothing. A lognormal factor has a straight logarithm, and the step is exact. The
/// covariance is the inverse of the Hessian at the mode; what it misses of the exact law [`Posterior::ln_correction`] says
/// draw by draw.
///
/// # Source
///
/// Derived above.
pub fn update(n: usize, ln_factor: &dyn Fn(usize, f64) -> f64, counts: &[Count]) -> Posterior {
    /// Half the width of a secant, in standard deviations of the prior.
    const REACH: f64 = 0.5;
    const STEPS_MAX: usize = 100;
    const HALVINGS_MAX: usize = 40;

    let rows = rows(n, ln_factor, counts);
    let mut mode = vec![0.0; n];
    let mut ln_mode = ln_density(&mode, ln_factor, &rows);
    let mut root = identity(n);
    for _ in 0..STEPS_MAX {
        let slopes: Vec<f64> = mode
            .iter()
            .enumerate()
            .map(|(i, z)| (ln_factor(i, z + REACH) - ln_factor(i, z - REACH)) / (2.0 * REACH))
            .collect();
        let mut gradient: Vec<f64> = mode.iter().map(|z| -z).collect();
        // Minus the Hessian without and with what being on record says: the first is positive definite.
        let mut safe = identity(n);
        let mut whole = identity(n);
        for row in &rows {
            let (first, second) = row.count.derivatives(row.count.ln_mean(&mode, ln_factor));
            add(&row.count.factors, first, second, &slopes, &mut gradient, &mut safe);
            add(&row.count.factors, 0.0, second, &slopes, &mut gradient, &mut whole);
            let (first, second) = row.derivatives_found(row.ln_shared(&mode, ln_factor));
            add(&row.shared, -first, -second, &slopes, &mut gradient, &mut whole);
        }
        root = cholesky(&whole).or_else(|| cholesky(&safe)).expect("at least the prior's");
        let step = solve(&root, &gradient);
        let mut share = 1.0;
        let mut moved = false;
        for _ in 0..HALVINGS_MAX {
            let next: Vec<f64> = mode.iter().zip(&step).map(|(z, by)| z + share * by).collect();
            let ln_next = ln_density(&next, ln_factor, &rows);
            if ln_next > ln_mode {
                (mode, ln_mode, moved) = (next, ln_next, true);
                break;
            }
            share *= 0.5;
        }
        if !moved {
            break;
        }
    }
    let covariance: Vec<Vec<f64>> = identity(n).iter().map(|column| solve(&root, column)).collect();
    let lower = cholesky(&covariance).expect("the inverse of a positive definite matrix");
    Posterior { mode, rows, lower, ln_mode }
}

impl Posterior {
    /// Returns the unknowns of one draw, from as many standard normal numbers.
    ///
    /// Unknown `i` rests on the numbers up to `i`; where the counts say nothing it is the number itself.
    ///
    /// # Panics
    ///
    /// If there are not as many numbers as unknowns.
    pub fn draw(&self, normal: &[f64]) -> Vec<f64> {
        assert_eq!(normal.len(), self.mode.len(), "one number for each unknown");
        let shift = |row: &[f64]| row.iter().zip(normal).map(|(l, e)| l * e).sum::<f64>();
        self.mode.iter().zip(&self.lower).map(|(mode, row)| mode + shift(row)).collect()
    }

    /// Returns the logarithm of exact over drawn density of a draw, up to a constant: 0 at the mode.
    ///
    /// `unknowns` are what [`Posterior::draw`] made of `normal`; `ln_factor` is that of [`update`].
    pub fn ln_correction(
        &self,
        unknowns: &[f64],
        normal: &[f64],
        ln_factor: &dyn Fn(usize, f64) -> f64,
    ) -> f64 {
        let drawn = -0.5 * normal.iter().map(|e| e * e).sum::<f64>();
        ln_density(unknowns, ln_factor, &self.rows) - self.ln_mode - drawn
    }

    /// Returns the standard deviation of an unknown under the normal law.
    pub fn deviation(&self, unknown: usize) -> f64 {
        self.lower[unknown].iter().map(|l| l * l).sum::<f64>().sqrt()
    }
}

/// Splits the factors of counts that stand only because something was found into shared and own ones.
fn rows(n: usize, ln_factor: &dyn Fn(usize, f64) -> f64, counts: &[Count]) -> Vec<Row> {
    /// Places of the grid to each side of 0, one standard deviation apart: for a smooth function the rule of
    /// trapezoids errs by about exp(-2 π²).
    const REACH: i32 = 4;
    let mut uses = vec![0; n];
    counts.iter().flat_map(|count| &count.factors).for_each(|(i, _)| uses[*i] += 1);
    let row = |count: &Count| {
        if !count.only_found {
            return Row { count: count.clone(), shared: Vec::new(), own: Vec::new() };
        }
        let (shared, alone): (Vec<_>, Vec<_>) =
            count.factors.iter().copied().partition(|(i, _)| uses[*i] > 1);
        let mut own = vec![(1.0, 0.0)];
        for (i, power) in alone {
            let grid: Vec<(f64, f64)> = (-REACH..=REACH)
                .map(|z| {
                    let z = f64::from(z);
                    (math::exp(-0.5 * z * z), power * ln_factor(i, z))
                })
                .collect();
            let whole: f64 = grid.iter().map(|(weight, _)| weight).sum();
            own = own
                .iter()
                .flat_map(|(w, at)| grid.iter().map(move |(v, by)| (w * v / whole, at + by)))
                .collect();
        }
        Row { count: count.clone(), shared, own }
    };
    counts.iter().map(row).collect()
}

/// Adds the derivatives of a function of the logarithm of a product of factors.
fn add(
    factors: &[(usize, f64)],
    first: f64,
    second: f64,
    slopes: &[f64],
    gradient: &mut [f64],
    minus_hessian: &mut [Vec<f64>],
) {
    for (i, power) in factors {
        gradient[*i] += first * power * slopes[*i];
        for (j, other) in factors {
            minus_hessian[*i][*j] -= second * power * slopes[*i] * other * slopes[*j];
        }
    }
}

impl Count {
    fn ln_mean(&self, unknowns: &[f64], ln_factor: &dyn Fn(usize, f64) -> f64) -> f64 {
        let factors = self.factors.iter().map(|(i, power)| power * ln_factor(*i, unknowns[*i]));
        self.ln_expected + factors.sum::<f64>()
    }

    /// Logarithm of the Poisson probability at the logarithm of the mean, without what the mean does not move.
    fn ln_likelihood(&self, ln_mean: f64) -> f64 {
        f64::from(self.failures) * ln_mean - math::exp(ln_mean)
    }

    /// Its first and second derivative.
    fn derivatives(&self, ln_mean: f64) -> (f64, f64) {
        let mean = math::exp(ln_mean);
        (f64::from(self.failures) - mean, -mean)
    }
}

impl Row {
    /// The logarithm of the expected count, all that is not shared with others left at 1.
    fn ln_shared(&self, unknowns: &[f64], ln_factor: &dyn Fn(usize, f64) -> f64) -> f64 {
        let factors = self.shared.iter().map(|(i, power)| power * ln_factor(*i, unknowns[*i]));
        self.count.ln_expected + factors.sum::<f64>()
    }

    /// Logarithm of the probability that anything is found, given what is shared; 0 for a count that stands anyway.
    fn ln_found(&self, ln_shared: f64) -> f64 {
        if self.own.is_empty() {
            return 0.0;
        }
        let found = |(w, at): &(f64, f64)| w * -math::expm1(-math::exp(ln_shared + at));
        math::ln(self.own.iter().map(found).sum::<f64>().max(f64::MIN_POSITIVE))
    }

    /// Its first and second derivative.
    fn derivatives_found(&self, ln_shared: f64) -> (f64, f64) {
        if self.own.is_empty() {
            return (0.0, 0.0);
        }
        let (mut found, mut first, mut second) = (0.0, 0.0, 0.0);
        for (weight, at) in &self.own {
            let mean = math::exp(ln_shared + at);
            let by = weight * mean * math::exp(-mean);
            found -= weight * math::expm1(-mean);
            first += by;
            second += by * (1.0 - mean);
        }
        let found = found.max(f64::MIN_POSITIVE);
        (first / found, second / found - first / found * (first / found))
    }
}

fn ln_density(unknowns: &[f64], ln_factor: &dyn Fn(usize, f64) -> f64, rows: &[Row]) -> f64 {
    let prior = -0.5 * unknowns.iter().map(|z| z * z).sum::<f64>();
    let seen = rows.iter().map(|row| {
        row.count.ln_likelihood(row.count.ln_mean(unknowns, ln_factor))
            - row.ln_found(row.ln_shared(unknowns, ln_factor))
    });
    prior + seen.sum::<f64>()
}

fn identity(n: usize) -> Vec<Vec<f64>> {
    (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect()
}

/// The lower triangular factor `L` of a symmetric matrix `L Lᵀ`; none where it is not positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let rest = matrix[i][j] - known;
            if i == j && rest <= 1e-12 {
                return None;
            }
            lower[i][j] = if i == j { rest.sqrt() } else { rest / lower[j][j] };
        }
    }
    Some(lower)
}

/// Solves `L Lᵀ x = b`.
fn solve(lower: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = b.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| lower[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| lower[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    x
}

#[cfg(test)]
mod tests;
