//! Arrays and batteries.

use super::{Basis, Value};
use zarya_units::Date;

/// `power.toml`: what lights the capabilities that are `sunlit`.
#[derive(Clone, Debug)]
pub struct Power {
    /// `battery_efficiency`: share of the energy put into a battery that the loads get back. Optional:
    /// [`Power::BATTERY_EFFICIENCY_DEFAULT`].
    pub battery_efficiency: Value,
    /// `[[channel]]`: the array channels. May be empty.
    pub channels: Vec<ArrayChannel>,
}

impl Power {
    /// What stands in for a battery efficiency that a station does not state.
    pub const BATTERY_EFFICIENCY_DEFAULT: Value =
        Value { value: 0.8, low: 0.75, high: 0.9, basis: Basis::Assumed };
    /// Why.
    pub const BATTERY_EFFICIENCY_WHY: &str =
        "not stated by the station: charger, lithium-ion battery and discharger in series";
}

/// `[[channel]]`: one array channel, a wing and perhaps a roll-out array in front of it.
#[derive(Clone, Debug)]
pub struct ArrayChannel {
    /// Id.
    pub id: String,
    /// `wing`: power of the wing in full sun at the beginning of its life, kW.
    pub wing_kw: Value,
    /// `wing_since`: when its life began.
    pub wing_since: Date,
    /// `rollout`: power of the roll-out array in full sun at the beginning of its life, kW. Optional:
    /// none.
    pub rollout_kw: Option<Value>,
    /// `rollout_since`: when its life began. Needed with `rollout`.
    pub rollout_since: Option<Date>,
}
