//! What was flown: steps in a series of altitudes that drag cannot explain.

use crate::burns::delta_v_for;
use crate::geometry::day_of_year;
use crate::series::{GAP_DAYS, Track};
use crate::sun::SunPath;
use crate::table::DecayTable;
use zarya_units::{Date, Mjd};

/// One step found in a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burn {
    /// Index of the first fix on the new altitude's side.
    pub index: usize,
    /// Time stamps of the fixes on both sides of the step.
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

/// Sums the decay per unit drag area along a track, by the trapezoid rule between fixes.
///
/// Returns days instead when the observed Sun does not cover the track.
pub fn exposure(track: &Track) -> (Vec<f64>, bool) {
    let (first, last) = (track.fixes[0].mjd, track.fixes[track.fixes.len() - 1].mjd);
    let start = first.floor();
    let Ok(sun) = SunPath::known(start, (last.floor() - start) as usize + 1) else {
        return (track.fixes.iter().map(|fix| fix.mjd - first).collect(), false);
    };
    let sun = sun.with_felt_ap(1.0);
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
    (sums, true)
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
/// The moment is the middle between the time stamps of both sides. In series of one row a day a row
/// is the median of the day's element sets: it stands on the new altitude when the burn was flown before
/// about noon. So the burn of a clean step lies between the noon before the row and its own; with the
/// hours that sets need to show a burn, most likely late on the day before the row. A row that
/// falls short of the new altitude by more than three times the scatter averages
/// across the burn: it was flown in the row's own morning.
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
            // Among neighbors of like excess the boundary of the largest single change is it.
            let candidates = (i.saturating_sub(24)..(i + 25).min(n)).filter(|&k| {
                k > 0
                    && (fixes[k].mjd - fixes[i].mjd).abs() <= 1.3
                    && excess[k].1 * jump > 0.0
                    && excess[k].0 > 0.8 * excess[i].0
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
fn measure(track: &Track, reduced: &Reduced, low: usize, index: usize, high: usize) -> Burn {
    /// A day's drag is known to about this share, so that the level read at a fix counts for less
    /// the farther it lies from the step.
    const DRAG_SHARE: f64 = 0.25;
    const SIDE_DAYS: f64 = 3.6;
    const FITTED_ACROSS_DAYS: f64 = 0.6;
    /// What element sets of one day differ by in mean altitude beyond their scatter, km.
    const SET_ERROR_KM: f64 = 0.01;
    /// A row that falls short by more than this many scatters averages across the burn.
    const SHORT_SIGMAS: f64 = 3.0;
    /// When in the day of such a row the burn was, and when a row's day has its middle.
    const MORNING_DAYS: f64 = 0.25;
    const NOON_DAYS: f64 = 0.5;
    /// How long after a burn element sets begin to show it: half their usual spacing.
    const SETS_SHOW_DAYS: f64 = 0.1;
    let fixes = &track.fixes;
    let level = &reduced.level_km;
    let side = |range: &mut dyn Iterator<Item = usize>, from: f64| -> Vec<(f64, f64)> {
        range
            .map(|k| ((fixes[k].mjd - from).abs(), level[k]))
            .take_while(|(days, _)| *days <= SIDE_DAYS)
            .collect()
    };
    let mut before = side(&mut (low..index).rev(), fixes[index - 1].mjd);
    let mut after = side(&mut (index..high), fixes[index].mjd);
    // The fix next to the step may be an average across it: where others are there, it sits out
    // when it lies between the two levels.
    let center = |side: &[(f64, f64)]| median(&mut side.iter().map(|s| s.1).collect::<Vec<_>>());
    let (old, new) = (center(&before), center(&after));
    let between = |value: f64| {
        let share = (value - old) / (new - old);
        (0.15..0.85).contains(&share)
    };
    if before.len() > 2 && between(before[0].1) {
        before.remove(0);
    }
    if after.len() > 2 && between(after[0].1) {
        after.remove(0);
    }
    // Element sets of the first hours after a burn are fitted across it.
    if after.iter().filter(|(days, _)| *days >= FITTED_ACROSS_DAYS).count() > 3 {
        after.retain(|(days, _)| *days >= FITTED_ACROSS_DAYS);
    }
    let short_km = (new - level[index]) * (new - old).signum();
    let scatter = reduced.scatter_km[index] / std::f64::consts::SQRT_2;
    let stamps = (fixes[index - 1].mjd, fixes[index].mjd);
    let middle = 0.5 * (stamps.0 + stamps.1);
    // A row of a day stands for that day, whatever hour it is stamped with.
    let moment = match track.day_stamp() {
        None => middle,
        Some(stamp) if short_km > SHORT_SIGMAS * reduced.scatter_km[index] => {
            stamps.1 - stamp + MORNING_DAYS
        }
        Some(stamp) => middle - stamp + NOON_DAYS - SETS_SHOW_DAYS,
    };
    let gap_days = fixes[index].mjd - fixes[index - 1].mjd;
    let loss_km_d = reduced.drag[index].abs()
        * (reduced.exposure[index] - reduced.exposure[index - 1])
        / gap_days.max(0.01);
    let weigh = |side: &[(f64, f64)]| {
        let (mut sum, mut total) = (0.0, 0.0);
        for (days, value) in side {
            let drift = DRAG_SHARE * loss_km_d * (days + 0.5 * gap_days);
            let weight = 1.0 / (scatter * scatter + drift * drift + 1e-8);
            sum += weight * value;
            total += weight;
        }
        (sum / total, 1.0 / total)
    };
    let ((old, old_variance), (new, new_variance)) = (weigh(&before), weigh(&after));
    let delta_altitude_km = new - old;
    let altitude = fixes[index - 1].altitude_km;
    let per_km = delta_v_for(altitude, 1.0);
    let set_variance = 2.0 * SET_ERROR_KM * SET_ERROR_KM;
    let delta_altitude_error_km = (old_variance + new_variance + set_variance).sqrt();
    Burn {
        index,
        between: stamps,
        moment,
        delta_altitude_km,
        delta_altitude_error_km,
        delta_v_m_s: delta_v_for(altitude, delta_altitude_km),
        standard_error_m_s: per_km * delta_altitude_error_km,
    }
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
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { 0.5 * (values[middle - 1] + values[middle]) }
}
