//! The loss of altitude predicted from the past.

use crate::columns::fitted;
use crate::picture::{Mark, Shape};
use zarya::orbit::hindcast::{Answer, Day};
use zarya::orbit::{FLOOR_KM, counted};

/// Returns the loss with its band, and what was estimated.
pub fn text(answer: &Answer) -> String {
    let drop = answer.drop_km;
    let sinks = match answer.sinks_below_150_km {
        Some(date) => format!("below 150 km by {date}"),
        None => format!("{} km", lost(answer, drop.p50)),
    };
    let jb2008 = answer.inputs.jb2008_drivers_sha256.is_some();
    fitted(&format!(
        "From {} at {:.2} km through {}: sinks {sinks} (5-95 %: {} to {} km)\n\
         under {}{}\n\
         drag area {:.5} m2/kg ± {:.5} at density scale {:.3} ± {:.3} (their product to {:.1} %)\n\
         from {} rows through {} and {}\n",
        answer.from,
        answer.start_altitude_km,
        answer.through,
        lost(answer, drop.p05),
        lost(answer, drop.p95),
        super::sun(&answer.sun),
        if jb2008 { ", density from JB2008" } else { "" },
        answer.drag_area_m2_kg,
        answer.drag_area_standard_error_m2_kg,
        answer.density_scale,
        answer.density_scale_standard_error,
        100.0 * answer.product_relative_standard_error,
        answer.rows_used,
        answer.last_row_used,
        counted(answer.n_past_burns, "past burn"),
    ))
}

/// A loss in km; where it has no bound, that down to the floor.
fn lost(answer: &Answer, km: f64) -> String {
    if km.is_finite() {
        format!("{km:.2}")
    } else {
        format!("at least {:.2}", answer.start_altitude_km - FLOOR_KM)
    }
}

/// Draws the rows before the start and the band after it.
pub fn svg(answer: &Answer) -> String {
    let line = |pick: fn(&Day) -> f64| {
        let point = |day: &Day| (day.date.mjd(), pick(day).max(FLOOR_KM));
        answer.days_km.iter().map(point).collect::<Vec<_>>()
    };
    let drop = answer.drop_km;
    super::altitudes(
        "Decay predicted from the rows before the start",
        &format!(
            "Altitude known before {}, then predicted to fall {} km by {} (5 to 95 %: {} to {} km).",
            answer.from,
            lost(answer, drop.p50),
            answer.through,
            lost(answer, drop.p05),
            lost(answer, drop.p95)
        ),
        vec![
            Mark::new("5-95 %", 0, Shape::Band(line(|q| q.p05), line(|q| q.p95))),
            Mark::new("median", 0, Shape::Line(line(|q| q.altitude_km))),
            Mark::new("known", 1, Shape::Line(answer.known_km.clone())),
        ],
        vec![(answer.from.mjd(), "start".into())],
    )
}
