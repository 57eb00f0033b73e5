//! Ways through a document that several steps share.

use serde_json::{Map, Value};

use crate::canonical::METHODS;
use crate::stream;

/// `METHOD /path`, the key by which an operation is known in all files.
pub fn key(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

/// Every operation with its key. Channels and methods in the form of operations ([`stream::as_operations`]) count as such.
pub fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    entries(document.get("paths")).flat_map(|(path, item)| {
        METHODS
            .iter()
            .chain(&stream::KINDS)
            .filter_map(move |method| Some((key(method, path), item.get(method)?)))
    })
}

/// Every operation with its key, to be changed.
pub fn operations_mut(document: &mut Value) -> impl Iterator<Item = (String, &mut Value)> {
    document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            item.as_object_mut()
                .into_iter()
                .flatten()
                .filter_map(|(method, operation)| {
                    METHODS
                        .contains(&method.as_str())
                        .then(|| (key(method, path), operation))
                })
        })
}

/// One operation, by its key.
pub fn operation_mut<'a>(document: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let (method, path) = key.split_once(' ')?;
    document
        .get_mut("paths")?
        .get_mut(path)?
        .get_mut(method.to_lowercase())
}

/// The parameters of an operation.
pub fn parameters(operation: &Value) -> impl Iterator<Item = &Value> {
    operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// One parameter of an operation.
pub fn parameter_mut<'a>(operation: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    operation
        .get_mut("parameters")?
        .as_array_mut()?
        .iter_mut()
        .find(|parameter| parameter.get("name").and_then(Value::as_str) == Some(name))
}

/// The member of a value that is a text.
pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// The entries of an object; none of anything else.
pub fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// The component schemas.
pub fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    entries(document.pointer("/components/schemas"))
}

/// The component schema of this name.
pub fn component<'a>(document: &'a Value, name: &str) -> Option<&'a Value> {
    document.pointer("/components/schemas")?.get(name)
}

/// The component schemas, to be changed.
pub fn schemas_mut(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
}

/// The name of the component schema that a `$ref` points to.
pub fn referred(schema: &Value) -> Option<&str> {
    text(schema, "$ref")?.strip_prefix("#/components/schemas/")
}

/// A `$ref` to a component schema.
pub fn reference(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Calls `visit` on every object below a value, parents first.
pub fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    match value {
        Value::Object(entries) => {
            visit(value);
            entries.values().for_each(|value| walk(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// Calls `visit` on every object below a value, with its place as a JSON pointer, parents first.
pub fn walk_mut(value: &mut Value, place: &str, visit: &mut impl FnMut(&str, &mut Value)) {
    walk_from(value, &mut place.to_owned(), visit);
}

/// The place is one text that grows and shrinks: documents are walked often, and most of their values are texts.
fn walk_from(value: &mut Value, place: &mut String, visit: &mut impl FnMut(&str, &mut Value)) {
    if value.is_object() {
        visit(place, value);
    }
    let length = place.len();
    let is_leaf = |value: &Value| !value.is_object() && !value.is_array();
    match value {
        Value::Object(entries) => {
            for (key, value) in entries.iter_mut().filter(|(_, value)| !is_leaf(value)) {
                place.push('/');
                if key.contains(['~', '/']) {
                    place.push_str(&key.replace('~', "~0").replace('/', "~1"));
                } else {
                    place.push_str(key);
                }
                walk_from(value, place, visit);
                place.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate().filter(|(_, value)| !is_leaf(value)) {
                place.push('/');
                place.push_str(&index.to_string());
                walk_from(value, place, visit);
                place.truncate(length);
            }
        }
        _ => {}
    }
}

/// The schema of a JSON body or response.
pub fn json_schema(content: &Value) -> Option<&Value> {
    content.pointer("/content/application~1json/schema")
}

/// The letters and digits of a name, in lower case: equal for all ways of writing the same name.
pub fn folded(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The position of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is a component, so it has a name.
    Component,
    /// It is one of the parts (`allOf`) of another, and of the type that is made of that.
    Part,
    /// It is described where it is used.
    Inline,
}

/// Calls `visit` on every schema of a document that has been brought into form, with a place that a person can
/// find: `Order.flags`, `GET /markets 200`, `GET /markets body`, `GET /markets limit`.
pub fn visit_schemas(document: &Value, visit: &mut impl FnMut(&str, Standing, &Value)) {
    for (name, schema) in schemas(document) {
        visit_schema(name, Standing::Component, schema, visit);
    }
    let mut content = |place: &str, of: &Value| {
        for (_, media) in entries(of.get("content")) {
            if let Some(schema) = media.get("schema") {
                visit_schema(place, Standing::Inline, schema, visit);
            }
        }
    };
    for (name, body) in entries(document.pointer("/components/requestBodies")) {
        content(name, body);
    }
    for (key, operation) in operations(document) {
        if let Some(body) = operation.get("requestBody") {
            content(&format!("{key} body"), body);
        }
        for (status, response) in entries(operation.get("responses")) {
            content(&format!("{key} {status}"), response);
        }
    }
    for (key, operation) in operations(document) {
        for parameter in parameters(operation) {
            if let (Some(name), Some(schema)) = (text(parameter, "name"), parameter.get("schema")) {
                visit_schema(&format!("{key} {name}"), Standing::Inline, schema, visit);
            }
        }
    }
}

/// Calls `visit` on every schema like [`visit_schemas`], to be changed; parameters, which are no schemas, are left out.
pub fn visit_schemas_mut(document: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    for (name, schema) in schemas_mut(document).into_iter().flatten() {
        visit_schema_mut(name, schema, visit);
    }
    let mut content = |place: &str, of: &mut Value| {
        let media = of.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in media.into_iter().flatten() {
            if let Some(schema) = media.get_mut("schema") {
                visit_schema_mut(place, schema, visit);
            }
        }
    };
    let bodies = document.pointer_mut("/components/requestBodies");
    for (name, body) in bodies.and_then(Value::as_object_mut).into_iter().flatten() {
        content(name, body);
    }
    for (key, operation) in operations_mut(document) {
        if let Some(body) = operation.get_mut("requestBody") {
            content(&format!("{key} body"), body);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            content(&format!("{key} {status}"), response);
        }
    }
}

fn visit_schema_mut(place: &str, schema: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    visit(place, schema);
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        visit_schema_mut(&format!("{place}.{name}"), property, visit);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object()) {
            visit_schema_mut(place, inner, visit);
        }
    }
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        visit_schema_mut(place, part, visit);
    }
}

fn visit_schema(
    place: &str,
    standing: Standing,
    schema: &Value,
    visit: &mut impl FnMut(&str, Standing, &Value),
) {
    visit(place, standing, schema);
    for (name, property) in entries(schema.get("properties")) {
        visit_schema(&format!("{place}.{name}"), Standing::Inline, property, visit);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            visit_schema(place, Standing::Inline, inner, visit);
        }
    }
    for part in parts(schema) {
        visit_schema(place, Standing::Part, part, visit);
    }
}

/// The parts that a schema is put together from.
pub fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A field of a schema, its own or that of one of its parts.
pub fn property<'a>(schema: &'a Value, field: &str) -> Option<&'a Value> {
    let own = |schema: &'a Value| schema.get("properties")?.get(field);
    own(schema).or_else(|| parts(schema).find_map(own))
}

/// Like [`property`], to be changed.
pub fn property_mut<'a>(schema: &'a mut Value, field: &str) -> Option<&'a mut Value> {
    let has = |schema: &Value| {
        schema
            .get("properties")
            .is_some_and(|all| all.get(field).is_some())
    };
    let holder = if has(schema) {
        schema
    } else {
        let parts = schema.get_mut("allOf")?.as_array_mut()?;
        parts.iter_mut().find(|part| has(part))?
    };
    holder.get_mut("properties")?.get_mut(field)
}
