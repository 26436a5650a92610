//! The clock of a history: what happens when, earliest first.

use std::collections::BinaryHeap;
use zarya_units::Mjd;

/// Days between the ticks at which slow drifts are brought up to date.
pub(crate) const TICK_D: f64 = 7.0;
/// Ticks between samples of the series.
pub(crate) const TICKS_PER_SAMPLE: u32 = 4;

/// What an event is about. The order settles ties at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Withdrawal,
    PartnerLeaves,
    UnitFails,
    UnitExpires,
    UnitBack,
    DefectFound,
    RepairDone,
    Walk,
    UpgradeReady,
    UpgradeDone,
    SpareReady,
    GroundSpareBuilt,
    JobsNext,
    BurnInFlight,
    PadOut,
    PortOut,
    PortBack,
    Shock,
    Launch,
    Dock,
    Relief,
    Depart,
    DockedLifeEnds,
    LifeboatFails,
    Rescue,
    CrewCheck,
    CapabilityBack,
    BufferEmpty,
    StockCrosses,
    CabinMoves,
    CabinLimit,
    CabinActs,
    Hazard,
    Avoidance,
    OrbitFalls,
    Patch,
    Relapse,
    Rupture,
    Task,
    Late,
    Lapse,
    PlannedEva,
    Phase,
    Tick,
}

/// All kinds, each at its own number.
const KINDS: [Kind; 44] = [
    Kind::Withdrawal,
    Kind::PartnerLeaves,
    Kind::UnitFails,
    Kind::UnitExpires,
    Kind::UnitBack,
    Kind::DefectFound,
    Kind::RepairDone,
    Kind::Walk,
    Kind::UpgradeReady,
    Kind::UpgradeDone,
    Kind::SpareReady,
    Kind::GroundSpareBuilt,
    Kind::JobsNext,
    Kind::BurnInFlight,
    Kind::PadOut,
    Kind::PortOut,
    Kind::PortBack,
    Kind::Shock,
    Kind::Launch,
    Kind::Dock,
    Kind::Relief,
    Kind::Depart,
    Kind::DockedLifeEnds,
    Kind::LifeboatFails,
    Kind::Rescue,
    Kind::CrewCheck,
    Kind::CapabilityBack,
    Kind::BufferEmpty,
    Kind::StockCrosses,
    Kind::CabinMoves,
    Kind::CabinLimit,
    Kind::CabinActs,
    Kind::Hazard,
    Kind::Avoidance,
    Kind::OrbitFalls,
    Kind::Patch,
    Kind::Relapse,
    Kind::Rupture,
    Kind::Task,
    Kind::Late,
    Kind::Lapse,
    Kind::PlannedEva,
    Kind::Phase,
    Kind::Tick,
];

/// An entry of the clock's heap: time, kind, argument, and the generation that keeps it valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Event {
    /// Bits of a positive time: they sort like the time itself.
    at: u64,
    /// Kind (8 bits), argument (24 bits), generation (32 bits).
    what: u64,
}

impl Event {
    fn new(at: Mjd, kind: Kind, argument: usize, generation: u32) -> Self {
        debug_assert!(at > 0.0 && argument < 1 << 24);
        let what = (kind as u64) << 56 | (argument as u64) << 32 | u64::from(generation);
        Self { at: at.to_bits(), what }
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.what).cmp(&(self.at, self.what)) // the heap's top is the earliest
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Next {
    pub(crate) at: Mjd,
    pub(crate) kind: Kind,
    pub(crate) argument: usize,
    pub(crate) generation: u32,
}

/// The events to come.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    heap: BinaryHeap<Event>,
    end: Mjd,
}

impl Clock {
    /// An empty clock that stops at `end`.
    pub(crate) fn until(end: Mjd) -> Self {
        Self { heap: BinaryHeap::with_capacity(1024), end }
    }

    /// Takes all events off.
    pub(crate) fn clear(&mut self) {
        self.heap.clear();
    }

    /// Puts an event on the clock; what lies beyond the end can have no effect and is left out.
    #[inline]
    pub(crate) fn schedule(&mut self, at: Mjd, kind: Kind, argument: usize, generation: u32) {
        if at < self.end {
            self.heap.push(Event::new(at, kind, argument, generation));
        }
    }

    /// Takes the earliest event off, if it lies before a day.
    #[inline]
    pub(crate) fn pop_before(&mut self, day: Mjd) -> Option<Next> {
        self.heap.peek().filter(|event| f64::from_bits(event.at) < day)?;
        self.pop()
    }

    /// Takes the earliest event off.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Next> {
        let event = self.heap.pop()?;
        Some(Next {
            at: f64::from_bits(event.at),
            kind: KINDS[(event.what >> 56) as usize],
            argument: (event.what >> 32) as usize & 0x00FF_FFFF,
            generation: event.what as u32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_own_number() {
        for (number, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
    }

    #[test]
    fn the_clock_goes_by_time_and_then_by_kind_and_stops_at_its_end() {
        let mut clock = Clock::until(100.0);
        clock.schedule(60.0, Kind::Tick, 0, 0);
        clock.schedule(100.0, Kind::UnitFails, 1, 0);
        clock.schedule(60.0, Kind::UnitFails, 7, 3);
        clock.schedule(50.0, Kind::Dock, 2, 0);
        let next =
            std::iter::from_fn(|| clock.pop()).map(|next| (next.at, next.kind, next.argument));
        let expected = [(50.0, Kind::Dock, 2), (60.0, Kind::UnitFails, 7), (60.0, Kind::Tick, 0)];
        assert_eq!(next.collect::<Vec<_>>(), expected);
    }
}
