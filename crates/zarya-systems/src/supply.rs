//! What a segment can draw: electric power and cooling, and the loads that share them.
//!
//! A case that states neither has enough of both. Where one is stated, consumers are served in the
//! order of their class, processors of a class in the order of their priority, and whoever comes
//! last runs at what is left: its shortage then reaches the balance as a lower capacity.

use crate::processor::Segment;

/// Power or cooling over the days of a case, kW.
#[derive(Clone, Debug, PartialEq)]
pub struct Available {
    /// One value per day from the start; the last one goes on. Never empty.
    daily_kw: Vec<f64>,
}

impl Available {
    /// Returns a constant supply.
    pub fn constant(kw: f64) -> Self {
        Self { daily_kw: vec![kw] }
    }

    /// Returns a supply given for each day; the last value goes on.
    ///
    /// # Panics
    ///
    /// If no day is given.
    pub fn daily(daily_kw: Vec<f64>) -> Self {
        assert!(!daily_kw.is_empty(), "a supply has a first day");
        Self { daily_kw }
    }

    /// Returns the supply on a day, kW.
    pub fn on(&self, day: f64) -> f64 {
        self.daily_kw[(day.max(0.0) as usize).min(self.daily_kw.len() - 1)]
    }

    /// Returns the days from `day` until the supply may change; infinite when it does not.
    pub fn holds_days(&self, day: f64) -> f64 {
        let next = day.max(0.0).floor() + 1.0;
        if next as usize >= self.daily_kw.len() { f64::INFINITY } else { next - day }
    }

    /// Returns the smallest value of all days, kW.
    pub fn least_kw(&self) -> f64 {
        self.daily_kw.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// A load that is no processor of the case.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherLoad {
    /// Its name.
    pub id: String,
    /// Where it draws.
    pub segment: Segment,
    /// Power asked, kW; all of it becomes heat.
    pub power_kw: f64,
    /// Class: 0 goes last, higher classes are shed first.
    pub class: u32,
}

/// What the segments can draw; the default states nothing, and nothing is short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supplies {
    /// Electric power of the American and the Russian segment.
    pub power: [Option<Available>; 2],
    /// Cooling of the American and the Russian segment.
    pub cooling: [Option<Available>; 2],
    /// The most that is sent from the American to the Russian segment, kW.
    pub transfer_kw: f64,
    /// Loads beside the processors.
    pub loads: Vec<OtherLoad>,
}

impl Supplies {
    /// Returns whether anything is stated that could be short.
    pub fn stated(&self) -> bool {
        self.power.iter().chain(&self.cooling).any(Option::is_some)
    }

    /// Returns the days from `day` until a supply may change.
    pub fn holds_days(&self, day: f64) -> f64 {
        let all = self.power.iter().chain(&self.cooling).flatten();
        all.map(|available| available.holds_days(day)).fold(f64::INFINITY, f64::min)
    }
}

/// Returns the place of a segment among the sides of a station; those of [`Supplies`] are the first two.
pub const fn segment_index(segment: Segment) -> usize {
    match segment {
        Segment::Us => 0,
        Segment::Russian => 1,
        Segment::Further(place) => place as usize,
    }
}

/// What made a processor give less than was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Too little power.
    Power,
    /// Too little cooling.
    Cooling,
}

impl Cause {
    /// Returns the word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Power => "power",
            Self::Cooling => "cooling",
        }
    }
}

/// What one segment draws and could draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Draw {
    /// Power drawn, kW.
    pub power_kw: f64,
    /// Power there is, kW, with what is sent across; infinite when not stated.
    pub power_available_kw: f64,
    /// Heat given to the loops, kW.
    pub heat_kw: f64,
    /// Heat the loops can take, kW; infinite when not stated.
    pub cooling_available_kw: f64,
    /// Power of other loads that is shed, kW.
    pub shed_kw: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daily_supply_changes_at_midnight_and_goes_on() {
        let supply = Available::daily(vec![3.0, 2.0, 1.0]);
        assert_eq!((supply.on(0.0), supply.on(1.5), supply.on(9.0)), (3.0, 2.0, 1.0));
        assert_eq!(supply.holds_days(0.25), 0.75);
        assert_eq!(supply.holds_days(2.0), f64::INFINITY);
        assert_eq!(supply.least_kw(), 1.0);
        assert!(!Supplies::default().stated());
    }
}
