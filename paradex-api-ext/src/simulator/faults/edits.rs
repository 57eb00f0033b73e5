//! Edits of a response, and responses that repeat the request.

use hyper::StatusCode;
use hyper::header::AUTHORIZATION;
use paradex_api::testing::{Document, Operation};
use serde_json::Value;

use crate::simulator::log::LoggedRequest;
use crate::simulator::response::SimulatedResponse;

/// Replaces an enum value, as a value of a later version of the API would.
const UNKNOWN: &str = "SIMULATED_UNKNOWN_VALUE";

/// Returns a response that repeats the request.
pub(super) fn echo(status: StatusCode, request: &LoggedRequest) -> SimulatedResponse {
    let mut text = format!("{} {}?{}", request.method, request.path, request.query);
    for (name, value) in &request.headers {
        text.push_str(&format!("\n{name}: {value}"));
    }
    text.push_str("\n\n");
    text.push_str(&String::from_utf8_lossy(&request.body));
    let credential = request.header(AUTHORIZATION.as_str()).unwrap_or_default();
    SimulatedResponse::message(status, &text).with("x-request-id", credential)
}

/// Returns the schema of the success response of an operation.
pub(super) fn response_schema(operation: &Operation) -> Option<&Value> {
    let responses = operation.value().get("responses")?.as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    response.pointer("/content/application~1json/schema")
}

/// Replaces every enum value of a response.
pub(super) fn unknown_enum_values(document: &Document, schema: &Value, value: &mut Value, depth: usize) {
    // No response is so deep. It ends the recursion of a schema that refers to itself.
    if depth > 64 {
        return;
    }
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(found) = reference
        .and_then(|reference| reference.strip_prefix("#/components/schemas/"))
        .and_then(|name| document.schema(name))
    {
        return unknown_enum_values(document, found, value, depth + 1);
    }
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        unknown_enum_values(document, part, value, depth + 1);
    }
    match value {
        Value::String(text) if schema.get("enum").is_some() => UNKNOWN.clone_into(text),
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    unknown_enum_values(document, schema, item, depth + 1);
                }
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let schema = schema
                    .get("properties")
                    .and_then(|properties| properties.get(name))
                    .or_else(|| schema.get("additionalProperties"));
                if let Some(schema) = schema {
                    unknown_enum_values(document, schema, field, depth + 1);
                }
            }
        }
        _ => {}
    }
}

/// Sets the fields at this depth to `null`.
pub(super) fn nulls(value: &mut Value, depth: usize) {
    match value {
        Value::Object(fields) => {
            for field in fields.values_mut() {
                match depth.checked_sub(1) {
                    None => *field = Value::Null,
                    Some(depth) => nulls(field, depth),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| nulls(item, depth)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::nulls;

    #[test]
    fn nulls_are_set_at_the_given_depth() {
        let value = json!({"results": [{"a": 1, "b": {"c": 2}}], "next": "x"});
        let at = |depth| {
            let mut value = value.clone();
            nulls(&mut value, depth);
            value
        };
        assert_eq!(at(0), json!({"results": null, "next": null}));
        assert_eq!(at(1), json!({"results": [{"a": null, "b": null}], "next": "x"}));
        assert_eq!(
            at(2),
            json!({"results": [{"a": 1, "b": {"c": null}}], "next": "x"})
        );
    }
}
