//! The core of a private connection: it authenticates, subscribes to channels of an account, and carries requests.
//!
//! `session.rs` decides without a socket and without a clock. `driver.rs` moves frames between the socket and the session.
//! `PrivateSocket` is the handle.

mod channel;
mod driver;
mod event;
mod frames;
mod outcome;
mod requests;
mod secrets;
mod session;
mod socket;
#[cfg(test)]
mod tests;
mod token;
mod wire;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use crate::stream::rpc::RpcError;
pub(crate) use channel::PrivateChannel;
pub(crate) use event::PrivateEvent;
pub(crate) use outcome::{NotSentReason, RequestOutcome, RpcResult};
pub(crate) use socket::PrivateSocket;

use super::outage::Outage;
use super::update::{LossCause, StreamError};

/// The purpose of one private connection.
#[derive(Debug, Clone)]
pub(crate) struct PrivateOptions {
    /// Never empty: the exchange closes a connection without a subscription.
    pub(crate) channels: Vec<PrivateChannel>,
    /// Whether the exchange cancels the connection's orders when it ends. Acknowledged before [`PrivateUpdate::Ready`].
    pub(crate) cancel_on_disconnect: bool,
}

/// What a connection reports, in order. JSON and SBE give the same types.
#[derive(Debug, Clone)]
pub(crate) enum PrivateUpdate {
    /// The connection is authenticated, and everything is acknowledged. Events of acknowledged channels may precede it.
    Ready(Ready),
    Event(PrivateEvent),
    /// Events were missed, or may have been, since so long ago. It follows a `Ready`, and another `Ready` or an `End` follows it. After an
    /// unreadable frame, `Ready` follows at once on the same connection.
    Lost(LossCause, Duration),
    /// No further connection is made, and nothing follows.
    End(StreamError),
}

/// A connection that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ready {
    /// The number of the connection, which grows with each new connection of the group.
    pub(crate) connection: u64,
    /// The node of the exchange, if it was named.
    pub(crate) node_id: Option<String>,
    /// The version of the SBE schema that was agreed.
    pub(crate) schema_version: u16,
    /// Whether cancel on disconnect is armed.
    pub(crate) cancel_on_disconnect: bool,
    /// When it became ready, by the clock of this machine.
    pub(crate) since: SystemTime,
    /// Channels that the exchange refused or did not acknowledge, and without which the connection is still useful.
    pub(crate) refused: Vec<PrivateChannel>,
}

/// Whether a request that waits to be written is still to be sent.
pub(crate) type Wanted = Arc<dyn Fn() -> bool + Send + Sync>;

/// Receives updates. It never blocks, and is called while the connection waits.
pub(crate) trait PrivateSink: Send + Sync {
    fn update(&self, update: PrivateUpdate);

    /// There is no connection that can be used, or there is one again.
    fn outage(&self, _outage: Option<Outage>) {}
}
