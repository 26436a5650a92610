//! Station files and overlays to a checked `Station`, or all the diagnostics at once.
//!
//! [`load`] takes the bytes of files and opens none itself. Files are parsed to a tree that knows
//! where everything stands (`tree.rs`), joined to one document, changed by overlays, read key by
//! key, and then judged as a whole. `docs/station-files.md` lists every table, key and code.

mod bounds;
mod cabin;
pub mod case;
mod checks;
mod claims;
mod closed_set;
mod context;
mod diagnostic;
mod document;
mod lints;
mod loading;
pub mod model;
pub mod observations;
mod overlay;
mod policy;
mod power;
mod provenance;
mod reader;
mod service;
mod systems;
mod traffic;
mod tree;

pub use bounds::{BOUNDS, Bound, UNITS_MAX};
pub use closed_set::Word;
pub use diagnostic::{Code, Diagnostic, Severity, render};
pub use loading::load;
pub use model::Station;
pub use overlay::OPERATIONS_MAX;
pub use provenance::basis_word;
pub use tree::{BYTES_MAX, BYTES_TOTAL_MAX, DEPTH_MAX, ENTRIES_MAX, FILES_MAX};
