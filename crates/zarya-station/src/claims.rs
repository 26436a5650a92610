//! Reads what is asked and what threatens it: tasks, upgrades, hazards, conditions, the claim,
//! milestones, break-evens, observations and sources.

use crate::context::Kind;
use crate::diagnostic::Code;
use crate::model::{
    Asks, BreakEven, Claim, Condition, ConditionKind, Extends, Hazard, HazardPer, Milestone,
    Nature, Observation, Observed, Scale, Source, Task, Upgrade, Withdrawal, WithdrawalKey,
};
use crate::provenance::NUMBER;
use crate::reader::{Range, Reader};
use crate::systems::{DAYS, HOURS, PEOPLE_MAX, PER_YEAR, dated, outcomes, owner, placeholder_date};
use crate::tree::Tree;
use std::collections::BTreeMap;
use zarya_units::Date;

/// Reads one `[[task]]`.
pub(crate) fn task(mut reader: Reader<'_, '_>) -> Task {
    reader.inherit_from_row();
    let task = Task {
        id: reader.id(Kind::Task),
        name: reader.text("name"),
        every_d: reader.value("every", DAYS, Range::LIFE),
        needed_every_d: reader.value_opt("needed_every", DAYS, Range::LIFE),
        crew_h: reader.value("crew", HOURS, Range::HOURS),
        segment: reader.reference("segment", Kind::Segment),
        protects: reader.reference("protects", Kind::Subsystem),
        lapse_factor: reader.value("lapse_factor", NUMBER, Range::FACTOR),
        lapse_after_d: reader.value("lapse_after", DAYS, Range::DAYS),
    };
    reader.finish();
    task
}

/// Reads one `[[upgrade]]`.
pub(crate) fn upgrade(mut reader: Reader<'_, '_>) -> Upgrade {
    reader.inherit_from_row();
    let upgrade = Upgrade {
        id: reader.id(Kind::Upgrade),
        name: reader.text("name"),
        segment: reader.reference("segment", Kind::Segment),
        ready: reader.date("ready").unwrap_or_else(placeholder_date),
        evas: reader.count_or("evas", 0, 100, 0),
        crew_h: reader.value("crew", HOURS, Range::HOURS),
        restores: reader.reference_opt("restores", Kind::Capability),
        gain: reader.plain_or("gain", NUMBER, Range::SHARE, 0.0),
        stops_leak: reader.reference_opt("stops_leak", Kind::Element),
    };
    reader.finish();
    upgrade
}

/// Reads one `[[hazard]]`.
pub(crate) fn hazard(mut reader: Reader<'_, '_>) -> Hazard {
    reader.inherit_from_row();
    let per = &[
        ("station", HazardPer::Station),
        ("crew", HazardPer::Crew),
        ("docked-crew-vehicle", HazardPer::DockedCrewVehicle),
    ];
    let outcomes = outcomes(&reader, "outcomes");
    let hazard = Hazard {
        id: reader.id(Kind::Hazard),
        name: reader.text("name"),
        owner: owner(&reader),
        rate_per_y: reader.value("rate", PER_YEAR, Range::RATE),
        per: reader.choice_or("per", per, HazardPer::Station),
        outcomes,
    };
    reader.finish();
    hazard
}

/// Reads one `[[condition]]`.
pub(crate) fn condition(mut reader: Reader<'_, '_>) -> Condition {
    reader.inherit_from_row();
    let id = reader.id(Kind::Condition);
    let provided = reader.text("provided");
    let kind = reader
        .word("kind", ConditionKind::WORDS, ConditionKind::parse)
        .map_or(ConditionKind::Policy, |(kind, _)| kind);
    let withdraw: Vec<Withdrawal> =
        reader.tables("withdraw").into_iter().filter_map(withdrawal).collect();
    if reader.require("withdraw").is_some_and(|n| matches!(&n.tree, Tree::Array(v) if v.is_empty()))
    {
        let message = format!("withdrawing `{}` changes nothing", reader.path);
        let help = "name at least one consequence, as in withdraw = [{ stop_spares = true }]";
        reader.context.report(Code::KeyMissing, reader.span, message, "", help);
    }
    let condition = Condition {
        id,
        provided,
        kind,
        from: reader.date_opt("from"),
        notice_d: reader.plain_or("notice", DAYS, Range::DAYS, 0.0),
        withdraw,
        remains: reader.text("remains"),
        substitutes: reader.text("substitutes"),
        extends: reader.table_opt("extends").map(|reader| {
            let extends = Extends {
                partner: reader.reference("partner", Kind::Partner),
                through: reader.date("through").unwrap_or_else(placeholder_date),
            };
            reader.finish();
            extends
        }),
        may_help: reader.text_opt("may_help"),
    };
    reader.finish();
    condition
}

/// What stands behind the key of a consequence.
enum Consequence {
    /// `true`.
    Switch(Withdrawal),
    /// The id of something.
    Named(Kind, fn(String) -> Withdrawal),
    /// A number of people.
    People(fn(u32) -> Withdrawal),
    /// A share.
    Share(fn(f64) -> Withdrawal),
}

fn consequence(key: WithdrawalKey) -> Consequence {
    use Consequence::{Named, People, Share, Switch};
    match key {
        WithdrawalKey::StopMaintenance => Switch(Withdrawal::StopMaintenance),
        WithdrawalKey::Maintenance => Share(Withdrawal::Maintenance),
        WithdrawalKey::StopSpares => Switch(Withdrawal::StopSpares),
        WithdrawalKey::SkipUpgrade => Named(Kind::Upgrade, Withdrawal::SkipUpgrade),
        WithdrawalKey::Ground => Named(Kind::Vehicle, Withdrawal::Ground),
        WithdrawalKey::Leave => Named(Kind::Partner, Withdrawal::Leave),
        WithdrawalKey::Disable => Named(Kind::Capability, Withdrawal::Disable),
        WithdrawalKey::OpenHatch => Named(Kind::Element, Withdrawal::OpenHatch),
        WithdrawalKey::Crew => People(Withdrawal::Crew),
        WithdrawalKey::StopCargo => Named(Kind::Stock, Withdrawal::StopCargo),
        WithdrawalKey::StopTraining => Switch(Withdrawal::StopTraining),
    }
}

fn withdrawal(reader: Reader<'_, '_>) -> Option<Withdrawal> {
    let mut found: Vec<Withdrawal> = Vec::new();
    for set in WithdrawalKey::every("") {
        let key = set.form();
        if reader.get(key).is_none() {
            continue;
        }
        match consequence(set) {
            Consequence::Switch(withdrawal) => {
                if !reader.yes_or(key, true) {
                    let message = format!("`{}` is false", reader.path_of(key));
                    let help = "write true, or leave the consequence out";
                    reader.context.report(Code::WordUnknown, reader.span, message, "", help);
                }
                found.push(withdrawal);
            }
            Consequence::Named(kind, named) => {
                found.extend(reader.reference_opt(key, kind).map(named));
            }
            Consequence::People(cut) => found.push(cut(reader.count(key, 0, PEOPLE_MAX))),
            Consequence::Share(of) => found.push(of(reader.plain(key, NUMBER, Range::SHARE))),
        }
    }
    let known = reader.entries().iter().all(|entry| WithdrawalKey::parse(&entry.key).is_some());
    let n = reader.entries().len();
    if known && n != 1 {
        let message = format!("`{}` has {n} consequences", reader.path);
        let help = "write each consequence in its own { }";
        reader.context.report(Code::WrongType, reader.span, message, "", help);
    }
    reader.finish();
    found.into_iter().next()
}

/// Reads `[claim]`.
pub(crate) fn claim(mut reader: Reader<'_, '_>) -> Claim {
    let source = reader.text("source");
    reader.inherit_from_row();
    let id = reader.text("id");
    if let Some(node) = reader.get("id").filter(|node| node.text().is_some()) {
        reader.well_formed(&id, node.span);
    }
    let through = reader.day_or_year("through").map(|(date, _)| date);
    let claim = Claim {
        id,
        text: reader.text("text"),
        through: through.unwrap_or_else(placeholder_date),
        threshold: reader.value("threshold", NUMBER, Range::new(1e-9, 1.0 - 1e-9)),
        source,
        provided: reader.references("provided", Kind::Condition),
        deorbit_stock: reader.reference_opt("propellant_stock", Kind::Stock),
    };
    let as_of = reader.context.as_of;
    if through.is_some_and(|through| through < as_of) {
        let span = reader.get("through").map_or(reader.span, |node| node.span);
        let message = format!("the claim ends before the as-of date {as_of}");
        reader.context.report(Code::DateDisordered, span, message, "", "write a later date");
    }
    reader.finish();
    claim
}

/// Reads one `[[milestone]]`.
pub(crate) fn milestone(mut reader: Reader<'_, '_>) -> Milestone {
    reader.inherit_from_row();
    let id = reader.id(Kind::Milestone);
    let (date, precision) = dated(&reader, "date");
    let milestone = Milestone {
        id,
        what: reader.text("what"),
        date,
        precision,
        depends_on: reader.references("depends_on", Kind::Ledger),
        conflict: reader.text_opt("conflict"),
        source: reader.row_source(),
    };
    reader.finish();
    milestone
}

/// Reads one `[[break_even]]`.
pub(crate) fn break_even(mut reader: Reader<'_, '_>) -> BreakEven {
    reader.inherit_from_row();
    let factor = Range::new(1e-6, 1e6);
    // A scale that cannot be read refuses the station; the one put in its place is never seen.
    let scale = reader.word("scale", Scale::WORDS, Scale::parse).map_or(
        Scale::FailureRates,
        |(scale, span)| {
            match &scale {
                Scale::Hazard(id) => reader.context.refer(Kind::Hazard, id, span),
                Scale::Rates(subsystem) => {
                    reader.context.refer(Kind::Subsystem, subsystem, span);
                }
                Scale::FailureRates
                | Scale::Stocking
                | Scale::LeadTimes
                | Scale::Leak
                | Scale::LaunchLoss
                | Scale::AscentEntry
                | Scale::Slips
                | Scale::Medical
                | Scale::Debris
                | Scale::ResetShare
                | Scale::RepairHours
                | Scale::RoutineIntervals => {}
            }
            scale
        },
    );
    let break_even = BreakEven {
        id: reader.id(Kind::BreakEven),
        what: reader.text("what"),
        scale,
        low: reader.plain("low", NUMBER, factor),
        high: reader.plain("high", NUMBER, factor),
        bound: reader.text_opt("bound"),
    };
    if let Some(node) = reader.get("high")
        && break_even.low >= break_even.high
    {
        let message = format!("`{}` has no room between low and high", reader.path);
        let help = "low and high are factors tried: write low < high";
        reader.context.report(Code::BandDisordered, node.span, message, "", help);
    }
    reader.finish();
    break_even
}

/// Reads one `[[observation]]`.
pub(crate) fn observation(mut reader: Reader<'_, '_>) -> Observation {
    reader.inherit_from_row();
    let Stated { what, from, through, observed, exposure } = stated(&reader);
    let observation = Observation {
        from: from.unwrap_or_else(placeholder_date),
        through: through.unwrap_or_else(placeholder_date),
        observed,
        weight: reader.choice("use", &[("weight", true), ("score", false)]).unwrap_or(false),
        exposure,
        in_view: reader.text_opt("in_view"),
        source: reader.row_source(),
        // A word that cannot be read refuses the station; the one put in its place is never seen.
        what: what.unwrap_or(Observed::Evas),
    };
    if let Some(node) = reader.get("use")
        && observation.weight
        && !observation.what.nature().weighs()
    {
        let message = format!("worlds cannot be weighted by `{}`", observation.what);
        let help = "write use = \"score\"";
        reader.context.report(Code::WordUnknown, node.span, message, "", help);
    }
    if let (Some(through), Some(node)) = (through, reader.get("through")) {
        let known_by = reader.context.known_by(node.defaults);
        if through > known_by {
            let message = format!("`{}` was observed after the as-of date {known_by}", reader.path);
            let help = "nothing known later than the as-of date may be used";
            reader.context.report(Code::DateDisordered, node.span, message, "", help);
        }
    }
    reader.finish();
    observation
}

/// What an `[[observation]]` states, whoever wrote it. What cannot be read has been reported.
pub(crate) struct Stated {
    pub(crate) what: Option<Observed>,
    /// Of a level the day itself.
    pub(crate) from: Option<Date>,
    pub(crate) through: Option<Date>,
    pub(crate) observed: f64,
    pub(crate) exposure: Option<f64>,
}

/// Reads what any `[[observation]]` states.
pub(crate) fn stated(reader: &Reader<'_, '_>) -> Stated {
    let what = reader.word("what", Observed::WORDS, Observed::parse).map(|(what, span)| {
        let named = match what.asks() {
            Asks::Failures(id) | Asks::RepairDays(id) => Some((Kind::Oru, id)),
            Asks::OutageDays(id) => Some((Kind::Capability, id)),
            Asks::Stock(id) => Some((Kind::Stock, id)),
            Asks::Count(_)
            | Asks::CargoMass
            | Asks::DockingTroubles
            | Asks::UncrewedDays
            | Asks::IsolatedElements => None,
        };
        match named {
            Some((kind, "")) => {
                let message = format!("`{what}` names no {}", kind.word());
                let help = format!("write its id behind the colon: `{}`", what.form());
                reader.context.report(Code::WordUnknown, span, message, "", &help);
            }
            Some((kind, id)) => reader.context.refer(kind, id, span),
            None => {}
        }
        what
    });
    let is_level = what.as_ref().is_some_and(|what| what.nature() == Nature::Level);
    let from = if is_level { reader.date_opt("from") } else { reader.date("from") };
    let through = reader.date("through");
    let number = Range::new(0.0, 1e9);
    let observed = reader.plain("observed", NUMBER, number);
    let exposure = reader.get("exposure").map(|_| reader.plain("exposure", NUMBER, number));
    if let (Some(from), Some(through), Some(node)) = (from, through, reader.get("through"))
        && through < from
    {
        let message = format!("`{}` ends before it begins", reader.path);
        let help = "write from <= through";
        reader.context.report(Code::DateDisordered, node.span, message, "", help);
    }
    let from = if is_level { through } else { from };
    Stated { what, from, through, observed, exposure }
}

/// Reads `[sources.KEY]` tables.
pub(crate) fn sources(reader: &Reader<'_, '_>) -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    for entry in reader.entries() {
        let path = reader.path_of(&entry.key);
        let Some(inner) = Reader::of(reader.context, &entry.node, path) else { continue };
        inner.context.declare(Kind::Source, &entry.key, entry.key_span);
        let source = Source {
            title: inner.text("title"),
            known_from: inner.date("known_from").unwrap_or_else(placeholder_date),
            note: inner.text_opt("note"),
        };
        for key in ["url", "publisher"] {
            inner.text_opt(key);
        }
        inner.finish();
        found.insert(entry.key.clone(), source);
    }
    found
}
