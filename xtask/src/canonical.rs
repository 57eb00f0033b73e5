//! The canonical form of a document: interface facts only, keys sorted.
//!
//! An explicit list says which members are kept at each position. So a schema field that happens to be called `description` or
//! `example` is kept, and is not mistaken for prose. An update of the vendored document is then a small diff that shows what
//! changed
//! on the wire and nothing else.

use serde_json::{Map, Value};

/// The members of a schema that are interface facts.
const SCHEMA_KEYS: &[&str] = &[
    "$ref",
    "type",
    "format",
    "enum",
    "default",
    "properties",
    "required",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "additionalProperties",
    "nullable",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "readOnly",
    "writeOnly",
    "deprecated",
    "discriminator",
];

/// The methods that a path item can have.
pub const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "patch", "head", "options", "trace",
];

/// Brings a document of OpenAPI 3.0 into canonical form.
pub fn canonical(document: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, document, "openapi", Value::clone);
    keep(&mut kept, document, "info", |info| {
        only(info, &["title", "version"])
    });
    keep(&mut kept, document, "servers", |servers| {
        list(servers, |server| only(server, &["url"]))
    });
    keep(&mut kept, document, "security", Value::clone);
    keep(&mut kept, document, "paths", |paths| map(paths, path_item));
    keep(&mut kept, document, "components", components);
    sorted(&Value::Object(kept))
}

/// The text of a document in canonical form, as it is vendored.
pub fn to_text(document: &Value) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(document)).unwrap_or_default();
    text.push('\n');
    text
}

pub(crate) fn keep(to: &mut Map<String, Value>, from: &Value, key: &str, form: impl Fn(&Value) -> Value) {
    if let Some(value) = from.get(key) {
        to.insert(key.to_owned(), form(value));
    }
}

pub(crate) fn only(value: &Value, keys: &[&str]) -> Value {
    let mut kept = Map::new();
    for key in keys {
        keep(&mut kept, value, key, Value::clone);
    }
    Value::Object(kept)
}

pub(crate) fn map(value: &Value, form: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .filter(|(key, _)| !key.starts_with("x-"))
                .map(|(key, value)| (key.clone(), form(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

pub(crate) fn list(value: &Value, form: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(form).collect()),
        other => other.clone(),
    }
}

fn components(value: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, value, "schemas", |all| map_all(all, schema));
    keep(&mut kept, value, "parameters", |all| map_all(all, parameter));
    keep(&mut kept, value, "responses", |all| map_all(all, response));
    keep(&mut kept, value, "requestBodies", |all| map_all(all, body));
    keep(&mut kept, value, "headers", |all| map_all(all, parameter));
    keep(&mut kept, value, "securitySchemes", |all| {
        map_all(all, |scheme| {
            only(
                scheme,
                &[
                    "$ref",
                    "type",
                    "name",
                    "in",
                    "scheme",
                    "bearerFormat",
                    "flows",
                    "openIdConnectUrl",
                ],
            )
        })
    });
    Value::Object(kept)
}

/// Like [`map`] for names that upstream chose: none of them is an extension.
pub(crate) fn map_all(value: &Value, form: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), form(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn path_item(item: &Value) -> Value {
    let mut kept = Map::new();
    for method in METHODS {
        keep(&mut kept, item, method, operation);
    }
    keep(&mut kept, item, "parameters", parameters);
    Value::Object(kept)
}

fn operation(operation: &Value) -> Value {
    let mut kept = Map::new();
    for key in ["operationId", "security", "deprecated"] {
        keep(&mut kept, operation, key, Value::clone);
    }
    keep(&mut kept, operation, "parameters", parameters);
    keep(&mut kept, operation, "requestBody", body);
    keep(&mut kept, operation, "responses", |all| map(all, response));
    Value::Object(kept)
}

/// The order of parameters means nothing to a client, so it is settled here.
fn parameters(all: &Value) -> Value {
    let mut all = list(all, parameter);
    if let Value::Array(items) = &mut all {
        items
            .sort_by_cached_key(|item| ["in", "name", "$ref"].map(|key| item.get(key).map(Value::to_string)));
    }
    all
}

fn parameter(parameter: &Value) -> Value {
    let mut kept = Map::new();
    for key in [
        "$ref",
        "name",
        "in",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
    ] {
        keep(&mut kept, parameter, key, Value::clone);
    }
    if parameter.get("required") == Some(&Value::Bool(true)) {
        kept.insert("required".to_owned(), Value::Bool(true));
    }
    keep(&mut kept, parameter, "schema", schema);
    keep(&mut kept, parameter, "content", content);
    Value::Object(kept)
}

fn body(body: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, body, "$ref", Value::clone);
    keep(&mut kept, body, "required", Value::clone);
    keep(&mut kept, body, "content", content);
    Value::Object(kept)
}

fn response(response: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, response, "$ref", Value::clone);
    keep(&mut kept, response, "content", content);
    keep(&mut kept, response, "headers", |all| map_all(all, parameter));
    Value::Object(kept)
}

fn content(content: &Value) -> Value {
    map_all(content, |media| {
        let mut kept = Map::new();
        keep(&mut kept, media, "schema", schema);
        Value::Object(kept)
    })
}

pub(crate) fn schema(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut kept = Map::new();
    for (key, value) in members {
        if !SCHEMA_KEYS.contains(&key.as_str()) {
            continue;
        }
        let value = match key.as_str() {
            "properties" => map_all(value, self::schema),
            "items" | "not" | "additionalProperties" => self::schema(value),
            "allOf" | "oneOf" | "anyOf" => list(value, self::schema),
            "required" | "enum" => sorted_set(value),
            _ => value.clone(),
        };
        kept.insert(key.clone(), value);
    }
    Value::Object(kept)
}

/// Lists whose order means nothing.
fn sorted_set(value: &Value) -> Value {
    let Value::Array(items) = value else {
        return value.clone();
    };
    let mut items = items.clone();
    items.sort_by_cached_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

/// The same value with the keys of every object in order, whichever map serde_json was built with.
pub fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonical;

    fn document(schema: serde_json::Value) -> serde_json::Value {
        json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1", "description": "prose"},
               "paths": {}, "components": {"schemas": {"S": schema}}})
    }

    #[test]
    fn prose_goes_and_fields_with_prosaic_names_stay() {
        let found = canonical(&document(json!({
            "type": "object", "description": "prose", "example": {"a": 1}, "x-order": 3,
            "properties": {"description": {"type": "string", "description": "prose"},
                           "x-rate": {"type": "integer", "title": "prose"}}
        })));
        assert_eq!(
            found["components"]["schemas"]["S"],
            json!({"type": "object", "properties": {"description": {"type": "string"},
                                                    "x-rate": {"type": "integer"}}})
        );
        assert!(!found.to_string().contains("prose"));
    }

    #[test]
    fn order_that_means_nothing_makes_no_difference() {
        let one = document(json!({"enum": ["B", "A"], "required": ["y", "x"]}));
        let two = document(json!({"required": ["x", "y"], "enum": ["A", "B"]}));
        assert_eq!(canonical(&one), canonical(&two));

        let operation = |parameters| {
            json!({"openapi": "3.0.0", "info": {"title": "T", "version": "1"},
                   "paths": {"/a": {"get": {"parameters": parameters, "tags": ["t"], "summary": "prose",
                             "responses": {"200": {"description": "prose"}}}}}})
        };
        let a = json!({"name": "a", "in": "query", "required": false, "schema": {"type": "string"}});
        let b = json!({"name": "b", "in": "query", "schema": {"type": "string"}});
        assert_eq!(
            canonical(&operation(json!([a, b]))),
            canonical(&operation(json!([b, a])))
        );
        assert_eq!(
            canonical(&operation(json!([])))["paths"]["/a"]["get"],
            json!({"parameters": [], "responses": {"200": {}}})
        );
    }

    #[test]
    fn it_is_its_own_canonical_form() {
        let once = canonical(&document(
            json!({"type": "string", "enum": ["B", "", "A"], "default": "A"}),
        ));
        assert_eq!(canonical(&once), once);
    }
}
