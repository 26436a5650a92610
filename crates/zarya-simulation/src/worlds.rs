//! Worlds: one draw of everything we do not know.
//!
//! Every value of the station files that carries a band is a parameter; a world draws each of
//! them once, addressed by the value's path, so that two plans see the same world wherever they
//! share a path. Failure rates get shared factors on top (programme, segment, subsystem, then the
//! type's own), because a hundred independent errors would average out into a falsely tight answer.

use crate::air::Sun;
use crate::parameters::{Parameter, Uniforms};
use crate::plan::{Plan, SharedCausePlan, TypePlan};
use crate::service::Lesson;
use std::fmt;
use zarya_reliability::gamma::gamma_quantile;
use zarya_reliability::rate::RatePrior;
use zarya_reliability::{Law, stock_for};
use zarya_units::math;
use zarya_units::random::{self, Source, Stream};

/// Histories in one world of an ensemble.
pub const HISTORIES_PER_WORLD: u32 = 20;

/// What one world knows and its histories do not.
#[derive(Clone)]
pub struct World {
    /// Its number.
    pub index: u32,
    /// Logarithm of the exact over the drawn density of what counts in service have taught, up to a constant that all worlds of
    /// a plan share: a weight where worlds are weighed. 0 without counts.
    pub log_correction: f64,
    values: Vec<f64>,
    /// True failures per day and installed copy, by type (duty included).
    pub(crate) rates_per_d: Vec<f64>,
    /// The failure law of each type at its true rate.
    pub(crate) laws: Vec<Law>,
    /// For each shared cause of the plan, the share of a copy's failures in which it fails alone, with one
    /// other, with two, …
    pub(crate) together: Vec<Vec<f64>>,
    /// True life, d, by type; infinite without a limit.
    pub(crate) lives_d: Vec<f64>,
    /// Factor on crew hours and logistics delays.
    pub(crate) repair_factor: f64,
    pub(crate) sun: Sun,
}

/// Something that worlds draw once; told as a sentence's subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drawn {
    /// A value of the files with a band, by its path.
    Value(String),
    /// The factor on the failure rates of all units.
    Rates,
    /// The factor on the failure rates of a segment.
    RatesOfSegment(String),
    /// The factor on the failure rates of a subsystem.
    RatesOfSubsystem(String),
    /// The factor on hours and delays of repairs.
    Repairs,
    /// The factor on the failure rate of one unit type, by its name.
    RateOf(String),
    /// The share of a copy's failures that other copies of its group take part in.
    Together {
        /// The class of common cause, by its id.
        class: String,
        /// Its name.
        name: String,
        /// Copies of the group.
        size: usize,
    },
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(path) => f.write_str(path),
            Self::Rates => f.write_str("failure rates of all units"),
            Self::RatesOfSegment(segment) => write!(f, "failure rates of segment {segment}"),
            Self::RatesOfSubsystem(subsystem) => write!(f, "failure rates of {subsystem}"),
            Self::Repairs => f.write_str("repair hours and delays"),
            Self::RateOf(unit) => write!(f, "failure rate of {unit}"),
            Self::Together { name, size, .. } => {
                write!(f, "shared failures in groups of {size}: {name}")
            }
        }
    }
}

/// Keeps the numbers of worlds apart from those of histories under the same seed.
const WORLD_KEY: u64 = 0x5A61_7279_6157_6F72;

impl World {
    /// The source of everything that world `index` draws.
    pub(crate) fn source(seed: u64, index: u32) -> Source {
        Source::new(seed ^ WORLD_KEY, u64::from(index))
    }

    /// Draws world `index` of `plan` under `seed`.
    pub fn draw(plan: &Plan, seed: u64, index: u32) -> Self {
        let source = Self::source(seed, index);
        let (uniforms, log_correction) = Lesson::uniforms(plan.lesson.as_ref(), &source);
        let values = plan.parameters.draw(&uniforms);
        let mut world = Self {
            index,
            log_correction,
            values,
            rates_per_d: Vec::new(),
            laws: Vec::new(),
            together: Vec::new(),
            lives_d: Vec::new(),
            repair_factor: 1.0,
            sun: Sun::draw(&plan.air, plan.battery_efficiency, &source),
        };
        let factor = |stream: Stream, error_factor: f64| {
            if error_factor > 1.0 {
                random::lognormal(uniforms.of(stream), 1.0, error_factor)
            } else {
                1.0
            }
        };
        let w = &plan.worlds;
        let programme = factor(Stream::new("programme", "rate"), w.programme_error_factor);
        let segments: Vec<f64> =
            plan.segment_streams.iter().map(|s| factor(*s, w.segment_error_factor)).collect();
        let subsystems: Vec<f64> =
            plan.subsystem_streams.iter().map(|s| factor(*s, w.subsystem_error_factor)).collect();
        world.repair_factor =
            factor(Stream::new("programme", "repair"), w.repair_error_factor) * plan.scales.repair;
        let shared = programme * plan.scales.rates;
        world.rates_per_d = plan
            .types
            .iter()
            .map(|t| {
                let subsystem = usize::from(t.subsystem_index);
                // `rate_per_d` holds the duty; the drawn MTBF replaces the believed one.
                t.rate_per_d
                    * believed_mtbf_over_drawn(plan, &world, t.mtbf)
                    * shared
                    * world.value(t.experience)
                    * plan.scales.rates_of[subsystem]
                    * segments[usize::from(t.segment)]
                    * subsystems[subsystem]
                    * own_factor(&uniforms, t)
            })
            .collect();
        world.laws = plan
            .types
            .iter()
            .zip(&world.rates_per_d)
            .map(|(t, rate)| {
                if t.shape == 1.0 {
                    Law::Exponential { mtbf_d: 1.0 / rate }
                } else {
                    Law::weibull_of_mean(t.shape, 1.0 / rate)
                }
            })
            .collect();
        world.together = plan
            .shared_causes
            .iter()
            .map(|cause| together(cause, &source, &world.values))
            .collect();
        let life_factor = world.value(w.life_limit_factor);
        world.lives_d = plan
            .types
            .iter()
            .map(|t| t.life_limit_d.map_or(f64::INFINITY, |p| world.value(p) * life_factor))
            .collect();
        world
    }

    /// Returns [`Self::log_correction`] of world `index` without drawing the rest of it.
    pub fn log_correction(plan: &Plan, seed: u64, index: u32) -> f64 {
        Lesson::uniforms(plan.lesson.as_ref(), &Self::source(seed, index)).1
    }

    /// Returns what world `index` draws: each value with a band by its path, then the
    /// shared factors on failure rates and repairs, then the factor of each type's own rate.
    ///
    /// Only the draws: nothing is simulated. They come in the same order for every world.
    pub fn inputs(plan: &Plan, seed: u64, index: u32) -> Vec<(Drawn, f64)> {
        let source = Self::source(seed, index);
        let (uniforms, _) = Lesson::uniforms(plan.lesson.as_ref(), &source);
        let values = plan.parameters.drawn_by_path(&uniforms);
        let mut inputs: Vec<(Drawn, f64)> =
            values.into_iter().map(|(path, value)| (Drawn::Value(path), value)).collect();
        let mut factor = |what: Drawn, stream: Stream, error_factor: f64| {
            if error_factor > 1.0 {
                let drawn = random::lognormal(uniforms.of(stream), 1.0, error_factor);
                inputs.push((what, drawn));
            }
        };
        let w = &plan.worlds;
        let shared = |purpose| Stream::new("programme", purpose);
        factor(Drawn::Rates, shared("rate"), w.programme_error_factor);
        for (stream, name) in plan.segment_streams.iter().zip(&plan.segments) {
            factor(Drawn::RatesOfSegment(name.clone()), *stream, w.segment_error_factor);
        }
        for (stream, name) in plan.subsystem_streams.iter().zip(&plan.subsystems) {
            factor(Drawn::RatesOfSubsystem(name.clone()), *stream, w.subsystem_error_factor);
        }
        factor(Drawn::Repairs, shared("repair"), w.repair_error_factor);
        for t in plan.types.iter().filter(|t| t.own != RatePrior::Known) {
            inputs.push((Drawn::RateOf(t.name.clone()), own_factor(&uniforms, t)));
        }
        for cause in &plan.shared_causes {
            if let SharedCausePlan::Drawn { class, name, concentrations, .. } = cause {
                let (class, name) = (class.clone(), name.clone());
                let what = Drawn::Together { class, name, size: concentrations.len() };
                inputs.push((what, 1.0 - together(cause, &source, &[])[0]));
            }
        }
        inputs
    }

    /// Returns the drawn value of a parameter.
    #[inline]
    pub(crate) fn value(&self, parameter: Parameter) -> f64 {
        self.values[parameter.place()]
    }

    /// Returns the failures per day of a copy of a type at an age.
    pub(crate) fn hazard_per_d(&self, kind: usize, age_d: f64) -> f64 {
        match self.laws[kind] {
            Law::Weibull { shape, scale_d } => {
                shape / scale_d * math::pow(age_d.max(0.0) / scale_d, shape - 1.0)
            }
            // Worlds make no other law.
            _ => self.rates_per_d[kind],
        }
    }

    /// Returns the initial spares of a type: known counts, else what the stocking policy would
    /// have bought at the *believed* rates, aboard and on the ground. Believed is half the
    /// prediction and half what service has shown, the equal weights NASA reports (GAO-12-162); the
    /// true rate stands in for what 25 years of service have shown.
    ///
    /// # Model
    ///
    /// The stocking confidence is split equally over the unit types, `P^(1/n)`, as in published
    /// sparing campaigns; each type gets the smallest stock whose Poisson probability of lasting
    /// the resupply gap is that much. The ground holds the same again. Types without spares are not among them.
    pub(crate) fn spares(&self, plan: &Plan, kind: usize) -> (u32, u32) {
        let t = &plan.types[kind];
        let predicted = t.rate_per_d * t.experience_believed;
        let believed = 0.5 * (predicted + self.rates_per_d[kind]) * f64::from(t.installed);
        let gap_d = self.value(plan.worlds.resupply_gap_d);
        let together = self.value(plan.worlds.stocking_confidence).clamp(0.01, 0.9999);
        let supplied = plan.types.iter().filter(|t| t.supplied).count();
        let confidence = math::pow(together, 1.0 / supplied.max(1) as f64);
        let mut mean = believed * gap_d * (1.0 - self.value(t.reset_share).clamp(0.0, 1.0));
        if self.lives_d[kind].is_finite() {
            mean += f64::from(t.installed) * gap_d / self.lives_d[kind];
        }
        let stock = stock_for(mean.min(500.0), confidence);
        (t.spares_aboard.unwrap_or(stock), t.spares_ground.unwrap_or(stock))
    }
}

/// Of the failures of one copy, the shares in which it fails alone, with one other, with two, …
///
/// # Model
///
/// `α_k` is the share of the failures a group sees that take `k` copies. Each of those is a failure of `k`
/// copies, so of a copy's own failures the share `k α_k / Σ j α_j` are of that kind: the alpha factor model
/// of equal copies that fail while running. Dirichlet shares are gamma variates over their sum.
fn together(cause: &SharedCausePlan, source: &Source, values: &[f64]) -> Vec<f64> {
    let alpha: Vec<f64> = match cause {
        SharedCausePlan::AllAtOnce { beta, size } => {
            let beta = values[beta.place()].clamp(0.0, 1.0);
            let mut shares = vec![0.0; *size as usize];
            shares[0] = 1.0 - beta;
            shares[*size as usize - 1] = beta;
            return shares;
        }
        SharedCausePlan::Known { alpha } => alpha.clone(),
        SharedCausePlan::Drawn { concentrations, streams, .. } => concentrations
            .iter()
            .zip(streams)
            .map(|(shape, stream)| gamma_quantile(*shape, source.uniform(*stream, 0)))
            .collect(),
    };
    let weighted: Vec<f64> = (1..).zip(&alpha).map(|(k, a)| f64::from(k) * a).collect();
    let sum: f64 = weighted.iter().sum();
    weighted.iter().map(|w| w / sum).collect()
}

/// The factor on the rate of a type that no other type shares.
fn own_factor(uniforms: &Uniforms<'_>, t: &TypePlan) -> f64 {
    match t.own {
        RatePrior::Known => 1.0,
        own => own.multiplier(uniforms.of(t.stream)),
    }
}

fn believed_mtbf_over_drawn(plan: &Plan, world: &World, mtbf: Parameter) -> f64 {
    let believed = plan.parameters.believed(mtbf);
    believed / world.value(mtbf)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Dirichlet shares of worlds have their mean and their spread; with one class, groups of two sizes err together.
    #[test]
    fn worlds_draw_shares_of_common_cause_by_their_dirichlet_law() {
        let streams = |n: usize| (0..n).map(|k| Stream::new("shared", &format!("{k}"))).collect();
        let cause = |concentrations: &[f64]| SharedCausePlan::Drawn {
            class: "shared".to_owned(),
            name: "Shared".to_owned(),
            concentrations: concentrations.to_vec(),
            streams: streams(concentrations.len()),
        };
        let (pairs, triples) = (cause(&[8.0, 2.0]), cause(&[6.0, 3.0, 1.0]));
        let worlds = 4000;
        let (mut sum, mut squares, mut with_triples) = (0.0, 0.0, 0.0);
        for index in 0..worlds {
            let source = World::source(3, index);
            let s = together(&pairs, &source, &[])[1];
            // Back from the share of a copy's failures to that of the failures a pair sees.
            let alpha = s / (2.0 - s);
            sum += alpha;
            squares += alpha * alpha;
            let of_three = together(&triples, &source, &[]);
            assert!((of_three.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            with_triples += (alpha - 0.2) * (of_three[1] - 0.4);
        }
        let n = f64::from(worlds);
        let (mean, variance) = (sum / n, squares / n - sum * sum / (n * n));
        // Of 8 and 2: mean 0.2 and variance 0.2 x 0.8 / 11.
        assert!((mean - 0.2).abs() < 4.0 * (variance / n).sqrt(), "{mean}");
        assert!((variance - 0.2 * 0.8 / 11.0).abs() < 0.001, "{variance}");
        assert!(with_triples / n > 0.002, "{}", with_triples / n);
    }

    #[test]
    fn shares_of_a_copy_weigh_events_by_their_size() {
        let source = World::source(3, 0);
        let known = SharedCausePlan::Known { alpha: vec![0.7, 0.15, 0.1, 0.05] };
        let shares = together(&known, &source, &[]);
        for (share, expected) in shares.iter().zip([0.7, 0.3, 0.3, 0.2]) {
            assert!((share - expected / 1.5).abs() < 1e-12, "{shares:?}");
        }
    }
}
