//! The main job: a station and a claim become an answer.
//!
//! One base ensemble answers the claim; the record weights its worlds; then the same worlds and
//! histories are run again without each condition and with scaled inputs, so that differences are
//! paired. Nothing here reads files or the clock: a door opens stations, and adds the seconds.

mod paired;
mod replays;

use crate::inputs::overlay_names;
use crate::refusal::{About, Found, Kind, Refusal, Refusals};
use crate::{Control, Data};
use paired::{Pairs, StandIns};
use replays::Replays;
use replays::another_begins_within;
pub(crate) use replays::{AFTERWARDS, RECORDED, afterwards, recorded_cases, replay};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
pub use zarya_assessment::assessment::Assessment as Answer;
use zarya_assessment::assessment::{
    ClaimSummary, Estimate, InformationValue, Inputs, RecordRow, Run, StationName, Sufficiency,
    Yardstick,
};
use zarya_assessment::break_even::{Point, Reading};
use zarya_assessment::ensemble::{self, Ensemble, Labels, Tier};
use zarya_assessment::estimate::WorldShare;
use zarya_assessment::information::{self, Asked, Line};
use zarya_assessment::ledger as dates;
use zarya_assessment::ledger::ledger;
use zarya_assessment::verdict::{self, Grounds, InputCorrelation};
use zarya_assessment::weighting::{self, Recorded};
use zarya_assessment::{caveats, estimate, outlasts, split, sufficiency, summary, yardstick};
pub use zarya_simulation::HISTORIES_PER_WORLD;
use zarya_simulation::ensemble as simulation;
use zarya_simulation::sufficiency::lasting;
use zarya_simulation::{Drawn, Outcome, Plan, PlanError, Timeline, Variant, World};
use zarya_station::Station;
use zarya_station::model::Observation;
use zarya_units::words::nearest;
use zarya_units::{Date, digest, math};

/// Histories of a default assessment.
pub const HISTORIES_DEFAULT: u32 = 10_000;
/// Histories of a quick look.
pub const HISTORIES_QUICK: u32 = 2_000;
/// Histories that may be asked for.
pub const HISTORIES: RangeInclusive<u32> = 1..=100_000_000;
/// The seed where none is named.
pub const SEED_DEFAULT: u64 = 1;
/// The largest seed: whole numbers beyond are not exact in JSON.
pub const SEED_MAX: u64 = (1 << 53) - 1;
/// Worlds that stand for all in the run of each condition, and in each run of a search.
pub const PAIRED_WORLDS: u32 = 100;
/// Worlds that stand for all in the run of each condition of a quick look.
pub const QUICK_WORLDS: u32 = 25;
/// Worlds that stand for all in the exact curves of how long spares last.
pub const SUFFICIENCY_WORLDS: u32 = 40;
/// Histories per world of the runs that the rows of the record are read off.
pub const RECORD_HISTORIES_PER_WORLD: u32 = 4;

/// What [`Control::progress`] is told is being done, in order.
pub mod stage {
    /// Histories of the base ensemble.
    pub const BASE: &str = "histories";
    /// Histories over the recorded years.
    pub const RECORD: &str = "recorded years";
    /// Histories over what came after the station's as-of date.
    pub const FORECAST: &str = "years since then";
    /// How the histories of the worlds that stand for all begin.
    pub const BEGINNINGS: &str = "recorded years of paired worlds";
    /// The same histories without each condition.
    pub const CONDITIONS: &str = "conditions withdrawn";
    /// The same histories with scaled inputs; its total is an upper bound.
    pub const BREAK_EVEN: &str = "break-evens";
}

/// A claim about a station, and how it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// A folder handed in, or the id of an embedded station; the embedded ISS where none is named.
    pub station: Option<String>,
    /// The claim's last day, inclusive; that of the station's files where none is named.
    #[schemars(with = "Option<String>")]
    pub through: Option<Date>,
    /// Histories in all, 1 to 100,000,000; 10,000 where none are named. Rounded up to whole worlds of 20.
    pub histories: u32,
    /// Seed of all random numbers, 0 to 2^53 - 1; 1 where none is named.
    pub seed: u64,
    /// Conditions withdrawn from the start, by id. Their order changes nothing.
    pub without: Vec<String>,
    /// What alone is asked of: `systems` leaves out what the files pass through from other owners (debris, crew
    /// transport, medical, fire); everything where nothing is named.
    pub only: Option<Only>,
    /// Scenarios in the order they are laid on: texts handed in, or names of the station's own.
    pub scenario: Vec<String>,
    /// Beliefs, laid on after the scenarios: texts handed in, or names of the station's own.
    pub beliefs: Vec<String>,
    /// How much is run beside the base ensemble; all of it where nothing is named.
    pub depth: Depth,
}

/// What alone is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// Station systems and supply.
    Systems,
}

/// How much is run beside the base ensemble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    /// Record, conditions and break-evens.
    #[default]
    Full,
    /// The record, and each condition once on few worlds.
    Quick,
    /// The record alone.
    Record,
    /// Nothing: the answer of the base ensemble, unweighted.
    Base,
}

impl Depth {
    /// Returns whether all of it is run.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde hands over")]
    pub(crate) fn is_full(&self) -> bool {
        *self == Self::Full
    }

    /// Returns its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Quick => "quick",
            Self::Record => "record",
            Self::Base => "base",
        }
    }
}

impl Default for Question {
    fn default() -> Self {
        Self {
            station: None,
            through: None,
            histories: HISTORIES_DEFAULT,
            seed: SEED_DEFAULT,
            without: Vec::new(),
            only: None,
            scenario: Vec::new(),
            beliefs: Vec::new(),
            depth: Depth::Full,
        }
    }
}

impl Question {
    /// Returns the overlays, scenarios first.
    pub fn overlays(&self) -> Vec<String> {
        [&self.scenario[..], &self.beliefs].concat()
    }

    /// Returns how many histories are run: whole worlds.
    pub fn whole_histories(&self) -> u32 {
        self.histories.next_multiple_of(HISTORIES_PER_WORLD)
    }

    /// Refuses what lies outside its bounds.
    pub(crate) fn check(&self) -> Result<(), Refusals> {
        let mut found = Found::default();
        let (low, high) = (f64::from(*HISTORIES.start()), f64::from(*HISTORIES.end()));
        found.within("histories", f64::from(self.histories), low..=high, "histories of one run");
        found.within("seed", self.seed as f64, 0.0..=SEED_MAX as f64, "seeds exact in JSON");
        found.done()
    }
}

/// Answers the claim of a station.
///
/// `run.threads` is what [`Control`] asks for and `run.seconds` is 0: a door, which has a clock, fills it in;
/// neither is part of the digest. Stopped early, the answer rests on what was done and says so.
///
/// # Errors
///
/// When a field lies outside its bounds, the station is not known or wrong, a condition is not there, the
/// claim's date cannot be simulated, or it was stopped before the first world was done.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, assess};
///
/// let question = assess::Question {
///     station: Some("tiny".to_owned()),
///     histories: 40,
///     depth: assess::Depth::Base,
///     ..assess::Question::default()
/// };
/// let answer = assess::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!((answer.run.worlds, answer.run.seed), (2, 1));
/// assert!(answer.probability.low <= answer.probability.mean);
///
/// let wrong = assess::Question { without: vec!["routine-maintenence".to_owned()], ..question };
/// let refused = assess::answer(&wrong, &Data::embedded(), &Control::silent()).unwrap_err();
/// assert!(refused.to_string().contains("did you mean `routine-maintenance`?"));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    question.check()?;
    let posed = Posed::open(question, data)?.0;
    let outcomes = base_ensemble(&posed, control);
    judge(&posed, &outcomes, control)
}

/// A question with what it is asked of, compiled.
pub(crate) struct Posed {
    pub(crate) station: Station,
    /// The same station under its overlays for recorded years (`scenarios/record-*.toml`), in the order of the years.
    pub(crate) cases: Vec<Station>,
    /// Their plans, by the station's own causes: what histories fly before they begin.
    pub(crate) past: Vec<Plan>,
    /// The plan of the base ensemble.
    pub(crate) plan: Plan,
    pub(crate) through: Date,
    /// Whole worlds.
    pub(crate) histories: u32,
    pub(crate) seed: u64,
    /// In alphabetical order, each once.
    pub(crate) without: Vec<String>,
    pub(crate) only_systems: bool,
    /// Names of the overlays that were laid on the station, for the reader.
    pub(crate) overlays: Vec<String>,
    pub(crate) depth: Depth,
}

/// The files of a station as they were opened, by the name a person would use for them.
pub(crate) type Texts = Vec<(String, Vec<u8>)>;

impl Posed {
    /// Opens the station of a question and compiles it; returns the files that were read, too.
    pub(crate) fn open(question: &Question, data: &Data) -> Result<(Self, Texts), Refusals> {
        let opened =
            data.believed(question.station.as_deref(), &question.scenario, &question.beliefs)?;
        let cases = recorded_cases(data, question.station.as_deref(), &question.beliefs)?;
        Ok((Self::of(opened.station, cases, question)?, opened.texts))
    }

    /// Compiles a station for a question.
    pub(crate) fn of(
        station: Station,
        cases: Vec<Station>,
        question: &Question,
    ) -> Result<Self, Refusals> {
        let through = question.through.unwrap_or(station.claim.through);
        let mut without = question.without.clone();
        without.sort();
        without.dedup();
        let only_systems = question.only.is_some();
        let variant = Variant { without: without.clone(), only_systems, ..Variant::default() };
        let mut plan = Plan::compile(&station, through, &variant).map_err(unplanned)?;
        let past = pasts(&station, &cases)?;
        if !past.is_empty() {
            let years: Vec<&str> = past.iter().map(|leg| &*leg.digest).collect();
            plan.digest = digest::of_json(&serde_json::json!([plan.digest, years]));
        }
        Ok(Self {
            station,
            cases,
            past,
            plan,
            through,
            histories: question.whole_histories(),
            seed: question.seed,
            without,
            only_systems,
            overlays: overlay_names(&question.overlays()),
            depth: question.depth,
        })
    }

    /// The plan behind those of the recorded years.
    pub(crate) fn timeline(&self) -> Timeline<'_> {
        Timeline::new(&self.past, &self.plan)
    }

    /// Returns the weight of each world before its past is looked at: exact over drawn density where counts in service update what
    /// worlds draw, 1 for all where none do.
    pub(crate) fn prior_weights(&self, worlds: u32) -> Vec<f64> {
        let log = |world| World::log_correction(&self.plan, self.seed, world);
        (0..worlds).map(|world| math::exp(log(world))).collect()
    }

    /// Returns the weight of each world by its past, as an answer has it; nothing else is flown.
    pub(crate) fn weights(&self, worlds: u32, control: &Control<'_>) -> Vec<f64> {
        if self.past.is_empty() {
            return self.prior_weights(worlds);
        }
        let total = u64::from(worlds * HISTORIES_PER_WORLD);
        let control = simulation::Control {
            threads: control.threads,
            histories_per_world: HISTORIES_PER_WORLD,
            stop: control.stop,
            progress: &|done| (control.progress)(stage::RECORD, done, total),
        };
        let missed = simulation::pasts(&self.timeline(), self.seed, 0..worlds, &control);
        let held = |world: &[u8]| world.iter().map(|legs| f64::from(u8::from(*legs == 0))).sum();
        let held: Vec<f64> = missed.chunks(HISTORIES_PER_WORLD as usize).map(held).collect();
        let before = self.prior_weights(held.len() as u32);
        held.into_iter().zip(before).map(|(held, before)| held * before).collect()
    }

    /// Runs some worlds of the base ensemble; `progress` is told of the histories done.
    pub(crate) fn run(
        &self,
        worlds: std::ops::Range<u32>,
        control: &Control<'_>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Vec<Outcome> {
        let control = simulation::Control {
            threads: control.threads,
            histories_per_world: HISTORIES_PER_WORLD,
            stop: control.stop,
            progress,
        };
        simulation::run(self.timeline(), self.seed, worlds, &control)
    }
}

/// Compiles the recorded years before a station's first day. A case within whose years another begins is not flown: it is there
/// for years that lie before the other.
fn pasts(station: &Station, cases: &[Station]) -> Result<Vec<Plan>, Refusals> {
    let own_causes = Variant { only_systems: true, ..Variant::default() };
    let before: Vec<&Station> =
        cases.iter().filter(|case| case.identity.as_of < station.identity.as_of).collect();
    let before: Vec<&Station> =
        before.iter().copied().filter(|case| !another_begins_within(case, &before)).collect();
    if before.len() > Timeline::LEGS_MAX {
        let why = format!(
            "{} spans of recorded years; at most {} are told apart",
            before.len(),
            Timeline::LEGS_MAX
        );
        let help = "put neighbouring years into one overlay `scenarios/record-*.toml`";
        return Err(Refusal::unanswerable(About::Question, why).help(help).into());
    }
    let compile = |case: &Station| Plan::compile(case, case.claim.through, &own_causes);
    before.into_iter().map(compile).collect::<Result<_, _>>().map_err(unplanned)
}

/// Refuses because a plan cannot be compiled.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub(crate) fn unplanned(error: PlanError) -> Refusals {
    let about = |field: &str| About::Field(field.to_owned());
    let why = error.to_string();
    let refusal = match &error {
        PlanError::Span(..) => Refusal::unanswerable(about("through"), why).help(
            "choose a later `through`, or a station or `scenario` with an earlier as-of date",
        ),
        PlanError::Horizon(..) => Refusal::unanswerable(about("through"), why),
        PlanError::UnknownCondition(id, known) => {
            let refusal = Refusal::unanswerable(about("without"), why);
            match nearest(id, known.iter().map(String::as_str)) {
                Some(meant) => refusal.help(format!("did you mean `{meant}`?")),
                None => refusal,
            }
        }
        PlanError::UnknownScale(_) | PlanError::TooMany(..) => {
            Refusal::unanswerable(About::Question, why)
        }
    };
    refusal.into()
}

/// Runs the base ensemble. Stopped early, only whole worlds at the end are missing.
fn base_ensemble(posed: &Posed, control: &Control<'_>) -> Vec<Outcome> {
    let total = u64::from(posed.histories);
    (control.progress)(stage::BASE, 0, total);
    let worlds = 0..posed.histories / HISTORIES_PER_WORLD;
    posed.run(worlds, control, &|done| (control.progress)(stage::BASE, done, total))
}

/// Answers from a base ensemble that is there already, such as one from a run folder or from merged
/// shards: worlds from the first on, without a gap, in order.
pub(crate) fn judge(
    posed: &Posed,
    outcomes: &[Outcome],
    control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let Posed { station, cases, plan, .. } = posed;
    if outcomes.is_empty() {
        let why = "stopped before the first world of 20 histories was done";
        return Err(Refusal::new(Kind::Stopped, About::Question, why).into());
    }
    let labels = Labels::of(plan);
    let n_worlds = outcomes.last().map_or(0, |o| o.world + 1);

    let replays = match posed.depth {
        Depth::Base => Replays::default(),
        Depth::Record | Depth::Quick | Depth::Full => {
            let legs: Vec<&Station> = cases.iter().collect();
            replay(station, &legs, posed.seed, n_worlds, control)?
        }
    };
    let before = posed.prior_weights(n_worlds);
    let weighted = !posed.past.is_empty() && posed.depth != Depth::Base;
    // Without recorded years nothing is left out: no history is copied.
    let (weights, held) =
        if weighted { weighting::held(outcomes, &before) } else { Default::default() };
    let prior = Ensemble { labels: &labels, outcomes, weights: &before };
    let base =
        if weighted { Ensemble { outcomes: &held, weights: &weights, ..prior } } else { prior };
    if base.outcomes.is_empty() {
        return Err(none_held(outcomes.len()));
    }

    let tiers = summary::tiers(&base);
    let probability = tiers.crewed;
    let split = split::split(&base, Tier::Crewed);
    let own = summary::own_line(&base, &prior);
    let power = summary::power(&split);
    let weights = base.weights;
    let effective_worlds = estimate::effective_worlds(base.worlds().map(|(weight, _)| weight));
    let first_causes = summary::first_causes(&base);
    let claim = dates::claim_summary(station, posed.through);

    let (mut conditions, mut break_even, mut ruptures) = (Vec::new(), Vec::new(), Vec::new());
    let mut paired = 0;
    let paired_worlds = match posed.depth {
        Depth::Base | Depth::Record => 0,
        Depth::Quick => QUICK_WORLDS,
        Depth::Full => PAIRED_WORLDS,
    };
    if paired_worlds > 0
        && let Some(worlds) = StandIns::of(posed, weights, paired_worlds, control)
    {
        let pairs = Pairs { posed, base, control };
        paired = worlds.histories();
        conditions = pairs.conditions(&worlds, &tiers, &own, &split)?;
        if posed.depth == Depth::Full {
            let point = |probability, standard_error| Point { probability, standard_error };
            let reading = Reading {
                all_risks: point(probability.mean, probability.standard_error),
                station: point(own.mean, own.standard_error),
            };
            break_even = pairs.break_evens(&worlds, &claim, reading)?;
            ruptures = pairs.ruptures(&worlds, &claim, reading)?;
        }
    }
    let complete =
        !control.stopped() && n_worlds >= posed.histories / HISTORIES_PER_WORLD && replays.complete;

    let drawn = drawn_inputs(plan, posed.seed, &base);
    let correlations = deciding_inputs(&drawn, &base, effective_worlds);
    let value_of_information = match posed.depth {
        Depth::Base => Vec::new(),
        Depth::Record | Depth::Quick | Depth::Full => {
            values_of_information(station, drawn, &base, claim.threshold)
        }
    };
    let verdict = verdict::verdict(&probability, &own, claim.threshold, effective_worlds);
    let endings = outlasts::endings(station, posed.through, &posed.without);
    let decides = verdict::decides(&Grounds {
        claim: &claim,
        verdict,
        probability: &probability,
        own: &own,
        perfect: power.all_risks,
        effective_worlds,
        correlations: &correlations,
        break_even: &break_even,
        conditions: &conditions,
        first_causes: &first_causes,
        endings: &endings,
    });
    let owners = split::owner_notes(station, posed.only_systems);
    let caveats = caveats::caveats(
        station,
        &caveats::Answer {
            ensemble: &base,
            break_even: &break_even,
            ruptures: &ruptures,
            split: &split,
            owners: &owners,
            correlations: &correlations,
            probability: &probability,
            effective_worlds,
            endings: &endings,
            complete,
            weighted,
        },
    );
    let leading = first_causes.iter().find(|c| c.tier == Tier::Crewed.name());
    let yardstick = history_alone(station, &claim, &probability, leading.map(|c| &*c.cause));

    let mut assessment = Answer {
        station: StationName {
            id: station.identity.id.clone(),
            name: station.identity.name.clone(),
            as_of: station.identity.as_of,
            own: Some(own),
        },
        verdict,
        decides,
        endings,
        deciding: verdict::deciding(&correlations),
        probability,
        likelihood: verdict::likelihood(probability.mean).to_owned(),
        prior: summary::tier(&prior, Tier::Crewed),
        thresholds: Some(verdict::thresholds(&probability, &own, &claim)),
        power: Some(power),
        effective_worlds,
        largest_weight: weighting::largest(weights),
        pareto_k: weighting::pareto_k(weights),
        tiers,
        split,
        owners,
        survival: summary::survival(&base),
        end_states: summary::end_states(&base),
        rungs: summary::rungs(&base),
        first_causes,
        short: summary::short(&base),
        conditions,
        break_even,
        ruptures,
        value_of_information,
        caveats,
        record: replays.rows(weights, false),
        weighting: weighed_by(posed, replays.rows(weights, true), &prior, weighted),
        consistency: weighting::consistency(&prior, &spans(posed), station.identity.crewed_since),
        yardstick,
        ledger: ledger(station, posed.through),
        series: summary::fans(&base),
        sufficiency: spares_last(posed, &base, control.threads),
        failures: summary::failures(&base),
        contingency_deorbit: summary::spread_of(&base, |o| o.deorbit_share),
        research_hours: summary::spread_of(&base, |o| o.research_h),
        counts: summary::count_spreads(&base),
        inputs: Inputs {
            digest: plan.digest.clone(),
            station_digest: station.digest.clone(),
            overlays: posed.overlays.clone(),
        },
        provenance: caveats::provenance(station),
        run: Run {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: posed.seed,
            histories: outcomes.len() as u32,
            worlds: n_worlds,
            condition_histories: paired,
            break_even_histories: paired,
            record_histories_per_world: if weighted { RECORD_HISTORIES_PER_WORLD } else { 0 },
            without: posed.without.clone(),
            only_systems: posed.only_systems,
            threads: control.threads as u32,
            seconds: 0.0,
            complete,
        },
        ensemble_digest: ensemble::digest_of(outcomes),
        digest: String::new(),
        claim,
    };
    assessment.digest = assessment.compute_digest();
    Ok(assessment)
}

/// Nothing can be said where no history makes what is known to have happened.
fn none_held(histories: usize) -> Refusals {
    let why = format!(
        "none of {histories} histories made the recorded years: in each the station was left empty by its own systems or \
         supply, where it is known to have been lived in"
    );
    let help = "the files and the record contradict each other; look at one with `explain`, or answer without the \
                record (`depth`: `base`)";
    Refusal::new(Kind::Unanswerable, About::Question, why).help(help).into()
}

/// The spans of the recorded years that histories fly before they begin.
fn spans(posed: &Posed) -> Vec<Recorded> {
    let in_view = |leg: &Plan| {
        let of_leg = |o: &&Observation| o.weight && leg.as_of <= o.from && o.through <= leg.through;
        posed.station.observations.iter().find(of_leg).and_then(|o| o.in_view.clone())
    };
    let span = |leg: &Plan| {
        let through = leg.through.min(posed.station.identity.as_of);
        Recorded { from: leg.as_of, through, in_view: in_view(leg) }
    };
    posed.past.iter().map(span).collect()
}

/// The rows that weigh worlds, each with what it does alone: the recorded span that it lies in.
fn weighed_by(
    posed: &Posed,
    mut rows: Vec<RecordRow>,
    prior: &Ensemble<'_>,
    weighted: bool,
) -> Vec<RecordRow> {
    for row in rows.iter_mut().filter(|_| weighted) {
        let within = |leg: &Recorded| leg.from <= row.from && row.through <= leg.through;
        row.alone =
            spans(posed).iter().position(within).and_then(|leg| weighting::alone(prior, leg));
    }
    rows
}

/// Computes whether the spares aboard last the resupply gap, in the worlds of the ensemble.
fn spares_last(posed: &Posed, base: &Ensemble<'_>, threads: usize) -> Sufficiency {
    let Posed { station, plan, seed, .. } = posed;
    let span_d = plan.through.mjd() + 1.0 - plan.as_of.mjd();
    let days = station.worlds.resupply_gap_d.value.min(span_d);
    let questions = sufficiency::questions(days);
    let timeline = posed.timeline();
    let exact = |worlds: &[u32], horizons| lasting(&timeline, *seed, worlds, horizons, threads);
    let all: Vec<u32> = base.worlds().map(|(_, world)| world[0].world).collect();
    let (some, weights): (Vec<u32>, Vec<f64>) =
        estimate::stand_ins(base.weights, SUFFICIENCY_WORLDS).into_iter().unzip();
    let answers = sufficiency::Answers {
        all: &exact(&all, &questions.all),
        some: &weights.into_iter().zip(exact(&some, &questions.some)).collect::<Vec<_>>(),
    };
    sufficiency::sufficiency(plan, base, days, &answers)
}

fn history_alone(
    station: &Station,
    claim: &ClaimSummary,
    probability: &Estimate,
    leading: Option<&str>,
) -> Option<Yardstick> {
    let since = station.identity.crewed_since?;
    let mut found = yardstick::yardstick(since, station.identity.as_of, claim.through)?;
    found.text = yardstick::comparison(&found, probability, leading);
    Some(found)
}

/// What the worlds of an ensemble drew: each input with a value for each world, in order.
fn drawn_inputs(plan: &Plan, seed: u64, base: &Ensemble<'_>) -> Vec<(Drawn, Vec<f64>)> {
    let mut found: Vec<(Drawn, Vec<f64>)> = Vec::new();
    for (_, world) in base.worlds() {
        for (place, (input, value)) in
            World::inputs(plan, seed, world[0].world).into_iter().enumerate()
        {
            if found.len() == place {
                found.push((input, Vec::new()));
            }
            found[place].1.push(value);
        }
    }
    found
}

/// Rank correlations of what worlds draw with the share of their histories that stay crewed;
/// only those that stand out from chance by three standard errors of a correlation.
fn deciding_inputs(
    drawn: &[(Drawn, Vec<f64>)],
    base: &Ensemble<'_>,
    effective_worlds: f64,
) -> Vec<InputCorrelation> {
    let kept = |world: &[Outcome]| world.iter().filter(|o| o.crewed.is_none()).count() as f64;
    let worlds: Vec<(f64, f64)> =
        base.worlds().map(|(weight, world)| (weight, kept(world) / world.len() as f64)).collect();
    let chance = 3.0 / effective_worlds.max(1.0).sqrt();
    let mut found = verdict::correlations(drawn, &worlds);
    found.retain(|input| input.correlation.abs() > chance);
    found
}

/// What knowing each input would be worth, for both lines.
fn values_of_information(
    station: &Station,
    drawn: Vec<(Drawn, Vec<f64>)>,
    base: &Ensemble<'_>,
    threshold: f64,
) -> Vec<InformationValue> {
    let asked: Vec<Asked> = drawn
        .into_iter()
        .map(|(input, drawn)| Asked {
            name: input.to_string(),
            who_has_it: who_has(station, &input),
            drawn,
        })
        .collect();
    let of = |(name, worlds): &(&str, Vec<WorldShare>)| {
        information::values(&Line { name, worlds }, threshold, &asked)
    };
    summary::lines(base).iter().flat_map(of).collect()
}

/// Who has the number behind an input, as far as the files say: who runs the units or the ships it is about.
fn who_has(station: &Station, input: &Drawn) -> String {
    let nobody = || "not stated in the files".to_owned();
    let name = |id: &str| {
        station
            .partners
            .iter()
            .find(|p| p.id == id)
            .map_or_else(|| id.to_owned(), |p| p.name.clone())
    };
    let of_segment = |segment: &str| {
        let mut partners: Vec<String> = station
            .elements
            .iter()
            .filter(|e| e.segment == segment)
            .map(|e| name(&e.partner))
            .collect();
        partners.sort();
        partners.dedup();
        if partners.is_empty() { nobody() } else { partners.join(", ") }
    };
    match input {
        Drawn::RatesOfSegment(segment) => of_segment(segment),
        Drawn::RateOf(unit) => station
            .orus
            .iter()
            .find(|oru| oru.name == *unit)
            .map_or_else(nobody, |oru| of_segment(&oru.segment)),
        Drawn::Value(path) => {
            let mut parts = path.split('.');
            match (parts.next(), parts.next()) {
                (Some("oru"), Some(id)) => station
                    .orus
                    .iter()
                    .find(|oru| oru.id == id)
                    .map_or_else(nobody, |oru| of_segment(&oru.segment)),
                (Some("vehicle"), Some(id)) => station
                    .vehicles
                    .iter()
                    .find(|vehicle| vehicle.id == id)
                    .map_or_else(nobody, |vehicle| name(&vehicle.partner)),
                _ => nobody(),
            }
        }
        Drawn::Rates | Drawn::RatesOfSubsystem(_) | Drawn::Repairs | Drawn::Together { .. } => {
            let mut all: Vec<String> = station.partners.iter().map(|p| p.name.clone()).collect();
            all.sort();
            format!("shared by {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
