//! How far launches move from their planned dates.
//!
//! A plan is kept more often than not; what moves goes far, mostly later and now and then earlier.
//! How often and how far grow with how long ahead the plan was made.

use crate::course::Course;
use crate::plan::{FlightPlan, MovesPlan, SlipPlan};
use crate::worlds::World;
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;
use zarya_units::math;
use zarya_units::random;

/// Standard deviations from the median to what one in ten exceeds.
const Z90: f64 = 1.281_551_565_544_600_4;

/// Returns when each flight is to be launched as the history begins, in the order of the plan.
///
/// Flights of one type of vehicle keep their order: what is planned later does not leave before
/// what is planned sooner.
pub(crate) fn first_dates(course: &Course<'_>) -> Vec<Mjd> {
    let plan = course.plan;
    let mut latest = vec![f64::NEG_INFINITY; plan.vehicles.len()];
    plan.flights
        .iter()
        .map(|flight| {
            if flight.outcome != Fate::Planned {
                return flight.at;
            }
            let v = usize::from(flight.vehicle);
            let u = course.chance.source.uniform(flight.stream, 0);
            let slip_d = match &plan.vehicles[v].slip {
                SlipPlan::Mean(mean) => random::exponential(u) * course.world.value(*mean),
                SlipPlan::Moves(moves) => move_d(moves, course.world, flight, plan.start, u),
            };
            latest[v] = latest[v].max(flight.at + slip_d);
            latest[v]
        })
        .collect()
}

/// Returns the days by which a flight moves, from one uniform: negative is early.
///
/// # Model
///
/// With `s = min(lead, lead_most) / lead_ref`, a flight is on time with probability
/// `p = on_time^(s^chance_power)`. The others move by a lognormal of median `median s^size_power`
/// whose 90 % quantile is `tail` times as much; a share `early` of them moves forward. The quantile
/// function of all three parts together is evaluated once, earliest first.
fn move_d(moves: &MovesPlan, world: &World, flight: &FlightPlan, start: Mjd, u: f64) -> f64 {
    let lead_d = (flight.at - start).max(0.0);
    let scale = lead_d.min(moves.lead_most_d) / moves.lead_d;
    let grown = |power| math::pow(scale, world.value(power));
    let on_time = math::pow(world.value(moves.on_time).min(1.0), grown(moves.chance_power));
    let early = (1.0 - on_time) * world.value(moves.early).min(1.0);
    if u < early {
        let size_d = size_d(moves, world, grown(moves.size_power), 1.0 - u / early);
        // Not before it was planned.
        return -size_d.min(lead_d);
    }
    let late = 1.0 - on_time - early;
    if u < early + on_time || late <= 0.0 {
        return 0.0;
    }
    size_d(moves, world, grown(moves.size_power), (u - early - on_time) / late)
}

fn size_d(moves: &MovesPlan, world: &World, grown: f64, u: f64) -> f64 {
    // The last of a share of a uniform may round to one, beyond which nothing lies.
    let z = random::normal(u.clamp(1e-12, 1.0 - 1e-12));
    let spread = math::ln(world.value(moves.tail).max(1.0)) / Z90;
    world.value(moves.median_d) * grown * math::exp(z * spread)
}
