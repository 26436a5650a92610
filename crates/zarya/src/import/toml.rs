//! Words as files of a station have them.

use std::fmt::Write as _;

/// Returns a text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a name as an id: small letters, digits and `-`, 64 at most. `None` where nothing is left of it.
pub(super) fn id(name: &str) -> Option<String> {
    const LETTERS_MAX: usize = 64;
    let mut id = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    let id: String = id.trim_matches('-').chars().take(LETTERS_MAX).collect();
    let id = id.trim_matches('-');
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_and_texts_stay_themselves() {
        assert_eq!(id("Pump, N2 (spare)").as_deref(), Some("pump-n2-spare"));
        assert_eq!(id("..."), None);
        assert_eq!(id(&"x".repeat(90)).map(|id| id.len()), Some(64));
        assert_eq!(quoted("a \"b\" \\ \n"), "\"a \\\"b\\\" \\\\ \\u000A\"");
    }
}
