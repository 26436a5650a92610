//! Values by name, in the order in which an answer tells them.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Values by name, in order: an object in JSON. A name stands once; a second value of it takes the
/// first one's place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named<T>(Vec<(String, T)>);

impl<T> Named<T> {
    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Returns names and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Named<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(all: I) -> Self {
        let mut places = BTreeMap::new();
        let mut named: Vec<(String, T)> = Vec::new();
        for (name, value) in all {
            let name = name.into();
            if let Some(place) = places.get(&name) {
                let place: usize = *place;
                named[place].1 = value;
            } else {
                places.insert(name.clone(), named.len());
                named.push((name, value));
            }
        }
        Self(named)
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Named_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_order_and_stand_once() {
        let named: Named<u32> = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
        assert_eq!(serde_json::to_string(&named).unwrap_or_default(), r#"{"b":3,"a":2}"#);
        assert_eq!((named.get("a"), named.get("c")), (Some(&2), None));
    }
}
