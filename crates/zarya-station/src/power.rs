//! Reads `power.toml`.

use crate::context::Kind;
use crate::model::{ArrayChannel, Power};
use crate::provenance::{NUMBER, Units};
use crate::reader::{Range, Reader};
use crate::systems::placeholder_date;

const POWER: Units = &[("kW", 1.0)];

/// Reads the top level of `power.toml`; without the file every default holds.
pub(crate) fn power(reader: Option<Reader<'_, '_>>, channels: Vec<ArrayChannel>) -> Power {
    let own = reader.and_then(|mut reader| {
        reader.inherit_from_row();
        let own = reader.value_opt("battery_efficiency", NUMBER, Range::new(0.1, 1.0));
        reader.finish();
        own
    });
    Power { battery_efficiency: own.unwrap_or(Power::BATTERY_EFFICIENCY_DEFAULT), channels }
}

/// Reads one `[[channel]]`.
pub(crate) fn channel(mut reader: Reader<'_, '_>) -> ArrayChannel {
    reader.inherit_from_row();
    let kw = Range::new(1e-3, 1e4);
    let rollout_kw = reader.value_opt("rollout", POWER, kw);
    let channel = ArrayChannel {
        id: reader.id(Kind::Channel),
        wing_kw: reader.value("wing", POWER, kw),
        wing_since: reader.date("wing_since").unwrap_or_else(placeholder_date),
        rollout_kw,
        rollout_since: match rollout_kw {
            Some(_) => reader.date("rollout_since"),
            None => reader.date_opt("rollout_since"),
        },
    };
    reader.finish();
    channel
}
