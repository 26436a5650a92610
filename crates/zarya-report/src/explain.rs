//! One history as prose.

use crate::{columns, words};
use std::fmt::Write as _;
use zarya::explain::{Answer, Dated, Tier, Weight};

/// Returns a history as dated sentences, for the terminal; what belongs to the upkeep of any year is
/// counted where it runs on.
pub fn text(answer: &Answer) -> String {
    told(answer, &|dated| dated.weight == Weight::Upkeep)
}

/// Returns a history as [`text`] does, with planned flights and burns counted too: what is left is what
/// does not happen in any year.
pub fn brief(answer: &Answer) -> String {
    told(answer, &|dated| dated.weight != Weight::Event)
}

fn told(answer: &Answer, folded: &dyn Fn(&Dated) -> bool) -> String {
    /// Sentences in a row that are worth a line of their own each.
    const KEPT: usize = 2;
    let mut out = format!(
        "{}: history {} of seed {}, {} through {}, ends {}.\n",
        answer.station,
        answer.history,
        answer.seed,
        answer.from,
        answer.through,
        words::plain(answer.end_state)
    );
    for breach in &answer.breaches {
        let what = match breach.tier {
            Tier::Survives => "Crew or station lost",
            Tier::Crewed => "Nobody aboard, or crew lost,",
            Tier::Full => "Full operation first broken",
        };
        let (direct, root) = (&breach.direct, &breach.root);
        let behind = if root == direct { String::new() } else { format!("; behind it: {root}") };
        let _ = writeln!(out, "{what} on {}: {direct}{behind}.", breach.date);
    }
    let mut out = columns::fitted(&out);
    out.push('\n');
    let mut before = None;
    let mut say = |date: zarya::units::Date, sentence: &str| {
        let head = if before == Some(date) { String::new() } else { date.to_string() };
        out.push_str(&columns::hanging(&format!("{head:<10}  "), sentence));
        before = Some(date);
    };
    for run in answer.notes.chunk_by(|a, b| folded(a) == folded(b)) {
        let [first, .., last] = run else {
            run.iter().for_each(|dated| say(dated.date, &dated.text));
            continue;
        };
        if folded(first) && run.len() > KEPT {
            say(first.date, &counted(run, last));
        } else {
            run.iter().for_each(|dated| say(dated.date, &dated.text));
        }
    }
    out
}

/// What a run of sentences comes to, up to the last of them.
fn counted(run: &[Dated], last: &Dated) -> String {
    let planned = run.iter().filter(|dated| dated.weight == Weight::Planned).count();
    let upkeep = run.len() - planned;
    let upkeep = match upkeep {
        0 => None,
        1 => Some("one line of upkeep".to_owned()),
        n => Some(format!("{n} lines of upkeep (units fail with a spare ready, are replaced)")),
    };
    let planned = match planned {
        0 => None,
        1 => Some("one flight or burn as planned".to_owned()),
        n => Some(format!("{n} flights and burns as planned")),
    };
    let parts: Vec<String> = upkeep.into_iter().chain(planned).collect();
    format!("Until {}: {}.", last.date, parts.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya::{Control, Data};

    fn answer(weights: &[Weight]) -> Answer {
        let question = zarya::explain::Question {
            station: Some("tiny".to_owned()),
            through: Some("2026-02-01".parse().expect("a date")),
            history: 0,
            seed: 1,
            without: Vec::new(),
            only: None,
            scenario: Vec::new(),
            beliefs: Vec::new(),
        };
        let mut answer =
            zarya::explain::answer(&question, &Data::embedded(), &Control::silent()).expect("told");
        answer.notes = weights
            .iter()
            .zip(1..)
            .map(|(weight, day)| Dated {
                date: format!("2026-01-{day:02}").parse().expect("a date"),
                weight: *weight,
                text: format!("Number {day}."),
            })
            .collect();
        answer
    }

    #[test]
    fn runs_of_upkeep_are_counted_and_nothing_else_is_left_out() {
        use Weight::{Event, Planned, Upkeep};
        let answer = answer(&[Upkeep, Upkeep, Upkeep, Event, Upkeep, Upkeep, Planned, Upkeep]);
        let shown = text(&answer);
        let (_, notes) = shown.split_once("\n\n").expect("a head and notes");
        let fails = "3 lines of upkeep (units fail with a spare ready, are replaced)";
        assert!(notes.starts_with(&format!("2026-01-01  Until 2026-01-03: {fails}.")), "{shown}");
        for day in 4..=8 {
            assert!(notes.contains(&format!("2026-01-{day:02}  Number {day}.")), "{shown}");
        }
        let shown = brief(&answer);
        assert!(shown.contains("2026-01-04  Number 4."), "{shown}");
        assert!(shown.contains("2026-01-05  Until 2026-01-08: 3 lines of upkeep"), "{shown}");
        assert!(shown.contains("one flight or burn as planned"), "{shown}");
        assert!(!shown.contains("Number 7"), "{shown}");
    }
}
