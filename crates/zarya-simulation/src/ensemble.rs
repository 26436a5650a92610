//! Many histories: worlds in parallel, histories of a world in order, results in history order.

use crate::burn_in::burn_in;
use crate::course::Note;
use crate::history::{self, Engine};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::worlds::World;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Histories in one world of an ensemble.
pub const HISTORIES_PER_WORLD: u32 = 20;

/// How an ensemble is run. Nothing here changes a result.
pub struct Control<'a> {
    /// Threads; 0 for as many as the machine offers.
    pub threads: usize,
    /// Histories per world: [`HISTORIES_PER_WORLD`], fewer in runs over the record.
    pub histories_per_world: u32,
    /// Set to stop at the next world.
    pub stop: &'a AtomicBool,
    /// Called now and then with the number of histories done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Runs the histories of `worlds` under `seed` and returns them in order.
///
/// Stopped early, the result is the unbroken list of worlds from the first: no world is missing
/// before one that is there. Thread count does not change a byte.
///
/// # Panics
///
/// If no thread can be started.
pub fn run(plan: &Plan, seed: u64, worlds: Range<u32>, control: &Control<'_>) -> Vec<Outcome> {
    run_worlds(plan, seed, &worlds.collect::<Vec<u32>>(), control)
}

/// Like [`run`], for worlds that need not be neighbors.
///
/// # Panics
///
/// If no thread can be started.
pub fn run_worlds(plan: &Plan, seed: u64, worlds: &[u32], control: &Control<'_>) -> Vec<Outcome> {
    let per_world = control.histories_per_world;
    let done = AtomicU64::new(0);
    let play = |index: u32| -> Option<Vec<Outcome>> {
        if control.stop.load(Ordering::Relaxed) {
            return None;
        }
        let world = World::draw(plan, seed, index);
        let start = burn_in(plan, &world, seed);
        let mut engine = Engine::new(plan, &world, &start);
        let first = index * per_world;
        let outcomes =
            (first..first + per_world).map(|i| history::run(&mut engine, seed, i)).collect();
        let so_far = done.fetch_add(u64::from(per_world), Ordering::Relaxed);
        (control.progress)(so_far + u64::from(per_world));
        Some(outcomes)
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(control.threads)
        .build()
        .expect("threads can be started");
    let by_world: Vec<Option<Vec<Outcome>>> =
        pool.install(|| worlds.par_iter().map(|&index| play(index)).collect());
    by_world.into_iter().map_while(|world| world).flatten().collect()
}

/// Replays one history and tells it as dated sentences.
///
/// The history is the same as in any ensemble of [`HISTORIES_PER_WORLD`] under this seed.
pub fn tell(plan: &Plan, seed: u64, history: u32) -> (Outcome, Vec<Note>) {
    let world = World::draw(plan, seed, history / HISTORIES_PER_WORLD);
    let start = burn_in(plan, &world, seed);
    let mut engine = Engine::new(plan, &world, &start);
    engine.course.listen();
    let outcome = history::run(&mut engine, seed, history);
    (outcome, engine.course.take_notes())
}
