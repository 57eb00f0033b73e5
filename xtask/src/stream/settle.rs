//! Checks of a channel and a method what no document says by itself, and only corrections and names can add.

use std::collections::BTreeMap;

use heck::ToShoutySnakeCase;
use serde_json::{Value, json};

use super::pattern::Pattern;
use super::{MEMBER, NEEDS_AUTHENTICATION};
use crate::autofix::Edit;
use crate::config::Names;
use crate::document::{self, entries, referred, text};
use crate::report::{Report, quoted};

/// How a channel numbers its messages.
pub const SEQUENCES: [&str; 3] = ["none", "consecutive", "increasing"];

/// Reports what is missing of each channel and method, and completes it, so that the document can be tried out.
pub fn settle(document: &mut Value, names: &Names, report: &mut Report) {
    let original = document.clone();
    let Some(member) = document.get_mut(MEMBER) else {
        for method in names.methods.keys() {
            unknown_method(method, report);
        }
        return;
    };
    let mut constants: BTreeMap<String, String> = BTreeMap::new();
    let channels = member.get_mut("channels").and_then(Value::as_object_mut);
    if let Some(channels) = channels {
        channels.retain(|name, channel| {
            let kept = settle_channel(name, channel, &original, &mut constants, report);
            kept.is_some()
        });
    }
    let mut constants: BTreeMap<String, String> = BTreeMap::new();
    let methods = member.get_mut("methods").and_then(Value::as_object_mut);
    for method in names.methods.keys() {
        if methods
            .as_ref()
            .is_none_or(|methods| !methods.contains_key(method))
        {
            unknown_method(method, report);
        }
    }
    if let Some(methods) = methods {
        methods.retain(|name, method| settle_method(name, method, names, &mut constants, report).is_some());
    }
}

fn unknown_method(method: &str, report: &mut Report) {
    report.fixable(
        format_args!("names.yaml: there is no method `{method}`; delete the entry"),
        Edit::delete("names.yaml", &["methods", method]),
    );
}

fn settle_channel(
    name: &str,
    channel: &mut Value,
    document: &Value,
    constants: &mut BTreeMap<String, String>,
    report: &mut Report,
) -> Option<()> {
    let Some(pattern) = Pattern::read(name) else {
        report.problem(format_args!(
            "CHANNEL {}: the name of the channel has a form that is not supported; left out",
            quoted(name)
        ));
        return None;
    };
    if let Some(other) = constants.insert(pattern.constant(), name.to_owned()) {
        report.problem(format_args!(
            "CHANNEL {name} and CHANNEL {other} would both be called {}; the second is left out",
            pattern.constant()
        ));
        return None;
    }
    let channel = channel.as_object_mut()?;
    let parameters = channel.entry("parameters").or_insert_with(|| json!({}));
    if !parameters.is_object() {
        *parameters = json!({});
    }
    let parameters = parameters.as_object_mut()?;
    for parameter in &pattern.parameters {
        if !parameters.contains_key(&parameter.name) {
            report.problem(format_args!(
                "CHANNEL {name} does not declare its parameter `{}`; treated as a text",
                parameter.name
            ));
            parameters.insert(parameter.name.clone(), json!({"type": "string"}));
        }
    }
    parameters.retain(|declared, _| {
        let kept = pattern
            .parameters
            .iter()
            .any(|parameter| parameter.name == *declared);
        if !kept {
            report.problem(format_args!(
                "CHANNEL {name} declares a parameter `{declared}` that its name does not have; remove it in corrections.yaml (left out)"
            ));
        }
        kept
    });
    if !channel.get("private").is_some_and(Value::is_boolean) {
        report.problem(format_args!(
            "CHANNEL {name}: nothing says whether it is private; set `private` in corrections.yaml (treated as private)"
        ));
        channel.insert("private".to_owned(), json!(true));
    }
    let payload = channel.get("payload").and_then(referred);
    let payload = payload.and_then(|name| document::component(document, name));
    let sequence = channel.get("sequence").cloned().unwrap_or_default();
    let rule = text(&sequence, "rule").filter(|rule| SEQUENCES.contains(rule));
    let numbered = rule.is_some_and(|rule| rule != "none");
    let field = text(&sequence, "field");
    let has_field = |field: &str| payload.is_some_and(|schema| document::property(schema, field).is_some());
    if rule.is_none() || numbered != field.is_some_and(has_field) {
        report.problem(format_args!(
            "CHANNEL {name}: nothing says how its messages are numbered; set `sequence` in corrections.yaml, with `rule: none`, or \
             `rule: consecutive` or `rule: increasing` and the `field` of the payload (treated as not numbered)"
        ));
        channel.insert("sequence".to_owned(), json!({"rule": "none"}));
    }
    for other in channel.get("all").and_then(Value::as_array).into_iter().flatten() {
        let known = pattern
            .parameters
            .iter()
            .any(|parameter| other.as_str() == Some(&parameter.name));
        if !known {
            report.problem(format_args!(
                "CHANNEL {name}: `all` names {other}, which is no parameter of it; correct it in corrections.yaml"
            ));
        }
    }
    Some(())
}

fn settle_method(
    name: &str,
    method: &mut Value,
    names: &Names,
    constants: &mut BTreeMap<String, String>,
    report: &mut Report,
) -> Option<()> {
    let known = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(known) {
        report.problem(format_args!(
            "METHOD {}: this is no name of a method; left out",
            quoted(name)
        ));
        return None;
    }
    let constant = name.to_shouty_snake_case();
    if let Some(other) = constants.insert(constant.clone(), name.to_owned()) {
        report.problem(format_args!(
            "METHOD {name} and METHOD {other} would both be called {constant}; the second is left out"
        ));
        return None;
    }
    let auth = error_codes(method).any(|code| code == NEEDS_AUTHENTICATION);
    let method = method.as_object_mut()?;
    method.insert("auth".to_owned(), json!(auth));
    if let Some(operation) = names.methods.get(name) {
        method.insert("operation".to_owned(), json!(operation));
    }
    Some(())
}

/// Replaces `METHOD /path` of the operations that methods stand for by our ids, once operations have them.
pub fn operations(document: &mut Value, report: &mut Report) {
    let ids: BTreeMap<String, String> = document::operations(document)
        .filter_map(|(key, operation)| Some((key, text(operation, "operationId")?.to_owned())))
        .collect();
    let methods = document.pointer_mut(&format!("/{MEMBER}/methods"));
    for (name, method) in methods.and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(key) = text(method, "operation").map(str::to_owned) else {
            continue;
        };
        match ids.get(&key) {
            Some(id) => method["operation"] = json!(id),
            None => {
                report.problem(format_args!(
                    "names.yaml: method {name} is to do what `{key}` does, which is no operation; correct the entry"
                ));
                if let Some(members) = method.as_object_mut() {
                    members.remove("operation");
                }
            }
        }
    }
}

/// The channels of a document.
pub fn channels(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    entries(document.get(MEMBER).and_then(|member| member.get("channels")))
}

/// The methods of a document.
pub fn methods(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    entries(document.get(MEMBER).and_then(|member| member.get("methods")))
}

/// The error codes of a method.
pub fn error_codes(method: &Value) -> impl Iterator<Item = i64> {
    let codes = method.get("errors").and_then(Value::as_array);
    codes.into_iter().flatten().filter_map(Value::as_i64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{operations, settle};
    use crate::config::Names;
    use crate::report::Report;

    fn settled(member: Value, names: &str) -> (Value, Vec<String>) {
        let mut document = json!({"x-stream": member,
            "paths": {"/orders": {"post": {"operationId": "create-order"}}},
            "components": {"schemas": {"Book": {"properties": {"seq_no": {"type": "integer"}}}}}});
        let names: Names = crate::yaml::read(names).unwrap();
        let mut report = Report::default();
        settle(&mut document, &names, &mut report);
        operations(&mut document, &mut report);
        (document, report.problems)
    }

    #[test]
    fn complete_channel_and_method_are_no_problem() {
        let (document, problems) = settled(
            json!({"channels": {"book.{m}": {"parameters": {"m": {"type": "string"}}, "private": false, "all": ["m"],
                                           "sequence": {"rule": "consecutive", "field": "seq_no"},
                                           "payload": {"$ref": "#/components/schemas/Book"}}},
                   "methods": {"order.create": {"errors": [1, 40300]}, "auth": {"errors": [1]}}}),
            "{operations: {}, schemas: {}, methods: {order.create: POST /orders}}",
        );
        assert_eq!(problems, Vec::<String>::new());
        let methods = &document["x-stream"]["methods"];
        assert_eq!(methods["order.create"]["operation"], json!("create-order"));
        assert_eq!(
            [&methods["order.create"]["auth"], &methods["auth"]["auth"]],
            [&json!(true), &json!(false)]
        );
    }

    #[test]
    fn everything_that_is_missing_is_named() {
        let channel = json!({"private": true, "sequence": {"rule": "none"}});
        let (document, problems) = settled(
            json!({"channels": {"new.{m}": {"parameters": {"x": {}}}, "odd name": {}, "a": channel, "a@1": channel,
                                "b": {"private": true, "sequence": {"rule": "increasing", "field": "gone"}, "all": ["m"]}},
                   "methods": {"a.b": {}, "a_b": {}, "$": {}, "c": {}}}),
            "{operations: {}, schemas: {}, methods: {gone: POST /orders, c: GET /gone}}",
        );
        let said = problems.join("\n");
        for part in [
            "CHANNEL new.{m} does not declare its parameter `m`",
            "CHANNEL new.{m} declares a parameter `x`",
            "CHANNEL new.{m}: nothing says whether it is private",
            "CHANNEL new.{m}: nothing says how its messages are numbered",
            "CHANNEL `odd name`: the name of the channel",
            "CHANNEL a@1 and CHANNEL a would both be called A",
            "CHANNEL b: nothing says how its messages are numbered",
            "CHANNEL b: `all` names \"m\"",
            "METHOD a_b and METHOD a.b would both be called A_B",
            "METHOD `$`: this is no name of a method",
            "names.yaml: there is no method `gone`",
            "method c is to do what `GET /gone` does, which is no operation",
        ] {
            assert!(said.contains(part), "{part}\nis not in\n{said}");
        }
        assert_eq!(problems.len(), 12, "{said}");
        let channels = document["x-stream"]["channels"].as_object().unwrap();
        assert_eq!(channels.keys().collect::<Vec<_>>(), ["a", "b", "new.{m}"]);
        assert_eq!(channels["new.{m}"]["private"], json!(true));
    }
}
