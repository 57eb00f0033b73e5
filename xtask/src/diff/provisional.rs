//! What a comparison does not vouch for: code that was generated without corrections that do not fit.
//!
//! The wire is compared as published, so what is told of it is true whatever is corrected. Code is generated from the
//! corrected document. While a correction fits one document and not the other, the code differs where the correction
//! belongs, and the difference may go when the correction is mended.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;

use super::Row;
use super::surface::Surface;
use crate::config::Config;
use crate::document;
use crate::overlay::{Lack, OverlayError, segments, split_unions};
use crate::reshape::names;

/// The corrections that do not fit a document, and the code that lacks them.
#[derive(Debug, Clone, Default)]
pub struct Unfit {
    /// The targets of the corrections.
    pub targets: BTreeSet<String>,
    /// Our names of types that are touched as a whole.
    types: BTreeSet<String>,
    /// Our names of types, and fields of them that are touched.
    fields: BTreeSet<(String, String)>,
    /// `METHOD /path`, or ` /path` for every method.
    operations: BTreeSet<String>,
    /// Whether a place is none of a single type or operation.
    all: bool,
}

impl Unfit {
    /// The overlay errors that matter for the code of a document. One that upstream has mended does not. On the old side, neither
    /// does one whose place is missing: what it is about was not there yet. But there an action that fits some of its
    /// places may not have been meant for them as they were.
    pub fn of(overlay_errors: &[OverlayError], config: &Config, is_old: bool) -> Self {
        let mut unfit = Self::default();
        let least = if is_old { Lack::Uncorrected } else { Lack::Gone };
        for overlay_error in overlay_errors {
            let in_doubt = is_old && overlay_error.applied;
            if overlay_error.lack < least && !in_doubt {
                continue;
            }
            unfit.targets.insert(overlay_error.target.clone());
            let places = if in_doubt {
                split_unions(&overlay_error.target)
            } else {
                overlay_error.places.clone()
            };
            places.iter().for_each(|place| unfit.note(place, config));
        }
        unfit
    }

    fn note(&mut self, place: &str, config: &Config) {
        let steps = segments(place);
        let names: Vec<Option<String>> = steps.iter().map(|step| name(step)).collect();
        let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
        match names.as_slice() {
            [_, Some("components"), Some("schemas"), Some(published), rest @ ..] => {
                for published in [Some(*published), config.renames.new_name(published)]
                    .into_iter()
                    .flatten()
                {
                    let ours = config.names.schemas.get(published).cloned();
                    let ours = ours.unwrap_or_else(|| names::type_name(published));
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

    /// Both of two.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.targets.extend(other.targets.iter().cloned());
        both.types.extend(other.types.iter().cloned());
        both.fields.extend(other.fields.iter().cloned());
        both.operations.extend(other.operations.iter().cloned());
        both.all |= other.all;
        both
    }

    /// Whether a row depends on one of the corrections. `surfaces` tell which calls belong to an operation.
    pub(super) fn touches(&self, row: &Row, surfaces: &[&Surface]) -> bool {
        if !row.rule.is_of_code() || self.targets.is_empty() {
            return false;
        }
        if self.all {
            return true;
        }
        let item = |of: &str| -> String {
            let is_of_name = |c: &char| c.is_alphanumeric() || *c == '_';
            of.chars().take_while(is_of_name).collect()
        };
        let place = row.place.as_str();
        if let Some(place) = place.strip_prefix("types::") {
            let name = item(place);
            let rest = place.strip_prefix(name.as_str()).unwrap_or_default();
            let by_field = |(of, field): &(String, String)| {
                if *of == name {
                    // What the type does as a whole, such as its traits, can depend on each of its fields.
                    let other = rest.strip_prefix('.').map(item);
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
            .map(item)
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
    use super::{is_at, name};

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
}
