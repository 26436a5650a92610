//! Power, heat and attitude by date, for a terminal and as a picture.

mod picture;

pub use picture::svg;

use crate::columns;
use std::fmt::Write as _;
use zarya::power::{Answer, Attitude, Cause, ENDS, MIDDLE, Moment, Outlook, control_word};

/// Returns the answer for people.
pub fn text(answer: &Answer) -> String {
    let outlook = &answer.outlook;
    let span = &outlook.span;
    let mut out = String::new();
    headline(&mut out, outlook);
    let _ = writeln!(
        out,
        "\n{:<10}{:>6}{:>6}{:>7}{:>6}{:>6}{:>6}{:>6}{:>8}  attitude",
        "", "beta", "fast", "middle", "slow", "asked", "shed", "heat", "cooling"
    );
    for day in &span.rows {
        let at = |end: usize| &span.days[end][*day];
        let now = at(MIDDLE);
        let cooling =
            if outlook.cooling_stated { format!("{:.1}", now.cooling_kw) } else { "-".into() };
        let _ = writeln!(
            out,
            "{:<10}{:>6.1}{:>6.1}{:>7.1}{:>6.1}{:>6.1}{:>6.1}{:>6.1}{cooling:>8}  {}",
            outlook.date(*day).to_string(),
            now.light.beta_deg,
            at(2).capability_kw,
            now.capability_kw,
            at(0).capability_kw,
            now.asked_kw,
            now.shed_kw(),
            now.heat_kw,
            if outlook.attitude_stated { control_in_a_row(now.control) } else { "-" }
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
    channels_text(&mut out, outlook);
    loads_text(&mut out, outlook);
    if outlook.attitude_stated {
        attitude_text(&mut out, outlook);
    }
    let _ = writeln!(out, "\nvalues used:");
    for (id, row) in answer.values.iter() {
        let spread = match (row.low, row.high) {
            (Some(low), Some(high)) => format!(" ({low}..{high})"),
            (low, high) => low.or(high).map_or(String::new(), |end| format!(" (to {end})")),
        };
        let _ = writeln!(
            out,
            "  {id}: {}{spread} {} [{}] {}",
            row.value, row.unit, row.basis, row.source
        );
    }
    let _ = writeln!(out, "\nassumed and left open:");
    for caveat in &answer.caveats {
        let _ = writeln!(out, "  {caveat}");
    }
    columns::fitted(&out)
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

fn headline(out: &mut String, outlook: &Outlook) {
    let (span, plant) = (&outlook.span, &outlook.plant);
    let least = span.least(MIDDLE, |moment| moment.capability_kw);
    let kw = |end: usize| span.days[end][least].capability_kw;
    if plant.loads.is_empty() {
        let _ = writeln!(
            out,
            "{:.1} kW at least, on {} ({:.1} to {:.1} with what sources disagree on)",
            kw(MIDDLE),
            outlook.date(least),
            kw(2),
            kw(0)
        );
        return;
    }
    let asked = span.middle()[0].asked_kw;
    let when = |end: usize| {
        span.first(end, |moment| moment.cause.is_some())
            .map_or("never".to_owned(), |day| outlook.date(day).to_string())
    };
    let first = span.first(MIDDLE, |moment| moment.cause.is_some());
    if let Some(day) = first {
        let moment = &span.middle()[day];
        let until = if day == 0 {
            "not carried even on the first day:".to_owned()
        } else {
            format!("carried until {}, when", outlook.date(day))
        };
        let _ = writeln!(out, "{asked:.1} kW are asked and {until} {}", shortages(moment));
    } else {
        let tight = span.least(MIDDLE, Moment::margin_kw);
        let _ = writeln!(
            out,
            "{asked:.1} kW are asked and carried through {}; the least margin is {:.1} kW, on {}",
            outlook.date(span.last()),
            span.middle()[tight].margin_kw(),
            outlook.date(tight)
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

fn channels_text(out: &mut String, outlook: &Outlook) {
    let (span, plant) = (&outlook.span, &outlook.plant);
    let Some(last) = span.middle().len().checked_sub(1) else { return };
    let _ = writeln!(out, "\n{:<36}{:>12}{:>12}", "channel", "first day", "last day");
    for (i, named) in plant.channels.iter().enumerate() {
        let kw = |day: usize| span.middle()[day].channels_kw[i];
        let name = columns::head(&named.id, 36);
        let _ = writeln!(out, "{name}{:>9.1} kW{:>9.1} kW", kw(0), kw(last));
    }
}

fn loads_text(out: &mut String, outlook: &Outlook) {
    let (span, plant) = (&outlook.span, &outlook.plant);
    if plant.loads.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{:<36}{:>7}{:>10}{:>10}", "load", "class", "asks", "least");
    for (i, load) in plant.loads.iter().enumerate() {
        let least = span.least_served(i);
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
                format!("{}\u{a0}({})", outlook.date(day), cause.word())
            });
            format!("{end}\u{a0}{when}")
        });
        let _ = writeln!(out, "  first shed: {}", when.collect::<Vec<_>>().join(", "));
    }
}

fn attitude_text(out: &mut String, outlook: &Outlook) {
    let (span, plant) = (&outlook.span, &outlook.plant);
    let now = &span.middle()[0];
    let _ = writeln!(
        out,
        "\nattitude: {} of {} gyroscopes store {:.0} Nms; {:.0} Nms a day take {:.3} kg of \
         propellant to unload",
        now.gyroscopes,
        plant.attitude.gyroscopes,
        now.momentum_capacity_nms,
        plant.momentum_nms_d,
        now.propellant_kg_d
    );
    for day in span.turns() {
        let moment = &span.middle()[day];
        let saturates = match (moment.control, moment.days_to_saturation) {
            (Attitude::Saturating, Some(days)) => format!("; saturated after {days:.1} days"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "  from {}: {}{saturates}",
            outlook.date(day),
            control_word(moment.control)
        );
    }
}

/// The same in few letters, for a row of the table.
fn control_in_a_row(control: Attitude) -> &'static str {
    match control {
        Attitude::Saturating => "gyroscopes alone",
        other => control_word(other),
    }
}
