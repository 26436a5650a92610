//! Oxygen generators, carbon dioxide beds, urine and water processors: what they make and need.

use crate::matter::{self, Substance};
use crate::parameters::{self, Basis, Parameter, Spread};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use zarya_units::Quantity;

/// The most sides of a station that keep stores and processors apart.
pub const SIDES_MAX: usize = 4;

/// What a processor's capacity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Makes {
    /// Oxygen made from water, in kg of oxygen.
    Oxygen,
    /// Carbon dioxide taken from the cabin, in kg of it.
    CarbonDioxideRemoval,
    /// Water made from removed carbon dioxide and hydrogen, in kg of water.
    CarbonDioxideReduction,
    /// Urine taken in, in kg.
    Distillate,
    /// Brine taken in, in kg.
    BrineWater,
    /// Waste water taken in, in kg.
    PotableWater,
    /// Condensate taken in, in kg.
    CondensateWater,
}

impl Makes {
    /// Returns the class of its load where the file gives none: 0 goes last when power or cooling
    /// is short.
    ///
    /// Assumed: breathing before water, water before what only saves water.
    pub fn class(self) -> u32 {
        match self {
            Self::Oxygen | Self::CarbonDioxideRemoval => 0,
            Self::Distillate | Self::BrineWater | Self::PotableWater | Self::CondensateWater => 1,
            Self::CarbonDioxideReduction => 2,
        }
    }
}

/// Which side of a station a thing is on. Case files and the table of processors know the two of the
/// ISS; a station has as many as its files name, by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Segment {
    /// The first side; of the ISS the American segment with its European and Japanese elements.
    Us,
    /// The second side; of the ISS the Russian segment.
    Russian,
    /// A further side, by its place from 0.
    #[serde(skip)]
    Further(u8),
}

impl Segment {
    /// Returns the side at a place among a station's, from 0.
    pub const fn at(place: usize) -> Self {
        match place {
            0 => Self::Us,
            1 => Self::Russian,
            _ => Self::Further(place as u8),
        }
    }

    /// Returns the word used in case files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Russian => "russian",
            Self::Further(_) => "further",
        }
    }
}

/// What a processor is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Switched off.
    Off,
    /// Warm and ready; makes nothing.
    Standby,
    /// Running at what is asked of it.
    Running,
    /// Asked for less than its least: switching between its least and standby. Its mean output and,
    /// power being linear in output, its mean power are those of running at what is asked.
    Cycling,
    /// Broken.
    Failed,
}

impl State {
    /// Returns the word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Standby => "standby",
            Self::Running => "running",
            Self::Cycling => "cycling",
            Self::Failed => "failed",
        }
    }
}

/// A processor as designed.
#[derive(Clone, Debug, PartialEq)]
pub struct Processor {
    /// Its id in files.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its capacity counts.
    pub makes: Makes,
    /// Where it is.
    pub segment: Segment,
    /// The partner who runs it.
    pub partner: String,
    /// Design capacity and published spread, kg/d.
    pub capacity: Spread,
    /// The least it can run at, kg/d; below that it cycles.
    pub minimum: f64,
    /// What stands behind the capacity.
    pub basis: Basis,
    /// Source, or reason.
    pub source: String,
    /// Lower runs first.
    pub priority: u32,
    /// Power at capacity, kW.
    pub power_kw: f64,
    /// Power in standby, kW.
    pub standby_kw: f64,
    /// What stands behind the power.
    pub power_basis: Basis,
}

impl Processor {
    /// Returns what it makes in kg/d when `demand` is asked.
    ///
    /// `health` derates the capacity (0 failed, 1 as designed); `powered` and `cooled` are the
    /// shares of its needs that are met, and the lesser of them derates it again.
    pub fn output(&self, state: State, health: f64, powered: f64, cooled: f64, demand: f64) -> f64 {
        if !matches!(state, State::Running | State::Cycling) {
            return 0.0;
        }
        let share = health.clamp(0.0, 1.0) * powered.min(cooled).clamp(0.0, 1.0);
        demand.clamp(0.0, self.capacity.value * share)
    }

    /// Returns its power in kW at an output in kg/d: standby, plus the rest in proportion.
    pub fn power_kw(&self, state: State, output: f64) -> f64 {
        match state {
            State::Off | State::Failed => 0.0,
            State::Standby => self.standby_kw,
            State::Running | State::Cycling => {
                let share = (output / self.capacity.value).clamp(0.0, 1.0);
                self.standby_kw + (self.power_kw - self.standby_kw) * share
            }
        }
    }

    /// Returns the heat in kW that it gives to its cooling loop: all its power but what leaves as
    /// the energy of hydrogen.
    pub fn heat_kw(&self, state: State, output: f64) -> f64 {
        // 286 kJ per mole of water split, for the oxygen made.
        const SPLITTING_KWH_PER_KG: f64 = 286.0 / (matter::molar::O / 1000.0) / 3600.0;
        let stored = match self.makes {
            Makes::Oxygen if matches!(state, State::Running | State::Cycling) => {
                output * SPLITTING_KWH_PER_KG / 24.0
            }
            _ => 0.0,
        };
        (self.power_kw(state, output) - stored).max(0.0)
    }

    /// Returns the state in which it makes `output` of the `capacity` it has, kg/d.
    pub fn state(&self, capacity: f64, output: f64) -> State {
        if capacity <= 0.0 {
            State::Off
        } else if output <= 0.0 {
            State::Standby
        } else if output < self.minimum {
            State::Cycling
        } else {
            State::Running
        }
    }

    /// Returns the most it makes in kg/d with so much power and cooling, kW; `None` when that is
    /// too little even for standby.
    ///
    /// The inverse of [`Processor::power_kw`] and [`Processor::heat_kw`].
    pub fn output_within(&self, power_kw: f64, cooling_kw: f64) -> Option<f64> {
        if power_kw < self.standby_kw || cooling_kw < self.standby_kw {
            return None;
        }
        let full = self.capacity.value;
        let within = |limit_kw: f64, full_kw: f64| {
            let span = full_kw - self.standby_kw;
            if span <= 0.0 || limit_kw >= full_kw {
                f64::INFINITY
            } else {
                full * (limit_kw - self.standby_kw) / span
            }
        };
        let by_power = within(power_kw, self.power_kw(State::Running, full));
        Some(by_power.min(within(cooling_kw, self.heat_kw(State::Running, full))))
    }

    /// Returns the water in kg that each kg of output uses (positive) or makes (negative).
    pub fn water_per_output(&self, recovery: f64) -> f64 {
        match self.makes {
            Makes::Oxygen => -matter::electrolysis().mass(Substance::Water),
            Makes::CarbonDioxideRemoval => 0.0,
            Makes::Distillate | Makes::BrineWater => -recovery,
            Makes::CarbonDioxideReduction | Makes::PotableWater | Makes::CondensateWater => -1.0,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    processor: Vec<Entry>,
    recovery: BTreeMap<String, parameters::Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    makes: Makes,
    segment: Segment,
    partner: String,
    capacity: String,
    low: String,
    high: String,
    minimum: Option<String>,
    basis: Basis,
    source: Option<String>,
    priority: u32,
    power: String,
    standby: String,
    power_basis: Basis,
    why: Option<String>,
}

struct Tables {
    processors: Vec<Processor>,
    recovery: BTreeMap<String, Parameter>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let file: File = toml::from_str(include_str!("../data/processors.toml"))
            .unwrap_or_else(|error| panic!("embedded processors: {error}"));
        Tables {
            processors: file.processor.into_iter().map(processor_from).collect(),
            recovery: file
                .recovery
                .into_iter()
                .map(|(id, row)| (id.clone(), parameters::parameter(id, row)))
                .collect(),
        }
    })
}

fn processor_from(entry: Entry) -> Processor {
    let id = entry.id;
    let number = |text: &str, unit: &str| {
        Quantity::parse_in(text, unit)
            .unwrap_or_else(|error| panic!("embedded processor `{id}`: {error}"))
    };
    let capacity = Spread {
        low: number(&entry.low, "kg/d"),
        value: number(&entry.capacity, "kg/d"),
        high: number(&entry.high, "kg/d"),
    };
    assert!(
        capacity.low <= capacity.value && capacity.value <= capacity.high,
        "embedded processor `{id}`: the capacity is outside its own spread"
    );
    Processor {
        name: entry.name,
        makes: entry.makes,
        segment: entry.segment,
        partner: entry.partner,
        capacity,
        minimum: entry.minimum.map_or(0.0, |text| number(&text, "kg/d")),
        basis: entry.basis,
        source: entry
            .source
            .or(entry.why)
            .unwrap_or_else(|| panic!("embedded processor `{id}` gives no source or reason")),
        priority: entry.priority,
        power_kw: number(&entry.power, "kW"),
        standby_kw: number(&entry.standby, "kW"),
        power_basis: entry.power_basis,
        id,
    }
}

/// Returns the processors of the station as designed.
pub fn processors() -> &'static [Processor] {
    &tables().processors
}

/// Returns the processor with an id.
pub fn processor(id: &str) -> Option<&'static Processor> {
    processors().iter().find(|processor| processor.id == id)
}

/// Returns a processor of a kind in a segment, to stand in for one that the table does not know: the
/// table's where it has one, else the table's other one moved there. Its capacity is the user's.
///
/// # Panics
///
/// If the segment is beyond [`SIDES_MAX`] sides.
pub fn stand_in(makes: Makes, segment: Segment) -> &'static Processor {
    static ALL: OnceLock<Vec<Processor>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all: Vec<Processor> = processors().to_vec();
        for processor in processors() {
            for segment in (0..SIDES_MAX).map(Segment::at) {
                all.push(Processor { segment, ..processor.clone() });
            }
        }
        all
    });
    all.iter()
        .find(|p| p.makes == makes && p.segment == segment)
        .expect("the table has a processor of every kind")
}

/// Returns a recovery share or ratio: `urine`, `brine`, `hydrogen-to-carbon-dioxide` and others.
///
/// # Panics
///
/// If the embedded table has no such row.
pub fn recovery(id: &str) -> &'static Parameter {
    parameters::row(&tables().recovery, id)
}

/// One of several that can serve a demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Provider {
    /// What it can give, in any unit of rate; already derated.
    pub capacity: f64,
    /// Lower serves first; equals share in proportion to capacity.
    pub priority: u32,
}

/// Shares a demand among providers by priority, writes what each gives, and returns what is
/// missing (zero when all is served).
///
/// # Panics
///
/// If the slices differ in length.
pub fn allocate(demand: f64, providers: &[Provider], given: &mut [f64]) -> f64 {
    assert!(providers.len() == given.len(), "one place per provider");
    given.fill(0.0);
    let mut left = demand.max(0.0);
    let mut done_below = 0;
    while left > 0.0 {
        let waiting = providers.iter().filter(|p| p.priority >= done_below);
        let Some(priority) = waiting.map(|p| p.priority).min() else { break };
        let peers = || providers.iter().filter(|p| p.priority == priority);
        let total: f64 = peers().map(|p| p.capacity.max(0.0)).sum();
        let share = if total > 0.0 { (left / total).min(1.0) } else { 0.0 };
        for (provider, given) in providers.iter().zip(&mut *given) {
            if provider.priority == priority {
                *given = provider.capacity.max(0.0) * share;
            }
        }
        left = if share < 1.0 && total > 0.0 { 0.0 } else { left - total };
        done_below = priority + 1;
    }
    left.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_processors_read() {
        for id in ["oga", "elektron", "cdra-lab", "cdra-node3", "vozdukh", "sabatier", "upa", "wpa"]
        {
            assert!(processor(id).is_some(), "{id}");
        }
        assert!((processor("cdra-lab").unwrap().capacity.value - 6.312).abs() < 1e-9);
        assert_eq!(recovery("urine").value, 0.74);
    }

    /// Every side has one of every kind, on its own side; the table's own come before copies.
    #[test]
    fn stand_ins_cover_all_sides() {
        for side in (0..SIDES_MAX).map(Segment::at) {
            for known in processors() {
                let stand_in = stand_in(known.makes, side);
                assert_eq!((stand_in.makes, stand_in.segment), (known.makes, side));
            }
        }
        assert_eq!(stand_in(Makes::Oxygen, Segment::Russian).id, "elektron");
        assert_eq!(stand_in(Makes::Oxygen, Segment::at(0)).id, "oga");
    }

    /// 6.3 crew at 1.0 to 1.04 kg/d, as printed beside the rate.
    #[test]
    fn a_bed_serves_the_published_crew() {
        let crew = processor("cdra-lab").unwrap().capacity.value / 1.0;
        assert!((crew / 6.3 - 1.0).abs() < 0.01);
    }

    /// 2,971 W at 9.2 kg/d and 469 W in standby; the day-and-night mode averages less.
    #[test]
    fn power_follows_output() {
        let oga = processor("oga").unwrap();
        assert!((oga.power_kw(State::Running, 9.2) - 2.971).abs() < 1e-12);
        assert_eq!(oga.power_kw(State::Standby, 0.0), 0.469);
        assert_eq!(oga.power_kw(State::Failed, 9.2), 0.0);
        assert!(oga.heat_kw(State::Running, 9.2) < 1.2, "most of the power leaves as hydrogen");
        assert_eq!(oga.output(State::Running, 0.5, 1.0, 1.0, 9.0), 4.6);
        assert_eq!(oga.output(State::Running, 1.0, 0.25, 1.0, 9.0), 2.3);
        assert_eq!(oga.output(State::Off, 1.0, 1.0, 1.0, 9.0), 0.0);
    }

    /// What a processor may draw and what it then makes are inverse, also for its heat.
    #[test]
    fn output_follows_power_and_cooling() {
        for processor in processors() {
            let half = processor.capacity.value * 0.5;
            let power = processor.power_kw(State::Running, half);
            let heat = processor.heat_kw(State::Running, half);
            let id = &processor.id;
            let by_power = processor.output_within(power, f64::INFINITY).unwrap();
            assert!((by_power / half - 1.0).abs() < 1e-12, "{id}");
            let by_heat = processor.output_within(f64::INFINITY, heat).unwrap();
            assert!((by_heat / half - 1.0).abs() < 1e-12, "{id}");
            assert_eq!(processor.output_within(9.0, 9.0), Some(f64::INFINITY));
        }
        assert_eq!(processor("oga").unwrap().output_within(0.4, 9.0), None, "469 W in standby");
    }

    /// Published: 25 to 160 L/h. Two people need 1.63 kg/d, more than the least of Elektron and
    /// less than that of the American generator.
    #[test]
    fn below_its_least_a_generator_cycles() {
        let state = |id: &str| processor(id).unwrap().state(5.0, 1.632);
        assert_eq!((state("elektron"), state("oga")), (State::Running, State::Cycling));
        assert_eq!(processor("oga").unwrap().state(5.0, 0.0), State::Standby);
        assert_eq!(processor("oga").unwrap().state(0.0, 0.0), State::Off);
    }

    #[test]
    fn demand_goes_to_the_first_in_line() {
        let providers = [
            Provider { capacity: 5.0, priority: 2 },
            Provider { capacity: 3.0, priority: 1 },
            Provider { capacity: 1.0, priority: 1 },
        ];
        let mut given = [0.0; 3];
        assert_eq!(allocate(2.0, &providers, &mut given), 0.0);
        assert_eq!(given, [0.0, 1.5, 0.5]);
        assert_eq!(allocate(6.0, &providers, &mut given), 0.0);
        assert_eq!(given, [2.0, 3.0, 1.0]);
        assert_eq!(allocate(10.0, &providers, &mut given), 1.0);
        assert_eq!(allocate(0.0, &providers, &mut given), 0.0);
        assert_eq!(given, [0.0; 3]);
    }
}
