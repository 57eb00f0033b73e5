//! Which fills are known, so that each is reported once.

use std::collections::{BTreeSet, HashSet};

use paradex_api::types::Fill;

use serde::{Deserialize, Serialize};

use super::recent::Recent;

/// How far before the last verified fill a reading starts, in milliseconds. A fill that REST lists later than this after its
/// creation can be missed, if it was made while there was no connection.
pub(super) const MARGIN: i64 = 10_000;
/// The older fills that are remembered, in case the exchange sends them again.
const OLDER: usize = 65_536;

/// Which fills are known, in milliseconds of the exchange's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verified {
    /// Nothing is claimed about fills before this time.
    pub(super) since: i64,
    /// Up to this time all fills are known, less the margin.
    pub(super) until: i64,
}

impl Verified {
    /// Nothing is known, and fills are claimed from this time on.
    pub(super) fn from_time(since: i64) -> Self {
        Self { since, until: since }
    }
}

#[derive(Debug)]
pub(super) struct Fills {
    verified: Verified,
    /// The creation of the newest known fill.
    newest: i64,
    ids: HashSet<String>,
    by_time: BTreeSet<(i64, String)>,
    older: Recent<String>,
}

impl Fills {
    /// Begins with what is known, and the ids of the fills that a reading could return again.
    pub(super) fn new(verified: Verified, recent: impl IntoIterator<Item = (i64, String)>) -> Self {
        let mut fills = Self {
            verified,
            newest: verified.until,
            ids: HashSet::new(),
            by_time: BTreeSet::new(),
            older: Recent::new(OLDER),
        };
        for (created_at, id) in recent {
            fills.newest = fills.newest.max(created_at);
            fills.insert_id(id, created_at);
        }
        fills
    }

    /// Adds a fill, and returns whether it is new. `None` if it cannot be told, because it has no id.
    pub(super) fn insert(&mut self, fill: &Fill) -> Option<bool> {
        let id = fill.id.clone().filter(|id| !id.is_empty())?;
        let created_at = fill.created_at.unwrap_or(self.newest);
        self.newest = self.newest.max(created_at);
        Some(self.insert_id(id, created_at))
    }

    fn insert_id(&mut self, id: String, created_at: i64) -> bool {
        if self.contains(&id) {
            return false;
        }
        self.ids.insert(id.clone());
        self.by_time.insert((created_at, id));
        true
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.ids.contains(id) || self.older.contains(id)
    }

    /// Whether a fill of a list is one that the stream has to report at some time.
    pub(super) fn is_claimed(&self, fill: &Fill) -> bool {
        fill.created_at
            .is_none_or(|created_at| created_at >= self.verified.since)
    }

    /// From when fills have to be read, in milliseconds.
    pub(super) fn read_from(&self) -> i64 {
        let Verified { since, until } = self.verified;
        until.saturating_sub(MARGIN).max(since).max(0)
    }

    pub(super) fn newest(&self) -> i64 {
        self.newest
    }

    pub(super) fn verified(&self) -> Verified {
        self.verified
    }

    /// All fills up to this time, less the margin, are known. Only the newest of the ids that no later reading can return are kept.
    pub(super) fn set_verified(&mut self, until: i64) {
        self.verified.until = self.verified.until.max(until);
        let first = self.read_from();
        while let Some((created_at, _)) = self.by_time.first()
            && *created_at < first
        {
            if let Some((_, id)) = self.by_time.pop_first() {
                self.ids.remove(&id);
                self.older.insert(id);
            }
        }
    }

    /// The fills that a later reading can return, with their times.
    pub(super) fn recent(&self) -> impl Iterator<Item = (i64, &str)> {
        self.by_time
            .iter()
            .map(|(created_at, id)| (*created_at, id.as_str()))
    }
}
