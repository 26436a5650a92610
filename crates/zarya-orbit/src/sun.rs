//! The Sun as it was observed, and one path of the Sun through time.
//!
//! The record is GFZ Potsdam's (F10.7 and Ap from 1957-01-02 to 2026-10-01), carried by the `nrlmsise00`
//! crate but for the forty days at both ends that it holds and does not hand out (`data/sun-edges.csv`). A
//! flux reading taken during a radio burst says nothing about the air (the record reaches 938 on a
//! day whose neighbors are near 130), so single days far above the median of their five-day
//! neighborhood are replaced by it.

use crate::air::SunDay;
use crate::error::OrbitError;
use crate::space_weather::{self, Reading};
use nrlmsise00::drivers::Drivers;
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

/// An observed record: guarded daily flux and Ap.
#[derive(Clone, PartialEq)]
pub struct ObservedSun {
    first: i64,
    f107: Vec<f64>,
    ap: Vec<f64>,
    felt_ap: Vec<f64>,
    /// Sums of the flux before each day.
    flux_sums: Vec<f64>,
    replaced: usize,
    /// Whether days of one's own are in it.
    own: bool,
}

impl std::fmt::Debug for ObservedSun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ObservedSun({} to {})", self.first(), self.last())
    }
}

/// The days at both ends that the crate holds but hands out only as part of its 81-day means.
static EDGES: &str = include_str!("../data/sun-edges.csv");

/// Returns the attribution of the observed record, to be shown with answers that use it.
pub fn attribution() -> &'static str {
    "F10.7 and Ap: GFZ German Research Centre for Geosciences and Geomagnetic Observatory \
     Niemegk, CC BY 4.0 (flux bursts replaced by the five-day median)"
}

/// Returns every day that the program carries, as measured.
fn carried() -> Vec<Reading> {
    let drivers = Drivers::embedded();
    let inside = drivers.first_usable_day()..=drivers.last_usable_day();
    let edges = space_weather::Collected::table(EDGES).expect("our own table").days;
    let of_the_crate = |day: i64| {
        let known = drivers.day(day as f64).expect("inside the usable record");
        Reading { day, f107: known.flux, ap: known.ap_daily, ap_3h: known.ap }
    };
    let before = edges.range(..inside.start()).map(|(_, reading)| *reading);
    let after = edges.range(inside.end() + 1..).map(|(_, reading)| *reading);
    before.chain(inside.clone().map(of_the_crate)).chain(after).collect()
}

impl ObservedSun {
    /// Returns the record carried in the program.
    pub fn embedded() -> &'static Self {
        static RECORD: OnceLock<ObservedSun> = OnceLock::new();
        RECORD.get_or_init(|| Self::of(&carried()))
    }

    /// Builds a record from days that follow each other.
    ///
    /// # Panics
    ///
    /// If there is no day, or one is missing between two.
    pub fn of(days: &[Reading]) -> Self {
        assert!(!days.is_empty(), "a record has a day");
        assert!(days.windows(2).all(|two| two[1].day == two[0].day + 1), "days follow each other");
        let raw: Vec<f64> = days.iter().map(|day| day.f107).collect();
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
        let ap = days.iter().map(|day| day.ap).collect();
        let felt_ap = felt(days.iter().map(|day| day.ap_3h));
        let mut flux_sums = vec![0.0];
        for flux in &f107 {
            flux_sums.push(flux_sums[flux_sums.len() - 1] + flux);
        }
        Self { first: days[0].day, f107, ap, felt_ap, flux_sums, replaced, own: false }
    }

    /// Returns the carried record with days of one's own: where both know a day, one's own counts.
    ///
    /// Where the two do not meet there is no record of both: the days of one's own stand alone, and the
    /// second value says so.
    ///
    /// # Panics
    ///
    /// If there is no day, or one is missing between two.
    pub fn with_own(own: &[Reading]) -> (Self, bool) {
        let (first, last) = (own[0].day, own[own.len() - 1].day);
        let carried = carried();
        let meet = first <= carried[carried.len() - 1].day + 1 && last + 1 >= carried[0].day;
        if !meet {
            return (Self { own: true, ..Self::of(own) }, false);
        }
        let before = carried.iter().filter(|reading| reading.day < first);
        let after = carried.iter().filter(|reading| reading.day > last);
        let days: Vec<Reading> = before.chain(own).chain(after).copied().collect();
        (Self { own: true, ..Self::of(&days) }, true)
    }

    /// Returns whose it is, to be shown with answers that use it.
    pub fn source(&self) -> String {
        let own = if self.own { "; with days handed in" } else { "" };
        format!("{}{own}", attribution())
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

    /// Returns the first and the last day with an 81-day mean centered on it; the last lies before the
    /// first where the record is shorter than 81 days.
    pub fn centered(&self) -> (Date, Date) {
        let radius = MEAN_RADIUS as i32;
        (self.first().plus_days(radius), self.last().plus_days(-radius))
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

    fn not_held(&self, start: Mjd, days: usize, last: Date) -> OrbitError {
        OrbitError::NoObservation {
            from: Date::from_mjd(start),
            through: Date::from_mjd(start + (days - 1) as f64),
            first: self.centered().0,
            last,
        }
    }

    /// Returns this Sun for `days` days from the day of `from`.
    ///
    /// The 81-day mean is centered on measurements: this is for hindcasts with the Sun known.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record, with 40 days on both sides, does not reach.
    pub fn path(&self, from: Mjd, days: usize) -> Result<SunPath, OrbitError> {
        let start = from.floor();
        let days = days.max(1);
        let at = start as i64 - self.first;
        let radius = MEAN_RADIUS as i64;
        let first = usize::try_from(at - radius).ok();
        let end = at.saturating_add(days as i64).saturating_add(radius);
        match first {
            Some(first) if end <= self.f107.len() as i64 => {
                let flux = &self.f107[first..end as usize];
                let ap = &self.ap[at as usize..at as usize + days];
                Ok(self.after_own(SunPath::from_daily(start, flux, ap)))
            }
            _ => Err(self.not_held(start, days, self.centered().1)),
        }
    }

    /// Returns this Sun for `days` days from the day of `from` as known on the last of them.
    ///
    /// The 81-day means of the last 40 days are over the days of their windows that had passed:
    /// nothing after the span enters.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record does not reach.
    pub fn path_known(&self, from: Mjd, days: usize) -> Result<SunPath, OrbitError> {
        let start = from.floor();
        let days = days.max(1);
        let first = usize::try_from(start as i64 - self.first).ok().filter(|i| *i >= MEAN_RADIUS);
        let Some(first) = first.filter(|i| i + days <= self.f107.len()) else {
            return Err(self.not_held(start, days, self.last()));
        };
        let end = first + days;
        let mut sums = vec![0.0];
        for flux in &self.f107[first - MEAN_RADIUS..end] {
            sums.push(sums[sums.len() - 1] + flux);
        }
        let sun = (0..days)
            .map(|i| {
                let stop = (i + 2 * MEAN_RADIUS + 1).min(days + MEAN_RADIUS);
                SunDay {
                    f107: self.f107[first + i - 1],
                    f107_81: (sums[stop] - sums[i]) / (stop - i) as f64,
                    ap: self.ap[first + i],
                }
            })
            .collect();
        Ok(self.after_own(SunPath::new(start, sun)))
    }

    /// Hands a path the fluxes before it where they are not those of the program's record.
    fn after_own(&self, path: SunPath) -> SunPath {
        if !self.own {
            return path;
        }
        let end = self.index(path.start - 1.0);
        let before = self.f107[end.saturating_sub(2 * MEAN_RADIUS + 1)..end].to_vec();
        SunPath { before: Some(before), ..path }
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
    /// Daily fluxes up to two days before the first day, by a record of one's own.
    before: Option<Vec<f64>>,
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
        Self { start: start.floor(), days, sums, before: None }
    }

    /// Returns the observed Sun of the program's record; see [`ObservedSun::path`].
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record, with 40 days on both sides, does not reach.
    pub fn observed(from: Mjd, days: usize) -> Result<Self, OrbitError> {
        ObservedSun::embedded().path(from, days)
    }

    /// Returns the observed Sun of the program's record as known on the last day; see
    /// [`ObservedSun::path_known`].
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record does not reach.
    pub fn known(from: Mjd, days: usize) -> Result<Self, OrbitError> {
        ObservedSun::embedded().path_known(from, days)
    }

    /// Returns the path with the Ap of every day of the program's record replaced by `factor` times what
    /// the air felt; see [`SunPath::with_felt_ap_of`].
    #[must_use]
    pub fn with_felt_ap(&self, factor: f64) -> Self {
        self.with_felt_ap_of(ObservedSun::embedded(), factor)
    }

    /// Returns the path with the Ap of every day of a record replaced by `factor` times what the air felt.
    ///
    /// See [`ObservedSun::felt_ap`]; days outside the record keep theirs, times the factor.
    #[must_use]
    pub fn with_felt_ap_of(&self, record: &ObservedSun, factor: f64) -> Self {
        let days = self.days.iter().enumerate().map(|(i, day)| {
            let ap = factor * record.felt_ap(self.start + i as f64).unwrap_or(day.ap);
            SunDay { ap, ..*day }
        });
        Self { before: self.before.clone(), ..Self::new(self.start, days.collect()) }
    }

    /// Returns the mean flux of the 81 days before the day of an instant.
    ///
    /// Days before the path are those of its record; where it does not reach either, the mean is over those
    /// that are known. Outside the path, the nearest day's.
    pub fn trailing_flux(&self, mjd: Mjd) -> f64 {
        const WINDOW: usize = 2 * MEAN_RADIUS + 1;
        let day = ((mjd - self.start).max(0.0) as usize).min(self.days.len() - 1);
        // A day carries the flux of the day before it.
        let first = (day + 1).saturating_sub(WINDOW);
        let mut sum = self.sums[day + 1][0] - self.sums[first][0];
        let mut n = day + 1 - first;
        if let Some(before) = self.before.as_ref().filter(|_| n < WINDOW) {
            let begin = before.len().saturating_sub(WINDOW - n);
            sum += before[begin..].iter().sum::<f64>();
            n += before.len() - begin;
        } else if n < WINDOW {
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
        let before = if keep == 0 { tail.before.clone() } else { self.before.clone() };
        Self { before, ..Self::new(if keep == 0 { tail.start } else { self.start }, days) }
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

    fn mjd(text: &str) -> Mjd {
        Date::parse(text).unwrap().mjd()
    }

    /// The centered mean decides: 40 days inside the days held, at both ends, and not a day less.
    #[test]
    fn the_observed_sun_reaches_from_february_1957_to_august_2026() {
        let (first, last) = (mjd("1957-02-11"), mjd("2026-08-22"));
        for day in [first, last, 54_000.0] {
            let path = SunPath::observed(day, 1).unwrap();
            let theirs = Drivers::embedded().centered_flux(day).unwrap();
            // One flux in a thousand days is a burst that is replaced here.
            assert!((path.days()[0].f107_81 - theirs).abs() < 1.0, "{day}");
        }
        for (day, days) in [(first - 1.0, 1), (last + 1.0, 1), (last, 2), (30_000.0, 30)] {
            let error = SunPath::observed(day, days).unwrap_err().to_string();
            assert!(error.contains("known for 1957-02-11 to 2026-08-22"), "{error}");
        }
    }

    /// What is known of the days themselves reaches 40 days farther.
    #[test]
    fn the_record_reaches_october_2026() {
        let record = ObservedSun::embedded();
        assert_eq!(record.first().to_string(), "1957-01-02");
        assert_eq!(record.last().to_string(), "2026-10-01");
        assert_eq!(record.day(mjd("2026-10-01")), Some((92.4, 3.0)));
        assert_eq!(record.day(mjd("2026-10-02")), None);
        assert!(SunPath::known(mjd("2026-09-01"), 31).is_ok());
        assert!(SunPath::known(mjd("2026-09-01"), 32).is_err());
        assert!(SunPath::known(mjd("1957-02-11"), 1).is_ok());
        assert!(SunPath::known(mjd("1957-02-10"), 1).is_err());
    }

    /// The crate's means of neighboring days differ by a 81st of the fluxes that enter and leave: so its
    /// flux of the days that it does not hand out follows from what it does.
    #[test]
    fn the_days_at_both_ends_are_those_of_the_crate() {
        const WINDOW: f64 = 81.0;
        let drivers = Drivers::embedded();
        let days = carried();
        assert_eq!(
            (days[0].day, days[days.len() - 1].day),
            (drivers.first_day(), drivers.last_day())
        );
        assert_eq!(days.len(), drivers.len());
        let at = |day: i64| days[(day - days[0].day) as usize].f107;
        let (first, last) = (drivers.first_usable_day(), drivers.last_usable_day());
        let step = |day: i64| {
            let mean = |day: i64| drivers.centered_flux(day as f64).unwrap();
            WINDOW * (mean(day) - mean(day - 1))
        };
        for day in last - 39..=last {
            assert!((at(day - 41) + step(day) - at(day + 40)).abs() < 0.01, "{day}");
        }
        for day in first + 1..=first + 40 {
            assert!((at(day + 40) - step(day) - at(day - 41)).abs() < 0.01, "{day}");
        }
    }

    fn own(first: &str, days: i64, f107: f64) -> Vec<Reading> {
        let first = mjd(first) as i64;
        let day = |day| Reading { day, f107, ap: 5.0, ap_3h: [5.0; 8] };
        (first..first + days).map(day).collect()
    }

    #[test]
    fn days_of_ones_own_extend_the_record_and_count_before_it() {
        let (record, meets) = ObservedSun::with_own(&own("2026-09-20", 100, 111.0));
        assert!(meets);
        assert_eq!(record.last().to_string(), "2026-12-28");
        assert_eq!(record.day(mjd("2026-09-20")), Some((111.0, 5.0)));
        assert_eq!(record.day(mjd("2026-09-19")), ObservedSun::embedded().day(mjd("2026-09-19")));
        assert!(record.path(mjd("2026-09-01"), 60).is_ok());
        let (alone, meets) = ObservedSun::with_own(&own("2026-10-03", 100, 111.0));
        assert_eq!((meets, alone.first().to_string().as_str()), (false, "2026-10-03"));
        let (touching, meets) = ObservedSun::with_own(&own("2026-10-02", 1, 111.0));
        assert_eq!((meets, touching.last().to_string().as_str()), (true, "2026-10-02"));
        let (older, meets) = ObservedSun::with_own(&own("1956-01-01", 367, 111.0));
        assert_eq!((meets, older.first().to_string().as_str()), (true, "1956-01-01"));
    }

    #[test]
    fn a_record_shorter_than_its_mean_is_refused_not_a_panic() {
        let short = ObservedSun::of(&own("2030-01-01", 30, 111.0));
        assert!(short.path(mjd("2030-01-10"), 1).is_err());
        assert!(short.path_known(mjd("2030-01-10"), 1).is_err());
    }
}
