//! Problems of a document that would make the generator fail, found and named beforehand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::{self, text};
use crate::report::Report;

/// Reports the problems and works around each of them, so that the document can be tried out.
pub fn validate(document: &mut Value, report: &mut Report) {
    dangling_references(document, report);
    choices(document, report);
    operation_ids(document, report);
    path_parameters(document, report);
}

/// A `$ref` that leads nowhere becomes "any JSON".
fn dangling_references(document: &mut Value, report: &mut Report) {
    let original = document.clone();
    document::walk_mut(document, "", &mut |place, value| {
        let Some(target) = text(value, "$ref") else {
            return;
        };
        let kept = ["schemas", "requestBodies"];
        let found = target.strip_prefix('#').is_some_and(|pointer| {
            let parts: Vec<&str> = pointer.split('/').collect();
            matches!(parts.as_slice(), ["", "components", kind, _] if kept.contains(kind))
                && (original.pointer(pointer).is_some() || original.pointer(&unescaped(pointer)).is_some())
        });
        if !found {
            report.problem(format_args!(
                "{}: `$ref` {target:?} leads nowhere; treated as any JSON (correct it in \
                 corrections.yaml)",
                readable(place)
            ));
            *value = json!({});
        }
    });
}

/// A choice between types becomes "any JSON": which one it is could only be guessed.
fn choices(document: &mut Value, report: &mut Report) {
    document::walk_mut(document, "", &mut |place, value| {
        if value.get("oneOf").is_some() || value.get("anyOf").is_some() {
            report.problem(format_args!(
                "{}: a choice between types (`oneOf`, `anyOf`) is not supported; treated as any JSON \
                 (correct it in corrections.yaml)",
                readable(place)
            ));
            *value = json!({});
        }
    });
}

/// A pointer in a `$ref` can be percent-encoded.
pub(super) fn unescaped(pointer: &str) -> String {
    pointer
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%20", " ")
}

/// The operation or schema that a place belongs to.
pub(super) fn readable(place: &str) -> String {
    let parts: Vec<String> = place
        .split('/')
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    match parts.as_slice() {
        [_, paths, path, method, ..] if paths == "paths" => document::key(method, path),
        [_, components, kind, name, ..] if components == "components" => format!("{kind} {name}"),
        _ => place.to_owned(),
    }
}

/// Every operation gets an id, and no two have the same.
fn operation_ids(document: &mut Value, report: &mut Report) {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (key, operation) in document::operations_mut(document) {
        let id = match text(operation, "operationId") {
            Some(id) if !document::folded(id).is_empty() => id.to_owned(),
            _ => {
                let id = derived_id(&key);
                report.note(format_args!("{key} has no operationId; `{id}` was derived"));
                if let Some(members) = operation.as_object_mut() {
                    members.insert("x-derived-id".to_owned(), Value::Bool(true));
                }
                id
            }
        };
        let folded = document::folded(&id);
        let unique = match seen.get(&folded) {
            None => id,
            Some(other) => {
                let unique = derived_id(&key);
                report.problem(format_args!(
                    "{key} has the same operationId `{id}` as {other}; treated as `{unique}`"
                ));
                unique
            }
        };
        seen.insert(document::folded(&unique), key.clone());
        if let Some(members) = operation.as_object_mut() {
            members.insert("operationId".to_owned(), Value::String(unique));
        }
    }
}

/// A verb from the method and the words of the path: `GET /system/time` is `get-system-time`.
fn derived_id(key: &str) -> String {
    let (method, path) = key.split_once(' ').unwrap_or(("GET", key));
    let verb = match method {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "get",
    };
    let words: String = path
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    format!("{verb}-{}", words.join("-"))
}

/// Every parameter of a path is declared.
fn path_parameters(document: &mut Value, report: &mut Report) {
    for (key, operation) in document::operations_mut(document) {
        let named: BTreeSet<String> = key
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_owned)
            .collect();
        let declared: BTreeSet<String> = document::parameters(operation)
            .filter(|parameter| text(parameter, "in") == Some("path"))
            .filter_map(|parameter| text(parameter, "name").map(str::to_owned))
            .collect();
        for missing in named.difference(&declared) {
            report.problem(format_args!(
                "{key} does not declare its path parameter `{missing}`; treated as a text"
            ));
            let parameter =
                json!({"name": missing, "in": "path", "required": true, "schema": {"type": "string"}});
            match operation.get_mut("parameters").and_then(Value::as_array_mut) {
                Some(all) => all.push(parameter),
                None => {
                    if let Some(members) = operation.as_object_mut() {
                        members.insert("parameters".to_owned(), json!([parameter]));
                    }
                }
            }
        }
        for extra in declared.difference(&named) {
            report.problem(format_args!(
                "{key} declares a path parameter `{extra}` that its path does not have; left out"
            ));
            if let Some(all) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                all.retain(|parameter| {
                    text(parameter, "in") != Some("path") || text(parameter, "name") != Some(extra)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::validate;
    use crate::report::Report;

    #[test]
    fn missing_id_is_derived_and_reported() {
        let mut document = json!({"paths": {"/system/{name}/x_y": {"get": {"parameters": [
            {"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}]}}}});
        let mut report = Report::default();
        validate(&mut document, &mut report);
        assert_eq!(
            document["paths"]["/system/{name}/x_y"]["get"]["operationId"],
            "get-system-name-x-y"
        );
        assert!(report.problems.is_empty(), "{report}");
        assert!(report.notes[0].contains("GET /system/{name}/x_y"), "{report}");
    }

    #[test]
    fn equal_ids_are_distinguished_by_path() {
        let mut document = json!({"paths": {"/a": {"get": {"operationId": "x"}},
                                            "/b": {"get": {"operationId": "X"}}}});
        let mut report = Report::default();
        validate(&mut document, &mut report);
        assert_eq!(document["paths"]["/b"]["get"]["operationId"], "get-b");
        assert!(report.problems[0].contains("GET /b") && report.problems[0].contains("GET /a"));
    }

    #[test]
    fn dangling_reference_names_its_operation() {
        let mut document = json!({"paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Gone"}}}}}}}}});
        let mut report = Report::default();
        validate(&mut document, &mut report);
        assert!(report.problems[0].starts_with("GET /a"), "{report}");
        assert!(!document.to_string().contains("Gone"));
    }

    #[test]
    fn path_parameters_and_path_agree_afterwards() {
        let mut document = json!({"paths": {"/a/{x}": {"get": {"operationId": "a", "parameters": [
            {"name": "y", "in": "path", "required": true, "schema": {"type": "string"}}]}}}});
        let mut report = Report::default();
        validate(&mut document, &mut report);
        assert_eq!(report.problems.len(), 2, "{report}");
        let parameters = &document["paths"]["/a/{x}"]["get"]["parameters"];
        assert_eq!(parameters.as_array().unwrap().len(), 1);
        assert_eq!(parameters[0]["name"], "x");
    }
}
