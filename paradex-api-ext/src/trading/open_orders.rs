//! The open orders of an account.

use paradex_api::types::{AlgoOrder, Order};

use crate::error::Error;
use crate::pagination::listing;
use crate::trading::orders::Orders;

impl Orders {
    /// Lists the open orders and algo orders, in all markets.
    ///
    /// ```no_run
    /// # async fn example(client: paradex_api_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let open = client.orders().open().await?;
    /// println!("{} orders, {} algo orders", open.orders.len(), open.algo_orders.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A call failed. A response without a list, or with one that cannot be read, is an error and not an empty list. An
    /// order that cannot be read is in the list, without values.
    pub async fn open(&self) -> Result<OpenOrders, Error> {
        let orders = self.client().api().list_open_orders().send().await?;
        Ok(OpenOrders {
            orders: listing::elements(orders)?,
            algo_orders: self.open_algo_orders().await?,
        })
    }

    pub(super) async fn open_algo_orders(&self) -> Result<Vec<AlgoOrder>, Error> {
        let orders = self.client().api().list_open_algo_orders().send().await?;
        listing::elements(orders)
    }
}

/// Holds the orders of an account that are open.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OpenOrders {
    /// Orders in the book or waiting for their trigger.
    pub orders: Vec<Order>,
    /// Algo orders, such as TWAP orders.
    pub algo_orders: Vec<AlgoOrder>,
}

impl OpenOrders {
    /// Returns whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.algo_orders.is_empty()
    }
}
