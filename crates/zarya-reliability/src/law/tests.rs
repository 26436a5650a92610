use super::*;

fn laws() -> Vec<Law> {
    vec![
        Law::Exponential { mtbf_d: 700.0 },
        Law::Weibull { shape: 2.5, scale_d: 900.0 },
        Law::Weibull { shape: 0.7, scale_d: 300.0 },
        Law::Lognormal { median_d: 500.0, error_factor: 4.0 },
        Law::EarlyFailures { weak_share: 0.1, weak_mtbf_d: 30.0, mtbf_d: 2000.0 },
        Law::Empirical(Empirical::new(&[100.0, 250.0, 400.0, 400.0], &[300.0, 800.0]).unwrap()),
    ]
}

/// The defining equation S(age + t) = u S(age), for every law, age and uniform.
#[test]
fn residual_life_inverts_the_conditional_survival() {
    for law in laws() {
        for age_d in [0.0, 1.0, 150.0, 399.0, 2500.0] {
            for u in [1e-9, 0.01, 0.3, 0.77, 0.999, 1.0 - 1e-12] {
                let t = law.time_to_failure_d(u, age_d);
                let got = law.survival(age_d + t) / law.survival(age_d);
                assert!((got / u - 1.0).abs() < 1e-9, "{law:?} age {age_d} u {u}: {t} gives {got}");
            }
        }
    }
}

#[test]
fn cdf_and_survival_add_up_and_fall() {
    for law in laws() {
        let mut before = 1.0;
        for age_d in [0.0, 1e-3, 10.0, 200.0, 400.0, 1000.0, 5000.0] {
            let survival = law.survival(age_d);
            assert!((law.cdf(age_d) + survival - 1.0).abs() < 1e-14, "{law:?} {age_d}");
            assert!(survival <= before);
            before = survival;
        }
    }
}

/// The mean is the area under the survival curve.
#[test]
fn mean_is_the_integral_of_the_survival() {
    for law in laws() {
        let mut area = 0.0;
        let step = 0.25;
        for i in 0..400_000 {
            area += law.survival((f64::from(i) + 0.5) * step) * step;
        }
        assert!((area / law.mean_d() - 1.0).abs() < 2e-5, "{law:?}: {area} {}", law.mean_d());
    }
}

/// The second moment is twice the area under age times survival.
#[test]
fn deviation_is_that_of_the_integral() {
    for law in laws() {
        let mut area = 0.0;
        let step = 0.25;
        for i in 0..400_000 {
            let age_d = (f64::from(i) + 0.5) * step;
            area += 2.0 * age_d * law.survival(age_d) * step;
        }
        let mean_d = law.mean_d();
        let deviation_d = (area - mean_d * mean_d).sqrt();
        let ratio = deviation_d / law.deviation_d();
        assert!((ratio - 1.0).abs() < 2e-4, "{law:?}: {deviation_d} {}", law.deviation_d());
    }
}

/// Kaplan and Meier's own worked example (1958, section 2): deaths at 0.8, 3.1, 5.4, 9.2 and losses
/// at 1.0, 2.7, 7.0, 12.1 give survivals 7/8, 7/10, 21/40, 21/80.
#[test]
fn product_limit_gives_the_published_example() {
    let law = Empirical::new(&[0.8, 3.1, 5.4, 9.2], &[1.0, 2.7, 7.0, 12.1]).unwrap();
    for (age_d, survival) in [(0.8, 7.0 / 8.0), (3.1, 0.7), (5.4, 21.0 / 40.0), (9.2, 21.0 / 80.0)]
    {
        assert!((law.survival(age_d) - survival).abs() < 1e-15);
    }
}

#[test]
fn a_very_old_lognormal_unit_still_has_a_residual_life() {
    let law = Law::Lognormal { median_d: 1.0, error_factor: 1.1 };
    let t = law.time_to_failure_d(0.5, 100.0);
    assert!(t > 0.0 && t < 1.0, "{t}");
}

#[test]
fn a_faster_clock_divides_every_time() {
    for law in laws() {
        let fast = law.faster(4.0);
        assert!((fast.mean_d() * 4.0 / law.mean_d() - 1.0).abs() < 1e-12);
        let (slow, quick) = (law.time_to_failure_d(0.4, 80.0), fast.time_to_failure_d(0.4, 20.0));
        assert!((quick * 4.0 / slow - 1.0).abs() < 1e-9, "{law:?}");
    }
}

#[test]
fn usage_is_the_usual_k_factor_over_duty_cycle() {
    let usage = Usage { k_factor: 1.5, duty_cycle: 0.4, dormant_share: 0.1 };
    assert!((usage.clock_rate() - 1.5 * (0.4 + 0.06)).abs() < 1e-15);
    assert_eq!(Usage::CONTINUOUS.clock_rate(), 1.0);
}

#[test]
fn unusable_parameters_are_named() {
    let error = Law::Weibull { shape: -1.0, scale_d: 3.0 }.checked().unwrap_err();
    assert_eq!(error.to_string(), "the Weibull shape must be a positive number, got -1");
    assert!(Law::Lognormal { median_d: 3.0, error_factor: 1.0 }.checked().is_err());
    assert_eq!(Empirical::new(&[], &[1.0]), Err(LawError::NoFailures));
}

/// `S(t)^share`, by the definition of the hazard.
#[test]
fn a_thinned_law_survives_with_the_power_of_the_share() {
    let laws = [
        Law::Exponential { mtbf_d: 700.0 },
        Law::Weibull { shape: 2.5, scale_d: 900.0 },
        Law::Weibull { shape: 0.7, scale_d: 900.0 },
    ];
    for law in laws {
        let thin = law.thinned(0.3).unwrap();
        for t in [1.0, 200.0, 3000.0] {
            let expected = math::pow(law.survival(t), 0.3);
            assert!((thin.survival(t) - expected).abs() < 1e-14, "{law:?} {t}");
        }
    }
    assert!(Law::Lognormal { median_d: 9.0, error_factor: 2.0 }.thinned(0.5).is_none());
}
