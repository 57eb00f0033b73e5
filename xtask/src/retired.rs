//! Enum values that the exchange no longer lists. Their variants stay for a while, deprecated, so that a program
//! that names one still compiles.
//!
//! What users compile against is the generated code as it stands, so a value is retired when it is there and would
//! not be written again. `openapi/retired.yaml` remembers it. Nothing else is kept: an operation that is gone
//! would only fail, and a field that is gone would only be empty, both without telling anybody.

use serde::{Deserialize, Serialize};

use crate::diff::surface::Surface;
use crate::source::Source;
use crate::yaml;

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
        Ok(yaml::read::<Option<Self>>(text)?.unwrap_or_default())
    }

    /// The text of the file.
    ///
    /// # Errors
    ///
    /// None that is known.
    pub fn to_text(&self) -> anyhow::Result<String> {
        Ok(format!("{HEADER}{}", yaml::write(self)?))
    }

    /// The values of one type.
    pub fn of<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| entry.of == type_name)
    }

    /// Adds what the code as it stands has and the new code does not, and drops what has come back or whose type
    /// is gone. Answers whether that changed anything.
    pub fn update(&mut self, old: &Surface, new: &Surface, source: &Source) -> bool {
        let known = self.clone();
        let (old, new) = (old.values(), new.values());
        self.0.retain(|entry| {
            new.get(entry.of.as_str())
                .is_some_and(|values| !values.contains_key(entry.value.as_str()))
        });
        for (name, values) in &new {
            for (value, variant) in old.get(name).into_iter().flatten() {
                // A variant that now stands for another value cannot stand for this one too.
                let taken = values.contains_key(value) || values.values().any(|new| new == variant);
                if taken || self.of(name).any(|entry| entry.value == *value) {
                    continue;
                }
                self.0.push(Entry {
                    of: (*name).to_owned(),
                    value: (*value).to_owned(),
                    variant: (*variant).to_owned(),
                    gone: format!("{} of {}", source.upstream_version, source.date),
                    keep_until: month_after(&source.date, MONTHS),
                    since: None,
                });
            }
        }
        self.0.sort();
        *self != known
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

#[cfg(test)]
mod tests {
    use super::{Retired, month_after};
    use crate::diff::surface::Surface;
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

    /// Variants and what they stand for.
    type Rows<'a> = &'a [(&'a str, &'a str)];

    /// The code of enumerations: name, what is listed, and what is retired.
    fn code(enumerations: &[(&str, Rows<'_>, Rows<'_>)]) -> Surface {
        let mut text = String::new();
        for (name, listed, retired) in enumerations {
            let rows = |rows: Rows<'_>| -> String {
                let rows = rows
                    .iter()
                    .map(|(variant, value)| format!("{variant} = {value:?}, "));
                rows.collect()
            };
            let variants: String = listed.iter().map(|(variant, _)| format!("{variant}, ")).collect();
            let gone = retired
                .iter()
                .map(|(variant, _)| format!("#[deprecated] {variant}, "));
            let gone: String = gone.collect();
            let (listed, retired) = (rows(listed), rows(retired));
            text += &format!(
                "pub enum {name} {{ {variants} {gone} }} open_enum!({name} {{ {listed} }} retired {{ {retired} }});"
            );
        }
        let text = |file: &str| {
            Ok(match file.ends_with("types.rs") {
                true => text.clone(),
                false => String::new(),
            })
        };
        Surface::of(text).unwrap()
    }

    #[test]
    fn what_vanished_is_remembered_until_it_comes_back() {
        let all: &[_] = &[("One", "ONE"), ("Two", "TWO"), ("Odd", "o-d-d")];
        let less: &[_] = &[("One", "ONE"), ("Odd", "ODD")];
        let old = code(&[("A", all, &[("Zero", "ZERO")]), ("Gone", &[("X", "X")], &[])]);
        let new = code(&[("A", less, &[])]);
        let mut retired = Retired::default();
        assert!(retired.update(&old, &new, &source()));
        let text = retired.to_text().unwrap();
        assert!(
            text.ends_with(
                "- enum: A\n  value: TWO\n  variant: Two\n  gone: 2.0 of 2026-08-20\n  keep_until: 2027-02\n"
            ),
            "{text}"
        );
        assert_eq!(Retired::parse(&text).unwrap(), retired);
        // The next run finds it retired already, and once its entry is deleted it stays away.
        let written = code(&[("A", less, &[("Two", "TWO")])]);
        assert!(!retired.update(&written, &new, &source()));
        assert!(!Retired::default().update(&written, &new, &source()));
        // It comes back, or its type goes.
        let mut back = retired.clone();
        assert!(back.update(&written, &code(&[("A", &[("Two", "TWO")], &[])]), &source()));
        assert!(back.0.iter().all(|entry| entry.value != "TWO"), "{back:?}");
        assert!(retired.update(&written, &code(&[]), &source()));
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
