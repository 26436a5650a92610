//! What it costs to keep a leaking element open, closed, or opened on a schedule, side by side.

use super::{days, source, stated};
use crate::control::Control;
use crate::data::Data;
use crate::inputs::Inputs;
use crate::named::Named;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zarya_systems::air::HatchPolicy;
use zarya_systems::endurance::HORIZON_DAYS;
use zarya_systems::hatch::{self, EVERY_LEAST_DAYS, HatchError, Priced};

/// Time from opening to opening where none is named.
pub const EVERY_DEFAULT: &str = "7 d";
/// Time the hatch then stays open where none is named.
pub const OPEN_FOR_DEFAULT: &str = "12 h";
/// Docking ports behind the hatch where no number is named.
pub const PORTS_DEFAULT: f64 = 1.0;

/// What every answer leaves open.
pub const CAVEATS: [&str; 2] = [
    "gas is counted at median rates and starting pressure; leaks that grow cost more",
    "docking ports behind the hatch are taken as unusable while it is closed",
];

/// Which element of which case, and the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The case: a text that was handed in. Exactly one of this and `station`.
    pub file: Option<String>,
    /// The station whose cabin, stocks and crew are the case: a folder handed in, or the id of an
    /// embedded one.
    pub station: Option<String>,
    /// Overlays of the station in the order they are laid on.
    pub scenario: Vec<String>,
    /// The element behind the hatch; the one that leaks where none is named.
    pub zone: Option<String>,
    /// Time from opening to opening, with its unit: 1 d to ten years.
    pub every: String,
    /// Time the hatch then stays open, with its unit: less than `every`.
    pub open_for: String,
    /// Docking ports behind the hatch: 0 or more.
    pub ports: f64,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            file: None,
            station: None,
            scenario: Vec::new(),
            zone: None,
            every: EVERY_DEFAULT.to_owned(),
            open_for: OPEN_FOR_DEFAULT.to_owned(),
            ports: PORTS_DEFAULT,
        }
    }
}

/// The three policies side by side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `air hatch`.
    pub command: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// The element.
    pub zone: String,
    /// Its volume, m3.
    pub volume_m3: f64,
    /// What leaks out of it at the starting pressure, kg/d.
    pub leak_kg_d: f64,
    /// Days from opening to opening.
    pub every_days: f64,
    /// Days the hatch then stays open.
    pub open_days: f64,
    /// Docking ports behind the hatch.
    pub ports: f64,
    /// What lasts longer is not counted, days.
    pub horizon_days: f64,
    /// The policies `open`, `closed` and `scheduled`.
    pub policies: Named<Policy>,
    /// What the answer leaves open.
    pub caveats: Vec<String>,
    /// What the answer rests on.
    pub inputs: Inputs,
}

/// The price of a policy, and what it leaves.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Policy {
    /// All station gas spent, kg/d on average: leak and filling.
    pub gas_kg_d: f64,
    /// Of it oxygen, kg/d.
    pub oxygen_kg_d: f64,
    /// Of it nitrogen, kg/d.
    pub nitrogen_kg_d: f64,
    /// Station gas that leaks away through the open hatch, kg/d on average.
    pub leaked_kg_d: f64,
    /// Station gas that fills the element at each opening, kg; zero without openings.
    pub filling_kg_per_opening: f64,
    /// Openings a year.
    pub openings_per_year: f64,
    /// Docking ports given up: those behind the hatch, for the share of time it is closed.
    pub ports_lost: f64,
    /// Days to each limit of the case, by id.
    pub days_to_limit: Named<Lasts>,
}

/// Days to a limit under a policy; null beyond the horizon.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Lasts {
    /// One in twenty lasts shorter.
    pub p05: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// One in twenty lasts longer.
    pub p95: Option<f64>,
    /// Days gained at the median over the open hatch.
    pub gained_over_open: Option<f64>,
    /// What the limit is, in words.
    pub limit: String,
}

/// Returns what each policy costs.
///
/// # Errors
///
/// When not exactly one of file and station is named, the schedule is none, the file is not a case (all
/// its problems), the station has no cabin, or no hatch can be closed on a leak.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, air::hatch};
///
/// let question = hatch::Question { station: Some("iss".to_owned()), ..Default::default() };
/// let answer = hatch::answer(&question, &Data::embedded(), &Control::silent())?;
/// let gas = |name| answer.policies.get(name).map(|policy| policy.gas_kg_d);
/// assert_eq!((answer.zone.as_str(), gas("closed")), ("prk", Some(0.0)));
/// # Ok::<(), zarya::Refusals>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let Question { file, station, scenario, ports, .. } = question;
    let mut found = Found::default();
    source(&mut found, file.as_deref(), station.as_deref(), scenario);
    let (every_days, open_days) = schedule(&mut found, question);
    if !(*ports >= 0.0 && ports.is_finite()) {
        let why = format!("{ports} docking ports; give a number from 0");
        found.add(Refusal::field("ports", why));
    }
    found.done()?;
    let (stated, inputs) = stated(data, file.as_deref(), station.as_deref(), scenario)?;
    let case = &stated.case;
    let zone = hatch::element(case, question.zone.as_deref())
        .map_err(|error| refused(&error, station.is_some()))?;
    let asked = hatch::Question { zone, every_days, open_days, ports: *ports };
    let points = hatch::POINTS as u64;
    let go_on = |done| control.go_on("samples", done as u64, points).is_ok();
    let policies = hatch::compare(case, &asked, &go_on).ok_or_else(Refusal::stopped)?;
    let mut caveats = stated.notes;
    caveats.extend(CAVEATS.map(str::to_owned));
    Ok(Answer {
        command: "air hatch",
        version: env!("CARGO_PKG_VERSION"),
        zone: case.zones[zone].id.clone(),
        volume_m3: case.zones[zone].volume_m3,
        leak_kg_d: hatch::zone_leak(case, zone).0,
        every_days,
        open_days,
        ports: *ports,
        horizon_days: HORIZON_DAYS,
        policies: policies
            .iter()
            .map(|priced| (name(priced.policy), policy(priced, &policies[0])))
            .collect(),
        caveats,
        inputs,
    })
}

/// Checks the schedule; returns days from opening to opening, and days open.
fn schedule(found: &mut Found, question: &Question) -> (f64, f64) {
    let every = days(found, "every", &question.every, "\"7 d\"");
    let open = days(found, "open_for", &question.open_for, "\"12 h\"");
    let (Some(every), Some(open)) = (every, open) else { return (0.0, 0.0) };
    if !(EVERY_LEAST_DAYS..=HORIZON_DAYS).contains(&every) {
        let why = format!(
            "{every} d; openings are computed for {EVERY_LEAST_DAYS} d to {HORIZON_DAYS} d apart"
        );
        found.add(Refusal::field("every", why));
    } else if !(open > 0.0 && open < every) {
        let why = format!(
            "{open} d open every {every} d is no schedule; open for less than the time between \
             openings"
        );
        found.add(Refusal::field("open_for", why));
    }
    (every, open)
}

/// Says what would make a hatch one that can be priced. Names are quoted: in backticks stand fields.
fn refused(error: &HatchError, of_station: bool) -> Refusals {
    let help = match error {
        HatchError::OneZone | HatchError::NoneLeaks(_) | HatchError::Tight(_) if of_station => {
            "state a leak of an element in elements.toml, and in cabin.toml a [[zone]] with that \
             element: the part behind its hatch"
                .to_owned()
        }
        HatchError::OneZone => {
            "write [[zone]] for the station and for the element behind the hatch, each with an id \
             and a volume, and [leak] with the element's id"
                .to_owned()
        }
        HatchError::NoSuchZone(_, names) => format!("the case has {}", names.join(", ")),
        HatchError::NoneLeaks(names) => format!("write [leak] with one of {}", names.join(", ")),
        HatchError::SeveralLeak(names) => format!("choose with `zone`: {}", names.join(", ")),
        HatchError::Tight(_) => "write [leak] with a rate for it".to_owned(),
        HatchError::LivedIn(..) => "take the crew out of the zone".to_owned(),
        _ => String::new(),
    };
    let about = match error {
        HatchError::NoSuchZone(..) => About::Field("zone".to_owned()),
        _ => About::Question,
    };
    Refusal::unanswerable(about, error.to_string()).help(help).into()
}

fn name(policy: HatchPolicy) -> &'static str {
    match policy {
        HatchPolicy::Open => "open",
        HatchPolicy::Closed => "closed",
        HatchPolicy::OpenedEvery { .. } => "scheduled",
    }
}

fn policy(priced: &Priced, open: &Priced) -> Policy {
    let lasts = priced.entries.iter().zip(&open.entries).map(|(entry, open)| {
        let band = entry.days_to_limit;
        let told = Lasts {
            p05: band.p05,
            p50: band.p50,
            p95: band.p95,
            gained_over_open: band.p50.zip(open.days_to_limit.p50).map(|(days, open)| days - open),
            limit: entry.limit.clone(),
        };
        (entry.id.clone(), told)
    });
    Policy {
        gas_kg_d: priced.gas_kg_d,
        oxygen_kg_d: priced.oxygen_kg_d,
        nitrogen_kg_d: priced.nitrogen_kg_d,
        leaked_kg_d: priced.leaked_kg_d,
        filling_kg_per_opening: priced.filling_kg,
        openings_per_year: priced.openings_per_year,
        ports_lost: priced.ports_lost,
        days_to_limit: lasts.collect(),
    }
}
