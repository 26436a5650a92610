//! A life-support question: who is aboard, what is stored, what runs, what leaks, what arrives.

use crate::air::{self, Outflow};
use crate::matter::Process;
use crate::parameters::{self, Basis, Spread, row};
use crate::processor::{self, Makes, Processor, Segment};
use crate::setpoint::SetPoints;
use crate::supply::Supplies;
use std::ops::RangeInclusive;

/// What a stock holds. Counts are of pieces, the rest is kg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StockKind {
    /// Oxygen gas in tanks.
    Oxygen,
    /// Oxygen candles, pieces.
    Candles,
    /// Nitrogen gas in tanks.
    Nitrogen,
    /// Potable water.
    Water,
    /// Potable water with its containers, which become trash when it goes into the tanks.
    WaterPacked,
    /// Food with its water, without packaging.
    Food,
    /// Food with its water and packaging.
    FoodPacked,
    /// Lithium hydroxide canisters, pieces.
    LiohCanisters,
    /// Condensate and other waste water for the water processors.
    Condensate,
    /// Urine.
    Urine,
    /// Brine left by the urine processor.
    Brine,
    /// Trash.
    Trash,
}

impl StockKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Oxygen,
        Self::Candles,
        Self::Nitrogen,
        Self::Water,
        Self::WaterPacked,
        Self::Food,
        Self::FoodPacked,
        Self::LiohCanisters,
        Self::Condensate,
        Self::Urine,
        Self::Brine,
        Self::Trash,
    ];

    /// Returns the id used in files.
    pub fn id(self) -> &'static str {
        [
            "oxygen",
            "candles",
            "nitrogen",
            "water",
            "water-packed",
            "food",
            "food-packed",
            "lioh-canisters",
            "condensate",
            "urine",
            "brine",
            "trash",
        ][self as usize]
    }

    /// Returns the kind with an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Returns whether it is counted in pieces.
    pub fn counted(self) -> bool {
        matches!(self, Self::Candles | Self::LiohCanisters)
    }
}

/// Which stores a thing belongs to: the whole station's or one segment's.
pub type Owner = Option<Segment>;

/// An amount aboard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// What.
    pub kind: StockKind,
    /// Whose store.
    pub owner: Owner,
    /// How much, kg or pieces.
    pub amount: f64,
}

/// A processor named by the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Which.
    pub processor: &'static Processor,
    /// What a station states of it, where it is not one of the table's own.
    pub own: Option<Own>,
    /// What it can do, kg/d, with its spread; zero when it is off.
    pub capacity: Spread,
    /// Whether the rate is the user's (`given`) or the table's.
    pub basis: Basis,
    /// The pressures it switches at; without them it makes what is asked of it.
    pub control: Option<SetPoints>,
    /// Class of its load where power or cooling is short, see [`crate::supply`]; 0 goes last.
    pub class: u32,
}

impl Running {
    /// Returns a processor that makes what is asked of it up to `capacity`, in its usual class.
    pub fn new(processor: &'static Processor, capacity: Spread, basis: Basis) -> Self {
        let class = processor.makes.class();
        Self { processor, own: None, capacity, basis, control: None, class }
    }

    /// Returns a processor of a station's own. Its power is that of the table's processor of its kind.
    pub fn of_station(own: Own, makes: Makes, segment: Segment, capacity: Spread) -> Self {
        let processor = processor::stand_in(makes, segment);
        Self { own: Some(own), ..Self::new(processor, capacity, Basis::Given) }
    }

    /// Returns its id in answers.
    pub fn id(&self) -> &str {
        self.own.as_ref().map_or(&self.processor.id, |own| &own.id)
    }

    /// Returns the partner who runs it, where there is one.
    pub fn partner(&self) -> Option<&str> {
        match &self.own {
            Some(own) => own.partner.as_deref(),
            None => Some(&self.processor.partner),
        }
    }
}

/// A processor by the files of a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// Its id there.
    pub id: String,
    /// The partner who runs it, if one does.
    pub partner: Option<String>,
    /// Where its rate is stated.
    pub source: String,
}

/// A leak named by the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Leak {
    /// Its name: an element, a zone, or anything.
    pub id: String,
    /// The zone it empties; the first one when not named.
    pub zone: usize,
    /// Outflow at the starting pressure, kg/d.
    pub rate: Spread,
    /// Growth per day of the logarithm of the rate.
    pub growth_per_day: f64,
    /// How the outflow goes with pressure.
    pub outflow: Outflow,
    /// The hole it was computed from, for the answer's list of rates.
    pub hole_mm: Option<f64>,
    /// Where its rate is stated, if not in a case file.
    pub source: Option<String>,
}

impl Leak {
    /// Returns a leak of a zone that does not grow, of gas that streams out as fast as sound.
    pub fn steady(id: &str, zone: usize, kg_d: f64) -> Self {
        Self {
            id: id.to_owned(),
            zone,
            rate: Spread::point(kg_d),
            growth_per_day: 0.0,
            outflow: Outflow::Choked,
            hole_mm: None,
            source: None,
        }
    }
}

/// A part of the pressurized volume behind a hatch.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name.
    pub id: String,
    /// Volume, m3.
    pub volume_m3: f64,
    /// The segment whose processors and stores serve it.
    pub segment: Owner,
    /// Crew inside while its hatch is closed.
    pub crew: f64,
    /// Whether its hatch is open at the start.
    pub open: bool,
}

impl Zone {
    /// Returns a zone behind an open hatch, of no segment and with nobody to itself.
    pub fn open(id: &str, volume_m3: f64) -> Self {
        Self { id: id.to_owned(), volume_m3, segment: None, crew: 0.0, open: true }
    }
}

/// Something brought by a vehicle.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// Days from the start.
    pub day: f64,
    /// The partner whose vehicle it is, if named.
    pub partner: Option<String>,
    /// What it brings.
    pub items: Vec<Held>,
}

/// Something that changes on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Days from the start.
    pub day: f64,
    /// What changes.
    pub what: What,
}

/// What changes.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The number aboard.
    Crew(f64),
    /// A processor's capacity, kg/d: index in [`Case::running`].
    Capacity(usize, Spread),
    /// A leak's rate, kg/d, patched or relapsed: index in [`Case::leaks`].
    LeakRate(usize, f64),
    /// A leak's rate as a share of what it then is: index in [`Case::leaks`].
    LeakShare(usize, f64),
    /// A zone's hatch: index in [`Case::zones`], open or not.
    Hatch(usize, bool),
    /// A spacewalk of so many people and hours.
    Eva(u32, f64),
    /// Power that a segment can draw from now on, kW.
    Power(Segment, f64),
    /// Heat that a segment's loops can take from now on, kW.
    Cooling(Segment, f64),
}

/// Cabin air at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CabinAir {
    /// Total pressure, kPa.
    pub total_kpa: f64,
    /// Partial pressure of oxygen, kPa.
    pub oxygen_kpa: f64,
    /// Partial pressure of carbon dioxide, kPa.
    pub carbon_dioxide_kpa: f64,
    /// Partial pressure of water vapor, kPa.
    pub vapor_kpa: f64,
    /// Temperature, K.
    pub temperature_k: f64,
}

impl CabinAir {
    /// Returns the cabin air used where the file gives none.
    pub fn standard() -> Self {
        let table = parameters::air();
        let kpa = |id: &str| row(table, id).in_unit("kPa");
        let total_kpa = kpa("total-pressure");
        Self {
            total_kpa,
            oxygen_kpa: total_kpa * row(table, "oxygen-fraction").value,
            carbon_dioxide_kpa: kpa("carbon-dioxide-pressure"),
            vapor_kpa: kpa("vapor-pressure"),
            temperature_k: air::default_temperature_k(),
        }
    }
}

/// A limit on something in the cabin or in store.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What it limits.
    pub of: Limited,
    /// The low end, kPa, kg or pieces.
    pub low: Option<f64>,
    /// The high end, kPa.
    pub high: Option<f64>,
    /// What stands behind it.
    pub basis: Basis,
    /// Source, or reason.
    pub source: String,
}

/// What can be limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limited {
    /// Partial pressure of oxygen.
    OxygenPartialPressure,
    /// Partial pressure of carbon dioxide.
    CarbonDioxidePartialPressure,
    /// Total pressure.
    TotalPressure,
    /// A stock.
    Stock(StockKind),
}

impl Limited {
    /// The cabin's limits.
    pub const CABIN: [Self; 3] =
        [Self::OxygenPartialPressure, Self::CarbonDioxidePartialPressure, Self::TotalPressure];

    /// Returns the id used in files and answers.
    pub fn id(self) -> &'static str {
        match self {
            Self::OxygenPartialPressure => "oxygen_partial_pressure",
            Self::CarbonDioxidePartialPressure => "carbon_dioxide_partial_pressure",
            Self::TotalPressure => "total_pressure",
            Self::Stock(kind) => kind.id(),
        }
    }

    /// Returns the unit its ends are in.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Stock(kind) if kind.counted() => "pieces",
            Self::Stock(_) => "kg",
            _ => "kPa",
        }
    }

    /// Returns the limit used where the file gives none.
    pub fn default_limit(self) -> Limit {
        let table = parameters::air();
        let find = |end: &str| {
            let id = format!("limit-{}-{end}", self.id().replace('_', "-"));
            table.get(&id)
        };
        let (low, high) = (find("low"), find("high"));
        // One end that is assumed makes the limit assumed, and its text says which.
        let ends = [low, high].into_iter().flatten();
        let assumed = ends.clone().any(|row| row.basis == Basis::Assumed);
        let basis = ends.map(|row| row.basis).next().unwrap_or(Basis::Assumed);
        let texts: Vec<String> = [("low", low), ("high", high)]
            .into_iter()
            .filter_map(|(end, row)| {
                row.map(|row| format!("{end} [{}]: {}", row.basis.word(), row.source))
            })
            .collect();
        Limit {
            of: self,
            low: low.map(|row| row.in_unit("kPa")),
            high: high.map(|row| row.in_unit("kPa")),
            basis: if assumed { Basis::Assumed } else { basis },
            source: if texts.is_empty() { "nothing left".to_owned() } else { texts.join("; ") },
        }
    }
}

/// Whether a cabin starts elsewhere than the standard one in what is limited.
fn start_kpa_stated(of: Limited, cabin: &CabinAir) -> bool {
    let standard = CabinAir::standard();
    match of {
        Limited::OxygenPartialPressure => cabin.oxygen_kpa != standard.oxygen_kpa,
        Limited::CarbonDioxidePartialPressure => {
            cabin.carbon_dioxide_kpa != standard.carbon_dioxide_kpa
        }
        Limited::TotalPressure => cabin.total_kpa != standard.total_kpa,
        Limited::Stock(_) => false,
    }
}

/// Seats home where none are stated: two vehicles of each kind, as during a handover.
pub fn seats_most() -> u32 {
    let table = parameters::air();
    2 * (row(table, "seats-soyuz").value + row(table, "seats-dragon").value) as u32
}

/// A whole question.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// People aboard.
    pub crew: f64,
    /// Seats home, where stated.
    pub seats: Option<u32>,
    /// Hours of hard exercise per person and day; the standard day's where not stated.
    pub exercise_h: Option<f64>,
    /// Zones; one when the file names none.
    pub zones: Vec<Zone>,
    /// Cabin air at the start.
    pub air: CabinAir,
    /// What is aboard.
    pub stocks: Vec<Held>,
    /// Processors named, running or not.
    pub running: Vec<Running>,
    /// Processes of the file's own, in kg/d: they make or use cabin oxygen and potable water, and
    /// take the rest from, or add it to, what is vented.
    pub processes: Vec<Process>,
    /// Leaks.
    pub leaks: Vec<Leak>,
    /// What vehicles bring.
    pub arrivals: Vec<Arrival>,
    /// What changes.
    pub changes: Vec<Change>,
    /// Limits; the cabin's three are always there.
    pub limits: Vec<Limit>,
    /// Power and cooling, where stated, and the loads that share them.
    pub supplies: Supplies,
    /// What the files of a station state beside the form of a case file.
    pub of_station: OfStation,
}

/// What a station states of its own; what it leaves out is the table's. The default states nothing, as
/// a case file does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfStation {
    /// Ids of its sides in their order, at most [`crate::balance::SIDES_MAX`]; none: the two of the ISS.
    pub sides: Vec<String>,
    /// Factor on all rates of the crew table.
    pub metabolism: Option<OwnRate>,
    /// Shares of the water in urine and in brine that their processors give back.
    pub recovery: [Option<OwnRate>; 2],
    /// What is drawn from stocks beside the balance, such as water for hygiene.
    pub draws: Vec<OwnDraw>,
    /// The most that its stocks hold: what a vehicle brings beyond it does not come aboard.
    pub capacities: Vec<Held>,
}

/// A rate that a station states in place of the table's.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnRate {
    /// The value with its spread.
    pub spread: Spread,
    /// What stands behind it.
    pub basis: Basis,
    /// Source, or reason.
    pub source: String,
}

/// A draw on a stock beside the balance; what is drawn leaves the station, and below zero comes from
/// outside.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnDraw {
    /// Its name in answers.
    pub id: String,
    /// From what.
    pub kind: StockKind,
    /// From whose store.
    pub owner: Owner,
    /// How much, kg/d or pieces a day. Its spread follows that of the water drunk.
    pub rate: OwnRate,
    /// What it is per.
    pub per: DrawnPer,
    /// Drawn only while this one runs: index in [`Case::running`].
    pub during: Option<usize>,
    /// Drawn only while this one does not: index in [`Case::running`].
    pub unless: Option<usize>,
}

/// What a draw scales with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawnPer {
    /// The station: once.
    Station,
    /// Each person aboard.
    Crew,
    /// Each kg of air that leaks a day.
    Leak,
}

/// A leak grows no further than this, kg/d: the air of the largest station is then gone in minutes.
pub const LEAK_MOST_KG_D: f64 = 1e6;
/// The most people of a case.
pub const CREW_MOST: f64 = 1_000.0;
/// Pressurized volumes of a zone that are computed, m3: as in the files of a station.
pub const VOLUME_M3: RangeInclusive<f64> = 1e-3..=1e6;
/// The most that a processor makes, kg/d.
pub const RATE_MOST_KG_D: f64 = 1e6;
/// Temperatures of a cabin that are computed, K: as in the files of a station.
pub const TEMPERATURE_K: RangeInclusive<f64> = 200.0..=400.0;
/// The highest total pressure, kPa: as in the files of a station.
pub const TOTAL_MOST_KPA: f64 = 1_000.0;

/// What is wrong with a case, and where: a path like `stocks.oxygen`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path in the file.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Case {
    /// Returns a crew in standard air with the cabin's default limits, where nothing is stocked, runs,
    /// leaks, arrives or changes.
    pub fn bare(crew: f64, zones: Vec<Zone>) -> Self {
        Self {
            crew,
            seats: None,
            exercise_h: None,
            zones,
            air: CabinAir::standard(),
            stocks: Vec::new(),
            running: Vec::new(),
            processes: Vec::new(),
            leaks: Vec::new(),
            arrivals: Vec::new(),
            changes: Vec::new(),
            limits: Limited::CABIN.map(Limited::default_limit).to_vec(),
            supplies: Supplies::default(),
            of_station: OfStation::default(),
        }
    }

    /// Returns the names of owners of stores in columns, by their place in the balance: the station as a
    /// whole, then its sides. Each is its own.
    pub fn owner_names(&self) -> Vec<String> {
        let mut names = vec!["station".to_owned()];
        if self.of_station.sides.is_empty() {
            names.extend([Segment::Us, Segment::Russian].map(|side| side.word().to_owned()));
        }
        for side in &self.of_station.sides {
            let mut name = side.replace('-', "_");
            while names.contains(&name) {
                name.push_str("_side");
            }
            names.push(name);
        }
        names
    }

    /// Returns the volume of all zones, m3.
    pub fn volume_m3(&self) -> f64 {
        self.zones.iter().map(|zone| zone.volume_m3).sum()
    }

    /// Returns the amount aboard of a kind, over all owners.
    pub fn amount(&self, kind: StockKind) -> f64 {
        self.stocks.iter().filter(|held| held.kind == kind).map(|held| held.amount).sum()
    }

    /// Returns whether the file states anything about a kind.
    pub fn states(&self, kind: StockKind) -> bool {
        let of_kind = |held: &Held| held.kind == kind;
        self.stocks.iter().any(of_kind)
            || self.arrivals.iter().any(|arrival| arrival.items.iter().any(of_kind))
    }

    /// Returns the case after partners have left: their processors stop and their vehicles do not
    /// come. What is aboard stays.
    #[must_use]
    pub fn without(&self, partners: &[&str]) -> Self {
        let mut case = self.clone();
        for running in &mut case.running {
            if running.partner().is_some_and(|partner| partners.contains(&partner)) {
                running.capacity = Spread::point(0.0);
            }
        }
        for change in &mut case.changes {
            if let What::Capacity(index, capacity) = &mut change.what
                && self.running[*index].partner().is_some_and(|partner| partners.contains(&partner))
            {
                *capacity = Spread::point(0.0);
            }
        }
        case.arrivals.retain(|arrival| {
            arrival.partner.as_deref().is_none_or(|partner| !partners.contains(&partner))
        });
        case
    }

    /// Returns a sentence for each processor that the case runs above its design value, at the start
    /// or from a change on.
    pub fn above_design(&self) -> Vec<String> {
        const ROUNDING: f64 = 1.0 + 1e-6;
        let rounded = |kg_d: f64| (kg_d * 1000.0).round() / 1000.0;
        let mut words = Vec::new();
        // A station's own is not compared with the table's: its rate is its design.
        for (at, running) in self.running.iter().enumerate().filter(|(_, r)| r.own.is_none()) {
            let changed = self.changes.iter().filter_map(|change| match &change.what {
                What::Capacity(index, capacity) if *index == at => Some(capacity.value),
                _ => None,
            });
            let most = changed.fold(running.capacity.value, f64::max);
            let design = running.processor.capacity;
            if most > design.value * ROUNDING {
                let published = if most <= design.high * ROUNDING {
                    format!(", inside what is published, up to {} kg/d", rounded(design.high))
                } else {
                    String::new()
                };
                words.push(format!(
                    "`{}` runs at {} kg/d, above the design value of {} kg/d{published}",
                    running.id(),
                    rounded(most),
                    rounded(design.value)
                ));
            }
        }
        words
    }

    /// Returns everything that makes the case impossible; empty when it can be computed.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |path: &str, message: String, help: &str| {
            faults.push(Fault { path: path.to_owned(), message, help: help.to_owned() });
        };
        if !(self.crew.is_finite() && self.crew >= 0.0) {
            fault("crew", format!("a crew of {}", self.crew), "write a number of 0 or more");
        }
        if self.crew > CREW_MOST {
            let help = format!("the most is {CREW_MOST}: a crew, not a town");
            fault("crew", format!("a crew of {}", self.crew), &help);
            return faults;
        }
        let seats = self.seats.unwrap_or_else(seats_most);
        if self.crew > f64::from(seats) {
            let stated =
                if self.seats.is_some() { "" } else { ", the most that four vehicles give" };
            fault(
                "crew",
                format!("{} aboard and only {seats} seats home{stated}", self.crew),
                "lower `crew` or state `seats`: everyone needs a seat at every moment",
            );
        }
        for change in &self.changes {
            if let What::Crew(crew) = change.what
                && crew > f64::from(seats)
            {
                fault(
                    "change",
                    format!("{crew} aboard from day {} and only {seats} seats home", change.day),
                    "lower the crew or state `seats`: everyone needs a seat at every moment",
                );
            }
        }
        for zone in &self.zones {
            if !VOLUME_M3.contains(&zone.volume_m3) {
                let (least, most) = (VOLUME_M3.start(), VOLUME_M3.end());
                fault(
                    if self.zones.len() == 1 { "volume" } else { "zone" },
                    format!("a volume of {} m3", zone.volume_m3),
                    &format!(
                        "write the pressurized volume, such as \"916 m3\"; from {least} to {most} m3"
                    ),
                );
            }
        }
        for held in &self.stocks {
            if !(held.amount.is_finite() && held.amount >= 0.0) {
                fault(
                    &format!("stocks.{}", held.kind.id()),
                    format!("a stock of {} {}", held.amount, Limited::Stock(held.kind).unit()),
                    "a stock cannot be negative; leave the line out if nothing is known of it",
                );
            }
        }
        for running in &self.running {
            let Spread { low, high, .. } = running.capacity;
            if !(0.0 <= low && high <= RATE_MOST_KG_D) {
                fault(
                    &format!("running.{}", running.id()),
                    format!("a rate of {} kg/d", running.capacity.value),
                    &format!("write a rate of 0 to {RATE_MOST_KG_D} kg/d, `true` or `false`"),
                );
            }
        }
        for leak in &self.leaks {
            if !(0.0 <= leak.rate.low && leak.rate.high <= LEAK_MOST_KG_D) {
                fault(
                    &format!("leak.{}", leak.id),
                    format!("a leak of {} kg/d", leak.rate.value),
                    &format!("a leak is outflow: write it as 0 to {LEAK_MOST_KG_D} kg/d"),
                );
            }
        }
        for (index, arrival) in self.arrivals.iter().enumerate() {
            for held in &arrival.items {
                if !(held.amount.is_finite() && held.amount >= 0.0) {
                    fault(
                        &format!("arrival.{index}.{}", held.kind.id()),
                        format!(
                            "an arrival of {} {}",
                            held.amount,
                            Limited::Stock(held.kind).unit()
                        ),
                        "an arrival cannot take away",
                    );
                }
            }
        }
        self.closed_off_faults(&mut fault);
        self.limit_faults(&mut fault);
        self.control_faults(&mut fault);
        self.supply_faults(&mut fault);
        faults
    }

    /// People behind closed hatches are part of the crew, at the start and after every change.
    fn closed_off_faults(&self, fault: &mut impl FnMut(&str, String, &str)) {
        let mut crew = self.crew;
        let mut open: Vec<bool> = self.zones.iter().map(|zone| zone.open).collect();
        let check = |crew: f64, open: &[bool]| {
            let closed = self.zones.iter().zip(open).filter(|(_, open)| !**open);
            let people: f64 = closed.map(|(zone, _)| zone.crew).sum();
            (people > crew).then_some(people)
        };
        if let Some(people) = check(crew, &open) {
            let zone = self.zones.iter().rposition(|zone| !zone.open && zone.crew > 0.0);
            fault(
                &zone.map_or("zone".to_owned(), |zone| format!("zone.{zone}.crew")),
                format!("{people} people in closed zones and only {crew} aboard"),
                "those behind closed hatches are part of `crew`: raise it, or lower theirs",
            );
            return;
        }
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        changes.sort_by(|a, b| a.day.total_cmp(&b.day));
        for (at, change) in changes.iter().enumerate() {
            match change.what {
                What::Crew(number) => crew = number,
                What::Hatch(zone, state) => open[zone] = state,
                _ => continue,
            }
            // What changes at the same moment counts together.
            if changes.get(at + 1).is_some_and(|next| next.day <= change.day) {
                continue;
            }
            if let Some(people) = check(crew, &open) {
                fault(
                    "change",
                    format!(
                        "{people} people in closed zones and only {crew} aboard from day {}",
                        change.day
                    ),
                    "those behind closed hatches are part of the crew: change the hatch or the crew",
                );
                return;
            }
        }
    }

    fn control_faults(&self, fault: &mut impl FnMut(&str, String, &str)) {
        if self.running.len() > crate::balance::UNITS {
            fault(
                "running",
                format!("{} processors", self.running.len()),
                "a case has at most sixteen of them",
            );
        }
        for running in &self.running {
            let Some(points) = running.control else { continue };
            let path = format!("running.{}", running.id());
            if let Err(error) = points.check(running.capacity.value) {
                fault(
                    &path,
                    error.to_string(),
                    "give the lower pressure below the upper one, and a least rate below the full",
                );
                continue;
            }
            let of = match running.processor.makes {
                Makes::Oxygen => Limited::OxygenPartialPressure,
                Makes::CarbonDioxideRemoval => Limited::CarbonDioxidePartialPressure,
                _ => {
                    fault(
                        &path,
                        format!("`{}` controls no partial pressure", running.id()),
                        "set points are for oxygen generators and carbon dioxide beds",
                    );
                    continue;
                }
            };
            let limit = self.limits.iter().find(|limit| limit.of == of);
            let low = limit.and_then(|limit| limit.low).filter(|low| points.low_kpa < *low);
            let high = limit.and_then(|limit| limit.high).filter(|high| points.high_kpa > *high);
            if let Some(end) = low.or(high) {
                fault(
                    &path,
                    format!(
                        "set points of {:.3} and {:.3} kPa cross the limit of {end:.3} kPa on `{}`",
                        points.low_kpa,
                        points.high_kpa,
                        of.id()
                    ),
                    "switch inside the limits, or state other ones in [limits]",
                );
            }
        }
    }

    fn supply_faults(&self, fault: &mut impl FnMut(&str, String, &str)) {
        let dated = self.changes.iter().filter_map(|change| match change.what {
            What::Power(segment, kw) => Some(("power", segment, kw)),
            What::Cooling(segment, kw) => Some(("cooling", segment, kw)),
            _ => None,
        });
        for (name, segment, kw) in dated {
            let all = if name == "power" { &self.supplies.power } else { &self.supplies.cooling };
            if all[crate::supply::segment_index(segment)].is_none() {
                fault(
                    "change",
                    format!(
                        "{name} of the {} segment changes to {kw} kW from nothing stated",
                        segment.word()
                    ),
                    "state what there is at the start in [power] or [cooling]",
                );
            }
        }
    }

    fn limit_faults(&self, fault: &mut impl FnMut(&str, String, &str)) {
        let cabin = self.air;
        let gases = cabin.oxygen_kpa + cabin.carbon_dioxide_kpa + cabin.vapor_kpa;
        if !(cabin.oxygen_kpa >= 0.0 && cabin.carbon_dioxide_kpa >= 0.0 && cabin.vapor_kpa >= 0.0)
            || gases > cabin.total_kpa
        {
            fault(
                "air",
                format!("partial pressures of {gases:.2} kPa in {:.2} kPa", cabin.total_kpa),
                "parts cannot be negative or exceed the total",
            );
        }
        if !TEMPERATURE_K.contains(&cabin.temperature_k) {
            let (least, most) = (TEMPERATURE_K.start(), TEMPERATURE_K.end());
            fault(
                "air.temperature",
                format!("a cabin of {} K", cabin.temperature_k),
                &format!("write {least} to {most} K"),
            );
        }
        if cabin.total_kpa > TOTAL_MOST_KPA {
            let message = format!("a total pressure of {} kPa", cabin.total_kpa);
            fault("air.total_pressure", message, &format!("the most is {TOTAL_MOST_KPA} kPa"));
        }
        for limit in &self.limits {
            let path = format!("limits.{}", limit.of.id());
            let unit = limit.of.unit();
            if let (Some(low), Some(high)) = (limit.low, limit.high)
                && low >= high
            {
                fault(
                    &path,
                    format!("low {low:.3} {unit} is not below high {high:.3} {unit}"),
                    "give a low end below the high end",
                );
            }
            if limit.low.is_some_and(|low| low < 0.0) || limit.high.is_some_and(|high| high <= 0.0)
            {
                fault(&path, "a limit below zero".to_owned(), "limits are positive");
            }
            let start = match limit.of {
                Limited::OxygenPartialPressure => cabin.oxygen_kpa,
                Limited::CarbonDioxidePartialPressure => cabin.carbon_dioxide_kpa,
                Limited::TotalPressure => cabin.total_kpa,
                Limited::Stock(kind) => self.amount(kind),
            };
            if limit.basis == Basis::Given
                && (limit.low.is_some_and(|low| start < low)
                    || limit.high.is_some_and(|high| start > high))
            {
                fault(
                    &path,
                    format!("the start ({start:.3} {unit}) is already outside the limit"),
                    "move the limit, or state where the cabin starts in [air]",
                );
            } else if limit.basis != Basis::Given
                && start_kpa_stated(limit.of, &cabin)
                && (limit.low.is_some_and(|low| start < low)
                    || limit.high.is_some_and(|high| start > high))
            {
                let end = |word: &str, end: Option<f64>| {
                    end.map_or(String::new(), |end| format!(" {word} {end:.3} {unit}"))
                };
                fault(
                    &format!("air.{}", limit.of.id()),
                    format!(
                        "a start at {start:.3} {unit} is already outside the limit,{}{}",
                        end("low", limit.low),
                        end("high", limit.high)
                    ),
                    "start inside the limit, or state another one in [limits]",
                );
            }
        }
    }
}
