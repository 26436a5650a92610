//! The band that the files give a scaled input, as factors on it.

use zarya_station::Station;
use zarya_station::model::{Role, Scale, Value};

/// Returns the 5 and 95 % of the own band of what a break-even scales, as factors on the central
/// value; `None` where nothing with a band is scaled.
///
/// # Model
///
/// The values are those that the scale names ([`Scale::moves`]). Error factors `f` of what is scaled
/// give `1/f` to `f`, that of a subsystem together with that of all units. Where one factor scales
/// several values, the widest relative band speaks for all: a narrower answer would call possible
/// what the files hold possible.
pub fn own_band(station: &Station, scale: &Scale) -> Option<(f64, f64)> {
    let (mut spread, mut values) = (1.0, Vec::new());
    for moved in scale.moves(station) {
        match moved.role {
            Role::Spread(factor) => spread *= factor,
            Role::Multiplied(value) => values.push(value),
            Role::Enters => {}
        }
    }
    if spread > 1.0 { Some((1.0 / spread, spread)) } else { widest(&values) }
}

fn widest(values: &[Value]) -> Option<(f64, f64)> {
    let (mut low, mut high) = (1.0_f64, 1.0_f64);
    for value in values.iter().filter(|v| v.value > 0.0) {
        low = low.min(value.low / value.value);
        high = high.max(value.high / value.value);
    }
    (low < high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_station::{oru, small_station};
    use zarya_station::model::{Basis, GroundRepair};

    #[test]
    fn the_widest_relative_band_speaks_for_all() {
        let value = |value, low, high| Value { value, low, high, basis: Basis::Assumed };
        let found = widest(&[value(2.0, 1.0, 3.0), value(10.0, 8.0, 40.0)]);
        assert_eq!(found, Some((0.5, 4.0)));
        assert_eq!(widest(&[value(2.0, 2.0, 2.0)]), None);
    }

    /// Lead times, build times and turnarounds are scaled together: the band of any of them counts.
    #[test]
    fn lead_times_are_as_uncertain_as_the_widest_of_lead_build_and_turnaround() {
        let value = |value, low, high| Value { value, low, high, basis: Basis::Assumed };
        let of = |lead_time_d, build_time_d, turnaround_d| {
            let condemned_share = value(0.0, 0.0, 0.0);
            let ground_repair = Some(GroundRepair { turnaround_d, condemned_share });
            let unit = zarya_station::model::Oru {
                lead_time_d,
                build_time_d,
                ground_repair,
                ..oru("pump")
            };
            own_band(&Station { orus: vec![unit], ..small_station() }, &Scale::LeadTimes)
        };
        let (known, narrow, wide) =
            (value(100.0, 100.0, 100.0), value(100.0, 80.0, 125.0), value(300.0, 150.0, 900.0));
        assert_eq!(of(known, known, known), None);
        assert_eq!(of(narrow, known, known), Some((0.8, 1.25)));
        assert_eq!(of(narrow, wide, known), Some((0.5, 3.0)));
        assert_eq!(of(wide, narrow, known), Some((0.5, 3.0)));
        assert_eq!(of(known, known, wide), Some((0.5, 3.0)));
    }
}
