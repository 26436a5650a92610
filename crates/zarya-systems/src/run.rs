//! A case moved through time: from event to event, or in steps with the events between them.

use crate::balance::{Draws, Flows, Model, State, Step};
use crate::case::Case;

/// Events nearer than this are one event, days.
const SAME_TIME_DAYS: f64 = 1e-9;

/// A case on its way through time.
#[derive(Clone, Debug)]
pub struct Run<'c> {
    case: &'c Case,
    draws: Draws,
    model: Model,
    state: State,
    flows: Flows,
    /// Day on which the flows cease to hold.
    valid_until: f64,
    /// Dated events: day, and place among arrivals (first) or changes.
    events: Vec<(f64, usize)>,
    next: usize,
    hour: Step,
}

impl<'c> Run<'c> {
    /// Starts a case at its draws; `step_days` is the step of [`Run::tick`].
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]).
    pub fn new(case: &'c Case, draws: Draws, step_days: f64) -> Self {
        let (model, state) = Model::new(case, &draws);
        Self::of(case, draws, model, state, step_days)
    }

    /// Starts a case like [`Run::new`], with cycles between set points shorter than `days` taken at
    /// their mean ([`Model::average_cycles_below`]).
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]).
    pub fn averaging(case: &'c Case, draws: Draws, step_days: f64, days: f64) -> Self {
        let (mut model, state) = Model::new(case, &draws);
        model.average_cycles_below(days);
        Self::of(case, draws, model, state, step_days)
    }

    fn of(case: &'c Case, draws: Draws, mut model: Model, state: State, step_days: f64) -> Self {
        model.control(&state);
        let flows = Flows::new(&model, &state);
        let mut events: Vec<(f64, usize)> = case
            .arrivals
            .iter()
            .map(|arrival| arrival.day)
            .chain(case.changes.iter().map(|change| change.day))
            .enumerate()
            .map(|(index, day)| (day, index))
            .collect();
        events.sort_by(|a, b| a.0.total_cmp(&b.0));
        let hour = Step::new(&flows, step_days);
        let mut run =
            Self { case, draws, model, state, flows, valid_until: 0.0, events, next: 0, hour };
        run.happen();
        run
    }

    /// Returns the model as it stands.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns the state as it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Returns the flows in force.
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Returns the day until which the flows in force hold: the next event of any kind.
    pub fn holds_until(&self) -> f64 {
        let dated = self.events.get(self.next).map_or(f64::INFINITY, |event| event.0);
        self.valid_until.min(dated)
    }

    /// Moves to `day`, or to the next event if that comes first, and lets it happen.
    pub fn advance_toward(&mut self, day: f64) {
        let event = self.holds_until();
        let to = event.min(day);
        let days = (to - self.state.day).max(0.0);
        if days > 0.0 {
            let step = Step::new(&self.flows, days);
            self.state.advance(&self.flows, &step);
        }
        if to.is_finite() {
            self.state.day = to;
        }
        if event <= day {
            self.happen();
        }
    }

    /// Moves to `day` through all events before it.
    pub fn advance_to(&mut self, day: f64) {
        while self.state.day < day {
            self.advance_toward(day);
        }
    }

    /// Moves one step of the fixed length: one exact update when nothing happens within it.
    #[inline]
    pub fn tick(&mut self) {
        let to = self.state.day + self.hour.days();
        if to < self.holds_until() {
            self.state.advance(&self.flows, &self.hour);
        } else {
            self.advance_to(to);
            self.hour = Step::new(&self.flows, self.hour.days());
        }
    }

    /// Lets the dated events of this moment happen and takes the flows anew.
    fn happen(&mut self) {
        while let Some((day, index)) = self.events.get(self.next).copied()
            && day <= self.state.day + SAME_TIME_DAYS
        {
            self.next += 1;
            match index.checked_sub(self.case.arrivals.len()) {
                None => self.model.arrive(&mut self.state, &self.case.arrivals[index]),
                Some(change) => {
                    let what = &self.case.changes[change].what;
                    self.model.change(&mut self.state, what, self.case, &self.draws);
                }
            }
        }
        self.model.control(&self.state);
        self.flows = Flows::new(&self.model, &self.state);
        let days = self.flows.valid_days(&self.model, &self.state);
        // Never stand still on rounding.
        self.valid_until = self.state.day + days.max(SAME_TIME_DAYS);
    }
}
