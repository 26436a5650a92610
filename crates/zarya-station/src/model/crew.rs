//! The people aboard and their time.

use super::Value;

/// `crew.toml`.
#[derive(Clone, Debug)]
pub struct Crew {
    /// `nominal` number aboard.
    pub nominal: u32,
    /// `minimum` that can keep the station (both segments).
    pub minimum: u32,
    /// `workday`: hours per person and day for tasks of any kind.
    pub workday_h: Value,
    /// `upkeep`: baseline hours per week of the whole crew for routine upkeep not listed as tasks.
    pub upkeep_h_week: Value,
    /// `research_goal`: most research a week; hours beyond it are margin.
    pub research_goal_h_week: Value,
    /// `eva_preparation`: days from decision to a planned EVA, per slot.
    pub eva_preparation_d: Value,
    /// `eva_preparation_urgent`: days from a failure to the spacewalk that a short capability waits for.
    /// Optional: [`Crew::URGENT_SHARE_DEFAULT`] of `eva_preparation`.
    pub eva_preparation_urgent_d: Option<Value>,
    /// `eva_preparation_other_side`: days from a failure to a spacewalk in the other side's suits. Optional.
    pub eva_preparation_other_side_d: Value,
    /// `eva_spacing`: least days between two spacewalks of one segment. Optional.
    pub eva_spacing_d: Value,
    /// `eva_hours`: crew hours one EVA costs inside and outside.
    pub eva_crew_h: Value,
    /// `eva = [{ segment = "us", capability = "eva-us", trained = 2 }]`: what an EVA of a segment needs.
    pub eva: Vec<EvaNeed>,
    /// `robotic_capability`: the arm that robotic replacements need; without it they take an EVA.
    /// Optional: the arm is always there.
    pub robotic_capability: Option<String>,
    /// `eva_rate_planned`: planned (not repair) EVAs per year, spending crew time.
    pub eva_planned_per_y: Value,
    /// `trained`: crew trained for a segment that must be aboard for it to be kept: segment -> count.
    pub trained_minimum: Vec<(String, u32)>,
    /// `training_lead`: days to train a replacement for a lost or ended crew line of a vehicle.
    pub training_lead_d: Value,
}

impl Crew {
    /// `eva_preparation_urgent` over `eva_preparation` where a file does not state it.
    pub const URGENT_SHARE_DEFAULT: f64 = 0.3;
    /// Why.
    pub const URGENT_SHARE_WHY: &str =
        "3 of 10 days: crews that had prepared anyway went out 2 to 12 days after a failure";
    /// `eva_spacing` where a file does not state it, d.
    pub const EVA_SPACING_DEFAULT_D: f64 = 4.0;
    /// Why.
    pub const EVA_SPACING_WHY: &str = "crews rarely go out twice a week";

    /// `eva_preparation_other_side` where a file does not state it, d.
    pub const OTHER_SIDE_DEFAULT_D: f64 = 64.0;
    /// Why.
    pub const OTHER_SIDE_WHY: &str = "64 days from a failure of April 2004 to the first spacewalk for it in the other side's suits";

    /// Returns the defaults that spacewalks rest on where no file states them: path, value, reason.
    /// `other_side`: some unit can be reached in the other side's suits.
    pub(crate) fn unstated(&self, other_side: bool) -> Vec<(&'static str, String, &'static str)> {
        if self.eva.is_empty() {
            return Vec::new();
        }
        let other_side = other_side.then(|| {
            let days = format!("{} d", Self::OTHER_SIDE_DEFAULT_D);
            ("crew.eva_preparation_other_side", days, Self::OTHER_SIDE_WHY)
        });
        let urgent_d = Self::URGENT_SHARE_DEFAULT * self.eva_preparation_d.value;
        vec![
            ("crew.eva_preparation_urgent", format!("{urgent_d} d"), Self::URGENT_SHARE_WHY),
            (
                "crew.eva_spacing",
                format!("{} d", Self::EVA_SPACING_DEFAULT_D),
                Self::EVA_SPACING_WHY,
            ),
        ]
        .into_iter()
        .chain(other_side)
        .collect()
    }
}

/// What an EVA from one segment needs.
#[derive(Clone, Debug)]
pub struct EvaNeed {
    /// Segment.
    pub segment: String,
    /// Capability that stands for suits, airlock and gas.
    pub capability: String,
    /// Crew aboard who must be trained for it.
    pub trained: u32,
    /// `oxygen`, `nitrogen`: stocks that give the gas the suits and the airlock lose. Optional: none.
    pub oxygen: Option<String>,
    /// See `oxygen`.
    pub nitrogen: Option<String>,
}
