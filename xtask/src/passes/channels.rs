//! The tables of channels and methods of the WebSocket API.

use anyhow::Context;
use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{Model, doc};
use crate::document::{referred, text};
use crate::generate::ident;
use crate::stream;
use crate::stream::pattern::Pattern;

/// Writes the module `stream`.
///
/// # Errors
///
/// A channel lacks what [`stream::settle`] adds.
pub fn tables(model: &Model<'_>) -> anyhow::Result<TokenStream> {
    let (mut channels, mut channel_names) = (Vec::new(), Vec::new());
    for (name, channel) in stream::channels(model.document()) {
        let pattern = Pattern::read(name).with_context(|| format!("CHANNEL {name} is no pattern"))?;
        let constant = ident(&pattern.constant())?;
        channels.push(channel_row(name, &pattern, &constant, channel));
        channel_names.push(constant);
    }
    let (mut methods, mut method_names) = (Vec::new(), Vec::new());
    for (name, method) in stream::methods(model.document()) {
        let constant = ident(&name.to_shouty_snake_case())?;
        methods.push(method_row(name, &constant, method));
        method_names.push(constant);
    }
    Ok(quote! {
        #![doc = "The channels and methods of the WebSocket API as static values."]

        /// Every channel, by name.
        pub static CHANNELS: &[&crate::stream::Channel] = &[#(&channels::#channel_names),*];

        /// Every method, by name.
        pub static METHODS: &[&crate::stream::Method] = &[#(&methods::#method_names),*];

        /// One static for each channel.
        pub mod channels {
            #![allow(unused_imports, reason = "not every document has channels")]

            use crate::stream::{Channel, Parameter, Sequence};

            #(#channels)*
        }

        /// One static for each method.
        pub mod methods {
            #![allow(unused_imports, reason = "not every document has methods")]

            use crate::operations;
            use crate::stream::Method;

            #(#methods)*
        }
    })
}

fn channel_row(name: &str, pattern: &Pattern, constant: &syn::Ident, channel: &Value) -> TokenStream {
    let words = words(channel, &format!("Channel `{name}`."));
    let all = |parameter: &str| {
        let all = channel.get("all").and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).any(|name| name == parameter)
    };
    let parameters = pattern.parameters.iter().map(|parameter| {
        let name = &parameter.name;
        let schema = channel.get("parameters").and_then(|all| all.get(name));
        let values = schema
            .and_then(|schema| schema.get("enum")?.as_array())
            .into_iter()
            .flatten();
        let values = values.filter_map(Value::as_str);
        let (required, all) = (!parameter.optional, all(name));
        quote!(Parameter::new(#name, &[#(#values),*], #required, #all))
    });
    let flag = |key: &str| channel.get(key) == Some(&Value::Bool(true));
    let (private, base_asset) = (flag("private"), flag("base_asset"));
    let payload = match payload(channel, "payload") {
        "" => quote!(None),
        name => quote!(Some(#name)),
    };
    let sequence = channel.get("sequence");
    let field = sequence
        .and_then(|sequence| text(sequence, "field"))
        .unwrap_or_default();
    let sequence = match sequence.and_then(|sequence| text(sequence, "rule")) {
        Some("consecutive") => quote!(Sequence::Consecutive { field: #field }),
        Some("increasing") => quote!(Sequence::Increasing { field: #field }),
        _ => quote!(Sequence::None),
    };
    let sbe = match text(channel, "sbe") {
        Some(template) => quote!(Some(#template)),
        None => quote!(None),
    };
    quote! {
        #words
        pub static #constant: Channel = Channel {
            pattern: #name,
            parameters: &[#(#parameters),*],
            private: #private,
            by_base_asset: #base_asset,
            payload: #payload,
            sequence: #sequence,
            sbe: #sbe,
        };
    }
}

fn method_row(name: &str, constant: &syn::Ident, method: &Value) -> TokenStream {
    let words = words(method, &format!("Method `{name}`."));
    let operation = match text(method, "operation") {
        Some(id) => {
            let id = format_ident!("{}", id.to_shouty_snake_case());
            quote!(Some(&operations::#id))
        }
        None => quote!(None),
    };
    let (params, result) = (payload(method, "params"), payload(method, "result"));
    let auth = method.get("auth") == Some(&Value::Bool(true));
    let errors = stream::error_codes(method).map(proc_macro2::Literal::i64_unsuffixed);
    quote! {
        #words
        pub static #constant: Method = Method {
            name: #name,
            operation: #operation,
            params: #params,
            result: #result,
            needs_auth: #auth,
            errors: &[#(#errors),*],
        };
    }
}

/// The name of the type that a part is.
fn payload<'a>(value: &'a Value, part: &str) -> &'a str {
    value.get(part).and_then(referred).unwrap_or_default()
}

fn words(value: &Value, name: &str) -> TokenStream {
    let parts = [text(value, "summary"), text(value, "description")];
    let parts = std::iter::once(name).chain(parts.into_iter().flatten());
    doc(&parts.collect::<Vec<_>>().join("\n\n"))
}
