//! Text that fits a terminal of 80 columns: long lines are broken between words, long names stand on a
//! line of their own. A single word that is longer stays whole.

/// Columns of a terminal.
pub(crate) const COLUMNS: usize = 80;

/// Returns the text with every longer line broken between words; what follows is indented by two more
/// than the line. Lines that fit stay as they are. A no-break space holds words together, and is a
/// space in what is returned.
pub(crate) fn fitted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if line.chars().count() <= COLUMNS {
            out.push_str(line.trim_end());
        } else {
            let indent = line.len() - line.trim_start().len();
            let mut width = indent;
            out.push_str(&line[..indent]);
            for (place, word) in line.split(' ').filter(|word| !word.is_empty()).enumerate() {
                let letters = word.chars().count();
                if place > 0 && width + 1 + letters > COLUMNS {
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', indent + 2));
                    width = indent + 2;
                } else if place > 0 {
                    out.push(' ');
                    width += 1;
                }
                out.push_str(word);
                width += letters;
            }
        }
        out.push('\n');
    }
    out.replace('\u{a0}', " ")
}

/// Returns a name as the head of a table's row: padded to `width`, or on a line of its own where it is
/// longer.
pub(crate) fn head(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        format!("{name:<width$}")
    } else {
        format!("{name}\n{:width$}", "")
    }
}

/// Returns the width of a column of names: that of the longest, within `least` and `most`.
pub(crate) fn width<'a>(names: impl Iterator<Item = &'a str>, least: usize, most: usize) -> usize {
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
