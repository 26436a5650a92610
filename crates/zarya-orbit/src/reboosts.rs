//! What was flown: steps in a series of altitudes that drag cannot explain.

use crate::burns::delta_v_for;
use crate::error::counted;
use crate::geometry::{ISS_INCLINATION_DEG, day_of_year};
use crate::placement::{between, falls_short, placed};
use crate::sun::{ObservedSun, SunPath};
use crate::table::DecayTable;
use crate::track::{GAP_DAYS, Track};
use zarya_units::{Date, Mjd};

/// One step found in a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burn {
    /// Index of the first fix on the new altitude's side.
    pub index: usize,
    /// Time stamps of the fixes on both sides of the step.
    pub rows: (Mjd, Mjd),
    /// When it was flown, in at least [`BETWEEN_SHARE`](crate::placement::BETWEEN_SHARE) of cases; see
    /// [`between`].
    pub between: (Mjd, Mjd),
    /// The likeliest moment of the burn; see [`find`].
    pub moment: Mjd,
    /// Change of the mean altitude, km; positive raises.
    pub delta_altitude_km: f64,
    /// Its standard error.
    pub delta_altitude_error_km: f64,
    /// Velocity change in m/s with the sign of the altitude's.
    pub delta_v_m_s: f64,
    /// Its standard error.
    pub standard_error_m_s: f64,
}

impl Burn {
    /// Returns the likeliest day of the burn (UTC).
    pub fn date(&self) -> Date {
        Date::from_mjd(self.moment)
    }

    /// Returns all days (UTC) on which the burn may have been flown, the likeliest first.
    pub fn dates(&self) -> Vec<Date> {
        let likeliest = self.date();
        let first = Date::from_mjd(self.between.0);
        let hours_of =
            |date: &Date| self.between.1.min(date.mjd() + 1.0) - self.between.0.max(date.mjd());
        let days = (self.between.1 - first.mjd()).ceil() as i32;
        let mut dates: Vec<Date> = (0..days.max(1)).map(|day| first.plus_days(day)).collect();
        dates.sort_by(|a, b| {
            let is_likeliest = |date: &Date| *date == likeliest;
            is_likeliest(b).cmp(&is_likeliest(a)).then(hours_of(b).total_cmp(&hours_of(a)))
        });
        dates
    }
}

/// Fixes compared on each side of a step, days.
const WINDOW_DAYS: f64 = 2.6;
/// Days on each side from which the local drag and scatter are taken.
const LOCAL_DAYS: f64 = 15.0;
/// The smallest steps looked for, km, up and down. Burns that lower are rare, and a storm that the
/// density model misses looks like one.
const STEP_KM_MIN: (f64, f64) = (0.055, 0.15);
/// Steps must exceed this many local standard deviations, up and down.
const STEP_SIGMAS: (f64, f64) = (5.0, 7.0);
/// And this share of the loss by drag in a day: what the density model may miss.
const STEP_OF_LOSS: (f64, f64) = (0.5, 1.5);
/// Jumps of at least this share of the largest are alike.
const LIKE_SHARE: f64 = 0.8;
const MAD_TO_SIGMA: f64 = 1.4826;
const PASSES_MAX: usize = 8;

/// A track with drag taken out: steps stand alone in it.
pub struct Reduced {
    /// Altitude plus the modeled loss so far, km, per fix.
    pub level_km: Vec<f64>,
    /// Decay per unit drag area summed to each fix, km per m²/kg; days where the Sun is not known.
    pub exposure: Vec<f64>,
    /// Local drag area times density scale, m²/kg, per fix.
    pub drag: Vec<f64>,
    /// Local standard deviation of the level from day to day, km.
    pub scatter_km: Vec<f64>,
    /// Whether the observed Sun covers the whole track.
    pub sun_known: bool,
}

/// Returns the observed Sun along a track, and whether it covers it.
///
/// After the record the mean of its last 81 days is held; without a record before the track's end there is
/// none.
fn sun_of(track: &Track) -> (Option<SunPath>, bool) {
    const MEAN_DAYS: f64 = 81.0;
    let (first, last) = (track.fixes[0].mjd, track.fixes[track.fixes.len() - 1].mjd);
    let record_end = ObservedSun::embedded().last().mjd() + 1.0;
    let end = last.floor() + 1.0;
    let start = first.floor().min(record_end - MEAN_DAYS);
    let known = SunPath::known(start, (end.min(record_end) - start) as usize).ok();
    if end <= record_end {
        return (known.map(|sun| sun.with_felt_ap(1.0)), true);
    }
    let sun = known.map(|sun| {
        let held = sun.mean(record_end - MEAN_DAYS, record_end);
        let tail = SunPath::constant(record_end, (end - record_end) as usize, held);
        sun.continued(&tail).with_felt_ap(1.0)
    });
    (sun, false)
}

/// Sums the decay per unit drag area along a track, by the trapezoid rule between fixes.
///
/// Returns days instead where the Sun is not known, and whether the observed Sun covers the track.
pub fn exposure(track: &Track) -> (Vec<f64>, bool) {
    let first = track.fixes[0].mjd;
    let (Some(sun), sun_known) = sun_of(track) else {
        return (track.fixes.iter().map(|fix| fix.mjd - first).collect(), false);
    };
    let table = DecayTable::embedded();
    let rate = |i: usize, mjd: Mjd| {
        let altitude = track.fixes[i].altitude_km;
        let terms = table.day_terms(sun.at(mjd), day_of_year(mjd));
        table.rate_at(altitude, &terms)
    };
    let mut sums = Vec::with_capacity(track.fixes.len());
    let mut sum = 0.0;
    sums.push(sum);
    for i in 1..track.fixes.len() {
        let (a, b) = (track.fixes[i - 1].mjd, track.fixes[i].mjd);
        sum += 0.5 * (rate(i - 1, a) + rate(i, b)) * (b - a);
        sums.push(sum);
    }
    (sums, sun_known)
}

/// Mean altitudes of a tracked station scatter by some 0.01 km, osculating ones by several.
const SCATTER_KM_ODD: f64 = 0.3;
/// Rows that tell a burn from scatter at least.
const ROWS_TELLING: usize = 8;

/// Says what a track cannot show, and what its drag rests on.
pub fn caveats(track: &Track) -> Vec<String> {
    let mut caveats = track.caveats.clone();
    if track.fixes.len() < ROWS_TELLING {
        let rows = counted(track.fixes.len(), "row");
        caveats.push(format!("too few to tell a burn from scatter: {rows}"));
    }
    if track.inclination_deg() != ISS_INCLINATION_DEG {
        caveats.push(format!(
            "the orbit is inclined {:.1} degrees: how the drag changes from day to day is taken from \
             the table for the ISS, its size from the series",
            track.inclination_deg()
        ));
    }
    let Reduced { mut scatter_km, sun_known, .. } = reduce(track);
    if !sun_known {
        let last = ObservedSun::embedded().last();
        caveats.push(if track.fixes[track.fixes.len() - 1].mjd > last.mjd() {
            format!(
                "the observed Sun ends with {last}: after that day the mean of its last 81 days was \
                 held"
            )
        } else {
            "the series begins before the record of the Sun: its drag was taken as steady".into()
        });
    }
    scatter_km.sort_by(f64::total_cmp);
    let scatter_km = scatter_km[scatter_km.len() / 2];
    if scatter_km > SCATTER_KM_ODD {
        caveats.push(format!(
            "the rows scatter by {scatter_km:.1} km from one to the next: smaller burns are not found; \
             are the altitudes mean ones, not osculating?"
        ));
    }
    caveats
}

/// Takes the drag out of a track with the local median of its own decay.
pub fn reduce(track: &Track) -> Reduced {
    let fixes = &track.fixes;
    let n = fixes.len();
    let (exposure, sun_known) = exposure(track);
    // Slopes over about a day, whatever the spacing of the fixes.
    let mut slopes: Vec<(f64, f64)> = Vec::with_capacity(n);
    let mut ahead = 0;
    for i in 0..n {
        while ahead < n && fixes[ahead].mjd < fixes[i].mjd + 0.9 {
            ahead += 1;
        }
        if ahead < n && fixes[ahead].mjd - fixes[i].mjd <= GAP_DAYS {
            let gain = exposure[ahead] - exposure[i];
            let slope = (fixes[i].altitude_km - fixes[ahead].altitude_km) / gain;
            slopes.push((0.5 * (fixes[i].mjd + fixes[ahead].mjd), slope));
        }
    }
    let drag: Vec<f64> = local(fixes.iter().map(|f| f.mjd), &slopes, median);
    let mut level_km = Vec::with_capacity(n);
    let mut lost = 0.0;
    for i in 0..n {
        if i > 0 {
            lost += 0.5 * (drag[i - 1] + drag[i]) * (exposure[i] - exposure[i - 1]);
        }
        level_km.push(fixes[i].altitude_km + lost);
    }
    let changes: Vec<(f64, f64)> = (1..n)
        .filter(|&i| fixes[i].mjd - fixes[i - 1].mjd <= GAP_DAYS)
        .map(|i| (0.5 * (fixes[i].mjd + fixes[i - 1].mjd), (level_km[i] - level_km[i - 1]).abs()))
        .collect();
    let scatter_km = local(fixes.iter().map(|f| f.mjd), &changes, median)
        .into_iter()
        .map(|mad| mad * MAD_TO_SIGMA)
        .collect();
    Reduced { level_km, exposure, drag, scatter_km, sun_known }
}

/// Finds the burns in a track.
///
/// # Model
///
/// Drag is taken out with the density model under the observed Sun, scaled by the local median
/// decay; what is left is flat between burns. A step is where the medians of 2.6 days on both sides
/// differ by more than the scatter, the smallest step looked for and a share of the day's drag
/// allow; the largest in its neighborhood is taken out and the search repeated. Two burns within a
/// day come out as one, and so do steps across gaps as none.
///
/// Where a step lies is then decided by the rows of the days around it alone: between the two rows that leave
/// them the least misfit ([`crate::placement`]).
///
/// The moment is the middle of the hours in which the burn may have been flown ([`between`]). In series of one
/// row a day a row is the median of the day's element sets: it stands on the new altitude when the burn was
/// flown before about noon, so a clean step was most likely flown late on the day before the row. A row
/// that falls short of the new altitude by more than three times the scatter averages across the burn: it
/// was flown in the row's own morning.
pub fn find(track: &Track) -> Vec<Burn> {
    let reduced = reduce(track);
    let fixes = &track.fixes;
    let n = fixes.len();
    let mut level = reduced.level_km.clone();
    // Loss by drag per day around a fix, km.
    let loss = |i: usize| {
        let (a, b) = (i.saturating_sub(1), (i + 1).min(n - 1));
        let days = fixes[b].mjd - fixes[a].mjd;
        if days <= 0.0 {
            return 0.0;
        }
        (reduced.drag[i] * (reduced.exposure[b] - reduced.exposure[a]) / days).max(0.0)
    };
    let threshold = |i: usize, up: bool| {
        let pick = |pair: (f64, f64)| if up { pair.0 } else { pair.1 };
        pick(STEP_KM_MIN)
            .max(pick(STEP_SIGMAS) * reduced.scatter_km[i] + pick(STEP_OF_LOSS) * loss(i))
    };
    let mut steps: Vec<usize> = Vec::new();
    for _ in 0..PASSES_MAX {
        // Excess of each boundary before fix i over its threshold.
        let excess: Vec<(f64, f64)> = (0..n)
            .map(|i| {
                if i == 0 || fixes[i].mjd - fixes[i - 1].mjd > GAP_DAYS {
                    return (0.0, 0.0);
                }
                let jump = jump(track, &level, i);
                (jump.abs() / threshold(i, jump > 0.0), jump)
            })
            .collect();
        let mut found = Vec::new();
        for i in 1..n {
            let (size, jump) = excess[i];
            if size <= 1.0 || steps.contains(&i) {
                continue;
            }
            let near = |k: usize| (fixes[k].mjd - fixes[i].mjd).abs() <= WINDOW_DAYS;
            let before = (0..i).rev().take_while(|&k| near(k)).all(|k| excess[k].0 < size);
            let after = (i + 1..n).take_while(|&k| near(k)).all(|k| excess[k].0 <= size);
            if before && after {
                found.push((i, jump));
            }
        }
        if found.is_empty() {
            break;
        }
        for &(i, jump) in &found {
            // Among neighbors of a like jump the boundary of the largest single change is it.
            let candidates = (i.saturating_sub(24)..(i + 25).min(n)).filter(|&k| {
                k > 0
                    && (k.abs_diff(i) <= 1 || (fixes[k].mjd - fixes[i].mjd).abs() <= 1.3)
                    && excess[k].0 > 1.0
                    && excess[k].1 * jump.signum() > LIKE_SHARE * jump.abs()
            });
            let change = |k: usize| (level[k] - level[k - 1]) * jump.signum();
            let best = candidates.max_by(|&a, &b| change(a).total_cmp(&change(b))).unwrap_or(i);
            level[best..].iter_mut().for_each(|value| *value -= jump);
            if !steps.contains(&best) {
                steps.push(best);
            }
        }
        steps.sort_unstable();
    }
    let steps: Vec<usize> = (0..steps.len())
        .flat_map(|k| {
            let low = if k == 0 { 0 } else { steps[k - 1] };
            let high = if k + 1 == steps.len() { n } else { steps[k + 1] };
            split(track, &reduced.level_km, (low, steps[k], high), threshold)
        })
        .collect();
    let steps = placed(fixes, &steps);
    let mut burns: Vec<Burn> = (0..steps.len())
        .map(|k| {
            let low = if k == 0 { 0 } else { steps[k - 1] };
            let high = if k + 1 == steps.len() { n } else { steps[k + 1] };
            measure(track, &reduced, low, steps[k], high)
        })
        .collect();
    burns.retain(|burn| {
        let up = burn.delta_altitude_km > 0.0;
        burn.delta_altitude_km.abs() > threshold(burn.index, up) * 0.8
    });
    burns
}

/// Tells two burns some days apart that the windows take for one: the levels stand between them for a
/// day or more.
fn split(
    track: &Track,
    level: &[f64],
    (low, index, high): (usize, usize, usize),
    threshold: impl Fn(usize, bool) -> f64,
) -> Vec<usize> {
    /// Rows between the burns must cover as much time, and differ by less than a share of either step.
    const STAND_DAYS: f64 = 0.9;
    const STAND_SHARE: f64 = 0.25;
    /// The misfit with two steps must be less than this share of that with one.
    const BETTER: f64 = 0.5;
    let fixes = &track.fixes;
    let near = |k: &usize| {
        let edge = if *k < index { fixes[index - 1].mjd } else { fixes[index].mjd };
        (fixes[*k].mjd - edge).abs() <= WINDOW_DAYS
    };
    let first = (low..index).rev().take_while(near).last().unwrap_or(index);
    let end = (index..high).take_while(near).last().map_or(index, |last| last + 1);
    let fit = |from: usize, to: usize| {
        let center = median(&mut level[from..to].to_vec());
        (center, level[from..to].iter().map(|value| (value - center).abs()).sum::<f64>())
    };
    let single = fit(first, index).1 + fit(index, end).1;
    let mut best = (BETTER * single, None);
    for a in first + 1..end {
        for b in a + 1..end {
            if fixes[b - 1].mjd - fixes[a].mjd < STAND_DAYS {
                continue;
            }
            let parts = [fit(first, a), fit(a, b), fit(b, end)];
            let (one, two) = (parts[1].0 - parts[0].0, parts[2].0 - parts[1].0);
            let misfit: f64 = parts.iter().map(|part| part.1).sum();
            let stand = &level[a..b];
            let spread = stand.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v))
                - stand.iter().fold(f64::INFINITY, |m, v| m.min(*v));
            if misfit < best.0
                && one * two > 0.0
                && spread < STAND_SHARE * one.abs().min(two.abs())
                && one.abs() > threshold(a, one > 0.0)
                && two.abs() > threshold(b, two > 0.0)
            {
                best = (misfit, Some((a, b)));
            }
        }
    }
    best.1.map_or_else(|| vec![index], |(a, b)| vec![a, b])
}

/// Difference of the medians of the windows on both sides of the boundary before fix `i`.
fn jump(track: &Track, level: &[f64], i: usize) -> f64 {
    let fixes = &track.fixes;
    let mut before: Vec<f64> = Vec::with_capacity(16);
    let mut after: Vec<f64> = Vec::with_capacity(16);
    let mut last = fixes[i - 1].mjd;
    for k in (0..i).rev() {
        if fixes[i - 1].mjd - fixes[k].mjd > WINDOW_DAYS || last - fixes[k].mjd > GAP_DAYS {
            break;
        }
        last = fixes[k].mjd;
        before.push(level[k]);
    }
    last = fixes[i].mjd;
    for k in i..fixes.len() {
        if fixes[k].mjd - fixes[i].mjd > WINDOW_DAYS || fixes[k].mjd - last > GAP_DAYS {
            break;
        }
        last = fixes[k].mjd;
        after.push(level[k]);
    }
    median(&mut after) - median(&mut before)
}

/// Measures one step between its neighbors `low` and `high`.
///
/// # Model
///
/// Levels within 2.6 days of the step are a constant, the step, and one slope on both sides: what the
/// drag of these days differs by from the local median, known beforehand to a share of the day's loss.
/// Least squares, with the tails of Student's t for rows that average across the burn.
fn measure(track: &Track, reduced: &Reduced, low: usize, index: usize, high: usize) -> Burn {
    /// The drag of days differs from the local median by about this share, and wanders by less.
    const SLOPE_SHARE: f64 = 0.25;
    const DRIFT_SHARE: f64 = 0.1;
    const FITTED_ACROSS_DAYS: f64 = 0.6;
    /// What element sets of one day differ by in mean altitude beyond their scatter, km.
    const SET_ERROR_KM: f64 = 0.01;
    /// When in the day of a row that averages across the burn it was.
    const MORNING_DAYS: f64 = 0.25;
    let fixes = &track.fixes;
    let level = &reduced.level_km;
    let stamps = (fixes[index - 1].mjd, fixes[index].mjd);
    let middle = 0.5 * (stamps.0 + stamps.1);
    let side = |range: &mut dyn Iterator<Item = usize>, from: f64| -> Vec<(f64, f64)> {
        range
            .map(|k| (fixes[k].mjd, level[k]))
            .take_while(|(mjd, _)| (mjd - from).abs() <= WINDOW_DAYS)
            .map(|(mjd, value)| (mjd - middle, value))
            .collect()
    };
    let before = side(&mut (low..index).rev(), stamps.0);
    let mut after = side(&mut (index..high), stamps.1);
    // Element sets of the first hours after a burn are fitted across it.
    let settled = |days: f64| days + middle - stamps.1 >= FITTED_ACROSS_DAYS;
    if after.iter().filter(|(days, _)| settled(*days)).count() > 3 {
        after.retain(|(days, _)| settled(*days));
    }
    let gap_days = stamps.1 - stamps.0;
    let loss_km_d = reduced.drag[index].abs()
        * (reduced.exposure[index] - reduced.exposure[index - 1])
        / gap_days.max(0.01);
    // The scatter is that of differences of two fixes.
    let scatter = reduced.scatter_km[index] / std::f64::consts::SQRT_2;
    let sides: Vec<Level> = [(&before, 0.0), (&after, 1.0)]
        .into_iter()
        .flat_map(|(side, share)| side.iter().map(move |&(days, km)| (days, km, share)))
        .map(|(days, km, share)| {
            let drift_km = DRIFT_SHARE * loss_km_d * days;
            Level { days, km, share, variance: scatter * scatter + drift_km * drift_km + 1e-6 }
        })
        .collect();
    let slope_km_d = SLOPE_SHARE * loss_km_d + 1e-4;
    let (delta_altitude_km, variance) = step(&sides, slope_km_d);
    let between = between(track, stamps);
    // A row of a day stands for that day, whatever hour it is stamped with.
    let moment = match track.day_stamp() {
        Some(stamp) if falls_short(fixes, (low, index, high)) => stamps.1 - stamp + MORNING_DAYS,
        _ => 0.5 * (between.0 + between.1),
    };
    let altitude = fixes[index - 1].altitude_km;
    let per_km = delta_v_for(altitude, 1.0);
    let set_variance = 2.0 * SET_ERROR_KM * SET_ERROR_KM;
    let delta_altitude_error_km = (variance + set_variance).sqrt();
    Burn {
        index,
        rows: stamps,
        between,
        moment,
        delta_altitude_km,
        delta_altitude_error_km,
        delta_v_m_s: delta_v_for(altitude, delta_altitude_km),
        standard_error_m_s: per_km * delta_altitude_error_km,
    }
}

/// A level beside a step.
struct Level {
    /// Days from the step.
    days: f64,
    km: f64,
    /// 0 before the step, 1 after it.
    share: f64,
    variance: f64,
}

/// Fits level, step and slope; returns the step and its variance.
fn step(levels: &[Level], slope_spread_km_d: f64) -> (f64, f64) {
    const FREEDOM: f64 = 4.0;
    const ROUNDS: usize = 12;
    let side = |share: f64| {
        let of = levels.iter().filter(|level| level.share == share).map(|level| level.km);
        median(&mut of.collect::<Vec<_>>())
    };
    let (mut old, mut new, mut slope) = (side(0.0), side(1.0), 0.0);
    let mut variance = 0.0;
    for _ in 0..ROUNDS {
        // Sums of weights, times and levels of each side; the slope is common.
        let mut sums = [[0.0; 3]; 2];
        let (mut tt, mut ty) = (1.0 / (slope_spread_km_d * slope_spread_km_d), 0.0);
        for level in levels {
            let base = if level.share > 0.5 { new } else { old };
            let off = level.km - base - slope * level.days;
            let distance2 = off * off / level.variance;
            let weight = (FREEDOM + 1.0) / (FREEDOM + distance2) / level.variance;
            let sum = &mut sums[usize::from(level.share > 0.5)];
            sum[0] += weight;
            sum[1] += weight * level.days;
            sum[2] += weight * level.km;
            tt += weight * level.days * level.days;
            ty += weight * level.days * level.km;
        }
        let [a, b] = sums;
        let rest = tt - a[1] * a[1] / a[0] - b[1] * b[1] / b[0];
        slope = (ty - a[1] * a[2] / a[0] - b[1] * b[2] / b[0]) / rest;
        old = (a[2] - slope * a[1]) / a[0];
        new = (b[2] - slope * b[1]) / b[0];
        let lever = b[1] / b[0] - a[1] / a[0];
        variance = 1.0 / a[0] + 1.0 / b[0] + lever * lever / rest;
    }
    (new - old, variance)
}

/// Applies `pick` to the values within [`LOCAL_DAYS`] of each time; both in time order.
fn local(
    times: impl Iterator<Item = Mjd>,
    values: &[(Mjd, f64)],
    pick: fn(&mut [f64]) -> f64,
) -> Vec<f64> {
    let (mut first, mut end) = (0, 0);
    let mut window = Vec::new();
    times
        .map(|mjd| {
            while end < values.len() && values[end].0 <= mjd + LOCAL_DAYS {
                end += 1;
            }
            while first < end && values[first].0 < mjd - LOCAL_DAYS {
                first += 1;
            }
            window.clear();
            window.extend(values[first..end].iter().map(|value| value.1));
            pick(&mut window)
        })
        .collect()
}

/// Returns the median, 0 of nothing.
fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    let is_odd = values.len() % 2 == 1;
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if is_odd {
        return upper;
    }
    let lower = below.iter().copied().max_by(f64::total_cmp).unwrap_or(upper);
    0.5 * (lower + upper)
}
