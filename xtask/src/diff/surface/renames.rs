//! Which items have another name in the other surface.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Surface, last};
use crate::diff::pairs::{RENAMED, alike, overlap, pairs, same_value};
use crate::diff::rules::Rule;
use crate::report::quoted;

/// The types that are gone, and the current name of each: by name, as far as one can stand for the other. A type was
/// renamed when every place that used it uses the other now, or when it is recognised by what it holds.
pub fn successors(old: &Surface, new: &Surface) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let is_gone = |path: &&String| old.is_own_type(path) && !new.items.contains_key(*path);
    let gone: Vec<&String> = old.items.keys().filter(is_gone).collect();
    if gone.is_empty() {
        return found;
    }
    let (pairs, _) = renamed(old, new);
    for path in gone {
        let mut used: BTreeSet<String> = BTreeSet::new();
        for user in old.users(path) {
            let (Some(was), Some(is)) = (old.items.get(&user), new.items.get(&user)) else {
                continue;
            };
            used.insert(in_place_of(last(path), &was.signature, &is.signature).unwrap_or_default());
        }
        let target = match used.first() {
            Some(only) if used.len() == 1 && !only.is_empty() => format!("types::{only}"),
            _ => match pairs.get(path) {
                Some(target) => target.clone(),
                None => continue,
            },
        };
        if new.is_own_type(&target) && can_stand_for(old, path, new, &target) {
            found.insert(last(path).to_owned(), last(&target).to_owned());
        }
    }
    found
}

/// The name that replaced another in a signature, if nothing else of it changed.
fn in_place_of(name: &str, was: &str, is: &str) -> Option<String> {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
        parts
            .flat_map(|part| {
                let end = part
                    .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_')
                    .len();
                let (word, between) = part.split_at(end);
                [word.to_owned(), between.to_owned()]
            })
            .collect()
    };
    let (was, is) = (words(was), words(is));
    let mut found: Option<&String> = None;
    for (was, is) in was.iter().zip(&is) {
        if was == name && found.is_none_or(|found| found == is) {
            found = Some(is);
        } else if was != is {
            return None;
        }
    }
    found.filter(|_| was.len() == is.len()).cloned()
}

/// Whether code that uses one type can use another under its name: both are of one kind, and the other has what the one
/// has, or at least half of it if it is new, in which case the report lists the rest. Values that are missing are
/// retired.
fn can_stand_for(old: &Surface, path: &str, new: &Surface, target: &str) -> bool {
    let (Some(was), Some(is)) = (old.items.get(path), new.items.get(target)) else {
        return false;
    };
    let names = |members: BTreeSet<(String, String)>| -> BTreeSet<String> {
        members.into_iter().map(|(name, _)| name).collect()
    };
    let (held, holds) = (names(old.members(path)), names(new.members(target)));
    let (kept, all) = (held.intersection(&holds).count(), held.len());
    let half = was.signature == is.signature && kept * 2 >= all;
    let existed = old.items.contains_key(target);
    let enumeration = was.signature.starts_with("enum");
    half && (!existed || enumeration || old.members(path).is_subset(&new.members(target)))
}

pub(super) type Sentence = (String, String, Rule, String);

/// The items that were renamed, with what belongs to them, and a row for each that counts.
pub(super) fn renamed(old: &Surface, new: &Surface) -> (BTreeMap<String, String>, Vec<Sentence>) {
    let mut names = BTreeMap::new();
    let mut rows = Vec::new();
    let of_kind = |from: &Surface, other: &Surface, kind: Kind| -> Vec<String> {
        let missing = from
            .items
            .iter()
            .filter(|(path, item)| item.kind == kind && !other.items.contains_key(*path));
        missing.map(|(path, _)| path.clone()).collect()
    };
    let mut rename = |kind: Kind, rule: Rule, least: f32, score: &dyn Fn(&str, &str) -> f32| {
        let (went, came) = (of_kind(old, new, kind), of_kind(new, old, kind));
        let score = |old: usize, new: usize| match (went.get(old), came.get(new)) {
            (Some(old), Some(new)) => score(old, new),
            _ => 0.0,
        };
        for (from, to) in pairs(went.len(), came.len(), least, score) {
            if let (Some(from), Some(to)) = (went.get(from), came.get(to)) {
                let says = format!("is the new name of {}", quoted(from));
                rows.push((from.clone(), to.clone(), rule, says));
                names.insert(from.clone(), to.clone());
            }
        }
    };
    // A call is what it calls.
    rename(Kind::Call, Rule::RustCallRenamed, 1.0, &|was, is| {
        let same = old.address_of(was).is_some() && old.address_of(was) == new.address_of(is);
        f32::from(u8::from(same))
    });
    // A type is what it holds, where it is used, and what it is called; two of the three must hold.
    let types = |from: &Surface, other: &Surface| -> BTreeMap<String, BTreeSet<(String, String)>> {
        let missing = of_kind(from, other, Kind::Type).into_iter();
        let own = missing.filter(|path| path.starts_with("types::"));
        own.map(|path| (path.clone(), from.members(&path))).collect()
    };
    let went = types(old, new);
    // To find the members and users of types takes long, and most revisions have no type to compare them with.
    let came = match went.is_empty() {
        true => BTreeMap::new(),
        false => types(new, old),
    };
    rename(Kind::Type, Rule::RustTypeRenamed, 1.8, &|was, is| {
        let (Some(held), Some(holds)) = (went.get(was), came.get(is)) else {
            return 0.0;
        };
        let held = overlap(held, holds);
        if held < 0.5 {
            0.0
        } else {
            held + overlap(&old.users(was), &new.users(is)) + alike(last(was), last(is))
        }
    });
    rename(Kind::Variant, Rule::RustVariantRenamed, RENAMED, &|was, is| {
        let (Some(was), Some(is)) = (old.items.get(was), new.items.get(is)) else {
            return 0.0;
        };
        match (&was.text, &is.text) {
            (Some(old), Some(new)) if was.parent == is.parent => same_value(old, new),
            _ => 0.0,
        }
    });
    // A builder and a constant are called after their call.
    for (from, to, rule, _) in &rows {
        if *rule == Rule::RustCallRenamed {
            for module in ["builder::", "operations::"] {
                let child = |surface: &Surface, of: &str| {
                    let mut children = surface
                        .items
                        .iter()
                        .filter(|(_, item)| item.parent.as_deref() == Some(of));
                    children
                        .find(|(path, _)| path.starts_with(module))
                        .map(|(path, _)| path.clone())
                };
                if let (Some(from), Some(to)) = (child(old, from), child(new, to)) {
                    names.insert(from, to);
                }
            }
        }
    }
    (names, rows)
}
