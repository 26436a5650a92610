//! Exact reliability: failure laws, demand for spares, sufficiency and best stocks.
//!
//! Whether spares last to a date is a question with a closed answer in many cases, and those
//! answers are what a simulation of the same station is checked against. Everything here is a
//! pure function of its arguments: no files, no station, no state. A random path takes its
//! uniforms as arguments.
//!
//! Reading order: [`law`] (how one unit fails), [`rate`] (what is not known about a rate),
//! [`joint`] (rates of many types after counts in service), [`poisson`] (demand at a known or unknown constant rate), [`inversion`] and [`renewal`] (demand
//! with repair time, wear and life limits), [`list`] (units from the text of a table), [`campaign`] (all
//! units over periods and fleets), [`mod@sufficiency`] (whether stocks last), [`allocation`] (which
//! spares to carry).

pub mod allocation;
pub mod campaign;
pub mod counts;
pub mod form;
pub mod gamma;
pub mod inversion;
pub mod joint;
pub mod law;
pub mod list;
pub mod poisson;
pub mod rate;
pub mod renewal;
pub mod repair;
pub mod sufficiency;
pub mod unit;
pub mod watch;

pub use law::{Law, LawError};
pub use poisson::{poisson_quantile, stock_for};
pub use rate::{RatePrior, rate_multiplier};
pub use repair::Repair;
pub use sufficiency::{k_of_n, sufficiency};
pub use unit::Unit;
pub use watch::{ALWAYS, Going, Stopped, UNWATCHED, Watch};
