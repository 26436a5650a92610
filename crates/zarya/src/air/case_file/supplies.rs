//! Power and cooling in a case file, and the loads that share them.

use super::reading::{FEW, Names, Tables};
use zarya_station::Code;
use zarya_station::case::{Node, Tree};
use zarya_systems::case::What;
use zarya_systems::endurance::HORIZON_DAYS;
use zarya_systems::heat;
use zarya_systems::power;
use zarya_systems::processor::Segment;
use zarya_systems::supply::{Available, OtherLoad, Supplies, segment_index};

const SEGMENTS: [(&str, Segment); 2] = [("us", Segment::Us), ("russian", Segment::Russian)];

impl Tables<'_> {
    /// Reads `[power]`, `[cooling]` and `[[load]]`.
    pub(super) fn supplies(
        &mut self,
        power: Option<&Node>,
        cooling: Option<&Node>,
        loads: Option<&Node>,
        channels: [Option<&Node>; 4],
    ) -> Supplies {
        let mut supplies = Supplies::default();
        let mut drawn = false;
        if let Some(table) = power.and_then(|value| self.read.table(value)) {
            for (key, value) in self.read.entries(table, "power", &["us", "russian", "transfer"]) {
                if key == "transfer" {
                    supplies.transfer_kw = self.transfer(value).unwrap_or(0.0);
                    continue;
                }
                let available = if value.text() == Some("channels") {
                    drawn = true;
                    let days = HORIZON_DAYS.ceil() as usize;
                    self.channels_daily(value.span, channels, days).map(Available::daily)
                } else {
                    let kw = self.kilowatts(value, "\"20 kW\", or \"channels\" of the arrays");
                    kw.map(Available::constant)
                };
                place(&mut supplies.power, key, available);
            }
        }
        if let Some(table) = cooling.and_then(|value| self.read.table(value)) {
            for (key, value) in self.read.entries(table, "cooling", &["us", "russian"]) {
                let kw = self.cooling(value, &format!("cooling.{key}"));
                place(&mut supplies.cooling, key, kw.map(Available::constant));
            }
        }
        if !drawn {
            self.judge_channels(channels);
        }
        if let Some(value) = loads {
            supplies.loads = self.loads(value);
        }
        supplies
    }

    fn transfer(&mut self, value: &Node) -> Option<f64> {
        let kw = self.kilowatts(value, "\"1.5 kW\"")?;
        let (_, most) = power::transfer_kw();
        if kw > most {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("{kw} kW sent to the Russian segment"),
                format!("the converters pass at most {most} kW (TASS 2012-09-03)"),
            );
            return None;
        }
        Some(kw)
    }

    pub(super) fn kilowatts(&mut self, value: &Node, example: &str) -> Option<f64> {
        let kw = self.read.quantity(value, "kW", example)?;
        if kw < 0.0 {
            self.read.problem(
                Code::CaseContradiction,
                value.span,
                format!("{kw} kW"),
                "a supply cannot be negative: write 0 or more",
            );
            return None;
        }
        Some(kw)
    }

    /// Cooling as a quantity, or as loops of the published 35 kW: `{ loops = 1 }`.
    fn cooling(&mut self, value: &Node, path: &str) -> Option<f64> {
        let Tree::Table(table) = &value.tree else {
            return self.kilowatts(value, "\"70 kW\" or { loops = 2 }");
        };
        let mut loops = None;
        for (_, value) in self.read.entries(table, path, &["loops"]) {
            loops = self.read.count(value, "loops");
        }
        let [whole, _] = heat::station_loops();
        if loops.is_none() {
            self.read.wrong(value, "cooling", "write \"70 kW\" or { loops = 2 }");
        }
        loops.map(|loops| loops * whole.capacity_kw)
    }

    /// Reads `[[load]]`.
    pub(crate) fn loads(&mut self, value: &Node) -> Vec<OtherLoad> {
        let (mut loads, mut ids) = (Vec::new(), Names::default());
        for (index, (table, span)) in self.read.few_tables(value, FEW).into_iter().enumerate() {
            let path = format!("load.{index}");
            let (mut id, mut power_kw, mut class, mut segment) = (None, None, 0, Segment::Us);
            for (key, value) in
                self.read.entries(table, &path, &["id", "power", "class", "segment"])
            {
                match key {
                    "id" => id = self.read.text(value, "a name").map(ToOwned::to_owned),
                    "power" => power_kw = self.kilowatts(value, "\"30 kW\""),
                    "class" => {
                        class = self.read.count(value, "a class of load").map_or(0, |n| n as u32);
                    }
                    _ => segment = self.segment(value).flatten().unwrap_or(segment),
                }
            }
            match (id, power_kw) {
                (Some(id), Some(power_kw)) => {
                    self.new_id("load", &id, &mut ids, &path, span);
                    loads.push(OtherLoad { id, segment, power_kw, class });
                }
                _ => self.read.problem(
                    Code::CaseKeyMissing,
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
        value: &Node,
        path: &str,
        name: &str,
        whats: &mut Vec<What>,
    ) {
        let Some(table) = self.read.table(value) else { return };
        for (key, value) in self.read.entries(table, &format!("{path}.{name}"), &["us", "russian"])
        {
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
