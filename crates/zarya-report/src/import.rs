//! What became of lists, in words.

use crate::columns;
use crate::words::counted;
use std::fmt::Write as _;
use zarya::import::Answer;

/// Returns what was imported, for the terminal.
///
/// `folder` is the station's, `written` whether the files are there.
pub fn text(answer: &Answer, folder: &str, written: bool) -> String {
    let parts = [(answer.units, "unit type"), (answer.flights, "flight")];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| counted(*n as usize, noun));
    let mut out =
        format!("{} become part of {folder}\n\n", parts.collect::<Vec<_>>().join(" and "));
    for file in &answer.files {
        let verb = match (written, file.replaces) {
            (true, true) => "rewritten",
            (true, false) => "written",
            (false, true) => "to be rewritten",
            (false, false) => "to be written",
        };
        let _ = writeln!(out, "  {:<28}{verb}", file.name);
    }
    if !answer.assumed.is_empty() {
        out.push_str("\nAssumed, because no list says it: state it where it is known\n");
        for a in &answer.assumed {
            let of = counted(a.units as usize, "unit type");
            let _ = writeln!(out, "  {:<14}{:<7} of {of}: {}", a.key, a.value, a.why);
        }
    }
    if !answer.notes.is_empty() {
        out.push('\n');
    }
    for note in &answer.notes {
        let _ = writeln!(out, "Note: {note}.");
    }
    let warnings = match answer.warnings {
        0 => "without a warning".to_owned(),
        n => format!("with {}: see `zarya check {folder}`", counted(n as usize, "warning")),
    };
    let _ = writeln!(out, "\nThe station loads, {warnings}.");
    columns::fitted(&out)
}
