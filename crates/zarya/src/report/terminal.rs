//! The answer on one screen: at most 24 lines of 100 columns.

use super::words;
use std::fmt::Write as _;
use zarya_assessment::assessment::Assessment;

const WIDTH: usize = 100;
/// Conditions shown; the others are in the report and the JSON answer.
const CONDITIONS_MAX: usize = 6;

/// Returns the answer as plain text: the verdict, what decides it, tiers, conditions, ends, dates.
pub fn text(answer: &Assessment) -> String {
    let mut out = String::new();
    let p = &answer.probability;
    let alone = answer.yardstick.as_ref().map_or_else(String::new, |yardstick| {
        format!(" (history alone: {})", words::probability(yardstick.mean))
    });
    let _ = writeln!(
        out,
        "{}: {}, band {}{alone}",
        answer.verdict.words(),
        words::probability(p.mean),
        words::band(p.low, p.high)
    );
    push(&mut out, &format!("What decides it: {}", answer.decides), 2);
    if !answer.run.complete {
        let done = words::count(answer.run.histories.into());
        push(&mut out, &format!("PARTIAL: the run was stopped after {done} histories."), 2);
    }
    let without = if answer.run.without.is_empty() {
        String::new()
    } else {
        format!(", without {}", answer.run.without.join(", "))
    };
    let only = if answer.run.only_systems { ", systems alone" } else { "" };
    let asked = format!(
        "{}, through {}{without}{only}; the claim asks for {}",
        answer.station.name,
        answer.claim.through,
        words::probability(answer.claim.threshold)
    );
    push(&mut out, &asked, 2);
    out.push('\n');

    let t = &answer.tiers;
    for (name, what, e) in [
        ("crewed", "never zero aboard: the headline", &t.crewed),
        ("survives", "no loss of crew or station", &t.survives),
        ("full", "no crew reduction, lifeboat gap or exceeded limit", &t.full),
    ] {
        let (mean, band) = (words::probability(e.mean), words::band(e.low, e.high));
        let _ = writeln!(out, "  {name:<10}{mean:>7}  {band:<16}  {what}");
    }
    let s = &answer.split;
    let split = [
        ("systems", s.systems.mean),
        ("crew transport", s.crew_transport.mean),
        ("medical", s.medical.mean),
        ("debris", s.debris.mean),
        ("fire, toxic, collision", s.fire_toxic_collision.mean),
    ];
    let split = split.map(|(name, p)| format!("{name} {}", words::probability(p)));
    push(&mut out, &format!("Each owner's causes alone: {}", split.join(", ")), 2);

    if !answer.conditions.is_empty() {
        out.push_str("\nWithdrawn alone, the headline\n");
        for c in answer.conditions.iter().take(CONDITIONS_MAX) {
            let change = words::change(c.drop, c.standard_error).replace('\u{a0}', " ");
            let to = words::probability(c.without);
            let _ = writeln!(out, "  {:<32}{change:<28}to {to}", c.id);
        }
        let rest = answer.conditions.len().saturating_sub(CONDITIONS_MAX);
        if 0 < rest {
            let _ = writeln!(out, "  and {} more in the report", words::counted(rest, "condition"));
        }
    }
    out.push('\n');

    let e = &answer.end_states;
    let ends = [
        ("nominal", e.nominal),
        ("reduced", e.reduced),
        ("loss of escape vehicle", e.loss_of_escape_vehicle),
        ("de-crewed", e.de_crewed),
        ("loss of station", e.loss_of_station),
        ("loss of crew", e.loss_of_crew),
    ];
    let ends = ends.map(|(name, share)| format!("{name} {}", words::percent(share)));
    push(&mut out, &format!("Futures: {}", ends.join(", ")), 2);
    let causes = answer.first_causes.iter().filter(|c| c.tier == "crewed").take(3);
    let causes: Vec<String> = causes
        .map(|c| {
            let root = if c.root == c.cause { String::new() } else { format!(" ({})", c.root) };
            format!("{}{root} {}", c.cause, words::percent(c.share))
        })
        .collect();
    if !causes.is_empty() {
        push(&mut out, &format!("What empties it first: {}", causes.join("; ")), 2);
    }
    if let Some(entry) = &answer.ledger.first_break {
        let disputed = if entry.basis == "disputed" { " (disputed)" } else { "" };
        push(&mut out, &format!("On paper: {} on {}{disputed}", entry.what, entry.date), 2);
    }
    if !answer.record.is_empty() {
        let inside = answer.record.iter().filter(|row| row.inside).count();
        let n = answer.record.len();
        let text = format!(
            "Reality check: {inside} of {n} observed values inside the predicted 5 to 95 %"
        );
        push(&mut out, &text, 2);
    }
    let prov = &answer.provenance;
    let heaviest =
        answer.caveats.first().map_or_else(String::new, |c| format!("; heaviest: {}", c.text));
    let rests = format!(
        "Rests on {} assumed and {} disputed of {} values{heaviest}",
        words::count(prov.assumed.into()),
        words::count(prov.disputed.into()),
        words::count(
            (prov.published + prov.derived + prov.claimed + prov.assumed + prov.disputed).into()
        )
    );
    push(&mut out, &rests, 2);
    let run = &answer.run;
    let _ = writeln!(
        out,
        "{} histories, seed {}, {} s, zarya {}, digest {}",
        words::count(run.histories.into()),
        run.seed,
        words::two(run.seconds),
        run.version,
        answer.digest.get(..16).unwrap_or(&answer.digest)
    );
    out
}

/// Appends text broken at spaces, later lines indented; at most two lines.
fn push(out: &mut String, text: &str, indent: usize) {
    let mut line = String::new();
    let mut lines = 1;
    for word in text.split(' ') {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.trim().is_empty() && WIDTH < length {
            if lines == 2 {
                line.push('\u{2026}');
                break;
            }
            let _ = writeln!(out, "{line}");
            lines += 1;
            line = " ".repeat(indent);
            line.push_str(word);
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let _ = writeln!(out, "{line}");
}
