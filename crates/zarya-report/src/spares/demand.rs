//! How many spares are needed: a table of periods, and their growth as a picture.

use crate::columns::{self, COLUMNS};
use crate::picture::{Across, Mark, Panel, Picture, Range, Shape, svg as drawn};
use std::fmt::Write as _;
use zarya::spares::demand::{Answer, Period, Total};

/// Returns the answer for people: periods side by side, as many as fit, in blocks.
pub fn text(answer: &Answer) -> String {
    /// Columns of names, and of the expected number in the first block.
    const NAMES: usize = 32;
    const EXPECTED: usize = 10;
    let totals = &answer.totals;
    let width = columns::width(answer.rows.iter().map(|row| &*row.id), 5, NAMES);
    let heavy = totals.iter().any(|total| total.mass_kg > 0.0);
    let kg = |total: &Total| format!("{:.0}", total.mass_kg);
    let widest = |total: &Total| {
        let mass = if heavy { kg(total).len() } else { 0 };
        total.stock.to_string().len().max(mass).max(format!("to {}", total.period).len())
    };
    let cell = totals.iter().map(widest).max().unwrap_or(0) + 1;
    let side_by_side = ((COLUMNS - width - EXPECTED) / cell).max(1);
    let mut text = format!(
        "Spares needed by the end of each period; each type lasts with {:.8}\n",
        answer.confidence_of_each
    );
    for (block, totals) in totals.chunks(side_by_side).enumerate() {
        let mut line = |name: &str, expected: &str, cells: &dyn Fn(&Total) -> String| {
            let _ = write!(text, "{}", columns::head(name, width));
            if block == 0 {
                let _ = write!(text, "{expected:>EXPECTED$}");
            }
            for total in totals {
                let _ = write!(text, "{:>cell$}", cells(total));
            }
            text.push('\n');
        };
        if block > 0 {
            line("", "", &|_| String::new());
        }
        line("unit", "expected", &|total| format!("to {}", total.period));
        for row in &answer.rows {
            let last = row.periods.last().map_or(0.0, |period| period.mean);
            let stock = |total: &Total| row.periods[total.period - 1].stock.to_string();
            line(&row.id, &format!("{last:.2}"), &stock);
        }
        line("total", "", &|total| total.stock.to_string());
        if heavy {
            line("kg", "", &kg);
        }
    }
    columns::fitted(&text)
}

/// Returns stock, threshold, expected failures and plan of all unit types over the periods.
pub fn svg(answer: &Answer) -> String {
    let at = |of: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        let each = answer.totals.iter().enumerate();
        std::iter::once((0.0, 0.0))
            .chain(each.map(|(i, total)| (total.period as f64, of(i))))
            .collect()
    };
    let sum = |of: &dyn Fn(&Period) -> f64, i: usize| {
        answer.rows.iter().map(|row| of(&row.periods[i])).sum()
    };
    let line = |name: &str, color: usize, points| Mark::new(name, color, Shape::Line(points));
    let marks = vec![
        line("stock", 0, at(&|i| answer.totals[i].stock as f64)),
        line("random threshold", 1, at(&|i| sum(&|p| f64::from(p.threshold), i))),
        line("expected failures", 2, at(&|i| sum(&|p| p.mean, i))),
        line("scheduled", 3, at(&|i| sum(&|p| f64::from(p.scheduled), i))),
    ];
    let panel = Panel { name: "spares, all unit types".into(), range: Range::FromZero, marks };
    let last = answer.totals.last().map_or((0, 0), |total| (total.stock, total.period));
    drawn(&Picture {
        title: "Spares needed by the end of each period",
        sentence: &format!("{} spares are needed through period {}.", last.0, last.1),
        across: Across::Counts("period"),
        panels: vec![panel],
        events: Vec::new(),
    })
}
