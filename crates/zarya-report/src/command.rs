//! A question as the command line that asks it again.

use zarya::assess::Question;
use zarya::units::Date;

/// Returns the command line that asks `question` about a claim through `through`, in whole worlds.
pub fn assess(question: &Question, through: Date) -> String {
    let mut words = vec!["zarya".to_owned(), "assess".to_owned()];
    let mut add = |flag: &str, value: String| {
        if !flag.is_empty() {
            words.push(flag.to_owned());
        }
        words.push(quoted(value));
    };
    if let Some(station) = &question.station {
        add("", station.clone());
    }
    add("--through", through.to_string());
    add("--histories", question.whole_histories().to_string());
    add("--seed", question.seed.to_string());
    for id in &question.without {
        add("--without", id.clone());
    }
    if question.only.is_some() {
        add("--only", "systems".to_owned());
    }
    for name in &question.scenario {
        add("--scenario", name.clone());
    }
    for name in &question.beliefs {
        add("--beliefs", name.clone());
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,+=@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
