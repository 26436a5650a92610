//! Vehicles, pads, ports, flights and what can push.

use super::{Compiler, Index};
use crate::plan::{
    CauseKind, DockingPlan, FlightPlan, MovesPlan, OutagePlan, PushPlan, RiskPlan, ShockPlan,
    SlipPlan, VehiclePlan, place,
};
use zarya_station::model::{self, Owner};
use zarya_units::Mjd;
use zarya_units::random::Stream;

impl Compiler<'_> {
    pub(super) fn push(
        &mut self,
        path: &str,
        push: &model::Push,
        capability: Option<u16>,
    ) -> PushPlan {
        PushPlan {
            stock: place(self.stocks.of(&push.stock)),
            isp_s: self.value(&format!("{path}.isp"), push.isp_s),
            limit_m_s: push
                .delta_v_limit_m_s
                .map(|v| self.value(&format!("{path}.delta_v_limit"), v)),
            avoidance: push.avoidance,
            preference: push.preference,
            capability,
        }
    }

    fn docking(&mut self, path: &str, name: &str, docking: &model::Docking) -> DockingPlan {
        DockingPlan {
            trouble: self.value(&format!("{path}.trouble"), docking.trouble),
            retry_d: self.value(&format!("{path}.retry"), docking.retry_d),
            fails: self.value(&format!("{path}.fails"), docking.fails),
            // Whose number it is: left out with the hazards of other owners.
            strikes: self.value(
                &format!("{path}.strikes"),
                if self.variant.only_systems {
                    model::Value::exact(0.0, docking.strikes.basis)
                } else {
                    docking.strikes
                },
            ),
            strike: docking
                .strike
                .iter()
                .enumerate()
                .map(|(n, (share, e))| (*share, self.effect(&format!("{path}.strike.{n}"), e)))
                .collect(),
            cause: self.cause(
                path.trim_start_matches("vehicle."),
                &format!("a {name} struck the station"),
                CauseKind::Hazard(Owner::FireToxicCollision),
            ),
        }
    }

    pub(super) fn compile_outages(&mut self) -> (Vec<OutagePlan>, Vec<OutagePlan>) {
        let station = self.station;
        let pads = station
            .pads
            .iter()
            .map(|p| OutagePlan {
                name: p.name.clone(),
                count: 1,
                rate_per_d: self.rate(&format!("pad.{}.outage_rate", p.id), p.outage_per_y),
                outage_d: self.value(&format!("pad.{}.outage", p.id), p.outage_d),
                stream: Stream::new(&p.id, "pad"),
            })
            .collect();
        let ports = station
            .ports
            .iter()
            .map(|p| OutagePlan {
                name: p.name.clone(),
                count: p.count,
                rate_per_d: self.rate(&format!("port.{}.outage_rate", p.id), p.outage_per_y),
                outage_d: self.value(&format!("port.{}.outage", p.id), p.outage_d),
                stream: Stream::new(&p.id, "port"),
            })
            .collect();
        (pads, ports)
    }

    pub(super) fn compile_vehicles(&mut self) -> (Vec<VehiclePlan>, usize) {
        let station = self.station;
        let pads = Index::new(station.pads.iter().map(|x| &x.id));
        let mut launchers: Vec<&String> = station.vehicles.iter().map(|v| &v.launcher).collect();
        launchers.sort();
        launchers.dedup();
        let home = self.home_segments();
        let skills = self.skills();
        let n_segments = station.identity.segments.len();
        let plans = station
            .vehicles
            .iter()
            .map(|v| {
                let path = format!("vehicle.{}", v.id);
                let mut trained = vec![0; n_segments];
                for (segment, n) in &v.trained {
                    trained[self.segments.of(segment)] += n;
                }
                let most = trained.iter().copied().max().unwrap_or(0);
                let home_segment = (most > 0)
                    .then(|| place(trained.iter().position(|n| *n == most).expect("found")));
                let docking = v
                    .docking
                    .as_ref()
                    .map(|d| self.docking(&format!("{path}.docking"), &v.name, d));
                let push = v.push.as_ref().map(|p| self.push(&format!("{path}.push"), p, None));
                VehiclePlan {
                    name: v.name.clone(),
                    partner: place(self.partners.of(&v.partner)),
                    pad: place(pads.of(&v.pad)),
                    launcher: place(launchers.binary_search(&&v.launcher).expect("listed above")),
                    ports: place(self.ports.of(&v.ports)),
                    seats: v.seats,
                    contingency_seats: v.contingency_seats.max(v.seats),
                    trained,
                    home_segment,
                    cargo_segment: home[self.partners.of(&v.partner)],
                    loss: self.value(&format!("{path}.loss"), v.loss),
                    ascent: self.risk(v, "ascent", v.ascent_loss),
                    entry: self.risk(v, "entry", v.entry_loss),
                    grounding_d: self.value(&format!("{path}.grounding"), v.grounding_d),
                    slip: self.slip(&format!("{path}.slip"), &v.slip),
                    docked_life_d: self.value(&format!("{path}.docked_life"), v.docked_life_d),
                    lifeboat_failure_per_d: v
                        .lifeboat_failure_per_y
                        .filter(|_| !self.variant.only_systems)
                        .map(|r| self.rate(&format!("{path}.lifeboat_failure"), r)),
                    rescue_lead_d: v
                        .rescue_lead_d
                        .map(|r| self.value(&format!("{path}.rescue_lead"), r)),
                    push,
                    phasing_m_s: v.phasing_m_s.map(|p| self.value(&format!("{path}.phasing"), p)),
                    external_cargo: v.external_cargo,
                    spares_kg: self.value(&format!("{path}.spares_capacity"), v.spares_capacity_kg),
                    spares_m3: v
                        .spares_volume_m3
                        .map(|m| self.value(&format!("{path}.spares_volume"), m)),
                    return_kg: self.value(&format!("{path}.return_capacity"), v.return_capacity_kg),
                    down_kg: v
                        .down_capacity_kg
                        .map(|m| self.value(&format!("{path}.down_capacity"), m)),
                    skills: skills
                        .iter()
                        .map(|skill| {
                            v.skills.iter().filter(|(id, _)| id == skill).map(|(_, n)| n).sum()
                        })
                        .collect(),
                    turnaround_d: v.turnaround_d.value,
                    docking,
                    cause: self.cause(
                        &v.id,
                        &format!("a {} was lost or could not be used", v.name),
                        CauseKind::Flight,
                    ),
                    cause_late: self.cause(
                        &format!("late:{}", v.id),
                        &format!("a {} flew later than planned", v.name),
                        CauseKind::Flight,
                    ),
                }
            })
            .collect();
        (plans, launchers.len())
    }

    /// The risk of a part of a vehicle's flights, where the file gives one; the engine's own answer
    /// leaves it out.
    fn risk(
        &mut self,
        vehicle: &model::Vehicle,
        part: &str,
        probability: Option<model::Value>,
    ) -> Option<RiskPlan> {
        let probability = probability.filter(|_| !self.variant.only_systems)?;
        Some(RiskPlan {
            probability: self.value(&format!("vehicle.{}.{part}_loss", vehicle.id), probability),
            cause: self.cause(
                &format!("{}-{part}", vehicle.id),
                &format!(
                    "the crew of a {} was lost on {part} (probability {})",
                    vehicle.name,
                    probability.basis.word()
                ),
                CauseKind::Hazard(Owner::CrewTransport),
            ),
        })
    }

    pub(super) fn compile_shocks(&mut self) -> Vec<ShockPlan> {
        let station = self.station;
        station
            .shocks
            .iter()
            .map(|shock| {
                let path = format!("shock.{}", shock.id);
                ShockPlan {
                    name: shock.name.clone(),
                    rate_per_d: self.rate(&format!("{path}.rate"), shock.rate_per_y),
                    delay_d: self.value(&format!("{path}.delay"), shock.delay_d),
                    scatter: self.value(&format!("{path}.scatter"), shock.scatter),
                    window_d: shock.window_d,
                    hits: station.vehicles.iter().map(|vehicle| shock.hits(vehicle)).collect(),
                    stream: Stream::new(&shock.id, "shock"),
                    cause: self.cause(
                        &format!("shock:{}", shock.id),
                        &shock.name,
                        CauseKind::Shock,
                    ),
                }
            })
            .collect()
    }

    fn slip(&mut self, path: &str, slip: &model::Slip) -> SlipPlan {
        let moves = match slip {
            model::Slip::Mean(mean) => return SlipPlan::Mean(self.value(path, *mean)),
            model::Slip::Moves(moves) => moves,
        };
        let mut value = |key: &str, value| self.value(&format!("{path}.{key}"), value);
        SlipPlan::Moves(MovesPlan {
            on_time: value("on_time", moves.on_time),
            early: value("early", moves.early),
            median_d: value("median", moves.median_d),
            tail: value("tail", moves.tail),
            chance_power: value("chance_power", moves.chance_power),
            size_power: value("size_power", moves.size_power),
            lead_d: moves.lead_d,
            lead_most_d: moves.lead_most_d,
        })
    }

    /// The segment in which each partner owns most elements: its vehicles bring that segment's
    /// spares. A partner without elements brings anybody's.
    pub(super) fn home_segments(&self) -> Vec<Option<u16>> {
        let n_segments = self.station.identity.segments.len();
        self.station
            .partners
            .iter()
            .map(|partner| {
                let mut owned = vec![0_u32; n_segments];
                for element in self.station.elements.iter().filter(|e| e.partner == partner.id) {
                    owned[self.segments.of(&element.segment)] += 1;
                }
                let most = owned.iter().copied().max().unwrap_or(0);
                (most > 0).then(|| place(owned.iter().position(|n| *n == most).expect("found")))
            })
            .collect()
    }

    pub(super) fn compile_flights(&self, start: Mjd) -> Vec<FlightPlan> {
        let mut flights: Vec<FlightPlan> = self
            .station
            .flights
            .iter()
            .filter(|f| f.date.mjd() >= start)
            .map(|f| FlightPlan {
                id: f.id.clone(),
                vehicle: place(self.vehicles.of(&f.vehicle)),
                at: f.date.mjd(),
                transfer_d: f.launch.map(|launch| f.date.mjd() - launch.mjd()),
                stay_d: f.stay_d,
                crew: f.crew,
                visit: f.visit,
                cargo: f
                    .cargo_kg
                    .iter()
                    .map(|(stock, kg)| (place(self.stocks.of(stock)), *kg))
                    .collect(),
                upgrades: f.upgrades.iter().map(|id| place(self.upgrade(id))).collect(),
                outcome: f.outcome,
                stream: Stream::new(&f.id, "flight"),
                docking: Stream::new(&f.id, "docking"),
            })
            .collect();
        flights.sort_by(|a, b| a.at.total_cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
        flights
    }

    fn upgrade(&self, id: &str) -> usize {
        let found = self.station.upgrades.iter().position(|upgrade| upgrade.id == id);
        found.expect("references are checked on loading")
    }

    /// Whether the hardware of an upgrade is still to fly: some flight carries it, and none has brought it before the start.
    pub(super) fn flies_later(&self, id: &String, start: Mjd) -> bool {
        let mut carriers =
            self.station.flights.iter().filter(|f| f.upgrades.contains(id)).peekable();
        let is_there =
            |f: &model::Flight| f.date.mjd() < start && f.outcome != model::Outcome::Lost;
        carriers.peek().is_some() && !carriers.any(is_there)
    }
}
