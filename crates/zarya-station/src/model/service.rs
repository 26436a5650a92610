//! What service has shown of units, and the data that values rest on.

use super::{Observed, Value};
use zarya_units::Date;

/// `[[detection]]` of `service.toml`: how much of what happens is found by who counts.
#[derive(Clone, Debug)]
pub struct Detection {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `share` of failures that are found, one for the class.
    pub share: Value,
    /// `only_found`: rows of the class stand only where something was found; default false. Nothing found then says nothing.
    pub only_found: bool,
}

/// `[[unit_service]]` of `service.toml`: failures of a type of units counted in service.
#[derive(Clone, Debug)]
pub struct UnitService {
    /// Id.
    pub id: String,
    /// `oru`: the type.
    pub oru: String,
    /// `from`: first day. Optional: from the first copy's arrival, whenever that was.
    pub from: Option<Date>,
    /// `through`: last day, inclusive.
    pub through: Date,
    /// `unit_years`: days installed, summed over copies.
    pub exposure_d: Value,
    /// `failures` that needed a spare or a repair: events. One that takes several copies is one.
    pub failures: u32,
    /// `copies` that these took; default `failures`.
    pub copies: u32,
    /// `lives`, d: the age that each copy reached, from new to its removal or the last day. Optional; a type that wears out
    /// needs them.
    pub lives_d: Vec<f64>,
    /// `detection`: the class.
    pub detection: String,
}

/// `[[datum]]` of `record.toml`: something counted that values rest on (`rests_on`), which is its one use.
#[derive(Clone, Debug)]
pub struct Datum {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `counts`: what an observation of the same would be called. Optional: nothing of the record is like it.
    pub counts: Option<Observed>,
    /// `from`: first day. Optional: from the beginning.
    pub from: Option<Date>,
    /// `through`: last day, inclusive.
    pub through: Date,
    /// Key in `sources.toml`.
    pub source: String,
}
