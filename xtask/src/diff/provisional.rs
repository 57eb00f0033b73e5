//! Which rows of a comparison are provisional, because the code of one side lacks a decision.
//!
//! The wire is compared as published, so rows about it hold in any case. Code is generated from the corrected document.
//! While a correction does not fit, two types want one name, or a form is not supported, the code is generated with a
//! workaround, and a difference can disappear when the problem is solved.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use serde_json::Value;

use super::Row;
use super::surface::Surface;
use crate::config::Config;
use crate::overlay::{Lack, OverlayError, segments, split_unions};
use crate::reshape::names;
use crate::{document, sbe};

/// What the code of a document lacks.
#[derive(Debug, Clone, Default)]
pub struct Provisional {
    /// The targets of the corrections that do not fit.
    pub corrections: BTreeSet<String>,
    /// The places of these corrections.
    corrected: Places,
    /// The problems that need a decision, and their places.
    problems: BTreeMap<String, Places>,
}

/// Places of generated code.
#[derive(Debug, Clone, Default)]
struct Places {
    /// Types as a whole, by our names.
    types: BTreeSet<String>,
    /// Fields of types, by our names of the types.
    fields: BTreeSet<(String, String)>,
    /// `METHOD /path`, or ` /path` for every method.
    operations: BTreeSet<String>,
    /// Whether it can be anywhere.
    all: bool,
}

impl Provisional {
    /// What is missing in the code that is generated from a published document. A correction that upstream has made itself is not
    /// missing. On the old side, a correction whose place does not exist is not missing either, because its subject did not exist
    /// yet. But an action that fits only some of its places there may not have been written for the document as it was.
    pub fn new(
        document: &Value,
        config: &Config,
        errors: &[OverlayError],
        decisions: &[String],
        is_old: bool,
    ) -> Self {
        let mut provisional = Self::default();
        let least = if is_old { Lack::Uncorrected } else { Lack::Gone };
        for error in errors {
            let in_doubt = is_old && error.applied;
            if error.lack < least && !in_doubt {
                continue;
            }
            provisional.corrections.insert(error.target.clone());
            let places = if in_doubt {
                split_unions(&error.target)
            } else {
                error.places.clone()
            };
            for place in &places {
                provisional.corrected.add_target(place, config);
            }
        }
        for text in decisions {
            let places = Places::from_problem(text, document, config);
            provisional.problems.insert(text.clone(), places);
        }
        provisional
    }

    /// What two sides lack. A problem that both have makes no difference between them.
    pub(super) fn between(old: &Self, new: &Self) -> Self {
        let mut both = old.clone();
        both.corrections.extend(new.corrections.iter().cloned());
        both.corrected.extend(&new.corrected);
        both.problems.retain(|text, _| !new.problems.contains_key(text));
        let only_new = new
            .problems
            .iter()
            .filter(|(text, _)| !old.problems.contains_key(*text));
        both.problems
            .extend(only_new.map(|(text, places)| (text.clone(), places.clone())));
        both
    }

    /// Whether nothing is lacking.
    pub fn is_empty(&self) -> bool {
        self.corrections.is_empty() && self.problems.is_empty()
    }

    /// The problems that need a decision.
    pub fn problems(&self) -> impl ExactSizeIterator<Item = &String> {
        self.problems.keys()
    }

    /// Whether a row depends on what is lacking. `surfaces` have the addresses of calls.
    pub(super) fn touches(&self, row: &Row, surfaces: &[&Surface]) -> bool {
        let mut places = std::iter::once(&self.corrected).chain(self.problems.values());
        row.rule.is_of_code() && places.any(|places| places.touch(row, surfaces))
    }
}

impl Places {
    fn extend(&mut self, other: &Self) {
        self.types.extend(other.types.iter().cloned());
        self.fields.extend(other.fields.iter().cloned());
        self.operations.extend(other.operations.iter().cloned());
        self.all |= other.all;
    }

    /// Our names of a published schema, in this document and in the one before.
    fn type_names(published: &str, config: &Config) -> BTreeSet<String> {
        let all = [Some(published), config.renames.new_name(published)];
        let ours = all.into_iter().flatten().map(|published| {
            let chosen = config.names.schemas.get(published).cloned();
            chosen.unwrap_or_else(|| names::type_name(published))
        });
        ours.collect()
    }

    /// The places that the text of a problem names: schemas and their fields, operations, and types by our names.
    fn from_problem(text: &str, document: &Value, config: &Config) -> Self {
        let mut places = Self::default();
        for (published, _) in document::schemas(document) {
            let names = Self::type_names(published, config);
            // Steps after the renaming know a schema by our name.
            let known = names.iter().map(String::as_str).chain([published.as_str()]);
            let found: BTreeSet<&str> = known.flat_map(|name| whole(text, name)).collect();
            for rest in found {
                let field = rest.strip_prefix('.').map(leading_name);
                match field.filter(|field| !field.is_empty()) {
                    Some(field) => {
                        let fields = names.iter().map(|ours| (ours.clone(), field.clone()));
                        places.fields.extend(fields);
                    }
                    None => places.types.extend(names.iter().cloned()),
                }
            }
        }
        for message in sbe::messages(document) {
            for rest in whole(text, message) {
                match rest.strip_prefix('.').map(leading_name) {
                    Some(field) => drop(places.fields.insert((message.clone(), field))),
                    None => drop(places.types.insert(message.clone())),
                }
            }
        }
        for (key, _) in document::operations(document) {
            let path = key.split_once(' ').map_or("", |(_, path)| path);
            if whole(text, &key).next().is_some() {
                places.operations.insert(key);
            } else if text.starts_with(path) && whole(text, path).next().is_some() {
                places.operations.insert(format!(" {path}"));
            }
        }
        let is_of_word = |c: char| c.is_alphanumeric() || "_.-/".contains(c);
        let words = text.split(|c| !is_of_word(c));
        let is_type = |word: &&str| {
            let first = word.starts_with(|c: char| c.is_ascii_uppercase());
            first
                && word.chars().all(char::is_alphanumeric)
                && word.contains(|c: char| c.is_ascii_lowercase())
        };
        places.types.extend(words.filter(is_type).map(str::to_owned));
        places.all = places.types.is_empty() && places.fields.is_empty() && places.operations.is_empty();
        places
    }

    /// The place of a correction, a JSONPath.
    fn add_target(&mut self, place: &str, config: &Config) {
        let steps = segments(place);
        let names: Vec<Option<String>> = steps.iter().map(|step| name(step)).collect();
        let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
        match names.as_slice() {
            [_, Some("components"), Some("schemas"), Some(published), rest @ ..] => {
                for ours in Self::type_names(published, config) {
                    match rest {
                        [Some("properties"), Some(field), ..] => {
                            self.fields.insert((ours, (*field).to_owned()));
                        }
                        _ => {
                            self.types.insert(ours);
                        }
                    }
                }
            }
            [_, Some("paths"), Some(path), rest @ ..] => {
                let method = match rest {
                    [Some(method), ..] => method.to_uppercase(),
                    [None, ..] | [] => String::new(),
                };
                for path in [Some(*path), config.renames.new_name(path)].into_iter().flatten() {
                    self.operations.insert(format!("{method} {path}"));
                }
            }
            _ => self.all = true,
        }
    }

    /// Whether a row about code is about one of the places.
    fn touch(&self, row: &Row, surfaces: &[&Surface]) -> bool {
        if self.all {
            return true;
        }
        let place = row.place.as_str();
        let of_type = place
            .strip_prefix("types::")
            .or_else(|| place.strip_prefix("sbe::"));
        if let Some(place) = of_type {
            let name = leading_name(place);
            let rest = place.strip_prefix(name.as_str()).unwrap_or_default();
            let by_field = |(of, field): &(String, String)| {
                if *of == name {
                    // What the type does as a whole, such as its traits, can depend on each of its fields.
                    let other = rest.strip_prefix('.').map(leading_name);
                    return other.is_none_or(|other| document::folded(&other) == document::folded(field));
                }
                // A type that is described at a field is called after both.
                let rest = name.strip_prefix(of.as_str());
                rest.is_some_and(|rest| rest.starts_with(&field.to_upper_camel_case()))
            };
            return self.types.contains(&name) || self.fields.iter().any(by_field);
        }
        let Some(name) = place
            .strip_prefix("builder::")
            .or_else(|| place.strip_prefix("Client::"))
            .map(leading_name)
        else {
            return false;
        };
        let mut calls = surfaces.iter().flat_map(|surface| surface.calls());
        calls.any(|(call, address)| {
            document::folded(call) == document::folded(&name)
                && self.operations.iter().any(|operation| is_at(address, operation))
        })
    }
}

/// The letters, digits and underscores that a text begins with.
fn leading_name(text: &str) -> String {
    let is_of_name = |c: &char| c.is_alphanumeric() || *c == '_';
    text.chars().take_while(is_of_name).collect()
}

/// What follows a name in a text, each time that it occurs as a whole.
fn whole<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let is_of_name = |c: char| c.is_alphanumeric() || "_-/{".contains(c);
    let found = text.match_indices(name).filter_map(move |(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at + name.len()..)?);
        let is_whole = !before.ends_with(|c| is_of_name(c) || c == '.') && !rest.starts_with(is_of_name);
        is_whole.then_some(rest)
    });
    found.filter(|_| !name.is_empty())
}

/// Whether an address, such as `GET /v1/orders`, is that of an operation, for which the version may be left out.
fn is_at(address: &str, operation: &str) -> bool {
    let (Some((method, path)), Some((wanted, published))) =
        (address.split_once(' '), operation.split_once(' '))
    else {
        return false;
    };
    let below_version = path.split_once("/v").and_then(|(_, rest)| rest.split_once('/'));
    let below_version = below_version.filter(|(version, _)| version.parse::<u8>().is_ok());
    (wanted.is_empty() || method == wanted)
        && (path == published
            || below_version.is_some_and(|(_, path)| published.strip_prefix('/') == Some(path)))
}

/// The name in a step of a JSONPath: of `.a` or `['a']`.
fn name(step: &str) -> Option<String> {
    let inner = match step.strip_prefix('.') {
        Some(name) => return (!name.contains(['*', '.'])).then(|| name.to_owned()),
        None => step.strip_prefix('[')?.strip_suffix(']')?.trim(),
    };
    match inner.strip_prefix('\'') {
        Some(rest) => Some(rest.strip_suffix('\'')?.to_owned()),
        None => serde_json::from_str(inner).ok(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Places, is_at, name};
    use crate::config::Config;

    #[test]
    fn address_is_that_of_its_operation_alone() {
        for (operation, is) in [
            ("GET /orders", true),
            ("GET /v1/orders", true),
            (" /orders", true),
            ("POST /orders", false),
            ("GET /v2/orders", false),
            ("GET /order", false),
            ("GET /rders", false),
        ] {
            assert_eq!(is_at("GET /v1/orders", operation), is, "{operation}");
        }
        assert!(!is_at("GET /v1/block/orders", "GET /orders"));
        assert!(is_at("GET /values/a", "GET /values/a"));
    }

    #[test]
    fn step_has_a_name_if_it_is_one() {
        for (step, found) in [
            (".a", Some("a")),
            ("['r.A']", Some("r.A")),
            ("[\"r.A\"]", Some("r.A")),
            (".*", None),
            ("..a", None),
            ("[*]", None),
            ("[?@.name=='size']", None),
        ] {
            assert_eq!(name(step).as_deref(), found, "{step}");
        }
    }

    #[test]
    fn problem_is_about_the_names_in_its_text() {
        let document = json!({"paths": {"/orders": {"get": {}}, "/orders/{id}": {"get": {}, "put": {}}},
            "components": {"schemas": {"r.Order": {}, "r.Order.Leg": {}, "r.OrderResp": {}}}});
        let found = |text: &str| {
            let places = Places::from_problem(text, &document, &Config::default());
            let fields = places
                .fields
                .into_iter()
                .map(|(of, field)| format!("{of}.{field}"));
            let all = fields.chain(places.types).chain(places.operations);
            (all.collect::<Vec<_>>(), places.all)
        };
        for (text, names) in [
            (
                "`r.Order.api_secret` sounds like a secret",
                &["Order.api_secret"][..],
            ),
            (
                "Order.legs: an object is described where it is used",
                &["Order.legs"],
            ),
            ("schemas r.Order: a choice between types", &["Order"]),
            (
                "schema `r.Order` and type `x` would both be called Order; the first is called Order2",
                &["Order", "Order2"],
            ),
            (
                "GET /orders/{id}: parameter `x` travels in a cookie",
                &["GET /orders/{id}"],
            ),
            ("/orders/{id}: a parameter is only a part", &[" /orders/{id}"]),
        ] {
            assert_eq!(
                found(text),
                (names.iter().map(|name| (*name).to_owned()).collect(), false),
                "{text}"
            );
        }
        assert_eq!(found("the document names no server"), (Vec::new(), true));
    }
}
