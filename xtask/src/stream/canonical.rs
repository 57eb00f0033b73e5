//! The canonical form of the documents of the WebSocket API, by the rules of [`crate::canonical`].

use serde_json::{Map, Value, json};

use crate::canonical::{keep, list, map, map_all, only, schema, sorted};
use crate::document::text;

/// Brings an AsyncAPI 2 document into canonical form.
pub fn asyncapi(document: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, document, "asyncapi", Value::clone);
    keep(&mut kept, document, "info", |info| {
        only(info, &["title", "version"])
    });
    keep(&mut kept, document, "servers", |servers| {
        map_all(servers, |server| only(server, &["url", "protocol"]))
    });
    keep(&mut kept, document, "channels", |channels| map(channels, channel));
    keep(&mut kept, document, "components", |components| {
        let mut kept = Map::new();
        keep(&mut kept, components, "schemas", |all| map_all(all, schema));
        keep(&mut kept, components, "parameters", |all| map_all(all, parameter));
        // A message that only has a name says what its key says.
        keep(&mut kept, components, "messages", |all| {
            let mut messages = map_all(all, message);
            if let Some(messages) = messages.as_object_mut() {
                messages.retain(|_, message| *message != json!({}));
            }
            messages
        });
        kept.retain(|_, part| *part != json!({}));
        Value::Object(kept)
    });
    sorted(&Value::Object(kept))
}

fn channel(channel: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, channel, "parameters", |all| map_all(all, parameter));
    for side in ["publish", "subscribe"] {
        keep(&mut kept, channel, side, |operation| {
            let mut kept = Map::new();
            keep(&mut kept, operation, "message", message);
            Value::Object(kept)
        });
    }
    Value::Object(kept)
}

fn parameter(parameter: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, parameter, "$ref", Value::clone);
    keep(&mut kept, parameter, "schema", schema);
    Value::Object(kept)
}

fn message(message: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, message, "$ref", Value::clone);
    keep(&mut kept, message, "payload", schema);
    keep(&mut kept, message, "oneOf", |all| list(all, self::message));
    Value::Object(kept)
}

/// Brings an OpenRPC document into canonical form.
pub fn openrpc(document: &Value) -> Value {
    let mut kept = Map::new();
    keep(&mut kept, document, "openrpc", Value::clone);
    keep(&mut kept, document, "info", |info| {
        only(info, &["title", "version"])
    });
    keep(&mut kept, document, "servers", |servers| {
        list(servers, |server| only(server, &["name", "url"]))
    });
    keep(&mut kept, document, "methods", |methods| {
        by(list(methods, method), &["name", "$ref"])
    });
    keep(&mut kept, document, "components", |components| {
        let mut kept = Map::new();
        keep(&mut kept, components, "schemas", |all| map_all(all, schema));
        keep(&mut kept, components, "contentDescriptors", |all| {
            map_all(all, content)
        });
        Value::Object(kept)
    });
    sorted(&Value::Object(kept))
}

fn method(method: &Value) -> Value {
    let mut kept = Map::new();
    for key in ["$ref", "name", "paramStructure", "deprecated"] {
        keep(&mut kept, method, key, Value::clone);
    }
    // Parameters that are sent by name have no order.
    let by_name = text(method, "paramStructure") == Some("by-name");
    keep(&mut kept, method, "params", |params| {
        let params = list(params, content);
        if by_name {
            by(params, &["name", "$ref"])
        } else {
            params
        }
    });
    keep(&mut kept, method, "result", content);
    keep(&mut kept, method, "errors", |errors| {
        by(
            list(errors, |error| only(error, &["$ref", "code"])),
            &["code", "$ref"],
        )
    });
    Value::Object(kept)
}

fn content(content: &Value) -> Value {
    let mut kept = Map::new();
    for key in ["$ref", "name", "deprecated"] {
        keep(&mut kept, content, key, Value::clone);
    }
    if content.get("required") == Some(&Value::Bool(true)) {
        kept.insert("required".to_owned(), Value::Bool(true));
    }
    keep(&mut kept, content, "schema", schema);
    Value::Object(kept)
}

/// A list in the order of these members.
fn by(mut all: Value, keys: &[&str]) -> Value {
    if let Value::Array(items) = &mut all {
        items.sort_by_cached_key(|item| {
            let texts = keys.iter().map(|key| item.get(*key).map(Value::to_string));
            texts.collect::<Vec<_>>()
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{asyncapi, openrpc};

    #[test]
    fn prose_goes_and_interface_stays() {
        let found = asyncapi(&json!({
            "asyncapi": "2.6.0",
            "info": {"title": "T", "version": "1", "description": "prose"},
            "servers": {"production": {"url": "wss://example.com/v1", "protocol": "wss", "description": "prose"}},
            "x-odd": "prose",
            "channels": {"/a.{m}": {
                "x-fern-display-name": "prose",
                "parameters": {"m": {"$ref": "#/components/parameters/m"}},
                "subscribe": {"summary": "prose", "message": {"name": "prose", "title": "prose", "payload": {
                    "type": "object", "description": "prose",
                    "properties": {"title": {"type": "string", "example": "prose"}}}}},
            }},
            "components": {
                "messages": {"A": {"name": "prose"}},
                "parameters": {"m": {"description": "prose", "schema": {"type": "string", "enum": ["b", "a"]}}},
            },
        }));
        assert!(!found.to_string().contains("prose"), "{found}");
        assert_eq!(
            found["channels"]["/a.{m}"],
            json!({"parameters": {"m": {"$ref": "#/components/parameters/m"}},
                   "subscribe": {"message": {"payload": {"type": "object", "properties": {"title": {"type": "string"}}}}}})
        );
        assert_eq!(
            found["components"],
            json!({"parameters": {"m": {"schema": {"type": "string", "enum": ["a", "b"]}}}})
        );
        assert_eq!(asyncapi(&found), found);
    }

    #[test]
    fn order_of_methods_and_of_named_parameters_makes_no_difference() {
        let method = |name: &str, structure: &str, params: [&str; 2]| {
            json!({"name": name, "summary": "prose", "paramStructure": structure,
                   "params": params.map(|name| json!({"name": name, "required": false, "description": "prose",
                                                      "schema": {"type": "string", "example": "prose"}})),
                   "result": {"name": "result", "schema": {"type": "object"}},
                   "errors": [{"code": 2, "message": "prose"}, {"code": 1, "message": "prose"}]})
        };
        let document = |methods: [serde_json::Value; 2]| {
            openrpc(&json!({"openrpc": "1.3.2", "info": {"title": "T"}, "methods": methods}))
        };
        let (a, b) = (
            method("a", "by-name", ["x", "y"]),
            method("b", "by-name", ["x", "y"]),
        );
        let turned = method("a", "by-name", ["y", "x"]);
        let found = document([a.clone(), b.clone()]);
        assert_eq!(found, document([b, turned]));
        assert!(!found.to_string().contains("prose"), "{found}");
        assert_eq!(found["methods"][0]["errors"], json!([{"code": 1}, {"code": 2}]));
        assert_eq!(openrpc(&found), found);
        let listed = [
            method("a", "by-position", ["x", "y"]),
            method("a", "by-position", ["y", "x"]),
        ];
        assert_ne!(
            openrpc(&json!({"methods": [listed[0]]})),
            openrpc(&json!({"methods": [listed[1]]}))
        );
    }
}
