//! The settings of the WebSocket half, and what it assumes where nobody outside the exchange knows.

use std::collections::BTreeSet;
use std::time::Duration;

/// The settings of the simulator's WebSocket; see [`SimulatorBuilder::stream`](super::super::SimulatorBuilder::stream).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use paradex_api_ext::simulator::{PlainConnections, Simulator, StreamOptions};
///
/// let options = StreamOptions::default()
///     .schema_versions([0, 1])
///     .plain_connections(PlainConnections::Json);
/// let simulator = Simulator::builder().stream(options).start().await?;
/// assert!(simulator.stream_url().starts_with("ws://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "websocket")]
pub struct StreamOptions {
    pub(super) schema_versions: BTreeSet<u16>,
    pub(super) layout: VersionTwoLayout,
    pub(super) plain: PlainConnections,
    pub(super) first: FirstMessage,
    pub(super) second_auth: SecondAuth,
    pub(super) shared_bbo: SharedBbo,
    pub(super) unmatched_tick: UnmatchedTick,
    pub(super) close_without_subscription: Option<Duration>,
    pub(super) most_subscriptions: Option<usize>,
    pub(super) ping_interval: Duration,
    pub(super) pong_timeout: Duration,
    pub(super) heartbeat_interval: Duration,
    pub(super) untaken_messages: usize,
    pub(super) connects_per_second: usize,
    pub(super) connects_per_minute: usize,
    pub(super) kept_events: usize,
}

/// Which layout of schema version 2 is sent. Fields were added to version 2 in place, so the version does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum VersionTwoLayout {
    /// With the fields that were added: a trade has its whole id.
    #[default]
    Long,
    /// Without them.
    Short,
}

/// What a connection without SBE gets on public channels.
///
/// The exchange has not served JSON there since 2026-09-21. What such a connection gets instead is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PlainConnections {
    /// An error in response to `subscribe`.
    #[default]
    Refused,
    /// An acknowledgement, and no data.
    Silent,
    /// Data in JSON, as before.
    Json,
}

/// What the first message of `bbo`, `markets_summary` and `funding_data` is. It is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum FirstMessage {
    /// The current state, at once.
    #[default]
    Current,
    /// The next change.
    NextChange,
}

/// What a second `auth` on a connection gets. It is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SecondAuth {
    /// An error; the first one stays in effect.
    #[default]
    Refused,
    /// A success; the connection belongs to the new account.
    Accepted,
}

/// Whether `bbo.M` and `bbo.M.interactive` can share an SBE connection. Their frames are indistinguishable; nobody has tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SharedBbo {
    /// The second one is refused, as with order books.
    #[default]
    Refused,
    /// Both are served.
    Served,
}

/// What a subscription to an order book gets whose price tick does not fit the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UnmatchedTick {
    /// An acknowledgement, and no data, as users of the exchange report.
    #[default]
    Silent,
    /// An error.
    Refused,
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            schema_versions: (0..=2).collect(),
            layout: VersionTwoLayout::default(),
            plain: PlainConnections::default(),
            first: FirstMessage::default(),
            second_auth: SecondAuth::default(),
            shared_bbo: SharedBbo::default(),
            unmatched_tick: UnmatchedTick::default(),
            close_without_subscription: Some(Duration::from_secs(10)),
            most_subscriptions: None,
            ping_interval: Duration::from_secs(55),
            pong_timeout: Duration::from_secs(5),
            heartbeat_interval: Duration::from_secs(20),
            untaken_messages: 2_000,
            connects_per_second: 20,
            connects_per_minute: 600,
            kept_events: 100_000,
        }
    }
}

impl StreamOptions {
    /// Sets the schema versions that are served. A handshake for another one gets 400. Default: 0, 1 and 2.
    pub fn schema_versions(mut self, versions: impl IntoIterator<Item = u16>) -> Self {
        self.schema_versions = versions.into_iter().collect();
        self
    }

    /// Sets the layout of version 2. Default: [`VersionTwoLayout::Long`].
    pub fn version_two_layout(mut self, layout: VersionTwoLayout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets what a connection without SBE gets on public channels. Default: [`PlainConnections::Refused`].
    #[doc(alias = "json")]
    pub fn plain_connections(mut self, plain: PlainConnections) -> Self {
        self.plain = plain;
        self
    }

    /// Sets the first message of channels of which it is not known. Default: [`FirstMessage::Current`].
    pub fn first_message(mut self, first: FirstMessage) -> Self {
        self.first = first;
        self
    }

    /// Sets what a second `auth` gets. Default: [`SecondAuth::Refused`].
    pub fn second_auth(mut self, second: SecondAuth) -> Self {
        self.second_auth = second;
        self
    }

    /// Sets whether both BBO channels of a market can share an SBE connection. Default: [`SharedBbo::Refused`].
    pub fn shared_bbo(mut self, shared: SharedBbo) -> Self {
        self.shared_bbo = shared;
        self
    }

    /// Sets what a price tick that does not fit the market gets. Default: [`UnmatchedTick::Silent`].
    pub fn unmatched_tick(mut self, unmatched: UnmatchedTick) -> Self {
        self.unmatched_tick = unmatched;
        self
    }

    /// Sets after how long a connection without a subscription is closed with code 4031; `None` means never.
    ///
    /// The exchange closes such connections. How long it waits is not published; the default is 10 seconds.
    pub fn close_without_subscription(mut self, after: impl Into<Option<Duration>>) -> Self {
        self.close_without_subscription = after.into();
        self
    }

    /// Limits the subscriptions of a connection; `None` means no limit. The exchange publishes none. Default: `None`.
    pub fn most_subscriptions(mut self, most: impl Into<Option<usize>>) -> Self {
        self.most_subscriptions = most.into();
        self
    }

    /// Sets how often a ping is sent, and in what time the pong is due. Default: 55 and 5 seconds.
    pub fn pings(mut self, interval: Duration, pong_timeout: Duration) -> Self {
        (self.ping_interval, self.pong_timeout) = (interval, pong_timeout);
        self
    }

    /// Sets how long an SBE connection is idle before a heartbeat is sent. Default: 20 seconds.
    pub fn heartbeats(mut self, interval: Duration) -> Self {
        self.heartbeat_interval = interval;
        self
    }

    /// Sets how many messages may wait for a slow client before it is disconnected. Default: 2,000.
    #[doc(alias = "backpressure")]
    pub fn untaken_messages(mut self, messages: usize) -> Self {
        self.untaken_messages = messages;
        self
    }

    /// Limits new connections of an address; further ones get 429. Default: 20 a second, and 600 a minute.
    #[doc(alias = "rate limit")]
    pub fn connects(mut self, per_second: usize, per_minute: usize) -> Self {
        (self.connects_per_second, self.connects_per_minute) = (per_second, per_minute);
        self
    }

    /// Sets how many events of a connection [`Simulator::sockets`](super::super::Simulator::sockets) keeps. Default: 100,000.
    pub fn kept_events(mut self, events: usize) -> Self {
        self.kept_events = events;
        self
    }
}
