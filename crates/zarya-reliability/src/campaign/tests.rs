use super::*;
use zarya_units::random::{Source, Stream};

fn unit(id: &str, group: &str, mtbf_d: f64) -> Unit {
    Unit { group: group.to_owned(), ..Unit::exponential(id, mtbf_d) }
}

#[test]
fn a_growing_fleet_serves_every_span() {
    let spans = spans_served(&[1, 2, 3]);
    assert_eq!(spans[2], BTreeMap::from([(1, 1), (2, 1), (3, 1)]));
    // The oldest of two leaves after two periods.
    let spans = spans_served(&[1, 2, 1]);
    assert_eq!(spans[2], BTreeMap::from([(2, 2)]));
}

/// Merging a campaign: with constant rates and instant repair only the copy-periods count.
#[test]
fn poisson_campaigns_add_up() {
    let units = [unit("pump", "", 400.0)];
    let model = DemandModel::poisson(200.0);
    let split = campaign(&units, &[1, 1, 1], &model);
    let whole = campaign(&units, &[1], &DemandModel::poisson(600.0));
    assert_eq!(split[0][2].pmf, whole[0][0].pmf);
}

/// Two units that stop each other for slow repairs, against 100,000 histories: mean and every
/// probability within 4.5 standard errors.
#[test]
fn groups_that_stop_for_repairs_match_simulation() {
    let units = [unit("fan", "air", 30.0), unit("valve", "air", 90.0)];
    let repair = Repair::Lognormal { mean_d: 12.0, deviation_d: 6.0 };
    let model = DemandModel { repair, ..DemandModel::poisson(300.0) };
    let demand = campaign(&units, &[1], &model);
    let n = 100_000;
    let (failing, mending) = (Stream::new("test", "fail"), Stream::new("test", "repair"));
    let mut seen = vec![[0_u32; 2]; 64];
    for i in 0..n {
        let source = Source::new(5, i);
        let mut t = 0.0;
        let mut counted = [0_usize; 2];
        for number in 0.. {
            // Both rates act together; the second uniform of the pair says whose failure it is.
            t += -math::ln(source.uniform(failing, 2 * number)) / (1.0 / 30.0 + 1.0 / 90.0);
            if t > 300.0 {
                break;
            }
            let whose = usize::from(source.uniform(failing, 2 * number + 1) > 0.75);
            counted[whose] += 1;
            t += repair.time_d(source.uniform(mending, number));
        }
        seen[counted[0]][0] += 1;
        seen[counted[1]][1] += 1;
    }
    for (row, rows) in demand.iter().enumerate() {
        let pmf = &rows[0].pmf;
        let error = (counts::variance(pmf) / n as f64).sqrt();
        let mean = seen.iter().enumerate().map(|(k, s)| k as f64 * f64::from(s[row])).sum::<f64>()
            / n as f64;
        assert!((mean - counts::mean(pmf)).abs() < 4.5 * error, "{mean} {}", counts::mean(pmf));
        for (k, counted) in seen.iter().enumerate() {
            let p = pmf.get(k).copied().unwrap_or(0.0);
            let error = (p * (1.0 - p) / n as f64).sqrt().max(2e-5);
            let got = f64::from(counted[row]) / n as f64;
            assert!((got - p).abs() < 4.5 * error, "row {row} k {k}: {got} {p}");
        }
    }
}

#[test]
fn a_short_repair_tends_to_poisson_and_copies_multiply() {
    let mut units = [unit("fan", "air", 100.0)];
    units[0].copies = 6;
    let repair = Repair::Fixed { days: 1e-7 };
    let model = DemandModel { repair, ..DemandModel::poisson(500.0) };
    let got = campaign(&units, &[1, 2], &model);
    let truth = campaign(&units, &[1, 2], &DemandModel::poisson(500.0));
    for (a, b) in got[0][1].pmf.iter().zip(&truth[0][1].pmf) {
        assert!((a - b).abs() < 2e-8);
    }
    // Twelve inversions, each with a tail below 1e-8 left out.
    assert!(got[0][1].unresolved > 0.0 && got[0][1].unresolved < 12e-8);
}

/// The unit fails far sooner than its limit, so counting both together is nearly the failures
/// alone; and a limit that dominates is nearly the plan alone.
#[test]
fn together_lies_above_each_need_alone() {
    let mut wearing = unit("pump", "", 300.0);
    wearing.life_limit_d = Some(250.0);
    let units = [wearing];
    let beside = campaign(&units, &[1], &DemandModel::poisson(1000.0));
    let model = DemandModel { life_limits: LifeLimits::Together, ..DemandModel::poisson(1000.0) };
    let together = campaign(&units, &[1], &model);
    assert_eq!(beside[0][0].scheduled, 4);
    assert_eq!(together[0][0].scheduled, 0);
    for stock in 0..12 {
        let joint = together[0][0].sufficiency(stock);
        assert!(joint <= 1.0 - beside[0][0].excess(stock));
    }
    // A failure restarts the clock, so at the same confidence more are needed than by the maximum.
    assert!(together[0][0].stock(0.9) > beside[0][0].stock(0.9));
}

/// A lognormal prior is the same mixture summed by a plain average over 20,000 midpoints.
#[test]
fn lognormal_priors_mix_poisson_counts() {
    let prior = RatePrior::Lognormal { error_factor: 3.0 };
    let pmf = mixed(2.0, prior).pmf;
    for k in [0_u32, 2, 7] {
        let n = 20_000;
        let truth = (0..n)
            .map(|i| poisson_pmf(k, 2.0 * prior.multiplier((f64::from(i) + 0.5) / f64::from(n))))
            .sum::<f64>()
            / f64::from(n);
        assert!((pmf[k as usize] - truth).abs() < 1e-6, "{k}: {} {truth}", pmf[k as usize]);
    }
}

/// Where the search over a prior ends early, what it leaves out is below its threshold: the sum is
/// that of every node, for stocks that are nearly sure to last, to run out, and between.
#[test]
fn the_search_over_a_prior_stops_only_where_the_answer_is_sure() {
    use std::cell::Cell;
    let pairs = quadrature(RatePrior::Lognormal { error_factor: 3.0 });
    for (mean, stock, calls_max) in [(1e-3, 5, 40), (2.0, 3, 55), (900.0, 3, 40), (1e9, 0, 34)] {
        let calls = Cell::new(0);
        let probability = |multiplier: f64| {
            calls.set(calls.get() + 1);
            poisson_cdf(stock, mean * multiplier)
        };
        let found = falling(&pairs, probability);
        assert!(calls.get() <= calls_max, "{mean} {stock}: {} of {}", calls.get(), pairs.len());
        for ((multiplier, _), found) in pairs.iter().zip(found) {
            let truth = poisson_cdf(stock, mean * multiplier);
            assert!((found - truth).abs() <= 1e-12, "{mean} {stock} {multiplier}: {found} {truth}");
        }
    }
}

/// A stock is covered with the probability that the whole distribution of demand gives, whatever
/// the law, the prior and the repair: counting no further than the stock loses nothing.
#[test]
fn counting_up_to_the_stock_covers_what_the_whole_count_does() {
    let plain = unit("plain", "", 120.0);
    let copies = Unit { copies: 3, quantity: 2, ..unit("copies", "", 700.0) };
    let limited = Unit { life_limit_d: Some(90.0), age_d: 20.0, ..unit("limited", "", 250.0) };
    let wearing = Unit { law: Law::weibull_of_mean(2.0, 150.0), ..unit("wearing", "", 150.0) };
    let repairs =
        [Repair::Instant, Repair::Fixed { days: 3.0 }, Repair::Exponential { mean_d: 8.0 }];
    let priors = [RatePrior::Gamma { shape: 2.0 }, RatePrior::Lognormal { error_factor: 2.0 }];
    let known = repairs.map(|repair| (repair, RatePrior::Known));
    let unknown = priors.map(|prior| (Repair::Instant, prior));
    let several =
        Unit { copies: 3, quantity: 2, law: Law::weibull_of_mean(1.5, 900.0), ..plain.clone() };
    for unit in [plain, copies, limited, wearing, several] {
        for (repair, prior) in known.into_iter().chain(unknown) {
            for life_limits in [LifeLimits::Maximum, LifeLimits::Together] {
                let model =
                    DemandModel { repair, prior, life_limits, ..DemandModel::poisson(400.0) };
                let units = std::slice::from_ref(&unit);
                let whole = &campaign(units, &[1], &model)[0][0];
                for stock in [0, 2, 5, 11] {
                    let renewals = looked_up(&unit, life_limits, stock);
                    let rate = group_rates(units)[0];
                    let got = covered(&unit, rate, &model, stock, renewals.as_ref());
                    let truth = whole.sufficiency(stock);
                    // Each copy's inversion leaves 1e-8 of its tail out of the whole list.
                    assert!(
                        (got - truth).abs() < 1e-7,
                        "{} {model:?} {stock}: {got} {truth}",
                        unit.id
                    );
                }
            }
        }
    }
}
