//! What is wrong with a case file, shown with its place in it.

use std::fmt::Write as _;
use std::ops::Range;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    /// A stable code.
    pub(crate) code: &'static str,
    /// Where, in bytes of the file.
    pub(crate) span: Range<usize>,
    /// What.
    pub(crate) message: String,
    /// What to do; may be empty.
    pub(crate) help: String,
}

/// Returns all problems in the order of the file, each with its line and a pointer.
pub(crate) fn render(name: &str, text: &str, problems: &[Problem]) -> String {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| problem.span.start);
    let mut out = String::new();
    for problem in sorted {
        let start = problem.span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_number = text[..start].matches('\n').count() + 1;
        let line = text[line_start..].lines().next().unwrap_or("");
        let column = text[line_start..start].chars().count() + 1;
        let in_line = line_start..line_start + line.len();
        let end = problem.span.end.clamp(start, in_line.end.max(start));
        let width = text.get(start..end).map_or(1, |part| part.chars().count()).max(1);
        let margin = " ".repeat(line_number.to_string().len());
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "error[{}]: {}", problem.code, problem.message);
        let _ = writeln!(out, "{margin}--> {name}:{line_number}:{column}");
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{line_number} | {line}");
        let _ = writeln!(out, "{margin} | {}{}", " ".repeat(column - 1), "^".repeat(width));
        if !problem.help.is_empty() {
            let _ = writeln!(out, "{margin} = help: {}", problem.help);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns the known word nearest to one that is not known, if one is near.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .map(|(_, candidate)| candidate)
}

/// Number of letters to insert, remove or replace; `-`, `_` and case count as equal.
fn distance(a: &str, b: &str) -> usize {
    let plain = |text: &str| -> Vec<char> {
        text.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (plain(a), plain(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        let known = ["oxygen", "candles", "lioh-canisters"];
        assert_eq!(nearest("oxigen", &known), Some("oxygen"));
        assert_eq!(nearest("lioh_canisters", &known), Some("lioh-canisters"));
        assert_eq!(nearest("propellant", &known), None);
    }

    #[test]
    fn a_problem_points_at_its_place() {
        let text = "crew = 2\n[stocks]\noxigen = \"1 kg\"\n";
        let problem = Problem {
            code: "ZA002",
            span: 18..24,
            message: "unknown key `oxigen`".to_owned(),
            help: "the nearest is `oxygen`".to_owned(),
        };
        let shown = render("case.toml", text, &[problem]);
        assert!(shown.contains("case.toml:3:1"), "{shown}");
        assert!(shown.contains("3 | oxigen = \"1 kg\"\n  | ^^^^^^\n"), "{shown}");
    }
}
