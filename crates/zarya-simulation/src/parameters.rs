//! The values of a plan that worlds draw, each by its path in the station files.
//!
//! Two plans see the same world wherever they share a path.

use std::collections::BTreeMap;
use zarya_station::model::Value;
use zarya_units::math::{self, Z95};
use zarya_units::random::{self, Source, Stream};

/// Place of a value among the parameters of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameter(u32);

#[derive(Clone, Debug)]
struct Specification {
    stream: Stream,
    value: Value,
    factor: f64,
}

/// All values of a plan that worlds draw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters {
    specifications: Vec<Specification>,
    by_path: BTreeMap<(String, u64), Parameter>,
}

impl Parameters {
    /// Adds the value at `path`, to be multiplied by `factor` after the draw.
    pub(crate) fn add(&mut self, path: &str, value: Value, factor: f64) -> Parameter {
        let next = Parameter(self.specifications.len() as u32);
        let known = *self.by_path.entry((path.to_owned(), factor.to_bits())).or_insert(next);
        if known == next {
            let stream = Stream::new(path, "value");
            self.specifications.push(Specification { stream, value, factor });
        }
        known
    }

    /// Whether any world draws more than zero.
    pub(crate) fn may_exceed_zero(&self, parameter: Parameter) -> bool {
        let value = self.specifications[parameter.0 as usize].value;
        value.value.max(value.high) > 0.0
    }

    /// Draws every value once.
    pub(crate) fn draw(&self, uniforms: &Uniforms<'_>) -> Vec<f64> {
        self.specifications
            .iter()
            .map(|s| {
                let v = s.value;
                let drawn =
                    if v.low < v.high { between(uniforms.of(s.stream), v) } else { v.value };
                drawn * s.factor
            })
            .collect()
    }

    /// What a world draws of the values that have a band, by path; factors are left out.
    pub(crate) fn drawn_by_path(&self, uniforms: &Uniforms<'_>) -> Vec<(String, f64)> {
        self.by_path
            .iter()
            .map(|((path, _), at)| (path, &self.specifications[at.0 as usize]))
            .filter(|(_, s)| s.value.low < s.value.high)
            .map(|(path, s)| (path.clone(), between(uniforms.of(s.stream), s.value)))
            .collect()
    }

    /// The value as filed.
    pub(crate) fn believed(&self, parameter: Parameter) -> f64 {
        self.specifications[parameter.0 as usize].value.value
    }
}

/// The uniforms of a world: those of its source, but for what counts in service have taught.
pub(crate) struct Uniforms<'s> {
    source: &'s Source,
    taught: Vec<(Stream, f64)>,
}

impl<'s> Uniforms<'s> {
    /// Those of `source`, with `taught` in place of its own.
    pub(crate) fn new(source: &'s Source, mut taught: Vec<(Stream, f64)>) -> Self {
        taught.sort_by_key(|(stream, _)| *stream);
        Self { source, taught }
    }

    /// The uniform of what is drawn once from a stream.
    pub(crate) fn of(&self, stream: Stream) -> f64 {
        match self.taught.binary_search_by_key(&stream, |(stream, _)| *stream) {
            Ok(at) => self.taught[at].1,
            Err(_) => self.source.uniform(stream, 0),
        }
    }
}

impl Parameter {
    /// Its place in what [`Parameters::draw`] returns.
    #[inline]
    pub(crate) fn place(self) -> usize {
        self.0 as usize
    }
}

/// A split-normal draw with the value as median and `low`..`high` as its 5-95 % band: in the
/// logarithm where all three have one sign, else linear and not below zero.
fn between(u: f64, v: Value) -> f64 {
    if v.high < 0.0 {
        // A rate that fills: drawn as its magnitude.
        let magnitude = Value { value: -v.value, low: -v.high, high: -v.low, basis: v.basis };
        return -between(1.0 - u, magnitude);
    }
    at(random::normal(u), v)
}

/// What is drawn of a value that is not negative at a standard normal number.
pub(crate) fn at(z: f64, v: Value) -> f64 {
    let z = z / Z95;
    if v.low > 0.0 && v.value > 0.0 {
        let spread = if z < 0.0 { v.value / v.low } else { v.high / v.value };
        v.value * math::exp(z * math::ln(spread))
    } else {
        let spread = if z < 0.0 { v.value - v.low } else { v.high - v.value };
        (v.value + z * spread).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya_station::model::Basis;

    #[test]
    fn the_band_of_a_value_is_its_5_to_95_percent_range() {
        let v = Value { value: 4.0, low: 1.0, high: 6.0, basis: Basis::Assumed };
        assert!((between(0.05, v) - 1.0).abs() < 1e-9);
        assert!((between(0.5, v) - 4.0).abs() < 1e-9);
        assert!((between(0.95, v) - 6.0).abs() < 1e-9);
        let filling = Value { value: -1.28, low: -1.35, high: -1.15, basis: Basis::Derived };
        assert!((between(0.05, filling) + 1.35).abs() < 1e-9);
        assert!((between(0.5, filling) + 1.28).abs() < 1e-9);
        // A band that begins at nothing is linear on either side.
        let least = Value { value: 4.0, low: 0.0, high: 6.0, basis: Basis::Assumed };
        for (z, expected) in
            [(-1.0, 0.0), (-0.5, 2.0), (0.0, 4.0), (0.5, 5.0), (1.0, 6.0), (-2.0, 0.0)]
        {
            assert!((at(z * Z95, least) - expected).abs() < 1e-9, "{z}");
        }
    }
}
