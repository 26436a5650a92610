//! The best stock when several limits bind together: mass, volume, crew time, spacewalks.

use super::{Allocation, Proof, Step};
use microlp::{ComparisonOp, OptimizationDirection, SolutionStatus, SolveOptions, Variable};

/// A limit on what the carried spares may take up in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What one spare of each row takes up.
    pub of_one: Vec<f64>,
    /// The most that may be taken up.
    pub most: f64,
}

/// What is asked of a stock within limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// The lightest stock with at least this gain.
    Lightest {
        /// Gain to reach.
        target_gain: f64,
    },
    /// The most gain.
    MostGain,
}

/// Why no stock was found within limits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LimitsError {
    /// No stock meets the goal within the limits.
    Infeasible,
    /// The search ended without a stock or failed numerically.
    Unsolved(String),
}

impl std::fmt::Display for LimitsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Infeasible => f.write_str("no stock meets the goal within the limits"),
            Self::Unsolved(why) => write!(f, "no stock was found within the limits: {why}"),
        }
    }
}

impl std::error::Error for LimitsError {}

/// Nodes of the search tree after which a gap is reported instead of a proof.
const NODES_MAX: u64 = 20_000;
/// Spares that add less than this share of the largest gain are not considered: the solver's
/// arithmetic does not carry them.
const SHARE_MIN: f64 = 1e-7;
/// Gains are small numbers; in this unit the solver's tolerance of 1e-7 is one of 1e-11.
const GAIN_SCALE: f64 = 1e4;

/// A flight that can bring spares.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// Whether it can carry the spares of each row: pressure, and ready by its date.
    pub carries: Vec<bool>,
    /// Limits on what it carries.
    pub limits: Vec<Limit>,
}

/// Returns the best stock within limits; see [`solve_on_flights`].
///
/// # Errors
///
/// [`LimitsError`].
pub fn solve_within(
    rows: &[Vec<Step>],
    goal: Goal,
    limits: &[Limit],
) -> Result<Allocation, LimitsError> {
    let least = vec![0; rows.len()];
    solve_on_flights(rows, goal, limits, &least, &[]).map(|(allocation, _)| allocation)
}

/// Returns the best stock within limits and what each flight carries of it, `least` spares of each
/// row among it.
///
/// Without flights nothing has to be carried. With them every spare flies on one of them.
///
/// # Model
///
/// A mixed integer program over the number of spares of each row, with falling gains as the sum of
/// one zero-or-one variable per step; solved by branch and bound (`microlp`). Where only one
/// budget binds, [`super::solve`] is faster by far.
///
/// # Errors
///
/// [`LimitsError`].
pub fn solve_on_flights(
    rows: &[Vec<Step>],
    goal: Goal,
    limits: &[Limit],
    least: &[u32],
    flights: &[Flight],
) -> Result<(Allocation, Vec<Vec<u32>>), LimitsError> {
    let largest = rows.iter().flatten().map(|step| step.gain).fold(0.0, f64::max);
    let direction = match goal {
        Goal::Lightest { .. } => OptimizationDirection::Minimize,
        Goal::MostGain => OptimizationDirection::Maximize,
    };
    let mut problem = microlp::Problem::new(direction);
    let mut variables: Vec<Vec<Variable>> = Vec::with_capacity(rows.len());
    for steps in rows {
        let considered = steps.iter().take_while(|step| step.gain >= SHARE_MIN * largest);
        variables.push(
            considered
                .map(|step| {
                    let value = match goal {
                        Goal::Lightest { .. } => step.mass_kg,
                        Goal::MostGain => step.gain * GAIN_SCALE,
                    };
                    problem.add_integer_var(value, (0, 1))
                })
                .collect(),
        );
    }
    for limit in limits {
        let terms = variables.iter().zip(&limit.of_one);
        let terms: Vec<(Variable, f64)> = terms
            .flat_map(|(row, of_one)| row.iter().map(|variable| (*variable, *of_one)))
            .filter(|(_, of_one)| *of_one > 0.0)
            .collect();
        problem.add_constraint(&terms, ComparisonOp::Le, limit.most);
    }
    if let Goal::Lightest { target_gain } = goal {
        let terms = variables.iter().zip(rows);
        let terms: Vec<(Variable, f64)> = terms
            .flat_map(|(row, steps)| {
                row.iter().zip(steps).map(|(variable, step)| (*variable, step.gain * GAIN_SCALE))
            })
            .collect();
        problem.add_constraint(&terms, ComparisonOp::Ge, target_gain * GAIN_SCALE);
    }
    let carried =
        carried(&mut problem, &variables, &limits_of_rows(&variables, least), least, flights);
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES_MAX);
    let outcome = problem.solve_with(options).map_err(|error| match error {
        microlp::Error::Infeasible => LimitsError::Infeasible,
        other => LimitsError::Unsolved(other.to_string()),
    })?;
    let bound = outcome.stats().best_bound;
    let solution = outcome
        .into_solution()
        .map_err(|_| LimitsError::Unsolved("the search tree grew too large".to_owned()))?;
    // Falling gains make the first steps of a row the best ones; counting keeps that order.
    let steps: Vec<u32> = variables
        .iter()
        .map(|row| {
            row.iter().filter(|variable| solution.var_value(**variable) > 0.5).count() as u32
        })
        .collect();
    let loads: Vec<Vec<u32>> = carried
        .iter()
        .map(|flight| {
            let count = |v: &Option<Variable>| v.map_or(0.0, |v| solution.var_value(v).round());
            flight.iter().map(|variable| count(variable) as u32).collect()
        })
        .collect();
    let taken = || rows.iter().zip(&steps).flat_map(|(row, n)| &row[..*n as usize]);
    let mass_kg: f64 = taken().map(|step| step.mass_kg).sum();
    let gain: f64 = taken().map(|step| step.gain).sum();
    let proof = match (solution.status(), goal, bound) {
        (SolutionStatus::Optimal, ..) => Proof::Optimal,
        (_, Goal::Lightest { .. }, Some(mass_kg)) => Proof::Bound { mass_kg },
        (_, Goal::MostGain, Some(gain)) => Proof::GainBound { gain: gain / GAIN_SCALE },
        (_, Goal::Lightest { .. }, None) => Proof::Bound { mass_kg: 0.0 },
        (_, Goal::MostGain, None) => Proof::GainBound { gain: f64::INFINITY },
    };
    let (relaxed_kg, price_kg, marginal_row) = (0.0, f64::NAN, 0);
    let allocation = Allocation { steps, mass_kg, gain, proof, relaxed_kg, price_kg, marginal_row };
    Ok((allocation, loads))
}

/// The most spares of each row.
fn limits_of_rows(variables: &[Vec<Variable>], least: &[u32]) -> Vec<u32> {
    variables.iter().zip(least).map(|(row, least)| row.len() as u32 + least).collect()
}

/// Adds how many spares of each row every flight carries: all that are taken, within its limits.
fn carried(
    problem: &mut microlp::Problem,
    variables: &[Vec<Variable>],
    most: &[u32],
    least: &[u32],
    flights: &[Flight],
) -> Vec<Vec<Option<Variable>>> {
    let most = |row: usize| most[row].min(i32::MAX as u32) as i32;
    let carried: Vec<Vec<Option<Variable>>> = flights
        .iter()
        .map(|flight| {
            let rows = flight.carries.iter().enumerate();
            rows.map(|(row, can)| can.then(|| problem.add_integer_var(0.0, (0, most(row)))))
                .collect()
        })
        .collect();
    for (flight, carried) in flights.iter().zip(&carried) {
        for limit in &flight.limits {
            let terms: Vec<(Variable, f64)> = carried
                .iter()
                .zip(&limit.of_one)
                .filter(|(_, of_one)| **of_one > 0.0)
                .filter_map(|(variable, of_one)| Some(((*variable)?, *of_one)))
                .collect();
            problem.add_constraint(&terms, ComparisonOp::Le, limit.most);
        }
    }
    if !flights.is_empty() {
        for (row, steps) in variables.iter().enumerate() {
            let up = carried.iter().filter_map(|flight| Some((flight[row]?, 1.0)));
            let terms: Vec<(Variable, f64)> =
                up.chain(steps.iter().map(|step| (*step, -1.0))).collect();
            problem.add_constraint(&terms, ComparisonOp::Eq, f64::from(least[row]));
        }
    }
    carried
}
