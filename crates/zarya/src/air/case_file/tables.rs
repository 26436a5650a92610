//! The tables of a case file, one by one.

use super::reading::{Names, Tables, limit_ids, stock_ids};
use zarya_station::Code;
use zarya_station::case::{Node, Reader, Span, Table, Tree};
use zarya_systems::air::{self, Outflow};
use zarya_systems::case::{
    Arrival, CabinAir, Change, Held, Leak, Limit, Limited, Owner, Running, StockKind, What, Zone,
};
use zarya_systems::matter::{Process, Substance};
use zarya_systems::parameters::{self, Basis, Spread, row};
use zarya_systems::processor::Segment;
use zarya_units::DAYS_PER_YEAR;

/// Growth of the logarithm of a leak's rate that is read, 1/y: as in station files.
const GROWTH_PER_Y: std::ops::RangeInclusive<f64> = -10.0..=100.0;

impl Tables<'_> {
    pub(super) fn zone(&mut self, table: &Table, span: Span, path: &str) -> Option<Zone> {
        let mut zone =
            Zone { id: String::new(), volume_m3: -1.0, segment: None, crew: 0.0, open: true };
        for (key, value) in
            self.read.entries(table, path, &["id", "volume", "segment", "crew", "hatch"])
        {
            match key {
                "id" => self.read.text(value, "a name")?.clone_into(&mut zone.id),
                "volume" => zone.volume_m3 = self.read.quantity(value, "m3", "\"280 m3\"")?,
                "segment" => zone.segment = self.segment(value)?,
                "crew" => zone.crew = self.read.count(value, "crew")?,
                _ => zone.open = self.hatch(value)?,
            }
        }
        if zone.id.is_empty() {
            self.read.problem(
                Code::CaseKeyMissing,
                span,
                "a zone without an `id`",
                "name it, such as `id = \"prk\"`",
            );
            return None;
        }
        if zone.volume_m3 <= 0.0 {
            self.read.problem(
                Code::CaseContradiction,
                span,
                format!("zone `{}` has no volume", zone.id),
                "write a volume above zero, such as `volume = \"6 m3\"`",
            );
            return None;
        }
        Some(zone)
    }

    pub(super) fn segment(&mut self, value: &Node) -> Option<Owner> {
        match self.read.text(value, "a segment")? {
            "us" => Some(Some(Segment::Us)),
            "russian" => Some(Some(Segment::Russian)),
            _ => {
                self.read.wrong(value, "a segment", "write \"us\" or \"russian\"");
                None
            }
        }
    }

    fn hatch(&mut self, value: &Node) -> Option<bool> {
        match value.text() {
            Some("open") => Some(true),
            Some("closed") => Some(false),
            _ => {
                self.read.wrong(value, "the state of a hatch", "write \"open\" or \"closed\"");
                None
            }
        }
    }

    pub(super) fn air(&mut self, value: &Node) -> CabinAir {
        let mut cabin = CabinAir::standard();
        let Some(table) = self.read.table(value) else { return cabin };
        let standard = cabin;
        let mut oxygen_stated = false;
        let known = [
            "total_pressure",
            "oxygen_partial_pressure",
            "carbon_dioxide_partial_pressure",
            "vapor_pressure",
            "temperature",
        ];
        for (key, value) in self.read.entries(table, "air", &known) {
            if key == "temperature" {
                cabin.temperature_k =
                    self.read.quantity(value, "K", "\"295 K\"").unwrap_or(cabin.temperature_k);
                continue;
            }
            let Some(kpa) = self.read.quantity(value, "kPa", "\"101.3 kPa\"") else { continue };
            match key {
                "total_pressure" => cabin.total_kpa = kpa,
                "oxygen_partial_pressure" => {
                    cabin.oxygen_kpa = kpa;
                    oxygen_stated = true;
                }
                "carbon_dioxide_partial_pressure" => cabin.carbon_dioxide_kpa = kpa,
                _ => cabin.vapor_kpa = kpa,
            }
        }
        if !oxygen_stated {
            cabin.oxygen_kpa = standard.oxygen_kpa / standard.total_kpa * cabin.total_kpa;
        }
        cabin
    }

    pub(super) fn stocks(&mut self, value: &Node) -> Vec<Held> {
        let Some(table) = self.read.table(value) else { return Vec::new() };
        let mut stocks = Vec::new();
        let mut known = stock_ids();
        known.extend(["us", "russian"]);
        for (key, value) in self.read.entries(table, "stocks", &known) {
            let owner = match key {
                "us" => Some(Segment::Us),
                "russian" => Some(Segment::Russian),
                _ => {
                    stocks.extend(self.held(key, value, None));
                    continue;
                }
            };
            let Some(table) = self.read.table(value) else { continue };
            for (key, value) in self.read.entries(table, &format!("stocks.{key}"), &stock_ids()) {
                stocks.extend(self.held(key, value, owner));
            }
        }
        stocks
    }

    fn held(&mut self, key: &str, value: &Node, owner: Owner) -> Option<Held> {
        let kind = StockKind::named(key)?;
        let amount = if kind.counted() {
            self.read.count(value, key)?
        } else {
            let amount = self.read.quantity(value, "kg", "\"110 kg\"")?;
            if amount < 0.0 {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("a stock of {amount} kg"),
                    "a stock cannot be negative; leave the line out if nothing is known of it",
                );
                return None;
            }
            amount
        };
        Some(Held { kind, owner, amount })
    }

    /// Processes of the file's own: each must close for every element.
    pub(super) fn processes(&mut self, value: &Node) -> Vec<Process> {
        let mut processes = Vec::new();
        let mut ids = Names::default();
        for (index, (table, span)) in self.read.tables(value).into_iter().enumerate() {
            let path = format!("process.{index}");
            let (mut id, mut rate, mut terms) = (None, None, Vec::new());
            let known: Vec<&str> = Substance::ALL.iter().map(|s| s.id()).collect();
            for (key, value) in self.read.entries(table, &path, &["id", "rate", "terms"]) {
                match key {
                    "id" => id = self.read.text(value, "a name").map(ToOwned::to_owned),
                    "rate" => rate = self.read.quantity(value, "kg/d", "\"1 kg/d\""),
                    _ => {
                        let Some(table) = self.read.table(value) else { continue };
                        for (name, value) in
                            self.read.entries(table, &format!("{path}.terms"), &known)
                        {
                            let place = known.iter().position(|known| *known == name);
                            let mass = self.read.number(value, "a mass per unit of the rate");
                            terms.extend(place.map(|at| Substance::ALL[at]).zip(mass));
                        }
                    }
                }
            }
            let (Some(id), Some(rate)) = (id, rate) else {
                self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "a process needs `id`, `rate` and `terms`",
                    "terms are kg made (positive) or used (negative) per kg of the rate",
                );
                continue;
            };
            if !self.new_id("process", &id, &mut ids, &path, span) {
                continue;
            }
            match Process::new(id, &terms) {
                Ok(process) => processes.push(process.times(rate)),
                Err(error) => self.read.problem(
                    Code::CaseContradiction,
                    span,
                    error.to_string(),
                    "terms must balance element by element: check the stoichiometry",
                ),
            }
        }
        processes
    }

    pub(super) fn leaks(&mut self, value: &Node, zones: &[Zone], cabin: &CabinAir) -> Vec<Leak> {
        let Some(table) = self.read.table(value) else { return Vec::new() };
        let mut leaks = Vec::new();
        for entry in self.read.named(table, "leak") {
            leaks.extend(self.leak(entry.key.clone(), &entry.node, zones, cabin));
        }
        leaks
    }

    /// Refuses a second day of one thing.
    pub(super) fn dated_twice(&mut self, value: &Node, what: &str) {
        self.read.problem(
            Code::CaseContradiction,
            value.span,
            format!("{what} with both `date` and `day`"),
            "state one of them",
        );
    }

    /// Refuses an id that another table of its kind has, at the place of the second one.
    pub(super) fn new_id(
        &mut self,
        kind: &str,
        id: &str,
        known: &mut Names,
        path: &str,
        span: Span,
    ) -> bool {
        if !known.add(id) {
            let stated = self.read.span_of(&format!("{path}.id"));
            let span = if stated == Reader::START { span } else { stated };
            self.read.problem(
                Code::CaseContradiction,
                span,
                format!("a second {kind} `{id}`"),
                "give each an `id` of its own, or state it once",
            );
            return false;
        }
        true
    }

    fn leak(&mut self, id: String, value: &Node, zones: &[Zone], cabin: &CabinAir) -> Option<Leak> {
        let zone_named = |id: &str| zones.iter().position(|zone| zone.id == id);
        let mut leak = Leak {
            zone: zone_named(&id).unwrap_or(0),
            id,
            rate: Spread::point(0.0),
            growth_per_day: 0.0,
            outflow: Outflow::Choked,
            hole_mm: None,
            source: None,
        };
        let path = format!("leak.{}", leak.id);
        let Tree::Table(table) = &value.tree else {
            let rate = self.read.quantity(value, "kg/d", "\"0.06 kg/d\"")?;
            if rate < 0.0 {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("a leak of {rate} kg/d"),
                    "a leak is outflow: write it as 0 or more",
                );
                return None;
            }
            leak.rate = Spread::point(rate);
            return Some(leak);
        };
        let known = ["rate", "value", "low", "high", "hole", "growth", "outflow", "zone"];
        let mut ends: [Option<f64>; 3] = [None; 3];
        for (key, value) in self.read.entries(table, &path, &known) {
            match key {
                "rate" | "value" => ends[1] = self.read.quantity(value, "kg/d", "\"0.06 kg/d\""),
                "low" => ends[0] = self.read.quantity(value, "kg/d", "\"0.05 kg/d\""),
                "high" => ends[2] = self.read.quantity(value, "kg/d", "\"0.23 kg/d\""),
                "hole" => leak.hole_mm = self.read.quantity(value, "mm", "\"2 mm\""),
                "growth" => {
                    let growth = self.read.quantity(value, "1/y", "\"0.5 1/y\"")?;
                    if !GROWTH_PER_Y.contains(&growth) {
                        self.read.problem(
                            Code::CaseContradiction,
                            value.span,
                            format!("a leak that grows by {growth} 1/y"),
                            "-10 to 100 1/y: at 100 a leak doubles in 2.5 days, and what grows \
                             faster is a hole: state it with [[change]]",
                        );
                        return None;
                    }
                    leak.growth_per_day = growth / DAYS_PER_YEAR;
                }
                "outflow" => match self.read.text(value, "an outflow")? {
                    "choked" => leak.outflow = Outflow::Choked,
                    "laminar" => leak.outflow = Outflow::Laminar,
                    _ => self.read.wrong(value, "an outflow", "write \"choked\" or \"laminar\""),
                },
                _ => {
                    let name = self.read.text(value, "a zone")?.to_owned();
                    match zone_named(&name) {
                        Some(zone) => leak.zone = zone,
                        None => self.read.wrong(value, "a zone", "name a zone of the file"),
                    }
                }
            }
        }
        leak.rate = match (leak.hole_mm, ends) {
            (Some(mm), [None, None, None]) if mm > 0.0 => {
                let discharge = row(parameters::air(), "discharge-coefficient").spread("");
                let unit = air::choked_outflow_kg_d(mm, cabin.total_kpa, cabin.temperature_k, 1.0);
                discharge.times(unit)
            }
            (None, [low, Some(rate), high]) => {
                let spread =
                    Spread { low: low.unwrap_or(rate), value: rate, high: high.unwrap_or(rate) };
                if spread.low > rate || rate > spread.high {
                    self.read.problem(
                        Code::CaseContradiction,
                        value.span,
                        format!(
                            "{} .. {} kg/d does not enclose {rate} kg/d",
                            spread.low, spread.high
                        ),
                        "low is at most the rate, and high at least",
                    );
                    return None;
                }
                spread
            }
            _ => {
                self.read.problem(
                    Code::CaseKeyMissing,
                    value.span,
                    format!("leak `{}` needs a rate or a hole, and not both", leak.id),
                    "write `{ rate = \"0.06 kg/d\" }` or `{ hole = \"2 mm\" }`",
                );
                return None;
            }
        };
        Some(leak)
    }

    pub(super) fn arrivals(&mut self, value: &Node) -> Vec<Arrival> {
        let mut known = stock_ids();
        known.extend(["date", "day", "partner", "name"]);
        let mut arrivals = Vec::new();
        for (index, (table, span)) in self.read.tables(value).into_iter().enumerate() {
            let path = format!("arrival.{index}");
            let mut arrival = Arrival { day: f64::NAN, partner: None, items: Vec::new() };
            let mut dated = false;
            for (key, value) in self.read.entries(table, &path, &known) {
                match key {
                    "date" | "day" => {
                        if dated {
                            self.dated_twice(value, "an arrival");
                        }
                        dated = true;
                        arrival.day = self.day(key, value).unwrap_or(f64::NAN);
                    }
                    "partner" => {
                        arrival.partner = self.read.text(value, "a partner").map(ToOwned::to_owned);
                    }
                    "name" => {
                        let _ = self.read.text(value, "a name");
                    }
                    _ => arrival.items.extend(self.held(key, value, None)),
                }
            }
            if !dated {
                self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "an arrival without a date",
                    "add `date = YYYY-MM-DD` or `day = \"59 d\"`",
                );
            }
            arrivals.push(arrival);
        }
        arrivals
    }

    pub(super) fn changes(
        &mut self,
        value: &Node,
        running: &[Running],
        leaks: &[Leak],
        zones: &[Zone],
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        let leaks = Names::of(leaks.iter().map(|leak| leak.id.as_str()));
        for (index, (table, span)) in self.read.tables(value).into_iter().enumerate() {
            let path = format!("change.{index}");
            let known =
                ["date", "day", "crew", "running", "leak", "hatch", "eva", "power", "cooling"];
            let mut day = None;
            let mut whats = Vec::new();
            let mut dated = false;
            let problems = self.read.problems();
            for (key, value) in self.read.entries(table, &path, &known) {
                match key {
                    "date" | "day" => {
                        if dated {
                            self.dated_twice(value, "a change");
                        }
                        dated = true;
                        day = self.day(key, value);
                    }
                    "crew" => whats.extend(self.read.count(value, "crew").map(What::Crew)),
                    "running" => self.processor_changes(value, &path, running, &mut whats),
                    "leak" => self.leak_changes(value, &path, &leaks, &mut whats),
                    "hatch" => self.hatch_changes(value, &path, zones, &mut whats),
                    "power" | "cooling" => self.supply_changes(value, &path, key, &mut whats),
                    _ => whats.extend(self.spacewalk(value, &path)),
                }
            }
            if whats.is_empty() && self.read.problems() == problems {
                self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "a change that changes nothing",
                    "name what changes: crew, running, leak, hatch, eva, power or cooling",
                );
            }
            match day {
                Some(day) => changes.extend(whats.into_iter().map(|what| Change { day, what })),
                None => self.read.problem(
                    Code::CaseKeyMissing,
                    span,
                    "a change without a usable date",
                    "add `date = YYYY-MM-DD` or `day = \"59 d\"`",
                ),
            }
        }
        changes
    }

    fn leak_changes(&mut self, value: &Node, path: &str, leaks: &Names, whats: &mut Vec<What>) {
        let Some(table) = self.read.table(value) else { return };
        let path = format!("{path}.leak");
        for entry in self.read.named(table, &path) {
            let (key, value) = (&entry.key, &entry.node);
            let Some(index) = leaks.place(key) else {
                self.read.unknown(entry, &path, leaks.iter());
                continue;
            };
            let before = whats.len();
            let is_share = value.text().is_some_and(|text| text.trim_end().ends_with('%'));
            if is_share {
                let share = self.read.quantity(value, "%", "\"67 %\"");
                whats.extend(share.map(|percent| What::LeakShare(index, percent / 100.0)));
            } else {
                let rate = self.read.quantity(value, "kg/d", "\"0.9 kg/d\"");
                whats.extend(rate.map(|rate| What::LeakRate(index, rate)));
            }
            if let Some(What::LeakRate(_, kg_d) | What::LeakShare(_, kg_d)) = whats.get(before)
                && *kg_d < 0.0
            {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("leak `{key}` changes to less than nothing"),
                    "a leak is outflow: write it as 0 or more",
                );
            }
        }
    }

    fn hatch_changes(&mut self, value: &Node, path: &str, zones: &[Zone], whats: &mut Vec<What>) {
        let Some(table) = self.read.table(value) else { return };
        let known: Vec<&str> = zones.iter().map(|zone| zone.id.as_str()).collect();
        for (key, value) in self.read.entries(table, &format!("{path}.hatch"), &known) {
            if let Some(index) = known.iter().position(|id| *id == key)
                && let Some(open) = self.hatch(value)
            {
                whats.push(What::Hatch(index, open));
            }
        }
    }

    fn spacewalk(&mut self, value: &Node, path: &str) -> Option<What> {
        let table = self.read.table(value)?;
        let (mut people, mut hours) = (None, None);
        for (key, value) in
            self.read.entries(table, &format!("{path}.eva"), &["people", "duration"])
        {
            if key == "people" {
                people = self.read.count(value, "people");
            } else {
                hours = self.read.quantity(value, "h", "\"6.5 h\"");
            }
        }
        if let (Some(people), Some(hours)) = (people, hours) {
            return Some(What::Eva(people as u32, hours.max(0.0)));
        }
        self.read.wrong(value, "a spacewalk", "write `eva = { people = 2, duration = \"6.5 h\" }`");
        None
    }

    pub(super) fn limits(&mut self, value: Option<&Node>) -> Vec<Limit> {
        let mut limits: Vec<Limit> = Limited::CABIN.map(Limited::default_limit).to_vec();
        let Some(table) = value.and_then(|value| self.read.table(value)) else { return limits };
        for (key, value) in self.read.entries(table, "limits", &limit_ids()) {
            let cabin = Limited::CABIN.into_iter().find(|limited| limited.id() == key);
            let Some(of) = cabin.or_else(|| StockKind::named(key).map(Limited::Stock)) else {
                continue;
            };
            let Some(table) = self.read.table(value) else { continue };
            let mut ends = [None; 2];
            for (end, value) in self.read.entries(table, &format!("limits.{key}"), &["low", "high"])
            {
                let number = match of {
                    Limited::Stock(kind) if kind.counted() => self.read.count(value, key),
                    Limited::Stock(_) => self.read.quantity(value, "kg", "\"100 kg\""),
                    _ => self.read.quantity(value, "kPa", "\"17 kPa\""),
                };
                ends[usize::from(end == "high")] = number;
            }
            let [low, high] = ends;
            if low.is_none() && high.is_none() {
                self.read.problem(
                    Code::CaseKeyMissing,
                    value.span,
                    format!("limit `{key}` has neither `low` nor `high`"),
                    "write `{ low = \"17 kPa\" }`",
                );
                continue;
            }
            let limit =
                Limit { of, low, high, basis: Basis::Given, source: "the case file".to_owned() };
            match limits.iter_mut().find(|limit| limit.of == of) {
                Some(place) => *place = limit,
                None => limits.push(limit),
            }
        }
        limits
    }
}
