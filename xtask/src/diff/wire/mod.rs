//! The first question: what changes on the wire, operation by operation and schema by schema.

mod bodies;
mod operations;
mod parameters;
mod plain;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Row;
use super::print::listed;
use super::rules::Rule;
use super::schema::{Direction, Schemas, Site, component, row};
use crate::document::{self, entries, referred};
use crate::report::quoted;
use operations::{Matched, Pair};
pub use plain::plain;
use uses::{Uses, renamed_schemas};

/// Every change on the wire, between two documents in plain form. Every place where they differ is reported by a rule
/// or, if none accounts for it, as [`Rule::OtherChange`].
pub fn compare(old: &Value, new: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    servers(old, new, &mut rows);
    let (mut old_uses, new_uses) = (Uses::new(old), Uses::new(new));
    let renamed = renamed_schemas(old, new, &old_uses, &new_uses);
    let with_new_names;
    let old = if renamed.is_empty() {
        old
    } else {
        with_new_names = with_names(old, &renamed);
        old_uses = Uses::new(&with_new_names);
        &with_new_names
    };
    for (was, is) in &renamed {
        let says = format!("is the new name of {}", quoted(was));
        rows.push(row(Rule::SchemaRenamed, is, is, &[was], &new_uses.all(is), says));
    }
    let matched = Matched::new(old, new);
    let schemas = Schemas { old, new };
    for (key, _) in &matched.removed {
        let rule = match kind(key) {
            Kind::Operation => Rule::OperationRemoved,
            Kind::Channel => Rule::ChannelRemoved,
            Kind::Method => Rule::MethodRemoved,
        };
        rows.push(row(rule, key, key, &[], &one(key), "is gone"));
    }
    for (key, _) in &matched.added {
        let rule = match kind(key) {
            Kind::Operation => Rule::OperationAdded,
            Kind::Channel => Rule::ChannelAdded,
            Kind::Method => Rule::MethodAdded,
        };
        rows.push(row(rule, key, key, &[], &one(key), "is new"));
    }
    for (was, is) in &matched.both {
        Pair {
            schemas: &schemas,
            key: &is.0,
            old: was.1,
            new: is.1,
        }
        .compare(&was.0, &mut rows);
    }
    components(&schemas, &old_uses, &new_uses, &mut rows);
    empty_paths(old, new, &mut rows);
    rows
}

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `GET /orders`
    Operation,
    /// `CHANNEL orders.{market}`
    Channel,
    /// `METHOD order.create`
    Method,
}

fn kind(key: &str) -> Kind {
    match key.split_once(' ') {
        Some(("CHANNEL", _)) => Kind::Channel,
        Some(("METHOD", _)) => Kind::Method,
        _ => Kind::Operation,
    }
}

fn components(schemas: &Schemas<'_>, old_uses: &Uses, new_uses: &Uses, rows: &mut Vec<Row>) {
    for (name, was) in document::schemas(schemas.old) {
        let Some(is) = component(schemas.new, name) else {
            rows.push(row(
                Rule::SchemaRemoved,
                name,
                name,
                &[],
                &old_uses.all(name),
                "is gone",
            ));
            continue;
        };
        let mut compared = false;
        for direction in [Direction::Request, Direction::Response] {
            let operations = new_uses.operations(direction, name);
            if !operations.is_empty() && !old_uses.operations(direction, name).is_empty() {
                let subject = name.to_owned();
                let site = Site {
                    place: subject.clone(),
                    subject,
                    direction,
                    operations,
                };
                schemas.components(&site, was, is, rows);
                compared = true;
            }
        }
        if was == is || compared {
            continue;
        }
        let operations: BTreeSet<String> = old_uses.all(name).into_iter().chain(new_uses.all(name)).collect();
        let (rule, says) = if operations.is_empty() {
            (Rule::UnusedSchemaChanged, "changed, and no operation uses it")
        } else {
            (
                Rule::OtherChange,
                "changed, and is no longer used where it was used before",
            )
        };
        rows.push(row(rule, name, name, &[], &operations, says));
    }
    for (name, _) in document::schemas(schemas.new) {
        if component(schemas.old, name).is_none() {
            rows.push(row(
                Rule::SchemaAdded,
                name,
                name,
                &[],
                &new_uses.all(name),
                "is new",
            ));
        }
    }
}

/// The document with schemas renamed, and all references to them.
fn with_names(document: &Value, renamed: &BTreeMap<String, String>) -> Value {
    let mut document = document.clone();
    if let Some(schemas) = document::schemas_mut(&mut document) {
        for (was, is) in renamed {
            if let Some(schema) = schemas.remove(was) {
                schemas.insert(is.clone(), schema);
            }
        }
    }
    document::walk_mut(&mut document, "", &mut |_, value| {
        let name = referred(value).and_then(|name| renamed.get(name));
        if let Some(name) = name {
            value["$ref"] = json!(document::reference(name)["$ref"]);
        }
    });
    document
}

/// Paths without operations, which mean nothing. Where operations came or went, they have rows of their own.
fn empty_paths(old: &Value, new: &Value, rows: &mut Vec<Row>) {
    let empty = |document: &Value, other: &Value| -> Vec<String> {
        let paths = entries(document.get("paths")).filter(|(path, item)| {
            let here = entries(Some(*item)).next().is_some();
            let there = other.get("paths").and_then(|paths| paths.get(path.as_str()));
            !here && there.is_none()
        });
        paths.map(|(path, _)| path.clone()).collect()
    };
    for (paths, says) in [
        (empty(old, new), "is gone, a path without operations"),
        (empty(new, old), "is a new path without operations"),
    ] {
        for path in paths {
            rows.push(row(Rule::OtherChange, &path, &path, &[], &BTreeSet::new(), says));
        }
    }
}

fn servers(old: &Value, new: &Value, rows: &mut Vec<Row>) {
    let urls = |document: &Value| texts(document.get("servers"));
    let (was, is) = (urls(old), urls(new));
    if was != is {
        let values = [&was, &is].map(|urls| json!(urls).to_string());
        let says = format!("are {} now (were {})", listed(&is), listed(&was));
        rows.push(row(
            Rule::ServerChanged,
            "servers",
            "servers",
            &values.each_ref().map(String::as_str),
            &BTreeSet::new(),
            says,
        ));
    }
}

/// The schemas and operations (`METHOD /path`) that were renamed, by their old names; of two documents
/// in plain form.
pub fn renamed(old: &Value, new: &Value) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let schemas = renamed_schemas(old, new, &Uses::new(old), &Uses::new(new));
    let operations = Matched::new(old, new).both.into_iter();
    let operations = operations.filter(|(was, is)| was.0 != is.0);
    let operations = operations.map(|(was, is)| (was.0, is.0));
    (schemas, operations.collect())
}

/// The members of two values that differ.
fn differing<'a>(old: &'a Value, new: &'a Value) -> BTreeSet<&'a str> {
    let keys = entries(Some(old)).chain(entries(Some(new)));
    keys.map(|(key, _)| key.as_str())
        .filter(|key| old.get(key) != new.get(key))
        .collect()
}

/// The texts of a list.
fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn one(key: &str) -> BTreeSet<String> {
    BTreeSet::from([key.to_owned()])
}
