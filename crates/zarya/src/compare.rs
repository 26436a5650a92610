//! Two answers beside each other: what changed, in words and numbers.

use crate::inputs::Inputs;
use crate::refusal::{About, Found, Refusal, Refusals};
use crate::{Control, Data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zarya_assessment::assessment::{Assessment, Owner, digest_in};
use zarya_units::words;

/// Which two answers: texts handed in, as an assessment's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The answer before.
    pub before: String,
    /// The answer after.
    pub after: String,
}

/// What changed from one answer to another.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// What to know before anything else: answers that nothing protects against an edit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Whether both say the same, digest for digest.
    pub same: bool,
    /// What was asked differently: date, seed, histories, inputs, release.
    pub asked: Vec<Change>,
    /// Verdict, first break and other words.
    pub said: Vec<Change>,
    /// Numbers, largest change in standard errors first.
    pub numbers: Vec<NumberChange>,
    /// Conditions, break-evens and other lines that only one of them has.
    pub only_in_one: Vec<String>,
    /// What a reader should keep in mind.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// A text that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What.
    pub what: String,
    /// In the first answer.
    pub before: String,
    /// In the second.
    pub after: String,
}

/// A number that changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NumberChange {
    /// What.
    pub what: String,
    /// In the first answer.
    pub before: f64,
    /// In the second.
    pub after: f64,
    /// Second minus first.
    pub change: f64,
    /// Sampling error of the change as if the two runs shared no chance; absent when an answer
    /// carries no error for it. With one seed the true error is smaller.
    pub standard_error: Option<f64>,
}

impl NumberChange {
    /// Returns whether the change exceeds twice its error, or half a percent when there is none.
    pub fn clear(&self) -> bool {
        let least = self.standard_error.map_or(0.005, |error| 2.0 * error);
        least < self.change.abs()
    }
}

/// Compares two answers that were handed in.
///
/// # Errors
///
/// When one was not handed in, is not an answer to a claim, or was changed after it was written.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, assess, compare};
///
/// let mut data = Data::embedded();
/// for (name, seed) in [("first", 1), ("second", 2)] {
///     let question = assess::Question {
///         station: Some("tiny".to_owned()),
///         histories: 40,
///         seed,
///         depth: assess::Depth::Base,
///         ..assess::Question::default()
///     };
///     let answer = assess::answer(&question, &data, &Control::silent())?;
///     data = data.with_text(name, serde_json::to_vec(&answer).unwrap());
/// }
/// let question = compare::Question { before: "first".to_owned(), after: "second".to_owned() };
/// let answer = compare::answer(&question, &data, &Control::silent())?;
/// assert!(!answer.same && answer.asked.iter().any(|change| change.what == "seed"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let mut found = Found::default();
    let before = found.keep(read(data, "before", &question.before));
    let after = found.keep(read(data, "after", &question.after));
    found.done()?;
    let (Some(before), Some(after)) = (before, after) else { unreachable!("found before") };
    let texts = [&question.before, &question.after];
    let inputs = texts.into_iter().fold(Inputs::new(), |inputs, name| {
        inputs.text(name, data.bytes(name).unwrap_or_default())
    });
    let warnings = texts.into_iter().filter_map(|name| data.warning(name));
    let mut warnings: Vec<String> = warnings.map(str::to_owned).collect();
    warnings.dedup();
    Ok(Answer { warnings, inputs, ..between(&before, &after) })
}

/// Reads an assessment that was handed in.
fn read(data: &Data, field: &str, name: &str) -> Result<Assessment, Refusals> {
    parse(name, data.text(field, name)?.as_bytes())
}

/// Reads an assessment, and compares it with the digest that it carries.
pub(crate) fn parse(name: &str, text: &[u8]) -> Result<Assessment, Refusals> {
    let refused = |why: String, help: &str| {
        Refusals::from(Refusal::unanswerable(About::Question, why).help(help))
    };
    let none = |error: serde_json::Error| {
        let why = format!("{name} is not an answer as `assess` writes it in JSON: {error}");
        refused(why, "")
    };
    let answer: Assessment = serde_json::from_slice(text).map_err(none)?;
    // Over what the text holds, not over what is read of it: nothing in it goes unseen.
    let found = digest_in(serde_json::from_slice(text).map_err(none)?);
    if answer.digest != found {
        let short = |digest: &str| digest.chars().take(12).collect::<String>();
        let why = format!(
            "{name} was changed after it was written: its contents have the digest {}, and it says {}",
            short(&found),
            short(&answer.digest)
        );
        return Err(refused(why, "restore it, or ask its question again"));
    }
    Ok(answer)
}

/// Compares two answers that are at hand; no text is among the inputs.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, assess, compare};
///
/// let question = assess::Question {
///     station: Some("tiny".to_owned()),
///     histories: 20,
///     depth: assess::Depth::Base,
///     ..assess::Question::default()
/// };
/// let answer = assess::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert!(compare::between(&answer, &answer).same);
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn between(before: &Assessment, after: &Assessment) -> Answer {
    let mut asked = Vec::new();
    let mut said = Vec::new();
    let text = |to: &mut Vec<Change>, what: &str, before: String, after: String| {
        if before != after {
            to.push(Change { what: what.to_owned(), before, after });
        }
    };
    let list = |texts: &[String]| {
        if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
    };
    let short = |digest: &str| digest.chars().take(12).collect::<String>();
    let (a, b) = (before, after);
    text(&mut asked, "station", a.station.name.clone(), b.station.name.clone());
    text(&mut asked, "as-of date", a.station.as_of.to_string(), b.station.as_of.to_string());
    text(
        &mut asked,
        "last day of the claim",
        a.claim.through.to_string(),
        b.claim.through.to_string(),
    );
    let threshold = |x: &Assessment| words::probability(x.claim.threshold);
    text(&mut asked, "threshold", threshold(a), threshold(b));
    text(&mut asked, "overlays", list(&a.inputs.overlays), list(&b.inputs.overlays));
    text(&mut asked, "without", list(&a.run.without), list(&b.run.without));
    let only =
        |x: &Assessment| if x.run.only_systems { "systems only" } else { "everything" }.to_owned();
    text(&mut asked, "risks", only(a), only(b));
    text(
        &mut asked,
        "station files and overlays",
        short(&a.inputs.station_digest),
        short(&b.inputs.station_digest),
    );
    text(
        &mut asked,
        "inputs with tables and engine",
        short(&a.inputs.digest),
        short(&b.inputs.digest),
    );
    text(&mut asked, "version", a.run.version.clone(), b.run.version.clone());
    text(&mut asked, "seed", a.run.seed.to_string(), b.run.seed.to_string());
    text(&mut asked, "histories", a.run.histories.to_string(), b.run.histories.to_string());

    text(&mut said, "verdict", a.verdict.words().to_owned(), b.verdict.words().to_owned());
    text(&mut said, "what decides it", a.decides.clone(), b.decides.clone());
    let first_break = |x: &Assessment| {
        let entry = x.ledger.first_break.as_ref();
        entry.map_or_else(|| "none".to_owned(), |e| format!("{}, {}", e.date, e.what))
    };
    text(&mut said, "first break on paper", first_break(a), first_break(b));

    let before = numbers(a);
    let after = numbers(b);
    let mut changed = Vec::new();
    let mut only_in_one = Vec::new();
    for (what, (x, x_error)) in &before {
        let Some((y, y_error)) = after.get(what) else {
            only_in_one.push(format!("{what}: only in the first"));
            continue;
        };
        let standard_error = x_error.zip(*y_error).map(|(e, f)| (e * e + f * f).sqrt());
        if x != y {
            let change = y - x;
            let what = what.clone();
            changed.push(NumberChange { what, before: *x, after: *y, change, standard_error });
        }
    }
    for what in after.keys().filter(|what| !before.contains_key(*what)) {
        only_in_one.push(format!("{what}: only in the second"));
    }
    let weight = |c: &NumberChange| c.change.abs() / c.standard_error.unwrap_or(0.0025).max(1e-9);
    changed.sort_by(|x, y| weight(y).total_cmp(&weight(x)).then_with(|| x.what.cmp(&y.what)));

    let mut notes = Vec::new();
    if a.run.seed == b.run.seed && a.inputs.digest != b.inputs.digest {
        notes.push(
            "both runs drew the same worlds, so the true error of a change is smaller than printed"
                .to_owned(),
        );
    }
    for (name, answer) in [("first", a), ("second", b)] {
        if !answer.run.complete {
            notes.push(format!("the {name} answer is partial: its run was interrupted"));
        }
    }
    let same = a.digest == b.digest && changed.is_empty() && asked.is_empty() && said.is_empty();
    let (warnings, inputs) = (Vec::new(), Inputs::new());
    Answer { warnings, same, asked, said, numbers: changed, only_in_one, notes, inputs }
}

/// The numbers of an answer by name, each with its sampling error if it has one.
fn numbers(answer: &Assessment) -> BTreeMap<String, (f64, Option<f64>)> {
    let mut numbers = BTreeMap::new();
    let mut add = |what: String, value: f64, error: Option<f64>| {
        numbers.insert(what, (value, error));
    };
    let p = &answer.probability;
    add("crewed (headline)".into(), p.mean, Some(p.standard_error));
    add("band, low end".into(), p.low, None);
    add("band, high end".into(), p.high, None);
    let prior = &answer.prior;
    add("crewed before the record".into(), prior.mean, Some(prior.standard_error));
    let (survives, full) = (&answer.tiers.survives, &answer.tiers.full);
    add("survives".into(), survives.mean, Some(survives.standard_error));
    add("full operation".into(), full.mean, Some(full.standard_error));
    for owner in Owner::every("") {
        let share = answer.split.of(owner);
        let what = format!("against {} alone", owner.label().name);
        add(what, share.mean, Some(share.standard_error));
    }
    let e = &answer.end_states;
    for (name, share) in [
        ("nominal", e.nominal),
        ("reduced", e.reduced),
        ("loss of escape vehicle", e.loss_of_escape_vehicle),
        ("de-crewed", e.de_crewed),
        ("loss of station", e.loss_of_station),
        ("loss of crew", e.loss_of_crew),
    ] {
        add(format!("end state {name}"), share, None);
    }
    for c in &answer.conditions {
        add(format!("drop without {}", c.id), c.drop, Some(c.standard_error));
    }
    for b in &answer.break_even {
        if let Some(factor) = b.factor {
            add(format!("break-even of {}", b.id), factor, b.factor_error);
        }
    }
    numbers
}
