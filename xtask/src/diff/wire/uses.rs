//! Where each component is used, and which components have another name in the other document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::pairs::{alike, overlap, pairs};
use crate::diff::schema::{Direction, component, facts};
use crate::document::{self, entries, parameters, referred, text};

/// Where each component is used.
pub(super) struct Uses {
    /// By direction and component, the operations that reach it.
    operations: BTreeMap<(Direction, String), BTreeSet<String>>,
    /// By component, the places that name it.
    places: BTreeMap<String, BTreeSet<Place>>,
}

/// A place that names a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// An operation and one of its parts.
    Operation(String),
    /// Another component and its field.
    Component(String, String),
}

impl Uses {
    pub(super) fn new(document: &Value) -> Self {
        let mut places: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
        let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, schema) in document::schemas(document) {
            let found = parts.entry(name).or_default();
            references(schema, "", &mut |field, target| {
                found.insert(target);
                let place = Place::Component(name.clone(), field.to_owned());
                places.entry(target.to_owned()).or_default().insert(place);
            });
        }
        let mut operations: BTreeMap<(Direction, String), BTreeSet<String>> = BTreeMap::new();
        for (key, operation) in document::operations(document) {
            let body = operation.get("requestBody");
            let sent = parameters(operation)
                .map(|parameter| (text(parameter, "name").unwrap_or_default(), parameter));
            let sent: Vec<(&str, &Value)> = sent.chain(body.map(|body| ("body", body))).collect();
            let received: Vec<(&str, &Value)> = entries(operation.get("responses"))
                .map(|(status, response)| (status.as_str(), response))
                .collect();
            for (direction, roots) in [(Direction::Request, sent), (Direction::Response, received)] {
                let mut open: Vec<&str> = Vec::new();
                for (what, root) in roots {
                    references(root, "", &mut |_, target| {
                        open.push(target);
                        let place = Place::Operation(format!("{key} {what}"));
                        places.entry(target.to_owned()).or_default().insert(place);
                    });
                }
                while let Some(name) = open.pop() {
                    let found = operations.entry((direction, name.to_owned())).or_default();
                    if found.insert(key.clone()) {
                        open.extend(parts.get(name).into_iter().flatten());
                    }
                }
            }
        }
        Uses { operations, places }
    }

    pub(super) fn operations(&self, direction: Direction, component: &str) -> BTreeSet<String> {
        self.operations
            .get(&(direction, component.to_owned()))
            .cloned()
            .unwrap_or_default()
    }

    /// The operations that use a component, whichever way.
    pub(super) fn all(&self, component: &str) -> BTreeSet<String> {
        let mut all = self.operations(Direction::Request, component);
        all.extend(self.operations(Direction::Response, component));
        all
    }
}

/// Every component that a value refers to, with the field that holds the reference.
fn references<'a>(value: &'a Value, field: &'a str, found: &mut impl FnMut(&'a str, &'a str)) {
    if let Some(name) = referred(value) {
        found(field, name);
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("properties", Value::Object(fields)) => {
                        fields
                            .iter()
                            .for_each(|(field, value)| references(value, field, found));
                    }
                    _ => references(value, field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, field, found)),
        _ => {}
    }
}

/// The components that were renamed: they consist of the same, are used in the same places, or have nearly the same name.
pub(super) fn renamed_schemas(
    old: &Value,
    new: &Value,
    old_uses: &Uses,
    new_uses: &Uses,
) -> BTreeMap<String, String> {
    let names = |from: &Value, other: &Value| -> Vec<String> {
        let names = document::schemas(from).map(|(name, _)| name.clone());
        names.filter(|name| component(other, name).is_none()).collect()
    };
    let (mut went, mut came) = (names(old, new), names(new, old));
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    // What is made of renamed schemas is recognised when those are, a few steps deep.
    for _ in 0..5 {
        let name = |old: &str| renamed.get(old).cloned().unwrap_or_else(|| old.to_owned());
        let old_facts: Vec<_> = went
            .iter()
            .map(|went| {
                facts(component(old, went).unwrap_or(&Value::Null), |old| {
                    renamed.get(old).map_or(old, String::as_str)
                })
            })
            .collect();
        let new_facts: Vec<_> = came
            .iter()
            .map(|came| facts(component(new, came).unwrap_or(&Value::Null), |new| new))
            .collect();
        let places = |uses: &Uses, name: &dyn Fn(&str) -> String, component: &str| -> BTreeSet<Place> {
            let places = uses.places.get(component).into_iter().flatten();
            places
                .map(|place| match place {
                    Place::Component(component, field) => Place::Component(name(component), field.clone()),
                    Place::Operation(_) => place.clone(),
                })
                .collect()
        };
        let old_places: Vec<_> = went.iter().map(|went| places(old_uses, &name, went)).collect();
        let new_places: Vec<_> = came
            .iter()
            .map(|came| places(new_uses, &str::to_owned, came))
            .collect();
        let score = |old: usize, new: usize| -> Option<f32> {
            let shape = overlap(old_facts.get(old)?, new_facts.get(new)?);
            let used = overlap(old_places.get(old)?, new_places.get(new)?);
            let bare = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
            let called = alike(&bare(went.get(old)?), &bare(came.get(new)?));
            (shape >= 0.5).then_some(shape + used + called)
        };
        let found = pairs(went.len(), came.len(), 1.8, |old, new| {
            score(old, new).unwrap_or(0.0)
        });
        let found: Vec<(String, String)> = found
            .iter()
            .filter_map(|(old, new)| Some((went.get(*old)?.clone(), came.get(*new)?.clone())))
            .collect();
        if found.is_empty() {
            break;
        }
        went.retain(|name| !found.iter().any(|(old, _)| old == name));
        came.retain(|name| !found.iter().any(|(_, new)| new == name));
        renamed.extend(found);
    }
    renamed
}
