//! Histories against the exact value of the spares aboard, where every assumption is shared: within
//! three standard errors.
//!
//! A repair takes a day in which a unit does not fail. It moves the cases below by up to 0.1 % of a
//! probability, a third of a standard error, and is left in.

use crate::bare::{file, histories, plan, share, unit};
use zarya_reliability::sufficiency::redundant_sufficiency;
use zarya_simulation::Outcome;
use zarya_simulation::sufficiency::{Horizon, Lasting, lasting};
use zarya_units::math;

const DAYS: f64 = 600.0;
const WORLDS: u32 = 500;
const PER_WORLD: u32 = 20;

fn outlasts(outcome: &Outcome) -> bool {
    f64::from(outcome.own_stock_d[0]) >= DAYS
}

/// Asserts that histories agree with the exact value, each world with its own; returns the latter.
fn assert_agreement(changes: &[(&str, &str)]) -> f64 {
    let plan = plan(changes);
    let outcomes = histories(&plan, WORLDS, PER_WORLD);
    let worlds: Vec<u32> = (0..WORLDS).collect();
    let horizon = Horizon { days: DAYS, rates_times: 1.0 };
    let exact = lasting(&(&plan).into(), 7, &worlds, &[horizon], 1);
    // Given its world, the share of a world's histories has the exact value as its mean.
    let differences: Vec<f64> = outcomes
        .chunks_exact(PER_WORLD as usize)
        .zip(&exact)
        .map(|(world, exact)| share(world, outlasts) - exact.lasts[0][0])
        .collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let error = (differences.iter().map(|d| d * d).sum::<f64>()).sqrt() / n;
    let value = exact.iter().map(|e| e.lasts[0][0]).sum::<f64>() / n;
    assert!(mean.abs() <= 3.0 * error, "{mean:.5} off {value:.5}, standard error {error:.5}");
    assert!(error < 0.006, "{error}");
    value
}

#[test]
fn exponential_units_agree_with_the_poisson_law() {
    let text = unit("mtbf = \"800 d\"\ninstalled = 3\nspares = { aboard = 2, ground = 0 }\n");
    let value = assert_agreement(&[("orus/case.toml", &text)]);
    let x = 3.0 * DAYS / 800.0;
    assert!((value - math::exp(-x) * (1.0 + x + x * x / 2.0)).abs() < 1e-12);
}

#[test]
fn resets_and_common_causes_agree_with_demand_in_lots() {
    let text = unit(
        "mtbf = \"600 d\"\ninstalled = 3\nbeta = 0.3\nreset_share = 0.4\n\
         spares = { aboard = 2, ground = 0 }\n",
    );
    assert_agreement(&[("orus/case.toml", &text)]);
}

/// Eleven copies in groups of six and five, of a class that worlds draw.
#[test]
fn failures_of_groups_agree_with_demand_in_lots() {
    let text = unit(
        "mtbf = \"2000 d\"\ninstalled = 11\nreset_share = 0.2\ncommon_cause = \"shared\"\n\
         spares = { aboard = 4, ground = 0 }\n",
    );
    let class = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[common_cause]]\n\
        id = \"shared\"\nname = \"Shared\"\nof_5 = [8, 2, 1, 1, 2]\nof_6 = [8, 2, 1, 1, 1, 2]\n";
    let shared = assert_agreement(&[("orus/case.toml", &text), ("common-cause.toml", class)]);
    let alone = text.replace("common_cause = \"shared\"\n", "");
    let alone = assert_agreement(&[("orus/case.toml", &alone)]);
    assert!((shared - alone).abs() > 0.03, "a case in which lots matter: {shared} {alone}");
}

/// Worn units of random ages, whose failures are partly cleared without making them younger.
#[test]
fn wear_out_agrees_with_renewal_from_todays_ages() {
    let text = unit(
        "mtbf = \"700 d\"\nshape = 2.5\ninstalled = 2\nreset_share = 0.3\n\
         spares = { aboard = 1, ground = 0 }\n",
    );
    assert_agreement(&[("orus/case.toml", &text)]);
}

#[test]
fn life_limits_and_failures_agree_with_one_renewal_process() {
    let text = unit(
        "mtbf = \"900 d\"\nlife_limit = \"250 d\"\ninstalled = 2\n\
         spares = { aboard = 6, ground = 0 }\n",
    );
    let value = assert_agreement(&[("orus/case.toml", &text)]);
    assert!(value > 0.05 && value < 0.95, "{value}");
}

/// Worn copies that fail together and are not due within the time: demand comes in lots as if there were no limit.
#[test]
fn a_life_limit_far_off_changes_nothing() {
    let keys = "mtbf = \"900 d\"\ninstalled = 2\nbeta = 0.5\nspares = { aboard = 1, ground = 0 }\n";
    let station = file("station.toml").replace("burn_in = \"0 d\"", "burn_in = \"400 d\"");
    let lasts = |keys: &str| {
        let plan = plan(&[("orus/case.toml", &unit(keys)), ("station.toml", &station)]);
        let horizon = Horizon { days: DAYS, rates_times: 1.0 };
        let of_world = |w: &Lasting| w.lasts[0][0];
        lasting(&(&plan).into(), 7, &(0..40).collect::<Vec<u32>>(), &[horizon], 1)
            .iter()
            .map(of_world)
            .collect::<Vec<f64>>()
    };
    let far = lasts(&format!("{keys}life_limit = \"5000 d\"\n"));
    assert!(far.iter().zip(lasts(keys)).all(|(a, b)| (a - b).abs() < 1e-12));
    assert!(far.iter().any(|p| *p > 0.0));
}

/// The rate factors that worlds draw for the programme, the subsystem and the type, all at once.
#[test]
fn unknown_rates_agree_world_by_world() {
    let text = unit("mtbf = \"500 d\"\nerror_factor = 3\nspares = { aboard = 1, ground = 0 }\n");
    let station = file("station.toml")
        .replace("programme_error_factor = 1", "programme_error_factor = 1.5")
        .replace("subsystem_error_factor = 1", "subsystem_error_factor = 3");
    let value = assert_agreement(&[("orus/case.toml", &text), ("station.toml", &station)]);
    let x = DAYS / 500.0;
    let known = math::exp(-x) * (1.0 + x);
    assert!((value - known).abs() > 0.02, "a case in which mixing matters: {value} {known}");
}

/// Gamma rates mix Poisson demand into a negative binomial; service moves the law by Bayes' rule:
/// shape 2 of 1 in 500 d, and 3 failures in 2,000 d, give shape 5 of 5 in 3,000 d.
#[test]
fn gamma_rates_moved_by_service_have_negative_binomial_demand() {
    let keys = "mtbf = \"500 d\"\nrate_shape = 2\n";
    let seen = format!("{keys}in_service = {{ failures = 3, running = \"2000 d\" }}\n");
    for (keys, shape, exposure_d) in [(keys, 2.0, 1000.0), (seen.as_str(), 5.0, 3000.0)] {
        let plan = plan(&[("orus/case.toml", &unit(keys))]);
        let outcomes = histories(&plan, 4_000, 1);
        let lasting = share(&outcomes, outlasts);
        let none: f64 = exposure_d / (exposure_d + DAYS);
        let expected = math::pow(none, shape);
        let error = (expected * (1.0 - expected) / outcomes.len() as f64).sqrt();
        assert!((lasting - expected).abs() <= 3.0 * error, "{lasting} {expected} +- {error}");
        let x = DAYS * shape / exposure_d;
        assert!(expected - math::exp(-x) > 3.0 * error, "mixing must matter");
    }
}

/// Two of three with spares: the function is kept as long as the pure death process says.
#[test]
fn redundant_units_agree_with_the_death_process() {
    let keys =
        "mtbf = \"1500 d\"\ninstalled = 3\nneeded = 2\nspares = { aboard = 1, ground = 0 }\n";
    let plan = plan(&[("orus/case.toml", &unit(keys))]);
    let outcomes = histories(&plan, 1, 20_000);
    let lasting = share(&outcomes, |o| o.short_d[1] <= 1.0);
    let expected = redundant_sufficiency(crate::bare::SPAN_D / 1500.0, 3, 2, 1);
    let error = (expected * (1.0 - expected) / outcomes.len() as f64).sqrt();
    assert!((lasting - expected).abs() <= 3.0 * error, "{lasting} {expected} +- {error}");
}

/// Flights do not change what the spares aboard are worth alone, and fewer histories run out.
#[test]
fn flights_are_counted_beside_and_not_in_the_own_stock() {
    let text =
        unit("mtbf = \"400 d\"\nspares = { aboard = 1, ground = 5 }\nlead_time = \"10 d\"\n");
    let manifest = format!(
        "{}\n[[service]]\nid = \"truck\"\nvehicle = \"truck\"\nfirst = 2026-02-01\nevery = \"30 d\"\n\
         until = 2028-12-31\nstay = \"10 d\"\nbasis = \"assumed\"\nwhy = \"a case\"\n",
        file("manifest.toml")
    );
    let changes = [("orus/case.toml", &*text), ("manifest.toml", &manifest)];
    let alone = assert_agreement(&changes);
    let outcomes = histories(&plan(&changes), WORLDS, PER_WORLD);
    let with_flights = share(&outcomes, |o| f64::from(o.stock_out_d[0]) >= DAYS);
    assert!(with_flights > alone + 0.1, "{with_flights} {alone}");
    for outcome in &outcomes {
        assert!(outcome.own_stock_d[0] <= outcome.stock_out_d[0]);
        assert_eq!(outcome.stock_out_d[0].is_finite(), outcome.counts.stock_outs > 0);
    }
}
