//! The handle that places, changes and cancels orders.

use crate::client::Client;

/// Places, changes and cancels the orders of one account.
///
/// ```no_run
/// use paradex_api_ext::Client;
/// use paradex_api_ext::orders::{NewOrder, OrderInstruction, OrderSide, Resolution};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// // Reads `PARADEX_ENVIRONMENT` and, for instance, `PARADEX_PRIVATE_KEY`.
/// let client = Client::from_env()?;
/// let orders = client.orders();
///
/// // Buy 0.1 at 29,500 or lower; never as the taker.
/// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?, "29500".parse()?)
///     .instruction(OrderInstruction::PostOnly)
///     .client_id("desk-1");
/// if let Err(error) = orders.place(order).await {
///     // Without a window it was certainly not placed.
///     let Some(window) = error.window() else { return Err(error.into()) };
///     // It may have been placed: look for it before you place it again.
///     match orders.resolve("desk-1", window).await {
///         Resolution::Found(order) => println!("placed: {:?}", order.id),
///         Resolution::NotPlaced => println!("not placed; it is safe to place it again"),
///         other => println!("not known yet: {other:?}"),
///     }
/// }
///
/// orders.cancel_by_client_id("desk-1").await?;
/// # Ok(())
/// # }
/// ```
///
/// An order is signed immediately before it is sent, after every wait (sign-in, rate limit), and is not sent once its
/// time has passed; see [`NewOrder::good_for`](crate::orders::NewOrder::good_for). An order that may have been placed is never
/// sent a second time.
///
/// Orders need a Starknet key, the account's own or a subkey; see [`Credentials`](crate::Credentials).
#[derive(Debug, Clone)]
#[doc(alias("buy", "sell", "trade", "submit", "execute"))]
pub struct Orders {
    client: Client,
}

impl Client {
    /// Returns the handle that places, changes and cancels orders.
    pub fn orders(&self) -> Orders {
        Orders { client: self.clone() }
    }
}

impl Orders {
    /// The largest number of orders in a batch. The exchange's API document says 10 and its documentation 50. A batch that is too
    /// large is refused as a whole, so allowing the larger number does no harm.
    pub const LARGEST_BATCH: usize = 50;

    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}
