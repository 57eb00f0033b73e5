//! How full one bucket is. Arithmetic on times, no IO.

use std::time::{Duration, Instant};

/// A token bucket that refills continuously, as the exchange describes its own.
///
/// It keeps the moment at which it will be full again, so what it holds follows from the figure that counts at the
/// moment: a figure that changes needs nothing here to be converted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    full_at: Instant,
    /// Until when the exchange lets nothing through, because it said so.
    closed_until: Instant,
}

/// So many calls in a window: a bucket of that size, which fills within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) calls: u32,
    pub(super) window: Duration,
}

/// However long the exchange closes a limit, it is tried again after this.
const LONGEST_CLOSED: Duration = Duration::from_secs(60);

impl Figure {
    /// The time that one call costs.
    fn cost(self) -> Duration {
        self.window / self.calls.max(1)
    }
}

impl Level {
    /// A full bucket.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            full_at: now,
            closed_until: now,
        }
    }

    /// What is missing until it is full.
    fn missing(self, now: Instant, figure: Figure) -> Duration {
        self.full_at.saturating_duration_since(now).min(figure.window)
    }

    /// How long until a call can be taken out that leaves `keep` others in it.
    pub(super) fn wait(self, now: Instant, figure: Figure, keep: u32) -> Duration {
        let kept = figure.cost().saturating_mul(keep.saturating_add(1));
        let short = (self.missing(now, figure) + kept).saturating_sub(figure.window);
        short.max(self.closed_until.saturating_duration_since(now))
    }

    /// Takes a call out.
    pub(super) fn take(&mut self, now: Instant, figure: Figure) {
        self.full_at = now + self.missing(now, figure) + figure.cost();
    }

    /// How many calls are in it.
    pub(super) fn left(self, now: Instant, figure: Figure) -> u32 {
        if self.closed_until > now {
            return 0;
        }
        let held = figure.window - self.missing(now, figure);
        let cost = figure.cost().as_nanos().max(1);
        u32::try_from(held.as_nanos() / cost)
            .unwrap_or(u32::MAX)
            .min(figure.calls)
    }

    /// The exchange says that so many are left. Others may use the same limit, so it can be fewer than is known here; it is
    /// never taken for more, because calls may be on their way that the exchange had not counted.
    pub(super) fn seen(&mut self, now: Instant, figure: Figure, left: u32) {
        let held = figure.cost().saturating_mul(left).min(figure.window);
        self.full_at = self.full_at.max(now + (figure.window - held));
    }

    /// The exchange let a call not through, and none before `wait` is over. What is kept for the urgent is not filled up
    /// first: nobody knows whether it was there.
    pub(super) fn refused(&mut self, now: Instant, figure: Figure, keep: u32, wait: Duration) {
        let kept = figure.cost().saturating_mul(keep).min(figure.window);
        self.full_at = self.full_at.max(now + (figure.window - kept));
        self.closed_until = self.closed_until.max(now + wait.min(LONGEST_CLOSED));
    }

    /// Whether it holds all that it can.
    pub(super) fn is_full(self, now: Instant) -> bool {
        self.full_at <= now && self.closed_until <= now
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Figure, Level};

    const SECOND: Duration = Duration::from_secs(1);

    fn figure(calls: u32) -> Figure {
        Figure {
            calls,
            window: SECOND,
        }
    }

    fn drained(figure: Figure, now: Instant) -> Level {
        let mut level = Level::new(now);
        for _ in 0..figure.calls {
            assert_eq!(level.wait(now, figure, 0), Duration::ZERO);
            level.take(now, figure);
        }
        level
    }

    #[test]
    fn it_lets_go_what_it_holds_and_then_one_at_a_time() {
        let (start, ten) = (Instant::now(), figure(10));
        let mut level = drained(ten, start);
        assert_eq!(
            (level.left(start, ten), level.wait(start, ten, 0)),
            (0, SECOND / 10)
        );
        // Half the window later five have come back.
        let later = start + SECOND / 2;
        assert_eq!(level.left(later, ten), 5);
        for left in (0..5).rev() {
            level.take(later, ten);
            assert_eq!(level.left(later, ten), left);
        }
        assert_eq!(level.wait(later, ten, 0), SECOND / 10);
    }

    #[test]
    fn it_never_saves_up_more_than_it_holds() {
        let start = Instant::now();
        let level = drained(figure(2), start);
        assert_eq!(level.left(start + 100 * SECOND, figure(2)), 2);
        assert!(level.is_full(start + SECOND) && !level.is_full(start));
    }

    #[test]
    fn what_is_kept_is_there_for_those_who_keep_nothing() {
        let (start, ten) = (Instant::now(), figure(10));
        let mut level = Level::new(start);
        for _ in 0..8 {
            assert_eq!(level.wait(start, ten, 2), Duration::ZERO);
            level.take(start, ten);
        }
        assert_eq!(level.wait(start, ten, 2), SECOND / 10);
        assert_eq!(level.wait(start, ten, 0), Duration::ZERO);
    }

    #[test]
    fn what_the_exchange_says_can_only_make_it_less() {
        let (start, ten) = (Instant::now(), figure(10));
        let mut level = Level::new(start);
        level.seen(start, ten, 3);
        assert_eq!(level.left(start, ten), 3);
        for more in [10, 4, u32::MAX] {
            level.seen(start, ten, more);
            assert_eq!(level.left(start, ten), 3, "{more}");
        }
        level.seen(start, ten, 0);
        assert_eq!(level.left(start, ten), 0);
    }

    #[test]
    fn a_refusal_closes_it_and_not_for_ever() {
        let (start, ten) = (Instant::now(), figure(10));
        let mut level = Level::new(start);
        level.refused(start, ten, 0, 3 * SECOND);
        assert_eq!(level.wait(start, ten, 0), 3 * SECOND);
        assert_eq!(level.left(start + 2 * SECOND, ten), 0);
        assert_eq!(level.left(start + 3 * SECOND, ten), 10);
        level.refused(start, ten, 0, Duration::MAX);
        assert_eq!(level.wait(start, ten, 0), 60 * SECOND);
        // Without a wait it is empty, and fills.
        let mut level = Level::new(start);
        level.refused(start, ten, 0, Duration::ZERO);
        assert_eq!(level.wait(start, ten, 0), SECOND / 10);
        // The others go on at the pace at which it fills, and do not wait for what is kept.
        let mut level = Level::new(start);
        level.refused(start, ten, 4, Duration::ZERO);
        assert_eq!(level.wait(start, ten, 4), SECOND / 10);
    }

    #[test]
    fn another_figure_counts_at_once() {
        let start = Instant::now();
        let level = drained(figure(10), start);
        let minute = Figure {
            calls: 600,
            window: 60 * SECOND,
        };
        assert_eq!(level.left(start, minute), 590);
        let slow = Figure {
            calls: 1,
            window: SECOND / 2,
        };
        assert_eq!(level.wait(start, slow, 0), SECOND / 2);
    }
}
