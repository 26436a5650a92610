use super::*;
use crate::counts;
use crate::poisson::poisson_pmf;
use zarya_units::math;
use zarya_units::random::{Source, Stream};

/// Fails where a share of what was seen lies more than 4.5 standard errors from its probability.
fn assert_seen(seen: &[u32], pmf: &[f64]) {
    let n = f64::from(seen.iter().sum::<u32>());
    for (k, seen) in seen.iter().enumerate() {
        let p = pmf.get(k).copied().unwrap_or(0.0);
        let error = (p * (1.0 - p) / n).sqrt().max(1e-5);
        let got = f64::from(*seen) / n;
        assert!((got - p).abs() < 4.5 * error, "{k}: {got} {p} +- {error}");
    }
}

/// A constant rate without a limit is a Poisson process, whatever the age.
#[test]
fn exponential_lives_give_poisson() {
    for mean in [0.1, 3.0, 20.0] {
        let law = Law::Exponential { mtbf_d: 1000.0 / mean };
        let pmf = replacements(&law, None, 300.0, 1000.0);
        for (k, p) in pmf.iter().enumerate() {
            let truth = poisson_pmf(k as u32, mean);
            assert!((p - truth).abs() < 2e-6, "mean {mean} k {k}: {p} {truth}");
        }
    }
}

/// With a limit that never lets a unit fail, replacements are certain.
#[test]
fn reliable_units_are_replaced_on_schedule() {
    let law = Law::Exponential { mtbf_d: 1e15 };
    let pmf = replacements(&law, Some(100.0), 0.0, 350.0);
    assert!((pmf[3] - 1.0).abs() < 1e-9, "{pmf:?}");
    // At age 60 the first is due after 40 d, then 140, 240, 340.
    let pmf = replacements(&law, Some(100.0), 60.0, 350.0);
    assert!((pmf[4] - 1.0).abs() < 1e-9, "{pmf:?}");
    // A limit that ends with the horizon counts, as in `floor`.
    let pmf = replacements(&law, Some(70.0), 0.0, 350.0);
    assert!((pmf[5] - 1.0).abs() < 1e-9, "{pmf:?}");
}

/// Exponential lives cut at a limit have a closed sum: each life is a failure before the limit or
/// the limit, so P(S_n <= T) is a binomial sum of shifted gamma distributions with signs.
#[test]
fn exponential_lives_with_a_limit_match_inclusion_and_exclusion() {
    let (mtbf_d, limit_d, horizon_d): (f64, f64, f64) = (300.0, 200.0, 790.0);
    let pmf = replacements(&Law::Exponential { mtbf_d }, Some(limit_d), 0.0, horizon_d);
    let rate = 1.0 / mtbf_d;
    // Transform of one life: r/(r+s) (1 - e^-(r+s)L) + e^-(r+s)L. Expand the n-th power: a of the n
    // factors are limits, b of the others take the negative exponential, all shifted by (a+b) L.
    let choose =
        |n: u32, k: u32| -> f64 { (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product() };
    let at_least = |n: u32| -> f64 {
        let mut sum = 0.0;
        for a in 0..=n {
            for b in 0..=(n - a) {
                let rest_d = horizon_d - f64::from(a + b) * limit_d;
                if rest_d < 0.0 {
                    continue;
                }
                let failures = n - a;
                let gamma = if failures == 0 {
                    1.0
                } else {
                    crate::gamma::gamma_cdf(f64::from(failures), rate * rest_d)
                };
                let sign = if b % 2 == 0 { 1.0 } else { -1.0 };
                sum += sign
                    * choose(n, a)
                    * choose(n - a, b)
                    * math::exp(-rate * f64::from(a + b) * limit_d)
                    * gamma;
            }
        }
        sum
    };
    for n in 1..14 {
        let got: f64 = pmf.iter().skip(n as usize).sum();
        assert!((got - at_least(n)).abs() < 1e-11, "{n}: {got} {}", at_least(n));
    }
}

/// Until the second limit can be reached, failures are a Poisson process and the limit of the unit in
/// place adds one replacement if nothing fails before it: with `m` failures before that limit and `n`
/// after it, the count is `max(m, 1) + n`.
#[test]
fn one_limit_adds_to_poisson_failures() {
    for (mtbf_d, limit_d, age_d, horizon_d) in
        [(300.0, 200.0, 0.0, 200.0), (300.0, 200.0, 150.0, 199.0), (40.0, 365.0, 300.0, 364.0)]
    {
        let pmf = replacements(&Law::Exponential { mtbf_d }, Some(limit_d), age_d, horizon_d);
        let left_d: f64 = limit_d - age_d;
        let (before, after) = (left_d / mtbf_d, (horizon_d - left_d) / mtbf_d);
        let none_before = math::exp(-before);
        for n in 0..20_u32 {
            let spared = if n > 0 { poisson_pmf(n - 1, after) } else { 0.0 };
            let truth =
                poisson_pmf(n, before + after) + none_before * (spared - poisson_pmf(n, after));
            let got = pmf.get(n as usize).copied().unwrap_or(0.0);
            assert!((got - truth).abs() < 1e-13, "{limit_d} {age_d} {n}: {got} {truth}");
        }
    }
}

/// Exponential lives with limits against 200,000 histories built another way: failures are laid as a
/// Poisson process over the whole horizon, and every gap between them costs a spare per full limit
/// in it. Every probability within 4.5 standard errors.
#[test]
fn exponential_lives_with_limits_match_gaps_of_a_poisson_process() {
    let stream = Stream::new("test", "gaps");
    let n = 200_000;
    for (seed, mtbf_d, limit_d, age_d, horizon_d) in [
        (1, 300.0, 200.0, 0.0, 790.0),
        (2, 90.0, 60.0, 25.0, 500.0),
        (3, 2000.0, 365.0, 364.0, 1500.0),
        // Too much for the closed form: the grid answers.
        (4, 50.0, 5.0, 0.0, 1000.0),
    ] {
        let pmf = replacements(&Law::Exponential { mtbf_d }, Some(limit_d), age_d, horizon_d);
        let mut seen = vec![0_u32; 320];
        for i in 0..n {
            let source = Source::new(seed, i);
            let (mut t, mut count, mut running_d, mut number) = (0.0, 0.0, age_d, 0);
            while t < horizon_d {
                let gap_d = -mtbf_d * math::ln(source.uniform(stream, number));
                number += 1;
                let inside_d = gap_d.min(horizon_d - t);
                count += ((running_d + inside_d) / limit_d).floor();
                t += gap_d;
                count += f64::from(t <= horizon_d);
                running_d = 0.0;
            }
            seen[count as usize] += 1;
        }
        assert_seen(&seen, &pmf);
    }
}

/// The grid, which a Weibull law of shape 1 takes, knows nothing of the closed form.
#[test]
fn the_closed_form_and_the_grid_agree() {
    for mtbf_d in [20.0, 100.0, 400.0, 3000.0] {
        for (limit_d, age_d) in [(90.0, 0.0), (200.0, 77.0), (365.0, 364.5)] {
            let closed = exponential_up_to(u32::MAX, mtbf_d, limit_d, age_d, 1000.0).unwrap();
            let weibull = Law::Weibull { shape: 1.0, scale_d: mtbf_d };
            let grid = replacements(&weibull, Some(limit_d), age_d, 1000.0);
            for (k, (a, b)) in closed.iter().zip(&grid).enumerate() {
                assert!((a - b).abs() < 5e-6, "{mtbf_d} {limit_d} {age_d} {k}: {a} {b}");
            }
        }
    }
    // Two hundred limits: the terms cancel too much, and `replacements` takes the grid.
    assert_eq!(exponential_up_to(u32::MAX, 50.0, 5.0, 0.0, 1000.0), None);
}

/// A stock of `most` asks for no more of the list than its first entries.
#[test]
fn a_list_cut_at_the_stock_is_the_start_of_the_whole() {
    for law in [Law::Exponential { mtbf_d: 120.0 }, Law::Weibull { shape: 2.0, scale_d: 150.0 }] {
        let whole = replacements(&law, Some(100.0), 30.0, 600.0);
        for most in [0, 3, 8] {
            let cut = replacements_up_to(most, &law, Some(100.0), 30.0, 600.0);
            assert_eq!(cut.len(), most as usize + 1);
            assert!(
                cut.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-12),
                "{cut:?} {whole:?}"
            );
        }
    }
}

/// A wearing unit with a limit and an age against 200,000 histories: every probability within 4.5
/// standard errors.
#[test]
fn worn_units_with_a_limit_match_simulation() {
    let law = Law::Weibull { shape: 2.2, scale_d: 250.0 };
    let (limit_d, age_d, horizon_d) = (200.0, 120.0, 900.0);
    let pmf = replacements(&law, Some(limit_d), age_d, horizon_d);
    let n = 200_000;
    let stream = Stream::new("test", "renewal");
    let mut seen = vec![0_u32; 64];
    for i in 0..n {
        let source = Source::new(11, i);
        let (mut t, mut count, mut age) = (0.0, 0, age_d);
        loop {
            let u = source.uniform(stream, count);
            t += law.time_to_failure_d(u, age).min(limit_d - age);
            age = 0.0;
            if t > horizon_d {
                break;
            }
            count += 1;
        }
        seen[count as usize] += 1;
    }
    assert_seen(&seen, &pmf);
    let long_run = long_run_rate_per_d(&law, Some(limit_d));
    assert!((counts::mean(&pmf) / horizon_d / long_run - 1.0).abs() < 0.2);
}

/// Laws of all kinds with a mean near 100 days.
fn laws() -> Vec<Law> {
    let ages: Vec<f64> = (1..=12).map(|i| 15.0 * f64::from(i)).collect();
    vec![
        Law::Exponential { mtbf_d: 100.0 },
        Law::weibull_of_mean(0.6, 100.0),
        Law::weibull_of_mean(1.5, 100.0),
        Law::weibull_of_mean(3.0, 100.0),
        Law::weibull_of_mean(10.0, 100.0),
        Law::Lognormal { median_d: 80.0, error_factor: 3.0 },
        Law::EarlyFailures { weak_share: 0.2, weak_mtbf_d: 10.0, mtbf_d: 120.0 },
        Law::Empirical(crate::law::Empirical::new(&ages, &[70.0, 200.0, 210.0]).unwrap()),
    ]
}

/// Tables for any horizon against a grid of its own for each: new and worn units, a faster clock.
#[test]
fn tables_say_what_a_grid_of_its_own_says() {
    for law in laws() {
        for most in [0, 3, 9] {
            let tables = Renewals::new(law.clone(), most);
            for (clock, days, age_d) in [
                (1.0, 3.0, 0.0),
                (1.0, 127.0, 0.0),
                (1.0, 129.0, 60.0),
                (0.3, 700.0, 0.0),
                (7.0, 90.0, 20.0),
                (1.0, 1000.0, 0.0),
            ] {
                let own = replacements_up_to(most, &law.faster(clock), None, age_d, days);
                let got = tables.up_to(age_d * clock, days * clock);
                for n in 0..=most as usize {
                    let at_most = |pmf: &[f64]| pmf.iter().take(n + 1).sum::<f64>();
                    let error = at_most(&got) - at_most(&own);
                    assert!(
                        error.abs() < 4e-5,
                        "{law:?} {most} {clock} {days} {age_d} {n}: {error:e}"
                    );
                }
            }
        }
    }
}

/// Where many lives fall into a horizon, the inverted transform against the grid, and a constant rate
/// against the Poisson law.
#[test]
fn many_lives_are_counted_alike_by_grid_and_transform() {
    for law in laws() {
        for (horizon_d, age_d) in [(4_000.0, 0.0), (3_000.0, 130.0)] {
            let expected = inverted::expected(&law, horizon_d);
            let inverted = inverted::reached(u32::MAX, &law, age_d, horizon_d, expected);
            let grid = replacements(&law, None, age_d, horizon_d);
            let mut more = 1.0;
            let mut worst = 0.0_f64;
            for (n, p) in grid.iter().enumerate() {
                more -= p;
                let got = inverted.get(n).copied().unwrap_or(0.0);
                worst = worst.max((got - more).abs());
            }
            assert!(worst < 1e-5, "{law:?} {horizon_d} {age_d}: {worst:e}");
        }
    }
    let law = Law::Exponential { mtbf_d: 1.0 };
    let got = inverted::reached(u32::MAX, &law, 0.0, 5_000.0, 5_000.0);
    for (n, p) in got.iter().enumerate() {
        let truth = poisson_survival(n as u32, 5_000.0);
        assert!((p - truth).abs() < 2e-8, "{n}: {p} {truth}");
    }
}

/// The bounds of Wald's identity about the mean of the whole distribution.
#[test]
fn what_is_expected_brackets_the_mean() {
    for law in laws() {
        for horizon_d in [5.0, 80.0, 700.0] {
            let about = inverted::expected(&law, horizon_d);
            let mean = counts::mean(&replacements(&law, None, 0.0, horizon_d));
            assert!(about - 1.0 <= mean + 1e-6 && mean <= 2.0 * about, "{law:?}: {mean} {about}");
        }
    }
}

/// At the very start nothing is used up, but for a unit that has reached its limit.
#[test]
fn in_no_time_only_what_is_due_is_replaced() {
    for law in laws() {
        assert_eq!(replacements(&law, Some(50.0), 20.0, 0.0), [1.0]);
        assert_eq!(replacements(&law, Some(50.0), 50.0, 0.0), [0.0, 1.0]);
        assert_eq!(Renewals::new(law, 3).up_to(20.0, 0.0), [1.0]);
    }
}
