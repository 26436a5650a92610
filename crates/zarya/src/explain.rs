//! One history of a station, told by date.

use crate::assess::{self, Only, Posed, SEED_DEFAULT, recorded_cases};
use crate::inputs::Inputs;
use crate::refusal::{Found, Refusals};
use crate::{Control, Data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_simulation::{Plan, ensemble};
use zarya_units::Date;

/// The largest number of a history.
pub const HISTORY_MAX: u32 = *assess::HISTORIES.end();

/// Which history of which station: that which `assess` computes under this number and seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    #[serde(default)]
    pub station: Option<String>,
    /// The claim's last day, inclusive; that of the station's files where none is named.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub through: Option<Date>,
    /// Number of the history, 0 to 100,000,000.
    pub history: u32,
    /// Seed of all random numbers, 0 to 2^53 - 1; 1 where none is named.
    #[serde(default = "seed")]
    pub seed: u64,
    /// Conditions withdrawn from the start, by id.
    #[serde(default)]
    pub without: Vec<String>,
    /// What alone is asked of, as in `assess`; everything where nothing is named.
    #[serde(default)]
    pub only: Option<Only>,
    /// Scenarios in the order they are laid on: texts handed in, or names of the station's own.
    #[serde(default)]
    pub scenario: Vec<String>,
    /// Beliefs, laid on after the scenarios: texts handed in, or names of the station's own.
    #[serde(default)]
    pub beliefs: Vec<String>,
}

fn seed() -> u64 {
    SEED_DEFAULT
}

/// One history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// Name of the station.
    pub station: String,
    /// Number of the history, from 0.
    pub history: u32,
    /// Number of its world, from 0.
    pub world: u32,
    /// Seed of world and chance.
    pub seed: u64,
    /// First day, the station's as-of date.
    #[schemars(with = "String")]
    pub from: Date,
    /// The claim's last day, inclusive.
    #[schemars(with = "String")]
    pub through: Date,
    /// How it ends: `nominal`, `reduced`, `loss_of_escape_vehicle`, `de_crewed`, `loss_of_station` or
    /// `loss_of_crew`.
    pub end_state: &'static str,
    /// SHA-256 of station, tables and engine.
    pub inputs_digest: String,
    /// What happened, by date.
    pub notes: Vec<Dated>,
    /// What was first broken, the gravest first; empty when all was kept.
    pub breaches: Vec<Breach>,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// One dated sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dated {
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// What it is to the history.
    pub weight: Weight,
    /// The sentence.
    pub text: String,
}

/// What a sentence is to its history: most of them belong to any year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Units that fail with a spare aboard, are replaced, come and go.
    Upkeep,
    /// A flight or burn as planned.
    Planned,
    /// What does not happen in any year.
    Event,
}

/// When a tier of operation was broken, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Breach {
    /// What was broken.
    pub tier: Tier,
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// What broke it.
    pub direct: String,
    /// What was behind that, in the same words when nothing was.
    pub root: String,
}

/// A tier of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Crew and station are not lost.
    Survives,
    /// Somebody is aboard, and nobody is lost.
    Crewed,
    /// Full operation.
    Full,
}

/// Tells one history.
///
/// # Errors
///
/// As [`assess::answer`].
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, explain};
///
/// let question: explain::Question =
///     serde_json::from_str(r#"{ "station": "tiny", "history": 33, "seed": 7 }"#).unwrap();
/// let answer = explain::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!((answer.history, answer.world), (33, 1));
/// assert!(answer.notes.windows(2).all(|notes| notes[0].date <= notes[1].date));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let mut found = Found::default();
    let most = f64::from(HISTORY_MAX);
    found.within("history", f64::from(question.history), 0.0..=most, "numbers of histories");
    let asked = assess::Question {
        station: question.station.clone(),
        through: question.through,
        seed: question.seed,
        without: question.without.clone(),
        only: question.only,
        scenario: question.scenario.clone(),
        beliefs: question.beliefs.clone(),
        ..assess::Question::default()
    };
    found.keep(asked.check());
    found.done()?;
    let opened = data.station(asked.station.as_deref(), &asked.overlays())?;
    let inputs = Inputs::of_station(&opened, &asked.overlays()).seed(asked.seed);
    let cases = recorded_cases(data, asked.station.as_deref(), &asked.beliefs)?;
    let posed = Posed::of(opened.station, cases, &asked)?;
    let (outcome, notes) = ensemble::tell(posed.timeline(), asked.seed, question.history);
    let (station, plan, seed) = (posed.station, posed.plan, posed.seed);
    let tiers = [
        (Tier::Survives, outcome.survives),
        (Tier::Crewed, outcome.crewed),
        (Tier::Full, outcome.full),
    ];
    let breach = |(tier, breach): (Tier, Option<zarya_simulation::outcome::Breach>)| {
        let breach = breach?;
        let (direct, root) = (breach.cause.direct, breach.cause.root);
        let date = Date::from_mjd(breach.at);
        Some(Breach { tier, date, direct: cause(&plan, direct), root: cause(&plan, root) })
    };
    Ok(Answer {
        station: station.identity.name,
        history: outcome.history,
        world: outcome.world,
        seed,
        from: plan.as_of,
        through: plan.through,
        end_state: outcome.end_state.name(),
        inputs_digest: plan.digest.clone(),
        breaches: tiers.into_iter().filter_map(breach).collect(),
        notes: notes
            .into_iter()
            .map(|note| Dated {
                date: Date::from_mjd(note.at),
                weight: match note.weight {
                    zarya_simulation::Weight::Upkeep => Weight::Upkeep,
                    zarya_simulation::Weight::Planned => Weight::Planned,
                    zarya_simulation::Weight::Event => Weight::Event,
                },
                text: note.text,
            })
            .collect(),
        caveats: vec![
            "one history shows how it can come to pass, and says nothing of how probable that is"
                .to_owned(),
        ],
        inputs,
    })
}

/// What stands for a cause, for people.
fn cause(plan: &Plan, index: u16) -> String {
    plan.causes.get(usize::from(index)).map_or_else(String::new, |cause| cause.text.clone())
}
