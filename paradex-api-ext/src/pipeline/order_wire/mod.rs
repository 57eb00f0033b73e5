//! The second wire of the pipeline: orders over a WebSocket.
//!
//! A client of an order socket has the same pipeline as any other. Only the innermost step differs: a call that has a form over
//! the socket (`message.rs`) is sent there, and its response becomes one of the REST API (`response.rs`). A call is handed to
//! one wire. Only a cancel of which nothing was sent goes by HTTP afterwards.

mod attempt;
mod message;
mod response;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use paradex_api::Operation;

use crate::auth::Session;
use crate::error::{Withheld, WithheldReason};
use crate::pipeline::halt_gate::HaltGate;
use crate::stream::LossCause;
use crate::stream::private::{RequestOutcome, Wanted};

pub(crate) use message::OrderMessage;

/// A connection that carries requests of orders.
pub(crate) trait OrderLink: Send + Sync {
    /// The connection that can be used now, and whether cancel on disconnect is armed on it. With a session, only a connection that
    /// has authenticated with its credential.
    fn ready(&self, session: Option<&Session>) -> Option<ReadyLink>;

    /// Whether no further connection is made.
    fn has_ended(&self) -> bool;

    /// Sends a request on this connection only, unless it is not wanted any more when its frame is about to be written.
    fn request<'a>(
        &'a self,
        connection: u64,
        message: OrderMessage,
        deadline: Instant,
        wanted: Wanted,
    ) -> Pin<Box<dyn Future<Output = RequestOutcome> + Send + 'a>>;

    /// Gives up this connection, unless it is another one now, and makes another one.
    fn renew(&self, connection: u64, cause: LossCause);

    /// Closes the connection for good.
    fn close(&self);
}

/// A connection that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadyLink {
    pub(crate) connection: u64,
    pub(crate) is_armed: bool,
}

/// The order socket of a client.
pub(crate) struct OrderWire {
    link: Box<dyn OrderLink>,
    /// The gate of the client that the socket belongs to.
    halt_gate: Arc<HaltGate>,
    /// Whether placements need cancel on disconnect.
    pub(crate) needs_arming: bool,
    /// Whether placements go by HTTP while the connection is down.
    pub(crate) falls_back: bool,
    is_closed: AtomicBool,
    unprotected: NoteUnprotected,
}

/// Called with the ids of orders that were placed or changed by HTTP although cancel on disconnect was asked for; `None` if there may
/// be such orders, and their ids are not known.
pub(crate) type NoteUnprotected = Box<dyn Fn(Option<Vec<String>>) + Send + Sync>;

impl OrderWire {
    pub(crate) fn new(
        link: Box<dyn OrderLink>,
        halt_gate: Arc<HaltGate>,
        needs_arming: bool,
        falls_back: bool,
        unprotected: NoteUnprotected,
    ) -> Self {
        Self {
            link,
            halt_gate,
            needs_arming,
            falls_back,
            is_closed: AtomicBool::new(false),
            unprotected,
        }
    }

    /// The connection that can carry a call of this session.
    pub(crate) fn ready(&self, session: &Session) -> Option<ReadyLink> {
        // The credential of the client may have been replaced, and the connection not yet.
        self.usable(Some(session))
    }

    /// The connection that can be used now.
    pub(crate) fn ready_for_any(&self) -> Option<ReadyLink> {
        self.usable(None)
    }

    fn usable(&self, session: Option<&Session>) -> Option<ReadyLink> {
        if self.is_closed.load(Ordering::Acquire) {
            return None;
        }
        let ready = self.link.ready(session)?;
        (ready.is_armed || !self.needs_arming).then_some(ready)
    }

    /// Gives up the connection of a client that was halted by itself or with its group, so that cancel on disconnect acts as well.
    pub(crate) fn close_if_halted(&self, group: &HaltGate) {
        if (self.halt_gate.is_halted() || group.is_halted())
            && let Some(ready) = self.link.ready(None)
        {
            self.link.renew(ready.connection, LossCause::Halted);
        }
    }

    /// Closes the connection for good.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.link.close();
    }

    /// The error of a placement that is not sent because the connection cannot be used.
    fn withheld(&self, operation: &'static Operation) -> Withheld {
        let is_closed = self.is_closed.load(Ordering::Acquire) || self.link.has_ended();
        let reason = match (is_closed, self.needs_arming) {
            (true, _) => WithheldReason::OrderSocketClosed,
            (false, true) => WithheldReason::NotArmed,
            (false, false) => WithheldReason::OrderSocketDown,
        };
        Withheld::new(operation, reason)
    }
}

/// The connection ended after a request was handed to it.
#[derive(Debug, thiserror::Error)]
#[error("the order socket ended")]
pub(crate) struct OrderSocketLost;
