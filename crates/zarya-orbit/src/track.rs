//! Mean altitudes in time order: rows as read become a track, with what is to be said about them.

use crate::error::{OrbitError, counted};
use crate::geometry::ISS_INCLINATION_DEG;
use crate::inclination::SAME_DEG;
use zarya_units::{Date, Mjd};

/// One mean altitude at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// When.
    pub mjd: Mjd,
    /// Mean (Brouwer) semi-major axis minus 6378.137 km.
    pub altitude_km: f64,
    /// Right ascension of the ascending node in degrees, where the input has it.
    pub raan_deg: Option<f64>,
}

/// Altitudes in time order, with what had to be said about the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// At least one fix; times strictly rise.
    pub fixes: Vec<Fix>,
    /// The kind of input: `TLE`, `OMM`, `OEM` or `CSV`.
    pub kind: &'static str,
    /// Inclination in degrees, where the input has it.
    pub inclination_deg: Option<f64>,
    /// `Cd A / m` in m²/kg as stated by the input, where it is (OEM comments).
    pub drag_area_stated_m2_kg: Option<f64>,
    /// The object, by number and name, where the input says which.
    pub object: Option<String>,
    /// What was left out or looks odd.
    pub caveats: Vec<String>,
    /// All rows as read, in time order, and what is to be said about single ones: a part of the track
    /// is made from them, so that nothing after it enters.
    rows: Vec<Row>,
    remarks: Vec<Remark>,
}

/// One row as read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) fix: Fix,
    pub(crate) inclination_deg: Option<f64>,
}

/// What is to be said about one row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Remark {
    /// When the row was, as far as it can be told.
    pub(crate) mjd: Option<Mjd>,
    pub(crate) what: What,
    pub(crate) why: String,
}

/// What became of a row with a remark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// It could not be read, or is no orbit: where most rows are so, the text is not what it is taken for.
    Bad,
    /// It is left out for another reason: it has no value, is of another object, may be cut off.
    LeftOut,
    /// Its columns contradict each other.
    Disagrees,
    /// It has no checksum.
    Unchecked,
    /// Its columns have moved.
    Moved,
}

impl Remark {
    pub(crate) fn bad(mjd: Option<Mjd>, why: String) -> Self {
        Self { mjd, what: What::Bad, why }
    }

    pub(crate) fn left_out(mjd: Option<Mjd>, why: String) -> Self {
        Self { mjd, what: What::LeftOut, why }
    }

    pub(crate) fn odd(mjd: Option<Mjd>, what: What, why: String) -> Self {
        Self { mjd, what, why }
    }
}

/// Says what became of rows: how many, and why the first three.
pub(crate) fn told(remarks: &[Remark], noun: &str) -> Vec<String> {
    let classes: [(&[What], &str); 4] = [
        (&[What::Bad, What::LeftOut], "left out"),
        (&[What::Disagrees], "with columns that disagree"),
        (
            &[What::Moved],
            "whose columns have moved (tabs or collapsed blanks), read by the order of fields",
        ),
        (&[What::Unchecked], "without a checksum, so that a wrong digit would not be noticed"),
    ];
    let of = |(whats, said): (&[What], &str)| {
        let of = remarks.iter().filter(|remark| whats.contains(&remark.what));
        let whys: Vec<&str> = of.map(|remark| remark.why.as_str()).collect();
        let n = counted(whys.len(), noun);
        (!whys.is_empty()).then(|| format!("{n} {said}: {}", first_of(&whys)))
    };
    classes.into_iter().filter_map(of).collect()
}

/// Writes the first three of some reasons.
pub(crate) fn first_of(whys: &[&str]) -> String {
    const SHOWN: usize = 3;
    let rest = if whys.len() > SHOWN { "; …" } else { "" };
    format!("{}{rest}", whys[..whys.len().min(SHOWN)].join("; "))
}

/// A series whose rows lie farther apart than this has a gap: no step is looked for across it.
pub const GAP_DAYS: f64 = 3.0;
/// Plausible mean altitudes of the orbits this crate handles, km.
pub(crate) const PLAUSIBLE_KM: std::ops::Range<f64> = 100.0..1000.0;
/// Rows that stand out from both sides by more are faults, km: no station is pushed up and down by as
/// much within [`STRAY_DAYS`].
const STRAY_KM: f64 = 1.0;
/// Days within which a series returns from such rows.
const STRAY_DAYS: f64 = 2.5;
/// A last row that departs by more from the one before it is no burn that a station flies, km: the largest of
/// the ISS in a day are of 10 km.
const END_STRAY_KM: f64 = 20.0;
/// A last row that departs by more is worth a word, km.
const END_ODD_KM: f64 = 2.0;

impl Track {
    /// Orders rows, drops repeated times and rows that cannot be, takes medians where rows crowd, and
    /// reports all that, and gaps, as caveats.
    pub(crate) fn new(
        mut rows: Vec<Row>,
        kind: &'static str,
        remarks: Vec<Remark>,
        mut caveats: Vec<String>,
    ) -> Result<Self, OrbitError> {
        if rows.is_empty() {
            return Err(OrbitError::Text(match remarks.first() {
                Some(remark) => format!("no {} can be used: {}", noun(kind), remark.why),
                None => format!("the {kind} input holds no row of data"),
            }));
        }
        if !rows.is_sorted_by(|a, b| a.fix.mjd <= b.fix.mjd) {
            caveats.push("rows were not in time order; they were sorted".into());
            rows.sort_by(|a, b| a.fix.mjd.total_cmp(&b.fix.mjd));
        }
        Ok(Self::of(rows, kind, remarks, caveats))
    }

    /// Makes a track of rows in time order.
    fn of(
        rows: Vec<Row>,
        kind: &'static str,
        remarks: Vec<Remark>,
        mut caveats: Vec<String>,
    ) -> Self {
        let noun = noun(kind);
        caveats.extend(told(&remarks, noun));
        let mut fixes: Vec<Fix> = Vec::with_capacity(rows.len());
        let (mut doubles, mut most_km) = (0, 0.0_f64);
        for row in &rows {
            // Of rows with one time the last written stands: a correction follows what it corrects.
            match fixes.last_mut().filter(|last| last.mjd == row.fix.mjd) {
                Some(last) => {
                    doubles += 1;
                    most_km = most_km.max((last.altitude_km - row.fix.altitude_km).abs());
                    *last = row.fix;
                }
                None => fixes.push(row.fix),
            }
        }
        if doubles > 0 {
            let apart = if most_km > STRAY_KM {
                format!(", though they differ by up to {most_km:.1} km: does the file mix objects?")
            } else {
                String::new()
            };
            caveats.push(format!(
                "{} with the time of another; the last was kept{apart}",
                counted(doubles, noun)
            ));
        }
        let fixes = thinned(without_strays(&fixes, noun, &mut caveats), noun, &mut caveats);
        caveats.extend(gaps(&fixes));
        let inclination_deg = rows.iter().find_map(|row| row.inclination_deg);
        Self {
            fixes,
            kind,
            inclination_deg,
            drag_area_stated_m2_kg: None,
            object: None,
            caveats,
            rows,
            remarks,
        }
    }

    /// Returns the inclination, degrees: that of the ISS where the input has none or one within half a
    /// degree of it.
    pub fn inclination_deg(&self) -> f64 {
        self.inclination_deg
            .filter(|inclination| (inclination - ISS_INCLINATION_DEG).abs() > SAME_DEG)
            .unwrap_or(ISS_INCLINATION_DEG)
    }

    /// Returns the part of a day at which rows of whole days are stamped: 0 for dates without a time.
    ///
    /// Rows stand for whole days, as in series of daily medians, when all have one time of day.
    pub fn day_stamp(&self) -> Option<f64> {
        /// Stamps written to the second differ by less, days.
        const SAME_DAYS: f64 = 1e-5;
        let stamp = self.fixes[0].mjd.fract();
        let same = |fix: &Fix| (fix.mjd.fract() - stamp).abs() < SAME_DAYS;
        (self.kind == "CSV" && self.fixes.iter().all(same)).then_some(stamp)
    }

    /// Returns how many days before its time stamp an altitude was flown.
    ///
    /// Element sets are fitted to the days before their epoch, so that the loss of altitude they show
    /// answers to the air of about a day before: the drag of daily medians of 1999-2011 scatters least
    /// against flux and Ap when the median is taken 1.0 to 1.5 days before its noon, and is predicted
    /// best (by a hair) with 0.75 to 1.25. An ephemeris (OEM) is not behind. CSV with times is taken for
    /// a list of element sets.
    pub fn behind_days(&self) -> f64 {
        const SETS_BEHIND_DAYS: f64 = 1.0;
        const NOON_DAYS: f64 = 0.5;
        match self.kind {
            "OEM" => 0.0,
            _ => self
                .day_stamp()
                .map_or(SETS_BEHIND_DAYS, |stamp| SETS_BEHIND_DAYS - NOON_DAYS + stamp),
        }
    }

    /// Returns the track of the fixes before an instant.
    ///
    /// # Errors
    ///
    /// [`OrbitError::TooFewBefore`] if there are fewer than `needed`.
    pub fn before(&self, mjd: Mjd, needed: usize) -> Result<Self, OrbitError> {
        let rows: Vec<Row> =
            self.rows.iter().take_while(|row| row.fix.mjd < mjd).copied().collect();
        let too_few = |rows| OrbitError::TooFewBefore {
            rows,
            needed,
            from: Date::from_mjd(mjd),
            first: Date::from_mjd(self.fixes[0].mjd),
        };
        if rows.is_empty() {
            return Err(too_few(0));
        }
        let is_before = |remark: &&Remark| remark.mjd.is_none_or(|at| at < mjd);
        let remarks = self.remarks.iter().filter(is_before).cloned().collect();
        // Caveats about the whole input are not about the part.
        let track = Self::of(rows, self.kind, remarks, Vec::new());
        if track.fixes.len() < needed {
            return Err(too_few(track.fixes.len()));
        }
        let object = self.object.clone();
        Ok(Self { drag_area_stated_m2_kg: self.drag_area_stated_m2_kg, object, ..track })
    }
}

/// What an input of a kind consists of.
pub(crate) fn noun(kind: &str) -> &'static str {
    if matches!(kind, "TLE" | "OMM") { "element set" } else { "row" }
}

/// Leaves out fixes that the series returns from, and a last one that no burn explains.
fn without_strays(fixes: &[Fix], noun: &str, caveats: &mut Vec<String>) -> Vec<Fix> {
    const RUN_MAX: usize = 3;
    const RETURN_SHARE: f64 = 0.25;
    // Up to this many, or one in so many rows, may be faults.
    const FEW: usize = 3;
    const FAULTY_PART: usize = 20;
    let mut kept: Vec<Fix> = Vec::with_capacity(fixes.len());
    let mut strays: Vec<Fix> = Vec::new();
    let mut i = 0;
    while i < fixes.len() {
        let run = kept.last().map_or(0, |before| {
            (1..=RUN_MAX)
                .find(|&run| {
                    let Some(after) = fixes.get(i + run) else { return false };
                    let sides = [before, after].map(|side| side.altitude_km);
                    let off = |fix: &Fix| sides.map(|side| fix.altitude_km - side);
                    let least = fixes[i..i + run]
                        .iter()
                        .map(|fix| {
                            let [a, b] = off(fix);
                            if a * b > 0.0 { a.abs().min(b.abs()) } else { 0.0 }
                        })
                        .fold(f64::INFINITY, f64::min);
                    after.mjd - before.mjd <= STRAY_DAYS
                        && least > STRAY_KM
                        && (sides[0] - sides[1]).abs() < RETURN_SHARE * least
                })
                .unwrap_or(0)
        });
        strays.extend(&fixes[i..i + run]);
        kept.push(fixes[i + run]);
        i += run + 1;
    }
    // At the end no row confirms a new altitude.
    if let [_, .., before, last] = kept[..]
        && last.mjd - before.mjd <= GAP_DAYS
    {
        let off_km = last.altitude_km - before.altitude_km;
        if off_km.abs() > END_STRAY_KM {
            strays.extend(kept.pop());
        } else if off_km.abs() > END_ODD_KM {
            caveats.push(format!(
                "the last row ({}) lies {off_km:+.1} km from the one before it, and no row confirms it",
                Date::from_mjd(last.mjd)
            ));
        }
    }
    let Some(first) = strays.first() else { return kept };
    let first = format!("(first: {}, {:.1} km)", Date::from_mjd(first.mjd), first.altitude_km);
    let strayed = counted(strays.len(), noun);
    if strays.len() > FEW.max(fixes.len() / FAULTY_PART) {
        caveats.push(format!(
            "{strayed} of {} far off the rows around {first}: so many are no faults; does the file mix \
             objects, or are its altitudes not mean ones? None of the answer can be relied on",
            fixes.len()
        ));
        return fixes.to_vec();
    }
    caveats.push(format!("{strayed} left out, far off the rows around {first}"));
    kept
}

/// Takes the median of each hour in which fixes crowd.
fn thinned(fixes: Vec<Fix>, noun: &str, caveats: &mut Vec<String>) -> Vec<Fix> {
    const CROWD: usize = 4;
    const HOURS_PER_DAY: f64 = 24.0;
    let hour = |fix: &Fix| (fix.mjd * HOURS_PER_DAY).floor();
    let is_crowd = |group: &[Fix]| group.len() >= CROWD;
    if !fixes.chunk_by(|a, b| hour(a) == hour(b)).any(is_crowd) {
        return fixes;
    }
    let mut thin = Vec::new();
    for group in fixes.chunk_by(|a, b| hour(a) == hour(b)) {
        if is_crowd(group) {
            let mut altitudes: Vec<f64> = group.iter().map(|fix| fix.altitude_km).collect();
            altitudes.sort_by(f64::total_cmp);
            let middle = altitudes.len() / 2;
            let altitude_km = 0.5 * (altitudes[middle] + altitudes[(altitudes.len() - 1) / 2]);
            let mjd = group.iter().map(|fix| fix.mjd).sum::<f64>() / group.len() as f64;
            thin.push(Fix { mjd, altitude_km, raan_deg: group[0].raan_deg });
        } else {
            thin.extend_from_slice(group);
        }
    }
    caveats.push(format!(
        "{} taken as {}: the median of each hour that has {CROWD} or more",
        counted(fixes.len(), noun),
        thin.len()
    ));
    thin
}

/// Tells of the gaps in a series: each while they are few, else the first and the longest.
fn gaps(fixes: &[Fix]) -> Option<String> {
    const SHOWN: usize = 3;
    let mut gaps: Vec<(Mjd, Mjd)> = fixes
        .windows(2)
        .map(|pair| (pair[0].mjd, pair[1].mjd))
        .filter(|(from, to)| to - from > GAP_DAYS)
        .collect();
    let write = |gap: &(Mjd, Mjd)| {
        let (from, to) = *gap;
        format!("{} to {} ({:.0} d)", Date::from_mjd(from), Date::from_mjd(to), to - from)
    };
    let n = gaps.len();
    let head = format!(
        "{} of more than {GAP_DAYS:.0} days, across which nothing is detected",
        counted(n, "gap")
    );
    if n == 0 {
        return None;
    }
    if n <= SHOWN {
        return Some(format!("{head}: {}", gaps.iter().map(write).collect::<Vec<_>>().join(", ")));
    }
    let first = gaps[0];
    // Of equal gaps the first counts.
    gaps.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
    let longest = if gaps[0] == first {
        format!("the first and longest {}", write(&first))
    } else {
        format!("the first {}, the longest {}", write(&first), write(&gaps[0]))
    };
    Some(format!("{head}; {longest}"))
}

/// Reads an instant: `YYYY-MM-DD` or `YYYY-DDD`, with an optional time `Thh:mm:ss.s` and `Z` or an
/// offset `+hh:mm`.
pub(crate) fn instant(text: &str) -> Result<Mjd, String> {
    moment(text).map(|(midnight, days)| midnight + days)
}

/// Reads an instant as the first of its day and the days since then, which are more exact than their sum.
pub(crate) fn moment(text: &str) -> Result<(Mjd, f64), String> {
    const MINUTES_PER_DAY: f64 = 1_440.0;
    let wrong = || {
        let shown: String = text.chars().take(40).collect();
        format!(
            "`{}` is not a date: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss (UTC)",
            shown.escape_debug()
        )
    };
    let trimmed = text.trim();
    let trimmed = trimmed.strip_suffix(['Z', 'z']).unwrap_or(trimmed);
    let (day, time) = match trimmed.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (trimmed, None),
    };
    let midnight = if day.len() == 8 {
        let (year, number) = day.split_once('-').ok_or_else(wrong)?;
        let number: u16 = number.parse().map_err(|_| wrong())?;
        let day = |text: &str| Date::parse(&format!("{year}-{text}")).map_err(|_| wrong());
        let (first, last) = (day("01-01")?, day("12-31")?);
        let midnight = first.mjd() + f64::from(number) - 1.0;
        if number == 0 || midnight > last.mjd() {
            return Err(wrong());
        }
        midnight
    } else if day.len() == 10 {
        Date::parse(&day.replace('/', "-")).map_err(|_| wrong())?.mjd()
    } else {
        return Err(wrong());
    };
    let Some(time) = time else { return Ok((midnight, 0.0)) };
    let (time, offset_days) = match time.rfind(['+', '-']) {
        None => (time, 0.0),
        Some(at) => {
            let digits = time[at + 1..].replace(':', "");
            let offset: f64 = digits.parse::<u16>().map_err(|_| wrong())?.into();
            let minutes = match digits.len() {
                2 => offset * 60.0,
                4 => (offset / 100.0).floor() * 60.0 + offset % 100.0,
                _ => return Err(wrong()),
            };
            if minutes > 15.0 * 60.0 {
                return Err(wrong());
            }
            let ahead = if time[at..].starts_with('+') { minutes } else { -minutes };
            (&time[..at], ahead / MINUTES_PER_DAY)
        }
    };
    let parts: Vec<f64> = time
        .split(':')
        .map(|part| part.parse::<f64>().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    let limits = [24.0, 60.0, 61.0];
    if parts.is_empty()
        || parts.len() > 3
        || parts.iter().zip(limits).any(|(part, limit)| !(0.0..limit).contains(part))
    {
        return Err(wrong());
    }
    let unit_days = [1.0 / 24.0, 1.0 / MINUTES_PER_DAY, 1.0 / 86_400.0];
    let time_days = parts.iter().zip(unit_days).map(|(part, unit)| part * unit).sum::<f64>();
    Ok((midnight, time_days - offset_days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_both_calendars() {
        assert_eq!(
            instant("2025-057T12:00:00.000Z").unwrap(),
            instant("2025-02-26T12:00").unwrap()
        );
        assert!(instant("2025-400").is_err());
        assert!(instant("2025-02-26T25:00").is_err());
    }
}
