//! Whether the spares last: what was computed beside what was counted.

use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, Lasting, Sufficiency};

/// Unit types shown; the JSON answer has all.
const TYPES_MAX: usize = 15;

pub(super) fn section(answer: &Assessment) -> Markup {
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
            (table("subsystem", &s.subsystems, s))
            details open {
                summary { "The worst unit types" }
                (table("unit type", &s.types[..TYPES_MAX.min(s.types.len())], s))
            }
            details {
                summary { "The station without its worst unit types" }
                div class="scroll" { table {
                    thead { tr {
                        th { "left out, one more in each row" } th class="number" { "computed" }
                        th class="number" { "days at " (words::probability(s.target)) }
                    } }
                    tbody {
                        @for row in &s.without_worst {
                            tr { td { code { (row.id) } } td class="number" { (words::probability(row.exact)) } td class="number" { (days(row.days)) } }
                        }
                    }
                } }
            }
        }
    }
}

fn table(what: &str, rows: &[Lasting], s: &Sufficiency) -> Markup {
    let times = words::two(s.rates_times);
    html! {
        div class="scroll" { table {
            thead { tr {
                th { (what) } th class="number" { "spares" } th class="number" { "computed" } th class="number" { "counted" }
                th class="number" { "with flights" } th class="number" { "days at " (words::probability(s.target)) }
                th class="number" { "rates \u{d7} " (times) }
            } }
            tbody {
                @for row in rows {
                    tr {
                        td {
                            @if row.name == row.id { code { (row.id) } } @else { (words::sentence(&row.name)) " " code { (row.id) } }
                            @if let Some(why) = &row.differs { span class="quiet" { " Differs: " (why) "." } }
                        }
                        td class="number" { (words::two(row.stock)) }
                        td class="number" { (words::probability(row.exact)) }
                        td class="number" {
                            (words::probability(row.simulated)) " " span class="quiet" { "\u{b1} " (words::one(row.standard_error)) }
                        }
                        td class="number" { (words::probability(row.with_flights)) }
                        td class="number" { (days(row.days)) }
                        td class="number" { (words::probability(row.exact_rates_times)) ", " (days(row.days_rates_times)) }
                    }
                }
            }
        } }
    }
}

fn days(days: Option<f64>) -> String {
    days.map_or_else(|| "over 3 years".to_owned(), |d| format!("{} d", words::count(d.floor())))
}
