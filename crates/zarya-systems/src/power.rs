//! Eight power channels, their degradation, eclipse, transfer between segments, and shedding.

use crate::parameters::{self, Spread, row};
use serde::Deserialize;
use zarya_units::math;

/// One channel: a wing, its part of the roll-out arrays, chargers and batteries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Power of the old wing in full sun when new, kW.
    pub wing_kw: f64,
    /// Power of its roll-out array in full sun when new, kW; zero without one.
    pub rollout_kw: f64,
    /// Years the wing has been in space at the start of a history.
    pub wing_years: f64,
    /// Years the roll-out array has.
    pub rollout_years: f64,
    /// Share of the wing that works (strings, pointing, shadows).
    pub wing_health: f64,
    /// Chargers (with their battery) that work, of [`CHARGERS`].
    pub chargers: u32,
    /// Whether its main switching unit passes its power on.
    pub switched: bool,
}

/// Chargers per channel: one out is one third of a channel's power.
pub const CHARGERS: u32 = 3;

/// Settings of the power model that differ from world to world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerModel {
    /// Share of a wing's power lost per year.
    pub degradation_per_year: f64,
    /// Share of the energy that comes back out of a battery.
    pub battery_efficiency: f64,
    /// Share of array power that reaches the buses.
    pub bus_efficiency: f64,
    /// Share of a wing covered by its roll-out array.
    pub covered_share: f64,
}

impl PowerModel {
    /// Returns the model at three uniforms: degradation, battery, bus. All 0.5 is the median.
    ///
    /// # Source
    ///
    /// `data/power.toml`; sources disagree on degradation (0.5 to 2 % a year).
    pub fn at(degradation: f64, battery: f64, bus: f64) -> Self {
        let table = parameters::power();
        let share = |id: &str, u: f64| {
            let spread = row(table, id).spread("");
            spread.at(u).clamp(spread.low, spread.high)
        };
        Self {
            degradation_per_year: degradation_per_year(degradation),
            battery_efficiency: share("battery-efficiency", battery),
            bus_efficiency: share("bus-efficiency", bus),
            covered_share: row(table, "covered-share").value,
        }
    }
}

/// Returns the yearly loss of array power at the uniform `u`, between the disputed ends.
pub fn degradation_per_year(u: f64) -> f64 {
    let spread = row(parameters::power(), "degradation").spread("%/y").times(0.01);
    spread.at(u).clamp(spread.low, spread.high)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelFile {
    counted_to: String,
    channel: Vec<ChannelRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelRow {
    id: String,
    wing_years: f64,
    rollout_years: Option<f64>,
}

/// The eight channels of the ISS, for cases about the ISS that name none.
#[derive(Clone, Debug, PartialEq)]
pub struct IssChannels {
    /// Day to which their years count, ISO 8601.
    pub counted_to: String,
    /// Ids and channels.
    pub channels: Vec<(String, Channel)>,
}

/// Returns the eight channels of the ISS as of 2025: six with roll-out arrays.
///
/// # Source
///
/// `data/iss-channels.toml` (ages), `data/power.toml` (power when new).
pub fn iss_channels() -> IssChannels {
    let file: ChannelFile = toml::from_str(include_str!("../data/iss-channels.toml"))
        .unwrap_or_else(|error| panic!("embedded channels: {error}"));
    let table = parameters::power();
    let wing_kw = row(table, "array-new").in_unit("kW");
    let rollout_kw = row(table, "rollout-array").in_unit("kW");
    let channel = |row: ChannelRow| {
        let channel = Channel {
            wing_kw,
            rollout_kw: row.rollout_years.map_or(0.0, |_| rollout_kw),
            wing_years: row.wing_years,
            rollout_years: row.rollout_years.unwrap_or(0.0),
            wing_health: 1.0,
            chargers: CHARGERS,
            switched: true,
        };
        (row.id, channel)
    };
    IssChannels {
        counted_to: file.counted_to,
        channels: file.channel.into_iter().map(channel).collect(),
    }
}

/// Returns the constant load that an array can carry around an orbit, as a share of its power in
/// full sun at the buses.
///
/// # Model
///
/// What the sunlit part makes serves the load and, through the battery, the eclipse:
/// `(1 - f) / ((1 - f) + f / e)` with the eclipse's share `f` and the battery's efficiency `e`.
///
/// # Examples
///
/// ```
/// let share = zarya_systems::power::carried_share(0.38, 0.8);
/// assert_eq!(format!("{share:.3}"), "0.566");
/// ```
pub fn carried_share(eclipse_fraction: f64, battery_efficiency: f64) -> f64 {
    let sunlit = 1.0 - eclipse_fraction;
    sunlit / (sunlit + eclipse_fraction / battery_efficiency)
}

/// Returns the share of a circular orbit spent in the Earth's shadow.
///
/// # Model
///
/// Cylindrical shadow: `acos(sqrt(h^2 + 2 R h) / ((R + h) cos beta)) / pi`, zero when the orbit
/// misses the shadow. Penumbra and the Earth's flattening are left out (below 1 % of an orbit).
pub fn eclipse_fraction(altitude_km: f64, beta_deg: f64) -> f64 {
    const EARTH_RADIUS_KM: f64 = 6378.137;
    let height = (altitude_km * altitude_km + 2.0 * EARTH_RADIUS_KM * altitude_km).sqrt();
    let across = (EARTH_RADIUS_KM + altitude_km) * math::cos(beta_deg.to_radians());
    if across <= height { 0.0 } else { math::acos(height / across) / std::f64::consts::PI }
}

impl Channel {
    /// Returns the power in full sun after so many more years, at the array, kW.
    ///
    /// # Model
    ///
    /// Linear loss per year of the wing and of the roll-out array, which covers a share of the
    /// wing. Never below zero.
    pub fn sunlit_kw(&self, years: f64, model: &PowerModel) -> f64 {
        let left = |age: f64| (1.0 - model.degradation_per_year * (age + years)).max(0.0);
        let open = if self.rollout_kw > 0.0 { 1.0 - model.covered_share } else { 1.0 };
        self.wing_kw * open * self.wing_health * left(self.wing_years)
            + self.rollout_kw * left(self.rollout_years)
    }

    /// Returns the constant load in kW that the channel can carry around an orbit.
    ///
    /// # Model
    ///
    /// The power in full sun times [`carried_share`]. Chargers set how much of that can be stored: with `n` of
    /// three the load is `n / 3` of it as long as there is an eclipse.
    pub fn orbit_average_kw(&self, eclipse_fraction: f64, years: f64, model: &PowerModel) -> f64 {
        if !self.switched {
            return 0.0;
        }
        let carried = carried_share(eclipse_fraction, model.battery_efficiency);
        let stored = if eclipse_fraction > 0.0 {
            f64::from(self.chargers.min(CHARGERS)) / f64::from(CHARGERS)
        } else {
            1.0
        };
        self.sunlit_kw(years, model) * model.bus_efficiency * carried * stored
    }
}

/// Returns the load in kW that all channels together can carry, averaged over an orbit.
///
/// Source-driven: what the sources can give, not what the loads ask; the margin is
/// [`Shed::margin_kw`]. `beta_deg` and the eclipse it gives come from the orbit; arrays track in
/// both axes, so that beta acts through eclipse alone.
pub fn orbit_average_kw(
    channels: &[Channel],
    eclipse_fraction: f64,
    years: f64,
    model: &PowerModel,
) -> f64 {
    channels.iter().map(|channel| channel.orbit_average_kw(eclipse_fraction, years, model)).sum()
}

/// Takes the channels of one main switching unit (0 to 3) off or back on: two channels each.
pub fn switch_pair(channels: &mut [Channel], unit: usize, switched: bool) {
    for channel in channels.iter_mut().skip(2 * unit).take(2) {
        channel.switched = switched;
    }
}

/// Power sent from the American to the Russian segment, kW: standing by, and at most.
pub fn transfer_kw() -> (Spread, f64) {
    let table = parameters::power();
    (row(table, "transfer-standby").spread("kW"), row(table, "transfer-dynamic").in_unit("kW"))
}

/// Returns the power sent across, kW: what the Russian segment asks, as far as the converters and
/// the American margin allow. `dynamic` is docking, reboost and the like.
pub fn transferred_kw(asked_kw: f64, margin_kw: f64, dynamic: bool) -> f64 {
    let (standby, most) = transfer_kw();
    let converters = if dynamic { most } else { standby.high };
    asked_kw.min(converters).min(margin_kw).max(0.0)
}

/// A load on a bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Power asked, kW.
    pub power_kw: f64,
    /// Class: 0 is life support and control and goes last; higher classes are shed first.
    pub class: u32,
}

/// What is served and what is shed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shed {
    /// Power served, kW.
    pub served_kw: f64,
    /// Power shed, kW.
    pub shed_kw: f64,
    /// The most important class that lost power, if any.
    pub deepest_class: Option<u32>,
    /// Capability minus what the loads ask: negative is what must be shed.
    pub margin_kw: f64,
}

/// Sheds loads until a capability carries the rest, whole classes in order, the last one in part.
///
/// Writes into `served` the share of each load that keeps its power.
///
/// # Panics
///
/// If the slices differ in length.
pub fn shed(capability_kw: f64, loads: &[Load], served: &mut [f64]) -> Shed {
    assert!(loads.len() == served.len(), "one place per load");
    served.fill(0.0);
    let asked: f64 = loads.iter().map(|load| load.power_kw).sum();
    let mut left = capability_kw.max(0.0);
    let mut deepest_class = None;
    let mut next = Some(0);
    while let Some(from) = next {
        let Some(class) = loads.iter().map(|load| load.class).filter(|c| *c >= from).min() else {
            break;
        };
        let total: f64 =
            loads.iter().filter(|load| load.class == class).map(|load| load.power_kw).sum();
        let share = if total > left { left / total } else { 1.0 };
        for (load, served) in loads.iter().zip(&mut *served) {
            if load.class == class {
                *served = share;
            }
        }
        if share < 1.0 && deepest_class.is_none() {
            deepest_class = Some(class);
        }
        left = (left - total).max(0.0);
        next = class.checked_add(1);
    }
    let served_kw: f64 =
        loads.iter().zip(&*served).map(|(load, share)| load.power_kw * share).sum();
    Shed { served_kw, shed_kw: asked - served_kw, deepest_class, margin_kw: capability_kw - asked }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median() -> PowerModel {
        PowerModel::at(0.5, 0.5, 0.5)
    }

    /// Known eclipse of a 51.6 degree orbit near 400 km: about 36 of 92 minutes at beta zero, none
    /// above about 71 degrees.
    #[test]
    fn eclipse_is_that_of_the_orbit() {
        let share = eclipse_fraction(415.0, 0.0);
        assert!((share - 0.387).abs() < 0.005, "{share}");
        assert_eq!(eclipse_fraction(415.0, 75.0), 0.0);
    }

    fn iss() -> Vec<Channel> {
        iss_channels().channels.into_iter().map(|(_, channel)| channel).collect()
    }

    /// Published: 240 kW new from eight wings, orbit average 84 to 120 kW.
    #[test]
    fn new_wings_average_inside_the_published_band() {
        let mut channels = iss();
        for channel in &mut channels {
            channel.rollout_kw = 0.0;
            channel.wing_years = 0.0;
        }
        let average = orbit_average_kw(&channels, eclipse_fraction(400.0, 0.0), 0.0, &median());
        assert!((84.0..=125.0).contains(&average), "{average}");
    }

    /// Published: 215 kW in full sun with six roll-out arrays, 95 kW of it from old wings.
    #[test]
    fn wings_with_rollout_arrays_reach_the_published_power() {
        let model = PowerModel { degradation_per_year: 0.0169, ..median() };
        let sunlit: f64 = iss().iter().map(|channel| channel.sunlit_kw(-2.0, &model)).sum();
        assert!((sunlit / 215.0 - 1.0).abs() < 0.05, "{sunlit}");
    }

    /// Published: a main switching unit is 25 %, a charger one third of a channel.
    #[test]
    fn losses_are_the_published_shares() {
        let same = Channel { rollout_kw: 0.0, wing_years: 0.0, ..iss()[0] };
        let mut channels = [same; 8];
        let at = |channels: &[Channel]| orbit_average_kw(channels, 0.38, 0.0, &median());
        let whole = at(&channels);
        switch_pair(&mut channels, 1, false);
        assert!((at(&channels) / whole - 0.75).abs() < 1e-12);
        switch_pair(&mut channels, 1, true);
        channels[0].chargers = 2;
        assert!((at(&channels) / whole - (1.0 - 1.0 / 24.0)).abs() < 1e-12);
    }

    #[test]
    fn degradation_spans_what_sources_disagree_on() {
        assert!((degradation_per_year(1e-9) - 0.005).abs() < 1e-12);
        assert!((degradation_per_year(1.0 - 1e-9) - 0.02).abs() < 1e-12);
        assert!((degradation_per_year(0.5) - 0.015).abs() < 1e-12);
    }

    /// Published: 1 to 1.5 kW standing by, at most 6 kW in dynamic operations.
    #[test]
    fn the_russian_segment_gets_what_converters_pass() {
        assert_eq!(transferred_kw(4.0, 20.0, false), 1.5);
        assert_eq!(transferred_kw(8.0, 20.0, true), 6.0);
        assert_eq!(transferred_kw(8.0, 2.0, true), 2.0);
        assert_eq!(transferred_kw(8.0, -2.0, true), 0.0);
    }

    #[test]
    fn science_goes_before_life_support() {
        let loads = [
            Load { power_kw: 30.0, class: 0 },
            Load { power_kw: 20.0, class: 2 },
            Load { power_kw: 20.0, class: 1 },
        ];
        let mut served = [0.0; 3];
        let half = shed(60.0, &loads, &mut served);
        assert_eq!(served, [1.0, 0.5, 1.0]);
        assert_eq!(half.deepest_class, Some(2));
        assert_eq!((half.served_kw, half.shed_kw, half.margin_kw), (60.0, 10.0, -10.0));
        assert_eq!(shed(100.0, &loads, &mut served).deepest_class, None);
        assert_eq!(shed(15.0, &loads, &mut served).deepest_class, Some(0));
        assert_eq!(served, [0.5, 0.0, 0.0]);
    }
}
