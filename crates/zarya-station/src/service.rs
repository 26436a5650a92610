//! Reads `service.toml` and the data of `record.toml`, and sees to it that each datum has one use.

use crate::context::{Context, Kind};
use crate::diagnostic::Code;
use crate::model::{Asks, Datum, Detection, Observed, Station, UnitService};
use crate::provenance::NUMBER;
use crate::reader::{Range, Reader};
use crate::systems::{DAYS, placeholder_date};
use crate::tree::Span;
use zarya_units::Date;

/// Most failures of a row.
const FAILURES_MAX: u32 = 100_000;

/// Reads one `[[detection]]`.
pub(crate) fn detection(mut reader: Reader<'_, '_>) -> Detection {
    reader.inherit_from_row();
    let detection = Detection {
        id: reader.id(Kind::Detection),
        name: reader.text("name"),
        share: reader.value("share", NUMBER, Range::new(1e-3, 1.0)),
        only_found: reader.yes_or("only_found", false),
    };
    reader.finish();
    detection
}

/// Reads one `[[unit_service]]`.
pub(crate) fn unit_service(mut reader: Reader<'_, '_>) -> UnitService {
    reader.inherit_from_row();
    let failures = reader.count("failures", 0, FAILURES_MAX);
    let copies = reader.count_or("copies", 0, FAILURES_MAX, failures);
    if copies < failures && reader.has("failures") {
        let span = reader.get("copies").map_or(reader.span, |node| node.span);
        let message = format!("`{}` has {failures} failures of {copies} copies", reader.path);
        let help =
            "`failures` counts events, `copies` the copies that they took: at least one each";
        reader.context.report(Code::OutOfRange, span, message, "", help);
    }
    let (from, through) = span_of_days(&reader);
    let row = UnitService {
        id: reader.id(Kind::UnitService),
        oru: reader.reference("oru", Kind::Oru),
        from,
        through,
        exposure_d: reader.value("unit_years", DAYS, Range::LIFE),
        failures,
        copies,
        lives_d: reader.quantities("lives", DAYS, Range::LIFE).unwrap_or_default(),
        detection: reader.reference("detection", Kind::Detection),
    };
    reader.finish();
    row
}

/// Reads one `[[datum]]`.
pub(crate) fn datum(mut reader: Reader<'_, '_>) -> Datum {
    reader.inherit_from_row();
    let counts = reader.get("counts").and_then(|_| {
        let (what, span) = reader.word("counts", Observed::WORDS, Observed::parse)?;
        if let Asks::Failures(oru) = what.asks() {
            reader.context.refer(Kind::Oru, oru, span);
        }
        Some(what)
    });
    reader.choice("use", &[("prior", ())]);
    let (from, through) = span_of_days(&reader);
    let datum = Datum {
        id: reader.id(Kind::Datum),
        name: reader.text("name"),
        counts,
        from,
        through,
        source: reader.row_source(),
    };
    reader.finish();
    datum
}

fn span_of_days(reader: &Reader<'_, '_>) -> (Option<Date>, Date) {
    let (from, through) = (reader.date_opt("from"), reader.date("through"));
    if let (Some(through), Some(node)) = (through, reader.get("through")) {
        if from.is_some_and(|from| through < from) {
            let message = format!("`{}` ends before it begins", reader.path);
            let help = "write from <= through";
            reader.context.report(Code::DateDisordered, node.span, message, "", help);
        }
        let known_by = reader.context.known_by(node.defaults);
        if through > known_by {
            let message = format!("`{}` was counted after the as-of date {known_by}", reader.path);
            let help = "nothing known later than the as-of date may be used";
            reader.context.report(Code::DateDisordered, node.span, message, "", help);
        }
    }
    (from, through.unwrap_or_else(placeholder_date))
}

/// Refuses counts that cannot be read, and a second use of any datum.
pub(crate) fn check(context: &Context<'_>, station: &Station) {
    for row in &station.unit_service {
        check_row(context, station, row);
    }
    check_uses(context, station);
}

fn check_row(context: &Context<'_>, station: &Station, row: &UnitService) {
    let path = format!("unit_service.{}", row.id);
    let at = |key: &str| context.span_of(&format!("{path}.{key}"));
    let only_found =
        station.detections.iter().any(|class| class.id == row.detection && class.only_found);
    if only_found && row.failures == 0 && context.is_recorded(&format!("{path}.failures")) {
        let message = format!("`{path}` has no failure, and its class holds only what was found");
        let help = "leave the row out: of this class nothing found says nothing";
        context.report(Code::OutOfRange, at("failures"), message, "", help);
    }
    let Some(oru) = station.orus.iter().find(|oru| oru.id == row.oru) else { return };
    if oru.shape != 1.0 && row.lives_d.is_empty() {
        let message = format!("`{}` wears out, and `{path}` has no ages of its copies", row.oru);
        let help = "add `lives = [\"3.1 y\", …]`: the age that each copy reached";
        context.report(Code::KeyMissing, at("oru"), message, "", help);
    }
    let lived: f64 = row.lives_d.iter().sum();
    let exposure = row.exposure_d.value;
    if !row.lives_d.is_empty() && (lived - exposure).abs() > 0.02 * exposure {
        let message = format!("the lives of `{path}` sum to {lived:.1} d, not to its unit-years");
        let help = "state the age that each copy reached, removed ones and those that still work";
        context.report(Code::OutOfRange, at("lives"), message, "", help);
    }
    let mtbf = format!("oru.{}.mtbf", oru.id);
    let counted = match () {
        () if oru.in_service.is_some() => "it has counts of its own (`in_service`)",
        () if oru.from_experience => "its mean time comes from service (`from_experience`)",
        () if context.rests().iter().any(|rest| rest.path == mtbf) => {
            "its mean time rests on a datum (`rests_on`)"
        }
        () => return,
    };
    let message = format!("`{path}` updates `{}`, whose prior has seen service: {counted}", oru.id);
    let help = "an update needs a mean time from before the counts; else leave the row out";
    context.report(Code::DatumReused, at("oru"), message, "a second use", help);
}

/// A use of something counted over a span of days.
struct Use<'s> {
    counts: &'s Observed,
    days: (Option<Date>, Date),
    /// As a sentence's subject.
    named: String,
    word: &'static str,
    span: Span,
}

fn check_uses(context: &Context<'_>, station: &Station) {
    // A value may rest on data, not on what updates it or others later.
    for rest in context.rests() {
        if station.unit_service.iter().any(|row| row.id == rest.datum) {
            let message = format!("`{}` rests on `{}`, which is an update", rest.path, rest.datum);
            let help = "name a [[datum]], or take the [[unit_service]] row out";
            context.report(Code::DatumReused, rest.span, message, "a second use", help);
        }
    }
    let of_units: Vec<Observed> =
        station.unit_service.iter().map(|row| Observed::Failures(row.oru.clone())).collect();
    let mut uses = Vec::new();
    for datum in &station.data {
        if let Some(counts) = &datum.counts {
            let named = format!("datum.{}", datum.id);
            let span = context.span_of(&format!("{named}.id"));
            uses.push(Use {
                counts,
                days: (datum.from, datum.through),
                named,
                word: "prior",
                span,
            });
        }
    }
    for (row, counts) in station.unit_service.iter().zip(&of_units) {
        let named = format!("unit_service.{}", row.id);
        let span = context.span_of(&format!("{named}.id"));
        uses.push(Use { counts, days: (row.from, row.through), named, word: "update", span });
    }
    for (at, seen) in station.observations.iter().enumerate() {
        let named = format!("observation.{at}");
        let span = context.span_of(&format!("{named}.what"));
        let word = if seen.weight { "weight" } else { "score" };
        let days = (Some(seen.from), seen.through);
        uses.push(Use { counts: &seen.what, days, named, word, span });
    }
    for (at, second) in uses.iter().enumerate() {
        let before = |first: &&Use<'_>| {
            first.counts == second.counts
                // What has updated a type no longer weighs worlds, whatever the years: they have its mean already.
                && (overlap(first.days, second.days) || (first.word, second.word) == ("update", "weight"))
                && (first.word != second.word || first.word == "update")
        };
        let Some(first) = uses[..at].iter().find(before) else { continue };
        let message = format!(
            "`{}` uses `{}` as {}, and `{}` has used it as {}",
            second.named, second.counts, second.word, first.named, first.word
        );
        let help = "one datum, one use: take one of the two out, or part their days";
        let related = Some((first.span, "the first use is"));
        context.report_related(
            Code::DatumReused,
            second.span,
            message,
            "a second use",
            help,
            related,
        );
    }
}

fn overlap(a: (Option<Date>, Date), b: (Option<Date>, Date)) -> bool {
    let begins_by = |from: Option<Date>, day: Date| from.is_none_or(|from| from <= day);
    begins_by(a.0, b.1) && begins_by(b.0, a.1)
}
