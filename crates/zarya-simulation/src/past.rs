//! What lies behind a history: the recorded years, flown on the same world, from which it begins.
//!
//! A history begins with units that have run, failed and been mended for years. Where the years before the
//! as-of date are recorded, they are flown as they are known to have gone, flight by flight, and what is left of
//! units and spares is what the history begins with. The same run shows whether the world makes what is known
//! to have happened. Without recorded years units run in for some years with nothing else there (`burn_in`).

use crate::burn_in::{burn_in, burn_on};
use crate::course::Note;
use crate::history::{self, Engine};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::supply::Start;
use crate::worlds::{HISTORIES_PER_WORLD, World};
use zarya_units::Mjd;
use zarya_units::random::Source;

/// A station's plan behind those of its recorded years.
#[derive(Clone)]
pub struct Timeline<'a>(Vec<&'a Plan>);

impl<'a> Timeline<'a> {
    /// Most legs of recorded years that are told apart.
    pub const LEGS_MAX: usize = 8;

    /// Puts recorded years before a plan, in order; each is flown to the first day of the next.
    ///
    /// # Panics
    ///
    /// With more than [`Self::LEGS_MAX`] legs.
    pub fn new(past: impl IntoIterator<Item = &'a Plan>, plan: &'a Plan) -> Self {
        let plans: Vec<&Plan> = past.into_iter().chain([plan]).collect();
        assert!(plans.len() <= Self::LEGS_MAX + 1, "{} legs of recorded years", plans.len() - 1);
        Self(plans)
    }

    /// Returns whether years before the plan are recorded.
    pub fn has_past(&self) -> bool {
        self.0.len() > 1
    }
}

/// A plan without recorded years.
impl<'a> From<&'a Plan> for Timeline<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self(vec![plan])
    }
}

/// Keeps the numbers of recorded years apart from those of the history that follows.
const PAST_KEY: u64 = 0x5061_7374_5061_7374;

/// How a history begins.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    /// Units and spares.
    pub(crate) start: Start,
    /// Legs of the years before that did not go as they are known to have gone, a bit each.
    pub(crate) missed: u8,
}

/// One world of a timeline, ready to fly its histories.
pub(crate) struct Flying<'w> {
    /// One for each plan, in order.
    pub(crate) engines: Vec<Engine<'w>>,
    /// The run-in units of the first.
    run_in: Start,
    seed: u64,
}

/// Calls `fly` with a world of a timeline.
pub(crate) fn in_world<T>(
    timeline: &Timeline<'_>,
    seed: u64,
    index: u32,
    fly: impl FnOnce(&mut Flying<'_>) -> T,
) -> T {
    let plans = &timeline.0;
    let worlds: Vec<World> = plans.iter().map(|plan| World::draw(plan, seed, index)).collect();
    let run_in = burn_in(plans[0], &worlds[0], seed);
    let engines = plans.iter().zip(&worlds).map(|(plan, world)| Engine::new(plan, world)).collect();
    fly(&mut Flying { engines, run_in, seed })
}

impl Flying<'_> {
    /// Flies the recorded years before a history, and says how it begins.
    pub(crate) fn begin(&mut self, history: u32) -> Beginning {
        self.fly_past(history, &[], &mut |_, _| {})
    }

    /// Flies the recorded years. `look` is told what there is to read off each leg at the end of each of its days
    /// in `days` (ascending).
    pub(crate) fn fly_past(
        &mut self,
        history: u32,
        days: &[Vec<Mjd>],
        look: &mut dyn FnMut((usize, usize), Outcome),
    ) -> Beginning {
        let mut found = Beginning { start: self.run_in.clone(), missed: 0 };
        for leg in 0..self.engines.len() - 1 {
            let (legs, later) = self.engines.split_at_mut(leg + 1);
            let (engine, next) = (&mut legs[leg], &mut later[0]);
            let (plan, after) = (engine.course.plan, next.course.plan);
            engine.begin(&found.start, source(self.seed, plan, history), history);
            let mut left = None;
            for (place, day) in days.get(leg).into_iter().flatten().enumerate() {
                if left.is_none() && *day > after.start {
                    left = Some(leave(engine, after));
                }
                engine.run_to(*day);
                look((leg, place), engine.so_far());
            }
            let (left, missed) = left.unwrap_or_else(|| leave(engine, after));
            found.missed |= u8::from(missed) << leg;
            found.start = left.fitted(plan, after, || burn_in(after, next.course.world, self.seed));
            if plan.end < after.start {
                let source = source(self.seed ^ PAST_KEY, after, history);
                found.start = burn_on(after, next.course.world, &found.start, plan.end, source);
            }
        }
        found
    }

    /// Flies a history of the plan that is asked of.
    pub(crate) fn fly(&mut self, begin: &Beginning, history: u32) -> Outcome {
        let engine = self.engines.last_mut().expect("a timeline has a plan");
        let outcome = history::run(engine, &begin.start, self.seed, history);
        Outcome { past_missed: begin.missed, ..outcome }
    }

    /// Begins the first of a world's histories whose past held, and shows the engine on its first day.
    pub(crate) fn begun(&mut self, first: u32) -> &Engine<'_> {
        let begin = if self.engines.len() > 1 {
            let mut histories = (first..first + HISTORIES_PER_WORLD).map(|i| self.begin(i));
            let any = histories.next().expect("a world has histories");
            if any.missed == 0 {
                any
            } else {
                histories.find(|begin| begin.missed == 0).unwrap_or(any)
            }
        } else {
            self.begin(first)
        };
        let engine = self.engines.last_mut().expect("a timeline has a plan");
        engine.begin(&begin.start, Source::new(self.seed, u64::from(first)), first);
        engine
    }

    /// Listens to what is told of the histories of the plan that is asked of.
    pub(crate) fn listen(&mut self) {
        self.engines.last_mut().expect("a timeline has a plan").course.listen();
    }

    /// Takes what was told.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        self.engines.last_mut().expect("a timeline has a plan").course.take_notes()
    }

    /// Flies the years of the last plan as recorded ones; `look` is told what there is to read off at the end of each day.
    pub(crate) fn fly_last(
        &mut self,
        begin: &Beginning,
        history: u32,
        days: &[Mjd],
        look: &mut dyn FnMut(usize, Outcome),
    ) {
        let engine = self.engines.last_mut().expect("a timeline has a plan");
        let source = source(self.seed, engine.course.plan, history);
        engine.begin(&begin.start, source, history);
        for (place, day) in days.iter().enumerate() {
            engine.run_to(*day);
            look(place, engine.so_far());
        }
    }
}

/// What a leg leaves to the next on its first day, and whether it had left the station empty, or lost, by then.
fn leave(engine: &mut Engine<'_>, after: &Plan) -> (Start, bool) {
    engine.run_to(after.start);
    let out = &engine.course.out;
    (engine.supply.as_start(), out.counts.de_crewings > 0 || out.survives.is_some())
}

fn source(seed: u64, plan: &Plan, history: u32) -> Source {
    Source::new(seed ^ PAST_KEY ^ plan.start.to_bits(), u64::from(history))
}
