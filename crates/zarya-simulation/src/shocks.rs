//! What moves several flights together: a launcher, a pad, a kind of ship or a partner stands back.
//!
//! Cargo, crews and the spares that would have flown come later together. What follows from the loss
//! of a launch or a pad of the plan itself is no shock: it lies in `traffic`.

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note};
use zarya_station::model::Outcome as Fate;
use zarya_units::Mjd;
use zarya_units::random;

/// The shocks of a history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shocks {
    draws: Vec<Draws>,
}

impl Shocks {
    pub(crate) fn start(&mut self, course: &mut Course<'_>) {
        self.draws.clear();
        self.draws.extend(course.plan.shocks.iter().map(|shock| Draws::new(shock.stream)));
        for i in 0..course.plan.shocks.len() {
            self.schedule(course, i);
        }
    }

    fn schedule(&mut self, course: &mut Course<'_>, i: usize) {
        let rate = course.world.value(course.plan.shocks[i].rate_per_d);
        if rate > 0.0 {
            let u = self.draws[i].next(&course.chance.source);
            course.schedule(course.now + random::exponential(u) / rate, Kind::Shock, i, 0);
        }
    }

    /// A shock strikes: which flights leave when instead.
    ///
    /// # Model
    ///
    /// Every flight of what it hits that is due within `window` leaves later by one and the same
    /// delay, lognormal about the world's median. Flights behind them keep their order. A flight
    /// may be hit again.
    pub(crate) fn strikes(
        &mut self,
        course: &mut Course<'_>,
        i: usize,
        due: &[Mjd],
    ) -> Vec<(usize, Mjd)> {
        let plan = course.plan;
        let shock = &plan.shocks[i];
        let (median_d, scatter) =
            (course.world.value(shock.delay_d), course.world.value(shock.scatter).max(1.0));
        let u = self.draws[i].next(&course.chance.source);
        let days = random::lognormal(u, median_d, scatter);
        self.schedule(course, i);
        let (now, until) = (course.now, course.now + shock.window_d);
        let mut latest = vec![f64::NEG_INFINITY; plan.vehicles.len()];
        let mut moved = Vec::new();
        for (f, flight) in plan.flights.iter().enumerate() {
            let v = usize::from(flight.vehicle);
            let waits = flight.outcome == Fate::Planned && due[f].is_finite() && due[f] > now;
            if !shock.hits[v] || !waits {
                continue;
            }
            let delay_d = if due[f] <= until { days } else { 0.0 };
            let at = (due[f] + delay_d).max(latest[v]);
            latest[v] = at;
            if at > due[f] {
                moved.push((f, at));
            }
        }
        if !moved.is_empty() {
            let flights = if moved.len() == 1 { "flight leaves" } else { "flights leave" };
            note!(course, "{}: {} {flights} {days:.0} d later.", shock.name, moved.len());
        }
        moved
    }
}
