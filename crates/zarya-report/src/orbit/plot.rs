//! Pictures of altitudes in time, as SVG with a text for readers who do not see it.

use std::fmt::Write as _;
use zarya::units::Date;

const WIDTH: f64 = 800.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 24.0;
/// Height of the title, and of it with the legend.
const TITLE: f64 = 32.0;
const HEAD: f64 = 52.0;
const BOTTOM: f64 = 52.0;
/// Height of a picture's one panel, and of each of several.
const ALONE: f64 = 320.0;
const STACKED: f64 = 120.0;
/// Height of a line of text, and a letter's width: somewhat more than sans-serif fonts need.
const LINE: f64 = 15.0;
const LETTER: f64 = 7.0;

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

/// One of several pictures over each other, with one axis of dates.
pub(super) struct Panel {
    /// What this one shows, above it.
    pub(super) name: String,
    pub(super) marks: Vec<Mark>,
}

/// Where dates and values of a panel lie.
struct Frame {
    first: f64,
    last: f64,
    low: f64,
    high: f64,
    top: f64,
    bottom: f64,
    right: f64,
}

impl Frame {
    fn x(&self, mjd: f64) -> f64 {
        LEFT + (mjd - self.first) / (self.last - self.first) * (self.right - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }

    fn path(&self, points: &[(f64, f64)]) -> String {
        let mut text = String::new();
        for (i, (mjd, value)) in points.iter().enumerate() {
            let _ = write!(
                text,
                "{}{:.1} {:.1}",
                if i == 0 { "M" } else { "L" },
                self.x(*mjd),
                self.y(*value)
            );
        }
        text
    }
}

/// Draws the picture.
pub(super) fn svg(picture: &Picture<'_>) -> String {
    draw(picture, &[(None, &picture.marks)], ALONE)
}

/// Draws panels over each other; the picture's own marks are not drawn.
pub(super) fn stacked(picture: &Picture<'_>, panels: &[Panel]) -> String {
    let all: Vec<(Option<&str>, &Vec<Mark>)> =
        panels.iter().map(|panel| (Some(panel.name.as_str()), &panel.marks)).collect();
    draw(picture, &all, if panels.len() > 1 { STACKED } else { ALONE })
}

fn draw(picture: &Picture<'_>, panels: &[(Option<&str>, &Vec<Mark>)], height: f64) -> String {
    let all: Vec<&Mark> = panels.iter().flat_map(|panel| panel.1).collect();
    let (mut times, mut values) = extent(&all);
    times.extend(picture.dates.iter().map(|date| date.0));
    if picture.from_zero {
        values.push(0.0);
    }
    let low = values.iter().copied().filter(|v| v.is_finite()).fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().filter(|v| v.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let first = times.iter().copied().fold(f64::INFINITY, f64::min);
    let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max).max(first + 1.0);
    let margin = ((high - low) * 0.06).max(0.05);
    // Names of levels stand right of the panel, where no line crosses them.
    let names = all.iter().filter_map(|mark| match mark {
        Mark::Level { name, .. } => Some(name.chars().count()),
        _ => None,
    });
    let room = names.max().map_or(0.0, |letters| letters as f64 * LETTER + 4.0);
    let mut frame = Frame {
        first,
        last,
        low: low - margin,
        high: high + margin,
        top: 0.0,
        bottom: 0.0,
        right: WIDTH - RIGHT - room,
    };
    let rows = date_rows(picture, &frame);
    let head_height = if panels.iter().all(|panel| panel.0.is_some()) { TITLE } else { HEAD };
    let top = head_height + LINE * rows.iter().max().map_or(0.0, |row| (row + 1) as f64);
    let named = if panels.iter().any(|panel| panel.0.is_some()) { LINE + 10.0 } else { 0.0 };
    let whole = top + panels.len() as f64 * (height + named) + BOTTOM;

    let mut out = head(picture, whole);
    for (i, (name, marks)) in panels.iter().enumerate() {
        frame.top = top + i as f64 * (height + named) + named;
        frame.bottom = frame.top + height;
        if let Some(name) = name {
            let _ = writeln!(
                out,
                "<text class=\"ink\" x=\"{LEFT}\" y=\"{:.1}\">{}</text>",
                frame.top - 6.0,
                escape(name)
            );
        }
        grid(&mut out, &frame, i + 1 == panels.len());
        content(&mut out, &frame, marks);
        levels(&mut out, &frame, marks);
    }
    let bottom = frame.bottom;
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">date (UTC)</text>\
         <text class=\"soft\" transform=\"translate(16 {:.1}) rotate(-90)\" \
         text-anchor=\"middle\">{}</text>",
        0.5 * (LEFT + frame.right),
        bottom + BOTTOM - 12.0,
        0.5 * (top + bottom),
        escape(picture.axis)
    );
    for ((mjd, name), row) in picture.dates.iter().zip(rows) {
        let x = frame.x(*mjd);
        let y = head_height + LINE * (row as f64 + 1.0) - 4.0;
        let (at, anchor) = beside(&frame, *mjd, name);
        let _ = writeln!(
            out,
            "<line class=\"mark\" stroke-dasharray=\"3 3\" x1=\"{x:.1}\" x2=\"{x:.1}\" \
             y1=\"{:.1}\" y2=\"{bottom:.1}\"/><text class=\"soft\" x=\"{at:.1}\" y=\"{y:.1}\" \
             text-anchor=\"{anchor}\">{}</text>",
            y - 10.0,
            escape(name)
        );
    }
    for (_, marks) in panels.iter().filter(|panel| panel.0.is_none()) {
        legend(&mut out, marks);
    }
    out.push_str("</svg>\n");
    out
}

/// All dates and values of marks.
fn extent(marks: &[&Mark]) -> (Vec<f64>, Vec<f64>) {
    let (mut times, mut values) = (Vec::new(), Vec::new());
    for mark in marks {
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
    (times, values)
}

/// Where the name of a date's line stands, and which of its ends: right of the line where it fits.
fn beside(frame: &Frame, mjd: f64, name: &str) -> (f64, &'static str) {
    let x = frame.x(mjd);
    let width = name.chars().count() as f64 * LETTER;
    if x + 4.0 + width > WIDTH { (x - 4.0, "end") } else { (x + 4.0, "start") }
}

/// Rows above the panels for the names of dates, so that none covers another.
fn date_rows(picture: &Picture<'_>, frame: &Frame) -> Vec<usize> {
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    let place = |(mjd, name): &(f64, String)| {
        let width = name.chars().count() as f64 * LETTER + 8.0;
        let (at, anchor) = beside(frame, *mjd, name);
        let span = if anchor == "end" { (at - width, at + 4.0) } else { (at - 4.0, at + width) };
        let free = taken
            .iter()
            .position(|row| row.iter().all(|other| span.1 < other.0 || other.1 < span.0));
        let row = free.unwrap_or(taken.len());
        if row == taken.len() {
            taken.push(Vec::new());
        }
        taken[row].push(span);
        row
    };
    picture.dates.iter().map(place).collect()
}

fn head(picture: &Picture<'_>, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
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
         </style>\n<rect class=\"paper\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"ink\" x=\"{LEFT}\" y=\"22\" font-size=\"16\">{}</text>\n",
        escape(picture.title),
        escape(picture.sentence),
        escape(picture.title),
    )
}

/// Draws the grid with the values' ticks and, below the last panel, the dates'.
fn grid(out: &mut String, frame: &Frame, dated: bool) {
    for value in ticks(frame.low, frame.high, (frame.bottom - frame.top) / 40.0) {
        let y = frame.y(value);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            frame.right,
            LEFT - 8.0,
            y + 4.0,
            trim(value)
        );
    }
    for (mjd, name) in date_ticks(frame.first, frame.last, frame.right - LEFT) {
        let x = frame.x(mjd);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            frame.top, frame.bottom
        );
        if dated {
            // A name at the edge ends there.
            let half = 0.5 * LETTER * name.chars().count() as f64;
            let _ = writeln!(
                out,
                "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
                x.min(WIDTH - half - 2.0),
                frame.bottom + 18.0
            );
        }
    }
}

/// Draws what lies over the grid, but for levels.
fn content(out: &mut String, frame: &Frame, marks: &[Mark]) {
    let mut lines = 0;
    for mark in marks {
        match mark {
            Mark::Band { low, high, .. } => {
                let mut around = low.clone();
                around.extend(high.iter().rev());
                let _ = writeln!(out, "<path class=\"band\" d=\"{}Z\"/>", frame.path(&around));
            }
            Mark::Line { points, .. } => {
                let class = if lines == 0 { "a" } else { "b" };
                lines += 1;
                let _ = writeln!(
                    out,
                    "<path class=\"{class}\" fill=\"none\" stroke-width=\"1.8\" d=\"{}\"/>",
                    frame.path(points)
                );
            }
            Mark::Dots { points, .. } => {
                for (mjd, value, error) in points {
                    let _ = writeln!(
                        out,
                        "<line class=\"b\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" \
                         y2=\"{2:.1}\"/><circle class=\"bf\" cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"2.6\"/>",
                        frame.x(*mjd),
                        frame.y(value - error),
                        frame.y(value + error),
                        frame.y(*value)
                    );
                }
            }
            Mark::Level { .. } => {}
        }
    }
}

/// Draws levels; their names stand right of the panel, apart from each other.
fn levels(out: &mut String, frame: &Frame, marks: &[Mark]) {
    let mut all: Vec<(&str, f64)> = marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Level { name, value } => Some((name.as_str(), frame.y(*value))),
            _ => None,
        })
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut at = f64::NEG_INFINITY;
    let mut names: Vec<f64> = Vec::new();
    for (_, y) in &all {
        at = (y + 4.0).max(at + LINE - 1.0);
        names.push(at);
    }
    // What was pushed below the panel moves up again, and its neighbors with it.
    let mut limit = frame.bottom + 6.0;
    for name in names.iter_mut().rev() {
        *name = name.min(limit);
        limit = *name - (LINE - 1.0);
    }
    for ((name, y), name_y) in all.iter().zip(names) {
        let _ = writeln!(
            out,
            "<line class=\"mark\" stroke-dasharray=\"5 4\" x1=\"{LEFT}\" x2=\"{:.1}\" \
             y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"soft\" x=\"{:.1}\" y=\"{name_y:.1}\">{}</text>",
            frame.right,
            frame.right + 6.0,
            escape(name)
        );
    }
}

/// Draws a legend line: a patch for a band, a stroke for a line, a dot for dots.
fn legend(out: &mut String, marks: &[Mark]) {
    let mut at = LEFT;
    let mut lines = 0;
    for mark in marks {
        let (name, sign) = match mark {
            Mark::Band { name, .. } => (
                name,
                format!("<rect class=\"band\" x=\"{at:.1}\" y=\"31\" width=\"14\" height=\"9\"/>"),
            ),
            Mark::Line { name, .. } => {
                let class = if lines == 0 { "a" } else { "b" };
                lines += 1;
                (
                    name,
                    format!(
                        "<line class=\"{class}\" stroke-width=\"2\" x1=\"{at:.1}\" x2=\"{:.1}\" \
                         y1=\"36\" y2=\"36\"/>",
                        at + 14.0
                    ),
                )
            }
            Mark::Dots { name, .. } => {
                (name, format!("<circle class=\"bf\" cx=\"{:.1}\" cy=\"36\" r=\"2.6\"/>", at + 7.0))
            }
            Mark::Level { .. } => continue,
        };
        let _ = writeln!(
            out,
            "{sign}<text class=\"ink\" x=\"{:.1}\" y=\"40\">{}</text>",
            at + 19.0,
            escape(name)
        );
        at += 34.0 + LETTER * name.chars().count() as f64;
    }
}

/// Round values inside a span, `most` at most.
fn ticks(low: f64, high: f64, most: f64) -> Vec<f64> {
    let mut step = 1e-3;
    'grow: loop {
        for factor in [1.0, 2.0, 5.0] {
            if (high - low) / (step * factor) <= most {
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

/// Firsts of years or months, or days, as many as fit in a width.
fn date_ticks(first: f64, last: f64, width: f64) -> Vec<(f64, String)> {
    /// Widths that names of years, months and days need with some room.
    const YEAR: f64 = 44.0;
    const MONTH: f64 = 72.0;
    const DAY: f64 = 100.0;
    let span = last - first;
    let start = Date::from_mjd(first);
    let firsts = |months: &[i8]| {
        let mut ticks = Vec::new();
        for year in start.year()..=Date::from_mjd(last).year() {
            for &month in months {
                let Ok(date) = Date::new(year, month, 1) else { continue };
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
    let fits = |days: f64, needs: f64| span / days * needs <= width;
    if span <= 60.0 {
        let step = (span * DAY / width).ceil().max(1.0);
        return (0..12)
            .map(|i| first.ceil() + step * f64::from(i))
            .filter(|mjd| *mjd <= last)
            .map(|mjd| (mjd, Date::from_mjd(mjd).to_string()))
            .collect();
    }
    if fits(30.4, MONTH) {
        return firsts(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
    if fits(60.8, MONTH) {
        return firsts(&[1, 3, 5, 7, 9, 11]);
    }
    if fits(91.3, MONTH) {
        return firsts(&[1, 4, 7, 10]);
    }
    if fits(182.6, MONTH) {
        return firsts(&[1, 7]);
    }
    let all = firsts(&[1]);
    let every = (all.len() as f64 * YEAR / width).ceil().max(1.0) as usize;
    all.into_iter().step_by(every).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
