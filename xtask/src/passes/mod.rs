//! Passes over the syntax tree that progenitor writes, one idea each.

pub mod builders;
pub mod calls;
pub mod channels;
pub mod operations;
pub mod types;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase};
use serde_json::Value;

use crate::config::{Config, Names};
use crate::document::{self, text};
use crate::generate;
use crate::report::printable;
use crate::reshape::Corrected;
use crate::reshape::annotate::SECRET;
use crate::reshape::describe::VALUES;
use crate::retired::Retired;

/// What the passes need to know about the document.
pub struct Model<'a> {
    document: &'a Value,
    /// Folded type name to the name and schema of the component.
    components: BTreeMap<String, (&'a str, &'a Value)>,
    /// Components that a request body reaches.
    pub in_requests: BTreeSet<String>,
    /// Components that a response reaches.
    pub in_responses: BTreeSet<String>,
    /// Components that only channels and methods of the WebSocket API reach.
    pub only_streamed: BTreeSet<String>,
    /// Every operation, by id.
    pub operations: Vec<OperationModel<'a>>,
    /// Our names for enum values.
    pub names: &'a Names,
    /// Values that keep their variants.
    pub retired: &'a Retired,
}

/// An operation of the document.
pub struct OperationModel<'a> {
    /// Its id in snake case.
    pub id: String,
    /// Its id in the published document.
    pub upstream_id: Option<&'a str>,
    /// Its method, in capitals.
    pub method: String,
    /// Its path.
    pub path: &'a str,
    /// The operation object.
    pub value: &'a Value,
    /// Whether its response can hold a secret.
    pub secret_response: bool,
}

impl OperationModel<'_> {
    /// The name of its static in `operations`.
    pub fn constant(&self) -> String {
        self.id.to_shouty_snake_case()
    }
}

impl<'a> Model<'a> {
    /// Looks at the corrected document.
    pub fn new(corrected: &'a Corrected, config: &'a Config) -> Self {
        let document = &corrected.document;
        let components = document::schemas(document)
            .map(|(name, schema)| (document::folded(name), (name.as_str(), schema)))
            .collect();
        let (in_requests, in_responses) = generate::directions(document);
        let secret = secret_components(document);
        let operations = document::entries(document.get("paths"))
            .flat_map(|(path, item)| {
                crate::canonical::METHODS
                    .iter()
                    .filter_map(move |method| Some((path, *method, item.get(method)?)))
            })
            .map(|(path, method, value)| {
                let id = text(value, "operationId").unwrap_or_default();
                let success = generate::success(value.get("responses")).map(|(_, response)| response);
                let response = generate::reachable(document, success.into_iter());
                OperationModel {
                    id: id.to_snake_case(),
                    upstream_id: corrected.upstream_ids.get(id).and_then(Option::as_deref),
                    method: method.to_uppercase(),
                    path,
                    value,
                    secret_response: !response.is_disjoint(&secret),
                }
            })
            .collect();
        Self {
            document,
            components,
            in_requests,
            in_responses,
            only_streamed: generate::only_streamed(document),
            operations,
            names: &config.names,
            retired: &config.retired,
        }
    }

    /// The component that a generated type stands for.
    pub fn component(&self, type_name: &str) -> Option<(&'a str, &'a Value)> {
        self.components.get(&document::folded(type_name)).copied()
    }

    /// The names of all components.
    pub fn component_names(&self) -> impl Iterator<Item = &'a str> {
        self.components.values().map(|(name, _)| *name)
    }

    /// The names of all fields and parameters that can hold a secret.
    pub fn secret_names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let is_secret = |schema: &Value| {
            let mut place = schema;
            while let Some(items) = place.get("items") {
                place = items;
            }
            text(place, "format") == Some(SECRET)
        };
        document::walk(self.document, &mut |value| {
            if let Some(Value::Object(properties)) = value.get("properties") {
                let secret = properties.iter().filter(|(_, schema)| is_secret(schema));
                names.extend(secret.map(|(name, _)| name.clone()));
            }
            if let (Some(name), Some(schema)) = (text(value, "name"), value.get("schema"))
                && is_secret(schema)
            {
                names.insert(name.to_owned());
            }
        });
        names
    }

    /// The corrected document.
    pub fn document(&self) -> &'a Value {
        self.document
    }

    /// Resolves a reference to a component of any kind.
    pub fn resolve<'b>(&'b self, value: &'b Value) -> &'b Value {
        text(value, "$ref")
            .and_then(|target| self.document.pointer(target.strip_prefix('#')?))
            .unwrap_or(value)
    }

    /// The words for the values of an enumeration.
    pub fn value_description(&self, type_name: &str, value: &str) -> Option<&'a str> {
        let (_, schema) = self.component(type_name)?;
        text(schema.get(VALUES)?, value)
    }
}

/// The components with a secret field of their own.
fn secret_components(document: &Value) -> BTreeSet<String> {
    document::schemas(document)
        .filter(|(_, schema)| {
            let mut found = false;
            document::walk(schema, &mut |value| {
                found |= text(value, "format") == Some(SECRET);
            });
            found
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// A doc comment, as an attribute.
pub fn doc(text: &str) -> proc_macro2::TokenStream {
    let lines = text.trim().lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {}", printable(line))
        };
        quote::quote!(#[doc = #line])
    });
    quote::quote!(#(#lines)*)
}
