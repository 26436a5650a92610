//! One history as prose.

use crate::{columns, words};
use std::fmt::Write as _;
use zarya::explain::{Answer, Dated, Tier, Weight};
use zarya::units::Date;

/// Returns a history as dated sentences, for the terminal; what belongs to the upkeep of any year is
/// counted from one event to the next.
pub fn text(answer: &Answer) -> String {
    told(answer, &[Weight::Upkeep])
}

/// Returns a history as [`text`] does, with planned flights and burns counted too: what is left is what
/// does not happen in any year.
pub fn brief(answer: &Answer) -> String {
    told(answer, &[Weight::Upkeep, Weight::Planned])
}

fn told(answer: &Answer, counted: &[Weight]) -> String {
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
    if answer.notes.iter().any(|dated| dated.weight == Weight::Upkeep) {
        out.push_str(
            "Upkeep is counted: units that fail with a spare aboard, are replaced, come and go.\n",
        );
    }
    let mut out = columns::fitted(&out);
    out.push('\n');
    let mut before = None;
    let mut say = |date: Date, sentence: &str| {
        let head = if before == Some(date) { String::new() } else { date.to_string() };
        out.push_str(&columns::hanging(&format!("{head:<10}  "), sentence));
        before = Some(date);
    };
    let is_event = |dated: &Dated| dated.weight == Weight::Event;
    let mut after = answer.notes.as_slice();
    for stretch in answer.notes.chunk_by(|a, b| is_event(a) == is_event(b)) {
        after = &after[stretch.len()..];
        // What stands right before an event of the same day is told with it: it may be its cause.
        let cause = match (stretch.last(), after.first()) {
            (Some(last), Some(event)) if last.date == event.date => Some(last),
            _ => None,
        };
        let is_counted = |dated: &&Dated| {
            counted.contains(&dated.weight) && !cause.is_some_and(|last| std::ptr::eq(last, *dated))
        };
        let folded: Vec<&Dated> = stretch.iter().filter(is_counted).collect();
        // One line is worth as much as its count.
        let [first, .., last] = folded.as_slice() else {
            for dated in stretch {
                say(dated.date, &dated.text);
            }
            continue;
        };
        let mut total = Some(sum(&folded, last));
        for dated in stretch {
            if !is_counted(&dated) {
                say(dated.date, &dated.text);
            } else if let Some(total) = total.take() {
                say(first.date, &total);
            }
        }
    }
    out
}

/// What counted sentences come to, up to the last of them.
fn sum(counted: &[&Dated], last: &Dated) -> String {
    let planned = counted.iter().filter(|dated| dated.weight == Weight::Planned).count();
    let of = |n: usize, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("one {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts = [
        of(counted.len() - planned, "line of upkeep", "lines of upkeep"),
        of(planned, "flight or burn as planned", "flights and burns as planned"),
    ];
    format!("To {}: {}.", last.date, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
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
    fn upkeep_is_counted_from_event_to_event_and_nothing_else_is_left_out() {
        use Weight::{Event, Planned, Upkeep};
        let answer = answer(&[Upkeep, Planned, Upkeep, Event, Upkeep, Event, Planned, Upkeep]);
        let notes = |shown: &str| -> Vec<String> {
            let (_, notes) = shown.split_once("\n\n").expect("a head and notes");
            notes.lines().map(str::to_owned).collect()
        };
        let line = |day: u32| format!("2026-01-{day:02}  Number {day}.");
        let whole = [
            "2026-01-01  To 2026-01-03: 2 lines of upkeep.".to_owned(),
            line(2),
            line(4),
            line(5),
            line(6),
            line(7),
            line(8),
        ];
        assert_eq!(notes(&text(&answer)), whole);
        let short = [
            "2026-01-01  To 2026-01-03: 2 lines of upkeep, one flight or burn as planned."
                .to_owned(),
            line(4),
            line(5),
            line(6),
            "2026-01-07  To 2026-01-08: one line of upkeep, one flight or burn as planned."
                .to_owned(),
        ];
        assert_eq!(notes(&brief(&answer)), short);
        // A failure on the day of an event may be what is behind it.
        let mut answer = answer;
        answer.notes[2].date = answer.notes[3].date;
        let shown = text(&answer);
        assert!(shown.contains("2026-01-04  Number 3.\n            Number 4."), "{shown}");
    }
}
