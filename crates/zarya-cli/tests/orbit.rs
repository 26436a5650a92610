//! The orbit commands from outside: the JSON contract, published burns, and refusals.

#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect)] // small inputs of tests

mod schema;
mod terminal;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn zarya(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zarya")).args(arguments).output().expect("the program runs")
}

fn json(arguments: &[&str]) -> Value {
    let output = zarya(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("stdout holds JSON alone")
}

fn refusal(arguments: &[&str], status: i32) -> String {
    let output = zarya(arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A reference series that is not part of the repository.
fn shared(path: &str) -> String {
    let root = std::env::var_os("ZARYA_SHARED").expect("set as when the test was built");
    let path = Path::new(&root).join(path);
    assert!(path.exists(), "{} is missing", path.display());
    path.to_str().expect("a plain path").to_owned()
}

/// A table of published or derived figures, whose head says where they come from: its path and its rows.
fn reference(name: &str) -> (String, Vec<Vec<String>>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(&path).unwrap();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (path.to_str().expect("a plain path").to_owned(), rows.collect())
}

fn temporary(name: &str, contents: &str) -> String {
    let path = std::env::temp_dir().join(format!("zarya-orbit-{}-{name}", std::process::id()));
    std::fs::write(&path, contents).expect("a temporary file");
    path.to_str().expect("a plain path").to_owned()
}

/// A made-up station: 0.06 km of drag a day, one burn of 1.5 km, daily means.
fn made_up_series() -> String {
    let mut text = String::from("date,n,alt_mean_km\n");
    for day in 0..60 {
        let date = zarya::units::Date::parse("2016-03-01").unwrap().plus_days(day);
        let step = if day >= 30 { 1.5 } else { 0.0 };
        text += &format!("{date},{day},{:.4}\n", 404.0 - 0.05 * f64::from(day) + step);
    }
    text
}

#[test]
fn decay_lists_every_day() {
    let answer = json(&[
        "orbit",
        "decay",
        "--altitude-km",
        "415",
        "--drag-area-m2-kg",
        "0.007",
        "--from",
        "2023-01-01",
        "--through",
        "2023-03-31",
        "--sun",
        "observed",
        "--json",
        "-",
    ]);
    let days = answer["days"].as_array().unwrap();
    assert_eq!(days.len(), 90);
    assert_eq!(days[0]["date"], "2023-01-01");
    assert_eq!(days[0]["altitude_km"], 415.0);
    assert_eq!(days[89]["date"], "2023-03-31");
    let falls =
        days.windows(2).all(|d| d[1]["altitude_km"].as_f64() < d[0]["altitude_km"].as_f64());
    assert!(falls);
}

#[test]
fn lifetime_is_ordered_repeatable_and_grows_with_altitude() {
    let ask = |altitude: &str, seed: &str| {
        json(&[
            "orbit",
            "lifetime",
            "--altitude-km",
            altitude,
            "--drag-area-m2-kg",
            "0.007",
            "--from",
            "2024-09-01",
            "--to-km",
            "330,180",
            "--sun",
            "2024-09",
            "--seed",
            seed,
            "--worlds",
            "100",
            "--json",
            "-",
        ])
    };
    let answer = ask("418", "7");
    for target in answer["targets"].as_array().unwrap() {
        let q = ["p05", "p50", "p95"].map(|p| target[p].as_f64().unwrap());
        assert!(q[0] < q[1] && q[1] < q[2]);
    }
    assert_eq!(answer["targets"][1]["to_km"], 180.0);
    assert_eq!(answer, ask("418", "7"));
    assert_ne!(answer["targets"], ask("418", "8")["targets"]);
    let lower = ask("400", "7");
    assert!(lower["targets"][0]["p50"].as_f64() < answer["targets"][0]["p50"].as_f64());
}

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

/// Elements of another inclination are not taken for the station's: said, and the drag area is that of
/// their own orbit; decay at another inclination is its own, the station's the default.
#[test]
fn another_inclination_is_not_passed_over() {
    let ask = |inclination: &str| {
        let mut rows = String::from("date,alt_mean_km,inc_deg,raan_deg\n");
        for (i, row) in made_up_series().lines().skip(1).take(28).enumerate() {
            let cells: Vec<&str> = row.split(',').collect();
            rows += &format!("{},{},{inclination},{}\n", cells[0], cells[2], 350 - 5 * i);
        }
        let path = temporary(&format!("inclined-{inclination}.csv"), &rows);
        let found = json(&["orbit", "reboosts", &path, "--json", "-"]);
        let dates = ["--from", "2016-03-29", "--through", "2016-04-20", "--sun", "observed"];
        let mut call = vec!["orbit", "hindcast", "--altitudes", &path, "--json", "-"];
        call.extend(dates);
        (found, json(&call))
    };
    let said = |answer: &Value| answer["caveats"].to_string().contains("inclined 41.5 degrees");
    let ((home, home_cast), (away, away_cast)) = (ask("51.64"), ask("41.5"));
    assert!(said(&away) && said(&away_cast) && !said(&home) && !said(&home_cast));
    let area = |answer: &Value| answer["drag_area_m2_kg"].as_f64().unwrap();
    let ratio = area(&away_cast) / area(&home_cast);
    assert!((0.9..0.999).contains(&ratio), "the lower orbit meets more air: {ratio}");
    let decay = |more: &[&str]| {
        let mut call = vec!["orbit", "decay", "--altitude-km", "390", "--drag-area-m2-kg", "0.004"];
        call.extend(["--from", "2023-01-01", "--through", "2023-01-31", "--sun", "observed"]);
        call.extend(["--json", "-"]);
        call.extend(more);
        json(&call)["days"][30]["altitude_km"].as_f64().unwrap()
    };
    assert_eq!(decay(&[]), decay(&["--inclination-deg", "51.64"]));
    assert!(decay(&["--inclination-deg", "41.5"]) < decay(&[]));
    let refused = zarya(&["orbit", "decay", "--inclination-deg", "200"]);
    assert_eq!(refused.status.code(), Some(2));
}

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

#[test]
fn keep_and_deorbit_add_up() {
    let answer = json(&[
        "orbit",
        "keep",
        "--altitude-km",
        "418",
        "--low-km",
        "414",
        "--high-km",
        "419",
        "--drag-area-m2-kg",
        "0.007",
        "--mass-kg",
        "430000",
        "--from",
        "2026-03-15",
        "--through",
        "2028-12-31",
        "--vehicle",
        "progress:300:800",
        "--json",
        "-",
    ]);
    let plans = answer["plans"].as_array().unwrap();
    let kg = |i: usize| plans[i]["propellant_kg"].as_f64().unwrap();
    assert!(kg(0) < kg(1) && kg(1) < kg(2), "a stronger Sun costs more");
    for plan in plans {
        let burns = plan["burns"].as_array().unwrap();
        let sum: f64 = burns.iter().map(|b| b["propellant_kg"].as_f64().unwrap()).sum();
        assert!((sum - plan["propellant_kg"].as_f64().unwrap()).abs() < 1e-9);
        assert!(plan["short_kg"].as_f64().unwrap() > 0.0, "800 kg do not last three years");
    }
    let answer = json(&[
        "orbit",
        "deorbit",
        "--altitude-km",
        "415",
        "--drag-area-m2-kg",
        "0.007",
        "--mass-kg",
        "430000",
        "--from",
        "2026-06-01",
        "--entry",
        "2031-01-15",
        "--worlds",
        "100",
        "--json",
        "-",
    ]);
    assert_eq!(answer["crew_off"].as_array().unwrap().len(), 2);
    let p = answer["probability_capacity_suffices"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&p));
    assert!(answer["probability_too_early"].as_f64().unwrap() <= 0.05);
}

#[test]
fn bad_input_is_refused_with_a_way_out() {
    let empty = temporary("empty.csv", "");
    assert!(refusal(&["orbit", "reboosts", &empty], 1).contains("empty"));
    let cut = temporary("cut.csv", "date,a_km\n2020-01-01\n2020-01-02\n");
    let refused = refusal(&["orbit", "reboosts", &cut], 1);
    assert!(refused.contains("line 2: no value in column 2"), "{refused}");
    let half = temporary(
        "half.tle",
        "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n",
    );
    assert!(refusal(&["orbit", "reboosts", &half], 1).contains("without line 2"));
    assert!(refusal(&["orbit", "reboosts", "/no/such/file"], 3).contains("/no/such/file"));
    let decay = |from: &str, through: &str, altitude: &str, drag: &str, status| {
        refusal(
            &[
                "orbit",
                "decay",
                "--altitude-km",
                altitude,
                "--drag-area-m2-kg",
                drag,
                "--from",
                from,
                "--through",
                through,
                "--sun",
                "observed",
            ],
            status,
        )
    };
    assert!(decay("2030-01-01", "2030-02-01", "415", "0.007", 1).contains("observed Sun"));
    assert!(decay("2020-02-01", "2020-01-01", "415", "0.007", 2).contains("must lie after"));
    assert!(decay("2020-01-01", "2020-02-01", "900", "0.007", 1).contains("outside"));
    assert!(decay("2020-01-01", "2020-02-01", "415", "7", 2).contains("Cd A / m"));
    assert!(decay("2020-01-01", "2020-02-01", "415", "nan", 2).contains("positive"));
}

/// 2021-01-01 from the public history of 25544, its checksum broken in the second set.
#[test]
fn a_bad_checksum_is_reported_and_mixed_objects_refused() {
    let first = "1 25544U 98067A   21001.22196045  .00001488  00000-0  34854-4 0  9992\n\
                 2 25544  51.6464  88.5894 0001153 173.6665  39.5832 15.49246091262713\n";
    let broken = first.replace("9992\n", "9993\n");
    let path = temporary("checksum.tle", &format!("0 ISS\n{first}0 ISS\n{broken}"));
    let answer = json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"]);
    assert!(answer["caveats"][0].as_str().unwrap().contains("checksum"), "{}", answer["caveats"]);
    assert_eq!(answer["input"]["rows"], 1);
    // A set on which the orbit has decayed is left out like a bad one.
    let sunk = "1 25544U 98067A   21002.22196045  .00001488  00000-0  34854-4 0  9993\n\
                2 25544  51.6464  88.5894 0001153 173.6665  39.5832 16.99246091262719\n";
    let path = temporary("sunk.tle", &format!("{first}{sunk}"));
    let answer = json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"]);
    let said = answer["caveats"].to_string();
    assert!(said.contains("1 element set left out") && said.contains("2021-01-02"), "{said}");
    let only = temporary("only.tle", &broken);
    assert!(refusal(&["orbit", "reboosts", &only], 1).contains("checksum"));
    // The same set as two OMM of different objects.
    let omm = |id: u32| {
        format!(
            "{{\"OBJECT_NAME\":\"X\",\"NORAD_CAT_ID\":{id},\"EPOCH\":\"2021-01-01T05:19:37\",\
             \"MEAN_MOTION\":\"15.49246091\",\"ECCENTRICITY\":0.0001153,\"INCLINATION\":51.6464,\
             \"RA_OF_ASC_NODE\":88.5894}}"
        )
    };
    let mixed = temporary("mixed.json", &format!("[{},{}]", omm(25544), omm(48274)));
    let refused = refusal(&["orbit", "reboosts", &mixed], 1);
    assert!(
        refused.contains("2 objects are mixed here (25544 X, 48274 X): pick one with"),
        "{refused}"
    );
    let picked =
        json(&["orbit", "reboosts", &mixed, "--object", "48274", "--json", "-", "--quiet"]);
    assert_eq!(picked["input"]["object"], "48274 X");
    let one = temporary("one.json", &omm(25544));
    let answer = json(&["orbit", "reboosts", &one, "--json", "-", "--quiet"]);
    // The public daily mean of that day is 419.43 km.
    let altitude = answer["input"]["first_altitude_km"].as_f64().unwrap();
    assert!((altitude - 419.43).abs() < 0.02, "{altitude}");
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

/// One element set of 2021-01-01 in each notation of the OMM gives one altitude.
#[test]
fn the_notations_of_an_omm_agree() {
    let fields = [
        ("OBJECT_NAME", "ISS (ZARYA)"),
        ("OBJECT_ID", "1998-067A"),
        ("EPOCH", "2021-01-01T05:19:37.377"),
        ("MEAN_MOTION", "15.49246091"),
        ("ECCENTRICITY", "0.0001153"),
        ("INCLINATION", "51.6464"),
        ("RA_OF_ASC_NODE", "88.5894"),
        ("NORAD_CAT_ID", "25544"),
    ];
    let kvn: String = fields.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    let kvn = temporary("omm.kvn", &format!("CCSDS_OMM_VERS = 2.0\n{kvn}"));
    let xml: String =
        fields.iter().map(|(key, value)| format!("<{key}>{value}</{key}>\n")).collect();
    let xml = temporary("omm.xml", &format!("<?xml version=\"1.0\"?><ndm><omm>{xml}</omm></ndm>"));
    let list = temporary(
        "omm.json",
        "[{\"EPOCH\":\"2021-01-01T05:19:37.377\",\"MEAN_MOTION\":15.49246091,\
         \"ECCENTRICITY\":0.0001153,\"INCLINATION\":51.6464,\"RA_OF_ASC_NODE\":88.5894}]",
    );
    let altitude = |path: &str| {
        json(&["orbit", "reboosts", path, "--json", "-", "--quiet"])["input"]["first_altitude_km"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(altitude(&kvn), altitude(&xml));
    assert_eq!(altitude(&kvn), altitude(&list));
    let cut = temporary("omm-cut.xml", "<ndm><omm><EPOCH>2021-01-01T05:19:37</EPOCH>");
    assert!(refusal(&["orbit", "reboosts", &cut], 1).contains("cut off"));
}

/// A circular orbit of 6798.137 km, states every four minutes, in both notations of the OEM.
#[test]
fn the_notations_of_an_oem_agree() {
    let (radius, rate) = (6_798.137_f64, 0.001_126_4_f64);
    let speed = radius * rate;
    let states: Vec<(String, [f64; 6])> = (0..120)
        .map(|i| {
            let seconds = 240 * i;
            let time = format!("2022-02-11T{:02}:{:02}:00.000", seconds / 3600, seconds / 60 % 60);
            let (s, c) = zarya::units::math::sincos(rate * f64::from(seconds));
            let tilt = 51.64_f64.to_radians();
            let (ts, tc) = zarya::units::math::sincos(tilt);
            let position = [radius * c, radius * s * tc, radius * s * ts];
            let velocity = [-speed * s, speed * c * tc, speed * c * ts];
            let state =
                [position[0], position[1], position[2], velocity[0], velocity[1], velocity[2]];
            (time, state)
        })
        .collect();
    let mut kvn = String::from(
        "CCSDS_OEM_VERS = 2.0\nMETA_START\nOBJECT_ID = 1998-067A\nREF_FRAME = EME2000\n\
         META_STOP\nCOMMENT MASS=445386.00\nCOMMENT DRAG_AREA=1439.70\nCOMMENT DRAG_COEFF=3.40\n",
    );
    let mut xml = String::from(
        "<ndm><oem><body><metadata><OBJECT_ID>1998-067A</OBJECT_ID><REF_FRAME>EME2000</REF_FRAME>\
         </metadata><data>",
    );
    for (time, state) in &states {
        let cells: Vec<String> = state.iter().map(|v| format!("{v:.9}")).collect();
        kvn += &format!("{time} {}\n", cells.join(" "));
        xml += &format!("<stateVector><EPOCH>{time}</EPOCH>");
        for (name, cell) in ["X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"].iter().zip(&cells) {
            xml += &format!("<{name} units=\"km\">{cell}</{name}>");
        }
        xml += "</stateVector>";
    }
    xml += "</data></body></oem></ndm>";
    let kvn_path = temporary("oem.kvn", &kvn);
    let xml_path = temporary("oem.xml", &xml);
    let input =
        |path: &str| json(&["orbit", "reboosts", path, "--json", "-", "--quiet"])["input"].clone();
    let (a, b) = (input(&kvn_path), input(&xml_path));
    assert_eq!(a["first_altitude_km"], b["first_altitude_km"]);
    assert_eq!(a["rows"], b["rows"]);
    // 3.40 * 1439.70 / 445386.
    assert!((a["drag_area_stated_m2_kg"].as_f64().unwrap() - 0.010_990).abs() < 1e-5);
    let noted = |name: &str, text: &str| {
        let path = temporary(name, text);
        json(&["orbit", "reboosts", &path, "--json", "-", "--quiet"])
    };
    let head = "REF_FRAME = EME2000\n";
    let with = |line: &str| kvn.replace(head, &format!("{head}{line}\n"));
    let moon = temporary("moon.kvn", &with("CENTER_NAME = MOON"));
    assert!(refusal(&["orbit", "reboosts", &moon], 1).contains("MOON"));
    let clock = temporary("clock.kvn", &with("TIME_SYSTEM = SCLK"));
    assert!(refusal(&["orbit", "reboosts", &clock], 1).contains("UTC, TAI, GPS, TT"));
    let tai = noted("tai.kvn", &with("TIME_SYSTEM = TAI"));
    assert_eq!(tai["input"]["first_altitude_km"], a["first_altitude_km"]);
    let stop = noted("stop.kvn", &with("STOP_TIME = 2022-02-11T12:00:00"));
    assert!(stop["caveats"].to_string().contains("before the `STOP_TIME` of 2022-02-11 12:00"));
    let whole = noted("whole.kvn", &with("STOP_TIME = 2022-02-11T07:56:00"));
    assert!(!whole["caveats"].to_string().contains("cut off"), "{}", whole["caveats"]);
    let cut = noted("cut.kvn", kvn.trim_end().trim_end_matches(|c: char| c != '.'));
    assert!(cut["caveats"].to_string().contains("has no end"), "{}", cut["caveats"]);
    let turned = temporary("itrf.kvn", &kvn.replace("EME2000", "ITRF-2000"));
    assert!(refusal(&["orbit", "reboosts", &turned], 1).contains("inertial"));
}

/// Every field that `schemas/orbit-*.json` requires is there, with a type it allows.
#[test]
fn answers_follow_their_schemas() {
    let series = temporary("schema.csv", &made_up_series());
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007"];
    let mass = ["--mass-kg", "430000"];
    let from = ["--from", "2026-03-15"];
    let commands: [(&str, Vec<&str>); 6] = [
        ("decay", [&station[..], &from, &["--through", "2026-04-15", "--worlds", "20"]].concat()),
        (
            "hindcast",
            vec!["--altitudes", &series, "--from", "2016-04-20", "--through", "2016-05-20"],
        ),
        ("reboosts", vec![&series]),
        ("lifetime", [&station[..], &from, &["--to-km", "330", "--worlds", "20"]].concat()),
        (
            "keep",
            [
                &station[..],
                &mass,
                &from,
                &["--low-km", "412", "--high-km", "418", "--through", "2027-12-31"],
            ]
            .concat(),
        ),
        (
            "deorbit",
            [&station[..], &mass, &from, &["--entry", "2031-01-15", "--worlds", "20"]].concat(),
        ),
    ];
    for (command, arguments) in commands {
        let all = [&["orbit", command][..], &arguments, &["--json", "-", "--quiet"]].concat();
        schema::follows(&format!("orbit-{command}.json"), &json(&all));
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

/// What a call answers on stdout.
fn told(arguments: &[&str]) -> String {
    let output = zarya(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Days that the program carries are answered through the last with an 81-day mean, days beyond refused with
/// what may be typed instead.
#[test]
fn the_observed_sun_is_asked_to_its_last_day() {
    let ask = |through: &'static str| {
        [
            "orbit",
            "decay",
            "--altitude-km",
            "418",
            "--drag-area-m2-kg",
            "0.007",
            "--from",
            "2026-08-01",
        ]
        .into_iter()
        .chain(["--through", through, "--sun", "observed"])
        .collect::<Vec<_>>()
    };
    assert!(told(&ask("2026-08-20")).contains("under the observed Sun"));
    assert!(told(&ask("2026-08-22")).contains("2026-08-22   "));
    let late = refusal(&ask("2026-08-25"), 1);
    assert!(late.contains("1957-02-11 to 2026-08-22") && late.contains("--observations"), "{late}");
}

#[test]
fn skylab_is_offered_suns_that_can_be_typed() {
    let skylab = ["orbit", "lifetime", "--altitude-km", "444", "--inclination-deg", "50"];
    let rest = ["--drag-area-m2-kg", "0.0076", "--from", "1974-02-09", "--to-km", "150"];
    let call = |more: &[&'static str]| [&skylab[..], &rest, more].concat();
    let said = refusal(&call(&[]), 1);
    assert!(said.contains("older issue with --forecasts"), "{said}");
    assert!(said.contains("--f107-sfu") && said.contains("--ap"), "{said}");
    let constant = ["--sun", "constant", "--f107", "130", "--ap", "12", "--worlds", "20"];
    assert!(told(&call(&constant)).contains("under a constant Sun (F10.7 130, Ap 12)"));
}

/// NASA's table as downloaded, its month of issue in the name of the file.
#[test]
fn a_published_forecast_is_read_as_downloaded() {
    let table = include_str!("../../zarya-orbit/tests/it/msafe.txt");
    let path = temporary("jan2026f10_prd.txt", table);
    let answer = json(&[
        "orbit",
        "lifetime",
        "--altitude-km",
        "418",
        "--drag-area-m2-kg",
        "0.007",
        "--from",
        "2026-01-15",
        "--to-km",
        "330",
        "--worlds",
        "20",
        "--forecasts",
        &path,
        "--json",
        "-",
    ]);
    assert_eq!(answer["sun"]["issue"], "2026-01");
    let caveats = answer["caveats"].to_string();
    assert!(caveats.contains("its name says when it was issued"), "{caveats}");
}

/// What the text of an answer says itself is no note beside it.
#[test]
fn a_deorbit_says_what_does_not_hold_once() {
    let call = deorbit_call("2028-06-30", "2030-12-31", &["--capacity-kg", "9000"]);
    let call: Vec<&str> = call.iter().map(String::as_str).collect();
    let output = zarya(&call);
    let all = [output.stdout.clone(), output.stderr.clone()].concat();
    let all = String::from_utf8(all).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(all.matches("The capacity of 9000 kg does not suffice").count(), 1, "{all}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("note: "), "other notes stay");
    // As JSON alone on stdout nothing else says it.
    let alone: Vec<&str> = call.iter().copied().chain(["--json", "-"]).collect();
    let notes = String::from_utf8(zarya(&alone).stderr).unwrap();
    assert!(notes.contains("The capacity of 9000 kg"), "{notes}");
}

/// A call of `deorbit` for a station like the ISS in 20 worlds.
fn deorbit_call(from: &str, entry: &str, more: &[&str]) -> Vec<String> {
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--mass-kg", "430000"];
    let dates = ["--from", from, "--entry", entry, "--worlds", "20"];
    [&["orbit", "deorbit"][..], &station, &dates, more]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Each burn has its day, the crew is off by the stated one at both altitudes, and parts add up.
#[test]
fn the_end_has_dates_and_margins() {
    let ask = |more: &[&str]| {
        let call = deorbit_call("2026-03-15", "2031-01-15", &[&["--json", "-"][..], more].concat());
        json(&call.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let answer = ask(&[]);
    let burns = answer["burns"].as_array().unwrap();
    let dates: Vec<&str> = burns.iter().map(|burn| burn["date"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2030-07-16", "2031-01-11", "2031-01-15"]);
    for key in ["delta_v_m_s", "propellant_kg"] {
        let sum: f64 = burns.iter().map(|burn| burn[key]["mean"].as_f64().unwrap()).sum();
        let whole = answer[key]["mean"].as_f64().unwrap();
        assert!((sum - whole).abs() < 1e-6 * whole, "{key}: {sum} {whole}");
    }
    let off = answer["crew_off"].as_array().unwrap();
    for (crew, (km, by)) in off.iter().zip([(330.0, "2030-07-16"), (220.0, "2031-01-11")]) {
        assert_eq!((crew["altitude_km"].as_f64(), crew["by"].as_str()), (Some(km), Some(by)));
        assert!(crew["date"]["p95"].as_str().unwrap() <= by);
        assert!(crew["date"]["p05"].as_str() <= crew["date"]["p95"].as_str());
        let share = crew["probability_by_drag_alone"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&share));
        assert!(crew["plan"]["probability_too_early"].as_f64().unwrap() <= 0.05);
    }
    assert_eq!(off[0]["plan"]["burns"], answer["burns"]);
    let soon = ask(&["--crew-off-days", "60", "--crew-off-km", "300"]);
    assert_eq!(soon["burns"][0]["date"], "2030-11-16");
    assert_eq!(soon["burns"][0]["to_km"], 300.0);
    assert_eq!(ask(&["--inclination-deg", "51.64"]), answer);
    assert_ne!(ask(&["--inclination-deg", "97.5"])["propellant_kg"], answer["propellant_kg"]);
}

/// A plan elsewhere is flown in the air of its own orbit.
#[test]
fn keep_knows_other_inclinations() {
    let ask = |more: &[&str]| {
        let station = ["--altitude-km", "390", "--drag-area-m2-kg", "0.004", "--mass-kg", "90000"];
        let band = ["--low-km", "385", "--high-km", "392", "--from", "2026-03-15"];
        let rest = ["--through", "2027-12-31", "--json", "-"];
        json(&[&["orbit", "keep"][..], &station, &band, &rest, more].concat())
    };
    let home = ask(&[]);
    assert_eq!(home, ask(&["--inclination-deg", "51.64"]));
    let spent = |answer: &Value| {
        let plan = &answer["plans"][1];
        plan["delta_v_m_s"].as_f64().unwrap() + 392.0 - plan["end_altitude_km"].as_f64().unwrap()
    };
    assert!(spent(&ask(&["--inclination-deg", "41.5"])) > spent(&home), "more air below");
}

/// The mean altitude of the ISS as tracked: what `keep` raises at it under the observed Sun, with the
/// drag area that the help names, is what drag took, burns that lowered left out. In and after the deep minimum
/// NRLMSISE-00 is too dense, and the plan too dear: the docs tell by how much.
#[test]
fn keep_raises_what_the_station_lost() {
    let years = reference("iss-years.csv").1;
    let expected = [0.8..1.2, 1.2..1.6, 1.2..1.6, 0.8..1.2];
    assert_eq!(years.len(), expected.len());
    for (cells, within) in years.iter().zip(expected) {
        let (from, through) = (&cells[0], &cells[1]);
        let value = |i: usize| cells[i].parse::<f64>().unwrap();
        let (first, mean, lost) = (value(2), value(3), value(4));
        let number = |value: f64| format!("{value:.2}");
        let [start, low, high] = [first, mean - 1.0, mean + 1.0].map(number);
        let band = ["--altitude-km", &start, "--low-km", &low, "--high-km", &high];
        let station = ["--drag-area-m2-kg", "0.007", "--mass-kg", "420000", "--sun", "observed"];
        let dates = ["--from", from, "--through", through, "--json", "-"];
        let answer = json(&[&["orbit", "keep"][..], &band, &station, &dates].concat());
        let plan = &answer["plans"][0];
        let of = |burn: &Value, key: &str| burn[key].as_f64().unwrap();
        let burns = plan["burns"].as_array().unwrap().iter();
        let raised: f64 = burns.map(|burn| of(burn, "to_km") - of(burn, "from_km")).sum();
        let ratio = (first + raised - of(plan, "end_altitude_km")) / lost;
        eprintln!("{from} to {through}: {ratio:.2} of {lost:.1} km");
        assert!(within.contains(&ratio), "{from}: {ratio}");
    }
}

/// No line of an answer is wider than a terminal, and pictures name every Sun.
#[test]
fn answers_fit_a_terminal() {
    let picture = temporary("keep.svg", "");
    let station = ["--altitude-km", "418", "--drag-area-m2-kg", "0.007"];
    let mass = ["--mass-kg", "430000"];
    let from = ["--from", "2026-03-15"];
    let span = ["--through", "2028-12-31"];
    let band = ["--low-km", "414", "--high-km", "419", "--plot", &picture];
    let short = ["--vehicle", "progress:300:900", "--vehicle", "zvezda:290:900"];
    let calls = [
        [&["orbit", "keep"][..], &station, &mass, &from, &span, &band, &short].concat(),
        [&["orbit", "deorbit"][..], &station, &mass, &from, &["--entry", "2027-06-15"]].concat(),
        [&["orbit", "lifetime"][..], &station, &from, &["--to-km", "400,150", "--worlds", "20"]]
            .concat(),
        [&["orbit", "decay"][..], &station, &from, &span, &["--worlds", "20"]].concat(),
    ];
    for call in calls {
        let output = zarya(&call);
        assert!(output.status.success());
        terminal::fits(&output, call[1]);
    }
    let drawn = std::fs::read_to_string(&picture).unwrap();
    for name in ["Weak Sun (5 %)", "Middle Sun (50 %)", "Strong Sun (95 %)", "nobody has"] {
        assert!(drawn.contains(name), "{name}");
    }
}

/// What does not hold is said first, and options are named as they were given.
#[test]
fn answers_say_first_what_does_not_hold() {
    let station = ["--altitude-km", "415", "--drag-area-m2-kg", "0.007", "--mass-kg", "430000"];
    let text = |call: &[&str]| {
        let output = zarya(call);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let keep = |through: &str, vehicle: &str| {
        let band = ["--low-km", "414", "--high-km", "419", "--from", "2026-03-15"];
        let more = ["--through", through, "--vehicle", vehicle, "--quiet"];
        text(&[&["orbit", "keep"][..], &station, &band, &more].concat())
    };
    let kept = keep("2027-12-31", "progress:300");
    assert!(kept.starts_with("Keeping 414 to 419 km") && !kept.contains("is held after that"));
    let short = keep("2027-12-31", "progress:300:500");
    assert!(short.starts_with("Not kept: 414 to 419 km"), "{short}");
    let first =
        short.split("\n\n").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(first.contains("nobody has the propellant for the burn of 20"), "{first}");
    assert!(keep("2060-12-31", "progress:300").contains("its last month is held after that"));
    let call = deorbit_call("2026-03-15", "2026-06-15", &["--capacity-kg", "100", "--quiet"]);
    let answer = text(&call.iter().map(String::as_str).collect::<Vec<_>>());
    let first = answer.lines().find(|line| line.contains("capacity")).unwrap();
    assert!(first.starts_with("The capacity of 100 kg does not suffice"), "{answer}");
    let call = deorbit_call("2031-06-01", "2030-08-15", &[]);
    let said = refusal(&call.iter().map(String::as_str).collect::<Vec<_>>(), 2);
    assert!(said.contains("--entry 2030-08-15 must lie after"), "{said}");
    let dates = ["--from", "2023-01-01", "--through", "2023-03-02", "--sun", "observed"];
    let decay = |drag: &'static str| {
        let area = ["--altitude-km", "415", "--drag-area-m2-kg", drag];
        [&["orbit", "decay"][..], &area, &dates].concat()
    };
    assert!(refusal(&decay("-0.007"), 2).contains("must be a positive number"));
    assert!(text(&decay("0.007")).lines().last().unwrap().starts_with("2023-03-02"));
}

/// Options that cannot be are named, with what would be right.
#[test]
fn plans_that_cannot_be_are_refused_by_option() {
    let refused = |more: &[&str], status: i32, why: &str| {
        let call = deorbit_call("2026-03-15", "2031-01-15", more);
        let said = refusal(&call.iter().map(String::as_str).collect::<Vec<_>>(), status);
        assert!(said.contains(why), "{said}");
    };
    refused(&["--isp-s", "0"], 2, "--isp-s 0: a specific impulse in seconds");
    refused(&["--capacity-kg", "-1"], 2, "0 or more");
    refused(&["--crew-off-days", "-2"], 2, "-2 is not in 1..=14640");
    refused(&["--crew-off-days", "4000"], 2, "give 1767 or fewer");
    refused(&["--crew-off-days", "3"], 2, "less than --final-days 4");
    refused(&["--crew-off-km", "430"], 2, "must lie below --altitude-km 415");
    refused(&["--final-km", "140"], 1, "--final-km 140 lies outside the 150 to 500 km");
    refused(&["--perigee-km", "160"], 1, "no entry");
    refused(&["--early-share", "NaN"], 2, "a share of worlds");
    refused(&["--inclination-deg", "NaN"], 2, "between 0 and 180");
    let keep = |vehicle: &str, low: &str| {
        let station = ["--altitude-km", "418", "--drag-area-m2-kg", "0.007", "--mass-kg", "430000"];
        let band = ["--low-km", low, "--high-km", "419", "--vehicle", vehicle];
        let dates = ["--from", "2026-03-15", "--through", "2027-12-31"];
        refusal(&[&["orbit", "keep"][..], &station, &band, &dates].concat(), 2)
    };
    assert!(keep("progress:0", "414").contains("a specific impulse in seconds"));
    assert!(keep("progress", "414").contains("the specific impulse is missing"));
    assert!(keep("progress:300:much", "414").contains("the propellant `much` is not a number"));
    assert!(keep("progress:300", "419").contains("the band is empty"));
    let beyond = ["orbit", "lifetime", "--altitude-km", "418", "--drag-area-m2-kg", "0.007"];
    let dates = ["--from", "2060-03-15", "--to-km", "300"];
    let said = refusal(&[&beyond[..], &dates].concat(), 1);
    assert!(said.contains("ends with 2041-10-31, before --from"), "{said}");
}

/// A station states what is not given; what is given overrides it, and what nobody states is named.
#[test]
fn a_station_can_be_asked() {
    let quiet = ["--json", "-", "--quiet"];
    let ask = |call: &[&str]| json(&[&["orbit"], call, &quiet].concat());
    let iss = ["--station", "iss"];
    let few = ["--worlds", "20"];
    let calls: [(&str, Vec<&str>); 4] = [
        ("decay", [&["--through", "2025-09-30"][..], &few].concat()),
        ("lifetime", [&["--to-km", "330"][..], &few].concat()),
        ("keep", vec!["--through", "2026-07-31"]),
        ("deorbit", [&["--entry", "2030-01-15"][..], &few].concat()),
    ];
    for (command, more) in &calls {
        let answer = ask(&[&[*command][..], &iss, more].concat());
        schema::follows(&format!("orbit-{command}.json"), &answer);
        assert_eq!(answer["from"], "2025-07-31");
        assert_eq!(answer["drag_area_m2_kg"], 0.0074);
        let station = &answer["inputs"]["station"];
        assert_eq!(
            (&station["station"], &station["from"]),
            (&"embedded iss".into(), &"2025-07-31".into())
        );
        assert_eq!(station["values"]["altitude_km"], 416.5);
        assert_eq!(answer.get("mass_kg").is_some(), station["values"].get("mass_kg").is_some());

        let given = ask(&[&[*command][..], &iss, more, &["--drag-area-m2-kg", "0.008"]].concat());
        assert_eq!(given["drag_area_m2_kg"], 0.008);
        assert!(given["inputs"]["station"]["values"].get("drag_area_m2_kg").is_none());

        let said = refusal(&[&["orbit", *command][..], more].concat(), 2);
        for option in ["--altitude-km", "--drag-area-m2-kg", "--from"] {
            assert!(said.contains(&format!("{option} is not given")), "{said}");
        }
        assert_eq!(said.contains("--mass-kg is not given"), ["keep", "deorbit"].contains(command));
    }
    // The same numbers by hand give the same days.
    let by_hand = ["--altitude-km", "416.5", "--drag-area-m2-kg", "0.0074", "--from", "2025-07-31"];
    let (_, more) = &calls[0];
    let days = |call: &[&str]| ask(&[&["decay"][..], call, more].concat())["days"].clone();
    assert_eq!(days(&iss), days(&by_hand));

    let folder = std::env::temp_dir().join(format!("zarya-orbit-{}-station", std::process::id()));
    let folder = folder.to_str().unwrap();
    assert!(zarya(&["init", folder]).status.success());
    let own = ask(&["decay", "--station", folder, "--through", "2027-01-31", "--worlds", "20"]);
    assert_eq!(own["inputs"]["station"]["station"], folder);
    let lost = ["orbit", "decay", "--station", "mir", "--through", "2027-01-31"];
    assert!(refusal(&lost, 2).contains("embedded stations are iss"));
    let idle = ["orbit", "decay", "--scenario", "x.toml", "--through", "2027-01-31"];
    assert!(refusal(&idle, 2).contains("--scenario changes a station"));
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

/// Runs the command with a text on its standard input.
fn piped(arguments: &[&str], text: &str) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_zarya"))
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut input = child.stdin.take().expect("a pipe");
    // Whoever does not read the text closes the pipe.
    let _ = input.write_all(text.as_bytes());
    drop(input);
    child.wait_with_output().expect("the program ends")
}

/// A series may come through a pipe, in parts, and as one object of a group; hindcasts read the same.
#[test]
fn a_series_comes_from_a_pipe_in_parts_and_out_of_a_group() {
    let series = made_up_series();
    let whole = temporary("parts-whole.csv", &series);
    let wanted = json(&["orbit", "reboosts", &whole, "--json", "-", "--quiet"]);
    let output = piped(&["orbit", "reboosts", "-", "--json", "-", "--quiet"], &series);
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got, wanted);
    let (head, rows) = series.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let early = temporary("parts-early.csv", &format!("{head}\n{}\n", rows[..35].join("\n")));
    let late = format!("{head}\n{}\n", rows[30..].join("\n"));
    let output = piped(&["orbit", "reboosts", &early, "-", "--json", "-"], &late);
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got["burns"], wanted["burns"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("5 rows in more than one file, counted once"), "{said}");
    assert!(refusal(&["orbit", "reboosts", "-", "-"], 2).contains("given twice"));
    assert!(refusal(&["orbit", "reboosts", &whole, &whole], 2).contains("named twice"));
    // Two stations in one table; of one the rows are those above.
    let both: String = rows.iter().fold(format!("{head},norad_cat_id\n"), |all, row| {
        all + &format!("{row},25544\n{},48274\n", row.replace(",4", ",3"))
    });
    let both = temporary("parts-both.csv", &both);
    let refused = refusal(&["orbit", "reboosts", &both], 1);
    assert!(
        refused.contains("2 objects are mixed here (25544, 48274): pick one with --object"),
        "{refused}"
    );
    let picked = json(&["orbit", "reboosts", &both, "--object", "25544", "--json", "-", "--quiet"]);
    assert_eq!(picked["burns"], wanted["burns"]);
    let ask = |more: &[&str]| {
        let mut call = vec!["orbit", "hindcast", "--from", "2016-04-20", "--through", "2016-05-20"];
        call.extend(["--worlds", "20", "--json", "-", "--quiet"]);
        call.extend(more);
        json(&call)["drop_km"].clone()
    };
    let late = temporary("parts-late.csv", &late);
    let wanted = ask(&["--altitudes", &whole]);
    assert_eq!(ask(&["--altitudes", &late, "--altitudes", &early]), wanted);
    assert_eq!(ask(&["--altitudes", &both, "--object", "25544"]), wanted);
    let nobody = refusal(&["orbit", "reboosts", &whole, "--object", "25544"], 1);
    assert!(nobody.contains("no object is named here"), "{nobody}");
}

/// What came in place of a file is named, packed or not.
#[test]
fn a_failed_download_is_named() {
    let page = temporary(
        "page.tle",
        "<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>",
    );
    let said = refusal(&["orbit", "reboosts", &page], 1);
    assert!(said.contains("a web page, not elements or altitudes"), "{said}");
    assert!(said.contains("the download failed"), "{said}");
    let none = temporary("none.json", "No GP data found\n");
    let said = refusal(&["orbit", "reboosts", &none], 1);
    assert!(said.contains("a message (`No GP data found`), not elements"), "{said}");
    let wide: Vec<u8> = "date,a_km\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let path = temporary("wide.csv", "");
    std::fs::write(&path, wide).unwrap();
    let said = refusal(&["orbit", "reboosts", &path], 1);
    assert!(said.contains("a text in UTF-16") && said.contains("save it as UTF-8"), "{said}");
}
