//! The report: an assessment as one HTML page that needs nothing else.
//!
//! The first line is the verdict; then what carries it, condition by condition; then the futures,
//! the reality check, what was assumed, and how to repeat it. All drawings are inline SVG, there is
//! no script and no network; colors follow the reader's light or dark setting, rows fit a phone,
//! and the page prints.

mod alone;
mod futures;
mod lines;
mod sheet;
mod spares;
mod strip;
mod trust;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use crate::command::Again;
use crate::export::{Exports, Value};
use crate::picture::Axis;
use crate::{markup, words};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sheet::{Sheet, cell, shown};
use strip::{Chart, Row, bar, dot, mark, range, strip, whisker};
use zarya::assessment::{Assessment, Band, ConditionValue, Difference, Estimate, Verdict};

/// Returns the report of an assessment as one HTML page.
///
/// `again` is what gives the same answer again; `warning` is what to know before it is read, such as that
/// nothing protects it against an edit.
pub fn html(answer: &Assessment, again: &Again, warning: Option<&str>) -> String {
    told(answer, again, warning).0
}

/// Returns every table and every drawing of the report, with values as they are.
pub fn exports(answer: &Assessment, again: &Again) -> Exports {
    told(answer, again, None).1
}

/// The page, and what it shows for other programs.
fn told(answer: &Assessment, again: &Again, warning: Option<&str>) -> (String, Exports) {
    let mut exports = Exports::default();
    let title = format!("{} through {}", answer.station.name, answer.claim.through);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (verdict(answer.verdict)) ": " (title) }
                style { (PreEscaped(include_str!("page/style.css"))) (PreEscaped(include_str!("page/drawing.css"))) }
            }
            body {
                main {
                    @if let Some(warning) = warning {
                        p class="warning" { strong { "Not protected: " } (warning) "." }
                    }
                    (answer_section(answer, &mut exports))
                    (conditions(answer, &mut exports))
                    (futures::sections(answer, again, &mut exports))
                    (spares::section(answer, &mut exports))
                    (trust::sections(answer, &again.answer, &mut exports))
                }
            }
        }
    };
    (markup::clean(page.into_string()), exports)
}

fn verdict(verdict: Verdict) -> String {
    words::sentence(verdict.words())
}

fn answer_section(answer: &Assessment, exports: &mut Exports) -> Markup {
    let class = match answer.verdict {
        Verdict::Supported => "verdict supported",
        Verdict::NotSupported => "verdict refused",
        Verdict::Undetermined => "verdict open",
    };
    let p = &answer.probability;
    let through = answer.claim.through;
    html! {
        header {
            p class="over" { (answer.station.name) ", as known on " (answer.station.as_of) }
            h1 class=(class) {
                (verdict(answer.verdict)) ": " span class="nowrap" { (words::probability(p.mean)) }
                " " span class="aside" {
                    @if p.band == Band::TooFewWorlds { "no band" } @else { "band " (words::band(p.low, p.high)) }
                    @if let Some(yardstick) = &answer.yardstick {
                        "; history alone " (words::probability(yardstick.mean))
                    }
                }
            }
            p class="lead" {
                "Probability of being crewed without a break and losing nobody through " span class="nowrap" { (through) } ". "
                @match p.band {
                    Band::Worlds => "The band is 5 to 95 % over what is not known",
                    Band::Sampling => "The band is the sampling error alone: worlds cannot be told apart from chance",
                    Band::TooFewWorlds => {
                        "There is no band: " (words::two(answer.effective_worlds)) " effective worlds are too few"
                    }
                }
                "; the claim asks for " (words::probability(answer.claim.threshold)) "."
                @if !answer.likelihood.is_empty() { " On the scale of the IPCC the mean is called " em { (answer.likelihood) } "." }
            }
            p class="decides" { strong { "What decides it: " } (answer.decides.trim_end_matches('.')) "." }
            @if !answer.run.complete {
                p class="warning" {
                    strong { "Partial answer: " } "the run was stopped after "
                    (words::count(answer.run.histories.into())) " histories."
                }
            }
            @if !answer.run.without.is_empty() || answer.run.only_systems {
                p class="warning" {
                    @if !answer.run.without.is_empty() {
                        strong { "Without: " } (answer.run.without.join(", ")) ". "
                    }
                    @if answer.run.only_systems {
                        strong { "Systems only: " }
                        "the hazards of debris, crew vehicles, medicine and fire, toxic release and collision are left out."
                    }
                }
            }
            p class="claim" {
                "The claim, paraphrased by the station files (not a quotation of " code { (answer.claim.source) } "): "
                (words::closed(&answer.claim.text))
            }
        }
        (tiers(answer, exports))
    }
}

fn tiers(answer: &Assessment, exports: &mut Exports) -> Markup {
    let t = &answer.tiers;
    let yardstick = answer.yardstick.as_ref();
    let estimates = [t.survives, t.crewed, t.full, answer.prior];
    let asked =
        answer.thresholds.as_ref().and_then(|t| t.supported_up_to.zip(t.not_supported_above));
    let lows = estimates.iter().flat_map(|e| {
        let low = if e.band == Band::TooFewWorlds { e.mean } else { e.low };
        [low, e.mean]
    });
    let axis = Axis::probability(lows.chain(yardstick.map(|y| y.low)));
    let line = mark(&axis, answer.claim.threshold, "threshold");
    let row = |name: &str, what: &str, e: &Estimate, class: &str| Row {
        label: html! { strong { (name) } " " span class="quiet" { (what) } },
        strip: strip(
            &axis,
            &html! {
                (line)
                @if e.band != Band::TooFewWorlds { (range(&axis, e.low, e.high, class)) }
                (dot(&axis, e.mean, class))
            },
        ),
        value: html! {
            strong { (words::probability(e.mean)) } " "
            span class="quiet" {
                @if e.band != Band::TooFewWorlds { (words::band(e.low, e.high)) }
                @if let Some(note) = e.band_note() { " (" (note) ")" }
            }
        },
        weak: false,
        lines: vec![vec![
            name.into(),
            what.into(),
            e.mean.into(),
            e.low.into(),
            e.high.into(),
            e.standard_error.into(),
            e.low_error.into(),
            e.high_error.into(),
            e.band_note().into(),
        ]],
    };
    let own = answer.station.own.map(|own| Estimate {
        mean: own.mean,
        low: own.low,
        high: own.high,
        standard_error: own.standard_error,
        band: own.band,
        ..Estimate::default()
    });
    let mut rows = vec![
        row("Crewed", "never zero aboard, nobody lost: the headline", &t.crewed, "crewed"),
        row("Survives", "no loss of crew or station", &t.survives, "survives"),
        row("Full", "no crew reduction, lifeboat gap or exceeded limit", &t.full, "full"),
        row(
            "Crewed, before the record",
            "worlds not yet weighted by what happened",
            &answer.prior,
            "faded",
        ),
    ];
    if let Some(own) = own {
        let what = "by the station's own causes: systems, supply, ships that come";
        rows.insert(1, row("Crewed, own causes", what, &own, "crewed"));
    }
    if let Some(y) = yardstick {
        let e = Estimate {
            mean: y.mean,
            low: y.low,
            high: y.high,
            standard_error: 0.0,
            ..Estimate::default()
        };
        let what = format!(
            "{} de-crewings in {} years",
            y.events,
            words::observed((10.0 * y.years).round() / 10.0)
        );
        let mut row = row("History alone", &what, &e, "alone");
        // It is a closed form: no sampling error.
        row.lines[0][5] = Value::Missing;
        rows.push(row);
    }
    let start = if 0.0 < axis.low {
        format!(", axis from {}", words::probability(axis.low))
    } else {
        String::new()
    };
    let title = format!("probability through {}{start}", answer.claim.through);
    let chart = Chart {
        name: "tiers",
        title: "The three tiers",
        columns: &[
            "tier",
            "what",
            "probability",
            "low",
            "high",
            "standard_error",
            "low_error",
            "high_error",
            "band_note",
        ],
        rows,
        axis: Some(&axis),
        about: &title,
    };
    html! {
        section {
            h2 { "The three tiers" }
            p class="how" {
                "Dot: mean. Bar: 5 to 95 % over what is not known. Dashed line: the claim's threshold, "
                (words::probability(answer.claim.threshold)) "."
                @if let Some((low, high)) = asked {
                    " Supported for anybody who asks " (words::probability(low)) " or less, not supported above "
                    (words::probability(high)) ", not settled between."
                }
                @if let Some(power) = answer.power {
                    " A perfect station would read " (words::probability(power.all_risks)) ": what others own remains."
                }
                " The line Crewed is what release 0.1.0 printed alone; the claim needs it and the one below it."
            }
            (chart.show(exports))
            p class="quiet" {
                "Sampling error of the headline: \u{b1} " (words::one(answer.probability.standard_error))
                @if let (Some(low), Some(high)) = (answer.probability.low_error, answer.probability.high_error) {
                    "; of the ends of its band: \u{b1} " (words::one(low)) " and \u{b1} " (words::one(high))
                }
                ". Effective worlds after weighting: " (words::two(answer.effective_worlds))
                " of " (words::count(answer.run.worlds.into())) "."
                @for span in &answer.consistency {
                    " From " (span.from) " to " (span.through) " nobody had to leave the station with probability "
                    (words::probability(span.probability))
                    @if let Some(rate) = span.base_rate { " (by the years before alone " (words::probability(rate)) ")" }
                    ", given the flights that flew and weighted on the other years"
                    @if span.in_view.is_some() { "; in view while the engine was built" } "."
                }
                @if let Some(y) = yardstick { " " (words::closed(&y.text)) }
            }
        }
    }
}

fn conditions(answer: &Assessment, exports: &mut Exports) -> Markup {
    if answer.conditions.is_empty() {
        return html! {};
    }
    let mut ordered: Vec<&ConditionValue> = answer.conditions.iter().collect();
    ordered.sort_by(|a, b| b.drop.total_cmp(&a.drop));
    let ends = ordered.iter().flat_map(|c| [c.drop - c.standard_error, c.drop + c.standard_error]);
    let axis = Axis::around(ends.chain([0.0]), 5.0);
    let rows = ordered.iter().map(|condition| {
        let weak = condition.drop.abs() <= 2.0 * condition.standard_error;
        let (low, high) =
            (condition.drop - condition.standard_error, condition.drop + condition.standard_error);
        let class = if condition.drop < 0.0 { "helps" } else { "hurts" };
        Row {
            label: html! {
                (words::sentence(&condition.provided))
                " " code { (condition.id) }
                @if let Some(why) = condition.may_help.as_ref().filter(|_| condition.drop < 0.0 && !weak) {
                    span class="quiet" { " Withdrawing it can help: " (why) }
                }
            },
            strip: strip(
                &axis,
                &html! {
                    (mark(&axis, 0.0, "zero")) (bar(&axis, 0.0, condition.drop, class))
                    (whisker(&axis, low, high, ""))
                },
            ),
            value: html! {
                (words::change(condition.drop, condition.standard_error))
                br;
                span class="quiet" {
                    "to " (words::probability(condition.without))
                    @if condition.kept == 0 { " (0 of " (words::count(condition.histories.into())) ")" }
                    @if let Some(own) = &condition.station {
                        br; "own causes: " (words::change(own.drop, own.standard_error))
                    }
                }
            },
            weak,
            lines: vec![condition_line(condition)],
        }
    });
    let histories = answer.run.condition_histories;
    let chart = Chart {
        name: "conditions",
        title: "Provided that \u{2026}: what each condition is worth",
        columns: &CONDITION_COLUMNS,
        rows: rows.collect(),
        axis: Some(&axis),
        about: "fall of the headline probability when withdrawn",
    };
    let remains = Sheet {
        name: "conditions-remains",
        title: "What remains when a condition is withdrawn, and what takes its place",
        class: None,
        columns: vec![
            shown("id", "condition", ""),
            shown("kind", "kind", ""),
            shown("remains", "remains", ""),
            shown("substitutes", "substitute", ""),
            shown("may_help", "withdrawing it can help", ""),
        ],
        rows: ordered
            .iter()
            .map(|c| {
                let code = html! { code { (c.id) } };
                vec![
                    cell(&c.id, code),
                    cell(&c.kind, &c.kind),
                    cell(&c.remains, &c.remains),
                    cell(&c.substitutes, &c.substitutes),
                    cell(c.may_help.as_deref(), c.may_help.as_deref().unwrap_or_default()),
                ]
            })
            .collect(),
        most: usize::MAX,
    };
    html! {
        section {
            h2 { "Provided that \u{2026}" }
            p class="how" {
                "Each condition is withdrawn alone, in the same worlds and with the same chance. The bar is how far "
                "the headline falls, the whisker one standard error. Pale rows cannot be told from no change."
            }
            (chart.show(exports))
            @if !answer.claim.provided.is_empty() {
                p {
                    strong { "The claim's own conditions: " }
                    @for c in answer.claim.provided.iter().filter_map(|id| ordered.iter().find(|c| c.id == *id)) {
                        span class="nowrap" { code { (c.id) } } " " (words::change(c.drop, c.standard_error)) ". "
                    }
                }
            }
            p class="quiet" {
                (words::count(histories.into())) " histories each. Drops do not add up: conditions stand in for each other."
            }
            details {
                summary { "What remains and what takes its place" }
                (remains.show(exports))
            }
        }
    }
}

const CONDITION_COLUMNS: [&str; 20] = [
    "id",
    "provided",
    "kind",
    "probability_without",
    "drop",
    "standard_error",
    "histories",
    "kept",
    "systems_without",
    "systems_drop",
    "systems_standard_error",
    "survives_without",
    "survives_drop",
    "survives_standard_error",
    "full_without",
    "full_drop",
    "full_standard_error",
    "station_without",
    "station_drop",
    "station_standard_error",
];

fn condition_line(c: &ConditionValue) -> Vec<Value> {
    let mut line: Vec<Value> = vec![
        (&c.id).into(),
        (&c.provided).into(),
        (&c.kind).into(),
        c.without.into(),
        c.drop.into(),
        c.standard_error.into(),
        c.histories.into(),
        c.kept.into(),
    ];
    for difference in [Some(c.systems), Some(c.survives), Some(c.full), c.station] {
        let of = |read: fn(&Difference) -> f64| Value::from(difference.as_ref().map(read));
        line.extend([of(|d| d.without), of(|d| d.drop), of(|d| d.standard_error)]);
    }
    line
}
