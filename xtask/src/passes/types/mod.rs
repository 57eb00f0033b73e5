//! The types: open enumerations, records that are read leniently, constructors for requests, and no JSON schemas in doc comments.
//!
//! The fields of typify's structs are kept, and everything else is replaced: the serde attributes become an implementation of
//! `Record` (see `paradex-api/src/wire`), the builder types become `new` and setters on request types, and the schemas in doc
//! comments are dropped.

mod enums;
mod records;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit as _;
use syn::{Fields, Item, ItemMod};

use super::{Model, doc};
use crate::document::text;
use crate::generate::ident;
use crate::report::quoted;
use enums::open_enum;
use records::record;
pub use records::setter;
pub use syntax::{inner, is_named, is_string, shortened};

/// Writes the module `types`.
///
/// # Errors
///
/// progenitor's output does not have the expected form.
pub fn rewrite(source: &syn::File, model: &Model<'_>) -> anyhow::Result<TokenStream> {
    let module = source
        .items
        .iter()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == "types" => Some(module),
            _ => None,
        })
        .context("progenitor wrote no module `types`")?;
    let secret = secret_types(module);
    let streamed = |name: &syn::Ident| is_only_streamed(&name.to_string(), model);
    let mut items = Vec::new();
    let (mut records, mut streamed_records) = (Vec::new(), Vec::new());
    let mut schemas = BTreeSet::new();
    for item in contents(module) {
        match item {
            Item::Struct(item) => match &item.fields {
                Fields::Named(_) => {
                    schemas.insert(item.ident.to_string());
                    let secret = secret.contains(&item.ident.to_string());
                    let tokens = record(item, secret, model)?;
                    if streamed(&item.ident) {
                        streamed_records.push(item.ident.clone());
                        items.push(gated(tokens)?);
                    } else {
                        records.push(item.ident.clone());
                        items.push(tokens);
                    }
                }
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let inner = &fields.unnamed[0].ty;
                    let name = &item.ident;
                    let docs = type_doc(&name.to_string(), model);
                    let gate = streamed(name).then(gate);
                    items.push(quote!(#docs #gate pub type #name = #inner;));
                }
                _ => anyhow::bail!("`{}` is a struct of an unknown form", item.ident),
            },
            Item::Enum(item) => match open_enum(item, model)? {
                Some(tokens) => {
                    schemas.insert(item.ident.to_string());
                    items.push(match streamed(&item.ident) {
                        true => gated(tokens)?,
                        false => tokens,
                    });
                }
                None => anyhow::bail!(
                    "`{}` is neither an enumeration of texts nor an object; give it another form in \
                     corrections.yaml",
                    item.ident
                ),
            },
            _ => {}
        }
    }
    items.extend(old_names(contents(module), model)?);
    let gate = (!streamed_records.is_empty()).then(gate);
    let streamed_records = gate.map(|gate| quote!(#gate record!(#(#streamed_records)*);));
    let schemas = schema_impls(&schemas, model)?;
    Ok(quote! {
        #![doc = "The types of the API, in alphabetical order."]
        #![allow(unused_imports, reason = "not every document has every kind of field")]
        #![allow(clippy::should_implement_trait, reason = "setters are called as the fields are, and one field is called `add`")]

        use std::collections::BTreeMap;

        use rust_decimal::Decimal;
        use serde::de::MapAccess;
        use serde::ser::SerializeMap;

        use crate::Secret;
        use crate::wire::{
            Entries, Fields, Kline, PriceLevel, Record, UnknownValue, Undecoded, Wire, open_enum, record,
        };

        #(#items)*

        record!(#(#records)*);
        #streamed_records
        #schemas
    })
}

/// Whether only channels and methods of the WebSocket API use a type.
fn is_only_streamed(type_name: &str, model: &Model<'_>) -> bool {
    let component = model.component(type_name);
    component.is_some_and(|(name, _)| model.only_streamed.contains(name))
}

/// The attribute of what only a program with a WebSocket needs.
fn gate() -> TokenStream {
    quote!(#[cfg(feature = "stream")])
}

/// The same items, compiled for programs with a WebSocket alone.
fn gated(items: TokenStream) -> anyhow::Result<TokenStream> {
    let file: syn::File = syn::parse2(items).context("a pass wrote no items")?;
    let (gate, items) = (gate(), &file.items);
    Ok(quote!(#(#gate #items)*))
}

/// Names that types had, for code that still uses them.
fn old_names<'a>(
    items: impl Iterator<Item = &'a Item>,
    model: &Model<'_>,
) -> anyhow::Result<Vec<TokenStream>> {
    let types: BTreeSet<String> = items
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut names = Vec::new();
    for (entry, was, now) in model.retired.names() {
        if !types.contains(now) || types.contains(was) {
            continue;
        }
        let docs = doc(&format!("The old name of {}.", quoted(now)));
        let since = entry.since.as_ref().map(|since| quote!(since = #since,));
        let gate = is_only_streamed(now, model).then(gate);
        let (was, now, note) = (ident(was)?, ident(now)?, entry.note());
        names.push(quote!(#docs #gate #[deprecated(#since note = #note)] pub type #was = #now;));
    }
    Ok(names)
}

fn contents(module: &ItemMod) -> impl Iterator<Item = &Item> {
    module.content.iter().flat_map(|(_, items)| items)
}

/// The types that hold a secret, themselves or in a type inside them.
fn secret_types(module: &ItemMod) -> BTreeSet<String> {
    let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in contents(module) {
        if let Item::Struct(item) = item {
            let mut words = Words(BTreeSet::new());
            item.fields.iter().for_each(|field| words.visit_type(&field.ty));
            parts.insert(item.ident.to_string(), words.0);
        }
    }
    let mut found = BTreeSet::from(["Secret".to_owned()]);
    loop {
        let before = found.len();
        for (name, parts) in &parts {
            if !found.contains(name) && !parts.is_disjoint(&found) {
                found.insert(name.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Every name in a type.
struct Words(BTreeSet<String>);

impl<'ast> syn::visit::Visit<'ast> for Words {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        self.0.insert(segment.ident.to_string());
        syn::visit::visit_path_segment(self, segment);
    }
}

fn type_doc(name: &str, model: &Model<'_>) -> TokenStream {
    let words = model
        .component(name)
        .and_then(|(_, schema)| text(schema, "description"));
    match words {
        Some(words) => doc(words),
        None => doc(&format!(
            "`{name}`, which the document defines in the place where it is used."
        )),
    }
}

/// A JSON schema for every type that the document names, behind a feature.
fn schema_impls(types: &BTreeSet<String>, model: &Model<'_>) -> anyhow::Result<TokenStream> {
    let mut rows = Vec::new();
    for component in model.component_names() {
        let Ok(name) = ident(&heck::ToUpperCamelCase::to_upper_camel_case(component)) else {
            continue;
        };
        // Whatever else has a name here is another name for a type that is not ours.
        if types.contains(&name.to_string()) {
            let gate = is_only_streamed(&name.to_string(), model).then(gate);
            rows.push(quote!(#gate #name = #component));
        }
    }
    Ok(quote! {
        #[cfg(feature = "schemars")]
        crate::wire::json_schema!(#(#rows,)*);
    })
}
