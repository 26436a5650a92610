//! Where the units come from, a list or a station, how long a period is, and how demand is computed.

use super::{Asked, REPAIR_ASSUMED, station};
use crate::data::Data;
use crate::inputs::Inputs;
use crate::refusal::{About, Refusal, Refusals};
use zarya_reliability::campaign::{
    DEMAND_MAX, DemandModel, FAILURES_PER_PERIOD_MAX, LIVES_MAX, SizeError, VALUES_MAX, check_size,
    without_repair,
};
use zarya_reliability::list::{self, TimeUnit};
use zarya_reliability::{RatePrior, Repair, Unit};
use zarya_station::Station;
use zarya_text::kind::{self, Kind};
use zarya_units::Date;

/// Units with what a reader should know of them.
pub(super) struct Listed {
    pub(super) units: Vec<Unit>,
    pub(super) notes: Vec<String>,
    /// Whether each unit has a mass.
    pub(super) has_mass: bool,
    pub(super) model: DemandModel,
    /// Text or station, for messages.
    pub(super) name: String,
    /// Where they come from a station: its as-of date.
    pub(super) as_of: Option<Date>,
    pub(super) inputs: Inputs,
    /// The unit in which running times were given.
    running_in: TimeUnit,
}

/// What a question wants of a station beside its units.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing.
    Units,
    /// What its stocking policy would have aboard where nobody has published it, and a period that ends
    /// with its claim where nothing else is said.
    Stocks,
}

impl Asked<'_> {
    /// Reads the units and settles the model. The question has been checked.
    /// The fleets are those of a campaign, or one set.
    pub(super) fn listed(
        &self,
        data: &Data,
        wanted: Wanted,
        fleets: &[u32],
    ) -> Result<Listed, Refusals> {
        let mut listed = match self.units {
            Some(name) => self.of_list(data, name)?,
            None => self.of_station(data, wanted)?,
        };
        if self.repair.is_none() && listed.model.repair == REPAIR_ASSUMED {
            let note = "assumed repair: lognormal, mean 0.5 d, standard deviation 1 h, as in the \
                        published campaign; set `repair`";
            listed.notes.push(note.to_owned());
        }
        let n = without_repair(&listed.units, &listed.model);
        if n > 0 {
            listed.notes.push(format!(
                "repair time is left out for {n} of {} unit types, which wear out or count life limits \
                 together with failures: their demand is slightly overstated",
                listed.units.len()
            ));
        }
        check_size(&listed.units, &listed.model, fleets)
            .map_err(|error| wrong_size(&error, &listed))?;
        Ok(listed)
    }

    fn model(&self, period_d: f64) -> DemandModel {
        let prior = match (self.shape, self.error_factor) {
            (Some(shape), _) => RatePrior::Gamma { shape },
            (_, Some(error_factor)) => RatePrior::Lognormal { error_factor },
            _ => RatePrior::Known,
        };
        let repair = match (self.repair, prior) {
            (Some(repair), RatePrior::Known) => repair,
            // A station's repairs wait for crew and spacewalks, which no single law describes.
            (None, RatePrior::Known) if self.units.is_some() => REPAIR_ASSUMED,
            _ => Repair::Instant,
        };
        let (life_limits, rate_factor) = (self.life_limits, self.rates_times);
        DemandModel { period_d, repair, prior, life_limits, rate_factor }
    }

    fn of_list(&self, data: &Data, name: &str) -> Result<Listed, Refusals> {
        let kind = data.bytes(name).map_or(Kind::Table, kind::of);
        if !matches!(kind, Kind::Message | Kind::Empty)
            && let Some(help) = kind.advice()
        {
            let why = format!("this is {kind}, not a list of units");
            return Err(Refusal::unanswerable(About::Text(name.to_owned()), why).help(help).into());
        }
        let text = data.text("units", name)?;
        let list = list::read(text, self.prior_weight).map_err(|problems| {
            let count = problems.len();
            let plural = if count == 1 { "problem" } else { "problems" };
            let told = |problem: list::Problem| {
                let about = About::Text(problem.place(name));
                Refusal::unanswerable(about, problem.what).help(problem.help)
            };
            let sum = format!("{count} {plural} in {name}; nothing was computed");
            let sum = Refusal::unanswerable(About::Question, sum);
            let problems = problems.into_iter().map(told).chain([sum]).collect();
            Refusals { problems, texts: Vec::new() }
        })?;
        Ok(Listed {
            units: list.units,
            notes: list.notes,
            has_mass: list.has_mass,
            model: self.model(self.period_d.unwrap_or_default()),
            name: name.to_owned(),
            as_of: None,
            inputs: Inputs::of_text(data, name),
            running_in: list.running_in,
        })
    }

    fn of_station(&self, data: &Data, wanted: Wanted) -> Result<Listed, Refusals> {
        let opened = data.station(self.station, self.scenario)?;
        let inputs = Inputs::of_station(&opened, self.scenario);
        let station = opened.station;
        let (as_of, claimed) = (station.identity.as_of, station.claim.through);
        // As in an assessment: both the as-of date and the last day are whole.
        let days_through = |through: Date| through.mjd() - as_of.mjd() + 1.0;
        let period_d = match (self.period_d, self.through) {
            (Some(days), _) => days,
            (None, Some(through)) if as_of <= through => days_through(through),
            (None, Some(through)) => {
                let why =
                    format!("`through` {through} is before the station's as-of date, {as_of}");
                return Err(Refusal::field("through", why).into());
            }
            (None, None) if wanted == Wanted::Stocks => days_through(claimed),
            (None, None) => {
                let why = "nothing says how long the period is";
                let help = "give `period_d` or `through`";
                return Err(Refusal::new(crate::refusal::Kind::Malformed, About::Question, why)
                    .help(help)
                    .into());
            }
        };
        let worlds = &station.worlds;
        let mut notes = vec![
            format!(
                "{}, as of {as_of}: rates are duty / mtbf, times {} by experience (or a \
                 type's own factor; 1 if counted in service), less the share cleared by a reset; life limits are times {}",
                opened.origin, worlds.experience_factor.value, worlds.life_limit_factor.value,
            ),
            "left out: common cause, ages of today, crew hours and time of repairs, ground spares \
             and flights, and what is not known of the rates (`shape`, `error_factor`)"
                .to_owned(),
        ];
        if self.period_d.is_none() && self.through.is_none() {
            notes.push(format!(
                "the period ends on {claimed}, the last day of the station's claim; set `through` or \
                 `period_d`"
            ));
        }
        notes.extend(spareless_note(&station));
        let units = match wanted {
            Wanted::Units => station::units(&station),
            Wanted::Stocks => {
                notes.extend(stocks_note(&station));
                station::stocked(&station)
            }
        };
        Ok(Listed {
            units,
            notes,
            has_mass: true,
            model: self.model(period_d),
            name: opened.origin,
            as_of: Some(as_of),
            inputs,
            running_in: TimeUnit::Days,
        })
    }
}

/// Says which unit types take no spares, and so no part.
pub(super) fn spareless_note(station: &Station) -> Option<String> {
    let ids: Vec<&str> =
        station.orus.iter().filter(|oru| !oru.supplied).map(|oru| oru.id.as_str()).collect();
    let first = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    let more = if ids.len() > SHOWN { ", …" } else { "" };
    (!ids.is_empty()).then(|| {
        format!(
            "without spares, and left out: {} of {} unit types ({first}{more})",
            ids.len(),
            station.orus.len()
        )
    })
}

/// Says for how many unit types a policy stands in for what nobody has published.
fn stocks_note(station: &Station) -> Option<String> {
    let unknown = station.orus.iter().filter(|oru| oru.spares_aboard.is_none()).count();
    let worlds = &station.worlds;
    (unknown > 0).then(|| {
        format!(
            "spares aboard are unknown for {unknown} of {} unit types: theirs are what a stocking \
             policy would have bought, {} that all last {} d",
            station.orus.len(),
            worlds.stocking_confidence.value,
            worlds.resupply_gap_d.value,
        )
    })
}

/// Units shown of those that are wrong.
const SHOWN: usize = 5;

fn wrong_size(error: &SizeError, listed: &Listed) -> Refusal {
    let period_d = listed.model.period_d;
    let told = |units: &[(String, f64)], line: &dyn Fn(f64) -> String| {
        let shown = units.iter().take(SHOWN);
        let mut lines: Vec<String> =
            shown.map(|(id, value)| format!("  `{id}`: {}", line(*value))).collect();
        if units.len() > SHOWN {
            lines.push(format!("  and {} more", units.len() - SHOWN));
        }
        lines.join("\n")
    };
    let large = |units: &[(String, f64)], what: &str| {
        let lines = told(units, &|value| format!("{value:.0} {what}"));
        format!("demand is too large to be meant:\n{lines}")
    };
    let (why, help) = match error {
        SizeError::Overtime(units) => {
            let unit = listed.running_in;
            let lines = told(units, &|running_d| unit.shown(running_d));
            let n = units.len();
            (
                format!(
                    "{n} unit types run longer than the period of {}:\n{lines}",
                    unit.shown(period_d)
                ),
                "the running column counts time run in one period; check its unit and `period_d`"
                    .to_owned(),
            )
        }
        SizeError::Demand(units) => (
            large(units, "failures expected in one period"),
            format!(
                "check the units of the MTBF column and of `period_d` (at most \
                 {FAILURES_PER_PERIOD_MAX} failures per period and unit type)"
            ),
        ),
        SizeError::Planned(units) => (
            large(units, "planned replacements in one period"),
            format!(
                "check the unit of the life limit and `period_d` (at most \
                 {FAILURES_PER_PERIOD_MAX} replacements per period and unit type)"
            ),
        ),
        SizeError::Lives(units) => (
            large(units, "lives of one position, or spares for it"),
            format!(
                "life limits counted together with failures take at most {LIVES_MAX} lives and spares of \
                 a position; set `life_limits` to maximum, or shorten the span"
            ),
        ),
        SizeError::Campaign(units) => (
            large(units, "replacements in the campaign"),
            format!("at most {DEMAND_MAX} of a type are counted one by one: ask for fewer fleets"),
        ),
        SizeError::Values(n) => (
            format!("the answer would hold about {n:.0} probabilities, more than {VALUES_MAX}"),
            "ask for fewer periods or fewer unit types".to_owned(),
        ),
    };
    Refusal::unanswerable(About::Question, why).help(help)
}

/// Names up to five ids and says whether there are more.
pub(super) fn shown(ids: &[&str]) -> String {
    let first = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join("`, `");
    format!("`{first}`{}", if ids.len() > SHOWN { ", ..." } else { "" })
}
