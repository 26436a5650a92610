//! Charts that are rows: a label, a strip drawn in percent of the width at hand, and a value.
//!
//! Because strips are laid out in percent, the same markup fits a desk, a phone, a page, and a picture of its own.

use super::alone;
use crate::export::{Exports, Table, Value};
use crate::picture::Axis;
use maud::{Markup, html};

/// One row of a chart.
pub(super) struct Row {
    /// What it is.
    pub label: Markup,
    /// Its drawing.
    pub strip: Markup,
    /// Its value in words, which says all that the drawing says.
    pub value: Markup,
    /// Whether it is shown faintly, because it cannot be told from nothing.
    pub weak: bool,
    /// The lines of the exported table that it stands for; none for an axis.
    pub lines: Vec<Vec<Value>>,
}

/// A chart: `name` is that of its files, `columns` are those of the lines of its rows.
pub(super) struct Chart<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub columns: &'a [&'a str],
    pub rows: Vec<Row>,
    pub axis: Option<&'a Axis>,
    /// What the axis shows.
    pub about: &'a str,
}

impl Chart<'_> {
    /// Hands the chart over to the exports, as a table and as a picture, and returns it for the page.
    pub(super) fn show(self, exports: &mut Exports) -> Markup {
        let table = exports.table(Table {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            columns: self.columns.iter().map(|name| (*name).to_owned()).collect(),
            rows: self.rows.iter().flat_map(|row| row.lines.clone()).collect(),
        });
        let axis = self.axis.map(|axis| (html! { (ticks(axis)) }, self.about));
        let lines = self.rows.iter().map(|row| alone::Line {
            label: &row.label,
            strip: &row.strip,
            value: &row.value,
            weak: row.weak,
            axis: row.lines.is_empty(),
        });
        let picture = alone::rows(self.title, &lines.collect::<Vec<_>>(), axis);
        let picture = exports.picture(self.name, self.title, picture);
        html! {
            ul class="rows" data-table=(table) data-plot=(picture) {
                @for row in self.rows {
                    li class=(if row.weak { "row weak" } else { "row" }) {
                        div class="label" { (row.label) }
                        div class="plot" { (row.strip) }
                        div class="value" { (row.value) }
                    }
                }
                @if let Some(axis) = self.axis {
                    li class="row axis" aria-hidden="true" {
                        div class="label" {}
                        div class="plot" {
                            (ticks(axis))
                            div class="axis-title" { (self.about) }
                        }
                        div class="value" {}
                    }
                }
            }
        }
    }
}

/// The ticks of an axis below the strips.
fn ticks(axis: &Axis) -> Markup {
    html! {
        svg class="strip" width="100%" height="20" {
            @for (value, label) in axis.ticks() {
                line class="tick" x1=(at(axis, value)) x2=(at(axis, value)) y1="0" y2="5" {}
                text class="tick" x=(at(axis, value)) y="17" text-anchor="middle" { (label) }
            }
        }
    }
}

/// A strip with the axis' grid behind it.
pub(super) fn strip(axis: &Axis, marks: &Markup) -> Markup {
    html! {
        svg class="strip" width="100%" height="22" aria-hidden="true" {
            @for (value, _) in axis.ticks() {
                line class="grid" x1=(at(axis, value)) x2=(at(axis, value)) y1="0" y2="22" {}
            }
            (marks)
        }
    }
}

/// A bar between two values.
pub(super) fn bar(axis: &Axis, from: f64, to: f64, class: &str) -> Markup {
    let (a, b) = (axis.share(from.min(to)), axis.share(from.max(to)));
    html! { rect class=(format!("bar {class}")) x=(percent(a)) width=(percent(b - a)) y="4" height="14" {} }
}

/// A thin line between two values, with caps.
pub(super) fn whisker(axis: &Axis, from: f64, to: f64, class: &str) -> Markup {
    html! {
        line class=(format!("whisker {class}")) x1=(at(axis, from)) x2=(at(axis, to)) y1="11" y2="11" {}
        line class=(format!("whisker {class}")) x1=(at(axis, from)) x2=(at(axis, from)) y1="7" y2="15" {}
        line class=(format!("whisker {class}")) x1=(at(axis, to)) x2=(at(axis, to)) y1="7" y2="15" {}
    }
}

/// A thick, pale line between two values.
pub(super) fn range(axis: &Axis, from: f64, to: f64, class: &str) -> Markup {
    html! { line class=(format!("range {class}")) x1=(at(axis, from)) x2=(at(axis, to)) y1="11" y2="11" {} }
}

/// A dot.
pub(super) fn dot(axis: &Axis, value: f64, class: &str) -> Markup {
    html! { circle class=(format!("dot {class}")) cx=(at(axis, value)) cy="11" r="5" {} }
}

/// A line across the strip.
pub(super) fn mark(axis: &Axis, value: f64, class: &str) -> Markup {
    html! { line class=(format!("mark {class}")) x1=(at(axis, value)) x2=(at(axis, value)) y1="0" y2="22" {} }
}

/// Returns where a value lies on an axis, in percent of the strip's width.
pub(super) fn at(axis: &Axis, value: f64) -> String {
    percent(axis.share(value))
}

/// Returns a share of the strip's width.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}%", 100.0 * share)
}
