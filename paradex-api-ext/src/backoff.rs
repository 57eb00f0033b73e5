//! Exponential backoff with jitter, for every wait between attempts: retries, sign-ins and polls.

use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Waits that double with each attempt. A part of each wait is random, so that many clients do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExponentialBackoff {
    /// The longest wait after the first attempt.
    first: Duration,
    /// The longest wait after any attempt.
    longest: Duration,
    jitter: Jitter,
}

/// How much of a wait is random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jitter {
    /// The wait lies anywhere between zero and the longest one.
    Full,
    /// The wait lies between half of the longest one and all of it.
    Half,
}

impl ExponentialBackoff {
    pub(crate) const fn new(first: Duration, longest: Duration, jitter: Jitter) -> Self {
        Self {
            first,
            longest,
            jitter,
        }
    }

    /// The wait after this many failed attempts; 0 counts as 1.
    pub(crate) fn delay(self, attempts: u32) -> Duration {
        self.delay_at(attempts, random_byte())
    }

    /// The wait after this many failed attempts, with the random number given.
    pub(crate) fn delay_at(self, attempts: u32, random: u8) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        let most = self.first.saturating_mul(1 << doublings).min(self.longest);
        let least = match self.jitter {
            Jitter::Full => Duration::ZERO,
            Jitter::Half => most / 2,
        };
        least.saturating_add((most - least).saturating_mul(u32::from(random)) / 255)
    }
}

/// A random number for jitter. Nothing depends on its quality.
pub(crate) fn random_byte() -> u8 {
    let [byte, ..] = std::hash::RandomState::new()
        .build_hasher()
        .finish()
        .to_le_bytes();
    byte
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{ExponentialBackoff, Jitter};

    #[test]
    fn delay_doubles_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(200), Duration::from_secs(1));
        for (jitter, least) in [(Jitter::Full, [0, 0, 0, 0]), (Jitter::Half, [100, 200, 400, 500])] {
            let backoff = ExponentialBackoff::new(first, longest, jitter);
            let delays =
                |random| [1, 2, 3, 900].map(|attempts| backoff.delay_at(attempts, random).as_millis());
            assert_eq!(delays(255), [200, 400, 800, 1_000]);
            assert_eq!(delays(0), least);
            assert_eq!(backoff.delay_at(0, 255), backoff.delay_at(1, 255));
        }
    }

    proptest! {
        #[test]
        fn delay_stays_within_its_bounds(first: u64, longest: u64, attempts: u32, random: u8, half: bool) {
            let longest = Duration::from_millis(longest);
            let jitter = if half { Jitter::Half } else { Jitter::Full };
            let backoff = ExponentialBackoff::new(Duration::from_millis(first), longest, jitter);
            prop_assert!(backoff.delay_at(attempts, random) <= longest);
            prop_assert!(backoff.delay(attempts) <= longest);
        }
    }
}
