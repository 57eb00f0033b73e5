//! The builders: one request in the making, and one tail for every call.
//!
//! progenitor writes for every operation a struct with a `Result` per argument, a generic setter for
//! each, and a `send` of forty lines. From these the pass reads the arguments and their types; what it
//! writes keeps the request in a hand-written `Call`, and `send` is one line.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::visit::Visit;
use syn::{Item, ItemImpl, ItemStruct, ReturnType, Type};

use super::types::{inner, is_named, is_string, setter};
use super::{Model, OperationModel, doc};
use crate::document::{folded, text};
use crate::generate::ident;
use crate::report::quoted;

/// The builders of all operations.
pub struct Builders {
    /// One for each operation, by its name.
    pub all: Vec<Builder>,
}

/// The builder of one operation.
pub struct Builder {
    /// The name of the method on the client.
    pub method: syn::Ident,
    /// The name of the builder.
    pub name: syn::Ident,
    /// The name of the static that describes the operation.
    pub constant: syn::Ident,
    /// The type of its response.
    pub response: Type,
    /// The parameters, in the order of the operation's table.
    pub parameters: Vec<Argument>,
    /// The type of the body.
    pub body: Option<Type>,
    docs: TokenStream,
}

/// A parameter of an operation.
pub struct Argument {
    /// The name of its setter.
    pub ident: syn::Ident,
    /// Its name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Type,
    docs: TokenStream,
}

/// Reads progenitor's builders.
///
/// # Errors
///
/// progenitor's output does not have the expected form.
pub fn rewrite(source: &syn::File, model: &Model<'_>) -> anyhow::Result<Builders> {
    let module = source
        .items
        .iter()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == "builder" => module.content.as_ref(),
            _ => None,
        })
        .context("progenitor wrote no module `builder`")?;
    let mut structs: BTreeMap<String, &ItemStruct> = BTreeMap::new();
    let mut responses: BTreeMap<String, Type> = BTreeMap::new();
    for item in &module.1 {
        match item {
            Item::Struct(item) => {
                structs.insert(folded(&item.ident.to_string()), item);
            }
            Item::Impl(item) => {
                if let (Some(name), Some(response)) = (self_name(item), response_type(item)) {
                    responses.insert(folded(&name), response);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    for operation in &model.operations {
        let key = folded(&operation.id);
        let builder = structs
            .get(&key)
            .with_context(|| format!("progenitor wrote no builder for {}", operation.id))?;
        let response = responses
            .get(&key)
            .with_context(|| format!("the builder of {} cannot be sent", operation.id))?;
        all.push(read(operation, builder, response, model)?);
    }
    Ok(Builders { all })
}

fn read(
    operation: &OperationModel<'_>,
    builder: &ItemStruct,
    response: &Type,
    model: &Model<'_>,
) -> anyhow::Result<Builder> {
    let mut declared: BTreeMap<String, &Value> = BTreeMap::new();
    for parameter in crate::document::parameters(operation.value) {
        let parameter = model.resolve(parameter);
        let name = text(parameter, "name").context("a parameter has no name")?;
        if declared.insert(folded(name), parameter).is_some() {
            bail!(
                "{}: two parameters have the same name in Rust: `{name}`",
                operation.id
            );
        }
    }
    let mut parameters = Vec::new();
    let mut body = None;
    for field in &builder.fields {
        let ident = field
            .ident
            .clone()
            .context("a builder has a field without a name")?;
        let name = folded(&ident.to_string());
        let parameter = declared.get(&name);
        let Some(ty) = inner(&field.ty, "Result") else {
            // `client`, the only field that is no argument.
            continue;
        };
        let ty = inner(ty, "Option").unwrap_or(ty);
        match parameter {
            Some(parameter) => parameters.push(Argument {
                ident: setter(&ident, &["body", "clone", "new", "send"]),
                name: text(parameter, "name").unwrap_or_default().to_owned(),
                ty: type_of(ty)?,
                docs: doc(text(parameter, "description").unwrap_or("It has no description yet.")),
            }),
            None if name == "body" => body = Some(type_of(ty)?),
            None => bail!("{}: the document has no parameter for `{ident}`", operation.id),
        }
    }
    parameters.sort_by_key(|argument| super::operations::order(operation, model, &argument.name));
    if parameters.len() != declared.len() {
        bail!("{}: progenitor left out a parameter", operation.id);
    }
    Ok(Builder {
        method: ident(&operation.id)?,
        name: builder.ident.clone(),
        constant: ident(&operation.constant())?,
        response: response_path(response)?,
        parameters,
        body,
        docs: operation_doc(operation),
    })
}

fn operation_doc(operation: &OperationModel<'_>) -> TokenStream {
    let summary = text(operation.value, "summary").unwrap_or("It has no description yet.");
    let published = match operation.upstream_id {
        Some(id) => format!("published as {}", quoted(id)),
        None => "published without an operationId".to_owned(),
    };
    let address = format!("`{} {}`, {published}.", operation.method, operation.path);
    match text(operation.value, "description") {
        Some(details) => doc(&format!("{summary}\n\n{details}\n\n{address}")),
        None => doc(&format!("{summary}\n\n{address}")),
    }
}

/// `super::types::builder::X` is `types::X`.
fn type_of(ty: &Type) -> anyhow::Result<Type> {
    let text = quote!(#ty).to_string().replace("types :: builder ::", "types ::");
    let ty: Type = syn::parse_str(&text).with_context(|| format!("`{text}` is no type"))?;
    Ok(super::types::shortened(&ty))
}

fn response_path(ty: &Type) -> anyhow::Result<Type> {
    if is_named(ty, "ByteStream") {
        return Ok(syn::parse_quote!(Bytes));
    }
    type_of(ty)
}

fn self_name(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// The `T` of `ResponseValue<T>` in the signature of `send`.
fn response_type(item: &ItemImpl) -> Option<Type> {
    struct Find(Option<Type>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type(&mut self, ty: &'ast Type) {
            match inner(ty, "ResponseValue") {
                Some(found) => self.0 = self.0.take().or_else(|| Some(found.clone())),
                None => syn::visit::visit_type(self, ty),
            }
        }
    }
    item.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.ident == "send" => {
            let ReturnType::Type(_, ty) = &function.sig.output else {
                return None;
            };
            let mut find = Find(None);
            find.visit_type(ty);
            find.0
        }
        _ => None,
    })
}

impl Builders {
    /// The module `builder`.
    pub fn builder_module(&self) -> TokenStream {
        let all = self.all.iter().map(Builder::tokens);
        quote! {
            #![doc = "One builder for each operation: set the parameters, then call `send`."]

            #![allow(unused_imports, reason = "not every document has every kind of argument")]

            use std::collections::BTreeMap;

            use rust_decimal::Decimal;

            use crate::call::Call;
            use crate::{Bytes, Client, Error, Response, Secret, operations, types};

            #(#all)*
        }
    }

    /// The methods of the client.
    pub fn client_module(&self) -> TokenStream {
        let methods = self.all.iter().map(|builder| {
            let Builder {
                method, name, docs, ..
            } = builder;
            quote! {
                #docs
                pub fn #method(&self) -> builder::#name<'_> {
                    builder::#name::new(self)
                }
            }
        });
        quote! {
            use crate::{Client, builder};

            impl Client {
                #(#methods)*
            }
        }
    }
}

impl Builder {
    fn tokens(&self) -> TokenStream {
        let Builder {
            method,
            name,
            constant,
            response,
            parameters,
            body,
            ..
        } = self;
        let words = doc(&format!("Builds a call of [`{method}`](Client::{method})."));
        let setters = parameters.iter().enumerate().map(|(index, argument)| {
            let Argument { ident, ty, docs, .. } = argument;
            let (taken, value) = if is_string(ty) {
                (quote!(impl Into<String>), quote!(set(#index, value.into())))
            } else if is_named(ty, "Secret") {
                (quote!(Secret), quote!(set_secret(#index, value)))
            } else {
                (quote!(#ty), quote!(set(#index, value.to_string())))
            };
            quote! {
                #docs
                pub fn #ident(self, value: #taken) -> Self {
                    Self(self.0.#value)
                }
            }
        });
        let body = body.as_ref().map(|body| {
            quote! {
                /// Sets the JSON body. If the value cannot be serialised, `send` fails.
                pub fn body(self, value: #body) -> Self {
                    Self(self.0.json(&value))
                }
            }
        });
        quote! {
            #words
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send`"]
            pub struct #name<'a>(Call<'a>);

            impl<'a> #name<'a> {
                pub(crate) fn new(client: &'a Client) -> Self {
                    Self(Call::new(client, &operations::#constant))
                }

                #(#setters)*
                #body

                /// Sends the call and decodes the response.
                pub async fn send(self) -> Result<Response<#response>, Error> {
                    self.0.send().await
                }
            }
        }
    }
}
