//! Runs on the same worlds and histories as the base ensemble, with one thing changed.

use super::{Control, Posed, stage, unplanned};
use crate::Refusals;
use zarya_assessment::assessment::{
    BreakEvenValue, ClaimSummary, ConditionValue, Difference, RuptureValue, Split, StationLine,
    Tiers,
};
use zarya_assessment::break_even::{self, Point, Reading};
use zarya_assessment::ensemble::{Ensemble, Labels, Tier};
use zarya_assessment::estimate::{PairedShare, difference, paired_drop, stand_ins};
use zarya_assessment::own_band;
use zarya_assessment::split;
use zarya_simulation::ensemble::{self as simulation, Beginnings};
use zarya_simulation::{HISTORIES_PER_WORLD, Outcome, Plan, Variant};
use zarya_station::model::{BreakEven, Scale};

/// Runs that a search for a break-even may make.
const RUNS_MAX: u64 = 8;
/// Runs that a search for the rates of a rupture may make.
const RUPTURE_RUNS_MAX: u64 = 9;

/// The base ensemble with what is needed to run it again.
pub(super) struct Pairs<'a> {
    pub(super) posed: &'a Posed,
    pub(super) base: Ensemble<'a>,
    pub(super) control: &'a Control<'a>,
}

/// Histories of a changed plan beside the same ones of the base ensemble.
struct Pair {
    with: Vec<Outcome>,
    without: Vec<Outcome>,
    without_labels: Labels,
    weights: Vec<f64>,
}

impl Pair {
    /// What is left of a tier that is kept with probability `mean` when nothing is changed.
    fn of(&self, tier: Tier, mean: f64) -> Difference {
        self.of_all(mean, |o| tier.breach(o).is_none())
    }

    /// The same of the headline by the station's own causes.
    fn of_station(&self, mean: f64) -> Difference {
        self.of_all(mean, |o| o.own_crewed.is_none())
    }

    fn of_all(&self, mean: f64, keeps: impl Fn(&Outcome) -> bool) -> Difference {
        let kept = self.without.iter().filter(|o| keeps(o)).count() as u32;
        difference(mean, self.drop(keeps), kept)
    }

    /// Drop of how often something is kept, with its error.
    fn drop(&self, keeps: impl Fn(&Outcome) -> bool) -> (f64, f64) {
        let kept = |world: &[Outcome]| world.iter().filter(|o| keeps(o)).count() as u32;
        let same_world = |a: &Outcome, b: &Outcome| a.world == b.world;
        let rows: Vec<PairedShare> = self
            .with
            .chunk_by(same_world)
            .zip(self.without.chunk_by(same_world))
            .map(|(with, without)| PairedShare {
                with: kept(with),
                without: kept(without),
                histories: with.len() as u32,
                weight: self.weights[with[0].world as usize],
            })
            .collect();
        paired_drop(&rows)
    }
}

impl Pairs<'_> {
    /// Returns what each condition is worth, largest drop first. Stopped early, only the
    /// conditions that were done are there.
    pub(super) fn conditions(
        &self,
        worlds: &StandIns,
        tiers: &Tiers,
        own: &StationLine,
        split: &Split,
    ) -> Result<Vec<ConditionValue>, Refusals> {
        let asked: Vec<_> = self
            .posed
            .station
            .conditions
            .iter()
            .filter(|c| !self.posed.without.contains(&c.id))
            .collect();
        let per_run = worlds.progress();
        let total = per_run * asked.len() as u64;
        let mut found = Vec::new();
        for (place, condition) in asked.into_iter().enumerate() {
            let mut variant = self.variant();
            variant.without.push(condition.id.clone());
            let before = per_run * place as u64;
            let Some(pair) = self.run(&variant, worlds, stage::CONDITIONS, (before, total))? else {
                break;
            };
            let with =
                Ensemble { labels: self.base.labels, outcomes: &pair.with, weights: &pair.weights };
            let without = Ensemble {
                labels: &pair.without_labels,
                outcomes: &pair.without,
                weights: &pair.weights,
            };
            let systems = split::systems_drop(&with, &without, Tier::Crewed);
            let kept = pair.without.iter().filter(|o| o.crewed.is_none()).count() as u32;
            let Difference { without, drop, standard_error } =
                pair.of(Tier::Crewed, tiers.crewed.mean);
            found.push(ConditionValue {
                id: condition.id.clone(),
                provided: condition.provided.clone(),
                kind: condition.kind.to_string(),
                without,
                drop,
                standard_error,
                systems: difference(split.systems.mean, systems, pair.with.len() as u32),
                survives: pair.of(Tier::Survives, tiers.survives.mean),
                full: pair.of(Tier::Full, tiers.full.mean),
                station: Some(pair.of_station(own.mean)),
                histories: pair.without.len() as u32,
                kept,
                remains: condition.remains.clone(),
                substitutes: condition.substitutes.clone(),
                may_help: condition.may_help.clone(),
            });
        }
        found.sort_by(|a, b| b.drop.total_cmp(&a.drop).then(a.id.cmp(&b.id)));
        Ok(found)
    }

    /// Returns where each input turns the verdict, nearest to its present value first. Stopped
    /// early, only the searches that were done are there.
    pub(super) fn break_evens(
        &self,
        worlds: &StandIns,
        claim: &ClaimSummary,
        base: Reading,
    ) -> Result<Vec<BreakEvenValue>, Refusals> {
        // What spares were bought for lies before the first day, from which these runs differ.
        let asked = |input: &&BreakEven| input.scale != Scale::Stocking;
        let inputs: Vec<&BreakEven> = self.posed.station.break_evens.iter().filter(asked).collect();
        let histories = worlds.histories();
        let vary = |i: usize, factor: f64| Variant {
            scales: vec![(inputs[i].scale.clone(), factor)],
            ..self.variant()
        };
        let mut found =
            self.searches((inputs.len(), RUNS_MAX), (worlds, base), vary, |i, base, run| {
                let own = own_band::own_band(&self.posed.station, &inputs[i].scale);
                break_even::search(inputs[i], own, claim.threshold, base, histories, run)
            })?;
        let distance = |value: &BreakEvenValue| {
            value
                .factor
                .filter(|f| *f > 0.0)
                .map_or(f64::INFINITY, |factor| factor.max(1.0 / factor))
        };
        found.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.id.cmp(&b.id)));
        Ok(found)
    }

    /// Returns what ruptures would do, nobody having a rate of them. Stopped early, only those that were
    /// done are there.
    pub(super) fn ruptures(
        &self,
        worlds: &StandIns,
        claim: &ClaimSummary,
        base: Reading,
    ) -> Result<Vec<RuptureValue>, Refusals> {
        let asked: Vec<_> = self
            .posed
            .station
            .elements
            .iter()
            .filter_map(|element| Some((element, element.leak.as_ref()?.rupture.as_ref()?)))
            .collect();
        let histories = worlds.histories();
        let vary = |i: usize, per_y: f64| Variant {
            ruptures: vec![(asked[i].0.id.clone(), per_y)],
            ..self.variant()
        };
        self.searches((asked.len(), RUPTURE_RUNS_MAX), (worlds, base), vary, |i, base, run| {
            let (element, rupture) = asked[i];
            let upper = base.all_risks;
            let run = |rate: f64| run(rate).map(|reading| reading.all_risks);
            let rates = break_even::ruptures(rupture.tried_per_y, claim.threshold, upper, run)?;
            Some(RuptureValue {
                element: element.id.clone(),
                name: element.name.clone(),
                upper: upper.probability,
                lower: rates.at_tried.probability,
                standard_error: rates.at_tried.standard_error,
                tried_per_y: rupture.tried_per_y,
                at_threshold_per_y: rates.at_threshold_per_y,
                at_drop_per_y: rates.at_drop_per_y,
                histories,
            })
        })
    }

    /// What the base ensemble was asked, nothing changed.
    fn variant(&self) -> Variant {
        Variant {
            without: self.posed.without.clone(),
            only_systems: self.posed.only_systems,
            ..Variant::default()
        }
    }

    /// Searches one after another, each by at most so many runs of a plan that `vary` changes by a number. Stopped
    /// early, only those that were done are there.
    fn searches<T>(
        &self,
        (n, runs_max): (usize, u64),
        (worlds, base): (&StandIns, Reading),
        vary: impl Fn(usize, f64) -> Variant,
        search: impl Fn(usize, Reading, &mut dyn FnMut(f64) -> Option<Reading>) -> Option<T>,
    ) -> Result<Vec<T>, Refusals> {
        let per_run = worlds.progress();
        let total = per_run * runs_max * n as u64;
        let mut found = Vec::new();
        for i in 0..n {
            let mut before = per_run * runs_max * i as u64;
            let mut failed = None;
            let mut run = |changed: f64| {
                let place = (before, total);
                before += per_run;
                self.read(&vary(i, changed), worlds, base, place).unwrap_or_else(|error| {
                    failed = Some(error);
                    None
                })
            };
            let value = search(i, base, &mut run);
            if let Some(error) = failed {
                return Err(error);
            }
            let Some(value) = value else { break };
            found.push(value);
        }
        Ok(found)
    }

    /// Both lines of a changed plan, by their differences to the same histories of the base ensemble; `None` when it was
    /// stopped.
    fn read(
        &self,
        variant: &Variant,
        worlds: &StandIns,
        base: Reading,
        (before, total): (u64, u64),
    ) -> Result<Option<Reading>, Refusals> {
        let pair = self.run(variant, worlds, stage::BREAK_EVEN, (before, total))?;
        let point = |found: Difference| Point {
            probability: found.without,
            standard_error: found.standard_error,
        };
        Ok(pair.map(|pair| Reading {
            all_risks: point(pair.of(Tier::Crewed, base.all_risks.probability)),
            station: point(pair.of_station(base.station.probability)),
        }))
    }

    /// Runs a changed plan on the given worlds, from where their histories begin; `None` when it was stopped before all
    /// were done.
    fn run(
        &self,
        variant: &Variant,
        stand_ins: &StandIns,
        stage: &'static str,
        (before, total): (u64, u64),
    ) -> Result<Option<Pair>, Refusals> {
        let (posed, control) = (self.posed, self.control);
        if control.stopped() {
            return Ok(None);
        }
        let plan = Plan::compile(&posed.station, posed.through, variant).map_err(unplanned)?;
        let progress = |done| (control.progress)(stage, before + done, total);
        let mut without = simulation::run_from(
            &plan,
            posed.seed,
            &stand_ins.beginnings,
            &simulation_control(control, &progress),
        );
        if without.len() < stand_ins.beginnings.histories() {
            return Ok(None);
        }
        let weights = stand_ins.weights();
        // Only breaches are compared: the samples of thousands of histories are let go.
        for outcome in &mut without {
            outcome.samples = Vec::new();
        }
        let with = self
            .base
            .outcomes
            .iter()
            .filter(|o| o.past_held())
            .filter(|o| weights.get(o.world as usize).is_some_and(|weight| *weight > 0.0))
            .map(|o| Outcome { samples: Vec::new(), ..o.clone() })
            .collect();
        Ok(Some(Pair { with, without, without_labels: Labels::of(&plan), weights }))
    }
}

/// Worlds that stand for all, and how their histories begin.
pub(super) struct StandIns {
    worlds: Vec<(u32, f64)>,
    beginnings: Beginnings,
}

impl StandIns {
    /// Takes `count` worlds that stand for all, and flies their recorded years; `None` when it was stopped.
    pub(super) fn of(
        posed: &Posed,
        weights: &[f64],
        count: u32,
        control: &Control<'_>,
    ) -> Option<Self> {
        let worlds = stand_ins(weights, count);
        let numbers: Vec<u32> = worlds.iter().map(|(world, _)| *world).collect();
        let total = worlds.len() as u64 * u64::from(HISTORIES_PER_WORLD);
        let progress = |done| (control.progress)(stage::BEGINNINGS, done, total);
        let control = simulation_control(control, &progress);
        let beginnings = simulation::beginnings(&posed.timeline(), posed.seed, &numbers, &control)?;
        Some(Self { worlds, beginnings })
    }

    /// Histories of each run.
    pub(super) fn histories(&self) -> u32 {
        self.beginnings.histories() as u32
    }

    /// What one run adds to the progress: all histories of the worlds.
    fn progress(&self) -> u64 {
        self.worlds.len() as u64 * u64::from(HISTORIES_PER_WORLD)
    }

    /// By world number; worlds that do not stand for any have none.
    fn weights(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.worlds.last().map_or(0, |world| world.0 as usize + 1)];
        for (world, weight) in &self.worlds {
            weights[*world as usize] = *weight;
        }
        weights
    }
}

fn simulation_control<'a>(
    control: &Control<'a>,
    progress: &'a (dyn Fn(u64) + Sync),
) -> simulation::Control<'a> {
    simulation::Control {
        threads: control.threads,
        histories_per_world: HISTORIES_PER_WORLD,
        stop: control.stop,
        progress,
    }
}
