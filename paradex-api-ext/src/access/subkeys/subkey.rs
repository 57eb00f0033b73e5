//! A subkey as the exchange lists it.

use std::fmt;
use std::time::SystemTime;

use paradex_api::types::{self, SubkeyState};

use crate::access::allowlist::snapshot::stored_of_subkey;
use crate::access::target::Target;
use crate::net::StoredAllowlist;
use crate::time::timestamp_to_system_time;

/// Describes a subkey as the exchange lists it.
#[derive(Debug, Clone)]
pub struct Subkey {
    raw: types::Subkey,
    allowlist: StoredAllowlist,
}

impl Subkey {
    pub(super) fn new(raw: types::Subkey) -> Self {
        Self {
            allowlist: stored_of_subkey(&raw),
            raw,
        }
    }

    /// Returns the public key, which other calls use as its id, or an empty text if the exchange gave none.
    ///
    /// Every call refuses an empty key.
    pub fn public_key(&self) -> &str {
        self.raw.public_key.as_deref().unwrap_or_default()
    }

    /// Returns its name, or an empty text if it has none.
    pub fn name(&self) -> &str {
        self.raw.name.as_deref().unwrap_or_default()
    }

    /// Returns whether it is active or pending.
    pub fn state(&self) -> Option<&SubkeyState> {
        self.raw.state.as_ref()
    }

    /// Returns the networks from which it may be used.
    pub fn allowlist(&self) -> &StoredAllowlist {
        &self.allowlist
    }

    /// Returns when it was registered.
    pub fn created_at(&self) -> Option<SystemTime> {
        self.raw.created_at.and_then(timestamp_to_system_time)
    }

    /// Returns when it was last changed.
    pub fn updated_at(&self) -> Option<SystemTime> {
        self.raw.updated_at.and_then(timestamp_to_system_time)
    }

    /// Returns when it was revoked, if it was.
    pub fn revoked_at(&self) -> Option<SystemTime> {
        self.raw.revoked_at.and_then(timestamp_to_system_time)
    }

    /// Returns whether it was not revoked.
    pub fn is_live(&self) -> bool {
        self.raw.revoked_at.is_none_or(|at| at == 0)
    }

    /// Returns the value of the raw crate, which has the fields without an accessor here.
    pub fn raw(&self) -> &types::Subkey {
        &self.raw
    }
}

impl fmt::Display for Subkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} `{}`: {}",
            Target::Subkey(self.public_key().to_owned()),
            paradex_api::visible(self.name(), 80),
            self.allowlist
        )
    }
}
