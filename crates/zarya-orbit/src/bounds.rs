//! What an orbit question may be asked with: bounds of its inputs, and what is usually wrong outside them.
//!
//! Each check takes the name of the field as the asker knows it, and names it in backticks.

use crate::table::ALTITUDE_KM;
use std::ops::RangeInclusive;
use zarya_units::Date;

/// `Cd A / m` of a spacecraft, m²/kg: a slip of units is the usual error.
pub const DRAG_AREA_M2_KG: RangeInclusive<f64> = 1e-5..=1.0;
/// The heaviest that flies, kg: a hundred thousand tonnes.
pub const MASS_KG_MAX: f64 = 1e8;
/// Specific impulses, s: an exhaust velocity in its place is the usual error.
pub const ISP_S: RangeInclusive<f64> = 50.0..=10_000.0;
/// Inclinations, degrees.
pub const INCLINATION_DEG: RangeInclusive<f64> = 0.0..=180.0;
/// The longest span, days: 40 years.
pub const SPAN_D_MAX: u32 = 14_640;
/// Share of worlds in which an end may come too early.
pub const EARLY_SHARE: RangeInclusive<f64> = 0.0..=0.5;

/// Why an input is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// No such quantity, or a slip of units.
    Wrong(String),
    /// A quantity that is one, beyond what the tables cover.
    NotCovered(String),
}

fn wrong<T>(why: String) -> Result<T, Outside> {
    Err(Outside::Wrong(why))
}

/// Checks that a value is a positive number.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn positive(name: &str, value: f64) -> Result<(), Outside> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    wrong(format!("`{name}` must be a positive number, got {value}"))
}

/// Checks that a value is a number, 0 or more; `what` says what of.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn not_negative(name: &str, value: f64, what: &str) -> Result<(), Outside> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    wrong(format!("`{name}` {value}: {what}"))
}

/// Checks that the tables reach an altitude.
///
/// # Errors
///
/// [`Outside::Wrong`] for what is no altitude, [`Outside::NotCovered`] outside the tables.
///
/// # Examples
///
/// ```
/// use zarya_orbit::bounds::{Outside, altitude};
///
/// assert!(altitude("altitude_km", 415.0).is_ok());
/// assert!(matches!(altitude("altitude_km", 900.0), Err(Outside::NotCovered(_))));
/// ```
pub fn altitude(name: &str, value: f64) -> Result<(), Outside> {
    positive(name, value)?;
    let (low, high) = ALTITUDE_KM;
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Outside::NotCovered(format!(
        "`{name}` {value} lies outside the {low} to {high} km that are covered: an orbit below lasts about a day, \
         one above is not in the tables"
    )))
}

/// Checks a drag area.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn drag_area(name: &str, value: f64) -> Result<(), Outside> {
    positive(name, value)?;
    if DRAG_AREA_M2_KG.contains(&value) {
        return Ok(());
    }
    wrong(format!(
        "`{name}` {value}: Cd A / m of a spacecraft lies between 0.00001 and 1 m2/kg; the ISS has about 0.007"
    ))
}

/// Checks a mass.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn mass(name: &str, value: f64) -> Result<(), Outside> {
    positive(name, value)?;
    if value <= MASS_KG_MAX {
        return Ok(());
    }
    wrong(format!("`{name}` {value}: the mass in kg; the ISS has about 430000"))
}

/// Checks a specific impulse; `of` is said after the name.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn isp(name: &str, of: &str, value: f64) -> Result<(), Outside> {
    if ISP_S.contains(&value) {
        return Ok(());
    }
    wrong(format!(
        "`{name}` {of}{value}: a specific impulse in seconds lies between 50 and 10000; storable propellants give \
         220 to 330 s"
    ))
}

/// Checks an inclination.
///
/// # Errors
///
/// [`Outside::Wrong`].
pub fn inclination(name: &str, value: f64) -> Result<(), Outside> {
    if INCLINATION_DEG.contains(&value) {
        return Ok(());
    }
    wrong(format!("`{name}` {value}: an inclination lies between 0 and 180 degrees"))
}

/// Checks the order of a first day, the field `from`, and a later one; returns the days between them.
///
/// # Errors
///
/// [`Outside::Wrong`] where the later one is not later, or more than [`SPAN_D_MAX`] days are asked for.
pub fn span(from: Date, name: &str, through: Date) -> Result<usize, Outside> {
    let days = through.mjd() - from.mjd();
    if days < 1.0 {
        return wrong(format!("`{name}` {through} must lie after `from` {from}"));
    }
    if days > f64::from(SPAN_D_MAX) {
        return wrong("a span of more than 40 years is not computed".into());
    }
    Ok(days as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_wrong_not_beyond_the_tables() {
        for value in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert!(matches!(altitude("x", value), Err(Outside::Wrong(_))), "{value}");
        }
        for check in [drag_area, mass, inclination] {
            assert!(matches!(check("x", f64::NAN), Err(Outside::Wrong(_))));
        }
        assert!(isp("x", "", f64::NAN).is_err() && not_negative("x", f64::NAN, "").is_err());
    }

    #[test]
    fn a_span_is_of_one_day_to_forty_years() {
        let day = |text: &str| Date::parse(text).unwrap();
        assert_eq!(span(day("2026-01-01"), "entry", day("2026-01-02")), Ok(1));
        let Err(Outside::Wrong(why)) = span(day("2026-01-01"), "entry", day("2026-01-01")) else {
            panic!("no day lies between")
        };
        assert_eq!(why, "`entry` 2026-01-01 must lie after `from` 2026-01-01");
        assert!(span(day("2026-01-01"), "entry", day("2067-01-01")).is_err());
    }
}
