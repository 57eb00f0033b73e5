//! What all clones of a client share.

use std::pin::{Pin, pin};
use std::sync::Arc;

use crate::auth::SessionSource;
use crate::pipeline::halt_gate::{HaltGate, run_unless};
#[cfg(feature = "stream")]
use crate::pipeline::order_wire::OrderWire;

/// The session of a client, and whether the client may trade.
pub(crate) struct ClientState {
    pub(super) sessions: Arc<SessionSource>,
    pub(super) halt_gate: Arc<HaltGate>,
    /// The order socket, and the state of the client that it was made from, which the group knows.
    #[cfg(feature = "stream")]
    pub(super) order_wire: Option<(Arc<OrderWire>, Arc<ClientState>)>,
}

impl ClientState {
    pub(crate) fn new(sessions: SessionSource) -> Self {
        Self {
            sessions: Arc::new(sessions),
            halt_gate: Arc::new(HaltGate::new()),
            #[cfg(feature = "stream")]
            order_wire: None,
        }
    }

    pub(crate) fn sessions(&self) -> &SessionSource {
        &self.sessions
    }

    /// The same client with an order socket.
    #[cfg(feature = "stream")]
    pub(super) fn with_order_wire(self: &Arc<Self>, wire: Arc<OrderWire>) -> Self {
        Self {
            sessions: Arc::clone(&self.sessions),
            halt_gate: Arc::clone(&self.halt_gate),
            order_wire: Some((wire, Arc::clone(self.without_order_wire()))),
        }
    }

    /// The client that the order socket was made from, or this one.
    #[cfg(feature = "stream")]
    pub(super) fn without_order_wire(self: &Arc<Self>) -> &Arc<Self> {
        self.order_wire.as_ref().map_or(self, |(_, origin)| origin)
    }

    #[cfg(feature = "stream")]
    pub(crate) fn order_wire(&self) -> Option<&OrderWire> {
        self.order_wire.as_ref().map(|(wire, _)| &**wire)
    }

    pub(crate) fn halt_gate(&self) -> &Arc<HaltGate> {
        &self.halt_gate
    }

    /// Does some work; `None` if trading is halted first, by the client or for its group.
    pub(crate) async fn unless_halted<T>(
        &self,
        group: &HaltGate,
        work: Pin<&mut impl Future<Output = T>>,
    ) -> Option<T> {
        let halted = async {
            run_unless(self.halt_gate.halted(), pin!(group.halted())).await;
        };
        run_unless(halted, work).await
    }
}
