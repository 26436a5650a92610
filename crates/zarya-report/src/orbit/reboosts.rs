//! Burns found in a series.

use crate::columns::fitted;
use crate::picture::{Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::counted;
use zarya::orbit::reboosts::Answer;

/// Returns a table of the burns.
pub fn text(answer: &Answer) -> String {
    let burns = &answer.burns;
    // An empty sum is minus zero.
    let up: f64 = burns.iter().map(|burn| burn.delta_v_m_s.max(0.0)).sum::<f64>() + 0.0;
    let down: f64 = burns.iter().map(|burn| burn.delta_v_m_s.min(0.0)).sum();
    let between = format!("between {} and {}", answer.input.first, answer.input.last);
    let mut text = if burns.is_empty() {
        format!("No burn found {between} in {}\n", counted(answer.input.rows, "row"))
    } else {
        format!(
            "{} {between}: {up:.1} m/s up, {:.1} m/s down\n\n\
             date         delta-v m/s   ± s.e.   altitude km\n",
            counted(burns.len(), "burn"),
            down.abs()
        )
    };
    for burn in burns {
        let _ = writeln!(
            text,
            "{}   {:>+11.3}   {:>6.3}   {:>+11.3}",
            burn.date, burn.delta_v_m_s, burn.standard_error, burn.delta_altitude_km
        );
    }
    fitted(&text)
}

/// Draws the series with the burns in it.
pub fn svg(answer: &Answer) -> String {
    super::altitudes(
        "Mean altitude and burns found",
        &format!("Mean altitude in time with {} marked.", counted(answer.burns.len(), "burn")),
        vec![
            Mark::new("mean altitude", 0, Shape::Line(answer.rows_km.clone())),
            Mark::new("first fix after a burn", 1, Shape::Dots(answer.after_km.clone())),
        ],
        Vec::new(),
    )
}
