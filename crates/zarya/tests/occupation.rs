//! Who is aboard when, and what a claim rests on that outlasts its flights, as a whole answer says it.

#![allow(clippy::unwrap_used)] // a test that cannot go on should say where

use zarya::assess::{self, Answer};
use zarya::json::{self, json};
use zarya::{Control, Data, Refusals};

fn ask(overlay: &str, question: json::Value) -> Result<Answer, Refusals> {
    let data = Data::embedded().with_text("case.toml", overlay);
    let mut question = question;
    question["depth"] = json!("base");
    if !overlay.is_empty() {
        question["scenario"] = json!(["case.toml"]);
    }
    let question: assess::Question = json::from_value(question).unwrap();
    assess::answer(&question, &data, &Control::silent())
}

fn tiny(overlay: &str, through: &str) -> Answer {
    ask(overlay, json!({"station": "tiny", "through": through, "histories": 400})).unwrap()
}

/// The manifest of the teaching station ends with 2027.
#[test]
fn a_claim_that_outlasts_its_flights_says_so_first() {
    let within = tiny("", "2027-12-31");
    assert_eq!(within.endings, []);
    let beyond = tiny("", "2029-12-31");
    assert!(beyond.decides.starts_with("No crew flight is planned after 20"), "{}", beyond.decides);
    assert!(beyond.caveats[0].text.starts_with("No crew flight is planned after 20"));
    let said: Vec<&str> = beyond.endings.iter().map(|ending| ending.text.as_str()).collect();
    assert!(
        said.iter().any(|text| text.starts_with("No cargo flight is planned after 20")),
        "{said:?}"
    );
    // Both partners are committed for less: that is said with them.
    assert!(said.iter().any(|text| text.contains("is committed through 2028-")), "{said:?}");
}

/// The ISS's services run on to 2030, and what its partners have not committed to is a condition with a name.
#[test]
fn what_nobody_has_committed_to_is_a_condition() {
    let question = json!({"through": "2030-12-31", "histories": 100});
    let with = ask("", question.clone()).unwrap();
    let said = |answer: &Answer| -> Vec<String> {
        answer.endings.iter().map(|ending| ending.text.clone()).collect()
    };
    assert!(said(&with).iter().any(|t| t.contains("Roscosmos") && t.contains("is a condition")));
    let mut without = question;
    without["without"] = json!(["roscosmos-to-2030"]);
    let without = ask("", without).unwrap();
    assert!(said(&without).iter().any(|t| t.contains("end with that day")), "{:?}", said(&without));
    assert!(with.prior.mean > 0.2, "{}", with.prior.mean);
    assert!(without.prior.mean < 0.05, "{}", without.prior.mean);
    let claim = ask("", json!({"histories": 20})).unwrap();
    assert_eq!(claim.endings, []);
}

/// An empty station is not crewed because nobody has left it.
#[test]
fn nobody_aboard_is_not_crewed() {
    let empty = "why = \"nobody\"\n[[set]]\npath = \"docked.ferry-11.crew\"\nvalue = 0\n";
    let refused = ask(empty, json!({"station": "tiny", "histories": 20})).unwrap_err();
    let text = format!("{refused:?}");
    assert!(text.contains("NobodyAboard") && text.contains("[[phase]]"), "{text}");
    // By plan, but then nobody comes at all.
    let waiting = format!(
        "{empty}[[remove]]\npath = \"service.crew-rotation\"\n[[add]]\ntable = \"phase\"\n\
         value = {{ from = 2026-01-01, until = 2026-03-31, crew = {{ minimum = 0, nominal = 0 }} }}\n"
    );
    let answer = tiny(&waiting, "2027-12-31");
    assert_eq!(answer.prior.mean, 0.0);
    assert_eq!(tiny(&waiting, "2026-03-31").prior.mean, 1.0);
}

/// A carrier that is needed cannot help by staying away.
#[test]
fn withdrawing_the_only_crew_service_does_not_help() {
    let ground = "why = \"no ferry flies\"\n[[set]]\npath = \"vehicle.ferry.loss\"\nvalue = 1\n";
    let (with, without) = (tiny("", "2027-12-31"), tiny(ground, "2027-12-31"));
    assert!(
        without.prior.mean < 0.01 && with.prior.mean > 0.2,
        "{} {}",
        with.prior.mean,
        without.prior.mean
    );
}
