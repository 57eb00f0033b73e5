//! Why there is no connection at present.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use super::session::STABLE_AFTER;

/// Says why there is no connection at present, and when the next attempt is.
///
/// Feeds claim nothing before their first [`Live`](super::Live), so they are silent while the exchange cannot be reached.
/// [`MarketStream::outages`](super::MarketStream::outages), [`Feed::outage`](super::Feed::outage) and
/// [`BookFeed::outage`](super::BookFeed::outage) show what they wait for.
///
/// ```no_run
/// # async fn example(client: paradex_api_ext::Client) {
/// use std::time::Duration;
///
/// let mut quotes = client.stream().bbo("BTC-USD-PERP");
/// loop {
///     match tokio::time::timeout(Duration::from_secs(5), quotes.next()).await {
///         Ok(Some(update)) => println!("{update:?}"),
///         Ok(None) => break,
///         Err(_) => match quotes.outage() {
///             Some(outage) => println!("{outage}"),
///             None => println!("connected, and no quotes for 5 s"),
///         },
///     }
/// }
/// # }
/// ```
#[doc(alias = "health")]
#[doc(alias = "reconnect")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outage {
    /// The address that is connected to, without its query.
    pub address: String,
    /// When the last connection ended or, if there was none, when the first attempt failed, by the clock of this machine.
    pub since: SystemTime,
    /// How many attempts in a row failed. A connection that ended within 10 s counts as failed.
    pub failures: u32,
    /// Why the last attempt failed, or the last connection ended.
    pub cause: String,
    /// When the next attempt is; `None` while one is being made.
    pub next_attempt: Option<SystemTime>,
    /// The channels that wait for the connection.
    pub channels: Vec<String>,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = &self.cause;
        match self.failures {
            0 => write!(f, "no connection to {}: {cause}", self.address),
            1 => write!(
                f,
                "cannot connect to {}: {cause}; it is tried again",
                self.address
            ),
            failures => write!(
                f,
                "cannot connect to {}: {cause}; {failures} attempts failed, and it is tried again",
                self.address
            ),
        }
    }
}

/// Counts failures until a connection is stable.
#[derive(Debug, Default)]
pub(super) struct OutageTracker {
    connected_at: Option<Instant>,
    since: Option<SystemTime>,
    failures: u32,
    cause: String,
}

impl OutageTracker {
    pub(super) fn connected(&mut self, now: Instant) {
        self.connected_at = Some(now);
        self.since = None;
    }

    pub(super) fn failed(&mut self, cause: String) {
        self.failures = self.failures.saturating_add(1);
        self.begin(cause);
    }

    /// The connection ended. Only the first call after a connection counts.
    pub(super) fn ended(&mut self, now: Instant, cause: impl Into<String>) {
        let Some(since) = self.connected_at.take() else {
            return;
        };
        if now.saturating_duration_since(since) >= STABLE_AFTER {
            self.failures = 0;
        } else {
            self.failures = self.failures.saturating_add(1);
        }
        self.begin(cause.into());
    }

    fn begin(&mut self, cause: String) {
        self.since.get_or_insert_with(SystemTime::now);
        self.cause = cause;
    }

    /// The outage as it is now; `None` while there is a connection, and before the first attempt has failed.
    pub(super) fn show(
        &self,
        address: &str,
        next_attempt: Option<Duration>,
        channels: impl Iterator<Item = String>,
    ) -> Option<Outage> {
        Some(Outage {
            address: address.to_owned(),
            since: self.since?,
            failures: self.failures,
            cause: self.cause.clone(),
            next_attempt: next_attempt.and_then(|wait| SystemTime::now().checked_add(wait)),
            channels: channels.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::OutageTracker;

    #[test]
    fn failures_are_counted_until_a_connection_is_stable() {
        let mut tracker = OutageTracker::default();
        let show = |tracker: &OutageTracker| {
            let outage = tracker.show("ws://x/v1", None, std::iter::empty())?;
            Some((outage.failures, outage.to_string()))
        };
        assert_eq!(show(&tracker), None);
        tracker.failed("refused".into());
        let text = "cannot connect to ws://x/v1: refused; it is tried again";
        assert_eq!(show(&tracker), Some((1, text.into())));
        let start = Instant::now();
        tracker.connected(start);
        assert_eq!(show(&tracker), None);
        // It is one more failure, and counted once.
        let soon = start + Duration::from_secs(9);
        tracker.ended(soon, "closed");
        tracker.ended(soon, "again");
        let text = "cannot connect to ws://x/v1: closed; 2 attempts failed, and it is tried again";
        assert_eq!(show(&tracker), Some((2, text.into())));
        tracker.connected(soon);
        tracker.ended(soon + Duration::from_secs(10), "closed");
        let text = "no connection to ws://x/v1: closed";
        assert_eq!(show(&tracker), Some((0, text.into())));
    }
}
