//! What arrays can give and loads ask, with cooling and attitude, by date.
//!
//! The plant is stated in a file (see `zarya power --help` for its form) or is built from the files of a
//! station, exactly one of the two.

mod station;

use crate::air::case_file;
use crate::air::{days, source};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::named::Named;
use crate::refusal::{Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use station::Stated;
pub use zarya_systems::attitude::Control as Attitude;
use zarya_systems::heat::Cooling;
pub use zarya_systems::outlook::{Lost, Moment, Plant};
use zarya_systems::parameters::{self, Basis, Parameter};
pub use zarya_systems::span::{ENDS, MIDDLE, Span};
pub use zarya_systems::supply::Cause;
use zarya_units::Date;

/// Days between rows where none are named, or more so that there are about [`ROWS_DEFAULT`].
pub const STEP_DAYS_DEFAULT: f64 = 30.0;
/// Rows where no step is named, at most.
pub const ROWS_DEFAULT: f64 = 24.0;

/// Which plant, in which steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The plant: a text that was handed in. Exactly one of this and `station`.
    pub file: Option<String>,
    /// The station whose arrays and loads are the plant: a folder handed in, or the id of an embedded
    /// one.
    pub station: Option<String>,
    /// Overlays of the station in the order they are laid on.
    pub scenario: Vec<String>,
    /// Time between rows, with its unit: a day or more (`30 d`). Days on which something fails or is
    /// repaired come on top. Where none is named 30 d, or longer so that there are 24 rows.
    pub step: Option<String>,
}

/// Power, heat and attitude by date.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `power`.
    pub command: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub through: Date,
    /// Share of array power lost a year.
    pub degradation_per_year: Ends<f64>,
    /// What the loads ask on the first day, kW.
    pub asked_kw: f64,
    /// The least that the channels carry around the orbit.
    pub capability_least: Ends<Extreme>,
    /// The least that loads leave of it; negative is shed.
    pub margin_least: Ends<Extreme>,
    /// First day on which power or cooling is short; null if never.
    pub first_short: Ends<Option<Day>>,
    /// The loads.
    pub loads: Vec<Load>,
    /// Names of the cooling loops.
    pub loops: Vec<String>,
    /// A row a step, and one on each day on which something fails or is repaired.
    pub rows: Vec<Row>,
    /// Values of the tables that the answer rests on, by id.
    pub values: Named<Value>,
    /// What is assumed and left open.
    pub caveats: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
    /// Every day behind the rows, for texts and pictures.
    #[serde(skip)]
    pub outlook: Outlook,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Day(#[schemars(with = "String")] pub Date);

/// Every day of a plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// First day.
    pub from: Date,
    /// The days, at three rates of degradation.
    pub span: Span,
    /// Channels, loads, failures.
    pub plant: Plant,
    /// Whether cooling is stated; where it is not, nothing is shed for want of it.
    pub cooling_stated: bool,
    /// Whether gyroscopes, thrusters and propellant are.
    pub attitude_stated: bool,
}

impl Outlook {
    /// Returns the date of a day.
    pub fn date(&self, day: usize) -> Date {
        Date::from_mjd(self.from.mjd() + day as f64)
    }
}

/// The same at the ends that sources disagree on, and in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ends<T> {
    /// Arrays lose power slowly.
    pub slow: T,
    /// In the middle.
    pub middle: T,
    /// Arrays lose power fast.
    pub fast: T,
}

impl<T> Ends<T> {
    fn of(value: impl Fn(usize) -> T) -> Self {
        Self { slow: value(0), middle: value(1), fast: value(2) }
    }

    /// Returns the three with their names, from slow to fast.
    pub fn named(&self) -> [(&'static str, &T); 3] {
        [(ENDS[0], &self.slow), (ENDS[1], &self.middle), (ENDS[2], &self.fast)]
    }
}

/// The least of something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Extreme {
    /// How much, kW.
    pub kw: f64,
    /// When.
    #[schemars(with = "String")]
    pub date: Date,
}

/// A load.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Load {
    /// Its id.
    pub id: String,
    /// Class: 0 is shed last.
    pub class: u32,
    /// `us`, or `russian`: through the converters; of a station the id of its segment.
    pub segment: String,
    /// What it asks, kW.
    pub power_kw: f64,
    /// The least share of it that is served, in the middle.
    pub least_served: f64,
    /// First day on which it loses power; null if never.
    pub first_shed: Ends<Option<FirstShed>>,
}

/// When a load first loses power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FirstShed {
    /// When.
    #[schemars(with = "String")]
    pub date: Date,
    /// What took it: `power` or `cooling`.
    pub cause: &'static str,
}

/// A day. What has no ends is that of the middle; what is not stated is null.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Row {
    /// The date.
    #[schemars(with = "String")]
    pub date: Date,
    /// Days from the first.
    pub day: usize,
    /// Angle of the Sun to the orbit plane, degrees.
    pub beta_deg: f64,
    /// Mean altitude, km.
    pub altitude_km: f64,
    /// Share of the orbit in shadow.
    pub eclipse_fraction: f64,
    /// Power at the arrays in full sun, kW.
    pub sunlit_kw: Ends<f64>,
    /// Load that all channels can carry around the orbit, kW.
    pub capability_kw: Ends<f64>,
    /// The same where the shadow is longest, kW.
    pub capability_least_kw: Ends<f64>,
    /// What loads leave of the capability, kW; negative is shed.
    pub margin_kw: Ends<f64>,
    /// Load that each channel can carry, kW, by id.
    pub channels_kw: Named<f64>,
    /// What the loads ask, as far as converters pass it, kW.
    pub asked_kw: f64,
    /// What is shed, kW.
    pub shed_kw: f64,
    /// Of it for want of cooling, kW.
    pub shed_by_cooling_kw: f64,
    /// By how much power is short, kW.
    pub short_of_power_kw: f64,
    /// By how much cooling is short, kW.
    pub short_of_cooling_kw: f64,
    /// What is shorter: `power` or `cooling`; null where neither is.
    pub cause: Option<&'static str>,
    /// Share of each load that is served, by id.
    pub served: Named<f64>,
    /// Heat to be rejected by the loops, kW.
    pub heat_kw: f64,
    /// Heat that the loops can reject, kW.
    pub cooling_kw: Option<f64>,
    /// `full`, `survival` or `lost`.
    pub cooling: Option<&'static str>,
    /// Who holds attitude.
    pub control: Option<&'static str>,
    /// Working gyroscopes.
    pub gyroscopes: Option<u32>,
    /// Momentum they can hold, Nms.
    pub momentum_capacity_nms: Option<f64>,
    /// Days to saturation from this day on, while nothing unloads.
    pub days_to_saturation: Option<f64>,
    /// Propellant for attitude, kg/d.
    pub propellant_kg_d: Option<f64>,
    /// Propellant left, kg; null too where it does not end.
    pub propellant_kg: Option<f64>,
}

/// A value of the tables.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Value {
    /// The value.
    pub value: f64,
    /// Its low end, if there is a spread.
    pub low: Option<f64>,
    /// Its high end, if there is a spread.
    pub high: Option<f64>,
    /// The unit.
    pub unit: String,
    /// What stands behind it.
    pub basis: &'static str,
    /// Source, or reason.
    pub source: String,
}

/// Rows of the table that an answer from a file rests on.
const USED: [&str; 14] = [
    "array-new",
    "rollout-array",
    "covered-share",
    "degradation",
    "battery-efficiency",
    "bus-efficiency",
    "transfer-standby",
    "transfer-dynamic",
    "loop-capacity",
    "crew-heat",
    "gyroscope-momentum",
    "gyroscopes-needed",
    "momentum-per-day",
    "attitude-hold-propellant",
];

/// What an answer from a file leaves open.
const CAVEATS: [&str; 2] = [
    "the Russian segment's own arrays are not public in kW and not counted: its loads here are \
     what it asks through the converters",
    "arrays track the Sun; shadows of the station and feathering are in `bus` and `health` only",
];

/// Returns what arrays give and loads ask, by date.
///
/// # Errors
///
/// When not exactly one of file and station is named, the step is shorter than a day, the file is no
/// plant (all its problems), or the station states no arrays in kW.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, power};
///
/// let question = power::Question { station: Some("iss".to_owned()), ..Default::default() };
/// let answer = power::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!(answer.loads[0].id, "power-generation-us");
/// assert!(answer.margin_least.fast.kw < answer.margin_least.slow.kw);
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(
    question: &Question,
    data: &Data,
    _control: &Control<'_>,
) -> Result<Answer, Refusals> {
    let Question { file, station, scenario, step } = question;
    let mut found = Found::default();
    source(&mut found, file.as_deref(), station.as_deref(), scenario);
    let step_days = step.as_deref().and_then(|step| days(&mut found, "step", step, "\"30 d\""));
    if let Some(days) = step_days
        && days.partial_cmp(&1.0).is_none_or(std::cmp::Ordering::is_lt)
    {
        let why = format!("{days} d; rows are a day or more apart: an orbit is averaged");
        found.add(Refusal::field("step", why));
    }
    found.done()?;
    let (stated, inputs) = if let Some(file) = file {
        let stated = Stated {
            file: case_file::power_file(data, file)?,
            used: &USED,
            caveats: &CAVEATS,
            cooling: true,
            attitude: true,
            own: Vec::new(),
            segments: Vec::new(),
        };
        (stated, Inputs::of_text(data, file))
    } else {
        let opened = data.station(station.as_deref(), scenario)?;
        (station::plant_of(&opened)?, Inputs::of_station(&opened, scenario))
    };
    Ok(told(stated, step_days, inputs))
}

fn told(stated: Stated, step_days: Option<f64>, inputs: Inputs) -> Answer {
    let Stated { file, used, caveats, cooling, attitude, own, segments } = stated;
    let last = (file.through.mjd() - file.from.mjd()).max(0.0) as usize;
    let lights: Vec<_> = (0..=last).map(|day| file.orbit.light(file.from, day as f64)).collect();
    let default_days = (last as f64 / ROWS_DEFAULT).ceil().max(STEP_DAYS_DEFAULT);
    let step_days = step_days.unwrap_or(default_days);
    let span = Span::new(&file.plant, &lights, &file.efficiency, step_days);
    let outlook = Outlook {
        from: file.from,
        span,
        plant: file.plant,
        cooling_stated: cooling,
        attitude_stated: attitude,
    };
    let (span, plant) = (&outlook.span, &outlook.plant);
    let least = |of: fn(&Moment) -> f64| {
        Ends::of(|end| {
            let day = span.least(end, of);
            Extreme { kw: of(&span.days[end][day]), date: outlook.date(day) }
        })
    };
    let loads = plant.loads.iter().enumerate().map(|(at, load)| Load {
        id: load.id.clone(),
        class: load.class,
        segment: segments.get(at).cloned().unwrap_or_else(|| load.segment.word().to_owned()),
        power_kw: load.power_kw,
        least_served: span.least_served(at),
        first_shed: Ends::of(|end| {
            span.first_shed(at, end)
                .map(|(day, cause)| FirstShed { date: outlook.date(day), cause: cause.word() })
        }),
    });
    let tables = used.iter().filter_map(|id| parameters::power().get(*id).map(|row| (*id, row)));
    let own = own.iter().map(|(id, row)| (id.as_str(), row));
    let values_used: Vec<(&str, &Parameter)> = own.chain(tables).collect();
    let mut all_caveats = file.taken;
    all_caveats.extend(
        values_used
            .iter()
            .filter(|(_, row)| matches!(row.basis, Basis::Assumed | Basis::Disputed))
            .map(|(id, row)| format!("{}: {id} ({})", row.basis.word(), row.source)),
    );
    all_caveats.extend(caveats.iter().map(|words| (*words).to_owned()));
    Answer {
        command: "power",
        version: env!("CARGO_PKG_VERSION"),
        from: file.from,
        through: outlook.date(span.last()),
        degradation_per_year: Ends::of(|end| span.degradation[end]),
        asked_kw: span.middle()[0].asked_kw,
        capability_least: least(|moment| moment.capability_kw),
        margin_least: least(Moment::margin_kw),
        first_short: Ends::of(|end| {
            span.first(end, |moment| moment.cause.is_some()).map(|day| Day(outlook.date(day)))
        }),
        loads: loads.collect(),
        loops: file.loops,
        rows: span.rows.iter().map(|day| row(&outlook, *day)).collect(),
        values: values_used.iter().map(|(id, row)| (*id, value(row))).collect(),
        caveats: all_caveats,
        inputs,
        outlook,
    }
}

fn row(outlook: &Outlook, day: usize) -> Row {
    let Outlook { span, plant, .. } = outlook;
    let now = &span.middle()[day];
    let ends = |of: fn(&Moment) -> f64| Ends::of(|end| of(&span.days[end][day]));
    let (cooling, attitude) = (outlook.cooling_stated, outlook.attitude_stated);
    Row {
        date: outlook.date(day),
        day,
        beta_deg: now.light.beta_deg,
        altitude_km: now.light.altitude_km,
        eclipse_fraction: now.eclipse_fraction,
        sunlit_kw: ends(|moment| moment.sunlit_kw),
        capability_kw: ends(|moment| moment.capability_kw),
        capability_least_kw: ends(|moment| moment.capability_least_kw),
        margin_kw: ends(Moment::margin_kw),
        channels_kw: plant
            .channels
            .iter()
            .zip(&now.channels_kw)
            .map(|(named, kw)| (named.id.clone(), *kw))
            .collect(),
        asked_kw: now.asked_kw,
        shed_kw: now.shed_kw(),
        shed_by_cooling_kw: now.shed_by_cooling_kw,
        short_of_power_kw: now.power.shed_kw,
        short_of_cooling_kw: now.short_of_cooling_kw,
        cause: now.cause.map(Cause::word),
        served: plant
            .loads
            .iter()
            .zip(&now.served)
            .map(|(load, share)| (load.id.clone(), *share))
            .collect(),
        heat_kw: now.heat_kw,
        cooling_kw: cooling.then_some(now.cooling_kw),
        cooling: cooling.then_some(match now.cooling {
            Cooling::Full => "full",
            Cooling::Survival => "survival",
            Cooling::Lost => "lost",
        }),
        control: attitude.then(|| control_word(now.control)),
        gyroscopes: attitude.then_some(now.gyroscopes),
        momentum_capacity_nms: attitude.then_some(now.momentum_capacity_nms),
        days_to_saturation: now.days_to_saturation.filter(|_| attitude),
        propellant_kg_d: attitude.then_some(now.propellant_kg_d),
        propellant_kg: attitude.then_some(now.propellant_kg),
    }
}

/// Returns who holds attitude, in words.
pub fn control_word(control: Attitude) -> &'static str {
    match control {
        Attitude::Nominal => "gyroscopes",
        Attitude::Saturating => "gyroscopes, nothing unloads them",
        Attitude::Thrusters => "thrusters alone",
        Attitude::Lost => "lost",
    }
}

fn value(row: &Parameter) -> Value {
    Value {
        value: row.value,
        low: row.low,
        high: row.high,
        unit: row.unit.clone(),
        basis: row.basis.word(),
        source: row.source.clone(),
    }
}
