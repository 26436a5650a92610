//! Answers about spares: tables, and charts as SVG.

use crate::columns::fitted;
use crate::refusals::in_words_of;
use std::fmt::Write as _;

pub mod allocate;
pub mod demand;
pub mod sufficiency;

/// Returns notes as lines for a terminal.
pub fn notes(notes: &[String]) -> String {
    notes.iter().fold(String::new(), |mut out, note| {
        let _ = write!(out, "{}", fitted(&format!("note: {note}")));
        out
    })
}

/// Replaces the fields of the question that notes name in backticks by what a user types. Columns of a
/// list keep their names.
pub fn notes_in_words_of(notes: &mut [String], typed: &dyn Fn(&str) -> Option<String>) {
    for note in notes.iter_mut().filter(|note| !note.starts_with("columns not used")) {
        *note = in_words_of(note, typed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_name_what_is_typed_and_columns_as_they_are() {
        let mut told = ["set `repair`".to_owned(), "columns not used: `repair`".to_owned()];
        notes_in_words_of(&mut told, &|field| (field == "repair").then(|| "--repair".to_owned()));
        assert_eq!(told, ["set --repair", "columns not used: `repair`"]);
        assert_eq!(notes(&told), "note: set --repair\nnote: columns not used: `repair`\n");
    }
}
