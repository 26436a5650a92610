//! One capability in a history, and the facts of other parts that capabilities and stocks follow.

use crate::leaks::Leaks;

/// Cause index of "nothing disabled it".
pub(crate) const NO_CAUSE: u16 = u16::MAX;

/// One capability.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CapabilityState {
    pub(crate) value: f64,
    pub(crate) disabled: u32,
    pub(crate) disabled_by: u16,
    pub(crate) bonus: f64,
    /// 1 when full.
    pub(crate) buffer: f64,
    pub(crate) slope_per_d: f64,
    pub(crate) settled_at: f64,
    pub(crate) generation: u32,
    pub(crate) short: f64,
    pub(crate) short_since: f64,
}

impl CapabilityState {
    /// A capability in full strength.
    pub(crate) fn sound(now: f64) -> Self {
        Self {
            value: 1.0,
            disabled: 0,
            disabled_by: NO_CAUSE,
            bonus: 0.0,
            buffer: 1.0,
            slope_per_d: 0.0,
            settled_at: now,
            generation: 0,
            short: 0.0,
            short_since: now,
        }
    }
}

/// What other parts own and capabilities and stocks follow, as it is now.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) people: u32,
    /// Working copies by unit type.
    pub(crate) working: &'a [u32],
    /// Partners that have left.
    pub(crate) gone: &'a [bool],
    /// What an array carries over what it carries at beta 0.
    pub(crate) sunlit: f64,
    pub(crate) leaks: &'a Leaks,
}
