//! Lists the public items of generated files.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use quote::ToTokens;
use syn::{Fields, Item as Syntax, Visibility};

use super::{ALIAS, FILES, Item, Kind, SBE, Surface, call_name};

impl Surface {
    /// Lists what generated files offer. `read` gives the text of a file by its path in the crate.
    ///
    /// # Errors
    ///
    /// A file cannot be read, is no Rust, or holds an item of a kind that is not known here.
    pub fn from_files(read: impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<Self> {
        let mut files: BTreeMap<String, syn::File> = BTreeMap::new();
        for (file, module) in FILES {
            // An older revision has fewer modules. `mod.rs`, which is read first, names them.
            let root = FILES.first().and_then(|(root, _)| files.get(*root));
            let is_declared = root.is_none_or(|root| {
                let declares = |item: &Syntax| match item {
                    Syntax::Mod(item) => file.ends_with(&format!("/{}.rs", item.ident)),
                    _ => false,
                };
                root.items.iter().any(declares)
            });
            let text = match read(file) {
                Err(_) if !module.is_empty() && !is_declared => String::new(),
                read => read?,
            };
            let code = syn::parse_file(&text).with_context(|| format!("{file} is no Rust"))?;
            files.insert(file.to_owned(), code);
        }
        Self::from_code(&files)
    }

    /// Lists the items of files that are parsed already.
    ///
    /// # Errors
    ///
    /// As those of [`Surface::from_files`].
    pub fn from_code(files: &BTreeMap<String, syn::File>) -> anyhow::Result<Self> {
        let mut surface = Surface::default();
        for (file, module) in FILES {
            if file == SBE && !files.contains_key(file) {
                continue;
            }
            let code = files
                .get(file)
                .with_context(|| format!("no {file} was generated"))?;
            for item in &code.items {
                surface.item(module, item).with_context(|| file.to_owned())?;
            }
        }
        surface.adopt();
        Ok(surface)
    }

    pub(super) fn add(
        &mut self,
        path: String,
        kind: Kind,
        signature: impl Into<String>,
        parent: Option<&str>,
    ) {
        let item = Item {
            kind,
            signature: signature.into(),
            parent: parent.map(str::to_owned),
            text: None,
            deprecated: false,
            feature: None,
        };
        self.items.insert(path, item);
    }

    fn item(&mut self, module: &str, item: &Syntax) -> anyhow::Result<()> {
        let path = |ident: &syn::Ident| format!("{module}{ident}");
        match item {
            Syntax::Struct(item) if public(&item.vis) => {
                let path = path(&item.ident);
                let signature = format!(
                    "struct{} {}",
                    code(&item.generics),
                    open(&item.attrs, &item.fields)
                );
                self.add(path.clone(), Kind::Type, signature, None);
                self.derives(&path, &item.attrs);
                self.marked(&path, &item.attrs);
                for (index, field) in item
                    .fields
                    .iter()
                    .enumerate()
                    .filter(|(_, field)| public(&field.vis))
                {
                    let name = field
                        .ident
                        .as_ref()
                        .map_or_else(|| index.to_string(), ToString::to_string);
                    let name = format!("{path}.{name}");
                    self.add(name.clone(), Kind::Field, code(&field.ty), Some(&path));
                    self.marked(&name, &field.attrs);
                }
            }
            Syntax::Enum(item) if public(&item.vis) => {
                let path = path(&item.ident);
                let signature = format!(
                    "enum{} {}",
                    code(&item.generics),
                    open(&item.attrs, &Fields::Unit)
                );
                self.add(path.clone(), Kind::Type, signature, None);
                self.derives(&path, &item.attrs);
                self.marked(&path, &item.attrs);
                for variant in &item.variants {
                    let name = format!("{path}::{}", variant.ident);
                    self.add(name.clone(), Kind::Variant, code(&variant.fields), Some(&path));
                    self.marked(&name, &variant.attrs);
                }
            }
            Syntax::Type(item) if public(&item.vis) => {
                let path = path(&item.ident);
                self.add(
                    path.clone(),
                    Kind::Type,
                    format!("{ALIAS}{}", code(&item.ty)),
                    None,
                );
                self.marked(&path, &item.attrs);
            }
            Syntax::Const(item) if public(&item.vis) => {
                let path = path(&item.ident);
                let signature = format!("const {}", code(&item.ty));
                self.add(path.clone(), Kind::Other, signature, None);
                self.marked(&path, &item.attrs);
            }
            Syntax::Static(item) if public(&item.vis) => {
                self.add(
                    path(&item.ident),
                    Kind::Other,
                    format!("static {}", code(&item.ty)),
                    None,
                );
                self.address(&item.expr);
            }
            Syntax::Fn(item) if public(&item.vis) => {
                self.add(
                    format!("{}()", path(&item.sig.ident)),
                    Kind::Other,
                    signature(&item.sig),
                    None,
                );
            }
            Syntax::Mod(item) if public(&item.vis) => {
                let path = path(&item.ident);
                self.add(path.clone(), Kind::Other, "mod", None);
                self.marked(&path, &item.attrs);
                if let Some((_, items)) = &item.content {
                    for item in items {
                        self.item(&format!("{path}::"), item)?;
                    }
                }
            }
            Syntax::Impl(item) => self.implementation(module, item)?,
            Syntax::Macro(item) => self.invocation(module, &item.mac)?,
            Syntax::Struct(_)
            | Syntax::Enum(_)
            | Syntax::Type(_)
            | Syntax::Const(_)
            | Syntax::Static(_)
            | Syntax::Fn(_)
            | Syntax::Mod(_) => {}
            Syntax::Use(item) if !public(&item.vis) => {}
            other => bail!(
                "`{}` is an item of a kind that xtask/src/diff/surface.rs does not list; teach it",
                code(other).chars().take(60).collect::<String>()
            ),
        }
        Ok(())
    }

    /// Notes what the attributes of an item say.
    fn marked(&mut self, path: &str, attributes: &[syn::Attribute]) {
        if let Some(item) = self.items.get_mut(path) {
            item.deprecated = attributes
                .iter()
                .any(|attribute| attribute.path().is_ident("deprecated"));
            item.feature = attributes.iter().find_map(feature);
        }
    }

    fn derives(&mut self, path: &str, attributes: &[syn::Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            // Other contents are skipped: only the names count.
            let _ = attribute.parse_nested_meta(|meta| {
                self.add(
                    format!("{path}: {}", code(&meta.path)),
                    Kind::Trait,
                    "",
                    Some(path),
                );
                Ok(())
            });
        }
    }

    fn implementation(&mut self, module: &str, item: &syn::ItemImpl) -> anyhow::Result<()> {
        let syn::Type::Path(of) = &*item.self_ty else {
            bail!("an `impl` for something that is no path");
        };
        let self_type = code(&of.path);
        let name = of
            .path
            .segments
            .last()
            .context("an `impl` for nothing")?
            .ident
            .to_string();
        let (path, parent, kind) = match name.as_str() {
            "Client" => ("Client".to_owned(), None, Kind::Call),
            _ => (
                format!("{module}{name}"),
                Some(format!("{module}{name}")),
                Kind::Method,
            ),
        };
        if let Some((_, of, _)) = &item.trait_ {
            // `Record` and `Entry` are the crate's own.
            if !of.is_ident("Record") && !of.is_ident("Entry") {
                // A conversion into a type of another module belongs to that type.
                let path = match self_type.strip_prefix("types::") {
                    Some(_) => self_type.clone(),
                    None => path,
                };
                self.add(format!("{path}: {}", code(of)), Kind::Trait, "", Some(&path));
            }
            return Ok(());
        }
        for item in &item.items {
            match item {
                syn::ImplItem::Fn(item) if public(&item.vis) => {
                    let name = format!("{path}::{}()", item.sig.ident);
                    self.add(name.clone(), kind, signature(&item.sig), parent.as_deref());
                    self.marked(&name, &item.attrs);
                }
                syn::ImplItem::Const(item) if public(&item.vis) => {
                    let name = format!("{path}::{}", item.ident);
                    self.add(name, Kind::Other, code(&item.ty), parent.as_deref());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the address from the static that describes an operation.
    fn address(&mut self, expression: &syn::Expr) {
        let syn::Expr::Struct(operation) = expression else {
            return;
        };
        let field = |name: &str| {
            operation.fields.iter().find_map(|field| match &field.member {
                syn::Member::Named(ident) if ident == name => Some(&field.expr),
                _ => None,
            })
        };
        let literal = |name: &str| match field(name)? {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        };
        let method = match field("method") {
            Some(syn::Expr::Path(path)) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        if let (Some(id), Some(method), Some(path)) = (literal("id"), method, literal("path")) {
            self.addresses
                .insert(id, format!("{} {path}", method.to_uppercase()));
        }
    }

    /// Makes a builder and a constant children of their call, and a setter a child of its field.
    fn adopt(&mut self) {
        let setters: Vec<(String, String)> = self
            .items
            .iter()
            .filter(|(_, item)| item.kind == Kind::Field)
            .map(|(path, _)| (path.clone(), format!("{}()", path.replacen('.', "::", 1))))
            .collect();
        for (field, setter) in setters {
            if let Some(item) = self.items.get_mut(&setter) {
                item.parent = Some(field);
            }
        }
        let calls: Vec<(String, String)> = self
            .items
            .iter()
            .filter(|(_, item)| item.kind == Kind::Call)
            .map(|(path, item)| (path.clone(), item.signature.clone()))
            .collect();
        for (path, signature) in calls {
            let builder = signature.split("builder::").nth(1).map(|rest| {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                format!("builder::{}", rest.get(..end).unwrap_or_default())
            });
            let constant = format!("operations::{}", call_name(&path).to_uppercase());
            for child in builder.into_iter().chain([constant]) {
                if let Some(item) = self.items.get_mut(&child) {
                    item.parent = Some(path.clone());
                }
            }
        }
    }
}

/// The feature in `#[cfg(feature = "…")]`.
fn feature(attribute: &syn::Attribute) -> Option<String> {
    if !attribute.path().is_ident("cfg") {
        return None;
    }
    match attribute.parse_args::<syn::MetaNameValue>().ok()? {
        syn::MetaNameValue {
            path,
            value:
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(name),
                    ..
                }),
            ..
        } if path.is_ident("feature") => Some(name.value()),
        _ => None,
    }
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether code outside can neither write a literal of the type nor match it to the end.
fn open(attributes: &[syn::Attribute], fields: &Fields) -> &'static str {
    let private = fields.iter().any(|field| !public(&field.vis));
    let marked = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if private || marked {
        "that can grow"
    } else {
        "that is closed"
    }
}

/// Code on one line, spaced as people do.
fn code(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, close) in [
        (" :: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (",)", ")"),
        (" :", ":"),
        ("& ", "&"),
    ] {
        text = text.replace(spaced, close);
    }
    text.trim().to_owned()
}

/// What a function takes and gives, without its name.
fn signature(signature: &syn::Signature) -> String {
    code(signature).replacen(&format!("fn {}", signature.ident), "fn", 1)
}
