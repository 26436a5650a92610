//! The controlled end.

use super::band;
use crate::columns::fitted;
use crate::picture::{HELP, Mark, Shape};
use std::fmt::Write as _;
use zarya::orbit::Quantiles;
use zarya::orbit::deorbit::{Answer, CrewOff, Purpose, chance};

/// Returns what does not hold, the dates, the burns of the first plan, its margins and the crew's leaving.
pub fn text(answer: &Answer) -> String {
    let mut text = String::new();
    for line in answer.shortfalls() {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(
        text,
        "{}Lowering starts {}, {:.0} days before entry on {}, under {}; the crew is off by {}, {:.0} days \
         before entry.\n",
        super::beyond(answer.outlasted.as_deref()),
        answer.plan.lowering_starts,
        answer.plan.lowering_days,
        answer.entry,
        super::sun(&answer.sun),
        answer.crew_off[0].by,
        answer.crew_off_days,
    );
    burns(&mut text, answer);
    margins(&mut text, answer);
    for crew in &answer.crew_off {
        crew_off(&mut text, answer, crew);
    }
    fitted(&text)
}

fn burns(text: &mut String, answer: &Answer) {
    let plan = &answer.plan;
    let _ = writeln!(
        text,
        "{:<11}{:<12}{:<17}{:<17}propellant kg",
        "date", "burn to km", "from km", "delta-v m/s"
    );
    let _ = writeln!(text, "{:<23}(medians; 5 to 95 % of worlds)", "");
    for burn in &plan.burns {
        let to = match burn.what {
            Purpose::Leaving => format!("{} crew", burn.to_km),
            Purpose::Final => format!("{} last", burn.to_km),
            Purpose::Entry => format!("{} entry", burn.to_km),
        };
        let _ = writeln!(
            text,
            "{:<11}{to:<12}{:<17}{:<17}{}",
            burn.date.to_string(),
            band(burn.from_km),
            band(burn.delta_v_m_s.quantiles),
            band(burn.propellant_kg.quantiles)
        );
    }
    let _ = writeln!(
        text,
        "{:<40}{:<17}{}",
        "all",
        band(plan.delta_v_m_s.quantiles),
        band(plan.propellant_kg.quantiles)
    );
    if plan.leaves_first() {
        let from = format!("from {} km on", answer.leaving_km);
        let _ = writeln!(text, "{from:<57}{}", band(plan.propellant_from_leaving_km_kg.quantiles));
    }
}

fn margins(text: &mut String, answer: &Answer) {
    let plan = &answer.plan;
    let mut rows = vec![(
        format!("{:.0} kg are enough for all burns", answer.capacity_kg),
        plan.probability_capacity_suffices,
    )];
    if plan.leaves_first() {
        rows.push((
            format!("they are enough from {} km on", answer.leaving_km),
            plan.probability_capacity_suffices_from_leaving_km,
        ));
    }
    rows.push((
        format!("too early: drag passes {} km before the last burns", answer.final_km),
        plan.probability_too_early,
    ));
    rows.push(("enough for all burns and not too early".into(), plan.probability_as_planned));
    let _ = writeln!(text, "\n{:<68}probability", "");
    for (what, probability) in rows {
        let _ = writeln!(text, "{what:<74}{probability:.3}");
    }
    text.push('\n');
}

fn crew_off(text: &mut String, answer: &Answer, crew: &CrewOff) {
    let (by, date) = (crew.by, crew.date);
    let spread = if date.p05 == date.p95 {
        String::new()
    } else {
        format!(" ({} to {})", date.p05, date.p95)
    };
    let when = if crew.days_before_entry.p50 - (answer.entry.mjd() - by.mjd()) < 0.5 {
        format!("on {by}, before that day's burns")
    } else {
        date.p50.to_string()
    };
    let _ = writeln!(
        text,
        "Crew off at {} km: {when}{spread}; drag alone is there by {by} with probability {}; six months or \
         more before entry with probability {}.",
        crew.altitude_km,
        chance(crew.probability_by_drag_alone),
        chance(crew.probability_six_months_before_entry)
    );
    if crew.altitude_km.to_bits() != answer.leaving_km.to_bits() {
        let plan = &crew.plan;
        let stay = plan.crew_off_days_most.map_or_else(String::new, |days| {
            format!(" (leave at most {days:.0} days before entry for {})", answer.early_share)
        });
        let _ = writeln!(
            text,
            "  Its own plan starts lowering {} and needs {} kg: enough with probability {}, too early with \
             {:.3}{stay}.",
            plan.lowering_starts,
            band(plan.propellant_kg.quantiles),
            chance(plan.probability_capacity_suffices),
            plan.probability_too_early,
        );
    }
}

/// Draws the altitude of the first plan to the end.
pub fn svg(answer: &Answer) -> String {
    let (plan, by) = (&answer.plan, answer.crew_off[0].by);
    let line = |pick: fn(&Quantiles) -> f64| {
        answer.path_km.iter().map(|(date, q)| (*date, pick(q))).collect::<Vec<_>>()
    };
    let mut middle = line(|q| q.p50);
    super::fallen(&mut middle);
    let mut marks = vec![
        Mark::new("5-95 % of worlds", 0, Shape::Band(line(|q| q.p05), line(|q| q.p95))),
        Mark::new("median", 0, Shape::Line(middle)),
    ];
    let mut dates = vec![(plan.lowering_starts.mjd(), "lowering starts".to_owned())];
    let leaving_km = answer.leaving_km;
    let level = |name: &str, km: f64| Mark::new(format!("{name} {km} km"), HELP, Shape::Level(km));
    let mut last = "crew off";
    if plan.leaves_first() {
        marks.push(level("crew off", leaving_km));
        dates.push((by.mjd(), "crew off by".to_owned()));
        last = "last burns";
    }
    marks.push(level(last, answer.final_km));
    dates.push((answer.entry.mjd(), "entry".to_owned()));
    super::altitudes(
        &format!("Lowering to a controlled end, crew off at {leaving_km} km"),
        &format!(
            "Lowering starts {}; the crew is off by {by}; entry on {}; {} kg of propellant.",
            plan.lowering_starts,
            answer.entry,
            band(plan.propellant_kg.quantiles)
        ),
        marks,
        dates,
    )
}
