//! From a past series and a date: how far the orbit sinks if nobody pushes.

use crate::decay::decay_daily;
use crate::drag::{
    AP_FACTOR, BAND_FACTOR, Circumstances, DragEstimate, DragPath, PRIOR_LN_AREA_SPREAD, Plane,
    Split, Weather, plane_of, sun_along,
};
use crate::error::{OrbitError, counted};
use crate::forecast::Forecast;
use crate::geometry::{ISS_INCLINATION_DEG, day_of_year, nodal_precession_deg_d};
use crate::inclination::table_at;
use crate::jb2008::{self, Drivers, usable};
use crate::reboosts::{Burn, find};
use crate::sparse::{Loss, estimate_any, is_sparse};
use crate::sun::{ObservedSun, SunPath};
use crate::table::DecayTable;
use crate::track::Track;
use crate::watch::{Watch, each};
use crate::worlds::{Quantiles, SunChoice, check_altitude};
use zarya_units::random::{Source, Stream};
use zarya_units::{Date, Mjd, math};

/// The question of a hindcast (or of a forecast: the same).
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The first instant of the prediction; only fixes before it are used.
    pub from: Mjd,
    /// The last instant.
    pub through: Mjd,
    /// The Sun after `from`.
    pub sun: SunChoice<'a>,
    /// The drivers of JB2008; only with the observed Sun.
    pub jb2008: Option<&'a Drivers>,
    /// Worlds drawn.
    pub worlds: u32,
    /// The seed.
    pub seed: u64,
}

/// What a hindcast answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Hindcast {
    /// Mean altitude at `from`, carried there from the last fixes, km.
    pub start_altitude_km: f64,
    /// The last fix used.
    pub last_fix: Mjd,
    /// Fixes used.
    pub rows: usize,
    /// Loss of mean altitude between `from` and `through`, km; infinite where the orbit sinks below
    /// the tables (150 km) before `through`.
    pub drop_km: Quantiles,
    /// Drag area and density scale at `from`.
    pub split: Split,
    /// Standard deviation of the logarithm of their product at `from`.
    pub ln_drag_error: f64,
    /// Where the rows are sparse: what the loss between them says.
    pub loss: Option<Loss>,
    /// Burns found in the past part.
    pub burns: Vec<Burn>,
    /// The estimate itself.
    pub estimate: DragEstimate,
    /// Altitude by day: 5, 50 and 95 % of worlds, from `from` on; minus infinity below the tables.
    pub days: Vec<Quantiles>,
    /// Share of worlds in which the orbit sank below the tables before `through`.
    pub reentered: f64,
    /// The day on which the median world sank below the tables, if it did.
    pub reentry: Option<Date>,
    /// What had to be said.
    pub caveats: Vec<String>,
}

/// Observed days kept before a drawn Sun: more than an altitude is behind its time stamp.
const LATELY_DAYS: usize = 3;
/// Rows before the start that an estimate needs at least.
pub const ROWS_MIN: usize = 5;
/// Rows that it needs where they are sparse.
const SPARSE_ROWS_MIN: usize = 2;

/// Spread of the logarithm of the drag that sparse rows have beyond the filter's. Assumed, as the prior of the drag
/// area is: the filter's constants are those of a station that keeps its attitude, and rows weeks apart do not show
/// an object that turns or grows.
const OBJECT_LN_SPREAD: f64 = PRIOR_LN_AREA_SPREAD;

/// Returns the rows before an instant that an estimate can be made of: five, or two sparse ones.
///
/// # Errors
///
/// [`OrbitError::TooFewBefore`].
pub fn past_of(track: &Track, from: Mjd) -> Result<Track, OrbitError> {
    let past = track.before(from, SPARSE_ROWS_MIN);
    match past {
        Ok(past) if past.fixes.len() >= ROWS_MIN || is_sparse(&past) => Ok(past),
        _ => track.before(from, ROWS_MIN),
    }
}

/// Days that the last row may lie before the start. Assumed: a station is pushed about monthly, and
/// nothing here knows how much an unseen burn raised it.
pub const STALE_D_MAX: u32 = 30;

/// Answers a hindcast.
///
/// # Errors
///
/// [`OrbitError::TooFewRows`], [`OrbitError::Stale`], [`OrbitError::NoObservation`], [`OrbitError::Altitude`],
/// [`OrbitError::Stopped`].
pub fn hindcast(
    track: &Track,
    question: &Question<'_>,
    watch: Watch<'_>,
) -> Result<Hindcast, OrbitError> {
    let (record, forecast) = match question.sun {
        SunChoice::Observed(record) => (record, None),
        SunChoice::Issue(issue, record) => (record, Some(issue)),
        SunChoice::Constant(_) => {
            return Err(OrbitError::Plan(
                "a hindcast learns the drag under the Sun that shone: a constant one is none"
                    .into(),
            ));
        }
    };
    let past = past_of(track, question.from)?;
    let burns = find(&past);
    let hindsight = forecast.is_none();
    let behind = past.behind_days();
    let last = past.fixes[past.fixes.len() - 1];
    let mut caveats = past.caveats.clone();
    let stale_days = question.from - last.mjd;
    if stale_days > f64::from(STALE_D_MAX) {
        let (last, from) = (Date::from_mjd(last.mjd), Date::from_mjd(question.from));
        return Err(OrbitError::Stale { last, from, most_d: STALE_D_MAX });
    }
    if stale_days > 3.0 {
        caveats.push(format!(
            "the last row before the start is {stale_days:.0} days older than it ({}): burns in \
             between are not known",
            Date::from_mjd(last.mjd)
        ));
    }
    if let Some(drivers) = question.jb2008 {
        covered(drivers, &past, question, &mut caveats)?;
    }
    let (known, (estimate, loss)) = match forecast {
        Some(issue) if record.last().mjd() < last.mjd.floor() => {
            beyond_record(&past, &burns, (issue, record), &mut caveats)?
        }
        _ => {
            let known = sun_along(record, &past, hindsight)?;
            let estimate =
                estimate_any(&past, &burns, Weather { sun: &known, jb2008: question.jb2008 })?;
            (known, estimate)
        }
    };
    if let Some(loss) = &loss {
        caveats.extend(sparse_caveats(loss));
    } else if past.fixes.len() < 40 {
        caveats.push(format!(
            "only {} rows before the start: the estimate leans on the station's drag before 2012",
            past.fixes.len()
        ));
    }

    // Altitude at the start: the last fixes after the last burn, carried on by the drag.
    let table = DecayTable::embedded();
    let carried = (question.from - last.mjd).max(0.0);
    let flown = last.mjd - behind;
    let plane_last = plane_of(&past, &last);
    let circumstances = Circumstances::new(
        flown,
        Weather { sun: &known, jb2008: question.jb2008 },
        plane_last,
        last.altitude_km,
    );
    let terms = table.day_terms(known.at(flown), day_of_year(flown));
    let rate = math::exp(estimate.ln_drag(&circumstances).0)
        * circumstances.air_ratio()
        * table.rate_at(last.altitude_km, &terms);
    let first_after_burn = burns.last().map_or(0, |burn| burn.index);
    let recent: Vec<f64> = past.fixes[first_after_burn..]
        .iter()
        .rev()
        .take_while(|fix| fix.mjd >= last.mjd - 2.2)
        .map(|fix| fix.altitude_km - rate * (last.mjd - fix.mjd))
        .collect();
    let altitude_last = recent.iter().sum::<f64>() / recent.len() as f64;
    let start_altitude_km = altitude_last - rate * carried;
    check_altitude(start_altitude_km)?;
    let inclination_deg = past.inclination_deg();
    let mut ln_ratio = 0.0;
    if inclination_deg != ISS_INCLINATION_DEG {
        ln_ratio = math::ln(
            table.rate_at(last.altitude_km, &terms)
                / table_at(inclination_deg).rate_at(last.altitude_km, &terms),
        );
        caveats.push(format!(
            "the orbit is inclined {inclination_deg:.1} degrees: how the drag answers to the Sun and \
             scatters was learned from the ISS"
        ));
        if last.raan_deg.is_none() {
            caveats.push("the input has no node (`raan_deg`): that of the ISS stands in".into());
        }
    }
    let split = estimate.split(&circumstances, ln_ratio);
    let ln_drag_error = {
        let error = estimate.ln_drag(&circumstances).1;
        if loss.is_some() {
            (error * error + OBJECT_LN_SPREAD * OBJECT_LN_SPREAD).sqrt()
        } else {
            error
        }
    };

    // The node drifts on from the last fix, as the altitude then has it.
    let drift = nodal_precession_deg_d(start_altitude_km, inclination_deg);
    let plane = |mjd: Mjd| Plane {
        raan_deg: plane_last.raan_deg + drift * (mjd - last.mjd),
        inclination_deg,
    };

    // An altitude was flown before its time stamp; so are those that the answer is compared with.
    let begin = question.from - behind;
    let days = (question.through - question.from).ceil() as usize;
    let span = days.max(1) + 1;
    let observed = match forecast {
        None => record.path(begin, span)?.with_felt_ap_of(record, AP_FACTOR),
        Some(_) => known,
    };
    let observed_circumstances =
        along(Weather { sun: &observed, jb2008: question.jb2008 }, &plane, start_altitude_km);
    // Where the record ends before the start, the drawn Sun begins with the first day it lacks.
    let first = question.from.floor() - LATELY_DAYS as f64;
    let record_end = record.last().mjd() + 1.0;
    let held = (record_end - first).clamp(0.0, LATELY_DAYS as f64) as usize;
    let lately = (held > 0)
        .then(|| record.path_known(first, held).ok())
        .flatten()
        .map(|known| known.with_felt_ap_of(record, AP_FACTOR));
    let drawn_from = first + lately.as_ref().map_or(0, |_| held) as f64;
    let drawn_days = span + (question.from.floor() - drawn_from) as usize;
    let now = estimate.at(question.from);
    let stream = Stream::new("drag", "path");
    let sun_stream = Stream::new("sun", "path");
    let noise = Stream::new("fixes", "scatter");
    let object_stream = Stream::new("drag", "object");
    let object_spread = if loss.is_some() { OBJECT_LN_SPREAD } else { 0.0 };
    // The factor was found on daily rows of the ISS; sparse rows have their band as the filter has it.
    let band_factor = if loss.is_some() { 1.0 } else { BAND_FACTOR };
    let mut drops = Vec::with_capacity(question.worlds as usize);
    let mut by_day: Vec<Vec<f64>> = vec![Vec::new(); days + 1];
    let mut reentered = 0;
    let mut lasted = Vec::with_capacity(question.worlds as usize);
    each(watch, "worlds", question.worlds, |world| {
        // Every second world mirrors the one before it: the median then hardly depends on the seed.
        let source = Source::new(question.seed, u64::from(world / 2));
        let uniform = |stream: Stream, number: u32| {
            let uniform = source.uniform(stream, number);
            if world % 2 == 0 { uniform } else { 1.0 - uniform }
        };
        let (drawn, drawn_circumstances);
        let (sun, circumstances) = if let Some(issue) = forecast {
            let mut draws = |n| uniform(sun_stream, n);
            let tail = SunPath::draw_after(record, issue, drawn_from, drawn_days, &mut draws);
            drawn = lately.as_ref().map_or_else(|| tail.clone(), |known| known.continued(&tail));
            drawn_circumstances = along(Weather::from(&drawn), &plane, start_altitude_km);
            (&drawn, &drawn_circumstances)
        } else {
            (&observed, &observed_circumstances)
        };
        let path = DragPath::draw(&now, days as f64, band_factor, &mut |n| uniform(stream, n));
        // Multiplied by exactly 1 where rows are dense.
        let object = math::exp(object_spread * math::normal_quantile(uniform(object_stream, 0)));
        let drag = |mjd: Mjd| {
            let day = ((mjd - sun.start()) as usize).min(circumstances.len() - 1);
            object * path.at(mjd + behind, &circumstances[day])
        };
        let (altitudes, end) = decay_daily(table, start_altitude_km, 1.0, begin, days, sun, drag);
        // What is compared with are scattered fixes, too.
        let scatter =
            now.scatter_km() * std::f64::consts::SQRT_2 * math::normal_quantile(uniform(noise, 0));
        let lost = start_altitude_km - end.altitude_km + scatter;
        drops.push(if end.reentered { f64::INFINITY } else { lost });
        reentered += u32::from(end.reentered);
        lasted.push(if end.reentered { end.days } else { f64::INFINITY });
        for (day, values) in by_day.iter_mut().enumerate() {
            values.push(altitudes.get(day).copied().unwrap_or(f64::NEG_INFINITY));
        }
        Ok(())
    })?;
    let reentry_days = Quantiles::of(&lasted).p50;
    let reentry = reentry_days.is_finite().then(|| Date::from_mjd(question.from + reentry_days));
    let reentered = f64::from(reentered) / f64::from(question.worlds);
    if reentered > 0.0 {
        let median =
            reentry.map_or_else(String::new, |date| format!(", in the median world by {date}"));
        caveats.push(format!(
            "in {:.0} % of the worlds the orbit sinks below 150 km before {}{median}: their loss is not \
             bounded",
            100.0 * reentered,
            Date::from_mjd(question.through)
        ));
    }
    Ok(Hindcast {
        start_altitude_km,
        last_fix: last.mjd,
        rows: past.fixes.len(),
        drop_km: Quantiles::of(&drops),
        split,
        ln_drag_error,
        loss,
        burns,
        estimate,
        days: by_day.iter().map(|values| Quantiles::of(values)).collect(),
        reentered,
        reentry,
        caveats,
    })
}

/// Says what an estimate from sparse rows rests on, and what it cannot see.
fn sparse_caveats(loss: &Loss) -> Vec<String> {
    const SHOWN: usize = 3;
    let listed = |spans: &[(Mjd, Mjd)]| {
        let shown = spans
            .iter()
            .take(SHOWN)
            .map(|(from, to)| format!("{} to {}", Date::from_mjd(*from), Date::from_mjd(*to)));
        let more = if spans.len() > SHOWN { ", …" } else { "" };
        shown.collect::<Vec<_>>().join(", ") + more
    };
    let mut caveats = vec![format!(
        "the rows are sparse, {:.0} days apart in the median: the drag is that of the loss between them, {:.5} \
         m2/kg at the density of the model by the last row, from {}, each row good to {:.2} km; a burn between two \
         rows cannot be seen unless it is large, and makes the drag look weaker than it is",
        loss.apart_days,
        loss.product_m2_kg,
        counted(loss.spans, "span"),
        loss.noise_km
    )];
    if !loss.risen.is_empty() {
        caveats.push(format!(
            "the orbit was raised between rows, which were left out: {}",
            listed(&loss.risen)
        ));
    }
    if !loss.doubtful.is_empty() {
        caveats.push(format!(
            "so little was lost that a burn is likelier, and the rows were left out: {}",
            listed(&loss.doubtful)
        ));
    }
    caveats
}

/// Refuses days to be predicted without drivers of JB2008, and says which past ones are left out.
fn covered(
    drivers: &Drivers,
    past: &Track,
    question: &Question<'_>,
    caveats: &mut Vec<String>,
) -> Result<(), OrbitError> {
    if !matches!(question.sun, SunChoice::Observed(_)) {
        return Err(OrbitError::Plan(
            "JB2008 is for the observed Sun: its drivers are not forecast".into(),
        ));
    }
    let behind = past.behind_days();
    let last = past.fixes[past.fixes.len() - 1].mjd;
    let days = |from: Mjd, through: Mjd| {
        let count = (through.floor() - from.floor()) as usize + 1;
        (0..count).map(move |day| from.floor() + day as f64)
    };
    let (low_km, high_km) = jb2008::ALTITUDE_KM;
    let asked_km = past.fixes[past.fixes.len() - 1].altitude_km;
    if !(low_km..=high_km).contains(&asked_km) {
        return Err(OrbitError::Altitude { asked_km, low_km, high_km });
    }
    let (first_held, last_held) = drivers.span();
    for day in days(last - behind, question.through - behind) {
        if let Err(why) = usable(drivers, day) {
            return Err(OrbitError::Plan(format!(
                "JB2008 cannot be used on {}: {why}. The drivers run from {first_held} to {last_held}; ask \
                 for other days, or without them",
                Date::from_mjd(day)
            )));
        }
    }
    let left_out =
        days(past.fixes[0].mjd, last).filter(|&day| usable(drivers, day).is_err()).count();
    if left_out > 0 {
        caveats.push(format!(
            "the drivers of JB2008 cannot be used on {left_out} of the days before the start; these are left \
             out of the estimate"
        ));
    }
    Ok(())
}

/// Returns the Sun along a track that outlasts the observed record, and the drag.
///
/// After the record the forecast's median stands in. The drag is estimated from the rows inside the
/// record; where they are too few, from all rows, under that median.
fn beyond_record(
    past: &Track,
    burns: &[Burn],
    (issue, record): (&Forecast, &ObservedSun),
    caveats: &mut Vec<String>,
) -> Result<(SunPath, (DragEstimate, Option<Loss>)), OrbitError> {
    let record_last = record.last();
    let record_end = record_last.mjd() + 1.0;
    let inside = past.before(record_end, ROWS_MIN).ok().and_then(|inside| {
        let sun = sun_along(record, &inside, false).ok()?;
        let (estimate, loss) = estimate_any(&inside, &find(&inside), Weather::from(&sun)).ok()?;
        Some((sun, estimate, loss)).filter(|(_, estimate, _)| estimate.blocks > 0)
    });
    let last = past.fixes[past.fixes.len() - 1].mjd;
    let median = |from: Mjd| {
        SunPath::curve_after(record, issue, from, (last.floor() - from) as usize + 1, 0.0)
    };
    if let Some((sun, estimate, loss)) = inside {
        caveats.push(format!(
            "the observed Sun ends with {record_last}: the drag is estimated from the rows through \
             that day, and later rows give the altitude alone; after it the forecast stands in"
        ));
        return Ok((sun.continued(&median(sun.end())), (estimate.at(last), loss)));
    }
    let first = past.fixes[0].mjd.floor() - 2.0;
    let sun = if first < record_end {
        let known = record.path_known(first, (record_end - first) as usize)?;
        let known = known.with_felt_ap_of(record, AP_FACTOR);
        known.continued(&median(known.end()))
    } else {
        median(first)
    };
    caveats.push(format!(
        "the observed Sun ends with {record_last}, before there are rows enough: the drag is estimated \
             under the forecast's median, whose error is in it"
    ));
    let estimate = estimate_any(past, burns, Weather::from(&sun))?;
    Ok((sun, estimate))
}

/// Circumstances of each day of a path of the Sun.
fn along(
    weather: Weather<'_>,
    plane: &impl Fn(Mjd) -> Plane,
    altitude_km: f64,
) -> Vec<Circumstances> {
    let sun = weather.sun;
    (0..sun.days().len())
        .map(|i| {
            let mjd = sun.start() + i as f64 + 0.5;
            Circumstances::new(mjd, weather, plane(mjd), altitude_km)
        })
        .collect()
}
