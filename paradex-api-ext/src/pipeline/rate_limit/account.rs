//! The rate limits of one account, and the queues of its calls.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::bucket::Bucket;
use super::limits::{LimitKind, RateLimits};

const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// The limits of one account, which all its sessions share.
pub(crate) struct AccountLimits {
    /// By second and by minute.
    pub(super) reads: [Bucket; 2],
    pub(super) writes: [Bucket; 2],
    pub(super) reading: WaitQueue,
    pub(super) placing: WaitQueue,
    pub(super) cancelling: WaitQueue,
}

impl AccountLimits {
    pub(super) fn new(limits: &RateLimits) -> Self {
        Self {
            reads: pair(limits, LimitKind::AccountReads, limits.reads),
            writes: pair(limits, LimitKind::OrderWrites, limits.writes),
            reading: WaitQueue::default(),
            placing: WaitQueue::default(),
            cancelling: WaitQueue::default(),
        }
    }

    pub(super) fn buckets(&self) -> impl Iterator<Item = &Bucket> {
        self.reads.iter().chain(&self.writes)
    }
}

/// The buckets of a limit by second and by minute.
pub(super) fn pair(limits: &RateLimits, kind: LimitKind, quotas: Option<(u32, u32)>) -> [Bucket; 2] {
    let share = |calls: Option<u32>| calls.map(|calls| limits.share(calls));
    [
        Bucket::new(kind, SECOND, share(quotas.map(|quotas| quotas.0))),
        Bucket::new(kind, MINUTE, share(quotas.map(|quotas| quotas.1))),
    ]
}

/// A queue in which calls of one class wait in the order of their arrival.
#[derive(Default)]
pub(super) struct WaitQueue {
    pub(super) waiting: AtomicU32,
    /// The first call in the queue holds the lock.
    pub(super) head: tokio::sync::Mutex<()>,
}

/// Counts a waiting call until it is dropped.
pub(super) struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    pub(super) fn new(count: &'a AtomicU32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
