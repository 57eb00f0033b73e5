//! Keeps variants of values that the exchange no longer lists, and old names of types, for a while and deprecated, so that
//! programs that use them still compile.
//!
//! Users compile against the current generated code, so a value or a name is retired when that code has it and the new code
//! does not. `openapi/retired.yaml` remembers it. Nothing else is kept: an operation that is gone
//! would only fail, and a field that is gone would only be empty, both without telling anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diff::surface::{self, Surface};
use crate::source::Source;
use crate::yaml;

/// How many months a variant or a name is kept.
const MONTHS: u32 = 6;

const HEADER: &str = "\
# Enum values that the exchange no longer lists, and old names of types. The variants and names stay for a while,
# deprecated. Written by `cargo xtask gen`; `since` is filled in by `cargo xtask release`. When `keep_until` (a month)
# is over, delete the entry with the next release that breaks something anyway: it breaks code that still names it.
";

/// `retired.yaml`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retired(pub Vec<Entry>);

/// One value or name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// What is retired.
    #[serde(flatten)]
    pub what: What,
    /// The first document without it: version and day.
    pub gone: String,
    /// The last month in which the variant or name must be there.
    pub keep_until: String,
    /// The first version of the crate in which it is deprecated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// What is retired.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum What {
    /// A value of an enumeration.
    Value {
        /// Our type.
        #[serde(rename = "enum")]
        of: String,
        /// The value on the wire.
        value: String,
        /// Its variant.
        variant: String,
    },
    /// The name of a type.
    Name {
        /// What the type was called.
        #[serde(rename = "type")]
        was: String,
        /// What it is called now.
        now: String,
    },
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Value { of, value, .. } => write!(f, "{of} {value}"),
            What::Name { was, .. } => write!(f, "the name {was}"),
        }
    }
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

    /// The values of one type, and their variants.
    pub fn values<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = (&'a Entry, &'a str, &'a str)> {
        self.0.iter().filter_map(move |entry| match &entry.what {
            What::Value { of, value, variant } if of == type_name => {
                Some((entry, value.as_str(), variant.as_str()))
            }
            _ => None,
        })
    }

    /// The old names of types, and what they are called now.
    pub fn names(&self) -> impl Iterator<Item = (&Entry, &str, &str)> {
        self.0.iter().filter_map(|entry| match &entry.what {
            What::Name { was, now } => Some((entry, was.as_str(), now.as_str())),
            What::Value { .. } => None,
        })
    }

    /// Adds what the current code has and the new code does not, and drops what has come back or whose type
    /// is gone. Returns whether that changed anything.
    pub fn update(&mut self, old: &Surface, new: &Surface, source: &Source) -> bool {
        let known = self.clone();
        let successors = surface::successors(old, new);
        self.update_names(&successors, &new.type_names(), source);
        self.update_values(&successors, old, new, source);
        self.0.sort();
        *self != known
    }

    fn update_names(
        &mut self,
        successors: &BTreeMap<String, String>,
        types: &BTreeSet<&str>,
        source: &Source,
    ) {
        for entry in &mut self.0 {
            // A type can be renamed twice.
            if let What::Name { now, .. } = &mut entry.what
                && let Some(newer) = successors.get(now)
            {
                now.clone_from(newer);
            }
        }
        self.0.retain(|entry| match &entry.what {
            What::Name { was, now } => types.contains(now.as_str()) && !types.contains(was.as_str()),
            What::Value { .. } => true,
        });
        for (was, now) in successors {
            if self.names().all(|(_, known, _)| known != was) {
                let (was, now) = (was.clone(), now.clone());
                self.0.push(Entry::new(What::Name { was, now }, source));
            }
        }
    }

    fn update_values(
        &mut self,
        successors: &BTreeMap<String, String>,
        old: &Surface,
        new: &Surface,
        source: &Source,
    ) {
        let (old, new) = (old.values(), new.values());
        for entry in &mut self.0 {
            if let What::Value { of, .. } = &mut entry.what
                && let Some(newer) = successors.get(of)
            {
                of.clone_from(newer);
            }
        }
        self.0.retain(|entry| match &entry.what {
            What::Value { of, value, .. } => new
                .get(of.as_str())
                .is_some_and(|values| !values.contains_key(value.as_str())),
            What::Name { .. } => true,
        });
        for (name, values) in &new {
            // What the type held, and what each held that is called like this now.
            let earlier = successors.iter().filter(|(_, now)| now == name);
            let held = earlier.map(|(was, _)| was.as_str()).chain([*name]);
            for (value, variant) in held.filter_map(|name| old.get(name)).flatten() {
                // A variant of another value cannot be kept for this one.
                let taken = values.contains_key(value) || values.values().any(|new| new == variant);
                if taken || self.values(name).any(|(_, known, _)| known == *value) {
                    continue;
                }
                let what = What::Value {
                    of: (*name).to_owned(),
                    value: (*value).to_owned(),
                    variant: (*variant).to_owned(),
                };
                self.0.push(Entry::new(what, source));
            }
        }
    }
}

impl Entry {
    fn new(what: What, source: &Source) -> Self {
        Self {
            what,
            gone: format!("{} of {}", source.upstream_version, source.date),
            keep_until: month_after(&source.date, MONTHS),
            since: None,
        }
    }

    /// What the compiler says where the variant or name is used.
    pub fn note(&self) -> String {
        match &self.what {
            What::Value { .. } => format!("no longer listed by the exchange, since {}", self.gone),
            What::Name { now, .. } => format!("called `{now}` now, since {}", self.gone),
        }
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
        Surface::from_files(text).unwrap()
    }

    #[test]
    fn removed_value_is_retired_until_it_comes_back() {
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
        assert!(back.values("A").all(|(_, value, _)| value != "TWO"), "{back:?}");
        assert!(retired.update(&written, &code(&[]), &source()));
        assert_eq!(retired, Retired::default());
        assert_eq!(Retired::parse("# nothing\n").unwrap(), Retired::default());
    }

    #[test]
    fn name_of_a_type_stays_as_long_as_the_type_is_there() {
        let files = |types: &'static str, builder: &'static str| {
            Surface::from_files(move |file: &str| {
                Ok(match file {
                    "src/generated/types.rs" => types.to_owned(),
                    "src/generated/builder.rs" => builder.to_owned(),
                    _ => String::new(),
                })
            })
            .unwrap()
        };
        let old = files(
            "pub struct List { pub a: u8, undecoded_: u8 } record!(List);",
            "impl Get { pub async fn send(self) -> Result<types::List, Error> {} }",
        );
        let new = files(
            "pub struct Page { pub a: u8, pub next: u8, undecoded_: u8 } record!(Page);",
            "impl Get { pub async fn send(self) -> Result<types::Page, Error> {} }",
        );
        let mut retired = Retired::default();
        assert!(retired.update(&old, &new, &source()));
        let text = retired.to_text().unwrap();
        assert!(
            text.ends_with("- type: List\n  now: Page\n  gone: 2.0 of 2026-08-20\n  keep_until: 2027-02\n"),
            "{text}"
        );
        assert_eq!(Retired::parse(&text).unwrap(), retired);
        assert!(!retired.clone().update(&new, &new, &source()));
        // It is renamed once more.
        let newer = files(
            "pub struct Sheet { pub a: u8, pub next: u8, undecoded_: u8 } record!(Sheet);",
            "impl Get { pub async fn send(self) -> Result<types::Sheet, Error> {} }",
        );
        assert!(retired.update(&new, &newer, &source()));
        let names: Vec<_> = retired.names().map(|(_, was, now)| (was, now)).collect();
        assert_eq!(names, [("List", "Sheet"), ("Page", "Sheet")]);
        // A new type takes an old name, and the type goes.
        assert!(retired.clone().update(
            &newer,
            &files("pub struct List {} pub struct Sheet {}", ""),
            &source()
        ));
        assert!(retired.update(&newer, &files("", ""), &source()));
        assert_eq!(retired, Retired::default());
    }

    #[test]
    fn months_are_counted_over_the_end_of_a_year() {
        assert_eq!(month_after("2026-08-20", 6), "2027-02");
        assert_eq!(month_after("2026-06-30", 6), "2026-12");
        assert_eq!(month_after("2026-07-01", 6), "2027-01");
    }
}
