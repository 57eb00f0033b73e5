//! Finding out whether an order was changed after the response to the change was lost.

use std::time::SystemTime;

use paradex_api::operations;
use paradex_api::types::{self, OrderStatus};

use super::new_order::NewOrder;
use super::order_window::OrderWindow;
use super::orders::Orders;
use super::resolve::MOST_ORDERS;
use crate::error::{DecodeError, Error, InvalidInput};
use crate::pagination::{Paged, listing};

/// The outcome of a change to an order, found by [`Orders::resolve_change`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangeResolution {
    /// The order has the values of the change. It may be open or closed.
    Made(Box<types::Order>),
    /// The order has other values, and the change can still take effect. Ask again after this time.
    #[non_exhaustive]
    Pending {
        /// The end of the change's window plus a margin of ten seconds, in the exchange's time.
        until: SystemTime,
        /// The order's current state.
        order: Box<types::Order>,
    },
    /// The order has other values, and the change cannot take effect any more: the order is closed, or the window plus a
    /// margin of ten seconds is over. Either the change was not made, or another change was made after it.
    NotInForce(Box<types::Order>),
    /// The exchange could not be asked, or does not show the order or the values that the change carries.
    StillUnknown(Error),
}

impl Orders {
    /// Finds out whether an order was changed after the response was lost, by the order's id and the values of the change.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{ChangeResolution, NewOrder, OrderSide};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let change = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.2".parse()?, "29000".parse()?);
    /// if let Err(error) = client.orders().modify("order-id", change.clone()).await {
    ///     let Some(window) = error.window() else { return Err(error.into()) };
    ///     match client.orders().resolve_change("order-id", &change, window).await {
    ///         ChangeResolution::Made(order) => println!("it was made: {:?}", order.price),
    ///         ChangeResolution::NotInForce(order) => println!("change it again: {:?}", order.price),
    ///         other => println!("ask again later: {other:?}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It looks among the open orders of the market and then in its history. The exchange shows the current state of an order
    /// and not the changes that were made to it. So do not change the order again while the outcome is
    /// [`Pending`](ChangeResolution::Pending): the first change could arrive after the second. The end of the window is an
    /// assumption; see [`modify`](Self::modify). To be certain sooner, cancel the order: a closed order cannot be changed.
    pub async fn resolve_change(
        &self,
        order_id: &str,
        change: &NewOrder,
        window: OrderWindow,
    ) -> ChangeResolution {
        // Read the time before asking: the response then includes every change that was made before it.
        let now = self.client().group().now();
        let order = match self.find_by_id(order_id, change.market_name()).await {
            Ok(order) => Box::new(order),
            Err(error) => return ChangeResolution::StillUnknown(error),
        };
        match change.matches(&order) {
            Some(true) => return ChangeResolution::Made(order),
            Some(false) => {}
            None => {
                let rule = "the exchange shows this order without a value that the change carries";
                let remedy = "look at the order, or cancel it";
                let error = InvalidInput::new("order_id", order_id, rule, remedy);
                return ChangeResolution::StillUnknown(error.into());
            }
        }
        let until = window.settled_at();
        match order.status == Some(OrderStatus::Closed) || now > until {
            true => ChangeResolution::NotInForce(order),
            false => ChangeResolution::Pending { until, order },
        }
    }

    /// Returns an order by its id, whatever its status. The API's call for a single order finds only open orders, and none
    /// that waits for its trigger.
    async fn find_by_id(&self, order_id: &str, market: &str) -> Result<types::Order, Error> {
        let is_it = |order: &types::Order| order.id.as_deref() == Some(order_id);
        let api = self.client().api();
        let response = api.list_open_orders().market(market).send().await?;
        let (open, raw) = listing::elements_and_raw(response)?;
        // An entry without an id may be this order; the history would then show an earlier state of it.
        let is_whole = open.iter().all(|order| order.id.is_some());
        if let Some(order) = open.into_iter().find(is_it) {
            return Ok(order);
        }
        if !is_whole {
            let problem = "an order in its list has no readable id";
            return Err(DecodeError::content(&operations::LIST_OPEN_ORDERS, raw, problem).into());
        }
        let history = api.list_orders_history().market(market);
        let found = history.pages().all(MOST_ORDERS).await?;
        let is_whole = found.is_complete() && found.items().iter().all(|order| order.id.is_some());
        found.into_items().into_iter().find(is_it).ok_or_else(|| {
            let (rule, remedy) = match is_whole {
                true => (
                    "the exchange shows no such order in this market",
                    "check the id and the market",
                ),
                false => (
                    "it is not among the orders of this market that could be read, and not all of them could",
                    "check the id and the market, or cancel the order",
                ),
            };
            InvalidInput::new("order_id", order_id, rule, remedy).into()
        })
    }
}
