//! Channels and methods in the form of operations, so that the comparison of documents treats them as it treats those of the REST API.

use serde_json::{Map, Value, json};

use super::pattern::Pattern;
use super::{NEEDS_AUTHENTICATION, PREFIX, channels, error_codes, merge, methods};
use crate::document::{self, reference, referred};
use crate::report::Report;

/// The method of a path item that is a channel, and the one that is a method.
pub const KINDS: [&str; 2] = ["channel", "method"];

/// The documents of the WebSocket API as an OpenAPI document in the form that is compared: `CHANNEL trades.{market}` has the payload
/// as its response, `METHOD order.create` the params as its body and the result as its response.
pub fn as_operations(asyncapi: Option<&Value>, openrpc: Option<&Value>) -> Value {
    let document = merge(json!({}), asyncapi, openrpc, &mut Report::default());
    let mut paths: Map<String, Value> = Map::new();
    let mut add = |name: &str, kind: &str, operation: Value| {
        let item = paths.entry(name.to_owned()).or_insert_with(|| json!({}));
        item[kind] = operation;
    };
    let json_content = |schema: Option<&Value>| match schema {
        Some(schema) => json!({"content": {"application/json": {"schema": schema}}}),
        None => json!({}),
    };
    for (name, channel) in channels(&document) {
        // A parameter that the name does not have cannot be required.
        let pattern = Pattern::read(name);
        let is_required = |name: &String| {
            pattern.as_ref().is_none_or(|pattern| {
                let mut parameters = pattern.parameters.iter();
                parameters.any(|parameter| parameter.name == *name && !parameter.optional)
            })
        };
        let parameters: Vec<Value> = document::entries(channel.get("parameters"))
            .map(|(name, schema)| json!({"in": "path", "name": name, "required": is_required(name), "schema": schema}))
            .collect();
        let responses = json!({"200": json_content(channel.get("payload"))});
        add(
            name,
            "channel",
            json!({"parameters": parameters, "responses": responses, "security": []}),
        );
    }
    for (name, method) in methods(&document) {
        let mut body = json_content(method.get("params"));
        body["required"] = json!(true);
        let mut responses = json!({"200": json_content(method.get("result"))});
        let errors: Vec<i64> = error_codes(method).collect();
        for code in &errors {
            responses[format!("error {code}")] = json!({});
        }
        let security: &[&str] = match errors.contains(&NEEDS_AUTHENTICATION) {
            true => &["auth"],
            false => &[],
        };
        add(
            name,
            "method",
            json!({"parameters": [], "requestBody": body, "responses": responses, "security": security}),
        );
    }
    let mut schemas: Map<String, Value> = document::schemas(&document)
        .map(|(name, schema)| (bare(name).to_owned(), schema.clone()))
        .collect();
    let mut found = json!({"servers": servers(asyncapi, openrpc), "paths": paths});
    for value in schemas.values_mut().chain(found.get_mut("paths")) {
        document::walk_mut(value, "", &mut |_, value| {
            if let Some(name) = referred(value) {
                *value = reference(bare(name));
            }
        });
    }
    found["components"] = json!({"schemas": schemas});
    found
}

fn bare(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

/// The addresses, without what says nothing.
fn servers(asyncapi: Option<&Value>, openrpc: Option<&Value>) -> Vec<String> {
    let listed = openrpc.and_then(|openrpc| openrpc.get("servers")?.as_array());
    let named = asyncapi.and_then(|asyncapi| asyncapi.get("servers")?.as_object());
    let all = listed
        .into_iter()
        .flatten()
        .chain(named.into_iter().flat_map(Map::values));
    let urls = all.filter_map(|server| document::text(server, "url"));
    let mut urls: Vec<String> = urls
        .map(|url| url.trim_end_matches(['/', '?']).to_owned())
        .collect();
    urls.sort();
    urls.dedup();
    urls
}
