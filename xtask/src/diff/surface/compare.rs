//! Compares two surfaces.

use std::collections::{BTreeMap, BTreeSet};

use super::renames::renamed;
use super::{Item, Kind, Surface, last};
use crate::diff::Row;
use crate::diff::rules::Rule;
use crate::diff::schema;
use crate::report::quoted;

/// Every change of the surface.
pub fn compare(old: &Surface, new: &Surface) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut renamed, sentences) = renamed(old, new);
    let aliases = new.aliases_of(old);
    for (from, to, rule, says) in sentences {
        if aliases.contains_key(&from) {
            continue;
        }
        if let Some(item) = new.items.get(&to) {
            rows.push(item.row(rule, &to, &[&from], says));
        }
    }
    // A type that can still be called by its old name is the same type.
    for (from, to) in &aliases {
        if let Some(item) = new.items.get(from) {
            let says = format!("is another name of {} now, and deprecated", quoted(to));
            rows.push(item.row(Rule::RustDeprecated, from, &[to], says));
        }
    }
    renamed.extend(aliases.clone());
    let old = old.renamed(&renamed);
    // A part of an item that is reported is not reported itself.
    let reported = |parent: &Option<String>| {
        parent
            .as_ref()
            .is_some_and(|parent| match (old.items.get(parent), new.items.get(parent)) {
                (Some(old), Some(new)) => old.signature != new.signature,
                _ => true,
            })
    };
    for (path, item) in &old.items {
        match new.items.get(path) {
            _ if reported(&item.parent) => {}
            None => rows.push(item.row(item.kind.removed(), path, &[], "is gone".to_owned())),
            Some(other) => {
                if other.signature != item.signature {
                    let (is, was) = (quoted(&other.signature), quoted(&item.signature));
                    let values = [item.signature.as_str(), &other.signature];
                    rows.push(item.row(
                        item.kind.changed(),
                        path,
                        &values,
                        format!("is {is} now (was {was})"),
                    ));
                }
                if other.feature != item.feature {
                    rows.push(other.feature_row(path, item));
                }
                if other.deprecated != item.deprecated {
                    let (says, values): (_, &[&str]) = match other.deprecated {
                        true => ("is deprecated", &[]),
                        false => ("is no longer deprecated", &["no longer"]),
                    };
                    rows.push(item.row(Rule::RustDeprecated, path, values, says.to_owned()));
                }
                if let (Some(was), Some(is)) = (&item.text, &other.text)
                    && was != is
                    && !renamed.values().any(|renamed| renamed == path)
                {
                    let says = format!("has the text {} now (had {})", quoted(is), quoted(was));
                    rows.push(item.row(Rule::RustTextChanged, path, &[was, is], says));
                }
            }
        }
    }
    for (path, item) in new
        .items
        .iter()
        .filter(|(path, _)| !old.items.contains_key(*path))
    {
        if reported(&item.parent) || aliases.contains_key(path) {
            continue;
        }
        let says = match new.address_of(path).filter(|_| item.kind == Kind::Call) {
            Some(address) => format!("is new, for {}", quoted(address)),
            None if item.kind == Kind::Field => format!("is new, of type {}", quoted(&item.signature)),
            None => "is new".to_owned(),
        };
        let says = match &item.feature {
            Some(feature) => format!("{says}, with the feature {}", quoted(feature)),
            None => says,
        };
        rows.push(item.row(item.kind.added(), path, &[], says));
    }
    rows
}

impl Surface {
    /// The same surface as if some items had been called what they are called now.
    fn renamed(&self, renamed: &BTreeMap<String, String>) -> Surface {
        // Only types and builders are named in signatures.
        let named = |path: &&String| self.items.get(*path).is_some_and(|item| item.kind == Kind::Type);
        let words: BTreeMap<&str, &str> = renamed
            .keys()
            .filter(named)
            .filter_map(|old| Some((last(old), last(renamed.get(old)?))))
            .collect();
        // A path begins with the item that was renamed, or with its parent.
        let path = |path: &str| {
            let ends = [path.len()]
                .into_iter()
                .chain(path.rmatch_indices(['.', ':']).map(|(at, _)| at));
            let mut heads = ends.filter_map(|end| path.split_at_checked(end));
            heads
                .find_map(|(head, tail)| Some(format!("{}{tail}", renamed.get(head)?)))
                .unwrap_or_else(|| path.to_owned())
        };
        let signature = |text: &str| {
            let mut whole = String::with_capacity(text.len());
            let mut rest = text;
            while !rest.is_empty() {
                let word = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                let (head, tail) = rest.split_at(word);
                whole.push_str(words.get(head).copied().unwrap_or(head));
                let next = tail.chars().next().map_or(0, char::len_utf8);
                let (between, tail) = tail.split_at(next);
                whole.push_str(between);
                rest = tail;
            }
            whole
        };
        let item = |item: &Item| Item {
            signature: signature(&item.signature),
            parent: item.parent.as_deref().map(path),
            ..item.clone()
        };
        Surface {
            items: self
                .items
                .iter()
                .map(|(name, old)| (path(name), item(old)))
                .collect(),
            addresses: self.addresses.clone(),
        }
    }
}

impl Item {
    /// The row about an item that needed another feature, or none.
    fn feature_row(&self, path: &str, was: &Item) -> Row {
        let feature = |item: &Item| item.feature.clone().unwrap_or_default();
        let (is, was) = (feature(self), feature(was));
        let (rule, says) = match (is.as_str(), was.as_str()) {
            ("", was) => (
                Rule::RustFeatureDropped,
                format!("no longer needs the feature {}", quoted(was)),
            ),
            (is, "") => (
                Rule::RustFeatureRequired,
                format!("needs the feature {} now", quoted(is)),
            ),
            (is, was) => (
                Rule::RustFeatureRequired,
                format!("needs the feature {} now (was {})", quoted(is), quoted(was)),
            ),
        };
        self.row(rule, path, &[&was, &is], says)
    }

    fn row(&self, rule: Rule, path: &str, values: &[&str], says: String) -> Row {
        // A setter belongs to its type as its field does.
        let parent = self.parent.as_deref().unwrap_or(path);
        row(
            rule,
            parent.split('.').next().unwrap_or(parent),
            path,
            values,
            says,
        )
    }
}

fn row(rule: Rule, subject: &str, place: &str, values: &[&str], says: String) -> Row {
    schema::row(rule, subject, place, values, &BTreeSet::new(), says)
}
