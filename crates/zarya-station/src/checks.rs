//! What can only be judged with the whole station in hand: sources and their dates, circles of
//! capabilities, rules that cannot be met, seats and ports.

use crate::context::{Citation, Context, Kind};
use crate::diagnostic::Code;
use crate::model::{Capability, Oru, RepairWhere, Rule, Station, Together, Vehicle, Withdrawal};
use std::collections::{BTreeMap, BTreeSet};
use zarya_units::Date;

/// Reports everything that is wrong with a station as a whole.
pub(crate) fn check(context: &Context<'_>, station: &Station) {
    check_sources(context, station);
    check_names(context, station);
    crate::bounds::check(context, station);
    check_circles(context, station);
    check_rules(context, station);
    check_leaks(context, station);
    check_aboard(context, station);
    check_seats_and_ports(context, station);
    check_shocks(context, station);
    check_trained(context, station);
    check_skills(context, station);
    check_donors(context, station);
    check_common_causes(context, station);
    check_other_side(context, station);
    crate::cabin::check(context, station);
    crate::service::check(context, station);
}

/// Nothing may rest on a source that became known too late.
fn check_sources(context: &Context<'_>, station: &Station) {
    let citations = context.take_citations();
    let mut used: BTreeSet<&str> = station.conditions_and_ledger_sources().collect();
    let mut hindsight: Vec<(&Citation, Date)> = Vec::new();
    // A file's defaults cite once; each value that inherits them is not told again.
    let mut told: BTreeSet<(u32, u32, &str)> = BTreeSet::new();
    for citation in &citations {
        used.insert(&citation.source);
        let Some(source) = station.sources.get(&citation.source) else { continue };
        let known_by = context.known_by(citation.defaults);
        let key = (citation.span.file, citation.span.start, citation.source.as_str());
        if source.known_from > known_by {
            let inherited = context.defaults[citation.defaults as usize].source.as_ref()
                == Some(&citation.source)
                && citation.path != "defaults";
            if inherited || !told.insert(key) {
                continue;
            }
            let message = format!(
                "`{}` rests on `{}`, known only from {}",
                citation.path, citation.source, source.known_from
            );
            let related = context
                .declared(Kind::Source, &citation.source)
                .map(|span| (span, "the source stands"));
            let help = format!(
                "the as-of date is {known_by}: use an earlier source, or set the value in an overlay \
                 that moves `as_of`"
            );
            let code = Code::SourceKnownLater;
            context.report_related(code, citation.span, message, "known too late", &help, related);
        } else if source.known_from > context.as_of {
            hindsight.push((citation, source.known_from));
        }
    }
    if let Some((citation, known_from)) = hindsight.first() {
        let message = format!(
            "{} base values rest on sources known after the as-of date {}, the first on one of {known_from}",
            hindsight.len(),
            context.as_of
        );
        let help =
            "a look back with today's values is no forecast of that day; say so with the answer";
        context.report(Code::Hindsight, citation.span, message, "for example", help);
    }
    for key in station.sources.keys().filter(|key| !used.contains(key.as_str())) {
        if let Some(span) = context.declared(Kind::Source, key) {
            let message = format!("nothing rests on the source `{key}`");
            context.report(
                Code::SourceUnused,
                span,
                message,
                "",
                "name it where it is used, or remove it",
            );
        }
    }
}

impl Station {
    /// Sources that rows name apart from their values.
    fn conditions_and_ledger_sources(&self) -> impl Iterator<Item = &str> {
        let commitments =
            self.partners.iter().flat_map(|p| &p.commitments).map(|c| c.source.as_str());
        let certificates =
            self.elements.iter().flat_map(|e| &e.certificates).map(|c| c.source.as_str());
        let others = self.milestones.iter().map(|m| m.source.as_str());
        let observed = self.observations.iter().map(|o| o.source.as_str());
        let data = self.data.iter().map(|datum| datum.source.as_str());
        commitments
            .chain(certificates)
            .chain(others)
            .chain(observed)
            .chain(data)
            .chain(std::iter::once(self.claim.source.as_str()))
    }
}

/// Capabilities and stocks share no name: draws, providers and reports name either.
fn check_names(context: &Context<'_>, station: &Station) {
    for stock in &station.stocks {
        let Some(first) = context.declared(Kind::Capability, &stock.id) else { continue };
        if let Some(span) = context.declared(Kind::Stock, &stock.id) {
            let message = format!("`{}` names a capability and a stock", stock.id);
            let help = "call one of them otherwise, as in `oxygen` and `oxygen-supply`";
            let related = Some((first, "the capability is"));
            context.report_related(Code::IdDuplicate, span, message, "the stock", help, related);
        }
    }
}

/// A shock names launchers that a vehicle has, and hits something.
fn check_shocks(context: &Context<'_>, station: &Station) {
    for shock in &station.shocks {
        let path = format!("shock.{}", shock.id);
        for launcher in &shock.launchers {
            if station.vehicles.iter().all(|vehicle| vehicle.launcher != *launcher) {
                let span = context.span_of(&format!("{path}.launchers"));
                let known: BTreeSet<&str> =
                    station.vehicles.iter().map(|vehicle| vehicle.launcher.as_str()).collect();
                let known: Vec<&str> = known.into_iter().collect();
                let message = format!("no vehicle has the launcher `{launcher}`");
                let help = format!("the launchers of the vehicles are: {}", known.join(", "));
                context.report(Code::ReferenceDangling, span, message, "", &help);
            }
        }
        let named = [&shock.launchers, &shock.pads, &shock.vehicles, &shock.partners];
        if named.iter().all(|names| names.is_empty()) {
            let span = context.span_of(&format!("{path}.id"));
            let message = format!("`{path}` hits nothing");
            let help = "name what it puts off: `launchers`, `pads`, `vehicles` or `partners`";
            context.report(Code::KeyMissing, span, message, "", help);
        }
    }
}

/// Capabilities may not depend on themselves, on any way round.
fn check_circles(context: &Context<'_>, station: &Station) {
    let index: BTreeMap<&str, usize> =
        station.capabilities.iter().enumerate().map(|(at, c)| (c.id.as_str(), at)).collect();
    let edges: Vec<Vec<usize>> = station
        .capabilities
        .iter()
        .map(|c| {
            let named = c.providers.iter().map(|p| &p.id).chain(c.needs.iter().map(|n| &n.id));
            named.filter_map(|id| index.get(id.as_str()).copied()).collect()
        })
        .collect();
    // Depth first without recursion: 0 unseen, 1 on the way, 2 done.
    let mut color = vec![0_u8; edges.len()];
    for start in 0..edges.len() {
        if color[start] != 0 {
            continue;
        }
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        color[start] = 1;
        while let Some((here, next)) = way.last_mut() {
            let Some(&to) = edges[*here].get(*next) else {
                color[*here] = 2;
                way.pop();
                continue;
            };
            *next += 1;
            match color[to] {
                0 => {
                    color[to] = 1;
                    way.push((to, 0));
                }
                1 => {
                    let from = way.iter().position(|(at, _)| *at == to).unwrap_or(0);
                    let ids: Vec<&str> = way[from..]
                        .iter()
                        .map(|(at, _)| station.capabilities[*at].id.as_str())
                        .chain(std::iter::once(station.capabilities[to].id.as_str()))
                        .collect();
                    report_circle(context, &ids);
                }
                _ => {}
            }
        }
    }
}

fn report_circle(context: &Context<'_>, ids: &[&str]) {
    const SHOWN: usize = 12;
    let mut shown: Vec<&str> = ids.iter().copied().take(SHOWN).collect();
    if ids.len() > SHOWN {
        shown.push("…");
    }
    let message = format!("capabilities depend on each other in a circle: {}", shown.join(" -> "));
    let span = context.span_of(&format!("capability.{}.id", ids[0]));
    let help = "take one of the `providers` or `needs` out; what keeps itself alive never fails";
    context.report(Code::Cycle, span, message, "it begins here", help);
}

fn check_rules(context: &Context<'_>, station: &Station) {
    let served: BTreeSet<&str> = station.orus.iter().map(|oru| oru.serves.as_str()).collect();
    let disabled: BTreeSet<&str> = station
        .conditions
        .iter()
        .flat_map(|condition| &condition.withdraw)
        .filter_map(Withdrawal::disables)
        .chain(station.hazards.iter().flat_map(|h| &h.outcomes).filter_map(|(_, e)| e.disables()))
        .collect();
    for capability in &station.capabilities {
        check_rule(context, station, capability);
        let id = capability.id.as_str();
        let can_fail = served.contains(id)
            || disabled.contains(id)
            || capability.partner.is_some()
            // What a stock covers ends with the stock, and the limits of a cabin with what keeps them.
            || capability.stock.is_some()
            || matches!(capability.rule, Rule::Cabin)
            || !capability.providers.is_empty()
            || !capability.needs.is_empty();
        if !can_fail && !id.is_empty() {
            let span = context.span_of(&format!("capability.{id}.id"));
            let message = format!("nothing can take `{id}` away");
            let help = "let units serve it, give it providers or needs, or leave it out";
            context.report(Code::NothingServes, span, message, "", help);
        }
    }
}

fn check_rule(context: &Context<'_>, station: &Station, capability: &Capability) {
    let path = format!("capability.{}.rule", capability.id);
    let n = capability.providers.len();
    match &capability.rule {
        Rule::Any if n == 0 => {
            let span = context.span_of(&path);
            let message = format!("`{}` takes any of no providers", capability.id);
            let help = "add `providers = [{ id = \"…\" }]`";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
        Rule::All | Rule::Any | Rule::Cabin => {}
        Rule::AtLeast(least) => {
            if *least as usize > n {
                let span = context.span_of(&format!("{path}.at_least"));
                let message =
                    format!("`{}` needs {least} providers but the station has {n}", capability.id);
                let names: Vec<&str> = capability.providers.iter().map(|p| p.id.as_str()).collect();
                let label = match names.as_slice() {
                    [] => "it has no providers".to_owned(),
                    [only] => format!("only `{only}` provides it"),
                    _ => format!("its providers are {}", names.join(", ")),
                };
                let help = format!("add providers, or set at_least = {}", n.max(1));
                context.report(Code::RuleUnmeetable, span, message, &label, &help);
            }
        }
        Rule::Demand { demand, per_crew } => {
            let people = if *per_crew { f64::from(station.crew.nominal) } else { 1.0 };
            let wanted = demand.low * people * capability.required;
            let rates: f64 = capability.providers.iter().map(|provider| provider.rate).sum();
            // A stock covers what providers lack, as long as it lasts.
            let known = context.is_recorded(&format!("{path}.demand"))
                && context.is_recorded("crew.nominal");
            if known && rates < wanted * (1.0 - 1e-9) && capability.stock.is_none() {
                let span = context.span_of(&format!("{path}.demand"));
                let message = format!(
                    "`{}` demands {wanted} and its providers give {rates} at most",
                    capability.id
                );
                let help =
                    "add a provider, lower the demand, or name a `stock` that covers the rest";
                context.report(Code::RuleUnmeetable, span, message, "", help);
            }
        }
    }
}

/// What closes or opens a leak needs one.
fn check_leaks(context: &Context<'_>, station: &Station) {
    let elements: BTreeMap<&str, bool> =
        station.elements.iter().map(|e| (e.id.as_str(), e.leak.is_some())).collect();
    let tight = |id: &str| elements.get(id) == Some(&false);
    let report = |path: String, id: &str| {
        let message = format!("the element `{id}` has no leak");
        let help = "add [element.leak] to it, or name another element";
        context.report(
            Code::ReferenceDangling,
            context.span_of(&path),
            message,
            "named here",
            help,
        );
    };
    for upgrade in &station.upgrades {
        if let Some(id) = upgrade.stops_leak.as_deref().filter(|id| tight(id)) {
            report(format!("upgrade.{}.stops_leak", upgrade.id), id);
        }
    }
    for condition in &station.conditions {
        for (at, withdrawal) in condition.withdraw.iter().enumerate() {
            if let Withdrawal::OpenHatch(id) = withdrawal
                && tight(id)
            {
                report(format!("condition.{}.withdraw.{at}.open_hatch", condition.id), id);
            }
        }
    }
}

/// A station that nobody is aboard of is one by plan.
fn check_aboard(context: &Context<'_>, station: &Station) {
    let aboard: u32 = station.docked.iter().map(|vessel| vessel.crew).sum();
    let as_of = station.identity.as_of;
    let asked = station.asked_on(as_of);
    if aboard > 0 || asked.minimum == 0 {
        return;
    }
    let seated = |id: &str| station.vehicles.iter().any(|v| v.id == id && v.seats > 0);
    let docked = station.docked.iter().find(|vessel| seated(&vessel.vehicle));
    let path = docked.map(|vessel| format!("docked.{}.crew", vessel.id));
    let path = path.filter(|path| context.is_recorded(path));
    let span = context.span_of(path.as_deref().unwrap_or("crew.minimum"));
    let message = format!(
        "nobody is aboard on the as-of date {as_of}, where the plan asks for {} at least",
        asked.minimum
    );
    let first =
        station.flights.iter().filter(|flight| flight.crew > 0).map(|flight| flight.date).min();
    let help = match first {
        Some(first) => format!(
            "add to crew.toml [[phase]] from = {as_of}, until = {}, crew = {{ minimum = 0, nominal = 0 }} if it is to \
             be empty until `flight` of {first}; or state who is aboard as [[docked]]",
            first.plus_days(-1)
        ),
        None => format!(
            "add to crew.toml [[phase]] from = {as_of}, crew = {{ minimum = 0, nominal = 0 }} if it is to stay empty; \
             or state who is aboard as [[docked]] of manifest.toml"
        ),
    };
    context.report(Code::NobodyAboard, span, message, "", &help);
}

fn check_seats_and_ports(context: &Context<'_>, station: &Station) {
    let vehicles: BTreeMap<&str, &Vehicle> =
        station.vehicles.iter().map(|vehicle| (vehicle.id.as_str(), vehicle)).collect();
    let crews = station
        .docked
        .iter()
        .map(|d| ("docked", &d.id, &d.vehicle, d.crew))
        .chain(station.flights.iter().map(|f| ("flight", &f.id, &f.vehicle, f.crew)));
    for (kind, id, type_id, crew) in crews {
        if let Some(seats) = vehicles.get(type_id.as_str()).map(|vehicle| vehicle.seats)
            && crew > seats
        {
            let span = context.span_of(&format!("{kind}.{id}.crew"));
            let message = format!("`{id}` brings {crew} people in a vehicle of {seats} seats");
            let help = "lower `crew`, or give the vehicle more `seats`";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
    let mut docked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for vessel in &station.docked {
        if let Some(vehicle) = vehicles.get(vessel.vehicle.as_str()) {
            docked.entry(&vehicle.ports).or_default().push(&vessel.id);
        }
    }
    for port in &station.ports {
        let there = docked.get(port.id.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(one_more) = there.get(port.count as usize) {
            let span = context.span_of(&format!("docked.{one_more}.vehicle"));
            let message = format!(
                "{} vehicles are docked to the {} ports of `{}`",
                there.len(),
                port.count,
                port.id
            );
            let help = "raise `count` of the port, or remove a docked vehicle";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
}

/// Trained people must be able to come.
/// A repair may ask for a skill only if some vehicle brings people who have it.
fn check_skills(context: &Context<'_>, station: &Station) {
    let come: BTreeSet<&str> = station
        .vehicles
        .iter()
        .flat_map(|vehicle| &vehicle.skills)
        .filter(|(_, count)| *count > 0)
        .map(|(skill, _)| skill.as_str())
        .collect();
    for oru in &station.orus {
        let Some(skill) = oru.repair_skill.as_deref().filter(|skill| !come.contains(skill)) else {
            continue;
        };
        let span = context.span_of(&format!("oru.{}.repair.skill", oru.id));
        let message = format!("`oru.{}` asks for the skill `{skill}`, which nobody brings", oru.id);
        let help = format!("add `skills = {{ {skill} = 1 }}` to a crew vehicle, or leave it out");
        context.report(Code::RuleUnmeetable, span, message, "", &help);
    }
}

/// A working copy is taken only inside, from another type, and never from what serves a capability
/// that is repaired first.
fn check_donors(context: &Context<'_>, station: &Station) {
    let priority = |id: &str| {
        station.capabilities.iter().find(|c| c.id == id).map_or(3, |capability| capability.priority)
    };
    for oru in &station.orus {
        for donor in &oru.cannibalize {
            let Some(other) = station.orus.iter().find(|o| o.id == *donor) else { continue };
            let inside = |o: &Oru| o.repair_where == RepairWhere::Inside;
            let wrong = if other.id == oru.id {
                "is the type itself, whose copies are exchanged anyway".to_owned()
            } else if !inside(oru) || !inside(other) {
                "is a swap outside, which is not modeled".to_owned()
            } else if priority(&other.serves) < priority(&oru.serves) {
                format!("serves `{}`, which is repaired before `{}`", other.serves, oru.serves)
            } else {
                continue;
            };
            let span = context.span_of(&format!("oru.{}.cannibalize", oru.id));
            let message = format!("`oru.{}` may take copies of `{donor}`, which {wrong}", oru.id);
            let help =
                "name types inside whose capability has the same `priority` or a larger number";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
}

/// A class of common cause must have a row for every size of the groups that name it.
fn check_common_causes(context: &Context<'_>, station: &Station) {
    for oru in &station.orus {
        let Some(Together::Class(id)) = &oru.together else { continue };
        let Some(class) = station.common_causes.iter().find(|class| class.id == *id) else {
            continue;
        };
        let lacking = |size: &u32| *size > 1 && class.row(*size as usize).is_none();
        let Some(size) = oru.groups(class.largest()).into_iter().find(lacking) else { continue };
        let span = context.span_of(&format!("oru.{}.common_cause", oru.id));
        let message =
            format!("`oru.{}` has groups of {size} copies, of which `{id}` has no row", oru.id);
        let help = format!(
            "add `of_{size}` to the class, or set `common_cause_group` so that groups have a size it has"
        );
        context.report(Code::RuleUnmeetable, span, message, "", &help);
    }
}

/// Work in the other side's suits is outside, and that side has suits.
fn check_other_side(context: &Context<'_>, station: &Station) {
    let walks: BTreeSet<&str> = station.crew.eva.iter().map(|need| need.segment.as_str()).collect();
    for oru in &station.orus {
        for segment in &oru.repair_also_from {
            let wrong = if oru.repair_where == RepairWhere::Inside {
                "is not outside".to_owned()
            } else if *segment == oru.segment {
                "is of that segment itself".to_owned()
            } else if !walks.contains(segment.as_str()) {
                format!("would be reached from `{segment}`, which has no spacewalks")
            } else {
                continue;
            };
            let span = context.span_of(&format!("oru.{}.repair.also_from", oru.id));
            let message =
                format!("`oru.{}` is repaired from `{segment}` too, but it {wrong}", oru.id);
            let help =
                "name other segments that `eva` of crew.toml lists, for units repaired outside";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
}

fn check_trained(context: &Context<'_>, station: &Station) {
    let come: BTreeSet<&str> = station
        .vehicles
        .iter()
        .flat_map(|vehicle| &vehicle.trained)
        .filter(|(_, count)| *count > 0)
        .map(|(segment, _)| segment.as_str())
        .collect();
    for (segment, least) in &station.crew.trained_minimum {
        if *least > 0 && !come.contains(segment.as_str()) {
            let span = context.span_of(&format!("crew.trained_minimum.{segment}"));
            let message = format!("no vehicle brings people trained for `{segment}`");
            let help = "add `trained = { … }` to a crew vehicle, or lower the minimum";
            context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
}
