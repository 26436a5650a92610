//! Leaks of elements: they grow, are patched, relapse, and cost less behind a closed hatch.

use crate::clock::Kind;
use crate::course::note;
use crate::history::Engine;
use crate::outcome::{Cause, Rung};
use zarya_units::random;

impl Engine<'_> {
    pub(crate) fn leak_total_kg_d(&self) -> f64 {
        (0..self.leaks.len()).map(|l| self.leak_kg_d(l)).sum()
    }

    /// What the station loses by a leak: a share of it while the hatch is closed.
    pub(crate) fn leak_kg_d(&self, l: usize) -> f64 {
        let state = &self.leaks[l];
        let share = if state.isolated || !state.hatch_open {
            self.course.world.value(self.course.plan.leaks[l].isolated_share).clamp(0.0, 1.0)
        } else {
            1.0
        };
        state.rate_kg_d * share
    }

    fn leak_draw(&mut self, l: usize) -> f64 {
        self.leak_draws[l].next(&self.course.chance.source)
    }

    pub(crate) fn grow_leaks(&mut self, days: f64) {
        for l in 0..self.leaks.len() {
            let plan = &self.course.plan.leaks[l];
            if self.leaks[l].isolated {
                continue; // without pressure cycles nothing grows
            }
            let growth = self.course.world.value(plan.growth_per_d);
            self.leaks[l].rate_kg_d *= zarya_units::math::exp(growth * days);
            if self.leaks[l].rate_kg_d > self.course.world.value(plan.isolate_above_kg_d) {
                self.isolate(l);
            }
        }
        self.stocks_dirty |= !self.leaks.is_empty();
    }

    pub(crate) fn isolate(&mut self, l: usize) {
        if self.leaks[l].isolated {
            return;
        }
        let plan = &self.course.plan.leaks[l];
        self.leaks[l].isolated = true;
        self.course.rung(Rung::Isolation);
        self.stocks_dirty = true;
        note!(self.course, "{} is shut for good.", plan.name);
        if let Some(port) = plan.isolation_port {
            self.ports_out[usize::from(port)] += 1;
        }
        self.course.breach_full(Cause { direct: plan.cause, root: plan.cause });
    }

    pub(crate) fn start_leak_repair(&mut self, l: usize) {
        if !self.leaks[l].repairing && !self.leaks[l].isolated {
            self.leaks[l].repairing = true;
            self.schedule_patch(l);
        }
    }

    fn schedule_patch(&mut self, l: usize) {
        let interval_d = self.course.world.value(self.course.plan.leaks[l].patch_interval_d);
        if interval_d > 0.0 {
            let days = random::exponential(self.leak_draw(l)) * interval_d;
            self.course.schedule(self.course.now + days, Kind::Patch, l, 0);
        }
    }

    pub(crate) fn leak_patched(&mut self, l: usize) {
        if self.leaks[l].isolated {
            return; // shut for good: nobody works there
        }
        if self.crew > 0 {
            let share =
                self.course.world.value(self.course.plan.leaks[l].patch_share).clamp(0.0, 1.0);
            self.leaks[l].rate_kg_d *= 1.0 - share;
            self.stocks_dirty = true;
            note!(self.course, "The leak in {} is patched.", self.course.plan.leaks[l].name);
        }
        self.schedule_patch(l);
    }

    pub(crate) fn schedule_relapse(&mut self, l: usize) {
        let rate = self.course.world.value(self.course.plan.leaks[l].relapse_per_d);
        if rate > 0.0 {
            let days = random::exponential(self.leak_draw(l)) / rate;
            self.course.schedule(self.course.now + days, Kind::Relapse, l, 0);
        }
    }

    pub(crate) fn leak_relapses(&mut self, l: usize) {
        if self.leaks[l].isolated {
            return; // no patch that could give way
        }
        let relapse = self.course.world.value(self.course.plan.leaks[l].relapse_kg_d);
        let leak = &mut self.leaks[l];
        if leak.rate_kg_d < relapse {
            leak.rate_kg_d = relapse;
            self.stocks_dirty = true;
            note!(
                self.course,
                "The leak in {} is back at {relapse:.2} kg/d.",
                self.course.plan.leaks[l].name
            );
        }
        self.schedule_relapse(l);
    }
}
