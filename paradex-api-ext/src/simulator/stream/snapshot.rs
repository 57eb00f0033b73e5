//! What a test can inspect of the simulator's WebSocket connections.

use std::net::IpAddr;
use std::sync::Arc;

/// A WebSocket connection of the simulator, as a test can inspect it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SocketSnapshot {
    /// Its number, in the order of the handshakes, beginning with 1.
    pub number: u64,
    /// The client address, or the one that the handshake named.
    pub address: IpAddr,
    /// The schema version that was negotiated; `None` for a connection without SBE.
    pub schema_version: Option<u16>,
    /// The account that authenticated.
    pub account: Option<String>,
    /// Whether its orders are cancelled when it ends.
    pub cancel_on_disconnect: bool,
    /// How many requests to place or change orders arrived before a response said that cancel on disconnect is on.
    pub unarmed_orders: usize,
    /// The channels that are subscribed, by their names.
    pub channels: Vec<String>,
    /// How it ended; `None` while it is open.
    pub ended: Option<SocketEnd>,
    /// The events of its channels, oldest first, with the fate of each.
    pub events: Vec<SocketEvent>,
    /// How many older events are no longer kept.
    pub forgotten: u64,
    /// How many messages wait for the client.
    pub waiting: usize,
}

/// An event that a connection was to get.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SocketEvent {
    /// The channel of the subscription.
    pub channel: Arc<str>,
    /// The market.
    pub market: Arc<str>,
    /// What it is.
    pub kind: EventKind,
    /// The sequence number, or 0 if the channel has none.
    pub seq: i64,
    /// What happened to it.
    pub fate: EventFate,
    /// The payload as JSON, of a channel of an account; `None` once it is no longer kept.
    pub data: Option<Arc<str>>,
    /// Its place among the events that the connection handed to the socket; `None` if it did not.
    pub place: Option<u64>,
}

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A trade.
    Trade,
    /// Best prices.
    Bbo,
    /// A whole order book, or its best levels.
    BookSnapshot,
    /// A change of an order book.
    BookDelta,
    /// The summary of a market.
    Summary,
    /// Funding data.
    Funding,
    /// A funding rate of a venue.
    FundingComparison,
    /// A change of a market's rules.
    Market,
    /// A change of an order.
    Order,
    /// A fill of an order.
    Fill,
    /// A change of a position.
    Position,
    /// A change of the summary of an account.
    Account,
    /// A change of a balance.
    Balance,
    /// A payment of funding.
    FundingPayment,
    /// A transaction on the chain.
    Transaction,
    /// A deposit, a withdrawal or another transfer.
    Transfer,
    /// A fill that was undone.
    TradeBust,
    /// An event of a request for quotes.
    Rfq,
    /// A block trade.
    BlockTrade,
    /// A change of market maker protection.
    Mmp,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventFate {
    /// It waits for the client.
    Waiting,
    /// It was handed to the socket.
    Sent,
    /// It was handed to the socket twice.
    SentTwice,
    /// It was handed to the socket after its successor.
    SentLate,
    /// It was handed to the socket with other contents: with nulls, or as JSON on an SBE connection.
    Altered,
    /// It was handed to the socket in a form that cannot be decoded.
    Unreadable,
    /// A fault dropped it.
    Skipped,
    /// Its subscription was silent.
    Silenced,
    /// The connection ended before it was handed to the socket.
    Unsent,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketEnd {
    /// The client closed it, or broke it.
    Client,
    /// The simulator closed it with this code.
    Closed(u16),
    /// The simulator broke it: no pong came, too many messages waited, or a fault.
    Broken,
}
