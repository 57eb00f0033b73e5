//! Placing and changing orders.

use paradex_api::operations;
use paradex_api::types::{self, OrderInstruction};

use super::algo_order::NewAlgoOrder;
use super::new_order::NewOrder;
use super::order_rules::unsignable;
use super::orders::Orders;
use super::placement::Placement;
use crate::error::{InvalidInput, PlaceOrderError};
use crate::signing::Felt;

#[cfg_attr(docsrs, doc(cfg(feature = "signing")))]
impl Orders {
    /// Signs an order and places it.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let order = NewOrder::market("BTC-USD-PERP", OrderSide::Sell, "0.1".parse()?);
    /// let placed = client.orders().place(order).await?;
    /// println!("{:?} {:?}", placed.id, placed.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`]. [`is_not_placed`](PlaceOrderError::is_not_placed) says whether it is safe to try again.
    #[doc(alias("create_order", "submit", "buy", "sell"))]
    pub async fn place(&self, order: NewOrder) -> Result<types::Order, PlaceOrderError> {
        order.check()?;
        let mut placement = Placement::new(self.client(), &operations::CREATE_ORDER, order.good_for);
        loop {
            let signer = placement.signer().await?;
            let time = placement.signing_time(&signer)?;
            let request = placement.in_time(order.sign(&signer, time)).await??;
            match placement.api(&signer).create_order().body(request).send().await {
                Ok(placed) => return Ok(placed.into_inner()),
                Err(error) => placement.retry_or_fail(error).await?,
            }
        }
    }

    /// Signs several orders and places them in one call, which counts once against the rate limits.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let size = "0.1".parse()?;
    /// let bid = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, size, "29400".parse()?);
    /// let ask = NewOrder::limit("BTC-USD-PERP", OrderSide::Sell, size, "29600".parse()?);
    /// let batch = client.orders().place_batch(vec![bid, ask]).await?;
    /// println!("{} accepted", batch.orders.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The exchange refuses the whole batch if one order fails its basic checks. After that each order has its own
    /// outcome: the response lists accepted orders and errors, and together they have an entry for each order. All
    /// orders get the shortest [`good_for`](NewOrder::good_for) among them.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`]. An empty batch and one with more than [`LARGEST_BATCH`](Self::LARGEST_BATCH) orders are
    /// [`Invalid`](PlaceOrderError::Invalid). A response that does not account for every order, or that has an order without an
    /// id, is [`NotUnderstood`](PlaceOrderError::NotUnderstood).
    #[doc(alias("bulk", "batch"))]
    pub async fn place_batch(&self, orders: Vec<NewOrder>) -> Result<types::Batch, PlaceOrderError> {
        let Some(good_for) = orders.iter().map(|order| order.good_for).min() else {
            return Err(InvalidInput::new("orders", 0, "a batch has at least one order", "add one").into());
        };
        if orders.len() > Self::LARGEST_BATCH {
            let rule = "a batch has at most 50 orders";
            return Err(InvalidInput::new("orders", orders.len(), rule, "split the batch").into());
        }
        orders.iter().try_for_each(NewOrder::check)?;
        let mut placement = Placement::new(self.client(), &operations::CREATE_ORDERS_BATCH, good_for);
        loop {
            let signer = placement.signer().await?;
            let mut requests = Vec::with_capacity(orders.len());
            for order in &orders {
                let time = placement.signing_time(&signer)?;
                requests.push(placement.in_time(order.sign(&signer, time)).await??);
            }
            let api = placement.api(&signer);
            match api.create_orders_batch().body(requests).send().await {
                Ok(batch) => return Ok(batch.into_inner()),
                Err(error) => placement.retry_or_fail(error).await?,
            }
        }
    }

    /// Changes the size, price or trigger price of an open order.
    ///
    /// ```no_run
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let change = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, "0.2".parse()?, "29000".parse()?);
    /// let changed = client.orders().modify("order-id", change).await?;
    /// println!("{:?}", changed.price);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `order` is the desired state of the order: its market, side and type must be those of the open order. Only size, price and
    /// trigger price can change.
    ///
    /// A response is not yet the change: `request_info` of the returned order can say `REJECTED`, and the order is then as before. While it says
    /// `PENDING`, an event of the order has the outcome, which the account stream (feature `stream`) yields as a modification.
    ///
    /// The API accepts no window for a change, so [`good_for`](NewOrder::good_for) only limits when sending may begin. A change
    /// that is delayed in transit can take effect until the exchange's own window of five minutes is over. The documentation gives
    /// that window for orders; we assume that it also applies to changes. After a lost response,
    /// [`resolve_change`](Self::resolve_change) finds the outcome.
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`]. A client id, an instruction, flags and a self-trade prevention mode are
    /// [`Invalid`](PlaceOrderError::Invalid), because a change cannot carry them.
    #[doc(alias("amend", "edit", "replace"))]
    pub async fn modify(&self, order_id: &str, order: NewOrder) -> Result<types::Order, PlaceOrderError> {
        order.check()?;
        order.check_change()?;
        if order_id.is_empty() {
            let remedy = "pass the id that the exchange gave the order";
            return Err(InvalidInput::new("order_id", order_id, "it must not be empty", remedy).into());
        }
        let id = Felt::from_text(order_id).map_err(|error| unsignable("order_id", order_id, error))?;
        let mut placement = Placement::new(self.client(), &operations::MODIFY_ORDER, order.good_for);
        loop {
            let signer = placement.signer().await?;
            let time = placement.signing_time(&signer)?;
            let request = placement
                .in_time(order.sign_change(order_id, id, &signer, time))
                .await??;
            let api = placement.api(&signer);
            match api.modify_order().order_id(order_id).body(request).send().await {
                Ok(changed) => return Ok(changed.into_inner()),
                Err(error) => placement.retry_or_fail(error).await?,
            }
        }
    }

    /// Signs an algo order (TWAP) and places it.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use paradex_api_ext::Client;
    /// use paradex_api_ext::orders::{NewAlgoOrder, OrderSide};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let hour = Duration::from_secs(3_600);
    /// let order = NewAlgoOrder::twap("BTC-USD-PERP", OrderSide::Buy, "5".parse()?, hour);
    /// let placed = client.orders().place_algo(order).await?;
    /// println!("{:?}", placed.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`PlaceOrderError`].
    #[doc(alias("twap", "algorithmic"))]
    pub async fn place_algo(&self, order: NewAlgoOrder) -> Result<types::AlgoOrder, PlaceOrderError> {
        order.check()?;
        let mut placement = Placement::new(self.client(), &operations::CREATE_ALGO_ORDER, order.good_for);
        loop {
            let signer = placement.signer().await?;
            let time = placement.signing_time(&signer)?;
            let request = placement.in_time(order.sign(&signer, time)).await??;
            let api = placement.api(&signer);
            match api.create_algo_order().body(request).send().await {
                Ok(placed) => return Ok(placed.into_inner()),
                Err(error) => placement.retry_or_fail(error).await?,
            }
        }
    }
}

impl NewOrder {
    /// Checks that nothing is set that a change cannot carry.
    fn check_change(&self) -> Result<(), InvalidInput> {
        let set = [
            ("client_id", self.client_id.is_some()),
            ("instruction", self.instruction != OrderInstruction::Gtc),
            ("flags", !self.flags.is_empty()),
            ("self_trade_prevention", self.stp.is_some()),
        ];
        match set.iter().find(|(_, set)| *set) {
            Some((field, _)) => {
                let remedy = "leave it out, or cancel the order and place another";
                Err(InvalidInput::new(
                    field,
                    "set",
                    "a change cannot carry it",
                    remedy,
                ))
            }
            None => Ok(()),
        }
    }
}
