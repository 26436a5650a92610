//! Every code is provoked by a small change of the teaching station, and points at the change.

use crate::station_folder::{Files, read, shipped, tiny};
use std::collections::BTreeSet;
use zarya_station::{Code, Diagnostic, load, render};

/// A change of one file, and what must be said about it.
struct Case {
    file: &'static str,
    /// Text that stands once in the file …
    from: &'static str,
    /// … and what replaces it.
    to: &'static str,
    code: Code,
    /// The text that must be marked.
    marked: &'static str,
    /// A part of message, label or help.
    says: &'static str,
}

const fn case(
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: Code,
    marked: &'static str,
    says: &'static str,
) -> Case {
    Case { file, from, to, code, marked, says }
}

const CASES: &[Case] = &[
    case(
        "manifest.toml",
        "until = 2026-04-12\ncrew = 3",
        "until = 2026-04-12\ncrew = 0",
        Code::NobodyAboard,
        "0",
        "crew = { minimum = 0, nominal = 0 }",
    ),
    case(
        "crew.toml",
        "[defaults]",
        "[[phase]]\nfrom = 2026-03-01\nuntil = 2026-02-01\ncrew = { minimum = 0, nominal = 0 }\n\n[defaults]",
        Code::DateDisordered,
        "2026-02-01",
        "before it begins",
    ),
    case(
        "crew.toml",
        "[defaults]",
        "[[phase]]\nfrom = 2026-03-01\ncrew = { minimum = 2, nominal = 1 }\n\n[defaults]",
        Code::RuleUnmeetable,
        "2",
        "minimum <= nominal",
    ),
    case(
        "crew.toml",
        "[defaults]",
        "[policy]\nhandover = 5\n\n[defaults]",
        Code::UnitMissing,
        "5",
        "d",
    ),
    case(
        "vehicles.toml",
        "turnaround = \"60 d\"\n\n[[vehicle]]",
        "turnaround = \"60 d\"\ndocking = { strikes = 0.1 }\n\n[[vehicle]]",
        Code::KeyMissing,
        "{ strikes = 0.1 }",
        "what a strike does",
    ),
    case(
        "claim.toml",
        "2027-12-31 ",
        "31.12.2027 ",
        Code::DateImpossible,
        "31.12.2027",
        "write 2027-12-31",
    ),
    case(
        "claim.toml",
        "2027-12-31 ",
        "4/7/2027 ",
        Code::DateImpossible,
        "4/7/2027",
        "write 2027-07-04 if the day stands first, 2027-04-07 if the month does",
    ),
    case(
        "claim.toml",
        "2027-12-31 ",
        "\"12/31/2027\" ",
        Code::DateImpossible,
        "\"12/31/2027\"",
        "write 2027-12-31",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"1,5 y\"",
        Code::QuantityMalformed,
        "\"1,5 y\"",
        "comma",
    ),
    case(
        "capabilities.toml",
        "rule = { demand = \"0.84 kg/d\", per = \"crew\" }",
        "rule = \"cabin\"",
        Code::CabinContradiction,
        "\"cabin\"",
        "there is none",
    ),
    case(
        "stocks.toml",
        "name = \"Food\"",
        "name = \"Food\"\nshares_with = \"food\"",
        Code::Cycle,
        "\"food\"",
        "lends to itself",
    ),
    case(
        "vehicles.toml",
        "[[pad]]\nid = \"east-pad\"",
        "[[shock]]\nid = \"queue\"\nname = \"A queue\"\nrate = \"0.1 1/y\"\ndelay = \"30 d\"\nscatter = 2\n\
         window = \"180 d\"\n[[pad]]\nid = \"east-pad\"",
        Code::KeyMissing,
        "\"queue\"",
        "`shock.queue` hits nothing",
    ),
    case(
        "vehicles.toml",
        "[[pad]]\nid = \"east-pad\"",
        "[[shock]]\nid = \"queue\"\nname = \"A queue\"\nrate = \"0.1 1/y\"\ndelay = \"30 d\"\nscatter = 2\n\
         window = \"180 d\"\nlaunchers = [\"nova\"]\n[[pad]]\nid = \"east-pad\"",
        Code::ReferenceDangling,
        "[\"nova\"]",
        "no vehicle has the launcher `nova`",
    ),
    case(
        "vehicles.toml",
        "slip = \"12 d\"",
        "slip = { on_time = 0.5, median = \"20 d\" }",
        Code::KeyMissing,
        "{",
        "lacks `tail`",
    ),
    case("crew.toml", "nominal = 3", "nominal = 3 3", Code::Syntax, "3", "expected"),
    case(
        "crew.toml",
        "nominal = 3",
        "nominal = 3\nnominal = 3",
        Code::Syntax,
        "nominal",
        "duplicate",
    ),
    case(
        "claim.toml",
        "2027-12-31 ",
        "2027-02-30 ",
        Code::DateImpossible,
        "2027-02-30",
        "2027-12-31",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtfb = \"40 y\"",
        Code::KeyUnknown,
        "mtfb",
        "`mtbf`",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtfb = \"40 y\"",
        Code::KeyMissing,
        "[[oru]]",
        "is `mtfb` meant",
    ),
    case(
        "partners.toml",
        "[[partner.commitment]]\nid = \"alpha-2030\"",
        "[[partner.commitments]]\nid = \"alpha-2030\"",
        Code::KeyUnknown,
        "commitments",
        "`commitment`",
    ),
    case(
        "orus/power.toml",
        "serves = \"cooling\"",
        "",
        Code::KeyMissing,
        "[[oru]]",
        "`oru.coolant-pump` lacks `serves`",
    ),
    case(
        "stocks.toml",
        "[[stock]]\nid = \"food\"",
        "[[tank]]\nid = \"food\"",
        Code::KeyUnknown,
        "tank",
        "stock",
    ),
    case(
        "crew.toml",
        "[defaults]",
        "[[flight]]\nid = \"x\"\n[defaults]",
        Code::KeyUnknown,
        "flight",
        "manifest.toml",
    ),
    case("stocks.toml", "name = \"Food\"", "name = 5", Code::WrongType, "5", "a text in quotes"),
    case(
        "orus/power.toml",
        "[[oru]]\nid = \"battery\"",
        "[oru]\nid = \"battery\"",
        Code::Syntax,
        "oru",
        "duplicate",
    ),
    case(
        "capabilities.toml",
        "rule = \"any\"",
        "rule = \"every\"",
        Code::WordUnknown,
        "\"every\"",
        "known are `all`, `any`",
    ),
    case(
        "hazards.toml",
        "owner = \"debris\"",
        "owner = \"derbis\"",
        Code::WordUnknown,
        "\"derbis\"",
        "the nearest is `debris`",
    ),
    case(
        "orus/control.toml",
        "id = \"suit\"",
        "id = \"Space suit\"",
        Code::IdMalformed,
        "\"Space suit\"",
        "lower-case",
    ),
    case(
        "orus/control.toml",
        "id = \"suit\"",
        "id = \"computer\"",
        Code::IdDuplicate,
        "\"computer\"",
        "the first one is",
    ),
    case(
        "stocks.toml",
        "id = \"food\"",
        "id = \"power\"",
        Code::IdDuplicate,
        "\"power\"",
        "a capability and a stock",
    ),
    case("orus/power.toml", "mtbf = \"40 y\"", "mtbf = 40", Code::UnitMissing, "40", "`\"40 d\"`"),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"40\"",
        Code::UnitMissing,
        "\"40\"",
        "no unit",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"480 months\"",
        Code::QuantityMalformed,
        "\"480 months\"",
        "no fixed length",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"40 years\"",
        Code::QuantityMalformed,
        "\"40 years\"",
        "`y`",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"40 kg\"",
        Code::WrongDimension,
        "\"40 kg\"",
        "Time",
    ),
    case("orus/power.toml", "mtbf = \"40 y\"", "mtbf = nan", Code::NotFinite, "nan", "finite"),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"inf y\"",
        Code::NotFinite,
        "\"inf y\"",
        "finite",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"-40 y\"",
        Code::OutOfRange,
        "\"-40 y\"",
        "out of range",
    ),
    case(
        "orus/power.toml",
        "beta = 0.05                   #",
        "beta = 1.5                    #",
        Code::OutOfRange,
        "1.5",
        "write 0 to 1",
    ),
    case(
        "orus/power.toml",
        "installed = 6",
        "installed = 1000000000",
        Code::OutOfRange,
        "1000000000",
        "10000",
    ),
    case(
        "orus/power.toml",
        "installed = 6",
        "installed = 5.5",
        Code::OutOfRange,
        "5.5",
        "whole number",
    ),
    case(
        "station.toml",
        "low = \"58 t\"",
        "low = \"61 t\"",
        Code::BandDisordered,
        "\"60 t\"",
        "low <= value <= high",
    ),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "rate_shape = 2\nmtbf = \"40 y\"",
        Code::KeyConflict,
        "",
        "keep one of the two",
    ),
    case("claim.toml", "high = 5", "high = 0.1", Code::BandDisordered, "0.1", "low < high"),
    case(
        "orus/power.toml",
        "mtbf = \"40 y\"",
        "mtbf = \"unknown\"",
        Code::UnknownRefused,
        "\"unknown\"",
        "wide band",
    ),
    case("hazards.toml", "share = 0.25", "share = 0.2", Code::SharesUnbalanced, "[", "0.95"),
    case(
        "vehicles.toml",
        "[defaults]\ndefault_basis = \"assumed\"\n",
        "[defaults]\n",
        Code::ProvenanceMissing,
        "{ value",
        "does not say where it comes from",
    ),
    case(
        "claim.toml",
        ", why = \"nobody said how sure is sure enough\"",
        "",
        Code::ProvenanceMissing,
        "{ value",
        "no reason",
    ),
    case(
        "orus/power.toml",
        "basis = \"published\", source = \"specification\" }\nerror_factor = 2",
        "basis = \"published\" }\nerror_factor = 2",
        Code::ProvenanceMissing,
        "{ value",
        "no source",
    ),
    case(
        "orus/power.toml",
        "basis = \"published\", source = \"specification\" }\nerror_factor = 2",
        "basis = \"disputed\", why = \"two tables\" }\nerror_factor = 2",
        Code::ProvenanceMissing,
        "{ value",
        "no alternatives",
    ),
    case(
        "sources.toml",
        "2025-06-01",
        "2026-06-01",
        Code::SourceKnownLater,
        "",
        "known only from 2026-06-01",
    ),
    case(
        "partners.toml",
        "stated_on = 2025-11-12",
        "stated_on = 2026-01-02",
        Code::DateDisordered,
        "2026-01-02",
        "after the as-of date",
    ),
    case(
        "claim.toml",
        "through = 2027-12-31 ",
        "through = \"2027-02-30\" ",
        Code::DateImpossible,
        "\"2027-02-30\"",
        "2027-12-31",
    ),
    case(
        "claim.toml",
        "through = 2027-12-31 ",
        "through = \"soon\" ",
        Code::DateImpossible,
        "\"soon\"",
        "not a date",
    ),
    case(
        "claim.toml",
        "through = 2027-12-31 ",
        "through = 2025-12-31 ",
        Code::DateDisordered,
        "2025-12-31",
        "before the as-of date",
    ),
    case(
        "elements.toml",
        "through = 2029-06-01",
        "through = 2018-06-01",
        Code::DateDisordered,
        "2018-06-01",
        "before its element was launched",
    ),
    case(
        "manifest.toml",
        "until = 2026-03-10",
        "until = 2025-12-10",
        Code::DateDisordered,
        "2025-12-10",
        "left before",
    ),
    case(
        "manifest.toml",
        "since = 2025-10-10",
        "since = 2026-01-10",
        Code::DateDisordered,
        "2026-01-10",
        "docks after",
    ),
    case(
        "manifest.toml",
        "date = 2026-09-15",
        "date = 2026-09-15\nlaunch = 2026-09-16",
        Code::DateDisordered,
        "2026-09-16",
        "after it docks",
    ),
    case(
        "elements.toml",
        "isolation_port = \"aft\"",
        "isolation_port = \"aft\"\nrupture = { rate = \"0.1 1/y\", effect = \"evacuate\", tried = \"0.5 1/y\" }",
        Code::WordUnknown,
        "\"0.1 1/y\"",
        "a rate that somebody stands for is a `[[hazard]]`",
    ),
    case(
        "vehicles.toml",
        "external_cargo = true",
        "external_cargo = true\nentry_loss = 0.001",
        Code::RuleUnmeetable,
        "0.001",
        "carries nobody who could be lost",
    ),
    case(
        "manifest.toml",
        "date = 2026-09-15",
        "date = 2026-09-15\nvisit = true",
        Code::RuleUnmeetable,
        "true",
        "brings nobody",
    ),
    case(
        "manifest.toml",
        "first = 2026-03-01",
        "first = 2028-03-01",
        Code::DateDisordered,
        "2027-12-31",
        "ends before it begins",
    ),
    case(
        "orus/power.toml",
        "serves = \"cooling\"",
        "serves = \"coolng\"",
        Code::ReferenceDangling,
        "\"coolng\"",
        "`cooling`",
    ),
    case(
        "manifest.toml",
        "nitrogen = \"40 kg\"",
        "nitrogn = \"40 kg\"",
        Code::ReferenceDangling,
        "nitrogn",
        "`nitrogen`",
    ),
    case(
        "claim.toml",
        "depends_on = [\"beta-2028\"]",
        "depends_on = [\"beta-208\"]",
        Code::ReferenceDangling,
        "\"beta-208\"",
        "`beta-2028`",
    ),
    case(
        "conditions.toml",
        "open_hatch = \"tail\"",
        "open_hatch = \"lab\"",
        Code::ReferenceDangling,
        "\"lab\"",
        "has no leak",
    ),
    case(
        "maintenance.toml",
        "protects = \"power\"",
        "protects = \"pwr\"",
        Code::ReferenceDangling,
        "\"pwr\"",
        "`power`",
    ),
    case(
        "capabilities.toml",
        "required = 0.5 ",
        "needs = [{ id = \"control\" }]\nrequired = 0.5 ",
        Code::Cycle,
        "\"power\"",
        "power -> control -> power",
    ),
    case(
        "capabilities.toml",
        "rule = \"any\"",
        "rule = { at_least = 3 }",
        Code::RuleUnmeetable,
        "3",
        "its providers are gyroscopes, thrusters",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\", skill = \"plumbing\" }",
        Code::RuleUnmeetable,
        "\"plumbing\"",
        "which nobody brings",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\" }\ncannibalize = [\"scrubber\"]",
        Code::RuleUnmeetable,
        "[\"scrubber\"]",
        "repaired before `water-recovery`",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\" }\ncannibalize = [\"gyroscope\"]",
        Code::RuleUnmeetable,
        "[\"gyroscope\"]",
        "swap outside",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\" }\ncannibalize = [\"nothing\"]",
        Code::ReferenceDangling,
        "\"nothing\"",
        "nothing",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\" }\nground_repair = { condemned_share = 0.1 }",
        Code::KeyMissing,
        "{ condemned_share = 0.1 }",
        "lacks `turnaround`",
    ),
    case(
        "orus/life-support.toml",
        "repair = { crew = \"10 h\", where = \"inside\" }",
        "repair = { crew = \"10 h\", where = \"inside\" }\nground_repair = { turnaround = \"90 d\", condemned_share = 1.1 }",
        Code::OutOfRange,
        "1.1",
        "condemned_share",
    ),
    case(
        "vehicles.toml",
        "spares_capacity = \"600 kg\"",
        "spares_capacity = \"600 kg\"\nreturn_capacity = \"300 kg\"\ndown_capacity = \"200 kg\"",
        Code::RuleUnmeetable,
        "\"300 kg\"",
        "trash and returned units together",
    ),
    case(
        "stocks.toml",
        "name = \"Food\"",
        "name = \"Food\"\ntakes_units = true",
        Code::RuleUnmeetable,
        "true",
        "does not accumulate",
    ),
    case("orus/power.toml", "needed = 5", "needed = 7", Code::RuleUnmeetable, "7", "has 6"),
    case(
        "manifest.toml",
        "until = 2026-04-12\ncrew = 3",
        "until = 2026-04-12\ncrew = 5",
        Code::RuleUnmeetable,
        "5",
        "3 seats",
    ),
    case(
        "vehicles.toml",
        "trained = { core = 2, service = 2 }",
        "trained = { core = 2 }",
        Code::RuleUnmeetable,
        "1",
        "trained for `service`",
    ),
    case(
        "orus/power.toml",
        "mass = \"150 kg\"",
        "mass = \"150 t\"",
        Code::MagnitudeSuspect,
        "\"150 t\"",
        "usual",
    ),
    case(
        "sources.toml",
        "[sources.agreement]",
        "[sources.letter]\ntitle = \"A letter\"\nknown_from = 2024-01-01\n[sources.agreement]",
        Code::SourceUnused,
        "letter",
        "nothing rests on",
    ),
    case(
        "manifest.toml",
        "date = 2026-09-15",
        "date = 2025-09-15",
        Code::PlannedInThePast,
        "2025-09-15",
        "will not fly",
    ),
    case(
        "capabilities.toml",
        "[[capability]]\nid = \"cooling\"",
        "[[capability]]\nid = \"luck\"\nname = \"Luck\"\n\n[[capability]]\nid = \"cooling\"",
        Code::NothingServes,
        "\"luck\"",
        "nothing can take `luck` away",
    ),
];

/// Replaces a text that stands once.
fn with_change(files: &Files, file: &str, from: &str, to: &str) -> Files {
    let mut changed = files.clone();
    let (_, bytes) = changed.iter_mut().find(|(name, _)| name == file).expect("a file of tiny");
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {file}");
    *bytes = text.replace(from, to).into_bytes();
    changed
}

fn problems(files: &Files, overlays: &Files) -> Vec<Diagnostic> {
    match load(files, overlays) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    }
}

#[test]
fn each_change_is_found_where_it_was_made() {
    let base = tiny();
    let failures: Vec<String> = CASES.iter().filter_map(|case| judge(&base, case).err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn judge(base: &Files, case: &Case) -> Result<(), String> {
    let Case { file, from, to, code, marked, says } = case;
    let files = with_change(base, file, from, to);
    let found = problems(&files, &Vec::new());
    let shown = render(&found, &files);
    let change = format!("`{from}` became `{to}`");
    let Some(hit) = found.iter().find(|d| d.code == *code) else {
        return Err(format!("{} is not found: {change}:\n{shown}", code.id()));
    };
    // What lies in two files may be marked in the other one.
    if !matches!(code, Code::SourceKnownLater | Code::RuleUnmeetable) && hit.place.file != *file {
        return Err(format!("found in {}: {change}:\n{shown}", hit.place.file));
    }
    let (_, bytes) = files.iter().find(|(name, _)| *name == hit.place.file).unwrap();
    let text = std::str::from_utf8(bytes).unwrap();
    let at = text.get(hit.span.clone()).ok_or("the span is not of the file")?;
    if !at.starts_with(marked) {
        return Err(format!("`{at}` is marked, not `{marked}`: {change}:\n{shown}"));
    }
    // Line and column, counted another way.
    let line = text.lines().nth(hit.place.line - 1).unwrap_or_default();
    let in_line: String = line.chars().skip(hit.place.column - 1).collect();
    let first_line_marked = at.lines().next().unwrap_or_default();
    if !in_line.starts_with(first_line_marked) {
        return Err(format!("{}:{} is not the mark: {change}", hit.place.line, hit.place.column));
    }
    if !shown.contains(says) {
        return Err(format!("`{says}` is not said: {change}:\n{shown}"));
    }
    if hit.help.is_empty() {
        return Err(format!("no way out: {change}:\n{shown}"));
    }
    Ok(())
}

/// A shortfall is an error only when nothing covers it: 3 x 0.84 kg/d against 2.8 kg/d is met.
#[test]
fn a_demand_that_is_met_is_no_problem() {
    let base = tiny();
    let met = with_change(&base, "capabilities.toml", "stock = \"oxygen\"", "required = 1");
    assert_eq!(problems(&met, &Vec::new()), []);
    let short =
        with_change(&met, "capabilities.toml", "rate = \"2.8 kg/d\"", "rate = \"2.0 kg/d\"");
    let found = problems(&short, &Vec::new());
    assert_eq!(found[0].code, Code::RuleUnmeetable);
    assert!(found[0].message.contains("demands 2.52"), "{}", found[0].message);
}

#[test]
fn files_themselves_are_judged() {
    let base = tiny();
    let without_crew: Files =
        base.iter().filter(|(name, _)| name != "crew.toml").cloned().collect();
    let found = problems(&without_crew, &Vec::new());
    assert_eq!(found[0].code, Code::FileMissing, "{}", render(&found, &base));

    let mut stray = base.clone();
    stray.push(("vehicle.toml".to_owned(), b"".to_vec()));
    let found = problems(&stray, &Vec::new());
    assert_eq!(found[0].code, Code::FileUnknown);
    assert!(found[0].help.contains("vehicles.toml"));

    let mut latin1 = base;
    latin1[0].1.extend_from_slice(b"\n# na\xEFve\n");
    let found = problems(&latin1, &Vec::new());
    assert_eq!(found[0].code, Code::NotText);
    assert!(found[0].message.contains("0xef"), "{}", found[0].message);
}

/// Two broken files, two kinds of problems, one loading: everything comes out at once.
#[test]
fn all_problems_come_at_once() {
    let files = with_change(&tiny(), "orus/power.toml", "mtbf = \"40 y\"", "mtbf = 40");
    let files = with_change(&files, "claim.toml", "through = 2027-12-31 ", "through = \"soon\" ");
    let files = with_change(&files, "hazards.toml", "share = 0.25", "share = 0.2");
    let codes: Vec<Code> = problems(&files, &Vec::new()).iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::DateImpossible, Code::SharesUnbalanced, Code::UnitMissing]);
}

/// A file that is not TOML once hid what was wrong in all others.
#[test]
fn a_syntax_error_does_not_hide_the_values_of_other_files() {
    let files = with_change(&tiny(), "crew.toml", "nominal = 3", "nominal = 3 3");
    let files = with_change(&files, "orus/power.toml", "mtbf = \"40 y\"", "mtbf = 40");
    let files = with_change(&files, "hazards.toml", "share = 0.25", "share = 0.2");
    let codes: Vec<Code> = problems(&files, &Vec::new()).iter().map(|d| d.code).collect();
    // Nothing of what the rest misses in `crew.toml`.
    assert_eq!(codes, [Code::Syntax, Code::SharesUnbalanced, Code::UnitMissing]);
}

/// A refused count was followed by "the nominal one 1", which nobody wrote.
#[test]
fn a_refused_value_has_no_problem_that_follows_from_it() {
    let changes = [
        ("crew.toml", "nominal = 3", "nominal = 3000000"),
        ("orus/power.toml", "installed = 6", "installed = 1000000000"),
    ];
    for (file, from, to) in changes {
        let found = problems(&with_change(&tiny(), file, from, to), &Vec::new());
        let codes: Vec<Code> = found.iter().map(|d| d.code).collect();
        assert_eq!(codes, [Code::OutOfRange], "{found:?}");
    }
}

#[test]
fn a_number_out_of_range_is_echoed_as_written() {
    let files = with_change(&tiny(), "orus/power.toml", "mtbf = \"40 y\"", "mtbf = \"1e300 y\"");
    let found = problems(&files, &Vec::new());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].message.ends_with("is 1e300 y"), "{}", found[0].message);
    assert_eq!(found[0].help, "write 0.0417 to 3.7e9 d");
}

/// `from_experience` says what `experience_factor` would.
#[test]
fn a_mean_time_from_service_takes_no_factor() {
    let factor = |change: &str| {
        let to = format!("mtbf = \"40 y\"\n{change}");
        let files = with_change(&tiny(), "orus/power.toml", "mtbf = \"40 y\"", &to);
        let (station, _) = load(&files, &[]).unwrap();
        let counted = station.orus.into_iter().find(|oru| oru.mtbf_d.value == 40.0 * 365.25);
        counted.unwrap().experience_factor.map(|factor| factor.value)
    };
    assert_eq!(factor(""), None);
    assert_eq!(factor("from_experience = false"), None);
    assert_eq!(factor("from_experience = true"), Some(1.0));
    assert_eq!(factor("experience_factor = 1.7"), Some(1.7));
    let both = "mtbf = \"40 y\"\nfrom_experience = true\nexperience_factor = 2";
    let files = with_change(&tiny(), "orus/power.toml", "mtbf = \"40 y\"", both);
    assert_eq!(problems(&files, &Vec::new())[0].code, Code::KeyConflict);
}

/// A unit without spares needs no lead times, and one without repair no spares; neither is a lint.
#[test]
fn none_is_said_of_spares_and_of_repair() {
    let of = |keys: &str| {
        let text = format!(
            "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"x\"\n\n[[oru]]\nid = \"wing\"\nname = \"Wing\"\n\
             serves = \"power\"\nsegment = \"core\"\ninstalled = 2\nmtbf = \"40 y\"\nerror_factor = 2\nmass = \"10 kg\"\n{keys}\n"
        );
        let mut files = tiny();
        files.push(("orus/wings.toml".to_owned(), text.into_bytes()));
        files
    };
    let repair = "repair = { crew = \"6 h\", where = \"outside\" }";
    for keys in [
        "repair = \"none\"",
        "repair = \"none\"\nspares = \"none\"",
        &format!("spares = \"none\"\n{repair}"),
    ] {
        let (station, found) = zarya_station::load(&of(keys), &Vec::new()).expect(keys);
        assert!(found.iter().all(|d| !d.message.contains("wing")), "{keys}: {found:?}");
        let wing = station.orus.iter().find(|oru| oru.id == "wing").unwrap();
        assert!(!wing.supplied);
        assert_eq!((wing.spares_aboard, wing.spares_ground), (Some(0), Some(0)));
    }
    let times = "lead_time = \"60 d\"\nbuild_time = \"900 d\"";
    let spares = "spares = { aboard = 1, ground = 1 }";
    let sent_down = "ground_repair = { turnaround = \"90 d\" }";
    let refused = [
        (format!("repair = \"none\"\n{spares}"), Code::KeyConflict, "`spares`"),
        (format!("repair = \"none\"\n{sent_down}"), Code::KeyConflict, "`ground_repair`"),
        (format!("spares = \"none\"\n{repair}\n{sent_down}"), Code::KeyConflict, "`ground_repair`"),
        (format!("{spares}\n{repair}"), Code::KeyMissing, "`lead_time`"),
        (format!("spares = \"nothing\"\n{repair}\n{times}"), Code::WrongType, "spares"),
        (format!("{times}\n{repair}"), Code::KeyMissing, "`spares`"),
    ];
    for (keys, code, words) in refused {
        let found = problems(&of(&keys), &Vec::new());
        let one = found.iter().find(|p| p.code == code && p.message.contains(words));
        assert!(one.is_some(), "{keys}: {found:?}");
    }
}

/// What a stock covers can be taken away: the stock runs out.
#[test]
fn a_capability_fed_from_a_tank_can_be_taken_away() {
    let nothing = |rest: &str| {
        let text = format!(
            "[[capability]]\nid = \"breathing\"\nname = \"Breathing\"\nbasis = \"assumed\"\nwhy = \"x\"\n{rest}\n"
        );
        let mut files = tiny();
        let file = files.iter_mut().find(|(name, _)| name == "capabilities.toml").unwrap();
        file.1.extend_from_slice(b"\n");
        file.1.extend_from_slice(text.as_bytes());
        let (_, found) = zarya_station::load(&files, &Vec::new()).expect("loads");
        found.iter().any(|d| d.code == Code::NothingServes && d.message.contains("`breathing`"))
    };
    assert!(nothing(""));
    assert!(!nothing("stock = \"food\"\nrule = { demand = \"2 kg/d\" }"));
}

/// How many copies fail together is said once, sums to one, and has a row for each size of its groups.
#[test]
fn common_causes_are_stated_once_and_whole() {
    let class = |rows: &str| {
        let text = format!(
            "[[common_cause]]\nid = \"shared\"\nname = \"Shared\"\nbasis = \"assumed\"\nwhy = \"x\"\n{rows}\n"
        );
        ("common-cause.toml".to_owned(), text.into_bytes())
    };
    let with = |keys: &str, rows: &str| {
        let beta = "beta = 0.05                   #";
        let mut files = with_change(&tiny(), "orus/power.toml", beta, &format!("{keys}\n#"));
        files.push(class(rows));
        files
    };
    // Six batteries, in groups of three: the class has that row.
    let three = "of_3 = [20, 1, 1]";
    for keys in ["common_cause = \"shared\"", "alpha = [0.9, 0.05, 0.05]", "alpha = [0.9, 0.1]"] {
        assert!(zarya_station::load(&with(keys, three), &Vec::new()).is_ok(), "{keys}");
    }
    let refused: &[(&str, &str, Code, &str)] = &[
        ("alpha = [0.9, 0.1]\nbeta = 0.1", three, Code::KeyConflict, "`beta` and `alpha`"),
        ("common_cause = \"shared\"", "of_4 = [20, 1, 1]", Code::RuleUnmeetable, "has 3 numbers"),
        ("common_cause = \"shared\"", "of_4 = [20, 1, 1, 1]", Code::RuleUnmeetable, "groups of 3"),
        ("common_cause = \"shared\"", "", Code::KeyMissing, "has no row"),
        ("common_cause = \"sharde\"", three, Code::ReferenceDangling, "`sharde`"),
        ("alpha = [0.9, 0.2]", three, Code::SharesUnbalanced, "sum to 1.1"),
        ("alpha = [0.9, 0.05, 0.05, 0]", three, Code::RuleUnmeetable, "6 are installed"),
        ("alpha = []", three, Code::KeyMissing, "is empty"),
        ("alpha = 0.1", three, Code::WrongType, "a number"),
        ("alpha = [0.9, -0.1]", three, Code::OutOfRange, "-0.1"),
    ];
    for (keys, rows, code, words) in refused {
        let found = problems(&with(keys, rows), &Vec::new());
        let one = found.iter().find(|p| p.code == *code && p.message.contains(words));
        assert!(one.is_some(), "{keys} {rows}: {found:?}");
    }
}

fn overlay(text: &str) -> Files {
    vec![("overlay.toml".to_owned(), text.as_bytes().to_vec())]
}

#[test]
fn overlays_that_do_nothing_are_errors() {
    let base = tiny();
    let cases: &[(&str, Code, &str)] = &[
        (
            "why = \"x\"\n[[set]]\npath = \"oru.scruber.mtbf\"\nvalue = \"1 y\"\n",
            Code::OverlayMatchesNothing,
            "`oru.scrubber`",
        ),
        ("why = \"x\"\n[[remove]]\npath = \"flight.suply-*\"\n", Code::OverlayMatchesNothing, ""),
        (
            "why = \"x\"\n[[remove]]\npath = \"flight.supply-2026-06-30\"\n",
            Code::OverlayMatchesNothing,
            "`flight.supply-2026-06-29`",
        ),
        (
            "why = \"x\"\n[[set]]\npath = \"oru.scrubber.mtbf\"\n",
            Code::OverlayMalformed,
            "[[set]] path",
        ),
        ("why = \"x\"\n[[add]]\ntable = \"orus\"\nvalue = {}\n", Code::OverlayMalformed, "oru"),
        ("why = \"x\"\n[[set]]\npath = \"a\"\nvalu = 1\n", Code::OverlayMalformed, "valu"),
        ("[[remove]]\npath = \"service.supply\"\n", Code::OverlayUnexplained, "why"),
        ("why = \"x\"\n[[sett]]\npath = \"a\"\n", Code::KeyUnknown, "`set`"),
        (
            "why = \"x\"\n[[set]]\npath = \"oru.scrubber.mtfb\"\nvalue = \"1 y\"\n",
            Code::KeyUnknown,
            "`mtbf`",
        ),
    ];
    for (text, code, says) in cases {
        let overlays = overlay(text);
        let found = problems(&base, &overlays);
        let shown = render(&found, &[base.clone(), overlays].concat());
        let hit =
            found.iter().find(|d| d.code == *code).unwrap_or_else(|| panic!("{text}\n{shown}"));
        assert_eq!(hit.place.file, "overlay.toml", "{shown}");
        assert!(shown.contains(says), "{text}\n{shown}");
    }
}

/// A base value may not rest on what became known later; an overlay that moves the date may.
#[test]
fn later_knowledge_needs_a_later_as_of_date() {
    let later = "[sources.later]\ntitle = \"A later report\"\nknown_from = 2026-03-01\n\n[sources.agreement]";
    let base = with_change(&tiny(), "sources.toml", "[sources.agreement]", later);
    let set = "[[set]]\npath = \"oru.scrubber.mtbf\"\nvalue = { value = \"2 y\", basis = \"published\", source = \"later\" }\n";
    let still = overlay(&format!("why = \"x\"\n{set}"));
    assert!(problems(&base, &still).iter().any(|d| d.code == Code::SourceKnownLater));
    let moved = overlay(&format!("why = \"x\"\nas_of = 2026-03-01\n{set}"));
    let found = problems(&base, &moved);
    assert!(found.iter().all(|d| d.severity() == zarya_station::Severity::Warning), "{found:?}");
    let looking_back = overlay(&format!("why = \"x\"\nhindsight = true\n{set}"));
    let (station, _) = load(&base, &looking_back).unwrap();
    assert!(station.identity.hindsight);
    let back = overlay("why = \"x\"\nas_of = 2025-12-01\n");
    assert!(problems(&tiny(), &back).is_empty());
    let far_back = overlay(
        "why = \"x\"\nas_of = 2025-11-01\n[[remove]]\npath = \"docked.*\"\n[[set]]\npath = \"crew.minimum\"\nvalue = 0\n",
    );
    let found = problems(&tiny(), &far_back);
    assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::Hindsight], "{found:?}");
}

/// Seven published lives of one subsystem, divided by 24 as a published table once was.
#[test]
fn lives_divided_by_24_are_suspected() {
    let lives = [61845.6, 296701.2, 138408.0, 98112.0, 47479.2, 103280.4, 144540.0];
    let row = |id: String, subsystem_mtbf: f64| {
        format!(
            "[[oru]]\nid = \"{id}\"\nname = \"Unit {id}\"\nserves = \"cooling\"\nsegment = \"core\"\n\
             installed = 1\nmtbf = {{ value = \"{subsystem_mtbf} h\", basis = \"published\", source = \"specification\" }}\n\
             error_factor = 3\nmass = \"5 kg\"\nspares = {{ aboard = 0, ground = 0 }}\nlead_time = \"90 d\"\n\
             build_time = \"400 d\"\nrepair = {{ crew = \"2 h\", where = \"inside\" }}\n\n"
        )
    };
    let defaults = "[defaults]\ndefault_basis = \"assumed\"\ndefault_why = \"test\"\n\n";
    let file = |name: &str, factor: f64| {
        let rows: String = lives
            .iter()
            .enumerate()
            .map(|(n, life)| row(format!("{name}-{n}"), life * factor))
            .collect();
        (format!("orus/{name}.toml"), format!("{defaults}{rows}").into_bytes())
    };
    let station = |factor: f64| {
        let mut files = tiny();
        files.extend([file("oga", factor), file("wpa", 0.8), file("cdra", 1.3)]);
        problems(&files, &Vec::new())
    };
    assert!(station(1.0).is_empty());
    for (factor, subsystem) in [(1.0 / 24.0, "oga"), (24.0, "oga")] {
        let found = station(factor);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].code, Code::UnitSuspect);
        assert!(found[0].message.contains(subsystem), "{}", found[0].message);
    }
}

/// The published error itself: the oxygen generator's lives of the ISS in days, read as hours.
#[test]
fn the_oxygen_generator_divided_by_24_is_suspected() {
    let iss = read(&shipped("iss"));
    let suspects = |files: &Files| -> Vec<String> {
        let found = problems(files, &Vec::new()).into_iter();
        found.filter(|d| d.code == Code::UnitSuspect).map(|d| d.message).collect()
    };
    assert_eq!(suspects(&iss), [""; 0]);
    let mut wrong = iss.clone();
    let (_, bytes) = wrong.iter_mut().find(|(name, _)| name == "orus/oga.toml").unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let divided = text.lines().map(|line| {
        let life =
            line.strip_prefix("mtbf = { value = \"").and_then(|rest| rest.split_once(" h\""));
        match life.and_then(|(number, rest)| Some((number.parse::<f64>().ok()?, rest))) {
            Some((hours, rest)) => format!("mtbf = {{ value = \"{} h\"{rest}\n", hours / 24.0),
            None => format!("{line}\n"),
        }
    });
    *bytes = divided.collect::<String>().into_bytes();
    let found = suspects(&wrong);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("subsystem `oga`"), "{found:?}");
}

#[test]
fn a_flood_of_problems_is_cut_off() {
    let mut files = tiny();
    let rows: String = (0..2_000).map(|n| format!("[[pad]]\nid = \"P {n}\"\n")).collect();
    files.iter_mut().find(|(name, _)| name == "vehicles.toml").unwrap().1.extend(rows.bytes());
    let found = problems(&files, &Vec::new());
    assert!(found.len() < 600, "{}", found.len());
    assert!(found.iter().any(|d| d.code == Code::TooMany));
    // Warnings alone, however many, do not refuse a station.
    let sources: String = (0..700)
        .map(|n| format!("[sources.s{n}]\ntitle = \"Unused\"\nknown_from = 2024-01-01\n"))
        .collect();
    let mut files = tiny();
    files.iter_mut().find(|(name, _)| name == "sources.toml").unwrap().1.extend(sources.bytes());
    let (_, warnings) = load(&files, &[]).unwrap();
    assert_eq!(warnings.len(), 501);
}

/// One hole has one message, however many lines fall into it.
#[test]
fn missing_sources_are_said_once() {
    let mut files = tiny();
    files.retain(|(name, _)| name != "sources.toml");
    let found = problems(&files, &Vec::new());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, Code::ReferenceDangling);
    for said in ["no `sources.toml`", "name sources"] {
        assert!(found[0].message.contains(said), "{:?}", found[0]);
    }
    assert!(found[0].help.contains("[sources."), "{:?}", found[0]);
}

#[test]
fn a_quantity_is_read_with_and_without_its_blank() {
    let of = |file: &str, from: &str, to: &str| {
        let mut files = tiny();
        let (_, bytes) = files.iter_mut().find(|(name, _)| name == file).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        *bytes = text.replace(from, to).into_bytes();
        let (station, _) = load(&files, &[]).unwrap_or_else(|found| panic!("{found:?}"));
        station
    };
    let lives = |station: &zarya_station::Station| -> Vec<f64> {
        station.orus.iter().map(|oru| oru.mtbf_d.value).collect()
    };
    let (with, without) = ("mtbf = \"40 y\"", "mtbf = \"40y\"");
    let stations = [with, without].map(|to| of("orus/power.toml", with, to));
    assert_eq!(lives(&stations[0]), lives(&stations[1]));
    let share = |text: &str| of("claim.toml", "{ value = 0.8,", &format!("{{ value = {text},"));
    let read = |text: &str| share(text).claim.threshold.value;
    assert_eq!((read("\"70%\""), read("\"70 %\"")), (0.7, 0.7));
}

/// No line of an answer is a file's: a name stands on one.
#[test]
fn a_text_of_several_lines_is_read_as_one() {
    let mut files = tiny();
    let (_, bytes) = files.iter_mut().find(|(name, _)| name == "stocks.toml").unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    *bytes = text.replace("name = \"Food\"", "name = \"Food\\n\\nSupported: 1.00\"").into_bytes();
    let (station, _) = load(&files, &[]).unwrap();
    assert!(station.stocks.iter().any(|stock| stock.name == "Food Supported: 1.00"));
    assert!(station.facts.values().all(|fact| !fact.text.contains('\n')));
}

/// No code without a test that provokes it.
#[test]
fn every_code_is_provoked() {
    let mut provoked: BTreeSet<Code> = CASES.iter().map(|case| case.code).collect();
    provoked.extend([
        Code::BeyondLimits, // hostile.rs
        Code::NotText,      // the rest: the tests above
        Code::FileMissing,
        Code::FileUnknown,
        Code::OverlayMatchesNothing,
        Code::OverlayMalformed,
        Code::OverlayUnexplained,
        Code::DatumReused, // service.rs
        Code::UnitSuspect,
        Code::Hindsight,
        Code::TooMany,
    ]);
    // Those of case files: the tests of the front door's `air::case_file`.
    let of_stations = Code::ALL.iter().filter(|code| code.id().starts_with("ZS"));
    let missing: Vec<&str> =
        of_stations.filter(|code| !provoked.contains(code)).map(|code| code.id()).collect();
    assert_eq!(missing, [""; 0]);
}

/// The layout people and editors read: head, arrow, line, mark, help.
#[test]
fn diagnostics_are_rendered_like_a_compilers() {
    let files =
        with_change(&tiny(), "capabilities.toml", "rule = \"any\"", "rule = { at_least = 3 }");
    let expected = "\
error[ZS052]: `attitude` needs 3 providers but the station has 2
  --> capabilities.toml:54:21
   |
54 | rule = { at_least = 3 }
   |                     ^ its providers are gyroscopes, thrusters
   = help: add providers, or set at_least = 2

1 error
";
    assert_eq!(render(&problems(&files, &Vec::new()), &files), expected);
}
