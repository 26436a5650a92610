//! The exact optimum: dynamic programming over the few types whose stock is in doubt.

use super::{Problem, Step};

/// How sure it is that nothing cheaper exists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proof {
    /// Every alternative was excluded.
    Optimal,
    /// The search was cut short: the optimum is at least this heavy.
    Bound {
        /// Lower bound on the optimum \[kg\].
        mass_kg: f64,
    },
    /// The search for the most gain was cut short: no stock gains more than this.
    GainBound {
        /// Upper bound on the gain.
        gain: f64,
    },
}

/// A stock and what is known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// Steps taken of each row.
    pub steps: Vec<u32>,
    /// Its mass \[kg\].
    pub mass_kg: f64,
    /// Its gain.
    pub gain: f64,
    /// Whether it is proven to be the lightest.
    pub proof: Proof,
    /// Mass of the relaxed problem, in which spares divide \[kg\]: no stock is lighter.
    pub relaxed_kg: f64,
    /// What one unit of gain costs at the margin \[kg\].
    pub price_kg: f64,
    /// The type that carries the margin.
    pub marginal_row: usize,
}

/// States kept in the first, coarse pass, which only looks for a good stock.
const COARSE: usize = 300;
/// States kept in the pass that proves; more means an honest gap instead of a proof.
const THOROUGH: usize = 400_000;

/// Another number of spares of a type than the relaxed optimum takes.
#[derive(Clone, Copy, Debug)]
struct Alternative {
    /// Change of gain.
    gain: f64,
    /// Mass beyond what the gain is worth at the margin \[kg\], not negative.
    waste_kg: f64,
    level: u32,
}

/// A type whose stock is in doubt.
#[derive(Clone, Debug)]
struct Doubt {
    row: usize,
    alternatives: Vec<Alternative>,
    /// Least waste per gain of the alternatives with more and with fewer spares.
    up: f64,
    down: f64,
}

/// A partial choice.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Gain beyond the relaxed optimum's whole steps.
    gain: f64,
    waste_kg: f64,
    /// Where its choices are written down.
    node: u32,
}

/// Returns the lightest stock that reaches the target gain, or `None` if all steps do not.
///
/// # Model
///
/// The relaxed problem takes steps by gain per mass; its price `p` (mass per gain) turns a choice
/// of levels into `mass = relaxed + waste + p (gain - target)`, where every departure from the
/// relaxed levels wastes a known mass. Types are added in order of increasing waste per gain. A
/// partial choice is dropped when another has no less gain and no more mass, or when closing its
/// distance to the target with the types still to come cannot beat the best stock found.
///
/// # Source
///
/// Minimal cores and balanced order: D. Pisinger, "A minimal algorithm for the multiple-choice
/// knapsack problem", European J. Operational Research 83 (1995) 394-410; the version for real
/// numbers and its bounds are derived above.
pub fn solve(problem: &Problem) -> Option<Allocation> {
    let rows = &problem.rows;
    // Tolerates the rounding of a sum of all gains, nothing more.
    let target = problem.target_gain - 1e-12 * problem.target_gain.abs().max(1.0);
    if target <= 0.0 {
        return Some(Allocation {
            steps: vec![0; rows.len()],
            mass_kg: 0.0,
            gain: 0.0,
            proof: Proof::Optimal,
            relaxed_kg: 0.0,
            price_kg: 0.0,
            marginal_row: 0,
        });
    }
    let relaxed = Relaxed::new(rows, target)?;
    let mut best = Incumbent { excess_kg: relaxed.whole_excess_kg(), levels: Vec::new() };
    best.levels.push((relaxed.marginal_row, relaxed.marginal_level));

    let mut proof = Proof::Optimal;
    for states_max in [COARSE, THOROUGH] {
        let doubts = relaxed.doubts(rows, best.excess_kg);
        let excluded_kg = search(&doubts, relaxed.missing, relaxed.price_kg, states_max, &mut best);
        if excluded_kg >= best.excess_kg {
            proof = Proof::Optimal;
            break;
        }
        proof = Proof::Bound { mass_kg: relaxed.mass_kg + excluded_kg };
    }

    let mut steps = relaxed.levels.clone();
    for (row, level) in &best.levels {
        steps[*row] = *level;
    }
    let taken = rows.iter().zip(&steps).flat_map(|(row, n)| &row[..*n as usize]);
    let (mass_kg, gain) = taken.fold((0.0, 0.0), |(m, g), step| (m + step.mass_kg, g + step.gain));
    Some(Allocation {
        steps,
        mass_kg,
        gain,
        proof,
        relaxed_kg: relaxed.mass_kg,
        price_kg: relaxed.price_kg,
        marginal_row: relaxed.marginal_row,
    })
}

struct Incumbent {
    excess_kg: f64,
    /// Where it departs from the relaxed levels.
    levels: Vec<(usize, u32)>,
}

/// The optimum with divisible spares.
struct Relaxed {
    levels: Vec<u32>,
    mass_kg: f64,
    price_kg: f64,
    /// Gain still missing with whole steps.
    missing: f64,
    marginal_row: usize,
    /// The level of the marginal row once its step is taken whole.
    marginal_level: u32,
    marginal_gain: f64,
}

impl Relaxed {
    fn new(rows: &[Vec<Step>], target: f64) -> Option<Self> {
        // (gain per mass, row, level reached, mass, gain) of the edges of each row's concave hull.
        let mut edges: Vec<(f64, usize, u32, f64, f64)> = Vec::new();
        for (row, steps) in rows.iter().enumerate() {
            let first = edges.len();
            let (mut mass, mut gain) = (0.0, 0.0);
            for (level, step) in steps.iter().enumerate() {
                mass += step.mass_kg;
                gain += step.gain;
                while edges.len() > first {
                    let last = edges[edges.len() - 1];
                    if gain * last.3 < last.4 * mass {
                        break;
                    }
                    edges.pop();
                    mass += last.3;
                    gain += last.4;
                }
                let efficiency = if mass > 0.0 { gain / mass } else { f64::INFINITY };
                edges.push((efficiency, row, level as u32 + 1, mass, gain));
                (mass, gain) = (0.0, 0.0);
            }
        }
        edges.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut levels = vec![0; rows.len()];
        let (mut whole_kg, mut whole_gain) = (0.0, 0.0);
        for (_, row, level, mass, gain) in edges {
            let missing = target - whole_gain;
            if gain > 0.0 && gain >= missing {
                // Positive, since a positive target is not yet reached.
                let price_kg = mass / gain;
                return Some(Self {
                    levels,
                    mass_kg: whole_kg + missing * price_kg,
                    price_kg,
                    missing,
                    marginal_row: row,
                    marginal_level: level,
                    marginal_gain: gain,
                });
            }
            whole_kg += mass;
            whole_gain += gain;
            levels[row] = level;
        }
        None
    }

    /// Mass above the relaxed optimum when the marginal step is taken whole.
    fn whole_excess_kg(&self) -> f64 {
        self.price_kg * (self.marginal_gain - self.missing)
    }

    /// The types of which another level could be part of a stock lighter than `excess_kg` above the
    /// relaxed optimum, in order of least waste per gain.
    fn doubts(&self, rows: &[Vec<Step>], excess_kg: f64) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for (row, steps) in rows.iter().enumerate() {
            let here = self.levels[row] as usize;
            let mut doubt =
                Doubt { row, alternatives: Vec::new(), up: f64::INFINITY, down: f64::INFINITY };
            let mut consider = |gain: f64, mass: f64, level: usize| {
                let waste_kg = (mass - self.price_kg * gain).max(0.0);
                if waste_kg < excess_kg {
                    doubt.alternatives.push(Alternative { gain, waste_kg, level: level as u32 });
                    let slope = if gain == 0.0 { f64::INFINITY } else { waste_kg / gain.abs() };
                    if gain > 0.0 {
                        doubt.up = doubt.up.min(slope);
                    } else {
                        doubt.down = doubt.down.min(slope);
                    }
                }
            };
            let (mut gain, mut mass) = (0.0, 0.0);
            for (level, step) in steps.iter().enumerate().skip(here) {
                gain += step.gain;
                mass += step.mass_kg;
                consider(gain, mass, level + 1);
            }
            (gain, mass) = (0.0, 0.0);
            for (level, step) in steps[..here].iter().enumerate().rev() {
                gain -= step.gain;
                mass -= step.mass_kg;
                consider(gain, mass, level);
            }
            if !doubt.alternatives.is_empty() {
                doubt.alternatives.sort_by(|a, b| b.gain.total_cmp(&a.gain));
                doubts.push(doubt);
            }
        }
        let slope = |doubt: &Doubt| doubt.up.min(doubt.down);
        doubts.sort_by(|a, b| slope(a).total_cmp(&slope(b)).then(a.row.cmp(&b.row)));
        doubts
    }
}

/// Improves `best` over all choices of the doubtful types. Returns a lower bound on the excess of
/// every choice that was cut for lack of room (infinite if none was).
fn search(
    doubts: &[Doubt],
    missing: f64,
    price_kg: f64,
    states_max: usize,
    best: &mut Incumbent,
) -> f64 {
    // Least waste per gain of the types still to come.
    let mut ahead = vec![(f64::INFINITY, f64::INFINITY); doubts.len() + 1];
    for (i, doubt) in doubts.iter().enumerate().rev() {
        ahead[i] = (ahead[i + 1].0.min(doubt.up), ahead[i + 1].1.min(doubt.down));
    }
    // (previous node, doubtful type, alternative): only departures are written down.
    let mut nodes: Vec<(u32, u32, u32)> = vec![(u32::MAX, 0, 0)];
    let mut states = vec![State { gain: 0.0, waste_kg: 0.0, node: 0 }];
    let mut excluded_kg = f64::INFINITY;
    let mut merged: Vec<State> = Vec::new();
    let mut shifted: Vec<State> = Vec::new();
    for (i, doubt) in doubts.iter().enumerate() {
        let (up, down) = ahead[i + 1];
        let bound = |state: &State| {
            let surplus = state.gain - missing;
            if surplus >= 0.0 {
                state.waste_kg + surplus * price_kg.min(down)
            } else if up.is_finite() {
                state.waste_kg - surplus * up
            } else {
                f64::INFINITY
            }
        };
        // States are sorted by falling gain; each alternative is a shifted copy of the list.
        let before = std::mem::take(&mut states);
        let mut found: Option<State> = None;
        for (choice, alternative) in doubt.alternatives.iter().enumerate() {
            shifted.clear();
            for state in &before {
                let new = State {
                    gain: state.gain + alternative.gain,
                    waste_kg: state.waste_kg + alternative.waste_kg,
                    node: state.node,
                };
                let excess_kg = new.waste_kg + (new.gain - missing) * price_kg;
                let improves = new.gain >= missing && excess_kg < best.excess_kg;
                if improves {
                    best.excess_kg = excess_kg;
                }
                if improves || bound(&new) < best.excess_kg {
                    nodes.push((state.node, i as u32, choice as u32));
                    let new = State { node: nodes.len() as u32 - 1, ..new };
                    if improves {
                        found = Some(new);
                    }
                    shifted.push(new);
                }
            }
            merge(&states, &shifted, price_kg, &mut merged);
            std::mem::swap(&mut states, &mut merged);
        }
        merge(&states, &before, price_kg, &mut merged);
        std::mem::swap(&mut states, &mut merged);
        if let Some(state) = found {
            best.levels = choices(&nodes, state.node, doubts);
        }
        states.retain(|state| bound(state) < best.excess_kg);
        if states.len() > states_max {
            let mut bounds: Vec<f64> = states.iter().map(bound).collect();
            let (_, cut, _) = bounds.select_nth_unstable_by(states_max, f64::total_cmp);
            let cut = *cut;
            excluded_kg = excluded_kg.min(cut);
            states.retain(|state| bound(state) < cut);
        }
        if states.is_empty() {
            break;
        }
    }
    excluded_kg
}

/// Merges two lists of falling gain into one without dominated states.
fn merge(a: &[State], b: &[State], price_kg: f64, merged: &mut Vec<State>) {
    merged.clear();
    merged.reserve(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    // From the most gain down, a state must be lighter than all before it.
    let mut lightest = f64::INFINITY;
    while i < a.len() || j < b.len() {
        let take_a = j >= b.len() || (i < a.len() && a[i].gain >= b[j].gain);
        let state = if take_a { a[i] } else { b[j] };
        if take_a {
            i += 1;
        } else {
            j += 1;
        }
        let mass = state.waste_kg + price_kg * state.gain;
        if mass < lightest {
            lightest = mass;
            merged.push(state);
        }
    }
}

fn choices(nodes: &[(u32, u32, u32)], node: u32, doubts: &[Doubt]) -> Vec<(usize, u32)> {
    let mut levels = Vec::new();
    let mut at = node;
    while at != 0 {
        let (previous, doubt, choice) = nodes[at as usize];
        let doubt = &doubts[doubt as usize];
        levels.push((doubt.row, doubt.alternatives[choice as usize].level));
        at = previous;
    }
    levels
}
