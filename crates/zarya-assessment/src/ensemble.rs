//! Histories with the names and weights that make them readable: what every summary starts from.

use serde::{Deserialize, Serialize};
use zarya_simulation::Plan;
use zarya_simulation::outcome::{Breach, Cause, Outcome};
use zarya_station::model::{Count, Owner};
use zarya_units::{Date, Mjd, digest};

/// Series that every station has, before those of its stocks.
const SERIES_FIXED: usize = 4;

/// What the numbers in an [`Outcome`] stand for; kept beside an ensemble in a run folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// First day of every history.
    pub as_of: Date,
    /// Last day of every history, inclusive.
    pub through: Date,
    /// By number, as in a breach.
    pub causes: Vec<CauseLabel>,
    /// In the order of `Outcome::short_d`.
    pub capabilities: Vec<NameLabel>,
    /// In the order of `Outcome::failures_by_subsystem`.
    pub subsystems: Vec<String>,
    /// Unit types, in the order of `Outcome::failures_by_type`.
    pub types: Vec<String>,
    /// In the order of a row of `Outcome::samples`.
    pub series: Vec<SeriesLabel>,
    /// Dates of the rows of `Outcome::samples`.
    pub sample_dates: Vec<Mjd>,
}

/// A cause and who owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseLabel {
    /// Id: of a unit type, capability, stock, flight or hazard.
    pub id: String,
    /// What happened.
    pub text: String,
    /// Written as a key of `split`.
    #[serde(with = "as_key")]
    pub owner: Owner,
}

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameLabel {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A sampled series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesLabel {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
}

impl Labels {
    /// Returns the labels of a plan.
    pub fn of(plan: &Plan) -> Self {
        let name = |id: &str, name: &str| NameLabel { id: id.to_owned(), name: name.to_owned() };
        Self {
            as_of: plan.as_of,
            through: plan.through,
            causes: plan
                .causes
                .iter()
                .map(|cause| CauseLabel {
                    id: cause.id.clone(),
                    text: cause.text.clone(),
                    owner: cause.owner,
                })
                .collect(),
            capabilities: plan.capabilities.iter().map(|c| name(&c.id, &c.name)).collect(),
            subsystems: plan.subsystems.clone(),
            types: plan.types.iter().map(|t| t.id.clone()).collect(),
            series: plan
                .series
                .iter()
                .map(|s| SeriesLabel {
                    id: s.id.clone(),
                    name: s.name.clone(),
                    unit: s.unit.to_owned(),
                })
                .collect(),
            sample_dates: plan.sample_dates.clone(),
        }
    }

    /// Returns the stocks, in the order of `Measured::stocks_kg`: their levels are sampled after what every station has.
    pub(crate) fn stocks(&self) -> &[SeriesLabel] {
        self.series.get(SERIES_FIXED..).unwrap_or(&[])
    }

    /// Returns who owns a breach. The split and the table of first causes both ask here.
    ///
    /// # Panics
    ///
    /// For a cause that is none of these labels'.
    pub fn owner(&self, cause: Cause) -> Owner {
        let owner = |number: u16| self.causes[usize::from(number)].owner;
        Owner::of_cause(owner(cause.direct), owner(cause.root))
    }
}

/// An owner as a key of `split`.
pub(crate) mod as_key {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use zarya_station::model::Owner;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde hands over")]
    pub(crate) fn serialize<S: Serializer>(owner: &Owner, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&owner.key())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Owner, D::Error> {
        let key = String::deserialize(from)?;
        Owner::of_key(&key).ok_or_else(|| D::Error::custom(format!("no owner is called `{key}`")))
    }
}

/// A tier of the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// No loss of crew or station.
    Survives,
    /// Never nobody aboard.
    Crewed,
    /// No crew reduction, no lifeboat gap, no limit exceeded.
    Full,
}

impl Tier {
    /// All tiers, mildest demand first.
    pub const ALL: [Self; 3] = [Self::Survives, Self::Crewed, Self::Full];

    /// Returns the name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Survives => "survives",
            Self::Crewed => "crewed",
            Self::Full => "full",
        }
    }

    /// Returns the first breach of this tier in a history.
    pub fn breach(self, outcome: &Outcome) -> Option<Breach> {
        match self {
            Self::Survives => outcome.survives,
            Self::Crewed => outcome.crewed,
            Self::Full => outcome.full,
        }
    }
}

/// Histories in order, whole worlds only, with the weight of each world.
#[derive(Clone, Copy, Debug)]
pub struct Ensemble<'a> {
    /// What the numbers stand for.
    pub labels: &'a Labels,
    /// Histories, in order.
    pub outcomes: &'a [Outcome],
    /// Weight of a world by its number; a world beyond the end has none.
    pub weights: &'a [f64],
}

impl<'a> Ensemble<'a> {
    /// Returns the worlds in order: weight and histories of each.
    pub fn worlds(&self) -> impl Iterator<Item = (f64, &'a [Outcome])> {
        let weights = self.weights;
        self.outcomes
            .chunk_by(|a, b| a.world == b.world)
            .map(move |world| (weights.get(world[0].world as usize).copied().unwrap_or(0.0), world))
    }

    /// Returns each history with its share of all weight; the shares sum to 1.
    pub fn shares(&self) -> Vec<f64> {
        let total: f64 = self.worlds().map(|(weight, _)| weight).sum();
        if total <= 0.0 {
            return vec![0.0; self.outcomes.len()];
        }
        self.worlds()
            .flat_map(|(weight, world)| {
                std::iter::repeat_n(weight / total / world.len() as f64, world.len())
            })
            .collect()
    }
}

/// Returns the SHA-256 over the logical rows of an ensemble, in order: every number in
/// little-endian bytes, so that no file format takes part in it.
pub fn digest_of(outcomes: &[Outcome]) -> String {
    let mut running = digest::Running::default();
    let mut row = Vec::new();
    for outcome in outcomes {
        row.clear();
        write_row(outcome, &mut row);
        running.update(&(row.len() as u64).to_le_bytes());
        running.update(&row);
    }
    running.finish()
}

fn write_row(outcome: &Outcome, row: &mut Vec<u8>) {
    row.extend(outcome.history.to_le_bytes());
    row.extend(outcome.world.to_le_bytes());
    row.extend(outcome.end_state.name().as_bytes());
    for breach in [outcome.survives, outcome.crewed, outcome.full] {
        write_breach(breach, row);
    }
    row.extend(outcome.rungs.to_le_bytes());
    for count in Count::every("") {
        row.extend(outcome.counts.get(count).to_le_bytes());
    }
    for number in [
        outcome.cargo_kg,
        outcome.research_h,
        outcome.upkeep_h,
        outcome.propellant_kg,
        outcome.deorbit_share,
    ] {
        row.extend(number.to_le_bytes());
    }
    for list in [&outcome.short_d, &outcome.stock_out_d, &outcome.own_stock_d, &outcome.samples] {
        row.extend((list.len() as u64).to_le_bytes());
        row.extend(list.iter().flat_map(|x| x.to_le_bytes()));
    }
    for breach in [outcome.own_survives, outcome.own_crewed] {
        write_breach(breach, row);
    }
    row.push(outcome.past_missed);
    for list in [&outcome.failures_by_subsystem, &outcome.failures_by_type] {
        row.extend((list.len() as u64).to_le_bytes());
        for count in list {
            write_count(*count, row);
        }
    }
}

fn write_breach(breach: Option<Breach>, row: &mut Vec<u8>) {
    row.push(u8::from(breach.is_some()));
    if let Some(breach) = breach {
        row.extend(breach.at.to_le_bytes());
        row.extend(breach.cause.direct.to_le_bytes());
        row.extend(breach.cause.root.to_le_bytes());
    }
}

/// Two bytes, or six where they are not enough: no two numbers look alike.
fn write_count(count: u32, row: &mut Vec<u8>) {
    match u16::try_from(count) {
        Ok(small) if small < u16::MAX => row.extend(small.to_le_bytes()),
        _ => {
            row.extend(u16::MAX.to_le_bytes());
            row.extend(count.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::outcome;

    /// A history in which a worn unit fails many thousand times has all of them, and rows differ in bytes where
    /// they differ in numbers.
    #[test]
    fn counts_beyond_two_bytes_are_told_apart() {
        let rows = [3, 65_534, 65_535, 65_536, 65_539, 131_075, u32::MAX].map(|failures| {
            let mut row = Vec::new();
            let failures_by_type = vec![failures];
            write_row(&Outcome { failures_by_type, ..outcome(0, None) }, &mut row);
            row
        });
        for (place, row) in rows.iter().enumerate() {
            assert!(!rows[..place].contains(row), "row {place}");
        }
        // What fits two bytes stands in two: digests of shorter histories are as they always were.
        assert_eq!(rows[1].len(), rows[0].len());
        assert_eq!(rows[2].len(), rows[0].len() + 4);
    }
}
