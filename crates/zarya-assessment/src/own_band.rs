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
    use zarya_station::model::Basis;

    #[test]
    fn the_widest_relative_band_speaks_for_all() {
        let value = |value, low, high| Value { value, low, high, basis: Basis::Assumed };
        let found = widest(&[value(2.0, 1.0, 3.0), value(10.0, 8.0, 40.0)]);
        assert_eq!(found, Some((0.5, 4.0)));
        assert_eq!(widest(&[value(2.0, 2.0, 2.0)]), None);
    }
}
