//! Leaks of elements: they grow, are patched, relapse, and cost less behind a closed hatch.

use crate::chance::Draws;
use crate::clock::Kind;
use crate::course::{Course, note};
use crate::outcome::{Cause, Rung};
use crate::plan::EffectPlan;
use zarya_units::{math, random};

/// One leak.
#[derive(Clone, Copy, Debug)]
struct Leak {
    /// Through the open element, kg/d.
    rate_kg_d: f64,
    repairing: bool,
    hatch_open: bool,
    isolated: bool,
}

/// The leaks of a history.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the leaks are most of it")]
pub(crate) struct Leaks {
    leaks: Vec<Leak>,
    draws: Vec<Draws>,
    /// Elements without a leak that are shut for good.
    shut_tight: Vec<u16>,
}

/// An element has been shut for good, and with it the port behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shut {
    pub(crate) port: Option<u16>,
}

impl Leaks {
    pub(crate) fn start(&mut self, course: &mut Course<'_>) {
        let plan = course.plan;
        self.leaks.clear();
        self.shut_tight.clear();
        self.leaks.extend(plan.leaks.iter().map(|l| Leak {
            rate_kg_d: course.world.value(l.rate_kg_d),
            repairing: false,
            hatch_open: false,
            isolated: false,
        }));
        self.draws.clear();
        self.draws.extend(plan.leaks.iter().map(|l| Draws::new(l.stream)));
        for l in 0..plan.leaks.len() {
            self.schedule_relapse(course, l);
            if let Some(rupture) = plan.leaks[l].rupture {
                let u = course.chance.source.uniform(rupture.stream, 0);
                let at = course.now + random::exponential(u) / rupture.rate_per_d;
                course.schedule(at, Kind::Rupture, l, 0);
            }
            if plan.leaks[l].repaired_by.is_none() {
                self.start_repair(course, l);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.leaks.len()
    }

    /// Through the open element, kg/d.
    pub(crate) fn rate_kg_d(&self, l: usize) -> f64 {
        self.leaks[l].rate_kg_d
    }

    /// Whether the element stands open to the cabin.
    pub(crate) fn is_open(&self, l: usize) -> bool {
        self.leaks[l].hatch_open && !self.leaks[l].isolated
    }

    pub(crate) fn total_kg_d(&self, course: &Course<'_>) -> f64 {
        (0..self.leaks.len()).map(|l| self.lost_kg_d(course, l)).sum()
    }

    /// What the station loses by a leak: a share of it while the hatch is closed.
    pub(crate) fn lost_kg_d(&self, course: &Course<'_>, l: usize) -> f64 {
        let state = &self.leaks[l];
        let share = if state.isolated || !state.hatch_open {
            course.world.value(course.plan.leaks[l].isolated_share).clamp(0.0, 1.0)
        } else {
            1.0
        };
        state.rate_kg_d * share
    }

    pub(crate) fn open_hatch(&mut self, l: usize) {
        self.leaks[l].hatch_open = true;
    }

    /// Something has made a leak larger.
    pub(crate) fn add(&mut self, l: usize, kg_d: f64) {
        self.leaks[l].rate_kg_d += kg_d;
    }

    /// Lets leaks grow for so many days and returns the elements that are shut for it.
    pub(crate) fn grow(&mut self, course: &mut Course<'_>, days: f64) -> Vec<Shut> {
        let mut shut = Vec::new();
        for l in 0..self.leaks.len() {
            let plan = &course.plan.leaks[l];
            if self.leaks[l].isolated {
                continue; // without pressure cycles nothing grows
            }
            let growth = course.world.value(plan.growth_per_d);
            self.leaks[l].rate_kg_d *= math::exp(growth * days);
            if self.leaks[l].rate_kg_d > course.world.value(plan.isolate_above_kg_d) {
                shut.extend(self.isolate(course, l));
            }
        }
        shut
    }

    /// Shuts an element for good; nothing if it is shut already.
    pub(crate) fn isolate(&mut self, course: &mut Course<'_>, l: usize) -> Option<Shut> {
        let cause = course.plan.leaks[l].cause;
        self.shut(course, l, Cause { direct: cause, root: cause })
    }

    /// Shuts an element that has no leak for good: nothing but the count follows.
    pub(crate) fn shut_tight(&mut self, course: &mut Course<'_>, element: u16) {
        if !self.shut_tight.contains(&element) {
            self.shut_tight.push(element);
            course.measure(|measured| measured.isolated_elements += 1);
        }
    }

    fn shut(&mut self, course: &mut Course<'_>, l: usize, cause: Cause) -> Option<Shut> {
        if self.leaks[l].isolated {
            return None;
        }
        let plan = &course.plan.leaks[l];
        self.leaks[l].isolated = true;
        course.measure(|measured| measured.isolated_elements += 1);
        course.rung(Rung::Isolation);
        note!(course, "{} is shut for good.", plan.name);
        course.breach_full(cause);
        Some(Shut { port: plan.isolation_port })
    }

    /// An element gives way: it is shut for good, and more happens. One that is shut already holds
    /// no pressure that could tear it.
    pub(crate) fn ruptures(
        &mut self,
        course: &mut Course<'_>,
        l: usize,
    ) -> Option<(Shut, EffectPlan, Cause)> {
        let plan = &course.plan.leaks[l];
        let rupture = plan.rupture?;
        let cause = Cause { direct: rupture.cause, root: rupture.cause };
        if !self.leaks[l].isolated {
            note!(course, "{} ruptures.", plan.name);
        }
        let shut = self.shut(course, l, cause)?;
        Some((shut, rupture.effect, cause))
    }

    pub(crate) fn start_repair(&mut self, course: &mut Course<'_>, l: usize) {
        if !self.leaks[l].repairing && !self.leaks[l].isolated {
            self.leaks[l].repairing = true;
            self.schedule_patch(course, l);
        }
    }

    fn schedule_patch(&mut self, course: &mut Course<'_>, l: usize) {
        let interval_d = course.world.value(course.plan.leaks[l].patch_interval_d);
        if interval_d > 0.0 {
            let u = self.draws[l].next(&course.chance.source);
            let days = random::exponential(u) * interval_d;
            course.schedule(course.now + days, Kind::Patch, l, 0);
        }
    }

    /// The leak is patched if anybody is there to do it; returns whether it is smaller now.
    pub(crate) fn patched(&mut self, course: &mut Course<'_>, l: usize, crew: u32) -> bool {
        if self.leaks[l].isolated {
            return false; // shut for good: nobody works there
        }
        if crew > 0 {
            let share = course.world.value(course.plan.leaks[l].patch_share).clamp(0.0, 1.0);
            self.leaks[l].rate_kg_d *= 1.0 - share;
            note!(course, "The leak in {} is patched.", course.plan.leaks[l].name);
        }
        self.schedule_patch(course, l);
        crew > 0
    }

    fn schedule_relapse(&mut self, course: &mut Course<'_>, l: usize) {
        let rate = course.world.value(course.plan.leaks[l].relapse_per_d);
        if rate > 0.0 {
            let days = random::exponential(self.draws[l].next(&course.chance.source)) / rate;
            course.schedule(course.now + days, Kind::Relapse, l, 0);
        }
    }

    /// A patch gives way; returns whether the leak is larger now.
    pub(crate) fn relapses(&mut self, course: &mut Course<'_>, l: usize) -> bool {
        if self.leaks[l].isolated {
            return false; // no patch that could give way
        }
        let relapse = course.world.value(course.plan.leaks[l].relapse_kg_d);
        let worse = self.leaks[l].rate_kg_d < relapse;
        if worse {
            self.leaks[l].rate_kg_d = relapse;
            note!(
                course,
                "The leak in {} is back at {relapse:.2} kg/d.",
                course.plan.leaks[l].name
            );
        }
        self.schedule_relapse(course, l);
        worse
    }
}
