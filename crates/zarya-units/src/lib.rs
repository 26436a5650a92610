//! Quantities, dates, probabilities, random numbers, portable math and digests.
//!
//! Everything here is pure: no files, no clock, no global state. Other crates take their units,
//! their transcendental functions and their random numbers from here, so that one release gives
//! the same bytes on every machine.

pub mod date;
pub mod digest;
pub mod hours_for_days;
pub mod math;
pub mod quantity;
pub mod random;
pub mod statistics;
pub mod words;

pub use date::{DAYS_PER_YEAR, Date, Mjd};
pub use quantity::{Dimension, Quantity, QuantityError};

/// Seconds in a day.
pub const SECONDS_PER_DAY: f64 = 86_400.0;
/// Hours in a day.
pub const HOURS_PER_DAY: f64 = 24.0;
