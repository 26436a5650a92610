//! Hazards: what strikes at a rate, and whether there is anything for it to strike.

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::note;
use crate::history::Engine;
use crate::outcome::Cause;
use crate::plan::EffectPlan;
use zarya_station::model::HazardPer;
use zarya_units::random;

impl Engine<'_> {
    pub(crate) fn start_hazards(&mut self) {
        let plan = self.course.plan;
        self.hazard_draws.clear();
        self.hazard_draws.extend(plan.hazards.iter().map(|h| Draws::new(h.stream)));
        for i in 0..plan.hazards.len() {
            self.schedule_hazard(i);
        }
        self.schedule_planned_eva();
    }

    /// Hazards that count people or vehicles run at the rate for the most there can be, and are
    /// thinned to what is there when they strike.
    fn schedule_hazard(&mut self, i: usize) {
        let hazard = &self.course.plan.hazards[i];
        let rate = self.course.world.value(hazard.rate_per_d) * self.hazard_count_most(hazard.per);
        if rate > 0.0 {
            let u = self.draw_hazard(i);
            self.course.schedule(
                self.course.now + random::exponential(u) / rate,
                Kind::Hazard,
                i,
                0,
            );
        }
    }

    fn hazard_count_most(&self, per: HazardPer) -> f64 {
        match per {
            HazardPer::Station => 1.0,
            HazardPer::Crew => 2.0 * f64::from(self.course.plan.crew.nominal.max(1)),
            HazardPer::DockedCrewVehicle => 4.0,
        }
    }

    fn draw_hazard(&mut self, i: usize) -> f64 {
        self.hazard_draws[i].next(&self.course.chance.source)
    }

    pub(crate) fn hazard_strikes(&mut self, i: usize) {
        let plan = self.course.plan;
        let hazard = &plan.hazards[i];
        let present = match hazard.per {
            HazardPer::Station => 1.0,
            HazardPer::Crew => f64::from(self.crew),
            HazardPer::DockedCrewVehicle => {
                self.slots.iter().filter(|s| s.active && s.crew > 0).count() as f64
            }
        };
        let accept = self.draw_hazard(i) * self.hazard_count_most(hazard.per) < present;
        let mut u = self.draw_hazard(i);
        let mut effect = EffectPlan::None;
        for (share, outcome) in &hazard.outcomes {
            effect = *outcome;
            if u < *share {
                break;
            }
            u -= share;
        }
        if accept && !self.course.station_lost {
            note!(self.course, "{}.", hazard.name);
            self.apply(effect, Cause { direct: hazard.cause, root: hazard.cause });
        }
        self.schedule_hazard(i);
    }
}
