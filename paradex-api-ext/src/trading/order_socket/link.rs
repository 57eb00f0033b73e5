//! The private connection as the link of the order wire.

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use crate::auth::Session;
use crate::pipeline::order_wire::{OrderLink, OrderMessage, ReadyLink};
use crate::stream::LossCause;
use crate::stream::private::{PrivateSocket, RequestOutcome, Wanted};

/// A private connection that carries requests of orders.
pub(super) struct SocketLink {
    socket: PrivateSocket,
}

impl SocketLink {
    pub(super) fn new(socket: PrivateSocket) -> Self {
        Self { socket }
    }
}

impl OrderLink for SocketLink {
    fn ready(&self, session: Option<&Session>) -> Option<ReadyLink> {
        // Every order asks.
        self.socket.read_ready(session, |ready| ReadyLink {
            connection: ready.connection,
            is_armed: ready.cancel_on_disconnect,
        })
    }

    fn has_ended(&self) -> bool {
        self.socket.has_ended()
    }

    fn request<'a>(
        &'a self,
        connection: u64,
        message: OrderMessage,
        deadline: Instant,
        wanted: Wanted,
    ) -> Pin<Box<dyn Future<Output = RequestOutcome> + Send + 'a>> {
        let OrderMessage { name, params, .. } = message;
        Box::pin(self.socket.request_if(connection, name, params, deadline, wanted))
    }

    fn renew(&self, connection: u64, cause: LossCause) {
        self.socket.give_up(connection, cause);
    }

    fn close(&self) {
        self.socket.close();
    }
}
