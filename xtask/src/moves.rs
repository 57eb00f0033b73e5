//! What has another name in the next document, so that what we say about it can move along.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::{self, text};

/// Old names to new ones.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Moves {
    /// Schemas.
    pub schemas: BTreeMap<String, String>,
    /// Operations, as `METHOD /path`.
    pub operations: BTreeMap<String, String>,
}

impl Moves {
    /// Compares two documents. An operation moved if its operationId now stands elsewhere under the same
    /// method. A schema was renamed if a new one is equal to it, is called the same but for its package, or
    /// has nearly all of its fields or values; and if no other new one is like it.
    pub fn between(old: &Value, new: &Value) -> Self {
        Self {
            schemas: schemas(old, new),
            operations: operations(old, new),
        }
    }

    /// The new name of a schema or path.
    pub fn of(&self, old: &str) -> Option<&str> {
        let path = |key: &str| key.split_once(' ').is_some_and(|(_, path)| path == old);
        let moved = self.operations.iter().find(|(key, _)| path(key));
        self.schemas.get(old).map(String::as_str).or_else(|| {
            moved
                .and_then(|(_, new)| new.split_once(' '))
                .map(|(_, path)| path)
        })
    }

    /// Whether nothing moved.
    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.operations.is_empty()
    }

    /// A text of ours with the new names in it.
    pub fn renew(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (old, new) in self.schemas.iter().chain(&self.operations) {
            text = replaced(&text, old, new);
        }
        text
    }
}

/// Replaces a name where it stands by itself, or before a field.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let of_name = |c: char| c.is_alphanumeric() || "_-/{".contains(c);
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, from) = rest.split_at(at);
        let after = from.get(old.len()..).unwrap_or_default();
        let whole = !before.ends_with(|c| of_name(c) || c == '.') && !after.starts_with(of_name);
        result.push_str(before);
        result.push_str(if whole { new } else { old });
        rest = after;
    }
    result.push_str(rest);
    result
}

fn operations(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let id = |operation| text(operation, "operationId").map(str::to_owned);
    let all: BTreeMap<String, Option<String>> = document::operations(new)
        .map(|(key, operation)| (key, id(operation)))
        .collect();
    let known: BTreeSet<String> = document::operations(old).map(|(key, _)| key).collect();
    let method = |key: &str| key.split(' ').next().map(str::to_owned);
    document::operations(old)
        .filter(|(key, _)| !all.contains_key(key))
        .filter_map(|(key, operation)| {
            let id = id(operation)?;
            let same = all.iter().filter(|(other, others)| {
                others.as_ref() == Some(&id)
                    && method(other) == method(&key)
                    && !known.contains(*other)
                    && is_plain(other)
            });
            only(same).map(|(new, _)| (key, new.clone()))
        })
        .collect()
}

/// Whether a name can be put into our files as it is.
fn is_plain(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "-._/{}".contains(c);
    name.chars().filter(|c| *c != ' ').all(known) && name.matches(' ').count() < 2
}

/// The element of an iterator that has no other.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn schemas(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let names = |document| -> BTreeMap<String, Value> {
        document::schemas(document)
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect()
    };
    let (old, new) = (names(old), names(new));
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    let added: Vec<(&String, &Value)> = new
        .iter()
        .filter(|(name, _)| !old.contains_key(*name) && is_plain(name))
        .collect();
    let mut moves = BTreeMap::new();
    for (name, schema) in gone {
        let last = |name: &str| document::folded(name.rsplit('.').next().unwrap_or(name));
        let parts = parts(schema);
        let equal = |(_, other): &&(&String, &Value)| *other == schema && parts.len() > 1;
        let same_name = |(other, _): &&(&String, &Value)| last(other) == last(name);
        let similar = |(_, other): &&(&String, &Value)| alike(&parts, &self::parts(other));
        let found = only(added.iter().filter(equal))
            .or_else(|| only(added.iter().filter(same_name)))
            .or_else(|| only(added.iter().filter(similar)));
        if let Some((new, _)) = found {
            moves.insert(name.clone(), (*new).clone());
        }
    }
    // Two old ones that both look like one new one are told apart by nobody.
    let targets: Vec<String> = moves.values().cloned().collect();
    moves.retain(|_, new| targets.iter().filter(|target| *target == new).count() == 1);
    moves
}

/// The names of the fields of a schema, or its values.
fn parts(schema: &Value) -> BTreeSet<String> {
    let mut parts: BTreeSet<String> = document::entries(schema.get("properties"))
        .map(|(name, _)| name.clone())
        .collect();
    let values = schema.get("enum").and_then(Value::as_array);
    parts.extend(values.into_iter().flatten().map(Value::to_string));
    for part in document::parts(schema) {
        parts.extend(self::parts(part));
    }
    parts
}

/// Four of five parts are the same.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.union(other).count();
    shared >= 3 && shared * 5 >= all * 4
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Moves;

    fn document(schemas: Value, paths: Value) -> Value {
        json!({"paths": paths, "components": {"schemas": schemas}})
    }

    #[test]
    fn renamed_schemas_and_moved_paths_are_found_and_lookalikes_are_not() {
        let fields = |names: &[&str]| -> Value {
            json!({"properties": names.iter().map(|name| ((*name).to_owned(), json!({}))).collect::<serde_json::Map<_, _>>()})
        };
        let old = document(
            json!({"r.Equal": fields(&["a", "b"]), "r.Package": fields(&["p"]), "r.Near": fields(&["k", "l", "m", "n"]),
                   "r.Gone": fields(&["x"]), "r.Twin1": fields(&["t", "u", "v"]), "r.Twin2": fields(&["t", "u", "v"]),
                   "r.Stays": fields(&["s"])}),
            json!({"/old": {"get": {"operationId": "one"}, "post": {"operationId": "two"}}, "/same": {"get": {"operationId": "three"}}}),
        );
        let new = document(
            json!({"r.Renamed": fields(&["a", "b"]), "q.package": fields(&["q"]), "r.Nearly": fields(&["k", "l", "m", "n", "o"]),
                   "r.Other": fields(&["y"]), "r.Twin": fields(&["t", "u", "v"]), "r.Stays": fields(&["s"])}),
            json!({"/new": {"get": {"operationId": "one"}, "put": {"operationId": "two"}}, "/same": {"get": {"operationId": "three"}}}),
        );
        let moves = Moves::between(&old, &new);
        let expected: Vec<(&str, &str)> = vec![
            ("r.Equal", "r.Renamed"),
            ("r.Near", "r.Nearly"),
            ("r.Package", "q.package"),
        ];
        let found: Vec<(&str, &str)> = moves
            .schemas
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(
            moves.operations,
            [("GET /old".to_owned(), "GET /new".to_owned())].into()
        );
        assert_eq!(moves.of("/old"), Some("/new"));
        assert_eq!(moves.of("r.Equal"), Some("r.Renamed"));
        assert!(Moves::between(&old, &old).is_empty());
    }

    #[test]
    fn a_name_that_could_be_more_than_one_in_our_files_is_none() {
        let schema = json!({"properties": {"a": {}, "b": {}}});
        let old = document(
            json!({"r.Old": schema}),
            json!({"/a": {"get": {"operationId": "one"}}}),
        );
        for odd in ["x: y", "x\n  y", "[x]", "x #", "'", "x y z"] {
            let new = document(
                json!({odd: schema}),
                json!({format!("/{odd}"): {"get": {"operationId": "one"}}}),
            );
            assert!(Moves::between(&old, &new).is_empty(), "{odd}");
        }
    }

    #[test]
    fn only_whole_names_are_renewed() {
        let moves = Moves {
            schemas: [("r.Old".to_owned(), "r.New".to_owned())].into(),
            operations: [("GET /a".to_owned(), "GET /b".to_owned())].into(),
        };
        assert_eq!(
            moves.renew("r.Old: [x]\nr.Older: [y]\nr.Old.field: z\n'r.Old'\nother.r.Old\nGET /a:\nGET /a/c:\n- GET /a side\n"),
            "r.New: [x]\nr.Older: [y]\nr.New.field: z\n'r.New'\nother.r.Old\nGET /b:\nGET /a/c:\n- GET /b side\n"
        );
    }
}
