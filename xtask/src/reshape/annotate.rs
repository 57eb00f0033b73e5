//! Marks the fields that are decimals, rows or secrets.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::autofix::Edit;
use crate::config::Config;
use crate::document::{self, text};
use crate::report::Report;

/// The `format` of a text that is a decimal number.
pub const DECIMAL: &str = "decimal";
/// The `format` of a text that is a secret, as OpenAPI names it.
pub const SECRET: &str = "password";
/// The extension that names a row type.
pub const ROW: &str = "x-row";

/// Words that a name must not hold without being classified in `secrets.yaml`.
const SOUNDS_SECRET: &[&str] = &[
    "token",
    "key",
    "secret",
    "signature",
    "jwt",
    "siwe",
    "password",
    "bearer",
];

/// Applies `decimals.yaml` and `secrets.yaml`.
pub fn annotate(document: &mut Value, config: &Config, report: &mut Report) {
    unclassified(document, config, report);
    for (schema, fields) in &config.decimals.fields {
        for field in fields {
            mark(document, schema, field, DECIMAL, "decimals.yaml", report);
        }
    }
    for (schema, fields) in &config.secrets.fields {
        for field in fields {
            mark(document, schema, field, SECRET, "secrets.yaml", report);
        }
    }
    for (key, names) in &config.decimals.parameters {
        for name in names {
            let parameter = document::operation_mut(document, key)
                .and_then(|operation| document::parameter_mut(operation, name));
            match parameter {
                Some(parameter) => {
                    parameter["schema"] = json!({"type": "string", "format": DECIMAL});
                }
                None => report.fixable(
                    format_args!("decimals.yaml: {key} has no parameter `{name}`; delete the entry"),
                    Edit::delete("decimals.yaml", &["parameters", key, name]),
                ),
            }
        }
    }
    rows(document, config, report);
    secret_headers(document, config, report);
}

fn property<'a>(document: &'a mut Value, schema: &str, field: &str) -> Option<&'a mut Value> {
    document::property_mut(document::schemas_mut(document)?.get_mut(schema)?, field)
}

/// Gives a text, or the texts of a list, a format.
fn mark(
    document: &mut Value,
    schema: &str,
    field: &str,
    format: &str,
    file: &'static str,
    report: &mut Report,
) {
    let Some(property) = property(document, schema, field) else {
        report.fixable(
            format_args!("{file}: there is no field {schema}.{field}; delete the entry"),
            Edit::delete(file, &["fields", schema, field]),
        );
        return;
    };
    let mut place = property;
    while text(place, "type") == Some("array") && place.get("items").is_some() {
        place = &mut place["items"];
    }
    // A secret number or a decimal that is a JSON number has a type of its own already.
    if text(place, "type") == Some("string") && place.get("enum").is_none() {
        place["format"] = json!(format);
    } else {
        report.problem(format_args!(
            "{file}: {schema}.{field} is no longer a text; look at its new type and delete the entry"
        ));
    }
}

fn rows(document: &mut Value, config: &Config, report: &mut Report) {
    for (schema, fields) in &config.decimals.rows {
        for (field, row) in fields {
            let Some(mut place) = property(document, schema, field) else {
                report.fixable(
                    format_args!("decimals.yaml: there is no field {schema}.{field}; delete the entry"),
                    Edit::delete("decimals.yaml", &["rows", schema, field]),
                );
                continue;
            };
            if place.pointer("/items/type").and_then(Value::as_str) == Some("array") {
                place = &mut place["items"];
            }
            if text(place, "type") == Some("array") {
                place[ROW] = json!(row.as_str());
            } else {
                report.problem(format_args!(
                    "decimals.yaml: {schema}.{field} is no longer a list; look at its new type"
                ));
            }
        }
    }
}

fn secret_headers(document: &mut Value, config: &Config, report: &mut Report) {
    let mut unused: BTreeSet<&String> = config.secrets.headers.iter().collect();
    for (_, operation) in document::operations_mut(document) {
        for header in &config.secrets.headers {
            if let Some(parameter) = document::parameter_mut(operation, header) {
                unused.remove(header);
                parameter["schema"] = json!({"type": "string", "format": SECRET});
            }
        }
    }
    for header in unused {
        report.fixable(
            format_args!("secrets.yaml: no operation has a header `{header}`; delete the entry"),
            Edit::delete("secrets.yaml", &["headers", header]),
        );
    }
}

/// A new field whose name sounds secret stops the run until it is classified.
fn unclassified(document: &mut Value, config: &Config, report: &mut Report) {
    let mut known: BTreeSet<String> = config.secrets.public.keys().cloned().collect();
    for (schema, fields) in &config.secrets.fields {
        known.extend(fields.iter().map(|field| format!("{schema}.{field}")));
    }
    known.extend(config.secrets.headers.iter().cloned());

    let mut telling = BTreeSet::new();
    document::visit_schemas(document, &mut |place, _, schema| {
        for (field, property) in document::entries(schema.get("properties")) {
            let can_hold_text = !matches!(text(property, "type"), Some("integer" | "boolean" | "number"));
            if sounds_secret(field) && can_hold_text {
                telling.insert(format!("{place}.{field}"));
            }
        }
    });
    for (_, operation) in document::operations(document) {
        let names = document::parameters(operation).filter_map(|parameter| text(parameter, "name"));
        telling.extend(names.filter(|name| sounds_secret(name)).map(str::to_owned));
    }
    for place in telling.difference(&known) {
        report.problem(format_args!(
            "`{place}` sounds like a secret, and is treated as one; classify it in openapi/secrets.yaml, under \
             `fields` (of a named schema) or `headers` (of a parameter) if it is one, under `public` with the reason \
             if not"
        ));
    }
    hide(document, &telling.difference(&known).cloned().collect());
    for place in config.secrets.public.keys() {
        if !telling.contains(place) {
            report.fixable(
                format_args!("secrets.yaml: nothing is called `{place}` any more; delete it from `public`"),
                Edit::delete("secrets.yaml", &["public", place]),
            );
        }
    }
}

/// Makes secrets of fields that sound like one until they are classified, so that no trial of the code writes one to a log.
fn hide(document: &mut Value, places: &BTreeSet<String>) {
    if places.is_empty() {
        return;
    }
    let original = document.clone();
    document::visit_schemas_mut(document, &mut |place, schema| {
        for (field, property) in schema
            .get_mut("properties")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            if places.contains(&format!("{place}.{field}")) {
                make_secret(property, &original, 0);
            }
        }
    });
    for (_, operation) in document::operations_mut(document) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if text(parameter, "name").is_some_and(|name| places.contains(name)) {
                make_secret(&mut parameter["schema"], &original, 0);
            }
        }
    }
}

/// Makes secrets of the texts of a schema, of its elements or of its values. What can be anything becomes a secret text.
/// Enumerations list their values, and objects have fields with names of their own.
fn make_secret(schema: &mut Value, document: &Value, depth: usize) {
    const DEEPEST: usize = 8;
    let target = document::referred(schema).or_else(|| document::parts(schema).find_map(document::referred));
    if let Some(target) = target {
        let target = document
            .pointer("/components/schemas")
            .and_then(|all| all.get(target));
        let is_text = |target: &Value| text(target, "type") == Some("string") && target.get("enum").is_none();
        if target.is_some_and(is_text) {
            *schema = json!({"type": "string", "format": SECRET});
        }
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object())
            && depth < DEEPEST
        {
            make_secret(inner, document, depth + 1);
            return;
        }
    }
    let is_any = text(schema, "type").is_none() && schema.get("properties").is_none();
    if (is_any || text(schema, "type") == Some("string")) && schema.get("enum").is_none() {
        schema["type"] = json!("string");
        schema["format"] = json!(SECRET);
    }
}

fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SOUNDS_SECRET.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::annotate;
    use crate::config::Config;
    use crate::report::Report;

    fn run(properties: Value, decimals: &str, secrets: &str) -> (Value, Vec<String>) {
        let mut document = json!({"paths": {}, "components": {"schemas": {"S": {"properties": properties}}}});
        let config = Config {
            decimals: crate::yaml::read(decimals).unwrap(),
            secrets: crate::yaml::read(secrets).unwrap(),
            ..Config::default()
        };
        let mut report = Report::default();
        annotate(&mut document, &config, &mut report);
        (
            document["components"]["schemas"]["S"]["properties"].take(),
            report.problems,
        )
    }

    const NONE: &str = "{fields: {}, headers: [], public: {}}";

    #[test]
    fn texts_and_lists_of_texts_become_decimals() {
        let (found, problems) = run(
            json!({"a": {"type": "string"}, "b": {"type": "array", "items": {"type": "string"}}}),
            "fields: {S: [a, b]}",
            NONE,
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(found["a"]["format"], "decimal");
        assert_eq!(found["b"]["items"]["format"], "decimal");
    }

    #[test]
    fn entry_that_no_longer_fits_is_reported() {
        let (_, problems) = run(json!({"a": {"type": "number"}}), "fields: {S: [a, gone]}", NONE);
        assert!(
            problems[0].contains("S.a") && problems[1].contains("S.gone"),
            "{problems:?}"
        );
    }

    #[test]
    fn field_that_sounds_secret_must_be_classified() {
        let properties = json!({"api_token": {"type": "string"}, "public_key": {"type": "string"},
                                "token_count": {"type": "integer"}});
        let (_, problems) = run(properties.clone(), "fields: {}", NONE);
        assert_eq!(problems.len(), 2, "{problems:?}");
        let (found, problems) = run(
            properties,
            "fields: {}",
            "{fields: {S: [api_token]}, headers: [], public: {S.public_key: it is public}}",
        );
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(found["api_token"]["format"], "password");
        assert_eq!(found["public_key"].get("format"), None);
    }

    #[test]
    fn secret_name_is_found_at_each_kind_of_place() {
        let secret = json!({"type": "object", "properties": {"jwt_token": {"type": "string"}}});
        let body = |schema: &Value| json!({"content": {"application/json": {"schema": schema}}});
        let mut document = json!({
            "paths": {"/a": {"post": {
                "parameters": [{"name": "api_token", "in": "query", "schema": {"type": "string"}}],
                "requestBody": body(&secret),
                "responses": {"200": body(&secret)}}}},
            "components": {"schemas": {
                "Nested": {"properties": {"extra": secret, "list": {"type": "array", "items": secret}}},
                "Parts": {"allOf": [{"$ref": "#/components/schemas/Nested"}, secret]}}}});
        let config = Config {
            secrets: crate::yaml::read("{fields: {Parts: [jwt_token]}, headers: [], public: {}}").unwrap(),
            ..Config::default()
        };
        let mut report = Report::default();
        annotate(&mut document, &config, &mut report);
        for place in [
            "`api_token`",
            "`POST /a body.jwt_token`",
            "`POST /a 200.jwt_token`",
            "`Nested.extra.jwt_token`",
            "`Nested.list.jwt_token`",
        ] {
            assert!(
                report.problems.iter().any(|problem| problem.contains(place)),
                "{place}: {report}"
            );
        }
        assert_eq!(report.problems.len(), 5, "{report}");
        let part = &document["components"]["schemas"]["Parts"]["allOf"][1];
        assert_eq!(part["properties"]["jwt_token"]["format"], "password");
    }
}
