//! The front door: stations, open, assess, report.

pub mod assess;
pub mod open;
pub mod report;
pub mod run_folder;
pub mod stations;
pub mod supply;
pub mod terminal;
