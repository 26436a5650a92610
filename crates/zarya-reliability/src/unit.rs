//! One line of a spares list: a unit type with its count, law, use and stock.

use crate::law::{Law, Usage};

/// A unit type of which identical copies are installed and spared.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Stable name, unique in a list.
    pub id: String,
    /// Units of one group stop together while any of them is repaired; empty means alone.
    pub group: String,
    /// Subsystem, for sums and shared errors of rates; empty means none.
    pub subsystem: String,
    /// Capability that this unit type provides; empty means none.
    pub capability: String,
    /// Positions in one installation.
    pub quantity: u32,
    /// How many of `quantity` must work; fewer than all makes the rest redundant.
    pub required: u32,
    /// Failure law of one position on its running clock.
    pub law: Law,
    /// K-factor, duty cycle and dormancy.
    pub usage: Usage,
    /// Calendar days after which a working unit is replaced.
    pub life_limit_d: Option<f64>,
    /// Mass of one spare \[kg\].
    pub mass_kg: f64,
    /// Volume of one spare \[m3\], where known.
    pub volume_m3: Option<f64>,
    /// Crew time of one replacement \[h\], where known.
    pub crew_h: Option<f64>,
    /// Spacewalks of one replacement, where known.
    pub eva_n: Option<f64>,
    /// Running days in one period; `None` means all of it.
    pub running_d: Option<f64>,
    /// Identical installations, each with its own group.
    pub copies: u32,
    /// One set serves the whole fleet, however many copies of the rest there are.
    pub shared: bool,
    /// Spares at hand, where known.
    pub stock: Option<u32>,
    /// Calendar age of each copy at the start, or when it joins a fleet \[d\].
    pub age_d: f64,
    /// Days until a spare is ready to fly.
    pub ready_d: f64,
    /// Whether a spare flies outside the pressurized cabin.
    pub external: bool,
}

impl Unit {
    /// Returns a unit type of one exponential position that runs all the time.
    pub fn exponential(id: &str, mtbf_d: f64) -> Self {
        Self {
            id: id.to_owned(),
            group: String::new(),
            subsystem: String::new(),
            capability: String::new(),
            quantity: 1,
            required: 1,
            law: Law::Exponential { mtbf_d },
            usage: Usage::CONTINUOUS,
            life_limit_d: None,
            mass_kg: 0.0,
            volume_m3: None,
            crew_h: None,
            eva_n: None,
            running_d: None,
            copies: 1,
            shared: false,
            stock: None,
            age_d: 0.0,
            ready_d: 0.0,
            external: false,
        }
    }

    /// Returns the positions over all copies: what a confidence is split over.
    pub fn positions(&self) -> u32 {
        self.quantity.saturating_mul(self.copies)
    }

    /// Returns the failures per running day of one copy, all its positions together.
    pub fn rate_per_d(&self) -> f64 {
        f64::from(self.quantity) * self.usage.clock_rate() / self.law.mean_d()
    }

    /// Returns the running days of `periods` periods of `period_d` days.
    pub fn running_days(&self, period_d: f64, periods: u32) -> f64 {
        self.running_d.unwrap_or(period_d) * f64::from(periods)
    }

    /// Returns the planned replacements of all copies by the end of `periods` periods.
    ///
    /// # Model
    ///
    /// `copies quantity floor((age + periods period) / life limit)`, an age beyond the limit counting as
    /// the limit: the limit counts calendar days. A failure does not postpone the plan.
    pub fn scheduled(&self, period_d: f64, periods: u32) -> u32 {
        match self.life_limit_d {
            Some(limit_d) => {
                let age_d = self.age_d.min(limit_d);
                let each = ((age_d + f64::from(periods) * period_d) / limit_d).floor();
                (f64::from(self.positions()) * each) as u32
            }
            None => 0,
        }
    }
}
