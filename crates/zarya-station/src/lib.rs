//! Station files and overlays to a checked `Station`, or all the diagnostics at once.

pub mod model;

pub use model::Station;
