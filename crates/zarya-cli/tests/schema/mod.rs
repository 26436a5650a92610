//! Whether an answer follows its schema in `schemas/`: the part of JSON Schema that those files use.

use serde_json::Value;
use std::path::Path;

/// Fails where `value` does not follow the schema file `name`.
pub(crate) fn follows(name: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name);
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema = serde_json::from_str(&text).expect("JSON");
    check(&schema, value, "");
}

fn check(schema: &Value, value: &Value, at: &str) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = &schema["type"];
    let allowed = types == kind || types.as_array().is_some_and(|list| list.contains(&kind.into()));
    assert!(allowed, "{at}: {kind} where {types} is promised");
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is none of {words:?}");
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(key.as_str().expect("a key")).is_some(), "{at}: {key} is missing");
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let schema = schema["properties"].get(key).or_else(|| schema.get("additionalProperties"));
        let schema = schema.unwrap_or_else(|| panic!("{at}/{key} is not in the schema"));
        if schema.get("properties").is_some() || *schema != serde_json::json!({"type": "object"}) {
            check(schema, value, &format!("{at}/{key}"));
        }
    }
    for value in value.as_array().into_iter().flatten() {
        check(&schema["items"], value, &format!("{at}[]"));
    }
}
