//! `zarya orbit deorbit`.

use super::lifetime::forecast_caveat;
use super::plot::{Mark, Picture, svg};
use super::{
    OutputArgs, SunArgs, answer, choose_sun, drag_area, inputs, positive, refused, span_to,
};
use crate::output::Failure;
use clap::Args;
use serde_json::json;
use std::fmt::Write as _;
use zarya_orbit::deorbit::{DeorbitQuestion, deorbit as solve};
use zarya_orbit::worlds::Quantiles;
use zarya_units::Date;

/// Plan the controlled end of a station.
///
/// When to stop holding the altitude, what is burned at the end against what a vehicle carries, and
/// when the crew leaves, with margins as probabilities over worlds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  zarya orbit deorbit --altitude-km 415 --drag-area-m2-kg 0.007 \
    --mass-kg 430000 --from 2028-01-01 --entry 2031-01-15\n  zarya orbit deorbit … --capacity-kg \
    16000 --isp-s 300 --crew-off-km 330,220 --json -\n\nSources disagree whether the crew leaves at \
    330 or 220 km: both are answered unless --crew-off-km says otherwise."
)]
pub(crate) struct DeorbitArgs {
    /// Mean altitude held until lowering starts, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: f64,
    /// Cd A / m in m2/kg at density scale 1; the ISS has about 0.007.
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: f64,
    /// Mass of the station at the end, kg.
    #[arg(long, allow_negative_numbers = true, value_name = "KG")]
    mass_kg: f64,
    /// The earliest day on which lowering may start.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// The day of entry.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    entry: Date,
    /// Altitude from which the entry burn is flown, km (assumed: low enough for drag to have done
    /// most of the work, high enough to be controlled for weeks).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = 220.0)]
    final_km: f64,
    /// Perigee that the entry burn aims at, km (assumed: well inside the air).
    #[arg(long, allow_negative_numbers = true, value_name = "KM", default_value_t = 50.0)]
    perigee_km: f64,
    /// Propellant of the vehicle that ends it, kg; the planned one carries about 16 t.
    #[arg(long, allow_negative_numbers = true, value_name = "KG", default_value_t = 16_000.0)]
    capacity_kg: f64,
    /// Its specific impulse, s (assumed: storable propellants).
    #[arg(long, allow_negative_numbers = true, value_name = "S", default_value_t = 300.0)]
    isp_s: f64,
    /// Share of worlds that may sink below the final altitude too early.
    #[arg(long, allow_negative_numbers = true, default_value_t = 0.05)]
    early_share: f64,
    /// Altitudes at which the crew may leave, km, separated by commas.
    #[arg(long, allow_negative_numbers = true, value_name = "KM,KM…", value_delimiter = ',', default_values_t = [330.0, 220.0])]
    crew_off_km: Vec<f64>,
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

pub(super) fn deorbit(args: &DeorbitArgs, quiet: bool) -> Result<(), Failure> {
    let days = span_to(args.from, "--entry", args.entry)?;
    for (name, value) in [
        ("--altitude-km", args.altitude_km),
        ("--mass-kg", args.mass_kg),
        ("--final-km", args.final_km),
        ("--perigee-km", args.perigee_km),
        ("--capacity-kg", args.capacity_kg),
        ("--isp-s", args.isp_s),
    ] {
        positive(name, value)?;
    }
    for &altitude_km in &args.crew_off_km {
        positive("--crew-off-km", altitude_km)?;
    }
    drag_area(args.drag_area_m2_kg)?;
    if args.perigee_km >= args.final_km {
        return Err(Failure::Usage(format!(
            "--perigee-km {} must lie below --final-km {}",
            args.perigee_km, args.final_km
        )));
    }
    if !(0.0..=0.5).contains(&args.early_share) {
        return Err(Failure::Usage("--early-share is a share of worlds, 0 to 0.5".into()));
    }
    let mut caveats = Vec::new();
    let sun = choose_sun(&args.sun, args.from, false, &mut caveats)?;
    let beyond = forecast_caveat(&sun, args.from.mjd() + days as f64, &mut caveats);
    let question = DeorbitQuestion {
        altitude_km: args.altitude_km,
        drag_area_m2_kg: args.drag_area_m2_kg,
        mass_kg: args.mass_kg,
        from: args.from.mjd(),
        entry: args.entry.mjd(),
        final_km: args.final_km,
        perigee_km: args.perigee_km,
        early_share: args.early_share,
        isp_s: args.isp_s,
        capacity_kg: args.capacity_kg,
        sun: sun.choice(),
        worlds: args.worlds,
        seed: args.seed,
    };
    let plan = solve(&question, &args.crew_off_km).map_err(|error| refused(&error))?;
    let start = Date::from_mjd(plan.start);
    if plan.starts_at_once {
        caveats.push(format!(
            "even without holding from {start} on, drag does not bring the station down too early: \
             more must be burned at the end, or lowering starts earlier"
        ));
    }
    let short = (plan.enough < 0.95).then(|| {
        format!(
            "The capacity of {:.0} kg {}: {:.0} kg are needed in the median world, and it is enough with \
             probability {:.2}",
            args.capacity_kg,
            if plan.enough < 0.5 { "does not suffice" } else { "may not suffice" },
            plan.propellant_kg.p50,
            plan.enough
        )
    });
    caveats.splice(0..0, short.clone());
    // Altitudes that the median world reaches by the last burns alone.
    let by_burns = |q: Quantiles| q.p50 <= 0.0;
    for off in plan.crew_off.iter().filter(|off| by_burns(off.days_before_entry)) {
        caveats.push(format!(
            "{} km is not reached by drag before the last burns: the crew leaves before them, and the \
             dates at {0} km are those of the burns",
            off.altitude_km
        ));
    }
    let date_before = |days: f64| Date::from_mjd(args.entry.mjd() - days);
    let crew: Vec<_> = plan
        .crew_off
        .iter()
        .map(|off| {
            let q = off.days_before_entry;
            json!({
                "altitude_km": off.altitude_km,
                "days_before_entry": q,
                "date": {"p05": date_before(q.p95), "p50": date_before(q.p50),
                         "p95": date_before(q.p05)},
                "probability_six_months_before_entry": off.six_months,
            })
        })
        .collect();
    let value = json!({
        "command": "orbit deorbit",
        "from": args.from,
        "entry": args.entry,
        "lowering_starts": start,
        "lowering_days": args.entry.mjd() - plan.start,
        "final_km": args.final_km,
        "altitude_before_lowering_burns_km": plan.natural_km,
        "burns": [
            {"what": "lowering to the final altitude", "delta_v_m_s": plan.lowering_m_s},
            {"what": "entry", "delta_v_m_s": plan.entry_m_s},
        ],
        "propellant_kg": plan.propellant_kg,
        "capacity_kg": args.capacity_kg,
        "probability_capacity_suffices": plan.enough,
        "probability_too_early": plan.early,
        "crew_off": crew,
        "sun": sun.json(),
        "caveats": caveats,
        "inputs": inputs(Some(args.worlds), Some(args.seed)),
    });
    let band = |q: Quantiles| format!("{:.0} ({:.0} to {:.0})", q.p50, q.p05, q.p95);
    let mut text = format!(
        "{}{beyond}Lowering starts {start}, {:.0} days before entry on {}, under {}\n\
         altitude before the last burns: {} km; down to {} km: {} m/s; entry burn: {:.0} m/s\n\
         propellant {} kg of {:.0}: enough with probability {:.2}\n\
         below {} km too early with probability {:.3}\n",
        short.map_or_else(String::new, |line| line + "\n"),
        args.entry.mjd() - plan.start,
        args.entry,
        sun.text(),
        band(plan.natural_km),
        args.final_km,
        band(plan.lowering_m_s),
        plan.entry_m_s,
        band(plan.propellant_kg),
        args.capacity_kg,
        plan.enough,
        args.final_km,
        plan.early
    );
    for off in &plan.crew_off {
        let q = off.days_before_entry;
        if by_burns(q) {
            let _ = writeln!(
                text,
                "crew off at {} km: not reached by drag before the last burns; the crew leaves before \
                 them (5 % of worlds: by {}), six months or more before entry with probability {:.2}",
                off.altitude_km,
                date_before(q.p95),
                off.six_months
            );
            continue;
        }
        let _ = writeln!(
            text,
            "crew off at {} km: {} ({} to {}), six months or more before entry with probability \
             {:.2}",
            off.altitude_km,
            date_before(q.p50),
            date_before(q.p95),
            date_before(q.p05),
            off.six_months
        );
    }
    let picture = || {
        // The altitudes between start and final at which worlds' dates are asked.
        let levels: Vec<f64> = (0..=24)
            .map(|i| args.altitude_km + (args.final_km - args.altitude_km) * f64::from(i) / 24.0)
            .collect();
        let curve = solve(&DeorbitQuestion { worlds: args.worlds.min(200), ..question }, &levels)
            .map(|plan| plan.crew_off)
            .unwrap_or_default();
        let line = |pick: fn(&Quantiles) -> f64| {
            curve
                .iter()
                .map(|off| (args.entry.mjd() - pick(&off.days_before_entry), off.altitude_km))
                .collect::<Vec<_>>()
        };
        let mut marks = vec![
            Mark::Band { name: "5-95 %".into(), low: line(|q| q.p05), high: line(|q| q.p95) },
            Mark::Line { name: "median".into(), points: line(|q| q.p50) },
        ];
        for &value in &args.crew_off_km {
            marks.push(Mark::Level { name: format!("crew off at {value} km"), value });
        }
        svg(&Picture {
            title: "Lowering to a controlled end",
            axis: "mean altitude above 6378.137 km (km)",
            sentence: &format!(
                "Lowering starts {start}; entry on {}; {} kg of propellant.",
                args.entry,
                band(plan.propellant_kg)
            ),
            marks,
            dates: vec![(plan.start, "lowering starts".into()), (args.entry.mjd(), "entry".into())],
            from_zero: false,
        })
    };
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}
