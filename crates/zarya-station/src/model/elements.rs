//! Pressurized modules and truss, their certificates and leaks.

use super::{Basis, Effect, Precision, Standing, Value};
use zarya_units::Date;

/// `[[element]]`: a pressurized module or truss part.
#[derive(Clone, Debug)]
pub struct Element {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// One of the station's segments.
    pub segment: String,
    /// Owning partner.
    pub partner: String,
    /// `launched`. Optional.
    pub launched: Option<Date>,
    /// `mass` or `"unknown"`.
    pub mass_kg: Option<Value>,
    /// `volume` or `"unknown"` (0 for a truss: leave the key out).
    pub volume_m3: Option<Value>,
    /// Nested `[[element.certificate]]`.
    pub certificates: Vec<Certificate>,
    /// Nested `[element.leak]`. Optional: no known leak.
    pub leak: Option<Leak>,
}

/// `[[element.certificate]]`: until when somebody vouches for an element.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Id.
    pub id: String,
    /// What is certified, by whom.
    pub what: String,
    /// `through`, inclusive; a year means its last day.
    pub through: Date,
    /// `precision`.
    pub precision: Precision,
    /// `standing`; a design life is `stated`.
    pub standing: Standing,
    /// `basis`; `disputed` lists `alternatives = [{ through = 2030, source = "..." }]`.
    pub basis: Basis,
    /// Key in `sources.toml`.
    pub source: String,
    /// `supersedes`. Optional.
    pub supersedes: Vec<String>,
    /// Alternatives of a disputed date.
    pub alternatives: Vec<(Date, String)>,
}

/// `[element.leak]`: air leaving through one element.
#[derive(Clone, Debug)]
pub struct Leak {
    /// `rate` at the as-of date, kg/d.
    pub rate_kg_d: Value,
    /// `growth`: relative growth per year of an unpatched leak, 1/y.
    pub growth_per_y: Value,
    /// `relapse_rate`: new cracks or relapses per year, 1/y.
    pub relapse_per_y: Value,
    /// `relapse_factor`: the rate after a relapse, kg/d.
    pub relapse_kg_d: Value,
    /// `patch_interval`: mean time between effective repairs while repair goes on, d.
    pub patch_interval_d: Value,
    /// `patch_share`: share of the leak that a repair removes, 0 to 1.
    pub patch_share: Value,
    /// `isolated_share`: share of the leak left while its hatch is kept closed, 0 to 1.
    pub isolated_share: Value,
    /// `isolate_above`: leak at which the element is shut for good (price: `isolation_port`), kg/d.
    pub isolate_above_kg_d: Value,
    /// `isolation_port`: the port lost when the element is shut. Optional.
    pub isolation_port: Option<String>,
    /// `rupture`: the element gives way as a whole. Optional: not asked about.
    pub rupture: Option<Rupture>,
}

/// `[element.leak.rupture]`: what nobody has a rate of. `rate = "unknown"`: no history of an answer has it.
#[derive(Clone, Debug)]
pub struct Rupture {
    /// `effect`, beside the element being shut for good.
    pub effect: Effect,
    /// `tried`: the highest rate that the answer is asked at, 1/y.
    pub tried_per_y: f64,
}
