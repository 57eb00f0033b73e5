//! A call of every operation with arguments that are known only at run time, for the wire tests.

use proc_macro2::TokenStream;
use quote::quote;

use super::builders::{Builder, Builders};
use super::types::{is_named, is_string};

/// Writes the function that calls an operation by its id.
pub fn table(builders: &Builders) -> TokenStream {
    let arms = builders.all.iter().map(arm);
    quote! {
        use paradex_api::{Client, Error, types};

        use super::{Answered, Arguments};

        /// Calls the operation with this id; `None` if there is none.
        pub(super) async fn call(client: &Client, id: &str, with: &Arguments) -> Option<Result<Answered, Error>> {
            Some(match id {
                #(#arms)*
                _ => return None,
            })
        }
    }
}

fn arm(builder: &Builder) -> TokenStream {
    let Builder { method, body, .. } = builder;
    let id = method.to_string();
    let setters = builder.parameters.iter().map(|argument| {
        let (ident, name, ty) = (&argument.ident, &argument.name, &argument.ty);
        let value = if is_string(ty) {
            quote!(with.text(#name))
        } else if is_named(ty, "Secret") {
            quote!(with.secret(#name))
        } else {
            quote!(with.parse(#name))
        };
        quote! {
            if with.has(#name) {
                call = call.#ident(#value);
            }
        }
    });
    let body = body.as_ref().map(|body| {
        quote! {
            if with.has_body() {
                call = call.body(with.body::<#body>());
            }
        }
    });
    quote! {
        #id => {
            #[allow(unused_mut, reason = "an operation without arguments sets none")]
            let mut call = client.#method();
            #(#setters)*
            #body
            Answered::new(call.send().await)
        }
    }
}
