//! Spares on their way: asked for, built, flown up, lost and unloaded.

use super::{Aboard, Job, Status, Supply};
use crate::clock::Kind;
use crate::course::{Course, Weight, note};
use crate::plan::{number, place};
use crate::resources::Resources;
use zarya_station::model::RepairWhere;

/// Days between flights that deliver spares during burn-in: about twelve cargo flights a year.
const BURN_IN_FLIGHT_D: f64 = 30.0;

/// Room for spares on a flight, and what it is loaded with.
struct Room {
    kg: f64,
    m3: f64,
    loads: Vec<u16>,
}

impl Supply {
    /// Asks for one more spare: from the ground's shelf, else from the factory. Of a type that is repaired there, whoever
    /// waits takes the first that comes to the shelf, new or repaired; a new one is begun where none under way is free.
    pub(super) fn order(&mut self, course: &mut Course<'_>, kind: usize) {
        let t = &course.plan.types[kind];
        if self.spares_stopped || !t.supplied {
            return;
        }
        let factor = course.world.repair_factor;
        self.types[kind].on_order += 1;
        let days = if self.types[kind].ground > 0 {
            self.types[kind].ground -= 1;
            // One that is repaired comes back to the shelf; else a new one takes its place there.
            if t.ground_repair.is_none() {
                self.types[kind].building += 1;
                let build_d = course.world.value(t.build_d) * factor;
                course.schedule(course.now + build_d, Kind::GroundSpareBuilt, kind, 0);
            }
            course.world.value(t.lead_d) * factor
        } else if t.ground_repair.is_some() {
            if self.types[kind].building <= self.types[kind].backordered {
                self.types[kind].building += 1;
                // Ready for flight after the time to build it in all.
                let days = (course.world.value(t.build_d) - course.world.value(t.lead_d)).max(0.0);
                course.schedule(course.now + days * factor, Kind::GroundSpareBuilt, kind, 0);
            }
            self.types[kind].backordered += 1;
            return;
        } else {
            course.world.value(t.build_d) * factor
        };
        course.schedule(course.now + days, Kind::SpareReady, kind, 0);
    }

    /// A unit comes to the shelf, new or repaired.
    pub(crate) fn ground_spare_built(&mut self, course: &mut Course<'_>, kind: usize) {
        let state = &mut self.types[kind];
        state.building = state.building.saturating_sub(1);
        if state.backordered == 0 {
            state.ground += 1;
            return;
        }
        state.backordered -= 1;
        let factor = course.world.repair_factor;
        let lead_d = course.world.value(course.plan.types[kind].lead_d) * factor;
        course.schedule(course.now + lead_d, Kind::SpareReady, kind, 0);
    }

    pub(crate) fn spare_ready(&mut self, kind: usize) {
        self.types[kind].to_fly += 1;
    }

    /// During burn-in every flight carries what is ready.
    pub(crate) fn burn_in_flight(&mut self, course: &mut Course<'_>, aboard: &mut Aboard<'_>) {
        for kind in 0..self.types.len() {
            while self.types[kind].to_fly > 0 {
                self.types[kind].to_fly -= 1;
                self.spare_arrives(course, aboard, kind);
            }
        }
        for place in 0..course.plan.returned.len() {
            let kind = usize::from(course.plan.returned[place]);
            while self.types[kind].to_return > 0 {
                self.types[kind].to_return -= 1;
                self.land(course, kind);
            }
        }
        self.retry_jobs(course, aboard);
        course.schedule(course.now + BURN_IN_FLIGHT_D, Kind::BurnInFlight, 0, 0);
    }

    pub(crate) fn spare_arrives(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        kind: usize,
    ) {
        let state = &mut self.types[kind];
        state.on_order = state.on_order.saturating_sub(1);
        if let Some(u) = (!state.waiting.is_empty()).then(|| state.waiting.remove(0)) {
            note!(course; Weight::Upkeep, "A spare for {} arrives.", course.plan.types[kind].name);
            self.units[u as usize].status = Status::InRepair;
            self.start_job(course, aboard, Job::Repair(u));
        } else if let Some(u) = self.pop_expired(aboard, kind) {
            self.replace_expired(course, aboard, u);
        } else {
            self.types[kind].aboard += 1;
        }
    }

    /// Loads spares on a flight: first those that a short capability waits for, by the priority of its repairs; then
    /// those that somebody waits for, then the rest, by type.
    ///
    /// The first fly on the next vehicle of whichever side, and take the mass that is missing from lines of stocks that
    /// give way; what gave way stays on the ground. Volume is not made.
    pub(crate) fn load_spares(
        &mut self,
        course: &mut Course<'_>,
        resources: &Resources,
        flight: usize,
    ) {
        let plan = course.plan;
        let vehicle = &plan.vehicles[usize::from(plan.flights[flight].vehicle)];
        let mut room = Room {
            kg: course.world.value(vehicle.spares_kg),
            m3: vehicle.spares_m3.map_or(f64::INFINITY, |m3| course.world.value(m3)),
            loads: std::mem::take(&mut self.flight_loads[flight]),
        };
        room.loads.clear();
        self.displaced[flight].clear();
        let mut short: Vec<usize> = (0..self.types.len())
            .filter(|kind| {
                let serves = usize::from(plan.types[*kind].serves);
                self.types[*kind].to_fly > 0
                    && !self.types[*kind].waiting.is_empty()
                    && resources.is_short(course, serves)
            })
            .collect();
        short.sort_by_key(|kind| (plan.types[*kind].priority, *kind));
        for kind in short {
            let t = &plan.types[kind];
            if t.external && !vehicle.external_cargo {
                continue;
            }
            let wanted = self.types[kind].waiting.len().min(self.types[kind].to_fly as usize);
            for _ in 0..wanted {
                if t.volume_m3 > room.m3 {
                    break;
                }
                // What flies outside takes no room from what flies inside.
                if !t.external {
                    room.kg += self.make_room(course, flight, t.mass_kg - room.kg);
                }
                self.load(course, &mut room, kind, 1);
            }
        }
        for waited_for in [true, false] {
            for (kind, t) in plan.types.iter().enumerate() {
                if (t.external && !vehicle.external_cargo)
                    || vehicle.cargo_segment.is_some_and(|s| s != t.segment)
                {
                    continue;
                }
                let loaded = room.loads.iter().filter(|load| usize::from(**load) == kind).count();
                let waiting = number(self.types[kind].waiting.len().saturating_sub(loaded));
                self.load(course, &mut room, kind, if waited_for { waiting } else { u32::MAX });
            }
        }
        self.flight_loads[flight] = room.loads;
    }

    /// Loads at most so many spares of a type that are ready, as far as there is room.
    fn load(&mut self, course: &mut Course<'_>, room: &mut Room, kind: usize, most: u32) {
        let t = &course.plan.types[kind];
        let mut n = most.min(self.types[kind].to_fly);
        while n > 0 && t.mass_kg <= room.kg && t.volume_m3 <= room.m3 {
            n -= 1;
            room.kg -= t.mass_kg;
            room.m3 -= t.volume_m3;
            self.types[kind].to_fly -= 1;
            course.out.cargo_kg += t.mass_kg;
            room.loads.push(place(kind));
        }
    }

    /// Takes so much mass from the lines of a flight that give way, all of it or none: what is taken.
    fn make_room(&mut self, course: &mut Course<'_>, flight: usize, missing_kg: f64) -> f64 {
        let plan = course.plan;
        let displaced = &mut self.displaced[flight];
        let lines = plan.flights[flight].cargo.iter();
        let can_give: Vec<(u16, f64)> = lines
            .map(|(s, kg)| {
                let stock = &plan.stocks[usize::from(*s)];
                let share =
                    if stock.accumulates { 0.0 } else { course.world.value(stock.gives_way) };
                let given =
                    displaced.iter().filter(|(of, _)| of == s).map(|(_, kg)| kg).sum::<f64>();
                (*s, (kg * share.min(1.0) - given).max(0.0))
            })
            .collect();
        if missing_kg <= 0.0 || can_give.iter().map(|(_, kg)| kg).sum::<f64>() < missing_kg {
            return 0.0;
        }
        let mut left_kg = missing_kg;
        for (s, kg) in can_give {
            let taken = kg.min(left_kg);
            left_kg -= taken;
            if taken > 0.0 {
                displaced.push((s, taken));
            }
        }
        missing_kg
    }

    /// What the spares of a flight have taken of its lines.
    pub(crate) fn displaced(&self, flight: usize) -> &[(u16, f64)] {
        &self.displaced[flight]
    }

    /// The spares of a lost flight are asked for again.
    pub(crate) fn lose_spares(&mut self, course: &mut Course<'_>, flight: usize) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            let kind = usize::from(kind);
            self.types[kind].on_order = self.types[kind].on_order.saturating_sub(1);
            course.out.cargo_kg -= course.plan.types[kind].mass_kg;
            self.order(course, kind);
        }
    }

    pub(crate) fn unload_spares(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        flight: usize,
    ) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            self.spare_arrives(course, aboard, usize::from(kind));
        }
    }

    /// The hardware of upgrades that a flight brings: where it is the first, they can begin from the day on which they are ready.
    pub(crate) fn unload_upgrades(&mut self, course: &mut Course<'_>, flight: usize) {
        for i in &course.plan.flights[flight].upgrades {
            let i = usize::from(*i);
            let upgrade = &course.plan.upgrades[i];
            if upgrade.carried && !upgrade.skipped && !std::mem::replace(&mut self.brought[i], true)
            {
                course.schedule(upgrade.ready.max(course.now), Kind::UpgradeReady, i, 0);
            }
        }
    }

    /// A unit has been taken out of its place: it waits for a way down, or is trash.
    pub(super) fn remove_unit(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        u: usize,
    ) {
        let plan = course.plan;
        let kind = usize::from(plan.units[u].kind);
        let t = &plan.types[kind];
        if std::mem::take(&mut self.units[u].robbed) {
            return;
        }
        if t.ground_repair.is_some() {
            self.types[kind].to_return += 1;
        } else if let Some(s) = plan.discards
            && t.place == RepairWhere::Inside
            && !course.burning_in
        {
            aboard.resources.move_stock(course, usize::from(s), t.mass_kg);
        }
    }

    /// What a leaving vehicle takes with it: removed units for repair, those of which nothing is
    /// left aboard first; then the trash of its planned lines, as far as it can carry all.
    pub(crate) fn take_away(
        &mut self,
        course: &mut Course<'_>,
        aboard: &mut Aboard<'_>,
        vehicle: usize,
        flight: Option<u16>,
    ) {
        let plan = course.plan;
        let vehicle = &plan.vehicles[vehicle];
        let mut all_kg = vehicle.down_kg.map_or(f64::INFINITY, |kg| course.world.value(kg));
        let mut units_kg = course.world.value(vehicle.return_kg).min(all_kg);
        for scarce in [true, false] {
            for kind in plan.returned.iter().map(|kind| usize::from(*kind)) {
                let t = &plan.types[kind];
                let wanted = !scarce || self.types[kind].aboard == 0;
                if !wanted || vehicle.cargo_segment.is_some_and(|s| s != t.segment) {
                    continue;
                }
                while self.types[kind].to_return > 0 && t.mass_kg <= units_kg {
                    self.types[kind].to_return -= 1;
                    units_kg -= t.mass_kg;
                    all_kg -= t.mass_kg;
                    self.land(course, kind);
                }
            }
        }
        let lines = flight.map_or(&[][..], |f| &plan.flights[usize::from(f)].cargo);
        for (s, kg) in lines {
            let s = usize::from(*s);
            if plan.stocks[s].accumulates {
                all_kg += aboard.resources.move_stock(course, s, -kg.min(all_kg.max(0.0)));
            }
        }
    }

    /// A removed unit is on the ground: repaired, or condemned and built anew.
    fn land(&mut self, course: &mut Course<'_>, kind: usize) {
        let plan = course.plan;
        let t = &plan.types[kind];
        let Some(repair) = t.ground_repair else { return };
        let share = course.world.value(repair.condemned_share);
        let condemned = share > 0.0 && self.condemned.next(&course.chance.source) < share;
        let days = course.world.value(if condemned { t.build_d } else { repair.turnaround_d });
        let days = days * course.world.repair_factor;
        self.types[kind].building += 1;
        course.schedule(course.now + days, Kind::GroundSpareBuilt, kind, 0);
        if !course.burning_in {
            course.out.counts.units_returned += 1;
            course.out.counts.units_condemned += u32::from(condemned);
            let fate = if condemned { "is condemned; a new one is built" } else { "is repaired" };
            note!(course; Weight::Upkeep, "A removed {} comes down and {fate}: {days:.0} days.", t.name);
        }
    }
}
