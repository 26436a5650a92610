use super::*;
use crate::poisson::{gamma_poisson_cdf, poisson_cdf};
use crate::repair::Repair;
use proptest::prelude::*;
use zarya_units::math;

fn stocked(id: &str, mtbf_d: f64, stock: u32) -> Unit {
    Unit { stock: Some(stock), ..Unit::exponential(id, mtbf_d) }
}

fn question<'a>(units: &'a [Unit], needed: &'a [Need]) -> Question<'a> {
    Question { units, model: DemandModel::poisson(100.0), shared_error_factor: 1.0, needed }
}

#[test]
fn the_station_needs_every_unit_type() {
    let units = [stocked("a", 100.0, 2), stocked("b", 300.0, 1)];
    let answer = sufficiency(&question(&units, &[]), 150.0);
    let truth = [poisson_cdf(2, 1.5), poisson_cdf(1, 0.5)];
    assert!((answer.units[0] - truth[0]).abs() < 1e-14);
    assert!((answer.station - truth[0] * truth[1]).abs() < 1e-14);
}

/// Two of three at 0.9 is 0.972, by hand.
#[test]
fn k_of_n_is_the_binomial_sum() {
    assert!((k_of_n(3, 2, 0.9) - 0.972).abs() < 1e-15);
    assert!((at_least(&[0.5, 0.25], 1) - 0.625).abs() < 1e-15);
}

#[test]
fn a_capability_with_a_choice_survives_the_loss_of_one_type() {
    let mut units = [stocked("a", 100.0, 0), stocked("b", 100.0, 0), stocked("c", 1e6, 0)];
    units[0].capability = "oxygen".to_owned();
    units[1].capability = "oxygen".to_owned();
    let needed = ["oxygen=1".parse().unwrap()];
    let answer = sufficiency(&question(&units, &needed), 100.0);
    let p = math::exp(-1.0);
    let oxygen = 1.0 - (1.0 - p) * (1.0 - p);
    assert!((answer.capabilities["oxygen"] - oxygen).abs() < 1e-14);
    assert!((answer.station - oxygen * math::exp(-1e-4)).abs() < 1e-14);
}

/// Two of two required: the stock alone; one of two: hypoexponential by hand. With no spare and
/// rates 2r then r, P(survives t) = 2 e^-rt - e^-2rt, the parallel pair.
#[test]
fn redundant_positions_follow_the_pure_death_process() {
    assert!((redundant_sufficiency(0.7, 2, 2, 3) - poisson_cdf(3, 1.4)).abs() < 1e-14);
    let truth = 2.0 * math::exp(-0.7) - math::exp(-1.4);
    assert!((redundant_sufficiency(0.7, 2, 1, 0) - truth).abs() < 1e-14);
    assert!(redundant_sufficiency(0.7, 2, 1, 1) > truth);
}

/// Without a spare every position must survive: the survival of the law, to the power of positions.
#[test]
fn wearing_positions_without_a_spare_all_have_to_survive() {
    for positions in 1..=8 {
        let law = Law::Weibull { shape: 2.0, scale_d: 790.0 };
        let unit = Unit { law, quantity: positions, required: positions, ..stocked("a", 1.0, 0) };
        let answer = sufficiency(&question(&[unit], &[]), 400.0);
        let truth = math::exp(-f64::from(positions) * (400.0_f64 / 790.0) * (400.0 / 790.0));
        assert!((answer.station - truth).abs() < 2e-6, "{positions}: {} {truth}", answer.station);
    }
}

/// A gamma prior of the rate of one type: the closed negative binomial.
#[test]
fn unknown_rates_use_the_gamma_poisson_law() {
    let units = [stocked("a", 50.0, 3)];
    let mut question = question(&units, &[]);
    question.model.prior = RatePrior::Gamma { shape: 2.0 };
    let answer = sufficiency(&question, 100.0);
    assert!((answer.station - gamma_poisson_cdf(3, 2.0, 2.0)).abs() < 1e-14);
}

/// Shared errors keep each type's own probability near what an own error gives, but make types fail
/// together: the product is exceeded.
#[test]
fn a_shared_error_makes_types_fail_together() {
    let mut units = [stocked("a", 100.0, 3), stocked("b", 100.0, 3)];
    units[0].subsystem = "air".to_owned();
    units[1].subsystem = "air".to_owned();
    let shared = Question { shared_error_factor: 4.0, ..question(&units, &[]) };
    let mut own = question(&units, &[]);
    own.model.prior = RatePrior::Lognormal { error_factor: 4.0 };
    let (shared, own) = (sufficiency(&shared, 150.0), sufficiency(&own, 150.0));
    assert!((shared.units[0] - own.units[0]).abs() < 1e-12);
    assert!(shared.station > own.station + 0.02, "{} {}", shared.station, own.station);
    assert!((shared.subsystems["air"] - shared.station).abs() < 1e-14);
}

#[test]
fn days_are_where_the_probability_crosses() {
    let units = [stocked("a", 100.0, 0), stocked("b", 400.0, 0)];
    let question = question(&units, &[]);
    // e^(-t/80) = 0.9.
    let lasting = Lasting::new(&question);
    let days = lasting.days(0.9, 1000.0, 1.0, ALWAYS).unwrap().unwrap();
    assert!((days + 80.0 * math::ln(0.9)).abs() < 0.011, "{days}");
    let of = |row| lasting.days_of(row, 0.9, 30.0, ALWAYS).unwrap();
    assert!((of(0).unwrap() + 100.0 * math::ln(0.9)).abs() < 0.011);
    assert_eq!(of(1), None);
}

/// Smooth, steep, flat and broken curves: the days found still hold, a hundredth more does not, and
/// it takes few looks at the curve wherever the search starts.
#[test]
fn the_search_for_days_ends_on_the_safe_side_of_the_crossing() {
    use std::cell::Cell;
    let decay = |days: f64| math::exp(-days / 80.0);
    let cliff = |days: f64| if days < 204.4 { 1.0 } else { 0.0 };
    let stairs = |days: f64| 1.0 - 0.06 * (days / 50.0).floor();
    let tail = |days: f64| 1.0 / (1.0 + days / 1000.0);
    let curves: [&dyn Fn(f64) -> f64; 4] = [&decay, &cliff, &stairs, &tail];
    // e^(-t/80) = 0.9; the cliff; the second stair down; 1 / 0.9 - 1 thousands of days.
    let crossings = [-80.0 * math::ln(0.9), 204.4, 100.0, 1000.0 / 0.9 - 1000.0];
    for (curve, crossing) in curves.iter().zip(crossings) {
        for start in [0.5, 100.0, 204.0, 20_000.0] {
            let looks = Cell::new(0);
            let found = days_until(0.9, start, 36_525.0, |days| {
                looks.set(looks.get() + 1);
                Ok(curve(days))
            });
            let days = found.unwrap().expect("every curve falls");
            assert!(curve(days) >= 0.9, "{crossing} from {start}: {days}");
            assert!((-1e-9..=0.01).contains(&(crossing - days)), "{crossing} from {start}: {days}");
            assert!(looks.get() <= 40, "{crossing} from {start}: {} looks", looks.get());
        }
    }
    // Beyond the last day asked nothing is said, after one look a doubling.
    let looks = Cell::new(0);
    let never = days_until(0.9, 600.0, 36_525.0, |_| {
        looks.set(looks.get() + 1);
        Ok(0.95)
    });
    assert_eq!((never, looks.get()), (Ok(None), 7));
}

/// A stock that is surely gone is said to be so without the uniformization; just before that it is
/// the closed form of the parallel pair.
#[test]
fn redundant_positions_that_are_surely_gone_need_no_sum() {
    for expected in [20.0, 31.0, 33.0, 40.0, 1e6, 1e12] {
        let truth = 2.0 * math::exp(-expected) - math::exp(-2.0 * expected);
        let got = redundant_sufficiency(expected, 2, 1, 0);
        assert!((got - truth).abs() < 1e-13, "{expected}: {got} {truth}");
    }
}

#[test]
fn one_more_spare_and_fewer_days_never_hurt() {
    for stock in 0..6 {
        let (few, more) = ([stocked("a", 90.0, stock)], [stocked("a", 90.0, stock + 1)]);
        let (few, more) = (question(&few, &[]), question(&more, &[]));
        let mut before = 1.0;
        for days in [1.0, 50.0, 200.0, 900.0] {
            let now = sufficiency(&few, days).station;
            assert!(now <= before && now <= sufficiency(&more, days).station);
            before = now;
        }
    }
}

/// Ten replacements are due in 300 d at a limit of 29.2 d, whatever else happens.
#[test]
fn a_plan_that_needs_more_than_the_stock_fails() {
    let mut units = [stocked("filter", 8318.0, 6)];
    units[0].life_limit_d = Some(29.2);
    let mut question = question(&units, &[]);
    question.model.life_limits = LifeLimits::Together;
    assert!(sufficiency(&question, 300.0).station < 1e-12);
    // Six last until the seventh is due, after 204.4 d.
    let lasting = Lasting::new(&question);
    let days = lasting.days(0.9, 1000.0, 1.0, ALWAYS).unwrap().unwrap();
    assert!(days > 203.0 && days < 204.4, "{days}");
}

/// Units of any kind that a list may hold.
fn any_unit() -> impl Strategy<Value = Unit> {
    let ages: Vec<f64> = (1..=5).map(|i| 90.0 * f64::from(i)).collect();
    let observed = crate::law::Empirical::new(&ages[..4], &ages[4..]).unwrap();
    let law = (0..5_u8, 2.0_f64..50_000.0).prop_map(move |(kind, mean_d)| match kind {
        0 => Law::Exponential { mtbf_d: mean_d },
        1 => Law::weibull_of_mean(1.5, mean_d),
        2 => Law::weibull_of_mean(0.5, mean_d),
        3 => Law::Lognormal { median_d: mean_d, error_factor: 4.0 },
        _ => Law::Empirical(observed.clone()),
    });
    let counts = (1..6_u32, 1..3_u32, 0..4_u32, 0.0..1.0_f64);
    let limit = prop::option::of(40.0..3000.0_f64);
    (law, counts, limit, 0.0..1.0_f64, any::<bool>()).prop_map(
        |(law, (quantity, copies, stock, required), limit, age, aged)| Unit {
            law,
            quantity,
            copies,
            required: 1 + (required * f64::from(quantity)) as u32 % quantity,
            life_limit_d: limit,
            age_d: if aged { age * limit.unwrap_or(500.0) } else { 0.0 },
            ..stocked("u", 1.0, stock)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A confidence as fine as 1 - 1e-12 once led to a span of no days, which had no probability.
    #[test]
    fn days_and_probabilities_are_numbers_at_any_confidence(
        units in prop::collection::vec(any_unit(), 1..4),
        nines in 0.05..12.0_f64,
        period_d in 1.0..900.0_f64,
        together in any::<bool>(),
        repair in any::<bool>(),
        shared in any::<bool>(),
    ) {
        let life_limits = if together { LifeLimits::Together } else { LifeLimits::Maximum };
        let repair = if repair { Repair::Fixed { days: 0.5 } } else { Repair::Instant };
        let model = DemandModel { repair, life_limits, ..DemandModel::poisson(period_d) };
        let shared_error_factor = if shared && !together { 2.0 } else { 1.0 };
        let question = Question { units: &units, model, shared_error_factor, needed: &[] };
        let lasting = Lasting::new(&question);
        let confidence = 1.0 - math::pow(10.0, -nines);
        let days = lasting.days(confidence, 36_525.0, 1.0, ALWAYS).unwrap();
        if let Some(days) = days {
            prop_assert!((0.0..=36_525.0).contains(&days), "{days}");
            let there = lasting.through(days, 1.0, ALWAYS).unwrap().station;
            // In no days at all only a plan that is due without a spare fails.
            prop_assert!(there >= confidence || days == 0.0, "{days}: {there} {confidence}");
        }
        for point in lasting.curve(period_d, 1.0, days, ALWAYS).unwrap() {
            prop_assert!((0.0..=1.0).contains(&point.1), "{point:?}");
        }
        let start = lasting.through(0.0, 1.0, ALWAYS).unwrap();
        prop_assert!(start.units.iter().all(|p| *p == 0.0 || *p == 1.0), "{:?}", start.units);
    }
}

/// A worn unit at its limit without a spare has failed when nothing else has.
#[test]
fn in_no_time_all_lasts_that_is_not_due() {
    let due = Unit { life_limit_d: Some(50.0), age_d: 50.0, ..stocked("due", 1e6, 0) };
    let spared = Unit { stock: Some(1), ..due.clone() };
    let worn =
        Unit { law: Law::weibull_of_mean(1.5, 80.0), age_d: 70.0, ..stocked("worn", 1.0, 0) };
    for life_limits in [LifeLimits::Together, LifeLimits::Maximum] {
        let units = [due.clone(), spared.clone(), worn.clone()];
        let mut question = question(&units, &[]);
        question.model.life_limits = life_limits;
        assert_eq!(sufficiency(&question, 0.0).units, [0.0, 1.0, 1.0]);
    }
}

/// Spares in any number: while they last nothing is lost, so the sum begins behind them.
#[test]
fn a_large_stock_of_redundant_positions_costs_nothing() {
    assert!((redundant_sufficiency(30.0, 3, 2, 100_000) - 1.0).abs() < 1e-12);
    let mean = 3.0 * 30.0;
    let all = poisson_cdf(95, mean);
    let got = redundant_sufficiency(30.0, 3, 2, 95);
    assert!(all < got && got < poisson_cdf(97, mean), "{all} {got}");
}

/// Whoever stops the work gets no number.
#[test]
fn stopped_work_has_no_answer() {
    let units = [stocked("a", 100.0, 1), stocked("b", 300.0, 1)];
    let question = question(&units, &[]);
    let lasting = Lasting::new(&question);
    let looks = std::cell::Cell::new(0);
    let going = || {
        looks.set(looks.get() + 1);
        looks.get() < 6
    };
    assert_eq!(lasting.days(0.9, 1000.0, 1.0, &going), Err(Stopped));
    assert!(lasting.through(10.0, 1.0, &|| false).is_err());
}
