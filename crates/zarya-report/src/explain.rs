//! One history as prose.

use crate::{columns, words};
use std::fmt::Write as _;
use zarya::explain::{Answer, Tier};

/// Returns a history as dated sentences, for the terminal.
pub fn text(answer: &Answer) -> String {
    let mut out = format!(
        "{}: history {} of seed {}, {} through {}, ends {}.\n",
        answer.station,
        answer.history,
        answer.seed,
        answer.from,
        answer.through,
        words::plain(answer.end_state)
    );
    for breach in &answer.breaches {
        let what = match breach.tier {
            Tier::Survives => "Crew or station lost",
            Tier::Crewed => "Nobody aboard, or crew lost,",
            Tier::Full => "Full operation first broken",
        };
        let (direct, root) = (&breach.direct, &breach.root);
        let behind = if root == direct { String::new() } else { format!("; behind it: {root}") };
        let _ = writeln!(out, "{what} on {}: {direct}{behind}.", breach.date);
    }
    let mut out = columns::fitted(&out);
    out.push('\n');
    let mut before = None;
    for note in &answer.notes {
        let same = before == Some(note.date);
        let date = if same { String::new() } else { note.date.to_string() };
        out.push_str(&columns::hanging(&format!("{date:<10}  "), &note.text));
        before = Some(note.date);
    }
    out
}
