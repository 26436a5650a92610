//! The controlled end: when to stop holding the altitude, when the crew leaves, what is burned when.

use super::{Date, Inputs, Quantiles, Stated, Sun};
use crate::control::Control;
use crate::data::Data;
use crate::refusal::{About, Found, Refusal, Refusals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use zarya_orbit::bounds;
use zarya_orbit::deorbit::{CREW_OFF_D, DeorbitPlan, DeorbitQuestion, deorbit};
pub use zarya_orbit::deorbit::{Purpose, Spread};
use zarya_orbit::inclination::table_at;

/// Altitudes at which the crew may leave where none are given, km: sources disagree.
pub const CREW_OFF_KM_DEFAULT: [f64; 2] = [330.0, 220.0];
/// Days before entry by which the crew has left.
pub const CREW_OFF_DAYS: RangeInclusive<u32> = 1..=bounds::SPAN_D_MAX;
/// Altitude of the last burns before the entry burn where none is given, km: below it only thrusters hold
/// the attitude of the ISS.
pub const FINAL_KM_DEFAULT: f64 = 220.0;
/// Days before entry of those burns where none are given: a report on the plan for the ISS has four.
pub const FINAL_DAYS_DEFAULT: u32 = 4;
/// Perigee that the entry burn aims at where none is given, km: as NASA asked of the vehicle in 2022.
pub const PERIGEE_KM_DEFAULT: f64 = 50.0;
/// Propellant of the vehicle that ends it where none is given, kg: the planned one carries about 16 t.
pub const CAPACITY_KG_DEFAULT: f64 = 16_000.0;
/// Its specific impulse where none is given, s. Assumed: storable propellants.
pub const ISP_S_DEFAULT: f64 = 300.0;
/// Share of worlds in which drag may pass the final altitude before the last burns.
pub const EARLY_SHARE_DEFAULT: f64 = 0.05;
/// Worlds drawn where nothing else is said.
pub const WORLDS_DEFAULT: u32 = 500;
/// Worlds that may be drawn.
pub const WORLDS: RangeInclusive<u32> = 20..=20_000;

/// The values of JSON where a field is left out.
mod default {
    pub(super) fn crew_off_km() -> Vec<f64> {
        super::CREW_OFF_KM_DEFAULT.to_vec()
    }
    pub(super) fn final_km() -> f64 {
        super::FINAL_KM_DEFAULT
    }
    pub(super) fn final_days() -> u32 {
        super::FINAL_DAYS_DEFAULT
    }
    pub(super) fn perigee_km() -> f64 {
        super::PERIGEE_KM_DEFAULT
    }
    pub(super) fn capacity_kg() -> f64 {
        super::CAPACITY_KG_DEFAULT
    }
    pub(super) fn isp_s() -> f64 {
        super::ISP_S_DEFAULT
    }
    pub(super) fn early_share() -> f64 {
        super::EARLY_SHARE_DEFAULT
    }
}

question! {
    /// The end that is wanted.
    pub struct Question {
        /// Mean altitude held until lowering starts, km, 150 to 500; the station's where none is given.
        altitude_km,
        drag_area_m2_kg at density_scale 1,
        inclination_deg,
        /// Mass at the end, kg, without the propellant of the burns; the station's where none is given.
        #[serde(default)]
        pub mass_kg: Option<f64>,
        /// The earliest day on which lowering may start; the station's as-of date where none is given.
        from,
        /// The day of entry, at most 40 years later.
        #[schemars(with = "String")]
        pub entry: Date,
        /// Altitudes at which the crew may leave, km, below that held: a plan for each, the first one in full.
        #[serde(default = "default::crew_off_km")]
        pub crew_off_km: Vec<f64>,
        /// Days before entry by which the crew has left, 1 to 14640; without it 183, since the last crew is to
        /// leave about six months before entry.
        #[serde(default)]
        pub crew_off_days: Option<u32>,
        /// Altitude of the last burns before the entry burn, km, below that held.
        #[serde(default = "default::final_km")]
        pub final_km: f64,
        /// Days before entry of those burns.
        #[serde(default = "default::final_days")]
        pub final_days: u32,
        /// Perigee that the entry burn aims at, km, below 150.
        #[serde(default = "default::perigee_km")]
        pub perigee_km: f64,
        /// Propellant of the vehicle that ends it, kg, 0 or more.
        #[serde(default = "default::capacity_kg")]
        pub capacity_kg: f64,
        /// Its specific impulse, s, 50 to 10000.
        #[serde(default = "default::isp_s")]
        pub isp_s: f64,
        /// Share of worlds in which drag may pass the final altitude before the last burns, 0 to 0.5.
        #[serde(default = "default::early_share")]
        pub early_share: f64,
        sun,
        station,
        /// Worlds drawn, 20 to 20000.
        worlds,
    }
}

/// The end as planned.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// `orbit deorbit`.
    pub command: &'static str,
    /// The earliest day on which lowering may start.
    #[schemars(with = "String")]
    pub from: Date,
    /// The day of entry.
    #[schemars(with = "String")]
    pub entry: Date,
    /// Mean altitude held until lowering starts, km.
    pub altitude_km: f64,
    /// `Cd A / m`, m2/kg, at density scale 1.
    pub drag_area_m2_kg: f64,
    /// Inclination, degrees.
    pub inclination_deg: f64,
    /// Mass at the end, kg, without the propellant of the burns.
    pub mass_kg: f64,
    /// Specific impulse, s.
    pub isp_s: f64,
    /// Propellant of the vehicle that ends it, kg.
    pub capacity_kg: f64,
    /// Altitude of the last burns before the entry burn, km.
    pub final_km: f64,
    /// Days before entry of those burns.
    pub final_days: u32,
    /// Perigee that the entry burn aims at, km.
    pub perigee_km: f64,
    /// Share of worlds in which drag may pass the final altitude before the last burns.
    pub early_share: f64,
    /// The first leaving altitude, km: what follows is its plan.
    pub leaving_km: f64,
    /// Days before entry by which the crew has left in that plan.
    pub crew_off_days: f64,
    /// The crew's leaving at each altitude asked for, with the plan.
    pub crew_off: Vec<CrewOff>,
    /// The Sun.
    pub sun: Sun,
    /// What weakens the answer; what does not hold comes first.
    pub caveats: Vec<String>,
    /// What it rests on.
    pub inputs: Inputs,
    /// The plan of the first leaving altitude.
    #[serde(flatten)]
    pub plan: Plan,
    /// What is said of an entry after the end of the forecast: one of the caveats, for the text.
    #[serde(skip)]
    pub outlasted: Option<String>,
    /// Altitude by modified Julian date in the first plan, for a picture: two rows on a day of burns.
    #[serde(skip)]
    pub path_km: Vec<(f64, Quantiles)>,
}

/// The plan of one leaving altitude.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Plan {
    /// The day on which reboosts stop.
    #[schemars(with = "String")]
    pub lowering_starts: Date,
    /// Days from there to entry.
    pub lowering_days: f64,
    /// Altitude before the first burn that lowers, km.
    pub altitude_before_lowering_burns_km: Quantiles,
    /// The burns in order of their dates.
    pub burns: Vec<EndBurn>,
    /// Velocity change of all of them, m/s.
    pub delta_v_m_s: Spread,
    /// Propellant of all of them, kg.
    pub propellant_kg: Spread,
    /// Propellant from the leaving altitude on, kg.
    pub propellant_from_leaving_km_kg: Spread,
    /// Probability that the capacity is enough for all of them.
    pub probability_capacity_suffices: f64,
    /// Probability that it is enough from the leaving altitude on, if something else lowers to it.
    pub probability_capacity_suffices_from_leaving_km: f64,
    /// Probability of sinking below the final altitude before the last burns, or below 150 km before entry.
    pub probability_too_early: f64,
    /// Probability that the capacity is enough and it is not too early.
    pub probability_as_planned: f64,
    /// Probability that the last burns are flown and drag leads below 150 km before the entry burn.
    pub probability_lost_after_last_burns: f64,
    /// Where no start keeps the share that may come too early: the most days before entry at which the
    /// crew's leaving by burns would; null where that is not so, or no number of days does.
    pub crew_off_days_most: Option<f64>,
}

/// One burn of the end, or one series of burns on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EndBurn {
    /// What it is for.
    pub what: Purpose,
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// Altitude before, km.
    pub from_km: Quantiles,
    /// Altitude after, km; of an entry burn the perigee.
    pub to_km: f64,
    /// Velocity change, m/s, as a magnitude; 0 in worlds without it.
    pub delta_v_m_s: Spread,
    /// Propellant, kg.
    pub propellant_kg: Spread,
    /// Share of worlds in which it is flown at all.
    pub probability_flown: f64,
}

/// The crew's leaving at one altitude.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CrewOff {
    /// The altitude, km.
    pub altitude_km: f64,
    /// The day by which it has left in any case, before that day's burns.
    #[schemars(with = "String")]
    pub by: Date,
    /// When it leaves, days before entry.
    pub days_before_entry: Quantiles,
    /// When it leaves, as dates.
    pub date: Dates,
    /// Probability that drag alone reaches the altitude by that day.
    pub probability_by_drag_alone: f64,
    /// Probability that it leaves at least six months before entry.
    pub probability_six_months_before_entry: f64,
    /// The plan.
    pub plan: Plan,
}

/// Quantiles of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dates {
    /// 5 %.
    #[schemars(with = "String")]
    pub p05: Date,
    /// 50 %.
    #[schemars(with = "String")]
    pub p50: Date,
    /// 95 %.
    #[schemars(with = "String")]
    pub p95: Date,
}

impl Plan {
    fn of(entry: Date, plan: &DeorbitPlan) -> Self {
        let burn = |burn: &zarya_orbit::deorbit::EndBurn| EndBurn {
            what: burn.purpose,
            date: Date::from_mjd(burn.date),
            from_km: burn.from_km,
            to_km: burn.to_km,
            delta_v_m_s: burn.delta_v_m_s,
            propellant_kg: burn.propellant_kg,
            probability_flown: burn.needed,
        };
        Self {
            lowering_starts: Date::from_mjd(plan.start),
            lowering_days: entry.mjd() - plan.start,
            altitude_before_lowering_burns_km: plan.natural_km,
            burns: plan.burns.iter().map(burn).collect(),
            delta_v_m_s: plan.delta_v_m_s,
            propellant_kg: plan.propellant_kg,
            propellant_from_leaving_km_kg: plan.after_leaving_kg,
            probability_capacity_suffices: plan.enough,
            probability_capacity_suffices_from_leaving_km: plan.enough_after_leaving,
            probability_too_early: plan.early,
            probability_as_planned: plan.as_planned,
            probability_lost_after_last_burns: plan.lost_after_last_burns,
            crew_off_days_most: plan.crew_off_days_most,
        }
    }

    /// Whether burns to the leaving altitude have a day of their own.
    pub fn leaves_first(&self) -> bool {
        self.burns.iter().any(|burn| burn.what == Purpose::Leaving)
    }
}

impl CrewOff {
    fn of(entry: Date, plan: &DeorbitPlan) -> Self {
        let off = &plan.crew_off;
        let q = off.days_before_entry;
        let date = |days: f64| Date::from_mjd(entry.mjd() - days);
        Self {
            altitude_km: off.altitude_km,
            by: Date::from_mjd(off.by),
            days_before_entry: q,
            date: Dates { p05: date(q.p95), p50: date(q.p50), p95: date(q.p05) },
            probability_by_drag_alone: off.by_drag,
            probability_six_months_before_entry: off.six_months,
            plan: Plan::of(entry, plan),
        }
    }
}

impl Answer {
    /// Says what does not hold: too early in too many worlds, too little propellant.
    pub fn shortfalls(&self) -> Vec<String> {
        self.too_early().into_iter().chain(self.short()).collect()
    }

    fn too_early(&self) -> Option<String> {
        /// Counts of worlds are whole: this is none.
        const ROUNDING: f64 = 1e-9;
        let plan = &self.plan;
        if plan.probability_too_early <= self.early_share + ROUNDING {
            return None;
        }
        let mut text = format!(
            "No start of lowering keeps the share of {} that may come down too early: it is {}",
            self.early_share,
            chance(plan.probability_too_early)
        );
        if let Some(days) = plan.crew_off_days_most {
            let _ = write!(
                text,
                "; it is kept when the crew leaves at {} km at most {days:.0} days before entry",
                self.leaving_km
            );
        } else if plan.probability_lost_after_last_burns > 0.0 {
            let _ = write!(
                text,
                "; from {} km drag leads below 150 km in the {} days before entry with probability {:.2}: \
                 raise `final_km` or lower `final_days`",
                self.final_km, self.final_days, plan.probability_lost_after_last_burns
            );
        }
        Some(text)
    }

    fn short(&self) -> Option<String> {
        /// Above it the propellant is taken for enough.
        const ENOUGH: f64 = 0.95;
        let plan = &self.plan;
        let enough = plan.probability_capacity_suffices;
        if enough >= ENOUGH {
            return None;
        }
        let mut text = format!(
            "The capacity of {:.0} kg {} for all burns: {:.0} kg are needed in the median world, and it is \
             enough with probability {}",
            self.capacity_kg,
            if enough < 0.5 { "does not suffice" } else { "may not suffice" },
            plan.propellant_kg.quantiles.p50,
            chance(enough)
        );
        if plan.leaves_first() {
            let _ = write!(
                text,
                "; from {} km on, if something else lowers to it, with {}",
                self.leaving_km,
                chance(plan.probability_capacity_suffices_from_leaving_km)
            );
        }
        Some(text)
    }
}

/// Writes a probability in two digits, with no certainty that is not there.
///
/// # Examples
///
/// ```
/// use zarya::orbit::deorbit::chance;
///
/// assert_eq!(chance(0.183), "0.18");
/// assert_eq!(chance(0.998), "above 0.99");
/// assert_eq!(chance(0.0), "0.00");
/// ```
pub fn chance(probability: f64) -> String {
    let text = format!("{probability:.2}");
    match text.as_str() {
        "0.00" if probability > 0.0 => "below 0.01".into(),
        "1.00" if probability < 1.0 => "above 0.99".into(),
        _ => text,
    }
}

/// Returns a plan of the end for each altitude at which the crew may leave.
///
/// # Errors
///
/// When a field lies outside its bounds or is stated by nobody, dates or altitudes contradict each other, or
/// the Sun asked for does not reach.
///
/// # Examples
///
/// ```
/// use zarya::{Control, Data, orbit::deorbit};
///
/// let question: deorbit::Question =
///     serde_json::from_str(r#"{"station": "iss", "entry": "2031-01-15", "worlds": 20}"#)?;
/// let answer = deorbit::answer(&question, &Data::embedded(), &Control::silent())?;
/// assert_eq!((answer.mass_kg, answer.crew_off.len()), (454_339.0, 2));
/// assert_eq!(answer.crew_off[0].by.to_string(), "2030-07-16");
/// assert!(answer.plan.lowering_starts < answer.crew_off[0].by);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn answer(question: &Question, data: &Data, control: &Control<'_>) -> Result<Answer, Refusals> {
    let q = question;
    let mut found = Found::default();
    let mut stated = Stated::open(&mut found, data, q.station.as_deref(), &q.scenario)?;
    let (altitude_km, drag_area_m2_kg, inclination_deg) =
        stated.orbit(&mut found, q.altitude_km, q.drag_area_m2_kg, q.inclination_deg);
    let mass_kg = stated.mass_kg(&mut found, q.mass_kg);
    let from = stated.from(&mut found, q.from);
    let asked_sun = super::asked_sun!(q);
    let wanted = asked_sun.wanted(&mut found);
    heights(q, altitude_km, &mut found);
    let days = from
        .and_then(|from| super::within(&mut found, "entry", bounds::span(from, "entry", q.entry)));
    let mut caveats = Vec::new();
    let crew_off_days =
        from.zip(days).map(|(from, days)| crew_off_days(q, from, days, &mut found, &mut caveats));
    found.done()?;
    let (Some(from), Some(crew_off_days)) = (from, crew_off_days) else {
        unreachable!("found before")
    };

    let (sun, said) = asked_sun.chosen(data, wanted, from, false)?;
    caveats.extend(said);
    let outlasted = sun.outlasted(q.entry.mjd());
    caveats.extend(outlasted.clone());
    let asked = DeorbitQuestion {
        table: &table_at(inclination_deg),
        altitude_km,
        drag_area_m2_kg,
        mass_kg,
        from: from.mjd(),
        entry: q.entry.mjd(),
        crew_off_days: f64::from(crew_off_days),
        final_km: q.final_km,
        final_days: f64::from(q.final_days),
        perigee_km: q.perigee_km,
        early_share: q.early_share,
        isp_s: q.isp_s,
        capacity_kg: q.capacity_kg,
        sun: sun.choice(),
        worlds: q.worlds,
        seed: q.seed,
    };
    let plans = deorbit(&asked, &q.crew_off_km, &super::watch(control))
        .map_err(|error| super::refused(&error))?;
    let first = &plans[0];
    let plan = Plan::of(q.entry, first);
    if first.starts_at_once {
        caveats.push(format!(
            "even without holding from {} on, drag does not bring the station down too early: the rest is \
             burned, or lowering starts earlier",
            plan.lowering_starts
        ));
    }
    if plan.leaves_first() {
        caveats.push(format!(
            "the specific impulse of {} s and the mass of {mass_kg} kg count for every burn: propellant that \
             other vehicles bring for lowering is not told apart",
            q.isp_s
        ));
    }
    let mut answer = Answer {
        command: "orbit deorbit",
        from,
        entry: q.entry,
        altitude_km,
        drag_area_m2_kg,
        inclination_deg,
        mass_kg,
        isp_s: q.isp_s,
        capacity_kg: q.capacity_kg,
        final_km: q.final_km,
        final_days: q.final_days,
        perigee_km: q.perigee_km,
        early_share: q.early_share,
        leaving_km: first.crew_off.altitude_km,
        crew_off_days: q.entry.mjd() - first.crew_off.by,
        crew_off: plans.iter().map(|plan| CrewOff::of(q.entry, plan)).collect(),
        sun: Sun::of(&sun),
        caveats,
        inputs: Inputs::new(Some((q.worlds, q.seed))).under(&asked_sun, data),
        plan,
        outlasted,
        path_km: first.path_km.clone(),
    };
    // What does not hold comes first.
    answer.caveats.splice(0..0, answer.shortfalls());
    stated.told(from, &mut answer.inputs, &mut answer.caveats);
    Ok(answer)
}

/// Checks what does not depend on dates.
fn heights(q: &Question, altitude_km: f64, found: &mut Found) {
    let capacity = bounds::not_negative(
        "capacity_kg",
        q.capacity_kg,
        "propellant aboard the vehicle, kg, 0 or more",
    );
    for (field, checked) in [
        ("final_km", bounds::altitude("final_km", q.final_km)),
        ("perigee_km", bounds::positive("perigee_km", q.perigee_km)),
        ("isp_s", bounds::isp("isp_s", "", q.isp_s)),
        ("capacity_kg", capacity),
    ] {
        super::within(found, field, checked);
    }
    if q.final_km >= altitude_km {
        let why = format!(
            "`final_km` {} must lie below `altitude_km` {altitude_km}: the end is on the way down",
            q.final_km
        );
        found.add(Refusal::field("final_km", why));
    }
    if q.crew_off_km.is_empty() {
        found.add(Refusal::field("crew_off_km", "`crew_off_km`: name at least one altitude"));
    }
    for &km in &q.crew_off_km {
        super::within(found, "crew_off_km", bounds::altitude("crew_off_km", km));
        if km >= altitude_km {
            let why = format!(
                "`crew_off_km` {km} must lie below `altitude_km` {altitude_km}: the crew leaves on the way \
                 down; give altitudes below, as in `crew_off_km` {}",
                q.final_km
            );
            found.add(Refusal::field("crew_off_km", why));
        }
    }
    if q.perigee_km >= super::FLOOR_KM {
        let why = format!(
            "a `perigee_km` of {} is no entry: aim below {} km",
            q.perigee_km,
            super::FLOOR_KM
        );
        found.add(Refusal::unanswerable(About::Field("perigee_km".to_owned()), why));
    } else if q.perigee_km >= q.final_km {
        let why = format!("`perigee_km` {} must lie below `final_km` {}", q.perigee_km, q.final_km);
        found.add(Refusal::field("perigee_km", why));
    }
    if !bounds::EARLY_SHARE.contains(&q.early_share) {
        let why = format!("`early_share` {}: a share of worlds, 0 to 0.5", q.early_share);
        found.add(Refusal::field("early_share", why));
    }
    super::worlds_within(found, q.worlds, &WORLDS);
}

/// Checks the days before entry, and returns those by which the crew has left.
fn crew_off_days(
    q: &Question,
    from: Date,
    days: usize,
    found: &mut Found,
    caveats: &mut Vec<String>,
) -> u32 {
    if q.final_days as usize >= days {
        let why = format!(
            "`final_days` {}: entry on {} is only {days} days after `from` {from}",
            q.final_days, q.entry
        );
        found.add(Refusal::field("final_days", why));
    }
    let Some(asked) = q.crew_off_days else {
        let leaves_first = q.crew_off_km.iter().any(|km| *km > q.final_km);
        if leaves_first && (CREW_OFF_D as usize) > days {
            caveats.push(format!(
                "six months before entry lie before {from}: the crew leaves on {from}, {days} days before \
                 entry"
            ));
        }
        return CREW_OFF_D.min(days as u32);
    };
    let low = f64::from(*CREW_OFF_DAYS.start());
    let high = f64::from(*CREW_OFF_DAYS.end());
    found.within("crew_off_days", f64::from(asked), low..=high, "days before entry");
    if asked as usize > days {
        let why = format!(
            "`crew_off_days` {asked}: {asked} days before `entry` {} lie before `from` {from}; give {days} or \
             fewer",
            q.entry
        );
        found.add(Refusal::field("crew_off_days", why));
    }
    for km in q.crew_off_km.iter().filter(|km| **km <= q.final_km) {
        caveats.push(format!(
            "`crew_off_days` {asked} does not count for {km} km, which is not above `final_km` {}: the crew \
             leaves before the last burns, {} days before entry",
            q.final_km, q.final_days
        ));
    }
    if asked < q.final_days {
        let why = format!(
            "`crew_off_days` {asked} is less than `final_days` {}: the crew leaves before the last burns",
            q.final_days
        );
        found.add(Refusal::field("crew_off_days", why));
    }
    asked
}
