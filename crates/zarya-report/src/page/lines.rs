//! Curves over time: survival with its band, and fans.

use super::alone;
use crate::export::{Exports, Table, Value};
use crate::picture::{self, Axis, px};
use crate::words;
use maud::{Markup, html};
use zarya::assessment::{Assessment, Fan};
use zarya::units::{Mjd, math};

/// Size of a drawing in CSS pixels and the room around its frame.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub width: f64,
    pub height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// A frame with its two axes.
struct Plot {
    frame: Frame,
    from: Mjd,
    through: Mjd,
    y: Axis,
}

impl Plot {
    fn x(&self, at: Mjd) -> f64 {
        let share = ((at - self.from) / (self.through - self.from)).clamp(0.0, 1.0);
        self.frame.left + share * (self.frame.width - self.frame.left - self.frame.right)
    }

    fn y(&self, value: f64) -> f64 {
        let height = self.frame.height - self.frame.top - self.frame.bottom;
        self.frame.top + (1.0 - self.y.share(value)) * height
    }

    fn right(&self) -> f64 {
        self.frame.width - self.frame.right
    }

    fn bottom(&self) -> f64 {
        self.frame.height - self.frame.bottom
    }

    fn place(&self, (at, value): (Mjd, f64)) -> (f64, f64) {
        (self.x(at), if value.is_finite() { self.y(value) } else { f64::NAN })
    }

    /// A line through points, broken where a value is not finite.
    fn line(&self, points: impl Iterator<Item = (Mjd, f64)>) -> String {
        picture::path(&points.collect::<Vec<_>>(), &|point| self.place(point), false)
    }

    /// The area between two curves over the same dates.
    fn area(&self, dates: &[Mjd], low: &[f64], high: &[f64]) -> String {
        let points = |values: &[f64]| -> Vec<(Mjd, f64)> {
            dates.iter().copied().zip(values.iter().copied()).collect()
        };
        picture::area(&points(low), &points(high), &|point| self.place(point))
    }

    fn grid(&self) -> Markup {
        let years = picture::years(self.from, self.through, 8);
        html! {
            g class="grid" {
                @for (value, label) in self.y.ticks() {
                    line x1=(px(self.frame.left)) x2=(px(self.right())) y1=(px(self.y(value))) y2=(px(self.y(value))) {}
                    text class="tick" x=(px(self.frame.left - 6.0)) y=(px(self.y(value) + 4.0)) text-anchor="end" { (label) }
                }
                @for (at, label) in years {
                    line x1=(px(self.x(at))) x2=(px(self.x(at))) y1=(px(self.frame.top)) y2=(px(self.bottom())) {}
                    text class="tick" x=(px(self.x(at))) y=(px(self.bottom() + 16.0)) text-anchor="middle" { (label) }
                }
            }
        }
    }
}

/// A label at the right end of a curve.
struct EndLabel {
    class: &'static str,
    text: String,
    y: f64,
}

/// Draws the survival curves of the three tiers, the band of the headline, the threshold and what
/// history alone says; once for wide pages and once for phones.
pub(super) fn survival(answer: &Assessment, exports: &mut Exports) -> Markup {
    let wide =
        Frame { width: 820.0, height: 340.0, left: 46.0, right: 186.0, top: 16.0, bottom: 26.0 };
    let narrow =
        Frame { width: 350.0, height: 300.0, left: 36.0, right: 92.0, top: 16.0, bottom: 26.0 };
    let title = "Survival to each date";
    let table = exports.table(Table {
        name: "survival".to_owned(),
        title: title.to_owned(),
        columns: ["date", "crewed", "crewed_low", "crewed_high", "survives", "full"]
            .map(str::to_owned)
            .to_vec(),
        rows: answer
            .survival
            .iter()
            .map(|p| {
                let values = [p.probability, p.low, p.high, p.survives, p.full];
                std::iter::once(p.date.into()).chain(values.map(Value::from)).collect()
            })
            .collect(),
    });
    let (about, drawn) = survival_in(answer, wide, true);
    let (_, small) = survival_in(answer, narrow, false);
    let picture = alone::titled(title, &about, (wide.width, wide.height), &drawn);
    let picture = exports.picture("survival", title, picture);
    html! {
        div class="wide" data-table=(table) data-plot=(picture) {
            (drawing((wide.width, wide.height), &about, &drawn))
        }
        div class="narrow" data-table=(table) data-plot=(picture) {
            (drawing((narrow.width, narrow.height), &about, &small))
        }
    }
}

/// A drawing on the page, with what it shows in words.
pub(super) fn drawing((width, height): (f64, f64), about: &str, drawn: &Markup) -> Markup {
    html! {
        svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img" aria-label=(about) {
            (drawn)
        }
    }
}

/// What the survival curves show in words, and their drawing.
fn survival_in(answer: &Assessment, frame: Frame, roomy: bool) -> (String, Markup) {
    let points = &answer.survival;
    let from = answer.station.as_of.mjd();
    let through = answer.claim.through.mjd() + 1.0;
    let yardstick = answer.yardstick.as_ref();
    let lows = points.iter().flat_map(|p| [p.low, p.full, p.survives, p.probability]);
    let others = [Some(answer.claim.threshold), yardstick.map(|y| y.low)];
    let y = Axis::probability(lows.chain(others.into_iter().flatten()));
    let plot = Plot { frame, from, through, y };
    let dates: Vec<Mjd> = points.iter().map(|p| p.date.mjd()).collect();
    let low: Vec<f64> = points.iter().map(|p| p.low).collect();
    let high: Vec<f64> = points.iter().map(|p| p.high).collect();
    let last = points.last();

    let mut labels = Vec::new();
    let mut end = |class, name: &str, value: f64| {
        let text = format!("{name} {}", words::probability(value));
        labels.push(EndLabel { class, text, y: plot.y(value) });
    };
    if let Some(last) = last {
        end("survives", "survives", last.survives);
        end("crewed", if roomy { "crewed (headline)" } else { "crewed" }, last.probability);
        end("full", if roomy { "full operation" } else { "full" }, last.full);
    }
    // The same law as the yardstick's end value: Jeffreys' prior on a Poisson rate.
    let alone = yardstick.map(|yardstick| {
        let events = f64::from(yardstick.events) + 0.5;
        let at = |mjd: Mjd| {
            let span = (mjd - from) / zarya::units::DAYS_PER_YEAR;
            math::pow(yardstick.years / (yardstick.years + span), events)
        };
        end("alone", if roomy { "history alone" } else { "history" }, yardstick.mean);
        let steps = (0..=24).map(|i| from + f64::from(i) / 24.0 * (through - from));
        plot.line(steps.map(|mjd| (mjd, at(mjd))))
    });
    let threshold = answer.claim.threshold;
    let text = format!("threshold {}", words::probability(threshold));
    labels.push(EndLabel { class: "threshold", text, y: plot.y(threshold) });
    let labels = spread(labels, 15.0, plot.frame.top, plot.bottom());
    let about = format!(
        "Survival curves to {}: crewed {}, survives {}, full {}; threshold {}.",
        answer.claim.through,
        last.map_or_else(String::new, |p| words::probability(p.probability)),
        last.map_or_else(String::new, |p| words::probability(p.survives)),
        last.map_or_else(String::new, |p| words::probability(p.full)),
        words::probability(threshold),
    );
    let drawn = html! {
            (plot.grid())
            path class="area crewed" d=(plot.area(&dates, &low, &high)) {}
            line class="threshold" x1=(px(frame.left)) x2=(px(plot.right())) y1=(px(plot.y(threshold))) y2=(px(plot.y(threshold))) {}
            @if let Some(alone) = &alone { path class="curve alone" d=(alone) {} }
            path class="curve survives" d=(plot.line(points.iter().map(|p| (p.date.mjd(), p.survives)))) {}
            path class="curve full" d=(plot.line(points.iter().map(|p| (p.date.mjd(), p.full)))) {}
            path class="curve crewed strong" d=(plot.line(points.iter().map(|p| (p.date.mjd(), p.probability)))) {}
            @for label in labels {
                text class=(format!("end {}", label.class)) x=(px(plot.right() + 8.0)) y=(px(label.y + 4.0)) { (label.text) }
            }
    };
    (about, drawn)
}

/// The frame of a fan.
pub(super) const FAN: Frame =
    Frame { width: 400.0, height: 210.0, left: 52.0, right: 64.0, top: 12.0, bottom: 24.0 };

/// Draws one fan: median, quartiles and the 5-95 % band; with what it shows in words. Without samples there is
/// none.
pub(super) fn fan(fan: &Fan) -> Option<(String, Markup)> {
    let frame = FAN;
    let dates: Vec<Mjd> = fan.date.iter().map(|date| date.mjd()).collect();
    let (Some(&from), Some(&through)) = (dates.first(), dates.last()) else {
        return None;
    };
    let values = fan.p05.iter().chain(&fan.p95).copied();
    // Stocks, crew and hours cannot be negative and are read against nothing at all; an altitude
    // is read by its changes.
    let zero = (fan.id != "altitude").then_some(0.0);
    let y = Axis::around(values.chain(zero), 4.0);
    let plot = Plot { frame, from, through: through.max(from + 1.0), y };
    let curve = |values: &[f64]| plot.line(dates.iter().copied().zip(values.iter().copied()));
    let ends =
        [("high", &fan.p95, "95 %"), ("middle", &fan.p50, "median"), ("low", &fan.p05, "5 %")];
    let ends: Vec<(&str, &str, f64)> = ends
        .into_iter()
        .filter_map(|(class, values, name)| {
            let last = values.iter().rev().find(|value| value.is_finite())?;
            Some((class, name, *last))
        })
        .collect();
    let value = |x: f64| if fan.id == "altitude" { words::count(x) } else { end_value(x, y.step) };
    let said: Vec<String> =
        ends.iter().map(|(_, name, x)| format!("{name} {}", value(*x))).collect();
    let about = format!("{}, {}, at the end: {}.", fan.name, fan.unit, said.join(", "));
    // Equal ends share one label.
    let mut labels: Vec<EndLabel> = Vec::new();
    for (class, name, x) in &ends {
        let text = value(*x);
        if labels.iter().any(|label| label.text == text) {
            continue;
        }
        let class = if *class == "middle" { "middle" } else { "quiet" };
        let text_named = if *name == "median" { text } else { text.clone() };
        labels.push(EndLabel { class, text: text_named, y: plot.y(*x) });
    }
    let labels = spread(labels, 13.0, frame.top, plot.bottom());
    let drawn = html! {
            (plot.grid())
            path class="area outer" d=(plot.area(&dates, &fan.p05, &fan.p95)) {}
            path class="area inner" d=(plot.area(&dates, &fan.p25, &fan.p75)) {}
            path class="curve middle" d=(curve(&fan.p50)) {}
            @for label in labels {
                text class=(format!("end {}", label.class)) x=(px(plot.right() + 6.0)) y=(px(label.y + 4.0)) { (label.text) }
            }
    };
    Some((about, drawn))
}

/// Returns the label of a value at the end of a curve, in two digits, but not finer than a hundredth
/// of the axis' step: what is smaller cannot be seen in the drawing and is noise of decay laws.
fn end_value(x: f64, step: f64) -> String {
    let least = math::pow(10.0, (math::log10(0.01 * step) + 1e-9).floor());
    if 0.0 < x && x < least { format!("< {}", words::one(least)) } else { words::two(x) }
}

/// Moves labels apart until none overlaps, staying near their curves.
fn spread(mut labels: Vec<EndLabel>, gap: f64, top: f64, bottom: f64) -> Vec<EndLabel> {
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut heights: Vec<f64> = labels.iter().map(|label| label.y).collect();
    picture::spread(&mut heights, gap, top, bottom);
    for (label, height) in labels.iter_mut().zip(heights) {
        label.y = height;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_not_finer_than_the_axis() {
        let labels = [1.3e-7, 0.0009, 0.031, 0.0, 2.4].map(|x| end_value(x, 0.1));
        assert_eq!(labels, ["< 0.001", "< 0.001", "0.031", "0", "2.4"]);
        assert_eq!(end_value(30.0, 500.0), "30");
        assert_eq!(end_value(0.4, 500.0), "< 1");
    }
}
