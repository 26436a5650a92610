//! The picture of power, heat and attitude: panels over the dates.

use crate::picture::{self, Across, COLORS, Mark, Panel, Picture, Range, Shape};
use zarya::power::{Answer, Lost, MIDDLE, Moment, Outlook};

/// Returns the picture of a span.
pub fn svg(answer: &Answer) -> String {
    let outlook = &answer.outlook;
    let (span, plant) = (&outlook.span, &outlook.plant);
    let from = outlook.from.mjd();
    let of = |end: usize, get: &dyn Fn(&Moment) -> f64| -> Vec<(f64, f64)> {
        let days = span.days[end].iter().enumerate();
        days.map(|(day, moment)| (from + day as f64, get(moment))).collect()
    };
    let line = |name: &str, color: usize, get: &dyn Fn(&Moment) -> f64| {
        Mark::new(name, color, Shape::Line(of(MIDDLE, get)))
    };
    let panel = |name: &str, marks| Panel { name: name.into(), range: Range::FromZero, marks };
    let capability: &dyn Fn(&Moment) -> f64 = &|m| m.capability_kw;
    let mut power = vec![
        Mark::new("slow to fast loss", 0, Shape::Band(of(2, capability), of(0, capability))),
        line("capability", 0, capability),
        line("with the longest shadow", 1, &|m| m.capability_least_kw),
    ];
    if !plant.loads.is_empty() {
        power.push(line("asked", 2, &|m| m.asked_kw));
        power.push(line("served", 3, &|m| m.power.served_kw - m.shed_by_cooling_kw));
    }
    let channels = plant.channels.iter().enumerate().take(COLORS);
    let channels = channels.map(|(i, named)| line(&named.id, i, &|m| m.channels_kw[i])).collect();
    let mut heat = vec![line("heat", 0, &|m| m.heat_kw)];
    if outlook.cooling_stated {
        heat.push(line("loops can take", 1, &|m| m.cooling_kw));
    }
    let mut panels = vec![
        panel("power around the orbit, kW (band: slow to fast loss of the arrays)", power),
        panel("by channel, kW", channels),
        panel(
            "angle of the Sun to the orbit plane, degrees",
            vec![line("beta", 0, &|m| m.light.beta_deg)],
        ),
        panel("heat, kW", heat),
    ];
    if outlook.attitude_stated {
        let capacity = line("capacity", 0, &|m| m.momentum_capacity_nms);
        panels.push(panel("momentum the gyroscopes hold, Nms", vec![capacity]));
    }
    let last = outlook.date(span.last());
    let least = span.least(MIDDLE, |moment| moment.capability_kw);
    picture::svg(&Picture {
        title: &format!("Power, heat and attitude, {} through {last}", outlook.from),
        sentence: &format!(
            "All channels carry {:.1} kW at least, on {}.",
            span.middle()[least].capability_kw,
            outlook.date(least)
        ),
        across: Across::Dates,
        panels,
        events: failures(outlook),
    })
}

/// Failures within the span: those of one day under one name.
fn failures(outlook: &Outlook) -> Vec<(f64, String)> {
    let mut events: Vec<(f64, String)> = Vec::new();
    let mut all: Vec<_> = outlook.plant.failures.iter().collect();
    all.retain(|failure| failure.day <= outlook.span.last() as f64);
    all.sort_by(|a, b| a.day.total_cmp(&b.day));
    for same in all.chunk_by(|a, b| a.day == b.day) {
        let name = match same {
            [one] => format!("{} lost", lost(outlook, one.lost)),
            many => format!("{} failures", many.len()),
        };
        events.push((outlook.from.mjd() + same[0].day, name));
    }
    events
}

fn lost(outlook: &Outlook, lost: Lost) -> String {
    let channel = |i: usize| outlook.plant.channels.get(i).map_or("?", |named| named.id.as_str());
    match lost {
        Lost::Wing(i, _) => format!("wing {}", channel(i)),
        Lost::Rollout(i, _) => format!("roll-out array {}", channel(i)),
        Lost::Charger(i) => format!("charger {}", channel(i)),
        Lost::Battery(i) => format!("battery {}", channel(i)),
        Lost::Channel(i) => format!("channel {}", channel(i)),
        Lost::Pair(i) => format!("pair {}", i + 1),
        Lost::Loop(_) => "loop".to_owned(),
        Lost::Radiators(..) => "radiators".to_owned(),
        Lost::Gyroscopes(1) => "gyroscope".to_owned(),
        Lost::Gyroscopes(n) => format!("{n} gyroscopes"),
        Lost::Thrusters => "thrusters".to_owned(),
        Lost::Computers => "computers".to_owned(),
    }
}
