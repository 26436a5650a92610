use crate::orbit::{decay, deorbit, hindcast, keep, lifetime};
use crate::refusal::{About, Kind};
use crate::{Control, Data, Refusals};
use serde_json::{Value, json};
use std::fmt::Write as _;
use zarya_units::Date;

const NASA: &str = include_str!("../../../../zarya-orbit/tests/it/msafe.txt");

fn with(mut question: Value, more: &Value) -> Value {
    let fields = question.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    question
}

fn decay_of(more: &Value, data: &Data) -> Result<decay::Answer, Refusals> {
    let question = json!({"altitude_km": 418, "drag_area_m2_kg": 0.007, "from": "2026-08-01",
        "through": "2026-08-20", "worlds": 20});
    let question: decay::Question = serde_json::from_value(with(question, more)).unwrap();
    decay::answer(&question, data, &Control::silent())
}

fn lifetime_of(more: &Value, data: &Data) -> Result<lifetime::Answer, Refusals> {
    let question = json!({"altitude_km": 418, "drag_area_m2_kg": 0.007, "from": "2026-01-15", "to_km": [330],
        "worlds": 20});
    let question: lifetime::Question = serde_json::from_value(with(question, more)).unwrap();
    lifetime::answer(&question, data, &Control::silent())
}

fn carried() -> Data {
    Data::embedded()
}

fn said(caveats: &[String]) -> String {
    caveats.join(" | ")
}

/// The day of entry: that on which the path under the observed Sun sinks below 150 km.
fn entry(from: &str, through: &str, altitude_km: f64, inclination_deg: f64, area: f64) -> Date {
    let more = json!({"altitude_km": altitude_km, "drag_area_m2_kg": area, "from": from, "through": through,
        "inclination_deg": inclination_deg, "sun": "observed"});
    let answer = decay_of(&more, &carried()).unwrap();
    let last = answer.days.last().unwrap();
    assert!(last.date.to_string().as_str() < through, "it does not enter");
    last.date
}

/// Skylab stood at 444 km on 1974-02-09 and entered on 1979-07-11; Salyut 7 with Kosmos 1686 (43 t) at 483 km
/// on 1986-08-22, and entered on 1991-02-07. Both ask for a plausible `Cd A / m`: 1 % of it moves the
/// entries by nine days, so five days are about half a percent, less than the rounding of the product.
#[test]
fn skylab_and_salyut_7_enter_under_the_observed_sun() {
    for (from, through, km, inclination, area, entered) in [
        ("1974-02-09", "1981-01-01", 444.0, 50.0, 0.007_5, "1979-07-11"),
        ("1986-08-22", "1993-01-01", 483.0, 51.6, 0.007_4, "1991-02-07"),
    ] {
        let entry = entry(from, through, km, inclination, area);
        let off_d = entry.mjd() - Date::parse(entered).unwrap().mjd();
        assert!(off_d.abs() <= 5.0, "{entry} for {entered}");
    }
}

/// The last day with an 81-day mean is 2026-08-22, the first 1957-02-11.
#[test]
fn the_observed_sun_is_accepted_to_both_ends_of_its_record() {
    let ask = |from: &str, through: &str| {
        decay_of(&json!({"from": from, "through": through, "sun": "observed"}), &carried())
    };
    assert_eq!(ask("2026-08-01", "2026-08-20").unwrap().days.len(), 20);
    assert!(ask("2026-08-01", "2026-08-22").is_ok() && ask("1957-02-11", "1957-03-01").is_ok());
    for (from, through) in [("2026-08-01", "2026-08-24"), ("1957-02-10", "1957-03-01")] {
        let refused = ask(from, through).unwrap_err();
        assert_eq!(refused.kind(), Kind::Unanswerable);
        let why = refused.problems[0].why.clone();
        assert!(
            why.contains("1957-02-11 to 2026-08-22") && why.contains("`observations`"),
            "{why}"
        );
    }
}

#[test]
fn before_the_archive_older_issues_and_other_suns_are_offered() {
    let refused =
        lifetime_of(&json!({"from": "1974-02-09", "altitude_km": 444, "to_km": [150]}), &carried());
    let why = refused.unwrap_err().problems[0].why.clone();
    assert!(why.contains("an older issue") && !why.contains("newer"), "{why}");
    assert!(why.contains("`sun` observed") && why.contains("`f107_sfu`"), "{why}");
}

/// A file with the layout of NASA's table and no month in its name.
#[test]
fn nasas_table_is_flown() {
    let data = carried().with_text("msafe.txt", NASA);
    let ask = |more| lifetime_of(&with(json!({"forecasts": "msafe.txt"}), &more), &data).unwrap();
    let answer = ask(json!({}));
    let sun = serde_json::to_value(&answer.sun).unwrap();
    assert_eq!((sun["issue"].as_str(), sun["by"].as_str()), (Some("2026-01"), Some("NASA")));
    let caveats = said(&answer.caveats);
    assert!(caveats.contains("NASA Marshall's monthly table, 2026-01 to 2026-03"), "{caveats}");
    assert!(
        caveats.contains("is assumed: 2026-07") && caveats.contains("looks ahead"),
        "{caveats}"
    );
    assert_eq!(answer.looked_ahead_days, 76, "to the end of March");
    assert_eq!(
        answer.inputs.forecasts_sha256,
        Some(zarya_units::digest::of_bytes(NASA.as_bytes()))
    );
    let dated = ask(json!({"issue": "2026-01"}));
    assert!(said(&dated.caveats).contains("issued as `issue` says"), "{:?}", dated.caveats);
    assert!(!said(&dated.caveats).contains("is assumed"));
    let late = ask(json!({"issue": "2026-02"}));
    assert!(said(&late.caveats).contains("not used: it was issued 2026-02-01, after 2026-01-15"));
}

#[test]
fn a_wrong_file_is_named_for_what_it_is() {
    let page = "<!DOCTYPE html><html><body>Forbidden</body></html>";
    let data = carried().with_text("f.txt", page).with_text("o.csv", NASA);
    let refused = lifetime_of(&json!({"forecasts": "f.txt", "observations": "o.csv"}), &data);
    let problems = refused.unwrap_err().problems;
    assert_eq!(problems[0].about, About::Text("f.txt".into()));
    assert!(problems[0].why.contains("web page"), "{}", problems[0].why);
    assert!(problems[1].why.contains("give it as `forecasts`"), "{}", problems[1].why);
}

/// Under a constant Sun the decay has a closed rate at the start, and nothing of it is drawn.
#[test]
fn a_constant_sun_is_flown_without_an_end() {
    let constant = json!({"sun": "constant", "f107_sfu": 150, "ap": 15, "from": "1950-01-01",
        "through": "1950-02-01"});
    let answer = decay_of(&constant, &carried()).unwrap();
    assert!(!answer.banded() && answer.inputs.worlds.is_none());
    let table = zarya_orbit::inclination::table_at(51.64);
    let rate = 0.007 * table.rate_km_d(answer.days[10].altitude_km, 150.0, 150.0, 15.0, 11);
    let lost = answer.days[10].altitude_km - answer.days[11].altitude_km;
    assert!((lost / rate - 1.0).abs() < 0.02, "{lost} {rate}");
    assert!(said(&answer.caveats).contains("no uncertainty of the Sun"), "{:?}", answer.caveats);
    let sun = serde_json::to_value(&answer.sun).unwrap();
    assert_eq!((&sun["kind"], &sun["f107_sfu"]), (&json!("constant"), &json!(150.0)));
    // Both values alone say it, too; the density still differs between worlds.
    let lasts =
        lifetime_of(&json!({"f107_sfu": 75, "ap": 4, "to_km": [400, 150]}), &carried()).unwrap();
    let days = lasts.targets[1].days;
    assert!(days.p05 < days.p95, "{days:?}");
    assert!(lasts.looked_ahead_days > 14_000, "{}", lasts.looked_ahead_days);
    let late =
        json!({"f107_sfu": 75, "ap": 4, "from": "2199-06-01", "altitude_km": 500, "to_km": [150]});
    let late = lifetime_of(&late, &carried()).unwrap();
    assert!(said(&late.caveats).contains("(to 2199-12-31)"), "{:?}", late.caveats);
    let quieter = lasts.targets[0].days.p50;
    let stronger =
        lifetime_of(&json!({"f107_sfu": 200, "ap": 20, "to_km": [400]}), &carried()).unwrap();
    assert!(stronger.targets[0].days.p50 < 0.5 * quieter);
}

#[test]
fn keep_and_deorbit_take_a_constant_sun() {
    let keep: keep::Question =
        serde_json::from_value(json!({"station": "iss", "through": "2026-07-31",
        "f107_sfu": 120, "ap": 10}))
        .unwrap();
    let plans = keep::answer(&keep, &carried(), &Control::silent()).unwrap().plans;
    assert_eq!((plans.len(), plans[0].sun_percentile.name()), (1, "constant"));
    let deorbit: deorbit::Question =
        serde_json::from_value(json!({"station": "iss", "entry": "2030-01-15",
        "worlds": 20, "f107_sfu": 120, "ap": 10}))
        .unwrap();
    let answer = deorbit::answer(&deorbit, &carried(), &Control::silent()).unwrap();
    assert!(said(&answer.caveats).contains("no uncertainty of the Sun"));
}

#[test]
fn fields_of_the_sun_that_exclude_each_other_are_named() {
    let fields = |more: &Value| {
        let refused = decay_of(more, &carried()).unwrap_err();
        assert_eq!(refused.kind(), Kind::Malformed);
        let name = |about: &About| match about {
            About::Field(name) => name.clone(),
            other => format!("{other:?}"),
        };
        refused.problems.iter().map(|p| name(&p.about)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(fields(&json!({"sun": "constant"})), "f107_sfu ap");
    assert_eq!(fields(&json!({"sun": "constant", "f107_sfu": 150})), "ap");
    assert_eq!(fields(&json!({"sun": "observed", "f107_sfu": 150, "ap": 4})), "f107_sfu ap");
    assert_eq!(fields(&json!({"sun": "constant", "f107_sfu": 350, "ap": 200})), "f107_sfu ap");
    assert_eq!(fields(&json!({"f107_sfu": 150, "ap": 4, "observations": "x"})), "observations");
    assert_eq!(fields(&json!({"issue": "2026-06"})), "issue");
    assert_eq!(fields(&json!({"issue": "June", "forecasts": "x"})), "issue");
    assert_eq!(fields(&json!({"sun": "steady"})), "sun");
    let hindcast: hindcast::Question =
        serde_json::from_value(json!({"altitudes": "x", "from": "2016-04-20",
        "through": "2016-05-20", "f107_sfu": 150, "ap": 4}))
        .unwrap();
    let refused = hindcast::answer(&hindcast, &carried(), &Control::silent()).unwrap_err();
    assert!(refused.problems[0].why.contains("a constant one is none"));
}

/// Days of one's own that continue the record: the observed Sun then reaches as much farther.
#[test]
fn observations_of_ones_own_extend_the_record() {
    let first = Date::parse("2026-10-02").unwrap();
    let rows = (0..60).map(|day| format!("{},100.0,5\n", first.plus_days(day)));
    let own = format!("date,f107,ap\n{}", rows.collect::<String>());
    let data = carried().with_text("own.csv", own.clone());
    let more = json!({"from": "2026-09-01", "through": "2026-10-15", "sun": "observed"});
    assert!(decay_of(&more, &data).is_err());
    let answer = decay_of(&with(more, &json!({"observations": "own.csv"})), &data).unwrap();
    let caveats = said(&answer.caveats);
    assert!(
        caveats.contains("2026-10-02 to 2026-11-30 of `observations` count as observed"),
        "{caveats}"
    );
    assert_eq!(
        answer.inputs.observations_sha256,
        Some(zarya_units::digest::of_bytes(own.as_bytes()))
    );
    let sun = serde_json::to_value(&answer.sun).unwrap();
    assert!(sun["source"].as_str().unwrap().ends_with("with days handed in"), "{sun}");
}

/// A forecast is drawn from how the Sun stood in the 27 days before: days handed in count for that.
#[test]
fn observations_move_the_anomaly_of_a_forecast() {
    let first = Date::parse("2026-10-02").unwrap();
    let lost_km = |flux: f64| {
        let rows = (0..40).map(|day| format!("{},{flux},5\n", first.plus_days(day)));
        let own = format!("date,f107,ap\n{}", rows.collect::<String>());
        let data = carried().with_text("own.csv", own);
        let more =
            json!({"from": "2026-11-11", "through": "2027-01-10", "observations": "own.csv"});
        let answer = decay_of(&more, &data).unwrap();
        418.0 - answer.days.last().unwrap().altitude_km
    };
    assert!(lost_km(160.0) > 1.1 * lost_km(90.0), "{} {}", lost_km(160.0), lost_km(90.0));
}

/// CelesTrak's file as `forecasts` gives both: the days that were observed and what is predicted.
#[test]
fn celestraks_file_is_record_and_forecast() {
    let first = Date::parse("2026-09-25").unwrap();
    let mut text = "DATE,AP_AVG,F10.7_OBS,F10.7_ADJ,F10.7_DATA_TYPE\n".to_owned();
    for day in 0..92 {
        let kind = if day < 47 { "OBS" } else { "PRD" };
        let _ = writeln!(text, "{},5,110,88,{kind}", first.plus_days(day));
    }
    for month in 1..=12 {
        let _ = writeln!(text, "2027-{month:02}-01,,100,88,PRM");
    }
    let data = carried().with_text("SW-All.csv", text);
    let more = json!({"from": "2026-11-15", "through": "2027-12-31", "forecasts": "SW-All.csv"});
    let answer = decay_of(&more, &data).unwrap();
    let sun = serde_json::to_value(&answer.sun).unwrap();
    assert_eq!((sun["by"].as_str(), sun["issue"].as_str()), (Some("CelesTrak"), Some("2026-11")));
    let caveats = said(&answer.caveats);
    assert!(caveats.contains("made on 2026-11-11"), "{caveats}");
    assert!(
        caveats.contains("2026-09-25 to 2026-11-10 of `forecasts` count as observed"),
        "{caveats}"
    );
    // Before it was made it looks ahead: the archive's stands in, and that is said.
    let before = with(more, &json!({"from": "2026-11-05"}));
    let earlier = decay_of(&before, &data).unwrap();
    assert!(said(&earlier.caveats).contains("not used: it was issued 2026-11-11, after"));
}
