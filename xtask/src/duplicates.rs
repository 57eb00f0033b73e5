//! Finds names that occur twice where Rust allows one, without a compiler.
//!
//! Earlier steps choose names that do not collide. This check looks at the code that they produced, so that an unforeseen
//! collision stops the run and not the build.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, UseTree};

use crate::diff::surface;

/// Finds every name that occurs twice in one namespace of a file. Returns a sentence for each.
pub fn find(files: &BTreeMap<String, syn::File>) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, file) in files {
        let mut scope = Scope::default();
        scope.items(&file.items, "");
        let found = scope.problems.into_iter();
        problems.extend(found.map(|problem| format!("{name}: {problem}")));
    }
    problems
}

/// What has been seen, by namespace.
#[derive(Default)]
struct Scope {
    seen: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Scope {
    /// Notes a name. `space` is the namespace and what it belongs to.
    fn name(&mut self, space: &str, name: impl ToString, what: &str) {
        let name = name.to_string();
        match self.seen.get(&format!("{space} {name}")) {
            Some(other) => self.problems.push(format!(
                "`{name}` occurs twice in {space}, as {other} and as {what}, which does not compile; give one of them \
                 another name in openapi/names.yaml"
            )),
            None => {
                self.seen.insert(format!("{space} {name}"), what.to_owned());
            }
        }
    }

    fn items(&mut self, items: &[Item], module: &str) {
        let types = format!("the types of the module{module}");
        let values = format!("the functions and values of the module{module}");
        for item in items {
            match item {
                Item::Struct(item) => {
                    self.name(&types, &item.ident, "a struct");
                    if !matches!(item.fields, Fields::Named(_)) {
                        self.name(&values, &item.ident, "a constructor");
                    }
                    self.fields(&item.fields, &format!("{module} {}", item.ident));
                    self.derived(&item.ident, &item.attrs, module);
                }
                Item::Enum(item) => {
                    self.name(&types, &item.ident, "an enumeration");
                    let space = format!("the variants of {}", item.ident);
                    for variant in &item.variants {
                        self.name(&space, &variant.ident, "a variant");
                        self.fields(
                            &variant.fields,
                            &format!("{module} {}::{}", item.ident, variant.ident),
                        );
                    }
                    self.derived(&item.ident, &item.attrs, module);
                }
                Item::Type(item) => self.name(&types, &item.ident, "an alias"),
                Item::Trait(item) => self.name(&types, &item.ident, "a trait"),
                Item::Union(item) => self.name(&types, &item.ident, "a union"),
                Item::Const(item) if item.ident != "_" => self.name(&values, &item.ident, "a constant"),
                Item::Static(item) => self.name(&values, &item.ident, "a static"),
                Item::Fn(item) => {
                    self.name(&values, &item.sig.ident, "a function");
                    self.arguments(&item.sig, &item.sig.ident.to_string());
                }
                Item::Mod(item) => {
                    self.name(&types, &item.ident, "a module");
                    if let Some((_, items)) = &item.content {
                        self.items(items, &format!("{module} {}", item.ident));
                    }
                }
                Item::Use(item) => self.imports(&item.tree, &types),
                Item::Impl(item) => self.implementation(item, module),
                Item::Macro(item) => self.invocation(&item.mac),
                _ => {}
            }
        }
    }

    fn fields(&mut self, fields: &Fields, of: &str) {
        let space = format!("the fields of{of}");
        for ident in fields.iter().filter_map(|field| field.ident.as_ref()) {
            self.name(&space, ident, "a field");
        }
    }

    fn arguments(&mut self, signature: &syn::Signature, of: &str) {
        let space = format!("the arguments of {of}");
        for input in &signature.inputs {
            if let syn::FnArg::Typed(argument) = input
                && let syn::Pat::Ident(name) = &*argument.pat
            {
                self.name(&space, &name.ident, "an argument");
            }
        }
    }

    /// A module, a type and a function can be imported by one name, so an import is compared with types alone, which
    /// is what the generated code imports.
    fn imports(&mut self, tree: &UseTree, types: &str) {
        match tree {
            UseTree::Path(path) => self.imports(&path.tree, types),
            UseTree::Name(name) => self.name(types, &name.ident, "an import"),
            UseTree::Rename(name) if name.rename != "_" => self.name(types, &name.rename, "an import"),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.imports(tree, types)),
            UseTree::Rename(_) | UseTree::Glob(_) => {}
        }
    }

    fn derived(&mut self, of: &syn::Ident, attributes: &[syn::Attribute], module: &str) {
        let derives = attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"));
        for attribute in derives {
            // Other contents are skipped: only the names count.
            let _ = attribute.parse_nested_meta(|meta| {
                let name = meta.path.to_token_stream().to_string();
                self.name(&format!("the traits of{module} {of}"), name, "a derive");
                Ok(())
            });
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl, module: &str) {
        let of = item.self_ty.to_token_stream().to_string();
        if let Some((_, of_trait, _)) = &item.trait_ {
            let name = of_trait.to_token_stream().to_string();
            self.name(&format!("the traits of{module} {of}"), name, "an implementation");
        }
        let block = match &item.trait_ {
            Some((_, of_trait, _)) => format!("{} for {of}", of_trait.to_token_stream()),
            None => of,
        };
        let space = format!("the methods and constants of{module} {block}");
        for item in &item.items {
            match item {
                ImplItem::Fn(item) => {
                    self.name(&space, &item.sig.ident, "a method");
                    self.arguments(&item.sig, &format!("{block}::{}", item.sig.ident));
                }
                ImplItem::Const(item) => self.name(&space, &item.ident, "a constant"),
                _ => {}
            }
        }
    }

    /// The macros of the raw crate write methods and traits too.
    fn invocation(&mut self, invocation: &syn::Macro) {
        for (of, methods, traits) in surface::written_by(invocation) {
            for name in methods {
                self.name(
                    &format!("the methods and constants of {of}"),
                    name,
                    "a method of every such type",
                );
            }
            for name in traits {
                self.name(
                    &format!("the traits of {of}"),
                    name,
                    "an implementation of every such type",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::find;

    fn found(code: &str) -> Vec<String> {
        let file = syn::parse_file(code).unwrap();
        find(&BTreeMap::from([("src/x.rs".to_owned(), file)]))
    }

    #[test]
    fn name_that_occurs_twice_in_one_namespace_is_found() {
        for (code, name) in [
            ("struct A {} enum A {}", "A"),
            ("struct A {} type A = u8;", "A"),
            ("use x::{B, A}; struct A {}", "A"),
            ("mod a {} mod a {}", "a"),
            ("mod m { struct A {} struct A {} }", "A"),
            ("enum E { A, B, A }", "A"),
            ("struct S { a: u8, a: u8 }", "a"),
            ("fn f() {} static f: u8 = 1;", "f"),
            ("fn f(a: u8, a: u8) {}", "a"),
            ("struct S {} impl S { fn a() {} } impl S { fn a() {} }", "a"),
            (
                "struct S<'a>(&'a u8); impl<'a> S<'a> { fn body() {} fn body() {} }",
                "body",
            ),
            (
                "struct S {} impl Default for S {} impl Default for S {}",
                "Default",
            ),
            ("#[derive(Clone)] struct S {} impl Clone for S {}", "Clone"),
            (
                "struct S {} impl S { fn undecoded() {} } record!(S);",
                "undecoded",
            ),
            ("record!(S S);", "undecoded"),
            ("enum E {} impl E { fn as_str() {} } open_enum!(E { });", "as_str"),
            ("crate::wire::json_schema!(A = \"a\", A = \"b\",);", "JsonSchema"),
        ] {
            let problems = found(code);
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.starts_with(&format!("src/x.rs: `{name}` occurs twice in "))),
                "{code}: {problems:?}"
            );
        }
    }

    #[test]
    fn same_name_in_different_namespaces_is_none() {
        for code in [
            "struct A { a: u8, b: u8 } fn a() {} mod a {}",
            "struct A {} struct B {} impl A { fn a() {} } impl B { fn a() {} }",
            "mod m { struct A {} } struct A {}",
            "impl X for A { fn a() {} } impl Y for A { fn a() {} } impl A { fn a() {} }",
            "enum E { A } enum F { A } struct A {}",
            "use serde::de::MapAccess; open_enum!(E { A = \"a\" }); record!(A B);",
            "fn f(a: u8) {} fn g(a: u8) {}",
        ] {
            assert_eq!(found(code), Vec::<String>::new(), "{code}");
        }
    }
}
