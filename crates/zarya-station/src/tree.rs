//! TOML text to an owned tree in which every value knows where it was written.
//!
//! Hostile files are stopped here, before the parser sees them: size, nesting and number of
//! entries are counted in one pass over the bytes, so time and memory stay proportional to
//! [`BYTES_MAX`].

use crate::diagnostic::{Code, Diagnostic};
use crate::model::Place;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Largest file, in bytes.
pub const BYTES_MAX: usize = 4 << 20;
/// Largest station, in bytes of all files and overlays together.
pub const BYTES_TOTAL_MAX: usize = 16 << 20;
/// Deepest nesting of brackets, inline tables and dotted keys.
pub const DEPTH_MAX: usize = 40;
/// Most entries (`=`, `,` and `[` outside of texts) in all files together.
pub const ENTRIES_MAX: usize = 100_000;
/// Most files, overlays included.
pub const FILES_MAX: usize = 1_000;
/// Largest file of which all syntax errors are collected; a larger one reports its first.
const RECOVERY_BYTES_MAX: usize = 256 << 10;
/// Most syntax errors shown per file.
const SYNTAX_ERRORS_MAX: usize = 20;

/// Where a value stands: a range of bytes in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Index of the file.
    pub(crate) file: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A value of a file.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// Index of the defaults of provenance that hold for it.
    pub(crate) defaults: u32,
    /// What it is.
    pub tree: Tree,
    /// The values that an overlay replaced, oldest first.
    pub(crate) earlier: Vec<Span>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A text, without its quotes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number; infinite where it is beyond what can be kept.
    Float(f64),
    /// Yes or no.
    Boolean(bool),
    /// A date or time literal, as written.
    Moment(String),
    /// A list.
    Array(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Tree {
    /// Names the type as a message says it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Boolean(_) => "a yes-or-no value",
            Self::Moment(_) => "a date",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Table {
    /// Returns the entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }
}

impl Node {
    /// Returns the table it is.
    pub fn table(&self) -> Option<&Table> {
        if let Tree::Table(table) = &self.tree { Some(table) } else { None }
    }

    /// Returns the text it is.
    pub fn text(&self) -> Option<&str> {
        if let Tree::Text(text) = &self.tree { Some(text) } else { None }
    }

    /// Counts the values in it, itself included.
    pub(crate) fn size(&self) -> usize {
        1 + match &self.tree {
            Tree::Array(nodes) => nodes.iter().map(Self::size).sum(),
            Tree::Table(table) => table.entries.iter().map(|entry| entry.node.size()).sum(),
            _ => 0,
        }
    }
}

/// A text on one line: what a file writes on several is a paragraph, and no line of an answer is a file's.
pub(crate) fn one_line(text: &str) -> String {
    let breaks =
        |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.contains(breaks) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

/// The files by index, with the starts of their lines.
pub(crate) struct Texts {
    files: Vec<FileText>,
}

struct FileText {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    /// Characters before each block of bytes, so that a column is found in constant time even in
    /// a file that is one long line.
    characters_before: Vec<u32>,
}

/// Bytes per block of `characters_before`.
const BLOCK: usize = 1024;

impl FileText {
    fn new(name: &str, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        let mut characters_before = vec![0];
        let mut count = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            count += characters_in(block) as u32;
            characters_before.push(count);
        }
        Self { name: name.to_owned(), text: text.to_owned(), line_starts, characters_before }
    }

    /// Counts the characters that begin before byte `at`.
    fn characters(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let block = at / BLOCK;
        let rest = &self.text.as_bytes()[block * BLOCK..at];
        self.characters_before[block] as usize + characters_in(rest)
    }
}

/// Counts the bytes that begin a character.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

impl Texts {
    pub(crate) fn new() -> Self {
        Self { files: Vec::new() }
    }

    pub(crate) fn len(&self) -> u32 {
        self.files.len() as u32
    }

    pub(crate) fn name(&self, file: u32) -> &str {
        &self.files[file as usize].name
    }

    /// The text of a span as written.
    pub(crate) fn written(&self, span: Span) -> &str {
        self.files[span.file as usize]
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Line and column of a byte.
    pub(crate) fn place(&self, file: u32, at: usize) -> Place {
        let text = &self.files[file as usize];
        let line = text.line_starts.partition_point(|start| *start <= at).max(1);
        let start = text.line_starts.get(line - 1).copied().unwrap_or(0);
        let column = text.characters(at) - text.characters(start) + 1;
        Place { file: text.name.clone(), line, column }
    }

    pub(crate) fn place_of(&self, span: Span) -> Place {
        self.place(span.file, span.start as usize)
    }

    /// Adds a file and returns its tree. Problems go to `diagnostics`; without any the tree is
    /// complete. `entries` is the count over all files so far.
    pub(crate) fn parse(
        &mut self,
        name: &str,
        bytes: &[u8],
        entries: &mut usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (u32, Option<Table>) {
        let file = self.files.len() as u32;
        let stop = |code, at: usize, message: String, label: &str, help: &str| {
            // Line and column are counted on the bytes: the text may not be UTF-8.
            let before = &bytes[..at.min(bytes.len())];
            let line = before.split(|byte| *byte == b'\n').count();
            let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |n| n + 1);
            let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
            Diagnostic {
                code,
                message,
                label: label.to_owned(),
                place: Place { file: name.to_owned(), line, column },
                span: at..(at + 1).min(bytes.len()).max(at),
                help: help.to_owned(),
                related: None,
            }
        };
        let mut refuse = |diagnostic| {
            diagnostics.push(diagnostic);
        };
        let empty = |texts: &mut Self| {
            texts.files.push(FileText::new(name, ""));
        };
        if bytes.len() > BYTES_MAX {
            empty(self);
            let message = format!("`{name}` has {} bytes; the most is {BYTES_MAX}", bytes.len());
            refuse(stop(
                Code::BeyondLimits,
                0,
                message,
                "",
                "split it, or leave out what is not needed",
            ));
            return (file, None);
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                empty(self);
                let at = error.valid_up_to();
                let message =
                    format!("`{name}` is not UTF-8 text: byte {at} is 0x{:02x}", bytes[at]);
                refuse(stop(Code::NotText, at, message, "", "save the file as UTF-8"));
                return (file, None);
            }
        };
        self.files.push(FileText::new(name, text));
        let census = Census::take(bytes);
        *entries += census.entries;
        if let Some(at) = census.too_deep_at {
            let message = format!("nested deeper than {DEPTH_MAX} levels");
            refuse(stop(Code::BeyondLimits, at, message, "here", "a file needs at most 5 levels"));
            return (file, None);
        }
        if *entries > ENTRIES_MAX {
            let message = format!("more than {ENTRIES_MAX} entries in all files together");
            let help = "describe equal units by one table with `installed`, and flights by a `[[service]]`";
            refuse(stop(Code::BeyondLimits, 0, message, "", help));
            return (file, None);
        }
        match DeTable::parse(text) {
            Ok(parsed) => (file, Some(table_from(parsed.into_inner(), file))),
            Err(first) => {
                let errors = if text.len() <= RECOVERY_BYTES_MAX {
                    DeTable::parse_recoverable(text).1
                } else {
                    vec![first]
                };
                for error in errors.into_iter().take(SYNTAX_ERRORS_MAX) {
                    let span = error.span().unwrap_or(0..0);
                    diagnostics.push(self.syntax(file, text, span, error.message()));
                }
                (file, None)
            }
        }
    }
}

impl Texts {
    /// What the parser says, or what stands there where that is a date of another form.
    fn syntax(&self, file: u32, text: &str, span: Range<usize>, message: &str) -> Diagnostic {
        let here = |code, message: String, span: Range<usize>, help: String| Diagnostic {
            code,
            message,
            label: String::new(),
            place: self.place(file, span.start),
            span,
            help,
            related: None,
        };
        if let Some((date, meant)) = date_at(text, span.start) {
            let written = &text[date.clone()];
            let message = format!("`{written}` is not a date here: {meant}");
            let help = "dates are year, month and day, without quotes or with them".to_owned();
            return here(Code::DateImpossible, message, date, help);
        }
        here(syntax_code(message), message.to_owned(), span, syntax_help(message).to_owned())
    }
}

/// The value of the line of a byte, where it is a date in another order or with other marks, and what to
/// write instead.
fn date_at(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
    let line = text[start..].split('\n').next()?;
    let value = line.find('=')? + 1;
    let rest = &line[value..];
    let from = start + value + (rest.len() - rest.trim_start().len());
    // In an inline table or a list the value ends at a comma or bracket.
    let written = rest.trim_start().split(['#', ',', '}', ']', ' ', '\t', '\r']).next()?;
    if zarya_units::Date::parse(written).is_ok() {
        return None;
    }
    let meant = zarya_units::Date::meant(written)?;
    Some((from..from + written.len(), meant))
}

/// A date of no calendar is a better thing to say than a mistake of form.
fn syntax_code(message: &str) -> Code {
    if message.starts_with("invalid date") { Code::DateImpossible } else { Code::Syntax }
}

fn syntax_help(message: &str) -> &'static str {
    if message.contains("date") || message.contains("month") || message.contains("day") {
        "write dates as 2027-12-31, without quotes or with them"
    } else if message.contains("duplicate") {
        "a key stands once in a table; a list of tables opens each with `[[name]]`"
    } else {
        "files are TOML 1.0: texts and quantities stand in double quotes"
    }
}

/// What can be counted without parsing.
struct Census {
    entries: usize,
    too_deep_at: Option<usize>,
}

impl Census {
    /// Walks over the bytes once, skipping comments and texts.
    fn take(bytes: &[u8]) -> Self {
        let mut census = Self { entries: 0, too_deep_at: None };
        let (mut depth, mut dots, mut at) = (0_usize, 0_usize, 0_usize);
        while at < bytes.len() {
            match bytes[at] {
                b'#' => {
                    while at < bytes.len() && bytes[at] != b'\n' {
                        at += 1;
                    }
                    continue;
                }
                quote @ (b'"' | b'\'') => {
                    at = after_text(bytes, at, quote);
                    continue;
                }
                b'[' | b'{' => {
                    depth += 1;
                    census.entries += 1;
                }
                b']' | b'}' => depth = depth.saturating_sub(1),
                b'=' | b',' => {
                    census.entries += 1;
                    dots = 0;
                }
                b'\n' => dots = 0,
                b'.' => dots += 1,
                _ => {}
            }
            if depth + dots > DEPTH_MAX && census.too_deep_at.is_none() {
                census.too_deep_at = Some(at);
            }
            at += 1;
        }
        census
    }
}

/// Returns the byte after the text that opens at `at`. An open end is the parser's to report.
fn after_text(bytes: &[u8], at: usize, quote: u8) -> usize {
    let long = bytes[at..].starts_with(&[quote; 3]);
    let mut here = at + if long { 3 } else { 1 };
    while here < bytes.len() {
        match bytes[here] {
            b'\\' if quote == b'"' => here += 2,
            b'\n' if !long => return here,
            byte if byte == quote => {
                if !long {
                    return here + 1;
                }
                if bytes[here..].starts_with(&[quote; 3]) {
                    return here + 3;
                }
                here += 1;
            }
            _ => here += 1,
        }
    }
    bytes.len()
}

fn table_from(table: DeTable<'_>, file: u32) -> Table {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_span: span_from(&key.span(), file),
            key: key.into_inner().into_owned(),
            node: node_from(value, file),
        })
        .collect();
    // The parser sorts by name; readers and messages want the order of the file.
    entries.sort_by_key(|entry| (entry.key_span.start, entry.node.span.start));
    Table { entries }
}

fn node_from(value: toml::Spanned<DeValue<'_>>, file: u32) -> Node {
    let span = span_from(&value.span(), file);
    let tree = match value.into_inner() {
        DeValue::String(text) => Tree::Text(text.into_owned()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            // Beyond 64 bits the exact number no longer matters: every range refuses it.
            .map_or(Tree::Float(f64::INFINITY), Tree::Integer),
        DeValue::Float(float) => Tree::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(yes) => Tree::Boolean(yes),
        DeValue::Datetime(moment) => Tree::Moment(moment.to_string()),
        DeValue::Array(values) => {
            Tree::Array(values.into_iter().map(|value| node_from(value, file)).collect())
        }
        DeValue::Table(table) => Tree::Table(table_from(table, file)),
    };
    Node { span, defaults: file, tree, earlier: Vec::new() }
}

fn span_from(range: &Range<usize>, file: u32) -> Span {
    Span { file, start: range.start as u32, end: range.end as u32 }
}
