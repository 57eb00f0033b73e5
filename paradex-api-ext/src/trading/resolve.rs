//! Finding out whether an order was placed after its response was lost.

use std::time::{Duration, SystemTime};

use paradex_api::operations;
use paradex_api::reqwest::StatusCode;
use paradex_api::types;

use super::order_window::OrderWindow;
use super::orders::Orders;
use crate::error::{DecodeError, Error, InvalidInput};
use crate::pagination::Paged;
use crate::time::timestamp_to_system_time;

/// How far an order's signature time may precede the start of its window, because of rounding.
const SIGNATURE_TOLERANCE: Duration = Duration::from_millis(100);
/// The same for the exchange's creation time, of an order that does not show its signature time.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
/// How many orders of the history are read.
pub(super) const MOST_ORDERS: usize = 1_000;

/// The outcome of an order, found by [`Orders::resolve`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Resolution {
    /// The order was placed. It may be open or closed.
    Found(Box<types::Order>),
    /// The order is not there yet and may still be placed. Ask again after this time.
    Pending {
        /// The end of the order's window plus a margin of ten seconds, in the exchange's time.
        until: SystemTime,
    },
    /// The order was not placed and cannot be any more: asked after the end of its window plus a margin of ten seconds,
    /// the exchange has no such order.
    NotPlaced,
    /// The exchange could not be asked, or its response is incomplete.
    StillUnknown(Error),
}

impl Orders {
    /// Finds out whether an order was placed whose response was lost, by its client id.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{NewOrder, OrderSide, Resolution};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?)
    ///     .client_id("desk-1");
    /// if let Err(error) = client.orders().place(order).await {
    ///     let Some(window) = error.window() else { return Err(error.into()) };
    ///     match client.orders().resolve("desk-1", window).await {
    ///         Resolution::Found(order) => println!("it was placed: {:?}", order.id),
    ///         Resolution::NotPlaced => println!("place it again"),
    ///         other => println!("ask again later: {other:?}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It looks among the open orders and then in the history, because the first call only finds open orders. An order that was
    /// signed before the window is an earlier one with the same client id.
    #[doc(alias("reconcile", "find", "lookup"))]
    pub async fn resolve(&self, client_id: &str, window: OrderWindow) -> Resolution {
        if client_id.is_empty() {
            let rule = "an order without a client id cannot be looked up";
            let error = InvalidInput::new("client_id", client_id, rule, "give orders a `client_id`");
            return Resolution::StillUnknown(error.into());
        }
        // Read the time before asking: the response then includes every order that was placed before it.
        let now = self.client().group().now();
        match self.find_by_client_id(client_id, window).await {
            Ok((Some(order), _)) => Resolution::Found(Box::new(order)),
            Ok((None, complete)) => {
                let until = window.settled_at();
                match now > until && complete {
                    true => Resolution::NotPlaced,
                    false => Resolution::Pending { until },
                }
            }
            Err(error) => Resolution::StillUnknown(error),
        }
    }

    /// Returns the order, and whether the search was complete.
    async fn find_by_client_id(
        &self,
        client_id: &str,
        window: OrderWindow,
    ) -> Result<(Option<types::Order>, bool), Error> {
        let is_it = |order: &types::Order| {
            let (time, tolerance) = match order.timestamp.and_then(timestamp_to_system_time) {
                Some(signed_at) => (Some(signed_at), SIGNATURE_TOLERANCE),
                None => (
                    order.created_at.and_then(timestamp_to_system_time),
                    CLOCK_TOLERANCE,
                ),
            };
            let signed_at = window.signed_at();
            let earliest = signed_at.checked_sub(tolerance).unwrap_or(signed_at);
            order.client_id.as_deref() == Some(client_id) && time.is_none_or(|time| time >= earliest)
        };
        let open = self.client().api().get_order_by_client_id().client_id(client_id);
        match open.send().await {
            Ok(response) => {
                let operation = &operations::GET_ORDER_BY_CLIENT_ID;
                let has_id = |order: &types::Order| order.client_id.as_deref() == Some(client_id);
                let problem = "it is not the order with this client id";
                let order = DecodeError::require(operation, response, has_id, problem)?;
                if is_it(&order) {
                    return Ok((Some(order), true));
                }
            }
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) && error.code().is_some() => {}
            Err(error) => return Err(error.into()),
        }
        let history = self.client().api().list_orders_history().client_id(client_id);
        let found = history.pages().all(MOST_ORDERS).await?;
        // An entry without a client id may be the order: the exchange was asked for this client id.
        let complete = found.is_complete() && found.items().iter().all(|order| order.client_id.is_some());
        Ok((found.into_items().into_iter().find(is_it), complete))
    }
}
