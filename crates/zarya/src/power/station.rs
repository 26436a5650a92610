//! The arrays and loads of a station as a plant: the channels of its `power.toml`, or where it lists
//! none, the capabilities that the Sun lights, rated in kW.

use crate::air;
use crate::air::case_file::{Orbit, PowerFile};
use crate::data::Opened;
use crate::refusal::{About, Refusal, Refusals};
use zarya_station::Station;
use zarya_station::model::{ArrayChannel, Capability, Rule, Value};
use zarya_systems::attitude::Attitude;
use zarya_systems::heat::Loop;
use zarya_systems::outlook::{Named, Plant};
use zarya_systems::parameters::{Parameter, Spread};
use zarya_systems::power::{self, CHARGERS, Channel};
use zarya_systems::processor::Segment;
use zarya_systems::span::Efficiency;
use zarya_systems::supply::OtherLoad;
use zarya_units::{DAYS_PER_YEAR, Date, Quantity};

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
    /// Values of the station's own in place of rows of the table, by id.
    pub(super) own: Vec<(String, Parameter)>,
    /// Segments of the loads by a station's own ids, load by load; empty for a file.
    pub(super) segments: Vec<String>,
}

/// Rows of the table that a station's answer rests on.
const USED: [&str; 3] = ["battery-efficiency", "bus-efficiency", "crew-heat"];
/// The same where the station lists its arrays, with an efficiency of batteries of its own.
const USED_LISTED: [&str; 3] = ["covered-share", "bus-efficiency", "crew-heat"];

/// Builds the plant of a station: its array channels at their age on the as-of date, or a channel for
/// each capability that the Sun lights and another one counts in kW; and a load for what those others
/// ask.
///
/// # Errors
///
/// When neither is stated.
pub(super) fn plant_of(opened: &Opened) -> Result<Stated, Refusals> {
    let station = &opened.station;
    let altitude_km = station.orbit.altitude_km.value;
    let lit = lit(station);
    let mut efficiency = Efficiency { degradation: degradation(&lit), ..Efficiency::tables() };
    let stated = &station.power;
    let listed = !stated.channels.is_empty();
    let channels = if listed {
        efficiency.battery = stated.battery_efficiency.value;
        stated.channels.iter().map(|channel| aged(channel, station.identity.as_of)).collect()
    } else {
        rated(&lit, altitude_km, &efficiency)
    };
    if channels.is_empty() {
        let why = format!("{} states no arrays in kW", opened.origin);
        let help = "list the arrays as [[channel]] in power.toml, or mark capabilities with sunlit = \
                    true and count them in kW among the providers of another one \
                    (docs/station-files.md), or state the plant in a file";
        let about = About::Field("station".to_owned());
        return Err(Refusal::unanswerable(about, why).help(help).into());
    }
    let crew = f64::from(station.crew.nominal);
    let loads = loads(station, &lit, crew);
    let unrated = if listed { Vec::new() } else { unrated(&lit) };
    let file = PowerFile {
        from: station.identity.as_of,
        through: station.claim.through,
        orbit: Orbit::in_plane(altitude_km),
        efficiency,
        taken: taken(opened, listed, &unrated, loads.is_empty()),
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
    let segments = file.plant.loads.iter().map(|load| segment_of(station, &load.id)).collect();
    let used = if listed { &USED_LISTED[..] } else { &USED[..] };
    let own = if listed { vec![battery(station)] } else { Vec::new() };
    Ok(Stated { file, used, caveats: &[], cooling: false, attitude: false, own, segments })
}

/// A capability that the Sun lights, and what it gives where another one counts it in kW.
struct Lit<'s> {
    capability: &'s Capability,
    kw: Option<f64>,
}

fn lit(station: &Station) -> Vec<Lit<'_>> {
    let lit = station.capabilities.iter().filter(|capability| capability.sunlit);
    lit.map(|capability| Lit { capability, kw: rated_kw(station, &capability.id) }).collect()
}

fn unrated<'s>(lit: &[Lit<'s>]) -> Vec<&'s str> {
    lit.iter().filter(|lit| lit.kw.is_none()).map(|lit| lit.capability.id.as_str()).collect()
}

/// The loss a year of what the Sun lights, by what each gives, or in the mean where none is rated in kW.
/// The table's where the Sun lights nothing.
fn degradation(lit: &[Lit<'_>]) -> Spread {
    if lit.is_empty() {
        return Efficiency::tables().degradation;
    }
    let rated = lit.iter().any(|lit| lit.kw.is_some());
    let weight = |lit: &Lit<'_>| if rated { lit.kw.unwrap_or(0.0) } else { 1.0 };
    let whole: f64 = lit.iter().map(weight).sum();
    let mean = |of: fn(&Value) -> f64| {
        lit.iter().map(|lit| weight(lit) / whole * of(&lit.capability.degradation_per_y)).sum()
    };
    Spread { low: mean(|v| v.low), value: mean(|v| v.value), high: mean(|v| v.high) }
}

/// The efficiency of the station's batteries, in place of the table's.
fn battery(station: &Station) -> (String, Parameter) {
    let stated = station.power.battery_efficiency;
    let known = stated.low < stated.high;
    let parameter = Parameter {
        id: "battery-efficiency".to_owned(),
        hold: false,
        value: stated.value,
        low: known.then_some(stated.low),
        high: known.then_some(stated.high),
        unit: String::new(),
        basis: air::station::basis(stated.basis),
        source: air::station::source_of(station, "power.battery_efficiency"),
    };
    (parameter.id.clone(), parameter)
}

/// A channel of `power.toml` on a day: years from the dates of its arrays. One of a later date gives
/// nothing before it.
fn aged(channel: &ArrayChannel, on: Date) -> Named {
    let years = |since: Date| (on.mjd() - since.mjd()) / DAYS_PER_YEAR;
    let aged = Channel {
        wing_kw: channel.wing_kw.value,
        rollout_kw: channel.rollout_kw.map_or(0.0, |kw| kw.value),
        wing_years: years(channel.wing_since),
        rollout_years: channel.rollout_since.map_or(0.0, years),
        ..bare()
    };
    Named { id: channel.id.clone(), channel: aged }
}

/// Capabilities rated in kW as channels of their own. The files rate what is carried around an orbit with
/// the longest shadow, at the as-of date.
fn rated(lit: &[Lit<'_>], altitude_km: f64, efficiency: &Efficiency) -> Vec<Named> {
    let shadow = power::eclipse_fraction(altitude_km, 0.0);
    let model = efficiency.model(0.0);
    let channels = lit.iter().filter_map(|lit| {
        let channel = Channel { wing_kw: 1.0, ..bare() };
        let wing_kw = lit.kw? / channel.orbit_average_kw(shadow, 0.0, &model);
        Some(Named { id: lit.capability.id.clone(), channel: Channel { wing_kw, ..channel } })
    });
    channels.collect()
}

/// A whole channel without arrays.
fn bare() -> Channel {
    Channel {
        wing_kw: 0.0,
        rollout_kw: 0.0,
        wing_years: 0.0,
        rollout_years: 0.0,
        wing_health: 1.0,
        chargers: CHARGERS,
        switched: true,
    }
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

/// What the capabilities that count arrays in kW ask of them. All of it draws on the channels
/// themselves: the first side of the plant.
fn loads(station: &Station, lit: &[Lit<'_>], crew: f64) -> Vec<OtherLoad> {
    let rated = |id: &str| lit.iter().any(|lit| lit.capability.id == id && lit.kw.is_some());
    let counts = |capability: &Capability| capability.providers.iter().any(|p| rated(&p.id));
    let asks = station.capabilities.iter().filter(|capability| counts(capability));
    asks.filter_map(|capability| {
        let Rule::Demand { demand, per_crew } = &capability.rule else { return None };
        let power_kw = demand.value * if *per_crew { crew } else { 1.0 };
        Some(OtherLoad { id: capability.id.clone(), segment: Segment::at(0), power_kw, class: 0 })
    })
    .collect()
}

/// The segment of a capability; what names none is on the first.
fn segment_of(station: &Station, id: &str) -> String {
    let capability = station.capabilities.iter().find(|known| known.id == id);
    let segment = capability.and_then(|its| its.segment.as_ref());
    segment.or(station.identity.segments.first()).cloned().unwrap_or_default()
}

fn taken(opened: &Opened, listed: bool, unrated: &[&str], without_loads: bool) -> Vec<String> {
    let station = &opened.station;
    let arrays = if listed {
        "the arrays of power.toml as channels, aged from their dates"
    } else {
        "capabilities that the Sun lights as channels"
    };
    let shadow = if listed {
        "where the shadow is longest"
    } else {
        "where the shadow is longest and the files rate the arrays"
    };
    let mut taken = vec![
        format!(
            "built from the files of {} as of {}: {arrays}, what is asked of those that the Sun \
             lights as loads; failures of units are not counted",
            opened.origin, station.identity.as_of
        ),
        format!(
            "orbit plane: not stated in a station's files; the Sun is taken in it (beta 0), {shadow}"
        ),
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
