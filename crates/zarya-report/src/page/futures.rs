//! What the futures look like: survival, end states, owners, dates, stocks and failures.

use super::lines;
use super::strip::{self, Row, bar, chart, dot, mark, range, strip};
use crate::command::Again;
use crate::picture::{self, Axis};
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, Owner};
use zarya::ledger::LedgerEntry;

pub(super) fn sections(answer: &Assessment, again: &Again) -> Markup {
    html! {
        (survival(answer))
        (end_states(answer))
        (causes(answer, again))
        (split(answer))
        (ledger(answer))
        (fans(answer))
        (failures(answer))
        (short(answer))
        (counts(answer))
    }
}

fn survival(answer: &Assessment) -> Markup {
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
            (lines::survival(answer))
        }
    }
}

fn end_states(answer: &Assessment) -> Markup {
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
    });
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
    });
    html! {
        section {
            h2 { "How the futures end" }
            p class="how" {
                "Share of histories by the most severe state reached by " (answer.claim.through)
                ". Each history counts once: one that lost its crew and then the station stands under loss of crew."
            }
            svg class="stack" width="100%" height="30" aria-hidden="true" {
                @for (class, from, share) in pieces {
                    rect class=(format!("bar {class}")) x=(strip::percent(from)) width=(strip::percent(share)) y="0" height="30" {}
                }
            }
            (chart(rows.collect(), None, ""))
            h3 { "Rungs of the ladder of responses that were reached" }
            p class="how" {
                "These overlap: a history counts on every rung that it reached, whatever came after. So \u{201c}station lost\u{201d} here "
                "holds also those whose crew was lost, and \u{201c}all leave\u{201d} those that lost crew or station later."
            }
            (chart(rungs.collect(), Some(&axis), "share of histories"))
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

fn causes(answer: &Assessment, again: &Again) -> Markup {
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
                    "another seed may not show it. Each line names one history that ended so; "
                    "with its number for N it is told by"
                }
                pre { code { (again.history) } }
                @for (tier, title) in tiers {
                    @let causes: Vec<_> = answer.first_causes.iter().filter(|c| c.tier == tier).take(8).collect();
                    @if !causes.is_empty() {
                        h3 { (title) }
                        div class="scroll" { table {
                            thead { tr { th class="number" { "share" } th class="number" { "worlds" } th { "what happened" } th { "behind it" } th { "owner" } th class="number" { "history" } } }
                            tbody {
                                @for cause in causes {
                                    tr {
                                        td class="number" { (words::percent(cause.share)) }
                                        td class="number" { (words::two(cause.effective_worlds)) @if cause.thin { " " strong { "thin" } } }
                                        td { (words::sentence(&cause.cause)) }
                                        td { @if cause.root == cause.cause { span class="quiet" { "itself" } } @else { (words::sentence(&cause.root)) } }
                                        td { (words::plain(cause.owner.form())) }
                                        td class="number" { (words::count(cause.example_history.into()).replace(',', "")) }
                                    }
                                }
                            }
                        } }
                    }
                }
            }
        }
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

fn split(answer: &Assessment) -> Markup {
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
    });
    let rows = rows.collect();
    let start = if 0.0 < axis.low {
        format!(" (axis from {})", words::probability(axis.low))
    } else {
        String::new()
    };
    html! {
        section {
            h2 { "Who owns the number" }
            p class="how" {
                "Probability of staying crewed against one owner's causes alone. All multiply to the headline, "
                (words::probability(answer.probability.mean)) ". Dot and whisker: mean and one standard error. "
                "\u{201c}Ends\u{201d}: share of histories that this owner's causes ended first."
            }
            (chart(rows, Some(&axis), &format!("probability against this owner's causes alone{start}")))
        }
    }
}

fn ledger(answer: &Assessment) -> Markup {
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
    let line = |(entry, of): (&LedgerEntry, Vec<&str>), class: &str| Row {
        label: html! { (entry.what) " " span class="quiet" { (of.join(", ")) } },
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
    };
    let mut rows = Vec::new();
    rows.extend(alike(&ledger.breaks).into_iter().map(|entries| line(entries, "broken")));
    rows.extend(alike(&ledger.no_margin).into_iter().map(|entries| line(entries, "margin")));
    rows.extend(ledger.conflicts.iter().map(|conflict| Row {
        label: html! { "Conflict: " (conflict.what) " " code { (conflict.id) } },
        strip: svg(&dot(&axis, conflict.date.mjd(), "conflict")),
        value: html! { strong { (conflict.date) } },
        weak: false,
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
    });
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
            div class="wordy" { (chart(rows, None, "")) }
            @if !ledger.warnings.is_empty() {
                details {
                    summary { (words::counted(ledger.warnings.len(), "date")) " that should be known and break nothing" }
                    div class="scroll" { table {
                        thead { tr { th { "date" } th { "what" } th { "of" } th { "why it breaks nothing" } } }
                        tbody {
                            @for entry in &ledger.warnings {
                                tr { td class="date" { (entry.date) } td { (entry.what) } td { (entry.of) } td { (entry.note) } }
                            }
                        }
                    } }
                }
            }
        }
    }
}

/// Puts entries that say the same of several elements together, in the order of the first.
fn alike(entries: &[LedgerEntry]) -> Vec<(&LedgerEntry, Vec<&str>)> {
    let mut groups: Vec<(&LedgerEntry, Vec<&str>)> = Vec::new();
    for entry in entries {
        let same = |first: &LedgerEntry| {
            (&first.what, first.date, &first.basis, &first.alternatives)
                == (&entry.what, entry.date, &entry.basis, &entry.alternatives)
        };
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, of)) => of.push(&entry.of),
            None => groups.push((entry, vec![&entry.of])),
        }
    }
    groups
}

fn fans(answer: &Assessment) -> Markup {
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
                    figure {
                        figcaption { (fan.name) span class="quiet" { ", " (fan.unit) } }
                        (lines::fan(fan))
                    }
                }
            }
            p {
                "Research over the span: " strong { (words::two(r.mean)) " h" } " on average, "
                (words::two(r.p05)) " to " (words::two(r.p95)) " h. "
                "A contingency deorbit was possible in " strong { (words::percent(d.mean)) }
                " of the span on average, " "and at most " (words::percent(d.p05)) " in the worst 5 % of histories."
            }
        }
    }
}

fn failures(answer: &Assessment) -> Markup {
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
        }
    });
    html! {
        section {
            h2 { "Failures by subsystem" }
            p class="how" {
                "Unit failures in one history through " (answer.claim.through)
                ", by file of " code { "orus/" } ": dot mean, bar 5 to 95 %."
            }
            (chart(rows.collect(), Some(&axis), "failures per history"))
        }
    }
}

fn short(answer: &Assessment) -> Markup {
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
    });
    html! {
        section {
            h2 { "Capabilities that were short" }
            p class="how" {
                "Days below what is required, over the whole span. Dot: mean over all histories; bar: up to the 95 % quantile. "
                "Short is not lost: a buffer or a stock bridges most of it."
            }
            (chart(rows.collect(), Some(&axis), "days short per history"))
        }
    }
}

fn counts(answer: &Assessment) -> Markup {
    html! {
        @if !answer.counts.is_empty() {
            section {
                h2 { "Counts in one history" }
                div class="scroll" { table class="narrow-table" {
                    thead { tr { th { "what" } th class="number" { "mean" } th class="number" { "5 %" } th class="number" { "median" } th class="number" { "95 %" } } }
                    tbody {
                        @for count in &answer.counts {
                            tr {
                                td { (words::sentence(&words::plain(&count.what))) }
                                td class="number" { (words::mean(count.per_history.mean)) }
                                td class="number" { (words::quantile(count.per_history.p05)) }
                                td class="number" { (words::quantile(count.per_history.p50)) }
                                td class="number" { (words::quantile(count.per_history.p95)) }
                            }
                        }
                    }
                } }
            }
        }
    }
}
