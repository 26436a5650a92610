//! What it costs to keep a leaking element open, closed, or opened on a schedule.
//!
//! The three policies stand side by side: gas a day, gas to fill the element again, docking ports
//! given up, and the days that nitrogen, oxygen and the cabin then last in the case's own balance.

use crate::air::{self, AIR_G_MOL, HatchPolicy, Outflow};
use crate::balance::{GAS_G_MOL, GASES};
use crate::case::{Case, Change, What};
use crate::endurance::{self, Entry, HORIZON_DAYS, SAMPLES};
use std::fmt;
use zarya_units::DAYS_PER_YEAR;

/// The shortest time between openings that is computed, days.
pub const EVERY_LEAST_DAYS: f64 = 1.0;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// The zone behind the hatch.
    pub zone: usize,
    /// Days from opening to opening, at least [`EVERY_LEAST_DAYS`].
    pub every_days: f64,
    /// Days it then stays open, less than `every_days`.
    pub open_days: f64,
    /// Docking ports behind the hatch.
    pub ports: f64,
}

/// One policy with its price and what it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    /// The policy.
    pub policy: HatchPolicy,
    /// Station gas that leaks away through the open hatch, kg/d on average.
    pub leaked_kg_d: f64,
    /// Station gas that fills the element at each opening, kg; zero without openings.
    pub filling_kg: f64,
    /// Openings a year.
    pub openings_per_year: f64,
    /// All station gas spent, kg/d on average: leak and filling.
    pub gas_kg_d: f64,
    /// Of it oxygen and nitrogen, kg/d; the rest is carbon dioxide and vapor.
    pub oxygen_kg_d: f64,
    /// See [`Priced::oxygen_kg_d`].
    pub nitrogen_kg_d: f64,
    /// Docking ports given up: those behind the hatch, for the share of time it is closed.
    pub ports_lost: f64,
    /// Days to each limit of the case under the policy.
    pub entries: Vec<Entry>,
}

/// Why no hatch of a case can be priced.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum HatchError {
    /// There is one zone.
    OneZone,
    /// No zone behind a hatch has this name; those there are.
    NoSuchZone(String, Vec<String>),
    /// None of the zones behind a hatch leaks.
    NoneLeaks(Vec<String>),
    /// Several of them leak, and none is named.
    SeveralLeak(Vec<String>),
    /// The zone named does not leak.
    Tight(String),
    /// People live in the zone: how many, and its name.
    LivedIn(f64, String),
}

impl fmt::Display for HatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneZone => f.write_str("the case has one zone, so there is no hatch to close"),
            Self::NoSuchZone(asked, _) => write!(f, "no element \"{asked}\" behind a hatch"),
            Self::NoneLeaks(_) => {
                f.write_str("no element behind a hatch leaks, so no policy costs anything")
            }
            Self::SeveralLeak(_) => f.write_str("several elements leak"),
            Self::Tight(zone) => write!(f, "\"{zone}\" does not leak, so no policy costs anything"),
            Self::LivedIn(crew, zone) => {
                write!(f, "{crew} people live in \"{zone}\": its hatch cannot be closed on them")
            }
        }
    }
}

impl std::error::Error for HatchError {}

/// Returns the zone asked for, or else the one behind a hatch that leaks. The largest zone is the
/// station, and behind no hatch.
///
/// # Errors
///
/// Where there is no such zone, or closing its hatch is out of the question.
pub fn element(case: &Case, asked: Option<&str>) -> Result<usize, HatchError> {
    let zones = &case.zones;
    if zones.len() < 2 {
        return Err(HatchError::OneZone);
    }
    let volume = |zone: &usize| zones[*zone].volume_m3;
    let largest = (0..zones.len()).max_by(|a, b| volume(a).total_cmp(&volume(b)));
    let leaks = |zone: &usize| zone_leak(case, *zone).0 > 0.0;
    let names = |found: &[usize]| found.iter().map(|zone| zones[*zone].id.clone()).collect();
    let behind: Vec<usize> = (0..zones.len()).filter(|zone| Some(*zone) != largest).collect();
    let zone = if let Some(asked) = asked {
        let found = behind.iter().copied().find(|zone| zones[*zone].id == asked);
        found.ok_or_else(|| HatchError::NoSuchZone(asked.to_owned(), names(&behind)))?
    } else {
        let leaking: Vec<usize> = behind.iter().copied().filter(leaks).collect();
        match leaking.as_slice() {
            [zone] => *zone,
            [] => return Err(HatchError::NoneLeaks(names(&behind))),
            several => return Err(HatchError::SeveralLeak(names(several))),
        }
    };
    if !leaks(&zone) {
        return Err(HatchError::Tight(zones[zone].id.clone()));
    }
    if zones[zone].crew > 0.0 {
        return Err(HatchError::LivedIn(zones[zone].crew, zones[zone].id.clone()));
    }
    Ok(zone)
}

/// Returns the policies open, closed and on a schedule, in this order.
///
/// # Model
///
/// Gas and ports are closed forms at median rates and starting pressure ([`air::hatch_price`]; the
/// zone's leaks together, at their rates of the first day). Days come from the balance of the whole
/// case with the hatch moved accordingly; the case's own changes of this hatch are left out. On a
/// schedule the hatch is closed at the start and open at the end of each period.
///
/// # Panics
///
/// If the case has faults, the zone is not one of the case's, or the schedule is none
/// ([`Question`]).
pub fn compare(
    case: &Case,
    question: &Question,
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Option<Vec<Priced>> {
    let Question { zone, every_days, open_days, .. } = *question;
    assert!(
        every_days >= EVERY_LEAST_DAYS && 0.0 < open_days && open_days < every_days,
        "open for {open_days} d every {every_days} d is no schedule"
    );
    [HatchPolicy::Open, HatchPolicy::Closed, HatchPolicy::OpenedEvery { every_days, open_days }]
        .into_iter()
        .enumerate()
        .map(|(nth, policy)| {
            let go_on = |done: usize| go_on(nth * SAMPLES + done);
            priced(case, question, zone, policy, &go_on)
        })
        .collect()
}

/// Points of all samples together that [`compare`] counts.
pub const POINTS: usize = 3 * SAMPLES;

/// Returns the outflow of a zone's leaks at the starting pressure and median rates, kg/d, and how it
/// goes with pressure: as the largest of them does.
pub fn zone_leak(case: &Case, zone: usize) -> (f64, Outflow) {
    let ours = || case.leaks.iter().filter(|leak| leak.zone == zone);
    let largest = ours().max_by(|a, b| a.rate.value.total_cmp(&b.rate.value));
    (ours().map(|leak| leak.rate.value).sum(), largest.map_or(Outflow::Choked, |leak| leak.outflow))
}

fn priced(
    case: &Case,
    question: &Question,
    zone: usize,
    policy: HatchPolicy,
    go_on: &(dyn Fn(usize) -> bool + Sync),
) -> Option<Priced> {
    let entries = endurance::watched(&under(case, zone, policy), go_on)?.entries;
    let (rate_kg_d, outflow) = zone_leak(case, zone);
    let cabin = case.air;
    let volume_m3 = case.zones[zone].volume_m3;
    let price = air::hatch_price(
        policy,
        outflow,
        volume_m3,
        cabin.total_kpa,
        cabin.temperature_k,
        rate_kg_d,
    );
    let (open_share, openings_per_year) = match policy {
        HatchPolicy::Open => (1.0, 0.0),
        HatchPolicy::Closed => (0.0, 0.0),
        HatchPolicy::OpenedEvery { every_days, open_days } => {
            (open_days / every_days, DAYS_PER_YEAR / every_days)
        }
    };
    let leaked_kg_d = rate_kg_d * open_share;
    let filling_kg = if openings_per_year > 0.0 {
        (price.gas_kg_d - leaked_kg_d) * DAYS_PER_YEAR / openings_per_year
    } else {
        0.0
    };
    let shares = gas_shares(case);
    Some(Priced {
        policy,
        leaked_kg_d,
        filling_kg,
        openings_per_year,
        gas_kg_d: price.gas_kg_d,
        oxygen_kg_d: price.gas_kg_d * shares[0],
        nitrogen_kg_d: price.gas_kg_d * shares[1],
        ports_lost: price.ports_lost * question.ports,
        entries,
    })
}

/// Share of the cabin air's mass by gas, in the order of [`GASES`].
fn gas_shares(case: &Case) -> [f64; 4] {
    let air = &case.air;
    let nitrogen_kpa = air.total_kpa - air.oxygen_kpa - air.carbon_dioxide_kpa - air.vapor_kpa;
    let kpa = [air.oxygen_kpa, nitrogen_kpa, air.carbon_dioxide_kpa, air.vapor_kpa];
    let mass: [f64; GASES.len()] = std::array::from_fn(|gas| kpa[gas] * GAS_G_MOL[gas]);
    let sum: f64 = mass.iter().sum();
    mass.map(|mass| mass / sum)
}

/// Returns the case with its hatch moved as the policy says.
///
/// The element is a dead end: no processor or store stands in it, whatever its segment.
pub fn under(case: &Case, zone: usize, policy: HatchPolicy) -> Case {
    let mut case = case.clone();
    case.changes.retain(|change| !matches!(change.what, What::Hatch(of, _) if of == zone));
    case.zones[zone].open = policy == HatchPolicy::Open;
    case.zones[zone].segment = None;
    if let HatchPolicy::OpenedEvery { every_days, open_days } = policy {
        let periods = (HORIZON_DAYS / every_days).ceil() as usize;
        for period in 1..=periods {
            let end = period as f64 * every_days;
            for (day, open) in [(end - open_days, true), (end, false)] {
                case.changes.push(Change { day, what: What::Hatch(zone, open) });
            }
        }
    }
    case
}

/// Returns the gas in kg that has left an element `closed_days` after its hatch was closed, which
/// the next opening takes from the station.
pub fn filling_kg(case: &Case, zone: usize, closed_days: f64) -> f64 {
    let (rate_kg_d, outflow) = zone_leak(case, zone);
    let cabin = case.air;
    let volume_m3 = case.zones[zone].volume_m3;
    let air_kg = air::mass_kg(cabin.total_kpa, volume_m3, AIR_G_MOL, cabin.temperature_k);
    let left = air::pressure_after(outflow, cabin.total_kpa, air_kg, rate_kg_d, closed_days);
    air::makeup_kg(left, cabin.total_kpa, volume_m3, cabin.temperature_k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::{Draws, Kind};
    use crate::case::{Held, Leak, StockKind, Zone};
    use crate::processor::Segment;
    use crate::run::Run;

    /// The transfer chamber of April 2024: 3.7 lb a day (1.68 kg), the highest published until then.
    fn chamber() -> Case {
        let zone = |id: &str, volume_m3, segment| Zone {
            segment: Some(segment),
            ..Zone::open(id, volume_m3)
        };
        let held = |kind, amount| Held { kind, owner: None, amount };
        Case {
            stocks: vec![held(StockKind::Nitrogen, 150.0), held(StockKind::Oxygen, 3000.0)],
            leaks: vec![Leak::steady("prk", 0, 1.68)],
            ..Case::bare(
                7.0,
                vec![zone("prk", 6.0, Segment::Russian), zone("station", 900.0, Segment::Us)],
            )
        }
    }

    /// 6 m3 hold 7.18 kg. A week at 1.68 kg/d leaves e^(-1.68 * 6.5 / 7.18) of them: 22 %.
    #[test]
    fn the_price_of_a_schedule_is_leak_and_filling() {
        let question = Question { zone: 0, every_days: 7.0, open_days: 0.5, ports: 1.0 };
        let priced = compare(&chamber(), &question, &|_| true).expect("nobody stops it");
        let [open, closed, weekly] = priced.as_slice() else { panic!("three policies") };
        assert!((open.gas_kg_d - 1.68).abs() < 1e-12 && open.ports_lost == 0.0);
        assert_eq!((closed.gas_kg_d, closed.ports_lost, closed.filling_kg), (0.0, 1.0, 0.0));
        let air_kg: f64 = 101.3 * 6.0 * 28.9647 / (8.314_462_618 * 295.0);
        let filling = air_kg * (1.0 - zarya_units::math::exp(-1.68 * 6.5 / air_kg));
        assert!((weekly.filling_kg / filling - 1.0).abs() < 1e-9, "{}", weekly.filling_kg);
        assert!((weekly.gas_kg_d - (filling + 0.84) / 7.0).abs() < 1e-9);
        assert!((weekly.ports_lost - 6.5 / 7.0).abs() < 1e-12);
        assert!((filling_kg(&chamber(), 0, 6.5) / filling - 1.0).abs() < 1e-9);
        let days = |priced: &Priced| {
            let entry = priced.entries.iter().find(|entry| entry.id == "nitrogen").expect("stock");
            entry.days_to_limit.p50
        };
        let (open, weekly, closed) = (days(open).unwrap(), days(weekly).unwrap(), days(closed));
        assert!(closed.is_none() && open < weekly, "{open} {weekly} {closed:?}");
        // What leaks out of the closed chamber is nobody's oxygen.
        for priced in compare(&chamber(), &question, &|_| true).expect("nobody stops it") {
            let oxygen = priced.entries.iter().find(|entry| entry.id == "oxygen").expect("stock");
            let days = oxygen.days_to_limit.p50.expect("it runs out");
            assert!((days / 525.0 - 1.0).abs() < 0.1, "3,000 kg for seven: {days}");
        }
        // Nitrogen is 75.3 % of the mass of this air (78.4 of 101.3 kPa): 150 kg at 1.265 kg/d.
        assert!((open / (150.0 / (1.68 * 0.753)) - 1.0).abs() < 0.01, "{open}");
    }

    /// The element is the one that leaks, or the one named; nothing else is priced.
    #[test]
    fn the_element_is_the_one_that_leaks() {
        let mut case = chamber();
        assert_eq!(element(&case, None), Ok(0));
        let others = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let name = case.zones[0].id.clone();
        assert_eq!(
            element(&case, Some("pkr")),
            Err(HatchError::NoSuchZone("pkr".to_owned(), others(&[&name])))
        );
        case.zones[0].crew = 1.0;
        assert_eq!(element(&case, None), Err(HatchError::LivedIn(1.0, name.clone())));
        case.leaks.clear();
        assert_eq!(element(&case, Some(&name)), Err(HatchError::Tight(name.clone())));
        assert_eq!(element(&case, None), Err(HatchError::NoneLeaks(others(&[&name]))));
        case.zones.truncate(1);
        assert_eq!(element(&case, None), Err(HatchError::OneZone));
    }

    /// The closed form of a schedule and the balance spend the same gas over two years.
    #[test]
    fn the_balance_spends_what_the_price_says() {
        let question = Question { zone: 0, every_days: 30.0, open_days: 2.0, ports: 1.0 };
        let mut case = chamber();
        case.stocks[0].amount = 2000.0;
        let policy = HatchPolicy::OpenedEvery { every_days: 30.0, open_days: 2.0 };
        let scheduled = under(&case, 0, policy);
        let mut run = Run::new(&scheduled, Draws::MEDIAN, 1.0);
        run.advance_to(30.0 + 720.0 - 0.1);
        let after = run.state().level(Kind::Nitrogen);
        let mut run = Run::new(&scheduled, Draws::MEDIAN, 1.0);
        run.advance_to(30.0 - 0.1);
        let before = run.state().level(Kind::Nitrogen);
        let priced = priced(&case, &question, 0, policy, &|_| true).expect("nobody stops it");
        let spent = (before - after) / 720.0;
        assert!((spent / priced.nitrogen_kg_d - 1.0).abs() < 0.01, "{spent} {priced:?}");
    }
}
