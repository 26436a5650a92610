//! Stocks that move in closed form between events.

use zarya_units::math;

/// How a stock moves until the next event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// `dm/dt = rate`; positive fills.
    Constant {
        /// Change per day.
        rate: f64,
    },
    /// `dm/dt = source - decay m`: a constant flow in, and a loss in proportion to the level.
    Relaxing {
        /// Flow in per day.
        source: f64,
        /// Share lost per day; zero is a constant rate.
        decay: f64,
    },
}

/// A level and the law it moves by. Units are the caller's; time is in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stock {
    /// The level now.
    pub level: f64,
    /// How it moves.
    pub law: Law,
}

impl Stock {
    /// Returns the level so many days from now; negative days look back.
    pub fn level_after(&self, days: f64) -> f64 {
        match self.law {
            Law::Constant { rate } => self.level + rate * days,
            Law::Relaxing { source, decay: 0.0 } => self.level + source * days,
            Law::Relaxing { source, decay } => {
                let x = -decay * days;
                // (e^x - 1) / x keeps its digits where the decay is slow.
                self.level + (source - decay * self.level) * days * growth(x)
            }
        }
    }

    /// Returns the days from now until the level is `level`, `Some(0)` when it is that now, and
    /// `None` when it never will be.
    pub fn days_until(&self, level: f64) -> Option<f64> {
        let distance = level - self.level;
        if distance == 0.0 {
            return Some(0.0);
        }
        let days = match self.law {
            Law::Constant { rate } => distance / rate,
            Law::Relaxing { source, decay: 0.0 } => distance / source,
            Law::Relaxing { source, decay } => {
                let slope = source - decay * self.level;
                // Moving away from it: no logarithm needed to say never.
                if distance * slope < 0.0 {
                    return None;
                }
                // 1 - decay distance / slope is the share of the way to equilibrium still left.
                let left = -decay * distance / slope;
                if left <= -1.0 || slope == 0.0 {
                    return None;
                }
                -math::ln_1p(left) / decay
            }
        };
        (days.is_finite() && days >= 0.0).then_some(days)
    }
}

/// Returns `(e^x - 1) / x`, and 1 at zero.
pub fn growth(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { math::expm1(x) / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_rates_are_exact_both_ways() {
        let draining = Stock { level: 110.0, law: Law::Constant { rate: -1.632 } };
        assert!((draining.days_until(0.0).unwrap() - 67.402).abs() < 1e-3);
        assert_eq!(draining.days_until(120.0), None);
        assert_eq!(Stock { level: 1.0, law: Law::Constant { rate: 2.0 } }.level_after(3.0), 7.0);
    }

    /// The isolated chamber of December 2020: 730 to 620 mmHg in 18 h is 0.00907 per hour.
    #[test]
    fn decay_matches_the_isolated_chamber() {
        let decay = 0.009074 * 24.0;
        let chamber = Stock { level: 730.0, law: Law::Relaxing { source: 0.0, decay } };
        assert!((chamber.level_after(0.75) - 620.0).abs() < 0.1);
        assert!((chamber.days_until(620.0).unwrap() - 0.75).abs() < 1e-3);
    }

    #[test]
    fn relaxing_levels_cross_what_lies_between_them_and_equilibrium() {
        let rising = Stock { level: 1.0, law: Law::Relaxing { source: 6.0, decay: 2.0 } };
        let days = rising.days_until(2.9).unwrap();
        assert!((rising.level_after(days) - 2.9).abs() < 1e-12);
        assert_eq!(rising.days_until(3.0), None);
        assert_eq!(rising.days_until(0.5), None);
        let still = Stock { level: 3.0, law: Law::Relaxing { source: 6.0, decay: 2.0 } };
        assert_eq!(still.days_until(2.0), None);
        let slow = Stock { level: 1.0, law: Law::Relaxing { source: 1.0, decay: 1e-18 } };
        assert!((slow.level_after(5.0) - 6.0).abs() < 1e-12);
    }
}
