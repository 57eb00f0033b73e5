//! The timers of a connection: pings, heartbeats, and the end of one without a subscription.

use super::options::StreamOptions;
use crate::simulator::clock::nanoseconds;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Ping,
    Heartbeat,
    NoPong,
    NoSubscription,
}

/// The timers of a connection, by the simulator's clock, in nanoseconds since the Unix epoch.
#[derive(Debug)]
pub(super) struct Keepalive {
    next_ping: i64,
    pong_due: Option<i64>,
    /// When something was last sent.
    sent_at: i64,
    /// Since when there is no subscription.
    unsubscribed_since: Option<i64>,
    has_heartbeats: bool,
}

impl Keepalive {
    pub(super) fn new(options: &StreamOptions, has_heartbeats: bool, now: i64) -> Self {
        Self {
            next_ping: now.saturating_add(nanoseconds(options.ping_interval)),
            pong_due: None,
            sent_at: now,
            unsubscribed_since: Some(now),
            has_heartbeats,
        }
    }

    pub(super) fn sent(&mut self, now: i64) {
        self.sent_at = now;
    }

    /// A pong renews the connection until the next ping.
    pub(super) fn ponged(&mut self) {
        self.pong_due = None;
    }

    /// Notes whether there are subscriptions.
    pub(super) fn set_subscribed(&mut self, is_subscribed: bool, now: i64) {
        match is_subscribed {
            true => self.unsubscribed_since = None,
            false => self.unsubscribed_since = self.unsubscribed_since.or(Some(now)),
        }
    }

    fn heartbeat_at(&self, options: &StreamOptions) -> Option<i64> {
        let interval = nanoseconds(options.heartbeat_interval);
        self.has_heartbeats.then(|| self.sent_at.saturating_add(interval))
    }

    fn close_at(&self, options: &StreamOptions) -> Option<i64> {
        let limit = nanoseconds(options.switches.close_without_subscription?);
        Some(self.unsubscribed_since?.saturating_add(limit))
    }

    /// Returns when something is due next.
    pub(super) fn next_due(&self, options: &StreamOptions) -> i64 {
        let others = [self.pong_due, self.heartbeat_at(options), self.close_at(options)];
        others.into_iter().flatten().fold(self.next_ping, i64::min)
    }

    /// Takes what is due by now. The end of the connection comes first.
    pub(super) fn take(&mut self, options: &StreamOptions, now: i64) -> Option<Due> {
        let is_due = |at: Option<i64>| at.is_some_and(|at| at <= now);
        if is_due(self.pong_due) {
            return Some(Due::NoPong);
        }
        if is_due(self.close_at(options)) {
            return Some(Due::NoSubscription);
        }
        if self.next_ping <= now {
            self.next_ping = now.saturating_add(nanoseconds(options.ping_interval));
            self.pong_due = Some(now.saturating_add(nanoseconds(options.pong_timeout)));
            return Some(Due::Ping);
        }
        if is_due(self.heartbeat_at(options)) {
            self.sent_at = now;
            return Some(Due::Heartbeat);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::clock::SECOND;

    fn all(keepalive: &mut Keepalive, at: i64) -> Vec<Due> {
        let options = StreamOptions::default();
        std::iter::from_fn(|| keepalive.take(&options, at * SECOND))
            .take(3)
            .collect()
    }

    #[test]
    fn connection_without_a_subscription_is_closed() {
        let mut keepalive = Keepalive::new(&StreamOptions::default(), false, 0);
        assert_eq!(all(&mut keepalive, 9), []);
        keepalive.set_subscribed(true, 9 * SECOND);
        assert_eq!(all(&mut keepalive, 50), []);
        keepalive.set_subscribed(false, 50 * SECOND);
        keepalive.set_subscribed(false, 52 * SECOND);
        assert_eq!(all(&mut keepalive, 60)[0], Due::NoSubscription);
    }

    #[test]
    fn pong_renews_and_a_missing_one_ends() {
        let mut keepalive = Keepalive::new(&StreamOptions::default(), false, 0);
        keepalive.set_subscribed(true, 0);
        assert_eq!(all(&mut keepalive, 54), []);
        assert_eq!(all(&mut keepalive, 55), [Due::Ping]);
        assert_eq!(keepalive.next_due(&StreamOptions::default()), 60 * SECOND);
        keepalive.ponged();
        assert_eq!(all(&mut keepalive, 109), []);
        assert_eq!(all(&mut keepalive, 110), [Due::Ping]);
        assert_eq!(all(&mut keepalive, 114), []);
        assert_eq!(all(&mut keepalive, 115)[0], Due::NoPong);
    }

    #[test]
    fn heartbeat_comes_when_nothing_else_was_sent() {
        let mut keepalive = Keepalive::new(&StreamOptions::default(), true, 0);
        keepalive.set_subscribed(true, 0);
        keepalive.sent(10 * SECOND);
        assert_eq!(all(&mut keepalive, 29), []);
        assert_eq!(all(&mut keepalive, 30), [Due::Heartbeat]);
        assert_eq!(all(&mut keepalive, 49), []);
        assert_eq!(all(&mut keepalive, 50), [Due::Heartbeat]);
    }
}
