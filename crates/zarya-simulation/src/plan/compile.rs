//! From a checked station to a [`Plan`]: ids to indices, values to parameters, conditions compiled in.

use super::{
    CapabilityPlan, CauseInfo, CrewPlan, DockedPlan, DrawPlan, EffectPlan, EvaPlan, FlightPlan,
    HazardPlan, LeakPlan, OrbitPlan, OutagePlan, PartnerPlan, Plan, PlanError, PushPlan, RulePlan,
    SPAN_D_MAX, Scales, SeriesInfo, StockPlan, TICK_D, TICKS_PER_SAMPLE, TaskPlan, TypePlan,
    UnitPlan, UpgradePlan, Variant, VehiclePlan, WithdrawalKind, WithdrawalPlan, WorldsPlan,
};
use crate::air::AirTable;
use crate::worlds::{Parameter, Parameters};
use std::collections::BTreeMap;
use zarya_station::Station;
use zarya_station::model::{self, Effect, Owner, Rule, Standing, Withdrawal};
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
    causes: Vec<CauseInfo>,
    scale: BTreeMap<String, f64>,
    partners: Index,
    segments: Index,
    stocks: Index,
    elements: Index,
    ports: Index,
    vehicles: Index,
    capabilities: Index,
    leaks: Index,
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
        let counts = [
            ("capabilities", station.capabilities.len(), 256),
            ("unit types", station.orus.len(), 4000),
            ("stocks", station.stocks.len(), 64),
            ("vehicle types", station.vehicles.len(), 64),
            ("partners", station.partners.len(), 64),
            ("hazards", station.hazards.len(), 1000),
            ("flights", station.flights.len(), 2000),
            (
                "installed units",
                station.orus.iter().map(|o| o.installed as usize).sum::<usize>(),
                20_000,
            ),
        ];
        for (what, found, most) in counts {
            if found > most {
                return Err(PlanError::TooMany(what, found, most));
            }
        }
        let known = [
            "failure-rates",
            "stocking",
            "lead-times",
            "leak",
            "launch-loss",
            "slips",
            "medical",
            "debris",
            "reset-share",
            "repair-hours",
        ];
        let mut scale = BTreeMap::new();
        for (name, factor) in &variant.scales {
            let hazard = name.strip_prefix("hazard:");
            let subsystem = name.strip_prefix("rates:");
            let good = known.contains(&name.as_str())
                || hazard.is_some_and(|id| station.hazards.iter().any(|h| h.id == id))
                || subsystem.is_some_and(|id| station.orus.iter().any(|o| o.subsystem == id));
            if !good {
                return Err(PlanError::UnknownScale(name.clone()));
            }
            *scale.entry(name.clone()).or_insert(1.0) *= factor;
        }
        Ok(Self {
            station,
            through,
            variant,
            parameters: Parameters::default(),
            causes: Vec::new(),
            scale,
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

    fn factor(&self, scale: &str) -> f64 {
        self.scale.get(scale).copied().unwrap_or(1.0)
    }

    fn cause(&mut self, id: &str, text: &str, owner: Owner) -> u16 {
        self.causes.push(CauseInfo { id: id.to_owned(), text: text.to_owned(), owner });
        u16::try_from(self.causes.len() - 1).expect("fewer than 65,536 causes")
    }

    /// A parameter of the world, named by the path of its value in the files.
    fn value(&mut self, path: &str, value: model::Value) -> Parameter {
        self.parameters.add(path, value, 1.0)
    }

    fn scaled(&mut self, path: &str, value: model::Value, factor: f64) -> Parameter {
        self.parameters.add(path, value, factor)
    }

    fn rate(&mut self, path: &str, per_y: model::Value, factor: f64) -> Parameter {
        self.parameters.add(path, per_y, factor / zarya_units::DAYS_PER_YEAR)
    }

    fn effect(&mut self, path: &str, effect: &Effect) -> EffectPlan {
        match effect {
            Effect::None => EffectPlan::None,
            Effect::Shelter => EffectPlan::Shelter,
            Effect::Disable { capability, duration_d } => {
                let index = self.capabilities.of(capability) as u16;
                EffectPlan::Disable(index, self.value(&format!("{path}.duration"), *duration_d))
            }
            Effect::Isolate { element } => {
                let _ = self.elements.of(element);
                EffectPlan::Isolate(self.leaks.get(element).map(|i| i as u8))
            }
            Effect::Leak { element, rate_kg_d } => {
                let _ = self.elements.of(element);
                let leak = self.leaks.get(element).map(|i| i as u8);
                EffectPlan::Leak(leak, self.value(&format!("{path}.rate"), *rate_kg_d))
            }
            Effect::LossOfEscapeVehicle => EffectPlan::LossOfEscapeVehicle,
            Effect::CrewReduction => EffectPlan::CrewReduction,
            Effect::Evacuate => EffectPlan::Evacuate,
            Effect::LossOfStation => EffectPlan::LossOfStation,
            Effect::LossOfCrew => EffectPlan::LossOfCrew,
        }
    }

    fn push(&mut self, path: &str, push: &model::Push, capability: Option<u16>) -> PushPlan {
        PushPlan {
            stock: self.stocks.of(&push.stock) as u8,
            isp_s: self.value(&format!("{path}.isp"), push.isp_s),
            limit_m_s: push
                .delta_v_limit_m_s
                .map(|v| self.value(&format!("{path}.delta_v_limit"), v)),
            avoidance: push.avoidance,
            preference: push.preference,
            capability,
        }
    }

    pub(super) fn compile(mut self) -> Plan {
        let station = self.station;
        let start = station.identity.as_of.mjd();
        let end = self.through.mjd() + 1.0;
        let withdrawals = self.withdrawals(start);

        let cause_altitude =
            self.cause("altitude", "the orbit fell below its floor", Owner::Systems);
        let cause_rotation =
            self.cause("crew-rotation", "a crew was not replaced in time", Owner::Systems);
        let capabilities = self.compile_capabilities();
        let (types, units, subsystems) = self.compile_types(&capabilities);
        let mut capabilities = capabilities;
        for (i, kind) in types.iter().enumerate() {
            capabilities[usize::from(kind.serves)].types.push(i as u16);
        }
        let stocks = self.compile_stocks(&mut capabilities);
        let (pads, ports) = self.compile_outages();
        let (vehicles, n_launchers) = self.compile_vehicles();
        let flights = self.compile_flights(start);
        let docked = station
            .docked
            .iter()
            .map(|d| DockedPlan {
                id: d.id.clone(),
                vehicle: self.vehicles.of(&d.vehicle) as u8,
                since: d.since.mjd(),
                until: d.until.mjd(),
                crew: d.crew,
            })
            .collect();
        let leaks = self.compile_leaks();
        let tasks = self.compile_tasks(&subsystems);
        let upgrades = self.compile_upgrades();
        let hazards = self.compile_hazards();
        let partners = station
            .partners
            .iter()
            .map(|partner| {
                let last = partner
                    .commitments
                    .iter()
                    .filter(|c| c.standing == Standing::InForce)
                    .map(|c| c.through.mjd())
                    .fold(f64::NEG_INFINITY, f64::max);
                PartnerPlan {
                    name: partner.name.clone(),
                    leaves: last.is_finite().then_some(last + 1.0),
                    cause: self.cause(
                        &partner.id,
                        &format!("{} no longer takes part", partner.name),
                        Owner::Systems,
                    ),
                }
            })
            .collect();
        let crew = self.compile_crew();
        let orbit = self.compile_orbit();
        let worlds = self.compile_worlds();
        let series = self.series();
        let scales = Scales {
            rates: self.factor("failure-rates"),
            rates_of: subsystems.iter().map(|s| self.factor(&format!("rates:{s}"))).collect(),
            stocking: self.factor("stocking"),
            lead: self.factor("lead-times"),
            slips: self.factor("slips"),
            repair: self.factor("repair-hours"),
        };
        let air =
            AirTable::for_span(station.identity.as_of, self.through, station.identity.hindsight);
        let step = TICK_D * f64::from(TICKS_PER_SAMPLE);
        let n_samples = ((end - start) / step).floor() as u32 + 1;
        let sample_dates = (0..n_samples).map(|i| start + f64::from(i) * step).collect();
        let digest = digest::of_json(&serde_json::json!({
            "engine": env!("CARGO_PKG_VERSION"),
            "station": station.digest,
            "through": self.through.to_string(),
            "without": self.variant.without,
            "only_systems": self.variant.only_systems,
            "scales": self.variant.scales,
            "air": air.digest(),
        }));
        let streams = |kind: &str, names: &[String]| {
            names.iter().map(|name| Stream::new(name, kind)).collect::<Vec<_>>()
        };
        Plan {
            as_of: station.identity.as_of,
            through: self.through,
            digest,
            n_units: units.len(),
            n_flights: flights.iter().filter(|f| f.at < end).count(),
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
            stocks,
            vehicles,
            pads,
            ports,
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
            crew,
            orbit,
            worlds,
            scales,
            cause_altitude,
            cause_rotation,
            air,
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
                    Withdrawal::StopSpares => WithdrawalKind::StopSpares,
                    Withdrawal::SkipUpgrade(_) => continue, // compiled into the upgrade
                    Withdrawal::Ground(id) => WithdrawalKind::Ground(self.vehicles.of(id) as u8),
                    Withdrawal::Leave(id) => WithdrawalKind::Leave(self.partners.of(id) as u8),
                    Withdrawal::Disable(id) => {
                        WithdrawalKind::Disable(self.capabilities.of(id) as u16)
                    }
                    Withdrawal::OpenHatch(id) => match self.leaks.get(id) {
                        Some(leak) => WithdrawalKind::OpenHatch(leak as u8),
                        None => continue, // an element without a leak has nothing to let out
                    },
                    Withdrawal::Crew(n) => WithdrawalKind::Crew(*n),
                    Withdrawal::StopCargo(id) => {
                        WithdrawalKind::StopCargo(self.stocks.of(id) as u8)
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

    fn compile_capabilities(&mut self) -> Vec<CapabilityPlan> {
        let station = self.station;
        let mut order: Vec<(usize, &model::Capability)> =
            station.capabilities.iter().map(|c| (self.capabilities.of(&c.id), c)).collect();
        order.sort_by_key(|(i, _)| *i);
        let mut plans: Vec<CapabilityPlan> = Vec::with_capacity(order.len());
        for (_, c) in &order {
            let path = format!("capability.{}", c.id);
            let text = format!("{} fell short", c.name);
            let rule = match &c.rule {
                Rule::All => RulePlan::All,
                Rule::Any => RulePlan::Any,
                Rule::AtLeast(k) => RulePlan::AtLeast(f64::from(*k)),
                Rule::Demand { demand, per_crew } => RulePlan::Demand {
                    demand: self.value(&format!("{path}.rule.demand"), *demand),
                    per_crew: *per_crew,
                },
            };
            plans.push(CapabilityPlan {
                id: c.id.clone(),
                name: c.name.clone(),
                partner: c.partner.as_ref().map(|p| self.partners.of(p) as u8),
                types: Vec::new(),
                providers: c
                    .providers
                    .iter()
                    .map(|p| (self.capabilities.of(&p.id) as u16, p.rate))
                    .collect(),
                rule,
                needs: c
                    .needs
                    .iter()
                    .map(|n| (self.capabilities.of(&n.id) as u16, n.least))
                    .collect(),
                parents: Vec::new(),
                required: c.required,
                stock: c.stock.as_ref().map(|s| self.stocks.of(s) as u8),
                buffer_d: c.buffer_d.map(|v| self.value(&format!("{path}.buffer"), v)),
                recovery_d: c.recovery_d,
                on_empty: c
                    .on_empty
                    .as_ref()
                    .map_or(EffectPlan::None, |e| self.effect(&format!("{path}.on_empty"), e)),
                degradation_per_d: self.rate(
                    &format!("{path}.degradation"),
                    c.degradation_per_y,
                    1.0,
                ),
                drifts: c.degradation_per_y.value > 0.0 || c.sunlit,
                sunlit: c.sunlit,
                feeds_stocks: false,
                cause: self.cause(&c.id, &text, c.owner),
            });
        }
        for i in 0..plans.len() {
            let below: Vec<u16> = plans[i]
                .providers
                .iter()
                .map(|p| p.0)
                .chain(plans[i].needs.iter().map(|n| n.0))
                .collect();
            for child in below {
                let parents = &mut plans[usize::from(child)].parents;
                if parents.last() != Some(&(i as u16)) {
                    parents.push(i as u16);
                }
            }
        }
        plans
    }

    fn compile_types(
        &mut self,
        capabilities: &[CapabilityPlan],
    ) -> (Vec<TypePlan>, Vec<UnitPlan>, Vec<String>) {
        let station = self.station;
        let mut subsystems: Vec<String> =
            station.orus.iter().map(|o| o.subsystem.clone()).collect();
        subsystems.sort();
        subsystems.dedup();
        let priority: BTreeMap<&str, u8> =
            station.capabilities.iter().map(|c| (c.id.as_str(), c.priority)).collect();
        let reset = self.factor("reset-share");
        let mut units = Vec::new();
        let mut types = Vec::new();
        for (kind, o) in station.orus.iter().enumerate() {
            let path = format!("oru.{}", o.id);
            let serves = self.capabilities.of(&o.serves) as u16;
            debug_assert!(usize::from(serves) < capabilities.len());
            let first_unit = units.len() as u32;
            for copy in 0..o.installed {
                let stream = Stream::new(&o.id, &format!("unit-{copy}"));
                units.push(UnitPlan { kind: kind as u16, stream });
            }
            let reset_share = o.reset_share.unwrap_or(station.worlds.reset_share);
            let reset_path = match o.reset_share {
                Some(_) => format!("{path}.reset_share"),
                None => "worlds.reset_share".to_owned(),
            };
            types.push(TypePlan {
                id: o.id.clone(),
                name: o.name.clone(),
                subsystem: o.subsystem.clone(),
                subsystem_index: subsystems.binary_search(&o.subsystem).expect("listed above")
                    as u8,
                serves,
                segment: self.segments.of(&o.segment) as u8,
                first_unit,
                installed: o.installed,
                needed: f64::from(o.needed),
                partial: o.partial,
                rate_per_d: o.duty / o.mtbf_d.value,
                mtbf: self.value(&format!("{path}.mtbf"), o.mtbf_d),
                error_factor: o.error_factor.value,
                stream: Stream::new(&o.id, "type"),
                shape: o.shape,
                life_limit_d: o.life_limit_d.map(|v| self.value(&format!("{path}.life_limit"), v)),
                beta: self.value(&format!("{path}.beta"), o.beta),
                mass_kg: o.mass_kg.value,
                spares_aboard: o.spares_aboard,
                spares_ground: o.spares_ground,
                lead_d: self.value(&format!("{path}.lead_time"), o.lead_time_d),
                build_d: self.value(&format!("{path}.build_time"), o.build_time_d),
                external: o.external,
                repair_h: self.value(&format!("{path}.repair.crew"), o.repair_crew_h),
                place: o.repair_where,
                evas: o.repair_evas,
                reset_share: self.scaled(&reset_path, reset_share, reset),
                priority: priority.get(o.serves.as_str()).copied().unwrap_or(3),
                cause: self.cause(&o.id, &o.name, Owner::Systems),
            });
        }
        (types, units, subsystems)
    }

    fn compile_stocks(&mut self, capabilities: &mut [CapabilityPlan]) -> Vec<StockPlan> {
        let station = self.station;
        let carried: Vec<&String> =
            station.flights.iter().flat_map(|f| f.cargo_kg.iter().map(|(id, _)| id)).collect();
        let mut plans = Vec::new();
        for (i, s) in station.stocks.iter().enumerate() {
            let path = format!("stock.{}", s.id);
            let draws: Vec<DrawPlan> = s
                .draws
                .iter()
                .enumerate()
                .map(|(n, d)| DrawPlan {
                    rate_kg_d: self.value(&format!("{path}.draw.{n}.rate"), d.rate_kg_d),
                    per: d.per,
                    with: d.with.as_ref().map(|c| self.capabilities.of(c) as u16),
                    without: d.without.as_ref().map(|c| self.capabilities.of(c) as u16),
                })
                .collect();
            for index in draws.iter().flat_map(|d| [d.with, d.without]).flatten() {
                capabilities[usize::from(index)].feeds_stocks = true;
            }
            let covers: Vec<u16> = (0..capabilities.len())
                .filter(|c| capabilities[*c].stock == Some(i as u8))
                .map(|c| c as u16)
                .collect();
            for c in &covers {
                capabilities[usize::from(*c)].feeds_stocks = true;
            }
            let text = if s.accumulates {
                format!("{} was full", s.name)
            } else {
                format!("{} ran out", s.name)
            };
            plans.push(StockPlan {
                name: s.name.clone(),
                partner: s.partner.as_ref().map(|p| self.partners.of(p) as u8),
                initial_kg: self.value(&format!("{path}.initial"), s.initial_kg),
                capacity_kg: self.value(&format!("{path}.capacity"), s.capacity_kg),
                draws,
                covers,
                reserve_d: s.reserve_d.map(|v| self.value(&format!("{path}.reserve"), v)),
                ration_share: s.ration_share,
                shares_with: s.shares_with.as_ref().map(|t| self.stocks.of(t) as u8),
                on_empty: s
                    .on_empty
                    .as_ref()
                    .map_or(EffectPlan::None, |e| self.effect(&format!("{path}.on_empty"), e)),
                accumulates: s.accumulates,
                resupplied: carried.contains(&&s.id),
                pushes: station
                    .vehicles
                    .iter()
                    .filter_map(|v| v.push.as_ref())
                    .chain(&station.orbit.push)
                    .any(|p| p.stock == s.id),
                cause: self.cause(&s.id, &text, Owner::Systems),
            });
        }
        plans
    }

    fn compile_outages(&mut self) -> (Vec<OutagePlan>, Vec<OutagePlan>) {
        let station = self.station;
        let pads = station
            .pads
            .iter()
            .map(|p| OutagePlan {
                name: p.name.clone(),
                count: 1,
                rate_per_d: self.rate(&format!("pad.{}.outage_rate", p.id), p.outage_per_y, 1.0),
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
                rate_per_d: self.rate(&format!("port.{}.outage_rate", p.id), p.outage_per_y, 1.0),
                outage_d: self.value(&format!("port.{}.outage", p.id), p.outage_d),
                stream: Stream::new(&p.id, "port"),
            })
            .collect();
        (pads, ports)
    }

    fn compile_vehicles(&mut self) -> (Vec<VehiclePlan>, usize) {
        let station = self.station;
        let pads = Index::new(station.pads.iter().map(|x| &x.id));
        let mut launchers: Vec<&String> = station.vehicles.iter().map(|v| &v.launcher).collect();
        launchers.sort();
        launchers.dedup();
        let loss = self.factor("launch-loss");
        let home = self.home_segments();
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
                    .then(|| trained.iter().position(|n| *n == most).expect("found") as u8);
                let push = v.push.as_ref().map(|p| self.push(&format!("{path}.push"), p, None));
                VehiclePlan {
                    name: v.name.clone(),
                    partner: self.partners.of(&v.partner) as u8,
                    pad: pads.of(&v.pad) as u8,
                    launcher: launchers.binary_search(&&v.launcher).expect("listed above") as u8,
                    ports: self.ports.of(&v.ports) as u8,
                    seats: v.seats,
                    contingency_seats: v.contingency_seats.max(v.seats),
                    trained,
                    home_segment,
                    cargo_segment: home[self.partners.of(&v.partner)],
                    loss: self.scaled(&format!("{path}.loss"), v.loss, loss),
                    grounding_d: self.value(&format!("{path}.grounding"), v.grounding_d),
                    slip_d: self.value(&format!("{path}.slip"), v.slip_d),
                    docked_life_d: self.value(&format!("{path}.docked_life"), v.docked_life_d),
                    lifeboat_failure_per_d: v
                        .lifeboat_failure_per_y
                        .filter(|_| !self.variant.only_systems)
                        .map(|r| self.rate(&format!("{path}.lifeboat_failure"), r, 1.0)),
                    rescue_lead_d: v
                        .rescue_lead_d
                        .map(|r| self.value(&format!("{path}.rescue_lead"), r)),
                    push,
                    phasing_m_s: v.phasing_m_s.map(|p| self.value(&format!("{path}.phasing"), p)),
                    external_cargo: v.external_cargo,
                    spares_kg: self.value(&format!("{path}.spares_capacity"), v.spares_capacity_kg),
                    turnaround_d: v.turnaround_d.value,
                    cause: self.cause(
                        &v.id,
                        &format!("a {} was lost or could not be used", v.name),
                        Owner::CrewTransport,
                    ),
                }
            })
            .collect();
        (plans, launchers.len())
    }

    /// The segment in which each partner owns most elements: its vehicles bring that segment's
    /// spares. A partner without elements brings anybody's.
    fn home_segments(&self) -> Vec<Option<u8>> {
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
                (most > 0).then(|| owned.iter().position(|n| *n == most).expect("found") as u8)
            })
            .collect()
    }

    fn compile_flights(&self, start: Mjd) -> Vec<FlightPlan> {
        let mut flights: Vec<FlightPlan> = self
            .station
            .flights
            .iter()
            .filter(|f| f.date.mjd() >= start)
            .map(|f| FlightPlan {
                id: f.id.clone(),
                vehicle: self.vehicles.of(&f.vehicle) as u8,
                at: f.date.mjd(),
                stay_d: f.stay_d,
                crew: f.crew,
                cargo: f
                    .cargo_kg
                    .iter()
                    .map(|(stock, kg)| (self.stocks.of(stock) as u8, *kg))
                    .collect(),
                outcome: f.outcome,
                stream: Stream::new(&f.id, "flight"),
            })
            .collect();
        flights.sort_by(|a, b| a.at.total_cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
        flights
    }

    fn compile_leaks(&mut self) -> Vec<LeakPlan> {
        let station = self.station;
        let mut plans = Vec::new();
        for element in &station.elements {
            let Some(leak) = &element.leak else { continue };
            let path = format!("element.{}.leak", element.id);
            let scale = self.factor("leak");
            let repaired_by = station
                .upgrades
                .iter()
                .position(|u| u.stops_leak.as_ref() == Some(&element.id))
                .map(|i| i as u8);
            plans.push(LeakPlan {
                name: element.name.clone(),
                rate_kg_d: self.scaled(&format!("{path}.rate"), leak.rate_kg_d, scale),
                growth_per_d: self.rate(&format!("{path}.growth"), leak.growth_per_y, 1.0),
                relapse_per_d: self.rate(&format!("{path}.relapse_rate"), leak.relapse_per_y, 1.0),
                relapse_kg_d: self.scaled(
                    &format!("{path}.relapse_factor"),
                    leak.relapse_kg_d,
                    scale,
                ),
                patch_interval_d: self
                    .value(&format!("{path}.patch_interval"), leak.patch_interval_d),
                patch_share: self.value(&format!("{path}.patch_share"), leak.patch_share),
                isolated_share: self.value(&format!("{path}.isolated_share"), leak.isolated_share),
                isolate_above_kg_d: self
                    .value(&format!("{path}.isolate_above"), leak.isolate_above_kg_d),
                isolation_port: leak.isolation_port.as_ref().map(|p| self.ports.of(p) as u8),
                repaired_by,
                stream: Stream::new(&element.id, "leak"),
                cause: self.cause(
                    &format!("leak:{}", element.id),
                    &format!("the leak in {} grew", element.name),
                    Owner::Systems,
                ),
            });
        }
        plans
    }

    fn compile_tasks(&mut self, subsystems: &[String]) -> Vec<TaskPlan> {
        self.station
            .tasks
            .iter()
            .map(|t| {
                let path = format!("task.{}", t.id);
                TaskPlan {
                    every_d: self.value(&format!("{path}.every"), t.every_d),
                    crew_h: self.value(&format!("{path}.crew"), t.crew_h),
                    segment: self.segments.of(&t.segment) as u8,
                    subsystem: subsystems.binary_search(&t.protects).ok().map(|i| i as u8),
                    lapse_factor: self.value(&format!("{path}.lapse_factor"), t.lapse_factor),
                    lapse_after_d: self.value(&format!("{path}.lapse_after"), t.lapse_after_d),
                }
            })
            .collect()
    }

    fn compile_upgrades(&mut self) -> Vec<UpgradePlan> {
        let skipped: Vec<&String> = self
            .station
            .conditions
            .iter()
            .filter(|c| self.variant.without.contains(&c.id))
            .flat_map(|c| &c.withdraw)
            .filter_map(|w| match w {
                Withdrawal::SkipUpgrade(id) => Some(id),
                _ => None,
            })
            .collect();
        self.station
            .upgrades
            .iter()
            .map(|u| UpgradePlan {
                name: u.name.clone(),
                segment: self.segments.of(&u.segment) as u8,
                ready: u.ready.mjd(),
                evas: u.evas,
                crew_h: self.value(&format!("upgrade.{}.crew", u.id), u.crew_h),
                restores: u.restores.as_ref().map(|c| self.capabilities.of(c) as u16),
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
            let by_owner = match h.owner {
                Owner::Medical => self.factor("medical"),
                Owner::Debris => self.factor("debris"),
                _ => 1.0,
            };
            let scale = by_owner * self.factor(&format!("hazard:{}", h.id));
            plans.push(HazardPlan {
                name: h.name.clone(),
                rate_per_d: self.rate(&format!("{path}.rate"), h.rate_per_y, scale),
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
                cause: self.cause(&h.id, &h.name, h.owner),
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
                .filter_map(|(id, kg)| Some((self.stocks.of(id.as_ref()?) as u8, kg)))
                .collect();
            eva[self.segments.of(&need.segment)] = Some(EvaPlan {
                capability: self.capabilities.of(&need.capability) as u16,
                trained: need.trained,
                gas,
            });
        }
        let mut trained_minimum = vec![0; n_segments];
        for (segment, n) in &crew.trained_minimum {
            trained_minimum[self.segments.of(segment)] = *n;
        }
        CrewPlan {
            nominal: crew.nominal,
            minimum: crew.minimum,
            workday_h: self.value("crew.workday", crew.workday_h),
            upkeep_h_week: self.value("crew.upkeep", crew.upkeep_h_week),
            eva_preparation_d: self.value("crew.eva_preparation", crew.eva_preparation_d),
            eva_crew_h: self.value("crew.eva_hours", crew.eva_crew_h),
            eva,
            robotic: crew.robotic_capability.as_ref().map(|c| self.capabilities.of(c) as u16),
            eva_planned_per_d: self.rate("crew.eva_rate_planned", crew.eva_planned_per_y, 1.0),
            trained_minimum,
            training_lead_d: self.value("crew.training_lead", crew.training_lead_d),
        }
    }

    fn compile_orbit(&mut self) -> OrbitPlan {
        let o = &self.station.orbit;
        let capability = o.push_capability.as_ref().map(|c| self.capabilities.of(c) as u16);
        OrbitPlan {
            altitude_km: self.value("orbit.altitude", o.altitude_km),
            drag_area_m2_kg: self.value("orbit.drag_area", o.drag_area_m2_kg),
            keep_above_km: self.value("orbit.keep_above", o.keep_above_km),
            reboost_to_km: self.value("orbit.reboost_to", o.reboost_to_km),
            floor_km: self.value("orbit.floor", o.floor_km),
            avoidance_per_d: self.rate("orbit.avoidance_rate", o.avoidance_per_y, 1.0),
            avoidance_m_s: self.value("orbit.avoidance_delta_v", o.avoidance_m_s),
            deorbit_reserve_kg: self.value("orbit.deorbit_reserve", o.deorbit_reserve_kg),
            mass_kg: self.value("mass", self.station.identity.mass_kg),
            attitude: self.capabilities.get(&o.attitude_capability).map(|c| c as u16),
            push: o.push.as_ref().map(|p| self.push("orbit.push", p, capability)),
            deorbit_stock: self
                .station
                .claim
                .deorbit_stock
                .as_ref()
                .map(|s| self.stocks.of(s) as u8),
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
            experience_factor: self.value("worlds.experience_factor", w.experience_factor),
            experience_believed: w.experience_factor.value,
            life_limit_factor: self.value("worlds.life_limit_factor", w.life_limit_factor),
            expired_factor: self.value("worlds.expired_factor", w.expired_factor),
            burn_in_d: w.burn_in_d.value,
        }
    }

    fn series(&self) -> Vec<SeriesInfo> {
        let fixed = [
            ("altitude", "Mean altitude", "km"),
            ("crew", "Crew aboard", "people"),
            ("research", "Research", "h/week"),
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
