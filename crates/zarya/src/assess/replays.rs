//! Runs over the recorded years: the same engine, the recorded manifest, the same worlds.

use super::{RECORD_HISTORIES_PER_WORLD, stage, unplanned};
use crate::{Control, Data, Refusals};
use std::collections::BTreeSet;
use zarya_assessment::assessment::RecordRow;
use zarya_assessment::ensemble::Labels;
use zarya_assessment::record::{self, Prediction, Replay};
use zarya_simulation::ensemble::{self as simulation, Leg};
use zarya_simulation::{Plan, Variant};
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
    /// Of each prediction, the place of its observation among those asked for.
    places: Vec<usize>,
    /// False when it was stopped before all runs were done.
    pub(crate) complete: bool,
}

impl Replays {
    /// Returns what was predicted for the observation at a place among those asked for; `None` where the leg has no such
    /// unit, stock or capability, or nothing that could be counted.
    pub(crate) fn prediction(&self, place: usize) -> Option<&Prediction> {
        let at = self.places.iter().position(|known| *known == place)?;
        Some(&self.predictions[at].1)
    }

    /// Returns the lines of the record: those scored, or those that weight the worlds.
    pub(crate) fn rows(&self, weights: &[f64], weighting: bool) -> Vec<RecordRow> {
        self.predictions
            .iter()
            .filter(|(observation, p)| observation.weight == weighting && p.has_values())
            .map(|(observation, prediction)| record::row(observation, prediction, weights))
            .collect()
    }
}

/// Opens the station once more under each of its overlays for recorded years
/// (`scenarios/record-*.toml`), under the same beliefs, in the order of the years.
///
/// # Errors
///
/// See [`Data::station`].
pub(crate) fn recorded_cases(
    data: &Data,
    station: Option<&str>,
    beliefs: &[String],
) -> Result<Vec<Station>, Refusals> {
    let mut cases = under_overlays(data, station, beliefs, RECORDED)?;
    cases.sort_by_key(|case| case.identity.as_of);
    Ok(cases)
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
    under_overlays(data, station, &[], AFTERWARDS)
}

fn under_overlays(
    data: &Data,
    station: Option<&str>,
    beliefs: &[String],
    prefix: &str,
) -> Result<Vec<Station>, Refusals> {
    data.overlays(station)?
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(prefix))
        .map(|name| Ok(data.station(station, &[beliefs, &[name]].concat())?.station))
        .collect()
}

/// Where the numbers of an observation come from.
struct Window {
    leg: usize,
    from: Date,
    through: Date,
    /// The day before the first, when the leg starts earlier.
    before: Option<Date>,
}

/// Flies the legs of recorded years one after the other as far as the observations of `station` ask for, on worlds
/// `0..n_worlds` of the same seed, and returns what each world predicts.
///
/// An observation is read off the latest leg that starts no later than it; one that starts before
/// all legs is scaled from the first one's years. Without legs there are no predictions. What other owners do
/// (debris, medical, fire) happens in these runs, unlike in the years that histories fly before they begin.
///
/// # Errors
///
/// When a leg cannot be compiled.
pub(crate) fn replay(
    station: &Station,
    legs: &[&Station],
    seed: u64,
    n_worlds: u32,
    control: &Control<'_>,
) -> Result<Replays, Refusals> {
    let mut replays = Replays { complete: true, ..Replays::default() };
    let windows_of = |legs: &[&Station]| -> Vec<Option<Window>> {
        station.observations.iter().map(|o| window(o, legs, &station.observations)).collect()
    };
    let asked: BTreeSet<usize> = windows_of(legs).iter().flatten().map(|w| w.leg).collect();
    let legs: Vec<&Station> = legs
        .iter()
        .enumerate()
        .filter(|(place, leg)| asked.contains(place) || !another_begins_within(leg, legs))
        .map(|(_, leg)| *leg)
        .collect();
    let windows = windows_of(&legs);
    let Some(last) = windows.iter().flatten().map(|w| w.leg).max() else { return Ok(replays) };
    let mut days: Vec<Vec<Date>> = vec![Vec::new(); last + 1];
    for window in windows.iter().flatten() {
        days[window.leg].extend(window.before.into_iter().chain([window.through]));
    }
    let mut plans = Vec::new();
    for (leg, days) in legs.iter().copied().zip(&mut days) {
        days.sort_unstable();
        days.dedup();
        let through = days.last().copied().unwrap_or(leg.claim.through).max(leg.claim.through);
        let mut plan = Plan::compile(leg, through, &Variant::default()).map_err(unplanned)?;
        plan.measures = true;
        plans.push(plan);
    }
    let total = u64::from(n_worlds * RECORD_HISTORIES_PER_WORLD);
    let flown = simulation::fly(
        &plans.iter().zip(&days).map(|(plan, days)| Leg { plan, days }).collect::<Vec<_>>(),
        seed,
        0..n_worlds,
        &simulation::Control {
            threads: control.threads,
            histories_per_world: RECORD_HISTORIES_PER_WORLD,
            stop: control.stop,
            progress: &|done| (control.progress)(stage::RECORD, done, total),
        },
    );
    let Some(flown) = flown else {
        // A part of the worlds would be shown for all: better not at all.
        replays.complete = false;
        return Ok(replays);
    };
    let labels: Vec<Labels> = plans.iter().map(Labels::of).collect();
    for (place, (observation, window)) in station.observations.iter().zip(&windows).enumerate() {
        let Some(window) = window else { continue };
        let at = |day: Date| {
            let place = days[window.leg].binary_search(&day).expect("a day that was asked for");
            &flown[window.leg][place][..]
        };
        let replay = Replay {
            labels: &labels[window.leg],
            from: window.from,
            through: window.through,
            whole: at(window.through),
            before: window.before.map(at),
        };
        let units = match observation.what.asks() {
            Asks::Failures(id) => legs[window.leg].orus.iter().find(|oru| oru.id == id),
            Asks::Count(_)
            | Asks::CargoMass
            | Asks::RepairDays(_)
            | Asks::OutageDays(_)
            | Asks::Stock(_)
            | Asks::DockingTroubles
            | Asks::UncrewedDays
            | Asks::IsolatedElements => None,
        };
        let units = units.map(|oru| f64::from(oru.installed));
        if let Some(prediction) = record::predict(observation, &replay, units) {
            replays.predictions.push((observation.clone(), prediction));
            replays.places.push(place);
        }
    }
    Ok(replays)
}

/// Whether another case begins within the years of this one, which then stands for the years before that alone.
pub(super) fn another_begins_within(case: &Station, others: &[&Station]) -> bool {
    let years = case.identity.as_of..=case.claim.through;
    let begins = others.iter().map(|other| other.identity.as_of);
    begins.filter(|as_of| *as_of > case.identity.as_of).any(|as_of| years.contains(&as_of))
}

fn window(
    observation: &Observation,
    legs: &[&Station],
    observations: &[Observation],
) -> Option<Window> {
    let starts = || legs.iter().map(|leg| leg.identity.as_of).enumerate();
    // A leg runs for a day at least.
    let covers = |on: Date| on <= observation.from && on < observation.through;
    let latest = starts().filter(|(_, on)| covers(*on)).max_by_key(|(_, on)| *on);
    if let Some((leg, as_of)) = latest {
        // A leg starts with its first day: nothing lies before that.
        let before = (observation.from > as_of).then(|| observation.from.plus_days(-1));
        let (from, through) = (observation.from, observation.through);
        return Some(Window { leg, from, through, before });
    }
    // Neither a level nor a median scales with the span.
    let scales = observation.what.nature().adds_up();
    let (leg, as_of) = starts().min_by_key(|(_, on)| *on).filter(|_| scales)?;
    let through = observations.iter().map(|o| o.through).filter(|day| *day > as_of).max()?;
    Some(Window { leg, from: as_of, through, before: None })
}
