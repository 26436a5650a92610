//! Orbit ephemeris messages (OEM): states in time, averaged to mean altitudes.

use crate::error::{OrbitError, counted};
use crate::geometry::{EARTH_GM_KM3_S2, EARTH_J2, EARTH_RADIUS_KM, period_minutes};
use crate::identity::{self, Identity, Objects};
use crate::omm::xml_error;
use crate::reading::{Reading, Record};
use crate::track::{Fix, Remark, Row, first_of, instant};
use quick_xml::Reader;
use quick_xml::events::Event;
use zarya_units::{Date, Mjd, math};

/// One state: time, position in km, velocity in km/s.
type State = (Mjd, [f64; 6]);
const STATE_NAMES: [&str; 6] = ["X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"];
const MINUTES_PER_DAY: f64 = 1440.0;

/// What an OEM says of one object.
#[derive(Default)]
struct Segment {
    object: Identity,
    frames: Vec<String>,
    centers: Vec<String>,
    clocks: Vec<String>,
    stops: Vec<Mjd>,
    states: Vec<State>,
    /// States that cannot be used.
    faults: Vec<Remark>,
}

impl Segment {
    /// Takes a line of metadata.
    fn field(&mut self, key: &str, value: &str) {
        let value = value.trim();
        match key {
            "OBJECT_ID" => {
                let id = Identity::of(value);
                self.object.number = id.number;
                self.object.designator = id.designator.or(id.name);
            }
            "OBJECT_NAME" => self.object.name = identity::name(value),
            "REF_FRAME" => self.frames.push(value.to_owned()),
            "CENTER_NAME" => self.centers.push(value.to_uppercase()),
            "TIME_SYSTEM" => self.clocks.push(value.to_uppercase()),
            "STOP_TIME" => self.stops.extend(instant(value)),
            _ => {}
        }
    }

    /// Adds what another segment says of the same object.
    fn extend(&mut self, other: Self) {
        self.object = std::mem::take(&mut self.object).or(other.object);
        self.frames.extend(other.frames);
        self.centers.extend(other.centers);
        self.clocks.extend(other.clocks);
        self.stops.extend(other.stops);
        self.states.extend(other.states);
        self.faults.extend(other.faults);
    }
}

/// What an OEM says besides its states.
#[derive(Default)]
struct About {
    segments: Vec<Segment>,
    mass_kg: Option<f64>,
    area_m2: Option<f64>,
    coefficient: Option<f64>,
}

impl About {
    fn comment(&mut self, text: &str) {
        let number = |key: &str| {
            text.trim().strip_prefix(key)?.trim().strip_prefix('=')?.trim().parse::<f64>().ok()
        };
        self.mass_kg = number("MASS").or(self.mass_kg);
        self.area_m2 = number("DRAG_AREA").or(self.area_m2);
        self.coefficient = number("DRAG_COEFF").or(self.coefficient);
    }

    fn begin(&mut self) {
        self.segments.push(Segment::default());
    }

    /// The segment that is being read.
    fn segment(&mut self) -> &mut Segment {
        if self.segments.is_empty() {
            self.begin();
        }
        self.segments.last_mut().expect("one was begun")
    }
}

/// Reads an OEM in XML; a state that cannot be read is left out.
///
/// # Errors
///
/// [`OrbitError::Line`] or [`OrbitError::Text`]: broken XML, frames that turn with the Earth, too few states.
pub(crate) fn read_xml(text: &str) -> Result<Reading, OrbitError> {
    let mut reader = Reader::from_str(text);
    let mut about = About::default();
    let mut reading = Reading::new("OEM");
    let mut values: [Option<f64>; 6] = [None; 6];
    let mut epoch = None;
    let mut name = String::new();
    let mut whole = false;
    let mut n_states = 0;
    loop {
        let event = reader.read_event().map_err(|error| xml_error(text, &reader, &error))?;
        match event {
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_uppercase();
                match name.as_str() {
                    "SEGMENT" | "METADATA" => about.begin(),
                    "STATEVECTOR" => (values, epoch) = ([None; 6], None),
                    _ => {}
                }
            }
            Event::Text(body) => {
                let body = body.trim().to_owned();
                match name.as_str() {
                    "COMMENT" => about.comment(&body),
                    "EPOCH" => epoch = Some(body),
                    _ => {
                        if let Some(i) = STATE_NAMES.iter().position(|known| *known == name) {
                            values[i] = body.parse().ok();
                        } else {
                            about.segment().field(&name, &body);
                        }
                    }
                }
            }
            Event::End(tag) => {
                let ended = tag.local_name().as_ref().to_uppercase();
                if ended == "STATEVECTOR" {
                    n_states += 1;
                    match state(epoch.as_deref(), &values) {
                        Ok(state) => about.segment().states.push(state),
                        Err(why) => {
                            let mjd = epoch.as_deref().and_then(|text| instant(text).ok());
                            let why = format!("state {n_states}: {why}");
                            about.segment().faults.push(Remark::left_out(mjd, why));
                        }
                    }
                }
                whole |= ended == "OEM";
                name.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !whole {
        reading.caveats.push("the file ends before its `oem` element does: it is cut off".into());
    }
    average(about, reading)
}

/// Reads an OEM in key-value notation; a state that cannot be read is left out.
///
/// # Errors
///
/// As [`read_xml`].
pub(crate) fn read_kvn(text: &str) -> Result<Reading, OrbitError> {
    let mut about = About::default();
    let mut reading = Reading::new("OEM");
    let mut inside_covariance = false;
    let mut n_states = 0;
    // Digits may be missing from a line that does not end.
    let open_line = if text.ends_with('\n') { None } else { text.lines().count().checked_sub(1) };
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("COVARIANCE") {
            inside_covariance = line.ends_with("START");
        }
        if line.is_empty() || inside_covariance {
            continue;
        }
        if let Some(comment) = line.strip_prefix("COMMENT") {
            about.comment(comment);
        } else if line == "META_START" {
            about.begin();
        } else if let Some((key, value)) = line.split_once('=') {
            about.segment().field(&key.trim().to_uppercase(), value);
        } else if open_line == Some(i) && n_states > 0 {
            let why = format!("line {} has no end: it may be cut off and was left out", i + 1);
            reading.caveats.push(why);
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            n_states += 1;
            let cells: Vec<&str> = line.split_whitespace().collect();
            match line_state(&cells) {
                Ok(state) => about.segment().states.push(state),
                Err(why) => {
                    let mjd = instant(cells[0]).ok();
                    let why = format!("line {}: {why}", i + 1);
                    about.segment().faults.push(Remark::left_out(mjd, why));
                }
            }
        }
    }
    average(about, reading)
}

/// Reads a state of the cells of a line.
fn line_state(cells: &[&str]) -> Result<State, String> {
    if cells.len() < 7 {
        return Err(format!("a state has a time and six numbers, this line {} cells", cells.len()));
    }
    let mut values = [None; 6];
    for (value, cell) in values.iter_mut().zip(&cells[1..]) {
        *value = cell.parse().ok();
    }
    state(Some(cells[0]), &values)
}

fn state(epoch: Option<&str>, values: &[Option<f64>; 6]) -> Result<State, String> {
    let mjd = instant(epoch.ok_or("no `EPOCH`")?)?;
    let mut numbers = [0.0; 6];
    for (i, value) in values.iter().enumerate() {
        numbers[i] = value
            .filter(|v| v.is_finite())
            .ok_or_else(|| format!("`{}` is missing or not a number", STATE_NAMES[i]))?;
    }
    Ok((mjd, numbers))
}

/// Writes an instant to the minute.
fn moment(mjd: Mjd) -> String {
    let minutes = (mjd.fract() * MINUTES_PER_DAY).round() as u32;
    format!("{} {:02}:{:02}", Date::from_mjd(mjd), minutes / 60, minutes % 60)
}

/// Returns an instant of another time system in UTC.
///
/// # Model
///
/// `TAI = UTC + leap seconds`, `GPS = TAI − 19 s`, `TT = TAI + 32.184 s`; leap seconds since 1999.
fn utc(mjd: Mjd, clock: &str) -> Result<Mjd, OrbitError> {
    /// TAI less UTC in seconds from the given day on: 1999, 2006, 2009, July 2012, July 2015, 2017.
    const TAI_LESS_UTC_S: [(f64, f64); 6] = [
        (51_179.0, 32.0),
        (53_736.0, 33.0),
        (54_832.0, 34.0),
        (56_109.0, 35.0),
        (57_204.0, 36.0),
        (57_754.0, 37.0),
    ];
    const SECONDS_PER_DAY: f64 = 86_400.0;
    let ahead_of_tai_s = match clock {
        "UTC" => return Ok(mjd),
        "TAI" => 0.0,
        "GPS" => -19.0,
        "TT" => 32.184,
        _ => {
            return Err(OrbitError::Text(format!(
                "the time system `{clock}` is not one of UTC, TAI, GPS, TT"
            )));
        }
    };
    let Some((_, leap_s)) = TAI_LESS_UTC_S.iter().rev().find(|(from, _)| mjd >= *from) else {
        return Err(OrbitError::Text(format!(
            "the leap seconds of times in {clock} are held from 1999 on, not for {}",
            Date::from_mjd(mjd)
        )));
    };
    Ok(mjd - (leap_s + ahead_of_tai_s) / SECONDS_PER_DAY)
}

/// Averages the states of each object.
fn average(about: About, mut reading: Reading) -> Result<Reading, OrbitError> {
    let mut objects = Objects::default();
    let mut of_each: Vec<Segment> = Vec::new();
    for segment in about.segments {
        let at = objects.place(&segment.object).unwrap_or(0);
        match of_each.get_mut(at) {
            Some(known) => known.extend(segment),
            None => of_each.push(segment),
        }
    }
    of_each.retain(|segment| !(segment.states.is_empty() && segment.faults.is_empty()));
    if of_each.is_empty() {
        return Err(OrbitError::Text("the OEM holds no state: give one with its states".into()));
    }
    let is_alone = of_each.len() == 1;
    for mut segment in of_each {
        let rows = rows(&mut segment, &mut reading.caveats);
        let object = segment.object;
        for remark in segment.faults {
            reading.flaw(object.clone(), remark);
        }
        match rows {
            Ok(rows) => {
                let record = |row| Record { object: object.clone(), row };
                reading.records.extend(rows.into_iter().map(record));
            }
            Err(error) if is_alone => return Err(error),
            Err(error) => reading.flaw(object, Remark::bad(None, error.to_string())),
        }
    }
    reading.drag_area_stated_m2_kg = match (about.mass_kg, about.area_m2, about.coefficient) {
        (Some(mass), Some(area), Some(cd)) if mass > 0.0 => Some(cd * area / mass),
        _ => None,
    };
    Ok(reading)
}

/// Averages states to one mean altitude per revolution.
///
/// # Model
///
/// The osculating semi-major axis less its J2 short-period term of a circular orbit,
/// `3 γ a sin² i cos 2u` with `γ = J2 Re² / 2a²`, averaged over a whole revolution: the Brouwer mean
/// to about 0.02 km (eccentricity and the tesseral harmonics are left in).
fn rows(about: &mut Segment, caveats: &mut Vec<String>) -> Result<Vec<Row>, OrbitError> {
    let states = &about.states;
    for (what, names) in
        [("frames", &about.frames), ("centers", &about.centers), ("time systems", &about.clocks)]
    {
        if let Some(other) = names.iter().find(|name| **name != names[0]) {
            return Err(OrbitError::Text(format!(
                "the states of one object are in several {what} ({} and {other}): give those of one",
                names[0]
            )));
        }
    }
    if let Some(frame) = about.frames.first() {
        const INERTIAL: [&str; 5] = ["EME2000", "J2000", "ICRF", "GCRF", "TEME"];
        if !INERTIAL.iter().any(|known| frame.to_uppercase().contains(known)) {
            return Err(OrbitError::Text(format!(
                "the frame `{frame}` is not one of {}: mean elements need an inertial frame",
                INERTIAL.join(", ")
            )));
        }
    }
    if let Some(center) = about.centers.first().filter(|center| *center != "EARTH") {
        return Err(OrbitError::Text(format!(
            "the center is `{center}`: only orbits of EARTH are answered"
        )));
    }
    let clock = about.clocks.first().map_or("UTC", String::as_str);
    let last = states.iter().map(|state| state.0).fold(f64::NEG_INFINITY, f64::max);
    let stop = about.stops.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = states.windows(2).last().map_or(0.0, |pair| pair[1].0 - pair[0].0);
    if !states.is_empty() && stop - last > 1.5 * step.abs() {
        caveats.push(format!(
            "the last state is of {}, before the `STOP_TIME` of {}: the file may be cut off",
            moment(last),
            moment(stop)
        ));
    }
    let mut axes = Vec::with_capacity(states.len());
    for (i, (mjd, s)) in states.iter().enumerate() {
        let r2 = s[0] * s[0] + s[1] * s[1] + s[2] * s[2];
        let v2 = s[3] * s[3] + s[4] * s[4] + s[5] * s[5];
        let r = r2.sqrt();
        let a = 1.0 / (2.0 / r - v2 / EARTH_GM_KM3_S2);
        if !(EARTH_RADIUS_KM + 100.0..EARTH_RADIUS_KM + 1000.0).contains(&a) {
            let shown_km = if a.abs() < 1e9 { a.round() } else { a };
            let why = format!(
                "state {} ({}): a semi-major axis of {shown_km:?} km is no low orbit; km and km/s expected",
                i + 1,
                moment(*mjd)
            );
            about.faults.push(Remark::left_out(Some(*mjd), why));
            continue;
        }
        let h = [s[1] * s[5] - s[2] * s[4], s[2] * s[3] - s[0] * s[5], s[0] * s[4] - s[1] * s[3]];
        let h_size = (h[0] * h[0] + h[1] * h[1] + h[2] * h[2]).sqrt();
        let cos_i = h[2] / h_size;
        let sin2_i = 1.0 - cos_i * cos_i;
        let inclination_deg = math::acos(cos_i).to_degrees();
        // sin i sin u = z / r.
        let sin2_u = (s[2] / r) * (s[2] / r) / sin2_i.max(1e-9);
        let gamma = EARTH_J2 * EARTH_RADIUS_KM * EARTH_RADIUS_KM / (2.0 * a * a);
        let mean = a - 3.0 * gamma * a * sin2_i * (1.0 - 2.0 * sin2_u);
        let raan = math::atan2(h[0], -h[1]).to_degrees().rem_euclid(360.0);
        axes.push((utc(*mjd, clock)?, mean, raan, inclination_deg));
    }
    let Some(first) = axes.first().filter(|_| about.faults.len() <= axes.len()) else {
        let whys: Vec<&str> = about.faults.iter().map(|fault| fault.why.as_str()).collect();
        return Err(OrbitError::Text(format!(
            "{} of {} cannot be used, too many for a slip: {}; give the text as it was published",
            whys.len(),
            counted(whys.len() + axes.len(), "state"),
            first_of(&whys)
        )));
    };
    let period_days = period_minutes(first.1 - EARTH_RADIUS_KM) / MINUTES_PER_DAY;
    let mut rows = Vec::new();
    let mut from = 0;
    while from < axes.len() {
        let end =
            axes[from..].iter().take_while(|s| s.0 < axes[from].0 + period_days).count() + from;
        let group = &axes[from..end];
        let spanned = group[group.len() - 1].0 - group[0].0;
        if group.len() >= 8 && spanned > 0.85 * period_days {
            let n = group.len() as f64;
            let fix = Fix {
                mjd: group.iter().map(|s| s.0).sum::<f64>() / n,
                altitude_km: group.iter().map(|s| s.1).sum::<f64>() / n - EARTH_RADIUS_KM,
                raan_deg: Some(group[0].2),
            };
            rows.push(Row { fix, inclination_deg: Some(group[0].3) });
        }
        from = end;
    }
    if rows.is_empty() {
        rows = sparse_rows(&axes, period_days, caveats)?;
    }
    Ok(rows)
}

/// Averages states that stand too far apart to fill a revolution: eight in a row, of a day at most.
///
/// What is left in a single state, eccentricity and tesseral harmonics, scatters by some 0.1 km from state to
/// state; a mean of states at many places of the orbit has less of it.
fn sparse_rows(
    axes: &[(Mjd, f64, f64, f64)],
    period_days: f64,
    caveats: &mut Vec<String>,
) -> Result<Vec<Row>, OrbitError> {
    const STATES_MAX: usize = 8;
    const DAYS_MAX: f64 = 1.0;
    /// States nearer to each other stand at about one place of the orbit.
    const REVOLUTION_SHARE: f64 = 0.85;
    let spanned = axes[axes.len() - 1].0 - axes[0].0;
    if axes.len() > 1 && spanned < REVOLUTION_SHARE * period_days {
        return Err(OrbitError::Text(format!(
            "{} within {:.0} minutes do not fill one revolution ({:.0} minutes): the mean altitude swings within \
             it; give states of a whole revolution at least",
            counted(axes.len(), "state"),
            spanned * MINUTES_PER_DAY,
            period_days * MINUTES_PER_DAY
        )));
    }
    let (mut rows, mut most, mut fewest) = (Vec::new(), 0, usize::MAX);
    let (mut squares, mut from) = (0.0, 0);
    while from < axes.len() {
        let inside = |state: &&(Mjd, f64, f64, f64)| state.0 < axes[from].0 + DAYS_MAX;
        let mut end = from + axes[from..].iter().take(STATES_MAX).take_while(inside).count();
        // A few states left over join the last row.
        let left = axes.len() - end;
        if left > 0 && left < STATES_MAX / 2 && axes[axes.len() - 1].0 < axes[from].0 + DAYS_MAX {
            end = axes.len();
        }
        let group = &axes[from..end];
        let n = group.len() as f64;
        let axis_km = group.iter().map(|state| state.1).sum::<f64>() / n;
        squares += group.iter().map(|state| (state.1 - axis_km) * (state.1 - axis_km)).sum::<f64>();
        let fix = Fix {
            mjd: group.iter().map(|state| state.0).sum::<f64>() / n,
            altitude_km: axis_km - EARTH_RADIUS_KM,
            raan_deg: Some(group[0].2),
        };
        rows.push(Row { fix, inclination_deg: Some(group[0].3) });
        (most, fewest) = (most.max(group.len()), fewest.min(group.len()));
        from = end;
    }
    let each = if most == fewest { most.to_string() } else { format!("{fewest} to {most}") };
    let freedom = (axes.len() - rows.len()) as f64;
    let scatter = if freedom > 0.0 {
        format!("; they scatter by {:.2} km about it", (squares / freedom).sqrt())
    } else {
        ", which may be off by some 0.1 km".to_owned()
    };
    caveats.push(format!(
        "the states stand too far apart to average over a revolution: each mean altitude is of {each}, each less its \
         first-order J2 term{scatter}"
    ));
    Ok(rows)
}
