//! The form of a case file: TOML text in, a checked case or all its problems out.

mod plant;
mod running;
mod supplies;
mod tables;

pub(crate) use plant::PowerFile;

use super::problem::{Problem, nearest};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zarya_systems::case::{CabinAir, Case, Limited, StockKind, Zone};
use zarya_systems::parameters::Spread;
use zarya_units::{Date, Quantity};

/// A case with what only the file knows.
#[derive(Debug)]
pub(super) struct CaseFile {
    pub(super) case: Case,
    /// The day from which days count, where stated.
    pub(super) from: Option<Date>,
}

const TOP: [&str; 21] = [
    "crew",
    "seats",
    "exercise",
    "volume",
    "from",
    "air",
    "stocks",
    "running",
    "process",
    "leak",
    "zone",
    "arrival",
    "change",
    "limits",
    "power",
    "cooling",
    "load",
    "orbit",
    "efficiency",
    "channel",
    "failure",
];

fn table_of(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<Problem>> {
    DeTable::parse(text).map_err(|error| {
        vec![Problem {
            code: "ZA001",
            span: error.span().unwrap_or(0..0),
            message: format!("not TOML: {}", error.message()),
            help: "see https://toml.io for the form".to_owned(),
        }]
    })
}

/// Reads a file of `zarya power`, collecting every problem.
pub(crate) fn parse_power(text: &str) -> Result<PowerFile, Vec<Problem>> {
    let root = table_of(text)?;
    let mut reader = Reader { problems: Vec::new(), spans: BTreeMap::new(), from: None };
    match reader.power_file(root.get_ref()) {
        Some(file) if reader.problems.is_empty() => Ok(file),
        _ => Err(reader.problems),
    }
}

/// Reads a case, collecting every problem.
pub(super) fn parse(text: &str) -> Result<CaseFile, Vec<Problem>> {
    let root = table_of(text)?;
    let mut reader = Reader { problems: Vec::new(), spans: BTreeMap::new(), from: None };
    let file = reader.case(root.get_ref());
    if reader.problems.is_empty() {
        for fault in file.case.faults() {
            let span = reader.span_of(&fault.path);
            reader.problem("ZA005", span, fault.message, fault.help);
        }
    }
    if reader.problems.is_empty() { Ok(file) } else { Err(reader.problems) }
}

type Value<'t> = Spanned<DeValue<'t>>;

struct Reader {
    problems: Vec<Problem>,
    /// Where each path was written.
    spans: BTreeMap<String, Range<usize>>,
    from: Option<Date>,
}

impl Reader {
    fn problem(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Problem { code, span, message: message.into(), help: help.into() });
    }

    /// Where a path was written, or the nearest table around it.
    fn span_of(&self, path: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return span.clone();
            }
            match path.rfind('.') {
                Some(at) => path = &path[..at],
                None => return 0..0,
            }
        }
    }

    /// Returns the entries of a table after refusing keys that are not known.
    fn entries<'v, 't>(
        &mut self,
        table: &'v DeTable<'t>,
        path: &str,
        known: &[&str],
    ) -> Vec<(String, &'v Value<'t>)> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let full = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.spans.insert(full, value.span());
            if known.contains(&name.as_str()) {
                entries.push((name, value));
                continue;
            }
            let place = if path.is_empty() { String::new() } else { format!(" in [{path}]") };
            let help = match nearest(&name, known) {
                Some(near) => format!("the nearest known key is `{near}`"),
                None => format!("known keys: {}", known.join(", ")),
            };
            self.problem("ZA002", key.span(), format!("unknown key `{name}`{place}"), help);
        }
        entries
    }

    fn wrong(&mut self, value: &Value<'_>, needed: &str, help: &str) {
        let found = match value.get_ref() {
            DeValue::String(text) => format!("the text \"{text}\""),
            DeValue::Integer(number) => format!("the bare number {}", number.as_str()),
            DeValue::Float(number) => format!("the bare number {}", number.as_str()),
            DeValue::Boolean(on) => format!("{on}"),
            DeValue::Datetime(date) => format!("the date {date}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        self.problem(
            "ZA003",
            value.span(),
            format!("{found} stands where {needed} is needed"),
            help,
        );
    }

    fn number(&mut self, value: &Value<'_>, needed: &str) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64)
            }
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => {
                self.wrong(value, needed, "write a plain number");
                return None;
            }
        };
        let finite = number.filter(|number| number.is_finite());
        if finite.is_none() {
            self.wrong(value, needed, "write a finite number");
        }
        finite
    }

    fn count(&mut self, value: &Value<'_>, what: &str) -> Option<f64> {
        let number = self.number(value, what)?;
        if number.fract() != 0.0 {
            self.problem(
                "ZA003",
                value.span(),
                format!("{number} is not a whole number"),
                format!("{what} is counted"),
            );
            return None;
        }
        if number < 0.0 {
            self.problem(
                "ZA005",
                value.span(),
                format!("{what} of {number}"),
                "it cannot be negative: write 0 or more",
            );
            return None;
        }
        Some(number)
    }

    fn text<'v>(&mut self, value: &'v Value<'_>, needed: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(value, needed, "write it in quotes");
        }
        text
    }

    /// Returns a quantity in `unit`; a bare number is refused.
    fn quantity(&mut self, value: &Value<'_>, unit: &str, example: &str) -> Option<f64> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong(
                value,
                "a quantity with its unit",
                &format!("write the number, a space and the unit in quotes, such as {example}"),
            );
            return None;
        };
        match Quantity::parse_in(text, unit) {
            Ok(number) => Some(number),
            Err(error) => {
                let help = format!("a quantity such as {example}");
                self.problem("ZA003", value.span(), error.to_string(), help);
                None
            }
        }
    }

    /// Returns a quantity, or a table of one with its spread.
    fn spread(
        &mut self,
        value: &Value<'_>,
        unit: &str,
        example: &str,
        path: &str,
    ) -> Option<Spread> {
        let DeValue::Table(table) = value.get_ref() else {
            return self.quantity(value, unit, example).map(Spread::point);
        };
        let mut ends = [None; 3];
        for (key, value) in self.entries(table, path, &["value", "low", "high"]) {
            let place = ["low", "value", "high"].iter().position(|name| *name == key);
            ends[place.unwrap_or(0)] = self.quantity(value, unit, example);
        }
        let [low, middle, high] = ends;
        let Some(middle) = middle else {
            self.problem(
                "ZA004",
                value.span(),
                "a spread without a value",
                format!("write {{ value = {example}, low = .., high = .. }}"),
            );
            return None;
        };
        let spread =
            Spread { low: low.unwrap_or(middle), value: middle, high: high.unwrap_or(middle) };
        if spread.low > spread.value || spread.value > spread.high {
            self.problem(
                "ZA005",
                value.span(),
                format!("{} .. {} does not enclose {}", spread.low, spread.high, spread.value),
                "low is at most the value, and high at least",
            );
            return None;
        }
        Some(spread)
    }

    fn date(&mut self, value: &Value<'_>) -> Option<Date> {
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong(value, "a date", "write YYYY-MM-DD");
                return None;
            }
        };
        match Date::parse(&text) {
            Ok(date) => Some(date),
            Err(error) => {
                self.problem("ZA003", value.span(), error.to_string(), "dates are UTC days");
                None
            }
        }
    }

    /// Returns the days from the start to a `date` or `day` key.
    fn day(&mut self, key: &str, value: &Value<'_>) -> Option<f64> {
        if key == "day" {
            let day = self.quantity(value, "d", "\"59 d\"")?;
            if day < 0.0 {
                self.problem(
                    "ZA005",
                    value.span(),
                    format!("{day} days from the start"),
                    "what has happened before belongs in [stocks]",
                );
                return None;
            }
            return Some(day);
        }
        let date = self.date(value)?;
        let Some(from) = self.from else {
            self.problem(
                "ZA004",
                value.span(),
                "a date, and the file does not say from when days count",
                "add `from = YYYY-MM-DD` at the top, or write `day = \"59 d\"`",
            );
            return None;
        };
        let day = date.mjd() - from.mjd();
        if day < 0.0 {
            self.problem(
                "ZA005",
                value.span(),
                format!("{date} is before the start, {from}"),
                "what has happened before belongs in [stocks]",
            );
            return None;
        }
        Some(day)
    }

    fn table<'v, 't>(&mut self, value: &'v Value<'t>) -> Option<&'v DeTable<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong(value, "a table", "write it as [name] with keys below");
        None
    }

    fn tables<'v, 't>(&mut self, value: &'v Value<'t>) -> Vec<(&'v DeTable<'t>, Range<usize>)> {
        let DeValue::Array(list) = value.get_ref() else {
            self.wrong(value, "a list of tables", "write it as [[name]] with keys below");
            return Vec::new();
        };
        list.iter()
            .filter_map(|value| self.table(value).map(|table| (table, value.span())))
            .collect()
    }

    fn case(&mut self, root: &DeTable<'_>) -> CaseFile {
        let entries = self.entries(root, "", &TOP);
        let find = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, v)| *v);
        let crew = if let Some(value) = find("crew") {
            self.count(value, "crew").unwrap_or(0.0)
        } else {
            self.problem(
                "ZA004",
                0..0,
                "`crew` is missing",
                "add the number of people aboard, such as `crew = 2`",
            );
            0.0
        };
        self.from = find("from").and_then(|value| self.date(value));
        let seats = find("seats").and_then(|value| self.count(value, "seats")).map(|n| n as u32);
        let exercise_h = find("exercise").and_then(|value| {
            let hours = self.quantity(value, "h/d", "\"0.5 h/d\"")?;
            if (0.0..=8.0).contains(&hours) {
                return Some(hours);
            }
            let message = format!("{hours} hours of exercise a day");
            self.problem("ZA005", value.span(), message, "0 to 8 hours of hard exercise");
            None
        });
        let volume = find("volume").and_then(|value| self.quantity(value, "m3", "\"916 m3\""));
        let zones = self.zones(find("zone"), volume, find("volume").is_some());
        let running = find("running").map_or_else(Vec::new, |value| self.running(value));
        let processes = find("process").map_or_else(Vec::new, |value| self.processes(value));
        let air = find("air").map_or_else(CabinAir::standard, |value| self.air(value));
        let leaks = find("leak").map_or_else(Vec::new, |value| self.leaks(value, &zones, &air));
        let stocks = find("stocks").map_or_else(Vec::new, |value| self.stocks(value));
        let arrivals = find("arrival").map_or_else(Vec::new, |value| self.arrivals(value));
        let changes = find("change")
            .map_or_else(Vec::new, |value| self.changes(value, &running, &leaks, &zones));
        let limits = self.limits(find("limits"));
        let channels = [find("orbit"), find("efficiency"), find("channel"), find("failure")];
        let supplies = self.supplies(find("power"), find("cooling"), find("load"), channels);
        CaseFile {
            case: Case {
                crew,
                seats,
                exercise_h,
                zones,
                air,
                stocks,
                running,
                processes,
                leaks,
                arrivals,
                changes,
                limits,
                supplies,
            },
            from: self.from,
        }
    }

    fn zones(&mut self, value: Option<&Value<'_>>, volume: Option<f64>, stated: bool) -> Vec<Zone> {
        let Some(value) = value else {
            if volume.is_none() && !stated {
                self.problem(
                    "ZA004",
                    0..0,
                    "`volume` is missing",
                    "add the pressurized volume, such as `volume = \"425 m3\"`",
                );
            }
            return vec![Zone {
                id: "station".to_owned(),
                volume_m3: volume.unwrap_or(1.0),
                segment: None,
                crew: 0.0,
                open: true,
            }];
        };
        let mut zones = Vec::new();
        let mut ids = Vec::new();
        for (index, (table, span)) in self.tables(value).into_iter().enumerate() {
            let path = format!("zone.{index}");
            if let Some(zone) = self.zone(table, span.clone(), &path)
                && self.new_id("zone", &zone.id, &mut ids, &path, span)
            {
                zones.push(zone);
            }
        }
        if stated {
            let span = self.span_of("volume");
            self.problem(
                "ZA005",
                span,
                "`volume` together with [[zone]]",
                "leave `volume` out: the zones add up to it",
            );
        }
        if zones.is_empty() || zones.len() > zarya_systems::balance::ZONES {
            self.problem(
                "ZA005",
                value.span(),
                format!("{} zones", zones.len()),
                format!("1 to {} zones", zarya_systems::balance::ZONES),
            );
        }
        zones
    }
}

const HOURS: f64 = zarya_units::HOURS_PER_DAY;

/// Known stock ids.
fn stock_ids() -> Vec<&'static str> {
    StockKind::ALL.iter().map(|kind| kind.id()).collect()
}

/// Known ids of limits: the cabin's and the stocks'.
fn limit_ids() -> Vec<&'static str> {
    Limited::CABIN.iter().map(|limited| limited.id()).chain(stock_ids()).collect()
}

#[cfg(test)]
mod tests;
