//! Processors in a case file: their rates, set points and load classes.

use super::reading::{HOURS, Tables};
use zarya_station::Code;
use zarya_station::case::{Node, Table, Tree};
use zarya_systems::case::{Running, What};
use zarya_systems::parameters::{Basis, Spread};
use zarya_systems::processor::{self, Makes, Processor};
use zarya_systems::setpoint::SetPoints;

/// Oxygen per volume at 25 C and 1 bar, at which flows in L/h are stated, kg/m3.
const OXYGEN_KG_PER_M3: f64 = 1e5 * 2.0 * 15.999e-3 / (zarya_systems::air::GAS_CONSTANT * 298.15);

impl Tables<'_> {
    pub(super) fn running(&mut self, value: &Node) -> Vec<Running> {
        let Some(table) = self.read.table(value) else { return Vec::new() };
        let known: Vec<&str> = processor::processors().iter().map(|p| p.id.as_str()).collect();
        self.read
            .entries(table, "running", &known)
            .into_iter()
            .filter_map(|(key, value)| {
                let processor = processor::processor(key)?;
                if let Tree::Table(table) = &value.tree {
                    return self.running_table(processor, value, table);
                }
                let (capacity, basis) = self.capacity(processor, value)?;
                Some(Running::new(processor, capacity, basis))
            })
            .collect()
    }

    /// A processor as a table: a rate with its spread, set points, a least rate, a class.
    fn running_table(
        &mut self,
        processor: &'static Processor,
        value: &Node,
        table: &Table,
    ) -> Option<Running> {
        let path = format!("running.{}", processor.id);
        let (on, off) = match processor.makes {
            Makes::Oxygen => ("on_below", "off_above"),
            _ => ("on_above", "off_below"),
        };
        let mut known = vec!["rate", "value", "low", "high", "class"];
        if matches!(processor.makes, Makes::Oxygen | Makes::CarbonDioxideRemoval) {
            known.extend([on, off, "least"]);
        }
        let (mut rate, mut ends) = (None, [None; 2]);
        let (mut switches, mut least, mut class) = ([None; 2], None, None);
        for (key, value) in self.read.entries(table, &path, &known) {
            match key {
                "rate" | "value" => rate = Some(self.capacity(processor, value)?),
                "low" => ends[0] = Some(self.read.quantity(value, "kg/d", "\"5 kg/d\"")?),
                "high" => ends[1] = Some(self.read.quantity(value, "kg/d", "\"5 kg/d\"")?),
                "class" => class = Some(self.read.count(value, "a class of load")?),
                "least" if value.text().is_some() => {
                    least = Some(self.capacity(processor, value)?.0.value);
                }
                "least" => least = Some(self.read.quantity(value, "kg/d", "\"2.3 kg/d\"")?),
                key => {
                    let kpa = self.read.quantity(value, "kPa", "\"20.5 kPa\"")?;
                    switches[usize::from(key == off)] = Some(kpa);
                }
            }
        }
        let (mut capacity, basis) = rate.unwrap_or((processor.capacity, processor.basis));
        if ends.iter().any(Option::is_some) {
            if rate.is_none() {
                self.read.problem(
                    Code::CaseKeyMissing,
                    value.span,
                    "a spread without a value",
                    "write { value = \"5 kg/d\", low = .., high = .. }",
                );
                return None;
            }
            let value_is = capacity.value;
            capacity = Spread {
                low: ends[0].unwrap_or(value_is),
                value: value_is,
                high: ends[1].unwrap_or(value_is),
            };
            if capacity.low > capacity.value || capacity.value > capacity.high {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("{} .. {} does not enclose {}", capacity.low, capacity.high, value_is),
                    "low is at most the value, and high at least",
                );
                return None;
            }
        }
        let mut running = Running::new(processor, capacity, basis);
        running.class = class.map_or(running.class, |class| class as u32);
        running.control = match switches {
            [Some(on), Some(off)] => {
                let generator = processor.makes == Makes::Oxygen;
                let (low_kpa, high_kpa) = if generator { (on, off) } else { (off, on) };
                Some(SetPoints { low_kpa, high_kpa, least })
            }
            [None, None] if least.is_none() => None,
            _ => {
                self.read.problem(
                    Code::CaseKeyMissing,
                    value.span,
                    format!("`{}` needs both `{on}` and `{off}` to switch", processor.id),
                    "write both pressures; `least` lets it modulate between them",
                );
                return None;
            }
        };
        Some(running)
    }

    /// Returns what a processor can make, and whether the file says so itself.
    fn capacity(&mut self, processor: &Processor, value: &Node) -> Option<(Spread, Basis)> {
        match &value.tree {
            Tree::Boolean(true) => Some((processor.capacity, processor.basis)),
            Tree::Boolean(false) => Some((Spread::point(0.0), processor.basis)),
            Tree::Text(text) if text.trim_end().ends_with('%') => {
                let share = self.read.quantity(value, "%", "\"50 %\"")? / 100.0;
                Some((processor.capacity.times(share), Basis::Given))
            }
            Tree::Text(text)
                if processor.makes == Makes::Oxygen && text.trim_end().ends_with("/h") =>
            {
                let kg_d = match zarya_units::Quantity::parse_in(text, "m3/h") {
                    Ok(m3_h) => m3_h * OXYGEN_KG_PER_M3 * HOURS,
                    Err(_) => self.read.quantity(value, "kg/d", "\"5 kg/d\" or \"160 L/h\"")?,
                };
                Some((Spread::point(kg_d), Basis::Given))
            }
            Tree::Text(_) | Tree::Table(_) => {
                let path = format!("running.{}", processor.id);
                self.spread(value, "kg/d", "\"5 kg/d\"", &path).map(|rate| (rate, Basis::Given))
            }
            _ => {
                self.read.wrong(
                    value,
                    "a rate",
                    "write `true` for the design value, `false`, or a rate such as \"5 kg/d\"",
                );
                None
            }
        }
    }

    pub(super) fn processor_changes(
        &mut self,
        value: &Node,
        path: &str,
        running: &[Running],
        whats: &mut Vec<What>,
    ) {
        let Some(table) = self.read.table(value) else { return };
        let known: Vec<&str> = processor::processors().iter().map(|p| p.id.as_str()).collect();
        for (key, value) in self.read.entries(table, &format!("{path}.running"), &known) {
            if !known.contains(&key) {
                continue;
            }
            let Some(index) = running.iter().position(|r| r.processor.id == key) else {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("`{key}` changes and does not stand in [running]"),
                    format!("state how it starts: write `{key} = false`, or a rate, in [running]"),
                );
                continue;
            };
            let Some((capacity, _)) = self.capacity(running[index].processor, value) else {
                continue;
            };
            if capacity.low < 0.0 {
                self.read.problem(
                    Code::CaseContradiction,
                    value.span,
                    format!("`{key}` changes to a rate of {} kg/d", capacity.value),
                    "write a rate of 0 or more, `true` or `false`",
                );
                continue;
            }
            whats.push(What::Capacity(index, capacity));
        }
    }
}
