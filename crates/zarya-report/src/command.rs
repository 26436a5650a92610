//! A question as the command line that asks it again.

use zarya::assess::{Depth, Question};
use zarya::units::Date;

/// What asks the same again, in the words of a door: command lines, links, calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// Asks for the same answer.
    pub answer: String,
    /// Tells one history of it, whose number stands in it as `N`.
    pub history: String,
}

/// Returns the command lines that ask `question` about a claim through `through`, in whole worlds, and that
/// tell one of its histories.
pub fn again(question: &Question, through: Date) -> Again {
    Again { answer: assess(question, through), history: explain(question, through, "N") }
}

/// Returns the command line that asks `question` about a claim through `through`, in whole worlds.
pub fn assess(question: &Question, through: Date) -> String {
    let mut line = Line::of("assess", question, through);
    line.add("--histories", &question.whole_histories().to_string());
    if question.depth == Depth::Quick {
        line.0.push("--quick".to_owned());
    }
    line.asked(question)
}

/// Returns the command line that tells a history of the ensemble that answers `question`.
pub fn explain(question: &Question, through: Date, history: &str) -> String {
    let mut line = Line::of("explain", question, through);
    line.add("--history", history);
    line.asked(question)
}

/// A command line, word by word as a shell takes them.
struct Line(Vec<String>);

impl Line {
    fn of(command: &str, question: &Question, through: Date) -> Self {
        let mut line = Self(vec!["zarya".to_owned(), command.to_owned()]);
        if let Some(station) = &question.station {
            // What begins like an option is none.
            let before = if station.starts_with('-') { "./" } else { "" };
            line.0.push(quoted(&format!("{before}{station}")));
        }
        line.add("--through", &through.to_string());
        line
    }

    fn add(&mut self, option: &str, value: &str) {
        if value.starts_with('-') {
            self.0.push(quoted(&format!("{option}={value}")));
        } else {
            self.0.extend([option.to_owned(), quoted(value)]);
        }
    }

    fn asked(mut self, question: &Question) -> String {
        self.add("--seed", &question.seed.to_string());
        for id in &question.without {
            self.add("--without", id);
        }
        if question.only.is_some() {
            self.add("--only", "systems");
        }
        for name in &question.scenario {
            self.add("--scenario", name);
        }
        for name in &question.beliefs {
            self.add("--beliefs", name);
        }
        self.0.join(" ")
    }
}

/// A word as a shell takes it. What cannot be seen is spelled out (`$'\u202e'`), so that a line shows all it
/// does.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+=@%".contains(c);
    if word.chars().any(unseen) {
        let spelled = word.chars().map(|c| match c {
            '\'' | '\\' => format!("\\{c}"),
            c if unseen(c) && c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
            c if unseen(c) => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        });
        format!("$'{}'", spelled.collect::<String>())
    } else if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Whether a character steers a terminal or the order of others instead of showing itself.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns a command line cut at its words to lines of so many columns, as a shell takes them when they are
/// pasted together; a word that is longer stands alone.
pub(crate) fn folded(head: &str, line: &str, columns: usize) -> String {
    let mut out = String::from(head);
    let mut width = head.chars().count();
    for (at, word) in words(line).into_iter().enumerate() {
        let length = word.chars().count();
        // A space before it, and room for the mark that the line goes on.
        if at > 0 && columns < width + 1 + length + 2 {
            out.push_str(" \\\n  ");
            width = 2;
        } else if at > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out
}

/// The words of a command line, their quotes kept.
fn words(line: &str) -> Vec<&str> {
    let (mut words, mut begins, mut quote, mut escaped) = (Vec::new(), 0, None, false);
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (None | Some('$'), '\\') => escaped = true,
            (None, '\'') => quote = Some(if before == '$' { '$' } else { '\'' }),
            (Some(_), '\'') => quote = None,
            (None, ' ') => {
                words.push(&line[begins..at]);
                begins = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    words.push(&line[begins..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder from elsewhere may be named like a command.
    #[test]
    fn no_name_is_taken_for_anything_but_a_name() {
        for (name, word) in [
            ("a; rm -rf ~", "'a; rm -rf ~'"),
            ("$(id)`id`", "'$(id)`id`'"),
            ("it's\\", "'it'\\''s\\'"),
            ("two\nlines", "$'two\\x0alines'"),
            ("\u{202e}gnp\u{1b}[2J'\\", "$'\\u202egnp\\x1b[2J\\'\\\\'"),
            ("=ls", "'=ls'"),
            ("", "''"),
            ("~/x", "'~/x'"),
            ("\u{ff1b}", "'\u{ff1b}'"),
        ] {
            assert_eq!(quoted(name), word);
        }
        let question = Question {
            station: Some("--out".to_owned()),
            without: vec!["-x y".to_owned()],
            scenario: vec!["a  b".to_owned()],
            ..Question::default()
        };
        let line = explain(&question, Date::parse("2028-12-31").unwrap(), "17");
        assert_eq!(
            line,
            "zarya explain ./--out --through 2028-12-31 --history 17 --seed 1 '--without=-x y' \
             --scenario 'a  b'"
        );
        let lines = folded("Repeat: ", &line, 40);
        assert!(lines.lines().all(|line| line.chars().count() <= 40), "{lines}");
        assert_eq!(lines.replace(" \\\n  ", " "), format!("Repeat: {line}"), "nothing is lost");
    }

    #[test]
    fn what_is_repeated_is_what_was_asked() {
        let question = Question {
            station: Some("my station".to_owned()),
            histories: 50,
            without: vec!["it's".to_owned()],
            beliefs: vec!["sturdy-units".to_owned()],
            ..Question::default()
        };
        let line = assess(&question, Date::parse("2028-12-31").unwrap());
        assert_eq!(
            line,
            "zarya assess 'my station' --through 2028-12-31 --histories 60 --seed 1 \
             --without 'it'\\''s' --beliefs sturdy-units"
        );
    }
}
