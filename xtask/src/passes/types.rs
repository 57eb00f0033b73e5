//! The types: open enumerations, tolerant records, constructors for requests, and no dumps.
//!
//! typify's structs are kept as they are, field by field, and lose everything around them: the serde
//! attributes become an implementation of `Record` (see `paradex-api/src/wire`), the builders of
//! builders become `new` and setters on what is sent, and the printed schemas go.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit as _;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Fields, Item, ItemEnum, ItemMod, ItemStruct, Lit, Type};

use super::{Model, doc};
use crate::document::{self, text};
use crate::generate::{self, ident};
use crate::report::quoted;

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
    let mut items = Vec::new();
    let mut records = Vec::new();
    let mut enumerations = Vec::new();
    for item in contents(module) {
        match item {
            Item::Struct(item) => match &item.fields {
                Fields::Named(_) => {
                    records.push(item.ident.clone());
                    let secret = secret.contains(&item.ident.to_string());
                    items.push(record(item, secret, model)?);
                }
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                    let inner = &fields.unnamed[0].ty;
                    let name = &item.ident;
                    let docs = type_doc(&name.to_string(), model);
                    items.push(quote!(#docs pub type #name = #inner;));
                }
                _ => anyhow::bail!("`{}` is a struct of an unknown form", item.ident),
            },
            Item::Enum(item) => match open_enum(item, model)? {
                Some(tokens) => {
                    enumerations.push(item.ident.to_string());
                    items.push(tokens);
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
    let mut schemas: BTreeSet<String> = records.iter().map(ToString::to_string).collect();
    schemas.extend(enumerations);
    let schemas = schema_impls(&schemas, model)?;
    Ok(quote! {
        #![doc = "The types of the API, in alphabetical order."]
        #![allow(unused_imports, reason = "not every document has every kind of field")]

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
        #schemas
    })
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
        let docs = doc(&format!("What {} was called.", quoted(now)));
        let since = entry.since.as_ref().map(|since| quote!(since = #since,));
        let (was, now, note) = (ident(was)?, ident(now)?, entry.note());
        names.push(quote!(#docs #[deprecated(#since note = #note)] pub type #was = #now;));
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

/// A field of a record.
struct Field<'a> {
    ident: &'a syn::Ident,
    /// Its name on the wire.
    name: String,
    ty: Type,
    /// Without it there is no value to read.
    required: bool,
    /// It is an argument of `new`.
    asked: bool,
    docs: TokenStream,
}

fn record(item: &ItemStruct, secret: bool, model: &Model<'_>) -> anyhow::Result<TokenStream> {
    let type_name = item.ident.to_string();
    let component = model.component(&type_name);
    let schema = component.map(|(_, schema)| schema);
    let component_name = component.map_or(type_name.as_str(), |(name, _)| name);
    let sent = model.in_requests.contains(component_name);
    let strict = sent && !model.in_responses.contains(component_name);
    let asked = schema.map(generate::required).unwrap_or_default();
    let required = schema
        .map(|schema| generate::needed(schema, strict))
        .unwrap_or_default();
    let mut fields = Vec::new();
    for field in &item.fields {
        let ident = field
            .ident
            .as_ref()
            .context("a record has a field without a name")?;
        let name = renamed(&field.attrs).unwrap_or_else(|| unraw(ident));
        let property = schema.and_then(|schema| document::property(schema, &name));
        let words = property
            .and_then(|property| text(property, "description"))
            .map_or_else(
                || format!("`{name}`, which has no description yet."),
                str::to_owned,
            );
        fields.push(Field {
            ident,
            required: required.contains(&name) && !is_option(&field.ty),
            asked: asked.contains(&name),
            docs: doc(&words),
            name,
            ty: shortened(&field.ty),
        });
    }
    let name = &item.ident;
    let docs = type_doc(&type_name, model);
    let constructor = if sent {
        constructor(name, &fields)
    } else {
        TokenStream::new()
    };
    let declared = fields
        .iter()
        .map(|Field { ident, ty, docs, .. }| quote!(#docs pub #ident: #ty,));
    let implementation = implementation(name, &type_name, strict, secret, &fields, sent);
    Ok(quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name {
            #(#declared)*
            pub(crate) undecoded_: Undecoded,
        }
        #constructor
        #implementation
    })
}

fn implementation(
    name: &syn::Ident,
    type_name: &str,
    strict: bool,
    secret: bool,
    fields: &[Field<'_>],
    sent: bool,
) -> TokenStream {
    let secret = secret.then(|| {
        quote!(
            const SECRET: bool = true;
        )
    });
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name.as_str())
        .collect();
    let blanks = fields
        .iter()
        .map(|Field { ident, .. }| quote!(#ident: Wire::blank(),));
    let mut bit = 0u32;
    let reads: Vec<TokenStream> = fields
        .iter()
        .map(
            |Field {
                 ident,
                 name,
                 required,
                 ..
             }| {
                if *required {
                    let this = bit;
                    bit += 1;
                    quote!(#name => fields.required(#this, #name, &mut self.#ident),)
                } else {
                    quote!(#name => fields.field(#name, &mut self.#ident),)
                }
            },
        )
        .collect();
    let writes = fields.iter().map(
        |Field {
             ident,
             name,
             ty,
             required,
             asked,
             ..
         }| {
            // An empty list that is asked for says something else than none.
            if *required || *asked && !is_option(ty) {
                quote!(entries.required(#name, &self.#ident)?;)
            } else {
                quote!(entries.field(#name, &self.#ident)?;)
            }
        },
    );
    // Only what is sent can hold secrets of ours.
    let claims: Vec<TokenStream> = fields
        .iter()
        .filter(|field| sent && !is_plain(&field.ty))
        .map(|Field { ident, .. }| quote!(self.#ident.mark_outgoing();))
        .collect();
    let claim = (!claims.is_empty()).then(|| {
        quote! {
            fn mark_outgoing_fields(&mut self) {
                #(#claims)*
            }
        }
    });
    quote! {
        impl Record for #name {
            const NAME: &'static str = #type_name;
            const STRICT: bool = #strict;
            #secret
            const REQUIRED: &'static [&'static str] = &[#(#required),*];

            fn blank() -> Self {
                Self { #(#blanks)* undecoded_: Undecoded::NONE }
            }

            fn read_field<'de, A: MapAccess<'de>>(
                &mut self,
                name: &str,
                fields: &mut Fields<A>,
            ) -> Result<(), A::Error> {
                match name {
                    #(#reads)*
                    _ => fields.skip(),
                }
            }

            fn write_fields<S: SerializeMap>(&self, entries: &mut Entries<'_, S>) -> Result<(), S::Error> {
                #(#writes)*
                Ok(())
            }

            #claim
        }
    }
}

/// `new` with what is required, and a setter for everything else.
fn constructor(name: &syn::Ident, fields: &[Field<'_>]) -> TokenStream {
    // A type that is received too reads what it asks for as leniently as everything else, so an argument of
    // `new` can be an `Option` there.
    let (required, optional): (Vec<_>, Vec<_>) = fields.iter().partition(|field| field.asked);
    let arguments = required.iter().map(|Field { ident, ty, .. }| {
        let ty = inner(ty, "Option").unwrap_or(ty);
        if is_string(ty) {
            quote!(#ident: impl Into<String>)
        } else {
            quote!(#ident: #ty)
        }
    });
    let values = fields.iter().map(|field| {
        let ident = field.ident;
        let within = inner(&field.ty, "Option");
        match (field.asked, within, is_string(within.unwrap_or(&field.ty))) {
            (false, _, _) => quote!(#ident: Wire::blank(),),
            (true, None, false) => quote!(#ident,),
            (true, None, true) => quote!(#ident: #ident.into(),),
            (true, Some(_), false) => quote!(#ident: Some(#ident),),
            (true, Some(_), true) => quote!(#ident: Some(#ident.into()),),
        }
    });
    let setters = optional.iter().map(|Field { ident, ty, docs, .. }| {
        let ty = inner(ty, "Option").unwrap_or(ty);
        let setter = setter(ident, &["clone", "new", "undecoded"]);
        let value = if inner_of_option(ident, fields) {
            quote!(Some(value))
        } else {
            quote!(value)
        };
        if is_string(ty) {
            let value = if inner_of_option(ident, fields) {
                quote!(Some(value.into()))
            } else {
                quote!(value.into())
            };
            quote! {
                #docs
                pub fn #setter(mut self, value: impl Into<String>) -> Self {
                    self.#ident = #value;
                    self
                }
            }
        } else {
            quote! {
                #docs
                pub fn #setter(mut self, value: #ty) -> Self {
                    self.#ident = #value;
                    self
                }
            }
        }
    });
    let list = required
        .iter()
        .map(|field| format!("`{}`", field.name))
        .collect::<Vec<_>>()
        .join(", ");
    let words = if list.is_empty() {
        "Makes one with nothing set.".to_owned()
    } else {
        format!("Makes one with what is required: {list}.")
    };
    let words = doc(&words);
    let too_many = (required.len() > 7).then(|| {
        quote!(#[allow(clippy::too_many_arguments, reason = "these are the fields that the exchange requires")])
    });
    let default = required.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #name {
            #words
            #too_many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values)* undecoded_: Undecoded::NONE }
            }

            #(#setters)*
        }
        #default
    }
}

/// The name of a setter, told apart from the methods that its type has anyway.
pub fn setter(name: &syn::Ident, own: &[&str]) -> syn::Ident {
    if own.iter().any(|own| name == own) {
        quote::format_ident!("{name}_")
    } else {
        name.clone()
    }
}

fn inner_of_option(ident: &syn::Ident, fields: &[Field<'_>]) -> bool {
    fields
        .iter()
        .any(|field| field.ident == ident && is_option(&field.ty))
}

/// An enumeration of texts; `None` if it is something else.
fn open_enum(item: &ItemEnum, model: &Model<'_>) -> anyhow::Result<Option<TokenStream>> {
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

/// `STOP_LIMIT` is `StopLimit`; a value that begins with a digit gets an `N` before it.
pub fn variant_name(value: &str) -> String {
    let name = heck::ToUpperCamelCase::to_upper_camel_case(value);
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("N{name}")
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
            rows.push(quote!(#name = #component));
        }
    }
    Ok(quote! {
        #[cfg(feature = "schemars")]
        crate::wire::json_schema!(#(#rows,)*);
    })
}

/// The same type, with the paths that the generated modules import written short.
pub fn shortened(ty: &Type) -> Type {
    struct Shorten;
    impl VisitMut for Shorten {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            syn::visit_mut::visit_path_mut(self, path);
            let first = path.segments.first().map(|first| first.ident.to_string());
            let imported = matches!(first.as_deref(), Some("std" | "rust_decimal"))
                || path.segments.len() > 1
                    && path
                        .segments
                        .iter()
                        .any(|segment| segment.ident == "Secret" || segment.ident == "wire");
            if imported && let Some(last) = path.segments.last().cloned() {
                path.leading_colon = None;
                path.segments = std::iter::once(last).collect();
            }
        }
    }
    let mut ty = ty.clone();
    Shorten.visit_type_mut(&mut ty);
    ty
}

/// `#[serde(rename = "…")]`
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // What else stands there is skipped: only the name counts.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: Expr = meta.value()?.parse()?;
                if let Expr::Lit(ExprLit {
                    lit: Lit::Str(text), ..
                }) = value
                    && meta.path.is_ident("rename")
                {
                    found = Some(text.value());
                }
            }
            Ok(())
        });
    }
    found
}

fn unraw(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}

/// The argument of a generic type, if it is this type.
pub fn inner<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

fn is_option(ty: &Type) -> bool {
    inner(ty, "Option").is_some()
}

/// Whether a type is called this, whatever its path.
pub fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Whether a type is the standard `String`.
pub fn is_string(ty: &Type) -> bool {
    is_named(ty, "String")
}

/// A type that can hold no secret.
fn is_plain(ty: &Type) -> bool {
    let ty = inner(ty, "Option").or_else(|| inner(ty, "Vec")).unwrap_or(ty);
    ["String", "i64", "f64", "bool", "Decimal", "Value", "Map"]
        .iter()
        .any(|name| is_named(ty, name))
}
