//! A list of units as a table: columns found by their names, units of measure read from the names.
//!
//! Every problem of the list is reported at once with line and column; a column that is not
//! understood is named, never dropped in silence.

mod columns;
mod law_text;
mod told;

use crate::law::{Law, Usage};
use crate::rate::GammaRate;
use crate::unit::Unit;
use columns::{Columns, Field};
use law_text::LIFE_D;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use told::{Told, figure};
use zarya_text::kind::{self, Kind};
use zarya_text::table::{self, Comments, Table, is_missing};
use zarya_units::hours_for_days::{Mistake, suspects};

pub use told::TimeUnit;
pub use zarya_text::table::Problem;

/// What a list of units holds beside the units.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitList {
    /// The units, in the order of the list.
    pub units: Vec<Unit>,
    /// What a reader should know: columns not used, defaults taken, what a law is taken as, values that look
    /// wrong.
    pub notes: Vec<String>,
    /// Whether the list has a mass for each unit.
    pub has_mass: bool,
    /// The unit in which the list gives running times.
    pub running_in: TimeUnit,
}

/// Most unit types of a list.
pub const UNITS_MAX: usize = 20_000;
/// Most installed positions of a list, over all copies.
const POSITIONS_MAX: u64 = 1_000_000;
/// Most problems told one by one.
const PROBLEMS_MAX: usize = 100;
/// What two statements of one mean time may differ by: they are rounded.
const ROUNDING: f64 = 0.01;

/// Whole numbers of what is installed.
const COUNTS: RangeInclusive<f64> = 1.0..=10_000.0;
/// Spares at hand, and failures seen.
const SPARES: RangeInclusive<f64> = 0.0..=100_000.0;
/// Kilograms of one spare.
const MASS_KG: RangeInclusive<f64> = 0.0..=1e6;
/// Cubic meters of one spare.
const VOLUME_M3: RangeInclusive<f64> = 0.0..=1e4;
/// Crew hours or spacewalks of one replacement.
const WORK: RangeInclusive<f64> = 0.0..=1e4;
/// Failures of all causes per inherent failure.
const K_FACTORS: RangeInclusive<f64> = 1.0..=1_000.0;
/// What a stated mean time is worth in failures.
const PRIOR_SHAPES: RangeInclusive<f64> = 0.01..=1e6;
/// Days of an age, a life limit or a lead time that is given.
const DAYS: RangeInclusive<f64> = 0.0..=1e7;
const SHARES: RangeInclusive<f64> = 0.0..=1.0;

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
/// // 20 failures per million hours; a spreadsheet's separator and decimal sign.
/// let list = read("id;fpmh;mass_kg\nfan;20;5,5\n", 1.0).expect("a list");
/// assert_eq!((list.units[0].law.mean_d() * 24.0).round(), 50_000.0);
/// let problems = read("id,quantity,mtbf_h\npump,x,12000\n", 1.0).expect_err("x is no number");
/// assert_eq!(problems[0].place("units.csv"), "units.csv:2:2 (column `quantity`)");
/// ```
pub fn read(text: &str, prior_weight: f64) -> Result<UnitList, Vec<Problem>> {
    let kind = kind::of_text(text);
    if !matches!(kind, Kind::Table | Kind::Prose | Kind::Message | Kind::Empty) {
        let what = format!("this is {kind}, not a list of units");
        let help = kind.advice().unwrap_or("give the units as a table with a header, such as CSV");
        return Err(vec![Problem::of_line(1, what, help)]);
    }
    let mut table = Table::open(text, Comments::Head).map_err(|problem| vec![problem])?;
    let header_line = table.header_line();
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let columns = columns::find(&table, &mut problems, &mut notes);
    if !problems.is_empty() {
        return Err(problems);
    }
    if !columns.contains_key(&Field::Quantity) {
        notes.push("no column `quantity`: one of each unit is taken as installed".to_owned());
    }
    let mut told = Told::default();
    let mut units: Vec<Unit> = Vec::new();
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    let (mut n_problems, mut n_positions) = (0, 0);
    loop {
        let row = match table.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if let Some(misfit) = row.misfit() {
            problems.push(Problem::of_line(row.line, misfit.what, misfit.help));
        } else {
            let mut row = Row {
                cells: row,
                columns: &columns,
                prior_weight,
                problems: &mut problems,
                told: &mut told,
            };
            if let Some(unit) = row.unit() {
                if let Some(first) = lines.insert(unit.id.clone(), row.cells.line) {
                    let what = format!("`{}` is already on line {first}", unit.id);
                    row.refuse(Field::Id, what, "give each unit type its own id");
                }
                n_positions += u64::from(unit.positions());
                units.push(unit);
            }
        }
        n_problems += problems.len().saturating_sub(PROBLEMS_MAX);
        problems.truncate(PROBLEMS_MAX);
        if units.len() > UNITS_MAX {
            let what = format!("more than {UNITS_MAX} unit types, the most that are taken");
            problems.push(Problem::of_line(header_line, what, "give a part of the list"));
            return Err(problems);
        }
    }
    if n_problems > 0 {
        let what = format!("{n_problems} more problems, beyond the first {PROBLEMS_MAX}");
        problems.push(Problem::of_line(header_line, what, "correct those first"));
    }
    if n_positions > POSITIONS_MAX {
        let what = format!("{n_positions} installed positions, more than {POSITIONS_MAX}");
        problems.push(Problem::of_line(header_line, what, "check `quantity` and `copies`"));
    }
    if units.is_empty() && problems.is_empty() {
        problems.push(Problem::of_line(
            header_line,
            "the list has a header but no units",
            "add a line for each unit type",
        ));
    }
    if !problems.is_empty() {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        return Err(problems);
    }
    notes.extend(table.notes().iter().cloned());
    notes.extend(told.notes());
    notes.extend(looks_divided_by_24(&units, TimeUnit::of(&columns, Field::Mtbf)));
    let running_in = TimeUnit::of(&columns, Field::Running);
    Ok(UnitList { units, notes, has_mass: columns.contains_key(&Field::Mass), running_in })
}

impl TimeUnit {
    /// The unit that the name of a column gives; days where there is no such column.
    fn of(columns: &Columns, field: Field) -> Self {
        columns.get(&field).map_or(Self::Days, |column| Self::of_days(column.factor))
    }
}

/// One row being read.
struct Row<'a, 'r> {
    cells: table::Row<'r>,
    columns: &'a Columns,
    prior_weight: f64,
    problems: &'a mut Vec<Problem>,
    told: &'a mut Told,
}

impl Row<'_, '_> {
    fn refuse(&mut self, field: Field, what: String, help: &str) {
        let problem = match self.columns.get(&field) {
            Some(column) => self.cells.problem(column.index, what, help),
            None => Problem::of_line(self.cells.line, what, help),
        };
        self.problems.push(problem);
    }

    /// The text of a field; empty where the column or the value is missing.
    fn text(&self, field: Field) -> &str {
        self.columns.get(&field).map_or("", |column| self.cells.cell(column.index))
    }

    fn is_given(&self, field: Field) -> bool {
        !is_missing(self.text(field))
    }

    /// A number in inside units within `bounds`, which are in them too; `None` where it is missing or refused.
    fn number(&mut self, field: Field, bounds: &RangeInclusive<f64>) -> Option<f64> {
        let column = self.columns.get(&field).filter(|_| self.is_given(field))?;
        let value = match self.cells.number(column.index) {
            Ok(value) => value * column.factor,
            Err(error) => {
                self.refuse(field, error.what, &error.help);
                return None;
            }
        };
        if bounds.contains(&value) {
            return Some(value);
        }
        let [low, high] = [bounds.start(), bounds.end()].map(|v| figure(v / column.factor));
        let what = format!("`{}` is not a number from {low} to {high}", self.text(field));
        self.refuse(field, what, "correct or clear this value");
        None
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

    /// A whole number; `None` where it is missing or refused.
    fn count(&mut self, field: Field, bounds: &RangeInclusive<f64>) -> Option<u32> {
        let column = self.columns.get(&field).filter(|_| self.is_given(field))?;
        match self.cells.number(column.index) {
            Ok(value) if bounds.contains(&value) && value.fract() == 0.0 => Some(value as u32),
            Ok(_) => {
                let (low, high) = (bounds.start(), bounds.end());
                let what =
                    format!("`{}` is not a whole number from {low} to {high}", self.text(field));
                self.refuse(field, what, "correct or clear this value");
                None
            }
            Err(error) => {
                self.refuse(field, error.what, &error.help);
                None
            }
        }
    }

    fn unit(&mut self) -> Option<Unit> {
        let before = self.problems.len();
        let id = self.text(Field::Id).to_owned();
        if id.is_empty() {
            self.refuse(Field::Id, "the id is missing".to_owned(), "give each unit type an id");
        }
        let quantity = self.count(Field::Quantity, &COUNTS).unwrap_or(1);
        let required = self.count(Field::Required, &COUNTS).unwrap_or(quantity);
        if required > quantity {
            self.refuse(
                Field::Required,
                format!("{required} are required of {quantity} installed"),
                "require at most what is installed",
            );
        }
        let copies = self.count(Field::Copies, &COUNTS).unwrap_or(1);
        let stock = self.count(Field::Stock, &SPARES);
        let mass = self.number(Field::Mass, &MASS_KG);
        if self.columns.contains_key(&Field::Mass) && !self.is_given(Field::Mass) {
            self.refuse(Field::Mass, "the mass is missing".to_owned(), "give a mass, or 0");
        }
        let life_limit_d = self.number(Field::LifeLimit, &DAYS).filter(|limit_d| *limit_d > 0.0);
        let running_d = self.number(Field::Running, &LIFE_D);
        let usage = Usage {
            k_factor: self.number(Field::KFactor, &K_FACTORS).unwrap_or(1.0),
            duty_cycle: self.number(Field::DutyCycle, &SHARES).unwrap_or(1.0),
            dormant_share: self.number(Field::DormantShare, &SHARES).unwrap_or(0.0),
        };
        let shared = self.yes(Field::Shared);
        let age_d = self.number(Field::Age, &DAYS).unwrap_or(0.0);
        if let Some(limit_d) = life_limit_d.filter(|limit_d| age_d > *limit_d) {
            let unit = TimeUnit::of(self.columns, Field::Age);
            let (age, limit) = (unit.shown(age_d), unit.shown(limit_d));
            let what = format!("{age} old, beyond the life limit of {limit}");
            self.refuse(Field::Age, what, "clear the limit, or give the age of what replaced it");
        }
        let law = self.law(&id);
        let unit = Unit {
            id,
            group: self.text(Field::Group).to_owned(),
            subsystem: self.text(Field::Subsystem).to_owned(),
            capability: self.text(Field::Capability).to_owned(),
            quantity,
            required,
            law,
            usage,
            life_limit_d,
            mass_kg: mass.unwrap_or(0.0),
            volume_m3: self.number(Field::Volume, &VOLUME_M3),
            crew_h: self.number(Field::Crew, &WORK),
            eva_n: self.number(Field::Eva, &WORK),
            running_d,
            copies,
            shared,
            stock,
            age_d,
            ready_d: self.number(Field::Ready, &DAYS).unwrap_or(0.0),
            external: self.yes(Field::External),
        };
        (self.problems.len() == before).then_some(unit)
    }

    /// The law, about the mean time after what service has shown; one that is observed has its own.
    fn law(&mut self, id: &str) -> Law {
        /// Where a value is refused, reading goes on with another.
        const ANY_D: f64 = 1.0;
        let text = self.text(Field::Law).to_owned();
        let observed = text.trim_start().to_lowercase().starts_with("empirical");
        let before = self.problems.len();
        let stated_d = self.mean_time_d();
        if stated_d.is_none() && !observed && self.problems.len() == before {
            let field =
                if self.columns.contains_key(&Field::Mtbf) { Field::Mtbf } else { Field::Rate };
            self.refuse(
                field,
                "the mean time between failures is missing".to_owned(),
                "give a number; a unit that never fails does not belong in the list",
            );
        }
        let mean_d = stated_d.map_or(ANY_D, |mean_d| {
            let mean_d_now = self.updated_d(mean_d);
            if mean_d_now != mean_d && !observed {
                let unit = self.mean_time_in();
                self.told.moved(id, &unit.shown(mean_d), &unit.shown(mean_d_now));
            }
            mean_d_now
        });
        let law = match law_text::read(&text, mean_d) {
            Ok(law) => law,
            Err((what, help)) => {
                self.refuse(Field::Law, what, &help);
                return Law::Exponential { mtbf_d: mean_d };
            }
        };
        if let Law::Empirical(observed) = &law {
            let unit = self.mean_time_in();
            let own_d = law.mean_d();
            let other = stated_d.filter(|mean_d| (mean_d / own_d - 1.0).abs() > ROUNDING);
            let other = other.map(|mean_d| (unit.shown(mean_d), unit.shown(own_d)));
            let served = self.is_given(Field::FailuresSeen);
            self.told.observed(id, observed.has_survivors(), other, served);
        }
        law
    }

    /// The unit in which the list gives mean times; rates are per hour, mostly.
    fn mean_time_in(&self) -> TimeUnit {
        if self.columns.contains_key(&Field::Mtbf) {
            TimeUnit::of(self.columns, Field::Mtbf)
        } else {
            TimeUnit::Hours
        }
    }

    /// The stated mean time between failures, from itself or a failure rate; `None` where neither is given or
    /// one is refused.
    fn mean_time_d(&mut self) -> Option<f64> {
        let time_d = self.number(Field::Mtbf, &LIFE_D);
        if self.is_given(Field::Rate)
            && self
                .columns
                .get(&Field::Rate)
                .is_some_and(|column| self.cells.number(column.index) == Ok(0.0))
        {
            self.refuse(
                Field::Rate,
                "a failure rate of 0 is an infinite mean time".to_owned(),
                "a unit that never fails does not belong in the list; for one that has not failed yet, \
                 give a rate that is believed, `prior_shape`, `failures_seen` 0 and `served_h`",
            );
            return None;
        }
        let rates = 1.0 / LIFE_D.end()..=1.0 / LIFE_D.start();
        let rate_d = self.number(Field::Rate, &rates).map(|rate_per_d| 1.0 / rate_per_d);
        let (Some(time_d), Some(rate_d)) = (time_d, rate_d) else {
            return time_d.or(rate_d);
        };
        if (time_d / rate_d - 1.0).abs() > ROUNDING {
            let unit = self.mean_time_in();
            let name = |field: Field| self.columns.get(&field).map_or("", |column| &column.name);
            let what = format!(
                "`{}` {} is a mean time of {}, and `{}` says {}",
                name(Field::Rate),
                self.text(Field::Rate),
                unit.shown(rate_d),
                name(Field::Mtbf),
                unit.shown(time_d)
            );
            self.refuse(Field::Rate, what, "keep the one that is meant");
            return None;
        }
        Some(time_d)
    }

    /// The mean time between failures after what service has shown.
    fn updated_d(&mut self, mtbf_d: f64) -> f64 {
        let served_d = self.number(Field::Served, &LIFE_D);
        if !self.is_given(Field::FailuresSeen) {
            return mtbf_d;
        }
        let failures = self.count(Field::FailuresSeen, &SPARES).unwrap_or(0);
        let shape = self.number(Field::PriorShape, &PRIOR_SHAPES);
        let Some(served_d) = served_d else {
            if !self.is_given(Field::Served) {
                self.refuse(
                    Field::FailuresSeen,
                    "failures are given without the unit-days of service they fell in".to_owned(),
                    "add a column `served_h` or `served_d`",
                );
            }
            return mtbf_d;
        };
        let Some(shape) = shape else {
            if !self.is_given(Field::PriorShape) {
                self.refuse(
                    Field::FailuresSeen,
                    "failures are given without the worth of the stated MTBF".to_owned(),
                    "add a column `prior_shape`: how many failures the stated MTBF is worth",
                );
            }
            return mtbf_d;
        };
        1.0 / GammaRate::of_mean(1.0 / mtbf_d, shape)
            .updated(failures, served_d, self.prior_weight)
            .mean_per_d()
    }
}

/// Notes subsystems whose MTBFs look divided by 24, as hours taken for days would be.
///
/// A subsystem (or group, where no subsystem is named) of three or more types is noted when its
/// MTBFs are all but apart from the others' (its upper quartile lies below their lower quartile)
/// and its median is 8 to 72 times smaller: 24 within a factor of three, since subsystems differ.
fn looks_divided_by_24(units: &[Unit], unit: TimeUnit) -> Vec<String> {
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
                "the {} MTBFs of `{}` look divided by 24: their median is {}, {:.0} times below the {} of the \
                 others; check whether hours were taken for days",
                s.n,
                s.group,
                unit.shown(s.median),
                s.ratio,
                unit.shown(s.median_of_others),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
