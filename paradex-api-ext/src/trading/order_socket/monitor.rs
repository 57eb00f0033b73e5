//! Follows the connection of an order socket, and reports what happens to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

use tokio::sync::{broadcast, watch};

use super::events::{OrderSocketEvent, OrderSocketEvents};
use crate::client::Client;
use crate::stream::private::{PrivateSink, PrivateUpdate, Ready};
use crate::stream::{LossCause, StreamError};

/// Events that a reader may be behind.
const EVENTS: usize = 256;

/// Receives the updates of the connection.
pub(super) struct Monitor {
    /// Itself, for the tasks that it starts.
    me: Weak<Self>,
    /// The client without the socket.
    client: Client,
    is_armed: bool,
    state: Mutex<State>,
    status: watch::Sender<Status>,
}

struct State {
    /// `None` after the end.
    events: Option<broadcast::Sender<OrderSocketEvent>>,
    /// The number of the last connection that was ready.
    connection: Option<u64>,
    listing: Listing,
}

/// Whether a task lists the open orders. There is never more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    Idle,
    Running,
    /// There was another connection meanwhile, so it is done again.
    Repeat,
}

#[derive(Debug, Clone, PartialEq)]
enum Status {
    Connecting,
    Ready,
    Ended(StreamError),
}

impl Monitor {
    pub(super) fn new(client: Client, is_armed: bool) -> Arc<Self> {
        let state = State {
            events: Some(broadcast::Sender::new(EVENTS)),
            connection: None,
            listing: Listing::Idle,
        };
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            client,
            is_armed,
            state: Mutex::new(state),
            status: watch::Sender::new(Status::Connecting),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn subscribe(&self) -> OrderSocketEvents {
        let events = self.state().events.as_ref().map(broadcast::Sender::subscribe);
        OrderSocketEvents::new(events)
    }

    /// Ends the events.
    pub(super) fn close(&self) {
        self.state().events = None;
    }

    /// Waits for the first connection.
    pub(super) async fn connected(&self) -> Result<(), StreamError> {
        let mut status = self.status.subscribe();
        // This cannot fail: the sender lives as long as this borrow.
        match status
            .wait_for(|status| *status != Status::Connecting)
            .await
            .as_deref()
        {
            Ok(Status::Ended(error)) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn report(&self, event: OrderSocketEvent) {
        if let Some(events) = &self.state().events {
            // An error says that nobody reads.
            let _ = events.send(event);
        }
    }

    /// Reports orders that are not protected; `None` if they are not known.
    pub(super) fn report_unprotected(&self, order_ids: Option<Vec<String>>) {
        self.report(match order_ids {
            Some(order_ids) => OrderSocketEvent::Unprotected { order_ids },
            None => OrderSocketEvent::UnprotectedUnknown,
        });
    }

    /// Lists the open orders and reports them, with those that were placed over the connection meanwhile: no clock tells them apart
    /// for certain, and an order that is missing would be worse.
    pub(super) async fn list_unprotected(&self) {
        let open = match self.client.orders().open().await {
            Ok(open) => open,
            Err(error) => {
                tracing::warn!(error = %error, "the open orders could not be listed");
                return self.report_unprotected(None);
            }
        };
        let orders = open.orders.into_iter().map(|order| order.id);
        // No algo order is placed over the socket.
        let algo_orders = open.algo_orders.into_iter().map(|order| order.id);
        let order_ids: Vec<String> = orders.chain(algo_orders).flatten().collect();
        if !order_ids.is_empty() {
            self.report_unprotected(Some(order_ids));
        }
    }

    /// Lists the open orders in a task of its own, or again in the one that runs.
    fn start_listing(&self) {
        let (Some(me), Ok(runtime)) = (self.me.upgrade(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        let was = std::mem::replace(&mut self.state().listing, Listing::Repeat);
        if was != Listing::Idle {
            return;
        }
        runtime.spawn(async move {
            while me.takes_listing() {
                me.list_unprotected().await;
            }
        });
    }

    /// Whether the open orders are to be listed again.
    fn takes_listing(&self) -> bool {
        let mut state = self.state();
        let is_wanted = state.listing == Listing::Repeat;
        state.listing = if is_wanted {
            Listing::Running
        } else {
            Listing::Idle
        };
        is_wanted
    }

    fn ready(&self, ready: &Ready) {
        let connection = ready.connection;
        let last = self.state().connection.replace(connection);
        // The connection has gone on after a frame that could not be read.
        if last == Some(connection) {
            return;
        }
        if ready.cancel_on_disconnect {
            self.report(OrderSocketEvent::Armed { connection });
        }
        if last.is_some() {
            self.report(OrderSocketEvent::Resumed { connection });
            // The first time, `connect` does it.
            if self.is_armed {
                self.start_listing();
            }
        }
        self.status.send_replace(Status::Ready);
    }
}

impl PrivateSink for Monitor {
    fn update(&self, update: PrivateUpdate) {
        match update {
            PrivateUpdate::Ready(ready) => self.ready(&ready),
            // An event of an order, which nothing here needs. The connection goes on.
            PrivateUpdate::Lost(LossCause::Unreadable, _) => {}
            PrivateUpdate::Lost(cause, age) => {
                let now = SystemTime::now();
                let since = now.checked_sub(age).unwrap_or(now);
                self.report(OrderSocketEvent::Lost { cause, since });
            }
            PrivateUpdate::End(error) => {
                self.report(OrderSocketEvent::Ended(error.clone()));
                self.close();
                self.status.send_replace(Status::Ended(error));
            }
            // The account stream reports events.
            PrivateUpdate::Event(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use paradex_api::operations::LIST_OPEN_ORDERS;

    use super::{Monitor, OrderSocketEvent, OrderSocketEvents};
    use crate::orders::{NewOrder, OrderSide};
    use crate::simulator::Simulator;
    use crate::stream::LossCause;
    use crate::stream::private::{PrivateSink, PrivateUpdate, Ready};
    use crate::{Client, Credentials, Environment};

    fn ready(connection: u64) -> PrivateUpdate {
        PrivateUpdate::Ready(Ready {
            connection,
            node_id: None,
            schema_version: 2,
            cancel_on_disconnect: true,
            since: SystemTime::UNIX_EPOCH,
            refused: Vec::new(),
        })
    }

    fn lost(cause: LossCause) -> PrivateUpdate {
        PrivateUpdate::Lost(cause, Duration::ZERO)
    }

    async fn next(events: &mut OrderSocketEvents) -> OrderSocketEvent {
        let next = tokio::time::timeout(Duration::from_secs(60), events.next()).await;
        next.expect("no event").expect("the events have ended")
    }

    async fn start() -> (Simulator, Client) {
        let exchange = Simulator::builder().strict().start().await.unwrap();
        let environment = Environment::custom(exchange.url()).unwrap();
        let account = exchange.main_account().parse().unwrap();
        let credentials = Credentials::starknet(environment.clone(), exchange.main_key(), account);
        let client = Client::builder(environment)
            .credentials(credentials)
            .build()
            .unwrap();
        (exchange, client)
    }

    #[tokio::test]
    async fn unreadable_frame_is_no_event_of_the_socket() {
        let (exchange, client) = start().await;
        let monitor = Monitor::new(client, true);
        let mut events = monitor.subscribe();
        monitor.update(ready(1));
        monitor.update(lost(LossCause::Unreadable));
        monitor.update(ready(1));
        monitor.update(lost(LossCause::Disconnected));
        assert_eq!(next(&mut events).await, OrderSocketEvent::Armed { connection: 1 });
        let OrderSocketEvent::Lost { cause, .. } = next(&mut events).await else {
            panic!("not lost");
        };
        assert_eq!(cause, LossCause::Disconnected);
        let mut requests = exchange.requests().into_iter();
        assert!(requests.all(|request| request.operation() != Some(&LIST_OPEN_ORDERS)));
    }

    /// The clocks of both ends do not matter, and there is one listing for many connections.
    #[tokio::test]
    async fn orders_from_before_a_reconnection_are_unprotected_whatever_the_clocks_say() {
        let (exchange, client) = start().await;
        let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, 1.into(), 100.into());
        let placed = client.orders().place(order).await.unwrap();
        exchange.rewind(Duration::from_secs(3_600));
        let monitor = Monitor::new(client, true);
        monitor.update(ready(1));
        let mut events = monitor.subscribe();
        for connection in 2..10 {
            monitor.update(lost(LossCause::Disconnected));
            monitor.update(ready(connection));
            assert!(matches!(next(&mut events).await, OrderSocketEvent::Lost { .. }));
            assert_eq!(next(&mut events).await, OrderSocketEvent::Armed { connection });
            assert_eq!(next(&mut events).await, OrderSocketEvent::Resumed { connection });
        }
        let order_ids = vec![placed.id.unwrap()];
        assert_eq!(
            next(&mut events).await,
            OrderSocketEvent::Unprotected { order_ids }
        );
        let requests = exchange.requests().into_iter();
        let listings = requests.filter(|request| request.operation() == Some(&LIST_OPEN_ORDERS));
        assert_eq!(listings.count(), 1);
    }
}
