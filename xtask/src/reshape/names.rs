//! Our names for types and operations.

use std::collections::BTreeMap;

use heck::{ToKebabCase, ToUpperCamelCase};
use serde_json::Value;

use crate::autofix::Edit;
use crate::config::Names;
use crate::document::{self, referred, text};
use crate::report::Report;

/// Renames the component schemas and every reference to them. Returns our name to the published one.
pub fn schemas(document: &mut Value, names: &Names, report: &mut Report) -> BTreeMap<String, String> {
    for published in names.schemas.keys() {
        if document
            .pointer("/components/schemas")
            .and_then(|all| all.get(published))
            .is_none()
        {
            report.fixable(
                format_args!("names.yaml: there is no schema `{published}`; delete the entry"),
                Edit::delete("names.yaml", &["schemas", published]),
            );
        }
    }
    let Some(old) = document::schemas_mut(document).map(std::mem::take) else {
        return BTreeMap::new();
    };
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut taken = reserved(TYPES);
    for (published, schema) in &old {
        ask_for_name(published, schema, names, report);
        let wanted = names
            .schemas
            .get(published)
            .cloned()
            .unwrap_or_else(|| type_name(published));
        let name = unique(&wanted, &taken);
        if let Some(other) = taken.get(&document::folded(&wanted)) {
            report.problem(format_args!(
                "schema `{published}` and {other} would both be called {wanted}; the first is called {name} \
                 (choose names in names.yaml)"
            ));
        }
        taken.insert(document::folded(&name), format!("schema `{published}`"));
        renamed.insert(published.clone(), name);
    }
    let new = old
        .into_iter()
        .map(|(published, schema)| (renamed.get(&published).cloned().unwrap_or(published), schema))
        .collect();
    if let Some(schemas) = document::schemas_mut(document) {
        *schemas = new;
    }
    document::walk_mut(document, "", &mut |_, value| {
        if let Some(name) = document::referred(value).and_then(|name| renamed.get(name)) {
            *value = document::reference(name);
        }
    });
    renamed
        .into_iter()
        .map(|(published, name)| (name, published))
        .collect()
}

/// If a list or page is a component, the exchange has named it, and the rule would keep that name. All other lists are named after
/// their elements. So a person has to choose between the two, once, because the name cannot change later.
fn ask_for_name(published: &str, schema: &Value, names: &Names, report: &mut Report) {
    let results = document::property(schema, "results").and_then(|results| results.get("items"));
    let Some(item) = results.and_then(referred) else {
        return;
    };
    let name = type_name(published);
    let kind = match document::property(schema, "next") {
        Some(_) => "Page",
        None => "List",
    };
    if names.schemas.contains_key(published) || name.ends_with("Page") || name.ends_with("List") {
        return;
    }
    let item = names
        .schemas
        .get(item)
        .cloned()
        .unwrap_or_else(|| type_name(item));
    report.problem(format_args!(
        "schema `{published}` is a list or page of `{item}`, and the rule would call its type {name}; choose a name in \
         names.yaml, under `schemas`: `{published}: {item}{kind}`, or `{published}: {name}`"
    ));
}

/// The rule for types: no package prefix, no `Resp`, `Response` or `Result` on what is simply the thing.
pub(crate) fn type_name(published: &str) -> String {
    let (prefix, name) = published.rsplit_once('.').unwrap_or(("", published));
    let mut name = name;
    if prefix == "responses" {
        for suffix in ["Response", "Resp", "Result"] {
            match name.strip_suffix(suffix) {
                Some(rest) if !rest.is_empty() => {
                    name = rest;
                    break;
                }
                _ => {}
            }
        }
    }
    let name = name.to_upper_camel_case();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("T{name}")
    }
}

/// The rule for operations. A name in Rust does not begin with a digit.
fn operation_name(published: &str) -> String {
    let name = published.to_kebab_case();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("op-{name}")
    } else {
        name
    }
}

/// The rule for variants: `STOP_LIMIT` is `StopLimit`; a value that begins with a digit gets an `N` before it.
pub(crate) fn variant_name(value: &str) -> String {
    let name = value.to_upper_camel_case();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("N{name}")
    }
}

/// What `generated/types.rs` imports and the prelude has, so that no type may be called so.
const TYPES: &[&str] = &[
    "BTreeMap",
    "Box",
    "Decimal",
    "Default",
    "Entries",
    "Err",
    "Fields",
    "From",
    "Into",
    "Kline",
    "MapAccess",
    "None",
    "Ok",
    "Option",
    "PriceLevel",
    "Record",
    "Result",
    "Secret",
    "Self",
    "SerializeMap",
    "Some",
    "String",
    "UnknownValue",
    "Undecoded",
    "Vec",
    "Wire",
];

/// What the client has of its own, and what the generated modules of builders and operations hold besides.
const OPERATIONS: &[&str] = &[
    "all",
    "base-url",
    "b-tree-map",
    "body",
    "bytes",
    "call",
    "client",
    "clone",
    "decimal",
    "error",
    "into",
    "location",
    "method",
    "new",
    "none",
    "ok",
    "operation",
    "option",
    "paging",
    "parameter",
    "response",
    "result",
    "secret",
    "security",
    "self",
    "some",
    "string",
    "vec",
    "with-transport",
];

/// The names that types cannot have, folded, and why: those of the crate itself and of all components.
pub(super) fn taken(document: &Value) -> BTreeMap<String, String> {
    let mut taken = reserved(TYPES);
    let all = document::schemas(document);
    taken.extend(all.map(|(name, _)| (document::folded(name), format!("type `{name}`"))));
    taken
}

fn reserved(names: &[&str]) -> BTreeMap<String, String> {
    names
        .iter()
        .map(|name| (document::folded(name), format!("`{name}` of the crate itself")))
        .collect()
}

/// The name, or with a number behind it if it is taken.
pub(super) fn unique(wanted: &str, taken: &BTreeMap<String, String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 1;
    while taken.contains_key(&document::folded(&name)) {
        number += 1;
        name = format!("{wanted}{number}");
    }
    name
}

/// Renames the operations; returns our id to the published one.
pub fn operations(
    document: &mut Value,
    names: &Names,
    report: &mut Report,
) -> BTreeMap<String, Option<String>> {
    for key in names.operations.keys() {
        if document::operation_mut(document, key).is_none() {
            report.fixable(
                format_args!("names.yaml: there is no operation `{key}`; delete the entry"),
                Edit::delete("names.yaml", &["operations", key]),
            );
        }
    }
    let mut taken = reserved(OPERATIONS);
    let mut upstream = BTreeMap::new();
    for (key, operation) in document::operations_mut(document) {
        let derived = operation.get("x-derived-id").is_some();
        if let Some(members) = operation.as_object_mut() {
            members.remove("x-derived-id");
        }
        let published = text(operation, "operationId").unwrap_or_default().to_owned();
        let wanted = names
            .operations
            .get(&key)
            .cloned()
            .unwrap_or_else(|| operation_name(&published));
        let id = unique(&wanted, &taken);
        if let Some(other) = taken.get(&document::folded(&wanted)) {
            report.problem(format_args!(
                "{key} and {other} would both be called {wanted}; the first is called {id} (choose names \
                 in names.yaml)"
            ));
        }
        taken.insert(document::folded(&id), key.clone());
        if let Some(members) = operation.as_object_mut() {
            members.insert("operationId".to_owned(), Value::String(id.clone()));
        }
        upstream.insert(id, (!derived).then_some(published));
    }
    upstream
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{operations, schemas, type_name};
    use crate::config::Names;
    use crate::report::Report;

    #[test]
    fn type_names_have_no_package_and_no_wrapper() {
        for (published, name) in [
            ("responses.OrderResp", "Order"),
            ("responses.XPTransfer", "XpTransfer"),
            ("responses.Result", "Result"),
            ("requests.OrderRequest", "OrderRequest"),
            ("messagesv1.NftPrice", "NftPrice"),
            ("plain", "Plain"),
            ("x.1h", "T1h"),
        ] {
            assert_eq!(type_name(published), name);
        }
    }

    #[test]
    fn references_follow_and_collisions_are_settled() {
        let mut document = json!({"components": {"schemas": {
            "a.Order": {"properties": {"next": {"allOf": [{"$ref": "#/components/schemas/b.Order"}]}}},
            "b.Order": {}, "c.Old": {}}}});
        let names: Names = crate::yaml::read("{operations: {}, schemas: {c.Old: New, d.Gone: X}}").unwrap();
        let mut report = Report::default();
        schemas(&mut document, &names, &mut report);
        assert_eq!(
            document["components"]["schemas"],
            json!({"Order": {"properties": {"next": {"allOf": [{"$ref": "#/components/schemas/Order2"}]}}},
                   "Order2": {}, "New": {}})
        );
        assert_eq!(report.problems.len(), 2, "{report}");
        assert!(
            report.problems[0].contains("d.Gone") && report.problems[1].contains("b.Order"),
            "{report}"
        );
    }

    #[test]
    fn names_of_the_crate_itself_are_reserved() {
        let mut document = json!({
            "paths": {"/a": {"get": {"operationId": "base_url"}, "put": {"operationId": "2fa"}}},
            "components": {"schemas": {"r.Secret": {}, "r.BTreeMap": {}, "r.Client": {}}}});
        let mut report = Report::default();
        schemas(&mut document, &Names::default(), &mut report);
        operations(&mut document, &Names::default(), &mut report);
        let names: Vec<_> = document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(names, ["BTreeMap2", "Client", "Secret2"]);
        assert_eq!(document["paths"]["/a"]["get"]["operationId"], "base-url2");
        assert_eq!(document["paths"]["/a"]["put"]["operationId"], "op-2fa");
        assert_eq!(report.problems.len(), 3, "{report}");
        assert!(report.problems[0].contains("of the crate itself"), "{report}");
    }

    #[test]
    fn operations_get_our_names_and_remember_theirs() {
        let mut document = json!({"paths": {"/a": {"get": {"operationId": "evmAuth"},
                                                   "post": {"operationId": "x", "x-derived-id": true}}}});
        let names: Names =
            crate::yaml::read("{operations: {GET /a: auth-evm, GET /b: gone}, schemas: {}}").unwrap();
        let mut report = Report::default();
        let upstream = operations(&mut document, &names, &mut report);
        assert_eq!(upstream["auth-evm"], Some("evmAuth".to_owned()));
        assert_eq!(upstream["x"], None);
        assert!(report.problems[0].contains("GET /b"), "{report}");
        assert_eq!(document["paths"]["/a"]["post"], json!({"operationId": "x"}));
    }
}
