//! Values with their provenance: a text with a unit or a number, plain or in a table that says
//! where it comes from.

use crate::context::{Context, Defaults, Kind};
use crate::diagnostic::Code;
use crate::model::{Basis, Fact, Value};
use crate::reader::{Range, Reader};
use crate::tree::{Node, Span, Table, Tree};
use std::rc::Rc;
use zarya_units::{Quantity, QuantityError};

/// The words of `basis`.
pub(crate) const BASES: &[(&str, Basis)] = &[
    ("published", Basis::Published),
    ("derived", Basis::Derived),
    ("claimed", Basis::Claimed),
    ("assumed", Basis::Assumed),
    ("disputed", Basis::Disputed),
];

/// Returns the word of a basis, as files write it.
pub fn basis_word(basis: Basis) -> &'static str {
    BASES.iter().find(|(_, known)| *known == basis).map_or("", |(word, _)| word)
}

/// Units a key may be written in: the first is the field's, each with the factor to it. No unit
/// at all means a pure number or a percentage.
pub(crate) type Units = &'static [(&'static str, f64)];

/// A pure number, or a percentage.
pub(crate) const NUMBER: Units = &[];

/// Keys of a table that holds a value.
const VALUE_KEYS: &[&str] =
    &["value", "low", "high", "basis", "source", "why", "alternatives", "rests_on", "note"];

/// What was resolved about where a value comes from.
#[derive(Default)]
struct Provenance {
    basis: Option<Basis>,
    source: Option<String>,
    why: Option<String>,
    alternatives: Vec<(String, String)>,
    rests_on: Vec<String>,
}

impl<'c> Reader<'c, '_> {
    /// Reads `basis`, `source`, `why` and `note` of a row; its plain values inherit them.
    pub(crate) fn inherit_from_row(&mut self) {
        let file = self.file_defaults().clone();
        let stated = self.get("basis").is_some();
        let basis = self.get("basis").and_then(|node| basis_from(self.context, node, &self.path));
        let source = self.reference_opt("source", Kind::Source);
        let why = self.text_opt("why");
        self.text_opt("note");
        if !stated && source.is_none() && why.is_none() {
            return;
        }
        let own = if stated {
            Defaults { basis, source, why, ..file }
        } else {
            Defaults { source: source.or(file.source), why: why.or(file.why), ..file }
        };
        if let (true, Some(basis)) = (stated, own.basis) {
            let found = Provenance {
                basis: Some(basis),
                source: own.source.clone(),
                why: own.why.clone(),
                // A row lists the alternatives of its date itself.
                alternatives: vec![(String::new(), String::new())],
                rests_on: Vec::new(),
            };
            self.check_basis(&self.path, self.span, basis, &found);
        }
        self.own = Some(Rc::new(own));
    }

    /// Whether the file says that the mean times of its units come from service.
    pub(crate) fn file_counts_service(&self) -> bool {
        self.file_defaults().from_experience
    }

    fn file_defaults(&self) -> &'c Defaults {
        &self.context.defaults[self.defaults as usize]
    }

    /// The basis of a row (`basis = "…"`), inherited if need be. Reported when there is none.
    pub(crate) fn row_basis(&self) -> Basis {
        let defaults = self.own.as_deref().unwrap_or_else(|| self.file_defaults());
        defaults.basis.unwrap_or_else(|| {
            self.no_basis(&self.path, self.span);
            Basis::Assumed
        })
    }

    /// The source of a row, inherited if need be; empty for an assumed or disputed row without one.
    /// Reported when a row of another basis has none.
    pub(crate) fn row_source(&self) -> String {
        let defaults = self.own.as_deref().unwrap_or_else(|| self.file_defaults());
        let may_lack = matches!(defaults.basis, Some(Basis::Assumed | Basis::Disputed));
        match &defaults.source {
            Some(source) => source.clone(),
            None if may_lack => String::new(),
            None => {
                let message = format!("`{}` has no source", self.path);
                let help = "add `source = \"key\"`, a key of sources.toml";
                self.context.report(Code::ProvenanceMissing, self.span, message, "", help);
                String::new()
            }
        }
    }

    /// A value with a band and a basis, that must be there.
    pub(crate) fn value(&self, key: &'static str, units: Units, range: Range) -> Value {
        let placeholder = Value::exact(range.least.max(1.0).min(range.most), Basis::Assumed);
        let Some(node) = self.require(key) else { return placeholder };
        self.value_from(key, node, units, range, true).unwrap_or(placeholder)
    }

    /// A value that may be absent, or `"unknown"`.
    pub(crate) fn value_opt(&self, key: &'static str, units: Units, range: Range) -> Option<Value> {
        let node = self.get(key)?;
        self.known_value(key, node, units, range)
    }

    fn known_value(&self, key: &str, node: &Node, units: Units, range: Range) -> Option<Value> {
        let inner = node.table().and_then(|table| table.get("value")).unwrap_or(node);
        if inner.text() == Some("unknown") {
            self.record_tabled(key, node);
            return None;
        }
        self.value_from(key, node, units, range, true)
    }

    /// A value, or `default` (assumed) when the key is absent.
    pub(crate) fn value_or(
        &self,
        key: &'static str,
        units: Units,
        range: Range,
        default: f64,
    ) -> Value {
        let placeholder = Value::exact(default, Basis::Assumed);
        match self.get(key) {
            Some(node) => self.value_from(key, node, units, range, true).unwrap_or(placeholder),
            None => placeholder,
        }
    }

    /// A number of structure (no band, no basis needed), that must be there.
    pub(crate) fn plain(&self, key: &'static str, units: Units, range: Range) -> f64 {
        let node = self.require(key);
        let value = node.and_then(|node| self.value_from(key, node, units, range, false));
        value.map_or(range.least.max(1.0).min(range.most), |value| value.value)
    }

    /// A number of structure, or `default` when the key is absent.
    pub(crate) fn plain_or(
        &self,
        key: &'static str,
        units: Units,
        range: Range,
        default: f64,
    ) -> f64 {
        let Some(node) = self.get(key) else { return default };
        self.value_from(key, node, units, range, false).map_or(default, |value| value.value)
    }

    /// Reads a list of pure numbers with one provenance, plain or as `{ value = [ … ], basis = "…" }`; none when
    /// the key is absent. Reported when it is no list of at least one number, each within `range`.
    pub(crate) fn numbers(&self, key: &'static str, range: Range) -> Option<Vec<f64>> {
        self.quantities(key, NUMBER, range)
    }

    /// Like [`Self::numbers`], in the first of `units`.
    pub(crate) fn quantities(
        &self,
        key: &'static str,
        units: Units,
        range: Range,
    ) -> Option<Vec<f64>> {
        let node = self.get(key)?;
        let path = self.path_of(key);
        let inner = node.table().and_then(|table| table.get("value")).unwrap_or(node);
        let Tree::Array(items) = &inner.tree else {
            let wanted = match units {
                [] => "a list of numbers in square brackets",
                _ => "a list of quantities in square brackets",
            };
            self.wrong_type(inner, key, wanted);
            return None;
        };
        if let Some(table) = node.table() {
            self.check_value_keys(table, &path);
        }
        let provenance = self.provenance(&path, node, true);
        let numbers: Vec<Option<f64>> =
            items.iter().map(|item| self.number_from(&path, item, units, range)).collect();
        if numbers.is_empty() {
            let message = format!("`{path}` is empty");
            self.context.report(
                Code::KeyMissing,
                inner.span,
                message,
                "",
                "write a number, or remove the key",
            );
            return None;
        }
        let numbers: Option<Vec<f64>> = numbers.into_iter().collect();
        if numbers.is_some() {
            self.record_value(&path, node, inner, provenance.as_ref());
        }
        numbers
    }

    /// Reads a value from its node and records it. `fact` asks for a basis.
    pub(crate) fn value_from(
        &self,
        key: &str,
        node: &Node,
        units: Units,
        range: Range,
        fact: bool,
    ) -> Option<Value> {
        let path = self.path_of(key);
        let table = node.table();
        let inner = match table {
            Some(table) => {
                self.check_value_keys(table, &path);
                let Some(inner) = table.get("value") else {
                    let message = format!("`{path}` is a table without `value`");
                    let help = "write { value = \"…\", basis = \"…\", … }";
                    self.context.report(Code::KeyMissing, node.span, message, "", help);
                    return None;
                };
                inner
            }
            None => node,
        };
        let value = self.number_from(&path, inner, units, range);
        let bound = |name: &str| {
            let node = table?.get(name)?;
            Some((self.number_from(&format!("{path}.{name}"), node, units, range), node))
        };
        let (low, high) = (bound("low"), bound("high"));
        let provenance = self.provenance(&path, node, fact);
        let value = value?;
        // A bound that was itself refused is reported already and stands aside.
        let number = |bound: &Option<(Option<f64>, &Node)>| match bound {
            Some((Some(number), _)) => *number,
            _ => value,
        };
        let (low_number, high_number) = (number(&low), number(&high));
        if !(low_number <= value && value <= high_number) {
            let message = format!("the band of `{path}` does not enclose its value");
            let help = "`low` is the 5 % quantile, `high` the 95 % one: low <= value <= high";
            self.context.report(Code::BandDisordered, inner.span, message, "the value", help);
        }
        self.record_value(&path, node, inner, provenance.as_ref());
        let basis = provenance.and_then(|found| found.basis).unwrap_or(Basis::Assumed);
        Some(Value { value, low: low_number, high: high_number, basis })
    }

    /// Records a structural value that may stand in a table with provenance.
    pub(crate) fn record_tabled(&self, key: &str, node: &Node) {
        let Some(table) = node.table() else {
            self.record_plain(key, node);
            return;
        };
        let path = self.path_of(key);
        self.check_value_keys(table, &path);
        let provenance = self.provenance(&path, node, false);
        self.record_value(&path, node, table.get("value").unwrap_or(node), provenance.as_ref());
    }

    fn record_value(&self, path: &str, node: &Node, inner: &Node, provenance: Option<&Provenance>) {
        let mut chain = self.context.chain(node);
        for entry in node.table().map_or(&[][..], |table| &table.entries) {
            if !entry.node.earlier.is_empty() {
                chain.extend(self.context.chain(&entry.node));
            }
        }
        let fact = Fact {
            text: self.context.written(inner),
            basis: provenance.and_then(|found| found.basis),
            source: provenance.and_then(|found| found.source.clone()),
            why: provenance.and_then(|found| found.why.clone()),
            alternatives: provenance.map(|found| found.alternatives.clone()).unwrap_or_default(),
            rests_on: provenance.map(|found| found.rests_on.clone()).unwrap_or_default(),
            chain,
        };
        self.context.record(path, node, fact);
    }

    fn check_value_keys(&self, table: &Table, path: &str) {
        for entry in table.entries.iter().filter(|e| !VALUE_KEYS.contains(&e.key.as_str())) {
            let help = match self.context.nearest_word(&entry.key, VALUE_KEYS) {
                Some(near) => format!("the nearest known key is `{near}`"),
                None => format!("a value has the keys {}", VALUE_KEYS.join(", ")),
            };
            let message = format!("the value `{path}` has no key `{}`", entry.key);
            self.context.report(Code::KeyUnknown, entry.key_span, message, "not known here", &help);
        }
    }

    /// Reads one number in the first of `units`.
    fn number_from(&self, path: &str, node: &Node, units: Units, range: Range) -> Option<f64> {
        let number = match &node.tree {
            Tree::Integer(number) => Bare(*number as f64),
            Tree::Float(number) => Bare(*number),
            Tree::Text(text) => Written(text),
            other => {
                let wanted = if units.is_empty() { "a number" } else { "a quantity in quotes" };
                let message = format!("`{path}` is {}", other.type_name());
                let help = format!("write {wanted}");
                let label = format!("{wanted} is needed");
                self.context.report(Code::WrongType, node.span, message, &label, &help);
                return None;
            }
        };
        let parsed = match number {
            Bare(number) if !number.is_finite() => {
                let message = format!("`{path}` is not a finite number");
                let help = "write a finite number, or leave the key out where it may be absent";
                self.context.report(Code::NotFinite, node.span, message, "", help);
                return None;
            }
            Bare(number) if units.is_empty() => Ok(number),
            Bare(_) => {
                let message = format!("`{path}` is a number without a unit");
                let written = self.context.written(node);
                let help = format!("write it with its unit, as in `\"{written} {}\"`", units[0].0);
                self.context.report(Code::UnitMissing, node.span, message, "no unit", &help);
                return None;
            }
            Written("unknown") => {
                let message = format!("`{path}` cannot be `unknown`");
                let help = "give a value with a wide band and basis `assumed`, and say why";
                self.context.report(Code::UnknownRefused, node.span, message, "", help);
                return None;
            }
            Written(text) if units.is_empty() => match text.trim().parse::<f64>() {
                // A number in quotes has no unit to lose: it is only written oddly.
                Ok(number) if number.is_finite() => Ok(number),
                _ => Quantity::parse_in(text, "%").map(|percent| percent / 100.0),
            },
            Written(text) => parse_in_one_of(text, units),
        };
        match parsed {
            Ok(number) if range.least <= number && number <= range.most => Some(number),
            Ok(number) => {
                let unit = units.first().map_or(String::new(), |(unit, _)| format!(" {unit}"));
                let written = self.context.written(node);
                // As it stands in the file, unless that is no number but a page.
                let said =
                    if written.len() <= 40 { written } else { format!("{}{unit}", brief(number)) };
                let message = format!("`{path}` is {said}");
                let (least, most) = (brief(range.least), brief(range.most));
                let help = format!("write {least} to {most}{unit}");
                self.context.report(Code::OutOfRange, node.span, message, "out of range", &help);
                None
            }
            Err(error) => {
                let (code, help) = quantity_help(&error, units);
                let message = format!("`{path}`: {error}");
                self.context.report(code, node.span, message, "", &help);
                None
            }
        }
    }

    /// Resolves and checks where a value comes from; `None` when nothing is said and nothing needed.
    fn provenance(&self, path: &str, node: &Node, fact: bool) -> Option<Provenance> {
        let context = self.context;
        let file = &context.defaults[node.defaults as usize];
        let row = self.own.as_deref().filter(|_| self.defaults == node.defaults);
        let inherited = row.unwrap_or(file);
        let table = node.table();
        let child = |key: &str| table.and_then(|table| table.get(key));
        let stated_basis = child("basis").and_then(|node| basis_from(context, node, path));
        let text = |key: &'static str| {
            let node = child(key)?;
            if node.text().is_none_or(|text| text.trim().is_empty()) {
                let message = format!("`{path}.{key}` is not a text");
                context.report(Code::WrongType, node.span, message, "", "write a text in quotes");
            }
            node.text().filter(|text| !text.trim().is_empty()).map(crate::tree::one_line)
        };
        let mut found = Provenance {
            basis: stated_basis,
            source: text("source"),
            why: text("why"),
            alternatives: Vec::new(),
            rests_on: child("rests_on").map(|node| self.rests_on(path, node)).unwrap_or_default(),
        };
        if let (Some(source), Some(node)) = (&found.source, child("source")) {
            context.refer(Kind::Source, source, node.span);
        }
        if child("basis").is_some() && stated_basis.is_none() {
            return None; // reported
        }
        if !fact
            && stated_basis.is_none()
            && found.source.is_none()
            && found.why.is_none()
            && found.rests_on.is_empty()
        {
            return None;
        }
        if stated_basis.is_none() || stated_basis == inherited.basis {
            found.basis = stated_basis.or(inherited.basis);
            found.source = found.source.or_else(|| inherited.source.clone());
            found.why = found.why.or_else(|| inherited.why.clone());
        }
        found.alternatives = child("alternatives")
            .map(|node| self.alternatives(path, node, "value"))
            .unwrap_or_default()
            .into_iter()
            .map(|(node, source)| (context.written(node), source))
            .collect();
        let Some(basis) = found.basis else {
            if fact {
                self.no_basis(path, node.span);
            }
            return Some(found);
        };
        self.check_basis(path, node.span, basis, &found);
        Some(found)
    }

    /// Reads `rests_on`: the id of a datum, or a list of them.
    fn rests_on(&self, path: &str, node: &Node) -> Vec<String> {
        let items = match &node.tree {
            Tree::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut found = Vec::new();
        for item in items {
            let Some(id) = item.text() else {
                let message = format!("`{path}.rests_on` is no id");
                let help = "write the id of a [[datum]], or a list of them";
                self.context.report(Code::WrongType, item.span, message, "", help);
                continue;
            };
            self.context.rest(path, id, item.span);
            found.push(id.to_owned());
        }
        found
    }

    fn no_basis(&self, path: &str, span: Span) {
        let message = format!("`{path}` does not say where it comes from");
        let help = "write { value = …, basis = \"published\", source = \"key\" }, or give the file [defaults]";
        self.context.report(Code::ProvenanceMissing, span, message, "no basis", help);
    }

    fn check_basis(&self, path: &str, span: Span, basis: Basis, found: &Provenance) {
        let word = basis_word(basis);
        let lacks = |what: &str, help: &str| {
            let message = format!("`{path}` is {word} but has no {what}");
            self.context.report(Code::ProvenanceMissing, span, message, "", help);
        };
        let needs_source = matches!(basis, Basis::Published | Basis::Claimed | Basis::Derived);
        if needs_source && found.source.is_none() {
            lacks("source", "add `source = \"key\"`, a key of sources.toml");
        }
        let needs_why = matches!(basis, Basis::Assumed | Basis::Derived | Basis::Disputed);
        if needs_why && found.why.is_none() {
            lacks("reason", "add `why = \"…\"`: one sentence a reviewer can judge");
        }
        if basis == Basis::Disputed && found.alternatives.is_empty() {
            lacks("alternatives", "add `alternatives = [{ value = \"…\", source = \"key\" }]`");
        }
    }

    /// Reads `alternatives`: the node of each value (key `of`) with its source.
    pub(crate) fn alternatives<'n>(
        &self,
        path: &str,
        node: &'n Node,
        of: &str,
    ) -> Vec<(&'n Node, String)> {
        let wrong = |node: &Node| {
            let message =
                format!("an alternative of `{path}` is not {{ {of} = …, source = \"key\" }}");
            let help = format!("write alternatives = [{{ {of} = …, source = \"key\" }}]");
            self.context.report(Code::WrongType, node.span, message, "", &help);
        };
        let Tree::Array(items) = &node.tree else {
            wrong(node);
            return Vec::new();
        };
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            let table = item.table();
            let value = table.and_then(|table| table.get(of));
            let source = table.and_then(|table| table.get("source"));
            match (value, source.and_then(|source| Some((source.text()?, source.span)))) {
                (Some(value), Some((source, span))) => {
                    self.context.refer(Kind::Source, source, span);
                    found.push((value, source.to_owned()));
                }
                _ => wrong(item),
            }
        }
        found
    }
}

/// A number as it stands in the file.
enum Number<'n> {
    Bare(f64),
    Written(&'n str),
}
use Number::{Bare, Written};

/// A number in four digits, large and small ones by their power of ten.
fn brief(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e7).contains(&size) {
        let text = format!("{number:.3e}");
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.'));
    }
    let text = if size >= 1e3 { format!("{number:.1}") } else { format!("{number:.4}") };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn parse_in_one_of(text: &str, units: Units) -> Result<f64, QuantityError> {
    let mut first_error = None;
    for (unit, factor) in units {
        match Quantity::parse_in(text, unit) {
            Ok(number) => return Ok(number * factor),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.expect("at least one unit"))
}

fn quantity_help(error: &QuantityError, units: Units) -> (Code, String) {
    let example = match units.first() {
        Some((unit, _)) => format!("write a number, a space and a unit such as `{unit}`"),
        None => "write a bare number, or a percentage such as `\"5 %\"`".to_owned(),
    };
    let code = match error {
        QuantityError::WrongDimension(..) => Code::WrongDimension,
        QuantityError::NotFinite(_) => Code::NotFinite,
        QuantityError::NoUnit(_) => Code::UnitMissing,
        _ => Code::QuantityMalformed,
    };
    (code, example)
}

/// Reads the word of a basis.
pub(crate) fn basis_from(context: &Context<'_>, node: &Node, path: &str) -> Option<Basis> {
    let found = node.text().and_then(|text| BASES.iter().find(|(word, _)| *word == text));
    if found.is_none() {
        let message = format!("`{path}` has no such basis");
        let help = "known are published, derived, claimed, assumed, disputed";
        context.report(Code::WordUnknown, node.span, message, "", help);
    }
    found.map(|(_, basis)| *basis)
}
