//! Claim, tiers, conditions, ledger, record, caveats.

pub mod assessment;
pub mod beta;
pub mod estimate;
pub mod ledger;
pub mod yardstick;

#[cfg(test)]
mod small_station;

pub use assessment::Assessment;
pub use ledger::Ledger;
