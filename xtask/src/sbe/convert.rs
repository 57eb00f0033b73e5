//! Writes the conversions of messages into the records of the REST API.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::model::{FieldModel, JsonKind, JsonPlace, Kind, MessageModel};
use super::schema::Primitive;
use super::views::method_to;

/// The conversion of a message; nothing if JSON has no such record.
pub fn conversion(message: &MessageModel) -> TokenStream {
    let Some(record) = &message.record else {
        return TokenStream::new();
    };
    let name = format_ident!("{}", message.name);
    let mut plain = Vec::new();
    // By the field that holds the nested record: its type, and its fields.
    let mut nested: BTreeMap<Ident, (Ident, Vec<(Ident, TokenStream)>)> = BTreeMap::new();
    let all: Vec<_> = message.fields.iter().chain(&message.data).collect();
    for field in &all {
        let Some(json) = &field.json else { continue };
        if json.unless.is_some() {
            continue;
        }
        let mut value = expression(field, json);
        let fallbacks = all.iter().filter_map(|other| Some((other, other.json.as_ref()?)));
        for (other, place) in fallbacks.filter(|(_, place)| place.unless.as_ref() == Some(&field.name)) {
            let other = expression(other, place);
            value = quote!(#value.or(#other));
        }
        let target = &json.field;
        match &json.parent {
            None => plain.push(quote!(record.#target = #value;)),
            Some((outer, kind)) => {
                let entry = nested
                    .entry(outer.clone())
                    .or_insert_with(|| (kind.clone(), Vec::new()));
                entry.1.push((target.clone(), value));
            }
        }
    }
    let nested = nested.iter().map(|(outer, (kind, fields))| {
        let (names, values): (Vec<_>, Vec<_>) = fields.iter().map(|(name, value)| (name, value)).unzip();
        quote! {
            let mut inner = <types::#kind as Record>::blank();
            #(inner.#names = #values;)*
            let is_present = #(inner.#names.is_some())||*;
            record.#outer = is_present.then_some(inner);
        }
    });
    quote! {
        impl From<#name<'_>> for types::#record {
            fn from(event: #name<'_>) -> Self {
                let mut record = <types::#record as Record>::blank();
                #(#plain)*
                #(#nested)*
                record
            }
        }
    }
}

/// The value of a JSON field.
fn expression(field: &FieldModel, json: &JsonPlace) -> TokenStream {
    let rust = &field.rust;
    let optional = field.is_optional();
    let get = quote!(event.#rust());
    // The method that converts a value, and whether its result is an option.
    let (convert, is_option) = match (&field.kind, &json.kind) {
        (Kind::Integer { is_time: true, .. }, JsonKind::Integer) => (quote!(json::milliseconds), false),
        (
            Kind::Integer {
                primitive: Primitive::Int64,
                ..
            },
            JsonKind::Integer,
        ) => {
            // It is the same in both.
            return match optional {
                true => get,
                false => quote!(Some(#get)),
            };
        }
        (Kind::Integer { .. }, JsonKind::Integer) => (quote!(|value| i64::try_from(value).ok()), true),
        (Kind::Integer { .. }, _) => (quote!(f64::from), false),
        (Kind::Decimal { .. }, _) => match &json.negative_when {
            None => (quote!(json::decimal), false),
            Some((other, kind, variant)) => (
                quote!(|size| json::signed(size, event.#other() == #kind::#variant)),
                false,
            ),
        },
        (Kind::Enum(own), JsonKind::Enum(other)) => {
            let to = method_to(other);
            (quote!(#own::#to), true)
        }
        (Kind::Enum(own), _) => (quote!(#own::to_text), true),
        (Kind::Set(own), JsonKind::Enums(other)) => {
            let to = method_to(format_args!("{other}s"));
            (quote!(#own::#to), false)
        }
        (Kind::Account, _) => (quote!(json::account), true),
        (Kind::Text, _) => (quote!(json::text), true),
        (Kind::Set(_), _) => (quote!(drop), false),
    };
    if matches!(json.kind, JsonKind::Enums(_)) {
        return match optional {
            true => quote!(#get.map(#convert).unwrap_or_default()),
            false => quote!(#convert(#get)),
        };
    }
    match (optional, is_option) {
        (true, true) => quote!(#get.and_then(#convert)),
        (true, false) => quote!(#get.map(#convert)),
        (false, true) if matches!(field.kind, Kind::Integer { .. }) => quote!(i64::try_from(#get).ok()),
        (false, true) => quote!(#convert(#get)),
        (false, false) => match &json.negative_when {
            None => quote!(Some(#convert(#get))),
            Some((other, kind, variant)) => {
                quote!(Some(json::signed(#get, event.#other() == #kind::#variant)))
            }
        },
    }
}
