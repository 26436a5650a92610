//! `zarya orbit hindcast`.

use super::elements::{burn_json, track_json};
use super::plot::{Mark, Picture, svg};
use super::{
    OutputArgs, SunArgs, answer, choose_sun, inputs, read_jb2008, read_track, refused, span,
};
use crate::output::Failure;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use zarya_orbit::drag;
use zarya_orbit::hindcast::{Question, ROWS_MIN, hindcast as solve};
use zarya_units::Date;

/// Predict the loss of altitude after a date from what was known before it.
///
/// Only rows dated before `--from` and forecasts issued by then are used: drag and density are
/// estimated from the days without burns, and carried forward under the chosen Sun.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 \
    --through 2015-01-27\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 --through \
    2015-01-27 --sun observed --json -\n  zarya orbit hindcast --altitudes iss.csv --from 2014-11-15 \
    --through 2015-01-27 --sun observed --jb2008 drivers\n\nOnly the product of drag area and density is observed. \
    They are told apart under a stated prior (see `prior` in the JSON). The last row may lie at most 30 days before \
    `--from`. A quantile is null when the orbit sinks below 150 km in it.")]
pub(crate) struct HindcastArgs {
    /// The past series: CSV, TLE, OMM or OEM.
    #[arg(long, value_name = "FILE")]
    altitudes: PathBuf,
    /// First day of the prediction.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    from: Date,
    /// Last day of the prediction.
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    through: Date,
    #[command(flatten)]
    sun: SunArgs,
    /// Take the density from JB2008, with the drivers SOLFSMY.TXT and DTCFILE.TXT of this folder; only
    /// with `--sun observed`.
    #[arg(long, value_name = "FOLDER")]
    jb2008: Option<PathBuf>,
    /// Worlds drawn.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    worlds: u32,
    /// Seed of the draws.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn hindcast(args: &HindcastArgs, quiet: bool) -> Result<(), Failure> {
    span(args.from, args.through)?;
    if args.jb2008.is_some() && args.sun.sun.as_deref() != Some("observed") {
        return Err(Failure::Usage(
            "--jb2008 needs --sun observed: its drivers are measured, nobody forecasts them".into(),
        ));
    }
    let track = read_track(&args.altitudes)?;
    let jb2008 = args.jb2008.as_deref().map(read_jb2008).transpose()?;
    let mut caveats = Vec::new();
    let sun = choose_sun(&args.sun, args.from, true, &mut caveats)?;
    let question = Question {
        from: args.from.mjd(),
        through: args.through.mjd(),
        sun: sun.choice(),
        jb2008: jb2008.as_ref().map(|(drivers, _)| drivers),
        worlds: args.worlds,
        seed: args.seed,
    };
    let found = solve(&track, &question).map_err(|error| refused(&error))?;
    caveats.extend(found.caveats.iter().cloned());
    if found.reentered > 0.0 {
        let median = found
            .reentry
            .map_or_else(String::new, |date| format!(", in the median world by {date}"));
        caveats.push(format!(
            "in {:.0} % of the worlds the orbit sinks below 150 km before {}{median}: their loss is not \
             bounded",
            100.0 * found.reentered,
            args.through
        ));
    }
    let drop = found.drop_km;
    let mut inputs = inputs(Some(args.worlds), Some(args.seed));
    if let Some((_, digest)) = &jb2008 {
        inputs["air"] = json!("JB2008, averaged over revolutions");
        inputs["jb2008_drivers_sha256"] = json!(digest);
    }
    let value = json!({
        "command": "orbit hindcast",
        "from": args.from,
        "through": args.through,
        "days": args.through.mjd() - args.from.mjd(),
        "sun": sun.json(),
        // Of the rows before the start: what came after must not show.
        "input": track_json(track.before(args.from.mjd(), ROWS_MIN).as_ref().unwrap_or(&track)),
        "rows_used": found.rows,
        "last_row_used": Date::from_mjd(found.last_fix),
        "start_altitude_km": found.start_altitude_km,
        "drop_km": drop,
        "drag_area_m2_kg": found.split.drag_area_m2_kg,
        "drag_area_standard_error_m2_kg": found.split.drag_area_error_m2_kg,
        "density_scale": found.split.density_scale,
        "density_scale_standard_error": found.split.density_scale_error,
        "product_relative_standard_error": found.ln_drag_error,
        "sinks_below_150_km": found.reentry,
        "prior": {
            "drag_area_m2_kg": drag::PRIOR_DRAG_AREA_M2_KG,
            "drag_area_relative_spread": drag::PRIOR_LN_AREA_SPREAD,
            "density_scale": 1.0,
            "density_scale_relative_spread": drag::PRIOR_LN_SCALE_SPREAD,
            "basis": "assumed: only the product is observed; lognormal, about the station's drag \
                      before 2012 and the error of the density model",
        },
        "past_burns": found.burns.iter().rev().take(5).rev().map(burn_json).collect::<Vec<_>>(),
        "days_km": found.days.iter().enumerate().map(|(i, altitude)| json!({
            "date": args.from.plus_days(i as i32),
            "altitude_km": altitude.p50,
            "p05": altitude.p05,
            "p95": altitude.p95,
        })).collect::<Vec<_>>(),
        "caveats": caveats,
        "inputs": inputs,
    });
    let lost = |km: f64| {
        if km.is_finite() {
            format!("{km:.2}")
        } else {
            format!("at least {:.2}", found.start_altitude_km - zarya_orbit::table::ALTITUDE_KM.0)
        }
    };
    let sinks = match found.reentry {
        Some(date) => format!("below 150 km by {date}"),
        None => format!("{} km", lost(drop.p50)),
    };
    let text = format!(
        "From {} at {:.2} km through {}: sinks {sinks} (5-95 %: {} to {} km)\n\
         under {}{}\n\
         drag area {:.5} m2/kg ± {:.5} at density scale {:.3} ± {:.3} (their product to {:.1} %)\n\
         from {} rows through {} and {}\n",
        args.from,
        found.start_altitude_km,
        args.through,
        lost(drop.p05),
        lost(drop.p95),
        sun.text(),
        if jb2008.is_some() { ", density from JB2008" } else { "" },
        found.split.drag_area_m2_kg,
        found.split.drag_area_error_m2_kg,
        found.split.density_scale,
        found.split.density_scale_error,
        100.0 * found.ln_drag_error,
        found.rows,
        Date::from_mjd(found.last_fix),
        zarya_orbit::error::counted(found.burns.len(), "past burn"),
    );
    let picture = || {
        let at = |i: usize| args.from.mjd() + i as f64;
        let floor_km = zarya_orbit::table::ALTITUDE_KM.0;
        let line = |pick: fn(&zarya_orbit::worlds::Quantiles) -> f64| {
            found
                .days
                .iter()
                .enumerate()
                .map(|(i, q)| (at(i), pick(q).max(floor_km)))
                .collect::<Vec<_>>()
        };
        let known = track
            .fixes
            .iter()
            .filter(|fix| fix.mjd >= args.from.mjd() - 60.0 && fix.mjd < args.from.mjd())
            .map(|fix| (fix.mjd, fix.altitude_km))
            .collect();
        svg(&Picture {
            title: "Decay predicted from the rows before the start",
            axis: "mean altitude above 6378.137 km (km)",
            sentence: &format!(
                "Altitude known before {}, then predicted to fall {} km by {} (5 to 95 %: \
                 {} to {} km).",
                args.from,
                lost(drop.p50),
                args.through,
                lost(drop.p05),
                lost(drop.p95)
            ),
            marks: vec![
                Mark::Band { name: "5-95 %".into(), low: line(|q| q.p05), high: line(|q| q.p95) },
                Mark::Line { name: "median".into(), points: line(|q| q.p50) },
                Mark::Line { name: "known".into(), points: known },
            ],
            dates: vec![(args.from.mjd(), "start".into())],
            from_zero: false,
        })
    };
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}
