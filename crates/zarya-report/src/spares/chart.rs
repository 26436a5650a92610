//! Line charts as SVG text: readable by screen readers, in light and dark, without scripts.

use std::fmt::Write as _;

/// A chart with a few lines over common axes.
pub(super) struct Chart<'a> {
    pub(super) title: &'a str,
    pub(super) x_label: &'a str,
    pub(super) y_label: &'a str,
    /// Fixed range of the vertical axis; otherwise from zero to the largest value.
    pub(super) y_range: Option<(f64, f64)>,
    pub(super) lines: Vec<Line<'a>>,
    /// A point to mark, with its text.
    pub(super) mark: Option<(f64, f64, String)>,
}

/// One line, drawn straight between points.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 160.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 60.0;

/// Distinguished without color too: each line has its own dashes and its name at its end.
const DASHES: [&str; 6] = ["", "7 4", "2 3", "10 3 2 3", "4 4", "1 4"];

impl Chart<'_> {
    /// Returns the picture.
    pub(super) fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let x_low = points().map(|p| p.0).fold(f64::INFINITY, f64::min).min(0.0);
        let x_high = points().map(|p| p.0).fold(f64::NEG_INFINITY, f64::max).max(x_low + 1e-9);
        let y_most = points().map(|p| p.1).fold(0.0, f64::max);
        let (y_low, y_high) = self.y_range.unwrap_or((0.0, y_most.max(1e-9)));
        let x_ticks = ticks(x_low, x_high);
        let y_ticks = ticks(y_low, y_high);
        let x_high = x_ticks.last().copied().unwrap_or(x_high).max(x_high);
        let y_high = if self.y_range.is_some() {
            y_high
        } else {
            y_ticks.last().copied().unwrap_or(y_high).max(y_high)
        };
        let x = |v: f64| LEFT + (v - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT);
        let y = |v: f64| HEIGHT - BOTTOM - (v - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM);
        let mut svg = String::new();
        let summary: Vec<String> = self
            .lines
            .iter()
            .filter_map(|line| {
                let (from, to) = (line.points.first()?, line.points.last()?);
                Some(format!(
                    "{}: from {} at {} to {} at {}",
                    line.name,
                    short(from.1),
                    short(from.0),
                    short(to.1),
                    short(to.0)
                ))
            })
            .collect();
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\" aria-labelledby=\"title desc\" font-family=\"sans-serif\" \
             font-size=\"13\">\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{} over {}. \
             {}.</desc>\n",
            escaped(self.title),
            escaped(self.y_label),
            escaped(self.x_label),
            escaped(&summary.join("; ")),
        );
        svg.push_str(STYLE);
        let _ = writeln!(
            svg,
            "<rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n<text class=\"ink\" \
             x=\"{LEFT}\" y=\"26\" font-size=\"16\" font-weight=\"bold\">{}</text>",
            escaped(self.title)
        );
        for tick in &y_ticks {
            let at = y(*tick);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text class=\"ink\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                at + 4.5,
                short(*tick)
            );
        }
        for tick in &x_ticks {
            let at = x(*tick);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/>\
                 <text class=\"ink\" text-anchor=\"middle\" x=\"{at:.1}\" y=\"{:.1}\">{}</text>",
                HEIGHT - BOTTOM,
                HEIGHT - BOTTOM + 20.0,
                short(*tick)
            );
        }
        let _ = writeln!(
            svg,
            "<text class=\"ink\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>\n\
             <text class=\"ink\" text-anchor=\"middle\" transform=\"translate(20 {:.1}) \
             rotate(-90)\">{}</text>",
            0.5 * (LEFT + WIDTH - RIGHT),
            HEIGHT - 14.0,
            escaped(self.x_label),
            0.5 * (TOP + HEIGHT - BOTTOM),
            escaped(self.y_label)
        );
        // Names at the ends of lines, moved apart where they would overlap.
        let mut ends: Vec<(usize, f64)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(i, line)| Some((i, y(line.points.last()?.1.clamp(y_low, y_high)))))
            .collect();
        ends.sort_by(|a, b| a.1.total_cmp(&b.1));
        for i in 1..ends.len() {
            ends[i].1 = ends[i].1.max(ends[i - 1].1 + 16.0);
        }
        let overflow = ends.last().map_or(0.0, |end| (end.1 - (HEIGHT - BOTTOM)).max(0.0));
        for (i, at) in &ends {
            let line = &self.lines[*i];
            let path: Vec<String> = line
                .points
                .iter()
                .filter(|p| p.1 >= y_low && p.1 <= y_high)
                .map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1)))
                .collect();
            let _ = writeln!(
                svg,
                "<polyline class=\"line c{}\" stroke-dasharray=\"{}\" points=\"{}\"/>\n<text \
                 class=\"label t{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                i % 6,
                DASHES[i % 6],
                path.join(" "),
                i % 6,
                x(line.points.last().map_or(0.0, |p| p.0)).min(WIDTH - RIGHT) + 8.0,
                at - overflow + 4.5,
                escaped(line.name)
            );
        }
        if let Some((at_x, at_y, text)) = &self.mark {
            let right = x(*at_x) > 0.6 * WIDTH;
            let _ = writeln!(
                svg,
                "<circle class=\"mark\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>\n<text class=\"ink\" \
                 text-anchor=\"{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x(*at_x),
                y(*at_y),
                if right { "end" } else { "start" },
                x(*at_x) + if right { -10.0 } else { 10.0 },
                y(*at_y) + 22.0,
                escaped(text)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

const STYLE: &str = "<style>
.paper { fill: #ffffff; } .ink { fill: #1c1c1c; } .grid { stroke: #d5d5d5; }
.line { fill: none; stroke-width: 2.2; } .mark { fill: none; stroke: #1c1c1c; stroke-width: 2; }
.c0 { stroke: #0060a8; } .c1 { stroke: #b04000; } .c2 { stroke: #3d7a00; }
.c3 { stroke: #7a3db0; } .c4 { stroke: #00767a; } .c5 { stroke: #8a6d00; }
.t0 { fill: #0060a8; } .t1 { fill: #b04000; } .t2 { fill: #3d7a00; }
.t3 { fill: #7a3db0; } .t4 { fill: #00767a; } .t5 { fill: #8a6d00; }
@media (prefers-color-scheme: dark) {
.paper { fill: #16181c; } .ink { fill: #e8e8e8; } .grid { stroke: #3a3d44; }
.mark { stroke: #e8e8e8; }
.c0 { stroke: #6ab7ff; } .c1 { stroke: #ff9a5c; } .c2 { stroke: #9bd65a; }
.c3 { stroke: #c9a0ff; } .c4 { stroke: #55d0d4; } .c5 { stroke: #e0c050; }
.t0 { fill: #6ab7ff; } .t1 { fill: #ff9a5c; } .t2 { fill: #9bd65a; }
.t3 { fill: #c9a0ff; } .t4 { fill: #55d0d4; } .t5 { fill: #e0c050; }
}
</style>
";

/// Returns a text as it stands in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Round values that cover a range: steps of 1, 2 or 5 times a power of ten.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    const WANTED: f64 = 6.0;
    let raw = (high - low) / WANTED;
    let mut power = 1.0_f64;
    while power * 10.0 <= raw {
        power *= 10.0;
    }
    while power > raw {
        power /= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw);
    let step = step.unwrap_or(10.0 * power);
    let (first, last) = ((low / step).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

/// A number for an axis or a summary: no more digits than it needs.
fn short(value: f64) -> String {
    let text = if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.4}") };
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 0.3).len(), 7);
    }

    #[test]
    fn names_are_escaped() {
        let chart = Chart {
            title: "a < b",
            x_label: "x",
            y_label: "y",
            y_range: None,
            lines: vec![Line { name: "p & q", points: vec![(0.0, 0.0), (1.0, 2.0)] }],
            mark: None,
        };
        let svg = chart.svg();
        assert!(svg.contains("a &lt; b") && svg.contains("p &amp; q"));
    }
}
