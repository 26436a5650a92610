//! The arrays and loads of a station as a plant: capabilities that the Sun lights, rated in kW.

use crate::air::case_file::{Orbit, PowerFile};
use crate::data::Opened;
use crate::refusal::{About, Refusal, Refusals};
use zarya_station::Station;
use zarya_station::model::{Capability, Rule};
use zarya_systems::attitude::Attitude;
use zarya_systems::heat::Loop;
use zarya_systems::outlook::{Named, Plant};
use zarya_systems::parameters::Spread;
use zarya_systems::power::{self, CHARGERS, Channel};
use zarya_systems::processor::Segment;
use zarya_systems::span::Efficiency;
use zarya_systems::supply::OtherLoad;
use zarya_units::Quantity;

/// A plant over its days, whoever states it.
pub(super) struct Stated {
    pub(super) file: PowerFile,
    /// Rows of the table it rests on.
    pub(super) used: &'static [&'static str],
    /// What it leaves open, whatever it states.
    pub(super) caveats: &'static [&'static str],
    /// Whether cooling is stated.
    pub(super) cooling: bool,
    /// Whether gyroscopes, thrusters and propellant are.
    pub(super) attitude: bool,
}

/// Rows of the table that a station's answer rests on.
const USED: [&str; 3] = ["battery-efficiency", "bus-efficiency", "crew-heat"];

/// Builds the plant of a station: a channel for each capability that the Sun lights and another one
/// counts in kW, and a load for what those others ask.
///
/// # Errors
///
/// When no such capability is stated.
pub(super) fn plant_of(opened: &Opened) -> Result<Stated, Refusals> {
    let station = &opened.station;
    let lit: Vec<&Capability> = station.capabilities.iter().filter(|c| c.sunlit).collect();
    let altitude_km = station.orbit.altitude_km.value;
    let tables = Efficiency::tables();
    let mut channels = Vec::new();
    let mut losses = Vec::new();
    let mut unrated = Vec::new();
    for capability in &lit {
        let Some(kw) = rated_kw(station, &capability.id) else {
            unrated.push(capability.id.as_str());
            continue;
        };
        let mut channel = Channel {
            wing_kw: 1.0,
            rollout_kw: 0.0,
            wing_years: 0.0,
            rollout_years: 0.0,
            wing_health: 1.0,
            chargers: CHARGERS,
            switched: true,
        };
        // The files rate what is carried around an orbit with the longest shadow, at the as-of date.
        let shadow = power::eclipse_fraction(altitude_km, 0.0);
        let model = tables.model(0.0);
        channel.wing_kw = kw / channel.orbit_average_kw(shadow, 0.0, &model);
        channels.push(Named { id: capability.id.clone(), channel });
        losses.push((kw, capability.degradation_per_y));
    }
    if channels.is_empty() {
        let why = format!("{} states no arrays in kW", opened.origin);
        let help = "mark capabilities with sunlit = true and count them in kW among the providers of \
                    another one (docs/station-files.md), or state the plant in a file";
        let about = About::Field("station".to_owned());
        return Err(Refusal::unanswerable(about, why).help(help).into());
    }
    let whole: f64 = losses.iter().map(|(kw, _)| kw).sum();
    let mean = |of: fn(&zarya_station::model::Value) -> f64| {
        losses.iter().map(|(kw, loss)| kw / whole * of(loss)).sum()
    };
    let degradation =
        Spread { low: mean(|v| v.low), value: mean(|v| v.value), high: mean(|v| v.high) };
    let crew = f64::from(station.crew.nominal);
    let loads = loads(station, &channels, crew);
    let file = PowerFile {
        from: station.identity.as_of,
        through: station.claim.through,
        orbit: Orbit::in_plane(altitude_km),
        efficiency: Efficiency { degradation, ..tables },
        taken: taken(opened, &unrated, loads.is_empty()),
        plant: Plant {
            channels,
            loads,
            dynamic: false,
            // Not stated: nothing is shed for want of it.
            loops: vec![Loop { capacity_kw: f64::INFINITY, running: true, radiators: 1.0 }],
            crew,
            attitude: Attitude {
                gyroscopes: 0,
                powered: true,
                cooled: true,
                thrusters: true,
                computers: true,
                propellant_kg: f64::INFINITY,
            },
            momentum_nms_d: 0.0,
            failures: Vec::new(),
        },
        loops: Vec::new(),
    };
    Ok(Stated { file, used: &USED, caveats: &[], cooling: false, attitude: false })
}

/// What a capability gives by the capabilities that count it in kW.
fn rated_kw(station: &Station, id: &str) -> Option<f64> {
    let counted = station.capabilities.iter().flat_map(|whole| {
        whole.providers.iter().filter(|p| p.id == id).map(move |provider| (whole, provider))
    });
    let mut in_kw = counted.filter(|(whole, provider)| {
        let path = format!("capability.{}.providers.{}.rate", whole.id, provider.id);
        let fact = station.facts.get(&path);
        fact.is_some_and(|fact| Quantity::parse_in(&fact.text, "kW").is_ok())
    });
    in_kw.next().map(|(_, provider)| provider.rate)
}

/// What the capabilities that count channels in kW ask of them. All of it draws on the channels themselves.
fn loads(station: &Station, channels: &[Named], crew: f64) -> Vec<OtherLoad> {
    let counts = |capability: &Capability| {
        capability.providers.iter().any(|p| channels.iter().any(|named| named.id == p.id))
    };
    let asks = station.capabilities.iter().filter(|capability| counts(capability));
    asks.filter_map(|capability| {
        let Rule::Demand { demand, per_crew } = &capability.rule else { return None };
        let power_kw = demand.value * if *per_crew { crew } else { 1.0 };
        Some(OtherLoad { id: capability.id.clone(), segment: Segment::Us, power_kw, class: 0 })
    })
    .collect()
}

fn taken(opened: &Opened, unrated: &[&str], without_loads: bool) -> Vec<String> {
    let station = &opened.station;
    let mut taken = vec![
        format!(
            "built from the files of {} as of {}: capabilities that the Sun lights as channels, what \
             is asked of them as loads; failures of units are not counted",
            opened.origin, station.identity.as_of
        ),
        "orbit plane: not stated in a station's files; the Sun is taken in it (beta 0), where the \
         shadow is longest and the files rate the arrays"
            .to_owned(),
        "cooling: capabilities do not say which of them carry heat, so none is short of it"
            .to_owned(),
        "attitude: gyroscopes and thrusters are not stated as such, so nothing is said of them"
            .to_owned(),
    ];
    if !unrated.is_empty() {
        taken.push(format!("lit by the Sun, not rated in kW, not counted: {}", unrated.join(", ")));
    }
    if without_loads {
        taken.push("loads: none stated, so only capability is answered, not margin".to_owned());
    }
    taken
}
