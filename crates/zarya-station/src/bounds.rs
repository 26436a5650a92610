//! How many of each thing a station may have: what the engine holds, checked on loading.

use crate::context::Context;
use crate::diagnostic::Code;
use crate::model::Station;

/// The most of one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The table that states one.
    pub table: &'static str,
    /// What they are, in the plural.
    pub what: &'static str,
    /// How many there may be.
    pub most: usize,
    /// What to do where there are more.
    help: &'static str,
}

const fn bound(table: &'static str, what: &'static str, most: usize, help: &'static str) -> Bound {
    Bound { table, what, most, help }
}

const LEAVE_OUT: &str = "join what goes together, or leave out what the claim does not need";

/// The most of each kind of thing, in the order of the tables of `docs/station-files.md`.
pub const BOUNDS: [Bound; 22] = [
    bound("station.segments", "segments", 64, LEAVE_OUT),
    bound("partner", "partners", 64, LEAVE_OUT),
    bound("element", "elements", 1_000, LEAVE_OUT),
    bound("capability", "capabilities", 256, "join what is always lost together"),
    bound("oru", "types of units", 5_000, "describe equal units by one table with `installed`"),
    bound("common_cause", "classes of common cause", 100, LEAVE_OUT),
    bound("defect", "defects", 1_000, LEAVE_OUT),
    bound("detection", "classes of detection", 64, LEAVE_OUT),
    bound("unit_service", "counts in service", 200, "join the years of a type in one row"),
    bound("stock", "stocks", 64, "join what is used and brought together"),
    bound("vehicle", "types of vehicles", 64, "describe equal vehicles by one table"),
    bound("pad", "pads", 1_000, LEAVE_OUT),
    bound("port", "kinds of ports", 1_000, "describe equal ports by one table with `count`"),
    bound("phase", "phases", 1_000, "join phases that ask for the same number of people"),
    bound("shock", "shocks", 1_000, LEAVE_OUT),
    bound("docked", "docked vehicles", 1_000, LEAVE_OUT),
    bound("flight", "flights", crate::traffic::FLIGHTS_MAX, "end the services earlier"),
    bound("task", "tasks", 1_000, LEAVE_OUT),
    bound("upgrade", "upgrades", 1_000, LEAVE_OUT),
    bound("hazard", "hazards", 1_000, LEAVE_OUT),
    bound("condition", "conditions", 1_000, LEAVE_OUT),
    bound("datum", "data that values rest on", 1_000, LEAVE_OUT),
];

/// Most installed units, all types together: twenty times those of the ISS. A history's work grows with them, and
/// nothing stops it half way.
pub const UNITS_MAX: usize = 10_000;

impl Station {
    /// Returns how many there are of each kind of [`BOUNDS`], and the id of the first that is one too many.
    pub fn counted(&self) -> [(&'static Bound, usize, Option<&str>); BOUNDS.len()] {
        fn list<'s, T>(
            items: &'s [T],
            id: impl Fn(&'s T) -> &'s String,
            most: usize,
        ) -> (usize, Option<&'s str>) {
            (items.len(), items.get(most).map(|item| id(item).as_str()))
        }
        let found = |bound: &'static Bound| {
            let most = bound.most;
            let (n, beyond) = match bound.table {
                "station.segments" => list(&self.identity.segments, |id| id, most),
                "partner" => list(&self.partners, |x| &x.id, most),
                "element" => list(&self.elements, |x| &x.id, most),
                "capability" => list(&self.capabilities, |x| &x.id, most),
                "oru" => list(&self.orus, |x| &x.id, most),
                "common_cause" => list(&self.common_causes, |x| &x.id, most),
                "defect" => list(&self.defects, |x| &x.id, most),
                "detection" => list(&self.detections, |x| &x.id, most),
                "unit_service" => list(&self.unit_service, |x| &x.id, most),
                "datum" => list(&self.data, |x| &x.id, most),
                "stock" => list(&self.stocks, |x| &x.id, most),
                "vehicle" => list(&self.vehicles, |x| &x.id, most),
                "pad" => list(&self.pads, |x| &x.id, most),
                "port" => list(&self.ports, |x| &x.id, most),
                "phase" => list(&self.phases, |x| &x.id, most),
                "shock" => list(&self.shocks, |x| &x.id, most),
                "docked" => list(&self.docked, |x| &x.id, most),
                "flight" => list(&self.flights, |x| &x.id, most),
                "task" => list(&self.tasks, |x| &x.id, most),
                "upgrade" => list(&self.upgrades, |x| &x.id, most),
                "hazard" => list(&self.hazards, |x| &x.id, most),
                "condition" => list(&self.conditions, |x| &x.id, most),
                table => unreachable!("`{table}` has a bound and is not counted"),
            };
            (bound, n, beyond)
        };
        std::array::from_fn(|at| found(&BOUNDS[at]))
    }

    /// Returns how many units are installed, all types together.
    pub fn units(&self) -> usize {
        self.orus.iter().map(|oru| oru.installed as usize).sum()
    }
}

/// Refuses more of anything than the engine holds.
pub(crate) fn check(context: &Context<'_>, station: &Station) {
    const HERE: &str = "here it becomes too many";
    for (Bound { table, what, most, help }, found, beyond) in station.counted() {
        let Some(id) = beyond else { continue };
        let span = match *table {
            "station.segments" => context.span_of(table),
            _ => context.span_of(&format!("{table}.{id}.id")),
        };
        let message = format!("the station has {found} {what}; the most is {most}");
        context.report(Code::BeyondLimits, span, message, HERE, help);
    }
    let mut units = 0;
    for oru in &station.orus {
        units += oru.installed as usize;
        if units > UNITS_MAX {
            let span = context.span_of(&format!("oru.{}.installed", oru.id));
            let message = format!("the station has more than {UNITS_MAX} units");
            let help = "describe a block of equal units that fail together as one";
            context.report(Code::BeyondLimits, span, message, HERE, help);
            return;
        }
    }
}
