//! The answer: one serializable value that the terminal, the report and other programs read.
//!
//! Field names are the JSON contract (`schemas/assessment.json`). Probabilities are shares of 1,
//! dates are ISO 8601 and inclusive, and every number is weighted by the record unless it says
//! `prior`.

pub use crate::claim::ClaimSummary;
use crate::ensemble::as_key;
use crate::ledger::Ledger;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_station::model::Scale;
pub use zarya_station::model::{Owner, OwnerLabel};
use zarya_units::{Date, digest};

/// A word of a closed set of the station files, as text.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::{fmt::Display, str::FromStr};

    pub(super) fn serialize<T: Display, S: Serializer>(
        word: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(word)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The answer to one claim about one station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// The station that was asked about, and what it reads by its own causes.
    pub station: StationName,
    /// The claim.
    pub claim: ClaimSummary,
    /// Whether the claim holds.
    pub verdict: Verdict,
    /// One sentence: what decides the verdict.
    pub decides: String,
    /// What ends before the claim does: flights that nobody has planned, commitments that nobody has made.
    #[serde(default)]
    pub endings: Vec<Ending>,
    /// The inputs that decide it over worlds: the strongest rank correlation, and those that cannot
    /// be told from it.
    pub deciding: Vec<DecidingInput>,
    /// Probability of the headline tier, weighted by the record.
    pub probability: Estimate,
    /// The word of the IPCC's scale for its mean.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub likelihood: String,
    /// The same before the record was used.
    pub prior: Estimate,
    /// What may be asked of the station and still be supported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<Thresholds>,
    /// What a perfect station would read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Power>,
    /// Effective number of worlds after weighting, `1 / sum of squared weights`.
    pub effective_worlds: f64,
    /// Largest share of the weight that one world carries.
    #[serde(default)]
    pub largest_weight: f64,
    /// Pareto shape of the largest weights: below 0.7 means over them can be trusted. Absent where they do not vary.
    #[serde(default)]
    pub pareto_k: Option<f64>,
    /// The three tiers; `crewed` is the headline.
    pub tiers: Tiers,
    /// The headline by who owns the number.
    pub split: Split,
    /// What the owners of `split` rest on, in its order.
    pub owners: Vec<OwnerNote>,
    /// Survival curves, one point per sample date.
    pub survival: Vec<SurvivalPoint>,
    /// Share of histories by their most severe state; sums to 1.
    pub end_states: EndStates,
    /// Share of histories that reached each rung of the ladder of responses.
    pub rungs: Rungs,
    /// What broke each tier first, most frequent first within a tier.
    pub first_causes: Vec<FirstCause>,
    /// Capabilities that were short, longest first.
    pub short: Vec<ShortCapability>,
    /// What each condition is worth, largest drop first.
    pub conditions: Vec<ConditionValue>,
    /// The factor on an input at which the headline crosses the threshold.
    pub break_even: Vec<BreakEvenValue>,
    /// What nobody has a rate of: the answer without it, and at rates that were tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ruptures: Vec<RuptureValue>,
    /// What knowing an input would be worth, for each line; behind the inputs what knowing everything would.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_of_information: Vec<InformationValue>,
    /// What was assumed or is disputed, heaviest first.
    pub caveats: Vec<Caveat>,
    /// Observed against predicted, never on data that the worlds were weighted with.
    pub record: Vec<RecordRow>,
    /// The data that the worlds were weighted with: shown for completeness, not as validation.
    pub weighting: Vec<RecordRow>,
    /// How probable the recorded years were, each judged by worlds that were weighted on the others alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consistency: Vec<Consistency>,
    /// What history alone says; absent for a station without a crewed past.
    pub yardstick: Option<Yardstick>,
    /// Dated conditions that need no simulation.
    pub ledger: Ledger,
    /// Altitude, crew, research, propellant and stocks over time.
    pub series: Vec<Fan>,
    /// Whether spares last: the exact value beside what histories found.
    pub sufficiency: Sufficiency,
    /// Failures by subsystem over the span.
    pub failures: Vec<SubsystemFailures>,
    /// Contingency deorbit: share of the span in which one was possible.
    pub contingency_deorbit: Spread,
    /// Research by the whole crew over the span, hours.
    pub research_hours: Spread,
    /// Counts per history.
    pub counts: Vec<CountSpread>,
    /// What was read.
    pub inputs: Inputs,
    /// Where the values of the files come from.
    pub provenance: Provenance,
    /// How it was computed.
    pub run: Run,
    /// SHA-256 over the logical rows of the ensemble.
    pub ensemble_digest: String,
    /// SHA-256 over the RFC 8785 form of this answer without itself and without `run.threads` and
    /// `run.seconds`.
    pub digest: String,
}

/// A station's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StationName {
    /// Short id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Nothing known later was used.
    #[schemars(with = "String")]
    pub as_of: Date,
    /// The headline tier by the station's own causes; absent in answers of 0.1.0.
    #[serde(flatten)]
    pub own: Option<StationLine>,
}

/// Whether a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Verdict {
    /// The whole band lies above the threshold.
    #[serde(rename = "supported")]
    Supported,
    /// The whole band lies below the threshold.
    #[serde(rename = "not supported")]
    NotSupported,
    /// The band over what is not known crosses the threshold, or too few worlds carry the weight.
    #[serde(rename = "undetermined on the public record")]
    Undetermined,
}

impl Verdict {
    /// Returns the words of the verdict, as in files.
    pub fn words(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::NotSupported => "not supported",
            Self::Undetermined => "undetermined on the public record",
        }
    }
}

/// A probability with its two uncertainties apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Share of histories, weighted.
    pub mean: f64,
    /// 5 % quantile over worlds of the world's probability, chance within worlds removed. What it
    /// holds is said by `band`.
    pub low: f64,
    /// 95 % quantile over worlds.
    pub high: f64,
    /// Sampling error of `mean`, clustered by world.
    pub standard_error: f64,
    /// Sampling error of `low`, by a jackknife over worlds; absent without a band.
    pub low_error: Option<f64>,
    /// Sampling error of `high`.
    pub high_error: Option<f64>,
    /// What the band from `low` to `high` holds.
    pub band: Band,
}

/// What the band of a probability holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// The differences between worlds, chance within them removed.
    #[default]
    Worlds,
    /// The sampling error alone: the differences between worlds cannot be told from chance.
    Sampling,
    /// Nothing: too few effective worlds carry the weight. `low` and `high` are 0 and 1.
    TooFewWorlds,
}

impl Estimate {
    /// Returns why the band is not one over worlds, in a few words.
    pub fn band_note(&self) -> Option<&'static str> {
        match self.band {
            Band::Worlds => None,
            Band::Sampling => Some("sampling error alone: worlds not told apart from chance"),
            Band::TooFewWorlds => Some("no band: too few worlds carry the weight"),
        }
    }
}

/// The headline tier by the station's own causes: systems, supply and the coming and going of ships. What others own (debris,
/// ascent and entry, medical, fire) does not end it; what they do to it short of that stays on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StationLine {
    /// Share of histories, weighted.
    pub mean: f64,
    /// 5 % quantile over worlds, as `Estimate::low`.
    pub low: f64,
    /// 95 % quantile over worlds.
    pub high: f64,
    /// Sampling error of `mean`, clustered by world.
    pub standard_error: f64,
    /// Mean before the record was used.
    pub prior_mean: f64,
    /// Sampling error of `low`; absent without a band.
    #[serde(default)]
    pub low_error: Option<f64>,
    /// Sampling error of `high`.
    #[serde(default)]
    pub high_error: Option<f64>,
    /// What the band from `low` to `high` holds.
    pub band: Band,
}

/// What may be asked of the station: who asks a probability up to the first is answered *supported*, above the second *not
/// supported*, and between them the public record does not settle it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Thresholds {
    /// Supported for anybody who asks this or less; absent where too few worlds carry the weight.
    pub supported_up_to: Option<f64>,
    /// Not supported for anybody who asks more than this; absent likewise.
    pub not_supported_above: Option<f64>,
    /// Thresholds that somebody has stated.
    pub marks: Vec<Mark>,
}

/// A threshold that somebody has stated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// Share of 1.
    pub value: f64,
    /// Whose it is.
    pub whose: String,
}

/// What a perfect station would read: systems that never fail it, supplies that never run out, ships that always come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Power {
    /// Of the line by the station's own causes.
    pub station: f64,
    /// Of the headline: what others own remains.
    pub all_risks: f64,
}

/// What knowing one input would be worth for a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InformationValue {
    /// `station` or `all_risks`.
    pub line: String,
    /// Name of the input; `everything` for a world's probability itself.
    pub input: String,
    /// Who has the number, as far as the files say.
    pub who_has_it: String,
    /// Probability that knowing it makes one say *supported* or *not supported* where now one says something else.
    pub chance_it_settles: f64,
    /// The part of `chance_it_settles` that goes to *supported*.
    pub to_supported: f64,
    /// Expected value of knowing it, in the unit of a right verdict: 0.05 at most.
    pub value: f64,
    /// Sampling error of `value`.
    pub standard_error: f64,
}

/// How probable a span of recorded years was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Consistency {
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub through: Date,
    /// Probability that nobody had to leave the station empty in it, given the flights that flew, among histories whose other spans
    /// held.
    pub probability: f64,
    /// The same by the years before it alone; absent for a station without a crewed past.
    pub base_rate: Option<f64>,
    /// The other spans.
    pub weighted_on: Vec<String>,
    /// Why it is no test, where it was in view while the engine was built.
    pub in_view: Option<String>,
}

/// The three tiers of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tiers {
    /// No loss of crew or station.
    pub survives: Estimate,
    /// Never nobody aboard: the headline.
    pub crewed: Estimate,
    /// No crew reduction, no lifeboat gap, no limit exceeded.
    pub full: Estimate,
}

/// The headline by owner. The product of the six `mean` is the headline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Split {
    /// Station systems and supply: the part that is computed here.
    pub systems: OwnerShare,
    /// Meteoroids and debris: hazards passed through.
    pub debris: OwnerShare,
    /// Crews that could not be rotated: computed here, from vehicles that were lost or grounded.
    pub crew_rotation: OwnerShare,
    /// Crew transport: crews lost on ascent and entry, and hazards, passed through.
    pub crew_transport: OwnerShare,
    /// Medical: hazards passed through.
    pub medical: OwnerShare,
    /// Fire, toxic release, collision: hazards passed through.
    pub fire_toxic_collision: OwnerShare,
}

impl Split {
    /// Returns the part of one owner.
    pub fn of(&self, owner: Owner) -> OwnerShare {
        match owner {
            Owner::Systems => self.systems,
            Owner::Debris => self.debris,
            Owner::CrewTransport => self.crew_transport,
            Owner::Medical => self.medical,
            Owner::FireToxicCollision => self.fire_toxic_collision,
            Owner::CrewRotation => self.crew_rotation,
        }
    }
}

/// What the numbers of one owner of the split rest on, from the basis of its hazards in the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerNote {
    /// Key of `split`.
    #[serde(with = "as_key")]
    #[schemars(with = "String")]
    pub owner: Owner,
    /// In words: computed here, or what its hazards' rates rest on.
    pub rests_on: String,
    /// Whether it was left out (`--only systems`): its share of `split` then says nothing.
    pub left_out: bool,
}

/// An input whose draws the worlds' probabilities follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecidingInput {
    /// Name of the input.
    pub name: String,
    /// Rank correlation over worlds of its draws with the share of histories kept.
    pub correlation: f64,
    /// Sampling error of the correlation.
    pub standard_error: f64,
}

/// One owner's part of the headline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerShare {
    /// Kaplan-Meier survival against this owner's causes alone.
    pub mean: f64,
    /// Its sampling error (jackknife over groups of worlds).
    pub standard_error: f64,
    /// Share of all histories that this owner's causes ended first (Aalen-Johansen incidence).
    pub incidence: f64,
}

/// One date of the survival curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SurvivalPoint {
    /// Date; probabilities are those of holding to the end of this day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Headline tier, `crewed`.
    pub probability: f64,
    /// 5 % quantile over worlds of the headline.
    pub low: f64,
    /// 95 % quantile over worlds of the headline.
    pub high: f64,
    /// Tier `survives`.
    pub survives: f64,
    /// Tier `full`.
    pub full: f64,
}

/// Share of histories by end state; sums to 1, the most severe state wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EndStates {
    /// Every limit kept.
    pub nominal: f64,
    /// Crew below its nominal number, or a limit exceeded.
    pub reduced: f64,
    /// Nobody aboard.
    pub de_crewed: f64,
    /// Crew lost.
    pub loss_of_crew: f64,
    /// Somebody without a sound seat home for a while.
    pub loss_of_escape_vehicle: f64,
    /// Station lost.
    pub loss_of_station: f64,
}

/// Share of histories that reached each rung, lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rungs {
    /// A failure was cleared without a spare.
    pub workaround: f64,
    /// A stock was rationed.
    pub rationing: f64,
    /// A flight was brought forward.
    pub expedited_flight: f64,
    /// The crew took shelter.
    pub shelter: f64,
    /// An element was shut.
    pub isolation: f64,
    /// A vehicle left early, or a crew could not be replaced in time.
    pub crew_reduction: f64,
    /// All left.
    pub evacuation: f64,
    /// The station was lost.
    pub loss_of_station: f64,
}

/// What broke a tier first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FirstCause {
    /// `survives`, `crewed` or `full`.
    pub tier: String,
    /// What crossed its limit.
    pub cause: String,
    /// What brought it there: unit, flight or event.
    pub root: String,
    /// Who owns it: a key of `split`.
    #[serde(with = "as_key")]
    #[schemars(with = "String")]
    pub owner: Owner,
    /// Share of all histories.
    pub share: f64,
    /// Worlds that hold such a history.
    pub worlds: u32,
    /// Their effective number, by what each adds to `share`.
    pub effective_worlds: f64,
    /// Whether fewer than ten effective worlds carry the share: another seed may not show it.
    pub thin: bool,
    /// The first history that ended so, for `zarya explain --history`.
    pub example_history: u32,
    /// Place among the causes of its tier, largest share first, from 1; those whose shares are not two paired errors below that of
    /// the first of them share its place. 0 in answers of 0.1.0.
    #[serde(default)]
    pub rank: u32,
}

/// A capability that was short of what is required.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShortCapability {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Share of histories in which it was short at all.
    pub share: f64,
    /// Mean days short over the span, all histories.
    pub days_mean: f64,
    /// 95 % quantile of the days short.
    pub days_p95: f64,
}

/// What one condition is worth: the same worlds and histories with and without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionValue {
    /// Id.
    pub id: String,
    /// The sentence after "provided that".
    pub provided: String,
    /// Kind: maintenance, stock, provider, upgrade, carrier, partner, policy, crew.
    pub kind: String,
    /// Headline without the condition: the headline minus the paired drop; 0 when none of the paired
    /// histories stayed crewed.
    pub without: f64,
    /// Headline minus `without`.
    pub drop: f64,
    /// Sampling error of `drop`, clustered by world.
    pub standard_error: f64,
    /// The same for the systems split.
    pub systems: Difference,
    /// The same for the tier `survives`.
    pub survives: Difference,
    /// The same for the tier `full`.
    pub full: Difference,
    /// The same for the headline by the station's own causes; absent in answers of 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<Difference>,
    /// Histories that were paired.
    pub histories: u32,
    /// Of these, how many stayed crewed without the condition.
    pub kept: u32,
    /// What stays when it is withdrawn.
    pub remains: String,
    /// What takes its place.
    pub substitutes: String,
    /// Why withdrawing it can raise the probability, when the file says so.
    pub may_help: Option<String>,
}

/// A paired difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Probability without the condition.
    pub without: f64,
    /// Probability with it minus without it.
    pub drop: f64,
    /// Sampling error of `drop`, clustered by world.
    pub standard_error: f64,
}

/// Where an input turns the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BreakEvenValue {
    /// Id.
    pub id: String,
    /// What is moved.
    pub what: String,
    /// The scaled input.
    #[serde(with = "as_text")]
    #[schemars(with = "String")]
    pub scale: Scale,
    /// The factor at which the headline equals the threshold; absent: none in range.
    pub factor: Option<f64>,
    /// Sampling error of the factor, from the error of the probability and the local slope.
    pub factor_error: Option<f64>,
    /// Least factor tried.
    pub low: f64,
    /// Largest factor tried.
    pub high: f64,
    /// Headline at `low`.
    pub at_low: f64,
    /// Headline at `high`.
    pub at_high: f64,
    /// 5 and 95 % of the value's own band, as factors on it; absent where its files give none.
    pub own_low: Option<f64>,
    /// See `own_low`.
    pub own_high: Option<f64>,
    /// Headline at `own_low`, or at the end of the range tried that lies within the band.
    pub at_own_low: Option<f64>,
    /// Headline at `own_high`, likewise.
    pub at_own_high: Option<f64>,
    /// Whether `factor` lies outside the value's own band.
    pub outside_own: bool,
    /// Whether the input moves the headline, by more than two of its paired errors, to within two of them of the threshold
    /// without crossing it.
    pub nearly: bool,
    /// The headline by the station's own causes, off the runs made for all risks; absent in answers of 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationBreakEven>,
    /// Headline of the run made at `factor`, to verify it.
    pub at_factor: Option<f64>,
    /// Sampling error of the headline at `factor`, or at the end nearer to the threshold.
    pub standard_error: f64,
    /// A published bound to compare with.
    pub bound: Option<String>,
    /// Histories of each run.
    pub histories: u32,
}

/// Where an input turns the headline by the station's own causes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StationBreakEven {
    /// The factor at which it equals the threshold, between the two nearest runs; absent: none in range.
    pub factor: Option<f64>,
    /// Sampling error of the factor, from the larger error of the two and the slope between them.
    pub factor_error: Option<f64>,
    /// Its value at the least factor tried.
    pub at_low: f64,
    /// At the largest.
    pub at_high: f64,
    /// Paired sampling error at the end nearer to the threshold.
    pub standard_error: f64,
}

/// What an ending is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndingKind {
    /// Crew flights.
    Crews,
    /// Cargo flights.
    Cargo,
    /// A partner's commitment.
    Partner,
}

/// Something that ends before the claim does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ending {
    /// What it is of.
    pub kind: EndingKind,
    /// Its last day.
    #[schemars(with = "String")]
    pub last: Date,
    /// The sentence, without its full stop.
    pub text: String,
}

/// A rupture of a leaking element. No rate of it is on record, so that no mean holds it: `upper` is the
/// headline as it stands, without one, `lower` that at the highest rate tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuptureValue {
    /// Id of the element.
    pub element: String,
    /// Name of the element.
    pub name: String,
    /// The headline without a rupture: the answer.
    pub upper: f64,
    /// The headline at `tried_per_y`.
    pub lower: f64,
    /// Sampling error of `lower`.
    pub standard_error: f64,
    /// Highest rate tried, 1/y.
    pub tried_per_y: f64,
    /// Rate at which the headline crosses the threshold, 1/y; absent where no rate tried makes it cross.
    pub at_threshold_per_y: Option<f64>,
    /// Rate at which the headline has fallen by 0.05, 1/y; absent where no rate tried takes that much.
    pub at_drop_per_y: Option<f64>,
    /// Histories of each run.
    pub histories: u32,
}

/// A group of assumed or disputed values that the answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Caveat {
    /// The sentence.
    pub text: String,
    /// `assumed` or `disputed`, or `model` for what the run itself leaves open.
    pub basis: String,
    /// How heavy it is; a score for ordering (docs/assessment.md).
    pub weight: f64,
    /// How many values it covers.
    pub values: u32,
    /// Up to five of their paths, for `zarya check --explain`.
    pub paths: Vec<String>,
    /// Up to three of the reasons given in the files.
    pub why: Vec<String>,
    /// Break-evens and first causes that rest on it.
    pub touches: Vec<String>,
}

/// One line of the record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordRow {
    /// What was counted.
    pub what: String,
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day, inclusive.
    #[schemars(with = "String")]
    pub through: Date,
    /// What happened.
    pub observed: f64,
    /// 5 % quantile of the weighted predictive distribution.
    pub low: f64,
    /// Mean of the weighted predictive distribution.
    pub mean: f64,
    /// 95 % quantile of it.
    pub high: f64,
    /// Mean before weighting.
    pub prior_mean: f64,
    /// Whether `observed` lies in `low..=high`.
    pub inside: bool,
    /// Whether the row can validate anything: neither in view while the engine was built nor
    /// prescribed by the replayed files.
    pub validates: bool,
    /// Why not, when the files say so.
    pub in_view: Option<String>,
    /// Probability of a value as far out as the observed one, on the nearer side.
    pub tail: f64,
    /// `same dates`, or `scaled` from another span by years or exposure.
    pub method: String,
    /// Key in `sources.toml`.
    pub source: String,
    /// What the headline by the station's own causes would be if this row alone weighed the worlds; only of rows that do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Alone>,
}

/// An answer by one row of the record alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alone {
    /// Mean of the headline by the station's own causes.
    pub mean: f64,
    /// Its sampling error.
    pub standard_error: f64,
    /// By how much the row moves it, from worlds that nothing recorded has weighed.
    pub moves: f64,
    /// Sampling error of that, on the same worlds.
    pub moves_error: f64,
}

/// What history alone says about the headline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Yardstick {
    /// Years crewed without a break to the as-of date.
    pub years: f64,
    /// De-crewings in them.
    pub events: u32,
    /// Years from the as-of date through the claim's date.
    pub span_years: f64,
    /// Probability of none in the span, Jeffreys' prior.
    pub mean: f64,
    /// 5 % quantile of that probability.
    pub low: f64,
    /// 95 % quantile of that probability.
    pub high: f64,
    /// One sentence: why the model differs.
    pub text: String,
}

/// Quantiles over histories at each sample date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fan {
    /// Id: `altitude`, `crew`, `research`, a stock.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Dates; the quantiles below have as many entries.
    #[schemars(with = "Vec<String>")]
    pub date: Vec<Date>,
    /// 5 %.
    pub p05: Vec<f64>,
    /// 25 %.
    pub p25: Vec<f64>,
    /// 50 %.
    pub p50: Vec<f64>,
    /// 75 %.
    pub p75: Vec<f64>,
    /// 95 %.
    pub p95: Vec<f64>,
}

/// Whether spares last, without and with flights. Worst rows first.
///
/// `exact` and `simulated` ask the same of the same worlds: whether the spares aboard at the as-of
/// date cover all demand over `days`, whatever flies up. One is computed, one is counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sufficiency {
    /// Days of the comparison: the resupply gap of the station's stocking policy.
    pub days: f64,
    /// The probability that is asked of the spares for `days` of a row.
    pub target: f64,
    /// Factor on all failure rates in the what-if columns.
    pub rates_times: f64,
    /// Unit types whose histories differ from the exact value by more than three standard errors.
    pub disagreements: u32,
    /// All unit types together.
    pub station: Lasting,
    /// The station without its worst unit types: each row leaves out one type more.
    pub without_worst: Vec<WithoutWorst>,
    /// By subsystem: all of its unit types last.
    pub subsystems: Vec<Lasting>,
    /// By unit type.
    pub types: Vec<Lasting>,
}

/// Whether the spares of a unit type, or of all types of a group, last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lasting {
    /// Id of the unit type or name of the subsystem.
    pub id: String,
    /// Name.
    pub name: String,
    /// Mean number of spares aboard at the as-of date.
    pub stock: f64,
    /// Probability that they cover all demand over the comparison's days, computed in each world.
    pub exact: f64,
    /// Share of histories in which they did.
    pub simulated: f64,
    /// Sampling error of `simulated` given the worlds, that of `simulated - exact`.
    pub standard_error: f64,
    /// Whether the two lie within three standard errors, all worlds counted alike.
    pub agrees: bool,
    /// Where they do not: what the exact value leaves out.
    pub differs: Option<String>,
    /// Share of histories in which every demand of these days found a spare aboard, with flights.
    pub with_flights: f64,
    /// The same through the claim's last day.
    pub with_flights_to_claim: f64,
    /// Days for which the spares aboard last with the target's probability, without flights; absent
    /// beyond three years.
    pub days: Option<f64>,
    /// `exact` at all failure rates times `rates_times`.
    pub exact_rates_times: f64,
    /// `days` at all failure rates times `rates_times`.
    pub days_rates_times: Option<f64>,
}

/// The station's spares with some unit types left out of the question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WithoutWorst {
    /// The type that this row leaves out, beside those of the rows before.
    pub id: String,
    /// Probability that the spares of all others last.
    pub exact: f64,
    /// Days for which they last with the target's probability; absent beyond three years.
    pub days: Option<f64>,
}

/// Failures of one subsystem in one history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubsystemFailures {
    /// Subsystem (a file of `orus/`).
    pub subsystem: String,
    /// Over histories.
    pub per_history: Spread,
}

/// A count of one history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountSpread {
    /// What is counted.
    pub what: String,
    /// Over histories.
    pub per_history: Spread,
}

/// How a number spreads over histories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// 5 % quantile.
    pub p05: f64,
    /// Median.
    pub p50: f64,
    /// 95 % quantile.
    pub p95: f64,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    /// SHA-256 over station files, overlays, built-in tables and engine version.
    pub digest: String,
    /// SHA-256 over station files and overlays.
    pub station_digest: String,
    /// Overlays in the order they were laid on, as named by the caller.
    pub overlays: Vec<String>,
}

/// Where the values of the files come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// Values printed by a source as such.
    pub published: u32,
    /// Values computed from published ones.
    pub derived: u32,
    /// Values stated by an interested party or one press source.
    pub claimed: u32,
    /// Values assumed here, with a reason.
    pub assumed: u32,
    /// Values on which sources disagree.
    pub disputed: u32,
    /// The sources that values rest on, by key, most used first.
    pub sources: Vec<SourceUse>,
}

/// One source and how many values rest on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceUse {
    /// Key in `sources.toml`.
    pub key: String,
    /// Title.
    pub title: String,
    /// The day it could be known.
    #[schemars(with = "String")]
    pub known_from: Date,
    /// Values that rest on it.
    pub values: u32,
}

/// How an assessment was computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Version of zarya.
    pub version: String,
    /// Seed.
    pub seed: u64,
    /// Histories of the base ensemble.
    pub histories: u32,
    /// Worlds they lie in.
    pub worlds: u32,
    /// Histories of each condition's run.
    pub condition_histories: u32,
    /// Histories of each break-even run.
    pub break_even_histories: u32,
    /// Histories per world of the record runs; 0: the record was not used.
    pub record_histories_per_world: u32,
    /// Conditions withdrawn in the base run (`--without`).
    pub without: Vec<String>,
    /// Whether only the systems' own risks were on (`--only systems`).
    pub only_systems: bool,
    /// Threads; not part of the digest.
    pub threads: u32,
    /// Wall-clock seconds; not part of the digest.
    pub seconds: f64,
    /// False when it was stopped before all histories were done.
    pub complete: bool,
}

impl Assessment {
    /// Returns the digest of this answer: everything but `digest`, `run.threads` and `run.seconds`.
    pub fn compute_digest(&self) -> String {
        digest_in(
            serde_json::to_value(self).expect("an assessment has text keys and finite numbers"),
        )
    }
}

/// Returns the digest that the JSON of an answer should carry, whatever release wrote it: over all that
/// it holds but `digest`, `run.threads` and `run.seconds`.
pub fn digest_in(mut answer: serde_json::Value) -> String {
    if let Some(object) = answer.as_object_mut() {
        object.shift_remove("digest");
        if let Some(run) = object.get_mut("run").and_then(serde_json::Value::as_object_mut) {
            run.shift_remove("threads");
            run.shift_remove("seconds");
        }
    }
    digest::of_json(&answer)
}
