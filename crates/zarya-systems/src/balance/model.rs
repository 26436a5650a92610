//! Who breathes, what runs, what leaks: a case with all its spreads drawn.

use super::{GAS_G_MOL, Kind, State, UNITS, ZONES, store};
use crate::air::{self, Outflow};
use crate::case::{
    Arrival, Case, DrawnPer, Held, LEAK_MOST_KG_D, Limited, OwnRate, Owner, StockKind, What,
};
use crate::crew::{self, Rates};
use crate::matter::{self, SUBSTANCES, Substance};
use crate::parameters::{self, Spread, row};
use crate::processor::{self, Makes, Processor, SIDES_MAX};
use crate::setpoint::SetPoints;
use crate::supply::{Available, OtherLoad, Supplies, segment_index};
use zarya_units::HOURS_PER_DAY;

/// Owners of stores of a case: the station as a whole, the American and the Russian segment.
pub const OWNERS: usize = 3;
/// Places for owners: the station as a whole, then its sides in order.
pub const OWNERS_MAX: usize = 1 + SIDES_MAX;

/// What can run short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commodity {
    /// Oxygen for the cabin.
    Oxygen,
    /// Removal of carbon dioxide.
    CarbonDioxideRemoval,
    /// Nitrogen for leaks.
    Nitrogen,
    /// Water to drink and to make oxygen from.
    Water,
    /// Food.
    Food,
}

/// Number of commodities.
pub const COMMODITIES: usize = 5;

/// Where in its spread each uncertain value lies: standard uniforms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draws {
    /// Metabolic rate of the crew.
    pub metabolism: f64,
    /// Water drunk.
    pub drinking: f64,
    /// Water given off as vapor.
    pub vapor: f64,
    /// Oxygen generators.
    pub oxygen_generation: f64,
    /// Carbon dioxide beds.
    pub carbon_dioxide_removal: f64,
    /// Water processors and urine recovery.
    pub water_processing: f64,
    /// Leaks.
    pub leak: f64,
    /// Crew-days in a canister.
    pub canister: f64,
}

impl Draws {
    /// Every value at its median.
    pub const MEDIAN: Self = Self {
        metabolism: 0.5,
        drinking: 0.5,
        vapor: 0.5,
        oxygen_generation: 0.5,
        carbon_dioxide_removal: 0.5,
        water_processing: 0.5,
        leak: 0.5,
        canister: 0.5,
    };
    /// Number of uniforms.
    pub const COUNT: usize = 8;

    /// Returns the draws of uniforms in the order of the fields.
    pub fn from_uniforms(u: [f64; Self::COUNT]) -> Self {
        Self {
            metabolism: u[0],
            drinking: u[1],
            vapor: u[2],
            oxygen_generation: u[3],
            carbon_dioxide_removal: u[4],
            water_processing: u[5],
            leak: u[6],
            canister: u[7],
        }
    }
}

/// Returns the spread of the crew's metabolic rate as a factor of the table's.
///
/// Oxygen and carbon dioxide come from the same bodies, so the factor stays inside the published
/// ranges of both.
pub fn metabolism() -> Spread {
    let table = parameters::crew();
    let factor = |id: &str| {
        let spread = row(table, id).spread("kg/d");
        spread.times(1.0 / spread.value)
    };
    let (oxygen, dioxide) = (factor("oxygen"), factor("carbon-dioxide"));
    Spread { low: oxygen.low.max(dioxide.low), value: 1.0, high: oxygen.high.min(dioxide.high) }
}

/// Cycles of a processor between its set points that are shorter than this are averaged, days:
/// one hour, the finest step the balance is asked for.
const CYCLE_DAYS: f64 = 1.0 / 24.0;

/// A processor in a balance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) processor: &'static Processor,
    pub(super) makes: Makes,
    /// Whose it is: see [`OWNERS_MAX`].
    pub(super) owner: usize,
    pub(super) capacity: f64,
    pub(super) priority: u32,
    pub(super) class: u32,
    pub(super) control: Option<Control>,
}

/// Set points with the side of them that the processor is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    pub(super) points: SetPoints,
    pub(super) on: bool,
}

impl Control {
    /// A processor starts switched on; the first look at the cabin puts that right.
    pub(super) fn new(points: SetPoints) -> Self {
        Self { points, on: true }
    }
}

/// One that draws power and gives off heat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Consumer {
    /// A processor, by index.
    Unit(usize),
    /// Another load, by index.
    Load(usize),
}

/// Returns everything that draws, in the order in which it is served: by class, processors before
/// other loads, and among processors by their priority.
pub(super) fn order(units: &[Unit], loads: &[OtherLoad]) -> Vec<Consumer> {
    let units = units
        .iter()
        .enumerate()
        .map(|(i, unit)| ((unit.class, false, unit.priority, i), Consumer::Unit(i)));
    let loads =
        loads.iter().enumerate().map(|(i, load)| ((load.class, true, 0, i), Consumer::Load(i)));
    let mut order: Vec<_> = units.chain(loads).collect();
    order.sort_by_key(|(rank, _)| *rank);
    order.into_iter().map(|(_, consumer)| consumer).collect()
}

#[derive(Clone, Copy, Debug)]
pub(super) struct LeakNow {
    pub(super) zone: usize,
    pub(super) rate: f64,
    pub(super) since: f64,
    pub(super) growth_per_day: f64,
    pub(super) outflow: Outflow,
}

/// A leak shrinks no further than by this factor's logarithm: a billionth of it is left.
const LEAK_LEAST_LN: f64 = 20.0;

impl LeakNow {
    /// Days from the day the rate was set until it no longer changes.
    pub(super) fn grows_until(&self) -> f64 {
        let span = if self.growth_per_day > 0.0 {
            zarya_units::math::ln((LEAK_MOST_KG_D / self.rate).max(1.0))
        } else {
            LEAK_LEAST_LN
        };
        span / self.growth_per_day.abs()
    }

    /// The rate at the starting pressure on a day, kg/d.
    pub(super) fn rate_at(&self, day: f64) -> f64 {
        if self.growth_per_day == 0.0 || self.rate == 0.0 {
            return self.rate;
        }
        let age = (day - self.since).min(self.grows_until());
        self.rate * zarya_units::math::exp(self.growth_per_day * age)
    }
}

/// A case with every spread drawn. Changes on dated days change it.
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) crew: f64,
    pub(super) rates: Rates,
    pub(super) units: Vec<Unit>,
    pub(super) leaks: Vec<LeakNow>,
    /// Zones: volume, owner, crew when closed off, and the group they are in.
    pub(super) zones: Vec<(f64, usize, f64)>,
    /// Owners in use; the places of the rest stay empty.
    pub(super) owners: usize,
    pub(super) open: [bool; ZONES],
    pub(super) group_of: [usize; ZONES],
    pub(super) groups: usize,
    /// Groups that the stores of each owner serve, and volumes by group, as the hatches stand.
    pub(super) homes: [usize; OWNERS_MAX],
    volumes: [f64; ZONES],
    pub(super) temperature_k: f64,
    /// Mass of each gas per m3 that is held.
    pub(super) set: [f64; 4],
    /// Air per m3 at the start, which leak rates refer to.
    pub(super) air_per_m3: f64,
    pub(super) tracked: [bool; COMMODITIES],
    pub(super) urine_recovery: f64,
    pub(super) brine_recovery: f64,
    /// Oxygen per kg of candle, and candle per piece.
    pub(super) candle_kg: f64,
    pub(super) canister_kg: f64,
    pub(super) processes: Processes,
    /// What the file's own processes make (negative: use), kg/d.
    pub(super) made: [f64; SUBSTANCES],
    pub(super) supplies: Supplies,
    /// Processors and other loads in the order in which they are served.
    pub(super) served: Vec<Consumer>,
    pub(super) average_cycles_below: f64,
    case_urine_share: f64,
    /// Shares of the crew on the water of each owner, where it is kept apart.
    pub(super) water_shares: Option<[f64; OWNERS_MAX]>,
    /// Share of the water drunk from each owner's tanks that is spared.
    pub(super) rationed: [f64; OWNERS_MAX],
    /// What a station draws beside the balance.
    pub(super) drawn: Vec<DrawNow>,
    capacities: Vec<Held>,
}

/// A draw of a station's own: rates by store, and the processors that it goes with.
#[derive(Clone, Debug)]
pub(super) struct DrawNow {
    /// Owner of the store, kind, and kg/d.
    pub(super) parts: Vec<(usize, Kind, f64)>,
    pub(super) per: DrawnPer,
    pub(super) during: Option<usize>,
    pub(super) unless: Option<usize>,
    /// What is short when the stores are empty.
    pub(super) commodity: Option<Commodity>,
}

/// Masses per kg of what drives each process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Processes {
    pub(super) water_per_oxygen: f64,
    pub(super) hydrogen_per_oxygen: f64,
    pub(super) candle_per_oxygen: f64,
    pub(super) spent_per_oxygen: f64,
    pub(super) lithium_per_dioxide: f64,
    pub(super) carbonate_per_dioxide: f64,
    pub(super) water_per_dioxide: f64,
    pub(super) dioxide_per_water: f64,
    pub(super) hydrogen_per_water: f64,
    pub(super) methane_per_water: f64,
}

impl Processes {
    fn new() -> Self {
        let electrolysis = matter::electrolysis();
        let candle = matter::candle();
        let lithium = matter::lithium_hydroxide();
        let sabatier = matter::sabatier();
        Self {
            water_per_oxygen: -electrolysis.mass(Substance::Water),
            hydrogen_per_oxygen: electrolysis.mass(Substance::Hydrogen),
            candle_per_oxygen: -candle.mass(Substance::Candle),
            spent_per_oxygen: candle.mass(Substance::SpentCandle),
            lithium_per_dioxide: -lithium.mass(Substance::LithiumHydroxide),
            carbonate_per_dioxide: lithium.mass(Substance::LithiumCarbonate),
            water_per_dioxide: lithium.mass(Substance::Water),
            dioxide_per_water: -sabatier.mass(Substance::CarbonDioxide),
            hydrogen_per_water: -sabatier.mass(Substance::Hydrogen),
            methane_per_water: sabatier.mass(Substance::Methane),
        }
    }
}

impl Model {
    /// Returns the model of a case at its draws, with the state it starts from.
    ///
    /// # Panics
    ///
    /// If the case has faults ([`Case::faults`]), more than [`ZONES`] zones or more than [`SIDES_MAX`]
    /// sides.
    pub fn new(case: &Case, draws: &Draws) -> (Self, State) {
        assert!((1..=ZONES).contains(&case.zones.len()), "1 to {ZONES} zones");
        let crew_table = parameters::crew();
        let table = crew::table();
        let drinking = row(crew_table, "drinking-water").spread("kg/d");
        let vapor = row(crew_table, "vapor").spread("kg/d");
        let day = match case.exercise_h {
            Some(hours) => crew::day(hours, 0.0),
            None => table.day,
        };
        let of_station = &case.of_station;
        let own = |rate: &Option<OwnRate>, u: f64| rate.as_ref().map(|own| own.spread.at(u));
        let factor = own(&of_station.metabolism, draws.metabolism)
            .unwrap_or_else(|| metabolism().at(draws.metabolism));
        let recovered = |place: usize, id: &str| {
            own(&of_station.recovery[place], draws.water_processing).map_or_else(
                || processor::recovery(id).spread("").at(draws.water_processing),
                |share| share.clamp(0.0, 1.0),
            )
        };
        let rates = day
            .times(factor)
            .drinking_more(drinking.at(draws.drinking) - drinking.value)
            .sweating_more(vapor.at(draws.vapor) - vapor.value);
        assert!(case.running.len() <= UNITS, "at most {UNITS} processors");
        let units: Vec<Unit> = case
            .running
            .iter()
            .map(|running| Unit {
                processor: running.processor,
                makes: running.processor.makes,
                owner: owner_index(Some(running.processor.segment)),
                capacity: running.capacity.at(draw_of(running.processor.makes, draws)).max(0.0),
                priority: running.processor.priority,
                class: running.class,
                control: running.control.map(Control::new),
            })
            .collect();
        let served = order(&units, &case.supplies.loads);
        let leaks = case
            .leaks
            .iter()
            .map(|leak| LeakNow {
                zone: leak.zone,
                rate: leak.rate.at(draws.leak).max(0.0),
                since: 0.0,
                growth_per_day: leak.growth_per_day,
                outflow: leak.outflow,
            })
            .collect();
        let air = &case.air;
        let temperature_k = air.temperature_k;
        let nitrogen_kpa = air.total_kpa - air.oxygen_kpa - air.carbon_dioxide_kpa - air.vapor_kpa;
        let kpa = [air.oxygen_kpa, nitrogen_kpa, air.carbon_dioxide_kpa, air.vapor_kpa];
        let set: [f64; 4] =
            std::array::from_fn(|gas| air::mass_kg(kpa[gas], 1.0, GAS_G_MOL[gas], temperature_k));
        let processes = Processes::new();
        // A candle and a canister serve people for a day, so their mass follows the crew's rates.
        let candle_kg =
            row(crew_table, "candle-crew-days").value * rates.oxygen * processes.candle_per_oxygen;
        let canister_kg = row(crew_table, "lioh-canister-crew-days").spread("").at(draws.canister)
            * table.day.carbon_dioxide
            * processes.lithium_per_dioxide;
        let mut model = Self {
            crew: case.crew,
            rates,
            units,
            leaks,
            zones: case
                .zones
                .iter()
                .map(|z| (z.volume_m3, owner_index(z.segment), z.crew))
                .collect(),
            owners: owners(case),
            open: std::array::from_fn(|i| case.zones.get(i).is_none_or(|zone| zone.open)),
            group_of: [0; ZONES],
            groups: 1,
            homes: [0; OWNERS_MAX],
            volumes: [0.0; ZONES],
            temperature_k,
            set,
            air_per_m3: set.iter().sum(),
            tracked: tracked(case),
            urine_recovery: recovered(0, "urine"),
            brine_recovery: recovered(1, "brine"),
            candle_kg,
            canister_kg,
            processes,
            made: Substance::ALL
                .map(|substance| case.processes.iter().map(|p| p.mass(substance)).sum()),
            supplies: case.supplies.clone(),
            served,
            average_cycles_below: CYCLE_DAYS,
            case_urine_share: rates.urine_solids / (rates.urine_solids + rates.urine_water),
            water_shares: None,
            rationed: [0.0; OWNERS_MAX],
            drawn: Vec::new(),
            capacities: of_station.capacities.clone(),
        };
        model.drawn = of_station
            .draws
            .iter()
            .map(|draw| {
                // What is drawn does not become a gift at the end of a spread, nor the reverse.
                let spread = draw.rate.spread;
                let amount = spread.at(draws.drinking);
                let amount = if spread.value < 0.0 { amount.min(0.0) } else { amount.max(0.0) };
                let held = Held { kind: draw.kind, owner: draw.owner, amount };
                let owner = owner_index(draw.owner);
                let masses = model.masses(&held).into_iter().filter(|(_, kg_d)| *kg_d != 0.0);
                DrawNow {
                    parts: masses.map(|(kind, kg_d)| (owner, kind, kg_d)).collect(),
                    per: draw.per,
                    during: draw.during,
                    unless: draw.unless,
                    commodity: commodity_of(draw.kind),
                }
            })
            .collect();
        model.regroup();
        let mut state = State {
            day: 0.0,
            gas: [[0.0; 4]; ZONES],
            stores: [0.0; super::STORES],
            outside: [0.0; SUBSTANCES],
        };
        for (zone, (volume, ..)) in model.zones.iter().enumerate() {
            for (mass, per_m3) in state.gas[model.group_of[zone]].iter_mut().zip(&model.set) {
                *mass += per_m3 * volume;
            }
        }
        for held in &case.stocks {
            model.add(&mut state, held);
        }
        (model, state)
    }

    /// Puts what is held or brought into its stores.
    fn add(&self, state: &mut State, held: &Held) {
        for (kind, mass) in self.masses(held) {
            state.stores[store(owner_index(held.owner), kind)] += mass;
        }
    }

    fn masses(&self, held: &Held) -> [(Kind, f64); 3] {
        let amount = held.amount;
        let none = (Kind::TrashPackaging, 0.0);
        let food = |food: f64, packaging: f64| {
            let solids = self.rates.food_solids / self.rates.food();
            [
                (Kind::FoodSolids, food * solids),
                (Kind::FoodWater, food * (1.0 - solids)),
                (Kind::FoodPackaging, packaging),
            ]
        };
        let mixed = |water: Kind, solids: Kind, share: f64| {
            [(water, amount * (1.0 - share)), (solids, amount * share), none]
        };
        let packaging = row(parameters::crew(), "food-packaging").value;
        match held.kind {
            StockKind::Oxygen => [(Kind::Oxygen, amount), none, none],
            StockKind::Candles => [(Kind::Candle, amount * self.candle_kg), none, none],
            StockKind::Nitrogen => [(Kind::Nitrogen, amount), none, none],
            StockKind::Water => [(Kind::Potable, amount), none, none],
            StockKind::WaterPacked => {
                let containers = row(parameters::crew(), "water-container").value;
                let water = amount / (1.0 + containers);
                [(Kind::Potable, water), (Kind::TrashPackaging, amount - water), none]
            }
            StockKind::Food => food(amount, amount * packaging),
            StockKind::FoodPacked => {
                food(amount / (1.0 + packaging), amount * packaging / (1.0 + packaging))
            }
            StockKind::LiohCanisters => [(Kind::Lithium, amount * self.canister_kg), none, none],
            StockKind::Condensate => [(Kind::Waste, amount), none, none],
            StockKind::Urine => mixed(Kind::UrineWater, Kind::UrineSolids, self.case_urine_share),
            StockKind::Brine => {
                let water = (1.0 - self.case_urine_share) * (1.0 - self.urine_recovery);
                let share = self.case_urine_share / (self.case_urine_share + water);
                mixed(Kind::BrineWater, Kind::BrineSolids, share)
            }
            StockKind::Trash => [(Kind::TrashPackaging, amount), none, none],
        }
    }

    /// Takes an arrival aboard.
    pub fn arrive(&self, state: &mut State, arrival: &Arrival) {
        for held in &arrival.items {
            let held = &self.fitting(state, held);
            self.add(state, held);
            for (kind, mass) in self.masses(held) {
                state.outside[kind.substance() as usize] -= mass;
            }
        }
    }

    /// What of a delivery its stock has room for.
    fn fitting(&self, state: &State, held: &Held) -> Held {
        let stock = |its: &&Held| (its.kind, its.owner) == (held.kind, held.owner);
        let Some(most) = self.capacities.iter().find(stock) else { return *held };
        let [(kind, kg), ..] = self.masses(held);
        let [(_, most_kg), ..] = self.masses(most);
        let room_kg = (most_kg - state.stores[store(owner_index(held.owner), kind)]).max(0.0);
        let share = if kg > room_kg { room_kg / kg } else { 1.0 };
        Held { amount: held.amount * share, ..*held }
    }

    /// Applies a dated change.
    pub fn change(&mut self, state: &mut State, what: &What, case: &Case, draws: &Draws) {
        match what {
            What::Crew(crew) => self.crew = *crew,
            What::Capacity(index, capacity) => {
                let makes = case.running[*index].processor.makes;
                self.units[*index].capacity = capacity.at(draw_of(makes, draws)).max(0.0);
            }
            What::LeakRate(index, rate) => {
                let leak = &mut self.leaks[*index];
                (leak.rate, leak.since) = (*rate, state.day);
            }
            What::LeakShare(index, share) => {
                let leak = &mut self.leaks[*index];
                leak.rate = (leak.rate_at(state.day) * share).min(LEAK_MOST_KG_D);
                leak.since = state.day;
            }
            What::Hatch(zone, open) => self.hatch(state, *zone, *open),
            What::Eva(people, hours) => self.spacewalk(state, *people, *hours),
            What::Power(segment, kw) => {
                self.supplies.power[segment_index(*segment)] = Some(Available::constant(*kw));
            }
            What::Cooling(segment, kw) => {
                self.supplies.cooling[segment_index(*segment)] = Some(Available::constant(*kw));
            }
        }
    }

    pub(super) fn hatch(&mut self, state: &mut State, zone: usize, open: bool) {
        let volumes = self.group_volumes();
        let (group_of, groups) = (self.group_of, self.groups);
        self.open[zone] = open;
        self.regroup();
        if self.group_of == group_of && self.groups == groups {
            return;
        }
        let mut gas = [[0.0; 4]; ZONES];
        for (zone, (volume, ..)) in self.zones.iter().enumerate() {
            let share = volume / volumes[group_of[zone]];
            for (gas, before) in gas[self.group_of[zone]].iter_mut().zip(state.gas[group_of[zone]])
            {
                *gas += before * share;
            }
        }
        state.gas = gas;
    }

    fn spacewalk(&self, state: &mut State, people: u32, hours: f64) {
        let losses = crew::eva_losses(people, hours);
        // What is breathed outside beyond the day's mean leaves the balance with the suit.
        let harder =
            crew::rates(crew::Activity::Eva).oxygen - crew::rates(crew::Activity::Nominal).oxygen;
        let oxygen = losses.oxygen + harder * f64::from(people) * hours / HOURS_PER_DAY;
        let mut take = |kind: Kind, mass: f64| {
            let owner = (0..self.owners)
                .max_by(|a, b| {
                    state.stores[store(*a, kind)].total_cmp(&state.stores[store(*b, kind)])
                })
                .unwrap_or(0);
            let taken = mass.min(state.stores[store(owner, kind)].max(0.0));
            state.stores[store(owner, kind)] -= taken;
            state.outside[kind.substance() as usize] += taken;
        };
        take(Kind::Oxygen, oxygen);
        take(Kind::Potable, losses.water);
        let main = self.homes[0];
        let air: f64 = state.gas[main].iter().sum();
        let share = (losses.air / air).min(1.0);
        for (mass, substance) in state.gas[main].iter_mut().zip(super::GASES) {
            state.outside[substance as usize] += *mass * share;
            *mass -= *mass * share;
        }
    }

    /// Zones with open hatches are one group, the first; each closed one is a group of its own.
    pub(super) fn regroup(&mut self) {
        let mut groups = 0;
        let mut main = None;
        for zone in 0..self.zones.len() {
            self.group_of[zone] = if self.open[zone] {
                *main.get_or_insert_with(|| {
                    groups += 1;
                    groups - 1
                })
            } else {
                groups += 1;
                groups - 1
            };
        }
        self.groups = groups;
        self.volumes = [0.0; ZONES];
        for (zone, (volume, ..)) in self.zones.iter().enumerate() {
            self.volumes[self.group_of[zone]] += volume;
        }
        self.homes = std::array::from_fn(|owner| self.home(owner));
    }

    pub(super) fn group_volumes(&self) -> [f64; ZONES] {
        self.volumes
    }

    /// The group that a side's processors and stores serve: where its largest zone is; for the
    /// station's, or a side without a zone, the group of the largest zone whose hatches are open, and of
    /// the largest of all where none is.
    pub(super) fn home_of(&self, unit: &Unit) -> usize {
        self.homes[unit.owner]
    }

    fn home(&self, owner: usize) -> usize {
        let largest = |wanted: &dyn Fn(usize) -> bool| {
            (0..self.zones.len())
                .filter(|zone| wanted(*zone))
                .max_by(|a, b| self.zones[*a].0.total_cmp(&self.zones[*b].0))
                .map(|zone| self.group_of[zone])
        };
        let own = if owner == 0 { None } else { largest(&|zone| self.zones[zone].1 == owner) };
        own.or_else(|| largest(&|zone| self.open[zone])).or_else(|| largest(&|_| true)).unwrap_or(0)
    }

    /// Returns the crew by group: as stated for closed zones, the rest where hatches are open.
    pub fn crew_in_groups(&self) -> [f64; ZONES] {
        let mut crew = [0.0; ZONES];
        let mut left = self.crew;
        for (zone, (.., closed)) in self.zones.iter().enumerate() {
            if !self.open[zone] {
                let here = closed.min(left);
                crew[self.group_of[zone]] += here;
                left -= here;
            }
        }
        let open = (0..self.zones.len()).find(|zone| self.open[*zone]);
        crew[open.map_or(self.homes[0], |zone| self.group_of[zone])] += left;
        crew
    }

    /// Returns the number of groups of zones with closed hatches between them.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Returns the group a zone is in.
    pub fn group_of(&self, zone: usize) -> usize {
        self.group_of[zone]
    }

    /// Returns the zones of a group by index.
    pub fn zones_of(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.zones.len()).filter(move |zone| self.group_of[*zone] == group)
    }

    /// Returns the pressure in kPa per kg of each gas in a group.
    pub fn pressures_per_kg(&self, group: usize) -> [f64; 4] {
        let volume = self.group_volumes()[group];
        GAS_G_MOL.map(|g_mol| air::pressure_kpa(1.0, volume, g_mol, self.temperature_k))
    }

    /// Returns the pressures of a group in kPa: each gas, in the order of [`super::GASES`].
    pub fn pressures(&self, state: &State, group: usize) -> [f64; 4] {
        let volume = self.group_volumes()[group];
        std::array::from_fn(|gas| {
            air::pressure_kpa(state.gas[group][gas], volume, GAS_G_MOL[gas], self.temperature_k)
        })
    }

    /// Returns the crew's rates in use, per person.
    pub fn rates(&self) -> &Rates {
        &self.rates
    }

    /// Returns whether a commodity is kept account of.
    pub fn tracks(&self, commodity: Commodity) -> bool {
        self.tracked[commodity as usize]
    }

    /// Returns the mass of a candle and of a canister, kg.
    pub fn pieces_kg(&self) -> [f64; 2] {
        [self.candle_kg, self.canister_kg]
    }
}

/// Places in use by a case: those of the ISS, and of further sides that it names.
fn owners(case: &Case) -> usize {
    let zones = case.zones.iter().map(|zone| zone.segment);
    let running = case.running.iter().map(|running| Some(running.processor.segment));
    let held = case.stocks.iter().map(|held| held.owner);
    let brought = case.arrivals.iter().flat_map(|arrival| &arrival.items).map(|held| held.owner);
    let held = held.chain(brought);
    let last = zones.chain(running).chain(held).map(owner_index).max().unwrap_or(0);
    assert!(last < OWNERS_MAX, "at most {SIDES_MAX} sides");
    OWNERS.max(1 + last)
}

pub(super) fn owner_index(owner: Owner) -> usize {
    owner.map_or(0, |segment| 1 + segment_index(segment))
}

fn draw_of(makes: Makes, draws: &Draws) -> f64 {
    match makes {
        Makes::Oxygen => draws.oxygen_generation,
        Makes::CarbonDioxideRemoval | Makes::CarbonDioxideReduction => draws.carbon_dioxide_removal,
        _ => draws.water_processing,
    }
}

fn commodity_of(kind: StockKind) -> Option<Commodity> {
    match kind {
        StockKind::Oxygen | StockKind::Candles => Some(Commodity::Oxygen),
        StockKind::Nitrogen => Some(Commodity::Nitrogen),
        StockKind::Water | StockKind::WaterPacked => Some(Commodity::Water),
        StockKind::Food | StockKind::FoodPacked => Some(Commodity::Food),
        StockKind::LiohCanisters => Some(Commodity::CarbonDioxideRemoval),
        StockKind::Condensate | StockKind::Urine | StockKind::Brine | StockKind::Trash => None,
    }
}

/// A commodity is kept account of when the file says anything about it; otherwise it is taken
/// from outside and the answer says so.
fn tracked(case: &Case) -> [bool; COMMODITIES] {
    let runs = |wanted: &[Makes]| case.running.iter().any(|r| wanted.contains(&r.processor.makes));
    let given = |limited: Limited| {
        case.limits
            .iter()
            .any(|limit| limit.of == limited && limit.basis == parameters::Basis::Given)
    };
    let mut tracked = [false; COMMODITIES];
    tracked[Commodity::Oxygen as usize] = case.states(StockKind::Oxygen)
        || case.states(StockKind::Candles)
        || runs(&[Makes::Oxygen])
        || given(Limited::OxygenPartialPressure);
    tracked[Commodity::CarbonDioxideRemoval as usize] = case.states(StockKind::LiohCanisters)
        || runs(&[Makes::CarbonDioxideRemoval])
        || given(Limited::CarbonDioxidePartialPressure);
    tracked[Commodity::Nitrogen as usize] = case.states(StockKind::Nitrogen);
    tracked[Commodity::Water as usize] =
        case.states(StockKind::Water) || case.states(StockKind::WaterPacked);
    tracked[Commodity::Food as usize] =
        case.states(StockKind::Food) || case.states(StockKind::FoodPacked);
    tracked
}
