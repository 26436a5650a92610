//! Reads who comes and goes: crew, vehicles, pads, ports, docked vehicles, flights and services.

use crate::context::Kind;
use crate::diagnostic::Code;
use crate::model::{
    Crew, Docked, Docking, EvaNeed, Flight, Moves, Outcome, Pad, Port, Shock, Slip, Vehicle,
};
use crate::policy::least_crew;
use crate::provenance::{NUMBER, Units};
use crate::reader::{Range, Reader};
use crate::systems::{
    DAYS, HOURS, MASS, PEOPLE_MAX, PER_YEAR, VELOCITY, outcomes, placeholder_date, push,
};
use crate::tree::{Entry, Node, Table, Tree};
use zarya_units::Date;

/// Most flights, spelled out.
pub(crate) const FLIGHTS_MAX: usize = 5_000;
/// Most values of the flights that services are spelled out into.
const SPELLED_OUT_MAX: usize = 100_000;

/// Keys that tell a table of moves from a value in a table.
const MOVES_KEYS: [&str; 3] = ["on_time", "median", "tail"];
/// Leads, of one day to three centuries: a share and a size at no lead say nothing.
const LEADS: Range = Range::new(1.0, 110_000.0);
/// `slip.lead` where a file does not state it: half a year (assumed: as far ahead as single flights are dated).
const MOVES_LEAD_D: f64 = 180.0;
/// `slip.lead_most` where a file does not state it: a year (assumed: beyond it a plan is a cadence).
const MOVES_LEAD_MOST_D: f64 = 365.0;

const VOLUME: Units = &[("m3", 1.0)];
const HOURS_A_DAY: Units = &[("h", 1.0), ("h/d", 1.0)];
const HOURS_A_WEEK: Units = &[("h/week", 1.0), ("h", 1.0)];

/// Reads `crew.toml`.
pub(crate) fn crew(mut reader: Reader<'_, '_>) -> Crew {
    reader.inherit_from_row();
    let nominal = reader.count("nominal", 0, PEOPLE_MAX);
    let minimum = reader.count("minimum", 0, PEOPLE_MAX);
    least_crew(&reader, minimum, nominal);
    let crew = Crew {
        nominal,
        minimum,
        workday_h: reader.value("workday", HOURS_A_DAY, Range::new(0.0, 24.0)),
        upkeep_h_week: reader.value("upkeep", HOURS_A_WEEK, Range::HOURS),
        research_goal_h_week: reader.value("research_goal", HOURS_A_WEEK, Range::HOURS),
        eva_preparation_d: reader.value("eva_preparation", DAYS, Range::DAYS),
        eva_preparation_urgent_d: reader.value_opt("eva_preparation_urgent", DAYS, Range::DAYS),
        eva_preparation_other_side_d: reader.value_or(
            "eva_preparation_other_side",
            DAYS,
            Range::DAYS,
            Crew::OTHER_SIDE_DEFAULT_D,
        ),
        eva_spacing_d: reader.value_or(
            "eva_spacing",
            DAYS,
            Range::DAYS,
            Crew::EVA_SPACING_DEFAULT_D,
        ),
        eva_crew_h: reader.value("eva_hours", HOURS, Range::HOURS),
        eva: reader.tables("eva").into_iter().map(eva_need).collect(),
        robotic_capability: reader.reference_opt("robotic_capability", Kind::Capability),
        eva_planned_per_y: reader.value("eva_rate_planned", PER_YEAR, Range::RATE),
        trained_minimum: reader
            .table_opt("trained_minimum")
            .map(|reader| by_segment(&reader))
            .unwrap_or_default(),
        training_lead_d: reader.value("training_lead", DAYS, Range::DAYS),
    };
    reader.finish();
    crew
}

fn eva_need(reader: Reader<'_, '_>) -> EvaNeed {
    let need = EvaNeed {
        segment: reader.reference("segment", Kind::Segment),
        capability: reader.reference("capability", Kind::Capability),
        trained: reader.count_or("trained", 0, PEOPLE_MAX, 2),
        oxygen: reader.reference_opt("oxygen", Kind::Stock),
        nitrogen: reader.reference_opt("nitrogen", Kind::Stock),
    };
    reader.finish();
    need
}

/// Reads `{ us = 1, rs = 2 }`.
fn by_segment(reader: &Reader<'_, '_>) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for Entry { key, key_span, node } in reader.entries() {
        reader.context.refer(Kind::Segment, key, *key_span);
        if let Some(count) = reader.count_from(key, node, 0, PEOPLE_MAX) {
            found.push((key.clone(), count));
        }
    }
    found
}

/// Reads `{ robotics = 2 }`: no more people than seats.
fn skills(reader: &Reader<'_, '_>, seats: u32) -> Vec<(String, u32)> {
    let entries = reader.entries().iter();
    let read = |Entry { key, node, .. }: &Entry| {
        Some((key.clone(), reader.count_from(key, node, 0, seats)?))
    };
    entries.filter_map(read).collect()
}

/// Reads one `[[vehicle]]`.
pub(crate) fn vehicle(mut reader: Reader<'_, '_>) -> Vehicle {
    reader.inherit_from_row();
    let seats = reader.count_or("seats", 0, PEOPLE_MAX, 0);
    let crewed = seats > 0;
    for key in ["lifeboat_failure", "rescue_lead"] {
        if crewed && reader.get(key).is_none() {
            let message = format!("`{}` carries people but lacks `{key}`", reader.path);
            let help = "a crew vehicle is a lifeboat: say how it can be lost as one and how long a \
                        rescue takes";
            reader.context.report(Code::KeyMissing, reader.span, message, "in this table", help);
        }
    }
    let vehicle = Vehicle {
        id: reader.id(Kind::Vehicle),
        name: reader.text("name"),
        partner: reader.reference("partner", Kind::Partner),
        pad: reader.reference("pad", Kind::Pad),
        launcher: reader.text("launcher"),
        ports: reader.reference("ports", Kind::Port),
        seats,
        contingency_seats: reader.count_or("contingency_seats", 0, PEOPLE_MAX, seats),
        trained: reader.table_opt("trained").map(|reader| by_segment(&reader)).unwrap_or_default(),
        loss: reader.value("loss", NUMBER, Range::SHARE),
        ascent_loss: reader.value_opt("ascent_loss", NUMBER, Range::SHARE),
        entry_loss: reader.value_opt("entry_loss", NUMBER, Range::SHARE),
        grounding_d: reader.value("grounding", DAYS, Range::DAYS),
        slip: slip(&reader),
        docked_life_d: reader.value("docked_life", DAYS, Range::DAYS),
        lifeboat_failure_per_y: reader.value_opt("lifeboat_failure", PER_YEAR, Range::RATE),
        rescue_lead_d: reader.value_opt("rescue_lead", DAYS, Range::DAYS),
        push: reader.table_opt("push").map(push),
        phasing_m_s: reader.value_opt("phasing", VELOCITY, Range::new(0.0, 20.0)),
        external_cargo: reader.yes_or("external_cargo", false),
        spares_capacity_kg: reader.value("spares_capacity", MASS, Range::MASS),
        spares_volume_m3: reader.value_opt("spares_volume", VOLUME, Range::new(0.0, 1e4)),
        return_capacity_kg: reader.value_or("return_capacity", MASS, Range::MASS, 0.0),
        down_capacity_kg: reader.value_opt("down_capacity", MASS, Range::MASS),
        skills: reader.table_opt("skills").map(|reader| skills(&reader, seats)).unwrap_or_default(),
        turnaround_d: reader.value("turnaround", DAYS, Range::DAYS),
        docking: reader.table_opt("docking").map(docking),
    };
    for key in ["ascent_loss", "entry_loss"] {
        if let Some(node) = reader.get(key).filter(|_| !crewed) {
            let message = format!("`{}` carries nobody who could be lost", reader.path);
            let help = format!("remove `{key}`, or give it `seats`");
            reader.context.report(Code::RuleUnmeetable, node.span, message, "", &help);
        }
    }
    let (down, back) = (vehicle.down_capacity_kg, vehicle.return_capacity_kg);
    if let Some(down) = down.filter(|down| down.value < back.value) {
        let span = reader.get("return_capacity").map_or(reader.span, |node| node.span);
        let message = format!(
            "`{}` brings down {} kg of units and takes {} kg away in all",
            reader.path, back.value, down.value
        );
        let help = "down_capacity counts trash and returned units together: raise it";
        reader.context.report(Code::RuleUnmeetable, span, message, "more than all", help);
    }
    reader.finish();
    vehicle
}

/// Reads what can go wrong at the port.
fn docking(mut reader: Reader<'_, '_>) -> Docking {
    reader.inherit_from_row();
    let strike =
        if reader.get("strike").is_some() { outcomes(&reader, "strike") } else { Vec::new() };
    let docking = Docking {
        trouble: reader.value_or("trouble", NUMBER, Range::SHARE, 0.0),
        retry_d: reader.value_or("retry", DAYS, Range::DAYS, 2.0),
        fails: reader.value_or("fails", NUMBER, Range::SHARE, 0.0),
        strikes: reader.value_or("strikes", NUMBER, Range::SHARE, 0.0),
        strike,
    };
    if docking.strikes.high > 0.0 && reader.get("strike").is_none() {
        let message = format!("`{}` can strike the station but lacks `strike`", reader.path);
        let help = "say what a strike does, as in strike = [{ share = 1, effect = { isolate = \"element\" } }]";
        reader.context.report(Code::KeyMissing, reader.span, message, "in this table", help);
    }
    reader.finish();
    docking
}

/// Reads `slip`: a mean, or a table with the share on time and the sizes of moves.
fn slip(reader: &Reader<'_, '_>) -> Slip {
    let table = reader.get("slip").and_then(Node::table);
    let moves = table.is_some_and(|table| {
        table.get("value").is_none() && MOVES_KEYS.iter().any(|key| table.get(key).is_some())
    });
    if !moves {
        return Slip::Mean(reader.value("slip", DAYS, Range::DAYS));
    }
    let mut reader = reader.table("slip").expect("found to be a table");
    reader.inherit_from_row();
    let power = Range::new(0.0, 3.0);
    let moves = Moves {
        on_time: reader.value("on_time", NUMBER, Range::SHARE),
        early: reader.value_or("early", NUMBER, Range::SHARE, 0.0),
        median_d: reader.value("median", DAYS, Range::DAYS),
        tail: reader.value("tail", NUMBER, Range::FACTOR),
        chance_power: reader.value_or("chance_power", NUMBER, power, 0.0),
        size_power: reader.value_or("size_power", NUMBER, power, 0.0),
        lead_d: reader.plain_or("lead", DAYS, LEADS, MOVES_LEAD_D),
        lead_most_d: reader.plain_or("lead_most", DAYS, LEADS, MOVES_LEAD_MOST_D),
    };
    reader.finish();
    Slip::Moves(moves)
}

/// Reads one `[[pad]]`.
pub(crate) fn pad(mut reader: Reader<'_, '_>) -> Pad {
    reader.inherit_from_row();
    let pad = Pad {
        id: reader.id(Kind::Pad),
        name: reader.text("name"),
        outage_per_y: reader.value("outage_rate", PER_YEAR, Range::RATE),
        outage_d: reader.value("outage", DAYS, Range::DAYS),
    };
    reader.finish();
    pad
}

/// Reads one `[[port]]`.
pub(crate) fn port(mut reader: Reader<'_, '_>) -> Port {
    reader.inherit_from_row();
    let port = Port {
        id: reader.id(Kind::Port),
        name: reader.text("name"),
        count: reader.count("count", 1, 100),
        outage_per_y: reader.value("outage_rate", PER_YEAR, Range::RATE),
        outage_d: reader.value("outage", DAYS, Range::DAYS),
    };
    reader.finish();
    port
}

/// Reads one `[[shock]]`.
pub(crate) fn shock(mut reader: Reader<'_, '_>) -> Shock {
    reader.inherit_from_row();
    let named = |key| reader.texts(key).into_iter().map(|(text, _)| text).collect();
    let shock = Shock {
        id: reader.id(Kind::Shock),
        name: reader.text("name"),
        rate_per_y: reader.value("rate", PER_YEAR, Range::RATE),
        delay_d: reader.value("delay", DAYS, Range::DAYS),
        scatter: reader.value("scatter", NUMBER, Range::FACTOR),
        window_d: reader.plain("window", DAYS, Range::DAYS),
        launchers: named("launchers"),
        pads: reader.references("pads", Kind::Pad),
        vehicles: reader.references("vehicles", Kind::Vehicle),
        partners: reader.references("partners", Kind::Partner),
    };
    reader.finish();
    shock
}

/// Reads one `[[docked]]`.
pub(crate) fn docked(mut reader: Reader<'_, '_>) -> Docked {
    reader.inherit_from_row();
    let as_of = reader.context.as_of;
    let docked = Docked {
        id: reader.id(Kind::Flight),
        vehicle: reader.reference("vehicle", Kind::Vehicle),
        since: reader.date("since").unwrap_or_else(placeholder_date),
        until: reader.date("until").unwrap_or_else(placeholder_date),
        crew: reader.count_or("crew", 0, PEOPLE_MAX, 0),
    };
    let at = |key: &'static str| reader.get(key).filter(|node| is_date(node)).map(|n| n.span);
    if let (Some(since), Some(until)) = (at("since"), at("until")) {
        if docked.since > as_of {
            let message = format!("`{}` docks after the as-of date {as_of}", reader.path);
            let help = "a vehicle that comes later is a `[[flight]]`";
            reader.context.report(Code::DateDisordered, since, message, "", help);
        }
        if docked.until < as_of.max(docked.since) {
            let message = format!("`{}` left before the as-of date {as_of}", reader.path);
            let help = "remove it, or move `until`";
            reader.context.report(Code::DateDisordered, until, message, "", help);
        }
    }
    reader.finish();
    docked
}

fn is_date(node: &Node) -> bool {
    matches!(&node.tree, Tree::Text(text) | Tree::Moment(text) if Date::parse(text).is_ok())
}

/// Reads one `[[flight]]`.
pub(crate) fn flight(mut reader: Reader<'_, '_>) -> Flight {
    reader.inherit_from_row();
    let as_of = reader.context.as_of;
    let outcomes =
        &[("planned", Outcome::Planned), ("flown", Outcome::Flown), ("lost", Outcome::Lost)];
    let flight = Flight {
        id: reader.id(Kind::Flight),
        vehicle: reader.reference("vehicle", Kind::Vehicle),
        date: reader.date("date").unwrap_or_else(placeholder_date),
        launch: reader.date_opt("launch"),
        stay_d: reader.plain("stay", DAYS, Range::DAYS),
        crew: reader.count_or("crew", 0, PEOPLE_MAX, 0),
        visit: reader.yes_or("visit", false),
        cargo_kg: reader.table_opt("cargo").map(|reader| cargo(&reader)).unwrap_or_default(),
        outcome: reader.choice_or("outcome", outcomes, Outcome::Planned),
        upgrades: reader.references("upgrades", Kind::Upgrade),
    };
    if let Some(node) = reader.get("date").filter(|node| is_date(node)) {
        if flight.outcome == Outcome::Planned && flight.date < as_of {
            let message = format!(
                "`{}` is planned before the as-of date {as_of} and will not fly",
                reader.path
            );
            let help = "give it an `outcome`, move its date, or remove it";
            reader.context.report(Code::PlannedInThePast, node.span, message, "", help);
        }
        let known_by = reader.context.known_by(node.defaults);
        if flight.outcome != Outcome::Planned && flight.date > known_by {
            let message = format!("`{}` is recorded after the as-of date {known_by}", reader.path);
            let help = "nothing known later than the as-of date may be used; remove its `outcome`";
            reader.context.report(Code::DateDisordered, node.span, message, "", help);
        }
    }
    let launch = reader.get("launch").filter(|node| is_date(node)).map(|node| node.span);
    if let (Some(launch), Some(span)) = (flight.launch, launch)
        && flight.date < launch
    {
        let message = format!("`{}` is launched on {launch}, after it docks", reader.path);
        let help = "`date` is the day of docking; write launch <= date";
        reader.context.report(Code::DateDisordered, span, message, "", help);
    }
    if flight.visit && flight.crew == 0 {
        let span = reader.get("visit").map_or(reader.span, |node| node.span);
        let message = format!("`{}` is a visit but brings nobody", reader.path);
        let help = "a visit has a `crew`; remove `visit` from a cargo flight";
        reader.context.report(Code::RuleUnmeetable, span, message, "", help);
    }
    reader.finish();
    flight
}

/// Reads `{ food = "900 kg" }`.
fn cargo(reader: &Reader<'_, '_>) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for Entry { key, key_span, node } in reader.entries() {
        reader.context.refer(Kind::Stock, key, *key_span);
        if let Some(value) = reader.value_from(key, node, MASS, Range::MASS, false) {
            found.push((key.clone(), value.value));
        }
    }
    found
}

/// Spells a `[[service]]` out into `[[flight]]` tables with ids `service-YYYY-MM-DD`.
///
/// Flights before the as-of date are left out: a service is a plan. Problems of the service
/// itself are reported once, here; `room` is how many flights the station may still have.
pub(crate) fn spell_out(
    mut reader: Reader<'_, '_>,
    node: &Node,
    room: usize,
    spelled_out: &mut usize,
) -> Vec<Node> {
    reader.inherit_from_row();
    let id = reader.text("id");
    if let Some(node) = reader.get("id").filter(|node| node.text().is_some())
        && !reader.well_formed(&id, node.span)
    {
        return Vec::new();
    }
    reader.reference("vehicle", Kind::Vehicle);
    let first = reader.date("first");
    let until = reader.date("until");
    let every = reader.require("every").map(|node| {
        let range = Range::new(1.0, 36_525.0);
        reader.value_from("every", node, DAYS, range, false)
    });
    for key in ["stay", "crew", "visit", "cargo", "upgrades"] {
        reader.know(key);
    }
    let (Some(first), Some(until), Some(Some(every))) = (first, until, every) else {
        reader.finish();
        return Vec::new();
    };
    if until < first {
        let span = reader.get("until").map_or(reader.span, |node| node.span);
        let message = format!("`{}` ends before it begins", reader.path);
        reader.context.report(Code::DateDisordered, span, message, "", "write first <= until");
        reader.finish();
        return Vec::new();
    }
    let mut flights = Vec::new();
    for number in 0.. {
        let mjd = first.mjd() + (f64::from(number) * every.value).round();
        if mjd > until.mjd() {
            break;
        }
        let date = Date::from_mjd(mjd);
        if date < reader.context.as_of {
            continue;
        }
        *spelled_out += node.size();
        if flights.len() >= room || *spelled_out > SPELLED_OUT_MAX {
            let message = format!("more than {FLIGHTS_MAX} flights, or too long a cargo list");
            let help = "let the service fly more rarely, or end it sooner";
            reader.context.report(Code::BeyondLimits, reader.span, message, "", help);
            break;
        }
        flights.push(flight_of_service(node, &id, date));
    }
    reader.finish();
    flights
}

/// One flight of a service: its table with the id and the date of the flight.
fn flight_of_service(service: &Node, id: &str, date: Date) -> Node {
    let mut flight = service.clone();
    if let Tree::Table(Table { entries }) = &mut flight.tree {
        entries.retain(|entry| !matches!(entry.key.as_str(), "every" | "until"));
        for entry in entries {
            match entry.key.as_str() {
                "id" => entry.node.tree = Tree::Text(format!("{id}-{date}")),
                "first" => {
                    "date".clone_into(&mut entry.key);
                    entry.node.tree = Tree::Text(date.to_string());
                }
                _ => {}
            }
        }
    }
    flight
}
