//! The course of one history: what its parts share.
//!
//! A part reads the plan, the world and the moment here, puts events on the clock, draws, and records
//! what happened: dated sentences, counts, rungs and exceeded limits. What is to change in another
//! part is no matter of the course: it is returned to the ladder.

use crate::chance::Chance;
use crate::clock::{Clock, Kind};
use crate::outcome::{Breach, Cause, Counts, EndState, Measured, Outcome, Rung};
use crate::plan::{EffectPlan, Plan};
use crate::worlds::World;
use zarya_units::Mjd;
use zarya_units::random::Source;

/// A dated sentence of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// When.
    pub at: Mjd,
    /// What it is to the history.
    pub weight: Weight,
    /// What happened.
    pub text: String,
}

/// What a dated sentence is to its history: most of them belong to any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Units that fail with a spare aboard, are replaced, come and go.
    Upkeep,
    /// A flight or burn as planned.
    Planned,
    /// What does not happen in any year.
    Event,
}

/// Adds a dated sentence where somebody listens: an event, unless its weight stands before it.
macro_rules! note {
    ($course:expr; $weight:expr, $($text:tt)*) => {
        if $course.told() {
            let (weight, text) = ($weight, format!($($text)*));
            $course.note(weight, text);
        }
    };
    ($course:expr, $($text:tt)*) => {
        if $course.told() {
            let text = format!($($text)*);
            $course.note($crate::course::Weight::Event, text);
        }
    };
}
pub(crate) use note;

/// So many people, in words.
pub(crate) fn people(n: u32) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} people") }
}

/// What the parts of one history share.
pub(crate) struct Course<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) world: &'a World,
    pub(crate) now: Mjd,
    /// Only units and spares move; nothing has consequences.
    pub(crate) burning_in: bool,
    /// Ticks since the start.
    pub(crate) ticks: u32,
    /// People aboard.
    pub(crate) aboard: u32,
    /// Nothing has consequences any more.
    pub(crate) station_lost: bool,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    pub(crate) out: Outcome,
    notes: Option<Vec<Note>>,
}

impl<'a> Course<'a> {
    /// The course of no history yet, from `plan.start` to `end`.
    pub(crate) fn new(plan: &'a Plan, world: &'a World, end: Mjd) -> Self {
        Self {
            plan,
            world,
            now: plan.start,
            burning_in: false,
            ticks: 0,
            aboard: 0,
            station_lost: false,
            clock: Clock::until(end),
            chance: Chance::new(Source::new(0, 0)),
            out: empty_outcome(plan, world.index, 0),
            notes: None,
        }
    }

    /// Sets the course back to the start of a history.
    pub(crate) fn begin(&mut self, source: Source, index: u32) {
        self.now = self.plan.start;
        self.ticks = 0;
        self.aboard = 0;
        self.station_lost = false;
        self.clock.clear();
        self.chance = Chance::new(source);
        self.out = empty_outcome(self.plan, self.world.index, index);
        if let Some(notes) = &mut self.notes {
            notes.clear();
        }
    }

    /// Takes the outcome out.
    pub(crate) fn take_outcome(&mut self) -> Outcome {
        std::mem::replace(&mut self.out, empty_outcome(self.plan, self.world.index, 0))
    }

    /// Listens to what is told.
    pub(crate) fn listen(&mut self) {
        self.notes = Some(Vec::new());
    }

    /// Stops listening for a while; returns what was told.
    pub(crate) fn take_listener(&mut self) -> Option<Vec<Note>> {
        self.notes.take()
    }

    /// Listens again.
    pub(crate) fn put_listener(&mut self, notes: Option<Vec<Note>>) {
        self.notes = notes;
    }

    /// Takes what was told.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take().unwrap_or_default()
    }

    /// Whether somebody listens.
    #[inline]
    pub(crate) fn told(&self) -> bool {
        self.notes.is_some()
    }

    pub(crate) fn note(&mut self, weight: Weight, text: String) {
        let at = self.now;
        if let Some(notes) = &mut self.notes {
            notes.push(Note { at, weight, text });
        }
    }

    /// Puts an event on the clock.
    #[inline]
    pub(crate) fn schedule(&mut self, at: Mjd, kind: Kind, argument: usize, generation: u32) {
        self.clock.schedule(at, kind, argument, generation);
    }

    /// Whether an effect has anything to do with the station as it is: nothing happens to people who have left.
    pub(crate) fn concerns(&self, effect: EffectPlan) -> bool {
        self.aboard > 0 || !effect.is_of_people()
    }

    /// Changes what is measured, where anything is.
    #[inline]
    pub(crate) fn measure(&mut self, change: impl FnOnce(&mut Measured)) {
        if let Some(measured) = &mut self.out.measured {
            change(measured);
        }
    }

    pub(crate) fn rung(&mut self, rung: Rung) {
        self.out.rungs |= 1 << rung as u16;
    }

    pub(crate) fn reach(&mut self, state: EndState) {
        self.out.end_state = self.out.end_state.max(state);
    }

    /// A limit is exceeded, or the crew below its number.
    pub(crate) fn breach_full(&mut self, cause: Cause) {
        self.reach(EndState::Reduced);
        let at = self.now;
        self.out.full.get_or_insert(Breach { at, cause });
    }

    /// There are fewer aboard than there must be.
    pub(crate) fn breach_crewed(&mut self, cause: Cause) {
        let at = self.now;
        self.out.crewed.get_or_insert(Breach { at, cause });
        self.reach(EndState::DeCrewed);
        self.breach_full(cause);
    }

    /// A crew or the station is lost. Each tier holds the one before it: who asks whether a station is
    /// crewed safely is not told yes because others stay aboard.
    pub(crate) fn breach_survives(&mut self, cause: Cause) {
        let at = self.now;
        self.out.survives.get_or_insert(Breach { at, cause });
        self.out.crewed.get_or_insert(Breach { at, cause });
        self.breach_full(cause);
    }
}

fn empty_outcome(plan: &Plan, world: u32, history: u32) -> Outcome {
    Outcome {
        history,
        world,
        end_state: EndState::Nominal,
        survives: None,
        crewed: None,
        full: None,
        rungs: 0,
        counts: Counts::default(),
        cargo_kg: 0.0,
        research_h: 0.0,
        upkeep_h: 0.0,
        propellant_kg: 0.0,
        deorbit_share: 0.0,
        short_d: vec![0.0; plan.capabilities.len()],
        failures_by_subsystem: vec![0; plan.subsystems.len()],
        failures_by_type: vec![0; plan.types.len()],
        stock_out_d: vec![f32::INFINITY; plan.types.len()],
        own_stock_d: vec![f32::INFINITY; plan.types.len()],
        samples: Vec::with_capacity(plan.sample_dates.len() * plan.series.len()),
        measured: plan.measures.then(Box::default),
        own_survives: None,
        own_crewed: None,
        past_missed: 0,
    }
}
