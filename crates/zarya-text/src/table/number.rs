//! Numbers as spreadsheets write them.

use std::fmt;

/// How the numbers of one table are written, as far as its cells tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Writing {
    /// The separator of cells is a comma.
    pub(super) comma_separates: bool,
    /// The separator of cells is a semicolon, which spreadsheets use where the comma is the decimal sign.
    semicolon_separates: bool,
    /// A cell whose comma can only be a decimal sign.
    decimal_comma: bool,
    /// A cell whose point can only be a decimal sign.
    decimal_point: bool,
}

/// Why a cell is no number, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANumber {
    /// What is wrong; the cell is quoted in it.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.help)
    }
}

/// How a cell of digits with points or commas can be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The mark can only be a decimal sign.
    Decimal(char),
    /// Three digits follow the mark: a decimal sign, or one between thousands.
    Either(char),
    /// The mark stands between thousands.
    Thousands(char),
    /// Anything else.
    Other,
}

/// Tells the shape of a cell that holds points or commas.
fn shape(cell: &str) -> Shape {
    let digits = cell.trim_start_matches(['+', '-']);
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.') {
        return Shape::Other;
    }
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouped = |whole: &str, mark: char| {
        let mut groups = whole.split(mark);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
            && groups.all(|group| group.len() == 3)
    };
    match marks.as_slice() {
        [mark] => {
            let (whole, fraction) = digits.split_once(*mark).unwrap_or((digits, ""));
            let is_group = fraction.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0";
            if is_group { Shape::Either(*mark) } else { Shape::Decimal(*mark) }
        }
        [first, .., last]
            if first != last && marks[..marks.len() - 1].iter().all(|m| m == first) =>
        {
            let whole = digits.rsplit_once(*last).map_or("", |(whole, _)| whole);
            if grouped(whole, *first) { Shape::Thousands(*first) } else { Shape::Other }
        }
        [first, ..] if marks.iter().all(|mark| mark == first) && grouped(digits, *first) => {
            Shape::Thousands(*first)
        }
        _ => Shape::Other,
    }
}

impl Writing {
    /// Knows what separates cells, and no cell yet.
    pub(super) fn separated_by(separator: u8) -> Self {
        Self {
            comma_separates: separator == b',',
            semicolon_separates: separator == b';',
            ..Self::default()
        }
    }

    /// Learns from a cell which sign is the decimal one.
    pub(super) fn learn(&mut self, cell: &str) {
        match shape(cell) {
            Shape::Decimal(',') | Shape::Thousands('.') => self.decimal_comma = true,
            Shape::Decimal(_) | Shape::Thousands(_) => self.decimal_point = true,
            Shape::Either(_) | Shape::Other => {}
        }
    }

    /// Reads a number.
    pub(super) fn number(self, cell: &str) -> Result<f64, NotANumber> {
        let refused = |what: &str, help: String| {
            Err(NotANumber { what: format!("`{}` {what}", super::shortened(cell)), help })
        };
        let ambiguous = |mark: char| {
            let (name, bare) = (name(mark), cell.replace(mark, ""));
            let decimal = cell.replace(mark, ".");
            refused(
                &format!("has a {name} that may be the decimal sign or stand between thousands"),
                if mark == '.' {
                    format!("write {decimal}0 or {bare}")
                } else {
                    format!("write {decimal} or {bare}")
                },
            )
        };
        match shape(cell) {
            Shape::Thousands(mark) => {
                let decimal = if mark == ',' { '.' } else { ',' };
                let bare = cell.replace(mark, "").replace(decimal, ".");
                refused(
                    &format!("has a {} between thousands", name(mark)),
                    format!("write {bare}, without signs between thousands"),
                )
            }
            Shape::Decimal(',') | Shape::Either(',') if self.comma_separates => ambiguous(','),
            Shape::Either(',') if !self.is_decimal_comma() => ambiguous(','),
            Shape::Either('.') if self.decimal_comma => ambiguous('.'),
            Shape::Decimal(',') | Shape::Either(',') => finite(&cell.replace(',', "."), cell),
            _ => finite(cell, cell),
        }
    }

    /// Whether a comma before three digits is the decimal sign.
    fn is_decimal_comma(self) -> bool {
        (self.semicolon_separates || self.decimal_comma) && !self.decimal_point
    }
}

/// Names a sign.
fn name(mark: char) -> &'static str {
    if mark == ',' { "comma" } else { "point" }
}

/// Reads a number whose decimal sign is a point.
fn finite(text: &str, cell: &str) -> Result<f64, NotANumber> {
    let refused = |what: &str, help: String| {
        Err(NotANumber { what: format!("`{}` {what}", super::shortened(cell)), help })
    };
    // `inf`, `nan` and their like are words.
    let is_word =
        text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_alphabetic());
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && !is_word => return Ok(value),
        Ok(_) if !is_word => return refused("is too large for a number", "check its unit".into()),
        _ => {}
    }
    // Exponents of other languages, and their decimal comma.
    let bare: String =
        text.chars().filter(|c| !c.is_whitespace() && !"'’_\u{202f}\u{a0}".contains(*c)).collect();
    if bare != text && bare.parse::<f64>().is_ok_and(f64::is_finite) {
        return refused("has signs between thousands", format!("write {bare}"));
    }
    let end =
        text.find(|c: char| !c.is_ascii_digit() && !"+-.,eE".contains(c)).unwrap_or(text.len());
    let (number, unit) = (text[..end].trim_end_matches(['e', 'E']), text[end..].trim());
    if !unit.is_empty() && number.parse::<f64>().is_ok() {
        return refused(
            "is a number with something behind it",
            format!("write {number}; a unit stands in the name of the column"),
        );
    }
    refused("is not a number", "write digits, with a point as the decimal sign".into())
}

/// Whether a cell says that there is no value.
pub fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 11] = ["", "nan", "na", "n/a", "#n/a", "null", "none", "-", "–", "—", "?"];
    cell.len() <= 4 && WORDS.contains(&cell.to_lowercase().as_str())
}
