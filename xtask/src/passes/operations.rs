//! The table of operations.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{Model, OperationModel, doc};
use crate::document::{self, text};

/// Writes the module `operations`.
pub fn table(model: &Model<'_>) -> TokenStream {
    let rows = model.operations.iter().map(|operation| row(operation, model));
    let names = model
        .operations
        .iter()
        .map(|operation| format_ident!("{}", operation.constant()));
    let secrets = model.secret_names();
    quote! {
        #![doc = "Every operation as a static value, for layers that decide by operation."]
        #![allow(unused_imports, reason = "not every document has parameters")]

        use crate::operation::{Body, Location, Method, Operation, Paging, Parameter, Security};

        #(#rows)*

        /// Every operation, by path and method.
        pub static ALL: &[&Operation] = &[#(&#names),*];

        /// The names of all fields and headers that can hold a secret. Code that shows bodies must not show the value of a field
        /// with such a name, even where the name is also used for something harmless.
        pub static SECRET_NAMES: &[&str] = &[#(#secrets),*];

        /// The operation with this [`id`](Operation::id) or this id in the published document.
        pub fn find(id: &str) -> Option<&'static Operation> {
            let named = |operation: &&&'static Operation| {
                operation.id == id || operation.upstream_id == Some(id)
            };
            ALL.iter().find(named).copied()
        }
    }
}

fn row(operation: &OperationModel<'_>, model: &Model<'_>) -> TokenStream {
    let name = format_ident!("{}", operation.constant());
    let OperationModel {
        id,
        path,
        secret_response,
        ..
    } = operation;
    let words = doc(&format!("`{} {path}`", operation.method));
    let upstream = match operation.upstream_id {
        Some(id) => quote!(Some(#id)),
        None => quote!(None),
    };
    let method = format_ident!(
        "{}",
        heck::ToUpperCamelCase::to_upper_camel_case(operation.method.as_str())
    );
    let security = security(operation.value);
    let body = body(operation.value, model);
    let paging = paging(operation.value, model);
    let parameters = ordered(operation, model).into_iter().map(|parameter| {
        let name = text(parameter, "name").unwrap_or_default();
        let required = parameter.get("required") == Some(&Value::Bool(true));
        let location = match text(parameter, "in") {
            Some("path") => quote!(Location::Path),
            Some("header") => quote!(Location::Header),
            _ => quote!(Location::Query),
        };
        quote!(Parameter::new(#name, #location, #required))
    });
    quote! {
        #words
        pub static #name: Operation = Operation {
            id: #id,
            upstream_id: #upstream,
            method: Method::#method,
            path: #path,
            security: Security::#security,
            body: Body::#body,
            paging: #paging,
            secret_response: #secret_response,
            parameters: &[#(#parameters),*],
        };
    }
}

/// The parameters in the order of the table: path, query, header, each by name.
fn ordered<'b>(operation: &OperationModel<'b>, model: &'b Model<'b>) -> Vec<&'b Value> {
    let mut all: Vec<&Value> = document::parameters(operation.value)
        .map(|parameter| model.resolve(parameter))
        .collect();
    all.sort_by_key(|parameter| {
        let place = match text(parameter, "in") {
            Some("path") => 0,
            Some("header") => 2,
            _ => 1,
        };
        (place, text(parameter, "name").map(str::to_owned))
    });
    all
}

/// The place of a parameter in the table.
pub fn order(operation: &OperationModel<'_>, model: &Model<'_>, name: &str) -> usize {
    ordered(operation, model)
        .iter()
        .position(|parameter| text(parameter, "name") == Some(name))
        .unwrap_or(usize::MAX)
}

fn security(operation: &Value) -> TokenStream {
    let choices = operation.get("security").and_then(Value::as_array);
    let choices = choices.map(Vec::as_slice).unwrap_or_default();
    let empty = |choice: &Value| choice.as_object().is_some_and(serde_json::Map::is_empty);
    if choices.iter().all(empty) {
        quote!(Public)
    } else if choices.iter().any(empty) {
        quote!(Optional)
    } else {
        quote!(Bearer)
    }
}

fn body(operation: &Value, model: &Model<'_>) -> TokenStream {
    match operation.get("requestBody").map(|body| model.resolve(body)) {
        None => quote!(None),
        Some(body) if body.get("required") == Some(&Value::Bool(true)) => quote!(Json),
        Some(_) => quote!(OptionalJson),
    }
}

fn paging(operation: &Value, model: &Model<'_>) -> TokenStream {
    let find = |name: &str| {
        document::parameters(operation)
            .map(|parameter| model.resolve(parameter))
            .find(|parameter| text(parameter, "name") == Some(name) && text(parameter, "in") == Some("query"))
    };
    if find("cursor").is_none() {
        return quote!(Paging::None);
    }
    let most = find("page_size").and_then(|parameter| parameter.pointer("/schema/maximum")?.as_u64());
    let most = match most.and_then(|most| u32::try_from(most).ok()) {
        Some(most) => quote!(Some(#most)),
        None => quote!(None),
    };
    quote!(Paging::Cursor { max_page_size: #most })
}
