//! Whether an answer follows its schema in `schemas/`: the part of JSON Schema that those files use. Unlike
//! a validator, it refuses keys that the schema does not name.

use serde_json::Value;
use std::path::Path;

/// Fails where `value` does not follow the schema file `name`.
pub(crate) fn follows(name: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name);
    let text = std::fs::read_to_string(path).expect("the schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    if let Err(why) = check(&schema, &schema, value, "") {
        panic!("{name}: {why}");
    }
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(place) = schema["$ref"].as_str() {
        let target =
            root.pointer(place.trim_start_matches('#')).expect("a reference leads somewhere");
        return check(root, target, value, at);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[word].as_array() {
            let mut refused = Vec::new();
            for choice in choices {
                match check(root, choice, value, at) {
                    Ok(()) => return Ok(()),
                    Err(why) => refused.push(why),
                }
            }
            return Err(format!("{at}: none of the choices: {}", refused.join("; ")));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = &schema["type"];
    let named = |name: &str| {
        types == name || types.as_array().is_some_and(|list| list.contains(&name.into()))
    };
    let whole = kind == "integer" && named("number");
    if !(types.is_null() || named(kind) || whole) {
        return Err(format!("{at}: {kind} where {types} is promised"));
    }
    if schema["const"] != Value::Null && schema["const"] != *value {
        return Err(format!("{at}: {value} is not {}", schema["const"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{at}: {value} is none of {words:?}"));
    }
    if let Some(object) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().expect("a key")) {
                return Err(format!("{at}: {key} is missing"));
            }
        }
        // An object of which nothing is said holds anything.
        let told =
            ["properties", "additionalProperties"].iter().any(|key| schema.get(key).is_some());
        for (key, value) in object.iter().filter(|_| told) {
            let own = schema["properties"].get(key).or_else(|| schema.get("additionalProperties"));
            match own {
                Some(Value::Bool(true)) => {}
                Some(own) => check(root, own, value, &format!("{at}/{key}"))?,
                None => return Err(format!("{at}/{key} is not in the schema")),
            }
        }
    }
    for (place, value) in value.as_array().into_iter().flatten().enumerate() {
        let own = schema["prefixItems"].get(place).unwrap_or(&schema["items"]);
        check(root, own, value, &format!("{at}[{place}]"))?;
    }
    Ok(())
}
