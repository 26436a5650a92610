//! How strong the drag is where rows are days, weeks or months apart: from the loss between them.
//!
//! The filter of [`crate::drag`] sees blocks of three days. Sparse rows give longer ones: the loss
//! between two rows over the density integrated between them is a mean of the drag, and how far a mean over
//! so many days may stand from the drag of its middle follows from the filter's own memory. What no row can
//! tell is a burn between two of them: one that raised the orbit above the row before, or took most of the
//! loss, shows, and the rest makes the drag look weaker than it is.

use crate::drag::{
    Block, Circumstances, Constants, DragEstimate, FITTED_BEFORE_2012, FITTED_WITH_JB2008, Plane,
    Weather, block, daily, estimate, exposure, follow, plane_of,
};
use crate::error::OrbitError;
use crate::geometry::{EARTH_RADIUS_KM, nodal_precession_deg_d};
use crate::reboosts::Burn;
use crate::track::{Fix, GAP_DAYS, Track};
use zarya_units::{Mjd, math};

/// Share of a track's days that lie in gaps from which on it is sparse. Assumed: with fewer, the daily rows that are
/// left carry the drag.
const SPARSE_SHARE: f64 = 0.75;
/// Spans are at least this long, as the filter's blocks are.
const SPAN_DAYS_MIN: f64 = 2.7;
/// A span is drawn out over further rows until its loss is this many times the noise of a difference of
/// two, or it is this long: a tenth of a season's change of the Sun.
const LOSS_SIGMAS: f64 = 5.0;
const SPAN_DAYS_MAX: f64 = 120.0;
/// A rise, or a lack of loss, of this many standard deviations is a burn.
const BURN_SIGMAS: f64 = 3.0;

/// What the loss between sparse rows says of the drag.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// Drag area times density scale at the last row, m²/kg, as a decay under the observed Sun needs it:
    /// without the filter's responses and its factor on Ap.
    pub product_m2_kg: f64,
    /// Spans used.
    pub spans: usize,
    /// The median distance of two rows, days.
    pub apart_days: f64,
    /// Scatter of a row that was reckoned with, km.
    pub noise_km: f64,
    /// Rows between which the orbit rose: a burn.
    pub risen: Vec<(Mjd, Mjd)>,
    /// Rows between which it lost so little that a burn is likelier.
    pub doubtful: Vec<(Mjd, Mjd)>,
}

/// Whether most of a track's days lie in gaps.
pub fn is_sparse(track: &Track) -> bool {
    let fixes = &track.fixes;
    let days = fixes[fixes.len() - 1].mjd - fixes[0].mjd;
    let apart = fixes.windows(2).map(|pair| pair[1].mjd - pair[0].mjd);
    fixes.len() > 1 && apart.filter(|days| *days > GAP_DAYS).sum::<f64>() > SPARSE_SHARE * days
}

/// Estimates the drag from a track, sparse or not; see [`crate::drag::estimate`].
///
/// # Model
///
/// The mean of a level over `D` days stands off its value in the middle: for the fast level of memory `τ` by
/// a variance of `1 + 2x − 2x²(1 − e^{−1/x}) − 4x(1 − e^{−1/2x})` of its own, `x = τ/D`; for the
/// slow one, a walk of variance `q` a day, by `q D/12`. The slow level begins at the mean of all spans, not at
/// the station's. A row that is rounded scatters by the unit of its rounding over `√6`, as the mean of two
/// rounded heights does.
///
/// # Errors
///
/// [`OrbitError::TooFewRows`] or [`OrbitError::Text`] when no drag follows.
pub fn estimate_any(
    track: &Track,
    burns: &[Burn],
    weather: Weather<'_>,
) -> Result<(DragEstimate, Option<Loss>), OrbitError> {
    if !is_sparse(track) {
        return Ok((estimate(track, burns, weather)?, None));
    }
    let constants =
        if weather.jb2008.is_some() { &FITTED_WITH_JB2008 } else { &FITTED_BEFORE_2012 };
    let noise_km = noise_km(&track.fixes).max(constants.altitude_scatter_km);
    let difference_km = noise_km * std::f64::consts::SQRT_2;
    let mut risen = Vec::new();
    let spans = spans(track, burns, weather, difference_km, &mut risen);
    let (spans, doubtful) = without_burns(spans, constants, difference_km);
    let lost_km: f64 = spans.iter().map(|span| span.block.loss_km).sum();
    let exposed: f64 = spans.iter().map(|span| span.block.exposure).sum();
    if spans.is_empty() || lost_km <= difference_km {
        return Err(OrbitError::Text(format!(
            "{} rows before the start, sparse ones: no two of them {SPAN_DAYS_MIN} days or more apart lose more \
             altitude than the {difference_km:.2} km that two rows differ by, so no drag follows; give rows farther \
             apart or more of them, or ask `decay` with a `drag_area_m2_kg` of your own",
            track.fixes.len()
        )));
    }
    let mean = |of: &dyn Fn(&Block) -> f64| {
        spans.iter().map(|span| of(&span.block) * span.block.exposure).sum::<f64>() / exposed
    };
    let answered = mean(&|block| block.circumstances.response(constants));
    let constants =
        Constants { ln_drag_mean: math::ln(lost_km / exposed) - answered, ..*constants };
    let mut blocks: Vec<Block> = spans.iter().map(|span| span.block).collect();
    for (block, span) in blocks.iter_mut().zip(&spans) {
        block.mean_spread = mean_spread(&constants, span.to - span.from);
        block.scatter_km = noise_km;
    }
    let estimate = follow(&blocks, &constants)?.at(track.fixes[track.fixes.len() - 1].mjd);
    // What the same spans would have met in the air as a decay flies it.
    let plain = weather.sun.with_felt_ap(1.0);
    let plain = Weather { sun: &plain, ..weather };
    let plainly: f64 = spans
        .iter()
        .flat_map(|span| span.rows.windows(2))
        .flat_map(|pair| met(track, plain, pair[0], pair[1]))
        .map(|day| day.0)
        .sum();
    let product_m2_kg = math::exp(estimate.level() + answered) * exposed / plainly;
    let mut apart: Vec<f64> =
        track.fixes.windows(2).map(|pair| pair[1].mjd - pair[0].mjd).collect();
    apart.sort_by(f64::total_cmp);
    let loss = Loss {
        product_m2_kg,
        spans: blocks.len(),
        apart_days: apart[apart.len() / 2],
        noise_km,
        risen,
        doubtful,
    };
    Ok((estimate, Some(loss)))
}

/// Days between two rows, with what was lost and met in them.
struct Span {
    from: Mjd,
    to: Mjd,
    rows: Vec<Fix>,
    block: Block,
}

/// Cuts a sparse track into spans without a burn that shows.
fn spans(
    track: &Track,
    burns: &[Burn],
    weather: Weather<'_>,
    difference_km: f64,
    risen: &mut Vec<(Mjd, Mjd)>,
) -> Vec<Span> {
    let fixes = daily(track, burns);
    let mut spans = Vec::new();
    let mut from = 0;
    while from + 1 < fixes.len() {
        let mut end = from;
        while end + 1 < fixes.len() {
            let (last, next) = (fixes[end].0, fixes[end + 1]);
            let rises = next.0.altitude_km - last.altitude_km > BURN_SIGMAS * difference_km;
            if next.1 || rises {
                if rises {
                    risen.push((last.mjd, next.0.mjd));
                }
                break;
            }
            end += 1;
            let days = fixes[end].0.mjd - fixes[from].0.mjd;
            let loss_km = fixes[from].0.altitude_km - fixes[end].0.altitude_km;
            if days >= SPAN_DAYS_MAX
                || days >= SPAN_DAYS_MIN && loss_km >= LOSS_SIGMAS * difference_km
            {
                break;
            }
        }
        let (a, b) = (fixes[from].0, fixes[end].0);
        if b.mjd - a.mjd >= SPAN_DAYS_MIN {
            let days: Vec<(f64, Circumstances)> = fixes[from..=end]
                .windows(2)
                .flat_map(|pair| met(track, weather, pair[0].0, pair[1].0))
                .collect();
            let block = block(&fixes[from..=end], &days, 0.0);
            if block.exposure.is_finite() {
                let rows = fixes[from..=end].iter().map(|day| day.0).collect();
                spans.push(Span { from: a.mjd, to: b.mjd, rows, block });
            }
        }
        from = end.max(from + 1);
    }
    spans
}

/// Decay per unit drag area and circumstances of each day between two rows.
///
/// The altitude between them follows the air that it meets: four rounds from a straight line leave less than
/// 0.1 % of the sum where the orbit loses 20 km.
fn met(track: &Track, weather: Weather<'_>, a: Fix, b: Fix) -> Vec<(f64, Circumstances)> {
    const ROUNDS: usize = 4;
    let behind = track.behind_days();
    let (start, end) = (a.mjd - behind, b.mjd - behind);
    let plane = plane_of(track, &a);
    let drift =
        nodal_precession_deg_d(0.5 * (a.altitude_km + b.altitude_km), plane.inclination_deg);
    let mut edges = vec![start];
    while edges[edges.len() - 1] < end {
        edges.push((edges[edges.len() - 1].floor() + 1.0).min(end));
    }
    let share = |mjd: Mjd| (mjd - start) / (end - start);
    let mut shares: Vec<f64> = edges.iter().map(|edge| share(*edge)).collect();
    let mut days = Vec::new();
    for _ in 0..ROUNDS {
        let altitude = |share: f64| a.altitude_km + (b.altitude_km - a.altitude_km) * share;
        days = (1..edges.len())
            .map(|i| {
                let plane =
                    Plane { raan_deg: plane.raan_deg + drift * (edges[i] - start), ..plane };
                let altitudes = (altitude(shares[i - 1]), altitude(shares[i]));
                exposure(weather, (edges[i - 1], edges[i]), altitudes, plane)
            })
            .collect::<Vec<_>>();
        let sum: f64 = days.iter().map(|day| day.0).sum();
        let mut met = 0.0;
        for (share, day) in shares[1..].iter_mut().zip(&days) {
            met += day.0;
            *share = met / sum;
        }
    }
    days
}

/// Leaves out spans that lost much less than the others say: a burn hides in them.
fn without_burns(
    spans: Vec<Span>,
    constants: &Constants,
    difference_km: f64,
) -> (Vec<Span>, Vec<(Mjd, Mjd)>) {
    let mut products: Vec<(f64, f64)> = spans
        .iter()
        .map(|span| (span.block.loss_km / span.block.exposure, span.block.exposure))
        .collect();
    products.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * products.iter().map(|product| product.1).sum::<f64>();
    let mut sum = 0.0;
    let usual = products
        .iter()
        .find(|product| {
            sum += product.1;
            sum >= half
        })
        .map_or(0.0, |product| product.0.max(0.0));
    let spread2 = constants.block_scatter * constants.block_scatter
        + constants.fast_spread * constants.fast_spread;
    let mut doubtful = Vec::new();
    let kept = spans
        .into_iter()
        .filter(|span| {
            let expected = usual * span.block.exposure;
            let error = (expected * expected * spread2 + difference_km * difference_km).sqrt();
            let is_doubtful = span.block.loss_km < expected - BURN_SIGMAS * error;
            if is_doubtful {
                doubtful.push((span.from, span.to));
            }
            !is_doubtful
        })
        .collect();
    (kept, doubtful)
}

/// Standard deviation of the mean of ln drag over days from its value in their middle; see
/// [`estimate_any`].
fn mean_spread(constants: &Constants, days: f64) -> f64 {
    let x = constants.fast_memory_days / days;
    let fast = 1.0 + 2.0 * x
        - 2.0 * x * x * (1.0 - math::exp(-1.0 / x))
        - 4.0 * x * (1.0 - math::exp(-0.5 / x));
    let slow = constants.slow_walk * constants.slow_walk * days / 12.0;
    (constants.fast_spread * constants.fast_spread * fast.max(0.0) + slow).sqrt()
}

/// Returns the scatter of rows that are rounded, km: of heights, semi-major axes or means of two heights.
fn noise_km(fixes: &[Fix]) -> f64 {
    const UNITS_KM: [f64; 5] = [10.0, 5.0, 1.0, 0.5, 0.1];
    /// Rounding of a sum, km.
    const SAME_KM: f64 = 1e-6;
    let rounded = |unit: f64, off: f64| {
        fixes.iter().all(|fix| {
            let units = (fix.altitude_km + off) / unit;
            (units - units.round()).abs() * unit < SAME_KM
        })
    };
    UNITS_KM
        .into_iter()
        .find(|unit| rounded(*unit, 0.0) || rounded(*unit, EARTH_RADIUS_KM))
        .map_or(0.0, |unit| unit / 6.0_f64.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variance of a mean about its middle is that of many drawn points of the same process: by sums over
    /// its autocovariance.
    #[test]
    fn a_mean_stands_off_its_middle_as_its_memory_says() {
        let constants = Constants { slow_walk: 0.0, ..FITTED_BEFORE_2012 };
        for days in [3.0, 18.6, 120.0] {
            let n = 2001;
            let at = |i: usize| days * (i as f64 + 0.5) / n as f64;
            let together = |a: f64, b: f64| math::exp(-(a - b).abs() / constants.fast_memory_days);
            let to_middle: f64 =
                (0..n).map(|i| together(at(i), days / 2.0)).sum::<f64>() / n as f64;
            // The mean of all pairs: by distance.
            let pairs: f64 =
                (0..n).map(|i| 2.0 * (days - at(i)) * together(at(i), 0.0)).sum::<f64>()
                    / (n as f64 * days);
            let wanted = constants.fast_spread * (1.0 + pairs - 2.0 * to_middle).sqrt();
            assert!((mean_spread(&constants, days) - wanted).abs() < 2e-3 * wanted, "{days}");
        }
    }

    #[test]
    fn rounding_is_seen_in_the_rows() {
        let fixes = |altitudes: &[f64]| -> Vec<Fix> {
            altitudes
                .iter()
                .map(|&altitude_km| Fix { mjd: 0.0, altitude_km, raan_deg: None })
                .collect()
        };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(noise_km(&fixes(&[396.5, 395.0, 394.0])), 0.5 / 6.0_f64.sqrt()));
        assert!(close(noise_km(&fixes(&[6774.0 - EARTH_RADIUS_KM])), 1.0 / 6.0_f64.sqrt()));
        assert!(close(noise_km(&fixes(&[396.649, 395.254])), 0.0));
    }
}
