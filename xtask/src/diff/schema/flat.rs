//! A schema in one piece: references followed, parts put together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{component, shown};
use crate::document::{entries, parts, referred};

/// A schema with its references followed and its parts (`allOf`) put together.
#[derive(Default, PartialEq)]
pub(super) struct Flat<'a> {
    pub(super) keys: BTreeMap<&'a str, &'a Value>,
    pub(super) properties: BTreeMap<&'a str, &'a Value>,
    pub(super) required: BTreeSet<&'a str>,
}

impl<'a> Flat<'a> {
    pub(super) fn new(document: &'a Value, schema: &'a Value) -> Self {
        let mut flat = Flat::default();
        flat.add(document, schema, 16, &mut 1_000);
        flat
    }

    /// Several schemas put together.
    pub(super) fn from_all(document: &'a Value, schemas: &[&'a Value]) -> Self {
        let mut flat = Flat::default();
        for schema in schemas {
            flat.add(document, schema, 16, &mut 1_000);
        }
        flat
    }

    /// Adds a schema. Parts that go on for ever are cut off, and so are parts that multiply.
    fn add(&mut self, document: &'a Value, schema: &'a Value, depth: usize, left: &mut usize) {
        let (Some(depth), Some(fewer)) = (depth.checked_sub(1), left.checked_sub(1)) else {
            return;
        };
        *left = fewer;
        if let Some(name) = referred(schema) {
            if let Some(target) = component(document, name) {
                self.add(document, target, depth, left);
            }
            return;
        }
        for part in parts(schema) {
            self.add(document, part, depth, left);
        }
        for (key, value) in entries(Some(schema)) {
            match key.as_str() {
                "allOf" | "$ref" => {}
                "properties" => {
                    self.properties
                        .extend(entries(Some(value)).map(|(name, value)| (name.as_str(), value)));
                }
                "required" => {
                    self.required
                        .extend(value.as_array().into_iter().flatten().filter_map(Value::as_str));
                }
                // Beside parts, `type: object` is written out of habit: what the parts are counts.
                "type" if self.keys.contains_key("type") => {}
                key => {
                    self.keys.insert(key, value);
                }
            }
        }
    }

    pub(super) fn kind(&self) -> &'a str {
        let has = |key| self.keys.contains_key(key);
        if has("oneOf") || has("anyOf") {
            return "choice";
        }
        match self.keys.get("type").and_then(|value| value.as_str()) {
            Some(kind) => kind,
            None if !self.properties.is_empty() || has("additionalProperties") => "object",
            None if has("items") => "array",
            None if has("enum") => "string",
            None => "any",
        }
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.keys.get(key) == Some(&&Value::Bool(true))
    }

    /// The values of an enumeration, as texts.
    pub(super) fn values(&self) -> Option<BTreeSet<String>> {
        let values = self.keys.get("enum")?.as_array()?;
        Some(values.iter().map(shown).collect())
    }
}
