//! Burns found in a series.

use crate::columns::fitted;
use crate::picture::{Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::counted;
use zarya::orbit::reboosts::Answer;
use zarya::units::Date;

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
             {:<22}  delta-v m/s  ± s.e.  altitude km  flown between, {:.0} %\n",
            counted(burns.len(), "burn"),
            down.abs(),
            "date (UTC)",
            100.0 * burns[0].between_share
        )
    };
    for burn in burns {
        let _ = writeln!(
            text,
            "{:<22}  {:>+11.3}  {:>6.3}  {:>+11.3}  {} to {}",
            days(&burn.dates),
            burn.delta_v_m_s,
            burn.standard_error,
            burn.delta_altitude_km,
            hour(burn.between_mjd.0, f64::floor),
            hour(burn.between_mjd.1, f64::ceil),
        );
    }
    fitted(&text)
}

/// Writes the days on which a burn may have been flown, the likeliest first: `2021-12-24 or 23`.
fn days(dates: &[Date]) -> String {
    let Some((first, others)) = dates.split_first() else { return String::new() };
    let mut text = first.to_string();
    for (i, other) in others.iter().enumerate() {
        let full = other.to_string();
        let same_month = (other.year(), other.month()) == (first.year(), first.month());
        let joint = if i + 1 == others.len() { " or " } else { ", " };
        text += joint;
        text += if same_month { &full[8..] } else { &full[5..] };
    }
    text
}

/// Writes a day of the month and an hour, with the minute rounded outward.
fn hour(mjd: f64, round: fn(f64) -> f64) -> String {
    const MINUTES_PER_DAY: f64 = 1440.0;
    // Less than a second of rounding in a time stamp is not a minute.
    let slack = 0.01 * if round(0.5) > 0.5 { -1.0 } else { 1.0 };
    let minutes = round(mjd * MINUTES_PER_DAY + slack);
    let day = Date::from_mjd((minutes / MINUTES_PER_DAY).floor());
    let minutes = minutes.rem_euclid(MINUTES_PER_DAY) as u32;
    format!("{} {:02}:{:02}", &day.to_string()[8..], minutes / 60, minutes % 60)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_written_short() {
        let dates = |texts: &[&str]| -> String {
            days(&texts.iter().map(|text| Date::parse(text).unwrap()).collect::<Vec<_>>())
        };
        assert_eq!(dates(&["2021-12-03"]), "2021-12-03");
        assert_eq!(dates(&["2021-12-24", "2021-12-23"]), "2021-12-24 or 23");
        assert_eq!(dates(&["2022-02-28", "2022-03-01", "2022-02-27"]), "2022-02-28, 03-01 or 27");
        let noon = Date::parse("2021-12-24").unwrap().mjd() + 0.5;
        assert_eq!(hour(noon + 0.5 / 1440.0, f64::floor), "24 12:00");
        assert_eq!(hour(noon + 0.5 / 1440.0, f64::ceil), "24 12:01");
        assert_eq!(hour(noon + 719.5 / 1440.0, f64::ceil), "25 00:00");
    }
}
