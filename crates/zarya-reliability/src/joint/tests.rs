use super::*;
use zarya_units::math::Z95;
use zarya_units::random::{self, Source, Stream};

/// Logarithmic spread of an error factor.
fn spread(error_factor: f64) -> f64 {
    math::ln(error_factor) / Z95
}

/// Independent standard normal numbers of a draw.
fn normals(n: usize, draw: u32) -> Vec<f64> {
    let source = Source::new(11, u64::from(draw));
    (0..n as u32).map(|i| random::normal(source.uniform(Stream(i), 7))).collect()
}

/// Mean and deviation of each unknown from `draws` weighted draws, and their effective number.
fn moments(
    posterior: &Posterior,
    ln_factor: &dyn Fn(usize, f64) -> f64,
    draws: u32,
) -> (Vec<f64>, Vec<f64>, f64) {
    let n = posterior.mode.len();
    let (mut sum, mut squares) = (vec![0.0; n], vec![0.0; n]);
    let (mut weights, mut weights_squared) = (0.0, 0.0);
    for draw in 0..draws {
        let normal = normals(n, draw);
        let z = posterior.draw(&normal);
        let weight = math::exp(posterior.ln_correction(&z, &normal, ln_factor));
        weights += weight;
        weights_squared += weight * weight;
        for (i, z) in z.iter().enumerate() {
            sum[i] += weight * z;
            squares[i] += weight * z * z;
        }
    }
    let means: Vec<f64> = sum.iter().map(|s| s / weights).collect();
    let deviations =
        squares.iter().zip(&means).map(|(s, m)| (s / weights - m * m).max(0.0).sqrt()).collect();
    (means, deviations, weights * weights / weights_squared)
}

/// Mean and deviation of a law on the line, from its unnormalized density, by the rule of midpoints.
fn on_the_line(density: impl Fn(f64) -> f64) -> (f64, f64) {
    const HALF: f64 = 8.0;
    const CELLS: u32 = 1600;
    let (mut whole, mut first, mut second) = (0.0, 0.0, 0.0);
    for cell in 0..CELLS {
        let z = HALF * (2.0 * (f64::from(cell) + 0.5) / f64::from(CELLS) - 1.0);
        let mass = density(z);
        whole += mass;
        first += mass * z;
        second += mass * z * z;
    }
    let mean = first / whole;
    (mean, (second / whole - mean * mean).sqrt())
}

fn count(failures: u32, expected: f64, factors: &[usize]) -> Count {
    Count {
        failures,
        ln_expected: math::ln(expected),
        factors: factors.iter().map(|i| (*i, 1.0)).collect(),
        only_found: false,
    }
}

/// One type: the mode solves its equation, and weighted draws have the moments of a quadrature. Four standard
/// errors of 20,000 draws are 0.03 of a deviation.
#[test]
fn one_type_is_known_as_a_quadrature_knows_it() {
    let sigma = spread(3.0);
    let ln_factor = |_: usize, z: f64| sigma * z;
    for (failures, expected) in [(2, 5.0), (0, 3.0), (9, 2.0)] {
        let seen = count(failures, expected, &[0]);
        let posterior = update(1, &ln_factor, std::slice::from_ref(&seen));
        let mean_at = |z: f64| expected * math::exp(sigma * z);
        let slope = sigma * (f64::from(failures) - mean_at(posterior.mode[0]));
        assert!((slope - posterior.mode[0]).abs() < 1e-6, "{:?}", posterior.mode);

        let (mean, deviation) = on_the_line(|z| {
            let m = mean_at(z);
            math::exp(-0.5 * z * z - m) * math::pow(m, f64::from(failures))
        });
        let (means, deviations, _) = moments(&posterior, &ln_factor, 20_000);
        assert!((means[0] - mean).abs() < 0.03 * deviation, "{failures}: {means:?} {mean}");
        assert!((deviations[0] - deviation).abs() < 0.03, "{deviations:?} {deviation}");
    }
}

/// What can be found of a type that is on record only because something was: the probabilities of 1, 2, 3, …
/// sum to 1 for whatever it shares with others, once what is its own is integrated out. The derivatives are those of differences.
#[test]
fn what_is_on_record_because_something_was_found_sums_to_one() {
    let (own, shared) = (spread(3.0), spread(1.8));
    let ln_factor = |i: usize, z: f64| if i == 0 { shared * z } else { own * z };
    let counts: Vec<Count> =
        (1..=2).map(|t| Count { only_found: true, ..count(1, 2.0, &[0, t]) }).collect();
    let rows = rows(3, &ln_factor, &counts);
    let row = &rows[0];
    assert_eq!(row.shared, [(0, 1.0)]);
    for z in [-3.0, -1.0, 0.0, 2.0] {
        let at = row.ln_shared(&[z, 0.0, 0.0], &ln_factor);
        // Of a standard normal own number, on a grid eight times as fine as that of the engine.
        let found: f64 = (-48..=48)
            .map(|eighth| {
                let o = f64::from(eighth) / 8.0;
                let mean = math::exp(at + own * o);
                let mut probability = math::exp(-mean);
                let mut sum = 0.0;
                for y in 1..2000 {
                    probability *= mean / f64::from(y);
                    sum += probability;
                }
                sum * math::exp(-0.5 * o * o) / (8.0 * (2.0 * std::f64::consts::PI).sqrt())
            })
            .sum();
        let said = math::exp(row.ln_found(at));
        assert!((found / said - 1.0).abs() < 1e-3, "{z}: {found} {said}");
        let step = 1e-4;
        let (first, second) = row.derivatives_found(at);
        let slope = (row.ln_found(at + step) - row.ln_found(at - step)) / (2.0 * step);
        assert!((first - slope).abs() < 1e-6, "{first} {slope}");
        let slopes = |x: f64| row.derivatives_found(x).0;
        let bend = (slopes(at + step) - slopes(at - step)) / (2.0 * step);
        assert!((second - bend).abs() < 1e-6, "{second} {bend}");
    }
}

/// 21 types of which one failure each was expected, and eight seen, one in each of eight types. The shared factor
/// (a programme of error factor 1.5, an experience of 0.35 to 1.0 about 0.6: 0.40 of a logarithm) falls to
/// -0.67; a quadrature over it and over each type's own factor (3) says so, and how well it is known (0.25).
/// One by one each type moves its own factor too, but the mean of 21 separate updates of the shared one
/// is nowhere near.
#[test]
fn many_types_move_what_they_share() {
    const TYPES: usize = 21;
    let programme = spread(1.5);
    let experience = math::ln(1.0 / 0.35) / (2.0 * Z95);
    let shared = (programme * programme + experience * experience).sqrt();
    assert!((shared - 0.40).abs() < 0.005, "{shared}");
    let own = spread(3.0);
    let ln_factor = |i: usize, z: f64| if i == 0 { shared * z } else { own * z };
    let counts: Vec<Count> = (1..=TYPES).map(|t| count(u32::from(t <= 8), 1.0, &[0, t])).collect();
    let posterior = update(TYPES + 1, &ln_factor, &counts);

    // Given the shared factor, types are independent: the likelihood of each is an integral over its own.
    let given = |x: f64, failures: f64| {
        let cells = 200;
        let sum = (0..cells).map(|cell| {
            let z = 6.0 * (2.0 * (f64::from(cell) + 0.5) / f64::from(cells) - 1.0);
            let m = math::exp(x + own * z);
            math::exp(-0.5 * z * z - m) * math::pow(m, failures)
        });
        sum.sum::<f64>()
    };
    let (mean, deviation) = on_the_line(|z| {
        let x = shared * z;
        let seen = 8.0 * math::ln(given(x, 1.0)) + 13.0 * math::ln(given(x, 0.0));
        math::exp(seen - 0.5 * z * z + 60.0)
    });
    let (mean, deviation) = (shared * mean, shared * deviation);
    assert!((mean + 0.67).abs() < 0.01, "{mean}");
    assert!((deviation - 0.25).abs() < 0.01, "{deviation}");

    let (means, deviations, effective) = moments(&posterior, &ln_factor, 20_000);
    assert!(effective > 4_000.0, "{effective}");
    // Four standard errors of 4,000 effective draws: 0.016.
    assert!((shared * means[0] - mean).abs() < 0.016, "{} {mean}", shared * means[0]);
    assert!((shared * deviations[0] - deviation).abs() < 0.016, "{deviations:?}");

    let alone = counts.iter().enumerate().map(|(t, seen)| {
        let alone = update(TYPES + 1, &ln_factor, std::slice::from_ref(seen));
        let others = (1..=TYPES).filter(|i| *i != t + 1);
        others.for_each(|i| assert!(alone.mode[i].abs() < 1e-12));
        shared * alone.mode[0]
    });
    let alone = alone.sum::<f64>() / TYPES as f64;
    assert!((-0.12..0.0).contains(&alone), "{alone}");
}

/// Where the counts say nothing, a draw is the number it was made of, and needs no correction.
#[test]
fn without_counts_draws_are_what_they_were() {
    let ln_factor = |_: usize, z: f64| z;
    let posterior = update(3, &ln_factor, &[]);
    let normal = normals(3, 5);
    let z = posterior.draw(&normal);
    assert_eq!(z, normal);
    assert!(posterior.ln_correction(&z, &normal, &ln_factor).abs() < 1e-12);
}

/// A wear-out law of shape 3 turns a shared factor on rates into its cube on counts.
#[test]
fn powers_of_factors_enter_counts() {
    let sigma = spread(1.5);
    let ln_factor = |_: usize, z: f64| sigma * z;
    let cubed = Count { factors: vec![(0, 3.0)], ..count(6, 2.0, &[]) };
    let posterior = update(1, &ln_factor, std::slice::from_ref(&cubed));
    let steep = |_: usize, z: f64| 3.0 * sigma * z;
    let same = update(1, &steep, &[count(6, 2.0, &[0])]);
    assert!((posterior.mode[0] - same.mode[0]).abs() < 1e-9);
    assert!((posterior.deviation(0) - same.deviation(0)).abs() < 1e-9);
}

/// Synthetic records, thinned: of what failed, a share that nobody knows was found. Four types of one class are watched
/// completely; of four of another all counts are on record, found or not; four of a third are on record because something was
/// found. Over records drawn from the belief the unknowns are missed by nothing in the mean (four standard
/// errors), and by as much as the update says.
#[test]
fn thinned_records_are_read_without_bias() {
    const RECORDS: u32 = 400;
    const TYPES: usize = 12;
    const SUBSYSTEMS: usize = 3;
    // Unknowns: programme, subsystems, types, the shares found of two classes.
    const SHARE: usize = 1 + SUBSYSTEMS + TYPES;
    const UNKNOWNS: usize = SHARE + 2;
    let spreads = [spread(1.5), spread(1.8), spread(3.0)];
    let ln_factor = |i: usize, z: f64| match i {
        0 => spreads[0] * z,
        i if i <= SUBSYSTEMS => spreads[1] * z,
        i if i >= SHARE => math::ln((0.3 * math::exp(spread(2.5) * z)).min(1.0)),
        _ => spreads[2] * z,
    };
    // Programme, a subsystem, a type of each class, shares found.
    let watched = [0, 1, 4, 8, 12, SHARE, SHARE + 1];
    let mut missed = [0.0; 7];
    let (mut squares, mut standard) = (missed, missed);
    for record in 0..RECORDS {
        let source = Source::new(5, u64::from(record));
        let mut truth: Vec<f64> =
            (0..UNKNOWNS as u32).map(|i| random::normal(source.uniform(Stream(i), 0))).collect();
        let mut counts = Vec::new();
        for t in 0..TYPES {
            let class = t / 4;
            let mut factors = vec![(0, 1.0), (1 + t % SUBSYSTEMS, 1.0), (1 + SUBSYSTEMS + t, 1.0)];
            if class > 0 {
                factors.push((SHARE + class - 1, 1.0));
            }
            let only_found = class == 2;
            let mut row = Count { failures: 0, ln_expected: math::ln(4.0), factors, only_found };
            // A type that is on record because something was found: as often as it takes.
            for again in 1..100_000 {
                let mean = math::exp(row.ln_mean(&truth, &ln_factor));
                let u = source.uniform(Stream(t as u32), 2 * again);
                row.failures = random::poisson(u, mean.min(600.0));
                if !only_found || row.failures > 0 {
                    break;
                }
                let u = source.uniform(Stream(t as u32), 2 * again + 1);
                truth[1 + SUBSYSTEMS + t] = random::normal(u);
            }
            counts.push(row);
        }
        let posterior = update(UNKNOWNS, &ln_factor, &counts);
        let (means, deviations, _) = moments(&posterior, &ln_factor, 400);
        for (place, unknown) in watched.into_iter().enumerate() {
            let miss = truth[unknown] - means[unknown];
            missed[place] += miss;
            squares[place] += miss * miss;
            standard[place] += (miss / deviations[unknown]) * (miss / deviations[unknown]);
        }
    }
    let n = f64::from(RECORDS);
    for place in 0..watched.len() {
        let (bias, variance) = (missed[place] / n, squares[place] / n);
        let error = (variance / n).sqrt();
        assert!(bias.abs() < 4.0 * error, "{place}: {bias} +- {error}");
        // Squares of standard normal numbers: mean 1, standard error sqrt(2 / n) = 0.07, and as much for
        // deviations that come from 400 weighted draws.
        let spread = standard[place] / n;
        assert!((0.7..1.4).contains(&spread), "{place}: {spread}");
    }
    // The programme is known better than before: 1 without the record.
    assert!(squares[0] / n < 0.9, "{}", squares[0] / n);
}
