//! `zarya orbit hindcast`: no look ahead, published decays.

use crate::{json, made_up_series, reference, refusal, shared, temporary};
use serde_json::Value;

/// Rows from the start on and forecasts issued later change nothing.
#[test]
fn a_hindcast_does_not_look_ahead() {
    let series = made_up_series();
    let cut: String = series.lines().take(51).map(|line| format!("{line}\n")).collect();
    let whole = temporary("whole.csv", &series);
    let part = temporary("part.csv", &cut);
    let ask = |path: &str| {
        json(&[
            "orbit",
            "hindcast",
            "--altitudes",
            path,
            "--from",
            "2016-04-20",
            "--through",
            "2016-06-01",
            "--json",
            "-",
        ])
    };
    let (a, b) = (ask(&whole), ask(&part));
    assert_eq!(a, b);
    let drop = ["p05", "p50", "p95"].map(|p| a["drop_km"][p].as_f64().unwrap());
    assert!(0.0 < drop[0] && drop[0] < drop[1] && drop[1] < drop[2]);
    let text = refusal(
        &[
            "orbit",
            "hindcast",
            "--altitudes",
            &part,
            "--from",
            "2016-04-20",
            "--through",
            "2016-06-01",
            "--sun",
            "2016-05",
        ],
        1,
    );
    assert!(text.contains("looks ahead"), "{text}");
}

/// The drivers of JB2008 are asked for only where they can serve.
#[test]
fn jb2008_is_for_the_observed_sun() {
    let series = temporary("no-drivers.csv", &made_up_series());
    let dates = ["--from", "2016-04-20", "--through", "2016-05-20"];
    let call = [&["orbit", "hindcast", "--altitudes", &series][..], &dates].concat();
    let empty = std::env::temp_dir().join(format!("zarya-no-drivers-{}", std::process::id()));
    std::fs::create_dir_all(&empty).unwrap();
    let folder = ["--jb2008", empty.to_str().unwrap()];
    let text = refusal(&[&call[..], &folder].concat(), 2);
    assert!(text.contains("--sun observed"), "{text}");
    let observed = [&call[..], &["--sun", "observed"]].concat();
    let text = refusal(&[&observed[..], &folder].concat(), 1);
    assert!(text.contains("SOLFSMY.TXT"), "{text}");
}

/// The drivers of JB2008 are read from a folder, packed or not.
#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn the_drivers_of_jb2008_are_read_from_a_folder() {
    let series = temporary("jb2008.csv", &made_up_series());
    let dates = ["--from", "2016-04-20", "--through", "2016-05-20"];
    let call = [&["orbit", "hindcast", "--altitudes", &series][..], &dates].concat();
    let observed = [&call[..], &["--sun", "observed"]].concat();
    let held = shared("data/orbit");
    let held = ["--jb2008", &*held];
    let quiet = ["--json", "-", "--quiet"];
    let plain = json(&[&observed[..], &quiet].concat());
    let answer = json(&[&observed[..], &held, &quiet].concat());
    assert!(answer["inputs"]["air"].as_str().unwrap().starts_with("JB2008"));
    assert_eq!(answer["inputs"]["jb2008_drivers_sha256"].as_str().unwrap().len(), 64);
    let drop = |answer: &Value| answer["drop_km"]["p50"].as_f64().unwrap();
    let ratio = drop(&answer) / drop(&plain);
    assert!((0.7..1.4).contains(&ratio) && ratio != 1.0, "{ratio}");
    // The drivers end before the record of the Sun does.
    let late = ["--from", "2016-04-20", "--through", "2026-05-20", "--sun", "observed"];
    let late = [&["orbit", "hindcast", "--altitudes", &series][..], &late, &held].concat();
    let text = refusal(&late, 1);
    assert!(text.contains("JB2008 cannot be used on 2024-"), "{text}");
}

/// Five reboost-free decays, the drag from the 60 days before each alone, the Sun observed.
#[test]
fn published_decays_are_met_within_the_bands() {
    decays_are_met(&reference("iss-altitudes.csv").0);
}

/// With all that lies before each decay.
#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn published_decays_are_met_with_the_whole_series() {
    decays_are_met(&shared("data/orbit/iss_daily_mean_altitude.csv"));
}

fn decays_are_met(series: &str) {
    let mut errors = Vec::new();
    for cells in reference("iss-decays.csv").1 {
        let dates = ["--from", &cells[1], "--through", &cells[2], "--sun", "observed"];
        let call = ["orbit", "hindcast", "--altitudes", series, "--json", "-", "--quiet"];
        let answer = json(&[&call[..], &dates].concat());
        let p50 = answer["drop_km"]["p50"].as_f64().unwrap();
        let observed: f64 = cells[4].parse().unwrap();
        eprintln!("{cells:?}: {p50:.3}");
        errors.push((p50 / observed - 1.0).abs());
        let (start, wanted) = (&answer["start_altitude_km"], cells[3].parse::<f64>().unwrap());
        assert!((start.as_f64().unwrap() - wanted).abs() < 0.6, "{start} {wanted}");
    }
    errors.sort_by(f64::total_cmp);
    assert!(errors.len() == 5 && errors[2] < 0.15, "{errors:?}");
}

/// The figures of `reference` are those of the series that they were taken from.
#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn the_figures_are_those_of_the_series() {
    let text = std::fs::read_to_string(shared("data/orbit/iss_daily_mean_altitude.csv")).unwrap();
    let rows: Vec<(&str, f64, f64)> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[0], cells[1].parse().unwrap(), cells[3].parse().unwrap()))
        .collect();
    let number = |cell: &String| cell.parse::<f64>().unwrap();
    for cells in reference("iss-altitudes.csv").1 {
        let row = rows.iter().find(|row| row.0 == cells[0]).expect("a day of the series");
        assert!((row.2 - number(&cells[1])).abs() < 0.001, "{cells:?}");
    }
    for cells in reference("iss-years.csv").1 {
        let within = |day: &str| *cells[0] <= *day && *day <= *cells[1];
        let rows: Vec<_> = rows.iter().filter(|row| within(row.0)).collect();
        // Drag takes less than 0.2 km a day: what falls faster was lowered.
        let falls = rows.windows(2).map(|pair| (pair[1].1 - pair[0].1, pair[0].2 - pair[1].2));
        let lost: f64 =
            falls.filter(|(days, km)| (0.0..0.2 + 0.2 * days).contains(km)).map(|f| f.1).sum();
        let mean = rows.iter().map(|row| row.2).sum::<f64>() / rows.len() as f64;
        for (found, cell) in [(rows[0].2, &cells[2]), (mean, &cells[3]), (lost, &cells[4])] {
            assert!((found - number(cell)).abs() < 0.001, "{found} {cells:?}");
        }
    }
}

/// The record of the Sun ends on 2026-10-01; rows that end before it or outlast it are answered, rows that
/// end long before the start are not, and a loss that has no bound is null.
#[test]
fn a_hindcast_reaches_beyond_the_record_of_the_sun() {
    let rows = |last: &str, altitude_km: f64| {
        let last = zarya::units::Date::parse(last).unwrap();
        let rows: String = (0..120)
            .rev()
            .map(|back| {
                let altitude = altitude_km + 0.05 * f64::from(back);
                format!("{},{altitude:.4}\n", last.plus_days(-back))
            })
            .collect();
        format!("date,alt_mean_km\n{rows}")
    };
    let call = |path: &str, from: &str, through: &str| {
        let dates = ["--from", from, "--through", through, "--worlds", "40"];
        let all = [&["orbit", "hindcast", "--altitudes", path][..], &dates, &["--json", "-"]];
        all.concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let ask = |path: &str, from: &str, through: &str| {
        let call = call(path, from, through);
        json(&call.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let august = temporary("august.csv", &rows("2026-08-20", 415.0));
    for from in ["2026-08-21", "2026-08-23", "2026-08-24", "2026-08-26", "2026-09-15"] {
        let drop = ask(&august, from, "2026-10-15")["drop_km"]["p50"].as_f64().unwrap();
        assert!((0.5..6.0).contains(&drop), "{from}: {drop}");
    }
    let late = call(&august, "2026-12-01", "2026-12-21");
    let late = late.iter().map(String::as_str).collect::<Vec<_>>();
    assert!(refusal(&late, 1).contains("2026-08-20, more than 30 days older"));
    let partly = temporary("partly.csv", &rows("2026-11-20", 415.0));
    let beyond = temporary("beyond.csv", &rows("2027-02-20", 415.0));
    for (path, from, through) in
        [(&partly, "2026-11-21", "2026-12-21"), (&beyond, "2027-02-22", "2027-03-22")]
    {
        let answer = ask(path, from, through);
        let drop = answer["drop_km"]["p50"].as_f64().unwrap();
        assert!((0.5..3.0).contains(&drop), "{path}: {drop}");
        assert!(answer["caveats"].to_string().contains("observed Sun ends with 2026-10-01"));
        let start = answer["start_altitude_km"].as_f64().unwrap();
        assert!((start - 414.95).abs() < 0.1, "{start}");
    }
    let low = temporary("low.csv", &rows("2026-08-20", 230.0));
    let answer = ask(&low, "2026-08-21", "2028-08-21");
    assert!(answer["drop_km"]["p50"].is_null(), "{}", answer["drop_km"]);
    assert!(answer["sinks_below_150_km"].as_str().unwrap() > "2026-08-21");
    assert!(answer["days_km"][730]["altitude_km"].is_null());
}
