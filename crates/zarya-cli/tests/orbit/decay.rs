//! `zarya orbit decay` and `lifetime`.

use crate::{json, made_up_series, temporary, zarya};
use serde_json::Value;

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
