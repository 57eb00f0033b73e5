//! The policy file: its TOML, YAML and serde form, and the checks that turn it into rules.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize as DeserializeDerive, Serialize};

use super::error::{PolicyError, listed};
use super::{AllowlistPolicy, Rule, Selector};
use crate::net::{Cidr, CidrSet, IpAllowlist};

/// A policy as it is written. `T` is a string that may know its position in the file.
#[derive(Debug, Clone, DeserializeDerive, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct PolicyFile<T> {
    #[serde(default)]
    ranges: Ranges<T>,
    rules: Vec<RuleEntry<T>>,
}

#[derive(Debug, Clone, DeserializeDerive, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
struct RuleEntry<T> {
    account: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<T>,
    allow: Allow<T>,
}

/// Range names with their networks, in file order.
#[derive(Debug, Clone)]
struct Ranges<T>(Vec<(T, Vec<T>)>);

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[derive(Debug, Clone)]
enum Allow<T> {
    Unrestricted,
    Ranges(Vec<T>),
}

/// A string of a policy file, with its line if the format reports one.
pub(super) trait Located {
    fn text(&self) -> &str;
    fn line(&self, source: &str) -> Option<usize>;
}

impl Located for String {
    fn text(&self) -> &str {
        self
    }

    fn line(&self, _: &str) -> Option<usize> {
        None
    }
}

impl Located for toml::Spanned<String> {
    fn text(&self) -> &str {
        self.get_ref()
    }

    fn line(&self, source: &str) -> Option<usize> {
        Some(line_of(source, self.span().start))
    }
}

impl Located for serde_saphyr::Spanned<String> {
    fn text(&self) -> &str {
        &self.value
    }

    fn line(&self, _: &str) -> Option<usize> {
        usize::try_from(self.referenced.line()).ok()
    }
}

/// The line, counted from 1, at a byte offset.
pub(in crate::fleet) fn line_of(source: &str, offset: usize) -> usize {
    let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

impl<T: Located> PolicyFile<T> {
    /// Checks the file and looks the ranges of each rule up.
    pub(super) fn resolve(self, source: &str) -> Result<AllowlistPolicy, PolicyError> {
        let mut ranges: HashMap<&str, Vec<Cidr>> = HashMap::with_capacity(self.ranges.0.len());
        for (name, entries) in &self.ranges.0 {
            let field = format!("ranges.{}", name.text());
            let refuse = |at: &T, rule: String, remedy: &str| {
                Err(PolicyError::new(
                    at.line(source),
                    field.clone(),
                    at.text(),
                    rule,
                    remedy.to_owned(),
                ))
            };
            if name.text().trim().is_empty() {
                return refuse(name, "the range has no name".to_owned(), "give it a name");
            }
            if ranges.contains_key(name.text()) {
                return refuse(
                    name,
                    "another range has the same name".to_owned(),
                    "rename one of them",
                );
            }
            if entries.is_empty() {
                return refuse(
                    name,
                    "the range has no networks".to_owned(),
                    "add a network, or delete the range",
                );
            }
            let mut networks = Vec::new();
            for entry in entries {
                match entry.text().parse::<Cidr>() {
                    Ok(network) => networks.push(network),
                    Err(error) => return refuse(entry, error.to_string(), "write it as `203.0.113.0/24`"),
                }
            }
            ranges.insert(name.text(), networks);
        }
        let mut rules = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            rules.push(rule.resolve(index, source, &self.ranges, &ranges)?);
        }
        Ok(AllowlistPolicy {
            rules,
            file: self.without_positions(),
        })
    }

    /// The same file without positions.
    fn without_positions(&self) -> PolicyFile<String> {
        let texts = |all: &[T]| all.iter().map(|text| text.text().to_owned()).collect::<Vec<_>>();
        let optional = |text: &Option<T>| text.as_ref().map(|text| text.text().to_owned());
        let ranges = self.ranges.0.iter();
        PolicyFile {
            ranges: Ranges(
                ranges
                    .map(|(name, all)| (name.text().to_owned(), texts(all)))
                    .collect(),
            ),
            rules: self
                .rules
                .iter()
                .map(|rule| RuleEntry {
                    account: rule.account.text().to_owned(),
                    id: optional(&rule.id),
                    name: optional(&rule.name),
                    kind: optional(&rule.kind),
                    allow: match &rule.allow {
                        Allow::Unrestricted => Allow::Unrestricted,
                        Allow::Ranges(names) => Allow::Ranges(texts(names)),
                    },
                })
                .collect(),
        }
    }
}

impl<T: Located> RuleEntry<T> {
    /// Checks a rule. `named` are the ranges in file order, and `ranges` the same by name.
    fn resolve(
        &self,
        index: usize,
        source: &str,
        named: &Ranges<T>,
        ranges: &HashMap<&str, Vec<Cidr>>,
    ) -> Result<Rule, PolicyError> {
        let refuse = |at: &T, field: &str, rule: String, remedy: String| {
            let field = format!("rules[{index}]{}{field}", if field.is_empty() { "" } else { "." });
            Err(PolicyError::new(at.line(source), field, at.text(), rule, remedy))
        };
        let given = [("id", &self.id), ("name", &self.name), ("kind", &self.kind)];
        let given: Vec<(&str, &T)> = given
            .into_iter()
            .filter_map(|(field, text)| Some((field, text.as_ref()?)))
            .collect();
        for (field, text) in given.iter().copied().chain([("account", &self.account)]) {
            if text.text().trim().is_empty() {
                return refuse(
                    text,
                    field,
                    "it is empty".to_owned(),
                    "give it a value".to_owned(),
                );
            }
        }
        let (field, text) = match given.as_slice() {
            [one] => *one,
            [] => {
                let rule = "the rule for this account selects nothing".to_owned();
                return refuse(
                    &self.account,
                    "",
                    rule,
                    "add one of `id`, `name` and `kind`".to_owned(),
                );
            }
            [(one, _), (other, text), ..] => {
                let rule = format!("the rule also has `{one}`");
                return refuse(text, other, rule, "keep one of the two".to_owned());
            }
        };
        let owned = text.text().to_owned();
        let selector = match field {
            "id" => Selector::Id(owned),
            "name" => Selector::Name(owned),
            _ => Selector::Kind(owned),
        };
        let allow = match &self.allow {
            Allow::Unrestricted => IpAllowlist::Unrestricted,
            Allow::Ranges(names) => {
                let mut networks: Vec<Cidr> = Vec::new();
                let mut seen = HashSet::new();
                for name in names {
                    let Some(range) = ranges.get(name.text()) else {
                        let known = listed(named.0.iter().map(|(known, _)| known.text()));
                        let remedy = format!("the ranges are {known}");
                        return refuse(name, "allow", "no range has this name".to_owned(), remedy);
                    };
                    networks.extend(range.iter().filter(|network| seen.insert(**network)));
                }
                let Ok(set) = CidrSet::new(networks) else {
                    let rule = "`allow` is empty, which the exchange would treat as unrestricted".to_owned();
                    let remedy = "add ranges, or write \"unrestricted\"".to_owned();
                    return refuse(text, "allow", rule, remedy);
                };
                IpAllowlist::Only(set)
            }
        };
        if let Err(error) = allow.check_limit() {
            return refuse(text, "allow", error.to_string(), "use fewer ranges".to_owned());
        }
        Ok(Rule {
            index,
            line: text.line(source),
            account: self.account.text().to_owned(),
            selector,
            allow,
        })
    }
}

impl TryFrom<PolicyFile<String>> for AllowlistPolicy {
    type Error = PolicyError;

    fn try_from(file: PolicyFile<String>) -> Result<Self, PolicyError> {
        file.resolve("")
    }
}

impl<T: Serialize> Serialize for Ranges<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, entries) in &self.0 {
            map.serialize_entry(name, entries)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ranges<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Ranges<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from range names to lists of networks")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ranges<T>, A::Error> {
                let mut ranges = Vec::new();
                while let Some(range) = map.next_entry()? {
                    ranges.push(range);
                }
                Ok(Ranges(ranges))
            }
        }

        deserializer.deserialize_map(Map(PhantomData))
    }
}

const UNRESTRICTED: &str = "unrestricted";

impl<T: Serialize> Serialize for Allow<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unrestricted => serializer.serialize_str(UNRESTRICTED),
            Self::Ranges(names) => names.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Allow<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrNames<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for WordOrNames<T> {
            type Value = Allow<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"unrestricted\" or a list of range names, such as [\"office\"]")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Allow<T>, E> {
                match text {
                    UNRESTRICTED => Ok(Allow::Unrestricted),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Allow<T>, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element()? {
                    names.push(name);
                }
                Ok(Allow::Ranges(names))
            }
        }

        deserializer.deserialize_any(WordOrNames(PhantomData))
    }
}
