//! Why to trust the answer, how far, and how to get it again.

use super::sheet::{Cell, Sheet, cell, exported, shown, value};
use super::strip::{self, Chart, Row, dot, mark, range, strip};
use crate::export::{Exports, Table, Value};
use crate::picture::Axis;
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{
    Assessment, BreakEvenValue, Caveat, InformationValue, RecordRow, SourceUse, StationBreakEven,
};
use zarya::units::math;

pub(super) fn sections(answer: &Assessment, command: &str, exports: &mut Exports) -> Markup {
    html! {
        (record(answer, exports))
        (worth_knowing(answer, exports))
        (break_evens(answer, exports))
        (ruptures(answer))
        (caveats(answer, exports))
        (provenance(answer, exports))
        (repeat(answer, command, exports))
    }
}

fn record(answer: &Assessment, exports: &mut Exports) -> Markup {
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
            (record_chart("record", "Reality check: observed beside predicted", &answer.record).show(exports))
            @if !answer.weighting.is_empty() {
                details {
                    summary { (words::counted(answer.weighting.len(), "row")) " that the worlds were weighted with: no validation" }
                    (record_chart("weighting", "What the worlds were weighted with", &answer.weighting).show(exports))
                }
            }
        }
    }
}

fn record_chart<'a>(name: &'a str, title: &'a str, rows: &[RecordRow]) -> Chart<'a> {
    const COLUMNS: [&str; 14] = [
        "what",
        "from",
        "through",
        "observed",
        "low",
        "mean",
        "high",
        "prior_mean",
        "inside",
        "validates",
        "in_view",
        "tail",
        "method",
        "source",
    ];
    let rows = rows.iter().map(record_row).collect();
    Chart { name, title, columns: &COLUMNS, rows, axis: None, about: "" }
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
        lines: vec![vec![
            (&row.what).into(),
            row.from.into(),
            row.through.into(),
            row.observed.into(),
            row.low.into(),
            row.mean.into(),
            row.high.into(),
            row.prior_mean.into(),
            row.inside.into(),
            row.validates.into(),
            row.in_view.as_deref().into(),
            row.tail.into(),
            (&row.method).into(),
            (&row.source).into(),
        ]],
    }
}

fn break_evens(answer: &Assessment, exports: &mut Exports) -> Markup {
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
            @if let Some(bound) = &b.bound { " " span class="quiet" { "To compare: " (bound) } }
        },
        strip: svg(b),
        value: html! {
            @if let Some(factor) = b.factor {
                "crosses at " strong { "\u{d7} " (words::two(factor)) }
                @if let Some(error) = b.factor_error { span class="quiet" { " \u{b1} " (words::one(error)) } }
                @if b.outside_own { " " span class="quiet" { "outside the value's own band" } }
            } @else {
                "never crosses" @if b.nearly { ", but moves it to within its error" }
            }
            br;
            span class="quiet" {
                (words::probability(b.at_low)) " at \u{d7} " (words::two(b.low)) ", "
                (words::probability(b.at_high)) " at \u{d7} " (words::two(b.high))
                @if let (Some(low), Some(high), Some(at_low), Some(at_high)) = (b.own_low, b.own_high, b.at_own_low, b.at_own_high) {
                    "; over its own band, \u{d7} " (words::two(low)) " to " (words::two(high)) ": "
                    (words::probability(at_low)) " to " (words::probability(at_high))
                }
                @if let Some(own) = &b.station {
                    br; "own causes: "
                    @if let Some(factor) = own.factor {
                        "\u{d7} " (words::two(factor))
                        @if let Some(error) = own.factor_error { " \u{b1} " (words::one(error)) }
                    } @else {
                        "never, " (words::probability(own.at_low)) " to " (words::probability(own.at_high))
                    }
                }
            }
        },
        weak: b.factor.is_none(),
        lines: vec![break_even_line(b)],
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
        lines: Vec::new(),
    });
    let chart = Chart {
        name: "break-even",
        title: "Break-even values",
        columns: &BREAK_EVEN_COLUMNS,
        rows,
        axis: None,
        about: "",
    };
    html! {
        section {
            h2 { "Break-even values" }
            p class="how" {
                "The factor on one input at which the headline equals the threshold "
                (words::probability(answer.claim.threshold)) ". Bar: the range tried. Line: the files' own value."
            }
            (chart.show(exports))
        }
    }
}

/// What nobody has a rate of: no chart, for there is no value of the files to compare with.
fn ruptures(answer: &Assessment) -> Markup {
    if answer.ruptures.is_empty() {
        return html! {};
    }
    let rate = |per_y: f64| format!("{} a year", words::two(per_y));
    html! {
        section {
            h2 { "Not in the answer: no rate on record" }
            @for r in &answer.ruptures {
                p {
                    (r.name) " ruptures: " strong { (words::probability(r.upper)) } " without, "
                    strong { (words::probability(r.lower)) } " at " (rate(r.tried_per_y))
                    ", the highest rate tried."
                    @if let Some(per_y) = r.at_drop_per_y { " The headline falls by 0.05 at " (rate(per_y)) "." }
                    @if let Some(per_y) = r.at_threshold_per_y {
                        " It crosses " (words::probability(answer.claim.threshold)) " at " (rate(per_y)) "."
                    }
                }
            }
        }
    }
}

const BREAK_EVEN_COLUMNS: [&str; 23] = [
    "id",
    "what",
    "scale",
    "factor",
    "factor_error",
    "low",
    "high",
    "probability_at_low",
    "probability_at_high",
    "own_low",
    "own_high",
    "probability_at_own_low",
    "probability_at_own_high",
    "outside_own",
    "nearly",
    "standard_error",
    "bound",
    "histories",
    "station_factor",
    "station_factor_error",
    "station_at_low",
    "station_at_high",
    "station_standard_error",
];

fn break_even_line(b: &BreakEvenValue) -> Vec<Value> {
    let own = |read: fn(&StationBreakEven) -> Option<f64>| b.station.as_ref().and_then(read).into();
    vec![
        (&b.id).into(),
        (&b.what).into(),
        b.scale.to_string().into(),
        b.factor.into(),
        b.factor_error.into(),
        b.low.into(),
        b.high.into(),
        b.at_low.into(),
        b.at_high.into(),
        b.own_low.into(),
        b.own_high.into(),
        b.at_own_low.into(),
        b.at_own_high.into(),
        b.outside_own.into(),
        b.nearly.into(),
        b.standard_error.into(),
        b.bound.as_deref().into(),
        b.histories.into(),
        own(|s| s.factor),
        own(|s| s.factor_error),
        own(|s| Some(s.at_low)),
        own(|s| Some(s.at_high)),
        own(|s| Some(s.standard_error)),
    ]
}

/// What it would be worth to know an input: those that would settle a line at least once in a hundred times.
fn worth_knowing(answer: &Assessment, exports: &mut Exports) -> Markup {
    let asked = |v: &&InformationValue| v.input != "everything";
    if !answer.value_of_information.iter().any(|v| asked(&v)) {
        return html! {};
    }
    let settles = |v: &&InformationValue| asked(v) && v.chance_it_settles >= 0.01;
    let line = |v: &InformationValue| match v.line.as_str() {
        "station" => "own causes",
        _ => "all risks",
    };
    let percent = |share: f64| words::percent(share);
    let rows = answer.value_of_information.iter().filter(settles);
    let rows: Vec<Vec<Cell>> = rows
        .map(|v| {
            vec![
                cell(&v.input, &v.input),
                cell(&v.line, line(v)),
                cell(v.chance_it_settles, percent(v.chance_it_settles)),
                cell(v.to_supported, percent(v.to_supported)),
                cell(&v.who_has_it, &v.who_has_it),
                value(v.value),
                value(v.standard_error),
            ]
        })
        .collect();
    let none = rows.is_empty();
    let sheet = Sheet {
        name: "worth-knowing",
        title: "What would settle it: inputs worth asking for",
        class: None,
        columns: vec![
            shown("input", "input", ""),
            shown("line", "line", ""),
            shown("chance_it_settles", "settles it", "number"),
            shown("to_supported", "to supported", "number"),
            shown("who_has_it", "who has the number", ""),
            exported("value"),
            exported("standard_error"),
        ],
        rows,
        most: 12,
    };
    html! {
        section {
            h2 { "What would settle it" }
            p class="how" {
                "How often knowing one input for certain would turn \u{201c}undetermined\u{201d} into a verdict, and how often into "
                "\u{201c}supported\u{201d}. All other inputs settle a line less than once in a hundred times: not worth asking for alone."
            }
            @if none { p { "No input does so once in a hundred times." } } @else { (sheet.show(exports)) }
        }
    }
}

fn caveats(answer: &Assessment, exports: &mut Exports) -> Markup {
    html! {
        @if !answer.caveats.is_empty() {
            section {
                h2 { "Caveats, heaviest first" }
                ol class="caveats" data-table=(caveat_table(answer, exports)) {
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
                    p class="quiet" { "And " (answer.caveats.len() - 30) " lighter ones in the JSON answer and the export." }
                }
            }
        }
    }
}

fn caveat_table(answer: &Assessment, exports: &mut Exports) -> String {
    let row = |c: &Caveat| {
        vec![
            (&c.text).into(),
            (&c.basis).into(),
            c.weight.into(),
            c.values.into(),
            c.paths.join("; ").into(),
            c.why.join("; ").into(),
            c.touches.join("; ").into(),
        ]
    };
    exports.table(Table {
        name: "caveats".to_owned(),
        title: "Caveats, heaviest first".to_owned(),
        columns: ["text", "basis", "weight", "values", "paths", "why", "touches"]
            .map(str::to_owned)
            .to_vec(),
        rows: answer.caveats.iter().map(row).collect(),
    })
}

fn provenance(answer: &Assessment, exports: &mut Exports) -> Markup {
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
            lines: vec![vec![name.into(), what.into(), n.into(), share.into()]],
        }
    });
    let chart = Chart {
        name: "provenance",
        title: "Where the values come from",
        columns: &["basis", "what", "values", "share"],
        rows: rows.collect(),
        axis: Some(&axis),
        about: "share of values",
    };
    let row = |source: &SourceUse| {
        vec![
            cell(&source.key, html! { code { (source.key) } }),
            cell(&source.title, &source.title),
            cell(source.known_from, source.known_from.to_string()),
            cell(source.values, source.values),
        ]
    };
    let sources = Sheet {
        name: "sources",
        title: "Sources that values rest on",
        class: None,
        columns: vec![
            shown("key", "source", ""),
            shown("title", "title", ""),
            shown("known_from", "known from", "date"),
            shown("values", "values", "number"),
        ],
        rows: p.sources.iter().map(row).collect(),
        most: usize::MAX,
    };
    html! {
        section {
            h2 { "Where the values come from" }
            p class="how" { "The " (words::count(total.into())) " values of the station files by their basis." }
            (chart.show(exports))
            @if !p.sources.is_empty() {
                details {
                    summary { (words::counted(p.sources.len(), "source")) }
                    (sources.show(exports))
                }
            }
        }
    }
}

fn repeat(answer: &Assessment, command: &str, exports: &mut Exports) -> Markup {
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
            dl data-table=(run_table(answer, command, exports)) {
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

/// How the answer is got again, as a table of keys and values.
fn run_table(answer: &Assessment, command: &str, exports: &mut Exports) -> String {
    let run = &answer.run;
    let rows: Vec<(&str, Value)> = vec![
        ("command", command.into()),
        ("station", (&answer.station.id).into()),
        ("as_of", answer.station.as_of.into()),
        ("through", answer.claim.through.into()),
        ("threshold", answer.claim.threshold.into()),
        ("verdict", answer.verdict.words().into()),
        ("complete", run.complete.into()),
        ("version", (&run.version).into()),
        ("seed", run.seed.to_string().into()),
        ("histories", run.histories.into()),
        ("worlds", run.worlds.into()),
        ("effective_worlds", answer.effective_worlds.into()),
        ("condition_histories", run.condition_histories.into()),
        ("break_even_histories", run.break_even_histories.into()),
        ("without", run.without.join("; ").into()),
        ("only_systems", run.only_systems.into()),
        ("overlays", answer.inputs.overlays.join("; ").into()),
        ("inputs_sha256", (&answer.inputs.digest).into()),
        ("ensemble_sha256", (&answer.ensemble_digest).into()),
        ("answer_sha256", (&answer.digest).into()),
        ("research_mean_h", answer.research_hours.mean.into()),
        ("research_p05_h", answer.research_hours.p05.into()),
        ("research_p95_h", answer.research_hours.p95.into()),
        ("contingency_deorbit_mean_share", answer.contingency_deorbit.mean.into()),
        ("contingency_deorbit_p05_share", answer.contingency_deorbit.p05.into()),
    ];
    exports.table(Table {
        name: "run".to_owned(),
        title: "How to repeat it".to_owned(),
        columns: ["field", "value"].map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(|(field, value)| vec![field.into(), value]).collect(),
    })
}
