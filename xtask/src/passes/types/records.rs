//! Records: how each reads and writes its fields, and constructors for what is sent.

use anyhow::Context;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemStruct, Type};

use super::syntax::{inner, is_option, is_plain, is_string, renamed, shortened, unraw};
use super::type_doc;
use crate::document::{self, text};
use crate::generate;
use crate::passes::{Model, doc};

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

pub(super) fn record(item: &ItemStruct, secret: bool, model: &Model<'_>) -> anyhow::Result<TokenStream> {
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
    let blanks = fields.iter().map(|field| {
        let (ident, blank) = (field.ident, blank(&field.ty));
        quote!(#ident: #blank,)
    });
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
            // For a field that the request requires, an empty list differs from a missing one.
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

/// The value of a field that is absent. Most fields are options, and `None` compiles much faster than a call.
fn blank(ty: &syn::Type) -> TokenStream {
    match is_option(ty) {
        true => quote!(None),
        false => quote!(Wire::blank()),
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
            (false, _, _) => {
                let blank = blank(&field.ty);
                quote!(#ident: #blank,)
            }
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
        "Creates a value with no field set.".to_owned()
    } else {
        format!("Creates a value with the required fields: {list}.")
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

/// The name of a setter, distinct from the other methods of its type.
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
