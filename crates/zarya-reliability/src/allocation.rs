//! Which spares to carry: the cheapest stock that reaches a probability.
//!
//! Types are independent, so the logarithm of the probability is a sum, and one more spare of a
//! type adds a known gain. Gains of a type fall, which makes marginal analysis nearly optimal and
//! an exact optimum cheap to find. [`stock()`] asks for the best stock of a list of units; the searches
//! below it solve the parts.

mod budget;
mod exact;
mod instance;
mod limits;
mod shared;
mod stock;

use crate::campaign::Demand;
use zarya_units::math;

pub use budget::{Budget, FlightAsked, Measure};
pub use exact::{Allocation, Proof, solve};
pub use instance::{Instance, LineProblem, read_instance};
pub use limits::{Flight, Goal, Limit, LimitsError, solve_on_flights, solve_within};
pub use shared::{Shared, SharedAllocation, shared_probability, solve_shared};
pub use stock::{SHAPES, Sought, Stock, StockError, StockPoint, probability_if_unknown, stock};

/// One more spare of a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Mass of the spare \[kg\], not negative.
    pub mass_kg: f64,
    /// What it adds to the logarithm of the probability, not negative.
    pub gain: f64,
}

/// The steps of each type, in the order in which they must be taken, and the gain to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// One list of steps for each type.
    pub rows: Vec<Vec<Step>>,
    /// Gain that the stock must reach.
    pub target_gain: f64,
}

/// A point of the marginal analysis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Type that received a spare.
    pub row: usize,
    /// Mass of the stock so far \[kg\].
    pub mass_kg: f64,
    /// Gain of the stock so far.
    pub gain: f64,
}

/// Returns the stocks that marginal analysis finds, one spare more at each point, until no step is
/// left: every point is optimal for its own mass.
///
/// # Source
///
/// B. L. Fox, "Discrete optimization via marginal analysis", Management Science 13 (1966) 210-216.
pub fn curve(problem: &Problem) -> Vec<CurvePoint> {
    let mut order: Vec<(usize, usize)> = Vec::new();
    for (row, steps) in problem.rows.iter().enumerate() {
        order.extend((0..steps.len()).map(|level| (row, level)));
    }
    // Stable: within a row the order of steps is kept where efficiencies tie.
    let efficiency = |(row, level): (usize, usize)| {
        let step = problem.rows[row][level];
        if step.mass_kg > 0.0 { step.gain / step.mass_kg } else { f64::INFINITY }
    };
    order.sort_by(|a, b| efficiency(*b).total_cmp(&efficiency(*a)));
    let mut taken = vec![0; problem.rows.len()];
    let (mut mass_kg, mut gain) = (0.0, 0.0);
    let mut points = Vec::with_capacity(order.len());
    for (row, level) in order {
        // A step that became better than its predecessor waits for it; falling gains never do this.
        for step in &problem.rows[row][taken[row]..(level + 1).max(taken[row])] {
            mass_kg += step.mass_kg;
            gain += step.gain;
            points.push(CurvePoint { row, mass_kg, gain });
        }
        taken[row] = taken[row].max(level + 1);
    }
    points
}

/// Returns the steps of a type from its random demand, starting with `first` spares.
///
/// The list ends where a further spare adds less than 1e-13. Gains of a log-concave distribution
/// fall; the last digits of a numerical one may not, so each gain is capped by the one before.
pub fn steps(demand: &Demand, first: u32, mass_kg: f64) -> Vec<Step> {
    const SMALLEST: f64 = 1e-13;
    // ln P(N <= k), with the probability of running out summed from the far end.
    let mut log_enough = vec![0.0; demand.pmf.len()];
    let mut out = demand.unresolved;
    for k in (0..demand.pmf.len()).rev() {
        log_enough[k] = math::ln_1p(-out.min(1.0));
        out += demand.pmf[k];
    }
    let mut list: Vec<Step> = Vec::new();
    let mut cap = f64::INFINITY;
    for k in first as usize + 1..log_enough.len() {
        let gain = (log_enough[k] - log_enough[k - 1]).min(cap);
        if gain < SMALLEST {
            break;
        }
        cap = gain;
        list.push(Step { mass_kg, gain });
    }
    list
}

/// Returns the logarithm of the probability that `stock` covers random demand.
pub fn log_sufficiency(demand: &Demand, stock: u32) -> f64 {
    math::ln_1p(-demand.excess(stock))
}

#[cfg(test)]
mod tests;
