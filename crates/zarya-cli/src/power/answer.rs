//! The answer of `zarya power`, as text and as JSON.

use super::span::{ENDS, MIDDLE, Span, margin_kw};
use crate::air::case_file::PowerFile;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use zarya_report::columns;
use zarya_systems::attitude::Control;
use zarya_systems::heat::Cooling;
use zarya_systems::outlook::Moment;
use zarya_systems::parameters::{self, Basis};
use zarya_systems::supply::Cause;

/// Rows of the table that every answer rests on.
const USED: [&str; 14] = [
    "array-new",
    "rollout-array",
    "covered-share",
    "degradation",
    "battery-efficiency",
    "bus-efficiency",
    "transfer-standby",
    "transfer-dynamic",
    "loop-capacity",
    "crew-heat",
    "gyroscope-momentum",
    "gyroscopes-needed",
    "momentum-per-day",
    "attitude-hold-propellant",
];

fn control_word(control: Control) -> &'static str {
    match control {
        Control::Nominal => "gyroscopes",
        Control::Saturating => "gyroscopes, nothing unloads them",
        Control::Thrusters => "thrusters alone",
        Control::Lost => "lost",
    }
}

/// The same in few letters, for a row of the table.
fn control_in_a_row(control: Control) -> &'static str {
    match control {
        Control::Saturating => "gyroscopes alone",
        other => control_word(other),
    }
}

fn cooling_word(cooling: Cooling) -> &'static str {
    match cooling {
        Cooling::Full => "full",
        Cooling::Survival => "survival",
        Cooling::Lost => "lost",
    }
}

/// Returns the answer for people.
pub(super) fn text(file: &PowerFile, span: &Span) -> String {
    let mut out = String::new();
    headline(&mut out, file, span);
    let _ = writeln!(
        out,
        "\n{:<10}{:>6}{:>6}{:>7}{:>6}{:>6}{:>6}{:>6}{:>8}  attitude",
        "", "beta", "fast", "middle", "slow", "asked", "shed", "heat", "cooling"
    );
    for day in &span.rows {
        let at = |end: usize| &span.days[end][*day];
        let now = at(MIDDLE);
        let _ = writeln!(
            out,
            "{:<10}{:>6.1}{:>6.1}{:>7.1}{:>6.1}{:>6.1}{:>6.1}{:>6.1}{:>8.1}  {}",
            span.date(*day).to_string(),
            now.light.beta_deg,
            at(2).capability_kw,
            now.capability_kw,
            at(0).capability_kw,
            now.asked_kw,
            shed_kw(now),
            now.heat_kw,
            now.cooling_kw,
            control_in_a_row(now.control)
        );
    }
    let _ = writeln!(
        out,
        "fast to slow: kW around the orbit that all channels carry, at {:.1}, {:.1} and {:.1}\u{a0}% lost a \
         year; asked to cooling: kW at the middle",
        100.0 * span.degradation[2],
        100.0 * span.degradation[1],
        100.0 * span.degradation[0]
    );
    channels_text(&mut out, file, span);
    loads_text(&mut out, file, span);
    attitude_text(&mut out, file, span);
    let _ = writeln!(out, "\nvalues used:");
    for id in USED {
        let Some(row) = parameters::power().get(id) else { continue };
        let spread = match (row.low, row.high) {
            (Some(low), Some(high)) => format!(" ({low}..{high})"),
            (low, high) => low.or(high).map_or(String::new(), |end| format!(" (to {end})")),
        };
        let _ = writeln!(
            out,
            "  {id}: {}{spread} {} [{}] {}",
            row.value,
            row.unit,
            row.basis.word(),
            row.source
        );
    }
    let caveats = caveats(file);
    let _ = writeln!(out, "\nassumed and left open:");
    for caveat in caveats {
        let _ = writeln!(out, "  {caveat}");
    }
    columns::fitted(&out)
}

fn shed_kw(moment: &Moment) -> f64 {
    moment.power.shed_kw + moment.shed_by_cooling_kw
}

/// Each cause with its own shortage.
fn shortages(moment: &Moment) -> String {
    let short =
        [(Cause::Power, moment.power.shed_kw), (Cause::Cooling, moment.short_of_cooling_kw)];
    let words: Vec<String> = short
        .into_iter()
        .filter(|(_, kw)| *kw > 0.0)
        .map(|(cause, kw)| (cause.word(), kw))
        .enumerate()
        .map(|(n, (word, kw))| {
            let verb = if n == 0 { "is short by" } else { "by" };
            format!("{word} {verb} {kw:.1}\u{a0}kW")
        })
        .collect();
    words.join(" and ")
}

fn headline(out: &mut String, file: &PowerFile, span: &Span) {
    let least = span.least(MIDDLE, |moment| moment.capability_kw);
    let kw = |end: usize| span.days[end][least].capability_kw;
    if file.plant.loads.is_empty() {
        let _ = writeln!(
            out,
            "{:.1} kW at least, on {} ({:.1} to {:.1} with what sources disagree on)",
            kw(MIDDLE),
            span.date(least),
            kw(2),
            kw(0)
        );
        return;
    }
    let asked = span.middle()[0].asked_kw;
    let when = |end: usize| {
        span.first(end, |moment| moment.cause.is_some())
            .map_or("never".to_owned(), |day| span.date(day).to_string())
    };
    let first = span.first(MIDDLE, |moment| moment.cause.is_some());
    if let Some(day) = first {
        let moment = &span.middle()[day];
        let until = if day == 0 {
            "not carried even on the first day:".to_owned()
        } else {
            format!("carried until {}, when", span.date(day))
        };
        let _ = writeln!(out, "{asked:.1} kW are asked and {until} {}", shortages(moment));
    } else {
        let tight = span.least(MIDDLE, margin_kw);
        let _ = writeln!(
            out,
            "{asked:.1} kW are asked and carried through {}; the least margin is {:.1} kW, on {}",
            span.date(span.middle().len() - 1),
            margin_kw(&span.middle()[tight]),
            span.date(tight)
        );
    }
    let _ = writeln!(
        out,
        "first shed with arrays losing {:.1}\u{a0}% a year: {}; {:.1}\u{a0}%: {}; {:.1}\u{a0}%: {}",
        100.0 * span.degradation[0],
        when(0),
        100.0 * span.degradation[1],
        when(1),
        100.0 * span.degradation[2],
        when(2)
    );
}

fn channels_text(out: &mut String, file: &PowerFile, span: &Span) {
    let Some(last) = span.middle().len().checked_sub(1) else { return };
    let _ = writeln!(out, "\n{:<36}{:>12}{:>12}", "channel", "first day", "last day");
    for (i, named) in file.plant.channels.iter().enumerate() {
        let kw = |day: usize| span.middle()[day].channels_kw[i];
        let name = columns::head(&named.id, 36);
        let _ = writeln!(out, "{name}{:>9.1} kW{:>9.1} kW", kw(0), kw(last));
    }
}

fn loads_text(out: &mut String, file: &PowerFile, span: &Span) {
    if file.plant.loads.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{:<36}{:>7}{:>10}{:>10}", "load", "class", "asks", "least");
    for (i, load) in file.plant.loads.iter().enumerate() {
        let least = span.middle().iter().map(|m| m.served[i]).fold(1.0, f64::min);
        let _ = writeln!(
            out,
            "{}{:>7}{:>7.1} kW{:>8.0} %",
            columns::head(&load.id, 36),
            load.class,
            load.power_kw,
            100.0 * least,
        );
        let shed = [0, 1, 2].map(|end| span.first_shed(i, end));
        if shed.iter().all(Option::is_none) {
            continue;
        }
        let when = ENDS.iter().zip(shed).map(|(end, shed)| {
            let when = shed.map_or("never".to_owned(), |(day, cause)| {
                format!("{}\u{a0}({})", span.date(day), cause.word())
            });
            format!("{end}\u{a0}{when}")
        });
        let _ = writeln!(out, "  first shed: {}", when.collect::<Vec<_>>().join(", "));
    }
}

fn attitude_text(out: &mut String, file: &PowerFile, span: &Span) {
    let now = &span.middle()[0];
    let _ = writeln!(
        out,
        "\nattitude: {} of {} gyroscopes store {:.0} Nms; {:.0} Nms a day take {:.3} kg of \
         propellant to unload",
        now.gyroscopes,
        file.plant.attitude.gyroscopes,
        now.momentum_capacity_nms,
        file.plant.momentum_nms_d,
        now.propellant_kg_d
    );
    let mut known = None;
    for (day, moment) in span.middle().iter().enumerate() {
        if known == Some(moment.control) {
            continue;
        }
        known = Some(moment.control);
        let saturates = match (moment.control, moment.days_to_saturation) {
            (Control::Saturating, Some(days)) => format!("; saturated after {days:.1} days"),
            _ => String::new(),
        };
        let _ =
            writeln!(out, "  from {}: {}{saturates}", span.date(day), control_word(moment.control));
    }
}

fn caveats(file: &PowerFile) -> Vec<String> {
    let mut caveats = file.taken.clone();
    for id in USED {
        let Some(row) = parameters::power().get(id) else { continue };
        if matches!(row.basis, Basis::Assumed | Basis::Disputed) {
            caveats.push(format!("{}: {id} ({})", row.basis.word(), row.source));
        }
    }
    caveats.push(
        "the Russian segment's own arrays are not public in kW and not counted: its loads here are \
         what it asks through the converters"
            .to_owned(),
    );
    caveats.push(
        "arrays track the Sun; shadows of the station and feathering are in `bus` and `health` only"
            .to_owned(),
    );
    caveats
}

/// Returns the answer for programs.
pub(super) fn json(file: &PowerFile, span: &Span) -> Value {
    let ends = |of: &dyn Fn(usize) -> Value| -> Value {
        let map: Map<String, Value> =
            ENDS.iter().enumerate().map(|(end, name)| ((*name).to_owned(), of(end))).collect();
        Value::Object(map)
    };
    let date = |day: Option<usize>| day.map(|day| span.date(day).to_string());
    let last = span.middle().len() - 1;
    let rows: Vec<Value> = span
        .rows
        .iter()
        .map(|day| {
            let now = &span.middle()[*day];
            json!({
                "date": span.date(*day).to_string(),
                "day": day,
                "beta_deg": now.light.beta_deg,
                "altitude_km": now.light.altitude_km,
                "eclipse_fraction": now.eclipse_fraction,
                "sunlit_kw": ends(&|end| json!(span.days[end][*day].sunlit_kw)),
                "capability_kw": ends(&|end| json!(span.days[end][*day].capability_kw)),
                "capability_least_kw": ends(&|end| json!(span.days[end][*day].capability_least_kw)),
                "margin_kw": ends(&|end| json!(margin_kw(&span.days[end][*day]))),
                "channels_kw": file
                    .plant
                    .channels
                    .iter()
                    .zip(&now.channels_kw)
                    .map(|(named, kw)| (named.id.clone(), json!(kw)))
                    .collect::<Map<String, Value>>(),
                "asked_kw": now.asked_kw,
                "shed_kw": shed_kw(now),
                "shed_by_cooling_kw": now.shed_by_cooling_kw,
                "short_of_power_kw": now.power.shed_kw,
                "short_of_cooling_kw": now.short_of_cooling_kw,
                "cause": now.cause.map(Cause::word),
                "served": file
                    .plant
                    .loads
                    .iter()
                    .zip(&now.served)
                    .map(|(load, share)| (load.id.clone(), json!(share)))
                    .collect::<Map<String, Value>>(),
                "heat_kw": now.heat_kw,
                "cooling_kw": now.cooling_kw,
                "cooling": cooling_word(now.cooling),
                "control": control_word(now.control),
                "gyroscopes": now.gyroscopes,
                "momentum_capacity_nms": now.momentum_capacity_nms,
                "days_to_saturation": now.days_to_saturation,
                "propellant_kg_d": now.propellant_kg_d,
                "propellant_kg": now.propellant_kg,
            })
        })
        .collect();
    let loads: Vec<Value> = file
        .plant
        .loads
        .iter()
        .enumerate()
        .map(|(i, load)| {
            json!({
                "id": load.id,
                "class": load.class,
                "segment": load.segment.word(),
                "power_kw": load.power_kw,
                "least_served": span.middle().iter().map(|m| m.served[i]).fold(1.0, f64::min),
                "first_shed": ends(&|end| json!(span.first_shed(i, end).map(|(day, cause)| {
                    json!({ "date": span.date(day).to_string(), "cause": cause.word() })
                }))),
            })
        })
        .collect();
    let values: Map<String, Value> = USED
        .iter()
        .filter_map(|id| parameters::power().get(*id).map(|row| (*id, row)))
        .map(|(id, row)| {
            let value = json!({
                "value": row.value, "low": row.low, "high": row.high, "unit": row.unit,
                "basis": row.basis.word(), "source": row.source,
            });
            (id.to_owned(), value)
        })
        .collect();
    let extreme = |end: usize, of: &dyn Fn(&Moment) -> f64| {
        let day = span.least(end, of);
        json!({ "kw": of(&span.days[end][day]), "date": span.date(day).to_string() })
    };
    json!({
        "command": "power",
        "version": env!("CARGO_PKG_VERSION"),
        "from": file.from.to_string(),
        "through": span.date(last).to_string(),
        "degradation_per_year": ends(&|end| json!(span.degradation[end])),
        "asked_kw": span.middle()[0].asked_kw,
        "capability_least": ends(&|end| extreme(end, &|moment| moment.capability_kw)),
        "margin_least": ends(&|end| extreme(end, &margin_kw)),
        "first_short": ends(&|end| json!(date(span.first(end, |m| m.cause.is_some())))),
        "loads": loads,
        "loops": file.loops,
        "rows": rows,
        "values": values,
        "caveats": caveats(file),
    })
}
