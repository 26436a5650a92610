//! What reading gathers on its way: diagnostics, facts, ids and the references between them.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::{Basis, Fact, Place};
use crate::tree::{Node, Span, Texts};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use zarya_units::Date;
use zarya_units::words::nearest;

/// Most errors, and most warnings, kept; the rest are counted.
pub(crate) const DIAGNOSTICS_MAX: usize = 500;
/// Diagnostics after which no nearest name is searched for, to stay quick on a hostile file.
const NEAREST_UNTIL: usize = 100;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Segment,
    Partner,
    Commitment,
    Element,
    Certificate,
    Capability,
    Oru,
    Subsystem,
    CommonCause,
    Defect,
    Stock,
    Channel,
    Vehicle,
    Pad,
    Port,
    Shock,
    Flight,
    Task,
    Upgrade,
    Hazard,
    Condition,
    Milestone,
    BreakEven,
    Detection,
    UnitService,
    /// What a value may rest on.
    Datum,
    Source,
    /// A commitment, certificate, milestone or partner: what the ledger knows.
    Ledger,
}

impl Kind {
    /// The word of messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Partner => "partner",
            Self::Commitment => "commitment",
            Self::Element => "element",
            Self::Certificate => "certificate",
            Self::Capability => "capability",
            Self::Oru => "oru",
            Self::Subsystem => "subsystem",
            Self::CommonCause => "class of common cause",
            Self::Defect => "defect",
            Self::Stock => "stock",
            Self::Channel => "channel",
            Self::Vehicle => "vehicle",
            Self::Pad => "pad",
            Self::Port => "port",
            Self::Shock => "shock",
            Self::Flight => "flight",
            Self::Task => "task",
            Self::Upgrade => "upgrade",
            Self::Hazard => "hazard",
            Self::Condition => "condition",
            Self::Milestone => "milestone",
            Self::BreakEven => "break_even",
            Self::Detection => "class of detection",
            Self::UnitService => "unit_service",
            Self::Datum => "datum",
            Self::Source => "source",
            Self::Ledger => "commitment, certificate, milestone or partner",
        }
    }

    /// The kinds an id of this kind may be found under.
    fn found_under(self) -> &'static [Self] {
        match self {
            Self::Ledger => &[Self::Commitment, Self::Certificate, Self::Milestone, Self::Partner],
            Self::Segment => &[Self::Segment],
            Self::Partner => &[Self::Partner],
            Self::Commitment => &[Self::Commitment],
            Self::Element => &[Self::Element],
            Self::Certificate => &[Self::Certificate],
            Self::Capability => &[Self::Capability],
            Self::Oru => &[Self::Oru],
            Self::Subsystem => &[Self::Subsystem],
            Self::CommonCause => &[Self::CommonCause],
            Self::Defect => &[Self::Defect],
            Self::Stock => &[Self::Stock],
            Self::Channel => &[Self::Channel],
            Self::Vehicle => &[Self::Vehicle],
            Self::Pad => &[Self::Pad],
            Self::Port => &[Self::Port],
            Self::Shock => &[Self::Shock],
            Self::Flight => &[Self::Flight],
            Self::Task => &[Self::Task],
            Self::Upgrade => &[Self::Upgrade],
            Self::Hazard => &[Self::Hazard],
            Self::Condition => &[Self::Condition],
            Self::Milestone => &[Self::Milestone],
            Self::BreakEven => &[Self::BreakEven],
            Self::Detection => &[Self::Detection],
            Self::UnitService => &[Self::UnitService],
            // That a value rests on an update is refused by name.
            Self::Datum => &[Self::Datum, Self::UnitService],
            Self::Source => &[Self::Source],
        }
    }
}

/// Provenance that plain values of a file, table or overlay operation inherit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) basis: Option<Basis>,
    pub(crate) source: Option<String>,
    pub(crate) why: Option<String>,
    /// The mean times of the file's units come from service.
    pub(crate) from_experience: bool,
    /// Where they are written.
    pub(crate) span: Option<Span>,
    /// Belongs to an overlay: later sources are allowed up to the as-of date.
    pub(crate) overlay: bool,
    /// Belongs to an overlay that looks back (`hindsight = true`): any source is allowed.
    pub(crate) hindsight: bool,
}

/// 2199-12-31: later than any source.
const LAST_MJD: f64 = 124_592.0;

/// Something that names something else.
struct Reference {
    kind: Kind,
    id: String,
    span: Span,
}

/// A value that rests on a source.
pub(crate) struct Citation {
    pub(crate) source: String,
    pub(crate) span: Span,
    pub(crate) path: String,
    /// Index of the defaults the value was written under.
    pub(crate) defaults: u32,
}

/// A value that says on what counted datum it rests.
#[derive(Clone)]
pub(crate) struct Rest {
    /// Path of the value.
    pub(crate) path: String,
    pub(crate) datum: String,
    pub(crate) span: Span,
}

/// The whole of one loading.
pub(crate) struct Context<'t> {
    pub(crate) texts: &'t Texts,
    pub(crate) defaults: Vec<Defaults>,
    /// The as-of date, with overlays.
    pub(crate) as_of: Date,
    /// The as-of date of the base files.
    pub(crate) as_of_base: Date,
    state: RefCell<State>,
}

/// Diagnostics as they come up, as many as a person reads.
#[derive(Default)]
pub(crate) struct Problems {
    diagnostics: Vec<Diagnostic>,
    /// Errors and warnings so far.
    reported: [usize; 2],
    unshown: usize,
}

impl Problems {
    /// Returns whether another one of this code is kept; else it is counted as not shown.
    ///
    /// Errors and warnings are counted apart: a flood of warnings must not hide the error that refuses.
    fn room_for(&mut self, code: Code) -> bool {
        let weight = usize::from(code.severity() == Severity::Warning);
        if self.reported[weight] >= DIAGNOSTICS_MAX {
            self.unshown += 1;
            return false;
        }
        self.reported[weight] += 1;
        true
    }

    /// Adds a problem at a span.
    pub(crate) fn report(
        &mut self,
        texts: &Texts,
        code: Code,
        span: Span,
        message: String,
        help: String,
    ) {
        if self.room_for(code) {
            self.diagnostics.push(problem(texts, code, span, message, help));
        }
    }

    /// How many there are, shown or not.
    pub(crate) fn count(&self) -> usize {
        self.diagnostics.len() + self.unshown
    }

    /// Returns the known word nearest to `word`, unless there are too many problems already.
    pub(crate) fn nearest<'n>(
        &self,
        word: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        if self.diagnostics.len() > NEAREST_UNTIL { None } else { nearest(word, known) }
    }

    /// Hands out what is kept, and how many more there are.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if self.unshown > 0 {
            self.diagnostics.push(too_many(self.unshown));
        }
        self.diagnostics
    }
}

#[derive(Default)]
struct State {
    problems: Problems,
    facts: BTreeMap<String, Fact>,
    spans: BTreeMap<String, Span>,
    ids: BTreeMap<Kind, BTreeMap<String, Span>>,
    references: Vec<Reference>,
    citations: Vec<Citation>,
    rests: Vec<Rest>,
}

/// What reading gathered, once it is over.
pub(crate) struct Gathered {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) facts: BTreeMap<String, Fact>,
}

impl<'t> Context<'t> {
    pub(crate) fn new(
        texts: &'t Texts,
        defaults: Vec<Defaults>,
        as_of: Date,
        as_of_base: Date,
    ) -> Self {
        Self { texts, defaults, as_of, as_of_base, state: RefCell::default() }
    }

    pub(crate) fn into_gathered(self) -> Gathered {
        let state = self.state.into_inner();
        Gathered { diagnostics: state.problems.into_diagnostics(), facts: state.facts }
    }

    /// Adds a problem at a span.
    pub(crate) fn report(&self, code: Code, span: Span, message: String, label: &str, help: &str) {
        self.report_related(code, span, message, label, help, None);
    }

    /// Adds a problem at a span with another place that has to do with it.
    pub(crate) fn report_related(
        &self,
        code: Code,
        span: Span,
        message: String,
        label: &str,
        help: &str,
        related: Option<(Span, &str)>,
    ) {
        let mut state = self.state.borrow_mut();
        if !state.problems.room_for(code) {
            return;
        }
        state.problems.diagnostics.push(Diagnostic {
            code,
            message,
            label: label.to_owned(),
            place: self.texts.place_of(span),
            span: span.start as usize..span.end as usize,
            help: help.to_owned(),
            related: related.map(|(span, text)| (self.texts.place_of(span), text.to_owned())),
        });
    }

    /// Adds a problem that has no place but a file.
    pub(crate) fn report_file(&self, code: Code, file: &str, message: String, help: &str) {
        self.state.borrow_mut().problems.diagnostics.push(Diagnostic {
            code,
            message,
            label: String::new(),
            place: Place { file: file.to_owned(), line: 1, column: 1 },
            span: 0..0,
            help: help.to_owned(),
            related: None,
        });
    }

    /// Returns whether a value was read at this path, and found good.
    pub(crate) fn is_recorded(&self, path: &str) -> bool {
        self.state.borrow().facts.contains_key(path)
    }

    /// Records a value under its path.
    pub(crate) fn record(&self, path: &str, node: &Node, fact: Fact) {
        if let Some(source) = &fact.source {
            self.cite(source, node, path);
        }
        for (_, source) in &fact.alternatives {
            self.cite(source, node, path);
        }
        let mut state = self.state.borrow_mut();
        state.spans.insert(path.to_owned(), node.span);
        state.facts.insert(path.to_owned(), fact);
    }

    /// Where the value at a path stands; the start of the first file if nobody wrote it.
    pub(crate) fn span_of(&self, path: &str) -> Span {
        let state = self.state.borrow();
        state.spans.get(path).copied().unwrap_or(Span { file: 0, start: 0, end: 1 })
    }

    /// The last day a value may have become known: an overlay's may be as late as the as-of date
    /// it moves to, a base value not later than the base's.
    pub(crate) fn known_by(&self, defaults: u32) -> Date {
        if self.defaults[defaults as usize].hindsight {
            return Date::from_mjd(LAST_MJD);
        }
        if self.defaults[defaults as usize].overlay { self.as_of } else { self.as_of_base }
    }

    /// Whether an overlay looks back on a recorded span.
    pub(crate) fn looks_back(&self) -> bool {
        self.defaults.iter().any(|defaults| defaults.hindsight)
    }

    /// Records that the value at `path` rests on a source.
    pub(crate) fn cite(&self, source: &str, node: &Node, path: &str) {
        self.state.borrow_mut().citations.push(Citation {
            source: source.to_owned(),
            span: node.span,
            path: path.to_owned(),
            defaults: node.defaults,
        });
    }

    /// Records that the value at `path` rests on a datum.
    pub(crate) fn rest(&self, path: &str, datum: &str, span: Span) {
        self.refer(Kind::Datum, datum, span);
        let (path, datum) = (path.to_owned(), datum.to_owned());
        self.state.borrow_mut().rests.push(Rest { path, datum, span });
    }

    /// Returns what values rest on, in the order of reading.
    pub(crate) fn rests(&self) -> Vec<Rest> {
        self.state.borrow().rests.clone()
    }

    /// The files and lines that set a value.
    pub(crate) fn chain(&self, node: &Node) -> Vec<Place> {
        let spans = node.earlier.iter().chain(std::iter::once(&node.span));
        spans.map(|span| self.texts.place_of(*span)).collect()
    }

    /// A value as written, on one line: texts without their quotes.
    pub(crate) fn written(&self, node: &Node) -> String {
        crate::tree::one_line(node.text().unwrap_or_else(|| self.texts.written(node.span)))
    }

    /// Declares an id. A second one of the same kind is a problem.
    pub(crate) fn declare(&self, kind: Kind, id: &str, span: Span) {
        if id.is_empty() {
            return;
        }
        let first = {
            let mut state = self.state.borrow_mut();
            let ids = state.ids.entry(kind).or_default();
            let first = ids.get(id).copied();
            if first.is_none() {
                ids.insert(id.to_owned(), span);
            }
            first
        };
        let Some(first) = first else { return };
        self.report_related(
            Code::IdDuplicate,
            span,
            format!("the {} `{id}` exists already", kind.word()),
            "the second one",
            "give it another id, or merge the two",
            Some((first, "the first one is")),
        );
    }

    /// Returns where an id was declared.
    pub(crate) fn declared(&self, kind: Kind, id: &str) -> Option<Span> {
        let state = self.state.borrow();
        kind.found_under().iter().find_map(|kind| state.ids.get(kind)?.get(id).copied())
    }

    /// Notes that something at `span` names an id; checked once all ids are known.
    pub(crate) fn refer(&self, kind: Kind, id: &str, span: Span) {
        if !id.is_empty() {
            self.state.borrow_mut().references.push(Reference { kind, id: id.to_owned(), span });
        }
    }

    /// Reports every reference that points at nothing.
    pub(crate) fn check_references(&self) {
        let references = std::mem::take(&mut self.state.borrow_mut().references);
        let sourceless = !self.state.borrow().ids.contains_key(&Kind::Source);
        if sourceless {
            self.report_missing_sources(&references);
        }
        for Reference { kind, id, span } in &references {
            if self.declared(*kind, id).is_some() || (sourceless && *kind == Kind::Source) {
                continue;
            }
            let word = kind.word();
            let help = match self.nearest_id(*kind, id) {
                Some(nearest) => format!("the nearest is `{nearest}`"),
                None => format!("add a {word} of that id, or name one that exists"),
            };
            let message = format!("there is no {word} `{id}`");
            self.report(Code::ReferenceDangling, *span, message, "named here", &help);
        }
    }

    /// Says once that sources are named and none is stated.
    fn report_missing_sources(&self, references: &[Reference]) {
        const LISTED: usize = 5;
        let named = || references.iter().filter(|reference| reference.kind == Kind::Source);
        let Some(first) = named().next() else { return };
        let keys: BTreeSet<&str> = named().map(|reference| reference.id.as_str()).collect();
        let mut listed: Vec<String> =
            keys.iter().take(LISTED).map(|key| format!("`{key}`")).collect();
        if keys.len() > LISTED {
            listed.push(format!("{} more", keys.len() - LISTED));
        }
        let message = format!(
            "{} of the station's files name sources and there is no `sources.toml` with them",
            if named().count() == 1 {
                "a line".to_owned()
            } else {
                format!("{} lines", named().count())
            },
        );
        let help = format!(
            "add `sources.toml` with a table for each under [sources], such as `[sources.{}]`; named are {}",
            first.id,
            listed.join(", ")
        );
        self.report(Code::ReferenceDangling, first.span, message, "the first of them", &help);
    }

    /// Hands out the citations gathered so far.
    pub(crate) fn take_citations(&self) -> Vec<Citation> {
        std::mem::take(&mut self.state.borrow_mut().citations)
    }

    fn nearest_id(&self, kind: Kind, id: &str) -> Option<String> {
        let state = self.state.borrow();
        let names = kind
            .found_under()
            .iter()
            .filter_map(|kind| state.ids.get(kind))
            .flat_map(|ids| ids.keys().map(String::as_str));
        state.problems.nearest(id, names).map(str::to_owned)
    }

    /// Returns the known word nearest to `word`, unless there are too many problems already.
    pub(crate) fn nearest_word(&self, word: &str, known: &[&'static str]) -> Option<&'static str> {
        self.state.borrow().problems.nearest(word, known.iter().copied())
    }
}

/// Says that there are more problems than are shown.
pub(crate) fn too_many(unshown: usize) -> Diagnostic {
    Diagnostic {
        code: Code::TooMany,
        message: format!("{unshown} more problems are not shown"),
        label: String::new(),
        place: Place { file: String::new(), line: 1, column: 1 },
        span: 0..0,
        help: "mend the ones above first".to_owned(),
        related: None,
    }
}

/// A diagnostic at a span.
pub(crate) fn problem(
    texts: &Texts,
    code: Code,
    span: Span,
    message: String,
    help: String,
) -> Diagnostic {
    Diagnostic {
        code,
        message,
        label: String::new(),
        place: texts.place_of(span),
        span: span.start as usize..span.end as usize,
        help,
        related: None,
    }
}
