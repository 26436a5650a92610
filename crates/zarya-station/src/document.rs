//! The files of a station as one tree: `oru.pump.mtbf` whatever file the pump stands in.

use crate::context::{Defaults, problem};
use crate::diagnostic::{Code, Diagnostic};
use crate::provenance::BASES;
use crate::tree::{Entry, Node, Span, Table, Texts, Tree};
use zarya_units::words::nearest;

/// What stands in a file: lists of tables and single tables, by name.
struct Layout {
    file: &'static str,
    /// The table that the file's remaining top-level keys belong to.
    top: Option<&'static str>,
    lists: &'static [&'static str],
    singles: &'static [&'static str],
    needed: bool,
}

const fn layout(
    file: &'static str,
    lists: &'static [&'static str],
    singles: &'static [&'static str],
) -> Layout {
    Layout { file, top: None, lists, singles, needed: false }
}

const LAYOUTS: &[Layout] = &[
    Layout {
        file: "station.toml",
        top: Some("station"),
        lists: &[],
        singles: &["orbit", "worlds"],
        needed: true,
    },
    layout("partners.toml", &["partner"], &[]),
    layout("elements.toml", &["element"], &[]),
    layout("capabilities.toml", &["capability"], &[]),
    layout("orus/*.toml", &["oru"], &[]),
    layout("common-cause.toml", &["common_cause", "defect"], &[]),
    layout("service.toml", &["detection", "unit_service"], &[]),
    layout("stocks.toml", &["stock"], &[]),
    Layout { file: "cabin.toml", top: Some("cabin"), lists: &[], singles: &[], needed: false },
    Layout {
        file: "power.toml",
        top: Some("power"),
        lists: &["channel"],
        singles: &[],
        needed: false,
    },
    Layout {
        file: "crew.toml",
        top: Some("crew"),
        lists: &["phase"],
        singles: &["policy"],
        needed: true,
    },
    layout("vehicles.toml", &["vehicle", "pad", "port", "shock"], &[]),
    layout("manifest.toml", &["docked", "flight", "service"], &[]),
    layout("maintenance.toml", &["task", "upgrade"], &[]),
    layout("hazards.toml", &["hazard"], &[]),
    layout("conditions.toml", &["condition"], &[]),
    Layout {
        file: "claim.toml",
        top: None,
        lists: &["milestone", "break_even"],
        singles: &["claim"],
        needed: true,
    },
    layout("sources.toml", &[], &["sources"]),
    layout("record.toml", &["datum", "observation"], &[]),
];

/// The kinds of list that `[[add]]` may extend.
pub(crate) fn list_names() -> impl Iterator<Item = &'static str> {
    LAYOUTS.iter().flat_map(|layout| layout.lists.iter().copied())
}

/// The file in which a list or table belongs.
fn home_of(name: &str) -> Option<&'static str> {
    LAYOUTS
        .iter()
        .find(|layout| layout.lists.contains(&name) || layout.singles.contains(&name))
        .map(|layout| layout.file)
}

/// Collects the trees of all files in one table, in the order of the files' names.
pub(crate) struct Document {
    pub(crate) root: Table,
    seen: Vec<&'static str>,
}

impl Document {
    pub(crate) fn new() -> Self {
        Self { root: Table::default(), seen: Vec::new() }
    }

    /// Returns whether a file of this name is part of a station, else a diagnostic.
    pub(crate) fn place_for(name: &str) -> Result<(), Box<Diagnostic>> {
        if layout_of(name).is_some() {
            return Ok(());
        }
        let help = match nearest(name, LAYOUTS.iter().map(|layout| layout.file)) {
            Some(near) => format!("the nearest file of a station is `{near}`"),
            None => {
                "overlays are handed over apart, as `scenario` or `beliefs`; units stand in orus/*.toml"
                    .to_owned()
            }
        };
        Err(Box::new(Diagnostic {
            code: Code::FileUnknown,
            message: format!("`{name}` is not a file of a station"),
            label: String::new(),
            place: crate::model::Place { file: name.to_owned(), line: 1, column: 1 },
            span: 0..0,
            help,
            related: None,
        }))
    }

    /// Adds a parsed file. Its `[defaults]` go to the returned defaults.
    pub(crate) fn add(
        &mut self,
        texts: &Texts,
        file: u32,
        mut table: Table,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Defaults {
        let name = texts.name(file).to_owned();
        let Some(layout) = layout_of(&name) else { return Defaults::default() };
        self.seen.push(layout.file);
        let defaults = table
            .take("defaults")
            .map(|entry| read_defaults(texts, &entry, diagnostics))
            .unwrap_or_default();
        let whole = Span { file, start: 0, end: 1 };
        let mut top = Table::default();
        for entry in table.entries {
            let is_list = layout.lists.contains(&entry.key.as_str());
            if is_list && !matches!(entry.node.tree, Tree::Array(_)) {
                diagnostics.push(problem(
                    texts,
                    Code::WrongType,
                    entry.key_span,
                    format!("`{}` is {}", entry.key, entry.node.tree.type_name()),
                    format!("open each with double brackets: [[{}]]", entry.key),
                ));
            } else if is_list {
                self.extend(layout, &name, entry);
            } else if layout.singles.contains(&entry.key.as_str()) {
                self.root.entries.push(entry);
            } else if let Some(home) = home_of(&entry.key) {
                diagnostics.push(problem(
                    texts,
                    Code::KeyUnknown,
                    entry.key_span,
                    format!("`{}` does not stand in {name}", entry.key),
                    format!("move it to {home}"),
                ));
            } else if layout.top.is_some() {
                top.entries.push(entry);
            } else {
                let known = layout.lists.iter().chain(layout.singles).copied();
                let help = match nearest(&entry.key, known.clone()) {
                    Some(near) => format!("the nearest known table is `{near}`"),
                    None => format!("known here are {}", known.collect::<Vec<_>>().join(", ")),
                };
                let message = format!("{name} has no `{}`", entry.key);
                diagnostics.push(problem(texts, Code::KeyUnknown, entry.key_span, message, help));
            }
        }
        if let Some(top_name) = layout.top {
            let node =
                Node { span: whole, defaults: file, tree: Tree::Table(top), earlier: Vec::new() };
            self.root.entries.push(Entry { key: top_name.to_owned(), key_span: whole, node });
        }
        // An overlay can state a policy where the file has none.
        if layout.singles.contains(&"policy") && self.root.get("policy").is_none() {
            let tree = Tree::Table(Table::default());
            let node = Node { span: whole, defaults: file, tree, earlier: Vec::new() };
            self.root.entries.push(Entry { key: "policy".to_owned(), key_span: whole, node });
        }
        defaults
    }

    /// Appends the tables of a list to those of earlier files.
    fn extend(&mut self, layout: &Layout, name: &str, mut entry: Entry) {
        if layout.file == "orus/*.toml" {
            let stem = name.trim_start_matches("orus/").trim_end_matches(".toml");
            if let Tree::Array(items) = &mut entry.node.tree {
                for item in items {
                    give_subsystem(item, stem);
                }
            }
        }
        let Some(there) = self.root.get_mut(&entry.key) else {
            self.root.entries.push(entry);
            return;
        };
        if let (Tree::Array(there), Tree::Array(new)) = (&mut there.tree, entry.node.tree) {
            there.extend(new);
        }
    }

    /// Returns the names of needed files that were not there.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let needed = LAYOUTS.iter().filter(|layout| layout.needed).map(|layout| layout.file);
        needed.filter(|file| !self.seen.contains(file)).collect()
    }
}

fn layout_of(name: &str) -> Option<&'static Layout> {
    let in_orus = name
        .strip_prefix("orus/")
        .and_then(|rest| rest.strip_suffix(".toml"))
        .is_some_and(|stem| !stem.is_empty() && !stem.contains('/'));
    let wanted = if in_orus { "orus/*.toml" } else { name };
    LAYOUTS.iter().find(|layout| layout.file == wanted)
}

/// Notes the subsystem of a unit, unless it states one (in an overlay it must).
fn give_subsystem(item: &mut Node, stem: &str) {
    let (span, defaults) = (item.span, item.defaults);
    if let Tree::Table(table) = &mut item.tree
        && table.get("subsystem").is_none()
    {
        let tree = Tree::Text(stem.to_owned());
        let node = Node { span, defaults, tree, earlier: Vec::new() };
        table.entries.push(Entry { key: "subsystem".to_owned(), key_span: span, node });
    }
}

/// Reads a `[defaults]` table.
pub(crate) fn read_defaults(
    texts: &Texts,
    entry: &Entry,
    diagnostics: &mut Vec<Diagnostic>,
) -> Defaults {
    let mut defaults = Defaults { span: Some(entry.key_span), ..Defaults::default() };
    let known = "known are default_basis, default_source, default_why, from_experience";
    let Some(table) = entry.node.table() else {
        let message = "`defaults` is not a table".to_owned();
        diagnostics.push(problem(
            texts,
            Code::WrongType,
            entry.key_span,
            message,
            known.to_owned(),
        ));
        return defaults;
    };
    for Entry { key, key_span, node } in &table.entries {
        let text = node.text();
        let basis = text.and_then(|text| BASES.iter().find(|(word, _)| *word == text));
        match (key.as_str(), text) {
            ("default_basis", _) if basis.is_some() => defaults.basis = basis.map(|(_, b)| *b),
            ("default_source", Some(text)) => {
                defaults.span = Some(node.span);
                defaults.source = Some(text.to_owned());
            }
            ("default_why", Some(text)) => defaults.why = Some(crate::tree::one_line(text)),
            ("from_experience", _) => match node.tree {
                Tree::Boolean(yes) => defaults.from_experience = yes,
                _ => diagnostics.push(problem(
                    texts,
                    Code::WrongType,
                    node.span,
                    format!("`{key}` is {}", node.tree.type_name()),
                    "write `true` or `false`".to_owned(),
                )),
            },
            ("default_basis", _) => diagnostics.push(problem(
                texts,
                Code::WordUnknown,
                node.span,
                "no such basis".to_owned(),
                "known are published, derived, claimed, assumed, disputed".to_owned(),
            )),
            ("default_source" | "default_why", None) => diagnostics.push(problem(
                texts,
                Code::WrongType,
                node.span,
                format!("`{key}` is not a text"),
                "write a text in quotes".to_owned(),
            )),
            _ => diagnostics.push(problem(
                texts,
                Code::KeyUnknown,
                *key_span,
                format!("`defaults` has no key `{key}`"),
                known.to_owned(),
            )),
        }
    }
    defaults
}
