//! Why to trust the answer, how far, and how to get it again.

use super::strip::{self, Row, chart, dot, mark, range, strip};
use crate::picture::Axis;
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, BreakEvenValue, RecordRow};
use zarya::units::math;

pub(super) fn sections(answer: &Assessment, command: &str) -> Markup {
    html! {
        (record(answer))
        (break_evens(answer))
        (caveats(answer))
        (provenance(answer))
        (repeat(answer, command))
    }
}

fn record(answer: &Assessment) -> Markup {
    if answer.record.is_empty() && answer.weighting.is_empty() {
        return html! {};
    }
    let outside = answer.record.iter().filter(|row| !row.inside).count();
    let blind: Vec<&RecordRow> = answer.record.iter().filter(|row| row.validates).collect();
    let inside = blind.iter().filter(|row| row.inside).count();
    html! {
        section {
            h2 { "Reality check" }
            p {
                "The same engine over the recorded years: "
                strong { (inside) " of " (blind.len()) }
                " observed values that can validate it lie inside the predicted 5 to 95 %. With rows that were in view while "
                "the engine was built, or that the replayed manifest prescribes, it is "
                (answer.record.len() - outside) " of " (answer.record.len()) "; those are marked and validate nothing."
            }
            p class="how" {
                "Bar: predicted 5 to 95 %. Tick: predicted mean. Dot: what happened. Each row has its own scale, from 0."
            }
            (chart(answer.record.iter().map(record_row).collect(), None, ""))
            @if !answer.weighting.is_empty() {
                details {
                    summary { (words::counted(answer.weighting.len(), "row")) " that the worlds were weighted with: no validation" }
                    (chart(answer.weighting.iter().map(record_row).collect(), None, ""))
                }
            }
        }
    }
}

fn record_row(row: &RecordRow) -> Row {
    let top = row.high.max(row.observed).max(row.mean);
    let axis =
        Axis { low: 0.0, high: if 0.0 < top { 1.08 * top } else { 1.0 }, step: f64::INFINITY };
    let class = if row.inside { "inside" } else { "outside" };
    Row {
        label: html! {
            (words::sentence(&words::plain(&row.what).replace("failures:", "failures: ")))
            " " span class="quiet" { span class="nowrap" { (row.from) " to " (row.through) } @if row.method.starts_with("scaled") { ", scaled" } }
            @if let Some(why) = &row.in_view { " " span class="quiet" { "No validation: " (why) "." } }
            @else if !row.validates && row.method.starts_with("fixed") { " " span class="quiet" { "No validation: " (row.method) "." } }
        },
        strip: html! {
            svg class="strip" width="100%" height="22" aria-hidden="true" {
                line class="grid" x1="0" x2="0" y1="0" y2="22" {}
                (range(&axis, row.low, row.high, "predicted"))
                (mark(&axis, row.mean, "mean"))
                (dot(&axis, row.observed, class))
            }
        },
        value: html! {
            strong { (words::observed(row.observed)) }
            " " span class="quiet" { "predicted " (words::quantile(row.low)) " to " (words::quantile(row.high)) }
            @if !row.inside { br; strong class="outside" { "outside" } span class="quiet" { ", tail " (words::probability(row.tail)) } }
        },
        weak: false,
    }
}

fn break_evens(answer: &Assessment) -> Markup {
    if answer.break_even.is_empty() {
        return html! {};
    }
    let log = |x: f64| math::log10(x.max(1e-6));
    let ends = answer.break_even.iter().flat_map(|b| [log(b.low), log(b.high)]);
    let (low, high) = ends.chain([0.0]).fold((0.0_f64, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    let axis = Axis { low, high: high.max(low + 0.1), step: f64::INFINITY };
    let ticks: Vec<(f64, String)> = [-3, -2, -1, 0, 1, 2, 3]
        .into_iter()
        .flat_map(|power| [1.0, 2.0, 5.0].map(|x| x * math::pow(10.0, f64::from(power))))
        .filter(|x| (axis.low - 1e-9..=axis.high + 1e-9).contains(&log(*x)))
        .map(|x| (log(x), words::one(x)))
        .collect();
    let svg = |b: &BreakEvenValue| {
        html! {
            svg class="strip" width="100%" height="22" aria-hidden="true" {
                @for (x, _) in &ticks { line class="grid" x1=(strip::at(&axis, *x)) x2=(strip::at(&axis, *x)) y1="0" y2="22" {} }
                (mark(&axis, 0.0, "zero"))
                (range(&axis, log(b.low), log(b.high), "plain"))
                @if let Some(factor) = b.factor { (dot(&axis, log(factor), "crossing")) }
            }
        }
    };
    let rows = answer.break_even.iter().map(|b| Row {
        label: html! {
            (words::sentence(&b.what)) " " code { (b.scale.to_string()) }
            @if let Some(bound) = &b.bound { " " span class="quiet" { "Published: " (bound) } }
        },
        strip: svg(b),
        value: html! {
            @if let Some(factor) = b.factor {
                "crosses at " strong { "\u{d7} " (words::two(factor)) }
                @if let Some(error) = b.factor_error { span class="quiet" { " \u{b1} " (words::one(error)) } }
                @if b.outside_own { " " span class="quiet" { "outside the value's own band" } }
            } @else {
                "never crosses" @if b.nearly { ", but comes within its error" }
            }
            br;
            span class="quiet" {
                (words::probability(b.at_low)) " at \u{d7} " (words::two(b.low)) ", "
                (words::probability(b.at_high)) " at \u{d7} " (words::two(b.high))
                @if let (Some(low), Some(high), Some(at_low), Some(at_high)) = (b.own_low, b.own_high, b.at_own_low, b.at_own_high) {
                    "; over its own band, \u{d7} " (words::two(low)) " to " (words::two(high)) ": "
                    (words::probability(at_low)) " to " (words::probability(at_high))
                }
            }
        },
        weak: b.factor.is_none(),
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.push(Row {
        label: html! {},
        strip: html! {
            svg class="strip" width="100%" height="18" aria-hidden="true" {
                @for (x, label) in &ticks { text class="tick" x=(strip::at(&axis, *x)) y="13" text-anchor="middle" { (label) } }
            }
            div class="axis-title" aria-hidden="true" { "factor on the input (1: as in the files)" }
        },
        value: html! {},
        weak: false,
    });
    html! {
        section {
            h2 { "Break-even values" }
            p class="how" {
                "The factor on one input at which the headline equals the threshold "
                (words::probability(answer.claim.threshold)) ". Bar: the range tried. Line: the files' own value."
            }
            (chart(rows, None, ""))
        }
    }
}

fn caveats(answer: &Assessment) -> Markup {
    html! {
        @if !answer.caveats.is_empty() {
            section {
                h2 { "Caveats, heaviest first" }
                ol class="caveats" {
                    @for caveat in answer.caveats.iter().take(30) {
                        li {
                            (caveat.text)
                            " " span class="quiet" {
                                (caveat.basis)
                                @if 1 < caveat.values { ", " (caveat.values) " values" }
                                @if !caveat.touches.is_empty() { "; touches " (caveat.touches.join(", ")) }
                            }
                            @if !caveat.paths.is_empty() {
                                details {
                                    summary { "values" }
                                    p {
                                        @for path in &caveat.paths { code { (path) } " " }
                                        @if (caveat.paths.len() as u32) < caveat.values { span class="quiet" { "and more" } }
                                    }
                                    @for why in &caveat.why { p class="quiet" { (why) } }
                                }
                            }
                        }
                    }
                }
                @if 30 < answer.caveats.len() {
                    p class="quiet" { "And " (answer.caveats.len() - 30) " lighter ones in the JSON answer." }
                }
            }
        }
    }
}

fn provenance(answer: &Assessment) -> Markup {
    let p = &answer.provenance;
    let bases = [
        ("published", "printed by a source", p.published),
        ("derived", "computed from published values", p.derived),
        ("claimed", "stated by an interested party or one press source", p.claimed),
        ("disputed", "sources disagree", p.disputed),
        ("assumed", "ours, with a reason", p.assumed),
    ];
    let total: u32 = bases.iter().map(|(_, _, n)| n).sum();
    let axis = Axis { low: 0.0, high: 1.0, step: 0.2 };
    let rows = bases.into_iter().map(|(name, what, n)| {
        let share = f64::from(n) / f64::from(total.max(1));
        Row {
            label: html! { (words::sentence(name)) " " span class="quiet" { (what) } },
            strip: strip(&axis, &strip::bar(&axis, 0.0, share, name)),
            value: html! { strong { (words::count(n.into())) } " " span class="quiet" { (words::percent(share)) } },
            weak: false,
        }
    });
    html! {
        section {
            h2 { "Where the values come from" }
            p class="how" { "The " (words::count(total.into())) " values of the station files by their basis." }
            (chart(rows.collect(), Some(&axis), "share of values"))
            @if !p.sources.is_empty() {
                details {
                    summary { (words::counted(p.sources.len(), "source")) }
                    div class="scroll" { table {
                        thead { tr { th { "source" } th { "title" } th { "known from" } th class="number" { "values" } } }
                        tbody {
                            @for source in &p.sources {
                                tr { td { code { (source.key) } } td { (source.title) } td class="date" { (source.known_from) } td class="number" { (source.values) } }
                            }
                        }
                    } }
                }
            }
        }
    }
}

fn repeat(answer: &Assessment, command: &str) -> Markup {
    let run = &answer.run;
    let overlays = if answer.inputs.overlays.is_empty() {
        "none".to_owned()
    } else {
        answer.inputs.overlays.join(", ")
    };
    let count = |n: u32| words::count(n.into());
    html! {
        section {
            h2 { "How to repeat it" }
            pre { code { (command) } }
            dl {
                dt { "zarya" } dd { (run.version) }
                dt { "seed" } dd { (run.seed) }
                dt { "histories" } dd { (count(run.histories)) " in " (count(run.worlds)) " worlds; conditions " (count(run.condition_histories)) ", break-evens " (count(run.break_even_histories)) " each" }
                dt { "overlays" } dd { (overlays) }
                dt { "inputs" } dd { code { (answer.inputs.digest) } }
                dt { "ensemble" } dd { code { (answer.ensemble_digest) } }
                dt { "answer" } dd { code { (answer.digest) } }
                dt { "took" } dd { (words::two(run.seconds)) " s on " (run.threads) @if run.threads == 1 { " thread" } @else { " threads" } }
            }
            p class="quiet" {
                "The same release, inputs, seed and number of histories give the same digests on any number of threads and shards."
            }
            h2 { "Notices" }
            p class="quiet" {
                "Solar activity: monthly forecasts of NASA Marshall Space Flight Center as issued (work of the US Government, not "
                "subject to copyright in the United States). Before the as-of date the observed Sun, "
                (zarya::notices::sun()) "; creativecommons.org/licenses/by/4.0. "
                "Air density: NRLMSISE-00 (Picone, Hedin, Drob and Aikin, 2002). "
                "Every value of the station files carries its own source above. Zarya is free software under MIT or Apache-2.0; it is not "
                "affiliated with any space agency, and this report is not a safety certificate."
            }
        }
    }
}
