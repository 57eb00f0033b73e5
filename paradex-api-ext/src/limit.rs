//! How many calls one address may make.

use std::time::{Duration, Instant};

/// A token bucket that refills continuously, as the exchange describes its own.
///
/// It only decides: whoever asks does the waiting. A call that is told to wait has its place already, so
/// calls leave in the order in which they asked.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    /// The time that one call costs.
    cost: Duration,
    /// How much of it can be saved up.
    burst: Duration,
    /// When the bucket will be full again.
    full_at: Instant,
}

impl Bucket {
    /// A full bucket of `calls` that refills within `window`.
    pub(crate) fn new(calls: u32, window: Duration, now: Instant) -> Self {
        Self {
            cost: window / calls.max(1),
            burst: window,
            full_at: now,
        }
    }

    /// Takes one call out: how long it has to wait, or that this is longer than `longest`. Then
    /// nothing is taken.
    pub(crate) fn take(&mut self, now: Instant, longest: Duration) -> Result<Duration, Duration> {
        let full_at = self.full_at.max(now) + self.cost;
        let wait = full_at.saturating_duration_since(now).saturating_sub(self.burst);
        if wait > longest {
            return Err(wait);
        }
        self.full_at = full_at;
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Bucket;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_full_bucket_lets_its_calls_go_and_then_one_at_a_time() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10, SECOND, start);
        for _ in 0..10 {
            assert_eq!(bucket.take(start, SECOND), Ok(Duration::ZERO));
        }
        assert_eq!(bucket.take(start, SECOND), Ok(SECOND / 10));
        assert_eq!(bucket.take(start, SECOND), Ok(SECOND / 5));
        // Half the window later five have come back, and two of them are spent.
        assert_eq!(bucket.take(start + SECOND / 2, SECOND), Ok(Duration::ZERO));
    }

    #[test]
    fn a_wait_that_is_too_long_takes_nothing() {
        let start = Instant::now();
        let mut bucket = Bucket::new(1, SECOND, start);
        assert_eq!(bucket.take(start, Duration::ZERO), Ok(Duration::ZERO));
        for _ in 0..3 {
            assert_eq!(bucket.take(start, SECOND / 2), Err(SECOND));
        }
        assert_eq!(bucket.take(start + SECOND, SECOND / 2), Ok(Duration::ZERO));
    }

    #[test]
    fn it_never_saves_up_more_than_it_holds() {
        let start = Instant::now();
        let mut bucket = Bucket::new(2, SECOND, start);
        let later = start + 100 * SECOND;
        assert_eq!(bucket.take(later, SECOND), Ok(Duration::ZERO));
        assert_eq!(bucket.take(later, SECOND), Ok(Duration::ZERO));
        assert_eq!(bucket.take(later, SECOND), Ok(SECOND / 2));
    }
}
