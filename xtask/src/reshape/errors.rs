//! The same error responses on every operation.
//!
//! The error responses that the document declares differ between operations for no reason, and some are declared as images. Every
//! operation can respond with 400, 401, 403 and 404 with the error body of
//! the exchange; 429 and 5xx stay undeclared, because servers in front of the exchange send them, with any body.

use serde_json::{Value, json};

use crate::document;
use crate::report::Report;

/// The component that describes an error body.
pub const ERROR: &str = "ApiError";
/// The component that lists the error codes.
pub const CODE: &str = "ErrorCode";

/// Declares the error responses.
pub fn declare(document: &mut Value) {
    let known = document::schemas(document).any(|(name, _)| name == ERROR);
    for (_, operation) in document::operations_mut(document) {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
            continue;
        };
        responses.retain(|status, _| status.starts_with('2'));
        if known {
            for (status, description) in [
                ("400", "The request is wrong."),
                ("401", "The token is missing, dead or of the wrong kind."),
                ("403", "The caller may not do this, or not from this address."),
                ("404", "There is no such resource."),
            ] {
                responses.insert(
                    status.to_owned(),
                    json!({"description": description,
                           "content": {"application/json": {"schema": document::reference(ERROR)}}}),
                );
            }
        }
    }
}

/// Gives a document that lacks the error body, or has another one, the form that the hand-written part of
/// the crate reads. Only documents that are tried out need this.
pub fn ensure(document: &mut Value, report: &mut Report) {
    if document.pointer("/components/schemas").is_none() {
        document["components"]["schemas"] = json!({});
    }
    let Some(schemas) = document::schemas_mut(document) else {
        return;
    };
    let is_enum = |schema: &Value| schema.get("enum").is_some();
    if !schemas.get(CODE).is_some_and(is_enum) {
        report.note("the document has no error codes; an open enumeration with one value is used instead");
        schemas.insert(
            CODE.to_owned(),
            json!({"type": "string", "enum": ["UNSPECIFIED"]}),
        );
    }
    let fits = schemas.get(ERROR).is_some_and(|schema| {
        let property = |name: &str| schema.get("properties").and_then(|all| all.get(name));
        let code = property("error").map(Value::to_string).unwrap_or_default();
        code.contains(CODE) && property("message").is_some() && schema.get("required").is_none()
    });
    if !fits {
        report.note("the document has no error body of the known form; the usual one is used instead");
        schemas.insert(
            ERROR.to_owned(),
            json!({"type": "object", "properties": {"error": document::reference(CODE),
                   "message": {"type": "string"}, "data": {}}}),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::declare;

    #[test]
    fn pictures_are_no_errors_and_every_operation_has_all_four() {
        let mut document = json!({"components": {"schemas": {"ApiError": {}}},
            "paths": {"/a": {"get": {"responses": {"200": {}, "400": {"content": {"image/png": {}}}, "500": {}}}}}});
        declare(&mut document);
        let responses = document["paths"]["/a"]["get"]["responses"].as_object().unwrap();
        assert_eq!(
            responses.keys().collect::<Vec<_>>(),
            ["200", "400", "401", "403", "404"]
        );
        assert_eq!(
            responses["400"]["content"]["application/json"]["schema"]["$ref"],
            "#/components/schemas/ApiError"
        );
    }
}
