//! Many possible futures of one orbit: the Sun and the drag drawn per world, quantiles over worlds.

use crate::air::SunDay;
use crate::decay::{STEP_DAYS_MAX, decay_daily, decay_over};
use crate::density::{DensityPath, DensityProcess, FITTED_BEFORE_2012};
use crate::error::OrbitError;
use crate::forecast::Forecast;
use crate::sun::{ObservedSun, SunPath};
use crate::table::{ALTITUDE_KM, DecayTable};
use crate::watch::{Watch, each, go_on};
use schemars::JsonSchema;
use serde::Serialize;
use zarya_units::Mjd;
use zarya_units::random::{Source, Stream};
use zarya_units::statistics::quantile;

/// Which Sun a question is asked under.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SunChoice<'a> {
    /// The Sun as it was observed, by a record.
    Observed(&'a ObservedSun),
    /// A forecast as issued, after the days of a record.
    Issue(&'a Forecast, &'a ObservedSun),
    /// A Sun that does not change.
    Constant(SunDay),
}

impl SunChoice<'_> {
    /// Returns the one path of a Sun that is known; none of a forecast.
    ///
    /// # Errors
    ///
    /// [`OrbitError::NoObservation`] where the record does not reach.
    fn known(self, from: Mjd, days: usize) -> Result<Option<SunPath>, OrbitError> {
        Ok(match self {
            Self::Observed(record) => Some(record.path(from, days)?.with_felt_ap_of(record, 1.0)),
            Self::Constant(sun) => Some(SunPath::constant(from, days, sun)),
            Self::Issue(..) => None,
        })
    }
}

/// Quantiles over worlds; null where there is no such value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quantiles {
    /// 5 %.
    #[schemars(with = "Option<f64>")]
    pub p05: f64,
    /// 50 %.
    #[schemars(with = "Option<f64>")]
    pub p50: f64,
    /// 95 %.
    #[schemars(with = "Option<f64>")]
    pub p95: f64,
}

impl Quantiles {
    /// Returns the quantiles of a sample, linear between order statistics.
    ///
    /// # Panics
    ///
    /// If the sample is empty.
    pub fn of(sample: &[f64]) -> Self {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            p05: quantile(&sorted, 0.05),
            p50: quantile(&sorted, 0.5),
            p95: quantile(&sorted, 0.95),
        }
    }
}

/// Returns the Sun of one world, drawn or observed.
///
/// # Errors
///
/// [`OrbitError::NoObservation`] where the record does not reach.
pub fn sun_of_world(
    choice: SunChoice<'_>,
    from: Mjd,
    days: usize,
    source: &Source,
) -> Result<SunPath, OrbitError> {
    let stream = Stream::new("sun", "path");
    if let SunChoice::Issue(issue, after) = choice {
        return Ok(SunPath::draw_after(after, issue, from, days, &mut |n| {
            source.uniform(stream, n)
        }));
    }
    Ok(choice.known(from, days)?.expect("no forecast"))
}

/// Returns the density scale of one world where nothing is known of it but its process.
pub fn density_of_world(
    process: DensityProcess,
    from: Mjd,
    days: usize,
    source: &Source,
) -> DensityPath {
    let stream = Stream::new("density", "path");
    let mut uniforms = |n| source.uniform(stream, n);
    DensityPath::draw(process, 0.0, process.spread, from, days, &mut uniforms)
}

/// The question how an orbit sinks day by day if nobody pushes.
#[derive(Clone, Copy, Debug)]
pub struct DecayQuestion<'a> {
    /// The decay rates: [`DecayTable::embedded`], or those of another inclination.
    pub table: &'a DecayTable,
    /// Mean altitude at the start, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m²/kg, times the density scale (the median one under a forecast).
    pub drag_area_m2_kg: f64,
    /// The start.
    pub from: Mjd,
    /// Days to follow it.
    pub days: usize,
    /// The Sun.
    pub sun: SunChoice<'a>,
    /// Worlds drawn under a forecast.
    pub worlds: u32,
    /// The seed.
    pub seed: u64,
}

/// How an orbit sinks.
#[derive(Clone, Debug, PartialEq)]
pub struct Decay {
    /// Altitude by day from the start: under a known Sun one path, up to the floor of the tables;
    /// under a forecast quantiles over worlds, the floor standing for those that reached it.
    pub days_km: Vec<Quantiles>,
    /// Days until the floor is reached under a known Sun; all that were asked for where it is not.
    pub lasted_days: f64,
    /// Share of worlds that reach the floor.
    pub gone: f64,
}

/// Answers how an orbit sinks day by day: one path under a known Sun, else worlds, each with its own
/// Sun and density.
///
/// # Errors
///
/// [`OrbitError::Altitude`], [`OrbitError::NoObservation`] where the observed Sun does not reach,
/// [`OrbitError::Stopped`].
///
/// # Panics
///
/// If there is no world to draw.
pub fn decay(question: &DecayQuestion<'_>, watch: Watch<'_>) -> Result<Decay, OrbitError> {
    let q = question;
    check_altitude(q.altitude_km)?;
    let follow = |sun: &SunPath, scale: &dyn Fn(Mjd) -> f64| {
        decay_daily(q.table, q.altitude_km, q.drag_area_m2_kg, q.from, q.days, sun, scale)
    };
    if let Some(path) = q.sun.known(q.from, q.days)? {
        go_on(watch, "path", 0, 1)?;
        let (altitudes, end) = follow(&path, &|_| 1.0);
        go_on(watch, "path", 1, 1)?;
        return Ok(Decay {
            days_km: altitudes.iter().map(|&z| Quantiles { p05: z, p50: z, p95: z }).collect(),
            lasted_days: if end.reentered { end.days } else { q.days as f64 },
            gone: f64::from(u8::from(end.reentered)),
        });
    }
    let mut by_day = vec![Vec::with_capacity(q.worlds as usize); q.days + 1];
    let mut gone = 0_u32;
    each(watch, "worlds", q.worlds, |world| {
        let source = Source::new(q.seed, u64::from(world));
        let path = sun_of_world(q.sun, q.from, q.days, &source)?;
        let density = density_of_world(FITTED_BEFORE_2012, q.from, q.days, &source);
        let (altitudes, end) = follow(&path, &|mjd| density.at(mjd));
        gone += u32::from(end.reentered);
        for (day, values) in by_day.iter_mut().enumerate() {
            values.push(altitudes.get(day).copied().unwrap_or(end.altitude_km));
        }
        Ok(())
    })?;
    Ok(Decay {
        days_km: by_day.iter().map(|values| Quantiles::of(values)).collect(),
        lasted_days: q.days as f64,
        gone: f64::from(gone) / f64::from(q.worlds),
    })
}

/// The question how long an orbit lasts if nobody pushes.
#[derive(Clone, Copy, Debug)]
pub struct LifetimeQuestion<'a> {
    /// The decay rates: [`DecayTable::embedded`], or those of another inclination.
    pub table: &'a DecayTable,
    /// Mean altitude at the start, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m²/kg, at density scale 1.
    pub drag_area_m2_kg: f64,
    /// The start.
    pub from: Mjd,
    /// The Sun.
    pub sun: SunChoice<'a>,
    /// Days looked ahead at most.
    pub days: usize,
    /// Worlds drawn.
    pub worlds: u32,
    /// The seed.
    pub seed: u64,
}

/// Days until one altitude is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The altitude, km.
    pub to_km: f64,
    /// Days per world, in the order of worlds; infinite where it was not reached.
    pub days: Vec<f64>,
}

impl Target {
    /// Returns quantiles in days; infinite beyond the days looked ahead.
    pub fn quantiles(&self) -> Quantiles {
        Quantiles::of(&self.days)
    }

    /// Returns the share of worlds in which the altitude was reached.
    pub fn reached(&self) -> f64 {
        let n = self.days.iter().filter(|days| days.is_finite()).count();
        n as f64 / self.days.len() as f64
    }
}

/// Answers how many days an orbit takes to sink to each altitude of `targets_km`.
///
/// # Errors
///
/// [`OrbitError::Altitude`] for altitudes outside the tables or targets above the start,
/// [`OrbitError::NoObservation`] where the observed Sun does not reach, [`OrbitError::Stopped`].
pub fn lifetime(
    question: &LifetimeQuestion<'_>,
    targets_km: &[f64],
    watch: Watch<'_>,
) -> Result<Vec<Target>, OrbitError> {
    reached(question, targets_km, watch, "worlds")
}

fn reached(
    question: &LifetimeQuestion<'_>,
    targets_km: &[f64],
    watch: Watch<'_>,
    what: &'static str,
) -> Result<Vec<Target>, OrbitError> {
    check_altitude(question.altitude_km)?;
    for &target in targets_km {
        if !(ALTITUDE_KM.0..=question.altitude_km).contains(&target) {
            return Err(OrbitError::Altitude {
                asked_km: target,
                low_km: ALTITUDE_KM.0,
                high_km: question.altitude_km,
            });
        }
    }
    let table = question.table;
    let mut targets: Vec<Target> =
        targets_km.iter().map(|&to_km| Target { to_km, days: Vec::new() }).collect();
    // One known Sun serves all worlds.
    let shared = question.sun.known(question.from, question.days)?;
    each(watch, what, question.worlds, |world| {
        let source = Source::new(question.seed, u64::from(world));
        // A longer path begins with the same days: most worlds need only the first years.
        let mut looked_ahead = question.days.min(1_000);
        let days = loop {
            let drawn;
            let sun = if let Some(sun) = &shared {
                sun
            } else {
                drawn = sun_of_world(question.sun, question.from, looked_ahead, &source)?;
                &drawn
            };
            let density =
                density_of_world(FITTED_BEFORE_2012, question.from, looked_ahead, &source);
            let part = LifetimeQuestion { days: looked_ahead, ..*question };
            let days = days_to(table, &part, sun, &density, targets_km);
            if looked_ahead >= question.days || days.iter().all(|days| days.is_finite()) {
                break days;
            }
            looked_ahead = (looked_ahead * 2).min(question.days);
        };
        for (target, days) in targets.iter_mut().zip(days) {
            target.days.push(days);
        }
        Ok(())
    })?;
    Ok(targets)
}

/// Answers how many days an orbit takes to sink to each of many altitudes down to `lowest_km`, for a curve
/// over the same worlds; closer levels where little is lost before the Sun's record or forecast ends.
///
/// # Errors
///
/// As [`lifetime`].
pub fn lifetime_curve(
    question: &LifetimeQuestion<'_>,
    lowest_km: f64,
    watch: Watch<'_>,
) -> Result<Vec<Target>, OrbitError> {
    const LEVELS: u32 = 80;
    let down_to = |lowest_km: f64, what| {
        let mut levels: Vec<f64> = (0..=LEVELS)
            .map(|i| {
                let down_km = (lowest_km - question.altitude_km) * f64::from(i);
                question.altitude_km + down_km / f64::from(LEVELS)
            })
            .collect();
        levels.dedup();
        reached(question, &levels, watch, what)
    };
    let curve = down_to(lowest_km, "worlds of the curve")?;
    let n_reached = curve.iter().filter(|target| target.quantiles().p05.is_finite()).count();
    match curve.get(n_reached).filter(|_| 2 * n_reached < curve.len()) {
        Some(next) => down_to(next.to_km, "worlds, closer levels"),
        None => Ok(curve),
    }
}

fn days_to(
    table: &DecayTable,
    question: &LifetimeQuestion<'_>,
    sun: &SunPath,
    density: &DensityPath,
    targets_km: &[f64],
) -> Vec<f64> {
    let mut reached = vec![f64::INFINITY; targets_km.len()];
    let lowest = targets_km.iter().copied().fold(f64::INFINITY, f64::min);
    let mut altitude = question.altitude_km;
    let mut elapsed = 0.0;
    let whole = question.days as f64;
    for (days, &target) in reached.iter_mut().zip(targets_km) {
        if target >= altitude {
            *days = 0.0;
        }
    }
    while elapsed < whole && altitude > lowest {
        let step = STEP_DAYS_MAX.min(whole - elapsed);
        let now = question.from + elapsed;
        let scale = density.at(now + 0.5 * step);
        let end = decay_over(table, altitude, question.drag_area_m2_kg, scale, now, step, sun);
        for (days, &target) in reached.iter_mut().zip(targets_km) {
            if days.is_infinite() && end.altitude_km <= target {
                // Inside a step the rate grows little but near the end, where steps are short
                // against the target's uncertainty.
                let share = (altitude - target) / (altitude - end.altitude_km);
                *days = elapsed + share * end.days;
            }
        }
        altitude = end.altitude_km;
        elapsed += end.days;
        if end.reentered {
            break;
        }
    }
    reached
}

/// Returns an error for an altitude outside the tables.
///
/// # Errors
///
/// [`OrbitError::Altitude`].
pub fn check_altitude(altitude_km: f64) -> Result<(), OrbitError> {
    if (ALTITUDE_KM.0..=ALTITUDE_KM.1).contains(&altitude_km) {
        return Ok(());
    }
    Err(OrbitError::Altitude {
        asked_km: altitude_km,
        low_km: ALTITUDE_KM.0,
        high_km: ALTITUDE_KM.1,
    })
}
