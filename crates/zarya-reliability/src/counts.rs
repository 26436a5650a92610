//! Distributions of counts as plain slices: entry `k` is the probability of exactly `k`. A list may
//! sum to less than 1 where its tail is not resolved.

/// Entries below this are dropped at both ends of a convolution; sums keep 1e-15.
const NEGLIGIBLE: f64 = 1e-19;

/// Returns the distribution of the sum of two independent counts.
pub fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let (long_from, long_to) = support(long);
    let (short_from, short_to) = support(short);
    let mut sum = vec![0.0; (long_to + short_to).saturating_sub(1)];
    for (offset, weight) in short[short_from..short_to].iter().enumerate() {
        let start = short_from + offset + long_from;
        for (cell, value) in sum[start..].iter_mut().zip(&long[long_from..long_to]) {
            *cell += weight * value;
        }
    }
    sum.truncate(support(&sum).1);
    sum
}

/// Returns the distribution of the sum of `times` independent counts of the same law.
pub fn convolved_power(pmf: &[f64], times: u32) -> Vec<f64> {
    convolved_power_up_to(u32::MAX, pmf, times)
}

/// Returns the first `most + 1` entries of [`convolved_power`], for less work: counts only add.
pub fn convolved_power_up_to(most: u32, pmf: &[f64], mut times: u32) -> Vec<f64> {
    let length = (most as usize).saturating_add(1);
    let mut result: Option<Vec<f64>> = None;
    let mut power = pmf[..pmf.len().min(length)].to_vec();
    while times > 0 {
        if times & 1 == 1 {
            let mut sum = result.map_or_else(|| power.clone(), |sum| convolved(&sum, &power));
            sum.truncate(length);
            result = Some(sum);
        }
        times >>= 1;
        if times > 0 {
            power = convolved(&power, &power);
            power.truncate(length);
        }
    }
    result.unwrap_or_else(|| vec![1.0])
}

/// Returns the mean count.
pub fn mean(pmf: &[f64]) -> f64 {
    pmf.iter().enumerate().map(|(k, p)| k as f64 * p).sum()
}

/// Returns the variance of the count.
pub fn variance(pmf: &[f64]) -> f64 {
    let mean = mean(pmf);
    pmf.iter().enumerate().map(|(k, p)| (k as f64 - mean) * (k as f64 - mean) * p).sum()
}

/// Returns the probability of more than `count`, summed from the far end so that a small one keeps
/// its digits.
pub fn above(pmf: &[f64], count: u32) -> f64 {
    pmf.iter().skip(count as usize + 1).rev().sum()
}

/// Returns the smallest count that is exceeded with at most the probability `excess`.
pub fn quantile(pmf: &[f64], excess: f64) -> u32 {
    let mut above = 0.0;
    for k in (0..pmf.len()).rev() {
        above += pmf[k];
        if above > excess {
            return k as u32;
        }
    }
    0
}

/// The first and one past the last entry that matter.
fn support(pmf: &[f64]) -> (usize, usize) {
    let from = pmf.iter().position(|p| *p > NEGLIGIBLE).unwrap_or(0);
    let to = pmf.iter().rposition(|p| *p > NEGLIGIBLE).map_or(pmf.len().min(1), |last| last + 1);
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poisson::poisson_pmf;

    fn poisson(mean: f64) -> Vec<f64> {
        (0..200).map(|k| poisson_pmf(k, mean)).collect()
    }

    /// Poisson counts add to a Poisson count.
    #[test]
    fn powers_of_a_poisson_law_are_poisson() {
        let sum = convolved_power(&poisson(2.5), 6);
        for (k, p) in sum.iter().enumerate() {
            assert!((p - poisson_pmf(k as u32, 15.0)).abs() < 1e-15, "{k}");
        }
    }

    /// A sum of counts is at most `k` only if each is.
    #[test]
    fn powers_cut_at_a_count_are_the_start_of_the_whole() {
        let whole = convolved_power(&poisson(2.5), 6);
        for most in [0, 3, 17] {
            let cut = convolved_power_up_to(most, &poisson(2.5), 6);
            assert_eq!(cut.len(), most as usize + 1);
            assert!(cut.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-16), "{most}");
        }
    }

    /// A list cut at zero is the probability of none, which multiplies.
    #[test]
    fn powers_of_a_list_of_one_multiply() {
        let mut power = 1.0;
        for times in 0..9 {
            let got = convolved_power(&[0.7], times);
            assert!(got.len() == 1 && (got[0] - power).abs() < 1e-15, "{times}: {got:?}");
            power *= 0.7;
        }
    }

    #[test]
    fn quantile_and_tail_agree() {
        let pmf = poisson(7.0);
        for excess in [1.0, 0.8, 0.1, 1e-6] {
            let k = quantile(&pmf, excess);
            assert!(above(&pmf, k) <= excess);
            assert!(k == 0 || above(&pmf, k - 1) > excess);
        }
        assert!((mean(&pmf) - 7.0).abs() < 1e-12 && (variance(&pmf) - 7.0).abs() < 1e-10);
    }
}
