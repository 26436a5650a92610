//! A single file that is not a station's (a case of `zarya air` or `zarya power`), with the tree, the
//! limits and the diagnostics of station files.
//!
//! What its tables mean is the caller's: a [`Reader`] converts values, finds keys that are not known, and
//! collects every problem. A value that is wrong is reported once and is then `None`, so that reading goes
//! on and all problems come out together.

use crate::context::Problems;
use crate::diagnostic::{Code, Diagnostic};
use crate::tree::{ENTRIES_MAX, Texts};
pub use crate::tree::{Entry, Node, Span, Table, Tree};
use std::collections::BTreeMap;
use zarya_units::{Date, Quantity};

/// The largest number that a case may state, in the unit of its key: nothing of a station comes near it, and
/// what is computed from it stays finite.
pub const NUMBER_MOST: f64 = 1e9;
/// The largest number of things that a case may count.
pub const COUNT_MOST: f64 = 1e6;

/// A file as a tree in which every value knows where it was written.
pub struct File {
    texts: Texts,
    root: Table,
}

impl File {
    /// Parses the bytes of a file; `name` is the one that places are shown with.
    ///
    /// # Errors
    ///
    /// When it is beyond the limits of size, nesting or number, no UTF-8, or no TOML.
    ///
    /// # Examples
    ///
    /// ```
    /// use zarya_station::{Code, case::File};
    ///
    /// assert_eq!(File::parse("case.toml", b"crew = 2")?.root().entries.len(), 1);
    /// let problems = File::parse("case.toml", b"crew = = 2").err().expect("no TOML");
    /// assert_eq!((problems[0].code, problems[0].place.column), (Code::CaseSyntax, 8));
    /// # Ok::<(), Vec<zarya_station::Diagnostic>>(())
    /// ```
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let mut texts = Texts::new();
        let (mut entries, mut diagnostics) = (0, Vec::new());
        let (_, root) = texts.parse(name, bytes, &mut entries, &mut diagnostics);
        if let (Some(root), []) = (root, diagnostics.as_slice()) {
            return Ok(Self { texts, root });
        }
        for diagnostic in &mut diagnostics {
            match diagnostic.code {
                Code::Syntax | Code::DateImpossible => {
                    diagnostic.code = Code::CaseSyntax;
                    diagnostic.message = format!("not TOML: {}", diagnostic.message);
                }
                Code::BeyondLimits if entries > ENTRIES_MAX => {
                    "a case needs a few hundred: leave out what it does not use"
                        .clone_into(&mut diagnostic.help);
                }
                _ => {}
            }
        }
        diagnostics.dedup();
        Err(diagnostics)
    }

    /// Returns the top level of the file.
    pub fn root(&self) -> &Table {
        &self.root
    }
}

/// Reads values of a [`File`] and collects what is wrong with them.
pub struct Reader<'f> {
    file: &'f File,
    problems: Problems,
    /// Where each path was written.
    spans: BTreeMap<String, Span>,
}

impl<'f> Reader<'f> {
    /// The beginning of the file, for what is missing in it.
    pub const START: Span = Span { file: 0, start: 0, end: 0 };

    /// Starts with no problem found.
    pub fn new(file: &'f File) -> Self {
        Self { file, problems: Problems::default(), spans: BTreeMap::new() }
    }

    /// Adds a problem.
    pub fn problem(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.report(&self.file.texts, code, span, message.into(), help.into());
    }

    /// Returns how many problems were found so far.
    pub fn problems(&self) -> usize {
        self.problems.count()
    }

    /// Returns the problems in the order of the file.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.problems.into_diagnostics();
        // What is not shown is said last.
        diagnostics.sort_by_key(|problem| (problem.code == Code::TooMany, problem.span.start));
        diagnostics
    }

    /// Returns where a path was written, or the nearest table around it.
    pub fn span_of(&self, path: &str) -> Span {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return *span;
            }
            match path.rfind('.') {
                Some(at) => path = &path[..at],
                None => return Self::START,
            }
        }
    }

    /// Returns the entries of a table by name, after refusing keys that are not known.
    pub fn entries<'n>(
        &mut self,
        table: &'n Table,
        path: &str,
        known: &[&str],
    ) -> Vec<(&'n str, &'n Node)> {
        // In the order of the file: where there are too many, the first of them are shown.
        for entry in table.entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            self.unknown(entry, path, known.iter().copied());
        }
        let named = self.named(table, path).into_iter().map(|entry| (&*entry.key, &entry.node));
        named.filter(|(key, _)| known.contains(key)).collect()
    }

    /// Returns all entries of a table whose keys are names of the file's own, by name: what is computed
    /// does not depend on the order in which a file states it.
    pub fn named<'n>(&mut self, table: &'n Table, path: &str) -> Vec<&'n Entry> {
        let mut entries: Vec<&Entry> = table.entries.iter().collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        for entry in &entries {
            let name = &entry.key;
            if name.contains(char::is_control) {
                let message = "a key with a line break or another control character".to_owned();
                let help = "write it on one line";
                self.problem(Code::CaseKeyUnknown, entry.key_span, message, help);
            }
            let full = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.spans.insert(full, entry.node.span);
        }
        entries
    }

    /// Refuses a key that is not known in the table at a path.
    pub fn unknown<'n>(
        &mut self,
        entry: &Entry,
        path: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        const LISTED: usize = 40;
        let name = &entry.key;
        let place = if path.is_empty() { String::new() } else { format!(" in [{path}]") };
        let help = match self.problems.nearest(name, known.clone()) {
            Some(near) => format!("the nearest known key is `{near}`"),
            None => {
                format!("known keys: {}", known.take(LISTED).collect::<Vec<_>>().join(", "))
            }
        };
        let message = format!("unknown key `{name}`{place}");
        self.problem(Code::CaseKeyUnknown, entry.key_span, message, help);
    }

    /// Returns the known name nearest to one that is not known.
    pub fn nearest<'n>(&self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        self.problems.nearest(name, known)
    }

    /// Refuses a value that is not what is needed.
    pub fn wrong(&mut self, value: &Node, needed: &str, help: &str) {
        let written = self.file.texts.written(value.span);
        let found = match &value.tree {
            Tree::Text(text) => format!("the text \"{text}\""),
            Tree::Integer(_) | Tree::Float(_) => format!("the bare number {written}"),
            Tree::Boolean(on) => format!("{on}"),
            Tree::Moment(date) => format!("the date {date}"),
            Tree::Array(_) => "a list".to_owned(),
            Tree::Table(_) => "a table".to_owned(),
        };
        let message = format!("{found} stands where {needed} is needed");
        self.problem(Code::CaseValueWrong, value.span, message, help);
    }

    /// Returns a plain number.
    pub fn number(&mut self, value: &Node, needed: &str) -> Option<f64> {
        let number = match value.tree {
            Tree::Integer(number) => number as f64,
            Tree::Float(number) => number,
            _ => {
                self.wrong(value, needed, "write a plain number");
                return None;
            }
        };
        if !number.is_finite() {
            self.wrong(value, needed, "write a finite number");
            return None;
        }
        self.within(value, number, NUMBER_MOST, "")
    }

    /// Returns a number that is not beyond what anything of a station is.
    fn within(&mut self, value: &Node, number: f64, most: f64, unit: &str) -> Option<f64> {
        if number.abs() <= most {
            return Some(number);
        }
        let written = self.file.texts.written(value.span);
        // As it stands in the file, unless that is no number but a page.
        let said =
            if written.len() <= 40 { written.to_owned() } else { format!("{number:e}{unit}") };
        let message = format!("{said} is beyond anything of a station");
        let help =
            format!("the most that is read is {most:e}{unit}: look at the number and its unit");
        self.problem(Code::CaseContradiction, value.span, message, help);
        None
    }

    /// Returns a whole number of 0 or more.
    pub fn count(&mut self, value: &Node, what: &str) -> Option<f64> {
        let number = self.number(value, what)?;
        if number.fract() != 0.0 {
            let message = format!("{number} is not a whole number");
            self.problem(Code::CaseValueWrong, value.span, message, format!("{what} is counted"));
            return None;
        }
        if number < 0.0 {
            let (message, help) =
                (format!("{what} of {number}"), "it cannot be negative: write 0 or more");
            self.problem(Code::CaseContradiction, value.span, message, help);
            return None;
        }
        self.within(value, number, COUNT_MOST, "")
    }

    /// Returns a text.
    pub fn text<'n>(&mut self, value: &'n Node, needed: &str) -> Option<&'n str> {
        let text = value.text();
        match text {
            None => self.wrong(value, needed, "write it in quotes"),
            Some(text) if text.contains(char::is_control) => {
                let message = "a text with a line break or another control character".to_owned();
                self.problem(Code::CaseValueWrong, value.span, message, "write it on one line");
                return None;
            }
            Some(_) => {}
        }
        text
    }

    /// Returns yes or no.
    pub fn truth(&mut self, value: &Node, help: &str) -> Option<bool> {
        if let Tree::Boolean(on) = value.tree {
            return Some(on);
        }
        self.wrong(value, "true or false", help);
        None
    }

    /// Returns a quantity in `unit`; a bare number is refused.
    pub fn quantity(&mut self, value: &Node, unit: &str, example: &str) -> Option<f64> {
        let Some(text) = value.text() else {
            let help =
                format!("write the number, a space and the unit in quotes, such as {example}");
            self.wrong(value, "a quantity with its unit", &help);
            return None;
        };
        match Quantity::parse_in(text, unit) {
            Ok(number) => self.within(value, number, NUMBER_MOST, &format!(" {unit}")),
            Err(error) => {
                let help = format!("a quantity such as {example}");
                self.problem(Code::CaseValueWrong, value.span, error.to_string(), help);
                None
            }
        }
    }

    /// Returns a date.
    pub fn date(&mut self, value: &Node) -> Option<Date> {
        let (Tree::Moment(text) | Tree::Text(text)) = &value.tree else {
            self.wrong(value, "a date", "write YYYY-MM-DD");
            return None;
        };
        match Date::parse(text) {
            Ok(date) => Some(date),
            Err(error) => {
                let help = "dates are UTC days";
                self.problem(Code::CaseValueWrong, value.span, error.to_string(), help);
                None
            }
        }
    }

    /// Returns a table.
    pub fn table<'n>(&mut self, value: &'n Node) -> Option<&'n Table> {
        let table = value.table();
        if table.is_none() {
            self.wrong(value, "a table", "write it as [name] with keys below");
        }
        table
    }

    /// Returns a list of at most `most` tables, each with its place; a longer one is refused as a whole.
    pub fn few_tables<'n>(&mut self, value: &'n Node, most: usize) -> Vec<(&'n Table, Span)> {
        if let Tree::Array(list) = &value.tree
            && list.len() > most
        {
            let message = format!("a list of {} tables; the most is {most}", list.len());
            let help = "join what is alike: the work grows with each of them";
            self.problem(Code::CaseContradiction, value.span, message, help);
            return Vec::new();
        }
        self.tables(value)
    }

    /// Returns a list of tables, each with its place.
    pub fn tables<'n>(&mut self, value: &'n Node) -> Vec<(&'n Table, Span)> {
        let Tree::Array(list) = &value.tree else {
            self.wrong(value, "a list of tables", "write it as [[name]] with keys below");
            return Vec::new();
        };
        list.iter().filter_map(|value| self.table(value).map(|table| (table, value.span))).collect()
    }
}
