//! `zarya spares allocate --steps`: an instance given as the mass and gain of each further spare.

use super::proof_name;
use crate::output::{self, Failure};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use zarya_reliability::allocation::{Problem, Proof, Step, curve, solve};
use zarya_report::columns::fitted;

#[derive(Serialize)]
struct StepsAnswer {
    mass_kg: f64,
    gain: f64,
    target_gain: f64,
    stock: BTreeMap<String, u32>,
    proof: &'static str,
    gap_kg: f64,
    bound_kg: f64,
    relaxed_kg: f64,
    greedy_kg: f64,
}

pub(super) fn run(path: &Path, json: Option<&Path>) -> Result<(), Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
    let (names, problem) = parse(&text).map_err(|problems| {
        let lines: Vec<String> = problems
            .iter()
            .map(|(line, what)| format!("error: {}:{line}: {what}", path.display()))
            .collect();
        Failure::Refused(lines.join("\n"))
    })?;
    let allocation = solve(&problem).ok_or_else(|| {
        Failure::Refused(format!(
            "{}: all steps together gain less than {}\n  help: add steps or lower the gain on line 1",
            path.display(),
            problem.target_gain
        ))
    })?;
    let bound_kg = match allocation.proof {
        Proof::Optimal => allocation.mass_kg,
        Proof::Bound { mass_kg } => mass_kg,
        Proof::GainBound { .. } => 0.0,
    };
    let greedy_kg = curve(&problem)
        .iter()
        .find(|point| point.gain >= problem.target_gain)
        .map_or(allocation.mass_kg, |point| point.mass_kg);
    let answer = StepsAnswer {
        mass_kg: allocation.mass_kg,
        gain: allocation.gain,
        target_gain: problem.target_gain,
        stock: names.into_iter().zip(allocation.steps.iter().copied()).collect(),
        proof: proof_name(allocation.proof),
        gap_kg: allocation.mass_kg - bound_kg,
        bound_kg,
        relaxed_kg: allocation.relaxed_kg,
        greedy_kg,
    };
    if json != Some(Path::new("-")) {
        output::text(&fitted(&format!(
            "{:.3} kg gain {:.9} of {:.9}; {}; divisible spares {:.3} kg, marginal analysis {:.3} kg",
            answer.mass_kg,
            answer.gain,
            answer.target_gain,
            if answer.proof == "optimal" {
                "proven to be the lightest".to_owned()
            } else {
                format!("at most {:.3} kg above the lightest", answer.gap_kg)
            },
            answer.relaxed_kg,
            answer.greedy_kg,
        )))?;
    }
    match json {
        Some(path) => output::json(path, &answer),
        None => Ok(()),
    }
}

/// Names of the rows of an instance, and the instance.
type Instance = (Vec<String>, Problem);
/// A line and what is wrong with it.
type LineProblem = (usize, String);

/// Names of the rows in order of appearance and their steps, or all problems with their lines.
fn parse(text: &str) -> Result<Instance, Vec<LineProblem>> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let head = lines.next().map(|(_, line)| line.split_whitespace().collect::<Vec<_>>());
    let head = head.as_deref().and_then(|head| match head {
        [count, gain] => Some((count.parse::<usize>().ok()?, gain.parse::<f64>().ok()?)),
        _ => None,
    });
    let Some((count, target_gain)) = head.filter(|(_, gain)| gain.is_finite()) else {
        let what = "the first line gives the number of steps and the gain to reach";
        return Err(vec![(1, what.to_owned())]);
    };
    let mut problems = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let (mut names, mut rows): (Vec<String>, Vec<Vec<Step>>) = (Vec::new(), Vec::new());
    let mut n = 0;
    for (index, line) in lines {
        n += 1;
        let fields: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| {
            fields
                .get(at)
                .and_then(|f| f.parse::<f64>().ok())
                .filter(|v| *v >= 0.0 && v.is_finite())
        };
        let (Some(name), Some(mass_kg), Some(gain), 3) =
            (fields.first(), number(1), number(2), fields.len())
        else {
            let what = format!("`{line}` is not a row, a mass from 0 and a gain from 0");
            problems.push((index + 1, what));
            continue;
        };
        let place = *places.entry((*name).to_owned()).or_insert_with(|| {
            names.push((*name).to_owned());
            rows.push(Vec::new());
            rows.len() - 1
        });
        if let Some(before) = rows[place].last().filter(|before| before.gain < gain) {
            let what = format!(
                "row `{name}` gains {gain} with spare {}, after {} with the one before: each further \
                 spare of a row gains no more than the last\n  help: give the spares of a row in the \
                 order in which they are carried",
                rows[place].len() + 1,
                before.gain
            );
            problems.push((index + 1, what));
        }
        rows[place].push(Step { mass_kg, gain });
    }
    if n != count {
        problems.push((1, format!("{count} steps are announced and {n} follow")));
    }
    if problems.is_empty() { Ok((names, Problem { rows, target_gain })) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marginal analysis takes steps in their order: a gain may stay or fall, never rise.
    #[test]
    fn a_rising_gain_is_refused_with_its_row() {
        assert!(parse("4 1.0\na 5 0.9\nb 3 0.6\nb 3 0.6\na 5 0.3\n").is_ok());
        let problems = parse("4 1.0\na 5 0.3\nb 3 0.6\na 5 0.9\nb 3 0.4\n").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].0, 4);
        let what = &problems[0].1;
        assert!(what.starts_with("row `a` gains 0.9 with spare 2, after 0.3"), "{what}");
    }
}
