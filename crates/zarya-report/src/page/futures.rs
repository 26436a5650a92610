//! What the futures look like: survival, end states, owners, dates, stocks and failures.

use super::alone;
use super::lines;
use super::sheet::{Sheet, cell, exported, shown, value};
use super::strip::{self, Chart, Row, bar, dot, mark, range, strip};
use crate::command::Again;
use crate::export::{Exports, Table, Value};
use crate::picture::{self, Axis};
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, CountSpread, Fan, FirstCause, Owner, ShortCapability};
use zarya::ledger::{Alternative, LedgerEntry};

pub(super) fn sections(answer: &Assessment, again: &Again, exports: &mut Exports) -> Markup {
    html! {
        (survival(answer, exports))
        (end_states(answer, exports))
        (causes(answer, again, exports))
        (split(answer, exports))
        (ledger(answer, exports))
        (fans(answer, exports))
        (failures(answer, exports))
        (short(answer, exports))
        (counts(answer, exports))
    }
}

fn survival(answer: &Assessment, exports: &mut Exports) -> Markup {
    if answer.survival.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Survival to each date" }
            p class="how" {
                "Probability that a tier has held so far. Shaded: 5 to 95 % of the headline over what is not known. "
                @if answer.yardstick.is_some() { "Dotted: what the station's history alone would give." }
            }
            (lines::survival(answer, exports))
        }
    }
}

fn end_states(answer: &Assessment, exports: &mut Exports) -> Markup {
    let e = &answer.end_states;
    let states = [
        ("nominal", "Nominal", "every limit kept", e.nominal),
        ("reduced", "Reduced", "crew below nominal, or a limit exceeded", e.reduced),
        (
            "escape",
            "Loss of escape vehicle",
            "somebody without a sound seat for a while",
            e.loss_of_escape_vehicle,
        ),
        ("decrewed", "De-crewed", "nobody aboard", e.de_crewed),
        ("station", "Loss of station", "", e.loss_of_station),
        ("crew", "Loss of crew", "", e.loss_of_crew),
    ];
    let axis = Axis { low: 0.0, high: 1.0, step: 0.2 };
    let mut before = 0.0;
    let pieces: Vec<_> = states
        .iter()
        .map(|(class, _, _, share)| {
            let from = before;
            before += share;
            (class, from, *share)
        })
        .collect();
    let rows = states.iter().map(|(class, name, what, share)| Row {
        label: html! {
            span class=(format!("swatch {class}")) {} " " (name) " " span class="quiet" { (what) }
        },
        strip: strip(&axis, &bar(&axis, 0.0, *share, class)),
        value: html! { strong { (words::percent(*share)) } " " span class="quiet" { (one_in(*share)) } },
        weak: false,
        lines: vec![vec![(*class).into(), (*name).into(), (*share).into()]],
    });
    let stack = html! {
        @for (class, from, share) in &pieces {
            rect class=(format!("bar {class}")) x=(strip::percent(*from)) width=(strip::percent(*share)) y="0" height="30" {}
        }
    };
    let title = "How the futures end: shares of histories, side by side";
    let about =
        states.map(|(_, name, _, share)| format!("{name} {}", words::percent(share))).join(", ");
    let picture = alone::titled(
        title,
        &about,
        (820.0, 52.0),
        &html! {
            (stack)
            text x="0" y="48" {
                @for (class, name, _, share) in &states {
                    tspan class=(format!("bar {class}")) { "■ " }
                    tspan { (name) " " (words::percent(*share)) "\u{a0}\u{a0} " }
                }
            }
        },
    );
    let picture = exports.picture("end-states-side-by-side", title, picture);
    let rows = Chart {
        name: "end-states",
        title: "How the futures end: share of histories by the most severe state",
        columns: &["state", "name", "share"],
        rows: rows.collect(),
        axis: None,
        about: "",
    };
    let r = &answer.rungs;
    let rungs = [
        ("A failure cleared without a spare", r.workaround),
        ("A stock rationed", r.rationing),
        ("A flight brought forward", r.expedited_flight),
        ("Shelter in a vehicle", r.shelter),
        ("An element shut", r.isolation),
        ("Crew reduced", r.crew_reduction),
        ("All leave", r.evacuation),
        ("Station lost", r.loss_of_station),
    ];
    let rungs = rungs.into_iter().map(|(name, share)| Row {
        label: html! { (name) },
        strip: strip(&axis, &bar(&axis, 0.0, share, "rung")),
        value: html! { strong { (words::percent(share)) } },
        weak: false,
        lines: vec![vec![name.into(), share.into()]],
    });
    let rungs = Chart {
        name: "rungs",
        title: "Rungs of the ladder of responses that were reached",
        columns: &["rung", "share"],
        rows: rungs.collect(),
        axis: Some(&axis),
        about: "share of histories",
    };
    html! {
        section {
            h2 { "How the futures end" }
            p class="how" {
                "Share of histories by the most severe state reached by " (answer.claim.through)
                ". Each history counts once: one that lost its crew and then the station stands under loss of crew."
            }
            div data-plot=(picture) { svg class="stack" width="100%" height="30" aria-hidden="true" { (stack) } }
            (rows.show(exports))
            h3 { "Rungs of the ladder of responses that were reached" }
            p class="how" {
                "These overlap: a history counts on every rung that it reached, whatever came after. So \u{201c}station lost\u{201d} here "
                "holds also those whose crew was lost, and \u{201c}all leave\u{201d} those that lost crew or station later."
            }
            (rungs.show(exports))
        }
    }
}

fn one_in(share: f64) -> String {
    if 0.0 < share && share < 0.2 {
        format!("1 in {}", words::two(1.0 / share))
    } else {
        String::new()
    }
}

fn causes(answer: &Assessment, again: &Again, exports: &mut Exports) -> Markup {
    let tiers = [
        ("crewed", "What ended crewed operation first"),
        ("survives", "What lost crew or station first"),
        ("full", "What ended full operation first"),
    ];
    let any = !answer.first_causes.is_empty();
    html! {
        @if any {
            section {
                h2 { "First causes" }
                p class="how" {
                    "Share of all histories, and the effective number of worlds that carry it; a share from fewer than ten is thin: "
                    "another seed may not show it. Causes whose shares two paired errors do not tell apart share a place (=). Each line names one history that ended so; "
                    "with its number for N it is told by"
                }
                pre { code { (again.history) } }
                @for (tier, title) in tiers {
                    @let causes: Vec<&FirstCause> = answer.first_causes.iter().filter(|c| c.tier == tier).collect();
                    @if !causes.is_empty() {
                        h3 { (title) }
                        (causes_of(tier, title, &causes).show(exports))
                    }
                }
            }
        }
    }
}

/// What ended a tier first, as a table of which the page shows the most frequent.
fn causes_of<'a>(tier: &str, title: &'a str, causes: &[&FirstCause]) -> Sheet<'a> {
    let row = |cause: &&FirstCause| {
        let worlds =
            html! { (words::two(cause.effective_worlds)) @if cause.thin { " " strong { "thin" } } };
        let root = html! {
            @if cause.root == cause.cause { span class="quiet" { "nothing else" } } @else { (words::sentence(&cause.root)) }
        };
        let history = words::count(cause.example_history.into()).replace(',', "");
        // A place that several share is no order among them.
        let shared = causes.iter().filter(|other| other.rank == cause.rank).count() > 1;
        vec![
            cell(cause.rank, html! { (cause.rank) @if shared { "=" } }),
            cell(cause.share, words::percent(cause.share)),
            cell(cause.effective_worlds, worlds),
            cell(&cause.cause, words::sentence(&cause.cause)),
            cell(&cause.root, root),
            cell(cause.owner.form(), words::plain(cause.owner.form())),
            cell(cause.example_history, history),
            value(cause.worlds),
            value(cause.thin),
        ]
    };
    Sheet {
        name: match tier {
            "crewed" => "first-causes-crewed",
            "survives" => "first-causes-survives",
            _ => "first-causes-full",
        },
        title,
        class: None,
        columns: vec![
            shown("rank", "place", "number"),
            shown("share", "share", "number"),
            shown("effective_worlds", "worlds", "number"),
            shown("cause", "what happened", ""),
            shown("root", "behind it", ""),
            shown("owner", "owner", ""),
            shown("example_history", "history", "number"),
            exported("worlds"),
            exported("thin"),
        ],
        rows: causes.iter().map(row).collect(),
        most: 8,
    }
}

/// Rows from what is computed, over crews and their vehicles, to what comes from outside.
fn row_of(owner: Owner) -> u8 {
    match owner {
        Owner::Systems => 0,
        Owner::CrewRotation => 1,
        Owner::CrewTransport => 2,
        Owner::Medical => 3,
        Owner::Debris => 4,
        Owner::FireToxicCollision => 5,
    }
}

fn split(answer: &Assessment, exports: &mut Exports) -> Markup {
    let s = &answer.split;
    let mut owners = Owner::every("");
    owners.sort_by_key(|owner| row_of(*owner));
    let note = |owner: Owner| answer.owners.iter().find(|note| note.owner == owner);
    let out = |owner: Owner| note(owner).is_some_and(|note| note.left_out);
    let axis = Axis::probability(owners.iter().map(|owner| s.of(*owner).mean));
    let rows = owners.into_iter().map(|owner| (owner, owner.label().title, s.of(owner)));
    let rows = rows.map(|(owner, name, share)| Row {
        label: html! { (name) " " span class="quiet" { @if let Some(note) = note(owner) { (note.rests_on) } } },
        strip: strip(
            &axis,
            &html! {
                @if !out(owner) {
                (strip::whisker(&axis, share.mean - share.standard_error, share.mean + share.standard_error, ""))
                (dot(&axis, share.mean, "plain"))
                }
            },
        ),
        value: html! {
            @if out(owner) {
                strong { "left out" }
            } @else {
                strong { (words::probability(share.mean)) }
                " " span class="quiet" { "ends " (words::percent(share.incidence)) }
            }
        },
        weak: out(owner),
        lines: vec![vec![
            owner.form().into(),
            name.into(),
            out(owner).into(),
            Value::from((!out(owner)).then_some(share.mean)),
            Value::from((!out(owner)).then_some(share.standard_error)),
            Value::from((!out(owner)).then_some(share.incidence)),
            note(owner).map(|note| note.rests_on.as_str()).into(),
        ]],
    });
    let rows = rows.collect();
    let start = if 0.0 < axis.low {
        format!(" (axis from {})", words::probability(axis.low))
    } else {
        String::new()
    };
    let about = format!("probability against this owner's causes alone{start}");
    let chart = Chart {
        name: "owners",
        title: "Who owns the number",
        columns: &[
            "owner",
            "name",
            "left_out",
            "probability",
            "standard_error",
            "incidence",
            "rests_on",
        ],
        rows,
        axis: Some(&axis),
        about: &about,
    };
    html! {
        section {
            h2 { "Who owns the number" }
            p class="how" {
                "Probability of staying crewed against one owner's causes alone. All multiply to the headline, "
                (words::probability(answer.probability.mean)) ". Dot and whisker: mean and one standard error. "
                "\u{201c}Ends\u{201d}: share of histories that this owner's causes ended first."
            }
            (chart.show(exports))
        }
    }
}

fn ledger(answer: &Assessment, exports: &mut Exports) -> Markup {
    let ledger = &answer.ledger;
    let from = answer.station.as_of.mjd();
    let claim = answer.claim.through.mjd();
    let entries = [&ledger.breaks, &ledger.no_margin, &ledger.covers, &ledger.contracts];
    let dates = entries.iter().flat_map(|entries| entries.iter().map(|e| e.date.mjd()));
    let dates = dates.chain(ledger.conflicts.iter().map(|conflict| conflict.date.mjd()));
    // Far dates are drawn at the edge: what matters is which side of the claim they are on.
    let last = dates.fold(claim, f64::max).min(claim + 3.0 * 365.25);
    let through = last + 0.04 * (last - from);
    let axis = Axis { low: from, high: through, step: through - from };
    let years = picture::years(from, through, 8);
    let grid = html! {
        @for (at, _) in &years {
            line class="grid" x1=(strip::at(&axis, *at)) x2=(strip::at(&axis, *at)) y1="0" y2="22" {}
        }
        (mark(&axis, claim, "claim"))
    };
    let svg = |marks: &Markup| {
        html! { svg class="strip" width="100%" height="22" aria-hidden="true" { (grid) (marks) } }
    };
    let line = |(entry, all): (&LedgerEntry, Vec<&LedgerEntry>), class: &str| Row {
        label: html! { (entry.what) " " span class="quiet" {
            @for (i, entry) in all.iter().enumerate() { @if 0 < i { ", " } (entry.of) }
        } },
        strip: svg(&html! {
            (range(&axis, from, entry.date.mjd(), class))
            @for alternative in &entry.alternatives {
                line class=(format!("maybe {class}")) x1=(strip::at(&axis, entry.date.mjd())) x2=(strip::at(&axis, alternative.date.mjd())) y1="11" y2="11" {}
                circle class=(format!("dot hollow {class}")) cx=(strip::at(&axis, alternative.date.mjd())) cy="11" r="4.5" {}
            }
            (dot(&axis, entry.date.mjd(), class))
        }),
        value: html! {
            strong { (entry.date) }
            @if entry.basis == "disputed" || entry.basis == "claimed" { " " span class="quiet" { (entry.basis) } }
            @for alternative in &entry.alternatives { " " span class="quiet" { "or " (alternative.date) } }
        },
        weak: false,
        lines: all.iter().map(|entry| ledger_line(class, entry)).collect(),
    };
    let mut rows = Vec::new();
    rows.extend(alike(&ledger.breaks).into_iter().map(|entries| line(entries, "broken")));
    rows.extend(alike(&ledger.no_margin).into_iter().map(|entries| line(entries, "margin")));
    rows.extend(ledger.conflicts.iter().map(|conflict| Row {
        label: html! { "Conflict: " (conflict.what) " " code { (conflict.id) } },
        strip: svg(&dot(&axis, conflict.date.mjd(), "conflict")),
        value: html! { strong { (conflict.date) } },
        weak: false,
        lines: vec![vec![
            "conflict".into(),
            (&conflict.id).into(),
            conflict.date.into(),
            (&conflict.what).into(),
            conflict.depends_on.join("; ").into(),
            Value::Missing,
            Value::Missing,
            Value::Missing,
            Value::Missing,
            (&conflict.source).into(),
            Value::Missing,
        ]],
    }));
    rows.extend(alike(&ledger.covers).into_iter().map(|entries| line(entries, "covered")));
    rows.extend(alike(&ledger.contracts).into_iter().map(|entries| line(entries, "contract")));
    rows.push(Row {
        label: html! {},
        strip: html! {
            svg class="strip" width="100%" height="32" aria-hidden="true" {
                @for (at, label) in &years {
                    text class="tick" x=(strip::at(&axis, *at)) y="12" text-anchor="middle" { (label) }
                }
                text class="tick claim" x=(strip::at(&axis, claim)) y="27" text-anchor="middle" { "claim ends" }
            }
        },
        value: html! {},
        weak: false,
        lines: Vec::new(),
    });
    let chart = Chart {
        name: "ledger",
        title: "Dates on paper",
        columns: &LEDGER_COLUMNS,
        rows,
        axis: None,
        about: "",
    };
    let row = |entry: &LedgerEntry| {
        vec![
            cell(entry.date, entry.date.to_string()),
            cell(&entry.what, &entry.what),
            cell(&entry.of, &entry.of),
            cell(&entry.note, &entry.note),
            value(&entry.id),
            value(&entry.precision),
            value(&entry.basis),
            value(&entry.source),
            value(entry.days_short),
        ]
    };
    let warnings = Sheet {
        name: "ledger-warnings",
        title: "Dates that should be known and break nothing",
        class: None,
        columns: vec![
            shown("date", "date", "date"),
            shown("what", "what", ""),
            shown("of", "of", ""),
            shown("note", "why it breaks nothing", ""),
            exported("id"),
            exported("precision"),
            exported("basis"),
            exported("source"),
            exported("days_short_d"),
        ],
        rows: ledger.warnings.iter().map(row).collect(),
        most: usize::MAX,
    };
    let first = ledger.first_break.as_ref().map_or_else(
        || html! { "No certificate or commitment in force lapses before the claim's last day." },
        |entry| {
            html! {
                "The claim first breaks on paper on " strong { (entry.date) } ": " (entry.what)
                @if !entry.of.is_empty() { " (" (entry.of) ")" }
                ". " (words::closed(&entry.note))
            }
        },
    );
    html! {
        section {
            h2 { "Dates on paper" }
            p { (first) }
            p class="how" {
                "From the as-of date to each lapse. "
                span class="key broken" { "\u{25cf} lapses before the claim's last day" } ", "
                span class="key margin" { "\u{25cf} ends with that day: no margin" } ", "
                span class="key conflict" { "\u{25cf} plan that contradicts another" } ", "
                span class="key covered" { "\u{25cf} outlasts the claim" } ", "
                span class="key contract" { "\u{25cf} contract" } "; "
                "hollow: another date that a source gives. Expired is not the same as unsafe."
            }
            div class="wordy" { (chart.show(exports)) }
            @if !ledger.warnings.is_empty() {
                details {
                    summary { (words::counted(ledger.warnings.len(), "date")) " that should be known and break nothing" }
                    (warnings.show(exports))
                }
            }
        }
    }
}

const LEDGER_COLUMNS: [&str; 11] = [
    "group",
    "id",
    "date",
    "what",
    "of",
    "days_short_d",
    "precision",
    "basis",
    "other_dates",
    "source",
    "note",
];

fn ledger_line(class: &str, entry: &LedgerEntry) -> Vec<Value> {
    let group = match class {
        "broken" => "breaks",
        "margin" => "no-margin",
        "covered" => "covers",
        _ => "contract",
    };
    let other = |a: &Alternative| format!("{} ({})", a.date, a.source);
    vec![
        group.into(),
        (&entry.id).into(),
        entry.date.into(),
        (&entry.what).into(),
        (&entry.of).into(),
        entry.days_short.into(),
        (&entry.precision).into(),
        (&entry.basis).into(),
        entry.alternatives.iter().map(other).collect::<Vec<_>>().join("; ").into(),
        (&entry.source).into(),
        (&entry.note).into(),
    ]
}

/// Puts entries that say the same of several elements together, in the order of the first.
fn alike(entries: &[LedgerEntry]) -> Vec<(&LedgerEntry, Vec<&LedgerEntry>)> {
    let mut groups: Vec<(&LedgerEntry, Vec<&LedgerEntry>)> = Vec::new();
    for entry in entries {
        let same = |first: &LedgerEntry| {
            (&first.what, first.date, &first.basis, &first.alternatives)
                == (&entry.what, entry.date, &entry.basis, &entry.alternatives)
        };
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, all)) => all.push(entry),
            None => groups.push((entry, vec![entry])),
        }
    }
    groups
}

fn fans(answer: &Assessment, exports: &mut Exports) -> Markup {
    if answer.series.is_empty() {
        return html! {};
    }
    // What the claim speaks of comes first, then the stocks.
    let order = |id: &str| {
        ["altitude", "propellant", "research", "crew"].iter().position(|head| id.starts_with(head))
    };
    let mut series: Vec<_> = answer.series.iter().collect();
    series.sort_by_key(|fan| order(&fan.id).unwrap_or(usize::MAX));
    let d = &answer.contingency_deorbit;
    let r = &answer.research_hours;
    html! {
        section {
            h2 { "Altitude, propellant, consumables, research and crew" }
            p class="how" {
                "Over histories at each date: line median, dark band the middle half, pale band 5 to 95 %. "
                "The numbers at the right are the last values: 95 %, median, 5 %."
            }
            div class="fans" {
                @for fan in series {
                    (figure(fan, exports))
                }
            }
            p {
                "Research over the span: " strong { (words::two(r.mean)) " h" } " on average, "
                (words::two(r.p05)) " to " (words::two(r.p95)) " h, "
                "never more in a week than the goal of the files: hours beyond it are margin. "
                "A contingency deorbit was possible in " strong { (words::percent(d.mean)) }
                " of the span on average, " "and at most " (words::percent(d.p05)) " in the worst 5 % of histories."
            }
        }
    }
}

/// A fan over time, for the page and for the exports.
fn figure(fan: &Fan, exports: &mut Exports) -> Markup {
    let (name, title) = (format!("series-{}", fan.id), format!("{}, {}", fan.name, fan.unit));
    let curves = [&fan.p05, &fan.p25, &fan.p50, &fan.p75, &fan.p95];
    let row = |(i, date): (usize, &zarya::units::Date)| {
        let values = curves.iter().map(|curve| Value::from(curve.get(i).copied()));
        [(*date).into(), (&fan.unit).into()].into_iter().chain(values).collect()
    };
    let table = exports.table(Table {
        name: name.clone(),
        title: title.clone(),
        columns: ["date", "unit", "p05", "p25", "p50", "p75", "p95"].map(str::to_owned).to_vec(),
        rows: fan.date.iter().enumerate().map(row).collect(),
    });
    let Some((about, drawn)) = lines::fan(fan) else {
        return html! {
            figure data-table=(table) {
                figcaption { (fan.name) span class="quiet" { ", " (fan.unit) } }
                p class="quiet" { "No samples." }
            }
        };
    };
    let size = (lines::FAN.width, lines::FAN.height);
    let picture = alone::titled(&title, &about, size, &drawn);
    let picture = exports.picture(&name, &title, picture);
    html! {
        figure data-table=(table) data-plot=(picture) {
            figcaption { (fan.name) span class="quiet" { ", " (fan.unit) } }
            (lines::drawing(size, &about, &drawn))
        }
    }
}

fn failures(answer: &Assessment, exports: &mut Exports) -> Markup {
    if answer.failures.is_empty() {
        return html! {};
    }
    let mut failures: Vec<_> = answer.failures.iter().collect();
    failures.sort_by(|a, b| b.per_history.mean.total_cmp(&a.per_history.mean));
    let ends = failures.iter().flat_map(|f| [f.per_history.p95, f.per_history.mean]);
    let axis = Axis::around(ends.chain([0.0]), 5.0);
    let rows = failures.iter().map(|failures| {
        let n = &failures.per_history;
        Row {
            label: html! { code { (failures.subsystem) } },
            strip: strip(
                &axis,
                &html! { (range(&axis, n.p05, n.p95, "plain")) (dot(&axis, n.mean, "plain")) },
            ),
            value: html! {
                strong { (words::mean(n.mean)) } " "
                span class="quiet" { (words::quantile(n.p05)) " to " (words::quantile(n.p95)) }
            },
            weak: false,
            lines: vec![vec![
                (&failures.subsystem).into(),
                n.mean.into(),
                n.p05.into(),
                n.p50.into(),
                n.p95.into(),
            ]],
        }
    });
    let chart = Chart {
        name: "failures",
        title: "Failures by subsystem, per history",
        columns: &["subsystem", "mean", "p05", "p50", "p95"],
        rows: rows.collect(),
        axis: Some(&axis),
        about: "failures per history",
    };
    html! {
        section {
            h2 { "Failures by subsystem" }
            p class="how" {
                "Unit failures in one history through " (answer.claim.through)
                ", by file of " code { "orus/" } ": dot mean, bar 5 to 95 %."
            }
            (chart.show(exports))
        }
    }
}

fn short(answer: &Assessment, exports: &mut Exports) -> Markup {
    let short: Vec<_> = answer.short.iter().filter(|s| 0.0 < s.days_mean).take(20).collect();
    if short.is_empty() {
        return html! {};
    }
    let axis = Axis::around(short.iter().flat_map(|s| [s.days_p95, s.days_mean]).chain([0.0]), 5.0);
    let rows = short.iter().map(|s| Row {
        label: html! { (s.name) },
        strip: strip(
            &axis,
            &html! {
                (range(&axis, 0.0, s.days_p95, "plain")) (dot(&axis, s.days_mean, "plain"))
            },
        ),
        value: html! {
            strong { (words::two(s.days_mean)) " d" }
            " " span class="quiet" { "in " (words::percent(s.share)) " of histories" }
        },
        weak: false,
        lines: vec![short_line(s)],
    });
    let chart = Chart {
        name: "short",
        title: "Capabilities that were short, days per history",
        columns: &["id", "name", "share", "days_mean_d", "days_p95_d"],
        rows: rows.collect(),
        axis: Some(&axis),
        about: "days short per history",
    };
    html! {
        section {
            h2 { "Capabilities that were short" }
            p class="how" {
                "Days below what is required, over the whole span. Dot: mean over all histories; bar: up to the 95 % quantile. "
                "Short is not lost: a buffer or a stock bridges most of it."
            }
            (chart.show(exports))
        }
    }
}

fn short_line(s: &ShortCapability) -> Vec<Value> {
    vec![(&s.id).into(), (&s.name).into(), s.share.into(), s.days_mean.into(), s.days_p95.into()]
}

fn counts(answer: &Assessment, exports: &mut Exports) -> Markup {
    if answer.counts.is_empty() {
        return html! {};
    }
    let row = |count: &CountSpread| {
        let n = count.per_history;
        vec![
            cell(&count.what, words::sentence(&words::plain(&count.what))),
            cell(n.mean, words::mean(n.mean)),
            cell(n.p05, words::quantile(n.p05)),
            cell(n.p50, words::quantile(n.p50)),
            cell(n.p95, words::quantile(n.p95)),
        ]
    };
    let sheet = Sheet {
        name: "counts",
        title: "Counts in one history",
        class: Some("narrow-table"),
        columns: vec![
            shown("what", "what", ""),
            shown("mean", "mean", "number"),
            shown("p05", "5 %", "number"),
            shown("p50", "median", "number"),
            shown("p95", "95 %", "number"),
        ],
        rows: answer.counts.iter().map(row).collect(),
        most: usize::MAX,
    };
    html! {
        section {
            h2 { "Counts in one history" }
            (sheet.show(exports))
        }
    }
}
