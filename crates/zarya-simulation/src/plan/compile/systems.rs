//! Capabilities in topological order, units, stocks and leaks.

use super::Compiler;
use crate::plan::{
    CapabilityPlan, CauseKind, DefectPlan, DrawPlan, EffectPlan, GroundRepairPlan, GroupPlan,
    LeakPlan, PerEvaPlan, RulePlan, RupturePlan, SharedCausePlan, StockPlan, TypePlan, UnitPlan,
    number, place,
};
use std::collections::BTreeMap;
use zarya_reliability::rate::{GammaRate, RatePrior};
use zarya_station::model::{self, Oru, Rule, Together};
use zarya_units::random::Stream;

impl Compiler<'_> {
    pub(super) fn compile_capabilities(&mut self) -> Vec<CapabilityPlan> {
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
                Rule::Cabin => RulePlan::Cabin,
                Rule::AtLeast(k) => RulePlan::AtLeast(f64::from(*k)),
                Rule::Demand { demand, per_crew } => RulePlan::Demand {
                    demand: self.value(&format!("{path}.rule.demand"), *demand),
                    per_crew: *per_crew,
                },
            };
            plans.push(CapabilityPlan {
                id: c.id.clone(),
                name: c.name.clone(),
                partner: c.partner.as_ref().map(|p| place(self.partners.of(p))),
                types: Vec::new(),
                providers: c
                    .providers
                    .iter()
                    .map(|p| (place(self.capabilities.of(&p.id)), p.rate))
                    .collect(),
                rule,
                needs: c
                    .needs
                    .iter()
                    .map(|n| (place(self.capabilities.of(&n.id)), n.least))
                    .collect(),
                parents: Vec::new(),
                required: c.required,
                stock: c.stock.as_ref().map(|s| place(self.stocks.of(s))),
                buffer_d: c.buffer_d.map(|v| self.value(&format!("{path}.buffer"), v)),
                recovery_d: c.recovery_d,
                on_empty: c
                    .on_empty
                    .as_ref()
                    .map_or(EffectPlan::None, |e| self.effect(&format!("{path}.on_empty"), e)),
                degradation_per_d: self.rate(&format!("{path}.degradation"), c.degradation_per_y),
                drifts: c.degradation_per_y.value > 0.0 || c.sunlit,
                sunlit: c.sunlit,
                feeds_stocks: false,
                cabin: None,
                cause: self.cause(&c.id, &text, CauseKind::Capability(c.owner)),
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
                if parents.last() != Some(&place(i)) {
                    parents.push(place(i));
                }
            }
        }
        plans
    }

    /// The skills that repairs ask for, sorted.
    pub(super) fn skills(&self) -> Vec<String> {
        let mut skills: Vec<String> =
            self.station.orus.iter().filter_map(|o| o.repair_skill.clone()).collect();
        skills.sort();
        skills.dedup();
        skills
    }

    pub(super) fn compile_types(
        &mut self,
        capabilities: &[CapabilityPlan],
        shared: &mut SharedCauses,
    ) -> (Vec<TypePlan>, Vec<UnitPlan>, Vec<String>) {
        let station = self.station;
        let mut subsystems: Vec<String> =
            station.orus.iter().map(|o| o.subsystem.clone()).collect();
        subsystems.sort();
        subsystems.dedup();
        let priority: BTreeMap<&str, u8> =
            station.capabilities.iter().map(|c| (c.id.as_str(), c.priority)).collect();
        let type_index: BTreeMap<&str, u16> =
            station.orus.iter().enumerate().map(|(i, o)| (o.id.as_str(), place(i))).collect();
        let skills = self.skills();
        let mut units = Vec::new();
        let mut types = Vec::new();
        for (kind, o) in station.orus.iter().enumerate() {
            let path = format!("oru.{}", o.id);
            let serves = place(self.capabilities.of(&o.serves));
            debug_assert!(usize::from(serves) < capabilities.len());
            let first_unit = number(units.len());
            let groups = self.groups_of(o, first_unit, shared);
            for copy in 0..o.installed {
                let stream = Stream::new(&o.id, &format!("unit-{copy}"));
                let unit = first_unit + copy;
                let holds = |g: &&u16| shared.groups[usize::from(**g)].holds(unit);
                let group = groups.iter().find(holds).copied();
                units.push(UnitPlan { kind: place(kind), group, stream });
            }
            let reset_share = o.reset_share.unwrap_or(station.worlds.reset_share);
            let reset_path = match o.reset_share {
                Some(_) => format!("{path}.reset_share"),
                None => "worlds.reset_share".to_owned(),
            };
            let experience = o.experience_factor.unwrap_or(station.worlds.experience_factor);
            let experience_path = match o.experience_factor {
                Some(_) => format!("{path}.experience_factor"),
                None => "worlds.experience_factor".to_owned(),
            };
            let believed = o.duty / o.mtbf_d.value;
            let (own, moved) = belief(o, believed * experience.value);
            types.push(TypePlan {
                id: o.id.clone(),
                name: o.name.clone(),
                subsystem: o.subsystem.clone(),
                subsystem_index: place(
                    subsystems.binary_search(&o.subsystem).expect("listed above"),
                ),
                serves,
                segment: place(self.segments.of(&o.segment)),
                first_unit,
                installed: o.installed,
                needed: f64::from(o.needed),
                partial: o.partial,
                rate_per_d: believed * moved,
                mtbf: self.value(&format!("{path}.mtbf"), o.mtbf_d),
                own,
                stream: Stream::new(&o.id, "type"),
                shape: o.shape,
                life_limit_d: o.life_limit_d.map(|v| self.value(&format!("{path}.life_limit"), v)),
                per_eva: o.per_eva.map(|per| PerEvaPlan {
                    used: per.used,
                    failures: self.value(&format!("{path}.per_eva.failures"), per.failures),
                    life: per.life.map(|v| self.value(&format!("{path}.per_eva.life"), v)),
                }),
                mass_kg: o.mass_kg.value,
                spares_aboard: o.spares_aboard,
                spares_ground: o.spares_ground,
                supplied: o.supplied,
                lead_d: self.value(&format!("{path}.lead_time"), o.lead_time_d),
                build_d: self.value(&format!("{path}.build_time"), o.build_time_d),
                external: o.external,
                repair_h: self.value(&format!("{path}.repair.crew"), o.repair_crew_h),
                place: o.repair_where,
                evas: o.repair_evas,
                also_from: o
                    .repair_also_from
                    .iter()
                    .map(|segment| place(self.segments.of(segment)))
                    .collect(),
                reset_share: self.value(&reset_path, reset_share),
                experience: self.value(&experience_path, experience),
                experience_believed: experience.value,
                priority: priority.get(o.serves.as_str()).copied().unwrap_or(3),
                volume_m3: o.volume_m3.unwrap_or(0.0),
                ground_repair: o.ground_repair.map(|g| GroundRepairPlan {
                    turnaround_d: self
                        .value(&format!("{path}.ground_repair.turnaround"), g.turnaround_d),
                    condemned_share: self
                        .value(&format!("{path}.ground_repair.condemned_share"), g.condemned_share),
                }),
                donors: o.cannibalize.iter().map(|d| type_index[d.as_str()]).collect(),
                skill: o
                    .repair_skill
                    .as_ref()
                    .map(|s| place(skills.binary_search(s).expect("listed above"))),
                cause: self.cause(&o.id, &o.name, CauseKind::Hardware),
            });
        }
        (types, units, subsystems)
    }

    /// The groups of copies of a type that may fail together, appended to those of the other types.
    fn groups_of(&mut self, o: &Oru, first_unit: u32, shared: &mut SharedCauses) -> Vec<u16> {
        let path = format!("oru.{}.beta", o.id);
        let beta = self.value(&path, o.beta);
        let most = match &o.together {
            None if self.parameters.may_exceed_zero(beta) => o.installed as usize,
            None => return Vec::new(),
            Some(Together::Shares(alpha)) => alpha.len(),
            Some(Together::Class(id)) => self.class(id).largest(),
        };
        let mut groups = Vec::new();
        let mut first = first_unit;
        for size in o.groups(most) {
            if size > 1 {
                let (key, plan) = match &o.together {
                    None => (format!("{path} {size}"), SharedCausePlan::AllAtOnce { beta, size }),
                    Some(Together::Shares(alpha)) => (
                        format!("oru.{}.alpha", o.id),
                        SharedCausePlan::Known { alpha: alpha.clone() },
                    ),
                    Some(Together::Class(id)) => {
                        let class = self.class(id);
                        let row = class.row(size as usize).expect("checked on loading");
                        let of = format!("common_cause.{id}");
                        let plan = SharedCausePlan::Drawn {
                            class: id.clone(),
                            name: class.name.clone(),
                            concentrations: row.to_vec(),
                            // By the number of copies: groups of every size of a class err together.
                            streams: (1..=size)
                                .map(|k| Stream::new(&of, &format!("order-{k}")))
                                .collect(),
                        };
                        (format!("{of}.of_{size}"), plan)
                    }
                };
                let cause = shared.place_of(key, plan);
                groups.push(place(shared.groups.len()));
                shared.groups.push(GroupPlan { first_unit: first, size, cause });
            }
            first += size;
        }
        groups
    }

    pub(super) fn compile_defects(&mut self) -> Vec<DefectPlan> {
        let station = self.station;
        let type_of = |id: &String| {
            place(station.orus.iter().position(|oru| oru.id == *id).expect("checked on loading"))
        };
        station
            .defects
            .iter()
            .map(|d| {
                let path = format!("defect.{}", d.id);
                DefectPlan {
                    name: d.name.clone(),
                    rate_per_d: self.rate(&format!("{path}.rate"), d.rate_per_y),
                    types: d.units.iter().map(type_of).collect(),
                    stand_down_d: self.value(&format!("{path}.stand_down"), d.stand_down_d),
                    share: self.value(&format!("{path}.share"), d.share),
                    retrofit_d: self.value(&format!("{path}.retrofit"), d.retrofit_d),
                    stream: Stream::new(&d.id, "defect"),
                }
            })
            .collect()
    }

    fn class(&self, id: &str) -> &'_ model::CommonCause {
        let classes = &self.station.common_causes;
        classes.iter().find(|class| class.id == id).expect("a reference checked on loading")
    }

    pub(super) fn compile_stocks(&mut self, capabilities: &mut [CapabilityPlan]) -> Vec<StockPlan> {
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
                    with: d.with.as_ref().map(|c| place(self.capabilities.of(c))),
                    without: d.without.as_ref().map(|c| place(self.capabilities.of(c))),
                })
                .collect();
            for index in draws.iter().flat_map(|d| [d.with, d.without]).flatten() {
                capabilities[usize::from(index)].feeds_stocks = true;
            }
            let covers: Vec<u16> = (0..capabilities.len())
                .filter(|c| capabilities[*c].stock == Some(place(i)))
                .map(place)
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
                partner: s.partner.as_ref().map(|p| place(self.partners.of(p))),
                initial_kg: self.value(&format!("{path}.initial"), s.initial_kg),
                capacity_kg: self.value(&format!("{path}.capacity"), s.capacity_kg),
                draws,
                covers,
                reserve_d: s.reserve_d.map(|v| self.value(&format!("{path}.reserve"), v)),
                ration_share: s.ration_share,
                shares_with: s.shares_with.as_ref().map(|t| place(self.stocks.of(t))),
                on_empty: s
                    .on_empty
                    .as_ref()
                    .map_or(EffectPlan::None, |e| self.effect(&format!("{path}.on_empty"), e)),
                accumulates: s.accumulates,
                resupplied: carried.contains(&&s.id),
                leaves_with_vehicle: s.leaves_with_vehicle,
                gives_way: self.value(&format!("{path}.gives_way"), s.gives_way),
                pushes: station
                    .vehicles
                    .iter()
                    .filter_map(|v| v.push.as_ref())
                    .chain(&station.orbit.push)
                    .any(|p| p.stock == s.id),
                cause: self.cause(&s.id, &text, CauseKind::Hardware),
            });
        }
        plans
    }

    pub(super) fn compile_leaks(&mut self) -> Vec<LeakPlan> {
        let station = self.station;
        let mut plans = Vec::new();
        for element in &station.elements {
            let Some(leak) = &element.leak else { continue };
            let path = format!("element.{}.leak", element.id);
            let repaired_by = station
                .upgrades
                .iter()
                .position(|u| u.stops_leak.as_ref() == Some(&element.id))
                .map(place);
            let rupture = leak.rupture.as_ref().and_then(|r| self.rupture(element, &path, r));
            plans.push(LeakPlan {
                rupture,
                name: element.name.clone(),
                rate_kg_d: self.value(&format!("{path}.rate"), leak.rate_kg_d),
                growth_per_d: self.rate(&format!("{path}.growth"), leak.growth_per_y),
                relapse_per_d: self.rate(&format!("{path}.relapse_rate"), leak.relapse_per_y),
                relapse_kg_d: self.value(&format!("{path}.relapse_factor"), leak.relapse_kg_d),
                patch_interval_d: self
                    .value(&format!("{path}.patch_interval"), leak.patch_interval_d),
                patch_share: self.value(&format!("{path}.patch_share"), leak.patch_share),
                isolated_share: self.value(&format!("{path}.isolated_share"), leak.isolated_share),
                isolate_above_kg_d: self
                    .value(&format!("{path}.isolate_above"), leak.isolate_above_kg_d),
                isolation_port: leak.isolation_port.as_ref().map(|p| place(self.ports.of(p))),
                repaired_by,
                stream: Stream::new(&element.id, "leak"),
                cause: self.cause(
                    &format!("leak:{}", element.id),
                    &format!("the leak in {} grew", element.name),
                    CauseKind::Hardware,
                ),
            });
        }
        plans
    }

    /// The rupture of an element at the rate that the variant asks for.
    fn rupture(
        &mut self,
        element: &model::Element,
        path: &str,
        rupture: &model::Rupture,
    ) -> Option<RupturePlan> {
        let asked = self.variant.ruptures.iter().filter(|(id, _)| *id == element.id);
        let per_y: f64 = asked.map(|(_, per_y)| per_y).sum();
        (per_y > 0.0).then(|| RupturePlan {
            rate_per_d: per_y / zarya_units::DAYS_PER_YEAR,
            effect: self.effect(&format!("{path}.rupture"), &rupture.effect),
            stream: Stream::new(&element.id, "rupture"),
            cause: self.cause(
                &format!("rupture:{}", element.id),
                &format!("{} ruptured", element.name),
                CauseKind::Hardware,
            ),
        })
    }
}

/// Groups of copies that share causes, and what they share, as types are compiled.
#[derive(Default)]
pub(super) struct SharedCauses {
    pub(super) groups: Vec<GroupPlan>,
    pub(super) plans: Vec<SharedCausePlan>,
    by_key: BTreeMap<String, u16>,
}

impl SharedCauses {
    /// The place of what a group shares; the same for all groups of one key.
    fn place_of(&mut self, key: String, plan: SharedCausePlan) -> u16 {
        let next = place(self.plans.len());
        let known = *self.by_key.entry(key).or_insert(next);
        if known == next {
            self.plans.push(plan);
        }
        known
    }
}

/// Returns the spread of a type's own rate, and the factor by which failures seen in service have
/// moved its mean from `rate_per_d`.
pub fn belief(oru: &Oru, rate_per_d: f64) -> (RatePrior, f64) {
    let Some(shape) = oru.rate_shape else {
        let error_factor = oru.error_factor.value;
        return if error_factor > 1.0 {
            (RatePrior::Lognormal { error_factor }, 1.0)
        } else {
            (RatePrior::Known, 1.0)
        };
    };
    let prior = GammaRate::of_mean(rate_per_d, shape);
    let posterior = oru
        .in_service
        .map_or(prior, |seen| prior.updated(seen.failures, seen.running_d, seen.prior_weight));
    (RatePrior::Gamma { shape: posterior.shape }, posterior.mean_per_d() / prior.mean_per_d())
}
