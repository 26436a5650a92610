//! What counts in service teach about failure rates, once for a plan.
//!
//! Worlds draw factors on rates that all units, a segment or a subsystem share, then each type's own. Counts
//! of `service.toml` move all of these together; worlds are then drawn from what is known after them. Only
//! what the station's files say goes in, never what a variant scales, so that paired runs share their worlds.

use crate::parameters::{self, Uniforms};
use zarya_reliability::gamma::gamma_quantile;
use zarya_reliability::joint::{self, Count, Posterior};
use zarya_reliability::rate::RatePrior;
use zarya_station::Station;
use zarya_station::model::{CommonCause, Oru, Together, UnitService, Value};
use zarya_units::math::{self, Z95};
use zarya_units::random::{self, Source, Stream};

/// What counts in service have taught.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    unknowns: Vec<Unknown>,
    posterior: Posterior,
}

/// Something that worlds draw and that counts say something of.
#[derive(Clone, Debug)]
struct Unknown {
    stream: Stream,
    law: Law,
}

/// How it enters an expected count.
#[derive(Clone, Copy, Debug)]
enum Law {
    /// A lognormal factor of median 1.
    Factor { error_factor: f64 },
    /// What is not known of a type's rate alone.
    Own(RatePrior),
    /// A value that multiplies.
    Value(Value),
    /// A mean time, which divides.
    MeanTime(Value),
    /// A share of failures that a reset clears, and nobody counts.
    Reset(Value),
    /// A share of failures that are found.
    Found(Value),
}

impl Law {
    /// The logarithm of the factor at a standard normal number.
    fn ln_factor(self, z: f64) -> f64 {
        /// What is left where nothing should be: a draw out here is never played.
        const LEAST: f64 = 1e-6;
        match self {
            Self::Factor { error_factor } | Self::Own(RatePrior::Lognormal { error_factor }) => {
                math::ln(error_factor) / Z95 * z
            }
            Self::Own(RatePrior::Gamma { shape }) => {
                math::ln((gamma_quantile(shape, uniform(z)) / shape).max(f64::MIN_POSITIVE))
            }
            Self::Own(RatePrior::Known) => 0.0,
            Self::Value(value) => math::ln(parameters::at(z, value).max(LEAST)),
            Self::MeanTime(value) => -math::ln(parameters::at(z, value)),
            Self::Reset(value) => {
                math::ln((1.0 - parameters::at(z, value).clamp(0.0, 1.0)).max(LEAST))
            }
            Self::Found(value) => math::ln(parameters::at(z, value).clamp(LEAST, 1.0)),
        }
    }

    /// Whether worlds draw it at all.
    fn is_drawn(self) -> bool {
        match self {
            Self::Factor { error_factor } => error_factor > 1.0,
            Self::Own(prior) => prior != RatePrior::Known,
            Self::Value(v) | Self::MeanTime(v) | Self::Reset(v) | Self::Found(v) => v.low < v.high,
        }
    }
}

/// The uniform whose normal quantile is `z`.
fn uniform(z: f64) -> f64 {
    math::normal_cdf(z).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
}

impl Lesson {
    /// Returns what the counts of a station teach; none without counts. `own` is what is not known of a type's rate alone.
    pub(crate) fn of(station: &Station, own: impl Fn(&Oru) -> RatePrior) -> Option<Self> {
        if station.unit_service.is_empty() {
            return None;
        }
        let mut unknowns: Vec<Unknown> = Vec::new();
        let counts: Vec<Count> = station
            .unit_service
            .iter()
            .map(|row| count(station, row, &own, &mut unknowns))
            .collect();
        // Shared ones first: a draw of one rests on those before it.
        let rank = |unknown: &Unknown| match unknown.law {
            Law::Factor { .. } => 0,
            Law::Value(_) => 1,
            Law::Found(_) => 2,
            Law::Own(_) | Law::MeanTime(_) | Law::Reset(_) => 3,
        };
        let mut order: Vec<usize> = (0..unknowns.len()).collect();
        order.sort_by_key(|i| rank(&unknowns[*i]));
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, from)| place[*from] = to);
        let counts: Vec<Count> = counts
            .into_iter()
            .map(|count| Count {
                factors: count.factors.iter().map(|(i, power)| (place[*i], *power)).collect(),
                ..count
            })
            .collect();
        let unknowns: Vec<Unknown> = order.iter().map(|i| unknowns[*i].clone()).collect();
        let ln_factor = |i: usize, z: f64| unknowns[i].law.ln_factor(z);
        let posterior = joint::update(unknowns.len(), &ln_factor, &counts);
        Some(Self { unknowns, posterior })
    }

    /// Returns the uniforms of a world, with what a plan's counts have taught (if it has any), and the logarithm of exact over drawn
    /// density, up to a constant.
    pub(crate) fn uniforms<'s>(lesson: Option<&Self>, source: &'s Source) -> (Uniforms<'s>, f64) {
        let (taught, correction) = lesson.map_or((Vec::new(), 0.0), |lesson| lesson.draw(source));
        (Uniforms::new(source, taught), correction)
    }

    fn draw(&self, source: &Source) -> (Vec<(Stream, f64)>, f64) {
        let normal: Vec<f64> =
            self.unknowns.iter().map(|u| random::normal(source.uniform(u.stream, 0))).collect();
        let drawn = self.posterior.draw(&normal);
        let ln_factor = |i: usize, z: f64| self.unknowns[i].law.ln_factor(z);
        let correction = self.posterior.ln_correction(&drawn, &normal, &ln_factor);
        let taught = self.unknowns.iter().zip(&drawn).map(|(u, z)| (u.stream, uniform(*z)));
        (taught.collect(), correction)
    }
}

/// The events that were to be expected of a row, and what they depend on.
///
/// # Model
///
/// Of a copy with failure rate `λ`, a law of shape `k` and mean `1 / λ` expects `(a Γ(1 + 1/k) λ)^k` failures up to age `a`; for
/// `k = 1` that is `a λ`, and the sum over copies needs no ages. Past its life limit (the central one) a copy fails
/// `expired_factor` times as often. Failures that a reset clears are not counted, and of events that take several copies each is one.
fn count(
    station: &Station,
    row: &UnitService,
    own: &impl Fn(&Oru) -> RatePrior,
    unknowns: &mut Vec<Unknown>,
) -> Count {
    const CHECKED: &str = "a reference checked on loading";
    let oru = station.orus.iter().find(|oru| oru.id == row.oru).expect(CHECKED);
    let class = station.detections.iter().find(|class| class.id == row.detection).expect(CHECKED);
    let w = &station.worlds;
    let shape = oru.shape;

    let exposure = if row.lives_d.is_empty() {
        row.exposure_d.value
    } else {
        let limit = oru.life_limit_d.map_or(f64::INFINITY, |v| v.value * w.life_limit_factor.value);
        let expired = w.expired_factor.value;
        let lived = |age: &f64| {
            let within = math::pow(age.min(limit), shape);
            within + expired * (math::pow(*age, shape) - within)
        };
        row.lives_d.iter().map(lived).sum()
    };
    let mut ln_expected = math::ln(exposure) + math::ln(events_per_failure(station, oru));
    if shape != 1.0 {
        ln_expected += shape * math::lgamma(1.0 + 1.0 / shape);
    }
    ln_expected += shape * math::ln(oru.duty.max(1e-6));

    let mut factors = Vec::new();
    let mut add = |stream: Stream, law: Law, power: f64| {
        if !law.is_drawn() {
            ln_expected += power * law.ln_factor(0.0);
            return;
        }
        let known = unknowns.iter().position(|unknown| unknown.stream == stream);
        let at = known.unwrap_or_else(|| {
            unknowns.push(Unknown { stream, law });
            unknowns.len() - 1
        });
        factors.push((at, power));
    };
    let factor = |value: Value| Law::Factor { error_factor: value.value };
    add(Stream::new("programme", "rate"), factor(w.programme_error_factor), shape);
    add(Stream::new(&oru.segment, "segment-rate"), factor(w.segment_error_factor), shape);
    add(Stream::new(&oru.subsystem, "subsystem-rate"), factor(w.subsystem_error_factor), shape);
    let path = |own: bool, key: &str| {
        if own { format!("oru.{}.{key}", oru.id) } else { format!("worlds.{key}") }
    };
    let value = |path: &str| Stream::new(path, "value");
    let experience = oru.experience_factor.unwrap_or(w.experience_factor);
    let of_experience = path(oru.experience_factor.is_some(), "experience_factor");
    add(value(&of_experience), Law::Value(experience), shape);
    add(Stream::new(&oru.id, "type"), Law::Own(own(oru)), shape);
    add(value(&path(true, "mtbf")), Law::MeanTime(oru.mtbf_d), shape);
    let reset = oru.reset_share.unwrap_or(w.reset_share);
    let of_reset = path(oru.reset_share.is_some(), "reset_share");
    add(value(&of_reset), Law::Reset(reset), 1.0);
    add(value(&format!("detection.{}.share", class.id)), Law::Found(class.share), 1.0);
    Count { failures: row.failures, ln_expected, factors, only_found: class.only_found }
}

/// Events that a group of copies sees for each failure of one of them, the mean over the copies of a type.
fn events_per_failure(station: &Station, oru: &Oru) -> f64 {
    let per_failure = |alpha: &[f64]| {
        let copies: f64 = (1..).zip(alpha).map(|(k, a)| f64::from(k) * a).sum();
        alpha.iter().sum::<f64>() / copies
    };
    let class = |id: &String| station.common_causes.iter().find(|class| class.id == *id);
    let largest = match &oru.together {
        None => oru.installed as usize,
        Some(Together::Shares(alpha)) => alpha.len(),
        Some(Together::Class(id)) => class(id).map_or(1, CommonCause::largest),
    };
    let of_group = |size: u32| match &oru.together {
        _ if size == 1 => 1.0,
        None => 1.0 - oru.beta.value + oru.beta.value / f64::from(size),
        Some(Together::Shares(alpha)) => per_failure(alpha),
        Some(Together::Class(id)) => {
            class(id).and_then(|class| class.row(size as usize)).map_or(1.0, per_failure)
        }
    };
    let events: f64 =
        oru.groups(largest).into_iter().map(|size| f64::from(size) * of_group(size)).sum();
    events / f64::from(oru.installed)
}
