//! One type for one enumeration.
//!
//! An inline enumeration with the same values as a component becomes a reference to it. Those that
//! `names.yaml` groups under a name become a component of that name, or join the component of that name.
//!
//! The exchange may add a value to a component and not to its inline copies, or the other way round. By the first rule alone they
//! would become two types, which breaks builds although nothing broke on the wire. So enumerations that were one type in the
//! previous document stay one type as long as their values allow it, and an entry in `names.yaml` records that.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::autofix::Edit;
use crate::config::Names;
use crate::document::{self, reference, text};
use crate::report::Report;

/// The inline enumerations that are one type with a component, by their place.
pub type Shared = BTreeMap<String, Sharing>;

/// What an inline enumeration is one type with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// The published name of the component.
    pub with: String,
    /// The values of both.
    pub values: BTreeSet<String>,
}

/// Whether a schema or operation of these is renamed or gone in a document.
pub fn has_moved(shared: &Shared, document: &Value) -> bool {
    let schemas: BTreeSet<&str> = document::schemas(document)
        .map(|(name, _)| name.as_str())
        .collect();
    let operations: BTreeSet<String> = document::operations(document).map(|(key, _)| key).collect();
    shared.iter().any(|(place, sharing)| {
        let is_there = match place.rsplit_once(' ') {
            Some((key, _)) => operations.contains(key),
            None => place
                .rsplit_once('.')
                .is_some_and(|(name, _)| schemas.contains(name)),
        };
        !is_there || !schemas.contains(sharing.with.as_str())
    })
}

/// Replaces inline enumerations by references. `before` is what this function returned for the document before.
pub fn share(document: &mut Value, names: &Names, before: &Shared, report: &mut Report) -> Shared {
    // A component is recognised by its own values and by those that it has after others joined it.
    let mut components = BTreeMap::new();
    note_components(document, &mut components);
    for (name, places) in &names.enums {
        group(document, name, places, report);
    }
    note_components(document, &mut components);
    keep(document, before, &components, report);
    let mut found = Vec::new();
    document::walk_mut(document, "", &mut |place, value| {
        let is_component = place.starts_with("/components/schemas/") && place.matches('/').count() == 3;
        if let Some(values) = values(value).filter(|_| !is_component)
            && let Some(only) = only(&components, &values)
        {
            refer(value, only);
            found.push((place.to_owned(), only.to_owned(), values));
        }
    });
    let shared = found.into_iter().filter_map(|(pointer, with, values)| {
        let place = place_of(document, &pointer)?;
        Some((place, Sharing { with, values }))
    });
    shared.collect()
}

/// The components by their values.
type Components = BTreeMap<BTreeSet<String>, BTreeSet<String>>;

fn note_components(document: &Value, components: &mut Components) {
    for (name, schema) in document::schemas(document) {
        if let Some(values) = values(schema) {
            components.entry(values).or_default().insert(name.clone());
        }
    }
}

/// The component with these values, if there is one and no more.
fn only<'a>(components: &'a Components, values: &BTreeSet<String>) -> Option<&'a str> {
    let mut names = components.get(values)?.iter();
    names
        .next()
        .filter(|_| names.next().is_none())
        .map(String::as_str)
}

/// Keeps one type of what was one in the document before, where the values no longer say so.
fn keep(document: &mut Value, before: &Shared, components: &Components, report: &mut Report) {
    for (place, Sharing { with, values: had }) in before {
        let component = document::schemas(document).find(|(name, _)| *name == with);
        let Some(theirs) = component.and_then(|(_, schema)| values(schema)) else {
            continue;
        };
        let Some(own) = find(document, place).and_then(|schema| values(schema)) else {
            continue;
        };
        let compatible = own.is_subset(&theirs)
            || own.is_superset(&theirs)
            || own.is_superset(had) && theirs.is_superset(had);
        if !compatible || only(components, &own) == Some(with) {
            continue;
        }
        report.fixable(
            format_args!(
                "`{place}` and `{with}` no longer list the same values, and were one type; they stay one by an entry \
                 in names.yaml, `{with}: [{place}]` under `enums`, because two types would break code that compiles"
            ),
            Edit::add("names.yaml", &["enums", with], place),
        );
        join(document, with, own);
        if let Some(schema) = find(document, place) {
            refer(schema, with);
        }
    }
}

/// Adds values to a component.
fn join(document: &mut Value, name: &str, values: BTreeSet<String>) {
    let schema = document::schemas_mut(document).and_then(|all| all.get_mut(name));
    if let Some(all) = schema
        .and_then(|schema| schema.get_mut("enum"))
        .and_then(Value::as_array_mut)
    {
        let missing: Vec<Value> = values
            .into_iter()
            .map(Value::from)
            .filter(|value| !all.contains(value))
            .collect();
        all.extend(missing);
    }
}

/// The place of an inline enumeration, as [`find`] understands it; `None` for one that is nested deeper.
fn place_of(document: &Value, pointer: &str) -> Option<String> {
    let parts: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let within = |rest: &[&str]| rest.iter().all(|part| *part == "items");
    match parts.as_slice() {
        ["components", "schemas", name, "properties", field, rest @ ..]
        | [
            "components",
            "schemas",
            name,
            "allOf",
            _,
            "properties",
            field,
            rest @ ..,
        ] if within(rest) => Some(format!("{name}.{field}")),
        ["paths", path, method, "parameters", index, "schema", rest @ ..] if within(rest) => {
            let parameters = document.get("paths")?.get(path)?.get(method)?.get("parameters")?;
            let parameter = parameters.get(index.parse::<usize>().ok()?)?;
            Some(format!(
                "{} {}",
                document::key(method, path),
                text(parameter, "name")?
            ))
        }
        _ => None,
    }
}

/// The values of a string enumeration.
fn values(schema: &Value) -> Option<BTreeSet<String>> {
    if text(schema, "type") != Some("string") {
        return None;
    }
    let values = schema.get("enum")?.as_array()?.iter();
    Some(values.filter_map(Value::as_str).map(str::to_owned).collect())
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
    let mut all = BTreeSet::new();
    for place in places {
        let Some(schema) = find(document, place) else {
            report.fixable(
                format_args!("names.yaml: enum {name}: there is no `{place}`; delete it"),
                Edit::delete("names.yaml", &["enums", name, place]),
            );
            continue;
        };
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            report.fixable(
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
    if all.is_empty() {
        return;
    }
    if let Some(schemas) = document::schemas_mut(document) {
        if let Some(component) = schemas.get(name) {
            match values(component) {
                Some(_) => join(document, name, all),
                None => report.problem(format_args!(
                    "names.yaml: enum {name}: a schema of that name exists already, and is no enumeration"
                )),
            }
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
    let mut place = match place.rsplit_once(' ') {
        Some((key, parameter)) => {
            let operation = document::operation_mut(document, key)?;
            document::parameter_mut(operation, parameter)?.get_mut("schema")
        }
        None => {
            let (schema, field) = place.rsplit_once('.')?;
            document::property_mut(document::schemas_mut(document)?.get_mut(schema)?, field)
        }
    }?;
    while place.get("items").is_some() {
        place = place.get_mut("items")?;
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Shared, share};
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
        let shared = share(&mut document, &names, &Shared::default(), &mut report);
        assert!(report.problems.is_empty(), "{report}");
        let places: Vec<_> = shared
            .iter()
            .map(|(place, sharing)| (place.as_str(), sharing.with.as_str()))
            .collect();
        assert_eq!(places, [("GET /a side", "Side"), ("T.side", "Side")]);
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
    fn grouped_place_that_is_gone_is_reported() {
        let names: Names =
            crate::yaml::read("{operations: {}, schemas: {}, enums: {Step: [GET /a step, S.f]}}").unwrap();
        let mut report = Report::default();
        share(
            &mut json!({"paths": {}, "components": {"schemas": {"S": {}}}}),
            &names,
            &Shared::default(),
            &mut report,
        );
        assert_eq!(report.problems.len(), 2, "{report}");
    }
}
