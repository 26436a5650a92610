//! The best stock of a list of units: the lightest that lasts with a probability, or the most probable
//! within limits, with its proof and what other ways of choosing it would carry.

use super::budget::{Budget, FlightAsked, Measure};
use super::{
    Allocation, CurvePoint, Flight, Goal, Limit, LimitsError, Problem, Proof, Shared,
    SharedAllocation, Step, curve, log_sufficiency, solve, solve_on_flights, solve_shared, steps,
};
use crate::campaign::{Demand, DemandModel, campaign_watched, mixed, split_confidence};
use crate::rate::RatePrior;
use crate::unit::Unit;
use crate::watch::{Going, Stopped, Watch, go_on};
use std::fmt;
use zarya_units::math;

/// Curves start from the stock that each type outlasts with this, and so does a search without a
/// probability to reach.
const START: f64 = 1e-3;

/// What stock is sought.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The unit types.
    pub units: &'a [Unit],
    /// How demand over the period is computed.
    pub model: DemandModel,
    /// Probability that no type runs out; without it, the most probable stock within limits is sought.
    pub probability: Option<f64>,
    /// Error factor (95 % over 50 %) of the lognormal factor that rates of one subsystem share, if any;
    /// it needs a probability, and knows neither limits nor flights.
    pub shared_error_factor: Option<f64>,
    /// Limits on all carried spares.
    pub limits: &'a [Budget],
    /// The flights that bring them; with any, every spare flies on one.
    pub flights: &'a [FlightAsked],
    /// Whether no type carries less than the scheduled replacements of the period.
    pub scheduled_at_least: bool,
}

/// A stock and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Spares of each type.
    pub spares: Vec<u32>,
    /// Their mass \[kg\].
    pub mass_kg: f64,
    /// Probability that no type runs out.
    pub probability: f64,
    /// Whether nothing better exists, or by how much it may be better.
    pub proof: Proof,
    /// No stock with the probability is lighter \[kg\]; `None` where a probability was sought.
    pub bound_kg: Option<f64>,
    /// No stock within the limits lasts with more than this; `None` where a mass was sought.
    pub bound_probability: Option<f64>,
    /// Spares of each type on each flight.
    pub loads: Vec<Vec<u32>>,
    /// What the next percent costs at the marginal price \[kg\], and the type that carries it; `None`
    /// within limits.
    pub next_percent: Option<(f64, usize)>,
    /// What it costs by marginal analysis to halve the probability with which its stock runs out
    /// \[kg\]; `None` within limits and with shared factors.
    pub half_the_failures_kg: Option<f64>,
    /// What an equal share of the probability for every unit type would carry \[kg\]; `None` with
    /// shared factors.
    pub equal_split_kg: Option<f64>,
    /// What marginal analysis would carry without limits \[kg\].
    pub greedy_kg: Option<f64>,
    /// Marginal analysis without limits, spare by spare.
    pub curve: Vec<StockPoint>,
}

/// A point of the marginal analysis of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StockPoint {
    /// Mass of the stock \[kg\].
    pub mass_kg: f64,
    /// Probability that it lasts.
    pub probability: f64,
    /// The type that received a spare.
    pub row: usize,
    /// How many it has now.
    pub n: u32,
}

/// Why no stock was found.
#[derive(Clone, Debug, PartialEq)]
pub enum StockError {
    /// Neither a probability nor limits say how good the stock must be.
    NoGoal,
    /// No stock reaches the probability: it is finer than demand with repair time is resolved.
    TooFine {
        /// The probability.
        probability: f64,
    },
    /// A limit counts what a unit type does not state.
    Unstated(Measure),
    /// A stock in which no type alone reaches the goal takes up more than a limit.
    LimitTooTight {
        /// The limit.
        limit: Budget,
        /// What that stock takes up.
        taken: f64,
    },
    /// The search within limits found none.
    Limits(LimitsError),
    /// Whoever watches asked to stop.
    Stopped,
}

impl From<Stopped> for StockError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

impl fmt::Display for StockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGoal => f.write_str("nothing says how good the stock must be"),
            Self::TooFine { probability } => write!(
                f,
                "no stock reaches a probability of {probability}: demand with repair time is resolved \
                 to 1e-8 for one unit type and copy, and rates beyond 50000 failures are not counted"
            ),
            Self::Unstated(measure) => {
                write!(f, "a limit on {measure} needs it for every unit type")
            }
            Self::LimitTooTight { limit, taken } => write!(
                f,
                "even a stock in which no type alone reaches the goal takes up {taken:.3} of {} {}",
                limit.most, limit.name
            ),
            Self::Limits(error) => error.fmt(f),
            Self::Stopped => Stopped.fmt(f),
        }
    }
}

impl std::error::Error for StockError {}

/// Returns the best stock.
///
/// # Model
///
/// With a probability alone: [`solve`], exact. With shared factors: [`solve_shared`], with a bound. Within
/// limits or on flights: [`solve_on_flights`]. The curve and the comparisons are about the probability
/// asked, or else the one found.
///
/// # Errors
///
/// [`StockError`].
pub fn stock(sought: &Sought<'_>, watch: Watch<'_>, going: Going<'_>) -> Result<Stock, StockError> {
    let Sought { units, model, .. } = *sought;
    let demand: Vec<Demand> = campaign_watched(units, &[1], &model, watch, going)?
        .into_iter()
        .filter_map(|mut row| row.pop())
        .collect();
    let least: Vec<u32> =
        demand.iter().map(|d| if sought.scheduled_at_least { d.scheduled } else { 0 }).collect();
    let plain = sought.limits.is_empty() && sought.flights.is_empty();
    let too_fine = |probability| StockError::TooFine { probability };
    let mut shared_curve = None;
    let best = match (sought.shared_error_factor, sought.probability) {
        (Some(error_factor), Some(probability)) => {
            let shared = Shared { units, model, error_factor, least: &least };
            let found = solve_shared(shared, probability, watch, going)?
                .ok_or_else(|| too_fine(probability))?;
            shared_curve = Some(points_of(&least, &found.curve));
            Best::of_shared(found)
        }
        (None, Some(probability)) if plain => {
            go_on(watch, "searches", 0, 1)?;
            let found = Best::find(units, &demand, &least, probability);
            go_on(watch, "searches", 1, 1)?;
            found.ok_or_else(|| too_fine(probability))?
        }
        (None, _) if !plain => {
            go_on(watch, "searches", 0, 1)?;
            let found = Best::find_within(sought, &demand, &least)?;
            go_on(watch, "searches", 1, 1)?;
            found
        }
        _ => return Err(StockError::NoGoal),
    };
    let probability = sought.probability.unwrap_or(best.probability);
    let curve = shared_curve.unwrap_or_else(|| whole_curve(units, &demand, &least, probability));
    let greedy = curve.iter().find(|point| point.probability >= probability).copied();
    let alone = sought.shared_error_factor.is_none();
    let half_the_failures_kg = greedy.filter(|_| plain && alone).and_then(|now| {
        let halved = 0.5 * (1.0 + now.probability);
        let further = whole_curve(units, &demand, &least, halved);
        let then = further.iter().find(|point| point.probability >= halved)?;
        Some(then.mass_kg - now.mass_kg)
    });
    let equal_split_kg =
        if alone { equal_split_kg(units, &demand, &least, probability) } else { None };
    let margin = (best.allocation.price_kg * 0.01 / probability, best.allocation.marginal_row);
    Ok(Stock {
        mass_kg: best.mass_kg,
        probability: best.probability,
        proof: best.allocation.proof,
        bound_kg: best.bound_kg(),
        bound_probability: best.bound_probability(),
        spares: best.spares,
        loads: best.loads,
        next_percent: plain.then_some(margin),
        half_the_failures_kg,
        equal_split_kg,
        greedy_kg: greedy.map(|point| point.mass_kg),
        curve,
    })
}

/// Shapes of gamma priors that a stock is held against.
pub const SHAPES: [f64; 5] = [10.0, 4.0, 2.0, 1.0, 0.5];

/// Returns the probability that a stock lasts when each rate has a gamma prior of the same mean and of
/// this shape, at constant rates and without repair time.
pub fn probability_if_unknown(
    units: &[Unit],
    model: &DemandModel,
    spares: &[u32],
    shape: f64,
) -> f64 {
    let log: f64 = units
        .iter()
        .zip(spares)
        .map(|(unit, n)| {
            let mean = unit.rate_per_d()
                * model.rate_factor
                * f64::from(unit.copies)
                * unit.running_days(model.period_d, 1);
            log_sufficiency(&mixed(mean, RatePrior::Gamma { shape }), *n)
        })
        .sum();
    math::exp(log)
}

/// The best stock as one of the searches finds it.
struct Best {
    spares: Vec<u32>,
    mass_kg: f64,
    probability: f64,
    /// Mass and ln P of the spares that every stock in question has.
    base_kg: f64,
    base_log: f64,
    allocation: Allocation,
    loads: Vec<Vec<u32>>,
}

impl Best {
    fn find(units: &[Unit], demand: &[Demand], least: &[u32], probability: f64) -> Option<Self> {
        // A stock that lasts with P for all types lasts with P for each.
        let base: Vec<u32> = demand
            .iter()
            .zip(least)
            .map(|(d, least)| Some(d.threshold(probability)?.max(*least)))
            .collect::<Option<_>>()?;
        let problem = Problem {
            rows: rows(units, demand, &base),
            target_gain: math::ln(probability) - log_probability(demand, &base),
        };
        let allocation = solve(&problem)?;
        Some(Self::above(units, demand, &base, allocation, Vec::new()))
    }

    /// What an allocation above the stock `base` comes to.
    fn above(
        units: &[Unit],
        demand: &[Demand],
        base: &[u32],
        allocation: Allocation,
        loads: Vec<Vec<u32>>,
    ) -> Self {
        let spares: Vec<u32> = base.iter().zip(&allocation.steps).map(|(a, b)| a + b).collect();
        Self {
            mass_kg: mass_kg(units, &spares),
            probability: math::exp(log_probability(demand, &spares)),
            base_kg: mass_kg(units, base),
            base_log: log_probability(demand, base),
            spares,
            allocation,
            loads,
        }
    }

    fn of_shared(found: SharedAllocation) -> Self {
        Self {
            mass_kg: found.mass_kg,
            probability: found.probability,
            base_kg: 0.0,
            base_log: 0.0,
            allocation: Allocation {
                steps: found.stock.clone(),
                mass_kg: found.mass_kg,
                gain: 0.0,
                proof: found.proof,
                relaxed_kg: 0.0,
                price_kg: found.price_kg,
                marginal_row: found.marginal_row,
            },
            spares: found.stock,
            loads: Vec::new(),
        }
    }

    /// The best stock within limits: the lightest with a probability, or the most probable.
    fn find_within(
        sought: &Sought<'_>,
        demand: &[Demand],
        least: &[u32],
    ) -> Result<Self, StockError> {
        let units = sought.units;
        let start = sought.probability.unwrap_or(START);
        let too_fine = || StockError::TooFine { probability: start };
        let mut base = Vec::with_capacity(units.len());
        for (d, least) in demand.iter().zip(least) {
            base.push(d.threshold(start).ok_or_else(too_fine)?.max(*least));
        }
        let mut rest = Vec::with_capacity(sought.limits.len());
        for limit in sought.limits {
            let of_one = limit.name.of_all(units).map_err(StockError::Unstated)?;
            let taken: f64 = of_one.iter().zip(&base).map(|(one, n)| one * f64::from(*n)).sum();
            if taken > limit.most {
                return Err(StockError::LimitTooTight { limit: *limit, taken });
            }
            rest.push(Limit { of_one, most: limit.most - taken });
        }
        let goal = match sought.probability {
            Some(p) => Goal::Lightest { target_gain: math::ln(p) - log_probability(demand, &base) },
            None => Goal::MostGain,
        };
        let flights: Result<Vec<Flight>, Measure> =
            sought.flights.iter().map(|flight| flight.on(units)).collect();
        let flights = flights.map_err(StockError::Unstated)?;
        let solved = solve_on_flights(&rows(units, demand, &base), goal, &rest, &base, &flights);
        let (allocation, loads) = solved.map_err(StockError::Limits)?;
        Ok(Self::above(units, demand, &base, allocation, loads))
    }

    fn bound_kg(&self) -> Option<f64> {
        match self.allocation.proof {
            Proof::Optimal => Some(self.mass_kg),
            Proof::Bound { mass_kg } => Some(self.base_kg + mass_kg),
            Proof::GainBound { .. } => None,
        }
    }

    fn bound_probability(&self) -> Option<f64> {
        match self.allocation.proof {
            Proof::GainBound { gain } => Some(math::exp((self.base_log + gain).min(0.0))),
            _ => None,
        }
    }
}

/// The steps of each unit type above a stock.
fn rows(units: &[Unit], demand: &[Demand], stock: &[u32]) -> Vec<Vec<Step>> {
    let each = demand.iter().zip(stock).zip(units);
    each.map(|((d, n), unit)| steps(d, *n, unit.mass_kg)).collect()
}

fn mass_kg(units: &[Unit], stock: &[u32]) -> f64 {
    units.iter().zip(stock).map(|(unit, n)| unit.mass_kg * f64::from(*n)).sum()
}

fn log_probability(demand: &[Demand], stock: &[u32]) -> f64 {
    demand.iter().zip(stock).map(|(d, n)| log_sufficiency(d, *n)).sum()
}

/// What an equal share of the probability for every unit type would carry.
fn equal_split_kg(
    units: &[Unit],
    demand: &[Demand],
    least: &[u32],
    probability: f64,
) -> Option<f64> {
    let each = split_confidence(probability, units.len() as u32);
    let stock: Option<Vec<u32>> =
        demand.iter().zip(least).map(|(d, n)| Some(d.threshold(each)?.max(*n))).collect();
    Some(mass_kg(units, &stock?))
}

/// The marginal analysis from a stock that each type outlasts with one in a thousand.
fn whole_curve(
    units: &[Unit],
    demand: &[Demand],
    least: &[u32],
    probability: f64,
) -> Vec<StockPoint> {
    let mut stock: Vec<u32> =
        demand.iter().zip(least).map(|(d, n)| d.threshold(START).unwrap_or(0).max(*n)).collect();
    let start_kg = mass_kg(units, &stock);
    let start_log = log_probability(demand, &stock);
    let problem = Problem { rows: rows(units, demand, &stock), target_gain: 0.0 };
    let last = 1.0 - (1.0 - probability) / 100.0;
    let mut points = Vec::new();
    for point in curve(&problem) {
        stock[point.row] += 1;
        let probability = math::exp(start_log + point.gain);
        let (row, n) = (point.row, stock[point.row]);
        points.push(StockPoint { mass_kg: start_kg + point.mass_kg, probability, row, n });
        if probability >= last {
            break;
        }
    }
    points
}

/// A curve whose gains are true probabilities, from a stock in which each type can still run out.
fn points_of(least: &[u32], curve: &[CurvePoint]) -> Vec<StockPoint> {
    let mut stock = least.to_vec();
    let mut points = Vec::new();
    for point in curve {
        stock[point.row] += 1;
        let probability = math::exp(point.gain);
        if probability >= START {
            let (mass_kg, row, n) = (point.mass_kg, point.row, stock[point.row]);
            points.push(StockPoint { mass_kg, probability, row, n });
        }
    }
    points
}
