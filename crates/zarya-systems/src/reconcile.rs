//! Published tables that do not close, moved by least squares until they do.

use std::fmt;

/// One row of a published balance.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// The published value; positive.
    pub value: f64,
    /// The low end it may move to.
    pub low: f64,
    /// The high end it may move to.
    pub high: f64,
    /// True for what goes in, false for what comes out.
    pub input: bool,
}

/// A table that closes, and what was done to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconciled {
    /// The rows' values, in the order given.
    pub values: Vec<f64>,
    /// Sum of what goes in, as published.
    pub published_in: f64,
    /// Sum of what comes out, as published.
    pub published_out: f64,
}

impl Reconciled {
    /// Returns the gap of the published table relative to what goes in.
    pub fn published_gap(&self) -> f64 {
        (self.published_out - self.published_in) / self.published_in
    }
}

/// A table that its own ranges do not allow to close.
#[derive(Clone, Debug, PartialEq)]
pub struct CannotClose {
    /// What is left when every row stands at its end: in minus out.
    pub left: f64,
}

impl fmt::Display for CannotClose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the table does not close inside its published ranges: {:.4} is left between what \
             goes in and what comes out",
            self.left
        )
    }
}

impl std::error::Error for CannotClose {}

/// Returns the values nearest to the published ones for which what goes in comes out.
///
/// # Model
///
/// Least squares with each row weighted by the inverse of its value, `min sum (x - v)^2 / v`, so
/// that free rows move by the same share; rows are held at the ends of their ranges. The
/// multiplier is found by bisection on the gap, which falls monotonically in it.
///
/// # Errors
///
/// [`CannotClose`] when the ranges are too narrow.
pub fn reconcile(rows: &[Row]) -> Result<Reconciled, CannotClose> {
    let sign = |row: &Row| if row.input { 1.0 } else { -1.0 };
    let moved = |row: &Row, multiplier: f64| {
        (row.value * (1.0 - sign(row) * multiplier)).clamp(row.low, row.high)
    };
    let gap = |multiplier: f64| -> f64 {
        rows.iter().map(|row| sign(row) * moved(row, multiplier)).sum()
    };
    let (mut low, mut high) = (-1.0, 1.0);
    if gap(low) < 0.0 || gap(high) > 0.0 {
        let end = if gap(low) < 0.0 { low } else { high };
        return Err(CannotClose { left: gap(end) });
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if gap(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let multiplier = 0.5 * (low + high);
    let sum = |input: bool| rows.iter().filter(|row| row.input == input).map(|row| row.value).sum();
    Ok(Reconciled {
        values: rows.iter().map(|row| moved(row, multiplier)).collect(),
        published_in: sum(true),
        published_out: sum(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64, share: f64, input: bool) -> Row {
        let (low, high) = (value * (1.0 - share), value * (1.0 + share));
        Row { id: String::new(), value, low, high, input }
    }

    #[test]
    fn free_rows_move_by_the_same_share() {
        let answer = reconcile(&[row(1.0, 0.0, true), row(3.0, 0.1, true), row(3.9, 0.1, false)])
            .expect("closes");
        let share = 1.0 - answer.values[1] / 3.0;
        assert_eq!(answer.values[0], 1.0);
        assert!((answer.values[2] / 3.9 - 1.0 - share).abs() < 1e-12);
        assert!((answer.values[0] + answer.values[1] - answer.values[2]).abs() < 1e-12);
    }

    #[test]
    fn ranges_too_narrow_are_refused() {
        let error = reconcile(&[row(1.0, 0.01, true), row(2.0, 0.01, false)]).unwrap_err();
        assert!((error.left + 0.97).abs() < 1e-12, "{error}");
    }
}
