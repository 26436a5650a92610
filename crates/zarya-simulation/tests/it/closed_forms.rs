//! Failures, spares and launches against closed forms; four standard errors unless stated.

use crate::bare::{
    SPAN_D, assert_mean, assert_share, file, histories, mean, plan, plan_through, share, unit,
};
use zarya_reliability::campaign::{mixed_pmf, quadrature};
use zarya_reliability::poisson::poisson_pmf;
use zarya_reliability::sufficiency::redundant_sufficiency;
use zarya_reliability::{RatePrior, k_of_n};
use zarya_units::math;

const N: usize = 20_000;

/// Days from failure to replacement inside with no crew hours: the engine's day of diagnosis.
const DIAGNOSIS_D: f64 = 1.0;

/// With one spare the stock lasts unless there are two failures: e^-x (1 + x).
#[test]
fn one_spare_lasts_with_the_probability_of_at_most_one_failure() {
    let text = unit("mtbf = \"800 d\"\nspares = { aboard = 1, ground = 0 }\n");
    let plan = plan(&[("orus/case.toml", &text)]);
    let outcomes = histories(&plan, 1, N as u32);
    // The second life starts when the spare is in.
    let x = (SPAN_D - DIAGNOSIS_D) / 800.0;
    let expected = math::exp(-x) * (1.0 + x);
    assert_share(share(&outcomes, |o| o.counts.stock_outs == 0), expected, N);
    // The function is short for the day of diagnosis of the first failure, and from the second on.
    let long_down = share(&outcomes, |o| o.short_d[1] > 1.5);
    assert!(long_down < 1.0 - expected + 0.01, "{long_down}");
}

/// A spare on the ground comes with the flight after its lead time; until then the unit is down.
#[test]
fn a_spare_from_the_ground_waits_for_its_lead_time_and_the_next_flight() {
    let text =
        unit("mtbf = \"500 d\"\nspares = { aboard = 0, ground = 1 }\nlead_time = \"30 d\"\n");
    let manifest = format!(
        "{}\n[[service]]\nid = \"truck\"\nvehicle = \"truck\"\nfirst = 2026-04-11\nevery = \"100 d\"\n\
         until = 2028-12-31\nstay = \"10 d\"\nbasis = \"assumed\"\nwhy = \"a case\"\n",
        file("manifest.toml")
    );
    let plan =
        plan_through(&[("orus/case.toml", &text), ("manifest.toml", &manifest)], "2026-12-31");
    // Failed at t, ready at t + 30, launched at the next multiple of 100 d from the as-of date,
    // docked a day later, repaired another day later. Down time over the first life, by Riemann sum.
    let (span_d, rate) = (365.0, 1.0 / 500.0);
    let steps = 36_500;
    let width = span_d / f64::from(steps);
    let expected: f64 = (0..steps)
        .map(|i| {
            let t = (f64::from(i) + 0.5) * width;
            let launch = ((t + 30.0) / 100.0).ceil() * 100.0;
            let back = (launch + 1.0 + DIAGNOSIS_D).min(span_d);
            // A second failure after the return leaves it down for good: no third unit.
            let second = (span_d - back) - (1.0 - math::exp(-rate * (span_d - back))) / rate;
            rate * math::exp(-rate * t) * width * (back - t + second)
        })
        .sum();
    let outcomes = histories(&plan, 1, N as u32);
    assert_mean(mean(&outcomes, |o| f64::from(o.short_d[1])), expected);
}

/// Three of five without spares: at least three of five survive.
#[test]
fn three_of_five_last_like_the_binomial_says() {
    let keys = "mtbf = \"900 d\"\ninstalled = 5\nneeded = 3\n";
    let capabilities =
        format!("{}buffer = \"0 d\"\non_empty = \"none\"\n", file("capabilities.toml"));
    let plan = plan(&[("orus/case.toml", &unit(keys)), ("capabilities.toml", &capabilities)]);
    let outcomes = histories(&plan, 1, N as u32);
    for days in [200.0, 500.0, 900.0, SPAN_D] {
        let expected = k_of_n(5, 3, math::exp(-days / 900.0));
        let start = plan.as_of.mjd();
        let lasting = share(&outcomes, |o| o.full.is_none_or(|b| b.at - start > days));
        assert_share(lasting, expected, N);
    }
}

/// Two of three with two spares, against the pure death process (repairs take a day each: the
/// tolerance has a bias of that day's share of the span on top).
#[test]
fn two_of_three_with_spares_last_like_the_death_process_says() {
    let keys = "mtbf = \"900 d\"\ninstalled = 3\nneeded = 2\nspares = { aboard = 2, ground = 0 }\n";
    let plan = plan(&[("orus/case.toml", &unit(keys))]);
    let outcomes = histories(&plan, 1, N as u32);
    let expected = redundant_sufficiency(SPAN_D / 900.0, 3, 2, 2);
    // Short for more than a day: not a second failure during a repair, which takes a day at most.
    let lasting = share(&outcomes, |o| o.short_d[1] <= 1.0);
    assert!(
        (lasting - expected).abs() < 4.0 * 0.5 / (N as f64).sqrt() + 3.0 / 900.0,
        "{lasting} {expected}"
    );
}

/// Rates that worlds do not know: the share of histories without failure is the mean over the
/// lognormal of e^-x, not e^-mean.
#[test]
fn unknown_rates_mix_over_worlds() {
    let text = unit("mtbf = \"400 d\"\nerror_factor = 5\n");
    let plan = plan(&[("orus/case.toml", &text)]);
    let outcomes = histories(&plan, 2500, 2);
    let prior = RatePrior::Lognormal { error_factor: 5.0 };
    let x = SPAN_D / 400.0;
    let expected: f64 = quadrature(prior).iter().map(|(m, w)| w * math::exp(-x * m)).sum();
    // Two histories of a world are not independent: the error of the mean is clustered by world.
    let by_world: Vec<f64> = outcomes
        .chunks_exact(2)
        .map(|pair| pair.iter().filter(|o| o.counts.failures == 0).count() as f64 / 2.0)
        .collect();
    let n = by_world.len() as f64;
    let share = by_world.iter().sum::<f64>() / n;
    let variance = by_world.iter().map(|p| (p - share) * (p - share)).sum::<f64>() / n;
    assert_mean((share, (variance / n).sqrt()), expected);
    let one_rate = math::exp(-x);
    assert!(
        (expected - one_rate).abs() > 0.02,
        "a case in which mixing matters: {expected} {one_rate}"
    );
}

/// The whole count, not only its zero: with spares at hand at once, failures of a world whose rate
/// is lognormal have the mixed Poisson law.
#[test]
fn counts_under_unknown_rates_have_the_mixed_poisson_law() {
    let text = unit(
        "mtbf = \"400 d\"\nerror_factor = 3\nreset_share = 0\nspares = { aboard = 1000, ground = 0 }\n",
    );
    let plan = plan(&[("orus/case.toml", &text)]);
    let outcomes = histories(&plan, 3000, 1);
    let expected = mixed_pmf(SPAN_D / 400.0, RatePrior::Lognormal { error_factor: 3.0 });
    for (count, p) in expected.into_iter().enumerate().take(6) {
        let observed = share(&outcomes, |o| o.counts.failures as usize == count);
        let error = (p * (1.0 - p) / outcomes.len() as f64).sqrt();
        // A day of repair after each failure takes at most 6 of 1,096 days off the clock.
        assert!((observed - p).abs() <= 4.0 * error + 0.006, "{count}: {observed} {p} +- {error}");
    }
}

/// Beta-factor pairs without repair: each copy keeps its rate lambda, of which a share beta is common, so
/// both work as long as none of (2 - beta) lambda has struck.
#[test]
fn a_pair_with_common_causes_lasts_as_its_chain_says() {
    for beta in [0.0, 0.1, 1.0] {
        let keys = format!("mtbf = \"1500 d\"\ninstalled = 2\nneeded = 1\nbeta = {beta}\n");
        let plan = plan(&[("orus/case.toml", &unit(&keys))]);
        let outcomes = histories(&plan, 1, N as u32);
        let x = SPAN_D / 1500.0;
        let expected = 2.0 * math::exp(-x) - math::exp(-(2.0 - beta) * x);
        assert_share(share(&outcomes, |o| o.short_d[1] == 0.0), expected, N);
    }
}

/// With repair at once, both copies are lost together at the rate lambda beta: redundancy does
/// not help against it.
#[test]
fn common_causes_floor_what_redundancy_gives() {
    let keys = "mtbf = \"300 d\"\ninstalled = 2\nneeded = 1\nbeta = 0.1\nspares = { aboard = 1000, ground = 0 }\n";
    let plan = plan(&[("orus/case.toml", &unit(keys))]);
    let outcomes = histories(&plan, 1, N as u32);
    let rate = 1.0 / 300.0;
    // Besides: the second copy fails in the day of the first one's repair, by whatever strikes it.
    let meanwhile = 2.0 * rate * 0.9 * rate * DIAGNOSIS_D;
    let expected = math::exp(-(rate * 0.1 + meanwhile) * SPAN_D);
    let observed = share(&outcomes, |o| o.short_d[1] == 0.0);
    let error = (expected * (1.0 - expected) / N as f64).sqrt();
    // Down copies do not fail: a day of repair after each of 2/300 failures a day is left out.
    assert!((observed - expected).abs() < 4.0 * error + 0.004, "{observed} {expected} +- {error}");
}

/// Copies that wear out fail by their own law whatever they share: at the start their ages differ, evenly
/// from 0 to the mean life, and so do their failure rates.
#[test]
fn worn_copies_keep_their_own_rate() {
    let (shape, mean_d, copies) = (3.0, 1500.0, 4.0);
    let scale_d = mean_d / math::tgamma(1.0 + 1.0 / shape);
    let survival = |age_d: f64| math::exp(-math::pow(age_d / scale_d, shape));
    let steps = 20_000;
    let outlasts: f64 = (0..steps)
        .map(|i| (f64::from(i) + 0.5) * mean_d / f64::from(steps))
        .map(|age_d| survival(age_d + SPAN_D) / survival(age_d))
        .sum::<f64>()
        / f64::from(steps);
    for shared in ["beta = 0.5", "alpha = [0.4, 0.3, 0.2, 0.1]", "alpha = [0, 0.5, 0.5, 0]"] {
        let keys = format!("mtbf = \"1500 d\"\nshape = 3\ninstalled = 4\n{shared}\n");
        let plan = plan(&[("orus/case.toml", &unit(&keys))]);
        // Each world has its own ages.
        let outcomes = histories(&plan, 2000, 1);
        let failures = mean(&outcomes, |o| f64::from(o.counts.failures));
        assert_mean(failures, copies * (1.0 - outlasts));
    }
}

/// Past a life limit a copy fails five times as often, and shares no more than the others fail by.
#[test]
fn copies_past_their_life_keep_their_own_rate() {
    let worn = file("station.toml").replace("expired_factor = 1", "expired_factor = 5");
    let failures = |shared: &str| {
        let keys = format!(
            "mtbf = \"3000 d\"\ninstalled = 4\nlife_limit = \"1500 d\"\n{shared}\n\
             repair = {{ crew = \"0 h\", where = \"outside\" }}\n"
        );
        let plan = plan(&[("orus/case.toml", &unit(&keys)), ("station.toml", &worn)]);
        let outcomes = histories(&plan, 3000, 1);
        mean(&outcomes, |o| f64::from(o.counts.failures))
    };
    let (alone, shared) = (failures(""), failures("alpha = [0.4, 0.3, 0.2, 0.1]"));
    let error = (alone.1 * alone.1 + shared.1 * shared.1).sqrt();
    assert!((alone.0 - shared.0).abs() < 4.0 * error, "{alone:?} {shared:?}");
    // A case in which it matters: without the limit far fewer fail.
    assert!(alone.0 > 1.3 * 4.0 * (1.0 - math::exp(-SPAN_D / 3000.0)), "{alone:?}");
}

/// Palm: the mean number of units in repair is failures per day times days in repair. A robotic
/// replacement takes five days; each of `n` units is up mtbf and down 5 d in turn.
#[test]
fn units_in_repair_follow_palm() {
    let n = 40.0;
    let keys = "mtbf = \"100 d\"\ninstalled = 40\npartial = true\nspares = { aboard = 5000, ground = 0 }\n\
        repair = { crew = \"0 h\", where = \"robotic\" }\n";
    // A stock that is drawn in proportion to the units that are down measures their time integral.
    let stocks = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a meter\"\n\n\
        [[stock]]\nid = \"meter\"\nname = \"Meter\"\ninitial = \"100000 kg\"\ncapacity = \"100000 kg\"\n\
        draw = [{ rate = \"40 kg/d\", unless = \"function\" }]\n";
    let plan = plan(&[("orus/case.toml", &unit(keys)), ("stocks.toml", stocks)]);
    let outcomes = histories(&plan, 1, 200);
    let meter = plan.series.iter().position(|s| s.id == "meter").expect("a series");
    let width = plan.series.len();
    let days = plan.sample_dates.last().unwrap() - plan.as_of.mjd();
    let in_repair = mean(&outcomes, |o| {
        let last = o.samples[o.samples.len() - width + meter];
        (100_000.0 - f64::from(last)) / days
    });
    // All are up at the start: the transient takes 5 x 100 / 105 d of the mean off, exactly as
    // n q (1 - (1 - e^-ct)/(c t)) for exponential repair, and half of 5 d for a fixed one.
    let steady = n * 5.0 / 105.0;
    let expected = steady * (1.0 - 2.5 / days);
    assert_mean(in_repair, expected);
    // Failures per unit: a renewal every 105 d.
    let failures = mean(&outcomes, |o| f64::from(o.counts.failures));
    assert!((failures.0 - n * SPAN_D / 105.0).abs() < 4.0 * failures.1 + n * 0.05, "{failures:?}");
}

/// Weibull lives with rising hazard, from ages that are uniform over the mean life at the start.
#[test]
fn wearing_units_last_as_their_law_and_age_say() {
    let text = unit("mtbf = \"1000 d\"\nshape = 3\n");
    let plan = plan_through(&[("orus/case.toml", &text)], "2026-10-27");
    let outcomes = histories(&plan, 3000, 1);
    let scale = 1000.0 / gamma(1.0 + 1.0 / 3.0);
    let survival = |t: f64| math::exp(-math::pow(t / scale, 3.0));
    let steps = 2000;
    let expected = (0..steps)
        .map(|i| {
            let age = (f64::from(i) + 0.5) / f64::from(steps) * 1000.0;
            survival(age + 300.0) / survival(age)
        })
        .sum::<f64>()
        / f64::from(steps);
    assert_share(share(&outcomes, |o| o.counts.failures == 0), expected, outcomes.len());
}

/// Gamma function of an argument in (1, 2), by its integral.
fn gamma(x: f64) -> f64 {
    let steps = 200_000;
    let width = 60.0 / f64::from(steps);
    (0..steps)
        .map(|i| {
            let t = (f64::from(i) + 0.5) * width;
            math::pow(t, x - 1.0) * math::exp(-t) * width
        })
        .sum()
}

/// A hazard strikes a Poisson number of times, and its outcomes split by their shares.
#[test]
fn hazards_strike_a_poisson_number_of_times() {
    let elements = format!(
        "{}\n[element.leak]\nrate = {{ value = \"0 kg/d\", basis = \"assumed\", why = \"a meter\" }}\n\
         isolated_share = {{ value = 1, basis = \"assumed\", why = \"a meter\" }}\n",
        file("elements.toml")
    );
    let elements = with_leak_defaults(&elements);
    let hazards = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[hazard]]\n\
        id = \"hit\"\nname = \"Hit\"\nowner = \"debris\"\nrate = \"1.5 1/y\"\noutcomes = [\n\
        { share = 0.4, effect = { leak = \"hub\", rate = \"1 kg/d\" } },\n\
        { share = 0.6, effect = { leak = \"hub\", rate = \"100 kg/d\" } },\n]\n";
    let plan = plan(&[("elements.toml", &elements), ("hazards.toml", hazards)]);
    let outcomes = histories(&plan, 1, 5000);
    let leak = plan.series.iter().position(|s| s.id == "leak").expect("a series");
    let width = plan.series.len();
    let days = plan.sample_dates.last().unwrap() - plan.as_of.mjd();
    let mean_hits = 1.5 * days / 365.25;
    let count = |o: &zarya_simulation::Outcome| {
        let last = f64::from(o.samples[o.samples.len() - width + leak]).round() as u32;
        (last % 100, last / 100)
    };
    for n in 0..8 {
        let observed = share(&outcomes, |o| count(o).0 + count(o).1 == n);
        assert_share(observed, poisson_pmf(n, mean_hits), outcomes.len());
    }
    let observed = share(&outcomes, |o| count(o).0 == 0);
    assert_share(observed, math::exp(-0.4 * mean_hits), outcomes.len());
}

/// The keys a leak must have, for one that does nothing by itself.
fn with_leak_defaults(elements: &str) -> String {
    let mut text = elements.to_owned();
    for (key, value) in [
        ("growth", "\"0 1/y\""),
        ("relapse_rate", "\"0 1/y\""),
        ("relapse_factor", "\"0 kg/d\""),
        ("patch_interval", "\"100 d\""),
        ("patch_share", "0"),
        ("isolate_above", "\"10000 kg/d\""),
    ] {
        text.extend([key, " = { value = ", value, ", basis = \"assumed\", why = \"a meter\" }\n"]);
    }
    text
}

/// Of n launches a binomial number is lost.
#[test]
fn launches_are_lost_with_their_probability() {
    let vehicles = file("vehicles.toml").replacen("loss = 0\ngrounding = \"0 d\"\nslip = \"0 d\"\ndocked_life = \"100000 d\"\nspares_capacity = \"100000 kg\"", "loss = 0.2\ngrounding = \"0 d\"\nslip = \"0 d\"\ndocked_life = \"100000 d\"\nspares_capacity = \"100000 kg\"", 1);
    let manifest = format!(
        "{}\n[[service]]\nid = \"truck\"\nvehicle = \"truck\"\nfirst = 2026-02-01\nevery = \"100 d\"\n\
         until = 2028-06-30\nstay = \"10 d\"\nbasis = \"assumed\"\nwhy = \"a case\"\n",
        file("manifest.toml")
    );
    let plan = plan(&[("vehicles.toml", &vehicles), ("manifest.toml", &manifest)]);
    let n = plan.n_flights as u32;
    assert_eq!(n, 9);
    let outcomes = histories(&plan, 1, N as u32);
    let mut pmf = vec![0.0; n as usize + 1];
    pmf[0] = 1.0;
    for _ in 0..n {
        for k in (0..pmf.len()).rev() {
            pmf[k] = pmf[k] * 0.8 + if k > 0 { pmf[k - 1] * 0.2 } else { 0.0 };
        }
    }
    for (k, p) in pmf.iter().enumerate().take(6) {
        assert_share(share(&outcomes, |o| o.counts.cargo_losses as usize == k), *p, N);
    }
    assert!(outcomes.iter().all(|o| o.counts.cargo_losses + o.counts.cargo_flights == n));
}
