//! What OpenAPI can say and the crate cannot do: each is named by its place, and left out or treated as
//! something simpler, so that the rest of the document can be tried out.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::{Value, json};

use crate::document::{self, referred, text};
use crate::report::Report;
use crate::reshape::names::variant_name;
use crate::reshape::validate::readable;

/// Methods that `paradex_api::Method` has no variant for.
const METHODS: [&str; 3] = ["head", "options", "trace"];

const JSON: &str = "application/json";

/// Reports what is not supported, and takes it out.
pub fn remove(document: &mut Value, report: &mut Report) {
    operations(document, report);
    let original = document.clone();
    for (key, operation) in document::operations_mut(document) {
        parameters(&key, operation, &original, report);
        body(&key, operation, &original, report);
        responses(&key, operation, report);
    }
    document::walk_mut(document, "", &mut |place, value| {
        enum_values(place, value, report);
        fields(place, value, report);
    });
}

fn operations(document: &mut Value, report: &mut Report) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for (path, item) in paths.iter_mut() {
        let Some(operations) = item.as_object_mut() else {
            continue;
        };
        operations.retain(|method, _| {
            let kept = !METHODS.contains(&method.as_str());
            if !kept {
                let key = document::key(method, path);
                report.problem(format_args!(
                    "{key}: the method is not supported; the operation is left out"
                ));
            }
            kept
        });
        // A value is put into a whole segment, where it cannot address anything else.
        let partial = path.split('/').find(|segment| {
            let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            segment.contains(['{', '}'])
                && !inner.is_some_and(|name| !name.is_empty() && !name.contains(['{', '}']))
        });
        if let Some(segment) = partial {
            report.problem(format_args!(
                "{path}: a parameter that is only a part of a segment (`{segment}`) is not supported; its \
                 operations are left out"
            ));
            operations.clear();
        }
    }
    paths.retain(|_, item| item.as_object().is_none_or(|item| !item.is_empty()));
}

fn parameters(key: &str, operation: &mut Value, document: &Value, report: &mut Report) {
    let all = operation.get_mut("parameters").and_then(Value::as_array_mut);
    let Some(all) = all else {
        return;
    };
    all.retain(|parameter| {
        let known = matches!(text(parameter, "in"), Some("path" | "query" | "header"));
        if !known {
            let name = text(parameter, "name").unwrap_or_default();
            let place = text(parameter, "in").unwrap_or_default();
            report.problem(format_args!(
                "{key}: parameter `{name}` travels in a {place}, which is not supported; left out"
            ));
        }
        known
    });
    for parameter in all {
        let Some(members) = parameter.as_object_mut() else {
            continue;
        };
        let kind = members
            .get("schema")
            .map_or("nothing", |schema| kind(schema, document, 0))
            .to_owned();
        if let Some(schema) = members.get_mut("schema").and_then(Value::as_object_mut) {
            // A parameter that has no value is not given.
            schema.remove("nullable");
        }
        if !["string", "integer", "number", "boolean"].contains(&kind.as_str()) {
            let name = members.get("name").and_then(Value::as_str).unwrap_or_default();
            report.problem(format_args!(
                "{key}: parameter `{name}` is declared as {kind}; only a text, a number or a truth value is \
                 supported, so it is treated as a text that is sent as it is"
            ));
            members.remove("content");
            members.insert("schema".to_owned(), json!({"type": "string"}));
        }
    }
}

/// The type of a schema, through references and single parts.
fn kind<'a>(schema: &'a Value, document: &'a Value, depth: usize) -> &'a str {
    if let Some(kind) = text(schema, "type") {
        return kind;
    }
    let target = referred(schema).and_then(|name| document.pointer("/components/schemas")?.get(name));
    match target.or_else(|| document::parts(schema).next()) {
        Some(inner) if depth < 8 => kind(inner, document, depth + 1),
        _ => "any JSON",
    }
}

/// A body is JSON, in one form.
fn body(key: &str, operation: &mut Value, document: &Value, report: &mut Report) {
    let Some(members) = operation.as_object_mut() else {
        return;
    };
    let Some(body) = members.get("requestBody") else {
        return;
    };
    let shared = text(body, "$ref").and_then(|target| document.pointer(target.strip_prefix('#')?));
    let kinds: Vec<String> = document::entries(shared.unwrap_or(body).get("content"))
        .map(|(kind, _)| kind.clone())
        .collect();
    if kinds == [JSON] {
        return;
    }
    let body = shared.unwrap_or(body).clone();
    match body.pointer("/content/application~1json") {
        Some(media) => {
            report.problem(format_args!(
                "{key} takes its body as {}; only {JSON} is kept",
                kinds.join(" or ")
            ));
            let mut body = body.clone();
            if let Some(members) = body.as_object_mut() {
                members.insert("content".to_owned(), json!({JSON: media}));
            }
            members.insert("requestBody".to_owned(), body);
        }
        None => {
            report.problem(format_args!(
                "{key} takes a body that is no JSON ({}), which is not supported; left out",
                kinds.join(", ")
            ));
            members.remove("requestBody");
        }
    }
}

/// Checks that an operation has a success response, and that all its success responses have the same kind of body. Otherwise
/// progenitor panics without naming the operation, or the operation returns nothing.
fn responses(key: &str, operation: &mut Value, report: &mut Report) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    // `2XX` and `2xx` are one.
    let statuses: Vec<String> = responses
        .keys()
        .filter(|status| status.starts_with('2'))
        .cloned()
        .collect();
    if statuses.is_empty() {
        match responses.remove("default") {
            Some(response) => {
                report.problem(format_args!(
                    "{key} declares no success, only `default`; treated as its success (correct it in \
                     corrections.yaml)"
                ));
                responses.insert("200".to_owned(), response);
            }
            None => report.problem(format_args!(
                "{key} declares no success; treated as one without a body (correct it in corrections.yaml)"
            )),
        }
        return;
    }
    for status in &statuses {
        let content = responses
            .get_mut(status)
            .and_then(|response| response.get_mut("content"));
        let Some(Value::Object(content)) = content else {
            continue;
        };
        if content.len() > 1 {
            let kinds: Vec<&str> = content.keys().map(String::as_str).collect();
            let kept = kinds.iter().find(|kind| **kind == JSON).or(kinds.first());
            let kept = kept.copied().unwrap_or_default().to_owned();
            report.problem(format_args!(
                "{key} responds to {status} as {}; only {kept} is kept",
                kinds.join(" or ")
            ));
            content.retain(|kind, _| *kind == kept);
        }
    }
    let empty = json!({});
    let of = |status: &String| {
        let content = responses.get(status).and_then(|response| response.get("content"));
        content.filter(|content| **content != empty).cloned()
    };
    let bodies: Vec<(&String, Option<Value>)> = statuses.iter().map(|status| (status, of(status))).collect();
    let is_json = |body: &Option<Value>| body.as_ref().is_some_and(|body| body.get(JSON).is_some());
    let kept = bodies
        .iter()
        .find(|(_, body)| is_json(body))
        .or_else(|| bodies.iter().find(|(_, body)| body.is_some()))
        .or(bodies.first());
    let Some((kept, body)) = kept.cloned() else {
        return;
    };
    for (status, other) in bodies {
        if other != body {
            report.problem(format_args!(
                "{key} responds with different bodies for {kept} and {status}; only the one for {kept} is kept \
                 (choose one in corrections.yaml)"
            ));
            responses.remove(status);
        }
    }
}

/// Values whose variants would have one name: the first keeps it, and the others are read as unknown values.
fn enum_values(place: &str, schema: &mut Value, report: &mut Report) {
    if text(schema, "type") != Some("string") {
        return;
    }
    let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else {
        return;
    };
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    values.retain(|value| {
        let Some(value) = value.as_str() else {
            return true;
        };
        let name = variant_name(value);
        match seen.get(&name) {
            Some(other) => {
                report.problem(format_args!(
                    "{}: the values `{other}` and `{value}` would both be called {name}; `{value}` is \
                     left out and read as an unknown value",
                    readable(place)
                ));
                false
            }
            None => {
                seen.insert(name, value.to_owned());
                true
            }
        }
    });
}

/// Fields whose names in Rust would be one: the first keeps it, and the others are left out.
fn fields(place: &str, schema: &mut Value, report: &mut Report) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    properties.retain(|field, schema| {
        // Here `properties` can be a field of that name instead.
        if !schema.is_object() {
            return true;
        }
        let name = field.to_snake_case();
        match seen.get(&name) {
            Some(other) => {
                report.problem(format_args!(
                    "{}: the fields `{other}` and `{field}` would both be called {name}; `{field}` is \
                     left out",
                    readable(place)
                ));
                false
            }
            None => {
                seen.insert(name, field.clone());
                true
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::remove;
    use crate::report::Report;

    fn run(document: &mut Value) -> Vec<String> {
        let mut report = Report::default();
        remove(document, &mut report);
        report.problems
    }

    #[track_caller]
    fn assert_said(problems: &[String], said: &[&str]) {
        assert_eq!(problems.len(), said.len(), "{problems:#?}");
        for (problem, said) in problems.iter().zip(said) {
            assert!(problem.contains(said), "{said}: {problem}");
        }
    }

    fn body(kind: &str, schema: &str) -> Value {
        json!({"content": {kind: {"schema": {"type": schema}}}})
    }

    #[test]
    fn operations_that_cannot_be_called_are_left_out() {
        let response = json!({"responses": {"204": {}}});
        let mut document = json!({"paths": {"/a": {"get": response, "head": response}, "/b": {"options": response},
                                            "/{id}.json": {"get": response}, "/{id}": {"get": response}}});
        let problems = run(&mut document);
        assert_said(&problems, &["HEAD /a", "OPTIONS /b", "/{id}.json"]);
        let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/a", "/{id}"]);
    }

    #[test]
    fn parameters_are_scalars_and_travel_where_a_call_can_put_them() {
        let mut document = json!({"paths": {"/a": {"get": {"responses": {"204": {}}, "parameters": [
            {"name": "c", "in": "cookie", "schema": {"type": "string"}},
            {"name": "list", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
            {"name": "json", "in": "query", "content": {"application/json": {}}},
            {"name": "side", "in": "query", "schema": {"$ref": "#/components/schemas/Side"}},
            {"name": "n", "in": "query", "schema": {"type": "integer", "nullable": true}}]}}},
            "components": {"schemas": {"Side": {"type": "string"}}}});
        let problems = run(&mut document);
        assert_said(
            &problems,
            &[
                "`c` travels in a cookie",
                "`list` is declared as array",
                "`json` is declared",
            ],
        );
        assert_eq!(
            document["paths"]["/a"]["get"]["parameters"],
            json!([{"name": "list", "in": "query", "schema": {"type": "string"}},
                   {"name": "json", "in": "query", "schema": {"type": "string"}},
                   {"name": "side", "in": "query", "schema": {"$ref": "#/components/schemas/Side"}},
                   {"name": "n", "in": "query", "schema": {"type": "integer"}}])
        );
    }

    #[test]
    fn body_is_json_in_one_form() {
        let two = json!({"content": {"application/json": {}, "application/xml": {}}});
        let mut document = json!({"paths": {"/a": {
            "post": {"responses": {"204": {}}, "requestBody": two},
            "put": {"responses": {"204": {}}, "requestBody": body("multipart/form-data", "object")}}}});
        let problems = run(&mut document);
        assert_said(&problems, &["POST /a takes", "PUT /a takes"]);
        assert_eq!(
            document["paths"]["/a"]["post"]["requestBody"],
            json!({"content": {"application/json": {}}})
        );
        assert_eq!(document["paths"]["/a"]["put"].get("requestBody"), None);
    }

    #[test]
    fn different_bodies_for_success_name_operation_and_statuses() {
        for (responses, kept, said) in [
            (
                json!({"200": body("application/json", "string"), "201": body("application/json", "integer")}),
                "200",
                "for 200 and 201",
            ),
            (
                json!({"200": body("application/json", "string"), "201": body("text/plain", "string")}),
                "200",
                "for 200 and 201",
            ),
            (
                json!({"200": {}, "201": body("application/json", "string")}),
                "201",
                "for 201 and 200",
            ),
            (
                json!({"default": body("application/json", "string")}),
                "200",
                "only `default`",
            ),
        ] {
            let mut document = json!({"paths": {"/a": {"post": {"responses": responses}}}});
            let problems = run(&mut document);
            assert_said(&problems, &[said]);
            assert!(problems[0].contains("POST /a"), "{problems:?}");
            let left = document["paths"]["/a"]["post"]["responses"].as_object().unwrap();
            assert_eq!(left.keys().collect::<Vec<_>>(), [kept], "{said}");
        }
        let same = body("application/json", "string");
        let mut document = json!({"paths": {"/a": {"post": {"responses": {"200": same, "201": same}}}}});
        assert_said(&run(&mut document), &[]);
        let mut document = json!({"paths": {"/a": {"post": {"responses": {"400": {}}}}}});
        assert_said(&run(&mut document), &["POST /a declares no success"]);
    }

    #[test]
    fn names_that_are_one_in_rust_are_reported() {
        let mut document = json!({"components": {"schemas": {
            "E": {"type": "string", "enum": ["a", "A", "b"]},
            "S": {"properties": {"Symbol": {}, "symbol": {}, "properties": {"type": "string"}}}}}});
        let problems = run(&mut document);
        assert_said(&problems, &["`a` and `A`", "`Symbol` and `symbol`"]);
        assert_eq!(document["components"]["schemas"]["E"]["enum"], json!(["a", "b"]));
    }
}
