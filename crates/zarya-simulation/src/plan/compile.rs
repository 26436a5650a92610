//! From a checked station to a [`Plan`]: ids to indices, values to parameters, conditions compiled in.

mod cabin;
mod systems;
mod traffic;

pub use systems::belief;

use super::{
    CauseInfo, CauseKind, CrewPlan, DockedPlan, EffectPlan, EvaPlan, HazardPlan, OrbitPlan,
    PartnerPlan, Plan, PlanError, PolicyPlan, ResplitPlan, SPAN_D_MAX, Scales, SeriesInfo,
    TaskPlan, UpgradePlan, Variant, WithdrawalKind, WithdrawalPlan, WorldsPlan, place,
};
use crate::air::AirTable;
use crate::clock::{TICK_D, TICKS_PER_SAMPLE};
use crate::parameters::{Parameter, Parameters};
use crate::service::Lesson;
use std::collections::BTreeMap;
use zarya_station::model::{self, Effect, Owner, Role, SharedFactor, Withdrawal};
use zarya_station::{Station, UNITS_MAX};
use zarya_systems::crew::eva_losses;
use zarya_units::random::Stream;
use zarya_units::{Date, Mjd, digest};

/// People and hours of one EVA: 1,243 h in 191 EVAs of the ISS to 2017 ("Operating an Outpost",
/// chapter 17).
const EVA_PEOPLE: u32 = 2;
const EVA_H: f64 = 6.5;

struct Index(BTreeMap<String, usize>);

impl Index {
    fn new<'a>(ids: impl Iterator<Item = &'a String>) -> Self {
        Self(ids.enumerate().map(|(i, id)| (id.clone(), i)).collect())
    }
    /// Loading guarantees the reference.
    fn of(&self, id: &str) -> usize {
        *self.0.get(id).unwrap_or_else(|| panic!("`{id}` was checked on loading"))
    }
    fn get(&self, id: &str) -> Option<usize> {
        self.0.get(id).copied()
    }
}

/// The state of one compilation.
pub(super) struct Compiler<'a> {
    station: &'a Station,
    through: Date,
    variant: &'a Variant,
    parameters: Parameters,
    /// What the variant's scales multiply, by path.
    factors: BTreeMap<String, f64>,
    causes: Vec<CauseInfo>,
    partners: Index,
    segments: Index,
    stocks: Index,
    elements: Index,
    ports: Index,
    vehicles: Index,
    capabilities: Index,
    leaks: Index,
}

impl Plan {
    /// Compiles `station` for histories from its as-of date through `through`.
    ///
    /// # Errors
    ///
    /// See [`PlanError`].
    ///
    /// # Panics
    ///
    /// If the station refers to something it does not have; loading refuses such files.
    pub fn compile(station: &Station, through: Date, variant: &Variant) -> Result<Self, PlanError> {
        Ok(Compiler::new(station, through, variant)?.compile())
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        station: &'a Station,
        through: Date,
        variant: &'a Variant,
    ) -> Result<Self, PlanError> {
        let as_of = station.identity.as_of;
        if through <= as_of {
            return Err(PlanError::Span(through, as_of));
        }
        if through.mjd() - as_of.mjd() > SPAN_D_MAX {
            let last = Date::from_mjd(as_of.mjd() + SPAN_D_MAX);
            return Err(PlanError::Horizon(through, last));
        }
        for id in &variant.without {
            if !station.conditions.iter().any(|c| c.id == *id) {
                let known = station.conditions.iter().map(|c| c.id.clone()).collect();
                return Err(PlanError::UnknownCondition(id.clone(), known));
            }
        }
        // Loading has refused more; a station that was put together otherwise is refused here.
        for (bound, found, _) in station.counted() {
            if found > bound.most {
                return Err(PlanError::TooMany(bound.what, found, bound.most));
            }
        }
        if station.units() > UNITS_MAX {
            return Err(PlanError::TooMany("installed units", station.units(), UNITS_MAX));
        }
        let mut factors = BTreeMap::new();
        for (scale, by) in &variant.scales {
            if !scale.named_in(station) {
                return Err(PlanError::UnknownScale(scale.clone()));
            }
            for moved in scale.moves(station) {
                if let Role::Multiplied(_) = moved.role {
                    *factors.entry(moved.path).or_insert(1.0) *= by;
                }
            }
        }
        Ok(Self {
            station,
            through,
            variant,
            parameters: Parameters::default(),
            factors,
            causes: Vec::new(),
            partners: Index::new(station.partners.iter().map(|x| &x.id)),
            segments: Index::new(station.identity.segments.iter()),
            stocks: Index::new(station.stocks.iter().map(|x| &x.id)),
            elements: Index::new(station.elements.iter().map(|x| &x.id)),
            ports: Index::new(station.ports.iter().map(|x| &x.id)),
            vehicles: Index::new(station.vehicles.iter().map(|x| &x.id)),
            capabilities: Index(topological(station)),
            leaks: Index::new(station.elements.iter().filter(|e| e.leak.is_some()).map(|x| &x.id)),
        })
    }

    /// The factor that the variant's scales put on what worlds share.
    fn shared_factor(&self, of: SharedFactor<'_>) -> f64 {
        let scales = self.variant.scales.iter();
        scales.filter(|(scale, _)| scale.shared_factor() == Some(of)).map(|(_, by)| by).product()
    }

    fn cause(&mut self, id: &str, text: &str, kind: CauseKind) -> u16 {
        let owner = kind.owner();
        self.causes.push(CauseInfo { id: id.to_owned(), text: text.to_owned(), owner });
        u16::try_from(self.causes.len() - 1).expect("fewer than 65,536 causes")
    }

    /// A parameter of the world, named by the path of its value in the files, and multiplied by what
    /// the variant's scales put on that value.
    fn value(&mut self, path: &str, value: model::Value) -> Parameter {
        let factor = self.factor_on(path);
        self.parameters.add(path, value, factor)
    }

    /// A parameter per day of a value per year.
    fn rate(&mut self, path: &str, per_y: model::Value) -> Parameter {
        let factor = self.factor_on(path);
        self.parameters.add(path, per_y, factor / zarya_units::DAYS_PER_YEAR)
    }

    fn factor_on(&self, path: &str) -> f64 {
        self.factors.get(path).copied().unwrap_or(1.0)
    }

    fn effect(&mut self, path: &str, effect: &Effect) -> EffectPlan {
        match effect {
            Effect::None => EffectPlan::None,
            Effect::Shelter => EffectPlan::Shelter,
            Effect::Disable { capability, duration_d } => {
                let index = place(self.capabilities.of(capability));
                EffectPlan::Disable(index, self.value(&format!("{path}.duration"), *duration_d))
            }
            Effect::StandDown { segment, duration_d, urgent_share } => EffectPlan::StandDown(
                place(self.segments.of(segment)),
                self.value(&format!("{path}.duration"), *duration_d),
                self.value(&format!("{path}.urgent_share"), *urgent_share),
            ),
            Effect::Isolate { element } => {
                let index = place(self.elements.of(element));
                EffectPlan::Isolate(index, self.leaks.get(element).map(place))
            }
            Effect::Leak { element, rate_kg_d } => {
                let _ = self.elements.of(element);
                let leak = self.leaks.get(element).map(place);
                EffectPlan::Leak(leak, self.value(&format!("{path}.rate"), *rate_kg_d))
            }
            Effect::LossOfEscapeVehicle => EffectPlan::LossOfEscapeVehicle,
            Effect::CrewReduction => EffectPlan::CrewReduction,
            Effect::LossOfCrewVehicle => EffectPlan::LossOfCrewVehicle,
            Effect::Evacuate => EffectPlan::Evacuate,
            Effect::LossOfStation => EffectPlan::LossOfStation,
            Effect::LossOfCrew => EffectPlan::LossOfCrew,
        }
    }

    pub(super) fn compile(mut self) -> Plan {
        let station = self.station;
        let start = station.identity.as_of.mjd();
        let end = self.through.mjd() + 1.0;
        let withdrawals = self.withdrawals(start);

        let cause_altitude =
            self.cause("altitude", "the orbit fell below its floor", CauseKind::Orbit);
        let cause_rotation =
            self.cause("crew-rotation", "no crew came in time", CauseKind::Rotation);
        let capabilities = self.compile_capabilities();
        let mut shared = systems::SharedCauses::default();
        let (types, units, subsystems) = self.compile_types(&capabilities, &mut shared);
        let mut capabilities = capabilities;
        for (i, kind) in types.iter().enumerate() {
            capabilities[usize::from(kind.serves)].types.push(place(i));
        }
        let defects = self.compile_defects();
        let stocks = self.compile_stocks(&mut capabilities);
        let (pads, ports) = self.compile_outages();
        let (vehicles, n_launchers) = self.compile_vehicles();
        let shocks = self.compile_shocks();
        let flights = self.compile_flights(start);
        let docked = station
            .docked
            .iter()
            .map(|d| DockedPlan {
                id: d.id.clone(),
                vehicle: place(self.vehicles.of(&d.vehicle)),
                since: d.since.mjd(),
                until: d.until.mjd(),
                crew: d.crew,
            })
            .collect();
        let mut stocks = stocks;
        let cabin = self.compile_cabin(&mut capabilities, &mut stocks);
        let leaks = self.compile_leaks();
        let tasks = self.compile_tasks(&subsystems);
        let upgrades = self.compile_upgrades(start);
        let hazards = self.compile_hazards();
        let partners = station
            .partners
            .iter()
            .map(|partner| {
                let last = station.stays_through(&partner.id, &self.variant.without);
                PartnerPlan {
                    name: partner.name.clone(),
                    leaves: last.map(|last| last.mjd() + 1.0),
                    cause: self.cause(
                        &partner.id,
                        &format!("{} no longer takes part", partner.name),
                        CauseKind::Partner,
                    ),
                }
            })
            .collect();
        let crew = self.compile_crew();
        let policy = self.compile_policy();
        let orbit = self.compile_orbit();
        let worlds = self.compile_worlds();
        // Worlds draw it, so that it can be weighed beside what else is not known.
        for class in &station.detections {
            let _ = self.value(&format!("detection.{}.share", class.id), class.share);
        }
        let series = self.series();
        let scales = Scales {
            rates: self.shared_factor(SharedFactor::Rates),
            rates_of: subsystems
                .iter()
                .map(|s| self.shared_factor(SharedFactor::RatesOf(s)))
                .collect(),
            repair: self.shared_factor(SharedFactor::Repairs),
        };
        let air =
            AirTable::for_span(station.identity.as_of, self.through, station.identity.hindsight);
        let step = TICK_D * f64::from(TICKS_PER_SAMPLE);
        let n_samples = ((end - start) / step).floor() as u32 + 1;
        let sample_dates = (0..n_samples).map(|i| start + f64::from(i) * step).collect();
        let ruptures =
            self.variant.ruptures.iter().map(|(id, per_y)| (format!("rupture:{id}"), *per_y));
        let scaled: Vec<(String, f64)> = self
            .variant
            .scales
            .iter()
            .map(|(scale, by)| (scale.to_string(), *by))
            .chain(ruptures)
            .collect();
        let digest = digest::of_json(&serde_json::json!({
            "engine": env!("CARGO_PKG_VERSION"),
            "station": station.digest,
            "through": self.through.to_string(),
            "without": self.variant.without,
            "only_systems": self.variant.only_systems,
            "scales": scaled,
            "air": air.digest(),
        }));
        let skills = self.skills();
        let of_types = |holds: &dyn Fn(&crate::plan::TypePlan) -> bool| -> Vec<u16> {
            types.iter().zip(0..).filter(|(t, _)| holds(t)).map(|(_, kind)| kind).collect()
        };
        let streams = |kind: &str, names: &[String]| {
            names.iter().map(|name| Stream::new(name, kind)).collect::<Vec<_>>()
        };
        let mut units_of = vec![Vec::new(); subsystems.len()];
        for (u, unit) in units.iter().enumerate() {
            let subsystem = types[usize::from(unit.kind)].subsystem_index;
            units_of[usize::from(subsystem)].push(crate::plan::number(u));
        }
        Plan {
            units_of,
            as_of: station.identity.as_of,
            through: self.through,
            digest,
            n_units: units.len(),
            n_flights: flights.iter().filter(|f| f.at < end).count(),
            measures: false,
            skills,
            takers: of_types(&|t| !t.donors.is_empty()),
            returned: of_types(&|t| t.ground_repair.is_some()),
            discards: station.stocks.iter().position(|s| s.takes_units).map(place),
            segment_streams: streams("segment-rate", &station.identity.segments),
            subsystem_streams: streams("subsystem-rate", &subsystems),
            capabilities,
            types,
            subsystems,
            causes: self.causes,
            series,
            sample_dates,
            start,
            end,
            units,
            groups: shared.groups,
            shared_causes: shared.plans,
            defects,
            stocks,
            cabin,
            vehicles,
            pads,
            ports,
            shocks,
            n_launchers,
            flights,
            docked,
            leaks,
            tasks,
            upgrades,
            hazards,
            withdrawals,
            partners,
            segments: station.identity.segments.clone(),
            parameters: self.parameters,
            lesson: Lesson::of(station, |oru| belief(oru, oru.duty / oru.mtbf_d.value).0),
            crew,
            policy,
            orbit,
            worlds,
            scales,
            cause_altitude,
            cause_rotation,
            air,
            battery_efficiency: station.power.battery_efficiency,
        }
    }

    fn withdrawals(&self, start: Mjd) -> Vec<WithdrawalPlan> {
        let mut plans = Vec::new();
        for condition in &self.station.conditions {
            if !self.variant.without.contains(&condition.id) {
                continue;
            }
            let from = condition.from.map_or(start, |d| d.mjd().max(start));
            for withdrawal in &condition.withdraw {
                let what = match withdrawal {
                    Withdrawal::StopMaintenance => WithdrawalKind::StopMaintenance,
                    Withdrawal::Maintenance(share) => WithdrawalKind::Maintenance(*share),
                    Withdrawal::StopSpares => WithdrawalKind::StopSpares,
                    Withdrawal::SkipUpgrade(_) => continue, // compiled into the upgrade
                    Withdrawal::Ground(id) => WithdrawalKind::Ground(place(self.vehicles.of(id))),
                    Withdrawal::Leave(id) => WithdrawalKind::Leave(place(self.partners.of(id))),
                    Withdrawal::Disable(id) => {
                        WithdrawalKind::Disable(place(self.capabilities.of(id)))
                    }
                    Withdrawal::OpenHatch(id) => match self.leaks.get(id) {
                        Some(leak) => WithdrawalKind::OpenHatch(place(leak)),
                        None => continue, // an element without a leak has nothing to let out
                    },
                    Withdrawal::Crew(n) => WithdrawalKind::Crew(*n),
                    Withdrawal::StopCargo(id) => {
                        WithdrawalKind::StopCargo(place(self.stocks.of(id)))
                    }
                    Withdrawal::StopTraining => WithdrawalKind::StopTraining,
                };
                plans.push(WithdrawalPlan {
                    at: from + condition.notice_d,
                    what,
                    text: format!("no longer holds: {}", condition.provided),
                });
            }
        }
        plans
    }

    fn compile_tasks(&mut self, subsystems: &[String]) -> Vec<TaskPlan> {
        self.station
            .tasks
            .iter()
            .map(|t| {
                let path = format!("task.{}", t.id);
                let every = format!("{path}.every");
                TaskPlan {
                    name: t.name.clone(),
                    every_d: self.value(&every, t.every_d),
                    needed_every_d: match t.needed_every_d {
                        Some(needed) => self.value(&format!("{path}.needed_every"), needed),
                        // What is done less often is not needed less often: no scale here.
                        None => self.parameters.add(&every, t.every_d, 1.0),
                    },
                    stream: Stream::new(&t.id, "task"),
                    crew_h: self.value(&format!("{path}.crew"), t.crew_h),
                    segment: place(self.segments.of(&t.segment)),
                    subsystem: subsystems.binary_search(&t.protects).ok().map(place),
                    lapse_factor: self.value(&format!("{path}.lapse_factor"), t.lapse_factor),
                    lapse_after_d: self.value(&format!("{path}.lapse_after"), t.lapse_after_d),
                }
            })
            .collect()
    }

    fn compile_upgrades(&mut self, start: Mjd) -> Vec<UpgradePlan> {
        let skipped: Vec<&String> = self
            .station
            .conditions
            .iter()
            .filter(|c| self.variant.without.contains(&c.id))
            .flat_map(|c| &c.withdraw)
            .filter_map(|w| match w {
                Withdrawal::SkipUpgrade(id) => Some(id),
                Withdrawal::StopMaintenance
                | Withdrawal::Maintenance(_)
                | Withdrawal::StopSpares
                | Withdrawal::Ground(_)
                | Withdrawal::Leave(_)
                | Withdrawal::Disable(_)
                | Withdrawal::OpenHatch(_)
                | Withdrawal::Crew(_)
                | Withdrawal::StopCargo(_)
                | Withdrawal::StopTraining => None,
            })
            .collect();
        self.station
            .upgrades
            .iter()
            .map(|u| UpgradePlan {
                name: u.name.clone(),
                segment: place(self.segments.of(&u.segment)),
                ready: u.ready.mjd(),
                carried: self.flies_later(&u.id, start),
                evas: u.evas,
                crew_h: self.value(&format!("upgrade.{}.crew", u.id), u.crew_h),
                restores: u.restores.as_ref().map(|c| place(self.capabilities.of(c))),
                gain: u.gain,
                skipped: skipped.contains(&&u.id),
            })
            .collect()
    }

    fn compile_hazards(&mut self) -> Vec<HazardPlan> {
        let station = self.station;
        let mut plans = Vec::new();
        for h in &station.hazards {
            if self.variant.only_systems && h.owner != Owner::Systems {
                continue;
            }
            let path = format!("hazard.{}", h.id);
            plans.push(HazardPlan {
                name: h.name.clone(),
                rate_per_d: self.rate(&format!("{path}.rate"), h.rate_per_y),
                per: h.per,
                outcomes: h
                    .outcomes
                    .iter()
                    .enumerate()
                    .map(|(n, (share, e))| {
                        (*share, self.effect(&format!("{path}.outcomes.{n}"), e))
                    })
                    .collect(),
                stream: Stream::new(&h.id, "hazard"),
                cause: self.cause(
                    &h.id,
                    &format!("{} (rate {})", h.name, h.rate_per_y.basis.word()),
                    CauseKind::Hazard(h.owner),
                ),
            });
        }
        plans
    }

    fn compile_crew(&mut self) -> CrewPlan {
        let crew = &self.station.crew;
        let n_segments = self.station.identity.segments.len();
        let mut eva = vec![None; n_segments];
        for need in &crew.eva {
            // Air vented with the airlock is 23 % oxygen by mass.
            let losses = eva_losses(EVA_PEOPLE, EVA_H);
            let stocks = [
                (&need.oxygen, losses.oxygen + 0.23 * losses.air),
                (&need.nitrogen, 0.77 * losses.air),
            ];
            let gas = stocks
                .into_iter()
                .filter_map(|(id, kg)| Some((place(self.stocks.of(id.as_ref()?)), kg)))
                .collect();
            eva[self.segments.of(&need.segment)] = Some(EvaPlan {
                capability: place(self.capabilities.of(&need.capability)),
                trained: need.trained,
                gas,
            });
        }
        let mut trained_minimum = vec![0; n_segments];
        for (segment, n) in &crew.trained_minimum {
            trained_minimum[self.segments.of(segment)] = *n;
        }
        let eva_preparation_urgent_d = if let Some(urgent) = crew.eva_preparation_urgent_d {
            self.value("crew.eva_preparation_urgent", urgent)
        } else {
            let share = model::Crew::URGENT_SHARE_DEFAULT * self.factor_on("crew.eva_preparation");
            self.parameters.add("crew.eva_preparation", crew.eva_preparation_d, share)
        };
        CrewPlan {
            occupation: self.station.occupation(),
            workday_h: self.value("crew.workday", crew.workday_h),
            upkeep_h_week: self.value("crew.upkeep", crew.upkeep_h_week),
            research_goal_h_week: self.value("crew.research_goal", crew.research_goal_h_week),
            eva_preparation_d: self.value("crew.eva_preparation", crew.eva_preparation_d),
            eva_preparation_urgent_d,
            eva_preparation_other_side_d: self
                .value("crew.eva_preparation_other_side", crew.eva_preparation_other_side_d),
            eva_spacing_d: self.value("crew.eva_spacing", crew.eva_spacing_d),
            eva_crew_h: self.value("crew.eva_hours", crew.eva_crew_h),
            eva,
            robotic: crew.robotic_capability.as_ref().map(|c| place(self.capabilities.of(c))),
            eva_planned_per_d: self.rate("crew.eva_rate_planned", crew.eva_planned_per_y),
            trained_minimum,
            training_lead_d: self.value("crew.training_lead", crew.training_lead_d),
        }
    }

    fn compile_policy(&mut self) -> PolicyPlan {
        let policy = &self.station.policy;
        let mut of = |key: &str, value| self.value(&format!("policy.{key}"), value);
        PolicyPlan {
            transfer_d: of("transfer", policy.transfer_d),
            handover_d: of("handover", policy.handover_d),
            handover_gap_d: of("handover_gap", policy.handover_gap_d),
            visit_d: of("visit", policy.visit_d),
            grace_d: of("grace", policy.grace_d),
            slack_d: of("slack", policy.slack_d),
            extension_d: of("extension", policy.extension_d),
            expedite_d: of("expedite", policy.expedite_d),
            expedite_notice_d: of("expedite_notice", policy.expedite_notice_d),
            untrained_d: of("untrained", policy.untrained_d),
            leave_share: of("leave", policy.leave_share),
            crew_loss_stand_down_d: of("crew_loss_stand_down", policy.crew_loss_stand_down_d),
            loiter_d: of("loiter", policy.loiter_d),
            manual_docking: of("manual_docking", policy.manual_docking),
            cargo: policy.cargo.as_ref().map(|cargo| ResplitPlan {
                target_d: of("cargo.target", cargo.target_d),
                least: of("cargo.least", cargo.least),
                most: of("cargo.most", cargo.most),
                propellant_most: of("cargo.propellant_most", cargo.propellant_most),
                goods_least: of("cargo.goods_least", cargo.goods_least),
            }),
        }
    }

    fn compile_orbit(&mut self) -> OrbitPlan {
        let o = &self.station.orbit;
        let capability = o.push_capability.as_ref().map(|c| place(self.capabilities.of(c)));
        OrbitPlan {
            altitude_km: self.value("orbit.altitude", o.altitude_km),
            drag_area_m2_kg: self.value("orbit.drag_area", o.drag_area_m2_kg),
            keep_above_km: self.value("orbit.keep_above", o.keep_above_km),
            reboost_to_km: self.value("orbit.reboost_to", o.reboost_to_km),
            floor_km: self.value("orbit.floor", o.floor_km),
            crew_leaves_below_km: o
                .crew_leaves_below_km
                .map(|v| self.value("orbit.crew_leaves_below", v)),
            avoidance_per_d: self.rate("orbit.avoidance_rate", o.avoidance_per_y),
            avoidance_m_s: self.value("orbit.avoidance_delta_v", o.avoidance_m_s),
            deorbit_reserve_kg: self.value("orbit.deorbit_reserve", o.deorbit_reserve_kg),
            mass_kg: self.value("mass", self.station.identity.mass_kg),
            attitude: self.capabilities.get(&o.attitude_capability).map(place),
            push: o.push.as_ref().map(|p| self.push("orbit.push", p, capability)),
            deorbit_stock: self
                .station
                .claim
                .deorbit_stock
                .as_ref()
                .map(|s| place(self.stocks.of(s))),
            inclination_deg: o.inclination_deg.value,
        }
    }

    fn compile_worlds(&mut self) -> WorldsPlan {
        let w = &self.station.worlds;
        WorldsPlan {
            programme_error_factor: w.programme_error_factor.value,
            subsystem_error_factor: w.subsystem_error_factor.value,
            segment_error_factor: w.segment_error_factor.value,
            repair_error_factor: w.repair_error_factor.value,
            stocking_confidence: self.value("worlds.stocking_confidence", w.stocking_confidence),
            resupply_gap_d: self.value("worlds.resupply_gap", w.resupply_gap_d),
            life_limit_factor: self.value("worlds.life_limit_factor", w.life_limit_factor),
            expired_factor: self.value("worlds.expired_factor", w.expired_factor),
            burn_in_d: w.burn_in_d.value,
        }
    }

    fn series(&self) -> Vec<SeriesInfo> {
        let fixed = [
            ("altitude", "Mean altitude", "km"),
            ("crew", "Crew aboard, most days of four weeks", "people"),
            ("research", "Research, mean of four weeks", "h/week"),
            ("leak", "Air leak", "kg/d"),
        ];
        fixed
            .into_iter()
            .map(|(id, name, unit)| SeriesInfo { id: id.to_owned(), name: name.to_owned(), unit })
            .chain(self.station.stocks.iter().map(|s| SeriesInfo {
                id: s.id.clone(),
                name: s.name.clone(),
                unit: "kg",
            }))
            .collect()
    }
}

/// Orders capabilities so that providers and needs come first. Loading has refused cycles.
fn topological(station: &Station) -> BTreeMap<String, usize> {
    fn visit<'a>(
        id: &'a str,
        by_id: &BTreeMap<&'a str, &'a model::Capability>,
        order: &mut BTreeMap<String, usize>,
        depth: usize,
    ) {
        assert!(depth <= by_id.len(), "capability graphs are checked for cycles on loading");
        if order.contains_key(id) {
            return;
        }
        let c = by_id[id];
        for child in c.providers.iter().map(|p| &p.id).chain(c.needs.iter().map(|n| &n.id)) {
            visit(child, by_id, order, depth + 1);
        }
        order.insert(id.to_owned(), order.len());
    }
    let by_id: BTreeMap<&str, &model::Capability> =
        station.capabilities.iter().map(|c| (c.id.as_str(), c)).collect();
    let mut order = BTreeMap::new();
    for c in &station.capabilities {
        visit(&c.id, &by_id, &mut order, 0);
    }
    order
}
