//! Power and cooling in a case file, and the loads that share them.

use super::{Reader, Value};
use toml::de::DeValue;
use zarya_systems::case::What;
use zarya_systems::endurance::HORIZON_DAYS;
use zarya_systems::heat;
use zarya_systems::power;
use zarya_systems::processor::Segment;
use zarya_systems::supply::{Available, OtherLoad, Supplies, segment_index};

const SEGMENTS: [(&str, Segment); 2] = [("us", Segment::Us), ("russian", Segment::Russian)];

impl Reader {
    /// Reads `[power]`, `[cooling]` and `[[load]]`.
    pub(super) fn supplies(
        &mut self,
        power: Option<&Value<'_>>,
        cooling: Option<&Value<'_>>,
        loads: Option<&Value<'_>>,
        channels: [Option<&Value<'_>>; 4],
    ) -> Supplies {
        let mut supplies = Supplies::default();
        if let Some(table) = power.and_then(|value| self.table(value)) {
            for (key, value) in self.entries(table, "power", &["us", "russian", "transfer"]) {
                if key == "transfer" {
                    supplies.transfer_kw = self.transfer(value).unwrap_or(0.0);
                    continue;
                }
                let available = if value.get_ref().as_str() == Some("channels") {
                    let days = HORIZON_DAYS.ceil() as usize;
                    self.channels_daily(value.span(), channels, days).map(Available::daily)
                } else {
                    let kw = self.kilowatts(value, "\"20 kW\", or \"channels\" of the arrays");
                    kw.map(Available::constant)
                };
                place(&mut supplies.power, &key, available);
            }
        }
        if let Some(table) = cooling.and_then(|value| self.table(value)) {
            for (key, value) in self.entries(table, "cooling", &["us", "russian"]) {
                let kw = self.cooling(value, &format!("cooling.{key}"));
                place(&mut supplies.cooling, &key, kw.map(Available::constant));
            }
        }
        if let Some(value) = loads {
            supplies.loads = self.loads(value);
        }
        supplies
    }

    fn transfer(&mut self, value: &Value<'_>) -> Option<f64> {
        let kw = self.kilowatts(value, "\"1.5 kW\"")?;
        let (_, most) = power::transfer_kw();
        if kw > most {
            self.problem(
                "ZA005",
                value.span(),
                format!("{kw} kW sent to the Russian segment"),
                format!("the converters pass at most {most} kW (TASS 2012-09-03)"),
            );
            return None;
        }
        Some(kw)
    }

    pub(super) fn kilowatts(&mut self, value: &Value<'_>, example: &str) -> Option<f64> {
        let kw = self.quantity(value, "kW", example)?;
        if kw < 0.0 {
            self.problem(
                "ZA005",
                value.span(),
                format!("{kw} kW"),
                "a supply cannot be negative: write 0 or more",
            );
            return None;
        }
        Some(kw)
    }

    /// Cooling as a quantity, or as loops of the published 35 kW: `{ loops = 1 }`.
    fn cooling(&mut self, value: &Value<'_>, path: &str) -> Option<f64> {
        let DeValue::Table(table) = value.get_ref() else {
            return self.kilowatts(value, "\"70 kW\" or { loops = 2 }");
        };
        let mut loops = None;
        for (_, value) in self.entries(table, path, &["loops"]) {
            loops = self.count(value, "loops");
        }
        let [whole, _] = heat::station_loops();
        if loops.is_none() {
            self.wrong(value, "cooling", "write \"70 kW\" or { loops = 2 }");
        }
        loops.map(|loops| loops * whole.capacity_kw)
    }

    /// Reads `[[load]]`.
    pub(crate) fn loads(&mut self, value: &Value<'_>) -> Vec<OtherLoad> {
        let (mut loads, mut ids) = (Vec::new(), Vec::new());
        for (index, (table, span)) in self.tables(value).into_iter().enumerate() {
            let path = format!("load.{index}");
            let (mut id, mut power_kw, mut class, mut segment) = (None, None, 0, Segment::Us);
            for (key, value) in self.entries(table, &path, &["id", "power", "class", "segment"]) {
                match key.as_str() {
                    "id" => id = self.text(value, "a name").map(ToOwned::to_owned),
                    "power" => power_kw = self.kilowatts(value, "\"30 kW\""),
                    "class" => class = self.count(value, "a class of load").map_or(0, |n| n as u32),
                    _ => segment = self.segment(value).flatten().unwrap_or(segment),
                }
            }
            match (id, power_kw) {
                (Some(id), Some(power_kw)) => {
                    self.new_id("load", &id, &mut ids, &path, span);
                    loads.push(OtherLoad { id, segment, power_kw, class });
                }
                _ => self.problem(
                    "ZA004",
                    span,
                    "a load needs `id` and `power`",
                    "write `id = \"science\"` and `power = \"30 kW\"`; class 0 goes last",
                ),
            }
        }
        loads
    }

    /// Dated changes of power or cooling.
    pub(super) fn supply_changes(
        &mut self,
        value: &Value<'_>,
        path: &str,
        name: &str,
        whats: &mut Vec<What>,
    ) {
        let Some(table) = self.table(value) else { return };
        for (key, value) in self.entries(table, &format!("{path}.{name}"), &["us", "russian"]) {
            let Some((_, segment)) = SEGMENTS.iter().find(|(known, _)| *known == key) else {
                continue;
            };
            if name == "power" {
                let kw = self.kilowatts(value, "\"2 kW\"");
                whats.extend(kw.map(|kw| What::Power(*segment, kw)));
            } else {
                let kw = self.cooling(value, &format!("{path}.{name}.{key}"));
                whats.extend(kw.map(|kw| What::Cooling(*segment, kw)));
            }
        }
    }
}

fn place(places: &mut [Option<Available>; 2], key: &str, available: Option<Available>) {
    if let Some((_, segment)) = SEGMENTS.iter().find(|(known, _)| *known == key) {
        places[segment_index(*segment)] = available;
    }
}
