//! `zarya orbit decay` and `zarya orbit lifetime`.

use super::plot::{Mark, Picture, svg};
use super::{
    ChosenSun, OutputArgs, SunArgs, altitude, answer, choose_sun, drag_area, inputs, positive,
    refused, span,
};
use crate::output::Failure;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use zarya_orbit::decay::decay_daily;
use zarya_orbit::density::FITTED_BEFORE_2012;
use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::inclination::table_at;
use zarya_orbit::table::ALTITUDE_KM;
use zarya_orbit::worlds::{
    LifetimeQuestion, Quantiles, SunChoice, density_of_world, lifetime as solve, sun_of_world,
};
use zarya_orbit::{DecayTable, SunPath};
use zarya_units::Date;
use zarya_units::random::Source;

/// Print the altitude day by day if nobody pushes.
///
/// With `--sun observed` one line; with a forecast the median and the 5-95 % band over worlds, each
/// with its own Sun and density.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit decay --altitude-km 415 --drag-area-m2-kg 0.007 \
    --from 2023-01-01 --through 2023-06-30 --sun observed\n  zarya orbit decay --altitude-km 415 \
    --drag-area-m2-kg 0.007 --from 2026-03-01 --through 2027-03-01 --json -\n\n`altitude` is the \
    mean (Brouwer) semi-major axis minus 6378.137 km; `drag area` is Cd A / m. The orbit is \
    circular, by default at the 51.64 degrees of the ISS.")]
pub(crate) struct DecayArgs {
    /// Mean altitude on the first day, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: f64,
    /// Cd A / m in m2/kg; the ISS has about 0.007.
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: f64,
    /// Factor on the density of NRLMSISE-00 (observed Sun; the median with a forecast).
    #[arg(long, allow_negative_numbers = true, default_value_t = 1.0)]
    density_scale: f64,
    /// Inclination of the orbit, degrees.
    #[arg(long, allow_negative_numbers = true, value_name = "DEG", default_value_t = ISS_INCLINATION_DEG)]
    inclination_deg: f64,
    /// First day.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// Last day.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    through: Date,
    #[command(flatten)]
    sun: SunArgs,
    /// Worlds drawn with a forecast.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn decay(args: &DecayArgs, quiet: bool) -> Result<(), Failure> {
    let days = span(args.from, args.through)?;
    altitude("--altitude-km", args.altitude_km)?;
    positive("--density-scale", args.density_scale)?;
    let drag = drag_area(args.drag_area_m2_kg)? * args.density_scale;
    let mut caveats = Vec::new();
    let sun = choose_sun(&args.sun, args.from, false, &mut caveats)?;
    let table = &table_of(args.inclination_deg)?;
    let from = args.from.mjd();
    let mut lines: Vec<Quantiles> = Vec::new();
    let mut lasted = days as f64;
    let mut beyond = String::new();
    if let SunChoice::Observed = sun.choice() {
        let path =
            SunPath::observed(from, days).map_err(|error| refused(&error))?.with_felt_ap(1.0);
        let (altitudes, end) =
            decay_daily(table, args.altitude_km, drag, from, days, &path, |_| 1.0);
        lines.extend(altitudes.iter().map(|&z| Quantiles { p05: z, p50: z, p95: z }));
        if end.reentered {
            lasted = end.days;
            caveats.push(format!(
                "the orbit sinks below 150 km after {lasted:.1} days; the list ends there"
            ));
        }
    } else {
        beyond = forecast_caveat(&sun, from + days as f64, &mut caveats);
        let mut by_day = vec![Vec::with_capacity(args.worlds as usize); days + 1];
        let mut gone = 0_u32;
        for world in 0..args.worlds {
            let source = Source::new(args.seed, u64::from(world));
            let path =
                sun_of_world(sun.choice(), from, days, &source).map_err(|error| refused(&error))?;
            let density = density_of_world(FITTED_BEFORE_2012, from, days, &source);
            let (altitudes, end) =
                decay_daily(table, args.altitude_km, drag, from, days, &path, |mjd| {
                    density.at(mjd)
                });
            gone += u32::from(end.reentered);
            for (day, values) in by_day.iter_mut().enumerate() {
                values.push(altitudes.get(day).copied().unwrap_or(end.altitude_km));
            }
        }
        lines.extend(by_day.iter().map(|values| Quantiles::of(values)));
        if gone > 0 {
            caveats.push(format!(
                "in {:.0} % of the worlds the orbit sinks below 150 km before {}; 150 km stands \
                 for them",
                100.0 * f64::from(gone) / f64::from(args.worlds),
                args.through
            ));
        }
    }
    let banded = matches!(sun, ChosenSun::Issue(_));
    let list: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(i, q)| {
            let date = args.from.plus_days(i as i32);
            if banded {
                json!({"date": date, "altitude_km": q.p50, "p05": q.p05, "p95": q.p95})
            } else {
                json!({"date": date, "altitude_km": q.p50})
            }
        })
        .collect();
    let value = json!({
        "command": "orbit decay",
        "from": args.from,
        "through": args.through,
        "altitude_km": args.altitude_km,
        "drag_area_m2_kg": args.drag_area_m2_kg,
        "inclination_deg": args.inclination_deg,
        "density_scale": args.density_scale,
        "sun": sun.json(),
        "lasted_days": lasted,
        "days": list,
        "caveats": caveats,
        "inputs": inputs(banded.then_some(args.worlds), banded.then_some(args.seed)),
    });
    let last = lines[lines.len() - 1];
    let mut text = format!(
        "From {} at {:.2} km through {}: {:.2} km lost, {:.2} km left, under {}\n",
        args.from,
        args.altitude_km,
        args.from.plus_days(lines.len() as i32 - 1),
        args.altitude_km - last.p50,
        last.p50,
        sun.text()
    );
    if banded {
        let _ = writeln!(text, "5-95 % at the end: {:.2} to {:.2} km", last.p05, last.p95);
    }
    text += &beyond;
    let every = lines.len().div_ceil(24).max(1);
    let end = lines.len() - 1;
    for (i, q) in lines.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == end) {
        let _ = write!(text, "{}   {:.3}", args.from.plus_days(i as i32), q.p50);
        let _ =
            if banded { writeln!(text, "   {:.3} to {:.3}", q.p05, q.p95) } else { writeln!(text) };
    }
    let picture = || {
        let line = |pick: fn(&Quantiles) -> f64| {
            lines.iter().enumerate().map(|(i, q)| (from + i as f64, pick(q))).collect::<Vec<_>>()
        };
        let mut marks = Vec::new();
        let mut middle = line(|q| q.p50);
        fallen(&mut middle);
        let name = if banded {
            let (mut low, mut high) = (line(|q| q.p05), line(|q| q.p95));
            fallen(&mut high);
            low.truncate(high.len());
            marks.push(Mark::Band { name: "5-95 % of worlds".into(), low, high });
            "median"
        } else {
            "mean altitude"
        };
        marks.push(Mark::Line { name: name.into(), points: middle });
        if last.p05 <= ALTITUDE_KM.0 {
            let value = ALTITUDE_KM.0;
            marks.push(Mark::Level { name: format!("entry follows, {value} km"), value });
        }
        svg(&Picture {
            title: "Decay without reboost",
            axis: "mean altitude above 6378.137 km (km)",
            sentence: &format!(
                "Altitude falls from {:.1} to {:.1} km between {} and {}.",
                args.altitude_km, last.p50, args.from, args.through
            ),
            marks,
            dates: Vec::new(),
            from_zero: false,
        })
    };
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}

/// Ends a curve where it reaches the floor of the tables: nothing flies on there.
pub(super) fn fallen(points: &mut Vec<(f64, f64)>) {
    if let Some(at) = points.iter().position(|point| point.1 <= ALTITUDE_KM.0) {
        points.truncate(at + 1);
    }
}

/// Returns the decay rates of an inclination; another one than the station's takes half a second.
pub(super) fn table_of(inclination_deg: f64) -> Result<DecayTable, Failure> {
    if (0.0..=180.0).contains(&inclination_deg) {
        return Ok(table_at(inclination_deg));
    }
    Err(Failure::Usage(format!(
        "--inclination-deg {inclination_deg}: an inclination lies between 0 and 180 degrees"
    )))
}

/// Says when a span reaches beyond the months of a forecast: among the caveats, and as a line for the
/// answer's text (empty when it does not).
pub(super) fn forecast_caveat(sun: &ChosenSun, end: f64, caveats: &mut Vec<String>) -> String {
    if let ChosenSun::Issue(issue) = sun
        && end > issue.end()
    {
        let caveat = format!(
            "the forecast issued {} ends with {}; its last month is held after that",
            issue.name(),
            Date::from_mjd(issue.end() - 1.0)
        );
        let line = format!("no forecast of the Sun reaches this far: {caveat}\n");
        caveats.push(caveat);
        return line;
    }
    String::new()
}

/// Tell how long an orbit lasts if nobody pushes.
///
/// Days until given altitudes, with 5, 50 and 95 % over worlds: each with its own Sun drawn from
/// the forecast as issued and its own path of the density scale.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit lifetime --altitude-km 418 --drag-area-m2-kg \
    0.007 --from 2026-03-15 --to-km 330,180\n  zarya orbit lifetime --altitude-km 418 \
    --drag-area-m2-kg 0.007 --from 2024-09-01 --to-km 330,180 --sun 2024-09 --seed 7 --json -\n\n\
    A quantile beyond the last month of the forecast is null: the Sun after it is not known.")]
pub(crate) struct LifetimeArgs {
    /// Mean altitude on the first day, km.
    #[arg(long, allow_negative_numbers = true, value_name = "KM")]
    altitude_km: f64,
    /// Cd A / m in m2/kg at density scale 1; the ISS has about 0.007.
    #[arg(long, allow_negative_numbers = true, value_name = "M2/KG")]
    drag_area_m2_kg: f64,
    /// Inclination of the orbit, degrees.
    #[arg(long, allow_negative_numbers = true, value_name = "DEG", default_value_t = ISS_INCLINATION_DEG)]
    inclination_deg: f64,
    /// First day.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// Altitudes to reach, km, separated by commas.
    #[arg(
        long,
        allow_negative_numbers = true,
        value_name = "KM,KM…",
        value_delimiter = ',',
        required = true
    )]
    to_km: Vec<f64>,
    #[command(flatten)]
    sun: SunArgs,
    /// Worlds drawn.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn lifetime(args: &LifetimeArgs, quiet: bool) -> Result<(), Failure> {
    altitude("--altitude-km", args.altitude_km)?;
    drag_area(args.drag_area_m2_kg)?;
    for &target in &args.to_km {
        altitude("--to-km", target)?;
        if target > args.altitude_km {
            return Err(Failure::Usage(format!(
                "--to-km {target} lies above --altitude-km {}: without burns nothing rises",
                args.altitude_km
            )));
        }
    }
    let mut caveats = Vec::new();
    let sun = choose_sun(&args.sun, args.from, false, &mut caveats)?;
    let from = args.from.mjd();
    let end = match &sun {
        ChosenSun::Issue(issue) => issue.end(),
        ChosenSun::Observed => zarya_orbit::sun::ObservedSun::embedded().last().mjd() - 40.0,
    };
    if let ChosenSun::Issue(issue) = &sun
        && end <= from
    {
        return Err(Failure::Refused(format!(
            "the forecast issued {} ends with {}, before --from {}: nothing is known of the Sun from \
             there on; a newer forecast can be given with --forecasts",
            issue.name(),
            Date::from_mjd(end - 1.0),
            args.from
        )));
    }
    let days = (end - from).max(1.0) as usize;
    let table = table_of(args.inclination_deg)?;
    let question = LifetimeQuestion {
        table: &table,
        altitude_km: args.altitude_km,
        drag_area_m2_kg: args.drag_area_m2_kg,
        from,
        sun: sun.choice(),
        days,
        worlds: args.worlds,
        seed: args.seed,
    };
    let targets = solve(&question, &args.to_km).map_err(|error| refused(&error))?;
    let finite = |days: f64| if days.is_finite() { json!(days) } else { Value::Null };
    let mut text = format!(
        "From {:.1} km on {} under {}, without burns:\n\nto km         5 %        50 %        95 %  \
         (days; dates below)\n",
        args.altitude_km,
        args.from,
        sun.text()
    );
    let mut list = Vec::new();
    for target in &targets {
        let q = target.quantiles();
        let reached = target.reached();
        if reached < 1.0 {
            caveats.push(format!(
                "{:.0} km is not reached in {:.0} % of the worlds before the Sun's record or \
                 forecast ends ({})",
                target.to_km,
                100.0 * (1.0 - reached),
                Date::from_mjd(end)
            ));
        }
        let date = |days: f64| {
            if days.is_finite() { Date::from_mjd(from + days).to_string() } else { "later".into() }
        };
        let cell = |days: f64| {
            if days.is_finite() { format!("{days:.0}") } else { "later".into() }
        };
        let _ = writeln!(
            text,
            "{:>5.0} {:>11} {:>11} {:>11}\n      {:>11} {:>11} {:>11}",
            target.to_km,
            cell(q.p05),
            cell(q.p50),
            cell(q.p95),
            date(q.p05),
            date(q.p50),
            date(q.p95)
        );
        list.push(json!({
            "to_km": target.to_km,
            "p05": finite(q.p05),
            "p50": finite(q.p50),
            "p95": finite(q.p95),
            "share_reached": reached,
        }));
    }
    let value = json!({
        "command": "orbit lifetime",
        "from": args.from,
        "altitude_km": args.altitude_km,
        "drag_area_m2_kg": args.drag_area_m2_kg,
        "inclination_deg": args.inclination_deg,
        "sun": sun.json(),
        "looked_ahead_days": days,
        "targets": list,
        "caveats": caveats,
        "inputs": inputs(Some(args.worlds), Some(args.seed)),
    });
    let picture = || {
        let down_to = |lowest: f64| {
            let mut levels: Vec<f64> = (0..=80)
                .map(|i| args.altitude_km + (lowest - args.altitude_km) * f64::from(i) / 80.0)
                .collect();
            levels.dedup();
            let part = LifetimeQuestion { worlds: args.worlds.min(300), ..question };
            solve(&part, &levels).unwrap_or_default()
        };
        let mut curve = down_to(args.to_km.iter().copied().fold(f64::INFINITY, f64::min));
        // Where little is lost before the forecast ends, the levels lie closer.
        let reached = curve.iter().filter(|target| target.quantiles().p05.is_finite()).count();
        if let Some(next) = curve.get(reached).filter(|_| 2 * reached < curve.len()) {
            curve = down_to(next.to_km);
        }
        let line = |pick: fn(&Quantiles) -> f64| {
            curve
                .iter()
                .map(|target| (from + pick(&target.quantiles()), target.to_km))
                .collect::<Vec<_>>()
        };
        // What lies beyond the forecast is not known: the band is cut there, the median ends.
        let (mut low, mut high) = (line(|q| q.p05), line(|q| q.p95));
        low.retain(|point| point.0.is_finite());
        high.truncate(low.len());
        let mut dates = Vec::new();
        if high.iter().any(|point| point.0.is_infinite()) || low.len() < curve.len() {
            let what =
                if matches!(sun, ChosenSun::Issue(_)) { "forecast ends" } else { "record ends" };
            dates.push((end, what.to_owned()));
        }
        for point in &mut high {
            point.0 = point.0.min(end);
        }
        let mut middle = line(|q| q.p50);
        middle.retain(|point| point.0.is_finite());
        let marks = vec![
            Mark::Band { name: "5-95 % of worlds".into(), low, high },
            Mark::Line { name: "median".into(), points: middle },
        ];
        let levels =
            args.to_km.iter().map(|&value| Mark::Level { name: format!("{value} km"), value });
        svg(&Picture {
            title: "How long the orbit lasts without reboost",
            axis: "mean altitude above 6378.137 km (km)",
            sentence: "The band holds 90 % of the worlds at each altitude.",
            marks: marks.into_iter().chain(levels).collect(),
            dates,
            from_zero: false,
        })
    };
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}
