//! Which spares to carry: the stock with its proof as a table, and marginal analysis as a picture.

use crate::columns::{self, COLUMNS, fitted};
use crate::picture::{Across, Mark, Panel, Picture, Range, Shape as Drawn, svg as drawn};
use std::fmt::Write as _;
use zarya::spares::allocate::{Answer, OfSteps, OfUnits, Proof, Shape};

/// Above this the next percent says little, being most of what is left.
const NEARLY_SURE: f64 = 0.98;

/// Returns the answer for people.
pub fn text(answer: &Answer) -> String {
    match answer {
        Answer::Units(answer) => of_units(answer),
        Answer::Steps(answer) => of_steps(answer),
    }
}

fn of_units(answer: &OfUnits) -> String {
    /// Columns of names, beside counts and masses.
    const NAMES: usize = 56;
    let width = columns::width(answer.carried.iter().map(|unit| &*unit.id), 4, NAMES);
    let mut text = String::new();
    let proof = match (answer.proof, answer.gap_kg, answer.bound_probability) {
        (Proof::Optimal, ..) if answer.asked.is_some() => "proven to be the lightest".to_owned(),
        (Proof::Optimal, ..) => "proven to be the most probable".to_owned(),
        (_, Some(gap_kg), _) => format!("at most {gap_kg:.3} kg above the lightest"),
        (_, _, Some(bound)) => format!("none within the limits exceeds {bound:.6}"),
        _ => "without a proof".to_owned(),
    };
    let asked = answer.asked.map_or(String::new(), |p| format!(" (asked: {p})"));
    let found =
        format!("{:.3} kg of spares last with {:.6}{asked};", answer.mass_kg, answer.probability);
    // The proof stays in one piece.
    let room = found.chars().count() + 1 + proof.chars().count() <= COLUMNS;
    let _ = writeln!(text, "{found}{}{proof}", if room { " " } else { "\n  " });
    for limit in &answer.limits {
        let _ = writeln!(text, "{}: {:.3} of {}", limit.name, limit.used, limit.most);
    }
    for flight in &answer.flights {
        let spares: Vec<String> =
            flight.spares.iter().map(|(id, n)| format!("{n}\u{a0}{id}")).collect();
        let limits: Vec<String> = flight
            .limits
            .iter()
            .map(|limit| {
                format!("{}\u{a0}{:.3}\u{a0}of\u{a0}{}", limit.name, limit.used, limit.most)
            })
            .collect();
        let _ = writeln!(
            text,
            "flight on day {}: {} ({})",
            flight.day,
            if spares.is_empty() { "nothing".to_owned() } else { spares.join(", ") },
            limits.join(", ")
        );
    }
    if let Some(kg) = answer.half_the_failures_kg.filter(|_| answer.probability > NEARLY_SURE) {
        let _ = writeln!(text, "halving the probability of running out costs {kg:.1} kg");
    } else if let Some(margin) = &answer.next_percent {
        let _ = writeln!(
            text,
            "the next percent costs {:.1} kg; `{}` carries it",
            margin.mass_kg, margin.carried_by
        );
    }
    let mut others = Vec::new();
    if let Some(kg) = answer.greedy_kg {
        others.push(format!("marginal analysis {kg:.3}\u{a0}kg"));
    }
    if let Some(kg) = answer.equal_split_kg {
        others.push(format!("equal\u{a0}split\u{a0}{kg:.3}\u{a0}kg"));
    }
    if !others.is_empty() {
        let _ = writeln!(text, "by comparison, without limits: {}", others.join(", "));
    }
    let cells = |of: &dyn Fn(&Shape) -> String| -> String {
        let cells = answer.if_rates_unknown.iter().map(|row| format!("{:>9}", of(row)));
        cells.collect::<Vec<_>>().concat()
    };
    let _ = writeln!(text, "if rates are not known but have gamma priors:");
    let _ = writeln!(text, "  of shape        {}", cells(&|row| row.shape.to_string()));
    let _ =
        writeln!(text, "  the stock lasts {}\n", cells(&|row| format!("{:.5}", row.probability)));
    let _ = writeln!(text, "{:width$}  spares        kg", "unit");
    for unit in &answer.carried {
        let name = columns::head(&unit.id, width);
        let n = unit.spares;
        let _ = writeln!(text, "{name}  {n:>6}  {:>8.2}", f64::from(n) * unit.mass_kg);
    }
    fitted(&text)
}

fn of_steps(answer: &OfSteps) -> String {
    let proof = match answer.proof {
        Proof::Optimal => "proven to be the lightest".to_owned(),
        Proof::Gap => format!("at most {:.3} kg above the lightest", answer.gap_kg),
    };
    fitted(&format!(
        "{:.3} kg gain {:.9} of {:.9}; {proof}; divisible spares {:.3} kg, marginal analysis {:.3} kg",
        answer.mass_kg, answer.gain, answer.target_gain, answer.relaxed_kg, answer.greedy_kg,
    ))
}

/// Returns the probability over the mass of spares, with the stock found; nothing for an instance, which
/// has no probabilities.
pub fn svg(answer: &Answer) -> Option<String> {
    let Answer::Units(answer) = answer else { return None };
    let proof = match answer.proof {
        Proof::Optimal => "optimal",
        Proof::Gap => "gap",
    };
    let (mass_kg, probability) = (answer.mass_kg, answer.probability);
    let curve = answer.curve.iter().map(|p| (p.mass_kg, p.probability)).collect();
    let found = format!("{proof}: {mass_kg:.0} kg, {probability:.4}");
    let marks = vec![
        Mark::new("marginal analysis", 0, Drawn::Line(curve)),
        Mark::new(found.as_str(), 0, Drawn::Point(mass_kg, probability)),
    ];
    let panel = Panel { name: "probability".into(), range: Range::Fixed(0.0, 1.0), marks };
    Some(drawn(&Picture {
        title: "Probability that the spares last, by their mass",
        sentence: &format!(
            "The stock found has {mass_kg:.0} kg and lasts with probability {probability:.4} ({proof})."
        ),
        across: Across::Numbers("mass of spares (kg)"),
        panels: vec![panel],
        events: Vec::new(),
    }))
}
