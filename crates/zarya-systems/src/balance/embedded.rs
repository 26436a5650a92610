//! A balance inside a larger simulation: numbers come from there, and change when it says so.
//!
//! A [`Case`] states what a file knows, with spreads and dates. A simulation has drawn its values
//! already and decides itself what changes when: a [`Setting`] hands them over, and setters of
//! [`Model`] follow its events. Flows, steps and the times to a limit are those of every balance.

use super::{CO2, Commodity, Flows, Kind, Model, O2, OWNERS_MAX, SIDES_MAX, State, ZONES, store};
use crate::case::{CabinAir, Case, Leak, Limited, Running, Zone};
use crate::crew;
use crate::parameters::{Basis, Spread};
use crate::processor::{Makes, Processor, processors};
use crate::stock::{Law, Stock};

/// What a simulation knows of its station when a balance begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Number of sides that keep stores and processors apart, at most [`SIDES_MAX`].
    pub sides: usize,
    /// Zones: volume in m3, side (none: the whole station's), and whether the hatch is open.
    pub zones: Vec<(f64, Option<usize>, bool)>,
    /// Cabin air at the start, held as long as supplies last.
    pub air: CabinAir,
    /// Factor on all rates of the crew table.
    pub metabolism: f64,
    /// Processors: what they make, on which side, and how much in kg/d.
    pub processors: Vec<(Makes, usize, f64)>,
    /// The zone that each leak empties; rates are set with [`Model::set_leak`].
    pub leaks: Vec<usize>,
    /// What is kept account of.
    pub tracked: Vec<Commodity>,
    /// Shares of the crew that live on the water of each owner (the station, then its sides); without
    /// them all water is one.
    pub water_shares: Option<[f64; OWNERS_MAX]>,
    /// Shares of the water in urine and in brine that their processors recover.
    pub recovery: [f64; 2],
}

impl Model {
    /// Returns the model of a setting with nobody aboard, no leak and empty stores, and the state
    /// it starts from.
    ///
    /// # Panics
    ///
    /// If there are no zones or more than [`ZONES`], a volume is not positive, or there are more than
    /// [`SIDES_MAX`] sides or something is on none of them.
    pub fn embedded(setting: &Setting) -> (Self, State) {
        assert!(setting.zones.iter().all(|zone| zone.0 > 0.0), "a zone without volume");
        assert!(setting.sides <= SIDES_MAX, "at most {SIDES_MAX} sides");
        let zones = setting
            .zones
            .iter()
            .map(|(volume_m3, _, open)| Zone { open: *open, ..Zone::open("", *volume_m3) });
        let running = setting.processors.iter().map(|(makes, _, capacity)| {
            Running::new(of_kind(*makes), Spread::point(*capacity), Basis::Given)
        });
        let case = Case {
            air: setting.air,
            running: running.collect(),
            leaks: setting.leaks.iter().map(|zone| Leak::steady("", *zone, 0.0)).collect(),
            limits: Vec::new(),
            ..Case::bare(0.0, zones.collect())
        };
        let (mut model, state) = Self::new(&case, &super::Draws::MEDIAN);
        let owner = |side: usize| {
            assert!(side < setting.sides, "side {side} of {}", setting.sides);
            1 + side
        };
        model.owners = 1 + setting.sides;
        for (zone, (_, side, _)) in model.zones.iter_mut().zip(&setting.zones) {
            zone.1 = side.map_or(0, owner);
        }
        for (unit, (_, side, _)) in model.units.iter_mut().zip(&setting.processors) {
            unit.owner = owner(*side);
        }
        model.regroup();
        model.rates = crew::table().day.times(setting.metabolism);
        model.tracked = [false; super::COMMODITIES];
        for commodity in &setting.tracked {
            model.tracked[*commodity as usize] = true;
        }
        model.water_shares = setting.water_shares;
        [model.urine_recovery, model.brine_recovery] = setting.recovery;
        (model, state)
    }

    /// Sets the number aboard.
    pub fn set_crew(&mut self, people: f64) {
        self.crew = people;
    }

    /// Sets what a processor can make, kg/d; 0 when it is out.
    pub fn set_capacity(&mut self, index: usize, kg_d: f64) {
        self.units[index].capacity = kg_d;
    }

    /// Sets a leak's rate at the starting pressure, kg/d.
    pub fn set_leak(&mut self, index: usize, kg_d: f64) {
        self.leaks[index].rate = kg_d;
    }

    /// Sets whether a commodity is kept up from stores and processors.
    pub fn set_tracked(&mut self, commodity: Commodity, tracked: bool) {
        self.tracked[commodity as usize] = tracked;
    }

    /// Sets the shares of the crew on the water of each owner, see [`Setting::water_shares`].
    pub fn set_water_shares(&mut self, shares: [f64; OWNERS_MAX]) {
        self.water_shares = Some(shares);
    }

    /// Sets the share of the water drunk from an owner's tanks that is spared: as much less becomes
    /// urine.
    pub fn set_ration(&mut self, owner: usize, share: f64) {
        self.rationed[owner] = share;
    }

    /// Opens or closes the hatch of a zone; air mixes where hatches open.
    pub fn set_hatch(&mut self, state: &mut State, zone: usize, open: bool) {
        if self.open[zone] != open {
            self.hatch(state, zone, open);
        }
    }

    /// Returns the group in which the crew is while hatches are open: that of the largest zone.
    pub fn main_group(&self) -> usize {
        self.homes[0]
    }

    /// Returns what the processors of an owner can make of a kind, kg/d.
    pub(super) fn capacity_at(&self, makes: Makes, owner: usize) -> f64 {
        let ours = self.units.iter().filter(|unit| unit.makes == makes && unit.owner == owner);
        ours.map(|unit| unit.capacity).sum()
    }
}

impl State {
    /// Adds to a store what comes aboard from outside (negative: what leaves), kg.
    pub fn bring(&mut self, at: usize, kg: f64) {
        self.stores[at] += kg;
        self.outside[KIND_OF[at].substance() as usize] -= kg;
    }
}

impl Flows {
    /// Draws from a store (negative: fills it) beside what the balance knows of; it leaves the station.
    pub fn draw(&mut self, at: usize, kg_d: f64) {
        self.stores[at] -= kg_d;
        self.outside[KIND_OF[at].substance() as usize] += kg_d;
    }

    /// Lets the crew eat so much less than its rates ask; its bodies give the rest, which counts as
    /// coming from outside.
    pub fn eat_less(&mut self, share: f64) {
        for owner in 0..OWNERS_MAX {
            for kind in [Kind::FoodSolids, Kind::FoodWater] {
                let at = store(owner, kind);
                let spared = -self.stores[at].min(0.0) * share;
                self.draw(at, -spared);
            }
            let at = store(owner, Kind::FoodPackaging);
            let spared = -self.stores[at].min(0.0) * share;
            self.stores[at] += spared;
            // What is not unpacked does not become trash, wherever that is collected.
            let mut trash = (0..OWNERS_MAX).map(|owner| store(owner, Kind::TrashPackaging));
            if let Some(trash) = trash.find(|at| self.stores[*at] >= spared) {
                self.stores[trash] -= spared;
            }
        }
    }
}

/// Returns a pressure of a group with the law it moves by, kPa: all gases that move share the
/// group's decay. `per_kg` is [`Model::pressures_per_kg`] of the group.
pub fn pressure_law(
    state: &State,
    flows: &Flows,
    limited: Limited,
    group: usize,
    per_kg: &[f64; 4],
) -> Stock {
    let (mut level, mut held, mut source) = (0.0, 0.0, 0.0);
    for (gas, per_kg) in per_kg.iter().enumerate() {
        let counts = match limited {
            Limited::TotalPressure => true,
            Limited::OxygenPartialPressure => gas == O2,
            Limited::CarbonDioxidePartialPressure => gas == CO2,
            Limited::Stock(_) => false,
        };
        if !counts {
            continue;
        }
        let kpa = state.gas[group][gas] * per_kg;
        level += kpa;
        if flows.held[group][gas] {
            held += kpa;
        } else {
            source += flows.gas[group][gas] * per_kg;
        }
    }
    // d p / dt = source - k (p - held)
    let decay = flows.decay[group];
    if held == level {
        return Stock { level, law: Law::Constant { rate: 0.0 } };
    }
    Stock { level, law: Law::Relaxing { source: source + decay * held, decay } }
}

/// What each store holds, by its place.
const KIND_OF: [Kind; super::STORES] = {
    let mut kinds = [Kind::Oxygen; super::STORES];
    let mut at = 0;
    while at < super::STORES {
        kinds[at] = Kind::ALL[at % super::KINDS];
        at += 1;
    }
    kinds
};

/// A processor of a kind: only what it makes matters here, where and how much is the setting's.
fn of_kind(makes: Makes) -> &'static Processor {
    processors().iter().find(|p| p.makes == makes).expect("the table has a processor of every kind")
}

const _: () = assert!(ZONES >= 3, "a station may name three zones");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::Step;

    fn setting() -> Setting {
        Setting {
            sides: 2,
            zones: vec![(900.0, Some(0), true), (100.0, Some(1), true)],
            air: CabinAir::standard(),
            metabolism: 1.0,
            processors: vec![
                (Makes::Oxygen, 0, 9.2),
                (Makes::Oxygen, 1, 4.6),
                (Makes::CarbonDioxideRemoval, 0, 12.6),
                (Makes::PotableWater, 0, 93.0),
                (Makes::Distillate, 0, 9.0),
                (Makes::BrineWater, 0, 2.25),
                (Makes::CondensateWater, 1, 5.7),
            ],
            leaks: vec![0],
            tracked: vec![
                Commodity::Oxygen,
                Commodity::CarbonDioxideRemoval,
                Commodity::Nitrogen,
                Commodity::Water,
                Commodity::Food,
            ],
            water_shares: Some([0.0, 4.0 / 7.0, 3.0 / 7.0, 0.0, 0.0]),
            recovery: [0.74, 0.8],
        }
    }

    /// Two sides of one cabin: everything drunk, split and given back is counted once.
    #[test]
    fn split_water_closes_and_adds_up_to_one_water() {
        let whole = Setting { water_shares: None, ..setting() };
        let (mut one, mut state) = Model::embedded(&whole);
        let (mut two, _) = Model::embedded(&setting());
        for owner in 0..3 {
            state.stores[store(owner, Kind::Potable)] = 500.0;
            state.stores[store(owner, Kind::Oxygen)] = 50.0;
            state.stores[store(owner, Kind::FoodSolids)] = 300.0;
            state.stores[store(owner, Kind::FoodWater)] = 300.0;
            state.stores[store(owner, Kind::FoodPackaging)] = 60.0;
        }
        for model in [&mut one, &mut two] {
            model.set_crew(7.0);
            model.set_leak(0, 0.4);
        }
        let (a, b) = (Flows::new(&one, &state), Flows::new(&two, &state));
        let sum = |flows: &Flows, kind| -> f64 {
            (0..OWNERS_MAX).map(|owner| flows.stores[store(owner, kind)]).sum()
        };
        assert!((a.water_asked / b.water_asked - 1.0).abs() < 1e-12);
        // The Russian side does not process urine, so it recovers less.
        assert!(a.water_recovered > b.water_recovered);
        assert!(sum(&b, Kind::UrineWater) > sum(&a, Kind::UrineWater));
        // Both sides live on their own tanks.
        assert!(b.stores[store(1, Kind::Potable)] < 0.0 || b.stores[store(2, Kind::Potable)] < 0.0);
        assert_eq!(b.stores[store(0, Kind::Potable)], 0.0);
        let before = state.elements();
        let mut flows = b;
        flows.draw(store(1, Kind::Potable), 0.3);
        flows.eat_less(0.2);
        state.bring(store(2, Kind::Potable), 420.0);
        let step = Step::new(&flows, 10.0);
        state.advance(&flows, &step);
        assert!(state.imbalance(&before) < 1e-9, "{}", state.imbalance(&before));
    }

    /// Three sides of one cabin: each drinks from its own tanks, and nothing is lost between them.
    #[test]
    fn three_sides_keep_their_water_apart() {
        let mut three = setting();
        three.sides = 3;
        three.zones.push((50.0, Some(2), true));
        three.processors.push((Makes::CondensateWater, 2, 5.7));
        three.water_shares = Some([0.0, 0.5, 0.3, 0.2, 0.0]);
        let (mut model, mut state) = Model::embedded(&three);
        model.set_crew(7.0);
        for owner in 1..4 {
            state.stores[store(owner, Kind::Potable)] = 500.0;
        }
        state.stores[store(0, Kind::Oxygen)] = 50.0;
        state.stores[store(0, Kind::FoodSolids)] = 300.0;
        state.stores[store(0, Kind::FoodWater)] = 300.0;
        let before = state.elements();
        let flows = Flows::new(&model, &state);
        for owner in 1..4 {
            assert!(flows.stores[store(owner, Kind::Potable)] < 0.0, "side {owner}");
        }
        assert_eq!(flows.stores[store(4, Kind::Potable)], 0.0);
        state.advance(&flows, &Step::new(&flows, 10.0));
        assert!(state.imbalance(&before) < 1e-9, "{}", state.imbalance(&before));
    }

    /// 2004: without a generator a crew of two draws 3.5 lb/d, and 425 m3 lose 2.5 mmHg/d of oxygen.
    #[test]
    fn a_cabin_without_a_generator_loses_oxygen_as_in_2004() {
        let mut setting = setting();
        setting.zones = vec![(425.0, None, true)];
        setting.processors.clear();
        setting.water_shares = None;
        let (mut model, state) = Model::embedded(&setting);
        model.set_crew(2.0);
        let flows = Flows::new(&model, &state);
        let law = pressure_law(
            &state,
            &flows,
            Limited::OxygenPartialPressure,
            0,
            &model.pressures_per_kg(0),
        );
        let mmhg_d = (law.level - law.level_after(1.0)) / 0.133_322_387;
        assert!((mmhg_d / 2.5 - 1.0).abs() < 0.15, "{mmhg_d}");
    }
}
