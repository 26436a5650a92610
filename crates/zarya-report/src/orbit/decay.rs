//! The altitude day by day.

use crate::columns::fitted;
use crate::picture::{HELP, Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::FLOOR_KM;
use zarya::orbit::decay::{Answer, Day};

/// Rows of a text at most, besides the last.
const ROWS: usize = 24;

/// Returns the loss and some of the days.
pub fn text(answer: &Answer) -> String {
    let days = &answer.days;
    let end = days.len() - 1;
    let last = days[end];
    let mut text = format!(
        "From {} at {:.2} km through {}: {:.2} km lost, {:.2} km left, under {}\n",
        answer.from,
        answer.altitude_km,
        last.date,
        answer.altitude_km - last.altitude_km,
        last.altitude_km,
        super::sun(&answer.sun)
    );
    if let Day { p05: Some(low), p95: Some(high), .. } = last {
        let _ = writeln!(text, "5-95 % at the end: {low:.2} to {high:.2} km");
    }
    text += &super::beyond(answer.outlasted.as_deref());
    let every = days.len().div_ceil(ROWS).max(1);
    for (_, day) in days.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == end) {
        let _ = write!(text, "{}   {:.3}", day.date, day.altitude_km);
        let _ = match day {
            Day { p05: Some(low), p95: Some(high), .. } => {
                writeln!(text, "   {low:.3} to {high:.3}")
            }
            _ => writeln!(text),
        };
    }
    fitted(&text)
}

/// Draws the altitude, with its band over worlds where there is one.
pub fn svg(answer: &Answer) -> String {
    let line = |pick: fn(&Day) -> f64| {
        answer.days.iter().map(|day| (day.date.mjd(), pick(day))).collect::<Vec<_>>()
    };
    let low_of = |day: &Day| day.p05.unwrap_or(day.altitude_km);
    let last = answer.days[answer.days.len() - 1];
    let mut marks = Vec::new();
    let mut middle = line(|day| day.altitude_km);
    super::fallen(&mut middle);
    let name = if answer.banded() {
        let mut low = line(low_of);
        let mut high = line(|day| day.p95.unwrap_or(day.altitude_km));
        super::fallen(&mut high);
        low.truncate(high.len());
        marks.push(Mark::new("5-95 % of worlds", 0, Shape::Band(low, high)));
        "median"
    } else {
        "mean altitude"
    };
    marks.push(Mark::new(name, 0, Shape::Line(middle)));
    if low_of(&last) <= FLOOR_KM {
        let name = format!("entry follows, {FLOOR_KM} km");
        marks.push(Mark::new(name, HELP, Shape::Level(FLOOR_KM)));
    }
    let sentence = format!(
        "Altitude falls from {:.1} to {:.1} km between {} and {}.",
        answer.altitude_km, last.altitude_km, answer.from, answer.through
    );
    super::altitudes("Decay without reboost", &sentence, marks, Vec::new())
}
