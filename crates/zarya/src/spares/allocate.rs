//! Which spares to carry: the lightest stock that reaches a probability, proven, or the most probable one
//! within limits.

use super::listed::{Listed, Wanted, shown};
use super::{LifeLimits, Model, Repair, above_one, excluded, probability};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Found, Kind, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zarya_reliability::Unit;
use zarya_reliability::allocation::{
    self as search, LineProblem, SHAPES, Sought, StockError, curve, probability_if_unknown,
    read_instance, solve, stock,
};
pub use zarya_reliability::allocation::{Budget, FlightAsked, Measure};
use zarya_units::Date;

/// Most flights that one load is packed into.
const FLIGHTS_MAX: usize = 100;
/// Random demand is that of failures, beside the plan.
pub const LIFE_LIMITS_DEFAULT: LifeLimits = LifeLimits::Maximum;

question! {
    /// Which spares of which units to carry.
    pub struct Question {
        /// Probability that no unit type runs out, between 0 and 1. It may be left out with limits or
        /// flights: then the stock within them that lasts with the highest probability is found.
        pub probability: Option<f64> = None,
        /// Most that all carried spares may take up; limits bind together.
        pub limit: Vec<Budget> = Vec::new(),
        /// Rates of one subsystem share a lognormal factor with this 95 % to 50 % ratio (K-factor), above 1,
        /// at most 100. The answer is a stock and the mass that none can be below.
        pub shared_error_factor: Option<f64> = None,
        /// Flights that bring the spares before the period: every spare must fly on one of them, not before
        /// it is ready, and outside only on one with room there.
        pub flight: Vec<FlightAsked> = Vec::new(),
        /// Never carry less than this of any type.
        pub at_least: Option<AtLeast> = None,
        /// What random demand counts: failures beside the plan, or failures and plan together.
        pub life_limits: LifeLimits = LIFE_LIMITS_DEFAULT,
        /// In place of all else: an instance, by the name it was handed in under. A first line with the
        /// number of steps and the gain in ln P to reach, then lines of row, mass of one more spare in kg
        /// and its gain, which never rises within a row.
        pub steps: Option<String> = None,
    }
}

/// What of each type is carried at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AtLeast {
    /// The scheduled replacements of the period.
    Scheduled,
}

/// Which spares to carry.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    /// For units.
    Units(Box<OfUnits>),
    /// For an instance.
    Steps(Box<OfSteps>),
}

/// The best stock of a list of units.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OfUnits {
    /// Mass of the stock in kg.
    pub mass_kg: f64,
    /// Probability that no unit type runs out.
    pub probability: f64,
    /// Spares of each unit type.
    pub stock: BTreeMap<String, u32>,
    /// Whether the search proved that no stock is better.
    pub proof: Proof,
    /// Mass above what is proven necessary; null where a probability was sought.
    pub gap_kg: Option<f64>,
    /// No stock with the probability is lighter; null where a probability was sought.
    pub bound_kg: Option<f64>,
    /// No stock within the limits lasts with more than this; null where a mass was sought.
    pub bound_probability: Option<f64>,
    /// How much of each limit the stock takes up.
    pub limits: Vec<LimitTaken>,
    /// What each flight carries.
    pub flights: Vec<Load>,
    /// What the next percent costs at the marginal price, a thing of the margin above 0.98 where
    /// less is left, and the unit type that carries it; null within limits.
    pub next_percent: Option<Margin>,
    /// What it costs by marginal analysis to halve the probability with which its stock runs out,
    /// in kg; null within limits and with shared factors.
    pub half_the_failures_kg: Option<f64>,
    /// What an equal share of the probability for every unit type would carry; null with shared
    /// factors.
    pub equal_split_kg: Option<f64>,
    /// What marginal analysis would carry without limits.
    pub greedy_kg: Option<f64>,
    /// The factor that rates of a subsystem share; null where they share none.
    pub shared_error_factor: Option<f64>,
    /// How demand was computed.
    pub model: Model,
    /// What the stock is worth when each rate has a gamma prior of the same mean.
    pub if_rates_unknown: Vec<Shape>,
    /// Marginal analysis without limits, spare by spare.
    pub curve: Vec<Point>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
    /// The probability asked for, if any; for tables and pictures alone.
    #[serde(skip)]
    pub asked: Option<f64>,
    /// The stock in the order of the list; for tables and pictures alone.
    #[serde(skip)]
    pub carried: Vec<Carried>,
}

/// Whether something better may exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// No stock is better.
    Optimal,
    /// A better one is not excluded, within a bound.
    Gap,
}

/// What a little more probability costs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Margin {
    /// Mass in kg.
    pub mass_kg: f64,
    /// The unit type that carries it.
    pub carried_by: String,
}

/// How much of a limit is taken up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LimitTaken {
    /// What is counted.
    pub name: Measure,
    /// The most that may be taken up.
    pub most: f64,
    /// What is taken up.
    pub used: f64,
}

/// What one flight carries.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Load {
    /// Its day, counted from the start of the period.
    pub day: f64,
    /// Spares of each unit type aboard.
    pub spares: BTreeMap<String, u32>,
    /// How much of its limits they take up.
    pub limits: Vec<LimitTaken>,
}

/// What the stock is worth when each rate has a gamma prior of the same mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Shape {
    /// Shape of the prior.
    pub shape: f64,
    /// Probability that no unit type runs out.
    pub probability: f64,
}

/// A point of marginal analysis.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// Mass of the stock in kg.
    pub mass_kg: f64,
    /// Probability that no unit type runs out.
    pub probability: f64,
    /// The type that received a spare.
    pub id: String,
    /// How many it has now.
    pub stock: u32,
}

/// What is carried of one unit type.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The unit type.
    pub id: String,
    /// Its spares.
    pub spares: u32,
    /// Mass of one in kg.
    pub mass_kg: f64,
}

/// The lightest steps of an instance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OfSteps {
    /// Their mass in kg.
    pub mass_kg: f64,
    /// Their gain in ln P.
    pub gain: f64,
    /// The gain to reach.
    pub target_gain: f64,
    /// Spares of each row.
    pub stock: BTreeMap<String, u32>,
    /// Whether the search proved that no steps are lighter.
    pub proof: Proof,
    /// Mass above what is proven necessary.
    pub gap_kg: f64,
    /// No steps with the gain are lighter.
    pub bound_kg: f64,
    /// Mass if spares were divisible.
    pub relaxed_kg: f64,
    /// What marginal analysis would carry.
    pub greedy_kg: f64,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

impl Question {
    /// Finds what is wrong with the question by itself, before any data are read.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn check(&self) -> Result<(), Refusals> {
        let mut found = Found::default();
        if self.steps.is_some() {
            self.check_alone(&mut found);
            return found.done();
        }
        self.asked().check(&mut found);
        probability(&mut found, "probability", self.probability);
        above_one(&mut found, "shared_error_factor", self.shared_error_factor);
        let shared = self.shared_error_factor.is_some();
        excluded(&mut found, "shared_error_factor", shared, "limit", !self.limit.is_empty());
        excluded(&mut found, "flight", !self.flight.is_empty(), "shared_error_factor", shared);
        if !self.limit.iter().all(Budget::is_sound) {
            let why = format!("a limit is a number from 0 to {:e}", Budget::MOST);
            found.add(Refusal::field("limit", why));
        }
        if !self.flight.iter().all(FlightAsked::is_sound) {
            let why = format!(
                "the day of a flight is a number from 0 to {:e}, its limits are numbers from 0 to {:e}",
                FlightAsked::DAY_MAX,
                Budget::MOST
            );
            found.add(Refusal::field("flight", why));
        }
        if self.flight.len() > FLIGHTS_MAX {
            let why = format!("{} flights, more than {FLIGHTS_MAX}", self.flight.len());
            found.add(Refusal::field("flight", why));
        }
        if self.probability.is_none() && shared {
            let why = "`shared_error_factor` needs `probability`";
            found.add(Refusal::field("shared_error_factor", why));
        } else if self.probability.is_none() && self.limit.is_empty() && self.flight.is_empty() {
            let why = StockError::NoGoal.to_string();
            let help = "give `probability`, or `limit` for the best stock within limits";
            found.add(Refusal::new(Kind::Malformed, About::Question, why).help(help));
        }
        found.done()
    }

    /// An instance has its gains already: nothing else that is given is dropped in silence.
    fn check_alone(&self, found: &mut Found) {
        let plain = Self::default();
        for (field, given) in [
            ("units", self.units.is_some()),
            ("station", self.station.is_some()),
            ("scenario", !self.scenario.is_empty()),
            ("period_d", self.period_d.is_some()),
            ("through", self.through.is_some()),
            ("repair", self.repair.is_some()),
            ("shape", self.shape.is_some()),
            ("error_factor", self.error_factor.is_some()),
            ("rates_times", self.rates_times != plain.rates_times),
            ("prior_weight", self.prior_weight != plain.prior_weight),
            ("probability", self.probability.is_some()),
            ("limit", !self.limit.is_empty()),
            ("shared_error_factor", self.shared_error_factor.is_some()),
            ("flight", !self.flight.is_empty()),
            ("at_least", self.at_least.is_some()),
            ("life_limits", self.life_limits != plain.life_limits),
        ] {
            excluded(found, "steps", true, field, given);
        }
    }
}

/// Returns the best stock, with its proof.
///
/// # Errors
///
/// When the question is none, the units or the instance are not known or wrong, or no stock meets the
/// goal; [`Control::stop`] ends it between its parts.
///
/// # Examples
///
/// ```
/// use zarya::spares::allocate;
/// use zarya::{Control, Data};
///
/// let list = "id,quantity,mtbf_d,mass_kg\npump,1,400,7\nvalve,2,900,2.5\n";
/// let question = allocate::Question {
///     units: Some("units.csv".to_owned()),
///     period_d: Some(400.0),
///     probability: Some(0.95),
///     ..Default::default()
/// };
/// let data = Data::embedded().with_text("units.csv", list);
/// let answer = allocate::answer(&question, &data, &Control::silent())?;
/// let allocate::Answer::Units(best) = answer else { panic!("asked of units") };
/// assert_eq!((best.stock["pump"], best.stock["valve"]), (3, 3));
/// assert_eq!((best.mass_kg, best.proof), (28.5, allocate::Proof::Optimal));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    question.check()?;
    if let Some(name) = &question.steps {
        control.go_on("searches", 0, 1)?;
        let best = of_steps(data, name)?;
        control.go_on("searches", 1, 1)?;
        return Ok(Answer::Steps(Box::new(best)));
    }
    let listed = question.asked().listed(data, Wanted::Units, &[1])?;
    if !listed.has_mass {
        let about = About::Text(listed.name);
        let why = "no column gives the mass of a spare";
        return Err(Refusal::unanswerable(about, why).help("add `mass_kg`").into());
    }
    let sought = Sought {
        units: &listed.units,
        model: listed.model,
        probability: question.probability,
        shared_error_factor: question.shared_error_factor,
        limits: &question.limit,
        flights: &question.flight,
        scheduled_at_least: question.at_least == Some(AtLeast::Scheduled),
    };
    let (watch, going) = (control.watch(), || !control.stopped());
    let best = stock(&sought, &watch, &going).map_err(|error| no_stock(&error, &listed))?;
    let (units, model) = (&listed.units, &listed.model);
    let worth = |shape| {
        let probability = probability_if_unknown(units, model, &best.spares, shape);
        Shape { shape, probability }
    };
    Ok(Answer::Units(Box::new(OfUnits {
        mass_kg: best.mass_kg,
        probability: best.probability,
        stock: counted(units, &best.spares).collect(),
        proof: best.proof.into(),
        gap_kg: best.bound_kg.map(|bound_kg| best.mass_kg - bound_kg),
        bound_kg: best.bound_kg,
        bound_probability: best.bound_probability,
        limits: taken(units, &best.spares, &question.limit),
        flights: question
            .flight
            .iter()
            .zip(&best.loads)
            .map(|(flight, load)| Load {
                day: flight.day,
                spares: counted(units, load).filter(|(_, n)| *n > 0).collect(),
                limits: taken(units, load, &flight.limits),
            })
            .collect(),
        next_percent: best
            .next_percent
            .map(|(mass_kg, row)| Margin { mass_kg, carried_by: units[row].id.clone() }),
        half_the_failures_kg: best.half_the_failures_kg,
        equal_split_kg: best.equal_split_kg,
        greedy_kg: best.greedy_kg,
        shared_error_factor: question.shared_error_factor,
        model: model.into(),
        if_rates_unknown: SHAPES.into_iter().map(worth).collect(),
        curve: best
            .curve
            .iter()
            .map(|point| Point {
                mass_kg: point.mass_kg,
                probability: point.probability,
                id: units[point.row].id.clone(),
                stock: point.n,
            })
            .collect(),
        asked: question.probability,
        carried: units
            .iter()
            .zip(&best.spares)
            .map(|(unit, n)| Carried { id: unit.id.clone(), spares: *n, mass_kg: unit.mass_kg })
            .collect(),
        notes: listed.notes,
        inputs: listed.inputs,
    })))
}

impl From<search::Proof> for Proof {
    fn from(proof: search::Proof) -> Self {
        match proof {
            search::Proof::Optimal => Self::Optimal,
            search::Proof::Bound { .. } | search::Proof::GainBound { .. } => Self::Gap,
        }
    }
}

/// Unit types with their spares.
fn counted(units: &[Unit], spares: &[u32]) -> impl Iterator<Item = (String, u32)> {
    units.iter().zip(spares).map(|(unit, n)| (unit.id.clone(), *n))
}

/// What a stock takes up of limits.
fn taken(units: &[Unit], spares: &[u32], limits: &[Budget]) -> Vec<LimitTaken> {
    let used = |limit: &Budget| limit.name.taken(units, spares);
    let each = limits.iter();
    each.map(|limit| LimitTaken { name: limit.name, most: limit.most, used: used(limit) }).collect()
}

/// Why there is no stock, and what to do.
fn no_stock(error: &StockError, listed: &Listed) -> Refusal {
    let why = error.to_string();
    let refused = |help: &str| Refusal::unanswerable(About::Question, why.clone()).help(help);
    match error {
        StockError::Stopped => Refusal::stopped(),
        StockError::NoGoal => refused("give `probability` or `limit`"),
        StockError::TooFine { .. } => refused("lower `probability`, or use `repair` none"),
        StockError::LimitTooTight { .. } => {
            refused("raise `limit`, or lower `probability` or `at_least`")
        }
        StockError::Limits(_) => {
            refused("raise a `limit`, add a `flight` or room on one, or lower `probability`")
        }
        StockError::Unstated(measure) => unstated(*measure, &why, listed),
    }
}

/// For which types a limit cannot be counted, and what to do.
fn unstated(measure: Measure, why: &str, listed: &Listed) -> Refusal {
    let units = &listed.units;
    let missing: Vec<&str> =
        units.iter().filter(|unit| measure.of(unit).is_none()).map(|unit| &*unit.id).collect();
    let stated: Vec<&str> = Measure::ALL
        .iter()
        .filter(|(of, _)| units.iter().all(|unit| of.of(unit).is_some()))
        .map(|(_, name)| *name)
        .collect();
    let stated = stated.join(", ");
    let (n, of, ids) = (missing.len(), units.len(), shown(&missing));
    let why = format!("{why}; {n} of {of} do not state it: {ids}");
    let (about, help) = if listed.as_of.is_some() {
        let help = "state it for each [[oru]] in files of your own";
        (
            About::Field("station".to_owned()),
            format!("{help}; these files can be limited by {stated}"),
        )
    } else {
        let help = format!("fill the column `{measure}`; this list can be limited by {stated}");
        (About::Text(listed.name.clone()), help)
    };
    Refusal::unanswerable(about, why).help(help)
}

/// Returns the lightest steps of an instance.
fn of_steps(data: &Data, name: &str) -> Result<OfSteps, Refusals> {
    let instance = read_instance(data.text("steps", name)?).map_err(|problems| {
        let told = |LineProblem { line, what, help }| {
            Refusal::unanswerable(About::Text(format!("{name}:{line}")), what).help(help)
        };
        Refusals { problems: problems.into_iter().map(told).collect(), texts: Vec::new() }
    })?;
    let target_gain = instance.problem.target_gain;
    let allocation = solve(&instance.problem).ok_or_else(|| {
        let why = format!("all steps together gain less than {target_gain}");
        let about = About::Text(name.to_owned());
        Refusal::unanswerable(about, why).help("add steps or lower the gain on line 1")
    })?;
    let bound_kg = match allocation.proof {
        search::Proof::Optimal => allocation.mass_kg,
        search::Proof::Bound { mass_kg } => mass_kg,
        search::Proof::GainBound { .. } => 0.0,
    };
    let greedy_kg = curve(&instance.problem)
        .iter()
        .find(|point| point.gain >= target_gain)
        .map_or(allocation.mass_kg, |point| point.mass_kg);
    Ok(OfSteps {
        mass_kg: allocation.mass_kg,
        gain: allocation.gain,
        target_gain,
        stock: instance.names.into_iter().zip(allocation.steps.iter().copied()).collect(),
        proof: allocation.proof.into(),
        gap_kg: allocation.mass_kg - bound_kg,
        bound_kg,
        relaxed_kg: allocation.relaxed_kg,
        greedy_kg,
        notes: match allocation.proof {
            search::Proof::Optimal => Vec::new(),
            search::Proof::Bound { .. } | search::Proof::GainBound { .. } => {
                vec!["the search ended before a proof: lighter steps are not excluded".to_owned()]
            }
        },
        inputs: Inputs::of_text(data, name),
    })
}
