//! What leaves as a page or picture: no character in it acts, and XML allows each.

use std::fmt::Write as _;

/// Returns a document with every character that would act written as its number. Pages and pictures pass
/// here as a whole, so that no name has to be thought of.
pub(crate) fn clean(document: String) -> String {
    let acts = |c: char| c == '\u{fffe}' || c == '\u{ffff}';
    if matches!(zarya::text::clean(&document), std::borrow::Cow::Borrowed(_))
        && !document.contains(acts)
    {
        return document;
    }
    let mut cleaned = String::with_capacity(document.len() + 64);
    let mut alone = [0; 4];
    for c in document.chars() {
        let shown = zarya::text::clean(c.encode_utf8(&mut alone));
        if acts(c) || shown.len() != c.len_utf8() {
            // Writing to a text cannot fail.
            let _ = write!(cleaned, "&lt;U+{:04X}&gt;", u32::from(c));
        } else {
            cleaned.push(c);
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_acts_is_shown_as_text_of_the_document() {
        let page = "<p>a\u{1b}b\u{9b}c\u{202e}d\0\u{ffff}</p>\n\t".to_owned();
        assert_eq!(
            clean(page),
            "<p>a&lt;U+001B&gt;b&lt;U+009B&gt;c&lt;U+202E&gt;d&lt;U+0000&gt;&lt;U+FFFF&gt;</p>\n\t"
        );
        assert_eq!(clean("<p>Zarya \u{2212} Заря</p>".into()), "<p>Zarya \u{2212} Заря</p>");
    }
}
