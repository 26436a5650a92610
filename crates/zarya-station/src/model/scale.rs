//! What a break-even scales.

use crate::closed_set::closed_set;

closed_set! {
    /// An input of the answer that can be multiplied by a factor: `scale` of a `[[break_even]]`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Scale {
        FailureRates = "failure-rates", "Failure rates of all units.";
        Stocking = "stocking", "The span that spares were bought for.";
        LeadTimes = "lead-times", "Lead, build and turnaround times of spares.";
        Leak = "leak", "All leaks of air.";
        LaunchLoss = "launch-loss", "Probability that a launch is lost, of all vehicles.";
        Slips = "slips", "Slips of launches, of all vehicles.";
        Medical = "medical", "Rates of the hazards whose owner is `medical`.";
        Debris = "debris", "Rates of the hazards whose owner is `debris`.";
        ResetShare = "reset-share", "Share of failures cleared without a spare.";
        RepairHours = "repair-hours", "Crew hours of repairs, and delays of logistics.";
        Hazard(id "ID") = "hazard", "Rate of one hazard.";
        Rates(subsystem "SUBSYSTEM") = "rates", "Failure rates of the units of one subsystem.";
    }
}
