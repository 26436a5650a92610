//! `zarya orbit reboosts`.

use super::plot::{Mark, Picture, svg};
use super::{OutputArgs, answer, inputs, read_track};
use crate::output::Failure;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;
use zarya_orbit::error::counted;
use zarya_orbit::geometry::ISS_INCLINATION_DEG;
use zarya_orbit::reboosts::{Burn, find, reduce};
use zarya_orbit::series::Track;
use zarya_orbit::sun::ObservedSun;
use zarya_units::Date;

/// Find the burns that were flown in a series of elements or altitudes.
///
/// Reads two-line element sets (with or without names), OMM (JSON, XML, KVN, CSV), OEM (XML, KVN) and
/// CSV with columns found by name, separated by commas, semicolons or tabs: `mjd` or `date`; `a_km`,
/// `a_mean_km` or `alt_mean_km` (above 6378.137 km). Drag is taken out with NRLMSISE-00 under the
/// observed Sun; what is left between burns is flat.
#[derive(Args)]
#[command(after_help = "Examples:\n  zarya orbit reboosts iss.tle\n  zarya orbit reboosts \
    altitudes.csv --json -\n\nA step smaller than the scatter of the series is not found; burns less \
    than two days apart may come out as one; across a gap of more than three days nothing is looked \
    for. In a series of one row a day (the median of that day's element sets) the date is the \
    likeliest of the two days that a clean step leaves open. Rows that cannot be used are left out \
    and named in a note.")]
pub(crate) struct ReboostsArgs {
    /// The series.
    file: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn burn_json(burn: &Burn) -> Value {
    json!({
        "date": burn.date(),
        "moment_mjd": burn.moment,
        "between_mjd": [burn.between.0, burn.between.1],
        "delta_v_m_s": burn.delta_v_m_s,
        "standard_error": burn.standard_error_m_s,
        "delta_altitude_km": burn.delta_altitude_km,
    })
}

pub(super) fn track_json(track: &Track) -> Value {
    let (first, last) = (track.fixes[0], track.fixes[track.fixes.len() - 1]);
    json!({
        "kind": track.kind,
        "rows": track.fixes.len(),
        "first": Date::from_mjd(first.mjd),
        "last": Date::from_mjd(last.mjd),
        "first_altitude_km": first.altitude_km,
        "last_altitude_km": last.altitude_km,
        "inclination_deg": track.inclination_deg,
        "drag_area_stated_m2_kg": track.drag_area_stated_m2_kg,
    })
}

/// Mean altitudes of a tracked station scatter by some 0.01 km, osculating ones by several.
const SCATTER_ODD_KM: f64 = 0.3;

pub(super) fn reboosts(args: &ReboostsArgs, quiet: bool) -> Result<(), Failure> {
    let track = read_track(&args.file)?;
    let burns = find(&track);
    let mut caveats = track.caveats.clone();
    if track.fixes.len() < 8 {
        caveats.push(format!(
            "too few to tell a burn from scatter: {}",
            counted(track.fixes.len(), "row")
        ));
    }
    if track.inclination_deg() != ISS_INCLINATION_DEG {
        caveats.push(format!(
            "the orbit is inclined {:.1} degrees: how the drag changes from day to day is taken from \
             the table for the ISS, its size from the series",
            track.inclination_deg()
        ));
    }
    let reduced = reduce(&track);
    if !reduced.sun_known {
        let last = ObservedSun::embedded().last();
        caveats.push(if track.fixes[track.fixes.len() - 1].mjd > last.mjd() {
            format!(
                "the observed Sun ends with {last}: after that day the mean of its last 81 days was \
                 held"
            )
        } else {
            "the series begins before the record of the Sun: its drag was taken as steady".into()
        });
    }
    let mut scatter_km = reduced.scatter_km.clone();
    scatter_km.sort_by(f64::total_cmp);
    let scatter_km = scatter_km[scatter_km.len() / 2];
    if scatter_km > SCATTER_ODD_KM {
        caveats.push(format!(
            "the rows scatter by {scatter_km:.1} km from one to the next: smaller burns are not found; \
             are the altitudes mean ones, not osculating?"
        ));
    }
    let value = json!({
        "command": "orbit reboosts",
        "input": track_json(&track),
        "burns": burns.iter().map(burn_json).collect::<Vec<_>>(),
        "caveats": caveats,
        "inputs": inputs(None, None),
    });
    // An empty sum is minus zero.
    let up: f64 = burns.iter().map(|burn| burn.delta_v_m_s.max(0.0)).sum::<f64>() + 0.0;
    let down: f64 = burns.iter().map(|burn| burn.delta_v_m_s.min(0.0)).sum();
    let days = (track.fixes[0].mjd, track.fixes[track.fixes.len() - 1].mjd);
    let between = format!("between {} and {}", Date::from_mjd(days.0), Date::from_mjd(days.1));
    let mut text = if burns.is_empty() {
        format!("No burn found {between} in {}\n", counted(track.fixes.len(), "row"))
    } else {
        format!(
            "{} {between}: {up:.1} m/s up, {:.1} m/s down\n\n\
             date         delta-v m/s   ± s.e.   altitude km\n",
            counted(burns.len(), "burn"),
            down.abs()
        )
    };
    for burn in &burns {
        let _ = writeln!(
            text,
            "{}   {:>+11.3}   {:>6.3}   {:>+11.3}",
            burn.date(),
            burn.delta_v_m_s,
            burn.standard_error_m_s,
            burn.delta_altitude_km
        );
    }
    let picture = || {
        let points = track.fixes.iter().map(|fix| (fix.mjd, fix.altitude_km)).collect();
        let dots = burns
            .iter()
            .map(|burn| {
                let fix = track.fixes[burn.index];
                (fix.mjd, fix.altitude_km, burn.delta_altitude_error_km)
            })
            .collect();
        svg(&Picture {
            title: "Mean altitude and burns found",
            axis: "mean altitude above 6378.137 km (km)",
            sentence: &format!(
                "Mean altitude in time with {} marked.",
                counted(burns.len(), "burn")
            ),
            marks: vec![
                Mark::Line { name: "mean altitude".into(), points },
                Mark::Dots { name: "first fix after a burn".into(), points: dots },
            ],
            dates: Vec::new(),
            from_zero: false,
        })
    };
    answer(&args.output, quiet, &value, &caveats, &text, picture)
}
