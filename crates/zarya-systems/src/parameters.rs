//! The tables of published values in `data/`, each value with its spread, basis and source.
//!
//! A wrong row in an embedded table is a fault of this crate, so reading one panics; a test reads
//! them all.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use zarya_units::Quantity;

/// What stands behind a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Printed in a source.
    Published,
    /// Computed from printed values.
    Derived,
    /// Stated by somebody who was there, without a document.
    Claimed,
    /// Ours, with a reason.
    Assumed,
    /// Sources disagree.
    Disputed,
    /// Given by the user's file.
    Given,
}

impl Basis {
    /// Returns the word used in files and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Claimed => "claimed",
            Self::Assumed => "assumed",
            Self::Disputed => "disputed",
            Self::Given => "given",
        }
    }
}

/// One value with its spread and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name: the table and the row.
    pub id: String,
    /// The value, in `unit`.
    pub value: f64,
    /// The low end of the published or assumed spread.
    pub low: Option<f64>,
    /// The high end of the spread.
    pub high: Option<f64>,
    /// The unit as written; empty for a pure number.
    pub unit: String,
    /// What stands behind it.
    pub basis: Basis,
    /// The source, or for an assumed value the reason.
    pub source: String,
    /// Whether reconciling a table must leave this row alone.
    pub hold: bool,
}

impl Parameter {
    /// Returns value, low and high converted to `unit`; without a spread all three are the value.
    ///
    /// # Panics
    ///
    /// If the embedded row has another dimension.
    pub fn spread(&self, unit: &str) -> Spread {
        let factor = if self.unit == unit {
            1.0
        } else {
            Quantity::parse_in(&format!("1 {}", self.unit), unit)
                .unwrap_or_else(|error| panic!("embedded row `{}`: {error}", self.id))
        };
        let value = self.value * factor;
        Spread {
            low: self.low.map_or(value, |low| low * factor),
            value,
            high: self.high.map_or(value, |high| high * factor),
        }
    }

    /// Returns the value converted to `unit`.
    ///
    /// # Panics
    ///
    /// If the embedded row has another dimension.
    pub fn in_unit(&self, unit: &str) -> f64 {
        self.spread(unit).value
    }
}

/// A value with its 5 and 95 % points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The 5 % point.
    pub low: f64,
    /// The median.
    pub value: f64,
    /// The 95 % point.
    pub high: f64,
}

impl Spread {
    /// Returns a value without spread.
    pub const fn point(value: f64) -> Self {
        Self { low: value, value, high: value }
    }

    /// Returns the quantile at the uniform `u`.
    ///
    /// # Model
    ///
    /// Two half normals that share the published value as median and have the ends of the spread
    /// as 5 and 95 % points. The shape is assumed: sources print a value and two ends only.
    pub fn at(&self, u: f64) -> f64 {
        if self.low >= self.high {
            return self.value;
        }
        let z = zarya_units::math::normal_quantile(u) / zarya_units::math::Z95;
        self.value + z * if z < 0.0 { self.value - self.low } else { self.high - self.value }
    }

    /// Returns the spread times a factor.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self { low: self.low * factor, value: self.value * factor, high: self.high * factor }
    }
}

/// A table of values by row name.
pub type Table = BTreeMap<String, Parameter>;

/// Returns the table of crew rates.
pub fn crew() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| rows("crew", include_str!("../data/crew.toml")))
}

/// Returns the table of cabin air and its limits.
pub fn air() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| rows("air", include_str!("../data/air.toml")))
}

/// Returns the table of power, heat and attitude.
pub fn power() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| rows("power", include_str!("../data/power.toml")))
}

/// Returns a row of a table.
///
/// # Panics
///
/// If the table has no such row.
pub fn row<'t>(table: &'t Table, id: &str) -> &'t Parameter {
    table.get(id).unwrap_or_else(|| panic!("the embedded tables have no row `{id}`"))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Pure(f64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    value: Number,
    low: Option<Number>,
    high: Option<Number>,
    basis: Basis,
    source: Option<String>,
    why: Option<String>,
    #[serde(default)]
    hold: bool,
}

fn rows(name: &str, text: &str) -> Table {
    let rows: BTreeMap<String, Row> =
        toml::from_str(text).unwrap_or_else(|error| panic!("embedded table `{name}`: {error}"));
    rows.into_iter().map(|(id, row)| (id.clone(), parameter(format!("{name}.{id}"), row))).collect()
}

pub(crate) fn parameter(id: String, row: Row) -> Parameter {
    let (value, unit) = split(&id, &row.value);
    let end = |end: &Option<Number>| {
        end.as_ref().map(|end| {
            let (end, its) = split(&id, end);
            assert!(its == unit, "embedded row `{id}` mixes units");
            end
        })
    };
    let (low, high) = (end(&row.low), end(&row.high));
    assert!(
        low.is_none_or(|low| low <= value) && high.is_none_or(|high| high >= value),
        "embedded row `{id}`: the value is outside its own spread"
    );
    let source = match (row.basis, row.source, row.why) {
        (Basis::Assumed | Basis::Disputed, _, Some(why)) => why,
        (Basis::Assumed | Basis::Disputed, _, None) => {
            panic!("embedded row `{id}` is assumed and gives no reason")
        }
        (_, Some(source), _) => source,
        (_, None, _) => panic!("embedded row `{id}` has no source"),
    };
    Parameter { value, low, high, unit, basis: row.basis, source, hold: row.hold, id }
}

fn split(id: &str, number: &Number) -> (f64, String) {
    match number {
        Number::Pure(value) => (*value, String::new()),
        Number::Text(text) => {
            let (value, unit) = text.split_once(' ').unwrap_or((text, ""));
            // Parsing as a quantity refuses unknown units here and not at the first use.
            let parsed = Quantity::parse(text);
            assert!(parsed.is_ok(), "embedded row `{id}`: {parsed:?}");
            (value.parse().expect("parsed above"), unit.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_table_reads() {
        assert!(crew().len() > 20 && air().len() > 10 && power().len() > 20);
        assert_eq!(row(crew(), "oxygen").in_unit("kg/d"), 0.816);
    }

    #[test]
    fn quantiles_keep_the_published_value_as_median() {
        let spread = row(crew(), "oxygen").spread("kg/d");
        assert!((spread.at(0.5) - 0.816).abs() < 1e-12);
        assert!((spread.at(0.05) - 0.7).abs() < 1e-9 && (spread.at(0.95) - 1.1).abs() < 1e-9);
    }
}
