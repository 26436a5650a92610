//! The main job: a station and a claim become an answer.
//!
//! One base ensemble answers the claim; the record weights its worlds; then the same worlds and
//! histories are run again without each condition and with scaled inputs, so that differences are
//! paired. Nothing here reads files or the clock: the caller opens stations, and adds the seconds.

mod paired;
mod replays;

use crate::Control;
use paired::Pairs;
pub use replays::{Replays, afterwards, recorded_cases, replay};
use std::sync::atomic::Ordering;
use zarya_assessment::assessment::{
    Assessment, ClaimSummary, Estimate, Inputs, Run, StationName, Sufficiency, Yardstick,
};
use zarya_assessment::ensemble::{self, Ensemble, Labels, Tier};
use zarya_assessment::ledger as dates;
use zarya_assessment::ledger::ledger;
use zarya_assessment::verdict::{self, Grounds, InputCorrelation};
use zarya_assessment::{caveats, estimate, split, sufficiency, summary, yardstick};
use zarya_simulation::ensemble as simulation;
use zarya_simulation::sufficiency::lasting;
use zarya_simulation::{HISTORIES_PER_WORLD, Outcome, Plan, PlanError, Variant, World};
use zarya_station::Station;
use zarya_units::Date;

/// Histories of a default assessment.
pub const HISTORIES_DEFAULT: u32 = 10_000;
/// Worlds that stand for all in the run of each condition.
pub const CONDITION_WORLDS: u32 = 100;
/// Worlds that stand for all in each run of a break-even search.
pub const BREAK_EVEN_WORLDS: u32 = 100;
/// Worlds that stand for all in the exact curves of how long spares last.
pub const SUFFICIENCY_WORLDS: u32 = 40;
/// Histories per world of the runs over the record.
pub const RECORD_HISTORIES_PER_WORLD: u32 = 4;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The claim's last day, inclusive.
    pub through: Date,
    /// Histories in all; rounded up to whole worlds of twenty.
    pub histories: u32,
    /// Seed.
    pub seed: u64,
    /// Conditions withdrawn from the start, by id.
    pub without: Vec<String>,
    /// Whether only the systems' own risks are on.
    pub only_systems: bool,
    /// Threads; 0 for as many as the machine offers. Does not change a byte of the answer.
    pub threads: usize,
    /// Names of the overlays that were laid on the station, for the reader.
    pub overlays: Vec<String>,
    /// How much is run beside the base ensemble.
    pub depth: Depth,
}

/// How much is run beside the base ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Record, conditions and break-evens.
    Full,
    /// The record alone.
    Record,
    /// Nothing: the answer of the base ensemble, unweighted.
    Base,
}

/// A stage of an assessment, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Histories of the base ensemble.
    Base,
    /// Histories over the recorded years.
    Record,
    /// The same histories without each condition.
    Conditions,
    /// The same histories with scaled inputs; its total is an upper bound.
    BreakEven,
}

impl Stage {
    /// Returns what is being done, for a progress bar.
    pub fn text(self) -> &'static str {
        match self {
            Self::Base => "histories",
            Self::Record => "recorded years",
            Self::Conditions => "conditions withdrawn",
            Self::BreakEven => "break-evens",
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssessError {
    /// The station cannot be compiled for this claim.
    Plan(PlanError),
    /// Stopped before the first world was done.
    Nothing,
}

impl std::fmt::Display for AssessError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Nothing => f.write_str("stopped before the first world of 20 histories was done"),
        }
    }
}

impl std::error::Error for AssessError {}

impl From<PlanError> for AssessError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

/// Returns the plan of the base ensemble.
///
/// # Errors
///
/// [`AssessError::Plan`].
pub fn base_plan(station: &Station, settings: &Settings) -> Result<Plan, AssessError> {
    let variant = Variant {
        without: settings.without.clone(),
        only_systems: settings.only_systems,
        scales: Vec::new(),
    };
    Ok(Plan::compile(station, settings.through, &variant)?)
}

/// Returns the number of whole worlds that hold so many histories, at least one.
pub fn worlds_for(histories: u32) -> u32 {
    histories.div_ceil(HISTORIES_PER_WORLD).max(1)
}

/// Runs the base ensemble of `plan`. Stopped early, only whole worlds at the end are missing.
pub fn base_ensemble(plan: &Plan, settings: &Settings, control: &Control<'_>) -> Vec<Outcome> {
    let worlds = worlds_for(settings.histories);
    let total = u64::from(worlds * HISTORIES_PER_WORLD);
    (control.progress)(Stage::Base.text(), 0, total);
    simulation::run(
        plan,
        settings.seed,
        0..worlds,
        &simulation::Control {
            threads: settings.threads,
            histories_per_world: HISTORIES_PER_WORLD,
            stop: control.stop,
            progress: &|done| (control.progress)(Stage::Base.text(), done, total),
        },
    )
}

/// Answers the claim of `station`: runs the base ensemble, then [`answer`].
///
/// `cases` are the same station under its overlays for recorded years (`scenarios/record-*.toml`).
///
/// # Errors
///
/// See [`AssessError`].
pub fn assess(
    station: &Station,
    cases: &[Station],
    settings: &Settings,
    control: &Control<'_>,
) -> Result<Assessment, AssessError> {
    let plan = base_plan(station, settings)?;
    let outcomes = base_ensemble(&plan, settings, control);
    answer(station, cases, &plan, &outcomes, settings, control)
}

/// Answers the claim of `station` from a base ensemble that is there already, such as one from a
/// run folder or from merged shards: worlds from the first on, without a gap, in order.
///
/// `run.threads` is what was asked for and `run.seconds` is 0: the caller, who has a clock, fills
/// them in; neither is part of the digest.
///
/// # Errors
///
/// See [`AssessError`].
pub fn answer(
    station: &Station,
    cases: &[Station],
    plan: &Plan,
    outcomes: &[Outcome],
    settings: &Settings,
    control: &Control<'_>,
) -> Result<Assessment, AssessError> {
    if outcomes.is_empty() {
        return Err(AssessError::Nothing);
    }
    let labels = Labels::of(plan);
    let n_worlds = outcomes.last().map_or(0, |o| o.world + 1);

    let replays = match settings.depth {
        Depth::Base => Replays::default(),
        Depth::Record | Depth::Full => {
            replay(station, cases, settings.seed, n_worlds, settings.threads, control)?
        }
    };
    let equal = vec![1.0; n_worlds as usize];
    let weights = replays.weights(n_worlds).unwrap_or_else(|| equal.clone());
    let weighted = replays.weights(n_worlds).is_some();
    let base = Ensemble { labels: &labels, outcomes, weights: &weights };
    let prior = Ensemble { weights: &equal, ..base };

    let tiers = summary::tiers(&base);
    let probability = tiers.crewed;
    let split = split::split(&base, Tier::Crewed);
    let effective_worlds = estimate::effective_worlds(base.worlds().map(|(weight, _)| weight));
    let first_causes = summary::first_causes(&base);
    let claim = dates::claim_summary(station, settings.through);

    let (mut conditions, mut break_even) = (Vec::new(), Vec::new());
    let mut paired = (0, 0);
    if settings.depth == Depth::Full {
        let pairs = Pairs { station, base, settings, control };
        let condition_worlds = estimate::stand_ins(&weights, CONDITION_WORLDS);
        let break_even_worlds = estimate::stand_ins(&weights, BREAK_EVEN_WORLDS);
        let histories = |worlds: &[(u32, f64)]| worlds.len() as u32 * HISTORIES_PER_WORLD;
        paired = (histories(&condition_worlds), histories(&break_even_worlds));
        conditions = pairs.conditions(&condition_worlds, &tiers, &split)?;
        break_even = pairs.break_evens(&break_even_worlds, &claim, &probability)?;
    }
    let complete = !control.stop.load(Ordering::Relaxed)
        && n_worlds >= worlds_for(settings.histories)
        && replays.complete;

    let correlations = deciding_inputs(plan, settings.seed, &base, effective_worlds);
    let verdict = verdict::verdict(&probability, claim.threshold, effective_worlds);
    let decides = verdict::decides(&Grounds {
        claim: &claim,
        verdict,
        probability: &probability,
        effective_worlds,
        correlations: &correlations,
        break_even: &break_even,
        conditions: &conditions,
        first_causes: &first_causes,
    });
    let owners = split::owner_notes(station, settings.only_systems);
    let caveats = caveats::caveats(
        station,
        &caveats::Answer {
            ensemble: &base,
            break_even: &break_even,
            split: &split,
            owners: &owners,
            correlations: &correlations,
            probability: &probability,
            effective_worlds,
            complete,
            weighted,
        },
    );
    let leading = first_causes.iter().find(|c| c.tier == Tier::Crewed.name());
    let yardstick = history_alone(station, &claim, &probability, leading.map(|c| &*c.cause));

    let mut assessment = Assessment {
        station: StationName {
            id: station.identity.id.clone(),
            name: station.identity.name.clone(),
            as_of: station.identity.as_of,
        },
        verdict,
        decides,
        deciding: verdict::deciding(&correlations),
        probability,
        prior: summary::tier(&prior, Tier::Crewed),
        effective_worlds,
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
        caveats,
        record: replays.rows(&weights, false),
        weighting: replays.rows(&weights, true),
        yardstick,
        ledger: ledger(station, settings.through),
        series: summary::fans(&base),
        sufficiency: spares_last(station, plan, &base, settings),
        failures: summary::failures(&base),
        contingency_deorbit: summary::spread_of(&base, |o| o.deorbit_share),
        research_hours: summary::spread_of(&base, |o| o.research_h),
        counts: summary::count_spreads(&base),
        inputs: Inputs {
            digest: plan.digest.clone(),
            station_digest: station.digest.clone(),
            overlays: settings.overlays.clone(),
        },
        provenance: caveats::provenance(station),
        run: Run {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: settings.seed,
            histories: outcomes.len() as u32,
            worlds: n_worlds,
            condition_histories: paired.0,
            break_even_histories: paired.1,
            record_histories_per_world: if weighted { RECORD_HISTORIES_PER_WORLD } else { 0 },
            without: settings.without.clone(),
            only_systems: settings.only_systems,
            threads: settings.threads as u32,
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

/// Computes whether the spares aboard last the resupply gap, in the worlds of the ensemble.
fn spares_last(
    station: &Station,
    plan: &Plan,
    base: &Ensemble<'_>,
    settings: &Settings,
) -> Sufficiency {
    let span_d = plan.through.mjd() + 1.0 - plan.as_of.mjd();
    let days = station.worlds.resupply_gap_d.value.min(span_d);
    let questions = sufficiency::questions(days);
    let exact =
        |worlds: &[u32], horizons| lasting(plan, settings.seed, worlds, horizons, settings.threads);
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

/// Rank correlations of what worlds draw with the share of their histories that stay crewed;
/// only those that stand out from chance by three standard errors of a correlation.
fn deciding_inputs(
    plan: &Plan,
    seed: u64,
    base: &Ensemble<'_>,
    effective_worlds: f64,
) -> Vec<InputCorrelation> {
    let mut names: Vec<String> = Vec::new();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    let mut worlds = Vec::new();
    for (weight, world) in base.worlds() {
        let drawn = World::inputs(plan, seed, world[0].world);
        if names.is_empty() {
            names = drawn.iter().map(|(name, _)| name.clone()).collect();
            columns = vec![Vec::new(); names.len()];
        }
        for (column, (_, value)) in columns.iter_mut().zip(drawn) {
            column.push(value);
        }
        let kept = world.iter().filter(|o| o.crewed.is_none()).count();
        worlds.push((weight, kept as f64 / world.len() as f64));
    }
    let inputs: Vec<(String, Vec<f64>)> = names.into_iter().zip(columns).collect();
    let chance = 3.0 / effective_worlds.max(1.0).sqrt();
    let mut found = verdict::correlations(&inputs, &worlds);
    found.retain(|input| input.correlation.abs() > chance);
    found
}

#[cfg(test)]
mod tests;
