//! Puts our words beside everything that the document names.

use serde_json::{Value, json};

use crate::autofix::{Edit, PLACEHOLDER};
use crate::config::{Descriptions, OperationText, SchemaText};
use crate::document::{self, text};
use crate::report::{Report, printable};
use crate::reshape::errors::CODE;
use crate::stream;

/// The extension under which the words for enum values travel.
pub const VALUES: &str = "x-value-descriptions";

/// Adds the descriptions, and reports what has none and what no longer exists.
pub fn describe(document: &mut Value, words: &Descriptions, report: &mut Report) {
    describe_operations(document, words, report);
    describe_stream(document, words, report);
    describe_schemas(document, words, report);
    placeholders(words, report);
}

fn undescribed(report: &mut Report, what: impl std::fmt::Display, place: &[&str]) {
    report.fixable(
        format_args!("undescribed: {what}; say what it is in openapi/descriptions.yaml"),
        Edit::describe(place),
    );
}

fn gone(report: &mut Report, what: impl std::fmt::Display, place: &[&str]) {
    report.fixable(
        format_args!(
            "descriptions.yaml describes {what}, which the document does not have; delete the entry"
        ),
        Edit::delete("descriptions.yaml", place),
    );
}

/// Lists the placeholders.
fn placeholders(words: &Descriptions, report: &mut Report) {
    let mut tell = |what: String, words: &str| {
        if words.contains(PLACEHOLDER) {
            report.placeholders.push(printable(&what));
        }
    };
    for (key, words) in &words.operations {
        tell(key.clone(), &words.summary);
        tell(key.clone(), words.details.as_deref().unwrap_or_default());
        for (name, words) in &words.parameters {
            tell(format!("parameter `{name}` of {key}"), words);
        }
    }
    for (kind, all) in [("CHANNEL", &words.channels), ("METHOD", &words.methods)] {
        for (name, words) in all {
            tell(format!("{kind} {name}"), &words.summary);
            tell(
                format!("{kind} {name}"),
                words.details.as_deref().unwrap_or_default(),
            );
            for (parameter, words) in &words.parameters {
                tell(format!("parameter `{parameter}` of {kind} {name}"), words);
            }
        }
    }
    for (name, words) in &words.schemas {
        tell(format!("schema `{name}`"), &words.description);
        for (field, words) in &words.fields {
            tell(format!("field `{name}.{field}`"), words);
        }
        for (value, words) in &words.values {
            tell(format!("value `{value}` of `{name}`"), words);
        }
    }
}

fn describe_operations(document: &mut Value, words: &Descriptions, report: &mut Report) {
    for key in words.operations.keys() {
        if document::operation_mut(document, key).is_none() {
            gone(report, key, &["operations", key]);
        }
    }
    for (key, operation) in document::operations_mut(document) {
        // Everything that is missing is reported at once.
        let none = OperationText::default();
        let words = words.operations.get(&key).unwrap_or(&none);
        if std::ptr::eq(words, &none) {
            undescribed(report, &key, &["operations", &key, "summary"]);
        } else {
            operation["summary"] = json!(words.summary.trim());
        }
        if let Some(details) = &words.details {
            operation["description"] = json!(details.trim());
        }
        for name in words.parameters.keys() {
            if document::parameter_mut(operation, name).is_none() {
                gone(
                    report,
                    format_args!("parameter `{name}` of {key}"),
                    &["operations", &key, "parameters", name],
                );
            }
        }
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = text(parameter, "name").unwrap_or_default().to_owned();
            match words.parameters.get(&name) {
                Some(words) => parameter["description"] = json!(words.trim()),
                None => undescribed(
                    report,
                    format_args!("parameter `{name}` of {key}"),
                    &["operations", &key, "parameters", &name],
                ),
            }
        }
    }
}

/// Channels and methods. The params of a method are a schema, and described as one.
fn describe_stream(document: &mut Value, words: &Descriptions, report: &mut Report) {
    let mut none = json!({});
    for (section, kind, words) in [
        ("channels", "CHANNEL", &words.channels),
        ("methods", "METHOD", &words.methods),
    ] {
        let all = match document
            .get_mut(stream::MEMBER)
            .and_then(|member| member.get_mut(section))
        {
            Some(all) => all,
            None => &mut none,
        };
        for name in words.keys().filter(|name| all.get(name.as_str()).is_none()) {
            gone(report, format_args!("{kind} {name}"), &[section, name]);
        }
        for (name, value) in all.as_object_mut().into_iter().flatten() {
            let key = format!("{kind} {name}");
            let none = OperationText::default();
            let words = words.get(name).unwrap_or(&none);
            if std::ptr::eq(words, &none) {
                undescribed(report, &key, &[section, name, "summary"]);
            } else {
                value["summary"] = json!(words.summary.trim());
            }
            if let Some(details) = &words.details {
                value["description"] = json!(details.trim());
            }
            let mut parameters = value.get_mut("parameters").and_then(Value::as_object_mut);
            for parameter in words.parameters.keys() {
                if parameters.as_ref().is_none_or(|all| !all.contains_key(parameter)) {
                    gone(
                        report,
                        format_args!("parameter `{parameter}` of {key}"),
                        &[section, name, "parameters", parameter],
                    );
                }
            }
            for (parameter, schema) in parameters.iter_mut().flat_map(|all| all.iter_mut()) {
                match words.parameters.get(parameter) {
                    Some(words) => schema["description"] = json!(words.trim()),
                    None => undescribed(
                        report,
                        format_args!("parameter `{parameter}` of {key}"),
                        &[section, name, "parameters", parameter],
                    ),
                }
            }
        }
    }
}

fn describe_schemas(document: &mut Value, words: &Descriptions, report: &mut Report) {
    let Some(schemas) = document::schemas_mut(document) else {
        return;
    };
    for name in words.schemas.keys() {
        if !schemas.contains_key(name) {
            gone(report, format_args!("schema `{name}`"), &["schemas", name]);
        }
    }
    for (name, schema) in schemas {
        let none = SchemaText::default();
        let words = words.schemas.get(name).unwrap_or(&none);
        if std::ptr::eq(words, &none) {
            undescribed(
                report,
                format_args!("schema `{name}`"),
                &["schemas", name, "description"],
            );
        } else {
            schema["description"] = json!(words.description.trim());
        }
        describe_values(name, schema, &words.values, report);
        let mut stale: Vec<&String> = words.fields.keys().collect();
        describe_fields(schema, &mut |field, property| {
            stale.retain(|name| *name != field);
            match words.fields.get(field) {
                Some(words) => describe_property(property, words.trim()),
                None => undescribed(
                    report,
                    format_args!("field `{name}.{field}`{}", hint(property)),
                    &["schemas", name, "fields", field],
                ),
            }
        });
        for field in stale {
            gone(
                report,
                format_args!("field `{name}.{field}`"),
                &["schemas", name, "fields", field],
            );
        }
    }
}

/// Every field of a schema and of its parts.
fn describe_fields(schema: &mut Value, describe: &mut impl FnMut(&String, &mut Value)) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (field, property) in properties.into_iter().flatten() {
        describe(field, property);
    }
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        describe_fields(part, describe);
    }
}

fn describe_values(
    name: &str,
    schema: &mut Value,
    words: &std::collections::BTreeMap<String, String>,
    report: &mut Report,
) {
    let known: Vec<String> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    for value in words.keys() {
        if !known.contains(value) {
            gone(
                report,
                format_args!("value `{value}` of `{name}`"),
                &["schemas", name, "values", value],
            );
        }
    }
    // The error codes are what callers decide by, so each has words. Elsewhere a schema can do without, but
    // one that explains some of its values should explain them all.
    let is_code = name.rsplit('.').next() == Some(CODE);
    if words.is_empty() && !is_code {
        return;
    }
    for value in known.iter().filter(|value| !words.contains_key(*value)) {
        if is_code {
            undescribed(
                report,
                format_args!("value `{value}` of `{name}`"),
                &["schemas", name, "values", value],
            );
        } else {
            report.note(format_args!(
                "value `{value}` of `{name}` has no words, and others of it have; add some in \
                 openapi/descriptions.yaml"
            ));
        }
    }
    if let Some(members) = schema.as_object_mut() {
        members.insert(VALUES.to_owned(), json!(words));
    }
}

/// What else a new field may need: a text that is a number should be one from the first day on.
fn hint(property: &Value) -> &'static str {
    let plain = ["enum", "format"].iter().all(|key| property.get(key).is_none());
    if text(property, "type") == Some("string") && plain {
        ", a text (if it is a decimal number, list it in decimals.yaml too)"
    } else {
        ""
    }
}

/// Beside a `$ref` a description counts for nothing, so the `$ref` moves into an `allOf`.
fn describe_property(property: &mut Value, words: &str) {
    if property.get("$ref").is_some() {
        *property = json!({"allOf": [property.take()]});
    }
    property["description"] = json!(words);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::describe;
    use crate::report::Report;

    #[test]
    fn missing_and_stale_descriptions_are_reported() {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [{"name": "p"}]}}, "/b": {"get": {}}},
            "components": {"schemas": {"S": {"properties": {"f": {}, "g": {"$ref": "#/x"}}},
                                       "E": {"enum": ["X"]}, "T": {}}}});
        let words = serde_json::from_value(json!({
            "operations": {"GET /a": {"summary": "Reads a."}, "GET /c": {"summary": "Reads c."}},
            "schemas": {"S": {"description": "An S.", "fields": {"g": "The g.", "h": "The h."}},
                        "E": {"description": "An E.", "values": {"X": "The X.", "Y": "The Y."}}}}))
        .unwrap();
        let mut report = Report::default();
        describe(&mut document, &words, &mut report);
        for said in [
            "undescribed: GET /b",
            "undescribed: parameter `p` of GET /a",
            "undescribed: schema `T`",
            "undescribed: field `S.f`",
            "describes GET /c",
            "describes field `S.h`",
            "describes value `Y` of `E`",
        ] {
            assert!(
                report.problems.iter().any(|problem| problem.contains(said)),
                "{said}: {report}"
            );
        }
        assert_eq!(report.problems.len(), 7, "{report}");
        assert_eq!(report.edits.len(), 7, "{report}");
        assert!(report.notes.is_empty(), "{report}");
        let property = &document["components"]["schemas"]["S"]["properties"]["g"];
        assert_eq!(
            *property,
            json!({"allOf": [{"$ref": "#/x"}], "description": "The g."})
        );
    }

    #[test]
    fn placeholders_are_listed_and_are_no_problems() {
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [{"name": "p"}]}}},
            "components": {"schemas": {"S": {"properties": {"f": {}}}}}});
        let words = serde_json::from_value(json!({
            "operations": {"GET /a": {"summary": "TODO(describe)", "parameters": {"p": "TODO(describe)"}}},
            "schemas": {"S": {"description": "An S.", "fields": {"f": "TODO(describe)"}}}}))
        .unwrap();
        let mut report = Report::default();
        describe(&mut document, &words, &mut report);
        assert!(report.problems.is_empty(), "{report}");
        assert_eq!(
            report.placeholders,
            ["GET /a", "parameter `p` of GET /a", "field `S.f`"]
        );
    }

    #[test]
    fn undescribed_value_beside_a_described_one_is_reported() {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "r.Some": {"enum": ["A", "B"]}, "r.None": {"enum": ["A"]}, "r.ErrorCode": {"enum": ["A"]}}}});
        let words = serde_json::from_value(json!({"operations": {}, "schemas": {
            "r.Some": {"description": "d", "values": {"A": "The A."}},
            "r.None": {"description": "d"}, "r.ErrorCode": {"description": "d"}}}))
        .unwrap();
        let mut report = Report::default();
        describe(&mut document, &words, &mut report);
        assert_eq!(report.notes.len(), 1, "{report}");
        assert!(report.notes[0].contains("value `B` of `r.Some`"), "{report}");
        assert_eq!(report.problems.len(), 1, "{report}");
        assert!(
            report.problems[0].contains("value `A` of `r.ErrorCode`"),
            "{report}"
        );
    }
}
