//! Cancelling orders: one, a batch, or all of them.

use paradex_api::types;

use super::order_rules::short_string;
use super::orders::Orders;
use crate::error::{Error, InvalidInput};

/// The orders that [`Orders::cancel_all`] cancels. There is no default, because the API takes a missing market as all markets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelScope {
    /// The open orders of one market.
    Market(String),
    /// Every open order of the account.
    AllMarkets,
}

impl Orders {
    /// Cancels an open order by the id that the exchange gave it.
    ///
    /// # Errors
    ///
    /// The exchange refused, or no response arrived.
    pub async fn cancel(&self, order_id: &str) -> Result<(), Error> {
        self.client()
            .api()
            .cancel_order()
            .order_id(order_id)
            .send()
            .await?;
        Ok(())
    }

    /// Cancels an open order by its [`client_id`](crate::orders::NewOrder::client_id).
    ///
    /// # Errors
    ///
    /// The exchange refused, or no response arrived.
    pub async fn cancel_by_client_id(&self, client_id: &str) -> Result<(), Error> {
        let call = self
            .client()
            .api()
            .cancel_order_by_client_id()
            .client_id(client_id);
        call.send().await?;
        Ok(())
    }

    /// Cancels every open order of one market or of all markets.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::CancelScope;
    ///
    /// # async fn example(client: Client) -> Result<(), paradex_api_ext::Error> {
    /// client.orders().cancel_all(CancelScope::Market("BTC-USD-PERP".to_owned())).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is sent once and not retried: a repetition could cancel orders that were placed in between. To also keep new
    /// orders from being placed, use [`Client::halt`](crate::Client::halt).
    ///
    /// # Errors
    ///
    /// The market's name is empty (nothing is sent), the exchange refused, or no response arrived.
    #[doc(alias("mass_cancel", "kill_switch", "panic"))]
    pub async fn cancel_all(&self, scope: CancelScope) -> Result<(), Error> {
        let call = self.client().api().cancel_all_orders();
        let call = match scope {
            CancelScope::AllMarkets => call,
            CancelScope::Market(market) => {
                short_string("market", &market)?;
                call.market(market)
            }
        };
        call.send().await?;
        Ok(())
    }

    /// Cancels several orders by their ids, in one call. The response has an entry for each of them.
    ///
    /// # Errors
    ///
    /// The list is empty or has more than [`LARGEST_BATCH`](Self::LARGEST_BATCH) ids (nothing is sent), the exchange refused, no
    /// response arrived, or it has fewer entries than there are orders.
    #[doc(alias("bulk", "batch"))]
    pub async fn cancel_batch(
        &self,
        order_ids: Vec<String>,
    ) -> Result<types::CancelOrderBatchResponse, Error> {
        if order_ids.is_empty() || order_ids.len() > Self::LARGEST_BATCH {
            let rule = "a batch has between 1 and 50 orders";
            let remedy = "name the orders, or split the batch";
            return Err(InvalidInput::new("order_ids", order_ids.len(), rule, remedy).into());
        }
        let request = types::CancelOrderBatchRequest::new().order_ids(order_ids);
        let call = self.client().api().cancel_orders_batch().body(request);
        Ok(call.send().await?.into_inner())
    }
}
