//! Attitude: gyroscopes that store momentum, and thrusters that unload them.

use crate::parameters::{self, Spread, row};

/// The fewest gyroscopes that hold attitude.
pub fn gyroscopes_needed() -> u32 {
    row(parameters::power(), "gyroscopes-needed").value as u32
}

/// What gyroscopes and thrusters have to work with.
#[expect(clippy::struct_excessive_bools, reason = "each is a need of its own that can be lost")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attitude {
    /// Working gyroscopes.
    pub gyroscopes: u32,
    /// Whether they have power.
    pub powered: bool,
    /// Whether they are cooled.
    pub cooled: bool,
    /// Whether thrusters of some segment or vehicle can fire.
    pub thrusters: bool,
    /// Whether the computers that command the thrusters run.
    pub computers: bool,
    /// Propellant for them, kg.
    pub propellant_kg: f64,
}

/// Whether attitude is held, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Gyroscopes hold, thrusters unload.
    Nominal,
    /// Gyroscopes hold until they saturate: nothing unloads them.
    Saturating,
    /// Thrusters alone hold, at a price in propellant.
    Thrusters,
    /// Nothing holds.
    Lost,
}

impl Attitude {
    /// Returns the momentum that the working gyroscopes store, Nms; zero below the fewest needed.
    ///
    /// # Source
    ///
    /// 4,880 Nms each and at least two, from the maker's sheet (`data/power.toml`).
    pub fn momentum_capacity_nms(&self) -> f64 {
        let working = self.powered && self.cooled && self.gyroscopes >= gyroscopes_needed();
        let each = row(parameters::power(), "gyroscope-momentum").in_unit("Nms");
        if working { f64::from(self.gyroscopes) * each } else { 0.0 }
    }

    /// Returns who holds attitude.
    pub fn control(&self) -> Control {
        let thrusters = self.thrusters && self.computers && self.propellant_kg > 0.0;
        match (self.momentum_capacity_nms() > 0.0, thrusters) {
            (true, true) => Control::Nominal,
            (true, false) => Control::Saturating,
            (false, true) => Control::Thrusters,
            (false, false) => Control::Lost,
        }
    }

    /// Returns the days until the gyroscopes saturate when nothing unloads them.
    ///
    /// `None` while they are unloaded or when the momentum does not build up.
    pub fn days_to_saturation(&self, momentum_nms_d: f64) -> Option<f64> {
        match self.control() {
            Control::Nominal => None,
            Control::Saturating => {
                (momentum_nms_d > 0.0).then(|| self.momentum_capacity_nms() / momentum_nms_d)
            }
            Control::Thrusters | Control::Lost => Some(0.0),
        }
    }
}

/// Returns the momentum in Nms that a day leaves to unload, with its assumed spread.
pub fn momentum_per_day() -> Spread {
    row(parameters::power(), "momentum-per-day").spread("Nms")
}

/// Returns the propellant in kg/d that unloads so much momentum a day.
///
/// # Model
///
/// `H / (r v)` with the thrusters' arm `r` and exhaust velocity `v`, both assumed
/// (`data/power.toml`).
pub fn unloading_propellant_kg_d(momentum_nms_d: f64) -> f64 {
    let table = parameters::power();
    let arm_m = row(table, "thruster-arm").in_unit("m");
    let exhaust_m_s = row(table, "thruster-exhaust-velocity").in_unit("m/s");
    momentum_nms_d.abs() / (arm_m * exhaust_m_s)
}

/// Returns the propellant in kg/d of holding attitude on thrusters alone.
///
/// # Model
///
/// One orbit on thrusters took about 14 kg on 2005-02-11, part of it the recovery; this rate is
/// therefore an upper bound, 15.5 orbits a day at that price.
pub fn thruster_hold_propellant_kg_d() -> f64 {
    const ORBITS_PER_DAY: f64 = 15.5;
    row(parameters::power(), "attitude-hold-propellant").in_unit("kg") * ORBITS_PER_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Attitude = Attitude {
        gyroscopes: 4,
        powered: true,
        cooled: true,
        thrusters: true,
        computers: true,
        propellant_kg: 800.0,
    };

    /// The record: one unit lost in June 2002, a second (its breaker) in April 2004: flown on two.
    #[test]
    fn two_gyroscopes_hold_and_one_does_not() {
        assert_eq!(WHOLE.control(), Control::Nominal);
        let two = Attitude { gyroscopes: 2, ..WHOLE };
        assert_eq!(two.momentum_capacity_nms(), 2.0 * 4880.0);
        assert_eq!(Attitude { gyroscopes: 1, ..WHOLE }.control(), Control::Thrusters);
        assert_eq!(Attitude { cooled: false, ..WHOLE }.momentum_capacity_nms(), 0.0);
    }

    #[test]
    fn without_thrusters_gyroscopes_saturate() {
        let alone = Attitude { computers: false, ..WHOLE };
        assert_eq!(alone.control(), Control::Saturating);
        let days = alone.days_to_saturation(momentum_per_day().value).unwrap();
        assert!((days - 4.0 * 4880.0 / 5000.0).abs() < 1e-12);
        let dead = Attitude { gyroscopes: 0, propellant_kg: 0.0, ..WHOLE };
        assert_eq!((dead.control(), dead.days_to_saturation(1.0)), (Control::Lost, Some(0.0)));
    }

    /// 5,000 Nms over 20 m and 2,750 m/s is 91 g.
    #[test]
    fn unloading_is_cheap_and_thruster_hold_is_not() {
        assert!((unloading_propellant_kg_d(5000.0) - 0.0909).abs() < 1e-3);
        assert!(thruster_hold_propellant_kg_d() > 100.0);
    }
}
