//! One type for one enumeration.
//!
//! An inline enumeration with the same values as a component becomes a reference to it. Those that
//! `names.yaml` groups under a name become a component of that name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::Names;
use crate::document::{self, reference, text};
use crate::edit::Edit;
use crate::report::Report;

/// Replaces inline enumerations by references.
pub fn share(document: &mut Value, names: &Names, report: &mut Report) {
    for (name, places) in &names.enums {
        group(document, name, places, report);
    }
    let mut components: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, schema) in document::schemas(document) {
        if let Some(values) = values(schema) {
            components.entry(values).or_default().push(name.clone());
        }
    }
    document::walk_mut(document, "", &mut |place, value| {
        let is_component = place.starts_with("/components/schemas/") && place.matches('/').count() == 3;
        if is_component {
            return;
        }
        if let Some(found) = values(value).and_then(|values| components.get(&values))
            && let [only] = found.as_slice()
        {
            refer(value, only);
        }
    });
}

/// The values of a string enumeration, as a key.
fn values(schema: &Value) -> Option<String> {
    if text(schema, "type") != Some("string") {
        return None;
    }
    let mut values: Vec<&str> = schema
        .get("enum")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    values.sort_unstable();
    Some(values.join("\n"))
}

fn refer(place: &mut Value, name: &str) {
    let description = place.get("description").cloned();
    *place = match description {
        Some(description) => json!({"allOf": [reference(name)], "description": description}),
        None => reference(name),
    };
}

/// Makes one component of the enumerations at these places. Their values are put together.
fn group(document: &mut Value, name: &str, places: &[String], report: &mut Report) {
    let mut all = Vec::new();
    for place in places {
        let Some(schema) = find(document, place) else {
            report.mendable(
                format_args!("names.yaml: enum {name}: there is no `{place}`; delete it"),
                Edit::delete("names.yaml", &["enums", name, place]),
            );
            continue;
        };
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            report.mendable(
                format_args!(
                    "names.yaml: enum {name}: `{place}` is no inline enumeration any more; delete it"
                ),
                Edit::delete("names.yaml", &["enums", name, place]),
            );
            continue;
        };
        all.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
        refer(schema, name);
    }
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return;
    }
    if let Some(schemas) = document::schemas_mut(document) {
        if schemas.contains_key(name) {
            report.fault(format_args!(
                "names.yaml: enum {name}: a schema of that name exists already"
            ));
            return;
        }
        schemas.insert(
            name.to_owned(),
            json!({"type": "string", "enum": all, "description": format!("Values of {}.", in_words(places))}),
        );
    }
}

fn in_words(places: &[String]) -> String {
    let quoted: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn find<'a>(document: &'a mut Value, place: &str) -> Option<&'a mut Value> {
    match place.rsplit_once(' ') {
        Some((key, parameter)) => {
            let operation = document::operation_mut(document, key)?;
            document::parameter_mut(operation, parameter)?.get_mut("schema")
        }
        None => {
            let (schema, field) = place.rsplit_once('.')?;
            document::property_mut(document::schemas_mut(document)?.get_mut(schema)?, field)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::share;
    use crate::config::Names;
    use crate::report::Report;

    #[test]
    fn copies_become_references() {
        let side = json!({"type": "string", "enum": ["BUY", "SELL"]});
        let mut document = json!({
            "paths": {"/a": {"get": {"parameters": [
                {"name": "side", "schema": {"type": "string", "enum": ["SELL", "BUY"]}},
                {"name": "step", "schema": {"type": "string", "enum": ["1h", "8h"]}}]}},
                "/b": {"get": {"parameters": [
                {"name": "step", "schema": {"type": "string", "enum": ["1h", "1d"]}}]}}},
            "components": {"schemas": {"Side": side.clone(),
                "T": {"properties": {"side": {"type": "string", "enum": ["BUY", "SELL"], "description": "d"}}}}}});
        let names: Names =
            crate::yaml::read("{operations: {}, schemas: {}, enums: {Step: [GET /a step, GET /b step]}}")
                .unwrap();
        let mut report = Report::default();
        share(&mut document, &names, &mut report);
        assert!(report.faults.is_empty(), "{report}");
        let parameters = &document["paths"]["/a"]["get"]["parameters"];
        assert_eq!(
            parameters[0]["schema"],
            json!({"$ref": "#/components/schemas/Side"})
        );
        assert_eq!(
            parameters[1]["schema"],
            json!({"$ref": "#/components/schemas/Step"})
        );
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Side"], side);
        assert_eq!(schemas["Step"]["enum"], json!(["1d", "1h", "8h"]));
        assert_eq!(
            schemas["T"]["properties"]["side"],
            json!({"allOf": [{"$ref": "#/components/schemas/Side"}], "description": "d"})
        );
    }

    #[test]
    fn a_place_that_is_gone_is_told() {
        let names: Names =
            crate::yaml::read("{operations: {}, schemas: {}, enums: {Step: [GET /a step, S.f]}}").unwrap();
        let mut report = Report::default();
        share(
            &mut json!({"paths": {}, "components": {"schemas": {"S": {}}}}),
            &names,
            &mut report,
        );
        assert_eq!(report.faults.len(), 2, "{report}");
    }
}
