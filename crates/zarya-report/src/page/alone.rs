//! Drawings of the page as documents of their own: white ground, their own colors and letters.

use maud::{Markup, PreEscaped, html};
use std::fmt::Write as _;

const WIDTH: f64 = 960.0;
const EDGE: f64 = 14.0;
/// Where strips and values begin, and how wide a strip is.
const STRIP: f64 = 380.0;
const STRIP_WIDTH: f64 = 330.0;
const VALUE: f64 = 730.0;
/// Letters in a line of a label and of a value.
const LABEL_LETTERS: usize = 54;
const VALUE_LETTERS: usize = 33;
const LINE: f64 = 15.0;
const TITLE: f64 = 34.0;
const STRIP_HEIGHT: f64 = 22.0;
const FONT: &str = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', Helvetica, Arial, sans-serif";

/// A row of a chart: label, strip and value as on the page.
pub(super) struct Line<'a> {
    pub label: &'a Markup,
    pub strip: &'a Markup,
    pub value: &'a Markup,
    /// Whether it is shown faintly.
    pub weak: bool,
    /// Whether it is an axis: nothing is told of it.
    pub axis: bool,
}

/// Returns the rules of the page's drawings in its colors by day: programs that draw SVG know no variables.
fn style() -> String {
    let mut css = include_str!("drawing.css").to_owned();
    let sheet = include_str!("style.css");
    let root = sheet.split_once(":root {").and_then(|(_, rest)| rest.split_once('}'));
    for rule in root.map_or("", |(root, _)| root).split(';') {
        if let Some((name, color)) = rule.split_once(':') {
            css = css.replace(&format!("var({})", name.trim()), color.trim());
        }
    }
    css
}

/// Returns a document of that size about a drawing.
pub(super) fn document(
    title: &str,
    about: &str,
    (width, height): (f64, f64),
    body: &Markup,
) -> String {
    let document = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height)
            role="img" aria-labelledby="title desc" font-family=(FONT) font-size="12" {
            title id="title" { (title) }
            desc id="desc" { (about) }
            style { (PreEscaped(style())) }
            rect width=(width) height=(height) fill="#ffffff" {}
            (body)
        }
    };
    document.into_string() + "\n"
}

/// Returns a drawing under its title as a document.
pub(super) fn titled(
    title: &str,
    about: &str,
    (width, height): (f64, f64),
    body: &Markup,
) -> String {
    let whole = html! {
        (heading(title))
        svg x=(EDGE) y=(TITLE) width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) overflow="visible" {
            (body)
        }
    };
    document(title, about, (width + 2.0 * EDGE, height + TITLE + EDGE), &whole)
}

fn heading(title: &str) -> Markup {
    html! { text x=(EDGE) y="22" style="font-size:15px;font-weight:600" { (title) } }
}

/// Returns a chart of rows as a document: label, strip and value beside each other.
///
/// `axis` is the drawing of the ticks below, and what they show.
pub(super) fn rows(title: &str, rows: &[Line<'_>], axis: Option<(Markup, &str)>) -> String {
    let mut y = TITLE;
    let mut body = String::new();
    let mut said = Vec::new();
    for row in rows {
        let (label, value) = (plain(&row.label.0), plain(&row.value.0));
        if !row.axis {
            said.push(format!("{}: {}", label.join(" "), value.join(" ")));
        }
        let labels = wrapped(&label, LABEL_LETTERS);
        let values = wrapped(&value, VALUE_LETTERS);
        let lines = labels.len().max(values.len()).max(1);
        let strip = row.strip.0.as_str();
        let height = (LINE * lines as f64).max(STRIP_HEIGHT) + 8.0;
        let middle = y + height / 2.0;
        let weak = if row.weak { "0.55" } else { "1" };
        let text = |x: f64, lines: &[String]| {
            let top = middle - LINE * lines.len() as f64 / 2.0 + 11.0;
            html! {
                @for (i, line) in lines.iter().enumerate() {
                    text x=(x) y=(format!("{:.1}", top + LINE * i as f64)) opacity=(weak) { (line) }
                }
            }
        };
        let rule = html! {
            line class="grid" x1=(EDGE) x2=(WIDTH - EDGE) y1=(format!("{y:.1}")) y2=(format!("{y:.1}")) {}
            (text(EDGE, &labels)) (text(VALUE, &values))
        };
        body.push_str(&rule.0);
        let top = if row.axis { y } else { middle - STRIP_HEIGHT / 2.0 };
        let _ = write!(body, "<g opacity=\"{weak}\">{}</g>", placed(strip, top));
        let under = strip.split_once("</svg>").map_or("", |(_, rest)| rest);
        body.push_str(&below(&plain(under).join(" "), y + height).0);
        y += height + if under.is_empty() { 0.0 } else { LINE };
    }
    if let Some((ticks, about)) = axis {
        body.push_str(&placed(&ticks.0, y + 2.0));
        body.push_str(&below(about, y + 38.0).0);
        y += 44.0;
    }
    let whole = html! { (heading(title)) (PreEscaped(body)) };
    document(title, &said.join(". "), (WIDTH, y + EDGE), &whole)
}

fn below(text: &str, y: f64) -> Markup {
    html! {
        @if !text.is_empty() {
            text class="note" x=(STRIP + STRIP_WIDTH / 2.0) y=(format!("{y:.1}")) text-anchor="middle" { (text) }
        }
    }
}

/// A strip of the page at its place in a document.
fn placed(strip: &str, y: f64) -> String {
    let strip = strip.split_once("</svg>").map_or(strip, |(svg, _)| svg);
    let place = format!("<svg x=\"{STRIP}\" y=\"{y:.1}\" overflow=\"visible\" ");
    let width = format!("width=\"{STRIP_WIDTH}\"");
    let placed = strip.replacen("<svg ", &place, 1).replacen("width=\"100%\"", &width, 1);
    if placed.is_empty() { placed } else { placed + "</svg>" }
}

/// Returns the words of markup in lines, as a reader sees them.
fn plain(markup: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in markup.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        if tag == "br" {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(text);
        }
    }
    let words = |line: &String| {
        let text = line
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        text.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(words).filter(|line| !line.is_empty()).collect()
}

fn wrapped(lines: &[String], most: usize) -> Vec<String> {
    lines.iter().flat_map(|line| crate::picture::wrapped(line, most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_markup_are_those_a_reader_sees() {
        let markup = html! { strong { "a < b" } " " span class="x" { "& c" } br; "d\u{a0}e" };
        assert_eq!(plain(&markup.0), ["a < b & c", "d\u{a0}e"]);
        assert!(plain("").is_empty());
    }

    #[test]
    fn the_style_of_a_picture_needs_no_variables() {
        let style = style();
        assert!(style.contains("#0b63c4") && !style.contains("var("), "{style}");
    }
}
