//! The settings of the WebSocket half. What nobody outside the exchange knows is a question of the table of assumptions.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::assumptions::table::streams::{
    DeltaNumbers, RequestWithoutId, StreamCompression, WithoutSubscription,
};
pub use crate::assumptions::table::streams::{
    FirstMessage, PlainConnections, SharedBbo, UnmatchedTick, VersionTwoLayout,
};
pub use crate::assumptions::table::tokens::SecondAuth;
use crate::assumptions::{Assumptions, SCHEMA_VERSION};

/// How channels of accounts are encoded on an SBE connection.
///
/// The exchange's documentation says both. paradex-py expects SBE. A connection without SBE always gets JSON, and so do channels
/// without a template in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PrivateEncoding {
    /// In SBE: orders, fills, positions and the account.
    #[default]
    Sbe,
    /// In JSON, all of them.
    Json,
}

/// In which order the channels of an account send the events of one command, such as an order and its fills.
///
/// The exchange promises none. Events of one channel keep their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EventOrder {
    /// As they happened: for example a new order, its fill, the position, the balance, the filled order, the account.
    #[default]
    AsHappened,
    /// Events of orders before all others.
    OrdersFirst,
    /// Fills before all others.
    FillsFirst,
    /// At random.
    Shuffled,
}

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
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "websocket")]
pub struct StreamOptions {
    pub(super) schema_versions: BTreeSet<u16>,
    pub(super) layout: VersionTwoLayout,
    pub(super) plain: PlainConnections,
    pub(super) first: FirstMessage,
    pub(super) second_auth: SecondAuth,
    pub(super) shared_bbo: SharedBbo,
    pub(super) unmatched_tick: UnmatchedTick,
    pub(super) delta_numbers: DeltaNumbers,
    pub(super) compression: StreamCompression,
    pub(super) without_id: RequestWithoutId,
    pub(super) private_encoding: PrivateEncoding,
    pub(super) first_private: FirstMessage,
    pub(super) event_order: EventOrder,
    pub(super) repeats_requests: bool,
    pub(super) close_without_subscription: Option<Duration>,
    pub(super) most_subscriptions: Option<usize>,
    pub(super) ping_interval: Duration,
    pub(super) pong_timeout: Duration,
    pub(super) heartbeat_interval: Duration,
    pub(super) untaken_messages: usize,
    pub(super) connects_per_second: usize,
    pub(super) connects_per_minute: usize,
    pub(super) kept_events: usize,
    pub(super) kept_payloads: usize,
}

impl Default for StreamOptions {
    fn default() -> Self {
        let assumed = Assumptions::new();
        Self {
            schema_versions: versions(&assumed),
            layout: assumed.word(),
            plain: assumed.word(),
            first: assumed.word(),
            second_auth: assumed.word(),
            shared_bbo: assumed.word(),
            unmatched_tick: assumed.word(),
            delta_numbers: assumed.word(),
            compression: assumed.word(),
            without_id: assumed.word(),
            private_encoding: PrivateEncoding::default(),
            first_private: FirstMessage::Current,
            event_order: EventOrder::default(),
            repeats_requests: false,
            close_without_subscription: without_subscription(&assumed),
            most_subscriptions: None,
            ping_interval: Duration::from_secs(55),
            pong_timeout: Duration::from_secs(5),
            heartbeat_interval: Duration::from_secs(20),
            untaken_messages: 2_000,
            connects_per_second: 20,
            connects_per_minute: 600,
            kept_events: 100_000,
            kept_payloads: 20_000,
        }
    }
}

fn versions(assumed: &Assumptions) -> BTreeSet<u16> {
    let highest = u16::try_from(assumed.number(SCHEMA_VERSION)).unwrap_or(u16::MAX);
    (0..=highest).collect()
}

fn without_subscription(assumed: &Assumptions) -> Option<Duration> {
    match assumed.word() {
        WithoutSubscription::WithinTenSeconds => Some(Duration::from_secs(10)),
        WithoutSubscription::WithinThirtySeconds => Some(Duration::from_secs(30)),
        WithoutSubscription::Open => None,
    }
}

impl StreamOptions {
    /// Sets what the table of assumptions has, and leaves the rest.
    pub(in crate::simulator) fn assume(&mut self, assumed: &Assumptions) {
        self.schema_versions = versions(assumed);
        self.layout = assumed.word();
        self.plain = assumed.word();
        self.first = assumed.word();
        self.second_auth = assumed.word();
        self.shared_bbo = assumed.word();
        self.unmatched_tick = assumed.word();
        self.delta_numbers = assumed.word();
        self.compression = assumed.word();
        self.without_id = assumed.word();
        self.close_without_subscription = without_subscription(assumed);
    }

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

    /// Sets how channels of accounts are encoded on an SBE connection. Default: [`PrivateEncoding::Sbe`].
    #[doc(alias = "sbe")]
    pub fn private_encoding(mut self, encoding: PrivateEncoding) -> Self {
        self.private_encoding = encoding;
        self
    }

    /// Sets the first message of `account` and `positions`, of which it is not known. Default: [`FirstMessage::Current`].
    ///
    /// The current state of `positions` is one message for each open position.
    pub fn first_private_message(mut self, first: FirstMessage) -> Self {
        self.first_private = first;
        self
    }

    /// Sets the order in which channels of an account send events of one command. Default: [`EventOrder::AsHappened`].
    pub fn event_order(mut self, order: EventOrder) -> Self {
        self.event_order = order;
        self
    }

    /// Sets whether later events of an order repeat the `request_info` of its last modification. Default: `false`.
    ///
    /// The exchange does not say.
    pub fn repeat_request_info(mut self, repeats: bool) -> Self {
        self.repeats_requests = repeats;
        self
    }

    pub(in crate::simulator) fn repeats_requests(&self) -> bool {
        self.repeats_requests
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

    /// Sets of how many events of a connection the payload is kept. Default: 20,000, and 100,000 of all connections that have ended.
    ///
    /// See [`SocketEvent::data`](super::super::SocketEvent::data).
    pub fn kept_payloads(mut self, events: usize) -> Self {
        self.kept_payloads = events;
        self
    }
}
