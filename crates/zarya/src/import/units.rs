//! A unit list becomes files of `orus/`.

use super::{File, Made, has, refused, toml};
use crate::Data;
use crate::refusal::{About, Found, Refusal, Refusals};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use zarya_reliability::{Law, Unit, list};
use zarya_text::table::{Comments, Table};
use zarya_units::{DAYS_PER_YEAR, HOURS_PER_DAY};

/// Spread of a failure rate that nobody states: as wide as those of the embedded stations.
const ERROR_FACTOR: &str = "3";
/// Crew hours of a replacement that nobody states: between those of a drawer and of a rack.
const REPAIR_H: &str = "4 h";
/// Days from a request to a spare that is ready to fly, and to build one, which nobody states: the order of the
/// units of the embedded ISS.
const LEAD_TIME: &str = "90 d";
const BUILD_TIME: &str = "700 d";

/// What the list says of a unit beside what questions about spares need.
#[derive(Clone, Default)]
struct More {
    segment: String,
    error_factor: Option<f64>,
    lead_time_d: Option<f64>,
    build_time_d: Option<f64>,
}

/// The columns of [`More`], by field, with days in one unit of them.
const MORE: [(&str, usize, f64); 8] = [
    ("segment", 0, 1.0),
    ("error_factor", 1, 1.0),
    ("lead_time_d", 2, 1.0),
    ("lead_time_h", 2, 1.0 / HOURS_PER_DAY),
    ("lead_time_y", 2, DAYS_PER_YEAR),
    ("build_time_d", 3, 1.0),
    ("build_time_h", 3, 1.0 / HOURS_PER_DAY),
    ("build_time_y", 3, DAYS_PER_YEAR),
];

/// Reads the list into files and returns how many unit types it holds.
pub(super) fn read(
    made: &mut Made<'_>,
    folder: &[(String, Vec<u8>)],
    data: &Data,
    name: &str,
) -> Result<u32, Refusals> {
    let text = data.text("units", name)?;
    let list = list::read(text, 1.0).map_err(|problems| refused(name, problems))?;
    let more = more(text).map_err(|problems| refused(name, problems))?;
    let mut found = Found::default();
    if !list.has_mass {
        let why = "no column gives the mass of a spare, which a station needs";
        let about = About::Text(name.to_owned());
        found.add(Refusal::unanswerable(about, why).help("add a column `mass_kg`"));
    }
    notes(made, &list);
    let source = made.source(name, text.as_bytes());
    let own = toml::id(super::file_name(name).trim_end_matches(".gz").trim_end_matches(".csv"));
    let own = made.question.subsystem.clone().or(own).unwrap_or_else(|| "units".to_owned());
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut ids: BTreeMap<String, &str> = BTreeMap::new();
    for unit in &list.units {
        let of = |why: String, help: &str| {
            Refusal::unanswerable(About::Text(name.to_owned()), why).help(help)
        };
        let subsystem = if unit.subsystem.is_empty() { &own } else { &unit.subsystem };
        let (Some(id), Some(subsystem)) = (toml::id(&unit.id), toml::id(subsystem)) else {
            let why = format!("`{}` holds no letter that an id may have", unit.id);
            found.add(of(why, "name units and subsystems in Latin letters and digits"));
            continue;
        };
        if let Some(first) = ids.insert(id.clone(), &unit.id) {
            let why = format!("`{first}` and `{}` both become the id `{id}`", unit.id);
            found.add(of(why, "give each unit type an id of small letters, digits and `-`"));
        }
        let file = files.entry(subsystem).or_insert_with(|| head(name, &source));
        let more = more.get(&unit.id).cloned().unwrap_or_default();
        match oru(made, unit, &id, &more) {
            Ok(text) => file.push_str(&text),
            Err(refusal) => found.add(refusal),
        }
    }
    let renamed = ids.iter().filter(|(id, written)| id.as_str() != **written).count();
    if renamed > 0 {
        made.notes.push(format!(
            "{renamed} of {} ids are written in small letters, digits and `-`, as a station needs; \
             `name` has them as in the list",
            ids.len()
        ));
    }
    for (subsystem, text) in files {
        let file = format!("orus/{subsystem}.toml");
        let replaces = has(folder, &file);
        if replaces && !made.question.replace {
            let why = format!("the station has a file {file} already");
            found.add(
                Refusal::field("subsystem", why).help("name another `subsystem`, or set `replace`"),
            );
        }
        made.files.push(File { name: file, replaces, text });
    }
    found.done()?;
    Ok(list.units.len() as u32)
}

/// What a reader should know of what the list means to a station.
fn notes(made: &mut Made<'_>, list: &list::UnitList) {
    for note in &list.notes {
        let Some(unused) = note.strip_prefix("columns not used: ") else {
            made.notes.push(note.clone());
            continue;
        };
        let key = |name: &str| name.trim_matches('`').to_lowercase().replace([' ', '-'], "_");
        let known = |name: &str| MORE.iter().any(|(known, ..)| *known == key(name));
        let rest: Vec<&str> = unused.split(", ").filter(|name| !known(name)).collect();
        if !rest.is_empty() {
            made.notes.push(format!("columns not used: {}", rest.join(", ")));
        }
    }
    let count = |is: &dyn Fn(&Unit) -> bool| list.units.iter().filter(|unit| is(unit)).count();
    let mut note = |n: usize, what: &str| {
        if n > 0 {
            made.notes.push(format!("{n} of {} unit types {what}", list.units.len()));
        }
    };
    let other = |unit: &Unit| !matches!(unit.law, Law::Exponential { .. } | Law::Weibull { .. });
    note(
        count(&other),
        "have a law that a station file does not have (lognormal, early, empirical): a constant rate of the \
         same mean stands for it",
    );
    note(
        count(&|unit| unit.running_d.is_some()),
        "run for a part of a period, which a station has not: the time is left out; give `duty_cycle`",
    );
    note(
        count(&|unit| 1 < unit.copies),
        "have `copies`: all of them are installed together, and as many times the required ones are needed",
    );
    note(count(&|unit| 0.0 < unit.age_d), "have an age, which is left out");
    note(count(&|unit| !unit.group.is_empty()), "stand in a `group`, which is left out");
    note(count(&|unit| unit.shared), "are `shared` by a fleet, which is left out");
    let factor = made.station.worlds.life_limit_factor.value;
    let limited = count(&|unit: &Unit| unit.life_limit_d.is_some());
    if factor != 1.0 && limited > 0 {
        made.notes.push(format!(
            "{limited} life limits are as listed; the station's worlds make each {factor} times as long"
        ));
    }
}

/// Reads what the list says beyond the columns of a question about spares, by id.
fn more(text: &str) -> Result<BTreeMap<String, More>, Vec<list::Problem>> {
    let problem = |line: u64, column: usize, name: &str, what: String, help: String| {
        let name = name.to_owned();
        vec![list::Problem { line, column, name, what, help }]
    };
    let mut table = Table::open(text, Comments::Head)
        .map_err(|p| problem(p.line, p.column, &p.name, p.what, p.help))?;
    let id = table.column(&["id", "name", "oru"]).unwrap_or(0);
    let columns: Vec<(usize, usize, f64)> = MORE
        .iter()
        .filter_map(|(key, field, days)| Some((table.column(&[*key])?, *field, *days)))
        .collect();
    let mut read = BTreeMap::new();
    loop {
        let row = match table.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(read),
            Err(p) => return Err(problem(p.line, p.column, &p.name, p.what, p.help)),
        };
        let mut more = More::default();
        for (column, field, days) in &columns {
            let cell = row.cell(*column);
            if cell.is_empty() {
                continue;
            }
            if *field == 0 {
                cell.clone_into(&mut more.segment);
                continue;
            }
            let number = row.number(*column).ok().filter(|number| 0.0 < *number);
            let Some(number) = number else {
                let what = format!("`{cell}` is not a positive number");
                let p = row.problem(*column, what, "correct or clear this value");
                return Err(problem(p.line, p.column, &p.name, p.what, p.help));
            };
            let place = match field {
                1 => &mut more.error_factor,
                2 => &mut more.lead_time_d,
                _ => &mut more.build_time_d,
            };
            *place = Some(number * days);
        }
        read.insert(row.cell(id).to_owned(), more);
    }
}

fn head(name: &str, source: &str) -> String {
    let name = toml::quoted(super::file_name(name));
    format!(
        "# Units as {name} lists them.\n\n[defaults]\ndefault_basis = \"claimed\"\ndefault_source = \"{source}\"\n\
         # The list's rates stand as they are.\nfrom_experience = true\n"
    )
}

/// One unit type. The rate of failures that take a spare is that of the list.
fn oru(made: &mut Made<'_>, unit: &Unit, id: &str, more: &More) -> Result<String, Refusal> {
    let question = made.question;
    let missing = |field: &str, what: &str, column: &str| {
        let why = format!("`{}` has no {what}", unit.id);
        Refusal::field(field, why)
            .help(format!("fill a column `{column}`, or set `{field}` for all"))
    };
    let serves = match (&*unit.capability, &question.serves) {
        ("", Some(serves)) => serves.clone(),
        ("", None) => return Err(missing("serves", "capability that it serves", "capability")),
        (listed, _) => toml::id(listed).unwrap_or_else(|| listed.to_owned()),
    };
    let only = match made.station.identity.segments.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let segment = match (&*more.segment, question.segment.as_ref().or(only)) {
        ("", Some(segment)) => segment.clone(),
        ("", None) => return Err(missing("segment", "segment", "segment")),
        (listed, _) => listed.to_owned(),
    };
    let mut assumed = |key: &str, value: &str, why: &str| {
        made.assume(key, value, why);
        // A factor or share is a bare number, all else a text.
        let shown = if value.contains(' ') { toml::quoted(value) } else { value.to_owned() };
        let why = toml::quoted(why);
        format!("{{ value = {shown}, basis = \"assumed\", why = {why} }}")
    };
    let days = |listed: Option<f64>| listed.map(|days| toml::quoted(&format!("{days} d")));
    // A clock slower than the calendar's is a share of time; a faster one shortens the mean life.
    let clock = unit.usage.clock_rate();
    let (duty, mean_d) =
        if clock <= 1.0 { (clock, unit.law.mean_d()) } else { (1.0, unit.law.mean_d() / clock) };
    let installed = unit.quantity * unit.copies;
    let needed = unit.required * unit.copies;
    let error_factor = more.error_factor.map_or_else(
        || assumed("error_factor", ERROR_FACTOR, "the list gives no spread of the rate"),
        |factor| factor.to_string(),
    );
    let crew = unit.crew_h.map_or_else(
        || assumed("repair.crew", REPAIR_H, "the list gives no crew hours"),
        |hours| toml::quoted(&format!("{hours} h")),
    );
    let ready = Some(unit.ready_d).filter(|days| 0.0 < *days);
    let lead_time = days(more.lead_time_d.or(ready))
        .unwrap_or_else(|| assumed("lead_time", LEAD_TIME, "the list gives no lead time"));
    let build_time = days(more.build_time_d).unwrap_or_else(|| {
        assumed("build_time", BUILD_TIME, "the list gives no time to build one")
    });
    let reset_share = assumed("reset_share", "0", "the list counts failures that take a spare");
    let aboard = unit.stock.map_or_else(|| "\"unknown\"".to_owned(), |stock| stock.to_string());
    let evas = unit.eva_n.unwrap_or(0.0).ceil();
    let place =
        if 0.0 < evas { format!("\"outside\", evas = {evas}") } else { "\"inside\"".to_owned() };

    let name = toml::quoted(&unit.id);
    let [serves, segment] = [serves, segment].map(|text| toml::quoted(&text));
    let mut out = format!(
        "\n[[oru]]\nid = \"{id}\"\nname = {name}\nserves = {serves}\nsegment = {segment}\ninstalled = {installed}\n"
    );
    if needed != installed {
        let _ = writeln!(out, "needed = {needed}");
    }
    let _ = writeln!(out, "mtbf = \"{mean_d} d\"");
    let _ = writeln!(out, "error_factor = {error_factor}");
    if let Law::Weibull { shape, .. } = unit.law {
        let _ = writeln!(out, "shape = {shape}");
    }
    if duty != 1.0 {
        let _ = writeln!(out, "duty = {duty}");
    }
    if let Some(limit_d) = unit.life_limit_d {
        let _ = writeln!(out, "life_limit = \"{limit_d} d\"");
    }
    let _ = writeln!(out, "mass = \"{} kg\"", unit.mass_kg);
    if let Some(volume_m3) = unit.volume_m3 {
        let _ = writeln!(out, "volume = \"{volume_m3} m3\"");
    }
    let _ = writeln!(out, "spares = {{ aboard = {aboard}, ground = \"unknown\" }}");
    let _ = writeln!(out, "lead_time = {lead_time}\nbuild_time = {build_time}");
    if unit.external {
        out.push_str("external = true\n");
    }
    let _ = writeln!(out, "repair = {{ crew = {crew}, where = {place} }}");
    let _ = writeln!(out, "reset_share = {reset_share}");
    Ok(out)
}
