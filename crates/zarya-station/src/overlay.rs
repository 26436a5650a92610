//! Overlays: explicit operations (set, add, remove) on the tree of a station, by path.
//!
//! A path is `kind.id.key…`: `oru.pump.mtbf`, `orbit.altitude`, `element.hub.leak.rate`. Items of a
//! list go by their `id`, else by their position from 0. A part that ends in `*` matches every
//! name that begins so.

use crate::context::{Defaults, problem};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::list_names;
use crate::model::Basis;
use crate::provenance::BASES;
use crate::tree::{Entry, Node, Span, Table, Texts, Tree};
use zarya_units::Date;
use zarya_units::words::nearest;

/// Most operations of all overlays.
pub const OPERATIONS_MAX: usize = 2_000;
/// Most values that the operations may write or visit, so that hostile patterns end.
const WORK_MAX: usize = 1_000_000;

/// The parts of an overlay file that are left to carry out.
pub(crate) struct Overlay {
    file: u32,
    operations: Vec<Operation>,
    /// Moves the as-of date: the node that says so.
    pub(crate) as_of: Option<Node>,
}

struct Operation {
    what: What,
    span: Span,
    /// Matched something so far.
    matched: bool,
}

enum What {
    Set { path: String, path_span: Span, value: Node },
    Add { table: String, value: Node },
    Remove { path: String, path_span: Span },
}

impl Overlay {
    /// Reads an overlay's tree. Provenance of its operations is appended to `defaults`.
    pub(crate) fn read(
        texts: &Texts,
        file: u32,
        table: Table,
        defaults: &mut Vec<Defaults>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut overlay = Self { file, operations: Vec::new(), as_of: None };
        let why = table.get("why").and_then(Node::text).filter(|t| !t.trim().is_empty());
        let why = why.map(str::to_owned);
        if why.is_none() {
            let span = Span { file, start: 0, end: 1 };
            let message = format!("the overlay `{}` does not say why", texts.name(file));
            let help = "add `why = \"…\"` at the top: what it stands for and where it comes from";
            diagnostics.push(problem(
                texts,
                Code::OverlayUnexplained,
                span,
                message,
                help.to_owned(),
            ));
        }
        // A record is told with sources of later days; the report says that it looks back.
        let hindsight =
            matches!(table.get("hindsight").map(|n| &n.tree), Some(Tree::Boolean(true)));
        defaults[file as usize].hindsight = hindsight;
        let stated = Defaults { why, ..defaults[file as usize].clone() };
        for Entry { key, key_span, node } in table.entries {
            match (key.as_str(), node.tree) {
                ("why" | "name" | "id" | "note", Tree::Text(_))
                | ("hindsight", Tree::Boolean(_)) => {}
                ("as_of", tree) => overlay.as_of = Some(Node { tree, ..node }),
                ("set" | "add" | "remove", Tree::Array(items)) => {
                    for item in items {
                        overlay.read_operation(&key, item, texts, &stated, defaults, diagnostics);
                    }
                }
                ("set" | "add" | "remove", _) => diagnostics.push(problem(
                    texts,
                    Code::WrongType,
                    key_span,
                    format!("`{key}` is not a list of tables"),
                    format!("open each operation with [[{key}]]"),
                )),
                _ => {
                    let known = [
                        "why",
                        "name",
                        "note",
                        "as_of",
                        "hindsight",
                        "defaults",
                        "set",
                        "add",
                        "remove",
                    ];
                    let help = match nearest(&key, known.into_iter()) {
                        Some(near) => format!("the nearest known key is `{near}`"),
                        None => format!("an overlay has {}", known.join(", ")),
                    };
                    let message = format!("an overlay has no `{key}`");
                    diagnostics.push(problem(texts, Code::KeyUnknown, key_span, message, help));
                }
            }
        }
        // In the order of the file, whatever their kind.
        overlay.operations.sort_by_key(|operation| operation.span.start);
        overlay
    }

    fn read_operation(
        &mut self,
        kind: &str,
        item: Node,
        texts: &Texts,
        stated: &Defaults,
        defaults: &mut Vec<Defaults>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let span = item.span;
        let mut malformed = |message: String, help: &str| {
            let code = Code::OverlayMalformed;
            diagnostics.push(problem(texts, code, span, message, help.to_owned()));
        };
        let Tree::Table(mut table) = item.tree else {
            malformed(
                format!("`{kind}` is not a table"),
                "open each operation with double brackets",
            );
            return;
        };
        let (known, form): (&[&str], _) = match kind {
            "set" => (
                &["path", "value", "why", "basis", "source", "note"],
                "[[set]] path = \"oru.pump.mtbf\", value = …, why = \"…\"",
            ),
            "add" => (
                &["table", "value", "why", "basis", "source", "note"],
                "[[add]] table = \"flight\", then [add.value] with its keys",
            ),
            _ => (&["path", "why", "note"], "[[remove]] path = \"flight.cargo-3\""),
        };
        if let Some(entry) = table.entries.iter().find(|e| !known.contains(&e.key.as_str())) {
            malformed(format!("`{kind}` has no key `{}`", entry.key), &format!("write {form}"));
            return;
        }
        let own = provenance_of(&table, stated);
        let value = table.take("value").map(|entry| entry.node);
        let text = |key: &str| table.get(key).and_then(|node| Some((node.text()?, node.span)));
        let index = defaults.len() as u32;
        let what = match (kind, text("path"), text("table"), value) {
            ("set", Some((path, path_span)), _, Some(mut value)) => {
                adopt(&mut value, index);
                What::Set { path: path.to_owned(), path_span, value }
            }
            ("add", _, Some((table, table_span)), Some(mut value)) => {
                if !list_names().any(|name| name == table) {
                    let known: Vec<&str> = list_names().collect();
                    let message = format!("there are no `{table}` tables to add to");
                    let help = format!("known are {}", known.join(", "));
                    let code = Code::OverlayMalformed;
                    diagnostics.push(problem(texts, code, table_span, message, help));
                    return;
                }
                adopt(&mut value, index);
                What::Add { table: table.to_owned(), value }
            }
            ("remove", Some((path, path_span)), _, None) => {
                What::Remove { path: path.to_owned(), path_span }
            }
            _ => {
                malformed(format!("`{kind}` is incomplete"), &format!("write {form}"));
                return;
            }
        };
        defaults.push(own);
        self.operations.push(Operation { what, span, matched: false });
    }

    /// Returns how many operations there are.
    pub(crate) fn len(&self) -> usize {
        self.operations.len()
    }

    /// Carries the operations out on the tree. `work` counts what they wrote over all overlays.
    pub(crate) fn apply(
        &mut self,
        root: &mut Table,
        texts: &Texts,
        work: &mut usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for operation in &mut self.operations {
            match &operation.what {
                What::Set { path, path_span, value } => {
                    let matched = set(root, path, value, *path_span, work);
                    operation.matched |= matched > 0;
                }
                What::Add { table, value } => {
                    *work += value.size();
                    operation.matched = true;
                    add(root, table, value.clone());
                }
                What::Remove { path, .. } => {
                    operation.matched |= remove(root, path, work) > 0;
                }
            }
            if *work > WORK_MAX {
                let message = "the overlays write more than a million values".to_owned();
                let help = "narrow the patterns with `*`".to_owned();
                diagnostics.push(problem(texts, Code::BeyondLimits, operation.span, message, help));
                return;
            }
        }
    }

    /// Carries operations on `flight` out again, once services have been spelled out into flights:
    /// those that matched nothing so far, and patterns.
    pub(crate) fn apply_to_spelled_out(&mut self, flights: &mut Vec<Node>, work: &mut usize) {
        for operation in &mut self.operations {
            let path = match &operation.what {
                What::Set { path, .. } | What::Remove { path, .. } => path,
                What::Add { .. } => continue,
            };
            if !path.starts_with("flight.") || (operation.matched && !path.contains('*')) {
                continue;
            }
            if *work > WORK_MAX {
                return;
            }
            let span = operation.span;
            let node = Node {
                span,
                defaults: 0,
                tree: Tree::Array(std::mem::take(flights)),
                earlier: vec![],
            };
            let entry = Entry { key: "flight".to_owned(), key_span: span, node };
            let mut only = Table { entries: vec![entry] };
            match &operation.what {
                What::Set { path, path_span, value } => {
                    let matched = set(&mut only, path, value, *path_span, work);
                    operation.matched |= matched > 0;
                }
                What::Remove { path, .. } => operation.matched |= remove(&mut only, path, work) > 0,
                What::Add { .. } => {}
            }
            if let Some(Tree::Array(left)) = only.take("flight").map(|entry| entry.node.tree) {
                *flights = left;
            }
        }
    }

    /// Reports the operations that matched nothing.
    pub(crate) fn check_matches(
        &self,
        root: &Table,
        texts: &Texts,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for operation in self.operations.iter().filter(|operation| !operation.matched) {
            let (path, span) = match &operation.what {
                What::Set { path, path_span, .. } | What::Remove { path, path_span } => {
                    (path, *path_span)
                }
                What::Add { .. } => continue,
            };
            let message = format!("`{path}` matches nothing");
            let help = nearest_path(root, path);
            diagnostics.push(problem(texts, Code::OverlayMatchesNothing, span, message, help));
        }
    }

    /// Index of the overlay's file.
    pub(crate) fn file(&self) -> u32 {
        self.file
    }
}

/// The date in a node, if it is one.
pub(crate) fn date_of(node: &Node) -> Option<Date> {
    match &node.tree {
        Tree::Text(text) | Tree::Moment(text) => Date::parse(text).ok(),
        _ => None,
    }
}

/// What plain values of an operation inherit: its own basis, else assumed for the reason given.
fn provenance_of(operation: &Table, stated: &Defaults) -> Defaults {
    let text = |key: &str| operation.get(key).and_then(Node::text).map(str::to_owned);
    let basis = text("basis")
        .and_then(|text| BASES.iter().find(|(word, _)| *word == text))
        .map(|(_, basis)| *basis);
    Defaults {
        basis: basis.or(stated.basis).or(Some(Basis::Assumed)),
        source: text("source").or_else(|| stated.source.clone()),
        why: text("why").or_else(|| stated.why.clone()),
        from_experience: stated.from_experience,
        span: operation.get("source").map(|node| node.span).or(stated.span),
        overlay: true,
        hindsight: stated.hindsight,
    }
}

/// Marks a value and all in it as written under other defaults.
fn adopt(node: &mut Node, defaults: u32) {
    node.defaults = defaults;
    match &mut node.tree {
        Tree::Array(items) => items.iter_mut().for_each(|item| adopt(item, defaults)),
        Tree::Table(table) => {
            table.entries.iter_mut().for_each(|entry| adopt(&mut entry.node, defaults));
        }
        _ => {}
    }
}

/// Replaces a value, keeping where the earlier ones stand.
fn replace(there: &mut Node, value: &Node) {
    let mut earlier = std::mem::take(&mut there.earlier);
    earlier.push(there.span);
    *there = Node { earlier, ..value.clone() };
}

/// Writes a value wherever a path leads and returns how many places that were.
fn set(root: &mut Table, path: &str, value: &Node, span: Span, work: &mut usize) -> usize {
    let (mut matched, size) = (0, value.size());
    on_match(root, path, true, work, &mut |place, work| {
        *work += size;
        if *work > WORK_MAX {
            return; // reported by the caller
        }
        matched += 1;
        match place {
            Found::There(node) => replace(node, value),
            Found::Open(table, key) => table.entries.push(Entry {
                key: key.to_owned(),
                key_span: span,
                node: value.clone(),
            }),
        }
    });
    matched
}

fn add(root: &mut Table, list: &str, value: Node) {
    if let Some(Node { tree: Tree::Array(items), .. }) = root.get_mut(list) {
        items.push(value);
        return;
    }
    let (span, defaults) = (value.span, value.defaults);
    let node = Node { span, defaults, tree: Tree::Array(vec![value]), earlier: Vec::new() };
    root.entries.push(Entry { key: list.to_owned(), key_span: span, node });
}

/// Where a path leads.
enum Found<'n> {
    /// To a value.
    There(&'n mut Node),
    /// To a table that lacks only the last key.
    Open(&'n mut Table, &'n str),
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// The name an item of a list goes by.
fn item_is(item: &Node, at: usize, pattern: &str) -> bool {
    match item.table().and_then(|table| table.get("id")).and_then(Node::text) {
        Some(id) => matches(pattern, id),
        None => pattern == "*" || pattern.parse() == Ok(at),
    }
}

/// Calls `act` on every place that `path` leads to. `open` also finds absent last keys.
fn on_match(
    table: &mut Table,
    path: &str,
    open: bool,
    work: &mut usize,
    act: &mut dyn FnMut(Found<'_>, &mut usize),
) {
    if *work > WORK_MAX {
        return;
    }
    let (part, rest) = path.split_once('.').map_or((path, None), |(part, rest)| (part, Some(rest)));
    let present = table.entries.iter().any(|entry| matches(part, &entry.key));
    if !present && rest.is_none() && open && !part.is_empty() && !part.ends_with('*') {
        act(Found::Open(table, part), work);
        return;
    }
    for entry in table.entries.iter_mut().filter(|entry| matches(part, &entry.key)) {
        *work += 1;
        on_node(&mut entry.node, rest, open, work, act);
    }
}

fn on_node(
    node: &mut Node,
    rest: Option<&str>,
    open: bool,
    work: &mut usize,
    act: &mut dyn FnMut(Found<'_>, &mut usize),
) {
    let Some(rest) = rest else {
        act(Found::There(node), work);
        return;
    };
    match &mut node.tree {
        Tree::Table(table) => on_match(table, rest, open, work, act),
        Tree::Array(items) => {
            let (part, rest) =
                rest.split_once('.').map_or((rest, None), |(part, rest)| (part, Some(rest)));
            for (at, item) in items.iter_mut().enumerate() {
                if item_is(item, at, part) {
                    *work += 1;
                    on_node(item, rest, open, work, act);
                }
            }
        }
        _ => {}
    }
}

/// Removes what a path leads to and returns how many that were.
fn remove(root: &mut Table, path: &str, work: &mut usize) -> usize {
    let Some((parent, last)) = path.rsplit_once('.') else {
        return 0; // whole kinds are removed item by item: `flight.*`
    };
    let mut removed = 0;
    on_match(root, parent, false, work, &mut |place, work| {
        let Found::There(node) = place else { return };
        match &mut node.tree {
            Tree::Table(table) => {
                let before = table.entries.len();
                table.entries.retain(|entry| !matches(last, &entry.key));
                removed += before - table.entries.len();
                *work += before;
            }
            Tree::Array(items) => {
                let before = items.len();
                let mut at = 0;
                items.retain(|item| {
                    at += 1;
                    !item_is(item, at - 1, last)
                });
                removed += before - items.len();
                *work += before;
            }
            _ => {}
        }
    });
    removed
}

/// Suggests what a path that leads nowhere might have meant.
fn nearest_path(root: &Table, path: &str) -> String {
    let mut names: Vec<&str> = root.entries.iter().map(|entry| entry.key.as_str()).collect();
    let mut done = String::new();
    let mut node: Option<&Node> = None;
    for part in path.split('.') {
        if !names.contains(&part) {
            let so_far = if done.is_empty() { String::new() } else { format!("{done}.") };
            return match nearest(part, names.into_iter()) {
                Some(near) => format!("the nearest is `{so_far}{near}`"),
                None if done.is_empty() => {
                    "a path begins with a kind of table, as in `oru.pump.mtbf`".to_owned()
                }
                None => format!("there is no `{part}` under `{done}`"),
            };
        }
        let next = match node.map(|node| &node.tree) {
            None => root.get(part),
            Some(Tree::Table(table)) => table.get(part),
            Some(Tree::Array(items)) => items.iter().find(|item| item_is(item, usize::MAX, part)),
            Some(_) => None,
        };
        node = next;
        done = if done.is_empty() { part.to_owned() } else { format!("{done}.{part}") };
        names = match node.map(|node| &node.tree) {
            Some(Tree::Table(table)) => table.entries.iter().map(|e| e.key.as_str()).collect(),
            Some(Tree::Array(items)) => {
                items.iter().filter_map(|item| item.table()?.get("id")?.text()).collect()
            }
            _ => Vec::new(),
        };
    }
    "a path names one item or key; remove the items of a list with `kind.*`".to_owned()
}
