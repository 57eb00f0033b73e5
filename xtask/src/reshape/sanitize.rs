//! Handles parts of the document from which no code can be generated: invalid names, and types that contain only themselves.
//!
//! A published name ends up in source code, in documentation and in requests. A text that could be interpreted as anything other
//! than a name there is removed or renamed here, so that later steps can rely on names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::{self, folded, referred, text};
use crate::report::Report;
use crate::reshape::validate::unescaped;

/// Reports what is odd, and takes it out.
pub fn sanitize(document: &mut Value, report: &mut Report) {
    paths(document, report);
    for (key, operation) in document::operations_mut(document) {
        parameters(&key, operation, report);
    }
    schema_names(document, report);
    if let Some(schemas) = document::schemas_mut(document) {
        for (name, schema) in schemas {
            fields(name, schema, report);
        }
    }
    cycles(document, report);
}

/// Whether a name of a field or parameter can be written as one in Rust, and in a request without being anything else.
fn ordinary(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "_-.$@".contains(c);
    !folded(name).is_empty() && name.len() <= 100 && name.chars().all(known)
}

/// A path is made of what a URL can hold as it is, and of parameters.
fn paths(document: &mut Value, report: &mut Report) {
    let known = |c: char| c.is_ascii_alphanumeric() || "/{}-._~!$&'()*+,;=:@".contains(c);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|path, _| {
            let named = path.split(['{', '}']).skip(1).step_by(2).all(ordinary);
            let kept = path.starts_with('/') && path.chars().all(known) && named;
            if !kept {
                report.problem(format_args!(
                    "path {path:?} has characters or parameters that no path has; its operations are left out"
                ));
            }
            kept
        });
    }
}

/// Parameters are called by their names. Of two that would be called the same the one in the path stays.
fn parameters(key: &str, operation: &mut Value, report: &mut Report) {
    let Some(all) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
        return;
    };
    let mut seen: BTreeMap<String, (String, String)> = BTreeMap::new();
    let is_path = |parameter: &Value| text(parameter, "in") == Some("path");
    all.sort_by_key(|parameter| !is_path(parameter));
    all.retain(|parameter| {
        let name = text(parameter, "name").unwrap_or_default();
        let place = text(parameter, "in").unwrap_or_default();
        if !ordinary(name) {
            report.problem(format_args!(
                "{key}: {name:?} is not a name for a parameter; left out"
            ));
            return false;
        }
        match seen.get(&folded(name)) {
            Some((other, of)) => {
                report.problem(format_args!(
                    "{key}: the parameters `{other}` ({of}) and `{name}` ({place}) would have one name; the second \
                     is left out"
                ));
                false
            }
            None => {
                seen.insert(folded(name), (name.to_owned(), place.to_owned()));
                true
            }
        }
    });
    all.sort_by_cached_key(|item| ["in", "name"].map(|key| item.get(key).map(Value::to_string)));
}

/// OpenAPI allows letters, digits and `.-_` in the name of a component.
fn schema_names(document: &mut Value, report: &mut Report) {
    let known = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let all: BTreeSet<String> = document::schemas(document)
        .map(|(name, _)| name.clone())
        .collect();
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    for name in &all {
        if !folded(name).is_empty() && name.chars().all(known) {
            continue;
        }
        let words: String = name.chars().map(|c| if known(c) { c } else { '_' }).collect();
        let taken = |new: &String| all.contains(new) || renamed.values().any(|other| other == new);
        let Some(new) = (0..)
            .map(|number| format!("Odd{number}_{words}"))
            .find(|new| !taken(new))
        else {
            continue;
        };
        report.problem(format_args!(
            "{name:?} is not a name for a schema; treated as `{new}`"
        ));
        renamed.insert(name.clone(), new);
    }
    if renamed.is_empty() {
        return;
    }
    if let Some(schemas) = document::schemas_mut(document) {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
            .collect();
    }
    document::walk_mut(document, "", &mut |_, value| {
        let new = referred(value).and_then(|name| {
            let plain = unescaped(name).replace("~1", "/").replace("~0", "~");
            renamed.get(&plain)
        });
        if let Some(new) = new {
            *value = document::reference(new);
        }
    });
}

fn fields(name: &str, schema: &mut Value, report: &mut Report) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|field, _| {
            let kept = ordinary(field);
            if !kept {
                report.problem(format_args!(
                    "{name}: {field:?} is not a name for a field; left out"
                ));
            }
            kept
        });
        for (field, property) in properties {
            fields(&format!("{name}.{field}"), property, report);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            fields(name, inner, report);
        }
    }
    for part in schema
        .get_mut("allOf")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        fields(name, part, report);
    }
}

/// A list of itself, or a name for itself, is no type. An object with a field of its own type is one.
fn cycles(document: &mut Value, report: &mut Report) {
    let names: Vec<String> = document::schemas(document)
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let mut seen = BTreeSet::new();
        let mut open = vec![name.clone()];
        while let Some(next) = open.pop() {
            let mut consists_of = BTreeSet::new();
            if let Some(schema) = document
                .pointer("/components/schemas")
                .and_then(|all| all.get(&next))
            {
                made_of(schema, &mut consists_of);
            }
            open.extend(consists_of.into_iter().filter(|next| seen.insert(next.clone())));
        }
        if seen.contains(&name)
            && let Some(schema) = document::schemas_mut(document).and_then(|all| all.get_mut(&name))
        {
            report.problem(format_args!(
                "schema `{name}` consists of itself; treated as any JSON (correct it in corrections.yaml)"
            ));
            *schema = json!({});
        }
    }
}

/// The components that a schema consists of, other than by its fields.
fn made_of(schema: &Value, to: &mut BTreeSet<String>) {
    to.extend(referred(schema).map(str::to_owned));
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key) {
            made_of(inner, to);
        }
    }
    for part in document::parts(schema) {
        made_of(part, to);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::sanitize;
    use crate::report::Report;

    fn run(mut document: Value) -> (Value, Vec<String>) {
        let mut report = Report::default();
        sanitize(&mut document, &mut report);
        (document, report.problems)
    }

    #[test]
    fn invalid_names_are_reported_and_left_out() {
        let get = json!({"get": {"responses": {"204": {}}}});
        let (document, problems) = run(json!({
            "paths": {"/a": {"get": {"parameters": [
                {"name": "id", "in": "query"}, {"name": "i-d", "in": "path"}, {"name": "a\"b", "in": "query"},
                {"name": "-", "in": "header"}, {"name": "X-Y", "in": "header"}]}},
                "/\"x": get, "/a b": get, "/a?b": get, "/\n": get, "/{()}": get, "no": get, "/p/{id}": get},
            "components": {"schemas": {
                "*/ fn x() {}": {}, "": {}, "ok.Name": {"properties": {
                    "a\"; b": {}, "": {}, "日本": {}, "fine_1": {"$ref": "#/components/schemas/*~1 fn x() {}"},
                    "list": {"items": {"properties": {"`": {}}}}}}}}}));
        assert_eq!(problems.len(), 6 + 3 + 2 + 4, "{problems:#?}");
        let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/a", "/p/{id}"]);
        assert_eq!(
            document["paths"]["/a"]["get"]["parameters"],
            json!([{"name": "X-Y", "in": "header"}, {"name": "i-d", "in": "path"}])
        );
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let names: Vec<_> = schemas.keys().collect();
        assert_eq!(names, ["Odd0_", "Odd0____fn_x_____", "ok.Name"]);
        let fields = &schemas["ok.Name"]["properties"];
        assert_eq!(
            *fields,
            json!({"fine_1": {"$ref": "#/components/schemas/Odd0____fn_x_____"},
                   "list": {"items": {"properties": {}}}})
        );
    }

    #[test]
    fn schema_that_consists_of_itself_becomes_any_json() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let tree = json!({"properties": {"children": {"items": reference("Tree")}}});
        let (document, problems) = run(json!({"paths": {}, "components": {"schemas": {
            "Alias": reference("Alias"), "List": {"items": reference("List")}, "Map": {"additionalProperties": reference("Map")},
            "One": {"allOf": [reference("Other"), {}]}, "Other": {"allOf": [reference("One"), {}]}, "Tree": tree}}}));
        assert_eq!(problems.len(), 4, "{problems:#?}");
        let schemas = &document["components"]["schemas"];
        for name in ["Alias", "List", "Map", "One"] {
            assert_eq!(schemas[name], json!({}), "{name}");
        }
        assert_eq!(schemas["Other"], json!({"allOf": [reference("One"), {}]}));
        assert_eq!(schemas["Tree"], tree);
    }
}
