//! The front door: every question about a station, an orbit, spares or life support, in one form.
//!
//! A room is a module that names its subject. Each has a `Question` (its fields named as in JSON, its
//! defaults and bounds beside it), an `Answer` (its schema derived, its caveats and inputs inside), and
//!
//! ```text
//! answer(&Question, &Data, &Control) -> Result<Answer, Refusals>
//! ```
//!
//! [`Data`] is what is embedded and what a door hands in; [`Control`] watches and stops long questions;
//! [`Refusals`] collects everything that is wrong. A door (the command, a page, a notebook) turns what
//! somebody typed into a question and an answer into a picture; it computes nothing.

pub mod air;
pub mod assess;
pub mod check;
pub mod compare;
pub mod control;
pub mod data;
pub mod explain;
pub mod file;
pub mod import;
pub mod inputs;
pub mod ledger;
pub mod named;
pub mod open;
pub mod orbit;
pub mod power;
pub mod record;
pub mod refusal;
pub mod run;
pub mod spares;
pub mod stations;

pub use control::Control;
pub use data::{Data, Folder};
pub use named::Named;
pub use refusal::{Refusal, Refusals};
/// JSON, in which questions come and answers go.
pub use serde_json as json;

/// The parts of an assessment.
pub use zarya_assessment::{assessment, verdict};
/// What a text is, tables, and what must not leave for a terminal or page.
pub use zarya_text as text;
/// Dates, portable math and digests, for doors and reports.
pub use zarya_units as units;

/// Whose series enter every answer, in the words their licenses ask for.
pub mod notices {
    pub use zarya_orbit::sun::attribution as sun;
}

/// The diagnostics of files.
pub mod station {
    pub use zarya_station::{Code, Diagnostic, Severity, render};
}
