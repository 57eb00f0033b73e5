//! Policies: allowlists as a text under version control.

mod assign;
mod error;
mod file;

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::ser::{Serialize, Serializer};

pub(super) use assign::Why;
pub use error::PolicyError;

use super::snapshot::FleetMember;
use super::table::one_line;
use crate::access::target::Target;
use crate::net::IpAllowlist;
use file::PolicyFile;
pub(super) use file::line_of;

/// The networks from which the tokens and subkeys of several accounts may be used.
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
/// The [module](super) describes the format. Other serde formats have the same fields, and their errors have no lines.
#[doc(alias = "whitelist")]
#[doc(alias = "ip restriction")]
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "PolicyFile<String>")]
pub struct AllowlistPolicy {
    file: PolicyFile<String>,
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

    /// The first two of the selected members that one rule must not both mean.
    ///
    /// A token and its successors may share a rule by name; a token and a subkey may not.
    fn ambiguous<'a>(&self, alive: &[&'a FleetMember]) -> Option<(&'a FleetMember, &'a FleetMember)> {
        match self {
            Self::Kind(_) => None,
            Self::Id(_) => match alive {
                [one, other, ..] => Some((one, other)),
                _ => None,
            },
            Self::Name(_) => {
                let is_subkey = |member: &FleetMember| matches!(member.target(), Target::Subkey(_));
                let mut by_name: HashMap<&str, &FleetMember> = HashMap::new();
                let first = alive.first()?;
                alive.iter().find_map(|other| {
                    if is_subkey(first) != is_subkey(other) {
                        return Some((*first, *other));
                    }
                    by_name.insert(other.name(), other).map(|one| (one, *other))
                })
            }
        }
    }
}

impl AllowlistPolicy {
    /// Parses a policy in TOML.
    ///
    /// # Errors
    ///
    /// Fails, with the line, if the text is not TOML, has an unknown field, or is not a valid policy.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let parsed = toml::from_str::<PolicyFile<toml::Spanned<String>>>(text);
        parsed
            .map_err(|error| {
                PolicyError::syntax(
                    error.span().map(|span| line_of(text, span.start)),
                    error.message(),
                )
            })?
            .resolve(text)
    }

    /// Parses a policy in YAML, or in JSON.
    ///
    /// # Errors
    ///
    /// Fails as [`from_toml`](Self::from_toml) does.
    pub fn from_yaml(text: &str) -> Result<Self, PolicyError> {
        let parsed = serde_saphyr::from_str::<PolicyFile<serde_saphyr::Spanned<String>>>(text);
        parsed
            .map_err(|error| {
                let line = error.location().and_then(|at| usize::try_from(at.line()).ok());
                // The message ends with the position, which `line` has already.
                let shown = error.without_snippet().to_string();
                let message = shown
                    .rsplit_once(" at line ")
                    .map_or(shown.as_str(), |(message, _)| message);
                PolicyError::syntax(line, message)
            })?
            .resolve(text)
    }

    /// Returns the names of the accounts in the policy, each once.
    pub fn accounts(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let accounts = self.rules.iter().map(|rule| rule.account.as_str());
        accounts.filter(|account| seen.insert(*account)).collect()
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

impl Serialize for AllowlistPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.file.serialize(serializer)
    }
}
