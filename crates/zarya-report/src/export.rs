//! Tables and pictures as files: what a report shows, for other programs.
//!
//! A [`Table`] holds values as they are, never rounded, under names that carry their units; a picture is an
//! SVG document of its own. [`Exports`] is filled by whoever tells an answer: the page hands each table and
//! drawing over as it makes it, so that none is shown and not exported; of every other answer the tables are
//! taken from its JSON by [`Exports::of`].
//!
//! # Form
//!
//! CSV after RFC 4180 but with `\n` at the ends of lines: UTF-8, a header, a comma between cells, quotes where a
//! cell needs them. Decimals have a point, a missing value is an empty cell, dates are ISO 8601, yes and no are
//! words. A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`) has an
//! apostrophe before it, as spreadsheets themselves write such a text; numbers are never touched.

mod flat;

use serde::Serialize;
use std::fmt::Write as _;
use zarya::text::clean;
use zarya::units::{Date, digest};

/// Tables and pictures of one answer, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exports {
    /// The tables, in the order of the report.
    pub tables: Vec<Table>,
    /// The pictures, likewise.
    pub pictures: Vec<Picture>,
}

/// A table of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Stable name, that of its file: lower-case letters, digits and `-`.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// Names of the columns; a unit stands at the end of a name (`days_short_d`).
    pub columns: Vec<String>,
    /// As many values in a row as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Stable name, that of its file.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// The whole document.
    pub svg: String,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Words, ids and dates.
    Text(String),
    /// A number, as exact as it is held.
    Number(f64),
    /// Not known, or does not apply.
    Missing,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Missing }
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::from(if yes { "yes" } else { "no" })
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl Value {
    /// The cell as it stands in a file.
    fn cell(&self) -> String {
        match self {
            Self::Number(number) if number.is_finite() => format!("{number}"),
            Self::Missing | Self::Number(_) => String::new(),
            Self::Text(text) => {
                let text = clean(text);
                let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
                quoted(&format!("{guard}{text}"))
            }
        }
    }
}

/// Puts a cell into quotes where it needs them.
fn quoted(text: &str) -> String {
    let needs = text.contains([',', '"', '\n', '\r', ';', '\t'])
        || text.starts_with([' ', '#'])
        || text.ends_with(' ');
    if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

impl Table {
    /// Returns the table as CSV.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya_report::export::Table;
    ///
    /// let table = Table {
    ///     name: "spares".to_owned(),
    ///     title: "Spares".to_owned(),
    ///     columns: vec!["id".to_owned(), "mass_kg".to_owned()],
    ///     rows: vec![vec!["pump, small".into(), 12.5.into()], vec!["=SUM(A1)".into(), None::<f64>.into()]],
    /// };
    /// assert_eq!(table.csv(), "id,mass_kg\n\"pump, small\",12.5\n'=SUM(A1),\n");
    /// ```
    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| cells.join(",") + "\n";
        let mut out =
            line(self.columns.iter().map(|name| Value::from(name.as_str()).cell()).collect());
        for row in &self.rows {
            let mut cells = line(row.iter().map(Value::cell).collect());
            if cells == "\n" {
                // A line without a sign would be no row.
                "\"\"\n".clone_into(&mut cells);
            }
            out.push_str(&cells);
        }
        out
    }
}

/// The names of the files that an export writes beside tables and pictures.
pub const INDEX: &str = "index.csv";
/// The first line of the index.
pub const INDEX_HEAD: &str = "file,title,rows,sha256";

impl Exports {
    /// Takes the tables of any answer from its JSON: every list of objects is a table, lists of one length in
    /// one object are its columns, and what stands alone is a row of the table `answer`.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya::{Control, Data, ledger};
    /// use zarya_report::export::Exports;
    ///
    /// let question = ledger::Question::default();
    /// let answer = ledger::answer(&question, &Data::embedded(), &Control::silent())?;
    /// let exports = Exports::of(&answer);
    /// let breaks = exports.tables.iter().find(|table| table.name == "breaks").expect("breaks");
    /// assert_eq!(breaks.rows.len(), answer.ledger.breaks.len());
    /// # Ok::<(), zarya::Refusals>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the answer has no JSON; those of `zarya` have one.
    pub fn of<T: Serialize>(answer: &T) -> Self {
        let json = zarya::json::to_value(answer).expect("an answer has text keys");
        let mut exports = Self::default();
        for table in flat::tables(&json) {
            exports.table(table);
        }
        exports
    }

    /// Adds a picture.
    #[must_use]
    pub fn with(mut self, name: &str, title: &str, svg: String) -> Self {
        self.picture(name, title, svg);
        self
    }

    /// Adds a table under a name that no file lacks and no other table has.
    pub(crate) fn table(&mut self, mut table: Table) -> String {
        let taken = |name: &str| self.tables.iter().any(|table| table.name == name);
        table.name = free(&table.name, taken);
        let name = table.name.clone();
        self.tables.push(table);
        name
    }

    /// Adds a picture likewise.
    pub(crate) fn picture(&mut self, name: &str, title: &str, svg: String) -> String {
        let taken = |name: &str| self.pictures.iter().any(|picture| picture.name == name);
        let name = free(name, taken);
        self.pictures.push(Picture { name: name.clone(), title: title.to_owned(), svg });
        name
    }

    /// Returns the files: name and contents, the index last.
    ///
    /// The index lists the others with their titles, rows of tables and SHA-256, so that a later export knows
    /// which files it wrote itself.
    pub fn files(&self) -> Vec<(String, String)> {
        let tables = self.tables.iter().map(|table| {
            let rows = Value::from(table.rows.len() as f64);
            (format!("{}.csv", table.name), &table.title, rows, table.csv())
        });
        let pictures = self.pictures.iter().map(|picture| {
            let svg = clean(&picture.svg).into_owned();
            (format!("{}.svg", picture.name), &picture.title, Value::Missing, svg)
        });
        let mut index = format!("{INDEX_HEAD}\n");
        let mut files = Vec::new();
        for (file, title, rows, text) in tables.chain(pictures) {
            let title = title.replace(['\n', '\r'], " ");
            let (title, rows) = (Value::from(title).cell(), rows.cell());
            let _ = writeln!(index, "{file},{title},{rows},{}", digest::of_bytes(text.as_bytes()));
            files.push((file, text));
        }
        files.push((INDEX.to_owned(), index));
        files
    }

    /// Returns in words what is exported: `3 tables and 1 picture`.
    pub fn counted(&self) -> String {
        let counted = crate::words::counted;
        let tables = counted(self.tables.len(), "table");
        match self.pictures.len() {
            0 => tables,
            n => format!("{tables} and {}", counted(n, "picture")),
        }
    }
}

/// Returns a name as that of a file, with a number behind it where it is taken. Ids come from files that
/// anybody may have written: what remains of them here leads nowhere.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    const LETTERS_MAX: usize = 64;
    let sign = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let plain: String = name.chars().take(LETTERS_MAX).map(sign).collect();
    let plain = plain.trim_matches('-');
    // The index has its own.
    let plain = if plain.is_empty() || plain == "index" { "table" } else { plain };
    let mut free = plain.to_owned();
    for n in 2_u32.. {
        if !taken(&free) {
            break;
        }
        free = format!("{plain}-{n}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, value: Value) -> Table {
        Table {
            name: name.to_owned(),
            title: "A table".to_owned(),
            columns: vec!["x".to_owned()],
            rows: vec![vec![value]],
        }
    }

    #[test]
    fn cells_are_read_back_as_they_were() {
        let texts = ["plain", "a,b", "he said \"no\"", "two\nlines", " edge ", "#1", "a;b", "é"];
        for text in texts {
            let csv = table("t", text.into()).csv();
            let mut rows =
                zarya::text::table::Table::open(&csv, zarya::text::table::Comments::Head)
                    .unwrap_or_else(|problem| panic!("{csv}: {problem:?}"));
            let row = rows.next_row().unwrap().unwrap();
            assert_eq!(row.cell(0), text.trim(), "{csv}");
        }
        for x in [0.1 + 0.2, -1e-300, 1.0 / 3.0, 6.02e23, -0.0] {
            let csv = table("t", x.into()).csv();
            let read: f64 = csv.lines().nth(1).unwrap().parse().unwrap();
            assert_eq!(read.to_bits(), x.to_bits(), "{csv}");
        }
    }

    #[test]
    fn no_text_is_a_formula_and_no_number_is_touched() {
        let cell = |value: Value| table("t", value).csv().lines().nth(1).unwrap().to_owned();
        for text in ["=1+1", "+1", "-1", "@x"] {
            assert_eq!(cell(text.into()), format!("'{text}"));
        }
        assert_eq!(cell((-1.5).into()), "-1.5");
        assert_eq!(cell("=HYPERLINK(\"a\",\"b\")".into()), "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
        assert!(!cell("\u{1b}[31mred".into()).contains('\u{1b}'));
        assert_eq!((cell(f64::NAN.into()), cell(true.into())), ("\"\"".into(), "yes".into()));
    }

    #[test]
    fn names_lead_nowhere_and_are_told_apart() {
        let mut exports = Exports::default();
        let names = ["../../etc/passwd", "a b", "a_b", "", "index", "ÄÖ"];
        let named: Vec<String> =
            names.iter().map(|name| exports.table(table(name, Value::Missing))).collect();
        assert_eq!(named, ["etc-passwd", "a-b", "a-b-2", "table", "table-2", "table-3"]);
        let files = exports.files();
        assert_eq!(files.last().map(|(name, _)| name.as_str()), Some(INDEX));
        let index = &files.last().unwrap().1;
        assert!(index.starts_with(INDEX_HEAD), "{index}");
        assert_eq!(index.lines().count(), names.len() + 1);
    }
}
