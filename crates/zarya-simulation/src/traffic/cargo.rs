//! What flights bring: as the manifest says, or by what is short where a station's policy says so.
//!
//! Mass is kept: what a flight carries is handed over, held in the vehicle until there is room, or leaves with it.

use super::Traffic;
use crate::course::Course;
use crate::plan::ResplitPlan;
use crate::resources::Resources;

/// One line of a flight's cargo: what is planned, and what is loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    s: usize,
    planned_kg: f64,
    kg: f64,
    /// It gives way to others.
    loose: bool,
}

impl Traffic {
    /// Hands over a flight's cargo. `displaced`: what spares have taken of which lines.
    pub(crate) fn deliver(
        &mut self,
        course: &mut Course<'_>,
        resources: &mut Resources,
        f: usize,
        slot: usize,
        displaced: &[(u16, f64)],
    ) {
        let plan = course.plan;
        let mut loads = std::mem::take(&mut self.loads);
        loads.clear();
        for (s, planned_kg) in &plan.flights[f].cargo {
            let gave_way = displaced.iter().filter(|(stock, _)| stock == s);
            let planned_kg = planned_kg - gave_way.map(|(_, kg)| kg).sum::<f64>();
            let s = usize::from(*s);
            let stock = &plan.stocks[s];
            let gone = stock.partner.is_some_and(|p| self.partner_gone[usize::from(p)]);
            // Nobody could burn what lies in tanks of a vehicle that does not push with it.
            let sealed = stock.leaves_with_vehicle && self.own_tanks(plan, slot) != Some(s);
            if stock.accumulates || self.cargo_stopped[s] || gone || sealed {
                continue;
            }
            resources.settle_stock(course.now, s);
            let loose = stock.reserve_d.is_none() && !stock.pushes;
            loads.push(Load { s, planned_kg, kg: planned_kg, loose });
        }
        if let Some(policy) = &plan.policy.cargo {
            resplit(course, resources, policy, &mut loads);
        }
        for load in &loads {
            course.out.cargo_kg += load.planned_kg;
            self.hand_over(course, resources, slot, load.s, load.kg);
        }
        self.loads = loads;
        resources.mark_flows();
    }

    /// Moves what there is room for; the rest waits in the vehicle.
    fn hand_over(
        &mut self,
        course: &mut Course<'_>,
        resources: &mut Resources,
        slot: usize,
        s: usize,
        kg: f64,
    ) {
        let moved = resources.move_stock(course, s, kg);
        if course.plan.stocks[s].leaves_with_vehicle {
            self.slots[slot].own_propellant_kg += moved;
        }
        if moved < kg {
            self.slots[slot].held.push((crate::plan::place(s), kg - moved));
        }
    }

    /// Hands over what vehicles hold for want of room, as far as there is some now.
    pub(crate) fn unload_held(&mut self, course: &mut Course<'_>, resources: &mut Resources) {
        for slot in 0..self.slots.len() {
            self.unload(course, resources, slot);
        }
    }

    /// The same for one vehicle.
    pub(crate) fn unload(
        &mut self,
        course: &mut Course<'_>,
        resources: &mut Resources,
        slot: usize,
    ) {
        if !self.slots[slot].active || self.slots[slot].held.is_empty() {
            return;
        }
        for (s, kg) in std::mem::take(&mut self.slots[slot].held) {
            self.hand_over(course, resources, slot, usize::from(s), kg);
        }
        resources.mark_flows();
    }
}

/// Loads by what is short; the flight's mass is kept.
///
/// # Model
///
/// A stock with a reserve is brought toward the target in days of supply, within the least and the most of its line;
/// propellant moves by what tanks allow; lines without a reserve (dry goods) give way, down to their least. What nobody
/// wants flies as the lines were planned.
fn resplit(course: &Course<'_>, resources: &Resources, policy: &ResplitPlan, loads: &mut [Load]) {
    let value = |parameter| course.world.value(parameter);
    let total_kg: f64 = loads.iter().map(|load| load.planned_kg).sum();
    for load in loads.iter_mut().filter(|load| !load.loose) {
        let (planned, room) = (load.planned_kg, resources.room_kg(load.s));
        let wanted = if course.plan.stocks[load.s].reserve_d.is_some() {
            let missing =
                value(policy.target_d) * resources.use_kg_d(load.s) - resources.level_kg(load.s);
            missing.clamp(planned * value(policy.least), planned * value(policy.most))
        } else {
            planned * value(policy.propellant_most)
        };
        load.kg = wanted.min(room);
    }
    let sum = |loose: bool| loads.iter().filter(|l| l.loose == loose).map(|l| l.kg).sum::<f64>();
    let (firm_kg, loose_kg) = (sum(false), sum(true));
    let firm_share = if firm_kg > 0.0 {
        ((total_kg - loose_kg * value(policy.goods_least)) / firm_kg).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let loose_share = if loose_kg > 0.0 {
        ((total_kg - firm_kg * firm_share) / loose_kg).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let left_kg = (total_kg - firm_kg * firm_share - loose_kg * loose_share).max(0.0);
    for load in loads {
        load.kg *= if load.loose { loose_share } else { firm_share };
        if total_kg > 0.0 {
            load.kg += left_kg * load.planned_kg / total_kg;
        }
    }
}
