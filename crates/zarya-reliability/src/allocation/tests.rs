use super::*;
use proptest::prelude::*;

/// Every combination of levels.
fn by_brute_force(problem: &Problem) -> Option<f64> {
    fn descend(rows: &[Vec<Step>], gain: f64, mass_kg: f64, best: &mut Option<f64>) {
        let Some((row, rest)) = rows.split_first() else {
            if gain <= 0.0 && best.is_none_or(|b| mass_kg < b) {
                *best = Some(mass_kg);
            }
            return;
        };
        let (mut gain, mut mass_kg) = (gain, mass_kg);
        descend(rest, gain, mass_kg, best);
        for step in row {
            gain -= step.gain;
            mass_kg += step.mass_kg;
            descend(rest, gain, mass_kg, best);
        }
    }
    let mut best = None;
    descend(&problem.rows, problem.target_gain, 0.0, &mut best);
    best
}

/// Rows of constant mass and falling gains, as demand gives them; or of any mass, which bends the
/// rows' hulls.
fn problems(constant_mass: bool) -> impl Strategy<Value = Problem> {
    let row = (0.1..50.0_f64, prop::collection::vec((0.01..1.0_f64, 0.1..50.0_f64), 1..5));
    (prop::collection::vec(row, 1..6), 0.05..0.95_f64).prop_map(move |(rows, share)| {
        let rows: Vec<Vec<Step>> = rows
            .into_iter()
            .map(|(mass_kg, steps)| {
                let mut gains: Vec<f64> = steps.iter().map(|s| s.0).collect();
                gains.sort_by(|a, b| b.total_cmp(a));
                let masses = steps.iter().map(|s| if constant_mass { mass_kg } else { s.1 });
                gains
                    .iter()
                    .zip(masses)
                    .map(|(gain, mass_kg)| Step { mass_kg, gain: *gain })
                    .collect()
            })
            .collect();
        let all: f64 = rows.iter().flatten().map(|s| s.gain).sum();
        Problem { rows, target_gain: share * all }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_optimum_is_what_brute_force_finds(problem in problems(true)) {
        let best = solve(&problem).unwrap();
        prop_assert_eq!(best.proof, Proof::Optimal);
        let truth = by_brute_force(&problem).unwrap();
        prop_assert!((best.mass_kg - truth).abs() < 1e-9, "{} {}", best.mass_kg, truth);
        prop_assert!(best.gain >= problem.target_gain - 1e-11);
        prop_assert!(best.relaxed_kg <= best.mass_kg + 1e-9);
    }

    #[test]
    fn rows_of_uneven_mass_are_solved_too(problem in problems(false)) {
        let best = solve(&problem).unwrap();
        let truth = by_brute_force(&problem).unwrap();
        prop_assert!((best.mass_kg - truth).abs() < 1e-9, "{} {}", best.mass_kg, truth);
    }

    #[test]
    fn the_curve_is_never_below_the_optimum(problem in problems(true)) {
        let best = solve(&problem).unwrap();
        let points = curve(&problem);
        let greedy = points.iter().find(|p| p.gain >= problem.target_gain - 1e-11).unwrap();
        prop_assert!(best.mass_kg <= greedy.mass_kg + 1e-9);
        prop_assert!(points.windows(2).all(|w| w[0].gain <= w[1].gain));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// A second limit that does not bind changes nothing; the two solvers share no code.
    #[test]
    fn loose_limits_change_nothing(problem in problems(true)) {
        let best = solve(&problem).unwrap();
        let limit = Limit { of_one: vec![1.0; problem.rows.len()], most: 1000.0 };
        let goal = Goal::Lightest { target_gain: problem.target_gain };
        let within = solve_within(&problem.rows, goal, &[limit]).unwrap();
        prop_assert_eq!(within.proof, Proof::Optimal);
        prop_assert!((within.mass_kg - best.mass_kg).abs() < 1e-6, "{} {}", within.mass_kg, best.mass_kg);
    }

    #[test]
    fn limits_are_kept(problem in problems(true), share in 0.2..0.8_f64) {
        let volume: Vec<f64> = (0..problem.rows.len()).map(|i| 1.0 + i as f64).collect();
        let all: f64 = problem.rows.iter().zip(&volume).map(|(r, v)| r.len() as f64 * v).sum();
        let limit = Limit { of_one: volume.clone(), most: share * all };
        let within = solve_within(&problem.rows, Goal::MostGain, &[limit]).unwrap();
        let used: f64 = within.steps.iter().zip(&volume).map(|(n, v)| f64::from(*n) * v).sum();
        prop_assert!(used <= share * all + 1e-6);
    }
}

#[test]
fn goals_out_of_reach_are_refused() {
    let rows = vec![vec![Step { mass_kg: 2.0, gain: 1.0 }]];
    assert!(solve(&Problem { rows: rows.clone(), target_gain: 1.1 }).is_none());
    let limit = Limit { of_one: vec![1.0], most: 0.5 };
    let goal = Goal::Lightest { target_gain: 0.9 };
    assert_eq!(solve_within(&rows, goal, &[limit]), Err(LimitsError::Infeasible));
    let nothing = solve(&Problem { rows, target_gain: -1.0 }).unwrap();
    assert_eq!((nothing.mass_kg, nothing.steps), (0.0, vec![0]));
}

/// Four spares of 6 kg and 10 kg of room on each of two flights: one each, though 20 kg hold three.
/// A type that is ready only for the second flight displaces the other there.
#[test]
fn spares_are_packed_into_single_flights() {
    let step = |gain| Step { mass_kg: 6.0, gain };
    let rows = vec![vec![step(0.4), step(0.3)], vec![step(0.35), step(0.2)]];
    let room = || vec![Limit { of_one: vec![6.0, 6.0], most: 10.0 }];
    let flight = |carries: [bool; 2]| Flight { carries: carries.to_vec(), limits: room() };
    let all = [flight([true, true]), flight([true, true])];
    let (best, loads) = solve_on_flights(&rows, Goal::MostGain, &[], &[0, 0], &all).unwrap();
    assert_eq!((&best.steps[..], best.proof), (&[1, 1][..], Proof::Optimal));
    assert_eq!(loads.iter().map(|load| load.iter().sum::<u32>()).collect::<Vec<_>>(), [1, 1]);
    let late = [flight([true, false]), flight([false, true])];
    let (_, loads) = solve_on_flights(&rows, Goal::MostGain, &[], &[0, 0], &late).unwrap();
    assert_eq!(loads, [[1, 0], [0, 1]]);
    // Never ready: the first type takes both places.
    let never = [flight([true, false]), flight([true, false])];
    let (best, _) = solve_on_flights(&rows, Goal::MostGain, &[], &[0, 0], &never).unwrap();
    assert_eq!(best.steps, [2, 0]);
    // The least stock has to be carried too.
    let short = solve_on_flights(&rows, Goal::MostGain, &[], &[3, 0], &all);
    assert_eq!(short.unwrap_err(), LimitsError::Infeasible);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// What the flights carry is the stock, no more and no less, and each within its room.
    #[test]
    fn flights_carry_the_stock(
        rows in prop::collection::vec(prop::collection::vec(0.01..1.0_f64, 1..4), 1..4),
        rooms in prop::collection::vec(0.0..30.0_f64, 1..4),
        least in 0_u32..2,
        wanted in 0.1..0.9_f64,
    ) {
        let mut rows = rows;
        for row in &mut rows {
            row.sort_by(|a, b| b.total_cmp(a));
        }
        let mass_kg = |row: usize| 2.0 + row as f64;
        let steps: Vec<Vec<Step>> = rows
            .iter()
            .enumerate()
            .map(|(i, row)| row.iter().map(|gain| Step { mass_kg: mass_kg(i), gain: *gain }).collect())
            .collect();
        let of_one: Vec<f64> = (0..rows.len()).map(mass_kg).collect();
        let flights: Vec<Flight> = rooms
            .iter()
            .map(|most| Flight {
                carries: vec![true; rows.len()],
                limits: vec![Limit { of_one: of_one.clone(), most: *most }],
            })
            .collect();
        let target_gain = wanted * rows.iter().flatten().sum::<f64>();
        let least = vec![least; rows.len()];
        for goal in [Goal::MostGain, Goal::Lightest { target_gain }] {
            let Ok((best, loads)) = solve_on_flights(&steps, goal, &[], &least, &flights) else {
                continue; // not enough room
            };
            for (row, taken) in best.steps.iter().enumerate() {
                let carried: u32 = loads.iter().map(|load| load[row]).sum();
                prop_assert_eq!(carried, taken + least[row], "row {} of {:?}", row, loads);
            }
            for (load, most) in loads.iter().zip(&rooms) {
                let kg: f64 = load.iter().zip(&of_one).map(|(n, kg)| f64::from(*n) * kg).sum();
                prop_assert!(kg <= most + 1e-6, "{kg} kg in {most}");
            }
        }
    }
}
