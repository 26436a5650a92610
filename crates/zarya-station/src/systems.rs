//! Reads what the station is made of: identity, partners, elements, capabilities, units, stocks.

use crate::context::Kind;
use crate::diagnostic::Code;
use crate::model::{
    Basis, Capability, Certificate, Commitment, CommonCause, Defect, Draw, Effect, EffectWord,
    Element, GroundRepair, Identity, InService, Leak, Need, Orbit, Oru, Owner, Partner, Per,
    PerEva, Precision, Provider, Push, RepairWhere, Rule, Rupture, Standing, Stock, Together,
    Value, Worlds,
};
use crate::provenance::{NUMBER, Units};
use crate::reader::{Range, Reader};
use crate::tree::{Node, Tree};
use zarya_units::{Date, Quantity};

/// Most copies of one unit.
pub(crate) const COPIES_MAX: u32 = 1_000;
/// By how much printed shares may miss 1.
const SHARES_SUM_ERROR: f64 = 1e-3;
/// Most spares of one unit, aboard or on the ground.
const SPARES_MAX: u32 = 10_000;

/// Most people aboard, on a flight, or trained.
pub(crate) const PEOPLE_MAX: u32 = 100;

pub(crate) const DAYS: Units = &[("d", 1.0)];
pub(crate) const HOURS: Units = &[("h", 1.0)];
pub(crate) const MASS: Units = &[("kg", 1.0)];
pub(crate) const FLOW: Units = &[("kg/d", 1.0)];
pub(crate) const PER_YEAR: Units = &[("1/y", 1.0)];
const SECONDS: Units = &[("s", 1.0)];
/// A failure rate over the stated one.
const EXPERIENCE: Range = Range::new(1e-3, 1e3);
const GROWTH: Units = &[("1/y", 1.0), ("%/y", 0.01)];
const ALTITUDE: Units = &[("km", 1.0)];
const VOLUME: Units = &[("m3", 1.0)];
const ANGLE: Units = &[("deg", 1.0)];
pub(crate) const VELOCITY: Units = &[("m/s", 1.0)];
const DRAG_AREA: Units = &[("m2/kg", 1.0)];

const PRECISIONS: &[(&str, Precision)] =
    &[("day", Precision::Day), ("year", Precision::Year), ("imprecise", Precision::Imprecise)];
const STANDINGS: &[(&str, Standing)] = &[
    ("in-force", Standing::InForce),
    ("stated", Standing::Stated),
    ("contract", Standing::Contract),
];

/// Reads the top-level keys of `station.toml`.
pub(crate) fn identity(mut reader: Reader<'_, '_>) -> Identity {
    reader.inherit_from_row();
    let segments = reader.texts("segments");
    for (segment, span) in &segments {
        if reader.well_formed(segment, *span) {
            reader.context.declare(Kind::Segment, segment, *span);
        }
    }
    if segments.is_empty() && reader.require("segments").is_some() {
        let help = "name at least one segment, as in segments = [\"us\", \"rs\"]";
        let message = "the station has no segments".to_owned();
        reader.context.report(Code::KeyMissing, reader.span, message, "", help);
    }
    let id = reader.text("id");
    if let Some(node) = reader.get("id").filter(|node| node.text().is_some()) {
        reader.well_formed(&id, node.span);
    }
    let identity = Identity {
        id,
        name: reader.text("name"),
        as_of: reader.date("as_of").unwrap_or_else(placeholder_date),
        segments: segments.into_iter().map(|(segment, _)| segment).collect(),
        volume_m3: reader.value("volume", VOLUME, Range::new(1.0, 1e6)),
        mass_kg: reader.value("mass", MASS, Range::new(1.0, 1e8)),
        crewed_since: reader.date_opt("crewed_since"),
        hindsight: reader.context.looks_back(),
    };
    reader.finish();
    identity
}

/// The date that stands in for a refused one.
pub(crate) fn placeholder_date() -> Date {
    Date::new(2000, 1, 1).expect("a date of the calendar")
}

/// Reads `[orbit]`.
pub(crate) fn orbit(mut reader: Reader<'_, '_>) -> Orbit {
    reader.inherit_from_row();
    let km = Range::new(100.0, 2_000.0);
    let orbit = Orbit {
        altitude_km: reader.value("altitude", ALTITUDE, km),
        inclination_deg: reader.value("inclination", ANGLE, Range::new(0.0, 180.0)),
        drag_area_m2_kg: reader.value("drag_area", DRAG_AREA, Range::new(1e-6, 1.0)),
        keep_above_km: reader.value("keep_above", ALTITUDE, km),
        reboost_to_km: reader.value("reboost_to", ALTITUDE, km),
        crew_leaves_below_km: reader.value_opt("crew_leaves_below", ALTITUDE, km),
        floor_km: reader.value("floor", ALTITUDE, km),
        avoidance_per_y: reader.value("avoidance_rate", PER_YEAR, Range::RATE),
        avoidance_m_s: reader.value("avoidance_delta_v", VELOCITY, Range::new(0.0, 100.0)),
        deorbit_reserve_kg: reader.value("deorbit_reserve", MASS, Range::MASS),
        attitude_capability: reader.reference("attitude_capability", Kind::Capability),
        push: reader.table_opt("push").map(push),
        push_capability: reader.reference_opt("push_capability", Kind::Capability),
    };
    let (floor, keep, top) =
        (orbit.floor_km.value, orbit.keep_above_km.value, orbit.reboost_to_km.value);
    let known = ["floor", "keep_above", "reboost_to"].iter().all(|k| reader.has(k));
    if known && (floor >= keep || keep > top) {
        let message = format!(
            "floor {floor} km, keep_above {keep} km and reboost_to {top} km are out of order"
        );
        let help = "write floor < keep_above <= reboost_to";
        reader.context.report(Code::OutOfRange, reader.span, message, "in this table", help);
    }
    if known
        && let Some(leave) = orbit.crew_leaves_below_km.map(|v| v.value)
        && let Some(node) = reader.get("crew_leaves_below")
        && (leave < floor || leave >= keep)
    {
        let message = format!(
            "people leave below {leave} km, which is not between floor {floor} km and keep_above {keep} km"
        );
        let help = "write floor <= crew_leaves_below < keep_above";
        reader.context.report(Code::OutOfRange, node.span, message, "", help);
    }
    reader.finish();
    orbit
}

/// Reads `[vehicle.push]` or `[orbit.push]`.
pub(crate) fn push(mut reader: Reader<'_, '_>) -> Push {
    reader.inherit_from_row();
    let push = Push {
        stock: reader.reference("stock", Kind::Stock),
        isp_s: reader.value("isp", SECONDS, Range::new(10.0, 10_000.0)),
        delta_v_limit_m_s: reader.value_opt("delta_v_limit", VELOCITY, Range::new(0.0, 10_000.0)),
        avoidance: reader.yes_or("avoidance", true),
        preference: reader.count_or("preference", 1, 100, 1) as u8,
    };
    reader.finish();
    push
}

/// Reads `[worlds]`.
pub(crate) fn worlds(mut reader: Reader<'_, '_>) -> Worlds {
    reader.inherit_from_row();
    let open_share = Range::new(1e-6, 1.0 - 1e-6);
    let worlds = Worlds {
        programme_error_factor: reader.value("programme_error_factor", NUMBER, Range::FACTOR),
        subsystem_error_factor: reader.value("subsystem_error_factor", NUMBER, Range::FACTOR),
        segment_error_factor: reader.value("segment_error_factor", NUMBER, Range::FACTOR),
        repair_error_factor: reader.value("repair_error_factor", NUMBER, Range::FACTOR),
        stocking_confidence: reader.value("stocking_confidence", NUMBER, open_share),
        resupply_gap_d: reader.value("resupply_gap", DAYS, Range::DAYS),
        reset_share: reader.value("reset_share", NUMBER, Range::SHARE),
        experience_factor: reader.value("experience_factor", NUMBER, EXPERIENCE),
        life_limit_factor: reader.value("life_limit_factor", NUMBER, Range::new(0.01, 1e3)),
        expired_factor: reader.value("expired_factor", NUMBER, Range::FACTOR),
        // A century forgets every start; each world plays it before its first history.
        burn_in_d: reader.value("burn_in", DAYS, Range::new(0.0, 36_525.0)),
    };
    reader.finish();
    worlds
}

/// Reads one `[[partner]]`.
pub(crate) fn partner(mut reader: Reader<'_, '_>) -> Partner {
    reader.inherit_from_row();
    let id = reader.id(Kind::Partner);
    let name = reader.text("name");
    let commitments = reader.tables("commitment").into_iter().map(commitment).collect();
    reader.finish();
    Partner { id, name, commitments }
}

fn commitment(mut reader: Reader<'_, '_>) -> Commitment {
    reader.inherit_from_row();
    let id = reader.id(Kind::Commitment);
    let (through, precision) = dated(&reader, "through");
    let commitment = Commitment {
        id,
        what: reader.text("what"),
        through,
        precision,
        standing: reader.choice("standing", STANDINGS).unwrap_or(Standing::Stated),
        stated_on: reader.date("stated_on").unwrap_or_else(placeholder_date),
        basis: reader.row_basis(),
        source: reader.row_source(),
        supersedes: reader.references("supersedes", Kind::Ledger),
    };
    if let Some(node) = reader.get("alternatives") {
        alternative_dates(&reader, node);
    }
    not_later(&reader, "stated_on", commitment.stated_on, "was stated");
    reader.finish();
    commitment
}

fn alternative_dates(reader: &Reader<'_, '_>, node: &Node) -> Vec<(Date, String)> {
    let path = format!("{}.through", reader.path);
    let found = reader.alternatives(&path, node, "through");
    found
        .into_iter()
        .filter_map(|(node, source)| {
            let (date, _) = reader.date_from("alternatives", node, true)?;
            reader.context.cite(&source, node, &path);
            Some((date, source))
        })
        .collect()
}

/// Reads one `[[element]]`.
pub(crate) fn element(mut reader: Reader<'_, '_>) -> Element {
    reader.inherit_from_row();
    let element = Element {
        id: reader.id(Kind::Element),
        name: reader.text("name"),
        segment: reader.reference("segment", Kind::Segment),
        partner: reader.reference("partner", Kind::Partner),
        launched: reader.date_opt("launched"),
        mass_kg: reader.value_opt("mass", MASS, Range::MASS),
        volume_m3: reader.value_opt("volume", VOLUME, Range::new(0.0, 1e5)),
        certificates: reader.tables("certificate").into_iter().map(certificate).collect(),
        leak: reader.table_opt("leak").map(leak),
    };
    not_later(
        &reader,
        "launched",
        element.launched.unwrap_or_else(placeholder_date),
        "is launched",
    );
    for certificate in &element.certificates {
        if element.launched.is_some_and(|launched| certificate.through < launched) {
            let path = format!("{}.certificate.{}.through", reader.path, certificate.id);
            let span = reader.context.span_of(&path);
            let message = format!("`{}` ends before its element was launched", certificate.id);
            let help = "check `through` and `launched`";
            reader.context.report(Code::DateDisordered, span, message, "", help);
        }
    }
    reader.finish();
    element
}

/// Reports a date of the past that lies after the as-of date.
fn not_later(reader: &Reader<'_, '_>, key: &'static str, date: Date, what: &str) {
    let Some(node) = reader.get(key) else { return };
    let known_by = reader.context.known_by(node.defaults);
    if date > known_by {
        let message = format!("`{}` {what} after the as-of date {known_by}", reader.path);
        let help = "nothing known later than the as-of date may be used";
        reader.context.report(Code::DateDisordered, node.span, message, "", help);
    }
}

fn certificate(mut reader: Reader<'_, '_>) -> Certificate {
    reader.inherit_from_row();
    let id = reader.id(Kind::Certificate);
    let (through, precision) = dated(&reader, "through");
    let alternatives =
        reader.get("alternatives").map(|node| alternative_dates(&reader, node)).unwrap_or_default();
    let basis = reader.row_basis();
    if basis == Basis::Disputed && alternatives.is_empty() {
        let message = format!("`{}` is disputed but has no alternatives", reader.path);
        let help = "add `alternatives = [{ through = 2030, source = \"key\" }]`";
        reader.context.report(Code::ProvenanceMissing, reader.span, message, "", help);
    }
    let certificate = Certificate {
        id,
        what: reader.text("what"),
        through,
        precision,
        standing: reader.choice("standing", STANDINGS).unwrap_or(Standing::Stated),
        basis,
        source: reader.row_source(),
        supersedes: reader.references("supersedes", Kind::Ledger),
        alternatives,
    };
    reader.finish();
    certificate
}

fn leak(mut reader: Reader<'_, '_>) -> Leak {
    reader.inherit_from_row();
    let flow = Range::new(0.0, 1e4);
    let leak = Leak {
        rate_kg_d: reader.value("rate", FLOW, flow),
        growth_per_y: reader.value("growth", GROWTH, Range::new(-10.0, 100.0)),
        relapse_per_y: reader.value("relapse_rate", PER_YEAR, Range::RATE),
        relapse_kg_d: reader.value("relapse_factor", FLOW, flow),
        patch_interval_d: reader.value("patch_interval", DAYS, Range::new(1.0, 110_000.0)),
        patch_share: reader.value("patch_share", NUMBER, Range::SHARE),
        isolated_share: reader.value("isolated_share", NUMBER, Range::SHARE),
        isolate_above_kg_d: reader.value("isolate_above", FLOW, flow),
        isolation_port: reader.reference_opt("isolation_port", Kind::Port),
        rupture: reader.table_opt("rupture").map(rupture),
    };
    reader.finish();
    leak
}

/// Reads `[element.leak.rupture]`.
fn rupture(mut reader: Reader<'_, '_>) -> Rupture {
    reader.inherit_from_row();
    if let Some(node) = reader.require("rate").filter(|node| node.text() != Some("unknown")) {
        let message = format!("`{}` gives a rate", reader.path);
        let help = "write rate = \"unknown\": the answer is then asked at rates up to `tried`; a rate \
                    that somebody stands for is a `[[hazard]]`";
        reader.context.report(Code::WordUnknown, node.span, message, "not `unknown`", help);
    }
    let rupture = Rupture {
        effect: reader
            .require("effect")
            .and_then(|node| effect(&reader, "effect", node))
            .unwrap_or(Effect::None),
        tried_per_y: reader.plain("tried", PER_YEAR, Range::new(1e-6, 100.0)),
    };
    reader.finish();
    rupture
}

/// Reads one `[[capability]]`.
pub(crate) fn capability(mut reader: Reader<'_, '_>) -> Capability {
    reader.inherit_from_row();
    let id = reader.id(Kind::Capability);
    let name = reader.text("name");
    // The first rate fixes the dimension of the others and of the demand.
    let mut unit = None;
    let providers =
        reader.tables("providers").into_iter().map(|r| provider(r, &mut unit)).collect();
    let needs = reader.tables("needs").into_iter().map(need).collect();
    let rule = match reader.get("rule") {
        Some(node) => rule(&reader, node, unit).unwrap_or(Rule::All),
        None => Rule::All,
    };
    if rule == Rule::Cabin && unit.is_some_and(|unit| unit != RateUnit::Unit("kg/d")) {
        let message = format!("`{}` follows the cabin at rates that are no flows", reader.path);
        let help = "give each provider its rate in kg/d";
        reader.context.report(Code::WrongDimension, reader.span, message, "", help);
    }
    let capability = Capability {
        id,
        name,
        segment: reader.reference_opt("segment", Kind::Segment),
        partner: reader.reference_opt("partner", Kind::Partner),
        providers,
        rule,
        needs,
        required: reader.plain_or("required", NUMBER, Range::new(1e-6, 1.0), 1.0),
        stock: reader.reference_opt("stock", Kind::Stock),
        buffer_d: reader.value_opt("buffer", DAYS, Range::DAYS),
        recovery_d: reader.plain_or("recovery", DAYS, Range::DAYS, 1.0),
        on_empty: reader.get("on_empty").and_then(|node| effect(&reader, "on_empty", node)),
        degradation_per_y: reader.value_or("degradation", GROWTH, Range::SHARE, 0.0),
        sunlit: reader.yes_or("sunlit", false),
        substitutes: reader.text_opt("substitutes"),
        owner: reader.choice_or("owner", &owners(), Owner::Systems),
        priority: reader.count_or("priority", 1, 5, 3) as u8,
    };
    reader.finish();
    capability
}

/// The unit a capability's rates are held in.
#[derive(Clone, Copy, PartialEq)]
enum RateUnit {
    Bare,
    Unit(&'static str),
}

/// Units that rates of providers may have.
const RATE_UNITS: &[&str] =
    &["kg/d", "kW", "kg", "d", "m3", "L/h", "km/d", "1/y", "%/y", "h/d", "N", "Nms", "kWh", "m/s"];

fn provider(reader: Reader<'_, '_>, unit: &mut Option<RateUnit>) -> Provider {
    let id = reader.reference("id", Kind::Capability);
    let rate = match reader.get("rate") {
        None => {
            note_unit(&reader, reader.span, unit, RateUnit::Bare);
            1.0
        }
        Some(node) => {
            let found = rate_unit(node);
            note_unit(&reader, node.span, unit, found);
            let units = units_of(found);
            reader
                .value_from("rate", node, units, Range::new(0.0, 1e9), false)
                .map_or(1.0, |v| v.value)
        }
    };
    reader.finish();
    Provider { id, rate }
}

fn note_unit(
    reader: &Reader<'_, '_>,
    span: crate::tree::Span,
    unit: &mut Option<RateUnit>,
    found: RateUnit,
) {
    let first = *unit.get_or_insert(found);
    if first != found {
        let message =
            format!("`{}` has a rate of another dimension than the first provider", reader.path);
        let help = "give all providers and the demand rates of one dimension, or none a unit";
        reader.context.report(Code::WrongDimension, span, message, "", help);
    }
}

fn rate_unit(node: &Node) -> RateUnit {
    let inner = node.table().and_then(|table| table.get("value")).unwrap_or(node);
    let quantity = inner.text().and_then(|text| Quantity::parse(text).ok());
    let unit = quantity.and_then(|quantity| {
        RATE_UNITS.iter().find(|unit| {
            Quantity::parse(&format!("1 {unit}")).is_ok_and(|q| q.dimension == quantity.dimension)
        })
    });
    unit.map_or(RateUnit::Bare, |unit| RateUnit::Unit(unit))
}

fn units_of(unit: RateUnit) -> Units {
    match unit {
        RateUnit::Bare => NUMBER,
        RateUnit::Unit("kg/d") => FLOW,
        RateUnit::Unit("kW") => &[("kW", 1.0)],
        RateUnit::Unit("kg") => MASS,
        RateUnit::Unit("d") => DAYS,
        RateUnit::Unit("m3") => VOLUME,
        RateUnit::Unit("L/h") => &[("L/h", 1.0)],
        RateUnit::Unit("km/d") => &[("km/d", 1.0)],
        RateUnit::Unit("1/y") => PER_YEAR,
        RateUnit::Unit("%/y") => &[("%/y", 1.0)],
        RateUnit::Unit("h/d") => &[("h/d", 1.0)],
        RateUnit::Unit("N") => &[("N", 1.0)],
        RateUnit::Unit("Nms") => &[("Nms", 1.0)],
        RateUnit::Unit("kWh") => &[("kWh", 1.0)],
        RateUnit::Unit(_) => VELOCITY,
    }
}

fn need(reader: Reader<'_, '_>) -> Need {
    let id = reader.reference("id", Kind::Capability);
    let least = reader.plain_or("least", NUMBER, Range::new(1e-6, 1.0), 0.5);
    reader.finish();
    Need { id, least }
}

fn rule(reader: &Reader<'_, '_>, node: &Node, unit: Option<RateUnit>) -> Option<Rule> {
    const WORDS: &[(&str, Rule)] =
        &[("all", Rule::All), ("any", Rule::Any), ("cabin", Rule::Cabin)];
    match &node.tree {
        Tree::Text(text) => {
            reader.record_plain("rule", node);
            let found = WORDS.iter().find(|(word, _)| word == text).map(|(_, rule)| rule.clone());
            if found.is_none() {
                reader.unknown_word("rule", node, text, &["all", "any", "cabin"]);
            }
            found
        }
        Tree::Table(_) => {
            let inner = reader.table_opt("rule")?;
            let found = if inner.get("at_least").is_some() {
                Rule::AtLeast(inner.count("at_least", 1, COPIES_MAX))
            } else {
                let demand = inner.get("demand");
                let range = Range::new(1e-9, 1e9);
                let unit = unit.or_else(|| demand.map(rate_unit)).unwrap_or(RateUnit::Bare);
                let per = &[("station", Per::Station), ("crew", Per::Crew)];
                Rule::Demand {
                    demand: inner.value("demand", units_of(unit), range),
                    per_crew: inner.choice_or("per", per, Per::Station) == Per::Crew,
                }
            };
            inner.finish();
            Some(found)
        }
        _ => {
            reader.wrong_type(
                node,
                "rule",
                "\"all\", \"any\", \"cabin\", { at_least = 3 } or { demand = \"…\" }",
            );
            None
        }
    }
}

/// Reads one `[[oru]]`.
pub(crate) fn oru(mut reader: Reader<'_, '_>) -> Oru {
    reader.inherit_from_row();
    let id = reader.id(Kind::Oru);
    let installed = reader.count("installed", 1, COPIES_MAX);
    let needed = reader.count_or("needed", 0, COPIES_MAX, installed);
    // A refused value has a placeholder here and is reported already.
    if needed > installed && reader.has("installed") && reader.has("needed") {
        let span = reader.get("needed").map_or(reader.span, |node| node.span);
        let message = format!("`{}` needs {needed} copies and has {installed}", reader.path);
        let help = "raise `installed`, or lower `needed`";
        reader.context.report(Code::RuleUnmeetable, span, message, "more than installed", help);
    }
    let subsystem = reader.text("subsystem");
    let repairable = !says_none(&reader, "repair");
    let supplied = repairable && !says_none(&reader, "spares");
    check_none(&reader, repairable, supplied);
    let spares = supplied.then(|| reader.table("spares")).flatten().map(|spares| {
        let counts = (
            spares.count_or_unknown("aboard", SPARES_MAX),
            spares.count_or_unknown("ground", SPARES_MAX),
        );
        spares.finish();
        counts
    });
    let none = if supplied { None } else { Some(0) };
    let (spares_aboard, spares_ground) = spares.unwrap_or((none, none));
    let repair = repairable.then(|| reader.table("repair")).flatten().map(|repair| {
        let places = &[
            ("inside", RepairWhere::Inside),
            ("outside", RepairWhere::Outside),
            ("robotic", RepairWhere::Robotic),
        ];
        let found = (
            repair.value("crew", HOURS, Range::HOURS),
            repair.choice("where", places).unwrap_or(RepairWhere::Inside),
            repair.count_or("evas", 1, 100, 1),
            repair.text_opt("skill"),
            repair.references("also_from", Kind::Segment),
        );
        repair.finish();
        found
    });
    let nowhere = if repairable { RepairWhere::Inside } else { RepairWhere::Nowhere };
    let (repair_crew_h, repair_where, repair_evas, repair_skill, repair_also_from) =
        repair.unwrap_or((Value::exact(0.0, Basis::Assumed), nowhere, 1, None, Vec::new()));
    let of_spares = |key| {
        if supplied {
            return reader.value(key, DAYS, Range::DAYS);
        }
        // Of a spare that does not exist.
        reader.value_opt(key, DAYS, Range::DAYS).unwrap_or(Value::exact(0.0, Basis::Assumed))
    };
    let cannibalize = reader.references("cannibalize", Kind::Oru);
    let (together, common_cause_group) = common_cause_of(&reader, installed);
    let (rate_shape, in_service) = rate_belief(&reader);
    let mtbf_d = reader.value("mtbf", DAYS, Range::LIFE);
    let (experience_factor, from_experience) = experience(&reader, mtbf_d.basis);
    let oru = Oru {
        id,
        name: reader.text("name"),
        subsystem,
        serves: reader.reference("serves", Kind::Capability),
        segment: reader.reference("segment", Kind::Segment),
        installed,
        needed,
        partial: reader.yes_or("partial", false),
        mtbf_d,
        error_factor: match rate_shape {
            Some(_) => Value::exact(1.0, Basis::Derived),
            None => reader.value("error_factor", NUMBER, Range::FACTOR),
        },
        rate_shape,
        in_service,
        shape: reader.plain_or("shape", NUMBER, Range::new(0.2, 20.0), 1.0),
        duty: reader.plain_or("duty", NUMBER, Range::SHARE, 1.0),
        life_limit_d: reader.value_opt("life_limit", DAYS, Range::LIFE),
        per_eva: reader.table_opt("per_eva").map(|table| per_eva(table, installed)),
        beta: reader.value_or("beta", NUMBER, Range::SHARE, 0.0),
        together,
        common_cause_group,
        mass_kg: reader.value("mass", MASS, Range::MASS),
        spares_aboard,
        spares_ground,
        supplied,
        lead_time_d: of_spares("lead_time"),
        build_time_d: of_spares("build_time"),
        external: reader.yes_or("external", false),
        repair_crew_h,
        repair_where,
        repair_evas,
        repair_also_from,
        reset_share: reader.value_opt("reset_share", NUMBER, Range::SHARE),
        experience_factor,
        from_experience,
        volume_m3: reader.value_opt("volume", VOLUME, Range::new(0.0, 1e4)).map(|v| v.value),
        ground_repair: reader.table_opt("ground_repair").map(ground_repair),
        cannibalize,
        repair_skill,
    };
    reader.finish();
    oru
}

/// Reads `from_experience` and `experience_factor` of an `[[oru]]`. A rate that was counted in service
/// is not corrected to service a second time.
fn experience(reader: &Reader<'_, '_>, mtbf_basis: Basis) -> (Option<Value>, bool) {
    let counted = reader.file_counts_service() || mtbf_basis == Basis::Derived;
    let counted = reader.yes_or("from_experience", counted);
    let own = reader.value_opt("experience_factor", NUMBER, EXPERIENCE);
    if let (Some(_), Some(node), true) = (own, reader.get("from_experience"), counted) {
        let message =
            format!("`{}` states both `experience_factor` and `from_experience`", reader.path);
        let help = "keep one of the two: a mean time from service has no factor";
        reader.context.report(Code::KeyConflict, node.span, message, "", help);
    }
    (own.or(counted.then(|| Value::exact(1.0, Basis::Derived))), counted)
}

/// Reads `rate_shape` and `in_service` of an `[[oru]]`.
fn rate_belief(reader: &Reader<'_, '_>) -> (Option<f64>, Option<InService>) {
    let rate_shape =
        reader.get("rate_shape").map(|_| reader.plain("rate_shape", NUMBER, Range::new(0.1, 1e4)));
    let in_service = reader.table_opt("in_service").map(|table| {
        let seen = InService {
            failures: table.count("failures", 0, 100_000),
            running_d: table.plain("running", DAYS, Range::LIFE),
            prior_weight: table.plain_or("prior_weight", NUMBER, Range::SHARE, 1.0),
        };
        table.finish();
        seen
    });
    let (first, second, help) = match (rate_shape, in_service) {
        (Some(_), _) => ("error_factor", "rate_shape", "keep one of the two"),
        (None, Some(_)) => (
            "in_service",
            "error_factor",
            "failures seen update a gamma law: give `rate_shape` in place of `error_factor`",
        ),
        (None, None) => return (None, None),
    };
    if let Some(node) = reader.get(first) {
        let message = format!("`{}` states both `{first}` and `{second}`", reader.path);
        reader.context.report(Code::KeyConflict, node.span, message, "", help);
    }
    (rate_shape, in_service)
}

fn per_eva(reader: Reader<'_, '_>, installed: u32) -> PerEva {
    let found = PerEva {
        used: reader.count_or("used", 1, installed.max(1), 1),
        failures: reader.value("failures", NUMBER, Range::SHARE),
        life: reader.value_opt("life", NUMBER, Range::new(1.0, 1e6)),
    };
    reader.finish();
    found
}

/// Reads one `[[defect]]`.
pub(crate) fn defect(mut reader: Reader<'_, '_>) -> Defect {
    reader.inherit_from_row();
    let defect = Defect {
        id: reader.id(Kind::Defect),
        name: reader.text("name"),
        rate_per_y: reader.value("rate", PER_YEAR, Range::RATE),
        units: reader.references("units", Kind::Oru),
        stand_down_d: reader.value("stand_down", DAYS, Range::DAYS),
        share: reader.value("share", NUMBER, Range::SHARE),
        retrofit_d: reader.value("retrofit", DAYS, Range::DAYS),
    };
    if reader.require("units").is_some() && defect.units.is_empty() {
        let message = format!("`{}` lies in no type of units", reader.path);
        let help = "name the types that have it, as in `units = [\"pump\"]`";
        reader.context.report(Code::RuleUnmeetable, reader.span, message, "", help);
    }
    reader.finish();
    defect
}

/// Whether a key says `"none"` in place of a table.
fn says_none(reader: &Reader<'_, '_>, key: &'static str) -> bool {
    let Some(node) = reader.get(key).filter(|node| node.text() == Some("none")) else {
        return false;
    };
    reader.record_plain(key, node);
    true
}

/// What has no spare, or no place where it could be put, states nothing of either.
fn check_none(reader: &Reader<'_, '_>, repairable: bool, supplied: bool) {
    let (of, keys): (_, &[&'static str]) = match (repairable, supplied) {
        (true, true) => return,
        (true, false) => ("spares", &["ground_repair"]),
        (false, _) => ("repair", &["spares", "ground_repair", "cannibalize"]),
    };
    for key in keys {
        let stated = reader.get(key).filter(|node| node.text() != Some("none"));
        let Some(node) = stated else { continue };
        let message = format!("`{}` states `{of} = \"none\"` and `{key}`", reader.path);
        let help = match of {
            "spares" => {
                "a unit that no other replaces is never brought down: leave one of the two out"
            }
            _ => "what cannot be repaired takes no spare: leave one of the two out",
        };
        reader.context.report(Code::KeyConflict, node.span, message, "", help);
    }
}

/// Reads `alpha`, `common_cause` and `common_cause_group` of an `[[oru]]`.
fn common_cause_of(reader: &Reader<'_, '_>, installed: u32) -> (Option<Together>, Option<u32>) {
    let shares = reader.numbers("alpha", Range::SHARE);
    let class = reader.reference_opt("common_cause", Kind::CommonCause);
    let keys = ["beta", "alpha", "common_cause"];
    let mut stated = keys.into_iter().filter(|key| reader.get(key).is_some());
    if let (Some(first), Some(second)) = (stated.next(), stated.next()) {
        let span = reader.get(second).map_or(reader.span, |node| node.span);
        let message = format!("`{}` states both `{first}` and `{second}`", reader.path);
        let help = "keep one of the two: each says how many copies fail together";
        reader.context.report(Code::KeyConflict, span, message, "", help);
    }
    let group =
        reader.get("common_cause_group").map(|_| reader.count("common_cause_group", 1, COPIES_MAX));
    if let (Some(shares), true) = (&shares, reader.has("alpha")) {
        let span = reader.get("alpha").map_or(reader.span, |node| node.span);
        let sum: f64 = shares.iter().sum();
        if (sum - 1.0).abs() > SHARES_SUM_ERROR {
            let message = format!("the shares of `{}` sum to {sum}", reader.path_of("alpha"));
            let help =
                "of all failures that a group sees, some take one copy, some two, …: they sum to 1";
            reader.context.report(Code::SharesUnbalanced, span, message, "", help);
        }
        let size = shares.len() as u32;
        if !installed.is_multiple_of(size) || group.is_some_and(|group| group != size) {
            let message = format!(
                "`{}` is of groups of {size} copies and {installed} are installed",
                reader.path_of("alpha")
            );
            let help = "give a share for each number of copies of a group; groups are equal, and all copies are in one";
            reader.context.report(Code::RuleUnmeetable, span, message, "", help);
        }
    }
    (shares.map(Together::Shares).or(class.map(Together::Class)), group)
}

/// Reads one `[[common_cause]]`.
pub(crate) fn common_cause(mut reader: Reader<'_, '_>) -> CommonCause {
    /// Concentrations: the events that a belief is worth.
    const CONCENTRATION: Range = Range::new(1e-3, 1e6);
    const ROWS: [(&str, usize); 7] = [
        ("of_2", 2),
        ("of_3", 3),
        ("of_4", 4),
        ("of_5", 5),
        ("of_6", 6),
        ("of_7", 7),
        ("of_8", CommonCause::SIZE_MAX),
    ];
    reader.inherit_from_row();
    let id = reader.id(Kind::CommonCause);
    let name = reader.text("name");
    let mut rows = Vec::new();
    for (key, size) in ROWS {
        let Some(row) = reader.numbers(key, CONCENTRATION) else { continue };
        if row.len() != size && reader.has(key) {
            let span = reader.get(key).map_or(reader.span, |node| node.span);
            let message = format!("`{}` has {} numbers", reader.path_of(key), row.len());
            let help = format!("write {size} concentrations: for one copy, two, … of {size}");
            reader.context.report(Code::RuleUnmeetable, span, message, "", &help);
        }
        rows.push(row);
    }
    if rows.is_empty() {
        let message = format!("`{}` has no row", reader.path);
        let help = "add `of_2 = [20, 0.5]`: Dirichlet concentrations of a group of two, or `of_3` to `of_8`";
        reader.context.report(Code::KeyMissing, reader.span, message, "in this table", help);
    }
    reader.finish();
    CommonCause { id, name, rows }
}

fn ground_repair(reader: Reader<'_, '_>) -> GroundRepair {
    let found = GroundRepair {
        turnaround_d: reader.value("turnaround", DAYS, Range::DAYS),
        condemned_share: reader.value_or("condemned_share", NUMBER, Range::SHARE, 0.0),
    };
    reader.finish();
    found
}

/// Reads one `[[stock]]`.
pub(crate) fn stock(mut reader: Reader<'_, '_>) -> Stock {
    reader.inherit_from_row();
    let stock = Stock {
        id: reader.id(Kind::Stock),
        name: reader.text("name"),
        partner: reader.reference_opt("partner", Kind::Partner),
        initial_kg: reader.value("initial", MASS, Range::MASS),
        capacity_kg: reader.value("capacity", MASS, Range::MASS),
        draws: reader.tables("draw").into_iter().map(draw).collect(),
        reserve_d: reader.value_opt("reserve", DAYS, Range::DAYS),
        ration_share: reader.plain_or("ration", NUMBER, Range::SHARE, 0.0),
        shares_with: reader.reference_opt("shares_with", Kind::Stock),
        on_empty: reader.get("on_empty").and_then(|node| effect(&reader, "on_empty", node)),
        accumulates: reader.yes_or("accumulates", false),
        leaves_with_vehicle: reader.yes_or("leaves_with_vehicle", false),
        takes_units: reader.yes_or("takes_units", false),
        gives_way: reader.value_or("gives_way", NUMBER, Range::SHARE, 0.0),
    };
    if stock.takes_units && !stock.accumulates {
        let span = reader.get("takes_units").map_or(reader.span, |node| node.span);
        let message = format!("`{}` takes units but does not accumulate", reader.path);
        let help = "units that are thrown away fill a stock: add `accumulates = true`";
        reader.context.report(Code::RuleUnmeetable, span, message, "", help);
    }
    if let Some(node) = reader.get("shares_with").filter(|node| node.text() == Some(&stock.id)) {
        let message = format!("`{}` lends to itself", reader.path);
        reader.context.report(Code::Cycle, node.span, message, "", "name another stock, or none");
    }
    let known = reader.has("initial") && reader.has("capacity");
    if known && stock.initial_kg.value > stock.capacity_kg.value {
        let message = format!("`{}` holds more than its capacity", reader.path);
        let help = "lower `initial`, or raise `capacity`";
        let span = reader.get("initial").map_or(reader.span, |node| node.span);
        reader.context.report(Code::OutOfRange, span, message, "", help);
    }
    reader.finish();
    stock
}

fn draw(mut reader: Reader<'_, '_>) -> Draw {
    reader.inherit_from_row();
    let per = &[("station", Per::Station), ("crew", Per::Crew), ("leak", Per::Leak)];
    let per = reader.choice_or("per", per, Per::Station);
    // A draw per kilogram leaked is a ratio and may be a bare number; the rest are flows.
    let bare = |node: &Node| !matches!(node.tree, Tree::Text(_) | Tree::Table(_));
    let units = match reader.get("rate") {
        Some(node) if per == Per::Leak && bare(node) => NUMBER,
        _ => FLOW,
    };
    let rate_kg_d = reader.value("rate", units, Range::FLOW);
    let draw = Draw {
        rate_kg_d,
        per,
        with: reader.reference_opt("while", Kind::Capability),
        without: reader.reference_opt("unless", Kind::Capability),
    };
    reader.finish();
    draw
}

/// How an effect stands in a file.
enum Written {
    /// A word alone.
    Alone(Effect),
    /// A table: an example for who writes none that is known, and what reads it.
    Table(&'static str, fn(&Reader<'_, '_>) -> Effect),
}

fn written(word: EffectWord) -> Written {
    use Written::{Alone, Table};
    match word {
        EffectWord::None => Alone(Effect::None),
        EffectWord::Shelter => Alone(Effect::Shelter),
        EffectWord::Disable => {
            Table("{ disable = \"capability\", duration = \"3 d\" }", |table| Effect::Disable {
                capability: table.reference("disable", Kind::Capability),
                duration_d: table.value("duration", DAYS, Range::DAYS),
            })
        }
        EffectWord::StandDown => Table(
            "{ stand_down = \"segment\", duration = \"280 d\", urgent_share = 0.9 }",
            |table| Effect::StandDown {
                segment: table.reference("stand_down", Kind::Segment),
                duration_d: table.value("duration", DAYS, Range::DAYS),
                urgent_share: table.value("urgent_share", NUMBER, Range::SHARE),
            },
        ),
        EffectWord::Isolate => Table("{ isolate = \"element\" }", |table| Effect::Isolate {
            element: table.reference("isolate", Kind::Element),
        }),
        EffectWord::Leak => {
            Table("{ leak = \"element\", rate = \"1 kg/d\" }", |table| Effect::Leak {
                element: table.reference("leak", Kind::Element),
                rate_kg_d: table.value("rate", FLOW, Range::new(0.0, 1e5)),
            })
        }
        EffectWord::LossOfEscapeVehicle => Alone(Effect::LossOfEscapeVehicle),
        EffectWord::CrewReduction => Alone(Effect::CrewReduction),
        EffectWord::LossOfCrewVehicle => Alone(Effect::LossOfCrewVehicle),
        EffectWord::Evacuate => Alone(Effect::Evacuate),
        EffectWord::LossOfStation => Alone(Effect::LossOfStation),
        EffectWord::LossOfCrew => Alone(Effect::LossOfCrew),
    }
}

/// Reads an effect: a word or a table.
pub(crate) fn effect(reader: &Reader<'_, '_>, key: &'static str, node: &Node) -> Option<Effect> {
    let mut alone = Vec::new();
    let mut tables = Vec::new();
    for word in EffectWord::every("") {
        match written(word) {
            Written::Alone(effect) => alone.push((word.form(), effect)),
            Written::Table(example, read) => tables.push((word.form(), example, read)),
        }
    }
    if let Tree::Text(text) = &node.tree {
        reader.record_plain(key, node);
        let found = alone.iter().find(|(word, _)| word == text).map(|(_, effect)| effect.clone());
        if found.is_none() {
            let known: Vec<&str> = alone.iter().map(|(word, _)| *word).collect();
            reader.unknown_word(key, node, text, &known);
        }
        return found;
    }
    let inner = reader.table_opt(key)?;
    let Some((_, _, read)) = tables.iter().find(|(first, ..)| inner.get(first).is_some()) else {
        let message = format!("`{}` names no effect", reader.path_of(key));
        let examples: Vec<&str> = tables.iter().map(|(_, example, _)| *example).collect();
        let help = format!("write a word such as \"evacuate\", or {}", examples.join(", "));
        reader.context.report(Code::WordUnknown, node.span, message, "", &help);
        return None;
    };
    let found = read(&inner);
    inner.finish();
    Some(found)
}

/// Reads `[{ share = 0.9, effect = "shelter" }, …]`, whose shares sum to 1.
pub(crate) fn outcomes(reader: &Reader<'_, '_>, key: &'static str) -> Vec<(f64, Effect)> {
    let outcomes: Vec<(f64, Effect)> = reader.tables(key).into_iter().filter_map(outcome).collect();
    if let Some(node) = reader.require(key) {
        let sum: f64 = outcomes.iter().map(|(share, _)| share).sum();
        let whole = matches!(&node.tree, Tree::Array(items) if items.len() == outcomes.len());
        if whole && (sum - 1.0).abs() > 1e-6 {
            let message = format!("the shares of `{}` sum to {sum}", reader.path_of(key));
            let help = "shares of outcomes sum to 1; give the rest the effect \"none\"";
            reader.context.report(Code::SharesUnbalanced, node.span, message, "", help);
        }
    }
    outcomes
}

fn outcome(mut reader: Reader<'_, '_>) -> Option<(f64, Effect)> {
    reader.inherit_from_row();
    let share = reader.plain("share", NUMBER, Range::SHARE);
    let effect = reader.require("effect").and_then(|node| effect(&reader, "effect", node));
    reader.finish();
    effect.map(|effect| (share, effect))
}

/// The owners that files can name.
fn owners() -> Vec<(&'static str, Owner)> {
    let all = Owner::every("").into_iter();
    all.filter(|owner| owner.is_of_files()).map(|owner| (owner.form(), owner)).collect()
}

/// The owners of risk, for hazards.
pub(crate) fn owner(reader: &Reader<'_, '_>) -> Owner {
    reader.choice("owner", &owners()).unwrap_or(Owner::Systems)
}

/// Reads a date or year with its `precision`, which defaults to how the date is written.
pub(crate) fn dated(reader: &Reader<'_, '_>, key: &'static str) -> (Date, Precision) {
    let (date, year) = reader.day_or_year(key).unwrap_or((placeholder_date(), false));
    let written = if year { Precision::Year } else { Precision::Day };
    (date, reader.choice_or("precision", PRECISIONS, written))
}
