//! What the pictures of air and power share: panels with a grid of round numbers, ticks
//! below them, and curves named at their right.

use std::fmt::Write as _;
use zarya::units::math;

/// Colors that tell apart on light and dark ground, also for most color-blind readers.
pub const COLORS: [&str; 8] =
    ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bb8866", "#888888"];

/// Most points of a curve: more than pixels make the file large and the line no better.
const POINTS_MAX: usize = 1200;

/// Returns whether one of `n` points of a curve is drawn; the last always is.
pub fn drawn(point: usize, n: usize) -> bool {
    point.is_multiple_of(n.div_ceil(POINTS_MAX).max(1)) || point + 1 == n
}

/// The place of a panel, and the values its height covers.
pub struct Panel {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    floor: f64,
    ceiling: f64,
    step: f64,
}

impl Panel {
    /// Returns a panel between two horizontal and two vertical places that covers `low` to `high` in
    /// about four round steps.
    pub fn covering(
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
        low: f64,
        high: f64,
    ) -> Self {
        let step = tick_step((high - low).max(high.abs() * 0.02).max(1e-9) / 4.0);
        let (floor, ceiling) = ((low / step).floor() * step, ((high / step).floor() + 1.0) * step);
        Self { left, right, top, bottom, floor, ceiling, step }
    }

    /// Returns the vertical place of a value.
    pub fn y(&self, value: f64) -> f64 {
        let share = (value - self.floor) / (self.ceiling - self.floor);
        self.bottom - share * (self.bottom - self.top)
    }

    /// Returns the horizontal place of a share of the width.
    pub fn x(&self, share: f64) -> f64 {
        self.left + share * (self.right - self.left)
    }

    /// Draws a line with its number at each step of the height.
    pub fn grid(&self, out: &mut String) {
        for tick in 0..=((self.ceiling - self.floor) / self.step).round() as i32 {
            let value = self.floor + f64::from(tick) * self.step;
            let _ = writeln!(
                out,
                "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{2:.1}\" y2=\"{2:.1}\"/>\
                 <text x=\"{3}\" y=\"{4:.1}\" text-anchor=\"end\">{5}</text>",
                self.left,
                self.right,
                self.y(value),
                self.left - 8.0,
                self.y(value) + 4.0,
                label(value, self.step)
            );
        }
    }

    /// Draws a tick below the panel, with its words.
    pub fn tick(&self, out: &mut String, x: f64, words: &str) {
        let _ = writeln!(
            out,
            "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{}\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{words}</text>",
            self.bottom,
            self.bottom + 5.0,
            self.bottom + 19.0
        );
    }

    /// Draws the left and lower edge.
    pub fn frame(&self, out: &mut String) {
        let _ = writeln!(
            out,
            "<path class=\"axis\" fill=\"none\" d=\"M{} {}V{}H{}\"/>",
            self.left, self.top, self.bottom, self.right
        );
    }

    /// Draws the curve at `place` in the order of the panel's, and its name beside the panel.
    pub fn curve(&self, out: &mut String, place: usize, name: &str, width: f64, path: &str) {
        let (color, name) = (COLORS[place % COLORS.len()], escaped(name));
        let below = 17.0 * place as f64;
        let _ = writeln!(
            out,
            "<path fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" d=\"{path}\">\
             <title>{name}</title></path>\n\
             <rect x=\"{}\" y=\"{:.1}\" width=\"14\" height=\"4\" fill=\"{color}\"/>\
             <text x=\"{}\" y=\"{:.1}\" font-size=\"12\">{name}</text>",
            self.right + 12.0,
            self.top + 8.0 + below,
            self.right + 31.0,
            self.top + 14.0 + below
        );
    }
}

/// Returns the next of 1, 2, 5 times a power of ten.
pub fn tick_step(rough: f64) -> f64 {
    let power = math::pow(10.0, math::log10(rough).floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough);
    factor.unwrap_or(10.0) * power
}

/// Returns a tick's number with the digits its step needs.
pub fn label(value: f64, step: f64) -> String {
    let digits = (-math::log10(step).floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.digits$}")
}

/// Returns a text as it stands in XML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_labels_have_their_digits() {
        assert_eq!([tick_step(0.3), tick_step(3.0), tick_step(7.0)], [0.5, 5.0, 10.0]);
        assert_eq!(label(20.5, 0.5), "20.5");
        assert_eq!(label(20.0, 5.0), "20");
    }

    #[test]
    fn a_panel_covers_its_values_from_bottom_to_top() {
        let panel = Panel::covering((70.0, 670.0), (46.0, 196.0), 0.0, 9.0);
        assert_eq!((panel.y(0.0), panel.y(10.0), panel.x(0.5)), (196.0, 46.0, 370.0));
        let flat = Panel::covering((0.0, 1.0), (0.0, 1.0), 5.0, 5.0);
        assert!(flat.y(5.0).is_finite() && (0.0..=1.0).contains(&flat.y(5.0)));
    }

    #[test]
    fn names_of_the_file_are_escaped() {
        let panel = Panel::covering((0.0, 9.0), (0.0, 9.0), 0.0, 1.0);
        let mut out = String::new();
        panel.curve(&mut out, 0, "a < \"b\" & c", 2.0, "M0 0");
        assert_eq!(out.matches("a &lt; &quot;b&quot; &amp; c").count(), 2, "{out}");
    }

    #[test]
    fn a_long_curve_keeps_its_ends() {
        let kept: Vec<usize> = (0..5000).filter(|point| drawn(*point, 5000)).collect();
        assert!(kept.len() <= POINTS_MAX + 1 && kept[0] == 0 && kept.last() == Some(&4999));
    }
}
