//! Rate limits: one token bucket for each client address or account, which refills continuously.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use hyper::StatusCode;

use super::clock::SECOND;
use super::response::SimulatedResponse;

const MINUTE: i64 = 60 * SECOND;

/// The most buckets that are stored, because a client could invent any number of addresses.
const MAX_BUCKETS: usize = 4_096;

/// The buckets of all addresses, or of all accounts.
#[derive(Debug)]
pub(super) struct Buckets<K = IpAddr> {
    /// When each bucket will be full again.
    full_at: HashMap<K, i64>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self {
            full_at: HashMap::new(),
        }
    }
}

/// What is left of a bucket, for the headers of a response.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    limit: u32,
    remaining: i64,
    full_at: i64,
    /// How many seconds to wait; `None` if the request is admitted.
    pub(super) wait: Option<i64>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Takes one request from the bucket of an address or account.
    pub(super) fn take(&mut self, key: K, limit: u32, now: i64) -> Quota {
        if self.full_at.len() >= MAX_BUCKETS {
            self.full_at.retain(|_, full_at| *full_at > now);
            if self.full_at.len() >= MAX_BUCKETS {
                self.full_at.clear();
            }
        }
        // A limit of 0 admits nothing, because a request costs more than the bucket holds.
        let cost = MINUTE.checked_div(i64::from(limit)).unwrap_or(MINUTE + 1);
        let full_at = self.full_at.entry(key).or_insert(now);
        // A bucket is never less than empty, however far the clock was moved back.
        *full_at = (*full_at).clamp(now, now.saturating_add(MINUTE));
        let missing = (*full_at - now).saturating_add(cost) - MINUTE;
        let wait = (missing > 0).then(|| (missing.min(MINUTE) + SECOND - 1) / SECOND);
        if wait.is_none() {
            *full_at += cost;
        }
        Quota {
            limit,
            remaining: (MINUTE - (*full_at - now)) / cost,
            full_at: *full_at,
            wait,
        }
    }

    /// Moves the buckets back with the clock, so that what is left stays the same.
    pub(super) fn rewind(&mut self, by: i64) {
        for full_at in self.full_at.values_mut() {
            *full_at = full_at.saturating_sub(by);
        }
    }
}

impl Quota {
    /// Adds the headers to a response.
    pub(super) fn add_headers(self, response: SimulatedResponse) -> SimulatedResponse {
        let response = response
            .with("x-ratelimit-limit", self.limit)
            .with("x-ratelimit-remaining", self.remaining)
            .with("x-ratelimit-reset", (self.full_at + SECOND - 1) / SECOND)
            .with("x-ratelimit-window", "60");
        match self.wait {
            Some(wait) => response.with("retry-after", wait),
            None => response,
        }
    }

    /// Returns the response if nothing is left.
    pub(super) fn exceeded() -> SimulatedResponse {
        SimulatedResponse::message(StatusCode::TOO_MANY_REQUESTS, "rate limit exceeded")
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, SECOND};

    #[test]
    fn bucket_empties_refills_and_is_not_shared() {
        let (one, other) = ("one", "other");
        let mut buckets = Buckets::default();
        let start = 1_700_000_000 * SECOND;
        for remaining in [1, 0] {
            let quota = buckets.take(one, 2, start);
            assert_eq!((quota.remaining, quota.wait), (remaining, None));
        }
        assert_eq!(buckets.take(one, 2, start).wait, Some(30));
        assert_eq!(buckets.take(other, 2, start).wait, None);
        assert_eq!(buckets.take(one, 2, start + 30 * SECOND).wait, None);
        assert_eq!(buckets.take(one, 0, start + 300 * SECOND).wait, Some(1));
    }
}
