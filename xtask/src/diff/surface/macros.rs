//! What the macros of the raw crate write for a type: `open_enum!`, `record!` and `json_schema!`, see
//! `paradex-api/src/wire`, and `byte_enum!` and `byte_set!`, see `paradex-api/src/sbe`. Only their invocations are in the generated code. A test compares these lists with the macros.

use anyhow::bail;
use syn::parse::Parser;

use super::{Kind, Surface};

/// What `open_enum!` gives a type.
pub(super) const OPEN_ENUM: Given = Given {
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
pub(super) const RECORD: Given = Given {
    methods: &["undecoded"],
    constants: &[],
    traits: &["Wire", "Serialize", "Deserialize"],
};

/// What `byte_enum!` gives a type.
const BYTE_ENUM: Given = Given {
    methods: &["as_str"],
    constants: &["KNOWN"],
    traits: &["From<u8>", "Display"],
};

/// What `byte_set!` gives a type.
const BYTE_SET: Given = Given {
    methods: &["bits", "contains", "is_empty", "unknown", "names"],
    constants: &["KNOWN"],
    traits: &["From<u8>", "BitOr", "Debug"],
};

/// What a macro writes for a type.
pub(super) struct Given {
    pub(super) methods: &'static [&'static str],
    pub(super) constants: &'static [&'static str],
    pub(super) traits: &'static [&'static str],
}

impl Surface {
    pub(super) fn invocation(&mut self, module: &str, invocation: &syn::Macro) -> anyhow::Result<()> {
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
            // `Name { Variant = number "TEXT", … }`
            "byte_enum" | "byte_set" => {
                let first = |input: syn::parse::ParseStream| {
                    let name: syn::Ident = input.parse()?;
                    input.parse::<proc_macro2::TokenStream>()?;
                    Ok(name)
                };
                let ident = first.parse2(invocation.tokens.clone())?;
                let given = if name == "byte_enum" {
                    &BYTE_ENUM
                } else {
                    &BYTE_SET
                };
                self.given(&format!("{module}{ident}"), given);
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
}

/// What the macros of the raw crate write for each type that they are called with: its name, methods and constants,
/// and traits. Returns nothing for an unknown macro or a wrong invocation: [`Surface::from_files`] reports these.
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

/// `Name = "text", …`, each with attributes before it.
fn texts(input: syn::parse::ParseStream) -> syn::Result<Vec<(syn::Ident, String)>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        syn::Attribute::parse_outer(input)?;
        let name = input.parse()?;
        input.parse::<syn::Token![=]>()?;
        all.push((name, input.parse::<syn::LitStr>()?.value()));
        if !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
        }
    }
    Ok(all)
}
