//! Pictures of values over dates or numbers, as SVG: readable by screen readers, in light and dark,
//! without scripts, and told apart without color.
//!
//! A [`Picture`] holds panels over one horizontal axis; a panel holds marks; each mark is named at its right
//! end, where no line crosses the name. The drawings inside a page share [`Axis`], [`spread`] and
//! [`path`]. Everything goes through `maud`, which escapes texts.

mod axis;

pub(crate) use axis::{Axis, dates, years};

use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 70.0;
/// Room at the right edge beyond the names.
const EDGE: f64 = 16.0;
/// Height of the title.
const TITLE: f64 = 34.0;
/// Height of a panel's name above it, and of the ticks below it.
const NAME: f64 = 26.0;
const TICKS: f64 = 26.0;
/// Height of the one panel of a picture, and of each of several.
const ALONE: f64 = 330.0;
const STACKED: f64 = 150.0;
/// Height of a line of text, and a letter's width: somewhat more than sans-serif fonts need.
const LINE: f64 = 15.0;
const LETTER: f64 = 6.8;
/// Names are told apart by this many colors, each with dashes of its own.
pub(crate) const COLORS: usize = 8;
const DASHES: [&str; COLORS] = ["", "7 4", "2 3", "10 3 2 3", "4 4", "1 4", "12 4", "6 2 2 2 2 2"];
/// Most points of a curve: more than pixels make the file large and the line no better.
const POINTS_MAX: usize = 1200;

/// A picture: a title, a sentence for who does not see it, and panels over one horizontal axis.
pub(crate) struct Picture<'a> {
    pub(crate) title: &'a str,
    pub(crate) sentence: &'a str,
    pub(crate) across: Across<'a>,
    pub(crate) panels: Vec<Panel>,
    /// Vertical lines with their names.
    pub(crate) events: Vec<(f64, String)>,
}

/// The horizontal axis.
#[derive(Clone, Copy)]
pub(crate) enum Across<'a> {
    /// Modified Julian dates, UTC.
    Dates,
    /// Numbers, with what they are and their unit.
    Numbers(&'a str),
}

/// One panel: what its vertical axis shows, with the unit, and what is drawn.
pub(crate) struct Panel {
    pub(crate) name: String,
    pub(crate) range: Range,
    pub(crate) marks: Vec<Mark>,
}

/// What the vertical axis covers, beside the marks.
#[derive(Clone, Copy)]
pub(crate) enum Range {
    /// The marks alone.
    Marks,
    /// The marks and zero.
    FromZero,
    /// This, whatever the marks are; what lies outside is not drawn.
    Fixed(f64, f64),
}

/// One thing drawn, with its name.
pub(crate) struct Mark {
    pub(crate) name: String,
    /// Which of the [`COLORS`]; marks that belong together share one.
    pub(crate) color: usize,
    pub(crate) shape: Shape,
}

/// Points are (horizontal, vertical); what is not finite is a gap.
pub(crate) enum Shape {
    /// A line.
    Line(Vec<(f64, f64)>),
    /// A line of what holds until it changes.
    Steps(Vec<(f64, f64)>),
    /// A band between two lines over the same places.
    Band(Vec<(f64, f64)>, Vec<(f64, f64)>),
    /// Dots with bars of one standard error.
    Dots(Vec<(f64, f64, f64)>),
    /// A level across the panel.
    Level(f64),
    /// One point, with its name beside it.
    Point(f64, f64),
}

impl Mark {
    /// A mark in one of the colors.
    pub(crate) fn new(name: impl Into<String>, color: usize, shape: Shape) -> Self {
        Self { name: name.into(), color: color % COLORS, shape }
    }

    fn points(&self) -> Vec<(f64, f64)> {
        match &self.shape {
            Shape::Line(points) | Shape::Steps(points) => points.clone(),
            Shape::Band(low, high) => low.iter().chain(high).copied().collect(),
            Shape::Dots(points) => {
                points.iter().flat_map(|(x, y, e)| [(*x, y - e), (*x, y + e)]).collect()
            }
            Shape::Level(_) => Vec::new(),
            Shape::Point(x, y) => vec![(*x, *y)],
        }
    }

    fn values(&self) -> Vec<f64> {
        match self.shape {
            Shape::Level(value) => vec![value],
            _ => self.points().into_iter().map(|point| point.1).collect(),
        }
    }
}

/// Where a panel lies and what it covers.
struct Frame {
    low: f64,
    high: f64,
    right: f64,
    top: f64,
    bottom: f64,
    y: Axis,
}

impl Frame {
    fn x(&self, at: f64) -> f64 {
        LEFT + (at - self.low) / (self.high - self.low) * (self.right - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - self.y.share(value) * (self.bottom - self.top)
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let inside = (self.y.low..=self.y.high).contains(&y);
        (self.x(x), if inside { self.y(y) } else { f64::NAN })
    }
}

/// Returns the picture as a document of its own.
pub(crate) fn svg(picture: &Picture<'_>) -> String {
    let all = || picture.panels.iter().flat_map(|panel| &panel.marks);
    let places = all()
        .flat_map(Mark::points)
        .map(|point| point.0)
        .chain(picture.events.iter().map(|event| event.0))
        .filter(|x| x.is_finite());
    let (low, high) =
        places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let (low, high, ticks) = match picture.across {
        Across::Dates => (low, high.max(low + 1.0), Vec::new()),
        Across::Numbers(_) => {
            let axis = Axis::around([low.min(0.0), high.max(low + 1e-9)], 7.0);
            (axis.low, axis.high, axis.ticks())
        }
    };
    let letters = all()
        .filter(|mark| !matches!(mark.shape, Shape::Point(..)))
        .map(|mark| mark.name.chars().count())
        .max()
        .unwrap_or(0);
    let right = WIDTH - EDGE - 30.0 - LETTER * letters.min(40) as f64;
    let ticks = match picture.across {
        Across::Dates => dates(low, high, right - LEFT),
        Across::Numbers(_) => ticks,
    };
    let x = |at: f64| LEFT + (at - low) / (high - low) * (right - LEFT);
    let rows = event_rows(&picture.events, &x);
    let head = TITLE + LINE * rows.iter().max().map_or(0.0, |row| (row + 1) as f64);
    let height = if picture.panels.len() > 1 { STACKED } else { ALONE };
    let each = NAME + height + TICKS;
    let whole = head + picture.panels.len() as f64 * each + LINE + 8.0;
    let frame = |place: usize, panel: &Panel| {
        let top = head + place as f64 * each + NAME;
        Frame { low, high, right, top, bottom: top + height, y: vertical(panel, height) }
    };
    let bottom = whole - LINE - 8.0 - TICKS;
    let across = match picture.across {
        Across::Dates => "date (UTC)",
        Across::Numbers(name) => name,
    };
    let document = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {whole}")) role="img"
            aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13" {
            title id="title" { (picture.title) }
            desc id="desc" { (picture.sentence) }
            (style())
            rect class="paper" width=(WIDTH) height=(whole) {}
            text class="ink" x=(LEFT) y="22" font-size="16" font-weight="bold" { (picture.title) }
            @for (place, panel) in picture.panels.iter().enumerate() {
                (draw(&frame(place, panel), panel, &ticks))
            }
            @for ((at, name), row) in picture.events.iter().zip(&rows) {
                line class="event" x1=(px(x(*at))) x2=(px(x(*at))) y1=(px(TITLE + LINE * *row as f64 + 2.0)) y2=(px(bottom)) {
                    title { (name) }
                }
                @let (start, anchor) = beside(x(*at), name);
                text class="soft" x=(px(start)) y=(px(TITLE + LINE * (*row as f64 + 1.0) - 3.0)) text-anchor=(anchor) { (name) }
            }
            text class="soft" x=(px(f64::midpoint(LEFT, right))) y=(px(whole - 8.0)) text-anchor="middle" { (across) }
        }
    };
    document.into_string() + "\n"
}

fn vertical(panel: &Panel, height: f64) -> Axis {
    let n = if height > STACKED { 6.0 } else { 4.0 };
    let values = panel.marks.iter().flat_map(Mark::values);
    match panel.range {
        Range::Marks => Axis::around(values, n),
        Range::FromZero => Axis::around(values.chain([0.0]), n),
        Range::Fixed(low, high) => Axis::around([low, high], n),
    }
}

fn draw(frame: &Frame, panel: &Panel, ticks: &[(f64, String)]) -> Markup {
    let named = labels(frame, panel);
    html! {
        text class="ink" x=(LEFT) y=(px(frame.top - 8.0)) { (panel.name) }
        @for (value, label) in frame.y.ticks() {
            line class="grid" x1=(LEFT) x2=(px(frame.right)) y1=(px(frame.y(value))) y2=(px(frame.y(value))) {}
            text class="soft" x=(LEFT - 8.0) y=(px(frame.y(value) + 4.0)) text-anchor="end" { (label) }
        }
        @for (at, label) in ticks {
            line class="grid" x1=(px(frame.x(*at))) x2=(px(frame.x(*at))) y1=(px(frame.top)) y2=(px(frame.bottom)) {}
            text class="soft" x=(px(frame.x(*at))) y=(px(frame.bottom + 18.0)) text-anchor="middle" { (label) }
        }
        // Bands lie under lines.
        @for mark in &panel.marks {
            @if let Shape::Band(low, high) = &mark.shape {
                path class=(format!("f{} band", mark.color)) d=(area(low, high, &|p| frame.place(p))) {}
            }
        }
        @for mark in &panel.marks { (content(frame, mark)) }
        @for (mark, y) in &named {
            (key(mark, frame.right + 6.0, *y))
            text class="ink" x=(px(frame.right + 26.0)) y=(px(y + 4.0)) font-size="12" { (mark.name) }
        }
    }
}

fn content(frame: &Frame, mark: &Mark) -> Markup {
    let color = mark.color;
    let line = |d: String| {
        html! { path class=(format!("line s{color}")) stroke-dasharray=(DASHES[color]) d=(d) { title { (mark.name) } } }
    };
    match &mark.shape {
        Shape::Line(points) => line(path(points, &|p| frame.place(p), false)),
        Shape::Steps(points) => line(path(points, &|p| frame.place(p), true)),
        Shape::Band(..) => html! {},
        Shape::Level(value) => html! {
            line class="event" x1=(LEFT) x2=(px(frame.right)) y1=(px(frame.y(*value))) y2=(px(frame.y(*value))) {
                title { (mark.name) }
            }
        },
        Shape::Dots(points) => html! {
            @for (x, y, error) in points {
                line class=(format!("line s{color}")) x1=(px(frame.x(*x))) x2=(px(frame.x(*x))) y1=(px(frame.y(y - error))) y2=(px(frame.y(y + error))) {}
                circle class=(format!("f{color}")) cx=(px(frame.x(*x))) cy=(px(frame.y(*y))) r="2.6" {}
            }
        },
        Shape::Point(x, y) => {
            let (at, right) = (frame.x(*x), frame.x(*x) > f64::midpoint(LEFT, frame.right));
            html! {
                circle class="point" cx=(px(at)) cy=(px(frame.y(*y))) r="5" {}
                text class="ink" x=(px(if right { at - 10.0 } else { at + 10.0 }))
                    y=(px((frame.y(*y) + 22.0).min(frame.bottom - 6.0)))
                    text-anchor=(if right { "end" } else { "start" }) { (mark.name) }
            }
        }
    }
}

/// The sign of a mark before its name.
fn key(mark: &Mark, x: f64, y: f64) -> Markup {
    let color = mark.color;
    match mark.shape {
        Shape::Band(..) => html! {
            rect class=(format!("f{color} band")) x=(px(x)) y=(px(y - 5.0)) width="16" height="10" {}
        },
        Shape::Dots(_) => {
            html! { circle class=(format!("f{color}")) cx=(px(x + 8.0)) cy=(px(y)) r="2.6" {} }
        }
        Shape::Level(_) => {
            html! { line class="event" x1=(px(x)) x2=(px(x + 16.0)) y1=(px(y)) y2=(px(y)) {} }
        }
        _ => html! {
            line class=(format!("line s{color}")) stroke-dasharray=(DASHES[color]) x1=(px(x)) x2=(px(x + 16.0)) y1=(px(y)) y2=(px(y)) {}
        },
    }
}

/// The named marks of a panel with the heights of their names: beside their ends, apart from each other.
fn labels<'p>(frame: &Frame, panel: &'p Panel) -> Vec<(&'p Mark, f64)> {
    let mut named: Vec<(&Mark, f64)> = panel
        .marks
        .iter()
        .filter(|mark| !matches!(mark.shape, Shape::Point(..)))
        .map(|mark| {
            let last = |points: &[(f64, f64)]| {
                points.iter().rev().find(|point| point.1.is_finite()).map(|point| point.1)
            };
            let end = match &mark.shape {
                Shape::Line(points) | Shape::Steps(points) => last(points),
                Shape::Band(low, high) => {
                    last(low).zip(last(high)).map(|(a, b)| f64::midpoint(a, b))
                }
                Shape::Dots(points) => points.last().map(|point| point.1),
                Shape::Level(value) => Some(*value),
                Shape::Point(..) => None,
            };
            (mark, end.map_or(frame.bottom, |value| frame.y(value)))
        })
        .collect();
    named.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut heights: Vec<f64> = named.iter().map(|label| label.1).collect();
    spread(&mut heights, LINE - 1.0, frame.top, frame.bottom);
    for (label, height) in named.iter_mut().zip(heights) {
        label.1 = height;
    }
    named
}

/// Moves ascending heights apart until none is nearer than `gap` to the next, staying near where they are
/// and between `top` and `bottom`; too many of them reach beyond the top.
pub(crate) fn spread(heights: &mut [f64], gap: f64, top: f64, bottom: f64) {
    let mut least = top;
    for height in heights.iter_mut() {
        *height = height.max(least);
        least = *height + gap;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - gap;
    }
}

/// Returns the path of a curve through `points`, placed by `place`; it breaks where a place is not finite.
/// With `steps` a value holds until the next.
pub(crate) fn path(
    points: &[(f64, f64)],
    place: &dyn Fn((f64, f64)) -> (f64, f64),
    steps: bool,
) -> String {
    let mut out = String::new();
    let mut pen = false;
    let every = points.len().div_ceil(POINTS_MAX).max(1);
    for (i, point) in points.iter().enumerate() {
        if !i.is_multiple_of(every) && i + 1 != points.len() {
            continue;
        }
        let (x, y) = place(*point);
        if !(x.is_finite() && y.is_finite()) {
            pen = false;
            continue;
        }
        let _ = match (pen, steps) {
            (false, _) => write!(out, "M{x:.1} {y:.1}"),
            (true, true) => write!(out, "H{x:.1}V{y:.1}"),
            (true, false) => write!(out, "L{x:.1} {y:.1}"),
        };
        pen = true;
    }
    out
}

/// Returns the path around the area between two curves; places that are not finite are left out.
pub(crate) fn area(
    low: &[(f64, f64)],
    high: &[(f64, f64)],
    place: &dyn Fn((f64, f64)) -> (f64, f64),
) -> String {
    let finite = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        let placed = points.iter().map(|point| place(*point));
        placed.filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
    };
    let mut around = finite(high);
    let low = finite(low);
    if around.is_empty() || low.is_empty() {
        return String::new();
    }
    around.extend(low.into_iter().rev());
    path(&around, &|point| point, false) + "Z"
}

/// Where the name of an event stands, and which of its ends: right of its line where it fits.
fn beside(x: f64, name: &str) -> (f64, &'static str) {
    let width = name.chars().count() as f64 * LETTER;
    if x + 4.0 + width > WIDTH { (x - 4.0, "end") } else { (x + 4.0, "start") }
}

/// Rows above the panels for the names of events, so that none covers another.
fn event_rows(events: &[(f64, String)], x: &dyn Fn(f64) -> f64) -> Vec<usize> {
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    let place = |(at, name): &(f64, String)| {
        let width = name.chars().count() as f64 * LETTER + 8.0;
        let (start, anchor) = beside(x(*at), name);
        let span = if anchor == "end" {
            (start - width, start + 4.0)
        } else {
            (start - 4.0, start + width)
        };
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
    events.iter().map(place).collect()
}

/// Places in an SVG, to a tenth of a pixel.
pub(crate) fn px(x: f64) -> String {
    format!("{x:.1}")
}

/// Colors that tell apart on light and dark ground, also for most color-blind readers.
const LIGHT: [&str; COLORS] =
    ["#0060a8", "#b04000", "#3d7a00", "#7a3db0", "#00767a", "#8a6d00", "#b0306a", "#566573"];
const DARK: [&str; COLORS] =
    ["#6ab7ff", "#ff9a5c", "#9bd65a", "#c9a0ff", "#55d0d4", "#e0c050", "#ff8fc0", "#a9b6c2"];

fn style() -> Markup {
    let colors = |colors: &[&str; COLORS]| {
        colors.iter().enumerate().fold(String::new(), |mut out, (i, color)| {
            let _ = write!(out, ".s{i}{{stroke:{color}}}.f{i}{{fill:{color}}}");
            out
        })
    };
    let css = format!(
        ".paper{{fill:#fff}}.ink{{fill:#1c2733}}.soft{{fill:#566573}}.grid{{stroke:#d8dee4}}\
         .line{{fill:none;stroke-width:1.8}}.band{{opacity:.2}}\
         .event{{stroke:#566573;stroke-dasharray:5 4}}\
         .point{{fill:none;stroke:#1c2733;stroke-width:2}}{}\
         @media (prefers-color-scheme: dark){{.paper{{fill:#12181f}}.ink{{fill:#e6edf3}}\
         .soft{{fill:#9fb0c0}}.grid{{stroke:#2b3641}}.event{{stroke:#9fb0c0}}.point{{stroke:#e6edf3}}{}}}",
        colors(&LIGHT),
        colors(&DARK)
    );
    html! { style { (PreEscaped(css)) } }
}

#[cfg(test)]
mod tests;
