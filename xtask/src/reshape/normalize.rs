//! Brings the document into one form, whatever form of OpenAPI it uses.
//!
//! After this step every schema is an object, every list a list, and an operation holds its parameters and
//! responses itself, so that no later step has to look for either.

use serde_json::{Map, Value, json};

use crate::document::{self, text};
use crate::report::Report;

/// Brings everything into form, and reports what was changed.
pub fn normalize(document: &mut Value, report: &mut Report) {
    for path in ["paths", "components"] {
        object_at(document, path, report);
    }
    if let Some(components) = document.get_mut("components") {
        object_at(components, "schemas", report);
    }
    let shared = document.get("components").cloned().unwrap_or_default();
    if let Some(schemas) = document::schemas_mut(document) {
        for (name, value) in schemas {
            schema(value, name, report);
        }
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        only_objects(paths, |path| path.to_owned(), report);
        for (path, item) in paths {
            path_item(path, item, &shared, report);
        }
    }
    let bodies = document.pointer_mut("/components/requestBodies");
    for (name, body) in bodies.and_then(Value::as_object_mut).into_iter().flatten() {
        content(body, name, report);
    }
}

/// The member of this name is an object afterwards.
fn object_at(of: &mut Value, name: &str, report: &mut Report) {
    let Some(members) = of.as_object_mut() else {
        return;
    };
    let slot = members.entry(name).or_insert_with(|| json!({}));
    if !slot.is_object() {
        report.problem(format_args!("`{name}` is no object; treated as an empty one"));
        *slot = json!({});
    }
}

/// Leaves out what is no object, under the name by which a person knows it.
fn only_objects(all: &mut Map<String, Value>, name: impl Fn(&str) -> String, report: &mut Report) {
    all.retain(|key, value| {
        if !value.is_object() {
            report.problem(format_args!("{} is no object; left out", name(key)));
        }
        value.is_object()
    });
}

fn path_item(path: &str, item: &mut Value, shared: &Value, report: &mut Report) {
    let Some(members) = item.as_object_mut() else {
        return;
    };
    // What all operations of a path take is declared once, beside them.
    let mut common = members.remove("parameters").unwrap_or_default();
    parameters(&mut common, path, shared, report);
    only_objects(members, |method| document::key(method, path), report);
    for (method, operation) in members {
        let key = document::key(method, path);
        let Some(members) = operation.as_object_mut() else {
            continue;
        };
        let mut own = members.remove("parameters").unwrap_or_default();
        parameters(&mut own, &key, shared, report);
        let named = |parameter: &Value| ["in", "name"].map(|key| parameter.get(key).cloned());
        if let Value::Array(own) = &mut own {
            for parameter in common.as_array().into_iter().flatten() {
                if !own.iter().any(|other| named(other) == named(parameter)) {
                    own.push(parameter.clone());
                }
            }
            if !own.is_empty() {
                members.insert("parameters".to_owned(), json!(own));
            }
        }
        if members.contains_key("requestBody") {
            let body = members.get("requestBody").map(|body| resolved(body, shared));
            if let Some(None) = body {
                report.problem(format_args!("{key}: the body refers to nothing; treated as none"));
                members.remove("requestBody");
            }
        }
        if let Some(body) = members.get_mut("requestBody") {
            content(body, &format!("{key} body"), report);
        }
        responses(&key, members, shared, report);
    }
}

/// A list of parameters, each with a name and a place, without references.
fn parameters(list: &mut Value, of: &str, shared: &Value, report: &mut Report) {
    let Value::Array(items) = list else {
        if !list.is_null() {
            report.problem(format_args!("{of}: `parameters` is no list; left out"));
        }
        *list = json!([]);
        return;
    };
    let mut kept = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let found = resolved(&item, shared).filter(|found| {
            text(found, "name").is_some_and(|name| !name.is_empty()) && text(found, "in").is_some()
        });
        let Some(mut found) = found else {
            let shown = text(&item, "$ref").unwrap_or("one without a name or a place");
            report.problem(format_args!("{of}: a parameter is none ({shown}); left out"));
            continue;
        };
        let name = text(&found, "name").unwrap_or_default().to_owned();
        if let Some(value) = found.get_mut("schema") {
            schema(value, &format!("{of} {name}"), report);
        }
        kept.push(found);
    }
    *list = Value::Array(kept);
}

fn responses(key: &str, operation: &mut Map<String, Value>, shared: &Value, report: &mut Report) {
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    if !responses.is_object() {
        report.problem(format_args!("{key}: `responses` is no object; treated as none"));
        *responses = json!({});
    }
    for (status, response) in responses.as_object_mut().into_iter().flatten() {
        match resolved(response, shared) {
            Some(found) => *response = found,
            None => {
                report.problem(format_args!(
                    "{key}: the response for {status} refers to nothing; treated as empty"
                ));
                *response = json!({});
            }
        }
        content(response, &format!("{key} {status}"), report);
    }
}

/// The value, or what it refers to among the components; nothing if that is no object.
fn resolved(value: &Value, shared: &Value) -> Option<Value> {
    let mut found = value;
    // A reference to a reference is rare, and one to itself would never end.
    for _ in 0..8 {
        let Some(target) = text(found, "$ref") else {
            return found.is_object().then(|| found.clone());
        };
        found = shared.pointer(target.strip_prefix("#/components")?)?;
    }
    None
}

/// Media types in lower case and without parameters, and their schemas in form.
fn content(of: &mut Value, place: &str, report: &mut Report) {
    let Some(media) = of.get_mut("content") else {
        return;
    };
    if !media.is_object() {
        report.problem(format_args!("{place}: `content` is no object; treated as none"));
        *media = json!({});
    }
    if let Value::Object(all) = media {
        *all = std::mem::take(all)
            .into_iter()
            .map(|(name, value)| {
                let name = name.split(';').next().unwrap_or_default().trim().to_lowercase();
                (name, if value.is_object() { value } else { json!({}) })
            })
            .collect();
        for value in all.values_mut().filter_map(|value| value.get_mut("schema")) {
            schema(value, place, report);
        }
    }
}

/// Brings a schema into form, and everything below it.
fn schema(value: &mut Value, place: &str, report: &mut Report) {
    let Some(members) = value.as_object_mut() else {
        report.problem(format_args!("{place} is no schema; treated as any JSON"));
        *value = json!({});
        return;
    };
    let mut wrong = Vec::new();
    for (key, value) in members.iter_mut() {
        let fits = match (key.as_str(), &mut *value) {
            ("properties", Value::Object(all)) => {
                for (name, property) in all {
                    schema(property, &format!("{place}.{name}"), report);
                }
                true
            }
            ("additionalProperties", Value::Bool(_)) => true,
            ("items" | "additionalProperties" | "not", inner) => {
                schema(inner, place, report);
                true
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                parts.iter_mut().for_each(|part| schema(part, place, report));
                true
            }
            ("required" | "enum", value) => value.is_array(),
            ("type", Value::String(kind)) => {
                ["string", "integer", "number", "boolean", "array", "object"].contains(&kind.as_str())
            }
            ("$ref" | "format", value) => value.is_string(),
            ("nullable", value) => value.is_boolean(),
            ("properties" | "allOf" | "oneOf" | "anyOf" | "type", _) => false,
            _ => true,
        };
        if !fits {
            wrong.push(key.clone());
        }
    }
    for key in wrong {
        report.problem(format_args!(
            "{place}: `{key}` does not have the form that OpenAPI 3.0 gives it; left out"
        ));
        members.remove(&key);
    }
    if members.get("type").and_then(Value::as_str) == Some("string")
        && let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut)
        && values.iter().any(|value| !value.is_string() && !value.is_null())
    {
        report.problem(format_args!(
            "{place}: a value of an enumeration of texts is no text; left out"
        ));
        values.retain(|value| value.is_string() || value.is_null());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::normalize;
    use crate::report::Report;

    #[test]
    fn invalid_schema_is_reported_and_becomes_any_json() {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "S": {"properties": {"name": true, "list": {"type": "array", "items": 7},
                                 "odd": {"type": ["string", "null"], "allOf": {}, "enum": "x"}}},
            "T": "text", "U": {"properties": []}}}});
        let mut report = Report::default();
        normalize(&mut document, &mut report);
        assert_eq!(
            document["components"]["schemas"],
            json!({"S": {"properties": {"name": {}, "list": {"type": "array", "items": {}}, "odd": {}}},
                   "T": {}, "U": {}})
        );
        for said in [
            "S.name is",
            "S.list is",
            "S.odd: `type`",
            "S.odd: `allOf`",
            "T is",
            "U: `properties`",
        ] {
            assert!(
                report.problems.iter().any(|problem| problem.starts_with(said)),
                "{said}: {report}"
            );
        }
    }

    #[test]
    fn parameters_and_responses_stand_in_their_operation() {
        let mut document = json!({
            "paths": {"/a/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"},
                               {"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "get": {"parameters": [{"name": "limit", "in": "query", "schema": {"type": "string"}},
                                       {"$ref": "#/components/parameters/Gone"}, 7],
                        "responses": {"200": {"$ref": "#/components/responses/Ok"},
                                      "400": {"$ref": "#/components/responses/Gone"}}}}},
            "components": {
                "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}},
                "responses": {"Ok": {"content": {"Application/JSON; charset=utf-8": {"schema": {}}}}}}});
        let mut report = Report::default();
        normalize(&mut document, &mut report);
        assert_eq!(
            document["paths"]["/a/{id}"],
            json!({"get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "string"}},
                               {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"content": {"application/json": {"schema": {}}}}, "400": {}}}})
        );
        assert_eq!(report.problems.len(), 3, "{report}");
        assert!(
            report
                .problems
                .iter()
                .all(|problem| problem.starts_with("GET /a/{id}")),
            "{report}"
        );
    }

    #[test]
    fn missing_sections_are_empty() {
        let mut document = json!({"paths": {"/a": {"get": {}}}});
        let mut report = Report::default();
        normalize(&mut document, &mut report);
        assert!(report.problems.is_empty(), "{report}");
        assert_eq!(document["components"]["schemas"], json!({}));
    }
}
