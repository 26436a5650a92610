//! The one reader of rows and columns.
//!
//! Tables come from catalogs, from programs and from spreadsheets. Cells are separated by commas, semicolons or
//! tabs, whichever the header uses; texts may be quoted; lines end as they like. Rows without a value are passed
//! over, a row of totals is left out and said. A comma is the decimal sign where it can be nothing else.
//! What columns mean is for the reader of a subject: it finds them with [`Table::names`], and is to report all
//! problems of a header at once.

mod number;

use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use number::Writing;
pub use number::{NotANumber, is_missing};

/// Most cells of a row.
pub const CELLS_MAX: usize = 2_000;
/// Most lines of one row: quoted texts may hold line ends.
const LINES_MAX: usize = 50;
/// Words that head a row of totals.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "subtotal",
    "totale",
    "totaal",
    "summe",
    "gesamt",
    "somme",
    "suma",
    "итого",
    "всего",
    "合計",
];

/// Where lines that begin with `#` are comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Before the header alone: a text may begin with `#`.
    Head,
    /// Anywhere: rows of numbers are commented out like this.
    Anywhere,
}

/// One thing that is wrong with a table.
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
    /// Makes a problem of a line as a whole.
    pub fn of_line(line: u64, what: impl Into<String>, help: impl Into<String>) -> Self {
        let (what, help) = (what.into(), help.into());
        Self { line, column: 0, name: String::new(), what, help }
    }

    /// Returns where the problem is in a table of the name `table`.
    pub fn place(&self, table: &str) -> String {
        if self.column == 0 {
            format!("{table}:{}", self.line)
        } else {
            format!("{table}:{}:{} (column `{}`)", self.line, self.column, self.name)
        }
    }
}

/// The name of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// In small letters, with `_` for blanks and hyphens: what readers compare.
    pub key: String,
}

/// A table that is read row by row.
pub struct Table<'t> {
    names: Vec<Name>,
    header_line: u64,
    comments: Comments,
    separator: u8,
    writing: Writing,
    notes: Vec<String>,
    reader: Reader<&'t [u8]>,
    record: StringRecord,
    lines: Lines<'t>,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    /// Its line, from 1.
    pub line: u64,
    record: &'r StringRecord,
    names: &'r [Name],
    writing: Writing,
}

/// Counts lines up to a byte, whatever they end with.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line of a byte behind those asked for before.
    fn of(&mut self, byte: usize) -> u64 {
        while self.at < byte.min(self.text.len()) {
            let here = self.text[self.at];
            let is_half = here == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from((here == b'\n' || here == b'\r') && !is_half);
            self.at += 1;
        }
        self.line
    }
}

impl<'t> Table<'t> {
    /// Opens a table: its header, and how its numbers are written.
    ///
    /// # Errors
    ///
    /// When it has no header, or one of more than [`CELLS_MAX`] cells.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya_text::table::{Comments, Table};
    ///
    /// let mut table = Table::open("id;mass kg\r\nfan;5,5\r\n;\r\nTotal;5,5\r\n", Comments::Head).unwrap();
    /// assert_eq!(table.names()[1].key, "mass_kg");
    /// let row = table.next_row().unwrap().unwrap();
    /// assert_eq!((row.line, row.cell(0), row.number(1)), (2, "fan", Ok(5.5)));
    /// assert!(table.next_row().unwrap().is_none());
    /// assert_eq!(table.notes(), ["line 4 is a row of totals (`Total`): left out"]);
    /// ```
    pub fn open(text: &'t str, comments: Comments) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut told = None;
        let mut start = 0;
        for line in lines(text) {
            let shown = line.trim();
            let sep = shown.strip_prefix("sep=").or(shown.strip_prefix("SEP="));
            if let Some(separator) = sep.and_then(|rest| rest.bytes().next()) {
                told = Some(separator);
            } else if sep.is_some() {
                told = Some(b'\t'); // Trimmed away.
            } else if !shown.is_empty() && !shown.starts_with('#') && !is_bare(shown) {
                break;
            }
            start += line.len();
        }
        let body = &text[start..];
        let mut counter = Lines { text: text.as_bytes(), at: 0, line: 1 };
        let header_line = counter.of(start);
        if body.trim().is_empty() {
            let help = "name the columns in the first line, such as id,quantity,mtbf_h";
            return Err(Problem::of_line(header_line, "the table holds no header", help));
        }
        let separator = told.unwrap_or_else(|| separator(body));
        let mut reader = reader(body, separator, comments);
        let mut record = StringRecord::new();
        let read = reader.read_record(&mut record);
        if read.is_err() || CELLS_MAX < record.len() {
            let what = format!("a header of {} cells, more than {CELLS_MAX}", record.len());
            return Err(Problem::of_line(header_line, what, "give the columns that are needed"));
        }
        let mut names: Vec<Name> = record.iter().map(Name::new).collect();
        // Spreadsheets write separators up to the widest column there ever was.
        while names.last().is_some_and(|name| name.text.is_empty()) {
            names.pop();
        }
        let mut writing = Writing::separated_by(separator);
        if separator != b',' {
            let mut scan = self::reader(body, separator, comments);
            let mut row = StringRecord::new();
            while scan.read_record(&mut row).unwrap_or(false) {
                row.iter().for_each(|cell| writing.learn(cell));
            }
        }
        // Bytes of the reader are counted from where the header begins.
        let lines = Lines { text: body.as_bytes(), at: 0, line: header_line };
        Ok(Self {
            names,
            header_line,
            comments,
            separator,
            writing,
            notes: Vec::new(),
            reader,
            record,
            lines,
        })
    }

    /// Returns the names of the columns, in their order.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// Returns the line of the header, from 1.
    pub fn header_line(&self) -> u64 {
        self.header_line
    }

    /// Returns the first column of one of these keys; the first key that is there counts.
    pub fn column(&self, keys: &[&str]) -> Option<usize> {
        keys.iter().find_map(|key| self.names.iter().position(|name| name.key == *key))
    }

    /// Returns a problem for each name that stands twice among the columns `used`.
    pub fn doubles(&self, used: impl Iterator<Item = usize>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for first in used {
            let name = &self.names[first];
            let again =
                self.names.iter().enumerate().skip(first + 1).find(|(_, n)| n.key == name.key);
            if let Some((again, other)) = again {
                problems.push(Problem {
                    line: self.header_line,
                    column: again + 1,
                    name: other.text.clone(),
                    what: format!("column {} has this name too", first + 1),
                    help: "keep the one that is meant".to_owned(),
                });
            }
        }
        problems
    }

    /// Returns the name of what separates cells.
    pub fn separator(&self) -> &'static str {
        match self.separator {
            b',' => "comma",
            b';' => "semicolon",
            b'\t' => "tab",
            _ => "sign told in the first line",
        }
    }

    /// Returns what was passed over and should be said, so far.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Reads the next row that holds anything.
    ///
    /// # Errors
    ///
    /// When a quotation mark is not closed or a row has more than [`CELLS_MAX`] cells. The rest can still be
    /// read.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Problem> {
        loop {
            let start = self.reader.position().byte() as usize;
            if !self.reader.read_record(&mut self.record).unwrap_or(false) {
                return Ok(None);
            }
            let end = self.reader.position().byte() as usize;
            let start = self.skip(start);
            let line = self.lines.of(start);
            let text = self.lines.text;
            let raw = &text[start.min(end)..end.min(text.len())];
            let quotes = count(raw, b'"');
            let is_open = text.len() <= end && quotes % 2 == 1;
            if is_open || LINES_MAX < count(raw, b'\n') {
                let what = "a quotation mark opens in this row and is not closed";
                let help = "close it, or leave quotation marks out of the cells";
                return Err(Problem::of_line(line, what, help));
            }
            if CELLS_MAX < self.record.len() {
                let what = format!("{} cells, more than {CELLS_MAX}", self.record.len());
                return Err(Problem::of_line(line, what, "give the columns that are needed"));
            }
            let Some(first) = self.record.iter().find(|cell| !cell.is_empty()) else { continue };
            if self.comments == Comments::Anywhere && first.starts_with('#') {
                continue;
            }
            if is_total(first) {
                self.notes.push(format!(
                    "line {line} is a row of totals (`{}`): left out",
                    shortened(first)
                ));
                continue;
            }
            break;
        }
        // Asked for again: the loop holds the table no more.
        let line = self.lines.line;
        Ok(Some(Row { line, record: &self.record, names: &self.names, writing: self.writing }))
    }

    /// Returns where a row begins whose reading began at `byte`: behind empty lines and comments.
    fn skip(&self, byte: usize) -> usize {
        let text = self.lines.text;
        let mut at = byte;
        while let Some(here) = text.get(at) {
            if self.comments == Comments::Anywhere && *here == b'#' {
                at += text[at..]
                    .iter()
                    .position(|b| *b == b'\n' || *b == b'\r')
                    .unwrap_or(text.len() - at);
            } else if *here == b'\n' || *here == b'\r' {
                at += 1;
            } else {
                break;
            }
        }
        at
    }
}

impl Name {
    fn new(cell: &str) -> Self {
        let text = cell.trim_matches('"').trim();
        let mut key = text.to_lowercase().replace([' ', '-', '\n', '\u{a0}'], "_");
        // A unit in brackets is one behind the name: `mass [kg]`, `mass (kg)`.
        if let Some((name, unit)) = key.split_once(['[', '(']) {
            let unit = unit.trim_end_matches([']', ')']);
            key = format!("{}_{unit}", name.trim_end_matches('_'));
        }
        Self { text: text.to_owned(), key }
    }
}

impl<'r> Row<'r> {
    /// Returns a cell; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or("")
    }

    /// Returns all its cells.
    pub fn cells(&self) -> impl Iterator<Item = &'r str> {
        self.record.iter()
    }

    /// Reads the number in a cell.
    ///
    /// # Errors
    ///
    /// When it is none, or can be read as two different numbers.
    pub fn number(&self, column: usize) -> Result<f64, NotANumber> {
        self.writing.number(self.cell(column))
    }

    /// Returns why the row does not fit the header, if it holds values beyond its columns or ends before
    /// them.
    pub fn misfit(&self) -> Option<NotANumber> {
        let (here, wanted) = (self.record.len(), self.names.len());
        if self.record.iter().skip(wanted).any(|cell| !cell.is_empty()) {
            let help = if self.writing.comma_separates {
                "put texts with commas in quotes, and write decimal points as `.`"
            } else {
                "put texts that hold the separator in quotes"
            };
            let what = format!("{here} fields where the header has {wanted}");
            return Some(NotANumber { what, help: help.to_owned() });
        }
        (here < wanted).then(|| NotANumber {
            what: format!("{here} fields where the header has {wanted}"),
            help:
                "is the file cut off? write a separator for each column, also behind the last value"
                    .to_owned(),
        })
    }

    /// Makes a problem of a cell.
    pub fn problem(
        &self,
        column: usize,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let name = self.names.get(column).map_or(String::new(), |name| name.text.clone());
        Problem { line: self.line, column: column + 1, name, what: what.into(), help: help.into() }
    }
}

/// Shortens a cell for a message.
pub fn shortened(cell: &str) -> String {
    const CHARS_MAX: usize = 40;
    let mut head: String =
        cell.chars().take(CHARS_MAX).collect::<String>().escape_debug().to_string();
    // Quotation marks are no danger to a message in backticks.
    head = head.replace("\\\"", "\"").replace("\\'", "'");
    if CHARS_MAX < cell.chars().count() { format!("{head}…") } else { head }
}

/// Lines with their ends: `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        let (line, behind) = rest.split_at(end);
        rest = behind;
        (!line.is_empty()).then_some(line)
    })
}

/// Whether a line holds separators alone.
fn is_bare(line: &str) -> bool {
    line.chars().all(|c| ",;\t\" ".contains(c))
}

fn reader(text: &str, separator: u8, comments: Comments) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment((comments == Comments::Anywhere).then_some(b'#'))
        .delimiter(separator)
        .trim(Trim::All)
        .from_reader(text.as_bytes())
}

/// Returns what separates cells: what the header holds most of, and rows as often.
fn separator(text: &str) -> u8 {
    let count = |line: &str, separator: char| {
        let mut quoted = false;
        line.chars()
            .filter(|c| {
                quoted ^= *c == '"';
                !quoted && *c == separator
            })
            .count()
    };
    let head: Vec<&str> = lines(text).filter(|line| !line.trim().is_empty()).take(20).collect();
    let first = head.first().copied().unwrap_or("");
    let score = |separator: char| {
        let wanted = count(first, separator);
        let alike = head.iter().filter(|line| count(line, separator) == wanted).count();
        (wanted, if wanted == 0 { 0 } else { alike })
    };
    // The first of equals stays.
    let mut best = (b',', score(','));
    for separator in [b';', b'\t'] {
        let now = score(char::from(separator));
        if best.1 < now {
            best = (separator, now);
        }
    }
    best.0
}

/// Counts a byte.
fn count(bytes: &[u8], wanted: u8) -> usize {
    bytes.split(|byte| *byte == wanted).count() - 1
}

/// Whether the first value of a row heads a row of totals.
fn is_total(first: &str) -> bool {
    first.len() <= 40
        && TOTALS.contains(&first.trim_end_matches([':', '.', ' ']).to_lowercase().as_str())
}

#[cfg(test)]
mod tests;
