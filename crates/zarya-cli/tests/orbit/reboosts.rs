//! `zarya orbit reboosts`: burns made up and published.

use crate::{json, made_up_series, reference, refusal, shared, temporary, zarya};
use serde_json::Value;

#[test]
fn a_burn_is_found_in_csv() {
    let path = temporary("burn.csv", &made_up_series());
    let answer = json(&["orbit", "reboosts", &path, "--json", "-"]);
    let burns = answer["burns"].as_array().unwrap();
    assert_eq!(burns.len(), 1, "{burns:?}");
    // Rows of a day are medians: a clean step between two was most likely flown late on the first.
    assert_eq!(burns[0]["date"], "2016-03-30");
    // From six hours before the noon of the one row to the noon of the other: two days are open.
    assert_eq!(burns[0]["dates"], serde_json::json!(["2016-03-30", "2016-03-31"]));
    assert_eq!(
        (&burns[0]["date_certain"], &burns[0]["between_share"]),
        (&false.into(), &0.9.into())
    );
    let hours = |i: usize| {
        let [hours, rows] =
            ["between_mjd", "rows_mjd"].map(|key| burns[0][key][i].as_f64().unwrap());
        24.0 * (hours - rows)
    };
    assert_eq!((hours(0), hours(1)), (6.0, 12.0));
    let text = zarya(&["orbit", "reboosts", &path]).stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(
        text.contains("\n2016-03-30 or 31 ") && text.contains("30 06:00 to 31 12:00"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // 1.5 km and a day's drag at 402 km are 0.88 m/s.
    assert!((burns[0]["delta_v_m_s"].as_f64().unwrap() - 0.875).abs() < 0.03);
    // Rows of a day stand for the day, whatever hour they are stamped with.
    for hour in ["T00:00:00Z", "T12:00:00Z", "T18:30:00Z"] {
        let stamped: String = made_up_series()
            .lines()
            .map(|line| line.replacen(',', &format!("{hour},"), 1) + "\n")
            .collect();
        let path = temporary("stamped.csv", &stamped.replacen(&format!("date{hour}"), "date", 1));
        let answer = json(&["orbit", "reboosts", &path, "--json", "-"]);
        assert_eq!(answer["burns"][0]["date"], "2016-03-30", "{hour}");
    }
    assert!(burns[0]["standard_error"].as_f64().unwrap() > 0.0);
}

/// Published burns (mission status reports and news of the day) in the public altitude history.
#[test]
fn published_burns_are_found() {
    burns_are_published(&reference("iss-altitudes.csv").0);
}

#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn published_burns_are_found_in_the_whole_series() {
    let burns = burns_are_published(&shared("data/orbit/iss_daily_mean_altitude.csv"));
    // The list of another detector ends in 2021; steps up of ours before that without a partner in it,
    // small enough to be no burn: one a year at most.
    let small = burns.iter().filter(|burn| {
        let (step, date) = (burn["delta_altitude_km"].as_f64().unwrap(), burn["date"].as_str());
        (0.0..0.1).contains(&step) && date.unwrap() < "2021-12-31"
    });
    assert!(small.count() <= 23);
}

fn burns_are_published(path: &str) -> Vec<Value> {
    let answer = json(&["orbit", "reboosts", path, "--json", "-", "--quiet"]);
    let burns = answer["burns"].as_array().unwrap();
    let on = |date: &str| {
        let day = zarya::units::Date::parse(date).unwrap().mjd();
        burns
            .iter()
            .find(|burn| {
                let found = zarya::units::Date::parse(burn["date"].as_str().unwrap()).unwrap();
                found.mjd() == day
            })
            .unwrap_or_else(|| panic!("no burn on {date}"))
    };
    let delta_v = on("2023-02-20")["delta_v_m_s"].as_f64().unwrap();
    assert!((delta_v - 1.7).abs() < 0.1, "{delta_v}");
    for date in ["2020-04-19", "2020-07-03", "2020-09-22"] {
        on(date);
    }
    let lowering = on("2020-07-11")["delta_altitude_km"].as_f64().unwrap();
    assert!((lowering + 0.9).abs() < 0.06, "{lowering}");
    burns.clone()
}

/// The element sets and the ephemeris with a planned burn of 0.4 m/s (57th day of 2022).
#[test]
#[cfg_attr(not(reference_series), ignore = "needs the reference series: set ZARYA_SHARED")]
fn element_sets_and_ephemerides_agree_with_the_series() {
    let path = shared("data/orbit/iss_2021-01_2022-03.tle");
    let answer = json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"]);
    let n = answer["burns"].as_array().unwrap().len();
    assert!((14..=17).contains(&n), "{n} burns");
}

/// Osculating altitudes swing by kilometers within a revolution: what is found in them is not passed off as
/// burns of a mean orbit; a quiet series is answered as such.
#[test]
fn reboosts_tell_what_a_series_cannot_show() {
    let rows = |swing_km: f64| {
        let rows: String = (0..300_u32)
            .map(|row| {
                let days = 0.21 * f64::from(row);
                let (sine, _) = zarya::units::math::sincos(97.3 * days);
                format!("{},{:.4}\n", 59_215.0 + days, 6798.137 - 0.05 * days + swing_km * sine)
            })
            .collect();
        format!("mjd,a_km\n{rows}")
    };
    let osculating = temporary("osculating.csv", &rows(9.0));
    let answer = json(&["orbit", "reboosts", &osculating, "--json", "-", "--quiet"]);
    assert!(answer["caveats"].to_string().contains("not osculating?"), "{}", answer["caveats"]);
    let quiet = temporary("quiet.csv", &rows(0.0));
    let output = zarya(&["orbit", "reboosts", &quiet]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(text, "No burn found between 2021-01-01 and 2021-03-04 in 300 rows\n");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let early = ["--from", "2021-01-01", "--through", "2021-02-01"];
    let said = refusal(&[&["orbit", "hindcast", "--altitudes", &quiet][..], &early].concat(), 1);
    assert!(said.contains("0 usable rows before 2021-01-01 where 5 are needed"), "{said}");
}
