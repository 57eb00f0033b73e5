//! Compares two schemas that should say the same: fields, types and values.
//!
//! Which fields are required is not compared. In responses it is only true of the good case, and nothing depends on it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{self, entries, parts, referred, text};

/// A difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The field, such as `.order.fee`; empty for the schema itself.
    pub place: String,
    /// What differs, with `{one}` and `{other}` for the documents.
    pub says: String,
}

/// Every difference between two schemas of a document.
pub fn differences(document: &Value, one: &Value, other: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    Comparison {
        document,
        found: &mut found,
    }
    .compare("", one, other, 0);
    found.sort();
    found.dedup();
    found
}

struct Comparison<'a> {
    document: &'a Value,
    found: &'a mut Vec<Difference>,
}

impl<'a> Comparison<'a> {
    fn compare(&mut self, place: &str, one: &'a Value, other: &'a Value, depth: usize) {
        const DEEPEST: usize = 16;
        let (one, other) = (self.resolved(one), self.resolved(other));
        // Types that contain themselves repeat what was compared before.
        if depth > DEEPEST || std::ptr::eq(one, other) {
            return;
        }
        let (was, is) = (kind(one), kind(other));
        if was != is {
            self.tell(place, format!("{{one}} says {was} and {{other}} {is}"));
            return;
        }
        match (values(one), values(other)) {
            (Some(one), Some(other)) => {
                for value in one.difference(&other) {
                    self.tell(
                        place,
                        format!("{{one}} lists the value `{value}`, which {{other}} lacks"),
                    );
                }
                for value in other.difference(&one) {
                    self.tell(
                        place,
                        format!("{{other}} lists the value `{value}`, which {{one}} lacks"),
                    );
                }
            }
            (Some(_), None) => self.tell(place, "{one} lists values and {other} does not".to_owned()),
            (None, Some(_)) => self.tell(place, "{other} lists values and {one} does not".to_owned()),
            (None, None) => {}
        }
        let (fields, others) = (self.fields(one), self.fields(other));
        for (field, schema) in &fields {
            let place = format!("{place}.{field}");
            match others.get(field) {
                Some(other) => self.compare(&place, schema, other, depth + 1),
                None => self.tell(&place, "{one} has this field and {other} does not".to_owned()),
            }
        }
        for field in others.keys().filter(|field| !fields.contains_key(*field)) {
            let place = format!("{place}.{field}");
            self.tell(&place, "{other} has this field and {one} does not".to_owned());
        }
        for key in ["items", "additionalProperties"] {
            let inner = |schema: &'a Value| schema.get(key).filter(|inner| inner.is_object());
            if let (Some(one), Some(other)) = (inner(one), inner(other)) {
                self.compare(place, one, other, depth + 1);
            }
        }
    }

    fn tell(&mut self, place: &str, says: String) {
        self.found.push(Difference {
            place: place.to_owned(),
            says,
        });
    }

    /// A schema, or what it refers to.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let mut found = schema;
        for _ in 0..8 {
            let single = match parts(found).collect::<Vec<_>>().as_slice() {
                [only] if found.get("properties").is_none() => referred(only),
                _ => None,
            };
            let target = referred(found).or(single);
            match target.and_then(|name| document::component(self.document, name)) {
                Some(inner) => found = inner,
                None => break,
            }
        }
        found
    }

    /// The fields of a schema and of its parts.
    fn fields(&self, schema: &'a Value) -> BTreeMap<&'a str, &'a Value> {
        let own = entries(schema.get("properties"));
        let mut fields: BTreeMap<&str, &Value> = own.map(|(name, field)| (name.as_str(), field)).collect();
        for part in parts(schema) {
            let part = self.resolved(part);
            fields.extend(entries(part.get("properties")).map(|(name, field)| (name.as_str(), field)));
        }
        fields
    }
}

/// The JSON type; an object with fields is told from one of which nothing is known.
fn kind(schema: &Value) -> &str {
    let has_fields = schema.get("properties").is_some() || parts(schema).next().is_some();
    match text(schema, "type") {
        Some("object") | None if has_fields => "object",
        Some("object") if schema.get("additionalProperties").is_some_and(Value::is_object) => "map",
        Some("object") => "an object without fields",
        Some(kind) => kind,
        None if schema.get("enum").is_some() => "string",
        None => "any JSON",
    }
}

fn values(schema: &Value) -> Option<BTreeSet<&str>> {
    let values = schema.get("enum")?.as_array()?;
    Some(values.iter().filter_map(Value::as_str).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differences;

    fn told(one: Value, other: Value) -> Vec<String> {
        let document = json!({"components": {"schemas": {
            "Side": {"type": "string", "enum": ["BUY", "SELL"]},
            "Loop": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
        }}});
        let found = differences(&document, &one, &other);
        found
            .into_iter()
            .map(|found| format!("{}: {}", found.place, found.says))
            .collect()
    }

    #[test]
    fn schemas_that_say_the_same_in_other_words_do_not_differ() {
        let side = json!({"allOf": [{"$ref": "#/components/schemas/Side"}]});
        assert_eq!(
            told(
                json!({"type": "object", "additionalProperties": false, "required": ["a"],
                       "properties": {"a": {"type": "string", "enum": ["SELL", "BUY"]}, "b": {"$ref": "#/components/schemas/Loop"}}}),
                json!({"properties": {"a": side, "b": {"$ref": "#/components/schemas/Loop"}}}),
            ),
            Vec::<String>::new()
        );
    }

    #[test]
    fn field_type_and_value_are_named() {
        assert_eq!(
            told(
                json!({"type": "object", "properties": {
                    "gone": {"type": "string"}, "side": {"type": "string", "enum": ["BUY", "HOLD"]},
                    "list": {"type": "array", "items": {"type": "integer"}}, "open": {"type": "string", "enum": ["A"]},
                    "any": {"type": "object"}}}),
                json!({"type": "object", "properties": {
                    "new": {"type": "string"}, "side": {"$ref": "#/components/schemas/Side"},
                    "list": {"type": "array", "items": {"type": "string"}}, "open": {"type": "string"},
                    "any": {"type": "object", "properties": {"x": {}}}}}),
            ),
            [
                ".any: {one} says an object without fields and {other} object",
                ".gone: {one} has this field and {other} does not",
                ".list: {one} says integer and {other} string",
                ".new: {other} has this field and {one} does not",
                ".open: {one} lists values and {other} does not",
                ".side: {one} lists the value `HOLD`, which {other} lacks",
                ".side: {other} lists the value `SELL`, which {one} lacks",
            ]
        );
    }
}
