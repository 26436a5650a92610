//! Transcendental functions that give the same bits on every machine.
//!
//! System math libraries differ between processors and releases; these come from the pure Rust
//! `libm` crate. `f64::sqrt`, `abs`, `floor` and the like are exact in IEEE 754 and stay as they
//! are. `clippy.toml` bans the system functions everywhere else.

pub use libm::{
    acos, asin, atan, atan2, cbrt, cos, erf, erfc, exp, exp2, expm1, hypot, lgamma, log as ln,
    log1p as ln_1p, log2, log10, pow, sin, sincos, tan, tanh, tgamma,
};

/// The standard normal quantile of 0.95: how many standard deviations a 5 to 95 % band reaches to each
/// side, and what an error factor (the ratio of the 95 % to the 50 % point) is a power of.
pub const Z95: f64 = 1.644_853_626_951_472_2;

/// Returns the standard normal cumulative distribution at `x`.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// Returns the standard normal quantile of `p`.
///
/// # Model
///
/// Wichura's algorithm AS 241 (PPND16), about 1e-16 relative.
///
/// # Source
///
/// M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution",
/// Applied Statistics 37 (1988) 477-484.
///
/// # Panics
///
/// If `p` is not inside (0, 1).
pub fn normal_quantile(p: f64) -> f64 {
    assert!(0.0 < p && p < 1.0, "a quantile needs a probability inside (0, 1), got {p}");
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * horner(
            r,
            &[
                3.387_132_872_796_366_6,
                133.141_667_891_784_38,
                1_971.590_950_306_551_3,
                13_731.693_765_509_46,
                45_921.953_931_549_87,
                67_265.770_927_008_7,
                33_430.575_583_588_13,
                2_509.080_928_730_122_7,
            ],
        ) / horner(
            r,
            &[
                1.0,
                42.313_330_701_600_91,
                687.187_007_492_057_9,
                5_394.196_021_424_751,
                21_213.794_301_586_597,
                39_307.895_800_092_71,
                28_729.085_735_721_943,
                5_226.495_278_852_854,
            ],
        );
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let magnitude = if r <= 5.0 {
        let r = r - 1.6;
        horner(
            r,
            &[
                1.423_437_110_749_683_5,
                4.630_337_846_156_546,
                5.769_497_221_460_691,
                3.647_848_324_763_204_5,
                1.270_458_252_452_368_4,
                0.241_780_725_177_450_6,
                0.022_723_844_989_269_184,
                0.000_774_545_014_278_341_4,
            ],
        ) / horner(
            r,
            &[
                1.0,
                2.053_191_626_637_759,
                1.676_384_830_183_803_8,
                0.689_767_334_985_1,
                0.148_103_976_427_480_08,
                0.015_198_666_563_616_457,
                0.000_547_593_808_499_534_5,
                1.050_750_071_644_416_9e-9,
            ],
        )
    } else {
        let r = r - 5.0;
        horner(
            r,
            &[
                6.657_904_643_501_103,
                5.463_784_911_164_114,
                1.784_826_539_917_291_3,
                0.296_560_571_828_504_87,
                0.026_532_189_526_576_124,
                0.001_242_660_947_388_078_4,
                2.711_555_568_743_487_6e-5,
                2.010_334_399_292_288_1e-7,
            ],
        ) / horner(
            r,
            &[
                1.0,
                0.599_832_206_555_888,
                0.136_929_880_922_735_8,
                0.014_875_361_290_850_615,
                0.000_786_869_131_145_613_3,
                1.846_318_317_510_054_8e-5,
                1.421_511_758_316_446e-7,
                2.044_263_103_389_939_8e-15,
            ],
        )
    };
    if q < 0.0 { -magnitude } else { magnitude }
}

fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the normal quantile printed in AS 241's own test: p = 0.25, 0.001, 1e-20.
    #[test]
    fn normal_quantile_gives_the_published_values() {
        assert!((normal_quantile(0.25) + 0.674_489_750_196_081_7).abs() < 1e-14);
        assert!((normal_quantile(0.001) + 3.090_232_306_167_813).abs() < 1e-13);
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 1e-12);
    }

    #[test]
    fn quantile_inverts_the_distribution() {
        for p in [1e-9, 0.01, 0.3, 0.5, 0.77, 0.999] {
            assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
    }
}
