//! Text that fits a terminal of 80 columns: long lines are broken between words, long names stand on a
//! line of their own. A single word that is longer stays whole.

/// Columns of a terminal.
pub const COLUMNS: usize = 80;

/// Returns the text with every longer line broken between words; what follows is indented by two more
/// than the line. Lines that fit stay as they are. A no-break space holds words together, and is a
/// space in what is returned.
pub fn fitted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        broken(&mut out, line, indent + 2);
    }
    out.replace('\u{a0}', " ")
}

/// Returns one line of a label and a text, with what does not fit under the start of the text.
pub fn hanging(label: &str, text: &str) -> String {
    let mut out = String::new();
    broken(&mut out, &format!("{label}{text}"), label.chars().count());
    out.replace('\u{a0}', " ")
}

/// Adds a line, broken between words where it is too long; what follows is indented by `hang`.
fn broken(out: &mut String, line: &str, hang: usize) {
    if line.chars().count() <= COLUMNS {
        out.push_str(line.trim_end());
    } else {
        let mut width = 0;
        // Several spaces between words are kept, but not at the end of a line.
        let mut gap = String::new();
        for word in line.split(' ') {
            let letters = word.chars().count();
            if width + gap.len() + letters > COLUMNS && width > hang {
                out.push('\n');
                gap = " ".repeat(hang);
                width = 0;
            }
            if !word.is_empty() {
                out.push_str(&gap);
                out.push_str(word);
                width += gap.len() + letters;
                gap.clear();
            }
            gap.push(' ');
        }
    }
    out.push('\n');
}

/// Returns a name as the head of a table's row: padded to `width`, or on a line of its own where it is
/// longer.
pub fn head(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        format!("{name:<width$}")
    } else {
        format!("{name}\n{:width$}", "")
    }
}

/// Returns the width of a column of names: that of the longest, within `least` and `most`.
pub fn width<'a>(names: impl Iterator<Item = &'a str>, least: usize, most: usize) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_between_words_and_lose_none() {
        let words = "a rate of 0.816 kg/d, as published; ".repeat(9);
        let text = format!("short   one\n\n  {words}\nüber {}\n", "x".repeat(90));
        let fit = fitted(&text);
        let lines: Vec<&str> = fit.lines().collect();
        assert_eq!(&lines[..2], ["short   one", ""]);
        assert!(lines[2].starts_with("  a rate") && lines[3].starts_with("    "), "{fit}");
        let (whole, broken) = lines.split_at(lines.len() - 2);
        assert!(whole.iter().all(|line| line.chars().count() <= COLUMNS), "{fit}");
        assert_eq!(broken[0], "über");
        assert!(broken[1].ends_with("xxx"));
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(plain(&fit), plain(&text));
        assert_eq!(fitted(&fit), fit);
    }

    #[test]
    fn what_follows_a_label_hangs_under_the_text() {
        let text = hanging("2026-10-10  ", &"unit fails; ".repeat(12));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("2026-10-10  unit fails;"), "{text}");
        assert!(
            lines[1].starts_with("            unit") || lines[1].starts_with("            fails")
        );
        assert!(lines.iter().all(|line| line.chars().count() <= COLUMNS), "{text}");
        assert_eq!(hanging("  why     ", "short"), "  why     short\n");
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        let text = format!("{} 0.5\u{a0}% a year", "x".repeat(76));
        assert_eq!(fitted(&text), format!("{}\n  0.5 % a year\n", "x".repeat(76)));
        assert_eq!(fitted("0.5\u{a0}%"), "0.5 %\n");
    }

    #[test]
    fn a_long_name_stands_on_a_line_of_its_own() {
        assert_eq!(head("pump", 6), "pump  ");
        assert_eq!(head("pump-motor", 6), "pump-motor\n      ");
        assert_eq!(width(["a", "über"].into_iter(), 2, 9), 4);
        assert_eq!(width([].into_iter(), 2, 9), 2);
    }
}
