//! What was refused and why, in the words of a door.

use std::fmt::Write as _;
use zarya::refusal::{About, Refusals};
use zarya::station::{Diagnostic, render};

/// Returns all problems as text, each with its way out.
///
/// `typed` turns the name of a field (`final_km`) into what a user of the door types (`--final-km`), or
/// says that there is no such field. Problems of files are shown with the line they are about.
pub fn text(refusals: &Refusals, typed: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    // One problem is headed by its door; of several each has a head, as diagnostics have.
    let head = if refusals.problems.len() > 1 { "error: " } else { "" };
    let places: Vec<Diagnostic> = refusals.diagnostics().cloned().collect();
    if !places.is_empty() {
        out.push_str(&render(&places, &refusals.texts));
    }
    for problem in &refusals.problems {
        let about = match &problem.about {
            About::Place(_) => continue,
            About::Field(field) if problem.why.contains(&format!("`{field}`")) => None,
            About::Field(field) => typed(field),
            About::Text(name) => Some(name.clone()),
            _ => None,
        };
        out.push_str(head);
        if let Some(about) = about {
            let _ = write!(out, "{about}: ");
        }
        let _ = writeln!(out, "{}", in_words_of(&problem.why, typed));
        if !problem.help.is_empty() {
            let _ = writeln!(out, "  help: {}", in_words_of(&problem.help, typed));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Replaces the fields that a text names in backticks by what a user types.
pub fn in_words_of(text: &str, typed: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('`') {
        let Some((word, after)) = quoted.split_once('`') else { break };
        out.push_str(before);
        match typed(word) {
            Some(option) => out.push_str(&option),
            None => {
                let _ = write!(out, "`{word}`");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya::refusal::{Found, Kind, Refusal};

    fn typed(field: &str) -> Option<String> {
        ["final_km", "station"].contains(&field).then(|| format!("--{}", field.replace('_', "-")))
    }

    #[test]
    fn a_field_is_what_a_user_types() {
        let mut found = Found::default();
        found.add(Refusal::field("final_km", "12 is below 120").help("raise `final_km`, not `x`"));
        found.add(Refusal::field("station", "`station` and `final_km` exclude each other"));
        let text = text(&found.done().unwrap_err(), &typed);
        assert_eq!(
            text,
            "error: --final-km: 12 is below 120\n  help: raise --final-km, not `x`\n\
             error: --station and --final-km exclude each other"
        );
    }

    #[test]
    fn a_text_goes_by_its_name() {
        let about = About::Text("a.csv".into());
        let refusals = Refusals::from(Refusal::new(Kind::Unreadable, about, "no such file"));
        assert_eq!(text(&refusals, &typed), "a.csv: no such file");
    }
}
