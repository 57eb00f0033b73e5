//! The second question: what changes for people who compile, from the generated code itself.
//!
//! [`Surface::from_files`] lists the public items of `src/generated`, as a user can name them. Two macros stand in that
//! code, `open_enum!` and `record!` (see `paradex-api/src/wire`), and what they write is public too: it is
//! listed here by name, and a test holds the lists to the macros.

mod compare;
mod listing;
mod macros;
mod renames;

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Rule;
pub use compare::compare;
pub use macros::written_by;
pub use renames::successors;

/// The binary messages, which a document without an SBE schema does not have.
pub(super) const SBE: &str = "src/generated/sbe.rs";

/// The files that are read, and the module that each is.
pub const FILES: [(&str, &str); 7] = [
    ("src/generated/mod.rs", ""),
    ("src/generated/types.rs", "types::"),
    ("src/generated/builder.rs", "builder::"),
    ("src/generated/operations.rs", "operations::"),
    ("src/generated/stream.rs", "stream::"),
    (SBE, "sbe::"),
    ("src/generated/client.rs", ""),
];

/// How the signature of an alias begins.
const ALIAS: &str = "alias of ";

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
    /// The item that it belongs to, and with which it appears and disappears.
    pub parent: Option<String>,
    /// Of a variant, its text on the wire.
    pub text: Option<String>,
    /// Whether the compiler warns of it.
    pub deprecated: bool,
    /// The feature that it needs. A part of an item needs what the item needs, and has none here.
    pub feature: Option<String>,
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
        let module = path.strip_suffix(name).unwrap_or_default();
        let names = |user: &str, text: &str| {
            // In its own module a type is named without the module. A builder can have the name of a type.
            let named = match user.starts_with(module) {
                true => name,
                false => path,
            };
            // Few signatures have the name in them, and splitting all of them takes long.
            text.contains(named)
                && text
                    .split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
                    .any(|word| word == named)
        };
        let all = self
            .items
            .iter()
            .filter(|(user, item)| names(user, &item.signature));
        all.map(|(user, _)| user.clone())
            .filter(|user| !user.starts_with(path))
            .collect()
    }

    /// Whether an item is a struct or an enumeration among the types.
    fn is_own_type(&self, path: &str) -> bool {
        let item = self.items.get(path).filter(|item| item.kind == Kind::Type);
        path.starts_with("types::") && item.is_some_and(|item| !item.signature.starts_with(ALIAS))
    }

    /// The earlier types whose names are now aliases of their current names.
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
    pub(in crate::diff) fn calls(&self) -> impl Iterator<Item = (&str, &str)> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::macros::{Given, OPEN_ENUM, RECORD};
    use super::{Kind, Surface};
    use crate::diff::rules::Rule;

    fn read(path: &str) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../paradex-api")
                .join(path),
        )?)
    }

    /// The text between two others, for each occurrence of the first.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> BTreeSet<&'a str> {
        let found = text.split(from).skip(1);
        found.filter_map(|rest| rest.split(to).next()).collect()
    }

    #[test]
    fn listed_items_are_those_of_the_macros() {
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
                .filter(|found| !["Scalar", "HasUndecoded"].contains(found))
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
    fn surface_lists_the_crate_as_users_know_it() {
        let surface = Surface::from_files(read).unwrap();
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
        // What only a WebSocket needs is behind a feature, and what the REST API has too is not.
        for (path, feature) in [
            ("sbe", Some("stream")),
            ("stream", Some("stream")),
            ("types::RfqEvent", Some("stream")),
            ("types::Order", None),
            ("operations", None),
            ("DOCUMENT", Some("document")),
        ] {
            assert_eq!(all.get(path).unwrap().feature.as_deref(), feature, "{path}");
        }
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
    fn type_behind_a_feature_is_reported_once() {
        let surface = |attribute: &str| {
            let types = format!(
                "{attribute} /// Words.\n#[derive(Clone)] #[non_exhaustive] pub struct A {{ pub a: i64 }}\n\
                 {attribute} impl A {{ pub fn new() -> Self {{ todo!() }} }}\n{attribute} record!(A);"
            );
            let read = |file: &str| match file {
                "src/generated/types.rs" => Ok(types.clone()),
                _ => Ok(String::new()),
            };
            Surface::from_files(read).unwrap()
        };
        let (without, with, other) = (
            surface(""),
            surface("#[cfg(feature = \"stream\")]"),
            surface("#[cfg(feature = \"other\")]"),
        );
        let none = Surface::from_files(|_| Ok(String::new())).unwrap();
        for (old, new, rule, sentence) in [
            (
                &without,
                &with,
                Rule::RustFeatureRequired,
                "`types::A` needs the feature `stream` now.",
            ),
            (
                &with,
                &without,
                Rule::RustFeatureDropped,
                "`types::A` no longer needs the feature `stream`.",
            ),
            (
                &with,
                &other,
                Rule::RustFeatureRequired,
                "`types::A` needs the feature `other` now (was `stream`).",
            ),
            (
                &none,
                &with,
                Rule::RustTypeAdded,
                "`types::A` is new, with the feature `stream`.",
            ),
            (&none, &without, Rule::RustTypeAdded, "`types::A` is new."),
        ] {
            let rows = super::compare(old, new);
            let rows: Vec<_> = rows.iter().map(|row| (row.rule, row.sentence.as_str())).collect();
            assert_eq!(rows, [(rule, sentence)]);
        }
        assert!(super::compare(&with, &with).is_empty());
    }

    #[test]
    fn type_with_the_name_of_a_builder_has_its_successor() {
        let surface = |list: &str, fields: &str| {
            let (list, fields) = (list.to_owned(), fields.to_owned());
            let read = move |file: &str| {
                Ok(match file {
                    "src/generated/types.rs" => format!("#[non_exhaustive] pub struct {list} {{ {fields} }}"),
                    "src/generated/builder.rs" => format!(
                        "#[non_exhaustive] pub struct AList<'a> {{ c: &'a u8 }}\n\
                         impl<'a> AList<'a> {{ pub async fn send(self) -> Response<types::{list}> {{ todo!() }} }}"
                    ),
                    "src/generated/client.rs" => {
                        "impl Client { pub fn a_list(&self) -> builder::AList<'_> { todo!() } }".to_owned()
                    }
                    _ => String::new(),
                })
            };
            Surface::from_files(read).unwrap()
        };
        let old = surface("AList", "pub results: Vec<i64>");
        let new = surface("APage", "pub next: Option<String>, pub results: Vec<i64>");
        assert_eq!(
            super::successors(&old, &new),
            [("AList".to_owned(), "APage".to_owned())].into()
        );
    }

    #[test]
    fn item_that_is_no_longer_deprecated_is_reported() {
        let surface = |attribute: &str| {
            let types = format!("#[non_exhaustive] pub enum A {{ {attribute} B }}");
            let read = |file: &str| match file {
                "src/generated/types.rs" => Ok(types.clone()),
                _ => Ok(String::new()),
            };
            Surface::from_files(read).unwrap()
        };
        let (current, old) = (surface(""), surface("#[deprecated]"));
        let sentence = |old, new| {
            super::compare(old, new)
                .iter()
                .map(|row| row.sentence.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(sentence(&current, &old), ["`types::A::B` is deprecated."]);
        assert_eq!(
            sentence(&old, &current),
            ["`types::A::B` is no longer deprecated."]
        );
    }

    #[test]
    fn item_of_an_unknown_kind_is_an_error() {
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
            let error = format!("{:#}", Surface::from_files(files).unwrap_err());
            assert!(
                error.starts_with("src/generated/types.rs: ") && error.contains("teach it"),
                "{error}"
            );
        }
    }
}
