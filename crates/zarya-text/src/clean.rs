//! Characters that act on a terminal or turn the order of what is read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns `text` with every character that would act instead of being read written as its number, such as
/// `<U+001B>`.
///
/// Line feeds and tabs stay. The others of Unicode's categories Cc (controls, ESC and the C1 set among them),
/// Zl and Zp go, and so do the marks that turn the direction of a text (UAX #9: `U+061C`, `U+200E`, `U+200F`,
/// `U+202A` to `U+202E`, `U+2066` to `U+2069`), the byte order mark, interlinear marks and the invisible tags.
///
/// # Examples
///
/// ```
/// assert_eq!(zarya_text::clean("Zvezda\n"), "Zvezda\n");
/// assert_eq!(zarya_text::clean("\u{1b}[2JSupported"), "<U+001B>[2JSupported");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if acts(character) {
            // Writing to a text cannot fail.
            let _ = write!(cleaned, "<U+{:04X}>", u32::from(character));
        } else {
            cleaned.push(character);
        }
    }
    Cow::Owned(cleaned)
}

/// Whether a character acts where it is shown.
fn acts(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_by_its_number_and_the_rest_stays() {
        for kept in ["", "Прогресс МС-31", "天宫", "a\tb\nc", "é\u{301}", "👩\u{200d}🚀"]
        {
            assert!(matches!(clean(kept), Cow::Borrowed(same) if same == kept));
        }
        for acting in ['\0', '\u{7}', '\r', '\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}'] {
            let shown = clean(&format!("a{acting}b")).into_owned();
            assert_eq!(shown, format!("a<U+{:04X}>b", u32::from(acting)));
            assert_eq!(clean(&shown), shown, "cleaned once is clean");
        }
    }
}
