//! `schemas/*.json` are made from the structs. `ZARYA_BLESS=1 cargo test` writes them anew.

use std::path::PathBuf;

fn check(name: &str, schema: &schemars::Schema) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../schemas")
        .join(format!("{name}.json"));
    let mut made = serde_json::to_string_pretty(schema).unwrap();
    made.push('\n');
    if std::env::var_os("ZARYA_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == made, "schemas/{name}.json is behind the struct: run with ZARYA_BLESS=1");
}

#[test]
fn schemas_are_in_step_with_the_structs() {
    check("assessment", &schemars::schema_for!(zarya_assessment::Assessment));
    check("ledger", &schemars::schema_for!(zarya_assessment::Ledger));
}
