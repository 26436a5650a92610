//! What all tables of a case share: the day from which days count, spreads, and the file's own names.

use std::collections::BTreeMap;
use zarya_station::Code;
use zarya_station::case::{Node, Reader, Tree};
use zarya_systems::case::{Limited, StockKind};
use zarya_systems::parameters::Spread;
use zarya_units::Date;

/// The tables of a case, being read.
pub(super) struct Tables<'f> {
    pub(super) read: Reader<'f>,
    pub(super) from: Option<Date>,
}

/// Names that a file gives its own things, in its order; found without looking through all of them.
#[derive(Default)]
pub(super) struct Names {
    pub(super) all: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Names {
    /// Returns false where the name is taken.
    pub(super) fn add(&mut self, name: &str) -> bool {
        let new = !self.places.contains_key(name);
        if new {
            self.places.insert(name.to_owned(), self.all.len());
            self.all.push(name.to_owned());
        }
        new
    }

    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut all = Self::default();
        for name in names {
            all.add(name);
        }
        all
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.all.iter().map(String::as_str)
    }
}

impl Tables<'_> {
    /// Returns a quantity, or a table of one with its spread.
    pub(super) fn spread(
        &mut self,
        value: &Node,
        unit: &str,
        example: &str,
        path: &str,
    ) -> Option<Spread> {
        let Tree::Table(table) = &value.tree else {
            return self.read.quantity(value, unit, example).map(Spread::point);
        };
        let mut ends = [None; 3];
        for (key, value) in self.read.entries(table, path, &["value", "low", "high"]) {
            let place = ["low", "value", "high"].iter().position(|name| *name == key);
            ends[place.unwrap_or(0)] = self.read.quantity(value, unit, example);
        }
        let [low, middle, high] = ends;
        let Some(middle) = middle else {
            self.read.problem(
                Code::CaseKeyMissing,
                value.span,
                "a spread without a value",
                format!("write {{ value = {example}, low = .., high = .. }}"),
            );
            return None;
        };
        let spread =
            Spread { low: low.unwrap_or(middle), value: middle, high: high.unwrap_or(middle) };
        if spread.low > spread.value || spread.value > spread.high {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("{} .. {} does not enclose {}", spread.low, spread.high, spread.value),
                "low is at most the value, and high at least",
            );
            return None;
        }
        Some(spread)
    }

    /// Returns the days from the start to a `date` or `day` key.
    pub(super) fn day(&mut self, key: &str, value: &Node) -> Option<f64> {
        if key == "day" {
            let day = self.read.quantity(value, "d", "\"59 d\"")?;
            if day < 0.0 {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("{day} days from the start"),
                    "what has happened before belongs in [stocks]",
                );
                return None;
            }
            return Some(day);
        }
        let date = self.read.date(value)?;
        let Some(from) = self.from else {
            self.read.problem(
                Code::CaseKeyMissing,
                value.span,
                "a date, and the file does not say from when days count",
                "add `from = YYYY-MM-DD` at the top, or write `day = \"59 d\"`",
            );
            return None;
        };
        let day = date.mjd() - from.mjd();
        if day < 0.0 {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("{date} is before the start, {from}"),
                "what has happened before belongs in [stocks]",
            );
            return None;
        }
        Some(day)
    }
}

pub(super) const HOURS: f64 = zarya_units::HOURS_PER_DAY;

/// Most loads, channels, loops or failures of a case: each of them is looked at in every orbit or event.
pub(super) const FEW: usize = 1_000;

/// Known stock ids.
pub(super) fn stock_ids() -> Vec<&'static str> {
    StockKind::ALL.iter().map(|kind| kind.id()).collect()
}

/// Known ids of limits: the cabin's and the stocks'.
pub(super) fn limit_ids() -> Vec<&'static str> {
    Limited::CABIN.iter().map(|limited| limited.id()).chain(stock_ids()).collect()
}
