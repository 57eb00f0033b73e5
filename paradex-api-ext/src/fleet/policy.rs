//! Allowlists as a text that is kept under version control.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize as DeserializeDerive, Serialize};

use super::rotate::base_name;
use super::snapshot::{FleetMember, FleetSnapshot};
use paradex_api::visible;

use super::table::one_line;
use crate::access::target::Target;
use crate::net::{Cidr, CidrSet, IpAllowlist};
use crate::signing::key_text::same_key;

/// Which networks the tokens and subkeys of several accounts may be used from.
///
/// ```
/// use paradex_api_ext::fleet::AllowlistPolicy;
///
/// let policy = AllowlistPolicy::from_toml(
///     r#"
///     [ranges]
///     office = ["203.0.113.0/24"]
///
///     [[rules]]
///     account = "desk"
///     name = "quoter"
///     allow = ["office"]
///     "#,
/// )?;
/// assert_eq!(policy.accounts(), ["desk"]);
///
/// let error = AllowlistPolicy::from_yaml("ranges: {}\nrules:\n- {account: desk, name: quoter, allow: [offcie]}");
/// assert!(error.unwrap_err().to_string().starts_with("line 3: rules[0].allow: `offcie` is refused: no range"));
/// # Ok::<(), paradex_api_ext::fleet::PolicyError>(())
/// ```
///
/// The [module](super) describes the text. With any other format of serde it has the same fields; then errors
/// name no lines.
#[derive(Debug, Clone, DeserializeDerive)]
#[serde(try_from = "Text<String>")]
pub struct AllowlistPolicy {
    text: Text<String>,
    rules: Vec<Rule>,
}

/// A rule with its ranges looked up.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    index: usize,
    line: Option<usize>,
    pub(super) account: String,
    selector: Selector,
    pub(super) allow: IpAllowlist,
}

#[derive(Debug, Clone)]
enum Selector {
    Id(String),
    Name(String),
    Kind(String),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, value) = self.selector.parts();
        write!(f, "{field} `{}`", one_line(value))
    }
}

impl Selector {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Id(id) => ("id", id),
            Self::Name(name) => ("name", name),
            Self::Kind(kind) => ("kind", kind),
        }
    }

    /// Two of what it selects that it cannot mean both. A token and its successors, while they are exchanged, are one.
    fn ambiguous<'a>(&self, alive: &[&'a FleetMember]) -> Option<(&'a FleetMember, &'a FleetMember)> {
        let is_subkey = |member: &FleetMember| matches!(member.target(), Target::Subkey(_));
        let apart = |one: &FleetMember, other: &FleetMember| match self {
            Self::Id(_) => true,
            Self::Name(_) => one.name() == other.name() || is_subkey(one) != is_subkey(other),
            Self::Kind(_) => false,
        };
        let mut pairs = alive
            .iter()
            .enumerate()
            .flat_map(|(index, one)| alive.iter().skip(index + 1).map(move |other| (*one, *other)));
        pairs.find(|(one, other)| apart(one, other))
    }

    fn matches(&self, member: &FleetMember) -> bool {
        match (self, member.target()) {
            (Self::Id(id), Target::Token(own)) => id == own,
            (Self::Id(id), Target::Subkey(own)) => id.starts_with("0x") && same_key(id, own),
            (Self::Name(name), _) => name == member.name() || name == base_name(member.name()),
            (Self::Kind(kind), Target::Token(_)) => kind == "token" || kind == member.kind(),
            (Self::Kind(kind), Target::Subkey(_)) => kind == "subkey",
        }
    }
}

impl AllowlistPolicy {
    /// Reads TOML.
    ///
    /// # Errors
    ///
    /// It is no TOML, has a field that no policy has, or says something that no policy can; the error has the line.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let parsed = toml::from_str::<Text<toml::Spanned<String>>>(text);
        parsed
            .map_err(|error| {
                PolicyError::syntax(
                    error.span().map(|span| line_of(text, span.start)),
                    error.message(),
                )
            })?
            .resolve(text)
    }

    /// Reads YAML.
    ///
    /// # Errors
    ///
    /// As for [`from_toml`](Self::from_toml).
    pub fn from_yaml(text: &str) -> Result<Self, PolicyError> {
        let parsed = serde_saphyr::from_str::<Text<serde_saphyr::Spanned<String>>>(text);
        parsed
            .map_err(|error| {
                let line = error.location().and_then(|at| usize::try_from(at.line()).ok());
                // Its text repeats the place.
                let shown = error.without_snippet().to_string();
                let message = shown
                    .rsplit_once(" at line ")
                    .map_or(shown.as_str(), |(message, _)| message);
                PolicyError::syntax(line, message)
            })?
            .resolve(text)
    }

    /// The accounts that it names, each once.
    pub fn accounts(&self) -> Vec<&str> {
        let mut accounts: Vec<&str> = Vec::new();
        for rule in &self.rules {
            if !accounts.contains(&rule.account.as_str()) {
                accounts.push(&rule.account);
            }
        }
        accounts
    }

    /// What each rule is about.
    pub(super) fn assign<'a>(
        &'a self,
        snapshot: &'a FleetSnapshot,
    ) -> Result<Vec<Assigned<'a>>, PolicyError> {
        let mut all: Vec<Assigned<'a>> = Vec::new();
        for rule in &self.rules {
            let Some(account) = snapshot
                .accounts()
                .iter()
                .find(|read| read.account == rule.account)
            else {
                let known = snapshot.accounts().iter().map(|read| read.account.as_str());
                let remedy = format!("the accounts at hand are {}", listed(known));
                return Err(rule.refused(
                    "account",
                    &rule.account,
                    "no account at hand has this name",
                    remedy,
                ));
            };
            if let Some(failure) = &account.failure {
                all.push(Assigned::new(rule, Matched::Undecoded(failure)));
                continue;
            }
            let matching = || {
                account
                    .members
                    .iter()
                    .filter(|member| rule.selector.matches(member))
            };
            let alive: Vec<_> = matching().filter(|member| member.is_alive()).collect();
            let (field, value) = rule.selector.parts();
            if let Some((one, other)) = rule.selector.ambiguous(&alive) {
                let rule_text = format!("{} and {} both have it", one.target(), other.target());
                return Err(rule.refused(field, value, rule_text, "select by `id`".to_owned()));
            }
            if alive.is_empty() {
                match matching().next_back() {
                    Some(dead) => all.push(Assigned::new(rule, Matched::Dead(dead))),
                    None => {
                        let rule_text = format!(
                            "it matches no token and no subkey of `{}`",
                            one_line(&rule.account)
                        );
                        let remedy = "look it up in the list, or take the rule out";
                        return Err(rule.refused(field, value, rule_text, remedy.to_owned()));
                    }
                }
            }
            for member in alive {
                // Also by way of another account: then two names are one account.
                let same = |assigned: &&Assigned<'_>| match assigned.matched {
                    Matched::Alive(other) => !member.id().is_empty() && other.target() == member.target(),
                    _ => false,
                };
                if let Some(other) = all.iter().find(same) {
                    let rule_text = format!(
                        "rules[{}] ({}) is about {} too",
                        other.rule.index,
                        other.rule,
                        member.target()
                    );
                    return Err(rule.refused(field, value, rule_text, "let one rule decide".to_owned()));
                }
                all.push(Assigned::new(rule, Matched::Alive(member)));
            }
        }
        Ok(all)
    }
}

/// A rule and one thing that it is about.
pub(super) struct Assigned<'a> {
    pub(super) rule: &'a Rule,
    pub(super) matched: Matched<'a>,
}

pub(super) enum Matched<'a> {
    Alive(&'a FleetMember),
    /// What it named is revoked or has ended; the last such one.
    Dead(&'a FleetMember),
    /// The account could not be read, for this reason.
    Undecoded(&'a str),
}

impl<'a> Assigned<'a> {
    fn new(rule: &'a Rule, matched: Matched<'a>) -> Self {
        Self { rule, matched }
    }
}

impl Rule {
    fn refused(&self, field: &str, value: &str, rule: impl Into<String>, remedy: String) -> PolicyError {
        PolicyError::new(
            self.line,
            format!("rules[{}].{field}", self.index),
            value,
            rule,
            remedy,
        )
    }
}

/// The policy as it is written. `T` is a text that may know where it stands.
#[derive(Debug, Clone, DeserializeDerive, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
struct Text<T> {
    #[serde(default)]
    ranges: Ranges<T>,
    rules: Vec<RuleText<T>>,
}

#[derive(Debug, Clone, DeserializeDerive, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
struct RuleText<T> {
    account: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<T>,
    allow: Allow<T>,
}

/// Names and networks, in the order in which the reader of the format gives them.
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

/// A text of a policy, and the line on which it stands if that is known.
trait Located {
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

fn line_of(source: &str, offset: usize) -> usize {
    let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

impl<T: Located> Text<T> {
    fn resolve(self, source: &str) -> Result<AllowlistPolicy, PolicyError> {
        let mut ranges: Vec<(&str, Vec<Cidr>)> = Vec::new();
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
                return refuse(name, "the name of a range is empty".to_owned(), "give it a name");
            }
            if ranges.iter().any(|(other, _)| *other == name.text()) {
                return refuse(
                    name,
                    "another range has this name".to_owned(),
                    "give each its own",
                );
            }
            if entries.is_empty() {
                return refuse(
                    name,
                    "the range has no network".to_owned(),
                    "name one, or take the range out",
                );
            }
            let mut networks = Vec::new();
            for entry in entries {
                match entry.text().parse::<Cidr>() {
                    Ok(network) => networks.push(network),
                    Err(error) => return refuse(entry, error.to_string(), "write it as `203.0.113.0/24`"),
                }
            }
            ranges.push((name.text(), networks));
        }
        let mut rules = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            rules.push(rule.resolve(index, source, &ranges)?);
        }
        Ok(AllowlistPolicy {
            rules,
            text: self.plain(),
        })
    }

    /// The same without places.
    fn plain(&self) -> Text<String> {
        let texts = |all: &[T]| all.iter().map(|text| text.text().to_owned()).collect::<Vec<_>>();
        let optional = |text: &Option<T>| text.as_ref().map(|text| text.text().to_owned());
        let ranges = self.ranges.0.iter();
        Text {
            ranges: Ranges(
                ranges
                    .map(|(name, all)| (name.text().to_owned(), texts(all)))
                    .collect(),
            ),
            rules: self
                .rules
                .iter()
                .map(|rule| RuleText {
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

impl<T: Located> RuleText<T> {
    fn resolve(&self, index: usize, source: &str, ranges: &[(&str, Vec<Cidr>)]) -> Result<Rule, PolicyError> {
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
                return refuse(text, field, "it is empty".to_owned(), "give it a text".to_owned());
            }
        }
        let (field, text) = match given.as_slice() {
            [one] => *one,
            [] => {
                let rule = "the rule of this account selects nothing".to_owned();
                return refuse(
                    &self.account,
                    "",
                    rule,
                    "give it one of `id`, `name` and `kind`".to_owned(),
                );
            }
            [(one, _), (other, text), ..] => {
                let rule = format!("the rule has `{one}` as well");
                return refuse(text, other, rule, "keep one of them".to_owned());
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
                for name in names {
                    let Some((_, range)) = ranges.iter().find(|(known, _)| *known == name.text()) else {
                        let known = listed(ranges.iter().map(|(known, _)| *known));
                        let remedy = format!("the ranges are {known}");
                        return refuse(name, "allow", "no range has this name".to_owned(), remedy);
                    };
                    for network in range {
                        if !networks.contains(network) {
                            networks.push(*network);
                        }
                    }
                }
                let Ok(set) = CidrSet::new(networks) else {
                    let rule = "`allow` is empty, which the exchange would take for anywhere".to_owned();
                    let remedy = "name ranges, or write \"unrestricted\"".to_owned();
                    return refuse(text, "allow", rule, remedy);
                };
                IpAllowlist::Only(set)
            }
        };
        if let Err(error) = allow.check_limit() {
            return refuse(text, "allow", error.to_string(), "name fewer ranges".to_owned());
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

impl TryFrom<Text<String>> for AllowlistPolicy {
    type Error = PolicyError;

    fn try_from(text: Text<String>) -> Result<Self, PolicyError> {
        text.resolve("")
    }
}

impl Serialize for AllowlistPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
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
                f.write_str("names, each with a list of networks")
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
                f.write_str("\"unrestricted\" or a list of ranges by name, such as [\"office\"]")
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

/// Why a text is no policy, or why a policy does not fit what stands.
///
/// Its text is one line: where, the value, the rule, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    line: Option<usize>,
    text: String,
}

impl PolicyError {
    pub(super) fn new(
        line: Option<usize>,
        field: impl fmt::Display,
        value: &str,
        rule: impl Into<String>,
        remedy: String,
    ) -> Self {
        let (field, value, rule) = (visible(&field.to_string(), 80), visible(value, 80), rule.into());
        Self {
            line,
            text: visible(&format!("{field}: `{value}` is refused: {rule}; {remedy}"), 600),
        }
    }

    fn syntax(line: Option<usize>, message: &str) -> Self {
        Self {
            line,
            text: visible(message, 400),
        }
    }

    /// The line of the text, from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for PolicyError {}

/// Names in a sentence; not all of very many.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 10;
    let names: Vec<String> = names.map(|name| format!("`{}`", one_line(name))).collect();
    match names.len() {
        0 => "none".to_owned(),
        1..=MOST => names.join(", "),
        more => format!(
            "{} and {} more",
            names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", "),
            more - MOST
        ),
    }
}
