//! Connecting an order socket.

use std::pin::pin;
use std::sync::{Arc, Mutex};

use paradex_api::runtime;

use super::OrderSocket;
use super::error::OrderSocketError;
use super::link::SocketLink;
use super::monitor::Monitor;
use crate::client::Client;
use crate::error::{ConfigurationError, Error};
use crate::pipeline::order_wire::OrderWire;
use crate::stream::private::{PrivateChannel, PrivateOptions, PrivateSocket};

/// Whether the exchange cancels the orders of a connection when the connection ends.
///
/// The [module](crate::order_socket) says what that covers.
#[doc(alias = "dead man switch")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CancelOnDisconnect {
    /// An order is placed or changed only on a connection for which the exchange has acknowledged cancel on disconnect.
    ///
    /// Until then it is withheld with [`WithheldReason::NotArmed`](crate::error::WithheldReason::NotArmed). A request that has no form
    /// over the socket, such as an algo order, still goes by HTTP while the socket is connected, and cancel on disconnect does not
    /// cover it: [`OrderSocketEvent::Unprotected`](super::OrderSocketEvent::Unprotected) names it.
    Armed,
    /// Orders stay when the connection ends.
    NotArmed,
}

/// What a client of an order socket does with an order while the socket is not connected.
///
/// Cancels go by HTTP in either case. An order that finds too many requests waiting for a connected socket is withheld in either case,
/// with [`WithheldReason::OrderSocketBusy`](crate::error::WithheldReason::OrderSocketBusy).
#[doc(alias = "fallback")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WhenDown {
    /// The order is withheld: nothing is sent.
    #[default]
    Refuse,
    /// The order goes by HTTP.
    ///
    /// Cancel on disconnect does not cover such an order, also with [`CancelOnDisconnect::Armed`]:
    /// [`OrderSocketEvent::Unprotected`](super::OrderSocketEvent::Unprotected) names it. An order that was handed to the socket is never
    /// sent by HTTP.
    UseHttp,
}

/// Builds an [`OrderSocket`].
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::order_socket::{CancelOnDisconnect, WhenDown};
///
/// # async fn example(client: Client) -> Result<(), paradex_api_ext::Error> {
/// let socket = client
///     .order_socket(CancelOnDisconnect::NotArmed)
///     .when_down(WhenDown::UseHttp)
///     .connect()
///     .await?;
/// # let _ = socket;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing connects before `connect`"]
pub struct OrderSocketBuilder {
    client: Client,
    cancel_on_disconnect: CancelOnDisconnect,
    when_down: WhenDown,
}

impl OrderSocketBuilder {
    pub(super) fn new(client: Client, cancel_on_disconnect: CancelOnDisconnect) -> Self {
        Self {
            client,
            cancel_on_disconnect,
            when_down: WhenDown::Refuse,
        }
    }

    /// Sets what happens with an order while the socket is not connected. The default is [`WhenDown::Refuse`].
    pub fn when_down(mut self, when_down: WhenDown) -> Self {
        self.when_down = when_down;
        self
    }

    /// Connects, authenticates, arms cancel on disconnect if asked for, and lists the orders that are open already.
    ///
    /// # Errors
    ///
    /// The client has no credential, the exchange refuses it, or the socket is not connected within the timeout of the client
    /// ([`OrderSocketError`]). Nothing is left open.
    pub async fn connect(self) -> Result<OrderSocket, Error> {
        let work = pin!(self.connect_in_runtime());
        runtime::within(work).await.map_err(ConfigurationError::from)?
    }

    async fn connect_in_runtime(self) -> Result<OrderSocket, Error> {
        let total = self.client.total();
        let client = self.client;
        let is_armed = self.cancel_on_disconnect == CancelOnDisconnect::Armed;
        let monitor = Monitor::new(client.clone(), is_armed);
        let events = monitor.subscribe();
        let options = PrivateOptions {
            // The exchange closes a connection without a subscription.
            channels: vec![PrivateChannel::Orders],
            cancel_on_disconnect: is_armed,
        };
        let socket = PrivateSocket::open(&client, options, Arc::clone(&monitor) as _);
        let unprotected = {
            let monitor = Arc::clone(&monitor);
            Box::new(move |order_ids| monitor.report_unprotected(order_ids))
        };
        let wire = Arc::new(OrderWire::new(
            Box::new(SocketLink::new(socket)),
            Arc::clone(client.halt_gate()),
            is_armed,
            self.when_down == WhenDown::UseHttp,
            unprotected,
        ));
        // Closes the socket if connecting fails or is given up.
        let guard = CloseOnDrop(Some(Arc::clone(&wire)));
        match tokio::time::timeout(total, monitor.connected()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(OrderSocketError::Ended(error).into()),
            Err(_) => return Err(OrderSocketError::TimedOut { after: total }.into()),
        }
        if is_armed {
            monitor.list_unprotected().await;
        }
        guard.keep();
        client.group().add_order_wire(&wire);
        Ok(OrderSocket {
            client: client.with_order_wire(Arc::clone(&wire)),
            wire,
            monitor,
            first: Mutex::new(Some(events)),
        })
    }
}

/// Closes a socket that was not returned to the caller.
struct CloseOnDrop(Option<Arc<OrderWire>>);

impl CloseOnDrop {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        if let Some(wire) = &self.0 {
            wire.close();
        }
    }
}
