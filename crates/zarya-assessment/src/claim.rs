//! The claim of a station, as a question asks it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_station::Station;
use zarya_units::Date;

/// The claim as asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimSummary {
    /// Id.
    pub id: String,
    /// The sentence: a paraphrase in the words of the station files, not a quotation.
    pub text: String,
    /// Ids of the conditions that the claim itself names.
    pub provided: Vec<String>,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub through: Date,
    /// The probability that the headline tier is asked to reach.
    pub threshold: f64,
    /// Key in `sources.toml`.
    pub source: String,
}

/// Returns the claim of a station with the date that is asked for.
pub fn claim_summary(station: &Station, through: Date) -> ClaimSummary {
    let claim = &station.claim;
    ClaimSummary {
        id: claim.id.clone(),
        text: claim.text.clone(),
        provided: claim.provided.clone(),
        through,
        threshold: claim.threshold.value,
        source: claim.source.clone(),
    }
}
