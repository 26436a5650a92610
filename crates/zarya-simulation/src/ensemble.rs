//! Many histories: worlds in parallel, histories of a world in order, results in history order.

use crate::course::Note;
use crate::history;
use crate::outcome::Outcome;
use crate::past::{Beginning, Timeline, in_world};
use crate::plan::Plan;
use crate::supply::Start;
use crate::worlds::HISTORIES_PER_WORLD;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use zarya_units::{Date, Mjd};

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
pub fn run<'a>(
    timeline: impl Into<Timeline<'a>>,
    seed: u64,
    worlds: Range<u32>,
    control: &Control<'_>,
) -> Vec<Outcome> {
    let timeline = timeline.into();
    let per_world = control.histories_per_world;
    let play = |index: u32| {
        in_world(&timeline, seed, index, |flying| {
            let fly = |history| {
                let begin = flying.begin(history);
                flying.fly(&begin, history)
            };
            let first = index * per_world;
            (first..first + per_world).map(fly).collect::<Vec<_>>()
        })
    };
    each_world(&worlds.collect::<Vec<u32>>(), u64::from(per_world), control, play)
        .into_iter()
        .flatten()
        .collect()
}

/// Flies the recorded years before the histories of `worlds` alone; returns by history the legs that did not go as they are known
/// to have gone, as `Outcome::past_missed` has them. Stopped early, the unbroken list from the first.
///
/// # Panics
///
/// If no thread can be started.
pub fn pasts(
    timeline: &Timeline<'_>,
    seed: u64,
    worlds: Range<u32>,
    control: &Control<'_>,
) -> Vec<u8> {
    let per_world = control.histories_per_world;
    let play = |index: u32| {
        in_world(timeline, seed, index, |flying| {
            let first = index * per_world;
            (first..first + per_world).map(|i| flying.begin(i).missed).collect::<Vec<u8>>()
        })
    };
    each_world(&worlds.collect::<Vec<u32>>(), u64::from(per_world), control, play)
        .into_iter()
        .flatten()
        .collect()
}

/// How histories of some worlds begin: by world, those whose past held, by number.
pub struct Beginnings(Vec<(u32, Vec<Begun>)>);

/// A history's number, and units and spares on its first day.
type Begun = (u32, Arc<Start>);

impl Beginnings {
    /// Returns how many histories there are.
    pub fn histories(&self) -> usize {
        self.0.iter().map(|(_, histories)| histories.len()).sum()
    }
}

/// Returns how the histories of some worlds begin whose past held, to be flown on changed plans with [`run_from`]; `None`
/// when it was stopped.
///
/// # Panics
///
/// If no thread can be started.
pub fn beginnings(
    timeline: &Timeline<'_>,
    seed: u64,
    worlds: &[u32],
    control: &Control<'_>,
) -> Option<Beginnings> {
    let per_world = control.histories_per_world;
    let play = |index: u32| {
        in_world(timeline, seed, index, |flying| {
            let first = index * per_world;
            let mut shared: Option<Arc<Start>> = None;
            let mut begin = |i: u32| {
                let Beginning { start, missed } = match &shared {
                    Some(start) => return Some((i, start.clone())),
                    None => flying.begin(i),
                };
                let start = Arc::new(start);
                if !timeline.has_past() {
                    shared = Some(start.clone());
                }
                (missed == 0).then_some((i, start))
            };
            (index, (first..first + per_world).filter_map(&mut begin).collect())
        })
    };
    let found = each_world(worlds, u64::from(per_world), control, play);
    (found.len() == worlds.len()).then_some(Beginnings(found))
}

/// Runs histories of a changed plan from where they begin: what is changed holds from the first day on, and nothing before it.
///
/// # Panics
///
/// If no thread can be started.
pub fn run_from(
    plan: &Plan,
    seed: u64,
    beginnings: &Beginnings,
    control: &Control<'_>,
) -> Vec<Outcome> {
    let places: Vec<u32> = (0..beginnings.0.len() as u32).collect();
    let play = |place: u32| {
        let (index, histories) = &beginnings.0[place as usize];
        let world = crate::worlds::World::draw(plan, seed, *index);
        let mut engine = history::Engine::new(plan, &world);
        let fly = |(i, start): &Begun| history::run(&mut engine, start, seed, *i);
        histories.iter().map(fly).collect::<Vec<_>>()
    };
    each_world(&places, u64::from(control.histories_per_world), control, play)
        .into_iter()
        .flatten()
        .collect()
}

/// Recorded years with the days on which histories over them are read.
#[derive(Clone, Copy)]
pub struct Leg<'a> {
    /// The years.
    pub plan: &'a Plan,
    /// Ascending; what there is to read at the end of each.
    pub days: &'a [Date],
}

/// Flies recorded years one after the other and returns what each leg shows at the end of each of its days: by leg and day the
/// histories of all worlds, in order. `None` when it was stopped.
///
/// # Panics
///
/// If no thread can be started.
pub fn fly(
    legs: &[Leg<'_>],
    seed: u64,
    worlds: Range<u32>,
    control: &Control<'_>,
) -> Option<Vec<Vec<Vec<Outcome>>>> {
    let n_worlds = worlds.len();
    let (last, past) = legs.split_last()?;
    let timeline = Timeline::new(past.iter().map(|leg| leg.plan), last.plan);
    let days: Vec<Vec<Mjd>> =
        legs.iter().map(|leg| leg.days.iter().map(|day| day.mjd() + 1.0).collect()).collect();
    let per_world = control.histories_per_world;
    let play = |index: u32| {
        in_world(&timeline, seed, index, |flying| {
            let first = index * per_world;
            let mut seen: Vec<((usize, usize), Outcome)> = Vec::new();
            for history in first..first + per_world {
                let mut look = |place, outcome| seen.push((place, outcome));
                let begin = flying.fly_past(history, &days, &mut look);
                let leg = days.len() - 1;
                let mut look = |day, outcome| look((leg, day), outcome);
                flying.fly_last(&begin, history, &days[leg], &mut look);
            }
            seen
        })
    };
    let found = each_world(&worlds.collect::<Vec<u32>>(), u64::from(per_world), control, play);
    if found.len() < n_worlds {
        return None;
    }
    let mut by_leg: Vec<Vec<Vec<Outcome>>> =
        days.iter().map(|days| vec![Vec::new(); days.len()]).collect();
    for ((leg, day), outcome) in found.into_iter().flatten() {
        by_leg[leg][day].push(outcome);
    }
    Some(by_leg)
}

/// Plays worlds in parallel and returns them in order; stopped early, the unbroken list from the first.
fn each_world<T: Send>(
    worlds: &[u32],
    per_world: u64,
    control: &Control<'_>,
    play: impl Fn(u32) -> T + Sync,
) -> Vec<T> {
    let done = AtomicU64::new(0);
    let play = |index: u32| -> Option<T> {
        if control.stop.load(Ordering::Relaxed) {
            return None;
        }
        let found = play(index);
        let so_far = done.fetch_add(per_world, Ordering::Relaxed);
        (control.progress)(so_far + per_world);
        Some(found)
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(control.threads)
        .build()
        .expect("threads can be started");
    let by_world: Vec<Option<T>> =
        pool.install(|| worlds.par_iter().map(|&index| play(index)).collect());
    by_world.into_iter().map_while(|world| world).collect()
}

/// Replays one history and tells it as dated sentences.
///
/// The history is the same as in any ensemble of [`HISTORIES_PER_WORLD`] under this seed.
pub fn tell<'a>(
    timeline: impl Into<Timeline<'a>>,
    seed: u64,
    history: u32,
) -> (Outcome, Vec<Note>) {
    in_world(&timeline.into(), seed, history / HISTORIES_PER_WORLD, |flying| {
        let begin = flying.begin(history);
        flying.listen();
        let outcome = flying.fly(&begin, history);
        (outcome, flying.take_notes())
    })
}
