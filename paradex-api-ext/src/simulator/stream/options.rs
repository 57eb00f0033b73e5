//! The settings of the WebSocket half. What nobody outside the exchange knows is a question of the table of assumptions.

use std::collections::BTreeSet;
use std::time::Duration;

pub use crate::assumptions::table::allowlists::{AuthOfNarrowedToken, SocketOfNarrowedToken};
pub use crate::assumptions::table::orders::{
    BatchParameters, CleanClose, DisconnectScope, OrderRefusalCode, PrivateEncoding,
};
use crate::assumptions::table::streams::{
    DeltaNumbers, RequestWithoutId, StreamCompression, WithoutSubscription,
};
pub use crate::assumptions::table::streams::{
    FirstMessage, PlainConnections, SharedBbo, UnmatchedTick, VersionTwoLayout,
};
pub use crate::assumptions::table::subkeys::SocketOfRevokedSubkey;
pub use crate::assumptions::table::tokens::{SecondAuth, SocketOfRevokedToken};
use crate::assumptions::{Assumptions, DisconnectDelay, SCHEMA_VERSION};

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
    pub(super) switches: StreamSwitches,
    pub(super) first_private: FirstMessage,
    pub(super) event_order: EventOrder,
    pub(super) repeats_requests: bool,
    pub(super) events_before_responses: bool,
    pub(super) counts_for_address: bool,
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

/// The settings that are questions of the table of assumptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StreamSwitches {
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
    pub(super) close_without_subscription: Option<Duration>,
    pub(super) revoked_token: SocketOfRevokedToken,
    pub(super) revoked_subkey: SocketOfRevokedSubkey,
    pub(super) narrowed_token: SocketOfNarrowedToken,
    pub(super) narrowed_auth: AuthOfNarrowedToken,
    pub(super) refusal_code: OrderRefusalCode,
    pub(super) batch: BatchParameters,
    pub(super) private_encoding: PrivateEncoding,
    pub(super) disconnect_scope: DisconnectScope,
    pub(super) clean_close: CleanClose,
    /// How long orders stay after the connection that they were placed on has ended.
    pub(super) disconnect_delay: Duration,
}

impl From<&Assumptions> for StreamSwitches {
    fn from(assumed: &Assumptions) -> Self {
        let highest = u16::try_from(assumed.number(SCHEMA_VERSION)).unwrap_or(u16::MAX);
        Self {
            schema_versions: (0..=highest).collect(),
            layout: assumed.word(),
            plain: assumed.word(),
            first: assumed.word(),
            second_auth: assumed.word(),
            shared_bbo: assumed.word(),
            unmatched_tick: assumed.word(),
            delta_numbers: assumed.word(),
            compression: assumed.word(),
            without_id: assumed.word(),
            close_without_subscription: match assumed.word() {
                WithoutSubscription::WithinTenSeconds => Some(Duration::from_secs(10)),
                WithoutSubscription::WithinThirtySeconds => Some(Duration::from_secs(30)),
                WithoutSubscription::Open => None,
            },
            revoked_token: assumed.word(),
            revoked_subkey: assumed.word(),
            narrowed_token: assumed.word(),
            narrowed_auth: assumed.word(),
            refusal_code: assumed.word(),
            batch: assumed.word(),
            private_encoding: assumed.word(),
            disconnect_scope: assumed.word(),
            clean_close: assumed.word(),
            disconnect_delay: match assumed.word() {
                DisconnectDelay::AtOnce => Duration::ZERO,
                DisconnectDelay::WithinTenSeconds => Duration::from_secs(5),
                DisconnectDelay::WithinAMinute => Duration::from_secs(30),
            },
        }
    }
}

impl Default for StreamOptions {
    fn default() -> Self {
        Self {
            switches: StreamSwitches::from(&Assumptions::new()),
            first_private: FirstMessage::Current,
            event_order: EventOrder::default(),
            repeats_requests: false,
            events_before_responses: false,
            counts_for_address: false,
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

impl StreamOptions {
    /// Sets what the table of assumptions has, and leaves the rest.
    pub(in crate::simulator) fn assume(&mut self, assumed: &Assumptions) {
        self.switches = StreamSwitches::from(assumed);
    }

    /// Returns whether order methods count for the rate limit of the client address.
    pub(in crate::simulator) fn counts_for_address(&self) -> bool {
        self.counts_for_address
    }

    /// Sets the schema versions that are served. A handshake for another one gets 400. Default: 0, 1 and 2.
    pub fn schema_versions(mut self, versions: impl IntoIterator<Item = u16>) -> Self {
        self.switches.schema_versions = versions.into_iter().collect();
        self
    }

    /// Sets the layout of version 2. Default: [`VersionTwoLayout::Long`].
    pub fn version_two_layout(mut self, layout: VersionTwoLayout) -> Self {
        self.switches.layout = layout;
        self
    }

    /// Sets what a connection without SBE gets on public channels. Default: [`PlainConnections::Refused`].
    #[doc(alias = "json")]
    pub fn plain_connections(mut self, plain: PlainConnections) -> Self {
        self.switches.plain = plain;
        self
    }

    /// Sets the first message of channels of which it is not known. Default: [`FirstMessage::Current`].
    pub fn first_message(mut self, first: FirstMessage) -> Self {
        self.switches.first = first;
        self
    }

    /// Sets how channels of accounts are encoded on an SBE connection. Default: [`PrivateEncoding::Sbe`].
    #[doc(alias = "sbe")]
    pub fn private_encoding(mut self, encoding: PrivateEncoding) -> Self {
        self.switches.private_encoding = encoding;
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
        self.switches.second_auth = second;
        self
    }

    /// Sets whether both BBO channels of a market can share an SBE connection. Default: [`SharedBbo::Refused`].
    pub fn shared_bbo(mut self, shared: SharedBbo) -> Self {
        self.switches.shared_bbo = shared;
        self
    }

    /// Sets what a price tick that does not fit the market gets. Default: [`UnmatchedTick::Silent`].
    pub fn unmatched_tick(mut self, unmatched: UnmatchedTick) -> Self {
        self.switches.unmatched_tick = unmatched;
        self
    }

    /// Sets after how long a connection without a subscription is closed with code 4031; `None` means never.
    ///
    /// The exchange closes such connections. How long it waits is not published; the default is 10 seconds.
    pub fn close_without_subscription(mut self, after: impl Into<Option<Duration>>) -> Self {
        self.switches.close_without_subscription = after.into();
        self
    }

    /// Sets what happens to an open connection when the token that authenticated it is revoked, or when its session ends. That a
    /// session expires does not matter. Default: [`SocketOfRevokedToken::GoesOn`].
    pub fn revoked_tokens(mut self, revoked: SocketOfRevokedToken) -> Self {
        self.switches.revoked_token = revoked;
        self
    }

    /// Sets what happens to an open connection when the subkey that authenticated it is revoked. Default:
    /// [`SocketOfRevokedSubkey::GoesOn`].
    pub fn revoked_subkeys(mut self, revoked: SocketOfRevokedSubkey) -> Self {
        self.switches.revoked_subkey = revoked;
        self
    }

    /// Sets what happens to an open connection when the allowlist of its token or subkey does not admit its address any more.
    /// Default: [`SocketOfNarrowedToken::GoesOn`].
    #[doc(alias = "whitelist")]
    #[doc(alias = "ip restriction")]
    pub fn narrowed_tokens(mut self, narrowed: SocketOfNarrowedToken) -> Self {
        self.switches.narrowed_token = narrowed;
        self
    }

    /// Sets whether `auth` checks the allowlist. Default: [`AuthOfNarrowedToken::Refused`], so it does.
    #[doc(alias = "whitelist")]
    #[doc(alias = "ip restriction")]
    pub fn auth_of_narrowed_tokens(mut self, narrowed: AuthOfNarrowedToken) -> Self {
        self.switches.narrowed_auth = narrowed;
        self
    }

    /// Sets the code of an order method that is refused for what it asks for. Default: [`OrderRefusalCode::InvalidParameters`].
    pub fn order_refusal_code(mut self, code: OrderRefusalCode) -> Self {
        self.switches.refusal_code = code;
        self
    }

    /// Sets which parameters `order.create_batch` takes. Default: [`BatchParameters::Both`].
    pub fn batch_parameters(mut self, parameters: BatchParameters) -> Self {
        self.switches.batch = parameters;
        self
    }

    /// Sets which orders cancel on disconnect cancels. Default: [`DisconnectScope::Connection`].
    #[doc(alias = "cancel on disconnect")]
    pub fn disconnect_scope(mut self, scope: DisconnectScope) -> Self {
        self.switches.disconnect_scope = scope;
        self
    }

    /// Sets how long cancel on disconnect waits after the end of a connection, by the simulator's clock. Default: 5 seconds.
    ///
    /// The exchange does not say; a test of paradex-py waits for up to 30 seconds. That a connection is half open is noticed later:
    /// after the interval of [`pings`](Self::pings) and the time in which the pong is due.
    #[doc(alias = "cancel on disconnect")]
    pub fn disconnect_delay(mut self, delay: Duration) -> Self {
        self.switches.disconnect_delay = delay;
        self
    }

    /// Sets whether cancel on disconnect acts when the client closes the connection with a close frame. Default:
    /// [`CleanClose::Cancels`].
    #[doc(alias = "cancel on disconnect")]
    pub fn clean_close(mut self, close: CleanClose) -> Self {
        self.switches.clean_close = close;
        self
    }

    /// Sets whether the events that a request leads to are sent before its response. The exchange promises neither. Default: false.
    pub fn events_before_responses(mut self, before: bool) -> Self {
        self.events_before_responses = before;
        self
    }

    /// Sets whether order methods count for
    /// [`requests_per_minute`](super::super::SimulatorBuilder::requests_per_minute) of the client address. Default: false.
    ///
    /// They always count for [`orders_per_minute`](super::super::SimulatorBuilder::orders_per_minute) of the account.
    #[doc(alias = "rate limit")]
    pub fn order_methods_count_for_address(mut self, count: bool) -> Self {
        self.counts_for_address = count;
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

    /// Returns after which time a connection without a sign of life is noticed at the latest.
    pub(super) fn silence(&self) -> Duration {
        self.ping_interval.saturating_add(self.pong_timeout)
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
