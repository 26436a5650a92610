//! The band that the files give a scaled input, as factors on it.

use zarya_station::Station;
use zarya_station::model::{Owner, Scale, Value};

/// Returns the 5 and 95 % of the own band of what a break-even scales, as factors on the central
/// value; `None` where nothing with a band is scaled.
///
/// # Model
///
/// An error factor `f` gives `1/f` to `f`, that of a subsystem together with that of all units. Where
/// one factor scales several values, the widest relative band speaks for all: a narrower answer would
/// call possible what the files hold possible. Of a leak the rates are scaled, found and after a relapse.
pub fn own_band(station: &Station, scale: &Scale) -> Option<(f64, f64)> {
    let worlds = &station.worlds;
    let hazards = |owner| {
        let of = station.hazards.iter().filter(move |h| h.owner == owner);
        widest(of.map(|h| &h.rate_per_y))
    };
    let vehicles = &station.vehicles;
    match scale {
        Scale::FailureRates => error_factor(worlds.programme_error_factor.value),
        Scale::Stocking => widest([&worlds.stocking_confidence]),
        Scale::LeadTimes => {
            widest(station.orus.iter().flat_map(|o| [&o.lead_time_d, &o.build_time_d]))
        }
        Scale::Leak => {
            let leaks = station.elements.iter().filter_map(|e| e.leak.as_ref());
            let own = station.cabin.as_ref().and_then(|c| c.leak_kg_d.as_ref());
            widest(leaks.flat_map(|leak| [&leak.rate_kg_d, &leak.relapse_kg_d]).chain(own))
        }
        Scale::LaunchLoss => widest(vehicles.iter().map(|v| &v.loss)),
        Scale::Slips => widest(vehicles.iter().map(|v| &v.slip_d)),
        Scale::Medical => hazards(Owner::Medical),
        Scale::Debris => hazards(Owner::Debris),
        Scale::ResetShare => widest([&worlds.reset_share]),
        Scale::RepairHours => error_factor(worlds.repair_error_factor.value),
        Scale::Hazard(id) => {
            widest(station.hazards.iter().filter(|h| h.id == *id).map(|h| &h.rate_per_y))
        }
        Scale::Rates(_) => {
            error_factor(worlds.programme_error_factor.value * worlds.subsystem_error_factor.value)
        }
    }
}

fn error_factor(factor: f64) -> Option<(f64, f64)> {
    (factor > 1.0).then(|| (1.0 / factor, factor))
}

fn widest<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<(f64, f64)> {
    let (mut low, mut high) = (1.0_f64, 1.0_f64);
    for value in values.into_iter().filter(|v| v.value > 0.0) {
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
        let found = widest([&value(2.0, 1.0, 3.0), &value(10.0, 8.0, 40.0)]);
        assert_eq!(found, Some((0.5, 4.0)));
        assert_eq!(widest([&value(2.0, 2.0, 2.0)]), None);
        assert_eq!(error_factor(2.0), Some((0.5, 2.0)));
    }
}
