//! Spares on their way: asked for, built, flown up, lost and unloaded.

use super::Job;
use super::Status;
use crate::history::{Engine, Kind, note};

/// Days between flights that deliver spares during burn-in: about twelve cargo flights a year.
const BURN_IN_FLIGHT_D: f64 = 30.0;

impl Engine<'_> {
    /// Asks for one more spare: from the ground's stock, else from the factory.
    pub(super) fn order(&mut self, kind: usize) {
        if self.spares_stopped {
            return;
        }
        let t = &self.plan.types[kind];
        let factor = self.world.repair_factor * self.plan.scales.lead;
        self.types[kind].on_order += 1;
        let days = if self.types[kind].ground > 0 {
            self.types[kind].ground -= 1;
            self.types[kind].building += 1;
            let build_d = self.world.value(t.build_d) * factor;
            self.schedule(self.now + build_d, Kind::GroundSpareBuilt, kind, 0);
            self.world.value(t.lead_d) * factor
        } else {
            self.world.value(t.build_d) * factor
        };
        self.schedule(self.now + days, Kind::SpareReady, kind, 0);
    }

    pub(crate) fn spare_ready(&mut self, kind: usize) {
        self.types[kind].to_fly += 1;
    }

    /// During burn-in every flight carries what is ready.
    pub(crate) fn burn_in_flight(&mut self) {
        for kind in 0..self.types.len() {
            while self.types[kind].to_fly > 0 {
                self.types[kind].to_fly -= 1;
                self.spare_arrives(kind);
            }
        }
        self.retry_jobs();
        self.schedule(self.now + BURN_IN_FLIGHT_D, Kind::BurnInFlight, 0, 0);
    }

    pub(crate) fn spare_arrives(&mut self, kind: usize) {
        let state = &mut self.types[kind];
        state.on_order = state.on_order.saturating_sub(1);
        if let Some(u) = (!state.waiting.is_empty()).then(|| state.waiting.remove(0)) {
            note!(self, "A spare for {} arrives.", self.plan.types[kind].name);
            self.units[u as usize].status = Status::InRepair;
            self.start_job(Job::Repair(u));
        } else if let Some(u) = self.pop_expired(kind) {
            self.replace_expired(u);
        } else {
            self.types[kind].aboard += 1;
        }
    }

    /// Loads spares on a flight: those that somebody waits for first, then by type.
    pub(crate) fn load_spares(&mut self, flight: usize) {
        let plan = self.plan;
        let vehicle = &plan.vehicles[usize::from(plan.flights[flight].vehicle)];
        let mut room_kg = self.world.value(vehicle.spares_kg);
        let mut loads = std::mem::take(&mut self.flight_loads[flight]);
        loads.clear();
        for urgent in [true, false] {
            for kind in 0..self.types.len() {
                let t = &plan.types[kind];
                let wanted = if urgent { self.types[kind].waiting.len() as u32 } else { u32::MAX };
                let mut n = wanted.min(self.types[kind].to_fly);
                if t.external && !vehicle.external_cargo {
                    continue;
                }
                if vehicle.cargo_segment.is_some_and(|s| s != t.segment) {
                    continue;
                }
                while n > 0 && t.mass_kg <= room_kg {
                    n -= 1;
                    room_kg -= t.mass_kg;
                    self.types[kind].to_fly -= 1;
                    self.out.cargo_kg += t.mass_kg;
                    loads.push(kind as u16);
                }
            }
        }
        self.flight_loads[flight] = loads;
    }

    /// The spares of a lost flight are asked for again.
    pub(crate) fn lose_spares(&mut self, flight: usize) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            let kind = usize::from(kind);
            self.types[kind].on_order = self.types[kind].on_order.saturating_sub(1);
            self.out.cargo_kg -= self.plan.types[kind].mass_kg;
            self.order(kind);
        }
    }

    pub(crate) fn unload_spares(&mut self, flight: usize) {
        let loads = std::mem::take(&mut self.flight_loads[flight]);
        for kind in loads {
            self.spare_arrives(usize::from(kind));
        }
    }
}
