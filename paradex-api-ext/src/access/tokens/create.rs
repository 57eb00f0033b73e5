//! Creating a token.

use std::fmt;
use std::time::Duration;

use paradex_api::Secret;
use paradex_api::types::{self, CreateTokenRequest};

use super::ApiToken;
use crate::error::InvalidInput;
use crate::net::IpAllowlist;

/// Describes a token to create.
///
/// ```
/// use std::time::Duration;
/// use paradex_api_ext::tokens::NewToken;
/// use paradex_api_ext::net::IpAllowlist;
///
/// let office = IpAllowlist::parse_entries(["203.0.113.0/24"])?;
/// let token = NewToken::new("desk", "api_key", Duration::from_secs(3_600), office)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The allowlist cannot be left out:
///
/// ```compile_fail
/// use std::time::Duration;
/// use paradex_api_ext::tokens::NewToken;
///
/// let token = NewToken::new("desk", "api_key", Duration::from_secs(3_600))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewToken {
    name: String,
    kind: String,
    seconds: i64,
    allowlist: IpAllowlist,
}

impl NewToken {
    /// The shortest lifetime that the exchange accepts: a minute.
    pub const SHORTEST: Duration = Duration::from_secs(60);
    /// The longest lifetime that the exchange accepts: 365 days.
    pub const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    /// Creates the description: a name for people, the type, how long the token lives, and from where it may be used.
    ///
    /// The allowlist has no default: to let the token be used from anywhere, write [`IpAllowlist::Unrestricted`]. The
    /// accepted types are not documented; if the exchange rejects one, its message says so.
    ///
    /// # Errors
    ///
    /// The name or type is empty, or the lifetime is below a minute, above 365 days, or not in whole seconds.
    pub fn new(
        name: impl Into<String>,
        token_type: impl Into<String>,
        lifetime: Duration,
        allowlist: IpAllowlist,
    ) -> Result<Self, InvalidInput> {
        let (name, kind) = (name.into(), token_type.into());
        for (field, value) in [("name", &name), ("token_type", &kind)] {
            if value.trim().is_empty() {
                return Err(InvalidInput::new(field, value, "it is empty", "write a text"));
            }
        }
        let shown = format_args!("{lifetime:?}").to_string();
        let refuse = |rule: &str, remedy| Err(InvalidInput::new("lifetime", &shown, rule, remedy));
        if !(Self::SHORTEST..=Self::LONGEST).contains(&lifetime) {
            return refuse(
                "it must be between 60 s and 365 days",
                "choose a lifetime in this range",
            );
        }
        if lifetime.subsec_nanos() != 0 {
            return refuse("it must be whole seconds", "round it");
        }
        Ok(Self {
            name,
            kind,
            // At most a year.
            seconds: i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX),
            allowlist,
        })
    }

    pub(super) fn allowlist(&self) -> &IpAllowlist {
        &self.allowlist
    }

    pub(super) fn into_request(self) -> CreateTokenRequest {
        let request = CreateTokenRequest::new(self.seconds, self.name, self.kind);
        match self.allowlist {
            // Leaving the field out means the same, and cannot be misread.
            IpAllowlist::Unrestricted => request,
            list @ IpAllowlist::Only(_) => request.allowed_cidrs(list.to_wire()),
        }
    }
}

/// Holds a new token: the secret itself and its data.
///
/// The exchange shows the secret only once. `Debug` does not show it, and it cannot be serialised:
///
/// ```compile_fail
/// fn written(token: &paradex_api_ext::tokens::CreatedToken) -> serde_json::Result<String> {
///     serde_json::to_string(token)
/// }
/// ```
///
/// Code that reads it must say so:
///
/// ```
/// fn exposed(token: &paradex_api_ext::tokens::CreatedToken) -> &str {
///     token.secret().expose()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct CreatedToken {
    secret: Secret,
    info: Option<ApiToken>,
    requested: IpAllowlist,
    confirmed: bool,
}

impl CreatedToken {
    /// Compares the allowlist of the response, if it shows one, with the requested one.
    pub(super) fn compare(
        created: types::CreateTokenResponse,
        requested: IpAllowlist,
    ) -> Result<Self, Box<TokenAllowlistMismatch>> {
        let info = created.api_token.map(ApiToken::new);
        let stored = info.as_ref().and_then(|info| info.allowlist().known());
        let confirmed = stored.map(|stored| stored.same_networks(&requested));
        let created = Self {
            secret: created.token,
            info,
            requested,
            confirmed: confirmed == Some(true),
        };
        match confirmed {
            Some(false) => Err(Box::new(TokenAllowlistMismatch(created))),
            _ => Ok(created),
        }
    }

    /// Returns the token itself.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Returns the token itself, by value.
    pub fn into_secret(self) -> Secret {
        self.secret
    }

    /// Returns the data of the token, if the response has them.
    pub fn info(&self) -> Option<&ApiToken> {
        self.info.as_ref()
    }

    /// Returns the id that other calls use, or an empty text if the response has none. Every call refuses an empty id.
    pub fn lookup_id(&self) -> &str {
        self.info.as_ref().map_or("", ApiToken::lookup_id)
    }

    /// Returns the allowlist of the request.
    pub fn requested_allowlist(&self) -> &IpAllowlist {
        &self.requested
    }

    /// Returns whether the response shows the requested allowlist.
    ///
    /// If the response shows none, this is false, and [`Allowlist::read`](crate::allowlist::Allowlist::read) shows what
    /// is stored.
    pub fn allowlist_confirmed(&self) -> bool {
        self.confirmed
    }
}

/// The exchange created the token with another allowlist than was requested. The token is live.
pub struct TokenAllowlistMismatch(CreatedToken);

/// Shows the two lists. The other texts of the response, such as the name, can repeat the bearer token of the request.
impl fmt::Debug for TokenAllowlistMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAllowlistMismatch")
            .field("requested", &self.0.requested)
            .field("stored", &self.0.info.as_ref().map(ApiToken::allowlist))
            .finish_non_exhaustive()
    }
}

impl TokenAllowlistMismatch {
    /// Returns the token. Revoke it, or set its allowlist.
    pub fn token(&self) -> &CreatedToken {
        &self.0
    }

    /// Returns the token, by value.
    pub fn into_token(self) -> CreatedToken {
        self.0
    }
}

impl fmt::Display for TokenAllowlistMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stored = self.0.info.as_ref().map(ApiToken::allowlist);
        write!(f, "{} was requested", self.0.requested)?;
        match stored {
            Some(stored) => write!(
                f,
                ", but {stored} is stored: revoke the token, or set its allowlist"
            ),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TokenAllowlistMismatch {}
