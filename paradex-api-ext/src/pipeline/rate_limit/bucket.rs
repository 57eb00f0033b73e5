//! Token buckets, as arithmetic on times without IO.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::limits::LimitKind;
use crate::monotonic::now;

/// A number of calls in a window: a bucket of that size, which refills within that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) calls: u32,
    pub(super) window: Duration,
}

impl Quota {
    /// The time in which one call refills.
    pub(super) fn interval(self) -> Duration {
        self.window / self.calls.max(1)
    }
}

/// Rate-limit buckets are not kept closed for longer than this, whatever the exchange asks for.
const LONGEST_CLOSED: Duration = Duration::from_secs(60);
/// The same for urgent calls.
const LONGEST_CLOSED_TO_URGENT: Duration = Duration::from_secs(3);

/// How full a token bucket is that refills continuously, as the exchange describes its own.
///
/// It stores the time at which the bucket will be full. The quota is stored separately, so that response headers can replace it
/// and nothing has to be converted.
#[derive(Debug, Clone, Copy)]
pub(super) struct BucketLevel {
    full_at: Instant,
    /// Until when the exchange has said that it refuses calls, and urgent calls.
    closed_until: Instant,
    closed_to_urgent_until: Instant,
}

impl BucketLevel {
    /// A full bucket.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            full_at: now,
            closed_until: now,
            closed_to_urgent_until: now,
        }
    }

    /// The time until it is full.
    fn missing(self, now: Instant, quota: Quota) -> Duration {
        self.full_at.saturating_duration_since(now).min(quota.window)
    }

    /// The time until a call can be taken that leaves `reserve` others in the bucket. An urgent call ignores that other calls were
    /// refused, because their refusal says little about it.
    pub(super) fn wait(self, now: Instant, quota: Quota, reserve: u32, urgent: bool) -> Duration {
        let kept = quota.interval().saturating_mul(reserve.saturating_add(1));
        let short = (self.missing(now, quota) + kept).saturating_sub(quota.window);
        let closed = if urgent {
            self.closed_to_urgent_until
        } else {
            self.closed_until
        };
        short.max(closed.saturating_duration_since(now))
    }

    /// Takes one call.
    pub(super) fn take(&mut self, now: Instant, quota: Quota) {
        self.full_at = now + self.missing(now, quota) + quota.interval();
    }

    /// The calls that the bucket holds.
    pub(super) fn remaining(self, now: Instant, quota: Quota) -> u32 {
        if self.closed_until > now {
            return 0;
        }
        let held = quota.window - self.missing(now, quota);
        let interval = quota.interval().as_nanos().max(1);
        u32::try_from(held.as_nanos() / interval)
            .unwrap_or(u32::MAX)
            .min(quota.calls)
    }

    /// Learns how many calls the exchange says remain. This only ever lowers the level: other clients may use the same limit, and
    /// calls that the exchange has not counted yet may be in flight.
    pub(super) fn observe_remaining(&mut self, now: Instant, quota: Quota, remaining: u32) {
        let held = quota.interval().saturating_mul(remaining).min(quota.window);
        self.full_at = self.full_at.max(now + (quota.window - held));
    }

    /// Learns that the exchange refused a call and asks for this wait. The bucket keeps what is reserved for urgent calls, because
    /// it is not known whether the reserve was used up.
    pub(super) fn observe_refusal(
        &mut self,
        now: Instant,
        quota: Quota,
        reserve: u32,
        urgent: bool,
        wait: Duration,
    ) {
        let kept = quota.interval().saturating_mul(reserve).min(quota.window);
        self.full_at = self.full_at.max(now + (quota.window - kept));
        self.closed_until = self.closed_until.max(now + wait.min(LONGEST_CLOSED));
        if urgent {
            let until = now + wait.min(LONGEST_CLOSED_TO_URGENT);
            self.closed_to_urgent_until = self.closed_to_urgent_until.max(until);
        }
    }

    /// Whether the bucket is full and open, so that forgetting it changes nothing.
    fn is_full(self, now: Instant) -> bool {
        self.full_at <= now && self.closed_until <= now && self.closed_to_urgent_until <= now
    }
}

/// One bucket: what it counts, the quota that holds at present, and its level.
pub(super) struct Bucket {
    pub(super) kind: LimitKind,
    /// Calls in the upper half, milliseconds of the window in the lower half; 0 for no limit.
    quota: AtomicU64,
    level: Mutex<BucketLevel>,
}

impl Bucket {
    pub(super) fn new(kind: LimitKind, window: Duration, calls: Option<u32>) -> Self {
        let bucket = Self {
            kind,
            quota: AtomicU64::new(0),
            level: Mutex::new(BucketLevel::new(now())),
        };
        if let Some(calls) = calls {
            bucket.set_quota(Quota { calls, window });
        }
        bucket
    }

    /// The quota, if there is a limit.
    pub(super) fn quota(&self) -> Option<Quota> {
        let packed = self.quota.load(Ordering::Relaxed);
        let calls = u32::try_from(packed >> 32).unwrap_or(u32::MAX);
        (calls > 0).then(|| Quota {
            calls,
            window: Duration::from_millis(packed & u64::from(u32::MAX)),
        })
    }

    pub(super) fn set_quota(&self, quota: Quota) {
        let window = u32::try_from(quota.window.as_millis()).unwrap_or(u32::MAX).max(1);
        self.quota.store(
            u64::from(quota.calls) << 32 | u64::from(window),
            Ordering::Relaxed,
        );
    }

    pub(super) fn level(&self) -> MutexGuard<'_, BucketLevel> {
        // Every change is a single assignment, so the level is whole after a panic as well.
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_full(&self, now: Instant) -> bool {
        self.level().is_full(now)
    }

    /// One call to be taken from this bucket. A tenth of the quota is reserved for urgent calls where `reserves` says so.
    pub(super) fn charge(&self, reserves: bool, urgent: bool) -> Option<Charge<'_>> {
        let quota = self.quota()?;
        Some(Charge {
            bucket: self,
            quota,
            reserve: if reserves { quota.calls / 10 } else { 0 },
            urgent,
        })
    }
}

/// One call to be taken from one bucket.
#[derive(Clone, Copy)]
pub(super) struct Charge<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) quota: Quota,
    /// The calls that have to remain for urgent calls.
    pub(super) reserve: u32,
    pub(super) urgent: bool,
}

/// The buckets that one call is taken from, in the order in which they are locked: the account's (or the sign-in) buckets first, and
/// the address last.
#[derive(Clone, Copy)]
pub(super) struct Charges<'a>(pub(super) [Option<Charge<'a>>; 3]);

impl Charges<'_> {
    /// Takes one call from every bucket, or from none of them and returns the time after which to try again.
    pub(super) fn take(&self) -> Result<(), Duration> {
        let now = now();
        let mut locked = self
            .0
            .each_ref()
            .map(|charge| charge.as_ref().map(|charge| (charge, charge.bucket.level())));
        let wait = |(charge, level): &(&Charge<'_>, MutexGuard<'_, BucketLevel>)| {
            level.wait(now, charge.quota, charge.reserve, charge.urgent)
        };
        let longest = locked.iter().flatten().map(wait).max().unwrap_or_default();
        if !longest.is_zero() {
            return Err(longest);
        }
        for (charge, level) in locked.iter_mut().flatten() {
            level.take(now, charge.quota);
        }
        Ok(())
    }

    /// The longest time in which one call refills.
    pub(super) fn interval(&self) -> Duration {
        let intervals = self.0.iter().flatten().map(|charge| charge.quota.interval());
        intervals.max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Bucket, BucketLevel, Charges, LimitKind, Quota};

    const SECOND: Duration = Duration::from_secs(1);

    fn quota(calls: u32) -> Quota {
        Quota {
            calls,
            window: SECOND,
        }
    }

    fn drained(quota: Quota, now: Instant) -> BucketLevel {
        let mut level = BucketLevel::new(now);
        for _ in 0..quota.calls {
            assert_eq!(level.wait(now, quota, 0, false), Duration::ZERO);
            level.take(now, quota);
        }
        level
    }

    #[test]
    fn full_bucket_allows_a_burst_and_then_one_call_at_a_time() {
        let (start, ten) = (Instant::now(), quota(10));
        let mut level = drained(ten, start);
        assert_eq!(
            (level.remaining(start, ten), level.wait(start, ten, 0, false)),
            (0, SECOND / 10)
        );
        // Half the window later five have come back.
        let later = start + SECOND / 2;
        assert_eq!(level.remaining(later, ten), 5);
        for left in (0..5).rev() {
            level.take(later, ten);
            assert_eq!(level.remaining(later, ten), left);
        }
        assert_eq!(level.wait(later, ten, 0, false), SECOND / 10);
    }

    #[test]
    fn idle_bucket_never_exceeds_its_quota() {
        let start = Instant::now();
        let level = drained(quota(2), start);
        assert_eq!(level.remaining(start + 100 * SECOND, quota(2)), 2);
        assert!(level.is_full(start + SECOND) && !level.is_full(start));
    }

    #[test]
    fn reserve_is_left_for_calls_without_one() {
        let (start, ten) = (Instant::now(), quota(10));
        let mut level = BucketLevel::new(start);
        for _ in 0..8 {
            assert_eq!(level.wait(start, ten, 2, false), Duration::ZERO);
            level.take(start, ten);
        }
        assert_eq!(level.wait(start, ten, 2, false), SECOND / 10);
        assert_eq!(level.wait(start, ten, 0, false), Duration::ZERO);
    }

    #[test]
    fn observed_remaining_only_lowers_the_level() {
        let (start, ten) = (Instant::now(), quota(10));
        let mut level = BucketLevel::new(start);
        level.observe_remaining(start, ten, 3);
        assert_eq!(level.remaining(start, ten), 3);
        for more in [10, 4, u32::MAX] {
            level.observe_remaining(start, ten, more);
            assert_eq!(level.remaining(start, ten), 3, "{more}");
        }
        level.observe_remaining(start, ten, 0);
        assert_eq!(level.remaining(start, ten), 0);
    }

    #[test]
    fn refusal_closes_the_bucket_for_a_bounded_time() {
        let (start, ten) = (Instant::now(), quota(10));
        let mut level = BucketLevel::new(start);
        level.observe_refusal(start, ten, 0, false, 3 * SECOND);
        assert_eq!(level.wait(start, ten, 0, false), 3 * SECOND);
        assert_eq!(level.remaining(start + 2 * SECOND, ten), 0);
        assert_eq!(level.remaining(start + 3 * SECOND, ten), 10);
        level.observe_refusal(start, ten, 0, false, Duration::MAX);
        assert_eq!(level.wait(start, ten, 0, false), 60 * SECOND);
        // An urgent call need not wait after another call was refused. It waits only if an urgent call was refused, and then briefly.
        let mut level = BucketLevel::new(start);
        level.observe_refusal(start, ten, 1, false, 50 * SECOND);
        assert_eq!(level.wait(start, ten, 0, true), Duration::ZERO);
        level.observe_refusal(start, ten, 1, true, 50 * SECOND);
        assert_eq!(level.wait(start, ten, 0, true), 3 * SECOND);
        // Without a wait it is empty, and fills.
        let mut level = BucketLevel::new(start);
        level.observe_refusal(start, ten, 0, false, Duration::ZERO);
        assert_eq!(level.wait(start, ten, 0, false), SECOND / 10);
        // Other calls continue at the refill rate, and do not wait for the reserve to fill first.
        let mut level = BucketLevel::new(start);
        level.observe_refusal(start, ten, 4, false, Duration::ZERO);
        assert_eq!(level.wait(start, ten, 4, false), SECOND / 10);
    }

    #[test]
    fn new_quota_holds_at_once() {
        let start = Instant::now();
        let level = drained(quota(10), start);
        let minute = Quota {
            calls: 600,
            window: 60 * SECOND,
        };
        assert_eq!(level.remaining(start, minute), 590);
        let slow = Quota {
            calls: 1,
            window: SECOND / 2,
        };
        assert_eq!(level.wait(start, slow, 0, false), SECOND / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn charges_take_from_all_buckets_or_from_none() {
        let bucket = |kind, calls| Bucket::new(kind, 60 * SECOND, Some(calls));
        let (one, other) = (bucket(LimitKind::Address, 3), bucket(LimitKind::SignIns, 1));
        let first = one.charge(false, false);
        let both = Charges([first, other.charge(false, false), None]);
        both.take().unwrap();
        for _ in 0..5 {
            assert_eq!(both.take(), Err(60 * SECOND));
        }
        // The refused calls took nothing from the first bucket.
        let first = Charges([first, None, None]);
        first.take().unwrap();
        first.take().unwrap();
        assert_eq!(first.take(), Err(20 * SECOND));
    }
}
