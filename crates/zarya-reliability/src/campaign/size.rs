//! Lists whose units of measure are wrong show it in their size.

use super::DemandModel;
use crate::unit::Unit;

/// Failures in one period beyond which a list is taken for a mistake of units.
pub const FAILURES_PER_PERIOD_MAX: f64 = 20_000.0;

/// Why a list cannot be meant: unit types, each with the number that is too large.
#[derive(Clone, Debug, PartialEq)]
pub enum SizeError {
    /// They run for more days than a period has.
    Overtime(Vec<(String, f64)>),
    /// More failures are expected in one period than [`FAILURES_PER_PERIOD_MAX`].
    Demand(Vec<(String, f64)>),
}

/// Checks that no unit runs for longer than a period, and none fails more often than anything on a
/// station.
///
/// # Errors
///
/// The units that do.
pub fn check_size(units: &[Unit], model: &DemandModel) -> Result<(), SizeError> {
    // A period given to seven digits may fall short of whole hours by less than this.
    const ROUNDING: f64 = 1e-5;
    let overtime: Vec<(String, f64)> = units
        .iter()
        .filter_map(|unit| Some((unit.id.clone(), unit.running_d?)))
        .filter(|(_, running_d)| *running_d > model.period_d * (1.0 + ROUNDING))
        .collect();
    if !overtime.is_empty() {
        return Err(SizeError::Overtime(overtime));
    }
    let expected = |unit: &Unit| {
        let copy = unit.rate_per_d() * unit.running_days(model.period_d, 1) * model.rate_factor;
        copy * f64::from(unit.copies)
    };
    let wild: Vec<(String, f64)> = units
        .iter()
        .map(|unit| (unit.id.clone(), expected(unit)))
        .filter(|(_, failures)| *failures > FAILURES_PER_PERIOD_MAX)
        .collect();
    if wild.is_empty() { Ok(()) } else { Err(SizeError::Demand(wild)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_for_days_show_in_the_size() {
        let model = DemandModel::poisson(100.0);
        let long = Unit { running_d: Some(2400.0), ..Unit::exponential("long", 50.0) };
        let fine = Unit { running_d: Some(100.0), ..Unit::exponential("fine", 50.0) };
        let refused = check_size(&[fine.clone(), long], &model).unwrap_err();
        assert_eq!(refused, SizeError::Overtime(vec![("long".to_owned(), 2400.0)]));
        let wild = check_size(&[Unit::exponential("wild", 0.001), fine.clone()], &model);
        assert!(matches!(wild, Err(SizeError::Demand(units)) if units[0].0 == "wild"));
        assert_eq!(check_size(&[fine], &model), Ok(()));
    }
}
