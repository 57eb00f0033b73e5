//! A feed that is connected and has nothing yet.

use std::time::{Duration, Instant};

/// After this time without an item it is said that there is a connection.
const AFTER: Duration = Duration::from_secs(5);

/// Says once that nothing has arrived for a while.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    live_since: Option<Instant>,
    is_over: bool,
}

impl Quiet {
    pub(super) fn connected(&mut self, now: Instant) {
        self.live_since = Some(now);
    }

    pub(super) fn lost(&mut self) {
        self.live_since = None;
    }

    pub(super) fn item(&mut self) {
        self.is_over = true;
    }

    /// Whether it is to be said now.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = !self.is_over
            && self
                .live_since
                .is_some_and(|since| now.saturating_duration_since(since) >= AFTER);
        self.is_over |= is_due;
        is_due
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{AFTER, Quiet};

    #[test]
    fn silence_of_a_connection_is_due_once_and_never_after_an_item() {
        let start = Instant::now();
        let mut quiet = Quiet::default();
        assert!(!quiet.is_due(start + AFTER), "not connected");
        quiet.connected(start);
        assert!(!quiet.is_due(start));
        quiet.lost();
        assert!(!quiet.is_due(start + AFTER));
        quiet.connected(start + AFTER);
        assert!(!quiet.is_due(start + AFTER));
        assert!(quiet.is_due(start + 2 * AFTER));
        assert!(!quiet.is_due(start + 3 * AFTER));

        let mut quiet = Quiet::default();
        quiet.connected(start);
        quiet.item();
        assert!(!quiet.is_due(start + AFTER));
    }
}
