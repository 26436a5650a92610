//! Pictures of values over dates or numbers, as SVG: readable by screen readers, in light and dark,
//! without scripts, and told apart without color.
//!
//! A [`Picture`] holds panels over one horizontal axis; a panel holds marks; each mark is named right of the
//! panel, near its end, where no line crosses the name. The letters are large for the width, so that a
//! phone shows them too. The drawings inside a page share [`Axis`], [`spread`] and [`path`]. Everything goes
//! through `maud`, which escapes texts.

mod axis;

pub(crate) use axis::{Axis, dates, years};

use crate::{markup, words};
use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;
use zarya::units::{Date, words::significant};

const WIDTH: f64 = 640.0;
const LEFT: f64 = 64.0;
/// Room at the edges.
const EDGE: f64 = 10.0;
/// Height of a line of the title, of other text, of the ticks below a panel, and of the room below them.
const TITLE: f64 = 21.0;
const LINE: f64 = 16.0;
const TICKS: f64 = 24.0;
const GAP: f64 = 6.0;
/// Height of the one panel of a picture, and of each of several.
const ALONE: f64 = 320.0;
const STACKED: f64 = 150.0;
/// Width of the sign before a name, and of a letter: as wide as sans-serif fonts come.
const SIGN: f64 = 26.0;
const LETTER: f64 = 8.4;
/// Letters in a line of a name beside a panel; a longer name takes several lines.
const NAME: usize = 17;
/// Names are told apart by this many colors, each with dashes of its own.
pub(crate) const COLORS: usize = 8;
const DASHES: [&str; COLORS] = ["", "7 4", "2 3", "10 3 2 3", "4 4", "1 4", "12 4", "6 2 2 2 2 2"];
/// The color of limits and failures, and of what merely helps to read.
pub(crate) const LIMIT: usize = 6;
pub(crate) const HELP: usize = 7;
/// Most points of a curve: more than pixels make the file large and the line no better.
const POINTS_MAX: usize = 1200;

/// A picture: a title, a sentence for who does not see it, and panels over one horizontal axis.
///
/// What the marks show is told after the sentence.
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
    /// Numbers from zero or below, with what they are and their unit.
    Numbers(&'a str),
    /// The same where only whole numbers mean something.
    Counts(&'a str),
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
    /// A level across the panel, dashed.
    Level(f64),
    /// One point, in a ring.
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

    /// The value beside which the name stands.
    fn end(&self) -> Option<f64> {
        let last = |points: &[(f64, f64)]| {
            points.iter().rev().find(|point| point.1.is_finite()).map(|point| point.1)
        };
        match &self.shape {
            Shape::Line(points) | Shape::Steps(points) => last(points),
            Shape::Band(low, high) => last(low).zip(last(high)).map(|(a, b)| f64::midpoint(a, b)),
            Shape::Dots(points) => points.last().map(|point| point.1),
            Shape::Level(value) | Shape::Point(_, value) => Some(*value),
        }
    }

    /// The lines of the name beside the panel.
    fn lines(&self) -> Vec<String> {
        wrapped(&self.name, NAME)
    }

    /// What it shows, in words.
    fn told(&self) -> String {
        let ends = |points: &[(f64, f64)]| {
            let mut values = points.iter().map(|point| point.1).filter(|value| value.is_finite());
            let first = values.next()?;
            Some((first, values.next_back().unwrap_or(first)))
        };
        let name = &self.name;
        let said = match &self.shape {
            Shape::Line(points) | Shape::Steps(points) => ends(points).map(|(first, last)| {
                let finite = || points.iter().map(|point| point.1).filter(|y| y.is_finite());
                let least = finite().fold(f64::INFINITY, f64::min);
                let most = finite().fold(f64::NEG_INFINITY, f64::max);
                let mut said = if least == most {
                    format!("{name} {}", number(first))
                } else {
                    format!("{name} from {} to {}", number(first), number(last))
                };
                if least < first.min(last) {
                    let _ = write!(said, ", least {}", number(least));
                }
                if first.max(last) < most {
                    let _ = write!(said, ", most {}", number(most));
                }
                said
            }),
            Shape::Band(low, high) => ends(low).zip(ends(high)).map(|(low, high)| {
                // A band over the same values at its end is told by its name alone.
                if low.1 == high.1 {
                    name.clone()
                } else {
                    format!("{name} {} to {} at the end", number(low.1), number(high.1))
                }
            }),
            Shape::Dots(points) => Some(format!("{name}: {}", words::counted(points.len(), "dot"))),
            Shape::Level(_) | Shape::Point(..) => Some(name.clone()),
        };
        said.unwrap_or_else(|| format!("{name}: nothing"))
    }
}

/// A number in words: four digits.
fn number(x: f64) -> String {
    if 0.0 < x && x < 1e-4 {
        return "below 0.0001".to_owned();
    }
    let text = significant(x, 4);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
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

    /// Whether a value lies in the panel, but for rounding.
    fn holds(&self, value: f64) -> bool {
        let room = 1e-9 * (self.y.high - self.y.low);
        (self.y.low - room..=self.y.high + room).contains(&value)
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x(x), if self.holds(y) { self.y(y) } else { f64::NAN })
    }
}

/// Returns the picture as a document of its own.
pub(crate) fn svg(picture: &Picture<'_>) -> String {
    let panels = &picture.panels;
    let (low, high) = reach(picture);
    let named = panels.iter().flat_map(|panel| &panel.marks);
    let letters = named.flat_map(Mark::lines).map(|line| line.chars().count()).max().unwrap_or(0);
    let right = WIDTH - EDGE - SIGN - LETTER * letters as f64;
    let across = match picture.across {
        Across::Dates => "date (UTC)",
        Across::Numbers(name) | Across::Counts(name) => name,
    };
    let ticks = match picture.across {
        Across::Dates => dates(low, high, right - LEFT),
        Across::Numbers(_) | Across::Counts(_) => {
            let whole = matches!(picture.across, Across::Counts(_));
            let mut ticks = Axis::around([low, high], ((right - LEFT) / 55.0).floor()).ticks();
            ticks.retain(|(at, _)| {
                (low..=high).contains(at) && (!whole || (at - at.round()).abs() < 1e-9)
            });
            if whole {
                for tick in &mut ticks {
                    tick.1 = words::count(tick.0);
                }
            }
            ticks
        }
    };
    let x = |at: f64| LEFT + (at - low) / (high - low) * (right - LEFT);
    let rows = event_rows(&picture.events, &x);
    let events = LINE * rows.iter().max().map_or(0.0, |row| (row + 1) as f64);
    let title = wrapped(picture.title, 56);
    let mut at = 6.0 + TITLE * title.len() as f64;
    let mut names = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    for panel in panels {
        let name = wrapped(&panel.name, ((WIDTH - 2.0 * EDGE) / LETTER) as usize);
        let least = if panels.len() > 1 { STACKED } else { ALONE };
        let lines = panel.marks.iter().map(|mark| mark.lines().len());
        let height = least.max(LINE * lines.sum::<usize>() as f64);
        // Of a panel without marks the name says all.
        let (height, below) =
            if panel.marks.is_empty() { (0.0, 0.0) } else { (height, TICKS + GAP) };
        // The first panel has the events' names between its own name and its frame.
        let above = if frames.is_empty() { events } else { 0.0 };
        names.push((at + LINE, name.clone()));
        let top = at + LINE * name.len() as f64 + 13.0 + above;
        let bottom = top + height;
        at = bottom + below;
        frames.push(Frame { low, high, right, top, bottom, y: vertical(panel, height) });
    }
    let head = frames.first().map_or(at, |frame| frame.top) - events - 2.0;
    let whole = at + LINE;
    let document = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {whole}")) role="img"
            aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="14" {
            title id="title" { (picture.title) }
            desc id="desc" { (told(picture, (low, high), across)) }
            (style())
            rect class="paper" width=(WIDTH) height=(whole) {}
            @for (i, line) in title.iter().enumerate() {
                text class="ink" x=(EDGE) y=(px(TITLE * (i as f64 + 1.0) + 1.0)) font-size="16" font-weight="bold" { (line) }
            }
            @for ((frame, panel), (y, name)) in frames.iter().zip(panels).zip(&names) {
                @for (i, line) in name.iter().enumerate() {
                    text class="ink" x=(EDGE) y=(px(y + LINE * i as f64)) { (line) }
                }
                @if !panel.marks.is_empty() {
                    (grid(frame, &ticks))
                    @for (at, name) in &picture.events {
                        (upright(x(*at), frame.top, frame.bottom, name))
                    }
                    (draw(frame, panel))
                }
            }
            @for ((at, name), row) in picture.events.iter().zip(&rows) {
                (upright(x(*at), head + LINE * *row as f64 + 3.0, head + events, name))
            }
            @for ((at, name), row) in picture.events.iter().zip(&rows) {
                @let (start, anchor) = beside(x(*at), name);
                text class="soft halo" x=(px(start)) y=(px(head + LINE * (*row as f64 + 1.0) - 2.0)) text-anchor=(anchor) { (name) }
            }
            text class="soft" x=(px(f64::midpoint(LEFT, right))) y=(px(whole - 7.0)) text-anchor="middle" { (across) }
        }
    };
    markup::clean(document.into_string()) + "\n"
}

/// What the horizontal axis covers: all marks and events, and zero where it shows numbers.
fn reach(picture: &Picture<'_>) -> (f64, f64) {
    let marks = picture.panels.iter().flat_map(|panel| &panel.marks);
    let places = marks.flat_map(Mark::points).map(|point| point.0);
    let places = places.chain(picture.events.iter().map(|event| event.0)).filter(|x| x.is_finite());
    let (low, high) =
        places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    match picture.across {
        Across::Dates => (low, high.max(low + 1.0)),
        Across::Numbers(_) | Across::Counts(_) => (low.min(0.0), high.max(low.min(0.0) + 1e-9)),
    }
}

/// The picture in words: the sentence, what the horizontal axis covers, and what each mark shows.
fn told(picture: &Picture<'_>, (low, high): (f64, f64), across: &str) -> String {
    let place = |at: f64| match picture.across {
        Across::Dates => Date::from_mjd(at).to_string(),
        Across::Numbers(_) | Across::Counts(_) => number(at),
    };
    let mut out = words::closed(picture.sentence);
    let _ = write!(out, " Across: {across}, {} to {}.", place(low), place(high));
    for panel in &picture.panels {
        let marks: Vec<String> = panel.marks.iter().map(Mark::told).collect();
        let colon = if marks.is_empty() { "" } else { ": " };
        let _ = write!(out, " {}{colon}{}.", words::sentence(&panel.name), marks.join("; "));
    }
    if !picture.events.is_empty() {
        let events = picture.events.iter().map(|(at, name)| format!("{name} {}", place(*at)));
        let _ = write!(out, " Marked: {}.", events.collect::<Vec<_>>().join("; "));
    }
    out
}

fn vertical(panel: &Panel, height: f64) -> Axis {
    let n = if height >= ALONE { 6.0 } else { 4.0 };
    let values = panel.marks.iter().flat_map(Mark::values);
    match panel.range {
        Range::Marks => Axis::around(values, n),
        Range::FromZero => Axis::around(values.chain([0.0]), n),
        Range::Fixed(low, high) => Axis::around([low, high], n),
    }
}

fn grid(frame: &Frame, ticks: &[(f64, String)]) -> Markup {
    html! {
        @for (value, label) in frame.y.ticks() {
            line class="grid" x1=(LEFT) x2=(px(frame.right)) y1=(px(frame.y(value))) y2=(px(frame.y(value))) {}
            text class="soft" x=(LEFT - 7.0) y=(px(frame.y(value) + 5.0)) text-anchor="end" { (label) }
        }
        @for (at, label) in ticks {
            @let half = 0.5 * LETTER * label.chars().count() as f64;
            line class="grid" x1=(px(frame.x(*at))) x2=(px(frame.x(*at))) y1=(px(frame.top)) y2=(px(frame.bottom)) {}
            text class="soft" x=(px(frame.x(*at).min(WIDTH - half - 2.0))) y=(px(frame.bottom + 19.0)) text-anchor="middle" { (label) }
        }
    }
}

/// The line of an event.
fn upright(x: f64, top: f64, bottom: f64, name: &str) -> Markup {
    html! {
        line class="event" x1=(px(x)) x2=(px(x)) y1=(px(top)) y2=(px(bottom)) { title { (name) } }
    }
}

fn draw(frame: &Frame, panel: &Panel) -> Markup {
    html! {
        // Bands lie under lines.
        @for mark in &panel.marks {
            @if let Shape::Band(low, high) = &mark.shape {
                path class=(format!("f{} band", mark.color)) d=(area(low, high, &|p| frame.place(p))) { title { (mark.name) } }
            }
        }
        @for mark in &panel.marks { (content(frame, mark)) }
        @for (mark, y) in labels(frame, panel) {
            (key(mark, frame.right + 6.0, y))
            @for (i, line) in mark.lines().iter().enumerate() {
                text class="ink" x=(px(frame.right + SIGN)) y=(px(y + 5.0 + (LINE - 2.5) * i as f64)) { (line) }
            }
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
            @if frame.holds(*value) {
                line class=(format!("level s{color}")) x1=(LEFT) x2=(px(frame.right)) y1=(px(frame.y(*value))) y2=(px(frame.y(*value))) {
                    title { (mark.name) }
                }
            }
        },
        Shape::Dots(points) => html! {
            // Many dots are small: they would hide each other and the line.
            @let radius = if points.len() > 60 { 2 } else { 3 };
            @for (x, y, error) in points {
                @if frame.holds(*y) {
                    line class=(format!("line s{color}")) x1=(px(frame.x(*x))) x2=(px(frame.x(*x))) y1=(px(frame.y(y - error))) y2=(px(frame.y(y + error))) {}
                    circle class=(format!("f{color}")) cx=(px(frame.x(*x))) cy=(px(frame.y(*y))) r=(radius) {}
                }
            }
        },
        Shape::Point(x, y) => html! {
            circle class="point" cx=(px(frame.x(*x))) cy=(px(frame.y(*y))) r="5" { title { (mark.name) } }
        },
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
            html! { circle class=(format!("f{color}")) cx=(px(x + 8.0)) cy=(px(y)) r="3" {} }
        }
        Shape::Point(..) => html! { circle class="point" cx=(px(x + 8.0)) cy=(px(y)) r="5" {} },
        Shape::Level(_) => html! {
            line class=(format!("level s{color}")) x1=(px(x)) x2=(px(x + 16.0)) y1=(px(y)) y2=(px(y)) {}
        },
        _ => html! {
            line class=(format!("line s{color}")) stroke-dasharray=(DASHES[color]) x1=(px(x)) x2=(px(x + 16.0)) y1=(px(y)) y2=(px(y)) {}
        },
    }
}

/// The marks named beside a panel with the heights of their first lines: near their ends, apart from each
/// other.
fn labels<'p>(frame: &Frame, panel: &'p Panel) -> Vec<(&'p Mark, f64)> {
    let marks = panel.marks.iter();
    let mut named: Vec<(&Mark, f64)> =
        marks.map(|mark| (mark, mark.end().map_or(frame.bottom, |value| frame.y(value)))).collect();
    named.sort_by(|a, b| a.1.total_cmp(&b.1));
    // A name of several lines keeps its place for each of them.
    let mut heights: Vec<f64> = Vec::new();
    for (mark, height) in &named {
        heights.extend((0..mark.lines().len()).map(|line| height + LINE * line as f64));
    }
    for i in 1..heights.len() {
        heights[i] = heights[i].max(heights[i - 1]);
    }
    spread(&mut heights, LINE, frame.top, frame.bottom);
    let mut line = 0;
    for (mark, height) in &mut named {
        *height = heights[line];
        line += mark.lines().len();
    }
    named
}

/// Breaks a text into lines of at most `most` letters, between words where it can.
pub(crate) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let letters: Vec<char> = word.chars().collect();
        for (i, part) in letters.chunks(most.max(1)).enumerate() {
            let part: String = part.iter().collect();
            match lines.last_mut() {
                Some(line) if i == 0 && line.chars().count() + 1 + part.chars().count() <= most => {
                    line.push(' ');
                    line.push_str(&part);
                }
                _ => lines.push(part),
            }
        }
    }
    lines
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
    for i in kept(points) {
        let (x, y) = place(points[i]);
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

/// The points of a curve that are drawn: of a long one the least and the most of each stretch, so that no
/// peak is lost, and a gap of each.
fn kept(points: &[(f64, f64)]) -> Vec<usize> {
    if points.len() <= POINTS_MAX {
        return (0..points.len()).collect();
    }
    let stretch = points.len().div_ceil(POINTS_MAX / 3);
    let mut kept = vec![0, points.len() - 1];
    for first in (0..points.len()).step_by(stretch) {
        let all = first..(first + stretch).min(points.len());
        let finite = || all.clone().filter(|i| points[*i].1.is_finite());
        kept.extend(finite().min_by(|a, b| points[*a].1.total_cmp(&points[*b].1)));
        kept.extend(finite().max_by(|a, b| points[*a].1.total_cmp(&points[*b].1)));
        kept.extend(all.clone().find(|i| !points[*i].1.is_finite()));
    }
    kept.sort_unstable();
    kept.dedup();
    kept
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
    if x + 4.0 + width > WIDTH - 2.0 { (x - 4.0, "end") } else { (x + 4.0, "start") }
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
         .line{{fill:none;stroke-width:1.7}}.band{{opacity:.2}}.level{{stroke-dasharray:5 4;stroke-width:1.3}}\
         .event{{stroke:#566573;stroke-dasharray:3 3}}\
         .halo{{stroke:#fff;stroke-width:4;stroke-linejoin:round;paint-order:stroke}}\
         .point{{fill:none;stroke:#1c2733;stroke-width:2}}{}\
         @media (prefers-color-scheme: dark){{.paper{{fill:#12181f}}.ink{{fill:#e6edf3}}\
         .soft{{fill:#9fb0c0}}.grid{{stroke:#2b3641}}.band{{opacity:.3}}.event{{stroke:#9fb0c0}}\
         .halo{{stroke:#12181f}}.point{{stroke:#e6edf3}}{}}}",
        colors(&LIGHT),
        colors(&DARK)
    );
    html! { style { (PreEscaped(css)) } }
}

#[cfg(test)]
mod tests;
