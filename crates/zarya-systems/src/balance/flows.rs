//! The rates and decays that hold until the next event.

use super::model::{COMMODITIES, LeakNow, Model};
use super::{
    CO2, Commodity, EMPTY_KG, GASES, KINDS, Kind, N2, O2, OWNERS_MAX, STORES, State, UNITS, VAPOR,
    ZONES, store,
};
use crate::air::Outflow;
use crate::case::DrawnPer;
use crate::matter::{SUBSTANCES, Substance};
use crate::processor::{self, Makes, Provider};
use crate::stock::{Law, Stock};
use crate::supply::{Cause, Draw};

/// Days in which a gas below its level is brought back to it, as far as supplies allow.
const RECHARGE_DAYS: f64 = 0.25;
/// A gas this near to its level, relative, is at it.
pub(super) const AT_LEVEL: f64 = 1e-9;
/// Growing leaks are taken at their exact mean over steps of at most so long.
const RELINEARIZED_DAYS: f64 = 7.0;
/// A leak grows or shrinks by at most this share over one such step: what a limit reached inside
/// it is off by is then below a quarter of a percent of the step.
const GROWTH_SHARE: f64 = 0.02;
/// A step of a growing leak that ends sooner than this has ended, days.
const SAME_STEP_DAYS: f64 = 1e-9;
/// Laminar leaks are taken as proportional to pressure while it changes by this share.
const RELINEARIZED_SHARE: f64 = 0.01;

/// Processors of water, in the order in which water passes them.
const WATER: [Makes; 4] =
    [Makes::Distillate, Makes::BrineWater, Makes::PotableWater, Makes::CondensateWater];

/// Rates in kg/d, positive into a store, and decays per day.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    /// Number of groups of zones.
    pub groups: usize,
    /// Stores in use: the first so many.
    pub(super) stores_used: usize,
    /// Net source of each gas by group, leak apart; meaningless where held.
    pub gas: [[f64; 4]; ZONES],
    /// Gases held at their level.
    pub held: [[bool; 4]; ZONES],
    /// Share of a group's air that leaks out per day.
    pub decay: [f64; ZONES],
    /// Rates of the stores.
    pub stores: [f64; STORES],
    /// Rates to outside, by substance; leaks of gases that are not held come on top.
    pub outside: [f64; SUBSTANCES],
    /// What is asked and not served, by commodity.
    pub unmet: [f64; COMMODITIES],
    /// Urine and brine taken in by their processors, kg/d.
    pub(super) taken_in: [f64; 2],
    /// Water made from carbon dioxide, kg/d.
    pub(super) reduced: f64,
    /// What each processor could make with the power and cooling it gets, kg/d.
    pub(super) capacity: [f64; UNITS],
    /// What each processor with set points makes, kg/d; zero for all others.
    pub(super) controlled: [f64; UNITS],
    /// Whether a processor with set points does something else beyond the middle of its band.
    pub(super) centers: [bool; UNITS],
    /// Level that each gas is brought to, kg: the starting one, or a set point.
    targets: [[f64; 4]; ZONES],
    /// What each processor does, where power or cooling is stated.
    pub units: [UnitFlow; UNITS],
    /// What each segment draws (American, Russian), where power or cooling is stated.
    pub draws: [Draw; 2],
    /// Oxygen made by generators, kg/d.
    pub oxygen_made: f64,
    /// Oxygen asked for by crew and leaks, kg/d.
    pub oxygen_asked: f64,
    /// Carbon dioxide taken out by beds, kg/d.
    pub dioxide_removed: f64,
    /// Water drunk and split, kg/d.
    pub water_asked: f64,
    /// Potable water recovered, kg/d.
    pub water_recovered: f64,
    relinearize_days: f64,
}

/// What one processor does along the flows, where power or cooling is stated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnitFlow {
    /// Power it draws, kW.
    pub power_kw: f64,
    /// Heat it gives off, kW.
    pub heat_kw: f64,
    /// What keeps it below what is asked of it, and the most it can then make, kg/d.
    pub derated: Option<(Cause, f64)>,
}

impl Model {
    /// Returns what each named processor makes along these flows, kg/d, in the case's order.
    ///
    /// What is made of a kind is shared by priority among those without set points.
    pub fn outputs(&self, flows: &Flows) -> Vec<f64> {
        self.output_of_units(flows)[..self.units.len()].to_vec()
    }

    pub(super) fn output_of_units(&self, flows: &Flows) -> [f64; UNITS] {
        let mut outputs = flows.controlled;
        for (makes, made) in [
            (Makes::Oxygen, flows.oxygen_made),
            (Makes::CarbonDioxideRemoval, flows.dioxide_removed),
            (Makes::CarbonDioxideReduction, flows.reduced),
            (Makes::Distillate, flows.taken_in[0]),
            (Makes::BrineWater, flows.taken_in[1]),
        ] {
            self.share(flows, made, |its| its == makes, &mut outputs);
        }
        let cleans = |its| matches!(its, Makes::PotableWater | Makes::CondensateWater);
        self.share(flows, flows.water_recovered, cleans, &mut outputs);
        outputs
    }

    fn share(
        &self,
        flows: &Flows,
        made: f64,
        of: impl Fn(Makes) -> bool,
        outputs: &mut [f64; UNITS],
    ) {
        let mut providers = [Provider { capacity: 0.0, priority: 0 }; UNITS];
        let mut controlled = 0.0;
        for (i, unit) in self.units.iter().enumerate() {
            let shares = of(unit.makes) && unit.control.is_none();
            let capacity = if shares { flows.capacity[i] } else { 0.0 };
            providers[i] = Provider { capacity, priority: unit.priority };
            controlled += if of(unit.makes) { flows.controlled[i] } else { 0.0 };
        }
        let mut given = [0.0; UNITS];
        let n = self.units.len();
        processor::allocate(made - controlled, &providers[..n], &mut given[..n]);
        for (output, given) in outputs.iter_mut().zip(given) {
            *output += given;
        }
    }
}

impl Flows {
    /// Returns the flows when processors make at most so much.
    pub(super) fn within(model: &Model, state: &State, capacity: &[f64; UNITS]) -> Self {
        let mut flows = Self {
            capacity: *capacity,
            controlled: [0.0; UNITS],
            centers: [false; UNITS],
            targets: [[0.0; 4]; ZONES],
            units: [UnitFlow::default(); UNITS],
            draws: [Draw::default(); 2],
            groups: model.groups,
            stores_used: model.owners * KINDS,
            gas: [[0.0; 4]; ZONES],
            held: [[false; 4]; ZONES],
            decay: [0.0; ZONES],
            stores: [0.0; STORES],
            outside: [0.0; SUBSTANCES],
            unmet: [0.0; COMMODITIES],
            taken_in: [0.0; 2],
            reduced: 0.0,
            oxygen_made: 0.0,
            oxygen_asked: 0.0,
            dioxide_removed: 0.0,
            water_asked: 0.0,
            water_recovered: 0.0,
            relinearize_days: f64::INFINITY,
        };
        let volumes = model.group_volumes();
        flows.leaks(model, state, &volumes);
        let crew = model.crew_in_groups();
        for group in 0..model.groups {
            let usable =
                std::array::from_fn(|owner| owner < model.owners && model.homes[owner] == group);
            // Waste is the whole station's while the hatches are open.
            let waste = (0..model.owners).find(|owner| usable[*owner]).unwrap_or(0);
            let owners = Owners { usable, waste };
            flows.group(model, state, group, volumes[group], crew[group], owners);
        }
        flows
    }

    fn leaks(&mut self, model: &Model, state: &State, volumes: &[f64; ZONES]) {
        for leak in &model.leaks {
            let group = model.group_of[leak.zone];
            let start_kg = model.air_per_m3 * volumes[group];
            let (mean, days) = leak.mean(state.day);
            self.relinearize_days = self.relinearize_days.min(days);
            let pressure = match leak.outflow {
                Outflow::Choked => 1.0,
                Outflow::Laminar => state.gas[group].iter().sum::<f64>() / start_kg,
            };
            let decay = mean * pressure / start_kg;
            if leak.outflow == Outflow::Laminar && decay > 0.0 {
                self.relinearize_days = self.relinearize_days.min(RELINEARIZED_SHARE / decay);
            }
            self.decay[group] += decay;
        }
    }

    fn group(
        &mut self,
        model: &Model,
        state: &State,
        group: usize,
        volume: f64,
        crew: f64,
        owners: Owners,
    ) {
        let rates = model.rates.times(crew);
        // The file's own processes run where the whole station's stores are.
        let own = if owners.usable[0] { model.made } else { [0.0; SUBSTANCES] };
        let own_oxygen = own[Substance::Oxygen as usize];
        let own_water = own[Substance::Water as usize];
        for substance in Substance::ALL {
            if !matches!(substance, Substance::Oxygen | Substance::Water) {
                self.outside[substance as usize] += own[substance as usize];
            }
        }
        let p = &model.processes;
        let mut target = model.set.map(|per_m3| per_m3 * volume);
        for (gas, makes) in [(O2, Makes::Oxygen), (CO2, Makes::CarbonDioxideRemoval)] {
            if let Some(kg_per_kpa) = model.controlled_here(group, makes, gas) {
                target[gas] = model.held_kpa(makes) * kg_per_kpa;
            }
        }
        self.targets[group] = target;
        // An empty part without processors or stores: its air leaks away, and nobody asks for more.
        if crew == 0.0 && !owners.usable.contains(&true) {
            return;
        }
        let level = state.gas[group];
        let decay = self.decay[group];
        let limits = self.capacity;
        let capacity = |makes: Makes| -> f64 {
            let ours = model.units.iter().zip(&limits).filter(|(unit, _)| {
                unit.makes == makes && unit.control.is_none() && owners.usable[unit.owner]
            });
            ours.map(|(_, capacity)| capacity).sum()
        };

        // Oxygen: generators, then tanks, then candles.
        let made = {
            let used = rates.oxygen + (-own_oxygen).max(0.0);
            let hold = used + decay * level[O2];
            self.oxygen_asked += hold;
            if model.tracks(Commodity::Oxygen) {
                let wanted = asked(level[O2], target[O2], used, decay);
                let fixed = own_oxygen.max(0.0).min(wanted);
                // More oxygen than wanted is vented.
                self.outside[Substance::Oxygen as usize] += own_oxygen.max(0.0) - fixed;
                let switched = self.switched(model, group, Makes::Oxygen, level[O2], hold - fixed);
                let asked = (wanted - fixed - switched.made).max(0.0);
                let made = asked.min(capacity(Makes::Oxygen));
                let mut supplied = fixed + switched.made + made;
                if let Some(owner) = owners.filled(state, Kind::Oxygen) {
                    self.stores[store(owner, Kind::Oxygen)] -= asked - made;
                    supplied = supplied.max(wanted);
                } else if let Some(owner) = owners.filled(state, Kind::Candle) {
                    let burnt = asked - made;
                    self.stores[store(owner, Kind::Candle)] -= burnt * p.candle_per_oxygen;
                    self.stores[store(owner, Kind::SpentCandle)] += burnt * p.spent_per_oxygen;
                    supplied = supplied.max(wanted);
                }
                let held = if switched.holds { level[O2] } else { target[O2] };
                self.settle(group, O2, level[O2], held, supplied - used);
                if level[O2] <= EMPTY_KG && supplied < used {
                    self.gas[group][O2] = 0.0;
                    self.outside[Substance::Oxygen as usize] -= used - supplied;
                }
                let missing = hold - supplied;
                // An empty part behind its hatch may leak dry: nobody asks for that oxygen.
                let asks = crew > 0.0 || owners.usable.contains(&true);
                if asks && level[O2] <= target[O2] * (1.0 + AT_LEVEL) && missing > AT_LEVEL * hold {
                    self.unmet[Commodity::Oxygen as usize] += missing;
                }
                switched.made + made
            } else if crew == 0.0 {
                // Nobody keeps up an empty part behind its hatch.
                self.gas[group][O2] = own_oxygen.max(0.0);
                self.outside[Substance::Oxygen as usize] += own_oxygen.min(0.0);
                0.0
            } else {
                self.hold(group, O2, level[O2]);
                self.outside[Substance::Oxygen as usize] -= hold - own_oxygen.max(0.0);
                0.0
            }
        };
        self.oxygen_made += made;
        let hydrogen = made * p.hydrogen_per_oxygen;

        // Carbon dioxide: beds, then canisters.
        let mut removed = 0.0;
        let mut vapor = rates.vapor;
        if model.tracks(Commodity::CarbonDioxideRemoval) {
            let beds = capacity(Makes::CarbonDioxideRemoval);
            let needed = rates.carbon_dioxide - decay * level[CO2];
            let makes = Makes::CarbonDioxideRemoval;
            let switched = self.switched(model, group, makes, level[CO2], needed);
            let needed = needed - switched.made;
            let mut bound = 0.0;
            if level[CO2] >= target[CO2] * (1.0 - AT_LEVEL) && needed > 0.0 {
                let above = level[CO2] > target[CO2] * (1.0 + AT_LEVEL);
                removed = if above { beds } else { beds.min(needed) };
                if beds < needed {
                    if let Some(owner) = owners.filled(state, Kind::Lithium) {
                        bound = needed - beds;
                        self.stores[store(owner, Kind::Lithium)] -= bound * p.lithium_per_dioxide;
                        self.stores[store(owner, Kind::SpentLithium)] +=
                            bound * p.carbonate_per_dioxide;
                        vapor += bound * p.water_per_dioxide;
                    } else {
                        self.unmet[Commodity::CarbonDioxideRemoval as usize] += needed - beds;
                    }
                }
            }
            removed += switched.made;
            let net = rates.carbon_dioxide - removed - bound;
            let leak = decay * level[CO2];
            // In balance at whatever level it has reached.
            if (net - leak).abs() <= AT_LEVEL * rates.carbon_dioxide.max(EMPTY_KG) {
                self.outside[Substance::CarbonDioxide as usize] += net - leak;
                self.hold(group, CO2, level[CO2]);
            } else {
                self.gas[group][CO2] = net;
            }
        } else if crew == 0.0 {
            self.gas[group][CO2] = 0.0;
        } else {
            self.hold(group, CO2, level[CO2]);
            self.outside[Substance::CarbonDioxide as usize] +=
                rates.carbon_dioxide - decay * level[CO2];
        }
        self.dioxide_removed += removed;

        // Reduction takes what hydrogen and carbon dioxide there is; the rest is vented.
        let reduced = capacity(Makes::CarbonDioxideReduction)
            .min(hydrogen / p.hydrogen_per_water)
            .min(removed / p.dioxide_per_water);
        self.reduced += reduced;
        let out = &mut self.outside;
        out[Substance::CarbonDioxide as usize] += removed - reduced * p.dioxide_per_water;
        out[Substance::Hydrogen as usize] += hydrogen - reduced * p.hydrogen_per_water;
        out[Substance::Methane as usize] += reduced * p.methane_per_water;

        self.nitrogen(model, state, group, target[N2], owners);

        // Vapor is condensed down to its level.
        let mut waste = reduced;
        if level[VAPOR] >= target[VAPOR] * (1.0 - AT_LEVEL) && vapor >= decay * level[VAPOR] {
            self.hold(group, VAPOR, level[VAPOR]);
            waste += vapor - decay * level[VAPOR];
        } else {
            self.gas[group][VAPOR] = vapor;
        }

        match model.water_shares {
            None => {
                let inflow = [waste, made * p.water_per_oxygen, own_water];
                let capacity = WATER.map(capacity);
                let spared = model.rationed[0] * rates.drinking_water;
                let rates = rates.drinking_more(-spared);
                self.water(model, state, &rates, inflow, capacity, owners);
            }
            // Sides of one cabin: each drinks from its tanks and recovers with its processors;
            // generators share what is made in proportion to what they can make.
            Some(shares) => {
                let share_of = |makes: Makes, owner: usize| {
                    let all: f64 = (0..model.owners).map(|at| model.capacity_at(makes, at)).sum();
                    if all > 0.0 { model.capacity_at(makes, owner) / all } else { 0.0 }
                };
                for (owner, share) in shares.into_iter().enumerate().take(model.owners) {
                    if !owners.usable[owner] {
                        continue;
                    }
                    let split = made * p.water_per_oxygen * share_of(Makes::Oxygen, owner);
                    let condensed = (waste - reduced) * share
                        + reduced * share_of(Makes::CarbonDioxideReduction, owner);
                    if share == 0.0 && split == 0.0 && condensed == 0.0 {
                        continue;
                    }
                    let mut usable = [false; OWNERS_MAX];
                    usable[owner] = true;
                    let alone = Owners { usable, waste: owner };
                    let inflow = [condensed, split, 0.0];
                    let capacity = WATER.map(|makes| model.capacity_at(makes, owner));
                    let rates = rates.times(share);
                    let spared = model.rationed[owner] * rates.drinking_water;
                    let rates = rates.drinking_more(-spared);
                    self.water(model, state, &rates, inflow, capacity, alone);
                }
            }
        }
        self.food(model, state, &rates, owners);
    }

    /// Urine, brine, waste water, potable water: each tank passes on what it gets once empty.
    ///
    /// `inflow` is condensate, water to be split, and what the file's own processes make;
    /// `capacity` that of [`WATER`].
    fn water(
        &mut self,
        model: &Model,
        state: &State,
        rates: &crate::crew::Rates,
        [condensate, split, own_water]: [f64; 3],
        [distilling, drying, potable, condensing]: [f64; 4],
        owners: Owners,
    ) {
        let mut waste = condensate;
        self.stores[store(owners.waste, Kind::UrineWater)] += rates.urine_water;
        self.stores[store(owners.waste, Kind::UrineSolids)] += rates.urine_solids;
        let [water, solids] =
            self.drain(state, owners, [Kind::UrineWater, Kind::UrineSolids], distilling);
        self.taken_in[0] += water + solids;
        waste += water * model.urine_recovery;
        self.stores[store(owners.waste, Kind::BrineWater)] += water * (1.0 - model.urine_recovery);
        self.stores[store(owners.waste, Kind::BrineSolids)] += solids;
        let [water, solids] =
            self.drain(state, owners, [Kind::BrineWater, Kind::BrineSolids], drying);
        self.taken_in[1] += water + solids;
        waste += water * model.brine_recovery;
        self.stores[store(owners.waste, Kind::TrashWater)] += water * (1.0 - model.brine_recovery);
        self.stores[store(owners.waste, Kind::TrashBrine)] += solids;
        self.stores[store(owners.waste, Kind::Waste)] += waste;
        let cleaning = potable + condensing;
        let [cleaned, _] = self.drain(state, owners, [Kind::Waste, Kind::Waste], cleaning);
        self.stores[store(owners.waste, Kind::Potable)] += cleaned + own_water.max(0.0);
        self.water_recovered += cleaned;
        let asked = rates.drinking_water + split + (-own_water).max(0.0);
        self.water_asked += asked;
        let missing = if model.tracks(Commodity::Water) {
            let missing = self.take(state, owners, Kind::Potable, asked);
            self.unmet[Commodity::Water as usize] += missing;
            missing
        } else {
            asked
        };
        self.outside[Substance::Water as usize] -= missing;
    }

    /// Draws what a station states beside the balance, from another owner's store where its own is empty.
    pub(super) fn draw_beside(&mut self, model: &Model, state: &State) {
        let runs = |unit: Option<usize>| unit.map(|unit| model.units[unit].capacity > 0.0);
        for draw in &model.drawn {
            if runs(draw.during) == Some(false) || runs(draw.unless) == Some(true) {
                continue;
            }
            let times = match draw.per {
                DrawnPer::Station => 1.0,
                DrawnPer::Crew => model.crew,
                DrawnPer::Leak => {
                    let air = state.gas.iter().zip(self.decay);
                    air.map(|(gas, decay)| gas.iter().sum::<f64>() * decay).sum()
                }
            };
            for (owner, kind, kg_d) in &draw.parts {
                let asked = kg_d * times;
                let filled = |owner: &usize| state.stores[store(*owner, *kind)] > EMPTY_KG;
                let from = Some(*owner)
                    .filter(|owner| asked <= 0.0 || filled(owner))
                    .or_else(|| (0..model.owners).find(filled));
                let Some(from) = from else {
                    // Empty: what flows in is there, the rest is missing.
                    let served = asked.min(self.stores[store(*owner, *kind)].max(0.0));
                    self.draw(store(*owner, *kind), served);
                    if let Some(short) = draw.commodity.filter(|short| model.tracks(*short))
                        && asked - served > AT_LEVEL * asked
                    {
                        self.unmet[short as usize] += asked - served;
                    }
                    continue;
                };
                self.draw(store(from, *kind), asked);
            }
        }
    }

    fn nitrogen(
        &mut self,
        model: &Model,
        state: &State,
        group: usize,
        target: f64,
        owners: Owners,
    ) {
        let level = state.gas[group][N2];
        let decay = self.decay[group];
        let mut supplied = 0.0;
        if model.tracks(Commodity::Nitrogen) {
            let asked = asked(level, target, 0.0, decay);
            if let Some(owner) = owners.filled(state, Kind::Nitrogen) {
                self.stores[store(owner, Kind::Nitrogen)] -= asked;
                supplied = asked;
            }
            let missing = decay * level - supplied;
            if missing > 0.0 && owners.usable.contains(&true) {
                self.unmet[Commodity::Nitrogen as usize] += missing;
            }
        }
        self.settle(group, N2, level, target, supplied);
    }

    fn food(&mut self, model: &Model, state: &State, rates: &crate::crew::Rates, owners: Owners) {
        match owners.filled(state, Kind::FoodSolids) {
            Some(owner) if model.tracks(Commodity::Food) => {
                let at = |kind| state.stores[store(owner, kind)];
                let share = rates.food_solids / at(Kind::FoodSolids);
                self.stores[store(owner, Kind::FoodSolids)] -= rates.food_solids;
                self.stores[store(owner, Kind::FoodWater)] -= rates.food_water;
                // Packaging leaves in step with the food it held.
                let unpacked = at(Kind::FoodPackaging) * share;
                self.stores[store(owner, Kind::FoodPackaging)] -= unpacked;
                self.stores[store(owners.waste, Kind::TrashPackaging)] += unpacked;
            }
            _ => {
                self.outside[Substance::FoodSolids as usize] -= rates.food_solids;
                self.outside[Substance::Water as usize] -= rates.food_water;
                if model.tracks(Commodity::Food) {
                    self.unmet[Commodity::Food as usize] += rates.food();
                }
            }
        }
        self.stores[store(owners.waste, Kind::TrashSolids)] += rates.feces_solids;
        self.stores[store(owners.waste, Kind::TrashWater)] += rates.feces_water;
    }

    /// Holds a gas: what leaks is replaced, and leaves.
    fn hold(&mut self, group: usize, gas: usize, level: f64) {
        self.held[group][gas] = true;
        self.outside[GASES[gas] as usize] += self.decay[group] * level;
    }

    /// Holds a gas that is at its level and in balance, otherwise lets it move.
    fn settle(&mut self, group: usize, gas: usize, level: f64, target: f64, net: f64) {
        let leak = self.decay[group] * level;
        let scale = (leak + net.abs()).max(EMPTY_KG);
        if (level - target).abs() <= AT_LEVEL * target && (net - leak).abs() <= 1e-6 * scale {
            // The difference is rounding of a level within AT_LEVEL of its target.
            self.outside[GASES[gas] as usize] += net - leak;
            self.hold(group, gas, level);
        } else {
            self.gas[group][gas] = net;
        }
    }

    /// Takes up to `capacity` kg/d out of a pair of stores in the ratio they hold (or are filled
    /// in), and returns what was taken of each. A single store is passed twice.
    fn drain(
        &mut self,
        state: &State,
        owners: Owners,
        kinds: [Kind; 2],
        capacity: f64,
    ) -> [f64; 2] {
        let single = kinds[0] == kinds[1];
        let filled = owners.filled(state, kinds[0]);
        let owner = filled.unwrap_or(owners.waste);
        let of = |values: &[f64; STORES]| {
            let second = if single { 0.0 } else { values[store(owner, kinds[1])] };
            [values[store(owner, kinds[0])], second.max(0.0)]
        };
        let parts = if filled.is_some() { of(&state.stores) } else { of(&self.stores) };
        let total = parts[0] + parts[1];
        if total <= 0.0 || capacity <= 0.0 {
            return [0.0; 2];
        }
        let rate = if filled.is_some() { capacity } else { capacity.min(total) };
        let taken = parts.map(|part| part / total * rate);
        self.stores[store(owner, kinds[0])] -= taken[0];
        if !single {
            self.stores[store(owner, kinds[1])] -= taken[1];
        }
        taken
    }

    /// Takes a rate from the first filled store, or from what flows into an empty one; returns
    /// what is missing.
    fn take(&mut self, state: &State, owners: Owners, kind: Kind, rate: f64) -> f64 {
        if let Some(owner) = owners.filled(state, kind) {
            self.stores[store(owner, kind)] -= rate;
            return 0.0;
        }
        let inflow = &mut self.stores[store(owners.waste, kind)];
        let taken = rate.min(inflow.max(0.0));
        *inflow -= taken;
        let missing = rate - taken;
        if missing > AT_LEVEL * rate { missing } else { 0.0 }
    }

    /// Returns the days for which these flows hold: until a store empties, a gas reaches its
    /// level, or a leak has to be taken anew. Infinite when nothing changes.
    pub fn valid_days(&self, model: &Model, state: &State) -> f64 {
        let mut days = self.relinearize_days;
        for (level, rate) in state.stores.iter().zip(&self.stores[..self.stores_used]) {
            if *rate < 0.0 && *level > EMPTY_KG {
                days = days.min(level / -rate);
            }
        }
        days = days.min(model.supplies.holds_days(state.day));
        for group in 0..self.groups {
            for gas in 0..GASES.len() {
                if self.held[group][gas] {
                    continue;
                }
                let level = state.gas[group][gas];
                let target = self.targets[group][gas];
                if (level - target).abs() > AT_LEVEL * target
                    && let Some(reached) = self.moving(state, group, gas).days_until(target)
                {
                    days = days.min(reached);
                }
                if gas == O2
                    && level > EMPTY_KG
                    && let Some(gone) = self.moving(state, group, gas).days_until(0.0)
                {
                    days = days.min(gone);
                }
            }
        }
        days.min(self.switching_days(model, state))
    }

    /// Returns a gas as a stock with its law.
    pub fn moving(&self, state: &State, group: usize, gas: usize) -> Stock {
        let law = if self.held[group][gas] {
            Law::Constant { rate: 0.0 }
        } else {
            Law::Relaxing { source: self.gas[group][gas], decay: self.decay[group] }
        };
        Stock { level: state.gas[group][gas], law }
    }
}

/// What is asked of supplies: replacement of use and leak, and recharge of what is missing.
fn asked(level: f64, target: f64, used: f64, decay: f64) -> f64 {
    if level > target * (1.0 + AT_LEVEL) {
        0.0
    } else if level < target * (1.0 - AT_LEVEL) {
        used + decay * target + (target - level) / RECHARGE_DAYS
    } else {
        used + decay * level
    }
}

impl LeakNow {
    /// Returns the mean rate in kg/d of the step that a day lies in, and the days left of it.
    ///
    /// Steps count from the day the rate was set, whatever else happens in between: what has leaked
    /// by the end of each is exact.
    fn mean(&self, day: f64) -> (f64, f64) {
        let growth = self.growth_per_day;
        if growth == 0.0 || self.rate == 0.0 {
            return (self.rate, f64::INFINITY);
        }
        let age = day - self.since;
        let ends = self.grows_until();
        if age >= ends - SAME_STEP_DAYS {
            return (self.rate_at(day), f64::INFINITY);
        }
        let whole = (GROWTH_SHARE / growth.abs()).min(RELINEARIZED_DAYS);
        let begun = ((age + SAME_STEP_DAYS) / whole).floor() * whole;
        let length = whole.min(ends - begun);
        let mean = self.rate_at(self.since + begun) * crate::stock::growth(growth * length);
        (mean, begun + length - age)
    }
}

/// Whose stores a group can use, and where its waste goes.
#[derive(Clone, Copy, Debug)]
struct Owners {
    usable: [bool; OWNERS_MAX],
    waste: usize,
}

impl Owners {
    /// Returns the first usable store of a kind that holds something.
    fn filled(self, state: &State, kind: Kind) -> Option<usize> {
        (0..OWNERS_MAX)
            .find(|owner| self.usable[*owner] && state.stores[store(*owner, kind)] > EMPTY_KG)
    }
}
