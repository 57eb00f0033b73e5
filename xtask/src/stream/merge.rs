//! Puts the documents of the WebSocket API beside the OpenAPI document, before corrections.
//!
//! Their schemas become components whose names begin with `stream.`, their channels and methods members of `x-stream`. Nothing is decided
//! here: which of these schemas are those of the REST API is decided after corrections, by [`super::unify`], so that a correction
//! can reach both sides of a difference.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::differences::{Difference, differences};
use super::{MEMBER, PREFIX};
use crate::document::{self, entries, reference, text};
use crate::report::{Report, quoted};

/// The OpenAPI document with the channels and methods in `x-stream`, and their schemas among its components.
pub fn merge(
    mut openapi: Value,
    asyncapi: Option<&Value>,
    openrpc: Option<&Value>,
    report: &mut Report,
) -> Value {
    if asyncapi.is_none() && openrpc.is_none() {
        return openapi;
    }
    let mut merger = Merger {
        schemas: Map::new(),
        report,
    };
    let mut members = Map::new();
    let (channels, copies) = asyncapi.map_or_else(Default::default, |asyncapi| merger.asyncapi(asyncapi));
    let methods = match openrpc {
        Some(openrpc) => merger.openrpc(openrpc, copies),
        None => copies
            .into_iter()
            .map(|(name, copy)| (name.clone(), merger.method(&name, copy)))
            .collect(),
    };
    let differences = merger.differences(&methods);
    let methods = methods
        .into_iter()
        .map(|(name, mut method)| {
            if let Some(members) = method.as_object_mut() {
                members.remove("copy");
            }
            (name, method)
        })
        .collect();
    members.insert("differences".to_owned(), Value::Object(differences));
    members.insert("channels".to_owned(), Value::Object(channels));
    members.insert("methods".to_owned(), Value::Object(methods));
    let schemas = merger.schemas;
    if let Some(document) = openapi.as_object_mut() {
        document.insert(MEMBER.to_owned(), Value::Object(members));
        let components = document.entry("components").or_insert_with(|| json!({}));
        if let Some(components) = components.as_object_mut() {
            let all = components.entry("schemas").or_insert_with(|| json!({}));
            if let Some(all) = all.as_object_mut() {
                all.extend(schemas);
            }
        }
    }
    openapi
}

struct Merger<'a> {
    /// The components that are made.
    schemas: Map<String, Value>,
    report: &'a mut Report,
}

impl Merger<'_> {
    /// The channels and, by name, the copies of methods. A copy has `params` and `result`, as schemas.
    fn asyncapi(&mut self, asyncapi: &Value) -> (Map<String, Value>, Map<String, Value>) {
        for (name, schema) in entries(asyncapi.pointer("/components/schemas")) {
            let name = format!("{PREFIX}{}", dotted(name));
            let schema = with_dotted_references(schema);
            self.component(&name, schema);
        }
        let (mut channels, mut methods) = (Map::new(), Map::new());
        for (published, channel) in entries(asyncapi.get("channels")) {
            let name = published.trim_start_matches('/');
            let payload = |side: &str| {
                let message = resolved(asyncapi, channel.pointer(&format!("/{side}/message"))?);
                Some(with_dotted_references(message.get("payload")?))
            };
            // A client publishes what it sends: only a method has that.
            if channel.get("publish").is_some() {
                let mut copy = Map::new();
                for (key, side) in [("params", "publish"), ("result", "subscribe")] {
                    copy.insert(
                        key.to_owned(),
                        payload(side).unwrap_or_else(|| json!({"type": "object"})),
                    );
                }
                methods.insert(name.to_owned(), Value::Object(copy));
                continue;
            }
            let Some(payload) = payload("subscribe") else {
                self.report.problem(format_args!(
                    "CHANNEL {name}: its message has no payload; left out (correct it in the document, or extend \
                     xtask/src/stream/merge.rs)"
                ));
                continue;
            };
            let payload = self.named(&format!("{PREFIX}{name}"), payload);
            let parameters: Map<String, Value> = entries(channel.get("parameters"))
                .map(|(name, parameter)| {
                    let schema = resolved(asyncapi, parameter).get("schema").cloned();
                    (name.clone(), schema.unwrap_or_else(|| json!({"type": "string"})))
                })
                .collect();
            let mut members = Map::new();
            if !parameters.is_empty() {
                members.insert("parameters".to_owned(), Value::Object(parameters));
            }
            members.insert("payload".to_owned(), payload);
            channels.insert(name.to_owned(), Value::Object(members));
        }
        (channels, methods)
    }

    fn openrpc(&mut self, openrpc: &Value, mut copies: Map<String, Value>) -> Map<String, Value> {
        for (name, schema) in entries(openrpc.pointer("/components/schemas")) {
            let name = format!("{PREFIX}{}", dotted(name));
            let schema = with_dotted_references(schema);
            self.component(&name, schema);
        }
        let has_copies = !copies.is_empty();
        let mut methods = Map::new();
        for method in openrpc
            .get("methods")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let Some(name) = text(method, "name") else {
                self.report.problem("OpenRPC: a method has no name; left out");
                continue;
            };
            let result = resolved(openrpc, method.get("result").unwrap_or(&Value::Null));
            let result = result.get("schema").map(with_dotted_references);
            let value = json!({
                "params": params(openrpc, method),
                "result": result.unwrap_or_else(|| json!({"type": "object"})),
            });
            let mut value = self.method(name, value);
            let codes = method
                .get("errors")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let codes: BTreeSet<i64> = codes
                .filter_map(|error| resolved(openrpc, error).get("code")?.as_i64())
                .collect();
            value["errors"] = json!(codes);
            match copies.remove(name) {
                Some(copy) => value["copy"] = copy,
                None if has_copies => self.report.problem(format_args!(
                    "METHOD {name}: the AsyncAPI document lacks it; take in both documents of one day"
                )),
                None => {}
            }
            methods.insert(name.to_owned(), value);
        }
        for (name, copy) in copies {
            self.report.problem(format_args!(
                "METHOD {name}: the OpenRPC document lacks it; take in both documents of one day"
            ));
            let method = self.method(&name, copy);
            methods.insert(name, method);
        }
        methods
    }

    /// Where the methods of the OpenRPC document differ from their copies in the AsyncAPI document, by place.
    fn differences(&self, methods: &Map<String, Value>) -> Map<String, Value> {
        let document = json!({"components": {"schemas": self.schemas}});
        let mut found: Map<String, Value> = Map::new();
        for (name, method) in methods {
            for part in ["params", "result"] {
                let copy = method.get("copy").and_then(|copy| copy.get(part));
                let (Some(own), Some(copy)) = (method.get(part), copy) else {
                    continue;
                };
                for Difference { place, says } in differences(&document, own, copy) {
                    let says = says.replace("{one}", "OpenRPC").replace("{other}", "AsyncAPI");
                    let all = found
                        .entry(format!("METHOD {name} {part}{place}"))
                        .or_insert_with(|| json!([]));
                    if let Some(all) = all.as_array_mut() {
                        all.push(json!(says));
                    }
                }
            }
        }
        found
    }

    /// A method, with its params and its result as components.
    fn method(&mut self, name: &str, mut value: Value) -> Value {
        for part in ["params", "result"] {
            let schema = value.get_mut(part).map(Value::take).unwrap_or_default();
            value[part] = self.named(&format!("{PREFIX}{name}.{part}"), schema);
        }
        value
    }

    /// A reference to a schema, which becomes a component unless it is a reference already.
    fn named(&mut self, name: &str, schema: Value) -> Value {
        if schema.get("$ref").is_some() {
            return schema;
        }
        self.component(name, schema);
        reference(name)
    }

    /// Makes a component of a schema, and of every object in it.
    fn component(&mut self, name: &str, mut schema: Value) {
        self.hoist(name, &mut schema, 0);
        if self.schemas.insert(name.to_owned(), schema).is_some() {
            self.report.problem(format_args!(
                "two parts of the WebSocket API are called {}; only the second is kept",
                quoted(name)
            ));
        }
    }

    fn hoist(&mut self, name: &str, schema: &mut Value, depth: usize) {
        const DEEPEST: usize = 16;
        if depth > DEEPEST {
            return;
        }
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (field, property) in properties.into_iter().flatten() {
            self.inner(&format!("{name}.{field}"), property, depth);
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object()) {
                self.inner(name, inner, depth);
            }
        }
    }

    fn inner(&mut self, name: &str, schema: &mut Value, depth: usize) {
        if entries(schema.get("properties")).next().is_some() {
            let mut object = schema.take();
            self.hoist(name, &mut object, depth + 1);
            *schema = reference(name);
            self.schemas.insert(name.to_owned(), object);
        } else {
            self.hoist(name, schema, depth + 1);
        }
    }
}

/// The parameters of a method as one object.
fn params(openrpc: &Value, method: &Value) -> Value {
    let (mut properties, mut required) = (Map::new(), BTreeSet::new());
    for param in method
        .get("params")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let param = resolved(openrpc, param);
        let Some(name) = text(param, "name") else {
            continue;
        };
        let schema = param.get("schema").map(with_dotted_references);
        properties.insert(name.to_owned(), schema.unwrap_or_else(|| json!({})));
        if param.get("required") == Some(&Value::Bool(true)) {
            required.insert(name.to_owned());
        }
    }
    let mut params = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        params["required"] = json!(required);
    }
    params
}

/// `ResponsesOrderResp` is `responses.OrderResp` in the OpenAPI document.
fn dotted(published: &str) -> String {
    for (prefix, dotted) in [("Responses", "responses"), ("Requests", "requests")] {
        if let Some(rest) = published.strip_prefix(prefix)
            && rest.starts_with(|c: char| c.is_ascii_uppercase())
        {
            return format!("{dotted}.{rest}");
        }
    }
    published.to_owned()
}

fn with_dotted_references(schema: &Value) -> Value {
    let mut schema = schema.clone();
    document::walk_mut(&mut schema, "", &mut |_, value| {
        if let Some(name) = document::referred(value) {
            *value = reference(&format!("{PREFIX}{}", dotted(name)));
        }
    });
    schema
}

/// A value, or what it refers to in its document.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut found = value;
    // A reference to itself would never end.
    for _ in 0..8 {
        let Some(target) = text(found, "$ref").and_then(|target| target.strip_prefix('#')) else {
            break;
        };
        match document.pointer(target) {
            Some(inner) => found = inner,
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::merge;
    use crate::report::Report;

    fn merged(asyncapi: &Value, openrpc: Option<&Value>) -> (Value, Vec<String>) {
        let mut report = Report::default();
        let openapi = json!({"components": {"schemas": {"responses.Trade": {}}}});
        let merged = merge(openapi, Some(asyncapi), openrpc, &mut report);
        (merged, report.problems)
    }

    #[test]
    fn channels_methods_and_inner_objects_become_components() {
        let asyncapi = json!({
            "channels": {
                "/trades.{m}": {
                    "parameters": {"m": {"$ref": "#/components/parameters/m"}},
                    "subscribe": {"message": {"$ref": "#/components/messages/T"}},
                },
                "/echo": {"publish": {"message": {"payload": {"type": "object", "properties": {"a": {"type": "string"}}}}},
                          "subscribe": {"message": {"payload": {"type": "object"}}}},
            },
            "components": {
                "messages": {"T": {"payload": {"$ref": "#/components/schemas/ResponsesTrade"}}},
                "parameters": {"m": {"schema": {"type": "string", "enum": ["A"]}}},
                "schemas": {"ResponsesTrade": {"type": "object", "properties": {
                    "legs": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "string"}}}}}}},
            },
        });
        let openrpc = json!({"methods": [{"name": "echo",
            "params": [{"name": "a", "required": true, "schema": {"type": "string"}}],
            "result": {"schema": {"type": "object"}}, "errors": [{"code": 40300}]}]});
        let (document, problems) = merged(&asyncapi, Some(&openrpc));
        assert_eq!(problems, Vec::<String>::new());
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        assert_eq!(
            document["x-stream"]["channels"]["trades.{m}"],
            json!({"parameters": {"m": {"type": "string", "enum": ["A"]}}, "payload": reference("stream.responses.Trade")})
        );
        let echo = &document["x-stream"]["methods"]["echo"];
        assert_eq!(echo["params"], reference("stream.echo.params"));
        assert_eq!(echo["errors"], json!([40300]));
        assert_eq!(document["x-stream"]["differences"], json!({}));
        assert!(echo.get("copy").is_none());
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["stream.responses.Trade"]["properties"]["legs"]["items"],
            reference("stream.responses.Trade.legs")
        );
        assert_eq!(
            schemas["stream.responses.Trade.legs"]["properties"]["n"],
            json!({"type": "string"})
        );
        assert_eq!(schemas["stream.echo.params"]["required"], json!(["a"]));
        assert_eq!(schemas["responses.Trade"], json!({}));
    }

    #[test]
    fn method_of_one_document_alone_is_a_problem() {
        let copy = json!({"message": {"payload": {"type": "object"}}});
        let asyncapi =
            json!({"channels": {"/a": {"publish": copy, "subscribe": copy}, "/b": {"subscribe": {}}}});
        let openrpc = json!({"methods": [{"name": "c"}, {}]});
        let (document, problems) = merged(&asyncapi, Some(&openrpc));
        let said = problems.join("\n");
        for part in [
            "METHOD a: the OpenRPC document lacks it",
            "METHOD c: the AsyncAPI document lacks it",
            "CHANNEL b: its message has no payload",
            "a method has no name",
        ] {
            assert!(said.contains(part), "{part}\nis not in\n{said}");
        }
        assert_eq!(problems.len(), 4, "{said}");
        let methods: Vec<&String> = document["x-stream"]["methods"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(methods, ["a", "c"]);
        let (document, problems) = merged(&asyncapi, None);
        assert_eq!(problems.len(), 1);
        assert!(document["x-stream"]["methods"]["a"].is_object());
    }

    #[test]
    fn copies_of_a_method_are_compared_as_published() {
        let payload = |field: &str| json!({"message": {"payload": {"type": "object", "properties": {field: {"type": "string"}}}}});
        let asyncapi = json!({"channels": {"/a": {"publish": payload("x"), "subscribe": payload("same")}}});
        let openrpc = json!({"methods": [{"name": "a", "params": [{"name": "y", "schema": {"type": "string"}}],
            "result": {"schema": {"type": "object", "properties": {"same": {"type": "string"}}}}}]});
        let (document, problems) = merged(&asyncapi, Some(&openrpc));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            document["x-stream"]["differences"],
            json!({"METHOD a params.x": ["AsyncAPI has this field and OpenRPC does not"],
                   "METHOD a params.y": ["OpenRPC has this field and AsyncAPI does not"]})
        );
    }

    #[test]
    fn reference_to_itself_ends() {
        let asyncapi = json!({"channels": {"/a": {"subscribe": {"message": {"$ref": "#/channels/~1a/subscribe/message"}}}}});
        assert_eq!(merged(&asyncapi, None).1.len(), 1);
    }
}
