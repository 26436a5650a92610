//! The Sun as it was observed, and one path of the Sun through time.
//!
//! The record is GFZ Potsdam's (F10.7 and Ap since 1957), carried by the `nrlmsise00` crate. A
//! flux reading taken during a radio burst says nothing about the air (the record reaches 938 on a
//! day whose neighbors are near 130), so single days far above the median of their five-day
//! neighborhood are replaced by it.

use crate::air::SunDay;
use crate::error::OrbitError;
use nrlmsise00::drivers::{Drivers, FLUX_AVERAGE_RADIUS};
use std::sync::OnceLock;
use zarya_units::{Date, Mjd};

/// A day whose flux exceeds this times the median of its five-day neighborhood is a burst.
const BURST_RATIO: f64 = 1.3;
/// Below this a reading is a fault of the instrument: the quiet Sun gives about 64.
const FLUX_FLOOR: f64 = 60.0;
/// Ap at which the response of the density to Ap has bent by half.
pub(crate) const AP_BEND: f64 = 60.0;
/// The bend that makes the rate of a week's mean Ap the mean of the week's rates.
const AP_MEAN_BEND: f64 = 30.0;
/// Memory of the air for Ap per three hours, bend, slope and offset of [`ObservedSun::felt_ap`].
const FELT_MEMORY: f64 = 0.711_5;
const FELT_BEND: f64 = 40.1;
const FELT_SLOPE: f64 = 1.208_9;
const FELT_OFFSET: f64 = -0.020_1;
/// Days on each side of a day in its 81-day mean.
pub(crate) const MEAN_RADIUS: usize = 40;

/// The observed record: guarded daily flux and Ap.
pub struct ObservedSun {
    first: i64,
    f107: Vec<f64>,
    ap: Vec<f64>,
    felt_ap: Vec<f64>,
    /// Sums of the flux before each day.
    flux_sums: Vec<f64>,
    replaced: usize,
}

/// Returns the attribution of the observed record, to be shown with answers that use it.
pub fn attribution() -> &'static str {
    "F10.7 and Ap: GFZ German Research Centre for Geosciences and Geomagnetic Observatory \
     Niemegk, CC BY 4.0 (flux bursts replaced by the five-day median)"
}

impl ObservedSun {
    /// Returns the record carried in the program.
    pub fn embedded() -> &'static Self {
        static RECORD: OnceLock<ObservedSun> = OnceLock::new();
        RECORD.get_or_init(|| {
            let drivers = Drivers::embedded();
            let first = drivers.first_usable_day();
            let days: Vec<_> = (first..=drivers.last_usable_day())
                .map(|mjd| drivers.day(mjd as f64).expect("inside the usable record"))
                .collect();
            let raw: Vec<f64> = days.iter().map(|day| day.flux).collect();
            let mut replaced = 0;
            let f107: Vec<f64> = (0..raw.len())
                .map(|i| {
                    let mut near = raw[i.saturating_sub(2)..(i + 3).min(raw.len())].to_vec();
                    near.sort_by(f64::total_cmp);
                    let median = near[near.len() / 2];
                    if raw[i] > BURST_RATIO * median || raw[i] < FLUX_FLOOR {
                        replaced += 1;
                        median.max(FLUX_FLOOR)
                    } else {
                        raw[i]
                    }
                })
                .collect();
            let ap = days.iter().map(|day| day.ap_daily).collect();
            let felt_ap = felt(days.iter().map(|day| day.ap));
            let mut flux_sums = vec![0.0];
            for flux in &f107 {
                flux_sums.push(flux_sums[flux_sums.len() - 1] + flux);
            }
            Self { first, f107, ap, felt_ap, flux_sums, replaced }
        })
    }

    /// Returns how many readings of the flux were replaced.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// Returns the first day held.
    pub fn first(&self) -> Date {
        Date::from_mjd(self.first as f64)
    }

    /// Returns the last day held.
    pub fn last(&self) -> Date {
        Date::from_mjd((self.first + self.f107.len() as i64 - 1) as f64)
    }

    /// Returns flux and Ap of the day on which the instant lies, if it is held.
    pub fn day(&self, mjd: Mjd) -> Option<(f64, f64)> {
        let index = usize::try_from(mjd.floor() as i64 - self.first).ok()?;
        Some((*self.f107.get(index)?, self.ap[index]))
    }

    /// Returns the daily Ap that gives the density of the three-hourly history, if the day is held.
    ///
    /// # Model
    ///
    /// NRLMSISE-00 takes either the daily mean of Ap or its history of 57 hours; the table knows the
    /// first. A three-hourly value enters as `ap / (ap + 40.1)`, fades by 0.7115 every three hours,
    /// and is averaged over the day; a straight line turns that into the `ap / (ap + 40.1)` of an equal
    /// daily value. The four constants were fitted to the model itself on every third day of
    /// February 1997 to July 2024 at 400 km: of the 3.3 % (rms) by which daily and three-hourly
    /// density differ, 1.4 % is left, and less than 0.3 % in any mean over 1,000 days. No measured
    /// density entered.
    pub fn felt_ap(&self, mjd: Mjd) -> Option<f64> {
        let index = usize::try_from(mjd.floor() as i64 - self.first).ok()?;
        self.felt_ap.get(index).copied()
    }

    /// Returns the number of days held before the instant's day, at most all.
    pub(crate) fn index(&self, mjd: Mjd) -> usize {
        usize::try_from(mjd.floor() as i64 - self.first).unwrap_or(0).min(self.f107.len())
    }

    pub(crate) fn series(&self) -> (&[f64], &[f64]) {
        (&self.f107, &self.ap)
    }

    pub(crate) fn first_mjd(&self) -> Mjd {
        self.first as f64
    }
}

/// Daily values of equal effect from days of eight three-hourly values; see
/// [`ObservedSun::felt_ap`].
fn felt(days: impl Iterator<Item = [f64; 8]>) -> Vec<f64> {
    const SLOTS: f64 = 8.0;
    let mut memory = None;
    days.map(|slots| {
        let mut sum = 0.0;
        for ap in slots {
            let bent = ap / (ap + FELT_BEND);
            let now = memory.map_or(bent, |old: f64| bent + FELT_MEMORY * (old - bent));
            memory = Some(now);
            sum += now;
        }
        let bent = (FELT_SLOPE * sum / SLOTS + FELT_OFFSET).max(0.0);
        FELT_BEND * bent / (1.0 - bent)
    })
    .collect()
}

#[inline]
pub(crate) fn bent_ap(ap: f64) -> f64 {
    ap / (ap + AP_BEND)
}

/// One path of the Sun, day by day: what one world sees.
#[derive(Clone, Debug, PartialEq)]
pub struct SunPath {
    start: Mjd,
    days: Vec<SunDay>,
    sums: Vec<[f64; 3]>,
}

impl SunPath {
    /// Builds a path from its days; `start` is the first day's first instant.
    ///
    /// # Panics
    ///
    /// If there is no day.
    pub fn new(start: Mjd, days: Vec<SunDay>) -> Self {
        assert!(!days.is_empty(), "a path has a day");
        let mut sums = Vec::with_capacity(days.len() + 1);
        let mut sum = [0.0; 3];
        sums.push(sum);
        for day in &days {
            let bent = day.ap / (day.ap + AP_MEAN_BEND);
            sum = [sum[0] + day.f107, sum[1] + day.f107_81, sum[2] + bent];
            sums.push(sum);
        }
        Self { start: start.floor(), days, sums }
    }

    /// Returns the observed Sun for `days` days from the day of `from`.
    ///
    /// The 81-day mean is centered on measurements: this is for hindcasts with the Sun known.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record, with 40 days on both sides, does not reach.
    pub fn observed(from: Mjd, days: usize) -> Result<Self, OrbitError> {
        let record = ObservedSun::embedded();
        let start = from.floor();
        let days = days.max(1);
        let at = start as i64 - record.first;
        let radius = FLUX_AVERAGE_RADIUS;
        let first = usize::try_from(at - radius).ok();
        let end = at + days as i64 + radius;
        match first {
            Some(first) if end <= record.f107.len() as i64 => {
                let flux = &record.f107[first..end as usize];
                let ap = &record.ap[at as usize..at as usize + days];
                Ok(Self::from_daily(start, flux, ap))
            }
            _ => Err(OrbitError::NoObservation {
                from: Date::from_mjd(start),
                through: Date::from_mjd(start + (days - 1) as f64),
                first: Date::from_mjd((record.first + radius) as f64),
                last: Date::from_mjd((record.first + record.f107.len() as i64 - 1 - radius) as f64),
            }),
        }
    }

    /// Returns the observed Sun for `days` days from the day of `from` as known on the last of them.
    ///
    /// The 81-day means of the last 40 days are over the days of their windows that had passed:
    /// nothing after the span enters.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record does not reach.
    pub fn known(from: Mjd, days: usize) -> Result<Self, OrbitError> {
        let record = ObservedSun::embedded();
        let start = from.floor();
        let days = days.max(1);
        let first = usize::try_from(start as i64 - record.first).ok().filter(|i| *i > MEAN_RADIUS);
        let Some(first) = first.filter(|i| i + days <= record.f107.len()) else {
            return Err(OrbitError::NoObservation {
                from: Date::from_mjd(start),
                through: Date::from_mjd(start + (days - 1) as f64),
                first: Date::from_mjd((record.first + FLUX_AVERAGE_RADIUS) as f64),
                last: record.last(),
            });
        };
        let end = first + days;
        let mut sums = vec![0.0];
        for flux in &record.f107[first - MEAN_RADIUS..end] {
            sums.push(sums[sums.len() - 1] + flux);
        }
        let sun = (0..days)
            .map(|i| {
                let stop = (i + 2 * MEAN_RADIUS + 1).min(days + MEAN_RADIUS);
                SunDay {
                    f107: record.f107[first + i - 1],
                    f107_81: (sums[stop] - sums[i]) / (stop - i) as f64,
                    ap: record.ap[first + i],
                }
            })
            .collect();
        Ok(Self::new(start, sun))
    }

    /// Returns the path with the Ap of every day of the record replaced by `factor` times what the
    /// air felt.
    ///
    /// See [`ObservedSun::felt_ap`]; days outside the record keep theirs, times the factor.
    #[must_use]
    pub fn with_felt_ap(&self, factor: f64) -> Self {
        let record = ObservedSun::embedded();
        let days = self.days.iter().enumerate().map(|(i, day)| {
            let ap = factor * record.felt_ap(self.start + i as f64).unwrap_or(day.ap);
            SunDay { ap, ..*day }
        });
        Self::new(self.start, days.collect())
    }

    /// Returns the mean flux of the 81 days before the day of an instant.
    ///
    /// Days before the path are the record's; where it does not reach either, the mean is over those
    /// that are known. Outside the path, the nearest day's.
    pub fn trailing_flux(&self, mjd: Mjd) -> f64 {
        const WINDOW: usize = 2 * MEAN_RADIUS + 1;
        let day = ((mjd - self.start).max(0.0) as usize).min(self.days.len() - 1);
        // A day carries the flux of the day before it.
        let first = (day + 1).saturating_sub(WINDOW);
        let mut sum = self.sums[day + 1][0] - self.sums[first][0];
        let mut n = day + 1 - first;
        if n < WINDOW {
            let record = ObservedSun::embedded();
            let end = record.index(self.start - 1.0);
            let begin = end.saturating_sub(WINDOW - n);
            sum += record.flux_sums[end] - record.flux_sums[begin];
            n += end - begin;
        }
        sum / n as f64
    }

    /// Returns a Sun that does not change, for studies and tests.
    pub fn constant(from: Mjd, days: usize, sun: SunDay) -> Self {
        Self::new(from, vec![sun; days.max(1)])
    }

    /// Builds a path from daily flux that reaches 40 days beyond `ap` on both sides.
    pub(crate) fn from_daily(start: Mjd, flux: &[f64], ap: &[f64]) -> Self {
        const WINDOW: f64 = (2 * MEAN_RADIUS + 1) as f64;
        assert_eq!(flux.len(), ap.len() + 2 * MEAN_RADIUS, "flux reaches 40 days farther");
        let mut running: f64 = flux[..=2 * MEAN_RADIUS].iter().sum();
        let days = ap
            .iter()
            .enumerate()
            .map(|(i, &ap)| {
                if i > 0 {
                    running += flux[i + 2 * MEAN_RADIUS] - flux[i - 1];
                }
                SunDay { f107: flux[i + MEAN_RADIUS - 1], f107_81: running / WINDOW, ap }
            })
            .collect();
        Self::new(start, days)
    }

    /// Returns the first instant.
    pub fn start(&self) -> Mjd {
        self.start
    }

    /// Returns the instant after the last day.
    pub fn end(&self) -> Mjd {
        self.start + self.days.len() as f64
    }

    /// Returns the days in order.
    pub fn days(&self) -> &[SunDay] {
        &self.days
    }

    /// Returns the day on which the instant lies; outside the path, the nearest.
    pub fn at(&self, mjd: Mjd) -> SunDay {
        let index = (mjd - self.start).max(0.0) as usize;
        self.days[index.min(self.days.len() - 1)]
    }

    /// Returns the mean over the whole days that the span touches; outside, the nearest day.
    ///
    /// Ap is averaged as the density feels it (`Ap / (Ap + 30)`): one storm in a quiet week counts
    /// for less than its share of the plain mean, which would overstate a year's loss by 1 to 2 %.
    pub fn mean(&self, from: Mjd, to: Mjd) -> SunDay {
        let last = self.days.len() - 1;
        let first = ((from - self.start).max(0.0) as usize).min(last);
        let end = ((to - self.start).ceil().max(0.0) as usize).clamp(first + 1, last + 1);
        let n = (end - first) as f64;
        let (a, b) = (self.sums[first], self.sums[end]);
        let bent = (b[2] - a[2]) / n;
        SunDay {
            f107: (b[0] - a[0]) / n,
            f107_81: (b[1] - a[1]) / n,
            ap: bent * AP_MEAN_BEND / (1.0 - bent),
        }
    }

    /// Returns the path with `tail` in place of everything from the first instant of `tail` on.
    #[must_use]
    pub fn continued(&self, tail: &Self) -> Self {
        let keep = ((tail.start - self.start).max(0.0) as usize).min(self.days.len());
        let days = self.days[..keep].iter().chain(&tail.days).copied().collect();
        Self::new(if keep == 0 { tail.start } else { self.start }, days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reading of 2011-03-07 is 938.6 in the published record, taken during a flare.
    #[test]
    fn bursts_are_guarded() {
        let record = ObservedSun::embedded();
        let mjd = Date::parse("2011-03-07").unwrap().mjd();
        let (flux, _) = record.day(mjd).unwrap();
        assert!((100.0..170.0).contains(&flux), "{flux}");
        assert!(
            (0..28_000).all(|d| record.day(36_000.0 + f64::from(d)).is_none_or(|(f, _)| f < 400.0))
        );
        assert!(record.replaced() < 100, "{}", record.replaced());
    }

    /// The largest real fluxes of the declining phase of cycle 23 stay: 2003-10-29 to 31 are above
    /// 240 on several days in a row in the published record.
    #[test]
    fn a_bright_week_is_not_a_burst() {
        let record = ObservedSun::embedded();
        let mjd = Date::parse("2003-10-30").unwrap().mjd();
        assert!(record.day(mjd).unwrap().0 > 240.0);
    }

    #[test]
    fn the_record_ends_with_a_clear_error() {
        let error = SunPath::observed(61_274.0, 30).unwrap_err();
        assert!(error.to_string().contains("observed Sun is known for"), "{error}");
        assert!(SunPath::observed(30_000.0, 30).is_err());
        assert!(SunPath::observed(54_000.0, 30).is_ok());
    }
}
