//! Tables of the page: one description gives what is shown and what is exported.

use crate::export::{Exports, Table, Value};
use maud::{Markup, Render, html};

/// A column: its name in files, and its head on the page; one without a head is exported alone.
pub(super) struct Column {
    name: String,
    head: Option<(Markup, &'static str)>,
}

/// A column that the page shows under `head`, its cells of the class `class`.
pub(super) fn shown(name: &str, head: impl Render, class: &'static str) -> Column {
    Column { name: name.to_owned(), head: Some((html! { (head) }, class)) }
}

/// A column of files alone.
pub(super) fn exported(name: &str) -> Column {
    Column { name: name.to_owned(), head: None }
}

/// A cell: its value, and what the page shows of it.
pub(super) type Cell = (Value, Markup);

/// A cell that the page shows as `markup`.
pub(super) fn cell(value: impl Into<Value>, markup: impl Render) -> Cell {
    (value.into(), html! { (markup) })
}

/// A cell of an exported column.
pub(super) fn value(value: impl Into<Value>) -> Cell {
    (value.into(), html! {})
}

/// A table: `name` is that of its file, `most` is how many rows the page shows; the export has all.
pub(super) struct Sheet<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub class: Option<&'static str>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub most: usize,
}

impl Sheet<'_> {
    /// Hands the table over to the exports and returns it for the page.
    pub(super) fn show(self, exports: &mut Exports) -> Markup {
        let values = |row: &Vec<Cell>| row.iter().map(|cell| cell.0.clone()).collect();
        let name = exports.table(Table {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            columns: self.columns.iter().map(|column| column.name.clone()).collect(),
            rows: self.rows.iter().map(values).collect(),
        });
        let heads: Vec<&(Markup, &str)> =
            self.columns.iter().filter_map(|column| column.head.as_ref()).collect();
        let class = |class: &'static str| Some(class).filter(|class| !class.is_empty());
        html! {
            div class="scroll" { table class=[self.class] data-table=(name) {
                thead { tr { @for (head, of) in heads { th class=[class(of)] { (head) } } } }
                tbody {
                    @for row in self.rows.iter().take(self.most) {
                        tr {
                            @for (column, cell) in self.columns.iter().zip(row) {
                                @if let Some((_, of)) = &column.head { td class=[class(of)] { (cell.1) } }
                            }
                        }
                    }
                }
            } }
        }
    }
}
