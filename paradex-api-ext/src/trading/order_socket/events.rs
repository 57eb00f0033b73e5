//! What an order socket reports.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use futures_core::Stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::stream::{LossCause, StreamError};

/// Something that happened to an [`OrderSocket`](super::OrderSocket).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderSocketEvent {
    /// The exchange has acknowledged cancel on disconnect on this connection.
    Armed {
        /// The number of the connection, which grows with each connection of the group.
        connection: u64,
    },
    /// These orders of the account are open, and cancel on disconnect probably does not cover them.
    ///
    /// They were placed before the connection, or placed or changed by HTTP. They are not cancelled. After a reconnection, orders that
    /// were placed over it while the open orders were read may be among them. It is reported only with
    /// [`CancelOnDisconnect::Armed`](super::CancelOnDisconnect::Armed), after each connection and after each such order.
    Unprotected {
        /// The ids of the orders. Algo orders are among them.
        order_ids: Vec<String>,
    },
    /// Orders that are not protected may be open, and are not known: the open orders could not be listed, or an order by HTTP has an
    /// unknown outcome.
    UnprotectedUnknown,
    /// The connection ended, or cannot be used.
    Lost {
        /// The cause.
        cause: LossCause,
        /// When it was last known to work, by the clock of this machine.
        since: SystemTime,
    },
    /// Orders can be placed again, after [`Lost`](Self::Lost).
    Resumed {
        /// The number of the connection.
        connection: u64,
    },
    /// The socket has ended for good. Create another one.
    Ended(StreamError),
    /// The reader was too slow, and missed events.
    Missed {
        /// The number of events.
        count: u64,
    },
}

type Next = (Result<OrderSocketEvent, RecvError>, Receiver<OrderSocketEvent>);

/// The events of an order socket.
///
/// It is a [`Stream`], and [`next`](Self::next) needs no trait. It ends after the socket was closed or has ended.
///
/// ```no_run
/// # async fn example(socket: paradex_api_ext::order_socket::OrderSocket) {
/// let mut events = socket.events();
/// while let Some(event) = events.next().await {
///     println!("{event:?}");
/// }
/// # }
/// ```
pub struct OrderSocketEvents {
    next: Option<Pin<Box<dyn Future<Output = Next> + Send>>>,
}

impl OrderSocketEvents {
    pub(super) fn new(events: Option<Receiver<OrderSocketEvent>>) -> Self {
        Self {
            next: events.map(receive),
        }
    }

    /// Waits for the next event; `None` at the end.
    ///
    /// It is cancel-safe: no event is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<OrderSocketEvent> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

fn receive(mut events: Receiver<OrderSocketEvent>) -> Pin<Box<dyn Future<Output = Next> + Send>> {
    Box::pin(async move { (events.recv().await, events) })
}

impl Stream for OrderSocketEvents {
    type Item = OrderSocketEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(next) = &mut self.next else {
            return Poll::Ready(None);
        };
        let (event, events) = ready!(next.as_mut().poll(context));
        let event = match event {
            Ok(event) => event,
            Err(RecvError::Lagged(count)) => OrderSocketEvent::Missed { count },
            Err(RecvError::Closed) => {
                self.next = None;
                return Poll::Ready(None);
            }
        };
        self.next = Some(receive(events));
        Poll::Ready(Some(event))
    }
}

impl fmt::Debug for OrderSocketEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderSocketEvents").finish_non_exhaustive()
    }
}
