//! A list of units as CSV text: columns found by their names, units of measure read from the names.
//!
//! Every problem of the file is reported at once with line and column; a column that is not
//! understood is named, never dropped in silence.

use crate::law::{Empirical, Law, Usage};
use crate::rate::GammaRate;
use crate::unit::Unit;
use std::collections::BTreeMap;
use zarya_units::hours_for_days::{Mistake, suspects};
use zarya_units::words::slips;

/// What a list of units holds beside the units.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitList {
    /// The units, in the order of the list.
    pub units: Vec<Unit>,
    /// What a reader should know: columns not used, defaults taken, values that look wrong.
    pub notes: Vec<String>,
    /// Whether the list has a mass for each unit.
    pub has_mass: bool,
}

/// One thing that is wrong with a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// Number of the column from 1, and its name; 0 for the line as a whole.
    pub column: usize,
    /// Name of the column; empty for the line as a whole.
    pub name: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl Problem {
    /// A problem of a line as a whole.
    fn of_line(line: u64, what: &str, help: &str) -> Self {
        let (what, help) = (what.to_owned(), help.to_owned());
        Self { line, column: 0, name: String::new(), what, help }
    }

    /// Returns where the problem is in a list of the name `list`.
    pub fn place(&self, list: &str) -> String {
        if self.column == 0 {
            format!("{list}:{}", self.line)
        } else {
            format!("{list}:{}:{} (column `{}`)", self.line, self.column, self.name)
        }
    }
}

/// What a column means, and what one unit of it is in the unit used inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
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

const HOURS: &[(&str, f64)] = &[("h", 1.0 / 24.0), ("d", 1.0), ("y", zarya_units::DAYS_PER_YEAR)];
const PLAIN: &[(&str, f64)] = &[("", 1.0)];

/// Field, names without the unit, and the units it may be in.
type Names = &'static [&'static str];
type Measures = &'static [(&'static str, f64)];
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
    (Field::Mtbf, &["mtbf"], HOURS),
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

struct Column {
    index: usize,
    name: String,
    factor: f64,
}

type Columns = BTreeMap<Field, Column>;

/// Reads a list from its text. `prior_weight` is what stated mean times are worth beside failures seen in
/// service, 0 (nothing) to 1 (`prior_shape`).
///
/// # Errors
///
/// Every problem of the list, in the order of its lines.
///
/// # Examples
///
/// ```
/// use zarya_reliability::list::read;
///
/// let list = read("id,quantity,mtbf_h\npump,2,12000\n", 1.0).expect("a list");
/// assert_eq!((list.units[0].quantity, list.units[0].law.mean_d()), (2, 500.0));
/// let problems = read("id,quantity,mtbf_h\npump,x,12000\n", 1.0).expect_err("x is no number");
/// assert_eq!(problems[0].place("units.csv"), "units.csv:2:2 (column `quantity`)");
/// ```
pub fn read(text: &str, prior_weight: f64) -> Result<UnitList, Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Comment lines stand before the header, where no row can be taken for one.
    let mut skipped = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') && !line.trim().is_empty() {
            break;
        }
        skipped += 1;
        start += line.len();
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(&text.as_bytes()[start..]);
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else {
        return Err(vec![Problem::of_line(
            skipped + 1,
            "the file holds no header",
            "start with a line such as id,group,quantity,mtbf_h,life_limit_d,mass_kg",
        )]);
    };
    let first = header.get(0).unwrap_or("");
    if let Some(found) = [';', '\t'].into_iter().find(|c| header.len() == 1 && first.contains(*c)) {
        let found = if found == '\t' { "a tab" } else { "`;`" };
        return Err(vec![Problem::of_line(
            skipped + 1,
            &format!("the separator is {found}, not a comma"),
            "save the table as CSV with commas, and points in decimals",
        )]);
    }
    let mut problems = Vec::new();
    let mut notes = Vec::new();
    let columns = columns(&header, skipped + 1, &mut problems, &mut notes);
    for field in [Field::Id, Field::Mtbf] {
        if !columns.contains_key(&field) && problems.is_empty() {
            let (what, help) = match field {
                Field::Id => ("no column names the units", "add a column `id`"),
                _ => ("no column gives the mean time between failures", "add `mtbf_h` or `mtbf_d`"),
            };
            problems.push(Problem::of_line(skipped + 1, what, help));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if !columns.contains_key(&Field::Quantity) {
        notes.push("no column `quantity`: one of each unit is taken as installed".to_owned());
    }
    let mut units: Vec<Unit> = Vec::new();
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) + skipped;
                problems.push(Problem::of_line(
                    line,
                    &error.to_string(),
                    "check the quotes of this line",
                ));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        if record.len() != header.len() {
            problems.push(Problem::of_line(
                line,
                &format!("{} fields where the header has {}", record.len(), header.len()),
                "put texts with commas in quotes, and write decimal points as `.`",
            ));
            continue;
        }
        let mut row =
            Row { record: &record, line, columns: &columns, prior_weight, problems: &mut problems };
        if let Some(unit) = row.unit() {
            if let Some(first) = lines.insert(unit.id.clone(), line) {
                let what = format!("`{}` is already on line {first}", unit.id);
                row.refuse(Field::Id, what, "give each unit type its own id");
            }
            units.push(unit);
        }
    }
    if units.is_empty() && problems.is_empty() {
        problems.push(Problem::of_line(
            skipped + 1,
            "the list has a header but no units",
            "add a line for each unit type",
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    notes.extend(looks_divided_by_24(&units));
    Ok(UnitList { units, notes, has_mass: columns.contains_key(&Field::Mass) })
}

/// Finds what each column means. Unknown ones are noted, ambiguous ones refused.
fn columns(
    header: &csv::StringRecord,
    line: u64,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<String>,
) -> Columns {
    let mut columns = Columns::new();
    let mut unused = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let lower = name.to_lowercase().replace([' ', '-'], "_");
        let mut refuse = |what: String, help: String| {
            problems.push(Problem { line, column: index + 1, name: name.to_owned(), what, help });
        };
        let mut meaning = None;
        let mut unitless = None;
        for (field, names, units) in FIELDS {
            for base in *names {
                for (unit, factor) in *units {
                    let full =
                        if unit.is_empty() { (*base).to_owned() } else { format!("{base}_{unit}") };
                    if lower == full {
                        meaning = Some((*field, *factor));
                    }
                }
                if lower == *base && !units[0].0.is_empty() {
                    let choices: Vec<String> =
                        units.iter().map(|(unit, _)| format!("`{base}_{unit}`")).collect();
                    unitless = Some(choices.join(" or "));
                }
            }
        }
        match (meaning, unitless) {
            (Some((field, factor)), _) => {
                if let Some(first) = columns.get(&field) {
                    refuse(
                        format!("this says the same as column `{}`", first.name),
                        "keep one of the two".to_owned(),
                    );
                } else {
                    columns.insert(field, Column { index, name: name.to_owned(), factor });
                }
            }
            (None, Some(choices)) => {
                refuse("this column's name has no unit".to_owned(), format!("name it {choices}"));
            }
            (None, None) => match nearly(&lower) {
                Some(help) => refuse("this column is not known".to_owned(), help),
                None => unused.push(format!("`{name}`")),
            },
        }
    }
    if !unused.is_empty() {
        notes.push(format!("columns not used: {}", unused.join(", ")));
    }
    columns
}

/// Units that a measured column may be written in by somebody who has not read the list of columns.
const UNIT_WORDS: &str = "\
    s sec min minutes h hr hrs hour hours kh d day days w wk week weeks mo month months y yr yrs year \
    years mg g gram grams kg kgs kilogram kilograms t ton tons tonne tonnes lb lbs pound pounds oz l \
    liter liters ml m3 dm3 cm3 ft3 in3";

/// What a column that is not known may have meant: a known name with another unit, or one with a
/// slip of the pen. A known name with a word behind it that is no unit (`mass_ref`) means something
/// of its own.
fn nearly(lower: &str) -> Option<String> {
    let mut nearest: Option<(usize, String)> = None;
    for (_, names, units) in FIELDS {
        for base in *names {
            let known = units.iter().map(|(unit, _)| match *unit {
                "" => (*base).to_owned(),
                unit => format!("{base}_{unit}"),
            });
            let known: Vec<String> = known.collect();
            let measured = !units[0].0.is_empty();
            if measured
                && let Some(word) = lower.strip_prefix(base).and_then(|rest| rest.strip_prefix('_'))
            {
                let word = word.trim_matches(['(', ')', '[', ']', '.']);
                if UNIT_WORDS.split(' ').any(|unit| unit == word) {
                    return Some(format!("its units are `{}`", known.join("`, `")));
                }
                continue;
            }
            for name in known.into_iter().filter(|name| name.len() > 4) {
                let slips = slips(lower, &name);
                let allowed = if name.len() < 8 { 1 } else { 2 };
                if slips <= allowed && nearest.as_ref().is_none_or(|(fewest, _)| slips < *fewest) {
                    nearest = Some((slips, name));
                }
            }
        }
    }
    nearest.map(|(_, name)| format!("name it `{name}`, or take it out"))
}

/// One line being read.
struct Row<'a> {
    record: &'a csv::StringRecord,
    line: u64,
    columns: &'a Columns,
    prior_weight: f64,
    problems: &'a mut Vec<Problem>,
}

impl Row<'_> {
    fn refuse(&mut self, field: Field, what: String, help: &str) {
        let (column, name) =
            self.columns.get(&field).map_or((0, String::new()), |c| (c.index + 1, c.name.clone()));
        self.problems.push(Problem { line: self.line, column, name, what, help: help.to_owned() });
    }

    /// The text of a field; empty where the column or the value is missing.
    fn text(&self, field: Field) -> &str {
        self.columns.get(&field).and_then(|c| self.record.get(c.index)).unwrap_or("")
    }

    /// A number in inside units that `accepts`; `None` where it is missing or refused.
    fn number(&mut self, field: Field, accepts: fn(f64) -> bool, wanted: &str) -> Option<f64> {
        let text = self.text(field).to_owned();
        if text.is_empty() {
            return None;
        }
        let factor = self.columns.get(&field).map_or(1.0, |c| c.factor);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && accepts(value) => Some(value * factor),
            _ => {
                self.refuse(
                    field,
                    format!("`{text}` is not {wanted}"),
                    "correct or clear this value",
                );
                None
            }
        }
    }

    fn yes(&mut self, field: Field) -> bool {
        match self.text(field).to_lowercase().as_str() {
            "" | "no" | "false" | "0" => false,
            "yes" | "true" | "1" => true,
            other => {
                let what = format!("`{other}` is neither yes nor no");
                self.refuse(field, what, "write yes or no");
                false
            }
        }
    }

    fn count(&mut self, field: Field, least: f64, default: u32) -> u32 {
        let accepts = if least > 0.0 {
            |v: f64| (1.0..=100_000.0).contains(&v) && v.fract() == 0.0
        } else {
            |v: f64| (0.0..=1e6).contains(&v) && v.fract() == 0.0
        };
        let wanted =
            if least > 0.0 { "a whole number from 1 to 100000" } else { "a whole number from 0" };
        self.number(field, accepts, wanted).map_or(default, |v| v as u32)
    }

    fn unit(&mut self) -> Option<Unit> {
        let before = self.problems.len();
        let id = self.text(Field::Id).to_owned();
        if id.is_empty() {
            self.refuse(Field::Id, "the id is missing".to_owned(), "give each unit type an id");
        }
        if self.text(Field::Mtbf).is_empty() {
            self.refuse(
                Field::Mtbf,
                "the mean time between failures is missing".to_owned(),
                "give a number; a unit that never fails does not belong in the list",
            );
        }
        let mtbf_d = self.number(Field::Mtbf, |v| v > 0.0, "a positive number").unwrap_or(1.0);
        let quantity = self.count(Field::Quantity, 1.0, 1);
        let required = self.count(Field::Required, 1.0, quantity);
        if required > quantity {
            self.refuse(
                Field::Required,
                format!("{required} are required of {quantity} installed"),
                "require at most what is installed",
            );
        }
        let copies = self.count(Field::Copies, 1.0, 1);
        let stock = if self.text(Field::Stock).is_empty() {
            None
        } else {
            Some(self.count(Field::Stock, 0.0, 0))
        };
        let not_negative = |v: f64| v >= 0.0;
        let mass = self.number(Field::Mass, not_negative, "a number from 0");
        if self.columns.contains_key(&Field::Mass) && self.text(Field::Mass).is_empty() {
            self.refuse(Field::Mass, "the mass is missing".to_owned(), "give a mass, or 0");
        }
        let life_limit_d =
            self.number(Field::LifeLimit, not_negative, "a number from 0 (0 or empty: no limit)");
        let running_d = self.number(Field::Running, |v| v > 0.0, "a positive number");
        let share = |v: f64| (0.0..=1.0).contains(&v);
        let usage = Usage {
            k_factor: self.number(Field::KFactor, |v| v >= 1.0, "a number from 1").unwrap_or(1.0),
            duty_cycle: self.number(Field::DutyCycle, share, "a share from 0 to 1").unwrap_or(1.0),
            dormant_share: self
                .number(Field::DormantShare, share, "a share from 0 to 1")
                .unwrap_or(0.0),
        };
        let shared = self.yes(Field::Shared);
        let age_d = self.number(Field::Age, not_negative, "a number from 0").unwrap_or(0.0);
        if let Some(limit_d) = life_limit_d.filter(|limit| *limit > 0.0 && age_d > *limit) {
            let what = format!("{age_d} d old, beyond the life limit of {limit_d} d");
            self.refuse(Field::Age, what, "clear the limit, or give the age of what replaced it");
        }
        let mtbf_d = self.updated_mtbf_d(mtbf_d);
        let law = self.law(mtbf_d);
        let unit = Unit {
            id,
            group: self.text(Field::Group).to_owned(),
            subsystem: self.text(Field::Subsystem).to_owned(),
            capability: self.text(Field::Capability).to_owned(),
            quantity,
            required,
            law,
            usage,
            life_limit_d: life_limit_d.filter(|limit| *limit > 0.0),
            mass_kg: mass.unwrap_or(0.0),
            volume_m3: self.number(Field::Volume, not_negative, "a number from 0"),
            crew_h: self.number(Field::Crew, not_negative, "a number from 0"),
            eva_n: self.number(Field::Eva, not_negative, "a number from 0"),
            running_d,
            copies,
            shared,
            stock,
            age_d,
            ready_d: self.number(Field::Ready, not_negative, "a number from 0").unwrap_or(0.0),
            external: self.yes(Field::External),
        };
        (self.problems.len() == before).then_some(unit)
    }

    /// The mean time between failures after what service has shown.
    fn updated_mtbf_d(&mut self, mtbf_d: f64) -> f64 {
        let seen = !self.text(Field::FailuresSeen).is_empty();
        let served_d = self.number(Field::Served, |v| v > 0.0, "a positive number");
        if !seen {
            return mtbf_d;
        }
        let failures = self.count(Field::FailuresSeen, 0.0, 0);
        let shape = self.number(Field::PriorShape, |v| v > 0.0, "a positive number");
        let Some(served_d) = served_d else {
            self.refuse(
                Field::FailuresSeen,
                "failures are given without the unit-days of service they fell in".to_owned(),
                "add a column `served_h` or `served_d`",
            );
            return mtbf_d;
        };
        let Some(shape) = shape else {
            self.refuse(
                Field::FailuresSeen,
                "failures are given without the worth of the stated MTBF".to_owned(),
                "add a column `prior_shape`: how many failures the stated MTBF is worth",
            );
            return mtbf_d;
        };
        1.0 / GammaRate::of_mean(1.0 / mtbf_d, shape)
            .updated(failures, served_d, self.prior_weight)
            .mean_per_d()
    }

    /// `exponential`, `weibull:SHAPE`, `lognormal:ERROR_FACTOR`, `early:SHARE:MTBF_D` or
    /// `empirical:DAYS;DAYS+;...` (a plus marks a unit still working); the MTBF is the mean.
    fn law(&mut self, mtbf_d: f64) -> Law {
        const FORMS: &str = "write exponential, weibull:SHAPE, lognormal:ERROR_FACTOR, \
            early:WEAK_SHARE:WEAK_MTBF_D or empirical:DAYS;DAYS+;... (+ still working)";
        let exponential = Law::Exponential { mtbf_d };
        let text = self.text(Field::Law).to_owned();
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or("");
        let rest: Vec<&str> = parts.collect();
        let numbers: Vec<f64> = rest.iter().filter_map(|part| part.trim().parse().ok()).collect();
        let law = match (kind, numbers.as_slice()) {
            ("" | "exponential", []) if rest.is_empty() => Some(exponential.clone()),
            ("weibull", [shape]) => Some(Law::weibull_of_mean(*shape, mtbf_d)),
            ("lognormal", [error_factor]) => {
                let unscaled = Law::Lognormal { median_d: 1.0, error_factor: *error_factor };
                Some(unscaled.faster(unscaled.mean_d() / mtbf_d))
            }
            ("early", [weak_share, weak_mtbf_d]) => {
                let rest_d = (mtbf_d - weak_share * weak_mtbf_d) / (1.0 - weak_share);
                Some(Law::EarlyFailures {
                    weak_share: *weak_share,
                    weak_mtbf_d: *weak_mtbf_d,
                    mtbf_d: rest_d,
                })
            }
            ("empirical", _) if rest.len() == 1 => {
                let (mut failed, mut working) = (Vec::new(), Vec::new());
                let mut readable = true;
                for age in rest[0].split(';').map(str::trim).filter(|age| !age.is_empty()) {
                    match (age.strip_suffix('+'), age.strip_suffix('+').unwrap_or(age).parse()) {
                        (Some(_), Ok(age_d)) => working.push(age_d),
                        (None, Ok(age_d)) => failed.push(age_d),
                        _ => readable = false,
                    }
                }
                let law = Empirical::new(&failed, &working).map(Law::Empirical);
                if readable { law.ok() } else { None }
            }
            _ => None,
        };
        match law.map(Law::checked) {
            Some(Ok(law)) if law.mean_d().is_finite() => law,
            Some(Err(error)) => {
                self.refuse(Field::Law, format!("`{text}`: {error}"), FORMS);
                exponential
            }
            _ => {
                self.refuse(Field::Law, format!("`{text}` is not a failure law"), FORMS);
                exponential
            }
        }
    }
}

/// Notes subsystems whose MTBFs look divided by 24, as hours taken for days would be.
///
/// A subsystem (or group, where no subsystem is named) of three or more types is noted when its
/// MTBFs are all but apart from the others' (its upper quartile lies below their lower quartile)
/// and its median is 8 to 72 times smaller: 24 within a factor of three, since subsystems differ.
fn looks_divided_by_24(units: &[Unit]) -> Vec<String> {
    const WITHIN: f64 = 3.0;
    let mut by_name: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for unit in units {
        let name = if unit.subsystem.is_empty() { &unit.group } else { &unit.subsystem };
        by_name.entry(name).or_default().push(unit.law.mean_d());
    }
    suspects(&by_name, WITHIN)
        .iter()
        // What stands in no subsystem is compared with, but is none.
        .filter(|s| s.mistake == Mistake::Divided && s.apart && !s.group.is_empty())
        .map(|s| {
            format!(
                "the {} MTBFs of `{}` look divided by 24: their median is {:.4} d, {:.0} times \
                 below the {:.4} d of the others; check whether hours were taken for days",
                s.n, s.group, s.median, s.ratio, s.median_of_others,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
