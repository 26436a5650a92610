//! Power, heat and attitude of a station day by day, with the failures a file states.
//!
//! What sources can give stands beside what loads ask: the channels' orbit average on one side, the
//! loads in the order of their classes on the other, cooling after power because heat follows it,
//! and attitude last because gyroscopes need both. The orbit (altitude, Sun) is the caller's.

use crate::attitude::{self, Attitude, Control};
use crate::heat::{self, Cooling, Loop};
use crate::power::{self, Channel, Load, PowerModel, Shed};
use crate::processor::Segment;
use crate::supply::{Cause, OtherLoad};
use zarya_units::DAYS_PER_YEAR;

/// A channel with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its name, such as `2B`.
    pub id: String,
    /// The channel; its ages are those of the first day. A part whose age is below zero comes later.
    pub channel: Channel,
}

/// Something that is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lost {
    /// A share of a channel's old wing: index, share.
    Wing(usize, f64),
    /// A share of a channel's roll-out array: index, share.
    Rollout(usize, f64),
    /// A charger of a channel: index.
    Charger(usize),
    /// A battery of a channel: index. It takes its charger out of use.
    Battery(usize),
    /// A whole channel behind its own switch: index.
    Channel(usize),
    /// A main switching unit with its two channels: 0 to 3.
    Pair(usize),
    /// A cooling loop: index.
    Loop(usize),
    /// A share of a loop's radiators: index, share.
    Radiators(usize, f64),
    /// So many gyroscopes.
    Gyroscopes(u32),
    /// The thrusters that unload.
    Thrusters,
    /// The computers that command the thrusters.
    Computers,
}

/// A loss with its days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// Day it begins.
    pub day: f64,
    /// Day it is repaired, if it is.
    pub until: Option<f64>,
    /// What is lost.
    pub lost: Lost,
}

/// A station's power, heat and attitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Plant {
    /// Channels; two neighbors share a main switching unit.
    pub channels: Vec<Named>,
    /// Loads. Those of the Russian segment are what it asks through the converters.
    pub loads: Vec<OtherLoad>,
    /// Whether the converters run at what they pass during docking and reboost.
    pub dynamic: bool,
    /// Cooling loops.
    pub loops: Vec<Loop>,
    /// Crew, for its heat.
    pub crew: f64,
    /// Gyroscopes, thrusters, computers and propellant of the first day.
    pub attitude: Attitude,
    /// Momentum left to unload, Nms a day.
    pub momentum_nms_d: f64,
    /// Failures.
    pub failures: Vec<Failure>,
}

/// The orbit on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Days from the first.
    pub day: f64,
    /// Mean altitude, km.
    pub altitude_km: f64,
    /// Angle of the Sun to the orbit plane, degrees.
    pub beta_deg: f64,
}

/// What a day looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The orbit.
    pub light: Light,
    /// Share of the orbit in shadow.
    pub eclipse_fraction: f64,
    /// Power at the arrays in full sun, kW.
    pub sunlit_kw: f64,
    /// Load that each channel can carry around the orbit, kW.
    pub channels_kw: Vec<f64>,
    /// Load that all can carry: source-driven, kW.
    pub capability_kw: f64,
    /// The same at beta 0, where the eclipse is longest, kW.
    pub capability_least_kw: f64,
    /// What the loads ask, as far as converters pass it, kW.
    pub asked_kw: f64,
    /// What is served and shed for want of power.
    pub power: Shed,
    /// Power shed for want of cooling, kW.
    pub shed_by_cooling_kw: f64,
    /// By how much the heat of what the American loads ask exceeds what the loops can take, kW; 0
    /// where it does not. What is shed for want of power counts here too.
    pub short_of_cooling_kw: f64,
    /// Share of each load that is served.
    pub served: Vec<f64>,
    /// What takes most from each load, if anything does.
    pub shed_by: Vec<Option<Cause>>,
    /// What is shorter, power or cooling, if either is.
    pub cause: Option<Cause>,
    /// Heat to be rejected by the loops, kW.
    pub heat_kw: f64,
    /// Heat the loops can reject, kW.
    pub cooling_kw: f64,
    /// How well the station is cooled.
    pub cooling: Cooling,
    /// Who holds attitude.
    pub control: Control,
    /// Working gyroscopes.
    pub gyroscopes: u32,
    /// Momentum the gyroscopes can hold, Nms.
    pub momentum_capacity_nms: f64,
    /// Days to saturation from this day on, while nothing unloads.
    pub days_to_saturation: Option<f64>,
    /// Propellant for attitude, kg/d.
    pub propellant_kg_d: f64,
    /// Propellant left, kg.
    pub propellant_kg: f64,
}

impl Moment {
    /// Returns the power left after what loads ask, kW; negative is what must be shed.
    pub fn margin_kw(&self) -> f64 {
        self.power.margin_kw
    }

    /// Returns the power shed, for want of power and of cooling, kW.
    pub fn shed_kw(&self) -> f64 {
        self.power.shed_kw + self.shed_by_cooling_kw
    }
}

/// The id of the load that carries the gyroscopes, if a file states it.
pub const GYROSCOPE_LOAD: &str = "gyroscopes";

/// Returns the plant day by day, in the order of `lights`.
///
/// Propellant is spent between the days given, at the rate of the earlier one.
///
/// # Panics
///
/// If the days are not ascending.
pub fn outlook(plant: &Plant, lights: &[Light], model: &PowerModel) -> Vec<Moment> {
    let mut propellant_kg = plant.attitude.propellant_kg;
    let mut moments: Vec<Moment> = Vec::with_capacity(lights.len());
    for light in lights {
        if let Some(before) = moments.last() {
            let days = light.day - before.light.day;
            assert!(days >= 0.0, "days go forward");
            propellant_kg = (propellant_kg - before.propellant_kg_d * days).max(0.0);
        }
        moments.push(moment(plant, light, propellant_kg, model));
    }
    moments
}

/// Returns one day of the plant with so much propellant left.
pub fn moment(plant: &Plant, light: &Light, propellant_kg: f64, model: &PowerModel) -> Moment {
    let now = at(plant, light.day);
    let years = light.day / DAYS_PER_YEAR;
    let shadow = power::eclipse_fraction(light.altitude_km, light.beta_deg);
    let longest = power::eclipse_fraction(light.altitude_km, 0.0);
    let channels_kw: Vec<f64> =
        now.channels.iter().map(|c| c.orbit_average_kw(shadow, years, model)).collect();
    let capability_kw = channels_kw.iter().sum();
    let (loads, us) = asked(plant);
    let mut served = vec![0.0; loads.len()];
    let power = power::shed(capability_kw, &loads, &mut served);
    let drawn = served_kw(&loads, &served);
    // Heat follows what is served; the Russian segment rejects its own.
    let hot: Vec<Load> = loads
        .iter()
        .zip(&served)
        .zip(&us)
        .map(|((load, share), us)| Load {
            power_kw: if *us { load.power_kw * share } else { 0.0 },
            class: load.class,
        })
        .collect();
    let mut cooled = vec![0.0; loads.len()];
    let allowed = heat::power_allowed_kw(&now.loops, plant.crew);
    let by_cooling = power::shed(allowed, &hot, &mut cooled);
    let shed_by = served
        .iter()
        .zip(&cooled)
        .zip(&us)
        .map(|((powered, cooled), us)| {
            let cooled = if *us { *cooled } else { 1.0 };
            let cause = if *powered <= cooled { Cause::Power } else { Cause::Cooling };
            (powered.min(cooled) < 1.0).then_some(cause)
        })
        .collect();
    let hot_kw: f64 =
        loads.iter().zip(&us).filter(|(_, us)| **us).map(|(load, _)| load.power_kw).sum();
    let short_of_cooling_kw =
        if by_cooling.shed_kw > 0.0 { (hot_kw - allowed).max(0.0) } else { 0.0 };
    for ((served, cooled), us) in served.iter_mut().zip(&cooled).zip(&us) {
        *served *= if *us { *cooled } else { 1.0 };
    }
    let cause = if power.shed_kw > 0.0 && power.shed_kw >= short_of_cooling_kw {
        Some(Cause::Power)
    } else {
        (by_cooling.shed_kw > 0.0).then_some(Cause::Cooling)
    };
    let cooling = heat::cooling(&now.loops);
    let gyroscope_share = plant
        .loads
        .iter()
        .zip(&served)
        .find(|(load, _)| load.id == GYROSCOPE_LOAD)
        .map_or(f64::from(u8::from(capability_kw > 0.0)), |(_, share)| *share);
    let attitude = Attitude {
        powered: plant.attitude.powered && gyroscope_share > 0.0,
        cooled: plant.attitude.cooled && cooling != Cooling::Lost,
        propellant_kg,
        ..now.attitude
    };
    let control = attitude.control();
    Moment {
        light: *light,
        eclipse_fraction: shadow,
        sunlit_kw: now.channels.iter().map(|channel| channel.sunlit_kw(years, model)).sum(),
        capability_kw,
        capability_least_kw: power::orbit_average_kw(&now.channels, longest, years, model),
        channels_kw,
        asked_kw: loads.iter().fold(0.0, |sum, load| sum + load.power_kw),
        heat_kw: heat::load_kw(by_cooling.served_kw, plant.crew),
        shed_by_cooling_kw: drawn - served_kw(&loads, &served),
        short_of_cooling_kw,
        power,
        served,
        shed_by,
        cause,
        cooling_kw: heat::capacity_kw(&now.loops),
        cooling,
        control,
        gyroscopes: attitude.gyroscopes,
        momentum_capacity_nms: attitude.momentum_capacity_nms(),
        days_to_saturation: attitude.days_to_saturation(plant.momentum_nms_d),
        propellant_kg_d: match control {
            Control::Nominal => attitude::unloading_propellant_kg_d(plant.momentum_nms_d),
            Control::Thrusters => attitude::thruster_hold_propellant_kg_d(),
            Control::Saturating | Control::Lost => 0.0,
        },
        propellant_kg,
    }
}

fn served_kw(loads: &[Load], served: &[f64]) -> f64 {
    loads.iter().zip(served).map(|(load, share)| load.power_kw * share).sum()
}

/// The loads as the American buses see them, and which of them stay in the American segment: what
/// the Russian segment asks is cut to what the converters pass, all loads alike.
fn asked(plant: &Plant) -> (Vec<Load>, Vec<bool>) {
    let russian: f64 = plant
        .loads
        .iter()
        .filter(|load| load.segment == Segment::Russian)
        .map(|load| load.power_kw)
        .sum();
    let passed = power::transferred_kw(russian, f64::INFINITY, plant.dynamic);
    let share = if russian > 0.0 { passed / russian } else { 1.0 };
    plant
        .loads
        .iter()
        .map(|load| {
            let us = load.segment == Segment::Us;
            let power_kw = if us { load.power_kw } else { load.power_kw * share };
            (Load { power_kw, class: load.class }, us)
        })
        .unzip()
}

struct Now {
    channels: Vec<Channel>,
    loops: Vec<Loop>,
    attitude: Attitude,
}

/// The plant with the failures of a day, and without what is not there yet.
fn at(plant: &Plant, day: f64) -> Now {
    let years = day / DAYS_PER_YEAR;
    let mut channels: Vec<Channel> = plant
        .channels
        .iter()
        .map(|Named { channel, .. }| {
            let mut channel = *channel;
            if channel.rollout_years + years < 0.0 {
                channel.rollout_kw = 0.0;
            }
            if channel.wing_years + years < 0.0 {
                channel.wing_kw = 0.0;
            }
            channel
        })
        .collect();
    let (mut loops, mut attitude) = (plant.loops.clone(), plant.attitude);
    for failure in &plant.failures {
        if failure.day > day || failure.until.is_some_and(|until| until <= day) {
            continue;
        }
        match failure.lost {
            Lost::Wing(i, share) => {
                if let Some(channel) = channels.get_mut(i) {
                    channel.wing_health = (channel.wing_health - share).max(0.0);
                }
            }
            Lost::Rollout(i, share) => {
                if let (Some(channel), Some(whole)) = (channels.get_mut(i), plant.channels.get(i)) {
                    let lost = whole.channel.rollout_kw * share;
                    // What is lost leaves no more light to the wing below it.
                    channel.wing_health *= covered(channel);
                    channel.rollout_kw = (channel.rollout_kw - lost).max(0.0);
                    channel.wing_health /= covered(channel);
                }
            }
            Lost::Charger(i) | Lost::Battery(i) => {
                if let Some(channel) = channels.get_mut(i) {
                    channel.chargers = channel.chargers.saturating_sub(1);
                }
            }
            Lost::Channel(i) => {
                if let Some(channel) = channels.get_mut(i) {
                    channel.switched = false;
                }
            }
            Lost::Pair(unit) => power::switch_pair(&mut channels, unit, false),
            Lost::Loop(i) => {
                if let Some(one) = loops.get_mut(i) {
                    one.running = false;
                }
            }
            Lost::Radiators(i, share) => {
                if let Some(one) = loops.get_mut(i) {
                    one.radiators = (one.radiators - share).max(0.0);
                }
            }
            Lost::Gyroscopes(n) => {
                attitude.gyroscopes = attitude.gyroscopes.saturating_sub(n);
            }
            Lost::Thrusters => attitude.thrusters = false,
            Lost::Computers => attitude.computers = false,
        }
    }
    Now { channels, loops, attitude }
}

/// Share of the old wing that a channel's roll-out array leaves free, as [`Channel::sunlit_kw`]
/// takes it.
fn covered(channel: &Channel) -> f64 {
    let share = crate::parameters::row(crate::parameters::power(), "covered-share").value;
    if channel.rollout_kw > 0.0 { 1.0 - share } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median() -> PowerModel {
        PowerModel::at(0.5, 0.5, 0.5)
    }

    fn load(id: &str, power_kw: f64, class: u32, segment: Segment) -> OtherLoad {
        OtherLoad { id: id.to_owned(), segment, power_kw, class }
    }

    fn plant() -> Plant {
        let channels = power::iss_channels().channels;
        Plant {
            channels: channels.into_iter().map(|(id, channel)| Named { id, channel }).collect(),
            loads: vec![
                load("core", 40.0, 0, Segment::Us),
                load(GYROSCOPE_LOAD, 0.8, 0, Segment::Us),
                load("science", 20.0, 3, Segment::Us),
                load("russian segment", 4.0, 1, Segment::Russian),
            ],
            dynamic: false,
            loops: heat::station_loops().to_vec(),
            crew: 7.0,
            attitude: Attitude {
                gyroscopes: 4,
                powered: true,
                cooled: true,
                thrusters: true,
                computers: true,
                propellant_kg: 100.0,
            },
            momentum_nms_d: 5000.0,
            failures: Vec::new(),
        }
    }

    const NOON: Light = Light { day: 0.0, altitude_km: 415.0, beta_deg: 0.0 };

    fn with(lost: Lost) -> Moment {
        let mut plant = plant();
        plant.failures = vec![Failure { day: 0.0, until: None, lost }];
        moment(&plant, &NOON, 100.0, &median())
    }

    /// Published: 84 to 120 kW around the orbit; a main switching unit is two of eight channels.
    #[test]
    fn the_station_carries_the_published_band() {
        let whole = moment(&plant(), &NOON, 100.0, &median());
        assert!((84.0..=125.0).contains(&whole.capability_kw), "{}", whole.capability_kw);
        assert_eq!(whole.cause, None);
        assert!((whole.asked_kw - 62.3).abs() < 1e-12, "1.5 kW pass of the 4 asked");
        let pair = with(Lost::Pair(0));
        let lost: f64 = whole.channels_kw[..2].iter().sum();
        assert!((whole.capability_kw - pair.capability_kw - lost).abs() < 1e-9);
        let third = with(Lost::Charger(3));
        let lost = whole.channels_kw[3] / 3.0;
        assert!((whole.capability_kw - third.capability_kw - lost).abs() < 1e-9);
        assert_eq!(with(Lost::Battery(3)).capability_kw, third.capability_kw);
    }

    /// Published: one of two loops of 35 kW means payloads off.
    #[test]
    fn a_lost_loop_sheds_the_highest_class() {
        let lost = with(Lost::Loop(0));
        assert_eq!((lost.cooling, lost.cause), (Cooling::Survival, Some(Cause::Cooling)));
        assert_eq!(lost.served[2], 0.0, "science goes whole");
        let left = 35.0 - 7.0 * 0.1367;
        assert!((lost.served[0] * 40.8 - left).abs() < 1e-9, "{:?}", lost.served);
        assert_eq!(lost.served[3], 1.0, "the Russian segment rejects its own heat");
        assert!((lost.heat_kw - 35.0).abs() < 1e-9);
        assert!((lost.shed_by_cooling_kw - (60.8 - left)).abs() < 1e-9);
    }

    /// Two loads of 60 kW: the arrays carry a little less, two loops of 35 kW much less.
    #[test]
    fn power_and_cooling_are_each_short_by_their_own() {
        let mut plant = plant();
        plant.loads = vec![load("one", 60.0, 0, Segment::Us), load("two", 60.0, 0, Segment::Us)];
        plant.crew = 0.0;
        let plant_kw = moment(&plant, &NOON, 100.0, &median()).capability_kw;
        let ask = plant_kw / 2.0 + 1.0;
        for load in &mut plant.loads {
            load.power_kw = ask;
        }
        let short = moment(&plant, &NOON, 100.0, &median());
        assert!((short.power.shed_kw - 2.0).abs() < 1e-9);
        assert!((short.short_of_cooling_kw - (2.0 * ask - 70.0)).abs() < 1e-9);
        assert_eq!(short.cause, Some(Cause::Cooling), "the larger shortage");
        assert_eq!(short.shed_by, [Some(Cause::Cooling); 2]);
        let served: f64 = short.served.iter().map(|share| share * ask).sum();
        assert!((served - 70.0).abs() < 1e-9);
    }

    #[test]
    fn without_cooling_gyroscopes_stop_and_thrusters_hold() {
        let mut plant = plant();
        plant.failures =
            [0, 1].map(|i| Failure { day: 0.0, until: Some(10.0), lost: Lost::Loop(i) }).to_vec();
        let lights = [0.0, 1.0, 10.0, 11.0].map(|day| Light { day, ..NOON });
        let moments = outlook(&plant, &lights, &median());
        assert_eq!(moments[0].control, Control::Thrusters);
        assert!(moments[1].propellant_kg == 0.0, "217 kg/d: 100 kg are gone in a day");
        assert_eq!(moments[1].control, Control::Lost);
        assert_eq!(moments[3].control, Control::Saturating, "nothing left to unload with");
        assert!((moments[3].days_to_saturation.unwrap() - 4.0 * 4880.0 / 5000.0).abs() < 1e-9);
    }

    /// Linear loss of 1.5 % of the new power a year, by hand for a wing alone.
    #[test]
    fn capability_falls_with_the_years_and_rises_with_beta() {
        let model = PowerModel { degradation_per_year: 0.015, ..median() };
        let plant = plant();
        let at = |day, beta_deg| {
            moment(&plant, &Light { day, beta_deg, ..NOON }, 100.0, &model).capability_kw
        };
        let years = 5.0 * DAYS_PER_YEAR;
        let carried = at(0.0, 0.0) / moment(&plant, &NOON, 0.0, &model).sunlit_kw;
        // Six roll-out arrays of 20 kW, and wings of 31 kW with six of them 54 % covered.
        let new_kw = 6.0 * 20.0 + 2.0 * 31.0 + 6.0 * 31.0 * 0.46;
        let lost = new_kw * 0.015 * 5.0 * carried;
        assert!((at(0.0, 0.0) - at(years, 0.0) - lost).abs() < 1e-9);
        assert!(at(0.0, 70.0) > 1.4 * at(0.0, 0.0), "no eclipse, no battery");
        let moment = moment(&plant, &Light { beta_deg: 70.0, ..NOON }, 0.0, &model);
        assert!((moment.capability_least_kw - at(0.0, 0.0)).abs() < 1e-9);
    }

    #[test]
    fn a_roll_out_array_counts_from_its_day() {
        let mut plant = plant();
        for named in &mut plant.channels {
            named.channel.rollout_years = -1.0;
        }
        let kw = |day| moment(&plant, &Light { day, ..NOON }, 0.0, &median()).sunlit_kw;
        assert!(kw(DAYS_PER_YEAR + 1.0) > kw(DAYS_PER_YEAR - 1.0));
        // One lost again leaves the covered part of its wing dark.
        let lost = with(Lost::Rollout(0, 1.0));
        let whole = moment(&self::plant(), &NOON, 0.0, &median());
        let own = 20.0 * (1.0 - median().degradation_per_year * 2.0);
        assert!((whole.sunlit_kw - lost.sunlit_kw - own).abs() < 1e-9);
    }
}
