//! Answers about orbits, as text and as pictures of altitudes in time.

pub mod decay;
pub mod deorbit;
pub mod elements;
pub mod hindcast;
pub mod keep;
pub mod lifetime;
pub mod reboosts;

use crate::picture::{Across, Mark, Panel, Picture, Range, svg};
use zarya::orbit::{FLOOR_KM, Quantiles, Sun};

/// What the vertical axis of every picture shows.
const ALTITUDE: &str = "mean altitude above 6378.137 km (km)";

/// A picture of altitudes in one panel.
fn altitudes(title: &str, sentence: &str, marks: Vec<Mark>, events: Vec<(f64, String)>) -> String {
    let panel = Panel { name: ALTITUDE.into(), range: Range::Marks, marks };
    svg(&Picture { title, sentence, across: Across::Dates, panels: vec![panel], events })
}

/// The Sun in words.
fn sun(sun: &Sun) -> String {
    match sun {
        Sun::Observed { .. } => "the observed Sun".into(),
        Sun::Forecast { issue, by, .. } => format!("{by}'s forecast issued {issue}"),
        Sun::Constant { f107_sfu, ap, .. } => {
            format!("a constant Sun (F10.7 {f107_sfu}, Ap {ap})")
        }
    }
}

/// A line on a span that outlasts the forecast; empty where none does.
fn beyond(outlasted: Option<&str>) -> String {
    outlasted.map_or_else(String::new, |said| {
        format!("no forecast of the Sun reaches this far: {said}\n")
    })
}

/// A median with its band, whole numbers.
fn band(q: Quantiles) -> String {
    format!("{:.0} ({:.0} to {:.0})", q.p50, q.p05, q.p95)
}

/// Ends a curve where it reaches the floor of the tables: nothing flies on there.
fn fallen(points: &mut Vec<(f64, f64)>) {
    if let Some(at) = points.iter().position(|point| point.1 <= FLOOR_KM) {
        points.truncate(at + 1);
    }
}
