//! The settings and the state of the rate limits.

use std::fmt;
use std::time::Duration;

use crate::error::ConfigurationError;

/// Sets the rate limits that a client keeps to, so that the exchange does not have to refuse calls.
///
/// It starts with the published limits. Rate-limit headers of responses and 429 responses replace them.
///
/// | limit | published | counts |
/// |---|---|---|
/// | [`per_address`](Self::per_address) | 1,500 a minute | all calls except order writes, until a response shows that they count as well |
/// | [`sign_ins`](Self::sign_ins) | 600 a minute, by IP address | sign-ins and onboarding |
/// | [`account_reads`](Self::account_reads) | 120 a second and 600 a minute | reads of an account's private data |
/// | [`order_writes`](Self::order_writes) | 800 a second and 17,250 a minute | placing, modifying and cancelling orders; a batch counts once |
/// | [`connections`](Self::connections) | 20 a second and 600 a minute, by IP address | new WebSocket connections; half of the published limits is used |
///
/// A tenth of the order writes is reserved for cancels, and a tenth of the address limit for cancels and sign-ins.
/// Cancels wait in a queue of their own, and a 429 for another kind of call does not hold them back.
///
/// Each process counts for itself. If several processes share an IP address or an account, give each of them a share with
/// [`percent`](Self::percent).
///
/// ```
/// use paradex_api_ext::{Client, Environment};
/// use paradex_api_ext::limits::RateLimits;
///
/// // One of three processes behind the same IP address.
/// let client = Client::builder(Environment::Testnet)
///     .rate_limits(RateLimits::published().percent(33))
///     .build()?;
/// for limit in client.rate_limits() {
///     println!("{limit}");
/// }
/// # Ok::<(), paradex_api_ext::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RateLimits {
    pub(super) address: Option<u32>,
    pub(super) sign_ins: Option<u32>,
    /// By second and by minute.
    pub(super) reads: Option<(u32, u32)>,
    pub(super) writes: Option<(u32, u32)>,
    /// By second and by minute.
    pub(super) connections: Option<(u32, u32)>,
    percent: u32,
}

impl RateLimits {
    /// Creates the published limits.
    pub fn published() -> Self {
        Self {
            address: Some(1_500),
            sign_ins: Some(600),
            reads: Some((120, 600)),
            writes: Some((800, 17_250)),
            // Whether the exchange counts in fixed windows is not known. With half of its limit, no window of any kind has more.
            connections: Some((10, 300)),
            percent: 100,
        }
    }

    /// Creates limits that never hold a call back. The exchange still has its own, and responds with 429.
    pub fn none() -> Self {
        Self {
            address: None,
            sign_ins: None,
            reads: None,
            writes: None,
            connections: None,
            ..Self::published()
        }
    }

    /// Sets the calls a minute from this IP address.
    pub fn per_address(mut self, minute: u32) -> Self {
        self.address = Some(minute);
        self
    }

    /// Sets the sign-ins a minute from this IP address.
    pub fn sign_ins(mut self, minute: u32) -> Self {
        self.sign_ins = Some(minute);
        self
    }

    /// Sets the reads of an account's private data, by second and by minute.
    pub fn account_reads(mut self, second: u32, minute: u32) -> Self {
        self.reads = Some((second, minute));
        self
    }

    /// Sets the order writes of an account, by second and by minute.
    pub fn order_writes(mut self, second: u32, minute: u32) -> Self {
        self.writes = Some((second, minute));
        self
    }

    /// Sets how many WebSocket connections may be opened from this IP address, by second and by minute.
    pub fn connections(mut self, second: u32, minute: u32) -> Self {
        self.connections = Some((second, minute));
        self
    }

    /// Sets the share of each limit that this process may use, in percent.
    ///
    /// Use it where other processes share the IP address or the accounts. Limits from response headers are divided as well.
    pub fn percent(mut self, percent: u32) -> Self {
        self.percent = percent;
        self
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let pairs = [self.reads, self.writes, self.connections].into_iter().flatten();
        let all = [self.address, self.sign_ins]
            .into_iter()
            .flatten()
            .chain(pairs.flat_map(|(second, minute)| [second, minute]));
        if all.into_iter().any(|calls| calls == 0) {
            return Err(ConfigurationError::new(
                "a rate limit of 0 allows no call: use another number, or start with `RateLimits::none`",
            ));
        }
        if !(1..=100).contains(&self.percent) {
            return Err(ConfigurationError::new(format!(
                "{} % of the rate limits is refused: a process uses between 1 and 100 %",
                self.percent
            )));
        }
        Ok(())
    }

    /// This process's share of a limit, which is at least one call.
    pub(super) fn share(&self, calls: u32) -> u32 {
        self.share_of_remaining(calls).max(1)
    }

    pub(super) fn share_of_remaining(&self, calls: u32) -> u32 {
        let share = u64::from(calls) * u64::from(self.percent) / 100;
        u32::try_from(share).unwrap_or(u32::MAX)
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::published()
    }
}

/// The state of one rate limit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// What it counts.
    pub kind: LimitKind,
    /// The calls that this process may make within the window.
    pub limit: u32,
    /// The time in which an empty limit refills; it refills continuously.
    pub window: Duration,
    /// The calls that can be made now, as far as this process knows.
    pub remaining: u32,
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?}: {} of {} in {:?}",
            self.kind, self.remaining, self.limit, self.window
        )
    }
}

/// What a rate limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// Calls from one IP address, except order writes.
    Address,
    /// Sign-ins and onboarding from one IP address.
    SignIns,
    /// Reads of one account's private data.
    AccountReads,
    /// Order writes of one account: placing, modifying and cancelling orders. A batch counts once.
    OrderWrites,
    /// New WebSocket connections from one IP address.
    Connections,
}
