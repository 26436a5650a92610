//! `schemas/*.json` are made from the answers, `schemas/questions/*.json` from the questions.
//! `ZARYA_BLESS=1 cargo test --release -p zarya --test schemas` writes them anew.

#![allow(clippy::unwrap_used)] // a test that cannot go on should say where

use std::path::PathBuf;

fn check(name: &str, schema: &schemars::Schema) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../schemas")
        .join(format!("{name}.json"));
    let mut made = serde_json::to_string_pretty(schema).unwrap();
    made.push('\n');
    if std::env::var_os("ZARYA_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "schemas/{name}.json is behind the struct: run with ZARYA_BLESS=1");
}

/// Checks that an answer says what it rests on and what it leaves open, whichever of its forms it has.
fn complete(name: &str, schema: &serde_json::Value) {
    if let Some(forms) = schema["anyOf"].as_array() {
        for form in forms {
            let of = form["$ref"].as_str().and_then(|path| path.strip_prefix('#')).unwrap();
            complete(name, schema.pointer(of).unwrap());
        }
        return;
    }
    let has = |key: &str| schema["properties"].get(key).is_some();
    assert!(has("inputs"), "{name}: `inputs` is missing");
    assert!(has("caveats") || has("notes"), "{name}: `caveats` or `notes` is missing");
}

/// Checks the schemas of a room: of its answer as written, and of its question as read.
macro_rules! room {
    ($name:literal, $($room:ident)::+) => {
        let written = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let answer = written.into_generator().into_root_schema_for::<$($room)::+::Answer>();
        check($name, &answer);
        complete($name, answer.as_value());
        let question = schemars::schema_for!($($room)::+::Question);
        check(concat!("questions/", $name), &question);
    };
}

#[test]
fn schemas_are_in_step_with_the_structs() {
    let assessment = schemars::schema_for!(zarya::assessment::Assessment);
    check("assessment", &assessment);
    complete("assessment", assessment.as_value());
    check("questions/assessment", &schemars::schema_for!(zarya::assess::Question));
    room!("check", zarya::check);
    room!("check-record", zarya::record);
    room!("compare", zarya::compare);
    room!("explain", zarya::explain);
    room!("import", zarya::import);
    room!("ledger", zarya::ledger);
    room!("spares-allocate", zarya::spares::allocate);
    room!("spares-demand", zarya::spares::demand);
    room!("spares-list", zarya::spares::list);
    room!("spares-sufficiency", zarya::spares::sufficiency);
    room!("orbit-decay", zarya::orbit::decay);
    room!("orbit-deorbit", zarya::orbit::deorbit);
    room!("orbit-elements", zarya::orbit::elements);
    room!("orbit-hindcast", zarya::orbit::hindcast);
    room!("orbit-keep", zarya::orbit::keep);
    room!("orbit-lifetime", zarya::orbit::lifetime);
    room!("orbit-reboosts", zarya::orbit::reboosts);
    room!("air-endurance", zarya::air::endurance);
    room!("air-hatch", zarya::air::hatch);
    room!("air-run", zarya::air::run);
    room!("power", zarya::power);
}
