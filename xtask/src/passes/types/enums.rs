//! Enumerations of texts, open for values that come later.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, ItemEnum};

use super::syntax::{renamed, unraw};
use super::type_doc;
use crate::generate::ident;
use crate::passes::{Model, doc};
use crate::report::quoted;
use crate::reshape::names::variant_name;

/// An enumeration of texts; `None` if it is something else.
pub(super) fn open_enum(item: &ItemEnum, model: &Model<'_>) -> anyhow::Result<Option<TokenStream>> {
    if item
        .variants
        .iter()
        .any(|variant| !matches!(variant.fields, Fields::Unit))
    {
        return Ok(None);
    }
    let name = &item.ident;
    let type_name = name.to_string();
    let own_names = model.names.values.get(&type_name);
    let mut variants = Vec::new();
    let mut rows = Vec::new();
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    for variant in &item.variants {
        let value = renamed(&variant.attrs).unwrap_or_else(|| unraw(&variant.ident));
        let wanted = match own_names.and_then(|names| names.get(&value)) {
            Some(own) => own.clone(),
            None => variant_name(&value),
        };
        let mut unique = wanted.clone();
        let mut number = 1;
        while !taken.insert(unique.clone()) {
            number += 1;
            unique = format!("{wanted}{number}");
        }
        let ident = ident(&unique)?;
        let words = match model.value_description(&type_name, &value) {
            Some(words) => format!("{}: {words}", quoted(&value)),
            None => quoted(&value),
        };
        let words = doc(&words);
        variants.push(quote!(#words #ident,));
        rows.push(quote!(#ident = #value));
    }
    let mut retired = Vec::new();
    for (entry, value, variant) in model.retired.values(&type_name) {
        if !taken.insert(variant.to_owned()) {
            continue;
        }
        let ident = ident(variant)?;
        let note = entry.note();
        let words = doc(&format!("{}, which the exchange no longer lists.", quoted(value)));
        let since = entry.since.as_ref().map(|since| quote!(since = #since,));
        variants.push(quote!(#words #[deprecated(#since note = #note)] #ident,));
        retired.push(quote!(#ident = #value));
    }
    let retired = (!retired.is_empty()).then(|| quote!(retired { #(#retired),* }));
    let docs = type_doc(&type_name, model);
    Ok(Some(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version of the crate does not know; it is written back unchanged.
            Unknown(UnknownValue),
        }
        open_enum!(#name { #(#rows),* } #retired);
    }))
}
