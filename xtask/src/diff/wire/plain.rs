//! The form in which documents are compared.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::document::{self, entries, referred, text};
use crate::report::Report;
use crate::reshape::normalize;

/// A document in the form that is compared: operations hold their parameters, bodies and responses themselves, name the credentials
/// that they need by definition instead of by scheme name, and indirect references to a component are replaced by direct ones.
pub fn plain(document: &Value) -> Value {
    let mut document = document.clone();
    // Problems of form are reported when the document is taken in.
    normalize::normalize(&mut document, &mut Report::default());
    let shared = document.clone();
    for (_, operation) in document::operations_mut(&mut document) {
        operation["security"] = json!(security(&shared, operation));
        if let Some(body) = operation.get_mut("requestBody") {
            *body = resolved(&shared, body).cloned().unwrap_or_default();
        }
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            let headers = response.get_mut("headers").and_then(Value::as_object_mut);
            for (_, header) in headers.into_iter().flatten() {
                *header = resolved(&shared, header).cloned().unwrap_or_default();
            }
        }
    }
    document::walk_mut(&mut document, "", &mut |_, value| {
        // Beside a part that refers to a component, `type: object` is written out of habit.
        let members = value
            .as_object()
            .filter(|members| members.keys().all(|key| key == "allOf" || key == "type"));
        let only = members.and_then(|members| match members.get("allOf")?.as_array()?.as_slice() {
            [only] => referred(only),
            _ => None,
        });
        if let Some(name) = only {
            *value = document::reference(name);
        }
    });
    let servers = document
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let servers: Vec<&str> = servers
        .filter_map(|server| text(server, "url"))
        .map(|url| url.trim_end_matches('/'))
        .collect();
    let schemas = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    json!({"servers": servers, "paths": document["paths"], "components": {"schemas": schemas}})
}

/// A value, or what it refers to.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    let mut found = value;
    // A reference to a reference is rare, and one to itself would never end.
    for _ in 0..8 {
        match text(found, "$ref") {
            Some(target) => found = document.pointer(target.strip_prefix('#')?)?,
            None => break,
        }
    }
    Some(found)
}

/// The ways to get in, each as what it asks for; the name of a scheme says nothing, its definition does.
fn security(document: &Value, operation: &Value) -> BTreeSet<String> {
    let scheme = |name: &String, scopes: &Value| {
        let defined = document
            .pointer("/components/securitySchemes")
            .and_then(|all| all.get(name));
        let words = defined.map_or_else(
            || name.clone(),
            |scheme| {
                let parts = ["type", "scheme", "in", "name", "openIdConnectUrl"]
                    .iter()
                    .filter_map(|key| text(scheme, key).map(str::to_owned));
                // What a scope means is prose; the operation lists the scopes that it requires.
                let flows = entries(scheme.get("flows")).flat_map(|(flow, of)| {
                    let urls = ["authorizationUrl", "tokenUrl", "refreshUrl"].into_iter();
                    urls.filter_map(move |key| Some(format!("{flow} {key} {}", text(of, key)?)))
                });
                parts.chain(flows).collect::<Vec<_>>().join(" ")
            },
        );
        match scopes.as_array() {
            Some(scopes) if !scopes.is_empty() => format!("{words} {}", json!(scopes)),
            _ => words,
        }
    };
    let ways = operation.get("security").or_else(|| document.get("security"));
    ways.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|way| {
            let parts: BTreeSet<String> = entries(Some(way))
                .map(|(name, scopes)| scheme(name, scopes))
                .collect();
            if parts.is_empty() {
                "nothing".to_owned()
            } else {
                parts.into_iter().collect::<Vec<_>>().join(" and ")
            }
        })
        .collect()
}
