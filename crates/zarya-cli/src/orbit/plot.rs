//! Pictures of altitudes in time, as SVG with a text for readers who do not see it.

use std::fmt::Write as _;
use zarya_units::Date;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 52.0;

/// One thing drawn over time: points are (modified Julian date, value).
pub(super) enum Mark {
    /// A line.
    Line { name: String, points: Vec<(f64, f64)> },
    /// A band between two lines of the same dates.
    Band { name: String, low: Vec<(f64, f64)>, high: Vec<(f64, f64)> },
    /// Dots with bars of one standard error.
    Dots { name: String, points: Vec<(f64, f64, f64)> },
    /// A level across the picture.
    Level { name: String, value: f64 },
}

/// A picture: title, what the vertical axis shows with its unit, a sentence, and marks.
pub(super) struct Picture<'a> {
    pub(super) title: &'a str,
    pub(super) axis: &'a str,
    pub(super) sentence: &'a str,
    pub(super) marks: Vec<Mark>,
    /// Vertical lines at dates, with their names.
    pub(super) dates: Vec<(f64, String)>,
    /// Whether the vertical axis includes zero.
    pub(super) from_zero: bool,
}

/// Draws the picture.
pub(super) fn svg(picture: &Picture<'_>) -> String {
    let mut times = Vec::new();
    let mut values = Vec::new();
    for mark in &picture.marks {
        match mark {
            Mark::Line { points, .. } => points.iter().for_each(|p| {
                times.push(p.0);
                values.push(p.1);
            }),
            Mark::Band { low, high, .. } => low.iter().chain(high).for_each(|p| {
                times.push(p.0);
                values.push(p.1);
            }),
            Mark::Dots { points, .. } => points.iter().for_each(|p| {
                times.push(p.0);
                values.extend([p.1 - p.2, p.1 + p.2]);
            }),
            Mark::Level { value, .. } => values.push(*value),
        }
    }
    times.extend(picture.dates.iter().map(|date| date.0));
    if picture.from_zero {
        values.push(0.0);
    }
    let low = values.iter().copied().filter(|v| v.is_finite()).fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().filter(|v| v.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let first = times.iter().copied().fold(f64::INFINITY, f64::min);
    let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max).max(first + 1.0);
    let margin = ((high - low) * 0.06).max(0.05);
    let (low, high) = (low - margin, high + margin);
    let x = |mjd: f64| LEFT + (mjd - first) / (last - first) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);

    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
         <style>\
         .paper{{fill:#fff}}.ink{{fill:#1c2733}}.soft{{fill:#566573}}.grid{{stroke:#d8dee4}}\
         .a{{stroke:#0b62a4}}.af{{fill:#0b62a4}}.b{{stroke:#b3541e}}.bf{{fill:#b3541e}}\
         .band{{fill:#0b62a4;opacity:.18}}.mark{{stroke:#566573}}\
         @media (prefers-color-scheme: dark){{\
         .paper{{fill:#12181f}}.ink{{fill:#e6edf3}}.soft{{fill:#9fb0c0}}.grid{{stroke:#2b3641}}\
         .a{{stroke:#6cb6ff}}.af{{fill:#6cb6ff}}.b{{stroke:#f0a36b}}.bf{{fill:#f0a36b}}\
         .band{{fill:#6cb6ff;opacity:.22}}.mark{{stroke:#9fb0c0}}}}\
         </style>\n<rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
         <text class=\"ink\" x=\"{LEFT}\" y=\"22\" font-size=\"16\">{}</text>\n",
        escape(picture.title),
        escape(picture.sentence),
        escape(picture.title),
    );
    for value in ticks(low, high) {
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            y(value),
            y(value),
            LEFT - 8.0,
            y(value) + 4.0,
            trim(value)
        );
    }
    for (mjd, name) in date_ticks(first, last) {
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{TOP}\" y2=\"{1:.1}\"/>\
             <text class=\"soft\" x=\"{0:.1}\" y=\"{2:.1}\" text-anchor=\"middle\">{name}</text>",
            x(mjd),
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0
        );
    }
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">date (UTC)</text>\
         <text class=\"soft\" transform=\"translate(16 {:.1}) rotate(-90)\" \
         text-anchor=\"middle\">{}</text>",
        0.5 * (LEFT + WIDTH - RIGHT),
        HEIGHT - 12.0,
        0.5 * (TOP + HEIGHT - BOTTOM),
        escape(picture.axis)
    );
    let path = |points: &[(f64, f64)]| {
        let mut text = String::new();
        for (i, (mjd, value)) in points.iter().enumerate() {
            let _ =
                write!(text, "{}{:.1} {:.1}", if i == 0 { "M" } else { "L" }, x(*mjd), y(*value));
        }
        text
    };
    let mut legend: Vec<(&str, &str)> = Vec::new();
    let mut lines = 0;
    for mark in &picture.marks {
        match mark {
            Mark::Band { name, low, high } => {
                let mut around = low.clone();
                around.extend(high.iter().rev());
                let _ = writeln!(out, "<path class=\"band\" d=\"{}Z\"/>", path(&around));
                legend.push(("band", name));
            }
            Mark::Line { name, points } => {
                let class = if lines == 0 { "a" } else { "b" };
                lines += 1;
                let _ = writeln!(
                    out,
                    "<path class=\"{class}\" fill=\"none\" stroke-width=\"1.8\" d=\"{}\"/>",
                    path(points)
                );
                legend.push((if class == "a" { "af" } else { "bf" }, name));
            }
            Mark::Dots { name, points } => {
                for (mjd, value, error) in points {
                    let _ = writeln!(
                        out,
                        "<line class=\"b\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" \
                         y2=\"{2:.1}\"/><circle class=\"bf\" cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"2.6\"/>",
                        x(*mjd),
                        y(value - error),
                        y(value + error),
                        y(*value)
                    );
                }
                legend.push(("bf", name));
            }
            Mark::Level { name, value } => {
                let _ = writeln!(
                    out,
                    "<line class=\"mark\" stroke-dasharray=\"5 4\" x1=\"{LEFT}\" x2=\"{:.1}\" \
                     y1=\"{1:.1}\" y2=\"{1:.1}\"/><text class=\"soft\" x=\"{2:.1}\" y=\"{3:.1}\" \
                     text-anchor=\"end\">{4}</text>",
                    WIDTH - RIGHT,
                    y(*value),
                    WIDTH - RIGHT - 4.0,
                    y(*value) - 5.0,
                    escape(name)
                );
            }
        }
    }
    for (mjd, name) in &picture.dates {
        let _ = writeln!(
            out,
            "<line class=\"mark\" stroke-dasharray=\"3 3\" x1=\"{0:.1}\" x2=\"{0:.1}\" \
             y1=\"{TOP}\" y2=\"{1:.1}\"/><text class=\"soft\" x=\"{2:.1}\" y=\"{3:.1}\" \
             text-anchor=\"{5}\">{4}</text>",
            x(*mjd),
            HEIGHT - BOTTOM,
            if x(*mjd) > 0.8 * WIDTH { x(*mjd) - 4.0 } else { x(*mjd) + 4.0 },
            TOP + 12.0,
            escape(name),
            if x(*mjd) > 0.8 * WIDTH { "end" } else { "start" }
        );
    }
    let mut at = LEFT;
    for (class, name) in legend {
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{at:.1}\" y=\"31\" width=\"14\" height=\"9\"/>\
             <text class=\"ink\" x=\"{:.1}\" y=\"40\">{}</text>",
            at + 19.0,
            escape(name)
        );
        at += 32.0 + 7.0 * name.chars().count() as f64;
    }
    out.push_str("</svg>\n");
    out
}

/// Round values inside a span, five or so.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let mut step = 1e-3;
    'grow: loop {
        for factor in [1.0, 2.0, 5.0] {
            if (high - low) / (step * factor) <= 7.0 {
                step *= factor;
                break 'grow;
            }
        }
        step *= 10.0;
    }
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

fn trim(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Firsts of years or months, or days, that fit.
fn date_ticks(first: f64, last: f64) -> Vec<(f64, String)> {
    let span = last - first;
    let start = Date::from_mjd(first);
    let firsts = |months: &[i8]| {
        let mut ticks = Vec::new();
        for year in start.year()..=Date::from_mjd(last).year() {
            for &month in months {
                let date = Date::new(year, month, 1).expect("the first of a month");
                if (first..=last).contains(&date.mjd()) {
                    let name = if months.len() == 1 {
                        format!("{year}")
                    } else {
                        format!("{year}-{month:02}")
                    };
                    ticks.push((date.mjd(), name));
                }
            }
        }
        ticks
    };
    if span > 4.0 * 365.0 {
        let all = firsts(&[1]);
        let every = all.len().div_ceil(10).max(1);
        return all.into_iter().step_by(every).collect();
    }
    if span > 500.0 {
        return firsts(&[1, 7]);
    }
    if span > 150.0 {
        return firsts(&[1, 3, 5, 7, 9, 11]);
    }
    let step = (span / 5.0).ceil().max(1.0);
    (0..6)
        .map(|i| first.ceil() + step * f64::from(i))
        .filter(|mjd| *mjd <= last)
        .map(|mjd| (mjd, Date::from_mjd(mjd).to_string()))
        .collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
