//! What became of an order that was sent and not answered.

use std::time::{Duration, SystemTime};

use paradex_api::reqwest::StatusCode;
use paradex_api::types;

use crate::error::{Error, InvalidInput};
use crate::orders::Orders;
use crate::time::time_of;

/// An order may show up so long after its window has closed: the exchange works on it, and writes its history.
const MARGIN: Duration = Duration::from_secs(10);
/// By how much the exchange's time of an order may be before the time that it was signed with.
const TOLERANCE: Duration = Duration::from_secs(60);

/// When an order that may have been placed was signed, and until when the exchange takes it, in the exchange's time.
///
/// It comes with the error of [`Orders::place`], see [`PlaceOrderError::window`](crate::PlaceOrderError::window); or it is made
/// anew by a program that has written client ids down before it was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderWindow {
    signed: SystemTime,
    until: SystemTime,
}

impl OrderWindow {
    /// An order that was signed at this time, and was good for so long.
    pub fn new(signed: SystemTime, good_for: Duration) -> Self {
        Self {
            signed,
            until: signed.checked_add(good_for).unwrap_or(signed),
        }
    }

    /// When it was signed.
    pub fn signed(&self) -> SystemTime {
        self.signed
    }

    /// Until when the exchange takes it.
    pub fn until(&self) -> SystemTime {
        self.until
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
    /// The exchange could not be asked.
    StillUnknown(Error),
}

impl Orders {
    /// Finds out what became of an order that was sent and not answered, by its client id: among the open orders first, and
    /// then in the history, because the first knows no others.
    ///
    /// An order that was signed a minute or more before the window is another one that had the same client id.
    ///
    /// ```no_run
    /// use paradex_api_ext::{Client, NewOrder, OrderSide, Resolution};
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
        let now = self.client().shared().now();
        match self.look_for(client_id, window).await {
            Ok(Some(order)) => Resolution::Found(Box::new(order)),
            Ok(None) => {
                let until = window.until.checked_add(MARGIN).unwrap_or(window.until);
                if now > until {
                    Resolution::NotPlaced
                } else {
                    Resolution::Pending { until }
                }
            }
            Err(error) => Resolution::StillUnknown(error),
        }
    }

    async fn look_for(&self, client_id: &str, window: OrderWindow) -> Result<Option<types::Order>, Error> {
        let is_it = |order: &types::Order| {
            let created = order.created_at.and_then(time_of);
            let earliest = window.signed.checked_sub(TOLERANCE).unwrap_or(window.signed);
            order.client_id.as_deref() == Some(client_id) && created.is_none_or(|created| created >= earliest)
        };
        let open = self.client().api().get_order_by_client_id().client_id(client_id);
        match open.send().await {
            Ok(order) if is_it(&order) => return Ok(Some(order.into_inner())),
            Ok(_) => {}
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) && error.code().is_some() => {}
            Err(error) => return Err(error.into()),
        }
        let history = self.client().api().list_orders_history().client_id(client_id);
        let page = history.send().await?.into_inner();
        Ok(page.results.into_iter().find(is_it))
    }
}
