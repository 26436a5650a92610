//! Every room takes its questions in one form: from JSON, with defaults; a field that it does not know, or a
//! value outside its bounds, is refused by the room itself, all of them at once.

#![allow(clippy::unwrap_used)] // a test that cannot go on should say where

use zarya::json::{self, Value, json};
use zarya::refusal::{About, Kind};
use zarya::{Control, Data, Refusals, assess, run};

/// A room as JSON sees it.
struct Room {
    name: &'static str,
    /// The fields that a question needs.
    needs: Vec<String>,
    parse: fn(Value) -> Result<(), json::Error>,
    /// Parses a question and asks it.
    ask: fn(Value) -> Result<Result<(), Refusals>, json::Error>,
}

macro_rules! room {
    ($($room:ident)::+) => {{
        use zarya::$($room)::+::{Question, answer};
        let schema = schemars::schema_for!(Question).to_value();
        let needs = schema["required"].as_array().into_iter().flatten();
        Room {
            name: stringify!($($room)::+),
            needs: needs.map(|field| field.as_str().unwrap().to_owned()).collect(),
            parse: |text| json::from_value::<Question>(text).map(drop),
            ask: |text| {
                let question: Question = json::from_value(text)?;
                let data = Data::embedded().with_text("units.csv", "id,mtbf_d\npump,400\n");
                Ok(answer(&question, &data, &Control::silent()).map(drop))
            },
        }
    }};
}

/// A room, a question that it answers, and values outside their bounds by field.
type Asked = (Room, Value, Vec<(&'static str, Value)>);

/// What is needed for a question to parse, then fields with values that are refused as malformed.
fn rooms() -> Vec<Asked> {
    let sound = |field: &'static str, values: Value| {
        values.as_array().unwrap().iter().map(|value| (field, value.clone())).collect::<Vec<_>>()
    };
    let all = |fields: Vec<(&'static str, Value)>| {
        fields.into_iter().flat_map(|(field, values)| sound(field, values)).collect()
    };
    let seeds = || ("seed", json!([1_u64 << 53]));
    let places = || ("station", json!(["mir"]));
    // Neither of two sources is named; both are; an overlay of nothing.
    let sources = || [("file", json!([null])), ("scenario", json!([["later"]]))];
    let orbit = |own: Vec<(&'static str, Value)>| {
        let shared = [
            ("altitude_km", json!([0, -400, null])),
            ("drag_area_m2_kg", json!([0, 0.000_009, 1.1, null])),
            ("inclination_deg", json!([-1, 180.5])),
            ("sun", json!(["2025", "tomorrow"])),
            ("scenario", json!([["later"]])),
            ("from", json!([null])),
        ];
        all(shared.into_iter().chain(own).collect())
    };
    let spares = |own: Vec<(&'static str, Value)>| {
        let shared = [
            ("units", json!([null])),
            ("period_d", json!([0, -1, 36_526])),
            ("shape", json!([0, 0.009, 1_000_001])),
            ("error_factor", json!([1, 101])),
            ("rates_times", json!([0, 0.0009, 1_001])),
            ("prior_weight", json!([-0.1, 1.1])),
        ];
        all(shared.into_iter().chain(own).collect())
    };
    vec![
        (room!(assess), json!({}), all(vec![("histories", json!([0, 100_000_001])), seeds()])),
        (room!(record), json!({}), all(vec![("worlds", json!([0, 5_000_001])), seeds()])),
        (
            room!(explain),
            json!({ "history": 0 }),
            all(vec![("history", json!([100_000_001])), seeds()]),
        ),
        (room!(check), json!({}), all(vec![places()])),
        (room!(check), json!({ "station": "tiny" }), all(vec![("explain", json!(["no.such"]))])),
        (room!(ledger), json!({}), Vec::new()),
        (
            room!(compare),
            json!({ "before": "a.json", "after": "b.json" }),
            all(vec![("before", json!(["none.json"])), ("after", json!(["none.json"]))]),
        ),
        (
            room!(orbit::decay),
            json!({ "through": "2026-01-01" }),
            orbit(vec![("density_scale", json!([0, -1])), ("worlds", json!([19, 100_001]))]),
        ),
        (
            room!(orbit::decay),
            json!({ "through": "2026-01-01", "from": "2025-01-01" }),
            all(vec![("through", json!(["2025-01-01", "2066-01-01"]))]),
        ),
        (
            room!(orbit::lifetime),
            json!({ "to_km": [330] }),
            orbit(vec![("to_km", json!([[], [0]])), ("worlds", json!([19, 100_001]))]),
        ),
        (
            room!(orbit::keep),
            json!({ "through": "2026-01-01" }),
            orbit(vec![
                ("low_km", json!([0, null])),
                ("high_km", json!([-1, null])),
                ("density_scale", json!([0])),
                ("mass_kg", json!([0, 1e9, null])),
                ("avoidance_per_year", json!([-1])),
                ("avoidance_m_s", json!([-1])),
                (
                    "vehicle",
                    json!([
                        [{ "name": "a", "isp_s": 49 }],
                        [{ "name": "a", "isp_s": 300, "propellant_kg": -1 }]
                    ]),
                ),
            ]),
        ),
        (
            room!(orbit::deorbit),
            json!({ "entry": "2030-12-31" }),
            orbit(vec![
                ("mass_kg", json!([0, 1e9, null])),
                ("crew_off_km", json!([[], [0]])),
                ("final_km", json!([0])),
                ("perigee_km", json!([0])),
                ("capacity_kg", json!([-1])),
                ("isp_s", json!([49, 10_001])),
                ("early_share", json!([-0.1, 0.6])),
                ("worlds", json!([19, 20_001])),
            ]),
        ),
        (
            room!(orbit::deorbit),
            json!({ "entry": "2030-12-31", "station": "iss" }),
            all(vec![
                ("crew_off_days", json!([0, 14_641])),
                ("final_days", json!([5000])),
                ("crew_off_km", json!([[450]])),
                ("final_km", json!([450])),
            ]),
        ),
        (
            room!(orbit::hindcast),
            json!({ "altitudes": "a.csv", "from": "2025-01-01", "through": "2025-02-01" }),
            all(vec![
                ("through", json!(["2024-12-31", "2066-01-01"])),
                ("worlds", json!([19, 100_001])),
                ("sun", json!(["2025"])),
                ("jb2008", json!([{ "solfsmy": "a", "dtcfile": "b" }])),
                ("altitudes", json!([[], ["units.csv", "units.csv"]])),
                ("object", json!([""])),
            ]),
        ),
        (
            room!(orbit::reboosts),
            json!({ "file": "a.csv" }),
            all(vec![
                ("file", json!(["b", [], ["units.csv", "units.csv"]])),
                ("object", json!([" "])),
            ]),
        ),
        (
            room!(orbit::elements),
            json!({ "file": "a.tle", "from": "2025-01-01" }),
            all(vec![
                ("file", json!(["b", [], ["units.csv", "units.csv"]])),
                ("object", json!([" "])),
                ("through", json!(["2024-12-31"])),
            ]),
        ),
        (
            room!(spares::demand),
            json!({}),
            spares(vec![
                ("confidence", json!([0, 1])),
                ("fleets", json!([[], [1001], vec![1; 1001]])),
            ]),
        ),
        (
            room!(spares::sufficiency),
            json!({}),
            spares(vec![
                ("confidence", json!([0, 1])),
                ("shared_error_factor", json!([0.9, 101])),
                ("what_if", json!([[0.009], [1, 101]])),
            ]),
        ),
        (
            room!(spares::allocate),
            json!({}),
            spares(vec![
                ("probability", json!([0, 1])),
                ("shared_error_factor", json!([1, 101])),
                (
                    "limit",
                    json!([
                        [{ "name": "mass_kg", "most": -1 }],
                        [{ "name": "mass_kg", "most": 2e9 }]
                    ]),
                ),
                (
                    "flight",
                    json!([[{ "day": -1 }], [{ "day": 2e6 }], vec![json!({ "day": 1 }); 101]]),
                ),
            ]),
        ),
        (
            room!(spares::demand),
            json!({ "units": "units.csv", "period_d": 365 }),
            all(vec![
                ("period_d", json!([null])),
                ("scenario", json!([["later"]])),
                ("through", json!(["2030-01-01"])),
            ]),
        ),
        (
            room!(spares::demand),
            json!({ "period_d": 365 }),
            all(vec![("units", json!(["none.csv"]))]),
        ),
        (room!(air::endurance), json!({}), all(sources().to_vec())),
        (
            room!(air::run),
            json!({}),
            all([
                sources().to_vec(),
                vec![
                    ("days", json!([0, -1, 36_526])),
                    ("step", json!(["6", "0 h", "1 km", "0.01 s"])),
                ],
            ]
            .concat()),
        ),
        (
            room!(air::hatch),
            json!({}),
            all([
                sources().to_vec(),
                vec![
                    ("every", json!(["7", "0.5 d", "4000 d"])),
                    ("open_for", json!(["12", "0 h", "8 d"])),
                    ("ports", json!([-1])),
                ],
            ]
            .concat()),
        ),
        (
            room!(power),
            json!({}),
            all([sources().to_vec(), vec![("step", json!(["30", "0.5 d"]))]].concat()),
        ),
    ]
}

fn with(question: &Value, field: &str, value: &Value) -> Value {
    let mut question = question.clone();
    question[field] = value.clone();
    question
}

/// Whether a field is refused, as malformed.
fn names(refusals: &Refusals, field: &str) -> bool {
    let of = About::Field(field.to_owned());
    refusals.problems.iter().any(|p| p.about == of && p.kind == Kind::Malformed)
}

#[test]
fn a_question_parses_from_what_it_needs_and_knows_its_fields() {
    for (Room { name, needs, parse, .. }, given, _) in rooms() {
        let least: Value =
            needs.iter().map(|field| (field.clone(), given[field].clone())).collect();
        parse(least.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let unknown = parse(with(&least, "no_such_field", &json!(1))).unwrap_err().to_string();
        assert!(unknown.contains("unknown field `no_such_field`"), "{name}: {unknown}");
        for field in &needs {
            let mut less = least.clone();
            less.as_object_mut().unwrap().remove(field);
            let missing = parse(less).unwrap_err().to_string();
            assert!(missing.contains(&format!("missing field `{field}`")), "{name}: {missing}");
        }
    }
}

#[test]
fn a_value_outside_its_bounds_is_refused_by_the_room() {
    for (Room { name, ask, .. }, least, wrong) in rooms() {
        for (field, value) in wrong {
            let refused = ask(with(&least, field, &value)).unwrap_or_else(|error| {
                panic!("{name}: `{field}` {value} does not parse: {error}")
            });
            let refused = refused.expect_err(&format!("{name}: `{field}` {value} is answered"));
            assert!(names(&refused, field), "{name}: `{field}` {value}: {refused}");
            assert_eq!(refused.kind(), Kind::Malformed, "{name}: {refused}");
        }
    }
}

#[test]
fn all_that_is_wrong_comes_back_at_once() {
    for (Room { name, ask, .. }, least, wrong) in rooms() {
        if wrong.is_empty() {
            continue; // What bounds it are the data.
        }
        let all = wrong.iter().rev().fold(least, |all, (field, value)| with(&all, field, value));
        let refused = ask(all).unwrap().unwrap_err();
        for (field, _) in wrong {
            assert!(names(&refused, field), "{name}: `{field}` is not among {refused}");
        }
    }
}

/// What is a quantity, but beyond what the tables cover, is a question that has no answer.
#[test]
fn what_the_tables_do_not_cover_is_unanswerable() {
    let Room { ask, .. } = room!(orbit::deorbit);
    let question = json!({
        "altitude_km": 900, "drag_area_m2_kg": 0.007, "mass_kg": 4e5, "from": "2025-08-01",
        "entry": "2030-12-31", "final_km": 100, "perigee_km": 160, "crew_off_km": [600]
    });
    let refused = ask(question).unwrap().unwrap_err();
    for field in ["altitude_km", "final_km", "perigee_km", "crew_off_km"] {
        let of = About::Field(field.to_owned());
        let found = refused.problems.iter().any(|p| p.about == of && p.kind == Kind::Unanswerable);
        assert!(found, "`{field}` is not among {refused}");
    }
    // A day before the station's as-of date is a day.
    let Room { ask, .. } = room!(ledger);
    let refused = ask(json!({"through": "2020-01-01"})).unwrap().unwrap_err();
    assert_eq!(refused.problems[0].about, About::Field("through".to_owned()), "{refused}");
    assert_eq!(refused.kind(), Kind::Unanswerable, "{refused}");
}

#[test]
fn a_run_is_checked_like_its_question() {
    let folder = std::env::temp_dir().join(format!("zarya-rooms-{}", std::process::id()));
    let question = assess::Question { histories: 0, ..assess::Question::default() };
    let (data, door, control) = (Data::embedded(), run::Door::silent(), Control::silent());
    for (index, of) in [(0, 0), (0, 1), (3, 2)] {
        let shard = Some(run::Shard { index, of });
        let refused = run::start(&question, shard, &data, &folder, door, &control).unwrap_err();
        assert!(names(&refused, "histories") && names(&refused, "shard"), "{refused}");
    }
    assert!(names(&run::merge(&[], &folder, door, &control).unwrap_err(), "folders"));
    assert!(!folder.exists());
}

/// A wrong name of an overlay is that of the field it stands in.
#[test]
fn overlays_are_refused_by_their_field() {
    let question = json!({ "station": "tiny", "scenario": ["a"], "beliefs": ["b"] });
    for Room { name, ask, .. } in [room!(assess), room!(record), room!(check)] {
        let refused = ask(question.clone()).unwrap().unwrap_err();
        assert!(names(&refused, "scenario") && names(&refused, "beliefs"), "{name}: {refused}");
    }
}
