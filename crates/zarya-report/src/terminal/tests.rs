//! The answer of the teaching station fits the screen and opens with the verdict.

use super::*;
use zarya::{Control, Data, assess};

fn tiny() -> Assessment {
    let question = assess::Question {
        station: Some("tiny".to_owned()),
        histories: 400,
        seed: 7,
        ..assess::Question::default()
    };
    assess::answer(&question, &Data::embedded(), &Control::silent()).unwrap()
}

#[test]
fn answer_fits_one_screen_and_opens_with_the_verdict() {
    let mut answered = tiny();
    let text = answer(&answered, "zarya assess tiny --histories 400 --seed 7");
    assert!(text.lines().count() <= 40, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    assert!(!text.contains('\u{1b}'));
    let first = text.lines().next().unwrap();
    assert!(first.to_lowercase().starts_with(answered.verdict.words()), "{first}");

    // The longest texts still fit.
    answered.decides = "long words ".repeat(60);
    answered.station.name = "A Very Long Name of a Station ".repeat(4);
    answered.conditions = vec![
        ConditionValue {
            id: "a-condition-with-a-very-long-id-indeed-that-goes-on".into(),
            ..answered.conditions[0].clone()
        };
        30
    ];
    answered.run.complete = false;
    let command = "zarya assess --without condition ".repeat(12);
    let text = answer(&answered, command.trim_end());
    let (screen, repeat) = text.split_once("Repeat: ").unwrap();
    assert!(screen.lines().count() < 40, "{text}");
    assert_eq!(repeat.replace(" \\\n  ", " ").trim_end(), command.trim_end(), "it is never cut");
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
}

#[test]
fn ledger_is_a_timeline_of_the_entries() {
    let found = tiny().ledger;
    let text = crate::ledger::text(&found);
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    for entry in found.breaks.iter().chain(&found.covers) {
        assert!(text.contains(&entry.date.to_string()), "{text}");
    }
}

#[test]
fn numbers_do_not_claim_more_than_two_digits() {
    let texts: Vec<String> = [1.0, 0.998, 0.9, 0.0044, 0.0, -0.001].map(two).to_vec();
    assert_eq!(texts, ["1.00", ">0.99", "0.90", "<0.01", "0.00", "0.00"]);
    assert_eq!((thousands(10_000), thousands(999)), ("10,000".to_owned(), "999".to_owned()));
}

/// One type without a spare holds the station to two days; what the others last is said first, and
/// nothing is cut.
#[test]
fn what_the_other_spares_last_comes_before_the_worst_type() {
    let mut s = tiny().sufficiency;
    s.station.days = Some(2.4);
    s.station.exact = 0.43;
    let (first, rest) = s.types.split_at_mut(1);
    (first[0].days, first[0].stock) = (Some(1.7), 0.0);
    for t in rest {
        t.days = t.days.map(|d| d.max(100.0));
    }
    if let Some(last) = s.without_worst.last_mut() {
        (last.exact, last.days) = (0.84, Some(238.9));
    }
    let text = spares(&s);
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    let n = s.without_worst.len();
    assert!(
        place(&format!("0.84 (0.90 for 238 d) but for the {n} worst types"))
            < place("all types 0.43")
    );
    place(&format!("limited by {}", s.types[0].id));
    let mut out = String::new();
    paragraph(&mut out, &text, "        ", 2);
    assert!(!out.contains("...") && out.lines().count() <= 2, "{out}");
}
