//! Claim, tiers, conditions, ledger, record, caveats.
