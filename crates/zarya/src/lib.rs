//! The front door: stations, open, assess, report.

pub mod open;
pub mod stations;
