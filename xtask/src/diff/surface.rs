//! The second question: what changes for people who compile, from the generated code itself.
//!
//! [`Surface::of`] lists the public items of `src/generated`, as a user can name them. Two macros stand in that
//! code, `open_enum!` and `record!` (see `paradex-api/src/wire`), and what they write is public too: it is
//! listed here by name, and a test holds the lists to the macros.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{Fields, Item as Syntax, Visibility};

use super::Row;
use super::pairs::{RENAMED, alike, overlap, pairs, same_value};
use super::rules::Rule;
use crate::report::quoted;

/// The files that are read, and the module that each is.
pub const FILES: [(&str, &str); 5] = [
    ("src/generated/mod.rs", ""),
    ("src/generated/types.rs", "types::"),
    ("src/generated/builder.rs", "builder::"),
    ("src/generated/operations.rs", "operations::"),
    ("src/generated/client.rs", ""),
];

/// How the signature of an alias begins.
const ALIAS: &str = "alias of ";

/// What `open_enum!` gives a type.
const OPEN_ENUM: Given = Given {
    methods: &["as_str", "is_known"],
    constants: &["KNOWN"],
    traits: &[
        "From<&str>",
        "FromStr",
        "Display",
        "Wire",
        "Serialize",
        "Deserialize",
    ],
};

/// What `record!` gives a type.
const RECORD: Given = Given {
    methods: &["undecoded"],
    constants: &[],
    traits: &["Wire", "Serialize", "Deserialize"],
};

/// What a macro writes for a type.
struct Given {
    methods: &'static [&'static str],
    constants: &'static [&'static str],
    traits: &'static [&'static str],
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A method of the client.
    Call,
    /// A struct, an enumeration or an alias.
    Type,
    /// A public field.
    Field,
    /// A variant.
    Variant,
    /// A function of a type.
    Method,
    /// A trait that a type implements.
    Trait,
    /// A static, a constant, a function, a module.
    Other,
}

impl Kind {
    fn removed(self) -> Rule {
        match self {
            Kind::Call => Rule::RustCallRemoved,
            Kind::Type => Rule::RustTypeRemoved,
            Kind::Field => Rule::RustFieldRemoved,
            Kind::Variant => Rule::RustVariantRemoved,
            Kind::Method => Rule::RustMethodRemoved,
            Kind::Trait => Rule::RustTraitRemoved,
            Kind::Other => Rule::RustItemRemoved,
        }
    }

    fn added(self) -> Rule {
        match self {
            Kind::Call => Rule::RustCallAdded,
            Kind::Type => Rule::RustTypeAdded,
            Kind::Field => Rule::RustFieldAdded,
            Kind::Variant => Rule::RustVariantAdded,
            Kind::Method => Rule::RustMethodAdded,
            Kind::Trait => Rule::RustTraitAdded,
            Kind::Other => Rule::RustItemAdded,
        }
    }

    fn changed(self) -> Rule {
        match self {
            // The signature of a call names its builder, which is called after it.
            Kind::Call | Kind::Method => Rule::RustMethodChanged,
            Kind::Type => Rule::RustTypeChanged,
            Kind::Field => Rule::RustFieldChanged,
            Kind::Variant => Rule::RustVariantChanged,
            Kind::Trait | Kind::Other => Rule::RustItemChanged,
        }
    }
}

/// One public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// What code that uses it depends on, in one line.
    pub signature: String,
    /// The item without which it is not there.
    pub parent: Option<String>,
    /// Of a variant, its text on the wire.
    pub text: Option<String>,
    /// Whether the compiler warns of it.
    pub deprecated: bool,
}

impl Item {
    fn row(&self, rule: Rule, path: &str, values: &[&str], says: String) -> Row {
        // A setter belongs to its type as its field does.
        let parent = self.parent.as_deref().unwrap_or(path);
        row(
            rule,
            parent.split('.').next().unwrap_or(parent),
            path,
            values,
            says,
        )
    }
}

/// The public items of the generated code, by path: `types::Order`, `types::Order.price` (a field),
/// `types::Order::new()`, `types::Side::Buy`, `types::Order: Clone` (a trait), `Client::list_orders()`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    items: BTreeMap<String, Item>,
    /// The method and path of each call.
    addresses: BTreeMap<String, String>,
}

impl Surface {
    /// Lists what generated files offer. `read` gives the text of a file by its path in the crate.
    ///
    /// # Errors
    ///
    /// A file cannot be read, is no Rust, or holds an item of a kind that is not known here.
    pub fn of(read: impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<Self> {
        let mut files = BTreeMap::new();
        for (file, _) in FILES {
            files.insert(file.to_owned(), syn::parse_file(&read(file)?));
        }
        Self::of_code(&files)
    }

    /// Lists the items of files that are parsed already.
    ///
    /// # Errors
    ///
    /// As those of [`Surface::of`].
    pub fn of_code(files: &BTreeMap<String, syn::Result<syn::File>>) -> anyhow::Result<Self> {
        let mut surface = Surface::default();
        for (file, module) in FILES {
            let code = match files.get(file) {
                Some(Ok(code)) => code,
                Some(Err(error)) => anyhow::bail!("{file} is no Rust: {error}"),
                None => anyhow::bail!("no {file} was generated"),
            };
            for item in &code.items {
                surface.item(module, item).with_context(|| file.to_owned())?;
            }
        }
        surface.adopt();
        Ok(surface)
    }

    /// The items, by path.
    pub fn items(&self) -> &BTreeMap<String, Item> {
        &self.items
    }

    /// The values that the exchange lists, and their variants, by type. What is retired is deprecated.
    pub fn values(&self) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut values: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (path, item) in self.items.iter().filter(|(_, item)| item.kind == Kind::Type) {
            if item.signature.starts_with("enum") {
                values.entry(last(path)).or_default();
            }
        }
        for (path, item) in self.items.iter().filter(|(_, item)| !item.deprecated) {
            if let (Some(parent), Some(text)) = (&item.parent, &item.text) {
                values.entry(last(parent)).or_default().insert(text, last(path));
            }
        }
        values
    }

    fn add(&mut self, path: String, kind: Kind, signature: impl Into<String>, parent: Option<&str>) {
        let item = Item {
            kind,
            signature: signature.into(),
            parent: parent.map(str::to_owned),
            text: None,
            deprecated: false,
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
                self.add(
                    path(&item.ident),
                    Kind::Other,
                    format!("const {}", code(&item.ty)),
                    None,
                );
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
                self.add(path(&item.ident), Kind::Other, "mod", None);
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
        }
    }

    fn derives(&mut self, path: &str, attributes: &[syn::Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            // What else stands there is skipped: only the names count.
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
            // `Record` is the crate's own.
            if !of.is_ident("Record") {
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

    fn invocation(&mut self, module: &str, invocation: &syn::Macro) -> anyhow::Result<()> {
        let name = invocation
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .unwrap_or_default();
        match name.as_str() {
            "record" => {
                let types = |input: syn::parse::ParseStream| {
                    let mut all = Vec::new();
                    while !input.is_empty() {
                        all.push(input.parse::<syn::Ident>()?);
                    }
                    Ok(all)
                };
                for ident in types.parse2(invocation.tokens.clone())? {
                    self.given(&format!("{module}{ident}"), &RECORD);
                }
            }
            "open_enum" => {
                let (ident, rows) = enumeration.parse2(invocation.tokens.clone())?;
                let path = format!("{module}{ident}");
                self.given(&path, &OPEN_ENUM);
                for (variant, text) in rows {
                    if let Some(item) = self.items.get_mut(&format!("{path}::{variant}")) {
                        item.text = Some(text);
                    }
                }
            }
            "json_schema" => {
                for (ident, _) in texts.parse2(invocation.tokens.clone())? {
                    let path = format!("{module}{ident}");
                    self.add(format!("{path}: JsonSchema"), Kind::Trait, "", Some(&path));
                }
            }
            other => bail!("what `{other}!` writes is not known to xtask/src/diff/surface.rs; teach it"),
        }
        Ok(())
    }

    fn given(&mut self, path: &str, given: &Given) {
        for name in given.methods {
            self.add(format!("{path}::{name}()"), Kind::Method, "", Some(path));
        }
        for name in given.constants {
            self.add(format!("{path}::{name}"), Kind::Other, "", Some(path));
        }
        for name in given.traits {
            self.add(format!("{path}: {name}"), Kind::Trait, "", Some(path));
        }
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

    /// A builder and a constant stand and fall with their call, and a setter with its field.
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

    /// The same surface as if some items had been called what they are called now.
    fn renamed(&self, renamed: &BTreeMap<String, String>) -> Surface {
        // Only types and builders are named in signatures.
        let named = |path: &&String| self.items.get(*path).is_some_and(|item| item.kind == Kind::Type);
        let words: BTreeMap<&str, &str> = renamed
            .keys()
            .filter(named)
            .filter_map(|old| Some((last(old), last(renamed.get(old)?))))
            .collect();
        // A path begins with the item that was renamed, or with its parent.
        let path = |path: &str| {
            let ends = [path.len()]
                .into_iter()
                .chain(path.rmatch_indices(['.', ':']).map(|(at, _)| at));
            let mut heads = ends.filter_map(|end| path.split_at_checked(end));
            heads
                .find_map(|(head, tail)| Some(format!("{}{tail}", renamed.get(head)?)))
                .unwrap_or_else(|| path.to_owned())
        };
        let signature = |text: &str| {
            let mut whole = String::with_capacity(text.len());
            let mut rest = text;
            while !rest.is_empty() {
                let word = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                let (head, tail) = rest.split_at(word);
                whole.push_str(words.get(head).copied().unwrap_or(head));
                let next = tail.chars().next().map_or(0, char::len_utf8);
                let (between, tail) = tail.split_at(next);
                whole.push_str(between);
                rest = tail;
            }
            whole
        };
        let item = |item: &Item| Item {
            signature: signature(&item.signature),
            parent: item.parent.as_deref().map(path),
            ..item.clone()
        };
        Surface {
            items: self
                .items
                .iter()
                .map(|(name, old)| (path(name), item(old)))
                .collect(),
            addresses: self.addresses.clone(),
        }
    }

    /// The fields or variants of a type. The rest is what every type has.
    fn members(&self, path: &str) -> BTreeSet<(String, String)> {
        let all = self
            .items
            .iter()
            .filter(|(_, item)| item.parent.as_deref() == Some(path));
        all.filter(|(_, item)| [Kind::Field, Kind::Variant].contains(&item.kind))
            .map(|(member, item)| {
                (
                    member.get(path.len()..).unwrap_or_default().to_owned(),
                    item.signature.clone(),
                )
            })
            .collect()
    }

    /// The items whose signatures name a type, but for its own.
    fn users(&self, path: &str) -> BTreeSet<String> {
        let name = last(path);
        let names = |text: &str| {
            // Few signatures have the name in them, and splitting all of them takes long.
            text.contains(name)
                && text
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == name)
        };
        let all = self.items.iter().filter(|(_, item)| names(&item.signature));
        all.map(|(user, _)| user.clone())
            .filter(|user| !user.starts_with(path))
            .collect()
    }

    /// Whether an item is a struct or an enumeration among the types.
    fn is_own_type(&self, path: &str) -> bool {
        let item = self.items.get(path).filter(|item| item.kind == Kind::Type);
        path.starts_with("types::") && item.is_some_and(|item| !item.signature.starts_with(ALIAS))
    }

    /// The types of the code before that are other names here of what they are called now.
    fn aliases_of(&self, before: &Surface) -> BTreeMap<String, String> {
        let own = before.items.keys().filter(|path| before.is_own_type(path));
        own.filter_map(|path| {
            let name = self.items.get(path)?.signature.strip_prefix(ALIAS)?;
            let target = format!("types::{name}");
            self.is_own_type(&target).then(|| (path.clone(), target))
        })
        .collect()
    }

    /// The names of all structs and enumerations among the types.
    pub fn type_names(&self) -> BTreeSet<&str> {
        let own = self.items.keys().filter(|path| self.is_own_type(path));
        own.map(|path| last(path)).collect()
    }

    /// Every call with its method and path.
    pub(super) fn calls(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.addresses.iter();
        all.map(|(call, address)| (call.as_str(), address.as_str()))
    }

    /// What a call is for, by its path.
    fn address_of(&self, path: &str) -> Option<&String> {
        self.addresses.get(call_name(path))
    }
}

/// `list_orders` of `Client::list_orders()`.
fn call_name(path: &str) -> &str {
    last(path).trim_end_matches("()")
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
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

/// `Name { Variant = "text", … } retired { … }`
fn enumeration(input: syn::parse::ParseStream) -> syn::Result<(syn::Ident, Vec<(syn::Ident, String)>)> {
    let name = input.parse()?;
    let rows;
    syn::braced!(rows in input);
    let mut rows = texts(&rows)?;
    if !input.is_empty() {
        let word: syn::Ident = input.parse()?;
        if word != "retired" {
            return Err(syn::Error::new(word.span(), "this is not `retired`"));
        }
        let retired;
        syn::braced!(retired in input);
        rows.extend(texts(&retired)?);
    }
    Ok((name, rows))
}

/// `Name = "text", …`
fn texts(input: syn::parse::ParseStream) -> syn::Result<Vec<(syn::Ident, String)>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let name = input.parse()?;
        input.parse::<syn::Token![=]>()?;
        all.push((name, input.parse::<syn::LitStr>()?.value()));
        if !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
        }
    }
    Ok(all)
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

/// What the macros of the raw crate write for each type that they are called with: its name, methods and constants,
/// and traits. Nothing of a macro that is not known here, or that is called wrongly: [`Surface::of`] tells of that.
pub fn written_by(invocation: &syn::Macro) -> Vec<(String, Vec<&'static str>, Vec<&'static str>)> {
    let mut surface = Surface::default();
    if surface.invocation("", invocation).is_err() {
        return Vec::new();
    }
    let name = invocation.path.segments.last().map(|last| last.ident.to_string());
    let given = |given: &Given| {
        let methods = given.methods.iter().chain(given.constants).copied();
        (methods.collect(), given.traits.to_vec())
    };
    let (methods, traits): (Vec<_>, Vec<_>) = match name.as_deref() {
        Some("record") => given(&RECORD),
        Some("open_enum") => given(&OPEN_ENUM),
        _ => (Vec::new(), vec!["JsonSchema"]),
    };
    let tokens = invocation.tokens.clone();
    let mut types = Vec::new();
    // Once for each time that a type is named, which the listing does not tell.
    match name.as_deref() {
        Some("record") => types.extend(tokens.into_iter().map(|token| token.to_string())),
        Some("open_enum") => types.extend(tokens.into_iter().next().map(|token| token.to_string())),
        _ => {
            let rows = texts.parse2(tokens).unwrap_or_default();
            types.extend(rows.into_iter().map(|(ident, _)| ident.to_string()));
        }
    }
    let all = types.into_iter();
    all.map(|of| (of, methods.clone(), traits.clone())).collect()
}

/// Every change of the surface.
pub fn compare(old: &Surface, new: &Surface) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut renamed, sentences) = renamed(old, new);
    let aliases = new.aliases_of(old);
    for (from, to, rule, says) in sentences {
        if aliases.contains_key(&from) {
            continue;
        }
        if let Some(item) = new.items.get(&to) {
            rows.push(item.row(rule, &to, &[&from], says));
        }
    }
    // A type that can still be called by its old name is the same type.
    for (from, to) in &aliases {
        if let Some(item) = new.items.get(from) {
            let says = format!("is another name of {} now, and deprecated", quoted(to));
            rows.push(item.row(Rule::RustDeprecated, from, &[to], says));
        }
    }
    renamed.extend(aliases.clone());
    let old = old.renamed(&renamed);
    // What belongs to something that is told anyway is not told too.
    let told = |parent: &Option<String>| {
        parent
            .as_ref()
            .is_some_and(|parent| match (old.items.get(parent), new.items.get(parent)) {
                (Some(old), Some(new)) => old.signature != new.signature,
                _ => true,
            })
    };
    for (path, item) in &old.items {
        match new.items.get(path) {
            _ if told(&item.parent) => {}
            None => rows.push(item.row(item.kind.removed(), path, &[], "is gone".to_owned())),
            Some(other) => {
                if other.signature != item.signature {
                    let (is, was) = (quoted(&other.signature), quoted(&item.signature));
                    let values = [item.signature.as_str(), &other.signature];
                    rows.push(item.row(
                        item.kind.changed(),
                        path,
                        &values,
                        format!("is {is} now (was {was})"),
                    ));
                }
                if other.deprecated && !item.deprecated {
                    let says = "is deprecated".to_owned();
                    rows.push(item.row(Rule::RustDeprecated, path, &[], says));
                }
                if let (Some(was), Some(is)) = (&item.text, &other.text)
                    && was != is
                    && !renamed.values().any(|renamed| renamed == path)
                {
                    let says = format!("stands for {} now (stood for {})", quoted(is), quoted(was));
                    rows.push(item.row(Rule::RustTextChanged, path, &[was, is], says));
                }
            }
        }
    }
    for (path, item) in new
        .items
        .iter()
        .filter(|(path, _)| !old.items.contains_key(*path))
    {
        if told(&item.parent) || aliases.contains_key(path) {
            continue;
        }
        let says = match new.address_of(path).filter(|_| item.kind == Kind::Call) {
            Some(address) => format!("is new, for {}", quoted(address)),
            None if item.kind == Kind::Field => format!("is new, of type {}", quoted(&item.signature)),
            None => "is new".to_owned(),
        };
        rows.push(item.row(item.kind.added(), path, &[], says));
    }
    rows
}

/// The types that are gone, and what each is called now: by name, as far as one can stand for the other. A type is
/// called otherwise when every place that used it uses the other now, or when it is recognised by what it holds.
pub fn successors(old: &Surface, new: &Surface) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let is_gone = |path: &&String| old.is_own_type(path) && !new.items.contains_key(*path);
    let gone: Vec<&String> = old.items.keys().filter(is_gone).collect();
    if gone.is_empty() {
        return found;
    }
    let (pairs, _) = renamed(old, new);
    for path in gone {
        let mut used: BTreeSet<String> = BTreeSet::new();
        for user in old.users(path) {
            let (Some(was), Some(is)) = (old.items.get(&user), new.items.get(&user)) else {
                continue;
            };
            used.insert(in_place_of(last(path), &was.signature, &is.signature).unwrap_or_default());
        }
        let target = match used.first() {
            Some(only) if used.len() == 1 && !only.is_empty() => format!("types::{only}"),
            _ => match pairs.get(path) {
                Some(target) => target.clone(),
                None => continue,
            },
        };
        if new.is_own_type(&target) && can_stand_for(old, path, new, &target) {
            found.insert(last(path).to_owned(), last(&target).to_owned());
        }
    }
    found
}

/// The name that stands in a signature where another stood, if nothing else of it changed.
fn in_place_of(name: &str, was: &str, is: &str) -> Option<String> {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
        parts
            .flat_map(|part| {
                let end = part
                    .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_')
                    .len();
                let (word, between) = part.split_at(end);
                [word.to_owned(), between.to_owned()]
            })
            .collect()
    };
    let (was, is) = (words(was), words(is));
    let mut found: Option<&String> = None;
    for (was, is) in was.iter().zip(&is) {
        if was == name && found.is_none_or(|found| found == is) {
            found = Some(is);
        } else if was != is {
            return None;
        }
    }
    found.filter(|_| was.len() == is.len()).cloned()
}

/// Whether code that uses one type can use another under its name: both are of one kind, and the other has what the one
/// has, or at least half of it if it is new, in which case the report tells of the rest. Values that are missing are
/// retired.
fn can_stand_for(old: &Surface, path: &str, new: &Surface, target: &str) -> bool {
    let (Some(was), Some(is)) = (old.items.get(path), new.items.get(target)) else {
        return false;
    };
    let names = |members: BTreeSet<(String, String)>| -> BTreeSet<String> {
        members.into_iter().map(|(name, _)| name).collect()
    };
    let (held, holds) = (names(old.members(path)), names(new.members(target)));
    let (kept, all) = (held.intersection(&holds).count(), held.len());
    let half = was.signature == is.signature && kept * 2 >= all;
    let existed = old.items.contains_key(target);
    let enumeration = was.signature.starts_with("enum");
    half && (!existed || enumeration || old.members(path).is_subset(&new.members(target)))
}

type Sentence = (String, String, Rule, String);

/// The items that are called otherwise now, with what belongs to them, and a row for each that counts.
fn renamed(old: &Surface, new: &Surface) -> (BTreeMap<String, String>, Vec<Sentence>) {
    let mut names = BTreeMap::new();
    let mut rows = Vec::new();
    let of_kind = |from: &Surface, other: &Surface, kind: Kind| -> Vec<String> {
        let missing = from
            .items
            .iter()
            .filter(|(path, item)| item.kind == kind && !other.items.contains_key(*path));
        missing.map(|(path, _)| path.clone()).collect()
    };
    let mut rename = |kind: Kind, rule: Rule, least: f32, score: &dyn Fn(&str, &str) -> f32| {
        let (went, came) = (of_kind(old, new, kind), of_kind(new, old, kind));
        let score = |old: usize, new: usize| match (went.get(old), came.get(new)) {
            (Some(old), Some(new)) => score(old, new),
            _ => 0.0,
        };
        for (from, to) in pairs(went.len(), came.len(), least, score) {
            if let (Some(from), Some(to)) = (went.get(from), came.get(to)) {
                let says = format!("is the new name of {}", quoted(from));
                rows.push((from.clone(), to.clone(), rule, says));
                names.insert(from.clone(), to.clone());
            }
        }
    };
    // A call is what it calls.
    rename(Kind::Call, Rule::RustCallRenamed, 1.0, &|was, is| {
        let same = old.address_of(was).is_some() && old.address_of(was) == new.address_of(is);
        f32::from(u8::from(same))
    });
    // A type is what it holds, where it is used, and what it is called; two of the three must hold.
    let types = |from: &Surface, other: &Surface| -> BTreeMap<String, BTreeSet<(String, String)>> {
        let missing = of_kind(from, other, Kind::Type).into_iter();
        let own = missing.filter(|path| path.starts_with("types::"));
        own.map(|path| (path.clone(), from.members(&path))).collect()
    };
    let went = types(old, new);
    // To find the members and users of types takes long, and most revisions have no type to compare them with.
    let came = match went.is_empty() {
        true => BTreeMap::new(),
        false => types(new, old),
    };
    rename(Kind::Type, Rule::RustTypeRenamed, 1.8, &|was, is| {
        let (Some(held), Some(holds)) = (went.get(was), came.get(is)) else {
            return 0.0;
        };
        let held = overlap(held, holds);
        if held < 0.5 {
            0.0
        } else {
            held + overlap(&old.users(was), &new.users(is)) + alike(last(was), last(is))
        }
    });
    rename(Kind::Variant, Rule::RustVariantRenamed, RENAMED, &|was, is| {
        let (Some(was), Some(is)) = (old.items.get(was), new.items.get(is)) else {
            return 0.0;
        };
        match (&was.text, &is.text) {
            (Some(old), Some(new)) if was.parent == is.parent => same_value(old, new),
            _ => 0.0,
        }
    });
    // A builder and a constant are called after their call.
    for (from, to, rule, _) in &rows {
        if *rule == Rule::RustCallRenamed {
            for module in ["builder::", "operations::"] {
                let child = |surface: &Surface, of: &str| {
                    let mut children = surface
                        .items
                        .iter()
                        .filter(|(_, item)| item.parent.as_deref() == Some(of));
                    children
                        .find(|(path, _)| path.starts_with(module))
                        .map(|(path, _)| path.clone())
                };
                if let (Some(from), Some(to)) = (child(old, from), child(new, to)) {
                    names.insert(from, to);
                }
            }
        }
    }
    (names, rows)
}

fn row(rule: Rule, subject: &str, place: &str, values: &[&str], says: String) -> Row {
    super::schema::row(rule, subject, place, values, &BTreeSet::new(), says)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{Given, Kind, OPEN_ENUM, RECORD, Surface};

    fn read(path: &str) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../paradex-api")
                .join(path),
        )?)
    }

    /// What stands between two texts, each time the first comes.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> BTreeSet<&'a str> {
        let found = text.split(from).skip(1);
        found.filter_map(|rest| rest.split(to).next()).collect()
    }

    #[test]
    fn the_macros_write_what_is_listed_here() {
        let listed = |given: &Given| -> [BTreeSet<&'static str>; 3] {
            [given.methods, given.constants, given.traits].map(|names| names.iter().copied().collect())
        };
        for (file, name, given) in [
            ("src/wire/open_enum.rs", "macro_rules! open_enum", OPEN_ENUM),
            ("src/wire/record.rs", "macro_rules! record", RECORD),
        ] {
            let text = read(file).unwrap();
            let macro_ = text.split(name).nth(1).unwrap().split("\n}\n").next().unwrap();
            // The last name of the path of each trait; the crate's own cannot be named outside.
            let traits: BTreeSet<&str> = between(macro_, "impl", " for $name {")
                .into_iter()
                .filter(|found| !found.contains('{'))
                .map(|found| {
                    found
                        .trim_start_matches("<'de>")
                        .trim()
                        .rsplit("::")
                        .next()
                        .unwrap()
                })
                .map(|found| found.split("<'de>").next().unwrap())
                .filter(|found| !["Scalar", "Kept"].contains(found))
                .collect();
            let written = [
                between(macro_, "pub fn ", "("),
                between(macro_, "pub const ", ":"),
                traits,
            ];
            assert_eq!(listed(&given), written, "{file}");
        }
    }

    #[test]
    fn the_crate_is_listed_as_people_know_it() {
        let surface = Surface::of(read).unwrap();
        let all = surface.items();
        for (path, kind, signature) in [
            (
                "Client::list_markets()",
                Kind::Call,
                "fn(&self) -> builder::ListMarkets<'_>",
            ),
            ("builder::ListMarkets", Kind::Type, "struct<'a> that can grow"),
            (
                "builder::ListMarkets::market()",
                Kind::Method,
                "fn(self, value: impl Into<String>) -> Self",
            ),
            (
                "builder::ListMarkets::send()",
                Kind::Method,
                "async fn(self) -> Result<Response<types::MarketList>, Error>",
            ),
            ("operations::LIST_MARKETS", Kind::Other, "static Operation"),
            (
                "operations::find()",
                Kind::Other,
                "fn(id: &str) -> Option<&'static Operation>",
            ),
            ("types::Market", Kind::Type, "struct that can grow"),
            ("types::Market.symbol", Kind::Field, "Option<String>"),
            ("types::Market::undecoded()", Kind::Method, ""),
            ("types::Market: Serialize", Kind::Trait, ""),
            ("types::Market: JsonSchema", Kind::Trait, ""),
            ("types::OrderSide::Buy", Kind::Variant, ""),
            ("types::OrderSide::Unknown", Kind::Variant, "(UnknownValue)"),
            ("types::OrderSide::KNOWN", Kind::Other, ""),
            (
                "types::CreateTokenRequest::new()",
                Kind::Method,
                "fn(expiry_duration: i64, name: impl Into<String>, token_type: impl Into<String>) -> Self",
            ),
            ("UPSTREAM_VERSION", Kind::Other, "const &str"),
        ] {
            let item = all.get(path).unwrap_or_else(|| panic!("{path} is not there"));
            assert_eq!((item.kind, item.signature.as_str()), (kind, signature), "{path}");
        }
        assert_eq!(
            all.get("types::OrderSide::Buy").unwrap().text.as_deref(),
            Some("BUY")
        );
        // What cannot be named outside is not there.
        for private in [
            "types::Market.undecoded_",
            "builder::ListMarkets::new()",
            "types::Market: Record",
        ] {
            assert!(!all.contains_key(private), "{private}");
        }
        // Each call has its builder, its constant and its address.
        for (path, _) in all.iter().filter(|(_, item)| item.kind == Kind::Call) {
            assert!(surface.address_of(path).is_some(), "{path}");
            let children: Vec<_> = all
                .iter()
                .filter(|(_, item)| item.parent.as_ref() == Some(path))
                .collect();
            assert_eq!(children.len(), 2, "{path}: {children:?}");
        }
    }

    #[test]
    fn an_item_of_an_unknown_kind_is_an_error_and_no_gap() {
        for code in [
            "pub trait T {}",
            "pub use other::Thing;",
            "other!(Thing);",
            "pub union U { a: u8 }",
        ] {
            let files = |file: &str| {
                Ok(if file.ends_with("types.rs") {
                    code.to_owned()
                } else {
                    String::new()
                })
            };
            let error = format!("{:#}", Surface::of(files).unwrap_err());
            assert!(
                error.starts_with("src/generated/types.rs: ") && error.contains("teach it"),
                "{error}"
            );
        }
    }
}
