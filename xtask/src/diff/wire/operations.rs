//! Which operation of one document is which of the other, and what changed in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Kind, differing, kind, one, texts};
use crate::diff::Row;
use crate::diff::print::listed;
use crate::diff::rules::Rule;
use crate::diff::schema::{Direction, Schemas, Site, row};
use crate::document::{self, text};
use crate::report::quoted;
use crate::stream::pattern::Pattern;

pub(super) type Keyed<'a> = (String, &'a Value);

/// Which operation of the old document is which of the new one.
pub(super) struct Matched<'a> {
    pub(super) both: Vec<(Keyed<'a>, Keyed<'a>)>,
    pub(super) removed: Vec<Keyed<'a>>,
    pub(super) added: Vec<Keyed<'a>>,
}

impl<'a> Matched<'a> {
    /// By address; what is left, by operationId.
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        let mut matched = Matched {
            both: Vec::new(),
            removed: document::operations(old).collect(),
            added: document::operations(new).collect(),
        };
        matched.by(|(key, _)| Some(address(key)));
        matched.by(|(_, operation)| Some(text(operation, "operationId")?.to_owned()));
        // A channel that has another optional part is the same channel.
        matched.by(|(key, _)| match kind(key) {
            Kind::Channel => Some(stem(key)),
            _ => None,
        });
        matched
    }

    /// Takes what has the same identity on both sides out of the removed and the added.
    fn by(&mut self, identity: impl Fn(&Keyed<'a>) -> Option<String>) {
        let named = |new: &Keyed<'a>| Some((identity(new)?, new.clone()));
        let mut new: BTreeMap<String, Keyed<'a>> = self.added.iter().filter_map(named).collect();
        for was in std::mem::take(&mut self.removed) {
            match identity(&was).and_then(|identity| new.remove(&identity)) {
                Some(is) => {
                    self.added.retain(|(key, _)| *key != is.0);
                    self.both.push((was, is));
                }
                None => self.removed.push(was),
            }
        }
    }
}

/// The name of a channel without its optional parts and the names of its parameters.
fn stem(key: &str) -> String {
    let name = key.split_once(' ').map_or(key, |(_, name)| name);
    Pattern::read(name).map_or_else(|| name.to_owned(), |pattern| pattern.stem)
}

/// Whether every name that an old pattern stands for is one of the new pattern too.
fn has_all_names(old: &str, new: &str) -> bool {
    let optional = |key: &str| {
        let parts = key.split('[').skip(1);
        let parts = parts.filter_map(|part| part.split_once(']').map(|(part, _)| bare_pattern(part)));
        parts.collect::<BTreeSet<String>>()
    };
    stem(old) == stem(new) && optional(old).is_subset(&optional(new))
}

/// A pattern without the names of its parameters.
fn bare_pattern(pattern: &str) -> String {
    let mut bare = String::new();
    let mut rest = pattern;
    while let Some((before, inner)) = rest.split_once('{') {
        bare.push_str(before);
        bare.push_str("{}");
        rest = inner.split_once('}').map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare
}

/// `GET /orders/{id}` without the names of its parameters.
fn address(key: &str) -> String {
    if kind(key) != Kind::Operation {
        return bare_pattern(key);
    }
    let segments = key
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// One operation in both documents.
pub(super) struct Pair<'a> {
    pub(super) schemas: &'a Schemas<'a>,
    /// Its key in the new document.
    pub(super) key: &'a str,
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
}

impl<'a> Pair<'a> {
    pub(super) fn row(&self, rule: Rule, place: &str, values: &[&str], says: impl std::fmt::Display) -> Row {
        row(rule, self.key, place, values, &one(self.key), says)
    }

    pub(super) fn site(&self, place: String, direction: Direction) -> Site {
        Site {
            subject: self.key.to_owned(),
            place,
            direction,
            operations: one(self.key),
        }
    }

    /// Tells the members that differ and that nothing accounts for.
    pub(super) fn rest(
        &self,
        place: &str,
        old: &Value,
        new: &Value,
        accounted: &[&str],
        rows: &mut Vec<Row>,
    ) {
        let site = self.site(place.to_owned(), Direction::Request);
        for key in differing(old, new) {
            if !accounted.contains(&key) {
                rows.push(site.other(key, old.get(key), new.get(key)));
            }
        }
    }

    pub(super) fn compare(&self, old_key: &str, rows: &mut Vec<Row>) {
        let mut renamed = BTreeMap::new();
        if kind(self.key) == Kind::Channel && old_key != self.key {
            let rule = match has_all_names(old_key, self.key) {
                true => Rule::ChannelPatternExtended,
                false => Rule::ChannelPatternChanged,
            };
            let says = format!("has another pattern; it was {}", quoted(old_key));
            rows.push(self.row(rule, self.key, &[old_key], says));
        } else if address(old_key) != address(self.key) {
            let says = format!("has another address; it was {}", quoted(old_key));
            rows.push(self.row(Rule::OperationMoved, self.key, &[old_key], says));
        } else {
            for (was, is) in old_key
                .split('/')
                .zip(self.key.split('/'))
                .filter(|(was, is)| was != is)
            {
                let says = format!(
                    "has {} where it had {}; the address is the same",
                    quoted(is),
                    quoted(was)
                );
                rows.push(self.row(Rule::PathParameterRenamed, self.key, &[was, is], says));
                fn bare(segment: &str) -> &str {
                    segment.trim_matches(['{', '}'])
                }
                renamed.insert(bare(was).to_owned(), bare(is));
            }
        }
        let ids = [self.old, self.new].map(|operation| text(operation, "operationId").unwrap_or_default());
        if ids[0] != ids[1] {
            let words = ids.map(|id| {
                if id.is_empty() {
                    "none".to_owned()
                } else {
                    quoted(id)
                }
            });
            let says = format!("has {} for operationId now (was {})", words[1], words[0]);
            rows.push(self.row(Rule::OperationIdChanged, self.key, &ids, says));
        }
        let mut accounted = vec!["parameters", "requestBody", "responses"];
        if ids[0] != ids[1] {
            accounted.push("operationId");
        }
        if let Some(says) = deprecated(self.old, self.new) {
            rows.push(self.row(Rule::OperationDeprecated, self.key, &[], says));
            accounted.push("deprecated");
        }
        if self.security(rows) {
            accounted.push("security");
        }
        self.parameters(&renamed, rows);
        self.body(rows);
        self.responses(rows);
        self.rest(self.key, self.old, self.new, &accounted, rows);
    }

    /// Returns whether there is a row.
    fn security(&self, rows: &mut Vec<Row>) -> bool {
        let ways = |operation: &Value| -> BTreeSet<String> {
            texts(operation.get("security")).into_iter().collect()
        };
        let (was, is) = (ways(self.old), ways(self.new));
        if was == is {
            return false;
        }
        // If one alternative requires no credential, the operation requires none.
        let open = |ways: &BTreeSet<String>| ways.is_empty() || ways.contains("nothing");
        let rule = match (open(&was), open(&is)) {
            (true, true) => return false,
            (true, false) => Rule::SecurityRequired,
            (false, true) => Rule::SecurityDropped,
            (false, false) => Rule::SecurityChanged,
        };
        let words = |ways: &BTreeSet<String>| {
            if open(ways) {
                "nothing".to_owned()
            } else {
                listed(&ways.iter().collect::<Vec<_>>())
            }
        };
        let values = [&was, &is].map(|ways| json!(ways).to_string());
        let says = format!("requires {} now (required {})", words(&is), words(&was));
        rows.push(self.row(rule, self.key, &values.each_ref().map(String::as_str), says));
        true
    }
}

pub(super) fn deprecated(old: &Value, new: &Value) -> Option<&'static str> {
    let is = |value: &Value| value.get("deprecated") == Some(&Value::Bool(true));
    match (is(old), is(new)) {
        (false, true) => Some("is deprecated"),
        (true, false) => Some("is no longer deprecated"),
        _ => None,
    }
}
