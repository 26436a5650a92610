//! Numbers as people read them: two digits, with a thin separator, never more than is known.

pub use zarya::units::words::probability;
use zarya::units::words::{grouped, significant};

/// Returns a share in percent, two digits: `42 %`, `4.2 %`, `> 99 %`.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        "unknown".to_owned()
    } else if share <= 0.0 {
        "0 %".to_owned()
    } else if 1.0 <= share {
        "100 %".to_owned()
    } else if 0.995 < share {
        "> 99 %".to_owned()
    } else if share < 0.0001 {
        "< 0.01 %".to_owned()
    } else {
        format!("{} %", two(100.0 * share))
    }
}

/// Returns a band of probabilities, `0.71 to 0.95`.
pub fn band(low: f64, high: f64) -> String {
    format!("{} to {}", probability(low), probability(high))
}

/// Returns a number in two significant digits without exponent: `31,000`, `4.2`, `0.042`.
pub fn two(x: f64) -> String {
    significant(x, 2)
}

/// Returns a number in one significant digit, for errors.
pub fn one(x: f64) -> String {
    significant(x, 1)
}

/// Returns a count as it is, with separators.
pub fn count(n: f64) -> String {
    grouped(&format!("{n:.0}"))
}

/// Returns an observed value: whole numbers as they are, others in three digits.
pub fn observed(x: f64) -> String {
    if x == x.floor() { count(x) } else { significant(x, 3) }
}

/// Returns in words what withdrawing a condition does.
pub fn change(drop: f64, standard_error: f64) -> String {
    let error = one(standard_error);
    if drop.abs() <= 2.0 * standard_error {
        let drop = if drop.abs() < 0.1 * standard_error { "0".to_owned() } else { two(drop) };
        return format!("no clear change ({drop}\u{a0}\u{b1}\u{a0}{error})");
    }
    let verb = if drop < 0.0 { "rises" } else { "falls" };
    format!("{verb} by\u{a0}{} \u{b1}\u{a0}{error}", two(drop.abs()))
}

/// Returns an id as words: `de_crewed` as `de-crewed`, `crew-reductions` as `crew reductions`.
pub fn plain(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let words = words.replace("de crew", "de-crew").replace("mass kg", "mass, kg");
    words
        .split(' ')
        .map(|word| if word == "evas" { "EVAs" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a value of a distribution: whole numbers without decimals, others in two digits.
pub fn quantile(x: f64) -> String {
    if x == x.floor() && x.abs() < 100.0 { count(x) } else { two(x) }
}

/// Returns a mean of counts in two digits; one too small to matter is said to be that.
pub fn mean(x: f64) -> String {
    if 0.0 < x && x < 0.001 { "< 0.001".to_owned() } else { two(x) }
}

/// Returns a count with its noun: `1 date`, `2 dates`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(n as f64), if n == 1 { "" } else { "s" })
}

/// Returns text with its first letter in upper case.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Returns a text as a sentence: upper case first, a full stop last.
pub fn closed(text: &str) -> String {
    let text = sentence(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_in_two_digits() {
        let cases = [(31_415.9, "31,000"), (4.21, "4.2"), (0.0421, "0.042"), (99.6, "100")];
        for (x, text) in cases {
            assert_eq!(two(x), text);
        }
        assert_eq!(two(0.0996), "0.10");
        assert_eq!(two(-1234.0), "\u{2212}1,200");
        assert_eq!(two(0.0), "0");
        assert_eq!(two(f64::NAN), "unknown");
        assert_eq!(one(0.0042), "0.004");
        assert_eq!(count(1_234_567.0), "1,234,567");
        assert_eq!((quantile(6.0), quantile(6.5)), ("6".to_owned(), "6.5".to_owned()));
        assert_eq!(observed(3.0), "3");
        assert_eq!(observed(98_765.4), "98,800");
    }

    /// A change is said where it exceeds two of its errors, in either direction.
    #[test]
    fn a_change_is_clear_beyond_two_errors() {
        for (drop, start) in [
            (0.021, "falls by"),
            (0.019, "no clear change"),
            (0.011, "no clear change"),
            (-0.019, "no clear change"),
            (-0.021, "rises by"),
        ] {
            let text = change(drop, 0.01);
            assert!(text.starts_with(start), "{drop}: {text}");
        }
    }

    #[test]
    fn probabilities_never_claim_more_than_two_digits() {
        let cases = [
            (0.934, "0.93"),
            (0.0994, "0.099"),
            (0.0999, "0.10"),
            (0.0421, "0.042"),
            (0.0042, "< 0.01"),
            (0.9951, "> 0.99"),
            (0.0, "0"),
            (1.0, "1"),
        ];
        for (p, text) in cases {
            assert_eq!(probability(p), text, "{p}");
        }
        assert_eq!(percent(0.0042), "0.42 %");
        assert_eq!(percent(0.42), "42 %");
        assert_eq!(percent(0.999), "> 99 %");
    }

    #[test]
    fn a_change_within_its_error_is_not_called_one() {
        assert_eq!(change(0.123, 0.004), "falls by\u{a0}0.12 \u{b1}\u{a0}0.004");
        assert_eq!(change(-0.03, 0.01), "rises by\u{a0}0.030 \u{b1}\u{a0}0.01");
        assert_eq!(change(0.01, 0.006), "no clear change (0.010\u{a0}\u{b1}\u{a0}0.006)");
        assert_eq!(plain("de_crewed"), "de-crewed");
        assert_eq!(plain("de-crewings"), "de-crewings");
        assert_eq!(plain("loss_of_crew"), "loss of crew");
    }
}
