//! Names for what has none: enumerations and objects that are described where they are used.
//!
//! The code generator would name them after the place where they occur: `status` of `Order` becomes `OrderStatus`. It does not
//! check whether that name is taken, and two items with one name do not compile. Here each becomes a component
//! whose name is checked against all others.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use serde_json::{Value, json};

use super::names::{taken, unique};
use crate::document::{self, reference, text};
use crate::report::Report;
use crate::reshape::annotate::ROW;

/// Makes components of inline enumerations and objects. `published` has the published names of schemas.
pub fn name(document: &mut Value, published: &BTreeMap<String, String>, report: &mut Report) {
    let mut naming = Naming {
        taken: taken(document),
        made: Vec::new(),
        report,
    };
    let mut schemas = document::schemas_mut(document)
        .map(std::mem::take)
        .unwrap_or_default();
    for (name, schema) in &mut schemas {
        let place = published.get(name).unwrap_or(name);
        naming.below(schema, name, place);
    }
    for (key, operation) in document::operations_mut(document) {
        let id = text(operation, "operationId")
            .unwrap_or_default()
            .to_upper_camel_case();
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = text(parameter, "name").unwrap_or_default().to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                let wanted = format!("{id}{}", name.to_upper_camel_case());
                naming.inline(schema, &wanted, &format!("{key} {name}"));
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            naming.content(body, &format!("{id}Body"), &format!("{key} body"));
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            naming.content(response, &format!("{id}Response"), &format!("{key} {status}"));
        }
    }
    let bodies = document.pointer_mut("/components/requestBodies");
    for (name, body) in bodies.and_then(Value::as_object_mut).into_iter().flatten() {
        naming.content(body, &name.to_upper_camel_case(), name);
    }
    schemas.extend(naming.made);
    if let Some(all) = document::schemas_mut(document) {
        *all = schemas;
    }
}

struct Naming<'a> {
    taken: BTreeMap<String, String>,
    made: Vec<(String, Value)>,
    report: &'a mut Report,
}

impl Naming<'_> {
    fn content(&mut self, of: &mut Value, name: &str, place: &str) {
        let content = of.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in content.into_iter().flatten() {
            if let Some(schema) = media.get_mut("schema") {
                self.inline(schema, name, place);
            }
        }
    }

    /// Names the parts of a schema.
    fn below(&mut self, schema: &mut Value, name: &str, place: &str) {
        if schema.get(ROW).is_some() {
            return;
        }
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (field, property) in properties.into_iter().flatten() {
            let wanted = format!("{name}{}", field.to_upper_camel_case());
            self.inline(property, &wanted, &format!("{place}.{field}"));
        }
        for (key, word) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object()) {
                self.inline(inner, &format!("{name}{word}"), place);
            }
        }
        let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            self.below(part, name, place);
        }
    }

    /// Makes a component of a schema that is described where it is used, if it becomes a type of its own.
    fn inline(&mut self, schema: &mut Value, wanted: &str, place: &str) {
        let is_text = text(schema, "type") == Some("string");
        let values = schema.get("enum").and_then(Value::as_array);
        let is_enumeration = is_text && values.is_some_and(|values| values.iter().any(Value::is_string));
        // An object without fields is a map.
        let has_fields = |schema: &Value| document::entries(schema.get("properties")).next().is_some();
        let is_object = has_fields(schema)
            || document::parts(schema).nth(1).is_some()
            || document::parts(schema).any(has_fields);
        if schema.get(ROW).is_some() || !(is_enumeration || is_object) {
            self.below(schema, wanted, place);
            return;
        }
        let name = unique(wanted, &self.taken);
        if let Some(other) = self.taken.get(&document::folded(wanted)) {
            let remedy = match is_enumeration {
                true => "name the enumeration in names.yaml, under `enums`",
                false => "make it a component in corrections.yaml",
            };
            self.report.problem(format_args!(
                "the type that is described at `{place}` and {other} would both be called {wanted}; the first is called \
                 {name} ({remedy})"
            ));
        }
        self.taken
            .insert(document::folded(&name), format!("the type of `{place}`"));
        self.below(schema, &name, place);
        let description = schema.get("description").cloned();
        let nullable = schema.get("nullable").cloned();
        let mut made = std::mem::replace(schema, reference(&name));
        if let (Some(members), true) = (made.as_object_mut(), is_enumeration) {
            members.remove("nullable");
            members.insert("description".to_owned(), json!(format!("Values of `{place}`.")));
        }
        if description.is_some() || nullable.is_some() {
            *schema = json!({"allOf": [reference(&name)]});
            schema["description"] = description.unwrap_or_default();
            schema["nullable"] = nullable.unwrap_or_default();
            if let Some(members) = schema.as_object_mut() {
                members.retain(|_, value| !value.is_null());
            }
        }
        self.made.push((name, made));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::name;
    use crate::report::Report;

    #[test]
    fn inline_types_become_components_and_none_takes_the_name_of_another() {
        let kind = json!({"type": "string", "enum": ["A"], "description": "d"});
        let mut document = json!({
            "paths": {"/a": {"get": {"operationId": "list-a",
                "parameters": [{"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["B"]}}],
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "array", "items": kind}}}}}}}},
            "components": {"schemas": {
                "Order": {"properties": {"status": kind, "in": {"type": "object", "properties": {"kind": kind}},
                    "map": {"type": "object", "properties": {}}}},
                "OrderStatus": {"type": "string", "enum": ["C"]}, "ListAKind": {"type": "object"}}}});
        let mut report = Report::default();
        let published = BTreeMap::from([("Order".to_owned(), "responses.Order".to_owned())]);
        name(&mut document, &published, &mut report);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let names: Vec<_> = schemas.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "ListAKind",
                "ListAKind2",
                "ListAResponseItem",
                "Order",
                "OrderIn",
                "OrderInKind",
                "OrderStatus",
                "OrderStatus2"
            ]
        );
        assert_eq!(
            schemas["Order"]["properties"]["status"],
            json!({"allOf": [{"$ref": "#/components/schemas/OrderStatus2"}], "description": "d"})
        );
        assert_eq!(schemas["OrderStatus"]["enum"], json!(["C"]));
        assert_eq!(report.problems.len(), 2, "{report}");
        assert!(
            report.problems[0].contains("`responses.Order.status`"),
            "{report}"
        );
        assert!(report.problems[1].contains("`GET /a kind`"), "{report}");
    }
}
