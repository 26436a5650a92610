//! Life support: how long it lasts, how it moves, what a hatch costs.

pub mod endurance;
pub mod hatch;
mod picture;
pub mod run;

use zarya::units::{Date, math};

/// A number to four digits.
fn short(value: f64) -> String {
    if value == 0.0 || value.abs() >= 1000.0 {
        return format!("{value:.0}");
    }
    let digits = (3.0 - math::log10(value.abs()).floor()).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn date_after(from: Option<Date>, days: f64) -> Option<Date> {
    Date::in_calendar(from?.mjd() + days)
}
