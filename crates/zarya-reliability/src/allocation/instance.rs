//! An instance given as the mass and gain of each further spare, as a text.

use super::{Problem, Step};
use std::collections::BTreeMap;

/// An instance, with the names of its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Names of the rows, in order of appearance.
    pub names: Vec<String>,
    /// Their steps, and the gain to reach.
    pub problem: Problem,
}

/// What is wrong with a line of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do; may be empty.
    pub help: &'static str,
}

/// Reads an instance: a first line with the number of steps and the gain in ln P to reach, then lines of
/// row, mass of one more spare \[kg\] and its gain, which never rises within a row.
///
/// # Errors
///
/// Every line that is wrong.
pub fn read_instance(text: &str) -> Result<Instance, Vec<LineProblem>> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let head = lines.next().map(|(_, line)| line.split_whitespace().collect::<Vec<_>>());
    let head = head.as_deref().and_then(|head| match head {
        [count, gain] => Some((count.parse::<usize>().ok()?, gain.parse::<f64>().ok()?)),
        _ => None,
    });
    let Some((count, target_gain)) = head.filter(|(_, gain)| gain.is_finite()) else {
        let what = "the first line gives the number of steps and the gain to reach";
        return Err(vec![LineProblem { line: 1, what: what.to_owned(), help: "" }]);
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
            problems.push(LineProblem { line: index + 1, what, help: "" });
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
                 spare of a row gains no more than the last",
                rows[place].len() + 1,
                before.gain
            );
            let help = "give the spares of a row in the order in which they are carried";
            problems.push(LineProblem { line: index + 1, what, help });
        }
        rows[place].push(Step { mass_kg, gain });
    }
    if n != count {
        let what = format!("{count} steps are announced and {n} follow");
        problems.push(LineProblem { line: 1, what, help: "" });
    }
    let problem = Problem { rows, target_gain };
    if problems.is_empty() { Ok(Instance { names, problem }) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marginal analysis takes steps in their order: a gain may stay or fall, never rise.
    #[test]
    fn a_rising_gain_is_refused_with_its_row() {
        assert!(read_instance("4 1.0\na 5 0.9\nb 3 0.6\nb 3 0.6\na 5 0.3\n").is_ok());
        let problems = read_instance("4 1.0\na 5 0.3\nb 3 0.6\na 5 0.9\nb 3 0.4\n").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, 4);
        let what = &problems[0].what;
        assert!(what.starts_with("row `a` gains 0.9 with spare 2, after 0.3"), "{what}");
    }
}
