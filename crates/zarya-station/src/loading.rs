//! From the bytes of files to a checked station, or every problem at once.

use crate::checks;
use crate::claims;
use crate::context::{Context, DIAGNOSTICS_MAX, Defaults, Kind};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::{Document, read_defaults};
use crate::lints;
use crate::model::{Basis, Fact, Policy, Power, Station, Task, Vehicle};
use crate::overlay::{OPERATIONS_MAX, Overlay, date_of};
use crate::reader::{Reader, item_path};
use crate::service;
use crate::systems;
use crate::traffic::{self, FLIGHTS_MAX};
use crate::tree::{BYTES_TOTAL_MAX, Entry, FILES_MAX, Node, Span, Table, Texts, Tree};
use zarya_units::{Date, digest};

/// Loads a station from its files and overlays.
///
/// `files` are the station's files by their name relative to its folder (`station.toml`,
/// `orus/pumps.toml`), in any order; `overlays` are applied in the order given. No file is opened
/// here. The warnings that come with a station, and the problems that come instead of one, are
/// in the order of the files.
///
/// # Errors
///
/// Every problem of every file, up to a few hundred; at least one of them is an error.
pub fn load(
    files: &[(String, Vec<u8>)],
    overlays: &[(String, Vec<u8>)],
) -> Result<(Station, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut files: Vec<&(String, Vec<u8>)> = files.iter().collect();
    files.sort();
    let overlays: Vec<&(String, Vec<u8>)> = overlays.iter().collect();
    let n_files = files.len() + overlays.len();
    let n_bytes: usize = files.iter().chain(&overlays).map(|(_, bytes)| bytes.len()).sum();
    if n_files > FILES_MAX || n_bytes > BYTES_TOTAL_MAX {
        let name = files.iter().chain(&overlays).map(|(name, _)| name.clone()).next();
        return Err(vec![Diagnostic {
            code: Code::BeyondLimits,
            message: format!(
                "{n_files} files of {n_bytes} bytes; the most is {FILES_MAX} files of {BYTES_TOTAL_MAX} \
                 bytes together"
            ),
            label: String::new(),
            place: crate::model::Place { file: name.unwrap_or_default(), line: 1, column: 1 },
            span: 0..0,
            help: "put the units of a subsystem into one file, and leave out what is not of the station"
                .to_owned(),
            related: None,
        }]);
    }

    // Files to one tree.
    let mut texts = Texts::new();
    let mut entries = 0;
    let mut document = Document::new();
    let mut parsed = Vec::new();
    for (name, bytes) in &files {
        if let Err(problem) = Document::place_for(name) {
            diagnostics.push(*problem);
            continue;
        }
        parsed.push(texts.parse(name, bytes, &mut entries, &mut diagnostics));
    }
    let mut parsed_overlays = Vec::new();
    for (name, bytes) in &overlays {
        parsed_overlays.push(texts.parse(name, bytes, &mut entries, &mut diagnostics));
    }
    let mut defaults = vec![Defaults::default(); parsed.len() + parsed_overlays.len()];
    let broken = diagnostics.iter().any(|d| d.severity() == Severity::Error);
    for (file, table) in parsed {
        if let Some(table) = table {
            defaults[file as usize] = document.add(&texts, file, table, &mut diagnostics);
        }
    }

    // Overlays on the tree.
    let mut changes = Vec::new();
    for (file, table) in parsed_overlays {
        let Some(mut table) = table else { continue };
        if let Some(entry) = table.take("defaults") {
            defaults[file as usize] = read_defaults(&texts, &entry, &mut diagnostics);
        }
        changes.push(Overlay::read(&texts, file, table, &mut defaults, &mut diagnostics));
    }
    let operations: usize = changes.iter().map(Overlay::len).sum();
    let mut work = 0;
    if operations > OPERATIONS_MAX {
        let span = Span { file: changes[0].file(), start: 0, end: 1 };
        let message = format!("{operations} overlay operations; the most is {OPERATIONS_MAX}");
        let help = "set many values at once with a pattern such as `oru.oga-*.mtbf`".to_owned();
        diagnostics.push(crate::context::problem(&texts, Code::BeyondLimits, span, message, help));
        return Err(diagnostics);
    }
    let as_of_base = as_of_of(&document.root);
    for change in &mut changes {
        change.apply(&mut document.root, &texts, &mut work, &mut diagnostics);
        if let Some(node) = &change.as_of {
            move_as_of(&mut document.root, node);
        }
    }
    // Paths of overlays are only judged on whole files: a broken one hides what they mean.
    let judge_matches = !broken;

    let as_of = as_of_of(&document.root).unwrap_or_else(systems::placeholder_date);
    let context = Context::new(&texts, defaults, as_of, as_of_base.unwrap_or(as_of));
    // Tree to station.
    if !broken {
        for file in document.missing() {
            let message = format!("`{file}` is missing");
            context.report_file(Code::FileMissing, file, message, "every station needs this file");
        }
    }
    let station = read(
        &context,
        document,
        &mut changes,
        judge_matches.then_some(&mut diagnostics),
        &mut work,
    );
    context.check_references();
    if let Some(station) = &station {
        checks::check(&context, station);
        lints::lint(&context, station);
    }
    let gathered = context.into_gathered();
    // What files say to each other is noise beside a hole in one of them; what is wrong in a value of
    // another file is not.
    let whole = |file: &str| !diagnostics.iter().any(|d| d.place.file == file && unreadable(d));
    let found: Vec<Diagnostic> = gathered
        .diagnostics
        .into_iter()
        .filter(|d| !broken || (of_one_value(d.code) && whole(&d.place.file)))
        .collect();
    diagnostics.extend(found);
    let order: Vec<&str> = files.iter().chain(&overlays).map(|(name, _)| name.as_str()).collect();
    let rank = |diagnostic: &Diagnostic| {
        let file = order.iter().position(|name| *name == diagnostic.place.file);
        // Errors first: they are what must be mended.
        (diagnostic.severity(), file.unwrap_or(usize::MAX), diagnostic.span.start, diagnostic.code)
    };
    diagnostics.sort_by_cached_key(rank);
    diagnostics.dedup();
    if diagnostics.len() > 2 * DIAGNOSTICS_MAX {
        let unshown = diagnostics.len() - DIAGNOSTICS_MAX;
        diagnostics.truncate(DIAGNOSTICS_MAX);
        diagnostics.push(crate::context::too_many(unshown));
    }
    if diagnostics.iter().any(|d| d.severity() == Severity::Error) {
        return Err(diagnostics);
    }
    let Some(mut station) = station else { return Err(diagnostics) };
    station.facts = gathered.facts;
    add_defaults(&mut station);
    station.digest = digest_of(&files, &overlays);
    Ok((station, diagnostics))
}

/// Adds what an answer rests on and no file states, as facts that are assumed.
fn add_defaults(station: &mut Station) {
    let mut assume = |path: String, text: String, why: &str| {
        station.facts.entry(path).or_insert_with(|| Fact {
            text,
            basis: Some(Basis::Assumed),
            source: None,
            why: Some(why.to_owned()),
            alternatives: Vec::new(),
            rests_on: Vec::new(),
            chain: Vec::new(),
        });
    };
    if station.capabilities.iter().any(|capability| capability.sunlit) {
        let value = Power::BATTERY_EFFICIENCY_DEFAULT.value.to_string();
        assume("power.battery_efficiency".to_owned(), value, Power::BATTERY_EFFICIENCY_WHY);
    }
    for vehicle in station.vehicles.iter().filter(|vehicle| vehicle.seats > 0) {
        for (key, why) in Vehicle::FLIGHT_RISKS {
            assume(format!("vehicle.{}.{key}", vehicle.id), "0".to_owned(), why);
        }
    }
    for (path, text, why) in Policy::assumed() {
        assume(path, text, &why);
    }
    let other_side = station.orus.iter().any(|oru| !oru.repair_also_from.is_empty());
    for (path, text, why) in station.crew.unstated(other_side) {
        assume(path.to_owned(), text, why);
    }
    for (path, text, why) in station.tasks.iter().filter_map(Task::unstated) {
        assume(path, text, why);
    }
}

/// Whether a problem keeps a file from being read.
fn unreadable(problem: &Diagnostic) -> bool {
    matches!(problem.code, Code::BeyondLimits | Code::NotText | Code::Syntax)
}

/// Whether a problem lies in one value or table, so that no other file can be its cause.
fn of_one_value(code: Code) -> bool {
    matches!(
        code,
        Code::KeyUnknown
            | Code::KeyMissing
            | Code::WrongType
            | Code::WordUnknown
            | Code::IdMalformed
            | Code::IdDuplicate
            | Code::KeyConflict
            | Code::UnitMissing
            | Code::QuantityMalformed
            | Code::WrongDimension
            | Code::NotFinite
            | Code::OutOfRange
            | Code::BandDisordered
            | Code::UnknownRefused
            | Code::SharesUnbalanced
            | Code::ProvenanceMissing
            | Code::DateImpossible
    )
}

/// SHA-256 over names, lengths and bytes of files and overlays.
fn digest_of(files: &[&(String, Vec<u8>)], overlays: &[&(String, Vec<u8>)]) -> String {
    let mut running = digest::Running::default();
    for (kind, list) in [("file", files), ("overlay", overlays)] {
        for (name, bytes) in list {
            // An overlay goes by what it says, not by the folder it lies in.
            let name = if kind == "file" { name.as_str() } else { "" };
            running.update(format!("{kind} {} {name} {}\n", name.len(), bytes.len()).as_bytes());
            running.update(bytes);
        }
    }
    running.finish()
}

fn as_of_of(root: &Table) -> Option<Date> {
    date_of(root.get("station")?.table()?.get("as_of")?)
}

/// Sets the as-of date of the station.
fn move_as_of(root: &mut Table, node: &Node) {
    let Some(Node { tree: Tree::Table(station), .. }) = root.get_mut("station") else { return };
    match station.get_mut("as_of") {
        Some(there) => {
            let mut earlier = std::mem::take(&mut there.earlier);
            earlier.push(there.span);
            *there = Node { earlier, ..node.clone() };
        }
        None => station.entries.push(Entry {
            key: "as_of".to_owned(),
            key_span: node.span,
            node: node.clone(),
        }),
    }
}

/// Reads the tree. `None` only when a table that a station cannot do without is missing.
fn read(
    context: &Context<'_>,
    mut document: Document,
    changes: &mut [Overlay],
    unmatched: Option<&mut Vec<Diagnostic>>,
    work: &mut usize,
) -> Option<Station> {
    for (index, defaults) in context.defaults.iter().enumerate() {
        if let (Some(source), Some(span)) = (&defaults.source, defaults.span) {
            context.refer(Kind::Source, source, span);
            let node =
                Node { span, defaults: index as u32, tree: Tree::Boolean(true), earlier: vec![] };
            context.cite(source, &node, "defaults");
        }
    }
    spell_services_out(context, &mut document, changes, work);
    if let Some(diagnostics) = unmatched {
        for change in changes.iter() {
            change.check_matches(&document.root, context.texts, diagnostics);
        }
    }
    let root = &document.root;

    let identity = single(context, root, "station").map(systems::identity);
    let list = |name: &str| list(context, root, name);
    for node in items(root, "oru") {
        let stem = node.table().and_then(|table| table.get("subsystem"));
        if let Some((stem, span)) = stem.and_then(|node| Some((node.text()?, node.span)))
            && context.declared(Kind::Subsystem, stem).is_none()
        {
            context.declare(Kind::Subsystem, stem, span);
        }
    }
    let partners = list("partner").map(systems::partner).collect();
    let elements = list("element").map(systems::element).collect();
    let capabilities = list("capability").map(systems::capability).collect();
    let orus = list("oru").map(systems::oru).collect();
    let common_causes = list("common_cause").map(systems::common_cause).collect();
    let defects = list("defect").map(systems::defect).collect();
    let stocks = list("stock").map(systems::stock).collect();
    let vehicles = list("vehicle").map(traffic::vehicle).collect();
    let pads = list("pad").map(traffic::pad).collect();
    let ports = list("port").map(traffic::port).collect();
    let shocks = list("shock").map(traffic::shock).collect();
    let docked = list("docked").map(traffic::docked).collect();
    let mut flights: Vec<_> = list("flight").map(traffic::flight).collect();
    flights.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    let tasks = list("task").map(claims::task).collect();
    let upgrades = list("upgrade").map(claims::upgrade).collect();
    let hazards = list("hazard").map(claims::hazard).collect();
    let conditions = list("condition").map(claims::condition).collect();
    let milestones = list("milestone").map(claims::milestone).collect();
    let break_evens = list("break_even").map(claims::break_even).collect();
    let observations = list("observation").map(claims::observation).collect();
    let data = list("datum").map(service::datum).collect();
    let detections = list("detection").map(service::detection).collect();
    let unit_service = list("unit_service").map(service::unit_service).collect();
    let orbit = single(context, root, "orbit").map(systems::orbit);
    let worlds = single(context, root, "worlds").map(systems::worlds);
    let crew = single(context, root, "crew").map(traffic::crew);
    let phases =
        crate::policy::in_order(context, list("phase").map(crate::policy::phase).collect());
    let policy = root
        .get("policy")
        .and_then(|node| Reader::of(context, node, "policy".to_owned()))
        .map(crate::policy::policy)
        .unwrap_or_default();
    // Only a station with the file has the table.
    let cabin = root
        .get("cabin")
        .and_then(|node| Reader::of(context, node, "cabin".to_owned()))
        .map(crate::cabin::cabin);
    let arrays = root.get("power").and_then(|node| Reader::of(context, node, "power".to_owned()));
    let power = crate::power::power(arrays, list("channel").map(crate::power::channel).collect());
    let claim = single(context, root, "claim").map(claims::claim);
    let sources = root
        .get("sources")
        .and_then(|node| Reader::of(context, node, "sources".to_owned()))
        .map(|reader| claims::sources(&reader))
        .unwrap_or_default();
    Some(Station {
        identity: identity?,
        orbit: orbit?,
        worlds: worlds?,
        partners,
        elements,
        capabilities,
        orus,
        common_causes,
        defects,
        stocks,
        cabin,
        power,
        crew: crew?,
        phases,
        policy,
        vehicles,
        pads,
        ports,
        shocks,
        docked,
        flights,
        tasks,
        upgrades,
        hazards,
        conditions,
        claim: claim?,
        milestones,
        break_evens,
        observations,
        data,
        detections,
        unit_service,
        sources,
        facts: std::collections::BTreeMap::new(),
        digest: String::new(),
    })
}

fn items<'d>(root: &'d Table, name: &str) -> &'d [Node] {
    match root.get(name).map(|node| &node.tree) {
        Some(Tree::Array(items)) => items,
        _ => &[],
    }
}

/// Readers of the tables of a list.
fn list<'c, 't>(
    context: &'c Context<'t>,
    root: &'c Table,
    name: &str,
) -> impl Iterator<Item = Reader<'c, 't>> + use<'c, 't> {
    let name = name.to_owned();
    let items = items(root, &name).iter().enumerate();
    items.filter_map(move |(at, node)| Reader::of(context, node, item_path(&name, node, at)))
}

/// The reader of a table that stands once; reported when it is missing from a file that is there.
fn single<'c, 't>(
    context: &'c Context<'t>,
    root: &'c Table,
    name: &'static str,
) -> Option<Reader<'c, 't>> {
    if let Some(node) = root.get(name) {
        return Reader::of(context, node, name.to_owned());
    }
    let home = match name {
        "claim" => "claim.toml",
        "crew" => "crew.toml",
        _ => "station.toml",
    };
    let there = (0..context.texts.len()).find(|file| context.texts.name(*file) == home);
    if let Some(file) = there {
        let span = Span { file, start: 0, end: 1 };
        let message = format!("{home} lacks the table [{name}]");
        context.report(Code::KeyMissing, span, message, "", &format!("add [{name}] with its keys"));
    }
    None
}

/// Replaces `service` by the flights it stands for.
fn spell_services_out(
    context: &Context<'_>,
    document: &mut Document,
    changes: &mut [Overlay],
    work: &mut usize,
) {
    let Some(services) = document.root.take("service") else { return };
    let span = services.key_span;
    let (mut flights, mut spelled_out) = (Vec::new(), 0);
    let mut room = FLIGHTS_MAX.saturating_sub(items(&document.root, "flight").len());
    if let Tree::Array(nodes) = &services.node.tree {
        let mut seen: std::collections::BTreeMap<&str, Span> = std::collections::BTreeMap::new();
        for (at, node) in nodes.iter().enumerate() {
            let path = item_path("service", node, at);
            let id = node.table().and_then(|table| table.get("id"));
            if let Some((id, span)) = id.and_then(|id| Some((id.text()?, id.span)))
                && let Some(first) = seen.insert(id, span)
            {
                let message = format!("the service `{id}` exists already");
                let related = Some((first, "the first one is"));
                let help = "give it another id, or merge the two";
                context.report_related(Code::IdDuplicate, span, message, "", help, related);
                continue;
            }
            if let Some(reader) = Reader::of(context, node, path) {
                let new = traffic::spell_out(reader, node, room, &mut spelled_out);
                room -= new.len().min(room);
                flights.extend(new);
            }
        }
    }
    for change in changes {
        change.apply_to_spelled_out(&mut flights, work);
    }
    if let Some(Node { tree: Tree::Array(there), .. }) = document.root.get_mut("flight") {
        there.extend(flights);
        return;
    }
    let node = Node { span, defaults: 0, tree: Tree::Array(flights), earlier: Vec::new() };
    document.root.entries.push(Entry { key: "flight".to_owned(), key_span: span, node });
}
