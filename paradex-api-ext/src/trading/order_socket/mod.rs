//! Orders over a WebSocket: the handle, and what it reports.

mod builder;
mod error;
mod events;
mod link;
mod monitor;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub use builder::{CancelOnDisconnect, OrderSocketBuilder, WhenDown};
pub use error::OrderSocketError;
pub use events::{OrderSocketEvent, OrderSocketEvents};

use crate::client::Client;
use crate::pipeline::order_wire::OrderWire;
use monitor::Monitor;

/// A WebSocket over which a client places, changes and cancels orders.
///
/// Its [`client`](Self::client) differs from the client that it was made from only in how orders travel. Limits, halts, the audit,
/// retries, errors and [`Orders::resolve`](crate::orders::Orders::resolve) are the same; a response over the socket is shown as the
/// REST API would have responded, with the status and the error code that the cause has there. The number of the original error is
/// in `data.code` of the body.
///
/// * These calls go over the socket: [`place`](crate::orders::Orders::place), `place_batch`, `modify`, `cancel`, `cancel_batch` and
///   `cancel_all`. A request that the documents of the WebSocket API do not describe goes by HTTP: algo orders, order types other than
///   `LIMIT`, `MARKET`, `STOP_LIMIT` and `STOP_MARKET`, the fields `vwap_price` and `dime_discount`, cancels by client id that do not
///   name the market, and batches of client ids.
/// * A call is sent once, on one wire. If the connection ends before the response, its outcome is unknown, as after a lost response of
///   HTTP.
/// * The socket connects again by itself. Until then cancels go by HTTP, and orders do what [`WhenDown`] says.
/// * A [`halt`](Client::halt) stops orders that wait to be written, and cancels over both wires at once.
///
/// The socket is closed when this handle and every clone of its client are dropped, or by [`close`](Self::close).
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::order_socket::CancelOnDisconnect;
/// use paradex_api_ext::orders::{NewOrder, OrderSide};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let socket = client.order_socket(CancelOnDisconnect::Armed).connect().await?;
/// let orders = socket.client().orders();
/// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?);
/// println!("{:?}", orders.place(order).await?.id);
/// # Ok(())
/// # }
/// ```
#[doc(alias = "websocket")]
#[doc(alias = "reconnect")]
#[doc(alias = "cancel on disconnect")]
pub struct OrderSocket {
    client: Client,
    wire: Arc<OrderWire>,
    monitor: Arc<Monitor>,
    /// The events since the first connection, for the first reader.
    first: Mutex<Option<OrderSocketEvents>>,
}

impl Client {
    /// Creates a builder for a WebSocket over which this client places, changes and cancels orders.
    ///
    /// There is no default for `cancel_on_disconnect`; see the [module](crate::order_socket) for what it is and is not.
    #[doc(alias = "websocket")]
    pub fn order_socket(&self, cancel_on_disconnect: CancelOnDisconnect) -> OrderSocketBuilder {
        OrderSocketBuilder::new(self.without_order_wire(), cancel_on_disconnect)
    }
}

impl OrderSocket {
    /// Returns the client whose orders go over this socket.
    ///
    /// It shares session, limits and halts with the client that the socket was made from.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Returns the events of the socket.
    ///
    /// The first call returns those since the socket was connected, a later one those from then on. A reader that is more than
    /// 256 events behind misses the oldest, and is told how many.
    pub fn events(&self) -> OrderSocketEvents {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().unwrap_or_else(|| self.monitor.subscribe())
    }

    /// Returns whether orders can be placed over the socket now.
    ///
    /// With [`CancelOnDisconnect::Armed`], it is true only once cancel on disconnect is acknowledged.
    pub fn is_connected(&self) -> bool {
        self.wire.ready_for_any().is_some()
    }

    /// Closes the socket for good.
    ///
    /// Calls that wait for their response have an unknown outcome. Later orders are withheld or go by HTTP, as [`WhenDown`] says, and
    /// cancels go by HTTP.
    pub fn close(&self) {
        self.wire.close();
        self.monitor.close();
    }
}

impl fmt::Debug for OrderSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderSocket")
            .field("client", &self.client)
            .field("is_connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}
