//! Hazards: what strikes at a rate, and whether there is anything for it to strike.

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::outcome::Cause;
use crate::plan::{EffectPlan, Plan, pick};
use zarya_station::model::HazardPer;
use zarya_units::random;

/// The hazards of a history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hazards {
    draws: Vec<Draws>,
}

/// What is there to be struck.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present {
    pub(crate) people: u32,
    pub(crate) crew_vehicles: usize,
}

impl Hazards {
    pub(crate) fn start(&mut self, course: &mut Course<'_>) {
        self.draws.clear();
        self.draws.extend(course.plan.hazards.iter().map(|h| Draws::new(h.stream)));
        for i in 0..course.plan.hazards.len() {
            self.schedule(course, i);
        }
    }

    /// Hazards that count people or vehicles run at the rate for the most there can be, and are
    /// thinned to what is there when they strike.
    fn schedule(&mut self, course: &mut Course<'_>, i: usize) {
        let hazard = &course.plan.hazards[i];
        let rate = course.world.value(hazard.rate_per_d) * count_most(course.plan, hazard.per);
        if rate > 0.0 {
            let u = self.draw(course, i);
            course.schedule(course.now + random::exponential(u) / rate, Kind::Hazard, i, 0);
        }
    }

    fn draw(&mut self, course: &Course<'_>, i: usize) -> f64 {
        self.draws[i].next(&course.chance.source)
    }

    /// A hazard strikes: what it does, if it meets anything.
    pub(crate) fn strikes(
        &mut self,
        course: &mut Course<'_>,
        i: usize,
        present: Present,
    ) -> Option<(EffectPlan, Cause)> {
        let hazard = &course.plan.hazards[i];
        let count = match hazard.per {
            HazardPer::Station => 1.0,
            HazardPer::Crew => f64::from(present.people),
            HazardPer::DockedCrewVehicle => present.crew_vehicles as f64,
        };
        let accept = self.draw(course, i) * count_most(course.plan, hazard.per) < count;
        let effect = pick(&hazard.outcomes, self.draw(course, i));
        self.schedule(course, i);
        if !accept || course.station_lost || !course.concerns(effect) {
            return None;
        }
        note!(course, "{}.", hazard.name);
        Some((effect, Cause { direct: hazard.cause, root: hazard.cause }))
    }
}

fn count_most(plan: &Plan, per: HazardPer) -> f64 {
    match per {
        HazardPer::Station => 1.0,
        HazardPer::Crew => 2.0 * f64::from(plan.crew.most().max(1)),
        HazardPer::DockedCrewVehicle => 4.0,
    }
}
