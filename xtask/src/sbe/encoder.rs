//! Writes `src/generated/sbe_encoder.rs`: messages that own their fields and write frames, for tests and simulators.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::model::{EntryModel, FieldModel, Kind, MessageModel, Model};
use super::views::null;
use crate::passes::doc;

/// The whole file.
pub fn module(model: &Model) -> TokenStream {
    let entries = model.entries.iter().map(entry_item);
    let messages = model.messages.iter().map(message_item);
    quote! {
        #![doc = "Messages of the SBE schema that own their fields and write frames."]
        #![allow(unused_imports, reason = "not every schema has every kind of field")]

        use rust_decimal::Decimal;

        use crate::sbe;
        use crate::sbe::AccountAddress;
        use crate::sbe::number::NULL;
        use crate::sbe::writer::{Writer, mantissa, nullable};

        #(#messages)*
        #(#entries)*
    }
}

fn message_item(message: &MessageModel) -> TokenStream {
    let name = format_ident!("{}", message.name);
    let about = doc(&message.text);
    let id = message.id;
    let text = doc(&format!(
        "See [`sbe::{}`]. Create one with `..Default::default()`, because later versions of the schema add fields.",
        message.name
    ));
    let fields: Vec<_> = message.fields.iter().chain(&message.data).collect();
    let members = fields.iter().map(|field| member(field));
    let groups = message.groups.iter().map(|group| {
        let (rust, entry, about) = (&group.rust, &group.entry, doc(&group.text));
        quote!(#about pub #rust: Vec<#entry>)
    });
    let defaults = fields.iter().map(|field| {
        let (rust, value) = (&field.rust, default(field));
        quote!(#rust: #value)
    });
    let group_names: Vec<_> = message.groups.iter().map(|group| &group.rust).collect();
    let writes = message.fields.iter().map(write);
    let write_groups = message.groups.iter().map(|group| {
        let rust = &group.rust;
        quote!(writer.group(self.#rust.iter().map(|entry| entry.bytes()));)
    });
    let write_texts = message.data.iter().map(|field| {
        let rust = &field.rust;
        match field.since {
            0 => quote!(writer.text(&self.#rust);),
            since => quote!(writer.add_text(#since, self.#rust.as_deref());),
        }
    });
    let owned = fields.iter().map(|field| {
        let rust = &field.rust;
        match (&field.kind, field.since) {
            (Kind::Text, 0) => quote!(#rust: event.#rust().to_owned()),
            (Kind::Text, _) => quote!(#rust: event.#rust().map(str::to_owned)),
            _ => quote!(#rust: event.#rust()),
        }
    });
    let deprecated = fields
        .iter()
        .any(|field| field.deprecated.is_some())
        .then(|| quote!(#[allow(deprecated, reason = "frames have the field")]));
    quote! {
        #about
        #[doc = ""]
        #text
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct #name {
            #(#members,)*
            #(#groups,)*
        }

        impl #name {
            /// Writes a frame of this version of the schema: without the fields that later versions added, and without those that
            /// are `None` and can be absent.
            pub fn encode(&self, version: u16) -> Vec<u8> {
                let mut writer = Writer::new(version);
                #(#writes)*
                #(#write_groups)*
                #(#write_texts)*
                writer.frame(#id)
            }
        }

        impl Default for #name {
            fn default() -> Self {
                Self {
                    #(#defaults,)*
                    #(#group_names: Vec::new(),)*
                }
            }
        }

        impl From<sbe::#name<'_>> for #name {
            #deprecated
            fn from(event: sbe::#name<'_>) -> Self {
                Self {
                    #(#owned,)*
                    #(#group_names: event.#group_names().iter().map(Into::into).collect(),)*
                }
            }
        }
    }
}

fn entry_item(entry: &EntryModel) -> TokenStream {
    let name = &entry.rust;
    let about = doc(&entry.text);
    let length = usize::from(entry.length);
    let members = entry.fields.iter().map(member);
    let defaults = entry.fields.iter().map(|field| {
        let (rust, value) = (&field.rust, default(field));
        quote!(#rust: #value)
    });
    let names: Vec<_> = entry.fields.iter().map(|field| &field.rust).collect();
    let parts = entry.fields.iter().map(bytes);
    quote! {
        #about
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct #name {
            #(#members,)*
        }

        impl #name {
            fn bytes(&self) -> [u8; #length] {
                let mut block = [0; #length];
                let parts: &[&[u8]] = &[#(&#parts),*];
                for (to, from) in block.iter_mut().zip(parts.iter().copied().flatten()) {
                    *to = *from;
                }
                block
            }
        }

        impl Default for #name {
            fn default() -> Self {
                Self { #(#defaults,)* }
            }
        }

        impl From<sbe::#name> for #name {
            fn from(entry: sbe::#name) -> Self {
                Self { #(#names: entry.#names(),)* }
            }
        }
    }
}

fn member(field: &FieldModel) -> TokenStream {
    let rust = &field.rust;
    let about = doc(&field.text);
    let kind = match &field.kind {
        Kind::Integer { primitive, .. } => {
            let name = format_ident!("{}", primitive.rust());
            quote!(#name)
        }
        Kind::Decimal { .. } => quote!(Decimal),
        Kind::Enum(name) | Kind::Set(name) => quote!(sbe::#name),
        Kind::Account => quote!(AccountAddress),
        Kind::Text => quote!(String),
    };
    match field.is_optional() {
        true => quote!(#about pub #rust: Option<#kind>),
        false => quote!(#about pub #rust: #kind),
    }
}

fn default(field: &FieldModel) -> TokenStream {
    if field.is_optional() {
        return quote!(None);
    }
    match &field.kind {
        Kind::Enum(name) => quote!(sbe::#name::from(0)),
        _ => quote!(Default::default()),
    }
}

/// The bytes of a field of the first version.
fn bytes(field: &FieldModel) -> TokenStream {
    let rust = &field.rust;
    let get = quote!(self.#rust);
    match &field.kind {
        Kind::Integer {
            optional: true,
            primitive,
            ..
        } => {
            let null = null(*primitive);
            quote!(#get.unwrap_or(#null).to_le_bytes())
        }
        Kind::Decimal {
            digits,
            nullable: true,
        } => {
            let digits = Literal::u32_unsuffixed(*digits);
            quote!(nullable(#get, #digits).to_le_bytes())
        }
        _ => value_bytes(field, &get),
    }
}

/// The bytes of a value that is there.
fn value_bytes(field: &FieldModel, get: &TokenStream) -> TokenStream {
    match &field.kind {
        Kind::Integer { .. } => quote!(#get.to_le_bytes()),
        Kind::Decimal { digits, .. } => {
            let digits = Literal::u32_unsuffixed(*digits);
            quote!(mantissa(#get, #digits).to_le_bytes())
        }
        Kind::Enum(_) => quote!([u8::from(#get)]),
        Kind::Set(_) => quote!([#get.bits()]),
        Kind::Account => quote!(*#get.as_bytes()),
        Kind::Text => quote!([]),
    }
}

fn write(field: &FieldModel) -> TokenStream {
    let rust = &field.rust;
    let since = field.since;
    if since == 0 {
        let bytes = bytes(field);
        return quote!(writer.put(#bytes););
    }
    if field.kind.is_nullable() {
        // Null is a value here, so the exchange writes it.
        let bytes = bytes(field);
        let length = usize::from(field.kind.length());
        return quote!(writer.add(#since, Some(#bytes), [0; #length]););
    }
    let bytes = value_bytes(field, &quote!(value));
    let null = match &field.kind {
        Kind::Decimal { .. } => quote!(NULL.to_le_bytes()),
        kind => {
            let length = usize::from(kind.length());
            quote!([0; #length])
        }
    };
    quote!(writer.add(#since, self.#rust.map(|value| #bytes), #null);)
}
