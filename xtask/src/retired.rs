//! Enum values that the exchange no longer lists. Their variants stay for a while, deprecated, so that a program
//! that names one still compiles.
//!
//! What users compile against is the generated code as it stands, so a value is retired when it is there and would
//! not be written again. `openapi/retired.yaml` remembers it. Nothing else is kept: an operation that is gone
//! would only fail, and a field that is gone would only be empty, both without telling anybody.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use syn::parse::{Parse, ParseStream};

use crate::source::Source;

/// How many months a variant is kept.
const MONTHS: u32 = 6;

const HEADER: &str = "\
# Enum values that the exchange no longer lists, and whose variants stay for a while, deprecated. Written by
# `cargo xtask gen`; `since` is filled in by `cargo xtask release`. When `keep_until` (a month) is over, delete the
# entry with the next release that breaks something anyway: it breaks whoever still names the variant.
";

/// `retired.yaml`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retired(pub Vec<Entry>);

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Our type.
    #[serde(rename = "enum")]
    pub of: String,
    /// The value on the wire.
    pub value: String,
    /// Its variant.
    pub variant: String,
    /// The first document without it: version and day.
    pub gone: String,
    /// The last month in which the variant must be there.
    pub keep_until: String,
    /// The first version of the crate in which it is deprecated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

impl Retired {
    /// Reads `retired.yaml`.
    ///
    /// # Errors
    ///
    /// It does not have its form.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        // A file that is only comments is an empty list.
        Ok(serde_yaml::from_str::<Option<Self>>(text)?.unwrap_or_default())
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn to_text(&self) -> anyhow::Result<String> {
        Ok(format!("{HEADER}{}", serde_yaml::to_string(self)?))
    }

    /// The values of one type.
    pub fn of<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| entry.of == type_name)
    }

    /// Adds what the code as it stands has and the new code does not, and drops what has come back or whose type
    /// is gone.
    ///
    /// # Errors
    ///
    /// One of the two is no generated code.
    pub fn update(&mut self, old: &str, new: &str, source: &Source) -> anyhow::Result<()> {
        let (old, new) = (enumerations(old)?, enumerations(new)?);
        self.0.retain(|entry| {
            new.get(&entry.of)
                .is_some_and(|values| !values.contains_key(&entry.value))
        });
        for (name, values) in &new {
            for (value, variant) in old.get(name).into_iter().flatten() {
                // A variant that now stands for another value cannot stand for this one too.
                let taken = values.contains_key(value) || values.values().any(|new| new == variant);
                if taken || self.of(name).any(|entry| entry.value == *value) {
                    continue;
                }
                self.0.push(Entry {
                    of: name.clone(),
                    value: value.clone(),
                    variant: variant.clone(),
                    gone: format!("{} of {}", source.upstream_version, source.date),
                    keep_until: month_after(&source.date, MONTHS),
                    since: None,
                });
            }
        }
        self.0.sort();
        Ok(())
    }
}

impl Entry {
    /// What the compiler tells whoever uses the variant.
    pub fn note(&self) -> String {
        format!("no longer listed by the exchange, since {}", self.gone)
    }
}

/// `YYYY-MM`, some months after a date.
fn month_after(date: &str, months: u32) -> String {
    let mut parts = date.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (year, month) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let month = year * 12 + month.saturating_sub(1) + months;
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

/// The values that the exchange lists, and their variants, by type.
fn enumerations(types: &str) -> anyhow::Result<BTreeMap<String, BTreeMap<String, String>>> {
    let file = syn::parse_file(types).context("generated/types.rs is no Rust")?;
    let mut found = BTreeMap::new();
    for item in file.items {
        if let syn::Item::Macro(item) = item
            && item.mac.path.is_ident("open_enum")
        {
            let Table { name, rows } = item.mac.parse_body().context("open_enum! of an unknown form")?;
            found.insert(name, rows);
        }
    }
    Ok(found)
}

/// `Name { Variant = "value", … } retired { … }`, without what is retired.
struct Table {
    name: String,
    rows: BTreeMap<String, String>,
}

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse::<syn::Ident>()?.to_string();
        let body;
        syn::braced!(body in input);
        let mut rows = BTreeMap::new();
        while !body.is_empty() {
            let variant = body.parse::<syn::Ident>()?.to_string();
            body.parse::<syn::Token![=]>()?;
            rows.insert(body.parse::<syn::LitStr>()?.value(), variant);
            if !body.is_empty() {
                body.parse::<syn::Token![,]>()?;
            }
        }
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(Self { name, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::{Retired, month_after};
    use crate::source::Source;

    fn source() -> Source {
        Source {
            address: "x".to_owned(),
            upstream_version: "2.0".to_owned(),
            date: "2026-08-20".to_owned(),
            sha256: String::new(),
            canonical_sha256: String::new(),
        }
    }

    #[test]
    fn what_vanished_is_remembered_until_it_comes_back() {
        let old =
            "open_enum!(A { One = \"ONE\", Two = \"TWO\", Odd = \"o-d-d\" } retired { Zero = \"ZERO\" });
                   open_enum!(Gone { X = \"X\" });";
        let new = "open_enum!(A { One = \"ONE\", Odd = \"ODD\" });";
        let mut retired = Retired::default();
        retired.update(old, new, &source()).unwrap();
        let text = retired.to_text().unwrap();
        assert!(
            text.ends_with(
                "- enum: A\n  value: TWO\n  variant: Two\n  gone: 2.0 of 2026-08-20\n  keep_until: 2027-02\n"
            ),
            "{text}"
        );
        assert_eq!(Retired::parse(&text).unwrap(), retired);
        // The next run finds it retired already, and once its entry is deleted it stays away.
        let written = "open_enum!(A { One = \"ONE\", Odd = \"ODD\" } retired { Two = \"TWO\" });";
        retired.update(written, new, &source()).unwrap();
        assert_eq!(retired.0.len(), 1);
        let mut deleted = Retired::default();
        deleted.update(written, new, &source()).unwrap();
        assert_eq!(deleted, Retired::default());
        // It comes back, or its type goes.
        let mut back = retired.clone();
        back.update(written, "open_enum!(A { Two = \"TWO\" });", &source())
            .unwrap();
        assert!(back.0.iter().all(|entry| entry.value != "TWO"), "{back:?}");
        retired.update(written, "", &source()).unwrap();
        assert_eq!(retired, Retired::default());
        assert_eq!(Retired::parse("# nothing\n").unwrap(), Retired::default());
    }

    #[test]
    fn months_are_counted_over_the_end_of_a_year() {
        assert_eq!(month_after("2026-08-20", 6), "2027-02");
        assert_eq!(month_after("2026-06-30", 6), "2026-12");
        assert_eq!(month_after("2026-07-01", 6), "2027-01");
    }
}
