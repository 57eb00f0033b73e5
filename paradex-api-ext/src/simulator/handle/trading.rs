//! Prices and liquidity that a test gives the markets of a simulator, and what is in their order books.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{NotFound, Simulator};
use crate::simulator::clock::MILLISECOND;
use crate::simulator::engine::{Refusal, Side};
use crate::simulator::{stream, trading};

/// The order book of a market, as a test can inspect it: price and size of each level, best price first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct OrderBookSnapshot {
    /// The bids, RPI orders included.
    pub bids: Vec<(Decimal, Decimal)>,
    /// The asks, RPI orders included.
    pub asks: Vec<(Decimal, Decimal)>,
}

/// The simulator refused a price, a quote or a market.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    message: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            message: refusal.to_string(),
        }
    }
}

impl Simulator {
    /// Sets mark and index price of a market, which triggers stop, stop-loss and take-profit orders.
    ///
    /// With [`Liquidity::Simulated`](crate::simulator::Liquidity::Simulated), the simulated market overwrites them within half a
    /// second, and so does a [price script](crate::simulator::SimulatorBuilder::price_script).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::orders::{NewOrder, OrderSide, OrderType};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// simulator.set_mark_price("BTC-USD-PERP", "30000".parse()?)?;
    /// let (size, trigger) = ("0.1".parse()?, "29000".parse()?);
    /// let stop = NewOrder::triggered("BTC-USD-PERP", OrderSide::Sell, OrderType::StopMarket, size, trigger);
    /// simulator.client()?.orders().place(stop).await?;
    ///
    /// simulator.set_mark_price("BTC-USD-PERP", "28999".parse()?)?;
    /// let orders = simulator.orders(&simulator.main_account());
    /// assert_eq!(orders[0].cancel_reason, Some("EMPTY_MARKET"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such market, or if the price is not above 0, too large or has more than 8 decimal places.
    pub fn set_mark_price(&self, market: &str, price: Decimal) -> Result<(), Refused> {
        let world = self.world();
        let now = world.clock.now();
        let mut state = world.state();
        Ok(state.trading.set_mark_price(&world.markets, market, price, now)?)
    }

    /// Replaces what a market offers to its accounts: price and size of bids and asks, in any order.
    ///
    /// The offers belong to an account of the simulator itself. An offer at the price of an order of a client, or better, fills the
    /// order. From then on, the public order book, the best prices, the list of trades and the WebSocket show offers and orders of
    /// clients alone. With [`Liquidity::Simulated`](crate::simulator::Liquidity::Simulated), the simulated market overwrites them
    /// within half a second.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let (bid, ask, size) = ("29990".parse()?, "30010".parse()?, "0.5".parse()?);
    /// simulator.set_quotes("BTC-USD-PERP", &[(bid, size)], &[(ask, size)])?;
    ///
    /// let order = NewOrder::market("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?);
    /// simulator.client()?.orders().place(order).await?;
    /// let orders = simulator.orders(&simulator.main_account());
    /// assert_eq!(orders[0].average_price, Some(ask));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such market, if a price or a size is out of range, if two levels of a side have the same price, or if a bid is not below an ask.
    #[doc(alias = "liquidity")]
    pub fn set_quotes(
        &self,
        market: &str,
        bids: &[(Decimal, Decimal)],
        asks: &[(Decimal, Decimal)],
    ) -> Result<(), Refused> {
        let world = self.world();
        let now = world.clock.now();
        let quoted = world
            .state()
            .trading
            .set_quotes(&world.markets, market, bids, asks, now);
        // The WebSocket shows another book now, also if it is empty.
        stream::tick(world);
        Ok(quoted?)
    }

    /// Sends an event to the WebSocket channels `markets` and `markets.{market}`: a market was listed, changed, settled or removed.
    ///
    /// It changes nothing else. `event_type` is one of `CREATED`, `UPDATED`, `SETTLED` and `DELETED`, or what a later version of
    /// the exchange might send.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let changed = paradex_api_ext::paradex_api::serde_json::json!({"position_limit": "500"});
    /// simulator.announce_market("BTC-USD-PERP", "UPDATED", changed);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "market event")]
    pub fn announce_market(&self, market: &str, event_type: &str, changed_fields: impl Into<Value>) {
        let world = self.world();
        let now = world.clock.now();
        let data = json!({
            "symbol": market,
            "event_type": event_type,
            "updated_at": now / MILLISECOND,
            "changed_fields": changed_fields.into(),
        });
        let mut state = world.state();
        state.with_streams(world, now, |streams, outside| {
            streams.announce(market, data, outside)
        });
    }

    /// Sends an event to a WebSocket channel of an account, for example one of `transfers`, `transaction`, `rfq` or `mmp`.
    ///
    /// It changes nothing else. Channels of one market send their event to `.ALL` as well, and `rfq.{id}` to `rfq`. A channel with a
    /// template in the SBE schema sends the fields of the template.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let transfer = paradex_api_ext::paradex_api::serde_json::json!({"id": "1", "amount": "100", "status": "COMPLETED"});
    /// simulator.announce_to_account(&simulator.main_account(), "transfers", transfer)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if there is no such account, or no such channel of accounts.
    #[doc(alias = "private channel")]
    pub fn announce_to_account(
        &self,
        account: &str,
        channel: &str,
        data: impl Into<Value>,
    ) -> Result<(), NotFound> {
        let world = self.world();
        let now = world.clock.now();
        let mut state = world.state();
        if state.trading.account(account).is_none() {
            return Err(NotFound::new("account", account));
        }
        let is_sent = state.with_streams(world, now, |streams, outside| {
            streams.catch_up(outside);
            streams.announce_to(account, channel, data.into(), outside)
        });
        drop(state);
        world.wake.notify_one();
        match is_sent {
            true => Ok(()),
            false => Err(NotFound::new("channel", channel)),
        }
    }

    /// Busts a fill, as the chain does: `tradebusts` sends it, and `GET /v1/tradebusts` lists it.
    ///
    /// The fill stays in the list of fills, and position and balance stay as they are. The exchange does not say what they become.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// simulator.set_quotes("BTC-USD-PERP", &[], &[("30010".parse()?, "1".parse()?)])?;
    /// let client = simulator.client()?;
    /// client.orders().place(NewOrder::market("BTC-USD-PERP", OrderSide::Buy, "0.1".parse()?)).await?;
    ///
    /// let fills = client.api().list_fills().send().await?.into_inner();
    /// let fill = fills.results.first().and_then(|fill| fill.id.clone()).ok_or("no fill")?;
    /// simulator.bust_fill(&fill)?;
    ///
    /// let busts = client.api().list_tradebusts().send().await?.into_inner();
    /// assert_eq!(busts.results.first().and_then(|bust| bust.busted_fill_id.clone()), Some(fill));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if no account has such a fill.
    #[doc(alias = "tradebust")]
    pub fn bust_fill(&self, fill_id: &str) -> Result<(), NotFound> {
        let world = self.world();
        let now = world.clock.now();
        let busted = world.state().trading.bust(fill_id, now);
        let account = busted.ok_or_else(|| NotFound::new("fill", fill_id))?;
        self.announce_to_account(&account, "tradebusts", trading::bust_json(&account, fill_id, now))
    }

    /// Returns the order book with which the orders of a market trade, clients' orders included. An unknown market has an empty
    /// one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use paradex_api_ext::orders::{NewOrder, OrderSide};
    /// use paradex_api_ext::simulator::Simulator;
    ///
    /// let simulator = Simulator::start().await?;
    /// let (size, price) = ("0.1".parse()?, "29500".parse()?);
    /// let order = NewOrder::limit("BTC-USD-PERP", OrderSide::Buy, size, price);
    /// simulator.client()?.orders().place(order).await?;
    /// assert_eq!(simulator.order_book("BTC-USD-PERP").bids, [(price, size)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_book(&self, market: &str) -> OrderBookSnapshot {
        let world = self.world();
        let now = world.clock.now();
        let mut state = world.state();
        state.trading.advance(&world.markets, now);
        let engine = state.trading.engine();
        let found = engine.market_named(market).and_then(|id| engine.market(id));
        let levels = |side| -> Vec<(Decimal, Decimal)> {
            let levels = found.into_iter().flat_map(|market| market.book.levels(side));
            levels
                .map(|level| (level.price.decimal(), level.depth.total().decimal()))
                .collect()
        };
        OrderBookSnapshot {
            bids: levels(Side::Buy),
            asks: levels(Side::Sell),
        }
    }
}
