//! The envelopes of list responses become types named after what they hold.
//!
//! Upstream writes each as an inline `allOf` of a general envelope and the type of the elements. Here
//! `allOf: [PaginatedApiResults, {results: [Order]}]` becomes a component `OrderPage`, and an envelope
//! without a cursor a component `OrderList`. Equal ones are one type.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use crate::document::{self, Standing, reference, referred, text};
use crate::report::Report;
use crate::reshape::names::{taken, unique};

/// Hoists the envelopes and drops the schemas that nothing refers to any more.
pub fn hoist(document: &mut Value, report: &mut Report) {
    let before: BTreeSet<String> = unreferenced(document);
    let components = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    let mut made: BTreeMap<String, Value> = BTreeMap::new();
    let mut taken = taken(document);
    let mut problems = Vec::new();
    for (key, operation) in document::operations_mut(document) {
        let id = text(operation, "operationId").unwrap_or_default().to_owned();
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            let Some(schema) = response.pointer_mut("/content/application~1json/schema") else {
                continue;
            };
            let Some(envelope) = envelope(schema, &components) else {
                continue;
            };
            let kind = if envelope.properties.contains_key("next") {
                "Page"
            } else {
                "List"
            };
            let item = envelope.item.unwrap_or_else(|| id.to_upper_camel_case());
            let wanted = format!("{item}{kind}");
            let new = component(&item, kind, envelope.properties);
            let same = made.get(&wanted) == Some(&new) || components.get(&wanted) == Some(&new);
            let name = if same || !taken.contains_key(&document::folded(&wanted)) {
                wanted
            } else {
                let longer = unique(&format!("{}{kind}", id.to_upper_camel_case()), &taken);
                problems.push(format!(
                    "{key}: another type is called {wanted}; its response is called {longer}"
                ));
                longer
            };
            taken.insert(document::folded(&name), key.clone());
            *schema = reference(&name);
            made.insert(name, new);
        }
    }
    problems.into_iter().for_each(|problem| report.problem(problem));
    if let Some(schemas) = document::schemas_mut(document) {
        schemas.extend(made);
    }
    let now = unreferenced(document);
    if let Some(schemas) = document::schemas_mut(document) {
        // What upstream itself never refers to is kept: a user may still want the type. An envelope for anything is
        // no such type, and it would vanish on the day on which the first list is put into it.
        schemas.retain(|name, schema| !now.contains(name) || before.contains(name) && !is_general(schema));
    }
}

/// Whether a schema is an envelope that does not say what it holds.
fn is_general(schema: &Value) -> bool {
    let results = schema.get("properties").and_then(|all| all.get("results"));
    results.is_some_and(|results| results.get("items").is_none() && referred(results).is_none())
}

struct Envelope {
    item: Option<String>,
    properties: Map<String, Value>,
}

/// The parts of an `allOf` of a component and an object with `results`.
fn envelope(schema: &Value, components: &Value) -> Option<Envelope> {
    let [base, own] = schema.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let mut properties = components
        .get(referred(base)?)?
        .get("properties")?
        .as_object()?
        .clone();
    let own = own.get("properties")?.as_object()?;
    let results = own.get("results")?;
    let item = results.get("items").and_then(|items| match referred(items) {
        Some(name) => Some(name.to_owned()),
        None => primitive(items),
    });
    for (name, property) in own {
        let mut property = property.clone();
        let description = properties
            .get(name)
            .and_then(|old| old.get("description"))
            .cloned();
        if let (Some(description), Some(members)) = (description, property.as_object_mut()) {
            members.entry("description").or_insert(description);
        }
        properties.insert(name.clone(), property);
    }
    Some(Envelope { item, properties })
}

fn primitive(items: &Value) -> Option<String> {
    match text(items, "type")? {
        "string" => Some("String".to_owned()),
        "integer" => Some("Integer".to_owned()),
        "number" => Some("Number".to_owned()),
        _ => None,
    }
}

fn component(item: &str, kind: &str, properties: Map<String, Value>) -> Value {
    let description = match kind {
        "Page" => format!("One page of `{item}` values; `next` is the cursor of the page after it."),
        _ => format!("A list of `{item}` values, all in one response."),
    };
    json!({"type": "object", "description": description, "properties": properties})
}

/// An object that is described where it is used becomes a type without a name, a description or a classification.
pub fn unnamed(document: &Value, report: &mut Report) {
    document::visit_schemas(document, &mut |place, standing, schema| {
        // A single reference in an `allOf` only carries a description.
        let made_of_parts = document::parts(schema).nth(1).is_some()
            || document::parts(schema).any(|part| part.get("properties").is_some());
        if standing == Standing::Inline && (schema.get("properties").is_some() || made_of_parts) {
            report.problem(format_args!(
                "{place}: an object is described where it is used, so its type has no name and no words; make \
                 it a component in corrections.yaml and refer to it"
            ));
        }
    });
}

/// The components that nothing refers to.
fn unreferenced(document: &Value) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = document::schemas(document)
        .map(|(name, _)| name.clone())
        .collect();
    document::walk(document, &mut |value| {
        if let Some(name) = referred(value) {
            names.remove(name);
        }
    });
    names
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{hoist, unnamed};
    use crate::report::Report;

    fn response(schema: Value) -> Value {
        json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
    }

    fn wrapped(base: &str, items: Value) -> Value {
        response(json!({"allOf": [{"$ref": format!("#/components/schemas/{base}")},
            {"type": "object", "properties": {"results": {"type": "array", "items": items}}}]}))
    }

    #[test]
    fn unnamed_type_is_a_problem_with_its_place() {
        let object = json!({"type": "object", "properties": {"x": {"type": "string"}}});
        let document = json!({
            "paths": {"/a": {"get": response(object.clone())}},
            "components": {"schemas": {"Named": {"allOf": [{"$ref": "#/x"}, object]},
                "Outer": {"properties": {"in": object, "plain": {"type": "object"},
                                         "worded": {"allOf": [{"$ref": "#/x"}], "description": "d"}}}}}});
        let mut report = Report::default();
        unnamed(&document, &mut report);
        assert_eq!(report.problems.len(), 2, "{report}");
        assert!(report.problems[0].starts_with("Outer.in:"), "{report}");
        assert!(report.problems[1].starts_with("GET /a 200:"), "{report}");
    }

    #[test]
    fn envelopes_are_named_after_what_they_hold() {
        let order = json!({"$ref": "#/components/schemas/Order"});
        let mut document = json!({
            "paths": {"/a": {"get": wrapped("Paged", order.clone())},
                      "/b": {"get": wrapped("Plain", order.clone())},
                      "/c": {"get": wrapped("Paged", order)},
                      "/d": {"get": response(json!({"$ref": "#/components/schemas/Kept"}))}},
            "components": {"schemas": {"Order": {"type": "object"}, "Kept": {}, "Never": {},
                "Paged": {"properties": {"next": {"type": "string"},
                                         "results": {"description": "Found."}}},
                "Plain": {"properties": {"results": {}}}}}});
        let mut report = Report::default();
        hoist(&mut document, &mut report);
        assert!(report.problems.is_empty(), "{report}");
        let schema = |path: &str| {
            document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                ["$ref"]
                .clone()
        };
        assert_eq!(schema("/a"), "#/components/schemas/OrderPage");
        assert_eq!(schema("/b"), "#/components/schemas/OrderList");
        assert_eq!(schema("/c"), "#/components/schemas/OrderPage");
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let names: Vec<_> = schemas.keys().map(String::as_str).collect();
        assert_eq!(names, ["Kept", "Never", "Order", "OrderList", "OrderPage"]);
        assert_eq!(
            schemas["OrderPage"]["properties"]["results"]["description"],
            "Found."
        );
        assert_eq!(schemas["OrderPage"]["properties"]["next"]["type"], "string");
    }
}
