//! Counter-based random numbers: a draw is a pure function of its address.
//!
//! The address of a draw is (seed, history or world, stream, number), where the stream is a stable
//! hash of an entity's id and the purpose of the draw. Adding a spare pump therefore does not
//! change the weather, and two scenarios see the same world. One 64-bit draw makes one variate
//! through the inverse distribution, without rejection, so that paired runs stay coupled.
//!
//! # Source
//!
//! Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as
//! easy as 1, 2, 3", SC11 (2011), with the known answers published with it (Random123 `kat_vectors`).

use crate::math;

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Returns the 128 bits of Philox4x32-10 at `counter` under `key`.
#[inline]
pub fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for round in 0..10 {
        if round > 0 {
            key[0] = key[0].wrapping_add(WEYL[0]);
            key[1] = key[1].wrapping_add(WEYL[1]);
        }
        let p0 = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let p1 = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
    }
    counter
}

/// A stream's name as a number: the stable hash of an entity's id and the purpose of its draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream(pub u32);

impl Stream {
    /// Returns the stream of `purpose` for the entity `id` (FNV-1a, 64 bits folded to 32).
    pub fn new(id: &str, purpose: &str) -> Self {
        let bytes = id.bytes().chain([0xFF]).chain(purpose.bytes());
        let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self((hash >> 32) as u32 ^ hash as u32)
    }
}

/// The random numbers of one history (or one world): everything but stream and number is fixed.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    key: [u32; 2],
    index: u32,
}

impl Source {
    /// Returns the numbers of history `index` under `seed`.
    ///
    /// # Panics
    ///
    /// If `index` is 2^32 or more.
    pub fn new(seed: u64, index: u64) -> Self {
        let index = u32::try_from(index).expect("fewer than 2^32 histories");
        Self { key: [seed as u32, (seed >> 32) as u32], index }
    }

    /// Returns draw `number` of `stream` as 64 bits.
    #[inline]
    pub fn bits(&self, stream: Stream, number: u32) -> u64 {
        let block = philox4x32_10([number, stream.0, self.index, 0], self.key);
        u64::from(block[0]) | u64::from(block[1]) << 32
    }

    /// Returns draw `number` of `stream`, uniform in the open interval (0, 1).
    #[inline]
    pub fn uniform(&self, stream: Stream, number: u32) -> f64 {
        uniform_from_bits(self.bits(stream, number))
    }
}

/// Returns a uniform in the open interval (0, 1): the middle of one of 2^52 equal cells.
#[inline]
pub fn uniform_from_bits(bits: u64) -> f64 {
    const CELL: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * CELL
}

/// Returns an exponential variate of mean 1 for the uniform `u`.
#[inline]
pub fn exponential(u: f64) -> f64 {
    -math::ln(u)
}

/// Returns a standard normal variate for the uniform `u`.
#[inline]
pub fn normal(u: f64) -> f64 {
    math::normal_quantile(u)
}

/// Returns a lognormal variate of the given median and error factor (q95 / q50) for `u`.
pub fn lognormal(u: f64, median: f64, error_factor: f64) -> f64 {
    median * math::exp(math::ln(error_factor) / math::Z95 * normal(u))
}

/// Returns a triangular variate on `low..=high` with the given mode for `u`.
pub fn triangular(u: f64, low: f64, mode: f64, high: f64) -> f64 {
    if high <= low {
        return mode;
    }
    let split = (mode - low) / (high - low);
    if u < split {
        low + (u * (high - low) * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()
    }
}

/// Returns a Poisson count of the given mean for the uniform `u`, by inversion.
///
/// # Panics
///
/// If the mean is negative or above 700, where the first term underflows.
pub fn poisson(u: f64, mean: f64) -> u32 {
    assert!((0.0..=700.0).contains(&mean), "a Poisson mean of 0 to 700, got {mean}");
    let mut term = math::exp(-mean);
    let mut sum = term;
    let mut count = 0;
    while sum < u && count < 10_000 {
        count += 1;
        term *= mean / f64::from(count);
        sum += term;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three known answers of Philox4x32-10 published with Random123.
    #[test]
    fn philox_gives_the_published_known_answers() {
        let zero = philox4x32_10([0; 4], [0; 2]);
        assert_eq!(zero, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = philox4x32_10([u32::MAX; 4], [u32::MAX; 2]);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi = philox4x32_10(
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            [0xa409_3822, 0x299f_31d0],
        );
        assert_eq!(pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        assert!(uniform_from_bits(0) > 0.0);
        assert!(uniform_from_bits(u64::MAX) < 1.0);
    }

    /// 100,000 draws: mean within 4 standard errors (0.289 / sqrt(n) each).
    #[test]
    fn uniforms_have_the_right_mean() {
        let source = Source::new(7, 0);
        let stream = Stream::new("test", "mean");
        let mean = (0..100_000).map(|n| source.uniform(stream, n)).sum::<f64>() / 1e5;
        assert!((mean - 0.5).abs() < 4.0 * 0.288_675 / 1e5_f64.sqrt(), "{mean}");
    }

    #[test]
    fn lognormal_error_factor_is_a_ratio_of_quantiles() {
        assert!((lognormal(0.95, 2.0, 3.0) - 6.0).abs() < 1e-9);
        assert!((lognormal(0.5, 2.0, 3.0) - 2.0).abs() < 1e-12);
    }
}
