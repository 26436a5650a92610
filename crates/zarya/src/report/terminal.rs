//! The answer on one screen: at most 24 lines of 100 columns.

use super::words;
use std::fmt::Write as _;
use zarya_assessment::assessment::Assessment;

const WIDTH: usize = 100;
/// Conditions shown; the others are in the report and the JSON answer.
const CONDITIONS_MAX: usize = 5;

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
        push(&mut out, &format!("PARTIAL: the run was stopped after {done} histories."), 1);
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
    push(&mut out, &asked, 1);

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
        ("transport", s.crew_transport.mean),
        ("medical", s.medical.mean),
        ("debris", s.debris.mean),
        ("fire, toxic, collision", s.fire_toxic_collision.mean),
    ];
    let split = split.map(|(name, p)| format!("{name} {}", words::probability(p)));
    push(&mut out, &format!("Against each owner alone: {}", split.join(", ")), 1);

    let n = answer.conditions.len();
    if n != 0 {
        let shown = CONDITIONS_MAX.min(n);
        let _ = writeln!(out, "\nWithdrawn alone, the headline ({shown} of {n} conditions)");
        for c in answer.conditions.iter().take(shown) {
            let change = words::change(c.drop, c.standard_error).replace('\u{a0}', " ");
            let to = words::probability(c.without);
            let _ = writeln!(out, "  {:<32}{change:<34}to {to}", c.id);
        }
    }
    out.push('\n');

    let e = &answer.end_states;
    let ends = [
        ("nominal", e.nominal),
        ("reduced", e.reduced),
        ("lifeboat gap", e.loss_of_escape_vehicle),
        ("de-crewed", e.de_crewed),
        ("station lost", e.loss_of_station),
        ("crew lost", e.loss_of_crew),
    ];
    let ends = ends.map(|(name, share)| format!("{name} {}", words::percent(share)));
    push(&mut out, &format!("Futures: {}", ends.join(", ")), 2);
    let causes = answer.first_causes.iter().filter(|c| c.tier == "crewed").take(2);
    let causes: Vec<String> = causes
        .map(|c| {
            let root = if c.root == c.cause { String::new() } else { format!(" ({})", c.root) };
            format!("{} {}{root}", words::percent(c.share), c.cause)
        })
        .collect();
    if !causes.is_empty() {
        push(&mut out, &format!("What empties it first: {}", causes.join("; ")), 2);
    }
    if let Some(entry) = &answer.ledger.first_break {
        let disputed = if entry.basis == "disputed" { " (disputed)" } else { "" };
        let of = if entry.of.is_empty() { String::new() } else { format!(" ({})", entry.of) };
        push(&mut out, &format!("On paper: {}{disputed}: {}{of}", entry.date, entry.what), 1);
    }
    if !answer.record.is_empty() {
        let inside = answer.record.iter().filter(|row| row.inside).count();
        let n = answer.record.len();
        let what = "observed values inside the predicted 5 to 95 %";
        push(&mut out, &format!("Reality check: {inside} of {n} {what}"), 1);
    }
    let p = &answer.provenance;
    let total = p.published + p.derived + p.claimed + p.assumed + p.disputed;
    let rests = format!(
        "Rests on {} assumed and {} disputed of {} values; the report names the heaviest",
        words::count(p.assumed.into()),
        words::count(p.disputed.into()),
        words::count(total.into())
    );
    push(&mut out, &rests, 1);
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

/// Appends text broken at spaces, later lines indented; an ellipsis ends what does not fit.
fn push(out: &mut String, text: &str, lines_max: usize) {
    let mut line = String::new();
    let mut lines = 1;
    for word in text.split(' ') {
        let room = if lines == lines_max { WIDTH - 1 } else { WIDTH };
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.trim().is_empty() && room < length {
            if lines == lines_max {
                line.push('\u{2026}');
                break;
            }
            let _ = writeln!(out, "{line}");
            lines += 1;
            line = format!("  {word}");
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    let _ = writeln!(out, "{line}");
}
