//! Runs over the recorded years: the same engine, the recorded manifest, the same worlds.

use super::{RECORD_HISTORIES_PER_WORLD, stage, unplanned};
use crate::{Control, Data, Refusals};
use std::collections::BTreeMap;
use zarya_assessment::assessment::RecordRow;
use zarya_assessment::ensemble::Labels;
use zarya_assessment::record::{self, Prediction, Replay};
use zarya_simulation::ensemble as simulation;
use zarya_simulation::{Outcome, Plan, Variant};
use zarya_station::Station;
use zarya_station::model::{Asks, Observation};
use zarya_units::Date;

/// What the names of a station's own overlays for recorded years begin with.
pub(crate) const RECORDED: &str = "scenarios/record-";
/// What the names of those for what came after its as-of date begin with.
pub(crate) const AFTERWARDS: &str = "scenarios/after-";

/// What worlds predict for the observations of a station.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replays {
    predictions: Vec<(Observation, Prediction)>,
    /// False when it was stopped before all runs were done.
    pub(crate) complete: bool,
}

impl Replays {
    /// Returns the weights of `n_worlds` worlds by the record, summing to 1; `None` when nothing in
    /// the record weights them.
    pub(crate) fn weights(&self, n_worlds: u32) -> Option<Vec<f64>> {
        if !self.predictions.iter().any(|(observation, _)| observation.weight) {
            return None;
        }
        let predictions: Vec<(&Observation, Prediction)> =
            self.predictions.iter().map(|(o, p)| (o, p.clone())).collect();
        let mut weights = record::weights(&predictions);
        weights.resize(n_worlds as usize, 0.0);
        Some(weights)
    }

    /// Returns the lines of the record: those scored, or those that weighted the worlds.
    pub(crate) fn rows(&self, weights: &[f64], weighting: bool) -> Vec<RecordRow> {
        self.predictions
            .iter()
            .filter(|(observation, _)| observation.weight == weighting)
            .map(|(observation, prediction)| record::row(observation, prediction, weights))
            .collect()
    }
}

/// Opens the station once more under each of its overlays for recorded years
/// (`scenarios/record-*.toml`), in the order of their names.
///
/// # Errors
///
/// See [`Data::station`].
pub(crate) fn recorded_cases(data: &Data, station: Option<&str>) -> Result<Vec<Station>, Refusals> {
    under_overlays(data, station, RECORDED)
}

/// Opens the station once more under each overlay that states what came after its as-of date
/// (`scenarios/after-*.toml`), in the order of their names.
///
/// Only the observations of these are of use: [`replay`] them on the station itself, which knows
/// nothing of them.
///
/// # Errors
///
/// See [`Data::station`].
pub(crate) fn afterwards(data: &Data, station: Option<&str>) -> Result<Vec<Station>, Refusals> {
    under_overlays(data, station, AFTERWARDS)
}

fn under_overlays(
    data: &Data,
    station: Option<&str>,
    prefix: &str,
) -> Result<Vec<Station>, Refusals> {
    data.overlays(station)?
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(prefix))
        .map(|name| Ok(data.station(station, &[name])?.station))
        .collect()
}

/// One run over recorded years: which case, to which day.
type RunKey = (usize, Date);

/// Where the numbers of an observation come from.
struct Window {
    case: usize,
    from: Date,
    through: Date,
    /// The day before the first, when the case starts earlier.
    before: Option<Date>,
}

/// Runs the recorded cases as far as the observations of `station` ask for, on worlds
/// `0..n_worlds` of the same seed, and returns what each world predicts.
///
/// An observation is read off the latest case that starts no later than it; one that starts before
/// all cases is scaled from the first case's years. Without cases there are no predictions.
///
/// # Errors
///
/// When a case cannot be compiled.
pub(crate) fn replay(
    station: &Station,
    cases: &[Station],
    seed: u64,
    n_worlds: u32,
    control: &Control<'_>,
) -> Result<Replays, Refusals> {
    let mut replays = Replays { predictions: Vec::new(), complete: true };
    if cases.is_empty() {
        return Ok(replays);
    }
    let windows: Vec<Option<Window>> =
        station.observations.iter().map(|o| window(o, cases, &station.observations)).collect();
    let mut keys: Vec<RunKey> = windows
        .iter()
        .flatten()
        .flat_map(|w| [Some((w.case, w.through)), w.before.map(|day| (w.case, day))])
        .flatten()
        .collect();
    keys.sort_unstable();
    keys.dedup();

    let per_run = u64::from(n_worlds * RECORD_HISTORIES_PER_WORLD);
    let total = per_run * keys.len() as u64;
    let mut runs: BTreeMap<RunKey, (Labels, Vec<Outcome>)> = BTreeMap::new();
    for (place, (case, through)) in keys.into_iter().enumerate() {
        if control.stopped() {
            replays.complete = false;
            return Ok(replays);
        }
        let plan = Plan::compile(&cases[case], through, &Variant::default()).map_err(unplanned)?;
        let mut outcomes = simulation::run(
            &plan,
            seed,
            0..n_worlds,
            &simulation::Control {
                threads: control.threads,
                histories_per_world: RECORD_HISTORIES_PER_WORLD,
                stop: control.stop,
                progress: &|done| {
                    (control.progress)(stage::RECORD, per_run * place as u64 + done, total);
                },
            },
        );
        // Counts are compared; the samples of many years are let go.
        for outcome in &mut outcomes {
            outcome.samples = Vec::new();
        }
        runs.insert((case, through), (Labels::of(&plan), outcomes));
    }
    if control.stopped() {
        // A part of the worlds would be weighted against the others: better not at all.
        replays.complete = false;
        return Ok(replays);
    }

    for (observation, window) in station.observations.iter().zip(&windows) {
        let Some(window) = window else { continue };
        let (labels, whole) = &runs[&(window.case, window.through)];
        let before = window.before.and_then(|day| runs.get(&(window.case, day)));
        let replay = Replay {
            labels,
            from: window.from,
            through: window.through,
            whole,
            before: before.map(|(_, outcomes)| &outcomes[..]),
        };
        let units = match observation.what.asks() {
            Asks::Failures(id) => cases[window.case].orus.iter().find(|oru| oru.id == id),
            Asks::Count(_) | Asks::CargoMass => None,
        };
        let units = units.map(|oru| f64::from(oru.installed));
        if let Some(prediction) = record::predict(observation, &replay, units) {
            replays.predictions.push((observation.clone(), prediction));
        }
    }
    Ok(replays)
}

fn window(
    observation: &Observation,
    cases: &[Station],
    observations: &[Observation],
) -> Option<Window> {
    let starts = || cases.iter().map(|case| case.identity.as_of).enumerate();
    let latest = starts().filter(|(_, on)| *on <= observation.from).max_by_key(|(_, on)| *on);
    if let Some((case, as_of)) = latest {
        if observation.through <= as_of {
            return None;
        }
        // A case starts with its first day: nothing lies before that or the next one.
        let before =
            (observation.from > as_of.plus_days(1)).then(|| observation.from.plus_days(-1));
        let (from, through) = (observation.from, observation.through);
        return Some(Window { case, from, through, before });
    }
    let (case, as_of) = starts().min_by_key(|(_, on)| *on)?;
    let through = observations.iter().map(|o| o.through).filter(|day| *day > as_of).max()?;
    Some(Window { case, from: as_of, through, before: None })
}
