//! Statistics of samples that more than one part needs.

/// Returns the quantile of a sample in ascending order, linear between order statistics. What lies
/// between a finite and an infinite value is infinite.
///
/// # Panics
///
/// If the sample is empty, or `share` lies outside 0 to 1.
///
/// # Examples
///
/// ```
/// use zarya_units::statistics::quantile;
///
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.25), 1.5);
/// ```
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    assert!(!sorted.is_empty(), "a quantile needs a sample");
    assert!((0.0..=1.0).contains(&share), "got a share of {share}");
    let position = share * (sorted.len() - 1) as f64;
    let low = position as usize;
    let high = (low + 1).min(sorted.len() - 1);
    let step = position - position.floor();
    if step == 0.0 { sorted[low] } else { sorted[low] * (1.0 - step) + sorted[high] * step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_infinities() {
        let sample = [0.0, 10.0, f64::INFINITY];
        assert_eq!([quantile(&sample, 0.0), quantile(&sample, 0.5)], [0.0, 10.0]);
        assert_eq!(quantile(&sample, 0.6), f64::INFINITY);
        assert_eq!(quantile(&[3.0], 0.95), 3.0);
    }
}
