//! What was observed beside what is predicted, as a table.

use crate::columns;
use zarya::record::{Answer, RecordRow};

/// Returns what was observed beside what is predicted, for the terminal.
pub fn text(answer: &Answer) -> String {
    let mut text = format!(
        "The recorded years on the same engine: {} worlds, seed {}\n\n",
        answer.worlds, answer.seed
    );
    text.push_str(&line("scored", ["from", "through", "observed", "predicted 5-95 %"], true));
    let rows = |text: &mut String, rows: &[RecordRow]| {
        for row in rows {
            let (from, through) = (row.from.to_string(), row.through.to_string());
            let observed = format!("{:.0}", row.observed);
            let band = format!("{:.0} to {:.0}", row.low, row.high);
            text.push_str(&line(&row.what, [&from, &through, &observed, &band], row.inside));
        }
    };
    rows(&mut text, &answer.scored);
    text.push_str("\nworlds are weighted by these (no validation)\n");
    rows(&mut text, &answer.weighting);
    if !answer.afterwards.is_empty() {
        text.push_str("\nwhat came after the as-of date, beside the forecast of that day\n");
        rows(&mut text, &answer.afterwards);
    }
    text
}

/// A line of the table, of 80 columns at most.
fn line(what: &str, [from, through, observed, band]: [&str; 4], inside: bool) -> String {
    let name = columns::head(what, 21);
    let mark = if inside { "" } else { "  outside" };
    format!("{name} {from:<11}{through:<11}{observed:>9}  {band:>16}{mark}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_line_fits_a_terminal() {
        for what in ["avoidance-maneuvers", "a-name-of-more-than-its-column"] {
            let cells = ["2010-01-01", "2025-07-31", "123456", "123456 to 234567"];
            let text = line(what, cells, false);
            assert!(text.lines().all(|line| line.chars().count() <= columns::COLUMNS), "{text}");
            assert!(text.contains("2025-07-31    123456  123456 to 234567  outside"), "{text}");
        }
    }
}
