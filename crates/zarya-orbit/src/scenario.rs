//! Paths of the Sun drawn from a forecast as issued: what NASA's curves leave out is put back.
//!
//! The curves are of 13-month means. A path adds how single months and rotations scatter about
//! them, carries the anomaly of the days before its start forward, takes the bias of Ap out, and
//! follows one slowly changing percentile, so that months are not independent. The constants were
//! fitted to issues and observations before 2012 (`docs/orbit.md` shows fit and score).

use crate::forecast::{Band, Forecast};
use crate::sun::{MEAN_RADIUS, ObservedSun, SunPath};
use std::f64::consts::TAU;
use zarya_units::math::Z95;
use zarya_units::{Mjd, math};

/// Constants of the scatter about the forecast, fitted before 2012.
mod fitted {
    /// Days in which an anomaly of the flux against the forecast fades to 1/e.
    pub(super) const FLUX_MEMORY_DAYS: f64 = 55.0;
    /// Scatter of the logarithm of the flux about the curves at high activity, and at the floor.
    pub(super) const FLUX_SCATTER: f64 = 0.095;
    /// Flux at which the scatter vanishes.
    pub(super) const QUIET_FLUX: f64 = 62.0;
    /// Excess over the quiet flux at which the scatter reaches half its full size.
    pub(super) const SCATTER_EXCESS: f64 = 12.0;
    /// Scatter of the logarithm of the daily flux about its rotation's mean, at high activity.
    pub(super) const ROTATION_SCATTER: f64 = 0.10;
    /// Days in which a rotation's pattern loses its phase.
    pub(super) const ROTATION_MEMORY_DAYS: f64 = 60.0;
    /// Months in which the percentile of a world changes.
    pub(super) const PERCENTILE_MEMORY_DAYS: f64 = 900.0;
    /// Bias of ln Ap of the 50 % curve at lead 0 and its growth to long leads.
    pub(super) const AP_BIAS: (f64, f64) = (-0.115, -0.40);
    /// Days over which the bias grows.
    pub(super) const AP_BIAS_DAYS: f64 = 730.0;
    /// Scatter of ln Ap of months about the unbiased curve and its memory.
    pub(super) const AP_SCATTER: f64 = 0.40;
    /// Days in which an anomaly of Ap fades to 1/e.
    pub(super) const AP_MEMORY_DAYS: f64 = 60.0;
    /// Scatter of ln Ap over three days about the month.
    pub(super) const AP_STORM_SCATTER: f64 = 0.50;
}

/// Days of one step of the scatter: a ninth of a rotation.
const BLOCK_DAYS: usize = 3;
const DRAWS_PER_BLOCK: u32 = 5;
/// Draws of the slow percentile, numbered apart so that a longer path keeps its beginning.
const PERCENTILE_DRAWS: u32 = 1 << 20;
/// Days whose anomaly tells how the Sun stands against the forecast.
const RECENT_DAYS: usize = 27;
const ROTATION_DAYS: f64 = 27.0;
/// Days between the nodes of the slow percentile.
const NODE_DAYS: f64 = 90.0;

impl SunPath {
    /// Draws one path of the Sun for `days` days from the day of `from`.
    ///
    /// The observed Sun is used before `from` alone (81-day means are completed from the path
    /// itself), the forecast and the scatter about it after. `uniforms` gives the uniform in (0, 1)
    /// of a draw's number; a longer path begins with the same days as a shorter one.
    ///
    /// # Panics
    ///
    /// If a uniform is not inside (0, 1).
    pub fn draw(
        issue: &Forecast,
        from: Mjd,
        days: usize,
        uniforms: &mut dyn FnMut(u32) -> f64,
    ) -> Self {
        Self::draw_after(ObservedSun::embedded(), issue, from, days, uniforms)
    }

    /// Draws one path of the Sun after the days of a record; see [`SunPath::draw`].
    ///
    /// # Panics
    ///
    /// If a uniform is not inside (0, 1).
    pub fn draw_after(
        record: &ObservedSun,
        issue: &Forecast,
        from: Mjd,
        days: usize,
        uniforms: &mut dyn FnMut(u32) -> f64,
    ) -> Self {
        let mut normal = |number: u32| math::normal_quantile(uniforms(number));
        path(record, issue, from, days, Some(&mut normal), 0.0)
    }

    /// Returns the path along one percentile curve of the forecast (`z` standard deviations from
    /// the 50 % curve), without scatter; the anomaly of the days before fades out.
    pub fn curve(issue: &Forecast, from: Mjd, days: usize, z: f64) -> Self {
        Self::curve_after(ObservedSun::embedded(), issue, from, days, z)
    }

    /// Returns the path along one percentile curve after the days of a record; see [`SunPath::curve`].
    pub fn curve_after(
        record: &ObservedSun,
        issue: &Forecast,
        from: Mjd,
        days: usize,
        z: f64,
    ) -> Self {
        path(record, issue, from, days, None, z)
    }
}

/// How the Sun stood against a forecast just before a date.
struct Anomaly {
    flux: f64,
    ap: f64,
}

fn path(
    record: &ObservedSun,
    issue: &Forecast,
    from: Mjd,
    days: usize,
    mut normal: Option<&mut dyn FnMut(u32) -> f64>,
    z_fixed: f64,
) -> SunPath {
    let start = from.floor();
    let days = days.max(1);
    // The path is grown from the last observed day before `from`; what it has before `from`
    // (when the record ends earlier) fills the gap.
    let known_end = record.index(start);
    let origin = (record.first_mjd() + known_end as f64).min(start);
    let gap = (start - origin).max(0.0) as usize;
    let grown = gap + days + MEAN_RADIUS;
    let anomaly = recent_anomaly(issue, record, known_end);

    let n_blocks = grown.div_ceil(BLOCK_DAYS) + 1;
    let fade_flux = math::exp(-(BLOCK_DAYS as f64) / fitted::FLUX_MEMORY_DAYS);
    let fade_ap = math::exp(-(BLOCK_DAYS as f64) / fitted::AP_MEMORY_DAYS);
    let fade_rotation = math::exp(-(BLOCK_DAYS as f64) / fitted::ROTATION_MEMORY_DAYS);
    let (turn_s, turn_c) = math::sincos(TAU * BLOCK_DAYS as f64 / ROTATION_DAYS);
    // Percentile nodes, linear between.
    let fade_percentile = math::exp(-NODE_DAYS / fitted::PERCENTILE_MEMORY_DAYS);
    let n_nodes = (grown as f64 / NODE_DAYS) as usize + 3;
    let mut percentile = Vec::with_capacity(n_nodes);
    for node in 0..n_nodes {
        let z = match normal.as_deref_mut() {
            None => z_fixed,
            Some(draw) => {
                let fresh = draw(PERCENTILE_DRAWS + node as u32);
                match percentile.last() {
                    None => fresh,
                    Some(last) => {
                        fade_percentile * last
                            + (1.0 - fade_percentile * fade_percentile).sqrt() * fresh
                    }
                }
            }
        };
        percentile.push(z);
    }

    let (mut flux_z, mut ap_z) = (anomaly.flux, anomaly.ap);
    let mut rotation = (0.0, 0.0);
    let mut block_flux = Vec::with_capacity(n_blocks);
    let mut block_ap = Vec::with_capacity(n_blocks);
    for block in 0..n_blocks {
        let lead = (block * BLOCK_DAYS) as f64;
        let mjd = origin + lead;
        let position = lead / NODE_DAYS;
        let (node, share) = (position as usize, position - position.floor());
        let z = percentile[node] * (1.0 - share) + percentile[node + 1] * share;
        let curve = along(issue.f107(mjd), z).max(fitted::QUIET_FLUX);
        let storm = if let Some(draw) = normal.as_deref_mut() {
            let first = block as u32 * DRAWS_PER_BLOCK;
            if block > 0 {
                flux_z = fade_flux * flux_z + (1.0 - fade_flux * fade_flux).sqrt() * draw(first);
                ap_z = fade_ap * ap_z + (1.0 - fade_ap * fade_ap).sqrt() * draw(first + 1);
            }
            let fresh = (1.0 - fade_rotation * fade_rotation).sqrt();
            rotation = (
                fade_rotation * (turn_c * rotation.0 - turn_s * rotation.1)
                    + fresh * draw(first + 2),
                fade_rotation * (turn_s * rotation.0 + turn_c * rotation.1)
                    + fresh * draw(first + 3),
            );
            draw(first + 4)
        } else {
            if block > 0 {
                flux_z *= fade_flux;
                ap_z *= fade_ap;
            }
            0.0
        };
        let excess = curve - fitted::QUIET_FLUX;
        let activity = excess / (excess + fitted::SCATTER_EXCESS);
        block_flux.push(
            curve
                * math::exp(
                    activity
                        * (fitted::FLUX_SCATTER * flux_z + fitted::ROTATION_SCATTER * rotation.0),
                ),
        );
        block_ap.push(
            unbiased_ap(issue, mjd, lead, z)
                * math::exp(
                    fitted::AP_SCATTER * ap_z + fitted::AP_STORM_SCATTER * storm
                        - if normal.is_some() {
                            0.5 * fitted::AP_STORM_SCATTER * fitted::AP_STORM_SCATTER
                        } else {
                            0.0
                        },
                ),
        );
    }

    // Observed days before, grown days after.
    let (known_flux, _) = record.series();
    let mut flux = Vec::with_capacity(days + 2 * MEAN_RADIUS);
    let mut ap = Vec::with_capacity(days);
    for i in 0..days + 2 * MEAN_RADIUS {
        // Day number counted from the origin; negative days are observed.
        let day = gap as i64 + i as i64 - MEAN_RADIUS as i64;
        if day < 0 {
            let held = usize::try_from(known_end as i64 + day).ok();
            let held = held.filter(|_| known_end > 0).and_then(|index| known_flux.get(index));
            flux.push(held.copied().unwrap_or(block_flux[0]));
        } else {
            let day = day as usize;
            let (block, step) = (day / BLOCK_DAYS, day % BLOCK_DAYS);
            let share = step as f64 / BLOCK_DAYS as f64;
            flux.push(block_flux[block] * (1.0 - share) + block_flux[block + 1] * share);
        }
    }
    for i in 0..days {
        ap.push(block_ap[(gap + i) / BLOCK_DAYS]);
    }
    SunPath::from_daily(start, &flux, &ap)
}

fn recent_anomaly(issue: &Forecast, record: &ObservedSun, known_end: usize) -> Anomaly {
    let (flux, ap) = record.series();
    let first = known_end.saturating_sub(RECENT_DAYS);
    if first == known_end {
        return Anomaly { flux: 0.0, ap: 0.0 };
    }
    let n = (known_end - first) as f64;
    let mean = |series: &[f64]| series[first..known_end].iter().sum::<f64>() / n;
    let middle = record.first_mjd() + 0.5 * (first + known_end) as f64;
    let curve = issue.f107(middle).p50.max(fitted::QUIET_FLUX + 1.0);
    let excess = curve - fitted::QUIET_FLUX;
    let scatter = fitted::FLUX_SCATTER * excess / (excess + fitted::SCATTER_EXCESS);
    let flux_z = math::ln(mean(flux) / curve) / scatter.max(0.01);
    let ap_z =
        math::ln((mean(ap)).max(0.5) / unbiased_ap(issue, middle, 0.0, 0.0)) / fitted::AP_SCATTER;
    Anomaly { flux: flux_z.clamp(-3.5, 3.5), ap: ap_z.clamp(-3.5, 3.5) }
}

/// Returns the value `z` standard deviations up the band, each side with its own width in ln.
fn along(band: Band, z: f64) -> f64 {
    let p50 = band.p50.max(1.0);
    let side = if z >= 0.0 { band.p95.max(p50) / p50 } else { p50 / band.p05.clamp(1.0, p50) };
    p50 * math::exp(z / Z95 * math::ln(side))
}

/// Returns Ap along the band with its bias at that lead removed, at least 1.
fn unbiased_ap(issue: &Forecast, mjd: Mjd, lead_days: f64, z: f64) -> f64 {
    let band = issue.ap(mjd);
    // Ap curves are widths in Ap, not in ln: the 5 % curve reaches below zero.
    let side = if z >= 0.0 { band.p95 - band.p50 } else { band.p50 - band.p05 };
    let (now, growth) = fitted::AP_BIAS;
    let bias = now + growth * (1.0 - math::exp(-lead_days.max(0.0) / fitted::AP_BIAS_DAYS));
    let value = band.p50 + z / Z95 * side;
    (value * math::exp(bias)).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::archive;
    use zarya_units::Date;
    use zarya_units::random::{Source, Stream};

    fn drawn(from: &str, days: usize, world: u64) -> SunPath {
        let from = Date::parse(from).unwrap();
        let source = Source::new(11, world);
        let stream = Stream::new("sun", "path");
        let issue = archive::forecast_as_of(from).unwrap();
        SunPath::draw(issue, from.mjd(), days, &mut |n| source.uniform(stream, n))
    }

    #[test]
    fn a_longer_path_keeps_its_beginning() {
        let (short, long) = (drawn("2019-05-10", 300, 0), drawn("2019-05-10", 1_200, 0));
        assert_eq!(short.days(), &long.days()[..300]);
    }

    /// The 81-day mean on the first day rests on observed days before it, not after: it differs
    /// between worlds, and between them and the observed Sun.
    #[test]
    fn nothing_after_the_start_is_looked_at() {
        let a = drawn("2014-02-01", 10, 0).days()[0];
        let b = drawn("2014-02-01", 10, 1).days()[0];
        let known =
            SunPath::observed(Date::parse("2014-02-01").unwrap().mjd(), 1).unwrap().days()[0];
        assert_eq!(a.f107, b.f107, "the flux of the day before is observed");
        assert_eq!(a.f107, known.f107);
        assert!(a.f107_81 != b.f107_81 && a.f107_81 != known.f107_81);
    }

    #[test]
    fn paths_stay_physical() {
        for world in 0..50 {
            for day in drawn("2009-08-01", 2_000, world).days() {
                assert!((58.0..500.0).contains(&day.f107), "{day:?}");
                assert!((0.0..400.0).contains(&day.ap), "{day:?}");
            }
        }
    }
}
