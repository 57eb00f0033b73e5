//! What became of an order that was sent and not answered.

use std::time::{Duration, SystemTime};

use paradex_api::operations;
use paradex_api::reqwest::StatusCode;
use paradex_api::types::{self, OrderStatus};

use crate::access::tokens::elements;
use crate::error::{DecodeError, Error, InvalidInput};
use crate::pagination::Paged;
use crate::time::timestamp_to_system_time;
use crate::trading::orders::{NewOrder, Orders};

/// An order may show up so long after its window has closed: the exchange works on it, and writes its history.
const MARGIN: Duration = Duration::from_secs(10);
/// By how much the time that an order was signed with may be before the beginning of its window: the rounding.
const TOLERANCE: Duration = Duration::from_millis(100);
/// The same for the exchange's own time of an order that does not show its signature's.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
/// So many orders of one client id are looked at.
const MOST_ORDERS: usize = 1_000;

/// When an order that may have been placed was signed, and until when the exchange takes it, in the exchange's time.
///
/// It comes with the error of [`Orders::place`], see [`PlaceOrderError::window`](crate::error::PlaceOrderError::window); or it is made
/// anew by a program that has written client ids down before it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderWindow {
    signed_at: SystemTime,
    valid_until: SystemTime,
}

impl OrderWindow {
    /// An order that was signed at this time, and was good for so long.
    pub fn new(signed_at: SystemTime, good_for: Duration) -> Self {
        Self {
            signed_at,
            valid_until: signed_at.checked_add(good_for).unwrap_or(signed_at),
        }
    }

    /// The window that holds both.
    pub(crate) fn join(self, other: Self) -> Self {
        Self {
            signed_at: self.signed_at.min(other.signed_at),
            valid_until: self.valid_until.max(other.valid_until),
        }
    }

    /// When it was signed.
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }

    /// Until when the exchange takes it.
    pub fn valid_until(&self) -> SystemTime {
        self.valid_until
    }
}

/// What became of an order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Resolution {
    /// It was placed: this is it, open or closed.
    Found(Box<types::Order>),
    /// It is not there yet, and may still be placed. Ask again after this time.
    Pending {
        /// The end of the order's window and a margin, in the exchange's time.
        until: SystemTime,
    },
    /// It was not placed and cannot be any more: the exchange was asked after the end of its window and a margin of ten
    /// seconds, and has no such order.
    NotPlaced,
    /// The exchange could not be asked, or its response does not show what it must.
    StillUnknown(Error),
}

/// What became of a change to an order.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangeResolution {
    /// The order has the values of the change, and this is it, open or closed.
    Made(Box<types::Order>),
    /// The order has other values, and the change can still be made. Ask again after this time.
    #[non_exhaustive]
    Pending {
        /// The end of the change's window and a margin, in the exchange's time.
        until: SystemTime,
        /// The order as it stands.
        order: Box<types::Order>,
    },
    /// The order has other values, and the change cannot be made any more: the order is closed, or the window and a margin
    /// of ten seconds are over. Either the change was not made, or another change was made after it.
    NotInForce(Box<types::Order>),
    /// The exchange could not be asked, or does not show the order or the values that the change carries.
    StillUnknown(Error),
}

impl Orders {
    /// Finds out what became of a change without a response, by the id of the order and the values of the change: among the
    /// open orders of the market first, and then in its history.
    ///
    /// What the exchange shows is the order as it stands, not the changes that were made to it. So do not change the order
    /// again before this says more than [`Pending`](ChangeResolution::Pending): the change that is resolved could arrive
    /// after the new one. The end of the window is an assumption, see [`modify`](Self::modify). To be certain sooner, cancel
    /// the order: a closed order takes no change.
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
    pub async fn resolve_change(
        &self,
        order_id: &str,
        change: &NewOrder,
        window: OrderWindow,
    ) -> ChangeResolution {
        // Before asking: a response then cannot miss a change that was made before.
        let now = self.client().group().now();
        let order = match self.look_up(order_id, change.market_name()).await {
            Ok(order) => Box::new(order),
            Err(error) => return ChangeResolution::StillUnknown(error),
        };
        match change.is_shown_by(&order) {
            Some(true) => return ChangeResolution::Made(order),
            Some(false) => {}
            None => {
                let rule = "the exchange shows this order without a value that the change carries";
                let remedy = "look at the order, or cancel it";
                let error = InvalidInput::new("order_id", order_id, rule, remedy);
                return ChangeResolution::StillUnknown(error.into());
            }
        }
        let until = window
            .valid_until
            .checked_add(MARGIN)
            .unwrap_or(window.valid_until);
        if order.status == Some(OrderStatus::Closed) || now > until {
            ChangeResolution::NotInForce(order)
        } else {
            ChangeResolution::Pending { until, order }
        }
    }

    /// An order by its id, whatever its status. The call for one order finds no other than open ones, and none that waits for
    /// its trigger.
    async fn look_up(&self, order_id: &str, market: &str) -> Result<types::Order, Error> {
        let is_it = |order: &types::Order| order.id.as_deref() == Some(order_id);
        let api = self.client().api();
        let operation = &operations::LIST_OPEN_ORDERS;
        let (mut list, raw) = api.list_open_orders().market(market).send().await?.into_parts();
        let results = std::mem::take(&mut list.results);
        let open = elements(operation, results, list.undecoded(), raw.clone())?;
        // An entry without an id may be the order, and then the history shows how it was before.
        let is_whole = open.iter().all(|order| order.id.is_some());
        if let Some(order) = open.into_iter().find(is_it) {
            return Ok(order);
        }
        if !is_whole {
            let what = "an order in its list has no id that can be read";
            return Err(DecodeError::content(operation, raw, what).into());
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
                    "it is not among the orders of this market that could be read, which are not all of them",
                    "check the id and the market, or cancel the order",
                ),
            };
            InvalidInput::new("order_id", order_id, rule, remedy).into()
        })
    }

    /// Finds out what became of an order that was sent and not answered, by its client id: among the open orders first, and
    /// then in the history, because the first knows no others.
    ///
    /// An order that was signed before the window is another one that had the same client id.
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
    ///         Resolution::Found(order) => println!("it is there: {:?}", order.id),
    ///         Resolution::NotPlaced => println!("place it again"),
    ///         other => println!("ask again later: {other:?}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn resolve(&self, client_id: &str, window: OrderWindow) -> Resolution {
        if client_id.is_empty() {
            let rule = "only an order that has one can be found by it";
            let error = InvalidInput::new("client_id", client_id, rule, "give orders a `client_id`");
            return Resolution::StillUnknown(error.into());
        }
        // Before asking: what is answered then cannot miss an order that was placed before.
        let now = self.client().group().now();
        match self.look_for(client_id, window).await {
            Ok((Some(order), _)) => Resolution::Found(Box::new(order)),
            Ok((None, complete)) => {
                let until = window
                    .valid_until
                    .checked_add(MARGIN)
                    .unwrap_or(window.valid_until);
                if now > until && complete {
                    Resolution::NotPlaced
                } else {
                    Resolution::Pending { until }
                }
            }
            Err(error) => Resolution::StillUnknown(error),
        }
    }

    /// The order, and whether everything was looked at.
    async fn look_for(
        &self,
        client_id: &str,
        window: OrderWindow,
    ) -> Result<(Option<types::Order>, bool), Error> {
        let is_it = |order: &types::Order| {
            let (time, tolerance) = match order.timestamp.and_then(timestamp_to_system_time) {
                Some(signed) => (Some(signed), TOLERANCE),
                None => (
                    order.created_at.and_then(timestamp_to_system_time),
                    CLOCK_TOLERANCE,
                ),
            };
            let earliest = window
                .signed_at
                .checked_sub(tolerance)
                .unwrap_or(window.signed_at);
            order.client_id.as_deref() == Some(client_id) && time.is_none_or(|time| time >= earliest)
        };
        let open = self.client().api().get_order_by_client_id().client_id(client_id);
        match open.send().await {
            Ok(response) => {
                let operation = &operations::GET_ORDER_BY_CLIENT_ID;
                let is_named = |order: &types::Order| order.client_id.as_deref() == Some(client_id);
                let what = "it is not the order of this client id";
                let order = DecodeError::require(operation, response, is_named, what)?;
                if is_it(&order) {
                    return Ok((Some(order), true));
                }
            }
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) && error.code().is_some() => {}
            Err(error) => return Err(error.into()),
        }
        let history = self.client().api().list_orders_history().client_id(client_id);
        let found = history.pages().all(MOST_ORDERS).await?;
        // An order without a client id may be the one that is looked for: the list was asked for by client id.
        let complete = found.is_complete() && found.items().iter().all(|order| order.client_id.is_some());
        Ok((found.into_items().into_iter().find(is_it), complete))
    }
}
