//! A token as the exchange lists it.

use std::fmt;
use std::time::SystemTime;

use paradex_api::types::{self, TokenKind};

use crate::access::allowlist::snapshot::stored_of_token;
use crate::access::target::Target;
use crate::net::StoredAllowlist;
use crate::time::{Expiry, timestamp_to_system_time};

/// Describes a token as the exchange lists it, without the secret.
#[doc(alias = "api key")]
#[derive(Debug, Clone)]
pub struct ApiToken {
    raw: types::ApiToken,
    allowlist: StoredAllowlist,
}

impl ApiToken {
    pub(crate) fn new(raw: types::ApiToken) -> Self {
        Self {
            allowlist: stored_of_token(&raw),
            raw,
        }
    }

    /// Returns the id that other calls use, or an empty text if the exchange gave none. Every call refuses an empty id.
    pub fn lookup_id(&self) -> &str {
        self.raw.lookup_id.as_deref().unwrap_or_default()
    }

    /// Returns its name, or an empty text if it has none.
    pub fn name(&self) -> &str {
        self.raw.name.as_deref().unwrap_or_default()
    }

    /// Returns what kind of token it is.
    pub fn kind(&self) -> Option<&TokenKind> {
        self.raw.kind.as_ref()
    }

    /// Returns the networks from which it may be used.
    pub fn allowlist(&self) -> &StoredAllowlist {
        &self.allowlist
    }

    /// Returns when it was created.
    pub fn created_at(&self) -> Option<SystemTime> {
        self.raw.created_at.and_then(timestamp_to_system_time)
    }

    /// Returns when it was last changed.
    pub fn updated_at(&self) -> Option<SystemTime> {
        self.raw.last_updated_at.and_then(timestamp_to_system_time)
    }

    /// Returns when it expires.
    pub fn expiry(&self) -> Expiry {
        Expiry::read(self.raw.expiry_at)
    }

    /// Returns when it was revoked, if it was.
    pub fn revoked_at(&self) -> Option<SystemTime> {
        self.raw.revoked_at.and_then(timestamp_to_system_time)
    }

    /// Returns whether it was neither revoked nor expired at this time.
    pub fn is_live(&self, now: SystemTime) -> bool {
        self.raw.revoked_at.is_none_or(|at| at == 0) && !self.expiry().has_ended(now)
    }

    /// Returns the value of the raw crate, which has the fields without an accessor here.
    pub fn raw(&self) -> &types::ApiToken {
        &self.raw
    }
}

impl fmt::Display for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}`: {}",
            Target::Token(self.lookup_id().to_owned()),
            paradex_api::visible(self.name(), 80),
            self.allowlist
        )
    }
}
