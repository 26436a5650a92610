//! A series of mean altitudes in time, from whatever file an analyst has.
//!
//! Texts are told apart by their content: XML and KVN messages by their marks, JSON by its bracket,
//! element sets by their line numbers, and everything else is CSV.

use crate::error::{OrbitError, counted};
use crate::geometry::{EARTH_RADIUS_KM, ISS_INCLINATION_DEG};
use crate::inclination::SAME_DEG;
use crate::{elements, ephemeris};
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
    /// What was left out or looks odd.
    pub caveats: Vec<String>,
}

/// A series whose rows lie farther apart than this has a gap: no step is looked for across it.
pub const GAP_DAYS: f64 = 3.0;
/// Plausible mean altitudes of the orbits this crate handles, km.
const PLAUSIBLE_KM: std::ops::Range<f64> = 100.0..1000.0;

/// Reads a series from a text of any of the known kinds.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`], saying what was found and what is expected.
pub fn read(text: &str) -> Result<Track, OrbitError> {
    let body = text.trim_start_matches('\u{feff}').trim_start();
    if body.is_empty() {
        return Err(OrbitError::Text("the file is empty".into()));
    }
    let is_tle_line = |line: &str| {
        let line = line.trim_end();
        (line.starts_with("1 ") || line.starts_with("2 ")) && !line.contains(',') && line.len() > 20
    };
    if body.starts_with('<') {
        let head = &body[..body.len().min(20_000)];
        return if head.contains("<oem") || head.contains("stateVector") {
            ephemeris::read_xml(body)
        } else {
            elements::read_xml(body)
        };
    }
    if body.starts_with('{') || body.starts_with('[') {
        return elements::read_json(body);
    }
    if body.contains("CCSDS_OEM_VERS") {
        return ephemeris::read_kvn(text);
    }
    if body.contains("CCSDS_OMM_VERS") || body.contains("MEAN_MOTION") && body.contains('=') {
        return elements::read_kvn(text);
    }
    if body.lines().take(30).any(is_tle_line) {
        return elements::read_tle(text);
    }
    read_csv(text)
}

/// Reads CSV with a column of time (`mjd` or `date`) and one of altitude (`alt_mean_km`,
/// `altitude_km`) or mean semi-major axis (`a_mean_km`, `a_km`); other columns are ignored.
///
/// # Errors
///
/// [`OrbitError::Line`] with the line and, for a bad cell, its column.
pub fn read_csv(text: &str) -> Result<Track, OrbitError> {
    let bad = |line: usize, why: String| OrbitError::Line { line, why };
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(i, line)| (i + 1, line.trim_start_matches('\u{feff}').trim_end()))
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let (head_line, head) =
        lines.next().ok_or_else(|| OrbitError::Text("the file is empty".into()))?;
    let names: Vec<String> =
        head.split(',').map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
    let column = |wanted: &[&str]| wanted.iter().find_map(|w| names.iter().position(|n| n == w));
    let time_mjd = column(&["mjd"]);
    let time_date = column(&["date", "epoch"]);
    let altitude = column(&["alt_mean_km", "altitude_km"]);
    let axis = column(&["a_mean_km", "a_km"]);
    let (Some(time), Some(value)) = (time_mjd.or(time_date), altitude.or(axis)) else {
        return Err(bad(
            head_line,
            format!(
                "a CSV of altitudes needs a column `mjd` or `date` and one of `alt_mean_km`, \
                 `altitude_km`, `a_mean_km`, `a_km`; the header has `{}`",
                names.join("`, `")
            ),
        ));
    };
    let offset_km = if altitude.is_some() { 0.0 } else { EARTH_RADIUS_KM };
    let inclination = column(&["inc_deg", "inclination_deg"]);
    let node = column(&["raan_deg"]);
    let mut fixes = Vec::new();
    let mut inclination_deg = None;
    for (line, row) in lines {
        let cells: Vec<&str> = row.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
        let cell = |i: usize| -> Result<&str, OrbitError> {
            cells.get(i).copied().filter(|cell| !cell.is_empty()).ok_or_else(|| {
                bad(
                    line,
                    format!(
                        "no value in column {} (`{}`): {} of {} cells; is the file cut off?",
                        i + 1,
                        names[i],
                        cells.len(),
                        names.len()
                    ),
                )
            })
        };
        let number = |i: usize| -> Result<f64, OrbitError> {
            let value: f64 = cell(i)?.parse().map_err(|_| {
                bad(
                    line,
                    format!("column {} (`{}`): `{}` is not a number", i + 1, names[i], cells[i]),
                )
            })?;
            if value.is_finite() {
                Ok(value)
            } else {
                Err(bad(line, format!("column {} (`{}`) is not finite", i + 1, names[i])))
            }
        };
        let mjd = if time_mjd.is_some() {
            let mjd = number(time)?;
            if !(15_020.0..124_000.0).contains(&mjd) {
                return Err(bad(
                    line,
                    format!("{mjd} is not a modified Julian date between 1900 and 2199"),
                ));
            }
            mjd
        } else {
            let text = cell(time)?;
            instant(text).map_err(|why| {
                bad(line, format!("column {} (`{}`): {why}", time + 1, names[time]))
            })?
        };
        let altitude_km = number(value)? - offset_km;
        if !PLAUSIBLE_KM.contains(&altitude_km) {
            return Err(bad(
                line,
                format!(
                    "column {} (`{}`): a mean altitude of {altitude_km:.1} km is no orbit between \
                     100 and 1000 km; is the column in km, and is it what its name says?",
                    value + 1,
                    names[value]
                ),
            ));
        }
        if let Some(i) = inclination {
            inclination_deg = cells.get(i).and_then(|cell| cell.parse().ok()).or(inclination_deg);
        }
        let raan_deg = node.and_then(|i| cells.get(i)).and_then(|cell| cell.parse().ok());
        fixes.push(Fix { mjd, altitude_km, raan_deg });
    }
    Track::new(fixes, "CSV", inclination_deg, Vec::new())
}

impl Track {
    /// Orders fixes, drops repeated times, and reports both, and gaps, as caveats.
    pub(crate) fn new(
        mut fixes: Vec<Fix>,
        kind: &'static str,
        inclination_deg: Option<f64>,
        mut caveats: Vec<String>,
    ) -> Result<Self, OrbitError> {
        if fixes.is_empty() {
            return Err(OrbitError::Text(format!("the {kind} input holds no row of data")));
        }
        if !fixes.is_sorted_by(|a, b| a.mjd <= b.mjd) {
            caveats.push("rows were not in time order; they were sorted".into());
            fixes.sort_by(|a, b| a.mjd.total_cmp(&b.mjd));
        }
        let rows = fixes.len();
        // Of rows with one time the last written wins: a correction follows what it corrects.
        fixes.reverse();
        fixes.dedup_by(|a, b| a.mjd == b.mjd);
        fixes.reverse();
        if fixes.len() < rows {
            let doubles = rows - fixes.len();
            caveats.push(format!(
                "{} with the time of another; the last was kept",
                counted(doubles, "row")
            ));
        }
        let gaps: Vec<String> = fixes
            .windows(2)
            .filter(|pair| pair[1].mjd - pair[0].mjd > GAP_DAYS)
            .map(|pair| {
                format!(
                    "{} to {} ({:.0} d)",
                    Date::from_mjd(pair[0].mjd),
                    Date::from_mjd(pair[1].mjd),
                    pair[1].mjd - pair[0].mjd
                )
            })
            .collect();
        if !gaps.is_empty() {
            caveats.push(format!(
                "gaps of more than {GAP_DAYS:.0} days, across which nothing is detected: {}",
                gaps.join(", ")
            ));
        }
        Ok(Self { fixes, kind, inclination_deg, drag_area_stated_m2_kg: None, caveats })
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
    /// [`OrbitError::TooFewRows`] if there are fewer than `needed`.
    pub fn before(&self, mjd: Mjd, needed: usize) -> Result<Self, OrbitError> {
        let fixes: Vec<Fix> = self.fixes.iter().take_while(|fix| fix.mjd < mjd).copied().collect();
        if fixes.len() < needed {
            return Err(OrbitError::TooFewRows {
                rows: fixes.len(),
                needed,
                purpose: "before the start date to estimate the drag",
            });
        }
        // Caveats are about the whole input; those of the part are made again.
        Self::new(fixes, self.kind, self.inclination_deg, Vec::new())
            .map(|track| Self { drag_area_stated_m2_kg: self.drag_area_stated_m2_kg, ..track })
    }
}

/// Reads an instant: `YYYY-MM-DD` or `YYYY-DDD`, with an optional time `Thh:mm:ss.s` and `Z`.
pub(crate) fn instant(text: &str) -> Result<Mjd, String> {
    let wrong = || format!("`{text}` is not a date: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss (UTC)");
    let text_trimmed = text.trim().trim_end_matches('Z');
    let (day, time) = match text_trimmed.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text_trimmed, None),
    };
    let midnight = if day.len() == 8 {
        let (year, number) = day.split_once('-').ok_or_else(wrong)?;
        let number: f64 = number.parse().map_err(|_| wrong())?;
        let first = Date::parse(&format!("{year}-01-01")).map_err(|_| wrong())?;
        if !(1.0..=366.0).contains(&number) {
            return Err(wrong());
        }
        first.mjd() + number - 1.0
    } else if day.len() == 10 {
        Date::parse(day).map_err(|_| wrong())?.mjd()
    } else {
        return Err(wrong());
    };
    let Some(time) = time else { return Ok(midnight) };
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
    let unit_days = [1.0 / 24.0, 1.0 / 1_440.0, 1.0 / 86_400.0];
    Ok(midnight + parts.iter().zip(unit_days).map(|(part, unit)| part * unit).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let track = read("n,mjd,a_km,x\n1,60000,6798.137,q\n2,60001.5,6798.037,\n").unwrap();
        assert_eq!(track.kind, "CSV");
        assert!((track.fixes[0].altitude_km - 420.0).abs() < 1e-9);
        let track =
            read("date,alt_mean_km\n2023-02-25,420.0\n2023-02-26T12:00:00Z,419.9\n").unwrap();
        assert_eq!(track.fixes[1].mjd, 60_001.5);
    }

    #[test]
    fn bad_rows_are_named() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert!(error("").contains("empty"));
        assert!(error("date,height\n").contains("needs a column"));
        assert!(error("date,a_km\n2023-02-25\n").contains("line 2: no value in column 2"));
        assert!(error("date,a_km\n2023-02-25,67x\n").contains("`67x` is not a number"));
        assert!(error("date,a_km\n2023-02-30,6798\n").contains("line 2"));
        assert!(error("date,a_km\n2023-02-25,419\n").contains("what its name says"));
        assert!(error("date,a_km\n").contains("no row"));
    }

    #[test]
    fn disorder_doubles_and_gaps_become_caveats() {
        let text = "mjd,alt_mean_km\n60001,419.9\n60000,420\n60000,420.1\n60010,419\n";
        let track = read(text).unwrap();
        assert_eq!(track.fixes.len(), 3);
        assert_eq!(track.fixes[0].altitude_km, 420.1);
        assert_eq!(track.caveats.len(), 3);
    }

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
