//! Whether spares last: a table of unit types, and the probability over days as a picture.

use crate::columns;
use crate::picture::{Across, Mark, Panel, Picture, Range, Shape, svg as drawn};
use std::fmt::Write as _;
use zarya::spares::sufficiency::{Answer, UnitLasting};

/// Returns the answer for people, the unit types that last with the least probability first.
pub fn text(answer: &Answer) -> String {
    /// Columns of names, beside counts and dates.
    const NAMES: usize = 36;
    let mut text = String::new();
    let end = answer.through.as_deref().map_or(String::new(), |date| format!(" (through {date})"));
    let limit =
        |by: &Option<String>| by.as_ref().map_or(String::new(), |id| format!(", limited by {id}"));
    let _ = writeln!(
        text,
        "the spares last {} d{end} with probability {}{}",
        answer.days,
        shown(answer.probability),
        limit(&answer.probability_limited_by)
    );
    let until = |days: Option<f64>, date: &Option<String>| match (days, date) {
        (None, _) => "beyond 100 years".to_owned(),
        (Some(days), Some(date)) => format!("{days:.1} d, {date}"),
        (Some(days), None) => format!("{days:.1} d"),
    };
    let _ = writeln!(
        text,
        "they last with {} through {}{}",
        answer.confidence,
        until(answer.days_sufficient, &answer.date_sufficient),
        limit(&answer.days_limited_by)
    );
    for row in &answer.what_if {
        let _ = writeln!(
            text,
            "  rates x {:<5} probability {}, through {}",
            row.rates_times,
            shown(row.probability),
            until(row.days_sufficient, &row.date_sufficient)
        );
    }
    for (kind, rows) in [("subsystem", &answer.subsystems), ("capability", &answer.capabilities)] {
        for (name, probability) in rows {
            let _ = writeln!(text, "{kind} {name}: {}", shown(*probability));
        }
    }
    let width = columns::width(answer.units.iter().map(|unit| &*unit.id), 4, NAMES);
    let _ = writeln!(text, "\n{:width$}   stock  probability  lasts through", "unit");
    let mut rows: Vec<&UnitLasting> = answer.units.iter().collect();
    rows.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    for row in rows {
        let _ = writeln!(
            text,
            "{}  {:>6}  {:>11}  {}",
            columns::head(&row.id, width),
            row.stock,
            shown(row.probability),
            until(row.days_sufficient, &row.date_sufficient)
        );
    }
    columns::fitted(&text)
}

/// Returns the probability over days at each factor on the rates; the question must have asked for
/// curves.
pub fn svg(answer: &Answer) -> String {
    let confidence = answer.confidence;
    let mut marks: Vec<Mark> = answer
        .what_if
        .iter()
        .enumerate()
        .map(|(i, row)| {
            let points = row.curve.iter().map(|point| (point.days, point.probability)).collect();
            Mark::new(format!("rates x {}", row.rates_times), i, Shape::Line(points))
        })
        .collect();
    let lasts = answer.days_sufficient.filter(|days| *days <= answer.days);
    if let Some(days) = lasts {
        let name = format!("{confidence} through {days:.0} d");
        marks.push(Mark::new(name, 0, Shape::Point(days, confidence)));
    }
    let sentence = match lasts {
        Some(days) => {
            format!("The spares last with probability {confidence} or more through {days:.0} days.")
        }
        None => format!(
            "Over {:.0} days the spares last with probability {}.",
            answer.days,
            shown(answer.probability)
        ),
    };
    drawn(&Picture {
        title: "Probability that the spares last",
        sentence: &sentence,
        across: Across::Numbers("days from now"),
        panels: vec![Panel { name: "probability".into(), range: Range::Fixed(0.0, 1.0), marks }],
        events: Vec::new(),
    })
}

/// A probability in six digits; one too small for them does not read as none, nor none as one.
fn shown(probability: f64) -> String {
    if probability == 0.0 {
        "0".to_owned()
    } else if 0.0 < probability && probability < 1e-6 {
        "below 1e-6".to_owned()
    } else {
        format!("{probability:.6}")
    }
}
