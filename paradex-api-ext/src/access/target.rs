//! What an allowlist belongs to: one token or one subkey.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names the token or subkey that an allowlist belongs to.
///
/// It serialises as `{"token": "…"}` or `{"subkey": "0x…"}`:
///
/// ```
/// use paradex_api_ext::allowlist::Target;
///
/// let target = Target::Token("token-id".to_owned());
/// assert_eq!(target.to_string(), "token token-id");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Target {
    /// An API token, by its `lookup_id`.
    #[doc(alias = "api key")]
    Token(String),
    /// A subkey, by its public key.
    Subkey(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match self {
            Self::Token(id) => ("token", id),
            Self::Subkey(id) => ("subkey", id),
        };
        write!(f, "{kind} {}", paradex_api::visible(id, 120))
    }
}
