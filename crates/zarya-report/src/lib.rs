//! Answers as text for a terminal, HTML, SVG and CSV. Runs nothing, opens nothing.
//!
//! A module is named after the question it tells of; each takes an answer of `zarya` and returns text.
//! [`columns`] fits text to a terminal, [`refusals`] tells what was refused and why.

pub mod air;
pub mod check;
pub mod columns;
pub mod command;
pub mod compare;
pub mod explain;
pub mod export;
pub mod import;
pub mod ledger;
mod markup;
pub mod orbit;
pub mod page;
mod picture;
pub mod power;
pub mod record;
pub mod refusals;
pub mod spares;
pub mod terminal;
pub mod words;
