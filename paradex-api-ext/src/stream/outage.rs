//! Why there is no connection at present.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use super::link::STABLE_AFTER;

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
    /// Whether `cause` is why a connection ended, and not why an attempt failed.
    pub was_connected: bool,
    /// When the next attempt is; `None` while one is being made.
    pub next_attempt: Option<SystemTime>,
    /// The channels that wait for the connection.
    pub channels: Vec<String>,
    /// The connection works, and the REST API cannot be read.
    is_reading: bool,
}

/// Shows the cause, the number of failed attempts, and the time until the next one. `{:#}` shows the cause alone.
impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, cause, .. } = self;
        match (self.is_reading, self.was_connected) {
            (true, _) => write!(f, "cannot read the account from {address}: {cause}")?,
            (false, true) => write!(f, "the connection to {address} broke: {cause}")?,
            (false, false) => write!(f, "cannot connect to {address}: {cause}")?,
        }
        if f.alternate() {
            return Ok(());
        }
        let next = next_attempt(self.next_attempt, SystemTime::now());
        match self.was_connected {
            true => write!(f, "; {next}"),
            false => write!(f, "; attempt {} failed, {next}", self.failures),
        }
    }
}

impl Outage {
    /// The REST API cannot be read, since the first of so many failures in a row.
    pub(super) fn reading(
        address: String,
        since: SystemTime,
        failures: u32,
        cause: String,
        wait: Duration,
    ) -> Self {
        Self {
            address,
            since,
            failures,
            cause,
            was_connected: false,
            next_attempt: SystemTime::now().checked_add(wait),
            channels: Vec::new(),
            is_reading: true,
        }
    }
}

fn next_attempt(at: Option<SystemTime>, now: SystemTime) -> String {
    match at.map(|at| at.duration_since(now).unwrap_or_default()) {
        None => "another attempt is being made".to_owned(),
        Some(Duration::ZERO) => "next attempt now".to_owned(),
        Some(wait) => format!("next attempt in {} s", wait.as_millis().div_ceil(1000)),
    }
}

/// Counts failures until a connection is stable.
#[derive(Debug, Default)]
pub(super) struct OutageTracker {
    connected_at: Option<Instant>,
    since: Option<SystemTime>,
    failures: u32,
    cause: String,
    was_connected: bool,
}

impl OutageTracker {
    pub(super) fn connected(&mut self, now: Instant) {
        self.connected_at = Some(now);
        self.since = None;
    }

    pub(super) fn failed(&mut self, cause: String) {
        self.failures = self.failures.saturating_add(1);
        self.begin(cause, false);
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
        self.begin(cause.into(), true);
    }

    fn begin(&mut self, cause: String, was_connected: bool) {
        self.since.get_or_insert_with(SystemTime::now);
        self.cause = cause;
        self.was_connected = was_connected;
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
            was_connected: self.was_connected,
            next_attempt: next_attempt.and_then(|wait| SystemTime::now().checked_add(wait)),
            channels: channels.collect(),
            is_reading: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant, SystemTime};

    use super::{OutageTracker, next_attempt};

    #[test]
    fn time_until_the_next_attempt_is_rounded_up() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        let after = |millis| next_attempt(Some(now + Duration::from_millis(millis)), now);
        assert_eq!(after(3_001), "next attempt in 4 s");
        assert_eq!(after(1), "next attempt in 1 s");
        assert_eq!(after(0), "next attempt now");
        let past = Some(now - Duration::from_secs(1));
        assert_eq!(next_attempt(past, now), "next attempt now");
        assert_eq!(next_attempt(None, now), "another attempt is being made");
    }

    #[test]
    fn failures_are_counted_until_a_connection_is_stable() {
        let mut tracker = OutageTracker::default();
        let show = |tracker: &OutageTracker| {
            let outage = tracker.show("ws://x/v1", None, std::iter::empty())?;
            Some((outage.failures, outage.to_string()))
        };
        assert_eq!(show(&tracker), None);
        tracker.failed("refused".into());
        let text = "cannot connect to ws://x/v1: refused; attempt 1 failed, another attempt is being made";
        assert_eq!(show(&tracker), Some((1, text.into())));
        let start = Instant::now();
        tracker.connected(start);
        assert_eq!(show(&tracker), None);
        // It is one more failure, and counted once.
        let soon = start + Duration::from_secs(9);
        tracker.ended(soon, "closed");
        tracker.ended(soon, "again");
        let text = "the connection to ws://x/v1 broke: closed; another attempt is being made";
        assert_eq!(show(&tracker), Some((2, text.into())));
        tracker.connected(soon);
        tracker.ended(soon + Duration::from_secs(10), "closed");
        assert_eq!(show(&tracker), Some((0, text.into())));
        tracker.failed("refused".into());
        let outage = tracker.show("ws://x/v1", None, std::iter::empty()).unwrap();
        assert_eq!(format!("{outage:#}"), "cannot connect to ws://x/v1: refused");
    }
}
