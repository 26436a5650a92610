//! Two answers beside each other, in words.

use crate::{columns, words};
use std::fmt::Write as _;
use zarya::compare::{Answer, Change};

/// Returns what changed from one answer to another, for the terminal.
pub fn text(answer: &Answer) -> String {
    let mut out = String::new();
    for warning in &answer.warnings {
        let _ = writeln!(out, "Warning: {warning}.");
    }
    if answer.same {
        out.push_str("The two answers are the same, digest for digest.\n");
        return columns::fitted(&out);
    }
    changes(&mut out, "What the answers say", &answer.said);
    let (clear, rest): (Vec<_>, Vec<_>) = answer.numbers.iter().partition(|c| c.clear());
    if clear.is_empty() {
        out.push_str("No number moved by more than twice its sampling error.\n");
    } else {
        out.push_str("Numbers that moved\n");
        for c in &clear {
            let verb = if c.change < 0.0 { "falls" } else { "rises" };
            let by = words::two(c.change.abs());
            let (x, y) = (words::two(c.before), words::two(c.after));
            let error = c.standard_error.map(words::one);
            let error = error.map_or_else(String::new, |error| format!(" (\u{b1} {error})"));
            let _ = writeln!(out, "  {} {verb} by {by}, from {x} to {y}{error}", c.what);
        }
    }
    if !rest.is_empty() {
        let _ = writeln!(out, "  and {} that moved within their error", rest.len());
    }
    changes(&mut out, "What was asked", &answer.asked);
    for line in &answer.only_in_one {
        let _ = writeln!(out, "  {line}");
    }
    for note in &answer.notes {
        let _ = writeln!(out, "Note: {note}.");
    }
    columns::fitted(&out)
}

fn changes(out: &mut String, head: &str, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(out, "{head}");
    for c in changes {
        let _ = writeln!(out, "  {}: {} -> {}", c.what, c.before, c.after);
    }
}
