//! Whether the spares last: what was computed beside what was counted.

use super::sheet::{Sheet, cell, exported, shown, value};
use crate::export::Exports;
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, Lasting, Sufficiency, WithoutWorst};

/// Unit types shown; the exported table has all.
const TYPES_MAX: usize = 15;

pub(super) fn section(answer: &Assessment, exports: &mut Exports) -> Markup {
    let s = &answer.sufficiency;
    if s.types.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Do the spares last?" }
            p {
                "The spares aboard on " (answer.station.as_of) " are asked to cover every failure and due replacement of "
                (words::count(s.days)) " d without any flight. "
                @if let Some(last) = s.without_worst.last() {
                    "Those of all but the " (words::counted(s.without_worst.len(), "worst unit type")) " do with probability "
                    strong { (words::probability(last.exact)) }
                    ", and with " (words::probability(s.target)) " for " (days(last.days)) ". "
                }
                "All together do with " strong { (words::probability(s.station.exact)) }
                ", and with " (words::probability(s.target)) " for " (days(s.station.days))
                @if let Some(limit) = s.limiting() {
                    ": the limit is " code { (limit.id) } ", with "
                    @if limit.stock < 0.05 { "none" } @else { (words::two(limit.stock)) } " aboard"
                }
                "."
            }
            p class="how" {
                "Computed: exactly, in the same worlds, with their rates, stocks, ages and life limits. Counted: the share of "
                "histories in which the spares aboard would have been enough alone. The two ask the same and have to agree "
                "within three standard errors: "
                @if s.disagreements == 0 { "all rows do. " } @else { (s.disagreements) " of " (s.types.len()) " unit types do not. " }
                "With flights: every demand found a spare aboard."
            }
            (table(("spares-subsystems", "Do the spares last? By subsystem"), "subsystem", &s.subsystems, s).show(exports))
            details open {
                summary { "The worst unit types" }
                (table(("spares-types", "Do the spares last? By unit type"), "unit type", &s.types, s).show(exports))
            }
            details {
                summary { "The station without its worst unit types" }
                (without_worst(s).show(exports))
            }
        }
    }
}

fn without_worst(s: &Sufficiency) -> Sheet<'_> {
    let row = |row: &WithoutWorst| {
        vec![
            cell(&row.id, html! { code { (row.id) } }),
            cell(row.exact, words::probability(row.exact)),
            cell(row.days, days(row.days)),
        ]
    };
    Sheet {
        name: "spares-without-worst",
        title: "The station without its worst unit types: each row leaves out one more",
        class: None,
        columns: vec![
            shown("id", "left out, one more in each row", ""),
            shown("computed", "computed", "number"),
            shown(
                "days_at_target_d",
                html! { "days at " (words::probability(s.target)) },
                "number",
            ),
        ],
        rows: s.without_worst.iter().map(row).collect(),
        most: usize::MAX,
    }
}

fn table<'a>(
    (name, title): (&'a str, &'a str),
    what: &str,
    rows: &[Lasting],
    s: &Sufficiency,
) -> Sheet<'a> {
    let row = |row: &Lasting| {
        let of = html! {
            @if row.name == row.id { code { (row.id) } } @else { (words::sentence(&row.name)) " " code { (row.id) } }
            @if let Some(why) = &row.differs { span class="quiet" { " Differs: " (why) "." } }
        };
        let counted = html! {
            (words::probability(row.simulated)) " " span class="quiet" { "\u{b1} " (words::one(row.standard_error)) }
        };
        let times = format!(
            "{}, {}",
            words::probability(row.exact_rates_times),
            days(row.days_rates_times)
        );
        vec![
            cell(&row.id, of),
            cell(row.stock, words::two(row.stock)),
            cell(row.exact, words::probability(row.exact)),
            cell(row.simulated, counted),
            cell(row.with_flights, words::probability(row.with_flights)),
            cell(row.days, days(row.days)),
            cell(row.exact_rates_times, times),
            value(row.days_rates_times),
            value(row.with_flights_to_claim),
            value(row.standard_error),
            value(row.agrees),
            value(&row.name),
            value(row.differs.as_deref()),
        ]
    };
    let times = words::two(s.rates_times);
    Sheet {
        name,
        title,
        class: None,
        columns: vec![
            shown("id", what, ""),
            shown("spares", "spares", "number"),
            shown("computed", "computed", "number"),
            shown("counted", "counted", "number"),
            shown("with_flights", "with flights", "number"),
            shown(
                "days_at_target_d",
                html! { "days at " (words::probability(s.target)) },
                "number",
            ),
            shown("computed_rates_times", html! { "rates \u{d7} " (times) }, "number"),
            exported("days_at_target_rates_times_d"),
            exported("with_flights_to_claim"),
            exported("counted_standard_error"),
            exported("agrees"),
            exported("name"),
            exported("differs"),
        ],
        rows: rows.iter().map(row).collect(),
        most: TYPES_MAX,
    }
}

fn days(days: Option<f64>) -> String {
    days.map_or_else(|| "over 3 years".to_owned(), |d| format!("{} d", words::count(d.floor())))
}
