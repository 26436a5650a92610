//! `zarya orbit keep` and `deorbit`.

use crate::{deorbit_call, json, reference, refusal, zarya};
use serde_json::Value;

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
