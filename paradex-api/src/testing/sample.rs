//! Sample values for schemas. The same seed gives the same values.

use serde_json::{Map, Value, json};

use super::document::{Document, Operation, text};

/// A success response that was made from the OpenAPI document.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SampleResponse {
    /// The status that the document declares.
    pub status: u16,
    /// The content type; `None` if the response has no body.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Arguments of a call that the OpenAPI document allows.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Arguments {
    /// Path parameters, not encoded.
    pub path: Vec<(String, String)>,
    /// Query parameters, not encoded.
    pub query: Vec<(String, String)>,
    /// Header parameters.
    pub headers: Vec<(String, String)>,
    /// The body, if the operation takes one.
    pub body: Option<Value>,
}

/// At which depth optional fields are omitted, because a schema may refer to itself.
const DEEPEST: usize = 6;

impl Document {
    /// Creates a value that the schema allows, with all fields.
    pub fn sample(&self, schema: &Value, seed: u64) -> Value {
        self.make(schema, &mut Random(seed), 0)
    }

    /// Creates a success response of an operation.
    pub fn sample_response(&self, operation: &Operation, seed: u64) -> SampleResponse {
        let (status, response) = operation.success().unwrap_or(("200", &Value::Null));
        let status = status.parse().unwrap_or(200);
        let content = response.get("content").and_then(Value::as_object);
        let Some((content_type, media)) = content.and_then(|content| content.iter().next()) else {
            return SampleResponse {
                status,
                content_type: None,
                body: Vec::new(),
            };
        };
        let body = if content_type == "application/json" {
            self.sample(media.get("schema").unwrap_or(&Value::Null), seed)
                .to_string()
                .into_bytes()
        } else {
            b"\x89PNG\r\n\x1a\n".to_vec()
        };
        SampleResponse {
            status,
            content_type: Some(content_type.clone()),
            body,
        }
    }

    /// Creates arguments for an operation, with all parameters.
    pub fn sample_arguments(&self, operation: &Operation, seed: u64) -> Arguments {
        let mut random = Random(seed);
        let mut arguments = Arguments::default();
        for parameter in operation.parameters() {
            let value = match self.make(parameter.schema, &mut random, 0) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let to = match parameter.place {
                "path" => &mut arguments.path,
                "query" => &mut arguments.query,
                _ => &mut arguments.headers,
            };
            to.push((parameter.name.to_owned(), value));
        }
        arguments.body = operation
            .body()
            .map(|(schema, _)| self.make(schema, &mut random, 0));
        arguments
    }

    fn make(&self, schema: &Value, random: &mut Random, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if depth > 4 * DEEPEST {
            return Value::Null;
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.is_empty()
        {
            return allowed
                .get(random.below(allowed.len()))
                .cloned()
                .unwrap_or_default();
        }
        match text(schema, "type") {
            Some("string") => match text(schema, "format") {
                Some("decimal") => json!(format!("{}.{}", random.below(100_000), 1 + random.below(9_999))),
                _ => made_text(schema, random),
            },
            Some("integer") => made_integer(schema, random),
            // Halves are exact as binary floats and never look like integers.
            Some("number") => json!(random.below(1_000) as f64 + 0.5),
            Some("boolean") => json!(random.below(2) == 0),
            Some("array") => self.make_list(schema, random, depth),
            Some("object") => self.make_object(schema, random, depth),
            _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => {
                self.make_object(schema, random, depth)
            }
            _ => json!({"any": random.below(1_000)}),
        }
    }

    fn make_list(&self, schema: &Value, random: &mut Random, depth: usize) -> Value {
        let count = match text(schema, "x-row") {
            Some("PriceLevel") => 2,
            Some("Kline") => {
                let mut row = vec![json!(1_700_000_000_000_i64 + 60_000 * random.below(1_000) as i64)];
                row.extend((0..5).map(|_| json!(random.below(1_000) as f64 + 0.5)));
                return Value::Array(row);
            }
            _ if depth > DEEPEST => 0,
            _ => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1);
                usize::try_from(least).unwrap_or(1).max(1 + random.below(2))
            }
        };
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let items = schema.get("items").unwrap_or(&Value::Null);
        (0..count)
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .map(|_| self.make(items, random, depth + 1))
            .collect()
    }

    fn make_object(&self, schema: &Value, random: &mut Random, depth: usize) -> Value {
        let mut object = Map::new();
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Value::Object(entries) = self.make(part, random, depth + 1) {
                object.extend(entries);
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let needed = required.is_some_and(|all| all.iter().any(|other| other.as_str() == Some(name)));
            if needed || depth <= DEEPEST {
                object.insert(name.clone(), self.make(property, random, depth + 1));
            }
        }
        if let Some(others @ Value::Object(_)) = schema.get("additionalProperties") {
            for number in 0..=random.below(2) {
                object.insert(format!("key{number}"), self.make(others, random, depth + 1));
            }
        }
        Value::Object(object)
    }
}

fn made_text(schema: &Value, random: &mut Random) -> Value {
    let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
    let most = schema
        .get("maxLength")
        .and_then(Value::as_u64)
        .unwrap_or(u64::MAX);
    let mut text = format!("text-{:08x}", random.next() >> 32);
    while (text.len() as u64) < least {
        text.push('x');
    }
    text.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Value::String(text)
}

fn made_integer(schema: &Value, random: &mut Random) -> Value {
    let limit = |key: &str| schema.get(key).and_then(Value::as_i64);
    let least = limit("minimum").unwrap_or(1);
    let most = limit("maximum")
        .unwrap_or(least.saturating_add(1_000_000))
        .max(least);
    let span = usize::try_from(most.saturating_sub(least))
        .unwrap_or(1_000_000)
        .saturating_add(1);
    json!(least.saturating_add(i64::try_from(random.below(span)).unwrap_or(0)))
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound that is at least 1.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Document;

    fn document() -> &'static Document {
        static DOCUMENT: std::sync::OnceLock<Document> = std::sync::OnceLock::new();
        DOCUMENT.get_or_init(|| Document::parse(crate::DOCUMENT).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_sample_is_what_its_schema_allows(seed: u64) {
            let document = document();
            for operation in document.operations() {
                let sampled = document.sample_response(operation, seed);
                prop_assert_eq!(&sampled.body, &document.sample_response(operation, seed).body);
                if sampled.content_type.as_deref() == Some("application/json") {
                    let (_, response) = operation.success().unwrap();
                    let schema = response.pointer("/content/application~1json/schema").unwrap();
                    let value = serde_json::from_slice(&sampled.body).unwrap();
                    prop_assert_eq!(document.check_value(schema, &value), vec![], "{}", operation.id());
                }
            }
        }
    }

    #[test]
    fn another_seed_makes_another_value() {
        let document = document();
        let schema = document.schema("Market").unwrap();
        assert_ne!(document.sample(schema, 1), document.sample(schema, 2));
    }
}
