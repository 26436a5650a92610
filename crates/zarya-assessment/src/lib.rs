//! Claim, tiers, conditions, ledger, record, caveats.

pub mod assessment;
pub mod beta;
pub mod break_even;
pub mod caveats;
pub mod claim;
pub mod ensemble;
pub mod estimate;
pub mod information;
pub mod ledger;
pub mod observations;
pub mod outlasts;
pub mod own_band;
pub mod record;
pub mod split;
pub mod sufficiency;
pub mod summary;
pub mod verdict;
pub mod weighting;
pub mod yardstick;

#[cfg(test)]
mod small_station;
#[cfg(test)]
mod synthetic;

pub use assessment::Assessment;
pub use ledger::Ledger;
