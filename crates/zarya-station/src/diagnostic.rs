//! What is wrong with station and case files: stable codes, places, and a way out of each.

use crate::model::Place;
use std::fmt::Write as _;
use std::ops::Range;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The station is refused.
    Error,
    /// The station loads; somebody should look.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $severity:ident, $meaning:literal;)*) => {
        /// A stable code. A code keeps its meaning for ever; a new problem takes a new one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// All codes in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the code as printed, e.g. `ZS010`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Returns what the code stands for, in a few words.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }

            /// Returns whether it refuses the station.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    CaseSyntax = "ZA001", Error, "a case file that is not TOML";
    CaseKeyUnknown = "ZA002", Error, "a key of a case file that is not known here";
    CaseValueWrong = "ZA003", Error, "a value of a case file that is not of the kind needed here";
    CaseKeyMissing = "ZA004", Error, "something that a case file must state, or state otherwise";
    CaseContradiction = "ZA005", Error, "a number of a case file outside its range, or values that contradict each other";
    BeyondLimits = "ZS001", Error, "a file or station beyond the limits of size, nesting or number";
    NotText = "ZS002", Error, "a file that is not UTF-8 text";
    Syntax = "ZS003", Error, "not TOML";
    FileMissing = "ZS004", Error, "a file that every station needs is missing";
    FileUnknown = "ZS005", Error, "a file that is not part of a station";
    KeyUnknown = "ZS010", Error, "a key or table that is not known here";
    KeyMissing = "ZS011", Error, "a key that is needed is missing";
    WrongType = "ZS012", Error, "a value of the wrong type, such as a number where text is needed";
    WordUnknown = "ZS013", Error, "a word outside the list of words allowed here";
    IdMalformed = "ZS014", Error, "an id that is not made of lower-case letters, digits and `-`";
    IdDuplicate = "ZS015", Error, "an id used twice";
    KeyConflict = "ZS016", Error, "two keys that exclude each other";
    UnitMissing = "ZS020", Error, "a bare number where a quantity with a unit is needed";
    QuantityMalformed = "ZS021", Error, "a text that is not a number and a known unit";
    WrongDimension = "ZS022", Error, "a unit of the wrong dimension";
    NotFinite = "ZS023", Error, "a number that is not finite";
    OutOfRange = "ZS024", Error, "a number outside its range";
    BandDisordered = "ZS025", Error, "a band that does not enclose its value";
    UnknownRefused = "ZS026", Error, "`unknown` where the model cannot do without a value";
    SharesUnbalanced = "ZS027", Error, "shares that do not sum to 1";
    ProvenanceMissing = "ZS030", Error, "a value without basis, source, reason or alternatives";
    SourceKnownLater = "ZS031", Error, "a value that rests on a source known only after the as-of date";
    DatumReused = "ZS032", Error, "a datum with a second use: as prior, update, weight or score";
    DateImpossible = "ZS040", Error, "not a date of the calendar";
    DateDisordered = "ZS041", Error, "dates that contradict each other or the as-of date";
    ReferenceDangling = "ZS050", Error, "a reference to something that does not exist";
    Cycle = "ZS051", Error, "what depends on itself, whichever way round";
    RuleUnmeetable = "ZS052", Error, "a rule that the station cannot meet";
    CabinContradiction = "ZS053", Error, "a cabin whose zones, pressures, limits, stores or processors contradict each other";
    NobodyAboard = "ZS054", Error, "nobody aboard on the as-of date, and no phase that says so";
    OverlayMatchesNothing = "ZS060", Error, "an overlay operation that matches nothing";
    OverlayMalformed = "ZS061", Error, "an overlay operation that cannot be carried out as written";
    OverlayUnexplained = "ZS062", Error, "an overlay that does not say why";
    UnitSuspect = "ZS101", Warning, "numbers that look as if written in another unit";
    MagnitudeSuspect = "ZS102", Warning, "a number far from what such things weigh, last or cost";
    SourceUnused = "ZS103", Warning, "a source that nothing rests on";
    PlannedInThePast = "ZS104", Warning, "a planned flight before the as-of date";
    Hindsight = "ZS105", Warning, "base values known only after the as-of date an overlay moved back";
    NothingServes = "ZS106", Warning, "a capability that nothing can take away";
    TooMany = "ZS199", Warning, "more problems than are shown";
}

/// One problem, with its place and a way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// What the marked text is, shown beside the mark. May be empty.
    pub label: String,
    /// Where the marked text begins.
    pub place: Place,
    /// The marked text: bytes of the file.
    pub span: Range<usize>,
    /// What to do.
    pub help: String,
    /// Another place that has to do with it.
    pub related: Option<(Place, String)>,
}

impl Diagnostic {
    /// Returns whether it refuses the station.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Renders diagnostics as text, each with the line it is about. Plain ASCII marks, no color.
///
/// `files` are the files and overlays that were handed to [`crate::load`], in any order; without
/// its file a diagnostic is printed without the line.
pub fn render(diagnostics: &[Diagnostic], files: &[(String, Vec<u8>)]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let bytes = files.iter().find(|(name, _)| *name == diagnostic.place.file);
        render_one(&mut out, diagnostic, bytes.map(|(_, bytes)| bytes.as_slice()));
        out.push('\n');
    }
    let count = |severity| diagnostics.iter().filter(|d| d.severity() == severity).count();
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => {}
        (0, warnings) => out.push_str(&plural(warnings, "warning")),
        (errors, 0) => out.push_str(&plural(errors, "error")),
        (errors, warnings) => {
            out.push_str(&plural(errors, "error"));
            out.push_str(", ");
            out.push_str(&plural(warnings, "warning"));
        }
    }
    if !diagnostics.is_empty() {
        out.push('\n');
    }
    out
}

/// Longest part of a line that is printed, in characters.
const LINE_MAX: usize = 120;

fn render_one(out: &mut String, diagnostic: &Diagnostic, bytes: Option<&[u8]>) {
    let Diagnostic { code, message, label, place, span, help, related } = diagnostic;
    let word = match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let gutter = place.line.to_string().len();
    let _ = writeln!(out, "{word}[{}]: {}", code.id(), visible(message));
    let _ =
        writeln!(out, "{:gutter$}--> {}:{}:{}", "", visible(&place.file), place.line, place.column);
    let line = bytes
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.split('\n').nth(place.line - 1));
    if let Some(line) = line {
        let line = line.trim_end_matches('\r');
        // A very long line is cut to a window that begins a little before the mark.
        let first = if place.column > LINE_MAX { place.column - 20 } else { 1 };
        let shown: String = line.chars().skip(first - 1).take(LINE_MAX).map(one_column).collect();
        let width_all = line
            .char_indices()
            .skip(place.column - 1)
            .take_while(|(at, _)| at - char_start(line, place.column) < span.len())
            .count();
        let room = shown.chars().count().saturating_sub(place.column - first);
        let width = width_all.min(room).max(1);
        let _ = writeln!(out, "{:gutter$} |", "");
        let _ = writeln!(out, "{} | {shown}", place.line);
        let mark = "^".repeat(width);
        let _ = writeln!(
            out,
            "{:gutter$} | {:indent$}{mark}{}{}",
            "",
            "",
            if label.is_empty() { "" } else { " " },
            visible(label),
            indent = place.column - first,
        );
    }
    if let Some((place, text)) = related {
        let _ = writeln!(
            out,
            "{:gutter$} = note: {} at {}:{}:{}",
            "",
            visible(text),
            visible(&place.file),
            place.line,
            place.column
        );
    }
    if !help.is_empty() {
        let _ = writeln!(out, "{:gutter$} = help: {}", "", visible(help));
    }
}

/// The byte at which the character of column `column` (from 1) begins.
fn char_start(line: &str, column: usize) -> usize {
    line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at)
}

/// Keeps one column per character, and control characters out of the terminal.
fn one_column(c: char) -> char {
    if c == '\t' {
        ' '
    } else if c.is_control() {
        '\u{FFFD}'
    } else {
        c
    }
}

/// A text from a file as it may be printed: no control characters, not endless.
fn visible(text: &str) -> String {
    const MAX: usize = 400;
    let mut shown: String = text.chars().take(MAX).map(one_column).collect();
    if text.chars().nth(MAX).is_some() {
        shown.push('…');
    }
    shown
}
