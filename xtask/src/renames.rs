//! What has another name in the next document, so that what we say about it can move along.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::wire;
use crate::document;
use crate::stream::pattern::Pattern;
use crate::stream::{self, PREFIX};

/// How the key of a channel begins.
const CHANNEL: &str = "CHANNEL ";

/// Old names to new ones.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Renames {
    /// Schemas.
    pub schemas: BTreeMap<String, String>,
    /// Operations, as `METHOD /path`, and channels, as `CHANNEL name`.
    pub operations: BTreeMap<String, String>,
}

impl Renames {
    /// Compares two documents, as the report does ([`wire::renamed`]). A name that could not stand in our files
    /// is none.
    pub fn between(old: &Value, new: &Value) -> Self {
        let (mut schemas, mut operations) = wire::renamed(&wire::plain(old), &wire::plain(new));
        schemas.retain(|_, new| is_plain(new));
        // Corrections know a schema of the WebSocket API with its prefix, and the other files without.
        let bare = |name: &str| name.strip_prefix(PREFIX).map(str::to_owned);
        let is_there = |name: &str| document::component(new, name).is_some();
        let without: Vec<(String, String)> = schemas
            .iter()
            .filter_map(|(old, new)| Some((bare(old)?, bare(new)?)))
            .filter(|(old, _)| !is_there(old))
            .collect();
        schemas.extend(without);
        operations.retain(|_, new| is_plain(new));
        operations.extend(renamed_channels(old, new));
        Self { schemas, operations }
    }

    /// The new name of a schema or path.
    pub fn new_name(&self, old: &str) -> Option<&str> {
        let path = |key: &str| key.split_once(' ').is_some_and(|(_, path)| path == old);
        let moved = self.operations.iter().find(|(key, _)| path(key));
        self.schemas.get(old).map(String::as_str).or_else(|| {
            moved
                .and_then(|(_, new)| new.split_once(' '))
                .map(|(_, path)| path)
        })
    }

    /// Every old name with the new one.
    pub fn all(&self) -> impl Iterator<Item = (&String, &String)> {
        self.schemas.iter().chain(&self.operations)
    }

    /// Whether nothing was renamed.
    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty() && self.operations.is_empty()
    }

    /// A text of ours with the new names in it.
    pub fn renew(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (old, new) in self.all() {
            text = match (old.strip_prefix(CHANNEL), new.strip_prefix(CHANNEL)) {
                (Some(old), Some(new)) => with_channel_renamed(&text, old, new),
                _ => replaced(&text, old, new),
            };
        }
        text
    }
}

/// The channels whose names have other optional parts or other names of parameters.
fn renamed_channels(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let names =
        |document| -> BTreeSet<&String> { stream::channels(document).map(|(name, _)| name).collect() };
    let (old, new) = (names(old), names(new));
    let stem = |name: &&&String| Pattern::read(name).map(|pattern| pattern.stem);
    let gone: Vec<_> = old.difference(&new).collect();
    let added: Vec<_> = new.difference(&old).collect();
    let mut renamed = BTreeMap::new();
    for was in &gone {
        let alike = |others: &[&&String]| -> Vec<String> {
            let same = others
                .iter()
                .filter(|other| stem(other).is_some() && stem(other) == stem(was));
            same.map(|other| other.to_string()).collect()
        };
        if let ([_], [is]) = (alike(&gone).as_slice(), alike(&added).as_slice()) {
            renamed.insert(format!("{CHANNEL}{was}"), format!("{CHANNEL}{is}"));
        }
    }
    renamed
}

/// A text of ours with the new name of a channel: as a key of `channels`, after its kind, and in targets of corrections.
fn with_channel_renamed(text: &str, old: &str, new: &str) -> String {
    let mut is_among_channels = false;
    let lines = text.split_inclusive('\n').map(|line| {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            is_among_channels = line.trim_end() == "channels:";
        }
        if is_among_channels && line.trim_end() == format!("  {old}:") {
            return line.replacen(old, new, 1);
        }
        if line.contains(".channels[") {
            return line.replace(&format!("'{old}'"), &format!("'{new}'"));
        }
        let key = format!("{CHANNEL}{old}");
        let Some((before, after)) = line.split_once(&key) else {
            return line.to_owned();
        };
        let goes_on = |c: char| c.is_ascii_alphanumeric() || "_.@-[{".contains(c);
        match after.starts_with(goes_on) {
            true => line.to_owned(),
            false => format!("{before}{CHANNEL}{new}{after}"),
        }
    });
    lines.collect()
}

/// Replaces a name where it occurs as a whole, alone or before a field.
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

/// Whether a name can be put into our files as it is.
fn is_plain(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "-._/{}".contains(c);
    name.chars().filter(|c| *c != ' ').all(known) && name.matches(' ').count() < 2
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Renames;

    fn document(schemas: Value, paths: Value) -> Value {
        json!({"paths": paths, "components": {"schemas": schemas}})
    }

    #[test]
    fn schema_of_the_websocket_api_is_renamed_with_and_without_its_prefix() {
        let schema = json!({"properties": {"a": {}, "b": {}}});
        let renames = Renames::between(
            &document(json!({"stream.r.Old": schema}), json!({})),
            &document(json!({"stream.r.Older": schema}), json!({})),
        );
        let text = "stream.r.Old and r.Old";
        assert_eq!(renames.renew(text), "stream.r.Older and r.Older");
    }

    #[test]
    fn channel_with_another_optional_part_is_renamed() {
        let document = |names: &[&str]| {
            let channels = names.iter().map(|name| ((*name).to_owned(), json!({})));
            json!({"x-stream": {"channels": channels.collect::<serde_json::Map<_, _>>()}})
        };
        let old = document(&["rfq", "orders", "book.{m}", "book.{m}.x", "gone"]);
        let new = document(&["rfq[.{rfq_id}]", "orders", "book.{market}", "book.{m}.x", "other"]);
        let renames = Renames::between(&old, &new);
        assert_eq!(
            renames.renew(
                "schemas:\n  rfq:\nchannels:\n  rfq:\n    rfq: X.\n  rfq.x:\nother: A\nCHANNEL rfq: A.\nCHANNEL rfq.x: B.\n- target: $['x-stream'].channels['orders','rfq']\n'rfq': 1\n\
                 CHANNEL book.{m}: C.\nCHANNEL book.{m}.x: D.\nCHANNEL gone: E."
            ),
            "schemas:\n  rfq:\nchannels:\n  rfq[.{rfq_id}]:\n    rfq: X.\n  rfq.x:\nother: A\nCHANNEL rfq[.{rfq_id}]: A.\nCHANNEL rfq.x: B.\n- target: $['x-stream'].channels['orders','rfq[.{rfq_id}]']\n\
             'rfq': 1\nCHANNEL book.{market}: C.\nCHANNEL book.{m}.x: D.\nCHANNEL gone: E."
        );
        assert_eq!(renames.new_name("rfq"), Some("rfq[.{rfq_id}]"));
        assert_eq!(renames.new_name("gone"), None);
        assert!(Renames::between(&new, &new).is_empty());
        // Which of two it was is not known.
        let two = Renames::between(&document(&["a.{x}"]), &document(&["a.{y}", "a.{z}[.{w}]"]));
        assert!(two.is_empty());
    }

    #[test]
    fn renamed_schemas_and_moved_paths_are_found_and_lookalikes_are_not() {
        let fields = |names: &[&str]| -> Value {
            json!({"properties": names.iter().map(|name| ((*name).to_owned(), json!({}))).collect::<serde_json::Map<_, _>>()})
        };
        let old = document(
            json!({"r.Equal": fields(&["a", "b"]), "r.Package": fields(&["p", "o"]), "r.Near": fields(&["k", "l", "m", "n"]),
                   "r.Gone": fields(&["x"]), "r.Stays": fields(&["s"])}),
            json!({"/old": {"get": {"operationId": "one"}, "post": {"operationId": "two"}}, "/a/{b}": {"get": {}}, "/same": {"get": {"operationId": "three"}}}),
        );
        let new = document(
            json!({"r.Renamed": fields(&["a", "b"]), "q.package": fields(&["p", "o"]), "r.Nearly": fields(&["k", "l", "m", "n", "o"]),
                   "r.Other": fields(&["y"]), "r.Stays": fields(&["s"])}),
            json!({"/new": {"get": {"operationId": "one"}, "put": {"operationId": "two"}}, "/a/{c}": {"get": {}}, "/same": {"get": {"operationId": "three"}}}),
        );
        let renames = Renames::between(&old, &new);
        let expected: Vec<(&str, &str)> = vec![
            ("r.Equal", "r.Renamed"),
            ("r.Near", "r.Nearly"),
            ("r.Package", "q.package"),
        ];
        let found: Vec<(&str, &str)> = renames
            .schemas
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        assert_eq!(found, expected);
        let expected = [
            ("GET /a/{b}", "GET /a/{c}"),
            ("GET /old", "GET /new"),
            ("POST /old", "PUT /new"),
        ];
        let expected = expected.map(|(old, new)| (old.to_owned(), new.to_owned()));
        assert_eq!(renames.operations, expected.into());
        assert_eq!(renames.new_name("/old"), Some("/new"));
        assert_eq!(renames.new_name("r.Equal"), Some("r.Renamed"));
        assert!(Renames::between(&old, &old).is_empty());
    }

    #[test]
    fn ambiguous_new_name_is_no_rename() {
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
            assert!(Renames::between(&old, &new).is_empty(), "{odd}");
        }
    }

    #[test]
    fn whole_names_alone_are_renamed() {
        let renames = Renames {
            schemas: [("r.Old".to_owned(), "r.New".to_owned())].into(),
            operations: [("GET /a".to_owned(), "GET /b".to_owned())].into(),
        };
        assert_eq!(
            renames.renew("r.Old: [x]\nr.Older: [y]\nr.Old.field: z\n'r.Old'\nother.r.Old\nGET /a:\nGET /a/c:\n- GET /a side\n"),
            "r.New: [x]\nr.Older: [y]\nr.New.field: z\n'r.New'\nother.r.Old\nGET /b:\nGET /a/c:\n- GET /b side\n"
        );
    }
}
