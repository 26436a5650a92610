//! Reboosts that keep a band.

use crate::columns::fitted;
use crate::picture::{self, Across, HELP, LIMIT, Mark, Panel, Picture, Range, Shape};
use std::fmt::Write as _;
use zarya::orbit::counted;
use zarya::orbit::keep::{Answer, Plan, SunPercentile};

/// Returns what the plans cost under each Sun, and the burns under the middle one.
pub fn text(answer: &Answer) -> String {
    let unflown = answer.unflown();
    let (low_km, high_km) = answer.band_km;
    let mut text = format!(
        "{} {low_km} to {high_km} km from {} through {}, under {}{}\n{}{}\nSun        burns   delta-v m/s   \
         propellant kg   with reserve kg   short kg\n",
        if unflown.is_empty() { "Keeping" } else { "Not kept:" },
        answer.from,
        answer.through,
        super::sun(&answer.sun),
        if unflown.is_empty() {
            ":".into()
        } else {
            format!(
                "; nobody has the propellant for the burn of {}; below, burns as if they were flown:",
                unflown.join(", ")
            )
        },
        answer.uncovered().map_or_else(String::new, |text| format!("Note: {text}.\n")),
        super::beyond(answer.outlasted.as_deref())
    );
    for plan in &answer.plans {
        let _ = writeln!(
            text,
            "{:<9} {:>6} {:>13.1} {:>15.0} {:>17.0} {:>10}",
            plan.sun_percentile.name(),
            plan.n_burns,
            plan.delta_v_m_s,
            plan.propellant_kg,
            plan.propellant_kg + plan.reserve_propellant_kg,
            plan.short_kg.map_or_else(|| "-".into(), |kg| format!("{kg:.0}"))
        );
    }
    let middle = middle(answer);
    let _ = writeln!(text, "\nburns under {}:", middle.sun_percentile.name());
    for burn in &middle.burns {
        let _ = writeln!(
            text,
            "{}   {:.2} -> {:.2} km   {:.2} m/s   {:.0} kg   {}",
            burn.date,
            burn.from_km,
            burn.to_km,
            burn.delta_v_m_s,
            burn.propellant_kg,
            burn.by.as_deref().unwrap_or("nobody")
        );
    }
    fitted(&text)
}

/// Draws one panel for each Sun: saws over each other are not told apart.
pub fn svg(answer: &Answer) -> String {
    let kept = answer.unflown().is_empty();
    let (low_km, high_km) = answer.band_km;
    let all = || answer.plans.iter().flat_map(|plan| plan.days_km.iter().copied());
    let range = Range::Fixed(all().fold(low_km, f64::min), all().fold(high_km, f64::max));
    let panels = answer.plans.iter().map(|plan| panel(answer, plan, range)).collect();
    let middle = middle(answer);
    picture::svg(&Picture {
        title: &format!(
            "Reboosts {} {low_km} to {high_km} km{}",
            if kept { "that keep" } else { "to keep" },
            if kept { "" } else { "; not all can be flown" }
        ),
        sentence: &format!(
            "{} of {:.1} m/s in all {} the altitude between {low_km} and {high_km} km under the middle \
             Sun; one panel for each percentile of the forecast, each of {}.",
            counted(middle.n_burns, "burn"),
            middle.delta_v_m_s,
            if kept { "keep" } else { "would keep (not all can be flown)" },
            super::ALTITUDE,
        ),
        across: Across::Dates,
        panels,
        events: Vec::new(),
    })
}

fn middle(answer: &Answer) -> &Plan {
    &answer.plans[answer.plans.len() / 2]
}

fn panel(answer: &Answer, plan: &Plan, range: Range) -> Panel {
    let mut burns = plan.burns.iter().peekable();
    let mut points = Vec::with_capacity(plan.days_km.len() + plan.n_burns);
    for (day, altitude_km) in plan.days_km.iter().enumerate() {
        let mjd = answer.from.mjd() + day as f64;
        points.push((mjd, *altitude_km));
        if let Some(burn) = burns.next_if(|burn| burn.date.mjd() <= mjd) {
            points.push((mjd, burn.to_km));
        }
    }
    let unflown: Vec<(f64, f64, f64)> = plan
        .burns
        .iter()
        .filter(|burn| burn.by.is_none())
        .map(|burn| (burn.date.mjd(), burn.from_km, 0.0))
        .collect();
    let sun = match plan.sun_percentile {
        SunPercentile::P05 => "Weak Sun (5 %)",
        SunPercentile::P50 => "Middle Sun (50 %)",
        SunPercentile::P95 => "Strong Sun (95 %)",
        SunPercentile::Observed => "Observed Sun",
        SunPercentile::Constant => "Constant Sun",
    };
    let level = |km: f64| Mark::new(format!("{km} km"), HELP, Shape::Level(km));
    let mut marks = vec![
        Mark::new("altitude", 0, Shape::Line(points)),
        level(answer.band_km.0),
        level(answer.band_km.1),
    ];
    let mut lacking = String::new();
    if !unflown.is_empty() {
        lacking = format!("; {} cannot be flown", unflown.len());
        marks.push(Mark::new("nobody has the propellant", LIMIT, Shape::Dots(unflown)));
    }
    Panel {
        name: format!(
            "{sun}: {}, {:.1} m/s, {:.0} kg{lacking}",
            counted(plan.n_burns, "burn"),
            plan.delta_v_m_s,
            plan.propellant_kg
        ),
        range,
        marks,
    }
}
