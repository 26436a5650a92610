//! A bank of worlds, each in turn the truth: its own recorded years are the record, and the others are weighed by it.
//!
//! # Source
//!
//! S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman, "Validating Bayesian inference algorithms with simulation-based
//! calibration", arXiv:1804.06788, 2018; here the others of the bank stand for draws from what is believed.

use std::sync::atomic::AtomicBool;
use zarya::units::math;
use zarya_simulation::{Control, HISTORIES_PER_WORLD, Plan, Timeline, Variant, World, ensemble};
use zarya_station::Station;

/// What is known of one world of the bank.
pub(crate) struct Known {
    /// Its weight before its recorded years are looked at.
    pub(crate) prior: f64,
    /// How many of its first twenty histories made the recorded years.
    pub(crate) held: f64,
    /// Whether another one did: its record, where it is the truth.
    pub(crate) record: bool,
    /// What is believed: how many of its histories keep the line of the station's own causes, then what it drew.
    pub(crate) beliefs: Vec<f64>,
}

/// A bank of worlds, and the names of what is believed.
pub(crate) struct Bank {
    pub(crate) names: Vec<String>,
    pub(crate) worlds: Vec<Known>,
}

/// What is found of one belief over all truths.
pub(crate) struct Found {
    /// χ² of the ranks of the truth in ten equal parts; 9 degrees of freedom.
    pub(crate) uneven: f64,
    /// Mean rank, 1/2 but for chance, and how many of its standard errors it is off.
    pub(crate) mean: f64,
    pub(crate) off: f64,
    /// Mean variance of what is believed over that before the record.
    pub(crate) narrower: f64,
}

/// Flies a bank of worlds over recorded years and on.
pub(crate) fn bank(station: &Station, before: &[&Station], worlds: u32, seed: u64) -> Bank {
    let own = Variant { only_systems: true, ..Variant::default() };
    let compile =
        |station: &Station| Plan::compile(station, station.claim.through, &own).expect("compiles");
    let plan = compile(station);
    let past: Vec<Plan> = before.iter().map(|station| compile(station)).collect();
    let timeline = Timeline::new(&past, &plan);
    let stop = AtomicBool::new(false);
    let control = |histories_per_world| Control {
        threads: 0,
        histories_per_world,
        stop: &stop,
        progress: &|_| {},
    };
    // Histories of a world are numbered otherwise where there are more of them: what weighs worlds and what they are asked
    // for are throws of their own.
    let more = HISTORIES_PER_WORLD + 1;
    let pasts = ensemble::pasts(&timeline, seed, 0..worlds, &control(more));
    let outcomes = ensemble::run(timeline, seed, 0..worlds, &control(HISTORIES_PER_WORLD));
    let names = World::inputs(&plan, seed, 0).into_iter().map(|(drawn, _)| drawn.to_string());
    let known = |world: u32| {
        let at = |n: u32| (world * n) as usize..((world + 1) * n) as usize;
        let (record, pasts) = pasts[at(more)].split_last().expect("a history");
        let outcomes = &outcomes[at(HISTORIES_PER_WORLD)];
        let kept = outcomes.iter().filter(|o| o.own_crewed.is_none()).count() as f64;
        let drawn = World::inputs(&plan, seed, world).into_iter().map(|(_, value)| value);
        Known {
            prior: math::exp(World::log_correction(&plan, seed, world)),
            held: pasts.iter().map(|missed| f64::from(u8::from(*missed == 0))).sum(),
            record: *record == 0,
            beliefs: std::iter::once(kept).chain(drawn).collect(),
        }
    };
    Bank {
        names: std::iter::once("the line".to_owned()).chain(names).collect(),
        worlds: (0..worlds).map(known).collect(),
    }
}

impl Bank {
    /// Makes every world in turn the truth and looks at one belief. `told` is the record that the others are weighed by.
    pub(crate) fn judge(&self, belief: usize, told: impl Fn(&Known) -> bool) -> Found {
        let truths = || self.worlds.iter().enumerate();
        let ranks: Vec<(f64, f64)> =
            truths().map(|(truth, known)| self.rank(truth, belief, told(known))).collect();
        let (mut parts, mut mean, mut variance, mut whole, mut squares) =
            ([0.0_f64; 10], 0.0, 0.0, 0.0, 0.0);
        for ((_, known), (rank, after)) in truths().zip(&ranks) {
            parts[((rank * 10.0) as usize).min(9)] += known.prior;
            mean += known.prior * rank;
            variance += known.prior * after;
            whole += known.prior;
            squares += known.prior * known.prior;
        }
        let n = whole * whole / squares;
        let uneven =
            parts.iter().map(|part| (part / whole - 0.1) * (part / whole - 0.1) / 0.1).sum::<f64>();
        let mean = mean / whole;
        let weigh = |of: &dyn Fn(&Known) -> f64| {
            self.worlds.iter().map(|known| known.prior * of(known)).sum::<f64>() / whole
        };
        let before = weigh(&|known| known.beliefs[belief]);
        let before =
            weigh(&|known| (known.beliefs[belief] - before) * (known.beliefs[belief] - before));
        Found {
            uneven: n * uneven,
            mean,
            off: (mean - 0.5).abs() / (1.0 / 12.0 / n).sqrt(),
            narrower: variance / whole / before,
        }
    }

    /// Rank of the truth among the others, and the variance of what is believed.
    fn rank(&self, truth: usize, belief: usize, told: bool) -> (f64, f64) {
        let n = f64::from(HISTORIES_PER_WORLD);
        let true_value = self.worlds[truth].beliefs[belief];
        let (mut whole, mut below, mut equal, mut sum, mut squares) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (_, world) in self.worlds.iter().enumerate().filter(|(place, _)| *place != truth) {
            let weight = world.prior * if told { world.held } else { n - world.held };
            let value = world.beliefs[belief];
            whole += weight;
            sum += weight * value;
            squares += weight * value * value;
            if value < true_value {
                below += weight;
            } else if value <= true_value {
                equal += weight;
            }
        }
        // Among equals the truth has any place: spread evenly over the truths by the golden ratio.
        let place = ((truth + 1) as f64 * 0.618_033_988_749_895).fract();
        ((below + place * equal) / whole, squares / whole - sum / whole * (sum / whole))
    }
}
