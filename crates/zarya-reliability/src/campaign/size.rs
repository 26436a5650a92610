//! Lists whose units of measure are wrong show it in their size, and no list asks for work without end.

use super::DemandModel;
use crate::law::Law;
use crate::renewal::expected;
use crate::unit::Unit;
use std::fmt;

/// Failures, or planned replacements, in one period beyond which a list is taken for a mistake of units.
pub const FAILURES_PER_PERIOD_MAX: f64 = 20_000.0;
/// Replacements of one type over a whole campaign, beyond which they are not counted one by one.
pub const DEMAND_MAX: f64 = 50_000.0;
/// Lives of one position, where life limits and failures are counted together.
pub const LIVES_MAX: f64 = 1_000.0;
/// Probabilities that the answer about a campaign may hold.
pub const VALUES_MAX: f64 = 2e7;

/// Why a list cannot be meant: unit types, each with the number that is too large.
#[derive(Clone, Debug, PartialEq)]
pub enum SizeError {
    /// They run for more days than a period has.
    Overtime(Vec<(String, f64)>),
    /// More failures are expected in one period than [`FAILURES_PER_PERIOD_MAX`].
    Demand(Vec<(String, f64)>),
    /// More replacements are planned in one period than [`FAILURES_PER_PERIOD_MAX`].
    Planned(Vec<(String, f64)>),
    /// One position has more lives in the campaign than [`LIVES_MAX`], or spares for more, and limits and
    /// failures are counted together.
    Lives(Vec<(String, f64)>),
    /// More replacements come up in the campaign than [`DEMAND_MAX`].
    Campaign(Vec<(String, f64)>),
    /// The answer would hold more probabilities than [`VALUES_MAX`].
    Values(f64),
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overtime(units) => {
                write!(f, "{} unit types run longer than a period", units.len())
            }
            Self::Demand(_) | Self::Planned(_) | Self::Lives(_) | Self::Campaign(_) => {
                f.write_str("demand is too large to be meant")
            }
            Self::Values(n) => write!(f, "the answer would hold {n:.0} probabilities"),
        }
    }
}

impl std::error::Error for SizeError {}

/// Checks that no unit runs for longer than a period, none is replaced more often than anything on a
/// station, and that a campaign of these fleets can be counted.
///
/// # Errors
///
/// The units that do not pass the first check that fails.
pub fn check_size(units: &[Unit], model: &DemandModel, fleets: &[u32]) -> Result<(), SizeError> {
    // A period given to seven digits may fall short of whole hours by less than this.
    const ROUNDING: f64 = 1e-5;
    // Entries of a list beside those about its mean.
    const VALUES_EACH: f64 = 20.0;
    let beyond = |most: f64, of: &dyn Fn(&Unit) -> f64| -> Vec<(String, f64)> {
        let each = units.iter().map(|unit| (unit.id.clone(), of(unit)));
        // A number that is none is beyond any bound.
        each.filter(|(_, value)| value.is_nan() || *value > most).collect()
    };
    let fail = |units: Vec<(String, f64)>, why: fn(Vec<(String, f64)>) -> SizeError| {
        if units.is_empty() { Ok(()) } else { Err(why(units)) }
    };
    let overtime: Vec<(String, f64)> = units
        .iter()
        .filter_map(|unit| Some((unit.id.clone(), unit.running_d?)))
        .filter(|(_, running_d)| *running_d > model.period_d * (1.0 + ROUNDING))
        .collect();
    fail(overtime, SizeError::Overtime)?;
    let lives = |unit: &Unit| lives_of_one(unit, model);
    let failures = |unit: &Unit| lives(unit) * f64::from(unit.positions());
    fail(beyond(FAILURES_PER_PERIOD_MAX, &failures), SizeError::Demand)?;
    let planned = |unit: &Unit| {
        let each = unit.life_limit_d.map_or(0.0, |limit_d| model.period_d / limit_d);
        each * f64::from(unit.positions())
    };
    fail(beyond(FAILURES_PER_PERIOD_MAX, &planned), SizeError::Planned)?;
    let periods = fleets.len() as f64;
    let limited = |unit: &Unit| {
        let Some(limit_d) = unit.life_limit_d else { return 0.0 };
        let wears = if matches!(unit.law, Law::Exponential { .. }) { 0.0 } else { lives(unit) };
        let in_campaign = periods * (model.period_d / limit_d).max(wears);
        in_campaign.max(f64::from(unit.stock.unwrap_or(0)) / f64::from(unit.positions()))
    };
    if model.life_limits == super::LifeLimits::Together {
        fail(beyond(LIVES_MAX, &limited), SizeError::Lives)?;
    }
    // Periods served by all copies of the list together.
    let served: f64 = fleets.iter().map(|fleet| f64::from(*fleet)).sum();
    let replaced = |unit: &Unit| (failures(unit) + planned(unit)) * served.max(1.0);
    fail(beyond(DEMAND_MAX, &replaced), SizeError::Campaign)?;
    let values: f64 = units.iter().map(|unit| (VALUES_EACH + replaced(unit)) * periods).sum();
    if values > VALUES_MAX { Err(SizeError::Values(values)) } else { Ok(()) }
}

/// Failures of one position expected in one period, about.
fn lives_of_one(unit: &Unit, model: &DemandModel) -> f64 {
    let running_d = unit.running_days(model.period_d, 1);
    expected(&unit.law, unit.usage.clock_rate() * model.rate_factor * running_d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::LifeLimits;

    #[test]
    fn hours_for_days_show_in_the_size() {
        let model = DemandModel::poisson(100.0);
        let long = Unit { running_d: Some(2400.0), ..Unit::exponential("long", 50.0) };
        let fine = Unit { running_d: Some(100.0), ..Unit::exponential("fine", 50.0) };
        let refused = check_size(&[fine.clone(), long], &model, &[1]).unwrap_err();
        assert_eq!(refused, SizeError::Overtime(vec![("long".to_owned(), 2400.0)]));
        let wild = check_size(&[Unit::exponential("wild", 0.001), fine.clone()], &model, &[1]);
        assert!(matches!(wild, Err(SizeError::Demand(units)) if units[0].0 == "wild"));
        assert_eq!(check_size(&[fine], &model, &[1]), Ok(()));
    }

    /// What a limit, a fleet or a stock asks for is bounded as failures are.
    #[test]
    fn no_campaign_asks_for_work_without_end() {
        let model = DemandModel::poisson(100.0);
        let unit =
            |limit_d: f64| Unit { life_limit_d: Some(limit_d), ..Unit::exponential("lamp", 50.0) };
        let check = |unit: Unit, model: &DemandModel, fleets: &[u32]| {
            check_size(std::slice::from_ref(&unit), model, fleets)
        };
        assert!(matches!(check(unit(1e-3), &model, &[1]), Err(SizeError::Planned(_))));
        assert_eq!(check(unit(0.02), &model, &[1]), Ok(()));
        let together = DemandModel { life_limits: LifeLimits::Together, ..model };
        assert!(matches!(check(unit(0.02), &together, &[1]), Err(SizeError::Lives(_))));
        let stocked = Unit { stock: Some(5_000), ..unit(50.0) };
        assert!(matches!(check(stocked, &together, &[1]), Err(SizeError::Lives(_))));
        assert_eq!(check(unit(50.0), &together, &[1; 400]), Ok(()));
        assert!(matches!(check(unit(50.0), &together, &[1; 600]), Err(SizeError::Lives(_))));
        let fleets = vec![1000; 1000];
        assert!(matches!(check(unit(50.0), &model, &fleets), Err(SizeError::Campaign(_))));
        let many: Vec<Unit> = (0..1000).map(|_| unit(1e6)).collect();
        assert!(matches!(check_size(&many, &model, &[1; 1000]), Err(SizeError::Values(_))));
        // A law whose long lives hide how many short ones there are.
        let law = Law::Lognormal { median_d: 1e-4, error_factor: 100.0 };
        let short = Unit { law, ..Unit::exponential("short", 1.0) };
        assert!(matches!(check(short, &model, &[1]), Err(SizeError::Demand(_))));
    }
}
