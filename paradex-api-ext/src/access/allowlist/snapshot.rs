//! An allowlist as it was read.

use std::time::SystemTime;

use paradex_api::types;

use crate::access::target::Target;
use crate::net::StoredAllowlist;
use crate::time::timestamp_to_system_time;

/// The allowlist of a token or subkey as it was read, with the time of the last change.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowlistSnapshot {
    target: Target,
    stored: StoredAllowlist,
    /// As the API writes it: it is only compared.
    changed_at: Option<i64>,
}

impl AllowlistSnapshot {
    pub(crate) fn new(target: Target, stored: StoredAllowlist, changed_at: Option<i64>) -> Self {
        Self {
            target,
            stored,
            changed_at,
        }
    }

    /// Returns the token or subkey that the list belongs to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the list.
    pub fn stored(&self) -> &StoredAllowlist {
        &self.stored
    }

    pub(super) fn into_stored(self) -> StoredAllowlist {
        self.stored
    }

    /// Returns when the token or subkey was last changed, by the exchange's clock.
    pub fn changed_at(&self) -> Option<SystemTime> {
        self.raw_changed_at().and_then(timestamp_to_system_time)
    }

    /// The time of the last change as the API writes it.
    pub(crate) fn raw_changed_at(&self) -> Option<i64> {
        self.changed_at
    }

    /// Whether a later snapshot shows no change: the same networks and the same time of change.
    pub(crate) fn is_unchanged(&self, later: &Self) -> bool {
        let same = match (&self.stored, &later.stored) {
            (StoredAllowlist::Known(before), StoredAllowlist::Known(after)) => before.same_networks(after),
            (before, after) => before == after,
        };
        same && self.changed_at == later.changed_at
    }
}

pub(crate) fn stored_of_token(token: &types::ApiToken) -> StoredAllowlist {
    stored(token.allowed_cidrs.as_deref(), token.undecoded())
}

pub(crate) fn stored_of_subkey(subkey: &types::Subkey) -> StoredAllowlist {
    stored(subkey.allowed_cidrs.as_deref(), subkey.undecoded())
}

/// Reads the allowlist of a response. Entry texts are dropped, because a response can repeat the bearer token of the
/// request in the place of a network.
fn stored(entries: Option<&[String]>, undecoded: &paradex_api::wire::Undecoded) -> StoredAllowlist {
    let stored = match entries {
        Some(entries) => StoredAllowlist::from_entries(entries),
        None => StoredAllowlist::from_json(undecoded.get("allowed_cidrs")),
    };
    stored.without_texts()
}
