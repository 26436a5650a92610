//! Set points: a processor that switches on and off, or modulates, between two partial pressures.
//!
//! A generator switches on below the lower pressure and off above the upper one, a bed the other
//! way round. The saw-tooth between them needs no time step: each tooth is an exact exponential to
//! the next switching. A processor whose tooth would be shorter than
//! [`crate::balance::Model::average_cycles_below`] is taken at its exact mean over the tooth
//! instead, at the middle of the band.

use std::fmt;

/// The two pressures of one processor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetPoints {
    /// The lower pressure, kPa: a generator switches on here, a bed off.
    pub low_kpa: f64,
    /// The upper pressure, kPa: a generator switches off here, a bed on.
    pub high_kpa: f64,
    /// The least it can run at, kg/d: it then modulates between this and its full rate around the
    /// middle of the band, and switches only when even the least is too much. `None`: it runs at
    /// its full rate or not at all.
    pub least: Option<f64>,
}

/// Why set points are refused.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SetPointError {
    /// The lower pressure is not below the upper one: low, high, kPa.
    NoBand(f64, f64),
    /// The lower pressure is not above zero, kPa.
    NotPositive(f64),
    /// The band is narrower than a gauge resolves: its width and [`NARROWEST_KPA`].
    TooNarrow(f64),
    /// The least rate is not between zero and the full one: least, full, kg/d.
    LeastAboveFull(f64, f64),
}

/// The narrowest band, kPa: 0.1 mmHg would be 0.013, below what cabin gauges resolve (assumed).
pub const NARROWEST_KPA: f64 = 0.01;

impl fmt::Display for SetPointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBand(low, high) => {
                write!(f, "the lower set point {low:.3} kPa is not below the upper one {high:.3}")
            }
            Self::NotPositive(low) => write!(f, "a set point of {low:.3} kPa is never reached"),
            Self::TooNarrow(band) => {
                write!(f, "set points {band:.4} kPa apart are closer than {NARROWEST_KPA} kPa")
            }
            Self::LeastAboveFull(least, full) => {
                write!(f, "a least rate of {least:.3} kg/d is not between 0 and the full {full:.3}")
            }
        }
    }
}

impl std::error::Error for SetPointError {}

impl SetPoints {
    /// Returns what is wrong with set points for a processor that makes at most `full` kg/d.
    ///
    /// # Errors
    ///
    /// [`SetPointError`], the first that applies.
    pub fn check(&self, full: f64) -> Result<(), SetPointError> {
        if self.low_kpa.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
            return Err(SetPointError::NotPositive(self.low_kpa));
        }
        if self.low_kpa.partial_cmp(&self.high_kpa) != Some(std::cmp::Ordering::Less) {
            return Err(SetPointError::NoBand(self.low_kpa, self.high_kpa));
        }
        if self.high_kpa - self.low_kpa < NARROWEST_KPA {
            return Err(SetPointError::TooNarrow(self.high_kpa - self.low_kpa));
        }
        match self.least {
            // Off is no rate to modulate to.
            Some(least) if full > 0.0 && !(0.0..=full).contains(&least) => {
                Err(SetPointError::LeastAboveFull(least, full))
            }
            _ => Ok(()),
        }
    }

    /// Returns the middle of the band, kPa: where a modulating processor holds the cabin.
    pub fn middle_kpa(&self) -> f64 {
        f64::midpoint(self.low_kpa, self.high_kpa)
    }
}

/// Returns the days of one on and off over a band of `band_kg`, at what it makes when on and at
/// what is used, kg/d; `None` when it does not cycle because it is always or never enough.
///
/// # Model
///
/// Up with `made - used`, down with `used`; the leak's change over the band is left out (at most
/// the band over the pressure, a few percent). Used to choose between tooth and mean only.
pub fn cycle_days(band_kg: f64, made: f64, used: f64) -> Option<f64> {
    (used > 0.0 && made > used).then(|| band_kg / (made - used) + band_kg / used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_set_points_are_refused() {
        let points = SetPoints { low_kpa: 20.5, high_kpa: 21.5, least: Some(2.3) };
        assert_eq!(points.check(9.2), Ok(()));
        assert_eq!(points.check(0.0), Ok(()), "a processor that is off has no rates to compare");
        assert_eq!(points.check(2.0), Err(SetPointError::LeastAboveFull(2.3, 2.0)));
        let swapped = SetPoints { low_kpa: 21.5, high_kpa: 20.5, least: None };
        assert_eq!(swapped.check(9.2), Err(SetPointError::NoBand(21.5, 20.5)));
        let narrow = SetPoints { low_kpa: 21.0, high_kpa: 21.001, least: None };
        assert!(matches!(narrow.check(9.2), Err(SetPointError::TooNarrow(_))));
        let empty = SetPoints { low_kpa: 0.0, ..points };
        assert_eq!(empty.check(9.2), Err(SetPointError::NotPositive(0.0)));
    }

    #[test]
    fn a_tooth_is_as_long_as_its_two_slopes() {
        // 12 kg up at 9.2 - 3.2 and down at 3.2.
        assert_eq!(cycle_days(12.0, 9.2, 3.2), Some(2.0 + 3.75));
        assert_eq!(cycle_days(12.0, 3.0, 3.2), None);
        assert_eq!(cycle_days(12.0, 9.2, 0.0), None);
    }
}
