//! Questions about the syntax of types and attributes.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Type};

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
pub(super) fn renamed(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Other contents are skipped: only the name counts.
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

pub(super) fn unraw(ident: &syn::Ident) -> String {
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

pub(super) fn is_option(ty: &Type) -> bool {
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
pub(super) fn is_plain(ty: &Type) -> bool {
    let ty = inner(ty, "Option").or_else(|| inner(ty, "Vec")).unwrap_or(ty);
    ["String", "i64", "f64", "bool", "Decimal", "Value", "Map"]
        .iter()
        .any(|name| is_named(ty, name))
}
