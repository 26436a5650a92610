//! Answers as text for a terminal, HTML, SVG and CSV. Runs nothing, opens nothing.
//!
//! A module is named after the question it tells of; each takes an answer of `zarya` and returns text.
//! [`columns`] fits text to a terminal, [`refusals`] tells what was refused and why.

pub mod air;
pub mod axes;
pub mod columns;
pub mod comparison;
pub mod ledger;
pub mod page;
pub mod power;
pub mod refusals;
pub mod terminal;
pub mod words;
