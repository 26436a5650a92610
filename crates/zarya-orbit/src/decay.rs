//! Altitude against time under drag, without burns.

use crate::geometry::day_of_year;
use crate::sun::SunPath;
use crate::table::{ALTITUDE_KM, DecayTable};
use zarya_units::Mjd;

/// Where a decay ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decayed {
    /// Mean altitude at the end, km: never below the floor of the table, 150 km.
    pub altitude_km: f64,
    /// Days until the end: those asked for, or fewer when the floor was reached.
    pub days: f64,
    /// Whether the floor was reached; entry follows within about a day.
    pub reentered: bool,
}

/// The longest step of [`decay_over`], days: the Sun is averaged over it.
pub const STEP_DAYS_MAX: f64 = 7.0;
/// The largest loss of altitude in one step, km: a small part of the scale height (22 km at
/// 150 km, 60 km at 420 km), so that the midpoint rule holds.
const STEP_LOSS_KM_MAX: f64 = 3.0;

/// Returns the altitude after `days` days of decay, in steps of up to a week.
///
/// `drag_area_m2_kg` is `Cd A / m`; `density_scale` multiplies the model's density.
///
/// # Model
///
/// Midpoint steps under the mean Sun of each step. Against daily steps the loss over a year
/// differs by less than 0.5 % (tested): the days' scatter of Ap is what is averaged away.
///
/// # Panics
///
/// If the path of the Sun does not begin by `from_mjd`; after its end its last day holds.
pub fn decay_over(
    table: &DecayTable,
    altitude_km: f64,
    drag_area_m2_kg: f64,
    density_scale: f64,
    from_mjd: Mjd,
    days: f64,
    sun: &SunPath,
) -> Decayed {
    assert!(from_mjd >= sun.start(), "the Sun's path begins at {}", sun.start());
    let drag = drag_area_m2_kg * density_scale;
    let mut state = Decayed { altitude_km, days: 0.0, reentered: altitude_km <= ALTITUDE_KM.0 };
    while state.days < days && !state.reentered {
        let step = (days - state.days).min(STEP_DAYS_MAX);
        let from = from_mjd + state.days;
        let mean = sun.mean(from, from + step);
        let terms = table.day_terms(mean, day_of_year(from + 0.5 * step));
        let rate = |altitude: f64| drag * table.rate_at(altitude, &terms);
        advance(&mut state, step, rate);
    }
    state
}

/// Returns the mean altitude at the start of each day and at the end: `days + 1` values at most.
///
/// Daily steps, each with its own Sun: the reference for [`decay_over`] and what commands print. A
/// step that begins inside a day takes the Sun of both days it touches, one after the other.
/// Fewer values mean that the floor of the table was reached.
///
/// # Panics
///
/// If the path of the Sun does not begin by `from_mjd`.
pub fn decay_daily(
    table: &DecayTable,
    altitude_km: f64,
    drag_area_m2_kg: f64,
    from_mjd: Mjd,
    days: usize,
    sun: &SunPath,
    density_scale: impl Fn(Mjd) -> f64,
) -> (Vec<f64>, Decayed) {
    assert!(from_mjd >= sun.start(), "the Sun's path begins at {}", sun.start());
    let mut state = Decayed { altitude_km, days: 0.0, reentered: altitude_km <= ALTITUDE_KM.0 };
    let mut altitudes = Vec::with_capacity(days + 1);
    altitudes.push(altitude_km);
    for day in 0..days {
        if state.reentered {
            break;
        }
        let mjd = from_mjd + day as f64;
        let first = 1.0 - mjd.fract();
        for (from, width) in [(mjd, first), (mjd + first, 1.0 - first)] {
            if width > 0.0 && !state.reentered {
                let middle = from + 0.5 * width;
                let terms = table.day_terms(sun.at(middle), day_of_year(middle));
                let drag = drag_area_m2_kg * density_scale(from);
                advance(&mut state, width, |altitude| drag * table.rate_at(altitude, &terms));
            }
        }
        if !state.reentered {
            altitudes.push(state.altitude_km);
        }
    }
    (altitudes, state)
}

/// Advances by `days` under one law of the rate, in as few midpoint steps as the loss allows.
#[inline]
fn advance(state: &mut Decayed, days: f64, rate: impl Fn(f64) -> f64) {
    let mut left = days;
    while left > 0.0 {
        let now = rate(state.altitude_km);
        let step = left.min(STEP_LOSS_KM_MAX / now);
        let middle = rate(state.altitude_km - 0.5 * step * now);
        let next = state.altitude_km - step * middle;
        if next <= ALTITUDE_KM.0 {
            state.days += step * (state.altitude_km - ALTITUDE_KM.0) / (state.altitude_km - next);
            state.altitude_km = ALTITUDE_KM.0;
            state.reentered = true;
            return;
        }
        state.altitude_km = next;
        state.days += step;
        left -= step;
    }
}
