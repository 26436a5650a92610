//! Days until each stock and each limit of the cabin is reached, and which is first.

use super::{date_after, left_by, source, stated, takes_nothing};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::named::Named;
use crate::refusal::{Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_systems::case::{Case, StockKind};
use zarya_systems::coupling;
use zarya_systems::endurance::{
    Band, Endurance, Entry, HORIZON_DAYS, SAMPLES, Shortage as Short, watched,
};
use zarya_systems::parameters::{self, row};
use zarya_units::Date;

/// Which case, and who has left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The case: a text that was handed in. Exactly one of this and `station`.
    pub file: Option<String>,
    /// The station whose cabin, stocks and crew are the case: a folder handed in, or the id of an
    /// embedded one.
    pub station: Option<String>,
    /// Overlays of the station in the order they are laid on.
    pub scenario: Vec<String>,
    /// Partners whose processors stop and whose arrivals do not come.
    pub without: Vec<String>,
}

/// How long a case lasts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `air endurance`.
    pub command: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// People aboard.
    pub crew: u32,
    /// Pressurized volume, m3.
    pub volume_m3: f64,
    /// The day from which days count, where stated.
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// The stock or limit that is first at the median; none within the horizon.
    pub limiting: Option<String>,
    /// Stocks and limits of the cabin, by id.
    pub stocks: Named<Stock>,
    /// Limits in force, by id.
    pub limits: Named<Limit>,
    /// Rates the answer rests on, by id.
    pub rates: Named<Rate>,
    /// What is drawn on the first day, at median rates.
    pub first_day: FirstDay,
    /// The table of what a person takes in and gives off.
    pub crew_table: CrewTable,
    /// Largest share by which an element's mass changed in the run at median rates.
    pub element_residual: f64,
    /// What lasts longer is not counted, days.
    pub horizon_days: f64,
    /// Points of the sample behind the 5, 50 and 95 %.
    pub samples: usize,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// What each processor does on the first day, by id.
    pub processors: Named<Processor>,
    /// What is short of power and cooling; absent where neither is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_and_cooling: Option<Shortage>,
    /// What the partners who left provided; absent where all stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<Without>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// Days to one limit.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stock {
    /// Days to it.
    pub days_to_limit: Days,
    /// The same with every value at its median.
    pub days_at_median_rates: Option<f64>,
    /// What the limit is, in words.
    pub limit: String,
    /// Share of the sample in which it is the first.
    pub first_in_share: f64,
    /// The dates, where the case has a first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_limit: Option<Dates>,
    /// How much is aboard; absent for a limit of the cabin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Unit of `amount`: `kg` or `pieces`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// Days until less than a reserve is left; absent for a limit of the cabin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
    /// Days at the median before partners left (null beyond the horizon); absent where all stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_with_all_partners: Option<Option<f64>>,
}

/// 5, 50 and 95 % of a number of days; null beyond the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Days {
    /// One in twenty lasts shorter.
    pub p05: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// One in twenty lasts longer.
    pub p95: Option<f64>,
}

/// The same as dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dates {
    /// One in twenty lasts shorter.
    #[schemars(with = "Option<String>")]
    pub p05: Option<Date>,
    /// The median.
    #[schemars(with = "Option<String>")]
    pub p50: Option<Date>,
    /// One in twenty lasts longer.
    #[schemars(with = "Option<String>")]
    pub p95: Option<Date>,
}

/// The reserve rule of 2004: days until less than 45 or 30 days are left, arrivals counted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reserve {
    /// When a descent is prepared.
    pub prepare: Until,
    /// When the station is left.
    pub abandon: Until,
}

/// Days until a reserve is reached.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Until {
    /// Days until it is; null beyond the horizon.
    pub days: Option<f64>,
    /// Days of supply that are then left.
    pub reserve_days: f64,
    /// What stands behind the reserve.
    pub basis: &'static str,
    /// Source, or reason.
    pub source: String,
}

/// A limit in force.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Limit {
    /// Its low end.
    pub low: Option<f64>,
    /// Its high end.
    pub high: Option<f64>,
    /// Unit of both: `kPa`, `kg` or `pieces`.
    pub unit: &'static str,
    /// What stands behind it.
    pub basis: &'static str,
    /// Source, or reason.
    pub source: String,
}

/// A rate in use.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rate {
    /// The value.
    pub value: f64,
    /// 5 % point, if there is a spread.
    pub low: Option<f64>,
    /// 95 % point, if there is a spread.
    pub high: Option<f64>,
    /// The unit.
    pub unit: String,
    /// What stands behind it.
    pub basis: &'static str,
    /// Source, or reason.
    pub source: String,
}

/// What is drawn on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FirstDay {
    /// Oxygen asked by crew and leaks, kg/d.
    pub oxygen_kg_d: f64,
    /// The same in pounds a day, as reports of the station had it.
    pub oxygen_lb_d: f64,
    /// Oxygen made by generators, kg/d.
    pub oxygen_made_kg_d: f64,
    /// Change of total pressure if nothing were supplied, mmHg/d; negative is falling.
    pub pressure_unsupplied_mmhg_d: f64,
    /// Carbon dioxide breathed out, kg/d.
    pub carbon_dioxide_kg_d: f64,
    /// Water drunk and split, kg/d.
    pub water_kg_d: f64,
    /// Water recovered, kg/d.
    pub water_recovered_kg_d: f64,
    /// Food eaten, kg/d.
    pub food_kg_d: f64,
    /// Air leaking, kg/d.
    pub leak_kg_d: f64,
    /// Electric power of the processors, kW.
    pub power_kw: f64,
    /// Heat they give off, kW.
    pub heat_kw: f64,
}

/// The table of a person's day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CrewTable {
    /// What goes in as published, kg/d.
    pub published_in_kg_d: f64,
    /// What comes out as published, kg/d.
    pub published_out_kg_d: f64,
    /// By how much the two differ, relative to what goes in.
    pub published_gap: f64,
    /// Water made by the body, kg/d.
    pub metabolic_water_kg_d: f64,
    /// Rows that were changed so that elements close.
    pub adjustments: Vec<Adjustment>,
}

/// A row of the table as published and as used.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Adjustment {
    /// The row.
    pub id: String,
    /// As published, kg/d.
    pub published: f64,
    /// As used, kg/d.
    pub used: f64,
}

/// A processor on the first day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Processor {
    /// `off`, `standby`, `running`, `cycling` or `failed`.
    pub state: &'static str,
    /// What it makes, kg/d.
    pub output_kg_d: f64,
    /// Power it draws, kW.
    pub power_kw: f64,
    /// Heat it gives off, kW.
    pub heat_kw: f64,
}

/// Power and cooling where they are stated.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Shortage {
    /// What each segment draws on the first day.
    pub segments: Named<SegmentDraw>,
    /// Processors held below what was asked of them.
    pub derated: Vec<Derated>,
}

/// What a segment draws on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SegmentDraw {
    /// Power drawn, kW.
    pub power_kw: f64,
    /// Power there is, kW; null where it is not stated and enough.
    pub power_available_kw: Option<f64>,
    /// Heat given off, kW.
    pub heat_kw: f64,
    /// Heat that is cooled, kW; null where it is not stated and enough.
    pub cooling_available_kw: Option<f64>,
    /// Power of loads that are shed, kW.
    pub shed_kw: f64,
}

/// A processor held below what was asked of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Derated {
    /// Which.
    pub id: String,
    /// By what: `power` or `cooling`.
    pub cause: &'static str,
    /// Day on which it begins.
    pub day: f64,
    /// What it can then make, kg/d.
    pub most_kg_d: f64,
}

/// What the partners who left provided.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Without {
    /// The partners.
    pub partners: Vec<String>,
    /// The whole station's capabilities, by the table of who provides what.
    pub capabilities: Vec<Capability>,
}

/// A capability before and after.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Capability {
    /// Which.
    pub id: String,
    /// What is needed, in its unit.
    pub need: f64,
    /// What is provided by primary providers before.
    pub before: f64,
    /// What is provided by primary providers after.
    pub after: f64,
    /// The providers that end.
    pub ended: Vec<String>,
    /// Whether the need is still met without substitutes.
    pub holds: bool,
    /// Days to the limit without substitutes; null where it holds.
    pub days_without_substitutes: Option<f64>,
    /// Days to the limit with substitutes; null where it then holds.
    pub days_with_substitutes: Option<f64>,
}

const KG_PER_LB: f64 = 0.453_592_37;
const SEGMENTS: [&str; 2] = ["us", "russian"];

/// Returns how long a case lasts.
///
/// # Errors
///
/// When not exactly one of file and station is named, the file is not a case (all its problems), the
/// station has no cabin, or a partner provides nothing.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, air::endurance};
///
/// let case = "crew = 2\nvolume = \"425 m3\"\n[stocks]\noxygen = \"110 kg\"\n";
/// let data = Data::embedded().with_text("two.toml", case);
/// let question =
///     endurance::Question { file: Some("two.toml".to_owned()), ..Default::default() };
/// let answer = endurance::answer(&question, &data, &Control::silent())?;
/// let days = answer.stocks.get("oxygen").and_then(|stock| stock.days_to_limit.p50);
/// assert_eq!(format!("{:.0}", days.expect("it runs out")), "67");
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let Question { file, station, scenario, without } = question;
    let mut found = Found::default();
    source(&mut found, file.as_deref(), station.as_deref(), scenario);
    found.done()?;
    let (stated, inputs) = stated(data, file.as_deref(), station.as_deref(), scenario)?;
    let case = left_by(&stated.case, without)?;
    let lasts = |what: &'static str, case: &Case| {
        let total = SAMPLES as u64;
        watched(case, &|done| control.go_on(what, done as u64, total).is_ok())
            .ok_or_else(Refusal::stopped)
    };
    let before =
        if without.is_empty() { None } else { Some(lasts("with all partners", &stated.case)?) };
    let lasts = lasts("samples", &case)?;
    let mut answer = told(&case, stated.from, lasts, before.as_ref(), inputs);
    answer.caveats.splice(0..0, stated.notes);
    answer.caveats.splice(0..0, takes_nothing(&stated.case, &case, without));
    if !without.is_empty() {
        answer.without =
            Some(Without { partners: without.clone(), capabilities: losses(case.crew, without) });
    }
    Ok(answer)
}

fn told(
    case: &Case,
    from: Option<Date>,
    lasts: Endurance,
    before: Option<&Endurance>,
    inputs: Inputs,
) -> Answer {
    let table = zarya_systems::crew::table();
    let draw = &lasts.draw;
    Answer {
        command: "air endurance",
        version: env!("CARGO_PKG_VERSION"),
        crew: case.crew as u32,
        volume_m3: case.volume_m3(),
        from,
        stocks: lasts
            .entries
            .iter()
            .map(|entry| (entry.id.clone(), stock(case, from, entry, before)))
            .collect(),
        limits: case
            .limits
            .iter()
            .map(|limit| {
                let told = Limit {
                    low: limit.low,
                    high: limit.high,
                    unit: limit.of.unit(),
                    basis: limit.basis.word(),
                    source: limit.source.clone(),
                };
                (limit.of.id(), told)
            })
            .collect(),
        rates: lasts
            .rates
            .into_iter()
            .map(|rate| {
                let told = Rate {
                    value: rate.value,
                    low: rate.low,
                    high: rate.high,
                    unit: rate.unit,
                    basis: rate.basis.word(),
                    source: rate.source,
                };
                (rate.id, told)
            })
            .collect(),
        first_day: FirstDay {
            oxygen_kg_d: draw.oxygen_kg_d,
            oxygen_lb_d: draw.oxygen_kg_d / KG_PER_LB,
            oxygen_made_kg_d: draw.oxygen_made_kg_d,
            pressure_unsupplied_mmhg_d: draw.pressure_unsupplied_mmhg_d,
            carbon_dioxide_kg_d: draw.carbon_dioxide_kg_d,
            water_kg_d: draw.water_kg_d,
            water_recovered_kg_d: draw.water_recovered_kg_d,
            food_kg_d: draw.food_kg_d,
            leak_kg_d: draw.leak_kg_d,
            power_kw: draw.power_kw,
            heat_kw: draw.heat_kw,
        },
        crew_table: CrewTable {
            published_in_kg_d: table.published_in,
            published_out_kg_d: table.published_out,
            published_gap: (table.published_out - table.published_in) / table.published_in,
            metabolic_water_kg_d: table.day.metabolic_water(),
            adjustments: table
                .adjustments
                .iter()
                .map(|row| Adjustment {
                    id: row.id.clone(),
                    published: row.published,
                    used: row.used,
                })
                .collect(),
        },
        element_residual: lasts.element_residual,
        horizon_days: HORIZON_DAYS,
        samples: SAMPLES,
        caveats: lasts.caveats,
        processors: lasts
            .processors
            .into_iter()
            .map(|now| {
                let told = Processor {
                    state: now.state.word(),
                    output_kg_d: now.output_kg_d,
                    power_kw: now.power_kw,
                    heat_kw: now.heat_kw,
                };
                (now.id, told)
            })
            .collect(),
        power_and_cooling: lasts.shortage.as_ref().map(shortage),
        without: None,
        inputs,
        limiting: lasts.limiting,
    }
}

fn stock(case: &Case, from: Option<Date>, entry: &Entry, before: Option<&Endurance>) -> Stock {
    let Band { p05, p50, p95 } = entry.days_to_limit;
    let kind = StockKind::named(&entry.id);
    let date = |days: Option<f64>| days.and_then(|days| date_after(from, days));
    let until = |rule: &str| {
        let reserve = row(parameters::air(), rule);
        Until {
            days: p50.map(|days| (days - reserve.value).max(0.0)),
            reserve_days: reserve.value,
            basis: reserve.basis.word(),
            source: reserve.source.clone(),
        }
    };
    let was = before.and_then(|before| before.entries.iter().find(|was| was.id == entry.id));
    Stock {
        days_to_limit: Days { p05, p50, p95 },
        days_at_median_rates: entry.days_at_median_rates,
        limit: entry.limit.clone(),
        first_in_share: entry.first,
        date_of_limit: from.map(|_| Dates { p05: date(p05), p50: date(p50), p95: date(p95) }),
        amount: kind.map(|kind| case.amount(kind)),
        unit: kind.map(|kind| if kind.counted() { "pieces" } else { "kg" }),
        reserve: kind.map(|_| Reserve {
            prepare: until("reserve-prepare"),
            abandon: until("reserve-abandon"),
        }),
        days_with_all_partners: was.map(|was| was.days_to_limit.p50),
    }
}

fn shortage(short: &Short) -> Shortage {
    let finite = |kw: f64| kw.is_finite().then_some(kw);
    Shortage {
        segments: SEGMENTS
            .iter()
            .zip(short.draws)
            .filter_map(|(name, draw)| {
                let draw = draw?;
                let told = SegmentDraw {
                    power_kw: draw.power_kw,
                    power_available_kw: finite(draw.power_available_kw),
                    heat_kw: draw.heat_kw,
                    cooling_available_kw: finite(draw.cooling_available_kw),
                    shed_kw: draw.shed_kw,
                };
                Some((*name, told))
            })
            .collect(),
        derated: short
            .derated
            .iter()
            .map(|derated| Derated {
                id: derated.id.clone(),
                cause: derated.cause.word(),
                day: derated.day,
                most_kg_d: derated.most_kg_d,
            })
            .collect(),
    }
}

fn losses(crew: f64, without: &[String]) -> Vec<Capability> {
    let partners: Vec<&str> = without.iter().map(String::as_str).collect();
    coupling::withdraw(coupling::station_table(), crew, &partners)
        .into_iter()
        .map(|loss| Capability {
            id: loss.capability,
            need: loss.need,
            before: loss.before,
            after: loss.after,
            ended: loss.ended,
            holds: loss.holds,
            days_without_substitutes: loss.days_without_substitutes,
            days_with_substitutes: loss.days_with_substitutes,
        })
        .collect()
}
