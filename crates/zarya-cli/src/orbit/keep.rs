//! `zarya orbit keep`.

use super::lifetime::{forecast_caveat, table_of};
use super::plot::{Mark, Panel, Picture, stacked};
use super::{
    ChosenSun, OutputArgs, SunArgs, altitude, answer, choose_sun, drag_area, inputs, isp, mass,
    positive, refused, span,
};
use crate::output::Failure;
use clap::Args;
use serde_json::json;
use std::fmt::Write as _;
use zarya_orbit::SunPath;
use zarya_orbit::error::counted;
use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::keep::{KeepPlan, KeepQuestion, Pusher, keep as solve};
use zarya_units::Date;

/// Plan the reboosts that keep an altitude band to a date.
///
/// One plan per percentile of the solar forecast: dates, delta-v and propellant by vehicle, with a
/// reserve for debris avoidance.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit keep --altitude-km 418 --low-km 414 --high-km 419 \
    --drag-area-m2-kg 0.007 --mass-kg 430000 --from 2026-03-15 --through 2028-12-31\n  zarya orbit \
    keep … --vehicle progress:300:800 --vehicle zvezda:290 --json -\n\nA vehicle is NAME:ISP_S or \
    NAME:ISP_S:PROPELLANT_KG; the first that has the propellant pushes."
)]
pub(crate) struct KeepArgs {
    /// Mean altitude on the first day, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: f64,
    /// Altitude at which a reboost is flown, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    low_km: f64,
    /// Altitude it leads to, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    high_km: f64,
    /// Cd A / m in m2/kg; the ISS has about 0.007.
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: f64,
    /// Factor on the density of NRLMSISE-00, which is too dense in deep solar minimum: 2018 to 2020 match
    /// 0.7, 2015-2016 and 2023 match 1.0 to 1.1.
    #[arg(long, allow_negative_numbers = true, default_value_t = 1.0)]
    density_scale: f64,
    /// Inclination of the orbit, degrees.
    #[arg(long, allow_negative_numbers = true, value_name = "DEG", default_value_t = ISS_INCLINATION_DEG)]
    inclination_deg: f64,
    /// Mass of the station, kg.
    #[arg(long, allow_negative_numbers = true, value_name = "KG")]
    mass_kg: f64,
    /// A vehicle that pushes: NAME:ISP_S[:PROPELLANT_KG]; may be repeated.
    #[arg(long = "vehicle", value_name = "NAME:ISP_S[:KG]")]
    vehicles: Vec<String>,
    /// Avoidance burns in a year; 23 were flown in the 10.9 years to November 2024.
    #[arg(long, allow_negative_numbers = true, default_value_t = 2.1)]
    avoidance_per_year: f64,
    /// Delta-v of one, m/s; 0.3 to 1.0 is typical.
    #[arg(long, allow_negative_numbers = true, default_value_t = 1.0)]
    avoidance_m_s: f64,
    /// First day.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// Last day.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    through: Date,
    #[command(flatten)]
    sun: SunArgs,
    #[command(flatten)]
    output: OutputArgs,
}

fn pusher(text: &str) -> Result<Pusher, Failure> {
    let wrong = |why: &str| {
        Failure::Usage(format!(
            "--vehicle {text}: {why}; write NAME:ISP_S or NAME:ISP_S:PROPELLANT_KG, as in \
             progress:300:800"
        ))
    };
    let number = |part: &str, what: &str| {
        part.parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
            .ok_or_else(|| wrong(&format!("the {what} `{part}` is not a number")))
    };
    let mut parts = text.split(':');
    let (name, impulse, kg) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    if name.is_empty() || parts.next().is_some() {
        return Err(wrong("a name and one or two numbers are expected"));
    }
    let Some(impulse) = impulse else { return Err(wrong("the specific impulse is missing")) };
    let isp_s = isp(&format!("--vehicle {text}: the Isp"), number(impulse, "specific impulse")?)?;
    let propellant_kg = kg.map(|kg| number(kg, "propellant")).transpose()?;
    if propellant_kg.is_some_and(|kg| kg < 0.0) {
        return Err(wrong("propellant cannot be negative"));
    }
    Ok(Pusher { name: name.into(), isp_s, propellant_kg })
}

pub(super) fn keep(args: &KeepArgs, quiet: bool) -> Result<(), Failure> {
    use zarya_units::math::Z95;
    let days = span(args.from, args.through)?;
    for (name, value) in [
        ("--altitude-km", args.altitude_km),
        ("--low-km", args.low_km),
        ("--high-km", args.high_km),
    ] {
        altitude(name, value)?;
    }
    mass(args.mass_kg)?;
    positive("--density-scale", args.density_scale)?;
    drag_area(args.drag_area_m2_kg)?;
    for (name, value) in
        [("--avoidance-per-year", args.avoidance_per_year), ("--avoidance-m-s", args.avoidance_m_s)]
    {
        if !(value.is_finite() && value >= 0.0) {
            return Err(Failure::Usage(format!("{name} {value}: 0 or more is expected")));
        }
    }
    if args.low_km >= args.high_km {
        return Err(Failure::Usage(format!(
            "--low-km {} must lie below --high-km {}: the band is empty",
            args.low_km, args.high_km
        )));
    }
    let mut caveats = Vec::new();
    let sun = choose_sun(&args.sun, args.from, false, &mut caveats)?;
    let mut pushers =
        args.vehicles.iter().map(|text| pusher(text)).collect::<Result<Vec<_>, _>>()?;
    if pushers.is_empty() {
        caveats.push(
            "no --vehicle given: a specific impulse of 300 s is assumed, as storable propellants \
             give in a main engine"
                .into(),
        );
        pushers.push(Pusher { name: "assumed".into(), isp_s: 300.0, propellant_kg: None });
    }
    let table = table_of(args.inclination_deg)?;
    let question = KeepQuestion {
        table: &table,
        altitude_km: args.altitude_km,
        low_km: args.low_km,
        high_km: args.high_km,
        drag_area_m2_kg: args.drag_area_m2_kg,
        density_scale: args.density_scale,
        mass_kg: args.mass_kg,
        from: args.from.mjd(),
        days,
        pushers,
        avoidance_per_year: args.avoidance_per_year,
        avoidance_m_s: args.avoidance_m_s,
    };
    let from = args.from.mjd();
    let mut beyond = String::new();
    let mut plans: Vec<(&str, KeepPlan)> = Vec::new();
    match &sun {
        ChosenSun::Observed => {
            let path = SunPath::observed(from, days).map_err(|error| refused(&error))?;
            plans.push(("observed", solve(&question, &path).map_err(|error| refused(&error))?));
        }
        ChosenSun::Issue(issue) => {
            beyond = forecast_caveat(&sun, from + days as f64, &mut caveats);
            for (name, z) in [("p05", -Z95), ("p50", 0.0), ("p95", Z95)] {
                let path = SunPath::curve(issue, from, days, z);
                plans.push((name, solve(&question, &path).map_err(|error| refused(&error))?));
            }
        }
    }
    let unflown: Vec<String> = plans
        .iter()
        .filter_map(|(name, plan)| {
            let burn = plan.burns.iter().find(|burn| burn.by.is_none())?;
            Some(format!("{} (Sun {name})", burn.date))
        })
        .collect();
    let kept = if unflown.is_empty() {
        "Keeping"
    } else {
        caveats.push(format!(
            "the band is not kept: nobody has the propellant for the burn of {} (`by` is null); the \
             plan goes on as if it were flown",
            unflown.join(", ")
        ));
        "Not kept:"
    };
    let uncovered: Vec<String> = plans
        .iter()
        .filter(|(_, plan)| plan.burns.iter().all(|burn| burn.by.is_some()))
        .filter_map(|(name, plan)| {
            let short = plan.short_kg.filter(|kg| *kg > 0.0)?;
            Some(format!("{short:.0} kg (Sun {name})"))
        })
        .collect();
    let reserve = (!uncovered.is_empty()).then(|| {
        format!(
            "the reserve for avoidance burns is not covered by what the reboosts leave: {} are missing",
            uncovered.join(", ")
        )
    });
    caveats.extend(reserve.clone());
    let list: Vec<_> = plans
        .iter()
        .map(|(name, plan)| {
            json!({
                "sun_percentile": name,
                "burns": plan.burns,
                "n_burns": plan.burns.len(),
                "delta_v_m_s": plan.delta_v_m_s,
                "propellant_kg": plan.propellant_kg,
                "reserve_delta_v_m_s": plan.reserve_delta_v_m_s,
                "reserve_propellant_kg": plan.reserve_propellant_kg,
                "short_kg": plan.short_kg,
                "by_vehicle": plan.by_vehicle,
                "end_altitude_km": plan.end_altitude_km,
            })
        })
        .collect();
    let value = json!({
        "command": "orbit keep",
        "from": args.from,
        "through": args.through,
        "band_km": [args.low_km, args.high_km],
        "drag_area_m2_kg": args.drag_area_m2_kg,
        "density_scale": args.density_scale,
        "inclination_deg": args.inclination_deg,
        "mass_kg": args.mass_kg,
        "vehicles": question.pushers,
        "sun": sun.json(),
        "plans": list,
        "caveats": caveats,
        "inputs": inputs(None, None),
    });
    let mut text = format!(
        "{kept} {} to {} km from {} through {}, under {}{}\n{}{beyond}\nSun        burns   delta-v m/s   \
         propellant kg   with reserve kg   short kg\n",
        args.low_km,
        args.high_km,
        args.from,
        args.through,
        sun.text(),
        if unflown.is_empty() {
            ":".into()
        } else {
            format!(
                "; nobody has the propellant for the burn of {}; below, burns as if they were flown:",
                unflown.join(", ")
            )
        },
        reserve.map_or_else(String::new, |text| format!("Note: {text}.\n")),
    );
    for (name, plan) in &plans {
        let _ = writeln!(
            text,
            "{name:<9} {:>6} {:>13.1} {:>15.0} {:>17.0} {:>10}",
            plan.burns.len(),
            plan.delta_v_m_s,
            plan.propellant_kg,
            plan.propellant_kg + plan.reserve_propellant_kg,
            plan.short_kg.map_or_else(|| "-".into(), |kg| format!("{kg:.0}"))
        );
    }
    let middle = &plans[plans.len() / 2];
    let _ = writeln!(text, "\nburns under {}:", middle.0);
    for burn in &middle.1.burns {
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
    let picture = || picture(args, &plans, unflown.is_empty());
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}

/// One panel for each Sun: saws over each other are not told apart.
fn picture(args: &KeepArgs, plans: &[(&str, KeepPlan)], kept: bool) -> String {
    let from = args.from.mjd();
    let panels: Vec<Panel> = plans
        .iter()
        .map(|(name, plan)| {
            let mut burns = plan.burns.iter().peekable();
            let mut points = Vec::with_capacity(plan.days_km.len() + plan.burns.len());
            for (day, altitude_km) in plan.days_km.iter().enumerate() {
                let mjd = from + day as f64;
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
            let sun = match *name {
                "p05" => "Weak Sun (5 %)",
                "p50" => "Middle Sun (50 %)",
                "p95" => "Strong Sun (95 %)",
                _ => "Observed Sun",
            };
            let lacking = if unflown.is_empty() {
                String::new()
            } else {
                format!("; dots: nobody has the propellant ({})", unflown.len())
            };
            Panel {
                name: format!(
                    "{sun}: {}, {:.1} m/s, {:.0} kg{lacking}",
                    counted(plan.burns.len(), "burn"),
                    plan.delta_v_m_s,
                    plan.propellant_kg
                ),
                marks: vec![
                    Mark::Line { name: (*name).into(), points },
                    Mark::Dots { name: "nobody".into(), points: unflown },
                    Mark::Level { name: format!("{} km", args.low_km), value: args.low_km },
                    Mark::Level { name: format!("{} km", args.high_km), value: args.high_km },
                ],
            }
        })
        .collect();
    let middle = &plans[plans.len() / 2].1;
    let picture = Picture {
        title: &format!(
            "Reboosts that {} {} to {} km{}",
            if kept { "keep" } else { "would keep" },
            args.low_km,
            args.high_km,
            if kept { "" } else { "; not all can be flown" }
        ),
        axis: "mean altitude above 6378.137 km (km)",
        sentence: &format!(
            "{} of {:.1} m/s in all {} the altitude between {} and {} km under the middle Sun; one \
             panel for each percentile of the forecast.",
            counted(middle.burns.len(), "burn"),
            middle.delta_v_m_s,
            if kept { "keep" } else { "would keep (not all can be flown)" },
            args.low_km,
            args.high_km
        ),
        marks: Vec::new(),
        dates: Vec::new(),
        from_zero: false,
    };
    stacked(&picture, &panels)
}
