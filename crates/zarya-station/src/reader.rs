//! Reads one table key by key: converts, checks, records every value under its path, and at the
//! end reports the keys nobody asked for.
//!
//! A value that is wrong is reported and replaced by a harmless placeholder, so that reading goes
//! on and all problems come out at once; a station with an error is never handed out.

use crate::closed_set::Word;
use crate::context::{Context, Kind};
use crate::diagnostic::Code;
use crate::model::Fact;
use crate::tree::{Entry, Node, Span, Table, Tree, one_line};
use std::cell::RefCell;
use std::collections::BTreeSet;
use zarya_units::Date;
use zarya_units::words::nearest;

/// The numbers a key may take, in the unit of its field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Range {
    pub(crate) const fn new(least: f64, most: f64) -> Self {
        Self { least, most }
    }
    /// 0 to 1.
    pub(crate) const SHARE: Self = Self::new(0.0, 1.0);
    /// Ratio of two quantiles, or a factor that makes things worse.
    pub(crate) const FACTOR: Self = Self::new(1.0, 1_000.0);
    /// Events per year: more than about three a day is not an event.
    pub(crate) const RATE: Self = Self::new(0.0, 1_000.0);
    /// Zero days to three centuries.
    pub(crate) const DAYS: Self = Self::new(0.0, 110_000.0);
    /// One hour to ten million years, in days.
    pub(crate) const LIFE: Self = Self::new(1.0 / 24.0, 3.7e9);
    /// Crew hours.
    pub(crate) const HOURS: Self = Self::new(0.0, 100_000.0);
    /// Kilograms, up to ten thousand tonnes.
    pub(crate) const MASS: Self = Self::new(0.0, 1e7);
    /// Kilograms per day, either sign.
    pub(crate) const FLOW: Self = Self::new(-1e5, 1e5);
}

/// One table being read.
pub(crate) struct Reader<'c, 't> {
    pub(crate) context: &'c Context<'t>,
    table: &'c Table,
    /// Where the table stands, for what is missing in it.
    pub(crate) span: Span,
    /// Path of the table, e.g. `oru.pump`.
    pub(crate) path: String,
    /// Defaults of provenance of this table, else those of its file.
    pub(crate) own: Option<std::rc::Rc<crate::context::Defaults>>,
    /// Index of the defaults of provenance the table was written under.
    pub(crate) defaults: u32,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'c, 't> Reader<'c, 't> {
    /// Starts reading the table in `node`; `None` and a report when it is no table.
    pub(crate) fn of(context: &'c Context<'t>, node: &'c Node, path: String) -> Option<Self> {
        let Some(table) = node.table() else {
            let message = format!("`{path}` is {}", node.tree.type_name());
            context.report(
                Code::WrongType,
                node.span,
                message,
                "a table is needed",
                "write a table",
            );
            return None;
        };
        let asked = RefCell::default();
        let (span, defaults) = (node.span, node.defaults);
        Some(Self { context, table, span, path, own: None, defaults, asked })
    }

    /// The path of a key.
    pub(crate) fn path_of(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    /// The value of a key, marking the key as known.
    pub(crate) fn get(&self, key: &'static str) -> Option<&'c Node> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    /// Like [`Self::get`], reporting a missing key.
    pub(crate) fn require(&self, key: &'static str) -> Option<&'c Node> {
        let node = self.get(key);
        if node.is_none() {
            self.missing(key);
        }
        node
    }

    fn missing(&self, key: &str) {
        // A key that looks like the missing one is probably it.
        let near = nearest(key, self.table.entries.iter().map(|entry| entry.key.as_str()));
        let help = match near.filter(|near| !self.asked.borrow().contains(near)) {
            Some(near) => format!("is `{near}` meant to be `{key}`?"),
            None => format!("add `{key} = …` to the table"),
        };
        let message = format!("`{}` lacks `{key}`", self.path);
        self.context.report(Code::KeyMissing, self.span, message, "in this table", &help);
    }

    pub(crate) fn wrong_type(&self, node: &Node, key: &str, wanted: &str) {
        let message = format!("`{}` is {}", self.path_of(key), node.tree.type_name());
        let label = format!("{wanted} is needed");
        self.context.report(
            Code::WrongType,
            node.span,
            message,
            &label,
            &format!("write {wanted}"),
        );
    }

    /// Records a structural value: its text and place, without basis.
    pub(crate) fn record_plain(&self, key: &str, node: &Node) {
        let fact = Fact {
            text: self.context.written(node),
            basis: None,
            source: None,
            why: None,
            alternatives: Vec::new(),
            rests_on: Vec::new(),
            chain: self.context.chain(node),
        };
        self.context.record(&self.path_of(key), node, fact);
    }

    /// A text that must be there.
    pub(crate) fn text(&self, key: &'static str) -> String {
        self.require(key).and_then(|node| self.text_from(key, node)).unwrap_or_default()
    }

    /// A text that may be absent.
    pub(crate) fn text_opt(&self, key: &'static str) -> Option<String> {
        self.get(key).and_then(|node| self.text_from(key, node))
    }

    fn text_from(&self, key: &str, node: &Node) -> Option<String> {
        let Some(text) = node.text() else {
            self.wrong_type(node, key, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            let message = format!("`{}` is empty", self.path_of(key));
            self.context.report(
                Code::KeyMissing,
                node.span,
                message,
                "",
                "write a text, or remove the key",
            );
            return None;
        }
        self.record_plain(key, node);
        Some(one_line(text))
    }

    /// The table's own id, declared under its kind.
    pub(crate) fn id(&self, kind: Kind) -> String {
        let Some(node) = self.require("id") else { return String::new() };
        let Some(id) = node.text() else {
            self.wrong_type(node, "id", "a text in quotes");
            return String::new();
        };
        if !self.well_formed(id, node.span) {
            return String::new();
        }
        self.context.declare(kind, id, node.span);
        self.record_plain("id", node);
        id.to_owned()
    }

    /// Reports an id that is not made of lower-case letters, digits and `-`.
    pub(crate) fn well_formed(&self, id: &str, span: Span) -> bool {
        let fine = !id.is_empty()
            && id.len() <= 64
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !fine {
            let message = format!("`{id}` is not an id");
            let help = "ids are 1 to 64 lower-case letters, digits and `-`, as in `oga-pump`";
            self.context.report(Code::IdMalformed, span, message, "", help);
        }
        fine
    }

    /// A reference that must be there.
    pub(crate) fn reference(&self, key: &'static str, kind: Kind) -> String {
        self.require(key).and_then(|node| self.reference_from(key, node, kind)).unwrap_or_default()
    }

    /// A reference that may be absent.
    pub(crate) fn reference_opt(&self, key: &'static str, kind: Kind) -> Option<String> {
        self.get(key).and_then(|node| self.reference_from(key, node, kind))
    }

    fn reference_from(&self, key: &str, node: &Node, kind: Kind) -> Option<String> {
        let text = self.text_from(key, node)?;
        if kind == Kind::Source {
            self.context.cite(&text, node, &self.path_of(key));
        }
        self.context.refer(kind, &text, node.span);
        Some(text)
    }

    /// A list of references; empty when absent.
    pub(crate) fn references(&self, key: &'static str, kind: Kind) -> Vec<String> {
        let found = self.texts(key);
        for (text, span) in &found {
            self.context.refer(kind, text, *span);
        }
        found.into_iter().map(|(text, _)| text).collect()
    }

    /// A list of texts with their places; empty when absent.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<(String, Span)> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Tree::Array(items) = &node.tree else {
            self.wrong_type(node, key, "a list of texts in square brackets");
            return Vec::new();
        };
        self.record_plain(key, node);
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            match item.text() {
                Some(text) => found.push((text.to_owned(), item.span)),
                None => self.wrong_type(item, key, "a text in quotes"),
            }
        }
        found
    }

    /// One of a few words that must be there.
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.require(key).and_then(|node| self.choice_from(key, node, words))
    }

    /// One of a few words, or `default` when the key is absent.
    pub(crate) fn choice_or<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&'static str, T)],
        default: T,
    ) -> T {
        self.get(key).and_then(|node| self.choice_from(key, node, words)).unwrap_or(default)
    }

    fn choice_from<T: Copy>(
        &self,
        key: &str,
        node: &Node,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text_from(key, node)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
            self.unknown_word(key, node, &text, &known);
        }
        found
    }

    /// A word of a closed set that must be there, with its place.
    pub(crate) fn word<T>(
        &self,
        key: &'static str,
        words: &'static [Word],
        parse: fn(&str) -> Option<T>,
    ) -> Option<(T, Span)> {
        let node = self.require(key)?;
        let text = self.text_from(key, node)?;
        let found = parse(&text);
        if found.is_none() {
            let known: Vec<&'static str> = words.iter().map(|word| word.form).collect();
            self.unknown_word(key, node, &text, &known);
        }
        found.map(|found| (found, node.span))
    }

    pub(crate) fn unknown_word(&self, key: &str, node: &Node, text: &str, known: &[&'static str]) {
        let message = format!("`{}` cannot be `{text}`", self.path_of(key));
        let list = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let help = match self.context.nearest_word(text, known) {
            Some(near) => format!("the nearest is `{near}`; known are {list}"),
            None => format!("known are {list}"),
        };
        self.context.report(Code::WordUnknown, node.span, message, "", &help);
    }

    /// Yes or no, or `default` when the key is absent.
    pub(crate) fn yes_or(&self, key: &'static str, default: bool) -> bool {
        let Some(node) = self.get(key) else { return default };
        if let Tree::Boolean(yes) = node.tree {
            self.record_plain(key, node);
            return yes;
        }
        self.wrong_type(node, key, "`true` or `false`");
        default
    }

    /// A date that must be there.
    pub(crate) fn date(&self, key: &'static str) -> Option<Date> {
        self.require(key).and_then(|node| self.date_from(key, node, false)).map(|(date, _)| date)
    }

    /// A date that may be absent.
    pub(crate) fn date_opt(&self, key: &'static str) -> Option<Date> {
        self.get(key).and_then(|node| self.date_from(key, node, false)).map(|(date, _)| date)
    }

    /// A date, or a year that means its last day (`true` in the second place).
    pub(crate) fn day_or_year(&self, key: &'static str) -> Option<(Date, bool)> {
        self.require(key).and_then(|node| self.date_from(key, node, true))
    }

    pub(crate) fn date_from(&self, key: &str, node: &Node, year: bool) -> Option<(Date, bool)> {
        let wanted =
            if year { "a date (2027-12-31) or a year (2028)" } else { "a date (2027-12-31)" };
        let parsed = match &node.tree {
            Tree::Text(text) | Tree::Moment(text) => Date::parse(text).map(|date| (date, false)),
            Tree::Integer(number) if year => {
                let last = i16::try_from(*number).ok().map(|number| Date::new(number, 12, 31));
                match last {
                    Some(last) => last.map(|date| (date, true)),
                    None => Date::parse(&number.to_string()).map(|date| (date, true)),
                }
            }
            _ => {
                self.wrong_type(node, key, wanted);
                return None;
            }
        };
        match parsed {
            Ok(found) => {
                self.record_plain(key, node);
                Some(found)
            }
            Err(error) => {
                self.context.report(
                    Code::DateImpossible,
                    node.span,
                    error.to_string(),
                    "",
                    &format!("write {wanted} of the calendar"),
                );
                None
            }
        }
    }

    /// A whole number that must be there.
    pub(crate) fn count(&self, key: &'static str, least: u32, most: u32) -> u32 {
        let node = self.require(key);
        node.and_then(|node| self.count_from(key, node, least, most)).unwrap_or(least)
    }

    /// A whole number, or `default` when the key is absent.
    pub(crate) fn count_or(&self, key: &'static str, least: u32, most: u32, default: u32) -> u32 {
        let Some(node) = self.get(key) else { return default };
        self.count_from(key, node, least, most).unwrap_or(default)
    }

    /// A whole number or `"unknown"`, that must be there.
    pub(crate) fn count_or_unknown(&self, key: &'static str, most: u32) -> Option<u32> {
        let node = self.require(key)?;
        let inner = node.table().and_then(|table| table.get("value")).unwrap_or(node);
        if inner.text() == Some("unknown") {
            self.record_tabled(key, node);
            return None;
        }
        self.count_from(key, node, 0, most)
    }

    pub(crate) fn count_from(&self, key: &str, node: &Node, least: u32, most: u32) -> Option<u32> {
        let inner = node.table().and_then(|table| table.get("value")).unwrap_or(node);
        let number = match inner.tree {
            Tree::Integer(number) => number,
            Tree::Float(number) if number.is_finite() && number.fract() == 0.0 => number as i64,
            Tree::Float(_) => {
                let message = format!("`{}` is not a whole number", self.path_of(key));
                let code = Code::OutOfRange;
                self.context.report(
                    code,
                    inner.span,
                    message,
                    "",
                    &format!("write {least} to {most}"),
                );
                return None;
            }
            _ => {
                self.wrong_type(inner, key, "a whole number");
                return None;
            }
        };
        let found = u32::try_from(number).ok().filter(|count| (least..=most).contains(count));
        if found.is_some() {
            self.record_tabled(key, node);
        } else {
            // As it stands in the file: what does not fit is no longer the number that was meant.
            let said = self.context.written(inner);
            let said = if said.len() <= 40 { said } else { number.to_string() };
            let message = format!("`{}` is {said}", self.path_of(key));
            let help = format!("write a whole number from {least} to {most}");
            self.context.report(Code::OutOfRange, inner.span, message, "out of range", &help);
        }
        found
    }

    /// A nested table that may be absent.
    pub(crate) fn table_opt(&self, key: &'static str) -> Option<Self> {
        let node = self.get(key)?;
        self.reader_of(key, node, self.path_of(key))
    }

    /// A nested table that must be there.
    pub(crate) fn table(&self, key: &'static str) -> Option<Self> {
        let node = self.require(key)?;
        self.reader_of(key, node, self.path_of(key))
    }

    fn reader_of(&self, key: &str, node: &'c Node, path: String) -> Option<Self> {
        if node.table().is_none() {
            self.wrong_type(node, key, "a table");
            return None;
        }
        // A table from elsewhere (an overlay) does not inherit what its surroundings say.
        let own = self.own.clone().filter(|_| node.defaults == self.defaults);
        Self::of(self.context, node, path).map(|reader| Self { own, ..reader })
    }

    /// A list of tables; empty when absent. Paths carry the item's id, else its position from 0.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Self> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Tree::Array(items) = &node.tree else {
            self.wrong_type(node, key, "a list of tables");
            return Vec::new();
        };
        let path = self.path_of(key);
        let named = items.iter().enumerate().map(|(at, item)| (item_path(&path, item, at), item));
        named.filter_map(|(path, item)| self.reader_of(key, item, path)).collect()
    }

    /// All entries of a table with free keys (`{ us = 1, rs = 2 }`).
    pub(crate) fn entries(&self) -> &'c [Entry] {
        &self.table.entries
    }

    /// Returns whether the value of a key was read and found good.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.context.is_recorded(&self.path_of(key))
    }

    /// Marks a key as known without reading it.
    pub(crate) fn know(&self, key: &'static str) {
        self.asked.borrow_mut().insert(key);
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.into_inner();
        for entry in self.table.entries.iter().filter(|e| !asked.contains(e.key.as_str())) {
            let known: Vec<&'static str> = asked.iter().copied().collect();
            let help = match self.context.nearest_word(&entry.key, &known) {
                Some(near) => format!("the nearest known key is `{near}`"),
                None => format!("known keys here are {}", known.join(", ")),
            };
            let message = format!("`{}` has no key `{}`", self.path, entry.key);
            self.context.report(Code::KeyUnknown, entry.key_span, message, "not known here", &help);
        }
    }
}

/// The path of an item of a list: by its id, else by its position from 0.
pub(crate) fn item_path(list: &str, item: &Node, at: usize) -> String {
    match item.table().and_then(|table| table.get("id")).and_then(Node::text) {
        // An id that is none, and long, is not repeated in every path.
        Some(id) if (1..=64).contains(&id.len()) => format!("{list}.{id}"),
        _ => format!("{list}.{at}"),
    }
}
