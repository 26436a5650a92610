//! What knowing an input would be worth: how often it would settle a line, and to which side.

use crate::assessment::InformationValue;
use crate::beta;
use crate::estimate::{WorldShare, law_above};
use zarya_units::math;

/// What saying *supported* or *not supported* costs: it is worth 1 where it is right, and is said where that is at least this
/// probable.
const SURE: f64 = 0.95;
/// Values below this are not told.
const VALUE_MIN: f64 = 1e-4;
/// Groups of worlds that the errors leave out one by one.
const GROUPS: usize = 8;

/// What one decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Supported,
    NotSupported,
    Undetermined,
}

/// The best decision where a world reaches the threshold with this probability, and what it is worth.
///
/// # Model
///
/// *Supported* is worth `1[p ≥ τ] − 0.95`, *not supported* `1[p < τ] − 0.95`, *undetermined* nothing.
fn decide(reaches: f64) -> (Decision, f64) {
    let (supported, not) = (reaches - SURE, 1.0 - reaches - SURE);
    if supported >= 0.0 {
        (Decision::Supported, supported)
    } else if not >= 0.0 {
        (Decision::NotSupported, not)
    } else {
        (Decision::Undetermined, 0.0)
    }
}

/// A line of the answer, world by world.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// `station` or `all_risks`.
    pub name: &'a str,
    /// How often each world keeps it.
    pub worlds: &'a [WorldShare],
}

/// An input that worlds draw.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Who has the number.
    pub who_has_it: String,
    /// What each world drew, in the order of the worlds.
    pub drawn: Vec<f64>,
}

/// Returns what knowing each input would be worth for a line, the worthiest first; behind them what knowing everything would be.
/// Inputs that the worlds' shares do not follow beyond chance have no value and are not listed.
///
/// # Model
///
/// The expected value of partial perfect information, `E[max_d E(U_d | φ)] − max_d E(U_d)`, under the rule of the private
/// function `decide`. A world's probability given what it drew is a beta variate whose mean follows `a + b x + c (x² − 1)` on
/// the logit scale, `x` being the normal score of the draw's rank; `b` and `c` are held near 0 by a normal law of spread 1, and
/// all are fitted to the throws of the worlds (a beta-binomial likelihood, so that the chance of few histories is no
/// information). An input counts when the likelihood rises by more than chance makes of as many inputs: twice the rise above
/// the quantile `1 − 0.05 / inputs` of χ² with two degrees of freedom. `standard_error` is a jackknife over groups of
/// worlds.
///
/// # Source
///
/// M. Strong, J. E. Oakley, A. Brennan, "Estimating multiparameter partial expected value of perfect information from a
/// probabilistic sensitivity analysis sample", Medical Decision Making 34 (2014) 311-326, with throws in place of values.
pub fn values(line: &Line<'_>, threshold: f64, inputs: &[Asked]) -> Vec<InformationValue> {
    let sum: f64 = line.worlds.iter().map(|w| w.weight).sum();
    let squares: f64 = line.worlds.iter().map(|w| w.weight * w.weight).sum();
    if sum <= 0.0 || line.worlds.len() < 4 * GROUPS {
        return Vec::new();
    }
    // Weights count worlds: their sum is the effective number.
    let scale = sum / squares;
    let worlds: Vec<WorldShare> =
        line.worlds.iter().map(|w| WorldShare { weight: w.weight * scale, ..*w }).collect();
    let all: Vec<usize> =
        (0..worlds.len()).filter(|i| worlds[*i].histories > 0 && worlds[*i].weight > 0.0).collect();
    let flat = fit(&worlds, &all, &vec![0.0; worlds.len()], [0.0; 4], true);
    // χ² of two degrees: its quantile is −2 ln of the tail.
    let bar = -2.0 * math::ln(0.05 / inputs.len().max(1) as f64);
    let mut found = Vec::new();
    for input in inputs.iter().filter(|input| input.drawn.len() == worlds.len()) {
        let x = scores(&input.drawn);
        if !may_follow(&worlds, &all, &x) {
            continue;
        }
        let whole = fit(&worlds, &all, &x, flat.at, false);
        if 2.0 * (whole.log_likelihood - flat.log_likelihood) <= bar {
            continue;
        }
        let (value, settles, to_supported) = worth(&worlds, &all, &x, &whole, threshold);
        if value < VALUE_MIN {
            continue;
        }
        let without: Vec<f64> = (0..GROUPS)
            .map(|group| {
                let some: Vec<usize> =
                    all.iter().copied().filter(|i| i % GROUPS != group).collect();
                worth(&worlds, &some, &x, &fit(&worlds, &some, &x, whole.at, false), threshold).0
            })
            .collect();
        let mean = without.iter().sum::<f64>() / GROUPS as f64;
        let scatter: f64 = without.iter().map(|v| (v - mean) * (v - mean)).sum();
        found.push(InformationValue {
            line: line.name.to_owned(),
            input: input.name.clone(),
            who_has_it: input.who_has_it.clone(),
            chance_it_settles: settles,
            to_supported,
            value,
            standard_error: (scatter * (GROUPS - 1) as f64 / GROUPS as f64).sqrt(),
        });
    }
    found.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.input.cmp(&b.input)));
    // Knowing a world's probability itself leaves no doubt: whichever side it is on is said and right.
    if let Some(above) = law_above(line.worlds, threshold) {
        let (now, worth_now) = decide(above);
        let settles = now == Decision::Undetermined;
        found.push(InformationValue {
            line: line.name.to_owned(),
            input: "everything".to_owned(),
            who_has_it: "nobody: a bound".to_owned(),
            chance_it_settles: if settles { 1.0 } else { 0.0 },
            to_supported: if settles { above } else { 0.0 },
            value: (1.0 - SURE) - worth_now,
            standard_error: 0.0,
        });
    }
    found
}

/// A fitted law of the worlds' probabilities given a draw.
#[derive(Clone, Copy)]
struct Fitted {
    /// `a`, `b`, `c` and the logarithm of the strength of the beta law.
    at: [f64; 4],
    log_likelihood: f64,
}

impl Fitted {
    fn shapes(&self, x: f64) -> (f64, f64) {
        shapes(&self.at, x)
    }
}

fn shapes(at: &[f64; 4], x: f64) -> (f64, f64) {
    let logit = (at[0] + at[1] * x + at[2] * (x * x - 1.0)).clamp(-30.0, 30.0);
    let mean = 1.0 / (1.0 + math::exp(-logit));
    let strength = math::exp(at[3].clamp(-7.0, 12.0));
    ((mean * strength).max(1e-6), ((1.0 - mean) * strength).max(1e-6))
}

/// The likelihood of the throws, and the penalty on what follows the draw.
fn objective(worlds: &[WorldShare], used: &[usize], x: &[f64], at: &[f64; 4]) -> (f64, f64) {
    let mut log_likelihood = 0.0;
    for &i in used {
        let world = &worlds[i];
        let (a, b) = shapes(at, x[i]);
        let (k, n) = (f64::from(world.kept), f64::from(world.histories));
        log_likelihood += world.weight
            * (math::lgamma(k + a) + math::lgamma(n - k + b)
                - math::lgamma(n + a + b)
                - math::lgamma(a)
                - math::lgamma(b)
                + math::lgamma(a + b));
    }
    (log_likelihood, -0.5 * (at[1] * at[1] + at[2] * at[2]))
}

/// The most probable law by damped Newton steps on finite differences; `flat`: nothing follows the draw.
fn fit(worlds: &[WorldShare], used: &[usize], x: &[f64], from: [f64; 4], flat: bool) -> Fitted {
    const STEP: f64 = 1e-3;
    let free: &[usize] = if flat { &[0, 3] } else { &[0, 1, 2, 3] };
    let value = |at: &[f64; 4]| {
        let (l, penalty) = objective(worlds, used, x, at);
        l + penalty
    };
    let mut at = from;
    if flat {
        let (k, n) = used.iter().fold((0.5, 1.0), |(k, n), i| {
            let world = &worlds[*i];
            (
                k + world.weight * f64::from(world.kept),
                n + world.weight * f64::from(world.histories),
            )
        });
        at = [math::ln(k / (n - k)), 0.0, 0.0, math::ln(10.0)];
    }
    let mut best = value(&at);
    for _ in 0..20 {
        let moved = |steps: &[(usize, f64)]| {
            let mut there = at;
            for (place, by) in steps {
                there[free[*place]] += by * STEP;
            }
            value(&there)
        };
        let m = free.len();
        let (mut gradient, mut curvature) = (Vec::new(), Vec::new());
        for i in 0..m {
            let (up, down) = (moved(&[(i, 1.0)]), moved(&[(i, -1.0)]));
            gradient.push((up - down) / (2.0 * STEP));
            let mixed = |j: usize| {
                let by = |a, b| moved(&[(i, a), (j, b)]);
                -(by(1.0, 1.0) - by(1.0, -1.0) - by(-1.0, 1.0) + by(-1.0, -1.0))
                    / (4.0 * STEP * STEP)
            };
            let mut row: Vec<f64> = (0..i).map(mixed).collect();
            row.push((2.0 * best - up - down) / (STEP * STEP));
            curvature.push(row);
        }
        let Some(step) = ascent(&curvature, &gradient) else { break };
        let mut share = 1.0;
        let mut gained = 0.0;
        while share > 1e-4 {
            let mut there = at;
            for (place, by) in step.iter().enumerate() {
                there[free[place]] += (share * by).clamp(-2.0, 2.0);
            }
            let now = value(&there);
            if now > best {
                gained = now - best;
                (at, best) = (there, now);
                break;
            }
            share *= 0.5;
        }
        if gained < 1e-7 {
            break;
        }
    }
    Fitted { at, log_likelihood: objective(worlds, used, x, &at).0 }
}

/// Solves `(C + d) s = g`, `C` by its rows to the diagonal, with the least of a few ridges `d` that makes it a way up.
fn ascent(curvature: &[Vec<f64>], gradient: &[f64]) -> Option<Vec<f64>> {
    [0.0, 0.1, 1.0, 10.0, 100.0, 1e4].into_iter().find_map(|ridge| {
        let m = gradient.len();
        let mut lower = vec![vec![0.0; m]; m];
        for i in 0..m {
            for j in 0..=i {
                let inner: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
                let left = curvature[i][j] + if i == j { ridge } else { 0.0 } - inner;
                lower[i][j] = if i == j {
                    if left <= 1e-12 {
                        return None;
                    }
                    left.sqrt()
                } else {
                    left / lower[j][j]
                };
            }
        }
        let mut step = gradient.to_vec();
        for i in 0..m {
            let inner: f64 = (0..i).map(|k| lower[i][k] * step[k]).sum();
            step[i] = (step[i] - inner) / lower[i][i];
        }
        for i in (0..m).rev() {
            let inner: f64 = (i + 1..m).map(|k| lower[k][i] * step[k]).sum();
            step[i] = (step[i] - inner) / lower[i][i];
        }
        step.iter().all(|s| s.is_finite()).then_some(step)
    })
}

/// The value of knowing the draw, how often it changes what is said, and how often to *supported*.
fn worth(
    worlds: &[WorldShare],
    used: &[usize],
    x: &[f64],
    law: &Fitted,
    threshold: f64,
) -> (f64, f64, f64) {
    let total: f64 = used.iter().map(|i| worlds[*i].weight).sum();
    let rows: Vec<(f64, f64)> = used
        .iter()
        .map(|&i| {
            let (a, b) = law.shapes(x[i]);
            (worlds[i].weight / total, 1.0 - beta::cdf(a, b, threshold))
        })
        .collect();
    let now = decide(rows.iter().map(|(w, reaches)| w * reaches).sum());
    let (mut value, mut settles, mut supported) = (-now.1, 0.0, 0.0);
    for (weight, reaches) in rows {
        let (then, worth) = decide(reaches);
        value += weight * worth;
        if then != now.0 && then != Decision::Undetermined {
            settles += weight;
            supported += if then == Decision::Supported { weight } else { 0.0 };
        }
    }
    (value.max(0.0), settles, supported)
}

/// Whether the worlds' shares may follow a draw, straight or bent: a cheap look that lets every input by which can pass the test
/// of the likelihood, which asks for more than four standard errors where hundreds of inputs are asked.
fn may_follow(worlds: &[WorldShare], used: &[usize], x: &[f64]) -> bool {
    const ERRORS: f64 = 2.0;
    let share = |i: usize| f64::from(worlds[i].kept) / f64::from(worlds[i].histories);
    let total: f64 = used.iter().map(|i| worlds[*i].weight).sum();
    let mean = |of: &dyn Fn(usize) -> f64| {
        used.iter().map(|i| worlds[*i].weight * of(*i)).sum::<f64>() / total
    };
    let middle = mean(&share);
    let spread = mean(&|i| (share(i) - middle) * (share(i) - middle));
    let follows = |of: &dyn Fn(usize) -> f64| {
        let centre = mean(of);
        let own = mean(&|i| (of(i) - centre) * (of(i) - centre));
        let both = mean(&|i| (of(i) - centre) * (share(i) - middle));
        own * spread > 0.0 && both.abs() * total.sqrt() >= ERRORS * (own * spread).sqrt()
    };
    follows(&|i| x[i]) || follows(&|i| x[i] * x[i])
}

/// Normal scores of the ranks of values.
fn scores(values: &[f64]) -> Vec<f64> {
    let ranks = crate::verdict::ranks(values);
    let n = values.len() as f64;
    ranks.iter().map(|rank| math::normal_quantile((rank + 0.5) / n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zarya_units::random::{Source, Stream};

    /// Worlds whose probability is a beta variate of strength `strength` about a mean that follows `x` by a slope on the logit
    /// scale; `dummy` follows nothing.
    fn worlds(
        slope: f64,
        strength: f64,
        n: u32,
        seed: u64,
    ) -> (Vec<WorldShare>, Vec<f64>, Vec<f64>) {
        let mut found = (Vec::new(), Vec::new(), Vec::new());
        for w in 0..n {
            let source = Source::new(seed, u64::from(w));
            let draw = |name: &str| source.uniform(Stream::new("test", name), 0);
            let x = math::normal_quantile(draw("x"));
            let mean = 1.0 / (1.0 + math::exp(-(2.0 + slope * x)));
            let p = beta::quantile(mean * strength, (1.0 - mean) * strength, draw("p"));
            let throws = Stream::new("test", "throws");
            let kept = (0..20).filter(|h| source.uniform(throws, *h) < p).count() as u32;
            found.0.push(WorldShare { kept, histories: 20, weight: 1.0 });
            found.1.push(math::exp(x));
            found.2.push(draw("dummy"));
        }
        found
    }

    fn asked(name: &str, drawn: Vec<f64>) -> Asked {
        Asked { name: name.to_owned(), who_has_it: String::new(), drawn }
    }

    /// The value that the generating law has, by quadrature over the normal score.
    fn truth(slope: f64, strength: f64, threshold: f64) -> (f64, f64) {
        let steps = 4000;
        let reaches = |i: i32| {
            let x = math::normal_quantile((f64::from(i) + 0.5) / f64::from(steps));
            let mean = 1.0 / (1.0 + math::exp(-(2.0 + slope * x)));
            1.0 - beta::cdf(mean * strength, (1.0 - mean) * strength, threshold)
        };
        let all: Vec<f64> = (0..steps).map(reaches).collect();
        let now = decide(all.iter().sum::<f64>() / f64::from(steps));
        let value = all.iter().map(|r| decide(*r).1).sum::<f64>() / f64::from(steps) - now.1;
        let settles = all.iter().filter(|r| decide(**r).0 != now.0).count() as f64;
        (value, settles / f64::from(steps))
    }

    #[test]
    fn the_rule_says_what_is_nineteen_to_one() {
        assert!(decide(0.95).0 == Decision::Supported && decide(0.949).0 == Decision::Undetermined);
        assert!(
            decide(0.05).0 == Decision::NotSupported && decide(0.051).0 == Decision::Undetermined
        );
        assert!((decide(0.97).1 - 0.02).abs() < 1e-12 && (decide(0.0).1 - 0.05).abs() < 1e-12);
    }

    /// An input that the worlds follow is worth what the law that made them says; one that they do not follow is not listed, and
    /// knowing everything is worth the most that can be.
    #[test]
    fn a_followed_input_is_worth_what_the_law_says() {
        let (slope, strength, threshold) = (-1.2, 40.0, 0.85);
        let (worlds, x, dummy) = worlds(slope, strength, 2000, 5);
        let line = Line { name: "station", worlds: &worlds };
        let found = values(&line, threshold, &[asked("x", x), asked("dummy", dummy)]);
        let names: Vec<&str> = found.iter().map(|v| v.input.as_str()).collect();
        assert_eq!(names, ["x", "everything"]);
        let (value, settles) = truth(slope, strength, threshold);
        assert!(value > 0.01, "{value}");
        assert!((found[0].value - value).abs() < 0.002, "{:?} {value}", found[0]);
        assert!(
            (found[0].value - value).abs() < 4.0 * found[0].standard_error,
            "{:?} {value}",
            found[0]
        );
        assert!((found[0].chance_it_settles - settles).abs() < 0.05, "{:?} {settles}", found[0]);
        // Undetermined now: everything is worth 0.05 always.
        assert!((found[1].value - 0.05).abs() < 1e-9 && found[1].value > found[0].value);
    }

    /// 200 ensembles with an input that nothing follows: at most one in twenty gives it a value.
    #[test]
    fn a_dummy_has_no_value() {
        let told = (0..200)
            .filter(|seed| {
                let (worlds, _, dummy) = worlds(-1.0, 20.0, 200, 100 + seed);
                let line = Line { name: "station", worlds: &worlds };
                values(&line, 0.85, &[asked("dummy", dummy)]).len() > 1
            })
            .count();
        assert!(told <= 10, "{told} of 200");
    }
}
