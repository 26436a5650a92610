//! `zarya orbit deorbit`.

use super::lifetime::{fallen, forecast_caveat, table_of};
use super::plot::{Mark, Picture, svg};
use super::{
    OutputArgs, SunArgs, altitude, answer, choose_sun, drag_area, inputs, isp, mass, positive,
    refused, span_to,
};
use crate::output::Failure;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use zarya_orbit::deorbit::{DeorbitPlan, DeorbitQuestion, EndBurn, Purpose, deorbit as solve};
use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::worlds::Quantiles;
use zarya_units::Date;

/// Plan the controlled end of a station.
///
/// When to stop holding the altitude, by when the crew leaves, which burns are flown on which day
/// against what a vehicle carries, with margins as probabilities over worlds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit deorbit --altitude-km 415 --drag-area-m2-kg 0.007 \
    --mass-kg 430000 --from 2026-03-15 --entry 2031-01-15\n  zarya orbit deorbit … --capacity-kg \
    16000 --isp-s 300 --crew-off-km 330,220 --crew-off-days 120 --json -\n\nDrag lowers the orbit \
    from the start of lowering. Where it has not reached the leaving altitude --crew-off-days \
    before entry, burns do so on that day; --final-days before entry the last burns lead to \
    --final-km, and on the day of entry the perigee is lowered. Sources disagree whether the crew \
    leaves at 330 or 220 km: each altitude of --crew-off-km gets a plan of its own, the first one \
    in full. An altitude that is not above --final-km has no burns of its own: the crew leaves \
    before the last burns."
)]
pub(crate) struct DeorbitArgs {
    /// Mean altitude held until lowering starts, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: f64,
    /// Cd A / m in m2/kg at density scale 1; the ISS has about 0.007.
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: f64,
    /// Inclination of the orbit, degrees.
    #[arg(long, allow_negative_numbers = true, value_name = "DEG", default_value_t = ISS_INCLINATION_DEG)]
    inclination_deg: f64,
    /// Mass of the station at the end, kg, without the propellant of the burns.
    #[arg(long, allow_negative_numbers = true, value_name = "KG")]
    mass_kg: f64,
    /// The earliest day on which lowering may start.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// The day of entry.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    entry: Date,
    /// Altitudes at which the crew may leave, km, separated by commas: a plan for each.
    #[arg(long, allow_negative_numbers = true, value_name = "KM,KM…", value_delimiter = ',', default_values_t = [330.0, 220.0])]
    crew_off_km: Vec<f64>,
    /// Days before entry by which the crew has left; without it 183, since the last crew is to leave
    /// about six months before entry.
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=14_640))]
    crew_off_days: Option<u32>,
    /// Altitude of the last burns before the entry burn, km (below it only thrusters hold the
    /// attitude of the ISS).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = 220.0)]
    final_km: f64,
    /// Days before entry of those burns (a report on the plan for the ISS has four).
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=14_640))]
    final_days: u32,
    /// Perigee that the entry burn aims at, km (as NASA asked of the vehicle in 2022).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = 50.0)]
    perigee_km: f64,
    /// Propellant of the vehicle that ends it, kg; the planned one carries about 16 t.
    #[arg(long, allow_negative_numbers = true, value_name = "KG", default_value_t = 16_000.0)]
    capacity_kg: f64,
    /// Its specific impulse, s (assumed: storable propellants).
    #[arg(long, allow_negative_numbers = true, value_name = "S", default_value_t = 300.0)]
    isp_s: f64,
    /// Share of worlds in which drag may pass the final altitude before the last burns.
    #[arg(long, allow_negative_numbers = true, default_value_t = 0.05)]
    early_share: f64,
    #[command(flatten)]
    sun: SunArgs,
    /// Worlds drawn.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(20..=20_000))]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

/// Half a year: the last crew is to leave "about six months" before entry.
const CREW_OFF_DAYS: u32 = 183;

/// Checks what the library does not know as options, and returns the days before entry by which the
/// crew has left.
fn checked(args: &DeorbitArgs, caveats: &mut Vec<String>) -> Result<u32, Failure> {
    let days = span_to(args.from, "--entry", args.entry)?;
    altitude("--altitude-km", args.altitude_km)?;
    altitude("--final-km", args.final_km)?;
    mass(args.mass_kg)?;
    positive("--perigee-km", args.perigee_km)?;
    isp("--isp-s", args.isp_s)?;
    drag_area(args.drag_area_m2_kg)?;
    if !(args.capacity_kg.is_finite() && args.capacity_kg >= 0.0) {
        return Err(Failure::Usage(format!(
            "--capacity-kg {}: propellant aboard the vehicle, kg, 0 or more",
            args.capacity_kg
        )));
    }
    let usage = |why: String| Err(Failure::Usage(why));
    if args.final_km >= args.altitude_km {
        return usage(format!(
            "--final-km {} must lie below --altitude-km {}: the end is on the way down",
            args.final_km, args.altitude_km
        ));
    }
    for &altitude_km in &args.crew_off_km {
        altitude("--crew-off-km", altitude_km)?;
        if altitude_km >= args.altitude_km {
            return usage(format!(
                "--crew-off-km {altitude_km} must lie below --altitude-km {}: the crew leaves on the \
                 way down; give altitudes below, as in --crew-off-km {}",
                args.altitude_km, args.final_km
            ));
        }
    }
    if args.perigee_km >= args.final_km {
        return usage(format!(
            "--perigee-km {} must lie below --final-km {}",
            args.perigee_km, args.final_km
        ));
    }
    if !(0.0..=0.5).contains(&args.early_share) {
        return usage(format!("--early-share {}: a share of worlds, 0 to 0.5", args.early_share));
    }
    if args.final_days as usize >= days {
        return usage(format!(
            "--final-days {}: entry on {} is only {days} days after --from {}",
            args.final_days, args.entry, args.from
        ));
    }
    let leaves_first = args.crew_off_km.iter().any(|km| *km > args.final_km);
    let Some(asked) = args.crew_off_days else {
        if leaves_first && (CREW_OFF_DAYS as usize) > days {
            caveats.push(format!(
                "six months before entry lie before {0}: the crew leaves on {0}, {days} days before entry",
                args.from
            ));
        }
        return Ok(CREW_OFF_DAYS.min(days as u32));
    };
    if asked as usize > days {
        return usage(format!(
            "--crew-off-days {asked}: {asked} days before --entry {} lie before --from {}; give {days} or \
             fewer",
            args.entry, args.from
        ));
    }
    for km in args.crew_off_km.iter().filter(|km| **km <= args.final_km) {
        caveats.push(format!(
            "--crew-off-days {asked} does not count for {km} km, which is not above --final-km {}: the crew \
             leaves before the last burns, {} days before entry",
            args.final_km, args.final_days
        ));
    }
    if asked < args.final_days {
        return usage(format!(
            "--crew-off-days {asked} is less than --final-days {}: the crew leaves before the last burns",
            args.final_days
        ));
    }
    Ok(asked)
}

pub(super) fn deorbit(args: &DeorbitArgs, quiet: bool) -> Result<(), Failure> {
    let mut caveats = Vec::new();
    let crew_off_days = checked(args, &mut caveats)?;
    let sun = choose_sun(&args.sun, args.from, false, &mut caveats)?;
    let beyond = forecast_caveat(&sun, args.entry.mjd(), &mut caveats);
    let table = table_of(args.inclination_deg)?;
    let question = DeorbitQuestion {
        table: &table,
        altitude_km: args.altitude_km,
        drag_area_m2_kg: args.drag_area_m2_kg,
        mass_kg: args.mass_kg,
        from: args.from.mjd(),
        entry: args.entry.mjd(),
        crew_off_days: f64::from(crew_off_days),
        final_km: args.final_km,
        final_days: f64::from(args.final_days),
        perigee_km: args.perigee_km,
        early_share: args.early_share,
        isp_s: args.isp_s,
        capacity_kg: args.capacity_kg,
        sun: sun.choice(),
        worlds: args.worlds,
        seed: args.seed,
    };
    let plans = solve(&question, &args.crew_off_km).map_err(|error| refused(&error))?;
    let Some(plan) = plans.first() else {
        return Err(Failure::Usage("--crew-off-km: name at least one altitude".into()));
    };
    // What does not hold comes first.
    let first: Vec<String> = too_early(args, plan).into_iter().chain(short(args, plan)).collect();
    caveats.splice(0..0, first.clone());
    let start = Date::from_mjd(plan.start);
    if plan.starts_at_once {
        caveats.push(format!(
            "even without holding from {start} on, drag does not bring the station down too early: \
             the rest is burned, or lowering starts earlier"
        ));
    }
    if plan.burns.len() > 2 {
        caveats.push(format!(
        "the specific impulse of {} s and the mass of {} kg count for every burn: propellant that \
         other vehicles bring for lowering is not told apart",
        args.isp_s, args.mass_kg
    ));
    }
    let mut value = json!({
        "command": "orbit deorbit",
        "from": args.from,
        "entry": args.entry,
        "altitude_km": args.altitude_km,
        "drag_area_m2_kg": args.drag_area_m2_kg,
        "inclination_deg": args.inclination_deg,
        "mass_kg": args.mass_kg,
        "isp_s": args.isp_s,
        "capacity_kg": args.capacity_kg,
        "final_km": args.final_km,
        "final_days": args.final_days,
        "perigee_km": args.perigee_km,
        "early_share": args.early_share,
        "leaving_km": plan.crew_off.altitude_km,
        "crew_off_days": args.entry.mjd() - plan.crew_off.by,
        "crew_off": plans.iter().map(|plan| crew_json(args, plan)).collect::<Vec<_>>(),
        "sun": sun.json(),
        "caveats": caveats,
        "inputs": inputs(Some(args.worlds), Some(args.seed)),
    });
    merge(&mut value, plan_json(args, plan));
    let mut text = String::new();
    for line in &first {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(
        text,
        "{beyond}Lowering starts {start}, {:.0} days before entry on {}, under {}; the crew is off by \
         {}, {:.0} days before entry.\n",
        args.entry.mjd() - plan.start,
        args.entry,
        sun.text(),
        Date::from_mjd(plan.crew_off.by),
        args.entry.mjd() - plan.crew_off.by,
    );
    text += &burn_table(plan);
    text += &margins(args, plan);
    for plan in &plans {
        text += &crew_text(args, plan);
    }
    let picture = || picture(args, plan);
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}

/// Says when the worlds that come down too early are more than allowed, and what would help.
fn too_early(args: &DeorbitArgs, plan: &DeorbitPlan) -> Option<String> {
    if plan.early <= args.early_share + 1e-9 {
        return None;
    }
    let mut text = format!(
        "No start of lowering keeps the share of {} that may come down too early: it is {}",
        args.early_share,
        chance(plan.early)
    );
    if let Some(days) = plan.crew_off_days_most {
        let _ = write!(
            text,
            "; it is kept when the crew leaves at {} km at most {days:.0} days before entry",
            plan.crew_off.altitude_km
        );
    } else if plan.lost_after_last_burns > 0.0 {
        let _ = write!(
            text,
            "; from {} km drag leads below 150 km in the {} days before entry with probability {:.2}: \
             raise --final-km or lower --final-days",
            args.final_km, args.final_days, plan.lost_after_last_burns
        );
    }
    Some(text)
}

fn short(args: &DeorbitArgs, plan: &DeorbitPlan) -> Option<String> {
    if plan.enough >= 0.95 {
        return None;
    }
    let mut text = format!(
        "The capacity of {:.0} kg {} for all burns: {:.0} kg are needed in the median world, and it is \
         enough with probability {}",
        args.capacity_kg,
        if plan.enough < 0.5 { "does not suffice" } else { "may not suffice" },
        plan.propellant_kg.quantiles.p50,
        chance(plan.enough)
    );
    if plan.burns.len() > 2 {
        let _ = write!(
            text,
            "; from {} km on, if something else lowers to it, with {}",
            plan.crew_off.altitude_km,
            chance(plan.enough_after_leaving)
        );
    }
    Some(text)
}

fn purpose(burn: &EndBurn) -> &'static str {
    match burn.purpose {
        Purpose::Leaving => "lowering to the leaving altitude",
        Purpose::Final => "lowering to the final altitude",
        Purpose::Entry => "entry",
    }
}

/// What a plan says of itself, whichever altitude the crew leaves at.
fn plan_json(args: &DeorbitArgs, plan: &DeorbitPlan) -> Value {
    let burns: Vec<Value> = plan
        .burns
        .iter()
        .map(|burn| {
            json!({
                "what": purpose(burn),
                "date": Date::from_mjd(burn.date),
                "from_km": burn.from_km,
                "to_km": burn.to_km,
                "delta_v_m_s": burn.delta_v_m_s,
                "propellant_kg": burn.propellant_kg,
                "probability_flown": burn.needed,
            })
        })
        .collect();
    json!({
        "lowering_starts": Date::from_mjd(plan.start),
        "lowering_days": args.entry.mjd() - plan.start,
        "altitude_before_lowering_burns_km": plan.natural_km,
        "burns": burns,
        "delta_v_m_s": plan.delta_v_m_s,
        "propellant_kg": plan.propellant_kg,
        "propellant_from_leaving_km_kg": plan.after_leaving_kg,
        "probability_capacity_suffices": plan.enough,
        "probability_capacity_suffices_from_leaving_km": plan.enough_after_leaving,
        "probability_too_early": plan.early,
        "probability_as_planned": plan.as_planned,
        "probability_lost_after_last_burns": plan.lost_after_last_burns,
        "crew_off_days_most": plan.crew_off_days_most,
    })
}

fn crew_json(args: &DeorbitArgs, plan: &DeorbitPlan) -> Value {
    let off = &plan.crew_off;
    let q = off.days_before_entry;
    let date = |days: f64| Date::from_mjd(args.entry.mjd() - days);
    json!({
        "altitude_km": off.altitude_km,
        "by": Date::from_mjd(off.by),
        "days_before_entry": q,
        "date": {"p05": date(q.p95), "p50": date(q.p50), "p95": date(q.p05)},
        "probability_by_drag_alone": off.by_drag,
        "probability_six_months_before_entry": off.six_months,
        "plan": plan_json(args, plan),
    })
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// Two digits, and no certainty that is not there.
fn chance(probability: f64) -> String {
    let text = format!("{probability:.2}");
    match text.as_str() {
        "0.00" if probability > 0.0 => "below 0.01".into(),
        "1.00" if probability < 1.0 => "above 0.99".into(),
        _ => text,
    }
}

fn band(q: Quantiles) -> String {
    format!("{:.0} ({:.0} to {:.0})", q.p50, q.p05, q.p95)
}

fn burn_table(plan: &DeorbitPlan) -> String {
    let mut text = format!(
        "{:<11}{:<12}{:<17}{:<17}{}\n",
        "date", "burn to km", "from km", "delta-v m/s", "propellant kg"
    );
    let _ = writeln!(text, "{:<23}(medians; 5 to 95 % of worlds)", "");
    for burn in &plan.burns {
        let to = match burn.purpose {
            Purpose::Leaving => format!("{} crew", burn.to_km),
            Purpose::Final => format!("{} last", burn.to_km),
            Purpose::Entry => format!("{} entry", burn.to_km),
        };
        let _ = writeln!(
            text,
            "{:<11}{to:<12}{:<17}{:<17}{}",
            Date::from_mjd(burn.date).to_string(),
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
    if plan.burns.len() > 2 {
        let km = plan.crew_off.altitude_km;
        let _ = writeln!(
            text,
            "{:<57}{}",
            format!("from {km} km on"),
            band(plan.after_leaving_kg.quantiles)
        );
    }
    text
}

fn margins(args: &DeorbitArgs, plan: &DeorbitPlan) -> String {
    let mut rows =
        vec![(format!("{:.0} kg are enough for all burns", args.capacity_kg), plan.enough)];
    if plan.burns.len() > 2 {
        rows.push((
            format!("they are enough from {} km on", plan.crew_off.altitude_km),
            plan.enough_after_leaving,
        ));
    }
    rows.push((
        format!("too early: drag passes {} km before the last burns", args.final_km),
        plan.early,
    ));
    rows.push(("enough for all burns and not too early".into(), plan.as_planned));
    let mut text = format!("\n{:<68}probability\n", "");
    for (what, probability) in rows {
        let _ = writeln!(text, "{what:<74}{probability:.3}");
    }
    text.push('\n');
    text
}

fn crew_text(args: &DeorbitArgs, plan: &DeorbitPlan) -> String {
    let off = &plan.crew_off;
    let q = off.days_before_entry;
    let date = |days: f64| Date::from_mjd(args.entry.mjd() - days);
    let by = Date::from_mjd(off.by);
    let spread = if date(q.p05) == date(q.p95) {
        String::new()
    } else {
        format!(" ({} to {})", date(q.p95), date(q.p05))
    };
    let when = if q.p50 - (args.entry.mjd() - off.by) < 0.5 {
        format!("on {by}, before that day's burns")
    } else {
        format!("{}", date(q.p50))
    };
    let mut text = format!(
        "Crew off at {} km: {when}{spread}; drag alone is there by {by} with probability {}; six \
         months or more before entry with probability {}.\n",
        off.altitude_km,
        chance(off.by_drag),
        chance(off.six_months)
    );
    if off.altitude_km.to_bits() != args.crew_off_km[0].to_bits() {
        let _ = writeln!(
            text,
            "  Its own plan starts lowering {} and needs {} kg: enough with probability {}, too early \
             with {:.3}{}.",
            Date::from_mjd(plan.start),
            band(plan.propellant_kg.quantiles),
            chance(plan.enough),
            plan.early,
            plan.crew_off_days_most.map_or_else(String::new, |days| format!(
                " (leave at most {days:.0} days before entry for {})",
                args.early_share
            ))
        );
    }
    text
}

fn picture(args: &DeorbitArgs, plan: &DeorbitPlan) -> String {
    let line = |pick: fn(&Quantiles) -> f64| {
        plan.path_km.iter().map(|(date, q)| (*date, pick(q))).collect::<Vec<_>>()
    };
    let mut middle = line(|q| q.p50);
    fallen(&mut middle);
    let mut marks = vec![
        Mark::Band { name: "5-95 % of worlds".into(), low: line(|q| q.p05), high: line(|q| q.p95) },
        Mark::Line { name: "median".into(), points: middle },
    ];
    let leaving_km = plan.crew_off.altitude_km;
    if plan.burns.len() > 2 {
        marks.push(Mark::Level { name: format!("crew off {leaving_km} km"), value: leaving_km });
    }
    let last = if plan.burns.len() > 2 { "last burns" } else { "crew off" };
    marks.push(Mark::Level { name: format!("{last} {} km", args.final_km), value: args.final_km });
    let mut dates = vec![(plan.start, "lowering starts".to_owned())];
    if plan.burns.len() > 2 {
        dates.push((plan.crew_off.by, "crew off by".to_owned()));
    }
    dates.push((args.entry.mjd(), "entry".to_owned()));
    svg(&Picture {
        title: &format!(
            "Lowering to a controlled end, crew off at {} km",
            plan.crew_off.altitude_km
        ),
        axis: "mean altitude above 6378.137 km (km)",
        sentence: &format!(
            "Lowering starts {}; the crew is off by {}; entry on {}; {} kg of propellant.",
            Date::from_mjd(plan.start),
            Date::from_mjd(plan.crew_off.by),
            args.entry,
            band(plan.propellant_kg.quantiles)
        ),
        marks,
        dates,
        from_zero: false,
    })
}
