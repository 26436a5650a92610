//! How far the air stands above or below the density model: a slow random process.
//!
//! Tracking shows only the product of drag area and density. What is left of it after the model is
//! taken out wanders: NRLMSISE-00 is tens of percent too dense in a deep solar minimum, and the
//! attitude and the arrays of a station change its drag area. A history carries this as the
//! logarithm of a scale that starts from what is known and returns to its mean over years.

use zarya_units::{Mjd, math};

/// The process of the logarithm of the density scale, fitted to the station's drag before 2012.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DensityProcess {
    /// Standard deviation of ln scale where nothing is known of it.
    pub spread: f64,
    /// Days in which a departure fades to 1/e.
    pub memory_days: f64,
}

/// The process fitted to the reboost-free arcs of the ISS before 2012: the two levels of an earlier fit
/// of the drag filter as one, with the sum of their variances (0.204² of the slow one, 0.101² of the
/// fast one) and the mean of their memories weighted by them. The filter's constants of today have 0.187²
/// and 0.156², together 0.243, and are not carried over: histories stay comparable.
pub const FITTED_BEFORE_2012: DensityProcess =
    DensityProcess { spread: 0.228, memory_days: 1_030.0 };

/// One path of the density scale.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityPath {
    start: Mjd,
    ln_scale: Vec<f64>,
}

/// Days between the nodes of a path; the logarithm is linear between them.
const NODE_DAYS: f64 = 15.0;

impl DensityPath {
    /// Draws a path for `days` days from `from`.
    ///
    /// `ln_now` and `sd_now` say what is known of ln scale at `from`: 0 and the process's spread
    /// when nothing is. Draw `n` is node `n`, so that a longer path keeps its beginning.
    pub fn draw(
        process: DensityProcess,
        ln_now: f64,
        sd_now: f64,
        from: Mjd,
        days: usize,
        uniforms: &mut dyn FnMut(u32) -> f64,
    ) -> Self {
        let nodes = (days as f64 / NODE_DAYS) as usize + 2;
        let fade = math::exp(-NODE_DAYS / process.memory_days);
        let fresh = process.spread * (1.0 - fade * fade).sqrt();
        let mut ln_scale = Vec::with_capacity(nodes);
        let mut value = ln_now + sd_now * math::normal_quantile(uniforms(0));
        ln_scale.push(value);
        for node in 1..nodes {
            value = fade * value + fresh * math::normal_quantile(uniforms(node as u32));
            ln_scale.push(value);
        }
        Self { start: from, ln_scale }
    }

    /// Returns a path that stays at one scale.
    ///
    /// # Panics
    ///
    /// If the scale is not positive.
    pub fn constant(scale: f64) -> Self {
        assert!(scale > 0.0, "a density scale is positive, got {scale}");
        Self { start: 0.0, ln_scale: vec![math::ln(scale)] }
    }

    /// Returns the scale at an instant; outside the path, that of its nearest end.
    #[inline]
    pub fn at(&self, mjd: Mjd) -> f64 {
        let last = self.ln_scale.len() - 1;
        let position = ((mjd - self.start) / NODE_DAYS).clamp(0.0, last as f64);
        let (node, share) = (position as usize, position - position.floor());
        let next = self.ln_scale[(node + 1).min(last)];
        math::exp(self.ln_scale[node] * (1.0 - share) + next * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya_units::random::{Source, Stream};

    /// 4,000 paths; the bounds are 4 standard errors of the spread, 0.2 / sqrt(2 n).
    #[test]
    fn the_spread_stays_and_the_known_start_fades() {
        let stream = Stream::new("density", "test");
        let process = FITTED_BEFORE_2012;
        let n = 4_000_u32;
        let (mut near, mut far) = (0.0, 0.0);
        for i in 0..n {
            let source = Source::new(3, u64::from(i));
            let mut uniforms = |k| source.uniform(stream, k);
            let path = DensityPath::draw(process, 0.0, 0.05, 60_000.0, 9_000, &mut uniforms);
            let (a, b) = (math::ln(path.at(60_000.0)), math::ln(path.at(69_000.0)));
            near += a * a;
            far += b * b;
        }
        let sd = |square: f64| (square / f64::from(n)).sqrt();
        let error = 4.0 / (2.0 * f64::from(n)).sqrt();
        assert!((sd(near) / 0.05 - 1.0).abs() < error);
        assert!((sd(far) / process.spread - 1.0).abs() < error);
    }

    #[test]
    fn a_longer_path_keeps_its_beginning() {
        let source = Source::new(5, 0);
        let stream = Stream::new("density", "test");
        let mut uniforms = |k| source.uniform(stream, k);
        let short = DensityPath::draw(FITTED_BEFORE_2012, 0.0, 0.1, 60_000.0, 100, &mut uniforms);
        let long = DensityPath::draw(FITTED_BEFORE_2012, 0.0, 0.1, 60_000.0, 900, &mut uniforms);
        assert_eq!(short.at(60_090.0), long.at(60_090.0));
    }
}
