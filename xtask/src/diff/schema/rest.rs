//! The fallback of the rules for schemas: reports differences that no other rule covers.
//!
//! Two schemas can be written in different ways and mean the same: as a reference or written out, in one piece or in
//! parts, with a default value or without. Such a difference is reported too, because it could
//! mean something.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::flat::Flat;
use super::{INNER, Schemas, Site};
use crate::diff::Row;
use crate::document::{entries, parts, referred, text};

/// A schema as it is written, together with its parts (`allOf`) but without what its references lead to.
#[derive(Default)]
struct Written<'a> {
    /// What refers to another schema: itself, or parts of it.
    references: Vec<&'a Value>,
    /// Its fields, each as often as it is written.
    fields: BTreeMap<&'a str, Vec<&'a Value>>,
    /// What it says beside its fields and what is [`INNER`].
    keys: BTreeMap<&'a str, Vec<&'a Value>>,
    /// What is [`INNER`].
    inner: BTreeMap<&'a str, Vec<&'a Value>>,
    required: Vec<&'a str>,
    /// By part, the names of its fields and keys.
    parts: Vec<BTreeSet<&'a str>>,
}

impl<'a> Written<'a> {
    fn new(schema: &'a Value) -> Self {
        let mut written = Written::default();
        written.add(schema);
        written
    }

    fn add(&mut self, schema: &'a Value) {
        if referred(schema).is_some() {
            self.references.push(schema);
        }
        let mut names = BTreeSet::new();
        for (key, value) in entries(Some(schema)) {
            match (key.as_str(), value) {
                ("$ref", _) if referred(schema).is_some() => {}
                ("allOf", Value::Array(_)) => parts(schema).for_each(|part| self.add(part)),
                ("properties", Value::Object(fields)) => {
                    for (name, field) in fields {
                        self.fields.entry(name).or_default().push(field);
                        names.insert(name.as_str());
                    }
                }
                ("required", Value::Array(fields)) if !fields.is_empty() => {
                    self.required.extend(fields.iter().filter_map(Value::as_str));
                }
                (key, value) => {
                    let inner = INNER.iter().any(|(inner, _)| *inner == key);
                    let all = if inner { &mut self.inner } else { &mut self.keys };
                    all.entry(key).or_default().push(value);
                    names.insert(key);
                }
            }
        }
        self.parts.push(names);
    }

    /// The names of what it refers to.
    fn references(&self) -> Vec<&'a str> {
        let names = self.references.iter().filter_map(|schema| text(schema, "$ref"));
        names.collect()
    }

    /// Which of the names that the other one has too stand together in a part.
    fn arrangement(&self, other: &Self) -> Vec<Vec<&'a str>> {
        let shared = |name: &&&'a str| {
            self.fields.contains_key(*name) && other.fields.contains_key(*name)
                || self.keys.contains_key(*name) && other.keys.contains_key(*name)
        };
        let parts = self.parts.iter();
        let parts = parts.map(|names| names.iter().filter(shared).copied().collect::<Vec<_>>());
        parts.filter(|names| !names.is_empty()).collect()
    }
}

impl<'a> Schemas<'a> {
    /// Reports the differences between two schemas that the rules did not report, without their nested schemas. `reported` are the
    /// keys that have
    /// a row; the rows from `before` on are about the two schemas and what is below.
    pub(super) fn rest(
        &self,
        site: &Site,
        old: (&'a Value, &Flat<'a>),
        new: (&'a Value, &Flat<'a>),
        reported: &BTreeSet<&str>,
        before: usize,
        rows: &mut Vec<Row>,
    ) {
        if old.0 == new.0 {
            return;
        }
        let end = rows.len();
        let reported_at = |rows: &[Row], place: &str| {
            let rows = rows.get(before..end).unwrap_or_default();
            rows.iter().any(|row| is_at_or_below(&row.place, place))
        };
        let (was, is) = (Written::new(old.0), Written::new(new.0));
        let moved = was.references() != is.references();
        if moved {
            let same = Flat::from_all(self.old, &was.references) == Flat::from_all(self.new, &is.references);
            if same || !reported_at(rows, &site.place) {
                let [was, is] = [&was, &is].map(|written| json!(written.references()));
                rows.push(site.other("$ref", Some(&was), Some(&is)));
            }
        } else if was.arrangement(&is) != is.arrangement(&was) {
            rows.push(site.other("allOf", old.0.get("allOf"), new.0.get("allOf")));
        }

        // Where both have one of a name, and it is the one that counts, that was compared by itself. Where a reference
        // came or went, the names that it stands for did too.
        let silent = |old: &[&Value], new: &[&Value], counts: [Option<&&Value>; 2]| {
            let compared = matches!((old, new), ([was], [is]) if counts == [Some(was), Some(is)]);
            let replaced = moved && (old.is_empty() || new.is_empty());
            old != new && !compared && !replaced
        };
        let fields: BTreeSet<&str> = was.fields.keys().chain(is.fields.keys()).copied().collect();
        for name in fields {
            let counts = [old.1.properties.get(name), new.1.properties.get(name)];
            let (old, new) = (all(&was.fields, name), all(&is.fields, name));
            let place = site.below(&format!(".{name}"));
            if silent(old, new, counts) && !reported_at(rows, &place.place) {
                rows.push(place.other("properties", Some(&json!(old)), Some(&json!(new))));
            }
        }
        for (key, suffix) in INNER {
            let counts = [old.1.keys.get(key), new.1.keys.get(key)];
            let (old, new) = (all(&was.inner, key), all(&is.inner, key));
            let place = site.below(suffix);
            if silent(old, new, counts) && !reported.contains(key) && !reported_at(rows, &place.place) {
                rows.push(place.other(key, old.last().copied(), new.last().copied()));
            }
        }
        let keys: BTreeSet<&str> = was.keys.keys().chain(is.keys.keys()).copied().collect();
        for key in keys.into_iter().filter(|key| !reported.contains(key)) {
            if key == "required" && was.required != is.required {
                // An empty list beside a list with fields, whose rows say all.
                continue;
            }
            let (old_all, new_all) = (all(&was.keys, key), all(&is.keys, key));
            let replaced = moved
                && (old_all.is_empty() || new_all.is_empty())
                && old.1.keys.get(key) == new.1.keys.get(key);
            if old_all != new_all && !replaced {
                rows.push(site.other(key, old_all.last().copied(), new_all.last().copied()));
            }
        }
        // Where a field came or went, or became required or optional, its own row says so.
        let unaccounted = |written: &Written<'a>| {
            let is_reported = |name: &str| {
                let known = old.1.properties.contains_key(name) || new.1.properties.contains_key(name);
                known && old.1.required.contains(name) != new.1.required.contains(name)
            };
            let mut names = written.required.clone();
            names.retain(|name| !is_reported(name));
            names.sort_unstable();
            names
        };
        let (was, is) = (unaccounted(&was), unaccounted(&is));
        if was != is && !moved {
            rows.push(site.other("required", Some(&json!(was)), Some(&json!(is))));
        }
        // Nothing is left but parts that are empty.
        if rows.len() == before && old.0.get("allOf") != new.0.get("allOf") {
            let lengths = [old.0, new.0].map(|schema| parts(schema).count());
            if lengths[0] != lengths[1] {
                rows.push(site.other("allOf", old.0.get("allOf"), new.0.get("allOf")));
            }
        }
    }
}

fn all<'b, 'a>(of: &'b BTreeMap<&'a str, Vec<&'a Value>>, name: &str) -> &'b [&'a Value] {
    of.get(name).map_or(&[], Vec::as_slice)
}

/// Whether one place is another or a part of it.
fn is_at_or_below(place: &str, above: &str) -> bool {
    place
        .strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
}
