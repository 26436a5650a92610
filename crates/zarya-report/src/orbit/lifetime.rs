//! How long an orbit lasts.

use crate::columns::fitted;
use crate::picture::{HELP, Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::lifetime::Answer;
use zarya::orbit::{Quantiles, Sun};
use zarya::units::Date;

/// Returns a table of days and dates by altitude.
pub fn text(answer: &Answer) -> String {
    let from = answer.from.mjd();
    let mut text = format!(
        "From {:.1} km on {} under {}, without burns:\n\nto km         5 %        50 %        95 %  \
         (days; dates below)\n",
        answer.altitude_km,
        answer.from,
        super::sun(&answer.sun)
    );
    let cell = |days: f64| if days.is_finite() { format!("{days:.0}") } else { "later".to_owned() };
    let date = |days: f64| {
        if days.is_finite() { Date::from_mjd(from + days).to_string() } else { "later".into() }
    };
    for target in &answer.targets {
        let q = target.days;
        let _ = writeln!(
            text,
            "{:>5.0} {:>11} {:>11} {:>11}\n      {:>11} {:>11} {:>11}",
            target.to_km,
            cell(q.p05),
            cell(q.p50),
            cell(q.p95),
            date(q.p05),
            date(q.p50),
            date(q.p95)
        );
    }
    fitted(&text)
}

/// Draws when each altitude is passed; the answer must hold its curve (`curve` of the question).
pub fn svg(answer: &Answer) -> String {
    let (from, end) = (answer.from.mjd(), answer.sun_ends);
    let line = |pick: fn(&Quantiles) -> f64| {
        answer
            .curve
            .iter()
            .map(|target| (from + pick(&target.days), target.to_km))
            .collect::<Vec<_>>()
    };
    // What lies beyond the forecast is not known: the band is cut there, the median ends.
    let (mut low, mut high) = (line(|q| q.p05), line(|q| q.p95));
    low.retain(|point| point.0.is_finite());
    high.truncate(low.len());
    let mut dates = Vec::new();
    if high.iter().any(|point| point.0.is_infinite()) || low.len() < answer.curve.len() {
        let what = match answer.sun {
            Sun::Forecast { .. } => "forecast ends",
            Sun::Observed { .. } => "record ends",
            Sun::Constant { .. } => "40 years",
        };
        dates.push((end, what.to_owned()));
    }
    for point in &mut high {
        point.0 = point.0.min(end);
    }
    let mut middle = line(|q| q.p50);
    middle.retain(|point| point.0.is_finite());
    let marks = vec![
        Mark::new("5-95 % of worlds", 0, Shape::Band(low, high)),
        Mark::new("median", 0, Shape::Line(middle)),
    ];
    let level = |km: f64| Mark::new(format!("{km} km"), HELP, Shape::Level(km));
    let levels = answer.targets.iter().map(|target| level(target.to_km));
    let date = |days: f64| match Date::from_mjd(from + days) {
        _ if !days.is_finite() => "later than the Sun is known".to_owned(),
        date => date.to_string(),
    };
    let passed: Vec<String> = answer
        .targets
        .iter()
        .map(|target| {
            let Quantiles { p05, p50, p95 } = target.days;
            let (low, middle, high) = (date(p05), date(p50), date(p95));
            format!("{} km on {middle} ({low} to {high})", target.to_km)
        })
        .collect();
    super::altitudes(
        "How long the orbit lasts without reboost",
        &format!(
            "The band holds 90 % of the worlds at each altitude; passed are {}.",
            passed.join(", ")
        ),
        marks.into_iter().chain(levels).collect(),
        dates,
    )
}
