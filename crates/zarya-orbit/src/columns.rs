//! A series as a table: CSV whose columns are found by name.
//!
//! A table of element sets (an OMM in CSV, as catalogs hand out) is told by its columns, and one whose cells
//! are lines of two-line sets by its cells. A row that cannot be read costs itself, with a note; a header that
//! does not do is refused with everything that is wrong with it.

use crate::error::OrbitError;
use crate::geometry::{EARTH_RADIUS_KM, ISS_INCLINATION_DEG};
use crate::identity::Identity;
use crate::mean_motion::brouwer_axis_km;
use crate::omm::{self, Fields};
use crate::reading::{Reading, Record};
use crate::tle;
use crate::track::{Fix, PLAUSIBLE_KM, Remark, Row, What, instant};
use zarya_text::table::{self, Comments, Problem, Table, is_missing, shortened};
use zarya_units::{Date, Mjd};

/// Columns that name the object, the surest first.
const OBJECT_NAMES: [&str; 7] =
    ["norad_cat_id", "norad_id", "object_id", "cospar_id", "object_name", "object", "satellite"];
/// Columns of an OMM without which there is no mean orbit, but for its size.
const SET_NAMES: [&str; 4] = ["epoch", "eccentricity", "inclination", "ra_of_asc_node"];
/// Columns of an OMM with numbers that a mean orbit does not need.
const MORE_NAMES: [&str; 5] =
    ["arg_of_pericenter", "mean_anomaly", "bstar", "mean_motion_dot", "mean_motion_ddot"];
/// Columns of an OMM that say how large the orbit is.
const SIZE_NAMES: [&str; 2] = ["mean_motion", "semi_major_axis"];
/// Inclinations of one object differ by less, degrees.
const INCLINATION_SPREAD_DEG: f64 = 1.0;

/// Where the columns stand.
struct Columns {
    names: Vec<String>,
    mjd: Option<usize>,
    date: Option<usize>,
    altitude: Option<usize>,
    axis: Option<usize>,
    /// Heights of perigee and apogee, and revolutions a day: where there is neither altitude nor axis.
    heights: Option<[usize; 2]>,
    motion: Option<usize>,
    eccentricity: Option<usize>,
    inclination: Option<usize>,
    node: Option<usize>,
    /// Every column that says something about the object, the surest first.
    objects: Vec<usize>,
}

impl Columns {
    fn new(table: &Table<'_>) -> Self {
        let find = |wanted: &[&str]| table.column(wanted);
        let axis = find(&["a_mean_km", "a_km"]);
        // A height above the ground is often called `altitude_km`: any other column comes first.
        let altitude =
            find(&["alt_mean_km"]).or_else(|| find(&["altitude_km"]).filter(|_| axis.is_none()));
        let is_other = axis.is_none() && altitude.is_none();
        // Beside other columns of an element set it is one of a table of sets that is not whole.
        let is_lone =
            SET_NAMES.iter().filter(|name| **name != "epoch").all(|name| find(&[*name]).is_none());
        let heights =
            is_other.then(|| Some([find(&["perigee_km"])?, find(&["apogee_km"])?])).flatten();
        Self {
            heights,
            motion: find(&["mean_motion_rev_d"])
                .or_else(|| find(&["mean_motion"]).filter(|_| is_lone))
                .filter(|_| is_other && heights.is_none()),
            eccentricity: find(&["eccentricity", "ecc"]),
            mjd: find(&["mjd"]),
            date: find(&["date", "epoch"]),
            altitude,
            axis,
            inclination: find(&["inc_deg", "inclination_deg"]),
            node: find(&["raan_deg"]),
            objects: OBJECT_NAMES.iter().filter_map(|wanted| find(&[*wanted])).collect(),
            names: table.names().iter().map(|name| name.key.clone()).collect(),
        }
    }

    fn has(&self, wanted: &str) -> bool {
        self.names.iter().any(|name| name == wanted)
    }

    /// Whether the table can be read: as altitudes, or as element sets.
    fn suffice(&self) -> bool {
        self.are_sets() || (self.mjd.is_some() || self.date.is_some()) && self.has_size()
    }

    /// Whether a column says how high the orbit is.
    fn has_size(&self) -> bool {
        self.altitude.or(self.axis).or(self.motion).is_some() || self.heights.is_some()
    }

    fn are_sets(&self) -> bool {
        self.altitude.is_none()
            && self.axis.is_none()
            && SET_NAMES.iter().all(|wanted| self.has(wanted))
            && SIZE_NAMES.iter().any(|wanted| self.has(wanted))
    }

    /// The columns of time and altitude.
    fn used(&self) -> [usize; 2] {
        let size =
            self.altitude.or(self.axis).or(self.heights.map(|[_, apogee]| apogee)).or(self.motion);
        [self.mjd.or(self.date), size].map(|column| column.unwrap_or(0))
    }

    /// Every column that is read.
    fn all_used(&self) -> Vec<usize> {
        let of_sets = SET_NAMES.iter().chain(&SIZE_NAMES).filter(|_| self.are_sets());
        let of_sets =
            of_sets.filter_map(|wanted| self.names.iter().position(|name| name == wanted));
        let single = [
            self.mjd,
            self.date,
            self.altitude,
            self.axis,
            self.motion,
            self.inclination,
            self.node,
        ];
        let heights = self.heights.into_iter().flatten();
        let mut used: Vec<usize> =
            single.into_iter().flatten().chain(heights).chain(of_sets).collect();
        used.sort_unstable();
        used.dedup();
        used
    }

    /// Whose row it is.
    fn identity(&self, row: &table::Row<'_>) -> Identity {
        let cells = self.objects.iter().map(|i| row.cell(*i));
        cells
            .filter(|cell| !is_missing(cell))
            .fold(Identity::default(), |all, cell| all.or(Identity::of(cell)))
    }

    /// Says what a mean altitude is made of where no column has it.
    fn assumed(&self) -> Option<String> {
        if let Some([perigee, apogee]) = self.heights.filter(|_| !self.are_sets()) {
            return Some(format!(
                "mean altitudes are the means of `{}` and `{}`, taken as above {EARTH_RADIUS_KM} km; heights above \
                 another radius shift all of them alike",
                self.names[perigee], self.names[apogee]
            ));
        }
        let motion = self.motion.filter(|_| !self.are_sets())?;
        let without = self.inclination.is_none().then(|| {
            format!("; without `inc_deg` the inclination is taken as {ISS_INCLINATION_DEG} degrees")
        });
        Some(format!(
            "mean altitudes are those of `{}`, revolutions a day as element sets have them{}",
            self.names[motion],
            without.unwrap_or_default()
        ))
    }

    /// Says what is missing from a header, and what the table seems to be.
    fn missing(&self) -> String {
        const SHOWN: usize = 12;
        let any = |wanted: &[&str]| wanted.iter().any(|name| self.has(name));
        let names: Vec<String> =
            self.names.iter().take(SHOWN).map(|name| shortened(name)).collect();
        let more = if self.names.len() > SHOWN { ", …" } else { "" };
        let has = format!("it has `{}`{more}", names.join("`, `"));
        // Telemetry of the ISS and programs that propagate.
        let is_position = |axis: &str| self.has(axis) || self.has(&format!("{axis}_km"));
        let is_telemetry =
            self.names.iter().filter(|name| name.starts_with("uslab0000")).count() >= 3;
        if is_telemetry || ["x", "y", "z"].into_iter().all(is_position) {
            return format!(
                "a table of positions and velocities ({has}), of which no mean altitude can be told row by row: \
                 write them as an OEM (CCSDS; km, km/s, an inertial frame), with eight states or more in each \
                 revolution"
            );
        }
        let sets = SET_NAMES.iter().filter(|name| self.has(name)).count();
        if sets + usize::from(any(&SIZE_NAMES)) >= 3 {
            let size = (!any(&SIZE_NAMES)).then_some("mean_motion");
            let lacking = SET_NAMES.iter().copied().filter(|name| !self.has(name)).chain(size);
            let lacking: Vec<String> =
                lacking.map(|name| format!("`{}`", name.to_uppercase())).collect();
            return format!(
                "a table of element sets without {}: {has}; add what is missing",
                lacking.join(", ")
            );
        }
        let mut why = Vec::new();
        if self.mjd.is_none() && self.date.is_none() {
            let seconds = ["timestamp", "unix", "unix_time", "time", "t"]
                .into_iter()
                .find(|name| self.has(name));
            why.push(match seconds {
                Some(name) => format!(
                    "no column `date` (YYYY-MM-DD, with a time behind it or not, in UTC) or `mjd`; `{name}` is not read"
                ),
                None => "no column `date` or `mjd`".to_owned(),
            });
        }
        if !self.has_size() {
            let is_height = |name: &&String| {
                name.starts_with("alt") || name.starts_with("height") || name.contains("altitude")
            };
            let over_ground = any(&["latitude", "lat", "longitude", "lon", "lng"]);
            why.push(match self.names.iter().find(is_height) {
                Some(name) => format!(
                    "no column of mean altitudes in km: `alt_mean_km`, `a_mean_km`, `a_km` or `altitude_km`, or `perigee_km` and `apogee_km`, or `mean_motion_rev_d`; `{}` {}",
                    shortened(name),
                    if over_ground {
                        "beside a place on the ground is the height there at one moment, which swings by some \
                         20 km in each revolution: take mean ones from element sets of the same days"
                    } else {
                        "is none of these: if it is the mean altitude in km, name it so"
                    }
                ),
                None => "no column of mean altitudes: `alt_mean_km`, `a_mean_km`, `a_km` or `altitude_km`, or `perigee_km` and \
                         `apogee_km`, or `mean_motion_rev_d`"
                    .to_owned(),
            });
        }
        format!(
            "a table of altitudes needs a column of time and one of altitude, and has {}; {has}",
            why.join(", and ")
        )
    }
}

/// What one row of a table came to.
enum Cells {
    /// The row, and what is odd about it.
    Row(Row, Option<String>),
    /// Time where it could be read, and what the row does not have.
    LeftOut(Option<Mjd>, String),
    /// Time, and why what the row has cannot be.
    Bad(Option<Mjd>, String),
}

fn of_line(problem: &Problem) -> OrbitError {
    let column = if problem.column == 0 {
        String::new()
    } else {
        format!("column {} (`{}`): ", problem.column, shortened(&problem.name))
    };
    let why = format!("{column}{}; {}", problem.what, problem.help);
    OrbitError::Line { line: problem.line as usize, why }
}

/// Reads a table with a column of time (`mjd` or `date`) and one of altitude (`alt_mean_km`) or mean
/// semi-major axis (`a_mean_km`, `a_km`); other columns are ignored. A row that cannot be read is left out.
///
/// # Errors
///
/// [`OrbitError::Line`] with the line, where the header does not do or a quotation mark swallows rows.
pub(crate) fn read(text: &str) -> Result<Reading, OrbitError> {
    let mut table = Table::open(text, Comments::Anywhere).map_err(|problem| of_line(&problem))?;
    let columns = Columns::new(&table);
    let doubles = table.doubles(columns.all_used().into_iter());
    if !columns.suffice()
        && let Some(reading) = lines_in_cells(text)
    {
        return Ok(reading);
    }
    let mut wrong: Vec<String> = doubles
        .iter()
        .map(|problem| {
            let name = shortened(&problem.name);
            let [first, again] = [first_of_name(&columns.names, problem.column), problem.column];
            format!("the header names `{name}` twice (columns {first} and {again}): keep the one that is meant")
        })
        .collect();
    if !columns.suffice() {
        wrong.push(columns.missing());
    }
    if !wrong.is_empty() {
        return Err(OrbitError::Line { line: table.header_line() as usize, why: wrong.join("; ") });
    }
    let last_line = (!text.ends_with(['\n', '\r'])).then(|| text.lines().count());
    let mut reading = Reading::new(if columns.are_sets() { "OMM" } else { "CSV" });
    let mut decimals = [0; 2];
    let mut first: Option<(Identity, f64)> = None;
    while let Some(row) = table.next_row().map_err(|problem| of_line(&problem))? {
        let line = row.line as usize;
        if let Some(i) = row.cells().position(|cell| cell.contains('\n')) {
            let why = format!("column {}: a quotation mark opens here and is not closed", i + 1);
            return Err(OrbitError::Line { line, why });
        }
        let place = |why: String| format!("line {line}: {why}");
        let object = columns.identity(&row);
        let before = reading.last_mjd();
        let open = last_line == Some(line);
        if columns.are_sets() {
            let fields = fields(&columns, &row);
            if open && omm::set_from_fields(&fields).is_err() {
                reading.flaw(object, cut_off(line, before));
            } else {
                omm::add(&mut reading, &fields, &format!("line {line}"));
            }
            continue;
        }
        let cells = self::cells(&columns, &row);
        // Digits may be missing from the last cell of a line that does not end.
        let now = columns.used().map(|i| digits(row.cell(i)));
        let n_cells = row.cells().count();
        let is_short = |k: usize| columns.used()[k] + 1 == n_cells && now[k] < decimals[k];
        if open && (cells.is_err() || is_short(0) || is_short(1)) {
            reading.flaw(object, cut_off(line, before));
            continue;
        }
        decimals = now;
        match cells {
            Ok(Cells::Row(row, odd)) => {
                let mjd = Some(row.fix.mjd);
                if let Some(why) = odd {
                    reading.flaw(object.clone(), Remark::odd(mjd, What::Disagrees, place(why)));
                }
                let inclination_deg = row.inclination_deg;
                let of_one = first.as_ref().filter(|(first, _)| *first == object);
                let plane = other_plane(of_one.map(|(_, degrees)| *degrees), inclination_deg);
                if let Some(why) = plane {
                    reading.flaw(object, Remark::left_out(mjd, place(why)));
                } else {
                    if let (None, Some(degrees)) = (&first, inclination_deg) {
                        first = Some((object.clone(), degrees));
                    }
                    reading.records.push(Record { object, row });
                }
            }
            Ok(Cells::LeftOut(mjd, why)) => {
                reading.flaw(object, Remark::left_out(mjd.or(before), place(why)));
            }
            Ok(Cells::Bad(mjd, why)) => {
                reading.flaw(object, Remark::bad(mjd.or(before), place(why)));
            }
            Err(why) => reading.flaw(object, Remark::bad(before, place(why))),
        }
    }
    reading.caveats.extend(table.notes().iter().cloned());
    reading.caveats.extend(columns.assumed());
    Ok(reading)
}

/// The first column, from 1, that has the name of another.
fn first_of_name(names: &[String], column: usize) -> usize {
    let name = &names[column - 1];
    names.iter().position(|other| other == name).map_or(column, |i| i + 1)
}

/// The fields of a row that is a message.
fn fields(columns: &Columns, row: &table::Row<'_>) -> Fields {
    let numbers = [&SET_NAMES[..], &SIZE_NAMES, &MORE_NAMES].concat();
    let is_number = |name: &str| name != "epoch" && numbers.contains(&name);
    columns
        .names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let cell = row.cell(i);
            // A decimal comma is read by the table.
            let value = row.number(i).ok().filter(|_| is_number(name) && cell.contains(','));
            (name.to_uppercase(), value.map_or_else(|| cell.to_owned(), |value| value.to_string()))
        })
        .collect()
}

/// Reads a table whose cells are the lines of two-line sets, a set a row; none where there is none.
fn lines_in_cells(text: &str) -> Option<Reading> {
    let mut reading = Reading::new("TLE");
    let mut table = Table::open(text, Comments::Anywhere).ok()?;
    let name = table.column(&["object_name", "satname", "name", "tle_line0", "tle0", "line0"]);
    // Without a header the first row is a set, too.
    let head: Vec<&str> = table.names().iter().map(|name| name.text.as_str()).collect();
    if let Some(lines) = pair(&head) {
        tle::add(&mut reading, lines, None, &format!("line {}", table.header_line()));
    }
    while let Some(row) = table.next_row().ok()? {
        let cells: Vec<&str> = row.cells().collect();
        if let Some(lines) = pair(&cells) {
            let name = name.map(|i| row.cell(i));
            tle::add(&mut reading, lines, name, &format!("line {}", row.line));
        }
    }
    (!reading.records.is_empty()).then_some(reading)
}

/// The two lines of a set among the cells of a row.
fn pair<'a>(cells: &[&'a str]) -> Option<[&'a str; 2]> {
    let of = |wanted: u8| cells.iter().copied().find(|cell| tle::which(cell) == Some(wanted));
    Some([of(1)?, of(2)?])
}

fn cut_off(line: usize, mjd: Option<Mjd>) -> Remark {
    Remark::left_out(mjd, format!("line {line} has no end: it may be cut off"))
}

/// Digits after the decimal sign of a cell.
fn digits(cell: &str) -> usize {
    cell.rsplit_once(['.', ',']).map_or(0, |(_, digits)| digits.len())
}

/// Tells why a row is not of the object of the first.
fn other_plane(first: Option<f64>, here: Option<f64>) -> Option<String> {
    let (first, here) = (first?, here?);
    ((first - here).abs() > INCLINATION_SPREAD_DEG).then(|| {
        format!("an inclination of {here} degrees where the first row has {first}: another object?")
    })
}

/// Reads the cells of one row.
fn cells(columns: &Columns, row: &table::Row<'_>) -> Result<Cells, String> {
    let names = &columns.names;
    if let Some(misfit) = row.misfit().filter(|_| names.len() < row.cells().count()) {
        return Err(misfit.to_string());
    }
    let mut mjd = None;
    if let Some(i) = columns.mjd {
        match number(names, row, i)? {
            Some(value) if (15_020.0..124_000.0).contains(&value) => mjd = Some(value),
            Some(value) => {
                return Err(format!(
                    "column {} (`mjd`): {value:?} is not a modified Julian date between 1900 and 2199 \
                     (a Julian date less 2400000.5)",
                    i + 1
                ));
            }
            None => return Ok(Cells::LeftOut(None, missing(names, i))),
        }
    }
    if let Some(i) = columns.date {
        let text = cell(names, row, i)?;
        match (instant(text), mjd) {
            (Ok(dated), Some(given)) => check_times(names, i, text, dated, given)?,
            (Ok(dated), None) => mjd = Some(dated),
            (Err(_), None) if is_missing(text) => {
                return Ok(Cells::LeftOut(None, missing(names, i)));
            }
            (Err(why), None) => return Err(format!("column {} (`{}`): {why}", i + 1, names[i])),
            // A date in other words stands beside the `mjd` that is used.
            (Err(_), Some(_)) => {}
        }
    }
    let Some(mjd) = mjd else { return Err("no time".into()) };
    let (mut altitude_km, mut axis_km) = (None, None);
    for (column, value) in [(columns.altitude, &mut altitude_km), (columns.axis, &mut axis_km)] {
        if let Some(i) = column {
            *value = number(names, row, i)?;
        }
    }
    let value = columns.used()[1];
    let odd = match (altitude_km, axis_km) {
        (Some(altitude), Some(axis)) => disagreement(columns, altitude, axis),
        _ => None,
    };
    // An angle that is none is as good as missing.
    let angle = |column: Option<usize>, range: std::ops::RangeInclusive<f64>| {
        let value = column.and_then(|i| row.number(i).ok());
        value.filter(|value| range.contains(value))
    };
    let inclination_deg = angle(columns.inclination, 0.0..=180.0);
    let km = match (altitude_km.or(axis_km.map(|axis| axis - EARTH_RADIUS_KM)), columns.heights) {
        (Some(km), _) => Some(km),
        (None, Some(heights)) => mean_of(columns, row, heights)?,
        (None, None) => of_motion(columns, row, inclination_deg)?,
    };
    let Some(altitude_km) = km else {
        return Ok(Cells::LeftOut(Some(mjd), missing(names, value)));
    };
    if !PLAUSIBLE_KM.contains(&altitude_km) {
        let shown_km =
            if altitude_km.abs() < 1e9 { (altitude_km * 10.0).round() / 10.0 } else { altitude_km };
        return Ok(Cells::Bad(
            Some(mjd),
            format!(
                "column {} (`{}`): a mean altitude of {shown_km:?} km is no orbit between 100 and \
                 1000 km; is the column in km, and is it what its name says?",
                value + 1,
                names[value]
            ),
        ));
    }
    let raan_deg = angle(columns.node, -360.0..=360.0);
    Ok(Cells::Row(Row { fix: Fix { mjd, altitude_km, raan_deg }, inclination_deg }, odd))
}

/// Returns the mean of the heights of perigee and apogee: that of the semi-major axis, whatever the
/// eccentricity.
fn mean_of(
    columns: &Columns,
    row: &table::Row<'_>,
    [perigee, apogee]: [usize; 2],
) -> Result<Option<f64>, String> {
    let names = &columns.names;
    let (Some(perigee_km), Some(apogee_km)) =
        (number(names, row, perigee)?, number(names, row, apogee)?)
    else {
        return Ok(None);
    };
    if perigee_km > apogee_km {
        return Err(format!(
            "a perigee of {perigee_km:?} km above an apogee of {apogee_km:?} km (`{}`, `{}`)",
            names[perigee], names[apogee]
        ));
    }
    Ok(Some(0.5 * (perigee_km + apogee_km)))
}

/// Returns the mean altitude of a mean motion as published with element sets: SGP4's own step to the Brouwer mean.
fn of_motion(
    columns: &Columns,
    row: &table::Row<'_>,
    inclination_deg: Option<f64>,
) -> Result<Option<f64>, String> {
    let Some(i) = columns.motion else { return Ok(None) };
    let Some(mean_motion_rev_d) = number(&columns.names, row, i)? else { return Ok(None) };
    let inclination_deg = inclination_deg.unwrap_or(ISS_INCLINATION_DEG);
    let eccentricity = columns.eccentricity.and_then(|i| row.number(i).ok());
    let eccentricity = eccentricity.filter(|e| (0.0..0.2).contains(e)).unwrap_or(0.0);
    if !(1.0..20.0).contains(&mean_motion_rev_d) {
        return Err(format!(
            "column {} (`{}`): a mean motion of {mean_motion_rev_d:?} revolutions a day is no low orbit",
            i + 1,
            columns.names[i]
        ));
    }
    let axis_km = brouwer_axis_km(mean_motion_rev_d, eccentricity, inclination_deg);
    Ok(Some(axis_km - EARTH_RADIUS_KM))
}

fn cell<'r>(names: &[String], row: &table::Row<'r>, i: usize) -> Result<&'r str, String> {
    let here = row.cells().count();
    if i < here {
        return Ok(row.cell(i));
    }
    let wanted = names.len();
    Err(format!("no value in column {} (`{}`): {here} of {wanted} cells", i + 1, names[i]))
}

fn missing(names: &[String], i: usize) -> String {
    format!("no value in column {} (`{}`)", i + 1, names[i])
}

fn number(names: &[String], row: &table::Row<'_>, i: usize) -> Result<Option<f64>, String> {
    if is_missing(cell(names, row, i)?) {
        return Ok(None);
    }
    let wrong = |why: table::NotANumber| format!("column {} (`{}`): {why}", i + 1, names[i]);
    row.number(i).map(Some).map_err(wrong)
}

/// Checks that the two times of a row agree: a date without a time stands for its whole day.
fn check_times(
    names: &[String],
    column: usize,
    text: &str,
    dated: Mjd,
    mjd: Mjd,
) -> Result<(), String> {
    /// What rounding and the steps between time systems make of one instant, days.
    const SAME_DAYS: f64 = 0.002;
    let end_days = if dated.fract() == 0.0 { 1.0 } else { SAME_DAYS };
    if (-SAME_DAYS..end_days).contains(&(mjd - dated)) {
        return Ok(());
    }
    Err(format!(
        "`mjd` {mjd} is of {}, `{}` is `{text}`: the two disagree; mend or drop one of the columns",
        Date::from_mjd(mjd),
        names[column]
    ))
}

/// Tells where an altitude and a semi-major axis of one row do not belong together.
fn disagreement(columns: &Columns, altitude_km: f64, axis_km: f64) -> Option<String> {
    /// Radii in use differ by 0.003 km; rounding to 0.1 km is let pass.
    const SAME_KM: f64 = 0.11;
    let radius_km = axis_km - altitude_km;
    let name = |column: Option<usize>| columns.names[column.unwrap_or(0)].as_str();
    ((radius_km - EARTH_RADIUS_KM).abs() > SAME_KM).then(|| {
        format!(
            "`{}` less `{}` is {radius_km:.3} km, not the {EARTH_RADIUS_KM} km that mean altitudes are \
             counted from; `{1}` was used",
            name(columns.axis),
            name(columns.altitude)
        )
    })
}
