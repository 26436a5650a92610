//! A manifest of flights as CSV becomes rows of `manifest.toml`.

use super::{File, Made, has, refused, text_of, toml};
use crate::Data;
use crate::refusal::Refusals;
use std::fmt::Write as _;
use zarya_reliability::list::Problem;
use zarya_text::table::{Comments, Row, Table};
use zarya_units::Date;

const NAME: &str = "manifest.toml";
/// Cargo is in kilograms or tonnes.
const MASSES: [(&str, f64); 2] = [("_kg", 1.0), ("_t", 1e3)];

/// Where the columns stand.
struct Columns {
    date: Option<usize>,
    launch: Option<usize>,
    /// Days from launch to docking where a list gives the launch alone.
    transfer_d: i32,
    vehicle: usize,
    id: Option<usize>,
    stay_d: Option<usize>,
    until: Option<usize>,
    crew: Option<usize>,
    outcome: Option<usize>,
    upgrades: Option<usize>,
    /// Column, stock, and kilograms in one unit.
    cargo: Vec<(usize, String, f64)>,
}

/// Reads the manifest into `manifest.toml`, behind what it holds, and returns how many flights it lists.
pub(super) fn read(
    made: &mut Made<'_>,
    folder: &[(String, Vec<u8>)],
    data: &Data,
    name: &str,
) -> Result<u32, Refusals> {
    let text = data.text("manifest", name)?;
    let problem = |p: zarya_text::table::Problem| Problem {
        line: p.line,
        column: p.column,
        name: p.name,
        what: p.what,
        help: p.help,
    };
    let mut table =
        Table::open(text, Comments::Anywhere).map_err(|p| refused(name, vec![problem(p)]))?;
    let columns = columns(made, &table).map_err(|problems| refused(name, problems))?;
    let source = made.source(name, text.as_bytes());
    let mut problems = Vec::new();
    let mut flights = Vec::new();
    loop {
        match table.next_row() {
            Ok(None) => break,
            Ok(Some(row)) => match flight(&row, &columns, &source) {
                Ok(flight) => flights.push(flight),
                Err(p) => problems.push(problem(p)),
            },
            Err(p) => problems.push(problem(p)),
        }
    }
    made.notes.extend(table.notes().iter().cloned());
    if flights.is_empty() && problems.is_empty() {
        let what = "the manifest has a header but no flights";
        let line = table.header_line();
        let p = zarya_text::table::Problem::of_line(line, what, "add a line for each flight");
        problems.push(problem(p));
    }
    if !problems.is_empty() {
        return Err(refused(name, problems));
    }
    let shown = toml::quoted(super::file_name(name));
    let mut file = text_of(folder, NAME);
    let _ = writeln!(file, "\n# Flights as {shown} lists them.");
    file.extend(flights.iter().map(String::as_str));
    made.notes.push(
        "flights are added to those of the manifest: a service that stands for the same ones is still there"
            .to_owned(),
    );
    let replaces = has(folder, NAME);
    made.files.push(File { name: NAME.to_owned(), replaces, text: file });
    Ok(flights.len() as u32)
}

fn columns(made: &mut Made<'_>, table: &Table<'_>) -> Result<Columns, Vec<Problem>> {
    let line = table.header_line();
    let whole = |what: &str, help: &str| Problem {
        line,
        column: 0,
        name: String::new(),
        what: what.to_owned(),
        help: help.to_owned(),
    };
    let mut problems = Vec::new();
    let date = table.column(&["date", "docking", "docking_date"]);
    let launch = table.column(&["launch", "launch_date"]);
    let vehicle = table.column(&["vehicle", "vehicle_id"]);
    let stay_d = table.column(&["stay_d", "docked_d"]);
    let until = table.column(&["until", "docked_until", "undocking"]);
    if date.is_none() && launch.is_none() {
        problems
            .push(whole("no column gives the day of docking", "add a column `date`, or `launch`"));
    }
    let transfer_d = made.station.policy.transfer_d.value.ceil() as i32;
    if date.is_none() && launch.is_some() {
        made.notes.push(format!(
            "the list gives launches: flights dock {transfer_d} d later, as the station's `policy.transfer` says"
        ));
    }
    if vehicle.is_none() {
        problems.push(whole("no column names the vehicle", "add a column `vehicle`"));
    }
    if stay_d.is_none() && until.is_none() {
        problems.push(whole(
            "no column says how long a vehicle stays",
            "add a column `stay_d` (days docked) or `until` (a date)",
        ));
    }
    let mut columns = Columns {
        date,
        launch,
        transfer_d,
        vehicle: vehicle.unwrap_or(0),
        id: table.column(&["id", "flight"]),
        stay_d,
        until,
        crew: table.column(&["crew"]),
        outcome: table.column(&["outcome"]),
        upgrades: table.column(&["upgrades"]),
        cargo: Vec::new(),
    };
    let used = [date, launch, vehicle, columns.id, stay_d, until, columns.crew, columns.outcome];
    let used: Vec<usize> = used.into_iter().chain([columns.upgrades]).flatten().collect();
    let stocks: Vec<&str> = made.station.stocks.iter().map(|stock| stock.id.as_str()).collect();
    let mut unused = Vec::new();
    for (at, column) in table.names().iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let key = column.key.strip_prefix("cargo_").unwrap_or(&column.key);
        let mass = MASSES.iter().find_map(|(unit, kg)| Some((key.strip_suffix(unit)?, *kg)));
        let Some((of, kg)) = mass else {
            unused.push(format!("`{}`", column.text));
            continue;
        };
        match stocks.iter().find(|stock| stock.replace('-', "_") == of) {
            Some(stock) => columns.cargo.push((at, (*stock).to_owned(), kg)),
            None => problems.push(Problem {
                line,
                column: at + 1,
                name: column.text.clone(),
                what: format!("the station has no stock `{of}`"),
                help: format!(
                    "its stocks are {}; take the column out, or name it after one",
                    stocks.join(", ")
                ),
            }),
        }
    }
    if !unused.is_empty() {
        made.notes.push(format!("columns of the manifest not used: {}", unused.join(", ")));
    }
    for p in table.doubles(used.into_iter()) {
        problems.push(Problem {
            line: p.line,
            column: p.column,
            name: p.name,
            what: p.what,
            help: p.help,
        });
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}

/// One flight, as a table of the file.
fn flight(
    row: &Row<'_>,
    columns: &Columns,
    source: &str,
) -> Result<String, zarya_text::table::Problem> {
    let cell = |column: Option<usize>| column.map_or("", |column| row.cell(column));
    let day = |column: usize| {
        let text = row.cell(column);
        Date::parse(text)
            .map_err(|error| row.problem(column, error.to_string(), "write 2026-09-15"))
    };
    let number = |column: usize| {
        row.number(column).ok().filter(|x| 0.0 <= *x).ok_or_else(|| {
            let what = format!("`{}` is not a number from 0", row.cell(column));
            row.problem(column, what, "correct or clear this value")
        })
    };
    let launch = columns.launch.filter(|column| !row.cell(*column).is_empty());
    let launch = launch.map(day).transpose()?;
    let date = match (columns.date.filter(|column| !row.cell(*column).is_empty()), launch) {
        (Some(column), _) => day(column)?,
        (None, Some(launch)) => launch.plus_days(columns.transfer_d),
        (None, None) => {
            let column = columns.date.or(columns.launch).unwrap_or(0);
            return Err(row.problem(column, "nothing says when it docks", "give a date"));
        }
    };
    let vehicle = row.cell(columns.vehicle);
    if vehicle.is_empty() {
        return Err(row.problem(
            columns.vehicle,
            "the vehicle is missing",
            "name one of the station's",
        ));
    }
    let id = match cell(columns.id) {
        "" => format!("{vehicle}-{date}"),
        id => id.to_owned(),
    };
    let Some(id) = toml::id(&id) else {
        let what = format!("`{id}` holds no letter that an id may have");
        return Err(row.problem(columns.id.unwrap_or(0), what, "use Latin letters and digits"));
    };
    let stay_d = match (columns.stay_d, columns.until) {
        (Some(column), _) if !row.cell(column).is_empty() => number(column)?,
        (_, Some(column)) if !row.cell(column).is_empty() => {
            let until = day(column)?;
            if until <= date {
                let what = format!("it leaves on {until}, which is not after it docks, on {date}");
                return Err(row.problem(column, what, "correct one of the two dates"));
            }
            until.mjd() - date.mjd()
        }
        (column, other) => {
            let column = column.or(other).unwrap_or(0);
            return Err(row.problem(
                column,
                "nothing says how long it stays",
                "give days or a date",
            ));
        }
    };
    let mut out = format!(
        "\n[[flight]]\nid = \"{id}\"\nvehicle = {}\ndate = {date}\n",
        toml::quoted(vehicle)
    );
    if let Some(launch) = launch {
        let _ = writeln!(out, "launch = {launch}");
    }
    let _ = writeln!(out, "stay = \"{stay_d} d\"");
    if let Some(column) = columns.crew.filter(|column| !row.cell(*column).is_empty()) {
        let crew = number(column)?;
        let _ = writeln!(out, "crew = {crew}");
    }
    let mut cargo = Vec::new();
    for (column, stock, kg) in &columns.cargo {
        if !row.cell(*column).is_empty() {
            let mass = number(*column)? * kg;
            if 0.0 < mass {
                cargo.push(format!("{stock} = \"{mass} kg\""));
            }
        }
    }
    if !cargo.is_empty() {
        let _ = writeln!(out, "cargo = {{ {} }}", cargo.join(", "));
    }
    if !cell(columns.outcome).is_empty() {
        let _ = writeln!(out, "outcome = {}", toml::quoted(&cell(columns.outcome).to_lowercase()));
    }
    let upgrades: Vec<String> = cell(columns.upgrades)
        .split([';', ' '])
        .filter(|id| !id.is_empty())
        .map(toml::quoted)
        .collect();
    if !upgrades.is_empty() {
        let _ = writeln!(out, "upgrades = [{}]", upgrades.join(", "));
    }
    let _ = writeln!(out, "basis = \"claimed\"\nsource = \"{source}\"");
    Ok(out)
}
