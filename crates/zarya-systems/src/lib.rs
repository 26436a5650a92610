//! Life support, air, power, heat and attitude: parameters in, rates and limits out.
//!
//! Balances close for carbon, hydrogen, oxygen, nitrogen and ash, because every process is a
//! stoichiometric vector that is refused when it does not. Between events everything moves in
//! closed form, so the same code serves a single answer and a million histories. The crate opens
//! no file, reads no clock and draws no random number: tables of published values are part of it,
//! with their sources, and a random path takes its uniforms as arguments.

pub mod air;
pub mod attitude;
pub mod balance;
pub mod case;
pub mod coupling;
pub mod crew;
pub mod endurance;
pub mod hatch;
pub mod heat;
pub mod matter;
pub mod outlook;
pub mod parameters;
pub mod power;
pub mod processor;
pub mod reconcile;
pub mod run;
pub mod series;
pub mod setpoint;
pub mod span;
pub mod stock;
pub mod substance;
pub mod supply;
