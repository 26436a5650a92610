//! Claim, tiers, conditions, ledger, record, caveats.

pub mod assessment;
pub mod ledger;

pub use assessment::Assessment;
pub use ledger::Ledger;
