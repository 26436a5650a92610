//! The ledger as a timeline.

use crate::terminal::{WIDTH, paragraph, wrap};
use std::fmt::Write as _;
use zarya::ledger::{Conflict, Ledger, LedgerEntry};

/// Returns the ledger as a timeline for the terminal.
pub fn text(ledger: &Ledger) -> String {
    let mut out = String::new();
    let claim = &ledger.claim;
    match &ledger.first_break {
        Some(first) => {
            let text = format!(
                "The claim through {} first breaks on paper on {}: {}, {} [{}]",
                claim.through, first.date, first.of, first.what, first.source
            );
            paragraph(&mut out, &text, "  ", 4);
            for other in &first.alternatives {
                let _ = writeln!(out, "  also published: {} [{}]", other.date, other.source);
            }
        }
        None => {
            let _ = writeln!(
                out,
                "Nothing in force lapses on paper before the claim's last day, {}.",
                claim.through
            );
        }
    }
    entries(&mut out, "Breaks: in force, and over before the claim's last day", &ledger.breaks);
    entries(
        &mut out,
        "No margin: in force through the claim's last day and no longer",
        &ledger.no_margin,
    );
    conflict_lines(&mut out, &ledger.conflicts);
    entries(&mut out, "Covers the claim: in force beyond it", &ledger.covers);
    entries(&mut out, "Warnings: break nothing", &ledger.warnings);
    entries(&mut out, "Contracts and barters", &ledger.contracts);
    out
}

fn entries(out: &mut String, head: &str, list: &[LedgerEntry]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{head}");
    let mut last = None;
    for entry in list {
        let date = if last == Some(entry.date) { " ".repeat(10) } else { entry.date.to_string() };
        last = Some(entry.date);
        let text = format!("{}: {} [{}]", entry.of, entry.what, entry.source);
        wrapped(out, &format!("  {date}  "), &text);
        let doubt = match (entry.basis.as_str(), entry.precision.as_str()) {
            ("disputed", _) => Some(entry.note.clone()),
            (_, "imprecise") => Some("date published vaguely".to_owned()),
            _ => None,
        };
        if let Some(doubt) = doubt {
            wrapped(out, &" ".repeat(14), &doubt);
        }
    }
}

fn conflict_lines(out: &mut String, conflicts: &[Conflict]) {
    if conflicts.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nConflicts: dated plans that contradict what they depend on");
    for conflict in conflicts {
        let text = format!("{} - {} [{}]", conflict.id, conflict.what, conflict.source);
        wrapped(out, &format!("  {}  ", conflict.date), &text);
    }
}

/// Text after a label, later lines under its start.
fn wrapped(out: &mut String, label: &str, text: &str) {
    let indent = " ".repeat(label.chars().count());
    for (place, part) in wrap(text, WIDTH - indent.len()).into_iter().enumerate() {
        let _ = writeln!(out, "{}{part}", if place == 0 { label } else { &indent });
    }
}
