//! Worlds after counts in service.

use crate::bare::{file, plan, station, unit};
use zarya_simulation::{Drawn, Plan, Variant, World};
use zarya_station::model::Scale;
use zarya_units::random::{Source, Stream};
use zarya_units::{Date, math};

const SEED: u64 = 7;

fn counted(rows: &str) -> String {
    format!(
        "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"a case\"\n\n[[detection]]\nid = \"all\"\nname = \"All\"\n\
         share = 1\n\n[[detection]]\nid = \"some\"\nname = \"Some\"\nshare = {{ value = 0.3, low = 0.1, high = 0.9 }}\n{rows}"
    )
}

fn row(id: &str, oru: &str, keys: &str) -> String {
    let class = if keys.contains("detection") { "" } else { "detection = \"all\"\n" };
    format!(
        "\n[[unit_service]]\nid = \"{id}\"\noru = \"{oru}\"\nthrough = 2025-12-31\n{class}{keys}"
    )
}

fn drawn(plan: &Plan, index: u32, what: &Drawn) -> f64 {
    let inputs = World::inputs(plan, SEED, index);
    inputs.iter().find(|(drawn, _)| drawn == what).unwrap_or_else(|| panic!("{what:?}")).1
}

/// Mean, variance and effective number of something that worlds draw, weighed by their corrections.
fn moments(plan: &Plan, worlds: u32, of: impl Fn(u32) -> f64) -> (f64, f64, f64) {
    let (mut whole, mut sum, mut squares, mut weights_squared) = (0.0, 0.0, 0.0, 0.0);
    for index in 0..worlds {
        let weight = math::exp(World::log_correction(plan, SEED, index));
        let value = of(index);
        whole += weight;
        weights_squared += weight * weight;
        sum += weight * value;
        squares += weight * value * value;
    }
    let mean = sum / whole;
    (mean, squares / whole - mean * mean, whole * whole / weights_squared)
}

fn rate_of_unit() -> Drawn {
    Drawn::RateOf("Unit".to_owned())
}

/// A gamma belief of shape 2 about 1 in 500 d, and 3 failures in 2,000 d: a gamma law of shape 5 and 5 in 3,000 d. Drawn
/// through the normal law at the mode and weighed, worlds have its mean and variance (four standard errors).
#[test]
fn a_gamma_belief_becomes_the_one_of_bayes_rule() {
    let text = unit("mtbf = \"500 d\"\nrate_shape = 2\n");
    let service = counted(&row("a", "unit", "unit_years = \"2000 d\"\nfailures = 3\n"));
    let plan = plan(&[("orus/case.toml", &text), ("service.toml", &service)]);
    let (mean, variance, n) = moments(&plan, 20_000, |w| drawn(&plan, w, &rate_of_unit()));
    assert!(n > 10_000.0, "{n}");
    let expected = 5.0 / 3000.0 * 500.0;
    assert!((mean - expected).abs() < 4.0 * (variance / n).sqrt(), "{mean} {expected}");
    let spread = 5.0 / (3000.0 * 3000.0) * 500.0 * 500.0;
    // Of a gamma law of shape 5 the fourth moment is 4.2 squared variances.
    assert!((variance / spread - 1.0).abs() < 4.0 * (3.2 / n).sqrt(), "{variance} {spread}");
}

/// An event that takes several copies is one event: of a pair that always fails together half as many are expected.
#[test]
fn an_event_that_takes_two_copies_counts_once() {
    let of = |keys: &str, copies: u32| {
        let text = unit(&format!("mtbf = \"500 d\"\nerror_factor = 3\ninstalled = 2\n{keys}"));
        let seen = format!("unit_years = \"4000 d\"\nfailures = 4\ncopies = {copies}\n");
        let service = counted(&row("a", "unit", &seen));
        let plan = plan(&[("orus/case.toml", &text), ("service.toml", &service)]);
        moments(&plan, 4_000, |w| math::ln(drawn(&plan, w, &rate_of_unit()))).0
    };
    let (single, pairs) = (of("", 4), of("beta = 1\n", 8));
    assert!(single < -0.3, "eight were expected and four seen: {single}");
    assert!(pairs.abs() < 0.12, "four were expected and seen: {pairs}");
}

/// A law of shape 2 and mean 500 d expects (a Γ(1.5) / 500 d)² failures up to age a: ages tell more than their sum.
#[test]
fn units_that_wear_out_are_read_by_their_ages() {
    let of = |lives: &str| {
        let text = unit("mtbf = \"500 d\"\nerror_factor = 3\nshape = 2\n");
        let seen = format!("unit_years = \"1200 d\"\nfailures = 1\nlives = {lives}\n");
        let service = counted(&row("a", "unit", &seen));
        let plan = plan(&[("orus/case.toml", &text), ("service.toml", &service)]);
        let ln_rate = |w| math::ln(drawn(&plan, w, &rate_of_unit()));
        moments(&plan, 4_000, ln_rate).0
    };
    let old = of("[\"1200 d\"]");
    let young = of("[\"200 d\", \"200 d\", \"200 d\", \"200 d\", \"200 d\", \"200 d\"]");
    assert!(old < -0.25, "4.5 were expected: {old}");
    assert!(young > old + 0.25, "0.75 were expected: {young}");
    // By quadrature: ln rate = s z, expected count c exp(2 s z).
    let spread = math::ln(3.0) / math::Z95;
    for (c, found) in [(1200.0 * 1200.0, old), (6.0 * 200.0 * 200.0, young)] {
        let c: f64 = c / (500.0 * 500.0) * std::f64::consts::PI / 4.0;
        let (mut whole, mut sum) = (0.0, 0.0);
        for step in -800..=800 {
            let z = f64::from(step) / 100.0;
            let m = c * math::exp(2.0 * spread * z);
            let mass = m * math::exp(-m - 0.5 * z * z);
            whole += mass;
            sum += mass * spread * z;
        }
        assert!((found - sum / whole).abs() < 0.03, "{found} {}", sum / whole);
    }
}

/// A unit past its life limit fails more often, so that fewer failures than expected say more.
#[test]
fn years_past_a_life_limit_count_for_more() {
    let worlds = file("station.toml").replace("expired_factor = 1", "expired_factor = 3");
    let of = |lives: &str| {
        let text = unit("mtbf = \"500 d\"\nerror_factor = 3\nlife_limit = \"300 d\"\n");
        let seen = format!("unit_years = \"1200 d\"\nfailures = 2\nlives = {lives}\n");
        let service = counted(&row("a", "unit", &seen));
        let plan = plan(&[
            ("orus/case.toml", &text),
            ("service.toml", &service),
            ("station.toml", &worlds),
        ]);
        moments(&plan, 2_000, |w| math::ln(drawn(&plan, w, &rate_of_unit()))).0
    };
    let within = of("[\"300 d\", \"300 d\", \"300 d\", \"300 d\"]");
    let past = of("[\"1200 d\"]");
    assert!(past < within - 0.2, "{past} {within}");
}

/// What counts say nothing of is drawn as without them, bit for bit; a share that nobody knows is learnt with the rates.
#[test]
fn only_what_counts_touch_is_drawn_otherwise() {
    let two = format!(
        "{}\n{}",
        unit("mtbf = \"500 d\"\nerror_factor = 3\n"),
        unit("mtbf = \"700 d\"\nerror_factor = 3\n")
            .split_once("[[oru]]")
            .map(|(_, rest)| format!("[[oru]]{rest}"))
            .expect("one table")
            .replace("\"unit\"", "\"other\"")
            .replace("\"Unit\"", "\"Other\"")
    );
    let worlds =
        file("station.toml").replace("programme_error_factor = 1", "programme_error_factor = 2");
    let seen = "unit_years = \"9000 d\"\nfailures = 2\ndetection = \"some\"\n";
    let service = counted(&row("a", "unit", seen));
    let files = [("orus/case.toml", &*two), ("station.toml", &*worlds)];
    let before = plan(&files);
    let after = plan(&[files[0], files[1], ("service.toml", &service)]);
    let other = Drawn::RateOf("Other".to_owned());
    let share = Drawn::Value("detection.some.share".to_owned());
    for world in 0..20 {
        assert_eq!(World::log_correction(&before, SEED, world), 0.0);
        assert_eq!(drawn(&before, world, &other), drawn(&after, world, &other));
        let moved = [Drawn::Rates, rate_of_unit()];
        assert!(moved.iter().all(|w| drawn(&before, world, w) != drawn(&after, world, w)));
        let whole = World::draw(&after, SEED, world).log_correction;
        assert_eq!(whole, World::log_correction(&after, SEED, world));
    }
    // 18 were expected and 0.3 of them found: 5.4, and 2 seen lower the rates and the share alike.
    let mean =
        |plan: &Plan, what: &Drawn| moments(plan, 4_000, |w| math::ln(drawn(plan, w, what))).0;
    assert!(mean(&after, &rate_of_unit()) < mean(&before, &rate_of_unit()) - 0.15);
    assert!(mean(&after, &Drawn::Rates) < mean(&before, &Drawn::Rates) - 0.05);
    assert!(mean(&after, &share) < math::ln(0.3) - 0.1);
}

/// Each row speaks of its own type, whatever order its unknowns are drawn in: the gamma law of one type is moved by its own
/// count alone, and that of another whose few failures somebody may not have found is hardly moved.
#[test]
fn rows_speak_of_their_own_types() {
    let (units, other) =
        (unit("mtbf = \"500 d\"\nrate_shape = 2\n"), unit("mtbf = \"500 d\"\nrate_shape = 2\n"));
    let other = other.split_once("[[oru]]").expect("one table").1;
    let other = other.replace("\"unit\"", "\"other\"").replace("\"Unit\"", "\"Other\"");
    let units = format!("{units}\n[[oru]]{other}");
    let service = counted(
        &[
            row("a", "unit", "unit_years = \"2000 d\"\nfailures = 12\n"),
            row("b", "other", "unit_years = \"1 d\"\nfailures = 0\ndetection = \"some\"\n"),
        ]
        .concat(),
    );
    let plan = plan(&[("orus/case.toml", &units), ("service.toml", &service)]);
    let mean = |what: Drawn| moments(&plan, 8_000, |w| drawn(&plan, w, &what));
    let (unit, variance, n) = mean(rate_of_unit());
    let expected = 14.0 / 3000.0 * 500.0;
    assert!((unit - expected).abs() < 4.0 * (variance / n).sqrt(), "{unit} {expected}");
    // One day of 0.3 found at 1 in 500 d is 0.0006 failures.
    let (other, variance, n) = mean(Drawn::RateOf("Other".to_owned()));
    assert!((other - 1.0).abs() < 4.0 * (variance / n).sqrt() + 0.001, "{other}");
    let share = mean(Drawn::Value("detection.some.share".to_owned())).0;
    let alone =
        counted(&row("b", "other", "unit_years = \"1 d\"\nfailures = 0\ndetection = \"some\"\n"));
    let plan = crate::bare::plan(&[("orus/case.toml", &units), ("service.toml", &alone)]);
    let before = moments(&plan, 8_000, |w| {
        drawn(&plan, w, &Drawn::Value("detection.some.share".to_owned()))
    })
    .0;
    assert!((share - before).abs() < 0.01, "{share} {before}");
}

/// Scales of a break-even move nothing that was learnt: both plans of a pair see the same worlds.
#[test]
fn scaled_plans_share_their_worlds() {
    let text =
        unit("mtbf = { value = \"500 d\", low = \"200 d\", high = \"900 d\" }\nerror_factor = 3\n");
    let service = counted(&row("a", "unit", "unit_years = \"4000 d\"\nfailures = 1\n"));
    let station = station(&[("orus/case.toml", &text), ("service.toml", &service)]);
    let through = Date::parse("2028-12-31").expect("a date");
    let plan = |scales: Vec<(Scale, f64)>| {
        let variant = Variant { scales, ..Variant::default() };
        Plan::compile(&station, through, &variant).expect("compiles")
    };
    let (as_filed, scaled) = (plan(vec![]), plan(vec![(Scale::FailureRates, 3.0)]));
    for world in 0..20 {
        assert_eq!(World::inputs(&as_filed, SEED, world), World::inputs(&scaled, SEED, world));
        assert_eq!(
            World::log_correction(&as_filed, SEED, world),
            World::log_correction(&scaled, SEED, world)
        );
    }
}

/// Each of two hundred worlds in turn is the truth: counts are drawn from its rates, and worlds after them believe in rates among
/// which the true ones have uniform ranks, in a narrower law than before.
#[test]
fn rates_after_their_counts_are_calibrated_and_narrower() {
    const TRUTHS: u32 = 200;
    const WORLDS: u32 = 150;
    let (units, other) = (
        unit("mtbf = \"500 d\"\nerror_factor = 3\n"),
        unit("mtbf = \"800 d\"\nerror_factor = 2\n"),
    );
    let other = other.split_once("[[oru]]").expect("one table").1;
    let other = other.replace("\"unit\"", "\"other\"").replace("\"Unit\"", "\"Other\"");
    let units = format!("{units}\n[[oru]]{other}");
    let worlds =
        file("station.toml").replace("programme_error_factor = 1", "programme_error_factor = 2.5");
    let files = [("orus/case.toml", units.as_str()), ("station.toml", worlds.as_str())];
    let before = plan(&files);
    let beliefs = [Drawn::Rates, rate_of_unit(), Drawn::RateOf("Other".to_owned())];
    // Truths are worlds of another seed than those that are believed in.
    let truth = |index: u32, what: &Drawn| {
        let inputs = World::inputs(&before, SEED + 1, index);
        inputs.iter().find(|(drawn, _)| drawn == what).expect("an input").1
    };
    let count = |index: u32, name: &str, mean: f64| {
        let u = Source::new(SEED, u64::from(index)).uniform(Stream::new(name, "count"), 0);
        let (mut n, mut term, mut below) = (0_u32, math::exp(-mean), 0.0);
        while below + term < u && n < 1000 {
            below += term;
            n += 1;
            term *= mean / f64::from(n);
        }
        n
    };
    let mut ranks = vec![Vec::new(); beliefs.len()];
    let mut variances = vec![0.0; beliefs.len()];
    for index in 0..TRUTHS {
        let shared = truth(index, &Drawn::Rates);
        let a = count(index, "a", 3000.0 / 500.0 * shared * truth(index, &beliefs[1]));
        let b = count(index, "b", 1600.0 / 800.0 * shared * truth(index, &beliefs[2]));
        let rows = [
            row("a", "unit", &format!("unit_years = \"3000 d\"\nfailures = {a}\n")),
            row("b", "other", &format!("unit_years = \"1600 d\"\nfailures = {b}\n")),
        ];
        let service = counted(&rows.concat());
        let after = plan(&[files[0], files[1], ("service.toml", &service)]);
        let drawn: Vec<(f64, Vec<f64>)> = (0..WORLDS)
            .map(|world| {
                let inputs = World::inputs(&after, SEED, world);
                let value =
                    |what: &Drawn| inputs.iter().find(|(d, _)| d == what).expect("an input").1;
                let weight = math::exp(World::log_correction(&after, SEED, world));
                (weight, beliefs.iter().map(|what| math::ln(value(what))).collect())
            })
            .collect();
        let whole: f64 = drawn.iter().map(|(weight, _)| weight).sum();
        for (at, what) in beliefs.iter().enumerate() {
            let mean = drawn.iter().map(|(w, x)| w * x[at]).sum::<f64>() / whole;
            variances[at] +=
                drawn.iter().map(|(w, x)| w * (x[at] - mean) * (x[at] - mean)).sum::<f64>() / whole;
            let true_value = math::ln(truth(index, what));
            let below: f64 = drawn.iter().filter(|(_, x)| x[at] < true_value).map(|(w, _)| w).sum();
            ranks[at].push(below / whole);
        }
    }
    let n = f64::from(TRUTHS);
    for ((ranks, variance), error_factor) in ranks.iter().zip(variances).zip([2.5, 3.0, 2.0]) {
        let mut parts = [0.0_f64; 10];
        for rank in ranks {
            parts[((rank * 10.0) as usize).min(9)] += 1.0;
        }
        let uneven: f64 = parts.iter().map(|k| (k - n / 10.0) * (k - n / 10.0) / (n / 10.0)).sum();
        // A uniform law exceeds it once in 10,000 times (9 degrees of freedom).
        assert!(uneven < 33.7, "{parts:?}");
        let before = math::ln(error_factor) / math::Z95;
        assert!(variance / n < 0.9 * before * before, "{} {}", variance / n, before * before);
    }
}
