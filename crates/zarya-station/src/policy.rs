//! Reads `[policy]` and the `[[phase]]` tables of `crew.toml`.

use crate::diagnostic::Code;
use crate::model::{Phase, Policy, PolicyUnit, Resplit};
use crate::provenance::NUMBER;
use crate::reader::{Range, Reader};
use crate::systems::{DAYS, PEOPLE_MAX, placeholder_date};

/// Most of a line over what was planned.
const MOST: Range = Range::new(1.0, 100.0);

/// Reads `[policy]`: what it does not state is what stands in for it.
pub(crate) fn policy(mut reader: Reader<'_, '_>) -> Policy {
    reader.inherit_from_row();
    let mut policy = Policy::default();
    for ((key, unit, ..), value) in Policy::KEYS.iter().zip(policy.values_mut()) {
        let (units, range) = match unit {
            PolicyUnit::Days => (DAYS, Range::DAYS),
            PolicyUnit::Share => (NUMBER, Range::SHARE),
        };
        if let Some(stated) = reader.value_opt(key, units, range) {
            *value = stated;
        }
    }
    policy.cargo = reader.table_opt("cargo").map(|mut reader| {
        reader.inherit_from_row();
        let resplit = Resplit {
            target_d: reader.value("target", DAYS, Range::DAYS),
            least: reader.value("least", NUMBER, Range::SHARE),
            most: reader.value("most", NUMBER, MOST),
            propellant_most: reader.value("propellant_most", NUMBER, MOST),
            goods_least: reader.value("goods_least", NUMBER, Range::SHARE),
        };
        reader.finish();
        resplit
    });
    reader.finish();
    policy
}

/// Reads one `[[phase]]`.
pub(crate) fn phase(mut reader: Reader<'_, '_>) -> Phase {
    reader.inherit_from_row();
    reader.text_opt("id");
    reader.text_opt("name");
    let (mut minimum, mut nominal) = (0, 0);
    if let Some(crew) = reader.table("crew") {
        nominal = crew.count("nominal", 0, PEOPLE_MAX);
        minimum = crew.count("minimum", 0, PEOPLE_MAX);
        least_crew(&crew, minimum, nominal);
        crew.finish();
    }
    let id = reader.path.trim_start_matches("phase.").to_owned();
    let phase = Phase {
        id,
        from: reader.date("from").unwrap_or_else(placeholder_date),
        until: reader.date_opt("until"),
        minimum,
        nominal,
    };
    if let Some(until) = phase.until.filter(|until| *until < phase.from)
        && reader.has("from")
    {
        let span = reader.get("until").map_or(reader.span, |node| node.span);
        let message = format!("`{}` ends on {until}, before it begins", reader.path);
        reader.context.report(Code::DateDisordered, span, message, "", "write from <= until");
    }
    reader.finish();
    phase
}

/// The least crew is no more than the nominal one.
pub(crate) fn least_crew(reader: &Reader<'_, '_>, minimum: u32, nominal: u32) {
    // A refused value has a placeholder and is reported already.
    if minimum > nominal && reader.has("nominal") && reader.has("minimum") {
        let span = reader.get("minimum").map_or(reader.span, |node| node.span);
        let message = format!("the least crew is {minimum}, the nominal one {nominal}");
        let help = "write minimum <= nominal";
        reader.context.report(Code::RuleUnmeetable, span, message, "more than `nominal`", help);
    }
}

/// Puts phases in order and reports those that overlap.
pub(crate) fn in_order(
    context: &crate::context::Context<'_>,
    mut phases: Vec<Phase>,
) -> Vec<Phase> {
    phases.sort_by_key(|phase| phase.from);
    for pair in phases.windows(2) {
        let overlaps = pair[0].until.map_or(pair[0].from, |until| until) >= pair[1].from;
        if overlaps {
            let from = pair[1].from;
            let span = context.span_of(&format!("phase.{}.from", pair[1].id));
            let message = format!("two phases both cover {from}");
            let help = "let one end the day before the next begins";
            context.report(Code::DateDisordered, span, message, "", help);
        }
    }
    phases
}
