//! What the columns of a list of units mean: their names, and the units of measure in them.

use std::collections::BTreeMap;
use zarya_text::table::{Name, Problem, Table};
use zarya_units::words::slips;
use zarya_units::{DAYS_PER_YEAR, HOURS_PER_DAY};

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Group,
    Subsystem,
    Capability,
    Quantity,
    Required,
    Copies,
    Shared,
    Stock,
    Mtbf,
    Rate,
    LifeLimit,
    Running,
    Mass,
    Volume,
    Crew,
    Eva,
    KFactor,
    DutyCycle,
    DormantShare,
    Law,
    FailuresSeen,
    Served,
    PriorShape,
    Age,
    Ready,
    External,
}

/// Names without the unit, and the units it may be in with what one of them is in the unit used inside.
type Names = &'static [&'static str];
type Measures = &'static [(&'static str, f64)];

const HOURS: Measures = &[("h", 1.0 / HOURS_PER_DAY), ("d", 1.0), ("y", DAYS_PER_YEAR)];
const PLAIN: Measures = &[("", 1.0)];
/// Failures per day of one in each of these.
const PER_HOUR: f64 = HOURS_PER_DAY;
const PER_MILLION_HOURS: f64 = HOURS_PER_DAY / 1e6;
const PER_BILLION_HOURS: f64 = HOURS_PER_DAY / 1e9;
const PER_YEAR: f64 = 1.0 / DAYS_PER_YEAR;
/// The first four are those that messages name.
const RATES: Measures = &[
    ("per_h", PER_HOUR),
    ("per_million_h", PER_MILLION_HOURS),
    ("per_d", 1.0),
    ("per_y", PER_YEAR),
    ("fpmh", PER_MILLION_HOURS),
    ("fit", PER_BILLION_HOURS),
    ("per_billion_h", PER_BILLION_HOURS),
];
const FIELDS: &[(Field, Names, Measures)] = &[
    (Field::Id, &["id", "name", "oru"], PLAIN),
    (Field::Group, &["group"], PLAIN),
    (Field::Subsystem, &["subsystem"], PLAIN),
    (Field::Capability, &["capability"], PLAIN),
    (Field::Quantity, &["quantity", "qty", "installed"], PLAIN),
    (Field::Required, &["required"], PLAIN),
    (Field::Copies, &["copies"], PLAIN),
    (Field::Shared, &["shared"], PLAIN),
    (Field::Stock, &["stock", "spares"], PLAIN),
    (Field::Mtbf, &["mtbf", "mttf"], HOURS),
    (Field::Rate, &["failure_rate", "lambda", "λ", "hazard_rate"], RATES),
    (Field::Rate, &["failures_per_h"], &[("", PER_HOUR)]),
    (Field::Rate, &["fpmh", "failures_per_million_h"], &[("", PER_MILLION_HOURS)]),
    (Field::Rate, &["fit", "fits", "failures_per_billion_h"], &[("", PER_BILLION_HOURS)]),
    (Field::Rate, &["failures_per_d"], &[("", 1.0)]),
    (Field::Rate, &["failures_per_y"], &[("", PER_YEAR)]),
    (Field::LifeLimit, &["life_limit", "life"], HOURS),
    (Field::Running, &["running", "runtime"], HOURS),
    (Field::Mass, &["mass"], &[("kg", 1.0), ("g", 1e-3), ("t", 1e3)]),
    (Field::Volume, &["volume"], &[("m3", 1.0), ("l", 1e-3)]),
    (Field::Crew, &["crew"], &[("h", 1.0), ("min", 1.0 / 60.0)]),
    (Field::Eva, &["eva", "evas"], PLAIN),
    (Field::KFactor, &["k_factor"], PLAIN),
    (Field::DutyCycle, &["duty_cycle"], PLAIN),
    (Field::DormantShare, &["dormant_share"], PLAIN),
    (Field::Law, &["law"], PLAIN),
    (Field::FailuresSeen, &["failures_seen"], PLAIN),
    (Field::Served, &["served"], HOURS),
    (Field::PriorShape, &["prior_shape"], PLAIN),
    (Field::Age, &["age"], HOURS),
    (Field::Ready, &["ready"], HOURS),
    (Field::External, &["external"], PLAIN),
];

/// Where a field stands.
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) name: String,
    /// What one of its unit is in the unit used inside.
    pub(super) factor: f64,
}

pub(super) type Columns = BTreeMap<Field, Column>;

/// Finds what each column means: unknown ones are noted, ambiguous ones refused, and everything that a list
/// needs and has not.
pub(super) fn find(
    table: &Table<'_>,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<String>,
) -> Columns {
    let line = table.header_line();
    let mut columns = Columns::new();
    // What refused columns seem to mean: it is not missed as well.
    let mut meant = Vec::new();
    let mut unused = Vec::new();
    for (index, name) in table.names().iter().enumerate() {
        let mut refuse = |what: String, help: String| {
            let name = name.text.clone();
            problems.push(Problem { line, column: index + 1, name, what, help });
        };
        match meaning(name) {
            Meaning::Known(field, factor) => {
                if let Some(first) = columns.get(&field) {
                    let what = format!("this says the same as column `{}`", first.name);
                    refuse(what, "keep one of the two".to_owned());
                } else {
                    columns.insert(field, Column { index, name: name.text.clone(), factor });
                }
            }
            Meaning::Unitless(field, choices) => {
                meant.push(field);
                refuse("this column's name has no unit".to_owned(), format!("name it {choices}"));
            }
            Meaning::Nearly(field, help) => {
                meant.push(field);
                refuse("this column is not known".to_owned(), help);
            }
            Meaning::Foreign if name.text.is_empty() => {}
            Meaning::Foreign => unused.push(format!("`{}`", name.text)),
        }
    }
    let has = |field: Field| columns.contains_key(&field) || meant.contains(&field);
    if !has(Field::Id) {
        let (what, help) = ("no column names the units", "add a column `id`");
        problems.push(Problem::of_line(line, what, help));
    }
    // An empirical law has a mean of its own.
    if ![Field::Mtbf, Field::Rate, Field::Law].into_iter().any(has) {
        let what = "no column gives the mean time between failures, nor a failure rate";
        let help = "add `mtbf_h` or `mtbf_d`, or `failure_rate_per_h` or `failures_per_million_h`";
        problems.push(Problem::of_line(line, what, help));
    }
    if !unused.is_empty() {
        notes.push(format!("columns not used: {}", unused.join(", ")));
    }
    columns
}

/// What the name of a column says.
enum Meaning {
    Known(Field, f64),
    /// A name of which the unit is missing, and the names with it.
    Unitless(Field, String),
    /// A slip of the pen, or a known name with another unit; what to do.
    Nearly(Field, String),
    /// Somebody else's column.
    Foreign,
}

fn meaning(name: &Name) -> Meaning {
    let key = plain(&name.key);
    for (field, names, measures) in FIELDS {
        for base in *names {
            for (measure, factor) in *measures {
                let of_two = key.strip_prefix(base).and_then(|rest| rest.strip_prefix('_'));
                if of_two == Some(measure) || (measure.is_empty() && key == *base) {
                    return Meaning::Known(*field, *factor);
                }
            }
        }
    }
    for (field, names, measures) in FIELDS {
        if let Some(base) = names.iter().find(|base| key == **base) {
            return Meaning::Unitless(*field, one_of(&known(base, measures), " or "));
        }
    }
    nearly(&key).map_or(Meaning::Foreign, |(field, help)| Meaning::Nearly(field, help))
}

/// A key in which a rate is written one way: `failure_rate_1/h` as `failure_rate_per_h`.
fn plain(key: &str) -> String {
    let mut key = key.to_owned();
    for (written, plain) in [
        ("failures/", "per_"),
        ("10^-6/", "per_million_"),
        ("1e-6/", "per_million_"),
        ("1/", "per_"),
        ("/", "_per_"),
        ("10^6", "million_"),
        ("1e6", "million_"),
        ("10^9", "billion_"),
        ("1e9", "billion_"),
        ("mhr", "million_h"),
    ] {
        key = key.replace(written, plain);
    }
    while key.contains("__") {
        key = key.replace("__", "_");
    }
    for per in ["per_", "million_", "billion_"] {
        for (long, short) in [("hours", "h"), ("hour", "h"), ("hrs", "h"), ("hr", "h")] {
            if let Some(head) = key.strip_suffix(&format!("{per}{long}")) {
                key = format!("{head}{per}{short}");
            }
        }
    }
    for (long, short) in [("per_day", "per_d"), ("per_year", "per_y")] {
        if let Some(head) = key.strip_suffix(long) {
            key = format!("{head}{short}");
        }
    }
    key
}

/// The names of a field with its units, as messages show them.
fn known(base: &str, measures: Measures) -> Vec<String> {
    const SHOWN: usize = 4;
    let full = measures.iter().take(SHOWN).map(|(measure, _)| match *measure {
        "" => base.to_owned(),
        measure => format!("{base}_{measure}"),
    });
    full.collect()
}

fn one_of(names: &[String], between: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(between)
}

/// Units that a measured column may be written in by somebody who has not read the list of columns.
const UNIT_WORDS: &str = "\
    s sec min minutes h hr hrs hour hours kh d day days w wk week weeks mo month months y yr yrs year \
    years mg g gram grams kg kgs kilogram kilograms t ton tons tonne tonnes lb lbs pound pounds oz l \
    liter liters ml m3 dm3 cm3 ft3 in3";

/// What a column that is not known may have meant: a known name with another unit, or one with a
/// slip of the pen. A known name with a word behind it that is no unit (`mass_ref`) means something
/// of its own.
fn nearly(key: &str) -> Option<(Field, String)> {
    let mut nearest: Option<(usize, Field, String)> = None;
    for (field, names, measures) in FIELDS {
        for base in *names {
            let known = known(base, measures);
            let measured = !measures[0].0.is_empty();
            if measured
                && let Some(word) = key.strip_prefix(base).and_then(|rest| rest.strip_prefix('_'))
            {
                let word = word.trim_matches(['(', ')', '[', ']', '.']);
                let is_rate = *field == Field::Rate && word.starts_with("per_");
                if is_rate || UNIT_WORDS.split(' ').any(|unit| unit == word) {
                    return Some((*field, format!("its units are {}", one_of(&known, ", "))));
                }
                continue;
            }
            for name in known.into_iter().filter(|name| name.len() > 4) {
                let slips = slips(key, &name);
                let allowed = if name.len() < 8 { 1 } else { 2 };
                if slips <= allowed && nearest.as_ref().is_none_or(|(fewest, ..)| slips < *fewest) {
                    nearest = Some((slips, *field, name));
                }
            }
        }
    }
    nearest.map(|(_, field, name)| (field, format!("name it `{name}`, or take it out")))
}
